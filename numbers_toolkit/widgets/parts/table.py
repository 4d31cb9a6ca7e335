"""A table of results: sorted, filtered, paged and selected by mouse, by keyboard and from Python.

The frame stays in the kernel. A page of cells is all that goes to the browser, and what a person does comes back as
small messages; a hundred thousand rows are no more to send than twenty-five.
"""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

import numpy as np
import pandas as pd
import traitlets

from numbers_toolkit.errors import ColumnError, InvalidInputError
from numbers_toolkit.widgets.parts.assets import script, style_sheet
from numbers_toolkit.widgets.parts.part import Part
from numbers_toolkit.widgets.parts.table_columns import RIGHT, TableColumn, columns_of, fitting
from numbers_toolkit.widgets.parts.table_keys import RowKeys
from numbers_toolkit.widgets.parts.table_rows import Rows
from numbers_toolkit.wording import listed, readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["PAGE_SIZES", "Table", "TableColumn"]

PAGE_SIZES: Final = (25, 100, 500)
SELECTIONS: Final = ("none", "one", "many")
#: Views whose last question is remembered as answered; a page has one or two.
_VIEWS: Final = 16
_TEXT: Final = 200
_OF_THE_VIEW: Final = ("filter", "sort", "page", "page_size")


class Table(Part):
    """A table of a frame's rows, some of which a person selects.

    Parameters
    ----------
    label : str
        What its rows are; read out by screen readers.
    columns : sequence of TableColumn
        Columns to show. By default every column of the frame, as its name and dtype suggest.
    selection : {"many", "one", "none"}, default "many"
        How many rows can be selected.
    page_size : int, default 25
        Rows of a page.
    empty : str
        What it says where a frame has no rows; it should explain why, and what to do. Also a trait.
    key : str or sequence of str, default "phone_number"
        The frame's column, or columns, by which a row is known again after sorting, and in another frame. ``""``
        for rows that need not be known again: another frame starts with nothing selected.

    Attributes
    ----------
    sort_by : str
        Name of the column that rows are sorted by, empty for the frame's own order; a trait that can be set, as
        are the next four.
    ascending : bool
        Whether the smallest is at the top.
    filter_text : str
        Words that must all be found in a row's columns.
    page : int
        Page that is in sight, from 1.
    page_size : int
        Rows of a page.
    selected_keys : tuple of str
        Keys of the selected rows in the frame's order, also of those that the filter hides; a trait that can be
        observed and set.

    Examples
    --------
    >>> from numbers_toolkit.tables import AVAILABLE_NUMBERS
    >>> table = Table(label="Numbers on offer", empty="No number was found.")
    >>> table.show(AVAILABLE_NUMBERS.empty())
    >>> len(table.shown), table.selected_keys
    (0, ())
    """

    _esm: ClassVar[str] = script("table")
    _css: ClassVar[str] = style_sheet("table")

    label = traitlets.Unicode("").tag(sync=True)
    empty = traitlets.Unicode("").tag(sync=True)

    sort_by = traitlets.Unicode("")
    ascending = traitlets.Bool(default_value=True)
    filter_text = traitlets.Unicode("")
    page = traitlets.Int(1)
    page_size = traitlets.Int(PAGE_SIZES[0])
    selected_keys = traitlets.Tuple()

    # What the browser needs: the head, the rows in sight, which of those are selected, what it asked that is done.
    _head = traitlets.Dict().tag(sync=True)
    _window = traitlets.Dict().tag(sync=True)
    _chosen = traitlets.Dict().tag(sync=True)
    _answered = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        *,
        label: str,
        columns: Sequence[TableColumn] = (),
        selection: Literal["none", "one", "many"] = "many",
        page_size: int = PAGE_SIZES[0],
        empty: str = "There is nothing to show.",
        key: str | Sequence[str] = "phone_number",
    ) -> None:
        if selection not in SELECTIONS:
            raise InvalidInputError(f"Selection {selection!r} is not one of {', '.join(SELECTIONS)}.")
        self._selection = selection
        self._given = tuple(columns)
        self._key = tuple([key] if isinstance(key, str) and key else key)
        # JupyterLab has clicks handled in a thread beside the one that runs cells, if the kernel can.
        self._lock = threading.RLock()
        self._depth = 0
        self._callbacks: list[Callable[[], object]] = []
        self._selected_anew = False
        self._take(Rows(pd.DataFrame(), self._given))
        super().__init__(label=label, empty=empty)
        with self._together():
            self.page_size = page_size

    # -- what it shows

    def show(self, frame: pd.DataFrame, columns: Sequence[TableColumn] | None = None) -> None:
        """Show the rows of a frame.

        Sorting, filter and page stay as the person left them, as far as the frame allows; rows that were selected
        stay selected, if they are still there.

        Parameters
        ----------
        frame : pandas.DataFrame
            The rows. Later changes of it are not seen.
        columns : sequence of TableColumn, optional
            Other columns than before.

        Raises
        ------
        ColumnError
            When the frame lacks columns; the table then shows what it showed.
        """
        if not isinstance(frame, pd.DataFrame):
            raise ColumnError(f"A table shows a pandas DataFrame, not {type(frame).__name__}.")
        given = self._given if columns is None else tuple(columns)
        fitted = fitting(given or columns_of(frame), frame)
        keys = RowKeys(frame, self._key)
        with self._together():
            kept = keys.known(self.selected_keys) if self._key else ()
            self._given = given
            self._take(Rows(frame, fitted), keys)
            if self._rows.column(self.sort_by) is None:
                self.sort_by = ""
            self.selected_keys = kept

    @property
    def frame(self) -> pd.DataFrame:
        """All rows, in the order in which they were given."""
        return self._rows.frame.copy(deep=False)

    @property
    def shown(self) -> pd.DataFrame:
        """The rows that the filter leaves, of all pages, in the order that is shown."""
        with self._lock:
            return self._rows.taken(self._places())

    @property
    def selected(self) -> pd.DataFrame:
        """The selected rows, in the order in which they were given; also those that the filter hides."""
        with self._lock:
            return self._rows.taken(np.flatnonzero(self._keys.rows(self.selected_keys)))

    # -- selecting

    def select(self, keys: str | Iterable[str]) -> None:
        """Select the rows with these keys, and no others.

        Parameters
        ----------
        keys : str or iterable of str
            Values of the key column.

        Raises
        ------
        InvalidInputError
            When there is no such row, or the table does not let so many be selected.
        """
        self.selected_keys = (keys,) if isinstance(keys, str) else tuple(keys)

    def select_all_shown(self) -> None:
        """Select all rows that the filter leaves, on all pages, beside those that are selected already."""
        self._select_more(self._places())

    def clear_selection(self) -> None:
        """Select nothing."""
        self.selected_keys = ()

    def on_select(self, callback: Callable[[], object]) -> None:
        """Have a function called, without arguments, whenever other rows are selected than before."""
        self._callbacks.append(callback)

    def close(self) -> None:
        """Take it off the page and let go of the frame."""
        was_open = self.comm is not None
        super().close()
        # It is also called for a table that was refused while it was made, and at the end of all, without pandas.
        if was_open and not sys.is_finalizing():
            self._callbacks.clear()
            self._take(Rows(pd.DataFrame(), ()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.label!r}, {len(self._rows):,} rows)"

    def _take(self, rows: Rows, keys: RowKeys | None = None) -> None:
        self._rows = rows
        self._keys = keys or RowKeys(rows.frame, ())

    def _places(self) -> NDArray[np.int64]:
        """Return the positions of the rows that the filter leaves, in order."""
        return self._rows.places(self.sort_by, ascending=self.ascending, text=self.filter_text)

    def _pages(self) -> int:
        return max(-(-self._rows.count(self.filter_text) // self.page_size), 1)

    # -- traits

    @traitlets.validate("sort_by")
    def _check_sort_by(self, proposal: Mapping[str, Any]) -> str:
        name = str(proposal["value"])
        if name and self._rows.column(name) is None:
            titles = listed([one.name for one in self._rows.columns], most=20) or "none yet"
            raise InvalidInputError(f"The table can't be sorted by {name!r}; its columns are {titles}.")
        return name

    @traitlets.validate("page")
    def _check_page(self, proposal: Mapping[str, Any]) -> int:
        return min(max(int(proposal["value"]), 1), self._pages())

    @traitlets.validate("page_size")
    def _check_page_size(self, proposal: Mapping[str, Any]) -> int:
        size = int(proposal["value"])
        if size < 1:
            raise InvalidInputError(f"A page of {size} rows shows nothing; page_size is 1 or more.")
        return size

    @traitlets.validate("selected_keys")
    def _check_selected_keys(self, proposal: Mapping[str, Any]) -> tuple[str, ...]:
        known = self._keys.check(proposal["value"])
        if known and (self._selection == "none" or (self._selection == "one" and len(known) > 1)):
            most = "no row" if self._selection == "none" else "one row"
            raise InvalidInputError(f"The table lets {most} be selected, not {len(known):,}.")
        return known

    @traitlets.observe("sort_by", "ascending", "filter_text")
    def _arranged_anew(self, _change: object) -> None:
        with self._together():
            self.page = 1

    @traitlets.observe("page_size")
    def _sized_anew(self, change: Mapping[str, Any]) -> None:
        first = (self.page - 1) * int(change["old"])
        with self._together():
            self.page = first // self.page_size + 1

    @traitlets.observe("page")
    def _turned(self, _change: object) -> None:
        with self._together():
            pass

    @traitlets.observe("selected_keys")
    def _selected(self, _change: object) -> None:
        with self._together():
            self._selected_anew = True

    # -- what goes to the browser

    @contextmanager
    def _together(self) -> Iterator[None]:
        """Show once, at the end, what changes inside; then tell of another selection."""
        with self._lock:
            self._depth += 1
            try:
                yield
            finally:
                if self._depth == 1:
                    with self.hold_sync():
                        self._show_window()
                self._depth -= 1
            is_other = self._selected_anew and not self._depth
            self._selected_anew = self._selected_anew and not is_other
        if is_other:
            self._call(self._callbacks)

    def _show_window(self) -> None:
        places = self._places()
        self.page = min(self.page, self._pages())
        first = (self.page - 1) * self.page_size
        here = places[first : first + self.page_size]
        selected = self._keys.rows(self.selected_keys)
        self._head = self._make_head()
        window = {
            "rows": [
                {"key": key, "cells": cells}
                for key, cells in zip(self._keys.of(here), self._rows.cells(here), strict=True)
            ],
            "first": first,
            "shown": len(places),
            "all": len(self._rows),
            "page": self.page,
            "pages": self._pages(),
            "page_size": self.page_size,
            "sort_by": self.sort_by,
            "ascending": self.ascending,
            "filter_text": self.filter_text,
            "note": self._rows.note(self.sort_by),
        }
        revision = self._window.get("revision", 0)
        if window | {"revision": revision} != self._window:
            self._window = window | {"revision": revision + 1}
        self._chosen = {
            "keys": list(dict.fromkeys(self._keys.of(here[selected[here]]))),
            "rows": int(selected.sum()),
            "shown": int(selected[places].sum()),
        }

    def _make_head(self) -> dict[str, Any]:
        columns = [
            {
                "name": one.name,
                "title": readable(one.title),
                "kind": one.kind,
                "right": one.kind in RIGHT,
                "width": one.width,
                "help": readable(one.help),
                "largest_first": one.largest_first,
            }
            for one in self._rows.columns
        ]
        return {"selection": self._selection, "columns": columns, "page_sizes": list(PAGE_SIZES)}

    # -- what comes from the browser

    def _heard(self, message: Mapping[str, Any], _buffers: Sequence[memoryview]) -> None:
        """Do what a person asked for. It may be about rows that are gone by now; nothing is done then."""
        do = self._DOES.get(str(message.get("kind")))
        view, number = str(message.get("view")), message.get("ask")
        if do is None or not isinstance(number, int):
            return
        try:
            with self._together():
                latest = self._answered.get(view, 0)
                others = [one for one in self._answered.items() if one[0] != view]
                self._answered = dict([*others[1 - _VIEWS :], (view, max(number, latest))])
                # Of clicks none is lost, but an older word about what is to be seen does not count any more.
                if number > latest or message["kind"] not in _OF_THE_VIEW:
                    do(self, message)
        except Exception as fault:
            if self._on_fault is None:
                raise
            self._on_fault(fault)

    def _filter(self, message: Mapping[str, Any]) -> None:
        self.filter_text = str(message.get("text", ""))[:_TEXT]

    def _sort(self, message: Mapping[str, Any]) -> None:
        name = str(message.get("column", ""))
        if not name or self._rows.column(name) is not None:
            with self.hold_trait_notifications():  # nobody sees the one without the other
                self.sort_by = name
                self.ascending = bool(message.get("ascending", True))

    def _turn(self, message: Mapping[str, Any]) -> None:
        self.page = int(message.get("page", 1))

    def _resize(self, message: Mapping[str, Any]) -> None:
        self.page_size = max(int(message.get("size", PAGE_SIZES[0])), 1)

    def _toggle(self, message: Mapping[str, Any]) -> None:
        key = self._keys.known([str(message.get("key"))])
        if self._selection == "one":
            self.selected_keys = key if message.get("on") else ()
        elif message.get("on"):
            self.selected_keys = (*self.selected_keys, *key)
        else:
            self.selected_keys = tuple(one for one in self.selected_keys if one not in key)

    def _extend(self, message: Mapping[str, Any]) -> None:
        """Select from one row to another, and no longer what an earlier such step had reached beyond."""
        ends = [self._place_of(str(message.get(name))) for name in ("anchor", "before", "to")]
        anchor, before, to = ends
        if to is None:
            return
        anchor = to if anchor is None else anchor
        places = self._places()
        if before is not None:
            self._select_less(places[min(anchor, before) : max(anchor, before) + 1])
        self._select_more(places[min(anchor, to) : max(anchor, to) + 1])

    def _select_shown(self, message: Mapping[str, Any]) -> None:
        (self._select_more if message.get("on") else self._select_less)(self._places())

    def _place_of(self, key: str) -> int | None:
        """Return where in the order that is shown a key stands first."""
        found = np.flatnonzero(self._keys.rows((key,))[self._places()])
        return int(found[0]) if len(found) else None

    def _select_more(self, places: NDArray[np.int64]) -> None:
        rows = self._keys.rows(self.selected_keys)
        rows[places] = True
        self.selected_keys = self._keys.all_of(rows)

    def _select_less(self, places: NDArray[np.int64]) -> None:
        gone = np.zeros(len(self._rows), dtype=bool)
        gone[places] = True
        gone = self._keys.rows(self._keys.all_of(gone))  # also other rows with these keys
        self.selected_keys = self._keys.all_of(self._keys.rows(self.selected_keys) & ~gone)

    _DOES: ClassVar[dict[str, Callable[[Table, Mapping[str, Any]], None]]] = {
        "filter": _filter,
        "sort": _sort,
        "page": _turn,
        "page_size": _resize,
        "toggle": _toggle,
        "extend": _extend,
        "all": _select_shown,
        "none": lambda self, _message: self.clear_selection(),
    }
