"""Values as text for people: phone numbers in groups, money with its currency, times, states with a mark, regions.

Used wherever a person reads: the tables of the panels and frames in a notebook. What is made here is plain text, not
markup, and it is for reading only: nothing is computed from it, searched by it or sent. Missing values become ``""``.
Nothing here raises, whatever the API sends, and no digit is ever lost. Loads neither pandas nor anything else heavy.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.regions import REGION_NAMES
from numbers_toolkit.wording import readable

if TYPE_CHECKING:
    from numbers_toolkit.markup import Tone

__all__ = [
    "date_text",
    "is_missing",
    "money_text",
    "phone_text",
    "region_name",
    "region_text",
    "state_mark",
    "state_text",
    "time_text",
]

_E164: Final = re.compile(r"\+[1-9][0-9]{0,14}")
_NOT_DIGITS: Final = re.compile(r"[^0-9]")
#: Longer runs of digits are hard to read, and to tell on the telephone.
_LONGEST_RUN: Final = 8
_GROUP: Final = 3
_CENTS: Final = Decimal("0.01")
#: Wider than any amount, whatever the caller set for arithmetic of their own.
_EXACT: Final = Context(prec=60)
_TEXT_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?", re.ASCII)

#: Marks tell states apart without colour. All are text in every common font, none is drawn as an emoji.
_GOOD: Final[tuple[str, Tone]] = ("✓", "good")
_WAITING: Final[tuple[str, Tone]] = ("○", "info")
_MOVING: Final[tuple[str, Tone]] = ("◐", "info")
_CARE: Final[tuple[str, Tone]] = ("!", "warn")
_BAD: Final[tuple[str, Tone]] = ("✕", "bad")
_NOTHING: Final[tuple[str, Tone]] = ("–", "plain")
_UNKNOWN: Final[tuple[str, Tone]] = ("?", "warn")

#: States of services, orders, events and results, by what they mean for the person who waits.
_MARKS: Final[dict[str, tuple[str, Tone]]] = {
    **dict.fromkeys(("PROVISIONED", "READY", "SUCCEEDED", "COMPLETED"), _GOOD),
    **dict.fromkeys(("ACTIVATED", "CHANGED", "RELEASED", "ACCEPTED"), _GOOD),
    **dict.fromkeys(("WAITING", "CREATED", "DRAFT"), _WAITING),
    **dict.fromkeys(("IN_PROGRESS", "IN_REVIEW", "BEING_SENT", "UNDER_REVIEW"), _MOVING),
    **dict.fromkeys(("TAKEN", "EXPIRED", "CANCELLED", "NOT_ACTIVE"), _CARE),
    **dict.fromkeys(("FAILED", "REJECTED", "REFUSED", "BLOCKED"), _BAD),
    **dict.fromkeys(("NOT_CONFIGURED", "NOT_TRIED", "NO_EVENT", "PLANNED"), _NOTHING),
    "NO_ORDER": _WAITING,
    "NOT_ORDERED": _NOTHING,
    "LOST": _CARE,
    "NOT_KNOWN": _CARE,
}


def is_missing(value: Any) -> bool:
    """Whether a value stands for "nothing": None, NaN, pandas' own signs, empty text.

    Examples
    --------
    >>> is_missing(None), is_missing(float("nan")), is_missing(""), is_missing(0), is_missing("NA")
    (True, True, True, False, False)
    """
    if value is None or (isinstance(value, str) and not value):
        return True
    try:
        return bool(value != value)  # noqa: PLR0124 - only what is no number differs from itself
    except (TypeError, ValueError, ArithmeticError):
        return type(value).__name__ == "NAType"  # pandas' NA answers neither yes nor no


def phone_text(number: Any) -> str:
    """Return a phone number in groups, as its country writes it, without losing a digit.

    Parameters
    ----------
    number : str
        Number in E.164. Anything else is returned as it is, on one line.

    Returns
    -------
    str
        Calling code and groups, parted by spaces alone. A number that its country's numbering plan does not know is
        parted after the calling code and in groups of three.

    Examples
    --------
    >>> phone_text("+13075550142"), phone_text("+46701740605"), phone_text("+442079460123")
    ('+1 307 555 0142', '+46 70 174 06 05', '+44 20 7946 0123')
    >>> phone_text("+2640020000041"), phone_text("+99912345678"), phone_text("order 17"), phone_text(None)
    ('+264 002 000 0041', '+999 123 456 78', 'order 17', '')
    """
    if is_missing(number):
        return ""
    text = readable(number)
    return _grouped(text) if _E164.fullmatch(text) else text


@lru_cache(maxsize=4096)
def _grouped(number: str) -> str:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return f"+{_in_threes(number[1:])}"
    shown = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    groups = _NOT_DIGITS.sub(" ", shown.removeprefix("+")).split()
    # The numbering plan can read a leading zero as a prefix and drop it; the number shown must be the number owned.
    kept = "".join(groups) == number[1:]
    if kept and max(map(len, groups)) <= _LONGEST_RUN:
        return f"+{' '.join(groups)}"
    code = str(parsed.country_code)
    return f"+{code} {_in_threes(number[1 + len(code) :])}"


def _in_threes(digits: str) -> str:
    """Return digits in groups of three; a single digit left over joins the last group."""
    cuts = list(range(0, len(digits), _GROUP))
    if len(cuts) > 1 and len(digits) - cuts[-1] == 1:
        cuts.pop()
    return " ".join(digits[start:end] for start, end in zip(cuts, [*cuts[1:], len(digits)], strict=True))


def money_text(amount: Any, currency: Any = "") -> str:
    """Return an amount with its currency: two decimals where they are exact, all digits where there are more.

    Parameters
    ----------
    amount : Decimal, int, str or float
        Amount; it is never rounded.
    currency : str, default ""
        ISO 4217 code. Without one the amount stands alone.

    Returns
    -------
    str
        For example ``"1,234.50 USD"``, in the order in which budgets are written; ``""`` for no amount.

    Examples
    --------
    >>> money_text(Decimal("1234.500000"), "USD"), money_text(Decimal("0.333333"), "EUR"), money_text(None, "USD")
    ('1,234.50 USD', '0.333333 EUR', '')
    """
    if is_missing(amount):
        return ""
    try:
        exact = amount if isinstance(amount, Decimal) else Decimal(str(amount))
        cents = exact.quantize(_CENTS, context=_EXACT)
    except InvalidOperation:
        shown = readable(amount)
    else:
        shown = f"{cents:,f}" if cents == exact else f"{exact.normalize(_EXACT):,f}"
    return f"{shown} {'' if is_missing(currency) else readable(currency)}".strip()


def time_text(value: Any) -> str:
    """Return a time to the minute, in UTC.

    Parameters
    ----------
    value : datetime, pandas.Timestamp or str
        A moment; text in RFC 3339. A time without a zone is shown as it is, without one.

    Returns
    -------
    str
        For example ``"2026-03-02 09:15 UTC"``.

    Examples
    --------
    >>> time_text("2026-03-02T09:15:27.403118Z"), time_text("2026-03-02T10:15:00+01:00"), time_text(None)
    ('2026-03-02 09:15 UTC', '2026-03-02 09:15 UTC', '')
    """
    moment = _moment(value)
    if moment is None:
        return "" if is_missing(value) else readable(value)
    if not isinstance(moment, datetime):
        return moment.isoformat()
    if moment.tzinfo is None:
        return f"{moment:%Y-%m-%d %H:%M}"
    try:
        return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    except OverflowError:  # the first or last day there is
        return readable(value)


def date_text(value: Any) -> str:
    """Return the date of a time in UTC, or a date.

    Examples
    --------
    >>> date_text("2026-03-02T23:30:00-02:00"), date_text("2026-03-02"), date_text("soon")
    ('2026-03-03', '2026-03-02', 'soon')
    """
    return time_text(value)[:10] if _moment(value) is not None else time_text(value)


def _moment(value: Any) -> datetime | date | None:
    """Return a value as a moment or a date, None for anything else."""
    if is_missing(value):
        return None
    if isinstance(value, date):
        return value
    text = str(value)
    if not _TEXT_TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text) if ":" in text else date.fromisoformat(text)
    except ValueError:
        return None


def state_mark(state: Any) -> tuple[str, Tone]:
    """Return the mark of a state and the tone it is shown in.

    Parameters
    ----------
    state : str
        State of a service, a number order or an event, or outcome of a plan; case and spaces are forgiven.

    Returns
    -------
    tuple of (str, str)
        One character, and ``good``, ``info``, ``warn``, ``bad`` or ``plain``. A state that is not known has ``?``.

    Examples
    --------
    >>> state_mark("PROVISIONED"), state_mark("FAILED"), state_mark("not tried"), state_mark("SOMETHING_NEW")
    (('✓', 'good'), ('✕', 'bad'), ('–', 'plain'), ('?', 'warn'))
    """
    if is_missing(state):
        return _NOTHING
    return _MARKS.get(str(state).strip().upper().replace(" ", "_"), _UNKNOWN)


def state_text(state: Any) -> str:
    """Return a state in words; one that is not known stays the API's own word.

    Examples
    --------
    >>> state_text("IN_PROGRESS"), state_text("NOT_CONFIGURED"), state_text("SOMETHING_NEW")
    ('in progress', 'not configured', 'SOMETHING_NEW')
    """
    if is_missing(state):
        return ""
    text = readable(state)
    return text.lower().replace("_", " ") if text in _MARKS else text


def region_name(code: Any) -> str:
    """Return the English name of a region, ``""`` when the code is not known.

    Examples
    --------
    >>> region_name("SE"), region_name("NA"), region_name("ZZ")
    ('Sweden', 'Namibia', '')
    """
    return "" if is_missing(code) else REGION_NAMES.get(str(code).strip().upper(), "")


def region_text(code: Any, name: Any = "") -> str:
    """Return a region as name and code.

    Parameters
    ----------
    code : str
        ISO 3166-1 alpha-2.
    name : str, default ""
        Name that the API gives; it wins over this package's own.

    Returns
    -------
    str
        The code alone when there is no name.

    Examples
    --------
    >>> region_text("SE"), region_text("ZZ"), region_text("GB", "Great Britain"), region_text(None)
    ('Sweden (SE)', 'ZZ', 'Great Britain (GB)', '')
    """
    if is_missing(code):
        return ""
    known = region_name(code) if is_missing(name) else readable(name)
    return f"{known} ({readable(code)})" if known else readable(code)
