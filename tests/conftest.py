"""What every test has: no credentials of the machine, no network but loopback, and a sandbox to talk to."""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

import answers_checked
import numbers_toolkit as nt

if TYPE_CHECKING:
    from collections.abc import Iterator

# How fast something is belongs to the benchmarks; a busy machine must not fail a test.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

LOOPBACK = ("127.0.0.1", "::1", "localhost")
VARIABLES = (
    "SINCH_PROJECT_ID",
    "SINCH_KEY_ID",
    "SINCH_KEY_SECRET",
    "SINCH_NUMBERS_URL",
    "SINCH_AUTH_URL",
    "NUMBERS_TOOLKIT_SANDBOX",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the machine's own credentials, proxies and keyring."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(sys.modules, "keyring", None)


@pytest.fixture(autouse=True)
def _own_register(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the register of started plans out of the home folder."""
    monkeypatch.setenv("NUMBERS_TOOLKIT_STATE", str(tmp_path_factory.mktemp("state")))


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Fail a test that would leave this machine."""
    if request.path.name == "test_recorded.py" and os.environ.get("NUMBERS_TOOLKIT_RECORD") == "production":
        return  # A person asked for just this.
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX and isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def _watch(request: pytest.FixtureRequest) -> answers_checked.Watch | None:
    """Look at what sandboxes answer from the first of them on, but not while benchmarks take the time."""
    measured = all("benchmarks" in item.path.parts for item in request.session.items)
    return None if measured else answers_checked.watch()


@pytest.fixture(autouse=True)
def _answers_as_described(_watch: answers_checked.Watch | None) -> Iterator[None]:
    """Fail a test in which a sandbox answers otherwise than its description says."""
    yield
    if _watch is not None:
        assert not _watch.take_found()


@pytest.fixture
def sandbox() -> Iterator[nt.Sandbox]:
    """A sandbox of 120 numbers whose clock stands still; an error inside it fails the test."""
    with nt.Sandbox(active=120, available=600, clock="manual") as server:
        yield server
        assert not server.internal_errors


@pytest.fixture
def client(sandbox: nt.Sandbox) -> Iterator[nt.NumbersClient]:
    """A client of that sandbox."""
    with nt.connect(sandbox=sandbox) as connected:
        yield connected
