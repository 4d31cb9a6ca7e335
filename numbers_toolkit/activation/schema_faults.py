"""What a JSON Schema refuses, in words: the field, the rule and what would fit, never the value.

The checker's own messages quote the data; none of them is used.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation.paper_words import listed, shown
from numbers_toolkit.activation.schema_reading import words
from numbers_toolkit.activation.text_formats import FORMATS
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["fault_texts"]

Fault = tuple[tuple[str | int, ...], str]

_TYPE_WORDS: Final = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "True or False",
    "array": "a list",
    "object": "a group of fields",
    "null": "None",
}
_LONGEST_ABOUT: Final = 160
_DEEPEST: Final = 6


def fault_texts(error: Any) -> list[Fault]:
    """Return what is wrong: pairs of where, counted from what was checked, and what, beginning after the field.

    Parameters
    ----------
    error : jsonschema.ValidationError
        What the checker found.
    """
    return list(_faults(error, 0))


def _faults(error: Any, depth: int) -> Iterator[Fault]:
    path = tuple(error.absolute_path)
    word = error.validator
    if word in _OF_NAMES and isinstance(error.instance, Mapping):
        yield from ((path if name is None else (*path, name), text) for name, text in _OF_NAMES[word](error))
    elif word in ("anyOf", "oneOf") and error.context and depth < _DEEPEST:
        for inner in _nearest(error.context):
            yield from _faults(inner, depth + 1)
    else:
        yield path, f"{_title(error.schema)}{_text(error)}"


def _nearest(context: Any) -> list[Any]:
    """Return the faults of the alternative that comes closest."""
    branches: dict[Any, list[Any]] = {}
    for one in context:
        branches.setdefault(one.schema_path[0] if one.schema_path else None, []).append(one)
    # An alternative of another type is further away than one in which a field is wrong.
    return min(
        branches.values(), key=lambda found: (any(one.validator == "type" for one in found), len(found))
    )


def _title(schema: Any) -> str:
    title = words(schema.get("title")) if isinstance(schema, Mapping) else ""
    return f"({shown(title)}) " if title else ""


def _about(schema: Any) -> str:
    """Return what the schema says of a field, since a pattern alone helps few people."""
    told = words(schema.get("description")) if isinstance(schema, Mapping) else ""
    return f" ({shown(told, _LONGEST_ABOUT)})" if told else ""


def _text(error: Any) -> str:
    word, value = error.validator, error.validator_value
    if word is None:
        # A schema that is plainly false; the checker does not say where it stands.
        return "has something that must not be given"
    rule = _RULES.get(word)
    if rule is None:
        return f"does not fit the rule {shown(word)}"
    return rule(error, value)


def _type(error: Any, value: Any) -> str:
    types = value if isinstance(value, list) else [value]
    hint = ""
    if "string" in types and isinstance(error.instance, (int, float)):
        hint = ": put it in quotes"
    elif {"integer", "number"} & set(map(str, types)) and isinstance(error.instance, str):
        hint = ": write it without quotes"
    return f"must be {listed((_TYPE_WORDS.get(str(one), one) for one in types), 'or')}{hint}"


def _enum(_error: Any, value: Any) -> str:
    return f"must be one of {listed((words(one) for one in value), 'or')}"


def _min_length(error: Any, value: Any) -> str:
    return f"must have at least {counted(value, 'character')}" if error.instance else "must not be empty"


def _format(error: Any, value: Any) -> str:
    known = FORMATS.get(value)
    return f"must be {known.words if known else shown(value)}{_about(error.schema)}"


def _limit(form: str) -> Callable[[Any, Any], str]:
    return lambda _error, value: form.format(value)


_RULES: Final[Mapping[str, Callable[[Any, Any], str]]] = {
    "type": _type,
    "enum": _enum,
    "const": lambda _error, value: f"must be {shown(words(value))}",
    "pattern": lambda error, value: f"does not match {shown(value)}{_about(error.schema)}",
    "format": _format,
    "minLength": _min_length,
    "maxLength": lambda _error, value: f"must have at most {counted(value, 'character')}",
    "minimum": _limit("must be at least {}"),
    "maximum": _limit("must be at most {}"),
    "exclusiveMinimum": _limit("must be more than {}"),
    "exclusiveMaximum": _limit("must be less than {}"),
    "multipleOf": _limit("must be a multiple of {}"),
    "minItems": lambda _error, value: f"must have at least {counted(value, 'entry', 'entries')}",
    "maxItems": lambda _error, value: f"must have at most {counted(value, 'entry', 'entries')}",
    "uniqueItems": lambda _error, _value: "has an entry twice",
    "oneOf": lambda _error, _value: "fits several of the forms of which it may fit one only",
    "not": lambda _error, _value: "is of a form that is ruled out",
}


def _required(error: Any) -> Iterator[tuple[str | None, str]]:
    for name in error.validator_value:
        if name not in error.instance:
            properties = error.schema.get("properties")
            wanted = properties.get(name) if isinstance(properties, Mapping) else None
            yield name, f"{_title(wanted)}is missing"


def _unknown(error: Any) -> Iterator[tuple[str | None, str]]:
    properties = error.schema.get("properties")
    known = [str(one) for one in properties] if isinstance(properties, Mapping) else []
    extra = [str(one) for one in error.instance if one not in known]
    # Here names may be allowed by more than the list of properties; which one is meant can't be told.
    if error.validator == "unevaluatedProperties" or "patternProperties" in error.schema or not extra:
        yield None, "has fields that are not asked for"
        return
    for name in extra:
        near = difflib.get_close_matches(name, [one for one in known if one not in error.instance], n=1)
        yield name, f"is no field that is asked for{f'; did you mean {shown(near[0])}?' if near else ''}"


def _dependent(error: Any) -> Iterator[tuple[str | None, str]]:
    value = error.validator_value
    for name, others in value.items() if isinstance(value, Mapping) else ():
        missing = [one for one in others if one not in error.instance] if isinstance(others, list) else []
        if name in error.instance and missing:
            yield name, f"needs {listed(missing)} too"


#: Rules about which fields a group has: they are told of those fields, not of the group.
_OF_NAMES: Final[Mapping[str, Callable[[Any], Iterator[tuple[str | None, str]]]]] = {
    "required": _required,
    "additionalProperties": _unknown,
    "unevaluatedProperties": _unknown,
    "dependentRequired": _dependent,
}
