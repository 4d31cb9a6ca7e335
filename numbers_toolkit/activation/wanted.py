"""What a person wants to buy, read from anything that names it: rows of a frame, phone numbers, wishes.

Nothing is sent, and nothing is guessed: what can't be read is a fault that names its place.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import vocabulary
from numbers_toolkit.activation.items import Wish
from numbers_toolkit.amounts import exact_amount
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.wording import counted, listed

if TYPE_CHECKING:
    from decimal import Decimal

    from numbers_toolkit.activation.findings import Findings

__all__ = ["Chosen", "Wanted", "read_wanted", "read_wish"]

_WISH_FORM: Final = "'20 US LOCAL SMS START +1307'"
_WORD: Final = re.compile(r"[^\W\d_]")
_COUNT: Final = re.compile(r"\d{1,9}", re.ASCII)
_REGION: Final = re.compile(r"[A-Za-z]{2}", re.ASCII)
#: Between two wishes in one text; a count follows.
_BETWEEN: Final = re.compile(r"(?:[,;]\s+(?:and\s+)?|\s+and\s+)(?=\d)")
#: Words that people put into a wish, and those that say nothing.
_SPOKEN: Final = {"STARTING": "START", "BEGINNING": "START", "CONTAINING": "CONTAINS", "ENDING": "END"}
_FILLING: Final = frozenset({"NUMBER", "NUMBERS", "WITH"})


@dataclass(frozen=True, slots=True)
class Chosen:
    """A number that a person chose, and the prices that were seen with it.

    Parameters
    ----------
    phone_number : str
        E.164.
    setup, monthly : Decimal or None
        Prices as the frame showed them; None where it showed none.
    currency_code : str
        Their currency.
    """

    phone_number: str
    setup: Decimal | None = None
    monthly: Decimal | None = None
    currency_code: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted: chosen numbers and wishes, each in the order given.

    Parameters
    ----------
    chosen : tuple of Chosen
        Each number once.
    wishes : tuple of Wish
        Wishes.
    provenance : tuple of mapping
        ``attrs`` of the frames that the numbers come from.
    """

    chosen: tuple[Chosen, ...] = ()
    wishes: tuple[Wish, ...] = ()
    provenance: tuple[Mapping[Any, Any], ...] = ()

    def needing(self, capabilities: Iterable[str]) -> Wanted:
        """Return the same with wishes for numbers that have these capabilities too."""
        needed = tuple(capabilities)
        extended = (
            replace(one, capabilities=tuple(dict.fromkeys((*one.capabilities, *needed))))
            for one in self.wishes
        )
        return replace(self, wishes=tuple(extended))


def read_wanted(what: Any, findings: Findings) -> Wanted:
    """Return what somebody wants to buy.

    Parameters
    ----------
    what : DataFrame, str, Wish or iterable of these
        Rows of numbers on offer, phone numbers in E.164, wishes, or wishes as text; mixed if need be.
    findings : Findings
        Told what can't be read, what is named twice, and that nothing is left.

    Returns
    -------
    Wanted
        What can be read.

    Raises
    ------
    InvalidInputError
        When it is none of these at all.
    """
    chosen: list[Chosen] = []
    wishes: list[Wish] = []
    frames: list[Mapping[Any, Any]] = []
    for place, one in _entries(what, frames):
        try:
            entry = _entry(one)
        except InvalidInputError as error:
            findings.fault(f"{place}: {error}" if place else str(error))
            continue
        if isinstance(entry, Wish):
            wishes.append(entry)
        else:
            chosen.append(entry)
    wanted = Wanted(_once_each(chosen, findings), tuple(wishes), tuple(frames))
    if not chosen and not wishes and not findings.faults:
        findings.fault("There is no number and no wish in it; give at least one.")
    return wanted


def _once_each(chosen: list[Chosen], findings: Findings) -> tuple[Chosen, ...]:
    counts = Counter(one.phone_number for one in chosen)
    twice = [number for number, count in counts.items() if count > 1]
    if twice:
        findings.fault(
            f"{counted(len(twice))} {'is' if len(twice) == 1 else 'are'} named more than once: {listed(twice)}. "
            "Each number can be bought once; drop the repeats."
        )
    first = {one.phone_number: one for one in reversed(chosen)}
    return tuple(first[number] for number in counts)


# -- taking the given value apart ---------------------------------------------------------------------------


def _entries(what: Any, frames: list[Mapping[Any, Any]]) -> Iterator[tuple[str, Any]]:
    """Yield every entry with its place in words; the ``attrs`` of frames go to ``frames``."""
    if isinstance(what, str):
        for one in _BETWEEN.split(what):
            yield "", one
    elif isinstance(what, Wish) or _is_row(what):
        yield "", what
    elif _is_frame(what):
        yield from _rows(what, frames)
    elif isinstance(what, Iterable) and not isinstance(what, (bytes, Mapping)):
        for position, one in enumerate(what, 1):
            if _is_frame(one):
                yield from _rows(one, frames)
            else:
                yield f"Entry {position:,}", one
    else:
        raise InvalidInputError(
            f"{type(what).__name__} names no numbers. Give rows of a frame of numbers on offer, phone numbers in "
            f"E.164, a Wish, or several of these."
        )


def _is_frame(value: Any) -> bool:
    # Whoever holds a frame has loaded pandas; nobody else needs it here.
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, pandas.DataFrame)


def _is_row(value: Any) -> bool:
    """Whether a value is one row of a frame: a Series, a record, or a row of ``itertuples``."""
    if isinstance(value, Mapping):
        return "phone_number" in value
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(value, pandas.Series):
        return "phone_number" in value.index
    return isinstance(value, tuple) and hasattr(value, "phone_number")


def _rows(frame: Any, frames: list[Mapping[Any, Any]]) -> Iterator[tuple[str, Any]]:
    if "phone_number" not in frame.columns:
        raise InvalidInputError(
            f"The frame has no column phone_number, but {', '.join(map(str, frame.columns)) or 'none at all'}; give "
            "rows of nt.available_numbers(...)."
        )
    frames.append(dict(frame.attrs))
    names = [name for name in ("phone_number", *_PRICES) if name in frame.columns]
    columns = [frame[name].astype(object).tolist() for name in names]
    for position, row in enumerate(zip(*columns, strict=True), 1):
        yield f"Row {position:,}", dict(zip(names, row, strict=True))


_PRICES: Final = ("setup_price", "monthly_price", "currency_code")


def _entry(one: Any) -> Wish | Chosen:
    if isinstance(one, Wish):
        return one
    # A phone number has no letters; one that begins with a plus sign is a misspelt number, not a wish.
    if isinstance(one, str) and _WORD.search(one) and not one.lstrip().startswith("+"):
        return read_wish(one)
    if not _is_row(one):
        return Chosen(vocabulary.check_phone_number(one))
    row = one if not isinstance(one, tuple) else one._asdict()  # type: ignore[attr-defined]
    currency = row.get("currency_code")
    return Chosen(
        vocabulary.check_phone_number(row["phone_number"]),
        _amount(row.get("setup_price")),
        _amount(row.get("monthly_price")),
        currency if isinstance(currency, str) else "",
    )


def _amount(value: Any) -> Decimal | None:
    return None if value is None else exact_amount(str(value))


# -- wishes as text -----------------------------------------------------------------------------------------


def read_wish(text: str) -> Wish:
    """Return a wish that is written as text: the count first, then region, type and what else matters.

    Parameters
    ----------
    text : str
        For example ``"20 US LOCAL SMS START +1307"``: how many, two letters of the region, the number type, and in
        any order capabilities and ``START``, ``CONTAINS`` or ``END`` with digits behind it.

    Returns
    -------
    Wish
        The same as a value; its ``repr`` shows this form.

    Raises
    ------
    InvalidInputError
        When a word is not known, or something is missing or there twice.

    Examples
    --------
    >>> read_wish("5 mobile se"), read_wish("20 LOCAL numbers in US starting +1307")
    (Wish(5 SE MOBILE), Wish(20 US LOCAL START +1307))
    """
    words = text.split()
    if not words or not _COUNT.fullmatch(words[0]):
        raise InvalidInputError(
            f"{text!r} is neither a phone number nor a wish; a wish begins with how many: {_WISH_FORM}."
        )
    found: dict[str, Any] = {}
    capabilities: list[str] = []
    rest = _meant(words[1:])
    for word in rest:
        name, value = _meaning(word, rest, text)
        if name == "capabilities":
            capabilities.append(value)
        elif name in found:
            raise InvalidInputError(
                f"The wish {text!r} names two of the same kind: {found[name]} and {value}."
            )
        else:
            found[name] = value
    missing = [what for name, what in _NEEDED.items() if name not in found]
    if missing:
        raise InvalidInputError(f"The wish {text!r} lacks {' and '.join(missing)}; write {_WISH_FORM}.")
    pattern, kind = found.pop("pattern", ("", "CONTAINS"))
    return Wish(
        count=int(words[0]), capabilities=tuple(capabilities), pattern=pattern, search_pattern=kind, **found
    )


_NEEDED: Final = {"region_code": "a region", "number_type": "a number type"}


def _meant(words: list[str]) -> Iterator[str]:
    """Yield the words of a wish that say something, in the form in which they are known."""
    for word, following in zip(words, (*words[1:], ""), strict=False):
        # India is IN too; before another region it can only be the preposition.
        if word.upper() in _FILLING or (word == "in" and _REGION.fullmatch(following)):
            continue
        yield _SPOKEN.get(word.upper(), word)


def _meaning(word: str, rest: Iterator[str], text: str) -> tuple[str, Any]:
    """Return what a word of a wish says; a search pattern takes the next word as its digits."""
    upper = word.upper().replace("-", "_")
    if upper in vocabulary.NUMBER_TYPES:
        return "number_type", upper
    if upper in vocabulary.CAPABILITIES:
        return "capabilities", upper
    if upper in vocabulary.SEARCH_PATTERNS:
        digits = next(rest, "")
        if vocabulary.check_pattern(digits, upper) is None:
            raise InvalidInputError(f"The wish {text!r} names no digits behind {upper}.")
        return "pattern", (digits, upper)
    if _REGION.fullmatch(word):
        return "region_code", upper
    if not _WORD.search(word):
        raise InvalidInputError(
            f"The wish {text!r} does not say where {word!r} is to stand; put START, CONTAINS or END before it."
        )
    raise InvalidInputError(
        f"The wish {text!r} holds {word!r}, which is not known. Write how many, region, number type, then if need be "
        f"SMS, VOICE, and START, CONTAINS or END with digits: {_WISH_FORM}. Several wishes go into a list."
    )
