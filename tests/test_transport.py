"""Sending: repeats of safe calls alone, bounded waits, lost answers named, nothing sent elsewhere."""

from __future__ import annotations

import gzip
import json
import pickle
import random
import ssl
import threading
from typing import Any

import pytest
import requests
import urllib3

import numbers_toolkit as nt
from leaks import everything_shown
from numbers_toolkit import errors, failures
from numbers_toolkit.payloads import HiddenBytes, Payload
from numbers_toolkit.settings import Credentials, Endpoints
from numbers_toolkit.transport import RetryPolicy, SystemClock, Transport
from scripted_server import SECRET, FakeClock, Reply, ScriptedServer, error

OK = Reply(body={"ok": True})
BUSY = error(503, "UNAVAILABLE")
NUMBER = "+13075550142"


def transport(server: ScriptedServer, **options: Any) -> Transport:
    given = {"auth": "basic", "clock": FakeClock(), **options}
    return Transport(Credentials("p", "k", SECRET), Endpoints(server.url, server.url), **given)


def get(server: ScriptedServer, **options: Any) -> Any:
    sender = transport(server, **options)
    try:
        return sender.request("GET", "/x")
    finally:
        sender.close()


CHANGES = {
    "rent": lambda client: client.rent_number(NUMBER),
    "rent any": lambda client: client.rent_any_number("US", "LOCAL"),
    "release": lambda client: client.release_number(NUMBER),
    "update": lambda client: client.update_active_number(NUMBER, display_name="x"),
    "secret": lambda client: client.set_callback_secret("a" * 32),
}
LOST = {
    "reset": Reply(reset=True),
    "closed": Reply(raw=b""),
    "half a header": Reply(raw=b"HTTP/1.1 200 OK\r\ncontent-le"),
    "cut": Reply(raw=b'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"phoneNumber":'),
    "cut chunk": Reply(raw=b'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"a":\r\n'),
    "two lengths": Reply(raw=b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{} "),
    "bad gzip": Reply(body=b"not gzip", headers={"content-encoding": "gzip"}),
    "html with 200": Reply(body=b"<html><title>Portal</title>", headers={"content-type": "text/html"}),
    "empty": Reply(body=b""),
    "a list": Reply(body=[]),
    "no content": Reply(204, b""),
    "accepted": Reply(202, {}),
}


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize("change", CHANGES)
def test_change_whose_answer_is_lost_is_sent_once_and_called_unknown(change: str, lost: str) -> None:
    with ScriptedServer(LOST[lost], OK) as server, server.client(auth="basic") as client:
        with pytest.raises(errors.UnknownOutcomeError, match="before repeating") as caught:
            CHANGES[change](client)

        assert len(server.requests) == 1
    assert caught.value.method in ("POST", "PATCH")


@pytest.mark.parametrize("status", [400, 403, 404, 409, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("change", CHANGES)
def test_change_that_is_refused_is_sent_once(change: str, status: int) -> None:
    with ScriptedServer(error(status, retry_after="1"), OK) as server, server.client(auth="basic") as client:
        with pytest.raises(errors.APIError) as caught:
            CHANGES[change](client)

        assert len(server.requests) == 1
    assert caught.value.status == status
    assert ("may have been carried out" in str(caught.value)) is (status >= 500)


def test_change_that_times_out_is_called_unknown() -> None:
    release = threading.Event()
    with (
        ScriptedServer(Reply(before=lambda: release.wait(20))) as server,
        server.client(auth="basic", timeout=0.1) as client,
    ):
        with pytest.raises(errors.UnknownOutcomeError, match="did not answer in time"):
            client.rent_number(NUMBER)
        release.set()

        assert len(server.requests) == 1


def test_change_that_was_surely_never_sent_is_no_unknown_outcome() -> None:
    with ScriptedServer() as server:
        pass
    with server.client(auth="basic") as client, pytest.raises(errors.TransportError) as caught:
        client.rent_number(NUMBER)

    assert not isinstance(caught.value, errors.UnknownOutcomeError)


def max_retry(reason: Exception) -> urllib3.exceptions.MaxRetryError:
    return urllib3.exceptions.MaxRetryError(None, "/", reason)  # type: ignore[arg-type]


def tls(inner: Exception) -> requests.exceptions.SSLError:
    return requests.exceptions.SSLError(max_retry(urllib3.exceptions.SSLError(inner)))


@pytest.mark.parametrize(
    ("fault", "never"),
    [
        (tls(ssl.SSLCertVerificationError("self-signed")), True),
        (tls(ssl.SSLError("bad record mac")), False),
        (tls(ssl.SSLEOFError("unexpected end")), False),
        (requests.exceptions.SSLError(ssl.SSLError("while reading")), False),
        (requests.ConnectTimeout(), True),
        (requests.ReadTimeout(), False),
        (requests.exceptions.ProxyError(max_retry(OSError("no tunnel"))), True),
        (requests.ConnectionError(max_retry(urllib3.exceptions.NewConnectionError(None, "refused"))), True),  # type: ignore[arg-type]
        (
            requests.ConnectionError(urllib3.exceptions.ProtocolError("aborted", ConnectionResetError())),
            False,
        ),
        (requests.exceptions.InvalidURL("x"), True),
        (urllib3.exceptions.InvalidHeader("two lengths"), False),
        (OSError("anything else"), False),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Exception) else str(one),
)
def test_only_what_is_certain_counts_as_never_sent(fault: Exception, never: bool) -> None:
    assert failures.never_sent(fault) is never
    assert failures.reason(fault)


def test_interrupt_while_renting_says_that_it_may_have_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with ScriptedServer() as server, server.client(auth="basic") as client:
        monkeypatch.setattr("requests.adapters.HTTPAdapter.send", interrupted)
        with pytest.raises(KeyboardInterrupt) as paid:
            client.rent_number(NUMBER)
        with pytest.raises(KeyboardInterrupt) as free:
            client.get_active_number(NUMBER)

    assert "may have been carried out" in paid.value.__notes__[0]
    assert not hasattr(free.value, "__notes__")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_get_is_repeated_until_it_works(status: int) -> None:
    with ScriptedServer(error(status), error(status), error(status), OK) as server:
        assert get(server).object() == {"ok": True}
        assert len(server.requests) == 4


@pytest.mark.parametrize(
    "fault", [Reply(reset=True), Reply(raw=b""), LOST["cut"], LOST["cut chunk"], LOST["bad gzip"]]
)
def test_get_whose_answer_is_lost_is_repeated(fault: Reply) -> None:
    with ScriptedServer(fault, OK) as server:
        assert get(server).object() == {"ok": True}


@pytest.mark.parametrize("reply", [BUSY, Reply(reset=True)])
def test_get_gives_up_after_four_attempts(reply: Reply) -> None:
    clock = FakeClock()
    with ScriptedServer(reply) as server:
        with pytest.raises((errors.ServerError, errors.TransportError)):
            get(server, clock=clock)

        assert len(server.requests) == 4
    assert len(clock.waits) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 501])
def test_get_that_can_not_succeed_is_not_repeated(status: int) -> None:
    with ScriptedServer(error(status), OK) as server:
        with pytest.raises(errors.APIError):
            get(server)

        assert len(server.requests) == 1


def test_waits_are_jittered_under_growing_ceilings() -> None:
    policy, jitter = RetryPolicy(attempts=9, base_seconds=0.5, cap_seconds=4.0), random.Random(1)

    waits = [[policy.pause(attempt, None, jitter) for _ in range(400)] for attempt in range(1, 9)]

    for ceiling, drawn in zip([0.5, 1, 2, 4, 4, 4, 4, 4], waits, strict=True):
        assert 0 <= min(drawn) < ceiling * 0.1
        assert ceiling * 0.9 < max(drawn) <= ceiling
    assert policy.pause(9, None, jitter) is None
    assert policy.pause(9, 1.0, jitter) is None


@pytest.mark.parametrize(
    ("retry_after", "waited"),
    [("7", 7.0), ("0", 0.0), ("120", 120.0), ("Mon, 02 Mar 2026 09:00:30 GMT", 30.0)],
)
def test_retry_after_is_waited_for(retry_after: str, waited: float) -> None:
    clock = FakeClock()
    busy = error(429, "RESOURCE_EXHAUSTED", retry_after=retry_after, date="Mon, 02 Mar 2026 09:00:00 GMT")
    busy.raw = raw_with(busy)
    with ScriptedServer(busy, OK) as server:
        get(server, clock=clock)

    assert clock.waits == [waited]


def raw_with(reply: Reply) -> bytes:
    """Only the headers given: the server would add a date of its own."""
    head = "".join(f"{name}: {value}\r\n" for name, value in reply.headers.items())
    body = reply.payload()
    head += f"connection: close\r\ncontent-length: {len(body)}\r\n"
    return f"HTTP/1.1 {reply.status} X\r\n{head}\r\n".encode() + body


def test_retry_after_that_is_too_long_is_told_instead() -> None:
    clock = FakeClock()
    with ScriptedServer(error(429, retry_after="3600"), OK) as server:
        with pytest.raises(errors.RateLimitError, match="wait 3600 s") as caught:
            get(server, clock=clock)

        assert len(server.requests) == 1
    assert caught.value.retry_after == 3600
    assert clock.waits == []


def test_wait_of_the_policy_is_configurable_by_connect() -> None:
    with ScriptedServer(BUSY) as server, server.client(retry=RetryPolicy(attempts=2)) as client:
        with pytest.raises(errors.ServerError):
            client.get_active_number(NUMBER)

        assert len(server.requests) == 2


def test_slow_drip_is_ended_by_the_total_timeout() -> None:
    clock = FakeClock()
    clock.step = 100.0
    body = b'{"a": 1}'
    release = threading.Event()

    def drip() -> None:
        clock.seconds += 1000

    head = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n" + body
    with ScriptedServer(Reply(raw=head, before=drip)) as server:
        with pytest.raises(errors.TransportError, match="longer than 300 s"):
            get(server, clock=clock, retry=RetryPolicy(attempts=1))
        release.set()


def test_first_bytes_are_seen_before_the_whole_answer_is_there() -> None:
    """A full buffer is not waited for; else a drip of bytes would outlive every timeout."""
    clock, more = FakeClock(), threading.Event()

    with ScriptedServer() as server:

        def drip(handler: Any) -> None:
            clock.seconds += 1000
            handler.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
            handler.wfile.flush()
            more.wait(20)
            handler.close_connection = True

        server.answer = drip  # type: ignore[method-assign]
        with pytest.raises(errors.TransportError, match="longer than 300 s"):
            get(server, clock=clock, retry=RetryPolicy(attempts=1))
        more.set()


@pytest.mark.parametrize(
    "where", ["/elsewhere", "https://evil.example/", "http://[bad", "//", "http://127.0.0.1:1/"]
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed_and_no_credentials_go_there(where: str, status: int) -> None:
    moved = Reply(status, b"", {"location": where})
    with ScriptedServer(moved, OK) as server:
        with pytest.raises(errors.ResponseFormatError, match="a redirect is not followed"):
            get(server)

        assert len(server.requests) == 1


@pytest.mark.parametrize("status", [302, 307])
def test_redirected_change_is_sent_once(status: int) -> None:
    with (
        ScriptedServer(Reply(status, b"", {"location": "http://[bad"}), OK) as server,
        server.client(auth="basic") as client,
    ):
        with pytest.raises(errors.ResponseFormatError):
            client.rent_number(NUMBER)

        assert len(server.requests) == 1


def test_netrc_does_not_replace_the_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with ScriptedServer(OK) as server, server.client() as client:
        client.get_active_number(NUMBER)

        assert server.requests[0].headers["authorization"].startswith("Bearer header.payload")


def test_cookies_are_not_kept() -> None:
    with ScriptedServer(Reply(body={}, headers={"set-cookie": "session=1; Path=/"})) as server:
        sender = transport(server)
        sender.request("GET", "/x")
        sender.request("GET", "/x")
        sender.close()

        assert "cookie" not in server.requests[1].headers


def test_gzip_and_chunks_are_read() -> None:
    packed = gzip.compress(json.dumps({"text": "x" * 100_000}).encode())
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (packed[:10], packed[10:], b""))
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n"
    replies = (Reply(body=packed, headers={"content-encoding": "gzip"}), Reply(raw=head + chunked))
    with ScriptedServer(*replies) as server:
        assert len(get(server).object()["text"]) == 100_000
        assert len(get(server).object()["text"]) == 100_000


def test_large_answer_arrives_whole() -> None:
    body = json.dumps({"text": "x" * 5_000_000}).encode()
    with ScriptedServer(Reply(body=body)) as server:
        assert get(server).body == body


def test_status_201_is_a_success() -> None:
    with ScriptedServer(Reply(201, {"ok": 1})) as server, server.client(auth="basic") as client:
        assert client.rent_number(NUMBER) == {"ok": 1}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_closed_client_refuses_at_once(method: str) -> None:
    clock = FakeClock()
    with ScriptedServer(OK) as server:
        client = server.client(clock=clock)
        client.close()
        client.close()
        with pytest.raises(errors.TransportError, match="closed") as caught:
            client.get_active_number(NUMBER) if method == "GET" else client.rent_number(NUMBER)

        assert server.requests == server.token_requests == []
    assert clock.waits == []
    assert not isinstance(caught.value, errors.UnknownOutcomeError)


def test_closing_ends_the_repeats() -> None:
    clock = FakeClock()
    with ScriptedServer(BUSY) as server:
        client = server.client(auth="basic", clock=clock)
        clock.on_sleep = client.close
        with pytest.raises(errors.TransportError, match="closed"):
            client.get_active_number(NUMBER)

        assert len(server.requests) == 1
    assert len(clock.waits) == 1


def test_every_request_names_the_client_and_asks_for_json() -> None:
    with ScriptedServer(OK) as server:
        get(server, user_agent="numbers-toolkit/test")

        headers = server.requests[0].headers
    assert headers["user-agent"] == "numbers-toolkit/test"
    assert headers["accept"] == "application/json"
    assert "content-type" not in headers


def test_unsafe_characters_of_the_path_stay_as_they_are() -> None:
    with ScriptedServer(OK) as server:
        sender = transport(server)
        sender.request("POST", "/v1/availableNumbers/+13075550142:rent", body={})
        sender.close()

        assert server.requests[0].path == "/v1/availableNumbers/+13075550142:rent"
        assert server.requests[0].body == b"{}"


def test_server_fault_is_told_with_host_and_attempts() -> None:
    with ScriptedServer(Reply(reset=True)) as server, pytest.raises(errors.TransportError) as caught:
        get(server)

    assert f"GET /x to {server.url} after 4 attempts" in str(caught.value)
    assert caught.value.attempts == 4


def test_system_clock_is_utc_and_grows() -> None:
    clock = SystemClock()

    assert clock.now().utcoffset().total_seconds() == 0
    assert clock.monotonic() <= clock.monotonic()
    clock.sleep(0)


@pytest.mark.parametrize(
    ("reply", "code", "message"),
    [
        (error(404, "NOT_FOUND", "gone"), "NOT_FOUND", "gone"),
        (Reply(404, {"error": "not_found"}), "not_found", ""),
        (Reply(404, {"title": "Missing", "detail": "no such number"}), "", "Missing; no such number"),
        (Reply(404, b""), "", ""),
        (Reply(404, b"<html><title>Oops</title>"), "", "(no JSON: 25 bytes, titled 'Oops')"),
        (Reply(404, [1]), "", ""),
    ],
)
def test_error_in_any_form_has_its_class(reply: Reply, code: str, message: str) -> None:
    with ScriptedServer(reply) as server, pytest.raises(nt.errors.NotFoundError) as caught:
        get(server)

    assert (caught.value.status, caught.value.code, caught.value.api_message) == (404, code, message)
    assert (caught.value.method, caught.value.path) == ("GET", "/x")


def test_proxy_of_the_environment_is_not_used_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with ScriptedServer(Reply(body={"availableRegions": []})) as server, server.client() as client:
        assert client.list_available_regions() == []
    assert len(server.requests) == 1


def test_callback_secret_that_the_api_quotes_is_not_shown() -> None:
    secret = "a-Callback-Secret-of-40-characters-00000"
    violation = {"type": "BadRequest", "fieldViolations": [{"field": "f", "description": secret}]}
    message = f'"{secret}" is not a valid value'
    refusal = {"code": 400, "message": message, "status": "INVALID_ARGUMENT", "details": [violation]}
    with (
        ScriptedServer(Reply(400, {"error": refusal})) as server,
        server.client(auth="basic") as client,
        pytest.raises(errors.BadRequestError) as caught,
    ):
        client.set_callback_secret(secret)
    assert secret not in str(caught.value) + caught.value.api_message + repr(caught.value.details)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_server_fault_of_a_paid_call_is_an_unknown_outcome(status: int) -> None:
    with ScriptedServer(Reply(status)) as server, server.client(auth="basic") as client:
        with pytest.raises(errors.UnknownOutcomeError) as caught:
            client.rent_number(NUMBER)
        with pytest.raises(errors.ServerError) as read:
            client.update_active_number(NUMBER, display_name="x")
    assert isinstance(caught.value, errors.ServerError)
    assert caught.value.status == status
    assert caught.value.method == "POST"
    assert pickle.loads(pickle.dumps(caught.value)).status == status
    assert isinstance(read.value, errors.UnknownOutcomeError)
    assert len(server.requests) == 2


def post(server: ScriptedServer, **options: Any) -> Any:
    sender = transport(server)
    try:
        return sender.request("POST", "/x", body={"a": 1}, **options)
    finally:
        sender.close()


@pytest.mark.parametrize("reply", [error(429), BUSY, Reply(reset=True), LOST["cut"]])
def test_post_that_changes_nothing_is_repeated(reply: Reply) -> None:
    with ScriptedServer(reply, OK) as server:
        assert post(server, changes=False).object() == {"ok": True}
        assert [one.body for one in server.requests] == [b'{"a": 1}'] * 2


@pytest.mark.parametrize("options", [{}, {"changes": None}, {"changes": True}])
@pytest.mark.parametrize("reply", [BUSY, Reply(reset=True)])
def test_post_that_changes_something_or_may_is_sent_once(reply: Reply, options: dict[str, Any]) -> None:
    with ScriptedServer(reply, OK) as server:
        with pytest.raises(errors.UnknownOutcomeError, match="before repeating it"):
            post(server, **options)

        assert len(server.requests) == 1


@pytest.mark.parametrize("reply", [BUSY, Reply(reset=True)])
def test_get_that_changes_something_is_sent_once(reply: Reply) -> None:
    """The keyword decides, not the method."""
    with ScriptedServer(reply, OK) as server:
        sender = transport(server)
        with pytest.raises(errors.UnknownOutcomeError):
            sender.request("GET", "/x", changes=True)
        sender.close()

        assert len(server.requests) == 1


@pytest.mark.parametrize("reply", [BUSY, Reply(reset=True), Reply(202, {})])
def test_unknown_outcome_is_told_with_what_settles_it(reply: Reply) -> None:
    with (
        ScriptedServer(reply) as server,
        pytest.raises(errors.UnknownOutcomeError, match=r"(?i)ask the desk in room 4"),
    ):
        post(server, settle="Ask the desk in room 4.")


def test_answer_without_content_is_an_answer_without_data() -> None:
    with ScriptedServer(Reply(204, b"")) as server:
        answer = get(server)

    assert (answer.status, answer.body) == (204, b"")
    with pytest.raises(errors.ResponseFormatError, match="0 bytes"):
        answer.object()


def test_payload_is_sent_as_it_is_and_does_not_show() -> None:
    form = Payload(HiddenBytes(b"a=1"), "application/x-www-form-urlencoded")
    with ScriptedServer(Reply(reset=True)) as server:
        sender = transport(server)
        with pytest.raises(errors.UnknownOutcomeError) as caught:
            sender.request("POST", "/x", body=form)
        sender.close()

        (request,) = server.requests
    assert request.body == b"a=1"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "a=1" not in everything_shown(caught.value)
    assert "a=1" not in repr(form)


def test_interrupt_says_what_settles_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with ScriptedServer() as server:
        monkeypatch.setattr("requests.adapters.HTTPAdapter.send", interrupted)
        with pytest.raises(KeyboardInterrupt) as caught:
            post(server, settle="Read the order.")
        with pytest.raises(KeyboardInterrupt) as harmless:
            post(server, changes=False)

    assert caught.value.__notes__ == ["POST /x may have been carried out all the same. Read the order."]
    assert not hasattr(harmless.value, "__notes__")
