"""Drawings of plots in a panel: inline SVG that takes the page's colours, and can do nothing but be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from numbers_toolkit.palette import DARK, LIGHT
from numbers_toolkit.style import colours
from numbers_toolkit.widgets.parts.assets import script, style_sheet
from numbers_toolkit.widgets.parts.part import Part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Drawing"]

#: The page has its own, JupyterLab's for example.
_OF_THE_PAGE = ("ink", "paper")


def _palette(theme: Mapping[str, str]) -> dict[str, str]:
    return {name: colour for name, colour in theme.items() if name not in _OF_THE_PAGE}


class Drawing(Part):
    """Show drawings, one below the other; each scrolls sideways where there is little room.

    Parameters
    ----------
    label : str
        What they show, for screen readers.

    Attributes
    ----------
    pictures : tuple of str
        The drawings as SVG. They can tell of the inventory, so no notebook saves them.

    Examples
    --------
    >>> drawing = Drawing(label="Errors")
    >>> drawing.show("<svg xmlns='http://www.w3.org/2000/svg'/>")
    >>> len(drawing.pictures)
    1
    """

    _esm: ClassVar[str] = script("drawing")
    _css: ClassVar[str] = "\n".join(
        [style_sheet("drawing"), colours(".nt-drawing", _palette(LIGHT), _palette(DARK))]
    )

    label = traitlets.Unicode("").tag(sync=True)

    def __init__(self, *, label: str) -> None:
        self.pictures: tuple[str, ...] = ()
        super().__init__(label=label)

    def show(self, *pictures: str) -> None:
        """Show other drawings in place of all former ones.

        Parameters
        ----------
        *pictures : str
            SVG as ``report.figures.draw_svg`` makes it.
        """
        self.pictures = pictures
        self._show()

    def _show(self) -> None:
        self._tell("pictures", pictures=list(self.pictures))

    def _heard(self, message: Mapping[str, Any], _buffers: Sequence[memoryview]) -> None:
        if message.get("kind") == "hello":
            self._show()
