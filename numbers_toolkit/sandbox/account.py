"""The simulated account: its state, its clock, its money, and one lock around all three."""

from __future__ import annotations

import heapq
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from numbers_toolkit.sandbox.clock import Clock, to_datetime
from numbers_toolkit.sandbox.provisioning import step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from numbers_toolkit.sandbox.settings import Settings
    from numbers_toolkit.sandbox.store import Store
    from numbers_toolkit.sandbox.tokens import Identity


@dataclass(frozen=True)
class Charge:
    """One rental as it was charged: the setup price and the first period, in exact decimals."""

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
        self.tokens_issued = 0

    @contextmanager
    def change(self) -> Iterator[None]:
        """Keep all changes of the block, or none, together with the time of the change."""
        with self.lock, self.store.transaction():
            yield
            self.store.set_meta("now", str(self.clock.now()))

    def settle(self) -> None:
        """Let everything happen that is due by now, in the order in which it was due."""
        now = self.clock.now()
        due = self.store.due(now)
        if not due:
            return
        heapq.heapify(due)
        with self.change():
            while due:
                instant, phone_number = heapq.heappop(due)
                number = self.store.active(phone_number)
                if number is None or not step(self, number, instant, now):
                    continue
                again = number.due_at()
                if again is not None and again <= now:
                    heapq.heappush(due, (again, phone_number))

    @property
    def balance(self) -> Decimal:
        """Credit of the account, in US dollars; rentals draw it down and may overdraw it."""
        return Decimal(self.store.meta("balance") or "0")

    def charge(self, phone_number: str, setup: Decimal, recurring: Decimal, currency_code: str) -> None:
        """Write a rental to the ledger and take it from the balance."""
        self.store.add_charge((self.clock.now(), phone_number, str(setup), str(recurring), currency_code))
        self.store.set_meta("balance", str(self.balance - setup - recurring))

    def ledger(self) -> tuple[Charge, ...]:
        """Return every charge, oldest first."""
        return tuple(
            Charge(to_datetime(at), phone_number, Decimal(setup), Decimal(recurring), currency_code)
            for at, phone_number, setup, recurring, currency_code in self.store.charges()
        )
