"""The parts of the inventory panel, put together: what they show of the numbers. Decides and computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ipywidgets

from numbers_toolkit import markup
from numbers_toolkit.formatting import is_missing
from numbers_toolkit.markup import Html
from numbers_toolkit.tables import ACTIVE_NUMBERS
from numbers_toolkit.widgets.inventory_export import FORMATS
from numbers_toolkit.widgets.inventory_sheets import BREAKDOWNS, SHEETS, Content, Sheet
from numbers_toolkit.widgets.inventory_to_do import ToDo
from numbers_toolkit.widgets.inventory_words import about, cards, choice_label, no_match, no_numbers, passing
from numbers_toolkit.widgets.parts.actions import Actions
from numbers_toolkit.widgets.parts.assets import style_sheet
from numbers_toolkit.widgets.parts.download import Download
from numbers_toolkit.widgets.parts.drawing import Drawing
from numbers_toolkit.widgets.parts.form import Form
from numbers_toolkit.widgets.parts.markup import Markup
from numbers_toolkit.widgets.parts.progress import ProgressLine
from numbers_toolkit.widgets.parts.table import Table, TableColumn
from numbers_toolkit.widgets.parts.tabs import Tabs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pandas as pd

    from numbers_toolkit.widgets.inventory_facts import Inventory, Selection

__all__ = ["TABS", "InventoryView", "SheetView"]

TABS: Final = ("to_do", "numbers", *(sheet.name for sheet in SHEETS))
_LABELS: Final = {"to_do": "To do", "numbers": "Numbers", **{sheet.name: sheet.label for sheet in SHEETS}}
#: Filters that are asked for most; the others are there when they are wanted.
_FIRST_FILTERS: Final = ("text", "region_code", "number_type", "sms_state", "error_code")
_FILTER_LABELS: Final = {
    "text": "Number, name or id",
    "region_code": "Region",
    "number_type": "Type",
    "sms_state": "SMS",
    "error_code": "Error",
    "voice_state": "Voice",
    "capabilities": "Can do",
    "service_plan_id": "Service plan",
    "campaign_id": "Campaign",
}
#: More options than anyone looks through; the others are found by text.
_MOST_OPTIONS: Final = 300
_NUMBER_COLUMNS: Final = (
    TableColumn("phone_number", "Number", "phone"),
    TableColumn("display_name", "Name", width="14rem"),
    TableColumn("region_code", "Region", "region"),
    TableColumn("number_type", "Type", "code"),
    TableColumn("sms_state", "SMS", "state"),
    TableColumn("voice_state", "Voice", "state"),
    TableColumn("sms_error_codes", "Errors", "tags", width="16rem"),
    TableColumn("sms_campaign_id", "Campaign", "code"),
    TableColumn("sms_service_plan_id", "Service plan", "code", width="12rem"),
    TableColumn("monthly_cost", "Per month", "money"),
    TableColumn("next_charge_date", "Next charge", "date"),
    TableColumn("expire_at", "Ends", "date"),
)


class Cards(Markup):
    """Key figures on cards."""

    _css = "\n".join([Markup._css, style_sheet("cards")])  # noqa: SLF001 - its own base class


class SheetView:
    """The parts of one summary: what it tells, drawings, and a table beside them.

    Parameters
    ----------
    sheet : Sheet
        What it shows.
    show_numbers : callable
        Is given a filter and its values when a person wants to see the numbers of chosen rows.
    """

    def __init__(self, sheet: Sheet, show_numbers: Callable[[str, list[str]], object]) -> None:
        self._sheet, self._show_numbers = sheet, show_numbers
        self.lead = Markup()
        self.drawing = Drawing(label=sheet.label)
        self.table = Table(
            label=sheet.label,
            columns=sheet.columns,
            selection="many" if sheet.leads_to else "none",
            empty=sheet.empty,
            key=sheet.key,
        )
        self.notes = Markup()
        self.actions = Actions(
            [{"name": "show_numbers", "label": "Show their numbers", "hidden": True}], label="Chosen rows"
        )
        self.actions.on_click(lambda _name: self.show_numbers())
        self.table.on_select(self._show_choice)
        rows = ipywidgets.VBox([self.table, self.actions])
        for part, width in ((self.drawing, "540px"), (rows, "24rem")):
            part.layout.flex, part.layout.min_width = f"1 1 {width}", "0"
        beside = ipywidgets.HBox([self.drawing, rows])
        beside.layout.flex_flow, beside.layout.align_items = "row wrap", "flex-start"
        self.box = ipywidgets.VBox([self.lead, self.notes, beside])
        self.hide()

    def hide(self) -> None:
        """Show nothing, since what was made is not of the numbers in sight."""
        self.box.layout.visibility = "hidden"

    def show(self, content: Content) -> None:
        """Show a summary."""
        self.box.layout.visibility = None
        self.lead.html = markup.muted(content.lead)
        self.notes.html = Html("".join(markup.note(one, "warn") for one in content.notes))
        self.drawing.show(*content.pictures)
        self.drawing.layout.display = None if content.pictures else "none"
        self.table.show(content.rows, content.columns or None)

    def show_numbers(self) -> None:
        """Filter the inventory by the chosen rows."""
        values: Iterable[Any] = self.table.selected[self._sheet.leads_to] if self.table.selected_keys else ()
        found = ["" if is_missing(value) else str(value) for value in values]
        if found:
            self._show_numbers(self._sheet.leads_to, found)

    def _show_choice(self) -> None:
        count = len(self.table.selected_keys)
        self.actions.change("show_numbers", hidden=not count)


class InventoryView:
    """The parts of the inventory panel.

    Parameters
    ----------
    do : mapping of str to callable
        What to do for each button, and ``filter``, ``show_numbers`` and ``by`` for what is chosen.
    can_read : bool
        Whether there is a client to read and repair with.
    page_size : int
        Rows of the table of numbers on one page.
    """

    def __init__(self, do: Mapping[str, Callable[..., object]], *, can_read: bool, page_size: int) -> None:
        self._do = do
        self.about = Markup()
        self.actions = Actions(_buttons(can_read=can_read), label="Inventory")
        self.export_form = Form(_export_fields(), label="Export", columns=3)
        self.export_form.set_values(what="numbers", format="csv")
        self.export_actions = Actions(_export_buttons(), label="Export")
        self.download = Download()
        self.export_box = ipywidgets.VBox([self.export_form, self.export_actions])
        self.filters = Form(_filter_fields(), label="Filters")
        self.filter_actions = Actions(_filter_buttons(), label="Filters")
        self.passing = Markup(role="status")
        self.drawing_progress = ProgressLine()
        self.cards = Cards()
        self.tabs = Tabs([{"name": name, "label": _LABELS[name]} for name in TABS], label="What to look at")
        self.to_do = ToDo(do["plan_repair"], can_repair=can_read)
        self.numbers = Table(
            label="Active numbers",
            columns=_NUMBER_COLUMNS,
            page_size=page_size,
            empty="No number passes the filters.",
        )
        self.numbers.show(ACTIVE_NUMBERS.empty())
        #: Whose numbers the table shows; it is left alone while nobody looks at it.
        self._numbers_of: Selection | None = None
        self.costs_by = Form([_by_field()], label="Costs")
        self.sheets = {sheet.name: SheetView(sheet, do["show_numbers"]) for sheet in SHEETS}
        self._boxes: dict[str, ipywidgets.Widget] = {
            "to_do": self.to_do.box,
            "numbers": ipywidgets.VBox([self.numbers]),
            **{name: view.box for name, view in self.sheets.items()},
            "costs": ipywidgets.VBox([self.costs_by, self.sheets["costs"].box]),
        }
        self.tab_box = ipywidgets.VBox([self._boxes[name] for name in TABS])
        self.nothing = Markup()
        self.repair_actions = Actions([{"name": "close_repair", "label": "Close the repair"}], label="Repair")
        self.repair_box = ipywidgets.VBox([self.repair_actions])
        self.found = ipywidgets.VBox([self.cards, self.tabs, self.tab_box])
        self.filter_row = ipywidgets.HBox([self.filter_actions, self.passing, self.drawing_progress])
        self.filter_row.layout.align_items = "center"
        self.passing.layout.flex, self.drawing_progress.layout.flex = "1 1 14rem", "0 1 14rem"
        self._listen()
        self._show(self.export_box, shown=False)
        self._show(self.repair_box, shown=False)

    def _listen(self) -> None:
        for actions in (self.actions, self.export_actions, self.filter_actions, self.repair_actions):
            actions.on_click(lambda name: self._do[name]())
        self.filters.on_change(self._do["filter"])
        self.costs_by.on_change(lambda _name, value: self._do["by"](value))
        self.export_form.on_change(lambda name, _value: self._do["export_changed"](name))

    @property
    def controls(self) -> tuple[ipywidgets.Widget, ...]:
        """What stands above notices."""
        return (self.about, self.actions, self.export_box, self.download)

    @property
    def body(self) -> tuple[ipywidgets.Widget, ...]:
        """What stands below them."""
        return (
            self.filters,
            self.filter_row,
            self.nothing,
            self.found,
            self.repair_box,
        )

    # -- the numbers ---------------------------------------------------------------------------------------------

    def show_nothing(self, told: Html) -> None:
        """Say why there is nothing to look at."""
        self.nothing.html = told
        self._show(self.found, shown=False)
        self._show_filters(shown=False)

    def show_inventory(self, inventory: Inventory) -> None:
        """Show what numbers there are, and what they can be filtered by."""
        self.about.html = about(inventory)
        self._show_filters(shown=len(inventory.active) > 0)
        for name in ("open_export", "refresh"):
            self.actions.change(name, disabled=False)

    def show_choices(self, inventory: Inventory, filters: Mapping[str, Any]) -> None:
        """Show what can be filtered by: what occurs, and what is asked for though it does not."""
        for name in _FILTER_LABELS:
            if name != "text":
                rows = inventory.choices[(inventory.choices["filter"] == name).to_numpy()]
                self.filters.change_field(name, options=_options(name, rows, filters.get(name, ())))

    def show_filters(self, filters: Mapping[str, Any], *, more: bool, typed: str = "") -> None:
        """Show what is filtered by; a field that a person is typing in is left alone."""
        for name in _FILTER_LABELS:
            self.filters.change_field(name, hidden=not (more or name in _FIRST_FILTERS or name in filters))
        values: dict[str, Any] = {
            name: filters.get(name, "") if name == "text" else list(filters.get(name, ()))
            for name in _FILTER_LABELS
        }
        self.filters.set_values(**{name: value for name, value in values.items() if name != typed})
        self.filter_actions.change("more_filters", label="Fewer filters" if more else "More filters")
        self.filter_actions.change("clear_filters", hidden=not filters)

    def show_selection(self, selection: Selection) -> None:
        """Show how many numbers pass, and what is worked out of them at once."""
        some, any_at_all = len(selection.shown) > 0, len(selection.inventory.active) > 0
        self.passing.html = passing(selection) if some else Html("")
        self.nothing.html = (
            Html("") if some else no_match(selection) if any_at_all else no_numbers(selection.inventory)
        )
        self._show(self.found, shown=some)
        self.to_do.show(selection)
        self.tabs.change("to_do", count=int(selection.to_do["phone_number"].nunique()))
        self.tabs.change("numbers", count=len(selection.shown))

    def show_numbers(self, selection: Selection) -> None:
        """Show the table of the numbers that pass, unless it shows them."""
        if self._numbers_of is not selection:
            self._numbers_of = selection
            self.numbers.show(selection.shown)

    def show_figures(self, figures: pd.DataFrame, selection: Selection) -> None:
        """Show the key figures."""
        self.cards.html = cards(figures, selection)
        failing = figures.loc[(figures["figure"] == "failing").to_numpy(), "numbers"]
        self.tabs.change("errors", count=int(failing.sum()))

    def show_tab(self, name: str) -> None:
        """Show what stands under a tab."""
        if self.tabs.active != name:
            self.tabs.active = name
        for one, box in self._boxes.items():
            self._show(box, shown=one == name)

    # -- export and repair ------------------------------------------------------------------------------------------

    def show_export(self, *, shown: bool) -> None:
        """Show or hide the form of the export."""
        self._show(self.export_box, shown=shown)
        self.actions.change("open_export", label="Close the export" if shown else "Export …")

    def show_replace(self, *, shown: bool) -> None:
        """Show or hide the button that replaces a file."""
        self.export_actions.change("replace", hidden=not shown)

    def show_work(self, busy: str) -> None:
        """Show what is under way: ``"refresh"``, ``"plan_repair"``, ``"export"`` or nothing."""
        self.actions.change("refresh", busy=busy == "refresh")
        for name in ("export", "offer_download"):
            self.export_actions.change(name, busy=busy == name)
        self.to_do.actions.change("plan_repair", busy=busy == "plan_repair")

    def offer_refresh(self, *, more: bool) -> None:
        """Show the button that reads anew as the thing to do next, or as one among others."""
        self.actions.change("refresh", kind="primary" if more else "plain")

    def show_repair(self, panel: Any | None) -> None:
        """Show the panel of a repair beneath all else, or none."""
        self.repair_box.children = (*(() if panel is None else (panel,)), self.repair_actions)
        self._show(self.repair_box, shown=panel is not None)

    def _show_filters(self, *, shown: bool) -> None:
        for part in (self.filters, self.filter_row):
            self._show(part, shown=shown)

    def _show(self, widget: ipywidgets.Widget, *, shown: bool) -> None:
        widget.layout.display = None if shown else "none"


# -- fields and buttons ----------------------------------------------------------------------------------------


def _buttons(*, can_read: bool) -> list[dict[str, Any]]:
    refresh = {
        "name": "refresh",
        "label": "Refresh",
        "help": "Reads all numbers of the project anew." if can_read else "",
        "hidden": not can_read,
    }
    return [refresh, {"name": "open_export", "label": "Export …", "disabled": True}]


def _filter_buttons() -> list[dict[str, Any]]:
    return [
        {"name": "more_filters", "label": "More filters"},
        {"name": "clear_filters", "label": "Clear filters", "hidden": True},
    ]


def _export_buttons() -> list[dict[str, Any]]:
    return [
        {
            "name": "export",
            "label": "Write the file",
            "kind": "primary",
            "help": "Writes it where the kernel runs.",
        },
        {"name": "replace", "label": "Replace the file that is there", "kind": "danger", "hidden": True},
        {"name": "offer_download", "label": "Download", "help": "Has your browser save it."},
    ]


def _filter_fields() -> list[dict[str, Any]]:
    kinds = {"text": "text", "capabilities": "checks"}
    helps = {
        "capabilities": "A number has to have all of them.",
        "service_plan_id": "In force or being set.",
        "campaign_id": "In force or being set.",
    }
    return [
        {
            "name": name,
            "kind": kinds.get(name, "choices"),
            "label": label,
            "placeholder": "" if name == "text" else "All",
            "help": helps.get(name, ""),
            "hidden": name not in _FIRST_FILTERS,
            "wide": name == "text",
        }
        for name, label in _FILTER_LABELS.items()
    ]


def _options(name: str, rows: pd.DataFrame, given: Any) -> list[dict[str, str]]:
    counts = dict(zip(rows["value"], rows["numbers"], strict=True))
    values = list(dict.fromkeys([*list(counts)[:_MOST_OPTIONS], *given]))
    return [
        {"value": value, "label": choice_label(name, value), "note": f"{counts.get(value, 0):,}"}
        for value in values
    ]


def _export_fields() -> list[dict[str, Any]]:
    what = {
        "numbers": "Numbers that pass the filters",
        "filtered": "Of those, what the table's own filter leaves",
        "selected": "Numbers selected in the table",
        "to_do": "To-do list",
    }
    sheets = {sheet.name: sheet.label for sheet in SHEETS}
    return [
        {
            "name": "what",
            "kind": "choice",
            "label": "What",
            "options": [{"value": value, "label": label} for value, label in {**what, **sheets}.items()],
            "help": "As the filters leave it.",
        },
        {
            "name": "format",
            "kind": "choice",
            "label": "As",
            "options": [{"value": name, "label": one.label} for name, one in FORMATS.items()],
        },
        {"name": "path", "label": "File", "help": "In the folder of the notebook, unless it names another."},
    ]


def _by_field() -> dict[str, Any]:
    options = [{"value": name, "label": label} for name, label in BREAKDOWNS.items()]
    return {"name": "by", "kind": "switch", "label": "Costs by", "options": options}
