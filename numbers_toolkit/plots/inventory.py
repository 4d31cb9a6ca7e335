"""Plots of what is owned: numbers by region, type and capability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from numbers_toolkit import tables
from numbers_toolkit.plots.bars import ROWS, Bars, Series, checked_rows, draw_bars
from numbers_toolkit.plots.text import count_text, label_text, share_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from numbers_toolkit.plots.paper import ThemeName

__all__ = ["plot_capabilities", "plot_inventory"]

_WORDS = {
    "region_code": "region",
    "number_type": "type",
    "capability": "capability",
    "sms_state": "SMS state",
    "voice_state": "voice state",
    "campaign_id": "campaign",
    "project_id": "project",
}


def key_columns(summary: pd.DataFrame, table: tables.Table) -> list[str]:
    """Return the columns a summary is broken down by: those its table does not name."""
    return [str(name) for name in summary.columns if name not in table.names]


def key_words(keys: list[str]) -> str:
    """Return key columns in words, for titles and captions."""
    return " and ".join(_WORDS.get(key, key.removesuffix("_code").replace("_", " ")) for key in keys)


def row_labels(summary: pd.DataFrame, keys: list[str]) -> list[str]:
    """Return one label per row out of its keys."""
    if not keys:
        return ["all"] * len(summary)
    columns = [[label_text(value) for value in summary[key]] for key in keys]
    return [label_text(" · ".join(parts)) for parts in zip(*columns, strict=True)]


def drawn_words(drawn: int, total: int, what: str) -> str:
    """Return how much of a summary is drawn, in words."""
    if drawn == total:
        return f"{count_text(total)} {what if total == 1 else _plural(what)}"
    return f"the largest {count_text(drawn)} of {count_text(total)} {_plural(what)}"


def _plural(what: str) -> str:
    return what[:-1] + "ies" if what.endswith("y") else what if what.endswith("s") else f"{what}s"


def plot_inventory(
    summary: pd.DataFrame,
    *,
    ax: Axes | None = None,
    rows: int = ROWS,
    note: str | None = None,
    theme: ThemeName | None = None,
) -> Axes:
    """Draw how many numbers there are per group, the largest group first.

    With two or more keys the last one becomes the parts of each bar. See :func:`plot_capabilities` for
    what the numbers can do.

    Parameters
    ----------
    summary : pandas.DataFrame
        One row per group, from ``analysis.inventory``: key columns, then ``numbers`` and ``share``.
    ax : matplotlib.axes.Axes, optional
        Where to draw; None makes a new figure on every call.
    rows : int, default 25
        Bars to draw at most; the caption says how many there are.
    note : str, optional
        Footnote. Data that is not a live reading is named there in any case, from ``summary.attrs``.
    theme : {"light", "dark"}, optional
        Colours; None fits them to the page of ``ax``, else light.

    Returns
    -------
    matplotlib.axes.Axes
        Count of numbers on x, groups on y.

    Raises
    ------
    ColumnError
        When the summary lacks a column.

    Examples
    --------
    >>> import pandas as pd
    >>> summary = pd.DataFrame({"region_code": ["SE", "US"], "numbers": [3, 1200], "share": [0.002, 0.998]})
    >>> axes = plot_inventory(summary)
    >>> [label.get_text() for label in axes.get_yticklabels()], [int(bar.get_width()) for bar in axes.patches]
    (['US', 'SE'], [1200, 3])
    """
    tables.INVENTORY.require(summary)
    keys = key_columns(summary, tables.INVENTORY)
    title = f"Numbers by {key_words(keys)}" if keys else "Numbers"
    wide = _wide(summary, keys)
    shown = wide.head(checked_rows(rows))
    ends = [count_text(total) for total in shown.sum(axis=1)]
    what = key_words(keys[:-1] if len(keys) > 1 else keys) or "group"
    bars = Bars(
        title=title,
        caption=f"{count_text(summary['numbers'].sum())} numbers; "
        f"{drawn_words(len(shown), len(wide), what)}.",
        axis_label="Numbers (count)",
        labels=[str(label) for label in shown.index],
        series=[Series(str(name), shown[name].to_list(), index) for index, name in enumerate(shown.columns)],
        ends=ends,
    )
    return draw_bars(bars, summary, ax, theme, note)


def _wide(summary: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return one row per bar and one column per part, in the order they are drawn."""
    rows: dict[str, dict[str, float]] = {}
    labels = row_labels(summary, keys[:-1] if len(keys) > 1 else keys)
    parts = [label_text(part) for part in summary[keys[-1]]] if len(keys) > 1 else ["numbers"] * len(summary)
    for label, part, count in zip(labels, parts, summary["numbers"], strict=True):
        row = rows.setdefault(label, {})
        row[part] = row.get(part, 0.0) + float(count)
    wide = pd.DataFrame.from_dict(rows, orient="index", dtype=float).fillna(0.0)
    if wide.empty:
        return wide
    order = wide.sum(axis=1).sort_values(ascending=False, kind="stable").index
    return wide.loc[order, _part_order(list(wide.columns))]


def _part_order(parts: list[str]) -> list[str]:
    known = [*tables.ACTIVE_NUMBERS["number_type"].categories, *tables.ACTIVE_NUMBERS["sms_state"].categories]
    rank = {part: index for index, part in enumerate(known)}
    return sorted(parts, key=lambda part: (rank.get(part, len(rank)), part))


def plot_capabilities(
    summary: pd.DataFrame,
    *,
    ax: Axes | None = None,
    note: str | None = None,
    theme: ThemeName | None = None,
) -> Axes:
    """Draw what the numbers can do: SMS and voice, one of them, or neither.

    Parameters
    ----------
    summary : pandas.DataFrame
        One row per set of capabilities, from ``analysis.inventory_by_capability``: either ``capability``
        or ``has_sms`` and ``has_voice``, then ``numbers`` and ``share``.
    ax : matplotlib.axes.Axes, optional
        Where to draw; None makes a new figure on every call.
    note : str, optional
        Footnote, beside what ``summary.attrs`` says of the data.
    theme : {"light", "dark"}, optional
        Colours; None fits them to the page of ``ax``, else light.

    Returns
    -------
    matplotlib.axes.Axes
        Count of numbers on x, capabilities on y, in the summary's order.

    Raises
    ------
    ColumnError
        When the summary lacks a column.

    Examples
    --------
    >>> summary = pd.DataFrame({"has_sms": [True], "has_voice": [False], "numbers": [7], "share": [1.0]})
    >>> plot_capabilities(summary).get_yticklabels()[0].get_text()
    'SMS only'
    """
    tables.INVENTORY.require(summary)
    counts = summary["numbers"].to_list()
    bars = Bars(
        title="Numbers by capability",
        caption=f"{count_text(summary['numbers'].sum())} numbers.",
        axis_label="Numbers (count)",
        labels=capability_labels(summary),
        series=[Series("numbers", [float(count) for count in counts])],
        ends=[
            f"{count_text(count)} ({share_text(share)})"
            for count, share in zip(counts, summary["share"], strict=True)
        ],
    )
    return draw_bars(bars, summary, ax, theme, note)


def capability_labels(summary: pd.DataFrame) -> list[str]:
    """Return each row's capabilities in words; other keys stand in front."""
    keys = key_columns(summary, tables.INVENTORY)
    if not {"has_sms", "has_voice"} <= set(keys):
        return row_labels(summary, keys)
    others = [key for key in keys if key not in ("has_sms", "has_voice")]
    words = [_capability(*pair) for pair in zip(summary["has_sms"], summary["has_voice"], strict=True)]
    if not others:
        return words
    return [f"{front} · {word}" for front, word in zip(row_labels(summary, others), words, strict=True)]


def _capability(sms: Any, voice: Any) -> str:
    able = [name for name, has in (("SMS", sms), ("voice", voice)) if not pd.isna(has) and has]
    if pd.isna(sms) or pd.isna(voice):
        return f"{' and '.join(able)}, rest unknown" if able else "unknown"
    return " and ".join(able) + (" only" if len(able) == 1 else "") or "neither"
