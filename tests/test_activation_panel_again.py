"""The activation panel opened again: cells that run twice, kernels that died, two panels, runs left open."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

import pytest

import numbers_toolkit as nt
from activation_steps import (
    PATIENCE,
    PLAN,
    Gate,
    asked,
    buttons,
    carried_out,
    clock_of,
    opened,
    paid,
    reviewed,
    seen,
    until,
)
from numbers_toolkit.activation.journal import locked
from numbers_toolkit.activation.past_runs import journal_name

WISH = "3 US LOCAL"
#: Another process that carries out a plan and dies by its own hand after some purchases.
DYING = """
import json, os, sys
import numbers_toolkit as nt
told = json.loads(sys.argv[1])
client = nt.connect(**told["connection"])
plan = nt.load_plan(told["plan"])
def progress(done, total):
    if done >= told["after"]:
        os._exit(9)
nt.activate(plan, client, journal=told["journal"], concurrency=1, progress=progress)
"""


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
    with (
        nt.Sandbox(active=20, available=200, clock="manual", gate=gate) as sandbox,
        nt.connect(sandbox=sandbox, clock=clock_of(sandbox)) as connected,
    ):
        connected.of = sandbox
        yield connected
        gate.open.set()


def stopped(what, client, folder, **options):
    """A panel whose run was cancelled at once."""
    plan = nt.plan_activation(client, what, **options)
    folder.mkdir(exist_ok=True)
    cancel = threading.Event()
    cancel.set()
    return nt.activate(plan, journal=folder / journal_name(plan), cancel=cancel, progress=False)


def offered(panel):
    shown = panel._view.earlier_actions.buttons
    return [one["label"] for one in shown if not one["hidden"]]


def die_half_way(sandbox, plan, folder, after):
    """Carry a plan out in another process, which ends in the middle."""
    folder.mkdir(exist_ok=True)
    told = {
        "connection": sandbox.connection(),
        "plan": str(plan.save(folder.parent / "plan.json")),
        "journal": str(folder / journal_name(plan)),
        "after": after,
    }
    ended = subprocess.run([sys.executable, "-c", DYING, json.dumps(told)], check=False, timeout=PATIENCE)
    assert ended.returncode == 9


# -- the same plan ------------------------------------------------------------------------------------------------


def test_a_plan_that_was_carried_out_is_not_offered_again(client, sandbox, folder):
    first = carried_out(nt.plan_activation(client, WISH), client, folder)
    again = opened(first.plan, client, folder)
    assert again.stage == "done"
    assert again.result.counts == {"activated": 3}
    assert "proceed" not in buttons(again)
    again.proceed()
    again.confirm()
    assert len(sandbox.ledger) == 3


def test_a_restarted_kernel_finds_the_run_and_goes_on_with_it(client, sandbox, folder):
    plan = nt.plan_activation(client, "6 US LOCAL", service_plan_id=PLAN)
    die_half_way(sandbox, plan, folder, after=2)
    bought = len(sandbox.ledger)
    assert 0 < bought < 6
    panel = opened(nt.load_plan(folder.parent / "plan.json"), client, folder)
    assert panel.stage == "done"
    assert panel.result.counts["activated"] >= 2
    assert buttons(panel)["resume"] == "Resume"
    panel.resume()
    assert "Go on with" in panel.question
    assert len(sandbox.ledger) == bought
    panel.confirm()
    panel.wait(PATIENCE)
    assert panel.result.counts == {"activated": 6}
    assert len(sandbox.ledger) == 6
    assert panel.notice == "All 6 numbers are ready."


def test_two_panels_of_one_plan_carry_it_out_once(client, sandbox, folder):
    plan = nt.plan_activation(client, WISH)
    first, second = asked(plan, client, folder), asked(plan, client, folder)
    first.confirm()
    first.wait(PATIENCE)
    second.confirm()
    second.wait(PATIENCE)
    assert len(sandbox.ledger) == 3
    assert second.stage == "done"
    assert second.result.counts == {"activated": 3}


def test_a_second_panel_looks_on_while_the_first_is_at_work(held, gate, folder):
    plan = nt.plan_activation(held, WISH)
    first, second = asked(plan, held, folder), asked(plan, held, folder)
    first.confirm()
    until(first, gate.arrived.is_set)
    second.confirm()
    until(second, lambda: "Looking on" in second._progress.label)
    assert "nothing was sent here" in second.notice
    assert "Cancel only ends the looking on" in seen(second)
    third = nt.widgets.ActivationPanel(plan, held, journals=folder)
    until(third, lambda: "Looking on" in third._progress.label)
    third.cancel()
    assert third.stage == "done"
    assert not third.busy
    gate.open.set()
    first.wait(PATIENCE)
    second.wait(PATIENCE)
    assert second.result.counts == {"activated": 3}
    assert len(held.of.ledger) == 3
    for one in (first, second, third):
        one.close()


def test_two_panels_at_once_buy_once(client, sandbox, folder):
    plan = nt.plan_activation(client, WISH)
    panels = [asked(plan, client, folder) for _ in range(4)]
    for one in panels:
        one.confirm()
    for one in panels:
        one.wait(PATIENCE)
    assert len(sandbox.ledger) == 3
    assert {str(one.result.counts) for one in panels} == {"{'activated': 3}"}


def test_two_panels_that_start_one_wish_at_the_same_moment_buy_it_once(client, sandbox, folder):
    panels = [asked(WISH, client, folder) for _ in range(4)]
    for one in panels:
        one.confirm()
    for one in panels:
        one.wait(PATIENCE)
    assert len(sandbox.ledger) == 3
    looked_on = [one for one in panels if one.stage == "done"]
    assert looked_on
    assert {str(one.result.counts) for one in looked_on} == {"{'activated': 3}"}
    for late in [one for one in panels if one not in looked_on]:
        assert late.stage == "settings"
        assert "carried out" in late.notice


def test_a_journal_that_somebody_holds_is_said_to_be_in_use(client, sandbox, folder):
    plan = nt.plan_activation(client, WISH)
    panel = asked(plan, client, folder)
    folder.mkdir()
    with locked(folder / journal_name(plan)):
        panel.confirm()
        panel.wait(PATIENCE)
        assert "is in use by another run" in panel.notice
    assert panel.stage == "review"
    assert not paid(sandbox)


def test_a_journal_that_is_gone_keeps_the_plan_from_being_started(client, sandbox, folder):
    first = carried_out(nt.plan_activation(client, WISH), client, folder)
    (journal,) = folder.glob("*.jsonl")
    journal.unlink()
    again = opened(first.plan, client, folder)
    assert "That journal is gone" in again.notice
    assert "proceed" not in buttons(again)
    again.proceed()
    assert again.stage == "review"
    assert len(sandbox.ledger) == 3


def test_a_damaged_journal_keeps_the_plan_from_being_started(client, sandbox, folder):
    first = carried_out(nt.plan_activation(client, WISH), client, folder)
    (journal,) = folder.glob("*.jsonl")
    journal.write_bytes(journal.read_bytes().replace(b"activated", b"refused!!"))
    again = opened(first.plan, client, folder)
    assert "damaged, cut or edited" in again.notice
    assert "proceed" not in buttons(again)


# -- the same wish ------------------------------------------------------------------------------------------------


def test_a_cell_that_runs_again_buys_nothing_by_itself_and_says_what_was_bought(client, sandbox, folder):
    carried_out(WISH, client, folder)
    again = asked(WISH, client, folder)
    assert "A wish like this was carried out on 2026-03-02 09:00 UTC: 3 of 3 activated" in seen(again)
    again.confirm()
    assert again.stage == "confirm"
    assert "needs your tick" in again.notice
    assert again._view.ticks.errors == {"in_addition": "Tick this if it is what you want."}
    assert len(sandbox.ledger) == 3


def test_numbers_in_addition_take_a_tick(client, sandbox, folder):
    carried_out(WISH, client, folder)
    again = asked(WISH, client, folder)
    again._view.ticks.set_values(in_addition=["in_addition"])
    assert again.in_addition
    again.confirm()
    again.wait(PATIENCE)
    assert again.result.counts == {"activated": 3}
    assert len(sandbox.ledger) == 6


def test_an_unfinished_run_of_the_same_wish_is_offered_to_be_gone_on_with(client, sandbox, folder):
    result = stopped(WISH, client, folder)
    panel = opened(WISH, client, folder)
    assert "A wish like this was begun on 2026-03-02 09:00 UTC: 3 of 3 not tried" in seen(panel)
    assert offered(panel) == ["Resume the run of 2026-03-02 09:00 UTC"]
    panel._view.earlier_actions.click("run 0")
    assert panel.journal == str(result.journal)
    assert panel.question.startswith("Go on with 3 of 3 numbers: up to 3.60 USD now")
    panel.confirm()
    panel.wait(PATIENCE)
    assert panel.result.counts == {"activated": 3}
    assert len(sandbox.ledger) == 3


def test_resume_without_a_name_takes_the_last_unfinished_run(client, folder):
    result = stopped(WISH, client, folder)
    panel = opened("1 SE MOBILE", client, folder)
    assert "Another run of this project was begun" in seen(panel)
    panel.resume()
    assert panel.journal == str(result.journal)
    panel.back()
    panel.resume(result.journal)
    assert panel.stage == "confirm"


def test_a_wish_that_was_carried_out_by_another_panel_meanwhile_is_asked_about(client, sandbox, folder):
    first, second = asked(WISH, client, folder), asked(WISH, client, folder)
    first.confirm()
    first.wait(PATIENCE)
    second.confirm()
    second.wait(PATIENCE)
    assert second.stage == "settings"
    assert "Nothing was sent here." in second.notice
    assert len(sandbox.ledger) == 3
    second.check()
    second.wait(PATIENCE).proceed()
    second.confirm()
    assert "needs your tick" in second.notice
    second.in_addition = True
    second.confirm()
    second.wait(PATIENCE)
    assert len(sandbox.ledger) == 6


def test_panel_turns_at_once_to_the_run_of_its_wish_that_another_panel_works_on(held, gate, folder):
    first = asked(WISH, held, folder)
    first.confirm()
    until(first, gate.arrived.is_set)
    second = nt.widgets.ActivationPanel(WISH, held, journals=folder)
    until(second, lambda: "Looking on" in second._progress.label)
    assert second.journal == first.journal
    gate.open.set()
    first.wait(PATIENCE)
    second.wait(PATIENCE)
    assert second.result.counts == {"activated": 3}
    assert len(held.of.ledger) == 3
    first.close()
    second.close()


def test_runs_of_a_sandbox_that_is_gone_do_not_count(folder):
    for _ in range(2):
        with (
            nt.Sandbox(active=20, available=200, clock="manual") as sandbox,
            nt.connect(sandbox=sandbox, clock=clock_of(sandbox)) as client,
        ):
            panel = carried_out(WISH, client, folder)
            assert panel.earlier.same_wish == ()
            panel.close()


def test_a_wish_of_which_nothing_was_bought_needs_no_consent(client, sandbox, folder):
    offers = nt.available_numbers(client, "US", "LOCAL", size=1)
    plan = nt.plan_activation(client, "1 SE MOBILE")
    sandbox.remove_available(plan.numbers[0].phone_number)
    folder.mkdir()
    nt.activate(plan, journal=folder / journal_name(plan), progress=False, wait_for_orders=0)
    assert len(offers) == 1
    panel = reviewed(WISH, client, folder)
    assert panel.earlier.same_wish == ()


def test_a_damaged_journal_of_the_project_is_told(client, folder):
    carried_out(WISH, client, folder)
    (journal,) = folder.glob("*.jsonl")
    journal.write_bytes(journal.read_bytes().replace(b"activated", b"refused!!"))
    panel = opened("1 SE MOBILE", client, folder)
    assert journal.name in seen(panel)
    assert panel.stage == "settings"


# -- the same numbers ---------------------------------------------------------------------------------------------


def test_a_selection_that_was_rented_before_says_so(client, sandbox, folder):
    offers = nt.available_numbers(client, "US", "LOCAL", size=2)
    carried_out(offers, client, folder)
    again = opened(offers, client, folder)
    assert "Some of these numbers were carried out on 2026-03-02 09:00 UTC" in seen(again)
    again.check()
    again.wait(PATIENCE)
    assert "is already active in this project" in again.notice
    assert len(sandbox.ledger) == 2


def test_an_unfinished_change_of_the_same_numbers_is_offered(client, folder):
    active = nt.active_numbers(client).head(2)
    plan = nt.plan_update(active, client=client, display_name="Desk {row}")
    folder.mkdir()
    cancel = threading.Event()
    cancel.set()
    nt.carry_out(plan, journal=folder / journal_name(plan), cancel=cancel, progress=False)
    panel = opened(nt.plan_update(active, client=client, display_name="Shop {row}"), client, folder)
    assert offered(panel) == ["Resume the run of 2026-03-02 09:00 UTC"]
    panel._view.earlier_actions.click("run 0")
    assert panel.question == "Go on with 2 of 2 numbers."
    panel.confirm()
    panel.wait(PATIENCE)
    assert panel.result.counts == {"changed": 2}


def test_a_run_is_shown_without_a_client_too(client, folder, tmp_path, monkeypatch):
    result = stopped("2 US LOCAL", client, folder)
    monkeypatch.setattr("numbers_toolkit.widgets.activation_planning.open_client", lambda _project: None)
    panel = opened(result.journal, None, folder)
    assert panel.stage == "done"
    assert buttons(panel) == {}
    panel.resume()
    assert "needs a client" in panel.notice
    panel.watch()
    assert "no number whose set-up could be looked at" in panel.notice


def test_looking_at_the_numbers_takes_a_question_back(held, gate, folder):
    panel = asked("6 US LOCAL", held, folder)
    panel.confirm()
    until(panel, gate.arrived.is_set)
    panel.cancel()
    gate.open.set()
    panel.wait(PATIENCE)
    panel.resume()
    assert panel.question
    panel.watch()
    panel.wait(PATIENCE)
    assert (panel.stage, panel.question) == ("done", "")


def test_nothing_is_there_to_be_gone_on_with(client, folder):
    panel = opened(WISH, client, folder)
    panel.resume()
    assert panel.notice == "There is no unfinished run to go on with."
