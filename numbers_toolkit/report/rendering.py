"""Report -> HTML text and file. Everything that came from outside passes through the template's escaping."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup, escape

from numbers_toolkit.plots.paper import DARK, LIGHT
from numbers_toolkit.writing import replacing

if TYPE_CHECKING:
    import os

    from numbers_toolkit.report.model import Page

__all__ = ["framed", "render", "write"]

_TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["light"] = LIGHT
    environment.globals["dark"] = DARK
    return environment


def render(report: Page, *, base: str = "") -> str:
    """Return the page as HTML.

    Parameters
    ----------
    report : Page
        What to show.
    base : str, default ""
        Base address for the links inside the page, where it is not shown under one of its own.

    Returns
    -------
    str
        One self-contained document.
    """
    style = Markup(_environment().get_template("report.css").render())  # noqa: S704 - our own file and colours
    page = _environment().get_template("report.html").render(report=report, style=style, base=base)
    # A lone surrogate in a display name can't be encoded; it is shown as a replacement character.
    return page.encode("utf-8", "replace").decode("utf-8")


def framed(report: Page, height: int) -> str:
    """Return the page in a frame of its own, for a notebook's output."""
    # Without a base of its own, a link within a srcdoc page would load the notebook into the frame.
    page = escape(render(report, base="about:srcdoc"))
    return (
        f'<iframe title="{escape(report.title)}" sandbox srcdoc="{page}" '
        f'style="width:100%;height:{height}px;border:1px solid #8b96a1;border-radius:6px;'
        'resize:vertical;overflow:auto"></iframe>'
    )


def write(text: str, path: str | os.PathLike[str]) -> Path:
    """Write text as a whole file; return where it is."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    return Path(path).expanduser()
