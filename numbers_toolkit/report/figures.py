"""Axes -> inline SVG that fits into a page: the page's colours, the same bytes every time."""

from __future__ import annotations

import html
import io
import re
import threading
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl

from numbers_toolkit.plots.paper import LIGHT, root_figure

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

__all__ = ["draw_svg"]

#: Matplotlib's settings belong to the whole process; one figure at a time borrows and gives them back.
_SETTINGS: Final = threading.Lock()
_OWN_SETTINGS: Final[dict[Any, Any]] = {
    "svg.fonttype": "none",  # text stays text: small, searchable, in the page's font
    "svg.hashsalt": "numbers_toolkit",
    "hatch.linewidth": 0.8,
    "path.simplify": False,
}
_NO_METADATA: Final = {"Date": None, "Creator": None, "Format": None, "Type": None}
_COLOURS: Final = {colour: name for name, colour in LIGHT.items()}
_HEX: Final = re.compile(r"#[0-9a-f]{6}")
_NOT_NEEDED: Final = re.compile(r"<style.*?</style>|<clipPath.*?</clipPath>|<defs>\s*</defs>", re.DOTALL)
_TAG: Final = re.compile(r"<[^>]+>")
_NOT_NEEDED_IN_TAGS: Final = re.compile(
    r" clip-path=\"[^\"]*\"| transform=\"rotate\(-?0 [^\"]*\""
    r"|font-family: [^;\"]*;? ?|stroke-linecap: butt;? ?"
    r"| id=\"(?!h[0-9a-f]+\")[^\"]*\""
)
_LONG_FRACTION: Final = re.compile(r"(\d\.\d\d)\d+")


def draw_svg(draw: Callable[[], Axes], key: str, title: str, alternative: str) -> str:
    """Draw a plot and return it as an SVG element for an HTML page.

    Parameters
    ----------
    draw : callable
        Makes the axes, on a figure of its own.
    key : str
        Unique in the page; it keeps the ids of several drawings apart.
    title, alternative : str
        What screen readers say in its place.

    Returns
    -------
    str
        ``<svg role="img">`` with colours as the page's CSS variables.
    """
    target = io.StringIO()
    settings: dict[Any, Any] = {
        name: value for name, value in mpl.rcParamsDefault.items() if name != "backend"
    }
    with _SETTINGS, mpl.rc_context({**settings, **_OWN_SETTINGS}):
        root_figure(draw()).savefig(target, format="svg", metadata=_NO_METADATA)
    text = target.getvalue()
    body = text[text.index(">", text.index("<svg")) + 1 :]
    viewbox = text[text.index("viewBox=") :].split('"')[1]
    _, _, width, _ = viewbox.split()
    body = re.sub(r"\s+", " ", _NOT_NEEDED.sub("", body)).replace("> <", "><")
    # Only tags are made smaller: between them stands text, and its digits are sums of money.
    body = _TAG.sub(_small, body)
    body = re.sub(r"<g>\s*</g>|<defs></defs>", "", body)
    body = re.sub(r'(id="|url\(#)(h[0-9a-f]+)', rf"\1{key}-\2", body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{viewbox}" style="width:{float(width):g}pt" '
        f'role="img" aria-labelledby="{key}-t {key}-d">'
        f'<title id="{key}-t">{html.escape(title)}</title><desc id="{key}-d">{html.escape(alternative)}</desc>'
        f"{body.strip()}"
    )


def _small(tag: re.Match[str]) -> str:
    return _LONG_FRACTION.sub(r"\1", _HEX.sub(_variable, _NOT_NEEDED_IN_TAGS.sub("", tag.group())))


def _variable(match: re.Match[str]) -> str:
    name = _COLOURS.get(match.group())
    return f"var(--{name})" if name else match.group()
