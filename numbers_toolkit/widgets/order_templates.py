"""Templates of a registration as a schema, so that a form is made of them like of any other.

A template looks like the data to be sent, with empty or sample values, or descriptions in the place of values.
Whether a field of it is required is not known, unless it says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from numbers_toolkit.activation.schema_reading import TYPES

__all__ = ["schema_of_templates"]

_DEEPEST: Final = 12
_FLAGS: Final = ("required", "mandatory")


def schema_of_templates(templates: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a schema of what templates name; a sample becomes a proposal for its value.

    Parameters
    ----------
    templates : sequence of mapping
        Fields by name, or JSON Schemas. Several are put together.

    Returns
    -------
    dict
        JSON Schema of one entry of the data.

    Examples
    --------
    >>> schema_of_templates([{"city": "", "country": "AU", "contact": {"email": None}}])["properties"]
    {'city': {'type': 'string'}, 'country': {'type': 'string', 'default': 'AU'},
     'contact': {'type': 'object', 'properties': {'email': {}}}}
    """
    parts = [one if isinstance(one.get("properties"), Mapping) else _group(one, 0) for one in templates]
    return dict(parts[0]) if len(parts) == 1 else {"type": "object", "allOf": parts}


def _group(template: Mapping[str, Any], depth: int) -> dict[str, Any]:
    properties = {str(name): _field(value, depth) for name, value in template.items()}
    required = [str(name) for name, value in template.items() if _is_required(value)]
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}


def _field(value: Any, depth: int) -> dict[str, Any]:
    if isinstance(value, Mapping):
        if _describes(value):
            # Here a flag stands where JSON Schema has the names of required fields.
            return {
                word: told for word, told in value.items() if not (word in _FLAGS and isinstance(told, bool))
            }
        return _group(value, depth + 1) if value and depth < _DEEPEST else {"type": "object"}
    if isinstance(value, list):
        inner = value[0] if len(value) == 1 and depth < _DEEPEST else None
        return {"type": "array", "items": _field(inner, depth + 1) if inner is not None else {}}
    return _sample(value)


def _sample(value: Any) -> dict[str, Any]:
    """Return what a sample tells of a value: its type, and itself as a proposal where it is more than a filler."""
    types: tuple[tuple[type, str], ...] = (
        (bool, "boolean"),
        (int, "number"),
        (float, "number"),
        (str, "string"),
    )
    kind = next((name for one, name in types if isinstance(value, one)), "")
    told: dict[str, Any] = {"type": kind} if kind else {}
    return {**told, "default": value} if kind and value else told


def _describes(value: Mapping[str, Any]) -> bool:
    return value.get("type") in TYPES or any(isinstance(value.get(word), bool) for word in _FLAGS)


def _is_required(value: Any) -> bool:
    return isinstance(value, Mapping) and any(value.get(word) is True for word in _FLAGS)
