"""The register of started plans: one plan, one journal, on this machine."""

from __future__ import annotations

import threading

import pytest

from numbers_toolkit import errors
from numbers_toolkit.activation import claims


def test_a_plan_is_claimed_for_one_journal(tmp_path):
    claims.claim("a1b2", tmp_path / "one.jsonl")
    claims.claim("a1b2", tmp_path / "one.jsonl")
    (tmp_path / "one.jsonl").write_text("{}\n")
    assert claims.claimed_by("a1b2").path == tmp_path / "one.jsonl"
    with pytest.raises(errors.PlanAlreadyStartedError, match=r"one\.jsonl.*buy twice"):
        claims.claim("a1b2", tmp_path / "two.jsonl")


def test_a_plan_that_was_never_started_is_free():
    assert claims.claimed_by("a1b2") is None


def test_the_message_names_the_way_on_or_says_that_the_journal_is_gone(tmp_path):
    (tmp_path / "one.jsonl").write_text("{}\n")
    assert "resume_activation" in str(claims.already_started("a1b2", tmp_path / "one.jsonl"))
    assert "journal is gone" in str(claims.already_started("a1b2", tmp_path / "other.jsonl"))


def test_of_many_threads_one_gets_the_plan(tmp_path):
    won = []

    def go(name):
        try:
            (tmp_path / name).write_text("{}\n")
            claims.claim("a1b2", tmp_path / name)
            won.append(name)
        except errors.PlanAlreadyStartedError:
            pass

    threads = [threading.Thread(target=go, args=(f"{n}.jsonl",)) for n in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert won == [claims.claimed_by("a1b2").path.name]


def test_a_register_that_can_not_be_written_stops_before_spending(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv(claims.FOLDER_VARIABLE, str(tmp_path / "file"))
    with pytest.raises(errors.JournalError, match=r"NUMBERS_TOOLKIT_STATE.*Nothing was sent"):
        claims.claim("a1b2", tmp_path / "one.jsonl")


def test_the_register_stands_where_the_environment_says(tmp_path, monkeypatch):
    monkeypatch.setenv(claims.FOLDER_VARIABLE, str(tmp_path))
    claims.claim("a1b2", tmp_path / "one.jsonl")
    assert (tmp_path / "started-plans" / "a1b2").is_file()


def test_a_moved_journal_takes_its_claim_along_and_a_copy_does_not(tmp_path):
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    old.write_text("{}\n")
    claims.claim("a1b2", old)
    claims.note_progress("a1b2", old, "0123")
    with pytest.raises(errors.PlanAlreadyStartedError):
        claims.claim("a1b2", new)
    old.rename(new)
    assert claims.claim("a1b2", new).check == "0123"
    assert claims.claimed_by("a1b2").path == new


def test_a_damaged_register_stops_before_spending(tmp_path):
    claims.claim("a1b2", tmp_path / "one.jsonl")
    (claims.register_folder() / "a1b2").write_text("rubbish")
    with pytest.raises(errors.JournalError, match="Nothing was sent"):
        claims.claim("a1b2", tmp_path / "one.jsonl")
