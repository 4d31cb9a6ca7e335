"""Calling codes: where the code of a country ends in a number, and what is left for the people there.

Source: ITU-T E.164, the assigned country codes. No code begins another one: one or two digits are a code of their
own, or the beginning of one with three.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["CODES_OF_ONE_DIGIT", "CODES_OF_TWO_DIGITS", "calling_code", "national_part"]

CODES_OF_ONE_DIGIT: Final = frozenset({"1", "7"})
_TWO: Final = """
    20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86
    90 91 92 93 94 95 98
"""
CODES_OF_TWO_DIGITS: Final = frozenset(_TWO.split())
_LONGEST: Final = 3
_BEGINNING: Final = re.compile(r"\+[1-9]\d*", re.ASCII)


def calling_code(phone_number: str) -> str:
    """Return the calling code of a number, without the plus sign; nothing for what is not E.164.

    Parameters
    ----------
    phone_number : str
        In E.164, or its beginning.

    Examples
    --------
    >>> calling_code("+13075550142"), calling_code("+46701740610"), calling_code("+3580020000041")
    ('1', '46', '358')
    >>> calling_code("3075550142")
    ''
    """
    if not _BEGINNING.match(phone_number):
        return ""
    digits = phone_number[1:]
    if digits[:1] in CODES_OF_ONE_DIGIT:
        return digits[:1]
    return digits[:2] if digits[:2] in CODES_OF_TWO_DIGITS else digits[:_LONGEST]


def national_part(phone_number: str) -> str:
    """Return what follows the calling code; all of what is not E.164.

    Parameters
    ----------
    phone_number : str
        In E.164.

    Examples
    --------
    >>> national_part("+13075550142"), national_part("+46701740610")
    ('3075550142', '701740610')
    """
    code = calling_code(phone_number)
    return phone_number[len(code) + 1 :] if code else phone_number
