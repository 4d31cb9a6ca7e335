"""What every part is: a widget with one script, whose person and whose kernel talk by messages.

What a person does arrives as a message, in the order it was done; traits that the browser writes could arrive later
than a click that came after them. Whatever follows from a message happens on the kernel's main thread: JupyterLab has
widgets heard on another one, beside a cell that is running, and two clicks could be acted on at the same time.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import anywidget

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["Part"]


class _Kernel:
    """The kernel's main loop, known from the first part that was made in a cell."""

    loop: asyncio.AbstractEventLoop | None = None

    @classmethod
    def look(cls) -> None:
        if threading.current_thread() is threading.main_thread():
            try:
                cls.loop = asyncio.get_running_loop()
            except RuntimeError:
                return  # a plain script; what it knew of a loop may still hold

    @classmethod
    def run(cls, job: Callable[[], object]) -> None:
        """Run something on the main thread: now, when this is it, or when its turn has come."""
        on_main = threading.current_thread() is threading.main_thread()
        if on_main or cls.loop is None or not cls.loop.is_running():
            job()
        else:
            cls.loop.call_soon_threadsafe(job)


class Part(anywidget.AnyWidget):
    """A small piece of a panel; subclasses say what it shows.

    Parameters
    ----------
    **traits
        What the subclass hands on.
    """

    def __init__(self, **traits: Any) -> None:
        self._on_fault: Callable[[Exception], object] | None = None
        _Kernel.look()
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
            _Kernel.run(lambda: self._call([self._heard], message, buffers))
