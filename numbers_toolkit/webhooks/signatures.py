"""Whether an event's body was signed with the project's callback secret."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.settings import SecretText

__all__ = ["SIGNATURE_HEADER", "verify_signature"]

#: Name of the header; compare it without case.
SIGNATURE_HEADER: Final = "X-Sinch-Signature"


def hidden(secret: object) -> SecretText:
    """Return a secret as text that does not show; empty when it is no text."""
    return SecretText(secret) if isinstance(secret, str) else SecretText("")


def verify_signature(body: bytes, signature: str | bytes | None, secret: str) -> bool:
    """Return whether an event's body was signed with the project's callback secret.

    Takes the same time for a nearly right signature as for a wrong one.

    Parameters
    ----------
    body : bytes
        The request's body exactly as it arrived, before anything decoded or parsed it.
    signature : str, bytes or None
        Value of the ``X-Sinch-Signature`` header; spaces around it and upper case are forgiven. None or empty (no
        such header) is never right.
    secret : str
        The project's callback secret, ``hmacSecret`` of the callback configuration.

    Returns
    -------
    bool
        True when it fits. False says that the body was changed, or comes from somebody else.

    Raises
    ------
    InvalidInputError
        When the body is text, or the secret is empty: then nothing could ever be right.

    Notes
    -----
    HMAC-SHA1 of the body, keyed with the secret in UTF-8, as 40 hexadecimal digits. The signature covers no time:
    an old event that is sent again is signed well. :func:`read_event` refuses those by their id.

    Source: Numbers API's OpenAPI description, version 1.0.3; the encoding from the official SDKs.

    Examples
    --------
    >>> signature = "a4734ba0614a0c72bfcb96dc8c2e116c24521a3f"
    >>> verify_signature(b"{}", signature, "sandbox-Secret-0123456789-abcdefgh")
    True
    >>> verify_signature(b"{ }", signature, "sandbox-Secret-0123456789-abcdefgh")
    False
    """
    # Verbose tracebacks print variables.
    secret = hidden(secret)
    if not isinstance(body, (bytes, bytearray, memoryview)):
        raise InvalidInputError(
            f"The body is {type(body).__name__}, but a signature is over the raw bytes as they arrived: verify "
            "before decoding or parsing, with what your framework calls the raw or undecoded body."
        )
    if not secret.strip():
        raise InvalidInputError(
            "The callback secret is missing, empty or no text, so no signature can be checked. Set one with "
            "client.set_callback_secret, or read it with client.get_callback_configuration."
        )
    if signature is not None and not isinstance(signature, (str, bytes)):
        raise InvalidInputError(f"The signature is {type(signature).__name__}, not the text of a header.")
    given = signature.encode("utf-8", "replace") if isinstance(signature, str) else signature or b""
    expected = hmac.new(secret.encode("utf-8", "surrogatepass"), body, hashlib.sha1).hexdigest().encode()
    return hmac.compare_digest(expected, given.strip().lower())
