"""Serve in the foreground, for the command line."""

from __future__ import annotations

import json
import signal
import sys
import threading
from typing import TYPE_CHECKING, Unpack

from numbers_toolkit.sandbox.embedded import Sandbox, Switches

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType


_WAKE_SECONDS = 0.5


def run_forever(
    *,
    port: int = 0,
    auth_port: int = 0,
    host: str = "127.0.0.1",
    allow_remote: bool = False,
    active: int = 500,
    available: int = 5000,
    seed: int = 7,
    start: str = "2026-03-02T09:00:00Z",
    state: str | Path | None = None,
    json_output: bool = False,
    **switches: Unpack[Switches],
) -> int:
    """Serve until SIGINT or SIGTERM; call it from the main thread.

    The first line of output says where: with `json_output` one JSON object with ``numbers_url``,
    ``auth_url``, ``project_id``, ``key_id`` and ``key_secret``, otherwise shell assignments of the
    environment variables that clients read. Without `auth_port` the token endpoint takes any free port.

    Returns
    -------
    int
        0, the exit code.
    """
    sandbox = Sandbox(
        active,
        available,
        seed=seed,
        port=port,
        auth_port=auth_port,
        host=host,
        allow_remote=allow_remote,
        start=start,
        state=state,
        **switches,
    )
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with sandbox:
            sys.stdout.write(_announcement(sandbox.connection(), json_output))
            sys.stdout.flush()
            while not stopped.wait(_WAKE_SECONDS):
                pass  # Windows delivers Ctrl-C only to a thread that wakes up
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    return 0


def _announcement(connection: dict[str, str], json_output: bool) -> str:
    if json_output:
        return json.dumps(connection) + "\n"
    return "".join(f"SINCH_{name.upper()}={value}\n" for name, value in connection.items())
