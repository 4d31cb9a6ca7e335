"""Lists that the API gave in the order of their numbers, put into the order of the pseudonyms, page by page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.cassettes.bodies import pretty_json, read_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numbers_toolkit.cassettes.interactions import Interaction, Question

__all__ = ["reordered"]

_LISTS: Final = ("activeNumbers", "availableNumbers")


def reordered(real: Sequence[Interaction], shared: Sequence[Interaction]) -> list[Interaction]:
    """Return interactions about pseudonyms whose lists are ordered wherever the real ones were.

    Parameters
    ----------
    real, shared : sequence of Interaction
        The same interactions, before and after their numbers were replaced.
    """
    result = list(shared)
    for chain in _chains(shared):
        before = [one for place in chain for one in _numbers(real[place])]
        values = [_value(shared[place]) for place in chain]
        items = [one for value in values for one in value[_list_of(value)]]
        if before != sorted(before) or len(before) != len(items):
            continue
        items.sort(key=_number)
        for place, value in zip(chain, values, strict=True):
            name = _list_of(value)
            count = len(value[name])
            value[name], items = items[:count], items[count:]
            result[place] = replace(shared[place], body=pretty_json(value))
    return result


def _chains(interactions: Sequence[Interaction]) -> list[list[int]]:
    """Return the places of the pages of each list that was read, first page first."""
    chains: list[list[int]] = []
    waiting: dict[tuple[Any, ...], list[list[int]]] = {}
    for place, one in enumerate(interactions):
        value = _value(one)
        if not _list_of(value):
            continue
        token = dict(one.question.query).get("pageToken", "")
        known = waiting.get(_key(one.question, token), []) if token else []
        chain = known.pop(0) if known else []
        if not chain:
            chains.append(chain)
        chain.append(place)
        following = value.get("nextPageToken")
        if following:
            waiting.setdefault(_key(one.question, str(following)), []).append(chain)
    return chains


def _key(asked: Question, token: str) -> tuple[Any, ...]:
    return asked.path, tuple(pair for pair in asked.query if pair[0] != "pageToken"), token


def _value(one: Interaction) -> dict[str, Any]:
    if not one.question.path.endswith(_LISTS) or not isinstance(one.body, str):
        return {}
    try:
        value = read_json(one.body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _list_of(value: dict[str, Any]) -> str:
    """Return the name of the list of numbers that an answer holds; empty when it holds none."""
    found = (name for name in _LISTS if isinstance(value.get(name), list))
    name = next(found, "")
    return name if name and all(isinstance(one, dict) for one in value[name]) else ""


def _numbers(one: Interaction) -> list[str]:
    value = _value(one)
    name = _list_of(value)
    return [_number(item) for item in value[name]] if name else []


def _number(item: dict[str, Any]) -> str:
    return str(item.get("phoneNumber") or "")
