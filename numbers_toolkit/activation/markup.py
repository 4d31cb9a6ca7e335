"""Pieces of HTML that plans and results are shown with: one look, and everything from elsewhere escaped.

Each page is self-contained: no script, nothing loaded. It takes JupyterLab's colours where it stands in one, follows
the system's light or dark setting elsewhere, and fits a narrow window. Without its style (a notebook that is not
trusted) it is plain headings, lists and tables.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

__all__ = [
    "Html",
    "Tone",
    "badge",
    "bullets",
    "code",
    "facts",
    "muted",
    "note",
    "page",
    "paragraph",
    "section",
    "stacked",
    "table",
    "text",
]

Tone: TypeAlias = Literal["plain", "good", "warn", "bad", "info"]

#: Control characters and halves of characters are shown as what they are: unreadable.
_UNREADABLE: Final = dict.fromkeys((*range(32), *range(127, 160), *range(0xD800, 0xE000)), "\ufffd")
_LONGEST: Final = 300
_NONE: Final = "–"

_LIGHT: Final = (
    "--ink:#1b2733;--quiet:#55606b;--line:#dde3e8;--paper:#ffffff;--good:#00664a;--good-back:#e6f5ef;--warn:#5c3d00;"
    "--warn-back:#fff0c2;--bad:#a83a00;--bad-back:#fff1e8;--info:#005a9c;--info-back:#e8f2fa;--plain:#3d4a56;"
    "--plain-back:#eef2f5;color-scheme:light"
)
_DARK: Final = (
    "--ink:#e6edf3;--quiet:#a3afbb;--line:#303a45;--paper:#161b22;--good:#58d3ae;--good-back:#0d2a21;--warn:#ffe2a0;"
    "--warn-back:#3a2c05;--bad:#ff9d6b;--bad-back:#33190b;--info:#79bdf2;--info-back:#0f2a42;--plain:#c3ced8;"
    "--plain-back:#232b34;color-scheme:dark"
)
_TONES: Final = ("plain", "good", "warn", "bad", "info")
#: The class stands twice in selectors that have to win over the notebook's own rules for tables.
_ROOT: Final = ".numbers-toolkit"
_STYLE: Final = (
    # Outside a notebook the system decides; JupyterLab says on its body which theme it has.
    f"{_ROOT}{{{_LIGHT}}}@media(prefers-color-scheme:dark){{{_ROOT}{{{_DARK}}}}}"
    f'[data-jp-theme-light="true"] {_ROOT}{{{_LIGHT}}}[data-jp-theme-light="false"] {_ROOT},.vscode-dark {_ROOT}{{{_DARK}}}'
    f".vscode-light {_ROOT}{{{_LIGHT}}}"
    f"{_ROOT}{{box-sizing:border-box;max-width:76rem;padding:.75rem 1rem;border:1px solid var(--jp-border-color2,"
    "var(--line));border-radius:8px;color:var(--jp-content-font-color1,var(--ink));background:var(--jp-layout-color1,"
    'var(--paper));font:14px/1.5 var(--jp-ui-font-family,system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif);'
    "text-align:left;overflow-wrap:anywhere}"
    f"{_ROOT} h3,{_ROOT} h4{{margin:0;color:inherit;font-weight:600;line-height:1.3}}"
    f"{_ROOT} h3{{font-size:1.2em}}{_ROOT} h4{{font-size:1em;margin:1.1em 0 .35em}}"
    f"{_ROOT} .head{{display:flex;flex-wrap:wrap;align-items:center;gap:.35rem .6rem;margin-bottom:.35rem}}"
    f"{_ROOT} p{{margin:.3em 0;max-width:80ch}}"
    f"{_ROOT} ul{{margin:.3em 0;padding-left:1.2em;max-width:80ch}}{_ROOT} li{{margin:.15em 0}}"
    f"{_ROOT} .quiet{{color:var(--jp-content-font-color2,var(--quiet));font-size:.92em}}"
    f"{_ROOT} .badge{{display:inline-block;padding:0 .6em;border-radius:99px;font-size:.85em;font-weight:600;"
    "white-space:nowrap}"
    f"{_ROOT} .note{{margin:.6em 0;padding:.45em .8em;border-left:4px solid;border-radius:4px}}"
    f"{_ROOT} .note>*{{margin-top:0;margin-bottom:0}}"
    + "".join(f"{_ROOT} .{tone}{{color:var(--{tone});background:var(--{tone}-back)}}" for tone in _TONES)
    + f"{_ROOT} .note{{border-color:currentcolor}}"
    f"{_ROOT} dl{{margin:.3em 0;padding:0}}"
    f"{_ROOT} dl>div{{display:flex;flex-wrap:wrap;gap:0 .8rem;padding:.2em 0;border-bottom:1px solid "
    "var(--jp-border-color2,var(--line))}"
    f"{_ROOT} dt{{flex:0 0 9.5rem;margin:0;font-weight:400;color:var(--jp-content-font-color2,var(--quiet))}}"
    f"{_ROOT} dd{{flex:1 1 13rem;margin:0;min-width:0}}"
    f"{_ROOT} .scroll{{overflow-x:auto;max-width:100%}}"
    f"{_ROOT}{_ROOT} table{{border-collapse:collapse;margin:.3em 0;width:auto;min-width:min(100%,30rem);font-size:.93em;"
    "color:inherit;table-layout:auto;font-variant-numeric:tabular-nums;border:0}"
    f"{_ROOT}{_ROOT} table caption{{text-align:left;caption-side:top;font-weight:600;padding:.2em 0;color:inherit}}"
    f"{_ROOT}{_ROOT} table tr,{_ROOT}{_ROOT} table tbody tr:nth-child(n){{background:none;border:0}}"
    f"{_ROOT}{_ROOT} table th,{_ROOT}{_ROOT} table td{{text-align:left;vertical-align:baseline;padding:.28em 1.1em .28em 0;"
    "border:0;border-bottom:1px solid var(--jp-border-color2,var(--line));font-weight:400;max-width:26rem;"
    "white-space:normal;overflow-wrap:normal}"
    f"{_ROOT}{_ROOT} table thead th{{color:var(--jp-content-font-color2,var(--quiet));font-weight:600;"
    "vertical-align:bottom}"
    f"{_ROOT}{_ROOT} table .right{{text-align:right;white-space:nowrap}}"
    f"{_ROOT}{_ROOT} table tbody th{{white-space:nowrap;font-weight:600}}"
    f"{_ROOT} code{{font:.92em var(--jp-code-font-family,ui-monospace,Menlo,Consolas,monospace);background:none;"
    "color:inherit;padding:0;overflow-wrap:anywhere}"
)


class Html(str):
    """Markup that is ready to be shown; any other text is escaped where it is used.

    Examples
    --------
    >>> text("1 < 2"), text(Html("<b>2</b>"))
    ('1 &lt; 2', '<b>2</b>')
    """

    __slots__ = ()


def text(value: Any) -> Html:
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
    shown = whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 1]}…"
    return Html(html.escape(shown.translate(_UNREADABLE)))


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
    return Html(f'<div class="numbers-toolkit"><style>{_STYLE}</style>{head}{_joined(parts)}</div>')


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


def table(
    headings: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    right: Collection[str] = (),
    caption: str = "",
    more: str = "",
) -> Html:
    """Return a table; the first column names the row.

    Parameters
    ----------
    headings : sequence of str
        One for each column. A column that is empty in every row is left out.
    rows : sequence of sequence
        Text, which is escaped, or markup; None and ``""`` show as a dash.
    right : collection of str
        Headings of the columns of numbers.
    caption : str
        What the table is.
    more : str
        What to say below, for example that only the first rows are shown.
    """
    if not rows:
        return Html("")
    kept = [
        position
        for position in range(len(headings))
        if position == 0 or any(row[position] not in (None, "") for row in rows)
    ]
    look = {position: ' class="right"' for position in kept if headings[position] in right}
    head = "".join(f'<th scope="col"{look.get(one, "")}>{text(headings[one])}</th>' for one in kept)
    body = "".join(f"<tr>{_row(row, kept, look)}</tr>" for row in rows)
    title = f"<caption>{text(caption)}</caption>" if caption else ""
    below = muted(more) if more else ""
    return Html(
        f'<div class="scroll"><table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{below}'
    )


def _row(row: Sequence[Any], kept: Iterable[int], look: dict[int, str]) -> str:
    cells = []
    for position in kept:
        value, css = _cell(row[position]), look.get(position, "")
        cells.append(f'<th scope="row"{css}>{value}</th>' if position == 0 else f"<td{css}>{value}</td>")
    return "".join(cells)
