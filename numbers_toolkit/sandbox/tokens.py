"""The project's made-up credentials, and the access tokens issued for them.

Tokens have the shape of a JWT (HS256) because one official SDK reads the ``exp`` claim. They are signed
with a key that nobody outside the sandbox has, so that a token signed with the key secret is refused, as in
production.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass, field
from http import HTTPStatus

from numbers_toolkit.sandbox.answers import Refusal, to_json
from numbers_toolkit.sandbox.clock import SECOND, to_datetime

TOKEN_PARTS = 3
ERROR_URI = "https://tools.ietf.org/html/rfc6750#section-3.1"


@dataclass(frozen=True)
class Identity:
    """One project with one access key. All values follow from the seed and are visibly made up."""

    project_id: str
    key_id: str
    key_secret: str = field(repr=False)
    signing_key: bytes = field(repr=False)

    @classmethod
    def from_seed(cls, seed: int) -> Identity:
        """Derive the identity that belongs to a seed."""
        digest = hashlib.sha256(f"numbers-sandbox:{seed}".encode()).hexdigest()
        return cls(
            project_id=str(uuid.UUID(hex=digest[:32], version=4)),
            key_id=str(uuid.UUID(hex=digest[32:], version=4)),
            key_secret=f"sandbox-secret-{digest[8:24]}",
            signing_key=hashlib.sha256(f"signing:{digest}".encode()).digest(),
        )

    def basic_matches(self, encoded: str) -> bool:
        """Compare the payload of a Basic header with the access key."""
        try:
            given = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            return False
        return hmac.compare_digest(given, f"{self.key_id}:{self.key_secret}".encode())


def issue(identity: Identity, now: int, lifetime: int, serial: int, *, client_now: int) -> str:
    """Make an access token that is valid for `lifetime` seconds of sandbox time.

    ``exp`` tells the same end by the client's time (`client_now`, in seconds): an SDK that renews early compares
    it with its own clock, which the sandbox's date would always seem to have left behind.
    """
    claims = {
        "iss": "sandbox",
        "sub": identity.key_id,
        "project": identity.project_id,
        "iat": client_now,
        "exp": client_now + lifetime,
        "sandbox_exp": now // SECOND + lifetime,
        "jti": serial,
    }
    head = _encode(to_json({"alg": "HS256", "typ": "JWT"}).encode())
    body = _encode(to_json(claims).encode())
    return f"{head}.{body}.{_sign(identity, f'{head}.{body}')}"


def check(identity: Identity, token: str, now: int) -> None:
    """Refuse a token that is not ours or no longer valid.

    Raises
    ------
    Refusal
        401; only an expired token carries the word ``expired`` in ``www-authenticate``, which tells clients
        to refresh.
    """
    parts = token.split(".")
    if len(parts) != TOKEN_PARTS or not token.isascii():
        raise invalid_token()
    if not hmac.compare_digest(parts[2], _sign(identity, f"{parts[0]}.{parts[1]}")):
        raise invalid_token()
    claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    end = claims["sandbox_exp"] * SECOND
    if end <= now:
        raise expired_token(end)


def expired_token(instant: int) -> Refusal:
    """Tell the client to fetch a new token and to repeat the call."""
    moment = to_datetime(instant).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _bearer_refusal("token expired", f"Jwt expired at {moment}")


def invalid_token() -> Refusal:
    """Refuse for good."""
    return _bearer_refusal("invalid token", "Jwt verification failed")


def invalid_credentials() -> Refusal:
    """Refuse missing or wrong credentials."""
    headers = (("www-authenticate", 'Basic realm="numbers", Bearer realm="numbers"'),)
    return Refusal(HTTPStatus.UNAUTHORIZED, "invalid credentials", headers=headers)


def _bearer_refusal(message: str, description: str) -> Refusal:
    challenge = f'Bearer error="invalid_token", error_description="{description}", error_uri="{ERROR_URI}"'
    return Refusal(HTTPStatus.UNAUTHORIZED, message, headers=(("www-authenticate", challenge),))


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _sign(identity: Identity, text: str) -> str:
    return _encode(hmac.new(identity.signing_key, text.encode(), hashlib.sha256).digest())
