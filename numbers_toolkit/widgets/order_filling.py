"""Filling in an order's form from data that a program has, so that nobody types what is known already.

Errors name fields, never a value: what a person registers must not stand in a message, nor in a traceback.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from numbers_toolkit.activation.given_papers import Papers
from numbers_toolkit.activation.paper_words import listed, shown
from numbers_toolkit.activation.schema_reading import BODY, DATA, DETAILS
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.payloads import Hidden
from numbers_toolkit.widgets.order_blanks import field_name, form_field, takes
from numbers_toolkit.widgets.order_places import value_at
from numbers_toolkit.widgets.order_schema import form_places
from numbers_toolkit.widgets.order_values import shown_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numbers_toolkit.widgets.order_places import Path, Place
    from numbers_toolkit.widgets.order_sheet import Sheet

__all__ = ["filled_values"]


def filled_values(sheet: Sheet, given: Hidden) -> Hidden:
    """Return what the fields of a form hold when it is filled in with data; its lists grow as they need.

    Parameters
    ----------
    sheet : Sheet
        What the form asks for.
    given : Hidden
        Data as :class:`numbers_toolkit.Papers` takes it.

    Returns
    -------
    Hidden
        Values by field.

    Raises
    ------
    InvalidInputError
        When the form has no place for something, or does not offer a value. Nothing was changed then.

    Examples
    --------
    >>> from numbers_toolkit.activation.requirements import read_requirements
    >>> from numbers_toolkit.widgets.order_sheet import Sheet
    >>> asked = {"fields": {"schema": {"properties": {"city": {"type": "string"}}}}}
    >>> sheet = Sheet(read_requirements(asked, "SE", "LOCAL"))
    >>> filled_values(sheet, Hidden({"city": "Umeå"})).value
    {'data/city': 'Umeå'}
    >>> filled_values(sheet, Hidden({"citty": "Umeå"}))
    Traceback (most recent call last):
    numbers_toolkit.errors.InvalidInputError: The form for SE LOCAL has no place for citty. Did you mean city? ...
    """
    held = _described(sheet, Hidden(Papers(given.value).request_details))
    counts = {**sheet.counts, **dict(_lengths(held.value, ()))}
    places = form_places(sheet.schema or {}, held.value, counts)
    blanks = [one for one in places if one.what == "blank"] if sheet.schema is not None else []
    _refuse_strange(sheet, blanks, held)
    refused = [one for one in blanks if not _takes(one, held)]
    if refused:
        field = form_field(refused[0])
        offered = listed((one["value"] for one in field["options"]), "or")
        raise InvalidInputError(f"{_in_words(refused[0].path)} can be {offered} only. Nothing was filled in.")
    sheet.counts = counts
    return Hidden(
        {
            field_name(one.path): shown_value(one, value)
            for one in blanks
            if (value := value_at(held.value, one.path)) is not None
        }
    )


def _described(sheet: Sheet, details: Hidden) -> Hidden:
    """Return the part of a registration that the schema describes."""
    if sheet.part in (BODY, DETAILS):
        return Hidden({"requestDetails": details.value} if sheet.part == BODY else details.value)
    data = Hidden(details.value.get("data", []))
    if sheet.part == DATA:
        return data
    count = len(data.value) if isinstance(data.value, list) else 1
    if count > 1:
        raise InvalidInputError(
            f"The form for {sheet.needed.kind} holds one entry of data, and {count} were given. Give them to "
            "activate() as papers=nt.Papers(...), without the form. Nothing was filled in."
        )
    return Hidden((data.value[0] if count else {}) if isinstance(data.value, list) else data.value)


def _refuse_strange(sheet: Sheet, blanks: Sequence[Place], held: Hidden) -> None:
    known = {one.path for one in blanks}
    strange = sorted({_in_words(path) for path in _leaves(held, (), known)})
    if strange:
        names = [_in_words(one.path) for one in blanks]
        near = difflib.get_close_matches(strange[0], names, n=1)
        hint = f" Did you mean {shown(near[0])}?" if near else ""
        raise InvalidInputError(
            f"The form for {sheet.needed.kind} has no place for {listed(strange)}.{hint} It has "
            f"{listed(names) or 'no fields'}. Nothing was filled in."
        )


def _takes(blank: Place, held: Hidden) -> bool:
    value = Hidden(value_at(held.value, blank.path))
    return value.value is None or takes(blank, value.value)


def _lengths(value: Any, path: Path) -> Iterator[tuple[Path, int]]:
    """Yield the lists of groups in data, each with its length."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _lengths(one, (*path, name))
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        yield path, len(value)
        for position, one in enumerate(value):
            yield from _lengths(one, (*path, position))


def _leaves(held: Hidden, path: Path, known: set[Path]) -> Iterator[Path]:
    """Yield where data has values that no known place holds."""
    if path in known or held.value is None:
        return
    if isinstance(held.value, dict):
        for name in held.value:
            yield from _leaves(Hidden(held.value[name]), (*path, name), known)
    elif isinstance(held.value, list):
        for position in range(len(held.value)):
            yield from _leaves(Hidden(held.value[position]), (*path, position), known)
    else:
        yield path


def _in_words(path: Path) -> str:
    return ".".join(map(str, path)) or "the data"
