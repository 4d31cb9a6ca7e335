"""Tables of text for a terminal."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["counted", "named", "text_table"]

_WIDEST: Final = 60
_GAP: Final = "  "
_MOST_NAMED: Final = 5


def text_table(rows: Sequence[Mapping[str, str]], *, most: int | None = None) -> str:
    """Return rows as a table; columns that are empty throughout are left out.

    Parameters
    ----------
    rows : sequence of mapping of str to str
        All with the same names, which become the head.
    most : int, optional
        Rows to show at most; None shows all.

    Examples
    --------
    >>> print(text_table([{"phone_number": "+13075550142", "name": "", "route": "rent"}]))
    phone_number  route
    +13075550142  rent
    """
    shown = [{name: _cut(text) for name, text in row.items()} for row in rows[:most]]
    names = [name for name in (shown[0] if shown else {}) if any(row[name] for row in shown)]
    lines = [{name: name for name in names}, *shown]
    widths = {name: max(_width(line[name]) for line in lines) for name in names}
    return "\n".join(
        _GAP.join(line[name] + " " * (widths[name] - _width(line[name])) for name in names).rstrip()
        for line in lines
    )


def _cut(text: str) -> str:
    line = "".join(one if one.isprintable() else "\ufffd" for one in " ".join(text.split()))
    return line if len(line) <= _WIDEST else f"{line[: _WIDEST - 1]}…"


def _width(text: str) -> int:
    """Return the cells of a terminal that a text takes: some scripts have signs two cells wide, and marks of none."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


def counted(count: int, one: str = "number") -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> counted(1), counted(1200)
    ('1 number', '1,200 numbers')
    """
    return f"{count:,} {one if count == 1 else one + 's'}"


def named(numbers: Sequence[str]) -> str:
    """Return the first few of some numbers, and how many more there are.

    Examples
    --------
    >>> named(["a", "b"]), named(list("abcdefgh"))
    ('a, b', 'a, b, c, d, e and 3 more')
    """
    if len(numbers) > _MOST_NAMED + 1:
        return f"{', '.join(numbers[:_MOST_NAMED])} and {len(numbers) - _MOST_NAMED:,} more"
    return ", ".join(numbers)
