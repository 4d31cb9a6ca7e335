"""Reading the whole inventory page by page, complete or loud.

Follows the page tokens, checks the count against the API's total, notices numbers that come twice and an
inventory that changes meanwhile, reads again where that can settle it, and raises where it can't.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import flattening
from numbers_toolkit.decoding import decode_pages
from numbers_toolkit.errors import (
    BadRequestError,
    ChangingInventoryWarning,
    DuplicateNumberWarning,
    IncompleteDataWarning,
    IncompleteInventoryError,
    NumbersToolkitError,
    PaginationError,
    warn_user,
)
from numbers_toolkit.frames import FrameBuilder, flat_batch
from numbers_toolkit.paging import WrongGuessError, read_batches

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd

    from numbers_toolkit.answers import Answer
    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.decoding import PageEnd
    from numbers_toolkit.frames import Batch
    from numbers_toolkit.progress import Report

__all__ = ["Inventory", "read_active_numbers"]

_READS: Final = 3
#: A list that only ever gives new tokens and no numbers would go on for ever.
_MOST_EMPTY_PAGES: Final = 100
#: Source: a third-party description names 100 as the largest page; used when a larger one is refused.
_SAFE_PAGE_SIZE: Final = 100
_CONFLICT: Final = "numbers came twice with different content"


@dataclass(frozen=True, slots=True)
class Inventory:
    """What was read, and what the API said of it.

    ``total_size`` is None if the API gave none, ``fetched_at`` is the server's time, ``complete`` is None when
    nothing confirms that it is all.
    """

    frame: pd.DataFrame
    total_size: int | None
    fetched_at: datetime | None
    complete: bool | None


@dataclass(slots=True)
class _Reading:
    """One pass over the pages."""

    builder: FrameBuilder = field(default_factory=lambda: FrameBuilder(flattening.ACTIVE_NUMBERS))
    totals: list[int] = field(default_factory=list)
    fetched_at: datetime | None = None
    ended: bool = False
    frame: Any = None
    repeats: int = 0
    conflicts: int = 0
    tokens: set[str] = field(default_factory=set)
    empty_pages: int = 0

    @property
    def total(self) -> int | None:
        return self.totals[-1] if self.totals else None

    @property
    def changed(self) -> bool:
        return len(set(self.totals)) > 1

    @property
    def agrees(self) -> bool:
        return not self.conflicts and (self.total is None or len(self.frame) == self.total)


def read_active_numbers(
    client: NumbersClient, query: dict[str, Any], *, limit: int | None, page_size: int, report: Report
) -> Inventory:
    """Read the active numbers that match one set of filters.

    Parameters
    ----------
    client : NumbersClient
        Where to read from.
    query : dict
        Filters of ``client.active_numbers_page``.
    limit : int or None
        Stop after this many.
    page_size : int
        Numbers asked for per page.
    report : callable
        Told ``(done, total or None)`` after each page.

    Returns
    -------
    Inventory
        Complete unless a limit cut it.

    Raises
    ------
    IncompleteInventoryError
        When numbers are still missing, or listed twice with different content, after three reads; carries
        what did arrive.
    PaginationError
        When a page token comes twice.
    """
    for attempt in range(1, _READS + 1):
        reading = _read_once(client, query, limit=limit, page_size=page_size, report=report)
        settled = reading.agrees and (not reading.changed or attempt == _READS)
        if settled or (not reading.ended and not reading.conflicts):
            break
    else:
        _refuse_incomplete(reading)
    _warn(reading)
    frame = reading.frame if limit is None else reading.frame.head(limit)
    complete: bool | None = reading.ended and len(frame) == len(reading.frame)
    if complete and (reading.changed or reading.total != len(reading.frame)):
        complete = None
    return Inventory(frame, reading.total, reading.fetched_at, complete)


def _read_once(
    client: NumbersClient, query: dict[str, Any], *, limit: int | None, page_size: int, report: Report
) -> _Reading:
    reading = _Reading()
    options: dict[str, Any] = {"limit": limit, "page_size": page_size, "report": report}
    try:
        try:
            # With a limit, pages beyond it must not be asked for.
            _follow_pages(client, query, reading, ahead=limit is None, **options)
        except WrongGuessError:
            reading = _Reading()
            _follow_pages(client, query, reading, ahead=False, **options)
    except NumbersToolkitError as error:
        _keep_partial(error, reading)
        raise
    reading.frame = reading.builder.finish()
    _resolve_repeats(reading)
    return reading


def _keep_partial(error: NumbersToolkitError, reading: _Reading) -> None:
    """Hand over what had arrived with the error: not as a result, since a part looks like the whole."""
    if reading.builder.rows:
        count = f"{reading.builder.rows:,}"
        partial = reading.builder.finish()
        partial.attrs["complete"] = False
        error.partial = partial
        error.add_note(f"{count} numbers had been read by then; they are in the error's 'partial'.")


def _follow_pages(
    client: NumbersClient,
    query: dict[str, Any],
    reading: _Reading,
    *,
    ahead: bool,
    limit: int | None,
    page_size: int,
    report: Report,
) -> None:
    answer, size = _first_page(client, query, page_size if limit is None else min(page_size, limit))
    reading.fetched_at = answer.date()
    shape = reading.builder.shape

    def fetch(token: str) -> Answer:
        return client.active_numbers_page(**query, page_size=size, page_token=token)

    def decode(bodies: list[bytes], path: str) -> Batch:
        return flat_batch(decode_pages(bodies, shape.contract, path=path), shape)

    for batch in read_batches(fetch, answer, decode, ahead=ahead):
        reading.builder.add(batch)
        for end in batch.ends:
            _note_end(reading, end, answer.path)
        report(reading.builder.rows, reading.total)
        if reading.ended or (limit is not None and reading.builder.rows >= limit):
            return


def _note_end(reading: _Reading, end: PageEnd, path: str) -> None:
    if end.total_size is not None:
        reading.totals.append(end.total_size)
    reading.ended = not end.next_page_token
    reading.empty_pages = 0 if end.rows else reading.empty_pages + 1
    if end.next_page_token in reading.tokens or reading.empty_pages > _MOST_EMPTY_PAGES:
        raise PaginationError(
            "The API gave the same page token twice, or page after page without numbers, so the list can't be "
            "read to its end. Try again; if it stays, report it to the API's support.",
            path=path,
        )
    reading.tokens.add(end.next_page_token)


def _first_page(client: NumbersClient, query: dict[str, Any], size: int) -> tuple[Answer, int]:
    """Return the first page and the page size that was accepted."""
    try:
        return client.active_numbers_page(**query, page_size=size), size
    except BadRequestError as error:
        words = [error.api_message, *(one.field + one.description for one in error.field_violations)]
        refused = any("size" in word.lower() for word in words)
        if not refused or size <= _SAFE_PAGE_SIZE:
            raise
    return client.active_numbers_page(**query, page_size=_SAFE_PAGE_SIZE), _SAFE_PAGE_SIZE


def _resolve_repeats(reading: _Reading) -> None:
    """List a number that came twice once if its rows agree; count those that don't."""
    frame = reading.frame
    if frame["phone_number"].is_unique:
        return
    repeated = frame[frame["phone_number"].duplicated(keep=False)]
    distinct = repeated[~repeated.astype(str).duplicated()]
    reading.repeats = len(repeated) - len(distinct)
    reading.conflicts = int(distinct["phone_number"].duplicated().sum())
    keep = frame.index.difference(repeated.index).union(distinct.index)
    reading.frame = frame.loc[keep].reset_index(drop=True)


def _refuse_incomplete(reading: _Reading) -> None:
    received, expected = len(reading.frame), reading.total
    if not reading.conflicts and (expected is None or received >= expected):
        return
    reason = f"{reading.conflicts} {_CONFLICT}" if reading.conflicts else "numbers are missing"
    of = "" if expected is None else f" of {expected:,}"
    reading.frame.attrs["complete"] = False
    raise IncompleteInventoryError(
        f"The inventory is not complete: {received:,}{of} numbers arrived and {reason}, also after "
        f"{_READS} reads. It may be changing right now; try again in a minute. What arrived is in the error's "
        "'partial'.",
        received=received,
        expected=expected,
        partial=reading.frame,
    )


def _warn(reading: _Reading) -> None:
    reading.builder.warn()
    received, total = len(reading.frame), reading.total
    if reading.repeats:
        warn_user(
            f"{reading.repeats:,} numbers came on two pages with the same content; each is listed once.",
            DuplicateNumberWarning,
        )
    if not reading.ended:
        return
    if reading.changed:
        warn_user(
            f"The inventory changed while it was read (the API's total went from {reading.totals[0]:,} to "
            f"{reading.totals[-1]:,}), {_READS} times in a row. As many are listed as the last total says; read "
            "again when nothing changes to be sure of each one.",
            ChangingInventoryWarning,
        )
    if total is None:
        warn_user(
            f"The API gave no total, so nothing confirms that these {received:,} numbers are all there are.",
            IncompleteDataWarning,
        )
    elif received > total:
        warn_user(
            f"{received:,} numbers arrived although the API's total says {total:,}; all are listed.",
            IncompleteDataWarning,
        )
