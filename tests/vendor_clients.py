"""The vendor's clients that are installed apart from Python's own packages, and how tests talk to them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numbers_toolkit.sandbox import Sandbox

CLIENTS = "NUMBERS_TOOLKIT_CLIENTS"
HERE = Path(__file__).parent / "clients"
FIRST_GENERATION = "sinch-1"
PATIENCE = 60


class ClientError(Exception):
    """What a vendor's client raised."""

    def __init__(self, kind: str, status: int | None, message: str) -> None:
        super().__init__(f"{kind} {status}: {message}")
        self.kind, self.status, self.message = kind, status, message


class LinesProcess:
    """A program that answers each line of JSON with one."""

    def __init__(self, command: list[str], environ: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, **(environ or {})},
        )

    def do(self, command: str, **details: Any) -> Any:
        """Have something done, and return what came of it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"command": command, **details}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise ClientError(answer["error"], answer["status"], answer["message"])
        return answer["result"]

    def close(self) -> None:
        self.process.communicate(timeout=PATIENCE)


def installed(what: str) -> Path:
    """Return the folder of the installed clients, or skip; where the environment names one, nothing is skipped."""
    named = os.environ.get(CLIENTS)
    if named is None:
        pytest.skip(f"run `python tests/clients/install.py FOLDER` and name the folder by {CLIENTS}")
    if not (Path(named) / what).is_dir():
        pytest.fail(f"{CLIENTS} names a folder without {what}: run `python tests/clients/install.py` for it")
    return Path(named).resolve()


@contextmanager
def node_client() -> Iterator[LinesProcess]:
    """Run the client for Node."""
    folder = installed("node_modules")
    node = shutil.which("node")
    if node is None:
        pytest.fail("node is missing")
    process = LinesProcess([node, str(HERE / "driver.js"), str(folder)], {"TZ": "UTC"})
    try:
        yield process
    finally:
        process.close()


@contextmanager
def first_generation() -> Iterator[LinesProcess]:
    """Run the first generation of the client for Python, apart from the present one."""
    folder = installed(FIRST_GENERATION) / FIRST_GENERATION
    process = LinesProcess([sys.executable, "-S", str(HERE / "driver.py")], {"PYTHONPATH": str(folder)})
    try:
        yield process
    finally:
        process.close()


def credentials(sandbox: Sandbox) -> dict[str, str]:
    """Return what clients are given to work with a sandbox."""
    return {
        "projectId": sandbox.project_id,
        "keyId": sandbox.key_id,
        "keySecret": sandbox.key_secret,
        "authHostname": sandbox.auth_url,
        "numbersHostname": sandbox.numbers_url,
    }
