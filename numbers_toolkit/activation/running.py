"""The run: numbers worked on side by side, each to its end; then the orders followed to theirs.

Knows no single procedure but by its table; writes each number's ending to the journal.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import errors
from numbers_toolkit.activation import changing, following, history, ordering, renting
from numbers_toolkit.activation.desk import Unreadable
from numbers_toolkit.activation.endings import (
    FINAL,
    NOT_TRIED,
    UNKNOWN,
    Ending,
    NumberEnded,
    RunStopped,
)
from numbers_toolkit.activation.plan import PlannedNumber
from numbers_toolkit.activation.replacing import may_be_replaced, replacement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numbers_toolkit.activation.desk import Desk
    from numbers_toolkit.activation.history import History
    from numbers_toolkit.activation.plan import Item
    from numbers_toolkit.progress import Report
    from numbers_toolkit.transport import Clock

__all__ = ["PROCEDURES", "is_open", "run"]

#: What carries out each action. Every one ends by raising NumberEnded; an order returns once it is submitted.
PROCEDURES: Final[Mapping[str, Callable[[Any, Any], None]]] = MappingProxyType(
    {
        "rent": renting.rent,
        "order": ordering.order,
        "update": changing.update,
        "release": changing.release,
    }
)
_LOOK_SECONDS: Final = 0.2
#: Told of an order whose state is not known.
_UNDER_REVIEW: Final = "under review"
#: So often are orders made anew that expired while they were followed.
_MOST_ROUNDS: Final = 3
#: So many numbers in a row that could not be worked on mean that the API can't be reached at all.
_MOST_FAILURES_IN_A_ROW: Final = 4
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 15.0
_SLICE: Final = 0.5


def run(desk: Desk, cancelled: Callable[[], bool], report: Report) -> None:
    """Work on every number that has no final ending yet.

    Parameters
    ----------
    desk : Desk
        What the run shares; its history says what was done before.
    cancelled : callable
        Tells whether a person wants no further number to be begun.
    report : callable
        Is told how many numbers are done, of how many.

    Raises
    ------
    JournalWriteError
        When the journal can't be written; nothing is sent after that.
    """
    ordering.prepare_papers(desk)
    waiting = deque(_in_turn(desk.history))
    under_review: list[PlannedNumber] = []
    expired: list[PlannedNumber] = []
    for _ in range(_MOST_ROUNDS):
        fault = _work_through(desk, waiting, under_review, cancelled, report)
        if fault is not None:
            raise fault
        expired = _follow(desk, under_review, cancelled, report)
        waiting.extend(expired)
        if not waiting or desk.stop.is_set():
            break
    for item in expired:
        _end(desk, item, following.still_open(item, desk, ordering.EXPIRED).ending)


def _in_turn(past: History) -> list[Item]:
    """Return what is to be worked on; last what stopped an earlier run, so that it does not stand in the way."""
    unended = [one for one in past.chosen().values() if _unended(one, past)]
    return sorted(unended, key=lambda one: bool(past.ended.get(one.phone_number, {}).get("again")))


def _unended(item: Item, past: History) -> bool:
    """Whether there is still something to do for a number."""
    ended = past.ended.get(item.phone_number)
    if ended is None or ended.get("again") or ended.get("outcome") not in FINAL:
        return True
    return may_be_replaced(item, str(ended["outcome"])) and item.phone_number not in past.replaced


def is_open(past: History) -> bool:
    """Whether a journal leaves anything to do."""
    return any(_unended(one, past) for one in past.chosen().values())


# -- side by side -----------------------------------------------------------------------------------------------


class _Work:
    """One pass over numbers, several at a time."""

    def __init__(
        self, desk: Desk, waiting: deque[Item], under_review: list[PlannedNumber], report: Report
    ) -> None:
        self.desk = desk
        self.waiting = waiting
        self.under_review = under_review
        self.report = report
        self.running: dict[Future[Ending | None], Item] = {}
        self.fault: BaseException | None = None
        self.failures = 0

    def fill(self, pool: ThreadPoolExecutor) -> None:
        """Begin as many numbers as are allowed side by side."""
        while (
            self.waiting and len(self.running) < self.desk.options.concurrency and not self.desk.stop.is_set()
        ):
            item = self.waiting.popleft()
            self.running[pool.submit(_worked, item, self.desk)] = item

    def take(self, finished: set[Future[Ending | None]]) -> None:
        """Write down how numbers ended."""
        for future in finished:
            item = self.running.pop(future)
            error = future.exception()
            if error is not None:
                self._failed(error)
                continue
            ending = future.result()
            if ending is None:
                assert isinstance(item, PlannedNumber)  # noqa: S101 - only orders return without an ending
                self.under_review.append(item)
                continue
            self._ended(item, ending)
        _tell(self.desk, self.report)

    def _failed(self, error: BaseException) -> None:
        self.fault = self.fault or error
        self.desk.halt(f"The run stopped: {error}")

    def _ended(self, item: Item, ending: Ending) -> None:
        try:
            _end(self.desk, item, ending)
            if isinstance(item, PlannedNumber) and may_be_replaced(item, ending.outcome):
                instead = replacement(item, self.desk)
                if instead is not None:
                    self.waiting.append(instead)
        except errors.JournalError as error:
            self._failed(error)
        except RunStopped as stop:
            self.desk.halt(stop.reason)
        self._count_failures(ending)

    def _count_failures(self, ending: Ending) -> None:
        self.failures = self.failures + 1 if ending.facts.get("unreachable") else 0
        if self.failures >= _MOST_FAILURES_IN_A_ROW:
            self.desk.halt(
                f"The API could not be worked with for {self.failures} numbers in a row; the last time: "
                f"{ending.reason}"
            )


def _work_through(
    desk: Desk,
    waiting: deque[Item],
    under_review: list[PlannedNumber],
    cancelled: Callable[[], bool],
    report: Report,
) -> BaseException | None:
    work = _Work(desk, waiting, under_review, report)
    with ThreadPoolExecutor(desk.options.concurrency, "numbers_toolkit.activation") as pool:
        while True:
            try:
                if cancelled():
                    desk.halt("You stopped the run.")
                work.fill(pool)
                if not work.running:
                    break
                finished, _ = wait(work.running, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
                work.take(finished)
            except KeyboardInterrupt:
                # What is under way is brought to its end: only so its outcome is known.
                desk.halt("You interrupted the run.")
    return work.fault


def _worked(item: Item, desk: Desk) -> Ending | None:
    """Work on one number; None when an order is submitted and under review."""
    ended = desk.history.ended.get(item.phone_number)
    if ended is not None and ended.get("outcome") in FINAL and not ended.get("again"):
        # Taken in an earlier run that did not get to choose its replacement.
        return Ending(str(ended["outcome"]), str(ended.get("reason", "")), str(ended.get("what_to_do", "")))
    try:
        PROCEDURES[item.action](item, desk)
    except NumberEnded as end:
        return end.ending
    except RunStopped as stop:
        desk.halt(stop.reason)
        facts = {"again": True, **ordering.known_order(item, desk)}
        advice = "Put that right, then go on with resume_activation."
        if stop.outcome != UNKNOWN and _uncertain(item, desk):
            lost = f"What became of its last request could not be read. {stop.reason}"
            return Ending(UNKNOWN, lost, advice, facts)
        return Ending(stop.outcome, stop.reason, advice, facts)
    except (errors.JournalError, errors.ConfigurationError):
        raise
    except (errors.NumbersToolkitError, Unreadable) as error:
        return _not_worked(item, desk, error)
    return None


def _uncertain(item: Item, desk: Desk) -> bool:
    """Whether a request for a number may have been carried out, or its order be paid yet."""
    records = desk.history.steps_of(item.phone_number).values()
    return any(one.result == history.UNKNOWN for one in records) or ordering.submitted(item, desk)


def _not_worked(item: Item, desk: Desk, error: Exception) -> Ending:
    return Ending(
        UNKNOWN if _uncertain(item, desk) else NOT_TRIED,
        str(error),
        "Go on with resume_activation: it reads what happened before it does anything.",
        {"unreachable": True, **ordering.known_order(item, desk)},
    )


def _end(desk: Desk, item: Item, ending: Ending) -> None:
    known = desk.history.ended.get(item.phone_number)
    facts = {name: value for name, value in ending.facts.items() if value and name != "unreachable"}
    line = {"outcome": ending.outcome, "reason": ending.reason, "what_to_do": ending.what_to_do, **facts}
    line = {name: value for name, value in line.items() if value}
    if known is not None and {name: known.get(name) for name in line} == line:
        return
    desk.write("ended", number=item.phone_number, **line)


def _tell(desk: Desk, report: Report) -> None:
    try:
        report(len(desk.history.ended), len(desk.history.items))
    except Exception as error:  # noqa: BLE001 - somebody else's function, which may raise anything
        # Its failure may be meant as a sign to stop; what was done until then must not be lost by it.
        if not desk.stop.is_set():
            desk.halt(
                f"The run stopped, since its progress could not be shown: {type(error).__name__}: {error}"
            )


# -- orders -----------------------------------------------------------------------------------------------------


def _follow(
    desk: Desk, under_review: list[PlannedNumber], cancelled: Callable[[], bool], report: Report
) -> list[PlannedNumber]:
    """Follow submitted orders until each is decided or the time is up; return those to be ordered anew."""
    clock = desk.client.clock
    until = clock.monotonic() + desk.options.wait_for_orders
    pause = _FIRST_PAUSE
    again: list[PlannedNumber] = []
    while under_review:
        try:
            states = _look_at_all(desk, under_review, again, cancelled)
            _tell(desk, report)
            if desk.stop.is_set() or clock.monotonic() >= until:
                for one in under_review:
                    _end(desk, one, following.still_open(one, desk, states[one.phone_number]).ending)
                break
            if under_review:
                _rest(clock, min(pause, until - clock.monotonic()), cancelled)
                pause = min(_LONGEST_PAUSE, pause * 1.5)
        except KeyboardInterrupt:
            desk.halt("You interrupted the run.")
    return again


def _rest(clock: Clock, seconds: float, cancelled: Callable[[], bool]) -> None:
    """Wait, in slices: a person who stops the run should not have to wait as well."""
    until = clock.monotonic() + seconds
    while not cancelled() and (left := until - clock.monotonic()) > 0:
        clock.sleep(min(left, _SLICE))


def _look_at_all(
    desk: Desk, under_review: list[PlannedNumber], again: list[PlannedNumber], cancelled: Callable[[], bool]
) -> dict[str, str]:
    """Look once at every order; those that are decided leave the list, expired ones are to be made anew."""
    states: dict[str, str] = {}
    failures = 0
    for one in under_review:
        if cancelled():
            desk.halt("You stopped the run.")
        states[one.phone_number] = _UNDER_REVIEW
        # An API that is away would be waited for once more at every order.
        if failures >= _MOST_FAILURES_IN_A_ROW:
            continue
        try:
            states[one.phone_number] = _looked(one, desk)
            failures = 0
        except (errors.TransportError, Unreadable) as error:
            failures += 1
            if failures >= min(_MOST_FAILURES_IN_A_ROW, len(under_review)):
                desk.halt(f"The orders could not be read: {error}")
    again += [one for one in under_review if states[one.phone_number] == ordering.EXPIRED]
    under_review[:] = [one for one in under_review if states[one.phone_number] not in ("", ordering.EXPIRED)]
    return states


def _looked(number: PlannedNumber, desk: Desk) -> str:
    """Return the state of a number's order, ``""`` once the number has ended."""
    try:
        return following.follow(number, desk) or _UNDER_REVIEW
    except NumberEnded as end:
        _end(desk, number, end.ending)
    except RunStopped as stop:
        desk.halt(stop.reason)
        return _UNDER_REVIEW
    except (errors.JournalError, errors.TransportError):
        raise
    except errors.NumbersToolkitError as error:
        _end(desk, number, _not_worked(number, desk, error))
    return ""
