"""Shared ground of the analyses: count distinct rows, check keys, and give results their exact dtypes.

Every analysis first counts the distinct combinations of the few columns it reads (one pass over small
integer codes), then computes on those. Knows the tables; no money, no error codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from numbers_toolkit import tables
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.tables import ACTIVE_NUMBERS, Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from numbers_toolkit.tables import Table

#: Groups of the key "capability": they exclude each other, so that counts add up.
CAPABILITY_GROUPS: Final = ("SMS", "VOICE", "SMS and VOICE", "none")
AGE_GROUPS: Final = ("today", "1-7 days", "8-30 days", "31-90 days", "over 90 days", "unknown")
_DERIVED: Final = {
    "capability": Column("capability", "category", "what it can be used for", True, CAPABILITY_GROUPS),
    "age": Column("age", "category", "time since the last change", False, AGE_GROUPS),
}
_KEY_COLUMNS: Final = {
    **{column.name: column for column in ACTIVE_NUMBERS.columns},
    **{column.name: column for column in tables.PROVISIONING_ERRORS.columns},
    **_DERIVED,
}
#: Above this many cells a product of codes is renumbered, so that it neither overflows nor fills memory.
_MOST_CELLS: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Distinct:
    """Distinct combinations: the position of one row of each, how many rows, and each row's group."""

    first: NDArray[np.intp]
    counts: NDArray[np.int64]
    group: NDArray[np.int64]


def codes_of(values: pd.Series[Any]) -> tuple[NDArray[np.int64], int]:
    """Return the values as whole numbers from 1, missing ones 0, and how many there can be."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy().astype(np.int64) + 1, len(values.cat.categories) + 1
    codes, uniques = pd.factorize(values.array)
    return codes.astype(np.int64) + 1, len(uniques) + 1


def distinct(columns: Sequence[pd.Series[Any]], rows: int) -> Distinct:
    """Find the distinct combinations of columns; missing values count as a value of their own."""
    combined: NDArray[np.int64] = np.zeros(rows, dtype=np.int64)
    cells = 1
    for column in columns:
        codes, size = codes_of(column)
        combined = combined * size + codes
        cells *= size
        if cells > _MOST_CELLS:
            renumbered, uniques = pd.factorize(combined)
            combined, cells = renumbered.astype(np.int64), len(uniques)
    counts = np.bincount(combined, minlength=cells) if rows else np.zeros(0, dtype=np.int64)
    seen = np.flatnonzero(counts)
    position = np.zeros(cells, dtype=np.intp)
    position[combined] = np.arange(rows)
    number = np.zeros(cells, dtype=np.int64)
    number[seen] = np.arange(len(seen))
    return Distinct(position[seen], counts[seen], number[combined])


def check_keys(
    by: str | Iterable[str],
    columns: Iterable[str],
    table: Table,
    *,
    derived: Sequence[str] = (),
    implied: Sequence[str] = (),
) -> tuple[str, ...]:
    """Return the names to group by, without repeats and without those the result has anyway.

    Raises
    ------
    InvalidInputError
        A name that is no column of the frame, or that the result needs for itself; names those that do.
    """
    wanted = dict.fromkeys([by] if isinstance(by, str) else by)
    reserved = set(table.names) - set(implied)
    possible = [*derived, *(name for name in columns if name not in (*reserved, *derived))]
    for name in wanted:
        if name not in possible:
            raise InvalidInputError(
                f"Can't break {table.name} down by {name!r}; "
                f"use one or several of {', '.join(map(str, possible))}."
            )
    return tuple(name for name in wanted if name not in implied)


def check_active_keys(
    by: str | Iterable[str],
    active: pd.DataFrame,
    table: Table,
    read: Sequence[str] = (),
    *,
    implied: Sequence[str] = (),
) -> tuple[str, ...]:
    """Check the keys and all columns that are read of active numbers at once; return the keys."""
    ACTIVE_NUMBERS.require(active, ())
    columns = dict.fromkeys([*ACTIVE_NUMBERS.names, *active.columns])
    keys = check_keys(by, columns, table, derived=("capability",), implied=implied)
    flags = ("has_sms", "has_voice") if "capability" in keys else ()
    known = [key for key in keys if key in ACTIVE_NUMBERS.names]
    ACTIVE_NUMBERS.require(active, dict.fromkeys([*read, *known, *flags]))
    return keys


def key_values(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    """Return the values of a key, deriving "capability" from the two flags."""
    return capability(frame) if name == "capability" else frame[name]


def capability(frame: pd.DataFrame) -> pd.Series[Any]:
    """Return the exclusive capability group of each number; missing where a flag is missing."""
    sms, voice = (frame[name].astype("boolean") for name in ("has_sms", "has_voice"))
    unknown = (sms.isna() | voice.isna()).to_numpy()
    can_sms, can_voice = (flag.fillna(value=False).to_numpy(dtype=bool) for flag in (sms, voice))
    code = np.select([unknown, can_sms & can_voice, can_sms, can_voice], [-1, 2, 0, 1], 3)
    dtype = _DERIVED["capability"].dtype
    return pd.Series(pd.Categorical.from_codes(code, dtype=dtype), index=frame.index, name="capability")


def categorical(values: pd.Series[Any], declared: Sequence[str]) -> pd.Series[Any]:
    """Return values as a category: the declared labels, then the others that occur, sorted."""
    codes, labels = (
        (values.cat.codes.to_numpy(), values.cat.categories)
        if isinstance(values.dtype, pd.CategoricalDtype)
        else pd.factorize(values.array)
    )
    occurs = np.bincount(codes + 1, minlength=len(labels) + 1)[1:] > 0
    words = [str(label) for label in labels]
    found = sorted({word for word, seen in zip(words, occurs, strict=True) if seen} - set(declared))
    place = {word: number for number, word in enumerate([*declared, *found])}
    moved = np.array([*(place.get(word, -1) for word in words), -1], dtype=np.int64)
    text = pd.StringDtype("pyarrow", na_value=float("nan"))
    dtype = pd.CategoricalDtype(pd.Index(list(place), dtype=text))
    return pd.Series(pd.Categorical.from_codes(moved[codes], dtype=dtype), name=values.name)


def _conform(values: Any, column: Column) -> pd.Series[Any]:
    series = values if isinstance(values, pd.Series) else pd.Series(values, dtype=object)
    series = series.reset_index(drop=True).rename(column.name)
    if column.kind == "category":
        return categorical(series, column.categories)
    if column.kind == "money" and tables.is_money(series.dtype):
        return series
    return series if series.dtype == column.dtype else series.astype(column.dtype)


def _conform_key(values: pd.Series[Any], name: str) -> pd.Series[Any]:
    column = _KEY_COLUMNS.get(name)
    series = values.reset_index(drop=True).rename(name)
    if column is not None and column.kind in ("category", "text", "flag"):
        return _conform(series, column)
    if isinstance(series.dtype, pd.CategoricalDtype):
        return series.cat.remove_unused_categories()
    return series


def assemble(
    table: Table,
    data: Mapping[str, Any],
    *,
    keys: Mapping[str, pd.Series[Any]] | None = None,
    order: Sequence[str] = (),
    descending: Sequence[str] = (),
    attrs: Mapping[Any, Any] | None = None,
) -> pd.DataFrame:
    """Build a result: key columns first, then the table's, with its dtypes, sorted, with a RangeIndex.

    Provenance (``attrs``) travels along, so that what comes from a sandbox still says so.
    """
    columns = {name: _conform_key(values, name) for name, values in (keys or {}).items()}
    columns |= {column.name: _conform(data[column.name], column) for column in table.columns}
    result = pd.DataFrame(columns)
    if order:
        result = result.sort_values(
            list(order),
            ascending=[name not in descending for name in order],
            na_position="last",
            kind="stable",
            ignore_index=True,
            key=_sortable,
        )
    result.attrs = dict(attrs or {})
    return result


def _sortable(values: pd.Series[Any]) -> pd.Series[Any]:
    # A user's own column may hold anything; as text it has an order whatever it holds.
    mixed = pd.api.types.is_object_dtype(values.dtype)
    return values.map(str, na_action="ignore") if mixed else values


def moment(as_of: Any, frame: pd.DataFrame) -> pd.Timestamp:
    """Return the instant to reckon from: the one given, else when the frame was fetched, else now; UTC.

    Raises
    ------
    InvalidInputError
        When it is no point in time.
    """
    given = as_of if as_of is not None else frame.attrs.get("fetched_at")
    if given is None:
        return pd.Timestamp.now("UTC").as_unit("us")
    try:
        instant = pd.Timestamp(given)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            f"as_of {given!r} is no point in time; use a datetime or ISO 8601."
        ) from error
    if pd.isna(instant):
        raise InvalidInputError("as_of is missing; use a datetime or ISO 8601, for example '2026-03-01'.")
    instant = instant.tz_localize("UTC") if instant.tzinfo is None else instant.tz_convert("UTC")
    return instant.as_unit("us")


def instants(values: pd.Series[Any]) -> NDArray[np.datetime64]:
    """Return times as numpy instants in UTC; missing ones are NaT."""
    return values.to_numpy(dtype="datetime64[us]")


def utc(values: NDArray[Any]) -> pd.Series[Any]:
    """Return numpy instants as a column of UTC times; the opposite of :func:`instants`."""
    return pd.Series(pd.DatetimeIndex(values).tz_localize("UTC"))


def text_of(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column of words as a category, whatever it came as; blank text is missing."""
    if not isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype("category")
    blank = [label for label in values.cat.categories if not str(label).strip()]
    return values.cat.remove_categories(blank) if blank else values


def equals(values: pd.Series[Any], *words: str) -> NDArray[np.bool_]:
    """Where a column holds one of some words; missing is no."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        hits = [*(str(label) in words for label in values.cat.categories), False]
        return np.array(hits, dtype=bool)[values.cat.codes.to_numpy()]
    return values.isin(list(words)).to_numpy(dtype=bool)
