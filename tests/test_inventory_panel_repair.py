"""The to-do list of the inventory panel, and repairs that start from it: chosen, planned, carried out, read anew."""

from __future__ import annotations

import pytest

import numbers_toolkit as nt
from activation_steps import clock_of
from builders import active_frame
from numbers_toolkit import analysis, markup
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.widgets.inventory_panel import InventoryPanel

PATIENCE = 60
NOW = "2026-03-31T00:00:00Z"
FAILED = {"sms_state": "FAILED", "sms_scheduled_service_plan_id": "plan-a"}
ROWS = (
    {**FAILED, "sms_error_codes": "INSUFFICIENT_BALANCE"},
    {**FAILED, "sms_error_codes": "INSUFFICIENT_BALANCE;INTERNAL_ERROR"},
    {**FAILED, "sms_error_codes": "INTERNAL_ERROR"},
    {"region_code": "SE"},
)


@pytest.fixture
def panel(client, tmp_path):
    made = InventoryPanel(client, journals=tmp_path).wait(PATIENCE)
    yield made
    made.close()


@pytest.fixture
def listed():
    """A panel of a frame: there is no client to repair with."""
    made = InventoryPanel(active_frame(*ROWS), as_of=NOW).wait(PATIENCE)
    yield made
    made.close()


def repair_button(panel):
    return panel._view.to_do.actions.buttons[0]


def planned(panel, *arguments, **options):
    panel.plan_repair(*arguments, **options)
    panel.wait(PATIENCE)
    return panel.repair


def choose(table, *words):
    """Choose the rows of a table whose keys hold one of the words."""
    table.select_all_shown()
    table.select([key for key in table.selected_keys if any(word in key for word in words)])
    assert table.selected_keys


def sent(sandbox, method):
    return [one for one in sandbox.requests if one.method == method]


# -- the list


def test_problems_are_listed_with_remedies_most_pressing_first(panel):
    table = panel._view.to_do.problems

    assert table.frame["problem"].to_list() == analysis.attention_summary(panel.to_do)["problem"].to_list()
    assert {"remedy", "who_acts", "retry"} <= set(table.frame.columns)
    assert len(panel._view.to_do.numbers.frame) == len(panel.to_do)


def test_choosing_problems_shows_their_numbers_and_all_advice(listed):
    to_do = listed._view.to_do
    first = to_do.problems.frame.iloc[0]

    choose(to_do.problems, "INSUFFICIENT_BALANCE")

    assert to_do.numbers.frame["phone_number"].to_list() == ["+13075550100", "+13075550101"]
    said = markup.plain(to_do.advice.html)
    assert f"{first['problem']}: {first['remedy']}" in said
    assert f"Who acts: {first['who_acts']}" in said
    to_do.problems.clear_selection()
    assert len(to_do.numbers.frame) == 5
    assert to_do.advice.html == ""


def test_many_chosen_problems_are_advised_on_in_part(panel):
    to_do = panel._view.to_do
    assert len(to_do.problems.frame) > 5

    to_do.problems.select_all_shown()

    assert "more, in the table" in markup.plain(to_do.advice.html)


def test_the_list_follows_the_filters_and_keeps_what_is_chosen(listed):
    to_do = listed._view.to_do
    choose(to_do.problems, "INTERNAL_ERROR")

    listed.filters = {"error_code": "INTERNAL_ERROR"}

    assert len(listed.to_do) == 3
    assert to_do.problems.selected["error_code"].to_list() == ["INTERNAL_ERROR"]
    assert to_do.numbers.frame["phone_number"].to_list() == ["+13075550101", "+13075550102"]


def test_when_all_is_in_order_it_says_so():
    used = {"sms_state": "PROVISIONED", "voice_state": "PROVISIONED"}
    panel = InventoryPanel(active_frame(used, used), as_of=NOW).wait(PATIENCE)

    assert "all 2 numbers are in order" in markup.plain(panel._view.to_do.lead.html)
    assert repair_button(panel)["disabled"]
    panel.close()


# -- what a repair is about


def test_without_a_choice_all_failed_numbers_are_meant_each_once(listed):
    numbers = ["+13075550100", "+13075550101", "+13075550102"]

    assert listed._view.to_do.repairable() == numbers


def test_a_chosen_number_or_problem_narrows_the_repair(listed):
    to_do = listed._view.to_do
    choose(to_do.problems, "INTERNAL_ERROR")
    assert to_do.repairable() == ["+13075550101", "+13075550102"]
    assert repair_button(listed)["label"] == "Plan the repair of 2 numbers"

    choose(to_do.numbers, "+13075550102")

    assert to_do.repairable() == ["+13075550102"]
    assert repair_button(listed)["label"] == "Plan the repair of 1 number"


def test_what_the_list_s_own_filter_hides_is_not_repaired(listed):
    to_do = listed._view.to_do

    to_do.numbers.filter_text = "0101"

    assert to_do.repairable() == ["+13075550101"]
    assert repair_button(listed)["label"] == "Plan the repair of 1 number"
    assert "2 entries" in markup.plain(to_do.hint.html)

    to_do.numbers.filter_text = "nowhere"

    assert to_do.repairable() == []
    assert repair_button(listed)["disabled"]
    assert "table's filter" in markup.plain(to_do.hint.html)

    to_do.numbers.filter_text = ""

    assert len(to_do.repairable()) == 3


def test_a_chosen_number_is_repaired_though_the_list_s_filter_hides_it(listed):
    to_do = listed._view.to_do
    choose(to_do.numbers, "+13075550102")

    to_do.numbers.filter_text = "0101"

    assert to_do.repairable() == ["+13075550102"]


def test_numbers_that_only_cost_are_nothing_to_repair(listed):
    to_do = listed._view.to_do

    choose(to_do.problems, "nothing configured")

    assert to_do.repairable() == []
    assert repair_button(listed)["disabled"]


def test_where_nothing_chosen_failed_it_says_so(panel):
    choose(panel._view.to_do.problems, "nothing configured")

    assert repair_button(panel)["disabled"]
    assert "no set-up has failed" in repair_button(panel)["help"]
    panel.plan_repair()
    assert "nothing to repair" in panel.notice


def test_without_a_client_it_says_what_is_needed(listed):
    assert repair_button(listed)["disabled"]
    assert "needs a client" in repair_button(listed)["help"]
    assert "needs a client" in markup.plain(listed._view.to_do.hint.html)

    listed.plan_repair()

    assert "InventoryPanel(frame, client=client)" in listed.notice
    assert listed.repair is None


# -- planning


def test_planning_opens_the_plan_beneath_and_sends_nothing(sandbox, client, panel):
    repair = planned(panel)

    failed = analysis.filter_numbers(panel.active, error_code="INTERNAL_ERROR")
    assert repair.plan.purpose == "repair"
    assert panel._view.repair_box.children[0] is repair
    assert "Nothing was sent" in panel.notice
    assert not sent(sandbox, "PATCH")
    told = {one.phone_number for one in (*repair.plan.items, *repair.plan.advice)}
    assert set(failed["phone_number"]) <= told
    expected = nt.repair_provisioning(panel.active, client=client)
    assert [one.phone_number for one in repair.plan.items] == [one.phone_number for one in expected.items]


def test_the_button_plans_what_is_chosen(panel):
    to_do = panel._view.to_do
    choose(to_do.problems, "CAMPAIGN_NOT_AVAILABLE")
    numbers = set(to_do.repairable())

    to_do.actions.click("plan_repair")
    panel.wait(PATIENCE)

    plan = panel.repair.plan
    assert {one.phone_number for one in (*plan.items, *plan.advice)} == numbers


def test_numbers_and_options_can_be_given_from_python(panel):
    failed = analysis.provisioning_errors(panel.active)
    number = failed.loc[(failed["error_code"] == "INSUFFICIENT_BALANCE").to_numpy(), "phone_number"].iloc[0]

    assert not planned(panel, [number]).plan.items
    repaired = planned(panel, [number], mended="INSUFFICIENT_BALANCE")

    assert [one.phone_number for one in repaired.plan.items] == [number]


def test_numbers_that_are_not_in_the_panel_are_refused(panel):
    with pytest.raises(InvalidInputError, match=r"\+4670000 can't be repaired here.*Nothing was sent"):
        panel.plan_repair(["+4670000"])


def test_a_plan_that_can_not_be_made_is_said(panel):
    panel.plan_repair(mended="NO_SUCH_CODE")
    panel.wait(PATIENCE)

    assert "NO_SUCH_CODE" in panel.notice
    assert "Nothing was sent" in panel.notice
    assert panel.repair is None


def test_a_new_plan_takes_the_place_of_the_former(panel):
    first = planned(panel)

    second = planned(panel)

    assert first.closed
    assert panel._view.repair_box.children[0] is second


def test_a_frame_with_its_client_can_be_repaired(client, tmp_path):
    panel = InventoryPanel(nt.active_numbers(client), client=client, journals=tmp_path).wait(PATIENCE)

    assert planned(panel).plan.items
    panel.close()


# -- carrying out


@pytest.fixture
def hurried(sandbox, tmp_path):
    """A panel whose clock moves the sandbox's whenever it waits."""
    with nt.connect(sandbox=sandbox, clock=clock_of(sandbox)) as connected:
        made = InventoryPanel(connected, journals=tmp_path).wait(PATIENCE)
        yield made
        made.close()


def test_after_the_repair_a_refresh_is_offered_and_shows_it(sandbox, hurried):
    panel, repair = hurried, planned(hurried)
    numbers = [one.phone_number for one in repair.plan.items]
    repair.wait(PATIENCE).proceed()
    repair.confirm()
    repair.wait(PATIENCE)

    assert repair.stage == "done"
    assert len(sent(sandbox, "PATCH")) == len(numbers)
    assert "'Refresh' reads the numbers as they are now" in panel.notice
    refresh = next(one for one in panel._view.actions.buttons if one["name"] == "refresh")
    assert refresh["kind"] == "primary"
    before = panel.active.set_index("phone_number").loc[numbers, "sms_updated_at"]
    panel.refresh()
    panel.wait(PATIENCE)
    after = panel.active.set_index("phone_number").loc[numbers, "sms_updated_at"]
    assert not before.equals(after)


def test_while_a_repair_is_at_work_it_is_neither_replaced_nor_closed(panel):
    repair = planned(panel)
    repair.wait(PATIENCE).set_trait("stage", "running")

    panel.plan_repair()
    assert "A repair is still going on below" in panel.notice
    panel.close_repair()

    assert "The repair is still going on" in panel.notice
    assert panel.repair is repair
    assert not repair.closed
    repair.set_trait("stage", "review")


def test_closing_the_repair_leaves_the_inventory(panel):
    repair = planned(panel)

    panel.close_repair()
    panel.close_repair()

    assert repair.closed
    assert panel.repair is None
    assert len(panel.shown) == 120


def test_closing_the_inventory_closes_the_repair(panel):
    repair = planned(panel)

    panel.close()

    assert repair.closed
    assert panel.repair is None
