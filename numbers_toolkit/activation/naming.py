"""Names for many numbers at once: a template or a table of names, filled in and checked.

A template is text that may come from a file or another person, so it can name columns and nothing else: no
attribute, no index, no call is ever looked up.
"""

from __future__ import annotations

import re
import string
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from numbers_toolkit import vocabulary
from numbers_toolkit.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["LONG_NAME", "NameTemplate", "name_fault", "names_by_number", "national"]

#: The API states no limit for a name; beyond this a person is told.
LONG_NAME: Final = 100
_ROW: Final = "row"
_NATIONAL: Final = "national"
_MAY_BE_EMPTY: Final = "display_name"
_ROW_FORMAT: Final = re.compile(r"0?\d{0,2}d?", re.ASCII)
#: Line breaks and other characters that no name should carry, and half characters, which can't be sent.
_REFUSED_KINDS: Final = ("Cc", "Cs", "Zl", "Zp")
#: Country calling codes of one and two digits; all others have three. Source: ITU-T E.164, assigned codes.
_CALLING_CODE: Final = re.compile(
    r"\+(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})(?=\d)", re.ASCII
)


def national(phone_number: str) -> str:
    """Return a number without its country calling code.

    Examples
    --------
    >>> national("+13075550142"), national("+46701740605"), national("+35845738120")
    ('3075550142', '701740605', '45738120')
    """
    return _CALLING_CODE.sub("", phone_number, count=1)


@dataclass(frozen=True, slots=True)
class _Part:
    """Literal text and the field after it; a field of ``""`` stands for none."""

    literal: str
    field: str
    row_format: str


class NameTemplate:
    """A template of display names.

    Parameters
    ----------
    text : str
        Text with fields in braces: ``{row}`` (from 1, or ``{row:03d}``), ``{national}``, and every column
        of the numbers. Double braces stand for braces.
    columns : iterable of str
        Columns that there are.

    Attributes
    ----------
    fields : tuple of str
        The columns that it uses.

    Raises
    ------
    InvalidInputError
        When it is no template, or names a field that does not exist; those that do are named.

    Examples
    --------
    >>> template = NameTemplate("{region_code} desk {row:02d}", ["region_code"])
    >>> template.fill({"region_code": "SE"}, 7)
    'SE desk 07'
    """

    def __init__(self, text: str, columns: Iterable[str]) -> None:
        known = [str(one) for one in columns]
        try:
            parsed = list(string.Formatter().parse(text))
        except ValueError as error:
            raise InvalidInputError(
                f"display_name {text!r} is no template: {error}. Write fields as {{row}}, and a brace itself twice."
            ) from None
        self._parts = [
            _Part(literal, field or "", spec or "")
            for literal, field, spec, conversion in parsed
            if not _refuse(text, field, spec, conversion, known)
        ]
        used = dict.fromkeys(one.field for one in self._parts if one.field)
        self.fields = tuple(one for one in used if one not in (_ROW, _NATIONAL))

    def missing(self, row: Mapping[str, Any]) -> list[str]:
        """Return the columns that it uses but a row has no value for; a number without a name may get one."""
        return [one for one in self.fields if row.get(one) is None and one != _MAY_BE_EMPTY]

    def fill(self, row: Mapping[str, Any], position: int) -> str:
        """Return the name of one number, without blanks around it.

        Parameters
        ----------
        row : mapping
            Its columns; missing values None.
        position : int
            What ``{row}`` stands for.
        """
        return "".join(one.literal + _value(one, row, position) for one in self._parts).strip()


def _refuse(text: str, field: str | None, spec: str | None, conversion: str | None, known: list[str]) -> bool:
    if field is None:
        return False
    told = f"display_name {text!r} "
    if field not in known and field not in (_ROW, _NATIONAL):
        raise InvalidInputError(
            f"{told}names the field {field!r}, which does not exist; there are "
            f"{', '.join([_ROW, _NATIONAL, *known])}."
        )
    if conversion or (spec and (field != _ROW or not _ROW_FORMAT.fullmatch(spec))):
        raise InvalidInputError(
            f"{told}formats {{{field}}} in a way that is not supported; only {{row}} can be formatted, with leading "
            "zeros, as in {row:03d}."
        )
    return False


def _value(part: _Part, row: Mapping[str, Any], position: int) -> str:
    if part.field == _ROW:
        return format(position, part.row_format)
    if part.field == _NATIONAL:
        return national(str(row["phone_number"]))
    value = row.get(part.field) if part.field else None
    return "" if value is None else str(value)


def names_by_number(given: Mapping[str, Any] | pd.Series[Any]) -> dict[str, str | None]:
    """Return names by phone number, checked; a missing name is None.

    Raises
    ------
    InvalidInputError
        When a key is no phone number, comes twice, or a name is no text.

    Examples
    --------
    >>> names_by_number({"+1 307 555 0142": "Desk"})
    {'+13075550142': 'Desk'}
    """
    pairs = given.items()
    names: dict[str, str | None] = {}
    for key, value in pairs:
        number = vocabulary.check_phone_number(key)
        if number in names:
            raise InvalidInputError(f"display_name names {number} twice; give each number one name.")
        if not isinstance(value, str) and not pd.isna(value):
            raise InvalidInputError(
                f"The display_name of {number} is {type(value).__name__}, not text: {value!r}."
            )
        names[number] = value if isinstance(value, str) else None
    return names


def name_fault(name: str) -> str:
    """Return what is wrong with a name, ``""`` for nothing.

    Examples
    --------
    >>> name_fault("Desk 7"), name_fault("two\\nlines")
    ('', 'the name holds a line break or another control character')
    """
    if any(unicodedata.category(one) in _REFUSED_KINDS for one in name):
        return "the name holds a line break or another control character"
    return ""
