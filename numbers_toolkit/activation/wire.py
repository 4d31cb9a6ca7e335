"""What a run reads in single answers of the API, by the names that these have on the wire.

An answer can lack anything; what is absent, null or empty reads as ``""`` or None.

Source of every name: the Numbers API's OpenAPI description, version 1.0.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation.costs import Cost
from numbers_toolkit.amounts import exact_amount

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = [
    "active_facts",
    "capabilities",
    "cost_of_offer",
    "cost_of_order",
    "in_force",
    "job_runs",
    "order_facts",
    "order_numbers",
    "phone_number",
    "same_amount",
]

_VOICE_IDS: Final = {"RTC": "appId", "EST": "trunkId", "FAX": "serviceId"}
_JOB_STATES: Final = ("WAITING", "IN_PROGRESS")


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(content: Mapping[str, Any], name: str) -> str:
    value = content.get(name)
    return "" if value is None else str(value)


def _money(value: Any) -> tuple[Decimal | None, str]:
    money = _object(value)
    return exact_amount(_text(money, "amount")), _text(money, "currencyCode")


def _interval(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 1


def _cost(content: Mapping[str, Any]) -> Cost | None:
    setup, setup_currency = _money(content.get("setupPrice"))
    monthly, currency = _money(content.get("monthlyPrice"))
    if setup is None or monthly is None or not currency or setup_currency != currency:
        return None
    return Cost(setup, monthly, currency, _interval(content.get("paymentIntervalMonths")))


def cost_of_offer(offer: Mapping[str, Any]) -> Cost | None:
    """Return the prices of a number on offer, None when they are not whole.

    Examples
    --------
    >>> cost_of_offer({"monthlyPrice": {"currencyCode": "USD", "amount": "0.60"}}) is None
    True
    """
    return _cost(offer)


def capabilities(answer: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a number can do."""
    found = answer.get("capability") or answer.get("capabilities")
    return tuple(str(one) for one in found) if isinstance(found, list) else ()


def order_facts(order: Mapping[str, Any]) -> dict[str, str]:
    """Return id, state and expiry of a number order.

    Examples
    --------
    >>> order_facts({"idNumberOrder": "01kq", "state": "CREATED", "expireTime": None})
    {'order_id': '01kq', 'order_state': 'CREATED', 'order_expires_at': ''}
    """
    return {
        "order_id": _text(order, "idNumberOrder"),
        "order_state": _text(order, "state"),
        "order_expires_at": _text(order, "expireTime"),
    }


def order_numbers(order: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the numbers of an order."""
    rows = order.get("orderNumbers")
    return tuple(_text(_object(one), "phoneNumber") for one in rows) if isinstance(rows, list) else ()


def cost_of_order(order: Mapping[str, Any], phone_number: str) -> Cost | None:
    """Return the prices of one number of an order, None when the order does not say them."""
    rows = order.get("orderNumbers")
    for one in rows if isinstance(rows, list) else ():
        if _text(_object(one), "phoneNumber") == phone_number:
            return _cost(_object(_object(one).get("numberPrice")))
    return None


def phone_number(answer: Mapping[str, Any]) -> str:
    """Return the number that an answer is about."""
    return _text(answer, "phoneNumber")


def active_facts(active: Mapping[str, Any]) -> dict[str, str]:
    """Return what is worth keeping of an active number: next charge, end, recurring price."""
    amount, currency = _money(active.get("money"))
    return {
        "next_charge_at": _text(active, "nextChargeDate"),
        "ends_at": _text(active, "expireAt"),
        "recurring": "" if amount is None or not currency else f"{amount} {currency}",
    }


def in_force(active: Mapping[str, Any], changes: Mapping[str, str], *, since: str = "") -> bool:
    """Whether changes are in force, or a job that sets them is under way.

    Parameters
    ----------
    active : mapping
        The API's ActiveNumber.
    changes : mapping of str to str
        New values by the names of the client's update.
    since : str
        A job that has failed counts when it was changed after this instant, RFC 3339: then it was started
        by the request in question, and its failure is the outcome.
    """
    sms, voice = (_object(active.get(name)) for name in ("smsConfiguration", "voiceConfiguration"))
    told = {
        "display_name": _text(active, "displayName"),
        "callback_url": _text(active, "callbackUrl"),
    }
    plain = all(told[name] == value for name, value in changes.items() if name in told)
    links = {"service_plan_id": "servicePlanId", "campaign_id": "campaignId"}
    wanted = {links[name]: value for name, value in changes.items() if name in links}
    return (
        plain
        and _set(wanted, sms, _object(sms.get("scheduledProvisioning")), since)
        and _set(_voice_wanted(changes), voice, _object(voice.get("scheduledVoiceProvisioning")), since)
    )


def _voice_wanted(changes: Mapping[str, str]) -> dict[str, str]:
    if "voice_id" not in changes:
        return {}
    kind = changes.get("voice_type") or "RTC"
    return {"type": kind, _VOICE_IDS.get(kind, "appId"): changes["voice_id"]}


def _set(wanted: Mapping[str, str], now: Mapping[str, Any], job: Mapping[str, Any], since: str) -> bool:
    if not wanted:
        return True
    if not job:
        return all(_text(now, name) == value for name, value in wanted.items())
    scheduled = all(_text(job, name) == value for name, value in wanted.items())
    fresh = _text(job, "status") in _JOB_STATES or (bool(since) and _text(job, "lastUpdatedTime") >= since)
    return scheduled and fresh


def job_runs(active: Mapping[str, Any]) -> bool:
    """Whether a provisioning job of a number waits or runs."""
    sms, voice = (_object(active.get(name)) for name in ("smsConfiguration", "voiceConfiguration"))
    jobs = (_object(sms.get("scheduledProvisioning")), _object(voice.get("scheduledVoiceProvisioning")))
    return any(_text(job, "status") in _JOB_STATES for job in jobs)


def same_amount(told: str, amount: Decimal, currency_code: str) -> bool:
    """Whether an amount with its currency, as :func:`active_facts` writes it, is this one.

    Examples
    --------
    >>> from decimal import Decimal
    >>> same_amount("0.60 USD", Decimal("0.6"), "USD")
    True
    """
    text, _, currency = told.partition(" ")
    return currency == currency_code and exact_amount(text) == amount
