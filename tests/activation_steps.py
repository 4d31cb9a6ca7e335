"""Steps of a person at the activation panel, for tests: what is seen, what is clicked."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any

import numbers_toolkit as nt
from numbers_toolkit import markup
from scripted_server import FakeClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATIENCE = 60
PLAN = "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57"
PAID = ("rent", "create_order", "submit_order", "release", "update")


def clock_of(sandbox: nt.Sandbox) -> FakeClock:
    """A clock that moves the sandbox's whenever the toolkit waits."""
    made = FakeClock()
    made.on_sleep = lambda: sandbox.advance(made.waits[-1])
    return made


def opened(what: Any, client: Any, folder: Path, **options: Any) -> Any:
    """A panel that has looked around."""
    return nt.widgets.ActivationPanel(what, client, journals=folder, **options).wait(PATIENCE)


def reviewed(what: Any, client: Any, folder: Path, **options: Any) -> Any:
    """A panel that shows the plan."""
    panel = opened(what, client, folder, **options)
    if panel.stage == "settings":
        panel.check()
        panel.wait(PATIENCE)
    assert panel.stage == "review", panel.notice
    return panel


def asked(what: Any, client: Any, folder: Path, **options: Any) -> Any:
    """A panel that waits for the answer."""
    panel = reviewed(what, client, folder, **options)
    panel.proceed()
    assert panel.stage == "confirm", panel.notice
    return panel


def carried_out(what: Any, client: Any, folder: Path, **options: Any) -> Any:
    """A panel whose plan was carried out and followed."""
    panel = asked(what, client, folder, **options)
    panel.confirm()
    panel.wait(PATIENCE)
    assert panel.stage == "done", panel.notice
    return panel


def buttons(panel: Any) -> dict[str, str]:
    """The buttons that can be clicked, with their labels."""
    shown = [one for one in panel._view.actions.buttons if not one["hidden"] and not one["disabled"]]
    return {one["name"]: one["label"] for one in shown}


def click(panel: Any, name: str) -> None:
    """Click a button as a person does who sees it now."""
    panel._view.actions.click(name)


def seen(panel: Any) -> str:
    """All text that the panel shows at this moment, but for tables and forms."""
    view = panel._view
    parts = (
        view.earlier,
        view.about,
        view.plan,
        view.hint,
        view.question,
        view.stopping,
        view.summary,
        view.failures,
    )
    shown = [markup.plain(one.html) for one in parts if one.layout.display != "none"]
    return " ".join([*shown, panel.notice])


def until(panel: Any, comes_true: Callable[[], bool]) -> None:
    """Let the panel go on with what it is told meanwhile, until something has come true."""
    idle = threading.Event()
    for _ in range(PATIENCE * 20):
        if comes_true():
            return
        with contextlib.suppress(TimeoutError):
            panel.wait(0.05)
        if not panel.busy:
            idle.wait(0.05)  # what is waited for happens elsewhere
    raise AssertionError("it never came true")


def paid(sandbox: nt.Sandbox) -> list[Any]:
    """Requests that cost or change something."""
    return [one for one in sandbox.requests if one.operation in PAID]


def options_of(panel: Any, name: str) -> dict[str, str]:
    """What a field offers: notes by label."""
    (field,) = [one for one in panel._view.form.fields if one["name"] == name]
    return {one["label"]: one["note"] for one in field["options"]}


class Gate:
    """Holds the first request that a condition fits, until it is let go."""

    def __init__(self, fits: Callable[[Any], bool]) -> None:
        self._fits = fits
        self.arrived, self.open = threading.Event(), threading.Event()

    def __call__(self, request: Any, carry_out: Callable[[Any], Any]) -> Any:
        if self._fits(request) and not self.open.is_set():
            self.arrived.set()
            assert self.open.wait(PATIENCE)
        return carry_out(request)

    def wait(self) -> None:
        assert self.arrived.wait(PATIENCE), "no such request came"
