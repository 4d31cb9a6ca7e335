"""The four operations on the emergency address (US 911) of an active number.

Choices where the API's behaviour is not documented: only US numbers can have an address, others are refused with 400
on ``phoneNumber`` and have none to read or to remove; an address is provisioned as it was sent, whatever a validation
would say of it; provisioning again replaces it; an empty text counts as not given, also for ``displayName``; without
an address there is nothing to deprovision, 404; the address goes when the rental ends; what is not a near match has
an empty object as corrected address. `numbers_toolkit.sandbox.us_addresses` tells which result a validation gives.
"""

from __future__ import annotations

from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from numbers_toolkit.sandbox.answers import (
    Refusal,
    bad_field,
    bad_fields,
    not_rented,
    resource_refusal,
    to_json,
)
from numbers_toolkit.sandbox.parameters import Call, read_body
from numbers_toolkit.sandbox.us_addresses import Address, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numbers_toolkit.sandbox.account import Account

MISSING_MESSAGE = "Missing E911 feature"
#: The fields of an address in the order of the answers, and whether a request must give them.
FIELDS: Mapping[str, bool] = MappingProxyType(
    {
        "streetNumber": True,
        "streetInfo": True,
        "location": False,
        "city": True,
        "state": True,
        "postalCode": True,
        "postalCodePlusFour": False,
    }
)


def get_emergency_address(account: Account, call: Call) -> str:
    """Return the address of a number."""
    return to_json(_address(account, call))


def provision_emergency_address(account: Account, call: Call) -> str:
    """Give a number an address, in place of the one it had."""
    display_name, address = _request(account, call)
    with account.change():
        account.store.addresses.put(call.phone_number, display_name, address)
    return to_json(address)


def deprovision_emergency_address(account: Account, call: Call) -> str:
    """Take the address away; the answer has no body."""
    _address(account, call)
    with account.change():
        account.store.addresses.remove(call.phone_number)
    return ""


def validate_emergency_address(account: Account, call: Call) -> str:
    """Tell whether an address is good as it was sent, without keeping it."""
    display_name, address = _request(account, call)
    verdict = judge(address)
    return to_json(
        {
            "phoneNumber": call.phone_number,
            "displayName": display_name,
            "validatedAddress": address,
            "validationResult": verdict.result,
            "validationMessage": verdict.message,
            "correctedAddress": verdict.corrected,
            "candidateAddresses": verdict.candidates,
        }
    )


def _address(account: Account, call: Call) -> Address:
    if account.store.active(call.phone_number) is None:
        raise not_rented(call.phone_number)
    address = account.store.addresses.address(call.phone_number)
    if address is None:
        raise _missing()
    return address


def _missing() -> Refusal:
    return resource_refusal(HTTPStatus.NOT_FOUND, "EmergencyAddress", "", MISSING_MESSAGE)


def _request(account: Account, call: Call) -> tuple[str, Address]:
    """Read display name and address of a request for a US number; every fault is named at once."""
    body = read_body(call.body)
    number = account.store.active(call.phone_number)
    if number is None:
        raise not_rented(call.phone_number)
    if number.document.get("regionCode") != "US":
        raise bad_field("phoneNumber", "emergency addresses are for US numbers only")
    given = body.get("address", {})
    if not isinstance(given, dict):
        raise bad_field("address", "must be an object")
    violations: list[tuple[str, str]] = []
    display_name = _text(body, "displayName", "", True, violations)
    address = {name: _text(given, name, "address.", needed, violations) for name, needed in FIELDS.items()}
    if violations:
        raise bad_fields(violations)
    return display_name, address


def _text(
    values: Mapping[str, Any], name: str, path: str, needed: bool, violations: list[tuple[str, str]]
) -> str:
    value = values.get(name)
    if value is None or isinstance(value, str):
        if needed and not (value or "").strip():
            violations.append((path + name, "must be given"))
        return value or ""
    violations.append((path + name, "must be a string"))
    return ""


EMERGENCY_OPERATIONS: Mapping[str, Callable[[Account, Call], str]] = MappingProxyType(
    {
        operation.__name__: operation
        for operation in (
            get_emergency_address,
            provision_emergency_address,
            deprovision_emergency_address,
            validate_emergency_address,
        )
    }
)
