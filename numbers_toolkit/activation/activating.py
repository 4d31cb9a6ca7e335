"""activate(), carry_out() and resume_activation(): a plan, its journal and a client brought together.

The order of things is what keeps money safe: the journal is locked, then read or begun, the plan's identity is
claimed, and only then the first request that costs anything may leave.
"""

from __future__ import annotations

import os
import socket
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numbers_toolkit import errors
from numbers_toolkit.activation import claims
from numbers_toolkit.activation.connecting import connected_to
from numbers_toolkit.activation.desk import Desk, Options, now_text
from numbers_toolkit.activation.endings import FINAL
from numbers_toolkit.activation.given_papers import papers_for
from numbers_toolkit.activation.history import History
from numbers_toolkit.activation.items import PlannedRelease
from numbers_toolkit.activation.journal import Journal, is_begun, locked, read_journal
from numbers_toolkit.activation.pacing import Pacer
from numbers_toolkit.activation.plan import ActivationPlan, ChangePlan
from numbers_toolkit.activation.rehearsal import rehearse
from numbers_toolkit.activation.result import result_of
from numbers_toolkit.activation.running import is_open, run
from numbers_toolkit.progress import progress_bar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numbers_toolkit.activation.journal import JournalContent
    from numbers_toolkit.activation.plan import Plan
    from numbers_toolkit.activation.result import Result
    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.progress import Progress

__all__ = ["activate", "carry_out", "read_result", "resume_activation"]

_MOST_CONCURRENCY = 32


def activate(
    plan: ActivationPlan,
    client: NumbersClient | None = None,
    *,
    journal: str | os.PathLike[str] | None = None,
    papers: Any = None,
    dry_run: bool = False,
    concurrency: int = 4,
    wait_for_orders: float = 120.0,
    progress: Progress = None,
    cancel: threading.Event | None = None,
) -> Result:
    """Buy the numbers of a plan, each exactly once.

    Every request that can cost is written to the journal and flushed to the disk before it leaves, its
    outcome after it. A lost answer is settled by reading the API's state; nothing is sent again on suspicion.

    Parameters
    ----------
    plan : ActivationPlan
        What to buy; from :func:`plan_activation` or :func:`load_plan`.
    client : NumbersClient, optional
        The project. None takes the client that the plan was made with, else the one that the project was
        last worked with in this process, else connects with the credentials of the environment.
    journal : path-like
        File that the run writes; a new one for each plan, on a disk that lasts. Only a dry run needs none.
    papers : Papers or mapping, optional
        Registration data and documents for number orders, for all kinds of numbers or by kind:
        ``{("AU", "MOBILE"): Papers(...), "SE": Papers(...)}``.
    dry_run : bool, default False
        Look at everything again, and send nothing that costs; no journal is written.
    concurrency : int, default 4
        Numbers worked on side by side, 1 to 32; haste that the API refuses slows the run down by itself.
    wait_for_orders : float, default 120
        Seconds to wait at the end for orders under review; what is not decided by then is left for
        :func:`resume_activation`.
    progress : bool or callable, optional
        A bar; None shows one when a person is looking. A function that raises stops the run as ``cancel`` does.
    cancel : threading.Event, optional
        Set it from another thread, and no further number is begun. An interrupt (the stop button) does the
        same.

    Returns
    -------
    Result
        One outcome for each number: ``activated``, ``taken`` by somebody else, ``refused`` with the API's
        reason, ``unknown`` with what to do, or ``not tried``. A plan that was carried out before is not
        carried out again; its result is returned with a warning.

    Raises
    ------
    PlanAlreadyStartedError
        When the plan was started before and is not finished, or was started with another journal.
    JournalError
        When the journal belongs to another plan or project, is damaged, or is in use.
    JournalWriteError
        When the journal can't be written (a full disk): the run has stopped before spending more, and
        ``partial`` holds what was done.
    PlanError
        When the plan belongs to another project.

    Examples
    --------
    >>> import tempfile, numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client, tempfile.TemporaryDirectory() as folder:
    ...     wish = nt.Wish(count=2, region_code="US", number_type="LOCAL")
    ...     plan = nt.plan_activation(client, wish, max_monthly="5 USD")
    ...     result = nt.activate(plan, journal=f"{folder}/two.jsonl", progress=False)
    >>> result.counts
    {'activated': 2}
    """
    if not isinstance(plan, ActivationPlan):
        raise errors.InvalidInputError(
            f"activate() carries out a plan of plan_activation(), not {type(plan).__name__}; for updates, "
            "releases and repairs use carry_out(). Nothing was sent."
        )
    options = _options(papers=papers, concurrency=concurrency, wait_for_orders=wait_for_orders)
    _check_journal_is_named(journal, dry_run=dry_run)
    with connected_to(plan, client) as connected:
        if dry_run:
            return rehearse(plan, connected, options, progress)
        return _start(plan, connected, journal, options=options, progress=progress, cancel=cancel)


def carry_out(
    plan: ChangePlan,
    client: NumbersClient | None = None,
    *,
    journal: str | os.PathLike[str] | None = None,
    everything: bool = False,
    dry_run: bool = False,
    concurrency: int = 4,
    progress: Progress = None,
    cancel: threading.Event | None = None,
) -> Result:
    """Carry out a plan of updates, releases or repairs, each number exactly once.

    Parameters
    ----------
    plan : ChangePlan
        From :func:`plan_update`, :func:`plan_release` or :func:`repair_provisioning`.
    client, journal, dry_run, concurrency, progress, cancel
        As for :func:`activate`.
    everything : bool, default False
        The second consent that a plan needs which releases every number of the project.

    Returns
    -------
    Result
        As for :func:`activate`, with ``changed`` and ``released`` in place of ``activated``.

    Raises
    ------
    PlanError
        When the plan would release everything and ``everything`` is not given, or belongs to another
        project; nothing was sent.
    JournalError
        As for :func:`activate`.

    Examples
    --------
    >>> import tempfile, numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client, tempfile.TemporaryDirectory() as folder:
    ...     active = nt.active_numbers(client).head(3)
    ...     plan = nt.plan_update(active, client=client, display_name="Desk {row}")
    ...     nt.carry_out(plan, journal=f"{folder}/names.jsonl", progress=False).counts
    {'changed': 3}
    """
    if not isinstance(plan, ChangePlan):
        raise errors.InvalidInputError(
            f"carry_out() takes a plan of updates, releases or repairs, not {type(plan).__name__}; numbers are "
            "bought with activate(). Nothing was sent."
        )
    options = _options(concurrency=concurrency)
    _check_journal_is_named(journal, dry_run=dry_run)
    if plan.everything and not everything:
        raise _second_consent(plan)
    with connected_to(plan, client) as connected:
        if not everything and not dry_run:
            _check_something_stays(plan, connected)
        if dry_run:
            return rehearse(plan, connected, options, progress)
        return _start(plan, connected, journal, options=options, progress=progress, cancel=cancel)


def _check_something_stays(plan: ChangePlan, client: NumbersClient) -> None:
    """Ask for a second consent also where the plan could not know how many numbers there are."""
    # Loads pandas, which a run can do without.
    from numbers_toolkit.activation.releasing import leaves_nothing

    released = {one.phone_number for one in plan.items if isinstance(one, PlannedRelease)}
    if released and leaves_nothing(client, released):
        raise _second_consent(plan)


def _second_consent(plan: ChangePlan) -> errors.PlanError:
    return errors.PlanError(
        f"The plan releases every number of the project ({len(plan):,}), and a release can't be taken back. If that "
        "is what you want, say so once more: carry_out(plan, journal=..., everything=True). Nothing was sent."
    )


def resume_activation(
    journal: str | os.PathLike[str],
    client: NumbersClient | None = None,
    *,
    papers: Any = None,
    order_again: bool = False,
    known_orders: str | Iterable[str] = (),
    concurrency: int = 4,
    wait_for_orders: float = 120.0,
    progress: Progress = None,
    cancel: threading.Event | None = None,
) -> Result:
    """Go on with a run that was interrupted, or whose orders were not decided yet.

    It ends as if nothing had happened: what was bought is not bought again, what is uncertain is read first.
    Works for activations, updates, releases and repairs alike, and as often as you like.

    Parameters
    ----------
    journal : path-like
        The journal of the run.
    client, papers, concurrency, wait_for_orders, progress, cancel
        As for :func:`activate`.
    order_again : bool, default False
        Order a number anew whose order's answer was lost, when it is on offer again. By itself that is done
        only 48 hours after the request, when every reservation has surely ended.
    known_orders : str or iterable of str
        Ids of orders that you learned of elsewhere, such as from an event; an order whose answer was lost is
        recognised by its number.

    Returns
    -------
    Result
        All that the journal's runs did together.

    Raises
    ------
    JournalError
        When the journal is damaged, edited, in use, of another project, or no journal.

    Examples
    --------
    >>> import tempfile, numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client, tempfile.TemporaryDirectory() as folder:
    ...     run = nt.activate(nt.plan_activation(client, "1 US LOCAL"), journal=f"{folder}/one.jsonl")
    ...     nt.resume_activation(run.journal, client).sentence()
    '1 activated of 1 planned; spent 1.20 USD.'
    """
    path = _resolved(journal)
    orders = (known_orders,) if isinstance(known_orders, str) else tuple(known_orders)
    options = _options(
        papers=papers,
        concurrency=concurrency,
        wait_for_orders=wait_for_orders,
        order_again=order_again,
        known_orders=orders,
    )
    with ExitStack() as stack:
        stack.enter_context(locked(path))
        content = read_journal(path)
        connected = stack.enter_context(connected_to(content.plan, client))
        content.require(claims.claim(content.plan.plan_id, path).check)
        return _go_on(content, connected, options=options, progress=progress, cancel=cancel)


def read_result(journal: str | os.PathLike[str]) -> Result:
    """Return what a journal tells, without sending anything and without a client.

    Parameters
    ----------
    journal : path-like
        The journal of a run, finished or not.

    Returns
    -------
    Result
        A number whose request was announced but whose outcome is not written is ``unknown``.

    Raises
    ------
    JournalError
        When it is no sound journal.

    Examples
    --------
    >>> import tempfile, numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client, tempfile.TemporaryDirectory() as folder:
    ...     run = nt.activate(nt.plan_activation(client, "1 US LOCAL"), journal=f"{folder}/one.jsonl")
    ...     nt.read_result(run.journal).counts
    {'activated': 1}
    """
    content = read_journal(_resolved(journal))
    return result_of(History(content.plan, content.lines), content.path)


# -- the parts --------------------------------------------------------------------------------------------------


def _options(**given: Any) -> Options:
    concurrency = given.get("concurrency")
    if (
        isinstance(concurrency, bool)
        or not isinstance(concurrency, int)
        or not 1 <= concurrency <= _MOST_CONCURRENCY
    ):
        raise errors.InvalidInputError(
            f"concurrency is {concurrency!r}; use a whole number from 1 to {_MOST_CONCURRENCY}. Nothing was sent."
        )
    seconds = given.get("wait_for_orders", 0.0)
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not seconds >= 0:
        raise errors.InvalidInputError(
            f"wait_for_orders is {seconds!r}; use seconds, 0 or more. Nothing was sent."
        )
    _check_papers(given.get("papers"))
    return Options(**given)


def _check_papers(papers: Any) -> None:
    """Refuse papers of a wrong shape at once: later they would leave every order of the plan undone."""
    try:
        papers_for(papers, "US", "LOCAL")
    except errors.InvalidInputError as error:
        raise errors.InvalidInputError(f"{error} Nothing was sent.") from None


def _check_journal_is_named(journal: str | os.PathLike[str] | None, *, dry_run: bool) -> None:
    if journal is None and not dry_run:
        raise errors.InvalidInputError(
            'Name a file for the journal: journal="march.jsonl". What is sent is written there first, and it lets a '
            "run that was interrupted go on. Nothing was sent. (dry_run=True only looks, and needs none.)"
        )


def _resolved(journal: str | os.PathLike[str]) -> Path:
    try:
        path = Path(journal).expanduser().resolve()
        fault = _unfit(path)
    except OSError as error:
        path, fault = Path(journal), error.strerror or str(error)
    except (RuntimeError, TypeError, ValueError) as error:
        path, fault = Path(repr(journal)), f"it is no name of a file ({error})"
    if fault:
        raise errors.JournalError(
            f"The journal {path} can't be used: {fault}. Name a file in a folder that is there. Nothing was sent."
        )
    return path


def _unfit(path: Path) -> str:
    """Return why no journal can be kept there, ``""`` when one can."""
    if path.is_dir():
        return "it is a folder"
    if path.exists() and not path.is_file():
        return "it is no ordinary file"
    return "" if path.parent.is_dir() else "its folder does not exist"


def _start(
    plan: Plan,
    client: NumbersClient,
    journal: str | os.PathLike[str] | None,
    *,
    options: Options,
    progress: Progress,
    cancel: threading.Event | None,
) -> Result:
    path = _resolved(journal or "")
    with locked(path):
        if is_begun(path):
            return _started_before(plan, read_journal(path))
        known = claims.claimed_by(plan.plan_id)
        if known is not None:
            raise claims.already_started(plan.plan_id, known.path)
        book = Journal.create(path, plan, lambda: now_text(client))
        try:
            _claim_or_withdraw(plan, path)
            return _run(book, History(plan), client, options=options, progress=progress, cancel=cancel)
        finally:
            book.close()


def _claim_or_withdraw(plan: Plan, path: Path) -> None:
    """Claim the plan's identity; the journal that was just begun goes again when another run was faster."""
    try:
        claims.claim(plan.plan_id, path)
    except errors.JournalError:
        path.unlink(missing_ok=True)
        raise


def _started_before(plan: Plan, content: JournalContent) -> Result:
    """Answer a start with a journal that is there already: nothing is sent."""
    if content.plan.plan_id != plan.plan_id:
        raise errors.JournalError(
            f"The journal {content.path} belongs to plan {content.plan.plan_id}, made {content.plan.made_at}; this "
            f"is plan {plan.plan_id}. Nothing was sent, and the file was left as it is. If this cell ran twice, the "
            f'first run did the work: nt.read_result("{content.path}") shows it. To carry out another plan, name a '
            "new file."
        )
    result = result_of(History(content.plan, content.lines), content.path)
    if any(one.outcome not in FINAL for one in result.numbers):
        raise claims.already_started(plan.plan_id, content.path)
    errors.warn_user(
        f"Plan {plan.plan_id} was carried out before, with this journal. Nothing was sent now; this is the result of "
        f"then: {result.sentence()}",
        errors.AlreadyDoneWarning,
    )
    return result


def _go_on(
    content: JournalContent,
    client: NumbersClient,
    *,
    options: Options,
    progress: Progress,
    cancel: threading.Event | None,
) -> Result:
    past = History(content.plan, content.lines)
    if not is_open(past):
        return result_of(past, content.path)
    book = Journal.reopen(content, lambda: now_text(client))
    try:
        return _run(book, past, client, options=options, progress=progress, cancel=cancel)
    finally:
        book.close()


def _run(
    book: Journal,
    past: History,
    client: NumbersClient,
    *,
    options: Options,
    progress: Progress,
    cancel: threading.Event | None,
) -> Result:
    stop = threading.Event()
    desk = Desk(client, book, past, Pacer(client.clock, stop.is_set), options, stop)
    wanted = cancel or threading.Event()
    try:
        desk.write("run", host=socket.gethostname(), process=os.getpid(), toolkit=_version())
        with progress_bar("numbers", "number", progress) as report:
            run(desk, wanted.is_set, report)
        if desk.why_stopped:
            desk.write("stopped", reason=desk.why_stopped)
        else:
            desk.write("finished")
        _note_progress(past.plan, book)
    except errors.JournalWriteError as error:
        error.partial = result_of(past, book.path, desk.why_stopped)
        error.args = (f"{error} Until then: {error.partial.sentence()}",)
        raise
    return result_of(past, book.path, desk.why_stopped)


def _note_progress(plan: Plan, book: Journal) -> None:
    try:
        claims.note_progress(plan.plan_id, book.path, book.check)
    except errors.JournalError as error:
        # The work is done and in the journal; only the watch over its end is lost.
        errors.warn_user(
            f"If lines at the end of {book.path} get lost, it will not be noticed: {error.__cause__}",
            errors.NumbersToolkitWarning,
        )


def _version() -> str:
    from numbers_toolkit import __version__

    return __version__
