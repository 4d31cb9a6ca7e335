"""The command line as a person uses it: a real process, its exit code, what it writes where."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import signal
import subprocess
import termios
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import requests

import numbers_toolkit as nt
from command_line import COMMAND, environment_of, run

if TYPE_CHECKING:
    from pathlib import Path

SANDBOX = ["--sandbox", "--sandbox-active", "60"]


def test_report_writes_one_file_and_says_where(tmp_path: Path) -> None:
    done = run("report", *SANDBOX, "--output", "report.html", cwd=tmp_path)

    assert done.returncode == 0
    assert str(tmp_path / "report.html") in done.stdout
    assert "sandbox data" in done.stdout
    assert done.stderr == ""
    assert "sandbox" in (tmp_path / "report.html").read_text(encoding="utf-8").lower()


def test_export_to_a_pipe_is_csv_alone() -> None:
    done = run("export", *SANDBOX)

    frame = nt.tables.ACTIVE_NUMBERS
    assert done.returncode == 0
    assert done.stderr == ""
    assert list(pd.read_csv(io.StringIO(done.stdout)).columns) == list(frame.names)
    assert done.stdout.count("\n+") == 60


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_export_to_a_file_comes_back(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"active.{ending}"

    done = run("export", *SANDBOX, "--output", str(path))

    readers = {"csv": nt.read_csv, "xlsx": nt.read_excel, "parquet": nt.read_parquet}
    back = readers[ending](path)
    assert done.returncode == 0
    assert len(back) == 60
    assert back["phone_number"].str.startswith("+").all()
    assert nt.tables.is_money(back["price"].dtype)


@pytest.mark.parametrize(
    ("what", "column"), [("errors", "error_code"), ("attention", "rank"), ("regions", "region_name")]
)
def test_export_of_other_tables(what: str, column: str) -> None:
    done = run("export", "--sandbox", "--what", what)
    assert done.returncode == 0
    assert column in done.stdout.splitlines()[0].split(",")


def test_export_with_filters_asks_the_api_for_them() -> None:
    with nt.Sandbox(active=80, clock="manual") as sandbox:
        done = run(
            "export", "--region", "us", "--type", "local", "--capability", "SMS", env=environment_of(sandbox)
        )
        listed = [one for one in sandbox.requests if one.path.endswith("/activeNumbers")]

    assert done.returncode == 0
    assert "regionCode=US" in listed[0].query
    assert "type=LOCAL" in listed[0].query
    assert "capability=SMS" in listed[0].query


def test_limit_says_that_it_is_partial(tmp_path: Path) -> None:
    done = run("export", *SANDBOX, "--limit", "5", "--output", str(tmp_path / "few.csv"))
    assert done.returncode == 0
    assert "5 rows (sandbox data, not all there are)" in done.stderr


def test_search_shows_offers_and_rents_nothing() -> None:
    with nt.Sandbox(active=10, available=400, clock="manual") as sandbox:
        done = run(
            "search", "--region", "US", "--pattern", "+1", "--search-pattern", "start", "--size", "3",
            env=environment_of(sandbox),
        )  # fmt: skip
        methods = {one.method for one in sandbox.requests if "Numbers" in one.path}
        count = sandbox.active_count

    assert done.returncode == 0
    assert done.stdout.splitlines()[0].startswith("phone_number,region_code")
    assert methods == {"GET"}
    assert count == 10


def test_search_without_region_is_wrong_usage() -> None:
    done = run("search", "--sandbox")
    assert done.returncode == 2
    assert "--region" in done.stderr


def test_search_warns_in_one_line_that_there_may_be_more() -> None:
    done = run("search", "--sandbox", "--region", "US", "--type", "LOCAL")
    assert done.returncode == 0
    assert done.stderr.startswith("Warning: There may be more numbers on offer in US LOCAL (at least 100)")
    assert "Traceback" not in done.stderr


def test_without_credentials_both_ways_are_named() -> None:
    done = run("report")
    assert done.returncode == 2
    assert "SINCH_PROJECT_ID" in done.stderr
    assert "--sandbox" in done.stderr
    assert done.stdout == ""


def test_wrong_secret_fails_without_showing_it() -> None:
    with nt.Sandbox(active=5, clock="manual") as sandbox:
        done = run("export", env=environment_of(sandbox, SINCH_KEY_SECRET="not-the-secret"))
    assert done.returncode == 1
    assert "401" in done.stderr
    assert "not-the-secret" not in done.stderr + done.stdout


def test_another_project_is_refused() -> None:
    with nt.Sandbox(active=5, clock="manual") as sandbox:
        done = run("export", env=environment_of(sandbox, SINCH_PROJECT_ID="another-project"))
    assert done.returncode == 1
    assert "403" in done.stderr
    assert "project id" in done.stderr


def test_server_that_is_not_there_is_a_clear_failure() -> None:
    with nt.Sandbox(active=5, clock="manual") as sandbox:
        gone = environment_of(sandbox)
    done = run("export", env=gone)
    assert done.returncode == 1
    assert "No answer" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["export", "--region", "USA"], "USA"),
        (["export", "--type", "LANDLINE"], "LANDLINE"),
        (["export", "--pattern", "abc"], "abc"),
        (["export", "--pattern", "307", "--search-pattern", "START"], "+1307"),
        (["export", "--limit", "0"], "0"),
        (["search", "--region", "US", "--size", "-1"], "-1"),
        (["export", "--output", "numbers.pdf"], "numbers.pdf"),
        (["export", "--format", "xlsx"], "--output"),
        (["export", "--output", "no/such/folder/x.csv"], "no/such/folder"),
        (["report", "--output", "no/such/folder/x.html"], "no/such/folder"),
        (["explode"], "explode"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_sent(arguments: list[str], word: str) -> None:
    with nt.Sandbox(active=5, clock="manual") as sandbox:
        done = run(*arguments, env=environment_of(sandbox))
        asked = [one for one in sandbox.requests if "Numbers" in one.path]
    assert done.returncode == 2
    assert word in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert not asked


@pytest.mark.parametrize("command", [[], ["report"], ["search"], ["export"], ["sandbox"]])
def test_help_explains_and_gives_an_example(command: list[str]) -> None:
    done = run(*command, "--help")
    assert done.returncode == 0
    assert "numbers-toolkit" in done.stdout
    assert "--" in done.stdout


def test_version() -> None:
    assert nt.__version__ in run("--version").stdout


def test_progress_shows_on_a_terminal_only() -> None:
    leader, follower = pty.openpty()
    termios.tcsetwinsize(follower, (24, 100))
    process = subprocess.Popen([*COMMAND, "export", *SANDBOX], stdout=subprocess.DEVNULL, stderr=follower)
    os.close(follower)
    shown = b""
    with contextlib.suppress(OSError):  # the terminal reports its end as an error
        while piece := os.read(leader, 65536):
            shown += piece
    os.close(leader)
    assert process.wait(timeout=60) == 0
    assert b"60/60" in shown


def test_sandbox_serves_until_stopped_and_prints_where_first() -> None:
    arguments = ["sandbox", "--port", "0", "--active", "12", "--available", "50", "--seed", "3", "--json"]
    process = subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    try:
        assert process.stdout is not None
        where = json.loads(process.stdout.readline())
        answer = requests.get(
            f"{where['numbers_url']}/v1/projects/{where['project_id']}/activeNumbers",
            auth=(where["key_id"], where["key_secret"]),
            timeout=10,
        )
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
    assert set(where) == {"numbers_url", "auth_url", "project_id", "key_id", "key_secret"}
    assert answer.json()["totalSize"] == 12
    assert process.returncode == 0
    assert errors == ""


def test_sandbox_on_a_taken_port_says_so() -> None:
    with nt.Sandbox(active=1, clock="manual") as sandbox:
        port = sandbox.numbers_url.rsplit(":", 1)[1]
        done = run("sandbox", "--port", port)
    assert done.returncode == 1
    assert port in done.stderr
    assert "Traceback" not in done.stderr


def test_reader_that_stops_early_is_no_error() -> None:
    first = subprocess.Popen(
        [*COMMAND, "export", "--sandbox"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert first.stdout is not None
    first.stdout.readline()
    first.stdout.close()
    assert first.stderr is not None
    errors = first.stderr.read()
    first.stderr.close()
    assert first.wait(timeout=60) == 0
    assert errors == b""


def test_piped_csv_is_utf_8_whatever_the_console_speaks() -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SINCH_")}
    done = subprocess.run(
        [*COMMAND, "export", "--sandbox"],
        capture_output=True,
        env={**clean, "PYTHONIOENCODING": "cp1252"},
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert "Växel" in done.stdout.decode("utf-8")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")  # noqa: PTH110
def test_standard_output_that_is_full_is_a_clear_failure() -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            [*COMMAND, "export", *SANDBOX],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert "can't be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_sandbox_state_that_is_no_state_is_told(tmp_path: Path) -> None:
    junk = tmp_path / "junk.db"
    junk.write_text("not a database " * 100, encoding="utf-8")
    done = run("sandbox", "--port", "0", "--state", str(junk))
    assert done.returncode == 1
    assert "can't start" in done.stderr
    assert "Traceback" not in done.stderr
    assert junk.read_text(encoding="utf-8").startswith("not a database")


def test_regions_can_be_narrowed() -> None:
    done = run("export", "--sandbox", "--what", "regions", "--region", "us")
    assert [line.split(",")[0] for line in done.stdout.splitlines()[1:]] == ["US", "US"]


def test_search_with_an_unknown_ending_asks_for_nothing() -> None:
    with nt.Sandbox(active=1, clock="manual") as sandbox:
        done = run("search", "--region", "US", "--output", "x.json", env=environment_of(sandbox))
        assert not sandbox.requests
    assert done.returncode == 2


def test_examples_in_help_keep_their_lines() -> None:
    lines = run("export", "--help").stdout.splitlines()
    assert "    numbers-toolkit export --sandbox --output active.csv" in lines
