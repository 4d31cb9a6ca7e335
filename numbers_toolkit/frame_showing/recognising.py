"""Which frames are this package's, and what their columns hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import found_tables, overview_tables, tables
from numbers_toolkit.columns import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from numbers_toolkit.columns import Column

__all__ = ["Recognised", "all_tables", "known_columns", "known_table", "recognise"]

#: A table of fewer columns could be anybody's.
_ENOUGH: Final = 3


@dataclass(frozen=True, slots=True)
class Recognised:
    """What is known about a frame.

    Parameters
    ----------
    table : Table or None
        The table that it is; None for a selection of columns that could belong to several.
    columns : mapping of str to Column
        Its columns that are known and have a dtype that serves.
    """

    table: Table | None
    columns: Mapping[str, Column]


@cache
def all_tables() -> tuple[Table, ...]:
    """Return every table of the package."""
    homes = (vars(home).values() for home in (tables, found_tables, overview_tables))
    return tuple(dict.fromkeys(one for home in homes for one in home if isinstance(one, Table)))


@cache
def known_columns() -> dict[str, Column]:
    """Return every column of the package by name; a name means the same in all tables."""
    found: dict[str, Column] = {}
    for table in all_tables():
        for column in table.columns:
            found.setdefault(column.name, column)
    return found


def known_table(frame: pd.DataFrame) -> Table | None:
    """Return the table that a frame has all columns of, the largest of several; None for any other frame.

    Examples
    --------
    >>> known_table(tables.AVAILABLE_NUMBERS.empty()).name
    'available numbers'
    >>> import pandas as pd
    >>> known_table(pd.DataFrame({"phone_number": ["+13075550142"]})) is None
    True
    """
    names = set(frame.columns)
    fitting = [one for one in all_tables() if names.issuperset(one.names)]
    return max(fitting, key=lambda one: len(one.columns), default=None)


def recognise(frame: pd.DataFrame, *, asked: bool = False) -> Recognised | None:
    """Return what is known about a frame, None when it is somebody else's.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any frame.
    asked : bool, default False
        Whether a person asked for this frame to be shown as ours: then one known column, or none, is enough.

    Returns
    -------
    Recognised or None
        A frame is ours when it has all columns of one of our tables, or comes from one: its ``attrs`` say where the
        data was read, and one column is known. Frames with columns on several levels, twice or without a name are
        never ours.

    Examples
    --------
    >>> import pandas as pd
    >>> recognise(pd.DataFrame({"phone_number": ["+13075550142"]})) is None
    True
    >>> list(recognise(tables.INVENTORY.empty(), asked=True).columns)
    ['numbers', 'share']
    """
    if not _is_plain(frame):
        return None
    known = known_columns()
    columns = {name: known[name] for name in frame.columns if name in known and _serves(frame, known[name])}
    table = known_table(frame)
    told = bool(columns) and _has_provenance(frame.attrs)
    whole = table is not None and len(table.columns) >= _ENOUGH
    if not (asked or told or whole):
        return None
    return Recognised(table or _only_table(set(columns)), columns)


def _is_plain(frame: pd.DataFrame) -> bool:
    """Whether every column can be had by its name, and rows have one label each."""
    flat = frame.columns.nlevels == 1 and frame.index.nlevels == 1
    return flat and frame.columns.is_unique and all(isinstance(name, str) for name in frame.columns)


def _serves(frame: pd.DataFrame, column: Column) -> bool:
    return column.accepts(frame[column.name].dtype)


def _has_provenance(attrs: Mapping[Any, Any]) -> bool:
    return isinstance(attrs.get("source"), str) and not attrs.keys().isdisjoint({"project_id", "complete"})


def _only_table(names: set[str]) -> Table | None:
    """Return the table that some columns come from, when there is but one."""
    fitting = [one for one in all_tables() if names.issubset(one.names)]
    return fitting[0] if len(fitting) == 1 else None
