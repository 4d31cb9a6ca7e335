"""A pytest plugin: which test runs which line, and how long each test takes.

A line that runs while a fixture of a wider scope is set up counts for every test of that file.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import coverage
import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

#: Where to read the files to watch from and to write the map to.
VARIABLE = "NUMBERS_TOOLKIT_TRACING"


class Tracer:
    """Coverage with a context for each test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = json.loads((folder / "files.json").read_text())
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self.coverage = coverage.Coverage(
            data_file=None, include=self.files, config_file=False, messages=False
        )
        self.coverage.start()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        self.coverage.switch_context(item.nodeid)
        started = time.perf_counter()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.perf_counter() - started
            self.coverage.switch_context("")

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Generator[None, Any, Any]:
        if fixturedef.scope == "function":
            return (yield)
        nodeid = request._pyfuncitem.nodeid
        self.coverage.switch_context(f"every test of {nodeid.split('::')[0]}")
        try:
            return (yield)
        finally:
            self.coverage.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self.coverage.stop()
        (self.folder / "reach.json").write_text(json.dumps(self.reach()))

    def reach(self) -> dict[str, Any]:
        """Return tests with their seconds, what failed, and for each file and line the tests that run it."""
        tests = [nodeid for nodeid in self.seconds if nodeid not in self.failed]
        numbers = {nodeid: number for number, nodeid in enumerate(tests)}
        members: dict[str, list[int]] = {}
        for nodeid, number in numbers.items():
            members.setdefault(f"every test of {nodeid.split('::')[0]}", []).append(number)
        lines: dict[str, dict[str, list[int]]] = {}
        data = self.coverage.get_data()
        for file in self.files:
            held = lines[file] = {}
            for line, contexts in data.contexts_by_lineno(file).items():
                reached = {numbers[one] for one in contexts if one in numbers}
                reached.update(number for one in contexts for number in members.get(one, ()))
                held[str(line)] = sorted(reached)
        failed = sorted(self.failed & set(self.seconds))
        return {
            "tests": tests,
            "seconds": [self.seconds[one] for one in tests],
            "failed": failed,
            "lines": lines,
        }


# Started here, and not when pytest is configured, so that the first import of the package is seen.
TRACER = Tracer(Path(os.environ[VARIABLE])) if os.environ.get(VARIABLE) else None


def pytest_configure(config: pytest.Config) -> None:
    """Watch the tests, when asked."""
    if TRACER:
        config.pluginmanager.register(TRACER, "mutation-tracer")
