"""What looks at every sandbox's answers notices what is wrong with them, and leaves alone what a test made wrong."""

from __future__ import annotations

import json

import pytest

import answers_checked
import numbers_toolkit as nt
from numbers_toolkit.sandbox import Sandbox, application, events
from numbers_toolkit.sandbox.answers import to_json
from sandbox_helpers import Caller, active_number

pytest.importorskip("jsonschema_rs")

N = "+13075550142"
LEFT_OUT = object()


@pytest.fixture
def found():
    """Take what the watch has found, so that it does not fail this test."""
    watch = answers_checked.watch()
    yield watch.take_found
    watch.take_found()


@pytest.fixture
def caller():
    with Sandbox(numbers=[active_number(N)], available=20, clock="manual") as sandbox, Caller(sandbox) as one:
        yield one


def answering(monkeypatch, operation, **changes):
    """Let an operation answer otherwise than it does, and leave fields out."""
    carry_out = application.ALL_OPERATIONS[operation]

    def changed(account, call):
        answer = json.loads(carry_out(account, call)) | changes
        return to_json({name: value for name, value in answer.items() if value is not LEFT_OUT})

    monkeypatch.setitem(application.ALL_OPERATIONS, operation, changed)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"paymentIntervalMonths": "1"}, "paymentIntervalMonths"),
        ({"futureField": 1}, "futureField"),
        ({"type": "SHORT_CODE"}, "type"),
        ({"displayName": LEFT_OUT}, "displayName"),
        ({"nextChargeDate": "2026-04-01"}, "nextChargeDate"),
    ],
)
def test_answer_that_is_not_described_is_found(caller, monkeypatch, found, changes, problem) -> None:
    number = caller.on_offer()
    answering(monkeypatch, "rent", **changes)
    caller.rent(number)

    (only,) = found()
    assert f"POST /v1/projects/{caller.sandbox.project_id}/availableNumbers/{number}:rent" in only
    assert problem in only


def test_body_where_none_is_described_is_found(caller, monkeypatch, found) -> None:
    monkeypatch.setitem(application.ALL_OPERATIONS, "deprovision_emergency_address", lambda *_: "{}")
    caller.call("POST", f"activeNumbers/{N}/emergencyAddress:deprovision")

    (only,) = found()
    assert "where none is described" in only


def test_status_that_is_not_described_is_found(caller, monkeypatch, found) -> None:
    def refused(*_):
        raise application.Refusal(413)

    monkeypatch.setitem(application.ALL_OPERATIONS, "get_active", refused)
    caller.number(N)

    (only,) = found()
    assert "status 413 is not described" in only


def test_event_that_is_not_described_is_found(caller, monkeypatch, found) -> None:
    monkeypatch.setattr(events, "FAILED", "BROKEN")
    caller.patch(N, callbackUrl="http://127.0.0.1:9/", voiceConfiguration={"appId": "SANDBOX_VOICE_FAILED"})
    caller.sandbox.advance(60)

    (only,) = found()
    assert "BROKEN" in only


def test_request_of_the_client_that_is_not_described_is_found(sandbox, client, found) -> None:
    client._call("GET", "/activeNumbers", query=[("pageSize", "10"), ("page", "2")])

    (only,) = found()
    assert "query parameter page is not described" in only


def test_requests_of_others_are_their_own_matter(caller, found) -> None:
    assert caller.get("activeNumbers", pageSize=10, page=3).status_code == 200
    assert found() == []


def test_what_a_test_made_wrong_is_left_alone(found) -> None:
    odd = active_number(N, money={"currencyCode": "USD", "amount": 0.6})
    faults = [{"name": "odd_values", "times": 1}, {"name": "html_answer", "operation": "get_callback"}]
    with (
        Sandbox(numbers=[odd], available=20, clock="manual", faults=faults) as sandbox,
        Caller(sandbox) as caller,
    ):
        sandbox.add_active(active_number("+13075550177", capability=None))
        for _ in range(2):
            assert len(caller.numbers()) == 2
        assert caller.number(N)["money"]["amount"] == 0.6
        assert caller.get("callbackConfiguration").status_code == 502

    assert found() == []


def test_odd_number_hides_no_fault_of_another(monkeypatch, found) -> None:
    numbers = [active_number(N, money=None), active_number("+13075550177")]
    with (
        Sandbox(numbers=numbers, available=20, clock="manual") as sandbox,
        nt.connect(sandbox=sandbox) as client,
    ):
        answering(monkeypatch, "list_active", totalSize="two")
        client.active_numbers_page()

    (only,) = found()
    assert "totalSize" in only


def test_same_answer_is_looked_at_once(caller) -> None:
    watch = answers_checked.watch()
    caller.number(N)
    before = watch.looked_at
    caller.number(N)
    caller.number(N)

    assert watch.looked_at == before
