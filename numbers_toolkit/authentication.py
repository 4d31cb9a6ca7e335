"""The two ways to authenticate: HTTP Basic, and OAuth 2.0 client credentials with a cached token.

Owns the token's life: one refresh for all threads, early by ``expires_in``, and once more on a 401 that
says ``expired``. How a token request is sent is handed in, so this module knows no HTTP library.
"""

from __future__ import annotations

import base64
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from numbers_toolkit.errors import ResponseFormatError
from numbers_toolkit.settings import SecretText

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numbers_toolkit.settings import Credentials

__all__ = ["TOKEN_PATH", "Authenticator", "BasicAuthenticator", "TokenAuthenticator", "basic_header"]

TOKEN_PATH: Final = "/oauth2/token"  # noqa: S105 - a path, not a secret
#: Assumed when the token service gives no usable ``expires_in``. Source: about one hour is documented.
_DEFAULT_LIFETIME_SECONDS: Final = 3600.0
_EARLY_SECONDS: Final = 60.0
_EARLY_SHARE: Final = 0.1


def basic_header(credentials: Credentials) -> SecretText:
    """Return the value of an HTTP Basic ``Authorization`` header."""
    pair = f"{credentials.key_id}:{credentials.key_secret}".encode()
    return SecretText("Basic " + base64.b64encode(pair).decode("ascii"))


def _both_forms(credentials: Credentials, header: SecretText) -> tuple[SecretText, ...]:
    return SecretText(credentials.key_secret), SecretText(header.removeprefix("Basic "))


class Authenticator(Protocol):
    """What the transport asks: a header for the next request, and what to do after "expired"."""

    def header(self) -> SecretText:
        """Return the ``Authorization`` value to send now."""

    def expired(self, used: str) -> bool:
        """Tell that ``used`` was refused as expired; whether a repeat can help."""

    def secrets(self) -> tuple[SecretText, ...]:
        """Return every text that must never be shown."""


class BasicAuthenticator:
    """HTTP Basic with key id and key secret. Source: meant for tests, strongly rate limited by the API."""

    def __init__(self, credentials: Credentials) -> None:
        self._header = basic_header(credentials)
        self._secrets = _both_forms(credentials, self._header)

    def header(self) -> SecretText:
        """Return the same header every time."""
        return self._header

    def expired(self, used: str) -> bool:  # noqa: ARG002 - a fixed pair can't be renewed
        """Return False: there is nothing to renew."""
        return False

    def secrets(self) -> tuple[SecretText, ...]:
        """Return the secret and its encoded form."""
        return self._secrets


@dataclass(frozen=True, slots=True)
class _Token:
    header: SecretText
    refresh_at: float


class TokenAuthenticator:
    """OAuth 2.0 client credentials with one cached token for all threads.

    Parameters
    ----------
    credentials : Credentials
        The access key.
    fetch : callable
        Sends the token request with a given ``Authorization`` value, returns the decoded answer.
    monotonic : callable
        Seconds that only grow.
    """

    def __init__(
        self,
        credentials: Credentials,
        fetch: Callable[[SecretText], Mapping[str, Any]],
        monotonic: Callable[[], float],
    ) -> None:
        self._basic = basic_header(credentials)
        self._fetch = fetch
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._token: _Token | None = None
        self._secrets: tuple[SecretText, ...] = _both_forms(credentials, self._basic)

    def header(self) -> SecretText:
        """Return a bearer header, fetching a token when there is none or it is about to end."""
        token = self._token
        if token is None or self._monotonic() >= token.refresh_at:
            token = self._refresh(token)
        return token.header

    def expired(self, used: str) -> bool:
        """Renew the token unless another thread already has; a repeat can help in both cases."""
        token = self._token
        if token is not None and token.header == used:
            self._refresh(token)
        return True

    def secrets(self) -> tuple[SecretText, ...]:
        """Return the secret, its encoded form and the tokens of this session."""
        return self._secrets

    def _refresh(self, stale: _Token | None) -> _Token:
        with self._lock:
            # Whoever waited here finds the token that the first one fetched.
            if self._token is not None and self._token is not stale:
                return self._token
            started = self._monotonic()
            text, lifetime = self._fetch_token()
            early = min(_EARLY_SECONDS, lifetime * _EARLY_SHARE)
            self._token = _Token(SecretText(f"Bearer {text}"), started + lifetime - early)
            # Two tokens back is enough: an older one can't be on its way any more.
            self._secrets = (*self._secrets[:2], *self._secrets[2:][-1:], text)
            return self._token

    def _fetch_token(self) -> tuple[SecretText, float]:
        answer = self._fetch(self._basic)
        text, lifetime = _access_token(answer), _lifetime(answer)
        # Verbose tracebacks print variables, and an unusable token is still a token.
        del answer
        if not text:
            raise ResponseFormatError(
                "The token service's answer holds no usable access_token. Check SINCH_AUTH_URL.",
                path=TOKEN_PATH,
            )
        return text, lifetime


def _access_token(answer: Mapping[str, Any]) -> SecretText:
    """Return the token, empty when there is none that a header can carry."""
    token = answer.get("access_token")
    text = token.strip() if isinstance(token, str) else ""
    return SecretText(text if text.isascii() and text.isprintable() else "")


def _lifetime(answer: Mapping[str, Any]) -> float:
    try:
        lifetime = float(answer.get("expires_in") or 0)
    except (OverflowError, TypeError, ValueError):
        lifetime = 0.0
    return lifetime if 0 < lifetime < float("inf") else _DEFAULT_LIFETIME_SECONDS
