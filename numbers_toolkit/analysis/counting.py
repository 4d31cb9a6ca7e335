"""Inventory: how many numbers there are, by whatever they have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numbers_toolkit.analysis._grouping import assemble, check_active_keys, distinct, key_values
from numbers_toolkit.tables import INVENTORY

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

__all__ = [
    "inventory",
    "inventory_by_capability",
    "inventory_by_region",
    "inventory_by_state",
    "inventory_by_type",
]


def inventory(active: pd.DataFrame, by: str | Iterable[str] = ("region_code", "number_type")) -> pd.DataFrame:
    """Count numbers by one or several keys.

    Parameters
    ----------
    active : pandas.DataFrame
        Active numbers; read are the keys (``has_sms`` and ``has_voice`` for ``"capability"``).
    by : str or iterable of str, default ("region_code", "number_type")
        Columns to count by, also columns of your own, or ``"capability"``: ``SMS``, ``VOICE``,
        ``SMS and VOICE``, ``none``, which exclude each other. ``()`` counts everything in one row.

    Returns
    -------
    pandas.DataFrame
        One row per combination that occurs, most numbers first, led by the key columns. A missing key is a
        group of its own, so that ``numbers`` always adds up to ``len(active)``.

        - ``numbers`` : Int64 - how many numbers
        - ``share`` : Float64 - share of all numbers, 0 to 1

    Raises
    ------
    ColumnError
        When ``active`` lacks a column that is read, or holds it with another dtype.
    InvalidInputError
        When a key does not exist; the message lists those that do.

    See Also
    --------
    inventory_by_region, inventory_by_type, inventory_by_capability, inventory_by_state : one key each

    Examples
    --------
    >>> import pandas as pd
    >>> active = pd.DataFrame({"region_code": ["US", "US", "SE"]})
    >>> inventory(active, "region_code")
      region_code  numbers     share
    0          US        2  0.666667
    1          SE        1  0.333333
    """
    keys = check_active_keys(by, active, INVENTORY)
    columns = {key: key_values(active, key) for key in keys}
    groups = distinct(list(columns.values()), len(active))
    total = max(len(active), 1)
    return assemble(
        INVENTORY,
        {"numbers": groups.counts, "share": groups.counts / total},
        keys={key: values.iloc[groups.first] for key, values in columns.items()},
        order=("numbers", *keys),
        descending=("numbers",),
        attrs=active.attrs,
    )


def inventory_by_region(active: pd.DataFrame) -> pd.DataFrame:
    """Count numbers by region; see :func:`inventory` for the columns after ``region_code``."""
    return inventory(active, ("region_code",))


def inventory_by_type(active: pd.DataFrame) -> pd.DataFrame:
    """Count numbers by number type; see :func:`inventory` for the columns after ``number_type``."""
    return inventory(active, ("number_type",))


def inventory_by_capability(active: pd.DataFrame) -> pd.DataFrame:
    """Count numbers by what they can be used for, in groups that exclude each other.

    The groups of ``capability`` are ``SMS``, ``VOICE``, ``SMS and VOICE`` and ``none``; it is missing where
    the API did not say. See :func:`inventory` for the other columns.
    """
    return inventory(active, ("capability",))


def inventory_by_state(active: pd.DataFrame) -> pd.DataFrame:
    """Count numbers by the states of both services together.

    Led by ``sms_state`` and ``voice_state``, so that every number is counted once. To see one service at a
    time use :func:`provisioning_status`; see :func:`inventory` for the other columns.
    """
    return inventory(active, ("sms_state", "voice_state"))
