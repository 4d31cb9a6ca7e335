"""Registration data against what is asked for: is it JSON, does it fit the schema, is a template filled in.

Faults name fields and rules, never a value. Nothing is fetched: a schema that refers to something outside itself
is checked as far as it goes, and a note says what was left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation.given_papers import PHONE_NUMBER
from numbers_toolkit.activation.paper_words import in_words
from numbers_toolkit.activation.schema_checking import SchemaChecker
from numbers_toolkit.activation.schema_reading import BODY, DATA, DETAILS, TO_FILL_IN, SchemaReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numbers_toolkit.activation.schema_reading import RequiredField
    from numbers_toolkit.payloads import Hidden

__all__ = ["Findings", "check_against_schema", "check_values", "missing_of_template"]

#: Faults told of one set of papers; whoever has more than these has the wrong data.
_MOST_FAULTS: Final = 40
_PLAIN: Final = (str, bool, int, type(None))

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Findings:
    """What a check found: faults, and notes on what could not be checked."""

    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def check_values(details: Hidden) -> list[str]:
    """Return what in data can't be sent as it is, by field: no JSON, or still to be filled in.

    Parameters
    ----------
    details : Hidden
        The details of a registration.

    Returns
    -------
    list of str
        Faults; empty when all of it can be sent.

    Examples
    --------
    >>> from numbers_toolkit.payloads import Hidden
    >>> check_values(Hidden({"data": [{"shares": float("nan"), "city": "Hobart"}]}))
    ['shares is no number (NaN or infinity); leave it out or write the value']
    """
    entries = _entries(details.value)
    found = _odd_values(details.value, ())
    return _limited([f"{in_words(path, entries=entries) or 'the data'} {text}" for path, text in found])


def _entries(details: Any) -> int:
    data = details.get("data") if isinstance(details, dict) else None
    return len(data) if isinstance(data, list) else 1


def _odd_values(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for name, one in value.items():
            if isinstance(name, str):
                yield from _odd_values(one, (*path, name))
            else:
                yield (
                    (*path, str(name)),
                    f"has a name that is {type(name).__name__}, not text; put it in quotes",
                )
    elif isinstance(value, list):
        for position, one in enumerate(value):
            yield from _odd_values(one, (*path, position))
    elif text := _oddness(value):
        yield path, text


def _oddness(value: Any) -> str:
    """Return what is odd about a single value, ``""`` when it can be sent."""
    if isinstance(value, float):
        return (
            "" if math.isfinite(value) else "is no number (NaN or infinity); leave it out or write the value"
        )
    if not isinstance(value, _PLAIN):
        return f"is {type(value).__name__}, which can't be sent; write it as text or a number"
    if value == TO_FILL_IN:
        return "still holds the dots of the example; write what it is"
    return (
        "" if not isinstance(value, str) or _whole(value) else "holds half a character, which can't be sent"
    )


def _whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_against_schema(details: Hidden, schema: Mapping[str, Any]) -> Findings:
    """Check data against the JSON Schema in the API's answer.

    Parameters
    ----------
    details : Hidden
        The details of a registration, JSON. A value that still waits for the phone number is not judged.
    schema : mapping
        The schema. Which part of the registration it describes is told by its shape.

    Returns
    -------
    Findings
        Faults by field, and what could not be checked.

    Raises
    ------
    MissingDependencyError
        When the package that checks is not installed.

    Examples
    --------
    >>> from numbers_toolkit.payloads import Hidden
    >>> schema = {"required": ["city"], "properties": {"code": {"type": "string", "title": "Postal code"}}}
    >>> check_against_schema(Hidden({"data": [{"code": 7000}]}), schema).faults
    ['city is missing', 'code (Postal code) must be text: put it in quotes']
    """
    checker = SchemaChecker(schema)
    entries = _entries(details.value)
    waiting = set(_waiting(details.value, ()))
    texts: dict[str, None] = {}
    for prefix, instance in _instances(details.value, SchemaReader(schema).place()):
        for path, text in checker.faults(instance):
            place = (*prefix, *path)
            if place not in waiting:
                texts.setdefault(f"{in_words(_within(place), entries=entries) or 'the data'} {text}")
    return Findings(_limited(list(texts)), list(checker.notes))


def _limited(texts: list[str]) -> list[str]:
    more = len(texts) - _MOST_FAULTS
    return texts if more <= 0 else [*texts[:_MOST_FAULTS], f"and {more} more"]


def _within(place: Path) -> Path:
    """Return a place as counted from the details on."""
    return place[1:] if place[:1] == ("requestDetails",) else place


def _instances(details: dict[str, Any], place: str) -> Iterator[tuple[Path, Any]]:
    """Yield what is to be checked, with where it stands."""
    if place == BODY:
        yield (), {"requestDetails": details}
    elif place == DETAILS:
        yield (), details
    elif place == DATA:
        yield ("data",), details.get("data", [])
    else:
        data = details.get("data")
        for position, entry in enumerate(data if isinstance(data, list) else [data or {}]):
            yield ("data", position), entry


def _waiting(value: Any, path: Path) -> Iterator[Path]:
    """Yield where the data waits for the phone number."""
    if isinstance(value, str):
        if PHONE_NUMBER in value:
            yield path
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _waiting(one, (*path, name))
    elif isinstance(value, list):
        for position, one in enumerate(value):
            yield from _waiting(one, (*path, position))


def missing_of_template(details: Hidden, fields: Sequence[RequiredField]) -> list[str]:
    """Return the fields of a template that the data does not have, by name.

    Examples
    --------
    >>> from numbers_toolkit.activation.template_reading import fields_of_templates
    >>> from numbers_toolkit.payloads import Hidden
    >>> fields = fields_of_templates([{"city": "", "contact": {"email": ""}}])
    >>> missing_of_template(Hidden({"data": [{"city": "Hobart"}]}), fields)
    ['contact.email']
    """
    given = set(_names(details.value))
    return [one.path for one in fields if one.required is not False and one.name not in given]


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield str(name)
            yield from _names(one)
    elif isinstance(value, list):
        for one in value:
            yield from _names(one)
