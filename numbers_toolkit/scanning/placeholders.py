"""What only stands in a secret's place: blanks, variables, examples, and what the sandbox invents."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from typing import Final

__all__ = ["could_be_secret", "is_placeholder"]

_VARIABLE: Final = re.compile(
    r"^[$%{<\[(]|[})>\]]$|\$\{|\{\{|\{\w*\}|%\(|\.\.\.|…|^(?:os|env|process|settings|self|config)\."
)
_WORDS: Final = re.compile(
    r"(?i)redacted|masked|hidden|placeholder|example|dummy|changeme|change-me|replace|invented|"
    r"(?<![a-z0-9])(?:your|my)[-_ ]|"
    r"sandbox|not[-_ ]?a[-_ ]?secret|no[-_ ]?secret|s3cret|secret[-_ ]of|of[-_ ]the[-_ ]test|wrong|insert|removed|"
    r"^test|^fake|^none$|^null$|^undefined$"
)
_REPEATED: Final = re.compile(r"^(.)\1*$|^[*x•.\-_]+$", re.IGNORECASE)
_SEQUENCE: Final = re.compile(r"^(?:0?123456789\d*|abcdef\w*|0123\w*|deadbeef\w*)$", re.IGNORECASE)
_ASSIGNED: Final = re.compile(r"^[A-Za-z_][\w-]*=(?=[^=])")
_IDENTIFIER: Final = re.compile(r"^[A-Za-z_]+(?:[._-][A-Za-z_]+)*$")
#: Calls, subscripts, tags and words with spaces between.
_PROGRAM: Final = re.compile(r"[()\[\]{}<>\s]")
_QUOTED_PROGRAM: Final = re.compile(r"\s|\w\(.*\)|\w\[.*\]|^[{\[(<]|<\w|\w[(\[]$")
_SHORTEST: Final = 8
_LONG: Final = 16
_VARIED: Final = 2.3


def is_placeholder(value: str) -> bool:
    """Return whether a value stands in a secret's place.

    Examples
    --------
    >>> [is_placeholder(one) for one in ("...", "REDACTED", "********", "${KEY}", "<key secret>", "q7Vw2Lz9Tn4K")]
    [True, True, True, True, True, False]
    """
    text = value.strip().strip("\"'`")
    return not text or any(rule.search(text) for rule in (_VARIABLE, _WORDS, _REPEATED, _SEQUENCE))


def could_be_secret(value: str, *, quoted: bool = False) -> bool:
    """Return whether a value under the name of a secret could be one: no blank, no word, no piece of a program.

    Parameters
    ----------
    value : str
        What stands there.
    quoted : bool, default False
        Whether it stands between quotation marks, where brackets belong to it.

    Examples
    --------
    >>> [could_be_secret(one) for one in ("q7Vw2Lz9Tn4K", "access_token", "hunter", "short1", "tokens.issue(now)")]
    [True, False, False, False, False]
    """
    # A pair of a form's body: what counts is the value.
    value = _ASSIGNED.sub("", value)
    if (
        len(value) < _SHORTEST
        or is_placeholder(value)
        or (_QUOTED_PROGRAM if quoted else _PROGRAM).search(value)
    ):
        return False
    counts = Counter(value)
    varied = -sum(count / len(value) * math.log2(count / len(value)) for count in counts.values())
    if varied < _VARIED:
        return False
    has_digit = any(sign.isdigit() for sign in value)
    has_letter = any(sign.isalpha() for sign in value)
    if has_digit and has_letter:
        return True
    if has_digit:
        # Amounts, times and ids of digits alone are no secrets of this world.
        return False
    mixed = value != value.lower() and value != value.upper() and not _IDENTIFIER.match(value)
    odd = re.search(r"[^A-Za-z0-9_.\-/]", value) is not None
    return mixed or odd or (len(value) >= _LONG and _looks_random(value))


def _looks_random(letters: str) -> bool:
    """Tell random letters from words, by capitals in the middle and by consonants in a row."""
    if not letters.isalpha():
        return False
    changes = sum(a.islower() != b.islower() for a, b in itertools.pairwise(letters))
    longest = max(map(len, re.findall(r"(?i)[bcdfghjklmnpqrstvwxz]+", letters)), default=0)
    return changes >= len(letters) // 4 or longest > len(letters) // 3
