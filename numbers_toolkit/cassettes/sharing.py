"""Safe to share: whatever names a company, a person or a number, replaced in addresses, queries and bodies alike.

What is known to name nobody stays (amounts, times, regions, statuses); a field that nobody knows yet is replaced
unless its value has the form of such a thing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from numbers_toolkit.cassettes.bodies import Number, pretty_json, read_json
from numbers_toolkit.cassettes.pseudonyms import PHONE_NUMBER
from numbers_toolkit.cassettes.scrubbing import REDACTED
from numbers_toolkit.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from numbers_toolkit.cassettes.interactions import Interaction, Question
    from numbers_toolkit.cassettes.pseudonyms import Pseudonyms

__all__ = ["KEEPABLE", "Sharing", "check_keep", "patterns_of"]

#: What a field holds, by the API's name of it.
_KINDS: Final = {
    "projectId": "project_id",
    "displayName": "display_name",
    "servicePlanId": "service_plan_id",
    "campaignId": "campaign_id",
    "appId": "voice_id",
    "trunkId": "voice_id",
    "serviceId": "voice_id",
    "callbackUrl": "callback_url",
    "nextPageToken": "page_token",
    "pageToken": "page_token",
    "idNumberOrder": "order_id",
    "numberOrderId": "order_id",
    "orderId": "order_id",
}
_FORMS: Final = {
    "display_name": "Name {}",
    "callback_url": "https://callback.invalid/{}",
    "page_token": "page-{}",
    "other": "text-{}",
}
#: Kinds that a caller may want to keep; projects and phone numbers are what sharing is about.
KEEPABLE: Final = ("display_name", "service_plan_id", "campaign_id", "voice_id", "callback_url", "other")
#: Fields of words that the API itself chose or wrote.
_OPEN: Final = frozenset(
    {
        "regionCode",
        "regionName",
        "type",
        "types",
        "capability",
        "capabilities",
        "currencyCode",
        "amount",
        "status",
    }
    | {
        "state",
        "errorCodes",
        "searchPattern",
        "pattern",
        "validationResult",
        "uploadStatus",
        "code",
        "message",
    }
    | {"description", "reason", "resourceType", "resourceName", "@type", "field", "domain", "title", "scope"}
    | {"token_type", "error", "error_description", "access_token"}
)
_NAMES_NOBODY: Final = re.compile(
    r"[A-Z]{2,}(?:_[A-Z0-9]{1,16})+|\d{4}-\d\d-\d\dT[\d:.]+Z?|\d{4}-\d\d-\d\d|-?\d{1,6}(?:\.\d+)?|true|false"
)
#: Answers that are the same for every customer.
_PUBLIC_PATHS: Final = ("/availableRegions", ":lookupNumberRequirements")
_LONGEST_PATTERN: Final = 4
_PATTERN: Final = "numberPattern.pattern"
_LONE_DIGITS: Final = re.compile(r"(?<![\d+])\d{7,15}(?!\d)")


def check_keep(keep: Iterable[str]) -> frozenset[str]:
    """Return the kinds to keep.

    Raises
    ------
    InvalidInputError
        When one of them is not known.
    """
    wanted = frozenset([keep] if isinstance(keep, str) else keep)
    odd = sorted(wanted - set(KEEPABLE))
    if odd:
        raise InvalidInputError(f"keep {', '.join(map(repr, odd))} is not known; use {', '.join(KEEPABLE)}.")
    return wanted


def patterns_of(questions: Iterable[Question]) -> set[tuple[str, str]]:
    """Return the digits that were searched for, and how, as far as they don't give a number away."""
    found = set()
    for asked in questions:
        query = dict(asked.query)
        digits = query.get(_PATTERN, "").strip()
        if digits and not _tells_too_much(digits):
            found.add((digits, query.get("numberPattern.searchPattern", "CONTAINS")))
    return found


class Sharing:
    """Replaces what names somebody, the same way everywhere.

    Parameters
    ----------
    pseudonyms : Pseudonyms
        The other names.
    keep : frozenset of str
        Kinds that stay as they are.
    searched : collection of (str, str)
        Patterns that every number keeps its digits of, wherever it has them.
    """

    def __init__(
        self,
        pseudonyms: Pseudonyms,
        keep: frozenset[str] = frozenset(),
        searched: Collection[tuple[str, str]] = (),
    ) -> None:
        self.pseudonyms = pseudonyms
        self._keep = keep
        self._searched = frozenset(searched)
        self._found_by: dict[str, set[tuple[str, str]]] = {}

    def learn(self, interactions: Sequence[Interaction]) -> None:
        """Take note of projects and numbers, and of what numbers were found by: they keep fitting that search."""
        texts = [(patterns_of([one.question]), one.body) for one in interactions if isinstance(one.body, str)]
        for patterns, text in texts:
            for number in PHONE_NUMBER.findall(text) if patterns else ():
                self._found_by.setdefault(number, set()).update(patterns)
        for one in interactions:
            self._as("project_id", one.question.project_id)
        for text in (*(text for _, text in texts), *(unquote(one.question.url) for one in interactions)):
            for number in PHONE_NUMBER.findall(text):
                self._number(number)

    def question(self, asked: Question) -> Question:
        """Return a request about pseudonyms."""
        parts = urlsplit(asked.url)
        query = urlencode([(name, self._parameter(name, value)) for name, value in _pairs(parts.query)])
        url = urlunsplit((parts.scheme, parts.netloc, self._path(parts.path), query, ""))
        return replace(asked, url=url, body=None if asked.body is None else self._body(asked.body))

    def interaction(self, one: Interaction) -> Interaction:
        """Return a request and its answer about pseudonyms."""
        public = one.question.path.endswith(_PUBLIC_PATHS)
        # What is no text can't be looked through: it is not given away.
        body = self._body(one.body, public=public) if isinstance(one.body, str) else REDACTED
        return replace(one, question=self.question(one.question), body=body)

    def _path(self, path: str) -> str:
        segments = path.split("/")
        for place, before in enumerate(segments[:-1], start=1):
            if segments[place] and before == "projects":
                segments[place] = self._as("project_id", segments[place])
            elif segments[place] and before == "numberOrders":
                segments[place] = self._as("order_id", segments[place])
            else:
                segments[place] = quote(self._text(unquote(segments[place])), safe="+:@-._~")
        return "/".join(segments)

    def _parameter(self, name: str, value: str) -> str:
        if name == _PATTERN:
            if not _tells_too_much(value):
                return value
            digits = value.strip()
            return self._number(digits) if PHONE_NUMBER.fullmatch(digits) else self._as("pattern", digits)
        kind = _KINDS.get(name)
        return self._as(kind, value) if kind else self._text(value)

    def _body(self, text: str, *, public: bool = False) -> str:
        try:
            return pretty_json(self._value(read_json(text), "", public=public))
        except ValueError:
            return self._text(text)

    def _value(self, value: Any, name: str, *, public: bool) -> Any:
        if isinstance(value, dict):
            return {self._text(key): self._value(one, key, public=public) for key, one in value.items()}
        if isinstance(value, list):
            return [self._value(one, name, public=public) for one in value]
        if isinstance(value, Number) or not isinstance(value, str) or value in ("", REDACTED):
            return value
        kind = _KINDS.get(name)
        if kind is not None:
            return self._as(kind, value)
        if public or name in _OPEN or PHONE_NUMBER.fullmatch(value):
            return self._text(value)
        return value if _NAMES_NOBODY.fullmatch(value) else self._as("other", value)

    def _as(self, kind: str, value: str) -> str:
        if not value or kind in self._keep:
            return value
        form = _FORMS.get(kind)
        return self.pseudonyms.named(kind, value, form) if form else self.pseudonyms.of(kind, value)

    def _number(self, number: str) -> str:
        return self.pseudonyms.phone_number(number, self._searched | self._found_by.get(number, set()))

    def _text(self, text: str) -> str:
        """Replace the numbers and known projects that stand in a text."""
        text = PHONE_NUMBER.sub(lambda found: self._number(found[0]), text)
        for real, other in self.pseudonyms.given.get("project_id", {}).copy().items():
            text = text.replace(real, other)
        known = self.pseudonyms.given.get("phone_number", {})

        def without_plus(found: re.Match[str]) -> str:
            return known.get(f"+{found[0]}", f"+{found[0]}")[1:]

        return _LONE_DIGITS.sub(without_plus, text)


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


def _tells_too_much(digits: str) -> bool:
    """Return whether a pattern gives a number away, or nearly so."""
    plain = digits.strip()
    area = 5 if plain.startswith("+") else 0
    return len(plain) > area + _LONGEST_PATTERN
