"""Repair plans: from frames to safe updates and advice."""

from __future__ import annotations

import pandas as pd
import pytest

import numbers_toolkit as nt
from builders import active_frame
from numbers_toolkit.activation.plan import load_plan
from numbers_toolkit.activation.remembered import client_of
from numbers_toolkit.errors import ColumnError, InvalidInputError, PlanError, UnknownValueWarning
from sandbox_helpers import active_number
from scripted_server import FakeClock

NOW = "2026-03-31T00:00:00Z"
FAILED_AT = "2026-03-01T10:00:00Z"


def failed(*codes, **more):
    return {
        "sms_state": "FAILED",
        "sms_error_codes": ";".join(codes),
        "sms_scheduled_service_plan_id": "P1",
        "sms_scheduled_campaign_id": "C1",
        "sms_updated_at": FAILED_AT,
        **more,
    }


VOICE = {
    "voice_state": "FAILED",
    "voice_scheduled_type": "EST",
    "voice_scheduled_id": "trunk",
    "voice_updated_at": FAILED_AT,
}


def repair(*rows, **given):
    return nt.repair_provisioning(active_frame(*rows), **{"as_of": NOW, **given})


def ends(plan):
    return [(one.phone_number[-1], dict(one.changes)) for one in plan.items]


def advised(plan):
    return [(one.phone_number[-1], one.service, one.step) for one in plan.advice]


def test_safe_steps_become_items_and_the_others_advice():
    plan = repair(
        failed("INTERNAL_ERROR"),
        {},
        failed("INSUFFICIENT_BALANCE"),
        VOICE,
        failed("NUMBER_PROVISIONING_FAILED"),
    )

    assert plan.purpose == "repair"
    assert ends(plan) == [
        ("0", {"service_plan_id": "P1", "campaign_id": "C1"}),
        ("3", {"voice_type": "EST", "voice_id": "trunk"}),
    ]
    assert advised(plan) == [("2", "SMS", "top up credit"), ("4", "SMS", "release and replace")]
    assert plan.warnings[-1] == "Left to a person: 1 x top up credit, 1 x release and replace."
    assert (plan.items[0].region_code, plan.items[0].number_type) == ("US", "LOCAL")


def test_both_services_of_a_number_are_one_item():
    plan = repair(failed("INTERNAL_ERROR", **VOICE))

    assert ends(plan) == [
        ("0", {"service_plan_id": "P1", "campaign_id": "C1", "voice_type": "EST", "voice_id": "trunk"})
    ]
    assert "SMS failed with INTERNAL_ERROR" in plan.items[0].reason
    assert "Voice set-up failed" in plan.items[0].reason


def test_one_service_is_repaired_while_the_other_waits_for_a_person():
    plan = repair(failed("CAMPAIGN_EXPIRED", **VOICE))

    assert ends(plan) == [("0", {"voice_type": "EST", "voice_id": "trunk"})]
    assert advised(plan) == [("0", "SMS", "change campaign")]


def test_a_failure_without_a_code_is_repeated_once():
    assert ends(repair(failed())) == [("0", {"service_plan_id": "P1", "campaign_id": "C1"})]


def test_a_number_that_can_not_send_messages_is_not_linked_to_a_plan_again():
    plan = repair(failed("INTERNAL_ERROR", has_sms=False))
    assert not plan.items
    assert [one.step for one in plan.advice] == ["release and replace"]
    assert "has no SMS capability" in plan.advice[0].text


def test_released_numbers_are_left_out_and_counted():
    plan = repair(failed("INTERNAL_ERROR", expire_at="2026-04-10T00:00:00Z"), failed("INTERNAL_ERROR"))

    assert [one.phone_number for one in plan.items] == ["+13075550101"]
    assert "Left out, since they are released: 1 number." in plan.warnings


def test_jobs_that_are_under_way_and_services_that_work_are_left_alone():
    plan = repair(
        failed("INTERNAL_ERROR", sms_state="IN_PROGRESS"),
        {"sms_state": "PROVISIONED"},
        {"voice_state": "WAITING"},
    )

    assert not plan.items
    assert not plan.advice
    assert plan.warnings == (
        "Left alone: 1 number with error codes, though the API does not call the set-up failed.",
        "No set-up has failed; there is nothing to repair.",
    )


def test_nothing_failed_is_an_empty_plan_that_says_so():
    plan = repair({})
    assert len(plan) == 0
    assert plan.warnings == ("No set-up has failed; there is nothing to repair.",)
    empty = active_frame().assign(project_id=pd.Series(dtype="str"))
    empty.attrs["project_id"] = "the-project"
    assert nt.repair_provisioning(empty).project_id == "the-project"


def test_waiting_times_are_reckoned_from_when_the_frame_was_fetched():
    active = active_frame(failed("PARTNER_SERVICE_UNAVAILABLE"))
    active.attrs["fetched_at"] = "2026-03-01T10:14:59Z"
    plan = nt.repair_provisioning(active)
    assert advised(plan) == [("0", "SMS", "wait until")]
    assert plan.advice[0].not_before == "2026-03-01T10:15:00Z"
    assert plan.made_at == "2026-03-01T10:14:59Z"

    active.attrs["fetched_at"] = "2026-03-01T10:15:00Z"
    assert len(nt.repair_provisioning(active)) == 1
    assert len(nt.repair_provisioning(active, as_of="2026-03-01T10:14:00")) == 0


def test_a_new_code_goes_to_support_with_one_warning():
    with pytest.warns(UnknownValueWarning, match="ZETA_NEW"):
        plan = repair(failed("ZETA_NEW"))
    assert advised(plan) == [("0", "SMS", "call support")]


def test_a_campaign_takes_only_as_many_as_it_has_room_for():
    linked = [{"sms_state": "PROVISIONED", "sms_campaign_id": "C2"}] * 48
    waiting = [{"sms_state": "WAITING", "sms_scheduled_campaign_id": "C2"}]
    plan = repair(*[failed("CAMPAIGN_EXPIRED")] * 3, *linked, *waiting, campaign_id="C2")

    assert ends(plan) == [("0", {"service_plan_id": "P1", "campaign_id": "C2"})]
    assert advised(plan) == [("1", "SMS", "change campaign"), ("2", "SMS", "change campaign")]
    assert "Campaign C2 has no room" in plan.advice[0].text
    assert any("may not be all of the project" in one for one in plan.warnings)


def test_room_counts_for_repeats_too_but_not_for_numbers_that_are_in_the_campaign():
    rows = [
        failed("INTERNAL_ERROR"),
        failed("INTERNAL_ERROR", sms_campaign_id="C1", sms_service_plan_id="P0"),
        failed("INTERNAL_ERROR"),
    ]
    plan = repair(*rows, limits={"C1": 2})
    assert [one.phone_number[-1] for one in plan.items] == ["0", "1"]
    assert advised(plan) == [("2", "SMS", "change campaign")]


def test_a_number_pool_has_room_for_all():
    plan = repair(*[failed("EXCEEDED_10DLC_LIMIT")] * 60, limits={"C1": None})
    assert len(plan) == 60


def test_a_whole_inventory_needs_no_warning_about_room():
    active = active_frame(failed("INTERNAL_ERROR"))
    active.attrs |= {"complete": True, "filters": {}, "total_size": 1}
    assert nt.repair_provisioning(active, as_of=NOW).warnings == ()


def test_leaving_a_link_first_is_said():
    plan = repair(
        failed("SMS_PROVISIONING_FAILED", sms_service_plan_id="P0", sms_scheduled_campaign_id=None),
        service_plan_id={"P1": "P2"},
    )
    assert plan.items[0].unlink == {"service_plan_id": ""}
    assert plan.items[0].before == {"service_plan_id": "P0"}
    assert any("Taken off the present plan or campaign" in one for one in plan.warnings)


@pytest.mark.parametrize(
    "mended", ["INSUFFICIENT_BALANCE", ["INSUFFICIENT_BALANCE"], {"INSUFFICIENT_BALANCE"}]
)
def test_mended_causes_are_repeated(mended):
    assert len(repair(failed("INSUFFICIENT_BALANCE"), mended=mended)) == 1


def test_an_older_spelling_can_be_mended_too():
    assert len(repair(failed("10DLC_LIMIT_EXCEEDED"), mended="10DLC_LIMIT_EXCEEDED")) == 1


def test_a_plan_can_be_saved_and_loaded(tmp_path):
    plan = repair(failed("INTERNAL_ERROR"), failed("INSUFFICIENT_BALANCE"))
    assert load_plan(plan.save(tmp_path / "plan.json")) == plan


def test_a_frame_read_back_from_a_file_serves(tmp_path):
    active = active_frame(failed("INTERNAL_ERROR"), VOICE)
    nt.to_csv(active, tmp_path / "active.csv")
    plan = nt.repair_provisioning(nt.read_csv(tmp_path / "active.csv"), as_of=NOW)
    assert ends(plan) == ends(nt.repair_provisioning(active, as_of=NOW))
    assert plan.source == ""


def test_the_frame_is_not_changed():
    active = active_frame(failed("INTERNAL_ERROR"), VOICE)
    before = active.copy()
    nt.repair_provisioning(active, as_of=NOW)
    pd.testing.assert_frame_equal(active, before)


# -- bad input ----------------------------------------------------------------------------------------------------


def test_a_duplicate_number_is_named():
    active = active_frame(failed("INTERNAL_ERROR"))
    with pytest.raises(PlanError, match=r"\+13075550100 is named twice") as caught:
        nt.repair_provisioning(pd.concat([active, active]))
    assert caught.value.faults == ("+13075550100",)


def test_numbers_of_several_projects_are_refused():
    with pytest.raises(PlanError, match="several projects"):
        repair({"project_id": "one"}, {"project_id": "two"})


def test_an_unknown_project_is_refused():
    with pytest.raises(PlanError, match="not known which project"):
        repair({"project_id": None})


def test_missing_columns_are_named():
    with pytest.raises(ColumnError, match="missing: sms_scheduled_campaign_id, sms_updated_at"):
        nt.repair_provisioning(active_frame({}).drop(columns=["sms_updated_at", "sms_scheduled_campaign_id"]))


def test_a_frame_read_without_dtypes_says_how_to_read_it(tmp_path):
    nt.to_csv(active_frame({}), tmp_path / "active.csv")
    with pytest.raises(ColumnError, match="read_csv"):
        nt.repair_provisioning(pd.read_csv(tmp_path / "active.csv"))


def test_a_code_that_does_not_exist_can_not_be_mended():
    with pytest.raises(InvalidInputError, match="mended names BALANCE"):
        repair({}, mended=["BALANCE", "INTERNAL_ERROR"])


@pytest.mark.parametrize("given", ["", " ", 7, {"P1": ""}, {"P1": None}, {1: "P2"}])
def test_an_id_that_is_none_is_refused(given):
    with pytest.raises(InvalidInputError, match=r"service_plan_id .* is no id"):
        repair({}, service_plan_id=given)
    with pytest.raises(InvalidInputError, match=r"campaign_id .* is no id"):
        repair({}, campaign_id=given)


@pytest.mark.parametrize("limit", [0, -1, "50", True])
def test_an_impossible_limit_is_refused(limit):
    with pytest.raises(InvalidInputError, match="limit of campaign 'C1'"):
        repair({}, limits={"C1": limit})


def test_an_impossible_instant_is_refused():
    with pytest.raises(InvalidInputError, match="no point in time"):
        repair({}, as_of="soon")


def test_phone_numbers_alone_need_a_client():
    with pytest.raises(InvalidInputError, match="give client="):
        nt.repair_provisioning(["+13075550142"])


# -- against the sandbox ------------------------------------------------------------------------------------------


def test_a_plan_repairs_what_can_be_repaired_and_is_honest_about_the_rest(tmp_path):
    numbers = [f"+1307555{index:04d}" for index in range(1, 5)]
    documents = [active_number(one, projectId="") for one in numbers]
    with nt.Sandbox(numbers=documents, available=2, clock="manual") as sandbox:
        clock = FakeClock()
        clock.on_sleep = lambda: sandbox.advance(clock.waits[-1])
        with nt.connect(sandbox=sandbox, clock=clock) as client:
            for number, campaign in zip(
                numbers[:3],
                ("SANDBOX_PARTNER_SERVICE_UNAVAILABLE", "SANDBOX_CAMPAIGN_EXPIRED", "SANDBOX_STANDARD"),
                strict=True,
            ):
                client.update_active_number(number, service_plan_id="SANDBOX_PLAN", campaign_id=campaign)
            sandbox.advance(60)

            early = nt.repair_provisioning(numbers, client=client)
            assert advised(early) == [("1", "SMS", "wait until"), ("2", "SMS", "change campaign")]
            assert early.advice[0].not_before == "2026-03-02T09:15:07Z"

            sandbox.advance(15 * 60)
            plan = nt.repair_provisioning(
                nt.active_numbers(client),
                client=client,
                campaign_id={"SANDBOX_CAMPAIGN_EXPIRED": "SANDBOX_NUMBER_POOL"},
            )
            assert client_of(plan) is client
            assert (plan.project_id, plan.source) == (sandbox.project_id, "sandbox")
            assert len(plan) == 2
            result = nt.carry_out(plan, journal=tmp_path / "repair.jsonl", progress=False)
            assert result.counts == {"changed": 2}
            done = nt.wait_until_provisioned(client, result, services="SMS", progress=False)
            assert done["state"].to_list() == ["PROVISIONED"] * 2
            assert done["campaign_id"].to_list() == [
                "SANDBOX_PARTNER_SERVICE_UNAVAILABLE",
                "SANDBOX_NUMBER_POOL",
            ]


def test_with_a_client_room_is_counted_from_all_numbers_of_the_us(client, sandbox):
    active = nt.active_numbers(client)
    fullest = nt.analysis.campaign_fill(active).iloc[0]
    campaign = fullest.campaign_id
    us = active[(active.region_code == "US") & (active.sms_state == "FAILED") & active.expire_at.isna()].head(
        2
    )
    us = us[us.number_type == "LOCAL"].assign(
        sms_error_codes="CAMPAIGN_EXPIRED", sms_scheduled_campaign_id="C-OLD"
    )
    before = len(sandbox.requests)

    room = {campaign: int(fullest.numbers + fullest.scheduled) + 1}
    plan = nt.repair_provisioning(us, client=client, campaign_id=campaign, limits=room)

    lists = [one for one in sandbox.requests[before:] if one.operation == "list_active"]
    assert ["regionCode=US" in one.query for one in lists] == [True]
    assert (len(us), len(plan)) == (2, 1)
    assert not any("may not be all" in one for one in plan.warnings)


def test_numbers_that_are_not_active_are_named(client):
    with pytest.raises(PlanError, match=r"\+13079999999 is not an active number of project"):
        nt.repair_provisioning("+13079999999", client=client)


def test_a_frame_of_another_project_is_refused(client):
    with pytest.raises(PlanError, match="but the client is connected to"):
        nt.repair_provisioning(active_frame({}), client=client)


def test_every_failed_number_of_an_inventory_gets_exactly_one_consistent_plan(client):
    active = nt.active_numbers(client)
    live = active[active.expire_at.isna()]
    plan = nt.repair_provisioning(active, client=client)

    for service, prefix, names in (
        ("SMS", "sms", {"service_plan_id", "campaign_id"}),
        ("VOICE", "voice", {"voice_id"}),
    ):
        wanted = set(live.loc[live[f"{prefix}_state"] == "FAILED", "phone_number"])
        sent = {one.phone_number for one in plan.items if names & one.changes.keys()}
        told = {one.phone_number for one in plan.advice if one.service == service}
        assert wanted
        assert sent | told == wanted
        assert not sent & told


def test_a_number_whose_state_is_not_known_is_not_repaired():
    unknown = failed("INTERNAL_ERROR", sms_state=None)

    plan = repair(failed("INTERNAL_ERROR"), unknown)

    assert {one.phone_number for one in (*plan.items, *plan.advice)} == {"+13075550100"}
