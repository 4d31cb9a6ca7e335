"""Analyses of an inventory: DataFrame in, DataFrame out, nothing fetched and nothing changed.

Every function checks the columns it reads before it starts, never changes the frame it is given, and gives
the same answer for the same rows in any order. Results are tidy: keys are columns, the index is a
RangeIndex, and an empty input gives an empty result with every column and dtype. Money is exact, and
different currencies are never added. ``attrs`` (where a frame came from) travel along.
"""

from __future__ import annotations

from numbers_toolkit.analysis.campaigns import campaign_fill
from numbers_toolkit.analysis.charges import renewals_by_month, upcoming_charges
from numbers_toolkit.analysis.costs import monthly_cost, total_cost
from numbers_toolkit.analysis.counting import (
    inventory,
    inventory_by_capability,
    inventory_by_region,
    inventory_by_state,
    inventory_by_type,
)
from numbers_toolkit.analysis.events import failures_over_time, time_to_ready
from numbers_toolkit.analysis.filtering import filter_choices, filter_numbers, rows_about
from numbers_toolkit.analysis.frequencies import error_frequencies
from numbers_toolkit.analysis.memorable import memorable
from numbers_toolkit.analysis.overview import key_figures
from numbers_toolkit.analysis.priorities import attention, attention_summary
from numbers_toolkit.analysis.provisioning import (
    provisioning_errors,
    provisioning_status,
)
from numbers_toolkit.analysis.stock import stock_by_prefix

__all__ = [
    "attention",
    "attention_summary",
    "campaign_fill",
    "error_frequencies",
    "failures_over_time",
    "filter_choices",
    "filter_numbers",
    "inventory",
    "inventory_by_capability",
    "inventory_by_region",
    "inventory_by_state",
    "inventory_by_type",
    "key_figures",
    "memorable",
    "monthly_cost",
    "provisioning_errors",
    "provisioning_status",
    "renewals_by_month",
    "rows_about",
    "stock_by_prefix",
    "time_to_ready",
    "total_cost",
    "upcoming_charges",
]


def __dir__() -> list[str]:
    return sorted(__all__)
