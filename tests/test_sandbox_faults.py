"""Faults by name: what the client sees, and whether the operation was carried out."""

from __future__ import annotations

import pytest
import requests

from numbers_toolkit.sandbox import FAULTS, ODD_KINDS, Sandbox
from sandbox_helpers import Caller


@pytest.fixture
def caller():
    with Sandbox(active=60, available=100, clock="manual") as sandbox, Caller(sandbox) as caller:
        yield caller
        assert sandbox.internal_errors == []


def add(caller, *args, **options):
    return caller.sandbox.faults.add(*args, **options)


@pytest.mark.parametrize(
    ("name", "options", "status", "header"),
    [
        ("rate_limited", {}, 429, "1"),
        ("rate_limited", {"retry_after": 30}, 429, "30"),
        ("rate_limited", {"retry_after": None}, 429, None),
        ("server_error", {}, 500, None),
        ("unavailable", {}, 503, None),
        ("unavailable", {"retry_after": 2}, 503, "2"),
    ],
)
def test_refusing_faults_carry_nothing_out(caller, name, options, status, header):
    number = caller.on_offer()
    fault = add(caller, name, times=1, **options)
    refused = caller.call("POST", f"availableNumbers/{number}:rent")

    assert refused.status_code == refused.json()["error"]["code"] == status
    assert refused.headers.get("retry-after") == header
    assert caller.sandbox.ledger == ()
    assert fault.hits == 1
    assert caller.call("POST", f"availableNumbers/{number}:rent").status_code == 200


@pytest.mark.parametrize("status", [200, 502])
def test_html_answer(caller, status):
    add(caller, "html_answer", times=1, status=status)
    answer = caller.get("activeNumbers")

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.startswith("<!DOCTYPE html>")


def test_truncated_body_is_noticed_by_the_client(caller):
    add(caller, "truncated_body", times=1)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        caller.get("activeNumbers")

    assert caller.get("activeNumbers").status_code == 200


def test_connection_reset_carries_nothing_out(caller):
    number = caller.on_offer()
    add(caller, "connection_reset", times=1)
    with pytest.raises(requests.exceptions.ConnectionError):
        caller.call("POST", f"availableNumbers/{number}:rent")

    assert caller.sandbox.ledger == ()
    assert caller.sandbox.requests[-1].status is None


def test_lost_answer_is_carried_out(caller):
    number = caller.on_offer()
    add(caller, "lost_answer", times=1)
    with pytest.raises(requests.exceptions.ConnectionError):
        caller.call("POST", f"availableNumbers/{number}:rent")

    assert [charge.phone_number for charge in caller.sandbox.ledger] == [number]
    assert caller.number(number)["phoneNumber"] == number


def test_slow_waits_in_real_time_and_not_on_the_clock(caller):
    before = caller.sandbox.now
    add(caller, "slow", times=1, delay=60)
    with pytest.raises(requests.exceptions.ReadTimeout):
        caller.session.get(f"{caller.base}/availableRegions", timeout=0.05)

    assert caller.sandbox.now == before
    assert caller.get("availableRegions").status_code == 200


def test_stop_does_not_wait_for_a_slow_answer():
    sandbox = Sandbox(active=0, available=0, faults=[{"name": "slow", "delay": 3600}])
    with sandbox, Caller(sandbox) as caller, pytest.raises(requests.exceptions.ReadTimeout):
        caller.session.get(f"{caller.base}/availableRegions", timeout=0.05)

    assert sandbox.internal_errors == []


def test_expired_token_asks_for_a_new_one(caller):
    add(caller, "expired_token", times=2)
    token = caller.token().json()["access_token"]
    answers = [caller.with_token(token) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [401, 401, 200]
    assert "expired" in answers[0].headers["www-authenticate"]


def test_token_endpoint_is_struck_only_by_name(caller):
    add(caller, "server_error")
    untouched = caller.token().status_code
    add(caller, "rate_limited", times=1, operation="token")
    struck = caller.token()

    assert untouched == 200
    assert (struck.status_code, struck.headers["retry-after"]) == (429, "1")
    assert set(struck.json()) == {"error", "error_description"}


def test_repeated_page_token_goes_round_in_circles(caller):
    add(caller, "repeated_page_token", times=2)
    first = caller.get("activeNumbers", pageSize=10).json()
    second = caller.get("activeNumbers", pageSize=10, pageToken=first["nextPageToken"]).json()
    third = caller.get("activeNumbers", pageSize=10, pageToken=second["nextPageToken"]).json()

    assert first["nextPageToken"] == second["nextPageToken"] == third["nextPageToken"] != ""
    assert second["activeNumbers"] == third["activeNumbers"]


@pytest.mark.parametrize(
    ("change", "totals"), [("add", [60, 61, 62]), ("remove", [60, 59, 58]), ("both", [60, 61, 60])]
)
def test_changing_inventory_changes_between_pages(caller, change, totals):
    add(caller, "changing_inventory", change=change)
    pages = list(caller.pages(pageSize=20))

    assert [page["totalSize"] for page in pages][:3] == totals
    assert caller.sandbox.active_count == pages[-1]["totalSize"]


def test_wrong_total(caller):
    add(caller, "wrong_total", times=1, offset=-3)

    assert caller.get("activeNumbers").json()["totalSize"] == 57
    assert caller.get("activeNumbers").json()["totalSize"] == 60


@pytest.mark.parametrize("conflicting", [False, True])
@pytest.mark.parametrize("order", ["phoneNumber", "displayName"])
def test_duplicate_number_stands_on_two_pages(caller, conflicting, order):
    add(caller, "duplicate_number", times=1, conflicting=conflicting)
    first, second, *_ = list(caller.pages(pageSize=20, orderBy=order))
    last, repeated = first["activeNumbers"][-1], second["activeNumbers"][0]

    assert repeated["phoneNumber"] == last["phoneNumber"]
    assert (repeated == last) is not conflicting
    assert len(second["activeNumbers"]) == 21


def test_odd_values_appear_on_lists_and_single_numbers(caller):
    add(caller, "odd_values")
    numbers = caller.get("activeNumbers", pageSize=60).json()["activeNumbers"]
    kinds = len(ODD_KINDS)

    assert numbers[0]["money"]["amount"] == 0.6
    assert numbers[1]["nextChargeDate"] == "0001-01-01T00:00:00Z"
    assert numbers[2]["money"] is None
    assert "money" not in numbers[3]
    assert "futureField" in numbers[4]
    assert numbers[5]["type"] == "SHORT_CODE"
    assert numbers[6]["smsConfiguration"]["scheduledProvisioning"]["errorCodes"] == ["CARRIER_ON_STRIKE"]
    assert numbers[7]["smsConfiguration"]["scheduledProvisioning"]["status"] == "PAUSED"
    assert numbers[8]["capability"] == []
    assert numbers[kinds]["money"]["amount"] == 0.6
    assert caller.number(numbers[1]["phoneNumber"])["money"]["amount"] == 0.6
    offers = caller.get("availableNumbers", regionCode="US", type="LOCAL", size=5).json()["availableNumbers"]
    assert "futureField" in offers[4]


def test_odd_values_can_be_narrowed_to_a_kind(caller):
    add(caller, "odd_values", kinds=["zero_date"])
    numbers = caller.get("activeNumbers", pageSize=10).json()["activeNumbers"]

    assert {number["nextChargeDate"] for number in numbers} == {"0001-01-01T00:00:00Z"}


def test_odd_values_change_nothing_that_is_kept(caller):
    before = caller.numbers()
    fault = add(caller, "odd_values")
    caller.numbers()
    caller.sandbox.faults.remove(fault)

    assert caller.numbers() == before


def test_faults_are_narrowed_by_operation_path_and_count(caller):
    add(caller, "server_error", operation="list_regions", times=1)
    add(caller, "unavailable", path="callbackConf", times=1)
    statuses = [
        caller.get(path).status_code for path in ("activeNumbers", "availableRegions", "availableRegions")
    ]
    statuses += [caller.get("callbackConfiguration").status_code for _ in range(2)]

    assert statuses == [200, 500, 200, 503, 200]


def test_probability_is_seeded():
    runs = []
    for _ in range(2):
        sandbox = Sandbox(active=0, available=0, faults=[{"name": "server_error", "probability": 0.3}])
        with sandbox, Caller(sandbox) as caller:
            runs.append([caller.get("availableRegions").status_code for _ in range(60)])

    assert runs[0] == runs[1]
    assert 5 < runs[0].count(500) < 35


def test_faults_are_chosen_in_the_constructor_and_switched_off(caller):
    with Sandbox(active=0, available=0, faults=["server_error"]) as sandbox, Caller(sandbox) as own:
        first = own.get("availableRegions").status_code
        sandbox.faults.clear()
        second = own.get("availableRegions").status_code
        sandbox.reset()
        third = own.get("availableRegions").status_code

    assert (first, second, third) == (500, 200, 500)


def test_removal_by_name_leaves_others(caller):
    add(caller, "server_error")
    add(caller, "wrong_total")
    caller.sandbox.faults.remove("server_error")

    assert [fault.name for fault in caller.sandbox.faults] == ["wrong_total"]
    assert caller.get("activeNumbers").json()["totalSize"] == 61


def test_unknown_fault_or_option_is_an_error(caller):
    with pytest.raises(ValueError, match="unknown fault 'flaky'"):
        add(caller, "flaky")
    with pytest.raises(ValueError, match="has no option after"):
        add(caller, "rate_limited", after=3)
    assert len(caller.sandbox.faults) == 0
    assert len(FAULTS) == 17


def test_error_inside_the_sandbox_is_answered_and_kept(monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("on purpose")

    with Sandbox(active=1, available=0) as sandbox, Caller(sandbox) as caller:
        monkeypatch.setattr("numbers_toolkit.sandbox.store.Store.count", broken)
        answer = caller.get("activeNumbers")
        monkeypatch.undo()

        assert answer.status_code == 500
        assert answer.json()["error"]["status"] == "INTERNAL"
        assert [type(error) for error in sandbox.internal_errors] == [ZeroDivisionError]
        assert caller.get("activeNumbers").status_code == 200
