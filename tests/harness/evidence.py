"""The journal as a file: read here without the package's own reader, so that it can't hide its faults."""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from pathlib import Path

__all__ = ["Evidence"]

#: Steps of the journal that announce a request, by the operation that it calls.
_NOISE = bytes((byte * 31 + 128) % 256 if (byte * 31 + 128) % 256 != 10 else 0 for byte in range(256))
_STEPS = {"rent": "rent", "create_order": "create_order", "submit_order": "submit"}


class Evidence:
    """What a journal proves at this moment: announcements that are whole lines on the disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._place = 0
        self._announced: Counter[tuple[str, str]] = Counter()

    def lines(self) -> list[dict[str, Any]]:
        """Return every whole line that can be read."""
        if not self.path.exists():
            return []
        found = []
        for raw in self.path.read_bytes().split(b"\n")[:-1]:
            try:
                found.append(json.loads(raw))
            except ValueError:
                continue
        return found

    @property
    def begun(self) -> bool:
        """Whether the line with the plan is there."""
        return self.path.exists() and b"\n" in self.path.read_bytes()

    def announced(self, operation: str, number: str) -> int:
        """Return how many requests of an operation were announced for a number; reads what is new."""
        if self.path.exists():
            with self.path.open("rb") as file:
                file.seek(self._place)
                data = file.read()
            for raw in data.split(b"\n")[:-1]:
                # What can't be read is set aside by the next process, and something else stands in its place.
                if not self._count(raw):
                    break
                self._place += len(raw) + 1
        return self._announced[_STEPS[operation], number]

    def _count(self, raw: bytes) -> bool:
        try:
            line = json.loads(raw)
        except ValueError:
            return False
        if line.get("what") == "intention":
            self._announced[str(line["step"]).split(" ")[0], str(line["number"])] += 1
        return True

    def tear(self, draw: random.Random) -> None:
        """Do what a power failure can: lose some of what was not flushed, or leave something half written.

        The process has told after every flush how far the file had come, see `harness.child`.
        """
        self._place = 0
        self._announced.clear()
        size, flushed = self.path.stat().st_size, self.flushed()
        if size > flushed:
            os.truncate(self.path, draw.randint(flushed, size - 1))
            return
        line = {
            "what": "intention",
            "at": "2026-03-02T09:00:00.000000Z",
            "number": "+13075550100",
            "step": "rent",
        }
        whole = json.dumps({**line, "check": f"{draw.getrandbits(64):016x}"}).encode()
        torn = whole[: draw.randint(1, len(whole))]
        if draw.random() < 0.25:
            torn = torn.translate(_NOISE) + b"\n"
        with self.path.open("ab") as file:
            file.write(torn)

    def tear_first(self, draw: random.Random) -> None:
        """Leave a part of the line with which a journal begins."""
        whole = b'{"what": "plan", "at": "2026-03-02T09:00:00.000000Z", "format": 1, "plan": {"format": 1, "kind": "'
        self.path.write_bytes(whole[: draw.randint(1, len(whole))])

    @property
    def marks(self) -> Path:
        """The file in which a process tells how far it has flushed the journal."""
        return self.path.with_suffix(".flushed")

    def flushed(self) -> int:
        """Return how many bytes of the journal are surely on the disk."""
        return int(self.marks.read_text() or 0) if self.marks.exists() else 0
