"""Patterns in digits that make a number easy to remember: where they are, and how many points they are worth.

Works on a matrix of digits, one row per number and right-aligned, column by column: a hundred thousand numbers are a
few passes. Each finder gives the best place of its pattern in every row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from numbers_toolkit.keypad import WORDS, vanity_digits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Digits: TypeAlias = NDArray[np.int16]
    Whole: TypeAlias = NDArray[np.int64]

__all__ = ["BLANK", "Found", "Patterns"]

#: Stands where a number has no digit, or none any more; so far from the digits that no step leads to one.
BLANK: Final = 99
#: Points for each digit that need not be remembered, and for a pattern that ends the number.
_DIGIT, _AT_END = 10, 5
#: Equal digits and counts are remarkable from so many digits on; fewer at the end, which is heard last.
_RUN, _RUN_AT_END = 4, 3
#: A block of two is remarkable at the end alone.
_BLOCKS: Final = (2, 3, 4, 5)
_MIRRORED: Final = 4
_PAIRS: Final = 2
#: From so many letters on a common word counts anywhere, else at the end.
_LONG_WORD: Final = 6


@dataclass(frozen=True, slots=True)
class Found:
    """The best place of a pattern in each row: points (0 for none), first column, column after it, and a detail.

    The detail is the length of the block for repeats, the position of the word for words, else 0.
    """

    points: Whole
    start: Whole
    end: Whole
    detail: Whole


class Patterns:
    """All patterns, with words of a person's own.

    Parameters
    ----------
    own : sequence of str
        Words in capitals; they count anywhere.

    Examples
    --------
    >>> digits = np.array([[3, 0, 7, 7, 7, 7, 7], [1, 4, 2, 4, 2, 0, 0]], dtype=np.int16)
    >>> patterns = Patterns(["HAH"])
    >>> found, kinds = patterns.best(digits)
    >>> found.points.tolist(), patterns.words(kinds[0], "77777", 0, at_end=True)
    ([45, 20], 'ends in 77777')
    """

    def __init__(self, own: Sequence[str] = ()) -> None:
        self._vocabulary = (*own, *(word for word in WORDS if word not in own))
        anywhere: dict[str, int] = {}
        everywhere: dict[str, int] = {}
        for place, word in enumerate(self._vocabulary):
            digits = vanity_digits(word)
            everywhere.setdefault(digits, place)
            if place < len(own) or len(word) >= _LONG_WORD:
                anywhere.setdefault(digits, place)
        self._anywhere, self._at_end = _by_length(anywhere), _by_length(everywhere)

    def best(self, digits: Digits) -> tuple[Found, Whole]:
        """Return the pattern with most points in each row, and which kind it is."""
        every = [
            _runs(digits),
            _counts(digits, 1),
            _counts(digits, -1),
            self._spelt(digits),
            _repeats(digits),
            _pairs(digits),
            _mirrored(digits),
        ]
        kinds = np.argmax(np.stack([one.points for one in every]), axis=0)
        rows = np.arange(len(digits))
        parts = (np.stack([getattr(one, name) for one in every]) for name in Found.__slots__)
        return Found(*(part[kinds, rows] for part in parts)), kinds

    def words(self, kind: int, text: str, detail: int, *, at_end: bool) -> str:
        """Say what was found in words; ``text`` are its digits."""
        if kind == 0:
            return f"ends in {text}" if at_end else f"has {text}"
        if kind == _SPELT:
            return f"spells {self._vocabulary[detail]}"
        width = _PAIRS if kind == _PAIRED else detail or len(text)
        blocks = " ".join(text[place : place + width] for place in range(0, len(text), width))
        return f"{_VERBS[kind]} {blocks}"

    def _spelt(self, digits: Digits) -> Found:
        columns = digits.shape[1]
        points, lengths, details = _nothing(digits), _nothing(digits), _nothing(digits)
        for end in range(1, columns + 1):
            words = self._at_end if end == columns else self._anywhere
            for length, (numbers, places) in words.items():
                if length > end:
                    continue
                window = _as_numbers(digits[:, end - length : end])
                near = np.searchsorted(numbers, window).clip(max=len(numbers) - 1)
                # A word is one thing to remember, whatever its length.
                better = (numbers[near] == window) & (_DIGIT * (length - 1) > points[:, end - 1])
                points[better, end - 1] = _DIGIT * (length - 1)
                lengths[better, end - 1] = length
                details[better, end - 1] = places[near[better]]
        return _best_column(points, lengths, details)


_SPELT, _PAIRED = 3, 5
_VERBS: Final = ("", "counts up", "counts down", "", "repeats", "pairs", "mirrored")


def _by_length(words: dict[str, int]) -> dict[int, tuple[Whole, Whole]]:
    """Return for each length the digits as numbers, ascending, and the position of each one's word."""
    found = {}
    for length in sorted({len(digits) for digits in words}, reverse=True):
        entries = sorted((int(digits), place) for digits, place in words.items() if len(digits) == length)
        found[length] = (
            np.array([number for number, _ in entries], dtype=np.int64),
            np.array([place for _, place in entries], dtype=np.int64),
        )
    return found


def _nothing(digits: Digits) -> Whole:
    return np.zeros(digits.shape, dtype=np.int64)


def _as_numbers(digits: Digits) -> Whole:
    """Return the digits of each row as one number; -1 where one is missing."""
    number = np.zeros(len(digits), dtype=np.int64)
    for column in digits.T:
        number = number * 10 + column
    number[(digits == BLANK).any(axis=1)] = -1
    return number


def _streak(holds: NDArray[np.bool_]) -> Whole:
    """Return how many columns in a row hold, up to each column."""
    lengths = np.zeros(holds.shape, dtype=np.int64)
    count = np.zeros(len(holds), dtype=np.int64)
    for column in range(holds.shape[1]):
        count = (count + 1) * holds[:, column]
        lengths[:, column] = count
    return lengths


def _best_column(points: Whole, lengths: Whole, details: Whole | None = None) -> Found:
    """Return the place with most points in each row, the last one of equals; the end of the number adds its own."""
    points[:, -1] += _AT_END * (points[:, -1] > 0)
    last = points.shape[1] - 1 - np.argmax(points[:, ::-1], axis=1)
    rows = np.arange(len(points))
    detail = np.zeros(len(points), dtype=np.int64) if details is None else details[rows, last]
    return Found(points[rows, last], last + 1 - lengths[rows, last], last + 1, detail)


def _long_enough(steps: NDArray[np.bool_]) -> Found:
    """Return the longest row of steps that is remarkable; each digit after the first follows from it."""
    lengths = _streak(steps) + 1
    needed = np.full(steps.shape[1], _RUN)
    needed[-1] = _RUN_AT_END
    return _best_column(_DIGIT * (lengths - 1) * (lengths >= needed), lengths)


def _runs(digits: Digits) -> Found:
    same = np.zeros(digits.shape, dtype=bool)
    same[:, 1:] = (digits[:, 1:] == digits[:, :-1]) & (digits[:, 1:] != BLANK)
    return _long_enough(same)


def _counts(digits: Digits, step: int) -> Found:
    steps = np.zeros(digits.shape, dtype=bool)
    steps[:, 1:] = digits[:, 1:] - digits[:, :-1] == step
    return _long_enough(steps)


def _repeats(digits: Digits) -> Found:
    points, lengths, details = _nothing(digits), _nothing(digits), _nothing(digits)
    for block in _BLOCKS:
        same = np.zeros(digits.shape, dtype=bool)
        same[:, block:] = (digits[:, block:] == digits[:, :-block]) & (digits[:, block:] != BLANK)
        times = _streak(same) // block
        if block == _BLOCKS[0]:
            times[:, :-1] = 0
        better = _DIGIT * block * times > points
        points[better] = _DIGIT * block * times[better]
        lengths[better] = block * (times[better] + 1)
        details[better] = block
    return _best_column(points, lengths, details)


def _pairs(digits: Digits) -> Found:
    rows, columns = digits.shape
    count = np.zeros(rows, dtype=np.int64)
    going = np.ones(rows, dtype=bool)
    before = np.full(rows, BLANK, dtype=digits.dtype)
    for column in range(columns - 1, 0, -2):
        pair = digits[:, column]
        going &= (pair == digits[:, column - 1]) & (pair != BLANK) & (pair != before)
        count += going
        before = pair
    count *= count >= _PAIRS
    return _at_end(digits, _DIGIT * count, 2 * count)


def _mirrored(digits: Digits) -> Found:
    columns = digits.shape[1]
    longest = np.zeros(len(digits), dtype=np.int64)
    for length in range(_MIRRORED, columns + 1):
        end = digits[:, columns - length :]
        longest[(end == end[:, ::-1]).all(axis=1) & (end != BLANK).all(axis=1)] = length
    return _at_end(digits, _DIGIT * (longest // 2), longest)


def _at_end(digits: Digits, points: Whole, lengths: Whole) -> Found:
    """Return a pattern that is looked for at the end alone."""
    end = np.full(len(digits), digits.shape[1], dtype=np.int64)
    none: Any = np.zeros(len(digits), dtype=np.int64)
    return Found(points + _AT_END * (points > 0), end - lengths, end, none)
