"""An independent reading of the API's objects: one dict per row, plain Python, nothing of the package's own code."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Any

import pandas as pd
import pyarrow as pa

VOICE_FIELDS = {"RTC": "appId", "EST": "trunkId", "FAX": "serviceId"}
STATES = ["NOT_CONFIGURED", "PROVISIONED", "WAITING", "IN_PROGRESS", "FAILED"]
TYPES = ["MOBILE", "LOCAL", "TOLL_FREE"]
VOICES = ["RTC", "EST", "FAX"]
TEXT = pd.StringDtype("pyarrow", na_value=float("nan"))


def unset(value: Any) -> Any:
    return None if value in (None, "") else value


def time(value: Any) -> Any:
    if not value:
        return None
    when = datetime.fromisoformat(value)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)


def voice_id(part: dict[str, Any]) -> Any:
    own = unset(part.get(VOICE_FIELDS.get(part.get("type") or "", "")))
    return own or next((part[name] for name in VOICE_FIELDS.values() if unset(part.get(name))), None)


def state(job: dict[str, Any], configured: bool) -> str:
    if any(unset(value) and value != [] for value in job.values()):
        return unset(job.get("status")) or "PROVISIONING_STATUS_UNSPECIFIED"
    return "PROVISIONED" if configured else "NOT_CONFIGURED"


def monthly(price: Decimal | None, months: Any) -> Decimal | None:
    if price is None or not months or months < 0:
        return None
    with localcontext() as context:
        context.prec = 50
        digits = min(-6, price.as_tuple().exponent)
        return (price / months).quantize(Decimal(1).scaleb(digits), rounding=ROUND_HALF_EVEN)


def active_row(number: dict[str, Any]) -> dict[str, Any]:
    money = number.get("money") or {}
    price = Decimal(money["amount"]) if unset(money.get("amount")) else None
    sms = number.get("smsConfiguration") or {}
    sms_job = sms.get("scheduledProvisioning") or {}
    voice = number.get("voiceConfiguration") or {}
    voice_job = voice.get("scheduledVoiceProvisioning") or {}
    capability = number.get("capability")
    plan, campaign = unset(sms.get("servicePlanId")), unset(sms.get("campaignId"))
    months = number.get("paymentIntervalMonths")
    return {
        "phone_number": number["phoneNumber"],
        "project_id": unset(number.get("projectId")),
        "display_name": unset(number.get("displayName")),
        "region_code": unset(number.get("regionCode")),
        "number_type": unset(number.get("type")),
        "has_sms": None if capability is None else "SMS" in capability,
        "has_voice": None if capability is None else "VOICE" in capability,
        "price": price,
        "currency_code": unset(money.get("currencyCode")),
        "payment_interval_months": months,
        "monthly_cost": monthly(price, months),
        "next_charge_date": time(number.get("nextChargeDate")),
        "expire_at": time(number.get("expireAt")),
        "sms_service_plan_id": plan,
        "sms_campaign_id": campaign,
        "sms_state": state(sms_job, bool(plan or campaign)),
        "sms_scheduled_service_plan_id": unset(sms_job.get("servicePlanId")),
        "sms_scheduled_campaign_id": unset(sms_job.get("campaignId")),
        "sms_error_codes": ";".join(code for code in sms_job.get("errorCodes") or [] if code),
        "sms_updated_at": time(sms_job.get("lastUpdatedTime")),
        "voice_type": unset(voice.get("type")),
        "voice_id": voice_id(voice),
        "voice_state": unread_as_unspecified(voice, state(voice_job, voice_id(voice) is not None)),
        "voice_scheduled_type": unset(voice_job.get("type")),
        "voice_scheduled_id": voice_id(voice_job),
        "voice_updated_at": time(voice_job.get("lastUpdatedTime")) or time(voice.get("lastUpdatedTime")),
        "callback_url": unset(number.get("callbackUrl")),
    }


def unread_as_unspecified(voice: dict[str, Any], found: str) -> str:
    strange = unset(voice.get("type")) and voice["type"] not in VOICE_FIELDS
    return "PROVISIONING_STATUS_UNSPECIFIED" if strange and found == "NOT_CONFIGURED" else found


DECLARED = {
    "number_type": TYPES,
    "sms_state": STATES,
    "voice_state": STATES,
    "voice_type": VOICES,
    "voice_scheduled_type": VOICES,
}
CATEGORIES = [
    "project_id",
    "region_code",
    "currency_code",
    "sms_service_plan_id",
    "sms_campaign_id",
    "sms_scheduled_service_plan_id",
    "sms_scheduled_campaign_id",
    "sms_error_codes",
    "voice_id",
    "voice_scheduled_id",
    "callback_url",
    *DECLARED,
]
TIMES = ["next_charge_date", "expire_at", "sms_updated_at", "voice_updated_at"]


def active_frame(numbers: list[dict[str, Any]]) -> pd.DataFrame:
    rows = [active_row(one) for one in numbers]
    return pd.DataFrame({name: column(name, [row[name] for row in rows]) for name in rows[0]})


def column(name: str, values: list[Any]) -> Any:
    if name in CATEGORIES:
        declared = DECLARED.get(name, [])
        labels = [*declared, *sorted({one for one in values if one is not None} - set(declared))]
        return pd.Categorical(values, dtype=pd.CategoricalDtype(pd.Index(labels, dtype=TEXT)))
    if name in TIMES:
        return pd.Series(values, dtype="datetime64[us, UTC]")
    if name in ("has_sms", "has_voice"):
        return pd.Series(values, dtype="boolean")
    if name == "payment_interval_months":
        wide = any(abs(one) > 127 for one in values if one is not None)
        return pd.Series(values, dtype="Int64" if wide else "Int8")
    if name in ("price", "monthly_cost"):
        return pd.Series(values, dtype=money_dtype(values))
    return pd.Series(values, dtype=TEXT)


def money_dtype(values: list[Any]) -> pd.ArrowDtype:
    given = [one for one in values if one is not None]
    scale = max([6, *(-one.as_tuple().exponent for one in given)])
    whole = max([0, *(one.adjusted() + 1 for one in given)])
    return pd.ArrowDtype(pa.decimal128(38 if scale > 6 or whole > 12 else 18, scale))
