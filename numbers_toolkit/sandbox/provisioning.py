"""The state machine of provisioning jobs and of the rental itself, driven by comparing instants with the clock.

A job goes ``WAITING`` -> ``IN_PROGRESS`` -> done. Success has no status: the scheduled object becomes ``null``
and its ids move up. Until then the old ids stay outside. The plan part and the campaign part of an SMS job
succeed or fail separately; if either fails, the job stays as ``FAILED`` with the codes.

Choices where the API's behaviour is not documented: a new request replaces a job that has not finished; an
overdrawn account fails both parts with ``INSUFFICIENT_BALANCE``; a campaign is not linked when the number ends
up without a plan; unlinking a plan leaves the campaign; renewals move dates but are not charged to the ledger.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from numbers_toolkit.sandbox import events
from numbers_toolkit.sandbox.campaigns import CAPACITY, VOICE_FAILURE
from numbers_toolkit.sandbox.catalogue import SMS, VOICE
from numbers_toolkit.sandbox.clock import SECOND, add_months, to_datetime, to_text
from numbers_toolkit.sandbox.records import ActiveNumber, capability_mask

if TYPE_CHECKING:
    from numbers_toolkit.sandbox.account import Account

ID_FIELDS = {"RTC": "appId", "EST": "trunkId", "FAX": "serviceId"}


def no_sms() -> dict[str, Any]:
    """Return the SMS configuration of a number that has none."""
    return {"servicePlanId": "", "scheduledProvisioning": None, "campaignId": ""}


def no_voice() -> dict[str, Any]:
    """Return the voice configuration of a number that has none."""
    return {
        "appId": "",
        "scheduledVoiceProvisioning": None,
        "lastUpdatedTime": None,
        "type": "RTC",
        "trunkId": "",
        "serviceId": "",
    }


def begin_sms(account: Account, number: ActiveNumber, wants: dict[str, str], now: int) -> None:
    """Queue a change of service plan, campaign or both; an empty id unlinks."""
    sms = _configuration(number, "smsConfiguration", no_sms())
    sms["scheduledProvisioning"] = {
        "servicePlanId": wants.get("servicePlanId", ""),
        "campaignId": wants.get("campaignId", ""),
        "status": "WAITING",
        "lastUpdatedTime": to_text(now),
        "errorCodes": [],
    }
    number.sms_wants = wants
    number.sms_due = now + int(account.settings.waiting_seconds * SECOND)


def begin_voice(account: Account, number: ActiveNumber, kind: str, target: str, now: int) -> None:
    """Queue a change of the voice product."""
    voice = _configuration(number, "voiceConfiguration", no_voice())
    ids = {field: target if field == ID_FIELDS[kind] else "" for field in ID_FIELDS.values()}
    voice["scheduledVoiceProvisioning"] = {
        "appId": ids["appId"],
        "status": "WAITING",
        "lastUpdatedTime": to_text(now),
        "type": kind,
        "trunkId": ids["trunkId"],
        "serviceId": ids["serviceId"],
    }
    number.voice_due = now + int(account.settings.waiting_seconds * SECOND)


def release(number: ActiveNumber) -> None:
    """End the rental with the paid period; a voice job that waits is dropped."""
    if number.document.get("expireAt") is None:
        number.document["expireAt"] = number.document.get("nextChargeDate")
    voice = number.document.get("voiceConfiguration")
    if isinstance(voice, dict):
        voice["scheduledVoiceProvisioning"] = None
    number.voice_due = None


def step(account: Account, number: ActiveNumber, instant: int, now: int) -> bool:
    """Do the one thing that was due for a number at an instant, and keep it.

    Returns
    -------
    bool
        False when the rental has ended and the number is forgotten.
    """
    if number.sms_due == instant:
        _step_sms(account, number, instant)
        account.store.put_active(number)
    elif number.voice_due == instant:
        _step_voice(account, number, instant)
        account.store.put_active(number)
    elif number.instant("expireAt") is not None:
        events.rental_end_events(account, number, instant)
        account.store.remove_active(number.phone_number)
        return False
    else:
        _renew(number, now)
        account.store.put_dates(number)
    return True


def _renew(number: ActiveNumber, now: int) -> None:
    charge = number.instant("nextChargeDate")
    if charge is None:
        return
    months = number.document["paymentIntervalMonths"]
    day = number.charge_day or to_datetime(charge).day
    while charge <= now:
        charge = add_months(charge, months, day)
    number.charge_day = day
    number.document["nextChargeDate"] = to_text(charge)


def _step_sms(account: Account, number: ActiveNumber, instant: int) -> None:
    sms = number.document["smsConfiguration"]
    job = sms["scheduledProvisioning"]
    job["lastUpdatedTime"] = to_text(instant)
    if job["status"] == "WAITING":
        job["status"] = "IN_PROGRESS"
        number.sms_due = instant + int(account.settings.running_seconds * SECOND)
        return
    codes = _finish_sms(account, number, sms, instant)
    number.sms_due = None
    if codes:
        job["status"] = "FAILED"
        job["errorCodes"] = codes
    else:
        sms["scheduledProvisioning"] = None
        number.sms_wants = None


def _finish_sms(account: Account, number: ActiveNumber, sms: dict[str, Any], instant: int) -> list[str]:
    wants = number.sms_wants or {}
    codes: list[str] = []
    if "servicePlanId" in wants:
        code = _plan_code(account, number, wants["servicePlanId"], instant)
        if code:
            codes.append(code)
        else:
            sms["servicePlanId"] = wants["servicePlanId"]
        events.number_event(
            account, number, events.SMS_PLATFORM, wants["servicePlanId"], instant, failure=code
        )
    if "campaignId" in wants:
        code = _campaign_code(account, number, wants["campaignId"], instant)
        if code and code not in codes:
            codes.append(code)
        linked = not code and bool(sms.get("servicePlanId") or not wants["campaignId"])
        if linked:
            sms["campaignId"] = wants["campaignId"]
        failure = "" if linked else code or events.OTHER_FAILURE
        events.number_event(account, number, events.CAMPAIGN, wants["campaignId"], instant, failure=failure)
    return codes


def _plan_code(account: Account, number: ActiveNumber, plan_id: str, instant: int) -> str:
    if not plan_id:
        return ""
    refused = _refused(account, "plan", plan_id, instant)
    if refused is None or not capability_mask(number.document) & SMS:
        return "SMS_PROVISIONING_FAILED"
    return refused or _credit_code(account)


def _campaign_code(account: Account, number: ActiveNumber, campaign_id: str, instant: int) -> str:
    if not campaign_id:
        return ""
    refused = _refused(account, "campaign", campaign_id, instant)
    if refused is None:
        return "CAMPAIGN_NOT_AVAILABLE"
    if not refused and number.document.get("type") == "TOLL_FREE":
        return "TFN_NOT_ALLOWED"
    return refused or number.refusal or _room_code(account, number, campaign_id) or _credit_code(account)


def _room_code(account: Account, number: ActiveNumber, campaign_id: str) -> str:
    campaign = account.store.target("campaign", campaign_id)
    if campaign is None or campaign.kind == "MOCK":
        return "MOCK_CAMPAIGN_NOT_ALLOWED"
    capacity = CAPACITY[campaign.kind]
    already = number.document["smsConfiguration"].get("campaignId") == campaign_id
    full = capacity is not None and account.store.campaign_size(campaign_id) >= capacity
    return "EXCEEDED_10DLC_LIMIT" if full and not already else ""


def _credit_code(account: Account) -> str:
    return "INSUFFICIENT_BALANCE" if account.balance < 0 else ""


def _refused(account: Account, role: str, target_id: str, instant: int) -> str | None:
    """Return the target's own code, an empty text when it accepts, None when it is unknown."""
    target = account.store.target(role, target_id)
    if target is None:
        return None
    code = target.refuses(instant)
    if code and target.clears_after is not None and target.failing_since is None:
        account.store.put_target(replace(target, failing_since=instant))
    return code


def _step_voice(account: Account, number: ActiveNumber, instant: int) -> None:
    voice = number.document["voiceConfiguration"]
    job = voice["scheduledVoiceProvisioning"]
    job["lastUpdatedTime"] = to_text(instant)
    if job["status"] == "WAITING":
        job["status"] = "IN_PROGRESS"
        number.voice_due = instant + int(account.settings.running_seconds * SECOND)
        return
    number.voice_due = None
    target = job[ID_FIELDS[job["type"]]]
    if target == VOICE_FAILURE or not capability_mask(number.document) & VOICE:
        job["status"] = "FAILED"
        events.number_event(account, number, events.VOICE_PLATFORM, target, instant, failure=VOICE_FAILURE)
        return
    events.number_event(account, number, events.VOICE_PLATFORM, target, instant)
    voice["scheduledVoiceProvisioning"] = None
    voice["lastUpdatedTime"] = to_text(instant)
    voice |= {name: job[name] for name in ("type", *ID_FIELDS.values())}


def _configuration(number: ActiveNumber, field: str, empty: dict[str, Any]) -> dict[str, Any]:
    current = number.document.get(field)
    if not isinstance(current, dict):
        current = empty
        number.document[field] = current
    return current
