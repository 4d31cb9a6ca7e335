"""Ctrl-C while money is being spent: the first lets what is under way come to its end, the second ends at once."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["INTERRUPTED", "stopped_by_interrupt"]

#: Exit code of a program that was interrupted, as shells have it: 128 and the signal's number.
INTERRUPTED: Final = 130
_STDERR: Final = 2
_FIRST: Final = (
    "\nStopping: no further number is begun, and what is under way is brought to its end, which can take a minute. "
    "Ctrl-C again ends at once.\n"
)


@contextmanager
def stopped_by_interrupt(journal: str, go_on: str) -> Iterator[threading.Event]:
    """Yield an event that an interrupt sets; a second interrupt ends the process.

    Parameters
    ----------
    journal : str
        The journal of the run: what was announced in it before the process ended is settled by going on.
    go_on : str
        The command that goes on.
    """
    asked = threading.Event()

    def interrupted(_signal: int, _frame: Any) -> None:
        if not asked.is_set():
            asked.set()
            _say(_FIRST)
            return
        _say(f"\nEnded at once. The journal {journal} knows what was sent.\n{go_on}\n")
        # Threads that wait for an answer would keep the process for a minute; the journal is made for this.
        os._exit(INTERRUPTED)

    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


def _say(text: str) -> None:
    # The signal may have come in the middle of writing to the same stream, which must not be entered twice.
    os.write(_STDERR, text.encode())
