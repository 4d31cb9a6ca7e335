"""Changing and releasing numbers, and the callback secret."""

from __future__ import annotations

import pytest

from numbers_toolkit.sandbox import Sandbox
from sandbox_helpers import Caller, active_number, violation

NUMBER = "+12015550100"
LINKED = "+12015550101"


def linked_number():
    sms = {"servicePlanId": "SANDBOX_PLAN", "scheduledProvisioning": None, "campaignId": "SANDBOX_STANDARD"}
    return active_number(LINKED, smsConfiguration=sms)


@pytest.fixture
def caller():
    documents = [active_number(NUMBER), linked_number(), active_number("+46313900600", regionCode="SE")]
    with Sandbox(numbers=documents, available=5, clock="manual") as sandbox, Caller(sandbox) as caller:
        yield caller
        assert sandbox.internal_errors == []


def test_name_and_callback_change_at_once_and_the_rest_stays(caller):
    before = caller.number(NUMBER)
    answer = caller.patch(NUMBER, displayName="Växel 📞", callbackUrl="https://hooks.example.com/a")

    expected = before | {"displayName": "Växel 📞", "callbackUrl": "https://hooks.example.com/a"}
    assert answer.json() == caller.number(NUMBER) == expected
    assert caller.patch(NUMBER, callbackUrl="").json()["callbackUrl"] == ""


@pytest.mark.parametrize("body", [{}, {"displayName": None, "smsConfiguration": None}, {"futureField": 1}])
def test_nothing_given_changes_nothing(caller, body):
    before = caller.number(NUMBER)

    assert caller.patch(NUMBER, **body).json() == before


def test_sms_job_waits_with_the_old_ids_in_force(caller):
    sms = caller.patch(LINKED, smsConfiguration={"servicePlanId": "OTHER", "campaignId": "MORE"}).json()[
        "smsConfiguration"
    ]

    assert (sms["servicePlanId"], sms["campaignId"]) == ("SANDBOX_PLAN", "SANDBOX_STANDARD")
    job = sms["scheduledProvisioning"]
    assert list(job) == ["servicePlanId", "campaignId", "status", "lastUpdatedTime", "errorCodes"]
    assert (job["servicePlanId"], job["campaignId"], job["status"]) == ("OTHER", "MORE", "WAITING")


def test_unlink_with_empty_texts(caller):
    caller.patch(LINKED, smsConfiguration={"servicePlanId": "", "campaignId": ""})
    caller.sandbox.advance(10)

    assert caller.number(LINKED)["smsConfiguration"] == {
        "servicePlanId": "",
        "scheduledProvisioning": None,
        "campaignId": "",
    }


def test_part_that_is_not_given_stays(caller):
    caller.patch(LINKED, smsConfiguration={"campaignId": ""})
    caller.sandbox.advance(10)

    assert caller.number(LINKED)["smsConfiguration"]["servicePlanId"] == "SANDBOX_PLAN"
    assert caller.number(LINKED)["smsConfiguration"]["campaignId"] == ""


def test_campaign_alone_needs_a_plan(caller):
    refused = caller.patch(NUMBER, smsConfiguration={"campaignId": "SANDBOX_STANDARD"})
    accepted = caller.patch(
        LINKED, smsConfiguration={"servicePlanId": None, "campaignId": "SANDBOX_NUMBER_POOL"}
    )

    assert violation(refused) == "smsConfiguration.servicePlanId"
    assert accepted.status_code == 200


def test_campaign_is_for_us_numbers(caller):
    body = {"servicePlanId": "SANDBOX_PLAN", "campaignId": "SANDBOX_STANDARD"}

    assert violation(caller.patch("+46313900600", smsConfiguration=body)) == "smsConfiguration.campaignId"


def test_refused_update_changes_nothing(caller):
    before = caller.number(NUMBER)
    answer = caller.patch(NUMBER, displayName="new", voiceConfiguration={})

    assert violation(answer) == "voiceConfiguration"
    assert caller.number(NUMBER) == before


def test_unknown_voice_type_is_refused(caller):
    error = caller.patch(NUMBER, voiceConfiguration={"type": "FAXX", "appId": "a"}).json()["error"]

    assert error["message"] == 'parsing field "voiceConfiguration.type": "FAXX" is not a valid value'


def test_relinking_without_unlinking_is_a_switch():
    sandbox = Sandbox(numbers=[linked_number()], available=0, clock="manual", require_unlink=True)
    with sandbox, Caller(sandbox) as caller:
        plan = caller.patch(LINKED, smsConfiguration={"servicePlanId": "OTHER"})
        campaign = caller.patch(LINKED, smsConfiguration={"campaignId": "OTHER"})
        same = caller.patch(LINKED, smsConfiguration={"servicePlanId": "SANDBOX_PLAN"})
        unlink = caller.patch(LINKED, smsConfiguration={"servicePlanId": ""})

    assert violation(plan) == "smsConfiguration.servicePlanId"
    assert violation(campaign) == "smsConfiguration.campaignId"
    assert (same.status_code, unlink.status_code) == (200, 200)


@pytest.mark.parametrize("method", ["GET", "PATCH", "POST"])
def test_number_of_nobody_is_not_found(caller, method):
    path = "activeNumbers/+12015559999" + (":release" if method == "POST" else "")
    answer = caller.call(method, path, json={} if method == "PATCH" else None)

    (detail,) = answer.json()["error"]["details"]
    assert answer.status_code == 404
    assert (detail["resourceType"], detail["resourceName"]) == ("ActiveNumber", "+12015559999")


@pytest.mark.parametrize("options", [{}, {"json": {}}, {"json": {"reason": "none"}}])
def test_release_ends_the_rental_with_the_paid_period(caller, options):
    before = caller.number(NUMBER)
    answer = caller.call("POST", f"activeNumbers/{NUMBER}:release", **options)

    assert answer.json() == before | {"expireAt": before["nextChargeDate"]}
    caller.sandbox.advance(29 * 86400)
    assert caller.number(NUMBER)["expireAt"] == "2026-04-01T00:00:00.000000Z"
    assert len(caller.numbers()) == 3


def test_released_number_is_gone_after_its_end(caller):
    caller.call("POST", f"activeNumbers/{NUMBER}:release")
    caller.sandbox.advance(30 * 86400)

    assert caller.get(f"activeNumbers/{NUMBER}").status_code == 404
    assert NUMBER not in {number["phoneNumber"] for number in caller.numbers()}
    assert caller.get("activeNumbers").json()["totalSize"] == 2
    assert caller.get(f"availableNumbers/{NUMBER}").status_code == 404


def test_second_release_answers_the_same(caller):
    first = caller.call("POST", f"activeNumbers/{NUMBER}:release")
    caller.sandbox.advance(86400)
    second = caller.call("POST", f"activeNumbers/{NUMBER}:release")

    assert first.json() == second.json()


def test_release_drops_a_pending_voice_job(caller):
    caller.patch(NUMBER, voiceConfiguration={"appId": "app"})
    released = caller.call("POST", f"activeNumbers/{NUMBER}:release").json()
    caller.sandbox.advance(60)

    assert released["voiceConfiguration"]["scheduledVoiceProvisioning"] is None
    assert caller.number(NUMBER)["voiceConfiguration"]["appId"] == ""


def test_callback_secret_is_kept(caller):
    empty = caller.get("callbackConfiguration").json()
    secret = "sandbox-Secret-0123456789-abcdefgh"
    answer = caller.call("PATCH", "callbackConfiguration", json={"hmacSecret": secret})

    expected = {"projectId": caller.sandbox.project_id, "hmacSecret": secret}
    assert empty == expected | {"hmacSecret": ""}
    assert answer.json() == caller.get("callbackConfiguration").json() == expected
    assert caller.call("PATCH", "callbackConfiguration", json={}).json() == expected


@pytest.mark.parametrize("secret", ["short", "a" * 31, "a" * 65, "a" * 31 + "$", "é" * 32])
def test_secret_rule_is_a_switch(caller, secret):
    lenient = caller.call("PATCH", "callbackConfiguration", json={"hmacSecret": secret})
    with Sandbox(active=0, available=0, enforce_secret_rule=True) as sandbox, Caller(sandbox) as strict:
        refused = strict.call("PATCH", "callbackConfiguration", json={"hmacSecret": secret})
        accepted = strict.call("PATCH", "callbackConfiguration", json={"hmacSecret": "a-B3" * 8})

    assert (lenient.status_code, accepted.status_code) == (200, 200)
    assert violation(refused) == "hmacSecret"


def test_unknown_fields_of_a_given_number_survive_an_update():
    document = active_number(
        NUMBER, futureField={"a": [1, None]}, money={"currencyCode": "USD", "amount": 0.5}
    )
    with Sandbox(numbers=[document], available=0) as sandbox, Caller(sandbox) as caller:
        untouched = caller.number(NUMBER)
        changed = caller.patch(NUMBER, displayName="new").json()

    assert untouched == document
    assert changed == document | {"displayName": "new"}
