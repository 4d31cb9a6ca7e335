"""Identifiers of orders and attachments: 26 characters like a ULID, but the same for the same seed and count."""

from __future__ import annotations

import hashlib

# Crockford's base 32: no letter that could be taken for a digit or for another letter.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 26
# The time in a ULID of early 2026; a real time would make every run's ids differ.
PREFIX = "01kq4"
SERIAL_DIGITS = 5


def identifier(*parts: object) -> str:
    """Return the identifier that belongs to some parts.

    Examples
    --------
    >>> identifier("attachment", "DE", "LOCAL", "register")
    '01kq4qk0h3gkv3kcm4pvch140q'
    """
    digest = hashlib.sha256(":".join(str(part) for part in parts).encode()).digest()
    return PREFIX + "".join(ALPHABET[byte % 32] for byte in digest[: LENGTH - len(PREFIX)])


def order_identifier(seed: str, serial: int) -> str:
    """Return the identifier of the order with a serial number, counted from 1; they sort by it.

    Examples
    --------
    >>> order_identifier("7", 1)
    '01kq4000010j93v04e4ymsg6v9'
    """
    digits = "".join(ALPHABET[serial >> 5 * place & 31] for place in reversed(range(SERIAL_DIGITS)))
    return PREFIX + digits + identifier("order", seed, serial)[LENGTH - 16 :]
