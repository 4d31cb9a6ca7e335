"""What a cassette never keeps: credentials, tokens, secrets, cookies, and what a person registered for a number.

Headers are kept by a list of those that mean something; fields and parameters are blanked by their names; and a
secret that was seen anywhere is blanked wherever else it turns up.
"""

from __future__ import annotations

import functools
import re
import threading
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from numbers_toolkit.cassettes.bodies import Number, pretty_json, read_json, without_files
from numbers_toolkit.cassettes.interactions import SANDBOX_HEADER, Question
from numbers_toolkit.taping import Received

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numbers_toolkit.cassettes.interactions import Interaction
    from numbers_toolkit.taping import Sent

__all__ = ["REDACTED", "Scrubber", "kept_headers", "scrubbed_url"]

REDACTED: Final = "REDACTED"
#: Everything else says how an answer travelled, or may carry a secret of the user's own.
_KEPT_HEADERS: Final = frozenset({"content-type", "date", "retry-after", "www-authenticate", SANDBOX_HEADER})
_PLAIN_NAMES: Final = frozenset({"tokentype", "nextpagetoken", "pagetoken"})
_SECRET_NAME: Final = re.compile(
    r"secret|passw(?:or)?d|passphrase|authorization|cookie|credential|apikey|privatekey|signature|token$"
    r"|^(?:sig|auth|jwt|bearer|assertion)$"
)
#: After the word, what is long or holds a digit is no word of a sentence.
_SECRET_TEXT: Final = re.compile(
    r"(?i)(?P<word>\b(?:bearer|basic)\s+)(?:(?=[a-z._~+/-]*[0-9=])[a-z0-9._~+/-]{8,}|[a-z0-9._~+/-]{20,})=*"
    r"|eyJ[a-z0-9_-]{10,}(?:\.[a-z0-9_-]+){0,2}"
)
_SECRET_FIELD: Final = re.compile(
    r"(?i)(?P<before>[\"']?\b[\w-]*(?:secret|password|(?:access|refresh|id)[_-]?token|authorization|api[_-]?key)"
    r"[\"']?\s*[:=]\s*[\"']?|[?&](?:token|key|sig|signature|auth)=)(?P<secret>[^\"'\s&;,<>{}]+)"
)
_USER_OF_URL: Final = re.compile(r"(?i)(?<=://)[^/\s:@\"'<>]+:[^/\s@\"'<>]+(?=@)")
_FIELD_WORDS: Final = ("secret", "password", "token", "authorization", "key", "sig", "auth")
#: What a person gives for a registration: names, addresses, numbers of papers.
_PERSONAL: Final = frozenset({"requestDetails"})
_SHORTEST_SECRET: Final = 8
#: Fields that the API has; the name of any other may hold anything.
_KNOWN_SECRETS: Final = frozenset({"access_token", "hmacSecret"})


@functools.lru_cache(maxsize=4096)
def is_secret(name: str) -> bool:
    """Return whether a field or parameter of this name holds a secret.

    Examples
    --------
    >>> [is_secret(name) for name in ("access_token", "hmacSecret", "nextPageToken", "token_type", "X-Api-Key")]
    [True, True, False, False, True]
    """
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    return plain not in _PLAIN_NAMES and _SECRET_NAME.search(plain) is not None


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of an answer that are kept, by lower-case name, in a stable order."""
    lowered = {name.lower(): value for name, value in headers.items()}
    return {name: lowered[name] for name in sorted(lowered.keys() & _KEPT_HEADERS)}


def scrubbed_url(url: str) -> str:
    """Return an address without a user name, a password and secrets in its query.

    Examples
    --------
    >>> scrubbed_url("https://me:hush@example.com/a?pageSize=2&api_key=hush")
    'https://example.com/a?pageSize=2&api_key=REDACTED'
    """
    parts = urlsplit(url)
    query = parts.query
    pairs = parse_qsl(query, keep_blank_values=True)
    if any(is_secret(name) for name, _ in pairs):
        query = urlencode([(name, REDACTED if is_secret(name) else value) for name, value in pairs])
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))


class Scrubber:
    """Blanks what may not be kept; safe to share between threads.

    Attributes
    ----------
    blanked : collections.Counter
        How often what kind of thing was blanked.
    """

    def __init__(self) -> None:
        self.blanked: Counter[str] = Counter()
        self._known: set[str] = set()
        self._lock = threading.Lock()

    def question(self, sent: Sent, redact: Callable[[Any], Any]) -> Question:
        """Return a request without its secrets.

        Parameters
        ----------
        sent : Sent
            The request.
        redact : callable
            Blanks the secrets that the sender knows.
        """
        headers = {name.lower(): value for name, value in sent.headers.items()}
        if "authorization" in headers:
            self._count("authorization header")
        content_type = headers.get("content-type", "") if sent.body else ""
        body = None
        if sent.body:
            raw = bytes(sent.body)
            if content_type.startswith("multipart/"):
                raw, content_type = without_files(raw, content_type)
            kept = self._body(raw, content_type, redact)
            body = kept if isinstance(kept, str) else kept.decode("latin-1")
        return Question(sent.method, redact(scrubbed_url(sent.url)), content_type, body)

    def answer(
        self, received: Received, redact: Callable[[Any], Any], *, token: bool = False
    ) -> tuple[dict[str, str], str | bytes]:
        """Return what is kept of an answer: headers and body.

        Parameters
        ----------
        received : Received
            The answer.
        redact : callable
            Blanks the secrets that the sender knows.
        token : bool, default False
            Whether it answers a request for a token: what can't be read of that is not kept at all.
        """
        if "set-cookie" in received.headers:
            self._count("cookie")
        headers = {name: self._leaf(value, redact) for name, value in kept_headers(received.headers).items()}
        body = self._body(received.body, headers.get("content-type", ""), redact)
        return headers, REDACTED if token and isinstance(body, bytes) else body

    def interaction(self, one: Interaction) -> Interaction:
        """Return what another recorder wrote without its secrets.

        Parameters
        ----------
        one : Interaction
            As it stands in a file that this package did not write.
        """
        asked = one.question
        body = None
        if asked.body is not None:
            kept = self._body(asked.body.encode("utf-8", "surrogatepass"), asked.content_type, _as_it_is)
            body = kept if isinstance(kept, str) else asked.body
        _, answer = self.answer(
            Received(one.status, one.headers, one.content), _as_it_is, token=asked.is_token
        )
        return replace(one, question=replace(asked, url=scrubbed_url(asked.url), body=body), body=answer)

    def _body(self, raw: bytes, content_type: str, redact: Callable[[Any], Any]) -> str | bytes:
        """Return a body without its secrets: as text, or as the bytes that it is when it is no text."""
        try:
            value = read_json(raw)
            self._learn(value)
            # Looked through at once: an inventory has a text for every field of every number.
            text = "\n".join(_texts(value))
            clean = redact if self._leaf(text, redact) != text else None
            return pretty_json(self._value(value, "", clean))
        except (ValueError, RecursionError):
            pass
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw
        if "x-www-form-urlencoded" in content_type:
            pairs = parse_qsl(text, keep_blank_values=True)
            return urlencode([(name, self._value(one, name, redact)) for name, one in pairs])
        return self._leaf(text, redact)

    def _value(self, value: Any, name: str, redact: Callable[[Any], Any] | None) -> Any:
        """Blank secret fields and personal data, and, unless there is nothing else to blank, look through texts."""
        if value and is_secret(name):
            if value != REDACTED:
                self._count(name if name in _KNOWN_SECRETS else "other secret")
            return REDACTED
        if isinstance(value, dict):
            if name in _PERSONAL:
                self._count(name)
                return _blank(value)
            return {self._leaf(key, redact): self._value(one, key, redact) for key, one in value.items()}
        if isinstance(value, list):
            return [self._value(one, "", redact) for one in value]
        return (
            self._leaf(value, redact) if isinstance(value, str) and not isinstance(value, Number) else value
        )

    def _leaf(self, text: str, redact: Callable[[Any], Any] | None) -> str:
        """Blank secrets that the sender or an answer told, and whatever looks like one."""
        if redact is None:
            return text
        text = redact(text)
        with self._lock:
            known = sorted(self._known, key=len, reverse=True)
        for secret in known:
            text = text.replace(secret, REDACTED)
        lowered = text.lower()
        # Most texts hold none of these words, and looking for them is much faster than the patterns are.
        if "://" in lowered and "@" in lowered:
            text = _USER_OF_URL.sub(REDACTED, text)
        if any(word in lowered for word in ("bearer", "basic", "eyj")):
            text = _SECRET_TEXT.sub(lambda found: f"{found['word'] or ''}{REDACTED}", text)
        if any(word in lowered for word in _FIELD_WORDS):
            text = _SECRET_FIELD.sub(lambda found: f"{found['before']}{REDACTED}", text)
        return text

    def _learn(self, value: Any, name: str = "") -> None:
        """Remember the secrets of an answer: they are blanked wherever they are said again."""
        if isinstance(value, dict):
            for key, one in value.items():
                self._learn(one, key)
        elif isinstance(value, list):
            for one in value:
                self._learn(one, name)
        # Shorter ones would blank words and digits that are no secret.
        elif (
            is_secret(name)
            and isinstance(value, str)
            and len(value) >= _SHORTEST_SECRET
            and value != REDACTED
        ):
            with self._lock:
                self._known.add(str(value))

    def _count(self, what: str) -> None:
        with self._lock:
            self.blanked[what] += 1


def _texts(value: Any) -> Iterator[str]:
    """Yield every text of a value, names of fields among them."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield value


def _as_it_is(value: Any) -> Any:
    return value


def _blank(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _blank(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_blank(one) for one in value]
    return REDACTED if value and (isinstance(value, (str, Number))) else value
