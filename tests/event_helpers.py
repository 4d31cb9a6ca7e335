"""A sandbox whose events go to a receiver, for the tests of what they say and of how they arrive."""

from __future__ import annotations

import json
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from numbers_toolkit.sandbox import Sandbox
from sandbox_helpers import Caller

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripted_server import ScriptedServer

SECRET = "sandbox-Secret-0123456789-abcdefgh"
WORKING = {"servicePlanId": "SANDBOX_PLAN", "campaignId": "SANDBOX_NUMBER_POOL"}
VOICE = {"appId": "app"}


@contextmanager
def serving(*documents: dict[str, Any], clock: str = "manual", **switches: Any) -> Iterator[Caller]:
    """Serve these numbers; an error inside the sandbox fails the test."""
    with (
        Sandbox(numbers=documents, available=50, clock=clock, **switches) as sandbox,
        Caller(sandbox) as caller,
    ):
        yield caller
        assert sandbox.internal_errors == []


def run(caller: Caller, number: str, wait: float = 7, **body: Any) -> None:
    """Ask for a change of a number and let its job end."""
    answer = caller.patch(number, **body)
    assert answer.status_code == 200, answer.text
    caller.sandbox.advance(wait)


def contents(receiver: ScriptedServer) -> list[dict[str, Any]]:
    """Return what arrived."""
    return [json.loads(request.body) for request in receiver.requests]


def statuses(sandbox: Sandbox) -> list[str]:
    return [event.status for event in sandbox.events]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
