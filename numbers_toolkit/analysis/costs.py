"""Recurring costs, exact and per currency."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from numbers_toolkit.analysis import _exact
from numbers_toolkit.analysis._grouping import assemble, check_active_keys, distinct, key_values
from numbers_toolkit.errors import (
    IncompleteDataWarning,
    InvalidInputError,
    MixedCurrencyError,
    warn_user,
)
from numbers_toolkit.tables import ACTIVE_NUMBERS, MONTHLY_COST

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from numpy.typing import NDArray

__all__ = ["monthly_cost", "total_cost"]

_READ: Final = ("price", "currency_code", "payment_interval_months", "expire_at")
_YEAR: Final = 12


def monthly_cost(
    active: pd.DataFrame, by: str | Iterable[str] = (), *, include_released: bool = False
) -> pd.DataFrame:
    """Sum what the numbers cost a month and a year, per currency.

    Different currencies are never added: each has its own rows.

    Parameters
    ----------
    active : pandas.DataFrame
        Active numbers; read are ``price``, ``currency_code``, ``payment_interval_months``, ``expire_at`` and
        the keys.
    by : str or iterable of str, default ()
        Columns to break the sums down by, also columns of your own, or ``"capability"``.
    include_released : bool, default False
        Also count released numbers. They have ``expire_at`` set, end then, and are not renewed, so they are
        no recurring cost.

    Returns
    -------
    pandas.DataFrame
        One row per combination of keys and currency that occurs, by currency, most numbers first, led by
        the key columns.

        - ``currency_code`` : category, may be missing - ISO 4217; amounts of different rows with different
          codes are never added
        - ``numbers`` : Int64 - how many numbers
        - ``monthly_cost`` : decimal128(18, 6)[pyarrow], may be missing - sum of price / interval, in
          currency_code
        - ``yearly_cost`` : decimal128(18, 6)[pyarrow], may be missing - the same for twelve months, in
          currency_code
        - ``unpriced`` : Int64 - how many of the numbers have no known price, so are in no sum

    Raises
    ------
    ColumnError
        When ``active`` lacks a column that is read, holds it with another dtype, or has amounts in binary
        floating point.
    InvalidInputError
        When a key does not exist; the message lists those that do.

    Warns
    -----
    IncompleteDataWarning
        When numbers have no price, currency or payment interval; they are counted in ``unpriced``.

    See Also
    --------
    total_cost : one amount
    renewals_by_month : when the money is due

    Notes
    -----
    Prices are added up exactly per payment interval and divided at the end; the sum is rounded once, half to
    even, to six digits, or to as many as the prices have. So 12 numbers at 10.00 a year each cost 10.000000
    a month, though one alone costs 0.833333. A group without any known price has a missing cost, not 0.

    Source: ``money`` and ``paymentIntervalMonths`` of the active numbers. An interval of 0 months
    occurs in the API's published samples and is not explained there; it counts as unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> from decimal import Decimal
    >>> active = pd.DataFrame(
    ...     {
    ...         "price": [Decimal("10.00"), Decimal("0.60")],
    ...         "currency_code": ["USD", "USD"],
    ...         "payment_interval_months": [12, 1],
    ...         "expire_at": pd.to_datetime([None, None], utc=True),
    ...     }
    ... )
    >>> monthly_cost(active)
      currency_code  numbers monthly_cost yearly_cost  unpriced
    0           USD        2     1.433333   17.200000         0
    """
    keys = check_active_keys(by, active, MONTHLY_COST, _READ, implied=("currency_code",))
    kinds, counts = _kinds(active, keys, include_released=include_released)
    named = {key: kinds[key] for key in (*keys, "currency_code")}
    groups = distinct(list(named.values()), len(kinds))
    totals = _Totals(len(groups.counts), kinds, counts, groups.group)
    _warn_incomplete(int(totals.unpriced.sum()))
    currency_code = named.pop("currency_code").iloc[groups.first]
    return assemble(
        MONTHLY_COST,
        {
            "currency_code": currency_code,
            "numbers": np.bincount(groups.group, counts, len(groups.counts)).astype(np.int64),
            "monthly_cost": _exact.column(totals.per_month(1), totals.scale),
            "yearly_cost": _exact.column(totals.per_month(_YEAR), totals.scale),
            "unpriced": totals.unpriced,
        },
        keys={key: values.iloc[groups.first] for key, values in named.items()},
        order=("currency_code", "numbers", *keys),
        descending=("numbers",),
        attrs=active.attrs,
    )


def _kinds(
    active: pd.DataFrame, keys: tuple[str, ...], *, include_released: bool
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the distinct keys, currencies, prices and intervals, and how many numbers have them."""
    names = dict.fromkeys((*keys, "currency_code", "price", "payment_interval_months"))
    columns = {name: key_values(active, name) for name in names}
    released = active["expire_at"].notna()
    kinds = distinct([*columns.values(), released], len(active))
    counted = np.ones(len(kinds.first), dtype=bool)
    if not include_released:
        counted = ~released.to_numpy(dtype=bool)[kinds.first]
    rows = kinds.first[counted]
    taken = {name: values.iloc[rows].reset_index(drop=True) for name, values in columns.items()}
    return pd.DataFrame(taken), kinds.counts[counted]


class _Totals:
    """Exact sums per group and interval, made from the distinct prices."""

    def __init__(
        self, groups: int, kinds: pd.DataFrame, counts: NDArray[np.int64], group: NDArray[np.int64]
    ) -> None:
        prices = _exact.amounts(kinds["price"], "price")
        months = [None if pd.isna(one) or one < 1 else int(one) for one in kinds["payment_interval_months"]]
        known = kinds["currency_code"].notna()
        self.scale = _exact.digits(prices)
        self.unpriced = np.zeros(groups, dtype=np.int64)
        self._sums: list[dict[int, Fraction]] = [defaultdict(Fraction) for _ in range(groups)]
        for place, amount, every, count, named in zip(
            group.tolist(), prices, months, counts.tolist(), known, strict=True
        ):
            if amount is None or every is None or not named:
                self.unpriced[place] += count
                continue
            self._sums[place][every] += amount * count

    def per_month(self, times: int) -> list[Fraction | None]:
        """Return the cost of so many months of each group; None without any known price."""
        return [
            sum((amount * times / every for every, amount in sums.items()), Fraction(0)) if sums else None
            for sums in self._sums
        ]


def _warn_incomplete(unpriced: int) -> None:
    """Warn once about numbers that no sum can hold."""
    if unpriced:
        warn_user(
            f"Numbers without a price, currency or payment interval: {unpriced:,}. They are in no sum.",
            IncompleteDataWarning,
        )


def total_cost(
    active: pd.DataFrame, currency_code: str | None = None, *, include_released: bool = False
) -> Decimal:
    """Return what all numbers together cost a month, as one exact amount.

    Parameters
    ----------
    active : pandas.DataFrame
        Active numbers, as for :func:`monthly_cost`.
    currency_code : str, optional
        Add up the numbers of this currency alone. None asks for all, which must share one currency.
    include_released : bool, default False
        Also count released numbers.

    Returns
    -------
    decimal.Decimal
        Rounded once, as in :func:`monthly_cost`; 0 without numbers.

    Raises
    ------
    ColumnError
        As :func:`monthly_cost`.
    InvalidInputError
        When no number is charged in ``currency_code``.
    MixedCurrencyError
        When the numbers have several currencies and none was chosen.

    Warns
    -----
    IncompleteDataWarning
        As :func:`monthly_cost`.

    Examples
    --------
    >>> import pandas as pd
    >>> from decimal import Decimal
    >>> active = pd.DataFrame(
    ...     {
    ...         "price": [Decimal("0.60"), Decimal("9.00")],
    ...         "currency_code": ["USD", "EUR"],
    ...         "payment_interval_months": [1, 12],
    ...         "expire_at": pd.to_datetime([None, None], utc=True),
    ...     }
    ... )
    >>> total_cost(active, "EUR")
    Decimal('0.750000')
    >>> total_cost(active)
    Traceback (most recent call last):
    numbers_toolkit.errors.MixedCurrencyError: The numbers are charged in EUR and USD, ...
    """
    ACTIVE_NUMBERS.require(active, _READ)
    if currency_code is not None:
        wanted = str(currency_code).strip().upper()
        found = sorted(str(code) for code in active["currency_code"].dropna().unique())
        if found and wanted not in found:
            raise InvalidInputError(f"No number is charged in {currency_code!r}, but in {', '.join(found)}.")
        active = active[active["currency_code"].eq(wanted).fillna(value=False).to_numpy(dtype=bool)]
    costs = monthly_cost(active, include_released=include_released).dropna(subset="monthly_cost")
    if len(costs) > 1:
        raise MixedCurrencyError(
            f"The numbers are charged in {' and '.join(costs['currency_code'])}, which can't be added. "
            "Choose one with currency_code=..., or use monthly_cost for one row per currency."
        )
    zero = _exact.as_decimal(Fraction(0))
    return next(iter(costs["monthly_cost"]), zero)
