"""Requests of a sandbox that a test holds, to look at what is shown meanwhile."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 30


class Hold:
    """A gate for ``nt.Sandbox(gate=...)`` that lets everything through until it is told to catch something."""

    def __init__(self) -> None:
        self._wanted: Callable[[Any], bool] | None = None
        self._arrived = threading.Event()
        self._open = threading.Event()
        self._open.set()

    def __call__(self, request: Any, carry_out: Callable[[Any], Any]) -> Any:
        if self._wanted is not None and self._wanted(request):
            self._arrived.set()
            assert self._open.wait(PATIENCE * 4), "held requests were never released"
        return carry_out(request)

    def catch(self, path: str = "", method: str = "") -> None:
        """Hold from now on every request whose path contains a text, and whose method is this one."""
        self._arrived.clear()
        self._open.clear()
        self._wanted = lambda request: path in request.path and method in ("", request.method)

    def arrived(self) -> None:
        """Wait until a request is held."""
        assert self._arrived.wait(PATIENCE), "no such request came"

    def release(self) -> None:
        """Let go of what is held, and hold nothing more."""
        self._wanted = None
        self._open.set()
