"""Credentials and endpoints: from arguments, the environment, then the keyring.

Owns where a secret comes from and that it never shows. Sends nothing.
"""

from __future__ import annotations

import importlib
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, SupportsIndex
from urllib.parse import urlsplit

from numbers_toolkit.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "DEFAULT_AUTH_URL",
    "DEFAULT_NUMBERS_URL",
    "KEYRING_SERVICE",
    "LOOPBACK",
    "SANDBOX_VARIABLE",
    "Credentials",
    "Endpoints",
    "SecretText",
    "is_announced_sandbox",
    "names_project",
    "resolve_credentials",
    "resolve_endpoints",
]

#: Source: servers of the Numbers API's OpenAPI description, and its OAuth 2.0 page.
DEFAULT_NUMBERS_URL: Final = "https://numbers.api.sinch.com"
DEFAULT_AUTH_URL: Final = "https://auth.sinch.com"
KEYRING_SERVICE: Final = "numbers-toolkit"
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
#: Names the origin of a sandbox that was started for this session, so that it is known as one before it is asked.
SANDBOX_VARIABLE: Final = "NUMBERS_TOOLKIT_SANDBOX"


class SecretText(str):
    """Text whose ``repr`` is hidden, so that tracebacks, notebook outputs and containers don't show it.

    It is a ``str`` in every other way: an HTTP library can send it.

    Examples
    --------
    >>> {"authorization": SecretText("Basic abc")}
    {'authorization': '********'}
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "'********'"

    # Whoever shortens a value before showing it must not get plain text back.

    def __getitem__(self, key: SupportsIndex | slice) -> SecretText:
        return SecretText(super().__getitem__(key))

    def __add__(self, other: str) -> SecretText:
        return SecretText(super().__add__(other))

    def strip(self, chars: str | None = None, /) -> SecretText:
        """Return the text without what surrounds it, still hidden."""
        return SecretText(super().strip(chars))

    def removeprefix(self, prefix: str, /) -> SecretText:
        """Return the text without a prefix, still hidden."""
        return SecretText(super().removeprefix(prefix))


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key of one project; the secret does not show.

    Parameters
    ----------
    project_id, key_id : str
        Project and access key.
    key_secret : str
        The key's secret.

    Examples
    --------
    >>> Credentials("my-project", "my-key", "hush")
    Credentials(project_id='my-project', key_id='my-key', key_secret='********')
    """

    project_id: str
    key_id: str
    key_secret: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "key_secret", SecretText(self.key_secret))


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Origins of the Numbers API and of the token service, without a path."""

    numbers_url: str
    auth_url: str


_NAMES: Final = {
    "project_id": "SINCH_PROJECT_ID",
    "key_id": "SINCH_KEY_ID",
    "key_secret": "SINCH_KEY_SECRET",
}
_ADDRESSES: Final = ("SINCH_NUMBERS_URL", "SINCH_AUTH_URL")


def resolve_credentials(
    project_id: str | None = None,
    key_id: str | None = None,
    key_secret: str | None = None,
    *,
    environ: Mapping[str, str] | None = None,
) -> Credentials:
    """Return complete credentials, value by value from the arguments, the environment, then the keyring.

    Parameters
    ----------
    project_id, key_id, key_secret : str, optional
        What is given here wins.
    environ : mapping, optional
        Environment to read ``SINCH_PROJECT_ID``, ``SINCH_KEY_ID`` and ``SINCH_KEY_SECRET`` from; None is
        the process's own. The keyring is asked under service ``numbers-toolkit`` with the same names.

    Returns
    -------
    Credentials
        All three values.

    Raises
    ------
    ConfigurationError
        When one is missing or can't be right; says which, never its value.

    Examples
    --------
    >>> resolve_credentials("p", "k", environ={"SINCH_KEY_SECRET": "hush"})
    Credentials(project_id='p', key_id='k', key_secret='********')
    """
    given = dict(zip(_NAMES, (project_id, key_id, key_secret), strict=True))
    odd = [name for name, value in given.items() if value is not None and not isinstance(value, str)]
    found = {name: _first(value, _from_environment(_NAMES[name], environ)) for name, value in given.items()}
    # Verbose tracebacks print variables; those of this function must not be the ones that tell.
    del given, key_secret, environ
    if odd:
        raise ConfigurationError(f"Credentials are text, but {' and '.join(odd)} is not; put it in quotes.")
    if not all(found.values()):
        found = {name: value or _from_keyring(_NAMES[name]) for name, value in found.items()}
    missing = [name for name, value in found.items() if not value]
    if missing:
        raise ConfigurationError(_missing_message(missing, [name for name in found if name not in missing]))
    for name in ("project_id", "key_id"):
        if not re.fullmatch(r"[A-Za-z0-9._~-]+", found[name]):
            raise ConfigurationError(
                f"The {name} holds characters that none has (spaces, slashes or others); copy it again from "
                "the dashboard's access keys page."
            )
    return Credentials(str(found["project_id"]), str(found["key_id"]), found["key_secret"])


def names_project(*given: object, environ: Mapping[str, str] | None = None) -> bool:
    """Return whether anything says that a project is meant: a part of its credentials, or an address.

    Parameters
    ----------
    *given : object
        Credentials and addresses that a caller gave, None for what was left out.
    environ : mapping, optional
        Environment to look into; None is the process's own. The keyring is asked last.

    Returns
    -------
    bool
        True also when what is there is not enough, or can't be right; :func:`resolve_credentials` tells.

    Examples
    --------
    >>> names_project(None, environ={"SINCH_KEY_ID": "k"})
    True
    """
    if any(value is not None for value in given):
        return True
    if any(_first(_from_environment(name, environ)) for name in (*_NAMES.values(), *_ADDRESSES)):
        return True
    return any(_from_keyring(name) for name in _NAMES.values())


def is_announced_sandbox(numbers_url: str, environ: Mapping[str, str] | None = None) -> bool:
    """Return whether an origin is the sandbox of this session, as the environment announces it.

    Parameters
    ----------
    numbers_url : str
        Origin of the Numbers API.
    environ : mapping, optional
        Environment to read ``NUMBERS_TOOLKIT_SANDBOX`` from; None is the process's own.

    Returns
    -------
    bool
        Never True for another machine.

    Examples
    --------
    >>> is_announced_sandbox("http://127.0.0.1:8800", {"NUMBERS_TOOLKIT_SANDBOX": "http://127.0.0.1:8800"})
    True
    """
    announced = (_from_environment(SANDBOX_VARIABLE, environ) or "").strip().rstrip("/")
    return announced == numbers_url and urlsplit(numbers_url).hostname in LOOPBACK


def _from_environment(name: str, environ: Mapping[str, str] | None) -> str | None:
    return (os.environ if environ is None else environ).get(name)


def _first(*values: object) -> SecretText:
    """Return the first value that is text and not blank, hidden."""
    texts = (value.strip() for value in values if isinstance(value, str))
    return SecretText(next((text for text in texts if text), ""))


def _missing_message(missing: list[str], present: list[str]) -> str:
    names = " and ".join([", ".join(missing[:-1]), missing[-1]] if len(missing) > 1 else missing)
    variables = ", ".join(_NAMES[name] for name in missing)
    half = f" ({', '.join(present)} given)" if present else ""
    return (
        f"Credentials are incomplete: {names} missing{half}. Set {variables} in the environment, store them "
        f"in the keyring under {KEYRING_SERVICE!r}, or pass them to connect(). Without an account, try the "
        "built-in sandbox: connect(sandbox=True), or --sandbox on the command line."
    )


def _from_keyring(name: str) -> SecretText:
    try:
        keyring: Any = importlib.import_module("keyring")
    except ImportError:
        return SecretText("")
    try:
        return _first(keyring.get_password(KEYRING_SERVICE, name))
    except Exception:  # noqa: BLE001 - a locked or absent keyring means "not there"; the caller says what to do
        return SecretText("")


def resolve_endpoints(
    numbers_url: str | None = None,
    auth_url: str | None = None,
    *,
    allow_http: bool = False,
    environ: Mapping[str, str] | None = None,
) -> Endpoints:
    """Return the origins to talk to, from the arguments, the environment, then the real hosts.

    Parameters
    ----------
    numbers_url, auth_url : str, optional
        Origins such as ``https://numbers.api.sinch.com``.
    allow_http : bool, default False
        Allow plain HTTP to hosts other than this machine. Credentials then travel in clear.
    environ : mapping, optional
        Environment to read ``SINCH_NUMBERS_URL`` and ``SINCH_AUTH_URL`` from.

    Returns
    -------
    Endpoints
        Both origins, without a trailing slash.

    Raises
    ------
    ConfigurationError
        When an address is no origin, or is plain HTTP to another machine.

    Examples
    --------
    >>> resolve_endpoints("http://127.0.0.1:8800/", environ={}).numbers_url
    'http://127.0.0.1:8800'
    """
    numbers = _first(numbers_url, _from_environment("SINCH_NUMBERS_URL", environ), DEFAULT_NUMBERS_URL)
    auth = _first(auth_url, _from_environment("SINCH_AUTH_URL", environ), DEFAULT_AUTH_URL)
    del environ
    return Endpoints(
        _check_origin(str(numbers), "SINCH_NUMBERS_URL", allow_http=allow_http),
        _check_origin(str(auth), "SINCH_AUTH_URL", allow_http=allow_http),
    )


def _check_origin(url: str, name: str, *, allow_http: bool) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ConfigurationError(
            f"{name} is no usable address; write an origin like https://host:port."
        ) from None
    if parts.username or parts.password:
        raise ConfigurationError(
            f"{name} holds a user name or password; give credentials as key id and secret."
        )
    more = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in ("http", "https") or not parts.hostname or more:
        raise ConfigurationError(
            f"{name} {url!r} is no origin; write scheme and host only, for example {DEFAULT_NUMBERS_URL!r}."
        )
    if parts.scheme == "http" and parts.hostname not in LOOPBACK and not allow_http:
        raise ConfigurationError(
            f"{name} {url!r} is plain HTTP to another machine, which would send the key secret in clear. "
            "Use https, or pass allow_http=True if the network between is yours."
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")
