"""Waiting for provisioning: polite, patient, and never without saying how far it came."""

from __future__ import annotations

import threading

import pandas as pd
import pytest

import numbers_toolkit as nt
from numbers_toolkit import tables
from numbers_toolkit.errors import (
    IncompleteDataWarning,
    InvalidInputError,
    PermissionDeniedError,
    UnknownValueWarning,
)
from numbers_toolkit.transport import RetryPolicy
from sandbox_helpers import active_number
from scripted_server import FakeClock, Reply, ScriptedServer, error

NUMBERS = [f"+1307555{index:04d}" for index in range(1, 5)]
VOICE = "PROVISIONING_TO_VOICE_PLATFORM_FAILED"


def served(*numbers, **options):
    """Serve these numbers, with nothing configured; the sandbox's clock follows the client's."""
    documents = [active_number(one) for one in numbers or NUMBERS]
    return nt.Sandbox(numbers=documents, available=2, clock="manual", **options)


@pytest.fixture
def sandbox():
    with served() as server:
        yield server
        assert not server.internal_errors


@pytest.fixture
def clock(sandbox):
    made = FakeClock()
    made.on_sleep = lambda: sandbox.advance(made.waits[-1])
    return made


@pytest.fixture
def client(sandbox, clock):
    with nt.connect(sandbox=sandbox, clock=clock) as connected:
        yield connected


def wait(client, numbers, **given):
    return nt.wait_until_provisioned(client, numbers, progress=False, **given)


def told(frame, *names):
    return list(frame[["phone_number", "service", "state", *names]].itertuples(index=False, name=None))


def looks(sandbox, operation="get_active"):
    return sum(one.operation == operation for one in sandbox.requests)


def test_it_ends_when_the_job_is_done(client, clock):
    client.update_active_number(NUMBERS[0], service_plan_id="SANDBOX_PLAN")

    frame = wait(client, NUMBERS[0])

    assert told(frame, "service_plan_id") == [
        (NUMBERS[0], "SMS", "PROVISIONED", "SANDBOX_PLAN"),
        (NUMBERS[0], "VOICE", "NOT_CONFIGURED", pytest.approx(float("nan"), nan_ok=True)),
    ]
    assert clock.waits == [2.0, 3.0, 4.5]
    assert frame["waited_seconds"].to_list() == [9.5, 9.5]
    assert frame.attrs["complete"] is True
    assert frame.attrs["source"] == "sandbox"


def test_each_look_is_told_as_a_table_of_what_is_known(client):
    client.update_active_number(NUMBERS[0], service_plan_id="SANDBOX_PLAN")
    seen = []

    frame = wait(client, NUMBERS[:2], services="SMS", looked=seen.append)

    assert [one["state"].to_list() for one in seen] == [
        ["WAITING", "NOT_CONFIGURED"],
        ["IN_PROGRESS", "NOT_CONFIGURED"],
        ["IN_PROGRESS", "NOT_CONFIGURED"],
        ["PROVISIONED", "NOT_CONFIGURED"],
    ]
    assert [one.attrs["complete"] for one in seen] == [False, False, False, True]
    pd.testing.assert_frame_equal(seen[-1], frame)


def test_failures_come_with_what_the_catalogue_says(client):
    client.update_active_number(
        NUMBERS[0], service_plan_id="SANDBOX_SMS_PROVISIONING_FAILED", campaign_id="SANDBOX_MNO_SHARING_ERROR"
    )
    client.update_active_number(NUMBERS[1], voice_type="EST", voice_id="SANDBOX_VOICE_FAILED")

    frame = wait(client, NUMBERS[:2])

    assert told(frame, "error_code", "retry")[:2] == [
        (NUMBERS[0], "SMS", "FAILED", "SMS_PROVISIONING_FAILED", "after a change"),
        (NUMBERS[0], "SMS", "FAILED", "MNO_SHARING_ERROR", "after a change"),
    ]
    voice = frame.iloc[-1]
    assert (voice.error_code, voice.voice_type, voice.voice_id) == (VOICE, "EST", "SANDBOX_VOICE_FAILED")
    assert "gives no cause" in voice.remedy
    assert frame.iloc[0].campaign_id == "SANDBOX_MNO_SHARING_ERROR"
    assert frame.iloc[0].updated_at == pd.Timestamp("2026-03-02T09:00:07Z")


def test_a_number_that_is_not_active_is_a_row_that_says_so(client):
    frame = wait(client, ["+13075559999", NUMBERS[0]], services="SMS")

    assert told(frame) == [("+13075559999", "SMS", "NOT_ACTIVE"), (NUMBERS[0], "SMS", "NOT_CONFIGURED")]
    assert frame.attrs["complete"] is True


def test_only_the_services_asked_for_are_waited_for(client, clock):
    client.update_active_number(NUMBERS[0], service_plan_id="SANDBOX_PLAN")

    assert told(wait(client, NUMBERS[0], services="voice")) == [(NUMBERS[0], "VOICE", "NOT_CONFIGURED")]
    assert clock.waits == []


def test_numbers_that_are_done_are_not_asked_for_again(client, sandbox):
    client.update_active_number(NUMBERS[3], service_plan_id="SANDBOX_PLAN")

    frame = wait(client, NUMBERS)

    assert looks(sandbox) == 4 + 3
    assert frame["phone_number"].unique().tolist() == NUMBERS


def test_many_numbers_are_read_by_the_list_until_few_are_left():
    many = [f"+1307555{index:04d}" for index in range(60)]
    with served(*many) as sandbox:
        clock = FakeClock()
        clock.on_sleep = lambda: sandbox.advance(clock.waits[-1])
        with nt.connect(sandbox=sandbox, clock=clock) as client:
            for one in many[:55]:
                client.update_active_number(one, service_plan_id="SANDBOX_PLAN")
            sandbox.advance(4)
            client.update_active_number(many[0], voice_id="SANDBOX_VOICE_FAILED")
            frame = wait(client, [*reversed(many), "+13075559999"])

        lists = [one.query for one in sandbox.requests if one.operation == "list_active"]
        assert ["regionCode=US" in one for one in lists] == [False, True, True]
        # Only the voice job was still under way then.
        assert looks(sandbox) == 1
        assert frame["phone_number"].unique().tolist() == [*reversed(many), "+13075559999"]
        assert frame["state"].value_counts()[["PROVISIONED", "FAILED", "NOT_ACTIVE"]].to_list() == [55, 1, 2]


def test_pauses_grow_to_half_a_minute(client, clock, sandbox):
    clock.on_sleep = None
    client.update_active_number(NUMBERS[0], service_plan_id="SANDBOX_PLAN")

    with pytest.warns(IncompleteDataWarning):
        wait(client, NUMBERS[0], timeout=200)

    assert clock.waits[:3] == [2.0, 3.0, 4.5]
    assert max(clock.waits) == 30.0
    assert sum(clock.waits) == pytest.approx(200)


def test_the_time_is_up_with_the_unfinished_marked(client, clock):
    client.update_active_number(NUMBERS[0], service_plan_id="SANDBOX_PLAN")

    with pytest.warns(
        IncompleteDataWarning, match=r"time of 4 s is up: 1 number of 2 is not done yet \(\+13075550001\)"
    ):
        frame = wait(client, NUMBERS[:2], timeout=4, services="SMS")

    assert told(frame) == [(NUMBERS[0], "SMS", "IN_PROGRESS"), (NUMBERS[1], "SMS", "NOT_CONFIGURED")]
    assert clock.waits == [2.0, 2.0]
    assert frame.attrs["complete"] is False


def test_a_job_that_nobody_touched_for_a_day_is_not_waited_for(client, clock, sandbox):
    client.update_active_number(NUMBERS[0], service_plan_id="SANDBOX_PLAN")
    client.update_active_number(NUMBERS[1], service_plan_id="SANDBOX_PLAN")
    stuck = client.get_active_number(NUMBERS[1])
    job = stuck["smsConfiguration"]["scheduledProvisioning"]
    hung = {**job, "status": "IN_PROGRESS", "lastUpdatedTime": "2020-01-01T00:00:00Z"}
    documents = [
        {**active_number(NUMBERS[0])},
        {**stuck, "smsConfiguration": {**stuck["smsConfiguration"], "scheduledProvisioning": hung}},
    ]
    with (
        nt.Sandbox(numbers=documents, available=2, clock="manual") as server,
        nt.connect(sandbox=server, clock=clock) as other,
        pytest.warns(IncompleteDataWarning, match=f"1 number had a job .*{NUMBERS[1][1:]}.*Sinch support"),
    ):
        frame = wait(other, NUMBERS[:2], services="SMS")

    assert frame.state.to_list() == ["NOT_CONFIGURED", "IN_PROGRESS"]
    assert clock.waits == []
    assert frame.attrs["complete"] is False


def test_no_time_at_all_is_one_look(client, clock):
    client.update_active_number(NUMBERS[0], service_plan_id="SANDBOX_PLAN")

    with pytest.warns(IncompleteDataWarning, match="time of 0 s"):
        frame = wait(client, NUMBERS[0], timeout=0, services="SMS")

    assert told(frame) == [(NUMBERS[0], "SMS", "WAITING")]
    assert clock.waits == []


def test_cancelling_ends_the_pause_within_a_second(client, clock):
    client.update_active_number(NUMBERS[0], service_plan_id="SANDBOX_PLAN")
    cancel = threading.Event()
    clock.on_sleep = cancel.set

    with pytest.warns(IncompleteDataWarning, match="waiting was cancelled"):
        frame = wait(client, NUMBERS[0], services="SMS", cancel=cancel)

    assert clock.waits == [1.0]
    assert told(frame) == [(NUMBERS[0], "SMS", "WAITING")]


def test_waiting_that_may_be_cancelled_but_is_not_comes_to_its_end(client, clock):
    client.update_active_number(NUMBERS[0], service_plan_id="SANDBOX_PLAN")

    frame = wait(client, NUMBERS[0], services="SMS", cancel=threading.Event())

    assert told(frame) == [(NUMBERS[0], "SMS", "PROVISIONED")]
    assert max(clock.waits) == 1.0


def test_an_interrupt_returns_what_is_known(client, clock):
    client.update_active_number(NUMBERS[0], service_plan_id="SANDBOX_PLAN")

    def stop():
        raise KeyboardInterrupt

    clock.on_sleep = stop
    with pytest.warns(IncompleteDataWarning, match="waiting was interrupted"):
        frame = wait(client, NUMBERS[:2], services="SMS")

    assert told(frame) == [(NUMBERS[0], "SMS", "WAITING"), (NUMBERS[1], "SMS", "NOT_CONFIGURED")]


def test_an_interrupt_before_the_first_look_says_that_nothing_was_read(client, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(client, "get_active_number", stop)
    with pytest.warns(IncompleteDataWarning, match="2 numbers of 2 are not done yet"):
        frame = wait(client, NUMBERS[:2], services="SMS")

    assert told(frame) == [(NUMBERS[0], "SMS", "NOT_READ"), (NUMBERS[1], "SMS", "NOT_READ")]
    assert frame["waited_seconds"].isna().all()


@pytest.mark.parametrize("fault", ["server_error", "unavailable", "rate_limited", "connection_reset"])
def test_a_fault_that_passes_is_waited_out(sandbox, clock, fault):
    with nt.connect(sandbox=sandbox, clock=clock, retry=RetryPolicy(attempts=1)) as client:
        client.update_active_number(NUMBERS[0], service_plan_id="SANDBOX_PLAN")
        sandbox.faults.add(fault, times=2, operation="get_active")
        frame = wait(client, NUMBERS[0], services="SMS")

    assert told(frame) == [(NUMBERS[0], "SMS", "PROVISIONED")]


def test_the_pause_is_as_long_as_the_api_asks(sandbox):
    waiting = job_reply("WAITING")
    asks = error(429, "RESOURCE_EXHAUSTED", retry_after="17")
    with ScriptedServer(waiting, asks, job_reply(None)) as server:
        client = server.client(retry=RetryPolicy(attempts=1))
        with client:
            wait(client, NUMBERS[0], services="SMS")
            assert client.clock.waits == [2.0, 17.0]


def test_a_fault_that_lasts_is_in_the_warning_at_the_end():
    with (
        ScriptedServer(error(503, "UNAVAILABLE")) as server,
        server.client(retry=RetryPolicy(attempts=1)) as client,
        pytest.warns(IncompleteDataWarning, match=r"The last look failed: .*503"),
    ):
        frame = wait(client, NUMBERS[0], services="SMS", timeout=5)

    assert told(frame) == [(NUMBERS[0], "SMS", "NOT_READ")]


def test_a_refusal_hands_over_what_was_known():
    with (
        ScriptedServer(job_reply("WAITING"), error(403, "PERMISSION_DENIED")) as server,
        server.client() as client,
        pytest.raises(PermissionDeniedError) as caught,
    ):
        wait(client, NUMBERS[0], services="SMS")

    assert told(caught.value.partial) == [(NUMBERS[0], "SMS", "WAITING")]
    assert "partial" in caught.value.__notes__[0]


def job_reply(status):
    job = {"servicePlanId": "P", "campaignId": "", "status": status, "errorCodes": []} if status else None
    sms = {"servicePlanId": "" if status else "P", "scheduledProvisioning": job, "campaignId": ""}
    return Reply(body=active_number(NUMBERS[0], smsConfiguration=sms))


def test_a_state_that_is_new_is_kept_and_not_waited_for():
    with ScriptedServer(job_reply("PAUSED")) as server, server.client() as client:
        with pytest.warns(UnknownValueWarning, match="PAUSED"):
            frame = wait(client, NUMBERS[0], services="SMS")
        assert client.clock.waits == []

    assert told(frame) == [(NUMBERS[0], "SMS", "PAUSED")]


def test_a_result_is_waited_for_by_its_numbers_that_were_bought_or_changed(client):
    class Ran:
        def to_frame(self):
            outcomes = ["activated", "taken", "changed", "unknown"]
            return pd.DataFrame({"phone_number": NUMBERS, "outcome": pd.Categorical(outcomes)})

    assert told(wait(client, Ran(), services="SMS")) == [
        (NUMBERS[0], "SMS", "NOT_CONFIGURED"),
        (NUMBERS[2], "SMS", "NOT_CONFIGURED"),
    ]


@pytest.mark.parametrize("kind", ["frame", "series", "list", "generator", "repeated"])
def test_numbers_can_be_given_in_any_form(client, kind):
    frame = nt.active_numbers(client).head(2)
    given = {
        "frame": frame,
        "series": frame["phone_number"],
        "list": frame["phone_number"].to_list(),
        "generator": iter(frame["phone_number"]),
        "repeated": [*frame["phone_number"], NUMBERS[0]],
    }[kind]

    assert wait(client, given, services="SMS")["phone_number"].to_list() == NUMBERS[:2]


def test_nothing_to_wait_for_has_every_column_and_dtype(client, sandbox):
    pd.testing.assert_frame_equal(wait(client, []), tables.PROVISIONING_OUTCOME.empty())
    assert not looks(sandbox)


def test_columns_and_dtypes_are_those_of_the_table(client):
    client.update_active_number(NUMBERS[0], service_plan_id="SANDBOX_INTERNAL_ERROR")
    frame = wait(client, [NUMBERS[0], "+13075559999"])

    assert tuple(frame.columns) == tables.PROVISIONING_OUTCOME.names
    tables.PROVISIONING_OUTCOME.require(frame)
    for name in ("updated_at", "waited_seconds", "phone_number"):
        assert frame[name].dtype == tables.PROVISIONING_OUTCOME[name].dtype


def test_documentation_names_every_column_as_the_table_does():
    text = " ".join((nt.wait_until_provisioned.__doc__ or "").split())
    for line in tables.PROVISIONING_OUTCOME.describe().splitlines():
        assert line in text


def test_progress_is_told_by_numbers(client):
    client.update_active_number(NUMBERS[0], service_plan_id="SANDBOX_PLAN")
    states = []

    nt.wait_until_provisioned(client, NUMBERS[:2], progress=lambda *state: states.append(state))

    assert states == [(1, 2), (1, 2), (1, 2), (2, 2)]


def test_bar_says_how_many_are_ready_and_failed(client, capsys):
    client.update_active_number(NUMBERS[0], service_plan_id="SANDBOX_INTERNAL_ERROR")

    nt.wait_until_provisioned(client, [*NUMBERS[:2], "+13075559999"], progress=True)

    # The bar ends where the terminal does.
    assert "1 ready, 1 failed, 1 n" in capsys.readouterr().err


@pytest.mark.parametrize("services", ["FAX", [], ["SMS", "MMS"]])
def test_unknown_services_are_refused(client, services):
    with pytest.raises(InvalidInputError, match="can't be waited for; use SMS and VOICE"):
        wait(client, NUMBERS, services=services)


@pytest.mark.parametrize("timeout", [-1, True, "900", None, float("inf"), float("nan")])
def test_an_impossible_timeout_is_refused(client, timeout):
    with pytest.raises(InvalidInputError, match="no number of seconds"):
        wait(client, NUMBERS, timeout=timeout)


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        (None, "names no phone numbers"),
        (13075550001, "names no phone numbers"),
        ([13075550001], "int, not text"),
        (["3075550001"], "no plus sign"),
        (pd.DataFrame({"number": NUMBERS}), "no column phone_number, but number"),
        ([*"ABCDEFG"], "And 2 more"),
    ],
)
def test_what_names_no_numbers_is_refused_before_anything_is_sent(client, sandbox, numbers, reason):
    with pytest.raises(InvalidInputError, match=reason):
        wait(client, numbers)
    assert not sandbox.requests
