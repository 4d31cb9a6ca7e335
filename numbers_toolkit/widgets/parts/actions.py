"""A row of buttons that a double click, a click too late or a click on what was shown before can't set off twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

import traitlets

from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.widgets.parts.assets import script, style_sheet
from numbers_toolkit.widgets.parts.described import check_keys, checked, position
from numbers_toolkit.widgets.parts.part import Part
from numbers_toolkit.wording import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["Actions"]

_KINDS: Final = ("primary", "plain", "danger")
_BUTTON: Final[dict[str, Any]] = {
    "label": "",
    "kind": "plain",
    "disabled": False,
    "help": "",
    "busy": False,
    "hidden": False,
}
#: A change of one of these makes another button of it; whoever clicked had the former one before their eyes.
_SEEN: Final = ("label", "kind", "disabled", "busy", "hidden")


class Actions(Part):
    """A row of buttons.

    A click tells which state of the button the person saw. After each click that was acted on, and each change
    of label, kind or state, clicks on the former state are passed over: a double click acts once, and one on
    "Rent 2 numbers" never rents three.

    Parameters
    ----------
    buttons : sequence of mapping
        Each with ``name``, ``label``, ``kind`` ("primary", "plain" or "danger"), ``disabled``, ``help`` (one
        sentence), ``busy`` (shows a spinner, takes no click) and ``hidden``.
    label : str
        What the buttons are for, for screen readers.

    Attributes
    ----------
    buttons : list of dict
        As they are; change them by :meth:`change`.

    Examples
    --------
    >>> actions = Actions([{"name": "search", "label": "Search", "kind": "primary"}], label="Search")
    >>> actions.on_click(print)
    >>> actions.click("search")
    search
    >>> actions.change("search", disabled=True)
    >>> actions.click("search")
    """

    _esm: ClassVar[str] = script("actions")
    _css: ClassVar[str] = style_sheet("actions")

    buttons: traitlets.List[dict[str, Any]] = traitlets.List(read_only=True).tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)

    def __init__(self, buttons: Sequence[Mapping[str, Any]], *, label: str) -> None:
        self._clicked: list[Callable[[str], object]] = []
        super().__init__(label=label)
        described = checked("button", buttons, _BUTTON)
        for one in described:
            _check_kind(one["kind"])
        self.set_trait("buttons", [{**one, "revision": 0} for one in described])

    def change(self, name: str, **changes: Any) -> None:
        """Change a button.

        Parameters
        ----------
        name : str
            Which one.
        **changes
            Any of its keys with a new value.

        Raises
        ------
        InvalidInputError
            For a button or a key that does not exist.
        """
        place = position("button", self.buttons, name)
        check_keys("button", changes, _BUTTON)
        former = self.buttons[place]
        changed = {**former, **changes}
        _check_kind(changed["kind"])
        if any(changed[key] != former[key] for key in _SEEN):
            changed["revision"] += 1
        self._replace(place, changed)

    def on_click(self, callback: Callable[[str], object]) -> None:
        """Have somebody told of clicks.

        Parameters
        ----------
        callback : callable
            Gets the button's name.
        """
        self._clicked.append(callback)

    def click(self, name: str) -> None:
        """Click a button, as a person does; nothing happens when it is disabled, busy or hidden.

        Parameters
        ----------
        name : str
            Which one.
        """
        place = position("button", self.buttons, name)
        button = self.buttons[place]
        if button["disabled"] or button["busy"] or button["hidden"]:
            return
        self._outdate(place)
        try:
            self._call(self._clicked, name)
        finally:
            # A click that came while this one was acted on was made before anybody could see what it led to.
            self._outdate(place)

    def _heard(self, message: Mapping[str, Any], _buffers: Sequence[memoryview]) -> None:
        if message.get("kind") != "click":
            return
        for button in self.buttons:
            if button["name"] == message.get("name") and button["revision"] == message.get("revision"):
                self.click(button["name"])
                return

    def _outdate(self, place: int) -> None:
        """Have clicks passed over that were made on the button as it was until now."""
        button = self.buttons[place]
        self._replace(place, {**button, "revision": button["revision"] + 1})

    def _replace(self, place: int, button: dict[str, Any]) -> None:
        # Always a new list: a list changed in place is not noticed, and not sent.
        self.set_trait("buttons", [*self.buttons[:place], button, *self.buttons[place + 1 :]])


def _check_kind(kind: str) -> None:
    if kind not in _KINDS:
        raise InvalidInputError(f"There is no kind of button {kind!r}; there is {listed(_KINDS)}.")
