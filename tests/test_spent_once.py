"""Money is spent exactly once: a small sample of `tests/harness/run.py`, and proof that the harness can fail."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import numbers_toolkit as nt
from harness.driving import Run
from harness.evidence import Evidence
from harness.run import one_run
from harness.scenes import DISTURBANCES, Disturbance, drawn, scene
from harness.verifying import judge, snapshot

COMMAND = Path(__file__).parent / "harness" / "run.py"
CRASHES = DISTURBANCES["crashes"]


def run_of(folder, disturbance, sabotage="", *, seed=1, numbers=8, **changes):
    """Carry out a run and return what is wrong with it."""
    played = replace(scene(seed, disturbance, numbers), concurrency=4, wait_for_orders=120.0, **changes)
    with Run(played, disturbance, folder, sabotage) as run:
        run.make_plan()
        run.carry_through()
        return judge(run, None)


# -- the sample -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_killed_runs_and_lost_answers_end_as_if_nothing_had_happened(seed, tmp_path):
    """One seed for each way to buy."""
    outcome = one_run("crashes", seed, 30, tmp_path)
    assert not outcome.troubles
    assert outcome.counts["active"] == 30
    assert outcome.counts["kills"]
    assert outcome.counts["lost"]


@pytest.mark.parametrize("seed", [1, 2])
def test_numbers_that_others_buy_are_replaced_within_the_budget(seed, tmp_path):
    outcome = one_run("taken", seed, 30, tmp_path)
    assert not outcome.troubles
    assert outcome.counts["active"] == 30
    assert outcome.counts["taken"]


def test_a_run_through_storms_of_refusals_loses_and_doubles_nothing(tmp_path):
    outcome = one_run("storms", 2, 30, tmp_path)
    assert not outcome.troubles
    assert outcome.counts["active"] == 30
    assert outcome.counts["refused"] > 30


def test_the_command_prints_a_table_and_says_that_all_is_well():
    done = subprocess.run(
        [sys.executable, str(COMMAND), "--only", "crashes", "--runs", "1", "--numbers", "6"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "paid twice" in done.stdout
    assert done.stdout.strip().endswith("Money was spent exactly once.")


# -- the harness can fail ---------------------------------------------------------------------------------------


def test_the_command_fails_and_names_the_seed_when_something_is_wrong(tmp_path):
    given = ["--only", "crashes", "--seed", "1", "--numbers", "6", "--sabotage", "announce late"]
    done = subprocess.run(
        [sys.executable, str(COMMAND), *given, "--keep", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert "--only crashes --seed 1): bought and not in the journal: +" in done.stderr
    assert (tmp_path / "crashes-1" / "run" / "journal.jsonl").exists()


def test_an_announcement_that_is_written_after_the_request_is_found(tmp_path):
    assert run_of(tmp_path, Disturbance(), "announce late").unannounced


def test_a_lost_answer_that_is_taken_for_a_refusal_is_found(tmp_path):
    assert run_of(tmp_path, Disturbance(lose=0.5), "send again").again


def test_a_run_that_forgets_what_it_announced_is_found(tmp_path):
    verdict = run_of(tmp_path, Disturbance(kill=0.3), "forget", seed=4)
    assert verdict.unannounced
    assert verdict.other_end


def test_numbers_that_are_replaced_although_they_may_be_bought_are_found(tmp_path):
    verdict = run_of(
        tmp_path, Disturbance(lose=0.5), "replace too much", chosen=False, exact_budget=True, recovery="known"
    )
    assert verdict.over_budget
    assert verdict.other_end


def test_a_plan_that_can_be_started_twice_is_found(tmp_path):
    verdict = run_of(tmp_path, Disturbance(), "start twice")
    assert any("could be started again" in line for line in verdict.other_end)


def test_two_processes_with_one_journal_are_found(tmp_path):
    side_by_side = Disturbance(kill=0.1, twin=1.0, twins=("resume",))
    assert not run_of(tmp_path, side_by_side, "work side by side", numbers=20).good


def test_a_journal_that_is_not_flushed_is_found(tmp_path):
    assert run_of(tmp_path, Disturbance(kill=0.2, tear=1.0), "flush never", seed=4, numbers=20).unannounced


def test_a_number_that_is_charged_twice_is_found(tmp_path):
    played = replace(scene(4, Disturbance(), 5), exact_budget=True)
    with Run(played, Disturbance(), tmp_path) as run:
        run.make_plan()
        run.carry_through()
        calm = snapshot(run)
        number = run.plan.numbers[0].phone_number
        account = run.sandbox._account
        account.charge(number, Decimal("0.60"), Decimal("0.60"), "USD", account.clock.now())
        verdict = judge(run, calm)
    assert verdict.twice == {number}
    assert verdict.over_budget
    assert verdict.other_end


def test_a_number_that_is_missing_at_the_end_is_found(tmp_path):
    with Run(scene(4, Disturbance(), 5), Disturbance(), tmp_path) as run:
        run.make_plan()
        run.carry_through()
        calm = snapshot(run)
        run.sandbox.remove_active(run.plan.numbers[0].phone_number)
        verdict = judge(run, calm)
    assert any("1 missing" in line for line in verdict.other_end)


def test_a_process_that_died_while_it_began_the_journal_is_started_again(tmp_path):
    with Run(scene(4, Disturbance(), 3), Disturbance(), tmp_path) as run:
        run.make_plan()
        run.evidence.tear_first(drawn("first"))
        run.carry_through()
        verdict = judge(run, None)
    assert verdict.good
    assert run.tally.starts == 1


def test_half_a_line_and_noise_are_what_a_failure_leaves(tmp_path):
    """Whatever is torn, the journal's reader sets it aside and the whole lines stay."""
    with Run(scene(4, Disturbance(), 3), Disturbance(), tmp_path) as run:
        run.make_plan()
        run.carry_through()
    whole = run.journal.read_bytes()
    for place in range(40):
        run.journal.write_bytes(whole)
        Evidence(run.journal).tear(drawn("tear", place))
        assert run.journal.read_bytes().startswith(whole)
        assert len(run.journal.read_bytes()) > len(whole)
        assert nt.read_result(run.journal).counts == {"activated": 3}
