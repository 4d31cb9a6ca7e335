"""Error and warning classes: what can go wrong, under one base.

Lowest layer, standard library only. Every message says what happened, on what, and what to do next;
none ever carries a secret. All errors survive pickling, so they cross process and thread pools.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from numbers_toolkit.warnings_told import (
    AlreadyDoneWarning,
    CassetteWarning,
    ChangingInventoryWarning,
    DuplicateEventWarning,
    DuplicateNumberWarning,
    IncompleteDataWarning,
    NumbersToolkitWarning,
    PapersWarning,
    UnknownValueWarning,
    warn_user,
)

__all__ = [
    "APIError",
    "AlreadyDoneWarning",
    "AuthenticationError",
    "BadRequestError",
    "BudgetExceededError",
    "CassetteError",
    "CassetteMissError",
    "CassetteWarning",
    "ChangingInventoryWarning",
    "ColumnError",
    "ConfigurationError",
    "ContentTooLargeError",
    "DuplicateEventWarning",
    "DuplicateNumberWarning",
    "EventFormatError",
    "FieldViolation",
    "IncompleteDataWarning",
    "IncompleteInventoryError",
    "InvalidInputError",
    "JournalError",
    "JournalLockedError",
    "JournalWriteError",
    "MissingDependencyError",
    "MixedCurrencyError",
    "NotFoundError",
    "NumbersToolkitError",
    "NumbersToolkitWarning",
    "OutputError",
    "PaginationError",
    "PapersError",
    "PapersWarning",
    "PermissionDeniedError",
    "PlanAlreadyStartedError",
    "PlanError",
    "RateLimitError",
    "ReplayedEventError",
    "ResponseFormatError",
    "ServerError",
    "ServerOutcomeUnknownError",
    "TransportError",
    "UnknownOutcomeError",
    "UnknownValueWarning",
    "WebhookError",
    "WebhookSignatureError",
    "api_error",
    "warn_user",
]


def _rebuild(cls: type[Exception], args: tuple[Any, ...], state: dict[str, Any]) -> Exception:
    error = cls.__new__(cls, *args)
    error.__dict__.update(state)
    return error


class NumbersToolkitError(Exception):
    """Base of every error this package raises on purpose.

    Examples
    --------
    >>> from numbers_toolkit import errors
    >>> issubclass(errors.RateLimitError, errors.NumbersToolkitError)
    True
    """

    #: What had arrived of a list before the failure, a DataFrame; None where that says nothing.
    partial: Any = None

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__)


class ConfigurationError(NumbersToolkitError):
    """Credentials or endpoints are missing, incomplete or malformed. Nothing was sent."""


class InvalidInputError(NumbersToolkitError, ValueError):
    """An argument can't be right. Nothing was sent."""


class MissingDependencyError(NumbersToolkitError, ImportError):
    """An optional package is needed for what was asked; the message names the extra to install."""


class OutputError(NumbersToolkitError, OSError):
    """A file could not be written; the data is still in memory."""


class ColumnError(NumbersToolkitError, ValueError):
    """A DataFrame lacks columns or holds them with another dtype; all faults are listed at once."""


class PlanError(NumbersToolkitError, ValueError):
    """A plan can't be made, or can't be carried out as it stands. Nothing that costs was sent for it.

    Parameters
    ----------
    message : str
        All that is wrong, and what to do.
    faults : sequence of str
        Each fault for itself.
    """

    def __init__(self, message: str, *, faults: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class BudgetExceededError(PlanError):
    """A plan costs more than its budget allows, or in another currency. Nothing was sent that costs."""


class PapersError(PlanError):
    """Registration data or documents of a number order are missing or wrong; all faults are listed at once."""


class JournalError(NumbersToolkitError):
    """A journal can't be used: not one, damaged, edited, or of another plan or project."""


class JournalLockedError(JournalError):
    """A journal is in use by a run that is still alive."""


class PlanAlreadyStartedError(JournalError):
    """The plan was started before, here or with another journal; starting it again could buy twice."""


class JournalWriteError(JournalError, OSError):
    """The journal can't be written (a full disk, for example); the run stopped before spending more.

    What was done until then is in ``partial``, a :class:`numbers_toolkit.activation.Result`.
    """


class CassetteError(NumbersToolkitError):
    """A cassette can't be used as it is, or does not allow what was asked. Nothing was sent."""


class CassetteMissError(CassetteError):
    """A cassette holds no answer to a request, and is only replayed. Nothing was sent.

    Parameters
    ----------
    message : str
        The request, the nearest recorded one and the differences.
    method, path : str
        The request, without its query.
    nearest : str
        The recorded request that comes nearest; empty when there is none.
    differences : sequence of str
        What differs between the two.
    """

    def __init__(
        self,
        message: str,
        *,
        method: str = "",
        path: str = "",
        nearest: str = "",
        differences: Sequence[str] = (),
    ) -> None:
        super().__init__(message)
        self.method = method
        self.path = path
        self.nearest = nearest
        self.differences = tuple(differences)


class MixedCurrencyError(NumbersToolkitError, ValueError):
    """Amounts in different currencies were about to be added."""


class TransportError(NumbersToolkitError):
    """No usable answer arrived: name resolution, connection, TLS, timeout, a body cut short.

    Parameters
    ----------
    message : str
        What happened and what to do.
    method, path : str
        The request, without its query.
    attempts : int, default 1
        How often it was sent.
    """

    def __init__(self, message: str, *, method: str = "", path: str = "", attempts: int = 1) -> None:
        super().__init__(message)
        self.method = method
        self.path = path
        self.attempts = attempts


class UnknownOutcomeError(TransportError):
    """A call that changes something was sent, but its answer was lost: it may or may not have happened.

    It was not repeated. Read the resource to learn the outcome.
    """


class ResponseFormatError(NumbersToolkitError):
    """An answer arrived, but it is not what the API's contract says.

    Parameters
    ----------
    message : str
        What was found where.
    path : str
        Path of the request.
    """

    def __init__(self, message: str, *, path: str = "") -> None:
        super().__init__(message)
        self.path = path


class PaginationError(ResponseFormatError):
    """The pages of a list can't be complete: a page token came twice."""


class IncompleteInventoryError(NumbersToolkitError):
    """The numbers received disagree with the total the API gave, also after reading again.

    Parameters
    ----------
    message : str
        The counts and what to do.
    received : int
        Numbers received.
    expected : int or None
        The API's ``totalSize``; None when it gave none.
    partial : pandas.DataFrame, optional
        What did arrive, so that nothing is lost; its ``attrs["complete"]`` is False.
    """

    def __init__(self, message: str, *, received: int, expected: int | None, partial: Any = None) -> None:
        super().__init__(message)
        self.received = received
        self.expected = expected
        self.partial = partial


class WebhookError(NumbersToolkitError):
    """An event that was delivered can't be taken as it is. Nothing was sent, changed or spent because of it."""


class WebhookSignatureError(WebhookError):
    """An event is not signed with the project's callback secret: it may come from anybody."""


class EventFormatError(WebhookError, ValueError):
    """An event, or a line of a log of events, is not what the API's contract says."""


class ReplayedEventError(WebhookError):
    """An event was taken before: a repeated delivery, or somebody sends an old one again.

    Parameters
    ----------
    message : str
        Which event, and what to do.
    event : Event, optional
        The event as it came this time.
    """

    def __init__(self, message: str, *, event: Any = None) -> None:
        super().__init__(message)
        self.event = event


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One field the API refused: its name and the API's reason."""

    field: str
    description: str


class APIError(NumbersToolkitError):
    """The API answered with an error.

    Parameters
    ----------
    message : str
        Full text for people.
    status : int
        HTTP status.
    code : str
        The API's name for the status, for example ``"NOT_FOUND"``; ``""`` when it gave none.
    api_message : str
        The API's own message, often empty.
    details : sequence of mapping
        The API's ``details`` as sent.
    method, path : str
        The request.
    retry_after : float or None
        Seconds to wait, when the API said so.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str = "",
        api_message: str = "",
        details: Sequence[Mapping[str, Any]] = (),
        method: str = "",
        path: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.api_message = api_message
        self.details = tuple(details)
        self.method = method
        self.path = path
        self.retry_after = retry_after

    @property
    def field_violations(self) -> tuple[FieldViolation, ...]:
        """Fields the API refused, in its order; empty for most errors."""
        found = [item.get("fieldViolations") for item in self.details]
        return tuple(
            FieldViolation(str(one.get("field", "")), str(one.get("description", "")))
            for group in found
            if isinstance(group, list)
            for one in group
            if isinstance(one, Mapping)
        )


class BadRequestError(APIError):
    """400: the API refused a value; see ``field_violations``."""


class AuthenticationError(APIError):
    """401: the credentials are wrong or no longer valid; ``token_expired`` when the API said so."""

    token_expired: bool = False


class PermissionDeniedError(APIError):
    """403: the key has no access to this project, or the account may not do this."""


class NotFoundError(APIError):
    """404: the number, order, address or project does not exist for this project."""


class ContentTooLargeError(APIError):
    """413: a file is larger than the API takes; it was not stored."""


class RateLimitError(APIError):
    """429: too many requests; ``retry_after`` says how long to wait when the API told it."""


class ServerError(APIError):
    """5xx: a fault on the API's side."""


class ServerOutcomeUnknownError(ServerError, UnknownOutcomeError):
    """5xx to a call that changes something: it may or may not have been carried out, and was not repeated."""


_BY_STATUS: dict[int, tuple[type[APIError], str]] = {
    400: (BadRequestError, "correct the value and try again"),
    401: (AuthenticationError, "check the key id and key secret; the API did not accept them"),
    403: (
        PermissionDeniedError,
        "check that the project id is right and that this access key belongs to that project",
    ),
    404: (NotFoundError, "check the id; it does not exist in this project"),
    413: (
        ContentTooLargeError,
        "the file is too large and was not stored; send a smaller one (the API does not say how large it may be)",
    ),
    429: (RateLimitError, "wait a little and try again"),
}
#: What to do about a 404, by the kind of resource that the API names.
_MISSING: dict[object, str] = {
    "ActiveNumber": "check the number; this project does not rent it",
    "AvailableNumber": "it is not, or no longer, on offer; search again",
    "EmergencyAddress": "the number has no emergency address; provision one if it should have one",
    "NumberProduct": "nothing special is required of such numbers, or they can't be ordered this way",
}
_SERVER_ADVICE = "the fault is on the API's side; try again later"
_FIRST_SERVER_STATUS = 500
#: A token request changes nothing, although it is a POST.
_TOKEN_PATH: Final = "/oauth2/token"  # noqa: S105 - a path, not a secret


def api_error(
    status: int,
    *,
    code: str = "",
    api_message: str = "",
    details: Sequence[Mapping[str, Any]] = (),
    method: str = "",
    path: str = "",
    retry_after: float | None = None,
    changes: bool | None = None,
    settle: str = "Read the resource before repeating it.",
) -> APIError:
    """Build the error class that fits an HTTP status, with a message for people.

    Parameters
    ----------
    status : int
        HTTP status of the answer.
    code, api_message : str
        The API's status name and message, where it gave them.
    details : sequence of mapping
        The API's details.
    method, path : str
        The request.
    retry_after : float or None
        Seconds to wait.
    changes : bool, optional
        Whether the request changes something; None takes it from the method.
    settle : str
        How to find out whether a change was carried out although the API failed, as a sentence.

    Returns
    -------
    APIError
        An instance of the subclass for this status.

    Examples
    --------
    >>> str(api_error(404, code="NOT_FOUND", method="GET", path="/x"))
    'The API answered 404 NOT_FOUND to GET /x. What to do: check the id; it does not exist in this project.'
    """
    cls, advice = _BY_STATUS.get(status, (APIError, "read the API's message above"))
    if changes is None:
        changes = method not in ("GET", "") and path != _TOKEN_PATH
    if status >= _FIRST_SERVER_STATUS:
        cls, advice = ServerError, _SERVER_ADVICE
        if changes:
            cls, advice = ServerOutcomeUnknownError, settle[:1].lower() + settle[1:].removesuffix(".")
    elif cls is NotFoundError:
        advice = next(
            (_MISSING[one] for item in details if (one := item.get("resourceType")) in _MISSING), advice
        )
    error = cls(
        "",
        status=status,
        code=code,
        api_message=api_message,
        details=details,
        method=method,
        path=path,
        retry_after=retry_after,
    )
    error.args = (_describe(error, advice),)
    return error


def _describe(error: APIError, advice: str) -> str:
    parts = [f"The API answered {error.status} {error.code}".rstrip() + f" to {error.method} {error.path}"]
    if error.api_message:
        parts.append(f": {error.api_message}")
    for violation in error.field_violations:
        parts.append(f"; field {violation.field!r}: {violation.description}")
    for detail in error.details:
        if detail.get("resourceName"):
            parts.append(f" ({detail.get('resourceType', 'resource')} {detail['resourceName']})")
    if error.retry_after is not None:
        parts.append(f" (it asks to wait {error.retry_after:g} s)")
    if isinstance(error, UnknownOutcomeError):
        parts.append(" (a fault on its side; the call may have been carried out all the same)")
    return "".join(parts) + f". What to do: {advice}."
