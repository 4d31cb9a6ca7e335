"""Text from elsewhere in sentences about papers: in one line, not too long, and without what can't be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["counted", "in_words", "listed", "shown"]

_CONTROL: Final = dict.fromkeys((*range(32), *range(127, 160), *range(0xD800, 0xE000)), "\ufffd")
_LONGEST: Final = 80
_MOST: Final = 12


def shown(text: Any, longest: int = _LONGEST) -> str:
    r"""Return text that came from elsewhere as one line, cut where it is too long.

    Examples
    --------
    >>> shown("Name of\nthe business"), shown("x" * 100, 5)
    ('Name of the business', 'xxxx…')
    """
    line = " ".join(str(text).split()).translate(_CONTROL)
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def listed(texts: Iterable[Any], last: str = "and") -> str:
    """Return texts as a list in a sentence.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a", "b"], "or")
    ('a, b and c', 'a or b')
    """
    told = [shown(text) for text in texts]
    if len(told) > _MOST:
        told = [*told[: _MOST - 1], f"{len(told) - _MOST + 1} more"]
    return f" {last} ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def counted(count: int, what: str, several: str = "") -> str:
    """Return a count with its word.

    Examples
    --------
    >>> counted(1, "document"), counted(2, "entry", "entries")
    ('1 document', '2 entries')
    """
    return f"{count:,} {what if count == 1 else several or what + 's'}"


def in_words(path: Sequence[str | int], *, entries: int = 1) -> str:
    """Return where in the details of a registration something stands.

    Parameters
    ----------
    path : sequence of str and int
        Names and positions, from the details on.
    entries : int, default 1
        How many entries the data has; of a single one, no number is told.

    Examples
    --------
    >>> in_words(["data", 0, "contact", "email"]), in_words(["data", 1, "city"], entries=3)
    ('contact / email', 'entry 2: city')
    """
    rest, entry = list(path), ""
    if len(rest) > 1 and rest[0] == "data" and isinstance(rest[1], int):
        entry = "" if entries == 1 else f"entry {rest[1] + 1}"
        rest = rest[2:]
    names = " / ".join(f"number {one + 1}" if isinstance(one, int) else shown(one) for one in rest)
    return ": ".join(part for part in (entry, names) if part)
