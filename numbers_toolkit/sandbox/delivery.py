"""Sending webhook events: what is due is posted to its callback URL, in the order in which it fell due.

While a sandbox with a running clock serves, a thread does it. A clock that is moved by hand has no thread: moving it
delivers what falls due by then before `Sandbox.advance` returns, and `Sandbox.deliver_events` whatever else is due.
An attempt counts as made at the instant at which it was due, so that repeats follow the clock and not the machine.

Nothing leaves this machine unless ``deliver_anywhere`` is switched on, and no redirect is followed. An answer from
200 to 299 counts as arrived; anything else, a refused connection or silence for ``webhook_timeout`` seconds is tried
again after each of ``webhook_retries`` and then given up. An event may arrive twice, as from the real API: one that
was on its way when a sandbox stopped is sent again when it starts. The account's lock is never held while something
is sent.
"""

from __future__ import annotations

import heapq
import json
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from numbers_toolkit.sandbox.clock import SECOND, to_datetime
from numbers_toolkit.sandbox.events import SIGNATURE_HEADER, sign, signature
from numbers_toolkit.sandbox.hosts import why_not

if TYPE_CHECKING:
    from datetime import datetime

    from numbers_toolkit.sandbox.account import Account
    from numbers_toolkit.sandbox.faults import Fault, Faults
    from numbers_toolkit.sandbox.outbox import QueuedEvent

THREAD_NAME = "numbers-sandbox-events"
USER_AGENT = "numbers-toolkit-sandbox"
WRONG_SECRET = "sandbox-Other-Secret-9876543210-zyxw"  # noqa: S105 - nobody's secret
RECORD_EVERY = 100
LONGEST_STOP = 1.0
SHORTEST_WAIT, LONGEST_WAIT = 0.01, 3600.0
REST_AFTER_FAULT = 1.0
PORTS = {"http": 80, "https": 443}
LARGEST_READ = 4096


@dataclass(frozen=True)
class LoggedEvent:
    """One webhook event as the sandbox sent it, or did not.

    Attributes
    ----------
    body : bytes
        Exactly what is sent.
    url : str
        The callback URL.
    signature : str
        What the signature header said when it was sent last; for an event that was not sent yet what it would say.
        Empty while the project has no callback secret.
    status : str
        ``WAITING`` to be sent, ``DELIVERED``, ``FAILED`` when every attempt failed, ``NOT_SENT`` when its URL
        may not be sent to.
    attempts : int
        How often it was sent.
    delivered_at : datetime or None
        When it arrived last, by the sandbox's clock.
    problem : str
        Why the last attempt failed, or why there was none.
    """

    body: bytes
    url: str
    signature: str
    status: str
    attempts: int
    delivered_at: datetime | None
    problem: str

    @property
    def event(self) -> dict[str, Any]:
        """The content."""
        content: dict[str, Any] = json.loads(self.body)
        return content


def logged(account: Account) -> tuple[LoggedEvent, ...]:
    """Return every event of an account, in the order in which they came about."""
    return tuple(
        LoggedEvent(
            body=event.body.encode(),
            url=event.url,
            signature=event.signature,
            status=event.status,
            attempts=event.attempts,
            delivered_at=None if event.delivered_at is None else to_datetime(event.delivered_at),
            problem=event.problem,
        )
        for event in account.store.outbox.all()
    )


class Courier:
    """Deliver the events of one account, until stopped for good.

    Parameters
    ----------
    account : Account
        Whose events.
    faults : Faults
        Those of events strike here.
    internal_errors : list of BaseException
        Takes what goes wrong inside the sandbox on the thread.
    """

    def __init__(self, account: Account, faults: Faults, internal_errors: list[BaseException]) -> None:
        self._account = account
        self._faults = faults
        self._internal_errors = internal_errors
        self._busy = threading.Lock()
        self._stopping = threading.Event()
        self._abandoned = False
        self._connection: HTTPConnection | None = None
        self._thread: threading.Thread | None = None

    # The thread

    def start(self) -> None:
        """Deliver from now on, on a thread of its own."""
        self._thread = threading.Thread(target=self._run, name=THREAD_NAME, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Deliver nothing more; an event that is being sent is cut off and stays in the queue."""
        self._stopping.set()
        self._account.changed.set()
        _cut(self._connection)
        # Only a host elsewhere that is being looked for can make this wait in vain; what comes of it is ignored.
        if self._thread is not None:
            self._thread.join(LONGEST_STOP)
        if self._busy.acquire(timeout=LONGEST_STOP):
            self._busy.release()
        with self._account.lock:
            self._abandoned = True

    def _run(self) -> None:
        changed = self._account.changed
        while not self._stopping.is_set():
            changed.clear()
            if self._stopping.is_set():
                return  # it may have been the call to stop that was just forgotten
            try:
                self.deliver()
                wait = self._seconds_to_wait()
            except Exception as error:  # noqa: BLE001 - tests look at internal_errors
                self._internal_errors.append(error)
                wait = REST_AFTER_FAULT
            changed.wait(wait)

    def _seconds_to_wait(self) -> float:
        with self._account.lock:
            if self._abandoned:
                return 0.0
            due, now = self._account.store.next_due(), self._account.clock.now()
        return LONGEST_WAIT if due is None else min(LONGEST_WAIT, max(SHORTEST_WAIT, (due - now) / SECOND))

    # One round

    def deliver(self, *, wait: bool = True) -> int:
        """Send everything that is due, also what falls due by the attempts themselves.

        Parameters
        ----------
        wait : bool
            Whether to wait for another thread that is delivering; otherwise the work is left to it.

        Returns
        -------
        int
            How many attempts arrived.
        """
        if not self._busy.acquire(blocking=wait):
            return 0
        try:
            arrived = 0
            while due := self._due():
                arrived += self._send_all(due)
            return arrived
        finally:
            self._busy.release()

    def _due(self) -> list[tuple[int, int, QueuedEvent]]:
        with self._account.lock:
            if self._stopping.is_set():
                return []
            self._account.settle()
            due = self._account.store.outbox.due(self._account.clock.now())
        return [(event.due_at or 0, event.serial, event) for event in due]

    def _send_all(self, due: list[tuple[int, int, QueuedEvent]]) -> int:
        """Send events in the order in which they are due, repeats that fall due meanwhile among them."""
        arrived = 0  # sorted as they come, they are a heap already
        done: dict[int, QueuedEvent] = {}
        while due and not self._stopping.is_set():
            instant, serial, event = heapq.heappop(due)
            arrived += self._send(event, self._moment(instant))
            done[serial] = event
            if event.due_at is not None and event.due_at <= self._account.clock.now():
                heapq.heappush(due, (event.due_at, serial, event))
            if len(done) >= RECORD_EVERY:
                self._record(done)
        self._record(done)
        return arrived

    def _moment(self, due: int) -> int:
        """Return when an attempt is made: only under a clock that runs is that later than it was due."""
        account = self._account
        return account.clock.now() if account.settings.clock == "running" else due

    def _record(self, done: dict[int, QueuedEvent]) -> None:
        """Keep what became of some events, in one transaction."""
        with self._account.lock:
            if done and not self._abandoned:
                with self._account.change():
                    for event in done.values():
                        self._account.store.outbox.put(event)
        done.clear()

    # One event

    def _send(self, event: QueuedEvent, moment: int) -> bool:
        """Make one attempt and note in the event what came of it; True when it arrived."""
        barred = why_not(event.url, anywhere=self._account.settings.deliver_anywhere)
        if barred:
            event.status, event.due_at, event.problem = "NOT_SENT", None, barred
            return False
        late = None if event.attempts or event.late else self._strike("late_event", event)
        if late:
            event.late, event.due_at = True, moment + _span(late.options["seconds"])
            return False
        event.signature = self._signature(event)
        problem = self._post(event)
        if self._stopping.is_set():
            return False
        event.attempts += 1
        event.due_at, event.problem = None, problem
        if problem:
            self._failed(event, moment)
        else:
            self._arrived(event, moment)
        return not problem

    def _arrived(self, event: QueuedEvent, moment: int) -> None:
        again = None if event.status == "DELIVERED" else self._strike("duplicate_event", event)
        event.status, event.delivered_at = "DELIVERED", moment
        if again:
            event.due_at = moment + _span(again.options["seconds"])

    def _failed(self, event: QueuedEvent, moment: int) -> None:
        retries = self._account.settings.webhook_retries
        if event.status == "DELIVERED":
            return
        if event.attempts <= len(retries):
            event.due_at = moment + _span(retries[event.attempts - 1])
        else:
            event.status = "FAILED"

    def _strike(self, name: str, event: QueuedEvent) -> Fault | None:
        if not len(self._faults):
            return None
        return self._faults.strike(name, json.loads(event.body)["eventType"], event.url)

    def _signature(self, event: QueuedEvent) -> str:
        if self._strike("wrong_signature", event):
            return signature(WRONG_SECRET, event.body.encode())
        with self._account.lock:
            return event.signature if self._abandoned else sign(self._account, event.body.encode())

    def _post(self, event: QueuedEvent) -> str:
        """Send an event; return what went wrong, or an empty text when it was taken."""
        headers = {"Content-Type": "application/json", "User-Agent": USER_AGENT, "Connection": "close"}
        if event.signature:
            headers[SIGNATURE_HEADER] = event.signature
        parts = urlsplit(event.url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        timeout = self._account.settings.webhook_timeout
        connection = kind(parts.hostname or "", parts.port or PORTS[parts.scheme], timeout=timeout)
        self._connection = connection
        try:
            connection.connect()
            if self._stopping.is_set():
                return "stopped"  # from here on it can be cut off
            connection.request("POST", path, event.body.encode(), headers)
            answer = connection.getresponse()
            # Closing over an unread answer would reset the receiver's connection.
            with suppress(OSError, HTTPException):
                answer.read1(LARGEST_READ)
        except (OSError, HTTPException, ValueError) as error:
            return f"{type(error).__name__}: {error}"
        finally:
            self._connection = None
            connection.close()
        return "" if 200 <= answer.status < 300 else f"answered {answer.status}"  # noqa: PLR2004 - any success


def _span(seconds: float) -> int:
    return int(seconds * SECOND)


def _cut(connection: HTTPConnection | None) -> None:
    """End a connection that another thread waits on."""
    listening = None if connection is None else connection.sock
    if listening is not None:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
