"""Provisioning jobs: their states on the clock, every error code, and the rules that come from the state."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from numbers_toolkit.sandbox import ERROR_CODES, MAGIC_IDS, Sandbox
from sandbox_helpers import Caller, active_number

NUMBER = "+12015550100"
TOLL_FREE = "+18000000001"
VOICE_ONLY = "+12015550150"


@pytest.fixture
def caller():
    documents = [active_number(f"+120155501{position:02d}") for position in range(50)]
    documents += [active_number(f"+120255501{position:02d}") for position in range(10)]
    documents.append(active_number(TOLL_FREE, type="TOLL_FREE"))
    documents.append(active_number(VOICE_ONLY, capability=["VOICE"]))
    with Sandbox(numbers=documents, available=50, clock="manual") as sandbox, Caller(sandbox) as caller:
        yield caller
        assert sandbox.internal_errors == []


def link(caller, number, plan="SANDBOX_PLAN", campaign=None, wait=7):
    wanted = {"servicePlanId": plan} | ({} if campaign is None else {"campaignId": campaign})
    answer = caller.patch(number, smsConfiguration=wanted)
    assert answer.status_code == 200, answer.text
    caller.sandbox.advance(wait)
    return caller.number(number)["smsConfiguration"]


def codes(sms):
    job = sms["scheduledProvisioning"]
    return [] if job is None else job["errorCodes"]


def test_sms_job_goes_from_waiting_over_running_to_silence(caller):
    caller.patch(NUMBER, smsConfiguration={"servicePlanId": "SANDBOX_PLAN", "campaignId": "SANDBOX_STANDARD"})
    states = []
    for _ in range(9):
        sms = caller.number(NUMBER)["smsConfiguration"]
        job = sms["scheduledProvisioning"]
        states.append(job and (job["status"], job["lastUpdatedTime"][11:19], sms["servicePlanId"]))
        caller.sandbox.advance(1)

    assert states == [
        *[("WAITING", "09:00:00", "")] * 2,
        *[("IN_PROGRESS", "09:00:02", "")] * 5,
        None,
        None,
    ]
    assert caller.number(NUMBER)["smsConfiguration"] == {
        "servicePlanId": "SANDBOX_PLAN",
        "scheduledProvisioning": None,
        "campaignId": "SANDBOX_STANDARD",
    }


def test_outcome_does_not_depend_on_how_often_somebody_looks():
    seen = []
    for steps in ([7], [1] * 7, [2.5, 4.5]):
        documents = [active_number(NUMBER)]
        with Sandbox(numbers=documents, available=0, clock="manual") as sandbox, Caller(sandbox) as caller:
            caller.patch(NUMBER, smsConfiguration={"servicePlanId": "SANDBOX_INTERNAL_ERROR"})
            for step in steps:
                sandbox.advance(step)
                caller.number(NUMBER)
            seen.append(caller.number(NUMBER))

    assert seen[0] == seen[1] == seen[2]
    assert (
        seen[0]["smsConfiguration"]["scheduledProvisioning"]["lastUpdatedTime"]
        == "2026-03-02T09:00:07.000000Z"
    )


def test_durations_are_adjustable():
    with (
        (
            Sandbox(
                numbers=[active_number(NUMBER)],
                available=0,
                clock="manual",
                waiting_seconds=0,
                running_seconds=60,
            )
        ) as sandbox,
        Caller(sandbox) as caller,
    ):
        caller.patch(NUMBER, smsConfiguration={"servicePlanId": "SANDBOX_PLAN"})
        running = caller.number(NUMBER)["smsConfiguration"]["scheduledProvisioning"]["status"]
        sandbox.advance(timedelta(minutes=1))
        done = caller.number(NUMBER)["smsConfiguration"]["scheduledProvisioning"]

    assert (running, done) == ("IN_PROGRESS", None)


@pytest.mark.parametrize("code", ERROR_CODES)
def test_every_code_can_be_provoked_by_plan_and_by_campaign(caller, code):
    magic = f"SANDBOX_{code}"
    by_plan = link(caller, NUMBER, magic)
    by_campaign = link(caller, NUMBER, "SANDBOX_PLAN", magic)

    assert magic in MAGIC_IDS
    assert codes(by_plan) == codes(by_campaign) == [code]
    assert by_plan["scheduledProvisioning"]["status"] == "FAILED"
    assert by_plan["servicePlanId"] == ""
    assert (by_campaign["servicePlanId"], by_campaign["campaignId"]) == ("SANDBOX_PLAN", "")


def test_both_parts_can_fail_together(caller):
    sms = link(caller, NUMBER, "unknown plan", "unknown campaign")

    assert codes(sms) == ["SMS_PROVISIONING_FAILED", "CAMPAIGN_NOT_AVAILABLE"]
    assert (sms["servicePlanId"], sms["campaignId"]) == ("", "")


def test_campaign_is_not_linked_without_a_plan(caller):
    sms = link(caller, NUMBER, "unknown plan", "SANDBOX_STANDARD")

    assert codes(sms) == ["SMS_PROVISIONING_FAILED"]
    assert sms["campaignId"] == ""


def test_failure_is_cleared_by_the_next_success(caller):
    link(caller, NUMBER, "unknown plan")

    assert link(caller, NUMBER, "SANDBOX_PLAN")["scheduledProvisioning"] is None


def test_new_request_replaces_a_pending_job(caller):
    link(caller, NUMBER, "SANDBOX_INTERNAL_ERROR", wait=1)
    caller.patch(NUMBER, smsConfiguration={"servicePlanId": "SANDBOX_PLAN"})
    caller.sandbox.advance(20)

    assert caller.number(NUMBER)["smsConfiguration"]["servicePlanId"] == "SANDBOX_PLAN"


def test_standard_campaign_holds_fifty_numbers(caller):
    for position in range(50):
        number = f"+120155501{position:02d}"
        body = {"servicePlanId": "SANDBOX_PLAN", "campaignId": "SANDBOX_STANDARD"}
        caller.patch(number, smsConfiguration=body)
    caller.sandbox.advance(7)
    over = link(caller, "+12025550100", campaign="SANDBOX_STANDARD")
    again = link(caller, "+12015550105", campaign="SANDBOX_STANDARD")

    assert caller.sandbox.campaign_size("SANDBOX_STANDARD") == 50
    assert codes(over) == ["EXCEEDED_10DLC_LIMIT"]
    assert codes(again) == []
    caller.patch("+12015550100", smsConfiguration={"campaignId": ""})
    caller.sandbox.advance(7)
    assert codes(link(caller, "+12025550100", campaign="SANDBOX_STANDARD")) == []


def test_limit_is_decided_in_the_order_of_the_clock_not_of_looking(caller):
    caller.sandbox.add_campaign("ONE", kind="SOLE_PROPRIETOR")
    for number in ("+12015550109", "+12015550101", "+12015550105"):
        caller.patch(number, smsConfiguration={"servicePlanId": "SANDBOX_PLAN", "campaignId": "ONE"})
        caller.sandbox.advance(0.5)
    caller.sandbox.advance(2.5)
    caller.sandbox.advance(60)

    assert caller.number("+12015550109")["smsConfiguration"]["campaignId"] == "ONE"
    for late in ("+12015550101", "+12015550105"):
        assert codes(caller.number(late)["smsConfiguration"]) == ["EXCEEDED_10DLC_LIMIT"]


def test_sole_proprietor_holds_one_and_a_pool_any_number(caller):
    first = link(caller, "+12015550100", campaign="SANDBOX_SOLE_PROPRIETOR")
    second = link(caller, "+12015550101", campaign="SANDBOX_SOLE_PROPRIETOR")
    for position in range(50):
        body = {"servicePlanId": "SANDBOX_PLAN", "campaignId": "SANDBOX_NUMBER_POOL"}
        caller.patch(f"+120155501{position:02d}", smsConfiguration=body)
    caller.sandbox.advance(7)
    beyond = link(caller, "+12025550100", campaign="SANDBOX_NUMBER_POOL")

    assert (codes(first), codes(second)) == ([], ["EXCEEDED_10DLC_LIMIT"])
    assert codes(beyond) == []
    assert caller.sandbox.campaign_size("SANDBOX_NUMBER_POOL") == 51


def test_toll_free_number_is_not_for_10dlc(caller):
    assert codes(link(caller, TOLL_FREE, campaign="SANDBOX_STANDARD")) == ["TFN_NOT_ALLOWED"]


def test_mock_campaign_is_not_for_real_numbers(caller):
    mock = next(campaign.target_id for campaign in caller.sandbox.campaigns if campaign.kind == "MOCK")

    assert codes(link(caller, NUMBER, campaign=mock)) == ["MOCK_CAMPAIGN_NOT_ALLOWED"]


def test_number_without_sms_cannot_join_a_plan(caller):
    assert codes(link(caller, VOICE_ONLY)) == ["SMS_PROVISIONING_FAILED"]


def test_overdrawn_account_fails_until_it_is_topped_up(caller):
    caller.sandbox.balance = Decimal("1.00")
    number = caller.on_offer()
    caller.rent(number, smsConfiguration={"servicePlanId": "SANDBOX_PLAN", "campaignId": "SANDBOX_STANDARD"})
    caller.sandbox.advance(7)
    failed = caller.number(number)["smsConfiguration"]
    caller.sandbox.balance += 100
    repeated = link(caller, number, campaign="SANDBOX_STANDARD")

    assert codes(failed) == ["INSUFFICIENT_BALANCE"]
    assert codes(repeated) == []


@pytest.mark.parametrize(
    ("code", "after"),
    [
        ("CAMPAIGN_PENDING_ACCEPTANCE", timedelta(hours=24)),
        ("CAMPAIGN_MNO_REVIEW", timedelta(hours=48)),
        ("PARTNER_SERVICE_UNAVAILABLE", timedelta(minutes=15)),
    ],
)
def test_some_failures_pass_with_time(caller, code, after):
    first = link(caller, NUMBER, campaign=f"SANDBOX_{code}")
    caller.sandbox.advance(after - timedelta(seconds=20))
    early = link(caller, NUMBER, campaign=f"SANDBOX_{code}")
    caller.sandbox.advance(20)
    late = link(caller, NUMBER, campaign=f"SANDBOX_{code}")

    assert (codes(first), codes(early), codes(late)) == ([code], [code], [])


def test_other_failures_do_not_pass_with_time(caller):
    link(caller, NUMBER, campaign="SANDBOX_CAMPAIGN_EXPIRED")
    caller.sandbox.advance(timedelta(days=300))

    assert codes(link(caller, NUMBER, campaign="SANDBOX_CAMPAIGN_EXPIRED")) == ["CAMPAIGN_EXPIRED"]


def test_seeded_pending_campaign_is_accepted_after_a_day(caller):
    pending = next(
        each.target_id
        for each in caller.sandbox.campaigns
        if each.error_code == "CAMPAIGN_PENDING_ACCEPTANCE" and not each.target_id.startswith("SANDBOX")
    )
    before = link(caller, NUMBER, campaign=pending)
    caller.sandbox.advance(timedelta(days=1))

    assert codes(before) == ["CAMPAIGN_PENDING_ACCEPTANCE"]
    assert codes(link(caller, NUMBER, campaign=pending)) == []


@pytest.mark.parametrize(("kind", "field"), [("RTC", "appId"), ("EST", "trunkId"), ("FAX", "serviceId")])
def test_voice_job_moves_type_and_id_up_on_success(caller, kind, field):
    body = {"type": kind, field: "target"}
    answer = caller.patch(NUMBER, voiceConfiguration=body).json()["voiceConfiguration"]
    caller.sandbox.advance(3)
    running = caller.number(NUMBER)["voiceConfiguration"]["scheduledVoiceProvisioning"]["status"]
    caller.sandbox.advance(4)
    voice = caller.number(NUMBER)["voiceConfiguration"]

    job = answer["scheduledVoiceProvisioning"]
    assert list(job) == ["appId", "status", "lastUpdatedTime", "type", "trunkId", "serviceId"]
    assert (answer["type"], job["type"], job["status"], running) == ("RTC", kind, "WAITING", "IN_PROGRESS")
    expected = {"appId": "", "trunkId": "", "serviceId": ""} | {field: "target"}
    assert voice == expected | {
        "type": kind,
        "scheduledVoiceProvisioning": None,
        "lastUpdatedTime": "2026-03-02T09:00:07.000000Z",
    }


def test_switch_of_voice_product_keeps_the_old_one_until_success(caller):
    caller.patch(NUMBER, voiceConfiguration={"appId": "app"})
    caller.sandbox.advance(7)
    caller.patch(NUMBER, voiceConfiguration={"type": "FAX", "serviceId": "fax"})
    during = caller.number(NUMBER)["voiceConfiguration"]
    caller.sandbox.advance(7)
    after = caller.number(NUMBER)["voiceConfiguration"]

    assert (during["type"], during["appId"], during["serviceId"]) == ("RTC", "app", "")
    assert (after["type"], after["appId"], after["serviceId"]) == ("FAX", "", "fax")


def test_voice_failure_has_a_status_but_no_codes(caller):
    caller.patch(NUMBER, voiceConfiguration={"type": "EST", "trunkId": "SANDBOX_VOICE_FAILED"})
    caller.sandbox.advance(7)
    voice = caller.number(NUMBER)["voiceConfiguration"]

    assert voice["scheduledVoiceProvisioning"]["status"] == "FAILED"
    assert "errorCodes" not in voice["scheduledVoiceProvisioning"]
    assert (voice["type"], voice["trunkId"]) == ("RTC", "")


def test_sms_and_voice_jobs_of_one_number_run_side_by_side(caller):
    caller.patch(
        NUMBER, smsConfiguration={"servicePlanId": "SANDBOX_PLAN"}, voiceConfiguration={"appId": "app"}
    )
    caller.sandbox.advance(7)
    number = caller.number(NUMBER)

    assert number["smsConfiguration"]["servicePlanId"] == "SANDBOX_PLAN"
    assert number["voiceConfiguration"]["appId"] == "app"


def test_plans_and_campaigns_can_be_added_and_changed(caller):
    caller.sandbox.add_service_plan("OWN_PLAN")
    caller.sandbox.add_campaign("OWN_CAMPAIGN", kind="NUMBER_POOL", error_code="MNO_SHARING_ERROR")
    failed = link(caller, NUMBER, "OWN_PLAN", "OWN_CAMPAIGN")
    caller.sandbox.add_campaign("OWN_CAMPAIGN", kind="NUMBER_POOL")
    repeated = link(caller, NUMBER, "OWN_PLAN", "OWN_CAMPAIGN")

    assert (failed["servicePlanId"], codes(failed)) == ("OWN_PLAN", ["MNO_SHARING_ERROR"])
    assert repeated["campaignId"] == "OWN_CAMPAIGN"
    assert "OWN_PLAN" in {plan.target_id for plan in caller.sandbox.service_plans}
    with pytest.raises(ValueError, match="kind must be one of"):
        caller.sandbox.add_campaign("OTHER", kind="HUGE")


def test_seed_holds_thirty_plans_and_sixty_campaigns_besides_the_documented_ids(caller):
    plans = [plan for plan in caller.sandbox.service_plans if plan.target_id not in MAGIC_IDS]
    campaigns = [campaign for campaign in caller.sandbox.campaigns if campaign.target_id not in MAGIC_IDS]

    assert (len(plans), len(campaigns)) == (30, 60)
    assert plans[0].target_id == "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57"
    assert "CQ4T8ZK" in {campaign.target_id for campaign in campaigns}


def test_configuration_that_was_missing_is_made(caller):
    caller.sandbox.add_active(
        {"phoneNumber": "+1", "capability": ["SMS", "VOICE"], "voiceConfiguration": None}
    )
    caller.patch(
        "+1", smsConfiguration={"servicePlanId": "SANDBOX_PLAN"}, voiceConfiguration={"appId": "app"}
    )
    caller.sandbox.advance(7)

    assert caller.number("+1")["smsConfiguration"]["servicePlanId"] == "SANDBOX_PLAN"
    assert caller.number("+1")["voiceConfiguration"]["appId"] == "app"
