"""The places of a large text that are worth a look, and what they say when decoded."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import zlib
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from numbers_toolkit.scanning.rules import KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["decoded", "readings", "windows"]

_BEFORE, _AFTER = 120, 900
#: Long enough for "user:password", and no word.
#: Every fourth letter tells whether a byte of plain text may begin there, which keeps ids and digests out.
_ENCODED: Final = re.compile(
    r"(?:(?<![A-Za-z0-9+/_-])|(?<=\\n))(?=H4sI|[CDI-Za-f].{3}[CDI-Za-f].{3}[CDI-Za-f])"
    r"(?:(?:[A-Za-z0-9+/]{40,}(?:\\n|\r?\n)[ \t]*)+[A-Za-z0-9+/]+={0,2}|[A-Za-z0-9+/_-]{20,}={0,2})"
)
_BROKEN: Final = re.compile(r"\\n|\s+")
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_CELLS: Final = re.compile(r"</(?:td|th|dt)>\s*<(?:td|th|dd)\b[^>]*>", re.IGNORECASE)
_INLINE: Final = re.compile(
    r"</?(?:b|i|u|em|strong|code|span|bdi|mark|tt|kbd|samp|wbr)\b[^>]*>", re.IGNORECASE
)
_ESCAPED_SIGN: Final = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
_CONTINUED: Final = re.compile(r"\\\r?\n[ \t]*\\?|[\"'][ \t]*\r?\n[ \t]*[rbfu]{0,2}[\"']|=\r?\n")
_ENTITY: Final = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);")
_LONGEST_ENCODED: Final = 4_000_000
_LONGEST_UNPACKED: Final = 64_000_000
_PEEK: Final = 64
#: How base64 of what gzip makes begins, as of an answer that came compressed.
_PACKED: Final = "H4sI"


def windows(text: str) -> Iterator[tuple[int, str]]:
    """Yield the pieces of a text around words that go with secrets, with where they begin; they don't overlap.

    Parameters
    ----------
    text : str
        However long.

    Examples
    --------
    >>> list(windows("nothing here")), [start for start, _ in windows(" " * 500 + "token")]
    ([], [380])
    """
    lowered = text.lower()
    places: list[int] = []
    for word in KEYWORDS:
        place = lowered.find(word)
        while place >= 0:
            places.append(place)
            place = lowered.find(word, place + _BEFORE)
    end = start = -1
    for place in sorted(places):
        if start >= 0 and place - _BEFORE <= end:
            end = place + _AFTER
            continue
        if start >= 0:
            yield start, text[start:end]
        start, end = max(place - _BEFORE, 0), place + _AFTER
    if start >= 0:
        yield start, text[start:end]


def readings(piece: str) -> Iterator[str]:
    """Yield a piece as it stands, and as it reads when it is JSON in JSON, HTML, an address, or a broken line.

    Examples
    --------
    >>> list(readings("&quot;a&quot;"))
    ['&quot;a&quot;', '"a"']
    """
    yield piece
    seen = {piece}
    current = piece
    for _ in range(3):
        for step in (_unbroken, _without_entities, _unescaped, _without_tags, unquote):
            current = step(current)
            if current not in seen:
                seen.add(current)
                yield current


def _without_entities(text: str) -> str:
    # With its semicolon only: "&region" of an address is no trade mark.
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def _without_tags(text: str) -> str:
    return _INLINE.sub("", _CELLS.sub("\t", text)) if "</" in text else text


def _unbroken(text: str) -> str:
    return _CONTINUED.sub("", text)


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    plain = _ESCAPED_SIGN.sub(lambda found: chr(int(found[1] or found[2], 16)), text)
    return (
        _COLOUR.sub("", plain)
        .replace('\\"', '"')
        .replace("\\'", "'")
        .replace("\\/", "/")
        .replace("\\n", "\n")
        .replace("\\\\", "\\")
    )


def decoded(text: str) -> Iterator[tuple[int, str]]:
    """Yield what is written in base64, as far as it is text, with where it begins.

    Parameters
    ----------
    text : str
        However long.

    Examples
    --------
    >>> list(decoded("see dGhlIGFuc3dlciBpcyA0Mg=="))
    [(4, 'the answer is 42')]
    """
    for found in _ENCODED.finditer(text):
        written = _BROKEN.sub("", found[0]).rstrip("=").replace("-", "+").replace("_", "/")
        if len(written) > _LONGEST_ENCODED:
            continue
        # Most of what looks so is a digest or a picture, which the first letters tell.
        if not written.startswith(_PACKED) and _printable(_decoded(written[:_PEEK]), cut=True) is None:
            continue
        plain = _printable(_unzipped(_decoded(written)), cut=False)
        if plain is not None:
            yield found.start(), plain


def _decoded(written: str) -> bytes:
    whole = written[: len(written) - len(written) % 4] if len(written) % 4 == 1 else written
    try:
        return base64.b64decode(whole + "=" * (-len(whole) % 4))
    except binascii.Error:
        return b"\x00"


def _unzipped(content: bytes) -> bytes:
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(content, _LONGEST_UNPACKED)
    except zlib.error:
        return b"\x00"


def _printable(content: bytes, *, cut: bool) -> str | None:
    """Return bytes as text, None when they are none; a text that was cut may end within a letter."""
    try:
        plain = codecs.getincrementaldecoder("utf-8")().decode(content, final=not cut)
    except ValueError:
        return None
    return plain if all(sign.isprintable() or sign in "\r\n\t" for sign in plain) else None
