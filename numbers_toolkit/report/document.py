"""Report: a page that shows itself in a notebook and writes itself to a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from numbers_toolkit.report.model import Page
from numbers_toolkit.report.rendering import framed, render, write

if TYPE_CHECKING:
    import os
    from pathlib import Path

__all__ = ["Report"]

_FRAME_HEIGHT: Final = 760


@dataclass(frozen=True, slots=True, repr=False)
class Report(Page):
    """A report about the numbers of a project: show it in a notebook or write it as one HTML file.

    Made by :func:`numbers_toolkit.report.build_report`; its parameters are those of its page. Equal values give
    equal bytes.
    """

    @property
    def html(self) -> str:
        """The whole page; it needs nothing from elsewhere."""
        return render(self)

    def to_html(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file; a file there is replaced once the new one is complete.

        Raises
        ------
        OutputError
            When it can't be written.
        """
        return write(self.html, path)

    def __repr__(self) -> str:
        # A notebook keeps this beside the page; the whole value would be as large as the page itself.
        return f"<Report {str(self)!r}>"

    def __str__(self) -> str:
        return f"{self.title}: {self.lead}"

    def _repr_html_(self) -> str:
        # A frame of its own keeps the notebook's styles out and needs no script, so it shows untrusted too.
        return framed(self, _FRAME_HEIGHT)
