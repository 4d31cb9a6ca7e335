"""Horizontal bars: one row per group, exact values written at their ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.plots.paper import (
    ChartAxes,
    Paper,
    full_note,
    paper_for,
    root_figure,
    style_axes,
    write_no_data,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from numbers_toolkit.plots.paper import ThemeName

__all__ = ["ROWS", "Bars", "Series", "checked_rows", "draw_bars"]

#: Bars that still fit on a screen; the table has the rest.
ROWS: Final = 25
_BAR: Final = 0.68
#: Inches kept free for a character of the value at the end of a bar, and the most it may take of the width.
_CHARACTER: Final = 0.077
_MOST_ROOM: Final = 0.6


@dataclass(frozen=True, slots=True)
class Series:
    """Bars of one colour, one length per row; ``colour`` counts from 0 in the palette."""

    name: str
    lengths: Sequence[float]
    colour: int = 0


@dataclass(frozen=True, slots=True)
class Bars:
    """What is drawn: rows from top to bottom, series from left to right.

    ``ends`` stands behind each row's last bar. ``colours`` gives each row its own colour where there is one
    series; ``keys`` then names those colours. ``marks`` are limits, one per row (None where there is none).
    """

    title: str
    caption: str
    axis_label: str
    labels: Sequence[str]
    series: Sequence[Series]
    ends: Sequence[str]
    colours: Sequence[int] = ()
    keys: Sequence[tuple[str, int]] = ()
    marks: Sequence[float | None] = ()
    mark_name: str = ""
    whole: bool = True


def checked_rows(rows: int) -> int:
    """Return how many rows to draw; refuses what draws nothing."""
    if rows < 1:
        raise InvalidInputError(f"rows={rows} draws nothing; use 1 or more.")
    return rows


def draw_bars(
    bars: Bars, summary: pd.DataFrame, ax: Axes | None, theme: ThemeName | None, note: str | None
) -> Axes:
    """Draw bars on given axes or on a figure of their own.

    Parameters
    ----------
    bars : Bars
        What to draw.
    summary : pandas.DataFrame
        Where it comes from; ``attrs`` says what kind of data it is.
    ax : matplotlib.axes.Axes or None
        Where to draw.
    theme : {"light", "dark"} or None
        Colours.
    note : str or None
        Footnote.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.
    """
    if not bars.labels:
        return write_no_data(ax, theme, bars.title, summary, note)
    footnote = full_note(summary, note)
    named = bool(bars.keys) or len(bars.series) > 1 or bool(bars.mark_name)
    paper = paper_for(
        ax, theme, rows=max(len(bars.labels), 1.6), label_characters=max(map(len, bars.labels)),
        lines=1 + named, note=footnote,
    )  # fmt: skip
    style_axes(paper, axis_label=bars.axis_label)
    totals = _stack(paper, bars, named=named)
    marks = _draw_marks(paper, bars)
    # A credit runs to the left; its value still stands on the right, where there is room for it.
    reaches = [max(total, mark or 0.0, 0.0) for total, mark in zip(totals, bars.marks or totals, strict=True)]
    _scale(paper, bars, max(reaches), min(0.0, *totals))
    for row, (reach, text) in enumerate(zip(reaches, bars.ends, strict=True)):
        paper.axes.annotate(
            text, (reach, row), xytext=(5, 0), textcoords="offset points", va="center", fontsize=9,
            color=paper.colours["ink"], annotation_clip=False, parse_math=False,
        )  # fmt: skip
    paper.write_frame(bars.title, bars.caption, footnote, legend=[*_keys(paper, bars), *marks])
    return paper.axes


def _stack(paper: Paper, bars: Bars, *, named: bool) -> list[float]:
    totals = [0.0] * len(bars.labels)
    for series in bars.series:
        palette = [paper.series(one) for one in (bars.colours or [series.colour] * len(totals))]
        paper.axes.barh(
            range(len(totals)), series.lengths, left=totals, height=_BAR, label=series.name,
            color=[colour for colour, _ in palette], hatch=[hatch for _, hatch in palette] if named else None,
            edgecolor=paper.colours["paper"], linewidth=0.8 if len(bars.series) > 1 else 0.0,
            clip_on=False,
        )  # fmt: skip
        totals = [total + length for total, length in zip(totals, series.lengths, strict=True)]
    return totals


def _draw_marks(paper: Paper, bars: Bars) -> list[Any]:
    if not bars.mark_name:
        return []
    known = [(row, mark) for row, mark in enumerate(bars.marks) if mark is not None]
    lines = paper.axes.vlines(
        [mark for _, mark in known], [row - 0.48 for row, _ in known], [row + 0.48 for row, _ in known],
        color=paper.colours["ink"], linewidth=2, label=bars.mark_name, clip_on=False,
    )  # fmt: skip
    return [lines]


def _keys(paper: Paper, bars: Bars) -> list[Any]:
    pairs = bars.keys or (
        [(series.name, series.colour) for series in bars.series]
        if len(bars.series) > 1 or bars.mark_name
        else []
    )
    return [
        Patch(
            facecolor=paper.series(index)[0],
            hatch=paper.series(index)[1],
            edgecolor=paper.colours["paper"],
            linewidth=0,
            label=name,
        )
        for name, index in pairs
    ]


def _scale(paper: Paper, bars: Bars, longest: float, lowest: float) -> None:
    axes = paper.axes
    axes.set_yticks(range(len(bars.labels)), bars.labels, parse_math=False)
    axes.set_ylim(len(bars.labels) - 0.4, -0.6)
    inches = axes.get_window_extent().width / root_figure(axes).dpi
    room = min(_CHARACTER * (1 + max(map(len, bars.ends))) / inches, _MOST_ROOM)
    span = (longest - lowest) or 1
    axes.set_xlim(lowest, lowest + span / (1 - room))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=bars.whole, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    if isinstance(axes, ChartAxes) and longest:
        # A tick in the room kept for the values would stand under text.
        axes.set_xticks([one for one in axes.get_xticks() if one <= longest * 1.02])
