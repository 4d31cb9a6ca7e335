"""The files of papers against the documents that are asked for: read once, told what they are, checked.

What was read here is what is sent later, so a file that changes in between changes nothing.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from numbers_toolkit.activation import file_types
from numbers_toolkit.activation.paper_words import listed, shown
from numbers_toolkit.payloads import HiddenBytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numbers_toolkit.activation.given_papers import Attachment
    from numbers_toolkit.activation.requirement_values import RequiredAttachment, Requirements

__all__ = ["MOST_BYTES", "Upload", "check_documents", "size_text"]

#: The API states no limit; beyond this a file is not even read.
MOST_BYTES: Final = 100_000_000
_KILO: Final = 1000
_LONGEST_PATH: Final = 400
_TEXT_BEGINNING: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file, ready to be sent. Its content does not show.

    Parameters
    ----------
    attachment_id, title : str
        The document that it is for.
    file_name, mime_type : str
        As they are sent.
    content : bytes
        The file.
    document_type : str or None
        What the document is, in the API's words; None when that is not asked.
    """

    attachment_id: str
    title: str
    file_name: str
    mime_type: str
    content: bytes = field(repr=False)
    document_type: str | None = None

    @property
    def told(self) -> str:
        """Document and file for a message."""
        return f"{shown(self.title or self.attachment_id)}: {shown(self.file_name)}"


def check_documents(
    needed: Requirements, given: Mapping[str, Attachment]
) -> tuple[tuple[Upload, ...], list[str]]:
    """Return the uploads for an order, and all that is wrong with the files.

    Parameters
    ----------
    needed : Requirements
        What is asked for.
    given : mapping of str to Attachment
        Files by title or id of a document.

    Returns
    -------
    tuple of tuple of Upload and list of str
        The uploads in the order of the requirements, and the faults; the uploads count only without faults.
    """
    matched, faults = _matched(needed, given)
    uploads: dict[str, Upload] = {}
    for wanted in needed.attachments:
        attachment = matched.get(wanted.attachment_id)
        if attachment is not None:
            upload, found = _upload(wanted, attachment)
            faults += [f"{shown(wanted.name)}: {fault}" for fault in found]
            if upload is not None:
                uploads[wanted.attachment_id] = upload
        elif wanted.mandatory:
            faults.append(f"the document {shown(wanted.name)} is missing{_told(wanted)}")
    return tuple(uploads.values()), faults


def _told(wanted: RequiredAttachment) -> str:
    """Return what a document may be, for the person who has to find it."""
    about = [shown(wanted.description)] if wanted.description else []
    about += (
        [f"a file of type {listed(wanted.allowed_mime_types, 'or')}"] if wanted.allowed_mime_types else []
    )
    types = wanted.allowed_document_types
    about += [f"document type {listed(types, 'or')}"] if types else []
    return f" ({'; '.join(about)})" if about else ""


def _matched(
    needed: Requirements, given: Mapping[str, Attachment]
) -> tuple[dict[str, Attachment], list[str]]:
    matched: dict[str, Attachment] = {}
    faults = []
    for name, attachment in given.items():
        found = _named(needed.attachments, name)
        if len(found) == 1 and found[0].attachment_id not in matched:
            matched[found[0].attachment_id] = attachment
        elif len(found) == 1:
            faults.append(f"the document {shown(found[0].name)} is given twice, by its title and by its id")
        elif found:
            ids = listed((one.attachment_id for one in found), "or")
            faults.append(f"{name!r} is the title of {len(found)} documents; name them by their ids {ids}")
        else:
            faults.append(_unknown(needed, name))
    return matched, faults


def _named(attachments: Sequence[RequiredAttachment], name: str) -> list[RequiredAttachment]:
    by_id = [one for one in attachments if one.attachment_id == name.strip()]
    return by_id or [one for one in attachments if _same(one.title, name)]


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _unknown(needed: Requirements, name: str) -> str:
    if not needed.attachments:
        return f"{name!r} can't be sent: {needed.kind} asks for no documents"
    names = {one.name.casefold(): one.name for one in needed.attachments}
    names |= {one.attachment_id.casefold(): one.attachment_id for one in needed.attachments}
    near = difflib.get_close_matches(name.casefold(), names, n=1)
    hint = f"; did you mean {shown(names[near[0]])!r}?" if near else "."
    asked = listed(one.name for one in needed.attachments)
    return f"{name!r} is no document that {needed.kind} asks for{hint} It asks for {asked}"


def _upload(wanted: RequiredAttachment, given: Attachment) -> tuple[Upload | None, list[str]]:
    content, fault = _content(given)
    faults = [fault] if fault else []
    name = given.name
    if not name:
        faults.append("content needs a file_name, for example file_name='statement.pdf'")
    elif "/" in name or "\\" in name:
        faults.append(f"file_name {shown(name)!r} is a path; give the name alone")
    document_type, fault = _document_type(wanted, given.document_type)
    faults += [fault] if fault else []
    mime_type = ""
    if content and name:
        mime_type, fault = _mime_type(given, name, content)
        if not fault and not file_types.allows(wanted.allowed_mime_types, mime_type):
            allowed = listed(wanted.allowed_mime_types, "or")
            fault = f"{shown(name)} is {mime_type}, but only {allowed} is taken"
        faults += [fault] if fault else []
    if faults:
        return None, faults
    return Upload(
        attachment_id=wanted.attachment_id,
        title=wanted.title,
        file_name=name,
        mime_type=_spelt(mime_type, wanted.allowed_mime_types),
        content=content,
        document_type=document_type,
    ), []


def _content(given: Attachment) -> tuple[HiddenBytes, str]:
    """Return the bytes of a file, or what is wrong with it."""
    nothing = HiddenBytes()
    if given.path is None:
        content = HiddenBytes(given.content or b"")
        return content, "" if content else "the content is empty"
    told = shown(given.path, _LONGEST_PATH)
    try:
        path = given.path.expanduser()
        if not path.exists():
            return nothing, f"the file {told} does not exist{_near(path)}"
        if not path.is_file():
            return nothing, f"{told} is {'a folder' if path.is_dir() else 'no file'}"
        size = path.stat().st_size
        if size > MOST_BYTES:
            return nothing, f"the file {told} has {size_text(size)}, which no document needs; make it smaller"
        content = HiddenBytes(path.read_bytes())
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return nothing, f"the file {told} can't be read: {reason}"
    return content, "" if content else f"the file {told} is empty"


def _near(path: Path) -> str:
    """Return the file of the same folder that was probably meant."""
    try:
        names = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
    except OSError:
        names = []
    near = difflib.get_close_matches(path.name, names, n=1)
    return f"; there is {shown(near[0])}" if near else ""


def _mime_type(given: Attachment, name: str, content: bytes) -> tuple[str, str]:
    """Return the MIME type of a file, or why it can't be told."""
    by_name = file_types.mime_type_of_name(name)
    by_content = file_types.mime_type_of_content(content)
    claimed = given.mime_type or by_name
    if not claimed:
        how = "can't be told by its name or content; give mime_type, for example 'application/pdf'"
        return by_content, "" if by_content else f"what {shown(name)} is {how}"
    told = f"{shown(name)} is {'sent' if given.mime_type else 'named'} as {shown(claimed)}"
    if by_content and not file_types.may_hold(claimed, by_content):
        held = "an old Office file" if by_content == file_types.OLE else by_content
        return "", f"{told}, but holds {held}; send the right file, or name it for what it is"
    if not by_content and (file_types.has_signature(claimed) or _is_binary_text(claimed, content)):
        return "", f"{told}, but does not begin as such a file does; it may be damaged"
    return claimed, ""


def _is_binary_text(mime_type: str, content: bytes) -> bool:
    return mime_type.startswith("text/") and b"\x00" in content[:_TEXT_BEGINNING]


def _spelt(mime_type: str, allowed: Sequence[str]) -> str:
    """Return a MIME type as the API spells it, where it lists it in another spelling."""
    listed_so = [
        one for one in allowed if "/" in one and "*" not in one and file_types.same_type(one, mime_type)
    ]
    return listed_so[0] if listed_so else mime_type


def _document_type(wanted: RequiredAttachment, given: str | None) -> tuple[str | None, str]:
    allowed = wanted.allowed_document_types
    if not allowed:
        return given, ""
    if not given:
        return None, (
            f"document_type is missing; say which it is: {listed(allowed, 'or')}, with "
            f"nt.Attachment(path, document_type={allowed[0]!r}) for example"
        )
    found = next((one for one in allowed if _same(one, given)), None)
    if found is None:
        return None, f"document_type {shown(given)!r} is not taken; it is one of {listed(allowed, 'or')}"
    return found, ""


def size_text(size: int) -> str:
    """Return a size in bytes as people read it.

    Examples
    --------
    >>> size_text(900), size_text(12_345_678)
    ('900 bytes', '12.3 MB')
    """
    if size < _KILO:
        return f"{size} bytes"
    number = float(size)
    for unit in ("kB", "MB", "GB"):
        number /= _KILO
        if number < _KILO:
            return f"{number:.1f} {unit}"
    return f"{number:,.1f} GB"
