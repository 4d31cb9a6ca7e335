"""How the work on a number ends, and how the whole run is stopped: raised by the steps, caught by the run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

__all__ = [
    "ACTIVATED",
    "CHANGED",
    "FINAL",
    "NOT_TRIED",
    "OUTCOMES",
    "REFUSED",
    "RELEASED",
    "TAKEN",
    "UNKNOWN",
    "WELL",
    "Ending",
    "NumberEnded",
    "RunStopped",
]

ACTIVATED: Final = "activated"
CHANGED: Final = "changed"
RELEASED: Final = "released"
TAKEN: Final = "taken"
REFUSED: Final = "refused"
UNKNOWN: Final = "unknown"
NOT_TRIED: Final = "not tried"
#: Every outcome a number can have, the good ones first.
OUTCOMES: Final = (ACTIVATED, CHANGED, RELEASED, TAKEN, REFUSED, UNKNOWN, NOT_TRIED)
#: As planned.
WELL: Final = (ACTIVATED, CHANGED, RELEASED)
#: Nothing more can be done for the number by this plan; the others are taken up again on resuming.
FINAL: Final = (*WELL, TAKEN, REFUSED)


@dataclass(frozen=True, slots=True)
class Ending:
    """How the work on a number ended.

    Parameters
    ----------
    outcome : str
        One of :data:`OUTCOMES`.
    reason : str
        Why, for a person.
    what_to_do : str
        What a person should do next; ``""`` for nothing.
    facts : dict
        What is worth keeping: ``order_id``, ``order_state``, ``ends_at``; ``again`` when the number is to be
        taken up once more on resuming, though the outcome is final as a rule; ``unreachable`` when the API
        could not be worked with at all.
    """

    outcome: str
    reason: str = ""
    what_to_do: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


class NumberEnded(Exception):  # noqa: N818 - the end of a number's work, not a fault
    """End the work on a number.

    Parameters
    ----------
    outcome, reason, what_to_do : str
        As for :class:`Ending`.
    **facts
        As for :class:`Ending`.
    """

    def __init__(self, outcome: str, reason: str = "", what_to_do: str = "", **facts: Any) -> None:
        super().__init__(outcome, reason)
        self.ending = Ending(outcome, reason, what_to_do, facts)


class RunStopped(Exception):  # noqa: N818 - an orderly end
    """Stop the whole run: going on can't help, or a person wants it.

    Parameters
    ----------
    reason : str
        Why, for a person.
    outcome : str
        How the number ends that brought it up; it is taken up again on resuming, whatever it is.
    """

    def __init__(self, reason: str, outcome: str = NOT_TRIED) -> None:
        super().__init__(reason)
        self.reason = reason
        self.outcome = outcome
