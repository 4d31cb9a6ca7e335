"""JSON answers to Arrow columns: a fast strict path, and a tolerant one behind it that loses nothing.

The fast path lets Arrow read a page straight into typed columns and refuses whatever is not exactly the
contract: another type, an unknown field, a date it can't read. Such a page is read again by the tolerant
path, value by value. What fits no column is kept as JSON text beside the row (``other``) and counted in
``notes``, so that nothing of tomorrow's API vanishes in silence. Knows no field of the API by name.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pa_json

from numbers_toolkit.errors import ResponseFormatError
from numbers_toolkit.unknown_fields import json_text, note_of, set_apart

__all__ = ["ListContract", "PageEnd", "Pages", "decode_objects", "decode_pages"]

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
class PageEnd:
    """What one page says beside its items: how many it holds, the next page's token, the total."""

    rows: int
    next_page_token: str = ""
    total_size: int | None = None


@dataclass(frozen=True, slots=True)
class Pages:
    """Decoded pages, in order.

    Parameters
    ----------
    items : pyarrow.StructArray
        One element per item of all pages, of the contract's type.
    other : pyarrow.StringArray
        JSON text of what fitted no field, null where there was nothing.
    ends : list of PageEnd
        One per page.
    notes : Counter of str
        What the tolerant path met, and how often.
    """

    items: pa.StructArray
    other: pa.StringArray
    ends: list[PageEnd]
    notes: Counter[str] = field(default_factory=Counter)


def decode_pages(bodies: Sequence[bytes], contract: ListContract, *, path: str = "") -> Pages:
    """Decode pages of a list.

    Parameters
    ----------
    bodies : sequence of bytes
        JSON as received, one page each. Several at once are faster than one by one.
    contract : ListContract
        What to expect.
    path : str
        The request, for messages.

    Returns
    -------
    Pages
        Columns of their items.

    Raises
    ------
    ResponseFormatError
        When a page is no JSON object, or an item lacks what none may lack; names the place.

    Examples
    --------
    >>> contract = ListContract("things", pa.struct({"name": pa.string()}), ("name",))
    >>> pages = decode_pages([b'{"things": [{"name": "a", "colour": "red"}], "totalSize": 1}'], contract)
    >>> pages.items.to_pylist(), pages.other.to_pylist(), dict(pages.notes)
    ([{'name': 'a'}], ['{"colour":"red"}'], {"unknown field 'colour'": 1})
    """
    together = _decode_fast(bodies, contract)
    if together is not None:
        return together
    # One odd page must not make its neighbours slow.
    single = [_decode_fast([body], contract) or _decode_tolerant(body, contract, path) for body in bodies]
    notes: Counter[str] = Counter()
    for pages in single:
        notes.update(pages.notes)
    return Pages(
        pa.concat_arrays([pages.items for pages in single]),
        pa.concat_arrays([pages.other for pages in single]),
        [end for pages in single for end in pages.ends],
        notes,
    )


def _decode_fast(bodies: Sequence[bytes], contract: ListContract) -> Pages | None:
    """Let Arrow read the pages as lines of JSON, or return None if it can't without a loss."""
    if not all(_is_whole_text(body) for body in bodies):
        return None
    joined = b"\n".join(bodies)
    table, extra = _read(joined, contract, "error"), False
    if table is None:
        # Optional fields may be added at any time, to all items at once.
        table, extra = _read(joined, contract, "infer"), True
    if table is None or table.num_rows != len(bodies) or table.column(0).num_chunks != 1:
        return None
    lists = table.column(0).chunk(0)
    items = lists.flatten()
    if items.null_count or (extra and lists.null_count):
        return None
    other, notes = pa.nulls(len(items), pa.string()), Counter[str]()
    if extra:
        parts = set_apart(items, contract.item)
        if parts is None:
            return None
        items, other, notes = parts
        notes.update(f"{note_of(name)} beside the list" for name in table.column_names[3:])
    if any(_has_unset(items.field(name)) for name in contract.required):
        return None
    return Pages(items, other, _ends(table, lists), notes)


def _read(joined: bytes, contract: ListContract, unexpected: str) -> pa.Table | None:
    try:
        return pa_json.read_json(
            pa.py_buffer(joined),
            # One block holds all: Arrow can't split a JSON object between blocks.
            read_options=pa_json.ReadOptions(use_threads=False, block_size=len(joined) + 1),
            parse_options=pa_json.ParseOptions(
                explicit_schema=contract.schema, newlines_in_values=True, unexpected_field_behavior=unexpected
            ),
        )
    except pa.ArrowException:
        return None


def _ends(table: pa.Table, lists: pa.ListArray) -> list[PageEnd]:
    rows, tokens, totals = pc.list_value_length(lists), table.column(1), table.column(2)
    return [
        PageEnd(rows[page].as_py() or 0, tokens[page].as_py() or "", totals[page].as_py())
        for page in range(table.num_rows)
    ]


def _has_unset(text: pa.Array) -> bool:
    return bool(text.null_count) or pc.any(pc.equal(text, "")).as_py() is True


def _is_whole_text(body: bytes) -> bool:
    """Whether a page looks like one object in UTF-8, so that it can stand on lines beside others."""
    text = body.strip()
    return text.startswith(b"{") and text.endswith(b"}") and (body.isascii() or _is_utf8(body))


def _is_utf8(body: bytes) -> bool:
    # Arrow checks without making a text of it, which takes a tenth of the time.
    try:
        pa.array([body], pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True


def _decode_tolerant(body: bytes, contract: ListContract, path: str) -> Pages:
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
    pages = decode_objects(items, contract, path=path)
    reader = _Reader(pages.notes, {})
    token, total = value.get(_TOKEN), reader.read(value.get(_TOTAL), pa.int64(), _TOTAL)
    pages.notes.update(f"{note_of(name)} beside the list" for name in unknown)
    end = PageEnd(len(items), "" if token is None else str(token), total)
    return Pages(pages.items, pages.other, [end], pages.notes)


def decode_objects(objects: list[Any], contract: ListContract, *, path: str = "") -> Pages:
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
    Pages
        A single page, without token and total.

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
        others.append(json_text(reader.other) if reader.other else None)
    return Pages(pa.array(rows, contract.item), pa.array(others, pa.string()), [PageEnd(len(rows))], notes)


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
            if name not in names and unknown is None:
                self.notes[note_of(prefix + name)] += 1
            elif name not in names:
                self._keep(unknown, prefix + name, note_of(prefix + name))
        return {
            field.name: self.read(value.get(field.name), field.type, prefix + field.name) for field in kind
        }

    def read_list(self, value: Any, kind: pa.ListType, where: str) -> Any:
        if isinstance(value, str):
            value = [value] if value else []
        if not isinstance(value, list):
            return _MISSING
        read = next(reader for test, reader in _READERS if test(kind.value_type))
        results = [(one, read(self, one, kind.value_type, where)) for one in value if one is not None]
        odd = [one for one, result in results if result is _MISSING]
        if odd:
            self._keep(odd, where, f"unreadable {where!r}")
        return [result for _one, result in results if result is not _MISSING]

    def read_text(self, value: Any, _kind: pa.DataType, where: str) -> Any:
        if isinstance(value, str):
            # Lone surrogates are legal in JSON but not in UTF-8.
            text = value.encode("utf-8", "replace").decode("utf-8")
            if text != value:
                self.notes[f"half a character in {where!r}, shown as '?'"] += 1
            return text
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, float):
            value = Decimal(repr(value))
        if isinstance(value, Decimal):
            return format(value, "f") if _is_ordinary(value) else _MISSING
        return str(value) if isinstance(value, int) else _MISSING

    def read_integer(self, value: Any, _kind: pa.DataType, _where: str) -> Any:
        if value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
            return _MISSING
        try:
            number = Decimal(value)
            whole = int(number) if _is_ordinary(number) else -_INT64 - 1
        except (ArithmeticError, ValueError):
            return _MISSING
        return whole if whole == number and -_INT64 <= whole < _INT64 else _MISSING

    def read_flag(self, value: Any, _kind: pa.DataType, _where: str) -> Any:
        words = {"true": True, "false": False, "": None}
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
