"""Buying by number order: reserve, papers, submit, follow; a lost order is never sent again on suspicion."""

from __future__ import annotations

import sys
import threading
from decimal import Decimal

import pytest

import numbers_toolkit as nt
from numbers_toolkit import errors
from numbers_toolkit.activation.history import NOT_DONE
from numbers_toolkit.activation.journal import read_journal
from plans import plan_of, planned
from scripted_server import FakeClock, Reply, ScriptedServer, error

HOURS = 3600
ENTRY = {
    "endBusinessName": "Example Pty",
    "city": "Hobart",
    "country": "AU",
    "contactNumber": "+61491570006",
    "address": "1 Davey Street",
}


@pytest.fixture
def clock(sandbox):
    made = FakeClock()
    made.on_sleep = lambda: sandbox.advance(made.waits[-1])
    return made


@pytest.fixture
def client(sandbox, clock):
    with nt.connect(sandbox=sandbox, clock=clock) as connected:
        yield connected


@pytest.fixture
def papers(tmp_path):
    file = tmp_path / "statement.pdf"
    file.write_bytes(b"%PDF-1.7\nsigned\n%%EOF\n")
    return nt.Papers(data=ENTRY, attachments={"Statement": nt.Attachment(file, document_type="Passport")})


def plan(client, count=3, region="SE", kind="MOBILE", **given):
    return nt.plan_activation(client, nt.Wish(count=count, region_code=region, number_type=kind), **given)


def run(plan, tmp_path, **given):
    return nt.activate(plan, journal=tmp_path / "run.jsonl", progress=False, **given)


def resume(client, tmp_path, **given):
    return nt.resume_activation(tmp_path / "run.jsonl", client, progress=False, **given)


def sent(sandbox, operation):
    return [one for one in sandbox.requests if one.operation == operation]


def results_of_filing(tmp_path):
    lines = read_journal(tmp_path / "run.jsonl").lines
    return [line["result"] for line in lines if str(line.get("step", "")).startswith("papers ")]


def bought(sandbox):
    return sorted(charge.phone_number for charge in sandbox.ledger)


# -- all goes well ------------------------------------------------------------------------------------------------


def test_numbers_outside_the_us_are_bought_by_orders_followed_to_their_end(client, sandbox, tmp_path):
    made = plan(client, 4)
    assert {one.route for one in made.numbers} == {"order"}
    result = run(made, tmp_path)
    assert result.counts == {"activated": 4}
    assert bought(sandbox) == sorted(result.activated)
    assert {one.state for one in sandbox.orders} == {"COMPLETED"}
    assert {one.order_id for one in result.numbers} == {one.order_id for one in sandbox.orders}


def test_sums_are_those_of_the_ledger_in_its_own_currency(client, sandbox, tmp_path):
    made = plan(client, 2)
    result = run(made, tmp_path)
    code = made.numbers[0].cost.currency_code
    assert result.spent() == {code: sum(charge.total for charge in sandbox.ledger)}


def test_both_routes_in_one_plan(client, sandbox, tmp_path):
    wishes = [
        nt.Wish(count=3, region_code="US", number_type="LOCAL"),
        nt.Wish(count=2, region_code="GB", number_type="MOBILE"),
    ]
    result = run(nt.plan_activation(client, wishes), tmp_path)
    assert result.counts == {"activated": 5}
    assert len(sent(sandbox, "rent")) == 3
    assert len(sent(sandbox, "submit_order")) == 2


def test_us_local_can_be_forced_to_go_by_order(client, sandbox, tmp_path):
    assert run(plan(client, 2, "US", "LOCAL", route="order"), tmp_path).counts == {"activated": 2}
    assert not sent(sandbox, "rent")


def test_papers_are_filed_before_the_order_is_submitted(client, sandbox, tmp_path, papers):
    result = run(plan(client, 2, "AU", "MOBILE"), tmp_path, papers=papers)
    assert result.counts == {"activated": 2}
    assert len(sent(sandbox, "put_registration")) == len(sent(sandbox, "upload_attachment")) == 2
    operations = [one.operation for one in sandbox.requests]
    assert operations.index("upload_attachment") < operations.index("submit_order")


def test_papers_stay_out_of_the_journal_and_the_result(client, tmp_path, papers):
    result = run(plan(client, 1, "AU", "MOBILE"), tmp_path, papers=papers)
    text = (tmp_path / "run.jsonl").read_text() + repr(result) + result.to_frame().to_csv()
    for value in ("Example Pty", "Hobart", "1 Davey Street"):
        assert value not in text


# -- papers missing or refused ------------------------------------------------------------------------------------


def test_without_papers_nothing_is_ordered(client, sandbox, tmp_path):
    result = run(plan(client, 2, "AU", "MOBILE"), tmp_path)
    assert result.counts == {"not tried": 2}
    assert "Nothing was ordered and nothing spent." in result.numbers[0].reason
    assert "papers=" in result.numbers[0].what_to_do
    assert not sent(sandbox, "create_order")


def test_each_kind_of_number_has_requirements_of_its_own(client, sandbox, tmp_path):
    wishes = [nt.Wish(count=1, region_code=region, number_type="MOBILE") for region in ("AU", "SE")]
    made = nt.plan_activation(client, wishes)
    before = len(sent(sandbox, "lookup_requirements"))
    result = run(made, tmp_path)
    ended = {one.item.region_code: one.outcome for one in result.numbers}
    assert ended == {"AU": "not tried", "SE": "activated"}, "papers are needed in Australia, not in Sweden"
    assert len(sent(sandbox, "lookup_requirements")) == before + 2


@pytest.mark.parametrize("given", [{"city": "Hobart"}, "papers.pdf", {"AU": {"city": "Hobart"}}])
def test_papers_of_a_wrong_shape_are_refused_before_anything_is_sent(client, sandbox, tmp_path, given):
    with pytest.raises(errors.InvalidInputError, match=r"nt\.Papers.* Nothing was sent\."):
        run(plan(client, 1, "AU", "MOBILE"), tmp_path, papers=given)
    assert not sent(sandbox, "create_order")
    assert not list(tmp_path.iterdir())


def test_papers_that_come_later_finish_the_plan(client, sandbox, tmp_path, papers):
    run(plan(client, 2, "AU", "MOBILE"), tmp_path)
    assert resume(client, tmp_path, papers=papers).counts == {"activated": 2}
    assert len(sandbox.orders) == 2


def test_papers_of_the_wrong_kind_are_found_before_anything_is_sent(client, sandbox, tmp_path):
    picture = tmp_path / "statement.pdf"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n not a pdf")
    wrong = nt.Papers(data=ENTRY, attachments={"Statement": nt.Attachment(picture, document_type="Passport")})
    result = run(plan(client, 1, "AU", "MOBILE"), tmp_path, papers=wrong)
    assert result.counts == {"not tried": 1}
    assert not sent(sandbox, "create_order")


def test_a_file_that_is_still_being_taken_up_does_not_end_the_number(tmp_path, papers):
    with nt.Sandbox(active=5, available=600, clock="manual", upload_seconds=90) as server:
        clock = FakeClock()
        clock.on_sleep = lambda: server.advance(clock.waits[-1])
        with nt.connect(sandbox=server, clock=clock) as client:
            first = run(plan(client, 1, "AU", "MOBILE"), tmp_path, papers=papers)
            assert first.counts == {"not tried": 1}
            assert "still taking up the files" in first.numbers[0].reason
            server.advance(60)
            assert resume(client, tmp_path, papers=papers).counts == {"activated": 1}
        assert len(sent(server, "upload_attachment")) == 1


def test_without_the_package_that_checks_schemas_nothing_is_sent(
    client, sandbox, tmp_path, monkeypatch, papers
):
    made = plan(client, 1, "SE", "LOCAL")
    monkeypatch.setitem(sys.modules, "jsonschema", None)
    with pytest.raises(errors.MissingDependencyError, match="orders"):
        run(made, tmp_path, papers=papers)
    assert not sent(sandbox, "create_order")


def test_papers_that_no_number_of_the_plan_needs_are_named(client, sandbox, tmp_path, papers):
    given = {("AU", "MOBILE"): papers, ("AU", "LOCAL"): papers, "GB": papers, "*": papers}
    with pytest.warns(errors.PapersWarning, match="given for AU LOCAL and GB, but no number"):
        run(plan(client, 1, "AU", "MOBILE"), tmp_path, papers=given)


def test_what_a_broken_server_quotes_of_a_registration_stays_out_of_the_journal(
    client, tmp_path, papers, monkeypatch
):
    def break_down(order_id):
        raise errors.api_error(
            500, code="INTERNAL", api_message="no such street: 1 Davey Street", method="POST", path=order_id
        )

    monkeypatch.setattr(client, "submit_number_order", break_down)
    result = run(plan(client, 1, "AU", "MOBILE"), tmp_path, papers=papers)
    text = (tmp_path / "run.jsonl").read_text() + repr(result) + result.to_frame().to_csv()
    assert "no such street" in text
    assert "Davey" not in text


def test_data_that_the_api_refuses_is_told_and_can_be_corrected(client, sandbox, tmp_path, papers):
    odd = nt.Papers(data={**ENTRY, "shoeSize": "44"}, attachments=papers.attachments)
    result = run(plan(client, 1, "AU", "MOBILE"), tmp_path, papers=odd)
    assert result.counts == {"not tried": 1}
    assert "shoeSize" in result.numbers[0].reason
    assert "44" not in result.numbers[0].reason
    assert result.numbers[0].order_id == sandbox.orders[0].order_id
    assert result.numbers[0].what_to_do.startswith("Correct the papers")
    assert results_of_filing(tmp_path) == [NOT_DONE], "what may have arrived of them is not taken for filed"
    ends = result.to_frame()["order_expires_at"]
    assert ends.notna().all(), "an order that waits for its papers says until when it does"
    done = resume(client, tmp_path, papers=papers)
    assert done.counts == {"activated": 1}
    assert done.to_frame()["order_expires_at"].isna().all()
    assert len(sandbox.orders) == 1


def test_a_blocked_order_names_what_the_reviewers_want_and_goes_on_with_it(client, sandbox, tmp_path, papers):
    blocking = nt.Papers(data={**ENTRY, "city": "SANDBOX_BLOCK"}, attachments=papers.attachments)
    result = run(plan(client, 1, "AU", "MOBILE"), tmp_path, papers=blocking)
    assert result.counts == {"unknown": 1}
    assert result.numbers[0].order_state == "BLOCKED"
    assert sandbox.orders[0].notes[-1].replace("SANDBOX_BLOCK", "…") in result.numbers[0].reason
    assert "get_registration(" in result.numbers[0].reason
    assert "SANDBOX_BLOCK" not in (tmp_path / "run.jsonl").read_text()
    assert not sandbox.ledger
    assert resume(client, tmp_path, papers=papers).counts == {"activated": 1}
    assert len(sandbox.orders) == 1
    lines = read_journal(tmp_path / "run.jsonl").lines
    assert [line["step"] for line in lines if str(line.get("step", "")).startswith("submit with ")]


def test_a_rejected_order_is_refused_with_the_reviewers_reason_and_nothing_spent(
    client, sandbox, tmp_path, papers
):
    rejected = nt.Papers(data={**ENTRY, "city": "SANDBOX_REJECT"}, attachments=papers.attachments)
    result = run(plan(client, 1, "AU", "MOBILE"), tmp_path, papers=rejected)
    assert result.counts == {"refused": 1}
    assert result.numbers[0].order_state == "REJECTED"
    assert "Nothing is spent on it" in result.numbers[0].reason
    assert result.numbers[0].what_to_do == "Settle what was found wrong, and make a new plan for the number."
    assert not sandbox.ledger


# -- time ---------------------------------------------------------------------------------------------------------


def test_an_order_still_under_review_is_unknown_and_followed_later(client, sandbox, tmp_path):
    result = run(plan(client, 2), tmp_path, wait_for_orders=0)
    assert result.counts == {"unknown": 2}
    assert {one.order_state for one in result.numbers} == {"IN_REVIEW"}
    assert result.may_be_spent()
    sandbox.advance(60)
    assert resume(client, tmp_path).counts == {"activated": 2}
    assert len(sandbox.orders) == 2


def test_an_interrupt_while_orders_are_followed_leaves_them_to_be_resumed(client, sandbox, clock, tmp_path):
    made = plan(client, 2)
    pressed = []

    def press():
        if not pressed and sandbox.orders:
            pressed.append(True)
            raise KeyboardInterrupt

    clock.on_sleep = press
    result = run(made, tmp_path)
    assert result.stopped == "You interrupted the run."
    assert result.counts == {"unknown": 2}
    sandbox.advance(60)
    assert resume(client, tmp_path).counts == {"activated": 2}


def test_cancelling_while_orders_are_followed_is_heard_at_once(client, sandbox, clock, tmp_path):
    made = plan(client, 1)
    cancel = threading.Event()
    clock.on_sleep = lambda: cancel.set() if len(clock.waits) >= 4 else None
    result = run(made, tmp_path, cancel=cancel)
    assert result.stopped == "You stopped the run."
    assert result.counts == {"unknown": 1}
    assert len(clock.waits) == 4


def test_an_order_that_expired_between_two_steps_is_made_anew(client, sandbox, tmp_path):
    """The run ended after creating the order; it was resumed when the reservation had long ended."""
    made = plan(client, 1)
    sandbox.faults.add("unavailable", operation="submit_order")
    first = run(made, tmp_path)
    assert first.counts == {"not tried": 1}
    assert not sandbox.ledger
    sandbox.faults.clear()
    sandbox.advance(49 * HOURS)
    assert resume(client, tmp_path).counts == {"activated": 1}
    assert [one.state for one in sandbox.orders] == ["EXPIRED", "COMPLETED"]
    done = [
        line["step"] for line in read_journal(tmp_path / "run.jsonl").lines if line.get("result") == "done"
    ]
    assert "expired" in done
    assert len(sandbox.ledger) == 1


def test_a_price_that_the_order_shows_higher_than_planned_is_not_paid(client, sandbox, tmp_path):
    made = plan(client, 1)
    cheaper = made.numbers[0].cost
    object.__setattr__(made.numbers[0], "cost", type(cheaper)(Decimal(0), Decimal(0), cheaper.currency_code))
    result = run(made, tmp_path)
    assert result.counts == {"not tried": 1}
    assert not sent(sandbox, "submit_order")
    assert not sandbox.ledger


def test_an_order_dearer_than_the_offer_is_not_submitted(tmp_path):
    """The price of the offer was right a moment ago; the order itself says another."""
    price = {"setupPrice": {"currencyCode": "USD", "amount": "0.60"}, "paymentIntervalMonths": 1}
    offer = {**price, "monthlyPrice": {"currencyCode": "USD", "amount": "0.60"}}
    dear = {**price, "monthlyPrice": {"currencyCode": "USD", "amount": "6.00"}}
    order = {
        "idNumberOrder": "01kq4yfz8d1c3b5n7m9v2x4w6t",
        "state": "CREATED",
        "orderNumbers": [{"phoneNumber": "+13075550142", "numberPrice": dear}],
    }
    script = (
        Reply(body={"availableRegions": []}),
        error(404, "NOT_FOUND"),
        Reply(body=offer),
        Reply(body=order),
        Reply(body=order),
    )
    made = plan_of(planned(route="order"), source="server x")
    with ScriptedServer(*script) as server, server.client() as connected:
        result = nt.activate(made, connected, journal=tmp_path / "r.jsonl", progress=False)
        assert not [one for one in server.requests if one.path.endswith("/submit")]
    assert result.counts == {"not tried": 1}
    assert "0.60 -> 6.00 USD" in result.numbers[0].reason
    assert "not submitted" in result.numbers[0].reason


# -- lost answers -------------------------------------------------------------------------------------------------


def test_a_lost_order_is_unknown_unspent_and_never_sent_again(client, sandbox, tmp_path):
    made = plan(client, 1)
    sandbox.faults.add("lost_answer", times=1, operation="create_order")
    result = run(made, tmp_path)
    assert result.counts == {"unknown": 1}
    assert "not submitted" in result.numbers[0].reason
    assert "48 hours" in result.numbers[0].what_to_do
    for _ in range(3):
        assert resume(client, tmp_path, order_again=True).counts == {"unknown": 1}
    assert len(sent(sandbox, "create_order")) == 1
    assert not sandbox.ledger


def test_a_lost_order_is_made_anew_when_every_reservation_has_ended(client, sandbox, tmp_path):
    sandbox.faults.add("lost_answer", times=1, operation="create_order")
    run(plan(client, 2), tmp_path)
    sandbox.advance(48 * HOURS + 60)
    assert resume(client, tmp_path).counts == {"activated": 2}
    assert len(sandbox.ledger) == 2


def test_a_lost_order_is_recognised_by_an_id_learned_elsewhere(client, sandbox, tmp_path):
    sandbox.faults.add("lost_answer", times=1, operation="create_order")
    run(plan(client, 1), tmp_path)
    known = sandbox.orders[0].order_id
    assert resume(client, tmp_path, known_orders=known).counts == {"activated": 1}
    assert len(sent(sandbox, "create_order")) == 1


def test_an_order_that_never_arrived_is_made_anew_only_at_a_persons_word(client, sandbox, tmp_path):
    sandbox.faults.add("connection_reset", times=1, operation="create_order")
    result = run(plan(client, 1), tmp_path)
    assert result.counts == {"unknown": 1}
    assert "on offer" in result.numbers[0].reason
    assert resume(client, tmp_path).counts == {"unknown": 1}
    assert len(sent(sandbox, "create_order")) == 1
    assert resume(client, tmp_path, order_again=True).counts == {"activated": 1}
    assert len(sandbox.ledger) == 1


def test_an_order_refused_for_haste_is_sent_again(client, sandbox, tmp_path):
    """429 says that nothing was carried out."""
    sandbox.faults.add("rate_limited", times=4, operation="create_order")
    assert run(plan(client, 2), tmp_path).counts == {"activated": 2}


@pytest.mark.parametrize("fault", ["lost_answer", "connection_reset", "unavailable", "rate_limited"])
def test_a_lost_submission_is_settled_by_reading_the_order(client, sandbox, tmp_path, fault):
    sandbox.faults.add(fault, times=2, operation="submit_order")
    assert run(plan(client, 3), tmp_path).counts == {"activated": 3}
    assert len(sandbox.ledger) == 3


@pytest.mark.parametrize(
    "fault",
    [
        {"name": name, "operation": operation}
        for name in ("lost_answer", "server_error", "rate_limited")
        for operation in ("put_registration", "upload_attachment", "get_registration")
    ],
)
def test_faults_while_filing_papers_are_overcome(client, sandbox, tmp_path, papers, fault):
    sandbox.faults.add(**fault, times=2)
    assert run(plan(client, 2, "AU", "MOBILE"), tmp_path, papers=papers).counts == {"activated": 2}
    assert len(sandbox.ledger) == 2


def test_a_number_taken_before_it_could_be_ordered_is_replaced(client, sandbox, tmp_path):
    made = plan(client, 2)
    sandbox.remove_available(made.numbers[0].phone_number)
    result = run(made, tmp_path)
    assert result.counts == {"activated": 2, "taken": 1}
    assert result.as_planned


def test_a_trial_account_orders_nothing(tmp_path):
    with nt.Sandbox(active=5, available=600, clock="manual", trial_account=True) as server:
        with nt.connect(sandbox=server, clock=FakeClock()) as client:
            result = run(plan(client, 5), tmp_path, concurrency=1)
        assert not server.orders
    assert result.counts == {"refused": 1, "not tried": 4}


def test_journal_tells_the_order_id_as_soon_as_it_is_known(client, sandbox, tmp_path):
    run(plan(client, 1), tmp_path, wait_for_orders=0)
    told = [line for line in read_journal(tmp_path / "run.jsonl").lines if line.get("step") == "create_order"]
    assert told[-1]["facts"]["order_id"] == sandbox.orders[0].order_id


def test_dry_run_of_orders_looks_up_the_requirements_and_orders_nothing(client, sandbox, tmp_path, papers):
    made = plan(client, 1, "AU", "MOBILE")
    without = run(made, tmp_path, dry_run=True)
    assert not without.as_planned
    assert run(made, tmp_path, dry_run=True, papers=papers).as_planned
    assert not sandbox.orders


def test_an_order_that_the_api_does_not_know_any_more_is_told(client, sandbox, tmp_path):
    run(plan(client, 1), tmp_path, wait_for_orders=0)
    sandbox.faults.add("odd_values", operation="get_order")
    assert resume(client, tmp_path, wait_for_orders=0).counts["unknown"] == 1


def test_known_orders_that_do_not_exist_are_told(client, sandbox, tmp_path):
    sandbox.faults.add("lost_answer", times=1, operation="create_order")
    run(plan(client, 1), tmp_path)
    result = resume(client, tmp_path, known_orders=["01kq4yfz8d1c3b5n7m9v2x4w6t"])
    assert result.counts == {"unknown": 1}
    assert "01kq4yfz8d1c3b5n7m9v2x4w6t" in result.numbers[0].reason
