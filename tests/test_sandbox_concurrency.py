"""Many callers at once: nothing is rented twice, nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from numbers_toolkit.sandbox import Sandbox
from sandbox_helpers import Caller

THREADS = 16


@pytest.fixture
def sandbox():
    with Sandbox(active=200, available=600, clock="manual") as sandbox:
        yield sandbox
        assert sandbox.internal_errors == []


def at_once(sandbox, work):
    """Run `work(caller, position)` in sixteen threads that begin together."""
    barrier = Barrier(THREADS)

    def run(position):
        with Caller(sandbox) as caller:
            barrier.wait(30)
            return work(caller, position)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_one_number_is_rented_once(sandbox):
    with Caller(sandbox) as caller:
        number = caller.on_offer()
    statuses = at_once(
        sandbox, lambda own, _: own.call("POST", f"availableNumbers/{number}:rent").status_code
    )

    assert sorted(statuses) == [200] + [404] * (THREADS - 1)
    assert len(sandbox.ledger) == 1


def test_rent_any_gives_everybody_another_number(sandbox):
    body = {"regionCode": "US", "type": "LOCAL"}

    def work(caller, _):
        answers = [caller.call("POST", "availableNumbers:rentAny", json=body) for _ in range(5)]
        return [answer.json()["phoneNumber"] for answer in answers]

    rented = [number for numbers in at_once(sandbox, work) for number in numbers]

    assert len(set(rented)) == len(rented) == 80
    assert sandbox.active_count == 280
    assert {charge.phone_number for charge in sandbox.ledger} == set(rented)


def test_last_place_of_a_campaign_is_given_once(sandbox):
    with Caller(sandbox) as caller:
        free = [
            number["phoneNumber"]
            for number in caller.numbers(regionCode="US", type="LOCAL", capability="SMS")
        ]
    body = {"servicePlanId": "SANDBOX_PLAN", "campaignId": "SANDBOX_SOLE_PROPRIETOR"}
    at_once(sandbox, lambda caller, position: caller.patch(free[position], smsConfiguration=body).status_code)
    sandbox.advance(60)

    assert sandbox.campaign_size("SANDBOX_SOLE_PROPRIETOR") == 1


def test_readers_see_whole_pages_while_writers_write(sandbox):
    with Caller(sandbox) as caller:
        numbers = [number["phoneNumber"] for number in caller.numbers()]

    def work(caller, position):
        if position % 2:
            return [
                caller.patch(number, displayName=f"{position}").status_code
                for number in numbers[position::16]
            ]
        return [len(caller.numbers(pageSize=37)) for _ in range(3)]

    results = at_once(sandbox, work)

    assert all(set(result) == {200} for result in results)
    with Caller(sandbox) as caller:
        written = {number["displayName"] for number in caller.numbers()}
    assert {str(position) for position in range(1, 16, 2)} <= written


def test_everything_is_logged(sandbox):
    at_once(sandbox, lambda caller, _: [caller.get("availableRegions").status_code for _ in range(10)])

    assert len(sandbox.requests) == 160


def test_main_thread_may_move_the_clock_meanwhile(sandbox):
    def work(caller, position):
        if position == 0:
            for _ in range(30):
                sandbox.advance(86400)
            return 200
        return max(caller.get("activeNumbers", pageSize=200).status_code for _ in range(10))

    assert set(at_once(sandbox, work)) == {200}
