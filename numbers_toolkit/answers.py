"""Reading answers: a successful one as a value, the words of a failed one, and the headers that carry time.

Knows JSON and the API's error envelope; sends nothing.
"""

from __future__ import annotations

import contextlib
import email.utils
import html
import json
import math
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Answer", "error_body", "page_title", "retry_after"]

_TITLE: Final = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer: its body as bytes, and its headers by lower-case name."""

    status: int
    path: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    #: Title of a page that came in place of data, without secrets.
    title: str = ""
    #: The recording that it comes from; empty for an answer of now.
    recorded: str = ""

    def json(self) -> Any:
        """Return the decoded body.

        Raises
        ------
        ResponseFormatError
            When it is not JSON.
        """
        # The decoder's own error carries the whole body, which may hold a secret: it goes no further.
        with contextlib.suppress(ValueError, RecursionError):
            return json.loads(self.body)
        kind = self.headers.get("content-type", "no content type")
        raise errors.ResponseFormatError(
            f"The answer to {self.path} is not JSON ({kind}, {len(self.body):,} bytes"
            f"{f', titled {self.title!r}' if self.title else ''}). A proxy or a wrong address may have "
            "answered, or the answer is cut; check SINCH_NUMBERS_URL, SINCH_AUTH_URL and the network.",
            path=self.path,
        )

    def object(self) -> dict[str, Any]:
        """Return the decoded body, which has to be a JSON object."""
        value = self.json()
        if isinstance(value, dict):
            return value
        kind = type(value).__name__
        # Verbose tracebacks print variables, and this one may hold what a person registered.
        del value
        raise errors.ResponseFormatError(
            f"The answer to {self.path} is JSON, but {kind} instead of an object.",
            path=self.path,
        )

    def date(self) -> datetime | None:
        """Return the server's own time, from the ``date`` header."""
        return _http_date(self.headers.get("date", ""))


def error_body(body: bytes) -> tuple[str, str, list[dict[str, Any]]]:
    """Return status name, message and details of an error body, whatever its form.

    Examples
    --------
    >>> error_body(b'{"error": {"code": 403, "message": "", "status": "PERMISSION_DENIED", "details": []}}')
    ('PERMISSION_DENIED', '', [])
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        title = page_title(body)
        told = f", titled {title!r}" if title else ""
        return "", f"(no JSON: {len(body):,} bytes{told})" if body else "", []
    error = value.get("error") if isinstance(value, dict) else None
    if isinstance(error, dict):
        details = error.get("details")
        found = [one for one in details if isinstance(one, dict)] if isinstance(details, list) else []
        return str(error.get("status") or ""), str(error.get("message") or ""), found
    if isinstance(error, str):
        return error, str(value.get("error_description") or ""), []
    if isinstance(value, dict):
        words = [str(value[name]) for name in ("title", "detail", "message", "text") if value.get(name)]
        return "", "; ".join(words), []
    return "", "", []


def page_title(body: bytes) -> str:
    """Return the title of an HTML page, shortened, or empty text.

    Examples
    --------
    >>> page_title(b"<html><title> Bad  Gateway </title></html>")
    'Bad Gateway'
    """
    if body.lstrip()[:1] != b"<":
        return ""
    found = _TITLE.search(body[:4096].decode("utf-8", "replace"))
    return html.unescape(" ".join(found.group(1).split())) if found else ""


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds a ``Retry-After`` header asks to wait, as a number or a date; None without.

    Examples
    --------
    >>> retry_after({"retry-after": "3"}, datetime.now(UTC))
    3.0
    """
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        when = _http_date(text)
        if when is None:
            return None
        seconds = (when - (_http_date(headers.get("date", "")) or now)).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _http_date(text: str) -> datetime | None:
    try:
        when = email.utils.parsedate_to_datetime(text)
        return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except (IndexError, OverflowError, TypeError, ValueError):
        return None
