"""Plans for tests, put together by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from numbers_toolkit.activation.costs import Cost
from numbers_toolkit.activation.items import PlannedNumber, PlannedRelease, PlannedUpdate
from numbers_toolkit.activation.plan import ActivationPlan, ChangePlan

PROJECT = "7f2c9a4e-51d8-4b63-9e0a-6c1d85b2f347"


def planned(phone_number: str = "+13075550142", **given: Any) -> PlannedNumber:
    """One number to buy; US LOCAL by ``:rent`` where nothing else is said."""
    defaults = {
        "region_code": "US",
        "number_type": "LOCAL",
        "capabilities": ("SMS", "VOICE"),
        "cost": Cost(Decimal("0.60"), Decimal("0.60"), "USD"),
        "route": "rent",
    }
    return PlannedNumber(phone_number=phone_number, **{**defaults, **given})


def plan_of(*items: PlannedNumber, **given: Any) -> ActivationPlan:
    defaults = {
        "plan_id": "a1b2c3d4e5f60718",
        "project_id": PROJECT,
        "source": "sandbox",
        "made_at": "2026-03-02T09:00:00Z",
    }
    return ActivationPlan(items=items or (planned(),), **{**defaults, **given})


def change_plan(*items: PlannedUpdate | PlannedRelease, **given: Any) -> ChangePlan:
    defaults = {
        "plan_id": "a1b2c3d4e5f60719",
        "project_id": PROJECT,
        "source": "sandbox",
        "made_at": "2026-03-02T09:00:00Z",
        "purpose": "update",
    }
    return ChangePlan(items=items, **{**defaults, **given})
