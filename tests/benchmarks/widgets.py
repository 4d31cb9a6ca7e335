"""Measure what a person waits for in panels: from a key, a click or a run cell until the browser shows what follows.

    python tests/benchmarks/widgets.py [--rounds 7] [--numbers 10000 100000]

Real Chromium, real JupyterLab, a sandbox on this machine; every figure is taken in the page, from the time stamp of
the input event to the second frame that shows the result. Medians of the rounds, with the least and the most.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent.parent))  # the browser tests' own page, servers and environment

import numbers_toolkit as nt
from browser.needs import chromium, missing
from browser.opening import Lab, started
from browser.servers import lab_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from browser.notebook_page import NotebookPage

# The watch starts with the first input event, or at once; it stops two frames after the condition holds.
STOPWATCH = """([condition, atOnce]) => {
  const holds = new Function('out', 'before', `return Boolean(${condition})`);
  const output = () => [...document.querySelectorAll('.jp-Notebook .jp-CodeCell .jp-Cell-outputArea')].at(-1);
  const seen = (element) => element.checkVisibility() && element.getBoundingClientRect().height > 0;
  const grid = () => [...output()?.querySelectorAll('[role=grid]') ?? []].find(seen);
  const status = () => grid()?.closest('.nt-part')?.querySelector('[role=status]')?.textContent;
  const first = () => grid()?.querySelector('tbody tr')?.textContent;
  const before = {status: status(), first: first()};
  const watch = window.stopwatch = {start: atOnce ? performance.now() : 0, longest: 0, done: 0, scrolls: 0};
  document.addEventListener('scroll', () => { watch.scrolls += 1; }, {capture: true, passive: true});
  const begin = event => { watch.start ||= event.timeStamp; };
  const events = ['keydown', 'pointerdown', 'wheel'];
  for (const name of events) document.addEventListener(name, begin, {capture: true, passive: true});
  let last = performance.now();
  const frame = now => {
    if (watch.start) watch.longest = Math.max(watch.longest, now - last);
    last = now;
    const out = output();
    if (!watch.start || !out || !holds(Object.assign(out, {status, first}), before)) {
      requestAnimationFrame(frame);
      return;
    }
    requestAnimationFrame(() => requestAnimationFrame(shown => {
      watch.done = shown - watch.start;
      for (const name of events) document.removeEventListener(name, begin, {capture: true});
    }));
  };
  requestAnimationFrame(frame);
}"""
CONNECTED = "import numbers_toolkit as nt\nclient = nt.connect()"
IDLE = "!out.querySelector('.nt-progress-line:not([hidden])')"
OPENINGS = {
    "search panel opens": (
        "nt.widgets.SearchPanel(client)",
        "out.textContent.includes('Nothing searched yet.')",
    ),
    "inventory panel of 500 opens": ("nt.widgets.InventoryPanel(client)", "out.querySelector('.nt-card')"),
    "activation panel opens": (
        "nt.widgets.ActivationPanel(['5 US LOCAL'], client)",
        "out.textContent.includes('To buy:')",
    ),
    "order form opens": ("nt.widgets.OrderForm(client, 'DE', 'LOCAL')", "out.querySelector('input')"),
}
SEARCH = "nt.widgets.SearchPanel(client, regions='US', number_types='LOCAL', size=100)"
FOUND = (
    "out.textContent.includes('Searched for:') && out.querySelectorAll('[role=grid] tbody tr').length >= 25"
)


class Figures:
    """What was measured, printed as it comes."""

    def __init__(self, rounds: int) -> None:
        self.rounds = rounds

    def take(self, name: str, once: Callable[[], float]) -> None:
        """Measure something in rounds, after one that does not count."""
        once()
        taken = [once() for _ in range(self.rounds)]
        told = f"{statistics.median(taken):8.0f} ms   ({min(taken):.0f} - {max(taken):.0f})"
        print(f"{name:58}{told}", flush=True)


def timed(page: NotebookPage, condition: str, act: Callable[[], Any], *, at_once: bool = False) -> float:
    """Return the milliseconds from what a person does until a condition is seen to hold."""
    page.evaluate(STOPWATCH, [condition, at_once])
    act()
    page.wait_for_function("window.stopwatch.done")
    return page.evaluate("window.stopwatch.done")


def opening(page: NotebookPage, code: str, condition: str) -> float:
    """Open a panel in a new cell, and close it when it was seen."""
    taken = timed(
        page, f"({condition}) && {IDLE}", lambda: page.add_cell(f"panel = {code}; panel"), at_once=True
    )
    page.run_cell("panel.wait().close()")
    return taken


def searching(page: NotebookPage) -> float:
    """Press Search in a new panel."""
    out = page.add_cell(f"panel = {SEARCH}; panel")
    page.run_cell("panel.wait()")
    button = out.get_by_role("button", name="Search", exact=True)
    taken = timed(page, f"{FOUND} && {IDLE}", button.click)
    page.run_cell("panel.close()")
    return taken


def panels(page: NotebookPage, figures: Figures) -> None:
    for name, (code, condition) in OPENINGS.items():
        figures.take(name, lambda code=code, condition=condition: opening(page, code, condition))
    figures.take("search of 100: click to shown", lambda: searching(page))


class Numbers:
    """The table of numbers of an inventory panel, and what a person does with it."""

    def __init__(self, page: NotebookPage, count: int) -> None:
        self.page = page
        self.out = page.add_cell("panel = nt.widgets.InventoryPanel(active); panel")
        page.run_cell("panel.wait()")
        self.out.get_by_role("tab", name="Numbers").click()
        self.box = self.out.get_by_role("searchbox", name="Filter", exact=True).locator("visible=true")
        self.grid = self.out.get_by_role("grid").locator("visible=true")
        self.out.get_by_text(f"1–25 of {count:,}").locator("visible=true").first.wait_for()

    def filtering(self) -> float:
        """Type one letter into the table's filter."""
        self.box.focus()
        taken = timed(self.page, "out.status() !== before.status", lambda: self.page.keyboard.press("4"))
        timed(self.page, "out.status() !== before.status", lambda: self.page.keyboard.press("Backspace"))
        return taken

    def paging(self) -> float:
        button = self.out.get_by_role("button", name="Next page", exact=True).locator("visible=true")
        return timed(self.page, "out.first() !== before.first", button.click)

    def sorting(self) -> float:
        button = self.grid.locator("thead button").nth(1)  # names: its three orders begin differently
        return timed(self.page, "out.first() !== before.first", button.click)

    def narrowing(self) -> float:
        """Type into the panel's own filter: figures, list and table follow."""
        field = self.out.get_by_label("Number, name or id")
        field.focus()
        taken = timed(
            self.page, f"out.status() !== before.status && {IDLE}", lambda: self.page.keyboard.press("4")
        )
        timed(
            self.page,
            f"out.status() !== before.status && {IDLE}",
            lambda: self.page.keyboard.press("Backspace"),
        )
        return taken

    def scrolling(self) -> float:
        """Turn the wheel through a page of 500 rows; return the longest frame."""
        self.grid.hover()
        self.page.evaluate(STOPWATCH, ["false", False])
        for turn in range(60):
            self.page.mouse.wheel(0, 240 if turn < 30 else -240)
        longest = self.page.evaluate("""() => new Promise(done => requestAnimationFrame(
            () => requestAnimationFrame(() => done(window.stopwatch.longest))))""")
        assert self.page.evaluate("window.stopwatch.scrolls") > 10
        return float(longest)


def table(page: NotebookPage, figures: Figures, count: int) -> None:
    shown = Numbers(page, count)
    rows = f"{count:,} rows: "
    figures.take(f"{rows}key in the filter to shown (150 ms of them its delay)", shown.filtering)
    figures.take(f"{rows}next page", shown.paging)
    figures.take(f"{rows}sort", shown.sorting)
    figures.take(f"{rows}key in the panel's filter to all figures", shown.narrowing)
    shown.out.get_by_label("Rows per page").locator("visible=true").select_option("500")
    shown.out.get_by_text(re.compile("–[0-9,]*[05]00 of")).locator("visible=true").first.wait_for()
    figures.take(f"{rows}longest frame, scrolling 500 of them", shown.scrolling)
    page.run_cell("panel.close()")


@contextlib.contextmanager
def notebook(active: int) -> Iterator[NotebookPage]:
    """Open a notebook that is connected to a sandbox of so many numbers, everything imported."""
    with (
        tempfile.TemporaryDirectory() as folder,
        nt.Sandbox(active=active, clock="manual") as sandbox,
        lab_server(Path(folder) / "home") as server,
        started(chromium() or "") as browser,
    ):
        lab = Lab(server, browser, folder=server.root / "benchmark", shots=Path(folder))
        page = lab.open(
            ["import numbers_toolkit as nt\nnt.widgets.InventoryPanel\nclient = nt.connect()"],
            sandbox=sandbox,
        )
        page.run_cell("active = nt.active_numbers(client, progress=False)")
        yield page
        lab.finish(failed=False)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--numbers", type=int, nargs="*", default=[10_000, 100_000], help="rows of the tables"
    )
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    if missing():
        raise SystemExit(f"The benchmark can't run: {missing()}")
    figures = Figures(options.rounds)
    with notebook(500) as page:
        panels(page, figures)
    for count in options.numbers:
        with notebook(count) as page:
            table(page, figures, count)


if __name__ == "__main__":
    main()
