"""What an activation panel is for: numbers to buy, a plan that is made already, or set-ups to repair.

Knows how to describe it and how to plan it; no widget.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from numbers_toolkit.activation.findings import Findings
from numbers_toolkit.activation.items import Wish
from numbers_toolkit.activation.looking import look_up
from numbers_toolkit.activation.offers import Offer
from numbers_toolkit.activation.plan import ActivationPlan, ChangePlan, Plan
from numbers_toolkit.activation.planning import plan_activation
from numbers_toolkit.activation.repairing import repair_provisioning
from numbers_toolkit.activation.result import Result
from numbers_toolkit.activation.wanted import Wanted, read_wanted
from numbers_toolkit.errors import BudgetExceededError, InvalidInputError, PlanError
from numbers_toolkit.formatting import phone_text
from numbers_toolkit.widgets.activation_settings import (
    InUse,
    Settings,
    activation_fields,
    repair_fields,
)
from numbers_toolkit.wording import counted, listed

if TYPE_CHECKING:
    import pandas as pd

    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.widgets.working import Job

__all__ = ["Buying", "Given", "NotOnOffer", "Repairing", "Task", "journal_given", "opened"]

#: Chosen numbers that are named; of more, how many there are.
_NAMED: Final = 3
_LABELS: Final = {"update": "Change numbers", "release": "Give numbers back", "repair": "Repair set-ups"}


class NotOnOffer(PlanError):  # noqa: N818 - a fault of the plan, told apart by what can be done about it
    """Chosen numbers that can't be bought; the others can.

    Parameters
    ----------
    message : str
        As the plan says it.
    faults : sequence of str
        As for :class:`numbers_toolkit.errors.PlanError`.
    numbers : tuple of str
        The numbers that can't be bought.
    """

    def __init__(self, message: str, *, faults: Iterable[str] = (), numbers: tuple[str, ...] = ()) -> None:
        super().__init__(message, faults=tuple(faults))
        self.numbers = numbers


@dataclass(frozen=True)
class Given:
    """A plan that is carried out as it is.

    Parameters
    ----------
    plan : Plan
        The plan.
    """

    plan: Plan
    adjustable: bool = False

    @property
    def buys(self) -> bool:
        """Whether numbers are bought."""
        return isinstance(self.plan, ActivationPlan)

    @property
    def label(self) -> str:
        """Title of the panel."""
        purpose = self.plan.purpose if isinstance(self.plan, ChangePlan) else ""
        return _LABELS.get(purpose, "Activate numbers")

    @property
    def wanted(self) -> Wanted:
        """What is bought."""
        return Wanted()

    @property
    def phone_numbers(self) -> tuple[str, ...]:
        """The numbers that it is about."""
        return tuple(one.phone_number for one in self.plan.items)

    def about(self) -> str:
        """Say what it is about."""
        return counted(len(self.plan))

    def fields(self, *_: Any) -> list[dict[str, Any]]:
        """Return the fields of its settings: none."""
        return []

    def completed(self, settings: Settings, _in_use: InUse) -> Settings:
        """Return the settings as they are."""
        return settings

    def faults(self, _settings: Settings) -> dict[str, str]:
        """Return what can't be right with the settings: nothing."""
        return {}

    def make(self, *_: Any) -> Plan:
        """Return the plan."""
        return self.plan


@dataclass(frozen=True)
class Buying:
    """Numbers to buy.

    Parameters
    ----------
    what : Any
        As for :func:`numbers_toolkit.plan_activation`.
    wanted : Wanted
        The same, read.
    """

    what: Any
    wanted: Wanted
    adjustable: bool = True
    buys: bool = True
    label: str = "Activate numbers"

    @property
    def phone_numbers(self) -> tuple[str, ...]:
        """The numbers that a person chose."""
        return tuple(one.phone_number for one in self.wanted.chosen)

    def about(self) -> str:
        """Say what is to be bought."""
        wishes = [repr(one)[5:-1] for one in self.wanted.wishes]
        return listed([*wishes, *_chosen(self.phone_numbers)])

    def fields(self, settings: Settings, in_use: InUse, entered: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the fields of its settings; ``entered`` is what stands in them now."""
        return activation_fields(settings, in_use, entered)

    def completed(self, settings: Settings, in_use: InUse) -> Settings:
        """Return the settings with the service plan that a chosen campaign is used with."""
        return settings.with_service_plan_of_campaign(in_use)

    def faults(self, settings: Settings) -> dict[str, str]:
        """Return what can't be right, by setting, before anything is asked of the API."""
        return settings.faults()

    def make(self, client: NumbersClient, settings: Settings, active: Any, job: Job[Any]) -> ActivationPlan:
        """Make the plan; nothing is bought.

        Raises
        ------
        NotOnOffer
            When some of the chosen numbers can't be bought, and others can.
        PlanError
            When it can't be made for another reason.
        """
        arguments = settings.arguments()
        # Where a campaign needs room, what is active now is what counts.
        known = {} if active is None or settings.campaign_id else {"active": active}
        try:
            return plan_activation(client, self.what, **arguments, **known, progress=job.progress)
        except BudgetExceededError:
            raise
        except PlanError as error:
            gone = self._gone(client, job)
            if gone and (len(gone) < len(self.phone_numbers) or self.wanted.wishes):
                raise NotOnOffer(str(error), faults=error.faults, numbers=gone) from error
            raise

    def without(self, phone_numbers: Iterable[str]) -> Buying:
        """Return the same without some of the chosen numbers."""
        return _buying(_without(self.what, set(phone_numbers)))

    def _gone(self, client: NumbersClient, job: Job[Any]) -> tuple[str, ...]:
        if not self.phone_numbers:
            return ()
        found = look_up(client, self.phone_numbers, job.progress)
        return tuple(number for number, one in found.items() if not isinstance(one, Offer))


@dataclass(frozen=True)
class Repairing:
    """Set-ups that failed, to be tried again in a way that can succeed.

    Parameters
    ----------
    phone_numbers : tuple of str
        The numbers.
    codes : tuple of str
        Error codes that they failed with.
    """

    phone_numbers: tuple[str, ...]
    codes: tuple[str, ...]
    adjustable: bool = True
    buys: bool = False
    label: str = _LABELS["repair"]

    @property
    def wanted(self) -> Wanted:
        """What is bought: nothing."""
        return Wanted()

    def about(self) -> str:
        """Say what it is about."""
        return counted(len(self.phone_numbers))

    def fields(self, settings: Settings, in_use: InUse, entered: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the fields of its settings; ``entered`` is what stands in them now."""
        return repair_fields(settings, in_use, entered, self.codes)

    def completed(self, settings: Settings, _in_use: InUse) -> Settings:
        """Return the settings as they are: a number keeps what is not given."""
        return settings

    def faults(self, _settings: Settings) -> dict[str, str]:
        """Return what can't be right with the settings: nothing, as long as numbers keep what is not given."""
        return {}

    def make(self, client: NumbersClient, settings: Settings, _active: Any, job: Job[Any]) -> ChangePlan:
        """Make the plan from what is active now; nothing is sent."""
        job.check()
        return repair_provisioning(self.phone_numbers, client=client, **settings.repair_arguments())


def _chosen(phone_numbers: tuple[str, ...]) -> list[str]:
    """Return how many numbers are chosen, and the first of them by name: which, is what counts."""
    if not phone_numbers:
        return []
    named = listed([phone_text(one) for one in phone_numbers], most=_NAMED)
    return [f"{len(phone_numbers):,} chosen ({named})"]


Task: TypeAlias = Given | Buying | Repairing


def opened(given: Any) -> tuple[Task, Plan | None, Settings]:
    """Return what a panel is opened with: its task, the plan that is made already, and the settings behind it.

    Parameters
    ----------
    given : ActivationPlan, ChangePlan, Result, pathlib.Path, or what plan_activation() takes
        A plan; a run or its journal; or numbers and wishes.

    Raises
    ------
    InvalidInputError
        When it names nothing that can be bought.
    """
    if isinstance(given, Result):
        return Given(given.plan), given.plan, Settings()
    if isinstance(given, ActivationPlan):
        what = [*given.wishes, *(one.phone_number for one in given.numbers if one.wish is None)]
        return _buying(what), given, Settings.of_plan(given)
    if isinstance(given, ChangePlan) and given.purpose == "repair":
        numbers = [one.phone_number for one in (*given.items, *given.advice)]
        codes = [one.error_code for one in given.advice if one.error_code]
        return Repairing(_once(numbers), _once(codes)), given, Settings()
    if isinstance(given, Plan):
        return Given(given), given, Settings()
    return _buying(given), None, Settings()


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _buying(what: Any) -> Buying:
    # A generator would be empty when the plan is made, and a frame may have other rows by then.
    kept = what.copy() if _is_pandas(what) else what
    kept = list(kept) if isinstance(kept, Iterable) and not _is_value(kept) else kept
    findings = Findings()
    wanted = read_wanted(kept, findings)
    if findings.faults:
        raise InvalidInputError(f"{' '.join(findings.faults)} Nothing was sent.")
    return Buying(kept, wanted)


def _is_value(what: Any) -> bool:
    """Whether what names numbers is one thing, not several in a row."""
    return isinstance(what, (str, bytes, Wish, Mapping, tuple)) or _is_pandas(what)


def _is_pandas(what: Any) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(what, (pandas.DataFrame, pandas.Series))


def _without(what: Any, gone: set[str]) -> Any:
    """Return what names numbers, without some of them."""
    if _is_pandas(what) and hasattr(what, "columns"):
        return _rows_without(what, gone)
    if isinstance(what, (list, tuple)) and not hasattr(what, "phone_number"):
        return [_without(one, gone) for one in what if not _named(one) & gone]
    return what


def _rows_without(frame: pd.DataFrame, gone: set[str]) -> pd.DataFrame:
    numbers = [_named(one) for one in frame["phone_number"]]
    kept = frame[[not one & gone for one in numbers]]
    kept.attrs = dict(frame.attrs)
    return kept


def _named(one: Any) -> set[str]:
    """Return the number that a single entry names, nothing for a wish or a frame."""
    if isinstance(one, Wish) or (_is_pandas(one) and hasattr(one, "columns")):
        return set()
    return {chosen.phone_number for chosen in read_wanted([one], Findings()).chosen}


def journal_given(given: Any) -> Path | None:
    """Return the journal that a panel is opened with, None when it is something else."""
    if isinstance(given, Result):
        return given.journal
    return given if isinstance(given, Path) else None
