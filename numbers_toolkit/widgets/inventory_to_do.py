"""The to-do list of the inventory panel: problems with their remedies, their numbers, and which of them to repair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ipywidgets

from numbers_toolkit import markup
from numbers_toolkit.analysis import attention_summary
from numbers_toolkit.markup import Html
from numbers_toolkit.tables import ATTENTION
from numbers_toolkit.widgets.parts.actions import Actions
from numbers_toolkit.widgets.parts.markup import Markup
from numbers_toolkit.widgets.parts.table import Table, TableColumn
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from numbers_toolkit.widgets.inventory_facts import Selection

__all__ = ["NO_CLIENT", "ToDo"]

NO_CLIENT: Final = "A repair needs a client: InventoryPanel(client), or InventoryPanel(frame, client=client)."

#: Problems whose advice is written out.
_ADVISED: Final = 5
_PROBLEM_KEY: Final = ("problem", "error_code")
_PROBLEMS: Final = (
    TableColumn("problem", "Problem", width="16rem"),
    TableColumn("numbers", "Numbers", "number"),
    TableColumn("remedy", "What to do", width="30rem"),
    TableColumn("who_acts", "Who acts", width="10rem"),
    TableColumn("retry", "Retry"),
    TableColumn("oldest_days", "Oldest, days", "number"),
    TableColumn("error_code", "Error", "code"),
)
_NUMBERS: Final = (
    TableColumn("phone_number", "Number", "phone"),
    TableColumn("display_name", "Name", width="14rem"),
    TableColumn("problem", "Problem", width="16rem", sort="rank"),
    TableColumn("since", "Since", "date"),
    TableColumn("region_code", "Region", "region"),
    TableColumn("campaign_id", "Campaign", "code"),
    TableColumn("expire_at", "Ends", "date"),
    TableColumn("monthly_cost", "Per month", "money"),
)


class ToDo:
    """The parts of the to-do list.

    Parameters
    ----------
    repair : callable
        Is called without arguments when a person wants the chosen numbers repaired.
    can_repair : bool
        Whether there is a client to repair with.
    """

    def __init__(self, repair: Callable[[], object], *, can_repair: bool) -> None:
        self._can_repair = can_repair
        self._listed = ATTENTION.empty()
        self.lead, self.advice = Markup(), Markup(role="status")
        self.problems = Table(
            label="What to do, most pressing first",
            columns=_PROBLEMS,
            key=_PROBLEM_KEY,
            empty="Nothing: no number has failed, is stuck, or is about to lapse.",
        )
        self.numbers = Table(
            label="Numbers that need attention",
            columns=_NUMBERS,
            key=("phone_number", *_PROBLEM_KEY),
            empty="No number needs attention.",
        )
        self.hint = Markup()
        self.actions = Actions(
            [{"name": "plan_repair", "label": "Plan the repair", "kind": "primary", "disabled": True}],
            label="Repair",
        )
        self.actions.on_click(lambda _name: repair())
        self.problems.on_select(self._problems_chosen)
        self.numbers.on_select(self._show_choice)
        self.numbers.observe(lambda _change: self._show_choice(), "filter_text")
        self.box = ipywidgets.VBox(
            [self.lead, self.problems, self.advice, self.hint, self.numbers, self.actions]
        )

    def show(self, selection: Selection) -> None:
        """Show what there is to do about the numbers that pass the filters."""
        self._listed = selection.to_do
        concerned = selection.to_do["phone_number"].nunique()
        self.lead.html = markup.muted(_lead(concerned, len(selection.shown)))
        self.problems.show(attention_summary(selection.to_do))
        self._problems_chosen()

    @property
    def chosen(self) -> pd.DataFrame:
        """The entries that a repair is about: those chosen, or else all that the table of numbers shows."""
        return self.numbers.selected if self.numbers.selected_keys else self.numbers.shown

    def repairable(self) -> list[str]:
        """Return the numbers among them whose set-up failed, each once, in the table's order."""
        failed = self.chosen.loc[self.chosen["error_code"].notna().to_numpy(dtype=bool), "phone_number"]
        return [str(number) for number in failed.drop_duplicates()]

    def _problems_chosen(self) -> None:
        rows = self._listed
        self.advice.html = _advice(self.problems.selected if self.problems.selected_keys else None)
        if self.problems.selected_keys:
            problems = self.problems.selected
            wanted = set(zip(*_texts(problems), strict=True))
            rows = rows[[pair in wanted for pair in zip(*_texts(rows), strict=True)]].reset_index(drop=True)
        self.numbers.show(rows)
        self._show_choice()

    def _show_choice(self) -> None:
        count, entries = len(self.repairable()), len(self.chosen)
        some = bool(self.numbers.selected_keys or self.problems.selected_keys or self.numbers.filter_text)
        label = f"Plan the repair of {counted(count)}" if count else "Plan the repair"
        how = (
            "Shows the next step for each; nothing is sent before you say so."
            if count
            else _nothing(entries, some)
        )
        how = how if self._can_repair else NO_CLIENT
        self.actions.change("plan_repair", label=label, disabled=not (count and self._can_repair), help=how)
        self.hint.html = markup.muted(_hint(entries, some=some, can_repair=self._can_repair))

    def close(self) -> None:
        """Forget what was listed."""
        self._listed = ATTENTION.empty()


def _texts(frame: pd.DataFrame) -> list[list[str]]:
    return [frame[name].astype(object).fillna("").astype(str).tolist() for name in _PROBLEM_KEY]


def _advice(problems: pd.DataFrame | None) -> Html:
    """Return all that is known about the problems chosen, of which the table may have cut something."""
    if problems is None:
        return Html("")
    told = [
        Html(
            f"<strong>{markup.text(row['problem'])}:</strong> {markup.text(row['remedy'])} "
            f"<small>Who acts: {markup.text(row['who_acts'])}. Repeat: {markup.text(row['retry'])}.</small>"
        )
        for row in problems.head(_ADVISED).astype(object).to_dict("records")
    ]
    left = len(problems) - len(told)
    return Html(markup.bullets(told) + (markup.muted(f"And {left:,} more, in the table.") if left else ""))


def _lead(concerned: int, total: int) -> str:
    if not concerned:
        return f"Nothing needs action: all {counted(total)} are in order." if total else ""
    verb = "needs" if concerned == 1 else "need"
    return f"{concerned:,} of {counted(total)} {verb} action. The most pressing comes first."


def _nothing(entries: int, some: bool) -> str:
    if not entries:
        return "None passes the table's filter." if some else "There is nothing to repair."
    return f"{'Of what is chosen, no' if some else 'No'} set-up has failed; there is nothing to repair."


def _hint(entries: int, *, some: bool, can_repair: bool) -> Any:
    if not entries:
        return "None of their numbers passes the table's filter." if some else ""
    told = (
        "" if some else " Choose problems above to see only their numbers, and all that is known about them."
    )
    return (
        f"Their numbers: {counted(entries, 'entry', 'entries')}.{told}{'' if can_repair else f' {NO_CLIENT}'}"
    )
