"""The journal: readable, flushed before anything is sent, noticing every edit, surviving a torn last line."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numbers_toolkit import errors
from numbers_toolkit.activation import journal as journals
from numbers_toolkit.activation.history import DONE, UNKNOWN, History
from numbers_toolkit.activation.journal import Journal, locked, read_journal
from numbers_toolkit.activation.plain import checksum
from plans import plan_of, planned

NOW = "2026-03-02T09:00:00.000000Z"


def begun(path, plan=None):
    return Journal.create(path, plan or plan_of(), lambda: NOW)


def written(path):
    book = begun(path)
    book.write("run", host="here", process=1)
    book.write("intention", number="+13075550142", step="rent")
    book.write("outcome", number="+13075550142", step="rent", result="done", facts={"recurring": "0.60 USD"})
    book.write("ended", number="+13075550142", outcome="activated")
    book.write("finished")
    book.close()
    return path


def test_first_line_holds_the_plan(tmp_path):
    plan = plan_of(planned("+13075550142"), planned("+13075550143"))
    begun(tmp_path / "j.jsonl", plan).close()
    assert read_journal(tmp_path / "j.jsonl").plan == plan


def test_lines_are_read_as_written(tmp_path):
    content = read_journal(written(tmp_path / "j.jsonl"))
    assert [line["what"] for line in content.lines] == ["run", "intention", "outcome", "ended", "finished"]
    assert content.lines[1]["at"] == NOW


def test_each_line_is_readable_json(tmp_path):
    for line in written(tmp_path / "j.jsonl").read_text(encoding="utf-8").splitlines():
        assert json.loads(line)["what"] in journals.KNOWN_LINES


def test_a_line_is_flushed_before_writing_returns(tmp_path, monkeypatch):
    flushed = []
    monkeypatch.setattr(journals, "_flush", lambda descriptor: flushed.append(os.fstat(descriptor).st_size))
    book = begun(tmp_path / "j.jsonl")
    book.write("intention", number="+13075550142", step="rent")
    assert flushed[-1] == (tmp_path / "j.jsonl").stat().st_size
    assert len(flushed) == 2
    book.close()


def test_flushing_goes_down_to_the_disk(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(journals.os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_mode))
    begun(tmp_path / "j.jsonl").close()
    assert any(stat.S_ISREG(mode) for mode in synced)
    if os.name == "posix":
        assert any(stat.S_ISDIR(mode) for mode in synced)


def test_the_file_is_for_its_owner_alone(tmp_path):
    path = written(tmp_path / "j.jsonl")
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


@given(cut=st.integers(1, 400))
def test_a_half_written_last_line_is_set_aside(tmp_path_factory, cut):
    path = written(tmp_path_factory.mktemp("j") / "j.jsonl")
    whole = path.read_bytes()
    last = whole[:-1].rfind(b"\n") + 1
    path.write_bytes(whole[: min(last + cut, len(whole) - 1)])
    content = read_journal(path)
    assert [line["what"] for line in content.lines] == ["run", "intention", "outcome", "ended"]
    book = Journal.reopen(content, lambda: NOW)
    book.write("finished")
    book.close()
    again = read_journal(path)
    assert [line["what"] for line in again.lines][-2:] == ["set aside", "finished"]
    assert again.lines[-2]["text"].startswith("{")


def test_noise_after_a_power_failure_is_set_aside(tmp_path):
    path = written(tmp_path / "j.jsonl")
    path.write_bytes(path.read_bytes() + b"\0" * 64 + b"\n")
    assert [line["what"] for line in read_journal(path).lines][-1] == "finished"


def test_an_edited_line_is_noticed(tmp_path):
    path = written(tmp_path / "j.jsonl")
    path.write_text(path.read_text().replace('"activated"', '"not tried"'))
    with pytest.raises(
        errors.JournalError, match=r"line 5 of 6.*4 lines before it are sound.*Nothing was sent"
    ):
        read_journal(path)


def test_a_journal_cut_in_the_middle_is_noticed(tmp_path):
    path = written(tmp_path / "j.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2] + lines[3:]))
    with pytest.raises(errors.JournalError, match="cut or edited at line 3"):
        read_journal(path)


def test_an_edited_plan_is_noticed(tmp_path):
    path = written(tmp_path / "j.jsonl")
    path.write_text(path.read_text().replace('"0.60", "monthly"', '"0.06", "monthly"', 1))
    with pytest.raises(errors.JournalError, match="line 1"):
        read_journal(path)


@pytest.mark.parametrize("text", ["phone_number,region\n+1,US\n", "{}\n", "[]\n", '{"what": "run"}\n'])
def test_another_file_is_no_journal_and_is_left_as_it_is(tmp_path, text):
    path = tmp_path / "numbers.csv"
    path.write_text(text)
    with pytest.raises(errors.JournalError, match="no journal"):
        read_journal(path)
    assert path.read_text() == text


def test_an_empty_or_missing_file_is_no_journal(tmp_path):
    (tmp_path / "empty.jsonl").touch()
    with pytest.raises(errors.JournalError, match="no whole line"):
        read_journal(tmp_path / "empty.jsonl")
    with pytest.raises(errors.JournalError, match="can't be read"):
        read_journal(tmp_path / "missing.jsonl")


def test_what_a_crash_left_of_the_first_line_is_not_a_journal_that_was_begun(tmp_path):
    path, plan = tmp_path / "j.jsonl", plan_of()
    begun(path, plan).close()
    whole = path.read_bytes()
    assert journals.is_begun(path)
    for size in (0, 1, 20, 30, len(whole) - 1):
        path.write_bytes(whole[:size])
        assert not journals.is_begun(path)
        begun(path, plan).close()
        assert path.read_bytes() == whole


@pytest.mark.parametrize("text", ["+13075550142", '{"what": "run"', '{"what": "plan"}\n', "{}", "\n"])
def test_another_file_without_a_line_end_counts_as_begun_and_is_never_written_over(tmp_path, text):
    path = tmp_path / "notes.txt"
    path.write_text(text)
    assert journals.is_begun(path)
    assert not journals.is_begun(tmp_path / "missing.jsonl")


def test_a_newer_format_is_refused(tmp_path):
    path = tmp_path / "j.jsonl"
    begun(path).close()
    path.write_text(path.read_text().replace('"format": 1', '"format": 2', 1))
    with pytest.raises(errors.JournalError, match=r"format 2.*up to 1"):
        read_journal(path)


def test_unknown_lines_and_fields_are_kept_and_warned_about(tmp_path):
    path = tmp_path / "j.jsonl"
    book = begun(path)
    book.write("weather", sky="blue")
    book.write("ended", number="+13075550142", outcome="activated", mood="good")
    book.close()
    with pytest.warns(errors.UnknownValueWarning, match="weather"):
        content = read_journal(path)
    assert content.lines[0]["sky"] == "blue"
    assert History(content.plan, content.lines).ended["+13075550142"]["outcome"] == "activated"


def test_half_a_character_from_the_api_is_written_and_read_back(tmp_path):
    book = begun(tmp_path / "j.jsonl")
    book.write("ended", number="+13075550142", outcome="refused", reason="\ud83d caf\u00e9 \x00")
    book.close()
    assert read_journal(tmp_path / "j.jsonl").lines[0]["reason"] == "\ud83d caf\u00e9 \x00"


def test_a_full_disk_stops_before_anything_is_sent_and_leaves_a_sound_journal(tmp_path, monkeypatch):
    path = tmp_path / "j.jsonl"
    book = begun(path)
    before = path.read_bytes()

    def half(descriptor, data):
        os.write(descriptor, bytes(data)[:20])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(journals, "_write_all", half)
    with pytest.raises(errors.JournalWriteError, match=r"No space left.*stopped before spending"):
        book.write("intention", number="+13075550142", step="rent")
    assert path.read_bytes() == before
    monkeypatch.undo()
    with pytest.raises(errors.JournalWriteError):
        book.write("intention", number="+13075550143", step="rent")
    book.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_device_that_is_really_full_is_told():
    with pytest.raises(errors.JournalWriteError, match="No space left"):
        begun(Path("/dev/full"))


def test_a_folder_that_can_not_be_written_to_is_told(tmp_path):
    with pytest.raises(errors.JournalWriteError, match="can't be written"):
        begun(tmp_path / "missing" / "j.jsonl")


def test_threads_write_whole_lines_in_an_unbroken_chain(tmp_path):
    path = tmp_path / "j.jsonl"
    book = begun(path)
    threads = [
        threading.Thread(
            target=lambda n=n: [book.write("intention", number=f"+1{n}{k}", step="rent") for k in range(20)]
        )
        for n in range(8)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    book.close()
    assert len(read_journal(path).lines) == 160


def test_a_journal_in_use_is_refused_and_says_by_whom(tmp_path):
    path = written(tmp_path / "j.jsonl")
    with locked(path), pytest.raises(errors.JournalLockedError, match=r"process 1 on here"), locked(path):
        pass
    with locked(path):
        pass


def test_the_lock_of_a_killed_process_is_free(tmp_path):
    path = written(tmp_path / "j.jsonl")
    code = (
        "import sys, pathlib; from numbers_toolkit.activation.journal import locked\n"
        "with locked(pathlib.Path(sys.argv[1])):\n print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(errors.JournalLockedError), locked(path):
            pass
        holder.kill()
        holder.wait()
    with locked(path):
        pass


def test_history_counts_an_intention_without_outcome_as_unknown(tmp_path):
    book = begun(tmp_path / "j.jsonl")
    book.write("intention", number="+13075550142", step="rent")
    book.close()
    content = read_journal(tmp_path / "j.jsonl")
    record = History(content.plan, content.lines).step("+13075550142", "rent")
    assert (record.attempts, record.result, record.announced_at) == (1, UNKNOWN, NOW)


def test_history_keeps_facts_of_every_outcome():
    history = History(plan_of())
    line = {"number": "+13075550142", "step": "create_order", "at": NOW}
    history.add({"what": "intention", **line})
    history.add({"what": "outcome", **line, "result": "unknown", "message": "lost"})
    history.add({"what": "outcome", **line, "result": "done", "facts": {"order_id": "01kq"}})
    record = history.step("+13075550142", "create_order")
    assert (record.result, record.facts) == (DONE, {"order_id": "01kq"})
    assert record.message == "lost", "what was told last stays"


def test_checksums_are_those_of_every_version_before():
    """Journals and plans outlive an upgrade: a check made another way would call them damaged."""
    assert checksum({"b": [1, "é", None], "a": {"d": True, "c": "+13075550142"}}) == "d9345f72098ee0a0"


def test_a_journal_that_can_not_be_begun_names_its_file(tmp_path, monkeypatch):
    path = tmp_path / "j.jsonl"
    path.write_text("torn", encoding="utf-8")

    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "ftruncate", full)
    with pytest.raises(errors.JournalWriteError, match=r"j\.jsonl.*No space left"):
        begun(path)


def test_a_line_that_can_not_be_written_names_the_journal_and_the_fault(tmp_path, monkeypatch):
    book = begun(tmp_path / "j.jsonl")

    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(journals, "_write_all", full)
    with pytest.raises(errors.JournalWriteError, match=r"j\.jsonl.*No space left"):
        book.write("run")
    book.close()
