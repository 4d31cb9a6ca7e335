"""The line that shows work: its state, and the wish to stop it."""

from __future__ import annotations

import pytest

pytest.importorskip("anywidget")

from numbers_toolkit.widgets.parts.progress import ProgressLine
from widget_views import View


def line_with_listener() -> tuple[ProgressLine, View, list[str]]:
    line = ProgressLine()
    asked: list[str] = []
    line.on_cancel(lambda: asked.append(line.label))
    return line, View(line), asked


def test_work_begins_goes_on_and_ends():
    line = ProgressLine()

    line.start("Reading", total=200, cancellable=True)
    line.done = 50

    assert (line.active, line.label, line.done, line.total, line.cancellable) == (
        True,
        "Reading",
        50,
        200,
        True,
    )
    line.stop()
    assert not line.active


def test_new_work_begins_with_nothing_done():
    line = ProgressLine()
    line.start("Reading", total=200, cancellable=True)
    line.done = 50

    line.start("Writing")

    assert (line.done, line.total, line.cancellable) == (0, None, False)


def test_button_asks_for_the_end():
    line, view, asked = line_with_listener()
    line.start("Reading", cancellable=True)

    view.say(kind="cancel", label="Reading")

    assert asked == ["Reading"]


def test_click_meant_for_work_that_is_over_stops_nothing():
    line, view, asked = line_with_listener()
    line.start("Reading", cancellable=True)
    line.stop()
    view.say(kind="cancel", label="Reading")
    line.start("Renting", cancellable=True)

    view.say(kind="cancel", label="Reading")

    assert asked == []


def test_what_can_not_be_stopped_is_not():
    line, view, asked = line_with_listener()
    line.start("Renting")

    line.cancel()
    view.say(kind="cancel", label="Renting")

    assert asked == []
