"""Bodies as text: JSON read without loss and written one object per line, and forms without their files."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Final

__all__ = ["Number", "pretty_json", "read_json", "without_files"]

_SHORT: Final = 100
_BOUNDARY: Final = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)
_FILE_NAME: Final = re.compile(
    rb'filename\*?="?[^";\r\n]*?(\.[A-Za-z0-9]{1,8})?"?(?=;|\r?\n|$)', re.IGNORECASE
)
_FORM: Final = "multipart/form-data; boundary=recorded"
#: Made once: an inventory has hundreds of thousands of texts.
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)
_UNSEEN: Final = re.compile(r"[^\x20-\x7e]")


class Number(str):
    """A number of JSON, exactly as it was written: a cassette must not round what the API said."""

    __slots__ = ()


def read_json(text: str | bytes) -> Any:
    """Return the value of a JSON text; its numbers stay as they are written.

    Raises
    ------
    ValueError
        When it is none.

    Examples
    --------
    >>> read_json('{"amount": 0.10, "count": 3}')
    {'amount': '0.10', 'count': '3'}
    """
    try:
        return json.loads(text, parse_float=Number, parse_int=Number, parse_constant=Number)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def pretty_json(value: Any) -> str:
    r"""Return a value of :func:`read_json` as JSON, every object of a list on a line of its own.

    What can't be seen, right-to-left marks among it, is written as an escape, so that a diff shows what is there.

    Examples
    --------
    >>> print(pretty_json({"numbers": [{"n": Number("0.10")}, {"n": None}], "next": "x" * 90}))
    {
      "numbers": [
        {"n": 0.10},
        {"n": null}
      ],
      "next": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    }
    >>> pretty_json({"n": "\u202eabc"})
    '{"n": "\\u202eabc"}'
    """
    short = _line(value)
    if len(short) <= _SHORT or not isinstance(value, dict):
        return short
    return "{\n" + ",\n".join(f"  {_quoted(name)}: {_member(one)}" for name, one in value.items()) + "\n}"


def _member(value: Any) -> str:
    if isinstance(value, list) and any(isinstance(one, (dict, list)) for one in value):
        return "[\n" + ",\n".join(f"    {_line(one)}" for one in value) + "\n  ]"
    return _line(value)


def _line(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(name)}: {_line(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_line, value)) + "]"
    if isinstance(value, Number):
        return str(value)
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    quoted = _ENCODER.encode(text)
    return quoted if quoted.isprintable() else _UNSEEN.sub(_visible, quoted)


def _visible(found: re.Match[str]) -> str:
    return found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1]


def without_files(body: bytes, content_type: str) -> tuple[bytes, str]:
    """Return a form without the content and name of its files, and its content type.

    A form is told by a boundary that is new each time, and a file uploaded for an order shows a person's papers:
    size and digest are enough to know the same file again.

    Examples
    --------
    >>> form = b'--x\\r\\nContent-Disposition: form-data; name="f"; filename="me.pdf"\\r\\n\\r\\nscan\\r\\n--x--'
    >>> text, kind = without_files(form, "multipart/form-data; boundary=x")
    >>> b"me.pdf" in text, b"scan" in text, b"4 bytes" in text, kind
    (False, False, True, 'multipart/form-data; boundary=recorded')
    """
    found = _BOUNDARY.search(content_type)
    if found is None:
        return b"(a form that can't be read)", content_type
    parts = (b"\r\n" + body).split(b"\r\n--" + found[1].encode())[1:-1]
    written = b"".join(b"--recorded" + _part(part) for part in parts)
    return written + b"--recorded--\r\n", _FORM


def _part(part: bytes) -> bytes:
    head, _, content = part.partition(b"\r\n\r\n")
    if b"filename" in head:
        content = f"({len(content)} bytes, sha-256 {hashlib.sha256(content).hexdigest()[:16]})".encode()
        head = _FILE_NAME.sub(rb'filename="file\1"', head)
    return head + b"\r\n\r\n" + content + b"\r\n"
