"""What every part is: a widget with one script, whose person and whose kernel talk by messages.

What a person does arrives as a message, in the order it was done; traits that the browser writes could arrive later
than a click that came after them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["Part"]


class Part(anywidget.AnyWidget):
    """A small piece of a panel; subclasses say what it shows.

    Parameters
    ----------
    **traits
        What the subclass hands on.
    """

    def __init__(self, **traits: Any) -> None:
        self._on_fault: Callable[[Exception], object] | None = None
        super().__init__(**traits)
        self.on_msg(self._receive)

    def on_fault(self, callback: Callable[[Exception], object]) -> None:
        """Have somebody told what a callback raised; without it the notebook's log has it, where nobody looks.

        Parameters
        ----------
        callback : callable
            Gets the exception.
        """
        self._on_fault = callback

    def _heard(self, message: Mapping[str, Any], buffers: Sequence[memoryview]) -> None:
        """Act on a message of a view; for the subclasses."""

    def _tell(self, kind: str, **content: Any) -> None:
        """Send a message to every view; what it holds is in no state that a notebook saves."""
        if self.comm is not None:
            self.send({"kind": kind, **content})

    def _call(self, callbacks: Sequence[Callable[..., object]], *arguments: Any) -> None:
        """Call back; one that fails keeps no other from being called."""
        faults = []
        for callback in list(callbacks):
            try:
                callback(*arguments)
            except Exception as error:  # noqa: BLE001 - shown or raised below, when all were called
                faults.append(error)
        for fault in faults:
            if self._on_fault is None:
                raise fault
            self._on_fault(fault)

    def _receive(self, _widget: Any, message: Any, buffers: Sequence[memoryview]) -> None:
        if isinstance(message, dict):
            self._heard(message, buffers)
