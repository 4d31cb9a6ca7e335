"""Exact money: amounts as whole numbers of their smallest digit, columns as wide as they need to be.

Nothing is rounded before the end; a sum is rounded once, half to even, to the digits of its column.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pyarrow as pa

from numbers_toolkit.errors import ColumnError
from numbers_toolkit.tables import MONEY_SCALE, is_money, money_dtype

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NARROW_DIGITS: Final = 18


def amounts(values: Iterable[Any], name: str) -> list[Fraction | None]:
    """Return amounts as exact fractions, missing ones as None.

    Raises
    ------
    ColumnError
        For a binary floating-point number or another value that is no exact amount.
    """
    exact: dict[Any, Fraction | None] = {}
    found = []
    for value in values:
        if value not in exact:
            exact[value] = None if pd.isna(value) else _amount(value, name)
        found.append(exact[value])
    return found


def _amount(value: Any, name: str) -> Fraction:
    exact = isinstance(value, (Decimal, int)) and not isinstance(value, bool)
    if not exact or (isinstance(value, Decimal) and not value.is_finite()):
        raise ColumnError(
            f"Column {name!r} holds {value!r}, which is no exact amount; use decimals, "
            "for example by reading the file with numbers_toolkit.read_csv."
        )
    return Fraction(value)


def digits(values: Iterable[Fraction | None]) -> int:
    """Return the digits after the decimal point that show every amount exactly, at least those of a table."""
    most = MONEY_SCALE
    for value in {value for value in values if value is not None}:
        while (value * 10**most).denominator != 1:
            most += 1
    return most


def column(values: Sequence[Fraction | None], scale: int = MONEY_SCALE) -> pd.Series[Any]:
    """Return amounts as a money column, rounded half to even to ``scale`` digits.

    The column is widened when an amount has more digits before the point than the usual type can hold.
    """
    rounded = [None if value is None else as_decimal(value, scale) for value in values]
    kind = money_dtype(scale).pyarrow_dtype
    if any(value is not None and len(value.as_tuple().digits) > _NARROW_DIGITS for value in rounded):
        kind = pa.decimal128(38, scale)
    return pd.Series(pd.arrays.ArrowExtensionArray(pa.array(rounded, kind)))


def money(values: pd.Series[Any], name: str) -> pd.Series[Any]:
    """Return amounts as a money column, as they are if they are one."""
    if is_money(values.dtype):
        return values
    exact = amounts(values, name)
    return column(exact, digits(exact))


def as_decimal(value: Fraction, scale: int = MONEY_SCALE) -> Decimal:
    """Return an amount with ``scale`` digits after the point, rounded half to even.

    Examples
    --------
    >>> as_decimal(Fraction(10, 12))
    Decimal('0.833333')
    """
    return Decimal(f"{round(value * 10**scale)}E-{scale}")
