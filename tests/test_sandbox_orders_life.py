"""The states of an order: submitted, reviewed, decided, blocked, expired; by the clock, by its data, by hand."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from numbers_toolkit.sandbox import PlacedOrder, Sandbox
from order_helpers import (
    AUSTRALIAN,
    GERMAN,
    create,
    look_up,
    order_number,
    order_of,
    register,
    submit,
    upload,
    violations,
)
from sandbox_helpers import Caller, violation

PLAN = "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57"
STATEMENT = "01kq4ye5f2g7h9j1k3m6n8p0qr"
HOOK = "https://hooks.example.com/orders"


@pytest.fixture
def caller():
    with Sandbox(active=0, available=1000, clock="manual") as sandbox, Caller(sandbox) as caller:
        yield caller
        assert sandbox.internal_errors == []


def state_of(caller, order):
    return order_of(caller, order).json()["state"]


def number_of(order):
    return order["orderNumbers"][0]["phoneNumber"]


def notes_of(caller, order):
    return [note["message"] for note in order_of(caller, order, "/registration").json()["logs"]]


def is_on_offer(caller, order):
    return caller.get(f"availableNumbers/{number_of(order)}").status_code == 200


def test_submitted_order_is_reviewed_and_completes(caller):
    order = order_number(caller)
    caller.sandbox.advance(60)
    submitted = submit(caller, order)
    caller.sandbox.advance(2.999)
    before = order_of(caller, order).json()
    caller.sandbox.advance(0.001)
    after = order_of(caller, order).json()

    at_submission = {"state": "IN_REVIEW", "updateTime": "2026-03-02T09:01:00.000000Z"}
    assert submitted.status_code == 200
    assert submitted.json() == before == order | at_submission
    assert after == order | {
        "state": "COMPLETED",
        "updateTime": "2026-03-02T09:01:03.000000Z",
        "expireTime": None,
    }
    assert notes_of(caller, order) == []


def test_completed_numbers_become_active_with_their_jobs(caller):
    order = order_number(
        caller,
        "SE",
        "MOBILE",
        smsConfiguration={"servicePlanId": PLAN},
        callbackUrl=HOOK,
    )
    assert caller.sandbox.active_count == 0
    submit(caller, order)
    caller.sandbox.advance(3)
    number = caller.number(number_of(order))
    caller.sandbox.advance(7)

    assert number["smsConfiguration"] == {
        "servicePlanId": "",
        "scheduledProvisioning": {
            "servicePlanId": PLAN,
            "campaignId": "",
            "status": "WAITING",
            "lastUpdatedTime": "2026-03-02T09:00:03.000000Z",
            "errorCodes": [],
        },
        "campaignId": "",
    }
    assert (number["callbackUrl"], number["displayName"]) == (HOOK, "")
    assert number["money"] == {"currencyCode": "SEK", "amount": "24.00"}
    assert number["nextChargeDate"] == "2026-04-02T09:00:03.000000Z"
    assert caller.number(number_of(order))["smsConfiguration"]["servicePlanId"] == PLAN
    assert not is_on_offer(caller, order)


def test_long_jump_of_the_clock_does_everything_in_its_time(caller):
    order = order_number(
        caller, "US", "LOCAL",
        smsConfiguration={"servicePlanId": PLAN, "campaignId": "SANDBOX_NUMBER_POOL"},
        voiceConfiguration={"type": "EST", "trunkId": "trunk"},
    )  # fmt: skip
    submit(caller, order)
    caller.sandbox.advance(timedelta(days=40))
    number = caller.number(number_of(order))

    assert number["smsConfiguration"]["campaignId"] == "SANDBOX_NUMBER_POOL"
    assert (number["voiceConfiguration"]["type"], number["voiceConfiguration"]["trunkId"]) == ("EST", "trunk")
    assert number["voiceConfiguration"]["lastUpdatedTime"] == "2026-03-02T09:00:10.000000Z"
    assert number["nextChargeDate"] == "2026-05-02T09:00:03.000000Z"
    (charge,) = caller.sandbox.ledger
    assert charge.at.isoformat() == "2026-03-02T09:00:03+00:00"
    assert state_of(caller, order) == "COMPLETED"


def test_what_a_long_jump_brings_about_is_told_in_its_order(caller):
    done = order_number(caller, smsConfiguration={"servicePlanId": PLAN}, callbackUrl=HOOK)
    left = order_number(caller, callbackUrl=HOOK)
    submit(caller, done)
    caller.sandbox.advance(timedelta(days=3))

    events = [logged.event for logged in caller.sandbox.events]
    assert [(event["resourceId"], event["eventType"], event["status"]) for event in events] == [
        (done["idNumberOrder"], "NUMBER_ORDER_PROCESSING", "IN_REVIEW"),
        (done["idNumberOrder"], "NUMBER_ORDER_PROCESSING", "COMPLETED"),
        (number_of(done), "PROVISIONING_TO_SMS_PLATFORM", "SUCCEEDED"),
        (left["idNumberOrder"], "NUMBER_ORDER_PROCESSING", "EXPIRED"),
    ]


def test_all_numbers_of_a_quantity_become_active(caller):
    order = create(
        caller, regionCode="NL", numberType="MOBILE", quantityOrderOption={"requestedQuantity": 4}
    ).json()
    submit(caller, order)
    caller.sandbox.advance(3)

    wanted = {each["phoneNumber"] for each in order["orderNumbers"]}
    assert {each["phoneNumber"] for each in caller.numbers()} == wanted
    assert {charge.phone_number for charge in caller.sandbox.ledger} == wanted


@pytest.mark.parametrize("options", [{}, {"json": {}}, {"data": b" "}, {"json": {"anything": 1}}], ids=str)
def test_submission_takes_any_body_or_none(caller, options):
    assert submit(caller, order_number(caller), **options).json()["state"] == "IN_REVIEW"


def test_submission_with_invalid_json_is_refused(caller):
    order = order_number(caller)

    assert submit(caller, order, data=b"{").status_code == 400
    assert state_of(caller, order) == "CREATED"


def test_review_without_a_wait_ends_at_the_next_look():
    with (
        Sandbox(active=0, available=300, clock="manual", review_seconds=0) as sandbox,
        Caller(sandbox) as caller,
    ):
        order = order_number(caller)

        assert submit(caller, order).json()["state"] == "IN_REVIEW"
        assert state_of(caller, order) == "COMPLETED"


def test_order_with_papers_needs_registration_and_mandatory_attachments(caller):
    order = order_number(caller, "DE")
    register_id, attorney_id = [each["id"] for each in look_up(caller, "DE", "MOBILE").json()["attachments"]]
    nothing = violations(submit(caller, order))
    register(caller, order, **GERMAN)
    upload(caller, order, attorney_id, document_type=None)
    only_optional = violations(submit(caller, order))
    upload(caller, order, register_id, document_type="Register extract")
    answer = submit(caller, order)

    paper = {f"attachments.{register_id}": "Business registration: mandatory, but not uploaded"}
    assert nothing == {
        "registration.requestDetails": "must be written before the order is submitted",
        **paper,
    }
    assert only_optional == paper
    assert answer.json()["state"] == "IN_REVIEW"


def test_unsubmitted_order_expires_and_its_numbers_return(caller):
    order = order_number(caller)
    offered = caller.sandbox.available_count
    caller.sandbox.advance(timedelta(hours=48, microseconds=-1))
    last = state_of(caller, order)
    caller.sandbox.advance(timedelta(microseconds=1))

    assert last == "CREATED"
    assert order_of(caller, order).json() == order | {"state": "EXPIRED", "updateTime": order["expireTime"]}
    assert caller.sandbox.available_count == offered + 1
    assert caller.get(f"availableNumbers/{number_of(order)}").json()["phoneNumber"] == number_of(order)
    assert (caller.sandbox.ledger, caller.sandbox.active_count) == ((), 0)
    refused = violations(submit(caller, order))
    assert refused == {"state": "the order is EXPIRED; it must be CREATED or BLOCKED"}


def test_returned_number_is_offered_as_before_and_can_be_ordered_again(caller):
    number = caller.on_offer(0, "SE", "MOBILE")
    before = caller.get(f"availableNumbers/{number}").text
    order_number(caller)
    caller.sandbox.advance(timedelta(days=3))

    assert caller.get(f"availableNumbers/{number}").text == before
    assert number_of(order_number(caller)) == number
    assert [order.state for order in caller.sandbox.orders] == ["EXPIRED", "CREATED"]


def test_submitted_order_does_not_expire(caller):
    order = order_number(caller)
    caller.sandbox.advance(timedelta(hours=48, seconds=-1))
    submit(caller, order)
    caller.sandbox.advance(60)

    assert state_of(caller, order) == "COMPLETED"


def test_data_can_ask_for_a_refusal(caller):
    order = order_number(caller, "AU")
    register(caller, order, **(AUSTRALIAN | {"endBusinessName": "SANDBOX_REJECT Ltd"}))
    upload(caller, order, STATEMENT)
    submit(caller, order)
    offered = caller.sandbox.available_count
    caller.sandbox.advance(3)

    assert order_of(caller, order).json()["state"] == "REJECTED"
    assert order_of(caller, order).json()["expireTime"] is None
    assert notes_of(caller, order) == ["The request was refused: its data contains SANDBOX_REJECT."]
    assert (caller.sandbox.available_count, is_on_offer(caller, order)) == (offered + 1, True)
    assert (caller.sandbox.ledger, caller.sandbox.active_count) == ((), 0)


def test_blocked_order_completes_after_a_new_registration(caller):
    order = order_number(caller, "AU")
    register(caller, order, **(AUSTRALIAN | {"city": "SANDBOX_BLOCK"}))
    upload(caller, order, STATEMENT)
    submit(caller, order)
    caller.sandbox.advance(3)
    blocked = order_of(caller, order).json()
    (note,) = order_of(caller, order, "/registration").json()["logs"]
    held = is_on_offer(caller, order)
    register(caller, order, **AUSTRALIAN)
    again = submit(caller, order).json()
    caller.sandbox.advance(3)

    assert (blocked["state"], blocked["expireTime"]) == ("BLOCKED", "2026-03-04T09:00:03.000000Z")
    assert note == {
        "message": "Please correct the data and submit the order again: it contains SANDBOX_BLOCK.",
        "createTime": "2026-03-02T09:00:03.000000Z",
    }
    assert held is False
    assert again["state"] == "IN_REVIEW"
    assert state_of(caller, order) == "COMPLETED"
    assert len(notes_of(caller, order)) == 1
    assert caller.sandbox.active_count == 1


def test_blocked_order_without_a_new_registration_is_blocked_again(caller):
    order = order_number(caller)
    register(caller, order, remark="SANDBOX_BLOCK")
    for turn in (1, 2):
        submit(caller, order)
        caller.sandbox.advance(3)
        assert (state_of(caller, order), len(notes_of(caller, order))) == ("BLOCKED", turn)


def test_blocked_order_expires_like_a_new_one(caller):
    order = order_number(caller)
    register(caller, order, remark="SANDBOX_BLOCK")
    submit(caller, order)
    caller.sandbox.advance(timedelta(hours=48))
    still = state_of(caller, order)
    caller.sandbox.advance(3)

    assert still == "BLOCKED"
    assert (state_of(caller, order), is_on_offer(caller, order)) == ("EXPIRED", True)


@pytest.mark.parametrize("region", ["SE", "AU"])
@pytest.mark.parametrize(
    ("state", "returned"), [("REJECTED", True), ("BLOCKED", False), ("COMPLETED", False)]
)
def test_running_review_is_decided_by_hand_at_once(caller, region, state, returned):
    order = order_number(caller, region)
    if region == "AU":
        register(caller, order, **AUSTRALIAN)
        upload(caller, order, STATEMENT)
    submit(caller, order)
    assert caller.sandbox.active_count == 0
    caller.sandbox.review_order(order["idNumberOrder"], state, "A reviewer's note.")

    assert state_of(caller, order) == state
    assert notes_of(caller, order) == ["A reviewer's note."]
    assert is_on_offer(caller, order) is returned
    assert len(caller.sandbox.ledger) == caller.sandbox.active_count == (state == "COMPLETED")


def test_next_review_is_decided_beforehand_and_once(caller):
    order = order_number(caller)
    caller.sandbox.review_order(order["idNumberOrder"], "BLOCKED", "Please add a contact number.")
    submit(caller, order)
    first = state_of(caller, order)
    caller.sandbox.advance(3)
    second = state_of(caller, order)
    submit(caller, order)
    caller.sandbox.advance(3)

    assert (first, second, state_of(caller, order)) == ("IN_REVIEW", "BLOCKED", "COMPLETED")
    assert notes_of(caller, order) == ["Please add a contact number."]


def test_review_cannot_be_decided_otherwise(caller):
    order = order_number(caller)
    with pytest.raises(ValueError, match="not 'EXPIRED'"):
        caller.sandbox.review_order(order["idNumberOrder"], "EXPIRED")
    with pytest.raises(KeyError, match="no order 01kq4none"):
        caller.sandbox.review_order("01kq4none", "COMPLETED")
    caller.sandbox.advance(timedelta(days=3))
    with pytest.raises(ValueError, match="is EXPIRED, which is final"):
        caller.sandbox.review_order(order["idNumberOrder"], "COMPLETED")


def test_order_that_is_reviewed_or_decided_takes_nothing_more(caller):
    order = order_number(caller, "AU")
    register(caller, order, **AUSTRALIAN)
    upload(caller, order, STATEMENT)
    submit(caller, order)
    for state in ("IN_REVIEW", "COMPLETED"):
        for answer in (
            register(caller, order, **AUSTRALIAN),
            upload(caller, order, STATEMENT),
            submit(caller, order),
        ):
            assert violation(answer) == "state"
        assert state_of(caller, order) == state
        caller.sandbox.advance(3)
    assert len(caller.sandbox.ledger) == 1


def test_every_change_of_state_is_an_event_of_an_order_with_a_callback_url(caller):
    orders = {
        name: order_number(caller, callbackUrl=HOOK)
        for name in ("completed", "rejected", "blocked", "expired")
    }
    silent = order_number(caller)
    register(caller, orders["rejected"], remark="SANDBOX_REJECT")
    register(caller, orders["blocked"], remark="SANDBOX_BLOCK")
    for order in (orders["completed"], orders["rejected"], orders["blocked"], silent):
        submit(caller, order)
    caller.sandbox.advance(timedelta(hours=48))
    events = [logged.event for logged in caller.sandbox.events]

    told = {name: [] for name in orders}
    for event in events:
        assert (event["resourceType"], event["eventType"]) == ("NUMBER_ORDER", "NUMBER_ORDER_PROCESSING")
        (name,) = [each for each, order in orders.items() if order["idNumberOrder"] == event["resourceId"]]
        told[name].append((event["status"], event["timestamp"][:19]))
    assert told == {
        "completed": [("IN_REVIEW", "2026-03-02T09:00:00"), ("COMPLETED", "2026-03-02T09:00:03")],
        "rejected": [("IN_REVIEW", "2026-03-02T09:00:00"), ("REJECTED", "2026-03-02T09:00:03")],
        "blocked": [("IN_REVIEW", "2026-03-02T09:00:00"), ("BLOCKED", "2026-03-02T09:00:03")],
        "expired": [("EXPIRED", "2026-03-04T09:00:00")],
    }
    assert {logged.url for logged in caller.sandbox.events} == {HOOK}


def test_orders_are_shown_as_values(caller):
    order = order_number(caller, "AU", callbackUrl=HOOK)
    upload(caller, order, STATEMENT)
    (placed,) = caller.sandbox.orders

    assert placed == PlacedOrder(
        order_id=order["idNumberOrder"],
        state="CREATED",
        region_code="AU",
        number_type="MOBILE",
        phone_numbers=(number_of(order),),
        created_at=caller.sandbox.now,
        updated_at=caller.sandbox.now,
        expires_at=caller.sandbox.now + timedelta(hours=48),
        callback_url=HOOK,
        attachment_ids=(STATEMENT,),
        notes=(),
    )
    submit_all = register(caller, order, **AUSTRALIAN), submit(caller, order)
    caller.sandbox.advance(3)
    assert [answer.status_code for answer in submit_all] == [200, 200]
    assert (caller.sandbox.orders[0].state, caller.sandbox.orders[0].expires_at) == ("COMPLETED", None)


def test_state_file_keeps_orders_in_every_state(tmp_path):
    path = tmp_path / "state.sqlite"
    with (
        Sandbox(active=0, available=600, clock="manual", state=path) as sandbox,
        Caller(sandbox) as caller,
    ):
        expired = order_number(caller)
        sandbox.advance(timedelta(days=3))
        orders = [order_number(caller) for _ in range(5)]
        for order, data in zip(orders, ("", "SANDBOX_REJECT", "SANDBOX_BLOCK"), strict=False):
            register(caller, order, remark=data)
            submit(caller, order)
        sandbox.advance(3)
        submit(caller, orders[3])
        sandbox.review_order(orders[4]["idNumberOrder"], "REJECTED", "kept")
        answers = [order_of(caller, order).text for order in (expired, *orders)]
        notes = order_of(caller, orders[2], "/registration").text
        known = (sandbox.orders, sandbox.ledger, sandbox.available_count)

    with Sandbox(clock="manual", state=path) as again, Caller(again) as caller:
        assert (again.orders, again.ledger, again.available_count) == known
        assert [order_of(caller, order).text for order in (expired, *orders)] == answers
        assert order_of(caller, orders[2], "/registration").text == notes
        submit(caller, orders[4])
        again.advance(3)
        assert [order.state for order in again.orders] == [
            "EXPIRED",
            "COMPLETED",
            "REJECTED",
            "BLOCKED",
            "COMPLETED",
            "REJECTED",
        ]
        new = order_number(caller)
        assert new["idNumberOrder"] > orders[-1]["idNumberOrder"]


def test_state_from_before_orders_is_refused(tmp_path):
    path = tmp_path / "state.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        database.execute("INSERT INTO meta VALUES ('schema', '1')")
        database.commit()

    with pytest.raises(ValueError, match="not written by this version"):
        Sandbox(state=path).start()


def test_reset_forgets_orders(caller):
    first = order_number(caller)
    caller.sandbox.reset()

    assert caller.sandbox.orders == ()
    assert caller.sandbox.available_count == 1000
    assert order_of(caller, first).status_code == 404
    assert order_number(caller) == first


@pytest.mark.parametrize("colon", [":", "%3A"])
def test_operations_are_logged_by_name(caller, colon):
    number = caller.on_offer(0, "AU", "MOBILE")
    body = {"regionCode": "AU", "numberType": "MOBILE", "numberOrderOption": {"phoneNumbers": [number]}}
    caller.call("POST", f"numberOrders{colon}lookupNumberRequirements", json=body)
    order = caller.call("POST", f"numberOrders{colon}createNumberOrder", json=body).json()
    order_of(caller, order)
    register(caller, order, **AUSTRALIAN)
    order_of(caller, order, "/registration")
    upload(caller, order, STATEMENT)
    submit(caller, order)

    logged = caller.sandbox.requests[1:]
    assert [(each.operation, each.status) for each in logged] == [
        ("lookup_requirements", 200),
        ("create_order", 200),
        ("get_order", 200),
        ("put_registration", 200),
        ("get_registration", 200),
        ("upload_attachment", 200),
        ("submit_order", 200),
    ]
