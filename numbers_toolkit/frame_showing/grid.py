"""The rows and columns of a frame that are in sight, as a table."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from numbers_toolkit import markup
from numbers_toolkit.formatting import is_missing
from numbers_toolkit.frame_showing.cells import RIGHT, cell, other_cell
from numbers_toolkit.frame_showing.recognising import known_columns
from numbers_toolkit.markup import Html
from numbers_toolkit.style import ROOT_CLASS
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numbers_toolkit.columns import Column
    from numbers_toolkit.frame_showing.layout import Columns, Rows

__all__ = ["GRID_STYLE", "grid"]

_CURRENCY: Final = "currency_code"
#: What pandas cuts text to; nobody asked for that, and text breaks into lines here.
_PANDAS_WIDTH: Final = 50
_WIDTH: Final = 200
#: A longer text may break into lines.
_LONG: Final = 40
#: The class stands twice so that the rules win over the notebook's own.
_RULES: Final = """
@ thead th { white-space: normal; overflow-wrap: normal; }
@ tbody th { font-weight: 400; color: var(--jp-content-font-color2, var(--quiet)); }
@ td.long { min-width: 18rem; }
@ .gap, @ .none { color: var(--jp-content-font-color2, var(--quiet)); }
@ .tel { white-space: nowrap; }
@ .tel > span + span { margin-left: .3em; }
@ .id {
  display: inline-block; max-width: 11ch; overflow: clip; text-overflow: ellipsis; white-space: nowrap;
  font-family: var(--jp-code-font-family, ui-monospace, Menlo, Consolas, monospace);
}
@ [title] { cursor: help; }
@ [class^="is-"] { white-space: nowrap; }
@ .is-good { color: var(--good); }
@ .is-info { color: var(--info); }
@ .is-warn { color: var(--warn); }
@ .is-bad { color: var(--bad); }
@ .is-plain { color: var(--jp-content-font-color2, var(--quiet)); }
"""
GRID_STYLE: Final = " ".join(_RULES.replace("@", f".{ROOT_CLASS}.{ROOT_CLASS} table.frame").split())


def grid(frame: pd.DataFrame, known: Mapping[str, Column], columns: Columns, rows: Rows, title: str) -> Html:
    """Return the part of a frame that is in sight.

    Parameters
    ----------
    frame : pandas.DataFrame
        The frame.
    known : mapping of str to Column
        Its columns that are known.
    columns : Columns
        Which are shown.
    rows : Rows
        Which are shown.
    title : str
        What the table is, for those who can't see where it stands.
    """
    place = f'class="scroll" tabindex="0" role="region" aria-label="{html.escape(title)}"'
    lines = list(_lines(frame.iloc[rows.positions()], known, columns))
    if rows.left_out:
        gap = f"… {counted(rows.left_out, 'more row')} …"
        lines.insert(rows.first, f'<tr><td class="gap" colspan="{len(columns.shown) + 1}">{gap}</td></tr>')
    head = "".join(_heading(name, known.get(name), _look(frame, name, known)) for name in columns.shown)
    corner = f"<td>{markup.text(frame.index.name) if frame.index.name is not None else ''}</td>"
    body = f"<thead><tr>{corner}{head}</tr></thead><tbody>{''.join(lines)}</tbody>"
    return Html(f'<div {place}><table class="frame">{body}</table></div>')


def _heading(name: str, column: Column | None, look: str) -> str:
    meaning = f' title="{html.escape(column.meaning)}"' if column else ""
    return f'<th scope="col"{look}{meaning}>{markup.breakable(name)}</th>'


def _look(frame: pd.DataFrame, name: str, known: Mapping[str, Column]) -> str:
    if name in known:
        return ' class="right"' if known[name].kind in RIGHT else ""
    dtype = frame[name].dtype
    numeric = pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype)
    return ' class="right"' if numeric else ""


def _lines(some: pd.DataFrame, known: Mapping[str, Column], columns: Columns) -> Iterator[str]:
    labels = _labels(some.index)
    cells = [
        [_dressed(one, _look(some, name, known)) for one in _cells(some, name, known)]
        for name in columns.shown
    ]
    for label, *values in zip(labels, *cells, strict=True):
        yield f'<tr><th scope="row">{label}</th>{"".join(values)}</tr>'


def _labels(index: pd.Index[Any]) -> list[Html]:
    """Return the labels of rows, as values of the column that became the index."""
    column = known_columns().get(str(index.name))
    if column is None or not column.accepts(index.dtype):
        return [other_cell(value) for value in index]
    return [cell(value, column) for value in index]


def _dressed(value: Html, look: str) -> str:
    words = value.startswith("<bdi") and not value.startswith('<bdi class="id"')
    long = ' class="long"' if words and not look and len(markup.plain(value)) > _LONG else ""
    return f"<td{look or long}>{value}</td>"


def _cells(some: pd.DataFrame, name: str, known: Mapping[str, Column]) -> Iterable[Html]:
    values = some[name].to_list()
    longest = _longest()
    if name not in known:
        return [_other(value, longest) for value in values]
    blank = [""] * len(values)
    with_currency = known[name].kind == "money" and _CURRENCY in some.columns
    currencies = some[_CURRENCY].to_list() if with_currency else blank
    return [
        cell(value, known[name], currency=currency, longest=longest)
        for value, currency in zip(values, currencies, strict=True)
    ]


def _other(value: Any, longest: int) -> Html:
    written = pd.get_option("display.float_format")
    if written is not None and isinstance(value, float) and not is_missing(value):
        return markup.text(written(value))
    return other_cell(value, precision=pd.get_option("display.precision"), longest=longest)


def _longest() -> int:
    asked = pd.get_option("display.max_colwidth")
    if asked is None:
        return 10**9
    return _WIDTH if asked == _PANDAS_WIDTH else max(int(asked), 2)
