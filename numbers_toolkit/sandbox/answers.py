"""What goes back to the client: answers, and refusals in the API's error envelope."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    413: "CONTENT_TOO_LARGE",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
}


@dataclass(frozen=True)
class Answer:
    """A complete HTTP answer. Header names are lower case, because one official SDK looks them up that way."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = "application/json"


def to_json(value: Any) -> str:
    """Write compact JSON, with text in its own script."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def success(text: str) -> Answer:
    """Wrap finished JSON text."""
    return Answer(HTTPStatus.OK, text.encode())


class Refusal(Exception):  # noqa: N818 - a refusal is an answer of the API, not a fault of the sandbox
    """Stop an operation and answer with an error.

    Parameters
    ----------
    status : int
        HTTP status, also written into the envelope.
    message : str
        The envelope's message; production often leaves it empty.
    details : list of dict
        Items with a ``type`` key, as the API writes them.
    headers : tuple of pairs
        Further headers.
    """

    def __init__(
        self,
        status: int,
        message: str = "",
        details: list[dict[str, Any]] | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(status, message)
        self.status = int(status)
        self.message = message
        self.details = details or []
        self.headers = headers

    def answer(self) -> Answer:
        """Render the envelope."""
        error = {
            "code": self.status,
            "message": self.message,
            "status": STATUS_NAMES[self.status],
            "details": self.details,
        }
        return Answer(self.status, to_json({"error": error}).encode(), self.headers)


class OAuthRefusal(Refusal):
    """Refuse a token request; that endpoint has the shape of OAuth, not the envelope."""

    def __init__(
        self, status: int, error: str, description: str, headers: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(status, description, None, headers)
        self.error = error

    def answer(self) -> Answer:
        """Render ``error`` and ``error_description``."""
        body = {"error": self.error, "error_description": self.message}
        return Answer(self.status, to_json(body).encode(), self.headers)


def bad_field(field: str, description: str) -> Refusal:
    """Refuse one field of a request."""
    return bad_fields([(field, description)])


def bad_fields(violations: list[tuple[str, str]]) -> Refusal:
    """Refuse several fields of a request at once: pairs of field and description."""
    listed = [{"field": field, "description": description} for field, description in violations]
    return Refusal(
        HTTPStatus.BAD_REQUEST, "invalid request", [{"type": "BadRequest", "fieldViolations": listed}]
    )


def bad_enum(field: str, value: str) -> Refusal:
    """Refuse a word that the enum does not have; production gives no details here."""
    return Refusal(HTTPStatus.BAD_REQUEST, f'parsing field "{field}": "{value}" is not a valid value')


def resource_refusal(status: int, resource: str, name: str, message: str = "") -> Refusal:
    """Refuse because of a resource: not there, or not for this account."""
    info = {
        "type": "ResourceInfo",
        "resourceType": resource,
        "resourceName": name,
        "owner": "",
        "description": message,
    }
    return Refusal(status, message, [info])


def not_on_offer(phone_number: str) -> Refusal:
    """Say that a number is not available."""
    return resource_refusal(HTTPStatus.NOT_FOUND, "AvailableNumber", phone_number)


def not_rented(phone_number: str) -> Refusal:
    """Say that a number is not active in this project."""
    return resource_refusal(HTTPStatus.NOT_FOUND, "ActiveNumber", phone_number)
