"""The simulated account: its state, its clock, its money, and one lock around all three."""

from __future__ import annotations

import heapq
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from numbers_toolkit.sandbox.clock import Clock, to_datetime
from numbers_toolkit.sandbox.order_life import step_order
from numbers_toolkit.sandbox.provisioning import step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from numbers_toolkit.sandbox.settings import Settings
    from numbers_toolkit.sandbox.store import Store
    from numbers_toolkit.sandbox.tokens import Identity


BALANCE_CURRENCY = "USD"


@dataclass(frozen=True)
class Charge:
    """One number as it was charged: the setup price and the first period, in exact decimals."""

    at: datetime
    phone_number: str
    setup: Decimal
    recurring: Decimal
    currency_code: str

    @property
    def total(self) -> Decimal:
        """Setup and first period together."""
        return self.setup + self.recurring


class Account:
    """Hold everything the operations work on.

    Whoever reads or changes the state holds `lock`; the server's thread and the thread of the notebook both do.
    """

    def __init__(self, settings: Settings, store: Store, clock: Clock, identity: Identity) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self.identity = identity
        self.lock = threading.RLock()
        #: Set by every change; whoever waits for the next thing to fall due looks again.
        self.changed = threading.Event()
        self.tokens_issued = 0

    def close(self) -> None:
        """Close the state, but not under the hands of a thread that works on it: at the end of a process some do."""
        with self.lock:
            self.store.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """Keep all changes of the block, or none, together with the time of the change."""
        with self.lock, self.store.transaction():
            yield
            self.store.set_meta("now", str(self.clock.now()))
            self.changed.set()

    def settle(self) -> None:
        """Let everything happen that is due by now, in the order in which it was due."""
        now = self.clock.now()
        due = self.store.due(now)
        if not due:
            return
        heapq.heapify(due)
        with self.change():
            while due:
                instant, kind, key = heapq.heappop(due)
                for again, number in _STEPS[kind](self, key, instant, now):
                    if again <= now:
                        heapq.heappush(due, (again, "number", number))

    @property
    def balance(self) -> Decimal:
        """Credit of the account, in US dollars; charges in US dollars draw it down and may overdraw it."""
        return Decimal(self.store.meta("balance") or "0")

    def charge(
        self, phone_number: str, setup: Decimal, recurring: Decimal, currency_code: str, instant: int
    ) -> None:
        """Write what a number costs to the ledger, in its own currency, and take US dollars from the balance.

        Amounts of other currencies leave the balance alone: dollars can't be subtracted from crowns, and the
        sandbox has no exchange rate.
        """
        self.store.add_charge((instant, phone_number, str(setup), str(recurring), currency_code))
        if currency_code == BALANCE_CURRENCY:
            self.store.set_meta("balance", str(self.balance - setup - recurring))

    def ledger(self) -> tuple[Charge, ...]:
        """Return every charge, oldest first."""
        return tuple(
            Charge(to_datetime(at), phone_number, Decimal(setup), Decimal(recurring), currency_code)
            for at, phone_number, setup, recurring, currency_code in self.store.charges()
        )


def _step_number(account: Account, phone_number: str, instant: int, now: int) -> list[tuple[int, str]]:
    number = account.store.active(phone_number)
    if number is None or not step(account, number, instant, now):
        return []
    again = number.due_at()
    return [] if again is None else [(again, phone_number)]


# What falls due, by kind: each does it and returns when which numbers fall due next.
_STEPS: Mapping[str, Callable[[Account, str, int, int], list[tuple[int, str]]]] = {
    "number": _step_number,
    "order": step_order,
}
