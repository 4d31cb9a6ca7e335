"""Which numbers are easy to remember, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from numbers_toolkit.analysis._digit_patterns import BLANK, Patterns
from numbers_toolkit.analysis._grouping import assemble
from numbers_toolkit.calling_codes import calling_code
from numbers_toolkit.found_tables import MEMORABLE
from numbers_toolkit.keypad import check_words
from numbers_toolkit.tables import AVAILABLE_NUMBERS, TEXT_DTYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["memorable"]

_READ: Final = ("phone_number", "region_code", "number_type")
_E164: Final = r"\+[1-9][0-9]{4,14}"
#: A plus sign and the digits that say which calling code it is.
_BEGINNING: Final = 4
_LONGEST: Final = 16
#: Patterns named of one number.
_MOST: Final = 3


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
    patterns = Patterns(check_words(words))
    digits = _national_digits(available["phone_number"])
    score = np.zeros(len(available), dtype=np.int64)
    reasons: list[list[str]] = [[] for _ in range(len(available))]
    rows, left = np.arange(len(available)), digits.copy()
    for _ in range(_MOST):
        found, kinds = patterns.best(left)
        for place in np.flatnonzero(found.points).tolist():
            row, start, end = rows[place], found.start[place], found.end[place]
            score[row] += found.points[place]
            text = "".join(map(str, digits[row, start:end]))
            at_end = end == digits.shape[1]
            reasons[row].append(patterns.words(kinds[place], text, found.detail[place], at_end=at_end))
            left[place, start:end] = BLANK
        # A number without any has no second one.
        rows, left = rows[found.points > 0], left[found.points > 0]
    data: dict[str, Any] = {name: available[name] for name in _READ}
    data |= {"score": score, "reason": ["; ".join(one) for one in reasons]}
    order = ("score", "phone_number")
    return assemble(MEMORABLE, data, order=order, descending=("score",), attrs=available.attrs)


def _national_digits(phone_numbers: pd.Series[Any]) -> NDArray[np.int16]:
    """Return the digits after the calling code, right-aligned; nothing of what is not E.164."""
    text = phone_numbers.astype(TEXT_DTYPE)
    text = text.where(text.str.fullmatch(_E164).fillna(value=False), "")
    beginning = text.str.slice(0, _BEGINNING)
    code = beginning.map({one: len(calling_code(one)) + 1 for one in beginning.unique()}).to_numpy(
        dtype=np.int64
    )
    length = text.str.len().to_numpy(dtype=np.int64)
    # Text of one length is a matrix of code points in memory.
    points = np.array(text.tolist(), dtype=f"U{_LONGEST}").view(np.uint32).reshape(len(text), _LONGEST)
    width = max(int((length - code).max(initial=1)), 1)
    column = np.arange(width) - width + length[:, None]
    national = np.take_along_axis(points, column.clip(min=0), axis=1).astype(np.int16) - ord("0")
    return np.where(column >= code[:, None], national, BLANK).astype(np.int16)
