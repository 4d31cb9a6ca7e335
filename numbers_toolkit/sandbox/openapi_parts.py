"""What schemas of OpenAPI 3.1 are built of.

Every list of words in an answer is open: the API may add values at any time, so each has a branch, marked ``x-open``,
that takes any text. Whoever writes answers instead of reading them takes those branches out. ``x-may-be-absent``
names the fields that the API leaves out; it shows all others at least as ``null`` or an empty text, though it does
not promise to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numbers_toolkit.sandbox.catalogue import CAPABILITIES, NUMBER_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable

Schema = dict[str, Any]

LARGEST_INT32 = 2**31 - 1
E164 = r"^\+[1-9][0-9]{0,14}$"
UTC_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$"


def reference(name: str) -> Schema:
    """Point at a schema of the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def text(description: str = "", **more: Any) -> Schema:
    """Return the schema of a text."""
    return {"type": "string"} | ({"description": description} if description else {}) | more


def words(values: Iterable[str], description: str = "") -> Schema:
    """Return the schema of a word of a list that may grow."""
    schema: Schema = {"anyOf": [{"type": "string", "enum": [*values]}, {"type": "string", "x-open": True}]}
    return schema | ({"description": description} if description else {})


def nullable(schema: Schema) -> Schema:
    """Return a schema that takes null as well."""
    return {"anyOf": [schema, {"type": "null"}]}


def array(items: Schema, description: str = "", **more: Any) -> Schema:
    """Return the schema of an array."""
    return {"type": "array", "items": items} | ({"description": description} if description else {}) | more


def record(description: str, fields: dict[str, Schema], needed: str = "", absent: str = "") -> Schema:
    """Return the schema of an object.

    Parameters
    ----------
    description : str
        What it is.
    fields : dict
        Schemas by name, in the order in which the API writes them.
    needed : str
        Names that are always there, with blanks between them.
    absent : str
        Names that the API leaves out at times.
    """
    schema: Schema = {"type": "object", "description": description, "properties": fields}
    if needed:
        schema["required"] = needed.split()
    if absent:
        schema["x-may-be-absent"] = absent.split()
    return schema


PHONE_NUMBER = text("E.164, with the plus sign.", pattern=E164)
REGION = text("ISO 3166-1 alpha-2, upper case.")
TYPE = words(NUMBER_TYPES, "Number type.")
CAPABILITY = array(words(CAPABILITIES), "What the number can do. The name is in the singular here.")
TIME = text("RFC 3339, in UTC, to the microsecond at most.", format="date-time", pattern=UTC_TIME)
NUMBER_OR_EMPTY = text("Empty when nothing is linked.")
MONTHS = {
    "type": "integer",
    "format": "int32",
    "minimum": 0,
    "description": "Months between two charges.",
    "readOnly": True,
}
COUNT = {"type": "integer", "format": "int32", "minimum": 0, "maximum": LARGEST_INT32}
