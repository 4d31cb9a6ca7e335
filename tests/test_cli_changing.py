"""Releasing, updating and repairing from the command line: real processes, and what they really sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import numbers_toolkit as nt
from command_line import (
    changing,
    environment_of,
    on_terminal,
    plain,
    plan_rows,
    run,
    table,
    told,
)
from sandbox_helpers import Caller

if TYPE_CHECKING:
    from pathlib import Path


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


def test_the_numbers_can_come_from_another_command(sandbox: nt.Sandbox, tmp_path: Path) -> None:
    env = environment_of(sandbox)
    with Caller(sandbox) as caller:
        first, second = [one["phoneNumber"] for one in caller.numbers() if not one["expireAt"]][:2]
    done = run(
        "update", "--from", "-", "--display-name", "Piped", "--journal", str(tmp_path / "a.jsonl"), "--yes",
        env=env, given=f"\ufeffphone_number\n{second}\n{first}\n",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert changing(sandbox) == ["update_active"] * 2


@pytest.mark.parametrize(
    ("given", "said"), [("", "Standard input can't be read"), ("number\n1\n", "no column")]
)
def test_a_pipe_that_names_no_numbers_changes_nothing(sandbox: nt.Sandbox, given: str, said: str) -> None:
    done = run(
        "update", "--from", "-", "--display-name", "x", "--dry-run", env=environment_of(sandbox), given=given
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert changing(sandbox) == []


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
