"""Tables inside of files, column by column: a secret can stand far below the name that tells of it."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["named_columns", "sheet_rows"]

_TABLE: Final = re.compile(r"<table\b.*?</table>", re.IGNORECASE | re.DOTALL)
_ROW: Final = re.compile(r"<tr\b.*?(?=<tr\b|</table>)", re.IGNORECASE | re.DOTALL)
_CELL: Final = re.compile(r"<t[hd]\b[^>]*>(.*?)(?=<t[hd]\b|</tr>|</table>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")
_SEPARATORS: Final = ",;\t|"
_COLUMN_NAME: Final = re.compile(r"[\w .%()/#-]{0,60}")
_WORD: Final = re.compile(r"\S+")
_PRINTED_HEADER: Final = re.compile(r"^(?P<names>[ \t]+[\w. \t]+)\n(?=0[ \t])", re.MULTILINE)
_PRINTED_ROWS: Final = re.compile(r"(?:\d+[ \t].*(?:\n|\Z))+")

_SHARED: Final = re.compile(rb"<si\b[^>]*>(.*?)</si>", re.DOTALL)
_TEXT: Final = re.compile(rb"<t\b[^>]*>(.*?)</t>", re.DOTALL)
_SHEET_ROW: Final = re.compile(rb"<row\b[^>]*>(.*?)</row>", re.DOTALL)
_SHEET_CELL: Final = re.compile(
    rb"<c\b(?P<about>[^>]*?)(?:/>|>(?P<inside>.*?)</c>)",
    re.DOTALL,
)
_REFERENCE: Final = re.compile(rb'\br="([A-Z]+)\d+"')
_VALUE: Final = re.compile(rb"<v\b[^>]*>(.*?)</v>", re.DOTALL)


def named_columns(text: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, list[str]]]:
    """Yield the columns of a text's tables (CSV, HTML, printed frames) under a name that is wanted.

    Parameters
    ----------
    text : str
        However long.
    wanted : callable
        Tells whether a column of this name is of interest.

    Examples
    --------
    >>> list(named_columns("id,hush\\n1,abc\\n2,def\\n", "hush".__eq__))
    [('hush', ['abc', 'def'])]
    >>> list(named_columns("<table><tr><th>hush<tr><td>abc</table>", "hush".__eq__))
    [('hush', ['abc'])]
    """
    yield from _of_rows(_separated(text, wanted), wanted)
    for table in _TABLE.finditer(text) if "<t" in text.lower() else ():
        yield from _of_rows(map(_cells, _ROW.findall(table[0])), wanted)
    yield from _printed(text, wanted)


def _of_rows(rows: Iterable[list[str]], wanted: Callable[[str], bool]) -> Iterator[tuple[str, list[str]]]:
    every = iter(rows)
    header = next(every, [])
    places = [place for place, name in enumerate(header) if wanted(name)]
    if not places:
        return
    below = list(every)
    for place in places:
        yield header[place], [row[place] for row in below if place < len(row) and row[place]]


def _separated(text: str, wanted: Callable[[str], bool]) -> Iterator[list[str]]:
    text = text.removeprefix("\ufeff")
    first = text[:4000].split("\n", 1)[0].rstrip("\r")
    separator = max(_SEPARATORS, key=first.count)
    names = [name.strip(' "') for name in first.split(separator)]
    if len(names) == 1 or not all(map(_COLUMN_NAME.fullmatch, names)) or not any(map(wanted, names)):
        return
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if row]
    except csv.Error:
        return
    fitting = [row for row in rows if len(row) == len(names)]
    # The first line of a text or a program can look like one of names, but not what follows it.
    if 2 * len(fitting) > len(rows):
        for row in fitting:
            yield [cell.strip() for cell in row]


def _cells(row: str) -> list[str]:
    return [html.unescape(_TAG.sub("", cell)).strip() for cell in _CELL.findall(row)]


def _printed(text: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, list[str]]]:
    """Yield the columns of printed frames: a line of names, and below it lines that begin with their position."""
    for header in _PRINTED_HEADER.finditer(text):
        names = [name for name in _WORD.finditer(header["names"]) if wanted(name[0])]
        if not names:
            continue
        rows = _PRINTED_ROWS.match(text, header.end())
        words = [list(_WORD.finditer(row)) for row in rows[0].splitlines()] if rows else []
        for name in names:
            # Columns are aligned at one of their ends, so that a name and its values overlap.
            yield (
                name[0],
                [
                    word[0]
                    for row in words
                    for word in row[1:]
                    if word.start() < name.end() and word.end() > name.start()
                ],
            )


def sheet_rows(sheet: bytes, shared: bytes) -> Iterator[list[str]]:
    """Yield the rows of an Excel sheet as text.

    Parameters
    ----------
    sheet : bytes
        The sheet's XML.
    shared : bytes
        The XML of the workbook's shared strings; empty when it has none.

    Examples
    --------
    >>> row = b'<row r="1"><c r="B1" t="s"><v>0</v></c></row>'
    >>> list(sheet_rows(row, b"<sst><si><t>hush</t></si></sst>"))
    [['', 'hush']]
    """
    strings = [_plain(found) for found in _SHARED.findall(shared)]
    for row in _SHEET_ROW.findall(sheet):
        cells: list[str] = []
        for cell in _SHEET_CELL.finditer(row):
            place = _column(cell["about"], len(cells))
            cells += [""] * (place - len(cells))
            cells.append(_cell_text(cell["about"], cell["inside"] or b"", strings))
        yield cells


def _plain(xml: bytes) -> str:
    return html.unescape(b"".join(_TEXT.findall(xml)).decode("utf-8", "replace"))


def _column(about: bytes, default: int) -> int:
    found = _REFERENCE.search(about)
    if found is None:
        return default
    place = 0
    for letter in found[1]:
        place = place * 26 + letter - ord("A") + 1
    # A reference that goes back is a fault of the file; what it says is still looked at.
    return max(place - 1, default) if place <= default + 20_000 else default


def _cell_text(about: bytes, inside: bytes, strings: list[str]) -> str:
    value = _VALUE.search(inside)
    if value is None:
        return _plain(inside)
    text = html.unescape(value[1].decode("utf-8", "replace"))
    if b't="s"' in about and text.isdigit() and int(text) < len(strings):
        return strings[int(text)]
    return text
