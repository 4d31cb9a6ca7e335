"""Work of a panel: one job at a time in a thread, its news and its end back on the kernel's main loop.

Whatever is shown changes on one thread only, so that no callback is lost between two. In a notebook that is the
kernel's event loop; in a plain script it is whoever calls :meth:`Work.wait`.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from numbers_toolkit.errors import NumbersToolkitError
from numbers_toolkit.hearing import hear_warnings

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Job", "JobCancelled", "Work"]

T = TypeVar("T")


class JobCancelled(NumbersToolkitError):  # noqa: N818 - it is no fault
    """A person cancelled the work; nothing is wrong."""


class Job(Generic[T]):
    """One piece of work; what it is given to tell how it goes and to learn that it is to stop.

    Parameters
    ----------
    work : Work
        Who carries it out.
    progressed : callable
        Is told ``(done, total or None)`` on the main loop.
    must_finish : bool
        Whether the panel waits for its end after it was cancelled, as it must for what costs money.

    Attributes
    ----------
    cancel : threading.Event
        Set when the work is to stop.
    heard : list of str
        Warnings of the package that were given during the work, each once.
    """

    def __init__(
        self, work: Work, progressed: Callable[[int, int | None], None], *, must_finish: bool
    ) -> None:
        self.cancel = threading.Event()
        self.must_finish = must_finish
        self.heard: list[str] = []
        self._work = work
        self._progressed = progressed
        self._news: tuple[int, int | None] | None = None

    def report(self, done: int, total: int | None = None) -> None:
        """Tell how far the work came; for ``progress=``. Never raises."""
        waiting = self._news is not None
        self._news = (done, total)
        if not waiting:  # news that were not shown yet are simply brought up to date
            self.tell(self._show_news)

    def progress(self, done: int, total: int | None = None) -> None:
        """Tell how far the work came, and end it here if it was cancelled; for ``progress=`` of what only reads."""
        self.check()
        self.report(done, total)

    def check(self) -> None:
        """End the work here if it was cancelled."""
        if self.cancel.is_set():
            raise JobCancelled("The work was cancelled.")

    def tell(self, news: Callable[[], object]) -> None:
        """Run something on the main loop, unless the panel has turned to other work by then."""
        self._work.post(lambda: news() if self._work.job is self else None)

    def hear(self, message: str, _category: type[Warning]) -> None:
        """Keep a warning to be shown where the person looks."""
        if message not in self.heard:
            self.heard.append(message)

    def _show_news(self) -> None:
        news, self._news = self._news, None
        if news is not None:
            self._progressed(*news)


class Work:
    """Carries out one job at a time.

    Parameters
    ----------
    failed : callable
        Is given what a callback on the main loop raised.
    """

    def __init__(self, failed: Callable[[BaseException], object]) -> None:
        self.job: Job[Any] | None = None
        self._failed = failed
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self._handing_over = threading.RLock()

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return self.job is not None

    def start(
        self,
        do: Callable[[Job[T]], T],
        *,
        done: Callable[[Job[T], T], object],
        failed: Callable[[Job[T], BaseException], object],
        progressed: Callable[[int, int | None], None],
        must_finish: bool = False,
        name: str = "panel",
    ) -> Job[T]:
        """Start a job in a thread; ``done`` or ``failed`` is called once on the main loop, unless it is abandoned."""
        self._find_loop()
        job: Job[T] = Job(self, progressed, must_finish=must_finish)
        self.job = job

        def ended(how: Callable[[], object]) -> None:
            if self.job is job:
                self.job = None
                how()

        def work() -> None:
            try:
                with hear_warnings(job.hear):
                    result = do(job)
            except BaseException as error:  # noqa: BLE001 - it is shown to the person, whatever it is
                fault = error
                self.post(lambda: ended(lambda: failed(job, fault)))
            else:
                self.post(lambda: ended(lambda: done(job, result)))

        threading.Thread(target=work, name=f"numbers-toolkit-{name}", daemon=True).start()
        return job

    def cancel(self) -> bool:
        """Ask the job to stop; return whether it was given up at once.

        A job that only reads is given up: its thread ends by itself and its result is dropped. One that must
        finish goes on until it has come to a safe end.
        """
        job = self.job
        if job is None:
            return False
        job.cancel.set()
        if job.must_finish:
            return False
        self.job = None
        return True

    def post(self, news: Callable[[], object]) -> None:
        """Have something run on the main loop, in the order of the calls."""
        self._news.put(news)
        if self._loop is not None:
            try:
                self._loop.call_soon_threadsafe(self.hand_over)
            except RuntimeError:  # the loop was closed: the kernel is going down
                self._loop = None

    def hand_over(self) -> None:
        """Run what was posted; what it raises is shown, not lost."""
        with self._handing_over:
            while True:
                try:
                    news = self._news.get_nowait()
                except queue.Empty:
                    return
                self._run(news)

    def wait(self, timeout: float | None = None) -> bool:
        """Block until no job is under way, running what was posted; return whether that came to pass in time."""
        until = None if timeout is None else time.monotonic() + timeout
        self.hand_over()
        while self.busy:
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                return False
            try:
                # Woken up at least so often that an interrupt of the kernel gets through.
                news = self._news.get(timeout=0.5 if left is None else min(left, 0.5))
            except queue.Empty:
                continue
            with self._handing_over:
                self._run(news)
            self.hand_over()
        return True

    def _run(self, news: Callable[[], object]) -> None:
        try:
            news()
        except Exception as error:  # noqa: BLE001 - an exception in a callback would vanish
            self._failed(error)

    def _find_loop(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            # JupyterLab can have widgets heard on another thread; what is shown changes on the main one alone.
            return
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            # A plain script: news wait for wait(), or for the loop that is known already.
            return
