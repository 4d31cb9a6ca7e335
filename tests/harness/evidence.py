"""The journal as a file: read here without the package's own reader, so that it can't hide its faults."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Evidence"]

#: Steps of the journal that announce a request, by the operation that it calls.
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
            *whole, _ = data.split(b"\n")
            for raw in whole:
                self._count(raw)
            self._place += sum(len(raw) + 1 for raw in whole)
        return self._announced[_STEPS[operation], number]

    def _count(self, raw: bytes) -> None:
        try:
            line = json.loads(raw)
        except ValueError:
            return
        if line.get("what") == "intention":
            self._announced[str(line["step"]).split(" ")[0], str(line["number"])] += 1
