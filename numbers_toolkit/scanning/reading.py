"""Every kind of file as pieces of text, so that a secret is found wherever a program may have written it."""

from __future__ import annotations

import bz2
import csv
import io
import json
import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final, Protocol

from numbers_toolkit.scanning.grids import sheet_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Piece", "pieces"]


class Unpacker(Protocol):
    """What Python's decompressors have in common."""

    @property
    def eof(self) -> bool:
        """Whether all is unpacked."""

    @property
    def unused_data(self) -> bytes:
        """What stands behind it."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Unpack at most so many bytes."""


_MARKS: Final = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)
_RUNS: Final = re.compile(rb"[\x20-\x7e\t\r\n]{6,}")
_WIDE_RUNS: Final = re.compile(rb"(?:[\x20-\x7e]\x00){6,}")
_CONTROLS: Final = re.compile(rb"[\x00-\x08]")
_PACKERS: Final[tuple[tuple[bytes, Callable[[], Unpacker]], ...]] = (
    (b"\x1f\x8b", lambda: zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)),
    (b"BZh", bz2.BZ2Decompressor),
    (b"\xfd7zXZ\x00", lzma.LZMADecompressor),
)
_UNPACKING_FAILED: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, OSError, ValueError,
)  # fmt: skip
_BINARY_START: Final = 8192
_DEEPEST: Final = 4
#: What an archive may unpack to, so that a small file can't fill the memory.
_LARGEST_UNPACKED: Final = 512_000_000
_PICTURES: Final = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".woff", ".woff2", ".ttf", ".ico"})


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of a file, with what is inside of what, and where it stands when lines don't say it."""

    path: str
    text: str
    place: str = ""
    #: Why there is no text, of what could not be unpacked.
    unread: str = ""


def pieces(path: Path) -> Iterator[Piece]:
    """Yield the text of a file: plain, of a notebook's cells, of an archive's files, of a table, of a binary.

    Parameters
    ----------
    path : Path
        A file.

    Raises
    ------
    OSError
        If it can't be read.
    """
    yield from _read(str(path), path.read_bytes(), 0)


def _read(name: str, content: bytes, depth: int) -> Iterator[Piece]:
    suffix = PurePath(name).suffix.lower()
    if content[:4] == b"PK\x03\x04" or content.startswith(tuple(start for start, _ in _PACKERS)):
        yield from _unpacked(name, content, depth)
        return
    if content[:4] == b"PAR1":
        yield from _parquet(name, content)
        return
    text = _as_text(content)
    if text is None:
        if suffix not in _PICTURES or _has_text_chunk(content):
            yield _of_bytes(name, content)
        return
    yield Piece(name, text)
    if suffix == ".ipynb":
        yield from _notebook(name, text)


def _has_text_chunk(content: bytes) -> bool:
    return b"tEXt" in content or b"iTXt" in content or b"Exif" in content[:64]


def _as_text(content: bytes) -> str | None:
    """Return a text file's text; None for a binary file."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    start = content[:_BINARY_START]
    if b"\x00" in start:
        # UTF-16 without a mark, as some shells write it: every second byte of plain text is zero.
        if set(start[1::2]) == {0}:
            return content.decode("utf-16-le", "replace")
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None if _CONTROLS.search(start) else content.decode("latin-1")


def _of_bytes(name: str, content: bytes) -> Piece:
    """Return what can be read of a binary file; a name and its value stand side by side, with a few bytes between."""
    runs = [*_RUNS.findall(content), *(run[::2] for run in _WIDE_RUNS.findall(content))]
    return Piece(name, ": ".join(run.decode("ascii").strip() for run in runs), "in its bytes")


def _unpacked(name: str, content: bytes, depth: int) -> Iterator[Piece]:
    if depth >= _DEEPEST:
        yield Piece(name, "", unread="packed too deep")
    elif content[:2] == b"PK":
        yield from _zipped(name, content, depth)
    else:
        plain, why = _decompressed(content)
        if why:
            yield Piece(name, "", unread=why)
        yield from _read(f"{name}!", plain, depth + 1)


def _decompressed(content: bytes) -> tuple[bytes, str]:
    """Return what a compressed file holds, as far as it goes, and what is wrong with the rest."""
    make = next(make for start, make in _PACKERS if content.startswith(start))
    parts: list[bytes] = []
    left, size = content, 0
    # What was written in several goes stands one behind the other.
    while left.startswith(tuple(start for start, _ in _PACKERS)):
        unpacker = make()
        try:
            parts.append(unpacker.decompress(left, _LARGEST_UNPACKED - size))
        except (OSError, zlib.error, lzma.LZMAError):
            return b"".join(parts), "damaged"
        size += len(parts[-1])
        if size >= _LARGEST_UNPACKED:
            return b"".join(parts), "too large to unpack as a whole"
        if not unpacker.eof:
            return b"".join(parts), "cut short"
        left = unpacker.unused_data
    return b"".join(parts), ""


def _zipped(name: str, content: bytes, depth: int) -> Iterator[Piece]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                if entry.is_dir():
                    continue
                yield from _entry(f"{name}!{entry.filename}", archive, entry, depth)
            yield from _sheets(name, archive)
    except (zipfile.BadZipFile, OSError, ValueError):
        yield Piece(name, "", unread="damaged")
        yield _of_bytes(name, content)


def _entry(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int) -> Iterator[Piece]:
    if entry.flag_bits & 1:
        yield Piece(name, "", unread="encrypted")
        return
    if entry.file_size > _LARGEST_UNPACKED:
        yield Piece(name, "", unread="too large to unpack")
        return
    try:
        content = archive.read(entry)
    except _UNPACKING_FAILED:
        yield Piece(name, "", unread="damaged")
        return
    yield from _read(name, content, depth + 1)


def _sheets(name: str, archive: zipfile.ZipFile) -> Iterator[Piece]:
    """Yield an Excel workbook's sheets as tables: in its XML the text of a cell stands far from its place."""
    files = {entry.filename: entry for entry in archive.infolist() if not entry.flag_bits & 1}
    sheets = [file for file in files if file.startswith("xl/worksheets/") and file.endswith(".xml")]
    if not sheets or any(entry.file_size > _LARGEST_UNPACKED for entry in files.values()):
        return
    try:
        shared = archive.read("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in files else b""
        tables = {sheet: archive.read(sheet) for sheet in sheets}
    except _UNPACKING_FAILED:
        return  # said of the file itself
    for sheet, xml in tables.items():
        rows = io.StringIO()
        csv.writer(rows).writerows(sheet_rows(xml, shared))
        yield Piece(f"{name}!{sheet}", rows.getvalue(), "in its cells")


def _parquet(name: str, content: bytes) -> Iterator[Piece]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError, ValueError):
        yield Piece(name, "", unread="damaged")
        yield _of_bytes(name, content)
        return
    told = {**(table.schema.metadata or {})}
    about = "\n".join(
        f"{key.decode('utf-8', 'replace')}: {value.decode('utf-8', 'replace')}" for key, value in told.items()
    )
    yield Piece(name, about, "in its metadata")
    for column in table.column_names:
        values = (
            table[column].cast(pa.string(), safe=False) if _castable(table[column].type) else table[column]
        )
        lines = [f"{column}: {value}" for value in values.to_pylist() if value is not None]
        yield Piece(name, "\n".join(lines), f"in column {column}")


def _castable(kind: Any) -> bool:
    import pyarrow as pa

    return not pa.types.is_nested(kind) and not pa.types.is_binary(kind) and not pa.types.is_dictionary(kind)


def _notebook(name: str, text: str) -> Iterator[Piece]:
    """Yield what cells say in one: their lines are texts of their own in the file, and may be cut anywhere."""
    try:
        book = json.loads(text)
    except (ValueError, RecursionError):
        return
    if not isinstance(book, dict):
        return
    cells = book.get("cells")
    for number, cell in enumerate(cells if isinstance(cells, list) else [], 1):
        yield from _texts(name, cell, f"cell {number}")
    yield from _texts(name, book.get("metadata"), "its metadata")


def _texts(name: str, value: Any, place: str, field: str = "") -> Iterator[Piece]:
    if isinstance(value, str):
        yield Piece(name, f"{field}: {value}" if field else value, place)
    elif isinstance(value, list) and all(isinstance(one, str) for one in value):
        yield Piece(name, "".join(value), place)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(name, one, place)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _texts(name, one, place, str(key))
