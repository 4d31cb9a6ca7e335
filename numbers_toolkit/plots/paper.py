"""Paper of every plot: colours, margins, title, caption, footnote, and how a notebook shows it.

Bare ``Figure`` objects only: no pyplot, no global setting is read for colours or changed.
"""

from __future__ import annotations

import io
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.palette import DARK, LIGHT
from numbers_toolkit.plots.text import source_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = [
    "DARK",
    "HATCHES",
    "LIGHT",
    "ChartAxes",
    "Paper",
    "ThemeName",
    "full_note",
    "paper_for",
    "root_figure",
    "style_axes",
    "write_no_data",
]

ThemeName: TypeAlias = Literal["light", "dark"]

HATCHES: Final = ("", "//", "\\\\", "xx", "--", "++", "")

#: Inches, and inches per character of a nine-point label in the widest of the usual fonts.
WIDTH: Final = 7.0
_EDGE: Final = 0.14
_CHARACTER: Final = 0.084
_POINTS: Final = 72.0
_LINE: Final = 14.0
_CAPTION_CHARACTERS: Final = 88
_DARK_BELOW: Final = 0.4
_SCREEN_DPI: Final = 100
_SHARPNESS: Final = 2


class ChartAxes(Axes):
    """Axes on a figure of their own, which a notebook shows when a cell ends with them.

    Matplotlib's Axes show nothing by themselves and pyplot shows every figure it knows; these are known to
    nobody, so nothing leaks, and bring their own picture instead.
    """

    def _repr_png_(self) -> bytes:
        return _png(root_figure(self))

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        del include, exclude  # part of IPython's protocol; one picture leaves nothing to choose
        width, height = (round(inches * _SCREEN_DPI) for inches in root_figure(self).get_size_inches())
        data = {"image/png": self._repr_png_(), "text/plain": repr(self)}
        return data, {"image/png": {"width": width, "height": height}}


def root_figure(axes: Axes) -> Figure:
    """Return the figure that axes lie on, whatever subfigure they are in."""
    figure = axes.get_figure(root=True)
    if figure is None:
        raise InvalidInputError("These axes were removed from their figure; draw on others.")
    return figure


def _png(figure: Figure) -> bytes:
    target = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(target, format="png", dpi=_SCREEN_DPI * _SHARPNESS, facecolor=figure.get_facecolor())
    return target.getvalue()


@dataclass(frozen=True, slots=True)
class Paper:
    """Where one plot is drawn: its axes, its colours, and how far left of the axes the page begins."""

    axes: Axes
    colours: Mapping[str, str]
    start: float = 0.0

    def series(self, index: int) -> tuple[str, str]:
        """Return colour and hatch of the n-th series."""
        last = len(HATCHES) - 1
        return self.colours[f"series-{min(index, last) + 1}"], HATCHES[min(index, last)]

    def write_frame(
        self, title: str, caption: str, note: str, *, legend: Any = None, below: float | None = None
    ) -> None:
        """Write title, caption, legend handles and footnote around the axes."""
        axes, height = self.axes, 6.0
        if legend:
            axes.legend(
                handles=legend, loc="lower left", bbox_to_anchor=(self.start, 1.0), ncols=len(legend),
                frameon=False, fontsize=9, labelcolor=self.colours["ink"], borderaxespad=0.2, borderpad=0.2,
                handlelength=1.4, handletextpad=0.5, columnspacing=1.4,
            )  # fmt: skip
            height += 18.0
        for line in reversed(_wrapped(caption)):
            self._write(line, 1.0, height, "muted")
            height += _LINE
        if title:
            axes.set_title(
                title, loc="left", pad=height + 3, color=self.colours["ink"], fontsize=11.5,
                fontweight="bold", parse_math=False,
            ).set_x(self.start)  # fmt: skip
        below = _below(axes) if below is None else below
        for index, line in enumerate(_wrapped(note)):
            self._write(line, 0.0, -below - _LINE * (index + 1), "muted", style="italic")

    def _write(self, text: str, side: float, offset: float, colour: str, **style: Any) -> None:
        self.axes.annotate(
            text, (self.start, side), xycoords="axes fraction", xytext=(0, offset),
            textcoords="offset points", color=self.colours[colour], fontsize=9, annotation_clip=False,
            parse_math=False, va="baseline", **style,
        )  # fmt: skip


def _below(axes: Axes) -> float:
    """Return the points that tick labels and axis label take under the axes."""
    return (16.0 if axes.xaxis.get_visible() else 0.0) + (16.0 if axes.get_xlabel() else 0.0)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _CAPTION_CHARACTERS)


def full_note(summary: pd.DataFrame, note: str | None) -> str:
    """Return the footnote: what the data is, then the caller's own words."""
    # What the data is can't be replaced by a note of one's own, only be joined by it.
    said = source_text(summary.attrs)
    return said if not note or note in said else f"{said} {note}".strip()


def paper_for(
    ax: Axes | None,
    theme: ThemeName | None,
    *,
    rows: float,
    label_characters: int,
    lines: int,
    note: str,
    bottom: float = 34.0,
) -> Paper:
    """Return given axes with colours that fit their page, or new axes with room for what will be written.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or None
        Axes of the caller; their layout is left alone. None makes a new figure.
    theme : {"light", "dark"} or None
        None reads it from the face colour of the given axes' figure; light for a new figure.
    rows : float
        Height of the drawing in rows of a bar.
    label_characters : int
        Longest label left of the drawing.
    lines : int
        Lines above the drawing besides the title: caption and legend.
    note : str
        Footnote, for its height.
    bottom : float, default 34
        Points under the drawing for ticks and axis label.

    Returns
    -------
    Paper
        Axes and colours.
    """
    if theme not in (None, "light", "dark"):
        raise InvalidInputError(f"Theme {theme!r} is not known; use 'light' or 'dark'.")
    if ax is not None:
        return Paper(ax, _colours(theme or _theme_of(ax)))
    colours = _colours(theme or "light")
    left = 0.3 + _CHARACTER * label_characters
    top = (34.0 + _LINE * lines) / _POINTS
    foot = (bottom + 8.0 + _LINE * len(_wrapped(note))) / _POINTS
    height = top + rows * 0.27 + foot
    figure = Figure(figsize=(WIDTH, height), facecolor=colours["paper"], dpi=_SCREEN_DPI)
    FigureCanvasAgg(figure)
    width = WIDTH - left - 0.3
    axes = ChartAxes(figure, (left / WIDTH, foot / height, width / WIDTH, 1 - (top + foot) / height))
    figure.add_axes(axes)
    return Paper(axes, colours, (_EDGE - left) / width)


def _colours(theme: str) -> Mapping[str, str]:
    return DARK if theme == "dark" else LIGHT


def _theme_of(axes: Axes) -> ThemeName:
    for face in (axes.get_facecolor(), root_figure(axes).get_facecolor()):
        red, green, blue, alpha = to_rgba(face)
        if alpha > 0:
            return "dark" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < _DARK_BELOW else "light"
    return "light"


def style_axes(paper: Paper, *, axis_label: str = "") -> None:
    """Give axes their quiet look: light grid, no box, no tick marks."""
    axes, colours = paper.axes, paper.colours
    if isinstance(axes, ChartAxes):
        axes.set_facecolor("none")
    for side, spine in axes.spines.items():
        spine.set_visible(side == "left")
        spine.set_color(colours["muted"])
        spine.set_linewidth(0.8)
    axes.tick_params(axis="both", which="both", length=0, left=False, bottom=False, labelsize=9)
    axes.tick_params(axis="x", labelcolor=colours["muted"])
    axes.tick_params(axis="y", labelcolor=colours["ink"])
    axes.grid(visible=False)
    axes.grid(visible=True, axis="x", color=colours["grid"], linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_xlabel(axis_label, fontsize=9, color=colours["muted"], loc="left", labelpad=3, parse_math=False)


def write_no_data(
    ax: Axes | None, theme: ThemeName | None, title: str, summary: pd.DataFrame, note: str | None
) -> Axes:
    """Draw an empty summary: the title, and in words that there is nothing to show."""
    footnote = full_note(summary, note)
    paper = paper_for(ax, theme, rows=3, label_characters=0, lines=1, note=footnote, bottom=8)
    axes = paper.axes
    axes.set_facecolor("none") if isinstance(axes, ChartAxes) else None
    for spine in axes.spines.values():
        spine.set_color(paper.colours["grid"])
    axes.grid(visible=False)
    axes.xaxis.set_visible(False)
    axes.yaxis.set_visible(False)
    axes.text(
        0.5, 0.5, "no data", transform=axes.transAxes, ha="center", va="center", fontsize=11,
        color=paper.colours["muted"],
    )  # fmt: skip
    paper.write_frame(title, "There is nothing to draw.", footnote)
    return axes
