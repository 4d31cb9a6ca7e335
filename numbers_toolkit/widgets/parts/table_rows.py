"""A frame as a table looks at it: in which order, which rows a filter leaves, and what stands in the rows in sight.

Knows no widget. What was worked out last is kept, since a person turns pages far more often than they sort.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from numbers_toolkit.widgets.parts.table_cells import cells_of
from numbers_toolkit.widgets.parts.table_searching import RowTexts
from numbers_toolkit.widgets.parts.table_sorting import order_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from numbers_toolkit.widgets.parts.table_cells import Cell
    from numbers_toolkit.widgets.parts.table_columns import TableColumn

__all__ = ["Rows"]


class Rows:
    """The rows of a frame in any order, filtered, as cells.

    Parameters
    ----------
    frame : pandas.DataFrame
        The rows; later changes of it are not seen.
    columns : tuple of TableColumn
        What :func:`~numbers_toolkit.widgets.parts.table_columns.fitting` returned for it.

    Attributes
    ----------
    frame : pandas.DataFrame
        All rows, in the order in which they were given.
    columns : tuple of TableColumn
        As given.

    Examples
    --------
    >>> import pandas as pd
    >>> from numbers_toolkit.widgets.parts.table_columns import columns_of
    >>> frame = pd.DataFrame({"region_code": ["US", "SE", "GB"]})
    >>> rows = Rows(frame, columns_of(frame))
    >>> rows.places("region_code", ascending=False, text="e").tolist()
    [0, 1, 2]
    >>> rows.taken(rows.places("region_code", text="sweden"))
      region_code
    0          SE
    """

    def __init__(self, frame: pd.DataFrame, columns: tuple[TableColumn, ...]) -> None:
        self.frame = frame.copy(deep=False)
        self.columns = columns
        self._texts = RowTexts(self.frame, columns)
        self._order: tuple[object, NDArray[np.int64]] = (None, np.arange(0))
        self._held: tuple[object, NDArray[np.bool_]] = (None, np.ones(0, dtype=bool))
        self._cells: tuple[object, list[list[Cell]]] = (None, [])

    def __len__(self) -> int:
        return len(self.frame)

    def column(self, name: str) -> TableColumn | None:
        """Return a column by its name, None when there is none."""
        return next((one for one in self.columns if one.name == name), None)

    def places(self, sort_by: str = "", *, ascending: bool = True, text: str = "") -> NDArray[np.int64]:
        """Return the positions of the rows that hold a text, in the order of a column.

        Parameters
        ----------
        sort_by : str
            Name of a column; empty for the frame's own order.
        ascending : bool, default True
            Whether the smallest comes first.
        text : str
            Words that must all be found in a row's columns; none leaves every row.
        """
        asked, order = self._order
        if asked != (sort_by, ascending):
            column = self.column(sort_by)
            order = np.arange(len(self))
            if column is not None and len(self):
                order = order_of(self.frame, column, ascending=ascending)
            self._order = ((sort_by, ascending), order)
        held = self._holding(text)
        return order if held is None else order[held[order]]

    def count(self, text: str = "") -> int:
        """Return how many rows hold a text."""
        held = self._holding(text)
        return len(self) if held is None else int(held.sum())

    def _holding(self, text: str) -> NDArray[np.bool_] | None:
        """Return for each row whether it holds a text; None where all do."""
        if not text.strip() or not len(self):
            return None
        asked, held = self._held
        if asked != text:
            held = self._texts.holding(text)
            self._held = (text, held)
        return held

    def taken(self, places: NDArray[np.int64]) -> pd.DataFrame:
        """Return rows by their positions, with a new index."""
        return self.frame.iloc[places].reset_index(drop=True)

    def cells(self, places: NDArray[np.int64]) -> list[list[Cell]]:
        """Return the cells of rows by their positions; few, since each is written out."""
        if not len(places):
            return []
        seen, cells = self._cells
        if seen != places.tobytes():
            cells = cells_of(self.frame.iloc[places], self.columns)
            self._cells = (places.tobytes(), cells)
        return cells

    def note(self, sort_by: str) -> str:
        """Return what must be said of an order: amounts of several currencies are not compared."""
        column = self.column(sort_by)
        if column is None or not column.currency or not len(self):
            return ""
        return "sorted within each currency" if len(self.frame[column.currency].dropna().unique()) > 1 else ""
