"""The places of a large text that are worth a look, and what they say when decoded."""

from __future__ import annotations

import base64
import binascii
import html
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from numbers_toolkit.scanning.rules import KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["decoded", "readings", "windows"]

_BEFORE, _AFTER = 120, 900
#: Long enough for "user:password", and no word.
_ENCODED: Final = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}")
_ESCAPED_SIGN: Final = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
_CONTINUED: Final = re.compile(r"\\\r?\n[ \t]*\\?|[\"'][ \t]*\r?\n[ \t]*[rbfu]{0,2}[\"']|=\r?\n")
_LONGEST_ENCODED: Final = 4_000_000
_PEEK: Final = 64


def windows(text: str) -> Iterator[tuple[int, str]]:
    """Yield the pieces of a text around words that go with secrets, with where they begin; they don't overlap.

    Parameters
    ----------
    text : str
        However long.

    Examples
    --------
    >>> list(windows("nothing here")), [start for start, _ in windows("a" * 500 + "token")]
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
        for step in (_unbroken, html.unescape, _unescaped, unquote):
            current = step(current)
            if current not in seen:
                seen.add(current)
                yield current


def _unbroken(text: str) -> str:
    return _CONTINUED.sub("", text)


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    plain = _ESCAPED_SIGN.sub(lambda found: chr(int(found[1] or found[2], 16)), text)
    return plain.replace('\\"', '"').replace("\\'", "'").replace("\\/", "/").replace("\\n", "\n").replace("\\\\", "\\")


def decoded(text: str) -> Iterator[tuple[int, str]]:
    """Yield what is written in base64, as far as it is text, with where it begins.

    Parameters
    ----------
    text : str
        However long.

    Examples
    --------
    >>> list(decoded("see dG9rZW49cTdWdzJMejlUbjRL"))
    [(4, 'token=q7Vw2Lz9Tn4K')]
    """
    for found in _ENCODED.finditer(text):
        written = found[0].rstrip("=").replace("-", "+").replace("_", "/")
        if _is_text(written[: _PEEK + 16]) is None or len(written) > _LONGEST_ENCODED:
            continue
        plain = _is_text(written)
        if plain is not None:
            yield found.start(), plain


def _is_text(written: str) -> str | None:
    whole = written[: len(written) - len(written) % 4] if len(written) % 4 == 1 else written
    try:
        plain = base64.b64decode(whole + "=" * (-len(whole) % 4)).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    return plain if all(sign.isprintable() or sign in "\r\n\t" for sign in plain) else None
