"""The sandbox's own time: microseconds since 1970 in UTC, a clock that can be moved, and calendar months.

Everything that takes time in the sandbox (provisioning, renewals, token expiry) is decided by comparing
with this clock when somebody asks. Nothing here sleeps.
"""

from __future__ import annotations

import calendar
import threading
import time
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Clock:
    """Tell and move the sandbox's time.

    Parameters
    ----------
    start : int
        First instant, in microseconds since 1970.
    running : bool
        Whether real time moves the clock. When false only :meth:`advance` does.

    Examples
    --------
    >>> clock = Clock(from_text("2026-03-02T09:00:00Z"), running=False)
    >>> clock.advance(timedelta(days=1))
    >>> to_text(clock.now())
    '2026-03-03T09:00:00.000000Z'
    """

    def __init__(self, start: int, *, running: bool) -> None:
        self._running = running
        self._lock = threading.Lock()
        self.set(start)

    def set(self, instant: int) -> None:
        """Continue from another instant."""
        with self._lock:
            self._base = instant
            self._origin = time.monotonic_ns()

    def now(self) -> int:
        """Return the present instant in microseconds since 1970."""
        with self._lock:
            elapsed = (time.monotonic_ns() - self._origin) // 1000 if self._running else 0
            return self._base + elapsed

    def client_seconds(self) -> int:
        """Return the seconds since 1970 by which a client of this clock goes: its own time while both run.

        A client compares times of its own with what it is told; only a clock that stands still has no such
        counterpart.
        """
        return int(time.time()) if self._running else self.now() // SECOND

    def advance(self, step: float | timedelta) -> None:
        """Jump forward by seconds or a timedelta."""
        delta = step if isinstance(step, timedelta) else timedelta(seconds=step)
        if delta < timedelta(0):
            raise ValueError(f"the sandbox clock only moves forward, not by {delta}")
        with self._lock:
            self._base += delta // timedelta(microseconds=1)


def to_datetime(instant: int) -> datetime:
    """Turn microseconds into an aware datetime, without the rounding of a float timestamp."""
    return EPOCH + timedelta(microseconds=instant)


def to_text(instant: int) -> str:
    """Write an instant the way the API does: UTC, microseconds, ``Z``."""
    return to_datetime(instant).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_datetime(moment: datetime) -> int:
    """Turn an aware datetime into microseconds."""
    if moment.tzinfo is None:
        raise ValueError(f"a time zone is missing in {moment!r}")
    return (moment - EPOCH) // timedelta(microseconds=1)


def from_text(text: str) -> int:
    """Read an RFC 3339 text.

    Examples
    --------
    >>> from_text("1970-01-01T00:00:01.5Z")
    1500000
    """
    return from_datetime(datetime.fromisoformat(text))


def add_months(instant: int, months: int, day: int) -> int:
    """Move by whole months, keeping to a day of the month where the target month has it.

    Parameters
    ----------
    instant : int
        Microseconds since 1970.
    months : int
        Months to add.
    day : int
        The day the rental began on; a shorter month uses its last day, the next long one returns to `day`.

    Examples
    --------
    >>> february = add_months(from_text("2026-01-31T08:00:00Z"), 1, 31)
    >>> to_text(february), to_text(add_months(february, 1, 31))
    ('2026-02-28T08:00:00.000000Z', '2026-03-31T08:00:00.000000Z')
    """
    moment = to_datetime(instant)
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return from_datetime(moment.replace(year=year, month=month + 1, day=min(day, last)))
