"""The panel to rent numbers, to watch them become ready and to repair what failed; it also changes and gives back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import traitlets

from numbers_toolkit.activation import wait_until_provisioned
from numbers_toolkit.activation.endings import ACTIVATED, CHANGED
from numbers_toolkit.activation.overview import failed_numbers, setup_counts
from numbers_toolkit.activation.past_runs import PastRun, read_run
from numbers_toolkit.activation.repairing import repair_provisioning
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.widgets.activation_planning import require_client
from numbers_toolkit.widgets.activation_running import RunningPanel
from numbers_toolkit.widgets.activation_runs import News
from numbers_toolkit.widgets.activation_settings import BUDGETS
from numbers_toolkit.widgets.activation_task import journal_given, opened
from numbers_toolkit.widgets.activation_words import provisioning_told
from numbers_toolkit.wording import counted, listed

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    import pandas as pd

    from numbers_toolkit.activation.plan import ChangePlan, Plan
    from numbers_toolkit.activation.result import Result
    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.widgets.order_form import OrderForm
    from numbers_toolkit.widgets.working import Job

__all__ = ["BEGUN_MEANWHILE", "ActivationPanel", "is_begun"]

#: What is said where a new plan comes too late.
BEGUN_MEANWHILE: Final = (
    "The repair below was begun meanwhile and is kept; the new plan was put aside, and nothing was sent for it. "
    "Plan again when it has ended."
)


class ActivationPanel(RunningPanel):
    """Rent numbers, each exactly once: settings, plan with its cost, confirmation, progress, readiness, repair.

    Opening it sends nothing that costs. Also carries out plans that change numbers, give them back or repair their
    set-up, and goes on with a run that was interrupted.

    Parameters
    ----------
    plan_or_what : ActivationPlan, ChangePlan, Result, pathlib.Path, or what plan_activation() takes
        A plan; what became of one, or its journal; or what to buy, which is planned in the panel: rows of a search,
        phone numbers, wishes such as ``"5 US LOCAL"``.
    client : NumbersClient, optional
        The project; a plan knows the one that it was made with.
    journals : path-like, optional
        Folder for the journals of what is carried out; made when the first is written. None takes ``activations``
        in the working directory, which in a notebook is beside it.
    papers : Papers or mapping, optional
        For number orders, as for :func:`numbers_toolkit.activate`.
    active : pandas.DataFrame, optional
        Active numbers of the project, where they were read already: they tell the service plans and campaigns in
        use, which are read otherwise.
    service_plan_id, campaign_id, voice_type, voice_id, callback_url : str
        Settings to begin with, as for :func:`numbers_toolkit.plan_activation`.
    max_setup, max_monthly, max_price : str
        Budgets to begin with, such as ``"25.00 USD"``.
    wait_for_orders : float, default 120
        Seconds to wait for number orders under review.
    timeout : float, default 900
        Seconds to wait until the numbers are ready.

    Attributes
    ----------
    stage : {"settings", "review", "confirm", "running", "following", "done"}
        Where it stands; a trait, as all of these.
    service_plan_id, campaign_id, campaign_limit, voice_type, voice_id, callback_url : str, int
        The settings, as are ``max_setup``, ``max_monthly`` and ``max_price``. Changing one leads back from a plan
        that was made with them.
    papers : Papers or mapping
        Papers for number orders; never part of what a notebook saves.
    in_addition, everything : bool
        Consent to buy what was bought before once more, and to release every number.
    plan : ActivationPlan, ChangePlan or None
        The plan that is shown.
    result : Result or None
        What became of it.
    results, provisioning : pandas.DataFrame
        One row per number, see :data:`numbers_toolkit.tables.RESULTS`, while it goes on and afterwards; and how far
        its set-up came, as from :func:`numbers_toolkit.wait_until_provisioned`.
    journal : str
        The journal that everything is written to, ``""`` before the start.
    earlier : Earlier
        Runs that were begun before.
    repair_panel : ActivationPanel or None
        The panel of the repair.

    Raises
    ------
    InvalidInputError
        When there is no client to plan with, or nothing that can be bought is named.
    PlanError
        When the plan belongs to another project.
    JournalError
        When the journal that it is opened with is none.

    Examples
    --------
    >>> import tempfile, numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client, tempfile.TemporaryDirectory() as folder:
    ...     panel = nt.widgets.ActivationPanel("2 US LOCAL", client, journals=folder).wait()
    ...     panel.check()
    ...     panel.wait().proceed()
    ...     print(panel.question)
    ...     panel.confirm()
    ...     print(panel.wait().result.sentence())
    ...     panel.close()
    Rent 2 numbers: 2.40 USD now and 1.20 USD a month.
    2 activated of 2 planned; spent 2.40 USD.
    """

    repair_panel = traitlets.Any(None, read_only=True)

    def __init__(
        self,
        plan_or_what: Any,
        client: NumbersClient | None = None,
        *,
        journals: str | os.PathLike[str] | None = None,
        papers: Any = None,
        active: pd.DataFrame | None = None,
        service_plan_id: str = "",
        campaign_id: str = "",
        voice_type: str = "",
        voice_id: str = "",
        callback_url: str = "",
        max_setup: str = "",
        max_monthly: str = "",
        max_price: str = "",
        wait_for_orders: float = 120.0,
        timeout: float = 900.0,
    ) -> None:
        run = _run_given(plan_or_what)
        task, plan, settings = opened(plan_or_what if run is None else run.result)
        require_client(client, plan)
        given: dict[str, Any] = {
            "service_plan_id": service_plan_id,
            "campaign_id": campaign_id,
            "voice_type": voice_type or ("RTC" if voice_id else ""),
            "voice_id": voice_id,
            "callback_url": callback_url,
            "max_setup": max_setup,
            "max_monthly": max_monthly,
            "max_price": max_price,
        }
        _refuse_settings_of_plan(plan, given)
        self._timeout = timeout
        self._paper_forms: dict[tuple[str, str], OrderForm] = {}
        settings = replace(settings, **{name: one for name, one in given.items() if one})
        super().__init__(
            task, plan, settings, client, journals=journals, active=active, wait_for_orders=wait_for_orders
        )
        self.papers = papers
        if run is None:
            self._open()
        else:
            self._adopt(run)

    # -- readiness ----------------------------------------------------------------------------------------------

    def watch(self) -> None:
        """Look until the set-up of the numbers has ended, one way or the other. Only reads."""
        numbers = self._to_follow()
        if not numbers or not self.has_client:
            self.say("There is no number whose set-up could be looked at.", "info")
            return
        client, timeout = self.client, self._timeout

        def job(job: Job[pd.DataFrame]) -> pd.DataFrame:
            news = News(job, self._show_set_up)
            return wait_until_provisioned(
                client, numbers, timeout=timeout, progress=job.report, cancel=job.cancel, looked=news.give
            )

        started = self.run(
            f"Waiting until {counted(len(numbers))} {'is' if len(numbers) == 1 else 'are'} ready",
            job,
            self._followed,
            failed=self._not_watched,
            way_on="The numbers are rented; only how far their set-up came is not known. 'Look again' tries again.",
        )
        if started:
            self._take_question_back()
            self.set_trait("stage", "following")
            self._show_buttons()

    def _not_watched(self, _error: BaseException) -> bool:
        self.set_trait("stage", "done")
        self._show_buttons()
        return False

    def _to_follow(self) -> tuple[str, ...]:
        if self.result is None:
            return ()
        return (*self.result.with_outcome(ACTIVATED), *self.result.with_outcome(CHANGED))

    def _show_set_up(self, provisioning: pd.DataFrame) -> None:
        self._view.show_numbers(self.results, provisioning, set_up=True)
        self.set_trait("provisioning", provisioning)

    def _followed(self, provisioning: pd.DataFrame) -> None:
        self._show_set_up(provisioning)
        self.set_trait("stage", "done")
        text, tone = provisioning_told(setup_counts(provisioning), len(self._to_follow()))
        self.say(text, tone)
        self._show_buttons()

    # -- repair and papers --------------------------------------------------------------------------------------

    def repair(self) -> None:
        """Plan the right next step for each number whose set-up failed, and show it beneath. Nothing is sent."""
        numbers = failed_numbers(self.provisioning)
        if not numbers:
            self.say("No set-up has failed, as far as is known; there is nothing to repair.", "info")
            return
        if self.repair_panel is not None and self.repair_panel.busy:
            self.say("A repair is still going on below. Wait for its end, or cancel it there.", "warn")
            return
        client, result = self.client, _result_of(self.repair_panel)
        self.run(
            "Looking for the right repair",
            lambda _job: repair_provisioning(numbers, client=client),
            lambda plan: self._open_repair(plan, result),
            way_on="Nothing was sent. 'Repair' tries again.",
        )

    def _open_repair(self, plan: ChangePlan, result: Result | None) -> None:
        former = self.repair_panel
        if former is not None and is_begun(former, result):
            self.say(BEGUN_MEANWHILE, "warn")
            return
        panel = type(self)(
            plan, self.client, journals=self._folder, active=self._active, timeout=self._timeout
        )
        panel.observe(self._repaired, "stage")
        self.set_trait("repair_panel", panel)
        self._view.show_beneath(panel, instead_of=former)
        if former is not None:
            former.close()

    def _repaired(self, change: Mapping[str, Any]) -> None:
        """Look at the numbers again when their repair has ended."""
        if (change["old"], change["new"]) == ("following", "done") and not (self.closed or self.busy):
            self.watch()

    def fill_in_papers(self, region_code: str = "", number_type: str = "") -> None:
        """Show the form for the papers of a kind of number beneath; nothing is sent by it.

        Parameters
        ----------
        region_code, number_type : str
            The kind; by default the first one whose papers are missing.
        """
        kinds = [*self._missing_papers(), *self._paper_kinds()]
        kind = (region_code, number_type) if region_code else kinds[0] if kinds else None
        if kind is None or kind not in kinds:
            known = listed([" ".join(one) for one in dict.fromkeys(kinds)]) or "none"
            self.say(f"Papers are required for {known} in this plan.", "info")
            return
        if (form := self._paper_forms.get(kind)) is not None and not form.closed:
            self.say(f"The form for the papers of {' '.join(kind)} is open below.", "info")
            return
        from numbers_toolkit.widgets.order_form import OrderForm

        form = OrderForm(self.client, *kind)
        form.observe(lambda change: self._papers_filled_in(kind, change["new"]), "papers")
        self._paper_forms[kind] = form
        self._view.show_beneath(form)

    def _papers_filled_in(self, kind: tuple[str, str], papers: Any) -> None:
        if self.closed or papers is None:
            return
        given = (
            self.papers
            if isinstance(self.papers, dict)
            else {}
            if self.papers is None
            else {"*": self.papers}
        )
        self.papers = {**given, kind: papers}

    # -- what can be clicked ------------------------------------------------------------------------------------

    def _buttons(self) -> dict[str, dict[str, Any]]:
        return self._done_buttons() if self.stage == "done" else super()._buttons()

    def _done_buttons(self) -> dict[str, dict[str, Any]]:
        shown: dict[str, dict[str, Any]] = {}
        if self._way_back is not None:
            to = "settings" if self._way_back[0] is None or self._task.adjustable else "plan"
            shown["back"] = {"label": f"Back to the {to}", "kind": "plain"}
        if not self.has_client:
            return shown
        if self._run is not None and self._run.open:
            shown["resume"] = {"label": "Resume"}
            if self._paper_kinds():
                shown["fill_in_papers"] = {"label": "Fill in other papers", "kind": "plain"}
        failed = failed_numbers(self.provisioning)
        if failed:
            shown["repair"] = {"label": f"Repair {counted(len(failed))}"}
        if self._to_follow():
            shown["watch"] = {"label": "Look again"}
        return shown

    def cancel(self) -> None:
        """Stop what is going on: at once what only reads, after what was sent what spends or changes."""
        stage = self.stage
        super().cancel()
        if self.busy or self.closed:
            return
        if stage == "running" and self._run is not None:
            self._to_done(self._run)
        elif stage == "following":
            self.set_trait("stage", "done")
        self._show_buttons()

    def _forget(self) -> None:
        self._pending = self._active = None
        self.papers = None
        self._paper_forms = {}
        self.set_trait("repair_panel", None)


def is_begun(panel: ActivationPanel, result: Result | None) -> bool:
    """Whether a panel is at work on its plan, or has been since its result was this one."""
    return panel.stage == "running" or panel.result is not result


def _result_of(panel: ActivationPanel | None) -> Result | None:
    return None if panel is None else panel.result


def _run_given(given: Any) -> PastRun | None:
    """Return the run that a panel is opened with, None when it is opened with something else."""
    path = journal_given(given)
    return None if path is None else read_run(path)


def _refuse_settings_of_plan(plan: Plan | None, given: Mapping[str, str]) -> None:
    named = [name for name, value in given.items() if value]
    if plan is not None and named:
        what = "budgets" if set(named) <= set(BUDGETS) else "settings"
        raise InvalidInputError(
            f"A plan has its {what} already: leave out {listed(named)}, or change them in the panel. Nothing was "
            "sent."
        )
