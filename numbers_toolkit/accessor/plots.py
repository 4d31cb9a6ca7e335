"""Plots of a frame: the summary is made and drawn in one step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from numbers_toolkit.accessor.checking import OfFrame
from numbers_toolkit.errors import InvalidInputError, MixedCurrencyError
from numbers_toolkit.tables import ACTIVE_NUMBERS, AVAILABLE_NUMBERS, PROVISIONING_ERRORS
from numbers_toolkit.wording import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Unpack

    import pandas as pd
    from matplotlib.axes import Axes

    from numbers_toolkit.columns import Table
    from numbers_toolkit.plots.paper import ThemeName

__all__ = ["Look", "NumbersPlots"]


class Look(TypedDict, total=False):
    """How a plot looks; every plot takes these keywords.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw; left out, each plot makes a new figure.
    note : str
        Footnote.
    theme : {"light", "dark"}
        Colours; left out, they fit the page of ``ax``, else light.
    """

    ax: Axes | None
    note: str | None
    theme: ThemeName | None


class NumbersPlots(OfFrame):
    """Plots of a frame, as ``frame.numbers.plot``.

    Every plot returns the Axes, which a notebook shows when a cell ends with it, and takes ``ax``, ``note`` and
    ``theme``, see :class:`Look`. For other numbers than these, call the analysis and ``nt.plots`` yourself.

    Parameters
    ----------
    frame : pandas.DataFrame
        Active numbers.

    Raises
    ------
    ColumnError
        By every plot, when the frame is of another kind.
    MissingDependencyError
        By every plot, without matplotlib.
    MixedCurrencyError
        By :meth:`costs` and :meth:`renewals`, when there are several currencies and none is named.

    Examples
    --------
    >>> axes = NumbersPlots(ACTIVE_NUMBERS.empty()).inventory()
    >>> axes.figure.axes == [axes]
    True
    """

    __slots__ = ()
    _where = ".numbers.plot"

    def inventory(
        self,
        by: str | Iterable[str] = ("region_code", "number_type"),
        *,
        rows: int = 25,
        **look: Unpack[Look],
    ) -> Axes:
        """Draw how many numbers there are per group: :func:`numbers_toolkit.plots.plot_inventory`.

        Parameters
        ----------
        by : str or iterable of str, default ("region_code", "number_type")
            Columns to count by; of two or more, the last one becomes the parts of each bar.
        rows : int, default 25
            Bars to draw at most.
        **look : object
            See :class:`Look`.

        Examples
        --------
        >>> axes = NumbersPlots(ACTIVE_NUMBERS.empty()).inventory("number_type")
        """
        from numbers_toolkit import analysis, plots

        summary = self._summary("inventory", lambda frame: analysis.inventory(frame, by), AVAILABLE_NUMBERS)
        return plots.plot_inventory(summary, rows=rows, **look)

    def capabilities(self, **look: Unpack[Look]) -> Axes:
        """Draw what the numbers can be used for: :func:`numbers_toolkit.plots.plot_capabilities`.

        Parameters
        ----------
        **look : object
            See :class:`Look`.

        Examples
        --------
        >>> axes = NumbersPlots(ACTIVE_NUMBERS.empty()).capabilities()
        """
        from numbers_toolkit import analysis, plots

        summary = self._summary("capabilities", analysis.inventory_by_capability, AVAILABLE_NUMBERS)
        return plots.plot_capabilities(summary, **look)

    def status(self, **look: Unpack[Look]) -> Axes:
        """Draw the states of both services: :func:`numbers_toolkit.plots.plot_provisioning_status`.

        Parameters
        ----------
        **look : object
            See :class:`Look`.

        Examples
        --------
        >>> axes = NumbersPlots(ACTIVE_NUMBERS.empty()).status()
        """
        from numbers_toolkit import analysis, plots

        summary = self._summary("status", analysis.provisioning_status)
        return plots.plot_provisioning_status(summary, **look)

    def errors(self, *, rows: int = 25, **look: Unpack[Look]) -> Axes:
        """Draw how frequent each error code is: :func:`numbers_toolkit.plots.plot_error_frequencies`.

        Parameters
        ----------
        rows : int, default 25
            Codes to draw at most.
        **look : object
            See :class:`Look`.

        Examples
        --------
        >>> axes = NumbersPlots(ACTIVE_NUMBERS.empty()).errors()
        """
        from numbers_toolkit import analysis, plots

        summary = self._summary("errors", analysis.error_frequencies, PROVISIONING_ERRORS)
        return plots.plot_error_frequencies(summary, rows=rows, **look)

    def error_heatmap(self, by: str = "region_code", **look: Unpack[Look]) -> Axes:
        """Draw which group has which error codes: :func:`numbers_toolkit.plots.plot_error_heatmap`.

        Parameters
        ----------
        by : str, default "region_code"
            Column whose values stand side by side.
        **look : object
            See :class:`Look`.

        Examples
        --------
        >>> axes = NumbersPlots(ACTIVE_NUMBERS.empty()).error_heatmap("number_type")
        """
        from numbers_toolkit import analysis, plots

        summary = self._summary(
            "error_heatmap", lambda frame: analysis.error_frequencies(frame, by), PROVISIONING_ERRORS
        )
        return plots.plot_error_heatmap(summary, by=by, **look)

    def costs(
        self,
        by: str | Iterable[str] = "region_code",
        *,
        currency_code: str | None = None,
        rows: int = 25,
        **look: Unpack[Look],
    ) -> Axes:
        """Draw what the numbers cost a month, in one currency: :func:`numbers_toolkit.plots.plot_cost`.

        Parameters
        ----------
        by : str or iterable of str, default "region_code"
            Columns to break it down by.
        currency_code : str, optional
            ISO 4217. Left out, the numbers must have one currency: bars of different ones can't be compared.
        rows : int, default 25
            Bars to draw at most.
        **look : object
            See :class:`Look`.

        Examples
        --------
        >>> axes = NumbersPlots(ACTIVE_NUMBERS.empty()).costs()
        """
        from numbers_toolkit import analysis, plots

        summary = self._summary("costs", lambda frame: analysis.monthly_cost(frame, by))
        return plots.plot_cost(self._in_one_currency("costs", summary, currency_code), rows=rows, **look)

    def renewals(
        self,
        *,
        currency_code: str | None = None,
        as_of: Any = None,
        months: int = 12,
        **look: Unpack[Look],
    ) -> Axes:
        """Draw the charges to come, month by month: :func:`numbers_toolkit.plots.plot_renewals`.

        Parameters
        ----------
        currency_code : str, optional
            ISO 4217. Left out, the numbers must have one currency: bars of different ones can't be compared.
        as_of : datetime or str, optional
            The instant to look ahead from; None takes the time of reading.
        months : int, default 12
            Calendar months, the one of ``as_of`` being the first.
        **look : object
            See :class:`Look`.

        Examples
        --------
        >>> axes = NumbersPlots(ACTIVE_NUMBERS.empty()).renewals(as_of="2026-03-02", months=3)
        """
        from numbers_toolkit import analysis, plots

        summary = self._summary(
            "renewals", lambda frame: analysis.renewals_by_month(frame, as_of=as_of, months=months)
        )
        return plots.plot_renewals(self._in_one_currency("renewals", summary, currency_code), **look)

    def campaigns(
        self,
        *,
        limits: Mapping[str, int | None] | None = None,
        rows: int = 25,
        **look: Unpack[Look],
    ) -> Axes:
        """Draw how full each 10DLC campaign is: :func:`numbers_toolkit.plots.plot_campaign_fill`.

        Parameters
        ----------
        limits : mapping of str to int or None, optional
            Numbers that a campaign can hold, by campaign id.
        rows : int, default 25
            Bars to draw at most.
        **look : object
            See :class:`Look`.

        Examples
        --------
        >>> axes = NumbersPlots(ACTIVE_NUMBERS.empty()).campaigns()
        """
        from numbers_toolkit import analysis, plots

        summary = self._summary("campaigns", lambda frame: analysis.campaign_fill(frame, limits=limits))
        return plots.plot_campaign_fill(summary, rows=rows, **look)

    def _in_one_currency(self, name: str, summary: pd.DataFrame, currency_code: str | None) -> pd.DataFrame:
        """Return the rows of a summary that can be drawn beside each other."""
        found = sorted(str(code) for code in summary["currency_code"].dropna().unique())
        if currency_code is None:
            if len(found) > 1:
                raise MixedCurrencyError(
                    f"The numbers are charged in {listed(found)}, whose bars can't be compared. Choose one: "
                    f"{self._where}.{name}(currency_code={found[0]!r})."
                )
            return summary
        wanted = str(currency_code).strip().upper()
        if found and wanted not in found:
            raise InvalidInputError(f"No number is charged in {currency_code!r}, but in {listed(found)}.")
        return summary[summary["currency_code"].eq(wanted).fillna(value=False).to_numpy(dtype=bool)]

    def _summary(self, name: str, by: Callable[[pd.DataFrame], pd.DataFrame], *others: Table) -> pd.DataFrame:
        """Return what is drawn; tables besides the active numbers serve too where they are named."""
        return self._made(name, ACTIVE_NUMBERS, *others, by=by)
