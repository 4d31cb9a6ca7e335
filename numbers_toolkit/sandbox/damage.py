"""Faults in the content of answers: lists that do not add up, and numbers with unusual values."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from numbers_toolkit.sandbox import page_tokens
from numbers_toolkit.sandbox.answers import to_json
from numbers_toolkit.sandbox.parameters import Call, read_filters, read_order, single
from numbers_toolkit.sandbox.renting import new_number
from numbers_toolkit.sandbox.store import Filters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numbers_toolkit.sandbox.account import Account
    from numbers_toolkit.sandbox.faults import Faults

#: Operations whose answers are numbers; odd values stay out of orders, addresses and secrets.
NUMBER_OPERATIONS = frozenset(
    {
        "search_available",
        "check_available",
        "rent",
        "rent_any",
        "list_active",
        "get_active",
        "update_active",
        "release",
    }
)
ZERO_DATE = "0001-01-01T00:00:00Z"


def _money_number(number: dict[str, Any]) -> None:
    number["money"] = {"currencyCode": "USD", "amount": 0.6}


def _zero_date(number: dict[str, Any]) -> None:
    number["nextChargeDate"] = ZERO_DATE


def _null_objects(number: dict[str, Any]) -> None:
    number |= {"money": None, "smsConfiguration": None, "voiceConfiguration": None, "capability": None}


def _missing_objects(number: dict[str, Any]) -> None:
    for name in ("money", "smsConfiguration", "voiceConfiguration", "displayName", "expireAt", "callbackUrl"):
        number.pop(name, None)


def _unknown_fields(number: dict[str, Any]) -> None:
    number |= {"futureField": {"nested": [1, "two", None]}, "carrierName": "Example Telecom"}


def _unknown_words(number: dict[str, Any]) -> None:
    number |= {"type": "SHORT_CODE", "capability": ["SMS", "RCS"], "regionCode": "XK"}


def _unknown_error_code(number: dict[str, Any]) -> None:
    number["smsConfiguration"] = {
        "servicePlanId": "",
        "scheduledProvisioning": {
            "servicePlanId": "SANDBOX_PLAN",
            "campaignId": "",
            "status": "FAILED",
            "lastUpdatedTime": "2026-03-02T08:00:00.000001Z",
            "errorCodes": ["CARRIER_ON_STRIKE"],
        },
        "campaignId": "",
    }


def _unknown_status(number: dict[str, Any]) -> None:
    _unknown_error_code(number)
    number["smsConfiguration"]["scheduledProvisioning"] |= {"status": "PAUSED", "errorCodes": None}


def _empty_list(number: dict[str, Any]) -> None:
    number |= {"capability": [], "nextChargeDate": None, "paymentIntervalMonths": 0}


ODD_KINDS: Mapping[str, Callable[[dict[str, Any]], None]] = MappingProxyType(
    {
        "money_number": _money_number,
        "zero_date": _zero_date,
        "null_objects": _null_objects,
        "missing_objects": _missing_objects,
        "unknown_fields": _unknown_fields,
        "unknown_words": _unknown_words,
        "unknown_error_code": _unknown_error_code,
        "unknown_status": _unknown_status,
        "empty_list": _empty_list,
    }
)


def change_inventory(account: Account, faults: Faults, call: Call, path: str) -> None:
    """Add a number from the stock, or drop one, before a following page is read."""
    if call.operation != "list_active" or not call.query.get("pageToken"):
        return
    fault = faults.strike("changing_inventory", call.operation, path)
    if fault is None:
        return
    change = fault.options["change"]
    adding = change == "add" or (change == "both" and fault.hits % 2 == 1)
    if adding:
        _add_one(account)
    else:
        _drop_one(account, fault.hits)


def _add_one(account: Account) -> None:
    found = account.store.search(Filters(), 1)
    if not found:
        return
    offer = json.loads(found[0][1])
    money = {"currencyCode": "USD", "amount": "0.60"}
    with account.change():
        account.store.take(offer["phoneNumber"])
        account.store.put_active(new_number(account, offer, money, 1, account.clock.now()))


def _drop_one(account: Account, turn: int) -> None:
    total = account.store.count(Filters())
    number = account.store.phone_number_at(turn * 7 % total) if total else None
    if number is not None:
        with account.change():
            account.store.remove_active(number)


def damage(account: Account, faults: Faults, call: Call, path: str, text: str) -> str:
    """Return the text of a successful answer as the content faults leave it."""
    if not len(faults):
        return text
    if call.operation == "list_active":
        text = _damage_list(account, faults, call, path, text)
    numbers = call.operation in NUMBER_OPERATIONS and '"phoneNumber"' in text
    odd = faults.strike("odd_values", call.operation, path) if numbers else None
    return _with_odd_values(text, odd.options["kinds"]) if odd else text


def _damage_list(account: Account, faults: Faults, call: Call, path: str, text: str) -> str:
    page = json.loads(text)
    wrong = faults.strike("wrong_total", call.operation, path)
    if wrong:
        page["totalSize"] += wrong.options["offset"]
    token = single(call, "pageToken")
    if token:
        if faults.strike("repeated_page_token", call.operation, path):
            page["nextPageToken"] = token
        twice = faults.strike("duplicate_number", call.operation, path)
        if twice:
            page["activeNumbers"][:0] = _last_number(account, call, token, twice.options["conflicting"])
    return to_json(page)


def _last_number(account: Account, call: Call, token: str, conflicting: bool) -> list[dict[str, Any]]:
    key = page_tokens.read(token, read_filters(call), read_order(call), account.identity.signing_key)
    number = account.store.active(key[-1])
    if number is None:
        return []
    if conflicting:
        number.document["displayName"] = f"{number.document.get('displayName') or ''} (changed)"
    return [number.document]


def _with_odd_values(text: str, kinds: list[str] | None) -> str:
    answer = json.loads(text)
    numbers = next(
        (answer[name] for name in ("activeNumbers", "availableNumbers") if name in answer), [answer]
    )
    changes = [ODD_KINDS[kind] for kind in (kinds or ODD_KINDS)]
    for position, number in enumerate(numbers):
        if "phoneNumber" in number:
            changes[position % len(changes)](number)
    return to_json(answer)
