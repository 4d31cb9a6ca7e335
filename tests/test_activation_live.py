"""A journal read while its run goes on, also from elsewhere: what each number is at."""

from __future__ import annotations

import threading

import pytest

import numbers_toolkit as nt
from numbers_toolkit.activation.journal import read_journal
from numbers_toolkit.activation.live import LiveJournal
from numbers_toolkit.errors import JournalError

PATIENCE = 30


def states(live):
    frame = live.frame()
    return dict(zip(frame["phone_number"], frame["outcome"].astype(str), strict=True))


def test_a_number_goes_from_planned_over_being_sent_to_activated(tmp_path):
    arrived, go = threading.Event(), threading.Event()

    def gate(request, carry_out):
        if request.path.endswith(":rent"):
            arrived.set()
            assert go.wait(PATIENCE)
        return carry_out(request)

    with (
        nt.Sandbox(active=3, available=30, clock="manual", gate=gate) as sandbox,
        nt.connect(sandbox=sandbox) as client,
    ):
        plan = nt.plan_activation(client, "2 US LOCAL")
        path = tmp_path / "run.jsonl"
        run = threading.Thread(
            target=lambda: nt.activate(plan, client, journal=path, concurrency=1, progress=False)
        )
        live = LiveJournal(path)
        assert not live.look()
        assert live.plan is None
        run.start()
        assert arrived.wait(PATIENCE)
        assert live.look()
        assert sorted(states(live).values()) == ["being sent", "planned"]
        assert live.ended == 0
        go.set()
        run.join(PATIENCE)
    assert live.look()
    assert sorted(states(live).values()) == ["activated", "activated"]
    assert live.result() == nt.read_result(path)
    assert not live.look()


def test_an_order_in_review_is_under_review(client, tmp_path):
    plan = nt.plan_activation(client, "1 US LOCAL", route="order")
    result = nt.activate(plan, journal=tmp_path / "run.jsonl", wait_for_orders=0, progress=False)
    whole = result.journal.read_bytes()
    submitted = whole[: whole.index(b'"what": "ended"')].rpartition(b"\n")[0]
    (tmp_path / "cut.jsonl").write_bytes(submitted + b"\n")
    live = LiveJournal(tmp_path / "cut.jsonl")
    live.look()
    assert list(states(live).values()) == ["under review"]
    assert nt.read_result(tmp_path / "cut.jsonl").counts == {"unknown": 1}


def test_half_a_line_is_left_for_the_next_look(client, tmp_path):
    whole = nt.activate(
        nt.plan_activation(client, "1 US LOCAL"), journal=tmp_path / "run.jsonl", progress=False
    ).journal.read_bytes()
    path = tmp_path / "slow.jsonl"
    path.write_bytes(whole[:-10])
    live = LiveJournal(path)
    assert live.look()
    path.write_bytes(whole)
    assert live.look()
    assert live.result().counts == {"activated": 1}


def test_a_line_that_was_taken_back_is_forgotten(client, tmp_path):
    path = nt.activate(
        nt.plan_activation(client, "1 US LOCAL"), journal=tmp_path / "run.jsonl", progress=False
    ).journal
    live = LiveJournal(path)
    live.look()
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b"\n") + 1])
    assert live.look()
    assert list(states(live).values()) == ["planned"]


@pytest.mark.parametrize("content", [b"hello\n", b'{"what": "plan"}\n', b"[]\n"])
def test_what_is_no_journal_is_said_to_be_none(tmp_path, content):
    (tmp_path / "x.jsonl").write_bytes(content)
    with pytest.raises(JournalError, match=r"x\.jsonl is no journal"):
        LiveJournal(tmp_path / "x.jsonl").look()


def test_a_look_that_met_rubbish_starts_anew(client, tmp_path):
    path = nt.activate(
        nt.plan_activation(client, "1 US LOCAL"), journal=tmp_path / "run.jsonl", progress=False
    ).journal
    whole = path.read_bytes()
    path.write_bytes(whole + b"rubbish\n")
    live = LiveJournal(path)
    with pytest.raises(JournalError):
        live.look()
    path.write_bytes(whole)
    assert live.look()
    assert live.result().counts == {"activated": 1}


def test_nothing_is_told_of_a_journal_that_is_not_there(tmp_path):
    with pytest.raises(JournalError, match="no journal"):
        LiveJournal(tmp_path / "none.jsonl").result()


def test_reading_it_changes_nothing(client, tmp_path):
    path = nt.activate(
        nt.plan_activation(client, "1 US LOCAL"), journal=tmp_path / "run.jsonl", progress=False
    ).journal
    before = read_journal(path)
    LiveJournal(path).look()
    assert read_journal(path) == before
