"""How fast requests that change something leave: slower after a refusal, faster again when all goes well."""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from numbers_toolkit.transport import Clock

__all__ = ["Pacer"]

_FIRST_INTERVAL: Final = 0.05
_LONGEST_INTERVAL: Final = 5.0
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 60.0
#: What the API asks for is believed up to here; beyond, it is asked again.
_LONGEST_ASKED: Final = 300.0
_EASE: Final = 0.8
_SLICE: Final = 1.0
_MOST_DOUBLINGS: Final = 10


class Pacer:
    """Space out the requests of all threads of a run.

    Parameters
    ----------
    clock : Clock
        Time.
    stopped : callable
        Tells whether the run is to end; waiting then ends early.

    Attributes
    ----------
    interval : float
        Seconds between two requests at present; 0 while nothing was refused.
    """

    def __init__(self, clock: Clock, stopped: Callable[[], bool] = lambda: False) -> None:
        self.interval = 0.0
        self._clock = clock
        self._stopped = stopped
        self._next = 0.0
        self._failures = 0
        self._jitter = random.Random()  # noqa: S311 - spreads requests, guards nothing
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Wait for this thread's turn."""
        while not self._stopped():
            with self._lock:
                now = self._clock.monotonic()
                left = self._next - now
                if left <= 0:
                    self._next = now + self.interval
                    return
            # In slices: another thread's refusal may move the turn, and a person may stop the run.
            self._clock.sleep(min(left, _SLICE))

    def slow(self, retry_after: float | None = None) -> None:
        """Go slower after a refusal or a fault, for all threads.

        Parameters
        ----------
        retry_after : float, optional
            Seconds that the API asks to wait.
        """
        with self._lock:
            self.interval = min(_LONGEST_INTERVAL, max(self.interval * 2, _FIRST_INTERVAL))
            ceiling = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(self._failures, _MOST_DOUBLINGS))
            self._failures += 1
            pause = self._jitter.uniform(ceiling / 2, ceiling)
            if retry_after is not None:
                pause = max(pause, min(retry_after, _LONGEST_ASKED))
            self._next = max(self._next, self._clock.monotonic() + pause)

    def ease(self) -> None:
        """Go faster after a success."""
        with self._lock:
            self._failures = 0
            self.interval = self.interval * _EASE if self.interval > _FIRST_INTERVAL / 10 else 0.0
