"""A pytest plugin that imports one file of the package from another source, and runs chosen tests only."""

from __future__ import annotations

import importlib.machinery
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, ModuleType

    import pytest

#: JSON: `path` of the file, `source` to take instead, `tests` (a file with the ids to run, in order).
SUBSTITUTE = "NUMBERS_TOOLKIT_SUBSTITUTE"


class Loader(importlib.machinery.SourceFileLoader):
    """Compiles another source under the file's own name."""

    source = ""

    def get_code(self, fullname: str) -> CodeType:
        return compile(Path(self.source).read_text(encoding="utf-8"), self.path, "exec", dont_inherit=True)


class Finder:
    """Finds the one file."""

    def __init__(self, path: str, source: str) -> None:
        self.path, self.source = path, source

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or spec.origin != self.path:
            return None
        spec.loader = Loader(name, self.path)
        spec.loader.source = self.source
        return spec


# Plugins named on the command line are imported before any conftest.py, and that one imports the package.
if SUBSTITUTE in os.environ:
    chosen = json.loads(os.environ[SUBSTITUTE])
    sys.meta_path.insert(0, Finder(chosen["path"], chosen["source"]))  # type: ignore[arg-type]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the chosen tests, in their order."""
    if SUBSTITUTE in os.environ:
        wanted = json.loads(Path(json.loads(os.environ[SUBSTITUTE])["tests"]).read_text())
        held = {item.nodeid: item for item in items}
        items[:] = [held[one] for one in wanted if one in held]
