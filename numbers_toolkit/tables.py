"""Every table's columns: name, dtype, unit, meaning and where the value comes from.

The one place where column names are written down. It computes nothing.
"""

from __future__ import annotations

from typing import Final

from numbers_toolkit.columns import TEXT_DTYPE, Column, Table
from numbers_toolkit.money import MONEY_SCALE, exact_amount, exact_money_dtype, is_money, money_dtype
from numbers_toolkit.vocabulary import (
    EVENT_RESOURCES,
    EVENT_STATUSES,
    EVENT_TYPES,
    NUMBER_TYPES,
    PROVISIONING_STATES,
    VOICE_TYPES,
)

__all__ = [
    "ACTIVE_NUMBERS",
    "ATTENTION",
    "ATTENTION_SUMMARY",
    "AVAILABLE_NUMBERS",
    "AVAILABLE_REGIONS",
    "CAMPAIGN_FILL",
    "ERROR_FREQUENCIES",
    "EVENTS",
    "EVENT_SERVICES",
    "FAILURES_OVER_TIME",
    "INVENTORY",
    "MONEY_SCALE",
    "MONTHLY_COST",
    "OTHER_FIELDS",
    "PLANNED",
    "PROVISIONING_ERRORS",
    "PROVISIONING_OUTCOME",
    "PROVISIONING_STATUS",
    "RENEWALS",
    "REQUIREMENTS",
    "RESULTS",
    "SERVICES",
    "TEXT_DTYPE",
    "TIME_TO_READY",
    "UPCOMING_CHARGES",
    "Column",
    "Table",
    "exact_amount",
    "exact_money_dtype",
    "is_money",
    "money_dtype",
]

#: Extra column, only there when the API sent something no other column holds: JSON text.
OTHER_FIELDS: Final = "other_fields"
SERVICES: Final = ("SMS", "VOICE")
#: Events tell of the campaign apart from the rest of SMS.
EVENT_SERVICES: Final = ("SMS", "CAMPAIGN", "VOICE")


def _text(name: str, meaning: str, source: str = "derived", *, nullable: bool = True) -> Column:
    return Column(name, "text", meaning, nullable, source=source)


def _category(
    name: str, meaning: str, source: str = "derived", *, nullable: bool = True, values: tuple[str, ...] = ()
) -> Column:
    return Column(name, "category", meaning, nullable, values, source)


_PHONE_NUMBER = _text("phone_number", "number in E.164, always text", "phoneNumber", nullable=False)
_REGION_CODE = _category("region_code", "ISO 3166-1 alpha-2", "regionCode")
_NUMBER_TYPE = _category("number_type", "kind of number", "type", values=NUMBER_TYPES)
_HAS_SMS = Column("has_sms", "flag", "can be used for SMS", source="capability")
_HAS_VOICE = Column("has_voice", "flag", "can be used for voice", source="capability")
_INTERVAL = Column(
    "payment_interval_months", "months", "months between charges", source="paymentIntervalMonths"
)

AVAILABLE_REGIONS: Final = Table(
    "available regions",
    "region and number type on offer there",
    (
        Column("region_code", "category", "ISO 3166-1 alpha-2", nullable=False, source="regionCode"),
        _text("region_name", "English name", "regionName"),
        _NUMBER_TYPE,
    ),
)

AVAILABLE_NUMBERS: Final = Table(
    "available numbers",
    "number on offer",
    (
        _PHONE_NUMBER,
        _REGION_CODE,
        _NUMBER_TYPE,
        _HAS_SMS,
        _HAS_VOICE,
        Column("setup_price", "money", "one-time price, in currency_code", source="setupPrice.amount"),
        Column(
            "monthly_price",
            "money",
            "recurring price per month, in currency_code",
            source="monthlyPrice.amount",
        ),
        _category("currency_code", "ISO 4217, of both prices", "monthlyPrice.currencyCode"),
        _INTERVAL,
        Column(
            "supporting_documentation_required",
            "flag",
            "papers are needed, so the number is bought by a number order",
            source="supportingDocumentationRequired",
        ),
    ),
)

ACTIVE_NUMBERS: Final = Table(
    "active numbers",
    "number the project rents",
    (
        _PHONE_NUMBER,
        _category("project_id", "project that rents it", "projectId"),
        _text("display_name", "name given to it", "displayName"),
        _REGION_CODE,
        _NUMBER_TYPE,
        _HAS_SMS,
        _HAS_VOICE,
        Column("price", "money", "charge per payment interval, in currency_code", source="money.amount"),
        _category("currency_code", "ISO 4217", "money.currencyCode"),
        _INTERVAL,
        Column(
            "monthly_cost", "money", "price / payment_interval_months, rounded half to even to six digits"
        ),
        Column("next_charge_date", "time", "next renewal", source="nextChargeDate"),
        Column("expire_at", "time", "end of the rental; set once the number is released", source="expireAt"),
        _category("sms_service_plan_id", "SMS service plan in force", "smsConfiguration.servicePlanId"),
        _category("sms_campaign_id", "10DLC campaign in force", "smsConfiguration.campaignId"),
        _category(
            "sms_state",
            "state of the SMS service, or the API's own word if unknown",
            nullable=False,
            values=PROVISIONING_STATES,
        ),
        _category("sms_scheduled_service_plan_id", "plan being set", "scheduledProvisioning.servicePlanId"),
        _category("sms_scheduled_campaign_id", "campaign being set", "scheduledProvisioning.campaignId"),
        _category(
            "sms_error_codes", "codes joined by ';', empty text when none", "errorCodes", nullable=False
        ),
        Column(
            "sms_updated_at",
            "time",
            "last change of the SMS job",
            source="scheduledProvisioning.lastUpdatedTime",
        ),
        _category("voice_type", "voice product in force", "voiceConfiguration.type", values=VOICE_TYPES),
        _category("voice_id", "app, trunk or service id in force", "appId, trunkId or serviceId"),
        _category(
            "voice_state",
            "state of the voice service, or the API's own word if unknown",
            nullable=False,
            values=PROVISIONING_STATES,
        ),
        _category(
            "voice_scheduled_type",
            "voice product being set",
            "scheduledVoiceProvisioning.type",
            values=VOICE_TYPES,
        ),
        _category("voice_scheduled_id", "app, trunk or service id being set", "scheduledVoiceProvisioning"),
        Column(
            "voice_updated_at",
            "time",
            "last change of the voice job, else of the voice service",
            source="lastUpdatedTime",
        ),
        _category("callback_url", "where its events go", "callbackUrl"),
    ),
)

_WHO_ACTS = _category("who_acts", "who has to act: you, Sinch, or Sinch's support", nullable=False)
_RETRY = _category("retry", "whether sending the same update again can help", nullable=False)
_MEANING = _category("meaning", "what the code says", nullable=False)
_REMEDY = _category("remedy", "what to do", nullable=False)
_ERROR_CODE = _category("error_code", "provisioning error code", "errorCodes", nullable=False)
_SERVICE = _category("service", "SMS or VOICE", nullable=False, values=SERVICES)
_NUMBERS = Column("numbers", "count", "how many numbers", nullable=False)
_CURRENCY = _category(
    "currency_code", "ISO 4217; amounts of different rows with different codes are never added"
)

PROVISIONING_ERRORS: Final = Table(
    "provisioning errors",
    "number, service and error code",
    (
        _PHONE_NUMBER,
        _REGION_CODE,
        _NUMBER_TYPE,
        _SERVICE,
        _ERROR_CODE,
        _category("service_plan_id", "plan that was being set (SMS)"),
        _category("campaign_id", "campaign that was being set (SMS)"),
        Column("updated_at", "time", "when the job last changed"),
        _MEANING,
        _REMEDY,
        _WHO_ACTS,
        _RETRY,
    ),
)

#: Summaries. Each may be led by the key columns it was asked to be broken down by.
INVENTORY: Final = Table(
    "inventory",
    "group of numbers",
    (_NUMBERS, Column("share", "share", "share of all numbers, 0 to 1", nullable=False)),
)

MONTHLY_COST: Final = Table(
    "monthly cost",
    "group of numbers and currency",
    (
        _CURRENCY,
        _NUMBERS,
        Column("monthly_cost", "money", "sum of price / interval, in currency_code"),
        Column("yearly_cost", "money", "the same for twelve months, in currency_code"),
        Column(
            "unpriced",
            "count",
            "how many of the numbers have no known price, so are in no sum",
            nullable=False,
        ),
    ),
)

RENEWALS: Final = Table(
    "renewals",
    "calendar month and currency",
    (
        Column("month", "time", "first instant of the calendar month, UTC", nullable=False),
        _CURRENCY,
        Column("charges", "count", "how many charges fall into the month", nullable=False),
        Column("amount", "money", "their sum, in currency_code"),
    ),
)

UPCOMING_CHARGES: Final = Table(
    "upcoming charges",
    "charge",
    (
        Column("charge_date", "time", "when it falls due", nullable=False),
        _PHONE_NUMBER,
        _text("display_name", "name given to the number"),
        _REGION_CODE,
        _NUMBER_TYPE,
        Column("amount", "money", "what it costs, in currency_code", nullable=False),
        _category("currency_code", "ISO 4217"),
    ),
)

PROVISIONING_STATUS: Final = Table(
    "provisioning status",
    "service and state",
    (
        _SERVICE,
        _category("state", "provisioning state", nullable=False, values=PROVISIONING_STATES),
        _NUMBERS,
        Column("share", "share", "share of all numbers, 0 to 1", nullable=False),
    ),
)

ERROR_FREQUENCIES: Final = Table(
    "error frequencies",
    "error code (and group)",
    (
        _ERROR_CODE,
        _NUMBERS,
        Column("share", "share", "share of the numbers that have an error, 0 to 1", nullable=False),
        _WHO_ACTS,
        _RETRY,
        _MEANING,
        _REMEDY,
    ),
)

ATTENTION: Final = Table(
    "numbers that need attention",
    "number and reason, most pressing first",
    (
        Column("rank", "count", "1 is the most pressing", nullable=False),
        _PHONE_NUMBER,
        _text("display_name", "name given to it"),
        _REGION_CODE,
        _NUMBER_TYPE,
        _category("problem", "what is wrong, in words", nullable=False),
        _category("error_code", "provisioning error code, where there is one"),
        _REMEDY,
        _WHO_ACTS,
        _RETRY,
        Column("since", "time", "when it was last seen to change"),
        Column("age_days", "count", "whole days since then"),
        Column("expire_at", "time", "end of the rental of a released number"),
        _category("service_plan_id", "SMS service plan concerned"),
        _category("campaign_id", "campaign concerned"),
        Column("monthly_cost", "money", "what the number costs a month, in currency_code"),
        _category("currency_code", "ISO 4217"),
    ),
)

ATTENTION_SUMMARY: Final = Table(
    "what needs attention",
    "problem, most pressing first",
    (
        Column("rank", "count", "1 is the most pressing", nullable=False),
        _category("problem", "what is wrong, in words", nullable=False),
        _category("error_code", "provisioning error code, where there is one"),
        _NUMBERS,
        Column("oldest_days", "count", "whole days since the longest-standing of them last changed"),
        _REMEDY,
        _WHO_ACTS,
        _RETRY,
    ),
)

CAMPAIGN_FILL: Final = Table(
    "campaign fill",
    "10DLC campaign",
    (
        _category("campaign_id", "10DLC campaign", nullable=False),
        _NUMBERS,
        Column("scheduled", "count", "numbers still being linked to it", nullable=False),
        Column("failed", "count", "numbers whose link failed", nullable=False),
        Column("limit", "count", "numbers it can hold; missing for a number pool"),
        Column("room", "count", "limit - numbers - scheduled; negative when over"),
        Column("fill", "share", "(numbers + scheduled) / limit"),
    ),
)

_EVENT_TYPE = _category("event_type", "what the event tells of", "eventType", values=EVENT_TYPES)

EVENTS: Final = Table(
    "events",
    "webhook event, by time",
    (
        _text("event_id", "id of the event; each is listed once", "eventId"),
        Column("timestamp", "time", "when it happened, to the microsecond", source="timestamp"),
        _category("project_id", "project it belongs to", "projectId"),
        _text("resource_id", "phone number or order id", "resourceId"),
        _text("phone_number", "resource_id of a number's event, E.164", "resourceId"),
        _text("order_id", "resource_id of an order's event", "resourceId"),
        _category("resource_type", "what it is about", "resourceType", values=EVENT_RESOURCES),
        _EVENT_TYPE,
        _category("status", "how that ended, or an order's new state", "status", values=EVENT_STATUSES),
        _category("failure_code", "provisioning error code of a failure, where it has one", "failureCode"),
        _category("internal_failure_code", "code of the system behind it", "internalFailureCode"),
    ),
)

TIME_TO_READY: Final = Table(
    "time to ready",
    "number, rental and service",
    (
        _PHONE_NUMBER,
        _category("service", "service that was set up; missing without any event", values=EVENT_SERVICES),
        Column("rented_at", "time", "start of the rental"),
        _category("state", "how far it came", nullable=False, values=("READY", "FAILED", "NO_EVENT")),
        Column("ready_at", "time", "first success of the rental"),
        Column("seconds_to_ready", "seconds", "ready_at - rented_at, in seconds"),
        Column("failures", "count", "failed attempts before that, or so far", nullable=False),
        _category("last_failure_code", "code of the last of them, where it has one"),
    ),
)

FAILURES_OVER_TIME: Final = Table(
    "failures over time",
    "period and kind of failure",
    (
        Column("period_start", "time", "first instant of the day, week or month, UTC", nullable=False),
        _EVENT_TYPE,
        _category("status", "FAILED, or REJECTED and EXPIRED of an order", nullable=False),
        _category("failure_code", "provisioning error code, where there is one"),
        Column("failures", "count", "failed events", nullable=False),
        Column("resources", "count", "numbers or orders that they are about", nullable=False),
        Column("share", "share", "share of the period's outcomes of this event type, 0 to 1"),
    ),
)

#: What a plan does with a number, and what became of it.
ACTIONS: Final = ("rent", "order", "update", "release")
OUTCOMES: Final = (
    "activated",
    "changed",
    "released",
    "taken",
    "refused",
    "unknown",
    "not tried",
)
_ACTION: Final = _category(
    "action", "what is done: bought by :rent or by a number order, changed, given back", values=ACTIONS
)
_SETUP_PRICE: Final = Column("setup_price", "money", "one-time price, in currency_code")
_MONTHLY_PRICE: Final = Column(
    "monthly_price", "money", "recurring price per month, in currency_code; of a release, what is saved"
)
_PRICES_CURRENCY: Final = _category("currency_code", "ISO 4217, of all prices of the row")
_ENDS_AT: Final = Column("ends_at", "time", "end of the rental of a number that is given back")

PLANNED: Final = Table(
    "planned numbers",
    "number and what is to be done with it",
    (
        _PHONE_NUMBER,
        _REGION_CODE,
        _NUMBER_TYPE,
        _HAS_SMS,
        _HAS_VOICE,
        _ACTION,
        _text("reason", "why it is bought this way, changed or given back"),
        _SETUP_PRICE,
        _MONTHLY_PRICE,
        Column("first_year_cost", "money", "setup and twelve months, in currency_code"),
        _PRICES_CURRENCY,
        Column("payment_interval_months", "months", "months that are paid at once"),
        _category("service_plan_id", "SMS service plan that it is set up with"),
        _category("campaign_id", "10DLC campaign that it is linked to"),
        _category("voice_type", "voice product that it is set up with", values=VOICE_TYPES),
        _category("voice_id", "app, trunk or service id that it is set up with"),
        _category("callback_url", "where its events are to go"),
        Column("papers_required", "flag", "registration data or documents are required"),
        Column("wish", "count", "number of the wish that it fulfils, from 1; missing for a chosen number"),
        _text("changes", "what is changed: old and new value of each field"),
        _text("display_name", "name that it is given, or has when it is given back"),
        _ENDS_AT,
    ),
)

RESULTS: Final = Table(
    "results",
    "number and what became of it",
    (
        _PHONE_NUMBER,
        _ACTION,
        _category("outcome", "how it ended", nullable=False, values=OUTCOMES),
        _text("reason", "why it ended so"),
        _text("what_to_do", "what a person should do next; missing for nothing"),
        _text("replaces", "number that it was bought in place of"),
        _text("order_id", "its number order"),
        _category("order_state", "state of the number order when it was last read"),
        Column("order_expires_at", "time", "when an order that is not submitted ends by itself"),
        _REGION_CODE,
        _NUMBER_TYPE,
        _SETUP_PRICE,
        _MONTHLY_PRICE,
        _PRICES_CURRENCY,
        _ENDS_AT,
        Column("attempts", "count", "requests that were announced for it", nullable=False),
        Column("changed_at", "time", "when its outcome was written"),
    ),
)

#: What a number is in while it is waited for, beside the API's states: gone, or not read before the end.
NOT_ACTIVE: Final = "NOT_ACTIVE"
NOT_READ: Final = "NOT_READ"

PROVISIONING_OUTCOME: Final = Table(
    "provisioning outcome",
    "number and service, and error code where it failed",
    (
        _PHONE_NUMBER,
        _SERVICE,
        _category(
            "state",
            "how far it came; NOT_ACTIVE: no number of the project (any more), NOT_READ: could not be read",
            nullable=False,
            values=(*PROVISIONING_STATES, NOT_ACTIVE, NOT_READ),
        ),
        _category("error_code", "provisioning error code, where it failed", "errorCodes"),
        _category("service_plan_id", "plan being set, else in force (SMS)"),
        _category("campaign_id", "campaign being set, else in force (SMS)"),
        _category("voice_type", "voice product being set, else in force (VOICE)", values=VOICE_TYPES),
        _category("voice_id", "app, trunk or service id being set, else in force (VOICE)"),
        Column("updated_at", "time", "when the job last changed"),
        Column("waited_seconds", "seconds", "from the first look to the one that showed this"),
        _category("meaning", "what the code says"),
        _category("remedy", "what to do"),
        _category("who_acts", "who has to act: you, Sinch, or Sinch's support"),
        _category("retry", "whether sending the same update again can help"),
    ),
)

#: The parts that the requirements of a number order have.
REQUIREMENT_PARTS: Final = ("field", "document")

REQUIREMENTS: Final = Table(
    "order requirements",
    "field of the registration data or document",
    (
        _category("part", "what it is", nullable=False, values=REQUIREMENT_PARTS),
        _text("name", "name of the field, or id of the document", "fields, attachments.id", nullable=False),
        _text("title", "what a person calls it", "title"),
        Column("required", "flag", "whether it has to be given; missing where the API does not say"),
        _text("type", "JSON type of a field; MIME types a document may have"),
        _text("allowed", "the only values of a field; what a document may be"),
        _text("limits", "format, pattern, lengths and bounds of a field"),
        _text("description", "what it is for", "description"),
        _text("example", "a value it could have; a form to fill in"),
        _text("path", "where a field stands in an entry of the data"),
    ),
)
