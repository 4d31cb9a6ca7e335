"""Going on from the command line with runs that were cut short, and with orders that wait for a person."""

from __future__ import annotations

import io
import json
import signal
import threading
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import numbers_toolkit as nt
from command_line import (
    UNMEASURED,
    changing,
    environment_of,
    on_terminal,
    run,
    start,
    table,
    told,
    when,
)
from order_helpers import AUSTRALIAN, PDF

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from subprocess import Popen


@pytest.fixture
def quick() -> Iterator[nt.Sandbox]:
    """A sandbox in which orders are decided at once."""
    with nt.Sandbox(active=4, available=600, clock="manual", review_seconds=0) as server:
        yield server
        assert not server.internal_errors


# -- cut short --------------------------------------------------------------------------------------------------


class Running:
    """A process that buys, stopped while the sandbox holds an answer."""

    def __init__(self) -> None:
        self.process: Popen[str] | None = None
        self.begun = threading.Event()

    def begin(self, process: Popen[str]) -> Popen[str]:
        self.process = process
        self.begun.set()
        return process

    def send(self, number: signal.Signals) -> None:
        self.begun.wait(60)
        assert self.process is not None
        self.process.send_signal(number)


def test_run_that_was_killed_is_resumed_to_the_end(
    sandbox: nt.Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, env, running = str(tmp_path / "run.jsonl"), environment_of(sandbox), Running()
    when(sandbox, "rent", 5, lambda: running.send(signal.SIGKILL), monkeypatch)
    with running.begin(
        start("activate", "--wish", "12 US LOCAL", "--journal", journal, "--yes", env=env)
    ) as killed:
        killed.communicate(timeout=60)
    bought = len(sandbox.ledger)
    requests = len(sandbox.requests)
    shown = run("resume", journal, "--show", env=env)
    untouched = len(sandbox.requests) == requests
    resumed = run("resume", journal, env=env)
    again = run("resume", journal, env=env)

    assert killed.returncode == -signal.SIGKILL
    assert 5 <= bought < 12
    assert untouched
    assert shown.returncode == 1
    assert f"numbers-toolkit resume {journal}" in told(shown)
    assert "unknown" in table(shown)["outcome"].to_list()
    assert (resumed.returncode, again.returncode) == (0, 0)
    assert "12 activated of 12 planned" in told(resumed)
    numbers = [one.phone_number for one in sandbox.ledger]
    assert len(numbers) == len(set(numbers)) == 12


def test_interrupt_ends_what_is_under_way_and_says_how_to_go_on(
    sandbox: nt.Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, env, running = str(tmp_path / "run.jsonl"), environment_of(sandbox), Running()
    when(sandbox, "rent", 3, lambda: running.send(signal.SIGINT), monkeypatch)
    command = ["activate", "--wish", "60 US LOCAL", "--concurrency", "1", "--journal", journal, "--yes"]
    with running.begin(start(*command, env=env)) as process:
        output, errors = process.communicate(timeout=60)
    resumed = run("resume", journal, env=env)

    outcomes = pd.read_csv(io.StringIO(output))["outcome"].value_counts()
    assert process.returncode == 130
    assert outcomes["activated"] >= 3
    assert outcomes["not tried"] >= 1
    assert outcomes.sum() == 60
    assert "Stopping" in errors
    assert f"numbers-toolkit resume {journal}" in errors
    assert resumed.returncode == 0
    assert len(sandbox.ledger) == 60


def test_second_interrupt_ends_at_once_and_the_journal_knows(
    sandbox: nt.Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, env, running = str(tmp_path / "run.jsonl"), environment_of(sandbox), Running()
    ended, held = threading.Event(), []

    def interrupt_and_hold() -> None:
        running.send(signal.SIGINT)
        held.append(ended.wait(60))

    when(sandbox, "rent", 2, interrupt_and_hold, monkeypatch)
    command = ["activate", "--wish", "4 US LOCAL", "--concurrency", "1", "--journal", journal, "--yes"]
    with running.begin(start(*command, env=env)) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "Stopping" in line:
                break
        process.send_signal(signal.SIGINT)
        errors = process.stderr.read()
        process.wait(timeout=60)
        ended.set()
    resumed = run("resume", journal, env=env)

    assert held == [True], "the process waited for the answer instead of ending at once"
    assert process.returncode == 130
    assert f"numbers-toolkit resume {journal}" in errors
    assert resumed.returncode == 0
    assert len({one.phone_number for one in sandbox.ledger}) == len(sandbox.ledger) == 4


def test_journal_that_can_not_grow_stops_the_run_before_more_is_spent(
    sandbox: nt.Sandbox, tmp_path: Path
) -> None:
    journal, env = tmp_path / "run.jsonl", environment_of(sandbox)
    plan = tmp_path / "plan.json"
    run("activate", "--wish", "20 US LOCAL", "--dry-run", "--save-plan", str(plan), env=env)
    room = plan.stat().st_size + 4000

    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))"
    command = ["activate", "--plan", str(plan), "--journal", str(journal), "--concurrency", "1", "--yes"]
    # The limit is for every file of the process: measuring coverage writes one, too.
    stopped = run(*command, env={**env, **UNMEASURED}, before=limit)
    bought = len(sandbox.ledger)
    resumed = run("resume", str(journal), env=env)

    assert stopped.returncode == 1
    assert "can't be written" in told(stopped)
    assert 1 <= bought < 20
    assert (table(stopped)["outcome"] == "activated").sum() + 1 >= bought
    assert resumed.returncode == 0
    assert len({one.phone_number for one in sandbox.ledger}) == len(sandbox.ledger) == 20


# -- orders -----------------------------------------------------------------------------------------------------


STATEMENT = {"file": "statement.pdf", "document_type": "Passport"}


def papers_file(folder: Path) -> str:
    (folder / "statement.pdf").write_bytes(PDF)
    path = folder / "papers.json"
    path.write_text(
        json.dumps({"papers": {"AU MOBILE": {"data": AUSTRALIAN, "attachments": {"Statement": STATEMENT}}}}),
        encoding="utf-8",
    )
    return str(path)


def test_papers_that_are_missing_are_given_on_resuming(quick: nt.Sandbox, tmp_path: Path) -> None:
    journal, env = str(tmp_path / "run.jsonl"), environment_of(quick)
    without = run("activate", "--wish", "1 AU MOBILE", "--journal", journal, "--yes", env=env)
    sent = changing(quick)
    resumed = run("resume", journal, "--papers", papers_file(tmp_path), env=env)

    assert without.returncode == 1
    assert f"numbers-toolkit resume {journal} --papers FILE" in told(without)
    assert sent == []
    assert resumed.returncode == 0
    assert changing(quick) == ["create_order", "put_registration", "upload_attachment", "submit_order"]
    personal = AUSTRALIAN["endBusinessName"]
    assert personal not in told(resumed) + (tmp_path / "run.jsonl").read_text(encoding="utf-8")


def test_papers_are_filed_with_the_order(quick: nt.Sandbox, tmp_path: Path) -> None:
    done = run(
        "activate", "--wish", "1 AU MOBILE", "--papers", papers_file(tmp_path),
        "--journal", str(tmp_path / "run.jsonl"), "--yes", env=environment_of(quick),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert table(done)["order_state"].to_list() == ["COMPLETED"]


def test_papers_that_can_not_be_read_stop_before_anything_is_sent(
    sandbox: nt.Sandbox, tmp_path: Path
) -> None:
    papers = tmp_path / "papers.json"
    papers.write_text('{"data": {"city": "Hobart"}', encoding="utf-8")
    done = run(
        "activate", "--wish", "1 AU MOBILE", "--papers", str(papers), "--dry-run", env=environment_of(sandbox)
    )
    assert done.returncode == 2
    assert "no JSON" in told(done)
    assert "Hobart" not in done.stderr
    assert not sandbox.requests


def test_order_that_may_be_lost_is_made_anew_on_a_persons_word_alone(
    quick: nt.Sandbox, tmp_path: Path
) -> None:
    journal, env = str(tmp_path / "run.jsonl"), environment_of(quick)
    quick.faults.add("connection_reset", times=1, operation="create_order")
    lost = run("activate", "--wish", "1 SE MOBILE", "--journal", journal, "--yes", env=env)
    unasked = run("resume", journal, env=env)
    no, refused = on_terminal("resume", journal, "--no-progress", answers=(("anew? [y/N]", "n"),), env=env)
    before = changing(quick).count("create_order")
    yes, _ = on_terminal("resume", journal, "--no-progress", answers=(("anew? [y/N]", "y"),), env=env)

    assert (lost.returncode, unasked.returncode, no) == (1, 1, 1)
    assert "anew?" not in unasked.stderr
    assert f"numbers-toolkit resume {journal} --order-again" in told(lost)
    assert "was lost" in refused
    assert before == 1
    assert yes == 0
    assert changing(quick) == ["create_order", "create_order", "submit_order"]


def test_order_again_needs_no_terminal(quick: nt.Sandbox, tmp_path: Path) -> None:
    journal, env = str(tmp_path / "run.jsonl"), environment_of(quick)
    quick.faults.add("connection_reset", times=1, operation="create_order")
    run("activate", "--wish", "1 SE MOBILE", "--journal", journal, "--yes", env=env)
    done = run("resume", journal, "--order-again", env=env)
    assert done.returncode == 0
    assert len(quick.ledger) == 1


def test_order_whose_answer_was_lost_is_found_by_its_id(quick: nt.Sandbox, tmp_path: Path) -> None:
    journal, env = str(tmp_path / "run.jsonl"), environment_of(quick)
    quick.faults.add("lost_answer", times=1, operation="create_order")
    lost = run("activate", "--wish", "1 SE MOBILE", "--journal", journal, "--yes", env=env)
    (order,) = quick.orders
    done = run("resume", journal, "--known-order", order.order_id, env=env)

    assert f"numbers-toolkit resume {journal} --known-order ID" in told(lost)
    assert done.returncode == 0
    assert changing(quick) == ["create_order", "submit_order"]
    assert len(quick.ledger) == 1


# -- the embedded sandbox ---------------------------------------------------------------------------------------


def test_embedded_sandbox_that_is_kept_in_a_file_is_gone_on_with(tmp_path: Path) -> None:
    state, journal = str(tmp_path / "sandbox.db"), str(tmp_path / "run.jsonl")
    bought = run(
        "activate", "--wish", "1 AU MOBILE", "--wish", "1 US LOCAL", "--sandbox-state", state, "--journal", journal,
        "--yes",
    )  # fmt: skip
    resumed = run("resume", journal, "--sandbox-state", state)
    released = run(
        "release", table(bought).iloc[1]["phone_number"], "--sandbox-state", state,
        "--journal", str(tmp_path / "release.jsonl"), "--yes",
    )  # fmt: skip

    assert bought.returncode == 1
    assert f"numbers-toolkit resume {journal} --sandbox-state {state} --papers FILE" in told(bought)
    assert table(resumed)["outcome"].to_list() == ["not tried", "activated"]
    assert released.returncode == 0
    assert table(released)["outcome"].to_list() == ["released"]


def test_embedded_sandbox_that_is_gone_is_said_to_be_gone(tmp_path: Path) -> None:
    journal = str(tmp_path / "run.jsonl")
    bought = run("activate", "--wish", "1 AU MOBILE", "--sandbox", "--journal", journal, "--yes")
    for options in ([], ["--sandbox"], ["--sandbox-state", str(tmp_path / "none.db")]):
        done = run("resume", journal, *options)
        assert done.returncode == 2
        assert "nothing to go on with" in told(done)
    assert "--sandbox-state FILE" in told(bought)
    assert not (tmp_path / "none.db").exists()


def test_file_that_holds_no_sandbox_is_told(tmp_path: Path) -> None:
    junk = tmp_path / "junk.db"
    junk.write_text("not a database " * 100, encoding="utf-8")
    done = run("export", "--sandbox-state", str(junk))
    assert done.returncode == 1
    assert "can't go on" in told(done)
