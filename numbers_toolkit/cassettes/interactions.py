"""A request and its answer, as a cassette holds them. Neither shows in a ``repr``: both may hold real data."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

__all__ = ["SANDBOX_HEADER", "TOKEN_PATH", "Interaction", "Question", "in_a_stable_order", "told_at"]

TOKEN_PATH: Final = "/oauth2/token"  # noqa: S105 - a path, not a secret
SANDBOX_HEADER: Final = "x-numbers-toolkit-sandbox"


@dataclass(frozen=True, slots=True)
class Question:
    """A request without anything secret.

    Parameters
    ----------
    method, url : str
        The request, with its query.
    content_type : str
        Of the body; empty without one.
    body : str or None
        As text.
    """

    method: str
    url: str
    content_type: str = ""
    body: str | None = field(default=None, repr=False)

    @property
    def path(self) -> str:
        """The path alone."""
        return urlsplit(self.url).path

    @property
    def query(self) -> list[tuple[str, str]]:
        """The parameters of the query, sorted."""
        return sorted(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def is_token(self) -> bool:
        """Whether it asks for a token, which is nobody's data."""
        return self.path.endswith(TOKEN_PATH)

    @property
    def target(self) -> str:
        """Method, path and query, for people."""
        parts = urlsplit(self.url)
        return f"{self.method} {urlunsplit(('', '', parts.path, parts.query, ''))}"

    @property
    def project_id(self) -> str:
        """The project that it is about; empty when it is about none."""
        parts = self.path.split("/")
        return parts[parts.index("projects") + 1] if "projects" in parts[:-1] else ""


@dataclass(slots=True)
class Interaction:
    """A question and its answer.

    Parameters
    ----------
    question : Question
        The request.
    status : int
        HTTP status.
    headers : mapping
        Those of the answer that are kept, by lower-case name.
    body : str or bytes
        Text, or bytes that are none.
    begun, ended : int
        Places in the order of everything that happened, to tell what ran side by side.
    played : bool
        Whether it was played back.
    """

    question: Question
    status: int
    headers: Mapping[str, str]
    body: str | bytes = field(repr=False)
    begun: int = 0
    ended: int = 0
    played: bool = False

    @property
    def from_sandbox(self) -> bool:
        """Whether a sandbox gave the answer."""
        return SANDBOX_HEADER in self.headers

    @property
    def content(self) -> bytes:
        """The answer's body as bytes."""
        return self.body if isinstance(self.body, bytes) else self.body.encode("utf-8", "surrogatepass")


def told_at(interaction: Interaction) -> datetime | None:
    """Return the server's own time of an answer."""
    try:
        return parsedate_to_datetime(interaction.headers.get("date", ""))
    except (IndexError, TypeError, ValueError):
        return None


def in_a_stable_order(interactions: Iterable[Interaction]) -> list[Interaction]:
    """Return interactions as they were sent, and those that ran side by side by what they ask for.

    Threads finish in another order each time, and a recording of the same answers should be the same file. Of
    equal requests, the order stays.
    """
    waiting = sorted(interactions, key=lambda one: one.begun)
    ordered: list[Interaction] = []
    together: list[Interaction] = []
    busy_until = 0
    for one in waiting:
        if together and one.begun > busy_until:
            ordered += _by_content(together)
            together = []
        together.append(one)
        busy_until = max(busy_until, one.ended)
    return ordered + _by_content(together)


def _by_content(interactions: list[Interaction]) -> list[Interaction]:
    def what(one: Interaction) -> tuple[str, ...]:
        asked = one.question
        return asked.path, repr(asked.query), asked.method, asked.body or ""

    # Not even the token may move: everything else waited for it.
    return sorted(interactions, key=lambda one: (not one.question.is_token, what(one), one.begun))
