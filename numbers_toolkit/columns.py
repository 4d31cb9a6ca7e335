"""What a column and a table are: dtypes, what a frame must have, how it is documented.

A table checks a frame (:meth:`Table.require`), makes an empty one (:meth:`Table.empty`) and renders its own
documentation (:meth:`Table.describe`). Knows no table by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd

from numbers_toolkit.attaching import attach
from numbers_toolkit.errors import ColumnError
from numbers_toolkit.money import is_money, money_dtype

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["TEXT_DTYPE", "Column", "Kind", "Table"]

attach()

Kind = Literal["text", "category", "flag", "count", "months", "time", "money", "share", "seconds"]

#: Text as pandas' own ``str``, held by Arrow; missing is NaN.
TEXT_DTYPE: Final = pd.StringDtype("pyarrow", na_value=float("nan"))


@cache
def _dtype(kind: Kind, categories: tuple[str, ...] = ()) -> Any:
    if kind == "category":
        return pd.CategoricalDtype(pd.Index(list(categories), dtype=TEXT_DTYPE))
    dtypes: dict[str, Any] = {
        "text": TEXT_DTYPE,
        "flag": pd.BooleanDtype(),
        "count": pd.Int64Dtype(),
        "months": pd.Int8Dtype(),
        "time": pd.DatetimeTZDtype("us", "UTC"),
        "money": money_dtype(),
        "share": pd.Float64Dtype(),
        "seconds": pd.Float64Dtype(),
    }
    return dtypes[kind]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
        Column name, the API's word in snake_case where it has one.
    kind : str
        ``text`` (``str``), ``category``, ``flag`` (``boolean``), ``count`` (``Int64``), ``months``
        (``Int8``), ``time`` (``datetime64[us, UTC]``), ``money`` (exact decimal), ``share`` or ``seconds``
        (both ``Float64``).
    meaning : str
        What it says, with its unit.
    nullable : bool, default True
        Whether a value may be missing.
    categories : tuple of str
        Values that are always declared; unknown ones are appended.
    source : str
        Field of the API's answer, or ``derived``.
    """

    name: str
    kind: Kind
    meaning: str
    nullable: bool = True
    categories: tuple[str, ...] = ()
    source: str = "derived"

    @property
    def dtype(self) -> Any:
        """Pandas dtype; for a category the dtype with the declared categories alone."""
        return _dtype(self.kind, self.categories)

    @property
    def dtype_name(self) -> str:
        """The dtype in words, as documented."""
        return self.kind if self.kind == "category" else str(self.dtype)

    def accepts(self, dtype: Any) -> bool:
        """Whether a frame's dtype serves for this column (a category with more values does)."""
        if self.kind in ("category", "text"):
            return isinstance(dtype, (pd.CategoricalDtype, pd.StringDtype)) or pd.api.types.is_object_dtype(
                dtype
            )
        if self.kind == "money":
            return is_money(dtype) or pd.api.types.is_object_dtype(dtype)
        if self.kind == "time":
            return isinstance(dtype, pd.DatetimeTZDtype)
        if self.kind == "flag":
            return bool(pd.api.types.is_bool_dtype(dtype))
        return bool(pd.api.types.is_numeric_dtype(dtype))


@dataclass(frozen=True, slots=True)
class Table:
    """A table's name, what one row is, and its columns in order.

    Examples
    --------
    >>> from numbers_toolkit.tables import AVAILABLE_REGIONS
    >>> AVAILABLE_REGIONS.names
    ('region_code', 'region_name', 'number_type')
    >>> len(AVAILABLE_REGIONS.empty())
    0
    """

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def empty(self, leading: Iterable[Column] = ()) -> pd.DataFrame:
        """Return a frame without rows, with every column and dtype (after ``leading`` key columns)."""
        columns = (*leading, *self.columns)
        return pd.DataFrame({column.name: pd.Series(dtype=column.dtype) for column in columns})

    def require(self, frame: pd.DataFrame, names: Iterable[str] | None = None) -> None:
        """Check that a frame has the columns named, with dtypes that serve.

        Parameters
        ----------
        frame : pandas.DataFrame
            Frame to check; it is not changed.
        names : iterable of str, optional
            Columns needed; None means all of the table's.

        Raises
        ------
        ColumnError
            Lists every missing column and every wrong dtype.
        """
        if not isinstance(frame, pd.DataFrame):
            raise ColumnError(
                f"The {self.name} table must be a pandas DataFrame, not {type(frame).__name__}."
            )
        wanted = [self[name] for name in names] if names is not None else list(self.columns)
        missing = [column.name for column in wanted if column.name not in frame.columns]
        wrong = [
            f"{column.name} is {frame[column.name].dtype}, not {column.dtype}"
            for column in wanted
            if column.name in frame.columns and not column.accepts(frame[column.name].dtype)
        ]
        faults = ([f"columns missing: {', '.join(missing)}"] if missing else []) + wrong
        if faults:
            raise ColumnError(
                f"The {self.name} table does not fit: {'; '.join(faults)}. "
                "Use a frame from the loaders, or numbers_toolkit.read_csv to read one back with its dtypes."
            )

    def describe(self) -> str:
        """Return the column list as it stands in docstrings: ``name : dtype - meaning``."""
        return "\n".join(
            f"``{c.name}`` : {c.dtype_name}{', may be missing' if c.nullable else ''} - {c.meaning}"
            for c in self.columns
        )
