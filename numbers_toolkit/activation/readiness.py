"""How far the set-up of numbers came, as a table joined with the error catalogue.

Frames of active numbers in, one row per number, service and error code out. Reads no API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from numbers_toolkit.analysis import provisioning_errors
from numbers_toolkit.analysis._grouping import assemble
from numbers_toolkit.combining import joined, provenance
from numbers_toolkit.tables import ACTIVE_NUMBERS, NOT_ACTIVE, NOT_READ, PROVISIONING_OUTCOME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numbers_toolkit.client import NumbersClient

__all__ = ["FAILED", "RUNNING", "outcome_frame", "running", "states_of"]

FAILED: Final = "FAILED"
#: States of a job that will change by itself.
RUNNING: Final = ("WAITING", "IN_PROGRESS")
#: A job that was not touched for so long does not end by itself; the to-do list calls it stuck, too.
_STUCK_AFTER: Final = pd.Timedelta(days=1)
_ADVICE: Final = ("meaning", "remedy", "who_acts", "retry")


def states_of(active: pd.DataFrame, services: Iterable[str]) -> pd.DataFrame:
    """Return the states of services, a column for each, as plain text.

    Examples
    --------
    >>> states_of(ACTIVE_NUMBERS.empty(), ["SMS"]).columns.to_list()
    ['SMS']
    """
    return pd.DataFrame({one: active[f"{one.lower()}_state"].astype(object) for one in services})


def running(
    active: pd.DataFrame, services: Iterable[str], now: Any
) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Return which numbers have a job that will end by itself, and which only one that is stuck.

    Parameters
    ----------
    active : pandas.DataFrame
        Active numbers.
    services : iterable of str
        Services that count.
    now : datetime or None
        The API's time; without it no job is taken for stuck.
    """
    moving = pd.Series(data=False, index=active.index)
    stuck = moving.copy()
    for service, states in states_of(active, services).items():
        jobs = states.isin(RUNNING)
        touched = active[f"{str(service).lower()}_updated_at"]
        old = jobs & (touched < pd.Timestamp(now) - _STUCK_AFTER).fillna(value=False) if now else jobs & False
        moving |= jobs & ~old
        stuck |= old
    return moving, stuck & ~moving


def outcome_frame(
    client: NumbersClient,
    looks: Sequence[pd.DataFrame],
    wanted: Sequence[str],
    services: Iterable[str],
    *,
    gone: Iterable[str],
    waited: Mapping[str, float],
    complete: bool,
) -> pd.DataFrame:
    """Return how far each service of each number came.

    Parameters
    ----------
    client : NumbersClient
        Where it was read.
    looks : sequence of DataFrame
        Active numbers as last seen, each number once.
    wanted : sequence of str
        All numbers, in the order of the result.
    services : iterable of str
        Services to list.
    gone : iterable of str
        Numbers that are not active; others without a row could not be read.
    waited : mapping of str to float
        Seconds to the last look at each number.
    complete : bool
        Whether nothing is under way any more.

    Returns
    -------
    pandas.DataFrame
        Columns and dtypes of ``tables.PROVISIONING_OUTCOME``.
    """
    active = joined(list(looks), ACTIVE_NUMBERS)
    lost = dict.fromkeys(set(wanted) - set(active["phone_number"]), NOT_READ) | dict.fromkeys(
        gone, NOT_ACTIVE
    )
    parts = [part for one in services for part in (_service_rows(active, one), _lost_rows(lost, one))]
    rows = pd.concat(parts, ignore_index=True).merge(
        _errors(active), how="left", on=["phone_number", "service"], sort=False
    )
    rows["waited_seconds"] = [waited.get(number) for number in rows["phone_number"]]
    place = {number: position for position, number in enumerate(wanted)}
    rows["place"] = [place[number] for number in rows["phone_number"]]
    rows = rows.sort_values(["place", "service"], kind="stable", ignore_index=True)
    attrs = provenance(
        client, fetched_at=client.server_time, total_size=len(wanted), complete=complete, filters={}
    )
    return assemble(PROVISIONING_OUTCOME, {str(name): rows[name] for name in rows}, attrs=attrs)


def _errors(active: pd.DataFrame) -> pd.DataFrame:
    names = ["phone_number", "service", "error_code", *_ADVICE]
    return provisioning_errors(active)[names].astype(object)


def _service_rows(active: pd.DataFrame, service: str) -> pd.DataFrame:
    prefix = service.lower()
    ids = ("service_plan_id", "campaign_id") if service == "SMS" else ("voice_type", "voice_id")
    own = {name: _being_set(active, prefix, name) for name in ids}
    if service == "VOICE":
        # The API names a voice type also where there is no voice at all.
        own["voice_type"] = own["voice_type"].where(own["voice_id"].notna())
    others = ("voice_type", "voice_id") if service == "SMS" else ("service_plan_id", "campaign_id")
    return pd.DataFrame(
        {
            "phone_number": active["phone_number"].astype(object),
            "service": service,
            "state": active[f"{prefix}_state"].astype(object),
            **own,
            **dict.fromkeys(others),
            "updated_at": active[f"{prefix}_updated_at"],
        }
    )


def _being_set(active: pd.DataFrame, prefix: str, name: str) -> pd.Series[Any]:
    """Return what a job sets, and what is in force where no job does."""
    short = name.removeprefix("voice_")
    current = active[name if prefix == "voice" else f"{prefix}_{short}"].astype(object)
    scheduled = active[f"{prefix}_scheduled_{short}"].astype(object)
    return scheduled.where(scheduled.notna(), current)


def _lost_rows(lost: Mapping[str, str], service: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "phone_number": pd.Series(list(lost), dtype=object),
            "service": service,
            "state": pd.Series(list(lost.values()), dtype=object),
            **dict.fromkeys(("service_plan_id", "campaign_id", "voice_type", "voice_id")),
            "updated_at": pd.Series([pd.NaT] * len(lost), dtype="datetime64[us, UTC]"),
        }
    )
