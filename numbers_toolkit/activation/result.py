"""What became of a plan: one row per number, what was spent, what may be spent yet, what to do next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation import history
from numbers_toolkit.activation.costs import amounts_text, monthly_total, total
from numbers_toolkit.activation.endings import (
    ACTIVATED,
    CHANGED,
    NOT_TRIED,
    OUTCOMES,
    RELEASED,
    UNKNOWN,
    WELL,
)
from numbers_toolkit.activation.items import PlannedNumber, PlannedRelease, PlannedUpdate
from numbers_toolkit.activation.plan import ActivationPlan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal
    from pathlib import Path

    import pandas as pd

    from numbers_toolkit.activation.history import History, StepRecord
    from numbers_toolkit.activation.items import Item
    from numbers_toolkit.activation.plan import Plan

__all__ = ["NumberResult", "Result", "result_of"]

#: The step that does what was wanted, and what the number then is. An order is followed further.
_LAST_STEPS: Final = {"rent": "rent", "update": "update", "release": "release"}
_DONE_AS: Final = {"rent": ACTIVATED, "update": CHANGED, "release": RELEASED}
#: What a run would do with them.
_WOULD_BE: Final = ((PlannedNumber, "bought"), (PlannedUpdate, "changed"), (PlannedRelease, "released"))


@dataclass(frozen=True, slots=True)
class NumberResult:
    """What became of one number.

    Parameters
    ----------
    item : PlannedNumber, PlannedUpdate or PlannedRelease
        What was planned.
    outcome, reason, what_to_do : str
        How it ended, why, and what a person should do.
    replaces : str
        The number that it replaced.
    order_id, order_state : str
        Its number order, if there is one.
    ends_at : str
        End of the rental of a released number, RFC 3339.
    attempts : int
        Requests that were announced for it.
    changed_at : str
        When its outcome was written, RFC 3339.
    order_expires_at : str
        When an order that is not submitted yet ends by itself, RFC 3339.
    """

    item: Item
    outcome: str
    reason: str = ""
    what_to_do: str = ""
    replaces: str = ""
    order_id: str = ""
    order_state: str = ""
    ends_at: str = ""
    attempts: int = 0
    changed_at: str = ""
    order_expires_at: str = ""


@dataclass(frozen=True)
class Result:
    """What became of a plan.

    Parameters
    ----------
    plan : Plan
        The plan.
    journal : pathlib.Path
        Where everything is written.
    numbers : tuple of NumberResult
        One for each number that was part of the run, replaced ones included.
    stopped : str
        Why the run ended early; ``""`` when it did not.
    dry_run : bool
        Whether nothing was meant to be carried out.
    """

    plan: Plan
    journal: Path | None
    numbers: tuple[NumberResult, ...]
    stopped: str = ""
    dry_run: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """Numbers by outcome, in the order of the outcomes; those that did not occur are left out."""
        counted = Counter(one.outcome for one in self.numbers)
        return {outcome: counted[outcome] for outcome in OUTCOMES if counted[outcome]}

    @property
    def as_planned(self) -> bool:
        """Whether all that was planned was done (or, in a dry run, could be); a replacement counts for its number."""
        if self.dry_run:
            return not self.hindered
        replaced = {one.replaces for one in self.numbers}
        return all(one.outcome in WELL or one.item.phone_number in replaced for one in self.numbers)

    @property
    def hindered(self) -> tuple[NumberResult, ...]:
        """In a dry run, the numbers that something stands against; in a real one there are none."""
        return tuple(one for one in self.numbers if self.dry_run and one.what_to_do)

    def would_be(self) -> dict[str, int]:
        """Return what a run would do: numbers by ``bought``, ``changed`` and ``released``; for a dry run."""
        free = [one.item for one in self.numbers if self.dry_run and not one.what_to_do]
        counted = {done: sum(isinstance(one, cls) for one in free) for cls, done in _WOULD_BE}
        return {done: count for done, count in counted.items() if count}

    def with_outcome(self, outcome: str) -> tuple[str, ...]:
        """Return the phone numbers that ended so."""
        return tuple(one.item.phone_number for one in self.numbers if one.outcome == outcome)

    @property
    def activated(self) -> tuple[str, ...]:
        """The phone numbers that were bought."""
        return self.with_outcome(ACTIVATED)

    def spent(self, part: str = "first_payment") -> dict[str, Decimal]:
        """Return what was spent in each currency, by the prices of the plan.

        Parameters
        ----------
        part : {"setup", "monthly", "first_payment", "first_year"}
            Which cost.
        """
        return self._costs((ACTIVATED,), part)

    def may_be_spent(self, part: str = "first_payment") -> dict[str, Decimal]:
        """Return what the numbers with an unknown outcome may cost yet; parameters as for :meth:`spent`."""
        return self._costs((UNKNOWN,), part)

    def _costs(self, outcomes: Iterable[str], part: str) -> dict[str, Decimal]:
        wanted = set(outcomes)
        bought = (one for one in self.numbers if one.outcome in wanted)
        return total((one.item.cost for one in bought if isinstance(one.item, PlannedNumber)), part)

    def saved_monthly(self) -> dict[str, Decimal]:
        """Return what the numbers that were given back save each month, in each currency."""
        released = (one.item for one in self.numbers if one.outcome == RELEASED)
        costs = (one.cost for one in released if isinstance(one, PlannedRelease))
        return monthly_total(cost for cost in costs if cost is not None)

    def sentence(self) -> str:
        """Return the result in one line: how many, and what was and was not spent (or, in a dry run, would be)."""
        if self.dry_run:
            return self._would_sentence()
        counted = ", ".join(f"{count:,} {outcome}" for outcome, count in self.counts.items()) or "no number"
        parts = [f"{counted} of {len(self.plan):,} planned"]
        if isinstance(self.plan, ActivationPlan):
            parts.append(f"spent {amounts_text(self.spent())}")
            if may := self.may_be_spent():
                parts.append(f"may be spent yet {amounts_text(may)}")
        elif saved := self.saved_monthly():
            parts.append(f"saves {amounts_text(saved)} a month")
        return "; ".join(parts) + "."

    def _would_sentence(self) -> str:
        would = " and ".join(f"{count:,} would be {done}" for done, count in self.would_be().items())
        parts = [f"{would or 'none could be carried out'} of {len(self.plan):,} planned"]
        if self.hindered:
            parts.append(f"something stands against {len(self.hindered):,}")
        free = [one.item for one in self.numbers if not one.what_to_do]
        if payment := total((one.cost for one in free if isinstance(one, PlannedNumber)), "first_payment"):
            parts.append(f"the first payment would be {amounts_text(payment)}")
        releases = (one.cost for one in free if isinstance(one, PlannedRelease) and one.cost is not None)
        if saved := monthly_total(releases):
            parts.append(f"would save {amounts_text(saved)} a month")
        parts.append("spent nothing" if isinstance(self.plan, ActivationPlan) else "changed nothing")
        return "; ".join(parts) + "."

    def to_frame(self) -> pd.DataFrame:
        """Return one row per number: see :data:`numbers_toolkit.tables.RESULTS`."""
        from numbers_toolkit.activation.showing import result_frame

        return result_frame(self)

    def __repr__(self) -> str:
        from numbers_toolkit.activation.showing import result_text

        return result_text(self)

    def _repr_html_(self) -> str:
        from numbers_toolkit.activation.showing import result_html

        return result_html(self)


def result_of(past: History, journal: Path | None, stopped: str = "", *, dry_run: bool = False) -> Result:
    """Return the result that a history tells."""
    rows = [_row(item, past, stopped) for item in past.chosen().values()]
    return Result(past.plan, journal, tuple(rows), stopped, dry_run)


def _row(item: Item, past: History, stopped: str) -> NumberResult:
    number = item.phone_number
    ended = past.ended.get(number) or _unwritten(item, past, stopped)
    told = {name: str(ended[name]) for name in ("order_id", "order_state", "ends_at") if ended.get(name)}
    if "order_id" not in told:
        orders = [
            one.facts["order_id"] for one in past.steps_of(number).values() if one.facts.get("order_id")
        ]
        told |= {"order_id": str(orders[-1])} if orders else {}
    if "order_id" in told and ended.get("outcome") != ACTIVATED:
        told["order_expires_at"] = _expiry(told["order_id"], past.steps_of(number).values())
    return NumberResult(
        item,
        str(ended.get("outcome", NOT_TRIED)),
        str(ended.get("reason", "")),
        str(ended.get("what_to_do", "")),
        replaces=past.replaces(number),
        attempts=past.attempts(number),
        changed_at=str(ended.get("at", "")),
        **told,
    )


def _expiry(order_id: str, steps: Iterable[StepRecord]) -> str:
    """Return when an order ends by itself, as last read; nothing for one that was submitted."""
    ends = ""
    for step in steps:
        if step.facts.get("order_id") == order_id and "order_expires_at" in step.facts:
            ends = str(step.facts["order_expires_at"])
    return ends


def _unwritten(item: Item, past: History, stopped: str) -> Mapping[str, Any]:
    """Say how a number stands whose ending is not in the journal: the run was cut short there."""
    steps = past.steps_of(item.phone_number)
    go_on = "Go on with resume_activation."
    if not steps:
        return {"reason": stopped, "what_to_do": go_on} if stopped else {}
    facts = {name: value for record in steps.values() for name, value in record.facts.items()}
    uncertain = [step for step, record in steps.items() if record.result == history.UNKNOWN]
    submitted = any(step.startswith("submit") for step in steps)
    done = _LAST_STEPS.get(item.action, "")
    if not uncertain and done in steps and steps[done].result == history.DONE:
        return {**facts, "outcome": _DONE_AS[item.action]}
    if uncertain or submitted:
        asked = ", ".join(uncertain) or "submit"
        return {
            **facts,
            "outcome": UNKNOWN,
            "reason": f"The run ended before the outcome of {asked} was written.",
            "what_to_do": "Go on with resume_activation: it reads what happened before it does anything.",
        }
    return {**facts, "what_to_do": go_on}
