"""Requirements as a table, as a page of a notebook, and as an example to copy.

All text in them comes from elsewhere: it is escaped in HTML and quoted in the example.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import markup
from numbers_toolkit.activation.file_types import usual_ending
from numbers_toolkit.activation.paper_words import listed, shown
from numbers_toolkit.activation.schema_reading import TO_FILL_IN, SchemaReader
from numbers_toolkit.activation.showing_parts import where_badge
from numbers_toolkit.activation.template_reading import example_of_template
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from numbers_toolkit.activation.requirement_values import RequiredAttachment, Requirements
    from numbers_toolkit.activation.schema_reading import RequiredField
    from numbers_toolkit.markup import Html

__all__ = ["example_text", "requirements_frame", "requirements_html"]

_INDENT: Final = "    "
_WIDTH: Final = 88
#: Characters of a cell, rows of a table that are in sight, and rows before it is cut.
_LONGEST: Final = 300
_FIRST_ROWS: Final = 15
_MOST_ROWS: Final = 200
_SANDBOX: Final = "sandbox"
_UNSPELT: Final = (
    "The answer names a schema without holding it, so the fields are not known here. The API checks the data when it "
    "is sent, and a refusal costs nothing."
)
_TYPE_WORDS: Final = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "True or False",
    "array": "list",
    "object": "group",
}


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
    invented = "These are invented requirements of the sandbox. " if needed.source == _SANDBOX else ""
    return markup.page(
        f"Papers for {needed.kind} numbers",
        markup.paragraph(f"{invented}{needed.summary()}"),
        markup.section("Registration data", _field_table(needed)),
        markup.section("Documents", _document_table(needed)),
        markup.section("To copy and fill in", _example(needed)),
        _not_understood(needed),
        badges=[where_badge(needed.source)] if needed.source else [],
    )


def _field_table(needed: Requirements) -> Html:
    if not needed.fields and needed.schema_reference:
        return markup.paragraph(_UNSPELT)
    return _table("Field", [_field_cells(one) for one in _first_required(needed.fields)])


def _document_table(needed: Requirements) -> Html:
    return _table("Document", [_document_cells(one) for one in _mandatory_first(needed.attachments)])


def _table(what: str, rows: Sequence[Sequence[Any]]) -> Html:
    left = len(rows) - _MOST_ROWS
    more = f"And {counted(left, 'more row')}; see to_frame()." if left > 0 else ""
    headings = (what, "Needed", "What it is", "What it may be")
    return markup.table(headings, rows[:_MOST_ROWS], first=_FIRST_ROWS, more=more, stacks=True)


def _example(needed: Requirements) -> Html:
    asked = needed.asks_for_data or needed.attachments
    return markup.block(example_text(needed)) if asked else markup.Html("")


def _not_understood(needed: Requirements) -> Html:
    if not needed.other_fields:
        return markup.Html("")
    told = f"The answer also holds {listed(needed.other_fields)}; see "
    return markup.paragraph(told, markup.code("other_fields"), ".")


def _field_cells(one: RequiredField) -> list[Any]:
    needed = {True: "required", False: "optional", None: "not said"}[one.required]
    kind = _TYPE_WORDS.get(one.type, one.type)
    values = (
        f"{'one of' if len(one.allowed) > 1 else 'always'} {', '.join(one.allowed)}" if one.allowed else ""
    )
    told = "; ".join(part for part in (kind, values, *_limits(one)) if part)
    example = f"for example {_line_of(one.example)}" if one.example else ""
    return [_named(one.title, one.path), needed, _line_of(one.description), _beside(told, example)]


def _document_cells(one: RequiredAttachment) -> list[Any]:
    forms = [
        markup.Html(f"form to fill in: {markup.link(_line_of(form.name), form.url)}")
        for form in one.templates
    ]
    told = [_line_of(one.description)] if one.description else []
    kinds = f"file: {'; '.join(one.allowed_mime_types)}" if one.allowed_mime_types else "any kind of file"
    types = [f"document: {'; '.join(one.allowed_document_types)}"] if one.allowed_document_types else []
    return [
        _named(one.title, one.attachment_id),
        "mandatory" if one.mandatory else "optional",
        markup.stacked([*told, *forms]) if told or forms else "",
        markup.stacked(map(_line_of, [kinds, *types])),
    ]


def _named(title: str, name: str) -> Html:
    """Return a title with the name that is used in the data below it; the name alone where there is no title."""
    return (
        markup.under(_line_of(title), markup.code(_line_of(name))) if title else markup.text(_line_of(name))
    )


def _beside(told: str, small: str) -> Html | str:
    return markup.under(_line_of(told), small) if told or small else ""


def _line_of(text: str) -> str:
    return shown(text, _LONGEST)
