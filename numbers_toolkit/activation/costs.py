"""What a plan costs in each currency, and whether a budget allows it. Currencies are never added."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from numbers_toolkit.amounts import exact_amount
from numbers_toolkit.errors import BudgetExceededError, InvalidInputError

__all__ = ["Amounts", "Cost", "amounts_text", "budget", "excess", "read_budget", "total"]

#: Amounts by ISO 4217 currency code.
Amounts = Mapping[str, Decimal]
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_MONTHS_A_YEAR: Final = 12
_CENTS: Final = 2
_MOST_DIGITS: Final = 6
#: Wider than any sum, whatever the caller set for arithmetic of their own.
_EXACT: Final = Context(prec=80)
#: Stands for the currency of an amount that names none.
_BARE: Final = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one number costs.

    Parameters
    ----------
    setup, monthly : decimal.Decimal
        Once, and each month.
    currency_code : str
        ISO 4217.
    payment_interval_months : int, default 1
        Months that are paid at once.

    Examples
    --------
    >>> one = Cost(Decimal("1.00"), Decimal("0.50"), "USD", 3)
    >>> one.first_payment, one.first_year
    (Decimal('2.50'), Decimal('7.00'))
    """

    setup: Decimal
    monthly: Decimal
    currency_code: str
    payment_interval_months: int = 1

    @property
    def first_payment(self) -> Decimal:
        """Setup and the first payment interval."""
        # Zero months stand in some published examples; a month is the least that is paid.
        with localcontext(_EXACT):
            return self.setup + self.monthly * max(1, self.payment_interval_months)

    @property
    def first_year(self) -> Decimal:
        """Setup and twelve months."""
        with localcontext(_EXACT):
            return self.setup + self.monthly * _MONTHS_A_YEAR


@dataclass(frozen=True, slots=True)
class Recurring:
    """What a number that is rented costs, as it is charged.

    Parameters
    ----------
    price : decimal.Decimal
        Each payment interval.
    currency_code : str
        ISO 4217.
    payment_interval_months : int, default 1
        Months of an interval.

    Examples
    --------
    >>> Recurring(Decimal("10.00"), "USD", 12).monthly
    Decimal('0.833333')
    """

    price: Decimal
    currency_code: str
    payment_interval_months: int = 1

    @property
    def monthly(self) -> Decimal:
        """The price of a month, to be shown; sums are made of what is charged, see :func:`monthly_total`."""
        return _shown(Fraction(self.price) / max(1, self.payment_interval_months))


def monthly_total(recurring: Iterable[Recurring]) -> dict[str, Decimal]:
    """Return what numbers cost a month together, in each currency; rounded once, at the end.

    Examples
    --------
    >>> monthly_total([Recurring(Decimal("10.00"), "USD", 12)] * 12)
    {'USD': Decimal('10.00')}
    """
    sums: dict[str, Fraction] = {}
    for one in recurring:
        part = Fraction(one.price) / max(1, one.payment_interval_months)
        sums[one.currency_code] = sums.get(one.currency_code, Fraction(0)) + part
    return {code: _shown(amount) for code, amount in sorted(sums.items())}


def _shown(amount: Fraction) -> Decimal:
    """Return an amount with as many digits as it needs, from cents to millionths."""
    exact = Decimal(round(amount * 10**_MOST_DIGITS)).scaleb(-_MOST_DIGITS)
    digits = -int(exact.normalize().as_tuple().exponent)
    return exact.quantize(Decimal(1).scaleb(-min(_MOST_DIGITS, max(_CENTS, digits))))


def total(costs: Iterable[Cost], part: str) -> dict[str, Decimal]:
    """Return the sum of a part of costs in each currency, by code in alphabetical order.

    Parameters
    ----------
    costs : iterable of Cost
        One for each number.
    part : {"setup", "monthly", "first_payment", "first_year"}
        What to add up.

    Examples
    --------
    >>> total([Cost(Decimal("1.00"), Decimal("0.60"), "USD"), Cost(Decimal(9), Decimal(9), "SEK")], "monthly")
    {'SEK': Decimal('9'), 'USD': Decimal('0.60')}
    """
    sums: dict[str, Decimal] = {}
    with localcontext(_EXACT):
        for cost in costs:
            sums[cost.currency_code] = sums.get(cost.currency_code, Decimal(0)) + getattr(cost, part)
    return dict(sorted(sums.items()))


def budget(given: Any, name: str, currencies: Iterable[str]) -> Amounts | None:
    """Return a budget by currency.

    Parameters
    ----------
    given : mapping, str, Decimal, int or None
        ``{"USD": "25.00", "SEK": 100}``, ``"25.00 USD"``, several of those with commas, or a bare amount
        where the plan knows one currency only. A float is refused, since it can't hold cents exactly.
    name : str
        What the budget is called, for messages.
    currencies : iterable of str
        Currencies of what is planned.

    Returns
    -------
    mapping of str to Decimal, or None
        None when no budget was given.

    Raises
    ------
    InvalidInputError
        When it is no budget.
    BudgetExceededError
        When the plan costs something in a currency that the budget does not name.

    Examples
    --------
    >>> dict(budget("25 USD", "max_setup", ["USD"]))
    {'USD': Decimal('25')}
    """
    read = read_budget(given, name)
    if read is None:
        return None
    planned = sorted(set(currencies))
    if _BARE in read:
        read = {_only(planned, given, name): read[_BARE]}
    missing = [code for code in planned if code not in read]
    if missing:
        raise BudgetExceededError(
            f"{name} is given in {', '.join(sorted(read)) or 'no currency'}, but numbers of this plan are paid in "
            f"{', '.join(missing)}. Currencies are not converted: name an amount for each, for example "
            f"{name}={{{', '.join(repr(code) + ': ...' for code in planned)}}}. Nothing was spent."
        )
    return MappingProxyType(dict(sorted(read.items())))


def read_budget(given: Any, name: str) -> dict[str, Decimal] | None:
    """Return the amounts of a budget by currency, under ``""`` a bare amount; parameters as for :func:`budget`.

    Raises
    ------
    InvalidInputError
        When it is no budget.

    Examples
    --------
    >>> read_budget("25 usd, 100 SEK", "max_setup"), read_budget(25, "max_setup")
    ({'USD': Decimal('25'), 'SEK': Decimal('100')}, {'': Decimal('25')})
    """
    if given is None:
        return None
    if isinstance(given, Mapping):
        pairs = [(code, amount) for code, amount in given.items()]
    elif isinstance(given, str) and not _is_amount(given):
        pairs = [_pair(part, name) for part in given.split(",")]
    else:
        return {_BARE: _amount(given, name)}
    read: dict[str, Decimal] = {}
    for given_code, amount in pairs:
        code = str(given_code).strip().upper()
        if not _CURRENCY.fullmatch(code):
            raise InvalidInputError(
                f"{name} names the currency {given_code!r}; use a code of ISO 4217 such as USD."
            )
        if code in read:
            raise InvalidInputError(f"{name} names {code} twice.")
        read[code] = _amount(amount, name)
    return read


def _only(planned: list[str], given: Any, name: str) -> str:
    if len(planned) != 1:
        raise InvalidInputError(
            f"{name} {given!r} names no currency, and the plan has {' and '.join(planned) or 'none'}; "
            f'write it as "25.00 USD" or {{"USD": "25.00"}}.'
        )
    return planned[0]


def _is_amount(text: str) -> bool:
    return exact_amount(text) is not None


def _pair(part: str, name: str) -> tuple[str, str]:
    words = part.split()
    if len(words) == 2:  # noqa: PLR2004 - an amount and a currency, in any order
        return (words[1], words[0]) if _is_amount(words[0]) else (words[0], words[1])
    raise InvalidInputError(f'{name} {part.strip()!r} is no amount with a currency; write it as "25.00 USD".')


def _amount(value: Any, name: str) -> Decimal:
    if isinstance(value, (bool, float)):
        raise InvalidInputError(
            f'{name} {value!r} is not exact; give the amount as text, for example "25.00".'
        )
    found = exact_amount(str(value)) if isinstance(value, (str, int, Decimal)) else None
    if found is None or found < 0:
        raise InvalidInputError(f'{name} {value!r} is no amount of 0 or more; write it as "25.00".')
    return found


def excess(spent: Amounts, allowed: Amounts | None) -> dict[str, Decimal]:
    """Return by how much amounts exceed a budget, for the currencies where they do.

    Examples
    --------
    >>> excess({"USD": Decimal("3.00")}, {"USD": Decimal("2.50")})
    {'USD': Decimal('0.50')}
    """
    if allowed is None:
        return {}
    with localcontext(_EXACT):
        over = {code: amount - allowed.get(code, Decimal(0)) for code, amount in spent.items()}
    return {code: amount for code, amount in over.items() if amount > 0}


def amounts_text(amounts: Amounts) -> str:
    """Return amounts for a sentence.

    Examples
    --------
    >>> amounts_text({"SEK": Decimal("20"), "USD": Decimal("12.60")}), amounts_text({})
    ('20 SEK and 12.60 USD', 'nothing')
    """
    return " and ".join(f"{amount:,f} {code}" for code, amount in sorted(amounts.items())) or "nothing"
