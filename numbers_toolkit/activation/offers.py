"""A number on offer, read from one answer of the API: whole, or not to be planned with.

What is planned with has a region, a type and exact prices in one currency; anything less could cost more than
a person saw.

Source of every field: AvailableNumber in the Numbers API's OpenAPI description, version 1.0.3.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import vocabulary
from numbers_toolkit.activation.wire import capabilities, cost_of_offer
from numbers_toolkit.errors import InvalidInputError

if TYPE_CHECKING:
    from numbers_toolkit.activation.costs import Cost

__all__ = ["Offer", "UnusableOffer", "read_offer"]

_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_LONGEST_INTERVAL: Final = 120


class UnusableOffer(Exception):  # noqa: N818 - says what is wrong with a number, caught where numbers are chosen
    """A number on offer can't be planned with; the text says why."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A number on offer.

    Parameters
    ----------
    phone_number, region_code, number_type : str
        The number.
    capabilities : tuple of str
        What it can do.
    cost : Cost
        Its prices.
    documents : bool
        Whether the API calls for supporting documentation. Source: for US LOCAL numbers it does, although
        ``:rent`` asks for none.
    """

    phone_number: str
    region_code: str
    number_type: str
    capabilities: tuple[str, ...]
    cost: Cost
    documents: bool = False

    @property
    def kind(self) -> tuple[str, str]:
        """Region and number type."""
        return self.region_code, self.number_type


def read_offer(answer: Mapping[str, Any]) -> Offer:
    """Return the number that an AvailableNumber of the API describes.

    Raises
    ------
    UnusableOffer
        When something is missing or odd that a plan needs.

    Examples
    --------
    >>> price = {"currencyCode": "USD", "amount": "0.60"}
    >>> answer = {"phoneNumber": "+13075550142", "regionCode": "US", "type": "LOCAL", "capability": ["SMS"]}
    >>> read_offer({**answer, "setupPrice": price, "monthlyPrice": price}).cost.first_year
    Decimal('7.80')
    """
    try:
        number = vocabulary.check_phone_number(answer.get("phoneNumber"))
        region = vocabulary.check_region_code(answer.get("regionCode"))
        kind = vocabulary.check_number_type(answer.get("type") or "")
    except InvalidInputError as error:
        raise UnusableOffer(f"the API's answer can't be read: {error}") from error
    return Offer(
        number,
        region,
        kind,
        capabilities(answer),
        _cost(answer),
        documents=answer.get("supportingDocumentationRequired") is True,
    )


def _cost(answer: Mapping[str, Any]) -> Cost:
    cost = cost_of_offer(answer)
    usable = (
        cost is not None
        and _CURRENCY.fullmatch(cost.currency_code)
        and min(cost.setup, cost.monthly) >= 0
        and 0 <= cost.payment_interval_months <= _LONGEST_INTERVAL
    )
    if cost is None or not usable:
        raise UnusableOffer(
            f"its price can't be relied on: setup {_said(answer.get('setupPrice'))}, monthly "
            f"{_said(answer.get('monthlyPrice'))}, paid every {answer.get('paymentIntervalMonths')!r} months"
        )
    return cost


def _said(money: Any) -> str:
    if not isinstance(money, Mapping):
        return "not given" if money is None else repr(money)
    return f"{money.get('amount')!r} {money.get('currencyCode') or 'without a currency'}"
