"""DataFrame -> table of the report: every value becomes text that says its unit and can't do harm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pandas as pd

from numbers_toolkit.plots.text import amount_text, count_text, share_text
from numbers_toolkit.report.model import Cell, Column, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["amounts", "clean", "count", "date", "share", "table", "text", "words"]

#: Characters of a text shown in a cell, and kept as its full text.
_SHOWN: Final = 48
_KEPT: Final = 600
_NONE: Final = "–"
_CONTROL: Final = dict.fromkeys((*range(32), *range(127, 160), *range(0xD800, 0xE000)), "\ufffd")

Shape: TypeAlias = "tuple[str, str, str, Callable[[Any], Cell]]"


def clean(value: Any) -> str:
    r"""Return a value as one line of text; control characters become visible replacement characters.

    Examples
    --------
    >>> clean("Desk\x00\n") == "Desk\ufffd\ufffd"
    True
    """
    return str(value).translate(_CONTROL)


def words(value: Any) -> str:
    """Return a value as text, a dash where it is missing."""
    return _NONE if pd.isna(value) or str(value) == "" else clean(value)


def text(value: Any) -> Cell:
    """Return text of any length as a cell, shortened with its full text kept.

    Examples
    --------
    >>> text("x" * 100).text[-2:], len(text("x" * 100).full)
    ('x…', 100)
    """
    whole = words(value)
    if len(whole) <= _SHOWN:
        return Cell(whole)
    kept = whole if len(whole) <= _KEPT else f"{whole[:_KEPT]}…"
    return Cell(f"{whole[: _SHOWN - 1]}…", full=kept)


def whole(value: Any) -> Cell:
    """Return text of our own as a cell, all of it."""
    return Cell(words(value))


def count(value: Any) -> Cell:
    """Return a count as a cell."""
    return Cell(_NONE if pd.isna(value) else count_text(value))


def share(value: Any) -> Cell:
    """Return a share as a cell, in per cent."""
    return Cell(_NONE if pd.isna(value) else share_text(value))


def date(value: Any) -> Cell:
    """Return a time as a cell: its date in UTC, the full time as its full text."""
    if pd.isna(value):
        return Cell(_NONE)
    return Cell(value.strftime("%Y-%m-%d"), full=value.strftime("%Y-%m-%d %H:%M:%S UTC"))


def month(value: Any) -> Cell:
    """Return a calendar month as a cell."""
    return Cell(value.strftime("%Y-%m"))


def amounts(frame: pd.DataFrame, name: str) -> list[str]:
    """Return a column of amounts as text, each with its currency and all its digits."""
    return [
        _NONE if pd.isna(amount) else amount_text(amount, currency)
        for amount, currency in zip(frame[name], frame["currency_code"], strict=True)
    ]


def table(frame: pd.DataFrame, caption: str, shapes: Iterable[Shape], *, limit: int, how: str = "") -> Table:
    """Return the first rows of a frame as a table.

    Parameters
    ----------
    frame : pandas.DataFrame
        What to show.
    caption : str
        Says what the table is.
    shapes : iterable of (column, heading, look, function)
        The columns to show, and what makes a cell of a value.
    limit : int
        Rows to show at most; a sentence then says how many there are.
    how : str, default ""
        How to get at all of them.

    Returns
    -------
    Table
        The table; columns that the frame lacks are left out.
    """
    known = [shape for shape in shapes if shape[0] in frame.columns]
    head = frame.head(limit)
    columns = [[make(value) for value in head[name]] for name, _, _, make in known]
    left_out = len(frame) > limit
    return Table(
        caption=caption,
        columns=tuple(Column(heading, look) for _, heading, look, _ in known),
        rows=tuple(zip(*columns, strict=True)),
        more=f"The first {count_text(limit)} of {count_text(len(frame))} rows. {how}".strip()
        if left_out
        else "",
    )
