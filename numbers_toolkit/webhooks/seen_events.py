"""Which events were taken before, by id: in memory, or in a file that survives a restart."""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from pathlib import Path
from typing import Final, Self

from numbers_toolkit.errors import OutputError
from numbers_toolkit.vocabulary import check_count

__all__ = ["SeenEvents"]

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS seen_events "
    "(place INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE)"
)
_BUSY_SECONDS: Final = 30.0


class SeenEvents:
    """Ids of events that were taken. For ``seen=`` of :func:`read_event`; safe to share between threads.

    Parameters
    ----------
    path : path-like, optional
        A file (SQLite) that keeps them; several processes may share it. None keeps them in memory.
    limit : int, default 100,000
        How many are kept; beyond that the oldest is forgotten, and a replay of it would not be noticed.

    Raises
    ------
    OutputError
        When the file can't be used.

    Examples
    --------
    >>> with SeenEvents() as seen:
    ...     seen.add("01kq4y7d2m8x3v5n6p9r0s1t2w"), seen.add("01kq4y7d2m8x3v5n6p9r0s1t2w")
    (True, False)
    """

    def __init__(self, path: str | os.PathLike[str] | None = None, *, limit: int = 100_000) -> None:
        self._limit = check_count(limit, "limit")
        self._lock = threading.Lock()
        self._where = "memory" if path is None else repr(os.fspath(path))
        target = ":memory:" if path is None else Path(path).expanduser()
        try:
            self._connection = sqlite3.connect(target, timeout=_BUSY_SECONDS, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        self._close = weakref.finalize(self, self._connection.close)
        try:
            with self._connection:
                self._connection.execute(_TABLE)
        except sqlite3.Error as error:
            self.close()
            raise self._unusable(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __len__(self) -> int:
        return int(self._ask("SELECT count(*) FROM seen_events"))

    def __contains__(self, event_id: object) -> bool:
        return bool(self._ask("SELECT count(*) FROM seen_events WHERE event_id = ?", event_id))

    def __repr__(self) -> str:
        return f"<SeenEvents in {self._where}, at most {self._limit:,}>"

    def close(self) -> None:
        """Close the file; ids in memory are gone."""
        self._close()

    def add(self, event_id: str) -> bool:
        """Note an id, and return whether it is new; of several that ask at once, one is told so.

        Raises
        ------
        OutputError
            When it can't be written; it is then not noted.
        """
        try:
            with self._lock, self._connection:
                done = self._connection.execute(
                    "INSERT INTO seen_events (event_id) VALUES (?) ON CONFLICT DO NOTHING", (event_id,)
                )
                if done.rowcount != 1:
                    return False
                oldest = (done.lastrowid or 0) - self._limit
                self._connection.execute("DELETE FROM seen_events WHERE place <= ?", (oldest,))
                return True
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def discard(self, event_id: str) -> None:
        """Forget an id, so that the event is taken again: for an event whose handling failed.

        Raises
        ------
        OutputError
            When it can't be written.
        """
        try:
            with self._lock, self._connection:
                self._connection.execute("DELETE FROM seen_events WHERE event_id = ?", (event_id,))
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _ask(self, question: str, *values: object) -> int:
        try:
            with self._lock:
                (found,) = self._connection.execute(question, values).fetchone()
                return int(found)
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _unusable(self, error: sqlite3.Error) -> OutputError:
        return OutputError(
            f"The ids of seen events in {self._where} can't be read or written: {error}. Give the path of a new "
            "file, or of one that SeenEvents wrote, where there is room."
        )
