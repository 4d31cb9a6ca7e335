"""The first half of the activation panel: what was begun before, the settings, and the plan with its cost.

Reads only; whatever spends is in :mod:`numbers_toolkit.widgets.activation_panel`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import traitlets

from numbers_toolkit.activation.agreeing import agreement
from numbers_toolkit.activation.given_papers import papers_for
from numbers_toolkit.activation.items import PlannedNumber
from numbers_toolkit.activation.plan import ActivationPlan
from numbers_toolkit.activation.remembered import client_of, open_client
from numbers_toolkit.error_codes import CAMPAIGN_LIMIT
from numbers_toolkit.errors import InvalidInputError, JournalError, NumbersToolkitError, PlanError
from numbers_toolkit.loaders import active_numbers
from numbers_toolkit.widgets.activation_observed import ObservedPanel
from numbers_toolkit.widgets.activation_runs import Earlier, look_for_earlier
from numbers_toolkit.widgets.activation_settings import InUse, Settings, field_of
from numbers_toolkit.widgets.activation_task import Buying, NotOnOffer, Task
from numbers_toolkit.widgets.activation_view import ActivationView, leave_out_label
from numbers_toolkit.widgets.activation_words import as_clicked, faults_html
from numbers_toolkit.wording import listed

if TYPE_CHECKING:
    import os

    import pandas as pd

    from numbers_toolkit.activation.past_runs import PastRun
    from numbers_toolkit.activation.plan import Plan
    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.widgets.working import Job

__all__ = ["PlanningPanel"]

#: What a panel goes through; it stands still in the first three and the last.
STAGES: Final = ("settings", "review", "confirm", "running", "following", "done")
_FOLDER: Final = "activations"
#: What a person has entered can be of any length, and is quoted in what is wrong with it.
_LONGEST_ERROR: Final = 300
_CHANGED: Final = "Something was changed while it was checked. Nothing was bought. Check again."
_OTHER_SETTINGS: Final = (
    "Something was changed, so the plan that was shown does not hold any more. Nothing was sent. Check again."
)


class PlanningPanel(ObservedPanel):
    """Plan an activation, a change or a repair; the parameters are those of the panel made of it."""

    stage = traitlets.Enum(STAGES, "settings", read_only=True)
    service_plan_id = traitlets.Unicode("")
    campaign_id = traitlets.Unicode("")
    campaign_limit = traitlets.Int(CAMPAIGN_LIMIT, allow_none=True)
    voice_type = traitlets.Unicode("")
    voice_id = traitlets.Unicode("")
    callback_url = traitlets.Unicode("")
    max_setup = traitlets.Unicode("")
    max_monthly = traitlets.Unicode("")
    max_price = traitlets.Unicode("")
    mended = traitlets.Any(())

    plan = traitlets.Any(None, read_only=True)
    papers = traitlets.Any(None)
    earlier = traitlets.Any(Earlier(), read_only=True)

    def __init__(
        self,
        task: Task,
        plan: Plan | None,
        settings: Settings,
        client: NumbersClient | None,
        *,
        journals: str | os.PathLike[str] | None,
        active: pd.DataFrame | None,
    ) -> None:
        self._task = task
        self._folder = Path(_FOLDER if journals is None else journals).expanduser().resolve()
        self._active = active
        self._in_use = InUse()
        self._gone: tuple[str, ...] = ()
        self._planned_with: Settings | None = None
        self._reading = self._entering = False
        super().__init__(
            label=task.label,
            client=client or _client_for(plan),
            source=plan.source if plan is not None else "",
        )
        self._check_project(plan)
        self._view = ActivationView(task)
        with self.hold_trait_notifications():
            self._enter(settings)
            self.set_trait("plan", plan)
        self._planned_with = None if plan is None else self.settings
        self.compose(*self._view.body, controls=self._view.controls)
        view = self._view
        view.form.on_change(lambda _name, _value: self._field_changed())
        view.form.on_submit(self.check)
        view.actions.on_click(lambda name: getattr(self, name)())
        self.observe(lambda _change: self._setting_changed(), list(Settings.names()))
        self.observe(lambda _change: self._papers_given(), "papers")

    def _check_project(self, plan: Plan | None) -> None:
        if plan is None or not self.has_client or plan.project_id == self.client.project_id:
            return
        raise PlanError(
            f"The plan was made for project {plan.project_id}, and the client is connected to "
            f"{self.client.project_id}. Connect to the plan's project, or make a new plan. Nothing was sent."
        )

    def fail(self, error: BaseException, *, way_on: str = "") -> None:
        """Say what went wrong, in the words of the panel's buttons."""
        if isinstance(error, NumbersToolkitError):
            error = NumbersToolkitError(as_clicked(str(error)))
        super().fail(error, way_on=way_on)

    # -- what is known at the start -----------------------------------------------------------------------------

    def _open(self) -> None:
        """Show where to begin, and look for what was begun before."""
        if self.plan is None:
            self._to_settings()
        else:
            self._to_review()
        task, plan, folder = self._task, self.plan, self._folder
        client = self._client
        self._read(
            "Looking for earlier runs",
            lambda _job: look_for_earlier(task, plan, folder, client),
            self._found_earlier,
            failed=self._earlier_unknown,
        )

    def _read(self, label: str, job: Any, then: Any, **options: Any) -> None:
        """Do something that other work need not wait for: it is given up when a person goes on."""
        self._reading = not self.busy
        self.run(label, job, then, **options)

    def _give_up_reading(self) -> None:
        if self.busy and self._reading and self._work.cancel():
            self._work_ended()

    def _found_earlier(self, earlier: Earlier) -> None:
        self._note_earlier(earlier)
        if earlier.own is not None:
            self._adopt(earlier.own)
        elif earlier.wish_at_work is not None and self.stage in ("settings", "review"):
            self._look_on(earlier.wish_at_work)
        elif self.stage == "settings":
            self._read_in_use()

    def _earlier_unknown(self, error: BaseException) -> bool:
        """Show why a plan can't be started that was started before, or that this can't be known of."""
        if not isinstance(error, JournalError):
            return False
        self._blocked = as_clicked(str(error))
        self.fail(error)
        self._show_buttons()
        return True

    def _note_earlier(self, earlier: Earlier) -> None:
        self.set_trait("earlier", earlier)
        # What the panel shows itself needs no note beside it.
        others = earlier.without(self._shown_journal)
        self._offered = others.offered
        self._view.show_earlier(others, self._offered)
        self._show_buttons()

    def _read_in_use(self) -> None:
        if self._in_use.known or not self._task.adjustable or not self.has_client:
            return
        client, active = self.client, self._active

        def job(job: Job[tuple[pd.DataFrame, InUse]]) -> tuple[pd.DataFrame, InUse]:
            found = active_numbers(client, progress=job.progress) if active is None else active
            return found, InUse.of(found)

        self._read(
            "Reading which service plans and campaigns are in use",
            job,
            self._found_in_use,
            way_on="The service plans and campaigns in use can't be shown, but an id can be typed.",
        )

    def _found_in_use(self, found: tuple[pd.DataFrame, InUse]) -> None:
        self._active, self._in_use = found
        if self.stage == "settings":
            self._view.show_fields(self._task, self.settings, self._in_use)

    # -- settings -----------------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """How the numbers are to be set up, and what they may cost, as it stands now."""
        values = {name: getattr(self, name) for name in Settings.names()}
        return Settings(**{**values, "mended": _several(values["mended"])})

    def _enter(self, settings: Settings) -> None:
        for name in Settings.names():
            setattr(self, name, getattr(settings, name))

    def _field_changed(self) -> None:
        if self._entering:
            return
        former = self.settings
        settings = Settings.of_values(self._view.entered)
        kept = {name: getattr(self, name) for name in Settings.names() if name not in self._view.entered}
        settings = self._task.completed(replace(settings, **kept), self._in_use)
        self._entering = True
        try:
            with self.hold_trait_notifications():
                self._enter(settings)
        finally:
            self._entering = False
        # What was typed a moment before a click can arrive after it.
        if self.settings == former or not self._leave_plan():
            self._show_settings()

    def _setting_changed(self) -> None:
        if not self._entering and not self._leave_plan() and self.stage == "settings":
            self._show_settings()

    @property
    def _agrees(self) -> bool:
        """Whether the plan that is shown, if any, was made with the settings as they stand now."""
        return not self._task.adjustable or self._planned_with in (None, self.settings)

    def _leave_plan(self) -> bool:
        """Go back to the settings where a plan is shown that was made with others; return whether that was so."""
        if self.stage not in ("review", "confirm") or self._agrees:
            return False
        self._to_settings()
        self.say(_OTHER_SETTINGS, "warn")
        return True

    def _show_settings(self) -> None:
        """Bring the fields up to date, and take back faults that are none any more."""
        self._entering = True
        try:
            self._view.show_fields(self._task, self.settings, self._in_use)
            left = self._task.faults(self.settings)
            shown = self._view.form.errors
            kept = {name: left[name] for name in shown if name in left}
            if kept != shown:
                self._view.form.show_errors(kept)
        finally:
            self._entering = False

    def _to_settings(self) -> None:
        self._take_question_back()
        self.set_trait("stage", "settings")
        self._entering = True
        try:
            self._view.show_settings(self._task, self.settings, self._in_use)
        finally:
            self._entering = False
        self._show_buttons()

    # -- the plan -----------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Plan with the settings: look up what there is and what it costs. Nothing is bought."""
        self._give_up_reading()
        if self._is_at_work():
            return
        self._forget_observer_faults()
        if self.stage not in ("settings", "review") or not self._task.adjustable:
            self.say("There is nothing to check at this point.", "warn")
            return
        faults = self._task.faults(self.settings)
        self._view.form.show_errors({name: one for name, one in faults.items() if name in self._view.entered})
        if faults:
            self.say(f"Nothing was sent. {next(iter(faults.values()))}", "warn")
            return
        task, settings, client, active = self._task, self.settings, self.client, self._active
        folder = self._folder
        self._gone = ()

        def job(job: Job[Plan]) -> Plan:
            # Another panel may have carried the wish out since this one was opened.
            earlier = look_for_earlier(task, None, folder, client)
            job.tell(lambda: self._note_earlier(earlier))
            return task.make(client, settings, active, job)

        self.run(
            "Looking up what there is and what it costs",
            job,
            lambda plan: self._planned(plan, settings),
            failed=lambda error: self._not_planned(error, settings),
            way_on="Nothing was bought. 'Check' tries again.",
        )

    def leave_out(self) -> None:
        """Leave out the chosen numbers that can't be bought any more, and plan the others."""
        if not self._gone or not isinstance(self._task, Buying):
            self.say("There is no number to leave out.", "warn")
            return
        if self._is_at_work():
            return
        self._task = self._task.without(self._gone)
        self._view.show_about(self._task)
        self.check()

    def _planned(self, plan: Plan, settings: Settings) -> None:
        if self._was_changed(settings):
            return
        self._planned_with = settings
        self.set_trait("plan", plan)
        self._to_review()

    def _was_changed(self, settings: Settings) -> bool:
        """Go back to the settings where they are others by now than those that were checked."""
        if self.settings == settings:
            return False
        self._to_settings()
        self.say(_CHANGED, "warn")
        return True

    def _not_planned(self, error: BaseException, settings: Settings) -> bool:
        if not isinstance(error, PlanError):
            return False
        if self._was_changed(settings):
            return True
        self._gone = error.numbers if isinstance(error, NotOnOffer) else ()
        self.say(faults_html(error, self._gone), "bad")
        entered = self._view.entered
        named = {
            field_of(name, entered): as_clicked(fault)
            for fault in error.faults
            for name in entered
            if fault.startswith(f"{name} ")
        }
        self._view.form.show_errors({name: text[:_LONGEST_ERROR] for name, text in named.items()})
        self._show_buttons()
        return True

    def _to_review(self) -> None:
        self.set_trait("stage", "review")
        self._show_plan()
        self._show_buttons()

    def _show_plan(self) -> None:
        self._view.show_plan(self.plan, self._missing_papers(), has_client=self.has_client)

    # -- papers -------------------------------------------------------------------------------------------------

    def _paper_kinds(self) -> tuple[tuple[str, str], ...]:
        """Return the kinds of numbers that are ordered with papers."""
        items = self.plan.items if isinstance(self.plan, ActivationPlan) else ()
        kinds = (
            (one.region_code, one.number_type)
            for one in items
            if isinstance(one, PlannedNumber) and one.papers
        )
        return tuple(dict.fromkeys(kinds))

    def _missing_papers(self) -> tuple[tuple[str, str], ...]:
        return tuple(kind for kind in self._paper_kinds() if papers_for(self.papers, *kind) is None)

    def _papers_given(self) -> None:
        if self.closed:
            return
        if self.stage == "review":
            self._show_plan()
        self._show_buttons()

    @traitlets.validate("papers")
    def _check_papers(self, proposal: dict[str, Any]) -> Any:
        papers_for(proposal["value"], "US", "LOCAL")
        return proposal["value"]

    # -- buttons ------------------------------------------------------------------------------------------------

    def _buttons(self) -> dict[str, dict[str, Any]]:
        """Return the buttons of the present stage."""
        if self.stage == "settings":
            left_out = {"leave_out": {"label": leave_out_label(self._gone)}} if self._gone else {}
            check: dict[str, Any] = {} if self._task.buys else {"label": "Check"}
            if self._task.buys and self.earlier.same_wish:
                check = {"kind": "plain"}  # most of those who come back want to see what became of it
            return {"check": check, **left_out}
        return self._review_buttons() if self.stage == "review" else {}

    def _review_buttons(self) -> dict[str, dict[str, Any]]:
        missing = self._missing_papers()
        shown: dict[str, dict[str, Any]] = {}
        if missing and self.has_client:
            shown["fill_in_papers"] = {"label": f"Fill in the papers for {' '.join(missing[0])}"}
        if self.plan.items and not self._blocked:
            why = f"Papers for {listed([' '.join(one) for one in missing])} are missing." if missing else ""
            why = why or ("" if self.has_client else "The panel has no client.")
            shown["proceed"] = {"label": f"{agreement(self.plan).step} …", "disabled": bool(why), "help": why}
        if self._task.adjustable and self.has_client:
            shown["back"] = {
                "label": "Change the settings",
                "kind": "plain" if self.plan.items else "primary",
            }
        return shown

    def _show_buttons(self) -> None:
        if not self.closed:
            self._view.show_buttons(self._buttons(), busy=self.busy and not self._reading)

    def _show_busy(self, busy: bool) -> None:
        if not busy:
            self._reading = False
        self._show_buttons()

    def _is_at_work(self) -> bool:
        """Whether work is under way that has to be waited for; says so."""
        if not self.busy or self._reading:
            return False
        self.say("Work is still going on. Wait for it, or cancel it.", "warn")
        return True

    # -- for the second half ------------------------------------------------------------------------------------

    _blocked = ""
    _offered: tuple[PastRun, ...] = ()
    _shown_journal: Path | None = None

    def _adopt(self, run: PastRun) -> None:  # noqa: ARG002 - the panel made of this one uses it
        """Turn to a run that was begun before."""
        raise AssertionError("the panel made of this one does it")

    def _look_on(self, run: PastRun) -> None:  # noqa: ARG002 - as above
        """Turn to a run of the same wish that goes on elsewhere."""
        raise AssertionError("the panel made of this one does it")

    def _take_question_back(self) -> None:
        """Have nothing wait for an answer."""


def _client_for(plan: Plan | None) -> NumbersClient | None:
    """Return the client that a plan was made with, or that its project was last worked with."""
    if plan is None:
        return None
    found = client_of(plan)
    return found if found is not None and not found.closed else open_client(plan.project_id)


def _several(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def require_client(client: Any, plan: Plan | None) -> None:
    """Raise where a panel can't do without a client, or was given something else for one.

    Raises
    ------
    InvalidInputError
        With how to give one.
    """
    if client is None and plan is not None:
        return
    if not hasattr(client, "rent_number"):
        given = "none" if client is None else type(client).__name__
        raise InvalidInputError(
            f'ActivationPanel needs a client to plan with, and was given {given}: ActivationPanel("5 US LOCAL", '
            "nt.connect()). Nothing was sent."
        )
