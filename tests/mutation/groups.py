"""Which code is mutated, and which tests speak of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "numbers_toolkit"


@dataclass(frozen=True)
class Group:
    """A part of the package: its files, and the tests that are run against its mutants, as patterns."""

    files: tuple[str, ...]
    tests: tuple[str, ...]
    #: Tests of the patterns above that are left out: they drive child processes or a whole panel.
    without: tuple[str, ...] = ()

    def paths(self) -> list[Path]:
        """Return the files, in order."""
        folder = ROOT / PACKAGE
        return sorted({path for pattern in self.files for path in folder.glob(pattern)})

    def test_paths(self) -> list[str]:
        """Return the test files relative to the root, and the files themselves for their examples."""
        folder = ROOT / "tests"
        found = {path for pattern in self.tests for path in folder.glob(pattern)}
        found -= {path for pattern in self.without for path in folder.glob(pattern)}
        return [str(path.relative_to(ROOT)) for path in [*sorted(found), *self.paths()]]


GROUPS = {
    "frames": Group(
        ("frames.py", "decoding.py", "flattening.py"),
        (
            "test_frames.py",
            "test_decoding.py",
            "test_flattening.py",
            "test_unknown_fields.py",
            "test_reading.py",
            "test_loaders.py",
        ),
    ),
    "loaders": Group(
        ("loaders.py", "reading.py", "paging.py", "searching.py", "combining.py"),
        (
            "test_loaders.py",
            "test_reading.py",
            "test_paging.py",
            "test_searching.py",
            "test_unknown_fields.py",
            "test_progress.py",
            "test_recorded.py",
            "test_public_api.py",
        ),
    ),
    "analysis": Group(
        ("analysis/*.py",),
        ("test_analysis_*.py", "test_calling_codes.py", "test_keypad.py", "test_vocabulary.py"),
    ),
    "activation": Group(("activation/*.py",), ("test_activation_*.py",), ("test_activation_panel*.py",)),
}
