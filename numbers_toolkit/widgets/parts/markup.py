"""A piece of a panel that shows markup of :mod:`numbers_toolkit.markup`: banners, notices, figures, lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

import traitlets

from numbers_toolkit.markup import Html
from numbers_toolkit.style import content_style
from numbers_toolkit.widgets.parts.assets import script, style_sheet
from numbers_toolkit.widgets.parts.part import Part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Markup"]

_NOTHING: Final = Html("")


class _OnlyMarkup(traitlets.TraitType[Html, Html]):
    """A trait that holds markup and no other text, which may not be escaped."""

    def validate(self, _obj: Any, value: Any) -> Html:
        if not isinstance(value, Html):
            raise TypeError(
                f"Only markup of numbers_toolkit.markup can be shown, this is {type(value).__name__}: make it with "
                "markup.text(...)."
            )
        return value


class Markup(Part):
    """Show markup; the browser keeps of it only what can do nothing but be looked at.

    Parameters
    ----------
    html : Html
        What :mod:`numbers_toolkit.markup` made. Any other text is refused, for it may not be escaped.
    role : {"", "status", "alert"}
        Whether a screen reader reads out a change: ``status`` when it has time, ``alert`` at once.

    Attributes
    ----------
    html : Html
        What is shown; a trait. It can hold names and numbers of the inventory, so no notebook saves it.

    Examples
    --------
    >>> from numbers_toolkit import markup
    >>> shown = Markup(markup.paragraph("1 < 2"), role="status")
    >>> shown.html
    '<p>1 &lt; 2</p>'
    >>> shown.html = "<p>not escaped?</p>"
    Traceback (most recent call last):
    ...
    TypeError: Only markup of numbers_toolkit.markup can be shown, this is str: make it with markup.text(...).
    """

    _esm: ClassVar[str] = script("markup")
    _css: ClassVar[str] = "\n".join([content_style(".nt-markup"), style_sheet("markup")])

    html = _OnlyMarkup(_NOTHING)
    role = traitlets.Enum(["", "status", "alert"], default_value="").tag(sync=True)

    def __init__(self, html: Html = _NOTHING, *, role: Literal["", "status", "alert"] = "") -> None:
        super().__init__(html=html, role=role)
        if html:
            self._show()

    @traitlets.observe("html")
    def _show(self, _change: object = None) -> None:
        self._tell("html", html=str(self.html))

    def _heard(self, message: Mapping[str, Any], _buffers: Sequence[memoryview]) -> None:
        if message.get("kind") == "hello":
            self._show()
