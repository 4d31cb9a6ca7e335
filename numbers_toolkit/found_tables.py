"""Columns of the tables that are made of numbers on offer: how memorable they are, how many each prefix has."""

from __future__ import annotations

from typing import Final

from numbers_toolkit.columns import Column, Table
from numbers_toolkit.tables import AVAILABLE_NUMBERS

__all__ = ["MEMORABLE", "STOCK_BY_PREFIX"]

MEMORABLE: Final = Table(
    "memorable numbers",
    "number",
    (
        AVAILABLE_NUMBERS["phone_number"],
        AVAILABLE_NUMBERS["region_code"],
        AVAILABLE_NUMBERS["number_type"],
        Column(
            "score",
            "count",
            "ten for each digit that need not be remembered, five more for each pattern at the end",
            nullable=False,
        ),
        Column("reason", "text", "what makes it memorable, best first; empty text when nothing", False),
    ),
)

STOCK_BY_PREFIX: Final = Table(
    "stock by prefix",
    "prefix, region, number type and currency",
    (
        Column("prefix", "text", "beginning of the numbers in E.164, calling code included", False),
        AVAILABLE_NUMBERS["region_code"],
        AVAILABLE_NUMBERS["number_type"],
        Column("numbers", "count", "how many numbers were found", nullable=False),
        Column(
            "lowest_monthly_price",
            "money",
            "recurring price per month of the cheapest, in currency_code",
        ),
        Column("currency_code", "category", "ISO 4217; prices of different rows are never compared"),
    ),
)
