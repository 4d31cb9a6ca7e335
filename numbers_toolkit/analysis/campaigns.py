"""10DLC campaigns: how full they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from numbers_toolkit.analysis._grouping import assemble, equals, text_of
from numbers_toolkit.error_codes import CAMPAIGN_LIMIT
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.tables import ACTIVE_NUMBERS, CAMPAIGN_FILL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["campaign_fill"]

_READ: Final = ("sms_campaign_id", "sms_scheduled_campaign_id", "sms_state")


def campaign_fill(active: pd.DataFrame, *, limits: Mapping[str, int | None] | None = None) -> pd.DataFrame:
    """Show how many numbers each 10DLC campaign holds, and how many more fit.

    Parameters
    ----------
    active : pandas.DataFrame
        Active numbers; read are ``sms_campaign_id``, ``sms_scheduled_campaign_id`` and ``sms_state``.
    limits : mapping of str to int or None, optional
        How many numbers a campaign can hold, where you know better: 1 for a sole proprietor's campaign, None
        for a number pool. Campaigns that no number uses are ignored.

    Returns
    -------
    pandas.DataFrame
        One row per campaign, the fullest first, those without a limit last, then by numbers and id.

        - ``campaign_id`` : category - 10DLC campaign
        - ``numbers`` : Int64 - how many numbers
        - ``scheduled`` : Int64 - numbers still being linked to it
        - ``failed`` : Int64 - numbers whose link failed
        - ``limit`` : Int64, may be missing - numbers it can hold; missing for a number pool
        - ``room`` : Int64, may be missing - limit - numbers - scheduled; negative when over
        - ``fill`` : Float64, may be missing - (numbers + scheduled) / limit

    Raises
    ------
    ColumnError
        When ``active`` lacks a column that is read, or holds it with another dtype.
    InvalidInputError
        When a limit is no whole number of at least 1.

    Notes
    -----
    The API does not say what a campaign can hold. Most hold 50, which is taken where ``limits`` is silent.
    A campaign that already has more than 50 numbers linked can only be a number pool, which has no stated
    ceiling: its limit is missing. A sole proprietor's campaign can't be told from the data, so it shows room
    it does not have unless ``limits`` names it. Only numbers in ``active`` are seen: the frame must hold all
    numbers of the project, and numbers that other projects link to the campaign are not counted. Released
    numbers count until they are gone. A number that is linked already is neither scheduled nor failed.

    Source: ``smsConfiguration`` of the active numbers; the limits are Sinch's published ones for 10DLC.

    Examples
    --------
    >>> import pandas as pd
    >>> active = pd.DataFrame(
    ...     {
    ...         "sms_campaign_id": ["C1", "C1", None],
    ...         "sms_scheduled_campaign_id": [None, None, "C1"],
    ...         "sms_state": ["PROVISIONED", "PROVISIONED", "WAITING"],
    ...     }
    ... )
    >>> campaign_fill(active)
      campaign_id  numbers  scheduled  failed  limit  room  fill
    0          C1        2          1       0     50    47  0.06
    """
    ACTIVE_NUMBERS.require(active, _READ)
    known = _checked(limits or {})
    linked = _counts(text_of(active["sms_campaign_id"]))
    _, campaigns, failed = links_asked_for(active)
    waiting_for = _counts(pd.Series(campaigns[~failed], dtype="category"))
    failed_on = _counts(pd.Series(campaigns[failed], dtype="category"))
    names = sorted({*linked, *waiting_for, *failed_on})
    data: dict[str, Any] = {name: [] for name in CAMPAIGN_FILL.names}
    for name in names:
        numbers, scheduled = linked.get(name, 0), waiting_for.get(name, 0)
        limit = known.get(name, CAMPAIGN_LIMIT if numbers <= CAMPAIGN_LIMIT else None)
        data["campaign_id"].append(name)
        data["numbers"].append(numbers)
        data["scheduled"].append(scheduled)
        data["failed"].append(failed_on.get(name, 0))
        data["limit"].append(limit)
        data["room"].append(None if limit is None else limit - numbers - scheduled)
        data["fill"].append(None if limit is None else (numbers + scheduled) / limit)
    order = ("fill", "numbers", "campaign_id")
    return assemble(CAMPAIGN_FILL, data, order=order, descending=("fill", "numbers"), attrs=active.attrs)


def _checked(limits: Mapping[str, int | None]) -> Mapping[str, int | None]:
    for campaign, limit in limits.items():
        if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 1):
            raise InvalidInputError(
                f"The limit of campaign {campaign!r} is {limit!r}; use a whole number of at least 1, "
                "or None for a number pool."
            )
    return limits


def _counts(values: pd.Series[Any]) -> dict[str, int]:
    codes = values.cat.codes.to_numpy()
    counts = np.bincount(codes + 1, minlength=len(values.cat.categories) + 1)[1:]
    return {
        str(label): int(count) for label, count in zip(values.cat.categories, counts, strict=True) if count
    }


def links_asked_for(
    active: pd.DataFrame,
) -> tuple[NDArray[np.intp], NDArray[np.object_], NDArray[np.bool_]]:
    """Return the numbers being moved to a campaign: their positions, the campaign, and whether it failed."""
    wanted = text_of(active["sms_scheduled_campaign_id"])
    rows = np.flatnonzero(wanted.notna().to_numpy())
    campaign = wanted.array[rows].astype(object)
    current = text_of(active["sms_campaign_id"]).array[rows].astype(object)
    moving = np.asarray(campaign != current, dtype=bool)
    failed = equals(active["sms_state"], "FAILED")[rows]
    return rows[moving], campaign[moving], failed[moving]
