"""What all parts share: messages are acted on one after the other, on the main thread."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

pytest.importorskip("anywidget")

from numbers_toolkit.widgets.parts.markup import Markup
from numbers_toolkit.widgets.parts.part import Part


class Listening(Part):
    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        super().__init__()

    def _heard(self, message: Any, buffers: Any) -> None:
        self.heard.append((message["kind"], threading.current_thread().name))
        if message["kind"] == "bad":
            raise ValueError(message["kind"])


def from_another_thread(part: Part, *kinds: str) -> None:
    def say() -> None:
        for kind in kinds:
            part._handle_custom_msg({"kind": kind}, [])

    thread = threading.Thread(target=say, name="subshell")
    thread.start()
    thread.join(30)


def test_message_that_is_heard_beside_a_cell_is_acted_on_when_the_cell_has_ended():
    async def cell() -> tuple[Listening, list[Any], list[Any]]:
        part = Listening()
        from_another_thread(part, "one", "two")
        before = list(part.heard)
        await asyncio.sleep(0)
        return part, before, part.heard

    _, during, after = asyncio.run(cell())

    assert during == []
    assert after == [("one", "MainThread"), ("two", "MainThread")]


def test_without_a_loop_a_message_is_acted_on_where_it_is_heard():
    part = Listening()

    from_another_thread(part, "one")
    part._handle_custom_msg({"kind": "two"}, [])

    assert part.heard == [("one", "subshell"), ("two", "MainThread")]


def test_fault_of_a_message_is_told():
    part = Listening()
    faults: list[Exception] = []
    part.on_fault(faults.append)

    part._handle_custom_msg({"kind": "bad"}, [])
    part._handle_custom_msg("no message", [])

    assert [str(one) for one in faults] == ["bad"]


def test_closed_part_says_nothing():
    shown = Markup()
    shown.close()

    shown._tell("html", html="x")

    assert shown.comm is None
