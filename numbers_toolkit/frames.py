"""Flat columns to typed DataFrames: dtypes, exact money, and nothing unknown lost in silence.

Pages are gathered in batches of dictionary-coded Arrow columns; pandas columns are made once, at the end,
from the few distinct values. Takes no client and knows no field of the API by its wire name.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from numbers_toolkit import flattening, tables
from numbers_toolkit.decoding import decode_objects
from numbers_toolkit.errors import UnknownValueWarning, warn_user
from numbers_toolkit.flattening import OTHER_FIELDS
from numbers_toolkit.vocabulary import CAPABILITIES, UNSPECIFIED_STATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numbers_toolkit.decoding import PageEnd, Pages
    from numbers_toolkit.flattening import Shape
    from numbers_toolkit.tables import Column

__all__ = [
    "Batch",
    "FrameBuilder",
    "active_numbers_frame",
    "available_numbers_frame",
    "available_regions_frame",
    "flat_batch",
]

_INT8: Final = 127
_MOST_NOTES: Final = 20
_TIME: Final = pa.timestamp("us", "UTC")
#: Year 1 is the zero value of a time in some languages; on the wire it means "unset".
_FIRST_REAL_TIME: Final = pa.scalar(-62_135_510_400_000_000, pa.int64()).cast(_TIME)
#: Year 10000 can't be shown; an offset can push the last hour of 9999 into it.
_PAST_ALL_TIME: Final = pa.scalar(253_402_300_800_000_000, pa.int64()).cast(_TIME)
_AMOUNTS: Final = ("price", "setup_price", "monthly_price")
_KEPT: Final = "was kept, but this version does not know it"


@dataclass(frozen=True, slots=True)
class Batch:
    """Some pages as flat, dictionary-coded Arrow columns; what a page says beside its items is in ``ends``."""

    columns: dict[str, pa.Array]
    ends: list[PageEnd]
    notes: Counter[str]

    @property
    def rows(self) -> int:
        """Items in the batch."""
        return sum(end.rows for end in self.ends)


def flat_batch(pages: Pages, shape: Shape) -> Batch:
    """Flatten decoded pages; pure, so that a thread can do it while the next pages arrive."""
    kinds = {column.name: column.kind for column in shape.table.columns}
    flat = shape.flatten(pages.items, pages.other) if len(pages.items) else {}
    columns = {
        name: _coded(values, "text" if name == OTHER_FIELDS else kinds.get(name, "category"))
        for name, values in flat.items()
    }
    return Batch(columns, pages.ends, pages.notes)


class FrameBuilder:
    """Gather batches and make one DataFrame of them.

    Parameters
    ----------
    shape : Shape
        What the batches hold, for example ``flattening.ACTIVE_NUMBERS``.

    Attributes
    ----------
    rows : int
        Items gathered so far.

    Examples
    --------
    >>> from numbers_toolkit.decoding import decode_pages
    >>> shape = flattening.AVAILABLE_REGIONS
    >>> body = b'{"availableRegions": [{"regionCode": "SE", "regionName": "Sweden", "types": ["LOCAL"]}]}'
    >>> builder = FrameBuilder(shape)
    >>> builder.add(flat_batch(decode_pages([body], shape.contract), shape))
    >>> builder.finish().to_dict("records")
    [{'region_code': 'SE', 'region_name': 'Sweden', 'number_type': 'LOCAL'}]
    """

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.rows = 0
        self._batches: list[dict[str, pa.Array]] = []
        self._notes: Counter[str] = Counter()

    def add(self, batch: Batch) -> None:
        """Gather one batch."""
        self.rows += batch.rows
        self._notes.update(batch.notes)
        if batch.columns:
            self._batches.append(batch.columns)

    def finish(self) -> pd.DataFrame:
        """Return the DataFrame; the builder is empty afterwards.

        Returns
        -------
        pandas.DataFrame
            The shape's table, with a last column ``other_fields`` (JSON text) only if something arrived
            that no other column holds.
        """
        if not self._batches:
            return self.shape.table.empty()
        columns = {name: self._column(name) for name in list(self._batches[0])}
        self._batches = []
        return _assemble(columns, self.shape, self._notes)

    def warn(self) -> None:
        """Warn, once for all of it, of what the API sent that this version does not know."""
        if not self._notes:
            return
        told = "; ".join(
            f"{note} ({count:,} times)" for note, count in sorted(self._notes.items())[:_MOST_NOTES]
        )
        more = len(self._notes) - _MOST_NOTES
        rest = f"; and {more} more" if more > 0 else ""
        warn_user(f"In the {self.shape.table.name}: {told}{rest}.", UnknownValueWarning)

    def _column(self, name: str) -> pa.Array:
        """Join one column of all batches and let go of the batches' part of it."""
        chunked = pa.chunked_array([batch.pop(name) for batch in self._batches])
        if pa.types.is_dictionary(chunked.type):
            chunked = chunked.unify_dictionaries()
        joined = chunked.combine_chunks()
        return joined.chunk(0) if isinstance(joined, pa.ChunkedArray) else joined


def _coded(values: pa.Array, kind: str) -> pa.Array:
    return values.dictionary_encode() if kind in ("category", "money") else values


# -- columns of the whole frame ---------------------------------------------------------------------------


def _assemble(columns: dict[str, pa.Array], shape: Shape, notes: Counter[str]) -> pd.DataFrame:
    other = columns.pop(OTHER_FIELDS)
    kept: dict[int, dict[str, Any]] = {}
    ready: dict[str, Any] = {}
    if "capability" in columns:
        ready.update(_flags(columns.pop("capability"), notes, kept))
    _separate_currencies(columns, notes, kept)
    amounts = {name: _amounts(columns[name], name, notes, kept) for name in _AMOUNTS if name in columns}
    if "price" in amounts:
        interval = columns["payment_interval_months"]
        ready["monthly_cost"] = _monthly(columns["price"], amounts["price"], interval)
    for name, exact in amounts.items():
        ready[name] = _take_money(exact, columns.pop(name).indices)
    for column in shape.table.columns:
        if column.name not in ready:
            ready[column.name] = _CONVERTERS[column.kind](columns.pop(column.name), column, notes)
    frame = pd.DataFrame({name: ready.pop(name) for name in shape.table.names}, copy=False)
    if other.null_count < len(other) or kept:
        frame[OTHER_FIELDS] = _with_kept(other, kept)
    return frame


def _from_arrow(dtype: Any, values: pa.Array) -> Any:
    return dtype.__from_arrow__(values)


def _text_column(values: pa.Array, column: Column, _notes: Counter[str]) -> Any:
    return _from_arrow(column.dtype, values)


def _category_column(values: pa.Array, column: Column, notes: Counter[str]) -> Any:
    """Return codes into sorted labels, declared ones first; empty text is missing where that may be."""
    found = values.dictionary.to_pylist()
    unset = "" if column.nullable else None
    extra = sorted({one for one in found if one is not None and one != unset} - set(column.categories))
    if column.categories:
        for label in extra:
            if label == UNSPECIFIED_STATE:
                continue
            count = int(pc.sum(pc.equal(values.indices, found.index(label))).as_py() or 0)
            notes[f"{column.name} {label!r} {_KEPT}"] += count
    labels = [*column.categories, *extra]
    place = {label: code for code, label in enumerate(labels)}
    lookup = np.array([place.get(one, -1) for one in found] + [-1], dtype=np.int32)
    codes = lookup[pc.fill_null(values.indices, len(found)).to_numpy(zero_copy_only=False)]
    dtype = pd.CategoricalDtype(pd.Index(labels, dtype=tables.TEXT_DTYPE))
    return pd.Categorical.from_codes(codes, dtype=dtype, validate=False)


def _time_column(values: pa.Array, column: Column, notes: Counter[str]) -> Any:
    zero = pc.fill_null(pc.less(values, _FIRST_REAL_TIME), False)
    never = pc.fill_null(pc.greater_equal(values, _PAST_ALL_TIME), False)
    for odd, what in ((zero, "the zero date"), (never, "beyond the year 9999")):
        count = pc.sum(odd).as_py() or 0
        if count:
            notes[f"{column.name} is {what}, read as missing"] += count
            values = pc.if_else(odd, pa.scalar(None, _TIME), values)
    return values.to_pandas().astype(column.dtype)


def _flag_column(values: pa.Array, column: Column, _notes: Counter[str]) -> Any:
    return _from_arrow(column.dtype, values)


def _months_column(values: pa.Array, column: Column, _notes: Counter[str]) -> Any:
    bounds = pc.min_max(values)
    largest = max((abs(one.as_py()) for one in bounds.values() if one.is_valid), default=0)
    if largest <= _INT8:
        return _from_arrow(column.dtype, values.cast(pa.int8()))
    return _from_arrow(pd.Int64Dtype(), values)


_CONVERTERS: Final[Mapping[str, Any]] = {
    "text": _text_column,
    "category": _category_column,
    "time": _time_column,
    "flag": _flag_column,
    "months": _months_column,
}


def _flags(joined: pa.Array, notes: Counter[str], kept: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """Return ``has_sms`` and ``has_voice`` from the few distinct capability lists."""
    lists = [None if text is None else text.split(";") for text in joined.dictionary.to_pylist()]
    for code, names in enumerate(lists):
        unknown = [name for name in names or [] if name and name not in CAPABILITIES]
        if unknown:
            rows = _rows_with(joined, code)
            notes.update({f"capability {name!r} {_KEPT}": len(rows) for name in unknown})
            _keep(kept, rows, "capability", names)
    flags = {}
    for name in CAPABILITIES:
        has = pa.array([None if names is None else name in names for names in lists], pa.bool_())
        flags[f"has_{name.lower()}"] = _from_arrow(pd.BooleanDtype(), has.take(joined.indices))
    return flags


def _separate_currencies(
    columns: dict[str, pa.Array], notes: Counter[str], kept: dict[int, dict[str, Any]]
) -> None:
    """Blank a setup price in another currency than the monthly one: the row has a single currency."""
    if "setup_currency_code" not in columns:
        return
    setup = columns.pop("setup_currency_code").cast(pa.string())
    setup = pc.if_else(pc.equal(setup, ""), pa.scalar(None, pa.string()), setup)
    differs = pc.fill_null(pc.not_equal(setup, columns["currency_code"].cast(pa.string())), False)
    rows = np.flatnonzero(differs.to_numpy(zero_copy_only=False))
    if len(rows):
        amounts = columns["setup_price"].cast(pa.string())
        for row in rows:
            money = {"currencyCode": setup[row].as_py(), "amount": amounts[row].as_py()}
            kept.setdefault(int(row), {})["setupPrice"] = money
        notes["setup price in another currency than the monthly price, kept in other_fields"] += len(rows)
        columns["setup_price"] = pc.if_else(
            differs, pa.scalar(None, pa.string()), amounts
        ).dictionary_encode()


# -- money ---------------------------------------------------------------------------------------------------


def _amounts(
    values: pa.Array, name: str, notes: Counter[str], kept: dict[int, dict[str, Any]]
) -> list[Decimal | None]:
    """Return the exact amount of each distinct text."""
    amounts: list[Decimal | None] = []
    for code, text in enumerate(values.dictionary.to_pylist()):
        amount = tables.exact_amount(text) if text else None
        amounts.append(amount)
        if amount is None and text:
            rows = _rows_with(values, code)
            notes[f"{name} {text!r} is no amount, kept in other_fields"] += len(rows)
            _keep(kept, rows, name, text)
    return amounts


def _take_money(amounts: list[Decimal | None], indices: pa.Array) -> pd.arrays.ArrowExtensionArray:
    exact = pa.array(amounts, tables.exact_money_dtype(amounts).pyarrow_dtype)
    return pd.arrays.ArrowExtensionArray(exact.take(indices))


def _monthly(prices: pa.Array, amounts: list[Decimal | None], interval: pa.Array) -> Any:
    """Return price / interval for each row, computed once per distinct pair."""
    months = interval.dictionary_encode()
    divisors = [*months.dictionary.to_pylist(), None]
    price_codes = _codes(prices.indices, len(amounts))
    month_codes = _codes(months.indices, len(divisors) - 1)
    pairs, place = np.unique(price_codes * len(divisors) + month_codes, return_inverse=True)
    costs = [
        _per_month([*amounts, None][pair // len(divisors)], divisors[pair % len(divisors)]) for pair in pairs
    ]
    return _take_money(costs, pa.array(place))


def _codes(indices: pa.Array, missing: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    codes: np.ndarray[Any, np.dtype[np.int64]] = (
        pc.fill_null(indices, missing).to_numpy(zero_copy_only=False).astype(np.int64)
    )
    return codes


def _per_month(price: Decimal | None, months: int | None) -> Decimal | None:
    # An interval of 0 or none says nothing about the month; a guess would be a wrong sum of money.
    if price is None or not months or months < 0:
        return None
    with localcontext() as context:
        context.prec = 60
        quantum = Decimal(1).scaleb(min(int(price.as_tuple().exponent), -tables.MONEY_SCALE))
        return (price / months).quantize(quantum, rounding=ROUND_HALF_EVEN)


# -- what no column holds ------------------------------------------------------------------------------------


def _rows_with(values: pa.Array, code: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    equal = pc.fill_null(pc.equal(values.indices, code), False)
    return np.flatnonzero(equal.to_numpy(zero_copy_only=False))


def _keep(
    kept: dict[int, dict[str, Any]], rows: np.ndarray[Any, np.dtype[np.int64]], name: str, value: Any
) -> None:
    for row in rows:
        kept.setdefault(int(row), {})[name] = value


def _with_kept(other: pa.Array, kept: dict[int, dict[str, Any]]) -> Any:
    texts = other.to_pylist()
    for row, values in kept.items():
        before = json.loads(texts[row] or "{}")
        merged = {
            **before,
            **{f"{name} as read" if name in before else name: one for name, one in values.items()},
        }
        texts[row] = json.dumps(merged, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return pd.array(texts, dtype=tables.TEXT_DTYPE)


# -- one call for answers that are already Python objects --------------------------------------------------


def _from_objects(objects: Iterable[Mapping[str, Any]], shape: Shape) -> pd.DataFrame:
    builder = FrameBuilder(shape)
    builder.add(flat_batch(decode_objects(list(objects), shape.contract), shape))
    frame = builder.finish()
    builder.warn()
    return frame


def active_numbers_frame(objects: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return active numbers given as the API's objects as the ``active numbers`` table.

    Parameters
    ----------
    objects : iterable of mapping
        ActiveNumber objects, for example of ``client.get_active_number``.

    Returns
    -------
    pandas.DataFrame
        One row per object, in order; columns and dtypes of ``tables.ACTIVE_NUMBERS``.

    Examples
    --------
    >>> active_numbers_frame([{"phoneNumber": "+13075550142", "regionCode": "US"}]).sms_state.item()
    'NOT_CONFIGURED'
    """
    return _from_objects(objects, flattening.ACTIVE_NUMBERS)


def available_numbers_frame(objects: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return numbers on offer given as the API's objects as the ``available numbers`` table.

    Examples
    --------
    >>> len(available_numbers_frame([]))
    0
    """
    return _from_objects(objects, flattening.AVAILABLE_NUMBERS)


def available_regions_frame(objects: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return regions given as the API's objects as the ``available regions`` table.

    Examples
    --------
    >>> available_regions_frame([{"regionCode": "NA", "types": ["LOCAL", "MOBILE"]}]).region_code.to_list()
    ['NA', 'NA']
    """
    return _from_objects(objects, flattening.AVAILABLE_REGIONS)
