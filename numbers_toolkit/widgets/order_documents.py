"""The documents of an order's form: a field for each file, one for what it is, and the forms to download.

Knows what a person chose only while it is asked about it; keeps nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import markup
from numbers_toolkit.activation.document_checking import MOST_BYTES, check_documents, size_text
from numbers_toolkit.activation.file_types import mime_type_of_content, mime_type_of_name, usual_ending
from numbers_toolkit.activation.given_papers import Attachment
from numbers_toolkit.activation.paper_words import listed, shown
from numbers_toolkit.activation.requirement_values import Requirements
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.markup import Html

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numbers_toolkit.activation.requirement_values import RequiredAttachment
    from numbers_toolkit.widgets.parts.uploads import UploadedFile

__all__ = [
    "attachments_of",
    "document_faults",
    "document_fields",
    "document_named",
    "downloads",
    "file_field",
    "same_files",
    "type_field",
]

_LONGEST_HELP: Final = 300


def file_field(one: RequiredAttachment) -> str:
    """Return what the field for a document's file is called."""
    return f"file/{one.attachment_id}"


def type_field(one: RequiredAttachment) -> str:
    """Return what the field for the kind of a document is called."""
    return f"type/{one.attachment_id}"


def document_fields(needed: Requirements, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the fields of a form for the documents, the mandatory ones first; none where none is asked for.

    Parameters
    ----------
    needed : Requirements
        What is asked for.
    values : mapping of str to object
        What is in the fields of the form.

    Examples
    --------
    >>> from numbers_toolkit.activation.requirement_values import RequiredAttachment
    >>> asked = RequiredAttachment(attachment_id="a1", title="Statement", allowed_mime_types=("application/pdf",))
    >>> fields = document_fields(Requirements(region_code="AU", number_type="MOBILE", attachments=(asked,)), {})
    >>> fields[1]["label"], fields[1]["accept"], fields[1]["help"]
    ('Statement', 'application/pdf,.pdf', 'A PDF file; at most 100.0 MB.')
    """
    ordered = sorted(needed.attachments, key=lambda one: not one.mandatory)
    fields = [field for one in ordered for field in _fields(one, values)]
    return [{"name": "group:documents", "kind": "heading", "label": "Documents"}, *fields] if fields else []


def _fields(one: RequiredAttachment, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    about = [shown(one.description, _LONGEST_HELP).rstrip(".")] if one.description else []
    yield {
        "name": file_field(one),
        "kind": "file",
        "label": shown(one.name),
        "help": f"{'. '.join([*about, _kinds(one.allowed_mime_types)])}; at most {size_text(MOST_BYTES)}.",
        "required": one.mandatory,
        "accept": ",".join(_accepted(one.allowed_mime_types)),
        "max": MOST_BYTES,
    }
    if one.allowed_document_types:
        yield {
            "name": type_field(one),
            "kind": "choice",
            "label": f"{shown(one.name)}: kind of document",
            "required": _chosen(one, values) is not None,
            "options": list(one.allowed_document_types),
        }


def _kinds(mime_types: Sequence[str]) -> str:
    told = [usual_ending(one).lstrip(".").upper() or one for one in mime_types]
    return f"A {listed(told, 'or')} file" if told else "Any kind of file"


def _accepted(mime_types: Sequence[str]) -> Iterator[str]:
    for one in mime_types:
        if "/" in one:
            yield one
            if ending := usual_ending(one):
                yield ending
        else:
            yield f".{one.lstrip('.')}"


def downloads(needed: Requirements) -> Html:
    """Return links to the forms that have to be filled in and handed back; nothing where there are none."""
    forms = [
        Html(f"{markup.text(one.name)}: {markup.link(shown(form.name), form.url)}")
        for one in needed.attachments
        for form in one.templates
    ]
    return (
        markup.section("To download, fill in and hand back below", markup.bullets(forms))
        if forms
        else Html("")
    )


def document_named(needed: Requirements, name: str) -> RequiredAttachment:
    """Return the document that a title or an id means.

    Raises
    ------
    InvalidInputError
        When there is none, or several have that title.

    Examples
    --------
    >>> from numbers_toolkit.activation.requirement_values import RequiredAttachment
    >>> asked = RequiredAttachment(attachment_id="a1", title="Statement")
    >>> document_named(Requirements(region_code="AU", number_type="MOBILE", attachments=(asked,)), "statement").name
    'Statement'
    """
    wanted = " ".join(str(name).split()).casefold()
    found = [one for one in needed.attachments if one.attachment_id == str(name).strip()]
    found = found or [one for one in needed.attachments if " ".join(one.title.split()).casefold() == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        ids = listed((one.attachment_id for one in found), "or")
        raise InvalidInputError(
            f"{name!r} is the title of {len(found)} documents; name one by its id, {ids}."
        )
    asked = listed(one.name for one in needed.attachments)
    raise InvalidInputError(
        f"{name!r} is no document that {needed.kind} asks for; it asks for {asked or 'no documents'}."
    )


def attachments_of(needed: Requirements, values: Mapping[str, Any]) -> dict[str, Attachment]:
    """Return what is chosen in the form as attachments, by title, or by id where several have the same.

    Parameters
    ----------
    needed : Requirements
        What is asked for.
    values : mapping of str to object
        What is in the fields of the form.
    """
    titles = [one.title.casefold() for one in needed.attachments]
    return {
        one.title if one.title and titles.count(one.title.casefold()) == 1 else one.attachment_id: Attachment(
            file.content,
            document_type=values.get(type_field(one)) or None,
            file_name=file.name,
            mime_type=_unless_told(file),
        )
        for one in needed.attachments
        if (file := _chosen(one, values)) is not None and file.content
    }


def _chosen(one: RequiredAttachment, values: Mapping[str, Any]) -> UploadedFile | None:
    files: list[UploadedFile] = values.get(file_field(one)) or []
    return files[0] if files else None


def _unless_told(file: UploadedFile) -> str | None:
    """Return what the browser takes a file for, where neither its name nor its content tells."""
    told = mime_type_of_name(file.name) or mime_type_of_content(file.content)
    return None if told else file.media_type or None


def document_faults(needed: Requirements, values: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the documents: the field, what to say there, and what the check says of it.

    Parameters
    ----------
    needed, values
        As for :func:`attachments_of`.
    """
    given = attachments_of(needed, values)
    for one in needed.attachments:
        alone = Requirements(
            region_code=needed.region_code, number_type=needed.number_type, attachments=(one,)
        )
        attachment = given.get(one.title) or given.get(one.attachment_id)
        _, faults = check_documents(alone, {one.attachment_id: attachment} if attachment else {})
        for fault in faults:
            yield (*_told(one, _chosen(one, values), fault), fault)


def _told(one: RequiredAttachment, file: UploadedFile | None, fault: str) -> tuple[str, str]:
    """Return where a fault belongs and what to say: in a form, nobody writes names of arguments."""
    text = fault.removeprefix(f"{shown(one.name)}: ")
    if file is None:
        return file_field(one), "This document is missing."
    if not file.content:
        return file_field(one), f"{shown(file.name)} is empty; choose another file."
    if text.startswith("document_type"):
        return type_field(one), "Say what the document is."
    if "give mime_type" in text:
        return file_field(one), (
            f"What {shown(file.name)} is can't be told by its name or content. Name it for what it is, "
            "statement.pdf for example, and choose it again."
        )
    return file_field(one), f"{text[:1].upper()}{text[1:].rstrip('.')}."


def same_files(needed: Requirements, values: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each file that is given for several documents: most likely one of them is a slip."""
    by_content: dict[bytes, list[str]] = {}
    for one in needed.attachments:
        file = _chosen(one, values)
        if file is not None and file.content:
            by_content.setdefault(file.content, []).append(one.name)
    return [
        f"The same file is given for {listed(names)}. If that is not meant, choose another one."
        for names in by_content.values()
        if len(names) > 1
    ]
