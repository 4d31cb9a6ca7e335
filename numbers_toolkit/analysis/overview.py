"""The few figures that say how an inventory is: how many numbers, what they cost, what fails, waits or ends."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from numbers_toolkit.analysis import _exact
from numbers_toolkit.analysis._grouping import assemble, distinct, equals, instants, moment
from numbers_toolkit.analysis.charges import upcoming_charges
from numbers_toolkit.analysis.costs import monthly_cost
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.hearing import hear_warnings
from numbers_toolkit.overview_tables import KEY_FIGURES
from numbers_toolkit.tables import ACTIVE_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["key_figures"]

_READ: Final = (
    "phone_number",
    "display_name",
    "region_code",
    "number_type",
    "price",
    "currency_code",
    "payment_interval_months",
    "next_charge_date",
    "expire_at",
    "sms_state",
    "voice_state",
)
_WAITING: Final = ("WAITING", "IN_PROGRESS")
_SHORTEST_MONTH: Final = 28
_MOST_DAYS: Final = 3660

_Row = tuple[str, int, Any, Any, Any]


def key_figures(active: pd.DataFrame, *, as_of: Any = None, days: int = 30) -> pd.DataFrame:
    """Sum up an inventory: numbers owned, failing and waiting, monthly cost, charges and ends to come.

    Different currencies are never added: each has its own rows.

    Parameters
    ----------
    active : pandas.DataFrame
        Active numbers; read are the states of both services, what :func:`monthly_cost` and
        :func:`upcoming_charges` read, and ``expire_at``.
    as_of : datetime or str, optional
        The instant to look ahead from; a time without zone is UTC. None takes the time at which the frame
        was fetched (``attrs["fetched_at"]``), else now.
    days : int, default 30
        How many days to look ahead; 1 to 3660.

    Returns
    -------
    pandas.DataFrame
        One row per figure, one for each currency of ``monthly cost`` and ``due``, most numbers first.

        - ``figure`` : category - what is counted
        - ``numbers`` : Int64 - how many numbers
        - ``amount`` : decimal128(18, 6)[pyarrow], may be missing - sum, in currency_code
        - ``currency_code`` : category, may be missing - ISO 4217; amounts of different rows with different
          codes are never added
        - ``unpriced`` : Int64, may be missing - how many of the numbers are not in the sum, their price being
          unknown

    Raises
    ------
    ColumnError
        When ``active`` lacks a column that is read, or holds it with another dtype.
    InvalidInputError
        When ``as_of`` or ``days`` makes no sense.

    See Also
    --------
    monthly_cost, upcoming_charges, provisioning_status : the same in detail

    Notes
    -----
    ``failing`` and ``waiting`` count numbers of which either service is FAILED, or WAITING or IN_PROGRESS; a
    number can be both. ``monthly cost`` leaves out released numbers. ``due`` are the charges within ``days``,
    and the numbers that have one. ``ending`` are released numbers whose rental ends within ``days``. What has no
    known price is counted in ``unpriced`` and not warned about.

    Examples
    --------
    >>> from numbers_toolkit import tables
    >>> key_figures(tables.ACTIVE_NUMBERS.empty()).figure.to_list()
    ['owned', 'failing', 'waiting', 'ending']
    """
    ACTIVE_NUMBERS.require(active, _READ)
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= _MOST_DAYS:
        raise InvalidInputError(f"days is {days!r}; use a whole number from 1 to {_MOST_DAYS}.")
    now = moment(as_of, active)
    end = now + pd.Timedelta(days=days)
    with hear_warnings(lambda _message, _category: None):
        rows = [*_counts(active, now, end), *_costs(active), *_due(active, now, end, days)]
    data = dict(zip(KEY_FIGURES.names, zip(*rows, strict=True), strict=True))
    # Amounts stay exact, whatever dtype a frame would guess for them.
    amounts = [None if one is None else Fraction(one) for one in data["amount"]]
    columns: dict[str, Any] = {**data, "amount": _exact.column(amounts, _exact.digits(amounts))}
    order = ("figure", "numbers", "currency_code")
    return assemble(KEY_FIGURES, columns, order=order, descending=("numbers",), attrs=active.attrs)


def _counts(active: pd.DataFrame, now: pd.Timestamp, end: pd.Timestamp) -> Iterator[_Row]:
    def either(*states: str) -> int:
        return int((equals(active["sms_state"], *states) | equals(active["voice_state"], *states)).sum())

    expires = instants(active["expire_at"])
    first, last = (one.tz_localize(None).to_datetime64() for one in (now, end))
    yield "owned", len(active), None, None, None
    yield "failing", either("FAILED"), None, None, None
    yield "waiting", either(*_WAITING), None, None, None
    # A missing time is neither before nor after any other.
    yield "ending", int(((expires > first) & (expires <= last)).sum()), None, None, None


def _costs(active: pd.DataFrame) -> Iterator[_Row]:
    costs = monthly_cost(active)
    for currency, numbers, amount, unpriced in zip(
        costs["currency_code"], costs["numbers"], costs["monthly_cost"], costs["unpriced"], strict=True
    ):
        yield "monthly cost", numbers, _given(amount), _given(currency), unpriced


def _due(active: pd.DataFrame, now: pd.Timestamp, end: pd.Timestamp, days: int) -> Iterator[_Row]:
    charges = upcoming_charges(active, as_of=now, months=days // _SHORTEST_MONTH + 2)
    charges = charges[(charges["charge_date"] < end).to_numpy()].reset_index(drop=True)
    kinds = distinct([charges["currency_code"], charges["amount"]], len(charges))
    values = _exact.amounts(charges["amount"].iloc[kinds.first], "amount")
    sums: dict[Any, Fraction] = {}
    for row, count, value in zip(kinds.first, kinds.counts.tolist(), values, strict=True):
        currency = _given(charges["currency_code"].iloc[row])
        sums[currency] = sums.get(currency, Fraction(0)) + (value or Fraction(0)) * count
    for currency, amount in sums.items():
        mine = charges.loc[(charges["currency_code"] == currency).to_numpy(), "phone_number"]
        yield "due", int(mine.nunique()), amount, currency, None


def _given(value: Any) -> Any:
    return None if pd.isna(value) else value
