"""Which recorded request is the same as one that is asked for now, and which one comes nearest.

What counts as the same is decided by vcrpy's matchers, by their names, or by functions of the user's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.cassettes.bodies import read_json
from numbers_toolkit.cassettes.storing import vcr_module
from numbers_toolkit.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numbers_toolkit.cassettes.interactions import Interaction, Question

__all__ = ["MATCH_ON", "Matching", "nearest"]

MATCH_ON: Final = ("method", "path", "query", "body")
_SHOWN: Final = 6
_LONGEST: Final = 60


class Matching:
    """What makes two requests the same.

    Parameters
    ----------
    match_on : iterable of str or callable
        Names of vcrpy's matchers, or functions of two requests that return whether they match or raise
        AssertionError.

    Raises
    ------
    InvalidInputError
        When vcrpy has no matcher of a name.
    """

    def __init__(self, match_on: Iterable[str | Callable[[Any, Any], Any]]) -> None:
        given = list(match_on)
        self.by_path = "path" in given
        known = vcr_module("vcr.matchers")
        self._request = vcr_module("vcr.request").Request
        self._same = known.requests_match
        self._matchers = [_named(known, one) if isinstance(one, str) else one for one in given]

    def theirs(self, asked: Question) -> Any:
        """Return a request as matchers take it."""
        headers = {"Content-Type": asked.content_type} if asked.content_type else {}
        return self._request(asked.method, asked.url, asked.body, headers)

    def same(self, one: Any, other: Any) -> bool:
        """Return whether two requests of :meth:`theirs` are the same."""
        return bool(self._same(one, other, self._matchers))


def _named(known: Any, name: str) -> Any:
    names = ("method", "uri", "scheme", "host", "port", "path", "query", "body", "raw_body")
    if name not in names:
        raise InvalidInputError(
            f"match_on {name!r} is not known; use {', '.join(names)}, or functions of two requests. (Headers are not "
            "recorded, so they can't be matched.)"
        )
    return getattr(known, name)


def nearest(asked: Question, recorded: Iterable[Interaction]) -> tuple[Question | None, list[str]]:
    """Return the recorded request that comes nearest to one, and what differs, in words.

    Returns
    -------
    tuple
        None and no differences when nothing is recorded.
    """
    best: tuple[float, Question | None] = (float("inf"), None)
    for one in {interaction.question: None for interaction in recorded if not interaction.question.is_token}:
        best = min(best, (_distance(asked, one), one), key=lambda pair: pair[0])
    found = best[1]
    if found is None:
        return None, []
    told = list(_differences(asked, found))
    return found, [*told[:_SHOWN], *([f"and {len(told) - _SHOWN} more"] if len(told) > _SHOWN else [])]


def _distance(asked: Question, other: Question) -> float:
    here, there = asked.path.split("/"), other.path.split("/")
    equal = sum(one == two for one, two in zip(here, there, strict=False))
    likeness = equal / max(len(here), len(there))
    fields = len(set(asked.query) ^ set(other.query)) + len(_fields(asked) ^ _fields(other))
    return 100 * (1 - likeness) + 20 * (asked.method != other.method) + fields


def _fields(asked: Question) -> set[tuple[str, str]]:
    return set(_flat(asked.body).items())


def _differences(asked: Question, other: Question) -> Iterator[str]:
    if asked.method != other.method:
        yield f"the method is {other.method} there, {asked.method} here"
    if asked.path != other.path:
        yield f"the path is {other.path} there"
    yield from _of("query parameter", _joined(asked.query), _joined(other.query))
    if asked.body != other.body:
        yield from _of("body field", _flat(asked.body), _flat(other.body))


def _joined(query: list[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in query:
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _of(what: str, here: dict[str, str], there: dict[str, str]) -> Iterator[str]:
    for name in sorted(here.keys() | there.keys()):
        if name not in there:
            yield f"{what} {name} is {_cut(here[name])} here, and not there"
        elif name not in here:
            yield f"{what} {name} is {_cut(there[name])} there, and not here"
        elif here[name] != there[name]:
            yield f"{what} {name} is {_cut(there[name])} there, {_cut(here[name])} here"


def _cut(text: str) -> str:
    return repr(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")


def _flat(body: str | None) -> dict[str, str]:
    """Return the leaves of a JSON body by their dotted names; a body of another kind is one leaf."""
    if not body:
        return {}
    try:
        value = read_json(body)
    except ValueError:
        return {"(all of it)": body}
    found: dict[str, str] = {}

    def visit(one: Any, name: str) -> None:
        if isinstance(one, dict):
            for key, inner in one.items():
                visit(inner, f"{name}.{key}" if name else key)
        elif isinstance(one, list):
            for place, inner in enumerate(one):
                visit(inner, f"{name}[{place}]")
        else:
            found[name] = str(one)

    visit(value, "")
    return found
