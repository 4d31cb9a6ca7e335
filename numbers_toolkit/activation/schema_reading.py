"""Which fields a JSON Schema asks for, and data of its shape to start from.

The API's requirements are free-form, so nothing here takes anything for granted: what is not understood is left
out, and what never ends (a schema that refers to itself) is cut. Nothing is fetched from anywhere, and no data is
checked.

Source of the vocabulary: JSON Schema, drafts 4 to 2020-12.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

__all__ = [
    "BODY",
    "DATA",
    "DETAILS",
    "ENTRY",
    "TO_FILL_IN",
    "TYPES",
    "RequiredField",
    "SchemaReader",
    "words",
]

#: What of a registration a schema describes: one entry of its data, the data, the details, or the whole body.
ENTRY: Final = "entry"
DATA: Final = "data"
DETAILS: Final = "details"
BODY: Final = "body"

#: Stands where a person has to write something.
TO_FILL_IN: Final = "..."
TYPES: Final = ("string", "integer", "number", "boolean", "array", "object")

_DEEPEST: Final = 12
_MOST_FIELDS: Final = 500
_MOST_REFERENCES: Final = 16
#: Parts looked at in all: a short schema that refers to itself twice doubles at every level.
_MOST_PARTS: Final = 5_000
_EXAMPLES: Final[Mapping[str, Any]] = {"integer": 0, "number": 0, "boolean": True}
_ONE: Final = {" characters": " character", " entries": " entry"}
#: Lower bound, upper bound, what they count.
_BOUNDS: Final = (
    ("minLength", "maxLength", " characters"),
    ("minItems", "maxItems", " entries"),
    ("minimum", "maximum", ""),
    ("exclusiveMinimum", "exclusiveMaximum", " (excluded)"),
)
_INNER_NAMES: Final[Mapping[str, tuple[str, ...]]] = {BODY: ("requestDetails", "data"), DETAILS: ("data",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredField:
    """One field of a registration, as far as the API's answer tells.

    Parameters
    ----------
    name : str
        Its name.
    path : str
        Where it stands in an entry: ``address.city``; ``[]`` stands for each element of a list, ``[0]`` for its
        first.
    title, description : str
        What a person is told about it.
    required : bool or None
        Whether it has to be given; None when the answer does not say.
    type, format : str
        JSON Schema's words, ``string`` and ``email`` for example.
    pattern : str
        Regular expression that its text has to match.
    allowed : tuple of str
        The only values it may have.
    limits : tuple of str
        Lengths and bounds in words.
    example : str
        A value it could have.
    """

    name: str
    path: str
    title: str = ""
    description: str = ""
    required: bool | None = None
    type: str = ""
    format: str = ""
    pattern: str = ""
    allowed: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    example: str = ""


class SchemaReader:
    """Read one JSON Schema, or a part of one.

    Parameters
    ----------
    schema : mapping
        A JSON Schema; of one that is broken, what can be read is read.

    Examples
    --------
    >>> reader = SchemaReader({"required": ["city"], "properties": {"city": {"maxLength": 40}}})
    >>> [(one.path, one.required, one.limits) for one in reader.fields()], reader.example(), reader.place()
    ([('city', True, ('at most 40 characters',))], {'city': '...'}, 'entry')
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._root = schema
        self._parts_left = _MOST_PARTS

    def place(self) -> str:
        """Return what of a registration the schema describes.

        The API's description does not say, so the shape decides: a property ``requestDetails`` means the whole
        body, one named ``data`` that is no plain value the details, a list the data, and anything else one entry
        of the data.
        """
        self._parts_left = _MOST_PARTS
        node = self.resolved(self._root)
        properties = self._properties(node)
        if "requestDetails" in properties:
            return BODY
        if "data" in properties and _type(self.resolved(properties["data"][0])) in ("", "array", "object"):
            return DETAILS
        return DATA if _type(node) == "array" else ENTRY

    def fields(self) -> tuple[RequiredField, ...]:
        """Return the fields, in the schema's order, each once; at most five hundred."""
        found: dict[str, RequiredField] = {}
        for one in self._walk(self._content(), "", required=True, depth=0):
            before = found.get(one.path)
            # A field may be named by several parts of a schema; the one that requires it counts.
            if before is None or (one.required and not before.required):
                found[one.path] = one
            if len(found) >= _MOST_FIELDS:
                break
        return tuple(found.values())

    def example(self) -> Any:
        """Return data of this shape, with dots to fill in: what is required, or everything where nothing is."""
        place = self.place()
        data = self._example(self._content(), 0)
        return {"data": data if isinstance(data, list) else [data]} if place in _INNER_NAMES else data

    def field(self, path: str, *, required: bool | None) -> RequiredField:
        """Return the schema itself as a field."""
        return _field(self.resolved(self._root), path, required=required)

    def _content(self) -> dict[str, Any]:
        """Return the part that describes the data or an entry of it."""
        node = self.resolved(self._root)
        for name in _INNER_NAMES.get(self.place(), ()):
            properties = self._properties(node)
            if name not in properties:
                return node
            node = self.resolved(properties[name][0])
        if _type(node) == "array" and not _positions(node) and isinstance(node.get("items"), Mapping):
            return self.resolved(node["items"])
        return node

    def resolved(self, node: Any) -> dict[str, Any]:
        """Return a part with the references to other parts followed; what is no schema object reads as empty.

        Parameters
        ----------
        node : object
            A part of the schema.

        Returns
        -------
        dict
            A copy. Empty, too, once so many parts were looked at that the schema must be running in circles.

        Examples
        --------
        >>> SchemaReader({"$defs": {"code": {"type": "string"}}}).resolved({"$ref": "#/$defs/code", "title": "Code"})
        {'type': 'string', 'title': 'Code'}
        """
        if self._parts_left <= 0:
            return {}
        self._parts_left -= 1
        found = dict(node) if isinstance(node, Mapping) else {}
        for _ in range(_MOST_REFERENCES):
            reference = found.pop("$ref", None)
            if not isinstance(reference, str):
                break
            found = {**_target(reference, self._root), **found}
        return found

    def _walk(
        self, node: dict[str, Any], path: str, *, required: bool, depth: int
    ) -> Iterator[RequiredField]:
        """Yield the fields below a part; the part itself when it has none and is not the root."""
        inner = self._inner(node, path, required=required) if depth < _DEEPEST else []
        for child, child_path, child_required in inner:
            yield from self._walk(child, child_path, required=child_required, depth=depth + 1)
        if not inner and path:
            yield _field(node, path, required=required)

    def _inner(
        self, node: dict[str, Any], path: str, *, required: bool
    ) -> list[tuple[dict[str, Any], str, bool]]:
        found = [
            (self.resolved(child), f"{path}.{name}" if path else name, required and wanted)
            for name, (child, wanted) in self._properties(node).items()
        ]
        positions = _positions(node)
        for position, child in enumerate(positions):
            found.append((self.resolved(child), f"{path}[{position}]", required))
        if isinstance(node.get("items"), Mapping) and not positions:
            child = self.resolved(node["items"])
            # A list of plain values is one field; a list of groups is asked for field by field.
            if self._properties(child) or _type(child) == "array":
                found.append((child, f"{path}[]", required))
        return found

    def _properties(self, node: Mapping[str, Any], depth: int = 0) -> dict[str, tuple[Any, bool]]:
        """Return the properties of an object by name, each with whether it is required."""
        names = node.get("required")
        required = [one for one in names if isinstance(one, str)] if isinstance(names, list) else []
        own = node.get("properties")
        found = {str(name): (child, False) for name, child in own.items()} if isinstance(own, Mapping) else {}
        for part, binding in _parts(node) if depth < _DEEPEST else ():
            for name, (child, wanted) in self._properties(self.resolved(part), depth + 1).items():
                before, before_wanted = found.get(name, (child, False))
                found[name] = (before, before_wanted or (wanted and binding))
        for name in required:
            found[name] = (found[name][0] if name in found else {}, True)
        return found

    def _example(self, node: dict[str, Any], depth: int) -> Any:
        given = _sample(node)
        if given is not None:
            return given
        properties = self._properties(node) if depth < _DEEPEST else {}
        if properties:
            wanted = {name: child for name, (child, required) in properties.items() if required}
            chosen = wanted or {name: child for name, (child, _) in properties.items()}
            return {name: self._example(self.resolved(child), depth + 1) for name, child in chosen.items()}
        if _type(node) == "array" and depth < _DEEPEST:
            children = _positions(node) or [node.get("items")]
            return [self._example(self.resolved(child), depth + 1) for child in children]
        return _EXAMPLES.get(_type(node), TO_FILL_IN)


def _target(reference: str, root: Any) -> Mapping[str, Any]:
    """Return the part of a schema that a reference within it names, empty for any other reference."""
    place, _, pointer = reference.partition("#")
    if place or not (pointer == "" or pointer.startswith("/")):
        return {}
    node = root
    for part in pointer.split("/")[1:]:
        name = unquote(part).replace("~1", "/").replace("~0", "~")
        if isinstance(node, Mapping):
            node = node.get(name)
        elif isinstance(node, list) and name.isdecimal() and int(name) < len(node):
            node = node[int(name)]
        else:
            return {}
    return node if isinstance(node, Mapping) else {}


def _parts(node: Mapping[str, Any]) -> Iterator[tuple[Any, bool]]:
    """Yield the parts a schema is put together from, each with whether it always holds."""
    for word in ("allOf", "anyOf", "oneOf"):
        parts = node.get(word)
        for part in parts if isinstance(parts, list) else ():
            yield part, word == "allOf"
    for word in ("then", "else"):
        if word in node:
            yield node[word], False


def _positions(node: Mapping[str, Any]) -> Sequence[Any]:
    """Return the schemas of a list's first elements, where each has its own."""
    for word in ("prefixItems", "items"):
        if isinstance(node.get(word), list):
            found: list[Any] = node[word]
            return found[:_MOST_FIELDS]
    return ()


def _type(node: Mapping[str, Any]) -> str:
    told = node.get("type")
    if isinstance(told, list):
        told = next((one for one in told if one in TYPES), None)
    if isinstance(told, str):
        return told
    if "properties" in node:
        return "object"
    return "array" if "items" in node or "prefixItems" in node else ""


def _field(node: Mapping[str, Any], path: str, *, required: bool | None) -> RequiredField:
    return RequiredField(
        name=path.rpartition(".")[2],
        path=path,
        title=words(node.get("title")),
        description=words(node.get("description")),
        required=required,
        type=_type(node),
        format=words(node.get("format")),
        pattern=words(node.get("pattern")),
        allowed=tuple(words(one) for one in _allowed(node)),
        limits=_limits(node),
        example=words(_sample(node, only_given=True)),
    )


def _allowed(node: Mapping[str, Any]) -> list[Any]:
    told = node.get("enum")
    if isinstance(told, list):
        return told
    return [node["const"]] if "const" in node else []


def _limits(node: Mapping[str, Any]) -> tuple[str, ...]:
    """Return lengths and bounds in words.

    Examples
    --------
    >>> _limits({"minLength": 1, "maxLength": 40}), _limits({"maximum": 9}), _limits({"minItems": 1})
    (('1 to 40 characters',), ('at most 9',), ('at least 1 entry',))
    """
    told = []
    for least, most, what in _BOUNDS:
        lower, upper = (node.get(name) if _is_number(node.get(name)) else None for name in (least, most))
        if lower is not None and upper is not None:
            told.append(f"{lower:,} to {upper:,}{what}")
        elif lower is not None:
            told.append(f"at least {lower:,}{_ONE.get(what, what) if lower == 1 else what}")
        elif upper is not None:
            told.append(f"at most {upper:,}{what}")
    step = node.get("multipleOf")
    return (*told, f"a multiple of {step}") if _is_number(step) else tuple(told)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _sample(node: Mapping[str, Any], *, only_given: bool = False) -> Any:
    """Return the example that a schema gives, or else the first value it allows; None without either."""
    examples = node.get("examples")
    given = [*(examples if isinstance(examples, list) else []), node.get("example"), node.get("default")]
    allowed = [] if only_given else _allowed(node)
    return next((one for one in (*given, *allowed) if one is not None), None)


def words(value: Any) -> str:
    """Return a JSON value as text: text as it stands, nothing as nothing, anything else as JSON.

    Examples
    --------
    >>> words("Hobart"), words(None), words([1, True])
    ('Hobart', '', '[1, true]')
    """
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False, default=str)
