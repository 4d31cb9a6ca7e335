"""Prices against what a person saw and against what a person allows: changed prices, highest price, budgets."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation import costs
from numbers_toolkit.activation.costs import amounts_text
from numbers_toolkit.errors import BudgetExceededError, InvalidInputError
from numbers_toolkit.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from numbers_toolkit.activation.costs import Amounts, Cost
    from numbers_toolkit.activation.findings import Findings
    from numbers_toolkit.activation.offers import Offer
    from numbers_toolkit.activation.wanted import Chosen

__all__ = ["allowed_amounts", "check_budget", "check_highest_price", "warn_of_changes", "warn_of_intervals"]

_CENTS: Final = Decimal("0.01")
#: Wider than any amount, whatever the caller set for arithmetic of their own.
_EXACT: Final = Context(prec=60)
_UNSPENT: Final = " Nothing was spent."


def warn_of_changes(chosen: Iterable[Chosen], offers: Mapping[str, Offer], findings: Findings) -> None:
    """Warn of numbers that cost something else now than when they were shown."""
    changed: dict[tuple[str, str], list[str]] = {}
    for one in chosen:
        offer = offers.get(one.phone_number)
        if offer is not None and _differs(one, offer.cost):
            changed.setdefault((_shown(one), _price(offer.cost)), []).append(one.phone_number)
    for (before, now), numbers in changed.items():
        findings.warn(
            f"The price of {counted(len(numbers))} ({listed(numbers)}) has changed: {now}, not {before} as shown "
            "before. The new price is planned."
        )


def _differs(shown: Chosen, cost: Cost) -> bool:
    pairs = ((shown.setup, cost.setup), (shown.monthly, cost.monthly))
    other_currency = bool(shown.currency_code) and shown.currency_code != cost.currency_code
    return other_currency or any(before is not None and before != now for before, now in pairs)


def _shown(one: Chosen) -> str:
    parts = (("setup", one.setup), ("a month", one.monthly))
    told = [f"{_short(amount)} {one.currency_code} {what}" for what, amount in parts if amount is not None]
    return " and ".join(" ".join(part.split()) for part in told) or f"in {one.currency_code}"


def _short(amount: Decimal) -> str:
    """Return an amount with two decimals where they are exact; columns of frames keep six."""
    cents = amount.quantize(_CENTS, context=_EXACT)
    return f"{cents:,f}" if cents == amount else f"{amount:,f}"


def _price(cost: Cost) -> str:
    return f"{cost.setup:,f} {cost.currency_code} setup and {cost.monthly:,f} {cost.currency_code} a month"


def allowed_amounts(given: Any, name: str, currencies: Collection[str], findings: Findings) -> Amounts | None:
    """Return a budget or highest price by currency; one that does not fit the plan's currencies is a fault."""
    if not currencies:
        return None
    try:
        return costs.budget(given, name, currencies)
    except BudgetExceededError as error:
        findings.exceed(str(error).removesuffix(_UNSPENT))
    except InvalidInputError as error:
        findings.fault(str(error))
    return None


def check_highest_price(offers: Iterable[Offer], allowed: Amounts | None, findings: Findings) -> None:
    """Refuse chosen numbers that cost more a month than one number may."""
    if allowed is None:
        return
    dear = [one for one in offers if one.cost.monthly > allowed[one.cost.currency_code]]
    if dear:
        named = [f"{one.phone_number} ({one.cost.monthly:,f} {one.cost.currency_code})" for one in dear]
        findings.fault(
            f"{counted(len(dear))} cost{'s' if len(dear) == 1 else ''} more a month than max_price allows "
            f"({amounts_text(allowed)}): {listed(named)}. Leave them out, or raise max_price."
        )


def check_budget(
    name: str, part: str, spent: Iterable[Cost], allowed: Amounts | None, findings: Findings
) -> None:
    """Refuse a plan that costs more than its budget.

    Parameters
    ----------
    name : {"max_setup", "max_monthly"}
        The budget.
    part : {"setup", "monthly"}
        The cost that it is for.
    spent : iterable of Cost
        What the numbers cost.
    allowed : mapping of str to Decimal, or None
        The budget by currency.
    findings : Findings
        Told the sum, the budget and the excess of each currency.
    """
    sums = costs.total(spent, part)
    for code, over in costs.excess(sums, allowed).items():
        most = Decimal(0) if allowed is None else allowed[code]
        findings.exceed(
            f"{name} is {most:,f} {code}, but the {_PARTS[part]} of these numbers is {sums[code]:,f} {code}: "
            f"{over:,f} {code} too much. Plan fewer or cheaper numbers, or raise {name}."
        )


_PARTS: Final = {"setup": "setup cost", "monthly": "monthly cost"}


def warn_of_intervals(spent: Iterable[Cost], findings: Findings) -> None:
    """Warn of numbers that are paid for several months at once."""
    longer = [one for one in spent if one.payment_interval_months > 1]
    if longer:
        months = listed([f"{count}" for count in sorted({one.payment_interval_months for one in longer})])
        findings.warn(
            f"{counted(len(longer))} {'is' if len(longer) == 1 else 'are'} paid {months} months at once: their first "
            f"payment is {amounts_text(costs.total(longer, 'first_payment'))} with setup."
        )
