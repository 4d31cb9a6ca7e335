"""What the numbers cost, and when it falls due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numbers_toolkit.accessor.checking import OfFrame
from numbers_toolkit.tables import ACTIVE_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    import pandas as pd

__all__ = ["CostMethods"]


class CostMethods(OfFrame):
    """Costs and charges of a frame of active numbers."""

    __slots__ = ()

    def monthly_cost(self, by: str | Iterable[str] = (), *, include_released: bool = False) -> pd.DataFrame:
        """Return exact costs per currency: :func:`numbers_toolkit.analysis.monthly_cost`.

        Parameters
        ----------
        by : str or iterable of str
            Columns to break it down by.
        include_released : bool, default False
            Whether numbers that were given back count too.

        Returns
        -------
        pandas.DataFrame
            The keys, ``currency_code``, ``numbers``, ``monthly_cost`` and ``yearly_cost`` (in ``currency_code``), and
            ``unpriced``. Different currencies are never added.

        Raises
        ------
        ColumnError
            When the frame does not hold active numbers.

        Examples
        --------
        >>> ACTIVE_NUMBERS.empty().numbers.monthly_cost(by="region_code").columns[:4].to_list()
        ['region_code', 'currency_code', 'numbers', 'monthly_cost']
        """
        from numbers_toolkit import analysis

        return self._made(
            "monthly_cost",
            ACTIVE_NUMBERS,
            by=lambda frame: analysis.monthly_cost(frame, by, include_released=include_released),
        )

    def total_cost(self, currency_code: str | None = None, *, include_released: bool = False) -> Decimal:
        """Return what all numbers cost a month, in one currency: :func:`numbers_toolkit.analysis.total_cost`.

        Parameters
        ----------
        currency_code : str, optional
            ISO 4217; may be left out when there is but one.
        include_released : bool, default False
            Whether numbers that were given back count too.

        Returns
        -------
        decimal.Decimal
            Exact.

        Raises
        ------
        ColumnError
            When the frame does not hold active numbers.
        MixedCurrencyError
            When there are several currencies and none is named.

        Examples
        --------
        >>> ACTIVE_NUMBERS.empty().numbers.total_cost("USD") == 0
        True
        """
        from numbers_toolkit import analysis

        return self._made(
            "total_cost",
            ACTIVE_NUMBERS,
            by=lambda frame: analysis.total_cost(frame, currency_code, include_released=include_released),
        )

    def charges(self, *, as_of: Any = None, months: int = 2) -> pd.DataFrame:
        """Return the charges to come, one by one: :func:`numbers_toolkit.analysis.upcoming_charges`.

        Parameters
        ----------
        as_of : datetime or str, optional
            The instant to look ahead from; None takes the time of reading.
        months : int, default 2
            Calendar months, the one of ``as_of`` being the first.

        Returns
        -------
        pandas.DataFrame
            ``charge_date``, ``phone_number``, ``amount``, ``currency_code`` and others, by date.

        Raises
        ------
        ColumnError
            When the frame does not hold active numbers.

        Examples
        --------
        >>> len(ACTIVE_NUMBERS.empty().numbers.charges(as_of="2026-03-02", months=1))
        0
        """
        from numbers_toolkit import analysis

        return self._made(
            "charges",
            ACTIVE_NUMBERS,
            by=lambda frame: analysis.upcoming_charges(frame, as_of=as_of, months=months),
        )

    def renewals(self, *, as_of: Any = None, months: int = 12) -> pd.DataFrame:
        """Return the charges to come by month: :func:`numbers_toolkit.analysis.renewals_by_month`.

        Parameters
        ----------
        as_of : datetime or str, optional
            The instant to look ahead from; None takes the time of reading.
        months : int, default 12
            Calendar months, the one of ``as_of`` being the first.

        Returns
        -------
        pandas.DataFrame
            ``month``, ``currency_code``, ``charges`` and ``amount`` (in ``currency_code``).

        Raises
        ------
        ColumnError
            When the frame does not hold active numbers.

        Examples
        --------
        >>> ACTIVE_NUMBERS.empty().numbers.renewals(as_of="2026-03-02").columns.to_list()
        ['month', 'currency_code', 'charges', 'amount']
        """
        from numbers_toolkit import analysis

        return self._made(
            "renewals",
            ACTIVE_NUMBERS,
            by=lambda frame: analysis.renewals_by_month(frame, as_of=as_of, months=months),
        )
