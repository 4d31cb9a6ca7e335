"""Where a recording comes from, as its answers tell, and how that is said wherever its data are shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit

from numbers_toolkit.cassettes.interactions import told_at
from numbers_toolkit.cassettes.storing import Facts
from numbers_toolkit.settings import DEFAULT_NUMBERS_URL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numbers_toolkit.cassettes.interactions import Interaction, Question

__all__ = ["label", "moved_to_sandbox", "told_by"]

#: Where what was recorded from a sandbox seems to come from; its port is another one each time.
_SANDBOX_HOSTS: Final = ("numbers.sandbox.invalid", "auth.sandbox.invalid")


def label(name: str, facts: Facts) -> str:
    """Return what data of a cassette are, for people: name, origin and day.

    Examples
    --------
    >>> label("march", Facts("sandbox", "2026-03-02T09:00:00Z", "2026-03-02T09:00:01Z"))
    "cassette 'march', recorded from sandbox on 2026-03-02"
    """
    where = f", recorded from {facts.recorded_from}" if facts.recorded_from else ""
    first, last = facts.recorded_at[:10], facts.until[:10]
    day = f" on {first}" if first == last else f" from {first} to {last}"
    return f"cassette {name!r}{where}{day if first else ''}{', pseudonyms' if facts.pseudonyms else ''}"


def moved_to_sandbox(asked: Question) -> Question:
    """Return a request with the name that stands for every sandbox as its host."""
    parts = urlsplit(asked.url)
    host = _SANDBOX_HOSTS[asked.is_token]
    return replace(asked, url=urlunsplit(("http", host, parts.path, parts.query, "")))


def told_by(interactions: list[Interaction]) -> Facts:
    """Return what answers themselves tell: who gave them, when, and about which projects."""
    times = sorted(
        f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for one in interactions if (when := told_at(one))
    )
    projects = dict.fromkeys(one.question.project_id for one in interactions)
    return Facts(
        recorded_from=_source(interactions),
        recorded_at=times[0] if times else "",
        until=times[-1] if times else "",
        projects=tuple(one for one in projects if one),
    )


def _source(interactions: Iterable[Interaction]) -> str:
    hosts: list[str] = []
    for one in interactions:
        if one.from_sandbox:
            return "sandbox"
        if not one.question.is_token:
            hosts.append(urlsplit(one.question.url).netloc)
    if set(hosts) == {urlsplit(DEFAULT_NUMBERS_URL).netloc}:
        return "production"
    return f"server {hosts[0]}" if hosts else ""
