"""What a journal says has happened: for each number and step, how often it was sent and with what result.

Built from the journal's lines and kept up to date with each new one. Decides nothing.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation.items import PlannedNumber, read_item

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numbers_toolkit.activation.items import Item
    from numbers_toolkit.activation.plan import Plan

__all__ = ["DONE", "NOT_DONE", "REFUSED", "UNKNOWN", "History", "StepRecord"]

#: Results of a step. An intention without an outcome is as uncertain as an unknown one.
DONE: Final = "done"
NOT_DONE: Final = "not done"
REFUSED: Final = "refused"
UNKNOWN: Final = "unknown"
_RESULTS: Final = (DONE, NOT_DONE, REFUSED, UNKNOWN)


@dataclass(slots=True)
class StepRecord:
    """One step of one number.

    Attributes
    ----------
    attempts : int
        How often it was announced.
    result : str
        :data:`DONE`, :data:`NOT_DONE`, :data:`REFUSED`, :data:`UNKNOWN`; ``""`` when it was never announced.
    facts : dict
        What the outcome told.
    message : str
        Why it was refused or is unknown.
    announced_at : str
        Time of the last intention, RFC 3339.
    """

    attempts: int = 0
    result: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    message: str = ""
    announced_at: str = ""


class History:
    """The state of every number of a plan, as far as its journal tells. Safe to share between threads.

    Parameters
    ----------
    plan : Plan
        The plan.
    lines : iterable of mapping
        The journal's lines so far.
    """

    def __init__(self, plan: Plan, lines: Iterable[Mapping[str, Any]] = ()) -> None:
        self.plan = plan
        self.items: dict[str, Item] = {one.phone_number: one for one in plan.items}
        self.replaced: dict[str, str] = {}
        self.ended: dict[str, Mapping[str, Any]] = {}
        self.runs = 0
        self.finished = False
        self._steps: dict[str, dict[str, StepRecord]] = {}
        self._replaces: dict[str, str] = {}
        self._lock = threading.RLock()
        for line in lines:
            self.add(line)

    def add(self, line: Mapping[str, Any]) -> None:
        """Take a line into account."""
        with self._lock:
            what, number = line.get("what"), str(line.get("number", ""))
            if what in ("intention", "outcome"):
                record = self._steps.setdefault(number, {}).setdefault(str(line["step"]), StepRecord())
                # How the number ended in an earlier run says nothing of it any more.
                self.ended.pop(number, None)
            if what == "intention":
                record.attempts += 1
                record.result, record.announced_at = UNKNOWN, str(line["at"])
            elif what == "outcome":
                # A result that a newer version wrote is as uncertain as none.
                told = str(line["result"])
                record.result = told if told in _RESULTS else UNKNOWN
                record.message = str(line.get("message", record.message))
                record.facts = {**record.facts, **line.get("facts", {})}
            elif what == "replacement":
                by = read_item(line["by"])
                self.items[by.phone_number] = by
                self.replaced[number], self._replaces[by.phone_number] = by.phone_number, number
            elif what == "ended":
                self.ended[number] = line
            elif what == "run":
                self.runs, self.finished = self.runs + 1, False
            elif what == "finished":
                self.finished = True

    def step(self, number: str, step: str) -> StepRecord:
        """Return what is known of a step; one that was never announced has no attempts."""
        with self._lock:
            return self._steps.get(number, {}).get(step) or StepRecord()

    def steps_of(self, number: str) -> dict[str, StepRecord]:
        """Return every step of a number, in the order in which they began."""
        with self._lock:
            return dict(self._steps.get(number, {}))

    def attempts(self, number: str) -> int:
        """Return how many requests were announced for a number."""
        return sum(record.attempts for record in self.steps_of(number).values())

    def replaces(self, number: str) -> str:
        """Return the number that this one replaced, ``""`` for none."""
        with self._lock:
            return self._replaces.get(number, "")

    def chosen(self) -> dict[str, Item]:
        """Return every number that was ever part of the run, replaced ones included."""
        with self._lock:
            return dict(self.items)

    def planned(self) -> list[PlannedNumber]:
        """Return every number to buy that was ever part of the run."""
        return [one for one in self.chosen().values() if isinstance(one, PlannedNumber)]
