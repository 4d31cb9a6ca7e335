"""The parts' scripts and style sheets: files of this package, joined into what one part sends to the browser.

The files are plain ES modules, with no build step. A notebook gets a part's script as one text and can't ask for a
second file, so what a script imports from a neighbour is put before it, and the imports are left out.
"""

from __future__ import annotations

import functools
import re
from importlib import resources
from typing import Final

from numbers_toolkit.style import theme

__all__ = ["PANEL_CLASS", "PART_CLASS", "script", "style_sheet"]

#: The class of every part's outermost element, and of a panel's.
PART_CLASS: Final = "nt-part"
PANEL_CLASS: Final = "numbers-toolkit-panel"
#: ``import { a, b } from "./common.js";``, on one line or several.
_IMPORT: Final = re.compile(r'^import\s*\{[^}]*\}\s*from\s*"\./([\w.]+)";\n?', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?!default)", re.MULTILINE)


@functools.cache
def script(name: str) -> str:
    """Return a part's script with all that it imports.

    Names at the top of joined files are shared, so they differ from file to file.

    Parameters
    ----------
    name : str
        The file without ``.js``: ``"form"``.

    Returns
    -------
    str
        One ES module.

    Examples
    --------
    >>> whole = script("tabs")
    >>> "export default" in whole, 'from "./common.js"' in whole, "function element(" in whole
    (True, False, True)
    """
    files: dict[str, str] = {}
    _collect(f"{name}.js", files)
    *imported, own = files.values()
    return "".join([*(_EXPORT.sub("", one) for one in imported), own])


@functools.cache
def style_sheet(name: str) -> str:
    """Return the style every part shares, and a part's own where it has one.

    Parameters
    ----------
    name : str
        The file without ``.css``: ``"form"``.

    Returns
    -------
    str
        CSS; it reaches nothing outside parts and panels.

    Examples
    --------
    >>> "--ink" in style_sheet("tabs"), ".nt-button" in style_sheet("tabs")
    (True, True)
    """
    themes = "".join(theme(f".{one}") for one in (PART_CLASS, PANEL_CLASS))
    own = resources.files(__package__) / "static" / f"{name}.css"
    return "\n".join([themes, _read("style.css"), own.read_text(encoding="utf-8") if own.is_file() else ""])


def _collect(file: str, files: dict[str, str]) -> None:
    """Add a file to those that are joined, after all that it imports."""
    text = _read(file)
    for neighbour in _IMPORT.findall(text):
        if neighbour not in files:
            _collect(neighbour, files)
    files[file] = _IMPORT.sub("", text)


def _read(file: str) -> str:
    return (resources.files(__package__) / "static" / file).read_text(encoding="utf-8")
