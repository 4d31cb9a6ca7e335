"""Which places a form has to be filled in for a JSON Schema, given what is filled in so far.

A schema that came from elsewhere may hold anything. What is understood becomes a place of its own; what is not
becomes one place for the whole part, so that nobody is kept from giving it. Parts that hang on a condition show while
it is met. Nothing is fetched and nothing checked.

Source of the vocabulary: JSON Schema, drafts 4 to 2020-12.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from numbers_toolkit.activation.schema_reading import SchemaReader, words
from numbers_toolkit.widgets.order_conditions import excludes, holds, same_json
from numbers_toolkit.widgets.order_places import TITLES, Path, Place, allowed_values, is_filled, value_at

__all__ = ["MOST_PLACES", "form_places"]

#: More than these nobody fills in by hand; a schema with more is most likely running in circles.
MOST_PLACES: Final = 300
_DEEPEST: Final = 6
_MOST_POSITIONS: Final = 20
_FORMS: Final = ("oneOf", "anyOf")
#: Words about parts of a schema, which are followed rather than shown.
_FOLLOWED: Final = frozenset(
    (
        "properties", "required", "allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas",
        "dependentRequired", "dependencies", "$defs", "definitions", "$schema", "$id",
    )
)  # fmt: skip


def form_places(
    schema: Mapping[str, Any], value: Any = None, counts: Mapping[Path, int] | None = None
) -> tuple[Place, ...]:
    """Return the places of a form in the schema's order, at most :data:`MOST_PLACES`.

    Parameters
    ----------
    schema : mapping
        JSON Schema of what is to be filled in.
    value : object, optional
        What is filled in so far, JSON; conditions are decided by it.
    counts : mapping of tuple to int, optional
        How many groups a list is to have, by its path; one, or what the schema asks for, where nothing is said.

    Returns
    -------
    tuple of Place
        Those whose condition is not met are among them, with ``shown=False``.

    Examples
    --------
    >>> company = {"properties": {"kind": {"enum": ["firm", "person"]}}, "required": ["kind"]}
    >>> company |= {"if": {"properties": {"kind": {"const": "firm"}}}, "then": {"properties": {"vat": {}}}}
    >>> [(one.path, one.required, one.shown) for one in form_places(company, {"kind": "person"})]
    [(('kind',), True, True), (('vat',), False, False)]
    """
    walk = _Walk(schema, counts or {})
    found: dict[Path, Place] = {}
    for one in walk.places(schema, (), value, required=True, shown=True, within=("#",)):
        found.setdefault(one.path if one.what == "blank" else (*one.path, f"\0{one.what}"), one)
        if len(found) >= MOST_PLACES:
            break
    return tuple(found.values())


@dataclass(slots=True)
class _Flat:
    """A part of a schema with everything put together that applies to it now."""

    words: dict[str, Any]
    properties: dict[str, list[tuple[Any, bool]]] = field(default_factory=dict)
    required: list[str] = field(default_factory=list)

    def add(self, name: str, child: Any, *, shown: bool) -> None:
        self.properties.setdefault(name, []).append((child, shown))

    def require(self, names: Any) -> None:
        for name in names if isinstance(names, list) else ():
            if isinstance(name, str) and name not in self.required:
                self.required.append(name)

    def merge(self, other: _Flat, *, shown: bool) -> None:
        """Take over what another part says; of one that does not apply only that its fields could come."""
        for name, children in other.properties.items():
            for child, child_shown in children:
                self.add(name, child, shown=shown and child_shown)
        if shown:
            self.require(other.required)
            self._take(other.words)

    def _take(self, other: Mapping[str, Any]) -> None:
        mine, theirs = allowed_values(self.words), allowed_values(other)
        self.words.update(other)
        if mine and theirs:
            self.words.pop("const", None)
            self.words["enum"] = [one for one in mine if any(same_json(one, two) for two in theirs)]

    def child(self, name: str) -> tuple[Any, bool]:
        """Return what applies to a property, and whether it shows."""
        given = self.properties[name]
        shown = [child for child, applies in given if applies]
        parts: list[Any] = []
        for one in shown or [child for child, _ in given]:
            if one not in parts:
                parts.append(one)
        return parts[0] if len(parts) == 1 else {"allOf": parts}, bool(shown)


class _Walk:
    """One walk through a schema."""

    def __init__(self, schema: Mapping[str, Any], counts: Mapping[Path, int]) -> None:
        self._reader = SchemaReader(schema)
        self._counts = counts

    def places(
        self, node: Any, path: Path, value: Any, *, required: bool, shown: bool, within: tuple[str, ...]
    ) -> Iterator[Place]:
        """Yield the places of a part; ``within`` names the parts that it is in, none of which it opens again."""
        reference = node.get("$ref") if isinstance(node, Mapping) else None
        within = (*within, reference if isinstance(reference, str) else "")
        opens = len(within) <= _DEEPEST and (not reference or reference not in within[:-1])
        flat = self._flat(node, value, 0)
        place = Place(path=path, words=flat.words, required=required, shown=shown)
        if flat.properties and opens:
            if path:
                yield replace(place, what="group")
            yield from self._group(flat, place, value, within)
        elif opens and (parts := self._parts_of_list(flat.words)) is not None:
            yield from self._list(parts, place, value, within)
        else:
            yield replace(place, words={**flat.words, "type": "object"}) if flat.properties else place

    def _group(self, flat: _Flat, place: Place, value: Any, within: tuple[str, ...]) -> Iterator[Place]:
        needed = place.required or is_filled(value)
        for name in flat.properties:
            child, applies = flat.child(name)
            yield from self.places(
                child,
                (*place.path, name),
                value_at(value, (name,)),
                required=needed and name in flat.required,
                shown=place.shown and applies,
                within=within,
            )

    def _parts_of_list(self, told: Mapping[str, Any]) -> list[Any] | Mapping[str, Any] | None:
        """Return the parts of a list with one for each position, or the group that it repeats; None for neither."""
        for word in ("prefixItems", "items"):
            if isinstance(told.get(word), list) and told[word]:
                found: list[Any] = told[word]
                return found[:_MOST_POSITIONS]
        items = told.get("items")
        repeats = isinstance(items, Mapping) and self._flat(items, None, 0).properties
        return items if repeats else None

    def _list(
        self, told: list[Any] | Mapping[str, Any], place: Place, value: Any, within: tuple[str, ...]
    ) -> Iterator[Place]:
        needed = place.required or is_filled(value)
        if isinstance(told, list):
            parts, least = told, len(told)
        else:
            count = max(self._counts.get(place.path, 1), place.least, 1)
            parts, least = [told] * min(count, place.most), place.least
            yield replace(place, what="list", entries=len(parts))
        for position, part in enumerate(parts):
            yield from self.places(
                part,
                (*place.path, position),
                value_at(value, (position,)),
                required=needed and position < least,
                shown=place.shown,
                within=within,
            )

    # -- what applies -------------------------------------------------------------------------------------------

    def _flat(self, node: Any, value: Any, depth: int) -> _Flat:
        found = self._reader.resolved(node)
        flat = _Flat({word: told for word, told in found.items() if word not in _FOLLOWED})
        if depth > _DEEPEST:
            return flat
        own = found.get("properties")
        for name, child in own.items() if isinstance(own, Mapping) else ():
            if child is not False:
                flat.add(str(name), child, shown=True)
        flat.require(found.get("required"))
        for part, applies in self._parts(found, value):
            flat.merge(self._flat(part, value, depth + 1), shown=applies)
        self._depend(found, value, flat)
        for word in _FORMS:
            if isinstance(found.get(word), list) and found[word]:
                flat.merge(self._alternatives(found[word], value, depth), shown=True)
        for name in flat.required:
            if name not in flat.properties and not any(
                word in found for word in ("patternProperties", "$ref")
            ):
                flat.add(name, {}, shown=True)
        return flat

    def _parts(self, found: Mapping[str, Any], value: Any) -> Iterator[tuple[Any, bool]]:
        """Yield what is put together, each with whether it applies; a condition that can't be told counts as met."""
        parts = found.get("allOf")
        for part in parts if isinstance(parts, list) else ():
            yield part, True
        if "if" in found:
            met = holds(found["if"], value if value is not None else {}, self._reader.resolved)
            for word, unmet in (("then", False), ("else", True)):
                if word in found:
                    yield found[word], met is not unmet
        for word in ("dependentSchemas", "dependencies"):
            told = found.get(word)
            for name, part in told.items() if isinstance(told, Mapping) else ():
                if isinstance(part, Mapping):
                    yield part, value_at(value, (str(name),)) is not None

    @staticmethod
    def _depend(found: Mapping[str, Any], value: Any, flat: _Flat) -> None:
        for word in ("dependentRequired", "dependencies"):
            told = found.get(word)
            for name, others in told.items() if isinstance(told, Mapping) else ():
                if value_at(value, (str(name),)) is not None:
                    flat.require(others)

    def _alternatives(self, parts: list[Any], value: Any, depth: int) -> _Flat:
        """Put together forms of which one is enough: those that are still possible show."""
        flats = [self._flat(one, value, depth + 1) for one in parts]
        possible = [not excludes(one, value, self._reader.resolved) for one in parts]
        if not any(possible):
            possible = [True] * len(parts)
        alive = [one for one, fits in zip(flats, possible, strict=True) if fits]
        whole = _Flat(_common_words([one.words for one in flats]))
        for name in dict.fromkeys(name for one in flats for name in one.properties):
            told = [(one.child(name)[0], one in alive) for one in flats if name in one.properties]
            if len(told) > 1 and all(allowed_values(self._reader.resolved(child)) for child, _ in told):
                # What tells the forms apart stays free to choose, whatever was chosen.
                whole.add(name, {"anyOf": [child for child, _ in told]}, shown=True)
                continue
            shown = [child for child, lives in told if lives]
            chosen = shown or [child for child, _ in told]
            one_of = chosen[0] if all(one == chosen[0] for one in chosen) else {"anyOf": chosen}
            whole.add(name, one_of, shown=bool(shown))
        whole.require([name for name in alive[0].required if all(name in one.required for one in alive)])
        return whole


def _common_words(told: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what alternatives say of one value: what each allows, or which types they have."""
    allowed = [(value, one) for one in told for value in allowed_values(one)]
    if allowed and all(allowed_values(one) for one in told):
        titles = [words(one.get("title")) if "const" in one else "" for _, one in allowed]
        values: list[Any] = []
        names: list[str] = []
        for (value, _), title in zip(allowed, titles, strict=True):
            if not any(same_json(value, other) for other in values):
                values.append(value)
                names.append(title or words(value))
        return {"enum": values, TITLES: names}
    types: list[Any] = []
    for one in told:
        given = one.get("type")
        types += [
            kind for kind in (given if isinstance(given, list) else [given]) if kind and kind not in types
        ]
    same = [one for one in told if one.get("type") not in ("null", None)]
    if len(same) == 1:
        # "Text or nothing" is text.
        return {**same[0], "type": same[0]["type"]}
    return {"type": types} if types else {}
