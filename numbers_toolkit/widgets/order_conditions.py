"""Whether data that is still being typed meets a condition of a JSON Schema: yes, no, or it can't be told here.

Decides which parts of a form show. Patterns and formats are left alone: a condition that hangs on one can't be told
from half a word, and its fields show in case. Nothing here checks data; that is done before it is sent.

Source of the rules: JSON Schema, drafts 7 to 2020-12.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

__all__ = ["excludes", "holds", "same_json"]

#: True, False, or None for what can't be told.
Answer: TypeAlias = bool | None
Resolve: TypeAlias = Callable[[Any], Mapping[str, Any]]

_DEEPEST: Final = 12
#: Words that restrict nothing.
_SILENT: Final = frozenset(
    (
        "title",
        "description",
        "default",
        "example",
        "examples",
        "$comment",
        "$id",
        "$schema",
        "$defs",
        "definitions",
    )
)
_PYTHON_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (Mapping,),
    "null": (type(None),),
}


def same_json(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same; true is not 1.

    Examples
    --------
    >>> same_json(1, 1.0), same_json(True, 1), same_json([1], [True])
    (True, False, False)
    """
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same_json(one[name], other[name]) for name in one)
    return bool(one == other)


def holds(condition: Any, value: Any, resolve: Resolve, depth: int = 0) -> Answer:
    """Return whether a value meets a schema, None when that can't be told here.

    Parameters
    ----------
    condition : object
        A JSON Schema.
    value : object
        JSON; of a group, only the fields that are filled in so far.
    resolve : callable
        Returns a part of the schema with its references followed.
    depth : int
        How deep in the condition this is.

    Returns
    -------
    bool or None
        As JSON Schema has it, a condition about a field that is not there is met.

    Examples
    --------
    >>> condition = {"properties": {"kind": {"const": "person"}}}
    >>> [holds(condition, value, dict) for value in ({"kind": "person"}, {"kind": "firm"}, {})]
    [True, False, True]
    >>> holds({"pattern": "^A"}, "Alice", dict) is None
    True
    """
    if isinstance(condition, bool):
        return condition
    if depth > _DEEPEST:
        return None
    node = resolve(condition)
    return _all(_word(node, word, value, resolve, depth) for word in node if word not in _SILENT)


def excludes(part: Any, value: Any, resolve: Resolve) -> bool:
    """Whether a value rules out one of several forms: a field of it has a value that this form does not allow.

    Parameters
    ----------
    part : object
        One of the forms, a JSON Schema.
    value : object
        What is filled in so far.
    resolve : callable
        As for :func:`holds`.

    Examples
    --------
    >>> person = {"properties": {"kind": {"const": "person"}}, "required": ["kind", "name"]}
    >>> excludes(person, {"kind": "firm"}, dict), excludes(person, {}, dict)
    (True, False)
    """
    node = resolve(part)
    properties = node.get("properties")
    if not isinstance(value, Mapping) or not isinstance(properties, Mapping):
        return False
    rules = {
        name: {word: child[word] for word in ("const", "enum") if word in child}
        for name in properties
        if name in value and (child := resolve(properties[name]))
    }
    return any(holds(rule, value[name], resolve) is False for name, rule in rules.items())


def _all(answers: Any) -> Answer:
    """Return whether all are true; one that is false settles it, one that can't be told leaves it open."""
    told = list(answers)
    if False in told:
        return False
    return None if None in told else True


def _any(answers: list[Answer]) -> Answer:
    if True in answers:
        return True
    return None if None in answers else False


def _one(answers: list[Answer]) -> Answer:
    if answers.count(True) > 1:
        return False
    return None if None in answers else answers.count(True) == 1


def _word(node: Mapping[str, Any], word: str, value: Any, resolve: Resolve, depth: int) -> Answer:
    rule = node[word]
    if word in ("allOf", "anyOf", "oneOf") and isinstance(rule, list):
        answers = [holds(one, value, resolve, depth + 1) for one in rule]
        return {"allOf": _all, "anyOf": _any, "oneOf": _one}[word](answers)
    if word == "not":
        met = holds(rule, value, resolve, depth + 1)
        return None if met is None else not met
    if word == "properties" and isinstance(rule, Mapping):
        given = value if isinstance(value, Mapping) else {}
        return _all(
            holds(one, given[name], resolve, depth + 1) for name, one in rule.items() if name in given
        )
    known = _RULES.get(word)
    return known(rule, value) if known is not None else None


def _type(rule: Any, value: Any) -> Answer:
    wanted = rule if isinstance(rule, list) else [rule]
    types = tuple(kind for one in wanted for kind in _PYTHON_TYPES.get(str(one), ()))
    if isinstance(value, bool):
        return bool in types
    return isinstance(value, types) or (
        "integer" in wanted and isinstance(value, float) and value.is_integer()
    )


def _required(rule: Any, value: Any) -> Answer:
    if not isinstance(rule, list):
        return None
    return not isinstance(value, Mapping) or all(one in value for one in rule)


def _bound(fits: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Answer]:
    def met(rule: Any, value: Any) -> Answer:
        if not _is_number(rule):
            return None
        return fits(value, rule) if _is_number(value) else True

    return met


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_RULES: Final[Mapping[str, Callable[[Any, Any], Answer]]] = {
    "const": same_json,
    "enum": lambda rule, value: (
        any(same_json(one, value) for one in rule) if isinstance(rule, list) else None
    ),
    "type": _type,
    "required": _required,
    "minimum": _bound(lambda value, rule: bool(value >= rule)),
    "maximum": _bound(lambda value, rule: bool(value <= rule)),
    "exclusiveMinimum": _bound(lambda value, rule: bool(value > rule)),
    "exclusiveMaximum": _bound(lambda value, rule: bool(value < rule)),
}
