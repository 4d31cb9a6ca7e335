"""What a secret looks like in a piece of text, and of what kind it is."""

from __future__ import annotations

import base64
import binascii
import functools
import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

from numbers_toolkit.cassettes.scrubbing import is_secret
from numbers_toolkit.scanning.placeholders import could_be_secret, is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["KEYWORDS", "Match", "column_matches", "matches", "names_secret"]


class Match(NamedTuple):
    """A secret in a text."""

    kind: str
    secret: str


#: Small letters; a text that holds none of these holds no secret that the rules know.
KEYWORDS: Final = (
    "secret", "passw", "pwd", "token", "jwt", "bearer", "basic", "eyj", "private", "cookie", "api_key", "apikey",
    "api-key", "authorization", "credential", "akia", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_",
    "xoxa-", "xoxb-", "xoxp-", "xoxr-", "xoxs-", "aiza", "npm_", "pypi-", "@", "%40", "keyid", "key_id",
    "-u ", "-u\"", "-u'", "--user", "auth=", "auth =",
)  # fmt: skip

_SCHEME: Final = re.compile(
    r"\b(?P<scheme>bearer|basic)(?:\s|%20|\+)+(?P<value>[A-Za-z0-9._~+/%=-]{8,})", re.IGNORECASE
)
_JWT: Final = re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?")
_PRIVATE_KEY: Final = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----")
_USERINFO: Final = re.compile(
    r"[a-z][a-z0-9+.-]*://(?P<user>[^/\s:@\"'<>`]*):(?P<value>[^/\s@\"'<>`]+)@(?P<host>[^/\s:\"'<>?#]+)",
    re.IGNORECASE,
)
_EXAMPLE_HOST: Final = re.compile(r"(?:^|\.)(?:example(?:\.\w+)?|invalid|test)$", re.IGNORECASE)
_COOKIE: Final = re.compile(
    r"\b(?:set-)?cookie[\"']?\s*[:=]\s*(?:\[\s*|-\s*)*[\"']?(?P<pairs>[^\"'\r\n<>]{8,})", re.IGNORECASE
)
_WELL_KNOWN: Final = re.compile(
    r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,}|xox[abprs]-[A-Za-z0-9-]{12,}"
    r"|AIza[0-9A-Za-z_-]{35}|npm_[A-Za-z0-9]{36}|pypi-AgE[A-Za-z0-9_-]{30,})"
)
#: A name, what stands between it and its value in JSON, YAML, Python, shells, tables and logs, and the value.
_FIELD: Final = re.compile(
    r"(?P<name>[A-Za-z][\w.-]{0,60})[\"'`]?\]?(?P<annotation>:\s*[A-Za-z][\w.\[\], |]{0,40}(?==[^=]))?"
    r"\s*(?P<between>=>|:=|==|[:=,;|>]|\t|\s+is\s+)"
    r"\s*(?:[\[(>|-]\s*|!!?\w+\s+)*(?P<rest>\S.{0,600})"
)
_QUOTED: Final = re.compile(r"^[rbfu]{0,2}(?P<quote>[\"'`]|&quot;)(?P<value>.*?)(?P=quote)")
_BARE: Final = re.compile(r"^[^\s\"'`,;&|<>)\]}]+")
#: Where no name stands before the secret: arguments of programs and functions, elements, the files of tools.
_USER_ARGUMENT: Final = (
    r"""(?:^|\s|["'])(?:-u|--user|--proxy-user)(?:[ =]|["'],\s*)["']?[^\s:"']+:(?P<value>[^\s"'\\]+)"""
)
_AUTH_PAIR: Final = (
    r"""(?:\bauth\s*=\s*|HTTP(?:Basic|Digest|Proxy)Auth|BasicAuth(?:enticator)?)\(\s*["'][^"']*["'],"""
    r"""\s*["'](?P<value>[^"']+)["']"""
)
_NETRC: Final = r"(?i)\blogin\s+\S+\s+(?:account\s+\S+\s+)?password\s+(?P<value>\S+)"
_ARGUMENT: Final = r"""--[a-z-]*(?:secret|password|token|api-key)[ =]+["']?(?P<value>[^\s"'\\]+)"""
_VARIABLE: Final = (
    r"""\b(?:[A-Z][A-Z0-9_]*)?(?:SECRET|PASSWORD|TOKEN|API_KEY)[ \t]+["']?(?P<value>[^\s"'\\]{8,})"""
)
_ELEMENT: Final = (
    r"(?i)<(?P<name>[\w.-]*(?:secret|password|token|apikey|api_key))\b[^>]*>(?P<value>[^<>\s]+)</(?P=name)>"
)
_LISTED: Final = (
    r"""(?i)\b(?:name|key|setting)["']?\s*[:=]\s*["']?(?P<name>[\w.-]+)["']?\s*[,;]?\s*-?\s*"""
    r"""["']?value["']?\s*[:=]\s*["']?(?P<value>[^\s"',;}]+)"""
)
_NESTED: Final = re.compile(r"(?P<name>[A-Za-z][\w.-]{0,60})[\"']?\s*[:=]\s*\{(?P<inside>[^{}]+)\}")
_TEXT: Final = re.compile(r"[:=]\s*[\"'](?P<value>[^\"'\s]+)[\"']")
_PLACED: Final = tuple(
    (kind, re.compile(rule))
    for kind, rule in (
        ("key secret", _USER_ARGUMENT),
        ("key secret", _AUTH_PAIR),
        ("password", _NETRC),
        ("key secret", _ARGUMENT),
        ("key secret", _VARIABLE),
        ("secret", _ELEMENT),
        ("key secret", _LISTED),
    )
)
_NAMES: Final = re.compile(
    r"(?i)secret|passw|passphrase|pwd|token|authorization|credential|api[_-]?key|private[_-]?key|jwt|bearer"
)
_SETS: Final = frozenset({":", "=", "=>", ":=", "==", "is"})
_LONG_BARE: Final = 16
_MIXED: Final = re.compile(r"(?=.*[A-Za-z])(?=.*\d)")
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
    >>> some = "q7Vw2Lz9Tn4K" + "8Rb1"
    >>> [one.kind for one in matches(f'key_secret = "{some}"; Authorization: Bearer {some}')]
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
    yield from _placed(text)
    yield from _cookies(text)
    yield from _fields(text)


def column_matches(name: str, values: Iterable[str]) -> Iterator[Match]:
    """Yield the secrets of a table's column.

    Examples
    --------
    >>> [one.kind for one in column_matches("hmac_secret", ["", "q7Vw2Lz9Tn4K", "none"])]
    ['callback secret']
    """
    for value in values:
        for one in (value, *value.split()):
            if could_be_secret(one):
                yield Match(_kind(name), one)
                break


def _schemes(text: str) -> Iterator[Match]:
    for found in _SCHEME.finditer(text):
        value = unquote(found["value"]).rstrip(".")
        if found["scheme"].lower() == "basic":
            if (pair := _decoded_pair(value)) is not None:
                yield Match("Basic credentials", pair)
        elif could_be_secret(value):
            yield Match("access token", value)


def _placed(text: str) -> Iterator[Match]:
    for kind, rule in _PLACED:
        for found in rule.finditer(text):
            value = unquote(found["value"])
            if could_be_secret(value) and names_secret(found.groupdict().get("name", "secret")):
                yield Match(kind, value)
    for found in _NESTED.finditer(text):
        if names_secret(found["name"]):
            yield from column_matches(found["name"], _TEXT.findall(found["inside"]))


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
        whole = found["between"].strip() in _SETS and not found["annotation"]
        position = found.start("rest") if whole else found.end("name")
        name = found["name"]
        if not names_secret(name):
            continue
        for value, quoted in _values(found["rest"], found["between"]):
            if could_be_secret(value, quoted=quoted):
                yield Match(_kind(name), value)


@functools.lru_cache(maxsize=65_536)
def names_secret(name: str) -> bool:
    """Return whether what stands under a name is a secret.

    Examples
    --------
    >>> [names_secret(one) for one in ("key_secret", "nextPageToken", "token_type", "hmacSecret")]
    [True, False, False, True]
    """
    return (
        (is_secret(name) or _NAMES.search(name) is not None)
        and _HARMLESS.search(name) is None
        and "ignature" not in name
    )


def _values(rest: str, between: str) -> Iterator[tuple[str, bool]]:
    quoted = _QUOTED.match(rest)
    if quoted:
        yield unquote(quoted["value"]), True
        return
    bare = _BARE.match(rest)
    if bare is None:
        return
    value = bare[0].rstrip(".:")
    if value.lower() in ("bearer", "basic"):
        return
    # Beside a comma or a bar, as in a table, stands many a word that belongs to something else.
    if between.strip() in _SETS or (len(value) >= _LONG_BARE and "=" not in value and _MIXED.match(value)):
        yield unquote(value), False


def _kind(name: str) -> str:
    lowered = name.lower()
    return next((kind for word, kind in _KINDS if word in lowered), "secret")
