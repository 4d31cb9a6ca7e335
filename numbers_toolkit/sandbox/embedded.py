"""The `Sandbox`: a simulated project behind real HTTP, inside this process."""

from __future__ import annotations

import importlib
import weakref
from collections import deque
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self, TypedDict, Unpack

from numbers_toolkit.sandbox.application import LOG_LENGTH, Application, LoggedRequest
from numbers_toolkit.sandbox.campaigns import CAPACITY, Target
from numbers_toolkit.sandbox.clock import from_text, to_datetime
from numbers_toolkit.sandbox.faults import Faults
from numbers_toolkit.sandbox.opening import Document, Recipe, fill, open_account
from numbers_toolkit.sandbox.records import ActiveNumber
from numbers_toolkit.sandbox.settings import Settings
from numbers_toolkit.sandbox.store import Filters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime, timedelta
    from pathlib import Path
    from types import TracebackType

    from numbers_toolkit.sandbox.account import Account, Charge
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


# A sandbox that serves is kept alive even when nobody holds it: its state closes when it is collected.
_serving: set[Sandbox] = set()


class Sandbox:
    """Run a simulated Sinch project that answers like the Numbers API, on this machine only.

    The inventory is invented but shaped like a company's, and the same for the same seed and arguments. Its phone
    numbers reach nobody. Nothing in it sleeps: provisioning, renewals and token expiry follow the sandbox's clock.

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
    **switches
        ``token_lifetime=3599``: seconds until an access token expires.
        ``default_page_size=30``, ``maximum_page_size=1000``: used when a request names no size, and the cap
        of what it may name. Neither is documented by the vendor. The default is the only figure in
        circulation; the maximum is higher than the 100 some third parties name, so that a large inventory
        can be read quickly.
        ``waiting_seconds=2.0``, ``running_seconds=5.0``: how long a provisioning job waits and runs.
        ``balance=Decimal("10000.00")``: credit in US dollars, drawn down by rentals.
        ``trial_account=False``: refuse rentals with 403.
        ``require_unlink=False``: refuse to link a number elsewhere before it is unlinked.
        ``enforce_secret_rule=False``: hold the callback secret to its documented form.
        ``token_rate_limit=False``: limit the token endpoint to thirty requests at once and ten per second.
        ``numbers_rate_limit=None``: requests per second that the Numbers API accepts.

    Attributes
    ----------
    faults : Faults
        Switch faults on and off; names in `numbers_toolkit.sandbox.faults`.
    internal_errors : list of BaseException
        Exceptions inside the sandbox, each of which was answered with 500. Tests assert that it is empty.

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
        **switches: Unpack[Switches],
    ) -> None:
        settings = Settings(
            active=active, available=available, seed=seed, start=start, clock=clock, **switches
        )
        self._recipe = Recipe.of(settings, state, numbers, available_numbers)
        self._address = (host, port, auth_port)
        self._allow_remote = allow_remote
        self.faults = Faults(seed, faults)
        self._log: deque[LoggedRequest] = deque(maxlen=LOG_LENGTH)
        self.internal_errors: list[BaseException] = []
        self._account: Account | None = None
        self._server: ServerThread | None = None

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
        from numbers_toolkit.sandbox.server import ServerThread, is_loopback

        host, port, auth_port = self._address
        if not self._allow_remote and not is_loopback(host):
            raise ValueError(
                f"{host} can be reached from other machines; pass allow_remote=True to serve there"
            )
        application = Application(self._opened(), self.faults, self._log, self.internal_errors)
        server = ServerThread(application, host, port, auth_port)
        server.start()
        self._server = server
        _serving.add(self)
        return self

    def stop(self) -> None:
        """Stop serving. The state stays readable in memory or goes to its file; `start` continues from it."""
        server, self._server = self._server, None
        _serving.discard(self)
        if server is not None:
            server.stop()
        account = self._account
        if account is None:
            return
        with account.lock:
            account.store.set_meta("now", str(account.clock.now()))
            if self._recipe.path is not None:
                account.store.close()
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
        with account.lock:
            fill(account.store, self._recipe)
            account.clock.set(from_text(self._recipe.settings.start))
            self.faults.reset()
            self._log.clear()
            self.internal_errors.clear()

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
        """Move the clock forward by seconds or a timedelta; what falls due happens at once, in its order."""
        account = self._opened()
        with account.lock:
            account.clock.advance(step)
            account.settle()

    # What happened

    @property
    def requests(self) -> tuple[LoggedRequest, ...]:
        """The last hundred thousand requests, oldest first."""
        with self._settled():
            return tuple(self._log)

    @property
    def ledger(self) -> tuple[Charge, ...]:
        """Every rental that was charged, oldest first, in exact decimals."""
        with self._settled() as account:
            return account.ledger()

    @property
    def balance(self) -> Decimal:
        """Credit in US dollars; below zero, provisioning fails with ``INSUFFICIENT_BALANCE``. Can be set."""
        with self._settled() as account:
            return account.balance

    @balance.setter
    def balance(self, amount: Decimal) -> None:
        with self._settled() as account, account.change():
            account.store.set_meta("balance", str(Decimal(amount)))

    # What there is

    @property
    def active_count(self) -> int:
        """How many numbers are active."""
        with self._settled() as account:
            return account.store.count(Filters())

    @property
    def available_count(self) -> int:
        """How many numbers are on offer."""
        with self._settled() as account:
            return account.store.stock_count()

    @property
    def service_plans(self) -> tuple[Target, ...]:
        """The service plans, the ones of the documented ids included."""
        with self._settled() as account:
            return tuple(account.store.targets("plan"))

    @property
    def campaigns(self) -> tuple[Target, ...]:
        """The campaigns, the ones of the documented ids included."""
        with self._settled() as account:
            return tuple(account.store.targets("campaign"))

    def campaign_size(self, campaign_id: str) -> int:
        """Return how many active numbers are linked to a campaign."""
        with self._settled() as account:
            return account.store.campaign_size(campaign_id)

    def add_service_plan(self, plan_id: str) -> None:
        """Make a service plan that works."""
        with self._settled() as account, account.change():
            account.store.put_target(Target("plan", plan_id, "PLAN"))

    def add_campaign(self, campaign_id: str, *, kind: str = "STANDARD", error_code: str = "") -> None:
        """Make or change a campaign.

        Parameters
        ----------
        campaign_id : str
            Its id.
        kind : {'STANDARD', 'SOLE_PROPRIETOR', 'NUMBER_POOL', 'MOCK'}
            Holds 50 numbers, 1, any number; a mock campaign takes none.
        error_code : str
            The code that linking fails with; empty when it works.
        """
        if kind not in CAPACITY:
            raise ValueError(f"kind must be one of {', '.join(CAPACITY)}, not {kind!r}")
        with self._settled() as account, account.change():
            account.store.put_target(Target("campaign", campaign_id, kind, error_code))

    def add_active(self, document: Document) -> None:
        """Add an active number, served exactly as given; one with the same number is replaced."""
        with self._settled() as account, account.change():
            account.store.put_active(ActiveNumber(dict(document), untouched=True))

    def add_available(self, document: Document) -> None:
        """Offer a number, served exactly as given; one with the same number is replaced."""
        with self._settled() as account, account.change():
            account.store.put_offer(dict(document))

    def remove_active(self, phone_number: str) -> None:
        """Let an active number vanish, as if its rental had ended."""
        with self._settled() as account, account.change():
            account.store.remove_active(phone_number)

    # Inside

    def _opened(self) -> Account:
        if self._account is None:
            self._account = open_account(self._recipe)
            weakref.finalize(self, self._account.store.close)
        return self._account

    @contextmanager
    def _settled(self) -> Iterator[Account]:
        account = self._opened()
        with account.lock:
            account.settle()
            yield account

    def _serving_thread(self) -> ServerThread:
        if self._server is None:
            raise RuntimeError("the sandbox is not serving; call start() or use it in a with statement")
        return self._server

    def _origin(self, port: int) -> str:
        host = self._address[0]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
