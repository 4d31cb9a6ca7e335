"""HTTP: one session, timeouts on everything, bounded repeats of safe calls, status to error, quiet logs.

Knows how to send a request and read an answer; knows no operation of the API. Repeats only GET (and the
token request): everything else is sent at most once, and a lost answer is reported as an unknown outcome.
"""

from __future__ import annotations

import json
import logging
import random
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from numbers_toolkit import errors, failures
from numbers_toolkit.answers import Answer, error_body, page_title, retry_after
from numbers_toolkit.authentication import TOKEN_PATH, BasicAuthenticator, TokenAuthenticator
from numbers_toolkit.settings import LOOPBACK, SecretText

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numbers_toolkit.authentication import Authenticator
    from numbers_toolkit.settings import Credentials, Endpoints

__all__ = ["Clock", "RetryPolicy", "SystemClock", "Transport"]

logger = logging.getLogger("numbers_toolkit")

_CHUNK_BYTES: Final = 1 << 20
_POOL_SIZE: Final = 32
_OK: Final = (200, 201)
_REDIRECT_STATUS: Final = 300
_ERROR_STATUS: Final = 400
_TITLE_LENGTH: Final = 80


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
        For GET and the token request.
    clock : Clock
        Time.
    user_agent : str
        Sent with every request.
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
    ) -> None:
        self.endpoints = endpoints
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

    def close(self) -> None:
        """Close every connection; later requests are refused."""
        self._closed.set()
        self._session.close()

    def request(
        self, method: str, path: str, *, query: Any = (), body: Mapping[str, Any] | None = None
    ) -> Answer:
        """Send one API request and return its successful answer.

        Parameters
        ----------
        method : str
            HTTP method. Only GET is repeated.
        path : str
            Path below the API's origin; ``+`` and ``:`` are sent as they are.
        query : sequence of (str, str), optional
            Query parameters in order.
        body : mapping, optional
            Sent as JSON.

        Returns
        -------
        Answer
            Status 200 or 201.

        Raises
        ------
        APIError
            The subclass for the status.
        TransportError
            No usable answer; :class:`UnknownOutcomeError` when the call may have been carried out.
        """
        url = self.endpoints.numbers_url + path
        self._sent_secrets |= _secrets_in(body)
        data = None if body is None else _Body(json.dumps(body, ensure_ascii=False).encode())
        authorisation = self._authenticator.header()
        try:
            return self._send(method, url, path, authorisation, query=query, data=data)
        except errors.AuthenticationError as error:
            # A refusal as "expired" means the call was not carried out, so one repeat is safe for any method.
            if not error.token_expired or not self._authenticator.expired(authorisation):
                raise
        return self._send(method, url, path, self._authenticator.header(), query=query, data=data)

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
        answer = self._send(
            "POST",
            self.endpoints.auth_url + TOKEN_PATH,
            TOKEN_PATH,
            basic,
            data=b"grant_type=client_credentials",
            content_type="application/x-www-form-urlencoded",
            repeatable=True,
        )
        return answer.object()

    def _send(
        self,
        method: str,
        url: str,
        path: str,
        authorisation: SecretText,
        *,
        query: Any = (),
        data: bytes | None = None,
        content_type: str = "application/json",
        repeatable: bool | None = None,
    ) -> Answer:
        """Send until there is an answer that counts; the only loop that repeats a request."""
        repeatable = method == "GET" if repeatable is None else repeatable
        headers = {
            "Authorization": authorisation,
            "Accept": "application/json",
            "User-Agent": self._user_agent,
        }
        if data is not None:
            headers["Content-Type"] = content_type
        request = requests.Request(
            method, url, params=list(query), data=data, headers=headers, auth=_KeepHeader()
        )
        attempt = 0
        while True:
            attempt += 1
            failure = self._attempt(request, path, attempt)
            if isinstance(failure, Answer):
                return failure
            pause = None
            if repeatable and failures.may_pass(failure) and not self._closed.is_set():
                pause = self._retry.pause(attempt, getattr(failure, "retry_after", None), self._jitter)
            if pause is None:
                raise failure
            logger.debug("%s %s: waiting %.2f s before attempt %d", method, path, pause, attempt + 1)
            self.clock.sleep(pause)

    def _attempt(
        self, request: requests.Request, path: str, attempt: int
    ) -> Answer | errors.NumbersToolkitError:
        if self._closed.is_set():
            return errors.TransportError(
                "The client is closed; connect again.", method=str(request.method), path=path
            )
        started = self.clock.monotonic()
        method = str(request.method)
        try:
            status, headers, body = self._exchange(request, started)
        except failures.EXCHANGE_FAILURES as error:
            failure = self._transport_error(error, method, path, attempt)
            logger.debug("%s %s attempt %d: %s", method, path, attempt, type(failure).__name__)
            return failure
        except KeyboardInterrupt as error:
            if not _is_safe(method, path):
                error.add_note(
                    f"{method} {path} may have been carried out all the same: read before repeating it."
                )
            raise
        elapsed = (self.clock.monotonic() - started) * 1000
        logger.debug(
            "%s %s attempt %d: %d in %.0f ms, %d bytes", method, path, attempt, status, elapsed, len(body)
        )
        if status in _OK:
            return Answer(status, path, body, headers, self.redact(page_title(body))[:_TITLE_LENGTH])
        return self._status_error(status, headers, body, method, path)

    def _exchange(self, request: requests.Request, started: float) -> tuple[int, Mapping[str, str], bytes]:
        prepared = self._session.prepare_request(request)
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
            return response.status_code, headers, b"".join(pieces)

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

    def _transport_error(
        self, error: Exception, method: str, path: str, attempt: int
    ) -> errors.TransportError:
        what = f"{method} {path} to {self._host(path)}"
        reason = self.redact(failures.reason(error))
        if _is_safe(method, path) or failures.never_sent(error):
            times = f" after {attempt} attempts" if attempt > 1 else ""
            advice = (
                "Check the network, a proxy or VPN, and SINCH_NUMBERS_URL / SINCH_AUTH_URL; then try again."
            )
            found = errors.TransportError(
                f"No answer to {what}{times}: {reason}. {advice}", method=method, path=path, attempts=attempt
            )
        else:
            found = errors.UnknownOutcomeError(
                f"The answer to {what} was lost: {reason}. It may or may not have been carried out, and was "
                "not sent again. Read the number (GET) to see what happened before repeating it.",
                method=method,
                path=path,
                attempts=attempt,
            )
        found.__cause__ = failures.without_frames(error)
        return found

    def _host(self, path: str) -> str:
        return self.endpoints.auth_url if path == TOKEN_PATH else self.endpoints.numbers_url

    def _status_error(
        self, status: int, headers: Mapping[str, str], body: bytes, method: str, path: str
    ) -> errors.NumbersToolkitError:
        if status < _REDIRECT_STATUS and not _is_safe(method, path):
            return errors.UnknownOutcomeError(
                f"{method} {path} was answered with status {status} and no data: it was most likely carried "
                "out. Read the number (GET) before repeating it.",
                method=method,
                path=path,
            )
        if status < _ERROR_STATUS:
            return errors.ResponseFormatError(
                f"{method} {path} was answered with status {status} and no data (a redirect is not followed, so "
                "that credentials stay with the configured host). Check SINCH_NUMBERS_URL and SINCH_AUTH_URL.",
                path=path,
            )
        code, message, details = error_body(body)
        error = errors.api_error(
            status,
            code=self.redact(code),
            api_message=self.redact(message),
            details=self.redact(details),
            method=method,
            path=path,
            retry_after=retry_after(headers, self.clock.now()),
        )
        if isinstance(error, errors.AuthenticationError):
            challenge = headers.get("www-authenticate", "")
            error.token_expired = "expired" in challenge.lower()
        return error


def _secrets_in(body: Mapping[str, Any] | None) -> frozenset[str]:
    """Return the secrets that a body hands to the API; an error may quote them."""
    values = (body or {}).values()
    return frozenset(str(value) for value in values if isinstance(value, SecretText) and value)


class _Body(bytes):
    """A request body that does not show: it may hold the callback secret."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} bytes>"


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


def _is_safe(method: str, path: str) -> bool:
    """Whether a request changes nothing."""
    return method == "GET" or path == TOKEN_PATH


def _session() -> requests.Session:
    session = requests.Session()
    adapter = HTTPAdapter(pool_connections=4, pool_maxsize=_POOL_SIZE, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    # Nothing in the contract sets cookies; refusing them keeps one session safe to share between threads.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session
