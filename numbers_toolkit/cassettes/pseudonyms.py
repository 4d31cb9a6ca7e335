"""Other names for the same things: the same each time under one key, and nobody finds the way back without it.

A phone number keeps its country and area and its length, and two numbers that begin alike go on beginning alike.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from typing import TYPE_CHECKING, Final

from numbers_toolkit.calling_codes import calling_code
from numbers_toolkit.settings import SecretText

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["PHONE_NUMBER", "Pseudonyms"]

PHONE_NUMBER: Final = re.compile(r"(?<![\w+])\+[1-9]\d{6,14}(?!\d)", re.ASCII)
_HEX: Final = re.compile(r"[0-9a-f-]{8,}")
_AREA_DIGITS: Final = 3
_SHORT_AREA_DIGITS: Final = 2
_LONG_NATIONAL_PART: Final = 9
_TRIES: Final = 100


class Pseudonyms:
    """Pseudonyms under a key.

    Parameters
    ----------
    key : str, optional
        A secret of one's own: the same key gives the same pseudonyms in every cassette. None makes one that nobody
        knows and that is forgotten.

    Attributes
    ----------
    given : dict
        For each kind of thing, the real values that were replaced, and by what; in memory only.

    Examples
    --------
    >>> names = Pseudonyms("a key of the example")
    >>> names.phone_number("+13075550142")
    '+13070704423'
    >>> names.phone_number("+13075550143")[:11] == names.phone_number("+13075550142")[:11]
    True
    """

    def __init__(self, key: str | None = None) -> None:
        own = secrets.token_hex(32) if key is None else key
        self._key = hashlib.sha256(SecretText(own).encode()).digest()
        self._lock = threading.Lock()
        self.given: dict[str, dict[str, str]] = {}
        self._taken: dict[str, str] = {}

    def __repr__(self) -> str:
        return "<Pseudonyms>"

    def phone_number(self, number: str, patterns: Collection[tuple[str, str]] = ()) -> str:
        """Return another number of the same country, area and length.

        Parameters
        ----------
        number : str
            In E.164.
        patterns : collection of (str, str)
            Digits that were searched for, and ``START``, ``CONTAINS`` or ``END``: a number that has them keeps
            them, so that it still fits the search.
        """
        with self._lock:
            known = self.given.setdefault("phone_number", {})
            found = known.get(number)
            if found is None:
                found = known[number] = self._new_number(number, _fixed(number, patterns))
            return found

    def _new_number(self, number: str, fixed: set[int]) -> str:
        for attempt in range(_TRIES):
            salt = str(attempt) if attempt else ""
            found = number
            for place in range(len(number)):
                if place not in fixed:
                    shift = self._bytes(f"digit{salt}", number[:place])[0] % 10
                    found = f"{found[:place]}{(int(number[place]) + shift) % 10}{found[place + 1 :]}"
            # Digits that are kept for a search can let two numbers meet.
            if self._taken.setdefault(found, number) == number:
                return found
        return number[: _kept(number)] + "0" * (len(number) - _kept(number))

    def of(self, kind: str, text: str) -> str:
        """Return another text of the same shape: a digit for a digit, a letter for a letter.

        Examples
        --------
        >>> Pseudonyms("k").of("campaign_id", "CQ4T8ZK")
        'YL1N8RC'
        """
        with self._lock:
            known = self.given.setdefault(kind, {})
            if text not in known:
                known[text] = self._shaped(kind, text)
            return known[text]

    def named(self, kind: str, text: str, form: str) -> str:
        """Return a short text of a form, with a mark in place of ``{}`` that is the same for the same text.

        Examples
        --------
        >>> Pseudonyms("k").named("display_name", "Support desk Oslo", "Name {}")
        'Name b93276e5'
        """
        with self._lock:
            known = self.given.setdefault(kind, {})
            if text not in known:
                known[text] = form.format(self._bytes(kind, text)[:4].hex())
            return known[text]

    def _shaped(self, kind: str, text: str) -> str:
        stream = b"".join(self._bytes(kind, f"{turn}{text}") for turn in range(len(text) // 32 + 1))
        digits = "0123456789abcdef" if _HEX.fullmatch(text) else ""
        return "".join(_like(one, stream[place], digits) for place, one in enumerate(text))

    def _bytes(self, kind: str, text: str) -> bytes:
        told = f"{kind}\0{text}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(told, key=self._key, digest_size=32).digest()


def _like(letter: str, number: int, digits: str) -> str:
    if digits:
        return digits[number % 16] if letter != "-" else letter
    for alphabet in ("0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"):
        if letter in alphabet:
            return alphabet[number % len(alphabet)]
    return letter if letter.isascii() else "x"


def _kept(number: str) -> int:
    """Return how many characters tell country and area."""
    code = calling_code(number)
    national = len(number) - 1 - len(code)
    return 1 + len(code) + (_AREA_DIGITS if national >= _LONG_NATIONAL_PART else _SHORT_AREA_DIGITS)


def _fixed(number: str, patterns: Collection[tuple[str, str]]) -> set[int]:
    """Return the places of a number that stay: country, area, and what was searched for."""
    places = set(range(_kept(number)))
    for digits, kind in patterns:
        starts = {
            "START": [0] if number.startswith(digits) else [],
            "END": [len(number) - len(digits)] if number.endswith(digits) else [],
        }.get(kind)
        if starts is None:
            starts = [place for place in range(len(number)) if number.startswith(digits, place)]
        for start in starts:
            places.update(range(start, start + len(digits)))
    return places
