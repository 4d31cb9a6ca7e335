"""Faults built into the engine on purpose, to show that the harness finds them."""

from __future__ import annotations

import contextlib
import os
import tempfile
from typing import Any

__all__ = ["SABOTAGE", "break_engine"]


def _announce_late() -> None:
    """Send first, and write the announcement to the journal afterwards."""
    from numbers_toolkit.activation.steps import Steps

    sent = Steps._sent

    def late(self: Any, step: str, send: Any) -> Any:
        desk, write, kept = self.desk, self.desk.write, []

        def hold(what: str, **facts: Any) -> None:
            if what == "intention":
                kept.append(facts)
            else:
                write(what, **facts)

        def sending() -> Any:
            try:
                return send()
            finally:
                for facts in kept:
                    write("intention", **facts)

        held = type(
            "Held", (), {"__getattr__": lambda _, name: getattr(desk, name), "write": staticmethod(hold)}
        )()
        self.desk = held
        try:
            return sent(self, step, sending)
        finally:
            self.desk = desk

    Steps._sent = late  # type: ignore[method-assign]


def _send_again() -> None:
    """Take a lost answer for a request that was not carried out, and send it again."""
    from numbers_toolkit.activation import steps

    steps.Steps._settled = lambda self, step, settle: None  # type: ignore[method-assign]


def _forget() -> None:
    """Forget on resuming what was announced and not answered."""
    from numbers_toolkit.activation.history import History

    add = History.add

    def forgetful(self: Any, line: Any) -> None:
        if line.get("what") != "intention":
            add(self, line)

    History.add = forgetful  # type: ignore[method-assign]


def _replace_too_much() -> None:
    """Replace numbers whose outcome is unknown, whatever the budget says."""
    from numbers_toolkit.activation import replacing, running

    def eager(number: Any, outcome: str) -> bool:
        return outcome in ("taken", "unknown") and getattr(number, "wish", None) is not None

    running.may_be_replaced = replacing.may_be_replaced = eager  # type: ignore[attr-defined]
    replacing._fits = lambda *_: True  # type: ignore[assignment]


def _start_twice() -> None:
    """Forget which plans were started before: a register of its own for every process."""
    os.environ["NUMBERS_TOOLKIT_STATE"] = tempfile.mkdtemp(dir=os.environ["NUMBERS_TOOLKIT_STATE"])


def _work_side_by_side() -> None:
    """Let several processes work with one journal at the same time."""
    from numbers_toolkit.activation import activating

    activating.locked = lambda _path: contextlib.nullcontext()  # type: ignore[assignment]


def _flush_never() -> None:
    """Leave it to the system when the journal reaches the disk."""
    os.fsync = lambda _descriptor: None


SABOTAGE = {
    "announce late": _announce_late,
    "send again": _send_again,
    "forget": _forget,
    "replace too much": _replace_too_much,
    "start twice": _start_twice,
    "work side by side": _work_side_by_side,
    "flush never": _flush_never,
}


def break_engine(name: str) -> None:
    """Build a fault into the engine of this process."""
    SABOTAGE[name]()
