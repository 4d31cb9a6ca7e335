"""The next best number for a wish whose number was taken: chosen once, within the budget, written down first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from numbers_toolkit import errors
from numbers_toolkit.activation.candidates import next_best
from numbers_toolkit.activation.costs import Cost, excess, total
from numbers_toolkit.activation.desk import Unreadable
from numbers_toolkit.activation.endings import FINAL, TAKEN
from numbers_toolkit.activation.items import PlannedNumber, item_content
from numbers_toolkit.activation.plan import ActivationPlan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numbers_toolkit.activation.desk import Desk

__all__ = ["allowed", "replacement"]


def allowed(plan: ActivationPlan, part: str) -> dict[str, Any]:
    """Return the most that a plan may cost in each currency: its budget, else what it showed when made.

    Parameters
    ----------
    plan : ActivationPlan
        The plan.
    part : {"setup", "monthly"}
        Which cost.
    """
    given = plan.max_setup if part == "setup" else plan.max_monthly
    return dict(given) if given is not None else plan.costs(part)


def replacement(number: PlannedNumber, desk: Desk) -> PlannedNumber | None:
    """Choose what is bought in place of a number that was taken, and write the choice down.

    Parameters
    ----------
    number : PlannedNumber
        The number that was taken.
    desk : Desk
        What the run shares.

    Returns
    -------
    PlannedNumber or None
        The next best, None when the number belongs to no wish, nothing fits, or the budget has no room.
    """
    plan = desk.history.plan
    if number.wish is None or not isinstance(plan, ActivationPlan):
        return None
    # One at a time: two threads must not choose the same number, nor spend the same rest of the budget.
    with desk.cache_lock:
        earlier = desk.history.replaced.get(number.phone_number)
        if earlier is not None:
            item = desk.history.chosen()[earlier]
            return item if isinstance(item, PlannedNumber) else None
        found = _affordable(number, plan, desk)
        if found is not None:
            desk.write("replacement", number=number.phone_number, by=item_content(found))
        return found


def _affordable(number: PlannedNumber, plan: ActivationPlan, desk: Desk) -> PlannedNumber | None:
    wish = plan.wishes[number.wish or 0]
    chosen = desk.history.chosen()
    try:
        found = desk.read(lambda: next_best(desk.client, wish, chosen, max_price=plan.max_price))
    except (errors.NumbersToolkitError, Unreadable):
        return None
    for one in found:
        if _fits(plan, [*_committed(desk), one.cost]):
            return replace(
                number, phone_number=one.phone_number, capabilities=one.capabilities, cost=one.cost
            )
    return None


def _committed(desk: Desk) -> Iterable[Cost]:
    """Yield what is or may yet be spent: every number but those that surely are not bought."""
    for one in desk.history.planned():
        ended = desk.history.ended.get(one.phone_number)
        # What is taken up again on resuming may be bought then.
        final = ended is not None and ended.get("outcome") in FINAL and not ended.get("again")
        lost = final and ended is not None and ended.get("outcome") != "activated"
        if not lost and one.phone_number not in desk.history.replaced:
            yield one.cost


def _fits(plan: ActivationPlan, costs: list[Cost]) -> bool:
    return not any(excess(total(costs, part), allowed(plan, part)) for part in ("setup", "monthly"))


def may_be_replaced(number: Any, outcome: str) -> bool:
    """Whether another number is wanted in place of this one."""
    return outcome == TAKEN and isinstance(number, PlannedNumber) and number.wish is not None
