"""Reading ``multipart/form-data``: tolerant of the ways in which clients write it, exact about the bytes of a file.

Accepted: line ends of one or two characters, text before the first and after the last boundary, quoted and unquoted
names, file names as plain UTF-8 or encoded by RFC 2231 or RFC 2047, header names in any case. A body whose last
boundary is missing was cut on its way and is refused.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from email.header import decode_header, make_header
from email.message import Message
from email.parser import HeaderParser
from email.utils import collapse_rfc2231_value
from http import HTTPStatus

from numbers_toolkit.sandbox.answers import Refusal

BOUNDARY_LENGTH = 70


@dataclass(frozen=True)
class Part:
    """One part of a form; `file_name` and `content_type` are empty when they were not given."""

    name: str
    content: bytes = field(repr=False)
    file_name: str = ""
    content_type: str = ""


def read_form(content_type: str, body: bytes) -> list[Part]:
    r"""Return the parts of a form, in the order sent.

    Raises
    ------
    Refusal
        400 for another content type, a boundary that is missing or unusable, and a body that is not complete.

    Examples
    --------
    >>> body = b'--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--XX--\r\n'
    >>> [(part.name, part.content) for part in read_form("multipart/form-data; boundary=XX", body)]
    [('a', b'1')]
    """
    boundary = _boundary(content_type)
    # A line feed in front makes a boundary at the very beginning look like the others.
    pieces = re.split(rb"\r?\n--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)", b"\n" + body)
    # What was split off, whether the boundary closed the form, what follows it, and so on.
    contents, closings = pieces[2::2], pieces[1::2]
    if b"--" not in closings:
        raise _unreadable("the last boundary is missing")
    return [_part(content) for content in contents[: closings.index(b"--")]]


def _boundary(content_type: str) -> bytes:
    header = Message()
    header["content-type"] = content_type.replace("\r", "").replace("\n", "")
    if header.get_content_type() != "multipart/form-data":
        raise _unreadable("the content type must be multipart/form-data")
    boundary = collapse_rfc2231_value(header.get_param("boundary", ""))
    if not 0 < len(boundary) <= BOUNDARY_LENGTH or not boundary.isascii():
        raise _unreadable("the content type has no usable boundary")
    return boundary.encode()


def _part(raw: bytes) -> Part:
    match = re.match(rb"\r?\n(?:(.*?)\r?\n)?\r?\n", raw, re.DOTALL)
    if match is None:
        raise _unreadable("a part has no headers")
    headers = HeaderParser().parsestr((match.group(1) or b"").decode(errors="replace"))
    name = collapse_rfc2231_value(headers.get_param("name", "", "content-disposition"))
    kind = headers.get_content_type() if "content-type" in headers else ""
    return Part(_clean(str(name)), raw[match.end() :], _clean(_file_name(headers)), kind)


def _file_name(headers: Message) -> str:
    name = headers.get_filename("")
    # A name that only looks encoded is kept as it stands.
    with suppress(LookupError, ValueError):
        name = str(make_header(decode_header(name)))
    # Some clients send the whole path of their machine.
    return name.replace("\\", "/").rpartition("/")[2]


def _clean(text: str) -> str:
    # Some encodings hold halves of surrogate pairs, which no answer could carry.
    return text.encode(errors="replace").decode()


def _unreadable(why: str) -> Refusal:
    return Refusal(HTTPStatus.BAD_REQUEST, f"request body is not a form that can be read: {why}")
