"""Searching numbers on offer beyond the one page the API shows.

The search has no page token: what does not fit on the page is not reachable, and nothing says so. A full
page is therefore called "at least", and a fan-out asks again for longer and longer prefixes until each
part fits on a page.

Source of the limits: none is documented; a third-party description names 30 and 100.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from numbers_toolkit import flattening
from numbers_toolkit.decoding import PageEnd, Pages, decode_pages
from numbers_toolkit.vocabulary import MAXIMUM_DIGITS, check_pattern

if TYPE_CHECKING:
    from datetime import datetime

    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.progress import Report

__all__ = ["Search", "search"]

_SMALLEST_CAP: Final = 10


@dataclass(slots=True)
class Search:
    """One search of a region and number type, and how far it got."""

    region_code: str
    number_type: str
    filters: dict[str, Any]
    pages: list[Pages] = field(default_factory=list)
    found: set[str] = field(default_factory=set)
    #: How many of those found are shown: those that match, as many as were wanted.
    numbers: int = 0
    requests: int = 0
    complete: bool = True
    fetched_at: datetime | None = None
    largest: int = 0


def search(
    client: NumbersClient,
    task: Search,
    *,
    size: int,
    page_size: int,
    fan_out: bool,
    max_requests: int,
    report: Report,
) -> None:
    """Carry out one search; the numbers are in ``task.pages`` afterwards.

    Parameters
    ----------
    client : NumbersClient
        Where to search.
    task : Search
        What to search for; filled in.
    size : int
        Numbers wanted in all.
    page_size : int
        Numbers asked for per request.
    fan_out : bool
        Ask again by prefix while pages are full.
    max_requests : int
        Bound of the fan-out.
    report : callable
        Told how many numbers are found so far.
    """
    pattern = check_pattern(task.filters.get("pattern"), task.filters.get("search_pattern", "CONTAINS"))
    first = _ask(client, task, pattern, page_size)
    report(len(task.found), None)
    if not _may_be_cut(first, page_size, task):
        return
    if not fan_out:
        task.complete = False
        return
    local = pattern if pattern is not None and pattern[1] != "START" else None
    # From the plus sign on: no page says which calling codes a region's numbers have.
    waiting = _children(pattern[0] if pattern is not None and pattern[1] == "START" else "+")
    while waiting:
        if task.requests >= max_requests or len(task.found) >= size:
            task.complete = False
            return
        prefix = waiting.pop(0)
        count = _ask(client, task, (prefix, "START"), page_size, local=local)
        report(len(task.found), None)
        if _may_be_cut(count, page_size, task):
            waiting[:0] = _children(prefix)
            task.complete = task.complete and len(prefix) <= MAXIMUM_DIGITS


def _ask(
    client: NumbersClient,
    task: Search,
    pattern: tuple[str, str] | None,
    page_size: int,
    *,
    local: tuple[str, str] | None = None,
) -> int:
    """Send one search, keep what is new, and return how many numbers the API gave."""
    digits, kind = pattern if pattern is not None else (None, "CONTAINS")
    answer = client.available_numbers_page(
        task.region_code,
        task.number_type,
        capabilities=task.filters.get("capabilities"),
        pattern=digits,
        search_pattern=kind,
        size=page_size,
    )
    task.requests += 1
    task.fetched_at = task.fetched_at or answer.date()
    page = decode_pages([answer.body], flattening.AVAILABLE_NUMBERS.contract, path=answer.path)
    numbers = page.items.field("phoneNumber").to_pylist()
    new = [index for index, one in enumerate(numbers) if one not in task.found and _matches(one, local)]
    task.found.update(numbers[index] for index in new)
    task.pages.append(_pick(page, new))
    task.largest = max(task.largest, len(numbers))
    return len(numbers)


def _pick(page: Pages, rows: list[int]) -> Pages:
    indices = pa.array(rows, pa.int64())
    return Pages(page.items.take(indices), page.other.take(indices), [PageEnd(len(rows))], page.notes)


def _matches(phone_number: str, pattern: tuple[str, str] | None) -> bool:
    if pattern is None:
        return True
    digits, kind = pattern
    return phone_number.endswith(digits) if kind == "END" else digits in phone_number


def _may_be_cut(count: int, page_size: int, task: Search) -> bool:
    """Whether the API may hold more than it gave.

    A page shorter than asked for is the whole answer, unless the server has a smaller maximum of its own.
    Such a maximum is a round number, and no page of the same search is ever longer.
    """
    if count >= page_size:
        return True
    is_round = count % 10 == 0 or count % 25 == 0 or count & (count - 1) == 0
    return count >= _SMALLEST_CAP and is_round and count >= task.largest


def _children(prefix: str) -> list[str]:
    if len(prefix) > MAXIMUM_DIGITS:
        return []
    return [f"{prefix}{digit}" for digit in ("123456789" if prefix == "+" else "0123456789")]
