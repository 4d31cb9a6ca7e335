"""Browser tests: real Chromium against real JupyterLab and Voila.

How a test is written::

    from playwright.sync_api import expect

    CELLS = ["import numbers_toolkit as nt", "panel = nt.widgets.SearchPanel(nt.connect()); panel"]

    def test_a_search_shows_numbers(lab, sandbox, axe):
        page = lab.open(CELLS, sandbox=sandbox, dark=True, width=420)  # runs all, waits until the last has ended
        page.get_by_role("button", name="Search", exact=True).click()  # all that playwright's page has
        expect(page.output().get_by_role("row")).to_have_count(26)  # output(i): of code cell i, -1 is the last
        assert page.run_cell("len(panel.results)") == "100"  # in the same kernel, nothing shown in the page
        page.add_cell("panel"); page.run_again(0); page.restart_kernel(); page.saved()["metadata"]["widgets"]
        page.screenshot("found", index=-1)  # the output of a cell, whole; without an index: the page
        axe(page)  # the outputs of all cells, or axe(page, "selector"): serious and critical faults fail

``sandbox`` is any sandbox of the test's own process: it is what ``nt.connect()`` reaches in the notebook, and the
test can look at its ``requests`` and ``ledger``, switch ``faults``, ``advance`` its clock or ``stop`` it. The fixture
``hold`` makes one wait: ``nt.Sandbox(gate=hold)``, ``hold.catch("/availableNumbers")``, click, ``hold.arrived()``,
look, ``hold.release()``. Without ``sandbox=`` the cells start one themselves: ``nt.connect(sandbox=True)``.

After the test, ``lab`` fails it for every error in the browser's console, every uncaught exception of a page and
every request to anywhere but its server. A test that provokes one takes it off ``page.watch.errors``. Waiting is
playwright's (``expect(...)``, 20 s) and is for the LAST thing that a step shows. ``dark`` is JupyterLab's dark theme
on a system that prefers light; motion is reduced unless ``motion=True``. ``width`` is the window's: Lab takes some
140 pixels of it.

Pictures go to the folder that NUMBERS_TOOLKIT_SCREENSHOTS names (else the test's own), also one of each failure.
Where Chromium, a package or axe-core (NUMBERS_TOOLKIT_AXE, the path of axe.min.js) is missing, tests are skipped and
say why; with NUMBERS_TOOLKIT_BROWSER=required, as in `.ci/run`, that is a failure.
"""

from __future__ import annotations

import itertools
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from browser.holding import Hold
from browser.needs import REQUIRED, SCREENSHOTS, axe, chromium, missing, required

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from browser.opening import Lab, Pages, Voila
    from browser.servers import Server

_FAILED = pytest.StashKey[bool]()


# -- where something is missing ---------------------------------------------------------------------------------


class _Absent(pytest.Module):
    """A file of tests that can't even be read here."""

    def collect(self) -> Any:
        pytest.skip(f"browser test: {missing()}", allow_module_level=True)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: Any) -> Iterator[None]:
    found = yield
    if not missing():
        return found
    # The search for doctests would read the files, too.
    return [_Absent.from_parent(parent, path=file_path)] if file_path.name.startswith("test_") else []


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: Any) -> Iterator[None]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    _refuse_skip(report)
    item.stash[_FAILED] = report.failed or item.stash.get(_FAILED, False)
    return report


def _refuse_skip(report: Any) -> None:
    if required() and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{REQUIRED}=required, but the test was skipped: {report.longrepr}"


# -- servers and browser ----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    from browser.servers import lab_server

    with lab_server(tmp_path_factory.mktemp("lab") / "home") as server:
        yield server


# Not for the session: playwright's loop would count as running while other tests of the process start theirs.
@pytest.fixture(scope="module")
def _chromium() -> Iterator[Any]:
    from browser.opening import started

    with started(chromium() or "") as browser:
        yield browser


@pytest.fixture
def shots(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The folder for pictures of this test."""
    kept = os.environ.get(SCREENSHOTS)
    name = re.sub(r"[^\w.-]+", "-", request.node.name).strip("-")
    return Path(kept) / Path(request.node.path).stem / name if kept else tmp_path / "screenshots"


@pytest.fixture
def lab(
    request: pytest.FixtureRequest, _lab_server: Server, _chromium: Any, shots: Path, tmp_path: Path
) -> Iterator[Lab]:
    """JupyterLab; see the top of this file."""
    from browser.opening import Lab

    folder = _lab_server.root / f"{tmp_path.parent.name}-{tmp_path.name}"
    opened = Lab(_lab_server, _chromium, folder=folder, shots=shots)
    yield opened
    opened.finish(failed=request.node.stash.get(_FAILED, False))


@pytest.fixture
def pages(request: pytest.FixtureRequest, _chromium: Any, shots: Path, tmp_path: Path) -> Iterator[Pages]:
    """Pages of servers that the test started itself: ``pages.open_notebook(origin, "a.ipynb", path, token=...)``."""
    from browser.opening import Pages

    opened = Pages(_chromium, folder=tmp_path, shots=shots)
    yield opened
    opened.finish(failed=request.node.stash.get(_FAILED, False))


@pytest.fixture
def voila(request: pytest.FixtureRequest, _chromium: Any, shots: Path, tmp_path: Path) -> Iterator[Voila]:
    """Voila: ``voila.open(notebook, sandbox=...)`` serves one notebook and returns its page; else like ``lab``."""
    pytest.importorskip("voila", reason="browser test: no voila (pip install 'numbers-toolkit[lab]')")
    from browser.opening import Voila

    with Voila(_chromium, folder=tmp_path / "voila", shots=shots) as opened:
        yield opened
        opened.finish(failed=request.node.stash.get(_FAILED, False))


@pytest.fixture
def hold() -> Iterator[Hold]:
    """Hold requests of a sandbox; see the top of this file."""
    held = Hold()
    yield held
    held.release()


@pytest.fixture(name="axe")
def _axe() -> Callable[..., None]:
    """Fail for serious and critical faults that axe-core finds in a page, or in a part of it."""
    from browser.accessibility import check

    path = axe()
    if path is None:
        pytest.skip(
            "browser test: no axe-core (npm install --no-save axe-core, or NUMBERS_TOOLKIT_AXE=its path)"
        )
    source = path.read_text(encoding="utf-8")
    counter = itertools.count()
    return lambda page, selector=None: check(page, selector, source, first=next(counter) == 0)
