"""What a secret looks like in a piece of text, and of what kind it is."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

from numbers_toolkit.cassettes.scrubbing import is_secret
from numbers_toolkit.scanning.placeholders import could_be_secret, is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["KEYWORDS", "Match", "matches"]


class Match(NamedTuple):
    """A secret in a text."""

    kind: str
    secret: str


#: Small letters; a text that holds none of these holds no secret that the rules know.
KEYWORDS: Final = (
    "secret", "passw", "pwd", "token", "bearer", "basic ", "eyj", "private key-----", "cookie", "api_key", "apikey",
    "api-key", "authorization", "credential", "akia", "ghp_", "github_pat_", "xoxb-", "xoxp-", "aiza", "npm_", "pypi-",
    "@", "keyid", "key_id",
)  # fmt: skip

_SCHEME: Final = re.compile(r"\b(?P<scheme>bearer|basic)(?:\s|%20|\+)+(?P<value>[A-Za-z0-9._~+/%=-]{8,})", re.IGNORECASE)
_JWT: Final = re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?")
_PRIVATE_KEY: Final = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----")
_USERINFO: Final = re.compile(r"[a-z][a-z0-9+.-]*://(?P<user>[^/\s:@\"'<>`]*):(?P<value>[^/\s@\"'<>`]+)@(?P<host>[^/\s:\"'<>?#]+)", re.IGNORECASE)  # fmt: skip
_EXAMPLE_HOST: Final = re.compile(r"(?:^|\.)(?:example(?:\.\w+)?|invalid|test)$", re.IGNORECASE)
_COOKIE: Final = re.compile(r"\b(?:set-)?cookie[\"']?\s*[:=]\s*(?:\[\s*|-\s*)*[\"']?(?P<pairs>[^\"'\r\n<>]{8,})", re.IGNORECASE)  # fmt: skip
_WELL_KNOWN: Final = re.compile(
    r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,}|xox[abprs]-[A-Za-z0-9-]{12,}"
    r"|AIza[0-9A-Za-z_-]{35}|npm_[A-Za-z0-9]{36}|pypi-AgE[A-Za-z0-9_-]{30,})"
)
#: A name, what stands between it and its value in JSON, YAML, Python, shells, tables and logs, and the value.
_FIELD: Final = re.compile(
    r"(?P<name>[A-Za-z][\w.-]{0,60})[\"'`]?\]?\s*(?P<between>=>|:=|==|[:=,;|>]|\t|\s+is\s+)\s*(?:[\[(>-]\s*)*(?P<rest>\S.{0,600})"
)
_QUOTED: Final = re.compile(r"^[rbfu]{0,2}(?P<quote>[\"'`]|&quot;)(?P<value>.*?)(?P=quote)")
_BARE: Final = re.compile(r"^[^\s\"'`,;&|<>)\]}]+")
_NAMES: Final = re.compile(
    r"(?i)secret|passw|passphrase|pwd|token|authorization|credential|api[_-]?key|private[_-]?key|jwt|bearer"
)
#: Names that only speak of such things.
_HARMLESS: Final = re.compile(
    r"(?i)(?:page|next|repeated|type|url|uri|host|endpoint|path|file|name|id|field|kind|count|length|limit|expires?|"
    r"lifetime|seconds|hint|label|title|error|rule|pattern|test)s?$|^next|^page|csrf_token_name|tokeni[sz]e"
)
_KINDS: Final = (
    ("hmac", "callback secret"), ("callback", "callback secret"), ("passw", "password"), ("pwd", "password"),
    ("passphrase", "password"), ("token", "access token"), ("jwt", "access token"), ("bearer", "access token"),
    ("secret", "key secret"), ("credential", "key secret"),
)  # fmt: skip


def matches(text: str) -> Iterator[Match]:
    """Yield every secret of a piece of text, in no particular order, some of them twice.

    Parameters
    ----------
    text : str
        A piece of a file, as it stands there or decoded.

    Examples
    --------
    >>> [one.kind for one in matches('key_secret = "q7Vw2Lz9Tn4K8Rb1"; Authorization: Bearer q7Vw2Lz9Tn4K8Rb1q7')]
    ['access token', 'key secret']
    """
    yield from _schemes(text)
    for found in _JWT.finditer(text):
        if _is_jwt(found[0]):
            yield Match("access token", found[0])
    for found in _PRIVATE_KEY.finditer(text):
        yield Match("private key", found[0])
    for found in _USERINFO.finditer(text):
        if not is_placeholder(unquote(found["value"])) and not _EXAMPLE_HOST.search(found["host"]):
            yield Match("password in an address", found["value"])
    for found in _WELL_KNOWN.finditer(text):
        yield Match("secret", found[0])
    yield from _cookies(text)
    yield from _fields(text)


def _schemes(text: str) -> Iterator[Match]:
    for found in _SCHEME.finditer(text):
        value = unquote(found["value"]).rstrip(".")
        if found["scheme"].lower() == "basic":
            if (pair := _decoded_pair(value)) is not None:
                yield Match("Basic credentials", pair)
        elif could_be_secret(value):
            yield Match("access token", value)


def _decoded_pair(value: str) -> str | None:
    """Return the user and password of Basic credentials; None for a word, and for what is clearly invented."""
    try:
        pair = base64.b64decode(value + "=" * (-len(value) % 4), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    user, colon, password = pair.partition(":")
    good = bool(user) and bool(colon) and pair.isprintable() and not is_placeholder(password)
    return value if good else None


def _is_jwt(text: str) -> bool:
    head = text.partition(".")[0]
    try:
        claims = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (binascii.Error, ValueError):
        return False
    return isinstance(claims, dict) and "alg" in claims


def _cookies(text: str) -> Iterator[Match]:
    for found in _COOKIE.finditer(text):
        for pair in found["pairs"].split(";"):
            _, equals, value = pair.strip().partition("=")
            if equals and could_be_secret(value):
                yield Match("cookie", value)


def _fields(text: str) -> Iterator[Match]:
    position = 0
    while found := _FIELD.search(text, position):
        # From the next name on: what looks like a value may be a name.
        position = found.start("rest") if found["between"].strip() in (":", "=", "=>", ":=", "==") else found.end("name")
        name = found["name"]
        if not _names_secret(name):
            continue
        for value in _values(found["rest"], found["between"]):
            if could_be_secret(value):
                yield Match(_kind(name), value)


def _names_secret(name: str) -> bool:
    return (is_secret(name) or _NAMES.search(name) is not None) and _HARMLESS.search(name) is None and "ignature" not in name


def _values(rest: str, between: str) -> Iterator[str]:
    quoted = _QUOTED.match(rest)
    if quoted:
        yield unquote(quoted["value"]) if "%" in quoted["value"] else quoted["value"]
        return
    bare = _BARE.match(rest)
    if bare is None:
        return
    value = bare[0].rstrip(".:")
    if value.lower() in ("bearer", "basic"):
        return
    if between.strip() in (":", "=", "=>", ":=", "==") or len(value) >= _LONG_BARE:
        yield unquote(value)


_LONG_BARE: Final = 20


def _kind(name: str) -> str:
    lowered = name.lower()
    return next((kind for word, kind in _KINDS if word in lowered), "secret")
