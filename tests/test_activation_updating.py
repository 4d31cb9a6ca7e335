"""Update plans: only real changes, every fault at once, unlinked before relinked."""

from __future__ import annotations

import pandas as pd
import pytest

import numbers_toolkit as nt
from builders import active_frame
from numbers_toolkit.activation.plan import load_plan
from numbers_toolkit.activation.remembered import client_of
from numbers_toolkit.errors import ColumnError, InvalidInputError, PlanError
from sandbox_helpers import active_number
from scripted_server import FakeClock

PLAN, OTHER_PLAN = "a" * 32, "b" * 32
LINKED = {
    "sms_state": "PROVISIONED",
    "sms_service_plan_id": PLAN,
    "sms_campaign_id": "C000001",
}
RTC = {"voice_state": "PROVISIONED", "voice_id": "app-1"}
EST = {"voice_state": "PROVISIONED", "voice_type": "EST", "voice_id": "trunk-1"}


def update(*rows, **given):
    return nt.plan_update(active_frame(*rows), **given)


def only(*rows, **given):
    (item,) = update(*rows, **given).items
    return item


def refused(*rows, **given):
    with pytest.raises(PlanError) as caught:
        update(*rows, **given)
    assert str(caught.value).endswith("Nothing was sent.") or "Nothing was sent.\n" in str(caught.value)
    return caught.value


def test_names_are_made_by_template():
    plan = update(
        {"region_code": "SE", "number_type": "MOBILE"},
        {"display_name": "Old"},
        display_name="{region_code} {number_type} {row:02d} {display_name}",
    )

    assert [one.changes for one in plan.items] == [
        {"display_name": "SE MOBILE 01"},
        {"display_name": "US LOCAL 02 Old"},
    ]
    assert [one.before for one in plan.items] == [{"display_name": ""}, {"display_name": "Old"}]
    assert (plan.purpose, plan.warnings) == ("update", ())


def test_templates_can_use_columns_of_ones_own():
    active = active_frame({}, {}).assign(team=["Sales", "Support"], floor=[3, 4])
    plan = nt.plan_update(active, display_name="{team} {floor} {national}")
    assert [one.changes["display_name"] for one in plan.items] == [
        "Sales 3 3075550100",
        "Support 4 3075550101",
    ]


@pytest.mark.parametrize("kind", ["mapping", "series"])
def test_names_can_be_given_by_number(kind):
    names = {"+13075550101": "One", "+1 307 555 0100": ""}
    given = names if kind == "mapping" else pd.Series(names)
    plan = update({"display_name": "Old"}, {}, {"display_name": "Kept"}, display_name=given)
    assert [(one.phone_number, one.changes) for one in plan.items] == [
        ("+13075550100", {"display_name": ""}),
        ("+13075550101", {"display_name": "One"}),
    ]


def test_what_is_so_already_is_left_out_and_counted():
    plan = update({"display_name": "Desk"}, {}, display_name="Desk")
    assert [one.phone_number for one in plan.items] == ["+13075550101"]
    assert plan.warnings == ("Left out, since nothing changes: 1 number.",)


def test_nothing_that_would_change_is_no_plan():
    error = refused({"display_name": "Desk"}, {"expire_at": "2026-04-01T00:00:00Z"}, display_name="Desk")
    assert "Nothing would change" in str(error)
    assert "released: 1 number" in str(error)


def test_released_numbers_are_left_out_and_keep_their_row():
    plan = update({}, {"expire_at": "2026-04-01T00:00:00Z"}, {}, display_name="Desk {row}")
    assert [one.changes["display_name"] for one in plan.items] == ["Desk 1", "Desk 3"]
    assert plan.warnings == ("Left out, since they are released: 1 number.",)


def test_a_number_leaves_its_plan_and_campaign_before_it_joins_others():
    item = only(LINKED, service_plan_id=OTHER_PLAN, campaign_id="C000002")
    assert item.unlink == {"service_plan_id": "", "campaign_id": ""}
    assert item.changes == {"service_plan_id": OTHER_PLAN, "campaign_id": "C000002"}
    assert item.before == {"service_plan_id": PLAN, "campaign_id": "C000001"}


def test_only_what_changes_is_unlinked():
    assert only(LINKED, service_plan_id=OTHER_PLAN).unlink == {"service_plan_id": ""}
    item = only(LINKED, campaign_id="C000002")
    assert item.unlink == {"campaign_id": ""}
    assert item.changes == {"service_plan_id": PLAN, "campaign_id": "C000002"}


def test_a_number_without_links_has_nothing_to_leave():
    assert only({}, service_plan_id=PLAN).unlink == {}


def test_unlinking_first_can_be_left_out():
    assert only(LINKED, service_plan_id=OTHER_PLAN, unlink_first=False).unlink == {}
    assert only(LINKED, service_plan_id=OTHER_PLAN, unlink_first=True).unlink == {"service_plan_id": ""}


def test_unlinking_is_said():
    assert update(LINKED, service_plan_id=OTHER_PLAN).warnings == (
        "Taken off the present plan or campaign first, so nothing can be sent in between: 1 number.",
    )


@pytest.mark.parametrize("name", ["service_plan_id", "campaign_id"])
def test_an_empty_text_unlinks(name):
    item = only(LINKED, **{name: ""})
    assert (item.changes, item.unlink) == ({name: ""}, {})
    assert item.before == {name: LINKED[f"sms_{name}"]}


def test_an_empty_text_on_a_number_without_links_changes_nothing():
    assert "Nothing would change" in str(refused({}, service_plan_id="", campaign_id=""))


def test_a_link_that_is_being_set_counts_as_set():
    running = {"sms_state": "WAITING", "sms_scheduled_service_plan_id": PLAN}
    assert "Nothing would change" in str(refused(running, service_plan_id=PLAN))
    plan = update(running, service_plan_id=OTHER_PLAN)
    assert plan.items[0].before == {"service_plan_id": ""}
    assert "A set-up is still under way, which the change may replace: 1 number." in plan.warnings


def test_going_back_while_another_plan_is_being_set_is_a_change():
    item = only(
        {**LINKED, "sms_state": "IN_PROGRESS", "sms_scheduled_service_plan_id": OTHER_PLAN},
        service_plan_id=PLAN,
    )
    assert item.changes == {"service_plan_id": PLAN}


def test_a_campaign_goes_with_the_plan_that_is_being_set():
    running = {**LINKED, "sms_state": "WAITING", "sms_scheduled_service_plan_id": OTHER_PLAN}
    assert only(running, campaign_id="C000002").changes["service_plan_id"] == OTHER_PLAN


def test_a_link_that_failed_does_not_count_as_set():
    failed = {"sms_state": "FAILED", "sms_scheduled_service_plan_id": PLAN}
    assert only(failed, service_plan_id=PLAN).changes == {"service_plan_id": PLAN}


def test_voice_is_changed_with_its_type():
    assert only({}, voice_id="app-2").changes == {"voice_type": "RTC", "voice_id": "app-2"}
    item = only(RTC, voice_type="est", voice_id="trunk-2")
    assert item.changes == {"voice_type": "EST", "voice_id": "trunk-2"}
    assert item.before == {"voice_type": "RTC", "voice_id": "app-1"}
    assert "Nothing would change" in str(refused(EST, voice_type="EST", voice_id="trunk-1"))


def test_a_voice_product_that_is_not_named_is_not_guessed():
    assert "set up for EST now; give voice_type" in str(refused(EST, voice_id="trunk-2"))


def test_voice_that_is_being_set_counts_as_set():
    running = {"voice_state": "WAITING", "voice_scheduled_type": "EST", "voice_scheduled_id": "trunk-1"}
    assert "Nothing would change" in str(refused(running, voice_type="EST", voice_id="trunk-1"))
    assert len(update(running, voice_id="app-1")) == 1


def test_an_empty_voice_id_takes_the_app_off_with_a_warning():
    plan = update(EST, {}, voice_id="")
    (item,) = plan.items
    assert item.changes == {"voice_type": "EST", "voice_id": ""}
    assert "not documented" in plan.warnings[0]


def test_callback_addresses_are_set_and_cleared():
    row = {"callback_url": "https://hooks.example.com/a"}
    item = only(row, callback_url="https://hooks.example.com/b")
    assert item.before == {"callback_url": "https://hooks.example.com/a"}
    assert only(row, callback_url="").changes == {"callback_url": ""}


def test_long_names_are_noted():
    plan = update({}, display_name="x" * 101)
    assert plan.warnings == ("Names of more than 100 characters, which the API may refuse: 1 number.",)
    assert update({}, display_name="x" * 100).warnings == ()


def test_ids_of_unusual_form_are_noted_unless_they_are_in_use():
    plan = update({}, service_plan_id="my-plan")
    assert plan.warnings[0].endswith("Check it for typing errors.")
    assert "bought" not in plan.warnings[0]
    active = active_frame({**LINKED, "sms_service_plan_id": "my-plan"}, {})
    active.attrs |= {"complete": True, "filters": {}, "total_size": 2}
    assert nt.plan_update(active, service_plan_id="my-plan").warnings == (
        "Left out, since nothing changes: 1 number.",
    )


def test_a_plan_can_be_saved_and_loaded(tmp_path):
    plan = update(LINKED, service_plan_id=OTHER_PLAN, display_name="Ünïcode")
    assert load_plan(plan.save(tmp_path / "plan.json")) == plan


def test_a_frame_read_back_from_a_file_serves(tmp_path):
    active = active_frame(LINKED, {})
    nt.to_csv(active, tmp_path / "active.csv")
    plan = nt.plan_update(nt.read_csv(tmp_path / "active.csv"), service_plan_id=OTHER_PLAN)
    assert plan.items == nt.plan_update(active, service_plan_id=OTHER_PLAN).items


def test_picked_rows_keep_their_order():
    active = active_frame({}, {}, {}).iloc[[2, 0]]
    plan = nt.plan_update(active, display_name="{row}")
    assert [(one.phone_number, one.changes["display_name"]) for one in plan.items] == [
        ("+13075550102", "1"),
        ("+13075550100", "2"),
    ]


# -- faults ---------------------------------------------------------------------------------------------------


def test_all_faults_are_told_at_once_each_with_its_numbers():
    error = refused(
        {"has_sms": False},
        {"region_code": "SE", "number_type": "MOBILE"},
        {"number_type": "TOLL_FREE"},
        {"has_voice": False},
        service_plan_id=PLAN,
        campaign_id="C000001",
        voice_id="app",
        callback_url="ftp://hooks.example.com",
    )
    assert "for 5 reasons" in str(error)
    assert len(error.faults) == 5
    assert any(one.startswith("+13075550100: no SMS capability") for one in error.faults)
    assert any(one.startswith("+13075550101: SE MOBILE, which no 10DLC") for one in error.faults)
    assert any(one.startswith("+13075550102: US TOLL_FREE") for one in error.faults)
    assert any(one.startswith("+13075550103: no VOICE capability") for one in error.faults)
    assert any("callback_url begins with ftp" in one for one in error.faults)


def test_a_campaign_needs_a_plan():
    assert "no service plan, which a campaign needs" in str(refused({}, campaign_id="C000001"))
    assert "takes it away" in str(refused(LINKED, service_plan_id="", campaign_id="C000002"))
    assert len(update({}, service_plan_id=PLAN, campaign_id="C000001")) == 1


def test_a_full_campaign_is_refused_unless_it_is_known_to_hold_more():
    rows = [{**LINKED, "sms_campaign_id": "C000002"}] * 49 + [LINKED] * 2
    assert "has room for 1 number" in str(refused(*rows, campaign_id="C000002"))
    assert len(update(*rows, campaign_id="C000002", campaign_limit=None)) == 2
    assert len(update(*rows[:-1], campaign_id="C000002")) == 1


def test_a_campaign_of_a_selection_is_checked_with_a_warning():
    assert any(
        "may not be all of the project" in one for one in update(LINKED, campaign_id="C000002").warnings
    )


def test_addresses_with_a_password_are_refused_without_repeating_it():
    error = refused({}, callback_url="https://user:hunter2@hooks.example.com")
    assert "user name or password" in str(error)
    assert "hunter2" not in str(error)


@pytest.mark.parametrize("name", ["two\nlines", "bell\x07"])
def test_control_characters_in_names_are_refused(name):
    assert "control character" in str(refused({}, display_name=name))
    assert "control character" in str(refused({}, display_name={"+13075550100": name}))
    assert "control character" in str(refused({"display_name": name}, display_name="[{display_name}]"))


def test_missing_values_of_a_template_name_the_numbers():
    active = active_frame({}, {}).assign(team=["Sales", None])
    with pytest.raises(PlanError, match=r"\+13075550101: no value for team, which display_name needs"):
        nt.plan_update(active, display_name="{team}")


def test_names_for_other_numbers_are_refused():
    error = refused({}, display_name={"+13075559999": "x", "+13075550100": "y"})
    assert "display_name names +13075559999, not among the numbers given" in str(error)


def test_template_fields_that_do_not_exist_name_those_that_do():
    with pytest.raises(
        InvalidInputError, match=r"the field 'teams', which does not exist; .*display_name.*team"
    ):
        nt.plan_update(active_frame({}).assign(team="x"), display_name="{teams}")


@pytest.mark.parametrize("template", ["{phone_number.__class__}", "{row.__init__}", "{display_name[0]}"])
def test_templates_reach_nothing_but_columns(template):
    with pytest.raises(InvalidInputError, match="does not exist"):
        update({}, display_name=template)


def test_a_voice_type_alone_or_unknown_is_refused():
    assert "needs voice_id" in str(refused({}, voice_type="EST"))
    assert "not known" in str(refused({}, voice_type="SIP", voice_id="x"))
    assert "not known" in str(refused(EST, voice_type="SIP", voice_id=""))


def test_nothing_to_change_is_refused():
    with pytest.raises(InvalidInputError, match="Nothing to change"):
        update({})


@pytest.mark.parametrize("given", [5, ["a"], b"x"])
def test_names_of_another_kind_are_refused(given):
    with pytest.raises(InvalidInputError, match="template, or names by phone number"):
        update({}, display_name=given)


def test_an_unknown_way_of_unlinking_is_refused():
    with pytest.raises(InvalidInputError, match="unlink_first 'never'"):
        update({}, display_name="x", unlink_first="never")


def test_an_impossible_campaign_limit_is_refused():
    with pytest.raises(InvalidInputError, match="campaign_limit"):
        update({}, display_name="x", campaign_limit=0)


def test_ids_that_are_no_text_are_refused():
    assert "int, not text" in str(refused({}, service_plan_id=5))


def test_no_numbers_are_refused():
    with pytest.raises(PlanError, match="no number to change"):
        nt.plan_update(active_frame(), display_name="x")


def test_a_duplicate_number_is_named():
    active = active_frame({}, {})
    with pytest.raises(PlanError, match=r"\+13075550100 and \+13075550101 are named twice"):
        nt.plan_update(pd.concat([active, active]), display_name="x")


def test_missing_columns_are_named():
    with pytest.raises(ColumnError, match="missing: callback_url"):
        nt.plan_update(active_frame({}).drop(columns="callback_url"), display_name="x")


def test_phone_numbers_alone_need_a_client():
    with pytest.raises(InvalidInputError, match="give client="):
        nt.plan_update("+13075550142", display_name="x")


# -- against the sandbox ----------------------------------------------------------------------------------------


def test_plans_carry_out_under_a_sandbox_that_insists_on_unlinking(tmp_path):
    numbers = [f"+1307555{index:04d}" for index in range(1, 4)]
    documents = [active_number(one, projectId="") for one in numbers]
    with nt.Sandbox(numbers=documents, available=2, clock="manual", require_unlink=True) as sandbox:
        clock = FakeClock()
        clock.on_sleep = lambda: sandbox.advance(clock.waits[-1])
        with nt.connect(sandbox=sandbox, clock=clock) as client:

            def set_up(**given):
                plan = nt.plan_update(numbers, client=client, **given)
                place = tmp_path / f"{plan.plan_id}.jsonl"
                assert nt.carry_out(plan, journal=place, progress=False).as_planned
                return nt.wait_until_provisioned(client, numbers, services="SMS", progress=False)

            first = set_up(service_plan_id="SANDBOX_PLAN", campaign_id="SANDBOX_STANDARD")
            assert first["campaign_id"].to_list() == ["SANDBOX_STANDARD"] * 3
            second = set_up(campaign_id="SANDBOX_NUMBER_POOL", display_name="Pool {row}")
            assert second["state"].to_list() == ["PROVISIONED"] * 3
            assert second["campaign_id"].to_list() == ["SANDBOX_NUMBER_POOL"] * 3
            with pytest.raises(PlanError, match="Nothing would change"):
                set_up(campaign_id="SANDBOX_NUMBER_POOL", display_name="Pool {row}")


def test_many_numbers_are_read_by_the_list(client, sandbox):
    numbers = nt.active_numbers(client)["phone_number"].to_list()
    before = len(sandbox.requests)
    plan = nt.plan_update(list(reversed(numbers)), client=client, display_name="{row}")
    assert {one.operation for one in sandbox.requests[before:]} == {"list_active"}
    assert plan.items[0].phone_number == numbers[-1]
    assert client_of(plan) is client


def test_rows_of_another_table_are_read_with_the_client(client):
    listed = nt.analysis.attention(nt.active_numbers(client)).drop_duplicates("phone_number").head(2)
    with pytest.raises(ColumnError):
        nt.plan_update(listed, display_name="x")
    plan = nt.plan_update(listed, client=client, display_name="x {row}")
    assert len(plan) <= 2
    assert plan.source == "sandbox"


def test_numbers_that_are_not_active_are_named(client):
    with pytest.raises(PlanError, match=r"\+13079999999 is not an active number") as caught:
        nt.plan_update(["+13079999999", "+13079999998"], client=client, display_name="x")
    assert len(caught.value.faults) == 2


def test_with_a_client_room_is_counted_from_all_numbers_of_the_project(client):
    active = nt.active_numbers(client, progress=False)
    fullest = nt.analysis.campaign_fill(active).iloc[0]
    joining = active[active["sms_campaign_id"].notna() & active["sms_campaign_id"].ne(fullest.campaign_id)]
    chosen = joining.head(1)
    given = {"campaign_id": fullest.campaign_id, "campaign_limit": int(fullest.numbers + fullest.scheduled)}

    with pytest.raises(PlanError, match="has room for 0 numbers"):
        nt.plan_update(chosen, client=client, **given)
    alone = nt.plan_update(chosen, **given)
    assert any("may not be all of the project" in one for one in alone.warnings)
