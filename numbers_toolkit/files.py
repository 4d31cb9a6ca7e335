"""Files of the tables: CSV, Excel and Parquet that come back with plus signs, dtypes and exact money.

Reads and writes frames. Knows the tables; no HTTP, no analysis.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from numbers_toolkit import tables
from numbers_toolkit.errors import ColumnError, InvalidInputError, MissingDependencyError
from numbers_toolkit.writing import replacing

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from numbers_toolkit.tables import Column, Table

__all__ = [
    "csv_bytes",
    "neutralise_formulas",
    "read_csv",
    "read_excel",
    "read_parquet",
    "restore",
    "to_csv",
    "to_excel",
    "to_parquet",
]

_TRUTH: Final = {"true": True, "false": False, "1": True, "0": False, "1.0": True, "0.0": False}
_INT8: Final = 127
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_E164: Final = re.compile(r"\+\d{1,15}", re.ASCII)
#: Rows of one sheet, less the header, and digits of a number. Source: Excel's published limits.
_EXCEL_ROWS: Final = 1_048_575
_EXCEL_DIGITS: Final = 15
#: What a workbook's XML can't hold; a carriage return would come back as a line feed.
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_OTHER_FIELDS: Final = tables.Column(tables.OTHER_FIELDS, "text", "JSON text of what no column holds")
#: As in RFC 4180: the writer then quotes a carriage return inside text, else a reader takes it for a row's end.
_END_OF_LINE: Final = "\r\n"
_KNOWN: Final = (
    tables.ACTIVE_NUMBERS,
    tables.AVAILABLE_NUMBERS,
    tables.AVAILABLE_REGIONS,
    tables.PROVISIONING_ERRORS,
    tables.INVENTORY,
    tables.MONTHLY_COST,
    tables.RENEWALS,
    tables.UPCOMING_CHARGES,
    tables.PROVISIONING_STATUS,
    tables.ERROR_FREQUENCIES,
    tables.ATTENTION,
    tables.ATTENTION_SUMMARY,
    tables.CAMPAIGN_FILL,
    tables.EVENTS,
    tables.PLANNED,
    tables.RESULTS,
    tables.TIME_TO_READY,
    tables.FAILURES_OVER_TIME,
)


def restore(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return a copy whose known columns have their dtypes again, whatever route they came by.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any frame; columns the table does not know are kept as they are, in their place.
    table : Table
        For example ``numbers_toolkit.tables.ACTIVE_NUMBERS``.

    Returns
    -------
    pandas.DataFrame
        Same rows, columns and index. Empty text is missing where the column may be missing.

    Raises
    ------
    ColumnError
        When a value can't be read as its column's dtype; names the column and the value.

    Examples
    --------
    >>> import pandas as pd
    >>> raw = pd.DataFrame({"phone_number": ["+13075550142"], "price": ["0.60"], "has_sms": ["True"]})
    >>> restore(raw, tables.ACTIVE_NUMBERS).dtypes.astype(str).to_list()
    ['str', 'decimal128(18, 6)[pyarrow]', 'boolean']
    """
    known = {column.name: column for column in (*table.columns, _OTHER_FIELDS)}
    restored = pd.DataFrame(
        {
            name: _restore(frame[name], known[name]) if name in known else frame[name]
            for name in frame.columns
        },
        index=frame.index,
    )
    restored.attrs = dict(frame.attrs)
    return restored


def _restore(values: pd.Series[Any], column: Column) -> pd.Series[Any]:
    if column.kind not in ("category", "text") and values.dtype == column.dtype:
        return values
    try:
        return _RESTORERS[column.kind](values, column)
    except (ArithmeticError, TypeError, ValueError, pa.ArrowException) as error:
        raise ColumnError(
            f"Column {column.name!r} can't be read as {column.dtype_name}: {error}. "
            "Correct the file, or export it again."
        ) from error


def _restore_text(values: pd.Series[Any], column: Column) -> pd.Series[Any]:
    text = values.astype(tables.TEXT_DTYPE)
    return text.mask(text == "") if column.nullable else text.fillna("")


def _restore_category(values: pd.Series[Any], column: Column) -> pd.Series[Any]:
    if isinstance(values.dtype, pd.CategoricalDtype):
        stored = [str(label) for label in values.cat.categories]
        if tuple(stored[: len(column.categories)]) == column.categories and not (
            column.nullable and "" in stored
        ):
            return values.cat.rename_categories(list(stored)).astype(
                pd.CategoricalDtype(pd.Index(stored, dtype=tables.TEXT_DTYPE))
            )
    text = _restore_text(values, column)
    found = sorted(set(text.dropna().unique()) - set(column.categories))
    labels = pd.Index([*column.categories, *found], dtype=tables.TEXT_DTYPE)
    return text.astype(pd.CategoricalDtype(labels))


def _restore_flag(values: pd.Series[Any], _column: Column) -> pd.Series[Any]:
    text = values.astype(tables.TEXT_DTYPE).str.strip().str.lower()
    text = text.mask(text == "")
    unknown = text[text.notna() & ~text.isin(list(_TRUTH))]
    if len(unknown):
        raise ValueError(f"{unknown.iloc[0]!r} is neither True nor False")
    return text.map(_TRUTH).astype("boolean")


def _restore_number(values: pd.Series[Any], column: Column) -> pd.Series[Any]:
    numbers = pd.to_numeric(values).astype("Float64" if column.kind in ("share", "seconds") else "Int64")
    too_large = column.kind == "months" and bool((numbers.dropna().abs() > _INT8).any())
    return numbers if too_large else numbers.astype(column.dtype)


def _restore_time(values: pd.Series[Any], column: Column) -> pd.Series[Any]:
    return pd.to_datetime(values, utc=True, format="ISO8601").astype(column.dtype)


def _restore_money(values: pd.Series[Any], _column: Column) -> pd.Series[Any]:
    if tables.is_money(values.dtype):
        return values
    amounts = [None if pd.isna(one) else _amount(str(one)) for one in values]
    dtype = tables.exact_money_dtype(amounts)
    exact = pa.array(amounts, dtype.pyarrow_dtype)
    return pd.Series(pd.arrays.ArrowExtensionArray(exact), index=values.index, name=values.name)


def _amount(text: str) -> Decimal | None:
    if not text.strip():
        return None
    amount = tables.exact_amount(text)
    if amount is None:
        raise ValueError(f"{text!r} is no amount")
    return amount


_RESTORERS: Final[Mapping[str, Callable[[pd.Series[Any], Column], pd.Series[Any]]]] = {
    "category": _restore_category,
    "text": _restore_text,
    "flag": _restore_flag,
    "count": _restore_number,
    "months": _restore_number,
    "share": _restore_number,
    "seconds": _restore_number,
    "time": _restore_time,
    "money": _restore_money,
}


def _table_of(frame: pd.DataFrame) -> Table | None:
    """Return the known table whose columns a frame's are most like."""
    found = set(frame.columns)
    best = max(_KNOWN, key=lambda table: len(found & set(table.names)) / len(found | set(table.names)))
    return best if set(best.names) & found else None


def _restored(frame: pd.DataFrame, table: Table | None) -> pd.DataFrame:
    """Give the columns of a table their dtypes, and the keys that a summary was broken down by."""
    table = table or _table_of(frame)
    if table is None:
        return frame
    keys = tuple(c for c in tables.ACTIVE_NUMBERS.columns if c.name in frame and c.name not in table.names)
    return restore(frame, replace(table, columns=(*table.columns, *keys)))


def neutralise_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a copy whose text can't act as a formula in a spreadsheet.

    A display name is free text of whoever named the number. Text that begins with ``=``, ``+``, ``-`` or
    ``@`` gets an apostrophe in front; phone numbers in E.164 are left alone.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any frame.

    Returns
    -------
    pandas.DataFrame
        Same shape and dtypes.

    Examples
    --------
    >>> import pandas as pd
    >>> neutralise_formulas(pd.DataFrame({"display_name": ["=1+1", "Desk"]})).display_name.to_list()
    ["'=1+1", 'Desk']
    """
    safe = frame.copy()
    for name in safe.columns:
        values = safe[name]
        if isinstance(values.dtype, pd.StringDtype) or pd.api.types.is_object_dtype(values.dtype):
            safe[name] = values.map(_neutral, na_action="ignore").astype(values.dtype)
        elif isinstance(values.dtype, pd.CategoricalDtype):
            safe[name] = _neutral_category(values)
    return safe


def _neutral_category(values: pd.Series[Any]) -> pd.Series[Any]:
    texts = values.cat.categories.map(_neutral).astype(values.cat.categories.dtype)
    labels = texts.unique()
    # Two labels can become one; the last place stands for code -1, which is missing.
    codes = np.append(labels.get_indexer(texts), -1)[values.cat.codes]
    neutral = pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(labels))
    return pd.Series(neutral, index=values.index, name=values.name)


def _neutral(value: Any) -> Any:
    risky = isinstance(value, str) and value.startswith(_FORMULA_STARTS) and not _E164.fullmatch(value)
    return f"'{value}" if risky else value


def to_csv(frame: pd.DataFrame, path: str | os.PathLike[str], *, safe: bool = False) -> Path:
    """Write a table as CSV (UTF-8, comma, header, no index).

    Parameters
    ----------
    frame : pandas.DataFrame
        Any table of this package.
    path : path-like
        Where to; a file there is replaced once the new one is complete.
    safe : bool, default False
        Neutralise text that a spreadsheet would run as a formula.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    OutputError
        When it can't be written.

    Notes
    -----
    Money is written with all its digits, times in ISO 8601 with their zone, missing values as nothing. CSV has
    no place for ``attrs`` (source, completeness): use Parquet to keep them.
    """
    target = Path(path).expanduser()
    with replacing(target) as temporary:
        written = neutralise_formulas(frame) if safe else frame
        written.to_csv(temporary, index=False, encoding="utf-8", lineterminator=_END_OF_LINE)
    return target


def csv_bytes(frame: pd.DataFrame, *, safe: bool = False) -> bytes:
    """Return a table as the bytes that :func:`to_csv` writes, for a pipe.

    Examples
    --------
    >>> csv_bytes(tables.AVAILABLE_REGIONS.empty())
    b'region_code,region_name,number_type\\r\\n'
    """
    written = neutralise_formulas(frame) if safe else frame
    return written.to_csv(index=False, lineterminator=_END_OF_LINE).encode("utf-8", "replace")


def read_csv(path: str | os.PathLike[str], table: Table | None = None) -> pd.DataFrame:
    """Read a table written by :func:`to_csv` with plus signs, dtypes and exact money.

    Parameters
    ----------
    path : path-like
        The file.
    table : Table, optional
        Which table it holds; None recognises it by its columns.

    Returns
    -------
    pandas.DataFrame
        Columns in the file's order. Region code ``NA`` (Namibia) stays text.

    Raises
    ------
    ColumnError
        When a column can't be read as its dtype.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> frame = tables.ACTIVE_NUMBERS.empty()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = to_csv(frame, pathlib.Path(folder) / "active.csv")
    ...     bool((read_csv(path).dtypes == frame.dtypes).all())
    True
    """
    # Everything is read as text first: pandas' own guesses drop plus signs and take "NA" for missing.
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, na_filter=False, encoding="utf-8-sig")
    return _restored(frame, table)


def to_parquet(frame: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a table as Parquet, with its ``attrs``.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any table of this package.
    path : path-like
        Where to; a file there is replaced once the new one is complete.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    OutputError
        When it can't be written.
    """
    import pyarrow.parquet as pq

    provenance = json.dumps(frame.attrs, default=str).encode()
    plain = frame.copy(deep=False)
    # Arrow writes attrs of its own accord, and fails on what JSON does not know.
    plain.attrs = {}
    table = pa.Table.from_pandas(plain, preserve_index=False)
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), b"numbers_toolkit": provenance})
    target = Path(path).expanduser()
    with replacing(target) as temporary:
        pq.write_table(table, temporary)
    return target


def read_parquet(path: str | os.PathLike[str], table: Table | None = None) -> pd.DataFrame:
    """Read a table written by :func:`to_parquet` with its dtypes and ``attrs``.

    Parameters
    ----------
    path : path-like
        The file.
    table : Table, optional
        Which table it holds; None recognises it by its columns.

    Returns
    -------
    pandas.DataFrame
        As written.
    """
    import pyarrow.parquet as pq

    stored = pq.read_table(path)
    frame = stored.to_pandas(
        types_mapper=lambda kind: pd.ArrowDtype(kind) if pa.types.is_decimal(kind) else None
    )
    frame.attrs = json.loads((stored.schema.metadata or {}).get(b"numbers_toolkit", b"{}"))
    return _restored(frame, table)


def to_excel(frame: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a table as an Excel workbook; text that would act as a formula is written as text.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any table of this package. Times lose their zone (Excel has none), are UTC and kept to the
        millisecond. Amounts become Excel's numbers, or text where they have more than its fifteen digits.
        Control characters, which a workbook can't hold, become U+FFFD.
    path : path-like
        Where to; a file there is replaced once the new one is complete.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    MissingDependencyError
        Without openpyxl.
    InvalidInputError
        More rows than a sheet holds.
    OutputError
        When it can't be written.
    """
    try:
        import openpyxl  # noqa: F401 - asked for by name so that the message can say what to install
    except ImportError as error:
        raise MissingDependencyError(
            "Excel files need openpyxl: pip install 'numbers-toolkit[excel]'."
        ) from error
    if len(frame) > _EXCEL_ROWS:
        raise InvalidInputError(
            f"{len(frame):,} rows do not fit on one Excel sheet ({_EXCEL_ROWS:,}); use CSV."
        )
    sheet = frame.copy()
    for name in sheet.columns:
        sheet[name] = _for_excel(sheet[name])
    target = Path(path).expanduser()
    with replacing(target) as temporary, pd.ExcelWriter(temporary, engine="openpyxl") as writer:
        sheet.to_excel(writer, index=False, sheet_name="numbers", freeze_panes=(1, 1))
        _formulas_to_text(writer.sheets["numbers"])
    return target


def _for_excel(values: pd.Series[Any]) -> pd.Series[Any]:
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        local: pd.Series[Any] = values.dt.tz_convert("UTC").dt.tz_localize(None).dt.floor("ms")
        return local
    if tables.is_money(values.dtype):
        return values.astype(object).map(_excel_amount, na_action="ignore")
    if isinstance(values.dtype, (pd.StringDtype, pd.CategoricalDtype)):
        return values.astype(object).map(_printable, na_action="ignore")
    return values


def _excel_amount(amount: Decimal) -> Decimal | str:
    return amount if len(amount.normalize().as_tuple().digits) <= _EXCEL_DIGITS else f"{amount:f}"


def _printable(value: Any) -> Any:
    return _UNPRINTABLE.sub("\ufffd", value) if isinstance(value, str) else value


def _formulas_to_text(sheet: Any) -> None:
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            # Text like "#REF!" would become an error value, and be missing when it is read.
            if cell.data_type in ("e", "f"):
                cell.data_type = "s"


def read_excel(path: str | os.PathLike[str], table: Table | None = None) -> pd.DataFrame:
    """Read a workbook written by :func:`to_excel` with its dtypes.

    Parameters
    ----------
    path : path-like
        The file.
    table : Table, optional
        Which table it holds; None recognises it by its columns.

    Returns
    -------
    pandas.DataFrame
        Times are UTC again; amounts are exact.
    """
    frame = pd.read_excel(path, dtype=object, keep_default_na=False, na_filter=False, engine="openpyxl")
    return _restored(frame, table)
