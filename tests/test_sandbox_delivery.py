"""Delivery of webhook events: that they arrive, fail, repeat, survive, and stay on this machine."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import threading
from datetime import timedelta

import pytest

from event_helpers import SECRET, VOICE, WORKING, contents, free_port, run, serving, statuses
from numbers_toolkit.sandbox import FAULTS, LoggedEvent, Sandbox
from numbers_toolkit.sandbox.delivery import THREAD_NAME
from numbers_toolkit.sandbox.events import signature
from sandbox_helpers import Caller, active_number
from scripted_server import Reply, ScriptedServer

NUMBER, SECOND, THIRD = "+12015550100", "+12015550101", "+12015550102"
PATIENCE = 30


@pytest.fixture
def receiver():
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def caller(receiver):
    """Three numbers whose events go to the receiver, and a secret to sign with."""
    documents = [active_number(number, callbackUrl=receiver.url) for number in (NUMBER, SECOND, THIRD)]
    with serving(*documents) as caller:
        caller.call("PATCH", "callbackConfiguration", json={"hmacSecret": SECRET})
        yield caller


def test_event_is_posted_as_json_and_signed(caller, receiver):
    run(caller, NUMBER, smsConfiguration={"servicePlanId": "SANDBOX_PLAN"})
    (request,) = receiver.requests
    (event,) = caller.sandbox.events
    expected = hmac.new(SECRET.encode(), request.body, hashlib.sha1).hexdigest()

    assert (request.method, request.headers["content-type"]) == ("POST", "application/json")
    assert request.headers["content-length"] == str(len(request.body))
    assert request.headers["x-sinch-signature"] == expected == event.signature
    assert (event.body, event.event, event.url) == (request.body, json.loads(request.body), receiver.url)
    assert (event.status, event.attempts, event.problem) == ("DELIVERED", 1, "")
    assert event.delivered_at.isoformat() == "2026-03-02T09:00:07+00:00"


def test_event_without_a_secret_is_not_signed(receiver):
    with serving(active_number(NUMBER, callbackUrl=receiver.url)) as caller:
        run(caller, NUMBER, voiceConfiguration=VOICE)
        (event,) = caller.sandbox.events

    assert "x-sinch-signature" not in receiver.requests[0].headers
    assert event.signature == ""


def test_events_arrive_in_the_order_in_which_they_fall_due(caller, receiver):
    for number in (THIRD, NUMBER, SECOND):
        run(caller, number, wait=1, smsConfiguration={"servicePlanId": "SANDBOX_PLAN"})
    caller.sandbox.advance(60)

    assert [each["resourceId"] for each in contents(receiver)] == [THIRD, NUMBER, SECOND]


def test_logged_event_shows_no_secret_and_cannot_be_changed(caller):
    run(caller, NUMBER, smsConfiguration={"servicePlanId": "SANDBOX_PLAN"})
    (event,) = caller.sandbox.events

    assert isinstance(event, LoggedEvent)
    assert SECRET not in repr(event)
    with pytest.raises(AttributeError):
        event.status = "FAILED"


def test_event_due_by_a_request_waits_to_be_delivered_and_is_counted(receiver):
    documents = [active_number(number, callbackUrl=receiver.url) for number in (NUMBER, SECOND)]
    with serving(*documents, waiting_seconds=0, running_seconds=0) as caller:
        for number in (NUMBER, SECOND):
            caller.patch(number, smsConfiguration=WORKING)
        waiting, sent = statuses(caller.sandbox), len(receiver.requests)

        assert (waiting, sent) == (["WAITING"] * 4, 0)
        assert caller.sandbox.deliver_events() == 4
        assert caller.sandbox.deliver_events() == 0
    assert len(receiver.requests) == 4


def test_nothing_is_sent_to_another_machine_by_default(caller, receiver):
    # Reaches this machine, but is not written as one of its addresses.
    sideways = receiver.url.replace("127.0.0.1", "127.1")
    for url in (
        "https://hooks.example.com/numbers",
        "http://192.0.2.1/",
        "http://127.0.0.1@example.com/",
        sideways,
    ):
        caller.patch(NUMBER, callbackUrl=url)
        run(caller, NUMBER, voiceConfiguration=VOICE)

    assert statuses(caller.sandbox) == ["NOT_SENT"] * 4
    assert receiver.requests == []
    for event in caller.sandbox.events:
        assert "deliver_anywhere=True" in event.problem
        assert (event.attempts, event.delivered_at) == (0, None)
        assert event.signature == signature(SECRET, event.body)


def test_deliver_anywhere_sends_to_other_names(receiver):
    url = receiver.url.replace("127.0.0.1", "127.1")
    with serving(active_number(NUMBER, callbackUrl=url), deliver_anywhere=True) as caller:
        run(caller, NUMBER, voiceConfiguration=VOICE)

        assert statuses(caller.sandbox) == ["DELIVERED"]


def test_seeded_callback_urls_are_noted_and_left_alone():
    with Sandbox(active=400, available=0, clock="manual") as sandbox:
        sandbox.advance(timedelta(days=1))
        events = sandbox.events

        assert events
        assert {(event.url, event.status) for event in events} == {
            ("https://hooks.example.com/numbers", "NOT_SENT")
        }
        assert sandbox.internal_errors == []


@pytest.mark.parametrize(
    "url",
    ["ftp://127.0.0.1/x", "nonsense", "http://", "http:///path", "//127.0.0.1/x", "http://127.0.0.1:99999/",
     "http://127.0.0.1:port/", "http://[::1", "javascript:alert(1)"],
)  # fmt: skip
def test_callback_url_that_is_none_is_noted(url):
    with serving(active_number(NUMBER, callbackUrl=url)) as caller:
        run(caller, NUMBER, voiceConfiguration=VOICE)
        (event,) = caller.sandbox.events

    assert (event.status, event.problem) == ("NOT_SENT", "not an http or https address with a host")


@pytest.mark.parametrize("path", ["/a b", "/é", "/\x7f"])
def test_path_that_cannot_be_sent_fails_and_harms_nothing(caller, receiver, path):
    caller.patch(NUMBER, callbackUrl=receiver.url + path)
    run(caller, NUMBER, voiceConfiguration=VOICE)
    run(caller, SECOND, voiceConfiguration=VOICE)

    assert statuses(caller.sandbox) == ["FAILED", "DELIVERED"]
    assert len(receiver.requests) == 1


def test_ipv6_loopback_is_connected_to():
    for url in (f"http://[::1]:{free_port()}/x", "http://[::1]/numbers-sandbox"):
        with serving(active_number(NUMBER, callbackUrl=url)) as caller:
            run(caller, NUMBER, voiceConfiguration=VOICE)
            (event,) = caller.sandbox.events

        assert (event.status, event.attempts) == ("FAILED", 1)
        assert not re.search("URL|gaierror", event.problem)


def test_encrypted_delivery_needs_a_receiver_that_encrypts(caller, receiver):
    caller.patch(NUMBER, callbackUrl=receiver.url.replace("http:", "https:"))
    run(caller, NUMBER, voiceConfiguration=VOICE)

    assert statuses(caller.sandbox) == ["FAILED"]
    assert "SSL" in caller.sandbox.events[0].problem


def test_redirect_is_not_followed(caller, receiver):
    with ScriptedServer() as elsewhere:
        receiver.replies[:] = [Reply(302, headers={"location": elsewhere.url})]
        run(caller, NUMBER, voiceConfiguration=VOICE)

        assert elsewhere.requests == []
    (event,) = caller.sandbox.events
    assert (event.status, event.problem, len(receiver.requests)) == ("FAILED", "answered 302", 1)


@pytest.mark.parametrize(
    ("reply", "status"),
    [(Reply(204, b""), "DELIVERED"), (Reply(201, b"x" * 1_000_000), "DELIVERED"), (Reply(404), "FAILED"),
     (Reply(500, b"<html>"), "FAILED"), (Reply(reset=True), "FAILED"),
     (Reply(raw=b"not HTTP at all\r\n\r\n"), "FAILED"),
     (Reply(raw=b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort"), "DELIVERED")],
    ids=["204", "long", "404", "500", "reset", "garbage", "short"],
)  # fmt: skip
def test_only_success_counts_as_arrived(caller, receiver, reply, status):
    receiver.replies[:] = [reply]
    run(caller, NUMBER, voiceConfiguration=VOICE)
    (event,) = caller.sandbox.events

    assert (event.status, event.attempts) == (status, 1)
    assert (event.problem == "") is (status == "DELIVERED")


def test_refused_connection_is_a_failure():
    with serving(active_number(NUMBER, callbackUrl=f"http://localhost:{free_port()}/")) as caller:
        run(caller, NUMBER, voiceConfiguration=VOICE)
        (event,) = caller.sandbox.events

    assert (event.status, event.attempts) == ("FAILED", 1)
    assert "refused" in event.problem


def test_silent_receiver_is_given_up_after_the_timeout():
    release = threading.Event()
    with (
        ScriptedServer(Reply(before=lambda: release.wait(PATIENCE))) as receiver,
        serving(active_number(NUMBER, callbackUrl=receiver.url), webhook_timeout=0.05) as caller,
    ):
        run(caller, NUMBER, voiceConfiguration=VOICE)
        release.set()
        (event,) = caller.sandbox.events

    assert (event.status, event.problem) == ("FAILED", "TimeoutError: timed out")


@pytest.mark.parametrize("steps", [[60], [7, 0.5, 0.5, 4, 1, 47], [7] + [0.25] * 212])
def test_failed_delivery_is_repeated_on_schedule_by_the_sandbox_clock(steps):
    with (
        ScriptedServer(Reply(500), Reply(reset=True), Reply()) as receiver,
        serving(active_number(NUMBER, callbackUrl=receiver.url), webhook_retries=(1, 5, 30)) as caller,
    ):
        caller.patch(NUMBER, voiceConfiguration=VOICE)
        for step in steps:
            caller.sandbox.advance(step)
        (event,) = caller.sandbox.events

    assert (event.status, event.attempts, len(receiver.requests)) == ("DELIVERED", 3, 3)
    assert event.delivered_at.isoformat() == "2026-03-02T09:00:13+00:00"
    assert len({request.body for request in receiver.requests}) == 1


def test_repeat_waits_for_its_time():
    with (
        ScriptedServer(Reply(500)) as receiver,
        serving(active_number(NUMBER, callbackUrl=receiver.url), webhook_retries=(60,)) as caller,
    ):
        run(caller, NUMBER, voiceConfiguration=VOICE)
        caller.sandbox.advance(59.9)
        (waiting,), before = caller.sandbox.events, len(receiver.requests)
        caller.sandbox.advance(0.1)
        (given_up,) = caller.sandbox.events

    assert (before, waiting.status, waiting.problem) == (1, "WAITING", "answered 500")
    assert (given_up.status, given_up.attempts, given_up.delivered_at) == ("FAILED", 2, None)


def test_failure_of_one_receiver_holds_up_no_other(receiver):
    documents = [
        active_number(NUMBER, callbackUrl=f"http://127.0.0.1:{free_port()}/"),
        active_number(SECOND, callbackUrl=receiver.url),
    ]
    with serving(*documents, webhook_retries=(1, 1)) as caller:
        for document in documents:
            caller.patch(document["phoneNumber"], voiceConfiguration=VOICE)
        caller.sandbox.advance(60)

        assert statuses(caller.sandbox) == ["FAILED", "DELIVERED"]


def test_receiver_may_call_the_sandbox_while_it_answers(caller, receiver):
    seen = []

    def look():
        seen.append(caller.number(SECOND)["phoneNumber"])
        caller.sandbox.advance(1)

    receiver.replies[:] = [Reply(before=look), Reply()]
    run(caller, NUMBER, smsConfiguration=WORKING)

    assert seen == [SECOND]
    assert statuses(caller.sandbox) == ["DELIVERED"] * 2
    assert caller.sandbox.now.isoformat() == "2026-03-02T09:00:08+00:00"


def test_events_are_sent_once_by_two_threads_that_deliver(receiver):
    documents = [active_number(f"+120255501{index:02d}", callbackUrl=receiver.url) for index in range(30)]
    with serving(*documents, waiting_seconds=0, running_seconds=0) as caller:
        for document in documents:
            caller.patch(document["phoneNumber"], voiceConfiguration=VOICE)
        together, counts = threading.Barrier(2), []

        def deliver():
            together.wait(PATIENCE)
            counts.append(caller.sandbox.deliver_events())

        threads = [threading.Thread(target=deliver) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)

    assert sum(counts) == len(receiver.requests) == 30


def test_a_thousand_numbers_may_finish_at_once(receiver):
    documents = [
        active_number(f"+1202555{index:04d}", callbackUrl="https://hooks.example.com/")
        for index in range(990)
    ]
    documents += [active_number(f"+1203555{index:04d}", callbackUrl=receiver.url) for index in range(120)]
    with serving(*documents) as caller:
        for document in documents:
            caller.patch(document["phoneNumber"], voiceConfiguration=VOICE)
        caller.sandbox.advance(60)
        found = statuses(caller.sandbox)

    assert (found.count("NOT_SENT"), found.count("DELIVERED")) == (990, 120)
    assert len(receiver.requests) == 120


# Faults


def test_duplicate_event_arrives_twice_with_the_same_bytes(caller, receiver):
    caller.sandbox.faults.add("duplicate_event", times=1)
    for number in (NUMBER, SECOND):
        caller.patch(number, voiceConfiguration=VOICE)
    caller.sandbox.advance(7)
    first, again, second = (request.body for request in receiver.requests)

    assert first == again != second
    assert [(event.status, event.attempts) for event in caller.sandbox.events] == [
        ("DELIVERED", 2),
        ("DELIVERED", 1),
    ]


def test_duplicate_event_may_come_much_later_and_fail_without_harm(caller, receiver):
    caller.sandbox.faults.add("duplicate_event", seconds=3600)
    run(caller, NUMBER, voiceConfiguration=VOICE)
    at_first = len(receiver.requests)
    receiver.replies[:] = [Reply(500)]
    caller.sandbox.advance(7200)
    (event,) = caller.sandbox.events

    assert (at_first, len(receiver.requests)) == (1, 2)
    assert (event.status, event.attempts, event.problem) == ("DELIVERED", 2, "answered 500")


def test_late_event_is_overtaken(caller, receiver):
    caller.sandbox.faults.add("late_event", times=1)
    for number in (NUMBER, SECOND):
        caller.patch(number, voiceConfiguration=VOICE)
    seen = []
    for step in (7, 59.5, 0.5):
        caller.sandbox.advance(step)
        seen.append([each["resourceId"] for each in contents(receiver)])

    assert seen == [[SECOND], [SECOND], [SECOND, NUMBER]]
    assert contents(receiver)[1]["timestamp"] == "2026-03-02T09:00:07.000000"
    assert caller.sandbox.events[0].delivered_at.isoformat() == "2026-03-02T09:01:07+00:00"


def test_late_event_takes_its_new_place_in_the_queue(caller, receiver):
    caller.sandbox.faults.add("late_event", times=1)
    run(caller, NUMBER, voiceConfiguration=VOICE)
    caller.patch(SECOND, voiceConfiguration=VOICE)
    caller.sandbox.advance(3600)

    assert [each["resourceId"] for each in contents(receiver)] == [SECOND, NUMBER]


def test_late_event_without_end_holds_each_event_back_once(caller, receiver):
    caller.sandbox.faults.add("late_event", seconds=0)
    run(caller, NUMBER, smsConfiguration=WORKING)

    assert len(receiver.requests) == 2


def test_wrong_signature_does_not_verify(caller, receiver):
    caller.sandbox.faults.add("wrong_signature", times=1)
    run(caller, NUMBER, smsConfiguration=WORKING)
    wrong, right = receiver.requests
    sent = [request.headers["x-sinch-signature"] for request in receiver.requests]

    assert sent[0] != signature(SECRET, wrong.body)
    assert sent[1] == signature(SECRET, right.body)
    assert re.fullmatch("[0-9a-f]{40}", sent[0])
    assert [event.signature for event in caller.sandbox.events] == sent


def test_faults_of_events_are_narrowed_by_type_and_address(caller, receiver):
    caller.sandbox.faults.add("duplicate_event", operation="PROVISIONING_TO_CAMPAIGN")
    caller.sandbox.faults.add("duplicate_event", path="/other")
    run(caller, NUMBER, smsConfiguration=WORKING)

    assert [each["eventType"] for each in contents(receiver)] == [
        "PROVISIONING_TO_SMS_PLATFORM",
        "PROVISIONING_TO_CAMPAIGN",
        "PROVISIONING_TO_CAMPAIGN",
    ]


def test_faults_of_events_are_known_by_name():
    assert {"duplicate_event", "late_event", "wrong_signature"} < set(FAULTS)


# The thread


def couriers():
    return {thread for thread in threading.enumerate() if thread.name == THREAD_NAME}


def test_running_clock_delivers_by_itself_what_falls_due():
    arrived = threading.Event()
    with (
        ScriptedServer(Reply(before=arrived.set)) as receiver,
        serving(
            active_number(NUMBER, callbackUrl=receiver.url),
            clock="running",
            waiting_seconds=0.01,
            running_seconds=0.01,
        ) as caller,
    ):
        caller.patch(NUMBER, voiceConfiguration=VOICE)
        assert arrived.wait(PATIENCE)
        caller.sandbox.deliver_events()  # waits for the thread to note what it has done
        (event,) = caller.sandbox.events

    assert (event.status, event.attempts, len(receiver.requests)) == ("DELIVERED", 1, 1)
    assert event.delivered_at >= caller.sandbox.now - timedelta(seconds=PATIENCE)


def test_running_clock_that_is_moved_delivers_at_once():
    arrived = threading.Event()
    with (
        ScriptedServer(Reply(before=arrived.set)) as receiver,
        serving(
            active_number(NUMBER, callbackUrl=receiver.url), clock="running", waiting_seconds=3600
        ) as caller,
    ):
        caller.patch(NUMBER, voiceConfiguration=VOICE)
        caller.sandbox.advance(7200)

        assert arrived.wait(PATIENCE)


def test_running_clock_that_is_moved_repeats_at_once():
    failed, arrived = threading.Event(), threading.Event()
    with (
        ScriptedServer(Reply(500, before=failed.set), Reply(before=arrived.set)) as receiver,
        serving(
            active_number(NUMBER, callbackUrl=receiver.url), clock="running", waiting_seconds=0, running_seconds=0,
            webhook_retries=(3600,),
        ) as caller,
    ):  # fmt: skip
        caller.patch(NUMBER, voiceConfiguration=VOICE)
        assert failed.wait(PATIENCE)
        caller.sandbox.deliver_events()
        caller.sandbox.advance(3600)

        assert arrived.wait(PATIENCE)


def test_running_clock_repeats_by_itself():
    arrived = threading.Event()
    with (
        ScriptedServer(Reply(500), Reply(before=arrived.set)) as receiver,
        serving(
            active_number(NUMBER, callbackUrl=receiver.url), clock="running", waiting_seconds=0, running_seconds=0,
            webhook_retries=(0.01,),
        ) as caller,
    ):  # fmt: skip
        caller.patch(NUMBER, voiceConfiguration=VOICE)

        assert arrived.wait(PATIENCE)
    assert len(receiver.requests) == 2


def test_thread_ends_with_the_sandbox_and_only_a_running_clock_has_one():
    before = couriers()
    running, manual = Sandbox(active=1, available=0), Sandbox(active=1, available=0, clock="manual")
    with manual:
        assert couriers() == before
    with running:
        (own,) = couriers() - before
        running.reset()
        (after,) = couriers() - before
        assert after is not own

    assert couriers() == before


def test_stop_cuts_off_a_silent_receiver_and_start_sends_the_event_again():
    reached, release, arrived = threading.Event(), threading.Event(), threading.Event()

    def hold():
        reached.set()
        release.wait(PATIENCE)

    before = couriers()
    document = active_number(NUMBER)
    with ScriptedServer(Reply(before=hold), Reply(before=arrived.set)) as receiver:
        document["callbackUrl"] = receiver.url
        sandbox = Sandbox(
            numbers=[document], available=0, waiting_seconds=0, running_seconds=0, webhook_timeout=60
        )
        with sandbox, Caller(sandbox) as caller:
            caller.patch(NUMBER, voiceConfiguration=VOICE)
            assert reached.wait(PATIENCE)
        (cut_off,), left = sandbox.events, couriers() - before
        release.set()
        with sandbox:
            assert arrived.wait(PATIENCE)
            sandbox.deliver_events()
            (event,) = sandbox.events

    assert (cut_off.status, cut_off.attempts, left) == ("WAITING", 0, set())
    assert (event.status, event.attempts) == ("DELIVERED", 1)
    assert sandbox.internal_errors == []


def test_stop_cuts_off_a_delivery_by_hand(tmp_path):
    reached, release = threading.Event(), threading.Event()

    def hold():
        reached.set()
        release.wait(PATIENCE)

    with ScriptedServer(Reply(before=hold), Reply()) as receiver:
        document = active_number(NUMBER, callbackUrl=receiver.url)
        options = {"clock": "manual", "state": tmp_path / "state.sqlite", "webhook_timeout": 60}
        with Sandbox(numbers=[document], available=0, **options) as sandbox, Caller(sandbox) as caller:
            caller.patch(NUMBER, voiceConfiguration=VOICE)
            thread = threading.Thread(target=sandbox.advance, args=(7,))
            thread.start()
            assert reached.wait(PATIENCE)
        thread.join(PATIENCE)
        release.set()
        with Sandbox(**options) as again:
            (cut_off,) = again.events

            assert (cut_off.status, cut_off.attempts) == ("WAITING", 0)
            assert again.deliver_events() == 1
    assert not thread.is_alive()


def test_fault_inside_delivery_is_kept_and_does_not_end_it(monkeypatch):
    broken, arrived = threading.Event(), threading.Event()

    def fail(*_):
        broken.set()
        raise ZeroDivisionError("on purpose")

    with ScriptedServer(Reply(before=arrived.set)) as receiver:
        document = active_number(NUMBER, callbackUrl=receiver.url)
        sandbox = Sandbox(numbers=[document], available=0, waiting_seconds=0, running_seconds=0)
        monkeypatch.setattr("numbers_toolkit.sandbox.outbox.Outbox.due", fail)
        with sandbox, Caller(sandbox) as caller:
            assert broken.wait(PATIENCE)
            monkeypatch.undo()
            caller.patch(NUMBER, voiceConfiguration=VOICE)

            assert arrived.wait(PATIENCE)
    assert {type(error) for error in sandbox.internal_errors} == {ZeroDivisionError}


# Keeping


def test_queue_survives_in_the_state_file(tmp_path, receiver):
    document = active_number(NUMBER, callbackUrl=receiver.url)
    options = {
        "clock": "manual",
        "state": tmp_path / "state.sqlite",
        "waiting_seconds": 0,
        "running_seconds": 0,
    }
    with Sandbox(numbers=[document], available=0, **options) as sandbox, Caller(sandbox) as caller:
        caller.patch(NUMBER, smsConfiguration=WORKING)
        before = sandbox.events
    sent = len(receiver.requests)
    with Sandbox(**options) as again:
        kept, arrived = again.events, again.deliver_events()
        after = again.events

    assert [event.status for event in before] == ["WAITING", "WAITING"]
    assert (kept, sent, arrived) == (before, 0, 2)
    assert [event.status for event in after] == ["DELIVERED"] * 2
    assert [request.body for request in receiver.requests] == [event.body for event in before]


def test_state_that_was_allowed_to_send_elsewhere_is_held_back_again(tmp_path):
    document = active_number(NUMBER, callbackUrl="http://192.0.2.1/")
    options = {
        "clock": "manual",
        "state": tmp_path / "state.sqlite",
        "waiting_seconds": 0,
        "running_seconds": 0,
    }
    with (
        Sandbox(numbers=[document], available=0, deliver_anywhere=True, **options) as sandbox,
        Caller(sandbox) as caller,
    ):
        caller.patch(NUMBER, voiceConfiguration=VOICE)
        before = sandbox.events[0].status
    with Sandbox(**options) as again:
        arrived = again.deliver_events()
        (event,) = again.events

    assert (before, arrived, event.status, event.attempts) == ("WAITING", 0, "NOT_SENT", 0)


def test_reset_forgets_events_and_counts_them_from_the_start(caller, receiver):
    bodies = []
    for _ in range(2):
        caller.sandbox.reset()
        assert caller.sandbox.events == ()
        run(caller, NUMBER, smsConfiguration=WORKING)
        bodies.append([event.body for event in caller.sandbox.events])

    assert bodies[0] == bodies[1]


@pytest.mark.parametrize(
    "switch",
    [{"webhook_retries": (1, -1)}, {"webhook_retries": (float("nan"),)}, {"webhook_retries": (float("inf"),)},
     {"webhook_timeout": 0}, {"webhook_timeout": float("nan")}, {"webhook_timeout": 3600}],
    ids=str,
)  # fmt: skip
def test_schedule_that_cannot_be_kept_is_refused(switch):
    with pytest.raises(ValueError, match="webhook_"):
        Sandbox(active=0, available=0, **switch)
