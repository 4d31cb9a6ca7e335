"""What a failed exchange means: sent or surely not, in which words, and without what must not show.

The difference between "never sent" and "answer lost" decides whether a paid call may be repeated, so only
what is certain counts as never sent. Knows the HTTP library's errors; sends nothing.
"""

from __future__ import annotations

import ssl
from http.client import HTTPException
from typing import Final

import requests
import urllib3

from numbers_toolkit import errors

__all__ = ["EXCHANGE_FAILURES", "may_pass", "never_sent", "reason", "without_frames"]

#: Everything an exchange can fail with; the HTTP library lets some errors of its own parts through.
EXCHANGE_FAILURES: Final = (OSError, HTTPException, urllib3.exceptions.HTTPError)
_RETRY_STATUSES: Final = (429, 500, 502, 503, 504)
_BEFORE_CONNECTING: Final = (
    requests.ConnectTimeout,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.ProxyError,
)
_NOT_CONNECTED: Final = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.NameResolutionError)


def may_pass(failure: errors.NumbersToolkitError) -> bool:
    """Whether the same request may well succeed a little later."""
    if isinstance(failure, errors.APIError):
        return failure.status in _RETRY_STATUSES
    lasting = (
        requests.exceptions.SSLError,
        requests.exceptions.InvalidSchema,
        requests.exceptions.InvalidURL,
    )
    return isinstance(failure, errors.TransportError) and not isinstance(failure.__cause__, lasting)


def never_sent(error: BaseException) -> bool:
    """Whether the connection failed before any byte of the request could leave.

    A TLS fault counts only when the certificate was refused: any other can also strike while the answer
    is being read.

    Examples
    --------
    >>> never_sent(requests.ConnectTimeout()), never_sent(requests.exceptions.SSLError())
    (True, False)
    """
    if isinstance(error, _BEFORE_CONNECTING):
        return True
    inner = _inner(error)
    if isinstance(error, requests.exceptions.SSLError):
        return any(isinstance(one, ssl.SSLCertVerificationError) for one in (inner, *inner.args))
    return isinstance(inner, _NOT_CONNECTED)


def reason(error: BaseException) -> str:
    """Return the cause in a few words, without addresses of objects."""
    if isinstance(error, requests.ConnectTimeout):
        return "connecting timed out"
    if isinstance(error, (requests.ReadTimeout, urllib3.exceptions.ReadTimeoutError)):
        return "the server did not answer in time"
    inner = _inner(error)
    if isinstance(inner, urllib3.exceptions.IncompleteRead):
        return f"the answer was cut short ({inner})"
    text = str(inner)
    if isinstance(inner, urllib3.exceptions.NewConnectionError):
        text = text.split(": ", 1)[-1]
    return text or type(error).__name__


def without_frames(error: BaseException) -> BaseException:
    """Drop the frames of HTTP libraries: verbose tracebacks print their variables, headers among them."""
    waiting: list[BaseException | None] = [error]
    done: set[int] = set()
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in done:
            continue
        done.add(id(one))
        one.__traceback__ = None
        for name in ("request", "response"):
            if hasattr(one, name):
                setattr(one, name, None)
        waiting += [one.__cause__, one.__context__]
    return error


def _inner(error: BaseException) -> BaseException:
    """Return what the HTTP library wrapped, or the error itself."""
    first = error.args[0] if error.args else None
    found = getattr(first, "reason", None) or first
    return found if isinstance(found, BaseException) else error
