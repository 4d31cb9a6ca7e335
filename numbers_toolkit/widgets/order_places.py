"""The places of a form: where each value stands in the data, and the data that filled-in places make.

Knows no schema and no widget.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, Literal, TypeAlias

__all__ = ["TITLES", "Path", "Place", "allowed_values", "composed", "is_filled", "value_at"]

#: Names and positions, from what a schema describes on.
Path: TypeAlias = tuple[str | int, ...]

#: Titles of allowed values, in the order of ``enum``. Many schemas have this word, though no draft does.
TITLES: Final = "enumNames"
_MOST_ENTRIES: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of a form: a blank to fill in, a group of such, or a list of groups.

    Parameters
    ----------
    path : tuple of str and int
        Where its value stands in what the schema describes.
    what : {"blank", "group", "list"}
        A group and a list stand before what is in them.
    words : mapping
        What the schema says of it, with everything put together that applies.
    required : bool
        Whether it has to be filled in, as things stand.
    shown : bool
        Whether its condition is met.
    entries : int
        How many groups a list has now.
    """

    path: Path
    what: Literal["blank", "group", "list"] = "blank"
    words: Mapping[str, Any] = field(default_factory=dict)
    required: bool = False
    shown: bool = True
    entries: int = 0

    @property
    def name(self) -> str:
        """The last name of its path, ``""`` for the whole."""
        return next((one for one in reversed(self.path) if isinstance(one, str)), "")

    @property
    def least(self) -> int:
        """How many groups a list has to have, if it is given at all."""
        return max(_count(self.words.get("minItems")), 1 if self.required else 0)

    @property
    def most(self) -> int:
        """How many groups a list may have."""
        return max(min(_count(self.words.get("maxItems"), _MOST_ENTRIES), _MOST_ENTRIES), 1)


def allowed_values(told: Mapping[str, Any]) -> list[Any]:
    """Return the only values that a place may have, empty when it may have any.

    Examples
    --------
    >>> allowed_values({"enum": ["a", None, 1]}), allowed_values({"const": "SE"}), allowed_values({})
    (['a', 1], ['SE'], [])
    """
    given = told.get("enum")
    values = given if isinstance(given, list) else [told["const"]] if "const" in told else []
    return [one for one in values if one is not None]


def value_at(value: Any, path: Path) -> Any:
    """Return what stands at a path, None for nothing.

    Examples
    --------
    >>> value_at({"directors": [{"name": "A"}]}, ("directors", 0, "name")), value_at({}, ("a", 0))
    ('A', None)
    """
    for key in path:
        if isinstance(key, str) and isinstance(value, Mapping):
            value = value.get(key)
        elif isinstance(key, int) and isinstance(value, list) and key < len(value):
            value = value[key]
        else:
            return None
    return value


def composed(places: Iterable[Place], values: Mapping[Path, Any], *, whole: Any) -> Any:
    """Return the data that filled-in places make.

    Parameters
    ----------
    places : iterable of Place
        Those that do not show are left out.
    values : mapping of tuple to object
        JSON by path; what is not in it was left empty.
    whole : dict or list
        An empty container of the kind that the schema describes; it is filled.

    Returns
    -------
    object
        ``whole``, or the value of the path ``()`` where one blank stands for all of it. A group that has to be there
        is there, though it may be empty.

    Examples
    --------
    >>> places = [Place(path=("address", "city")), Place(path=("tags",))]
    >>> composed(places, {("address", "city"): "Umeå"}, whole={})
    {'address': {'city': 'Umeå'}}
    """
    for place in places:
        if not place.shown:
            continue
        if place.what == "blank" and place.path in values:
            if not place.path:
                return values[()]
            _put(whole, place.path, values[place.path])
        elif place.what == "group" and place.required and place.path:
            _put(whole, place.path, {})
    return whole


def _put(into: Any, path: Path, value: Any) -> None:
    for key, following in pairwise(path):
        into = _within(into, key, [] if isinstance(following, int) else {})
    if isinstance(path[-1], int):
        _within(into, path[-1], value)
        if value != {}:
            into[path[-1]] = value
    elif value != {} or path[-1] not in into:
        into[path[-1]] = value


def _within(into: Any, key: str | int, new: Any) -> Any:
    """Return what stands at a key, put there if there is nothing; a gap in a list is filled."""
    if isinstance(key, str):
        return into.setdefault(key, new)
    while len(into) <= key:
        into.append(type(new)() if isinstance(new, (dict, list)) else None)
    return into[key]


def is_filled(value: Any) -> bool:
    """Whether there is any value in data.

    Examples
    --------
    >>> is_filled({"address": {"city": "Umeå"}}), is_filled({"address": {}, "tags": []}), is_filled(False)
    (True, False, True)
    """
    if isinstance(value, Mapping):
        return any(is_filled(one) for one in value.values())
    if isinstance(value, list):
        return any(is_filled(one) for one in value)
    return value is not None


def _count(told: Any, otherwise: int = 0) -> int:
    return max(told, 0) if isinstance(told, int) and not isinstance(told, bool) else otherwise
