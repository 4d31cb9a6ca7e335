"""A piece of a panel that shows that something is being done, how far it came, and a way to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from numbers_toolkit.widgets.parts.assets import script, style_sheet
from numbers_toolkit.widgets.parts.part import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["ProgressLine"]


class ProgressLine(Part):
    """Show work that takes longer than a third of a second; shorter work shows nothing.

    Attributes
    ----------
    active : bool
        Whether work is under way. All attributes are traits.
    label : str
        What is being done: ``"Searching"``.
    done : int
        How much of it is done.
    total : int or None
        Of how much; None while that is not known.
    cancellable : bool
        Whether a button offers to stop it.

    Examples
    --------
    >>> line = ProgressLine()
    >>> line.on_cancel(lambda: print("stopped"))
    >>> line.start("Reading", total=200, cancellable=True)
    >>> line.done = 50
    >>> line.cancel()
    stopped
    """

    _esm: ClassVar[str] = script("progress")
    _css: ClassVar[str] = style_sheet("progress")

    active = traitlets.Bool(default_value=False).tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)
    done = traitlets.Int(0).tag(sync=True)
    total = traitlets.Int(None, allow_none=True).tag(sync=True)
    cancellable = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(self) -> None:
        self._cancelled: list[Callable[[], object]] = []
        super().__init__()

    def start(self, label: str, *, total: int | None = None, cancellable: bool = False) -> None:
        """Show that work began, or goes on with something else.

        Parameters
        ----------
        label : str
            What is being done.
        total : int, optional
            How much there is to do, where that is known.
        cancellable : bool, default False
            Whether to offer a way to stop it.
        """
        with self.hold_sync():
            self.label, self.done, self.total, self.cancellable = label, 0, total, cancellable
            self.active = True

    def stop(self) -> None:
        """Show nothing."""
        self.active = False

    def on_cancel(self, callback: Callable[[], object]) -> None:
        """Have somebody told that a person wants the work to stop.

        Parameters
        ----------
        callback : callable
            Is called without arguments.
        """
        self._cancelled.append(callback)

    def cancel(self) -> None:
        """Ask for the end of the work, as the button does; nothing happens where no button is."""
        if self.active and self.cancellable:
            self._call(self._cancelled)

    def _heard(self, message: Mapping[str, Any], _buffers: Sequence[memoryview]) -> None:
        # A click that was on its way when the work ended, or other work began, is meant for work that is gone.
        if message.get("kind") == "cancel" and message.get("label") == self.label:
            self.cancel()
