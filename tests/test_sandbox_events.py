"""Webhook events: what they say, how they are signed, and which things are told."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import requests

from event_helpers import SECRET, WORKING, contents, run, serving
from numbers_toolkit.sandbox import ERROR_CODES, Sandbox
from numbers_toolkit.sandbox.answers import to_json
from numbers_toolkit.sandbox.events import order_event, signature
from sandbox_helpers import active_number
from scripted_server import ScriptedServer

NUMBER, SECOND, THIRD = "+12015550100", "+12015550101", "+12015550102"
TOLL_FREE = "+18000000001"
PATIENCE = 30
# The first two are one line each as they would be sent; signatures were computed by an independent program.
SUCCEEDED_LINE = (
    '{"eventId":"01kq4y7d2m8x3v5n6p9r0s1t2w","timestamp":"2026-03-02T09:15:27.403118","projectId":'
    '"7f2c9a4e-51d8-4b63-9e0a-6c1d85b2f347","resourceId":"+13075550142","resourceType":"ACTIVE_NUMBER","eventType":'
    '"PROVISIONING_TO_SMS_PLATFORM","status":"SUCCEEDED","failureCode":null,"internalFailureCode":null}'
)
FAILED_LINE = (
    '{"eventId":"01kq4y7d2m8x3v5n6p9r0s1t2x","timestamp":"2026-03-02T09:16:02.118904","projectId":'
    '"7f2c9a4e-51d8-4b63-9e0a-6c1d85b2f347","resourceId":"+13075550142","resourceType":"ACTIVE_NUMBER","eventType":'
    '"PROVISIONING_TO_CAMPAIGN","status":"FAILED","failureCode":"CAMPAIGN_MNO_SUSPENDED","internalFailureCode":null}'
)
ORDER_LINE = (
    '{"eventId":"01kq4yg6h4j2k8m0p5q7r9s1tv","timestamp":"2026-03-03T07:00:01.220417","projectId":'
    '"7f2c9a4e-51d8-4b63-9e0a-6c1d85b2f347","resourceId":"01kq4yfz8d1c3b5n7m9v2x4w6t","resourceType":"NUMBER_ORDER",'
    '"eventType":"NUMBER_ORDER_PROCESSING","status":"BLOCKED"}'
)
VECTORS = [
    (b"{}", 2, "a4734ba0614a0c72bfcb96dc8c2e116c24521a3f"),
    ('{"note":"été"}'.encode(), 16, "1c673f23ba1870a7ad002d0465360d6ebe924b84"),
    (SUCCEEDED_LINE.encode(), 301, "931cdd5605f724602f74f7bf2822c67c2a1ad179"),
    (FAILED_LINE.encode(), 314, "343204bc471004eaa6e45ee89de589f217589425"),
]
OTHER_CODES = ("ERROR_CODE_UNSPECIFIED", "INTERNAL_ERROR", "SMS_PROVISIONING_FAILED")


def linked(phone_number, url, **changes):
    """A number that is linked to a plan, a campaign and a trunk."""
    sms = WORKING | {"scheduledProvisioning": None}
    voice = active_number(phone_number)["voiceConfiguration"] | {"type": "EST", "trunkId": "trunk"}
    return active_number(
        phone_number, smsConfiguration=sms, voiceConfiguration=voice, callbackUrl=url, **changes
    )


@pytest.fixture
def receiver():
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def caller(receiver):
    """Three numbers whose events go to the receiver, a toll-free one, and a secret to sign with."""
    documents = [active_number(number, callbackUrl=receiver.url) for number in (NUMBER, SECOND, THIRD)]
    documents.append(active_number(TOLL_FREE, type="TOLL_FREE", callbackUrl=receiver.url))
    with serving(*documents) as caller:
        caller.call("PATCH", "callbackConfiguration", json={"hmacSecret": SECRET})
        yield caller


def told(receiver):
    """What arrived, as (type, status, failure code)."""
    return [(each["eventType"], each["status"], each["failureCode"]) for each in contents(receiver)]


# What events say


@pytest.mark.parametrize(("body", "length", "expected"), VECTORS)
def test_signature_is_hmac_sha1_of_the_bytes_in_hexadecimal(body, length, expected):
    assert len(body) == length
    assert signature(SECRET, body) == expected


@pytest.mark.parametrize("line", [SUCCEEDED_LINE, FAILED_LINE, ORDER_LINE])
def test_events_are_written_as_compact_as_the_vectors(line):
    assert to_json(json.loads(line)) == line


def test_event_of_a_number_has_the_documented_fields_in_their_order(caller, receiver):
    run(caller, NUMBER, smsConfiguration={"servicePlanId": "SANDBOX_PLAN"})
    (event,) = contents(receiver)

    assert list(event) == list(json.loads(SUCCEEDED_LINE))
    assert re.fullmatch("[0-9a-hjkmnp-tv-z]{26}", event["eventId"])
    assert event == {
        "eventId": event["eventId"],
        "timestamp": "2026-03-02T09:00:07.000000",
        "projectId": caller.sandbox.project_id,
        "resourceId": NUMBER,
        "resourceType": "ACTIVE_NUMBER",
        "eventType": "PROVISIONING_TO_SMS_PLATFORM",
        "status": "SUCCEEDED",
        "failureCode": None,
        "internalFailureCode": None,
    }


def test_every_part_of_a_job_tells_of_its_end(caller, receiver):
    run(caller, NUMBER, smsConfiguration=WORKING, voiceConfiguration={"appId": "app"})

    assert told(receiver) == [
        ("PROVISIONING_TO_SMS_PLATFORM", "SUCCEEDED", None),
        ("PROVISIONING_TO_CAMPAIGN", "SUCCEEDED", None),
        ("PROVISIONING_TO_VOICE_PLATFORM", "SUCCEEDED", None),
    ]


def test_unlinking_tells_of_deprovisioning(caller, receiver):
    run(
        caller,
        NUMBER,
        smsConfiguration={"servicePlanId": "", "campaignId": ""},
        voiceConfiguration={"appId": ""},
    )

    assert told(receiver) == [
        ("DEPROVISIONING_FROM_SMS_PLATFORM", "SUCCEEDED", None),
        ("DEPROVISIONING_FROM_CAMPAIGN", "SUCCEEDED", None),
        ("DEPROVISIONING_FROM_VOICE_PLATFORM", "SUCCEEDED", None),
    ]


@pytest.mark.parametrize("code", ERROR_CODES)
def test_plan_that_fails_never_says_why(caller, receiver, code):
    run(caller, NUMBER, smsConfiguration={"servicePlanId": f"SANDBOX_{code}"})

    assert told(receiver) == [("PROVISIONING_TO_SMS_PLATFORM", "FAILED", None)]


@pytest.mark.parametrize("code", ERROR_CODES)
def test_campaign_that_fails_says_one_of_fifteen_codes(caller, receiver, code):
    run(caller, NUMBER, smsConfiguration=WORKING | {"campaignId": f"SANDBOX_{code}"})
    event = contents(receiver)[1]

    assert (event["eventType"], event["status"]) == ("PROVISIONING_TO_CAMPAIGN", "FAILED")
    assert event["failureCode"] == ("CAMPAIGN_PROVISIONING_FAILED" if code in OTHER_CODES else code)
    internal = {"CAMPAIGN_NOT_AVAILABLE": "CRS0018", "EXCEEDED_10DLC_LIMIT": "CRS0001"}
    assert event["internalFailureCode"] == internal.get(code)


def test_campaign_is_a_failed_part_when_the_plan_fails(caller, receiver):
    run(caller, NUMBER, smsConfiguration=WORKING | {"servicePlanId": "unknown"})

    assert told(receiver) == [
        ("PROVISIONING_TO_SMS_PLATFORM", "FAILED", None),
        ("PROVISIONING_TO_CAMPAIGN", "FAILED", "CAMPAIGN_PROVISIONING_FAILED"),
    ]


def test_codes_that_come_from_the_state_reach_the_event(caller, receiver):
    run(caller, TOLL_FREE, smsConfiguration=WORKING)

    assert told(receiver)[1] == ("PROVISIONING_TO_CAMPAIGN", "FAILED", "TFN_NOT_ALLOWED")


def test_voice_that_fails_says_its_own_code(caller, receiver):
    run(caller, NUMBER, voiceConfiguration={"type": "EST", "trunkId": "SANDBOX_VOICE_FAILED"})
    (event,) = contents(receiver)

    assert (event["eventType"], event["status"]) == ("PROVISIONING_TO_VOICE_PLATFORM", "FAILED")
    assert (event["failureCode"], event["internalFailureCode"]) == (
        "PROVISIONING_TO_VOICE_PLATFORM_FAILED",
        None,
    )


@pytest.mark.parametrize("url", ["", None, 7])
def test_number_without_a_callback_url_tells_nothing(url):
    with serving(active_number(NUMBER, callbackUrl=url)) as caller:
        run(caller, NUMBER, smsConfiguration=WORKING, voiceConfiguration={"appId": "app"})

        assert caller.sandbox.events == ()


def test_callback_url_counts_as_it_is_when_the_job_ends(caller, receiver):
    run(caller, NUMBER, wait=6, smsConfiguration={"servicePlanId": "SANDBOX_PLAN"})
    caller.patch(NUMBER, callbackUrl=f"{receiver.url}/moved?to=here")
    caller.sandbox.advance(1)

    assert [(each.path, each.query) for each in receiver.requests] == [("/moved", "to=here")]


def test_job_that_is_replaced_or_dropped_tells_nothing(caller, receiver):
    run(
        caller,
        NUMBER,
        wait=3,
        smsConfiguration={"servicePlanId": "unknown"},
        voiceConfiguration={"appId": "app"},
    )
    caller.patch(NUMBER, smsConfiguration={"servicePlanId": "SANDBOX_PLAN"})
    caller.call("POST", f"activeNumbers/{NUMBER}:release")
    caller.sandbox.advance(60)

    assert told(receiver) == [("PROVISIONING_TO_SMS_PLATFORM", "SUCCEEDED", None)]


def test_rental_that_ends_tells_of_all_it_leaves(receiver):
    with serving(linked(NUMBER, receiver.url), active_number(SECOND, callbackUrl=receiver.url)) as caller:
        for number in (NUMBER, SECOND):
            caller.call("POST", f"activeNumbers/{number}:release")
        at_release = len(receiver.requests)
        caller.sandbox.advance(timedelta(days=40))

    assert at_release == 0
    assert {each["resourceId"] for each in contents(receiver)} == {NUMBER}
    assert {each["timestamp"] for each in contents(receiver)} == {"2026-04-01T00:00:00.000000"}
    assert told(receiver) == [
        ("DEPROVISIONING_FROM_CAMPAIGN", "SUCCEEDED", None),
        ("DEPROVISIONING_FROM_SMS_PLATFORM", "SUCCEEDED", None),
        ("DEPROVISIONING_FROM_VOICE_PLATFORM", "SUCCEEDED", None),
    ]


def test_event_of_an_order_has_no_failure_fields(caller, receiver):
    with caller.sandbox._settled() as account:
        order_event(account, "01kq4yfz8d1c3b5n7m9v2x4w6t", "BLOCKED", receiver.url, account.clock.now())
        order_event(account, "01kq4yfz8d1c3b5n7m9v2x4w6t", "COMPLETED", "", account.clock.now())
    arrived = caller.sandbox.deliver_events()
    (event,) = contents(receiver)

    assert arrived == 1
    assert list(event) == list(json.loads(ORDER_LINE))
    assert (event["resourceId"], event["resourceType"]) == ("01kq4yfz8d1c3b5n7m9v2x4w6t", "NUMBER_ORDER")
    assert (event["eventType"], event["status"]) == ("NUMBER_ORDER_PROCESSING", "BLOCKED")


def test_order_event_knows_the_states_that_are_told(caller, receiver):
    with caller.sandbox._settled() as account, pytest.raises(ValueError, match="not of 'CREATED'"):
        order_event(account, "order", "CREATED", receiver.url, account.clock.now())


def test_events_are_the_same_for_the_same_steps_and_differ_from_each_other(receiver):
    runs = []
    for _ in range(2):
        documents = [active_number(f"+120255501{index:02d}", callbackUrl=receiver.url) for index in range(40)]
        with serving(*documents) as caller:
            for document in documents:
                caller.patch(document["phoneNumber"], smsConfiguration=WORKING)
            caller.sandbox.advance(7)
            runs.append([event.body for event in caller.sandbox.events])

    assert runs[0] == runs[1]
    assert len({json.loads(body)["eventId"] for body in runs[0]}) == len(runs[0]) == 80


# Sample events for the official SDKs


@pytest.mark.parametrize(
    ("path", "code"), [("succeeded", None), ("failed", "PROVISIONING_TO_VOICE_PLATFORM_FAILED")]
)
def test_sample_event_is_handed_out_signed_and_without_a_login(caller, path, code):
    url = f"{caller.sandbox.numbers_url}/webhooks/numbers/provisioning_to_voice_platform/{path}"
    answer = requests.get(url, timeout=PATIENCE)
    event = answer.json()

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-sinch-signature"] == signature(SECRET, answer.content)
    assert list(event) == list(json.loads(SUCCEEDED_LINE))
    assert (event["eventType"], event["status"]) == ("PROVISIONING_TO_VOICE_PLATFORM", path.upper())
    assert (event["failureCode"], event["projectId"]) == (code, caller.sandbox.project_id)
    assert caller.sandbox.requests[-1].operation == "sample_event"
    assert caller.sandbox.events == ()


def test_sample_event_is_unsigned_without_a_secret_and_can_only_be_read():
    with Sandbox(active=0, available=0) as sandbox:
        path = "/webhooks/numbers/provisioning_to_voice_platform/succeeded"
        answer = requests.get(sandbox.numbers_url + path, timeout=PATIENCE)
        posted = requests.post(sandbox.numbers_url + path, timeout=PATIENCE)
        astray = requests.get(sandbox.auth_url + path, timeout=PATIENCE)

    assert "x-sinch-signature" not in answer.headers
    assert (posted.status_code, posted.headers["allow"], astray.status_code) == (405, "GET", 404)


@pytest.mark.filterwarnings("ignore")
def test_official_sdk_verifies_and_parses_what_arrives(caller, receiver):
    sdk = pytest.importorskip("sinch").SinchClient(project_id="p", key_id="k", key_secret="s")
    events = sdk.numbers.sinch_events(SECRET)
    run(caller, TOLL_FREE, smsConfiguration=WORKING, voiceConfiguration={"appId": "SANDBOX_VOICE_FAILED"})
    with caller.sandbox._settled() as account:
        order_event(account, "01kq4yfz8d1c3b5n7m9v2x4w6t", "COMPLETED", receiver.url, account.clock.now())
    caller.sandbox.deliver_events()
    parsed = [events.parse_event(request.body, request.headers) for request in receiver.requests]

    for request in receiver.requests:
        assert events.validate_authentication_header(request.headers, request.body)
        assert not events.validate_authentication_header(request.headers, request.body + b" ")
    assert [type(event).__name__ for event in parsed] == ["ActiveNumberSinchEvent"] * 3 + [
        "NumberOrderSinchEvent"
    ]
    assert [getattr(event, "failure_code", None) for event in parsed] == [
        None,
        "TFN_NOT_ALLOWED",
        "PROVISIONING_TO_VOICE_PLATFORM_FAILED",
        None,
    ]
    assert all(event.timestamp.isoformat() == "2026-03-02T09:00:07+00:00" for event in parsed)
