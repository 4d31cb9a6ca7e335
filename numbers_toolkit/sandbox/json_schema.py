"""Check a value against the part of JSON Schema that the sandbox's requirements are written in.

Known words: ``type``, ``enum``, ``minLength``, ``maxLength``, ``pattern``, ``minimum``, ``maximum``, ``required``,
``properties``, ``additionalProperties`` (false), ``items``, ``minItems``. Others say nothing about a value here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def violations(value: Any, schema: Mapping[str, Any], path: str) -> list[tuple[str, str]]:
    """Return what is wrong with a value: pairs of JSON path and description, in the order of the schema.

    Parameters
    ----------
    value : object
        Decoded JSON.
    schema : mapping
        Its JSON Schema.
    path : str
        Where the value stands, to begin the paths with.

    Examples
    --------
    >>> schema = {"type": "object", "required": ["city"], "properties": {"code": {"pattern": "^[0-9]{5}$"}}}
    >>> violations({"code": "12"}, schema, "data[0]")
    [('data[0].city', 'must be given'), ('data[0].code', 'must match ^[0-9]{5}$')]
    """
    return list(_violations(value, schema, path))


def _violations(value: Any, schema: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    wanted = schema.get("type")
    if wanted and not _is(value, wanted):
        yield path, f"must be {'an' if wanted[0] in 'aeiou' else 'a'} {wanted}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield path, f"must be one of {', '.join(map(str, schema['enum']))}"
    elif isinstance(value, str):
        yield from _text(value, schema, path)
    elif isinstance(value, dict):
        yield from _object(value, schema, path)
    elif isinstance(value, list):
        yield from _array(value, schema, path)
    elif isinstance(value, int | float):
        yield from _number(value, schema, path)


def _is(value: Any, wanted: str) -> bool:
    # In Python a truth value is a whole number as well; in JSON it is not.
    return isinstance(value, TYPES[wanted]) and (wanted == "boolean" or not isinstance(value, bool))


def _text(value: str, schema: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    if len(value) < schema.get("minLength", 0):
        yield path, _too_short(schema["minLength"], "characters")
    elif len(value) > schema.get("maxLength", len(value)):
        yield path, f"must have at most {schema['maxLength']} characters"
    elif "pattern" in schema and not re.search(_whole(schema["pattern"]), value):
        yield path, f"must match {schema['pattern']}"


def _too_short(least: int, what: str) -> str:
    return "must not be empty" if least == 1 else f"must have at least {least} {what}"


def _whole(pattern: str) -> str:
    # In Python a dollar also matches before a line feed at the end; in JSON Schema it does not.
    return pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern


def _number(value: float, schema: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    if value < schema.get("minimum", value):
        yield path, f"must be at least {schema['minimum']}"
    if value > schema.get("maximum", value):
        yield path, f"must be at most {schema['maximum']}"


def _object(value: dict[str, Any], schema: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{path}.{name}", "must be given"
    for name, part in properties.items():
        if name in value:
            yield from _violations(value[name], part, f"{path}.{name}")
    if schema.get("additionalProperties") is False:
        for name in value.keys() - properties.keys():
            yield f"{path}.{name}", "is not a field of this registration"


def _array(value: list[Any], schema: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    if len(value) < schema.get("minItems", 0):
        yield path, _too_short(schema["minItems"], "entries")
    for position, item in enumerate(value):
        yield from _violations(item, schema.get("items", {}), f"{path}[{position}]")
