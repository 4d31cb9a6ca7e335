"""Errors, tokens and events, as schemas of OpenAPI 3.1 in our own words.

Source: Sinch Numbers API's OpenAPI description 1.0.3; code and tests of the official SDKs for tokens and for what
details hold.
"""

from __future__ import annotations

from numbers_toolkit.sandbox.events import FAILURE_CODES, ORDER_STATUSES, VOICE_FAILED
from numbers_toolkit.sandbox.openapi_parts import Schema, array, nullable, record, reference, text, words

ZONELESS_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?$"
ERROR_STATES = (
    "INVALID_ARGUMENT",
    "UNAUTHENTICATED",
    "PERMISSION_DENIED",
    "NOT_FOUND",
    "METHOD_NOT_ALLOWED",
    "CONTENT_TOO_LARGE",
    "RESOURCE_EXHAUSTED",
    "INTERNAL",
    "UNKNOWN",
    "UNAVAILABLE",
)
PLACES = ("SMS_PLATFORM", "CAMPAIGN", "VOICE_PLATFORM")
EVENT_TYPES = tuple(
    f"{way}_{place}" for place in PLACES for way in ("PROVISIONING_TO", "DEPROVISIONING_FROM")
)


def _errors() -> dict[str, Schema]:
    violation = record("One bad field.", {"field": text(), "description": text()})
    return {
        "Error": record(
            "Every error of the Numbers API.",
            {
                "error": record(
                    "The discriminator of the details is `type`, without a prefix.",
                    {
                        "code": {"type": "integer", "description": "The HTTP status again."},
                        "message": text("Often empty."),
                        "status": words(ERROR_STATES),
                        "details": array(
                            {
                                "anyOf": [
                                    reference("BadRequest"),
                                    reference("ResourceInfo"),
                                    {"type": "object", "x-open": True},
                                ]
                            }
                        ),
                    },
                    "code message status details",
                )
            },
            "error",
        ),
        "BadRequest": record(
            "Which fields were refused.",
            {"type": {"const": "BadRequest"}, "fieldViolations": array(violation)},
            "type fieldViolations",
        ),
        "ResourceInfo": record(
            "Which resource it is about.",
            {
                "type": {"const": "ResourceInfo"},
                "resourceType": text(),
                "resourceName": text(),
                "owner": text(),
                "description": text(),
            },
            "type",
            "resourceType owner",
        ),
    }


def _tokens() -> dict[str, Schema]:
    return {
        "Token": record(
            "An access token.",
            {
                "access_token": text("A JWT.", minLength=1),
                "expires_in": {"type": "integer", "minimum": 1, "description": "Seconds."},
                "scope": text("Empty."),
                "token_type": text("`bearer`, in any case of letters."),
            },
            "access_token",
        ),
        "TokenError": record(
            "The shape that OAuth 2.0 gives to errors; the vendor does not document its own.",
            {"error": text(minLength=1), "error_description": text()},
            "error",
        ),
    }


def _events() -> dict[str, Schema]:
    common = {
        "eventId": text("Tells a second delivery from another event."),
        "timestamp": text("In UTC, but without a zone.", pattern=ZONELESS_TIME),
        "projectId": text(),
        "resourceId": text("Phone number or order id."),
    }
    number = {
        "resourceType": {"const": "ACTIVE_NUMBER"},
        "eventType": words(EVENT_TYPES),
        "status": words(("SUCCEEDED", "FAILED")),
        "failureCode": nullable(words((*FAILURE_CODES, VOICE_FAILED))),
        "internalFailureCode": nullable(text("The code of a system outside.")),
    }
    order = {
        "resourceType": {"const": "NUMBER_ORDER"},
        "eventType": words(("NUMBER_ORDER_PROCESSING",)),
        "status": words(ORDER_STATUSES),
    }
    other = {"type": "object", "x-open": True, "description": "A resource of another of the vendor's APIs."}
    return {
        "NumberEvent": record("About an active number.", common | number, "resourceType"),
        "OrderEvent": record("About a number order.", common | order, "resourceType"),
        "Event": {"anyOf": [reference("NumberEvent"), reference("OrderEvent"), other]},
    }


def message_schemas() -> dict[str, Schema]:
    """Return the schemas of errors, tokens and events by name."""
    return _errors() | _tokens() | _events()
