"""The order of a table's rows: stable, rows without a value last, amounts of one currency beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from numbers_toolkit.widgets.parts.table_columns import kind_of
from numbers_toolkit.widgets.parts.table_values import distinct, fold_all, take

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from numbers_toolkit.widgets.parts.table_columns import Kind, TableColumn

__all__ = ["order_of"]

#: Kinds whose values have an order of their own; all others are sorted like words.
_ORDERED: Final = ("number", "money", "date", "datetime", "flag")


def order_of(frame: pd.DataFrame, column: TableColumn, *, ascending: bool = True) -> NDArray[np.int64]:
    """Return the rows' positions in the order of a column.

    Rows that are equal stay in the frame's order. Rows without a value come last, whichever way it goes. Amounts
    are compared within their currency only: all of one currency stand together, currencies from A to Z both ways.
    Words are compared without regard to case and accents, phone numbers digit by digit.

    Parameters
    ----------
    frame : pandas.DataFrame
        The rows.
    column : TableColumn
        One that :func:`~numbers_toolkit.widgets.parts.table_columns.fitting` returned for this frame.
    ascending : bool, default True
        Whether the smallest comes first.

    Returns
    -------
    numpy.ndarray
        As many whole numbers as the frame has rows.

    Examples
    --------
    >>> from numbers_toolkit.widgets.parts.table_columns import TableColumn
    >>> prices = pd.DataFrame({"price": [2.0, 1.0, None, 3.0], "currency_code": ["USD", "USD", "EUR", "EUR"]})
    >>> by_price = TableColumn("price", kind="money", currency="currency_code")
    >>> prices.iloc[order_of(prices, by_price)]["price"].tolist()
    [3.0, 1.0, 2.0, nan]
    """
    values = frame[column.sort_column]
    ranks = _ranks(
        values, column.kind if column.sort_column == column.name else kind_of(column.sort_column, values)
    )
    missing = ranks < 0
    keys = [ranks if ascending else -ranks]
    if column.currency:
        currencies = _ranks(frame[column.currency], "code")
        keys.append(np.where(currencies < 0, len(frame), currencies))
    return np.lexsort((*keys, missing))


def _ranks(values: pd.Series[Any], kind: Kind) -> NDArray[np.int64]:
    """Return each row's place among the distinct values, -1 where it has no value."""
    codes, found = distinct(values)
    places = np.empty(len(found), dtype=np.int64)
    places[_order_of_distinct(found, kind)] = np.arange(len(found))
    return take(places, codes, -1)


def _order_of_distinct(found: pd.Index[Any], kind: Kind) -> NDArray[np.int64]:
    if isinstance(found.dtype, pd.CategoricalDtype) and found.dtype.ordered:
        return np.argsort(found.codes, kind="stable")  # type: ignore[attr-defined]  # a CategoricalIndex has them
    if kind in _ORDERED:
        try:
            return pd.Series(found).sort_values(kind="stable").index.to_numpy()
        except TypeError:  # a column of one's own may hold numbers and words
            pass
    by_words: NDArray[np.int64] = pc.sort_indices(fold_all(found.astype(str))).to_numpy().astype(np.int64)
    return by_words
