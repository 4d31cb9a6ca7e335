"""The `Sandbox`: a simulated project behind real HTTP, inside this process."""

from __future__ import annotations

import importlib
from collections import deque
from typing import TYPE_CHECKING, Any, Self, TypedDict, Unpack

from numbers_toolkit.sandbox.application import LOG_LENGTH, Application, LoggedRequest
from numbers_toolkit.sandbox.clock import from_text, to_datetime
from numbers_toolkit.sandbox.contents import Contents
from numbers_toolkit.sandbox.delivery import Courier, LoggedEvent, logged
from numbers_toolkit.sandbox.faults import Faults
from numbers_toolkit.sandbox.hosts import is_loopback
from numbers_toolkit.sandbox.opening import Document, Recipe, fill
from numbers_toolkit.sandbox.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta
    from decimal import Decimal
    from pathlib import Path
    from types import TracebackType

    from numbers_toolkit.sandbox.application import Gate
    from numbers_toolkit.sandbox.server import ServerThread


class Switches(TypedDict, total=False):
    """The optional behaviours of a `Sandbox`; documented there."""

    token_lifetime: int
    default_page_size: int
    maximum_page_size: int
    waiting_seconds: float
    running_seconds: float
    balance: Decimal
    trial_account: bool
    require_unlink: bool
    enforce_secret_rule: bool
    token_rate_limit: bool
    numbers_rate_limit: int | None
    order_lifetime: float
    review_seconds: float
    upload_seconds: float
    attachment_limit: int
    webhook_retries: Sequence[float]
    webhook_timeout: float
    deliver_anywhere: bool


# A sandbox that serves is kept alive even when nobody holds it: its state closes when it is collected.
_serving: set[Sandbox] = set()


class Sandbox(Contents):
    """Run a simulated Sinch project that answers like the Numbers API, on this machine only.

    The inventory is invented but shaped like a company's, and the same for the same seed and arguments. Its phone
    numbers reach nobody. Nothing in it sleeps: provisioning, orders, renewals and token expiry follow the sandbox's
    clock. A submitted order completes when its review ends, unless its registration data contains ``SANDBOX_REJECT``
    or ``SANDBOX_BLOCK``, or :meth:`review_order` decides otherwise.

    Parameters
    ----------
    active, available : int
        How many active numbers and how many numbers on offer to seed, up to a million each.
    seed : int
        Chooses inventory and credentials.
    port, auth_port : int
        Ports of the two origins, Numbers API and token endpoint; 0 chooses free ones.
    host : str
        Where to listen. An address that other machines can reach is refused unless `allow_remote` is true.
    allow_remote : bool
        Permit a `host` that is not loopback.
    start : str
        The sandbox's first instant, RFC 3339.
    clock : {'running', 'manual'}
        ``running`` moves with real time from `start`; ``manual`` moves only by :meth:`advance`.
    state : str or path, optional
        An SQLite file that keeps everything between runs; default memory. A file that already holds a state
        is continued: its numbers, seed and time win over the arguments.
    numbers, available_numbers : iterable of dict, optional
        Active numbers and numbers on offer, served exactly as given, in place of seeded ones. The clock
        leaves an active number of yours alone until an operation changes it.
    faults : iterable of str or dict
        Faults from the start, by name, or as keyword arguments of :meth:`Faults.add`.
    gate : callable, optional
        For tests that need an exact moment: called in the server's thread with every request and with the
        function that answers it, and returns the outcome that is sent. It may act before and after the request is
        carried out, change what becomes of the answer, or leave the request undone.
    **switches
        ``token_lifetime=3599``: seconds until an access token expires.
        ``default_page_size=30``, ``maximum_page_size=1000``: used when a request names no size, and the cap
        of what it may name. Neither is documented by the vendor. The default is the only figure in
        circulation; the maximum is higher than the 100 some third parties name, so that a large inventory
        can be read quickly.
        ``waiting_seconds=2.0``, ``running_seconds=5.0``: how long a provisioning job waits and runs.
        ``balance=Decimal("10000.00")``: credit in US dollars, drawn down by charges in US dollars alone.
        ``trial_account=False``: refuse rentals and orders with 403.
        ``require_unlink=False``: refuse to link a number elsewhere before it is unlinked.
        ``enforce_secret_rule=False``: hold the callback secret to its documented form.
        ``token_rate_limit=False``: limit the token endpoint to thirty requests at once and ten per second.
        ``numbers_rate_limit=None``: requests per second that the Numbers API accepts.
        ``order_lifetime=172800``: seconds until an order that is not submitted expires, at least 1800.
        ``review_seconds=3.0``: how long a submitted order is in review.
        ``upload_seconds=0.0``: how long an uploaded attachment is ``WAITING``.
        ``attachment_limit=10485760``: bytes of the largest attachment; the vendor documents no figure.
        ``webhook_retries=()``: seconds of sandbox time after which a webhook event that did not arrive is sent
        again, such as ``(1, 5, 30)``. The vendor's schedule is not documented.
        ``webhook_timeout=5.0``: real seconds that a receiver of events has to answer.
        ``deliver_anywhere=False``: send events to callback URLs on other machines too, not only to loopback.

    Attributes
    ----------
    faults : Faults
        Switch faults on and off; names in `numbers_toolkit.sandbox.faults`.
    internal_errors : list of BaseException
        Exceptions inside the sandbox; a request that met one was answered with 500. Tests assert that it is
        empty.

    Examples
    --------
    >>> sandbox = Sandbox(active=3, available=2, clock="manual")
    >>> sandbox.advance(60)
    >>> sandbox.now.isoformat(), sandbox.active_count
    ('2026-03-02T09:01:00+00:00', 3)
    """

    def __init__(
        self,
        active: int = 500,
        available: int = 5000,
        *,
        seed: int = 7,
        port: int = 0,
        auth_port: int = 0,
        host: str = "127.0.0.1",
        allow_remote: bool = False,
        start: str = "2026-03-02T09:00:00Z",
        clock: str = "running",
        state: str | Path | None = None,
        numbers: Iterable[Document] | None = None,
        available_numbers: Iterable[Document] | None = None,
        faults: Iterable[str | Mapping[str, Any]] = (),
        gate: Gate | None = None,
        **switches: Unpack[Switches],
    ) -> None:
        settings = Settings(
            active=active, available=available, seed=seed, start=start, clock=clock, **switches
        )
        super().__init__(Recipe.of(settings, state, numbers, available_numbers))
        self._address = (host, port, auth_port)
        self._allow_remote = allow_remote
        self._gate = gate
        self.faults = Faults(seed, faults)
        self._log: deque[LoggedRequest] = deque(maxlen=LOG_LENGTH)
        self.internal_errors: list[BaseException] = []
        self._server: ServerThread | None = None
        self._courier: Courier | None = None

    # Life

    def start(self) -> Self:
        """Serve from now on; a sandbox that serves already goes on.

        Raises
        ------
        ImportError
            If the extra ``sandbox`` is not installed.
        OSError
            If the port is taken.
        ValueError
            If `host` can be reached from other machines and that was not allowed.
        """
        if self._server is not None:
            return self
        # The HTTP server is an optional dependency; everything else here works without it.
        from numbers_toolkit.sandbox.server import ServerThread

        host, port, auth_port = self._address
        if not self._allow_remote and not is_loopback(host):
            raise ValueError(
                f"{host} can be reached from other machines; pass allow_remote=True to serve there"
            )
        application = Application(self._opened(), self.faults, self._log, self.internal_errors, self._gate)
        server = ServerThread(application, host, port, auth_port)
        server.start()
        self._server = server
        self._start_courier()
        _serving.add(self)
        return self

    def stop(self) -> None:
        """Stop serving. The state stays readable in memory or goes to its file; `start` continues from it."""
        server, self._server = self._server, None
        _serving.discard(self)
        if server is not None:
            server.stop()
        self._stop_courier()
        account = self._account
        if account is None:
            return
        with account.lock:
            account.store.set_meta("now", str(account.clock.now()))
            if self._recipe.path is not None:
                account.close()
                self._account = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        settings = self._recipe.settings
        place = f"at {self.numbers_url}" if self._server else "stopped"
        return (
            f"<Sandbox active={settings.active} available={settings.available} seed={settings.seed} {place}>"
        )

    def reset(self) -> None:
        """Go back to the seeded state: numbers, money, clock, faults of the constructor, empty log."""
        account = self._opened()
        self._stop_courier()
        with account.lock:
            fill(account.store, self._recipe)
            account.clock.set(from_text(self._recipe.settings.start))
            self.faults.reset()
            self._log.clear()
            self.internal_errors.clear()
        self._start_courier()

    # Where and who

    @property
    def numbers_url(self) -> str:
        """Origin of the Numbers API."""
        return self._origin(self._serving_thread().numbers_port)

    @property
    def auth_url(self) -> str:
        """Origin of the token endpoint."""
        return self._origin(self._serving_thread().auth_port)

    @property
    def project_id(self) -> str:
        """The only project there is."""
        return self._opened().identity.project_id

    @property
    def key_id(self) -> str:
        """Id of its access key."""
        return self._opened().identity.key_id

    @property
    def key_secret(self) -> str:
        """Secret of its access key; made up, but never printed."""
        return self._opened().identity.key_secret

    def connection(self) -> dict[str, str]:
        """Return addresses and credentials, the secret included, for a client in another process."""
        names = ("numbers_url", "auth_url", "project_id", "key_id", "key_secret")
        return {name: getattr(self, name) for name in names}

    def connect(self, **options: Any) -> Any:
        """Return a `numbers_toolkit` client for this sandbox; options go to ``numbers_toolkit.connect``."""
        # The only way out of the sandbox: it shares no code with the client, so that it cannot hide the client's
        # faults, and finds it only when asked.
        toolkit = importlib.import_module("numbers_toolkit")
        return toolkit.connect(**{**self.connection(), **options})

    # Time

    @property
    def now(self) -> datetime:
        """The sandbox's time, in UTC."""
        return to_datetime(self._opened().clock.now())

    def advance(self, step: float | timedelta) -> None:
        """Move the clock forward by seconds or a timedelta; what falls due happens at once, in its order.

        A clock that only moves so also delivers the webhook events that are due by then before this returns.
        """
        account = self._opened()
        with account.lock:
            account.clock.advance(step)
            account.settle()
        if account.settings.clock == "running":
            account.changed.set()
        else:
            self._ready_courier().deliver(wait=False)

    def deliver_events(self) -> int:
        """Send the webhook events that are due, and return when each was taken, refused or given up.

        Events that fall due by a request instead of by :meth:`advance` wait for this while the clock is moved by
        hand. Not to be called by the receiver of an event while it answers.

        Returns
        -------
        int
            How many of them arrived.
        """
        return self._ready_courier().deliver()

    # What happened

    @property
    def requests(self) -> tuple[LoggedRequest, ...]:
        """The last hundred thousand requests, oldest first."""
        with self._settled():
            return tuple(self._log)

    @property
    def events(self) -> tuple[LoggedEvent, ...]:
        """Every webhook event, sent or not, in the order in which they came about."""
        with self._settled() as account:
            return logged(account)

    # Inside

    def _ready_courier(self) -> Courier:
        if self._courier is None:
            self._courier = Courier(self._opened(), self.faults, self.internal_errors)
        return self._courier

    def _start_courier(self) -> None:
        if self._server is not None and self._recipe.settings.clock == "running":
            self._ready_courier().start()

    def _stop_courier(self) -> None:
        courier, self._courier = self._courier, None
        if courier is not None:
            courier.stop()

    def _serving_thread(self) -> ServerThread:
        if self._server is None:
            raise RuntimeError("the sandbox is not serving; call start() or use it in a with statement")
        return self._server

    def _origin(self, port: int) -> str:
        host = self._address[0]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
