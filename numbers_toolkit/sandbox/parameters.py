"""Reading requests: query parameters and JSON bodies, strict about what the API is strict about.

Choices where the API's behaviour is not documented: an empty parameter counts as not given; a parameter
that takes one value may appear once; unknown parameters and body fields are ignored; a page that asks for
more than the maximum gets the maximum; explicit nulls in a body count as not given.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from numbers_toolkit.sandbox.answers import Refusal, bad_enum, bad_field, to_json
from numbers_toolkit.sandbox.catalogue import CAPABILITIES, NUMBER_TYPES
from numbers_toolkit.sandbox.store import Filters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numbers_toolkit.sandbox.settings import Settings

SEARCH_PATTERNS = ("START", "CONTAINS", "END")
ORDERS = {
    "phoneNumber": False,
    "displayName": True,
    "phone_number": False,
    "display_name": True,
}
PATTERN = re.compile(r"\+?[0-9]*")
INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
LARGEST_INT32 = 2**31 - 1
VOICE_IDS = {"RTC": "appId", "EST": "trunkId", "FAX": "serviceId"}


@dataclass(frozen=True)
class Call:
    """One call of an operation, decoded but not yet checked; what its path does not name is empty."""

    operation: str
    phone_number: str
    query: Mapping[str, list[str]]
    body: bytes
    order_id: str = ""
    attachment_id: str = ""
    content_type: str = ""


def read_query(raw: str) -> dict[str, list[str]]:
    """Decode names and values of a query; one official SDK encodes the dots of the names.

    Examples
    --------
    >>> read_query("numberPattern%2Epattern=%2B1307&types=MOBILE&types=LOCAL")
    {'numberPattern.pattern': ['+1307'], 'types': ['MOBILE', 'LOCAL']}
    """
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(raw, keep_blank_values=True):
        query.setdefault(name, []).append(value)
    return query


def single(call: Call, name: str) -> str:
    """Return a parameter that takes one value, or an empty text."""
    values = call.query.get(name, [])
    if len(values) > 1:
        raise bad_field(snake_case(name), "only one value is allowed")
    return values[0] if values else ""


def one_of(call: Call, name: str, allowed: tuple[str, ...]) -> str:
    """Return a parameter that is an enum, or an empty text."""
    value = single(call, name)
    if value and value not in allowed:
        raise bad_enum(name, value)
    return value


def several(call: Call, names: tuple[str, ...], allowed: tuple[str, ...]) -> list[str]:
    """Return the values of a repeated enum, also when they come joined by commas."""
    given = [
        part for name in names for value in call.query.get(name, []) for part in value.split(",") if part
    ]
    for value in given:
        if value not in allowed:
            raise bad_enum(names[0], value)
    return given


def read_filters(call: Call) -> Filters:
    """Read the filters that both lists share."""
    capabilities = several(call, ("capability", "capabilities"), tuple(CAPABILITIES))
    pattern = single(call, "numberPattern.pattern")
    return Filters(
        region_code=single(call, "regionCode"),
        number_type=one_of(call, "type", NUMBER_TYPES),
        capability=_mask(capabilities),
        pattern=_pattern(pattern, "number_pattern.pattern"),
        search_pattern=one_of(call, "numberPattern.searchPattern", SEARCH_PATTERNS) or "CONTAINS",
    )


def read_size(call: Call, name: str, settings: Settings) -> int:
    """Read a page size."""
    value = single(call, name)
    if not value:
        return settings.default_page_size
    if not INTEGER.fullmatch(value) or not 1 <= int(value) <= LARGEST_INT32:
        raise bad_field(snake_case(name), f"must be a whole number from 1 to {LARGEST_INT32}: {value}")
    return min(int(value), settings.maximum_page_size)


def read_order(call: Call) -> bool:
    """Return whether a list is to be ordered by display name."""
    value = single(call, "orderBy")
    if not value:
        return False
    by_name = ORDERS.get(value, ORDERS.get(value.lower()))
    if by_name is None:
        raise bad_field("order_by", f"Invalid order_by {value}")
    return by_name


def _mask(capabilities: list[str]) -> int:
    return sum(CAPABILITIES[name] for name in set(capabilities))


def _pattern(text: str, field: str) -> str:
    # A raw plus in a query value decodes to a space, and one official SDK sends it raw.
    pattern = "+" + text[1:] if text.startswith(" ") else text
    if not PATTERN.fullmatch(pattern) or not pattern.isascii():
        raise bad_field(field, f"Invalid pattern {text}")
    return pattern


def read_body(raw: bytes, *, needed: bool = False) -> dict[str, Any]:
    """Read a JSON object; no body at all is an empty one, except where it is needed."""
    if not raw.strip():
        if needed:
            raise Refusal(HTTPStatus.BAD_REQUEST, "request body is missing")
        return {}
    try:
        body = json.loads(raw, parse_constant=_no_constant)
        to_json(body).encode()  # refuses halves of surrogate pairs, which no answer could carry
    except (ValueError, RecursionError):
        raise Refusal(HTTPStatus.BAD_REQUEST, "request body is not valid JSON") from None
    if not isinstance(body, dict):
        raise Refusal(HTTPStatus.BAD_REQUEST, "request body is not a JSON object")
    return {name: value for name, value in body.items() if value is not None}


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def text_field(body: Mapping[str, Any], name: str, path: str = "") -> str | None:
    """Return a text of a body, or None when it is not given."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise bad_field(path + name, "must be a string")
    return value


def read_sms(body: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the ids of an SMS configuration that are given, or None without a configuration."""
    configuration = _configuration(body, "smsConfiguration")
    if configuration is None:
        return None
    given = {
        name: text
        for name in ("servicePlanId", "campaignId")
        if (text := text_field(configuration, name, "smsConfiguration.")) is not None
    }
    if not given:
        raise bad_field("smsConfiguration.servicePlanId", "must be given")
    return given


def read_voice(body: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return type and id of a voice configuration, or None without a configuration."""
    configuration = _configuration(body, "voiceConfiguration")
    if configuration is None:
        return None
    kind = text_field(configuration, "type", "voiceConfiguration.") or "RTC"
    if kind not in VOICE_IDS:
        raise bad_enum("voiceConfiguration.type", kind)
    wanted = VOICE_IDS[kind]
    for name in VOICE_IDS.values():
        if name != wanted and text_field(configuration, name, "voiceConfiguration."):
            raise bad_field(f"voiceConfiguration.{name}", f"does not belong to type {kind}")
    target = text_field(configuration, wanted, "voiceConfiguration.")
    if target is None:
        raise bad_field(f"voiceConfiguration.{wanted}", "must be given")
    return kind, target


def _configuration(body: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, dict):
        raise bad_field(name, "must be an object")
    given = {key: item for key, item in value.items() if item is not None}
    if not given:
        raise bad_field(name, "must not be empty")
    return given


def read_body_filters(body: Mapping[str, Any], region_code: str, number_type: str, path: str = "") -> Filters:
    """Read the filters of ``:rentAny`` or an order, which come in the body; the operation knows region and type."""
    wanted = body.get("numberPattern", {})
    capabilities = body.get("capabilities", [])
    if not isinstance(wanted, dict):
        raise bad_field(f"{path}numberPattern", "must be an object")
    if not isinstance(capabilities, list):
        raise bad_field(f"{path}capabilities", "must be an array")
    for value in capabilities:
        if value not in tuple(CAPABILITIES):
            raise bad_enum(f"{path}capabilities", str(value))
    path += "numberPattern."
    search = text_field(wanted, "searchPattern", path) or "CONTAINS"
    if search not in SEARCH_PATTERNS:
        raise bad_enum(f"{path}searchPattern", search)
    pattern = _pattern(text_field(wanted, "pattern", path) or "", f"{path}pattern")
    return Filters(region_code, number_type, _mask(capabilities), pattern, search)


def snake_case(name: str) -> str:
    """Spell a parameter the way the API's field violations do.

    Examples
    --------
    >>> snake_case("pageSize")
    'page_size'
    """
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()
