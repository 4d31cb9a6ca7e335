"""What is never written into a cassette, in whatever form it comes."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import numbers_toolkit as nt
from leaks import everything_shown
from numbers_toolkit.cassettes.bodies import pretty_json, read_json, without_files
from numbers_toolkit.cassettes.scrubbing import Scrubber, scrubbed_url
from numbers_toolkit.errors import AuthenticationError
from numbers_toolkit.taping import Received, Sent
from scripted_server import SECRET, TOKEN, TOKEN_ANSWER, Reply, ScriptedServer, error, number, page
from tapes import content, no_sockets

HMAC = "an-hmac-secret-of-the-test-0123456789"
BASIC = base64.b64encode(f"key-id:{SECRET}".encode()).decode()
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ0ZXN0In0.c2lnbmF0dXJl"


def same(value: Any) -> Any:
    return value


def question(body: bytes = b"", content_type: str = "application/json", url: str = "https://a/b") -> str:
    sent = Sent("POST", url, {"Content-Type": content_type, "Authorization": f"Basic {BASIC}"}, body)
    return repr(vars_of(Scrubber().question(sent, same)))


def vars_of(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}


def answer(body: bytes, **headers: str) -> str:
    return str(Scrubber().answer(Received(200, headers, body), same))


def test_nothing_that_a_session_knows_is_in_the_file(tmp_path):
    """The key secret, its encoded form and the token, wherever a server may say them again."""
    told = f"key-id {SECRET} {BASIC} {TOKEN}"
    replies = [
        Reply(body={"availableRegions": [], "echo": told, told: 1, "nested": [{"again": [told]}]}),
        Reply(body=page(number(displayName=told)).body, headers={"set-cookie": "session=abc", "x-own": told}),
        error(403, "DENIED", f"refused {told}", www_authenticate=f"Bearer {TOKEN}"),
        Reply(404, f"<title>{told}</title>".encode(), {"content-type": "text/html"}),
    ]
    path = tmp_path / "a.yaml"
    with ScriptedServer(*replies) as server, server.client(cassette=path) as client:
        client._call("GET", "/availableRegions", query=[("echo", SECRET)])
        nt.active_numbers(client)
        for kind in (nt.errors.PermissionDeniedError, nt.errors.NotFoundError):
            with pytest.raises(kind):
                client.list_available_regions()

    text = path.read_text(encoding="utf-8")
    for secret in (SECRET, BASIC, TOKEN, "session=abc", "x-own"):
        assert secret not in text
    assert content(path)["metadata"]["numbers_toolkit"]["replaced"]["cookie"] == 1


def test_header_of_the_user_is_not_recorded(tmp_path):
    with ScriptedServer(page(number())) as server, server.client(cassette=tmp_path / "a.yaml") as client:
        client._transport._session.headers["X-Company-Key"] = "hush-hush-hush"
        nt.active_numbers(client)
        assert server.requests[0].headers["x-company-key"] == "hush-hush-hush"
    assert "hush-hush" not in (tmp_path / "a.yaml").read_text(encoding="utf-8")
    with no_sockets(), nt.connect(cassette=tmp_path / "a.yaml") as client:
        nt.active_numbers(client)


def test_callback_secret_is_blanked_on_both_ways_and_replays(tmp_path):
    replies = [
        Reply(body={"projectId": "p", "hmacSecret": HMAC}),
        Reply(body={"availableRegions": [], "said": HMAC}),
    ]
    path = tmp_path / "a.yaml"
    with (
        ScriptedServer(*replies) as server,
        server.client(cassette=nt.use_cassette(path, paid=True)) as client,
    ):
        assert client.set_callback_secret(HMAC)["hmacSecret"] == HMAC
        client.list_available_regions()
    assert HMAC not in path.read_text(encoding="utf-8")
    with no_sockets(), nt.connect(cassette=path) as client:
        assert client.set_callback_secret("another-secret-of-the-test-0123456789")["hmacSecret"] == "REDACTED"


def test_secret_that_an_answer_told_is_blanked_in_later_ones():
    scrubber = Scrubber()
    scrubber.answer(Received(200, {}, json.dumps({"hmacSecret": HMAC}).encode()), same)
    assert HMAC not in str(scrubber.answer(Received(400, {}, f"bad value {HMAC}".encode()), same))


@pytest.mark.parametrize(
    "name",
    [
        "access_token",
        "refreshToken",
        "id_token",
        "client_secret",
        "keySecret",
        "PASSWORD",
        "X-Api-Key",
        "cookie",
    ],
)
@pytest.mark.parametrize("form", ["json", "nested", "form", "cut", "query", "assignment"])
def test_field_of_a_secret_is_blanked_in_every_form(name, form):
    secret = "n0t-for-anybody"
    body = {
        "json": json.dumps({name: secret}),
        "nested": json.dumps({"a": [{"b": {name: {"deep": [secret]}}}]}),
        "form": f"grant_type=x&{name}={secret}",
        "cut": json.dumps({"a": 1, name: secret, "b": 2})[:-3],
        "query": "{}",
        "assignment": json.dumps({"message": f"refused {name}={secret}, sorry"}),
    }[form]
    if form in ("cut", "assignment") and name == "cookie":
        return  # Cookies come in headers; in a sentence the word is a word.
    kind = "application/x-www-form-urlencoded" if form == "form" else "application/json"
    shown = question(body.encode(), kind, f"https://u:{secret}@a/b?{name}={secret}&pageToken=kept")
    assert secret not in shown
    assert "pageToken=kept" in shown
    assert secret not in answer(body.encode(), **{"content-type": kind, "set-cookie": secret})


@pytest.mark.parametrize("text", [f"Bearer {TOKEN}.{TOKEN}", f"basic {BASIC}", JWT, f"token={JWT}"])
def test_what_looks_like_a_credential_is_blanked_in_any_text(text):
    for body in (json.dumps({"message": text, "list": [text]}), f"<p>{text}</p>", text):
        shown = answer(body.encode())
        assert TOKEN not in shown
        assert BASIC not in shown
        assert JWT[:20] not in shown


def test_credentials_in_an_address_within_a_body_are_blanked():
    body = {
        "callbackUrl": "https://me:hush@hooks.example.com/numbers?token=hush2&page=3",
        "n": ["see ftp://a:hush@b"],
    }
    shown = answer(json.dumps(body).encode())
    assert "hush" not in shown
    assert "hooks.example.com/numbers?token=REDACTED&page=3" in shown


def test_what_is_no_secret_stays():
    kept = {
        "nextPageToken": "abc123def456",
        "token_type": "bearer",
        "expires_in": 3599,
        "displayName": "Basic training, Bearer of news",
        "hmacSecret": None,
    }
    shown = answer(json.dumps(kept).encode())
    assert json.loads(eval(shown)[1]) == kept


def test_what_a_person_registered_is_blanked():
    body = {
        "requestDetails": {"name": "Jane Doe", "papers": [{"number": "X123", "issued": 2020}], "ok": True}
    }
    assert "Jane" not in question(json.dumps(body).encode())
    assert "X123" not in answer(json.dumps(body).encode())


def test_uploaded_file_is_kept_as_size_and_digest_and_is_known_again():
    def form(boundary: str, data: bytes) -> tuple[bytes, str]:
        raw = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="jane-doe.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        ).encode() + data
        return without_files(
            raw + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
        )

    assert form("one", b"a scan\r\nof papers") == form("two", b"a scan\r\nof papers") != form("one", b"other")
    assert b"jane" not in form("one", b"x")[0]
    assert b"scan" not in form("one", b"a scan")[0]
    assert without_files(b"--", "multipart/form-data")[0] == b"(a form that can't be read)"


def test_upload_is_recorded_and_replays(tmp_path):
    path = tmp_path / "a.yaml"
    with (
        ScriptedServer(Reply(204, b"")) as server,
        server.client(cassette=nt.use_cassette(path, paid=True)) as client,
    ):
        client.upload_attachment(
            "o", "a", b"%PDF papers of Jane", file_name="jane.pdf", mime_type="application/pdf"
        )
    text = path.read_text(encoding="utf-8")
    assert "papers of Jane" not in text
    assert "jane.pdf" not in text
    with no_sockets(), nt.connect(cassette=path) as client:
        client.upload_attachment(
            "o", "a", b"%PDF papers of Jane", file_name="jane.pdf", mime_type="application/pdf"
        )


def test_token_answer_that_can_not_be_read_is_not_kept_at_all():
    body = zlib.compress(TOKEN.encode())
    assert body not in Scrubber().answer(Received(200, {}, body), same, token=True)


def test_error_of_a_recording_client_shows_no_secret(tmp_path):
    reply = error(401, "UNAUTHENTICATED", f"no {SECRET} {TOKEN}")
    with ScriptedServer(reply) as server, server.client(cassette=tmp_path / "a.yaml") as client:
        with pytest.raises(AuthenticationError) as caught:
            client.list_available_regions()
        shown = everything_shown(caught.value)
    assert SECRET not in shown
    assert TOKEN not in shown
    assert BASIC not in shown


def test_address_without_secrets_is_left_as_it_is():
    url = (
        "http://127.0.0.1:8000/v1/projects/p/activeNumbers/+13075550142?numberPattern.pattern=%2B1307&size=5"
    )
    assert scrubbed_url(url) == url


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_pretty_json_means_the_same(value):
    written = pretty_json(read_json(json.dumps(value)))
    assert json.loads(written) == value
    assert all(one.isprintable() or one == "\n" for one in written)


def test_numbers_stay_as_they_were_written():
    text = '{"amount": 0.10, "big": 123456789012345678901234567890, "tiny": 1e-400}'
    assert pretty_json(read_json(text)) == text


def test_token_answers_are_blanked_whatever_their_field_order(tmp_path):
    with (
        ScriptedServer(
            page(number()), token_replies=(Reply(body={"more": {"access_token": TOKEN}, **TOKEN_ANSWER}),)
        ) as server,
        server.client(cassette=tmp_path / "a.yaml") as client,
    ):
        nt.active_numbers(client)
    assert TOKEN not in (tmp_path / "a.yaml").read_text(encoding="utf-8")
