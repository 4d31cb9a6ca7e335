"""The rental over time: renewals, short months, the running clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from numbers_toolkit.sandbox import Sandbox
from sandbox_helpers import Caller


def rented_on(start, steps):
    """Rent a number at `start`, then look at its next charge date after each step of days."""
    with Sandbox(active=0, available=20, clock="manual", start=start) as sandbox, Caller(sandbox) as caller:
        number = caller.on_offer()
        dates = [caller.rent(number)["nextChargeDate"][:10]]
        for step in steps:
            sandbox.advance(timedelta(days=step))
            dates.append(caller.number(number)["nextChargeDate"][:10])
        return dates


def test_renewal_moves_by_one_interval_at_its_instant():
    assert rented_on("2026-03-02T09:00:00Z", [30, 1]) == ["2026-04-02", "2026-04-02", "2026-05-02"]


def test_month_end_returns_to_its_day_after_a_short_month():
    dates = rented_on("2026-01-31T09:00:00Z", [28, 31, 30, 31])

    assert dates == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]


def test_leap_day_is_used():
    assert rented_on("2028-01-30T00:00:00Z", [30])[:2] == ["2028-02-29", "2028-03-30"]


def test_many_missed_renewals_are_made_up_at_once():
    assert rented_on("2026-03-31T09:00:00Z", [366])[1] == "2027-04-30"


def test_seeded_numbers_are_never_due_in_the_past():
    with Sandbox(active=300, available=0, clock="manual") as sandbox, Caller(sandbox) as caller:
        for _ in range(5):
            sandbox.advance(timedelta(days=97, hours=5))
            dates = [datetime.fromisoformat(number["nextChargeDate"]) for number in caller.numbers()]
            assert min(dates) > sandbox.now
        assert sandbox.internal_errors == []


def test_renewals_keep_to_the_interval():
    with Sandbox(active=400, available=0, clock="manual") as sandbox, Caller(sandbox) as caller:
        before = {number["phoneNumber"]: number for number in caller.numbers()}
        sandbox.advance(timedelta(days=70))
        after = caller.numbers()

    for number in after:
        first = datetime.fromisoformat(before[number["phoneNumber"]]["nextChargeDate"])
        last = datetime.fromisoformat(number["nextChargeDate"])
        months = (last.year - first.year) * 12 + last.month - first.month
        assert months % number["paymentIntervalMonths"] == 0
        assert first.time() == last.time()


def test_manual_clock_stands_still():
    with Sandbox(active=0, available=0, clock="manual") as sandbox:
        assert sandbox.now == sandbox.now == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_running_clock_moves_by_itself_and_can_jump():
    with Sandbox(active=0, available=0) as sandbox:
        first = sandbox.now
        sandbox.advance(timedelta(days=2))
        assert sandbox.now - first >= timedelta(days=2)
        assert first >= datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_clock_does_not_go_back():
    sandbox = Sandbox(active=0, available=0)

    with pytest.raises(ValueError, match="forward"):
        sandbox.advance(-1)
