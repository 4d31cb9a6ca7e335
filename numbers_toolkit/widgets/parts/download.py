"""A way for a file that the kernel made to reach the disk of whoever looks at the page."""

from __future__ import annotations

from typing import ClassVar

from numbers_toolkit.widgets.parts.assets import script, style_sheet
from numbers_toolkit.widgets.parts.part import Part

__all__ = ["Download"]


class Download(Part):
    """Hand files to the browser, which saves them; nothing is seen of it in the panel.

    What a file holds travels as a binary message and is in no state that a notebook saves.

    Attributes
    ----------
    last : str
        Name of the file that was handed over last, empty for none.

    Examples
    --------
    >>> download = Download()
    >>> download.offer("numbers.csv", b"phone_number", "text/csv")
    >>> download.last
    'numbers.csv'
    """

    _esm: ClassVar[str] = script("download")
    _css: ClassVar[str] = style_sheet("download")

    def __init__(self) -> None:
        self.last = ""
        super().__init__()

    def offer(self, name: str, content: bytes, media_type: str) -> None:
        """Have the browser save a file.

        Parameters
        ----------
        name : str
            File name, without a folder.
        content : bytes
            What is in it.
        media_type : str
            For example ``"text/csv"``.
        """
        self.last = name
        if self.comm is not None:
            self.send({"kind": "file", "name": name, "media_type": media_type}, buffers=[content])
