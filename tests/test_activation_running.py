"""Running a plan: each number bought once, each with exactly one outcome, whatever the API does meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from decimal import Decimal

import pytest

import numbers_toolkit as nt
from numbers_toolkit import errors
from numbers_toolkit.activation import journal as journals
from numbers_toolkit.activation.costs import Cost
from numbers_toolkit.activation.journal import read_journal
from plans import plan_of, planned
from scripted_server import FakeClock, Reply, ScriptedServer, error

CHANGING = ("rent", "create_order", "submit_order")


@pytest.fixture
def clock(sandbox):
    """A clock that moves the sandbox's whenever the toolkit waits."""
    made = FakeClock()
    made.on_sleep = lambda: sandbox.advance(made.waits[-1])
    return made


@pytest.fixture
def client(sandbox, clock):
    with nt.connect(sandbox=sandbox, clock=clock) as connected:
        yield connected


def plan(client, count=5, **given):
    given = {"route": "auto", **given}
    return nt.plan_activation(client, nt.Wish(count=count, region_code="US", number_type="LOCAL"), **given)


def chosen(client, count=5, **given):
    offers = nt.available_numbers(client, "US", "LOCAL", size=count)
    return nt.plan_activation(client, offers, **given)


def sent(sandbox, *operations):
    return [one for one in sandbox.requests if one.operation in (operations or CHANGING)]


def bought(sandbox):
    return sorted(charge.phone_number for charge in sandbox.ledger)


def run(plan, tmp_path, **given):
    return nt.activate(plan, journal=tmp_path / "run.jsonl", progress=False, **given)


def test_a_run_starts_without_pandas():
    code = (
        "import sys, numbers_toolkit as nt; nt.activate, nt.resume_activation, nt.load_plan, nt.connect\n"
        "assert not {'pandas', 'pyarrow', 'matplotlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# -- all goes well ------------------------------------------------------------------------------------------------


def test_every_number_is_bought_once_and_charged_as_planned(client, sandbox, tmp_path):
    made = plan(client, 12)
    result = run(made, tmp_path)
    assert result.counts == {"activated": 12}
    assert result.as_planned
    assert bought(sandbox) == sorted(result.activated)
    assert sum(charge.total for charge in sandbox.ledger) == result.spent()["USD"]
    assert len(sent(sandbox, "rent")) == 12


def test_result_is_one_row_per_number(client, tmp_path):
    frame = run(plan(client, 3), tmp_path).to_frame()
    assert frame.outcome.tolist() == ["activated"] * 3
    assert list(frame.columns) == list(nt.tables.RESULTS.names)


def test_numbers_are_configured_as_planned(client, sandbox, tmp_path):
    sandbox.add_service_plan("3d5b0c7f9e1a4d62b8f0a4c6e2d19b57")
    made = plan(
        client,
        2,
        service_plan_id="3d5b0c7f9e1a4d62b8f0a4c6e2d19b57",
        callback_url="https://hooks.example.com/n",
    )
    for number in run(made, tmp_path).activated:
        told = client.get_active_number(number)
        assert told["smsConfiguration"]["scheduledProvisioning"]["servicePlanId"].startswith("3d5b")
        assert told["callbackUrl"] == "https://hooks.example.com/n"


def test_each_intention_is_on_the_disk_before_its_request_leaves(tmp_path):
    path = tmp_path / "run.jsonl"
    seen = []
    offer = {
        "phoneNumber": "+13075550142",
        "regionCode": "US",
        "type": "LOCAL",
        "capability": ["SMS"],
        "setupPrice": {"currencyCode": "USD", "amount": "0.60"},
        "monthlyPrice": {"currencyCode": "USD", "amount": "0.60"},
        "paymentIntervalMonths": 1,
    }
    replies = (
        Reply(body={"availableRegions": []}),
        Reply(body=offer),
        Reply(body={"phoneNumber": "+13075550142"}, before=lambda: seen.append(path.read_text())),
    )
    with ScriptedServer(*replies) as server, server.client() as connected:
        result = nt.activate(plan_of(source="server x"), connected, journal=path, progress=False)
    assert result.counts == {"activated": 1}
    last = json.loads(seen[0].splitlines()[-1])
    assert (last["what"], last["number"], last["step"]) == ("intention", "+13075550142", "rent")


def test_journal_holds_no_secret(client, sandbox, tmp_path):
    run(plan(client, 2), tmp_path)
    text = (tmp_path / "run.jsonl").read_text()
    assert sandbox.key_secret not in text
    assert sandbox.key_id not in text
    assert "Bearer" not in text


def test_dry_run_sends_nothing_that_costs_and_writes_no_journal(client, sandbox, tmp_path):
    result = run(plan(client, 4), tmp_path, dry_run=True)
    assert not sent(sandbox)
    assert not (tmp_path / "run.jsonl").exists()
    assert result.as_planned
    assert result.counts == {"not tried": 4}
    assert {one.reason for one in result.numbers} == {"Would be bought by :rent."}


def test_dry_run_needs_no_journal_and_everything_else_does(client, sandbox):
    made = plan(client, 2)
    assert nt.activate(made, client, dry_run=True, progress=False).would_be() == {"bought": 2}
    with pytest.raises(errors.InvalidInputError, match=r"Name a file for the journal.*Nothing was sent"):
        nt.activate(made, client)
    assert not [one for one in sandbox.requests if one.operation == "rent"]


def test_dry_run_tells_what_stands_against_a_number(client, sandbox, tmp_path):
    made = chosen(client, 2)
    client.rent_number(made.numbers[0].phone_number)
    result = run(made, tmp_path, dry_run=True)
    assert not result.as_planned
    assert "already active" in result.numbers[0].reason


def test_dry_run_is_patient_with_an_api_that_asks_for_it(client, sandbox, clock, tmp_path):
    made = plan(client, 2)
    sandbox.faults.add("unavailable", times=9, operation="check_available")
    assert run(made, tmp_path, dry_run=True).as_planned
    assert sum(clock.waits) >= 3


# -- the API fails ------------------------------------------------------------------------------------------------


def test_a_lost_answer_is_settled_by_reading_and_nothing_is_bought_twice(client, sandbox, tmp_path):
    sandbox.faults.add("lost_answer", times=3, operation="rent")
    result = run(plan(client, 6), tmp_path)
    assert result.counts == {"activated": 6}
    assert bought(sandbox) == sorted(result.activated)
    assert len(sent(sandbox, "rent")) == 6


def test_a_request_that_was_not_carried_out_is_sent_again_after_reading(client, sandbox, tmp_path):
    sandbox.faults.add("connection_reset", times=2, operation="rent")
    result = run(plan(client, 4), tmp_path)
    assert result.counts == {"activated": 4}
    assert len(sent(sandbox, "rent")) == 6
    assert len(sandbox.ledger) == 4


@pytest.mark.parametrize(
    "fault", ["rate_limited", "server_error", "unavailable", "html_answer", "truncated_body"]
)
def test_a_storm_slows_the_run_down_and_it_finishes(client, sandbox, clock, tmp_path, fault):
    made = plan(client, 10)
    sandbox.faults.add(fault, probability=0.4)
    result = run(made, tmp_path)
    assert result.counts == {"activated": 10}
    assert bought(sandbox) == sorted(result.activated)
    assert sum(clock.waits) > 1


def test_retry_after_is_waited_for(client, sandbox, clock, tmp_path):
    made = plan(client, 1)
    sandbox.faults.add("rate_limited", times=1, operation="rent", retry_after=30)
    assert run(made, tmp_path).counts == {"activated": 1}
    assert sum(clock.waits) >= 30


def test_an_api_that_stays_away_leaves_numbers_not_tried_or_unknown_and_nothing_bought(
    client, sandbox, tmp_path
):
    made = plan(client, 3)
    sandbox.faults.add("unavailable", operation="rent")
    result = run(made, tmp_path)
    assert set(result.counts) <= {"not tried", "unknown"}
    assert not sandbox.ledger
    sandbox.faults.clear()
    again = nt.resume_activation(tmp_path / "run.jsonl", client, progress=False)
    assert again.counts == {"activated": 3}


def test_a_number_whose_state_can_not_be_read_is_unknown_until_it_can(client, sandbox, tmp_path):
    made = plan(client, 1)
    sandbox.faults.add("lost_answer", times=1, operation="rent")
    sandbox.faults.add("unavailable", operation="get_active")
    result = run(made, tmp_path)
    assert result.counts == {"unknown": 1}
    assert "could not be read" in result.numbers[0].reason
    assert result.may_be_spent() == made.costs("first_payment")
    sandbox.faults.clear()
    assert nt.resume_activation(tmp_path / "run.jsonl", client, progress=False).counts == {"activated": 1}
    assert len(sandbox.ledger) == 1


def test_a_trial_account_stops_the_run_at_once(tmp_path):
    with nt.Sandbox(active=5, available=300, clock="manual", trial_account=True) as server:
        with nt.connect(sandbox=server, clock=FakeClock()) as client:
            result = nt.activate(
                plan(client, 20), client, journal=tmp_path / "j.jsonl", concurrency=1, progress=False
            )
        assert len(sent(server, "rent")) == 1
    assert result.counts == {"refused": 1, "not tried": 19}
    assert "Trial account is not enabled" in result.stopped
    assert result.spent() == {}


def test_an_expired_token_is_renewed_and_the_request_sent_once_more(client, sandbox, tmp_path):
    made = plan(client, 2)
    sandbox.faults.add("expired_token", times=1, operation="rent")
    assert run(made, tmp_path).counts == {"activated": 2}
    assert len(sandbox.ledger) == 2


NUMBER = "+13075550142"
OFFER = {
    "phoneNumber": NUMBER,
    "setupPrice": {"currencyCode": "USD", "amount": "0.60"},
    "monthlyPrice": {"currencyCode": "USD", "amount": "0.60"},
    "paymentIntervalMonths": 1,
}
REGIONS = Reply(body={"availableRegions": []})
GONE = error(404, "NOT_FOUND")


def scripted(tmp_path, *replies):
    """One number against a server that says exactly this."""
    with ScriptedServer(REGIONS, *replies) as server, server.client() as connected:
        result = nt.activate(
            plan_of(source="server x"), connected, journal=tmp_path / "r.jsonl", progress=False
        )
        return result, [one for one in server.requests if one.method == "POST"]


def test_a_purchase_carried_out_after_it_looked_undone_is_ours(tmp_path):
    """Lost, then still on offer, then gone: the first request was only slow."""
    script = (
        Reply(body=OFFER),
        Reply(reset=True),
        GONE,
        Reply(body=OFFER),
        GONE,
        Reply(body={"phoneNumber": NUMBER}),
    )
    result, posts = scripted(tmp_path, *script)
    assert result.counts == {"activated": 1}
    assert len(posts) == 1


def test_a_second_request_that_is_refused_since_the_first_was_slow_is_ours(tmp_path):
    offer, active = Reply(body=OFFER), Reply(body={"phoneNumber": NUMBER})
    script = (offer, Reply(reset=True), GONE, offer, offer, GONE, active, active)
    result, posts = scripted(tmp_path, *script)
    assert result.counts == {"activated": 1}
    assert len(posts) == 2


def test_a_lost_number_that_is_nowhere_is_unknown_and_not_called_taken(tmp_path):
    """It would be replaced, and the slow purchase then come on top."""
    result, posts = scripted(tmp_path, Reply(body=OFFER), Reply(reset=True), GONE)
    assert result.counts == {"unknown": 1}
    assert "quarter of an hour" in result.numbers[0].what_to_do
    assert len(posts) == 1


def test_a_lost_number_that_turned_up_nowhere_in_time_is_taken(tmp_path):
    made = plan_of(source="server x")
    book = journals.Journal.create(tmp_path / "r.jsonl", made, lambda: "2026-03-02T08:30:00Z")
    book.write("intention", number=NUMBER, step="rent")
    book.close()
    with ScriptedServer(REGIONS, GONE) as server, server.client() as connected:
        result = nt.resume_activation(tmp_path / "r.jsonl", connected, progress=False)
        assert not [one for one in server.requests if one.method == "POST"]
    assert result.counts == {"taken": 1}


def test_a_page_in_place_of_an_answer_stops_the_run(tmp_path):
    result, posts = scripted(
        tmp_path, Reply(body=OFFER), Reply(302, b"", {"location": "https://login.example.com"})
    )
    assert result.counts == {"unknown": 1}
    assert "not the Numbers API" in result.stopped
    assert len(posts) == 1


def test_a_refusal_keeps_the_reason_of_the_api(tmp_path):
    violation = {"field": "a", "description": "b"}
    replies = (
        Reply(body={"availableRegions": []}),
        Reply(
            body={
                "setupPrice": {"currencyCode": "USD", "amount": "0.60"},
                "monthlyPrice": {"currencyCode": "USD", "amount": "0.60"},
                "paymentIntervalMonths": 1,
            }
        ),
        error(
            400,
            "INVALID_ARGUMENT",
            "",
            [{"type": "BadRequest", "fieldViolations": [violation]}],
        ),
        error(404, "NOT_FOUND"),
        Reply(body={"phoneNumber": "+13075550142"}),
    )
    with ScriptedServer(*replies) as server, server.client() as connected:
        result = nt.activate(
            plan_of(source="server x"), connected, journal=tmp_path / "r.jsonl", progress=False
        )
    assert result.counts == {"refused": 1}
    assert result.numbers[0].reason == "400 INVALID_ARGUMENT: a: b"


# -- the world changes --------------------------------------------------------------------------------------------


def test_a_chosen_number_that_was_taken_is_told_and_not_replaced(client, sandbox, tmp_path):
    made = chosen(client, 3)
    sandbox.remove_available(made.numbers[1].phone_number)
    result = run(made, tmp_path)
    assert result.counts == {"activated": 2, "taken": 1}
    assert not result.as_planned


def test_a_wish_gets_the_next_best_number_for_one_that_was_taken(client, sandbox, tmp_path):
    made = plan(client, 4)
    gone = made.numbers[2].phone_number
    sandbox.remove_available(gone)
    result = run(made, tmp_path)
    assert result.counts == {"activated": 4, "taken": 1}
    assert result.as_planned
    assert next(one for one in result.numbers if one.replaces == gone).outcome == "activated"
    assert len(sandbox.ledger) == 4


def test_a_replacement_beyond_the_budget_is_not_bought(client, sandbox, tmp_path):
    made = plan(client, 2)
    sandbox.remove_available(made.numbers[0].phone_number)
    for offer in client.search_available_numbers("US", "LOCAL", size=1000):
        if offer["phoneNumber"] != made.numbers[1].phone_number:
            sandbox.add_available({**offer, "monthlyPrice": {"currencyCode": "USD", "amount": "99.00"}})
    result = run(made, tmp_path)
    assert result.counts == {"activated": 1, "taken": 1}
    assert sum(charge.total for charge in sandbox.ledger) <= made.costs("first_payment")["USD"]


def test_a_price_that_rose_since_the_plan_was_made_is_not_paid(client, sandbox, tmp_path):
    made = chosen(client, 2)
    number = made.numbers[0].phone_number
    offer = client.get_available_number(number)
    sandbox.add_available({**offer, "monthlyPrice": {"currencyCode": "USD", "amount": "1.90"}})
    result = run(made, tmp_path)
    assert result.counts == {"activated": 1, "not tried": 1}
    told = next(one for one in result.numbers if one.item.phone_number == number)
    assert "price has changed" in told.reason
    assert "1.90 USD" in told.reason
    assert "Nothing was spent" in told.reason


def test_a_price_in_another_currency_is_not_paid(client, sandbox, tmp_path):
    made = chosen(client, 1)
    offer = client.get_available_number(made.numbers[0].phone_number)
    cheap = {"currencyCode": "EUR", "amount": "0.01"}
    sandbox.add_available({**offer, "setupPrice": cheap, "monthlyPrice": cheap})
    assert run(made, tmp_path).counts == {"not tried": 1}
    assert not sandbox.ledger


def test_a_number_that_is_already_ours_is_not_paid_again(client, sandbox, tmp_path):
    made = chosen(client, 2)
    client.rent_number(made.numbers[0].phone_number)
    result = run(made, tmp_path)
    assert result.counts == {"activated": 1, "not tried": 1}
    assert len(sandbox.ledger) == 2


# -- twice --------------------------------------------------------------------------------------------------------


def test_a_finished_plan_started_again_sends_nothing_and_shows_what_was_done(client, sandbox, tmp_path):
    made = plan(client, 3)
    first = run(made, tmp_path)
    with pytest.warns(errors.AlreadyDoneWarning, match="Nothing was sent now.*3 activated"):
        second = run(made, tmp_path)
    assert second.activated == first.activated
    assert len(sent(sandbox)) == 3


def test_the_same_plan_with_another_journal_is_refused(client, sandbox, tmp_path):
    made = plan(client, 3)
    run(made, tmp_path)
    again = nt.load_plan(made.save(tmp_path / "plan.json"))
    with pytest.raises(errors.PlanAlreadyStartedError, match=r"run\.jsonl.*buy twice"):
        nt.activate(again, client, journal=tmp_path / "other.jsonl", progress=False)
    assert len(sent(sandbox)) == 3
    assert not (tmp_path / "other.jsonl").exists()


def test_a_plan_whose_journal_was_deleted_is_refused(client, sandbox, tmp_path):
    made = plan(client, 2)
    run(made, tmp_path)
    (tmp_path / "run.jsonl").unlink()
    with pytest.raises(errors.PlanAlreadyStartedError, match="journal is gone"):
        run(made, tmp_path)
    assert len(sent(sandbox)) == 2


def test_a_journal_that_lost_its_end_is_refused(client, sandbox, tmp_path):
    """Whole lines are missing, so the file itself looks sound: as if the run had been killed earlier."""
    path = tmp_path / "run.jsonl"
    run(plan(client, 3), tmp_path)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:4]))
    with pytest.raises(errors.JournalError, match=r"has lost its end.*Nothing was sent now"):
        nt.resume_activation(path, client)
    assert len(sent(sandbox)) == 3


def test_a_journal_that_was_moved_can_be_resumed(client, sandbox, tmp_path):
    made = plan(client, 3)
    sandbox.faults.add("unavailable", operation="rent")
    run(made, tmp_path)
    sandbox.faults.clear()
    moved = (tmp_path / "run.jsonl").rename(tmp_path / "moved.jsonl")
    assert nt.resume_activation(moved, client, progress=False).counts == {"activated": 3}
    assert len(sandbox.ledger) == 3


def test_a_copy_of_a_journal_is_not_resumed_beside_it(client, sandbox, tmp_path):
    made = plan(client, 3)
    sandbox.faults.add("unavailable", operation="rent")
    run(made, tmp_path)
    sandbox.faults.clear()
    (tmp_path / "copy.jsonl").write_bytes((tmp_path / "run.jsonl").read_bytes())
    with pytest.raises(errors.PlanAlreadyStartedError, match=r"run\.jsonl"):
        nt.resume_activation(tmp_path / "copy.jsonl", client)
    assert not sandbox.ledger


def test_another_plan_on_the_same_journal_is_refused(client, sandbox, tmp_path):
    run(plan(client, 2), tmp_path)
    before = (tmp_path / "run.jsonl").read_bytes()
    with pytest.raises(errors.JournalError, match=r"belongs to plan.*If this cell ran twice"):
        run(plan(client, 2), tmp_path)
    assert (tmp_path / "run.jsonl").read_bytes() == before
    assert len(sent(sandbox)) == 2


def test_a_file_that_is_no_journal_is_never_overwritten(client, sandbox, tmp_path):
    (tmp_path / "run.jsonl").write_text("phone_number\n+13075550142\n")
    with pytest.raises(errors.JournalError, match="no journal"):
        run(plan(client, 1), tmp_path)
    assert (tmp_path / "run.jsonl").read_text() == "phone_number\n+13075550142\n"
    assert not sent(sandbox)


def test_a_journal_that_another_run_holds_is_refused(client, sandbox, tmp_path):
    made = plan(client, 2)
    with journals.locked(tmp_path / "run.jsonl"):
        with pytest.raises(errors.JournalLockedError, match="Nothing was sent by this one"):
            run(made, tmp_path)
        assert not (tmp_path / "run.jsonl").exists()
    assert not sent(sandbox)


def test_two_runs_at_once_on_one_journal_buy_once(client, sandbox, tmp_path):
    made = plan(client, 8)
    outcomes = []

    def go():
        try:
            outcomes.append(run(made, tmp_path).counts)
        except errors.JournalError as fault:
            outcomes.append(type(fault))

    threads = [threading.Thread(target=go) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(sandbox.ledger) == 8
    assert {"activated": 8} in outcomes


# -- stopping -----------------------------------------------------------------------------------------------------


def test_cancel_ends_between_numbers_and_resume_does_the_rest(client, sandbox, tmp_path):
    made = plan(client, 10)
    cancel = threading.Event()

    def progress(done, total):
        if done >= 3:
            cancel.set()

    result = nt.activate(
        made, journal=tmp_path / "run.jsonl", concurrency=1, progress=progress, cancel=cancel
    )
    counts = result.counts
    assert 3 <= counts["activated"] < 10
    assert counts["activated"] + counts["not tried"] == 10
    assert result.stopped == "You stopped the run."
    assert len(sandbox.ledger) == counts["activated"]
    assert nt.resume_activation(tmp_path / "run.jsonl", client, progress=False).counts == {"activated": 10}
    assert len(sandbox.ledger) == 10


def test_an_interrupt_brings_what_is_under_way_to_its_end(client, sandbox, tmp_path):
    made = plan(client, 10)

    pressed = []

    def progress(done, total):
        if done >= 2 and not pressed:
            pressed.append(done)
            raise KeyboardInterrupt

    result = nt.activate(made, journal=tmp_path / "run.jsonl", concurrency=2, progress=progress)
    assert result.stopped == "You interrupted the run."
    assert result.counts["activated"] == len(sandbox.ledger) < 10
    assert "unknown" not in result.counts


def test_a_full_disk_stops_the_run_and_tells_what_was_spent(client, sandbox, tmp_path, monkeypatch):
    made = plan(client, 8)
    room = [17]
    write = journals._write_all

    def scarce(descriptor, data):
        room[0] -= 1
        if room[0] < 0:
            raise OSError(28, "No space left on device")
        write(descriptor, data)

    monkeypatch.setattr(journals, "_write_all", scarce)
    with pytest.raises(
        errors.JournalWriteError, match=r"No space left.*Until then: .* activated.*spent"
    ) as caught:
        run(made, tmp_path, concurrency=1)
    monkeypatch.undo()
    announced = {
        line["number"] for line in read_journal(tmp_path / "run.jsonl").lines if line["what"] == "intention"
    }
    assert set(bought(sandbox)) <= announced
    assert set(caught.value.partial.activated) <= set(bought(sandbox))
    assert nt.resume_activation(tmp_path / "run.jsonl", client, progress=False).counts == {"activated": 8}
    assert len(sandbox.ledger) == 8


def test_a_disk_that_is_full_from_the_start_spends_nothing(client, sandbox, tmp_path, monkeypatch):
    made = plan(client, 2)

    def full(descriptor, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journals, "_write_all", full)
    with pytest.raises(errors.JournalWriteError, match="stopped before spending"):
        run(made, tmp_path)
    assert not sent(sandbox)


# -- wrong places -------------------------------------------------------------------------------------------------


def test_a_plan_of_another_project_is_refused(client, sandbox, tmp_path):
    with pytest.raises(errors.PlanError, match="made for project 7f2c9a4e"):
        nt.activate(plan_of(), client, journal=tmp_path / "j.jsonl")
    assert not sent(sandbox)


def test_a_journal_of_another_project_is_refused(client, sandbox, tmp_path):
    run(plan(client, 1), tmp_path)
    with (
        nt.Sandbox(active=5, available=50, seed=8, clock="manual") as other,
        nt.connect(sandbox=other) as stranger,
    ):
        with pytest.raises(errors.PlanError, match="Connect to the plan's project"):
            nt.resume_activation(tmp_path / "run.jsonl", stranger)
        assert not sent(other)


def test_a_sandbox_plan_is_not_carried_out_anywhere_else(client, sandbox, tmp_path):
    replies = (Reply(body={"availableRegions": []}),)
    with ScriptedServer(*replies) as server, server.client() as connected:
        with pytest.raises(errors.PlanError, match="made with sandbox data"):
            nt.activate(plan_of(), connected, journal=tmp_path / "j.jsonl")
        assert {one.method for one in server.requests} == {"GET"}


def test_a_folder_or_a_missing_folder_is_no_journal(client, sandbox, tmp_path):
    made = plan(client, 1)
    with pytest.raises(errors.JournalError, match="it is a folder"):
        nt.activate(made, journal=tmp_path)
    with pytest.raises(errors.JournalError, match="folder does not exist"):
        nt.activate(made, journal=tmp_path / "missing" / "j.jsonl")
    assert not sent(sandbox)


@pytest.mark.parametrize(
    "options", [{"concurrency": 0}, {"concurrency": 2.5}, {"wait_for_orders": -1}, {"concurrency": 64}]
)
def test_options_that_can_not_be_are_refused(client, sandbox, tmp_path, options):
    with pytest.raises(errors.InvalidInputError, match="Nothing was sent"):
        run(plan(client, 1), tmp_path, **options)


def test_a_plan_remembers_its_client_but_neither_saves_nor_compares_it(client, tmp_path):
    made = plan(client, 1)
    assert nt.load_plan(made.save(tmp_path / "p.json")) == made


def test_without_a_client_the_environment_decides(sandbox, client, tmp_path, monkeypatch):
    made = nt.load_plan(plan(client, 1).save(tmp_path / "p.json"))
    for name, value in {
        "SINCH_PROJECT_ID": sandbox.project_id,
        "SINCH_KEY_ID": sandbox.key_id,
        "SINCH_KEY_SECRET": sandbox.key_secret,
        "SINCH_NUMBERS_URL": sandbox.numbers_url,
        "SINCH_AUTH_URL": sandbox.auth_url,
    }.items():
        monkeypatch.setenv(name, value)
    client.close()
    assert run(made, tmp_path).counts == {"activated": 1}


def test_resuming_needs_no_client_while_the_project_is_connected(client, sandbox, tmp_path):
    made = plan(client, 2)
    sandbox.faults.add("unavailable", operation="rent")
    run(made, tmp_path)
    sandbox.faults.clear()
    assert nt.resume_activation(tmp_path / "run.jsonl", progress=False).counts == {"activated": 2}


def test_without_client_and_credentials_a_loaded_plan_says_what_is_missing(client, sandbox, tmp_path):
    made = nt.load_plan(plan(client, 1).save(tmp_path / "p.json"))
    client.close()
    with pytest.raises(errors.ConfigurationError):
        run(made, tmp_path)
    assert not (tmp_path / "run.jsonl").exists()


def test_read_result_tells_an_interrupted_run_without_a_client(client, tmp_path):
    made = plan_of(planned("+13075550142"), planned("+13075550143", cost=Cost(Decimal(1), Decimal(2), "USD")))
    book = journals.Journal.create(tmp_path / "j.jsonl", made, lambda: "2026-03-02T09:00:00Z")
    book.write("intention", number="+13075550143", step="rent")
    book.close()
    result = nt.read_result(tmp_path / "j.jsonl")
    assert result.counts == {"unknown": 1, "not tried": 1}
    assert result.may_be_spent() == {"USD": Decimal(3)}


def test_what_a_killed_run_had_bought_counts_as_bought(client, sandbox, tmp_path):
    """An intention without an outcome: the process ended between the two."""
    made = plan(client, 2)
    number = made.numbers[0].phone_number
    book = journals.Journal.create(tmp_path / "run.jsonl", made, lambda: "2026-03-02T09:00:00Z")
    book.write("intention", number=number, step="rent")
    book.close()
    client.rent_number(number)
    assert nt.resume_activation(tmp_path / "run.jsonl", client, progress=False).counts == {"activated": 2}
    assert len(sent(sandbox, "rent")) == 2


def test_resuming_a_finished_run_sends_nothing(client, sandbox, tmp_path):
    run(plan(client, 2), tmp_path)
    before = (tmp_path / "run.jsonl").read_bytes()
    assert nt.resume_activation(tmp_path / "run.jsonl", client).counts == {"activated": 2}
    assert (tmp_path / "run.jsonl").read_bytes() == before
    assert len(sent(sandbox)) == 2
