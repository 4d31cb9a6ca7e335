"""The twenty-two operations and the token endpoint, told in our own words with the source of each.

An operation goes by the name it has in `Sandbox.requests` and in faults.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numbers_toolkit.sandbox.openapi_requests import LIST_QUERY, REGION_TYPES, SEARCH_QUERY

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECT = "/v1/projects/{projectId}"
NUMBER = f"{PROJECT}/activeNumbers/{{phoneNumber}}"
ADDRESS = f"{NUMBER}/emergencyAddress"
ORDER = f"{PROJECT}/numberOrders/{{orderId}}"
DESCRIPTION = "Sinch Numbers API's OpenAPI description 1.0.3"
PRODUCTION = (
    "answers of production recorded by a third party in April 2026 (openCoreEMR/oce-module-sinch-fax)"
)
SDKS = "code and tests of the official SDKs"
SKILLS = "sinch/skills"
MOST = (400, 403, 404)


@dataclass(frozen=True)
class Operation:
    """One operation.

    Attributes
    ----------
    name, method, path : str
        Its name, HTTP method in small letters and path template.
    summary, about : str
        What it does; what else is known or was chosen.
    sources : tuple of str
        Where that is from.
    request, answer : str
        Schemas of the request body and of the answer's; empty for none.
    needs_body : bool
        Whether the body may not be left out.
    query : tuple
        Query parameters.
    errors : tuple of int
        Statuses of documented or observed refusals, beside 401, 429, 500 and 503.
    links : mapping
        Operations that can follow, each with the expressions that fill its path.
    deprecated : bool
        Whether the vendor advises against it.
    """

    name: str
    method: str
    path: str
    summary: str
    about: str = ""
    sources: tuple[str, ...] = (DESCRIPTION,)
    request: str = ""
    answer: str = ""
    needs_body: bool = True
    query: tuple[dict[str, Any], ...] = ()
    errors: tuple[int, ...] = MOST
    links: Mapping[str, Mapping[str, str]] | None = None
    deprecated: bool = False


_OF_NUMBER = {"phoneNumber": "$response.body#/phoneNumber"}
_OF_ORDER = {"orderId": "$response.body#/idNumberOrder"}
_NEW_NUMBER = dict.fromkeys(("get_active", "update_active", "release"), _OF_NUMBER)
_NEW_ORDER = dict.fromkeys(("get_order", "get_registration", "put_registration", "submit_order"), _OF_ORDER)
_FIRST_OFFER = {"phoneNumber": "$response.body#/availableNumbers/0/phoneNumber"}
_FIRST_NUMBER = {"phoneNumber": "$response.body#/activeNumbers/0/phoneNumber"}
_SAME_NUMBER = {"phoneNumber": "$request.path.phoneNumber"}

NUMBER_OPERATIONS = (
    Operation(
        "list_regions",
        "get",
        f"{PROJECT}/availableRegions",
        "List the regions in which numbers are on offer",
        "Not paged. The sandbox keeps the regions that offer one of the types asked for, each with all its types; "
        "that is a choice.",
        (DESCRIPTION, SDKS),
        answer="RegionList",
        query=REGION_TYPES,
    ),
    Operation(
        "search_available",
        "get",
        f"{PROJECT}/availableNumbers",
        "Search numbers on offer",
        "One page. A START pattern counts from the plus sign on; without it nothing is found. Choices: CONTAINS when "
        "no place to look is given, an empty list for an unknown region.",
        (DESCRIPTION, PRODUCTION),
        answer="AvailableNumberList",
        query=SEARCH_QUERY,
        links={"check_available": _FIRST_OFFER, "rent": _FIRST_OFFER},
    ),
    Operation(
        "check_available",
        "get",
        f"{PROJECT}/availableNumbers/{{phoneNumber}}",
        "Tell whether a number is on offer",
        "It reserves nothing.",
        (DESCRIPTION, SDKS),
        answer="AvailableNumber",
    ),
    Operation(
        "rent",
        "post",
        f"{PROJECT}/availableNumbers/{{phoneNumber}}:rent",
        "Rent a number",
        "Costs money. US LOCAL numbers only; others are ordered. The body may be left out, as one official SDK does. "
        "What is to be linked shows first as scheduled. A lost answer is settled by reading the active number.",
        (DESCRIPTION, SDKS, PRODUCTION),
        request="RentRequest",
        needs_body=False,
        answer="ActiveNumber",
        links=_NEW_NUMBER,
        deprecated=True,
    ),
    Operation(
        "rent_any",
        "post",
        f"{PROJECT}/availableNumbers:rentAny",
        "Rent any number that fits",
        "Costs money. US LOCAL numbers only. Choice: 404 when nothing fits.",
        (DESCRIPTION, SDKS),
        request="RentAnyRequest",
        answer="ActiveNumber",
        links=_NEW_NUMBER,
        deprecated=True,
    ),
    Operation(
        "list_active",
        "get",
        f"{PROJECT}/activeNumbers",
        "List the numbers that the project rents",
        "Paged: repeat with the same filters and `pageToken` until the token is empty. Choice: a token whose filters "
        "have changed is refused.",
        (DESCRIPTION, PRODUCTION, SDKS),
        answer="ActiveNumberList",
        query=LIST_QUERY,
        links={"get_active": _FIRST_NUMBER, "release": _FIRST_NUMBER},
    ),
    Operation(
        "get_active",
        "get",
        NUMBER,
        "Read a number that the project rents",
        "Settles whether an uncertain rental, change or release has happened.",
        (DESCRIPTION, SDKS),
        answer="ActiveNumber",
        links={"update_active": _OF_NUMBER, "get_emergency_address": _OF_NUMBER},
    ),
    Operation(
        "update_active",
        "patch",
        NUMBER,
        "Change a number",
        "Name and callback change at once; links change by jobs, which show as scheduled until they are done. An "
        "empty id unlinks; an empty configuration object is refused.",
        (DESCRIPTION, SDKS),
        request="UpdateRequest",
        answer="ActiveNumber",
        links={"get_active": _OF_NUMBER},
    ),
    Operation(
        "release",
        "post",
        f"{NUMBER}:release",
        "Give a number back",
        "It ends at its next charge date and stays listed until then; nothing takes it back. Choice: doing it again "
        "changes nothing.",
        (DESCRIPTION, PRODUCTION),
        answer="ActiveNumber",
        links={"get_active": _OF_NUMBER},
    ),
    Operation(
        "get_callback",
        "get",
        f"{PROJECT}/callbackConfiguration",
        "Read the secret that signs the project's events",
        sources=(DESCRIPTION, SDKS),
        answer="CallbackConfiguration",
    ),
    Operation(
        "update_callback",
        "patch",
        f"{PROJECT}/callbackConfiguration",
        "Set the secret that signs the project's events",
        "The documented form of a secret is enforced only if the sandbox is told so: fixtures of official SDKs hold "
        "older ones.",
        (DESCRIPTION, SDKS),
        request="CallbackRequest",
        answer="CallbackConfiguration",
    ),
)
ADDRESS_OPERATIONS = (
    Operation(
        "get_emergency_address",
        "get",
        ADDRESS,
        "Read the emergency address of a number",
        "404 with the message `Missing E911 feature` when it has none.",
        (DESCRIPTION, PRODUCTION),
        answer="EmergencyAddress",
    ),
    Operation(
        "provision_emergency_address",
        "post",
        f"{ADDRESS}:provision",
        "Give a number an emergency address",
        "In place of the one it had.",
        request="EmergencyAddressRequest",
        answer="EmergencyAddress",
        links={"get_emergency_address": _SAME_NUMBER, "deprovision_emergency_address": _SAME_NUMBER},
    ),
    Operation(
        "deprovision_emergency_address",
        "post",
        f"{ADDRESS}:deprovision",
        "Take the emergency address of a number away",
        "The answer has no body.",
        (DESCRIPTION, SDKS),
    ),
    Operation(
        "validate_emergency_address",
        "post",
        f"{ADDRESS}:validate",
        "Try an emergency address",
        "It changes nothing. When which result is given is not documented; the sandbox has rules of its own.",
        (DESCRIPTION, SDKS),
        request="EmergencyAddressRequest",
        answer="AddressValidation",
    ),
)
ORDER_OPERATIONS = (
    Operation(
        "lookup_requirements",
        "post",
        f"{PROJECT}/numberOrders:lookupNumberRequirements",
        "Tell what an order has to come with",
        "Production answers 404 for US numbers, which the vendor's description does not list.",
        (DESCRIPTION, PRODUCTION),
        request="RequirementsRequest",
        answer="NumberRequirements",
    ),
    Operation(
        "create_order",
        "post",
        f"{PROJECT}/numberOrders:createNumberOrder",
        "Reserve numbers by an order",
        "Read `expireTime` to learn for how long. Nothing lists orders, so a lost answer loses the order. Choices: "
        "404 when the numbers are not on offer, 403 for a trial account.",
        request="OrderRequest",
        answer="NumberOrder",
        links=_NEW_ORDER,
    ),
    Operation("get_order", "get", ORDER, "Read an order", "In whatever state it is.", answer="NumberOrder"),
    Operation(
        "put_registration",
        "put",
        f"{ORDER}/registration",
        "Write the registration of an order",
        "Checked at once, in place of what is there. An older page of the documentation puts `data` at the top "
        "level, and the sandbox takes that too.",
        request="RegistrationRequest",
        answer="Registration",
    ),
    Operation(
        "get_registration",
        "get",
        f"{ORDER}/registration",
        "Read the registration of an order",
        "Its `logs` say why an order is blocked.",
        answer="Registration",
    ),
    Operation(
        "upload_attachment",
        "post",
        f"{ORDER}/attachments/{{attachmentId}}",
        "Upload a document for an order",
        "The answer has no body. The largest size is not documented.",
        request="AttachmentRequest",
        errors=(*MOST, 413),
    ),
    Operation(
        "submit_order",
        "post",
        f"{ORDER}/submit",
        "Send an order to review",
        "The numbers are bought once it is approved. Choice: 400 when something is missing or the order is not open.",
        (DESCRIPTION, SKILLS),
        answer="NumberOrder",
        links={"get_order": _OF_ORDER},
    ),
)
ALL = (*NUMBER_OPERATIONS, *ADDRESS_OPERATIONS, *ORDER_OPERATIONS)
