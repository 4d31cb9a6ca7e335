"""Several readings to one frame: joined, each number once, only what was asked for, and where it comes from.

Works on frames that are already typed; sends nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd
from pandas.api.types import union_categoricals

from numbers_toolkit import vocabulary
from numbers_toolkit.errors import (
    DuplicateNumberWarning,
    IncompleteDataWarning,
    IncompleteInventoryError,
    warn_user,
)
from numbers_toolkit.tables import OTHER_FIELDS, TEXT_DTYPE, exact_money_dtype

if TYPE_CHECKING:
    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.tables import Table

__all__ = ["joined", "matching", "once_each", "provenance"]


def matching(
    frame: pd.DataFrame, regions: list[str | None], types: list[str | None], filters: dict[str, Any]
) -> pd.DataFrame:
    """Leave out numbers that surely don't match; the API is known to ignore a filter it does not expect."""
    odd = pd.Series(data=False, index=frame.index)
    for name, wanted in (("region_code", regions), ("number_type", types)):
        if wanted != [None]:
            odd |= ~frame[name].isin(wanted) & frame[name].notna()
    for capability in filters["capabilities"]:
        odd |= ~frame[f"has_{capability.lower()}"].fillna(value=True).astype(bool)
    checked = vocabulary.check_pattern(filters["pattern"], filters["search_pattern"])
    if checked is not None:
        digits, kind = checked
        text = frame["phone_number"].str
        match = {"START": text.startswith, "END": text.endswith}.get(kind)
        odd |= ~(match(digits) if match else text.contains(digits, regex=False))
    if not odd.any():
        return frame
    warn_user(
        f"The API returned {int(odd.sum()):,} numbers that don't match what was asked for; they are left out.",
        IncompleteDataWarning,
    )
    return frame[~odd].reset_index(drop=True)


def joined(frames: list[pd.DataFrame], table: Table) -> pd.DataFrame:
    """Join frames of one table; categories are united, and every column keeps its kind of dtype."""
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return table.empty()
    if len(filled) == 1:
        return filled[0].reset_index(drop=True)
    names = [*table.names, *([OTHER_FIELDS] if any(OTHER_FIELDS in frame for frame in filled) else [])]
    return pd.DataFrame({name: _joined_column(name, filled, table) for name in names})


def _joined_column(name: str, frames: list[pd.DataFrame], table: Table) -> Any:
    if name == OTHER_FIELDS:
        texts = [frame.get(name, pd.Series(None, frame.index, dtype=TEXT_DTYPE)) for frame in frames]
        return pd.concat(texts, ignore_index=True)
    parts = [frame[name] for frame in frames]
    if table[name].kind == "category":
        united = union_categoricals(parts)
        declared = table[name].categories
        labels = [*declared, *sorted(set(united.categories) - set(declared))]
        return united.set_categories(pd.Index(labels, dtype=TEXT_DTYPE))
    if table[name].kind == "money":
        exact = exact_money_dtype(one for part in parts for one in part.dropna().unique())
        parts = [part.astype(exact) for part in parts]
    return pd.concat(parts, ignore_index=True)


def once_each(frame: pd.DataFrame) -> pd.DataFrame:
    """List a number once that came for two regions or types; the API may have left out a filter."""
    twice = int(frame["phone_number"].duplicated().sum())
    if not twice:
        return frame
    distinct = frame[~frame.astype(str).duplicated()].reset_index(drop=True)
    if not distinct["phone_number"].is_unique:
        raise IncompleteInventoryError(
            f"{twice:,} numbers came for two regions or types with different content, so what is right can't "
            "be told. Try again; what arrived is in the error's 'partial'.",
            received=len(frame),
            expected=None,
            partial=frame,
        )
    warn_user(
        f"{twice:,} numbers came for two regions or types with the same content; each is listed once.",
        DuplicateNumberWarning,
    )
    return distinct


def provenance(
    client: NumbersClient,
    *,
    fetched_at: datetime | None,
    total_size: int | None,
    complete: bool | None,
    filters: dict[str, Any],
) -> dict[Any, Any]:
    """Return where a frame comes from, in plain values that every file format can keep."""
    when = fetched_at or datetime.now(UTC)
    return {
        "source": client.source,
        "project_id": client.project_id,
        "fetched_at": when.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "total_size": total_size,
        "complete": complete,
        "filters": _used(filters),
    }


def _used(filters: dict[str, Any]) -> dict[str, Any]:
    used = {name: value for name, value in filters.items() if value not in (None, [], [None])}
    if "pattern" not in used:
        # Alone it filters nothing.
        used.pop("search_pattern", None)
    return used
