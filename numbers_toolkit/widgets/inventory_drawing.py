"""Key figures and the sheet in sight, made in a thread of their own while the panel stays free for all else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numbers_toolkit.widgets.inventory_sheets import SHEETS, Content, content_of
from numbers_toolkit.widgets.working import JobCancelled, Work

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from numbers_toolkit.widgets.inventory_facts import Selection
    from numbers_toolkit.widgets.inventory_view import InventoryView
    from numbers_toolkit.widgets.working import Job

__all__ = ["Drawings"]

_SHEETS = {sheet.name: sheet for sheet in SHEETS}


class Drawings:
    """Makes what takes long to make of a selection, and only what is looked at; the latest wish counts.

    Parameters
    ----------
    view : InventoryView
        Where it is shown.
    figured : callable
        Is given the key figures when they are there.
    failed : callable
        Is given what went wrong.
    """

    def __init__(
        self,
        view: InventoryView,
        figured: Callable[[pd.DataFrame], object],
        failed: Callable[[BaseException], object],
    ) -> None:
        self._view, self._figured, self._failed = view, figured, failed
        self._work = Work(failed)
        self._selection: Selection | None = None
        self._figures: pd.DataFrame | None = None
        self._contents: dict[tuple[str, str], Content] = {}
        self._wanted: tuple[str, str] = ("", "")
        self._in_sight = ""

    def show(self, selection: Selection, tab: str, by: str) -> None:
        """Show the key figures of a selection, and its sheet under a tab; at once what was made already."""
        if selection is not self._selection:
            self._selection, self._figures, self._contents = selection, None, {}
        self._wanted = (tab, by if tab == "costs" else "")
        self._work.cancel()
        figures = self._figures is None and len(selection.shown) > 0
        sheet = tab in _SHEETS and self._wanted not in self._contents and len(selection.shown) > 0
        if figures or sheet:
            self._start(selection, tab, by, figures=figures, sheet=sheet)
        else:
            self._finish()

    def _start(self, selection: Selection, tab: str, by: str, *, figures: bool, sheet: bool) -> None:
        key = self._wanted

        def make(job: Job[Any]) -> Content | None:
            if figures:
                found = selection.figures()
                job.tell(lambda: self._keep_figures(found))
            job.check()
            return content_of(_SHEETS[tab], selection, by) if sheet else None

        def done(_job: Job[Any], content: Content | None) -> None:
            if content is not None:
                self._contents[key] = content
            self._finish()

        def failed(_job: Job[Any], error: BaseException) -> None:
            self._view.drawing_progress.stop()
            if not isinstance(error, JobCancelled):
                self._failed(error)

        if sheet and tab != self._in_sight:
            # What it showed may be of other filters; where a person looks already, it stays until it is replaced.
            self._view.sheets[tab].hide()
        self._in_sight = tab
        self._view.drawing_progress.start("Drawing")
        self._work.start(make, done=done, failed=failed, progressed=lambda *_: None, name="drawing")

    def _keep_figures(self, figures: pd.DataFrame) -> None:
        self._figures = figures
        if self._selection is not None:
            self._view.show_figures(figures, self._selection)
            self._figured(figures)

    def _finish(self) -> None:
        self._in_sight = self._wanted[0]
        self._view.drawing_progress.stop()
        content = self._contents.get(self._wanted)
        if content is not None:
            self._view.sheets[self._wanted[0]].show(content)

    def wait(self, timeout: float | None) -> bool:
        """Block until all is shown; return whether it was in time."""
        return self._work.wait(timeout)

    def close(self) -> None:
        """Give up what is being made, and forget what was."""
        self._work.cancel()
        self._selection, self._figures, self._contents = None, None, {}
