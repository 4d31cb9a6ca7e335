"""What requests carry, as schemas and parameters of OpenAPI 3.1 in our own words.

Lists of words are closed here: a word that the API does not have is refused. A null counts as not given.

Source: Sinch Numbers API's OpenAPI description 1.0.3; what it leaves open is a choice of the sandbox, told in
`numbers_toolkit.sandbox.parameters`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numbers_toolkit.sandbox.catalogue import CAPABILITIES, NUMBER_TYPES
from numbers_toolkit.sandbox.emergency import FIELDS as ADDRESS_FIELDS
from numbers_toolkit.sandbox.openapi_parts import (
    E164,
    LARGEST_INT32,
    PHONE_NUMBER,
    Schema,
    array,
    record,
    reference,
    text,
)
from numbers_toolkit.sandbox.order_creation import LARGEST_QUANTITY
from numbers_toolkit.sandbox.parameters import SEARCH_PATTERNS, VOICE_IDS

if TYPE_CHECKING:
    from collections.abc import Iterable

DIGITS = r"^\+?[0-9]*$"
#: An address that events can go to, or nothing.
CALLBACK = r"^(https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?(/[!-~]*)?)?$"
SOMETHING = r"\S"


def _word(values: Iterable[str]) -> Schema:
    return {"type": "string", "enum": [*values]}


def _or_null(schema: Schema) -> Schema:
    """Return a schema of a field that may be null, which is as good as leaving it out."""
    if "enum" in schema:
        return schema | {"type": ["string", "null"], "enum": [*schema["enum"], None]}
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return schema | {"type": [schema["type"], "null"]}


def _pattern() -> Schema:
    return record(
        "Which digits, and where.",
        {
            "pattern": _or_null(text("With START from the plus sign on.", pattern=DIGITS)),
            "searchPattern": _or_null(_word(SEARCH_PATTERNS)),
        },
    )


def _voice(kind: str, needed: str) -> Schema:
    """Return the schema of one voice product: its own id, and those of the others empty if at all."""
    own = VOICE_IDS[kind]
    others: dict[str, Schema] = {name: {"enum": ["", None]} for name in VOICE_IDS.values() if name != own}
    wanted = {"const": kind} if "type" in needed else {"enum": [kind, None]}
    return record(f"{own} with {kind}.", {"type": wanted, own: text(), **others}, f"{needed} {own}".strip())


def _configurations() -> dict[str, Schema]:
    links = {"servicePlanId": _or_null(text()), "campaignId": _or_null(text("US numbers only."))}
    new = record(
        "SMS links of a new number.",
        {"servicePlanId": text(minLength=1), "campaignId": links["campaignId"]},
        "servicePlanId",
    )
    change = record("SMS links to change; an empty id unlinks.", links)
    # An object in which every id is null counts as empty, and an empty one is refused.
    change["anyOf"] = [
        {"required": [name], "properties": {name: {"type": "string"}}}
        for name in ("servicePlanId", "campaignId")
    ]
    voice = [_voice("RTC", ""), _voice("EST", "type"), _voice("FAX", "type")]
    ordered = [_voice(kind, "type") for kind in VOICE_IDS]
    for schema in ordered:
        schema["properties"][schema["required"][-1]]["minLength"] = 1
    return {
        "SmsLinks": new,
        "SmsChange": change,
        "VoiceChange": {"anyOf": voice, "description": "RTC when no type is given; an empty id unlinks."},
        "VoiceLink": {"anyOf": ordered, "description": "The type is needed, also for RTC."},
    }


def _numbers() -> dict[str, Schema]:
    links = {
        "smsConfiguration": _or_null(reference("SmsLinks")),
        "voiceConfiguration": _or_null(reference("VoiceChange")),
        "callbackUrl": _or_null(text()),
    }
    filters = {
        "numberPattern": _or_null(reference("NumberPattern")),
        "capabilities": _or_null(array(_word(CAPABILITIES), "The number has all of them.")),
    }
    return {
        "NumberPattern": _pattern(),
        "RentRequest": record("What the number is to be linked to.", links),
        "RentAnyRequest": record(
            "Which number, and what it is to be linked to.",
            {"regionCode": {"const": "US"}, "type": {"const": "LOCAL"}, **filters, **links},
            "regionCode type",
        ),
        "UpdateRequest": record(
            "What is left out stays as it is.",
            {
                "displayName": _or_null(text()),
                "smsConfiguration": _or_null(reference("SmsChange")),
                "voiceConfiguration": _or_null(reference("VoiceChange")),
                "callbackUrl": _or_null(text("Empty clears it.")),
            },
        ),
        "CallbackRequest": record(
            "32 to 64 letters, digits and hyphens, says the documentation; older secrets hold other characters.",
            {"hmacSecret": _or_null(text(format="password"))},
        ),
        "EmergencyAddressRequest": record(
            "An address and a name for it.",
            {"displayName": text(pattern=SOMETHING), "address": reference("AddressRequest")},
            "displayName address",
        ),
        "AddressRequest": record(
            "An address in the United States.",
            {
                name: text(pattern=SOMETHING) if needed else _or_null(text())
                for name, needed in ADDRESS_FIELDS.items()
            },
            " ".join(name for name, needed in ADDRESS_FIELDS.items() if needed),
        ),
    }


def _wishes() -> dict[str, Schema]:
    quantity = {"type": "integer", "format": "int32", "minimum": 1, "maximum": LARGEST_QUANTITY}
    return {
        "numberOrderOption": record(
            "A number on offer.",
            {"phoneNumbers": array(PHONE_NUMBER, minItems=1, maxItems=1)},
            "phoneNumbers",
        ),
        "quantityOrderOption": record(
            "As many numbers on offer.",
            {
                "requestedQuantity": quantity,
                "numberPattern": _or_null(reference("NumberPattern")),
                "sequential": {"type": ["boolean", "null"], "description": "Whether they follow each other."},
                "capabilities": _or_null(array(_word(CAPABILITIES))),
            },
            "requestedQuantity",
        ),
    }


def _orders() -> dict[str, Schema]:
    which = {"regionCode": text("ISO 3166-1 alpha-2.", minLength=1), "numberType": _word(NUMBER_TYPES)}
    wishes = _wishes()
    order = record(
        "Exactly one of the two options.",
        {
            **which,
            **wishes,
            "smsConfiguration": _or_null(reference("SmsLinks")),
            "voiceConfiguration": _or_null(reference("VoiceLink")),
            "callbackUrl": _or_null(text("Where the order's events go.", pattern=CALLBACK)),
        },
        "regionCode numberType",
    )
    order["oneOf"] = [{"required": [name]} for name in wishes]
    details = {"type": "object", "description": "What the requirements ask for; free in form."}
    return {
        "RequirementsRequest": record("Which numbers.", which, "regionCode numberType"),
        "OrderRequest": order,
        "RegistrationRequest": record(
            "In place of what is there.", {"requestDetails": details}, "requestDetails"
        ),
        "AttachmentRequest": record(
            "A file.",
            {
                "file": {"type": "string", "contentMediaType": "application/octet-stream", "minLength": 1},
                "documentType": text("One of the attachment's `allowedDocumentTypes`, if it has any."),
            },
            "file",
        ),
        "TokenRequest": record("A form.", {"grant_type": {"const": "client_credentials"}}, "grant_type"),
    }


def request_schemas() -> dict[str, Schema]:
    """Return the schemas of request bodies by name."""
    return _configurations() | _numbers() | _orders()


def _query(name: str, schema: Schema, description: str, *, required: bool = False) -> dict[str, Any]:
    shared = {"name": name, "in": "query", "description": description, "required": required, "schema": schema}
    if not required:
        shared["allowEmptyValue"] = True  # an empty one counts as not given
    return shared | ({"style": "form", "explode": True} if schema.get("type") == "array" else {})


_SIZE: Schema = {"type": "integer", "format": "int32", "minimum": 1, "maximum": LARGEST_INT32}
_FILTERS: tuple[dict[str, Any], ...] = (
    _query(
        "numberPattern.pattern", {"type": "string", "pattern": DIGITS}, "Digits. The dot is part of the name."
    ),
    _query("numberPattern.searchPattern", _word(SEARCH_PATTERNS), "Where to look for them."),
)
_NO_FIGURE = (
    "How many at most. Neither default nor maximum is documented; a lower maximum is applied, not refused."
)
REGION_TYPES = (_query("types", array(_word(NUMBER_TYPES)), "Regions that offer one of these types."),)
SEARCH_QUERY = (
    _query(
        "regionCode", text(minLength=1), "ISO 3166-1 alpha-2. An unknown one finds nothing.", required=True
    ),
    _query("type", _word(NUMBER_TYPES), "Number type.", required=True),
    *_FILTERS,
    _query("capabilities", array(_word(CAPABILITIES)), "Numbers that have all of these; plural here."),
    _query("size", _SIZE, _NO_FIGURE),
)
LIST_QUERY = (
    _query("regionCode", text(), "ISO 3166-1 alpha-2; all regions without it."),
    _query("type", _word(NUMBER_TYPES), "Number type; all types without it."),
    *_FILTERS,
    _query("capability", array(_word(CAPABILITIES)), "Numbers that have all of these; singular here."),
    _query("pageSize", _SIZE, _NO_FIGURE),
    _query("pageToken", text(), "`nextPageToken` of the page before, with the same filters."),
    _query("orderBy", _word(("phoneNumber", "displayName")), "Ascending. By phone number without it."),
)


def _path(name: str, description: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string", "minLength": 1} | more,
    }


PATH_PARAMETERS: dict[str, dict[str, Any]] = {
    "projectId": _path("projectId", "The project; not a credential."),
    "phoneNumber": _path("phoneNumber", "E.164. The plus sign may come raw or as %2B.", pattern=E164),
    "orderId": _path("orderId", "`idNumberOrder` of the order.", pattern="^[A-Za-z0-9_-]+$"),
    "attachmentId": _path("attachmentId", "`id` of a required attachment.", pattern="^[A-Za-z0-9_-]+$"),
}
