"""Words of the Numbers API, and checks of what a person types before anything is sent.

Lowest layer beside the errors. The enums are open: what the API answers may hold values that are not
listed here and is kept; what is *sent* must be one of them, so that a typing error costs no request.

Source: the enums of the Numbers API's OpenAPI description, version 1.0.3.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from numbers_toolkit.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "CAPABILITIES",
    "EVENT_RESOURCES",
    "EVENT_STATUSES",
    "EVENT_TYPES",
    "NUMBER_TYPES",
    "ORDER_BY",
    "PROVISIONING_STATES",
    "SEARCH_PATTERNS",
    "UNSPECIFIED_STATE",
    "VOICE_TYPES",
    "check_capabilities",
    "check_count",
    "check_number_type",
    "check_number_types",
    "check_order_by",
    "check_pattern",
    "check_phone_number",
    "check_region_code",
    "check_region_codes",
    "check_voice_type",
]

NUMBER_TYPES: Final = ("MOBILE", "LOCAL", "TOLL_FREE")
CAPABILITIES: Final = ("SMS", "VOICE")
SEARCH_PATTERNS: Final = ("START", "CONTAINS", "END")
VOICE_TYPES: Final = ("RTC", "EST", "FAX")
ORDER_BY: Final = ("phoneNumber", "displayName")
#: What a service of a number can be in. The API names the middle three; "nothing configured" and
#: "success" are silence on the wire (an empty id, a null job) and are named here.
PROVISIONING_STATES: Final = ("NOT_CONFIGURED", "PROVISIONED", "WAITING", "IN_PROGRESS", "FAILED")

#: The API's word for a status that it does not know; also what is said of a job without a status, and of a
#: service that this version can't read.
UNSPECIFIED_STATE: Final = "PROVISIONING_STATUS_UNSPECIFIED"

#: What a webhook event can be about, what it tells of, and how that ended: of a number, then of an order.
EVENT_RESOURCES: Final = ("ACTIVE_NUMBER", "NUMBER_ORDER")
EVENT_TYPES: Final = (
    "PROVISIONING_TO_SMS_PLATFORM",
    "DEPROVISIONING_FROM_SMS_PLATFORM",
    "PROVISIONING_TO_CAMPAIGN",
    "DEPROVISIONING_FROM_CAMPAIGN",
    "PROVISIONING_TO_VOICE_PLATFORM",
    "DEPROVISIONING_FROM_VOICE_PLATFORM",
    "NUMBER_ORDER_PROCESSING",
)
EVENT_STATUSES: Final = ("SUCCEEDED", "FAILED", "IN_REVIEW", "BLOCKED", "COMPLETED", "REJECTED", "EXPIRED")

#: ITU-T E.164 allows at most fifteen digits.
MAXIMUM_DIGITS: Final = 15
_MINIMUM_DIGITS = 5
_SEPARATORS = re.compile(r"[\s\-().\u00a0\u2010-\u2015]")


def _one_of(value: object, allowed: tuple[str, ...], what: str) -> str:
    if isinstance(value, str):
        word = re.sub(r"[\s\-]+", "_", value.strip()).upper()
        if word in allowed:
            return word
    raise InvalidInputError(f"{what} {value!r} is not known; use one of {', '.join(allowed)}.")


def _as_list(value: str | Iterable[str] | None) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        # A single wrong value (NaN, a number) is refused by the check that knows what it should be.
        return [value]  # type: ignore[list-item]
    return list(value)


def check_number_type(value: str) -> str:
    """Return a number type in the API's spelling.

    Parameters
    ----------
    value : str
        ``MOBILE``, ``LOCAL`` or ``TOLL_FREE``; case, spaces and hyphens are forgiven.

    Returns
    -------
    str
        The API's spelling.

    Raises
    ------
    InvalidInputError
        For any other value.

    Examples
    --------
    >>> check_number_type("toll-free")
    'TOLL_FREE'
    """
    return _one_of(value, NUMBER_TYPES, "Number type")


def check_number_types(value: str | Iterable[str] | None) -> list[str]:
    """Return number types in the API's spelling, without repeats, in the order given.

    Examples
    --------
    >>> check_number_types(["local", "MOBILE", "local"])
    ['LOCAL', 'MOBILE']
    """
    return list(dict.fromkeys(check_number_type(one) for one in _as_list(value)))


def check_capabilities(value: str | Iterable[str] | None) -> list[str]:
    """Return capabilities (``SMS``, ``VOICE``) in the API's spelling, without repeats.

    Examples
    --------
    >>> check_capabilities("sms")
    ['SMS']
    """
    return list(dict.fromkeys(_one_of(one, CAPABILITIES, "Capability") for one in _as_list(value)))


def check_voice_type(value: str) -> str:
    """Return a voice type (``RTC``, ``EST``, ``FAX``) in the API's spelling.

    Examples
    --------
    >>> check_voice_type("est")
    'EST'
    """
    return _one_of(value, VOICE_TYPES, "Voice type")


def check_region_code(value: object) -> str:
    """Return an ISO 3166-1 alpha-2 region code in upper case.

    Raises
    ------
    InvalidInputError
        When it is not two letters.

    Examples
    --------
    >>> check_region_code("us")
    'US'
    """
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z]{2}", value.strip()):
        return value.strip().upper()
    hint = ""
    if isinstance(value, float):
        hint = " A missing value here is often Namibia's code 'NA', read as 'not available' from a CSV file."
    raise InvalidInputError(
        f"Region code {value!r} is not two letters; use ISO 3166-1 alpha-2, for example 'US' or 'SE'.{hint}"
    )


def check_region_codes(value: str | Iterable[str] | None) -> list[str]:
    """Return region codes in upper case, without repeats, in the order given.

    Examples
    --------
    >>> check_region_codes(["se", "SE", "NA"])
    ['SE', 'NA']
    """
    return list(dict.fromkeys(check_region_code(one) for one in _as_list(value)))


def check_phone_number(value: object) -> str:
    """Return a phone number in E.164: a plus sign and at most fifteen digits.

    Parameters
    ----------
    value : str
        The number; spaces, hyphens, dots and brackets are dropped.

    Returns
    -------
    str
        For example ``"+13075550142"``.

    Raises
    ------
    InvalidInputError
        When the plus sign or the digits are missing, or the value is no text (a number read from a
        spreadsheet as an integer has lost its plus sign and perhaps leading zeros).

    Examples
    --------
    >>> check_phone_number("+1 (307) 555-0142")
    '+13075550142'
    """
    if not isinstance(value, str):
        raise InvalidInputError(
            f"Phone number {value!r} is {type(value).__name__}, not text. Keep numbers as text in E.164, "
            "for example '+13075550142'; numbers_toolkit.read_csv does."
        )
    text = _SEPARATORS.sub("", value)
    if re.fullmatch(rf"\+[1-9]\d{{{_MINIMUM_DIGITS - 1},{MAXIMUM_DIGITS - 1}}}", text, re.ASCII):
        return text
    if re.fullmatch(r"\d+", text, re.ASCII):
        raise InvalidInputError(
            f"Phone number {value!r} has no plus sign; write it in E.164 with the country's calling code, "
            f"for example '+13075550142'."
        )
    raise InvalidInputError(
        f"Phone number {value!r} is not E.164: a plus sign, then {_MINIMUM_DIGITS} to {MAXIMUM_DIGITS} "
        "digits of which the first is not 0."
    )


def check_pattern(pattern: str | None, search_pattern: str = "CONTAINS") -> tuple[str, str] | None:
    """Return a number pattern and its search pattern, checked, or None when there is nothing to match.

    Parameters
    ----------
    pattern : str or None
        Digits, with a leading plus sign for ``START``. Spaces and hyphens are dropped.
    search_pattern : str, default "CONTAINS"
        ``START``, ``CONTAINS`` or ``END``. It is matched against the whole E.164 text.

    Returns
    -------
    tuple of str or None
        Pattern and search pattern.

    Raises
    ------
    InvalidInputError
        Letters, too many digits, a plus sign inside, or ``START`` without a plus sign: the API would
        answer that with an empty list, which looks like "nothing on offer".

    Examples
    --------
    >>> check_pattern("+1 307", "start")
    ('+1307', 'START')
    """
    kind = _one_of(search_pattern, SEARCH_PATTERNS, "Search pattern")
    if pattern is None:
        return None
    if not isinstance(pattern, str):
        raise InvalidInputError(
            f"Pattern {pattern!r} is not text; write digits in quotes, for example '555'."
        )
    if not pattern.strip():
        return None
    text = _SEPARATORS.sub("", pattern)
    if not re.fullmatch(r"\+?\d*", text, re.ASCII):
        raise InvalidInputError(
            f"Pattern {pattern!r} holds something else than digits; only digits and a leading '+' can match."
        )
    digits = len(text.lstrip("+"))
    if not 1 <= digits <= MAXIMUM_DIGITS:
        raise InvalidInputError(
            f"Pattern {pattern!r} has {digits} digits; a phone number has 1 to {MAXIMUM_DIGITS}."
        )
    if kind == "START" and not text.startswith("+"):
        raise InvalidInputError(
            f"A START pattern is matched from the plus sign on, so {pattern!r} would find nothing; write it "
            f"with the calling code, for example '+1{text}' (or '+{text}' if it has it), or use CONTAINS."
        )
    return text, kind


def check_order_by(value: str | None) -> str | None:
    """Return an ``orderBy`` value in the API's spelling.

    Examples
    --------
    >>> check_order_by("phone_number")
    'phoneNumber'
    """
    if value is None:
        return None
    for known in ORDER_BY:
        if isinstance(value, str) and value.replace("_", "").lower() == known.lower():
            return known
    raise InvalidInputError(f"Order {value!r} is not known; use one of {', '.join(ORDER_BY)}.")


def check_count(value: int, what: str) -> int:
    """Return a count of at least one.

    Examples
    --------
    >>> check_count(5, "size")
    5
    """
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise InvalidInputError(f"{what} {value!r} is not a whole number.")
    number = value.__index__()
    if number < 1:
        raise InvalidInputError(f"{what} {number} is too small; it must be at least 1.")
    return number
