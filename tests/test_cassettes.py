"""What lies in ``cassettes/``: used, small, labelled, and free of secrets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from vcr.request import Request

import recording

CASSETTES = sorted(recording.CASSETTES.rglob("*.yaml"))
TESTS = Path(__file__).parent
PROVENANCE = recording.CASSETTES / "PROVENANCE.md"
SECRET = re.compile(
    r"(?i)authorization|cookie|\bbearer [a-z0-9._-]{8,}|\bbasic [a-z0-9+/=]{8,}|eyJ[a-zA-Z0-9_-]{10,}"
)


def ids(path: Path) -> str:
    return str(path.relative_to(recording.CASSETTES))


def test_there_are_cassettes() -> None:
    assert CASSETTES


@pytest.mark.parametrize("path", CASSETTES, ids=ids)
def test_cassette_belongs_to_a_test(path: Path) -> None:
    module = TESTS / f"{path.parent.name}.py"
    assert f'"{path.stem}"' in module.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", CASSETTES, ids=ids)
def test_cassette_is_labelled_as_a_sandbox_recording(path: Path) -> None:
    row = next(line for line in PROVENANCE.read_text(encoding="utf-8").splitlines() if ids(path) in line)
    assert "sandbox" in row


def test_provenance_names_no_cassette_that_is_gone() -> None:
    named = re.findall(r"`([\w/]+\.yaml)`", PROVENANCE.read_text(encoding="utf-8"))
    assert sorted(named) == sorted(ids(path) for path in CASSETTES)


@pytest.mark.parametrize("path", CASSETTES, ids=ids)
def test_cassette_is_small_and_holds_no_secret(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text) < 50_000
    assert not SECRET.search(text)
    assert "127.0.0.1" not in text


@pytest.mark.parametrize("path", CASSETTES, ids=ids)
def test_cassette_blanks_every_token_and_callback_secret(path: Path) -> None:
    for interaction in yaml.safe_load(path.read_text(encoding="utf-8"))["interactions"]:
        for body in (interaction["request"]["body"], interaction["response"]["body"]["string"]):
            for field in recording.SECRET_FIELDS:
                values = re.findall(rf'"{field}": ?"([^"]*)"', str(body or ""))
                assert set(values) <= {"REDACTED", ""}


def test_scrubbing_drops_credentials_of_a_request() -> None:
    request = Request(
        "POST",
        "http://127.0.0.1:8800/oauth2/token",
        b"grant_type=client_credentials",
        {"Authorization": "Basic c2VjcmV0OnNlY3JldA==", "X-Own-Key": "hush", "Content-Type": "text/plain"},
    )

    scrubbed = recording.scrub_request(request)

    assert list(scrubbed.headers) == ["Content-Type"]
    assert scrubbed.uri == "http://auth.sandbox.invalid/oauth2/token"


def test_scrubbing_blanks_tokens_cookies_and_secrets_of_a_response() -> None:
    response = {
        "headers": {"set-cookie": ["session=1"], "date": ["Mon, 02 Mar 2026 09:00:00 GMT"]},
        "body": {
            "string": b'{"access_token": "eyJhbGciOi", "nested": [{"hmacSecret": "abc"}], "expires_in": 3599}'
        },
    }

    scrubbed = recording.scrub_response(response)

    assert list(scrubbed["headers"]) == ["date"]
    assert scrubbed["body"]["string"] == (
        b'{"access_token": "REDACTED", "nested": [{"hmacSecret": "REDACTED"}], "expires_in": 3599}'
    )
