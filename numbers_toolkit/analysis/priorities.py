"""What needs attention: a ranked to-do list over everything else that is known about the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from numbers_toolkit import error_codes
from numbers_toolkit.analysis import _exact
from numbers_toolkit.analysis._grouping import (
    assemble,
    codes_of,
    distinct,
    equals,
    instants,
    moment,
    text_of,
    utc,
)
from numbers_toolkit.analysis.campaigns import campaign_fill, links_asked_for
from numbers_toolkit.analysis.provisioning import age_days, find_errors
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.tables import ACTIVE_NUMBERS, ATTENTION, ATTENTION_SUMMARY
from numbers_toolkit.vocabulary import PROVISIONING_STATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

__all__ = ["attention", "attention_summary"]

_READ: Final = (
    "phone_number",
    "display_name",
    "region_code",
    "number_type",
    "price",
    "currency_code",
    "monthly_cost",
    "expire_at",
    "sms_state",
    "sms_error_codes",
    "sms_service_plan_id",
    "sms_campaign_id",
    "sms_scheduled_service_plan_id",
    "sms_scheduled_campaign_id",
    "sms_updated_at",
    "voice_state",
    "voice_updated_at",
)
_SERVICES: Final = (("SMS", "sms"), ("Voice", "voice"))
_YOU, _WAIT, _SUPPORT = error_codes.WHO_ACTS
_NOTHING_TO_REPEAT: Final = "nothing to repeat"
#: Tiers of the ranking; within the tiers of failures the catalogue's severity decides.
_FAILED_YOU, _OVERBOOKED, _EXPIRING, _FAILED_SUPPORT, _STUCK, _UNKNOWN, _FAILED_WAIT, _IDLE = range(8)
_FAILED_TIER: Final = {_YOU: _FAILED_YOU, _SUPPORT: _FAILED_SUPPORT, _WAIT: _FAILED_WAIT}
_STUCK_AFTER: Final = np.timedelta64(1, "D")
_NO_TIME: Final = np.datetime64("NaT", "us")


@dataclass(frozen=True, slots=True)
class _Problem:
    """One reason to act, in words, and how it ranks; numbers are ordered within it by a time."""

    tier: int
    severity: int
    title: str
    remedy: str
    who_acts: str
    retry: str
    error_code: str | None = None
    service: str = "sms"
    by_expiry: bool = False


_Finding = tuple[_Problem, "NDArray[np.intp]"]


def attention(
    active: pd.DataFrame,
    *,
    as_of: Any = None,
    expiring_days: int = 30,
    limits: Mapping[str, int | None] | None = None,
) -> pd.DataFrame:
    """List what needs attention, most pressing first, with what to do.

    Parameters
    ----------
    active : pandas.DataFrame
        Active numbers; read are all columns but ``project_id``, the capabilities, the payment interval and
        next charge, the voice types and ids, and ``callback_url``.
    as_of : datetime or str, optional
        The instant that ages are reckoned from; a time without zone is UTC. None takes the time at which
        the frame was fetched (``attrs["fetched_at"]``), else now.
    expiring_days : int, default 30
        List released numbers that end within so many days.
    limits : mapping of str to int or None, optional
        Numbers that campaigns can hold, as for :func:`campaign_fill`.

    Returns
    -------
    pandas.DataFrame
        One row per number and reason, most pressing first. A number with several reasons has several rows.

        - ``rank`` : Int64 - 1 is the most pressing
        - ``phone_number`` : str - number in E.164, always text
        - ``display_name`` : str, may be missing - name given to it
        - ``region_code`` : category, may be missing - ISO 3166-1 alpha-2
        - ``number_type`` : category, may be missing - kind of number
        - ``problem`` : category - what is wrong, in words
        - ``error_code`` : category, may be missing - provisioning error code, where there is one
        - ``remedy`` : category - what to do
        - ``who_acts`` : category - who has to act: you, Sinch, or Sinch's support
        - ``retry`` : category - whether sending the same update again can help
        - ``since`` : datetime64[us, UTC], may be missing - when it was last seen to change
        - ``age_days`` : Int64, may be missing - whole days since then
        - ``expire_at`` : datetime64[us, UTC], may be missing - end of the rental of a released number
        - ``service_plan_id`` : category, may be missing - SMS service plan concerned
        - ``campaign_id`` : category, may be missing - campaign concerned
        - ``monthly_cost`` : decimal128(18, 6)[pyarrow], may be missing - what the number costs a month, in
          currency_code
        - ``currency_code`` : category, may be missing - ISO 4217

    Raises
    ------
    ColumnError
        When ``active`` lacks a column that is read, or holds it with another dtype.
    InvalidInputError
        When ``as_of``, ``expiring_days`` or a limit makes no sense.

    See Also
    --------
    attention_summary : one row per problem

    Notes
    -----
    The ranking puts first what costs traffic and money now and can be mended by you:

    1. failed set-ups that you can mend, by the severity of their code (account, campaign, single number);
    2. numbers still to be linked to a campaign that can't hold all of them;
    3. released numbers that end soon: their traffic has to move, and they can't be brought back;
    4. failed set-ups for Sinch support;
    5. jobs that wait or run for more than a day since they last changed;
    6. states that are missing or new to this version;
    7. failed set-ups that heal with time;
    8. numbers that cost something and have neither SMS nor voice configured.

    Within a problem the longest-standing comes first (the earliest to expire, in the third group), then
    those without a time, by phone number. Released numbers are listed in the third group alone, since what
    else is wrong with them passes; those already past their end are left out. A job whose last change is not
    known is not called stuck, and a number without a price not idle cost. The ranking is this package's
    judgement, not the API's.

    Examples
    --------
    >>> from numbers_toolkit import tables
    >>> len(attention(tables.ACTIVE_NUMBERS.empty()))
    0
    """
    ACTIVE_NUMBERS.require(active, _READ)
    if isinstance(expiring_days, bool) or not isinstance(expiring_days, int) or expiring_days < 0:
        raise InvalidInputError(f"expiring_days is {expiring_days!r}; use a whole number of days, 0 or more.")
    now = moment(as_of, active)
    kept = np.isnat(instants(active["expire_at"]))
    found = [
        *_failures(active, kept),
        *_overbooked(active, kept, limits),
        *_expiring(active, now, expiring_days),
        *_stuck_or_unknown(active, kept, now),
        *_idle(active, kept),
    ]
    found.sort(key=lambda finding: (finding[0].tier, finding[0].severity, finding[0].title))
    return _listed(active, now, [finding for finding in found if len(finding[1])])


def _failures(active: pd.DataFrame, kept: NDArray[np.bool_]) -> Iterator[_Finding]:
    found = find_errors(active)
    for place, word in enumerate(found.words):
        entry = error_codes.lookup(word)
        problem = _Problem(
            _FAILED_TIER[entry.who_acts],
            entry.severity,
            entry.title,
            entry.remedy,
            entry.who_acts,
            entry.retry,
            word,
            "voice" if word == error_codes.VOICE_FAILED else "sms",
        )
        rows = found.rows[found.codes == place]
        yield problem, rows[kept[rows]]


def _overbooked(
    active: pd.DataFrame, kept: NDArray[np.bool_], limits: Mapping[str, int | None] | None
) -> Iterator[_Finding]:
    fill = campaign_fill(active, limits=limits)
    over = set(fill.loc[(fill["room"] < 0).fillna(value=False), "campaign_id"])
    rows, campaigns, failed = links_asked_for(active)
    affected = np.array([campaign in over for campaign in campaigns], dtype=bool) & ~failed
    problem = _Problem(
        _OVERBOOKED,
        0,
        "Campaign can't hold all numbers to come",
        "Link some of the numbers to another campaign, or ask Sinch for a number pool, before they fail.",
        _YOU,
        "after a change",
    )
    yield problem, rows[affected & kept[rows]]


def _expiring(active: pd.DataFrame, now: pd.Timestamp, days: int) -> Iterator[_Finding]:
    left = instants(active["expire_at"]) - now.tz_localize(None).to_datetime64()
    problem = _Problem(
        _EXPIRING,
        0,
        "Released, ends soon",
        "Move what still uses the number before it ends; a release can't be undone.",
        _YOU,
        _NOTHING_TO_REPEAT,
        by_expiry=True,
    )
    yield problem, np.flatnonzero((left > np.timedelta64(0)) & (left <= np.timedelta64(days, "D")))


def _stuck_or_unknown(active: pd.DataFrame, kept: NDArray[np.bool_], now: pd.Timestamp) -> Iterator[_Finding]:
    for service, prefix in _SERVICES:
        waited = now.tz_localize(None).to_datetime64() - instants(active[f"{prefix}_updated_at"])
        state = text_of(active[f"{prefix}_state"])
        stuck = _Problem(
            _STUCK,
            0,
            f"{service} set-up hangs",
            "Read the number again; if nothing has moved, give it to Sinch support.",
            _SUPPORT,
            "ask support",
            service=prefix,
        )
        running = equals(state, "WAITING", "IN_PROGRESS")
        yield stuck, np.flatnonzero(running & (waited > _STUCK_AFTER) & kept)
        codes, size = codes_of(state)
        words = [None, *(str(label) for label in state.cat.categories)]
        for code, count in enumerate(np.bincount(codes, minlength=size)):
            if count and words[code] not in PROVISIONING_STATES:
                yield _unknown_state(service, prefix, words[code]), np.flatnonzero((codes == code) & kept)


def _unknown_state(service: str, prefix: str, word: str | None) -> _Problem:
    return _Problem(
        _UNKNOWN,
        0,
        f"{service} state is missing" if word is None else f"{service} state is unknown: {word}",
        "Read the number again later; if the state stays, update numbers_toolkit or ask Sinch support.",
        _SUPPORT,
        "ask support",
        service=prefix,
    )


def _idle(active: pd.DataFrame, kept: NDArray[np.bool_]) -> Iterator[_Finding]:
    unused = equals(active["sms_state"], "NOT_CONFIGURED") & equals(active["voice_state"], "NOT_CONFIGURED")
    kinds = distinct([active["price"].reset_index(drop=True)], len(active))
    values = _exact.amounts(active["price"].iloc[kinds.first], "price")
    paid = np.array([value is not None and value > 0 for value in values], dtype=bool)[kinds.group]
    problem = _Problem(
        _IDLE,
        0,
        "Paid, but nothing configured",
        "Configure SMS or voice for the number, or release it.",
        _YOU,
        _NOTHING_TO_REPEAT,
        service="",
    )
    yield problem, np.flatnonzero(unused & paid & kept)


def _listed(active: pd.DataFrame, now: pd.Timestamp, found: list[_Finding]) -> pd.DataFrame:
    """Lay the findings out as rows and put them in order."""
    problems = [problem for problem, _ in found]
    rows = np.concatenate([np.empty(0, dtype=np.intp), *(where for _, where in found)])
    number = np.repeat(np.arange(len(found)), [len(where) for _, where in found])
    expire_at = instants(active["expire_at"])[rows]

    def flagged(flags: list[bool]) -> NDArray[np.bool_]:
        return np.array(flags, dtype=bool)[number]

    by_expiry = flagged([problem.by_expiry for problem in problems])
    of_sms = flagged([problem.service == "sms" and not problem.by_expiry for problem in problems])
    of_voice = flagged([problem.service == "voice" for problem in problems])
    since = np.where(of_voice, instants(active["voice_updated_at"])[rows], _NO_TIME)
    since = np.where(of_sms, instants(active["sms_updated_at"])[rows], since)
    phone_number, _ = pd.factorize(active["phone_number"].array[rows], sort=True)
    # NumPy sorts times that are missing to the end.
    due = np.where(by_expiry, expire_at, since)
    order = np.lexsort((phone_number, due, number))
    rows, number, of_sms, since = rows[order], number[order], of_sms[order], since[order]
    data = _taken(active, rows, of_sms)
    data["rank"] = np.arange(1, len(rows) + 1)
    data["since"] = utc(since)
    data["age_days"] = age_days(data["since"], now)
    data["expire_at"] = utc(expire_at[order])
    words = {name: [getattr(problem, name) for problem in problems] for name in _WORDS}
    for name, column in zip(_WORDS, ("problem", "error_code", "remedy", "who_acts", "retry"), strict=True):
        data[column] = pd.Series(words[name], dtype=object).astype("category").take(number)
    return assemble(ATTENTION, data, attrs=active.attrs)


_WORDS: Final = ("title", "error_code", "remedy", "who_acts", "retry")


def _taken(active: pd.DataFrame, rows: NDArray[np.intp], of_sms: NDArray[np.bool_]) -> dict[str, Any]:
    """Return what a row tells about its number."""

    def taken(name: str) -> pd.Series[Any]:
        return pd.Series(active[name].array[rows])

    names = ("phone_number", "display_name", "region_code", "number_type", "currency_code")
    data: dict[str, Any] = {name: taken(name) for name in names}
    for name in ("service_plan_id", "campaign_id"):
        # What is being set is what a job is about; without a job, what is in force.
        wanted, current = (text_of(taken(f"sms_{when}{name}")).astype(object) for when in ("scheduled_", ""))
        data[name] = wanted.where(wanted.notna(), current).where(of_sms)
    data["monthly_cost"] = _exact.money(taken("monthly_cost"), "monthly_cost")
    return data


def attention_summary(attention: pd.DataFrame) -> pd.DataFrame:
    """Sum up what needs attention, one row per problem.

    Parameters
    ----------
    attention : pandas.DataFrame
        Result of :func:`attention`, or rows picked from it.

    Returns
    -------
    pandas.DataFrame
        One row per problem and code, most pressing first.

        - ``rank`` : Int64 - 1 is the most pressing
        - ``problem`` : category - what is wrong, in words
        - ``error_code`` : category, may be missing - provisioning error code, where there is one
        - ``numbers`` : Int64 - how many numbers
        - ``oldest_days`` : Int64, may be missing - whole days since the longest-standing of them last changed
        - ``remedy`` : category - what to do
        - ``who_acts`` : category - who has to act: you, Sinch, or Sinch's support
        - ``retry`` : category - whether sending the same update again can help

    Raises
    ------
    ColumnError
        When ``attention`` lacks a column that is read, or holds it with another dtype.

    Notes
    -----
    No costs are summed here: each row's ``monthly_cost`` is rounded already. For an exact sum give the
    numbers in question to :func:`monthly_cost`.

    Examples
    --------
    >>> from numbers_toolkit import tables
    >>> attention_summary(tables.ATTENTION.empty()).columns.to_list()[:4]
    ['rank', 'problem', 'error_code', 'numbers']
    """
    words = ("problem", "error_code", "remedy", "who_acts", "retry")
    ATTENTION.require(attention, ("rank", "phone_number", "age_days", *words))
    ordered = attention.sort_values("rank", kind="stable", ignore_index=True)
    groups = distinct([ordered["problem"], ordered["error_code"]], len(ordered))
    pairs = distinct([pd.Series(groups.group), ordered["phone_number"]], len(ordered))
    _, lead = np.unique(groups.group, return_index=True)
    numbers = np.bincount(groups.group[pairs.first], minlength=len(lead))
    oldest = ordered["age_days"].groupby(groups.group).max()
    order = np.argsort(lead)
    data: dict[str, Any] = {name: ordered[name].iloc[lead[order]] for name in words}
    data["rank"] = np.arange(1, len(lead) + 1)
    data["numbers"] = numbers[order]
    data["oldest_days"] = oldest.iloc[order]
    return assemble(ATTENTION_SUMMARY, data, attrs=attention.attrs)
