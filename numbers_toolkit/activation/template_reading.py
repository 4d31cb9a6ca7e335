"""Which fields a template of a registration names.

Some answers give no schema but templates: objects that look like the data to be sent, with empty or sample values,
or with a description in the place of a value. Whether a field of a template is required is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from numbers_toolkit.activation.schema_reading import TO_FILL_IN, TYPES, RequiredField, SchemaReader, words

__all__ = ["example_of_template", "fields_of_templates"]

_DEEPEST: Final = 12
_MOST_FIELDS: Final = 500
_FLAGS: Final = ("required", "mandatory")


def fields_of_templates(templates: Sequence[Mapping[str, Any]]) -> tuple[RequiredField, ...]:
    """Return the fields that templates name, each once.

    Parameters
    ----------
    templates : sequence of mapping
        Fields by name; a value is empty, a sample, a description of the field, or a group of fields. A template
        may also be a JSON Schema.

    Returns
    -------
    tuple of RequiredField
        In the order of the templates; ``required`` is None unless a template says it.

    Examples
    --------
    >>> [one.path for one in fields_of_templates([{"city": "", "contact": {"email": ""}}])]
    ['city', 'contact.email']
    """
    found: dict[str, RequiredField] = {}
    for template in templates:
        for one in _fields(template):
            found.setdefault(one.path, one)
    return tuple(found.values())[:_MOST_FIELDS]


def example_of_template(template: Mapping[str, Any]) -> dict[str, Any]:
    """Return a template with dots where something is to be filled in.

    Examples
    --------
    >>> example_of_template({"city": "", "resale": False, "contact": {"email": None}})
    {'city': '...', 'resale': False, 'contact': {'email': '...'}}
    """
    if _is_schema(template):
        found = SchemaReader(template).example()
        return found if isinstance(found, dict) else {}
    return {str(name): _filled(value, 0) for name, value in template.items()}


def _fields(template: Mapping[str, Any]) -> Iterator[RequiredField]:
    if _is_schema(template):
        yield from SchemaReader(template).fields()
    else:
        yield from _group(template, "", 0)


def _group(group: Mapping[str, Any], path: str, depth: int) -> Iterator[RequiredField]:
    for name, value in group.items():
        place = f"{path}.{name}" if path else str(name)
        inner = value[0] if isinstance(value, list) and len(value) == 1 else value
        if isinstance(inner, Mapping) and _describes(inner):
            told = next((inner[word] for word in _FLAGS if isinstance(inner.get(word), bool)), None)
            yield SchemaReader(inner).field(place, required=told)
        elif isinstance(inner, Mapping) and inner and depth < _DEEPEST:
            yield from _group(inner, place if inner is value else f"{place}[]", depth + 1)
        else:
            yield RequiredField(name=str(name), path=place, example=words(value) if _is_plain(value) else "")


def _is_schema(template: Mapping[str, Any]) -> bool:
    return isinstance(template.get("properties"), Mapping)


def _describes(value: Mapping[str, Any]) -> bool:
    """Whether a part of a template describes a field, rather than being a group of fields."""
    return value.get("type") in TYPES or any(isinstance(value.get(word), bool) for word in _FLAGS)


def _is_plain(value: Any) -> bool:
    return isinstance(value, (str, int, float))


def _filled(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping) and _describes(value):
        return SchemaReader(value).example()
    if isinstance(value, Mapping) and depth < _DEEPEST:
        return {str(name): _filled(one, depth + 1) for name, one in value.items()}
    if isinstance(value, list) and depth < _DEEPEST:
        return [_filled(one, depth + 1) for one in value] or [TO_FILL_IN]
    return value if _is_plain(value) and value != "" else TO_FILL_IN
