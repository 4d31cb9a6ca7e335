"""A pytest plugin that tries mutants: after collection it runs, for each of them, the tests that reach it.

Importing and collecting cost seconds and the tests of a mutant mostly milliseconds, so this process collects once and
forks a child for each mutant, which puts the mutated code into the functions that are already imported. A mutant of
what runs on import (a constant, a class body, a default) gets a process of its own. No file of the tree is changed.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

import pytest

from mutation.substituting import SUBSTITUTE

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "NUMBERS_TOOLKIT_MUTATION"
MEMORY_BYTES = 6 * 2**30
#: Functions by file, qualified name and first line: a decorator may keep several.
Functions = dict[tuple[str, str, int], list[FunctionType]]
CO_OPTIMIZED = 0x1  # a function's code has it, a class body's has not


class ImportedCodeError(Exception):
    """The change is in code that runs on import, so that functions can't be exchanged."""


# -- exchanging code ---------------------------------------------------------------------------------------------


def functions_of(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of functions and methods, in order, without what is inside of them."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_flags & CO_OPTIMIZED:
                yield constant
            else:
                yield from functions_of(constant)


def shape_on_import(code: CodeType) -> list[Any]:
    """Return what distinguishes the code that runs on import, in the module and the bodies of its classes."""
    own: list[Any] = []
    inner: list[Any] = []
    for constant in code.co_consts:
        if not isinstance(constant, CodeType):
            own.append((type(constant), repr(constant)))
        elif not constant.co_flags & CO_OPTIMIZED:
            inner.append(shape_on_import(constant))
        else:
            # A comprehension or a lambda at this level may run at once.
            own.append(constant.co_name if not constant.co_name.startswith("<") else constant)
    return [code.co_code, code.co_names, own, inner]


def exchanges(path: str, original: str, mutated: str) -> list[tuple[CodeType, CodeType]]:
    """Return the functions whose code differs, as it is and as it becomes."""
    old = compile(original, path, "exec", dont_inherit=True)
    new = compile(mutated, path, "exec", dont_inherit=True)
    if shape_on_import(old) != shape_on_import(new):
        raise ImportedCodeError
    pairs = zip(functions_of(old), functions_of(new), strict=True)
    return [(before, after) for before, after in pairs if before != after]


def exchange(pairs: list[tuple[CodeType, CodeType]], functions: Functions) -> None:
    """Put the new code into every function that has the old one."""
    for before, after in pairs:
        held = functions.get((before.co_filename, before.co_qualname, before.co_firstlineno), [])
        if not held:
            raise ImportedCodeError
        for function in held:
            function.__code__ = after


def imported_functions(files: set[str]) -> Functions:
    """Return every function of these files that is alive."""
    found: Functions = {}
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename in files:
            code = one.__code__
            found.setdefault((code.co_filename, code.co_qualname, code.co_firstlineno), []).append(one)
    return found


# -- trying ------------------------------------------------------------------------------------------------------


class Bench:
    """Tries the planned mutants, so many at a time."""

    def __init__(self, session: pytest.Session, folder: Path) -> None:
        self.folder = folder
        self.session = session
        plan = json.loads((folder / "plan.json").read_text())
        self.mutants: list[dict[str, Any]] = plan["mutants"]
        self.workers: int = plan["workers"]
        self.items = {item.nodeid: item for item in session.items}
        self.functions = imported_functions({one["path"] for one in self.mutants})
        self.failed: str | None = None
        self.running: dict[int, tuple[dict[str, Any], float, Path, str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and self.failed is None:
            self.failed = report.nodeid

    def try_all(self) -> None:
        gc.freeze()
        with (self.folder / "results.jsonl").open("a") as results:
            for number, mutant in enumerate(self.mutants, 1):
                while len(self.running) >= self.workers:
                    self.collect(results)
                self.start(mutant)
                print(f"\r{number} of {len(self.mutants)} started", end="", file=sys.__stderr__, flush=True)
            while self.running:
                self.collect(results)

    def start(self, mutant: dict[str, Any]) -> None:
        own = Path(tempfile.mkdtemp(prefix="mutant-"))
        source = Path(mutant["source"]).read_text()
        try:
            pairs = exchanges(mutant["path"], Path(mutant["path"]).read_text(), source)
            exchangeable = all(
                (old.co_filename, old.co_qualname, old.co_firstlineno) in self.functions
                and old.co_freevars == new.co_freevars
                for old, new in pairs
            )
        except ImportedCodeError:
            exchangeable = False
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            self.running[pid] = (mutant, time.monotonic(), own, "exchanged" if exchangeable else "imported")
            return
        status = 3
        try:
            os.setsid()
            silence()
            os.environ["TMPDIR"] = str(own)
            tempfile.tempdir = None
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
            if exchangeable:
                exchange(pairs, self.functions)
                status = self.run_tests(mutant, own)
            else:
                status = self.run_anew(mutant, own)
        except BaseException as error:  # noqa: BLE001 - whatever a mutant does ends here
            (own / "killer").write_text(f"{type(error).__name__}: {error}")
            status = 1
        finally:
            os._exit(status)

    def run_tests(self, mutant: dict[str, Any], own: Path) -> int:
        """Run the tests in this process until one fails; 1 when one did."""
        factory = self.session.config._tmp_path_factory  # type: ignore[attr-defined]
        factory._given_basetemp, factory._basetemp = own / "pytest", None
        items = [self.items[one] for one in mutant["tests"] if one in self.items]
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                (own / "killer").write_text(self.failed)
                with contextlib.suppress(BaseException):
                    self.session._setupstate.teardown_exact(None)
                return 1
        return 0

    def run_anew(self, mutant: dict[str, Any], own: Path) -> int:
        """Run the tests in a new process that imports the mutated file; 1 when one failed."""
        (own / "tests.json").write_text(json.dumps(mutant["tests"]))
        chosen = {"path": mutant["path"], "source": mutant["source"], "tests": str(own / "tests.json")}
        files = list(dict.fromkeys(one.split("::")[0] for one in mutant["tests"]))
        environment = {**os.environ, SUBSTITUTE: json.dumps(chosen)}
        options = ["-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "mutation.substituting"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, "--basetemp", str(own / "pytest"), *files],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            lines = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR", "E  "))]
            (own / "killer").write_text(lines[-1] if lines else f"on import, {done.returncode}")
        return 1 if done.returncode else 0

    def collect(self, results: Any) -> None:
        """Wait until a child ends or its time is over, and write down what came of it."""
        while True:
            for pid, (mutant, started, own, way) in list(self.running.items()):
                ended, status = os.waitpid(pid, os.WNOHANG)
                late = time.monotonic() - started > mutant["limit"]
                if not ended and not late:
                    continue
                # The child is the first of its own group: what its tests started goes with it.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
                if not ended:
                    os.waitpid(pid, 0)
                outcome = "timeout" if not ended else "survived" if status == 0 else "killed"
                killer = (own / "killer").read_text()[:300] if (own / "killer").exists() else ""
                seconds = round(time.monotonic() - started, 2)
                row = {"key": mutant["key"], "outcome": outcome, "by": killer, "seconds": seconds, "way": way}
                print(json.dumps(row), file=results, flush=True)
                shutil.rmtree(own, ignore_errors=True)
                del self.running[pid]
                return
            time.sleep(0.01)


def silence() -> None:
    """Send what this process prints nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Try mutants in place of running the tests, when asked."""
    if not os.environ.get(VARIABLE):
        return None
    if session.testsfailed:
        raise session.Interrupted("the tests could not be collected")
    bench = Bench(session, Path(os.environ.pop(VARIABLE)))
    session.config.pluginmanager.register(bench, "mutation-bench")
    bench.try_all()
    return True
