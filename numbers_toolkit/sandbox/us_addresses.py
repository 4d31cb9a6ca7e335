"""Whether a US address is good as it was written: rules in place of a directory of real streets.

==================  ====================================================================================
result              when
==================  ====================================================================================
``EXACT_MATCH``     nothing below applies
``NEAR_MATCH``      spaces too many, a state written out or in small letters, a street type written out
                    (``Avenue``), a postal code of nine digits in one field, no four digits after it
``NO_MATCH``        a street number without a digit, no such state, a postal code that is not five digits,
                    that does not exist or that belongs to another state
==================  ====================================================================================

What was corrected, or what does not fit, is told in parts joined by a vertical bar. The four digits that complete a
postal code are made up, the same for the same address. All of it is a choice of the sandbox: the API documents the
three results and the shapes, not when they are given. Any street and any city exist.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from numbers_toolkit.sandbox.us_postal_codes import STATES, first_postal_code, states_of

if TYPE_CHECKING:
    from collections.abc import Mapping

STREET_TYPES = {
    "alley": "Aly", "avenue": "Ave", "boulevard": "Blvd", "center": "Ctr", "circle": "Cir", "court": "Ct",
    "crossing": "Xing", "drive": "Dr", "expressway": "Expy", "heights": "Hts", "highway": "Hwy", "junction": "Jct",
    "lane": "Ln", "parkway": "Pkwy", "place": "Pl", "plaza": "Plz", "point": "Pt", "ridge": "Rdg", "road": "Rd",
    "square": "Sq", "station": "Sta", "street": "St", "terrace": "Ter", "trail": "Trl", "turnpike": "Tpke",
    "valley": "Vly", "view": "Vw",
}  # fmt: skip
DIRECTIONS = {
    "north", "east", "south", "west", "northeast", "northwest", "southeast", "southwest",
    "n", "e", "s", "w", "ne", "nw", "se", "sw",
}  # fmt: skip
NINE_DIGITS = re.compile(r"([0-9]{5})-?([0-9]{4})")
FIVE_DIGITS = re.compile(r"[0-9]{5}")
FOUR_DIGITS = re.compile(r"[0-9]{4}")
_CODES = {name.lower(): code for code, name in STATES.items()}

Address = dict[str, str]


@dataclass(frozen=True)
class Verdict:
    """What became of an address: `corrected` is filled on a near match, `candidates` on none."""

    result: str
    message: str = ""
    corrected: Address = field(default_factory=dict)
    candidates: list[Address] = field(default_factory=list)


def judge(address: Mapping[str, str]) -> Verdict:
    """Compare an address with the rules above.

    Parameters
    ----------
    address : mapping
        All seven fields of an emergency address, the optional ones perhaps empty.

    Examples
    --------
    >>> written = dict(streetNumber="1188", streetInfo="Cottonwood Avenue", location="", city="Cheyenne", state="WY")
    >>> verdict = judge(written | {"postalCode": "82001", "postalCodePlusFour": "3310"})
    >>> verdict.result, verdict.message, verdict.corrected["streetInfo"]
    ('NEAR_MATCH', 'street type shortened', 'Cottonwood Ave')
    """
    corrected, parts = _correct(address)
    faults = _faults(corrected)
    if faults:
        return Verdict("NO_MATCH", "|".join(faults), candidates=_candidates(corrected))
    _complete(corrected, parts)
    if not parts:
        return Verdict("EXACT_MATCH")
    return Verdict("NEAR_MATCH", "|".join(parts), corrected)


def _correct(address: Mapping[str, str]) -> tuple[Address, list[str]]:
    """Return the address as it should be written, and what was changed."""
    parts: list[str] = []
    corrected = {name: " ".join(text.split()) for name, text in address.items()}
    if corrected != address:
        parts.append("spaces removed")
    state = corrected["state"]
    corrected["state"] = _CODES.get(state.lower(), state.upper())
    if corrected["state"] != state:
        parts.append("state in capitals" if corrected["state"] == state.upper() else "state shortened")
    street = _short_street(corrected["streetInfo"])
    if street != corrected["streetInfo"]:
        corrected["streetInfo"] = street
        parts.append("street type shortened")
    whole = NINE_DIGITS.fullmatch(corrected["postalCode"])
    if whole:
        corrected["postalCode"], corrected["postalCodePlusFour"] = whole.groups()
        parts.append("postal code divided")
    return corrected, parts


def _short_street(street: str) -> str:
    """Shorten the street type, which stands last or before a direction; it is no type where it stands alone."""
    words = street.split()
    place = len(words) - 1
    if place > 0 and words[place].lower() in DIRECTIONS:
        place -= 1
    if place > 0:
        words[place] = STREET_TYPES.get(words[place].lower(), words[place])
    return " ".join(words)


def _complete(corrected: Address, parts: list[str]) -> None:
    if not FOUR_DIGITS.fullmatch(corrected["postalCodePlusFour"]):
        corrected["postalCodePlusFour"] = _four_digits(corrected)
        parts.append("postal code completed")


def _four_digits(address: Mapping[str, str]) -> str:
    named = "|".join(address[name] for name in ("streetNumber", "streetInfo", "city", "state", "postalCode"))
    digest = hashlib.sha256(named.lower().encode()).digest()
    return str(1000 + int.from_bytes(digest[:4], "big") % 9000)


def _faults(address: Mapping[str, str]) -> list[str]:
    state, postal_code = address["state"], address["postalCode"]
    faults = []
    if not any(character.isdigit() for character in address["streetNumber"]):
        faults.append("street number without a digit")
    if state not in STATES:
        faults.append("no such state")
    if not FIVE_DIGITS.fullmatch(postal_code):
        faults.append("postal code is not five digits")
    elif not states_of(postal_code):
        faults.append("no such postal code")
    elif state in STATES and state not in states_of(postal_code):
        faults.append("postal code belongs to another state")
    return faults


def _candidates(address: Address) -> list[Address]:
    """Return addresses that could have been meant: the state that fits the postal code, and the other way round."""
    if not any(character.isdigit() for character in address["streetNumber"]):
        return []
    state, postal_code = address["state"], address["postalCode"]
    known = states_of(postal_code) if FIVE_DIGITS.fullmatch(postal_code) else []
    found = [address | {"state": code} for code in known]
    if state in STATES:
        found.append(address | {"postalCode": first_postal_code(state), "postalCodePlusFour": ""})
    for candidate in found:
        _complete(candidate, [])
    return found
