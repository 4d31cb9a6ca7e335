"""Descriptions of buttons, tabs and fields as plain dicts: checked where they are given, and found by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.wording import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["checked", "position"]


def checked(
    what: str, given: Sequence[Mapping[str, Any]], defaults: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return descriptions with every key, in the order they were given.

    Parameters
    ----------
    what : str
        What one of them is, for messages: ``"button"``.
    given : sequence of mapping
        Each with a ``name`` of its own, and any of the keys of ``defaults``.
    defaults : mapping
        Every key that there is with its value where none was given.

    Raises
    ------
    InvalidInputError
        For a name that is missing or stands twice, and for a key that does not exist.

    Examples
    --------
    >>> checked("tab", [{"name": "errors"}], {"label": ""})
    [{'label': '', 'name': 'errors'}]
    """
    names = [str(one.get("name", "")) for one in given]
    if not all(names) or len(set(names)) != len(names):
        raise InvalidInputError(f"Every {what} needs a name of its own; these have {names!r}.")
    for one in given:
        check_keys(what, one, defaults)
    return [{**defaults, **one} for one in given]


def check_keys(what: str, given: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """Raise for a key that does not exist."""
    strange = [str(key) for key in given if key not in known and key != "name"]
    if strange:
        raise InvalidInputError(
            f"A {what} has no {listed(strange)}; it has {listed(sorted(known), most=30)}."
        )


def position(what: str, among: Sequence[Mapping[str, Any]], name: str) -> int:
    """Return where the description of that name stands.

    Raises
    ------
    InvalidInputError
        When there is none.

    Examples
    --------
    >>> position("tab", [{"name": "costs"}, {"name": "errors"}], "errors")
    1
    """
    names = [one["name"] for one in among]
    if name not in names:
        raise InvalidInputError(f"There is no {what} {name!r}; there is {listed(names, most=30) or 'none'}.")
    return names.index(name)
