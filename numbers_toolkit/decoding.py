"""JSON answers to Arrow columns: a fast strict path, and a tolerant one behind it that loses nothing.

The fast path lets Arrow read a page straight into typed columns and refuses whatever is not exactly the
contract: another type, an unknown field, a date it can't read. Such a page is read again by the tolerant
path, value by value. What fits no column is kept as JSON text beside the row (``other``) and counted in
``notes``, so that nothing of tomorrow's API vanishes in silence. Knows no field of the API by name.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
import pyarrow.json as pa_json

from numbers_toolkit.errors import ResponseFormatError

__all__ = ["ListContract", "Page", "decode_objects", "decode_page"]

_TOKEN: Final = "nextPageToken"  # noqa: S105 - a field's name
_TOTAL: Final = "totalSize"
_INT64: Final = 1 << 63
_MOST_DIGITS: Final = 40
_MISSING: Final = object()


@dataclass(frozen=True, slots=True)
class ListContract:
    """What a list answer holds: the envelope's field, the type of one item, and what no item may lack."""

    envelope: str
    item: pa.StructType
    required: tuple[str, ...]

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema of a whole page."""
        return pa.schema([(self.envelope, pa.list_(self.item)), (_TOKEN, pa.string()), (_TOTAL, pa.int64())])


@dataclass(frozen=True, slots=True)
class Page:
    """One decoded page.

    Parameters
    ----------
    items : pyarrow.StructArray
        One element per item, of the contract's type.
    other : pyarrow.StringArray
        JSON text of what fitted no field, null where there was nothing.
    next_page_token : str
        Empty on the last page.
    total_size : int or None
        Matches in all, if the API said so.
    notes : Counter of str
        What the tolerant path met, and how often.
    """

    items: pa.StructArray
    other: pa.StringArray
    next_page_token: str = ""
    total_size: int | None = None
    notes: Counter[str] = field(default_factory=Counter)


def decode_page(body: bytes, contract: ListContract, *, path: str = "") -> Page:
    """Decode one page of a list.

    Parameters
    ----------
    body : bytes
        JSON as received.
    contract : ListContract
        What to expect.
    path : str
        The request, for messages.

    Returns
    -------
    Page
        Columns of its items.

    Raises
    ------
    ResponseFormatError
        When it is no JSON object, or an item lacks what none may lack; names the place.

    Examples
    --------
    >>> contract = ListContract("things", pa.struct({"name": pa.string()}), ("name",))
    >>> page = decode_page(b'{"things": [{"name": "a", "colour": "red"}], "totalSize": 1}', contract)
    >>> page.items.to_pylist(), page.other.to_pylist(), dict(page.notes)
    ([{'name': 'a'}], ['{"colour":"red"}'], {"unknown field 'colour'": 1})
    """
    page = _decode_fast(body, contract)
    return page if page is not None else _decode_tolerant(body, contract, path)


def _decode_fast(body: bytes, contract: ListContract) -> Page | None:
    try:
        if not body.isascii():
            body.decode("utf-8")
        table = pa_json.read_json(
            pa.py_buffer(body),
            # One block holds the whole page: Arrow can't split a single JSON object.
            read_options=pa_json.ReadOptions(use_threads=False, block_size=max(len(body) + 1, 1 << 16)),
            parse_options=pa_json.ParseOptions(
                explicit_schema=contract.schema, newlines_in_values=True, unexpected_field_behavior="error"
            ),
        )
    except (pa.ArrowException, UnicodeDecodeError):
        return None
    if table.num_rows != 1:
        return None
    items = table.column(0).combine_chunks().flatten()
    if any(items.field(name).null_count for name in contract.required) or items.null_count:
        return None
    return Page(
        items=items,
        other=pa.nulls(len(items), pa.string()),
        next_page_token=table.column(1)[0].as_py() or "",
        total_size=table.column(2)[0].as_py(),
    )


def _decode_tolerant(body: bytes, contract: ListContract, path: str) -> Page:
    try:
        value = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise ResponseFormatError(
            f"The answer to {path or 'the list'} is not JSON ({len(body):,} bytes): {error}. It may be cut, "
            "or a proxy answered; try again, and check SINCH_NUMBERS_URL if it stays.",
            path=path,
        ) from error
    if not isinstance(value, dict):
        raise ResponseFormatError(
            f"The answer to {path or 'the list'} is {_kind(value)} instead of an object.", path=path
        )
    known = {contract.envelope, _TOKEN, _TOTAL}
    unknown = [name for name in value if name not in known]
    if unknown and contract.envelope not in value:
        raise ResponseFormatError(
            f"The answer to {path or 'the list'} has no {contract.envelope!r} but {', '.join(unknown[:5])}; "
            "another service may have answered. Check SINCH_NUMBERS_URL.",
            path=path,
        )
    items = value.get(contract.envelope)
    if items is None:
        items = []
    if not isinstance(items, list):
        raise ResponseFormatError(
            f"{contract.envelope!r} in the answer to {path or 'the list'} is {_kind(items)}, not a list.",
            path=path,
        )
    page = decode_objects(items, contract, path=path)
    reader = _Reader(Counter(), {})
    token, total = value.get(_TOKEN), reader.read(value.get(_TOTAL), pa.int64(), _TOTAL)
    page.notes.update(f"unknown field {name!r} beside the list" for name in unknown)
    return Page(page.items, page.other, "" if token is None else str(token), total, page.notes)


def decode_objects(objects: list[Any], contract: ListContract, *, path: str = "") -> Page:
    """Decode items that are already Python objects, tolerantly.

    Parameters
    ----------
    objects : list
        Items as ``json.loads`` gives them.
    contract : ListContract
        What to expect of each.
    path : str
        The request, for messages.

    Returns
    -------
    Page
        Without token and total.

    Raises
    ------
    ResponseFormatError
        When an item is no object or lacks what none may lack.
    """
    notes: Counter[str] = Counter()
    rows, others = [], []
    for index, one in enumerate(objects):
        where = f"{contract.envelope}[{index}]"
        if not isinstance(one, Mapping):
            raise ResponseFormatError(f"{where} is {_kind(one)} instead of an object.", path=path)
        reader = _Reader(notes, {})
        row = reader.read(one, contract.item, "")
        for name in contract.required:
            if row[name] in (None, ""):
                raise ResponseFormatError(f"{where} has no {name!r}; the answer can't be used.", path=path)
        rows.append(row)
        others.append(_json_text(reader.other) if reader.other else None)
    return Page(pa.array(rows, contract.item), pa.array(others, pa.string()), notes=notes)


@dataclass(slots=True)
class _Reader:
    """Read one item's values as the types of the contract; collect what does not fit."""

    notes: Counter[str]
    other: dict[str, Any]

    def read(self, value: Any, kind: pa.DataType, where: str) -> Any:
        if value is None:
            return None
        read = next(reader for test, reader in _READERS if test(kind))
        result = read(self, value, kind, where)
        if result is _MISSING:
            self._keep(value, where, f"unreadable {where!r}")
            return None
        return result

    def _keep(self, value: Any, where: str, note: str) -> None:
        self.other[where] = value
        self.notes[note] += 1

    def read_struct(self, value: Any, kind: pa.StructType, where: str) -> Any:
        if not isinstance(value, Mapping):
            # An empty text stands for "unset" like null does; anything else is kept.
            return None if value == "" else _MISSING
        prefix = f"{where}." if where else ""
        names = {field.name for field in kind}
        for name, unknown in value.items():
            if name not in names:
                self._keep(unknown, prefix + name, f"unknown field {prefix + name!r}")
        return {
            field.name: self.read(value.get(field.name), field.type, prefix + field.name) for field in kind
        }

    def read_list(self, value: Any, kind: pa.ListType, where: str) -> Any:
        if isinstance(value, str):
            value = [value] if value else []
        if not isinstance(value, list):
            return _MISSING
        read = [self.read(one, kind.value_type, where) for one in value]
        return [one for one in read if one is not None]

    def read_text(self, value: Any, _kind: pa.DataType, _where: str) -> Any:
        if isinstance(value, str):
            # Lone surrogates are legal in JSON but not in UTF-8.
            return value.encode("utf-8", "replace").decode("utf-8")
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, Decimal):
            return format(value, "f") if _is_ordinary(value) else _MISSING
        return str(value) if isinstance(value, int) else _MISSING

    def read_integer(self, value: Any, _kind: pa.DataType, _where: str) -> Any:
        if value == "":
            return None
        try:
            number = Decimal(value)
            whole = int(number) if _is_ordinary(number) else -_INT64 - 1
        except (ArithmeticError, TypeError, ValueError):
            return _MISSING
        fits = whole == number and -_INT64 <= whole < _INT64 and not isinstance(value, bool)
        return whole if fits else _MISSING

    def read_flag(self, value: Any, _kind: pa.DataType, _where: str) -> Any:
        words = {"true": True, "false": False}
        return value if isinstance(value, bool) else words.get(str(value).lower(), _MISSING)

    def read_time(self, value: Any, _kind: pa.DataType, _where: str) -> Any:
        if value == "":
            return None
        try:
            when = datetime.fromisoformat(value)
            return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
        except (OverflowError, TypeError, ValueError):
            return _MISSING


_READERS: Final = (
    (pa.types.is_struct, _Reader.read_struct),
    (pa.types.is_list, _Reader.read_list),
    (pa.types.is_timestamp, _Reader.read_time),
    (pa.types.is_integer, _Reader.read_integer),
    (pa.types.is_boolean, _Reader.read_flag),
    (pa.types.is_string, _Reader.read_text),
)


def _is_ordinary(value: Decimal) -> bool:
    # "1e9999999" is legal JSON; written out it would fill the memory.
    return value.is_finite() and abs(value.adjusted()) < _MOST_DIGITS


def _kind(value: Any) -> str:
    names = {list: "a list", str: "text", bool: "true or false", type(None): "null", dict: "an object"}
    return names.get(type(value), "a number")


def _json_text(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return text.encode("utf-8", "replace").decode("utf-8")
