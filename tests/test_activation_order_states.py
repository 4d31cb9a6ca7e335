"""How the orders of a plan stand: read from the API, in words, with what to do; nothing personal in it."""

from __future__ import annotations

import pandas as pd
import pytest

import numbers_toolkit as nt
from numbers_toolkit.activation.endings import NOT_TRIED, REFUSED, TAKEN, UNKNOWN
from numbers_toolkit.activation.order_states import NEEDS_NEW_ORDER, NEEDS_PAPERS, ORDER_STATES, order_states
from numbers_toolkit.activation.result import NumberResult, Result
from plans import plan_of, planned
from scripted_server import FakeClock

SECRET = "Quillfeather Street 17"
HOURS = 3600


@pytest.fixture
def client(sandbox):
    clock = FakeClock()
    clock.on_sleep = lambda: sandbox.advance(clock.waits[-1])
    with nt.connect(sandbox=sandbox, clock=clock) as connected:
        yield connected


@pytest.fixture
def run(client, tmp_path):
    """Orders two numbers that need no papers, and leaves the orders under review."""
    plan = nt.plan_activation(client, "2 SE MOBILE")
    return nt.activate(plan, journal=tmp_path / "run.jsonl", wait_for_orders=0, progress=False)


def states(frame):
    return frame.order_state.astype(str).to_list()


def test_orders_under_review_are_waited_for(client, run):
    found = order_states(run, client)

    assert found.phone_number.to_list() == [one.item.phone_number for one in run.numbers]
    assert found.order_id.to_list() == [one.order_id for one in run.numbers]
    assert states(found) == ["IN_REVIEW"] * 2
    assert found.what_to_do.isna().all()
    assert found.reason.isna().all()
    assert {name: str(dtype) for name, dtype in found.dtypes.items()} == {
        name: str(dtype) for name, dtype in ORDER_STATES.empty().dtypes.items()
    }


def test_approved_orders_are_paid(client, run, sandbox):
    sandbox.advance(60)

    found = order_states(run, client)

    assert states(found) == ["COMPLETED"] * 2
    assert set(found.meaning) == {"Approved and paid."}


@pytest.mark.parametrize(
    ("decision", "what_to_do"),
    [
        ("REJECTED", "Settle what was found wrong, and order it anew."),
        ("BLOCKED", "Give what they ask for and go on."),
    ],
)
def test_what_the_reviewers_wrote_stands_beside_the_order(client, run, sandbox, decision, what_to_do):
    sandbox.review_order(run.numbers[0].order_id, decision, "The signature is missing.")

    found = order_states(run, client)

    assert states(found) == [decision, "IN_REVIEW"]
    assert (decision in NEEDS_PAPERS, decision in NEEDS_NEW_ORDER) == (
        decision == "BLOCKED",
        decision == "REJECTED",
    )
    assert found.reason[0] == "The signature is missing."
    assert found.what_to_do[0] == what_to_do


def test_what_was_registered_is_left_out_of_what_reviewers_write(client, run, sandbox):
    order_id = run.numbers[0].order_id
    sandbox.review_order(order_id, "BLOCKED", "Sign it.")
    client.set_registration(order_id, {"data": [{"street": SECRET}]})
    client.submit_number_order(order_id)
    sandbox.review_order(order_id, "REJECTED", f"There is no {SECRET} in this city.")

    found = order_states(run, client)

    assert found.reason[0] == "Sign it. / There is no … in this city."
    assert SECRET not in found.to_csv()


def test_a_draft_says_until_when_it_waits(client, tmp_path):
    plan = nt.plan_activation(client, "1 SE LOCAL")
    number = plan.numbers[0].phone_number
    order = client.create_number_order("SE", "LOCAL", phone_number=number)
    item = NumberResult(plan.numbers[0], NOT_TRIED, order_id=order["idNumberOrder"])

    found = order_states(Result(plan, None, (item,)), client)

    assert states(found) == ["CREATED"]
    assert found.order_expires_at[0] == pd.Timestamp(order["expireTime"])
    assert "before it ends" in found.what_to_do[0]


def test_an_expired_order_can_be_made_anew(client, sandbox):
    plan = nt.plan_activation(client, "1 SE LOCAL")
    order = client.create_number_order("SE", "LOCAL", phone_number=plan.numbers[0].phone_number)
    sandbox.advance(49 * HOURS)
    item = NumberResult(plan.numbers[0], NOT_TRIED, order_id=order["idNumberOrder"])

    found = order_states(Result(plan, None, (item,)), client)

    assert states(found) == ["EXPIRED"]
    assert "EXPIRED" in NEEDS_PAPERS
    assert "ordered anew" in found.what_to_do[0]


@pytest.mark.parametrize(
    ("outcome", "state"),
    [(NOT_TRIED, "NO_ORDER"), (UNKNOWN, "LOST"), (TAKEN, "NOT_ORDERED"), (REFUSED, "NOT_ORDERED")],
)
def test_numbers_without_an_order_stand_as_the_run_left_them(client, outcome, state):
    number = planned("+46700000001", region_code="SE", number_type="LOCAL", route="order")
    item = NumberResult(number, outcome, "why", "what to do")

    found = order_states(Result(plan_of(number), None, (item,)), client)

    assert states(found) == [state]
    assert found.reason[0] == "why"
    assert found.what_to_do[0] == ("Give the papers and go on." if state == "NO_ORDER" else "what to do")


def test_an_order_that_the_api_has_forgotten_is_told(client):
    number = planned("+46700000001", region_code="SE", number_type="LOCAL", route="order")
    item = NumberResult(number, UNKNOWN, order_id="01kq4yfz8d1c3b5n7m9v2x4w6t")

    assert states(order_states(Result(plan_of(number), None, (item,)), client)) == ["NOT_KNOWN"]


def test_numbers_that_are_rented_at_once_have_no_order(client):
    found = order_states(Result(plan_of(), None, (NumberResult(planned(), NOT_TRIED),)), client)

    assert len(found) == 0
    assert list(found.columns) == list(ORDER_STATES.names)


def test_a_state_that_is_new_is_kept(client, run, monkeypatch):
    monkeypatch.setattr(
        type(client),
        "get_number_order",
        lambda _self, order_id: {"idNumberOrder": order_id, "state": "ON_HOLD"},
    )

    found = order_states(run, client)

    assert states(found) == ["ON_HOLD"] * 2
    assert "does not know" in found.meaning[0]


def test_progress_is_told(client, run):
    told = []

    order_states(run, client, progress=lambda done, total: told.append((done, total)))

    assert told == [(1, 2), (2, 2)]
