"""Words for messages about many things: how many, which, and as one line that can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["counted", "listed", "readable"]

#: Things named in one sentence.
_NAMED: Final = 5
#: Control characters, halves of characters, and what turns the direction of the text around it.
_UNREADABLE: Final = dict.fromkeys(
    (*range(32), *range(127, 160), *range(0xD800, 0xE000), *range(0x202A, 0x202F), *range(0x2066, 0x206A)),
    "\ufffd",
)


def counted(count: int, noun: str = "number", several: str = "") -> str:
    """Return a count with its noun; ``several`` where the plural is irregular.

    Examples
    --------
    >>> counted(1), counted(1500), counted(2, "wish"), counted(2, "entry", "entries")
    ('1 number', '1,500 numbers', '2 wishes', '2 entries')
    """
    plural = several or (f"{noun}es" if noun.endswith("sh") else f"{noun}s")
    return f"{count:,} {noun if count == 1 else plural}"


def listed(names: Collection[str], last: str = "and", *, most: int = _NAMED) -> str:
    """Return names for a sentence, the first few of many; ``last`` joins the last one.

    Examples
    --------
    >>> listed(["+1307", "+1212"]), listed(["a", "b"], "or"), listed([str(one) for one in range(9)])
    ('+1307 and +1212', 'a or b', '0, 1, 2, 3, 4 and 4 more')
    """
    found = list(names)
    told, left = found[:most], len(found) - most
    if left > 0:
        told.append(f"{left:,} more")
    return f" {last} ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def readable(value: Any) -> str:
    r"""Return a value as one line that a terminal can show; control characters become replacement characters.

    Examples
    --------
    >>> readable("Desk\x1b[31m")
    'Desk\ufffd[31m'
    """
    return str(value).translate(_UNREADABLE)
