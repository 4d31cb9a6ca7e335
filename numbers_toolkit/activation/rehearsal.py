"""A dry run: looks at every number as the run would, and sends nothing that costs or changes anything."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from numbers_toolkit import errors
from numbers_toolkit.activation.changing import releasable, still_ours
from numbers_toolkit.activation.desk import Desk, Unreadable
from numbers_toolkit.activation.endings import NOT_TRIED, Ending, NumberEnded, RunStopped
from numbers_toolkit.activation.history import History, StepRecord
from numbers_toolkit.activation.ordering import prepare_papers, prepared_papers
from numbers_toolkit.activation.pacing import Pacer
from numbers_toolkit.activation.plan import PlannedNumber, PlannedRelease
from numbers_toolkit.activation.renting import look_before_buying
from numbers_toolkit.activation.result import NumberResult, Result
from numbers_toolkit.progress import progress_bar

if TYPE_CHECKING:
    from numbers_toolkit.activation.desk import Options
    from numbers_toolkit.activation.plan import Item, Plan
    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.progress import Progress

__all__ = ["rehearse"]


def rehearse(plan: Plan, client: NumbersClient, options: Options, progress: Progress) -> Result:
    """Return what would become of a plan, by reading alone.

    Parameters
    ----------
    plan : Plan
        The plan.
    client : NumbersClient
        The project.
    options : Options
        How the run would go.
    progress : bool or callable, optional
        A bar.

    Returns
    -------
    Result
        Every number ``not tried``; ``reason`` says what would be done with it or what stands against it.
    """
    stop = threading.Event()
    journal: Any = None  # nothing is written, so nothing may be sent
    desk = Desk(client, journal, History(plan), Pacer(client.clock, stop.is_set), options, stop)
    prepare_papers(desk)
    rows: list[NumberResult] = []
    with (
        progress_bar("numbers", "number", progress) as report,
        ThreadPoolExecutor(options.concurrency) as pool,
    ):
        for item, ending in zip(
            plan.items, pool.map(lambda one: _looked_at(one, desk), plan.items), strict=True
        ):
            rows.append(NumberResult(item, ending.outcome, ending.reason, ending.what_to_do))
            report(len(rows), len(plan))
    return Result(plan, None, tuple(rows), desk.why_stopped, dry_run=True)


def _looked_at(item: Item, desk: Desk) -> Ending:
    try:
        return Ending(NOT_TRIED, _would(item, desk))
    except NumberEnded as end:
        advice = end.ending.what_to_do or "Make a new plan."
        return replace(end.ending, outcome=NOT_TRIED, what_to_do=advice)
    except RunStopped as stop:
        desk.halt(stop.reason)
        return Ending(NOT_TRIED, stop.reason, "Put that right first.")
    except (errors.NumbersToolkitError, Unreadable) as error:
        return Ending(NOT_TRIED, str(error), "Try again later.")


def _would(item: Item, desk: Desk) -> str:
    if isinstance(item, PlannedNumber):
        if item.route == "order":
            prepared_papers(item, desk)
        look_before_buying(item, desk, StepRecord())
        return f"Would be bought by {'a number order' if item.route == 'order' else ':rent'}."
    if isinstance(item, PlannedRelease):
        releasable(item.phone_number, desk)
        return "Would be released."
    still_ours(item.phone_number, desk)
    return "Would be changed."
