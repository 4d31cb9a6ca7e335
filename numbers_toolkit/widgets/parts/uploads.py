"""Files that a person hands to a form: they come in pieces, since one message can't carry a large one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from numbers_toolkit.wording import readable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Arriving", "UploadedFile", "size_text"]

_KILO = 1000


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that a person chose or dropped; its content shows nowhere.

    Parameters
    ----------
    name : str
        The file's own name, without a folder.
    media_type : str
        What the browser takes it for, ``application/pdf`` for example; empty when it does not know.
    content : bytes
        All of it.

    Examples
    --------
    >>> UploadedFile("passport.pdf", "application/pdf", b"%PDF-1.7")
    UploadedFile('passport.pdf', 'application/pdf', 8 bytes)
    """

    name: str
    media_type: str
    content: bytes

    @property
    def size(self) -> int:
        """Bytes of content."""
        return len(self.content)

    def __repr__(self) -> str:
        return f"UploadedFile({self.name!r}, {self.media_type!r}, {size_text(self.size)})"


@dataclass(slots=True)
class Arriving:
    """A file of which some pieces are still on their way.

    Parameters
    ----------
    name, media_type : str
        As a :class:`UploadedFile` has them.
    size : int
        Bytes that there will be.
    """

    name: str
    media_type: str
    size: int
    pieces: dict[int, bytes] = field(default_factory=dict)

    @classmethod
    def announced(cls, described: Mapping[str, Any]) -> Arriving:
        """Return what a view says it is going to send."""
        # A browser tells no folder; whoever sends one anyway does not choose where it is kept.
        name = readable(described.get("name") or "file").replace("\\", "/").rsplit("/", 1)[-1]
        return cls(name, str(described.get("media_type") or ""), int(described.get("size") or 0))

    def take(self, piece: int, buffers: Sequence[memoryview]) -> UploadedFile | None:
        """Keep a piece, and return the file when it is whole."""
        self.pieces[piece] = b"".join(bytes(one) for one in buffers)
        if sum(map(len, self.pieces.values())) < self.size:
            return None
        content = b"".join(self.pieces[place] for place in sorted(self.pieces))
        return UploadedFile(self.name, self.media_type, content)


def size_text(size: float) -> str:
    """Return a file's size for people.

    Examples
    --------
    >>> size_text(8), size_text(1_234), size_text(5_600_000)
    ('8 bytes', '1.2 kB', '5.6 MB')
    """
    if size < _KILO:
        return f"{size:.0f} bytes"
    for unit in ("kB", "MB"):
        size /= _KILO
        if size < _KILO:
            return f"{size:.1f} {unit}"
    return f"{size / _KILO:.1f} GB"
