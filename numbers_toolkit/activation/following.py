"""Following submitted orders: how one stands, what its reviewers say, and what that means for its number.

An order is paid when it is approved; its number may become active a little later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from numbers_toolkit import errors
from numbers_toolkit.activation import wire
from numbers_toolkit.activation.desk import Unreadable
from numbers_toolkit.activation.endings import ACTIVATED, NOT_TRIED, REFUSED, UNKNOWN, NumberEnded
from numbers_toolkit.activation.filing import review_notes, without_values
from numbers_toolkit.activation.ordering import (
    BLOCKED,
    COMPLETED,
    EXPIRED,
    REJECTED,
    known_order,
    read_order,
    registered,
)
from numbers_toolkit.activation.whereabouts import active_number

if TYPE_CHECKING:
    from numbers_toolkit.activation.desk import Desk
    from numbers_toolkit.activation.plan import PlannedNumber

__all__ = ["follow", "still_open"]

_COMPLETED_NOT_ACTIVE: Final = "The order is completed, but the number is not among the active ones yet."


def follow(number: PlannedNumber, desk: Desk) -> str:
    """Look once how a submitted order stands.

    Returns
    -------
    str
        Its state, while it is not final; ``EXPIRED`` when it has to be made anew.

    Raises
    ------
    NumberEnded
        When it is final, or waits for a person.
    """
    order_id = known_order(number, desk)["order_id"]
    try:
        state = wire.order_facts(read_order(desk, order_id))["order_state"]
    except errors.NotFoundError:
        if active_number(desk, number.phone_number) is None:
            raise
        raise NumberEnded(
            ACTIVATED, "Its order is not known to the API any more.", order_id=order_id
        ) from None
    if state == COMPLETED:
        active = active_number(desk, number.phone_number)
        if active is None:
            return COMPLETED
        raise NumberEnded(ACTIVATED, order_id=order_id, order_state=state)
    if state == REJECTED:
        told = _notes(number, desk, order_id)
        raise NumberEnded(
            REFUSED,
            f"Order {order_id} was rejected{told}. Nothing is spent on it.",
            "Settle what was found wrong, and make a new plan for the number.",
            order_id=order_id,
            order_state=state,
        )
    if state == BLOCKED:
        told = _notes(number, desk, order_id)
        raise NumberEnded(
            UNKNOWN,
            f"Order {order_id} is blocked until the reviewers get what they ask for{told}.",
            "Go on with resume_activation(journal, papers=...) with what is asked for.",
            order_id=order_id,
            order_state=state,
        )
    return state


def still_open(number: PlannedNumber, desk: Desk, state: str) -> NumberEnded:
    """Return how a number ends whose order is not decided when the run does not wait any longer."""
    order_id = known_order(number, desk).get("order_id", "")
    if state == EXPIRED:
        return NumberEnded(
            NOT_TRIED,
            f"Order {order_id} has expired, like those before it. Nothing is spent on it.",
            "Go on with resume_activation, which orders the number anew.",
            order_id=order_id,
            order_state=state,
        )
    told = (
        _COMPLETED_NOT_ACTIVE
        if state == COMPLETED
        else f"Order {order_id} is submitted and {state or 'open'}."
    )
    return NumberEnded(
        UNKNOWN,
        told,
        "Go on with resume_activation later: it looks how the order was decided. The number is paid once the order "
        "is completed.",
        order_id=order_id,
        order_state=state,
    )


def _notes(number: PlannedNumber, desk: Desk, order_id: str) -> str:
    """Return what the reviewers wrote, without what a person has registered: it goes to the journal."""
    try:
        notes = desk.read(lambda: review_notes(desk.client, order_id))
    except (errors.NumbersToolkitError, Unreadable):
        return ""
    told = without_values(notes, registered(number, desk))
    left_out = f' (client.get_registration("{order_id}")["logs"] says what "…" stands for)'
    return f": {' / '.join(told)}{left_out if told != notes else ''}" if notes else ""
