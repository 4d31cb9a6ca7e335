"""The seam between a request and the network: where a cassette can record an answer, or give one itself.

Knows no HTTP library and no cassette; holds which one is in use in this process, for every client and thread.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Received", "Sent", "Tape", "in_use", "put_in", "take_out"]


@dataclass(frozen=True, slots=True)
class Sent:
    """A request on its way, with everything that is or would be sent.

    Parameters
    ----------
    method, url : str
        The request, with its query.
    headers : mapping
        As sent, credentials among them; they do not show.
    body : bytes or None
        As sent; it does not show.
    changes : bool
        Whether it changes something or costs.
    sandbox : bool
        Whether it goes to a server that is known to be a sandbox.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)
    changes: bool = False
    sandbox: bool = False


class Received(NamedTuple):
    """An answer: status, headers by lower-case name, whole body, and the recording that it comes from if it does."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    recorded: str = ""


class Tape(Protocol):
    """What records answers or gives them."""

    @property
    def replays(self) -> bool:
        """Whether it never lets a request through."""

    def refusal(self, *, sandbox: bool) -> str:
        """Return why nothing that changes or costs can be sent, as a sentence; empty when it can."""

    def abandon(self) -> None:
        """Don't keep what was recorded."""

    def exchange(self, sent: Sent, send: Callable[[], Received], redact: Callable[[Any], Any]) -> Received:
        """Return the answer to a request: a recorded one, or what ``send`` brings."""


_lock = threading.Lock()
_tapes: list[Tape] = []


def in_use() -> Tape | None:
    """Return the tape that was put in last, or None."""
    tapes = _tapes[-1:]
    return tapes[0] if tapes else None


def put_in(tape: Tape) -> None:
    """Let every request of this process go by a tape, those of existing clients too."""
    with _lock:
        _tapes.append(tape)


def take_out(tape: Tape) -> None:
    """Let requests go as before."""
    with _lock:
        # From the end: the same tape may have been put in twice.
        for place in range(len(_tapes) - 1, -1, -1):
            if _tapes[place] is tape:
                del _tapes[place]
                return
