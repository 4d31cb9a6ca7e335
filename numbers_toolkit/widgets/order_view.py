"""The parts of an order's form, put together: what they show of the papers and of the orders. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ipywidgets

from numbers_toolkit import markup
from numbers_toolkit.activation.order_states import BLOCKED, CREATED, ORDER_STATES
from numbers_toolkit.formatting import state_text, time_text
from numbers_toolkit.markup import Html
from numbers_toolkit.widgets.order_blanks import label_of
from numbers_toolkit.widgets.order_documents import downloads
from numbers_toolkit.widgets.parts import fields as kinds
from numbers_toolkit.widgets.parts.actions import Actions
from numbers_toolkit.widgets.parts.form import Form
from numbers_toolkit.widgets.parts.markup import Markup
from numbers_toolkit.widgets.parts.table import Table
from numbers_toolkit.widgets.parts.table_columns import TableColumn
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from numbers_toolkit.activation.requirement_values import Requirements
    from numbers_toolkit.widgets.order_places import Place

__all__ = ["OrderView", "orders_in_words"]

_PAPERS: Final[tuple[dict[str, Any], ...]] = (
    {"name": "check", "label": "Check the papers", "kind": "primary", "hidden": True},
    {
        "name": "keep",
        "label": "Use them all the same",
        "hidden": True,
        "help": "The API checks the data itself when it is sent, and a refusal costs nothing.",
    },
    {"name": "order", "label": "Go on to the order", "hidden": True, "disabled": True},
    {"name": "clear", "label": "Empty the form", "hidden": True},
    {"name": "load", "label": "Load the requirements again", "hidden": True},
)
_ORDERS: Final[tuple[dict[str, Any], ...]] = (
    {"name": "refresh", "label": "Refresh", "help": "Reads how each order stands now."},
    {"name": "resume", "label": "Go on with these papers", "hidden": True, "disabled": True},
    {"name": "order_anew", "label": "Order rejected numbers anew", "hidden": True, "disabled": True},
)
_CHECK_FIRST: Final = "Fill in the form above and check the papers first."
_COLUMNS: Final = (
    TableColumn("phone_number", kind="phone"),
    TableColumn("order_state", "Order", kind="state"),
    TableColumn("what_to_do", "What to do", width="22rem"),
    TableColumn("reason", "What was said of it", width="22rem"),
    TableColumn("order_expires_at", "Ends unless submitted", kind="datetime"),
    TableColumn("meaning", "What the state means", width="22rem"),
    TableColumn("order_id", "Order ID", kind="code"),
)
#: States in which an order's end matters.
_ENDING: Final = (CREATED, BLOCKED)


class OrderView:
    """The parts of the panel.

    Parameters
    ----------
    clicked : callable
        Is told the name of what a person clicked; for lists ``add`` or ``remove``, and the list's path as text.
    """

    def __init__(self, clicked: Callable[..., object]) -> None:
        self._clicked = clicked
        self.head = Markup(Html(""))
        self.form = Form([], label="Papers", columns=2)
        self.lists = ipywidgets.VBox([])
        self.actions = Actions(_PAPERS, label="Papers")
        self.table = Table(
            label="Orders",
            columns=_COLUMNS,
            selection="none",
            empty="No number of this plan is bought by order.",
        )
        self.table.show(ORDER_STATES.empty())
        self.order_actions = Actions(_ORDERS, label="Orders")
        heading = Markup(Html("<h4>Orders</h4>"))
        self.orders = ipywidgets.VBox([heading, self.table, self.order_actions])
        self.place = ipywidgets.VBox([])
        for one in (self.lists, self.orders, self.place):
            _show(one, shown=False)
        self.actions.on_click(clicked)
        self.order_actions.on_click(clicked)

    @property
    def controls(self) -> tuple[ipywidgets.Widget, ...]:
        """What stands above notices."""
        return (self.head, self.form, self.lists, self.actions)

    @property
    def body(self) -> tuple[ipywidgets.Widget, ...]:
        """What stands below them."""
        return (self.place, self.orders)

    # -- the form -----------------------------------------------------------------------------------------------

    def show_needed(self, needed: Requirements, remarks: Sequence[str]) -> None:
        """Show what is asked for, and what to know of it beforehand."""
        told = [markup.paragraph(needed.summary()), *(markup.note(one, "warn") for one in remarks)]
        if not needed.asks_for_anything:
            told.append(markup.muted("There is nothing to fill in, and no papers are needed to order it."))
        self.head.html = Html("".join([*told, downloads(needed)]))
        for name in ("check", "clear"):
            self.actions.change(name, hidden=not needed.asks_for_anything)
        self.actions.change("load", hidden=True)

    def show_fields(self, fields: Sequence[Mapping[str, Any]]) -> None:
        """Show fields; what was typed into those that stay remains, and so does what is wrong with them."""
        errors = self.form.errors
        self.form.show_fields([{**one, "error": errors.get(one["name"], "")} for one in fields])

    def show_lists(self, lists: Sequence[Place]) -> None:
        """Show buttons for the lists that can grow or shrink."""
        buttons = [button for one in lists for button in _list_buttons(one)]
        former = next(iter(self.lists.children), None)
        if former is not None and [one["name"] for one in former.buttons] == [one["name"] for one in buttons]:
            for one in buttons:
                former.change(one["name"], disabled=one["disabled"])
            return
        actions = Actions(buttons, label="Lists") if buttons else None
        if actions is not None:
            actions.on_click(lambda name: self._clicked(*name.split(":", 1)))
        self.lists.children = () if actions is None else (actions,)
        _show(self.lists, shown=bool(buttons))
        if former is not None:
            former.close()

    def problems(self, *, required: bool) -> dict[str, str]:
        """Return what the form itself finds wrong, by field; with or without what is merely left empty."""
        entered = self.form.values  # noqa: PD011 - of a form, not of a frame
        fields = {one["name"]: one for one in self.form.fields}
        return {
            name: text
            for name, text in self.form.problems().items()
            if required or entered[name] or text != kinds.problem(fields[name], entered[name])
        }

    def show_papers(self, *, checked: bool, keep: bool = False) -> None:
        """Show what can be done with the papers."""
        self.actions.change("keep", hidden=not keep)
        # What comes next stands out. The button that checks stays as it is: an edit that changed it would have the
        # very click passed over that a person leaves the edited field with.
        state = {"disabled": not checked, "help": "" if checked else _CHECK_FIRST}
        self.actions.change("order", kind="primary" if checked else "plain", **state)
        for name in ("resume", "order_anew"):
            self.order_actions.change(name, kind="primary" if checked else "plain", **state)

    def offer_order(self, label: str) -> None:
        """Offer to order what the papers are for; with no label, no longer."""
        self.actions.change("order", hidden=not label, **({"label": label} if label else {}))

    def offer_load(self) -> None:
        """Offer to load again what could not be loaded."""
        self.actions.change("load", hidden=False)

    def show_work(self, name: str, *, busy: bool) -> None:
        """Show which button's work is under way."""
        for actions in (self.actions, self.order_actions):
            for button in actions.buttons:
                if button["name"] == name:
                    actions.change(name, busy=busy)

    # -- the orders ---------------------------------------------------------------------------------------------

    def show_beneath(self, panels: Sequence[ipywidgets.Widget]) -> None:
        """Show panels of their own below."""
        self.place.children = tuple(panels)
        _show(self.place, shown=bool(panels))

    def show_orders(self, orders: pd.DataFrame, *, resume: bool, anew: bool) -> None:
        """Show how orders stand, and what can be done about them."""
        # A column that says nothing of any order only takes room.
        told = [one for one in _COLUMNS if not orders[one.name].isna().all()]
        self.table.show(_rows(orders), told or _COLUMNS)
        self.order_actions.change("resume", hidden=not resume)
        self.order_actions.change("order_anew", hidden=not anew)
        _show(self.orders, shown=True)


def orders_in_words(orders: pd.DataFrame) -> str:
    """Return how orders stand in a sentence.

    Examples
    --------
    >>> import pandas as pd
    >>> orders_in_words(pd.DataFrame({"order_state": ["IN_REVIEW", "COMPLETED", "COMPLETED"]}))
    '3 orders: 2 completed, 1 in review.'
    """
    counts = orders["order_state"].astype(str).value_counts()
    parts = [f"{count:,} {state_text(state)}" for state, count in counts.items()]
    return f"{counted(len(orders), 'order')}: {', '.join(parts)}." if parts else "There are no orders."


def _rows(orders: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the table: until when something has to be done stands beside what."""
    rows = orders.copy()
    ends = orders["order_expires_at"].map(time_text)
    pressing = orders["order_state"].isin(_ENDING) & (ends != "") & orders["what_to_do"].notna()
    told = (
        orders["what_to_do"].str.rstrip(".").str.removesuffix(" before it ends")
        + " before it ends at "
        + ends
        + "."
    )
    rows["what_to_do"] = orders["what_to_do"].mask(pressing, told)
    return rows


def _list_buttons(place: Place) -> list[dict[str, Any]]:
    name = "/".join(map(str, place.path))
    label = label_of(place)
    return [
        {"name": f"add:{name}", "label": f"{label}: one more", "disabled": place.entries >= place.most},
        {
            "name": f"remove:{name}",
            "label": f"{label}: one less",
            "disabled": place.entries <= max(place.least, 1),
            "help": "Takes the last one away, and what was typed there.",
        },
    ]


def _show(widget: ipywidgets.Widget, *, shown: bool) -> None:
    widget.layout.display = None if shown else "none"
