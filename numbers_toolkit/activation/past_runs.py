"""Runs that were begun before: of the very same plan, or of the same wish or numbers by another plan.

Reads journals and the register of started plans; sends nothing. Deciding what to do about them is the caller's.
"""

from __future__ import annotations

import json
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from filelock import FileLock, Timeout

from numbers_toolkit.activation import claims
from numbers_toolkit.activation.endings import ACTIVATED, NOT_TRIED, UNKNOWN
from numbers_toolkit.activation.history import History
from numbers_toolkit.activation.journal import JournalContent, is_begun, is_locked, read_journal
from numbers_toolkit.activation.plan import ChangePlan
from numbers_toolkit.activation.result import result_of
from numbers_toolkit.activation.running import is_open
from numbers_toolkit.errors import JournalError, JournalLockedError, PlanError

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterable, Iterator

    from numbers_toolkit.activation.items import Wish
    from numbers_toolkit.activation.plan import Plan
    from numbers_toolkit.activation.result import Result

__all__ = ["PastRun", "PastRuns", "journal_name", "read_run", "run_of", "runs_of_project", "starting"]

_SUFFIX: Final = ".jsonl"
_DATE: Final = len("2026-03-02")
#: Seconds to wait for somebody who is starting a run.
_PATIENCE: Final = 30
#: After these, going on with the run would still do what it was begun for.
_MAY_BUY: Final = (ACTIVATED, UNKNOWN, NOT_TRIED)


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run that was begun, as far as its journal tells.

    Parameters
    ----------
    journal : pathlib.Path
        Its journal.
    result : Result
        What became of its plan so far.
    started_at : str
        When it was begun, RFC 3339.
    open : bool
        Whether there is anything left to do.
    running : bool
        Whether it is going on at this moment, here or in another process.
    """

    journal: Path
    result: Result
    started_at: str
    open: bool
    running: bool

    @property
    def plan(self) -> Plan:
        """The plan that was carried out."""
        return self.result.plan

    @property
    def counts_for_its_wish(self) -> bool:
        """Whether anything was bought, or still would be by going on with it."""
        return any(one.outcome in _MAY_BUY for one in self.result.numbers)

    def wishes_like(self, wishes: Iterable[Wish]) -> tuple[Wish, ...]:
        """Return which of these wishes the run was for, too; what a number has to be able to do does not matter."""
        own = Counter(_essence(one) for one in getattr(self.plan, "wishes", ()))
        return tuple(one for one in wishes if own[_essence(one)])

    def numbers_among(self, phone_numbers: Collection[str]) -> tuple[str, ...]:
        """Return which of these numbers are part of the run."""
        wanted = set(phone_numbers)
        return tuple(one.item.phone_number for one in self.result.numbers if one.item.phone_number in wanted)


@dataclass(frozen=True, slots=True)
class PastRuns:
    """What a folder of journals holds of a project.

    Parameters
    ----------
    runs : tuple of PastRun
        The last one begun first.
    unreadable : tuple of str
        For each journal that can't be read, why.
    """

    runs: tuple[PastRun, ...] = ()
    unreadable: tuple[str, ...] = ()


def journal_name(plan: Plan) -> str:
    """Return the file name for a plan's journal, the same whenever the plan is opened again.

    Examples
    --------
    >>> from numbers_toolkit.activation.plan import ChangePlan
    >>> facts = {"project_id": "p", "source": "sandbox", "made_at": "2026-03-02T09:00:00Z", "items": ()}
    >>> journal_name(ChangePlan(plan_id="a1b2", purpose="repair", **facts))
    '2026-03-02-repair-a1b2.jsonl'
    """
    purpose = plan.purpose if isinstance(plan, ChangePlan) else "activation"
    date = "".join(one for one in plan.made_at[:_DATE] if one.isdigit() or one == "-")
    return "-".join(part for part in (date, purpose, plan.plan_id) if part) + _SUFFIX


def read_run(journal: str | os.PathLike[str]) -> PastRun:
    """Return what a journal tells of its run.

    Raises
    ------
    JournalError
        When it is no sound journal.
    """
    content = read_journal(journal)
    past = History(content.plan, content.lines)
    return PastRun(
        content.path,
        result_of(past, content.path),
        _started_at(content),
        is_open(past),
        not past.finished and is_locked(content.path),
    )


def run_of(plan: Plan, folder: str | os.PathLike[str] | None = None) -> PastRun | None:
    """Return the run of a plan; None when the plan was never started, as far as can be known here.

    Parameters
    ----------
    plan : Plan
        The plan.
    folder : path-like, optional
        Where its journal may lie that the register of started plans does not know of, such as on a disk that was
        carried here from another machine.

    Raises
    ------
    JournalError
        When its journal can't be read or is gone, or the register can't be used: then the plan can't be started.
    """
    known = claims.claimed_by(plan.plan_id)
    own = [] if folder is None else [Path(folder).expanduser().resolve() / journal_name(plan)]
    for path in [*([known.path] if known is not None else []), *own]:
        # What was only about to be begun sent nothing; it is started again with the same file.
        if path.is_file() and is_begun(path):
            run = read_run(path)
            if run.plan.plan_id == plan.plan_id:
                return run
    if known is not None:
        raise claims.already_started(plan.plan_id, known.path)
    return None


def runs_of_project(folder: str | os.PathLike[str], project_id: str) -> PastRuns:
    """Return the runs of a project whose journals lie in a folder.

    Parameters
    ----------
    folder : path-like
        The folder; one that is not there holds none.
    project_id : str
        The project.

    Returns
    -------
    PastRuns
        The runs, and what is wrong with journals that can't be read.
    """
    runs, unreadable = [], []
    for path in _journals(Path(folder).expanduser()):
        head = _head(path)
        if head is None or head.get("project_id") != project_id:
            continue
        try:
            runs.append(read_run(path))
        except (JournalError, PlanError) as error:
            unreadable.append(str(error))
    runs.sort(key=lambda one: (one.started_at, one.journal.name), reverse=True)
    return PastRuns(tuple(runs), tuple(unreadable))


@contextmanager
def starting(folder: Path) -> Iterator[None]:
    """Be the only one who starts a run with a journal in a folder.

    Whoever looks for runs of the same wish and then begins one holds it from the look to the first line of the
    journal, so that of two at the same moment the second one finds the first.

    Raises
    ------
    JournalError
        When the folder can't be written to, or somebody else has been starting for too long.
    """
    lock = FileLock(folder / ".starting.lock", timeout=_PATIENCE, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise JournalLockedError(
            f"Somebody else has been starting a run in {folder} for {_PATIENCE} seconds. Nothing was sent. Try again."
        ) from None
    except (OSError, RuntimeError) as error:
        raise JournalError(
            f"The folder {folder} for journals can't be written to: {error}. Nothing was sent. Choose another one."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _journals(folder: Path) -> Iterator[Path]:
    try:
        yield from sorted(folder.glob(f"*{_SUFFIX}"))
    except OSError:
        # Whoever wants to write there is told.
        return


def _head(path: Path) -> dict[str, Any] | None:
    """Return the plan of a journal's first line, None when it is no journal."""
    try:
        with path.open("rb") as file:
            first = json.loads(file.readline())
        plan = first["plan"] if first["what"] == "plan" else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return plan if isinstance(plan, dict) else None


def _started_at(content: JournalContent) -> str:
    runs = [str(line.get("at", "")) for line in content.lines if line.get("what") == "run"]
    return runs[0] if runs else content.plan.made_at


def _essence(wish: Wish) -> tuple[Any, ...]:
    return wish.count, wish.region_code, wish.number_type, wish.pattern, wish.search_pattern
