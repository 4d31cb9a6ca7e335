"""Plans and results as frames: plain rows, then the dtypes of their table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numbers_toolkit.activation.items import PlannedNumber, PlannedRelease, PlannedUpdate
from numbers_toolkit.activation.showing_changes import changes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from numbers_toolkit.activation.items import Item
    from numbers_toolkit.activation.plan import Plan
    from numbers_toolkit.tables import Table

__all__ = ["frame_of", "plan_frame", "price_columns"]


def frame_of(table: Table, rows: Iterable[Mapping[str, Any]], plan: Plan) -> pd.DataFrame:
    """Return rows as a frame with every column and dtype of a table.

    Parameters
    ----------
    table : Table
        The table.
    rows : iterable of mapping
        Values by column; what is left out, None or ``""`` is missing.
    plan : Plan
        Where they come from, for ``attrs``.
    """
    import pandas as pd

    from numbers_toolkit.files import restore

    given = list(rows)
    raw = pd.DataFrame(
        {name: pd.Series([row.get(name) for row in given], dtype=object) for name in table.names}
    )
    frame = restore(raw.where(raw != "", None), table)
    frame.attrs = {
        "source": plan.source,
        "project_id": plan.project_id,
        "plan_id": plan.plan_id,
        # Every number has its row, so that a file made of it is whole.
        "complete": True,
    }
    return frame


def plan_frame(plan: Plan) -> pd.DataFrame:
    """Return a plan as one row per number: see :data:`numbers_toolkit.tables.PLANNED`."""
    from numbers_toolkit.tables import PLANNED

    return frame_of(PLANNED, (_row(one) for one in plan.items), plan)


def _row(item: Item) -> dict[str, Any]:
    row = {
        "phone_number": item.phone_number,
        "region_code": item.region_code,
        "number_type": item.number_type,
        "action": item.action,
        **price_columns(item),
    }
    if isinstance(item, PlannedNumber):
        return row | _bought(item)
    if isinstance(item, PlannedUpdate):
        changes = {name: value for name, value in item.changes.items() if value}
        return row | changes | {"changes": "; ".join(changes_of(item)), "reason": item.reason}
    return row | {"reason": item.reason, "display_name": item.display_name, "ends_at": item.ends_at}


def _bought(number: PlannedNumber) -> dict[str, Any]:
    return {
        "has_sms": "SMS" in number.capabilities,
        "has_voice": "VOICE" in number.capabilities,
        "reason": number.route_reason,
        "first_year_cost": number.cost.first_year,
        **number.configuration.arguments(),
        "papers_required": number.papers,
        "wish": None if number.wish is None else number.wish + 1,
    }


def price_columns(item: Item) -> dict[str, Any]:
    """Return the prices of a planned number or release by column; none for an update."""
    if not isinstance(item, (PlannedNumber, PlannedRelease)) or item.cost is None:
        return {}
    setup = {"setup_price": item.cost.setup} if isinstance(item, PlannedNumber) else {}
    return {
        **setup,
        "monthly_price": item.cost.monthly,
        "currency_code": item.cost.currency_code,
        "payment_interval_months": item.cost.payment_interval_months,
    }
