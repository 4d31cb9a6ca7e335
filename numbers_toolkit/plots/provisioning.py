"""Plots of what is broken: service states, error codes, and campaigns against their limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from numbers_toolkit import tables
from numbers_toolkit.plots.bars import ROWS, Bars, Series, checked_rows, draw_bars
from numbers_toolkit.plots.inventory import drawn_words, key_columns, row_labels
from numbers_toolkit.plots.text import count_text, label_text, share_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from numbers_toolkit.plots.paper import ThemeName

__all__ = ["plot_campaign_fill", "plot_error_frequencies", "plot_provisioning_status"]

#: Colours of the known states and of who acts; a new one gets a colour that none of them has.
_STATE_COLOURS: Final = {"PROVISIONED": 2, "NOT_CONFIGURED": 6, "WAITING": 4, "IN_PROGRESS": 0, "FAILED": 3}
_ACTOR_COLOURS: Final = {"you": 0, "Sinch (wait)": 1, "Sinch support": 2}
_NEW: Final = 5


def plot_provisioning_status(
    summary: pd.DataFrame,
    *,
    ax: Axes | None = None,
    note: str | None = None,
    theme: ThemeName | None = None,
) -> Axes:
    """Draw in which state the SMS and voice services of the numbers are.

    Parameters
    ----------
    summary : pandas.DataFrame
        One row per service and state, from ``analysis.provisioning_status``: ``service``, ``state``,
        ``numbers``, ``share``.
    ax : matplotlib.axes.Axes, optional
        Where to draw; None makes a new figure on every call.
    note : str, optional
        Footnote, beside what ``summary.attrs`` says of the data.
    theme : {"light", "dark"}, optional
        Colours; None fits them to the page of ``ax``, else light.

    Returns
    -------
    matplotlib.axes.Axes
        Count of numbers on x, service and state on y, in the summary's order.

    Raises
    ------
    ColumnError
        When the summary lacks a column.

    Examples
    --------
    >>> summary = pd.DataFrame({"service": ["SMS"], "state": ["FAILED"], "numbers": [4], "share": [0.25]})
    >>> plot_provisioning_status(summary).get_yticklabels()[0].get_text()
    'SMS · FAILED'
    """
    tables.PROVISIONING_STATUS.require(summary)
    keys = key_columns(summary, tables.PROVISIONING_STATUS)
    states = [label_text(state) for state in summary["state"]]
    bars = Bars(
        title="Provisioning status by service",
        caption=f"{count_text(_per_service(summary))} numbers, each in one state per service.",
        axis_label="Numbers (count)",
        labels=row_labels(summary, [*keys, "service", "state"]),
        series=[Series("numbers", [float(count) for count in summary["numbers"]])],
        ends=_counts_and_shares(summary),
        colours=[_STATE_COLOURS.get(state, _NEW) for state in states],
    )
    return draw_bars(bars, summary, ax, theme, note)


def _per_service(summary: pd.DataFrame) -> int:
    """Return how many numbers there are; every service lists all of them."""
    services = summary["service"].unique()
    return int(summary.loc[summary["service"] == services[0], "numbers"].sum()) if len(services) else 0


def _counts_and_shares(summary: pd.DataFrame) -> list[str]:
    return [
        f"{count_text(count)} ({share_text(share)})"
        for count, share in zip(summary["numbers"], summary["share"], strict=True)
    ]


def plot_error_frequencies(
    summary: pd.DataFrame,
    *,
    ax: Axes | None = None,
    rows: int = ROWS,
    note: str | None = None,
    theme: ThemeName | None = None,
) -> Axes:
    """Draw how many numbers have each error code, the most frequent first, coloured by who must act.

    Parameters
    ----------
    summary : pandas.DataFrame
        One row per error code (and group), from ``analysis.error_frequencies``: ``error_code``,
        ``numbers``, ``share``, ``who_acts``.
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
        Count of numbers on x, error codes on y; share of the failing numbers in brackets.

    Raises
    ------
    ColumnError
        When the summary lacks a column.

    See Also
    --------
    plot_error_heatmap : The same by region or campaign.

    Examples
    --------
    >>> summary = pd.DataFrame({"error_code": ["INTERNAL_ERROR"], "numbers": [2], "share": [1.0],
    ...                         "who_acts": ["Sinch support"]})
    >>> int(plot_error_frequencies(summary).patches[0].get_width())
    2
    """
    needed = ("error_code", "numbers", "share", "who_acts")
    tables.ERROR_FREQUENCIES.require(summary, needed)
    keys = key_columns(summary, tables.ERROR_FREQUENCIES)
    ordered = summary.sort_values("numbers", ascending=False, kind="stable")
    shown = ordered.head(checked_rows(rows))
    actors = [label_text(actor) for actor in shown["who_acts"]]
    colours = {actor: _ACTOR_COLOURS.get(actor, _NEW) for actor in sorted(set(actors), key=_place)}
    bars = Bars(
        title="Numbers by provisioning error",
        caption=f"{drawn_words(len(shown), len(ordered), 'error code' if not keys else 'row')}; "
        "per cent of the failing numbers (a number can have several codes).",
        axis_label="Numbers (count)",
        labels=row_labels(shown, [*keys, "error_code"]),
        series=[Series("numbers", [float(count) for count in shown["numbers"]])],
        ends=_counts_and_shares(shown),
        colours=[colours[actor] for actor in actors],
        keys=[(f"acts: {actor}", index) for actor, index in colours.items()],
    )
    return draw_bars(bars, summary, ax, theme, note)


def _place(actor: str) -> tuple[int, str]:
    return _ACTOR_COLOURS.get(actor, _NEW), actor


def plot_campaign_fill(
    summary: pd.DataFrame,
    *,
    ax: Axes | None = None,
    rows: int = ROWS,
    note: str | None = None,
    theme: ThemeName | None = None,
) -> Axes:
    """Draw how full each 10DLC campaign is, against the line of its limit, the fullest first.

    Parameters
    ----------
    summary : pandas.DataFrame
        One row per campaign, from ``analysis.campaign_fill``: ``campaign_id``, ``numbers``, ``scheduled``,
        ``failed``, ``limit``, ``fill``.
    ax : matplotlib.axes.Axes, optional
        Where to draw; None makes a new figure on every call.
    rows : int, default 25
        Campaigns to draw at most; the caption says how many there are.
    note : str, optional
        Footnote, beside what ``summary.attrs`` says of the data.
    theme : {"light", "dark"}, optional
        Colours; None fits them to the page of ``ax``, else light.

    Returns
    -------
    matplotlib.axes.Axes
        Count of numbers on x, campaigns on y; a stroke where the limit is.

    Raises
    ------
    ColumnError
        When the summary lacks a column.

    Examples
    --------
    >>> summary = pd.DataFrame({"campaign_id": ["CAMP001"], "numbers": [48], "scheduled": [1], "failed": [0],
    ...                         "limit": [50], "fill": [0.98]})
    >>> [round(bar.get_width()) for bar in plot_campaign_fill(summary).patches]
    [48, 1]
    """
    needed = ("campaign_id", "numbers", "scheduled", "failed", "limit", "fill")
    tables.CAMPAIGN_FILL.require(summary, needed)
    ordered = summary.sort_values("fill", ascending=False, kind="stable", na_position="last")
    shown = ordered.head(checked_rows(rows))
    linked = int(summary["numbers"].sum())
    bars = Bars(
        title="How full the 10DLC campaigns are",
        caption=f"{drawn_words(linked, linked, 'number')} linked; "
        f"{drawn_words(len(shown), len(ordered), 'campaign').replace('largest', 'fullest')}.",
        axis_label="Numbers (count)",
        labels=row_labels(shown, ["campaign_id"]),
        series=[
            Series("linked", [float(count) for count in shown["numbers"]], 0),
            Series("being linked", [float(count) for count in shown["scheduled"]], 1),
        ],
        ends=[_fill_words(row) for row in shown.to_dict("records")],
        marks=[None if pd.isna(limit) else float(limit) for limit in shown["limit"]],
        mark_name="limit",
    )
    return draw_bars(bars, summary, ax, theme, note)


def _fill_words(row: dict[Any, Any]) -> str:
    count = count_text(row["numbers"]) + (f" + {count_text(row['scheduled'])}" if row["scheduled"] else "")
    limit = "no limit known" if pd.isna(row["limit"]) else f"of {count_text(row['limit'])}"
    failed = f", {count_text(row['failed'])} failed" if row["failed"] else ""
    return f"{count} {limit}{failed}"
