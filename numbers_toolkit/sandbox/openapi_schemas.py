"""What the answers of the operations look like, as schemas of OpenAPI 3.1 in our own words.

Source: Sinch Numbers API's OpenAPI description 1.0.3 for names and types, recorded answers of production for what is
null or empty.
"""

from __future__ import annotations

from numbers_toolkit.sandbox.campaigns import ERROR_CODES
from numbers_toolkit.sandbox.catalogue import CAPABILITIES, NUMBER_TYPES
from numbers_toolkit.sandbox.emergency import FIELDS as ADDRESS_FIELDS
from numbers_toolkit.sandbox.events import ORDER_STATUSES
from numbers_toolkit.sandbox.openapi_parts import (
    CAPABILITY,
    COUNT,
    MONTHS,
    NUMBER_OR_EMPTY,
    PHONE_NUMBER,
    REGION,
    TIME,
    TYPE,
    Schema,
    array,
    nullable,
    record,
    reference,
    text,
    words,
)

JOB_STATES = ("PROVISIONING_STATUS_UNSPECIFIED", "WAITING", "IN_PROGRESS", "FAILED")
VOICE_TYPES = ("RTC", "EST", "FAX")
ORDER_STATES = ("NUMBER_ORDER_STATE_UNSPECIFIED", "CREATED", *ORDER_STATUSES)
RESULTS = ("ADDRESS_VALIDATION_RESULT_CODE_UNSPECIFIED", "EXACT_MATCH", "NEAR_MATCH", "NO_MATCH")
UPLOAD_STATES = ("COMPLETED", "WAITING", "FAILED")


def _numbers() -> dict[str, Schema]:
    return {
        "Money": record(
            "An amount of money, as text, so that it stays exact; how many decimals it has is not promised.",
            {"currencyCode": text("ISO 4217."), "amount": text(pattern=r"^-?[0-9]+(\.[0-9]+)?$")},
            "currencyCode amount",
        ),
        "Region": record(
            "A region and the number types on offer there.",
            {"regionCode": REGION, "regionName": text("In English."), "types": array(words(NUMBER_TYPES))},
            "regionCode",
        ),
        "RegionList": record("Not paged.", {"availableRegions": array(reference("Region"))}),
        "AvailableNumber": record(
            "A number on offer.",
            {
                "phoneNumber": PHONE_NUMBER,
                "regionCode": REGION,
                "type": TYPE,
                "capability": CAPABILITY,
                "setupPrice": reference("Money"),
                "monthlyPrice": reference("Money"),
                "paymentIntervalMonths": MONTHS,
                "supportingDocumentationRequired": {
                    "type": "boolean",
                    "description": "Decided by region and type. Renting has been seen to work where it is true.",
                },
            },
            "phoneNumber",
        ),
        "AvailableNumberList": record(
            "One page; there is no token for a next one. No match is an empty array.",
            {"availableNumbers": array(reference("AvailableNumber"))},
        ),
        "ActiveNumberList": record(
            "One page of the project's numbers.",
            {
                "activeNumbers": array(reference("ActiveNumber")),
                "nextPageToken": text("Goes into `pageToken` of the next call; empty on the last page."),
                "totalSize": COUNT | {"description": "How many numbers match, on all pages together."},
            },
        ),
    }


def _active_number() -> dict[str, Schema]:
    return {
        "ActiveNumber": record(
            "A number that the project rents.",
            {
                "phoneNumber": PHONE_NUMBER,
                "projectId": text("The project."),
                "displayName": text("Free text, empty when there is none."),
                "regionCode": REGION,
                "type": TYPE,
                "capability": CAPABILITY,
                "money": reference("Money"),
                "paymentIntervalMonths": MONTHS,
                "nextChargeDate": nullable(TIME),
                "expireAt": nullable(
                    TIME | {"description": "When the rental ends; null until it is released."}
                ),
                "smsConfiguration": reference("SmsConfiguration"),
                "voiceConfiguration": reference("VoiceConfiguration"),
                "callbackUrl": text("Where the number's events go; empty for nowhere."),
            },
            "phoneNumber",
        ),
    }


def _sms() -> dict[str, Schema]:
    return {
        "SmsConfiguration": record(
            "The SMS links in force, and the change that waits, runs or has failed.",
            {
                "servicePlanId": NUMBER_OR_EMPTY,
                "scheduledProvisioning": nullable(reference("ScheduledProvisioning")),
                "campaignId": NUMBER_OR_EMPTY,
            },
            "servicePlanId",
        ),
        "ScheduledProvisioning": record(
            "A change of the SMS links. Success has no status: the object becomes null and its ids move up.",
            {
                "servicePlanId": text("The plan that is being set."),
                "campaignId": text("The campaign that is being set."),
                "status": words(JOB_STATES),
                "lastUpdatedTime": TIME,
                "errorCodes": array(words(ERROR_CODES), "Filled when the status is FAILED."),
            },
        ),
    }


def _voice() -> dict[str, Schema]:
    return {
        "VoiceConfiguration": record(
            "The voice product in force and its id; the ids of the other products are empty.",
            {
                "appId": text("Voice app, with RTC."),
                "scheduledVoiceProvisioning": nullable(reference("ScheduledVoiceProvisioning")),
                "lastUpdatedTime": nullable(TIME),
                "type": words(VOICE_TYPES),
                "trunkId": text("SIP trunk, with EST."),
                "serviceId": text("Fax service, with FAX."),
            },
            "type",
        ),
        "ScheduledVoiceProvisioning": record(
            "A change of the voice product. It has no error codes.",
            {
                "appId": text(),
                "status": words(JOB_STATES),
                "lastUpdatedTime": TIME,
                "type": words(VOICE_TYPES),
                "trunkId": text(),
                "serviceId": text(),
            },
            "type",
        ),
    }


def _settings_and_addresses() -> dict[str, Schema]:
    empty = {"type": "object", "maxProperties": 0, "description": "Nothing was corrected."}
    return {
        "CallbackConfiguration": record(
            "The secret that signs the project's events. The address is each number's or order's own.",
            {"projectId": text(), "hmacSecret": text("Empty: events are sent unsigned.", format="password")},
        ),
        "EmergencyAddress": record(
            "An address in the United States.", {name: text() for name in ADDRESS_FIELDS}
        ),
        "AddressValidation": record(
            "What became of an address.",
            {
                "phoneNumber": PHONE_NUMBER,
                "displayName": text(),
                "validatedAddress": reference("EmergencyAddress"),
                "validationResult": words(RESULTS),
                "validationMessage": text("Parts with a vertical bar between them."),
                "correctedAddress": {"anyOf": [reference("EmergencyAddress"), empty]},
                "candidateAddresses": array(reference("EmergencyAddress"), "With NO_MATCH only."),
            },
        ),
    }


def _orders() -> dict[str, Schema]:
    price = record(
        "What the number costs.",
        {
            "setupPrice": reference("Money"),
            "monthlyPrice": reference("Money"),
            "paymentIntervalMonths": MONTHS,
        },
    )
    number = record(
        "One number of the order.",
        {"phoneNumber": PHONE_NUMBER, "numberPrice": price, "capabilities": array(words(CAPABILITIES))},
    )
    return {
        "NumberOrder": record(
            "An order. No operation lists orders: the id is the only way back to it.",
            {
                "projectId": text(),
                "idNumberOrder": text("The order's id."),
                "regionCode": REGION,
                "state": words(ORDER_STATES),
                "numberType": TYPE,
                "orderNumbers": array(number),
                "smsConfiguration": record(
                    "As sent.", {"servicePlanId": text(), "campaignId": text()}, "servicePlanId", "campaignId"
                ),
                "voiceConfiguration": record(
                    "As sent.",
                    {
                        "type": words(VOICE_TYPES),
                        "appId": text(),
                        "trunkId": text(),
                        "serviceId": text(),
                    },
                    "type",
                    "appId trunkId serviceId",
                ),
                "expireTime": nullable(TIME | {"description": "Until when the numbers are reserved."}),
                "createTime": TIME,
                "updateTime": TIME,
            },
            "idNumberOrder",
            "smsConfiguration voiceConfiguration",
        ),
    }


def _papers() -> dict[str, Schema]:
    return {
        "NumberRequirements": record(
            "What an order has to come with.",
            {
                "fields": {"type": "object", "description": "Free in form; each region has its own."},
                "attachments": array(reference("RequiredAttachment")),
            },
        ),
        "RequiredAttachment": record(
            "A document to be uploaded.",
            {
                "id": text(),
                "description": text(),
                "mandatory": {"type": "boolean"},
                "template": array(record("A file to fill in.", {"name": text(), "url": text(format="uri")})),
                "title": text(),
                "allowedMimeTypes": array(text(), "Empty: any."),
                "allowedDocumentTypes": array(
                    text(), "If given, the upload's `documentType` is one of them."
                ),
            },
            "id",
        ),
        "Registration": _registration(),
    }


def _registration() -> Schema:
    attachment = record(
        "An upload.",
        {
            "attachmentId": text(),
            "fileName": text(),
            "mimeType": text(),
            "createTime": TIME,
            "updateTime": TIME,
            "uploadStatus": words(UPLOAD_STATES),
            "documentType": text(),
        },
    )
    return record(
        "What was registered for an order.",
        {
            "requestDetails": {"type": "object", "description": "As sent."},
            "attachments": array(attachment),
            "logs": array(record("A note of the review team.", {"message": text(), "createTime": TIME})),
        },
    )


def answer_schemas() -> dict[str, Schema]:
    """Return the schemas of answers by name."""
    return (
        _numbers() | _active_number() | _sms() | _voice() | _settings_and_addresses() | _orders() | _papers()
    )
