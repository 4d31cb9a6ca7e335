"""What every operation stands on: one project's calls, sent by the transport, and what their answers must be.

Knows no operation. An answer to a change that can't be read is an unknown outcome, like a lost one.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from numbers_toolkit.errors import ResponseFormatError, UnknownOutcomeError
from numbers_toolkit.settings import DEFAULT_NUMBERS_URL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from numbers_toolkit.answers import Answer
    from numbers_toolkit.payloads import Payload
    from numbers_toolkit.transport import Clock, Transport

__all__ = ["SANDBOX_HEADER", "Calling", "items", "read_first"]

#: Set by this package's sandbox, so that its data is labelled wherever it is shown.
SANDBOX_HEADER: Final = "x-numbers-toolkit-sandbox"


def read_first(what: str) -> str:
    """Return how an unknown outcome is settled where reading can tell.

    Examples
    --------
    >>> read_first("the order")
    'Read the order (GET) to see what happened before repeating it.'
    """
    return f"Read {what} (GET) to see what happened before repeating it."


class Calling:
    """Calls of one project; see :class:`numbers_toolkit.client.NumbersClient`."""

    def __init__(self, project_id: str, transport: Transport) -> None:
        self.project_id = project_id
        self.sandbox: Any = None
        self.cassette: Any = None
        self.server_time: datetime | None = None
        self.closed = False
        self._transport = transport
        self._resources = ExitStack()
        self._resources.callback(transport.close)
        origin = transport.endpoints.numbers_url
        self._server = "production" if origin == DEFAULT_NUMBERS_URL else f"server {urlsplit(origin).netloc}"
        self.source = self._server

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *rest: object) -> None:
        if kind is not None and self.cassette is not None:
            # Half a recording would be taken for a whole one.
            self.cassette.abandon()
        self.close()

    def __repr__(self) -> str:
        if self.source.startswith("cassette"):
            return f"<NumbersClient for project {self.project_id}, {self.source}>"
        origin = self._transport.endpoints.numbers_url
        return f"<NumbersClient for project {self.project_id} at {origin} ({self.source})>"

    def close(self) -> None:
        """Close the connections, and the embedded sandbox if this client started one."""
        self.closed = True
        self._resources.close()

    def on_close(self, callback: Callable[[], object]) -> None:
        """Call something when the client is closed, before its connections are."""
        self._resources.callback(callback)

    @property
    def replays(self) -> bool:
        """Whether answers are only played back at the moment, so that nothing can be sent."""
        tape = self._transport.tape
        return tape is not None and tape.replays

    @property
    def refusal(self) -> str:
        """Why nothing that changes or costs can be sent at the moment, as a sentence; empty when it can."""
        tape = self._transport.tape
        return tape.refusal(sandbox=self._transport.sandbox) if tape is not None else ""

    @property
    def clock(self) -> Clock:
        """The clock that requests wait by."""
        return self._transport.clock

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: Any = (),
        body: Mapping[str, Any] | Payload | None = None,
        **purpose: Any,
    ) -> Answer:
        """Send a call; ``purpose`` is what the transport is told of it beyond the request."""
        answer = self._transport.request(
            method, f"/v1/projects/{self.project_id}{path}", query=query, body=body, **purpose
        )
        self.server_time = answer.date() or self.server_time
        if answer.recorded:
            self.source = answer.recorded
        elif SANDBOX_HEADER in answer.headers:
            self.is_sandbox()
        elif self.source.startswith("cassette"):
            # The recording ended; what comes now is live again.
            self.source = self._server
        return answer

    def is_sandbox(self) -> None:
        """Take note that the server is a sandbox: its data are invented, and nothing there costs."""
        self.source = "sandbox"
        self._transport.sandbox = True

    def _change(
        self, method: str, path: str, body: Mapping[str, Any] | Payload | None = None, *, settle: str
    ) -> dict[str, Any]:
        """Send what changes something; a success that can't be read is an unknown outcome."""
        answer = self._call(method, path, body=body, settle=settle)
        try:
            return answer.object()
        except ResponseFormatError as error:
            raise _unreadable(answer, method, settle, error) from error

    def _change_in_silence(self, method: str, path: str, body: Payload | None = None, *, settle: str) -> None:
        """Send what changes something and is answered by nothing; a page in its place is no success."""
        answer = self._call(method, path, body=body, settle=settle)
        if not answer.body.strip():
            return
        try:
            # Tomorrow's API may say something; a portal or proxy says it in HTML.
            answer.object()
        except ResponseFormatError as error:
            raise _unreadable(answer, method, settle, error) from error


def _unreadable(answer: Answer, method: str, settle: str, error: ResponseFormatError) -> UnknownOutcomeError:
    if answer.body.strip():
        what = f"was answered, but not by what the API sends: {error} It may or may not have been carried out"
    else:
        what = f"was answered with status {answer.status} and no data: it was most likely carried out"
    return UnknownOutcomeError(
        f"{method} {answer.path} {what}, and was not sent again. {settle}", method=method, path=answer.path
    )


def items(content: dict[str, Any], name: str, path: str) -> list[dict[str, Any]]:
    """Return the list of objects that an answer holds.

    Raises
    ------
    ResponseFormatError
        When it holds something else.
    """
    found = content.get(name)
    # An answer that leaves out an empty list is empty; one that holds something else is none of ours.
    if found is None and not content.keys() - {name, "nextPageToken", "totalSize"}:
        return []
    if isinstance(found, list) and all(isinstance(one, dict) for one in found):
        return found
    raise ResponseFormatError(f"The answer to {path} holds no list of objects in {name!r}.", path=path)
