"""The activation panel up to the confirmation: settings, plan with its cost, and a question that names the sum."""

from __future__ import annotations

import pytest

import numbers_toolkit as nt
from activation_steps import (
    PATIENCE,
    PLAN,
    Gate,
    asked,
    buttons,
    click,
    clock_of,
    opened,
    options_of,
    paid,
    reviewed,
    seen,
    until,
)
from numbers_toolkit.activation.items import Wish
from numbers_toolkit.errors import InvalidInputError, PlanError
from plans import change_plan, plan_of


@pytest.fixture
def client(sandbox):
    with nt.connect(sandbox=sandbox, clock=clock_of(sandbox)) as connected:
        yield connected


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "activations"


def entered(panel):
    return panel._view.entered


def errors_of(panel):
    return panel._view.form.errors


# -- opening ------------------------------------------------------------------------------------------------------


def test_opening_sends_nothing_that_costs_and_makes_no_folder(client, sandbox, folder):
    panel = opened("5 US LOCAL", client, folder)
    assert panel.stage == "settings"
    assert not paid(sandbox)
    assert not folder.exists()
    assert "To buy: 5 US LOCAL" in seen(panel)
    assert buttons(panel) == {"check": "Check and show the cost"}


def test_journals_go_beside_the_notebook_unless_told_otherwise(client, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    panel = nt.widgets.ActivationPanel("1 US LOCAL", client).wait(PATIENCE)
    panel.check()
    panel.wait(PATIENCE).proceed()
    panel.confirm()
    panel.wait(PATIENCE)
    (journal,) = (tmp_path / "activations").glob("*.jsonl")
    assert panel.journal == str(journal)
    assert journal.name.startswith("2026-03-02-activation-")
    assert f"Journal: activations/{journal.name}" in seen(panel)


@pytest.mark.parametrize(
    "what", [Wish(count=2, region_code="US", number_type="LOCAL"), ["1 US LOCAL", "1 SE MOBILE"]]
)
def test_wishes_are_planned(client, folder, what):
    assert len(reviewed(what, client, folder).plan) == 2


def test_rows_of_a_search_are_planned(client, folder):
    offers = nt.available_numbers(client, "US", "LOCAL", size=4).head(3)
    panel = opened(offers, client, folder)
    assert "To buy: 3 chosen" in seen(panel)
    assert [one.phone_number for one in reviewed(offers, client, folder).plan.numbers] == list(
        offers.phone_number
    )


@pytest.mark.parametrize("what", ["five numbers please", [], None, 7, "+1"])
def test_what_names_nothing_is_refused_at_once(client, folder, what):
    with pytest.raises(InvalidInputError):
        opened(what, client, folder)


def test_without_a_client_there_is_nothing_to_plan_with(folder):
    with pytest.raises(InvalidInputError, match=r"needs a client.*was given none"):
        opened("5 US LOCAL", None, folder)
    with pytest.raises(InvalidInputError, match="was given str"):
        opened("5 US LOCAL", "sandbox", folder)


def test_a_plan_knows_its_client(client, folder):
    panel = opened(nt.plan_activation(client, "1 US LOCAL"), None, folder)
    assert panel.client is client


def test_a_plan_without_a_client_is_shown_and_says_what_is_missing(folder):
    panel = opened(plan_of(), None, folder)
    assert panel.stage == "review"
    assert "the panel needs a client: ActivationPanel(plan, nt.connect())" in seen(panel)
    panel.proceed()
    assert panel.stage == "review"
    assert "no client" in panel.notice


def test_a_plan_of_another_project_is_refused(client, folder):
    with pytest.raises(PlanError, match="made for project 7f2c9a4e"):
        opened(plan_of(), client, folder)


def test_a_plan_has_its_settings_already(client, folder):
    plan = nt.plan_activation(client, "1 US LOCAL")
    with pytest.raises(InvalidInputError, match="has its budgets already: leave out max_monthly"):
        opened(plan, client, folder, max_monthly="5 USD")


def test_an_unknown_keyword_is_an_error(client, folder):
    with pytest.raises(TypeError):
        nt.widgets.ActivationPanel("1 US LOCAL", client, journal=folder)


# -- settings -----------------------------------------------------------------------------------------------------


def test_service_plans_and_campaigns_in_use_are_offered_with_room_left(client, folder):
    panel = opened("5 US LOCAL", client, folder)
    plans, campaigns = options_of(panel, "service_plan_id"), options_of(panel, "campaign_id")
    assert plans[PLAN] == "27 numbers, 2 failed"
    assert "Another one: type its id" in plans
    assert campaigns["CQ4T8ZK"] == "room for 37, 13 numbers"


def test_numbers_that_were_read_already_are_not_read_again(client, sandbox, folder):
    active = nt.active_numbers(client)
    before = len(sandbox.requests)
    panel = opened("1 US LOCAL", client, folder, active=active)
    assert PLAN in options_of(panel, "service_plan_id")
    assert len(sandbox.requests) == before


def test_what_is_in_use_is_no_condition_for_going_on(client, sandbox, folder):
    slow = sandbox.faults.add("slow", operation="list_active", delay=2.0)
    panel = nt.widgets.ActivationPanel("2 US LOCAL", client, journals=folder)
    until(panel, lambda: slow.hits)
    assert panel.busy
    assert "check" in buttons(panel)
    panel.check()
    panel.wait(PATIENCE)
    assert (panel.stage, len(panel.plan)) == ("review", 2)
    panel.close()


def test_numbers_that_cannot_be_read_leave_ids_to_be_typed(client, sandbox, folder):
    sandbox.faults.add("server_error", operation="list_active")
    panel = opened("1 US LOCAL", client, folder)
    assert "an id can be typed" in panel.notice
    panel.service_plan_id = PLAN
    assert entered(panel)["service_plan_typed"] == PLAN


def test_settings_of_python_show_in_the_form_and_back(client, folder):
    panel = opened("1 US LOCAL", client, folder, max_monthly="5 USD")
    assert entered(panel)["max_monthly"] == "5 USD"
    panel.service_plan_id = PLAN
    assert entered(panel)["service_plan_id"] == PLAN
    panel._view.form.set_values(callback_url="https://hooks.example.com/n", voice_type="EST")
    assert (panel.callback_url, panel.voice_type) == ("https://hooks.example.com/n", "EST")
    panel._view.form.set_values(service_plan_id="typed", service_plan_typed=" abc ")
    assert panel.service_plan_id == "abc"


def test_somebody_who_is_about_to_type_an_id_keeps_the_field_for_it(client, folder):
    panel = opened("1 US LOCAL", client, folder)

    def is_hidden():
        return next(one["hidden"] for one in panel._view.form.fields if one["name"] == "service_plan_typed")

    panel._view.form.set_values(service_plan_id="typed")
    assert (entered(panel)["service_plan_id"], is_hidden()) == ("typed", False)
    panel._view.form.set_values(service_plan_typed="abc")
    panel._view.form.set_values(service_plan_typed="")
    assert (panel.service_plan_id, is_hidden()) == ("", False)
    panel._view.form.set_values(service_plan_typed="abc")
    panel.service_plan_id = ""
    assert (entered(panel)["service_plan_id"], is_hidden()) == ("", True)


def test_a_campaign_brings_its_service_plan_along_where_there_is_one_alone(client, folder):
    panel = opened("1 US LOCAL", client, folder)
    panel._view.form.set_values(campaign_id="CUAMXGR")
    assert (panel.campaign_id, panel.service_plan_id) == ("CUAMXGR", PLAN)
    assert entered(panel)["service_plan_id"] == PLAN


def test_fields_that_do_not_matter_are_hidden(client, folder):
    panel = opened("1 US LOCAL", client, folder)

    def hidden():
        return {one["name"] for one in panel._view.form.fields if one["hidden"]}

    assert hidden() == {"service_plan_typed", "campaign_typed", "campaign_limit", "voice_id"}
    panel.campaign_id, panel.service_plan_id, panel.voice_type = "CNEW123", PLAN, "RTC"
    assert hidden() == {"service_plan_typed"}


def test_a_voice_id_that_is_out_of_sight_is_not_sent(client, folder):
    panel = opened("1 US LOCAL", client, folder)
    panel._view.form.set_values(voice_type="RTC", voice_id="app-1")
    panel._view.form.set_values(voice_type="")
    assert panel.voice_id == ""


def test_the_plan_has_the_settings(client, folder):
    panel = opened("2 US LOCAL", client, folder, voice_id="app-1", max_setup="5 USD")
    panel._view.form.set_values(service_plan_id=PLAN, callback_url="https://hooks.example.com/n")
    panel.check()
    panel.wait(PATIENCE)
    (configuration,) = {one.configuration for one in panel.plan.numbers}
    assert configuration.service_plan_id == PLAN
    assert (configuration.voice_type, configuration.voice_id) == ("RTC", "app-1")
    assert configuration.callback_url == "https://hooks.example.com/n"
    assert str(panel.plan.max_setup["USD"]) == "5"


def test_a_number_pool_takes_more_than_fifty(client, folder):
    panel = opened("60 US LOCAL", client, folder, service_plan_id=PLAN, campaign_id="CNEW123")
    panel.check()
    assert "has room for 50 numbers, and the plan links 60" in panel.wait(PATIENCE).notice
    assert "'The campaign can hold'" in panel.notice
    panel._view.form.set_values(campaign_limit="pool")
    assert panel.campaign_limit is None
    panel.check()
    assert panel.wait(PATIENCE).stage == "review"


@pytest.mark.parametrize(
    "fault",
    [
        ({"max_monthly": "a lot"}, "max_monthly", "such as 25.00 USD"),
        ({"max_setup": "-1 USD"}, "max_setup", "such as 25.00 USD"),
        ({"campaign_id": "CNEW123"}, "service_plan_id", "needs a service plan"),
        ({"voice_type": "EST"}, "voice_id", "Give the id"),
    ],
)
def test_what_can_not_be_is_said_at_its_field_before_anything_is_sent(client, sandbox, folder, fault):
    settings, field, told = fault
    panel = opened("1 US LOCAL", client, folder, **settings)
    before = len(sandbox.requests)
    panel.check()
    assert told in errors_of(panel)[field]
    assert panel.notice.startswith("Nothing was sent.")
    assert len(sandbox.requests) == before
    setattr(panel, field, "" if field.startswith("max") else "x" * 8)
    assert field not in errors_of(panel)


def test_all_faults_are_told_at_once(client, sandbox, folder):
    panel = opened(
        ["3 US LOCAL", "900 SE MOBILE"],
        client,
        folder,
        callback_url="https://user:secret@example.com",
        max_monthly="1 USD",
    )
    panel.check()
    panel.wait(PATIENCE)
    assert panel.stage == "settings"
    assert "reasons. Nothing was bought." in panel.notice
    assert "900 SE MOBILE" in panel.notice
    assert "secret" not in panel.notice
    assert set(errors_of(panel)) >= {"callback_url"}
    assert not paid(sandbox)


def test_a_budget_that_is_exceeded_is_said_with_the_sum(client, sandbox, folder):
    panel = opened("5 US LOCAL", client, folder, max_monthly="1 USD")
    panel.check()
    panel.wait(PATIENCE)
    assert "is 3.00 USD: 2.00 USD too much" in panel.notice
    assert "2.00 USD too much" in errors_of(panel)["max_monthly"]
    panel.max_monthly = "3 USD"
    panel.check()
    assert panel.wait(PATIENCE).stage == "review"


def test_the_error_of_a_field_goes_when_it_is_changed(client, folder):
    panel = opened("5 US LOCAL", client, folder, max_monthly="1 USD")
    panel.check()
    panel.wait(PATIENCE)
    panel._view.form.set_values(max_monthly="30 USD")
    assert errors_of(panel) == {}


def test_numbers_that_were_sold_meanwhile_can_be_left_out(client, sandbox, folder):
    offers = nt.available_numbers(client, "US", "LOCAL", size=3)
    panel = opened(offers, client, folder)
    sandbox.remove_available(offers.phone_number[1])
    panel.check()
    panel.wait(PATIENCE)
    assert f"{offers.phone_number[1]} is not on offer: somebody else has taken it" in panel.notice
    assert buttons(panel)["leave_out"] == "Leave out 1 number"
    click(panel, "leave_out")
    panel.wait(PATIENCE)
    assert panel.stage == "review"
    assert [one.phone_number for one in panel.plan.numbers] == list(offers.phone_number[[0, 2]])


def test_where_every_number_was_sold_there_is_nothing_to_leave(client, sandbox, folder):
    offers = nt.available_numbers(client, "US", "LOCAL", size=1)
    sandbox.remove_available(offers.phone_number[0])
    panel = opened(list(offers.phone_number), client, folder)
    panel.check()
    panel.wait(PATIENCE)
    assert "leave_out" not in buttons(panel)
    panel.leave_out()
    assert "no number to leave out" in panel.notice


def test_planning_can_be_cancelled(folder):
    gate = Gate(lambda one: one.path.endswith("/availableNumbers"))
    with (
        nt.Sandbox(active=4, available=60, clock="manual", gate=gate) as sandbox,
        nt.connect(sandbox=sandbox) as client,
    ):
        panel = opened("2 US LOCAL", client, folder)
        panel.check()
        gate.wait()
        panel.cancel()
        assert not panel.busy
        assert "cancelled" in panel.notice
        gate.open.set()
        assert panel.stage == "settings"
        panel.check()
        assert panel.wait(PATIENCE).stage == "review"
        panel.close()


def test_a_server_that_is_gone_is_said_and_nothing_is_lost(client, sandbox, folder):
    panel = opened("2 US LOCAL", client, folder, max_monthly="5 USD")
    sandbox.stop()
    panel.check()
    panel.wait(PATIENCE)
    assert "Nothing was bought. 'Check' tries again." in panel.notice
    assert (panel.stage, panel.max_monthly) == ("settings", "5 USD")
    sandbox.start()


# -- the plan -----------------------------------------------------------------------------------------------------


def test_the_cost_is_shown_before_anything_is_spent(client, sandbox, folder):
    panel = reviewed(["3 US LOCAL", "1 SE MOBILE"], client, folder, max_monthly="10 USD, 100 SEK")
    shown = seen(panel)
    assert "What it costs Currency Setup Each month First payment First year" in shown
    assert "of 100" in shown
    assert buttons(panel) == {"proceed": "Rent 4 numbers …", "back": "Change the settings"}
    assert list(panel._view.table.shown.phone_number) == [one.phone_number for one in panel.plan.numbers]
    assert not paid(sandbox)


def test_a_changed_setting_makes_a_shown_plan_out_of_date(client, folder):
    panel = asked("1 US LOCAL", client, folder)
    panel.max_monthly = "9 USD"
    assert panel.stage == "settings"
    assert panel.question == ""
    panel.confirm()
    assert "nothing to confirm" in panel.notice


def test_a_plan_can_be_changed_by_its_settings(client, folder):
    plan = nt.plan_activation(
        client,
        ["2 US LOCAL"],
        service_plan_id=PLAN,
        max_monthly="9.50 USD",
        voice_type="EST",
        voice_id="trunk",
    )
    panel = opened(plan, client, folder)
    assert panel.stage == "review"
    click(panel, "back")
    panel.wait(PATIENCE)
    assert (panel.stage, panel.service_plan_id, panel.max_monthly) == ("settings", PLAN, "9.50 USD")
    assert (panel.voice_type, panel.voice_id) == ("EST", "trunk")
    panel.service_plan_id = panel.voice_type = ""
    panel.voice_id = ""
    panel.check()
    panel.wait(PATIENCE)
    assert panel.plan.plan_id != plan.plan_id
    assert not panel.plan.numbers[0].configuration.arguments()


def test_hostile_names_are_shown_as_text(client, folder):
    hostile = "<img src=x onerror=alert(1)>\u202e" + "x" * 500
    panel = opened("1 US LOCAL", client, folder, service_plan_id=PLAN)
    panel.service_plan_id = hostile
    panel.check()
    panel.wait(PATIENCE)
    assert "<img" not in panel._notice.html
    assert "&lt;img" in panel._notice.html


# -- the question -------------------------------------------------------------------------------------------------


def test_the_question_names_the_sum_and_nothing_was_sent_yet(client, sandbox, folder):
    panel = asked("5 US LOCAL", client, folder)
    assert panel.question == "Rent 5 numbers: 6.00 USD now and 3.00 USD a month."
    assert "no money is involved" in seen(panel)
    assert buttons(panel) == {"back": "Back", "confirm": "Yes, spend 6.00 USD"}
    assert not paid(sandbox)
    assert not folder.exists()


def test_currencies_stand_side_by_side_in_the_question(client, folder):
    panel = asked(["1 US LOCAL", "1 SE MOBILE"], client, folder)
    assert " SEK and 1.20 USD now" in panel.question
    assert "paid when the order is approved" in seen(panel)


def test_going_back_takes_the_question_back(client, sandbox, folder):
    panel = asked("1 US LOCAL", client, folder)
    click(panel, "back")
    assert (panel.stage, panel.question) == ("review", "")
    panel.confirm()
    assert "nothing to confirm" in panel.notice
    assert not paid(sandbox)


def test_nothing_is_confirmed_before_it_was_asked(client, sandbox, folder):
    panel = opened("1 US LOCAL", client, folder)
    panel.confirm()
    panel.proceed()
    assert panel.stage == "settings"
    assert not paid(sandbox)


def test_a_double_click_on_the_first_button_does_not_reach_the_second(client, sandbox, folder):
    panel = reviewed("2 US LOCAL", client, folder)
    actions = panel._view.actions
    first = next(one for one in actions.buttons if one["name"] == "proceed")
    for _ in range(2):
        actions._receive(actions, {"kind": "click", "name": "proceed", "revision": first["revision"]}, [])
    assert panel.stage == "confirm"
    assert not paid(sandbox)


def test_a_double_click_on_yes_spends_once(client, sandbox, folder):
    panel = asked("3 US LOCAL", client, folder)
    actions = panel._view.actions
    yes = next(one for one in actions.buttons if one["name"] == "confirm")
    for _ in range(3):
        actions._receive(actions, {"kind": "click", "name": "confirm", "revision": yes["revision"]}, [])
    panel.confirm()
    panel.wait(PATIENCE)
    assert len(sandbox.ledger) == 3


# -- changes and releases -----------------------------------------------------------------------------------------


def test_an_update_is_carried_out(client, sandbox, folder):
    active = nt.active_numbers(client).head(3)
    panel = asked(nt.plan_update(active, client=client, display_name="Desk {row}"), client, folder)
    assert panel.question == "Change 3 numbers: nothing is charged for it."
    assert "back" in buttons(panel)
    panel.confirm()
    panel.wait(PATIENCE)
    assert panel.result.counts == {"changed": 3}
    assert client.get_active_number(active.phone_number[0])["displayName"] == "Desk 1"


def test_a_release_says_that_it_can_not_be_taken_back(client, folder):
    active = nt.active_numbers(client, region_code="US").head(2)
    panel = asked(nt.plan_release(active, client=client), client, folder)
    assert "can't be taken back" in panel.question
    assert buttons(panel)["confirm"] == "Yes, give back 2 numbers"
    panel.confirm()
    panel.wait(PATIENCE)
    assert panel.result.counts == {"released": 2}
    assert "watch" not in buttons(panel)


def test_releasing_everything_takes_a_second_consent(client, sandbox, folder):
    plan = nt.plan_release(nt.active_numbers(client), client=client, everything=True)
    panel = asked(plan, client, folder)
    assert "EVERY number" in seen(panel)
    panel.confirm()
    assert panel.stage == "confirm"
    assert "needs your tick" in panel.notice
    assert not paid(sandbox)
    panel._view.ticks.set_values(everything=["everything"])
    assert panel.everything
    panel.confirm()
    panel.wait(PATIENCE)
    assert panel.result.counts == {"released": len(plan)}


def test_a_plan_of_changes_has_no_settings(client, folder):
    panel = opened(nt.plan_release(nt.active_numbers(client).head(1), client=client), client, folder)
    assert "back" not in buttons(panel)
    panel.back()
    panel.check()
    assert panel.stage == "review"


def test_a_repair_without_anything_to_send_offers_other_settings(client, folder):
    plan = change_plan(purpose="repair", project_id=client.project_id)
    panel = opened(plan, client, folder)
    assert "Nothing can be sent safely now" in seen(panel)
    assert buttons(panel) == {"back": "Change the settings"}


# -- closing ------------------------------------------------------------------------------------------------------


def test_close_frees_everything(client, folder):
    panel = asked("1 US LOCAL", client, folder, papers=nt.Papers({"city": "Hobart"}))
    panel.close()
    panel.close()
    assert panel.closed
    assert panel.papers is None
    assert panel.children == ()
    panel.confirm()
    assert not folder.exists()
