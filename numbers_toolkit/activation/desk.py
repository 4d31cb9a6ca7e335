"""What all numbers of a run share: client, journal, pace, budget and the sign to stop."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from numbers_toolkit import errors, failures
from numbers_toolkit.activation.endings import RunStopped

if TYPE_CHECKING:
    from numbers_toolkit.activation.history import History
    from numbers_toolkit.activation.journal import Journal
    from numbers_toolkit.activation.pacing import Pacer
    from numbers_toolkit.client import NumbersClient

__all__ = ["Desk", "Options", "Unreadable", "instant", "now_text", "read_patiently", "refusal_text"]

Found = TypeVar("Found")
#: How often a read is tried again after the client has given up on it.
_READS: Final = 6


class Unreadable(Exception):  # noqa: N818 - says what could not be read, caught by the steps
    """The API's state could not be read, however often it was tried."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a run is to go; see :func:`numbers_toolkit.activate`."""

    papers: Any = None
    concurrency: int = 4
    wait_for_orders: float = 120.0
    order_again: bool = False
    known_orders: tuple[str, ...] = ()


@dataclass
class Desk:
    """Shared by the threads of one run.

    Parameters
    ----------
    client : NumbersClient
        The API.
    journal : Journal
        Where everything is written first.
    history : History
        What was done so far.
    pacer : Pacer
        The pace.
    options : Options
        How the run is to go.
    stop : threading.Event
        Set when no further number is to be begun.
    """

    client: NumbersClient
    journal: Journal
    history: History
    pacer: Pacer
    options: Options
    stop: threading.Event
    why_stopped: str = ""
    cache: dict[Any, Any] = field(default_factory=dict)
    cache_lock: Any = field(default_factory=threading.RLock)
    stop_lock: Any = field(default_factory=threading.Lock)

    def write(self, what: str, **facts: Any) -> None:
        """Write a line to the journal and take it into account."""
        self.history.add(self.journal.write(what, **facts))

    def halt(self, reason: str) -> None:
        """Stop the run after the numbers that are being worked on; the first reason is kept."""
        with self.stop_lock:
            self.why_stopped = self.why_stopped or reason
        self.stop.set()

    def read(self, ask: Callable[[], Found]) -> Found:
        """Ask the API something that changes nothing, patiently; raises as :func:`read_patiently`."""
        return read_patiently(ask, self.pacer, self.stop.is_set)

    def once(self, key: Any, make: Callable[[], Found]) -> Found:
        """Return what was made for a key before, or make it now; one thread at a time."""
        with self.cache_lock:
            if key not in self.cache:
                self.cache[key] = make()
            found: Found = self.cache[key]
            return found

    def now(self) -> datetime:
        """Return the API's time as last told, else this machine's."""
        return self.client.server_time or self.client.clock.now()

    def age(self, announced_at: str) -> float:
        """Return the seconds since an instant of the journal, 0 when it can't be read."""
        then = instant(announced_at)
        return 0.0 if then is None else (self.now() - then).total_seconds()


def read_patiently(
    ask: Callable[[], Found], pacer: Pacer, stopped: Callable[[], bool] = lambda: False
) -> Found:
    """Ask the API something that changes nothing, again and again while it fails in a way that may pass.

    Raises
    ------
    Unreadable
        When it does not answer.
    RunStopped
        When it refuses the credentials.
    """
    failure: errors.NumbersToolkitError | None = None
    for _ in range(_READS):
        try:
            return ask()
        except (errors.AuthenticationError, errors.PermissionDeniedError) as error:
            raise RunStopped(f"The API refuses to be read: {error}") from error
        except (errors.TransportError, errors.APIError) as error:
            if not failures.may_pass(error):
                raise
            failure = error
            pacer.slow(getattr(error, "retry_after", None))
        except errors.ResponseFormatError as error:
            failure = error
            pacer.slow()
        if stopped():
            break
        pacer.wait()
    raise Unreadable(str(failure)) from failure


def now_text(client: NumbersClient) -> str:
    """Return the API's time as last told, else this machine's, as text.

    The journal goes by the API's time: expiry and age are reckoned against what the API says.
    """
    now = client.server_time or client.clock.now()
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def instant(text: str) -> datetime | None:
    """Return an RFC 3339 text as a time, None when it is none.

    Examples
    --------
    >>> instant("2026-03-02T09:00:00Z"), instant("soon")
    (datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.timezone.utc), None)
    """
    with contextlib.suppress(ValueError):
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def refusal_text(error: errors.APIError) -> str:
    """Return the API's reason in its own words, as far as it gave any."""
    words = [error.api_message, *(f"{one.field}: {one.description}" for one in error.field_violations)]
    named = [
        str(one["resourceName"])
        for one in error.details
        if isinstance(one, Mapping) and one.get("resourceName")
    ]
    told = "; ".join(dict.fromkeys(word for word in (*words, *named) if word))
    return f"{error.status} {error.code}".strip() + (f": {told}" if told else "")
