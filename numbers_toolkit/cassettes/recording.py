"""Recording: what may be sent at all, and what is kept of it. Threads overlap; only the book-keeping takes turns."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import numbers_toolkit
from numbers_toolkit.cassettes.interactions import Interaction, in_a_stable_order
from numbers_toolkit.cassettes.ordering import reordered
from numbers_toolkit.cassettes.provenance import moved_to_sandbox, told_by
from numbers_toolkit.errors import CassetteError
from numbers_toolkit.settings import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable

    from numbers_toolkit.cassettes.interactions import Question
    from numbers_toolkit.cassettes.scrubbing import Scrubber
    from numbers_toolkit.cassettes.sharing import Sharing
    from numbers_toolkit.cassettes.storing import Facts
    from numbers_toolkit.taping import Received, Sent

__all__ = ["PAID", "REPLAYED_AUTH_URL", "REPLAYED_NUMBERS_URL", "Recorder"]

#: Where a client without credentials would send to: names that can't exist.
REPLAYED_NUMBERS_URL: Final = "http://numbers.replayed.invalid"
REPLAYED_AUTH_URL: Final = "http://auth.replayed.invalid"
PAID: Final = "NUMBERS_TOOLKIT_RECORD_PAID"


class Recorder:
    """New answers for a cassette; safe to share between threads.

    Parameters
    ----------
    name : str
        What the cassette is called.
    facts : Facts
        Where what it holds already comes from.
    scrubber : Scrubber
        Blanks what may not be kept.
    paid : bool
        Whether what changes or costs may be recorded outside a sandbox.
    """

    def __init__(self, name: str, facts: Facts, scrubber: Scrubber, *, paid: bool) -> None:
        self._name = name
        self._facts = facts
        self._scrubber = scrubber
        self._paid = paid
        self._lock = threading.Lock()
        self._moments = itertools.count(1)
        self._new: list[Interaction] = []

    def __len__(self) -> int:
        return len(self._new)

    def refusal(self, *, sandbox: bool) -> str:
        """Return why nothing that changes or costs can be sent, as a sentence; empty when it can."""
        if self._paid or sandbox:
            return ""
        return (
            f"The cassette {self._name!r} is being recorded, and what changes or costs is recorded only when you say "
            f"so: use_cassette({self._name!r}, paid=True) or {PAID}=1."
        )

    def check_may_send(self, sent: Sent, asked: Question) -> None:
        """Raise unless a request may be sent and recorded.

        Raises
        ------
        CassetteError
            Without credentials, to another server than what is there comes from, or when it changes or costs.
        """
        if sent.url.startswith((REPLAYED_NUMBERS_URL, REPLAYED_AUTH_URL)):
            raise CassetteError(
                f"{asked.target} is not on the cassette {self._name!r}, and there are no credentials to ask the API "
                "with. Nothing was sent. Connect with credentials to record it."
            )
        if self._facts.recorded_from and self._another_server(sent):
            raise CassetteError(
                f"The cassette {self._name!r} was recorded from {self._facts.recorded_from}; answers of another "
                "server are not mixed into it. Nothing was sent. Use another cassette."
            )
        refusal = self.refusal(sandbox=sent.sandbox) if sent.changes else ""
        if refusal:
            raise CassetteError(f"{asked.target} changes something or costs. Nothing was sent. {refusal}")

    def _another_server(self, sent: Sent) -> bool:
        if self._facts.recorded_from == "sandbox":
            return not sent.sandbox and urlsplit(sent.url).hostname not in LOOPBACK
        return sent.sandbox

    def record(self, asked: Question, send: Callable[[], Received], redact: Callable[[Any], Any]) -> Received:
        """Send a request and keep its answer; the caller gets the answer as it came."""
        begun = next(self._moments)
        received = send()
        headers, body = self._scrubber.answer(received, redact, token=asked.is_token)
        ended = next(self._moments)
        with self._lock:
            self._new.append(Interaction(asked, received.status, headers, body, begun, ended))
        return received

    def whole(
        self, old: list[Interaction], sharing: Sharing | None, mode: str
    ) -> tuple[Facts, list[Interaction]]:
        """Return everything that belongs into the file, and where it comes from.

        Parameters
        ----------
        old : list of Interaction
            What the file holds already.
        sharing : Sharing, optional
            Replaces what names somebody.
        mode : str
            How it was recorded.
        """
        with self._lock:
            new = in_a_stable_order(self._new)
        new = [
            replace(one, question=moved_to_sandbox(one.question)) if one.from_sandbox else one for one in new
        ]
        source = self._facts.recorded_from or told_by(new).recorded_from
        if sharing is not None:
            sharing.learn(new)
            new = reordered(new, [sharing.interaction(one) for one in new])
        counts = dict(self._facts.replaced)
        for kind, count in self._scrubber.blanked.items():
            counts[kind] = counts.get(kind, 0) + count
        if sharing is not None:
            counts |= {kind: len(given) for kind, given in sharing.pseudonyms.given.items() if given}
        facts = replace(
            told_by(old + new),
            recorded_from=source,
            version=numbers_toolkit.__version__,
            pseudonyms=sharing is not None,
            mode=mode,
            replaced=counts,
        )
        return facts, old + new
