"""Requirements as a table, as a page of a notebook, and as an example to copy.

All text in them comes from elsewhere: it is escaped in HTML and quoted in the example.
"""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation.file_types import usual_ending
from numbers_toolkit.activation.paper_words import counted, listed, shown
from numbers_toolkit.activation.schema_reading import TO_FILL_IN, SchemaReader
from numbers_toolkit.activation.template_reading import example_of_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from numbers_toolkit.activation.requirement_values import RequiredAttachment, Requirements
    from numbers_toolkit.activation.schema_reading import RequiredField

__all__ = ["example_text", "requirements_frame", "requirements_html"]

_INDENT: Final = "    "
_WIDTH: Final = 88
#: Characters of a cell, and rows of a table, before they are cut.
_LONGEST: Final = 300
_MOST_ROWS: Final = 200
_TYPE_WORDS: Final = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "True or False",
    "array": "list",
    "object": "group",
}
# Colours are left to the notebook, so that the tables suit a light and a dark one.
_STYLE: Final = (
    "<style>.nt-needed{max-width:72rem;font-size:13px;line-height:1.45}"
    ".nt-needed h4{margin:.2em 0 .4em;font-size:1.15em}.nt-needed p{margin:.3em 0;max-width:75ch}"
    ".nt-needed .wide{overflow-x:auto}"
    ".nt-needed table{border-collapse:collapse;width:100%;margin:.6em 0 1em;font-size:inherit;color:inherit}"
    ".nt-needed caption{text-align:left;font-weight:600;padding:.3em 0;caption-side:top;color:inherit}"
    ".nt-needed th,.nt-needed td{text-align:left!important;vertical-align:top;padding:.35em 1em .35em 0;"
    "border-bottom:1px solid rgba(128,128,128,.35);overflow-wrap:break-word;max-width:28rem}"
    ".nt-needed thead th{opacity:.75;white-space:nowrap}.nt-needed tbody th{font-weight:600}"
    ".nt-needed a{color:inherit;text-decoration:underline}"
    ".nt-needed code{font-size:.95em;background:none;color:inherit}.nt-needed small{opacity:.75;font-weight:400}"
    ".nt-needed pre{border:1px solid rgba(128,128,128,.35);border-radius:6px;padding:.7em 1em;overflow:auto;"
    "background:rgba(128,128,128,.08);color:inherit}</style>"
)


def requirements_frame(needed: Requirements) -> pd.DataFrame:
    """Return one row per field and document: see :data:`numbers_toolkit.tables.REQUIREMENTS`."""
    import pandas as pd

    from numbers_toolkit.tables import REQUIREMENTS

    rows = [_field_row(one) for one in _first_required(needed.fields)]
    rows += [_document_row(one) for one in _mandatory_first(needed.attachments)]
    columns = {
        column.name: pd.Series([row[column.name] for row in rows], dtype=column.dtype)
        for column in REQUIREMENTS.columns
    }
    frame = pd.DataFrame(columns)
    frame.attrs.update(region_code=needed.region_code, number_type=needed.number_type, known=needed.known)
    frame.attrs["source"] = needed.source
    return frame


def _field_row(one: RequiredField) -> dict[str, Any]:
    return {
        "part": "field",
        "name": one.name,
        "title": one.title or None,
        "required": one.required,
        "type": one.type or None,
        "allowed": "; ".join(one.allowed) or None,
        "limits": "; ".join(_limits(one)) or None,
        "description": one.description or None,
        "example": one.example or None,
        "path": one.path,
    }


def _document_row(one: RequiredAttachment) -> dict[str, Any]:
    return {
        "part": "document",
        "name": one.attachment_id,
        "title": one.title or None,
        "required": one.mandatory,
        "type": "; ".join(one.allowed_mime_types) or None,
        "allowed": "; ".join(one.allowed_document_types) or None,
        "limits": None,
        "description": one.description or None,
        "example": "; ".join(form.url or form.name for form in one.templates) or None,
        "path": None,
    }


def _limits(one: RequiredField) -> list[str]:
    told = [f"format {one.format}"] if one.format else []
    told += [f"pattern {one.pattern}"] if one.pattern else []
    return [*told, *one.limits]


def _first_required(fields: Iterable[RequiredField]) -> list[RequiredField]:
    return sorted(fields, key=lambda one: {True: 0, None: 1, False: 2}[one.required])


def _mandatory_first(attachments: Iterable[RequiredAttachment]) -> list[RequiredAttachment]:
    return sorted(attachments, key=lambda one: not one.mandatory)


# -- the example ----------------------------------------------------------------------------------------------------


def example_text(needed: Requirements) -> str:
    """Return a call of Papers to copy: what is required, with dots to fill in."""
    parts = []
    if needed.asks_for_data:
        parts.append(_argument("data", _data(needed)))
    documents = needed.mandatory_attachments or needed.attachments
    if documents:
        parts.append(_attachments(documents))
    lines = "".join(f"{_INDENT}{part},\n" for part in parts)
    return f"nt.Papers(\n{lines})" if lines else "nt.Papers()"


def _data(needed: Requirements) -> Any:
    if needed.schema:
        found = SchemaReader(needed.schema).example()
        return [found] if isinstance(found, dict) and "data" not in found else found
    # Of a schema that is only referred to, not even the names of the fields are known.
    return [example_of_template(one) for one in needed.templates] or [{TO_FILL_IN: TO_FILL_IN}]


def _argument(name: str, value: Any) -> str:
    return f"{name}={_literal(value, 1, len(name) + 2)}"


def _literal(value: Any, level: int, taken: int = 0) -> str:
    """Return a JSON value as Python, on one line where it fits."""
    line = _line(value)
    if not isinstance(value, (dict, list)) or len(line) + taken + len(_INDENT) * level <= _WIDTH:
        return line
    inner, outer = _INDENT * (level + 1), _INDENT * level
    if isinstance(value, list):
        items = [f"{inner}{_literal(one, level + 1)},\n" for one in value]
        return f"[\n{''.join(items)}{outer}]"
    pairs = [
        f"{inner}{_quoted(name)}: {_literal(one, level + 1, len(name) + 4)},\n" for name, one in value.items()
    ]
    return f"{{\n{''.join(pairs)}{outer}}}"


def _line(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_quoted(name)}: {_line(one)}' for name, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_line, value))}]"
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return _quoted(value) if isinstance(value, str) else repr(value)


def _quoted(text: str) -> str:
    """Return text as a Python literal in double quotes, with everything escaped that can't be seen."""
    told = repr(str(text))
    return told if '"' in text else f'"{told[1:-1]}"'


def _attachments(documents: Sequence[RequiredAttachment]) -> str:
    titles = [one.title.strip().casefold() for one in documents]
    lines = ""
    for one, title in zip(documents, titles, strict=True):
        # Two documents of one title can only be told apart by their ids.
        key = one.title if title and titles.count(title) == 1 else one.attachment_id
        lines += f"{_INDENT * 2}{_quoted(key)}: {_file(one)},\n"
    return f"attachments={{\n{lines}{_INDENT}}}"


def _file(one: RequiredAttachment) -> str:
    ending = next((found for kind in one.allowed_mime_types if (found := usual_ending(kind))), ".pdf")
    stem = "".join(char if char.isascii() and char.isalnum() else "-" for char in one.title.lower())
    name = f"{stem.strip('-') or 'document'}{ending}"
    if not one.allowed_document_types:
        return _quoted(name)
    return f"nt.Attachment({_quoted(name)}, document_type={_quoted(one.allowed_document_types[0])})"


# -- the page -------------------------------------------------------------------------------------------------------


def requirements_html(needed: Requirements) -> str:
    """Return what a person must give, as HTML for a notebook."""
    parts = [
        _STYLE,
        f"<h4>Papers for {escape(needed.kind)} numbers</h4>",
        f"<p>{escape(needed.summary())}</p>",
    ]
    if needed.source == "sandbox":
        parts.append("<p><strong>Sandbox:</strong> these requirements are invented.</p>")
    if needed.fields:
        rows = [_field_cells(one) for one in _first_required(needed.fields)]
        parts.append(_table("Registration data", ("Field", "Needed", "What it is", "What it may be"), rows))
    elif needed.schema_reference:
        parts.append(
            "<p>The answer names a schema without holding it, so the fields are not known here. The API checks the "
            "data when it is sent, and a refusal costs nothing.</p>"
        )
    if needed.attachments:
        rows = [_document_cells(one) for one in _mandatory_first(needed.attachments)]
        parts.append(_table("Documents", ("Document", "Needed", "What it is", "What it may be"), rows))
    if needed.asks_for_data or needed.attachments:
        parts.append(f"<p>To copy and fill in:</p><pre><code>{escape(example_text(needed))}</code></pre>")
    if needed.other_fields:
        names = escape(listed(needed.other_fields))
        parts.append(f"<p>The answer also holds {names}; see <code>other_fields</code>.</p>")
    return f'<div class="nt-needed">{"".join(parts)}</div>'


def _table(caption: str, headings: Sequence[str], rows: Sequence[tuple[str, ...]]) -> str:
    # A column in which nothing stands says nothing.
    used = [place for place in range(len(headings)) if any(row[place] for row in rows)]
    head = "".join(f'<th scope="col">{headings[place]}</th>' for place in used)
    body = ""
    for row in rows[:_MOST_ROWS]:
        cells = "".join(f"<td>{row[place]}</td>" for place in used[1:])
        body += f'<tr><th scope="row">{row[0]}</th>{cells}</tr>'
    more = len(rows) - _MOST_ROWS
    told = f"<p>And {counted(more, 'more row')}; see <code>to_frame()</code>.</p>" if more > 0 else ""
    return (
        f'<div class="wide"><table><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>{told}"
    )


def _field_cells(one: RequiredField) -> tuple[str, ...]:
    needed = {True: "required", False: "optional", None: "not said"}[one.required]
    name = _named(one.title or one.path, f"<code>{_cell(one.path)}</code>" if one.title else "")
    kind = _TYPE_WORDS.get(one.type, one.type)
    values = (
        f"{'one of' if len(one.allowed) > 1 else 'always'} {', '.join(one.allowed)}" if one.allowed else ""
    )
    told = "; ".join(part for part in (kind, values, *_limits(one)) if part)
    example = f"<br><small>for example {_cell(one.example)}</small>" if one.example else ""
    return name, needed, _cell(one.description), _cell(told) + example


def _document_cells(one: RequiredAttachment) -> tuple[str, ...]:
    name = _named(one.name, f"<code>{_cell(one.attachment_id)}</code>" if one.title else "")
    forms = "".join(f"<br>form to fill in: {_link(form.name, form.url)}" for form in one.templates)
    kinds = f"file: {'; '.join(one.allowed_mime_types)}" if one.allowed_mime_types else "any kind of file"
    types = (
        f"<br>document: {_cell('; '.join(one.allowed_document_types))}" if one.allowed_document_types else ""
    )
    needed = "mandatory" if one.mandatory else "optional"
    return name, needed, _cell(one.description) + forms, _cell(kinds) + types


def _named(name: str, under: str) -> str:
    return f"{_cell(name)}<br><small>{under}</small>" if under else _cell(name)


def _link(name: str, url: str) -> str:
    label = _cell(name or url)
    # Any other scheme could run something when it is clicked.
    if not url.lower().startswith(("https://", "http://")):
        return label + (f" ({_cell(url)})" if url and name else "")
    return f'<a href="{escape(url)}" rel="noopener noreferrer" target="_blank">{label}</a>'


def _cell(text: str) -> str:
    return escape(shown(text, _LONGEST))
