"""Time while answers are played back: it starts when they were recorded, and nobody waits."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

__all__ = ["ReplayClock"]


class ReplayClock:
    """A clock whose waits take no time, though they count.

    Parameters
    ----------
    start : datetime, optional
        The time of day to start at; None is now.

    Examples
    --------
    >>> clock = ReplayClock(datetime(2026, 3, 2, 9, tzinfo=UTC))
    >>> clock.sleep(3600)
    >>> clock.now().hour
    10
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start or datetime.now(UTC)
        self._began = time.monotonic()
        self._skipped = 0.0
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        """Return seconds that only grow."""
        return time.monotonic() + self._skipped

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        with self._lock:
            self._skipped += max(0.0, seconds)

    def now(self) -> datetime:
        """Return the time of day, in UTC."""
        return self._start + timedelta(seconds=self.monotonic() - self._began)
