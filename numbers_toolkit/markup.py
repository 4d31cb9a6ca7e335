"""Pieces of HTML that plans, results, tables and panels are shown with: one look, and all from elsewhere escaped.

Each page is self-contained: no script, nothing loaded. It takes JupyterLab's colours where it stands in one, follows
the system's light or dark setting elsewhere, and fits a narrow window. Without its style (a notebook that is not
trusted) it is plain headings, lists and tables.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from numbers_toolkit.style import ROOT_CLASS, STYLE
from numbers_toolkit.wording import readable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

__all__ = [
    "FIRST_ROWS",
    "MOST_ROWS",
    "Html",
    "Tone",
    "badge",
    "block",
    "breakable",
    "bullets",
    "code",
    "facts",
    "folded",
    "link",
    "muted",
    "note",
    "page",
    "paragraph",
    "plain",
    "section",
    "stacked",
    "table",
    "text",
    "under",
]

Tone: TypeAlias = Literal["plain", "good", "warn", "bad", "info"]

#: Rows of a long table that are in sight, and rows that are on the page at all.
FIRST_ROWS: Final = 10
MOST_ROWS: Final = 50
#: So few rows are not worth folding.
_FEW_ROWS: Final = 2
_LONGEST: Final = 300
_NONE: Final = "–"
#: A cell with more than so many characters may break into lines, but is not squeezed in a narrow window.
_LONG_CELL: Final = 24
_TAG: Final = re.compile(r"<[^>]*>")
#: Any other scheme could run something when it is clicked.
_WEB: Final = ("https://", "http://")


class Html(str):
    """Markup that is ready to be shown; any other text is escaped where it is used.

    Examples
    --------
    >>> text("1 < 2"), text(Html("<b>2</b>"))
    ('1 &lt; 2', '<b>2</b>')
    """

    __slots__ = ()


def text(value: Any, longest: int = _LONGEST) -> Html:
    r"""Return a value as markup: escaped, cut when it is very long, a dash for nothing.

    Examples
    --------
    >>> text('<b>"Desk"\x00'), text(None), len(text("x" * 1000))
    ('&lt;b&gt;&quot;Desk&quot;�', '–', 300)
    """
    if isinstance(value, Html):
        return value
    whole = "" if value is None else str(value)
    if not whole:
        return Html(_NONE)
    shown = whole if len(whole) <= longest else f"{whole[: longest - 1]}…"
    return Html(html.escape(readable(shown)))


def plain(value: Any) -> str:
    """Return what markup says, without the markup; any other text as it is.

    Examples
    --------
    >>> plain(paragraph("1 < 2")), plain("<b>")
    ('1 < 2', '<b>')
    """
    if not isinstance(value, Html):
        return str(value)
    return " ".join(html.unescape(_TAG.sub(" ", value)).split())


def _cell(value: Any) -> Html:
    # Text of another direction must not turn round what stands beside it.
    return value if isinstance(value, Html) else Html(f"<bdi>{text(value)}</bdi>")


def _joined(parts: Iterable[Any]) -> Html:
    return Html("".join(text(one) for one in parts if one is not None and one != ""))


def page(title: str, *parts: Html, badges: Iterable[Html] = ()) -> Html:
    """Return a whole piece of output: title, badges beside it, and parts below; empty parts are left out.

    Parameters
    ----------
    title : str
        What it is, in a few words.
    *parts : Html
        What the other functions of this module return.
    badges : iterable of Html
        From :func:`badge`.
    """
    head = f'<div class="head"><h3>{text(title)}</h3>{"".join(badges)}</div>'
    return Html(f'<div class="{ROOT_CLASS}"><style>{STYLE}</style>{head}{_joined(parts)}</div>')


def section(heading: str, *parts: Html) -> Html:
    """Return parts under a heading; nothing at all when there is no part."""
    content = _joined(parts)
    return Html(f"<h4>{text(heading)}</h4>{content}") if content else Html("")


def paragraph(*parts: Any) -> Html:
    """Return a paragraph of text and markup."""
    return Html(f"<p>{_joined(parts)}</p>")


def muted(*parts: Any) -> Html:
    """Return a paragraph that stands back."""
    return Html(f'<p class="quiet">{_joined(parts)}</p>')


def code(value: str) -> Html:
    """Return code, or an id."""
    return Html(f"<code>{text(value)}</code>")


def badge(value: str, tone: Tone = "plain") -> Html:
    """Return a word in a coloured field.

    Examples
    --------
    >>> badge("SANDBOX", "warn")
    '<span class="badge warn">SANDBOX</span>'
    """
    return Html(f'<span class="badge {tone}">{text(value)}</span>')


def note(value: Any, tone: Tone = "info") -> Html:
    """Return a sentence, or markup, that must not be overlooked."""
    content = value if isinstance(value, Html) and value.startswith("<") else f"<p>{text(value)}</p>"
    return Html(f'<div class="note {tone}">{content}</div>')


def bullets(values: Sequence[Any], *, most: int = 40) -> Html:
    """Return a list of sentences, the first of many."""
    shown = "".join(f"<li>{_cell(one)}</li>" for one in values[:most])
    left = len(values) - most
    more = f"<li>and {left:,} more</li>" if left > 0 else ""
    return Html(f"<ul>{shown}{more}</ul>") if values else Html("")


def facts(pairs: Iterable[tuple[str, Any]]) -> Html:
    """Return names with their values; a pair whose value is None or empty is left out."""
    shown = [(name, value) for name, value in pairs if value is not None and value != ""]
    rows = "".join(f"<div><dt>{text(name)}</dt><dd>{_cell(value)}</dd></div>" for name, value in shown)
    return Html(f"<dl>{rows}</dl>") if rows else Html("")


def stacked(values: Iterable[Any]) -> Html:
    """Return values on lines of their own."""
    return Html("<br>".join(_cell(one) for one in values))


def under(value: Any, small: Any) -> Html:
    """Return a value with small print below it; the value alone when there is none."""
    return Html(f"{_cell(value)}<br><small>{_cell(small)}</small>") if small else _cell(value)


def link(label: str, address: str) -> Html:
    """Return a link to a page, or the address as text where it does not lead to one.

    Examples
    --------
    >>> link("Form", "javascript:alert(1)")
    'Form (javascript:alert(1))'
    """
    if not address.lower().startswith(_WEB):
        return Html(text(f"{label} ({address})" if address and label else label or address))
    told = text(label or address)
    return Html(f'<a href="{html.escape(address)}" rel="noopener noreferrer" target="_blank">{told}</a>')


def block(value: str) -> Html:
    """Return lines of code, to be copied; they are never cut."""
    lines = "\n".join(html.escape(readable(line)) for line in value.split("\n"))
    return Html(f'<pre tabindex="0"><code>{lines}</code></pre>')


def breakable(name: str) -> Html:
    """Return a name in capitals and underscores that may go on in the next line after each underscore."""
    return Html(text(name).replace("_", "_<wbr>"))


def folded(summary: str, *parts: Html) -> Html:
    """Return parts that show when their summary is clicked, or entered with the keyboard; nothing for no part."""
    content = _joined(parts)
    return Html(f"<details><summary>{text(summary)}</summary>{content}</details>") if content else Html("")


def table(
    headings: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    right: Collection[str] = (),
    first: int = FIRST_ROWS,
    more: str = "",
    stacks: bool = False,
) -> Html:
    """Return a table; the first column names the row, and all rows but the first are folded.

    Parameters
    ----------
    headings : sequence of str
        One for each column. A column that is empty in every row is left out.
    rows : sequence of sequence
        Text, which is escaped, or markup; None and ``""`` show as a dash.
    right : collection of str
        Headings of the columns of numbers.
    first : int, default 10
        Rows in sight; a few more are shown rather than folded.
    more : str
        What to say below, for example where the rows are that are not on the page.
    stacks : bool, default False
        Whether the cells of a row stand below each other where there is little room, so that all are seen.
    """
    if not rows:
        return Html("")
    kept = [
        position
        for position in range(len(headings))
        if position == 0 or any(row[position] not in (None, "") for row in rows)
    ]
    look = {position: "right" for position in kept if headings[position] in right}
    head = "".join(f'<th scope="col"{_class(look.get(one, ""))}>{text(headings[one])}</th>' for one in kept)
    labels = {one: f' data-label="{text(headings[one])}"' if stacks else "" for one in kept}
    body = [f"<tr>{_row(row, labels, look)}</tr>" for row in rows]
    split = first if len(body) > first + _FEW_ROWS else len(body)
    css = "scroll stacks" if stacks else "scroll"
    rest = folded(f"{len(body) - split:,} more", _grid(head, body[split:], css))
    return _joined([_grid(head, body[:split], css), rest, muted(more) if more else ""])


def _grid(head: str, body: Sequence[str], css: str) -> Html:
    if not body:
        return Html("")
    whole = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    # Reached by the keyboard, so that a wide table can be scrolled without a mouse.
    return Html(f'<div class="{css}" tabindex="0">{whole}</div>')


def _row(row: Sequence[Any], labels: Mapping[int, str], look: Mapping[int, str]) -> str:
    cells = []
    for position, label in labels.items():
        value = _cell(row[position])
        css = _class(look.get(position, "") or ("long" if _is_long(value) else ""))
        cells.append(
            f'<th scope="row"{css}{label}>{value}</th>' if position == 0 else f"<td{css}{label}>{value}</td>"
        )
    return "".join(cells)


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""


def _is_long(value: Html) -> bool:
    """Return whether a cell has a line that is too long for a narrow column."""
    return any(len(_TAG.sub("", line)) > _LONG_CELL for line in value.split("<br>"))
