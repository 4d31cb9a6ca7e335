"""A view of a widget without a browser: what the kernel sends it, and what a person does in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numbers_toolkit.widgets.parts.part import Part


class View:
    """Takes the place of a part's script."""

    def __init__(self, part: Part, *, name: str = "view-1") -> None:
        self.part, self.name = part, name
        self.heard: list[dict[str, Any]] = []
        self.edit = 0
        passed_on = part.send

        def send(content: dict[str, Any], buffers: Any = None) -> None:
            # What can't be written as JSON would fail on its way to a browser, too.
            self.heard.append(json.loads(json.dumps(content)))
            passed_on(content, buffers)

        part.send = send

    def say(self, buffers: Sequence[bytes] = (), **content: Any) -> None:
        """Send a message as the script does."""
        self.part._handle_custom_msg(content, [memoryview(one) for one in buffers])

    def enter(self, name: str, value: Any, *, settled: bool = True) -> None:
        """Enter a value into a field of a form."""
        self.edit += 1
        self.say(kind="value", name=name, value=value, settled=settled, view=self.name, edit=self.edit)

    def upload(
        self, name: str, file: str, *pieces: bytes, media_type: str = "application/pdf", key: str = "1"
    ) -> None:
        """Hand a file to a field of a form."""
        self.edit += 1
        here = {"kind": "file", "name": name, "upload": key, "view": self.name, "edit": self.edit}
        self.say(**here, file={"name": file, "media_type": media_type, "size": sum(map(len, pieces))})
        for place, piece in enumerate(pieces):
            self.say(**here, piece=place, buffers=[piece])

    def last(self, kind: str) -> dict[str, Any]:
        """Return the last message of a kind."""
        return [one for one in self.heard if one["kind"] == kind][-1]


def saved(part: Part) -> str:
    """Return what a notebook that keeps the state of its widgets would have of one, but for its script and style."""
    state = {name: value for name, value in part.get_state().items() if name not in ("_esm", "_css")}
    return json.dumps(state, default=str)
