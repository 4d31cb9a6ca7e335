"""What lies in ``cassettes/``: used, small, labelled, unchanged, and free of secrets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

import numbers_toolkit as nt
import recording

CASSETTES = sorted(recording.CASSETTES.rglob("*.yaml"))
TESTS = Path(__file__).parent
SECRET_FIELDS = ("access_token", "refresh_token", "id_token", "client_secret", "hmacSecret")
SECRET = re.compile(
    r"(?i)authorization:|cookie:|\bbearer [a-z0-9._-]{8,}|\bbasic [a-z0-9+/=]{8,}|eyJ[a-zA-Z0-9_-]{10,}"
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
def test_cassette_says_where_it_comes_from_and_is_as_it_was_recorded(path: Path) -> None:
    # A change by hand would warn, and warnings are errors here.
    with nt.use_cassette(path, mode="none") as cassette:
        assert cassette.recorded_from == "sandbox" or cassette.has_pseudonyms
        assert cassette.recorded_at is not None
        assert cassette.version


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
            for field in SECRET_FIELDS:
                values = re.findall(rf'"{field}": ?"([^"]*)"', str(body or ""))
                assert set(values) <= {"REDACTED", ""}
