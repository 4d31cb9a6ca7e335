"""What a person agrees to: the question that names the sum, and the answer to it. Values in, sentences out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from numbers_toolkit.activation.costs import Amounts, amounts_text, total
from numbers_toolkit.activation.endings import FINAL, UNKNOWN
from numbers_toolkit.activation.items import PlannedNumber, PlannedRelease
from numbers_toolkit.activation.plan import ActivationPlan, ChangePlan
from numbers_toolkit.activation.replacing import allowed
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numbers_toolkit.activation.items import Item
    from numbers_toolkit.activation.plan import Plan
    from numbers_toolkit.activation.result import Result

__all__ = ["Agreement", "agreement", "agreement_to_go_on"]

_DO: Final = {"update": "Change", "repair": "Repair", "release": "Give back"}
_DATE: Final = len("2026-03-02")


@dataclass(frozen=True, slots=True)
class Agreement:
    """A question that stands before something costs or changes, and what answers it.

    Parameters
    ----------
    question : str
        What would be done and what it costs, as one sentence.
    details : tuple of str
        What a person should know beside it, a sentence each.
    step : str
        Label of the step that leads to the question.
    yes : str
        The answer that has it done.
    costs : bool
        Whether money is spent.
    everything : bool
        Whether it takes a second consent.
    """

    question: str
    details: tuple[str, ...]
    step: str
    yes: str
    costs: bool = False
    everything: bool = False


def agreement(plan: Plan) -> Agreement:
    """Return what a person agrees to who has a plan carried out.

    Examples
    --------
    >>> import numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client:
    ...     asked = agreement(nt.plan_activation(client, "5 US LOCAL"))
    >>> print(asked.question, asked.yes, sep="\\n")
    Rent 5 numbers: 6.00 USD now and 3.00 USD a month.
    Yes, spend 6.00 USD
    """
    if isinstance(plan, ActivationPlan):
        return _to_rent(plan)
    return _to_change(plan.items, plan)


def agreement_to_go_on(result: Result) -> Agreement:
    """Return what a person agrees to who has a run gone on with: what is not decided yet, and what it may still cost.

    Examples
    --------
    >>> import numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client:
    ...     rehearsed = nt.activate(nt.plan_activation(client, "5 US LOCAL"), dry_run=True)
    >>> print(agreement_to_go_on(rehearsed).question)
    Go on with 5 of 5 numbers: up to 6.00 USD now and 3.00 USD a month.
    """
    left = [one.item for one in result.numbers if one.outcome not in FINAL]
    bought = [one for one in left if isinstance(one, PlannedNumber)]
    if not bought:
        asked = _to_change(left, result.plan)
        question = f"Go on with {len(left):,} of {counted(len(result.plan))}."
        return Agreement(question, asked.details, "Go on", "Yes, go on")
    first, monthly = (
        amounts_text(total((one.cost for one in bought), part)) for part in ("first_payment", "monthly")
    )
    return Agreement(
        f"Go on with {len(left):,} of {counted(len(result.plan))}: up to {first} now and {monthly} a month.",
        (
            *_may_be_spent_already(result),
            "What was bought is not bought again: what is uncertain is read before anything is sent.",
            *_may_rise(result.plan),
        ),
        "Go on",
        f"Yes, spend up to {first}",
        costs=True,
    )


def _may_be_spent_already(result: Result) -> Iterator[str]:
    if may := result.may_be_spent():
        uncertain = counted(len(result.with_outcome(UNKNOWN)))
        yield f"{amounts_text(may)} of it may be spent already: how {uncertain} ended is not known."


def _to_rent(plan: ActivationPlan) -> Agreement:
    first, monthly = (amounts_text(plan.costs(part)) for part in ("first_payment", "monthly"))
    many = counted(len(plan))
    return Agreement(
        f"Rent {many}: {first} now and {monthly} a month.",
        (*_when_paid(plan), *_may_rise(plan)),
        f"Rent {many}",
        f"Yes, spend {first}",
        costs=True,
    )


def _when_paid(plan: ActivationPlan) -> Iterator[str]:
    setup = plan.costs("setup")
    yield f"Now: setup ({amounts_text(setup)}) and the first payment of the rent."
    ordered = sum(one.route == "order" for one in plan.numbers)
    if ordered:
        yield f"{counted(ordered)} by number order: paid when the order is approved."


def _may_rise(plan: Plan) -> Iterator[str]:
    """Say how far a replacement may raise the sums: budgets hold, and what the plan showed where there is none."""
    if not isinstance(plan, ActivationPlan) or all(one.wish is None for one in plan.numbers):
        return
    parts = (("setup", "setup"), ("monthly", "a month"))
    higher = [
        f"{amounts_text(most)} {word}"
        for part, word in parts
        if (most := _above(allowed(plan, part), plan.costs(part)))
    ]
    limit = f"up to your budget of {' and '.join(higher)}" if higher else "for no more than that in all"
    yield f"If a number is taken by somebody else meanwhile, the next best is rented in its place, {limit}."


def _above(most: Amounts, planned: Amounts) -> Amounts:
    return {code: most[code] for code in planned if code in most and most[code] > planned[code]}


def _to_change(items: Iterable[Item], plan: Plan) -> Agreement:
    given = list(items)
    purpose = plan.purpose if isinstance(plan, ChangePlan) else ""
    many = counted(len(given))
    step = f"{_DO.get(purpose, 'Change')} {many}"
    yes = f"Yes, {step[:1].lower()}{step[1:]}"
    releases = [one for one in given if isinstance(one, PlannedRelease)]
    if not releases:
        question = f"{step}: nothing is charged for it."
        return Agreement(question, tuple(_unlinked(given)), step, yes)
    everything = isinstance(plan, ChangePlan) and plan.everything
    saved = amounts_text(plan.saved_monthly()) if isinstance(plan, ChangePlan) else "nothing"
    return Agreement(
        f"{step}: saves {saved} a month, and can't be taken back.",
        tuple(_ends(releases)),
        step,
        yes,
        everything=everything,
    )


def _unlinked(items: Iterable[Item]) -> Iterator[str]:
    moved = sum(bool(getattr(one, "unlink", None)) for one in items)
    if moved:
        yield f"{counted(moved)} can't send while between the old plan or campaign and the new one."


def _ends(releases: Iterable[PlannedRelease]) -> Iterator[str]:
    days = sorted({one.ends_at[:_DATE] for one in releases if one.ends_at})
    if days:
        when = days[0] if len(days) == 1 else f"from {days[0]} to {days[-1]}"
        yield f"They stay usable until their next charge date, {when}."
