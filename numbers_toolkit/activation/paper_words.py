"""Text from elsewhere in sentences about papers: in one line, not too long, and without what can't be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["in_words", "listed", "shown"]

_LONGEST: Final = 80
_MOST: Final = 12


def shown(text: Any, longest: int = _LONGEST) -> str:
    r"""Return text that came from elsewhere as one line, cut where it is too long.

    Examples
    --------
    >>> shown("Name of\nthe business"), shown("x" * 100, 5)
    ('Name of the business', 'xxxx…')
    """
    line = wording.readable(" ".join(str(text).split()))
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def listed(texts: Iterable[Any], last: str = "and") -> str:
    """Return texts from elsewhere as a list in a sentence, the first few of many.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a", "b"], "or")
    ('a, b and c', 'a or b')
    """
    return wording.listed([shown(text) for text in texts], last, most=_MOST)


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
