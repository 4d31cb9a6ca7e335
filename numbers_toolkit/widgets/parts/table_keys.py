"""Which rows of a table are meant by a key, whatever their order and whichever of them are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from numbers_toolkit.errors import ColumnError, InvalidInputError
from numbers_toolkit.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

__all__ = ["RowKeys"]

_JOINT = " / "


class RowKeys:
    """The keys of a frame's rows. Rows with the same key are one thing to select.

    Parameters
    ----------
    frame : pandas.DataFrame
        The rows.
    columns : sequence of str
        Columns whose values together tell a row; none for the row's position.

    Raises
    ------
    ColumnError
        When the frame lacks one of the columns.

    Examples
    --------
    >>> keys = RowKeys(pd.DataFrame({"phone_number": ["+13075550101", "+13075550100"]}), ["phone_number"])
    >>> keys.known(["+13075550100", "+13075550101", "+13075550199"])
    ('+13075550101', '+13075550100')
    """

    def __init__(self, frame: pd.DataFrame, columns: Sequence[str]) -> None:
        missing = [name for name in columns if name not in frame.columns]
        if missing:
            raise ColumnError(
                f"The frame to be shown has no {listed(missing)}, by which its rows are told apart. Give the table "
                "another key=, or key='' for rows that need not be known again."
            )
        names = pd.Series(range(len(frame)), dtype=object).astype(str)
        if columns:
            first, *others = (_texts(frame[name]) for name in columns)
            names = first.str.cat(pd.concat(others, axis=1), sep=_JOINT) if others else first
        codes, found = pd.factorize(names.astype(object))
        self._codes = codes.astype(np.int64)
        self._names = pd.Index(found, dtype=object)
        self._last: tuple[object, NDArray[np.bool_]] = ((), np.zeros(len(found), dtype=bool))

    def known(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Return those of some keys that there are, each once, in the frame's order."""
        return self._named(self._marked(tuple(keys)))

    def check(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Return keys, each once, in the frame's order.

        Raises
        ------
        InvalidInputError
            When there is no row for some of them; names the first.
        """
        given = tuple(keys)
        known = self.known(given)
        if len(known) == len(given):  # the same ones, but for what stands there twice
            return known
        strange = [one for one in dict.fromkeys(given) if one not in self._names]
        if strange:
            there = (
                f"Its keys are like {listed(list(self._names[:2]))}."
                if len(self._names)
                else "It has no rows."
            )
            raise InvalidInputError(
                f"{listed(list(map(repr, strange)))} can't be selected: no row of the table has that key. {there}"
            )
        return known

    def of(self, rows: NDArray[Any]) -> list[str]:
        """Return the keys of rows, given by their positions; one for each."""
        return list(self._names[self._codes[rows]])

    def rows(self, keys: tuple[str, ...]) -> NDArray[np.bool_]:
        """Return for each row whether its key is one of them."""
        return self._marked(keys)[self._codes]

    def all_of(self, rows: NDArray[np.bool_]) -> tuple[str, ...]:
        """Return the keys of the rows that hold true, each once, in the frame's order."""
        marked = np.zeros(len(self._names), dtype=bool)
        marked[self._codes[rows]] = True
        return self._named(marked)

    def _named(self, marked: NDArray[np.bool_]) -> tuple[str, ...]:
        keys = tuple(self._names[marked])
        self._last = (keys, marked)
        return keys

    def _marked(self, keys: tuple[str, ...]) -> NDArray[np.bool_]:
        last, marked = self._last
        if keys is last:  # a selection is looked at far more often than it changes
            return marked
        marked = np.zeros(len(self._names), dtype=bool)
        if keys:
            codes = self._names.get_indexer(pd.Index(keys, dtype=object))
            marked[codes[codes >= 0]] = True
        return marked


def _texts(values: pd.Series[Any]) -> pd.Series[Any]:
    return values.astype(str).fillna("").reset_index(drop=True)
