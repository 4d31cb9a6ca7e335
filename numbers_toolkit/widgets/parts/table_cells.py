"""What stands in the cells of the rows that are in sight: text, how it looks, what it says at a touch.

Only the rows of one page come here.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from numbers_toolkit.formatting import (
    date_text,
    is_missing,
    money_text,
    phone_text,
    region_text,
    state_mark,
    state_text,
    time_text,
)
from numbers_toolkit.widgets.parts.table_columns import TONES
from numbers_toolkit.widgets.parts.table_values import parts_of
from numbers_toolkit.wording import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from numbers_toolkit.widgets.parts.table_columns import TableColumn

__all__ = ["Cell", "cells_of", "number_text"]

#: ``text``, and where there is something to say ``tone``, ``mark`` (one character before it) and ``parts``.
Cell: TypeAlias = "dict[str, Any]"

#: Longer text than any name can be is cut, so that one row can't fill a notebook.
_LONGEST: Final = 1000
_DECIMALS: Final = 4
_NONE: Final[Cell] = {"text": "–", "tone": "quiet"}


def cells_of(frame: pd.DataFrame, columns: Sequence[TableColumn]) -> list[list[Cell]]:
    """Return the cells of rows, column by column.

    Parameters
    ----------
    frame : pandas.DataFrame
        The rows that are in sight.
    columns : sequence of TableColumn
        Columns that :func:`~numbers_toolkit.widgets.parts.table_columns.fitting` returned for this frame.

    Returns
    -------
    list of list of dict
        For each row, a cell for each column. All of it is text that JSON can hold.

    Examples
    --------
    >>> import pandas as pd
    >>> from numbers_toolkit.widgets.parts.table_columns import columns_of
    >>> frame = pd.DataFrame({"phone_number": ["+13075550142"], "sms_state": ["FAILED"]})
    >>> cells_of(frame, columns_of(frame))
    [[{'text': '+1 307 555 0142'}, {'text': 'failed', 'tone': 'bad', 'mark': '✕'}]]
    """
    by_column = [_column_cells(frame, column) for column in columns]
    return [list(row) for row in zip(*by_column, strict=True)]


def _column_cells(frame: pd.DataFrame, column: TableColumn) -> list[Cell]:
    values = frame[column.name].tolist()
    if column.kind == "money":
        currencies = frame[column.currency].tolist() if column.currency else [""] * len(values)
        cells = [_shown(money_text(*pair)) for pair in zip(values, currencies, strict=True)]
    else:
        make = _MAKE.get(column.kind, _text)
        cells = [_NONE if _is_nothing(value) else make(value) for value in values]
    if not column.tone:
        return cells
    if column.tone in TONES:
        return [{**cell, "tone": column.tone} for cell in cells]
    tones = (str(one) for one in frame[column.tone].tolist())
    return [
        {**cell, "tone": tone} if tone in TONES else cell for cell, tone in zip(cells, tones, strict=True)
    ]


def number_text(value: Any) -> str:
    """Return a number for reading; a fraction with four decimals at most.

    Examples
    --------
    >>> number_text(1203), number_text(0.1 + 0.2), number_text(1203.0), number_text("many")
    ('1,203', '0.3', '1,203', 'many')
    """
    if isinstance(value, int):
        return f"{value:,}"
    if not isinstance(value, float):
        return readable(value)
    shown = f"{value:,.{_DECIMALS}f}"
    return shown.rstrip("0").rstrip(".") if math.isfinite(value) else shown


def _is_nothing(value: Any) -> bool:
    return not isinstance(value, (list, tuple)) and is_missing(value)


def _shown(text: str) -> Cell:
    return {"text": text} if text else _NONE


def _text(value: Any) -> Cell:
    whole = readable(value)
    return {"text": whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 1]}…"}


def _state(value: Any) -> Cell:
    mark, tone = state_mark(value)
    return {"text": state_text(value), "tone": tone, "mark": mark}


def _flag(value: Any) -> Cell:
    return {"text": "yes"} if value else {"text": "no", "tone": "quiet"}


def _tags(value: Any) -> Cell:
    parts = [readable(one) for one in parts_of(value)]
    return {"text": ", ".join(parts), "parts": parts} if parts else _NONE


_MAKE: Final[dict[str, Callable[[Any], Cell]]] = {
    "number": lambda value: _shown(number_text(value)),
    "phone": lambda value: _shown(phone_text(value)),
    "date": lambda value: _shown(date_text(value)),
    "datetime": lambda value: _shown(time_text(value)),
    "region": lambda value: _shown(region_text(value)),
    "state": _state,
    "flag": _flag,
    "tags": _tags,
}
