"""Credentials and endpoints: where they come from, what is missing, and that nothing shows."""

from __future__ import annotations

import pickle
import sys
import types
from typing import Any

import pytest

import numbers_toolkit as nt
from leaks import everything_shown
from numbers_toolkit import settings
from numbers_toolkit.errors import ConfigurationError

SECRET = "very-s3cret-indeed"
FULL = {"SINCH_PROJECT_ID": "env-p", "SINCH_KEY_ID": "env-k", "SINCH_KEY_SECRET": "env-s"}


def fake_keyring(monkeypatch: pytest.MonkeyPatch, stored: dict[str, str]) -> list[tuple[str, str]]:
    asked: list[tuple[str, str]] = []

    def get_password(service: str, name: str) -> str | None:
        asked.append((service, name))
        return stored.get(name)

    module: Any = types.ModuleType("keyring")
    module.get_password = get_password
    monkeypatch.setitem(sys.modules, "keyring", module)
    return asked


def values(found: settings.Credentials) -> tuple[str, str, str]:
    return found.project_id, found.key_id, str(found.key_secret)


def test_arguments_win_over_environment_over_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = fake_keyring(monkeypatch, dict.fromkeys(FULL, "ring"))

    found = settings.resolve_credentials("arg-p", environ={"SINCH_KEY_ID": "env-k"})

    assert values(found) == ("arg-p", "env-k", "ring")
    assert asked == [("numbers-toolkit", "SINCH_KEY_SECRET")]


def test_keyring_is_not_asked_when_nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = fake_keyring(monkeypatch, {})

    assert values(settings.resolve_credentials(environ=FULL)) == ("env-p", "env-k", "env-s")
    assert asked == []


def test_process_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in FULL.items():
        monkeypatch.setenv(name, f" {value}\n")

    assert values(settings.resolve_credentials()) == ("env-p", "env-k", "env-s")


@pytest.mark.parametrize("blank", ["", " ", "\t\n", None])
@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, ["project_id", "key_id", "key_secret"]),
        ({"project_id": "p"}, ["key_id", "key_secret"]),
        ({"key_id": "k"}, ["project_id", "key_secret"]),
        ({"project_id": "p", "key_id": "k"}, ["key_secret"]),
        ({"project_id": "p", "key_secret": "s"}, ["key_id"]),
    ],
)
def test_half_given_credentials_name_exactly_what_is_missing(
    given: dict[str, str], missing: list[str], blank: str | None
) -> None:
    names = ("project_id", "key_id", "key_secret")
    arguments = {name: given.get(name, blank) for name in names}

    with pytest.raises(ConfigurationError) as caught:
        settings.resolve_credentials(**arguments, environ={})

    told = str(caught.value).split("missing")[0]
    assert [name for name in names if name in told] == missing
    for name in names:
        assert (f"SINCH_{name.upper()}" in str(caught.value)) is (name in missing)
    assert "connect(sandbox=True)" in str(caught.value)


def test_locked_keyring_counts_as_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = types.ModuleType("keyring")

    def locked(*_: str) -> str:
        raise RuntimeError("locked")

    module.get_password = locked
    monkeypatch.setitem(sys.modules, "keyring", module)

    with pytest.raises(ConfigurationError, match="key_secret missing"):
        settings.resolve_credentials("p", "k", environ={})


@pytest.mark.parametrize("name", ["project_id", "key_id"])
@pytest.mark.parametrize("value", ["a b", "a/b", "../x", "a?b", "a\nb", "ä"])
def test_identifier_with_impossible_characters_is_refused(name: str, value: str) -> None:
    given = {"project_id": "p", "key_id": "k", "key_secret": SECRET, name: value}

    with pytest.raises(ConfigurationError, match=name) as caught:
        settings.resolve_credentials(**given, environ={})

    assert SECRET not in everything_shown(caught.value)


@pytest.mark.parametrize("name", ["project_id", "key_id", "key_secret"])
def test_credential_that_is_no_text_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} is not"):
        settings.resolve_credentials(**{name: 12345}, environ=FULL)


def test_secret_shows_nowhere_in_credentials() -> None:
    found = settings.resolve_credentials("p", "k", SECRET, environ={})

    assert SECRET not in repr(found)
    assert SECRET not in repr([found.key_secret])
    assert SECRET not in repr({"a": found.key_secret})
    assert found.key_secret == SECRET
    assert SECRET not in repr(pickle.loads(pickle.dumps(found)))


@pytest.mark.parametrize("place", ["argument", "environment", "mapping", "keyring"])
def test_error_of_incomplete_credentials_does_not_show_the_secret(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place == "environment":
        monkeypatch.setenv("SINCH_KEY_SECRET", SECRET)
    if place == "keyring":
        fake_keyring(monkeypatch, {"SINCH_KEY_SECRET": SECRET})
    given: dict[str, Any] = {"key_secret": SECRET} if place == "argument" else {}
    call: Any = nt.connect
    if place == "mapping":
        call, given = settings.resolve_credentials, {"environ": {"SINCH_KEY_SECRET": SECRET}}

    with pytest.raises(ConfigurationError) as caught:
        call("p", **given)

    assert SECRET not in everything_shown(caught.value)


@pytest.mark.parametrize(
    "kwargs", [{"auth": "digest"}, {"sandbox": True}, {"timeout": 0}, {"numbers_url": "ftp://x"}]
)
def test_no_refusal_of_connect_shows_the_secret(kwargs: dict[str, Any]) -> None:
    with pytest.raises(nt.NumbersToolkitError) as caught:
        nt.connect("p", "k", SECRET, **kwargs)

    assert SECRET not in everything_shown(caught.value)


def test_endpoints_default_to_the_real_hosts() -> None:
    found = settings.resolve_endpoints(environ={})

    assert (found.numbers_url, found.auth_url) == ("https://numbers.api.sinch.com", "https://auth.sinch.com")


def test_endpoints_come_from_arguments_then_environment() -> None:
    environ = {"SINCH_NUMBERS_URL": "https://n.example", "SINCH_AUTH_URL": "https://a.example:8443/"}

    found = settings.resolve_endpoints("https://mine.example", environ=environ)

    assert (found.numbers_url, found.auth_url) == ("https://mine.example", "https://a.example:8443")


@pytest.mark.parametrize(
    "url",
    [
        "numbers.api.sinch.com",
        "ftp://host",
        "https://",
        "https://host/v1",
        "https://host?x=1",
        "https://host#x",
        "https://host:port",
        "https://[::1",
        "file:///etc/passwd",
    ],
)
def test_address_that_is_no_origin_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="SINCH_NUMBERS_URL"):
        settings.resolve_endpoints(url, environ={})


@pytest.mark.parametrize(
    "url", ["http://numbers.example", "http://10.0.0.1:80", "http://127.0.0.1.example", "http://0.0.0.0"]
)
def test_plain_http_to_another_machine_is_refused_unless_allowed(url: str) -> None:
    for given in ({"numbers_url": url}, {"auth_url": url}):
        with pytest.raises(ConfigurationError, match="plain HTTP"):
            settings.resolve_endpoints(**given, environ={})

    assert settings.resolve_endpoints(url, allow_http=True, environ={}).numbers_url == url


@pytest.mark.parametrize("url", ["http://127.0.0.1:8800", "http://localhost:8800", "http://[::1]:8800"])
def test_plain_http_to_this_machine_is_allowed(url: str) -> None:
    assert settings.resolve_endpoints(url, environ={}).numbers_url == url


@pytest.mark.parametrize(
    "url",
    [
        "https://user:hunter2@host.example",
        "https://numbers.api.sinch.com@evil.example",
        "https://k:hunter2@h:bad",
    ],
)
def test_credentials_in_an_address_are_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        settings.resolve_endpoints(url, environ={})

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "shortened",
    [
        lambda secret: secret[:80],
        lambda secret: secret[3],
        lambda secret: secret + "...",
        lambda secret: secret.strip(),
        lambda secret: secret.removeprefix("Basic "),
    ],
)
def test_shortened_secret_stays_hidden(shortened: Any) -> None:
    """Pretty tracebacks cut long text before they show it."""
    assert repr(shortened(settings.SecretText("Basic " + "x" * 90))) == "'********'"
