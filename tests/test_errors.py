"""Error classes: built by status, said in words, picklable."""

from __future__ import annotations

import pickle
import warnings

import pytest

from numbers_toolkit import errors

STATUSES = [
    (400, errors.BadRequestError),
    (401, errors.AuthenticationError),
    (402, errors.APIError),
    (403, errors.PermissionDeniedError),
    (404, errors.NotFoundError),
    (409, errors.APIError),
    (413, errors.ContentTooLargeError),
    (429, errors.RateLimitError),
    (500, errors.ServerError),
    (503, errors.ServerError),
    (599, errors.ServerError),
]
VIOLATION = {
    "type": "BadRequest",
    "fieldViolations": [{"field": "order_by", "description": "Invalid order_by x"}],
}


@pytest.mark.parametrize(("status", "cls"), STATUSES)
def test_status_gives_its_class(status: int, cls: type) -> None:
    error = errors.api_error(status, code="X", api_message="m", method="GET", path="/p", retry_after=3.0)

    assert type(error) is cls
    assert (error.status, error.code, error.api_message, error.retry_after) == (status, "X", "m", 3.0)
    assert f"answered {status} X to GET /p: m" in str(error)
    assert "What to do: " in str(error)


def test_field_violations_are_read_and_said() -> None:
    error = errors.api_error(
        400, details=[VIOLATION, {"fieldViolations": "odd"}, {"fieldViolations": ["odd"]}]
    )

    assert error.field_violations == (errors.FieldViolation("order_by", "Invalid order_by x"),)
    assert "field 'order_by': Invalid order_by x" in str(error)


def test_resource_of_a_missing_number_is_named() -> None:
    detail = {"type": "ResourceInfo", "resourceType": "ActiveNumber", "resourceName": "+13075550142"}

    assert "(ActiveNumber +13075550142)" in str(errors.api_error(404, details=[detail]))


@pytest.mark.parametrize(
    ("kind", "advice"),
    [
        ("ActiveNumber", "this project does not rent it"),
        ("AvailableNumber", "search again"),
        ("EmergencyAddress", "has no emergency address"),
        ("NumberProduct", "nothing special is required"),
        ("SomethingNew", "check the id"),
        (None, "check the id"),
    ],
)
def test_advice_on_what_is_missing_fits_what_it_is(kind: str | None, advice: str) -> None:
    details = [{"type": "Odd"}, {"type": "ResourceInfo", "resourceType": kind}]

    assert advice in str(errors.api_error(404, details=details))
    assert "search again" not in str(errors.api_error(403, details=[{"resourceType": "AvailableNumber"}]))


@pytest.mark.parametrize(
    ("method", "path", "warned"),
    [("POST", "/p:rent", True), ("GET", "/p", False), ("POST", "/oauth2/token", False)],
)
def test_server_error_warns_of_what_may_have_happened_only_where_it_may(
    method: str, path: str, warned: bool
) -> None:
    text = str(errors.api_error(500, method=method, path=path))

    assert ("may have been carried out" in text) is warned


@pytest.mark.parametrize(
    ("changes", "cls"), [(False, errors.ServerError), (True, errors.ServerOutcomeUnknownError)]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_changes_something_is_said_by_the_caller(method: str, changes: bool, cls: type) -> None:
    error = errors.api_error(503, method=method, path="/p", changes=changes, settle="Read the order.")

    assert type(error) is cls
    assert ("may have been carried out" in str(error)) is changes
    assert ("What to do: read the order." in str(error)) is changes


@pytest.mark.parametrize(
    "error",
    [
        errors.ConfigurationError("a"),
        errors.InvalidInputError("b"),
        errors.MissingDependencyError("c"),
        errors.OutputError("d"),
        errors.TransportError("e", method="GET", path="/p", attempts=3),
        errors.UnknownOutcomeError("f", method="POST", path="/p"),
        errors.ResponseFormatError("g", path="/p"),
        errors.PaginationError("h", path="/p"),
        errors.IncompleteInventoryError("i", received=1, expected=2),
        errors.api_error(400, details=[VIOLATION], method="GET", path="/p"),
        errors.api_error(429, retry_after=5.0),
        errors.api_error(413, method="POST", path="/p"),
        errors.WebhookSignatureError("j"),
        errors.EventFormatError("k"),
        errors.ReplayedEventError("l", event="e"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_pickling_with_all_they_know(error: Exception) -> None:
    error.add_note("a note")

    copy = pickle.loads(pickle.dumps(error))

    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert copy.__dict__ == error.__dict__
    assert copy.__notes__ == ["a note"]


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_has_the_one_base(name: str) -> None:
    thing = getattr(errors, name)
    if not isinstance(thing, type) or name == "FieldViolation":
        return
    assert issubclass(thing, (errors.NumbersToolkitError, errors.NumbersToolkitWarning))


def test_warning_points_at_the_line_outside_the_package() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        errors.warn_user("look", errors.IncompleteDataWarning)

    assert caught[0].filename == __file__
