"""The command line for its tests: real processes, with or without a terminal, against a sandbox of the test."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import subprocess
import sys
import termios
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    import numbers_toolkit as nt

COMMAND = [sys.executable, "-m", "numbers_toolkit"]
TIMEOUT = 120
#: What Ctrl-C types.
INTERRUPT = "\x03"


def environment(env: dict[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without credentials, and with what a test adds."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SINCH_")}
    return {**clean, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", **(env or {})}


def environment_of(sandbox: nt.Sandbox, **changes: str) -> dict[str, str]:
    """Return what connects a process to a sandbox."""
    return {
        "SINCH_PROJECT_ID": sandbox.project_id,
        "SINCH_KEY_ID": sandbox.key_id,
        "SINCH_KEY_SECRET": sandbox.key_secret,
        "SINCH_NUMBERS_URL": sandbox.numbers_url,
        "SINCH_AUTH_URL": sandbox.auth_url,
        **changes,
    }


def run(
    *arguments: str, cwd: Path | None = None, env: dict[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run a command where nobody can be asked."""
    return subprocess.run(
        [*COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env=environment(env),
        timeout=TIMEOUT,
        check=False,
        **options,
    )


def start(*arguments: str, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """Start a command where nobody can be asked."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment(env),
    )


def on_terminal(
    *arguments: str, answers: tuple[tuple[str, str], ...] = (), env: dict[str, str] | None = None
) -> tuple[int, str]:
    """Run a command on a terminal, answering what it asks; return exit code and what was shown.

    Parameters
    ----------
    *arguments : str
        The command.
    answers : tuple of (str, str)
        Text that shows, and what is typed then.
    env : dict, optional
        Environment.
    """
    leader, follower = pty.openpty()
    termios.tcsetwinsize(follower, (40, 200))
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env=environment(env),
        start_new_session=True,
        # The terminal is the process's own, so that Ctrl-C typed into it becomes an interrupt.
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(follower)
    shown, seen, open_answers = b"", 0, list(answers)
    with contextlib.suppress(OSError):  # the terminal reports its end as an error
        while piece := os.read(leader, 65536):
            shown += piece
            while open_answers and (place := shown.find(open_answers[0][0].encode(), seen)) >= 0:
                asked, answer = open_answers.pop(0)
                seen = place + len(asked.encode())
                os.write(leader, f"{answer}\n".encode() if answer != INTERRUPT else answer.encode())
    os.close(leader)
    assert not open_answers, f"never asked {open_answers[0][0]!r}: {shown.decode()}"
    return process.wait(timeout=TIMEOUT), shown.decode()
