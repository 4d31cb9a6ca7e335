"""The queue of webhook events: a table of the state, so that a sandbox with a state file forgets none."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

EVENT_TABLES = """
CREATE TABLE events (
    serial INTEGER PRIMARY KEY, body TEXT NOT NULL, url TEXT NOT NULL, signature TEXT NOT NULL, status TEXT NOT NULL,
    due_at INTEGER, late INTEGER NOT NULL, attempts INTEGER NOT NULL, delivered_at INTEGER, problem TEXT NOT NULL);
"""
EVENT_INDEXES = """
CREATE INDEX events_by_due ON events (due_at, serial) WHERE due_at IS NOT NULL;
"""


@dataclass
class QueuedEvent:
    """One event in the queue, or out of it.

    Attributes
    ----------
    serial : int
        Counts the events of the project from 1.
    body : str
        The JSON text, sent as it stands.
    url : str
        Where it goes.
    signature : str
        The signature it was sent with last, or would be; empty without a secret.
    status : str
        ``WAITING``, ``DELIVERED``, ``FAILED`` or ``NOT_SENT``.
    due_at : int or None
        When it is sent next; None means never.
    late : bool
        Whether its first delivery was put off already.
    attempts : int
        How often it was sent.
    delivered_at : int or None
        When it arrived last.
    problem : str
        Why the last attempt failed, or why there is none.
    """

    serial: int
    body: str
    url: str
    signature: str = ""
    status: str = "WAITING"
    due_at: int | None = None
    late: bool = False
    attempts: int = 0
    delivered_at: int | None = None
    problem: str = ""


class Outbox:
    """Keep events in the order in which they were queued. The account's lock guards it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def next_serial(self) -> int:
        """Return the serial of the event to be queued next."""
        found = self._connection.execute("SELECT coalesce(max(serial), 0) + 1 FROM events").fetchone()
        return int(found[0])

    def put(self, event: QueuedEvent) -> None:
        """Queue an event, or keep what became of it."""
        self._connection.execute("INSERT OR REPLACE INTO events VALUES (?,?,?,?,?,?,?,?,?,?)", astuple(event))

    def all(self) -> list[QueuedEvent]:
        """Return every event, oldest first."""
        return _read(self._connection.execute("SELECT * FROM events ORDER BY serial"))

    def due(self, now: int) -> list[QueuedEvent]:
        """Return the events to be sent by now, in the order in which they fall due."""
        return _read(
            self._connection.execute(
                "SELECT * FROM events WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at, serial", [now]
            )
        )


def _read(
    rows: Iterable[tuple[int, str, str, str, str, int | None, int, int, int | None, str]],
) -> list[QueuedEvent]:
    return [QueuedEvent(*row[:6], bool(row[6]), *row[7:]) for row in rows]
