"""What is set up, what failed and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numbers_toolkit.accessor.checking import OfFrame
from numbers_toolkit.tables import ACTIVE_NUMBERS, PROVISIONING_ERRORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

__all__ = ["ProvisioningMethods"]


class ProvisioningMethods(OfFrame):
    """States, errors and campaigns of a frame of active numbers."""

    __slots__ = ()

    def errors(self) -> pd.DataFrame:
        """Return one row per number, service and error code: :func:`numbers_toolkit.analysis.provisioning_errors`.

        Returns
        -------
        pandas.DataFrame
            ``phone_number``, ``service``, ``error_code``, ``meaning``, ``remedy``, ``who_acts``, ``retry`` and the
            other columns of :data:`numbers_toolkit.tables.PROVISIONING_ERRORS`.

        Raises
        ------
        ColumnError
            When the frame does not hold active numbers.

        Examples
        --------
        >>> errors = ACTIVE_NUMBERS.empty().numbers.errors()
        >>> errors.columns[3:5].to_list(), len(errors)
        (['service', 'error_code'], 0)
        """
        from numbers_toolkit import analysis

        return self._made("errors", ACTIVE_NUMBERS, by=analysis.provisioning_errors)

    def error_frequencies(self, by: str | Iterable[str] = (), *, as_of: Any = None) -> pd.DataFrame:
        """Count numbers by error code: :func:`numbers_toolkit.analysis.error_frequencies`.

        Parameters
        ----------
        by : str or iterable of str
            Columns to break it down by.
        as_of : datetime or str, optional
            The instant that ages are reckoned from; None takes the time of reading.

        Returns
        -------
        pandas.DataFrame
            ``error_code``, ``numbers``, ``share`` (0 to 1) and what the code means, most frequent first.

        Raises
        ------
        ColumnError
            When the frame holds neither active numbers nor provisioning errors.

        Examples
        --------
        >>> ACTIVE_NUMBERS.empty().numbers.error_frequencies(by="region_code").columns[:4].to_list()
        ['region_code', 'error_code', 'numbers', 'share']
        """
        from numbers_toolkit import analysis

        return self._made(
            "error_frequencies",
            ACTIVE_NUMBERS,
            PROVISIONING_ERRORS,
            by=lambda frame: analysis.error_frequencies(frame, by, as_of=as_of),
        )

    def status(self) -> pd.DataFrame:
        """Count numbers by service and state: :func:`numbers_toolkit.analysis.provisioning_status`.

        Returns
        -------
        pandas.DataFrame
            ``service``, ``state``, ``numbers`` and ``share`` (0 to 1).

        Raises
        ------
        ColumnError
            When the frame does not hold active numbers.

        Examples
        --------
        >>> ACTIVE_NUMBERS.empty().numbers.status().columns.to_list()
        ['service', 'state', 'numbers', 'share']
        """
        from numbers_toolkit import analysis

        return self._made("status", ACTIVE_NUMBERS, by=analysis.provisioning_status)

    def attention(
        self, *, as_of: Any = None, expiring_days: int = 30, limits: Mapping[str, int | None] | None = None
    ) -> pd.DataFrame:
        """Return what needs action, most pressing first: :func:`numbers_toolkit.analysis.attention`.

        Parameters
        ----------
        as_of : datetime or str, optional
            The instant that ages are reckoned from; None takes the time of reading.
        expiring_days : int, default 30
            How many days ahead a rental that ends is told.
        limits : mapping of str to int or None, optional
            Numbers that a campaign can hold, by campaign id.

        Returns
        -------
        pandas.DataFrame
            One row per number and reason, with ``problem``, ``remedy``, ``who_acts`` and the other columns of
            :data:`numbers_toolkit.tables.ATTENTION`.

        Raises
        ------
        ColumnError
            When the frame does not hold active numbers.

        Examples
        --------
        >>> len(ACTIVE_NUMBERS.empty().numbers.attention(as_of="2026-03-02"))
        0
        """
        from numbers_toolkit import analysis

        return self._made(
            "attention",
            ACTIVE_NUMBERS,
            by=lambda frame: analysis.attention(
                frame, as_of=as_of, expiring_days=expiring_days, limits=limits
            ),
        )

    def campaigns(self, *, limits: Mapping[str, int | None] | None = None) -> pd.DataFrame:
        """Return how full each 10DLC campaign is: :func:`numbers_toolkit.analysis.campaign_fill`.

        Parameters
        ----------
        limits : mapping of str to int or None, optional
            Numbers that a campaign can hold, by campaign id.

        Returns
        -------
        pandas.DataFrame
            ``campaign_id``, ``numbers``, ``scheduled``, ``failed``, ``limit``, ``room`` and ``fill`` (0 to 1).

        Raises
        ------
        ColumnError
            When the frame does not hold active numbers.

        Examples
        --------
        >>> ACTIVE_NUMBERS.empty().numbers.campaigns(limits={"C1": 50}).columns[-3:].to_list()
        ['limit', 'room', 'fill']
        """
        from numbers_toolkit import analysis

        return self._made(
            "campaigns", ACTIVE_NUMBERS, by=lambda frame: analysis.campaign_fill(frame, limits=limits)
        )
