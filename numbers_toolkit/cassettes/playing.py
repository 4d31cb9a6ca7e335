"""Playing back: the recorded answers to a request, each once and in the order they were recorded."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from numbers_toolkit.cassettes.matching import nearest
from numbers_toolkit.cassettes.provenance import moved_to_sandbox
from numbers_toolkit.errors import CassetteMissError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numbers_toolkit.cassettes.interactions import Interaction, Question
    from numbers_toolkit.cassettes.matching import Matching
    from numbers_toolkit.cassettes.sharing import Sharing
    from numbers_toolkit.cassettes.storing import Facts

__all__ = ["Player"]

_TOKEN = "token"  # noqa: S105 - a place, not a secret


class Player:
    """The recorded answers of a cassette; safe to share between threads.

    Parameters
    ----------
    interactions : list of Interaction
        What is recorded, in order.
    facts : Facts
        Where it comes from.
    matching : Matching
        What makes two requests the same.
    sharings : sequence of Sharing
        Find requests about real things by their pseudonyms, each in its way; that needs the key they were made with.
    """

    def __init__(
        self,
        interactions: list[Interaction],
        facts: Facts,
        matching: Matching,
        sharings: Sequence[Sharing] = (),
    ) -> None:
        self.interactions = interactions
        self._facts = facts
        self._matching = matching
        self._sharings = sharings
        self._lock = threading.Lock()
        self._index: dict[str, list[tuple[Interaction, Any]]] = {}
        for one in interactions:
            place = self._place(one.question)
            self._index.setdefault(place, []).append((one, matching.theirs(one.question)))

    def __len__(self) -> int:
        return len(self.interactions)

    def taken(self, asked: Question) -> Interaction | None:
        """Return the first answer to a request that was not played yet, and take note that it is now."""
        for one in self._forms(asked):
            wanted = self._matching.theirs(one)
            with self._lock:
                for recorded, theirs in self._index.get(self._place(one), ()):
                    # Tokens are nobody's data: how one is asked for does not matter.
                    if not recorded.played and (asked.is_token or self._matching.same(wanted, theirs)):
                        recorded.played = True
                        return recorded
        return None

    def unused(self) -> tuple[Question, ...]:
        """Return the requests whose answers were not played back; those for tokens don't count."""
        return tuple(one.question for one in self.interactions if not (one.played or one.question.is_token))

    def miss(self, asked: Question, name: str, path: Path) -> CassetteMissError:
        """Return what is raised for a request that is not recorded: the nearest one, and the difference."""
        form = self._forms(asked)[0]
        near, differences = nearest(form, self.interactions)
        wanted, there = self._matching.theirs(form), self._index.get(self._place(form), ())
        played = sum(self._matching.same(wanted, theirs) for _, theirs in there)
        told = [
            f"The cassette {name!r} ({path}) holds no answer to {asked.target}. Nothing was sent.",
            *self._reasons(asked, near, differences, played),
            'To record what is missing, use mode="new_episodes"; to record everything anew, mode="all".',
        ]
        return CassetteMissError(
            " ".join(told),
            method=asked.method,
            path=asked.path,
            nearest="" if near is None else near.target,
            differences=differences,
        )

    def _reasons(
        self, asked: Question, near: Question | None, differences: list[str], played: int
    ) -> list[str]:
        if near is None:
            return ["Nothing is recorded in it."]
        projects = self._facts.projects
        told = [
            f"It was recorded {'once' if played == 1 else f'{played} times'}, and is asked for once more."
            if played
            else f"The nearest recorded request is {near.target}: {'; '.join(differences) or 'the host differs'}."
        ]
        if self._facts.pseudonyms:
            told.append(
                "Numbers and ids in it are pseudonyms: take them from its answers, or give the key it was recorded "
                "with."
            )
        elif asked.project_id not in ("", *projects):
            told.append(
                f"It was recorded for project {' and '.join(projects)}; connect() inside the block takes that one."
            )
        return told

    def _place(self, asked: Question) -> str:
        """Return where to look; by path, as long as paths are matched, so that a long recording stays quick."""
        if asked.is_token:
            return _TOKEN
        return asked.path if self._matching.by_path else ""

    def _forms(self, asked: Question) -> list[Question]:
        """Return a request as it may have been recorded: as it is, or about pseudonyms."""
        if self._facts.recorded_from == "sandbox":
            asked = moved_to_sandbox(asked)
        if not self._facts.pseudonyms or not self._facts.projects:
            return [asked]
        forms = [asked, *(one.question(asked) for one in self._sharings)]
        return [_of_project(one, self._facts.projects[0]) for one in forms]


def _of_project(asked: Question, project: str) -> Question:
    """Return a request about another project: a cassette with pseudonyms can't tell whether it is the right one."""
    own = asked.project_id
    url = asked.url.replace(f"/projects/{own}", f"/projects/{project}", 1) if own else asked.url
    return replace(asked, url=url)
