"""How often each provisioning error occurs, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from numbers_toolkit import error_codes
from numbers_toolkit.analysis._grouping import AGE_GROUPS, assemble, check_keys, distinct, moment
from numbers_toolkit.analysis.provisioning import (
    ADVICE,
    READ,
    SOURCE,
    age_days,
    find_errors,
    values_of,
    warn_unknown,
)
from numbers_toolkit.tables import ACTIVE_NUMBERS, ERROR_FREQUENCIES, PROVISIONING_ERRORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["error_frequencies"]

#: Columns of errors with few distinct values, by which numbers fall into few kinds.
_FEW_VALUES: Final = frozenset({"error_code", "service", "region_code", "number_type", *SOURCE})
#: Whole days up to which a failure belongs to the age group; after the last it is older.
_AGE_BOUNDS: Final = (0, 7, 30, 90)


def error_frequencies(
    active_or_errors: pd.DataFrame, by: str | Iterable[str] = (), *, as_of: Any = None
) -> pd.DataFrame:
    """Count the numbers that have each error code, most frequent first.

    Parameters
    ----------
    active_or_errors : pandas.DataFrame
        Active numbers, or the result of :func:`provisioning_errors` (or rows picked from it).
    by : str or iterable of str, default ()
        Columns of the errors to break the counts down by: ``region_code``, ``number_type``, ``service``,
        ``campaign_id``, ``service_plan_id``; or ``"age"``, the time since the job last changed: ``today``
        (less than a whole day), ``1-7 days``, ``8-30 days``, ``31-90 days``, ``over 90 days``, ``unknown``.
    as_of : datetime or str, optional
        The instant that ages are reckoned from; a time without zone is UTC. None takes the time at which
        the frame was fetched (``attrs["fetched_at"]``), else now.

    Returns
    -------
    pandas.DataFrame
        One row per combination of code and keys that occurs, most numbers first, led by the key columns.

        - ``error_code`` : category - provisioning error code
        - ``numbers`` : Int64 - how many numbers
        - ``share`` : Float64 - share of the numbers that have an error, 0 to 1
        - ``who_acts`` : category - who has to act: you, Sinch, or Sinch's support
        - ``retry`` : category - whether sending the same update again can help
        - ``meaning`` : category - what the code says
        - ``remedy`` : category - what to do

    Raises
    ------
    ColumnError
        When a column that is read is missing or has another dtype.
    InvalidInputError
        When a key does not exist (the message lists those that do) or ``as_of`` is no point in time.

    Warns
    -----
    UnknownValueWarning
        For codes that this version does not know, when given active numbers.

    Notes
    -----
    A number may have several codes, so shares may add up to more than 1. They are shares of all numbers with
    an error, also when broken down by a key.

    Examples
    --------
    >>> from numbers_toolkit import tables
    >>> len(error_frequencies(tables.ACTIVE_NUMBERS.empty(), by="region_code"))
    0
    """
    ACTIVE_NUMBERS.require(active_or_errors, ())
    is_errors = "error_code" in active_or_errors.columns
    names = active_or_errors.columns if is_errors else PROVISIONING_ERRORS.names
    keys = check_keys(by, names, ERROR_FREQUENCIES, derived=("age",))
    read = ["error_code", *("updated_at" if key == "age" else key for key in keys)]
    if is_errors:
        known = [name for name in read if name in PROVISIONING_ERRORS.names]
        PROVISIONING_ERRORS.require(active_or_errors, ["phone_number", *known])
        errors, number = active_or_errors, pd.factorize(active_or_errors["phone_number"])[0]
        weight = np.ones(len(errors), dtype=np.int64)
    else:
        errors, number, weight = _errors_by_kind(active_or_errors, read)
    columns = {key: _age(errors, as_of) if key == "age" else errors[key] for key in keys}
    columns["error_code"] = errors["error_code"]
    # Several services may carry the same code for a number; a number is counted once.
    once = distinct([*columns.values(), pd.Series(number)], len(errors)).first
    columns = {name: values.iloc[once] for name, values in columns.items()}
    groups = distinct(list(columns.values()), len(once))
    counts = np.bincount(groups.group, weight[once], len(groups.first)).astype(np.int64)
    columns = {name: values.iloc[groups.first] for name, values in columns.items()}
    _, one_each = np.unique(number, return_index=True)
    return _ranked(columns, counts, int(weight[one_each].sum()), errors.attrs)


def _ranked(
    keys: dict[str, pd.Series[Any]], counts: NDArray[np.int64], failing: int, attrs: Mapping[Any, Any]
) -> pd.DataFrame:
    code = keys.pop("error_code")
    entries = [error_codes.lookup(str(one)) for one in code]
    data: dict[str, Any] = {"error_code": code, "numbers": counts, "share": counts / max(failing, 1)}
    data |= {name: [getattr(one, name) for one in entries] for name in ADVICE}
    order = ("numbers", "error_code", *keys)
    return assemble(ERROR_FREQUENCIES, data, keys=keys, order=order, descending=("numbers",), attrs=attrs)


def _errors_by_kind(
    active: pd.DataFrame, names: Sequence[str]
) -> tuple[pd.DataFrame, NDArray[np.intp], NDArray[np.int64]]:
    """Return columns of the errors of each kind of number, which kind, and how many numbers are of it.

    Numbers alike in what is asked for are one kind, so that a few rows stand for a million.
    """
    ACTIVE_NUMBERS.require(active, READ)
    rows, counts = np.arange(len(active)), np.ones(len(active), dtype=np.int64)
    if _FEW_VALUES.issuperset(names):
        read = [SOURCE.get(name, name) for name in names if name not in ("service", "error_code")]
        columns = ("sms_error_codes", "sms_state", "voice_state", *read)
        kinds = distinct([active[name] for name in columns], len(active))
        rows, counts = kinds.first, kinds.counts
    few = pd.DataFrame({name: pd.Series(active[name].array[rows]) for name in READ})
    found = find_errors(few)
    weight = counts[found.rows]
    warn_unknown(found, weight)
    errors = pd.DataFrame({name: values_of(few, found, name) for name in names})
    errors.attrs = dict(active.attrs)
    return errors, found.rows, weight


def _age(errors: pd.DataFrame, as_of: Any) -> pd.Series[Any]:
    days = age_days(errors["updated_at"], moment(as_of, errors))
    group = np.searchsorted(_AGE_BOUNDS, days.fillna(0).to_numpy(dtype=np.int64), side="left")
    group[days.isna().to_numpy()] = len(AGE_GROUPS) - 1
    return pd.Series(
        pd.Categorical.from_codes(group, dtype=pd.CategoricalDtype(list(AGE_GROUPS))), index=errors.index
    )
