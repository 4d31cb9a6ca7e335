"""What a failed exchange means: sent or surely not, in which words, and without what must not show.

The difference between "never sent" and "answer lost" decides whether a paid call may be repeated, so only
what is certain counts as never sent. Knows the HTTP library's errors; sends nothing.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from http.client import HTTPException
from typing import Final

import requests
import urllib3

from numbers_toolkit import errors

__all__ = [
    "EXCHANGE_FAILURES",
    "SETTLE",
    "Call",
    "may_pass",
    "never_sent",
    "no_answer",
    "no_data",
    "reason",
    "without_frames",
]

#: Everything an exchange can fail with; the HTTP library lets some errors of its own parts through.
EXCHANGE_FAILURES: Final = (OSError, HTTPException, urllib3.exceptions.HTTPError)
_REDIRECT_STATUS: Final = 300
_RETRY_STATUSES: Final = (429, 500, 502, 503, 504)
_BEFORE_CONNECTING: Final = (
    requests.ConnectTimeout,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.ProxyError,
)
_NOT_CONNECTED: Final = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.NameResolutionError)


#: How to settle an unknown outcome, where nobody says it better.
SETTLE: Final = "Read what it is about (GET) to see what happened before repeating it."


@dataclass(frozen=True, slots=True)
class Call:
    """A request, as far as a failure of it has to be told.

    Parameters
    ----------
    method, path : str
        The request, without its query.
    host : str
        Origin it goes to.
    changes : bool
        Whether it changes something: then it is sent once, and a lost answer is an unknown outcome.
    settle : str
        What to do after an unknown outcome, as a sentence.
    """

    method: str
    path: str
    host: str
    changes: bool
    settle: str = SETTLE

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def no_answer(error: BaseException, call: Call, attempt: int, why: str) -> errors.TransportError:
    """Return what is raised when no usable answer arrived.

    Parameters
    ----------
    error : Exception
        What the HTTP library raised.
    call : Call
        The request.
    attempt : int
        How often it was sent.
    why : str
        The reason in a few words, without secrets.

    Returns
    -------
    TransportError
        An :class:`UnknownOutcomeError` when the call may have been carried out.
    """
    what = f"{call} to {call.host}"
    kind = errors.TransportError
    if call.changes and not never_sent(error):
        kind = errors.UnknownOutcomeError
        text = (
            f"The answer to {what} was lost: {why}. It may or may not have been carried out, and was not sent "
            f"again. {call.settle}"
        )
    else:
        times = f" after {attempt} attempts" if attempt > 1 else ""
        text = (
            f"No answer to {what}{times}: {why}. Check the network, a proxy or VPN, and SINCH_NUMBERS_URL / "
            "SINCH_AUTH_URL; then try again."
        )
    found = kind(text, method=call.method, path=call.path, attempts=attempt)
    found.__cause__ = without_frames(error)
    return found


def no_data(status: int, call: Call) -> errors.NumbersToolkitError:
    """Return what is raised for a status that is neither success nor error: accepted, moved and others."""
    if status < _REDIRECT_STATUS and call.changes:
        return errors.UnknownOutcomeError(
            f"{call} was answered with status {status} and no data: it was most likely carried out. {call.settle}",
            method=call.method,
            path=call.path,
        )
    return errors.ResponseFormatError(
        f"{call} was answered with status {status} and no data (a redirect is not followed, so that credentials "
        "stay with the configured host). Check SINCH_NUMBERS_URL and SINCH_AUTH_URL.",
        path=call.path,
    )


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
