"""What is typed into the blanks of an order's form as JSON, and JSON as what stands in a blank.

No check is made beyond what it takes to read a value.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation.schema_reading import words
from numbers_toolkit.widgets.order_conditions import same_json
from numbers_toolkit.widgets.order_kinds import is_plain_list, items_of, kind_of, types_of
from numbers_toolkit.widgets.order_places import allowed_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numbers_toolkit.widgets.order_places import Place

__all__ = ["NO", "NOTHING", "YES", "known_value", "read_blank", "shown_value"]

#: A blank that was left empty; None would be JSON's null.
NOTHING: Final = object()
#: What the two answers to a question are called in the form.
YES: Final = "true"
NO: Final = "false"


def read_blank(place: Place, typed: Any) -> Any:
    """Return the JSON that what was typed stands for, :data:`NOTHING` for an empty blank.

    Parameters
    ----------
    place : Place
        The blank.
    typed : object
        The field's value: text, a number, or a list of texts.

    Returns
    -------
    object
        Text without blanks around it. What can't be read as the schema has it stays text, for the check to tell.

    Examples
    --------
    >>> from numbers_toolkit.widgets.order_places import Place
    >>> read_blank(Place(path=("staff",), words={"type": "integer"}), "12")
    12
    >>> read_blank(Place(path=("city",)), "  ") is NOTHING
    True
    """
    told = place.words
    if isinstance(typed, str):
        text = typed.strip()
        return NOTHING if not text else _read_text(place, text)
    if isinstance(typed, (list, tuple)):
        items = items_of(told)
        chosen = [_chosen(one, allowed_values(items)) for one in typed]
        return chosen or NOTHING
    if isinstance(typed, float) and typed.is_integer():
        return int(typed)
    return NOTHING if typed is None else typed


def shown_value(place: Place, value: Any) -> Any:
    """Return what stands in the field for a JSON value; the other way round to :func:`read_blank`.

    Examples
    --------
    >>> from numbers_toolkit.widgets.order_places import Place
    >>> tags = Place(path=("tags",), words={"type": "array", "items": {"type": "string"}})
    >>> shown_value(tags, ["one", "two"])
    'one\\ntwo'
    """
    kind = kind_of(place)
    if kind in ("choice", "switch"):
        return words(value)
    if kind in ("checks", "choices"):
        return [words(one) for one in value] if isinstance(value, list) else []
    if kind == "number":
        return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    if is_plain_list(place.words) and isinstance(value, list):
        return "\n".join(words(one) for one in value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, indent=1)
    return words(value)


def known_value(place: Place) -> Any:
    """Return what a blank is filled in with from the start: the only value it may have, or the schema's own proposal.

    Returns
    -------
    object
        JSON, or :data:`NOTHING`.

    Examples
    --------
    >>> from numbers_toolkit.widgets.order_places import Place
    >>> known_value(Place(path=("country",), words={"enum": ["SE"]}, required=True))
    'SE'
    """
    if place.what != "blank":
        return NOTHING
    allowed = allowed_values(place.words)
    if place.required and len(allowed) == 1:
        return allowed[0]
    proposal = place.words.get("default")
    return NOTHING if proposal is None or proposal in ("", [], {}) else proposal


def _read_text(place: Place, text: str) -> Any:
    told = place.words
    if allowed := allowed_values(told):
        return _chosen(text, allowed)
    first = next(iter(types_of(told)), "string") if place.path else "object"
    if "string" in (first, *types_of(told)) and place.path:
        return text
    if is_plain_list(told) and place.path:
        number = types_of(items_of(told))[:1] in (["integer"], ["number"])
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return [_as_json(line) if number else line for line in lines]
    return {YES: True, NO: False}.get(text, text) if first == "boolean" else _as_json(text)


def _chosen(text: Any, allowed: Sequence[Any]) -> Any:
    return next((one for one in allowed if words(one) == text or same_json(one, text)), text)


def _as_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
