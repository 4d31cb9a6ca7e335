"""Progress: the caller's function, a bar, or silence."""

from __future__ import annotations

import sys
import types
from typing import Any

import pytest

from numbers_toolkit import progress


class Screen:
    """A standard error that says whether it is a terminal, and keeps what is written."""

    encoding = "utf-8"

    def __init__(self, *, terminal: bool) -> None:
        self.terminal = terminal
        self.text = ""

    def isatty(self) -> bool:
        return self.terminal

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass

    def fileno(self) -> int:
        raise OSError


def shown(monkeypatch: pytest.MonkeyPatch, wish: Any, *, terminal: bool) -> str:
    screen = Screen(terminal=terminal)
    monkeypatch.setattr(sys, "stderr", screen)
    with progress.progress_bar("active numbers", "numbers", wish) as report:
        report(10, None)
        report(50, 120)
        report(20, 120)
        report(120, 120)
    return screen.text


def test_callable_is_told() -> None:
    told: list[Any] = []
    with progress.progress_bar("x", "y", lambda *state: told.append(state)) as report:
        report(1, None)
        report(2, 5)

    assert told == [(1, None), (2, 5)]


@pytest.mark.parametrize(
    ("wish", "terminal", "bar"),
    [(None, True, True), (None, False, False), (True, False, True), (False, True, False)],
)
def test_bar_is_shown_when_wished_or_seen(
    wish: Any, terminal: bool, bar: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = shown(monkeypatch, wish, terminal=terminal)

    assert ("120/120" in text and "active numbers" in text) is bar


def test_process_without_standard_error_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)

    assert progress.is_interactive() is False


@pytest.mark.parametrize(
    ("shell", "seen"),
    [(None, False), (types.SimpleNamespace(), False), (types.SimpleNamespace(kernel=1), True)],
)
def test_notebook_counts_as_somebody_looking(shell: Any, seen: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = types.ModuleType("IPython")
    module.get_ipython = lambda: shell
    monkeypatch.setitem(sys.modules, "IPython", module)
    monkeypatch.setattr(sys, "stderr", Screen(terminal=False))

    assert progress.is_interactive() is seen


def test_bar_is_closed_when_the_work_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Screen(terminal=True))
    with pytest.raises(ZeroDivisionError), progress.progress_bar("x", "y", True):
        raise ZeroDivisionError
