"""What a request carries: JSON or a form with a file, as bytes that do not show.

A body may hold the callback secret or what a person registers for a number, and verbose tracebacks print
variables: here both travel in wrappers whose ``repr`` is hidden. Knows no operation of the API; sends nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from urllib3.fields import RequestField
from urllib3.filepost import encode_multipart_formdata

from numbers_toolkit.errors import InvalidInputError

__all__ = ["Hidden", "HiddenBytes", "Payload", "form_payload", "json_payload"]

_MIME_TYPE: Final = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")
#: Browsers escape quotes and line ends alike (urllib3 does so); of the rest, only these could end a quoted name.
_UNSAFE_IN_NAMES: Final = {code: f"%{code:02X}" for code in (*range(10), 11, 12, *range(14, 32), 92, 127)}


class HiddenBytes(bytes):
    """Bytes that do not show.

    Examples
    --------
    >>> HiddenBytes(b"hush")
    <4 bytes>
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} bytes>"

    __str__ = __repr__


class Hidden:
    """Any value, held so that it does not show.

    Parameters
    ----------
    value : object
        What to hold.

    Examples
    --------
    >>> {"details": Hidden({"name": "Example Pty"})}
    {'details': <hidden>}
    """

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "<hidden>"


@dataclass(frozen=True, slots=True)
class Payload:
    """A request's body and its content type."""

    content: HiddenBytes
    content_type: str = "application/json"


def json_payload(value: Any, what: str = "The body") -> Payload:
    """Return a value as JSON.

    Parameters
    ----------
    value : object
        A JSON value; a mapping of any kind counts as an object, a :class:`Hidden` as what it holds.
    what : str
        What it is called in an error.

    Returns
    -------
    Payload
        Its JSON in UTF-8.

    Raises
    ------
    InvalidInputError
        When JSON can't hold it; the message does not quote it.

    Examples
    --------
    >>> bytes(json_payload({"city": "Älmhult"}).content).decode()
    '{"city": "Älmhult"}'
    """
    held = value if isinstance(value, Hidden) else Hidden(value)
    del value
    # The encoder's own errors quote what they could not encode: none of them goes further.
    try:
        return Payload(
            HiddenBytes(json.dumps(held, ensure_ascii=False, allow_nan=False, default=_plain).encode())
        )
    except UnicodeEncodeError:
        fault = "it holds half a character, which can't be sent"
    except RecursionError:
        fault = "it is nested too deeply, or holds itself"
    except TypeError as error:
        fault = f"JSON has only text, numbers, true, false, null, lists and objects ({error})"
    except ValueError:
        fault = "it holds a number that is none (NaN or infinity), or holds itself"
    raise InvalidInputError(f"{what} can't be sent as JSON: {fault}.")


def form_payload(
    content: Hidden, *, file_name: str, mime_type: str, fields: Mapping[str, str] | None = None
) -> Payload:
    """Return a form with one file, as ``multipart/form-data``.

    Parameters
    ----------
    content : Hidden
        The file's bytes.
    file_name : str
        Its name, without folders. Quotes, backslashes and control characters are sent as ``%22`` and the like.
    mime_type : str
        For example ``application/pdf``.
    fields : mapping, optional
        Further fields of the form, after the file.

    Returns
    -------
    Payload
        The form; the boundary between its parts is random.

    Raises
    ------
    InvalidInputError
        When the content is no bytes or empty, or a name or type can't be right.

    Examples
    --------
    >>> form = form_payload(Hidden(b"%PDF"), file_name='a "copy".pdf', mime_type="application/pdf")
    >>> bytes(form.content).split(b"\\r\\n")[1].decode()
    'Content-Disposition: form-data; name="file"; filename="a %22copy%22.pdf"'
    """
    if not isinstance(content.value, (bytes, bytearray, memoryview)):
        raise InvalidInputError(
            f"The content of a file is bytes, not {type(content.value).__name__}; read it with "
            "pathlib.Path(path).read_bytes()."
        )
    file = HiddenBytes(content.value)
    if not file:
        raise InvalidInputError(f"The file {file_name!r} is empty; there is nothing to upload.")
    parts = [_file_part(file, _checked_name(file_name), _checked_type(mime_type))]
    parts += [_text_part(name, value) for name, value in (fields or {}).items()]
    body, content_type = encode_multipart_formdata(parts)
    return Payload(HiddenBytes(body), content_type)


def _plain(value: Any) -> Any:
    if isinstance(value, Hidden):
        return value.value
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is none of them")


def _file_part(file: HiddenBytes, file_name: str, mime_type: str) -> RequestField:
    part = RequestField("file", file, filename=file_name.translate(_UNSAFE_IN_NAMES))
    part.make_multipart(content_type=mime_type)
    return part


def _text_part(name: str, value: str) -> RequestField:
    part = RequestField(name, value)
    part.make_multipart()
    return part


def _checked_name(file_name: object) -> str:
    if not isinstance(file_name, str) or not file_name.strip():
        raise InvalidInputError(f"file_name {file_name!r} is no name; give one, for example 'statement.pdf'.")
    if "/" in file_name:
        raise InvalidInputError(
            f"file_name {file_name!r} is a path; give the name alone, for example 'statement.pdf'."
        )
    try:
        file_name.encode()
    except UnicodeEncodeError:
        raise InvalidInputError(
            f"file_name {file_name!r} holds half a character, which can't be sent."
        ) from None
    return file_name


def _checked_type(mime_type: object) -> str:
    if isinstance(mime_type, str) and _MIME_TYPE.fullmatch(mime_type):
        return mime_type
    raise InvalidInputError(f"mime_type {mime_type!r} is no file type; write it like 'application/pdf'.")
