"""What a file is: its MIME type by the ending of its name and by its first bytes.

A document that is named as one thing and holds another is refused by reviewers days later; here it is noticed
at once. Knows no order and no requirement; reads bytes, never a file.

Source of the signatures: the formats' own specifications.
"""

from __future__ import annotations

import io
import mimetypes
import zipfile
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "allows",
    "has_signature",
    "may_hold",
    "mime_type_of_content",
    "mime_type_of_name",
    "same_type",
    "usual_ending",
]

PDF: Final = "application/pdf"
ZIP: Final = "application/zip"
RTF: Final = "application/rtf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT: Final = "application/vnd.oasis.opendocument.text"
#: The container of Word, Excel and PowerPoint before 2007; which of them it holds does not show at its beginning.
OLE: Final = "application/x-ole-storage"

_ENDINGS: Final[Mapping[str, str]] = {
    ".pdf": PDF,
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jpe": "image/jpeg",
    ".jfif": "image/jpeg",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".docx": DOCX,
    ".xlsx": XLSX,
    ".pptx": PPTX,
    ".odt": ODT,
    ".zip": ZIP,
    ".rtf": RTF,
    ".txt": "text/plain",
    ".csv": "text/csv",
}
_ALIASES: Final[Mapping[str, str]] = {
    "application/x-pdf": PDF,
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/tif": "image/tiff",
    "image/x-ms-bmp": "image/bmp",
    "text/rtf": RTF,
    "application/x-rtf": RTF,
    "application/x-zip-compressed": ZIP,
}
#: A signature, where it stands, and what it tells.
_SIGNATURES: Final = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"II+\x00", "image/tiff"),
    (0, b"MM\x00+", "image/tiff"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    *((4, b"ftyp" + brand, "image/heic") for brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1")),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (0, b"{\\rtf", RTF),
)
_OLD_OFFICE: Final = ("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint")
_IN_ZIP: Final = (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX))
#: A PDF may stand after a few bytes of something else. Source: PDF reference, implementation note on headers.
_PDF_WITHIN: Final = 1024
#: The standard library's own table, without what this machine adds to it.
_FURTHER: Final = mimetypes.MimeTypes(filenames=())


def mime_type_of_name(file_name: str) -> str:
    """Return the MIME type that the ending of a file's name stands for, ``""`` when it is not known.

    Examples
    --------
    >>> mime_type_of_name("Scan 3.JPG"), mime_type_of_name("statement")
    ('image/jpeg', '')
    """
    ending = PurePath(file_name).suffix.lower()
    found = _ENDINGS.get(ending) or (_FURTHER.guess_type(f"file{ending}")[0] if ending else None)
    return found or ""


def mime_type_of_content(content: bytes) -> str:
    """Return the MIME type that the first bytes of a file tell, ``""`` when they tell none.

    Plain text has no signature and is not told.

    Examples
    --------
    >>> mime_type_of_content(b"%PDF-1.7 ..."), mime_type_of_content(b"Dear Sir or Madam")
    ('application/pdf', '')
    """
    for place, signature, mime_type in _SIGNATURES:
        if content[place : place + len(signature)] == signature:
            return mime_type
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_zip(content)
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return PDF
    return ""


def _of_zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            kept = _beginning(archive, "mimetype") if "mimetype" in names else ""
    # A damaged archive raises nearly anything; what it is not can't be told from here.
    except Exception:  # noqa: BLE001
        return ZIP
    if kept.startswith("application/vnd.oasis.opendocument."):
        return kept.strip()
    return next((kind for folder, kind in _IN_ZIP if any(name.startswith(folder) for name in names)), ZIP)


def _beginning(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as member:
        return member.read(100).decode("ascii", "replace")


def has_signature(mime_type: str) -> bool:
    """Whether files of a type begin with bytes that tell it.

    Examples
    --------
    >>> has_signature("application/pdf"), has_signature("text/plain")
    (True, False)
    """
    told = {kind for _, _, kind in _SIGNATURES} | {
        PDF,
        ZIP,
        ODT,
        *_OLD_OFFICE,
        *(kind for _, kind in _IN_ZIP),
    }
    return _plain(mime_type) in told


def same_type(one: str, other: str) -> bool:
    """Whether two MIME types mean the same, as far as the first bytes of a file can tell.

    Examples
    --------
    >>> same_type("image/jpg", "IMAGE/JPEG"), same_type("application/msword", "application/x-ole-storage")
    (True, True)
    """
    first, second = _plain(one), _plain(other)
    old_office = OLE in (first, second) and {first, second} & set(_OLD_OFFICE)
    return first == second or bool(old_office)


def may_hold(claimed: str, by_content: str) -> bool:
    """Whether a file that is called one type may begin as another does.

    Many formats are a ZIP archive or an old Office container inside.

    Examples
    --------
    >>> may_hold("application/epub+zip", "application/zip"), may_hold("application/pdf", "application/zip")
    (True, False)
    """
    contains = by_content in (ZIP, OLE) and not has_signature(claimed)
    return same_type(claimed, by_content) or (contains and not claimed.startswith(("text/", "image/")))


def allows(allowed: Iterable[str], mime_type: str) -> bool:
    """Whether a list of MIME types allows one; an empty list allows all.

    Parameters
    ----------
    allowed : iterable of str
        MIME types, ``image/*`` for all of a kind; an ending such as ``pdf`` is read as what it stands for.
    mime_type : str
        The type in question.

    Returns
    -------
    bool
        Whether it may be sent.

    Examples
    --------
    >>> allows([], "image/png"), allows(["application/pdf", "image/*"], "image/png"), allows(["pdf"], "image/png")
    (True, True, False)
    """
    listed = [one for one in allowed if one.strip()]
    return not listed or any(_fits(one, mime_type) for one in listed)


def _fits(pattern: str, mime_type: str) -> bool:
    text = _plain(pattern)
    if "/" not in text:
        return text == "*" or same_type(mime_type_of_name(f"file.{text.lstrip('.')}"), mime_type)
    kind, _, rest = text.partition("/")
    if rest == "*":
        return kind in ("*", _plain(mime_type).partition("/")[0])
    return same_type(text, mime_type)


def _plain(mime_type: str) -> str:
    text = mime_type.partition(";")[0].strip().lower()
    return _ALIASES.get(text, text)


def usual_ending(mime_type: str) -> str:
    """Return the usual ending of a file of a type, ``""`` when it is not known.

    Examples
    --------
    >>> usual_ending("application/pdf"), usual_ending("image/*")
    ('.pdf', '')
    """
    wanted = _plain(mime_type)
    known = next((ending for ending, kind in _ENDINGS.items() if kind == wanted), None)
    return known or _FURTHER.guess_extension(wanted) or ""
