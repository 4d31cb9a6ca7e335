"""Formats of text that a schema may ask for, each with what it is called in a message.

Only what can be told for sure: a text that is refused here would be refused by everybody. Other formats that a
schema names are left to the API.

Source: JSON Schema's vocabulary for formats, RFC 3339 and RFC 3986.
"""

from __future__ import annotations

import ipaddress
import re
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["FORMATS", "TextFormat"]

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME: Final = re.compile(r"\d{2}:\d{2}:\d{2}(\.\d+)?([zZ]|[+-]\d{2}:\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class TextFormat:
    """A format: what it is called, and whether a text has it."""

    words: str
    test: Callable[[str], bool]

    def fits(self, value: Any) -> bool:
        """Whether a value has the format; what is no text has all of them."""
        if not isinstance(value, str):
            return True
        try:
            return self.test(value)
        except ValueError:
            return False


def _is_date(text: str) -> bool:
    return bool(_DATE.fullmatch(text)) and bool(date.fromisoformat(text))


def _is_moment(text: str) -> bool:
    day, mark, time = text[:10], text[10:11], text[11:]
    return _is_date(day) and mark in ("T", "t", " ") and bool(_TIME.fullmatch(time)) and _is_time(time)


def _is_time(text: str) -> bool:
    # A leap second is a time, although Python knows none.
    plain = text.replace(":60", ":59", 1).replace("z", "Z")
    return bool(_TIME.fullmatch(text)) and bool(datetime.fromisoformat(f"2000-01-01T{plain}"))


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return bool(parts.scheme) and bool(parts.netloc or parts.path) and not re.search(r"\s", text)


def _is_regex(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


FORMATS: Final[Mapping[str, TextFormat]] = {
    "email": TextFormat("an e-mail address", lambda text: bool(_EMAIL.fullmatch(text))),
    "idn-email": TextFormat("an e-mail address", lambda text: bool(_EMAIL.fullmatch(text))),
    "date": TextFormat("a date such as 1980-12-31", _is_date),
    "date-time": TextFormat("a time such as 2026-03-02T09:00:00Z", _is_moment),
    "time": TextFormat("a time of day such as 09:00:00Z", _is_time),
    "uri": TextFormat("an address such as https://example.com", _is_address),
    "iri": TextFormat("an address such as https://example.com", _is_address),
    "uuid": TextFormat("a UUID", lambda text: str(uuid.UUID(text)) == text.lower()),
    "ipv4": TextFormat("an IPv4 address", lambda text: bool(str(ipaddress.IPv4Address(text)))),
    "ipv6": TextFormat("an IPv6 address", lambda text: bool(str(ipaddress.IPv6Address(text)))),
    "regex": TextFormat("a regular expression", _is_regex),
}
