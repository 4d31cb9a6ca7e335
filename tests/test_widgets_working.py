"""Work of a panel: one job at a time, news on one thread, nothing lost."""

from __future__ import annotations

import asyncio
import threading

import pytest

from numbers_toolkit.errors import IncompleteDataWarning, warn_user
from numbers_toolkit.widgets.working import Job, Work


class Diary:
    """Keeps what the work told, and on which thread."""

    def __init__(self) -> None:
        self.lines: list[object] = []
        self.threads: set[int] = set()
        self.work = Work(lambda error: self.note(("broken", str(error))))

    def note(self, line: object) -> None:
        self.lines.append(line)
        self.threads.add(threading.get_ident())

    def start(self, do, **options):
        return self.work.start(
            do,
            done=lambda _job, result: self.note(("done", result)),
            failed=lambda _job, error: self.note(("failed", str(error))),
            progressed=lambda done, total: self.note((done, total)),
            **options,
        )


@pytest.fixture
def diary() -> Diary:
    return Diary()


def test_a_result_arrives_on_the_thread_that_waits(diary):
    diary.start(lambda job: 6 * 7)
    assert diary.lines == []
    assert diary.work.wait(10)
    assert diary.lines == [("done", 42)]
    assert diary.threads == {threading.get_ident()}


def test_an_exception_arrives_too(diary):
    def fail(job):
        raise ValueError("no")

    diary.start(fail)
    assert diary.work.wait(10)
    assert diary.lines == [("failed", "no")]


def test_what_a_callback_raises_is_told(diary):
    diary.work.start(
        lambda job: 1,
        done=lambda _job, result: 1 / 0,
        failed=lambda _job, error: None,
        progressed=lambda done, total: None,
    )
    assert diary.work.wait(10)
    assert diary.lines == [("broken", "division by zero")]


def test_news_that_were_not_shown_yet_are_brought_up_to_date(diary):
    def count(job):
        for done in range(1000):
            job.report(done + 1, 1000)

    diary.start(count)
    assert diary.work.wait(10)
    assert diary.lines[-2:] == [(1000, 1000), ("done", None)]


def test_in_a_notebook_news_run_on_its_event_loop(diary):
    async def notebook():
        ended = asyncio.Event()
        diary.work.start(
            lambda job: None,
            done=lambda _job, result: (diary.note(("done", result)), ended.set()),
            failed=lambda _job, error: None,
            progressed=lambda done, total: None,
        )
        await asyncio.wait_for(ended.wait(), 10)

    asyncio.run(notebook())
    assert diary.lines == [("done", None)]
    assert diary.threads == {threading.get_ident()}


def test_a_cell_can_wait_although_it_blocks_the_event_loop(diary):
    async def cell():
        diary.start(lambda job: "there")
        return diary.work.wait(10)

    assert asyncio.run(cell())
    assert diary.lines == [("done", "there")]


def test_what_only_reads_is_given_up_at_once_and_its_result_dropped(diary):
    gate = threading.Event()
    ended = threading.Event()

    def read(job):
        gate.wait(10)
        job.tell(lambda: diary.note("late news"))
        ended.set()
        return "late"

    diary.start(read)
    assert diary.work.cancel()
    assert not diary.work.busy
    gate.set()
    assert ended.wait(10)
    diary.start(lambda job: "next")
    assert diary.work.wait(10)
    assert diary.lines == [("done", "next")]


def test_what_must_finish_is_waited_for_after_a_cancel(diary):
    def buy(job):
        assert job.cancel.wait(10)
        return "the one that was begun"

    diary.start(buy, must_finish=True)
    assert not diary.work.cancel()
    assert diary.work.busy
    assert diary.work.wait(10)
    assert diary.lines == [("done", "the one that was begun")]


def test_progress_ends_cancelled_work_and_report_never_does():
    work = Work(lambda error: None)
    job: Job[None] = Job(work, lambda done, total: None, must_finish=False)
    job.cancel.set()
    job.report(1, 2)
    with pytest.raises(Exception, match="cancelled"):
        job.progress(1, 2)


def test_waiting_ends_at_its_time(diary):
    gate = threading.Event()
    diary.start(lambda job: gate.wait(10))
    assert not diary.work.wait(0.01)
    gate.set()
    assert diary.work.wait(10)


def test_warnings_of_the_package_are_heard_once_and_by_their_job_alone(diary):
    heard = {}

    def warned(job):
        for _ in range(3):
            warn_user("one page only", IncompleteDataWarning)
        return job.heard

    diary.start(warned)
    assert diary.work.wait(10)
    heard = diary.lines[-1]
    assert heard == ("done", ["one page only"])
    with pytest.warns(IncompleteDataWarning):
        warn_user("elsewhere as ever", IncompleteDataWarning)


def test_a_loop_that_was_closed_does_not_lose_news(diary):
    gate = threading.Event()

    async def cell():
        diary.start(lambda job: gate.wait(10))

    asyncio.run(cell())
    gate.set()
    assert diary.work.wait(10)
    assert diary.lines == [("done", True)]
