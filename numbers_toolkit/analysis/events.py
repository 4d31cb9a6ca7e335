"""Webhook events: how long numbers take to become ready, and what fails when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pandas as pd

from numbers_toolkit.analysis._grouping import assemble, distinct, equals, text_of
from numbers_toolkit.errors import IncompleteDataWarning, InvalidInputError, warn_user
from numbers_toolkit.tables import EVENTS, FAILURES_OVER_TIME, TEXT_DTYPE, TIME_TO_READY
from numbers_toolkit.vocabulary import check_phone_number

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["failures_over_time", "time_to_ready"]

#: By number: what belongs to it.
ByNumber: TypeAlias = "Mapping[str, Any] | pd.Series[Any] | pd.DataFrame"

_SERVICES: Final = {
    "PROVISIONING_TO_SMS_PLATFORM": "SMS",
    "PROVISIONING_TO_CAMPAIGN": "CAMPAIGN",
    "PROVISIONING_TO_VOICE_PLATFORM": "VOICE",
}
_FAILED: Final = ("FAILED", "REJECTED", "EXPIRED")
_OUTCOMES: Final = (*_FAILED, "SUCCEEDED", "COMPLETED")
_PERIODS: Final = {"day": "D", "week": "W-MON", "month": "MS"}
#: More periods than this are a wrong clock somewhere, not a log.
_MOST_PERIODS: Final = 5_000
_TIME: Final = pd.DatetimeTZDtype("us", "UTC")


def time_to_ready(
    events: pd.DataFrame, rented_at: ByNumber | None = None, *, orders: ByNumber | None = None
) -> pd.DataFrame:
    """Return how long each service of each number took from the rent until it was ready.

    Parameters
    ----------
    events : pandas.DataFrame
        Events, as :func:`numbers_toolkit.events_frame` gives them.
    rented_at : mapping, Series or DataFrame, optional
        When each number was rented, by phone number; of a DataFrame the columns ``phone_number`` and ``rented_at``
        are read. A time without zone is UTC. A number may be listed several times: events belong to the rental that
        began last before them.
    orders : mapping, Series or DataFrame, optional
        Order id of each number that was bought by an order; of a DataFrame the columns ``phone_number`` and
        ``order_id``. The rental begins with the order's first ``COMPLETED`` event. What ``rented_at`` says goes
        before.

    Returns
    -------
    pandas.DataFrame
        One row per number, rental and service that had an event, by number, rental and service; one without a
        service for a rental without any event.

        - ``phone_number`` : str - number in E.164, always text
        - ``service`` : category, may be missing - service that was set up; missing without any event
        - ``rented_at`` : datetime64[us, UTC], may be missing - start of the rental
        - ``state`` : category - how far it came
        - ``ready_at`` : datetime64[us, UTC], may be missing - first success of the rental
        - ``seconds_to_ready`` : Float64, may be missing - ready_at - rented_at, in seconds
        - ``failures`` : Int64 - failed attempts before that, or so far
        - ``last_failure_code`` : category, may be missing - code of the last of them, where it has one

    Raises
    ------
    ColumnError
        When ``events`` lacks a column that is read or holds it with another dtype.
    InvalidInputError
        When neither ``rented_at`` nor ``orders`` is given, or one of them holds no phone numbers or no times.

    Warns
    -----
    IncompleteDataWarning
        When events have no time, so that they can't be placed.

    Notes
    -----
    ``state`` is ``READY`` once a job has succeeded (later jobs do not change that), ``FAILED`` when all have failed
    so far, and ``NO_EVENT``. A number that has events but no known rental is listed with ``rented_at`` missing; its
    events all count. Events before the first rental of a number are left out: take both times from the API, whose
    clock may differ from yours.

    Examples
    --------
    >>> from numbers_toolkit.webhooks import Event, events_frame
    >>> import datetime as dt
    >>> ready = Event(
    ...     event_id="1",
    ...     timestamp=dt.datetime(2026, 3, 2, 9, 15, 27, tzinfo=dt.UTC),
    ...     resource_type="ACTIVE_NUMBER",
    ...     resource_id="+13075550142",
    ...     event_type="PROVISIONING_TO_SMS_PLATFORM",
    ...     status="SUCCEEDED",
    ... )
    >>> result = time_to_ready(events_frame([ready]), {"+13075550142": "2026-03-02T09:15:20Z"})
    >>> result[["service", "state", "seconds_to_ready"]].to_dict("records")
    [{'service': 'SMS', 'state': 'READY', 'seconds_to_ready': 7.0}]
    """
    EVENTS.require(
        events, ("event_id", "timestamp", "phone_number", "order_id", "event_type", "status", "failure_code")
    )
    if rented_at is None and orders is None:
        raise InvalidInputError(
            "When the numbers were rented is not in their events; give rented_at (time by phone number), or orders "
            "(order id by phone number)."
        )
    once = _each_once(events)
    attempts = _attempts(once)
    rentals = _rentals(rented_at, orders, once, attempts["phone_number"])
    data = _rows(rentals, _placed(attempts, rentals))
    return assemble(TIME_TO_READY, data, order=("phone_number", "rented_at", "service"), attrs=events.attrs)


def failures_over_time(events: pd.DataFrame, *, period: str = "week") -> pd.DataFrame:
    """Count failed events by day, week or month, and by kind of failure.

    Parameters
    ----------
    events : pandas.DataFrame
        Events, as :func:`numbers_toolkit.events_frame` gives them.
    period : {"week", "day", "month"}
        How long a period is, in UTC; a week begins on Monday.

    Returns
    -------
    pandas.DataFrame
        One row per period and kind of failure, by period; every period from the first event to the last for every
        kind that occurs, also those without a failure.

        - ``period_start`` : datetime64[us, UTC] - first instant of the day, week or month, UTC
        - ``event_type`` : category, may be missing - what the event tells of
        - ``status`` : category - FAILED, or REJECTED and EXPIRED of an order
        - ``failure_code`` : category, may be missing - provisioning error code, where there is one
        - ``failures`` : Int64 - failed events
        - ``resources`` : Int64 - numbers or orders that they are about
        - ``share`` : Float64, may be missing - share of the period's outcomes of this event type, 0 to 1

    Raises
    ------
    ColumnError
        When ``events`` lacks a column that is read or holds it with another dtype.
    InvalidInputError
        When ``period`` is another word, or there would be thousands of periods.

    Warns
    -----
    IncompleteDataWarning
        When failed events have no time, so that they are in no period.

    Notes
    -----
    Outcomes are ``SUCCEEDED`` and ``FAILED`` of a number, ``COMPLETED``, ``REJECTED`` and ``EXPIRED`` of an order; a
    share is missing where a period has none. A number that fails three times counts as three failures of one
    resource. What a code means: :func:`numbers_toolkit.error_codes.lookup`.

    Examples
    --------
    >>> from numbers_toolkit import tables
    >>> len(failures_over_time(tables.EVENTS.empty()))
    0
    """
    EVENTS.require(events, ("event_id", "timestamp", "resource_id", "event_type", "status", "failure_code"))
    if period not in _PERIODS:
        raise InvalidInputError(f"period {period!r} is not known; use one of {', '.join(_PERIODS)}.")
    once = _each_once(events)
    outcomes = once[equals(once["status"], *_OUTCOMES)].reset_index(drop=True)
    failed = equals(outcomes["status"], *_FAILED)
    _warn_of_no_time(outcomes[failed], "failures over time")
    starts = _period_starts(once["timestamp"].dropna(), period)
    timed = outcomes["timestamp"].notna().to_numpy()
    data = _counted(outcomes[timed].reset_index(drop=True), failed[timed], starts)
    order = ("period_start", "event_type", "status", "failure_code")
    return assemble(FAILURES_OVER_TIME, data, order=order, attrs=events.attrs)


def _each_once(events: pd.DataFrame) -> pd.DataFrame:
    """Return the events by time, each once, also when frames of several logs were put together."""
    repeated = events["event_id"].duplicated() & events["event_id"].notna()
    return events[~repeated.to_numpy()].sort_values(
        ["timestamp", "event_id"], kind="stable", ignore_index=True
    )


def _warn_of_no_time(events: pd.DataFrame, what: str) -> None:
    missing = int(events["timestamp"].isna().sum())
    if missing:
        warn_user(f"{missing:,} events have no time, so the {what} leave them out.", IncompleteDataWarning)


# -- time to ready ------------------------------------------------------------------------------------------


def _attempts(events: pd.DataFrame) -> pd.DataFrame:
    """Return the ends of jobs that set a service of a number up, by time."""
    jobs = events[
        equals(events["event_type"], *_SERVICES)
        & equals(events["status"], "SUCCEEDED", "FAILED")
        & events["phone_number"].notna().to_numpy()
    ]
    _warn_of_no_time(jobs, "times to ready")
    jobs = jobs[jobs["timestamp"].notna()]
    return pd.DataFrame(
        {
            "phone_number": jobs["phone_number"].astype(TEXT_DTYPE),
            "timestamp": jobs["timestamp"].astype(_TIME),
            "service": jobs["event_type"].astype(object).map(_SERVICES),
            "succeeded": equals(jobs["status"], "SUCCEEDED"),
            "failure_code": text_of(jobs["failure_code"]).astype(object),
        }
    ).reset_index(drop=True)


def _by_number(given: ByNumber, value: str) -> pd.DataFrame:
    """Return what was given by phone number as two columns, checked and without repeats."""
    if isinstance(given, pd.DataFrame):
        missing = [name for name in ("phone_number", value) if name not in given.columns]
        if missing:
            raise InvalidInputError(f"The frame has no column {' and no column '.join(missing)}.")
        numbers, values = list(given["phone_number"]), list(given[value])
    elif isinstance(given, (pd.Series, Mapping)):
        numbers, values = list(given.keys()), [one for _, one in given.items()]
    else:
        raise InvalidInputError(
            f"Give the {value} of each number as a dict, Series or DataFrame, not {type(given).__name__}."
        )
    checked = pd.Series([check_phone_number(one) for one in numbers], dtype=TEXT_DTYPE)
    return pd.DataFrame({"phone_number": checked, value: pd.Series(values, dtype=object)})


def _instants(values: pd.Series[Any]) -> pd.Series[Any]:
    try:
        return pd.to_datetime(values, utc=True, format="ISO8601").astype(_TIME)
    except (TypeError, ValueError) as error:
        # The rest of the message is about arguments of pandas.
        what = str(error).split(". You might")[0]
        raise InvalidInputError(
            f"rented_at holds something that is no time: {what}. Use datetimes or ISO 8601."
        ) from error


def _rentals(
    rented_at: ByNumber | None, orders: ByNumber | None, events: pd.DataFrame, seen: pd.Series[Any]
) -> pd.DataFrame:
    """Return every number with the start of each of its rentals; missing where none is known."""
    told = _by_number({} if rented_at is None else rented_at, "rented_at")
    told["rented_at"] = _instants(told["rented_at"])
    ordered = _by_number({} if orders is None else orders, "order_id")
    ordered["rented_at"] = _instants(ordered.pop("order_id").map(_completed(events)).astype(object))
    # What is said of a number outright goes before what its order says.
    ordered = ordered[~ordered["phone_number"].isin(told.dropna()["phone_number"])]
    starts = pd.concat([told, ordered], ignore_index=True)
    dated = starts.dropna()
    numbers = pd.concat([starts["phone_number"], seen]).drop_duplicates()
    undated = numbers[~numbers.isin(dated["phone_number"])].to_frame()
    undated["rented_at"] = pd.Series(pd.NaT, index=undated.index, dtype=_TIME)
    rentals: pd.DataFrame = pd.concat([dated, undated]).drop_duplicates()
    return rentals.sort_values(["rented_at", "phone_number"], ignore_index=True)


def _completed(events: pd.DataFrame) -> dict[str, Any]:
    """Return when each order was completed, by order id."""
    done = events[equals(events["status"], "COMPLETED") & events["order_id"].notna().to_numpy()]
    first = done.dropna(subset=["timestamp"]).drop_duplicates("order_id")
    return dict(zip(first["order_id"], first["timestamp"], strict=True))


def _placed(attempts: pd.DataFrame, rentals: pd.DataFrame) -> pd.DataFrame:
    """Return the attempts with the rental they belong to, and their place in time."""
    numbered = rentals.reset_index(names="rental")
    dated = numbered[numbered["rented_at"].notna()]
    open_start = numbered[numbered["rented_at"].isna()].set_index("phone_number")["rental"]
    attempts = attempts.assign(place=np.arange(len(attempts)))
    within = pd.merge_asof(
        attempts,
        dated.rename(columns={"rented_at": "start"}),
        left_on="timestamp",
        right_on="start",
        by="phone_number",
        direction="backward",
    )["rental"]
    rental = within.fillna(attempts["phone_number"].map(open_start))
    placed = attempts.assign(rental=rental).dropna(subset=["rental"])
    return placed.astype({"rental": "int64"})


def _rows(rentals: pd.DataFrame, placed: pd.DataFrame) -> dict[str, Any]:
    """Return the result's columns: one row per rental and service, and per rental without any."""
    keys = ["rental", "service"]
    first = placed[placed["succeeded"]].drop_duplicates(keys)[[*keys, "timestamp", "place"]]
    rows = (
        placed[keys]
        .drop_duplicates()
        .merge(first.rename(columns={"timestamp": "ready_at"}), on=keys, how="left")
    )
    failed = placed[~placed["succeeded"]].merge(rows[[*keys, "place"]], on=keys, suffixes=("", "_ready"))
    failed = failed[~(failed["place"] > failed["place_ready"])]
    counts = failed.groupby(keys, as_index=False).size().rename(columns={"size": "failures"})
    last = failed.drop_duplicates(keys, keep="last")[[*keys, "failure_code"]]
    rows = rows.merge(counts, on=keys, how="left").merge(last, on=keys, how="left")
    rows = rentals.reset_index(names="rental").merge(rows, on="rental", how="left")
    ready, without = rows["ready_at"].notna().to_numpy(), rows["service"].isna().to_numpy()
    waited = (rows["ready_at"] - rows["rented_at"]).dt.total_seconds()
    return {
        "phone_number": rows["phone_number"],
        "service": rows["service"],
        "rented_at": rows["rented_at"],
        "state": pd.Series(np.select([without, ready], ["NO_EVENT", "READY"], "FAILED"), dtype=object),
        "ready_at": rows["ready_at"],
        "seconds_to_ready": waited.astype("Float64"),
        "failures": rows["failures"].fillna(0).astype("Int64"),
        "last_failure_code": rows["failure_code"],
    }


# -- failures over time -------------------------------------------------------------------------------------


def _period_starts(times: pd.Series[Any], period: str) -> pd.DatetimeIndex:
    """Return the first instants of all periods from the first time to the last."""
    if times.empty:
        return pd.DatetimeIndex([], dtype=_TIME)
    first, last = _start(times.min(), period), times.max()
    days = (last - first).days
    if days // {"day": 1, "week": 7, "month": 28}[period] > _MOST_PERIODS:
        raise InvalidInputError(
            f"The events reach from {first:%Y-%m-%d} to {last:%Y-%m-%d}, too far for one {period} each; use a longer "
            "period, or leave out events whose time is wrong."
        )
    return pd.date_range(first, last, freq=_PERIODS[period], unit="us")


def _start(instant: pd.Timestamp, period: str) -> pd.Timestamp:
    day = instant.floor("D")
    if period == "week":
        return day - pd.Timedelta(days=day.weekday())
    return day.replace(day=1) if period == "month" else day


def _counted(outcomes: pd.DataFrame, failed: NDArray[np.bool_], starts: pd.DatetimeIndex) -> dict[str, Any]:
    """Return the result's columns: every period for every kind of failure that occurs."""
    place = starts.searchsorted(outcomes["timestamp"], side="right") - 1
    failures = outcomes[failed].reset_index(drop=True)
    kinds = distinct([failures[name] for name in ("event_type", "status", "failure_code")], len(failures))
    width, periods = len(kinds.first), len(starts) if len(kinds.first) else 0
    cell = place[failed] * width + kinds.group
    counts = np.bincount(cell, minlength=periods * width)
    about = distinct([pd.Series(cell), failures["resource_id"]], len(failures)).first
    resources = np.bincount(cell[about], minlength=periods * width)
    shown = failures.iloc[np.tile(kinds.first, periods)]
    # A type is the same whether it failed or not, so outcomes are counted by its code among all of them.
    types, labels = pd.factorize(outcomes["event_type"].astype(object), use_na_sentinel=False)
    each = np.bincount(place * len(labels) + types, minlength=len(starts) * len(labels))
    of_kind = types[failed][kinds.first] if width else np.zeros(0, dtype=np.int64)
    total = each.reshape(len(starts), len(labels))[:, of_kind][:periods].ravel()
    share = np.divide(counts, total, out=np.full(len(counts), np.nan), where=total > 0)
    return {
        "period_start": pd.Series(starts.repeat(width) if width else starts[:0]),
        "event_type": shown["event_type"],
        "status": shown["status"],
        "failure_code": shown["failure_code"],
        "failures": counts,
        "resources": resources,
        "share": pd.Series(share).astype("Float64"),
    }
