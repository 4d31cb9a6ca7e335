"""Charges to come: when the rentals renew, and for how much."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from numbers_toolkit.analysis import _exact
from numbers_toolkit.analysis._grouping import Distinct, assemble, distinct, instants, moment, utc
from numbers_toolkit.errors import IncompleteDataWarning, InvalidInputError, warn_user
from numbers_toolkit.tables import ACTIVE_NUMBERS, RENEWALS, UPCOMING_CHARGES

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["renewals_by_month", "upcoming_charges"]

_READ: Final = ("price", "currency_code", "payment_interval_months", "next_charge_date", "expire_at")
_LISTED: Final = ("phone_number", "display_name", "region_code", "number_type")
_MOST_MONTHS: Final = 1200


def renewals_by_month(active: pd.DataFrame, *, as_of: Any = None, months: int = 12) -> pd.DataFrame:
    """Project the renewal charges month by month, per currency.

    Parameters
    ----------
    active : pandas.DataFrame
        Active numbers; read are ``price``, ``currency_code``, ``payment_interval_months``,
        ``next_charge_date`` and ``expire_at``.
    as_of : datetime or str, optional
        The instant to look ahead from; a time without zone is UTC. None takes the time at which the frame
        was fetched (``attrs["fetched_at"]``), else now.
    months : int, default 12
        How many calendar months, the one of ``as_of`` being the first; 1 to 1200.

    Returns
    -------
    pandas.DataFrame
        One row per calendar month and currency, by month; every month for every currency, also those without
        a charge.

        - ``month`` : datetime64[us, UTC] - first instant of the calendar month, UTC
        - ``currency_code`` : category, may be missing - ISO 4217; amounts of different rows with different
          codes are never added
        - ``charges`` : Int64 - how many charges fall into the month
        - ``amount`` : decimal128(18, 6)[pyarrow], may be missing - their sum, in currency_code

    Raises
    ------
    ColumnError
        When ``active`` lacks a column that is read, holds it with another dtype, or has amounts in binary
        floating point.
    InvalidInputError
        When ``months`` or ``as_of`` makes no sense.

    Warns
    -----
    IncompleteDataWarning
        When numbers that go on have no price, currency, payment interval (0 months says nothing) or next
        charge date, so that their charges are not in the calendar.

    See Also
    --------
    upcoming_charges : the charges one by one

    Notes
    -----
    A number is charged at ``next_charge_date`` and every payment interval after it, on the same day of the
    month; where a month is too short, on its last day, and on the full day again afterwards (31 January,
    28 February, 31 March). Charges before ``as_of`` are left out, so the first month holds what is still to
    come; a next charge date that is already past is carried forward by whole intervals. A charge at or after
    ``expire_at`` does not happen. Sums are exact.

    Source: ``nextChargeDate``, ``paymentIntervalMonths``, ``expireAt`` and ``money`` of the active numbers.
    That a renewal keeps its day of the month is an inference; the API gives the next date alone.

    Examples
    --------
    >>> import pandas as pd
    >>> from decimal import Decimal
    >>> active = pd.DataFrame(
    ...     {
    ...         "price": [Decimal("1.80")],
    ...         "currency_code": ["EUR"],
    ...         "payment_interval_months": [3],
    ...         "next_charge_date": pd.to_datetime(["2026-01-31T09:00:00"], utc=True),
    ...         "expire_at": pd.to_datetime([None], utc=True),
    ...     }
    ... )
    >>> calendar = renewals_by_month(active, as_of="2026-01-01", months=4)
    >>> calendar.amount.to_list()
    [Decimal('1.800000'), Decimal('0.000000'), Decimal('0.000000'), Decimal('1.800000')]
    """
    ACTIVE_NUMBERS.require(active, _READ)
    now = moment(as_of, active)
    plan = _schedule(active, now, _checked(months))
    currency = active["currency_code"].reset_index(drop=True).iloc[plan.row]
    price = active["price"].reset_index(drop=True).iloc[plan.row]
    when = [pd.Series(values) for values in (plan.next_month, plan.every, plan.last_month)]
    kinds = distinct([*when, price, currency], len(plan.row))
    currencies = distinct([currency], len(plan.row))
    counts, amounts = _project(plan, kinds, price, currencies.group, months)
    steps = np.arange(plan.first_month, plan.first_month + months).astype("datetime64[M]")
    width = len(currencies.first)
    data = {
        "month": utc(np.repeat(steps.astype("datetime64[us]"), width)),
        "currency_code": currency.iloc[np.tile(currencies.first, months)],
        "charges": counts.ravel(),
        "amount": amounts,
    }
    return assemble(RENEWALS, data, order=("month", "currency_code"), attrs=active.attrs)


def upcoming_charges(active: pd.DataFrame, *, as_of: Any = None, months: int = 2) -> pd.DataFrame:
    """List the renewal charges to come, one by one.

    The same charges as in :func:`renewals_by_month`, with their dates and numbers.

    Parameters
    ----------
    active : pandas.DataFrame
        Active numbers; read are the columns that :func:`renewals_by_month` reads, and ``phone_number``,
        ``display_name``, ``region_code``, ``number_type``.
    as_of : datetime or str, optional
        As in :func:`renewals_by_month`.
    months : int, default 2
        How many calendar months, the one of ``as_of`` being the first; 1 to 1200.

    Returns
    -------
    pandas.DataFrame
        One row per charge, the next one first, then by phone number.

        - ``charge_date`` : datetime64[us, UTC] - when it falls due
        - ``phone_number`` : str - number in E.164, always text
        - ``display_name`` : str, may be missing - name given to the number
        - ``region_code`` : category, may be missing - ISO 3166-1 alpha-2
        - ``number_type`` : category, may be missing - kind of number
        - ``amount`` : decimal128(18, 6)[pyarrow] - what it costs, in currency_code
        - ``currency_code`` : category, may be missing - ISO 4217

    Raises
    ------
    ColumnError, InvalidInputError
        As :func:`renewals_by_month`.

    Warns
    -----
    IncompleteDataWarning
        As :func:`renewals_by_month`.

    Examples
    --------
    >>> from numbers_toolkit import tables
    >>> len(upcoming_charges(tables.ACTIVE_NUMBERS.empty()))
    0
    """
    ACTIVE_NUMBERS.require(active, (*_LISTED, *_READ))
    plan = _schedule(active, moment(as_of, active), _checked(months))
    rows, dates = [plan.row[:0]], [plan.start[:0]]
    for month in range(plan.first_month, plan.first_month + months):
        due = plan.due_in(month)
        rows.append(plan.row[due])
        dates.append(_anchored(plan.start[due], np.full(int(due.sum()), month)))
    row = np.concatenate(rows)
    data: dict[str, Any] = {name: pd.Series(active[name].array[row]) for name in (*_LISTED, "currency_code")}
    data["charge_date"] = utc(np.concatenate(dates))
    data["amount"] = _exact.money(pd.Series(active["price"].array[row]), "price")
    order = ("charge_date", "phone_number")
    return assemble(UPCOMING_CHARGES, data, order=order, attrs=active.attrs)


@dataclass(frozen=True, slots=True)
class _Schedule:
    """Who is charged when, in months since 1970: the first one due, every how many, and the last one."""

    first_month: int
    row: NDArray[np.intp]
    start: NDArray[np.datetime64]
    next_month: NDArray[np.int64]
    every: NDArray[np.int64]
    last_month: NDArray[np.int64]

    def due_in(self, month: int) -> NDArray[np.bool_]:
        """Where a charge falls into the month."""
        since = month - self.next_month
        due: NDArray[np.bool_] = (since >= 0) & (since % self.every == 0) & (month <= self.last_month)
        return due


def _checked(months: int) -> int:
    if isinstance(months, bool) or not isinstance(months, int) or not 1 <= months <= _MOST_MONTHS:
        raise InvalidInputError(f"months is {months!r}; use a whole number from 1 to {_MOST_MONTHS}.")
    return months


def _schedule(active: pd.DataFrame, now: pd.Timestamp, months: int) -> _Schedule:
    """Reduce each number to its first month due, its interval and its last month."""
    every = np.asarray(active["payment_interval_months"].astype("Int64").fillna(0), dtype=np.int64)
    start, end = instants(active["next_charge_date"]), instants(active["expire_at"])
    known = (every > 0) & ~np.isnat(start)
    for name in ("price", "currency_code"):
        known &= active[name].notna().to_numpy()
    # A released number without a next charge date has no charge to come; nothing is missing there.
    _warn_incomplete(int((~known & np.isnat(end)).sum()))
    row = np.flatnonzero(known)
    start, end, every = start[row], end[row], every[row]
    first_month, begun = _month(start), _month(np.array([now.tz_localize(None).to_datetime64()]))[0]
    # In the month of as_of the day decides whether the charge is still to come.
    too_early = _anchored(start, np.full(len(row), begun)) < now.tz_localize(None).to_datetime64()
    earliest = np.maximum(first_month, begun + too_early)
    next_month = first_month + -((first_month - earliest) // every) * every
    beyond = int(begun) + months
    last_month: NDArray[np.int64] = np.full(len(row), beyond - 1, dtype=np.int64)
    ends = np.flatnonzero(~np.isnat(end))
    end_month = _month(end[ends])
    last_month[ends] = np.minimum(end_month - (_anchored(start[ends], end_month) >= end[ends]), beyond - 1)
    # What is not due in the calendar looks all the same, so that few distinct schedules remain.
    idle = next_month > last_month
    next_month[idle], last_month[idle] = beyond, beyond - 1
    return _Schedule(int(begun), row, start, next_month, every, last_month)


def _month(times: NDArray[np.datetime64]) -> NDArray[np.int64]:
    return times.astype("datetime64[M]").astype(np.int64)


def _anchored(start: NDArray[np.datetime64], month: NDArray[Any]) -> NDArray[np.datetime64]:
    """Return the charge in a month: the day and time of the start, or the month's last day if shorter."""
    day = start.astype("datetime64[D]")
    day_of_month = day - start.astype("datetime64[M]").astype("datetime64[D]")
    first = month.astype("datetime64[M]")
    last_day = (first + 1).astype("datetime64[D]") - first.astype("datetime64[D]") - np.timedelta64(1, "D")
    on = first.astype("datetime64[D]") + np.minimum(day_of_month, last_day)
    charge: NDArray[np.datetime64] = on.astype("datetime64[us]") + (start - day)
    return charge


def _project(
    plan: _Schedule,
    kinds: Distinct,
    price: pd.Series[Any],
    currency: NDArray[np.int64],
    months: int,
) -> tuple[NDArray[np.int64], pd.Series[Any]]:
    """Count and add up the charges per month and currency, from the distinct schedules and prices."""
    values = _exact.amounts(price.iloc[kinds.first], "price")
    scale = _exact.digits(values)
    width = int(currency.max(initial=-1)) + 1
    counts = np.zeros((months, width), dtype=np.int64)
    sums = [0] * (months * width)
    for row, many, value in zip(kinds.first, kinds.counts.tolist(), values, strict=True):
        due = range(
            int(plan.next_month[row]) - plan.first_month,
            int(plan.last_month[row]) - plan.first_month + 1,
            int(plan.every[row]),
        )
        charge = int((value or Fraction(0)) * 10**scale) * many
        for month in due:
            counts[month, currency[row]] += many
            sums[month * width + int(currency[row])] += charge
    return counts, _exact.column([Fraction(one, 10**scale) for one in sums], scale)


def _warn_incomplete(unknown: int) -> None:
    if unknown:
        warn_user(
            "Numbers without a price, currency, payment interval or next charge date: "
            f"{unknown:,}. Their charges are missing here.",
            IncompleteDataWarning,
        )
