"""Open notebooks in JupyterLab and Voila, and files, and see at the end that nothing went wrong in their pages."""

from __future__ import annotations

import contextlib
import itertools
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from playwright.sync_api import Error, expect, sync_playwright

from browser.notebook_page import PATIENCE, NotebookPage, Watch, write_notebook
from browser.servers import voila_server
from command_line import environment_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Browser, Page

    import numbers_toolkit as nt
    from browser.servers import Server

#: Nothing but this machine has a name, so that no page reaches further whatever it tries.
ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
_EXPECTED_WITHIN: Final = 20_000


@contextlib.contextmanager
def started(executable: str) -> Iterator[Browser]:
    """Start Chromium."""
    expect.set_options(timeout=_EXPECTED_WITHIN)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, headless=True, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class Pages:
    """Pages of one browser that belong to one test."""

    def __init__(self, browser: Browser, *, folder: Path, shots: Path) -> None:
        self._browser, self.folder, self._shots = browser, folder, shots
        self._watches: list[Watch] = []
        self._pages: list[Any] = []

    def _page(
        self, origin: str, *, width: int, height: int, motion: bool, dark_system: bool = False
    ) -> tuple[Page, Watch]:
        # One context for all: what the servers' pages consist of is fetched and compiled once.
        context = next(iter(self._browser.contexts), None) or self._browser.new_context(accept_downloads=True)
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        scheme = "dark" if dark_system else "light"
        page.emulate_media(color_scheme=scheme, reduced_motion="no-preference" if motion else "reduce")
        page.set_default_timeout(PATIENCE)
        watch = Watch(origin)
        watch.over(page)
        self._watches.append(watch)
        return page, watch

    def open_notebook(
        self,
        origin: str,
        place: str,
        path: Path,
        *,
        token: str = "",
        before: str = "",
        width: int = 1200,
        height: int = 900,
        motion: bool = False,
    ) -> NotebookPage:
        """Open a notebook that a server of JupyterLab has, and wait for its kernel."""
        page, watch = self._page(origin, width=width, height=height, motion=motion)
        secret = f"&token={token}" if token else ""
        page.goto(f"{origin}/lab/tree/{place}?reset{secret}", wait_until="domcontentloaded")
        opened = NotebookPage(page, path, watch, self._shots)
        self._pages.append(opened)
        opened.wait_until_ready(before)
        return opened

    def open_file(self, path: Path, *, dark: bool = False, width: int = 1200, height: int = 900) -> PlainPage:
        """Open a file, on a system that prefers dark or light pages."""
        page, watch = self._page("file://", width=width, height=height, motion=False, dark_system=dark)
        page.goto(path.as_uri())
        opened = PlainPage(page, watch, self._shots)
        self._pages.append(opened)
        return opened

    def finish(self, *, failed: bool) -> None:
        """Leave all pages and fail for what went wrong in them."""
        for place, page in enumerate(self._pages):
            if failed and not page.is_closed():
                page.screenshot(f"failed-{place}")
            page.close()
        faults = [fault for watch in self._watches for fault in watch.faults()]
        assert not faults, "in the browser: " + "\n".join(faults)


class Lab(Pages):
    """JupyterLab for one test.

    Attributes
    ----------
    folder : Path
        Where the test's notebooks stand: the working directory of their kernels.
    """

    def __init__(self, server: Server, browser: Browser, *, folder: Path, shots: Path) -> None:
        super().__init__(browser, folder=folder, shots=shots)
        self._server = server
        self._names = itertools.count(1)

    def open(
        self,
        cells: Sequence[str] | Path,
        *,
        sandbox: nt.Sandbox | None = None,
        dark: bool = False,
        width: int = 1200,
        height: int = 900,
        motion: bool = False,
        run: bool = True,
        allow_errors: bool = False,
    ) -> NotebookPage:
        """Open a notebook of these cells, or a copy of one; run all cells; wait until the last has ended."""
        path = self.folder / f"notebook-{next(self._names)}.ipynb"
        if isinstance(cells, Path):
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(cells, path)
        else:
            write_notebook(path, cells)
        self._server.set_theme(dark=dark)
        place = path.relative_to(self._server.root).as_posix()
        look = {"width": width, "height": height, "motion": motion}
        opened = self.open_notebook(self._server.url, place, path, before=self._before(sandbox), **look)
        if run:
            opened.run_all(allow_errors=allow_errors)
        return opened

    def _before(self, sandbox: nt.Sandbox | None) -> str:
        values = {"NUMBERS_TOOLKIT_STATE": str(self.folder / "state"), **connection(sandbox)}
        return f"import os\nos.environ.update({values!r})"


def connection(sandbox: nt.Sandbox | None) -> dict[str, str]:
    """Return the environment in which ``nt.connect()`` reaches a sandbox, and knows it as one."""
    if sandbox is None:
        return {}
    return {**environment_of(sandbox), "NUMBERS_TOOLKIT_SANDBOX": sandbox.numbers_url}


class Voila(Pages):
    """Voila for one test."""

    def __init__(self, browser: Browser, *, folder: Path, shots: Path) -> None:
        super().__init__(browser, folder=folder, shots=shots)
        self._servers = contextlib.ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._servers.close()

    def open(
        self,
        notebook: Path,
        *,
        sandbox: nt.Sandbox | None = None,
        dark: bool = False,
        width: int = 1200,
        height: int = 900,
        motion: bool = False,
    ) -> PlainPage:
        """Serve a copy of a notebook and open its page."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = Path(shutil.copy(notebook, self.folder))
        home = self.folder.parent / f"voila-home-{len(self._pages)}"
        environ = {"NUMBERS_TOOLKIT_STATE": str(home / "state"), **connection(sandbox)}
        server = self._servers.enter_context(voila_server(path, home, environ))
        page, watch = self._page(server.url, width=width, height=height, motion=motion)
        theme = "dark" if dark else "light"
        try:
            page.goto(f"{server.url}/?theme={theme}", wait_until="domcontentloaded")
        except Error as error:
            # A page that can't be made never ends; only the server knows why.
            raise AssertionError(f"Voila shows no page: {server.said()[-3000:]}") from error
        opened = PlainPage(page, watch, self._shots)
        self._pages.append(opened)
        return opened


class PlainPage:
    """A page that is no notebook; what it lacks playwright's page has."""

    def __init__(self, page: Page, watch: Watch, shots: Path) -> None:
        self.page, self.watch = page, watch
        self._shots = shots

    def __getattr__(self, name: str) -> Any:
        return getattr(self.page, name)

    def screenshot(self, name: str, *, whole: bool = True) -> Path:
        """Keep a picture of the page, all of it or what the window shows; return where it is."""
        path = self._shots / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        size = self.page.viewport_size or {"width": 1200, "height": 900}
        # A page of Voila scrolls in a box of its own, so the window grows for the picture.
        height = self.page.evaluate("Math.ceil(document.querySelector('#rendered_cells')?.scrollHeight ?? 0)")
        self.page.set_viewport_size({"width": size["width"], "height": max(height * whole, size["height"])})
        self.page.screenshot(path=path, full_page=whole)
        self.page.set_viewport_size(size)
        return path

    def close(self) -> None:
        if not self.page.is_closed():
            self.page.close()
