"""Words for messages about many numbers: how many, which, and what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["counted", "listed"]

#: Things named in one sentence.
_NAMED: Final = 5


def counted(count: int, noun: str = "number") -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> counted(1), counted(1500), counted(2, "wish")
    ('1 number', '1,500 numbers', '2 wishes')
    """
    plural = f"{noun}es" if noun.endswith("sh") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"


def listed(names: Collection[str]) -> str:
    """Return names for a sentence, the first few of many.

    Examples
    --------
    >>> listed(["+1307", "+1212"]), listed([str(one) for one in range(9)])
    ('+1307 and +1212', '0, 1, 2, 3, 4 and 4 more')
    """
    found = list(names)
    shown, left = found[:_NAMED], len(found) - _NAMED
    if left > 0:
        return f"{', '.join(shown)} and {left:,} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
