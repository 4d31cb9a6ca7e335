"""Runs that were begun before are found: of the same plan, of the same wish, of the same numbers."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

import numbers_toolkit as nt
from numbers_toolkit.activation import claims, past_runs
from numbers_toolkit.activation.items import PlannedUpdate, Wish
from numbers_toolkit.activation.journal import is_locked, locked
from numbers_toolkit.activation.past_runs import journal_name, read_run, run_of, runs_of_project, starting
from numbers_toolkit.activation.result import NumberResult, Result
from numbers_toolkit.errors import JournalError, JournalLockedError, PlanAlreadyStartedError
from plans import change_plan, plan_of, planned

US = Wish(count=2, region_code="US", number_type="LOCAL")


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "activations"
    made.mkdir()
    return made


def carried_out(client, folder, what="2 US LOCAL", **given):
    plan = nt.plan_activation(client, what)
    return nt.activate(plan, journal=folder / journal_name(plan), progress=False, **given)


def stopped(client, folder, what="2 US LOCAL"):
    cancel = threading.Event()
    cancel.set()
    return carried_out(client, folder, what, cancel=cancel)


def of_project(client, folder):
    return runs_of_project(folder, client.project_id)


def test_a_finished_run_is_found_again(client, folder):
    result = carried_out(client, folder)
    run = run_of(result.plan)
    assert run.result == nt.read_result(result.journal)
    assert run.journal == result.journal
    assert run.started_at.startswith("2026-03-02T09:00")
    assert not run.open
    assert not run.running
    assert run.counts_for_its_wish


def test_a_stopped_run_is_open(client, folder):
    run = run_of(stopped(client, folder).plan)
    assert run.open
    assert run.result.counts == {"not tried": 2}


def test_a_plan_that_was_never_started_has_no_run(folder):
    assert run_of(plan_of(), folder) is None
    assert run_of(plan_of()) is None


def test_a_journal_that_the_register_does_not_know_is_found_in_the_folder(
    client, folder, tmp_path, monkeypatch
):
    result = carried_out(client, folder)
    monkeypatch.setenv(claims.FOLDER_VARIABLE, str(tmp_path / "another machine"))
    assert run_of(result.plan) is None
    assert run_of(result.plan, folder).result.counts == {"activated": 2}


def test_a_journal_that_is_gone_is_no_reason_to_start_again(client, folder):
    result = carried_out(client, folder)
    result.journal.unlink()
    with pytest.raises(PlanAlreadyStartedError, match="journal is gone"):
        run_of(result.plan, folder)


def test_a_damaged_journal_is_no_reason_to_start_again(client, folder):
    result = carried_out(client, folder)
    result.journal.write_bytes(result.journal.read_bytes().replace(b"activated", b"refused!!"))
    with pytest.raises(JournalError, match="does not fit"):
        run_of(result.plan, folder)


def test_what_a_crash_left_of_a_first_line_is_no_run(folder):
    plan = plan_of()
    (folder / journal_name(plan)).write_bytes(b'{"what": "plan", "at": "2026')
    assert run_of(plan, folder) is None


def test_a_run_that_goes_on_elsewhere_is_running(client, folder):
    result = stopped(client, folder)
    code = (
        "import sys, pathlib\n"
        "from numbers_toolkit.activation.journal import locked\n"
        "with locked(pathlib.Path(sys.argv[1])):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, str(result.journal)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline().strip() == b"held"
        assert read_run(result.journal).running
        other.stdin.close()
        other.wait(30)
    assert not read_run(result.journal).running


def test_a_lock_is_seen_in_the_same_process_too(tmp_path):
    path = tmp_path / "run.jsonl"
    assert not is_locked(path)
    with locked(path):
        assert is_locked(path)
    assert not is_locked(path)
    with locked(path):
        pass


def test_runs_of_a_project_are_listed_the_last_one_first(client, sandbox, folder):
    first = carried_out(client, folder)
    sandbox.advance(3600)
    client.list_available_regions()
    second = carried_out(client, folder, "1 SE MOBILE", wait_for_orders=0)
    found = of_project(client, folder)
    assert [one.plan.plan_id for one in found.runs] == [second.plan.plan_id, first.plan.plan_id]
    assert found.unreadable == ()


def test_other_projects_and_other_files_are_left_out(client, folder):
    carried_out(client, folder)
    (folder / "notes.jsonl").write_text("hello\n")
    (folder / "picture.jsonl").write_bytes(b"\x00\xff")
    (folder / "folder.jsonl").mkdir()
    assert len(of_project(client, folder).runs) == 1
    assert runs_of_project(folder, "another").runs == ()
    assert runs_of_project(folder / "none", client.project_id).runs == ()


def test_a_damaged_journal_is_told_beside_the_others(client, folder):
    kept = carried_out(client, folder)
    broken = carried_out(client, folder)
    broken.journal.write_bytes(broken.journal.read_bytes().replace(b"activated", b"refused!!"))
    found = of_project(client, folder)
    assert [one.journal for one in found.runs] == [kept.journal]
    assert broken.journal.name in found.unreadable[0]


def test_the_same_wish_is_recognised_whatever_the_numbers_must_be_able_to_do(client, folder):
    run = read_run(carried_out(client, folder, "2 US LOCAL SMS").journal)
    other = Wish(count=3, region_code="US", number_type="LOCAL")
    assert run.wishes_like([other, US]) == (US,)
    assert run.wishes_like([Wish(count=2, region_code="US", number_type="LOCAL", pattern="307")]) == ()


def test_the_same_numbers_are_recognised(client, folder):
    offers = nt.available_numbers(client, "US", "LOCAL", size=2)
    run = read_run(carried_out(client, folder, offers).journal)
    assert run.numbers_among([*offers.phone_number, "+13075550100"]) == tuple(offers.phone_number)
    assert run.wishes_like([US]) == ()


def test_a_run_that_bought_nothing_and_never_will_does_not_count(client, sandbox, folder):
    offers = nt.available_numbers(client, "US", "LOCAL", size=1)
    plan = nt.plan_activation(client, offers)
    sandbox.remove_available(offers.phone_number[0])
    run = read_run(nt.activate(plan, journal=folder / journal_name(plan), progress=False).journal)
    assert run.result.counts == {"taken": 1}
    assert not run.counts_for_its_wish


def test_only_one_at_a_time_starts_a_run_in_a_folder(folder, monkeypatch):
    monkeypatch.setattr(past_runs, "_PATIENCE", 0)
    with starting(folder), pytest.raises(JournalLockedError, match="Nothing was sent"), starting(folder):
        raise AssertionError("two at a time")
    with starting(folder):
        pass


def test_in_a_place_that_is_no_folder_nothing_is_started(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="can't be written to"), starting(tmp_path / "file"):
        raise AssertionError("without a folder")


def test_a_file_name_holds_nothing_of_the_plan_that_is_no_date():
    assert journal_name(plan_of(planned())) == "2026-03-02-activation-a1b2c3d4e5f60718.jsonl"
    assert journal_name(plan_of(made_at="../../etc")) == "activation-a1b2c3d4e5f60718.jsonl"
    assert journal_name(change_plan(purpose="repair")).startswith("2026-03-02-repair-")


def test_changes_fulfil_no_wish(tmp_path):
    item = PlannedUpdate(phone_number="+13075550142", changes={"display_name": "Desk"})
    result = Result(change_plan(item), tmp_path / "r.jsonl", (NumberResult(item, "updated"),))
    run = past_runs.PastRun(tmp_path / "r.jsonl", result, "2026-03-02T09:00:00Z", False, False)
    assert run.wishes_like([US]) == ()
