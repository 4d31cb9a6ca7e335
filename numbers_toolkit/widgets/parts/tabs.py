"""A row of tabs; what stands under each is the panel's own affair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

import traitlets

from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.widgets.parts.assets import script, style_sheet
from numbers_toolkit.widgets.parts.described import check_keys, checked, position
from numbers_toolkit.widgets.parts.part import Part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Tabs"]

_TAB: Final[dict[str, Any]] = {"label": "", "count": None}


class Tabs(Part):
    """Choose one of several things to look at.

    Parameters
    ----------
    tabs : sequence of mapping
        Each with ``name``, ``label`` and perhaps ``count``, a number shown beside it.
    label : str
        What is chosen, for screen readers.

    Attributes
    ----------
    active : str
        The name of the chosen tab, first of all the first one; a trait to observe and to set.
    tabs : list of dict
        As they are; change them by :meth:`change`.

    Examples
    --------
    >>> tabs = Tabs([{"name": "costs", "label": "Costs"}, {"name": "errors", "label": "Errors"}], label="Views")
    >>> tabs.change("errors", count=3)
    >>> tabs.active
    'costs'
    >>> tabs.active = "errors"
    """

    _esm: ClassVar[str] = script("tabs")
    _css: ClassVar[str] = style_sheet("tabs")

    tabs: traitlets.List[dict[str, Any]] = traitlets.List(read_only=True).tag(sync=True)
    active = traitlets.Unicode("").tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)

    def __init__(self, tabs: Sequence[Mapping[str, Any]], *, label: str) -> None:
        super().__init__(label=label)
        described = checked("tab", tabs, _TAB)
        if not described:
            raise InvalidInputError("Tabs need at least one tab.")
        self.set_trait("tabs", described)
        self.active = described[0]["name"]

    def change(self, name: str, **changes: Any) -> None:
        """Change a tab.

        Parameters
        ----------
        name : str
            Which one.
        **changes
            Its ``label`` or its ``count``; a count of None shows none.

        Raises
        ------
        InvalidInputError
            For a tab or a key that does not exist.
        """
        place = position("tab", self.tabs, name)
        check_keys("tab", changes, _TAB)
        self.set_trait("tabs", [*self.tabs[:place], {**self.tabs[place], **changes}, *self.tabs[place + 1 :]])

    @traitlets.validate("active")
    def _one_of_them(self, proposal: Mapping[str, Any]) -> str:
        name = str(proposal["value"])
        position("tab", self.tabs, name)
        return name

    def _heard(self, message: Mapping[str, Any], _buffers: Sequence[memoryview]) -> None:
        if message.get("kind") != "choose" or message.get("name") not in [one["name"] for one in self.tabs]:
            return
        self._call([lambda: self.set_trait("active", message["name"])])
        # Until it is told so, the view goes by what the person chose, not by what was chosen before that.
        self._tell("taken", view=message.get("view"), choice=message.get("choice"))
