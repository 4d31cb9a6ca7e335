"""Many events as one DataFrame: each once, by time, nothing unknown lost in silence."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from numbers_toolkit import vocabulary
from numbers_toolkit.errors import (
    DuplicateEventWarning,
    EventFormatError,
    IncompleteDataWarning,
    InvalidInputError,
    UnknownValueWarning,
    warn_user,
)
from numbers_toolkit.webhooks.events import Event, event_of, parse_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

__all__ = ["events_frame"]

Item: TypeAlias = "Event | Mapping[str, Any] | str | bytes"

_OPEN_WORDS: Final = {
    "resource_type": vocabulary.EVENT_RESOURCES,
    "event_type": vocabulary.EVENT_TYPES,
    "status": vocabulary.EVENT_STATUSES,
}
_MOST_NAMED: Final = 10
_ADVICE: Final = "Correct or remove it, or leave such lines out with skip_unreadable=True."


def events_frame(
    events: str | os.PathLike[str] | Iterable[Item],
    *,
    skip_unreadable: bool = False,
    source: str | None = None,
) -> pd.DataFrame:
    """Return events as a DataFrame: each event once, by time.

    Parameters
    ----------
    events : path-like, or iterable of Event, dict, str or bytes
        A log with one JSON event a line (JSON Lines, UTF-8); or events, decoded or as JSON text.
    skip_unreadable : bool, default False
        Leave out lines that are no event, with a warning, instead of raising. A last line that was cut off while it
        was written is left out in any case.
    source : str, optional
        What the events are, for example ``"sandbox"``; kept in ``attrs["source"]``.

    Returns
    -------
    pandas.DataFrame
        One row per event, by time; those without a time last.

        - ``event_id`` : str, may be missing - id of the event; each is listed once
        - ``timestamp`` : datetime64[us, UTC], may be missing - when it happened, to the microsecond
        - ``project_id`` : category, may be missing - project it belongs to
        - ``resource_id`` : str, may be missing - phone number or order id
        - ``phone_number`` : str, may be missing - resource_id of a number's event, E.164
        - ``order_id`` : str, may be missing - resource_id of an order's event
        - ``resource_type`` : category, may be missing - what it is about
        - ``event_type`` : category, may be missing - what the event tells of
        - ``status`` : category, may be missing - how that ended, or an order's new state
        - ``failure_code`` : category, may be missing - provisioning error code of a failure, where it has one
        - ``internal_failure_code`` : category, may be missing - code of the system behind it

        A last column ``other_fields`` (JSON text) holds what this version does not know; it is only there when
        something came. ``attrs``: ``duplicates`` (deliveries left out because their event is listed),
        ``conflicts`` (those that said something else), ``unreadable`` (lines left out; ``complete`` is then False).

    Raises
    ------
    EventFormatError
        When a line or item is no event; names the line.
    InvalidInputError
        When there is no such file, or ``events`` is something else.

    Warns
    -----
    DuplicateEventWarning
        When an event id came with different contents; the first one is listed.
    IncompleteDataWarning
        When lines were left out.
    UnknownValueWarning
        For words and fields that this version does not know; they are kept.

    Examples
    --------
    >>> line = '{"eventId": "1", "resourceType": "ACTIVE_NUMBER", "resourceId": "+13075550142", "status": "FAILED"}'
    >>> frame = events_frame([line, line])
    >>> frame.phone_number.to_list(), frame.attrs["duplicates"]
    (['+13075550142'], 1)
    """
    reading = _Reading(skip_unreadable=skip_unreadable)
    for number, item in enumerate(_items(events), start=1):
        reading.take(number, item)
    reading.finish()
    frame = _frame(reading.events)
    frame.attrs = {
        "duplicates": reading.duplicates,
        "conflicts": len(reading.conflicts),
        "unreadable": len(reading.unreadable),
    }
    if reading.unreadable:
        frame.attrs["complete"] = False
    if source is not None:
        frame.attrs["source"] = source
    reading.warn()
    return frame


@dataclass(slots=True)
class _Reading:
    """What was read so far."""

    skip_unreadable: bool
    events: list[Event] = field(default_factory=list)
    duplicates: int = 0
    conflicts: list[str] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    by_id: dict[str, Event] = field(default_factory=dict)
    #: A line that is no event, until it is known whether it is the last one.
    fault: tuple[int, Item, EventFormatError] | None = None

    def take(self, number: int, item: Item) -> None:
        """Take one line or item."""
        if isinstance(item, (str, bytes)) and not item.strip():
            return
        self._refuse_fault()
        try:
            event = _event(number, item)
        except EventFormatError as error:
            self.fault = (number, item, error)
            return
        first = self.by_id.setdefault(event.event_id, event) if event.event_id else event
        if first is event:
            self.events.append(event)
            return
        self.duplicates += 1
        if first != event:
            self.conflicts.append(event.event_id)

    def finish(self) -> None:
        """Let a last line pass that was cut off while it was written; refuse any other fault."""
        if self.fault is not None and _is_cut(self.fault[1]):
            self.unreadable.append(self.fault[0])
            self.fault = None
        self._refuse_fault()

    def _refuse_fault(self) -> None:
        if self.fault is None:
            return
        number, _, error = self.fault
        if not self.skip_unreadable:
            raise EventFormatError(f"Line or item {number:,}: {error} {_ADVICE}") from None
        self.unreadable.append(number)
        self.fault = None

    def warn(self) -> None:
        """Warn of what was left out or not known, once each."""
        if self.conflicts:
            warn_user(
                f"{len(self.conflicts):,} events came again with other contents, which are not listed: "
                f"{_some(dict.fromkeys(self.conflicts))}.",
                DuplicateEventWarning,
            )
        if self.unreadable:
            warn_user(
                f"Left out, since they are no events: line {_some(self.unreadable)}. "
                "A last line is often cut off while it is written.",
                IncompleteDataWarning,
            )
        notes = _notes(self.events)
        if notes:
            told = [f"{note} ({count:,} times)" for note, count in sorted(notes.items())]
            warn_user(
                f"In the events, kept but not known to this version: {_some(told, '; ')}.",
                UnknownValueWarning,
            )


def _items(events: Any) -> Iterator[Any]:
    if isinstance(events, (Event, Mapping)):
        yield events
    elif isinstance(events, (str, os.PathLike)):
        yield from _lines(events)
    elif isinstance(events, (bytes, bytearray)) or not isinstance(events, Iterable):
        raise InvalidInputError(
            f"Events are a path, or an iterable of events or lines, not {type(events).__name__}; put a single line "
            "into a list."
        )
    else:
        yield from events


def _lines(path: str | os.PathLike[str]) -> Iterator[bytes]:
    if isinstance(path, str) and path.lstrip().startswith("{"):
        raise InvalidInputError(
            "This is JSON text, not a path; put its lines into a list: text.splitlines()."
        )
    try:
        with Path(path).expanduser().open("rb") as lines:
            yield from lines
    except OSError as error:
        raise InvalidInputError(
            f"The log of events {os.fspath(path)!r} can't be read: {error.strerror or error}."
        ) from error


def _event(number: int, item: Any) -> Event:
    if isinstance(item, Event):
        return item
    if isinstance(item, Mapping):
        return event_of(item)
    if isinstance(item, (str, bytes)):
        return parse_event(item)
    raise InvalidInputError(
        f"Item {number:,} is {type(item).__name__}; an event is an Event, a dict as the API sends it, or JSON text."
    )


def _is_cut(item: Item) -> bool:
    """Whether a line that is no event looks cut off: the beginning of an object, without the end of a line."""
    if isinstance(item, str):
        item = item.encode("utf-8", "replace")
    if not isinstance(item, bytes) or not item.lstrip().startswith(b"{") or item.endswith(b"\n"):
        return False
    try:
        json.loads(item)
    except (ValueError, RecursionError):
        return True
    return False


def _notes(events: Iterable[Event]) -> Counter[str]:
    """Return what is not known, and how often it came."""
    notes: Counter[str] = Counter()
    for event in events:
        for name, known in _OPEN_WORDS.items():
            word = getattr(event, name)
            if word and word not in known:
                notes[f"{name} {word!r}"] += 1
        for name, value in event.other_fields.items():
            notes[f"timestamp {value!r}" if name == "timestamp" else f"field {name!r}"] += 1
    return notes


def _some(values: Iterable[Any], joint: str = ", ") -> str:
    listed = [str(value) for value in values]
    more = len(listed) - _MOST_NAMED
    return joint.join(listed[:_MOST_NAMED]) + (f"{joint}and {more:,} more" if more > 0 else "")


def _frame(events: list[Event]) -> pd.DataFrame:
    import pandas as pd

    from numbers_toolkit import files, tables
    from numbers_toolkit.unknown_fields import json_text

    columns: dict[str, Any] = {
        name: [getattr(event, name) or None for event in events] for name in tables.EVENTS.names
    }
    if any(event.other_fields for event in events):
        columns[tables.OTHER_FIELDS] = [
            json_text(event.other_fields) if event.other_fields else None for event in events
        ]
    frame = files.restore(pd.DataFrame(columns, dtype=object), tables.EVENTS)
    return frame.sort_values(["timestamp", "event_id"], kind="stable", na_position="last", ignore_index=True)
