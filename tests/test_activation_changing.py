"""Bulk updates and releases: journalled, settled by reading, resumed like purchases."""

from __future__ import annotations

from decimal import Decimal

import pytest

import numbers_toolkit as nt
from numbers_toolkit import errors
from numbers_toolkit.activation.costs import Recurring
from numbers_toolkit.activation.items import PlannedRelease, PlannedUpdate
from numbers_toolkit.activation.journal import Journal
from plans import change_plan
from scripted_server import FakeClock


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
def numbers(client):
    """Some of the project's numbers that have nothing under way."""
    idle = [
        one["phoneNumber"]
        for one in client.list_active_numbers()
        if one["expireAt"] is None and one["smsConfiguration"]["scheduledProvisioning"] is None
    ]
    return idle[:5]


def sent(sandbox):
    return [one for one in sandbox.requests if one.operation in ("update_active", "release")]


def updates(numbers, client, unlink=None, **changes):
    items = [PlannedUpdate(phone_number=one, changes=changes, unlink=unlink or {}) for one in numbers]
    return change_plan(*items, project_id=client.project_id)


def releases(numbers, client, **given):
    cost = Recurring(Decimal("0.60"), "USD")
    items = [PlannedRelease(phone_number=one, cost=cost) for one in numbers]
    return change_plan(*items, project_id=client.project_id, purpose="release", **given)


def run(plan, client, tmp_path, **given):
    return nt.carry_out(plan, client, journal=tmp_path / "c.jsonl", progress=False, **given)


def test_every_number_is_changed_by_one_request(client, sandbox, numbers, tmp_path):
    result = run(updates(numbers, client, display_name="Desk"), client, tmp_path)
    assert result.counts == {"changed": 5}
    assert {client.get_active_number(one)["displayName"] for one in numbers} == {"Desk"}
    assert len(sent(sandbox)) == 5


@pytest.mark.parametrize("fault", ["lost_answer", "connection_reset", "server_error", "rate_limited"])
def test_a_fault_leaves_every_number_changed(client, sandbox, numbers, tmp_path, fault):
    sandbox.faults.add(fault, times=3, operation="update_active")
    assert run(updates(numbers, client, display_name="Desk"), client, tmp_path).counts == {"changed": 5}
    assert {client.get_active_number(one)["displayName"] for one in numbers} == {"Desk"}


def test_a_lost_update_that_was_carried_out_is_not_sent_again(client, sandbox, numbers, tmp_path):
    sandbox.add_service_plan("plan-of-the-test")
    sandbox.faults.add("lost_answer", times=1, operation="update_active")
    run(updates(numbers[:1], client, service_plan_id="plan-of-the-test"), client, tmp_path)
    assert len(sent(sandbox)) == 1


def test_links_are_taken_away_before_new_ones_are_set(client, sandbox, tmp_path):
    """A sandbox that insists on unlinking refuses otherwise."""
    with nt.Sandbox(active=120, available=10, clock="manual", require_unlink=True) as strict:
        clock = FakeClock()
        clock.on_sleep = lambda: strict.advance(clock.waits[-1])
        with nt.connect(sandbox=strict, clock=clock) as connected:
            strict.add_service_plan("plan-of-the-test")
            linked = next(
                one["phoneNumber"]
                for one in connected.list_active_numbers()
                if one["smsConfiguration"]["servicePlanId"]
                and one["smsConfiguration"]["scheduledProvisioning"] is None
                and one["expireAt"] is None
            )
            plan = updates(
                [linked],
                connected,
                {"service_plan_id": "", "campaign_id": ""},
                service_plan_id="plan-of-the-test",
            )
            result = run(plan, connected, tmp_path)
            assert result.counts == {"changed": 1}
            assert [one.status for one in sent(strict)] == [200, 200]
            strict.advance(60)
            told = connected.get_active_number(linked)["smsConfiguration"]
            assert told["servicePlanId"] == "plan-of-the-test"


def test_a_failed_job_is_started_again_even_with_the_same_ids(client, sandbox, tmp_path):
    """Repeating the same ids is the whole of a repair: the failed job must not count as done."""
    failed = next(
        one
        for one in client.list_active_numbers()
        if (one["smsConfiguration"]["scheduledProvisioning"] or {}).get("status") == "FAILED"
        and one["smsConfiguration"]["scheduledProvisioning"]["servicePlanId"]
    )
    job = failed["smsConfiguration"]["scheduledProvisioning"]
    sandbox.faults.add("connection_reset", times=1, operation="update_active")
    plan = updates([failed["phoneNumber"]], client, service_plan_id=job["servicePlanId"])
    assert run(plan, client, tmp_path).counts == {"changed": 1}
    assert len(sent(sandbox)) == 2
    told = client.get_active_number(failed["phoneNumber"])["smsConfiguration"]["scheduledProvisioning"]
    assert told["status"] in ("WAITING", "IN_PROGRESS")


def test_a_number_that_is_gone_is_refused(client, sandbox, numbers, tmp_path):
    sandbox.remove_active(numbers[0])
    result = run(updates(numbers[:2], client, display_name="Desk"), client, tmp_path)
    assert result.counts == {"changed": 1, "refused": 1}
    assert "not an active number of this project" in result.numbers[0].reason


def test_releases_tell_when_they_take_effect_and_what_is_saved(client, sandbox, numbers, tmp_path):
    due = {one: client.get_active_number(one)["nextChargeDate"] for one in numbers}
    result = run(releases(numbers, client), client, tmp_path)
    assert result.counts == {"released": 5}
    assert {one.item.phone_number: one.ends_at for one in result.numbers} == due
    assert result.saved_monthly() == {"USD": Decimal("3.00")}


def test_a_lost_release_is_not_sent_again(client, sandbox, numbers, tmp_path):
    sandbox.faults.add("lost_answer", times=2, operation="release")
    assert run(releases(numbers, client), client, tmp_path).counts == {"released": 5}
    assert len(sent(sandbox)) == 5


def test_a_number_that_was_released_before_is_left_alone(client, sandbox, numbers, tmp_path):
    client.release_number(numbers[0])
    result = run(releases(numbers[:1], client), client, tmp_path)
    assert result.counts == {"released": 1}
    assert result.numbers[0].reason == "It had been released before."
    assert len(sent(sandbox)) == 1


def test_releasing_everything_needs_a_second_consent(client, sandbox, numbers, tmp_path):
    plan = releases(numbers, client, everything=True)
    with pytest.raises(errors.PlanError, match=r"every number of the project.*everything=True"):
        run(plan, client, tmp_path)
    assert not sent(sandbox)
    assert run(plan, client, tmp_path, everything=True).counts == {"released": 5}


def test_a_plan_made_without_a_client_is_checked_for_releasing_everything_too(client, sandbox, tmp_path):
    every = [one["phoneNumber"] for one in client.list_active_numbers()]
    with pytest.raises(errors.PlanError, match=r"every number of the project.*everything=True"):
        run(releases(every, client), client, tmp_path)
    assert not sent(sandbox)


def test_a_dry_run_changes_nothing(client, sandbox, numbers, tmp_path):
    result = run(releases(numbers, client), client, tmp_path, dry_run=True)
    assert result.as_planned
    assert {one.reason for one in result.numbers} == {"Would be released."}
    assert not sent(sandbox)


def test_an_interrupted_release_is_resumed(client, sandbox, numbers, tmp_path):
    plan = releases(numbers, client)
    book = Journal.create(tmp_path / "c.jsonl", plan, lambda: "2026-03-02T09:00:00Z")
    book.write("intention", number=numbers[0], step="release")
    book.close()
    client.release_number(numbers[0])
    result = nt.resume_activation(tmp_path / "c.jsonl", client, progress=False)
    assert result.counts == {"released": 5}
    assert len(sent(sandbox)) == 5


def test_activate_and_carry_out_refuse_each_others_plans(client, numbers, tmp_path):
    with pytest.raises(errors.InvalidInputError, match=r"use carry_out"):
        nt.activate(releases(numbers, client), client, journal=tmp_path / "c.jsonl")
    made = nt.plan_activation(client, nt.Wish(count=1, region_code="US", number_type="LOCAL"))
    with pytest.raises(errors.InvalidInputError, match=r"bought with activate"):
        nt.carry_out(made, client, journal=tmp_path / "c.jsonl")


def test_an_empty_repair_plan_does_nothing_and_says_so(client, sandbox, tmp_path):
    result = run(change_plan(project_id=client.project_id, purpose="repair"), client, tmp_path)
    assert result.counts == {}
    assert result.as_planned
    assert not sent(sandbox)


def test_a_plan_without_a_client_asks_for_one(client, numbers, tmp_path, monkeypatch):
    for name in ("SINCH_PROJECT_ID", "SINCH_KEY_ID", "SINCH_KEY_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("numbers_toolkit.activation.connecting.open_client", lambda _project: None)
    made = updates(numbers, client, display_name="Desk")

    with pytest.raises(
        errors.ConfigurationError, match=r"give it as the second argument\. Nothing was sent\."
    ):
        nt.carry_out(made, journal=tmp_path / "c.jsonl")
    assert not list(tmp_path.iterdir())


def test_a_number_that_was_given_back_is_changed_and_its_end_told(client, numbers, tmp_path):
    due = client.release_number(numbers[0])["expireAt"]
    result = run(updates(numbers[:1], client, display_name="Desk"), client, tmp_path)
    assert result.counts == {"changed": 1}
    assert result.numbers[0].ends_at == due
