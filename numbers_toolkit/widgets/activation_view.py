"""The parts of the activation panel, put together: what they show of each stage. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ipywidgets

from numbers_toolkit import markup
from numbers_toolkit.activation.overview import overview
from numbers_toolkit.activation.plan import ActivationPlan
from numbers_toolkit.markup import Html
from numbers_toolkit.widgets.activation_words import (
    as_clicked,
    columns_for,
    earlier_html,
    failures_html,
    hint_html,
    plan_columns,
    plan_html,
    question_html,
    result_html,
    run_button,
)
from numbers_toolkit.widgets.parts.actions import Actions
from numbers_toolkit.widgets.parts.form import Form
from numbers_toolkit.widgets.parts.markup import Markup
from numbers_toolkit.widgets.parts.table import Table
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pandas as pd

    from numbers_toolkit.activation.agreeing import Agreement
    from numbers_toolkit.activation.past_runs import PastRun
    from numbers_toolkit.activation.plan import Plan
    from numbers_toolkit.activation.result import Result
    from numbers_toolkit.widgets.activation_runs import Earlier
    from numbers_toolkit.widgets.activation_settings import InUse, Settings
    from numbers_toolkit.widgets.activation_task import Task

__all__ = ["ActivationView"]

_BUTTONS: Final[tuple[dict[str, Any], ...]] = (
    {"name": "check", "label": "Check and show the cost", "kind": "primary"},
    {"name": "leave_out", "label": "Leave them out"},
    {"name": "fill_in_papers", "label": "Fill in the papers", "kind": "primary"},
    {"name": "proceed", "label": "Go on", "kind": "primary"},
    {"name": "resume", "label": "Resume", "kind": "primary"},
    {"name": "back", "label": "Back"},
    {"name": "confirm", "label": "Yes", "kind": "danger"},
    {"name": "repair", "label": "Repair the failed ones", "kind": "primary"},
    {"name": "watch", "label": "Look again"},
)
_EARLIER: Final = 4
#: What a person ticks before something is sent, by its name in the panel.
_TICKS: Final = {
    "in_addition": ("A wish like this was carried out before", "Rent these in addition"),
    "everything": ("Every number of the project would be given back", "Yes, release every one of them"),
    "order_again": ("Orders whose answer was lost", "Order these numbers again"),
}


class ActivationView:
    """The parts of the activation panel.

    Parameters
    ----------
    task : Task
        What the panel is for.
    """

    def __init__(self, task: Task) -> None:
        self.earlier = Markup(Html(""), role="status")
        self.earlier_actions = Actions(
            [{"name": f"run {place}", "hidden": True} for place in range(_EARLIER)], label="Earlier runs"
        )
        self.about = Markup(Html(""))
        self.form = Form([], label="How the numbers are set up, and what they may cost", columns=2)
        self.plan = Markup(Html(""))
        self.hint = Markup(Html(""), role="status")
        self.question = Markup(Html(""), role="alert")
        self.ticks = Form([], label="Consent")
        self.actions = Actions([{**one, "hidden": True} for one in _BUTTONS], label="Activation")
        self.stopping = Markup(Html(""))
        self.summary = Markup(Html(""), role="status")
        self.failures = Markup(Html(""))
        self.table = Table(
            label="Numbers", selection="none", empty="No number was worked on yet.", page_size=25
        )
        self.place = ipywidgets.VBox([])
        self.show_about(task)
        for one in (*self.controls, *self.body):
            _show(one, shown=one is self.actions)

    @property
    def controls(self) -> tuple[ipywidgets.Widget, ...]:
        """What stands above progress and notices."""
        return (
            self.earlier,
            self.earlier_actions,
            self.about,
            self.form,
            self.plan,
            self.hint,
            self.question,
            self.ticks,
            self.actions,
        )

    @property
    def body(self) -> tuple[ipywidgets.Widget, ...]:
        """What stands below them."""
        return (self.stopping, self.summary, self.failures, self.table, self.place)

    # -- stages -------------------------------------------------------------------------------------------------

    def show_settings(self, task: Task, settings: Settings, in_use: InUse) -> None:
        """Show the fields of the settings."""
        self._show_only(self.about, self.form)
        self.show_fields(task, settings, in_use)

    def show_fields(self, task: Task, settings: Settings, in_use: InUse) -> None:
        """Show what can be chosen, and what is; what a person is typing at is left alone."""
        wanted = task.fields(settings, in_use, self.entered)
        if [one["name"] for one in wanted] != [one["name"] for one in self.form.fields]:
            self.form.show_fields(wanted)
        for one in wanted:
            changes = {key: value for key, value in one.items() if key not in ("name", "kind")}
            self.form.change_field(one["name"], **{"hidden": False, **changes})
        shown = self.entered
        values = settings.values(in_use, shown)
        self.form.set_values(**{name: value for name, value in values.items() if value != shown[name]})

    @property
    def entered(self) -> dict[str, Any]:
        """What stands in the fields of the settings."""
        return self.form.values  # noqa: PD011 - a form's, not a frame's

    def show_about(self, task: Task) -> None:
        """Show what is to be bought."""
        subject = Html(f"<strong>{markup.text(task.about())}</strong>")
        self.about.html = markup.paragraph("To buy: " if task.buys else "About: ", subject)

    def show_plan(self, plan: Plan, missing: Iterable[tuple[str, str]], *, has_client: bool) -> None:
        """Show a plan, and what keeps it from being carried out."""
        self.plan.html = plan_html(plan)
        self.hint.html = hint_html(plan, missing, has_client=has_client)
        bought = isinstance(plan, ActivationPlan)
        if bought:
            frame = plan.to_frame()
            self.table.show(frame, plan_columns(frame))
        self._show_only(
            self.plan, *([self.hint] if self.hint.html else []), *([self.table] if bought else [])
        )

    def show_question(
        self,
        asked: Agreement,
        journal: Path | None,
        source: str,
        ticks: Sequence[str],
        given: dict[str, bool],
    ) -> None:
        """Show what is to be agreed to, beside what it is about."""
        self.question.html = question_html(asked, journal, source)
        self.ticks.show_fields([_tick(name) for name in ticks])
        self.ticks.set_values(**{name: [name] if given.get(name) else [] for name in ticks})
        _show(self.question, shown=True)
        _show(self.ticks, shown=bool(ticks))

    def hide_question(self) -> None:
        """Show nothing to agree to."""
        self.question.html = Html("")
        _show(self.question, shown=False)
        _show(self.ticks, shown=False)

    def show_running(self, stopping: str) -> None:
        """Show the table of what is going on, and what stopping means."""
        self.stopping.html = markup.muted(stopping)
        self._show_only(self.stopping, self.table)

    def show_result(self, result: Result | None) -> None:
        """Show what became of a plan."""
        self.summary.html = Html("") if result is None else result_html(result)
        self._show_only(*([] if result is None else [self.summary]), self.table)

    def show_numbers(self, results: pd.DataFrame, provisioning: pd.DataFrame | None, *, set_up: bool) -> None:
        """Show how each number stands."""
        shown = overview(results, provisioning)
        for name in ("told", "what_to_do"):
            shown[name] = shown[name].map(as_clicked, na_action="ignore")
        self.table.show(shown, columns_for(shown, set_up=set_up))
        self.failures.html = Html("") if provisioning is None else failures_html(provisioning)
        _show(self.failures, shown=bool(self.failures.html))

    def show_earlier(self, earlier: Earlier, offered: Sequence[PastRun]) -> None:
        """Show runs that were begun before, and a button for each that a person may turn to."""
        self.earlier.html = earlier_html(earlier)
        for place in range(_EARLIER):
            if place < len(offered):
                kind = "primary" if place == 0 and earlier.same_wish else "plain"
                label = run_button(offered[place])
                self.earlier_actions.change(f"run {place}", label=label, kind=kind, hidden=False)
            else:
                self.earlier_actions.change(f"run {place}", hidden=True)
        _show(self.earlier, shown=bool(self.earlier.html))
        _show(self.earlier_actions, shown=bool(offered))

    def show_beneath(self, widget: ipywidgets.Widget, *, instead_of: ipywidgets.Widget | None = None) -> None:
        """Show a panel beneath all else, above those that are there; one of them may make room for it."""
        self.place.children = (widget, *(one for one in self.place.children if one is not instead_of))
        _show(self.place, shown=True)

    # -- buttons ------------------------------------------------------------------------------------------------

    def show_buttons(self, shown: dict[str, dict[str, Any]], *, busy: bool) -> None:
        """Show these buttons and no others; while work is under way none can be clicked."""
        for one in _BUTTONS:
            name = one["name"]
            described = {"kind": "plain", "disabled": False, "help": "", **one, **shown.get(name, {})}
            described["disabled"] = busy or described["disabled"]
            self.actions.change(**{**described, "hidden": name not in shown})
        for place in range(_EARLIER):
            self.earlier_actions.change(f"run {place}", disabled=busy)
        self.form.disabled = self.ticks.disabled = busy

    def _show_only(self, *shown: ipywidgets.Widget) -> None:
        """Show these of the parts that belong to a stage."""
        self.hide_question()
        for one in (self.about, self.form, self.plan, self.hint, self.stopping, self.summary, self.table):
            _show(one, shown=one in shown)
        if self.table not in shown:
            _show(self.failures, shown=False)


def _tick(name: str) -> dict[str, Any]:
    label, option = _TICKS[name]
    return {"name": name, "kind": "checks", "label": label, "options": [{"value": name, "label": option}]}


def _show(widget: ipywidgets.Widget, *, shown: bool) -> None:
    widget.layout.display = None if shown else "none"


def leave_out_label(numbers: Sequence[str]) -> str:
    """Return the label of the button that leaves out numbers that can't be bought."""
    return f"Leave out {counted(len(numbers))}"
