"""Exact money in columns: which dtype holds an amount without rounding.

Adds nothing up and knows no currency.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pyarrow as pa

from numbers_toolkit.amounts import exact_amount

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

__all__ = ["MONEY_SCALE", "exact_amount", "exact_money_dtype", "is_money", "money_dtype"]

#: Digits kept after the decimal point. Amounts that need more widen their column, they are never rounded.
MONEY_SCALE: Final = 6


def money_dtype(scale: int = MONEY_SCALE) -> pd.ArrowDtype:
    """Return the exact decimal dtype of money columns.

    Examples
    --------
    >>> money_dtype()
    decimal128(18, 6)[pyarrow]
    """
    return pd.ArrowDtype(pa.decimal128(18 if scale <= MONEY_SCALE else 38, scale))


def exact_money_dtype(amounts: Iterable[Decimal | None]) -> pd.ArrowDtype:
    """Return the usual dtype of money, or a wider one when an amount would not fit it exactly.

    Examples
    --------
    >>> from decimal import Decimal
    >>> exact_money_dtype([Decimal("0.60"), None]), exact_money_dtype([Decimal("0.123456789")])
    (decimal128(18, 6)[pyarrow], decimal128(38, 9)[pyarrow])
    """
    given = [one for one in amounts if one is not None]
    scale = max((-int(one.as_tuple().exponent) for one in given), default=0)
    whole = max((one.adjusted() + 1 for one in given), default=0)
    usual = money_dtype().pyarrow_dtype
    if scale <= usual.scale and whole <= usual.precision - usual.scale:
        return money_dtype()
    return pd.ArrowDtype(pa.decimal128(38, max(scale, usual.scale)))


def is_money(dtype: Any) -> bool:
    """Whether a dtype holds exact decimals.

    Examples
    --------
    >>> is_money(money_dtype()), is_money(float)
    (True, False)
    """
    return isinstance(dtype, pd.ArrowDtype) and bool(pa.types.is_decimal(dtype.pyarrow_dtype))
