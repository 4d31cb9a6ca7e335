"""What of a frame is in sight: which rows, which columns, and what is said of the others.

Looks at every value once, by columns, for what is empty; only what is in sight becomes text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numbers_toolkit.columns import Column

__all__ = ["Columns", "Rows", "columns_in_sight", "rows_in_sight"]

#: Columns that say the same in every row of most frames.
_OFTEN_THE_SAME: Final = ("project_id", "callback_url")
_CURRENCY: Final = "currency_code"
#: What people look for first is not left out, however empty.
_TOLD: Final = ("state", "error_code", "outcome", "problem", "remedy", "status", "reason")


@dataclass(frozen=True, slots=True)
class Rows:
    """How many of the first and of the last rows are in sight."""

    first: int
    last: int
    total: int

    @property
    def left_out(self) -> int:
        """Rows between them."""
        return self.total - self.first - self.last

    def positions(self) -> list[int]:
        """Return the positions of the rows in sight."""
        return [*range(self.first), *range(self.total - self.last, self.total)]


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns, by what becomes of them.

    Parameters
    ----------
    shown : tuple of str
        In sight, in the frame's order.
    empty : tuple of str
        Without any value.
    same : mapping of str to object
        With the same value in every row.
    beside : tuple of str
        Shown with the values of others: the currency of amounts.
    left_out : tuple of str
        Too many.
    """

    shown: tuple[str, ...]
    empty: tuple[str, ...] = ()
    same: Mapping[str, Any] = field(default_factory=dict)
    beside: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def rows_in_sight(total: int, rows: int | None = None) -> Rows:
    """Return which rows are shown: all of a few, else the first and the last.

    Parameters
    ----------
    total : int
        Rows of the frame.
    rows : int, optional
        Rows to show at most. None takes pandas' ``display.max_rows`` and ``display.min_rows``.

    Examples
    --------
    >>> rows_in_sight(100, rows=5)
    Rows(first=3, last=2, total=100)
    >>> rows_in_sight(4, rows=5).left_out
    0
    """
    most, some = (rows, rows) if rows is not None else _row_options()
    if most is None or total <= most:
        return Rows(total, 0, total)
    some = most if some is None else min(some, most)
    return Rows(some - some // 2, some // 2, total)


def _row_options() -> tuple[int | None, int | None]:
    some = pd.get_option("display.min_rows")
    # 0 stands for "as many as the terminal has lines", which a page has not.
    return (some if pd.get_option("display.max_rows") == 0 else pd.get_option("display.max_rows")), some


def columns_in_sight(frame: pd.DataFrame, known: Mapping[str, Column], most: int | None = None) -> Columns:
    """Return what becomes of each column of a frame that has rows.

    Parameters
    ----------
    frame : pandas.DataFrame
        The frame.
    known : mapping of str to Column
        Its columns that are known.
    most : int, optional
        Columns to show at most; None or 0 shows all.

    Returns
    -------
    Columns
        Of too many, those with the fewest values are left out.

    Examples
    --------
    >>> columns_in_sight(pd.DataFrame({"a": [1, 2], "b": [None, None]}), {})
    Columns(shown=('a',), empty=('b',), same={}, beside=(), left_out=())
    """
    given = {str(name): _values(frame[name]) for name in frame.columns}
    empty = tuple(name for name, count in given.items() if not count)
    rest = [name for name in given if name not in empty]
    same = {
        name: frame[name].iloc[0] for name in rest if name in _OFTEN_THE_SAME and _is_the_same(frame[name])
    }
    with_money = any(known[name].kind == "money" for name in rest if name in known)
    beside = (_CURRENCY,) if with_money and _CURRENCY in rest else ()
    shown = [name for name in rest if name not in same and name not in beside]
    kept = _fitting(shown, given, most or len(shown))
    left_out = tuple(name for name in shown if name not in kept)
    return Columns(tuple(name for name in shown if name in kept), empty, same, beside, left_out)


def _values(series: pd.Series[Any]) -> int:
    """Return how many values are neither missing nor empty text."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        counts = series.cat.codes.value_counts()
        nothing = [code for code, value in enumerate(series.cat.categories) if value == ""]
        return int(counts.drop([code for code in (-1, *nothing) if code in counts.index]).sum())
    there = series.notna()
    if isinstance(series.dtype, pd.StringDtype) or pd.api.types.is_object_dtype(series.dtype):
        there &= series.ne("").fillna(value=True)
    return int(there.sum())


def _is_the_same(series: pd.Series[Any]) -> bool:
    return len(series) > 1 and bool(series.duplicated().iloc[1:].all())


def _fitting(names: Sequence[str], given: Mapping[str, int], most: int) -> set[str]:
    """Return as many names as fit: the first, those that tell most, then those with most values."""

    def order(name: str) -> tuple[bool, bool, int]:
        return name != names[0], not any(word in name for word in _TOLD), -given[name]

    return set(sorted(names, key=order)[:most])
