"""Notebook one-liners: client to DataFrame, complete or loud.

Puts checked arguments, reading and searching, progress and provenance together. Every frame says in its
``attrs`` where it comes from: ``source``, ``fetched_at``, ``total_size``, ``complete``, ``filters``.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from numbers_toolkit import flattening, vocabulary
from numbers_toolkit.client import PAGE_SIZE, SEARCH_SIZE
from numbers_toolkit.combining import joined, matching, once_each, provenance
from numbers_toolkit.errors import (
    IncompleteDataWarning,
    InvalidInputError,
    UnknownValueWarning,
    warn_user,
)
from numbers_toolkit.frames import FrameBuilder, available_regions_frame, flat_batch
from numbers_toolkit.progress import progress_bar
from numbers_toolkit.reading import read_active_numbers
from numbers_toolkit.searching import Search, search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.progress import Progress, Report
    from numbers_toolkit.reading import Inventory

__all__ = ["active_numbers", "available_numbers", "available_regions"]

_EVERYTHING = 1 << 62


def active_numbers(
    client: NumbersClient,
    *,
    region_code: str | Iterable[str] | None = None,
    number_type: str | Iterable[str] | None = None,
    capabilities: str | Iterable[str] = (),
    pattern: str | None = None,
    search_pattern: str = "CONTAINS",
    limit: int | None = None,
    page_size: int = PAGE_SIZE,
    progress: Progress = None,
) -> pd.DataFrame:
    """Return the numbers the project rents, all of them or an error.

    Parameters
    ----------
    client : NumbersClient
        From :func:`numbers_toolkit.connect`.
    region_code : str or iterable of str, optional
        ISO 3166-1 alpha-2; None means all regions.
    number_type : str or iterable of str, optional
        ``MOBILE``, ``LOCAL``, ``TOLL_FREE``; None means all types.
    capabilities : str or iterable of str, optional
        Keep numbers that have all of these (``SMS``, ``VOICE``).
    pattern : str, optional
        Digits to look for in the E.164 text; with ``START`` from the plus sign on.
    search_pattern : {"CONTAINS", "START", "END"}
        Where to look for the pattern.
    limit : int, optional
        Stop after this many; the frame's ``attrs["complete"]`` is then False. None reads all.
    page_size : int, default 1000
        Numbers per request; a server may give fewer.
    progress : bool, callable or None
        True shows a bar, None shows one when a person is looking, a callable is told ``(done, total)``.

    Returns
    -------
    pandas.DataFrame
        One row per number, ordered by region and type as asked for, then by number. Columns and dtypes:

        - ``phone_number`` : str - number in E.164, always text
        - ``project_id`` : category, may be missing - project that rents it
        - ``display_name`` : str, may be missing - name given to it
        - ``region_code`` : category, may be missing - ISO 3166-1 alpha-2
        - ``number_type`` : category, may be missing - kind of number
        - ``has_sms`` : boolean, may be missing - can be used for SMS
        - ``has_voice`` : boolean, may be missing - can be used for voice
        - ``price`` : decimal128(18, 6)[pyarrow], may be missing - charge per payment interval, in
          currency_code
        - ``currency_code`` : category, may be missing - ISO 4217
        - ``payment_interval_months`` : Int8, may be missing - months between charges
        - ``monthly_cost`` : decimal128(18, 6)[pyarrow], may be missing - price / payment_interval_months,
          rounded half to even to six digits
        - ``next_charge_date`` : datetime64[us, UTC], may be missing - next renewal
        - ``expire_at`` : datetime64[us, UTC], may be missing - end of the rental; set once the number is
          released
        - ``sms_service_plan_id`` : category, may be missing - SMS service plan in force
        - ``sms_campaign_id`` : category, may be missing - 10DLC campaign in force
        - ``sms_state`` : category - state of the SMS service, or the API's own word if unknown
        - ``sms_scheduled_service_plan_id`` : category, may be missing - plan being set
        - ``sms_scheduled_campaign_id`` : category, may be missing - campaign being set
        - ``sms_error_codes`` : category - codes joined by ';', empty text when none
        - ``sms_updated_at`` : datetime64[us, UTC], may be missing - last change of the SMS job
        - ``voice_type`` : category, may be missing - voice product in force
        - ``voice_id`` : category, may be missing - app, trunk or service id in force
        - ``voice_state`` : category - state of the voice service, or the API's own word if unknown
        - ``voice_scheduled_type`` : category, may be missing - voice product being set
        - ``voice_scheduled_id`` : category, may be missing - app, trunk or service id being set
        - ``voice_updated_at`` : datetime64[us, UTC], may be missing - last change of the voice job, else of
          the voice service
        - ``callback_url`` : category, may be missing - where its events go
        A last column ``other_fields`` (JSON text) appears only if the API sent something no column holds.

    Raises
    ------
    InvalidInputError
        When an argument can't be right; nothing is sent.
    IncompleteInventoryError
        When numbers are missing after three reads; carries what arrived in ``partial``.
    APIError, TransportError, ResponseFormatError
        When a page can't be had.

    Warns
    -----
    UnknownValueWarning, DuplicateNumberWarning, ChangingInventoryWarning
        See :mod:`numbers_toolkit.errors`.

    Notes
    -----
    Unset values (absent, null or empty on the wire) are missing. ``attrs["complete"]`` is True when the count
    agrees with the API's total, None when there is no total or it kept changing, False after a ``limit``.
    The API has no snapshots: a number that goes while another comes, between two pages of a server that pages
    by position, leaves the total as it was and can't be noticed. Source: ``GET activeNumbers``.

    Examples
    --------
    >>> import numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client:
    ...     active = nt.active_numbers(client, region_code="US", number_type="LOCAL")
    >>> active.attrs["complete"], len(active) == active.attrs["total_size"]
    (True, True)
    """
    regions = _several(region_code, vocabulary.check_region_codes, "region_code")
    types = _several(number_type, vocabulary.check_number_types, "number_type")
    filters = {
        "capabilities": vocabulary.check_capabilities(capabilities),
        "pattern": pattern,
        "search_pattern": search_pattern,
    }
    vocabulary.check_pattern(pattern, search_pattern)
    page_size = vocabulary.check_count(page_size, "page_size")
    limit = None if limit is None else vocabulary.check_count(limit, "limit")
    queries = [{"region_code": r, "number_type": t, **filters} for r, t in itertools.product(regions, types)]
    with progress_bar("active numbers", "numbers", progress) as report:
        found = _read_all(client, queries, limit=limit, page_size=page_size, report=report)
    frame = once_each(joined([one.frame for one in found], flattening.ACTIVE_NUMBERS.table))
    frame = matching(frame, regions, types, filters)
    totals = [one.total_size for one in found if one.total_size is not None]
    frame.attrs = provenance(
        client,
        fetched_at=found[0].fetched_at,
        total_size=sum(totals) if len(totals) == len(queries) else None,
        complete=_complete(found, queries),
        filters={"region_code": regions, "number_type": types, **filters},
    )
    return frame


def _several(value: Any, check: Callable[[Any], list[str]], name: str) -> list[str | None]:
    """Return checked values, or a single None for "all"; an empty list is more likely a mistake than all."""
    checked = check(value)
    if not checked and value is not None:
        raise InvalidInputError(f"{name} is empty; leave it out for all, or give at least one.")
    return [*checked] or [None]


def _complete(found: list[Inventory], queries: list[dict[str, Any]]) -> bool | None:
    states = [one.complete for one in found]
    if len(found) < len(queries) or False in states:
        return False
    return None if None in states else True


def _read_all(
    client: NumbersClient, queries: list[dict[str, Any]], *, limit: int | None, page_size: int, report: Report
) -> list[Inventory]:
    found: list[Inventory] = []
    rows = total = 0
    for query in queries:
        left = None if limit is None else limit - rows
        if left is not None and left <= 0:
            break
        before, before_total = rows, total

        def tell(done: int, of: int | None, rows: int = before, total: int = before_total) -> None:
            report(rows + done, None if of is None else total + of)

        found.append(read_active_numbers(client, query, limit=left, page_size=page_size, report=tell))
        rows += len(found[-1].frame)
        total += found[-1].total_size or len(found[-1].frame)
    return found


def available_regions(
    client: NumbersClient, *, number_types: str | Iterable[str] | None = None
) -> pd.DataFrame:
    """Return the regions on offer and the number types each of them has.

    Parameters
    ----------
    client : NumbersClient
        From :func:`numbers_toolkit.connect`.
    number_types : str or iterable of str, optional
        Keep rows of these types; None keeps all.

    Returns
    -------
    pandas.DataFrame
        One row per region and number type. Columns and dtypes:

        - ``region_code`` : category - ISO 3166-1 alpha-2
        - ``region_name`` : str, may be missing - English name
        - ``number_type`` : category, may be missing - kind of number

    Notes
    -----
    These are regions where numbers can be rented; the project may own numbers elsewhere.
    Source: ``GET availableRegions``.

    Examples
    --------
    >>> import numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client:
    ...     regions = nt.available_regions(client, number_types="TOLL_FREE")
    >>> "US" in set(regions.region_code)
    True
    """
    types = vocabulary.check_number_types(number_types)
    frame = available_regions_frame(client.list_available_regions(types))
    if types:
        frame = frame[frame["number_type"].isin(types)].reset_index(drop=True)
    frame.attrs = provenance(
        client, fetched_at=None, total_size=len(frame), complete=True, filters={"number_types": types}
    )
    return frame


def available_numbers(
    client: NumbersClient,
    region_code: str | Iterable[str],
    number_type: str | Iterable[str] | None = None,
    *,
    capabilities: str | Iterable[str] = (),
    pattern: str | None = None,
    search_pattern: str = "CONTAINS",
    size: int | None = None,
    fan_out: bool = False,
    max_requests: int = 500,
    progress: Progress = None,
) -> pd.DataFrame:
    """Return numbers on offer in one or several regions and types.

    Parameters
    ----------
    client : NumbersClient
        From :func:`numbers_toolkit.connect`.
    region_code : str or iterable of str
        ISO 3166-1 alpha-2.
    number_type : str or iterable of str, optional
        ``MOBILE``, ``LOCAL``, ``TOLL_FREE``; None means every type that each region offers.
    capabilities : str or iterable of str, optional
        Keep numbers that have all of these (``SMS``, ``VOICE``).
    pattern : str, optional
        Digits to look for in the E.164 text; with ``START`` from the plus sign on.
    search_pattern : {"CONTAINS", "START", "END"}
        Where to look for the pattern.
    size : int, optional
        How many numbers at most for each region and type. None means one page of 100, or, with
        ``fan_out``, all there are.
    fan_out : bool, default False
        The search shows one page and has no next one. True goes on by longer and longer prefixes.
    max_requests : int, default 500
        Bound of the fan-out, for each region and type.
    progress : bool, callable or None
        As in :func:`active_numbers`.

    Returns
    -------
    pandas.DataFrame
        One row per number, ordered by region and type as asked for, then by number. ``attrs["searches"]``
        tells for each region and type how many were found and whether that is all (``complete``) or "at
        least". Columns and dtypes:

        - ``phone_number`` : str - number in E.164, always text
        - ``region_code`` : category, may be missing - ISO 3166-1 alpha-2
        - ``number_type`` : category, may be missing - kind of number
        - ``has_sms`` : boolean, may be missing - can be used for SMS
        - ``has_voice`` : boolean, may be missing - can be used for voice
        - ``setup_price`` : decimal128(18, 6)[pyarrow], may be missing - one-time price, in currency_code
        - ``monthly_price`` : decimal128(18, 6)[pyarrow], may be missing - recurring price per month, in
          currency_code
        - ``currency_code`` : category, may be missing - ISO 4217, of both prices
        - ``payment_interval_months`` : Int8, may be missing - months between charges
        - ``supporting_documentation_required`` : boolean, may be missing - papers are needed, so the number
          is bought by a number order

    Raises
    ------
    InvalidInputError
        When an argument can't be right, or a region offers nothing.

    Warns
    -----
    IncompleteDataWarning
        When there may be more than was found, and ``size`` asked for more than that or for all; or when numbers came
        that don't match the pattern or lack the capabilities, which are left out.

    Notes
    -----
    The API reserves nothing: a number listed here can be gone a moment later. Source:
    ``GET availableNumbers``.

    Examples
    --------
    >>> import numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client:
    ...     offers = nt.available_numbers(client, "US", "LOCAL", capabilities="SMS", size=3)
    >>> len(offers), offers.currency_code.unique().tolist()
    (3, ['USD'])
    """
    regions = vocabulary.check_region_codes(region_code)
    if not regions:
        raise InvalidInputError("Give at least one region code, for example 'US'.")
    filters = {
        "capabilities": vocabulary.check_capabilities(capabilities),
        "pattern": pattern,
        "search_pattern": search_pattern,
    }
    types = vocabulary.check_number_types(number_type)
    vocabulary.check_pattern(pattern, search_pattern)
    max_requests = vocabulary.check_count(max_requests, "max_requests")
    size = None if size is None else vocabulary.check_count(size, "size")
    wanted = size or (_EVERYTHING if fan_out else SEARCH_SIZE)
    tasks = [Search(region, kind, filters) for region, kind in _pairs(client, regions, types)]
    with progress_bar("numbers on offer", "numbers", progress) as report:
        _search_all(client, tasks, wanted, fan_out=fan_out, max_requests=max_requests, report=report)
    frame = _offers_frame(tasks, wanted)
    frame.attrs = provenance(
        client,
        fetched_at=tasks[0].fetched_at if tasks else None,
        total_size=None,
        complete=all(task.complete for task in tasks),
        filters={"region_code": regions, "number_type": types, **filters},
    )
    frame.attrs["searches"] = [
        {
            "region_code": task.region_code,
            "number_type": task.number_type,
            "numbers": task.numbers,
            "complete": task.complete,
        }
        for task in tasks
    ]
    _warn_of_more(tasks, size, fan_out=fan_out)
    return frame


def _pairs(client: NumbersClient, regions: list[str], types: list[str]) -> list[tuple[str, str]]:
    """Return the (region, type) pairs to search, each region with its own types when none were asked for."""
    if types:
        return list(itertools.product(regions, types))
    offered = {str(one.get("regionCode")): one.get("types") or [] for one in client.list_available_regions()}
    nothing = [region for region in regions if not offered.get(region)]
    if nothing:
        raise InvalidInputError(
            f"No numbers are on offer in {', '.join(nothing)}. Regions on offer: {', '.join(sorted(offered))}."
        )
    known = {region: [one for one in offered[region] if one in vocabulary.NUMBER_TYPES] for region in regions}
    skipped = {str(one) for region in regions for one in offered[region]} - set(vocabulary.NUMBER_TYPES)
    if skipped:
        warn_user(
            f"The API offers number types that this version does not know and can't search: {sorted(skipped)}.",
            UnknownValueWarning,
        )
    return [(region, one) for region in regions for one in known[region]]


def _search_all(
    client: NumbersClient,
    tasks: list[Search],
    wanted: int,
    *,
    fan_out: bool,
    max_requests: int,
    report: Report,
) -> None:
    found = 0
    for task in tasks:

        def tell(done: int, of: int | None, before: int = found) -> None:
            report(before + done, of)

        page_size = SEARCH_SIZE if fan_out else wanted
        search(
            client,
            task,
            size=wanted,
            page_size=min(page_size, wanted),
            fan_out=fan_out,
            max_requests=max_requests,
            report=tell,
        )
        found += len(task.found)


def _offers_frame(tasks: list[Search], wanted: int) -> pd.DataFrame:
    frames = []
    for task in tasks:
        builder = FrameBuilder(flattening.AVAILABLE_NUMBERS)
        for page in task.pages:
            builder.add(flat_batch(page, flattening.AVAILABLE_NUMBERS))
        offered = builder.finish().sort_values("phone_number")
        builder.warn()
        # The API demands region and type, so it can't overlook them; and a type that is not known yet stays.
        part = matching(offered, [None], [None], task.filters)
        task.complete = task.complete and len(part) <= wanted
        frames.append(part.head(wanted))
        task.numbers = len(frames[-1])
    return joined(frames, flattening.AVAILABLE_NUMBERS.table)


def _warn_of_more(tasks: list[Search], size: int | None, *, fan_out: bool) -> None:
    cut = [
        f"{task.region_code} {task.number_type} (at least {len(task.found):,})"
        for task in tasks
        if not task.complete and (size is None or len(task.found) < size)
    ]
    if cut:
        advice = (
            "raise max_requests" if fan_out else "pass fan_out=True to look further, or size= for a choice"
        )
        warn_user(
            f"There may be more numbers on offer in {', '.join(cut)}: the search shows one page only; {advice}.",
            IncompleteDataWarning,
        )
