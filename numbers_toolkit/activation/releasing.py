"""Planning releases: when each takes effect, what is saved, and a second question before everything goes.

Sends nothing that changes anything; with a client it reads whether any number would be left.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation.costs import Recurring
from numbers_toolkit.activation.plan import ChangePlan, PlannedRelease
from numbers_toolkit.activation.remembered import remember
from numbers_toolkit.activation.selecting import instant_text, is_whole, plan_head, records, selected
from numbers_toolkit.client import PAGE_SIZE
from numbers_toolkit.errors import InvalidInputError, PlanError
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd

    from numbers_toolkit.client import NumbersClient

__all__ = ["leaves_nothing", "plan_release"]

_READ: Final = (
    "phone_number",
    "display_name",
    "region_code",
    "number_type",
    "price",
    "currency_code",
    "payment_interval_months",
    "monthly_cost",
    "next_charge_date",
    "expire_at",
)


def plan_release(
    active_or_numbers: Any,
    *,
    client: NumbersClient | None = None,
    reason: str = "",
    everything: bool = False,
) -> ChangePlan:
    """Plan to give numbers back; nothing is sent.

    Parameters
    ----------
    active_or_numbers : DataFrame, str, iterable of str or Result
        Active numbers as :func:`numbers_toolkit.active_numbers` returns them, or rows picked from them; or
        phone numbers, which are read with ``client``.
    client : NumbersClient, optional
        Reads phone numbers and whether any other number would be left, and is remembered for carrying the
        plan out.
    reason : str, default ""
        Why, to be kept with each number.
    everything : bool, default False
        Consent to a plan after which the project has no number left. Carrying it out asks once more.

    Returns
    -------
    ChangePlan
        ``purpose`` is ``"release"``; one item for each number, in the order given, with the date on which its
        release takes effect and what it saves. Numbers that are released already are left out and counted in
        ``warnings``. Carry it out with :func:`numbers_toolkit.carry_out`.

    Raises
    ------
    ColumnError
        When a frame lacks a column that is read, or holds it with another dtype.
    PlanError
        When a number is named twice or is not active, all are released already, or none would be left and
        ``everything`` is not given.

    Notes
    -----
    A released number stays usable until its next charge date, is not charged again, and can't be taken back.
    What is saved is the recurring price alone. Without a client, and with rows that do not say that they are
    the whole inventory or a part of it, nobody can tell whether the plan would release everything; it then
    carries a warning.

    Source: ``POST activeNumbers/{phoneNumber}:release``, OpenAPI description 1.0.3; that the end is the next
    charge date was seen in recorded answers.

    Examples
    --------
    >>> import numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client:
    ...     plan = plan_release(nt.active_numbers(client, region_code="SE").head(3), client=client)
    >>> len(plan), sorted(plan.saved_monthly())
    (3, ['SEK'])
    """
    if not isinstance(reason, str):
        raise InvalidInputError(f"reason is {type(reason).__name__}, not text.")
    chosen = selected(active_or_numbers, client, _READ)
    if chosen.empty:
        raise PlanError("There is no number to release; nothing was sent.")
    head = plan_head(chosen, client)
    kept = chosen[chosen["expire_at"].isna().to_numpy()]
    warnings = [f"Left out, since they are released already: {counted(len(chosen) - len(kept))}."]
    if kept.empty:
        raise PlanError(f"Nothing to release. {warnings[0]} Nothing was sent.")
    items = tuple(_release(row, reason) for row in records(kept, _READ))
    whole = _releases_everything(chosen, items, client)
    if whole and not everything:
        raise PlanError(
            f"This would release every number that project {head['project_id']} has left ({len(items):,}), and a "
            "release can't be taken back. If that is meant, plan it with everything=True; carrying it out asks once "
            "more. Nothing was sent."
        )
    plan = ChangePlan(
        **head,
        purpose="release",
        items=items,
        # Where it can't be known, the caller's word is taken: it leads to one more question, not one less.
        everything=bool(whole or (whole is None and everything)),
        warnings=(*(warnings if len(kept) < len(chosen) else ()), *_warnings(items, whole=whole)),
    )
    if client is not None:
        remember(plan, client)
    return plan


def _release(row: Mapping[str, Any], reason: str) -> PlannedRelease:
    return PlannedRelease(
        phone_number=row["phone_number"],
        region_code=row["region_code"] or "",
        number_type=row["number_type"] or "",
        display_name=row["display_name"] or "",
        cost=_saving(row),
        ends_at=instant_text(row["next_charge_date"]),
        reason=reason,
    )


def _saving(row: Mapping[str, Any]) -> Recurring | None:
    price, currency = row["price"], row["currency_code"]
    if price is None or currency is None or row["monthly_cost"] is None:
        return None
    return Recurring(Decimal(price), str(currency), int(row["payment_interval_months"] or 1))


# -- whether anything is left -------------------------------------------------------------------------------


def leaves_nothing(client: NumbersClient, phone_numbers: Collection[str]) -> bool:
    """Whether a project would have no number left that is not released, if these were.

    Reads the list of numbers only until it meets one that would be left.

    Parameters
    ----------
    client : NumbersClient
        The project.
    phone_numbers : collection of str
        Numbers to release.
    """
    given = set(phone_numbers)
    # One more than would go: most often the first page has the answer.
    size = min(PAGE_SIZE, len(given) + 1)
    return all(
        one.get("expireAt") or one.get("phoneNumber") in given
        for one in client.list_active_numbers(page_size=size)
    )


def _releases_everything(
    chosen: pd.DataFrame, items: tuple[PlannedRelease, ...], client: NumbersClient | None
) -> bool | None:
    """Return whether nothing would be left; None when that can't be known."""
    if client is not None:
        return leaves_nothing(client, {one.phone_number for one in items})
    if is_whole(chosen):
        return True
    told = chosen.attrs
    all_known = told.get("complete") and not told.get("filters") and told.get("total_size")
    return False if all_known and len(chosen) < told["total_size"] else None


def _warnings(items: tuple[PlannedRelease, ...], *, whole: bool | None) -> list[str]:
    warnings = []
    if whole:
        warnings.append("This releases every number that the project has left.")
    if whole is None:
        warnings.append(
            "Whether this releases every number of the project is not known: the numbers given don't say whether "
            "they are all. Plan with client= to have it looked up."
        )
    undated = sum(not one.ends_at for one in items)
    if undated:
        warnings.append(f"Without a next charge date, so that the end is not known: {counted(undated)}.")
    unpriced = sum(one.cost is None for one in items)
    if unpriced:
        warnings.append(f"Without a known price, so in no sum: {counted(unpriced)}.")
    return warnings
