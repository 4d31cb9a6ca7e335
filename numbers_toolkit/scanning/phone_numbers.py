"""Phone numbers in a text that can belong to somebody."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["KEYWORDS", "real_numbers"]

#: A text that holds none of these holds no number that is written out.
KEYWORDS: Final = ("+", "%2b", "%2B", "&#43;", "\\u002b", "\\u002B")
_WRITTEN: Final = re.compile(
    r"(?:(?<![\w+])\+|%2[Bb]|&#43;|\\u002[bB])(?P<digits>[1-9](?:[ .\-()\u00a0\u202f]{0,2}\d){7,14})(?![\w])"
)
_AMERICAN_FICTION: Final = re.compile(r"\+1\d{3}55501\d\d")


def real_numbers(text: str) -> Iterator[tuple[int, str]]:
    """Yield the numbers of a text that are assigned to somebody, or could be: where they begin, and in E.164.

    Numbers that a regulator keeps free for fiction, and such as no numbering plan can assign, are nobody's; the
    sandbox has only those.

    Parameters
    ----------
    text : str
        Text; numbers are written with a plus sign, grouped or not.

    Examples
    --------
    >>> list(real_numbers("call +1 307 555 0142 or +46 8 506 100 00"))
    [(24, '+46850610000')]
    """
    for found in _WRITTEN.finditer(text):
        number = "+" + re.sub(r"\D", "", found["digits"])
        if _belongs_to_somebody(number):
            yield found.start(), number


@functools.lru_cache(maxsize=100_000)
def _belongs_to_somebody(number: str) -> bool:
    import phonenumbers

    if _AMERICAN_FICTION.fullmatch(number) or number.startswith(_fiction()):
        return False
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(number)))
    except phonenumbers.NumberParseException:
        return False


@functools.cache
def _fiction() -> tuple[str, ...]:
    from numbers_toolkit.sandbox.numbering import FICTION

    return tuple(f"+{prefix}" for tier in FICTION.values() for prefix in tier.prefixes)
