"""Faults strike the operations on orders too; what was carried out and what was not."""

from __future__ import annotations

import pytest
import requests

from numbers_toolkit.sandbox import Sandbox
from order_helpers import AUSTRALIAN, create, look_up, order_number, order_of, register, submit, upload
from sandbox_helpers import Caller

STATEMENT = "01kq4ye5f2g7h9j1k3m6n8p0qr"


@pytest.fixture
def caller():
    with Sandbox(active=0, available=600, clock="manual") as sandbox, Caller(sandbox) as caller:
        yield caller
        assert sandbox.internal_errors == []


def steps(caller, order):
    """Every operation on orders by its name, the order ready for each."""
    wish = {"requestedQuantity": 1}
    return {
        "lookup_requirements": lambda: look_up(caller, "AU", "MOBILE"),
        "create_order": lambda: create(
            caller, regionCode="AU", numberType="MOBILE", quantityOrderOption=wish
        ),
        "get_order": lambda: order_of(caller, order),
        "put_registration": lambda: register(caller, order, **AUSTRALIAN),
        "get_registration": lambda: order_of(caller, order, "/registration"),
        "upload_attachment": lambda: upload(caller, order, STATEMENT),
        "submit_order": lambda: submit(caller, order),
    }


OPERATIONS = tuple(steps(None, None))


def carried_out(caller):
    """What each changing operation leaves behind."""
    orders = caller.sandbox.orders
    details = caller.sandbox.available_count, len(orders), orders[0].state, orders[0].attachment_ids
    return details, order_of(caller, {"idNumberOrder": orders[0].order_id}, "/registration").json()


def ready(caller, operation):
    order = order_number(caller, "AU")
    if operation == "submit_order":
        register(caller, order, **AUSTRALIAN)
        upload(caller, order, STATEMENT)
    return steps(caller, order)[operation]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    ("fault", "status"),
    [("rate_limited", 429), ("server_error", 500), ("unavailable", 503), ("html_answer", 502),
     ("expired_token", 401)],
)  # fmt: skip
def test_refusing_fault_carries_nothing_out(caller, operation, fault, status):
    call = ready(caller, operation)
    before = carried_out(caller)
    caller.sandbox.faults.add(fault, operation=operation, times=1)

    assert call().status_code == status
    assert carried_out(caller) == before
    assert call().status_code == 200


@pytest.mark.parametrize("operation", OPERATIONS)
def test_connection_reset_carries_nothing_out(caller, operation):
    call = ready(caller, operation)
    before = carried_out(caller)
    caller.sandbox.faults.add("connection_reset", operation=operation, times=1)
    with pytest.raises(requests.exceptions.ConnectionError):
        call()

    assert caller.sandbox.requests[-1].status is None
    assert carried_out(caller) == before


@pytest.mark.parametrize(
    ("operation", "fault"),
    [(operation, fault)
     for operation in ("create_order", "put_registration", "upload_attachment", "submit_order")
     for fault in ("lost_answer", "truncated_body")
     if (operation, fault) != ("upload_attachment", "truncated_body")],
)  # fmt: skip
def test_lost_or_cut_answer_is_carried_out(caller, operation, fault):
    call = ready(caller, operation)
    before = carried_out(caller)
    caller.sandbox.faults.add(fault, operation=operation, times=1)
    with pytest.raises(requests.exceptions.RequestException):
        call()

    assert carried_out(caller) != before


def test_answer_without_a_body_cannot_be_cut(caller):
    call = ready(caller, "upload_attachment")
    caller.sandbox.faults.add("truncated_body", operation="upload_attachment", times=1)

    assert call().status_code == 200
    assert caller.sandbox.orders[0].attachment_ids == (STATEMENT,)


def test_order_whose_answer_was_lost_holds_its_number(caller):
    number = caller.on_offer(0, "SE", "MOBILE")
    caller.sandbox.faults.add("lost_answer", operation="create_order", times=1)
    with pytest.raises(requests.exceptions.ConnectionError):
        order_number(caller)

    (order,) = caller.sandbox.orders
    assert (order.phone_numbers, order.state) == ((number,), "CREATED")
    assert caller.get(f"availableNumbers/{number}").status_code == 404


def test_faults_of_lists_and_odd_values_leave_orders_alone(caller):
    for fault in (
        "odd_values",
        "wrong_total",
        "duplicate_number",
        "repeated_page_token",
        "changing_inventory",
    ):
        caller.sandbox.faults.add(fault)
    order = order_number(caller)

    assert order_of(caller, order).json() == order


def test_fault_can_be_narrowed_to_one_order(caller):
    first, second = (order_number(caller) for _ in range(2))
    caller.sandbox.faults.add("server_error", path=first["idNumberOrder"])

    assert [order_of(caller, order).status_code for order in (first, second)] == [500, 200]


def test_orders_need_credentials_and_the_right_project(caller):
    order = order_number(caller)
    path = f"numberOrders/{order['idNumberOrder']}"
    nobody = requests.get(f"{caller.base}/{path}", timeout=30)
    stranger = caller.session.get(f"{caller.sandbox.numbers_url}/v1/projects/other/{path}", timeout=30)

    assert (nobody.status_code, stranger.status_code) == (401, 403)
