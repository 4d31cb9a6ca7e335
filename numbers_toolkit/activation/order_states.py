"""How the number orders of a plan stand at this moment, in words, and what a person can do about each.

Only reads. Deciding what becomes of the numbers is the run's business; this is for looking while nothing runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation.endings import ACTIVATED, NOT_TRIED, UNKNOWN
from numbers_toolkit.activation.filing import notes_of, without_values
from numbers_toolkit.activation.items import PlannedNumber
from numbers_toolkit.activation.wire import order_facts
from numbers_toolkit.errors import NotFoundError
from numbers_toolkit.payloads import Hidden
from numbers_toolkit.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from numbers_toolkit.activation.result import NumberResult, Result
    from numbers_toolkit.client import NumbersClient

__all__ = [
    "BLOCKED",
    "COMPLETED",
    "CREATED",
    "IN_REVIEW",
    "NEEDS_NEW_ORDER",
    "NEEDS_PAPERS",
    "ORDER_STATES",
    "order_states",
]

CREATED: Final = "CREATED"
IN_REVIEW: Final = "IN_REVIEW"
BLOCKED: Final = "BLOCKED"
REJECTED: Final = "REJECTED"
EXPIRED: Final = "EXPIRED"
COMPLETED: Final = "COMPLETED"
#: Not the API's words: no order was made yet; none will be made by this plan; whether there is one is not known; the
#: API does not know the order any more.
NO_ORDER: Final = "NO_ORDER"
NOT_ORDERED: Final = "NOT_ORDERED"
LOST: Final = "LOST"
NOT_KNOWN: Final = "NOT_KNOWN"
STATES: Final = (
    NO_ORDER, CREATED, IN_REVIEW, BLOCKED, COMPLETED, REJECTED, EXPIRED, NOT_ORDERED, LOST, NOT_KNOWN
)  # fmt: skip
#: How a number without an order stands, by what became of it.
_WITHOUT: Final = {ACTIVATED: COMPLETED, NOT_TRIED: NO_ORDER, UNKNOWN: LOST}

#: States in which papers, new or corrected, let the same plan go on.
NEEDS_PAPERS: Final = (NO_ORDER, CREATED, BLOCKED, EXPIRED)
#: States after which the number takes a plan of its own.
NEEDS_NEW_ORDER: Final = (REJECTED,)

ORDER_STATES: Final = Table(
    "order states",
    "number that is bought by order",
    (
        Column("phone_number", "text", "number in E.164, always text", nullable=False),
        Column("order_id", "text", "its number order; missing while there is none"),
        Column("order_state", "category", "state of the order", nullable=False, categories=STATES),
        Column("meaning", "text", "what that means, in words", nullable=False),
        Column("order_expires_at", "time", "when an order that is not submitted ends, or has ended"),
        Column("reason", "text", "what the reviewers, or the run, say of it; nothing that was registered"),
        Column("what_to_do", "text", "what a person should do next; missing for nothing"),
    ),
)

_WORDS: Final = {
    NO_ORDER: ("There is no order for it yet; nothing is spent.", "Give the papers and go on."),
    CREATED: (
        "A draft: its number is reserved, and nothing is spent as long as it is not submitted.",
        "Give the papers and go on before it ends.",
    ),
    IN_REVIEW: ("Submitted and under review. The number is paid once it is approved.", ""),
    BLOCKED: ("The reviewers ask for something before they go on.", "Give what they ask for and go on."),
    COMPLETED: ("Approved and paid.", ""),
    REJECTED: (
        "Rejected: the number is not rented, and nothing is spent on it.",
        "Settle what was found wrong, and order it anew.",
    ),
    EXPIRED: (
        "Ended without being approved: the number is not reserved any more, and nothing is spent on it.",
        "Go on: the number is ordered anew if it is still on offer.",
    ),
    NOT_ORDERED: ("It was not ordered, and nothing is spent on it.", ""),
    LOST: ("The answer to its order was lost. Nothing is spent on an order that is not submitted.", ""),
    NOT_KNOWN: (
        "The API does not know this order any more.",
        "Go on: it looks whether the number is active.",
    ),
}


def order_states(
    result: Result, client: NumbersClient, *, progress: Callable[[int, int], Any] | None = None
) -> pd.DataFrame:
    """Return how the orders of a plan stand now.

    Parameters
    ----------
    result : Result
        What became of the plan so far: from :func:`numbers_toolkit.activate`, or
        :func:`numbers_toolkit.read_result` of its journal.
    client : NumbersClient
        The API; each order is read once, and what its reviewers wrote where they want something.
    progress : callable, optional
        Is told ``(done, total)``.

    Returns
    -------
    pandas.DataFrame
        One row per number that is bought by order, in the order of the plan.

        - ``phone_number`` : str - number in E.164, always text
        - ``order_id`` : str - its number order; missing while there is none
        - ``order_state`` : category - ``CREATED``, ``IN_REVIEW``, ``BLOCKED``, ``COMPLETED``, ``REJECTED``,
          ``EXPIRED``, or a state that is new to this version; ``NO_ORDER`` while there is none, ``NOT_ORDERED``
          when there will be none, ``LOST`` when its answer was, ``NOT_KNOWN`` when the API has forgotten it
        - ``meaning`` : str - what that means, in words
        - ``order_expires_at`` : datetime64[us, UTC] - when an order that is not submitted ends, or has ended
        - ``reason`` : str - what the reviewers say, or what the run said; nothing that a person registered
        - ``what_to_do`` : str - what a person should do next; missing for nothing

    Raises
    ------
    APIError, TransportError
        When an order can't be read.

    Examples
    --------
    >>> import tempfile, numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client, tempfile.TemporaryDirectory() as folder:
    ...     plan = nt.plan_activation(client, "1 SE MOBILE")
    ...     run = nt.activate(plan, journal=f"{folder}/one.jsonl", wait_for_orders=0)
    ...     order_states(run, client).order_state.to_list()
    ['IN_REVIEW']
    """
    from numbers_toolkit.analysis._grouping import assemble

    wanted = [
        one for one in result.numbers if isinstance(one.item, PlannedNumber) and one.item.route == "order"
    ]
    rows = []
    for done, one in enumerate(wanted, 1):
        rows.append(_row(one, client))
        if progress is not None:
            progress(done, len(wanted))
    columns = {name: [row.get(name) or None for row in rows] for name in ORDER_STATES.names}
    return assemble(ORDER_STATES, columns, attrs={"source": client.source, "project_id": client.project_id})


def _row(one: NumberResult, client: NumbersClient) -> dict[str, str]:
    row = {"phone_number": one.item.phone_number, "order_id": one.order_id, "reason": one.reason}
    if not one.order_id:
        state, facts = _WITHOUT.get(one.outcome, NOT_ORDERED), {}
    else:
        try:
            facts = order_facts(client.get_number_order(one.order_id))
            state = facts["order_state"] or NOT_KNOWN
        except NotFoundError:
            state, facts = NOT_KNOWN, {}
    if state in (BLOCKED, REJECTED):
        row["reason"] = _reviewed(client, one.order_id) or one.reason
    elif state in (IN_REVIEW, COMPLETED):
        # What the run said was true before the order came so far.
        row["reason"] = ""
    meaning, what_to_do = _WORDS.get(state, ("A state that this version does not know.", ""))
    return {
        **row,
        "order_state": state,
        "meaning": meaning,
        "order_expires_at": facts.get("order_expires_at", ""),
        "what_to_do": one.what_to_do if state in (NOT_ORDERED, LOST) else what_to_do,
    }


def _reviewed(client: NumbersClient, order_id: str) -> str:
    """Return what the reviewers wrote, without what was registered: they may quote it."""
    registration = Hidden(client.get_registration(order_id))
    details = Hidden(registration.value.get("requestDetails") or {})
    return " / ".join(without_values(notes_of(registration.value), details))
