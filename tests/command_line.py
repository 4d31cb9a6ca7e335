"""The command line for its tests: real processes, with or without a terminal, against a sandbox of the test."""

from __future__ import annotations

import contextlib
import io
import os
import pty
import re
import subprocess
import sys
import termios
from typing import TYPE_CHECKING, Any

import pandas as pd

from sandbox_helpers import Caller, active_number

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pytest

    import numbers_toolkit as nt

COMMAND = [sys.executable, "-m", "numbers_toolkit"]
TIMEOUT = 120
#: What Ctrl-C types.
INTERRUPT = "\x03"


#: Leaves a process out of the measuring of coverage.
UNMEASURED = {"COVERAGE_PROCESS_CONFIG": ""}


def environment(env: dict[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without credentials, and with what a test adds; empty takes away."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SINCH_")}
    whole = {**clean, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", **(env or {})}
    return {name: value for name, value in whole.items() if value or name not in UNMEASURED}


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


def command(arguments: Iterable[str], before: str = "") -> list[str]:
    """Return a command; ``before`` is Python that its process carries out first."""
    if not before:
        return [*COMMAND, *arguments]
    code = f"import os, sys; {before}; os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    return [sys.executable, "-c", code, *COMMAND[1:], *arguments]


def run(
    *arguments: str,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    before: str = "",
    output: Any = subprocess.PIPE,
    given: str = "",
) -> subprocess.CompletedProcess[str]:
    """Run a command where nobody can be asked; ``given`` is its standard input."""
    return subprocess.run(
        command(arguments, before),
        input=given,
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env=environment(env),
        timeout=TIMEOUT,
        check=False,
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
        # The terminal is the process's own, so that Ctrl-C typed into it becomes an interrupt.
        command(arguments, "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)"),
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env=environment(env),
        start_new_session=True,
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


# -- what was said and sent -------------------------------------------------------------------------------------


def changing(sandbox: nt.Sandbox) -> list[str]:
    """Operations that were asked for and can cost or change something."""
    reading = ("GET", "lookup_requirements", "token")
    return [one.operation for one in sandbox.requests if not {one.method, one.operation} & set(reading)]


def offers(sandbox: nt.Sandbox, count: int, region: str = "US", kind: str = "LOCAL") -> list[str]:
    with Caller(sandbox) as caller:
        return [caller.on_offer(position, region, kind) for position in range(count)]


def table(done: subprocess.CompletedProcess[str]) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(done.stdout), dtype=str)


def plan_rows(done: subprocess.CompletedProcess[str]) -> list[list[str]]:
    """Words of the table of the plan, head first."""
    lines = done.stderr.splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("phone_number"))
    return [line.split() for line in lines[first:] if line]


def told(done: subprocess.CompletedProcess[str]) -> str:
    """Everything that was said, after a look whether it is fit for a shell."""
    text = done.stdout + done.stderr
    assert "Traceback" not in text
    assert "resume_activation" not in text
    assert not re.search(r"\bnt\.[a-z]", text)
    return text


def when(sandbox: nt.Sandbox, operation: str, count: int, act: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do something while the sandbox holds the answer to the so-manieth call of an operation, already carried out."""
    strike, seen = sandbox.faults.strike, [0]

    def watched(name: str, called: str, path: str) -> Any:
        if name == "lost_answer" and called == operation:
            seen[0] += 1
            if seen[0] == count:
                act()
        return strike(name, called, path)

    monkeypatch.setattr(sandbox.faults, "strike", watched)


def plain(sandbox: nt.Sandbox, *phone_numbers: str, **changes: Any) -> None:
    """Add active numbers that have nothing configured."""
    for number in phone_numbers:
        sandbox.add_active(active_number(number, projectId=sandbox.project_id, **changes))
