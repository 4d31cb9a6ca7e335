"""Page tokens: the key after which a list goes on, bound to the filters it was made for.

A token holds the last key of its page, not an offset, so numbers that come or go in between move no other number. It
consists of letters, digits, ``-`` and ``_``, because one official SDK does not percent-encode query values.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import TYPE_CHECKING

from numbers_toolkit.sandbox.answers import Refusal, bad_field, to_json

if TYPE_CHECKING:
    from numbers_toolkit.sandbox.store import Filters

MARK_SIZE = 9


def make(key: tuple[str, ...], filters: Filters, by_name: bool, secret: bytes) -> str:
    """Make the token that continues after `key`."""
    text = to_json(key).encode()
    return base64.urlsafe_b64encode(_mark(text, filters, by_name, secret) + text).rstrip(b"=").decode()


def read(token: str, filters: Filters, by_name: bool, secret: bytes) -> tuple[str, ...]:
    """Return the key of a token.

    Raises
    ------
    Refusal
        400 for a text that is no token, or a token made for other filters or another order.
    """
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _bad_token() from None
    mark, text = raw[:MARK_SIZE], raw[MARK_SIZE:]
    if not hmac.compare_digest(mark, _mark(text, filters, by_name, secret)):
        raise _bad_token()
    return tuple(json.loads(text))


def _mark(text: bytes, filters: Filters, by_name: bool, secret: bytes) -> bytes:
    bound = to_json([*vars(filters).values(), by_name]).encode()
    return hmac.new(secret, bound + b"\n" + text, hashlib.sha256).digest()[:MARK_SIZE]


def _bad_token() -> Refusal:
    return bad_field("page_token", "Invalid page_token, or its filters have changed")
