"""Tokens: one for all threads, renewed early and after "expired", and never shown."""

from __future__ import annotations

import base64
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import numbers_toolkit as nt
from leaks import everything_shown, forms_of
from numbers_toolkit import errors
from numbers_toolkit.authentication import BasicAuthenticator, TokenAuthenticator
from numbers_toolkit.settings import Credentials
from scripted_server import SECRET, TOKEN, TOKEN_ANSWER, Reply, ScriptedServer, error, expired

CREDENTIALS = Credentials("p", "key-id", SECRET)
REGIONS = Reply(body={"availableRegions": []})


class Source:
    """Hands out tokens t1, t2, ... and counts; can be held back."""

    def __init__(self, **answer: Any) -> None:
        self.count = 0
        self.answer = answer
        self.now = 0.0
        self.gate = threading.Event()
        self.gate.set()

    def fetch(self, _basic: str) -> dict[str, Any]:
        self.gate.wait()
        self.count += 1
        return {"access_token": f"t{self.count}", "expires_in": 3600, **self.answer}

    def authenticator(self) -> TokenAuthenticator:
        return TokenAuthenticator(CREDENTIALS, self.fetch, lambda: self.now)


class CrowdedLock:
    """A lock that opens the source's gate only once so many threads want it."""

    def __init__(self, source: Source, crowd: int) -> None:
        self.lock, self.source, self.crowd = threading.Lock(), source, crowd
        self.counting = threading.Lock()
        source.gate.clear()

    def __enter__(self) -> None:
        with self.counting:
            self.crowd -= 1
            if self.crowd == 0:
                self.source.gate.set()
        self.lock.acquire()

    def __exit__(self, *_: object) -> None:
        self.lock.release()


def together(count: int, work: Any) -> list[Any]:
    barrier = threading.Barrier(count)

    def one(_: int) -> Any:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_token_is_fetched_once_for_sixteen_threads() -> None:
    source = Source()
    authenticator = source.authenticator()
    authenticator._lock = CrowdedLock(source, 16)

    headers = together(16, authenticator.header)

    assert headers == ["Bearer t1"] * 16
    assert source.count == 1


def test_sixteen_expired_calls_renew_once() -> None:
    source = Source()
    authenticator = source.authenticator()
    used = authenticator.header()
    authenticator._lock = CrowdedLock(source, 16)

    assert together(16, lambda: authenticator.expired(used)) == [True] * 16
    assert source.count == 2
    assert authenticator.header() == "Bearer t2"


@pytest.mark.parametrize(
    ("expires_in", "fresh", "stale"),
    [
        (3600, 3539.0, 3540.0),
        (100, 89.0, 90.0),
        ("3599", 3538.0, 3539.0),
        (None, 3539.0, 3540.0),
        ("soon", 3539.0, 3540.0),
    ]
    + [(odd, 3539.0, 3540.0) for odd in (0, -5, float("inf"), float("nan"), 10**400, [1], {})],
)
def test_token_is_renewed_shortly_before_its_end(expires_in: Any, fresh: float, stale: float) -> None:
    source = Source(expires_in=expires_in)
    authenticator = source.authenticator()
    authenticator.header()

    source.now = fresh
    assert authenticator.header() == "Bearer t1"
    source.now = stale
    assert authenticator.header() == "Bearer t2"


def test_failed_renewal_is_tried_again_by_the_next_call() -> None:
    source = Source()
    authenticator = source.authenticator()
    good, source.answer = source.answer, {"access_token": None}
    with pytest.raises(errors.ResponseFormatError):
        authenticator.header()

    source.answer = good

    assert authenticator.header() == "Bearer t2"


@pytest.mark.parametrize("token", [None, "", "  ", 5, ["x"], "tökén-of-the-test", "bad\ntoken-of-the-test"])
def test_unusable_token_is_refused_without_showing_it(token: Any) -> None:
    with pytest.raises(errors.ResponseFormatError, match="no usable access_token") as caught:
        Source(access_token=token).authenticator().header()

    assert "of-the-test" not in everything_shown(caught.value).replace(SECRET, "")


def test_basic_header_is_what_the_contract_says() -> None:
    basic = BasicAuthenticator(CREDENTIALS)

    assert basic.header() == "Basic " + base64.b64encode(f"key-id:{SECRET}".encode()).decode()
    assert SECRET not in repr(vars(basic))
    assert basic.expired(basic.header()) is False


def test_secrets_of_two_tokens_are_remembered_for_redaction() -> None:
    source = Source()
    authenticator = source.authenticator()
    for _ in range(3):
        authenticator.expired(authenticator.header())

    assert authenticator.secrets()[2:] == ("t3", "t4")


def test_token_request_is_the_contracts() -> None:
    with ScriptedServer(REGIONS) as server, server.client() as client:
        client.list_available_regions()

        (request,) = server.token_requests
    assert (request.method, request.path, request.body) == (
        "POST",
        "/oauth2/token",
        b"grant_type=client_credentials",
    )
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.headers["authorization"] == BasicAuthenticator(CREDENTIALS).header()
    assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("method", ["get", "post", "patch"])
def test_expired_token_is_renewed_and_the_call_repeated_once(method: str) -> None:
    tokens = (Reply(body=TOKEN_ANSWER), Reply(body={**TOKEN_ANSWER, "access_token": "second"}))
    with (
        ScriptedServer(expired(), Reply(body={"ok": 1}), token_replies=tokens) as server,
        server.client() as client,
    ):
        answer = call(client, method)

        assert answer == {"ok": 1}
        assert [one.headers["authorization"] for one in server.requests] == [
            f"Bearer {TOKEN}",
            "Bearer second",
        ]
        assert server.requests[0].body == server.requests[1].body
        assert len(server.token_requests) == 2


def test_expired_twice_gives_up() -> None:
    with ScriptedServer(expired()) as server, server.client() as client:
        with pytest.raises(errors.AuthenticationError) as caught:
            client.get_active_number("+13075550142")

        assert caught.value.token_expired
        assert len(server.requests) == 2


@pytest.mark.parametrize("auth", ["oauth", "basic"])
def test_other_401_is_final(auth: str) -> None:
    with (
        ScriptedServer(error(401, "UNAUTHENTICATED", "no", [], www_authenticate="Bearer")) as server,
        server.client(auth=auth) as client,
    ):
        with pytest.raises(errors.AuthenticationError) as caught:
            client.get_active_number("+13075550142")

        assert not caught.value.token_expired
        assert len(server.requests) == 1


def test_expired_makes_no_difference_for_basic() -> None:
    with ScriptedServer(expired()) as server, server.client(auth="basic") as client:
        with pytest.raises(errors.AuthenticationError):
            client.get_active_number("+13075550142")

        assert len(server.requests) == 1
        assert server.token_requests == []


@pytest.mark.parametrize(
    ("reply", "cls", "sent"),
    [
        (Reply(400, {"error": "invalid_request", "error_description": "bad"}), errors.BadRequestError, 1),
        (
            Reply(401, {"error": "invalid_client", "error_description": "unknown key"}),
            errors.AuthenticationError,
            1,
        ),
        (Reply(429, {"error": "slow_down"}), errors.RateLimitError, 4),
        (Reply(500, b""), errors.ServerError, 4),
        (Reply(200, b"<html><title>Log in</title>"), errors.ResponseFormatError, 1),
        (Reply(200, []), errors.ResponseFormatError, 1),
        (Reply(200, {}), errors.ResponseFormatError, 1),
        (Reply(302, b"", {"location": "https://login.example/"}), errors.ResponseFormatError, 1),
        (Reply(reset=True), errors.TransportError, 4),
    ],
    ids=["400", "401", "429", "500", "html", "list", "empty", "redirect", "reset"],
)
def test_failing_token_service_is_told_and_nothing_else_is_sent(reply: Reply, cls: type, sent: int) -> None:
    with ScriptedServer(token_replies=(reply,)) as server, server.client() as client:
        with pytest.raises(cls) as caught:
            client.rent_number("+13075550142")

        assert len(server.token_requests) == sent
        assert server.requests == []
    assert not isinstance(caught.value, errors.UnknownOutcomeError)
    assert "/oauth2/token" in f"{caught.value} {caught.value.path}"
    assert "carried out" not in str(caught.value)


def echo(status: int, *texts: str, html: bool = False) -> Reply:
    if html:
        return Reply(
            status,
            f"<html><title>{' '.join(texts)}</title></html>".encode(),
            {"content-type": f"text/html; x={texts[-1]}"},
        )
    shown = " ".join(texts)
    details = [
        {
            "type": "BadRequest",
            "resourceName": shown,
            shown: 1,
            "fieldViolations": [{"field": shown, "description": shown}],
        }
    ]
    return error(status, shown, f"you sent {shown}", details, www_authenticate=f"Bearer {shown}")


@pytest.mark.parametrize("auth", ["oauth", "basic"])
@pytest.mark.parametrize("secret", [SECRET, 'qu"ote\\and-ünïcode', "plus+slash/=="])
@pytest.mark.parametrize("html", [False, True], ids=["json", "html"])
@pytest.mark.parametrize("status", [200, 400, 401, 500])
def test_server_that_echoes_every_secret_can_not_make_them_show(
    auth: str, secret: str, html: bool, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    forms = forms_of("key-id", secret, TOKEN)
    body = echo(status, *forms, html=html) if status != 200 or html else Reply(200, " ".join(forms).encode())
    with ScriptedServer(body) as server, server.client(auth=auth, key_secret=secret) as client:
        with pytest.raises(nt.NumbersToolkitError) as caught:
            client.rent_number("+13075550142")
        shown = everything_shown(caught.value) + caplog.text + repr(client) + repr(vars(client))

    sent = forms if auth == "oauth" else forms[:2]
    assert not [one for one in sent if one in shown]


@pytest.mark.parametrize("auth", ["oauth", "basic"])
@pytest.mark.parametrize("trouble", ["refused", "reset", "timeout", "cut", "wrong secret"])
def test_no_trouble_on_the_way_shows_a_secret(
    auth: str, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    release = threading.Event()
    replies = {
        "refused": Reply(),
        "reset": Reply(reset=True),
        "timeout": Reply(before=lambda: release.wait(20)),
        "cut": Reply(raw=b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"),
        "wrong secret": error(401, "UNAUTHENTICATED", "bad key", []),
    }
    retry = nt.RetryPolicy(attempts=1)
    with ScriptedServer(replies[trouble]) as server:
        url = "http://127.0.0.1:9" if trouble == "refused" else server.url
        timeout = 0.1 if trouble == "timeout" else 20.0
        with server.client(auth=auth, numbers_url=url, timeout=timeout, retry=retry) as client:
            with pytest.raises(nt.NumbersToolkitError) as caught:
                client.get_active_number("+13075550142")
            release.set()
        shown = everything_shown(caught.value) + caplog.text

    assert not [one for one in forms_of("key-id", SECRET, TOKEN) if one in shown]


def call(client: nt.NumbersClient, method: str) -> dict[str, Any]:
    if method == "get":
        return client.get_active_number("+13075550142")
    if method == "post":
        return client.rent_number("+13075550142", service_plan_id="plan")
    return client.update_active_number("+13075550142", display_name="x")
