"""``python -m numbers_toolkit.sandbox``: one line first, then serving until a signal."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
import requests

from numbers_toolkit.sandbox import Sandbox
from numbers_toolkit.sandbox.__main__ import main

COMMAND = [sys.executable, "-W", "error", "-m", "numbers_toolkit.sandbox"]


@contextmanager
def serving(*options):
    process = subprocess.Popen(
        [*COMMAND, "--active", "5", "--available", "20", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=30)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_announces_itself_in_one_json_line_and_ends_quietly(how):
    with serving("--json", "--seed", "3") as process:
        told = json.loads(process.stdout.readline())
        answer = requests.get(
            f"{told['numbers_url']}/v1/projects/{told['project_id']}/activeNumbers",
            auth=(told["key_id"], told["key_secret"]),
            timeout=30,
        )
        process.send_signal(how)
        rest, errors = process.communicate(timeout=30)

    assert list(told) == ["numbers_url", "auth_url", "project_id", "key_id", "key_secret"]
    assert told["key_id"] == Sandbox(active=0, available=0, seed=3).key_id
    assert answer.json()["totalSize"] == 5
    assert (process.returncode, rest, errors) == (0, "", "")


def test_without_json_it_prints_shell_assignments():
    with serving() as process:
        lines = [process.stdout.readline() for _ in range(5)]

    assert [line.partition("=")[0] for line in lines] == [
        "SINCH_NUMBERS_URL", "SINCH_AUTH_URL", "SINCH_PROJECT_ID", "SINCH_KEY_ID", "SINCH_KEY_SECRET",
    ]  # fmt: skip


def test_state_file_is_kept_between_runs(tmp_path):
    path = str(tmp_path / "state.sqlite")
    base = []
    for _ in range(2):
        with serving("--json", "--state", path) as process:
            told = json.loads(process.stdout.readline())
            url = f"{told['numbers_url']}/v1/projects/{told['project_id']}"
            key = (told["key_id"], told["key_secret"])
            base.append(requests.get(f"{url}/activeNumbers", auth=key, timeout=30).json()["totalSize"])
            body = {"regionCode": "US", "type": "LOCAL"}
            assert (
                requests.post(f"{url}/availableNumbers:rentAny", json=body, auth=key, timeout=30).status_code
                == 200
            )
            process.terminate()
            process.communicate(timeout=30)

    assert base == [5, 6]


def test_taken_port_is_one_line_and_exit_code_one(capsys):
    with Sandbox(active=0, available=0) as sandbox:
        code = main(["--active", "0", "--available", "0", "--port", sandbox.numbers_url.rpartition(":")[2]])

    shown = capsys.readouterr()
    assert code == 1
    assert shown.err.startswith("error: ")
    assert shown.err.count("\n") == 1
    assert shown.out == ""


@pytest.mark.parametrize("options", [["--active", "-1"], ["--host", "0.0.0.0"], ["--start", "soon"]])
def test_settings_that_cannot_be_served_are_one_line(capsys, options):
    assert main(options) == 1
    assert capsys.readouterr().err.startswith("error: ")


def test_wrong_usage_is_exit_code_two(capsys):
    with pytest.raises(SystemExit) as raised:
        main(["--actve", "5"])

    assert raised.value.code == 2
