"""The work of an activation panel that takes long: done in a thread, its news handed over to be shown.

Each function calls the package and returns what it came to; nothing here touches a widget.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from numbers_toolkit.activation import activate, carry_out, resume_activation
from numbers_toolkit.activation.journal import is_begun, is_locked
from numbers_toolkit.activation.live import LiveJournal
from numbers_toolkit.activation.past_runs import (
    PastRun,
    PastRuns,
    journal_name,
    read_run,
    run_of,
    runs_of_project,
    starting,
)
from numbers_toolkit.activation.plan import ActivationPlan, ChangePlan
from numbers_toolkit.activation.result import Result
from numbers_toolkit.errors import JournalError, JournalLockedError, NotFoundError, PlanError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from numbers_toolkit.activation.plan import Plan
    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.widgets.activation_task import Task
    from numbers_toolkit.widgets.working import Job

__all__ = ["Earlier", "Order", "Ran", "follow_run", "go_on", "look_for_earlier", "start"]

T = TypeVar("T")
#: Seconds between two looks at a run that goes on elsewhere.
_LOOK_SECONDS: Final = 0.5
#: Looks at a journal that is about to be begun.
_PATIENCE: Final = 10
#: Looks may take so much of the time that the run itself has.
_SHARE: Final = 4
#: Numbers of a run in a sandbox that are looked for, to learn whether it is this sandbox.
_SAMPLE: Final = 3


class News(Generic[T]):
    """Hands over the latest of many news; older ones that were not shown yet are passed over.

    Parameters
    ----------
    job : Job
        Whose main loop they go to.
    show : callable
        Is given the latest.
    """

    def __init__(self, job: Job[Any], show: Callable[[T], object]) -> None:
        self._job, self._show = job, show
        self._waiting: list[T] = []

    def give(self, news: T) -> None:
        """Have these shown next."""
        waits = bool(self._waiting)
        self._waiting = [news]
        if not waits:
            self._job.tell(self._hand_over)

    def _hand_over(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._show(waiting[-1])


# -- what was begun before ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Earlier:
    """Runs that were begun before this panel was opened, as far as they matter to it.

    Parameters
    ----------
    own : PastRun or None
        The run of the very same plan.
    same_wish : tuple of PastRun
        Runs of the same wish by another plan, that bought something or would yet; the last one first. To buy
        once more needs a person's word.
    same_numbers : tuple of PastRun
        Other runs of some of the same numbers.
    unfinished : tuple of PastRun
        Other runs of the project that were not finished.
    unreadable : tuple of str
        For each journal of the project that can't be read, why.
    """

    own: PastRun | None = None
    same_wish: tuple[PastRun, ...] = ()
    same_numbers: tuple[PastRun, ...] = ()
    unfinished: tuple[PastRun, ...] = ()
    unreadable: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[PastRun, ...]:
        """All of them, the ones that matter most first."""
        own = () if self.own is None else (self.own,)
        return (*own, *self.same_wish, *self.same_numbers, *self.unfinished)

    @property
    def offered(self) -> tuple[PastRun, ...]:
        """Those that a person may turn to: the last one of the same wish, what is not finished, then the others."""
        others = [one for one in self.all if one is not self.own]
        last = self.same_wish[:1]
        left = [one for one in others if not last or one is not last[0]]
        unfinished = [one for one in left if one.open or one.running]
        finished = [one for one in left if not (one.open or one.running)]
        return (*last, *unfinished, *finished)

    @property
    def wish_at_work(self) -> PastRun | None:
        """The run of the same wish that is going on at this moment."""
        return next((one for one in self.same_wish if one.running), None)

    def without(self, journal: Path | None) -> Earlier:
        """Return the same without the run that has this journal."""
        return self._each(lambda one: None if one.journal == journal else one)

    def read_again(self) -> Earlier:
        """Return the same with the runs that were going on as they are now."""
        return self._each(_as_it_is_now)

    def _each(self, changed: Callable[[PastRun], PastRun | None]) -> Earlier:
        def several(runs: tuple[PastRun, ...]) -> tuple[PastRun, ...]:
            return tuple(one for one in map(changed, runs) if one is not None)

        return replace(
            self,
            same_wish=several(self.same_wish),
            same_numbers=several(self.same_numbers),
            unfinished=several(self.unfinished),
        )


def _as_it_is_now(run: PastRun) -> PastRun:
    if run.running:
        # One that can't be read any more is told of as it was.
        with contextlib.suppress(JournalError, PlanError):
            return read_run(run.journal)
    return run


def look_for_earlier(task: Task, plan: Plan | None, folder: Path, client: NumbersClient | None) -> Earlier:
    """Return the runs that were begun before; reads files, and in a sandbox whether they are of this one.

    Raises
    ------
    JournalError
        When the plan was started before and its journal is gone or damaged.
    """
    own = None if plan is None else run_of(plan, folder)
    project = plan.project_id if plan is not None else client.project_id if client is not None else ""
    found = runs_of_project(folder, project) if project else PastRuns()
    others = [
        one
        for one in found.runs
        if (own is None or one.journal != own.journal) and _is_of_this_sandbox(one, client)
    ]
    same_wish = tuple(one for one in others if _is_of_same_wish(one, task, plan))
    same_numbers = tuple(one for one in others if one not in same_wish and _is_of_same_numbers(one, task))
    unfinished = tuple(
        one for one in others if one not in (*same_wish, *same_numbers) and (one.open or one.running)
    )
    return Earlier(own, same_wish, same_numbers, unfinished, found.unreadable)


def _is_of_same_wish(run: PastRun, task: Task, plan: Plan | None) -> bool:
    wishes = plan.wishes if isinstance(plan, ActivationPlan) else task.wanted.wishes
    return run.counts_for_its_wish and bool(run.wishes_like(wishes))


def _is_of_same_numbers(run: PastRun, task: Task) -> bool:
    """Whether a run is about the same numbers: bought by it, or changed by it and not finished."""
    buys = isinstance(run.plan, ActivationPlan)
    matters = run.counts_for_its_wish if buys else run.open
    return matters and buys == task.buys and bool(run.numbers_among(task.phone_numbers))


def _is_of_this_sandbox(run: PastRun, client: NumbersClient | None) -> bool:
    """Whether a run can be this sandbox's: one that was started anew has the same project, but not its numbers."""
    bought = run.result.activated[:_SAMPLE]
    if client is None or run.plan.source != "sandbox" or not bought:
        return True
    for number in bought:
        with contextlib.suppress(NotFoundError):
            client.get_active_number(number)
            return True
    return False


# -- a run --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Order:
    """How a run is to go.

    Parameters
    ----------
    folder : pathlib.Path
        Where its journal goes.
    papers : Papers or mapping, optional
        For number orders.
    wait_for_orders : float
        Seconds to wait for orders under review.
    everything : bool
        The second consent to releasing every number.
    order_again : bool
        Whether to order anew what an order was made for whose answer was lost.
    known_orders : tuple of str
        Ids of orders learned of elsewhere.
    """

    folder: Path
    papers: Any = None
    wait_for_orders: float = 120.0
    everything: bool = False
    order_again: bool = False
    known_orders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ran:
    """What a run came to.

    Parameters
    ----------
    run : PastRun or None
        As its journal tells; None when none was begun.
    error : BaseException or None
        What it ended with, where that was no orderly end.
    met : Earlier or None
        Runs that were found in the last moment; nothing was sent then.
    """

    run: PastRun | None = None
    error: BaseException | None = None
    met: Earlier | None = None


def start(
    plan: Plan,
    client: NumbersClient,
    order: Order,
    *,
    seen: Earlier,
    task: Task,
    job: Job[Ran],
    show: Callable[[pd.DataFrame], object],
) -> Ran:
    """Carry a plan out, unless it or its wish was begun by somebody else since it was shown.

    Parameters
    ----------
    plan : Plan
        What a person agreed to.
    client : NumbersClient
        Its project.
    order : Order
        How it is to go.
    seen : Earlier
        Runs that the person was told of.
    task : Task
        What the panel is for.
    job : Job
        Told how far it came; its ``cancel`` stops the run.
    show : callable
        Is given the results so far, on the main loop.
    """
    with contextlib.ExitStack() as held:
        held.enter_context(starting(_ready_folder(order.folder)))
        met = look_for_earlier(task, plan, order.folder, client)
        known = {one.journal for one in seen.same_wish}
        if met.own is not None or any(one.journal not in known for one in met.same_wish):
            return Ran(met=met)
        journal = order.folder / journal_name(plan)

        def run(progress: Callable[[int, int | None], None]) -> Result:
            def begun(done: int, total: int | None) -> None:
                held.close()
                progress(done, total)

            shared: dict[str, Any] = {"journal": journal, "progress": begun, "cancel": job.cancel}
            if isinstance(plan, ActivationPlan):
                shared |= {"papers": order.papers, "wait_for_orders": order.wait_for_orders}
                return activate(plan, client, **shared)
            assert isinstance(plan, ChangePlan)  # noqa: S101 - there are two kinds of plans
            return carry_out(plan, client, everything=order.everything, **shared)

        return _watched(run, journal, job, show)


def go_on(
    journal: Path,
    client: NumbersClient,
    order: Order,
    job: Job[Ran],
    show: Callable[[pd.DataFrame], object],
) -> Ran:
    """Go on with a run that has a journal; parameters as for :func:`start`."""

    def run(progress: Callable[[int, int | None], None]) -> Result:
        return resume_activation(
            journal,
            client,
            papers=order.papers,
            order_again=order.order_again,
            known_orders=order.known_orders,
            wait_for_orders=order.wait_for_orders,
            progress=progress,
            cancel=job.cancel,
        )

    return _watched(run, journal, job, show)


def follow_run(journal: Path, job: Job[Ran], show: Callable[[pd.DataFrame], object]) -> Ran:
    """Look on while a run goes on elsewhere, until it has ended; the parameters are those of :func:`start`."""
    looker = _Looker(journal, job, show)
    while True:
        looker.look(patiently=False)
        found = read_run(journal)
        if not found.running:
            return Ran(found)
        if job.cancel.wait(_LOOK_SECONDS):
            job.check()


def _ready_folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JournalError(
            f"The folder {folder} for journals can't be made: {error.strerror or error}. Nothing was sent. Name "
            "another one: ActivationPanel(..., journals=FOLDER)."
        ) from error
    return folder


def _watched(
    run: Callable[[Callable[[int, int | None], None]], Result],
    journal: Path,
    job: Job[Ran],
    show: Callable[[pd.DataFrame], object],
) -> Ran:
    looker = _Looker(journal, job, show)

    def progress(done: int, total: int | None) -> None:
        job.report(done, total)
        looker.look()

    result: Result | None = None
    fault: BaseException | None = None
    try:
        result = run(progress)
    except Exception as error:  # noqa: BLE001 - shown to the person, beside what the journal tells
        fault, result = error, getattr(error, "partial", None)
    known = result if isinstance(result, Result) else None
    if isinstance(fault, JournalLockedError):
        _wait_until_begun(journal, job)
    try:
        found = read_run(journal)
    except (JournalError, PlanError) as error:
        if known is None:
            return Ran(error=fault or error)
        # What was done is known all the same; going on takes the journal.
        found = PastRun(journal, known, known.plan.made_at, open=False, running=False)
        fault = fault or error
    # The run itself knows why it ended early.
    return Ran(found if known is None else replace(found, result=known), error=fault)


def _wait_until_begun(journal: Path, job: Job[Any]) -> None:
    """Wait a moment for the first line of a journal that somebody else is just beginning."""
    for _ in range(_PATIENCE):
        if is_begun(journal) or not is_locked(journal) or job.cancel.wait(_LOOK_SECONDS / 5):
            return


class _Looker:
    """Reads a journal now and then and hands on how each number stands."""

    def __init__(self, journal: Path, job: Job[Any], show: Callable[[pd.DataFrame], object]) -> None:
        self._live = LiveJournal(journal)
        self._news: News[pd.DataFrame] = News(job, show)
        self._not_before = 0.0

    def look(self, *, patiently: bool = True) -> None:
        """Look, unless the last look took so long that the run would be slowed down by another one."""
        begun = time.monotonic()
        if patiently and begun < self._not_before:
            return
        # The run goes on whatever becomes of a look at it; its end is read with care.
        with contextlib.suppress(Exception):
            if self._live.look():
                self._news.give(self._live.frame())
        now = time.monotonic()
        self._not_before = now + _SHARE * (now - begun)
