"""connect(): wiring, refusals, and that nothing is left running."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

import numbers_toolkit as nt
from numbers_toolkit.errors import ConfigurationError, InvalidInputError
from scripted_server import Reply, ScriptedServer


def test_connecting_sends_nothing() -> None:
    with ScriptedServer() as server, server.client():
        assert server.requests == server.token_requests == []


def test_environment_is_enough(monkeypatch: pytest.MonkeyPatch, sandbox: nt.Sandbox) -> None:
    for name, value in sandbox.connection().items():
        monkeypatch.setenv(f"SINCH_{name.upper()}", value)

    with nt.connect() as client:
        assert client.list_available_regions()
        assert client.project_id == sandbox.project_id


@pytest.mark.parametrize("auth", ["oauth", "basic"])
def test_both_ways_to_authenticate_work(auth: str, sandbox: nt.Sandbox) -> None:
    with nt.connect(sandbox=sandbox, auth=auth) as client:
        client.list_available_regions()

    schemes = [one.scheme for one in sandbox.requests]
    assert schemes == (["Basic", "Bearer"] if auth == "oauth" else ["Basic"])


def test_started_sandbox_stops_with_its_client() -> None:
    with nt.connect(sandbox=True) as client:
        server = client.sandbox
        assert client.list_available_regions()
    with pytest.raises(RuntimeError):
        server.numbers_url  # noqa: B018 - asking is the test


def test_given_sandbox_goes_on_after_the_client(sandbox: nt.Sandbox) -> None:
    nt.connect(sandbox=sandbox).close()

    assert sandbox.numbers_url


@pytest.mark.parametrize("name", ["project_id", "key_id", "key_secret", "numbers_url", "auth_url"])
def test_sandbox_takes_no_credentials(name: str) -> None:
    with pytest.raises(ConfigurationError, match="takes no credentials"):
        nt.connect(sandbox=True, **{name: "x"})


@pytest.mark.parametrize("timeout", [0, -1, True, "5", None, float("nan"), float("inf")])
def test_impossible_timeout_is_refused(timeout: Any) -> None:
    with pytest.raises(InvalidInputError, match="timeout"):
        nt.connect("p", "k", "s", timeout=timeout)


def test_unknown_way_to_authenticate_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="'oauth' or 'basic'"):
        nt.connect("p", "k", "s", auth="digest")


def test_plain_http_to_another_machine_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(ConfigurationError, match="plain HTTP"):
        nt.connect("p", "k", "s", numbers_url="http://numbers.example")


def test_token_goes_to_one_origin_and_calls_to_the_other() -> None:
    with ScriptedServer() as tokens, ScriptedServer(Reply(body={"availableRegions": []})) as numbers:
        with numbers.client(auth_url=tokens.url) as client:
            client.list_available_regions()

        assert [len(one.token_requests) for one in (tokens, numbers)] == [1, 0]
        assert [len(one.requests) for one in (tokens, numbers)] == [0, 1]


def test_sandbox_without_its_extra_names_it() -> None:
    code = (
        "import sys; sys.modules['uvicorn'] = None\n"
        "import numbers_toolkit as nt\n"
        "try:\n    nt.connect(sandbox=True)\n"
        "except nt.errors.MissingDependencyError as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert "numbers-toolkit[sandbox]" in done.stdout


# -- whichever is there -----------------------------------------------------------------------------------------


def test_without_any_credentials_nothing_decided_is_the_sandbox() -> None:
    with nt.connect(sandbox=None) as client:
        assert client.source == "sandbox"
        assert "(sandbox)" in repr(client)
        assert client.sandbox is not None


def test_with_credentials_nothing_decided_is_the_project(
    monkeypatch: pytest.MonkeyPatch, sandbox: nt.Sandbox
) -> None:
    for name, value in sandbox.connection().items():
        monkeypatch.setenv(f"SINCH_{name.upper()}", value)

    with nt.connect(sandbox=None) as client:
        assert client.source.startswith("server 127.0.0.1")
        assert client.sandbox is None


@pytest.mark.parametrize(
    "name", ["SINCH_PROJECT_ID", "SINCH_KEY_ID", "SINCH_KEY_SECRET", "SINCH_NUMBERS_URL", "SINCH_AUTH_URL"]
)
def test_half_of_a_project_is_told_and_never_the_sandbox(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "https://numbers.example" if name.endswith("URL") else "half")

    with pytest.raises(ConfigurationError, match="incomplete"):
        nt.connect(sandbox=None)


def test_an_address_that_is_given_is_never_the_sandbox() -> None:
    with pytest.raises(ConfigurationError, match="incomplete"):
        nt.connect(sandbox=None, numbers_url="https://numbers.example")


def test_credentials_in_the_keyring_are_never_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {"SINCH_PROJECT_ID": "p", "SINCH_KEY_ID": "k", "SINCH_KEY_SECRET": "hush"}
    keyring = SimpleNamespace(get_password=lambda _service, name: kept[name])
    monkeypatch.setitem(sys.modules, "keyring", keyring)

    with nt.connect(sandbox=None) as client:
        assert (client.project_id, client.source) == ("p", "production")


def test_a_sandbox_of_the_session_is_known_before_it_is_asked(
    monkeypatch: pytest.MonkeyPatch, sandbox: nt.Sandbox
) -> None:
    for name, value in sandbox.connection().items():
        monkeypatch.setenv(f"SINCH_{name.upper()}", value)
    monkeypatch.setenv("NUMBERS_TOOLKIT_SANDBOX", sandbox.numbers_url)

    with nt.connect() as client, nt.connect(sandbox=None) as either:
        assert client.source == either.source == "sandbox"
    assert not sandbox.requests


@pytest.mark.parametrize("announced", ["http://127.0.0.1:1", "https://numbers.api.sinch.com", ""])
def test_no_project_is_taken_for_a_sandbox(announced: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBERS_TOOLKIT_SANDBOX", announced)

    with nt.connect("p", "k", "hush") as client:
        assert client.source == "production"
