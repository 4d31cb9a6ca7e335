"""Buying, changing and releasing from the command line: real processes, and what they really sent."""

from __future__ import annotations

import io
import json
import os
import re
import resource
import signal
import threading
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import numbers_toolkit as nt
from command_line import INTERRUPT, environment_of, on_terminal, run, start
from order_helpers import AUSTRALIAN, PDF
from sandbox_helpers import Caller, active_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from subprocess import CompletedProcess, Popen

PLAN = "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57"


def changing(sandbox: nt.Sandbox) -> list[str]:
    """Operations that were asked for and can cost or change something."""
    reading = ("GET", "lookup_requirements", "token")
    return [one.operation for one in sandbox.requests if not {one.method, one.operation} & set(reading)]


def offers(sandbox: nt.Sandbox, count: int, region: str = "US", kind: str = "LOCAL") -> list[str]:
    with Caller(sandbox) as caller:
        return [caller.on_offer(position, region, kind) for position in range(count)]


def table(done: CompletedProcess[str]) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(done.stdout), dtype=str)


def plan_rows(done: CompletedProcess[str]) -> list[list[str]]:
    """Words of the table of the plan, head first."""
    lines = done.stderr.splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("phone_number"))
    return [line.split() for line in lines[first:] if line]


def told(done: CompletedProcess[str]) -> str:
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


@pytest.fixture
def quick() -> Iterator[nt.Sandbox]:
    """A sandbox in which orders are decided at once."""
    with nt.Sandbox(active=4, available=600, clock="manual", review_seconds=0) as server:
        yield server
        assert not server.internal_errors


# -- before anything is sent ------------------------------------------------------------------------------------


def test_without_a_terminal_nothing_is_bought_without_yes(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    done = run(
        "activate",
        "--wish",
        "2 US LOCAL",
        "--journal",
        str(tmp_path / "run.jsonl"),
        env=environment_of(sandbox),
    )

    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert not sandbox.requests
    assert not (tmp_path / "run.jsonl").exists()


@pytest.mark.parametrize(
    "command", [["release", "--all"], ["update", "--all", "--display-name", "x"], ["repair"]]
)
def test_without_a_terminal_nothing_is_changed_without_yes(
    command: list[str], sandbox: nt.Sandbox, tmp_path: Path
) -> None:
    done = run(*command, "--journal", str(tmp_path / "run.jsonl"), env=environment_of(sandbox))
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert not sandbox.requests


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["activate", "--wish", "2 US LOCAL", "--yes"], "--journal"),
        (["activate", "--journal", "x.jsonl", "--yes"], "Buy what?"),
        (["activate", "--wish", "2 US LOCAL", "--journal", "no/such/x.jsonl", "--yes"], "no/such"),
        (["activate", "--wish", "2 US LOCAL", "--output", "x.json", "--dry-run"], "x.json"),
        (["activate", "--from", "missing.csv", "--dry-run"], "missing.csv"),
        (["activate", "--plan", "missing.json", "--dry-run"], "missing.json"),
        (["activate", "--wish", "2 USA LOCAL", "--dry-run"], "USA"),
        (["activate", "13", "--dry-run"], "13"),
        (["activate", "--wish", "2 US LOCAL", "--max-setup", "cheap", "--dry-run"], "--max-setup"),
        (["activate", "--wish", "2 US LOCAL", "--campaign-limit", "many", "--dry-run"], "many"),
        (["activate", "--wish", "2 US LOCAL", "--concurrency", "99", "--dry-run"], "99"),
        (["release", "--journal", "x.jsonl", "--yes"], "Which numbers?"),
        (["release", "+13075550142", "--region", "US", "--journal", "x.jsonl", "--yes"], "not both"),
        (["update", "--all", "--journal", "x.jsonl", "--yes"], "Change what?"),
        (["repair", "--limit", "CABC", "--dry-run"], "CAMPAIGN=50"),
        (["resume", "missing.jsonl"], "missing.jsonl"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_sent(
    arguments: list[str], word: str, sandbox: nt.Sandbox, tmp_path: Path
) -> None:
    done = run(*arguments, cwd=tmp_path, env=environment_of(sandbox))
    assert done.returncode == 2
    assert word in told(done)
    assert done.stdout == ""
    assert not sandbox.requests


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("x.csv", b"number\n+13075550142\n", "phone_number"),
        ("x.csv", b"", "can't be read"),
        ("x.csv", b"\xff\xfe\x00", "can't be read"),
        ("x.xlsx", b"no workbook", "can't be read"),
        ("x.parquet", b"no parquet", "can't be read"),
        ("x.txt", b"+13075550142", "no format"),
    ],
)
def test_file_that_holds_no_numbers_is_told_before_anything_is_sent(
    name: str, content: bytes, word: str, sandbox: nt.Sandbox, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    done = run("activate", "--from", name, "--dry-run", cwd=tmp_path, env=environment_of(sandbox))
    assert done.returncode == 2
    assert word in told(done)
    assert not sandbox.requests


@pytest.mark.parametrize("command", ["activate", "release", "update", "repair", "resume"])
def test_help_explains_exit_codes_and_gives_examples(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert f"    numbers-toolkit {command} " in done.stdout
    assert "Exit codes: 0" in done.stdout


# -- buying -----------------------------------------------------------------------------------------------------


def test_dry_run_sends_nothing_that_costs_and_writes_no_journal(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    journal = tmp_path / "run.jsonl"
    done = run(
        "activate", "--wish", "3 US LOCAL", "--dry-run", "--journal", str(journal), env=environment_of(sandbox)
    )  # fmt: skip

    assert done.returncode == 0
    assert "Dry run: 3 not tried of 3 planned; spent nothing." in told(done)
    assert table(done)["reason"].to_list() == ["Would be bought by :rent."] * 3
    assert {one.method for one in sandbox.requests if one.operation != "token"} == {"GET"}
    assert not journal.exists()


def test_yes_buys_and_says_what_was_spent_and_where_it_stands(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    first, second = offers(sandbox, 2)
    journal = tmp_path / "run.jsonl"
    done = run("activate", first, second, "--journal", str(journal), "--yes", env=environment_of(sandbox))

    assert done.returncode == 0
    assert "Buy 2 numbers for 2.40 USD now and 1.20 USD a month? Yes (--yes)." in told(done)
    assert "2 activated of 2 planned; spent 2.40 USD." in done.stderr
    assert f"Journal: {journal}" in done.stderr
    assert "resume" not in done.stderr
    assert table(done)["outcome"].to_list() == ["activated", "activated"]
    assert changing(sandbox) == ["rent", "rent"]
    assert sorted(one.phone_number for one in sandbox.ledger) == sorted([first, second])


def test_file_written_by_search_is_bought_from(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    for ending in ("csv", "xlsx", "parquet"):
        found, result = tmp_path / f"offers.{ending}", tmp_path / f"result.{ending}"
        run(
            "search", "--region", "US", "--type", "LOCAL", "--size", "2", "--output", str(found),
            env=environment_of(sandbox),
        )  # fmt: skip
        done = run(
            "activate", "--from", str(found), "--journal", str(tmp_path / f"{ending}.jsonl"), "--yes",
            "--output", str(result), env=environment_of(sandbox),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert done.stdout == ""
        assert str(result) in done.stderr
    bought = nt.read_parquet(tmp_path / "result.parquet")

    assert len(changing(sandbox)) == 6
    assert bought["outcome"].to_list() == ["activated"] * 2
    assert nt.read_csv(tmp_path / "result.csv")["phone_number"].str.startswith("+").all()


def test_question_names_the_sum_and_no_is_the_answer_that_counts(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    asked = "Buy 2 numbers for 2.40 USD now and 1.20 USD a month? [y/N]"
    command = ["activate", "--wish", "2 US LOCAL", "--no-progress", "--journal"]
    no, refused = on_terminal(
        *command, str(tmp_path / "no.jsonl"), answers=((asked, ""),), env=environment_of(sandbox)
    )
    sent = changing(sandbox)
    yes, bought = on_terminal(
        *command, str(tmp_path / "yes.jsonl"), answers=((asked, "y"),), env=environment_of(sandbox)
    )

    assert (no, sent) == (1, [])
    assert "Nothing was bought." in refused
    assert not (tmp_path / "no.jsonl").exists()
    assert yes == 0
    assert "2 activated of 2 planned" in bought
    assert changing(sandbox) == ["rent", "rent"]


def test_interrupt_at_the_question_buys_nothing(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    code, shown = on_terminal(
        "activate", "--wish", "2 US LOCAL", "--journal", str(tmp_path / "run.jsonl"),
        answers=(("[y/N]", INTERRUPT),), env=environment_of(sandbox),
    )  # fmt: skip
    assert code == 130
    assert "Interrupted; nothing was bought." in shown
    assert not changing(sandbox)


def test_plan_that_was_carried_out_is_not_carried_out_again(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    plan, journal = str(tmp_path / "plan.json"), str(tmp_path / "run.jsonl")
    env = environment_of(sandbox)
    planned = run("activate", "--wish", "2 US LOCAL", "--dry-run", "--save-plan", plan, env=env)
    first = run("activate", "--plan", plan, "--journal", journal, "--yes", env=env)
    bought = changing(sandbox)
    second = run("activate", "--plan", plan, "--journal", journal, "--yes", env=env)
    elsewhere = run("activate", "--plan", plan, "--journal", str(tmp_path / "new.jsonl"), "--yes", env=env)

    assert (planned.returncode, first.returncode) == (0, 0)
    assert bought == ["rent", "rent"]
    assert second.returncode == 0
    assert "was carried out before" in told(second)
    assert table(second)["outcome"].to_list() == ["activated", "activated"]
    assert elsewhere.returncode == 1
    assert f"numbers-toolkit resume {journal}" in told(elsewhere)
    assert changing(sandbox) == bought


def test_journal_of_another_run_is_refused_before_anything_is_sent(
    sandbox: nt.Sandbox, tmp_path: Path
) -> None:
    journal, env = str(tmp_path / "run.jsonl"), environment_of(sandbox)
    run("activate", "--wish", "1 US LOCAL", "--journal", journal, "--yes", env=env)
    before = len(sandbox.requests)
    done = run("activate", "--wish", "1 US LOCAL", "--journal", journal, "--yes", env=env)

    assert done.returncode == 1
    assert f"numbers-toolkit resume {journal}" in told(done)
    assert len(sandbox.requests) == before


def test_file_that_is_no_journal_is_left_alone(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    mine = tmp_path / "notes.txt"
    mine.write_text("my notes\n", encoding="utf-8")
    done = run(
        "activate", "--wish", "1 US LOCAL", "--journal", str(mine), "--yes", env=environment_of(sandbox)
    )
    assert done.returncode == 1
    assert "no journal" in told(done)
    assert mine.read_text(encoding="utf-8") == "my notes\n"
    assert not sandbox.requests


def test_plan_is_carried_out_by_the_command_that_made_it(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    plan, env = str(tmp_path / "plan.json"), environment_of(sandbox)
    run("activate", "--wish", "1 US LOCAL", "--dry-run", "--save-plan", plan, env=env)
    other = run("release", "--plan", plan, "--dry-run", env=env)
    more = run("activate", "--plan", plan, "--wish", "1 US LOCAL", "--route", "rent", "--dry-run", env=env)

    assert (other.returncode, more.returncode) == (2, 2)
    assert f"numbers-toolkit activate --plan {plan}" in told(other)
    assert "--wish, --route" in told(more)


def test_edited_plan_is_refused(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    plan, env = tmp_path / "plan.json", environment_of(sandbox)
    run("activate", "--wish", "1 US LOCAL", "--dry-run", "--save-plan", str(plan), env=env)
    plan.write_text(plan.read_text(encoding="utf-8").replace('"0.60"', '"0.10"'), encoding="utf-8")
    done = run("activate", "--plan", str(plan), "--journal", str(tmp_path / "run.jsonl"), "--yes", env=env)

    assert done.returncode == 1
    assert "changed after it was saved" in told(done)
    assert not changing(sandbox)


@pytest.mark.parametrize(
    ("budget", "word"),
    [
        (["--max-monthly", "1.00 USD"], "--max-monthly is 1.00 USD"),
        (["--max-setup", "9 SEK"], "Currencies are not converted"),
        (["--max-price", "0.10 USD"], "--max-price"),
    ],
)
def test_budget_that_is_exceeded_buys_nothing(
    budget: list[str], word: str, sandbox: nt.Sandbox, tmp_path: Path
) -> None:
    done = run(
        "activate", "--wish", "2 US LOCAL", *budget, "--journal", str(tmp_path / "run.jsonl"), "--yes",
        env=environment_of(sandbox),
    )  # fmt: skip
    assert done.returncode == 1
    assert word in told(done)
    assert not changing(sandbox)
    assert not (tmp_path / "run.jsonl").exists()


def test_budgets_of_several_currencies_are_kept_in_one_plan(quick: nt.Sandbox, tmp_path: Path) -> None:
    done = run(
        "activate", "--wish", "1 US LOCAL", "--wish", "1 SE MOBILE", "--max-monthly", "5 USD",
        "--max-monthly", "50 SEK", "--journal", str(tmp_path / "run.jsonl"), "--yes", env=environment_of(quick),
    )  # fmt: skip
    assert done.returncode == 0
    assert table(done)["action"].to_list() == ["rent", "order"]
    assert "spent" in told(done)
    assert changing(quick) == ["rent", "create_order", "submit_order"]


def test_trial_account_is_told_once_and_nothing_is_spent(tmp_path: Path) -> None:
    with nt.Sandbox(active=2, available=300, clock="manual", trial_account=True) as sandbox:
        done = run(
            "activate", "--wish", "20 US LOCAL", "--journal", str(tmp_path / "run.jsonl"), "--yes",
            "--concurrency", "1", env=environment_of(sandbox),
        )  # fmt: skip
        assert changing(sandbox) == ["rent"]
        assert not sandbox.ledger
    assert done.returncode == 1
    assert "Trial account" in told(done)
    assert "1 refused, 19 not tried of 20 planned; spent nothing." in done.stderr


def test_set_up_is_waited_for_and_a_failure_counts(tmp_path: Path) -> None:
    settings = {"available": 300, "waiting_seconds": 0, "running_seconds": 0}
    with nt.Sandbox(active=2, **settings) as sandbox:
        sandbox.add_service_plan(PLAN)
        sandbox.add_campaign("CGOOD01")
        sandbox.add_campaign("CGONE01", error_code="CAMPAIGN_NOT_AVAILABLE")
        command = ["activate", "--wish", "1 US LOCAL", "--service-plan", PLAN, "--wait", "--yes"]
        env = environment_of(sandbox)
        good = run(*command, "--campaign", "CGOOD01", "--journal", str(tmp_path / "good.jsonl"), env=env)
        bad = run(*command, "--campaign", "CGONE01", "--journal", str(tmp_path / "bad.jsonl"), env=env)

    assert good.returncode == 0
    assert "1 of 1 number set up." in told(good)
    assert bad.returncode == 1
    assert "CAMPAIGN_NOT_AVAILABLE" in told(bad)
    assert "0 of 1 number set up." in bad.stderr
    assert table(bad)["outcome"].to_list() == ["activated"]


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
    journal, env, running, ended = (
        str(tmp_path / "run.jsonl"),
        environment_of(sandbox),
        Running(),
        threading.Event(),
    )

    def interrupt_and_hold() -> None:
        running.send(signal.SIGINT)
        ended.wait(60)

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

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    command = ["activate", "--plan", str(plan), "--journal", str(journal), "--concurrency", "1", "--yes"]
    stopped = run(*command, env=env, preexec_fn=limit)
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


# -- releasing --------------------------------------------------------------------------------------------------


def test_release_shows_when_it_ends_and_what_is_saved(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    with Caller(sandbox) as caller:
        chosen = [one for one in caller.numbers(regionCode="US", type="LOCAL") if not one["expireAt"]][:2]
    numbers = [one["phoneNumber"] for one in chosen]
    done = run(
        "release", *numbers, "--journal", str(tmp_path / "run.jsonl"), "--yes", env=environment_of(sandbox)
    )

    assert done.returncode == 0
    assert chosen[0]["nextChargeDate"][:10] in told(done)
    assert "which saves 1.20 USD a month and can't be taken back? Yes (--yes)." in done.stderr
    assert "2 released of 2 planned; saves 1.20 USD a month." in done.stderr
    assert changing(sandbox) == ["release", "release"]
    assert table(done)["ends_at"].notna().all()


def test_release_of_everything_asks_twice(tmp_path: Path) -> None:
    with nt.Sandbox(active=0, available=10, clock="manual") as sandbox:
        plain(sandbox, "+13075550142")
        env = environment_of(sandbox, NUMBERS_TOOLKIT_STATE=str(tmp_path))
        command = ["release", "--all", "--no-progress", "--journal", str(tmp_path / "run.jsonl")]
        alone = run(*command, "--yes", env=env)
        wrong = on_terminal(*command, answers=(("[y/N]", "y"), ("Type 1 to go on", "y")), env=env)
        before = changing(sandbox)
        right = on_terminal(*command, answers=(("[y/N]", "y"), ("Type 1 to go on", "1")), env=env)

        assert alone.returncode == 2
        assert "--everything" in told(alone)
        assert wrong[0] == 1
        assert "Nothing was released." in wrong[1]
        assert before == []
        assert right[0] == 0
        assert changing(sandbox) == ["release"]


def test_release_of_everything_without_a_terminal_needs_a_second_word(tmp_path: Path) -> None:
    with nt.Sandbox(active=3, available=10, clock="manual") as sandbox:
        done = run(
            "release", "--all", "--yes", "--everything", "--journal", str(tmp_path / "run.jsonl"),
            env=environment_of(sandbox),
        )  # fmt: skip
        assert done.returncode == 0
        assert set(changing(sandbox)) == {"release"}


def test_number_that_is_not_active_stops_the_release(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    done = run(
        "release",
        "+13075550142",
        "--journal",
        str(tmp_path / "run.jsonl"),
        "--yes",
        env=environment_of(sandbox),
    )
    assert done.returncode == 1
    assert "+13075550142 is not an active number" in told(done)
    assert not changing(sandbox)


# -- updating and repairing -------------------------------------------------------------------------------------


def test_names_are_filled_in_by_template(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    done = run(
        "update", "--region", "SE", "--display-name", "Stockholm {row:02d}",
        "--journal", str(tmp_path / "run.jsonl"), "--yes", env=environment_of(sandbox),
    )  # fmt: skip
    with Caller(sandbox) as caller:
        names = [one["displayName"] for one in caller.numbers(regionCode="SE") if not one["expireAt"]]

    assert done.returncode == 0, done.stderr
    assert set(changing(sandbox)) == {"update_active"}
    assert "Stockholm 01" in names
    assert all(one.startswith("Stockholm ") for one in names)


def test_names_can_stand_in_the_file_of_the_numbers(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    with Caller(sandbox) as caller:
        first, second = [one["phoneNumber"] for one in caller.numbers() if not one["expireAt"]][:2]
        desks = tmp_path / "desks.csv"
        desks.write_text(f"phone_number,desk\n{second},Front\n{first},Back\n", encoding="utf-8")
        done = run(
            "update", "--from", str(desks), "--display-name", "{desk} desk",
            "--journal", str(tmp_path / "run.jsonl"), "--yes", env=environment_of(sandbox),
        )  # fmt: skip
        names = [caller.number(one)["displayName"] for one in (first, second)]

    assert done.returncode == 0, done.stderr
    assert names == ["Back desk", "Front desk"]


def test_results_of_a_run_name_the_numbers_of_the_next_command(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    bought, env = str(tmp_path / "bought.csv"), environment_of(sandbox)
    run(
        "activate", "--wish", "2 US LOCAL", "--journal", str(tmp_path / "a.jsonl"), "--yes", "--output", bought,
        env=env,
    )  # fmt: skip
    done = run(
        "update", "--from", bought, "--display-name", "New", "--journal", str(tmp_path / "b.jsonl"), "--yes", env=env
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert changing(sandbox) == ["rent"] * 2 + ["update_active"] * 2


def test_unknown_field_of_a_template_changes_nothing(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    done = run(
        "update", "--region", "SE", "--display-name", "{desk}", "--journal", str(tmp_path / "run.jsonl"), "--yes",
        env=environment_of(sandbox),
    )  # fmt: skip
    assert done.returncode == 2
    assert "'desk'" in told(done)
    assert not changing(sandbox)


def test_new_plan_leaves_the_old_one_first_unless_told_not_to(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    old, new = [one.target_id for one in sandbox.service_plans if not one.error_code][:2]
    linked = {"servicePlanId": old, "scheduledProvisioning": None, "campaignId": ""}
    plain(sandbox, "+13075550142", "+13075550143", smsConfiguration=linked)
    env = environment_of(sandbox)
    alone = run(
        "update", "+13075550142", "--service-plan", new, "--no-unlink",
        "--journal", str(tmp_path / "a.jsonl"), "--yes", env=env,
    )  # fmt: skip
    assert alone.returncode == 0, alone.stderr
    assert changing(sandbox) == ["update_active"]
    dry = run("update", "+13075550143", "--service-plan", new, "--dry-run", env=env)
    assert "first" in plan_rows(dry)[0]
    assert "first" not in plan_rows(alone)[0]


def test_repair_shows_advice_and_sends_only_what_is_safe(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    env = environment_of(sandbox)
    dry = run("repair", "--dry-run", env=env)
    untouched = changing(sandbox)
    done = run("repair", "--journal", str(tmp_path / "run.jsonl"), "--yes", env=env)

    assert dry.returncode == 0
    assert "Only a person can take these steps:" in told(dry)
    assert untouched == []
    assert done.returncode == 0, done.stderr
    assert set(changing(sandbox)) == {"update_active"}
    assert len(changing(sandbox)) >= len(table(done)) > 0
    assert set(table(done)["outcome"]) == {"changed"}


def test_nothing_to_repair_is_no_failure(tmp_path: Path) -> None:
    with nt.Sandbox(active=0, available=10, clock="manual") as sandbox:
        plain(sandbox, "+13075550142")
        done = run("repair", "--journal", str(tmp_path / "run.jsonl"), "--yes", env=environment_of(sandbox))
        assert not changing(sandbox)
    assert done.returncode == 0
    assert "nothing that can be carried out" in told(done)


def test_secret_stands_in_nothing_that_is_written(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    plan, journal = tmp_path / "plan.json", tmp_path / "run.jsonl"
    done = run(
        "activate", "--wish", "1 US LOCAL", "--save-plan", str(plan), "--journal", str(journal), "--yes",
        env=environment_of(sandbox),
    )  # fmt: skip
    written = told(done) + plan.read_text(encoding="utf-8") + journal.read_text(encoding="utf-8")
    assert sandbox.key_secret not in written
    assert os.stat(journal).st_mode & 0o077 == 0  # noqa: PTH116
