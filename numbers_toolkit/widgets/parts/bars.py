"""Bars with a name and a figure each, one of which can be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

import traitlets

from numbers_toolkit.widgets.parts.assets import script, style_sheet
from numbers_toolkit.widgets.parts.part import Part
from numbers_toolkit.wording import readable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Bars"]

#: More bars than anyone looks at; the rest is counted below them.
_MOST: Final = 200


class Bars(Part):
    """A small chart of horizontal bars; choosing one is up to a person.

    Parameters
    ----------
    label : str
        What the bars show; stands above them.

    Attributes
    ----------
    chosen : str
        Name of the bar that is chosen, empty for none; a trait.

    Examples
    --------
    >>> bars = Bars(label="Numbers by prefix")
    >>> bars.show([{"name": "+1307", "label": "+1 307", "value": 12, "note": "from 0.60 USD"}])
    >>> bars.choose("+1307")
    >>> bars.chosen
    '+1307'
    """

    _esm: ClassVar[str] = script("bars")
    _css: ClassVar[str] = style_sheet("bars")

    label = traitlets.Unicode("").tag(sync=True)
    bars = traitlets.List(traitlets.Dict()).tag(sync=True)
    more = traitlets.Unicode("").tag(sync=True)
    chosen = traitlets.Unicode("").tag(sync=True)

    def __init__(self, *, label: str) -> None:
        super().__init__(label=label)

    def show(self, bars: Sequence[Mapping[str, Any]]) -> None:
        """Show other bars, the longest first; a chosen one that is gone is no longer chosen.

        Parameters
        ----------
        bars : sequence of mapping
            ``name`` (unique), ``label``, ``value`` (a count) and ``note`` (small print) of each.
        """
        most = max((one["value"] for one in bars), default=0)
        with self.hold_sync():
            if self.chosen not in {one["name"] for one in bars}:
                self.chosen = ""
            self.bars = [
                {
                    "name": str(one["name"]),
                    "label": readable(one["label"]),
                    "text": f"{one['value']:,}",
                    "note": readable(one["note"]),
                    "share": one["value"] / most if most else 0.0,
                }
                for one in bars[:_MOST]
            ]
            left = len(bars) - _MOST
            self.more = f"and {left:,} more" if left > 0 else ""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the bars that are shown."""
        return tuple(one["name"] for one in self.bars)

    def choose(self, name: str) -> None:
        """Choose a bar, or none with the one that is chosen already; like a click on it."""
        self.chosen = "" if name == self.chosen else name

    def _heard(self, message: Mapping[str, Any], _buffers: Sequence[memoryview]) -> None:
        # Bars that were replaced on the way of the click can't be chosen any more.
        if message.get("kind") == "choose" and message.get("name") in self.names:
            self.choose(str(message["name"]))
