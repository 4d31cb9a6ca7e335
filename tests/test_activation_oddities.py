"""Odd servers and odd users: nothing is lost from sight, and no outcome is claimed that is not known."""

from __future__ import annotations

import json
import os
import signal
import threading
from typing import Any

import pytest

import numbers_toolkit as nt
from numbers_toolkit import errors
from numbers_toolkit.activation import journal as journals
from numbers_toolkit.activation.history import NOT_DONE, UNKNOWN, History
from numbers_toolkit.activation.items import PlannedUpdate
from numbers_toolkit.activation.journal import Journal, read_journal
from numbers_toolkit.activation.plain import checksum
from numbers_toolkit.activation.replacing import _committed
from plans import change_plan, plan_of, planned
from scripted_server import FakeClock, Reply, ScriptedServer, error

NUMBER, OTHER = "+13075550142", "+13075550143"
ORDER = "01kq4yfz8d1c3b5n7m9v2x4w6t"
REGIONS = Reply(body={"availableRegions": []})
GONE = error(404, "NOT_FOUND")
PRICE = {
    "setupPrice": {"currencyCode": "USD", "amount": "0.60"},
    "monthlyPrice": {"currencyCode": "USD", "amount": "0.60"},
    "paymentIntervalMonths": 1,
}
OFFER = Reply(body={"phoneNumber": NUMBER, **PRICE})
ACTIVE = Reply(body={"phoneNumber": NUMBER})
ENTRY = {
    "endBusinessName": "Example Pty",
    "city": "Hobart",
    "country": "AU",
    "contactNumber": "+61491570006",
    "address": "1 Davey Street",
}


def at(_: object = None) -> str:
    return "2026-03-02T09:00:00Z"


def an_order(state: str, *numbers: str) -> Reply:
    rows = [{"phoneNumber": one, "numberPrice": PRICE} for one in numbers]
    return Reply(body={"idNumberOrder": ORDER, "state": state, "orderNumbers": rows})


def scripted(tmp_path, *replies, made=None, **given: Any):
    """Carry a plan out against a server that says exactly this."""
    with ScriptedServer(REGIONS, *replies) as server, server.client() as client:
        result = nt.activate(
            made or plan_of(source="server x"),
            client,
            journal=tmp_path / "r.jsonl",
            progress=False,
            **given,
        )
        return result, [one.path.rsplit("/", 1)[-1] for one in server.requests if one.method == "POST"]


@pytest.fixture
def clock(sandbox):
    made = FakeClock()
    made.on_sleep = lambda: sandbox.advance(made.waits[-1])
    return made


@pytest.fixture
def client(sandbox, clock):
    with nt.connect(sandbox=sandbox, clock=clock) as connected:
        yield connected


def plan(client, count=3, region="US", kind="LOCAL"):
    return nt.plan_activation(client, nt.Wish(count=count, region_code=region, number_type=kind))


# -- interrupts -----------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _interruptible():
    """What starts in a shell's background ignores interrupts, and so do its children."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


def interrupting(real, times):
    """Interrupt the main thread in the middle of what is wrapped, the first times."""

    def wrapped(*given):
        real(*given)
        if threading.current_thread() is threading.main_thread() and times[0]:
            times[0] -= 1
            signal.raise_signal(signal.SIGINT)

    return wrapped


@pytest.mark.parametrize("part", ["_write_all", "_flush"])
def test_an_interrupt_in_the_middle_of_a_line_leaves_a_sound_journal(tmp_path, monkeypatch, part):
    book = Journal.create(tmp_path / "j.jsonl", plan_of(), at)
    monkeypatch.setattr(journals, part, interrupting(getattr(journals, part), [1]))
    with pytest.raises(KeyboardInterrupt):
        book.write("ended", number=NUMBER, outcome="activated")
    book.write("finished")
    book.close()
    assert [line["what"] for line in read_journal(tmp_path / "j.jsonl").lines] == ["finished"]


def test_a_line_that_can_not_be_taken_back_after_an_interrupt_ends_the_journal(tmp_path, monkeypatch):
    """Chained to what is not there any more, the next line would make the whole journal look edited."""
    book = Journal.create(tmp_path / "j.jsonl", plan_of(), at)
    monkeypatch.setattr(journals, "_flush", interrupting(journals._flush, [1]))

    def refuse(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "ftruncate", refuse)
    with pytest.raises(KeyboardInterrupt):
        book.write("ended", number=NUMBER, outcome="activated")
    with pytest.raises(errors.JournalWriteError, match="can't be written"):
        book.write("finished")
    book.close()
    assert len(read_journal(tmp_path / "j.jsonl").lines) == 1


def test_a_run_interrupted_while_it_writes_can_be_resumed(client, sandbox, tmp_path, monkeypatch):
    made = plan(client, 8)
    path, times = tmp_path / "run.jsonl", [0]
    monkeypatch.setattr(journals, "_flush", interrupting(journals._flush, times))

    pressed = []

    def progress(done: int, _total: int | None) -> None:
        # Numbers may end several at a time, so that no single count is sure to be told.
        if done >= 3 and not pressed:
            pressed.append(done)
            times[0] = 1

    result = nt.activate(made, client, journal=path, concurrency=4, progress=progress)
    assert result.stopped == "You interrupted the run."
    assert nt.resume_activation(path, client, progress=False).counts == {"activated": 8}
    assert len(sandbox.ledger) == 8


def test_a_run_that_is_cancelled_before_it_begins_buys_nothing(client, sandbox, tmp_path):
    cancel = threading.Event()
    cancel.set()
    result = nt.activate(plan(client), client, journal=tmp_path / "j.jsonl", progress=False, cancel=cancel)
    assert result.counts == {"not tried": 3}
    assert not sandbox.ledger


def test_a_progress_function_that_fails_stops_the_run_and_the_result_is_not_lost(client, sandbox, tmp_path):
    def progress(_done: int, _total: int | None) -> None:
        raise ValueError("a fault of its own")

    result = nt.activate(plan(client, 8), client, journal=tmp_path / "j.jsonl", progress=progress)
    assert "ValueError: a fault of its own" in result.stopped
    assert 0 < result.counts["activated"] == len(sandbox.ledger) < 8
    resumed = nt.resume_activation(tmp_path / "j.jsonl", client, progress=False)
    assert resumed.counts == {"activated": 8}


# -- what a journal says --------------------------------------------------------------------------------------------


def test_an_ending_of_an_earlier_run_does_not_hide_what_was_bought_since(tmp_path):
    book = Journal.create(tmp_path / "j.jsonl", plan_of(), at)
    book.write("ended", number=NUMBER, outcome="not tried")
    book.write("intention", number=NUMBER, step="rent")
    assert nt.read_result(tmp_path / "j.jsonl").counts == {"unknown": 1}
    book.write("outcome", number=NUMBER, step="rent", result="done")
    book.close()
    assert nt.read_result(tmp_path / "j.jsonl").counts == {"activated": 1}


def test_a_result_of_a_newer_version_is_uncertain():
    lines = [
        {"what": "intention", "at": at(), "number": NUMBER, "step": "rent"},
        {"what": "outcome", "at": at(), "number": NUMBER, "step": "rent", "result": "deferred"},
    ]
    assert History(plan_of(), lines).step(NUMBER, "rent").result == UNKNOWN


def test_a_number_that_a_stopped_resumption_did_not_reach_keeps_its_standing(tmp_path):
    """It was bought by a run that was killed; nothing is said of orders that it never had."""
    book = Journal.create(tmp_path / "r.jsonl", plan_of(source="server x"), at)
    book.write("intention", number=NUMBER, step="rent")
    book.write("outcome", number=NUMBER, step="rent", result="done")
    book.close()
    cancel = threading.Event()
    cancel.set()
    with ScriptedServer(REGIONS, GONE) as server, server.client() as client:
        result = nt.resume_activation(tmp_path / "r.jsonl", client, progress=False, cancel=cancel)
    assert result.counts == {"activated": 1}


def test_a_refusal_that_is_taken_up_again_keeps_its_share_of_the_budget():
    past = History(plan_of(planned(NUMBER), planned(OTHER)))
    past.add({"what": "ended", "number": NUMBER, "outcome": "refused", "again": True})
    past.add({"what": "ended", "number": OTHER, "outcome": "refused"})
    desk: Any = type("Desk", (), {"history": past})()
    assert len(list(_committed(desk))) == 1


def test_a_number_that_is_forbidden_does_not_stand_in_the_way_of_the_others_for_ever(tmp_path):
    made = plan_of(planned(NUMBER), planned(OTHER), source="server x")
    result, _ = scripted(tmp_path, OFFER, error(403, "PERMISSION_DENIED"), made=made, concurrency=1)
    assert result.counts == {"refused": 1, "not tried": 1}
    bought = (OFFER, Reply(body={"phoneNumber": OTHER}), OFFER, error(403, "PERMISSION_DENIED"))
    with ScriptedServer(REGIONS, *bought) as server, server.client() as client:
        result = nt.resume_activation(tmp_path / "r.jsonl", client, progress=False, concurrency=1)
    assert result.activated == (OTHER,)
    assert result.with_outcome("refused") == (NUMBER,)


@pytest.mark.parametrize("name", ["a\0b", "~nobody-of-this-name/j.jsonl", "/dev/null", 5])
def test_what_is_no_name_of_an_ordinary_file_is_no_journal(client, sandbox, name):
    with pytest.raises(errors.JournalError, match=r"can't be used.*Nothing was sent"):
        nt.activate(plan(client, 1), client, journal=name, progress=False)
    with pytest.raises(errors.JournalError, match="can't be used"):
        nt.read_result(name)


# -- renting --------------------------------------------------------------------------------------------------------


def test_a_lost_purchase_whose_state_may_not_be_read_is_unknown(tmp_path):
    """The credentials were revoked between the purchase and the look."""
    result, posts = scripted(tmp_path, OFFER, Reply(reset=True), error(401, "UNAUTHENTICATED"))
    assert result.counts == {"unknown": 1}
    assert result.may_be_spent()
    assert "could not be read" in result.numbers[0].reason
    assert len(posts) == 1


def test_a_success_without_a_number_is_settled_by_reading(tmp_path):
    result, posts = scripted(tmp_path, OFFER, Reply(body={}), ACTIVE)
    assert result.counts == {"activated": 1}
    assert len(posts) == 1


def test_a_success_that_names_another_number_stops_the_run(tmp_path):
    result, posts = scripted(tmp_path, OFFER, Reply(body={"phoneNumber": OTHER}))
    assert result.counts == {"unknown": 1}
    assert f"{OTHER}. Look at the project's active numbers" in result.stopped
    assert "may have rented that one instead" in result.stopped
    assert len(posts) == 1


def test_a_number_that_is_still_shown_on_offer_though_somebody_has_it_is_taken(tmp_path):
    result, _ = scripted(tmp_path, OFFER, GONE, GONE, OFFER, GONE)
    assert result.counts == {"taken": 1}


def test_a_purchase_that_was_carried_out_while_everything_shown_lags_is_not_called_refused(tmp_path):
    looks = [one for _ in range(5) for one in (GONE, OFFER)]
    result, posts = scripted(tmp_path, OFFER, Reply(reset=True), GONE, OFFER, OFFER, *([GONE, *looks]))
    assert result.counts == {"unknown": 1}
    assert "lags behind" in result.numbers[0].reason
    assert len(posts) == 2
    with ScriptedServer(REGIONS, GONE, ACTIVE) as server, server.client() as client:
        assert nt.resume_activation(tmp_path / "r.jsonl", client, progress=False).counts == {"activated": 1}
        assert {one.method for one in server.requests} == {"GET"}


def test_a_price_without_a_currency_is_not_told_as_another_price(tmp_path):
    answer = {"phoneNumber": NUMBER, "money": {"currencyCode": None, "amount": "0.60"}}
    result, _ = scripted(tmp_path, OFFER, Reply(body=answer))
    assert result.numbers[0].reason == ""


def test_a_number_whose_price_is_not_told_any_more_is_not_bought(tmp_path):
    result, posts = scripted(tmp_path, Reply(body={"phoneNumber": NUMBER}))
    assert result.counts == {"not tried": 1}
    assert result.numbers[0].reason == "The API no longer tells its price. Nothing was spent on it."
    assert result.numbers[0].what_to_do == "Make a new plan."
    assert not posts


def test_a_lost_number_that_went_between_two_looks_is_looked_for_later(tmp_path):
    """It was on offer, so the lost request seemed not to be carried out; then it was gone, and not ours."""
    result, posts = scripted(tmp_path, OFFER, Reply(reset=True), GONE, OFFER, GONE)
    assert result.counts == {"unknown": 1}
    assert "lost" in result.numbers[0].reason
    assert "quarter of an hour" in result.numbers[0].what_to_do
    assert len(posts) == 1


def test_a_request_that_was_never_sent_is_not_looked_for(tmp_path, monkeypatch):
    """What the client itself refuses is written down as not done: a later run needs to settle nothing."""

    def refuse(_self: Any, _phone_number: str, **_given: Any) -> Any:
        raise errors.InvalidInputError("no such service plan")

    monkeypatch.setattr(nt.NumbersClient, "rent_number", refuse)
    result, _ = scripted(tmp_path, OFFER)
    assert (result.counts, result.numbers[0].reason) == ({"not tried": 1}, "no such service plan")
    content = read_journal(tmp_path / "r.jsonl")
    record = History(content.plan, content.lines).step(NUMBER, "rent")
    assert (record.result, record.message) == (NOT_DONE, "no such service plan")


# -- orders ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("numbers", [(OTHER,), (NUMBER, OTHER)])
def test_an_order_that_reserves_something_else_is_not_submitted(tmp_path, numbers):
    made = plan_of(planned(route="order"), source="server x")
    result, posts = scripted(tmp_path, GONE, OFFER, an_order("CREATED", *numbers), made=made)
    assert result.counts == {"not tried": 1}
    assert OTHER in result.numbers[0].reason
    assert "submit" not in posts


def test_an_order_that_the_api_will_not_submit_says_how_to_go_on_with_it(tmp_path):
    made = plan_of(planned(route="order"), source="server x")
    created = an_order("CREATED", NUMBER)
    refusal = error(400, "FAILED_PRECONDITION", "registration is incomplete")
    result, posts = scripted(tmp_path, GONE, OFFER, created, created, refusal, created, made=made)
    (number,) = result.numbers
    assert (number.outcome, number.order_id) == ("refused", ORDER)
    assert "registration is incomplete" in number.reason
    assert "The order was not submitted" in number.reason
    assert number.what_to_do.startswith("Complete what the API asks for and go on with resume_activation(")
    assert posts.count("submit") == 1


def test_an_order_that_expires_under_review_again_and_again_is_given_up_for_now(tmp_path):
    def order(turn: int, state: str) -> Reply:
        reply = an_order(state, NUMBER)
        return Reply(body={**reply.body, "idNumberOrder": f"{ORDER[:-1]}{turn}"})

    rounds = []
    for turn in range(3):
        made, ended = order(turn, "CREATED"), order(turn, "EXPIRED")
        rounds += [OFFER, made, made, order(turn, "IN_REVIEW"), ended]
        # The next round reads how the former order stands, before papers and before a new one.
        rounds += [ended, ended] if turn < 2 else []
    made = plan_of(planned(route="order"), source="server x")
    result, posts = scripted(tmp_path, GONE, *rounds, made=made)
    (number,) = result.numbers
    assert (number.outcome, number.order_state, number.order_id) == ("not tried", "EXPIRED", f"{ORDER[:-1]}2")
    assert "has expired, like those before it. Nothing is spent on it." in number.reason
    assert number.what_to_do.startswith("Go on with resume_activation")
    assert posts.count("submit") == 3


def test_a_submitted_order_needs_no_papers_to_be_followed(client, sandbox, tmp_path):
    file = tmp_path / "statement.pdf"
    file.write_bytes(b"%PDF-1.7\nsigned\n%%EOF\n")
    papers = nt.Papers(data=ENTRY, attachments={"Statement": nt.Attachment(file, document_type="Passport")})
    made, path = plan(client, 1, "AU", "MOBILE"), tmp_path / "run.jsonl"
    nt.activate(made, client, journal=path, progress=False, papers=papers, wait_for_orders=0)
    again = nt.resume_activation(path, client, progress=False, wait_for_orders=0)
    assert again.counts == {"unknown": 1}
    assert again.may_be_spent()
    sandbox.advance(600)
    assert nt.resume_activation(path, client, progress=False).counts == {"activated": 1}


def test_orders_that_can_not_be_read_are_unknown_and_soon_given_up(client, sandbox, clock, tmp_path):
    made, path = plan(client, 15, "SE", "MOBILE"), tmp_path / "run.jsonl"
    nt.activate(made, client, journal=path, progress=False, wait_for_orders=0)
    sandbox.faults.add("unavailable", operation="get_order")
    before = clock.seconds
    result = nt.resume_activation(path, client, progress=False)
    assert result.counts == {"unknown": 15}
    assert all(one.order_id for one in result.numbers)
    assert len(result.may_be_spent()) == 1
    assert clock.seconds - before < 1800
    sandbox.faults.clear()
    assert nt.resume_activation(path, client, progress=False).counts == {"activated": 15}


def test_a_submitted_order_that_the_api_has_forgotten_is_unknown_unless_its_number_is_active(tmp_path):
    made = plan_of(planned(route="order"), source="server x")
    review = an_order("IN_REVIEW", NUMBER)
    script = (GONE, OFFER, an_order("CREATED", NUMBER), an_order("CREATED", NUMBER), review, GONE)
    result, _ = scripted(tmp_path, *script, made=made)
    assert result.counts == {"unknown": 1}
    assert result.numbers[0].order_id == ORDER
    book_size = (tmp_path / "r.jsonl").stat().st_size
    with ScriptedServer(REGIONS, GONE, GONE, ACTIVE) as server, server.client() as client:
        resumed = nt.resume_activation(tmp_path / "r.jsonl", client, progress=False)
    assert resumed.counts == {"activated": 1}
    assert (tmp_path / "r.jsonl").stat().st_size > book_size


def test_papers_filed_for_a_blocked_order_are_submitted_after_a_crash_between_the_two(
    client, sandbox, tmp_path, monkeypatch
):
    file = tmp_path / "statement.pdf"
    file.write_bytes(b"%PDF-1.7\nsigned\n%%EOF\n")
    attachments = {"Statement": nt.Attachment(file, document_type="Passport")}
    blocked = nt.Papers(data={**ENTRY, "city": "SANDBOX_BLOCK"}, attachments=attachments)
    path = tmp_path / "run.jsonl"
    nt.activate(plan(client, 1, "AU", "MOBILE"), client, journal=path, progress=False, papers=blocked)
    write = Journal.write

    def dying(self: Journal, what: str, **facts: Any) -> Any:
        if what == "intention":
            raise OSError("killed")
        return write(self, what, **facts)

    monkeypatch.setattr(Journal, "write", dying)
    good = nt.Papers(data=ENTRY, attachments=attachments)
    with pytest.raises(OSError, match="killed"):
        nt.resume_activation(path, client, progress=False, papers=good)
    monkeypatch.undo()
    assert nt.resume_activation(path, client, progress=False, papers=good).counts == {"activated": 1}


def test_a_refused_submission_does_not_bring_what_was_registered_into_the_journal(client, sandbox, tmp_path):
    file = tmp_path / "statement.pdf"
    file.write_bytes(b"%PDF-1.7\nsigned\n%%EOF\n")
    papers = nt.Papers(data=ENTRY, attachments={"Statement": nt.Attachment(file, document_type="Passport")})
    submit = client.submit_number_order

    def refusing(order_id: str) -> Any:
        message = "1 Davey Street is not known"
        detail = {"fieldViolations": [{"field": "address", "description": message}]}
        raise errors.BadRequestError(message, status=400, api_message=message, details=(detail,))

    client.submit_number_order = refusing
    path = tmp_path / "run.jsonl"
    result = nt.activate(plan(client, 1, "AU", "MOBILE"), client, journal=path, progress=False, papers=papers)
    assert result.counts == {"refused": 1}
    assert "is not known" in result.numbers[0].reason
    assert "Davey" not in path.read_text() + repr(result)
    client.submit_number_order = submit
    resumed = nt.resume_activation(path, client, progress=False, papers=papers)
    assert resumed.counts == {"activated": 1}


def test_one_wrong_id_among_known_orders_does_not_hide_the_right_one(client, sandbox, tmp_path):
    sandbox.faults.add("lost_answer", times=1, operation="create_order")
    path = tmp_path / "run.jsonl"
    nt.activate(plan(client, 1, "SE", "MOBILE"), client, journal=path, progress=False)
    known = [ORDER, sandbox.orders[0].order_id]
    result = nt.resume_activation(path, client, progress=False, known_orders=known)
    assert result.counts == {"activated": 1}


# -- changes --------------------------------------------------------------------------------------------------------


def test_a_missing_service_plan_is_not_told_as_a_missing_number(tmp_path):
    item = PlannedUpdate(phone_number=NUMBER, changes={"service_plan_id": "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57"})
    missing = error(404, "NOT_FOUND", "no such service plan")
    with ScriptedServer(REGIONS, missing, ACTIVE) as server, server.client() as client:
        made = change_plan(item, source="server x")
        result = nt.carry_out(made, client, journal=tmp_path / "j.jsonl", progress=False)
    assert result.counts == {"refused": 1}
    assert "no such service plan" in result.numbers[0].reason


# -- plans ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "edit",
    [
        {"plan_id": "../../evil"},
        {"plan_id": ""},
        {"max_monthly": {"USD": "NaN"}},
        {"max_setup": {"USD": "lots"}},
    ],
)
def test_a_made_up_plan_with_a_fitting_checksum_is_still_refused(tmp_path, edit):
    content = {**plan_of().content(), **edit}
    content["check"] = checksum({name: one for name, one in content.items() if name != "check"})
    (tmp_path / "plan.json").write_text(json.dumps(content))
    with pytest.raises(errors.PlanError, match="Nothing was sent"):
        nt.load_plan(tmp_path / "plan.json")
