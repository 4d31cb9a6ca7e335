"""HTTP: one session, timeouts on everything, bounded repeats of safe calls, status to error, quiet logs.

Knows how to send a request and read an answer; knows no operation of the API. Repeats only what changes
nothing: everything else is sent at most once, and a lost answer is reported as an unknown outcome.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from numbers_toolkit import errors, failures, taping
from numbers_toolkit.answers import Answer, error_body, page_title, retry_after
from numbers_toolkit.authentication import TOKEN_PATH, BasicAuthenticator, TokenAuthenticator
from numbers_toolkit.failures import Call
from numbers_toolkit.payloads import HiddenBytes, Payload, json_payload
from numbers_toolkit.settings import LOOPBACK, SecretText
from numbers_toolkit.taping import Received, Sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numbers_toolkit.authentication import Authenticator
    from numbers_toolkit.settings import Credentials, Endpoints
    from numbers_toolkit.taping import Tape

__all__ = ["Clock", "RetryPolicy", "SystemClock", "Transport"]

logger = logging.getLogger("numbers_toolkit")

_CHUNK_BYTES: Final = 1 << 20
_POOL_SIZE: Final = 32
#: The last one comes without data; whether that will do is for the caller to say.
_OK: Final = (200, 201, 204)
_ERROR_STATUS: Final = 400
_TITLE_LENGTH: Final = 80
_TOKEN_REQUEST: Final = Payload(
    HiddenBytes(b"grant_type=client_credentials"), "application/x-www-form-urlencoded"
)


class Clock(Protocol):
    """Time, so that tests can own it."""

    def monotonic(self) -> float:
        """Return seconds that only grow."""

    def sleep(self, seconds: float) -> None:
        """Wait."""

    def now(self) -> datetime:
        """Return the time of day, in UTC."""


class SystemClock:
    """The machine's clock."""

    def monotonic(self) -> float:
        """Return seconds that only grow."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def now(self) -> datetime:
        """Return the time of day, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How safe calls are repeated: full jitter under a growing ceiling.

    Parameters
    ----------
    attempts : int, default 4
        Sends in all, the first included.
    base_seconds, cap_seconds : float
        Ceiling of the first pause and of any pause; the ceiling doubles each time.
    longest_wait_seconds : float, default 120
        A ``Retry-After`` beyond this is not waited for; the error says how long the API asks to wait.
    """

    attempts: int = 4
    base_seconds: float = 0.5
    cap_seconds: float = 20.0
    longest_wait_seconds: float = 120.0

    def pause(self, attempt: int, retry_after: float | None, jitter: random.Random) -> float | None:
        """Return the seconds to wait after a failed attempt (1 is the first), or None to give up."""
        if attempt >= self.attempts:
            return None
        if retry_after is not None:
            return retry_after if retry_after <= self.longest_wait_seconds else None
        return jitter.uniform(0.0, min(self.cap_seconds, self.base_seconds * 2 ** (attempt - 1)))


class Transport:
    """Send requests to the Numbers API for one project.

    Parameters
    ----------
    credentials : Credentials
        The access key.
    endpoints : Endpoints
        Where to send; credentials go to these two origins and to no other.
    auth : {"oauth", "basic"}
        How to authenticate.
    connect_timeout, read_timeout : float
        Seconds to connect, and between two pieces of an answer.
    total_timeout : float
        Seconds for one whole answer.
    retry : RetryPolicy
        For calls that change nothing: GET, the token request and what a caller says so of.
    clock : Clock
        Time.
    user_agent : str
        Sent with every request.
    tape : Tape, optional
        Where every answer is recorded, or comes from. None is the one in use in this process, if there is one.

    Attributes
    ----------
    sandbox : bool
        Whether the server is known to be a sandbox, where nothing costs.
    """

    def __init__(
        self,
        credentials: Credentials,
        endpoints: Endpoints,
        *,
        auth: str = "oauth",
        connect_timeout: float = 10.0,
        read_timeout: float = 60.0,
        total_timeout: float = 300.0,
        retry: RetryPolicy | None = None,
        clock: Clock | None = None,
        user_agent: str = "numbers-toolkit",
        tape: Tape | None = None,
    ) -> None:
        self.endpoints = endpoints
        self.sandbox = False
        self._own_tape = tape
        self._timeouts = (connect_timeout, read_timeout)
        self._total_timeout = total_timeout
        self._retry = retry or RetryPolicy()
        self.clock = clock or SystemClock()
        self._jitter = random.Random()  # noqa: S311 - spreads repeats, guards nothing
        self._user_agent = user_agent
        self._session = _session()
        self._settings: dict[str, dict[str, Any]] = {}
        self._sent_secrets: frozenset[str] = frozenset()
        self._closed = threading.Event()
        self._authenticator: Authenticator = (
            BasicAuthenticator(credentials)
            if auth == "basic"
            else TokenAuthenticator(credentials, self._fetch_token, self.clock.monotonic)
        )

    @property
    def tape(self) -> Tape | None:
        """What the next answer is recorded on, or comes from."""
        return self._own_tape if self._own_tape is not None else taping.in_use()

    def close(self) -> None:
        """Close every connection; later requests are refused."""
        self._closed.set()
        self._session.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Any = (),
        body: Mapping[str, Any] | Payload | None = None,
        changes: bool | None = None,
        settle: str = failures.SETTLE,
    ) -> Answer:
        """Send one API request and return its successful answer.

        Parameters
        ----------
        method : str
            HTTP method.
        path : str
            Path below the API's origin; ``+`` and ``:`` are sent as they are.
        query : sequence of (str, str), optional
            Query parameters in order.
        body : mapping or Payload, optional
            A mapping is sent as JSON.
        changes : bool, optional
            Whether the call changes something. What changes nothing is repeated when it fails for a while; what
            changes something is sent once. None: all but GET changes something.
        settle : str
            What to do when a change may or may not have been carried out, as a sentence.

        Returns
        -------
        Answer
            Status 200, 201 or 204; the last one has no body.

        Raises
        ------
        APIError
            The subclass for the status.
        TransportError
            No usable answer; :class:`UnknownOutcomeError` when the call may have been carried out.
        """
        call = Call(
            method, path, self.endpoints.numbers_url, method != "GET" if changes is None else changes, settle
        )
        if isinstance(body, Mapping):
            self._sent_secrets |= _secrets_in(body)
            body = json_payload(body)
        authorisation = self._authenticator.header()
        try:
            return self._send(call, authorisation, query=query, payload=body)
        except errors.AuthenticationError as error:
            # A refusal as "expired" means the call was not carried out, so one repeat is safe for any method.
            if not error.token_expired or not self._authenticator.expired(authorisation):
                raise
        return self._send(call, self._authenticator.header(), query=query, payload=body)

    def redact(self, value: Any) -> Any:
        """Return a JSON value (text, or lists and objects of it) without any secret this session knows."""
        if isinstance(value, str):
            for secret in (*self._authenticator.secrets(), *self._sent_secrets):
                if secret:
                    value = value.replace(secret, "********")
            return str(value)
        if isinstance(value, dict):
            return {self.redact(name): self.redact(one) for name, one in value.items()}
        return [self.redact(one) for one in value] if isinstance(value, list) else value

    def _fetch_token(self, basic: SecretText) -> Mapping[str, Any]:
        call = Call("POST", TOKEN_PATH, self.endpoints.auth_url, changes=False)
        return self._send(call, basic, payload=_TOKEN_REQUEST).object()

    def _send(
        self, call: Call, authorisation: SecretText, *, query: Any = (), payload: Payload | None = None
    ) -> Answer:
        """Send until there is an answer that counts; the only loop that repeats a request."""
        headers = {
            "Authorization": authorisation,
            "Accept": "application/json",
            "User-Agent": self._user_agent,
        }
        if payload is not None:
            headers["Content-Type"] = payload.content_type
        request = requests.Request(
            call.method,
            call.host + call.path,
            params=list(query),
            data=payload.content if payload is not None else None,
            headers=headers,
            auth=_KeepHeader(),
        )
        # The same for all attempts: a call that began while answers were played back must not end on the network.
        tape, attempt = self.tape, 0
        while True:
            attempt += 1
            failure = self._attempt(request, call, attempt, tape)
            if isinstance(failure, Answer):
                return failure
            pause = None
            if not call.changes and failures.may_pass(failure) and not self._closed.is_set():
                pause = self._retry.pause(attempt, getattr(failure, "retry_after", None), self._jitter)
            if pause is None:
                raise failure
            if tape is not None and tape.replays:
                continue
            logger.debug("%s: waiting %.2f s before attempt %d", call, pause, attempt + 1)
            self.clock.sleep(pause)

    def _attempt(
        self, request: requests.Request, call: Call, attempt: int, tape: Tape | None
    ) -> Answer | errors.NumbersToolkitError:
        if self._closed.is_set():
            return errors.TransportError(
                "The client is closed; connect again.", method=call.method, path=call.path
            )
        started = self.clock.monotonic()
        try:
            status, headers, body, recorded = self._exchange(request, call, started, tape)
        except failures.EXCHANGE_FAILURES as error:
            failure = failures.no_answer(error, call, attempt, self.redact(failures.reason(error)))
            logger.debug("%s attempt %d: %s", call, attempt, type(failure).__name__)
            return failure
        except KeyboardInterrupt as error:
            if call.changes:
                error.add_note(f"{call} may have been carried out all the same. {call.settle}")
            raise
        elapsed = (self.clock.monotonic() - started) * 1000
        logger.debug("%s attempt %d: %d in %.0f ms, %d bytes", call, attempt, status, elapsed, len(body))
        if status in _OK:
            title = self.redact(page_title(body))[:_TITLE_LENGTH]
            return Answer(status, call.path, body, headers, title, recorded)
        return self._status_error(status, headers, body, call)

    def _exchange(self, request: requests.Request, call: Call, started: float, tape: Tape | None) -> Received:
        prepared = self._session.prepare_request(request)
        if tape is None:
            return self._over_the_network(prepared, started)
        sent = Sent(
            call.method,
            str(prepared.url),
            prepared.headers,
            HiddenBytes(prepared.body) if isinstance(prepared.body, bytes) else None,
            call.changes,
            self.sandbox,
        )
        return tape.exchange(sent, lambda: self._over_the_network(prepared, started), self.redact)

    def _over_the_network(self, prepared: requests.PreparedRequest, started: float) -> Received:
        # Not the session's own send: it reads where a redirect leads to, and fails on addresses it dislikes.
        adapter = self._session.get_adapter(str(prepared.url))
        settings = self._environment_settings(str(prepared.url))
        with adapter.send(prepared, timeout=self._timeouts, stream=True, **settings) as response:
            pieces: list[bytes] = []
            for piece in _arriving(response):
                pieces.append(piece)
                if self.clock.monotonic() - started > self._total_timeout:
                    raise requests.Timeout(f"the whole answer took longer than {self._total_timeout:g} s")
            headers = {name.lower(): self.redact(value) for name, value in response.headers.items()}
            return Received(response.status_code, headers, b"".join(pieces))

    def _environment_settings(self, url: str) -> dict[str, Any]:
        """Return proxies and certificates for an address, looked up once: the environment is slow to read."""
        origin = "/".join(url.split("/", 3)[:3])
        found = self._settings.get(origin)
        if found is None:
            merged: Any = self._session.merge_environment_settings(url, {}, None, None, None)
            found = {name: merged[name] for name in ("proxies", "verify", "cert")}
            if urlsplit(url).hostname in LOOPBACK:
                # A proxy can't reach this machine's own sandbox, and would be shown the credentials.
                found["proxies"] = {}
            self._settings[origin] = found
        return found

    def _status_error(
        self, status: int, headers: Mapping[str, str], body: bytes, call: Call
    ) -> errors.NumbersToolkitError:
        if status < _ERROR_STATUS:
            return failures.no_data(status, call)
        code, message, details = error_body(body)
        error = errors.api_error(
            status,
            code=self.redact(code),
            api_message=self.redact(message),
            details=self.redact(details),
            method=call.method,
            path=call.path,
            retry_after=retry_after(headers, self.clock.now()),
            changes=call.changes,
            settle=call.settle,
        )
        if isinstance(error, errors.AuthenticationError):
            challenge = headers.get("www-authenticate", "")
            error.token_expired = "expired" in challenge.lower()
        return error


def _secrets_in(body: Mapping[str, Any]) -> frozenset[str]:
    """Return the secrets that a body hands to the API; an error may quote them."""
    return frozenset(str(value) for value in body.values() if isinstance(value, SecretText) and value)


class _KeepHeader(requests.auth.AuthBase):
    """Keep the Authorization header: without an auth object, requests would replace it from ~/.netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def _arriving(response: requests.Response) -> Iterator[bytes]:
    """Yield what has arrived each time: waiting for full chunks would let a slow drip go on for ever."""
    if isinstance(response.raw, urllib3.BaseHTTPResponse):
        while piece := response.raw.read1(_CHUNK_BYTES, decode_content=True):
            yield piece
    else:
        # A recording that is played back arrives at once.
        yield from response.iter_content(_CHUNK_BYTES)


def _session() -> requests.Session:
    session = requests.Session()
    adapter = HTTPAdapter(pool_connections=4, pool_maxsize=_POOL_SIZE, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    # Nothing in the contract sets cookies; refusing them keeps one session safe to share between threads.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session
