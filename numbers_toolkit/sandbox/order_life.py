"""The life of a number order: reserved, submitted, reviewed, decided or expired, driven by the sandbox's clock.

``CREATED`` -> ``IN_REVIEW`` -> ``COMPLETED``, ``REJECTED`` or ``BLOCKED``; ``BLOCKED`` -> ``IN_REVIEW`` again; an
open order that is not submitted in time becomes ``EXPIRED``. Nothing sleeps: instants are compared with the clock.

**How a review ends.** It completes the order, unless the registration data contains one of these texts anywhere:

====================  ==========================================================================
``SANDBOX_REJECT``    the order is ``REJECTED``
``SANDBOX_BLOCK``     the order is ``BLOCKED``; a new registration without it, submitted, completes
====================  ==========================================================================

An order whose region asks for no data takes a registration all the same, so the texts work there too. From Python,
`Sandbox.review_order` decides the review of any order. A refused or blocked order has a note that says why.

Choices where the API's behaviour is not documented: a number that is ordered leaves the offer until its order expires
or is rejected; it is charged, becomes active and starts its jobs when the order completes; a blocked order is
reserved for another full lifetime; ``expireTime`` is null once an order is completed or rejected; ``updateTime`` is
the last change of the state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from numbers_toolkit.sandbox.answers import to_json
from numbers_toolkit.sandbox.clock import SECOND
from numbers_toolkit.sandbox.events import order_event
from numbers_toolkit.sandbox.order_records import FINAL_STATES
from numbers_toolkit.sandbox.renting import buy, read_configuration

if TYPE_CHECKING:
    from numbers_toolkit.sandbox.account import Account
    from numbers_toolkit.sandbox.order_records import Order

REJECT_TEXT = "SANDBOX_REJECT"
BLOCK_TEXT = "SANDBOX_BLOCK"
DECISIONS = ("COMPLETED", "REJECTED", "BLOCKED")

Due = list[tuple[int, str]]


def submit(account: Account, order: Order, instant: int) -> None:
    """Send an order into review."""
    order.review_ends = instant + int(account.settings.review_seconds * SECOND)
    _enter(account, order, "IN_REVIEW", instant)


def step_order(account: Account, order_id: str, instant: int, now: int) -> Due:  # noqa: ARG001 - one of several steps
    """Do what was due for an order at an instant: expire it, or end its review.

    Returns
    -------
    list of (int, str)
        When the clock changes which numbers next.
    """
    order = account.store.orders.get(order_id)
    if order is None:
        return []
    if order.state == "IN_REVIEW":
        return _end_review(account, order, instant)
    _give_back(account, order)
    _enter(account, order, "EXPIRED", instant)
    return []


def decide(account: Account, order: Order, state: str, message: str, instant: int) -> None:
    """Decide how the review of an order ends: now, or the next one when none is running.

    Raises
    ------
    ValueError
        For a state in which no review ends, and an order whose state is final.
    """
    if state not in DECISIONS:
        raise ValueError(f"a review ends {', '.join(DECISIONS)}, not {state!r}")
    if order.state in FINAL_STATES:
        raise ValueError(f"order {order.order_id} is {order.state}, which is final")
    order.decision = [state, message]
    if order.state == "IN_REVIEW":
        _end_review(account, order, instant)
    else:
        account.store.orders.put(order)


def _end_review(account: Account, order: Order, instant: int) -> Due:
    state, message = order.decision or _verdict(order)
    order.decision = order.review_ends = None
    if message:
        order.logs.append((instant, message))
    due: Due = []
    if state == "COMPLETED":
        due = _complete(account, order, instant)
    elif state == "REJECTED":
        _give_back(account, order)
    else:
        order.expires = instant + lifetime(account)
    _enter(account, order, state, instant)
    return due


def _verdict(order: Order) -> tuple[str, str]:
    data = to_json(order.registration or {})
    if REJECT_TEXT in data:
        return "REJECTED", f"The request was refused: its data contains {REJECT_TEXT}."
    if BLOCK_TEXT in data:
        return "BLOCKED", f"Please correct the data and submit the order again: it contains {BLOCK_TEXT}."
    return "COMPLETED", ""


def lifetime(account: Account) -> int:
    """Return for how many microseconds an order reserves its numbers."""
    return int(account.settings.order_lifetime * SECOND)


def _complete(account: Account, order: Order, instant: int) -> Due:
    wishes = read_configuration({**order.configuration, "callbackUrl": order.callback_url})
    numbers = [buy(account, offer, wishes, instant) for offer in order.offers]
    return [(due, number.phone_number) for number in numbers if (due := number.due_at()) is not None]


def _give_back(account: Account, order: Order) -> None:
    for offer in order.offers:
        account.store.put_offer(offer)


def _enter(account: Account, order: Order, state: str, instant: int) -> None:
    order.state, order.updated = state, instant
    account.store.orders.put(order)
    order_event(account, order.order_id, state, order.callback_url, instant)
