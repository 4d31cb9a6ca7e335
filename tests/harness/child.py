"""The process that is killed: one call of activate() or resume_activation(), told on standard input.

    python tests/harness/child.py < call.json

Only the clock is not the real one: it runs faster, so that pauses take no time. The last line of standard output is
how it ended.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:
    sys.path.insert(0, str(HERE.parent))

# Checks one rare format, takes most of a second to load, and is not needed: the start must be quick.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

from numbers_toolkit import errors  # noqa: E402
from numbers_toolkit.activation import activate, load_plan, resume_activation  # noqa: E402
from numbers_toolkit.connection import connect  # noqa: E402

PDF = b"%PDF-1.7\n% made for a test\n%%EOF\n"


class FastClock:
    """Time that passes more quickly."""

    def __init__(self, speed: float) -> None:
        self._speed = speed

    def monotonic(self) -> float:
        return time.monotonic() * self._speed

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self._speed)

    def now(self) -> datetime:
        return datetime.now(UTC)


def tell_flushes(journal: Path, marks: Path) -> None:
    """Tell after every flush of the journal how far it surely is on the disk."""
    flush = os.fsync
    told = os.open(marks, os.O_WRONLY | os.O_CREAT, 0o600)

    def telling(descriptor: int) -> None:
        before = os.fstat(descriptor)
        flush(descriptor)
        if journal.exists() and os.path.samestat(before, journal.stat()):
            os.pwrite(told, f"{before.st_size:12}".encode(), 0)

    os.fsync = telling


def papers_of(given: dict[str, Any]) -> dict[str, Any]:
    from numbers_toolkit.activation import Attachment, Papers

    return {
        region: Papers(
            data=[one["data"]],
            attachments={
                title: Attachment(PDF, document_type=kind, file_name="paper.pdf")
                for title, kind in one["documents"].items()
            },
        )
        for region, one in given.items()
    }


def carried_out(call: dict[str, Any]) -> dict[str, Any]:
    """Do what is asked for and return how it ended."""
    options = dict(call["options"], progress=False)
    if call["papers"]:
        options["papers"] = papers_of(call["papers"])
    with connect(**call["connection"], clock=FastClock(call["speed"])) as client:
        if call["verb"] == "activate":
            result = activate(load_plan(call["plan"]), client, journal=call["journal"], **options)
        else:
            result = resume_activation(call["journal"], client, **options)
    return {"counts": result.counts, "open": still_open(result), "stopped": result.stopped}


def still_open(result: Any) -> list[str]:
    """Return the numbers that a further run could do something about."""
    replaced = {one.replaces for one in result.numbers}
    return [
        f"{one.item.phone_number} {one.outcome}: {one.reason}"
        for one in result.numbers
        if one.outcome in ("unknown", "not tried")
        or (one.outcome == "taken" and one.item.wish is not None and one.item.phone_number not in replaced)
    ]


def main() -> None:
    call = json.load(sys.stdin)
    tell_flushes(Path(call["journal"]), Path(call["marks"]))
    if call["sabotage"]:
        from harness.sabotage import break_engine

        break_engine(call["sabotage"])
    try:
        told = carried_out(call)
    except errors.NumbersToolkitError as error:
        told = {"error": type(error).__name__, "message": str(error)}
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
