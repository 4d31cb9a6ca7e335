"""The middle of the activation panel: the confirmation that names the sum, the run, and going on with one.

What costs is carried out by :mod:`numbers_toolkit.activation`, which writes it down first.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import traitlets

from numbers_toolkit.activation.agreeing import Agreement, agreement, agreement_to_go_on
from numbers_toolkit.activation.past_runs import PastRun, journal_name, read_run
from numbers_toolkit.errors import JournalLockedError
from numbers_toolkit.tables import PROVISIONING_OUTCOME, RESULTS
from numbers_toolkit.widgets.activation_planning import PlanningPanel
from numbers_toolkit.widgets.activation_runs import Order, Ran, follow_run, go_on, start
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

    import pandas as pd

    from numbers_toolkit.activation.plan import Plan
    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.widgets.activation_settings import Settings
    from numbers_toolkit.widgets.activation_task import Task
    from numbers_toolkit.widgets.working import Job

__all__ = ["RunningPanel"]

_DOING: Final = {"update": "Changing", "repair": "Repairing", "release": "Giving back"}
_STOPPING: Final = (
    "Cancel begins no further number. What was sent is brought to its end and written down, and Resume goes on "
    "with the rest."
)
_WATCHING: Final = "Cancel only ends the looking on; nothing is lost by it."
#: Ticks that stand for a trait of the panel.
_TICKS: Final = ("in_addition", "everything", "order_again")
_LOOKING_ON: Final = (
    "A wish like this is being carried out at this moment by another panel or program; this is how far it came. "
    "Nothing was sent by this panel."
)


class RunningPanel(PlanningPanel):
    """Carry out what was planned; the parameters are those of the panel made of it."""

    in_addition = traitlets.Bool(default_value=False)
    everything = traitlets.Bool(default_value=False)
    order_again = traitlets.Bool(default_value=False)

    result = traitlets.Any(None, read_only=True)
    results = traitlets.Any(read_only=True)
    provisioning = traitlets.Any(read_only=True)
    journal = traitlets.Unicode("", read_only=True)

    def __init__(
        self,
        task: Task,
        plan: Plan | None,
        settings: Settings,
        client: NumbersClient | None,
        *,
        journals: str | os.PathLike[str] | None,
        active: pd.DataFrame | None,
        wait_for_orders: float,
    ) -> None:
        self._pending: tuple[Agreement, Callable[[], None], str] | None = None
        self._run: PastRun | None = None
        self._known_orders: tuple[str, ...] = ()
        #: The plan that was shown before a person turned to an earlier run, in a tuple of its own.
        self._way_back: tuple[Plan | None] | None = None
        self._wait_for_orders = wait_for_orders
        super().__init__(task, plan, settings, client, journals=journals, active=active)
        self.set_trait("results", RESULTS.empty())
        self.set_trait("provisioning", PROVISIONING_OUTCOME.empty())
        self._view.ticks.on_change(self._ticked)
        self._view.earlier_actions.on_click(self._resume_offered)
        self.observe(lambda _change: self._show_ticks(), list(_TICKS))

    # -- the confirmation ---------------------------------------------------------------------------------------

    @property
    def question(self) -> str:
        """The question that waits for an answer, ``""`` for none."""
        return "" if self._pending is None else self._pending[0].question

    def proceed(self) -> None:
        """Ask for the confirmation, which names the sum. Nothing is sent."""
        if self.stage != "review" or "proceed" not in self._buttons():
            self.say("There is no plan to go on with at this point.", "warn")
            return
        if self._is_at_work() or self._leave_plan():
            return
        why = self._buttons()["proceed"]["help"]
        if why:
            self.say(f"{why} Nothing was sent.", "warn")
            return
        self._give_up_reading()
        self._forget_observer_faults()
        self._show_earlier_as_it_is()
        self._ask(agreement(self.plan), self._start, "review")

    def back(self) -> None:
        """Go back one step; nothing is sent."""
        if self.stage == "confirm" and self._pending is not None:
            former = self._pending[2]
            self._take_question_back()
            self.set_trait("stage", former)
            self.clear_notice()
            self._show_buttons()
        elif self.stage == "review" and self._task.adjustable and self.has_client:
            self.clear_notice()
            self._to_settings()
            self._read_in_use()
        elif self.stage == "done" and self._way_back is not None and not self._is_at_work():
            self._go_back(*self._way_back)

    def confirm(self) -> None:
        """Answer the question with yes: what it says is done now."""
        if self.stage != "confirm" or self._pending is None:
            self.say("There is nothing to confirm at this point; nothing was sent.", "warn")
            return
        if self._is_at_work():
            return
        missing = [name for name in self._ticks_needed() if not getattr(self, name)]
        self._view.ticks.show_errors(dict.fromkeys(missing, "Tick this if it is what you want."))
        if missing:
            self.say("Nothing was sent: what stands above needs your tick first.", "warn")
            return
        _, then, _ = self._pending
        self._take_question_back()
        then()

    def _ask(self, asked: Agreement, then: Callable[[], None], former: str) -> None:
        self._pending = (asked, then, former)
        self.set_trait("stage", "confirm")
        self.clear_notice()
        path = Path(self.journal) if self.journal else self._folder / journal_name(self.plan)
        self._view.show_question(asked, path, self.plan.source, self._ticks_shown(), self._ticks_given())
        self._show_buttons()

    def _take_question_back(self) -> None:
        self._pending = None
        self._view.hide_question()

    def _ticks_needed(self) -> tuple[str, ...]:
        """Return what has to be ticked before something is sent."""
        if self._pending is None or self._pending[2] == "done":
            return ()
        asked = self._pending[0]
        return (
            *(["in_addition"] if self.earlier.same_wish and self._task.buys else []),
            *(["everything"] if asked.everything else []),
        )

    def _ticks_shown(self) -> tuple[str, ...]:
        offered = self._run is not None and any(
            "order_again" in one.what_to_do for one in self._run.result.numbers
        )
        return (*self._ticks_needed(), *(["order_again"] if offered else []))

    def _ticks_given(self) -> dict[str, bool]:
        return {name: getattr(self, name) for name in _TICKS}

    def _ticked(self, name: str, value: Any) -> None:
        setattr(self, name, bool(value))
        if value:
            self._view.ticks.show_errors({})

    def _show_ticks(self) -> None:
        given = self._ticks_given()
        shown = [one["name"] for one in self._view.ticks.fields]
        self._view.ticks.set_values(**{name: [name] if given[name] else [] for name in shown})

    # -- the run ------------------------------------------------------------------------------------------------

    def _order(self) -> Order:
        return Order(
            self._folder,
            papers=self.papers,
            wait_for_orders=self._wait_for_orders,
            everything=self.everything,
            order_again=self.order_again,
            known_orders=self._known_orders,
        )

    def _start(self) -> None:
        if self._leave_plan():
            return
        plan, client, order, seen, task = self.plan, self.client, self._order(), self.earlier, self._task
        self.set_trait("journal", str(self._folder / journal_name(plan)))
        self._work_on(
            f"{_doing(plan)} {counted(len(plan))}",
            lambda job: start(plan, client, order, seen=seen, task=task, job=job, show=self._show_live),
        )

    def _go_on(self) -> None:
        journal, client, order = Path(self.journal), self.client, self._order()
        self._work_on(
            f"Going on with {counted(len(self.plan))}",
            lambda job: go_on(journal, client, order, job, self._show_live),
        )

    def _work_on(self, label: str, job: Callable[[Job[Ran]], Ran]) -> None:
        self.set_trait("stage", "running")
        self._view.show_running(_STOPPING)
        self._show_buttons()
        self.run(
            label,
            job,
            self._ran,
            failed=lambda error: self._ran(Ran(error=error)),
            must_finish=True,
        )

    def _show_live(self, results: pd.DataFrame) -> None:
        self._view.show_numbers(results, None, set_up=_sets_up(self.plan))
        self.set_trait("results", results)

    def _ran(self, ran: Ran) -> bool:
        """Show what a run came to; whatever happened, what its journal tells is shown."""
        if ran.met is not None:
            self._met(ran)
        elif ran.run is None:
            self.set_trait("journal", "")
            self._to_review()
            if ran.error is not None:
                self.fail(ran.error, way_on="Nothing was sent. Put that right, and go on again.")
        else:
            self._adopt(ran.run, ran.error)
        return True

    def _met(self, ran: Ran) -> None:
        """Show what was begun by somebody else after this plan was shown; nothing was sent here."""
        assert ran.met is not None  # noqa: S101 - asked by the caller
        self._note_earlier(ran.met)
        self.set_trait("journal", "")
        if ran.met.own is not None:
            self._adopt(ran.met.own)
            self.say("This plan was begun elsewhere meanwhile; nothing was sent here.", "warn")
            return
        if ran.met.wish_at_work is not None:
            self._way_back = (None,)
            self._look_on(ran.met.wish_at_work)
            return
        self.in_addition = False
        # Some of the plan's numbers may be this project's by now.
        self._to_settings()
        self.say(
            "A wish like this was carried out elsewhere meanwhile, see above. Nothing was sent here. Check again if "
            "you want more numbers, in addition.",
            "warn",
        )

    def _adopt(self, run: PastRun, error: BaseException | None = None) -> None:
        """Turn to a run: show what became of it, and go on from there."""
        self._take_question_back()
        self._show_run(run)
        with self.hold_trait_notifications():
            self.set_trait("plan", run.plan)
            self.set_trait("journal", str(run.journal))
            self.set_trait("provisioning", PROVISIONING_OUTCOME.empty())
            self.set_trait("results", run.result.to_frame())
        if run.running:
            self._follow_elsewhere(run)
            if isinstance(error, JournalLockedError):
                self.say(
                    "This plan is being carried out elsewhere at this moment; nothing was sent here.", "warn"
                )
            return
        self._to_done(run)
        if error is not None:
            self.fail(error, way_on="What was done until then stands below; 'Resume' goes on with the rest.")
        elif self._to_follow() and self.has_client:
            self.watch()

    def _show_run(self, run: PastRun) -> None:
        """Have a run stand in the place of settings and plan."""
        self._run = run
        self._planned_with = None
        self._shown_journal = run.journal
        self._show_earlier_as_it_is()

    def _show_earlier_as_it_is(self) -> None:
        """Say of runs that were going on elsewhere how they stand now."""
        if self.earlier.all:
            self._note_earlier(self.earlier.read_again())

    def _to_done(self, run: PastRun) -> None:
        self._view.show_result(run.result)
        self._view.show_numbers(self.results, None, set_up=_sets_up(run.plan))
        with self.hold_trait_notifications():
            self.set_trait("result", run.result)
            self.set_trait("stage", "done")
            self._show_buttons()

    def _follow_elsewhere(self, run: PastRun) -> None:
        self.set_trait("stage", "running")
        self._view.show_running(_WATCHING)
        self._view.show_numbers(self.results, None, set_up=_sets_up(run.plan))
        self._show_buttons()
        journal = run.journal
        self.run(
            "Looking on while another panel or program carries this out",
            lambda job: follow_run(journal, job, self._show_live),
            self._ran,
            failed=self._not_followed,
        )

    def _not_followed(self, _error: BaseException) -> bool:
        assert self._run is not None  # noqa: S101 - it is what was followed
        self._to_done(self._run)
        return False

    # -- going on -----------------------------------------------------------------------------------------------

    def resume(
        self,
        journal: str | os.PathLike[str] | None = None,
        *,
        order_again: bool = False,
        known_orders: str | Iterable[str] = (),
    ) -> None:
        """Go on with a run that was not finished; asks for the confirmation first.

        Parameters
        ----------
        journal : path-like, optional
            Its journal. None takes the run that is shown, else the last one that was not finished.
        order_again, known_orders
            As for :func:`numbers_toolkit.resume_activation`.
        """
        if self._is_at_work():
            return
        run = self._run_to_resume(journal)
        if run is None:
            self.say("There is no unfinished run to go on with.", "warn")
            return
        self._give_up_reading()
        self._forget_observer_faults()
        self.order_again = self.order_again or order_again
        self._known_orders = (known_orders,) if isinstance(known_orders, str) else tuple(known_orders)
        self._turn_to(run)

    def _run_to_resume(self, journal: str | os.PathLike[str] | None) -> PastRun | None:
        if journal is not None:
            return read_run(journal)
        if self._run is not None and (self._run.open or self._run.running):
            return read_run(self._run.journal)
        return next((one for one in self._offered if one.open or one.running), None)

    def _resume_offered(self, name: str) -> None:
        place = int(name.removeprefix("run "))
        if place < len(self._offered):
            self.resume(self._offered[place].journal)

    def _look_on(self, run: PastRun) -> None:
        """Turn to a run of the same wish that goes on elsewhere."""
        self._turn_to(run)
        self.say(_LOOKING_ON)

    def _turn_to(self, run: PastRun) -> None:
        if self._run is None:
            self._way_back = self._way_back or (self.plan,)
        if run.running or not run.open:
            self._adopt(run)
            return
        self._show_run(run)
        self.set_trait("plan", run.plan)
        self.set_trait("journal", str(run.journal))
        self.set_trait("results", run.result.to_frame())
        self._to_done(run)
        if not self.has_client:
            self.say("To go on with it the panel needs a client: give it as the second argument.", "warn")
            return
        self._ask(agreement_to_go_on(run.result), self._go_on, "done")

    def _go_back(self, plan: Plan | None) -> None:
        """Leave an earlier run, for the settings or the plan that were shown before it."""
        self._way_back = self._run = self._shown_journal = None
        self._known_orders = ()
        with self.hold_trait_notifications():
            self.order_again = False
            self.set_trait("plan", plan)
            self.set_trait("journal", "")
            self.set_trait("result", None)
            self.set_trait("results", RESULTS.empty())
            self.set_trait("provisioning", PROVISIONING_OUTCOME.empty())
        self.clear_notice()
        if plan is None or (self._task.adjustable and self.has_client):
            self._to_settings()
            self._read_in_use()
        else:
            self._to_review()
        self._show_earlier_as_it_is()

    # -- buttons ------------------------------------------------------------------------------------------------

    def _buttons(self) -> dict[str, dict[str, Any]]:
        if self.stage != "confirm" or self._pending is None:
            return super()._buttons()
        asked, _, former = self._pending
        held = (
            {"resume": {"label": "Resume"}} if former == "done" else {"proceed": {"label": f"{asked.step} …"}}
        )
        kind = "danger" if asked.everything or self.plan.source != "sandbox" else "primary"
        return {
            **{name: {**one, "disabled": True} for name, one in held.items()},
            "back": {"label": "Back", "kind": "plain"},
            "confirm": {"label": asked.yes, "kind": kind},
        }

    # -- for the last part --------------------------------------------------------------------------------------

    def _to_follow(self) -> tuple[str, ...]:
        """Return the numbers whose set-up can be looked at."""
        raise AssertionError("the panel made of this one does it")

    def watch(self) -> None:
        """Look until the set-up of the numbers has ended."""
        raise AssertionError("the panel made of this one does it")


def _doing(plan: Plan) -> str:
    return _DOING.get(getattr(plan, "purpose", ""), "Renting")


def _sets_up(plan: Plan) -> bool:
    """Whether a plan gives numbers a set-up that takes its time."""
    for one in plan.items:
        configured = getattr(one, "configuration", None)
        if getattr(one, "changes", None) or (configured is not None and configured.arguments()):
            return True
    return False
