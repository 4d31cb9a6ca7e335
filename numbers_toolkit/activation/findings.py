"""What is found while a plan is made: faults that forbid it, and warnings that go into it.

Faults are gathered, so that a person learns all of them at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from numbers_toolkit.errors import BudgetExceededError, PlanError

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["Findings"]

#: Faults named in one message.
_MOST_FAULTS: Final = 40


@dataclass
class Findings:
    """Faults and warnings, in the order in which they were found.

    Examples
    --------
    >>> findings = Findings()
    >>> findings.warn("The price went up.")
    >>> findings.refuse()
    >>> findings.fault("+13075550142 is not on offer.")
    >>> findings.refuse()
    Traceback (most recent call last):
    ...
    numbers_toolkit.errors.PlanError: The plan can't be made: +13075550142 is not on offer. Nothing was bought.
    """

    faults: list[str] = field(default_factory=list)
    over_budget: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def fault(self, text: str) -> None:
        """Note something that forbids the plan."""
        self.faults.append(text)

    def exceed(self, text: str) -> None:
        """Note that a budget forbids the plan."""
        self.over_budget.append(text)

    def warn(self, text: str) -> None:
        """Note something that a person should know; said once, however often it is found."""
        if text not in self.warnings:
            self.warnings.append(text)

    def refuse(self) -> None:
        """Raise what was found.

        Raises
        ------
        BudgetExceededError
            When budgets alone forbid the plan.
        PlanError
            When anything else does.
        """
        found = (*self.faults, *self.over_budget)
        if not found:
            return
        error = PlanError if self.faults else BudgetExceededError
        raise error(_message(found), faults=found)


def _message(faults: Collection[str]) -> str:
    if len(faults) == 1:
        return f"The plan can't be made: {next(iter(faults))} Nothing was bought."
    shown = [f"- {fault}" for fault in list(faults)[:_MOST_FAULTS]]
    left = len(faults) - len(shown)
    more = [f"- and {left:,} more, all in the error's 'faults'"] if left else []
    return "\n".join(
        [f"The plan can't be made for {len(faults):,} reasons. Nothing was bought.", *shown, *more]
    )
