"""Nested answers of the API to flat Arrow columns.

The only file that spells the fields of the answers. Works on whole batches with Arrow's kernels, so that
a hundred thousand numbers are never a hundred thousand Python objects. What is derived here is what the
wire leaves silent: the state of a service, and which of three ids is the voice id.

Source of every field: the Numbers API's OpenAPI description, version 1.0.3, and recorded answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from numbers_toolkit import tables
from numbers_toolkit.decoding import ListContract
from numbers_toolkit.vocabulary import UNSPECIFIED_STATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from numbers_toolkit.tables import Table

__all__ = ["ACTIVE_NUMBERS", "AVAILABLE_NUMBERS", "AVAILABLE_REGIONS", "OTHER_FIELDS", "Shape"]

OTHER_FIELDS: Final = tables.OTHER_FIELDS

_TEXT: Final = pa.string()
_TIME: Final = pa.timestamp("us", "UTC")
_MONEY: Final = pa.struct({"currencyCode": _TEXT, "amount": _TEXT})

_REGIONS_CONTRACT: Final = ListContract(
    "availableRegions",
    pa.struct({"regionCode": _TEXT, "regionName": _TEXT, "types": pa.list_(_TEXT)}),
    ("regionCode",),
)
_AVAILABLE_CONTRACT: Final = ListContract(
    "availableNumbers",
    pa.struct(
        {
            "phoneNumber": _TEXT,
            "regionCode": _TEXT,
            "type": _TEXT,
            "capability": pa.list_(_TEXT),
            "setupPrice": _MONEY,
            "monthlyPrice": _MONEY,
            "paymentIntervalMonths": pa.int64(),
            "supportingDocumentationRequired": pa.bool_(),
        }
    ),
    ("phoneNumber",),
)
_SCHEDULED_SMS: Final = pa.struct(
    {
        "servicePlanId": _TEXT,
        "campaignId": _TEXT,
        "status": _TEXT,
        "lastUpdatedTime": _TIME,
        "errorCodes": pa.list_(_TEXT),
    }
)
_VOICE_IDS: Final = {"RTC": "appId", "EST": "trunkId", "FAX": "serviceId"}
_SCHEDULED_VOICE: Final = pa.struct(
    {"status": _TEXT, "lastUpdatedTime": _TIME, "type": _TEXT, **dict.fromkeys(_VOICE_IDS.values(), _TEXT)}
)
_ACTIVE_CONTRACT: Final = ListContract(
    "activeNumbers",
    pa.struct(
        {
            "phoneNumber": _TEXT,
            "projectId": _TEXT,
            "displayName": _TEXT,
            "regionCode": _TEXT,
            "type": _TEXT,
            "capability": pa.list_(_TEXT),
            "money": _MONEY,
            "paymentIntervalMonths": pa.int64(),
            "nextChargeDate": _TIME,
            "expireAt": _TIME,
            "smsConfiguration": pa.struct(
                {"servicePlanId": _TEXT, "scheduledProvisioning": _SCHEDULED_SMS, "campaignId": _TEXT}
            ),
            "voiceConfiguration": pa.struct(
                {
                    "type": _TEXT,
                    "lastUpdatedTime": _TIME,
                    "scheduledVoiceProvisioning": _SCHEDULED_VOICE,
                    **dict.fromkeys(_VOICE_IDS.values(), _TEXT),
                }
            ),
            "callbackUrl": _TEXT,
        }
    ),
    ("phoneNumber",),
)


# -- one batch: nested arrays to flat columns ---------------------------------------------------------------


def _field(items: pa.Array, *path: str) -> pa.Array:
    return pc.struct_field(items, list(path))


def _is_set(text: pa.Array) -> pa.Array:
    """Whether text is neither null nor empty; the API means the same by both."""
    return pc.fill_null(pc.greater(pc.binary_length(text), 0), False)


def _unset(text: pa.Array) -> pa.Array:
    return pc.if_else(_is_set(text), text, pa.scalar(None, _TEXT))


def _coalesce(*texts: pa.Array) -> pa.Array:
    return pc.coalesce(*(_unset(text) for text in texts))


def _joined(lists: pa.Array) -> pa.Array:
    """Join each list with ``;``: few distinct texts stand for any number of lists."""
    words = lists.flatten()
    if words.null_count or pc.any(pc.equal(words, "")).as_py():
        cleaned = [None if one is None else [text for text in one if text] for one in lists.to_pylist()]
        lists = pa.array(cleaned, lists.type)
    return pc.binary_join(lists, ";")


def _state(scheduled: pa.Array, status: pa.Array, configured: pa.Array) -> pa.Array:
    """Name what the wire leaves silent: no job and an id is success, no job and no id is nothing."""
    at_rest = pc.if_else(configured, "PROVISIONED", "NOT_CONFIGURED")
    running = pc.fill_null(_unset(status), UNSPECIFIED_STATE)
    return pc.if_else(scheduled, running, at_rest)


def _unread(state: pa.Array, unread: pa.Array) -> pa.Array:
    """Call a service unspecified where it only seems unconfigured because it could not be read."""
    hidden = pc.and_(pc.fill_null(unread, False), pc.equal(state, "NOT_CONFIGURED"))
    return pc.if_else(hidden, UNSPECIFIED_STATE, state)


def _any(*flags: pa.Array) -> pa.Array:
    result = flags[0]
    for flag in flags[1:]:
        result = pc.or_(result, flag)
    return result


def _sms_columns(items: pa.Array, other: pa.Array) -> dict[str, pa.Array]:
    plan, campaign = (_field(items, "smsConfiguration", name) for name in ("servicePlanId", "campaignId"))
    job = ("smsConfiguration", "scheduledProvisioning")
    plan_next, campaign_next = (_field(items, *job, name) for name in ("servicePlanId", "campaignId"))
    status, updated = _field(items, *job, "status"), _field(items, *job, "lastUpdatedTime")
    codes = pc.fill_null(_joined(_field(items, *job, "errorCodes")), "")
    scheduled = _any(
        _is_set(status), _is_set(plan_next), _is_set(campaign_next), _is_set(codes), pc.is_valid(updated)
    )
    state = _state(scheduled, status, _any(_is_set(plan), _is_set(campaign)))
    return {
        "sms_service_plan_id": plan,
        "sms_campaign_id": campaign,
        "sms_state": _unread(state, pc.match_substring(other, '"smsConfiguration":')),
        "sms_scheduled_service_plan_id": plan_next,
        "sms_scheduled_campaign_id": campaign_next,
        "sms_error_codes": codes,
        "sms_updated_at": updated,
    }


def _voice_id(items: pa.Array, path: tuple[str, ...], kind: pa.Array) -> pa.Array:
    """Return the id that belongs to the voice type; where that one is unset, the first that is set."""
    ids = {name: _field(items, *path, field) for name, field in _VOICE_IDS.items()}
    own = [pc.if_else(pc.fill_null(pc.equal(kind, name), False), text, None) for name, text in ids.items()]
    return _coalesce(*own, *ids.values())


def _voice_columns(items: pa.Array, other: pa.Array) -> dict[str, pa.Array]:
    outer: tuple[str, ...] = ("voiceConfiguration",)
    job = (*outer, "scheduledVoiceProvisioning")
    kind, kind_next = _field(items, *outer, "type"), _field(items, *job, "type")
    voice_id, voice_id_next = _voice_id(items, outer, kind), _voice_id(items, job, kind_next)
    status, updated = _field(items, *job, "status"), _field(items, *job, "lastUpdatedTime")
    scheduled = _any(_is_set(status), _is_set(kind_next), _is_set(voice_id_next), pc.is_valid(updated))
    # A product of tomorrow has an id field that is not known here.
    strange = pc.and_(_is_set(kind), pc.invert(pc.is_in(kind, pa.array([*_VOICE_IDS], _TEXT))))
    unread = pc.or_(strange, pc.fill_null(pc.match_substring(other, '"voiceConfiguration":'), False))
    return {
        "voice_type": kind,
        "voice_id": voice_id,
        "voice_state": _unread(_state(scheduled, status, _is_set(voice_id)), unread),
        "voice_scheduled_type": kind_next,
        "voice_scheduled_id": voice_id_next,
        "voice_updated_at": pc.coalesce(updated, _field(items, *outer, "lastUpdatedTime")),
    }


def _flatten_active(items: pa.Array, other: pa.Array) -> dict[str, pa.Array]:
    return {
        "phone_number": _field(items, "phoneNumber"),
        "project_id": _field(items, "projectId"),
        "display_name": _unset(_field(items, "displayName")),
        "region_code": _field(items, "regionCode"),
        "number_type": _field(items, "type"),
        "capability": _joined(_field(items, "capability")),
        "price": _field(items, "money", "amount"),
        "currency_code": _field(items, "money", "currencyCode"),
        "payment_interval_months": _field(items, "paymentIntervalMonths"),
        "next_charge_date": _field(items, "nextChargeDate"),
        "expire_at": _field(items, "expireAt"),
        **_sms_columns(items, other),
        **_voice_columns(items, other),
        "callback_url": _field(items, "callbackUrl"),
        OTHER_FIELDS: other,
    }


def _flatten_available(items: pa.Array, other: pa.Array) -> dict[str, pa.Array]:
    return {
        "phone_number": _field(items, "phoneNumber"),
        "region_code": _field(items, "regionCode"),
        "number_type": _field(items, "type"),
        "capability": _joined(_field(items, "capability")),
        "setup_price": _field(items, "setupPrice", "amount"),
        "monthly_price": _field(items, "monthlyPrice", "amount"),
        "currency_code": _coalesce(
            _field(items, "monthlyPrice", "currencyCode"), _field(items, "setupPrice", "currencyCode")
        ),
        "setup_currency_code": _field(items, "setupPrice", "currencyCode"),
        "payment_interval_months": _field(items, "paymentIntervalMonths"),
        "supporting_documentation_required": _field(items, "supportingDocumentationRequired"),
        OTHER_FIELDS: other,
    }


def _flatten_regions(items: pa.Array, other: pa.Array) -> dict[str, pa.Array]:
    types = _field(items, "types")
    # A region without any type keeps one row, with the type missing.
    padded = pa.array([one or [None] for one in types.to_pylist()], types.type)
    parents = pc.list_parent_indices(padded)
    return {
        "region_code": _field(items, "regionCode").take(parents),
        "region_name": _unset(_field(items, "regionName")).take(parents),
        "number_type": padded.flatten(),
        OTHER_FIELDS: other.take(parents),
    }


@dataclass(frozen=True, slots=True)
class Shape:
    """How one list of the API becomes one table: its contract, its flattening, its columns.

    ``flatten`` gives the table's columns by name, but for ``capability`` (joined by ``;``) in place of the
    two flags, amounts as text, and without columns that follow from others.
    """

    contract: ListContract
    flatten: Callable[[pa.Array, pa.Array], dict[str, pa.Array]]
    table: Table


AVAILABLE_REGIONS: Final = Shape(_REGIONS_CONTRACT, _flatten_regions, tables.AVAILABLE_REGIONS)
AVAILABLE_NUMBERS: Final = Shape(_AVAILABLE_CONTRACT, _flatten_available, tables.AVAILABLE_NUMBERS)
ACTIVE_NUMBERS: Final = Shape(_ACTIVE_CONTRACT, _flatten_active, tables.ACTIVE_NUMBERS)
