"""One event: its JSON as a value. Whatever the API may add or rename tomorrow is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from numbers_toolkit.errors import EventFormatError, InvalidInputError

__all__ = ["Event", "event_of", "parse_event"]

_TEXTS: Final = {
    "eventId": "event_id",
    "projectId": "project_id",
    "resourceId": "resource_id",
    "resourceType": "resource_type",
    "eventType": "event_type",
    "status": "status",
}
_CODES: Final = {"failureCode": "failure_code", "internalFailureCode": "internal_failure_code"}
_TIMESTAMP: Final = "timestamp"
_KNOWN: Final = frozenset((*_TEXTS, *_CODES, _TIMESTAMP))
#: An object with neither is JSON of something else.
_TELLING: Final = ("eventId", "resourceType")
_QUOTED: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A webhook event. Texts that the API left out, or sent as ``null``, are empty.

    Parameters
    ----------
    event_id : str
        Id of the event; the same for every delivery of it.
    timestamp : datetime or None
        When it happened, in UTC. The API sends up to nine digits of a second and no zone: what is finer than a
        microsecond is cut off. None when it sent none, or one that can't be read (then ``other_fields`` holds it).
    project_id : str
        Project.
    resource_id : str
        Phone number or order id.
    resource_type : str
        ``ACTIVE_NUMBER``, ``NUMBER_ORDER`` or a new one.
    event_type : str
        For example ``PROVISIONING_TO_CAMPAIGN`` or ``NUMBER_ORDER_PROCESSING``.
    status : str
        ``SUCCEEDED`` or ``FAILED`` of a number, the new state of an order.
    failure_code : str or None
        Provisioning error code of a failure; see :func:`numbers_toolkit.error_codes.lookup`.
    internal_failure_code : str or None
        Code of the system behind it.
    other_fields : mapping
        Fields that this version does not know, as they came.

    Examples
    --------
    >>> Event(resource_type="ACTIVE_NUMBER", resource_id="+13075550142").phone_number
    '+13075550142'
    """

    event_id: str = ""
    timestamp: datetime | None = None
    project_id: str = ""
    resource_id: str = ""
    resource_type: str = ""
    event_type: str = ""
    status: str = ""
    failure_code: str | None = None
    internal_failure_code: str | None = None
    other_fields: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def phone_number(self) -> str | None:
        """The number it is about; None when it is about something else."""
        return self.resource_id if self.resource_type == "ACTIVE_NUMBER" else None

    @property
    def order_id(self) -> str | None:
        """The number order it is about; None when it is about something else."""
        return self.resource_id if self.resource_type == "NUMBER_ORDER" else None


def parse_event(body: str | bytes | bytearray | memoryview) -> Event:
    """Return an event of its JSON text, whoever it came from: nothing is verified.

    Parameters
    ----------
    body : str or bytes
        For example a line of a log. For a body that has just been delivered use :func:`read_event`.

    Returns
    -------
    Event
        What it says.

    Raises
    ------
    EventFormatError
        When it is no JSON object, or one that says neither which event it is nor what it is about.

    Examples
    --------
    >>> event = parse_event('{"eventId": "1", "timestamp": "2026-03-02T09:15:27.403118299", "resourceType": "X"}')
    >>> event.timestamp.isoformat()
    '2026-03-02T09:15:27.403118+00:00'
    """
    if not isinstance(body, (str, bytes, bytearray, memoryview)):
        raise InvalidInputError(f"An event is JSON text or bytes, not {type(body).__name__}.")
    raw = body if isinstance(body, str) else bytes(body)
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        raise EventFormatError(f"The event is no JSON ({_quoted(raw)}).") from None
    return event_of(content)


def event_of(content: Any) -> Event:
    """Return an event of its decoded JSON.

    Raises
    ------
    EventFormatError
        When it is no object, or one that says neither which event it is nor what it is about.
    """
    if not isinstance(content, Mapping):
        raise EventFormatError(f"The event is JSON, but {type(content).__name__} instead of an object.")
    if not any(_text(content.get(name)) for name in _TELLING):
        names = ", ".join(map(repr, list(content)[:5])) or "nothing"
        raise EventFormatError(f"This is no event: it has neither {' nor '.join(_TELLING)} (it has {names}).")
    other = {name: value for name, value in content.items() if name not in _KNOWN}
    timestamp = _instant(content.get(_TIMESTAMP))
    if timestamp is None and _text(content.get(_TIMESTAMP)):
        other[_TIMESTAMP] = content[_TIMESTAMP]
    known: dict[str, Any] = {ours: _text(content.get(theirs)) for theirs, ours in _TEXTS.items()}
    known |= {ours: _text(content.get(theirs)) or None for theirs, ours in _CODES.items()}
    return Event(timestamp=timestamp, other_fields=other, **known)


def _text(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    # Half a character, which JSON can spell, can't be stored.
    return text.encode("utf-8", "replace").decode("utf-8")


def _instant(value: Any) -> datetime | None:
    """Return a timestamp in UTC; one without a zone is UTC. Source: the official SDKs' tests."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        return None


def _quoted(raw: str | bytes) -> str:
    text = raw if isinstance(raw, str) else raw.decode("utf-8", "replace")
    start = text[:_QUOTED] + ("…" if len(text) > _QUOTED else "")
    return (
        f"{len(raw):,} {'characters' if isinstance(raw, str) else 'bytes'}: {start!r}"
        if raw
        else "it is empty"
    )
