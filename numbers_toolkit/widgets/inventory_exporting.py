"""Writing and handing over what the inventory panel shows: which frame, as what, to where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.markup import Html, code, paragraph
from numbers_toolkit.widgets.inventory_export import (
    FORMATS,
    FileExists,
    contents,
    format_of,
    suggested_name,
    target_of,
    write,
)
from numbers_toolkit.widgets.inventory_sheets import SHEETS, content_of
from numbers_toolkit.widgets.parts.uploads import size_text
from numbers_toolkit.wording import counted, listed

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    import pandas as pd

    from numbers_toolkit.widgets.inventory_panel import InventoryPanel
    from numbers_toolkit.widgets.inventory_view import InventoryView

__all__ = ["EXPORTED", "Exporting"]

_SHEETS: Final = {sheet.name: sheet for sheet in SHEETS}
#: What can be written.
EXPORTED: Final = ("numbers", "filtered", "selected", "to_do", *_SHEETS)
_REPORT: Final = "report"


class Exporting:
    """The export of an inventory panel.

    Parameters
    ----------
    panel : InventoryPanel
        Whose numbers are written, and who says how it went.
    view : InventoryView
        Has the form.
    """

    def __init__(self, panel: InventoryPanel, view: InventoryView) -> None:
        self._panel, self._view = panel, view
        self._suggested = ""
        self._filling = False
        self.open = False

    @property
    def _values(self) -> dict[str, Any]:
        return self._view.export_form.values  # noqa: PD011 - what stands in a form

    def toggle(self) -> None:
        """Show the form, or hide it."""
        self.open = not self.open
        self._view.show_export(shown=self.open)
        if self.open:
            filtered = self._panel.tab == "numbers" and bool(self._view.numbers.filter_text)
            if filtered or self._values["what"] == "filtered":
                self._view.export_form.set_values(what="filtered" if filtered else "numbers")
            self.suggest()

    def changed(self, name: str) -> None:
        """Follow what a person chose: a name of their own is kept, but for its end."""
        self._view.show_replace(shown=False)
        if name != "path" and not self._filling:
            self.suggest()

    def suggest(self) -> None:
        """Name the file after what is in it, unless it has a name of its own."""
        values = self._values
        if values["format"] == _REPORT and values["what"] != "numbers":
            self._view.export_form.set_values(what="numbers")
        if not values["format"] or not values["what"]:
            return
        own = values["path"] and values["path"] != self._suggested
        name = suggested_name(self._panel.shown, values["what"], values["format"])
        if own:
            self._view.export_form.set_values(
                path=str(Path(values["path"]).with_suffix(FORMATS[values["format"]].suffix))
            )
        else:
            self._suggested = name
            self._view.export_form.set_values(path=name)

    def chosen(
        self, path: str | os.PathLike[str] | None, what: str | None, file_format: str | None
    ) -> tuple[str, str, str]:
        """Return what is to be written, as what, and where; what is not given is taken from the form.

        Raises
        ------
        InvalidInputError
            When there is no such thing to write, or no such format, or there are no numbers yet.
        """
        shown, values = self._panel.selection.shown, self._values
        what = what or values["what"] or "numbers"
        if what not in EXPORTED:
            raise InvalidInputError(
                f"There is no {what!r} to write; use {listed(EXPORTED, 'or', most=len(EXPORTED))}."
            )
        if path is not None and file_format is None:
            file_format = format_of(None, path)
        file_format = format_of(file_format or values["format"] or "csv")
        if file_format == _REPORT:
            what = "numbers"
        if path is None and (what, file_format) == (values["what"], values["format"]):
            path = values["path"]
        name = str(path or suggested_name(shown, what, file_format))
        self._filling = True
        try:
            self._view.export_form.set_values(what=what, format=file_format, path=name)
        finally:
            self._filling = False
        return what, file_format, name

    def _frame(self, what: str) -> Callable[[], pd.DataFrame]:
        """Return what makes the frame, to be called in a thread."""
        panel = self._panel
        if what in _SHEETS:
            selection, by = panel.selection, panel.costs_by
            return lambda: content_of(_SHEETS[what], selection, by, draw=False).frame
        if what == "filtered":
            frame, lacking = self._filtered(), "No number passes the table's own filter"
        else:
            frame = {"numbers": panel.shown, "selected": panel.selected, "to_do": panel.to_do}[what]
            lacking = "No number is selected in the table" if what == "selected" else ""
        if lacking and not len(frame):
            raise InvalidInputError(f"{lacking}, so there is nothing to write.")
        return lambda: frame

    def _filtered(self) -> pd.DataFrame:
        """Return the rows that the table of numbers shows on all its pages, in its order."""
        self._view.show_numbers(self._panel.selection)
        return self._view.numbers.shown

    def write(self, what: str, file_format: str, path: str, *, overwrite: bool) -> None:
        """Write a file in a thread, and say where it is."""
        frame, target = self._frame(what), target_of(path, file_format)
        self._view.show_replace(shown=False)

        def job(_job: Any) -> tuple[Path, int]:
            made = frame()
            return write(made, target, file_format, overwrite=overwrite), len(made)

        def failed(error: BaseException) -> bool:
            if not isinstance(error, FileExists):
                return False
            self._view.show_replace(shown=True)
            self._panel.say(f"{error} Choose another name, or replace the file.", "warn")
            return True

        self._panel.run("Writing the file", job, self._written, failed=failed, must_finish=True)

    def _written(self, done: tuple[Path, int]) -> None:
        path, rows = done
        told = f" ({counted(rows, 'row')}, {size_text(path.stat().st_size)})."
        self._panel.set_trait("exported", path)
        self._panel.say(Html(paragraph("Written: ", code(str(path)), told)), "good")

    def offer(self, what: str, file_format: str, path: str) -> None:
        """Make a file in a thread, and hand it to the browser."""
        frame = self._frame(what)
        name = target_of(path, file_format).name

        def job(_job: Any) -> bytes:
            return contents(frame(), file_format)

        def made(content: bytes) -> None:
            self._view.download.offer(name, content, FORMATS[file_format].media_type)
            self._panel.say(
                f"Handed to your browser, which saves it: {name} ({size_text(len(content))}).", "good"
            )

        self._panel.run("Preparing the download", job, made)
