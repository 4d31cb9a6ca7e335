"""Buying from the command line: real processes, and what they really sent."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

import numbers_toolkit as nt
from command_line import (
    INTERRUPT,
    changing,
    environment_of,
    offers,
    on_terminal,
    run,
    table,
    told,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


PLAN = "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57"


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
        (["activate", "--wish", "2 US LOCAL", "--output", "folder.csv", "--dry-run"], "is a folder"),
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
    (tmp_path / "folder.csv").mkdir()
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
    assert "Dry run: " in told(done)
    assert "spent nothing." in done.stderr
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


def test_journal_is_not_overwritten_by_a_plan(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    journal, env = tmp_path / "run.jsonl", environment_of(sandbox)
    run("activate", "--wish", "1 US LOCAL", "--journal", str(journal), "--yes", env=env)
    before = journal.read_bytes()
    done = run("activate", "--wish", "1 US LOCAL", "--dry-run", "--save-plan", str(journal), env=env)

    assert done.returncode == 2
    assert "is the journal of a run" in told(done)
    assert journal.read_bytes() == before


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")  # noqa: PTH110
def test_what_was_spent_is_said_also_where_the_table_can_not_be_written(
    sandbox: nt.Sandbox, tmp_path: Path
) -> None:
    command = ["activate", "--wish", "1 US LOCAL", "--journal", str(tmp_path / "run.jsonl"), "--yes"]
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = run(*command, env=environment_of(sandbox), output=full)

    assert done.returncode == 1
    assert "1 activated of 1 planned; spent 1.20 USD." in done.stderr
    assert f"Journal: {tmp_path / 'run.jsonl'}" in done.stderr
    assert "can't be written" in done.stderr


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
    assert sorted(changing(quick)) == ["create_order", "rent", "submit_order"]


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


def test_secret_stands_in_nothing_that_is_written(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    plan, journal = tmp_path / "plan.json", tmp_path / "run.jsonl"
    done = run(
        "activate", "--wish", "1 US LOCAL", "--save-plan", str(plan), "--journal", str(journal), "--yes",
        env=environment_of(sandbox),
    )  # fmt: skip
    written = told(done) + plan.read_text(encoding="utf-8") + journal.read_text(encoding="utf-8")
    assert sandbox.key_secret not in written
    assert os.stat(journal).st_mode & 0o077 == 0  # noqa: PTH116
