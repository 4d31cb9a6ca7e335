"""Service plans and campaigns that a project uses, to choose from: how many numbers each has, and what room is left.

Frames of active numbers in, plain values out. Reads no API.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from numbers_toolkit.analysis import campaign_fill
from numbers_toolkit.analysis._grouping import equals, text_of
from numbers_toolkit.tables import ACTIVE_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CampaignInUse", "ServicePlanInUse", "campaigns_in_use", "service_plans_in_use"]

_PLANS: Final = ("sms_service_plan_id", "sms_scheduled_service_plan_id", "sms_state")
_READ: Final = (*_PLANS, "sms_campaign_id", "sms_scheduled_campaign_id")


@dataclass(frozen=True, slots=True)
class ServicePlanInUse:
    """An SMS service plan that numbers of the project are set up with.

    Parameters
    ----------
    service_plan_id : str
        The plan.
    numbers : int
        Numbers that are set up with it, or are about to be.
    failed : int
        Numbers whose set-up with it failed.
    """

    service_plan_id: str
    numbers: int
    failed: int = 0


@dataclass(frozen=True, slots=True)
class CampaignInUse:
    """A 10DLC campaign that numbers of the project are linked to.

    Parameters
    ----------
    campaign_id : str
        The campaign.
    numbers : int
        Numbers that are linked to it, or are about to be.
    room : int or None
        How many more fit, 0 or more; None for a number pool, which has no stated limit.
    failed : int
        Numbers whose link to it failed.
    service_plans : tuple of str
        Service plans that its numbers use, the most frequent first.
    """

    campaign_id: str
    numbers: int
    room: int | None
    failed: int = 0
    service_plans: tuple[str, ...] = ()


def service_plans_in_use(active: pd.DataFrame) -> tuple[ServicePlanInUse, ...]:
    """Return the service plans that a project uses, the most frequent first.

    Parameters
    ----------
    active : pandas.DataFrame
        Active numbers; read are ``sms_service_plan_id``, ``sms_scheduled_service_plan_id`` and ``sms_state``.

    Returns
    -------
    tuple of ServicePlanInUse
        One for each plan; plans with equally many numbers by id.

    Raises
    ------
    ColumnError
        When ``active`` lacks a column that is read, or holds it with another dtype.

    Examples
    --------
    >>> import pandas as pd
    >>> active = pd.DataFrame(
    ...     {
    ...         "sms_service_plan_id": ["P1", "P1", None],
    ...         "sms_scheduled_service_plan_id": [None, None, "P2"],
    ...         "sms_state": ["PROVISIONED", "PROVISIONED", "FAILED"],
    ...     }
    ... )
    >>> for one in service_plans_in_use(active):
    ...     print(one)
    ServicePlanInUse(service_plan_id='P1', numbers=2, failed=0)
    ServicePlanInUse(service_plan_id='P2', numbers=0, failed=1)
    """
    ACTIVE_NUMBERS.require(active, _PLANS)
    present = _words(active["sms_service_plan_id"])
    coming = _words(active["sms_scheduled_service_plan_id"])
    moving = coming.notna() & (coming != present)
    failed = moving & equals(active["sms_state"], "FAILED")
    numbers = pd.concat([present, coming[moving & ~failed]]).value_counts()
    failures = coming[failed].value_counts()
    found = [
        ServicePlanInUse(one, int(numbers.get(one, 0)), int(failures.get(one, 0)))
        for one in {*numbers.index, *failures.index}
    ]
    return tuple(sorted(found, key=lambda one: (-one.numbers, one.service_plan_id)))


def campaigns_in_use(
    active: pd.DataFrame, *, limits: Mapping[str, int | None] | None = None
) -> tuple[CampaignInUse, ...]:
    """Return the campaigns that a project uses, those with room first.

    Parameters
    ----------
    active : pandas.DataFrame
        Active numbers of the whole project, at least those of the US.
    limits : mapping of str to int or None, optional
        What campaigns can hold, as for :func:`numbers_toolkit.analysis.campaign_fill`.

    Returns
    -------
    tuple of CampaignInUse
        One for each campaign: those with room, then the full ones, each by how many numbers they have.

    Raises
    ------
    ColumnError
        When ``active`` lacks a column that is read, or holds it with another dtype.
    InvalidInputError
        When a limit is no whole number of at least 1.

    Notes
    -----
    What a campaign can hold is not told by the API; what is assumed stands at
    :func:`numbers_toolkit.analysis.campaign_fill`.

    Examples
    --------
    >>> import numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client:
    ...     campaigns = campaigns_in_use(nt.active_numbers(client))
    >>> [one.room == 0 for one in campaigns[:2]], len(campaigns[0].service_plans) > 0
    ([False, False], True)
    """
    ACTIVE_NUMBERS.require(active, _READ)
    used_with = _service_plans_of_campaigns(active)
    fill = campaign_fill(active, limits=limits)
    names = ("campaign_id", "numbers", "scheduled", "room", "failed")
    columns: list[list[Any]] = [fill[name].astype(object).tolist() for name in names]
    found = [
        CampaignInUse(
            campaign,
            numbers + scheduled,
            None if pd.isna(room) else max(0, room),
            failed,
            used_with.get(campaign, ()),
        )
        for campaign, numbers, scheduled, room, failed in zip(*columns, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (one.room == 0, -one.numbers, one.campaign_id)))


def _words(values: pd.Series[Any]) -> pd.Series[Any]:
    return text_of(values).astype(object)


def _service_plans_of_campaigns(active: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    pairs = pd.concat(
        pd.DataFrame({"campaign": _words(active[campaign]), "plan": _words(active[plan])})
        for campaign, plan in (
            ("sms_campaign_id", "sms_service_plan_id"),
            ("sms_scheduled_campaign_id", "sms_scheduled_service_plan_id"),
        )
    ).dropna()
    plans: dict[str, list[str]] = {}
    # Sorted by how often they occur, then by id.
    for campaign, plan in pairs.value_counts().sort_index().sort_values(ascending=False, kind="stable").index:
        plans.setdefault(campaign, []).append(plan)
    return {campaign: tuple(own) for campaign, own in plans.items()}
