"""Letters on the keys of a telephone: words become digits, and digits may spell words.

Source: ITU-T E.161, arrangement of letters on the keys 2 to 9; 0 and 1 have none.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from numbers_toolkit.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["KEYS", "WORDS", "check_words", "vanity_digits", "words_in"]

KEYS: Final = {
    "2": "ABC",
    "3": "DEF",
    "4": "GHI",
    "5": "JKL",
    "6": "MNO",
    "7": "PQRS",
    "8": "TUV",
    "9": "WXYZ",
}
_DIGIT_OF: Final = {letter: digit for digit, letters in KEYS.items() for letter in letters}
_LETTERS: Final = re.compile(r"[A-Z]{2,}")
#: A word of one letter would be found everywhere.
_SHORTEST: Final = 2
_LONGEST: Final = 15

_LISTED: Final = """
    AIDE AUTO BABY BAGS BAKE BALL BAND BANK BATH BEAN BEDS BEER BEST BIKE BILL BIRD BLUE BOAT BOND BOOK
    BOOT BOWL BREAD BRICK BROKER BUILD BURGER BUSY CAFE CAKE CALL CAMP CARD CARE CARS CASH CHAT CHEF CITY
    CLEAN CLINIC CLOUD CLUB COACH CODE COFFEE COOK COOL CREDIT CRUISE DANCE DATA DEAL DEBT DENTAL DENTIST
    DESK DIET DINE DOCTOR DOGS DOOR DRIVE EASY ENERGY EVENT EXPERT EYES FARM FAST FILM FIRE FISH FIXIT
    FLAT FLIGHT FLOOR FLOWER FLOWERS FOOD FREE FRESH FUEL FUND GAME GARAGE GARDEN GIFT GLASS GOLD GOLF
    GREEN GUARD HAIR HAPPY HEALTH HEAT HELLO HELP HERO HIRE HOLIDAY HOME HOTEL HOUSE IDEA INSURE INVEST
    KIDS KITCHEN LAND LAPTOP LAWYER LEARN LEASE LEGAL LIFE LIGHT LIVE LOAN LOCK LOVE LUCKY LUNCH MAIL
    MARKET MEDIC MOBILE MONEY MOVE MOVER MOVERS MUSIC NEWS NURSE OFFER OFFICE OPEN ORDER PAINT PARK PARTY
    PAWS PETS PHARMACY PHONE PHOTO PILLS PIZZA PLAN PLANT PLAY PLUMBER POOL PRINT PROPERTY QUICK QUOTE
    RADIO REALTY RELAX RENT REPAIR RIDE ROOF ROOM SAFE SAIL SALE SALON SAVE SCHOOL SHIP SHOE SHOES SHOP
    SKIN SLEEP SMART SMILE SOLAR SOLD SPORT STAY STORE STUDIO STYLE SUPPORT SURF SUSHI TALK TAXES TAXI
    TEACH TEAM TECH TENNIS TICKET TILE TIME TIRE TOUR TOWING TOYS TRADE TRAIN TRAVEL TREE TRIP TRUCK TRUST
    VIEW VISA VISION WASH WATER WEAR WEDDING WINDOW WINE WOOD WORK YOGA ZONE
"""
#: Words that a business may like its number to spell; where two have the same digits, the first one counts.
WORDS: Final = tuple(_LISTED.split())


def vanity_digits(text: str) -> str:
    """Return text with its letters turned into the digits of their keys; all else stays as it is.

    Parameters
    ----------
    text : str
        A word, or digits and letters mixed; case and accents do not matter.

    Returns
    -------
    str
        The same with digits for letters.

    Raises
    ------
    InvalidInputError
        When a letter stands on no key.

    Examples
    --------
    >>> vanity_digits("PIZZA"), vanity_digits("+1 800 Café")
    ('74992', '+1 800 2233')
    """
    plain = _without_accents(text)
    strange = next((one for one in plain if one.isalpha() and one not in _DIGIT_OF), "")
    if strange:
        raise InvalidInputError(
            f"{strange!r} in {text!r} stands on no key of a telephone; letters from A to Z do, and digits."
        )
    return "".join(_DIGIT_OF.get(letter, letter) for letter in plain)


def words_in(text: str) -> tuple[str, ...]:
    """Return the words in a pattern, two letters or more, in capitals.

    Examples
    --------
    >>> words_in("+1 800 Flowers"), words_in("555")
    (('FLOWERS',), ())
    """
    return tuple(_LETTERS.findall(_without_accents(text)))


def check_words(words: str | Iterable[str]) -> list[str]:
    """Return words that keys can spell, in capitals, each once.

    Parameters
    ----------
    words : str or iterable of str
        Words of 2 to 15 letters.

    Raises
    ------
    InvalidInputError
        When one is no such word.

    Examples
    --------
    >>> check_words(["pizza", "Crêpe", "PIZZA"])
    ['PIZZA', 'CREPE']
    """
    checked = []
    for word in [words] if isinstance(words, str) else words:
        if not isinstance(word, str):
            raise InvalidInputError(f"The word {word!r} is {type(word).__name__}, not text.")
        plain = _without_accents(word.strip())
        if not _SHORTEST <= len(plain) <= _LONGEST or any(letter not in _DIGIT_OF for letter in plain):
            raise InvalidInputError(
                f"{word!r} is no word that a telephone's keys can spell; use {_SHORTEST} to {_LONGEST} letters from "
                "A to Z."
            )
        checked.append(plain)
    return list(dict.fromkeys(checked))


def _without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.upper())
    return "".join(one for one in parts if not unicodedata.combining(one))
