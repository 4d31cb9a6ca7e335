"""Which numbers are easy to remember, and why.

Works on a matrix of digits, one row per number and right-aligned, so that a hundred thousand numbers are a few passes
over its columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from numbers_toolkit.analysis._grouping import assemble
from numbers_toolkit.calling_codes import calling_code
from numbers_toolkit.found_tables import MEMORABLE
from numbers_toolkit.keypad import WORDS, check_words, vanity_digits
from numbers_toolkit.tables import AVAILABLE_NUMBERS, TEXT_DTYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

__all__ = ["memorable"]

_READ: Final = ("phone_number", "region_code", "number_type")
_E164: Final = r"\+[1-9][0-9]{4,14}"
#: Stands where a number has no digit (any more); far enough from the digits that no step leads to one.
_BLANK: Final = 99
#: Points for each digit that need not be remembered, and for a pattern that ends the number.
_DIGIT, _AT_END = 10, 5
#: A run or a count is remarkable from so many digits on: fewer at the end, where people look.
_RUN, _RUN_AT_END = 4, 3
_BLOCKS: Final = (2, 3, 4, 5)
_MIRRORED: Final = 4
_PAIRS: Final = 2
#: A word of the list counts at the end; from so many letters on, anywhere.
_LONG_WORD: Final = 6
_ROUNDS: Final = 3

Digits = "NDArray[np.int16]"


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What one kind of pattern found in each number: points (0 for nothing), and where; ``kind`` words it."""

    points: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    word: Callable[[int, str, bool], str]


def memorable(available: pd.DataFrame, *, words: str | Iterable[str] = ()) -> pd.DataFrame:
    """Score how easy each number is to remember, and say why.

    What people remember is the part after the calling code, so only that is looked at. The score counts what a
    person need not remember: ten points for each digit that follows from the others, and five more for a pattern at
    the end of the number. So ``7777`` at the end is three digits that follow from the first one: 35 points.

    Parameters
    ----------
    available : pandas.DataFrame
        Numbers on offer, or active ones; read are ``phone_number``, ``region_code`` and ``number_type``.
    words : str or iterable of str, default ()
        Words of your own that a number may spell on a telephone's keys, anywhere; 2 to 15 letters. A list of common
        words is looked for in any case (:data:`numbers_toolkit.keypad.WORDS`), at the end, or anywhere from six
        letters on.

    Returns
    -------
    pandas.DataFrame
        One row per number, the most memorable first, then by number.

        - ``phone_number`` : str - number in E.164, always text
        - ``region_code`` : category, may be missing - ISO 3166-1 alpha-2
        - ``number_type`` : category, may be missing - kind of number
        - ``score`` : Int64 - ten for each digit that need not be remembered, five more for each pattern at the end
        - ``reason`` : str - what makes it memorable, best first; empty text when nothing

    Raises
    ------
    ColumnError
        When ``available`` lacks a column that is read, or holds it with another dtype.
    InvalidInputError
        When a word can't be spelt with a telephone's keys.

    See Also
    --------
    stock_by_prefix : how many numbers each prefix has

    Notes
    -----
    These patterns are known; each digit counts in one of them, the one with most points, and at most three patterns
    are named:

    - equal digits, four of them, or three at the end: ``ends in 7777``, ``has 7777``
    - counting, four digits, or three at the end, without going over 0: ``counts up 1234``, ``counts down 987``
    - a block that repeats, two digits at the end, three to five anywhere: ``repeats 42 42``
    - a word: ``spells PIZZA``; it leaves one thing to remember
    - pairs at the end: ``pairs 22 55``
    - an end that reads the same backwards, four digits or more: ``mirrored 1221``

    Examples
    --------
    >>> import pandas as pd
    >>> available = pd.DataFrame(
    ...     {
    ...         "phone_number": ["+13075550142", "+13075557777", "+46701174992"],
    ...         "region_code": ["US", "US", "SE"],
    ...         "number_type": ["LOCAL", "LOCAL", "MOBILE"],
    ...     }
    ... )
    >>> memorable(available)[["phone_number", "score", "reason"]]
       phone_number  score        reason
    0  +46701174992     45  spells PIZZA
    1  +13075557777     35  ends in 7777
    2  +13075550142      0
    """
    AVAILABLE_NUMBERS.require(available, _READ)
    spelt = _Spelling(check_words(words))
    digits = _national_digits(available["phone_number"])
    score = np.zeros(len(available), dtype=np.int64)
    reasons: list[list[str]] = [[] for _ in range(len(available))]
    # Numbers that have nothing (any more) need no further look.
    rows, looked_at = np.arange(len(available)), digits.copy()
    for _ in range(_ROUNDS):
        best = _best(looked_at, spelt)
        hits = np.flatnonzero(best.points)
        if not len(hits):
            break
        rows, looked_at = rows[hits], looked_at[hits]
        score[rows] += best.points[hits]
        for place, row in zip(hits.tolist(), rows.tolist(), strict=True):
            reasons[row].append(best.reason(place, digits[row]))
        _blank(looked_at, best.start[hits], best.end[hits])
    data: dict[str, Any] = {name: available[name] for name in _READ}
    data |= {"score": score, "reason": ["; ".join(one) for one in reasons]}
    order = ("score", "phone_number")
    return assemble(MEMORABLE, data, order=order, descending=("score",), attrs=available.attrs)
