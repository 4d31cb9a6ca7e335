"""What is inside a sandbox, for the notebook or the test that runs it: to look at, to count, to change by hand."""

from __future__ import annotations

import weakref
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING

from numbers_toolkit.sandbox.campaigns import CAPACITY, Target
from numbers_toolkit.sandbox.opening import Document, Recipe, open_account
from numbers_toolkit.sandbox.order_life import decide
from numbers_toolkit.sandbox.order_records import PlacedOrder
from numbers_toolkit.sandbox.records import ActiveNumber
from numbers_toolkit.sandbox.store import Filters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numbers_toolkit.sandbox.account import Account, Charge


class Contents:
    """The part of a `Sandbox` that needs no server: its state, seen from Python.

    Parameters
    ----------
    recipe : Recipe
        What the state is made from when it is first needed.
    """

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._account: Account | None = None

    # What happened

    @property
    def ledger(self) -> tuple[Charge, ...]:
        """Every number that was charged, rented or ordered, oldest first, in exact decimals of its currency."""
        with self._settled() as account:
            return account.ledger()

    @property
    def balance(self) -> Decimal:
        """Credit in US dollars; below zero, provisioning fails with ``INSUFFICIENT_BALANCE``. Can be set.

        Only charges in US dollars draw it down; the ledger holds every charge in its own currency.
        """
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
    def orders(self) -> tuple[PlacedOrder, ...]:
        """Every number order, in the order they were made."""
        with self._settled() as account:
            return tuple(PlacedOrder.of(order) for order in account.store.orders.all())

    def review_order(self, order_id: str, state: str, message: str = "") -> None:
        """Decide how the review of an order ends, instead of leaving it to the clock.

        A review that is running ends at once. For an order that is ``CREATED`` or ``BLOCKED``, the decision is kept
        for the end of its next review.

        Parameters
        ----------
        order_id : str
            Its id.
        state : {'COMPLETED', 'REJECTED', 'BLOCKED'}
            How the review ends.
        message : str
            The reviewers' note, to be read in the registration's ``logs``; empty for none.

        Raises
        ------
        KeyError
            If there is no such order.
        ValueError
            If no review ends in `state`, or the order's state is final.
        """
        with self._settled() as account, account.change():
            order = account.store.orders.get(order_id)
            if order is None:
                raise KeyError(f"there is no order {order_id}")
            decide(account, order, state, message, account.clock.now())

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

    def remove_available(self, phone_number: str) -> None:
        """Let a number go off the offer, as if somebody else had taken it."""
        with self._settled() as account, account.change():
            account.store.take(phone_number)

    def remove_active(self, phone_number: str) -> None:
        """Let an active number vanish, as if its rental had ended."""
        with self._settled() as account, account.change():
            account.store.remove_active(phone_number)

    # Inside

    def _opened(self) -> Account:
        if self._account is None:
            self._account = open_account(self._recipe)
            weakref.finalize(self, self._account.close)
        return self._account

    @contextmanager
    def _settled(self) -> Iterator[Account]:
        account = self._opened()
        with account.lock:
            account.settle()
            yield account
