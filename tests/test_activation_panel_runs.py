"""The activation panel at work: what is seen of a run, what stops it, how it goes on, what becomes of the numbers."""

from __future__ import annotations

import pytest

import numbers_toolkit as nt
from activation_steps import (
    PATIENCE,
    PLAN,
    Gate,
    asked,
    buttons,
    carried_out,
    click,
    clock_of,
    opened,
    paid,
    reviewed,
    seen,
    until,
)
from numbers_toolkit.activation import journal as journals
from numbers_toolkit.activation.journal import read_journal
from numbers_toolkit.errors import InvalidInputError
from order_helpers import PDF

PAPERS = nt.Papers(
    {"endBusinessName": "Example Pty", "city": "Hobart", "country": "AU"},
    attachments={"Statement": nt.Attachment(PDF, document_type="Passport", file_name="statement.pdf")},
)


@pytest.fixture
def client(sandbox):
    with nt.connect(sandbox=sandbox, clock=clock_of(sandbox)) as connected:
        yield connected


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "activations"


@pytest.fixture
def gate():
    made = Gate(lambda request: request.path.endswith(":rent"))
    yield made
    made.open.set()


@pytest.fixture
def held(gate):
    """A client of a sandbox that holds the first rental."""
    with nt.Sandbox(active=20, available=200, clock="manual", gate=gate) as sandbox:
        with nt.connect(sandbox=sandbox, clock=clock_of(sandbox)) as connected:
            connected.of = sandbox
            yield connected
            gate.open.set()
        assert not sandbox.internal_errors


def outcomes(panel):
    return panel.results.outcome.astype(str).value_counts().to_dict()


def shown(panel, *names):
    frame = panel._view.table.shown[list(names)].astype(object)
    return list(frame.where(frame.notna(), None).itertuples(index=False, name=None))


# -- while it goes on ---------------------------------------------------------------------------------------------


def test_each_number_is_seen_on_its_way(held, gate, folder):
    panel = asked("3 US LOCAL", held, folder)
    seen_so_far = []
    panel.observe(lambda change: seen_so_far.append(outcomes(panel)), "results")
    panel.confirm()
    assert (panel.stage, panel.busy, panel.question) == ("running", True, "")
    until(panel, lambda: outcomes(panel).get("being sent"))
    assert gate.arrived.is_set()
    assert buttons(panel) == {}
    assert "Cancel begins no further number" in seen(panel)
    assert panel._progress.cancellable
    gate.open.set()
    panel.wait(PATIENCE)
    assert seen_so_far[-1] == {"activated": 3}
    assert (panel.stage, panel.busy) == ("done", False)


def test_the_end_tells_what_was_spent_and_where_it_is_written(client, sandbox, folder):
    panel = carried_out("3 US LOCAL", client, folder)
    assert panel.result == nt.read_result(panel.journal)
    assert "3 activated of 3 planned; spent 3.60 USD." in seen(panel)
    assert str(panel.journal) in seen(panel)
    assert list(panel.results.phone_number) == list(panel.result.activated)
    assert sum(one.total for one in sandbox.ledger) == panel.result.spent()["USD"]
    assert panel.results.attrs["source"] == "sandbox"


def test_frames_are_traits_that_can_be_observed(client, folder):
    panel = asked("1 US LOCAL", client, folder, service_plan_id=PLAN)
    heard = []
    panel.observe(lambda change: heard.append(change["name"]), ["result", "provisioning", "stage"])
    panel.confirm()
    panel.wait(PATIENCE)
    assert "result" in heard
    assert "provisioning" in heard
    assert heard[-1] == "stage"


def test_nothing_that_was_typed_or_found_is_in_saved_state(client, folder):
    panel = carried_out("1 US LOCAL", client, folder, callback_url="https://hooks.example.com/private")
    assert "private" not in str(panel._view.form.get_state())
    assert not any(
        name in panel.get_state() for name in ("papers", "result", "results", "plan", "callback_url")
    )


def test_a_click_during_work_does_nothing(held, gate, folder):
    panel = asked("3 US LOCAL", held, folder)
    panel.confirm()
    until(panel, gate.arrived.is_set)
    for name in ("check", "proceed", "confirm", "back", "resume", "leave_out"):
        getattr(panel, name)()
    assert (panel.stage, panel.busy) == ("running", True)
    gate.open.set()
    panel.wait(PATIENCE)
    assert len(held.of.ledger) == 3
    assert panel.result.counts == {"activated": 3}


# -- stopped ------------------------------------------------------------------------------------------------------


def test_cancel_finishes_what_was_sent_and_resume_does_the_rest(held, gate, folder):
    panel = asked("12 US LOCAL", held, folder)
    panel.confirm()
    until(panel, gate.arrived.is_set)
    panel.cancel()
    assert panel.busy
    assert "stopping after what was begun" in panel._progress.label
    gate.open.set()
    panel.wait(PATIENCE)
    bought = len(held.of.ledger)
    assert 0 < bought < 12
    assert panel.result.counts == {"activated": bought, "not tried": 12 - bought}
    assert "Stopped early: You stopped the run." in seen(panel)
    assert "'Resume'" in seen(panel)
    assert buttons(panel)["resume"] == "Resume"

    click(panel, "resume")
    left = 12 - bought
    assert panel.question.startswith(f"Go on with {left} of 12 numbers: up to ")
    assert len(held.of.ledger) == bought
    panel.confirm()
    panel.wait(PATIENCE)
    assert panel.result.counts == {"activated": 12}
    assert len(held.of.ledger) == 12
    assert "resume" not in buttons(panel)


def test_a_question_about_going_on_can_be_taken_back(held, gate, folder):
    panel = asked("6 US LOCAL", held, folder)
    panel.confirm()
    until(panel, gate.arrived.is_set)
    panel.cancel()
    gate.open.set()
    panel.wait(PATIENCE)
    bought = len(held.of.ledger)
    panel.resume()
    panel.back()
    assert (panel.stage, panel.question) == ("done", "")
    panel.confirm()
    assert len(held.of.ledger) == bought


def test_close_during_a_run_stops_it_safely_and_its_journal_tells_the_rest(held, gate, folder):
    panel = asked("12 US LOCAL", held, folder)
    panel.confirm()
    until(panel, gate.arrived.is_set)
    journal = panel.journal
    panel.close()
    gate.open.set()
    again = nt.widgets.ActivationPanel(panel.plan, held, journals=folder)
    again.wait(PATIENCE)
    assert again.journal == journal
    bought = len(held.of.ledger)
    assert again.result.counts == {"activated": bought, "not tried": 12 - bought}
    again.close()


# -- what goes wrong ----------------------------------------------------------------------------------------------


def test_credentials_that_stop_working_half_way_lose_nothing(client, sandbox, folder):
    panel = asked("10 US LOCAL", client, folder)
    sandbox.faults.add("expired_token", operation="rent", path="+12015550175")
    sandbox.faults.add("expired_token", operation="rent", path="+12015550176")
    panel.confirm()
    panel.wait(PATIENCE)
    assert "Stopped early: The API refused with 401" in seen(panel)
    bought = len(sandbox.ledger)
    assert panel.result.counts["activated"] == bought < 10
    assert "resume" in buttons(panel)
    sandbox.faults.clear()
    panel.resume()
    panel.confirm()
    panel.wait(PATIENCE)
    assert panel.result.counts == {"activated": 10}
    assert len(sandbox.ledger) == 10


def test_a_server_that_stops_half_way_is_said_and_the_rest_is_done_later(client, sandbox, folder):
    panel = asked("8 US LOCAL", client, folder)
    sandbox.faults.add("unavailable", operation="rent")
    panel.confirm()
    panel.wait(PATIENCE)
    assert not sandbox.ledger
    assert "'Resume'" in seen(panel)
    assert "resume_activation" not in seen(panel)
    sandbox.faults.clear()
    panel.resume()
    panel.confirm()
    panel.wait(PATIENCE)
    assert panel.result.counts == {"activated": 8}


def test_a_server_that_is_gone_before_the_start_leaves_the_plan_to_be_tried_again(client, sandbox, folder):
    panel = asked("2 US LOCAL", client, folder)
    sandbox.stop()
    panel.confirm()
    panel.wait(PATIENCE)
    assert panel.stage == "review"
    assert "Nothing was sent." in panel.notice
    assert buttons(panel)["proceed"] == "Rent 2 numbers …"
    sandbox.start()


def test_a_full_disk_stops_before_more_is_spent_and_resume_goes_on(client, sandbox, folder, monkeypatch):
    panel = asked("8 US LOCAL", client, folder)
    room = [17]
    write = journals._write_all

    def scarce(descriptor, data):
        room[0] -= 1
        if room[0] < 0:
            raise OSError(28, "No space left on device")
        write(descriptor, data)

    monkeypatch.setattr(journals, "_write_all", scarce)
    panel.confirm()
    panel.wait(PATIENCE)
    monkeypatch.undo()
    assert "No space left on device" in panel.notice
    assert "'Resume' goes on with the rest" in panel.notice
    announced = {one["number"] for one in read_journal(panel.journal).lines if one["what"] == "intention"}
    assert {one.phone_number for one in sandbox.ledger} <= announced
    panel.resume()
    panel.confirm()
    panel.wait(PATIENCE)
    assert panel.result.counts == {"activated": 8}
    assert len(sandbox.ledger) == 8


def test_a_disk_that_is_full_from_the_start_spends_nothing(client, sandbox, folder, monkeypatch):
    panel = asked("2 US LOCAL", client, folder)

    def full(descriptor, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journals, "_write_all", full)
    panel.confirm()
    panel.wait(PATIENCE)
    assert "No space left" in panel.notice
    assert panel.stage == "review"
    assert not paid(sandbox)


def test_a_folder_that_can_not_be_made_is_said_before_anything_is_sent(client, sandbox, tmp_path):
    (tmp_path / "file").touch()
    panel = asked("2 US LOCAL", client, tmp_path / "file" / "journals")
    panel.confirm()
    panel.wait(PATIENCE)
    assert "can't be made" in panel.notice
    assert "journals=FOLDER" in panel.notice
    assert panel.stage == "review"
    assert not paid(sandbox)


def test_a_register_that_can_not_be_used_is_said_before_anything_is_sent(
    client, sandbox, folder, tmp_path, monkeypatch
):
    panel = asked("2 US LOCAL", client, folder)
    (tmp_path / "file").touch()
    monkeypatch.setenv("NUMBERS_TOOLKIT_STATE", str(tmp_path / "file"))
    panel.confirm()
    panel.wait(PATIENCE)
    assert "register of started plans" in panel.notice
    assert not paid(sandbox)


def test_a_journal_that_vanishes_during_the_run_does_not_hide_what_was_bought(held, gate, folder):
    panel = asked("3 US LOCAL", held, folder)
    panel.confirm()
    until(panel, gate.arrived.is_set)
    (journal,) = folder.glob("*.jsonl")
    journal.unlink()
    gate.open.set()
    panel.wait(PATIENCE)
    assert panel.stage == "done"
    assert panel.result.counts == {"activated": len(held.of.ledger)}
    assert "can't be read" in panel.notice
    assert "Nothing was sent." not in panel.notice.split("can't be read")[0]


def test_a_number_that_is_sold_after_the_check_is_replaced(client, sandbox, folder):
    panel = asked("2 US LOCAL", client, folder)
    gone = panel.plan.numbers[0].phone_number
    sandbox.remove_available(gone)
    panel.confirm()
    panel.wait(PATIENCE)
    assert panel.result.counts == {"activated": 2, "taken": 1}
    assert panel.result.as_planned
    assert (gone,) in shown(panel, "replaces")


def test_a_chosen_number_that_is_sold_after_the_check_is_said_to_be_taken(client, sandbox, folder):
    offers = nt.available_numbers(client, "US", "LOCAL", size=2)
    panel = asked(offers, client, folder)
    sandbox.remove_available(offers.phone_number[0])
    panel.confirm()
    panel.wait(PATIENCE)
    assert outcomes(panel) == {"activated": 1, "taken": 1}
    assert len(sandbox.ledger) == 1


def test_an_error_that_nobody_foresaw_is_shown_and_what_was_done_as_well(
    client, sandbox, folder, monkeypatch
):
    from numbers_toolkit.activation import activating

    def broken(*_given):
        raise ZeroDivisionError("no such luck")

    panel = asked("2 US LOCAL", client, folder)
    monkeypatch.setattr(activating, "_note_progress", broken)
    panel.confirm()
    panel.wait(PATIENCE)
    assert "ZeroDivisionError" in panel.notice
    assert panel.result.counts == {"activated": 2}
    assert len(sandbox.ledger) == 2


# -- until they are ready -----------------------------------------------------------------------------------------


def test_numbers_are_followed_until_they_are_ready(client, folder):
    panel = asked("2 US LOCAL", client, folder, service_plan_id=PLAN)
    states = []
    panel.observe(lambda change: states.append(panel._view.table.shown.set_up.to_list()), "provisioning")
    panel.confirm()
    panel.wait(PATIENCE)
    assert panel.notice == "All 2 numbers are ready."
    assert shown(panel, "outcome", "set_up") == [("activated", "READY")] * 2
    assert set(panel.provisioning[panel.provisioning.service == "SMS"].state) == {"PROVISIONED"}
    assert "repair" not in buttons(panel)


def test_looking_on_can_be_cancelled_and_taken_up_again(client, sandbox, folder):
    waits = []
    client.clock.on_sleep = lambda: waits.append(1)
    panel = asked("1 US LOCAL", client, folder, service_plan_id=PLAN)
    panel.confirm()
    until(panel, lambda: panel.stage == "following" and len(panel.provisioning))
    panel.cancel()
    assert (panel.stage, panel.busy) == ("done", False)
    assert panel.result.counts == {"activated": 1}
    client.clock.on_sleep = lambda: sandbox.advance(client.clock.waits[-1])
    click(panel, "watch")
    panel.wait(PATIENCE)
    assert panel.notice == "1 number is ready."


def test_a_server_that_fails_while_looking_on_is_said_with_what_is_sure(client, sandbox, folder):
    panel = asked("1 US LOCAL", client, folder, service_plan_id=PLAN)
    panel.observe(
        lambda change: sandbox.faults.add("html_answer", operation="get_active", status=200), "result"
    )
    panel.confirm()
    panel.wait(PATIENCE)
    assert "The numbers are rented" in panel.notice
    assert panel.stage == "done"
    assert "watch" in buttons(panel)


def test_a_failure_shows_its_remedy_and_is_repaired_beneath(client, sandbox, folder):
    sandbox.add_campaign("CEXP123", error_code="CAMPAIGN_EXPIRED")
    sandbox.add_campaign("CNEW123")
    panel = carried_out("2 US LOCAL", client, folder, service_plan_id=PLAN, campaign_id="CEXP123")
    assert panel.notice.startswith("0 of 2 numbers are ready, 2 failed.")
    assert "Renew the campaign or replace it" in seen(panel)
    assert shown(panel, "set_up", "error_code") == [("FAILED", "CAMPAIGN_EXPIRED")] * 2
    assert buttons(panel)["repair"] == "Repair 2 numbers"
    click(panel, "repair")
    panel.wait(PATIENCE)
    repair = panel.repair_panel.wait(PATIENCE)
    assert repair in panel._view.place.children
    assert "give it as '10DLC campaign'" in seen(repair)
    assert buttons(repair) == {"back": "Change the settings"}
    click(repair, "back")
    repair.wait(PATIENCE)
    repair._view.form.set_values(campaign_id="typed", campaign_typed="CNEW123")
    repair.check()
    repair.wait(PATIENCE).proceed()
    assert repair.question == "Repair 2 numbers: nothing is charged for it."
    repair.confirm()
    repair.wait(PATIENCE)
    assert repair.notice == "All 2 numbers are ready."
    panel.wait(PATIENCE)
    assert panel.notice == "All 2 numbers are ready."
    assert {
        one["smsConfiguration"]["campaignId"] for one in map(client.get_active_number, panel.result.activated)
    } == {"CNEW123"}
    assert len(sandbox.ledger) == 2


def test_a_mended_cause_is_ticked_and_the_update_sent_again(client, sandbox, folder):
    sandbox.add_campaign("CEXP123", error_code="CAMPAIGN_EXPIRED")
    panel = carried_out("1 US LOCAL", client, folder, service_plan_id=PLAN, campaign_id="CEXP123")
    panel.repair()
    panel.wait(PATIENCE)
    repair = panel.repair_panel.wait(PATIENCE)
    repair.back()
    repair.wait(PATIENCE)
    repair._view.form.set_values(mended=["CAMPAIGN_EXPIRED"])
    repair.check()
    repair.wait(PATIENCE)
    assert len(repair.plan) == 1


def test_there_is_nothing_to_repair_where_nothing_failed(client, folder):
    panel = carried_out("1 US LOCAL", client, folder, service_plan_id=PLAN)
    panel.repair()
    assert "nothing to repair" in panel.notice
    assert panel.repair_panel is None


def test_closing_the_panel_closes_the_repair(client, sandbox, folder):
    sandbox.add_campaign("CEXP123", error_code="CAMPAIGN_EXPIRED")
    panel = carried_out("1 US LOCAL", client, folder, service_plan_id=PLAN, campaign_id="CEXP123")
    panel.repair()
    panel.wait(PATIENCE)
    repair = panel.repair_panel
    panel.close()
    assert repair.closed


# -- papers -------------------------------------------------------------------------------------------------------


def test_papers_that_are_missing_are_asked_for_before_the_question(client, sandbox, folder):
    panel = reviewed("1 AU MOBILE", client, folder)
    assert "Papers are required for AU MOBILE and not there yet" in seen(panel)
    assert buttons(panel)["fill_in_papers"] == "Fill in the papers for AU MOBILE"
    panel.proceed()
    assert (panel.stage, panel.notice) == ("review", "Papers for AU MOBILE are missing. Nothing was sent.")
    assert not paid(sandbox)


def test_papers_from_python_open_the_way(client, sandbox, folder):
    panel = reviewed("1 AU MOBILE", client, folder)
    panel.papers = {("AU", "MOBILE"): PAPERS}
    assert "Papers are required for AU MOBILE and not there" not in seen(panel)
    panel.proceed()
    panel.confirm()
    panel.wait(PATIENCE)
    assert panel.result.counts == {"activated": 1}


def test_papers_of_a_wrong_shape_are_refused(client, folder):
    panel = reviewed("1 AU MOBILE", client, folder)
    with pytest.raises(InvalidInputError):
        panel.papers = "a paper"


def test_the_form_for_papers_opens_beneath_and_hands_them_over(client, folder):
    panel = reviewed("1 AU MOBILE", client, folder)
    click(panel, "fill_in_papers")
    (form,) = panel._view.place.children
    form.wait(PATIENCE)
    form.set_trait("papers", PAPERS)
    assert panel.papers == {("AU", "MOBILE"): PAPERS}
    assert "fill_in_papers" not in buttons(panel)
    assert buttons(panel)["proceed"] == "Rent 1 number …"


def test_papers_are_asked_for_only_where_the_plan_needs_them(client, folder):
    panel = reviewed("1 US LOCAL", client, folder)
    panel.fill_in_papers()
    assert "Papers are required for none in this plan." in panel.notice


def test_an_order_under_review_can_be_gone_on_with(client, sandbox, folder):
    panel = asked("1 SE MOBILE", client, folder, wait_for_orders=0)
    panel.confirm()
    panel.wait(PATIENCE)
    assert outcomes(panel) == {"unknown": 1}
    sandbox.advance(60)
    panel.resume()
    assert "Go on with 1 of 1 number" in panel.question
    panel.confirm()
    panel.wait(PATIENCE)
    assert outcomes(panel) == {"activated": 1}


def test_an_order_whose_answer_was_lost_is_ordered_again_at_a_person_s_word(client, sandbox, folder):
    panel = asked("1 SE MOBILE", client, folder)
    sandbox.faults.add("connection_reset", operation="create_order", times=1)
    panel.confirm()
    panel.wait(PATIENCE)
    assert panel.result.counts == {"unknown": 1}
    assert "'Order again' ticked" in seen(panel)
    panel.resume()
    assert [one["name"] for one in panel._view.ticks.fields] == ["order_again"]
    panel._view.ticks.set_values(order_again=["order_again"])
    panel.confirm()
    panel.wait(PATIENCE)
    assert panel.result.counts == {"activated": 1}
    assert len(sandbox.ledger) == 1


def test_a_panel_can_be_opened_with_what_became_of_a_plan(client, folder, tmp_path):
    result = nt.activate(
        nt.plan_activation(client, "1 US LOCAL"), journal=tmp_path / "r.jsonl", progress=False
    )
    for given in (result, result.journal):
        panel = opened(given, client, folder)
        assert panel.stage == "done"
        assert panel.result.counts == {"activated": 1}
        assert panel.journal == str(result.journal)
