"""Columns of the tables that a person looks through an inventory with: what can be filtered by, and key figures."""

from __future__ import annotations

from typing import Final

from numbers_toolkit.columns import Column, Table
from numbers_toolkit.tables import INVENTORY, MONTHLY_COST

__all__ = ["FIGURES", "FILTERS", "FILTER_CHOICES", "KEY_FIGURES"]

#: What numbers can be filtered by, other than text; each is a keyword of ``analysis.filter_numbers``.
FILTERS: Final = (
    "region_code",
    "number_type",
    "capabilities",
    "sms_state",
    "voice_state",
    "service_plan_id",
    "campaign_id",
    "error_code",
)
FIGURES: Final = ("owned", "failing", "waiting", "monthly cost", "due", "ending")

FILTER_CHOICES: Final = Table(
    "choices of the filters",
    "filter and value",
    (
        Column("filter", "category", "keyword of filter_numbers", nullable=False, categories=FILTERS),
        Column("value", "text", "value to filter by; empty text for numbers that have none", nullable=False),
        INVENTORY["numbers"],
    ),
)

KEY_FIGURES: Final = Table(
    "key figures",
    "figure, and currency where it is about money",
    (
        Column("figure", "category", "what is counted", nullable=False, categories=FIGURES),
        INVENTORY["numbers"],
        Column("amount", "money", "sum, in currency_code"),
        MONTHLY_COST["currency_code"],
        Column("unpriced", "count", "how many of the numbers are not in the sum, their price being unknown"),
    ),
)
