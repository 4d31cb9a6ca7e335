"""Heat map of error codes by region or campaign: where it hurts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from matplotlib.patches import Rectangle

from numbers_toolkit import tables
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.plots.bars import checked_rows
from numbers_toolkit.plots.inventory import drawn_words, key_columns, key_words
from numbers_toolkit.plots.paper import Paper, full_note, paper_for, style_axes, write_no_data
from numbers_toolkit.plots.text import count_text, label_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from numbers_toolkit.plots.paper import ThemeName

__all__ = ["plot_error_heatmap"]

_STEPS: Final = 5
#: Columns that still leave room for a count of four digits.
COLUMNS: Final = 12
_FIRST_WITH_HIGH_INK: Final = 4
#: Longer column labels than this stand upright.
_LEVEL_LABEL: Final = 4


def plot_error_heatmap(
    summary: pd.DataFrame,
    *,
    ax: Axes | None = None,
    by: str | None = None,
    columns: int = COLUMNS,
    note: str | None = None,
    theme: ThemeName | None = None,
) -> Axes:
    """Draw how many numbers of each region (or campaign, or type) have each error code.

    Parameters
    ----------
    summary : pandas.DataFrame
        One row per error code and group, from ``analysis.error_frequencies(..., by="region_code")``: a key
        column, ``error_code``, ``numbers``.
    ax : matplotlib.axes.Axes, optional
        Where to draw; None makes a new figure on every call.
    by : str, optional
        The key column to use; None takes the only one there is.
    columns : int, default 12
        Groups to draw at most, those with most errors; the caption says how many there are.
    note : str, optional
        Footnote, beside what ``summary.attrs`` says of the data.
    theme : {"light", "dark"}, optional
        Colours; None fits them to the page of ``ax``, else light.

    Returns
    -------
    matplotlib.axes.Axes
        Groups on x, error codes on y, the worst first on both; every cell carries its count.

    Raises
    ------
    InvalidInputError
        When the summary has not exactly one key column and ``by`` names none of them.
    ColumnError
        When the summary lacks a column.

    Examples
    --------
    >>> import pandas as pd
    >>> summary = pd.DataFrame({"region_code": ["US", "SE"], "error_code": ["INTERNAL_ERROR"] * 2,
    ...                         "numbers": [9, 2]})
    >>> [cell.get_text() for cell in plot_error_heatmap(summary).texts[:2]]
    ['9', '2']
    """
    tables.ERROR_FREQUENCIES.require(summary, ("error_code", "numbers"))
    key = _key(summary, by)
    title = f"Errors by {key_words([key])}"
    counts = _counts(summary, key)
    if not counts:
        return write_no_data(ax, theme, title, summary, note)
    codes, groups = _by_total(counts, 0), _by_total(counts, 1)
    shown = groups[: checked_rows(columns)]
    footnote = full_note(summary, note)
    upright = any(len(group) > _LEVEL_LABEL for group in shown)
    foot = 6.0 + (6.5 * max(map(len, shown)) if upright else 16.0)
    paper = paper_for(
        ax, theme, rows=max(1.15 * len(codes), 1.6), label_characters=max(map(len, codes)), lines=1,
        note=footnote, bottom=foot,
    )  # fmt: skip
    style_axes(paper)
    _draw_cells(paper, counts, codes, shown)
    _label(paper, codes, shown, upright=upright)
    what = drawn_words(len(shown), len(groups), key_words([key])).replace("largest", "worst")
    caption = f"Numbers with the error; {count_text(len(codes))} error code{'s' * (len(codes) > 1)}, {what}."
    paper.write_frame(title, caption, footnote, below=foot)
    return paper.axes


def _key(summary: pd.DataFrame, by: str | None) -> str:
    keys = key_columns(summary, tables.ERROR_FREQUENCIES)
    if by is None and len(keys) == 1:
        return keys[0]
    if by in keys:
        return str(by)
    raise InvalidInputError(
        f"A heat map needs one key beside the error code; the summary has {', '.join(keys) or 'none'}. "
        'Make it with analysis.error_frequencies(active, by="region_code"), or name the key in by=.'
    )


def _counts(summary: pd.DataFrame, key: str) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for code, group, count in zip(summary["error_code"], summary[key], summary["numbers"], strict=True):
        cell = (label_text(code), label_text(group, 20))
        counts[cell] = counts.get(cell, 0) + int(count)
    return {cell: count for cell, count in counts.items() if count}


def _by_total(counts: dict[tuple[str, str], int], side: int) -> list[str]:
    totals: dict[str, int] = {}
    for cell, count in counts.items():
        totals[cell[side]] = totals.get(cell[side], 0) + count
    return sorted(totals, key=lambda name: (-totals[name], name))


def _draw_cells(
    paper: Paper, counts: dict[tuple[str, str], int], codes: list[str], groups: list[str]
) -> None:
    most = max(counts.values())
    for row, code in enumerate(codes):
        for column, group in enumerate(groups):
            count = counts.get((code, group), 0)
            if not count:
                continue
            # Steps by square root: the many small counts stay apart beside one large one.
            step = max(1, -(-round(_STEPS * 100 * (count / most) ** 0.5) // 100))
            paper.axes.add_artist(
                Rectangle(
                    (column - 0.5, row - 0.5), 1, 1, facecolor=paper.colours[f"heat-{step}"],
                    edgecolor=paper.colours["paper"], linewidth=1.2, clip_on=False,
                )
            )  # fmt: skip
            ink = "heat-high-ink" if step >= _FIRST_WITH_HIGH_INK else "heat-low-ink"
            paper.axes.text(
                column, row, count_text(count), ha="center", va="center", fontsize=8.5,
                color=paper.colours[ink], parse_math=False,
            )  # fmt: skip


def _label(paper: Paper, codes: list[str], groups: list[str], *, upright: bool) -> None:
    axes: Any = paper.axes
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    axes.set_xticks(range(len(groups)), groups, parse_math=False, rotation=90 if upright else 0)
    axes.set_yticks(range(len(codes)), codes, parse_math=False)
    # A single column as wide as the page would look like a bar.
    axes.set_xlim(-0.5, max(len(groups), 6) - 0.5)
    axes.set_ylim(len(codes) - 0.5, -0.5)
