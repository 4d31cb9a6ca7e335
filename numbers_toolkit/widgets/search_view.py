"""The parts of the search panel, put together: what they show of what was found. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from numbers_toolkit.formatting import region_text
from numbers_toolkit.markup import Html
from numbers_toolkit.tables import AVAILABLE_NUMBERS
from numbers_toolkit.widgets.parts.actions import Actions
from numbers_toolkit.widgets.parts.bars import Bars
from numbers_toolkit.widgets.parts.form import Form
from numbers_toolkit.widgets.parts.markup import Markup
from numbers_toolkit.widgets.parts.table import Table
from numbers_toolkit.widgets.search_controls import (
    ORDERS,
    PATTERN_HELP,
    choice_buttons,
    order_field,
    search_buttons,
    search_fields,
)
from numbers_toolkit.widgets.search_findings import (
    Findings,
    can_go_further,
    nothing_found,
    nothing_searched,
    prefix_bars,
    said_below,
    selected_since,
    table_columns,
)
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numbers_toolkit.widgets.search_criteria import Criteria, Offer

__all__ = ["SearchView"]


class SearchView:
    """The parts of the search panel.

    Parameters
    ----------
    page_size : int
        Rows of the table on one page.
    """

    def __init__(self, page_size: int) -> None:
        self.form = Form(search_fields(), label="What to search for")
        self.actions = Actions(search_buttons(), label="Search")
        self.hint = Markup(nothing_searched())
        self.bars = Bars(label="On offer by prefix")
        self.order = Form(order_field(), label="Order of the table")
        self.table = Table(
            label="Numbers on offer",
            columns=table_columns(AVAILABLE_NUMBERS.empty()),
            page_size=page_size,
            empty="Nothing on offer fits.",
        )
        self.below = Markup(Html(""), role="status")
        self.choice = Actions(choice_buttons(), label="The selected numbers")
        self.found = ipywidgets.VBox([self.bars, self.order, self.table, self.below, self.choice])
        self.apart = Markup(Html(""), role="status")
        self.place = ipywidgets.VBox([])
        self._show(self.found, shown=False)
        self._show(self.place, shown=False)

    @property
    def controls(self) -> tuple[ipywidgets.Widget, ...]:
        """What stands above notices."""
        return (self.form, self.actions)

    @property
    def body(self) -> tuple[ipywidgets.Widget, ...]:
        """What stands below them."""
        return (self.hint, self.found, self.apart, self.place)

    # -- asking -------------------------------------------------------------------------------------------------

    def show_criteria(self, criteria: Criteria, offer: Offer | None) -> None:
        """Show what can be chosen, and how letters become digits."""
        if offer is None:
            regions = [{"value": code, "label": region_text(code), "note": ""} for code in criteria.regions]
            self.form.change_field("regions", options=regions)
        else:
            self.form.change_field("regions", options=offer.region_options(criteria.regions))
            types = offer.type_options(criteria.regions, criteria.number_types)
            self.form.change_field("number_types", options=types)
        self.form.change_field("pattern", help=criteria.spelling or PATTERN_HELP)

    def show_work(self, *, searching: bool, busy: bool) -> None:
        """Show what can be clicked while work is under way."""
        if searching:
            self.actions.change("search", label="Search")
        self.actions.change("search", busy=searching)
        for name in ("look_further", "load_regions"):
            self.actions.change(name, disabled=busy)

    def offer_again(self, *, search: bool = False, regions: bool = False) -> None:
        """Offer to try again what failed."""
        if search:
            self.actions.change("search", label="Try again")
        self.actions.change("load_regions", hidden=not regions)

    # -- what was found -----------------------------------------------------------------------------------------

    def show_findings(self, findings: Findings) -> None:
        """Show what was found, or how to find something."""
        found = len(findings.results) > 0
        self.hint.html = Html("") if found else nothing_found(findings.criteria)
        self._show(self.hint, shown=not found)
        self._show(self.found, shown=found)
        self.table.show(findings.rows, table_columns(findings.rows))
        bars = prefix_bars(findings.stock)
        self.bars.show(bars)
        self.bars.label = (
            f"On offer by prefix ({counted(len(bars), 'prefix', 'prefixes')}); choose one to see its numbers"
        )
        self.below.html = said_below(findings) if found else Html("")
        self.actions.change("look_further", hidden=not can_go_further(findings))

    def show_selection(self, count: int) -> None:
        """Show how many are chosen."""
        label = f"Activate {counted(count)}" if count else "Activate the selected numbers"
        self.choice.change("activate", label=label, disabled=not count)

    def show_order(self, order: str) -> None:
        """Sort the table in one of the orders; with none it stays as it is."""
        self.order.set_values(order=order)
        if order:
            _, column, ascending = ORDERS[order]
            with self.table.hold_trait_notifications():
                self.table.sort_by, self.table.ascending = column, ascending

    def order_of_table(self) -> str:
        """Return the order that the table has, empty for one of its own."""
        current = (self.table.sort_by, self.table.ascending)
        return next((name for name, (_, *order) in ORDERS.items() if tuple(order) == current), "")

    def show_apart(self, opened_for: Sequence[str], count: int) -> None:
        """Say that the panel below is for other numbers than the selected ones; for none, say nothing."""
        self.apart.html = selected_since(opened_for, count) if opened_for else Html("")

    def show_beneath(self, panels: list[Any]) -> None:
        """Show panels below all else."""
        self.place.children = tuple(panels)
        self._show(self.place, shown=bool(panels))

    def _show(self, widget: ipywidgets.Widget, *, shown: bool) -> None:
        widget.layout.display = None if shown else "none"
