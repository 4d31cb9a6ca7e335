"""Fields of tomorrow's API, set apart from the known ones by columns.

The API adds optional fields without notice, to every item at once; reading each item by itself for that would
make everything slow. Knows no field by name.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["is_plain", "json_text", "note_of", "set_apart"]


def note_of(path: str) -> str:
    """Return how an unknown field is told of."""
    return f"unknown field {path!r}"


def json_text(value: Any) -> str:
    """Return a value as compact JSON in UTF-8, keys in order."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)
    return text.encode("utf-8", "replace").decode("utf-8")


def _plain(value: Any) -> Any:
    """Return an exact number as JSON's number where that keeps every digit, else as text."""
    number = float(value) if isinstance(value, Decimal) else None
    return number if number is not None and Decimal(repr(number)) == value else str(value)


def is_plain(kind: pa.DataType) -> bool:
    """Whether Arrow holds values of an inferred type just as they were written.

    Decimal fractions become binary ones, and text that looks like a time becomes a time: those must be read
    by other means.
    """
    if pa.types.is_struct(kind):
        return all(is_plain(field.type) for field in kind)
    if pa.types.is_list(kind):
        return is_plain(kind.value_type)
    tests = (pa.types.is_null, pa.types.is_boolean, pa.types.is_int64, pa.types.is_string)
    return any(test(kind) for test in tests)


def set_apart(
    items: pa.StructArray, kind: pa.StructType
) -> tuple[pa.StructArray, pa.StringArray, Counter[str]] | None:
    """Return items with the known fields alone, the JSON text of the others, and what they are called.

    Parameters
    ----------
    items : pyarrow.StructArray
        With at least the fields of ``kind``.
    kind : pyarrow.StructType
        The known fields.

    Returns
    -------
    tuple or None
        Items of type ``kind``; for each, JSON text of its unknown fields by their path, null where it has
        none or all are null; how often each path was met. None when a value would not be kept as it was.

    Examples
    --------
    >>> items = pa.array([{"name": "a", "colour": "red"}, {"name": "b"}])
    >>> known, other, notes = set_apart(items, pa.struct({"name": pa.string()}))
    >>> known.to_pylist(), other.to_pylist(), dict(notes)
    ([{'name': 'a'}, {'name': 'b'}], ['{"colour":"red"}', None], {"unknown field 'colour'": 1})
    """
    found: dict[str, pa.Array] = {}
    known = _known(items, kind, "", found)
    if not all(is_plain(values.type) for values in found.values()):
        return None
    notes = Counter(
        {note_of(path): max(1, len(values) - values.null_count) for path, values in found.items()}
    )
    return known, _texts(found, len(items)), notes


def _known(
    items: pa.StructArray, kind: pa.StructType, path: str, found: dict[str, pa.Array]
) -> pa.StructArray:
    for field in items.type:
        if kind.get_field_index(field.name) < 0:
            found[path + field.name] = pc.struct_field(items, field.name)
    children = []
    for field in kind:
        child = items.field(field.name)
        if pa.types.is_struct(field.type):
            child = _known(child, field.type, f"{path}{field.name}.", found)
        children.append(child)
    return pa.StructArray.from_arrays(children, fields=list(kind), mask=pc.is_null(items))


def _texts(found: dict[str, pa.Array], rows: int) -> pa.StringArray:
    texts: list[str | None] = [None] * rows
    values = {path: array.to_pylist() for path, array in found.items() if array.null_count < len(array)}
    for row in range(rows) if values else ():
        here = {path: column[row] for path, column in values.items() if column[row] is not None}
        if here:
            texts[row] = json_text(here)
    return pa.array(texts, pa.string())
