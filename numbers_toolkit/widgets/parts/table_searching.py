"""Looking text up in the rows of a table, in all columns that a person sees."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api import types

from numbers_toolkit.formatting import date_text, money_text, region_text, state_text, time_text
from numbers_toolkit.widgets.parts.table_cells import number_text
from numbers_toolkit.widgets.parts.table_values import distinct, fold, fold_all, take

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from numbers_toolkit.widgets.parts.table_columns import Kind, TableColumn

__all__ = ["RowTexts", "wanted"]

_SEPARATORS: Final = re.compile(r"[\-().\u2010-\u2015]")
_DIGITS: Final = re.compile(r"[\d\-().\u2010-\u2015]*\d[\d\-().\u2010-\u2015]*", re.ASCII)
_TIMES: Final[dict[str, tuple[str, str]]] = {"date": ("D", "%Y-%m-%d"), "datetime": ("min", "%Y-%m-%d %H:%M")}
#: What a value can be found by: what is shown, and what the API calls it.
_FOUND_BY: Final[dict[str, Callable[[Any], str]]] = {
    "number": lambda one: f"{number_text(one)} {one}",
    "money": lambda one: f"{money_text(one)} {one}",
    "state": lambda one: f"{state_text(one)} {one}",
    "region": region_text,
    "date": date_text,
    "datetime": time_text,
}


def wanted(text: str) -> list[tuple[str, ...]]:
    """Return what a text asks for: words that must all be found, each with the ways in which it can be written.

    A phone number from its plus sign on is one word, however it is grouped.

    Examples
    --------
    >>> wanted("Sales +1 (202) 555 failed")
    [('sales',), ('+1202555',), ('failed',)]
    >>> wanted("202-555")
    [('202-555', '202555')]
    """
    words: list[tuple[str, ...]] = []
    number = ""
    for word in fold(text).split():
        is_digits = _DIGITS.fullmatch(word.removeprefix("+")) is not None
        if is_digits and (number or word.startswith("+")) and not (number and word.startswith("+")):
            number += _SEPARATORS.sub("", word)
            continue
        if number:
            words.append((number,))
        number = _SEPARATORS.sub("", word) if is_digits and word.startswith("+") else ""
        if not number:
            words.append(tuple(dict.fromkeys([word, _SEPARATORS.sub("", word)])) if is_digits else (word,))
    return [*words, (number,)] if number else words


class RowTexts:
    """The texts of a table's rows, column by column, made when first searched.

    Parameters
    ----------
    frame : pandas.DataFrame
        The rows.
    columns : sequence of TableColumn
        Columns that a person sees.
    """

    def __init__(self, frame: pd.DataFrame, columns: Sequence[TableColumn]) -> None:
        self._frame = frame
        self._columns = columns
        self._texts: list[tuple[NDArray[np.int64], pa.Array[Any]]] | None = None

    def holding(self, text: str) -> NDArray[np.bool_]:
        """Return for each row whether every word of a text is found in one of its columns.

        Parameters
        ----------
        text : str
            Words; case and accents do not count. No word at all is found in every row.

        Returns
        -------
        numpy.ndarray
            One truth value per row.

        Examples
        --------
        >>> from numbers_toolkit.widgets.parts.table_columns import columns_of
        >>> frame = pd.DataFrame({"phone_number": ["+12025550100", "+46701740605"], "region_code": ["US", "SE"]})
        >>> texts = RowTexts(frame, columns_of(frame))
        >>> texts.holding("+1 202 555").tolist(), texts.holding("sweden 174").tolist()
        ([True, False], [False, True])
        """
        held = np.ones(len(self._frame), dtype=bool)
        for ways in wanted(text):
            held &= self._holding_one(ways)
        return held

    def _holding_one(self, ways: tuple[str, ...]) -> NDArray[np.bool_]:
        if self._texts is None:
            self._texts = [_texts_of(self._frame, column) for column in self._columns]
        held = np.zeros(len(self._frame), dtype=bool)
        for codes, texts in self._texts:
            found = np.zeros(len(texts), dtype=bool)
            for way in ways:
                found |= pc.match_substring(texts, way).fill_null(False).to_numpy(zero_copy_only=False)
            if found.any():
                held |= take(found, codes, missing=False)
        return held


def _texts_of(frame: pd.DataFrame, column: TableColumn) -> tuple[NDArray[np.int64], pa.Array[Any]]:
    """Return each row's code, and the folded text of each distinct value."""
    values = frame[column.name]
    if column.kind in _TIMES and types.is_datetime64_any_dtype(values.dtype):
        return _times(values, *_TIMES[column.kind])
    if column.kind == "money" and column.currency:
        return _amounts(values, frame[column.currency])
    codes, found = distinct(values)
    if column.kind == "flag":
        # "SMS" finds what can do SMS.
        return codes, fold_all([column.title if one else "" for one in found])
    return codes, fold_all(_as_texts(found, column.kind))


def _as_texts(found: pd.Index[Any], kind: Kind) -> Any:
    if kind in _FOUND_BY:
        return [_FOUND_BY[kind](one) for one in found]
    return found.astype(str)


def _times(values: pd.Series[Any], unit: str, form: str) -> tuple[NDArray[np.int64], pa.Array[Any]]:
    plain = values if values.dt.tz is None else values.dt.tz_convert("UTC").dt.tz_localize(None)
    codes, found = distinct(plain.dt.floor(unit))
    return codes, pc.strftime(pa.array(found), form).cast(pa.large_string())


def _amounts(values: pd.Series[Any], currencies: pd.Series[Any]) -> tuple[NDArray[np.int64], pa.Array[Any]]:
    amount_codes, amounts = distinct(values)
    currency_codes, names = distinct(currencies)
    width = len(names) + 1  # a missing currency, whose code is -1, counts as one of them
    codes = np.full(len(values), -1, dtype=np.int64)
    there = amount_codes >= 0
    codes[there], pairs = pd.factorize(amount_codes[there] * width + currency_codes[there] + 1)
    currency_of = ["", *names]
    texts = []
    for pair in pairs.tolist():
        amount, currency = amounts[pair // width], currency_of[pair % width]
        texts.append(f"{money_text(amount, currency)} {amount}")
    return codes, fold_all(texts)
