"""Colours of drawings, on light and on dark pages, by what they are for.

Apart from the plots, so that a page can put its own colours in their place without loading what draws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DARK", "LIGHT"]

#: Series are Okabe and Ito's colour-blind safe palette, ordered so that neighbours differ in lightness;
#: hatches tell apart what greyscale brings together. Every value occurs once, so that a page can put its
#: own colours in their place by name.
LIGHT: Final[Mapping[str, str]] = {
    "paper": "#ffffff",
    "ink": "#1b2733",
    "muted": "#55606b",
    "grid": "#dde3e8",
    "series-1": "#0072b2",
    "series-2": "#e69f00",
    "series-3": "#009e73",
    "series-4": "#d55e00",
    "series-5": "#56b4e9",
    "series-6": "#cc79a7",
    "series-7": "#8b96a1",
    "heat-1": "#dcebf7",
    "heat-2": "#a6cbe6",
    "heat-3": "#6ba8d6",
    "heat-4": "#2b6ca8",
    "heat-5": "#0b3c6f",
    "heat-low-ink": "#0d1a26",
    "heat-high-ink": "#fbfdfe",
}
DARK: Final[Mapping[str, str]] = {
    "paper": "#161b22",
    "ink": "#e6edf3",
    "muted": "#a3afbb",
    "grid": "#303a45",
    "series-1": "#4aa3df",
    "series-2": "#f2b632",
    "series-3": "#2fc096",
    "series-4": "#ff8a4c",
    "series-5": "#a4d8f7",
    "series-6": "#e4a8c8",
    "series-7": "#7d8994",
    "heat-1": "#1a3047",
    "heat-2": "#1f4a72",
    "heat-3": "#2a6ca6",
    "heat-4": "#6fb2e2",
    "heat-5": "#c6e4fa",
    "heat-low-ink": "#f4f8fb",
    "heat-high-ink": "#0a1520",
}
