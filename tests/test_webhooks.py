"""Events: signed or refused, read whatever they hold, taken once, and listed each once by time."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import pickle
import subprocess
import sys
import threading
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import numbers_toolkit as nt
from leaks import everything_shown
from numbers_toolkit import errors, files, tables
from numbers_toolkit.webhooks import (
    Event,
    SeenEvents,
    events_frame,
    parse_event,
    read_event,
    verify_signature,
)

SECRET = "sandbox-Secret-0123456789-abcdefgh"
PROJECT = "7f2c9a4e-51d8-4b63-9e0a-6c1d85b2f347"
N = "+13075550142"
ORDER = "01kq4yfz8d1c3b5n7m9v2x4w6t"
SMS_READY = (
    b'{"eventId":"01kq4y7d2m8x3v5n6p9r0s1t2w","timestamp":"2026-03-02T09:15:27.403118",'
    b'"projectId":"7f2c9a4e-51d8-4b63-9e0a-6c1d85b2f347","resourceId":"+13075550142",'
    b'"resourceType":"ACTIVE_NUMBER","eventType":"PROVISIONING_TO_SMS_PLATFORM","status":"SUCCEEDED",'
    b'"failureCode":null,"internalFailureCode":null}'
)
CAMPAIGN_FAILED = (
    b'{"eventId":"01kq4y7d2m8x3v5n6p9r0s1t2x","timestamp":"2026-03-02T09:16:02.118904",'
    b'"projectId":"7f2c9a4e-51d8-4b63-9e0a-6c1d85b2f347","resourceId":"+13075550142",'
    b'"resourceType":"ACTIVE_NUMBER","eventType":"PROVISIONING_TO_CAMPAIGN","status":"FAILED",'
    b'"failureCode":"CAMPAIGN_MNO_SUSPENDED","internalFailureCode":null}'
)
ORDER_BLOCKED = (
    b'{"eventId":"01kq4yg6h4j2k8m0p5q7r9s1tv","timestamp":"2026-03-03T07:00:01.220417",'
    b'"projectId":"7f2c9a4e-51d8-4b63-9e0a-6c1d85b2f347","resourceId":"01kq4yfz8d1c3b5n7m9v2x4w6t",'
    b'"resourceType":"NUMBER_ORDER","eventType":"NUMBER_ORDER_PROCESSING","status":"BLOCKED"}'
)
LINES = [SMS_READY, CAMPAIGN_FAILED, ORDER_BLOCKED]

#: Computed apart from this package, with openssl dgst -sha1 -hmac.
VECTORS = {
    b"{}": "a4734ba0614a0c72bfcb96dc8c2e116c24521a3f",
    '{"note":"été"}'.encode(): "1c673f23ba1870a7ad002d0465360d6ebe924b84",
    SMS_READY: "931cdd5605f724602f74f7bf2822c67c2a1ad179",
    CAMPAIGN_FAILED: "343204bc471004eaa6e45ee89de589f217589425",
}


def signed(body: bytes) -> str:
    return hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest()


def line(**fields: Any) -> bytes:
    """An event as JSON; only what is given."""
    given = {"eventId": "e1", "resourceType": "ACTIVE_NUMBER", "resourceId": N, **fields}
    return json.dumps(given).encode()


# -- signatures ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", VECTORS)
def test_signature_of_the_vectors_fits(body: bytes) -> None:
    assert verify_signature(body, VECTORS[body], SECRET) is True


@pytest.mark.parametrize(
    "form",
    [
        str.upper,
        lambda text: f"  {text}\r\n",
        str.encode,
        lambda text: f" {text.upper()} ".encode(),
    ],
    ids=["upper case", "blanks around", "bytes", "all of it"],
)
def test_signature_is_forgiven_its_form(form: Any) -> None:
    assert verify_signature(b"{}", form(VECTORS[b"{}"]), SECRET) is True


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_body_may_be_any_kind_of_bytes(kind: Any) -> None:
    assert verify_signature(kind(b"{}"), VECTORS[b"{}"], SECRET) is True


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "",
        b"",
        " ",
        "0" * 40,
        VECTORS[b"{}"][:-1],
        VECTORS[b"{}"] + "0",
        "sha1=" + VECTORS[b"{}"],
        "é" * 40,
        "\ud800" * 40,
        b"\xff" * 40,
    ],
)
def test_wrong_signature_does_not_fit(wrong: Any) -> None:
    assert verify_signature(b"{}", wrong, SECRET) is False


def test_any_other_body_or_secret_does_not_fit() -> None:
    signature = VECTORS[SMS_READY]

    assert not verify_signature(SMS_READY + b"\n", signature, SECRET)
    assert not verify_signature(json.dumps(json.loads(SMS_READY)).encode(), signature, SECRET)
    assert not verify_signature(SMS_READY, signature, SECRET + "x")
    assert not verify_signature(SMS_READY, signature, f"{SECRET} ")


def test_body_that_was_decoded_is_refused() -> None:
    with pytest.raises(errors.InvalidInputError, match="raw bytes as they arrived"):
        verify_signature("{}", VECTORS[b"{}"], SECRET)  # type: ignore[arg-type]
    with pytest.raises(errors.InvalidInputError, match="The body is dict"):
        verify_signature({}, VECTORS[b"{}"], SECRET)  # type: ignore[arg-type]


@pytest.mark.parametrize("secret", ["", "  ", None, 5, b"bytes"])
def test_missing_secret_is_refused(secret: Any) -> None:
    with pytest.raises(errors.InvalidInputError, match="secret is missing, empty or no text"):
        verify_signature(b"{}", VECTORS[b"{}"], secret)


def test_signature_that_is_no_header_is_refused() -> None:
    with pytest.raises(errors.InvalidInputError, match="The signature is list"):
        verify_signature(b"{}", [VECTORS[b"{}"]], SECRET)  # type: ignore[arg-type]


def test_signature_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    monkeypatch.setattr(hmac, "compare_digest", lambda *both: compared.append(both) or True)

    assert verify_signature(b"{}", "x", SECRET) is True
    assert compared == [(VECTORS[b"{}"].encode(), b"x")]


@given(body=st.binary(max_size=200), secret=st.text(min_size=1).filter(str.strip))
def test_whatever_is_signed_fits(body: bytes, secret: str) -> None:
    key = secret.encode("utf-8", "surrogatepass")
    assert verify_signature(body, hmac.new(key, body, hashlib.sha1).hexdigest(), secret)
    assert not verify_signature(body + b"x", hmac.new(key, body, hashlib.sha1).hexdigest(), secret)


# -- one event ----------------------------------------------------------------------------------------------


def test_event_of_a_number_is_read() -> None:
    event = parse_event(CAMPAIGN_FAILED)

    assert event == Event(
        event_id="01kq4y7d2m8x3v5n6p9r0s1t2x",
        timestamp=datetime(2026, 3, 2, 9, 16, 2, 118904, tzinfo=UTC),
        project_id=PROJECT,
        resource_id=N,
        resource_type="ACTIVE_NUMBER",
        event_type="PROVISIONING_TO_CAMPAIGN",
        status="FAILED",
        failure_code="CAMPAIGN_MNO_SUSPENDED",
    )
    assert (event.phone_number, event.order_id) == (N, None)
    assert event.internal_failure_code is None


def test_event_of_an_order_is_read() -> None:
    event = parse_event(ORDER_BLOCKED.decode())

    assert (event.phone_number, event.order_id, event.status) == (None, ORDER, "BLOCKED")
    assert (event.failure_code, event.other_fields) == (None, {})


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-03-02T09:15:27", datetime(2026, 3, 2, 9, 15, 27, tzinfo=UTC)),
        ("2026-03-02T09:15:27.4", datetime(2026, 3, 2, 9, 15, 27, 400000, tzinfo=UTC)),
        ("2026-03-02T09:15:27.403118", datetime(2026, 3, 2, 9, 15, 27, 403118, tzinfo=UTC)),
        ("2026-03-02T09:15:27.403118999", datetime(2026, 3, 2, 9, 15, 27, 403118, tzinfo=UTC)),
        ("2026-03-02T09:15:27.403118Z", datetime(2026, 3, 2, 9, 15, 27, 403118, tzinfo=UTC)),
        ("2026-03-02T09:15:27.403118999+02:00", datetime(2026, 3, 2, 7, 15, 27, 403118, tzinfo=UTC)),
    ],
)
def test_timestamp_without_a_zone_is_utc_and_cut_to_microseconds(text: str, read: datetime) -> None:
    event = parse_event(line(timestamp=text))

    assert event.timestamp == read
    assert event.timestamp is not None
    assert event.timestamp.tzinfo is UTC


@pytest.mark.parametrize("odd", ["yesterday", 1772443727, {"seconds": 5}, "0001-01-01T00:00:00+14:00"])
def test_timestamp_that_can_not_be_read_is_kept_as_it_came(odd: Any) -> None:
    event = parse_event(line(timestamp=odd))

    assert event.timestamp is None
    assert event.other_fields == {"timestamp": odd}


@pytest.mark.parametrize(
    "unset", [{}, dict.fromkeys(("timestamp", "projectId", "eventType", "status", "failureCode"))]
)
def test_absent_null_and_empty_are_the_same(unset: dict[str, Any]) -> None:
    empty = dict.fromkeys(("timestamp", "projectId", "eventType", "status", "failureCode"), "")

    assert (
        parse_event(line(**unset))
        == parse_event(line(**empty))
        == Event(event_id="e1", resource_type="ACTIVE_NUMBER", resource_id=N)
    )


def test_unknown_words_and_fields_are_kept() -> None:
    body = line(resourceType="IMPORTED_NUMBER", eventType="NEW", status="PAUSED", futureField={"a": [1]})

    event = parse_event(body)

    assert (event.resource_type, event.event_type, event.status) == ("IMPORTED_NUMBER", "NEW", "PAUSED")
    assert event.other_fields == {"futureField": {"a": [1]}}
    assert (event.phone_number, event.order_id) == (None, None)


def test_words_of_another_kind_become_text() -> None:
    event = parse_event(line(status=5, failureCode=["A", "B"], eventType=True, projectId="a\ud800"))

    assert (event.status, event.failure_code, event.event_type) == ("5", '["A", "B"]', "true")
    assert event.project_id == "a?"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  ",
        b"<html>",
        b'{"eventId": "1"',
        b"\xff\xfe",
        b"[" * 100_000,
        "{'eventId': 1}",
        b'{"a": 1}{"b": 2}',
    ],
)
def test_body_that_is_no_json_is_refused(body: Any) -> None:
    with pytest.raises(errors.EventFormatError, match="no JSON"):
        parse_event(body)


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"5", b"{}", b'{"a": 1}', b'{"eventId": ""}'])
def test_json_that_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(errors.EventFormatError):
        parse_event(body)


def test_event_is_a_value() -> None:
    event = parse_event(line(futureField=1, timestamp="2026-03-02T09:15:27"))

    assert pickle.loads(pickle.dumps(event)) == event
    assert len({event, parse_event(line(futureField=1, timestamp="2026-03-02T09:15:27"))}) == 1
    with pytest.raises(AttributeError):
        event.status = "SUCCEEDED"  # type: ignore[misc]


# -- taking events ------------------------------------------------------------------------------------------


def test_signed_event_is_taken() -> None:
    event = read_event(SMS_READY, signature=VECTORS[SMS_READY], secret=SECRET, seen=set())

    assert (event.phone_number, event.status) == (N, "SUCCEEDED")


@pytest.mark.parametrize("signature", [None, "", "0" * 40])
def test_event_with_a_missing_or_wrong_signature_is_refused_before_it_is_read(signature: Any) -> None:
    seen: set[str] = set()
    for body in (SMS_READY, b"<html>"):
        with pytest.raises(errors.WebhookSignatureError, match="not taken"):
            read_event(body, signature=signature, secret=SECRET, seen=seen)

    assert seen == set()


def test_changed_event_is_refused() -> None:
    forged = SMS_READY.replace(b"SUCCEEDED", b"FAILED")

    with pytest.raises(errors.WebhookSignatureError, match="does not fit its body"):
        read_event(forged, signature=VECTORS[SMS_READY], secret=SECRET)


def test_text_is_refused_where_there_is_a_secret() -> None:
    with pytest.raises(errors.InvalidInputError, match="raw bytes"):
        read_event(SMS_READY.decode(), signature=VECTORS[SMS_READY], secret=SECRET)


def test_signature_without_a_secret_is_refused_rather_than_ignored() -> None:
    with pytest.raises(errors.InvalidInputError, match="no secret to check it with"):
        read_event(SMS_READY, signature=VECTORS[SMS_READY])


@pytest.mark.parametrize("secret", ["", " ", 5])
def test_empty_secret_does_not_let_everything_through(secret: Any) -> None:
    with pytest.raises(errors.InvalidInputError, match="secret is missing"):
        read_event(SMS_READY, signature=VECTORS[SMS_READY], secret=secret)


def test_without_secret_nothing_is_verified() -> None:
    assert read_event(SMS_READY.decode()).phone_number == N


@pytest.mark.parametrize("make", [set, SeenEvents])
def test_replayed_event_is_refused_and_told(make: Any) -> None:
    seen = make()
    read_event(SMS_READY, signature=VECTORS[SMS_READY], secret=SECRET, seen=seen)

    with pytest.raises(errors.ReplayedEventError, match="taken before") as caught:
        read_event(SMS_READY, signature=VECTORS[SMS_READY], secret=SECRET, seen=seen)
    read_event(CAMPAIGN_FAILED, signature=VECTORS[CAMPAIGN_FAILED], secret=SECRET, seen=seen)

    assert caught.value.event == parse_event(SMS_READY)
    assert pickle.loads(pickle.dumps(caught.value)).event == caught.value.event
    assert len(seen) == 2


@pytest.mark.parametrize("make", [set, SeenEvents])
def test_event_whose_handling_failed_can_be_taken_again(make: Any) -> None:
    seen = make()
    event = read_event(SMS_READY, seen=seen)
    seen.discard(event.event_id)

    assert read_event(SMS_READY, seen=seen) == event


def test_event_without_an_id_is_refused_where_replays_are() -> None:
    body = b'{"resourceType": "ACTIVE_NUMBER"}'

    assert read_event(body).event_id == ""
    with pytest.raises(errors.EventFormatError, match="no eventId"):
        read_event(body, seen=set())


def test_list_is_no_collection_of_seen_ids() -> None:
    with pytest.raises(errors.InvalidInputError, match="seen is list"):
        read_event(SMS_READY, seen=[])  # type: ignore[arg-type]


@pytest.mark.parametrize("make", [set, SeenEvents])
def test_of_many_threads_one_takes_an_event(make: Any) -> None:
    seen, taken, gate = make(), [], threading.Barrier(8)

    def take() -> None:
        gate.wait()
        with contextlib.suppress(errors.ReplayedEventError):
            taken.append(read_event(SMS_READY, seen=seen))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == 1


@pytest.mark.parametrize("arguments", [{"signature": "0" * 40}, {"signature": [1]}, {}])
def test_secret_does_not_show_in_refusals(arguments: dict[str, Any]) -> None:
    with pytest.raises(errors.NumbersToolkitError) as caught:
        read_event(SMS_READY if "signature" in arguments else "text", secret=SECRET, **arguments)

    assert SECRET not in everything_shown(caught.value)


# -- ids that were seen -------------------------------------------------------------------------------------


def test_seen_ids_in_a_file_survive_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "seen.sqlite"
    with SeenEvents(path) as seen:
        assert seen.add("a")
    with SeenEvents(path) as again:
        assert not again.add("a")
        assert again.add("b")
        assert ("a" in again, "c" in again, len(again)) == (True, False, 2)


def test_seen_ids_in_a_file_are_shared_by_processes(tmp_path: Path) -> None:
    path = tmp_path / "seen.sqlite"
    code = f"from numbers_toolkit.webhooks import SeenEvents; print(SeenEvents({str(path)!r}).add('a'))"
    with SeenEvents(path) as seen:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

        assert done.stdout.strip() == "True"
        assert not seen.add("a")


def test_oldest_seen_ids_are_forgotten_beyond_the_limit() -> None:
    with SeenEvents(limit=3) as seen:
        assert all(seen.add(f"e{index}") for index in range(5))

        assert len(seen) == 3
        assert [f"e{index}" in seen for index in range(5)] == [False, False, True, True, True]


def test_file_of_something_else_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a list of ids " * 1000)

    with pytest.raises(errors.OutputError, match=r"notes\.txt"):
        SeenEvents(path)
    assert path.read_text().startswith("not a list of ids")


def test_place_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(errors.OutputError, match="nowhere"):
        SeenEvents(tmp_path / "nowhere" / "seen.sqlite")


@pytest.mark.parametrize("call", [lambda s: s.add("a"), lambda s: s.discard("a"), lambda s: "a" in s, len])
def test_closed_ids_refuse(call: Any) -> None:
    seen = SeenEvents()
    seen.close()
    seen.close()

    with pytest.raises(errors.OutputError, match="closed"):
        call(seen)


@pytest.mark.parametrize("limit", [0, -1, True, 1.5])
def test_impossible_limit_is_refused(limit: Any) -> None:
    with pytest.raises(errors.InvalidInputError, match="limit"):
        SeenEvents(limit=limit)


# -- many events --------------------------------------------------------------------------------------------


def expected(*rows: dict[str, Any]) -> pd.DataFrame:
    raw = pd.DataFrame(list(rows), columns=list(tables.EVENTS.names), dtype=object)
    return files.restore(raw, tables.EVENTS)


THREE = (
    {
        "event_id": "01kq4y7d2m8x3v5n6p9r0s1t2w",
        "timestamp": "2026-03-02T09:15:27.403118Z",
        "project_id": PROJECT,
        "resource_id": N,
        "phone_number": N,
        "resource_type": "ACTIVE_NUMBER",
        "event_type": "PROVISIONING_TO_SMS_PLATFORM",
        "status": "SUCCEEDED",
    },
    {
        "event_id": "01kq4y7d2m8x3v5n6p9r0s1t2x",
        "timestamp": "2026-03-02T09:16:02.118904Z",
        "project_id": PROJECT,
        "resource_id": N,
        "phone_number": N,
        "resource_type": "ACTIVE_NUMBER",
        "event_type": "PROVISIONING_TO_CAMPAIGN",
        "status": "FAILED",
        "failure_code": "CAMPAIGN_MNO_SUSPENDED",
    },
    {
        "event_id": "01kq4yg6h4j2k8m0p5q7r9s1tv",
        "timestamp": "2026-03-03T07:00:01.220417Z",
        "project_id": PROJECT,
        "resource_id": ORDER,
        "order_id": ORDER,
        "resource_type": "NUMBER_ORDER",
        "event_type": "NUMBER_ORDER_PROCESSING",
        "status": "BLOCKED",
    },
)
FORMS: dict[str, Any] = {
    "bytes": LINES,
    "text": [one.decode() for one in LINES],
    "dicts": [json.loads(one) for one in LINES],
    "events": [parse_event(one) for one in LINES],
    "any order, mixed": [json.loads(LINES[2]), LINES[0], parse_event(LINES[1])],
    "a generator": (one for one in LINES),
}


@pytest.mark.parametrize("form", FORMS)
def test_events_in_any_form_give_the_same_frame(form: str) -> None:
    frame = events_frame(FORMS[form])

    pd.testing.assert_frame_equal(frame, expected(*THREE))
    assert frame.attrs == {"duplicates": 0, "conflicts": 0, "unreadable": 0}


@pytest.mark.parametrize("end", [b"\n", b"", b"\r\n", b"\n\n  \n"])
@pytest.mark.parametrize("kind", [str, Path])
def test_log_is_read_line_by_line(tmp_path: Path, kind: Any, end: bytes) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"\n".join(LINES) + end)

    pd.testing.assert_frame_equal(events_frame(kind(path)), expected(*THREE))


def test_open_file_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"\n".join(LINES))
    with path.open(encoding="utf-8") as lines:
        pd.testing.assert_frame_equal(events_frame(lines), expected(*THREE))


@pytest.mark.parametrize("form", [SMS_READY, json.loads(SMS_READY), parse_event(SMS_READY)])
def test_single_event_is_a_frame_of_one_row(form: Any) -> None:
    events = [form] if isinstance(form, bytes) else form

    pd.testing.assert_frame_equal(events_frame(events), expected(THREE[0]))


def test_no_events_give_every_column_and_dtype() -> None:
    pd.testing.assert_frame_equal(events_frame([]), tables.EVENTS.empty())


def test_source_is_kept() -> None:
    assert events_frame([], source="sandbox").attrs["source"] == "sandbox"


def test_repeated_deliveries_are_listed_once_and_counted() -> None:
    frame = events_frame([*LINES, SMS_READY, json.loads(SMS_READY), parse_event(CAMPAIGN_FAILED)])

    assert len(frame) == 3
    assert frame.attrs["duplicates"] == 3
    assert frame.attrs["conflicts"] == 0


def test_repeated_id_with_other_contents_is_warned_of_and_the_first_is_listed() -> None:
    with pytest.warns(errors.DuplicateEventWarning, match="e1"):
        frame = events_frame([line(status="FAILED"), line(status="SUCCEEDED"), line(status="FAILED")])

    assert frame["status"].to_list() == ["FAILED"]
    assert (frame.attrs["duplicates"], frame.attrs["conflicts"]) == (2, 1)


def test_events_without_an_id_are_all_kept() -> None:
    assert len(events_frame([b'{"resourceType": "ACTIVE_NUMBER"}'] * 2)) == 2


@pytest.mark.parametrize("cut", [CAMPAIGN_FAILED[:100], b"{", '{"eventId":"é'.encode()[:-1]])
def test_half_written_last_line_is_left_out_with_a_warning(tmp_path: Path, cut: bytes) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(SMS_READY + b"\n" + cut)

    with pytest.warns(errors.IncompleteDataWarning, match="line 2"):
        frame = events_frame(path)

    pd.testing.assert_frame_equal(frame, expected(THREE[0]))
    assert (frame.attrs["unreadable"], frame.attrs["complete"]) == (1, False)


UNREADABLE = {
    "cut in the middle": [SMS_READY, CAMPAIGN_FAILED[:100], ORDER_BLOCKED],
    "cut, but ended": [SMS_READY, CAMPAIGN_FAILED[:100] + b"\n"],
    "no JSON": [SMS_READY, b"hello"],
    "no event": [SMS_READY, b'{"a": 1}'],
    "a list": [SMS_READY, b"[]", CAMPAIGN_FAILED],
    "dict that is no event": [SMS_READY, {"a": 1}],
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_line_that_is_no_event_is_refused_by_its_number(name: str) -> None:
    with pytest.raises(errors.EventFormatError, match=r"Line or item 2: .*skip_unreadable"):
        events_frame(UNREADABLE[name])


@pytest.mark.parametrize("name", UNREADABLE)
def test_lines_that_are_no_events_are_left_out_on_request(name: str) -> None:
    with pytest.warns(errors.IncompleteDataWarning, match="Left out, since they are no events: line 2"):
        frame = events_frame(UNREADABLE[name], skip_unreadable=True)

    assert len(frame) == len(UNREADABLE[name]) - 1
    assert frame.attrs["unreadable"] == 1


@pytest.mark.parametrize("odd", [5, None, SMS_READY, b"", [5], [None], [["x"]], '{"eventId": "1"}'])
def test_what_holds_no_events_is_refused(odd: Any) -> None:
    with pytest.raises(errors.InvalidInputError):
        events_frame(odd)


def test_log_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(errors.InvalidInputError, match=r"nothing\.jsonl"):
        events_frame(tmp_path / "nothing.jsonl")


def test_unknown_words_and_fields_are_kept_and_warned_of_once() -> None:
    lines = [
        line(
            eventId="1",
            resourceType="HOSTING_ORDER",
            eventType="NEW",
            status="PAUSED",
            future={"b": 1, "a": "ü"},
        ),
        line(eventId="2", resourceType="HOSTING_ORDER", timestamp="soon"),
    ]

    with pytest.warns(errors.UnknownValueWarning) as caught:
        frame = events_frame(lines)

    (warning,) = caught
    for told in ("'HOSTING_ORDER' (2 times)", "'NEW' (1", "'PAUSED'", "field 'future'", "timestamp 'soon'"):
        assert told in str(warning.message)
    assert frame["resource_type"].cat.categories.to_list() == [
        "ACTIVE_NUMBER",
        "NUMBER_ORDER",
        "HOSTING_ORDER",
    ]
    assert frame["other_fields"].to_list() == ['{"future":{"a":"ü","b":1}}', '{"timestamp":"soon"}']
    assert frame["phone_number"].isna().all()
    assert frame["timestamp"].isna().all()


def test_known_words_are_not_warned_of() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        events_frame(LINES)


def test_events_are_listed_by_time_and_those_without_one_last() -> None:
    lines = [
        line(eventId="c"),
        line(eventId="b", timestamp="2026-03-02T10:00:00.000002"),
        line(eventId="a", timestamp="2026-03-02T10:00:00.000001999"),
        line(eventId="d", timestamp="9999-12-31T23:59:59"),
        line(eventId="e", timestamp="2026-03-02T10:00:00.000002"),
    ]

    assert events_frame(lines)["event_id"].to_list() == ["a", "b", "e", "d", "c"]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_frame_comes_back_from_a_file(tmp_path: Path, suffix: str) -> None:
    frame = events_frame(LINES)
    path = tmp_path / f"events.{suffix}"
    if suffix == "csv":
        files.to_csv(frame, path)
        again = files.read_csv(path)
    else:
        files.to_parquet(frame, path)
        again = files.read_parquet(path)

    pd.testing.assert_frame_equal(again, frame)


def test_docstring_lists_the_columns() -> None:
    documented = " ".join((events_frame.__doc__ or "").split())
    for column in tables.EVENTS.describe().splitlines():
        assert f"- {' '.join(column.split())}" in documented


def test_taking_events_needs_no_pandas() -> None:
    heavy = ("pandas", "numpy", "pyarrow", "requests")
    code = (
        f"import sys, numbers_toolkit as nt; nt.read_event; print([n for n in {heavy} if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_names_are_at_the_top() -> None:
    assert nt.verify_signature is verify_signature
    assert nt.read_event is read_event
    assert nt.events_frame is events_frame
    assert nt.webhooks.Event is Event
