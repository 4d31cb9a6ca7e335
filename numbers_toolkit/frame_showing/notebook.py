"""The place in IPython where a frame becomes output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pandas as pd

from numbers_toolkit.frame_showing.recognising import recognise
from numbers_toolkit.frame_showing.shown import page

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["load", "unload"]

_HTML = "text/html"
#: What showed frames before, by the shell's formatter; None where that was pandas itself.
_BEFORE: WeakKeyDictionary[Any, Callable[[pd.DataFrame], str | None] | None] = WeakKeyDictionary()


def load(shell: Any) -> None:
    """Show this package's frames well in a shell; a second time changes nothing.

    Parameters
    ----------
    shell : IPython.core.interactiveshell.InteractiveShell
        The shell.
    """
    formatter = shell.display_formatter.formatters[_HTML]
    if formatter not in _BEFORE:
        _BEFORE[formatter] = formatter.for_type(pd.DataFrame, _Shower(formatter))


def unload(shell: Any) -> None:
    """Show all frames as before :func:`load`.

    Parameters
    ----------
    shell : IPython.core.interactiveshell.InteractiveShell
        The shell.
    """
    formatter = shell.display_formatter.formatters[_HTML]
    if formatter not in _BEFORE:
        return
    before = _BEFORE.pop(formatter)
    # Somebody who came later stays.
    if isinstance(formatter.type_printers.get(pd.DataFrame), _Shower):
        if before is None:
            formatter.pop(pd.DataFrame)
        else:
            formatter.for_type(pd.DataFrame, before)


class _Shower:
    """Shows a frame as ours, or hands it to whoever showed frames before."""

    def __init__(self, formatter: Any) -> None:
        self._formatter = formatter

    def __call__(self, frame: pd.DataFrame) -> str | None:
        if self._is_left_to_pandas(frame):
            return self._before(frame)
        known = recognise(frame)
        return page(frame, known) if known is not None else self._before(frame)

    def _is_left_to_pandas(self, frame: pd.DataFrame) -> bool:
        """Whether the person asked pandas for another form, or the frame is of another kind."""
        as_info = pd.get_option("display.large_repr") == "info"
        return type(frame) is not pd.DataFrame or as_info or not pd.get_option("display.notebook_repr_html")

    def _before(self, frame: pd.DataFrame) -> str | None:
        before = _BEFORE.get(self._formatter)
        if before is not None:
            return before(frame)
        return frame._repr_html_()  # type: ignore[operator,no-any-return]
