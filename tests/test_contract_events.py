"""Events against the contract: the client reads and verifies them, the sandbox writes and signs them, each apart."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime

import pytest

import contract_examples as contract
import numbers_toolkit as nt
from numbers_toolkit.sandbox import Sandbox
from numbers_toolkit.sandbox.events import signature as sandbox_signature
from sandbox_helpers import Caller, active_number

SECRET = contract.EVENTS["secret"]
SIGNATURES = contract.EVENTS["signatures"]
BY_NAME = {event["name"]: event for event in contract.EVENTS["events"]}
N = "+13075550142"
#: Nobody listens there: what was to be sent is seen in the sandbox itself.
NOWHERE = "http://127.0.0.1:9/events"


@pytest.mark.parametrize("one", SIGNATURES, ids=lambda one: one["signature"][:8])
def test_client_verifies_the_signature(one) -> None:
    body = one["body"].encode()

    assert nt.verify_signature(body, one["signature"], SECRET)
    assert not nt.verify_signature(body + b"\n", one["signature"], SECRET)
    assert not nt.verify_signature(body, one["signature"], SECRET[:-1])


@pytest.mark.parametrize("one", SIGNATURES, ids=lambda one: one["signature"][:8])
def test_sandbox_signs_alike(one) -> None:
    assert sandbox_signature(SECRET, one["body"].encode()) == one["signature"]


@pytest.mark.parametrize("name", BY_NAME)
def test_client_reads_the_event(name: str) -> None:
    body = BY_NAME[name]["body"]
    event = nt.read_event(json.dumps(body).encode())

    assert (event.event_id, event.project_id, event.resource_id) == (
        body["eventId"],
        body["projectId"],
        body["resourceId"],
    )
    assert (event.resource_type, event.event_type, event.status) == (
        body["resourceType"],
        body["eventType"],
        body["status"],
    )
    assert event.timestamp == datetime.fromisoformat(body["timestamp"]).replace(tzinfo=UTC)
    assert event.failure_code == body.get("failureCode")
    assert event.internal_failure_code == body.get("internalFailureCode")
    assert not event.other_fields


def changed(sandbox, caller, body):
    assert caller.patch(N, **body).status_code == 200
    sandbox.advance(60)


def sms_linked(sandbox, caller):
    changed(sandbox, caller, {"smsConfiguration": {"servicePlanId": "SANDBOX_PLAN"}})


def campaign_failed(sandbox, caller):
    ids = {"servicePlanId": "SANDBOX_PLAN", "campaignId": "SANDBOX_CAMPAIGN_MNO_SUSPENDED"}
    changed(sandbox, caller, {"smsConfiguration": ids})


def voice_failed(sandbox, caller):
    changed(sandbox, caller, {"voiceConfiguration": {"appId": "SANDBOX_VOICE_FAILED"}})


def order_in_review(sandbox, caller):
    body = {"regionCode": "US", "numberType": "LOCAL", "quantityOrderOption": {"requestedQuantity": 1}}
    order = caller.call("POST", "numberOrders:createNumberOrder", json=body | {"callbackUrl": NOWHERE}).json()
    assert caller.call("POST", f"numberOrders/{order['idNumberOrder']}/submit").status_code == 200
    return order["idNumberOrder"]


def order_blocked(sandbox, caller):
    sandbox.review_order(order_in_review(sandbox, caller), "BLOCKED", "Please add a contact number.")


@pytest.mark.parametrize(
    "cause",
    [sms_linked, campaign_failed, voice_failed, order_in_review, order_blocked],
    ids=lambda one: one.__name__,
)
def test_sandbox_writes_the_event(cause) -> None:
    example = BY_NAME[cause.__name__]
    number = active_number(N, callbackUrl=NOWHERE)
    with Sandbox(numbers=[number], available=50, clock="manual") as sandbox, Caller(sandbox) as caller:
        caller.call("PATCH", "callbackConfiguration", json={"hmacSecret": SECRET})
        cause(sandbox, caller)
        told = [one for one in sandbox.events if one.event["eventType"] == example["body"]["eventType"]]

    event = told[-1]
    assert contract.differences(example["body"], event.event) == []
    assert contract.broken_facts(example, event.event) == []
    assert event.event["eventId"] == event.event["eventId"].lower()
    assert len(event.event["eventId"]) == len(example["body"]["eventId"])
    assert event.signature == hmac.new(SECRET.encode(), event.body, "sha1").hexdigest()


def test_every_event_of_the_contract_is_caused() -> None:
    assert set(BY_NAME) == {
        "sms_linked",
        "campaign_failed",
        "voice_failed",
        "order_in_review",
        "order_blocked",
    }
