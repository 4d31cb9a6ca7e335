"""A frame as a piece of a notebook's output."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from numbers_toolkit import markup
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.frame_showing.grid import GRID_STYLE, grid
from numbers_toolkit.frame_showing.layout import columns_in_sight, rows_in_sight
from numbers_toolkit.frame_showing.provenance import badges, sentences
from numbers_toolkit.frame_showing.recognising import recognise
from numbers_toolkit.markup import Html
from numbers_toolkit.vocabulary import check_count
from numbers_toolkit.wording import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from numbers_toolkit.frame_showing.layout import Columns
    from numbers_toolkit.frame_showing.recognising import Recognised

__all__ = ["ShownFrame", "page", "show"]


class ShownFrame:
    """A frame that shows itself well where a cell ends with it, and as pandas' own text elsewhere.

    Parameters
    ----------
    frame : pandas.DataFrame
        What is shown; read when it is shown, never changed.
    rows : int, optional
        Rows in sight at most.

    Examples
    --------
    >>> from numbers_toolkit.tables import AVAILABLE_REGIONS
    >>> "No rows" in ShownFrame(AVAILABLE_REGIONS.empty())._repr_html_()
    True
    """

    def __init__(self, frame: pd.DataFrame, rows: int | None = None) -> None:
        self.frame = frame
        self.rows = rows

    def __repr__(self) -> str:
        return repr(self.frame)

    def _repr_html_(self) -> str | None:
        known = recognise(self.frame, asked=True)
        if known is None:
            return self.frame._repr_html_()  # type: ignore[operator,no-any-return]
        return page(self.frame, known, self.rows)


def show(frame: pd.DataFrame, *, rows: int | None = None) -> ShownFrame:
    """Show a frame for reading: money with its currency, phone numbers in groups, states with a mark.

    Parameters
    ----------
    frame : pandas.DataFrame
        A frame of this package, or any other with some of its columns.
    rows : int, optional
        Rows in sight at most, the first and the last of more. None takes pandas' ``display.max_rows`` and
        ``display.min_rows``.

    Returns
    -------
    ShownFrame
        To be the last thing of a cell, or in ``display``. Columns without a value are named below the table instead
        of shown. Phone numbers that are copied from it are E.164.

    Raises
    ------
    InvalidInputError
        When it is no DataFrame, or ``rows`` no whole number of at least 1.

    See Also
    --------
    numbers_toolkit.load_ipython_extension : the same for every frame, by ``%load_ext numbers_toolkit``

    Examples
    --------
    >>> frame = pd.DataFrame({"phone_number": ["+13075550142"], "region_code": ["US"]})
    >>> "United States (US)" in show(frame)._repr_html_()
    True
    """
    if not isinstance(frame, pd.DataFrame):
        raise InvalidInputError(
            f"show() takes a pandas DataFrame, not {type(frame).__name__}; of a plan, a result or a report, end the "
            "cell with the object itself."
        )
    return ShownFrame(frame, None if rows is None else check_count(rows, "rows"))


def page(frame: pd.DataFrame, known: Recognised, rows: int | None = None) -> Html:
    """Return a frame as a whole piece of output.

    Parameters
    ----------
    frame : pandas.DataFrame
        A frame.
    known : Recognised
        What is known about it.
    rows : int, optional
        Rows in sight at most; None takes pandas' options.
    """
    title = known.table.name if known.table else "numbers" if "phone_number" in frame.columns else "table"
    told = markup.muted(". ".join(sentences(frame, known)), ".")
    if frame.empty:
        names = [str(name) for name in frame.columns]
        body = [
            markup.paragraph("No rows."),
            markup.muted("Columns: ", _all_of(names) if names else "none", "."),
        ]
    else:
        columns = columns_in_sight(frame, known.columns, pd.get_option("display.max_columns"))
        rows_shown = rows_in_sight(len(frame), rows)
        body = [grid(frame, known.columns, columns, rows_shown, title), *_notes(columns)]
    look = Html(f"<style>{GRID_STYLE}</style>")
    return markup.page(title[:1].upper() + title[1:], look, told, *body, badges=badges(frame.attrs, known))


def _notes(columns: Columns) -> Iterator[Html]:
    """Yield what is said of the columns that are not in sight."""
    same = [f"{name} {value}" for name, value in columns.same.items()]
    if same:
        yield markup.muted("The same in every row: ", _all_of(same), ".")
    if columns.empty:
        yield markup.muted("Empty in every row: ", _all_of(columns.empty), ".")
    if columns.left_out:
        why = "More columns than display.max_columns; left out are those with fewest values: "
        yield markup.muted(why, _all_of(columns.left_out), ".")


def _all_of(names: Collection[str]) -> Html:
    """Return names for a sentence, however many there are."""
    return markup.text(listed(names, most=len(names)), 10**6)
