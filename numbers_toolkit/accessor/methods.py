"""What ``frame.numbers`` is: the methods of a frame, together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numbers_toolkit.accessor.costs import CostMethods
from numbers_toolkit.accessor.plots import NumbersPlots
from numbers_toolkit.accessor.provisioning import ProvisioningMethods
from numbers_toolkit.frame_showing.recognising import known_table
from numbers_toolkit.tables import ACTIVE_NUMBERS, AVAILABLE_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pandas as pd

    from numbers_toolkit.frame_showing import ShownFrame
    from numbers_toolkit.report import Report
    from numbers_toolkit.widgets import InventoryPanel

__all__ = ["NumbersAccessor"]


class NumbersAccessor(ProvisioningMethods, CostMethods):
    """Analyses, plots, reports and panels of a frame, as ``frame.numbers``.

    Parameters
    ----------
    frame : pandas.DataFrame
        Active numbers for most methods, available numbers for :meth:`memorable` and :meth:`stock`. It is never
        changed, and nothing is fetched.

    Examples
    --------
    >>> import numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client:
    ...     active = nt.active_numbers(client)
    >>> active.numbers.inventory(by="number_type")
      number_type  numbers  share
    0       LOCAL      309  0.618
    1      MOBILE      163  0.326
    2   TOLL_FREE       28  0.056
    """

    __slots__ = ()

    def __repr__(self) -> str:
        table = known_table(self._frame)
        what = table.name if table else "other columns than this package's"
        return f"<numbers of a frame of {len(self._frame):,} rows: {what}>"

    @property
    def plot(self) -> NumbersPlots:
        """Plots of the frame: ``frame.numbers.plot.inventory()`` and others."""
        return NumbersPlots(self._frame)

    def inventory(self, by: str | Iterable[str] = ("region_code", "number_type")) -> pd.DataFrame:
        """Count numbers by one or several keys: :func:`numbers_toolkit.analysis.inventory`.

        Parameters
        ----------
        by : str or iterable of str, default ("region_code", "number_type")
            Columns to count by, or ``"capability"``.

        Returns
        -------
        pandas.DataFrame
            Led by the keys.

            - ``numbers`` : Int64 - how many numbers
            - ``share`` : Float64 - share of all numbers, 0 to 1

        Raises
        ------
        ColumnError
            When the frame holds neither active nor available numbers.
        InvalidInputError
            When a key does not exist.

        Examples
        --------
        >>> import pandas as pd
        >>> frame = pd.DataFrame({"phone_number": ["+13075550142", "+46701740605"], "region_code": ["US", "SE"]})
        >>> frame.numbers.inventory(by="region_code")
          region_code  numbers  share
        0          SE        1    0.5
        1          US        1    0.5
        """
        from numbers_toolkit import analysis

        kinds = (ACTIVE_NUMBERS, AVAILABLE_NUMBERS)
        return self._made("inventory", *kinds, by=lambda frame: analysis.inventory(frame, by))

    def memorable(self, *, words: str | Iterable[str] = ()) -> pd.DataFrame:
        """Return numbers on offer, the most memorable first: :func:`numbers_toolkit.analysis.memorable`.

        Parameters
        ----------
        words : str or iterable of str
            Words that a number may spell on a telephone's keys.

        Returns
        -------
        pandas.DataFrame
            ``phone_number``, ``region_code``, ``number_type``, ``score`` and ``reason``.

        Raises
        ------
        ColumnError
            When the frame does not hold available numbers.

        Examples
        --------
        >>> AVAILABLE_NUMBERS.empty().numbers.memorable(words="taxi").columns[-2:].to_list()
        ['score', 'reason']
        """
        from numbers_toolkit import analysis

        return self._made(
            "memorable", AVAILABLE_NUMBERS, by=lambda frame: analysis.memorable(frame, words=words)
        )

    def stock(self, *, digits: int = 3) -> pd.DataFrame:
        """Count numbers on offer by how they begin: :func:`numbers_toolkit.analysis.stock_by_prefix`.

        Parameters
        ----------
        digits : int, default 3
            Digits after the calling code that belong to the prefix.

        Returns
        -------
        pandas.DataFrame
            ``prefix``, ``region_code``, ``number_type``, ``numbers``, ``lowest_monthly_price`` and ``currency_code``.

        Raises
        ------
        ColumnError
            When the frame does not hold available numbers.

        Examples
        --------
        >>> AVAILABLE_NUMBERS.empty().numbers.stock(digits=2).columns[:4].to_list()
        ['prefix', 'region_code', 'number_type', 'numbers']
        """
        from numbers_toolkit import analysis

        return self._made(
            "stock", AVAILABLE_NUMBERS, by=lambda frame: analysis.stock_by_prefix(frame, digits=digits)
        )

    def report(
        self, path: str | Path | None = None, *, title: str | None = None, as_of: Any = None
    ) -> Report:
        """Build a report, and write it to a file: :func:`numbers_toolkit.build_report`.

        Parameters
        ----------
        path : str or Path, optional
            HTML file to write; one that is there is replaced. None writes nothing.
        title : str, optional
            Heading of the page.
        as_of : datetime or str, optional
            The instant that ages and charges are reckoned from; None takes the time of reading.

        Returns
        -------
        Report
            Shows itself in a notebook.

        Raises
        ------
        ColumnError
            When the frame does not hold active numbers with all their columns.
        MissingDependencyError
            Without jinja2 or matplotlib.
        OutputError
            When the file can't be written.

        Examples
        --------
        >>> print(ACTIVE_NUMBERS.empty().numbers.report(title="Demo"))
        Demo: There are no active numbers.
        """
        from numbers_toolkit.report import build_report

        def built(frame: pd.DataFrame) -> Report:
            return build_report(frame, title=title, as_of=as_of)

        report = self._made("report", ACTIVE_NUMBERS, by=built)
        if path is not None:
            report.to_html(path)
        return report

    def panel(self) -> InventoryPanel:
        """Open the inventory panel on the frame: :class:`numbers_toolkit.widgets.InventoryPanel`.

        Returns
        -------
        InventoryPanel
            Filters, figures, plots and the to-do list of these rows. Nothing is fetched.

        Raises
        ------
        ColumnError
            When the frame does not hold active numbers.
        MissingDependencyError
            Without ipywidgets or anywidget.
        """
        from numbers_toolkit.widgets import InventoryPanel

        return self._made("panel", ACTIVE_NUMBERS, by=InventoryPanel)

    def show(self, *, rows: int | None = None) -> ShownFrame:
        """Show the frame for reading: :func:`numbers_toolkit.show`.

        Parameters
        ----------
        rows : int, optional
            Rows in sight at most; None takes pandas' options.

        Returns
        -------
        ShownFrame
            To be the last thing of a cell.

        Examples
        --------
        >>> "No rows" in ACTIVE_NUMBERS.empty().numbers.show()._repr_html_()
        True
        """
        from numbers_toolkit.frame_showing import show

        return show(self._frame, rows=rows)
