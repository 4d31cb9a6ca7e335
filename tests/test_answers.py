"""Reading answers: good ones as values, bad ones as words, times from headers."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaks import everything_shown
from numbers_toolkit.answers import Answer, error_body, page_title, retry_after
from numbers_toolkit.errors import ResponseFormatError

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def answer(body: bytes, **headers: str) -> Answer:
    return Answer(200, "/path", body, headers)


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a": 1', b"\xff", b"[" * 100_000, b'{"a": 1} x'])
def test_body_that_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(
        ResponseFormatError, match=r"The answer to /path is not JSON \(no content type"
    ) as caught:
        answer(body).json()

    assert caught.value.path == "/path"


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"null", b"5"])
def test_json_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(ResponseFormatError, match="instead of an object"):
        answer(body).object()


def test_unreadable_body_does_not_travel_with_the_error() -> None:
    body = b'{"hmacSecret": "do-not-show-this-one", '

    with pytest.raises(ResponseFormatError) as caught:
        answer(body).object()

    assert "do-not-show" not in everything_shown(caught.value)
    assert "do-not-show" not in repr(answer(body))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            b'{"error": {"code": 404, "message": "gone", "status": "NOT_FOUND", "details": [{"a": 1}]}}',
            ("NOT_FOUND", "gone", [{"a": 1}]),
        ),
        (b'{"error": {"message": null, "status": null, "details": null}}', ("", "", [])),
        (b'{"error": {"details": {"type": "BadRequest"}}}', ("", "", [])),
        (b'{"error": {"details": ["text", {"b": 2}, null]}}', ("", "", [{"b": 2}])),
        (
            b'{"error": "invalid_client", "error_description": "no such key"}',
            ("invalid_client", "no such key", []),
        ),
        (
            b'{"type": "about:blank", "title": "Forbidden", "detail": "not yours", "status": 403}',
            ("", "Forbidden; not yours", []),
        ),
        (b'{"error": null, "message": "m"}', ("", "m", [])),
        (b'{"error": [1]}', ("", "", [])),
        (b"", ("", "", [])),
        (b"[]", ("", "", [])),
        (b"null", ("", "", [])),
        (b"5", ("", "", [])),
        (
            b"<html><head><title>Bad &amp; Gateway</title>",
            ("", "(no JSON: 44 bytes, titled 'Bad & Gateway')", []),
        ),
        (b"upstream died", ("", "(no JSON: 13 bytes)", [])),
    ],
)
def test_error_body_in_any_form(body: bytes, expected: object) -> None:
    assert error_body(body) == expected


def test_error_body_that_nests_without_end_is_survived() -> None:
    assert error_body(b'{"error":' * 100_000)[1].startswith("(no JSON")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda one: (
            st.lists(one)
            | st.dictionaries(st.sampled_from(["error", "status", "message", "details", "title"]), one)
        ),
    )
)
def test_error_body_never_fails(value: object) -> None:
    code, message, details = error_body(json.dumps(value).encode())

    assert isinstance(code, str)
    assert isinstance(message, str)
    assert all(isinstance(one, dict) for one in details)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": " 0 "}, 0.0),
        ({"retry-after": "-5"}, 0.0),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Mon, 02 Mar 2026 09:00:30 GMT"}, 30.0),
        ({"retry-after": "Mon, 02 Mar 2026 08:59:00 GMT"}, 0.0),
        # The machine's clock may be wrong; the server's own date is not.
        ({"retry-after": "Mon, 02 Mar 2026 12:00:30 GMT", "date": "Mon, 02 Mar 2026 12:00:00 GMT"}, 30.0),
        ({"retry-after": "Mon, 99 Foo 99999 99:99:99 GMT"}, None),
    ],
)
def test_retry_after(headers: dict[str, str], expected: float | None) -> None:
    assert retry_after(headers, NOW) == expected


@given(st.text(max_size=60))
def test_retry_after_never_fails(text: str) -> None:
    seconds = retry_after({"retry-after": text, "date": text}, NOW)

    assert seconds is None or seconds >= 0


def test_date_is_the_servers() -> None:
    assert answer(b"{}", date="Mon, 02 Mar 2026 09:00:00 GMT").date() == NOW
    assert answer(b"{}", date="yesterday").date() is None
    assert answer(b"{}").date() is None


def test_title_is_read_from_pages_only() -> None:
    assert page_title(b"  <HTML><TITLE lang=en>\n Log  in </TITLE>") == "Log in"
    assert page_title(b'{"name": "<title>x</title>"}') == ""
