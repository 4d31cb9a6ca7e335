"""What was found, said so that a person can act and the secret stays one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

__all__ = ["ADVICE", "NOT_LOOKED_INTO", "Finding", "masked"]

NOT_LOOKED_INTO: Final = "not looked into"

_KEY: Final = "Revoke the access key in the dashboard and make a new one, then take it out of the file."
ADVICE: Final = {
    "key secret": _KEY,
    "access token": "It ends by itself within the hour; take it out of the file, and find out what wrote it.",
    "Basic credentials": _KEY,
    "callback secret": "Set a new one with update_callback_configuration, then take it out of the file.",
    "password": "Change it where it is used, then take it out of the file.",
    "private key": "Replace the pair wherever the public key is trusted, then take it out of the file.",
    "password in an address": "Change it where it is used, and keep it out of addresses.",
    "cookie": "End the session that it belongs to, then take it out of the file.",
    "secret": "Replace it where it is used, then take it out of the file.",
    NOT_LOOKED_INTO: "Unpack or decrypt it, and look through what is inside: nothing is known of it.",
    "phone number": "If the file is to be shared, record it with pseudonyms, or take the number out.",
}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A secret in a file.

    Parameters
    ----------
    path : str
        File, with what is inside of an archive after an exclamation mark.
    place : str
        ``line 12``, or ``cell 3`` of a notebook.
    kind : str
        What it is: ``key secret``, ``access token``, ``Basic credentials``, ``callback secret``, ``password``,
        ``private key``, ``password in an address``, ``cookie``, ``secret``, ``phone number``, or ``not looked into``
        for what could not be unpacked: nobody knows what is in it.
    shown : str
        The secret, masked: enough to recognise it, too little to use it.
    secret : str
        The secret itself; it does not show in a repr.

    Examples
    --------
    >>> Finding("notes.txt", "line 2", "key secret", "ab… (20 characters)", "hush")
    Finding(path='notes.txt', place='line 2', kind='key secret', shown='ab… (20 characters)')
    """

    path: str
    place: str
    kind: str
    shown: str
    secret: str = field(repr=False, compare=False)

    @property
    def advice(self) -> str:
        """What to do about it."""
        return ADVICE[self.kind]

    def __str__(self) -> str:
        return f"{self.path}: {self.place}: {self.kind} {self.shown}"


_LONG: Final = 12


def masked(secret: str, kind: str) -> str:
    """Return as much of a secret as a person needs to recognise it.

    Examples
    --------
    >>> masked("0a1b2c3d4e5f6071", "key secret"), masked("+13075550142", "phone number")
    ('0a… (16 characters)', '+1307…42')
    """
    if kind == "phone number":
        return f"{secret[:5]}…{secret[-2:]}"
    return f"{secret[:2] if len(secret) >= _LONG else ''}… ({len(secret)} characters)"
