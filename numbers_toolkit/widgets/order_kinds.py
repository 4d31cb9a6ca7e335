"""What kind of field each blank of an order's form is, by what the schema says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation.paper_words import shown
from numbers_toolkit.activation.schema_reading import TYPES, words
from numbers_toolkit.widgets.order_places import allowed_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numbers_toolkit.widgets.order_places import Place

__all__ = ["is_plain_list", "items_of", "kind_of", "not_known", "types_of"]

#: So many choices are seen at once rather than searched.
_FEW: Final = 8
#: Text that may be longer gets room for several lines.
_LONG: Final = 300
_DATES: Final = (r"^\d{4}-\d{2}-\d{2}$", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", r"^\d{4}-\d\d-\d\d$")


def types_of(told: Mapping[str, Any]) -> list[str]:
    """Return the types that a value may have, in the schema's order; empty when it says none that is known.

    Examples
    --------
    >>> types_of({"type": ["null", "string"]}), types_of({"items": {}}), types_of({"type": "money"})
    (['string'], ['array'], [])
    """
    given = told.get("type")
    types = [one for one in (given if isinstance(given, list) else [given]) if one in TYPES]
    if types:
        return types
    if "items" in told:
        return ["array"]
    return ["object"] if any(word in told for word in ("additionalProperties", "patternProperties")) else []


def kind_of(place: Place) -> str:
    """Return the kind of field that a blank needs, one of those of a form.

    Examples
    --------
    >>> from numbers_toolkit.widgets.order_places import Place
    >>> [kind_of(Place(path=("one",), words={"type": one})) for one in ("string", "boolean", "object", "money")]
    ['text', 'switch', 'longtext', 'text']
    """
    told = place.words
    if allowed_values(told):
        return "choice"
    types = types_of(told)
    # Text comes first where a value may also be a number: zeros at its beginning stay.
    if not types or "string" in types or not place.path:
        return _text_kind(told) if place.path else "longtext"
    if types[0] == "boolean":
        return "switch"
    if types[0] in ("integer", "number"):
        return "number"
    if types[0] == "array" and (options := allowed_values(items_of(told))):
        return "checks" if len(options) <= _FEW else "choices"
    return "longtext"


def _text_kind(told: Mapping[str, Any]) -> str:
    if told.get("format") == "date" or told.get("pattern") in _DATES:
        return "date"
    longest = told.get("maxLength")
    return "longtext" if isinstance(longest, int) and longest >= _LONG else "text"


def items_of(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is said of the elements of a list, empty for nothing.

    Examples
    --------
    >>> items_of({"items": {"type": "string"}}), items_of({"items": True})
    ({'type': 'string'}, {})
    """
    items = told.get("items")
    return items if isinstance(items, dict) else {}


def is_plain_list(told: Mapping[str, Any]) -> bool:
    """Whether a value is a list of texts or numbers, which are written one on a line."""
    if types_of(told)[:1] != ["array"]:
        return False
    inner = types_of(items_of(told))
    return not inner or inner[0] not in ("array", "object")


def not_known(place: Place) -> str:
    """Return the schema's word for a kind of value that has no field of its own here, ``""`` for known kinds.

    Examples
    --------
    >>> from numbers_toolkit.widgets.order_places import Place
    >>> not_known(Place(path=("fee",), words={"type": "money"})), not_known(Place(path=("fee",)))
    ('money', '')
    """
    if place.what != "blank" or allowed_values(place.words):
        return ""
    told = place.words.get("type")
    types = told if isinstance(told, list) else [told]
    strange = [one for one in types if one is not None and one not in (*TYPES, "null")]
    return shown(words(strange[0])) if strange and len(strange) == len(types) else ""
