"""The list of the vendor's clients' faults names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent


def test_every_fault_that_is_listed_has_its_test():
    listed = re.findall(r"`(test_\w+)`", (HERE / "clients" / "KNOWN_FAULTS.md").read_text(encoding="utf-8"))
    sources = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_sandbox_sdk_*.py"))

    assert len(listed) >= 12
    assert [name for name in listed if f"def {name}(" not in sources] == []
