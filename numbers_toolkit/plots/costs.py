"""Plots of what the numbers cost: by group, and by month of the coming charges. One currency at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numbers_toolkit import tables
from numbers_toolkit.errors import MixedCurrencyError
from numbers_toolkit.plots.bars import ROWS, Bars, Series, checked_rows, draw_bars
from numbers_toolkit.plots.inventory import drawn_words, key_columns, key_words, row_labels
from numbers_toolkit.plots.text import amount_text, count_text, label_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from numbers_toolkit.plots.paper import ThemeName

__all__ = ["plot_cost", "plot_renewals"]

_OF_COSTS = tables.MONTHLY_COST


def _only_currency(summary: pd.DataFrame) -> str:
    """Return the one currency of a summary; lengths of bars in two currencies can't be compared."""
    found = [label_text(code) for code in summary["currency_code"].unique()]
    if len(found) > 1:
        raise MixedCurrencyError(
            f"The summary holds amounts in {', '.join(sorted(found))}; bars of different currencies can't be "
            'compared. Draw one at a time, for example summary[summary["currency_code"] == "USD"].'
        )
    return found[0] if found else ""


def plot_cost(
    summary: pd.DataFrame,
    *,
    ax: Axes | None = None,
    rows: int = ROWS,
    note: str | None = None,
    theme: ThemeName | None = None,
) -> Axes:
    """Draw what each group of numbers costs a month, the dearest first.

    Parameters
    ----------
    summary : pandas.DataFrame
        One row per group, of one currency, from ``analysis.monthly_cost``: key columns, then
        ``currency_code``, ``numbers``, ``monthly_cost``.
    ax : matplotlib.axes.Axes, optional
        Where to draw; None makes a new figure on every call.
    rows : int, default 25
        Bars to draw at most; the caption says how many there are.
    note : str, optional
        Footnote, beside what ``summary.attrs`` says of the data.
    theme : {"light", "dark"}, optional
        Colours; None fits them to the page of ``ax``, else light.

    Returns
    -------
    matplotlib.axes.Axes
        Cost per month on x, groups on y; amounts are written with all their digits.

    Raises
    ------
    MixedCurrencyError
        When there is more than one currency.
    ColumnError
        When the summary lacks a column.

    Examples
    --------
    >>> from decimal import Decimal
    >>> import pandas as pd
    >>> summary = pd.DataFrame({"region_code": ["US"], "currency_code": ["USD"], "numbers": [3],
    ...                         "monthly_cost": [Decimal("1.80")]})
    >>> plot_cost(summary).get_xlabel()
    'Cost per month (USD)'
    """
    _OF_COSTS.require(summary, ("currency_code", "numbers", "monthly_cost"))
    currency = _only_currency(summary)
    priced = summary[summary["monthly_cost"].notna()]
    keys = [key for key in key_columns(summary, _OF_COSTS) if key != "share"]
    ordered = priced.sort_values("monthly_cost", ascending=False, kind="stable")
    shown = ordered.head(checked_rows(rows))
    unpriced = len(summary) - len(priced)
    bars = Bars(
        title=", ".join(
            filter(None, (f"Monthly cost by {key_words(keys)}" if keys else "Monthly cost", currency))
        ),
        caption=f"{count_text(summary['numbers'].sum())} numbers; "
        f"{drawn_words(len(shown), len(ordered), key_words(keys) or 'group')}"
        f"{f'; {unpriced} without a price left out' if unpriced else ''}.",
        axis_label=f"Cost per month ({currency})",
        labels=row_labels(shown, keys),
        series=[Series("monthly cost", [float(amount) for amount in shown["monthly_cost"]])],
        ends=[amount_text(amount) for amount in shown["monthly_cost"]],
        whole=False,
    )
    return draw_bars(bars, summary, ax, theme, note)


def plot_renewals(
    summary: pd.DataFrame,
    *,
    ax: Axes | None = None,
    rows: int = ROWS,
    note: str | None = None,
    theme: ThemeName | None = None,
) -> Axes:
    """Draw what falls due in each calendar month.

    Months run down the page, so that every amount has room for all its digits.

    Parameters
    ----------
    summary : pandas.DataFrame
        One row per month, of one currency, from ``analysis.renewals_by_month``: ``month``,
        ``currency_code``, ``charges``, ``amount``.
    ax : matplotlib.axes.Axes, optional
        Where to draw; None makes a new figure on every call.
    rows : int, default 25
        Months to draw at most, the first ones.
    note : str, optional
        Footnote, beside what ``summary.attrs`` says of the data.
    theme : {"light", "dark"}, optional
        Colours; None fits them to the page of ``ax``, else light.

    Returns
    -------
    matplotlib.axes.Axes
        Amount due on x, calendar months on y, the first one at the top.

    Raises
    ------
    MixedCurrencyError
        When there is more than one currency.
    ColumnError
        When the summary lacks a column.

    Examples
    --------
    >>> from numbers_toolkit import tables
    >>> plot_renewals(tables.RENEWALS.empty()).get_title(loc="left")
    'Charges by month'
    """
    tables.RENEWALS.require(summary)
    currency = _only_currency(summary)
    shown = summary.sort_values("month", kind="stable").head(checked_rows(rows))
    charges = shown["charges"].to_list()
    more = f" (the first {len(shown)} of {len(summary)})" if len(shown) < len(summary) else ""
    bars = Bars(
        title=f"Charges by month{f', {currency}' if currency else ''}",
        caption=f"{count_text(shown['charges'].sum())} charges in {len(shown)} months{more}, UTC.",
        axis_label=f"Amount due ({currency})",
        labels=[month.strftime("%Y-%m") for month in shown["month"]],
        series=[Series("amount", _known(shown))],
        ends=[
            f"{amount_text(amount)}  ({count_text(count)} charge{'' if count == 1 else 's'})"
            for amount, count in zip(shown["amount"], charges, strict=True)
        ],
        whole=False,
    )
    return draw_bars(bars, summary, ax, theme, note)


def _known(shown: pd.DataFrame) -> list[float]:
    return [float(amount) for amount in shown["amount"].fillna(0)]
