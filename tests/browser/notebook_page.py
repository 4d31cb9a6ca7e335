"""A notebook in JupyterLab, open in a browser, for tests: its page, its cells, its kernel, and what went wrong."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from playwright.sync_api import ConsoleMessage, Locator, Page, Request, WebSocket

KERNELSPEC: Final = {"name": "python3", "display_name": "Python 3", "language": "python"}
#: Milliseconds that a step may take on a busy machine.
PATIENCE: Final = 90_000

# A kernel's name shows as idle before it is connected; only the session itself tells.
_READY: Final = """async () => {
  const app = window.jupyterapp; await app.restored;
  const panel = window.testedPanel = app.shell.currentWidget;
  await panel.context.ready; await panel.sessionContext.ready;
  for (let i = 0; i < 900 && panel.sessionContext.session?.kernel?.status !== 'idle'; i++)
    await new Promise(done => setTimeout(done, 100));
  return panel.sessionContext.session?.kernel?.status; }"""
# What runs in the page is started and then waited for: awaiting it here would have no end when it has none.
_START: Final = """([key, what, argument]) => {
  const panel = window.testedPanel;
  const answers = window.testedAnswers ??= {};
  const run = index => { panel.content.activeCellIndex = index;
                         return window.jupyterapp.commands.execute('notebook:run-cell'); };
  const work = {
    runAll: () => window.jupyterapp.commands.execute('notebook:run-all-cells'),
    run,
    add: source => { const cells = panel.content.model.sharedModel;
                     cells.insertCell(cells.cells.length, {cell_type: 'code', source});
                     return run(cells.cells.length - 1); },
    execute: code => new Promise(done => {
      const future = panel.sessionContext.session.kernel.requestExecute({code, store_history: false});
      let text = '', error = '';
      future.onIOPub = ({header, content}) => {
        if (header.msg_type === 'stream') text += content.text;
        if (content.data) text += (content.data['text/plain'] ?? '') + '\\n';
        if (header.msg_type === 'error') error = content.traceback.join('\\n').replace(/\\x1b\\[[0-9;]*m/g, '');
      };
      future.done.then(() => done({text, error})); }),
    restart: () => panel.sessionContext.restartKernel(),
    save: () => panel.context.save(),
    shutdown: () => panel.sessionContext.shutdown(),
  }[what];
  Promise.resolve(work(argument)).then(
    value => { answers[key] = {value: value ?? null}; }, error => { answers[key] = {error: String(error)}; });
}"""
# The page may not show yet what the notebook already holds.
_RAISED: Final = """() => window.testedPanel.content.model.sharedModel.cells
  .flatMap(cell => cell.toJSON().outputs ?? []).filter(output => output.output_type === 'error')
  .map(output => output.traceback.join('\\n').replace(/\\x1b\\[[0-9;]*m/g, ''))"""


@dataclass
class Watch:
    """What a page did that none of ours may do: errors in its console, requests to elsewhere."""

    origin: str
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(f"uncaught: {error}"))
        page.on("request", self._request)
        page.on("websocket", self._socket)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:")):
            self.outside.append(request.url)

    def _socket(self, socket: WebSocket) -> None:
        if not socket.url.startswith(self.origin.replace("http", "ws", 1) + "/"):
            self.outside.append(socket.url)

    def faults(self) -> list[str]:
        return [*self.errors, *(f"request to {url}" for url in self.outside)]


class NotebookPage:
    """A notebook that is open; what it lacks (``locator``, ``get_by_role``, ``keyboard`` ...) its page has.

    Attributes
    ----------
    page : Page
        The page.
    path : Path
        The notebook's file; its folder is the kernel's working directory.
    watch : Watch
        Errors and outside requests so far. A test that provokes an error on purpose takes it off ``watch.errors``.
    """

    def __init__(self, page: Page, path: Path, watch: Watch, shots: Path) -> None:
        self.page, self.path, self.watch = page, path, watch
        self._shots = shots
        self._keys = itertools.count()
        self._before = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.page, name)

    # -- cells and kernel

    def wait_until_ready(self, before: str) -> None:
        """Wait for the kernel, and carry out in it what comes before the cells."""
        self.page.wait_for_function(
            "window.jupyterapp?.shell?.currentWidget?.sessionContext", timeout=PATIENCE
        )
        status = self.page.evaluate(_READY)
        assert status == "idle", f"the kernel is {status}"
        self.page.evaluate("window.jupyterapp.shell.collapseLeft()")
        self._before = before
        if before:
            self.run_cell(before)

    def run_all(self, *, allow_errors: bool = False) -> None:
        """Run all cells and wait until the last has ended."""
        self._do("runAll")
        self._check(allow_errors)

    def run_again(self, index: int = 0, *, allow_errors: bool = False) -> None:
        """Run one cell (once more) and wait until it has ended."""
        self._do("run", index)
        self._check(allow_errors)

    def add_cell(self, code: str, *, allow_errors: bool = False) -> Locator:
        """Put a cell at the end, run it, wait until it has ended; return where its output is."""
        self._do("add", code)
        self._check(allow_errors)
        return self.output(-1)

    def run_cell(self, code: str) -> str:
        """Run code in the notebook's kernel without a cell in the page; return what it printed and its last value."""
        done = self._do("execute", code)
        assert not done["error"], done["error"]
        return str(done["text"]).strip()

    def restart_kernel(self) -> None:
        """Restart the kernel; outputs stay in the page, as they do for a person."""
        self._do("restart")
        status = self.page.evaluate(_READY)
        assert status == "idle", f"the kernel is {status}"
        if self._before:
            self.run_cell(self._before)

    def output(self, index: int = 0) -> Locator:
        """Where the output of a cell is; -1 is the last cell."""
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(index).locator(".jp-Cell-outputArea")

    def saved(self) -> dict[str, Any]:
        """Save the notebook with the state of its widgets, as a person may, and return what then is in the file."""
        self._do("save")
        return json.loads(self.path.read_text(encoding="utf-8"))

    def _do(self, what: str, argument: object = None) -> Any:
        key = str(next(self._keys))
        self.page.evaluate(_START, [key, what, argument])
        self.page.wait_for_function("key => window.testedAnswers[key]", arg=key, timeout=PATIENCE)
        done = self.page.evaluate("key => window.testedAnswers[key]", key)
        assert "error" not in done, f"{what}: {done['error']}"
        return done["value"]

    def _check(self, allow_errors: bool) -> None:
        raised = self.page.evaluate(_RAISED)
        assert allow_errors or not raised, "\n".join(raised)

    # -- pictures

    def screenshot(self, name: str, index: int | None = None) -> Path:
        """Keep a picture of the page, or of the whole output of one cell, however long; return where it is."""
        path = self.shot(name)
        if index is None:
            self.page.screenshot(path=path)
            return path
        area, size = self.output(index), self.page.viewport_size or {"width": 1200, "height": 900}
        # What is scrolled out of the notebook's own box is not painted, so the window grows for the picture.
        height = area.evaluate("element => Math.ceil(element.scrollHeight)") + 160
        self.page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
        area.screenshot(path=path)
        self.page.set_viewport_size(size)
        return path

    def shot(self, name: str) -> Path:
        """Return where a picture of this name is kept."""
        path = self._shots / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    # -- the end

    def close(self) -> None:
        """End the kernel and leave the page."""
        if not self.page.is_closed():
            self._do("shutdown")
            self.page.close()


def write_notebook(path: Path, cells: Sequence[str]) -> None:
    """Write a notebook of code cells."""
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = new_notebook(
        cells=[new_code_cell(source) for source in cells], metadata={"kernelspec": KERNELSPEC}
    )
    nbformat.write(notebook, path)
