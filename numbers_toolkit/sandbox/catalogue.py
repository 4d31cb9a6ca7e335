"""Regions, number types and prices of the sandbox: invented, but shaped like a real price list.

One `Offer` is one pair of region and number type. Price, interval, required documents and currency belong to
the pair, as the API documents it; the capabilities vary from number to number.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SMS = 1
VOICE = 2
CAPABILITIES = {"SMS": SMS, "VOICE": VOICE}
NUMBER_TYPES = ("MOBILE", "LOCAL", "TOLL_FREE")


@dataclass(frozen=True)
class Offer:
    """Terms of one region and number type.

    `capabilities` is a repeating pattern of bit masks (1 SMS, 2 VOICE, 3 both). `weight` is the share of the seeded
    inventory, in parts of the sum of all weights.
    """

    region_code: str
    number_type: str
    currency_code: str
    setup: Decimal
    monthly: Decimal
    interval: int
    documents: bool
    capabilities: tuple[int, ...]
    weight: int

    @property
    def recurring(self) -> Decimal:
        """The amount charged at every renewal: the monthly price times the interval."""
        return self.monthly * self.interval


REGION_NAMES: Mapping[str, str] = {
    "AU": "Australia",
    "BE": "Belgium",
    "BR": "Brazil",
    "CA": "Canada",
    "CH": "Switzerland",
    "DE": "Germany",
    "DK": "Denmark",
    "ES": "Spain",
    "FI": "Finland",
    "FR": "France",
    "GB": "United Kingdom",
    "IE": "Ireland",
    "IN": "India",
    "IT": "Italy",
    "JP": "Japan",
    "MX": "Mexico",
    "NA": "Namibia",
    "NL": "Netherlands",
    "NO": "Norway",
    "PL": "Poland",
    "SE": "Sweden",
    "SG": "Singapore",
    "US": "United States",
    "ZA": "South Africa",
}

# region type currency setup monthly interval documents capabilities weight
_TABLE = """
US LOCAL     USD 0.60 0.60  1 yes 3333333331 440
US TOLL_FREE USD 0.00 2.00  1 yes 3332        44
GB MOBILE    GBP 0.00 0.85  1 no  3331        60
GB LOCAL     GBP 0.00 0.70  1 no  2           40
GB TOLL_FREE GBP 5.00 9.50  1 yes 2            6
SE MOBILE    SEK 0.00 24.00 1 no  331         48
SE LOCAL     SEK 0.00 12.00 12 yes 2          12
DE MOBILE    EUR 1.00 4.20  1 yes 13          30
DE LOCAL     EUR 0.00 1.10  1 yes 2           30
FR MOBILE    EUR 0.00 3.75  1 yes 13          26
FR LOCAL     EUR 0.00 0.95  1 yes 2           14
AU MOBILE    AUD 0.00 9.90  1 yes 133         34
AU LOCAL     AUD 0.00 5.45  1 yes 2           10
CA LOCAL     USD 0.00 1.00  1 no  33332       36
CA TOLL_FREE USD 0.00 2.00  1 yes 32           6
BR MOBILE    USD 0.00 7.125 1 yes 1           16
BR LOCAL     USD 0.00 4.00  1 yes 2           10
IN LOCAL     USD 9.00 3.333 12 yes 2          12
ES MOBILE    EUR 0.00 5.15  1 yes 13          16
ES LOCAL     EUR 0.00 1.00  3 yes 2            6
IT MOBILE    EUR 0.00 6.00  1 yes 1           14
NL MOBILE    EUR 0.00 3.60  1 no  13          16
NL LOCAL     EUR 0.00 1.20  12 no 2            4
NO MOBILE    EUR 0.00 2.60  1 no  331         12
DK MOBILE    EUR 0.00 2.65  1 no  331         12
FI MOBILE    EUR 0.00 2.90  12 no 331         14
PL MOBILE    EUR 0.00 2.79  1 no  1           12
PL TOLL_FREE EUR 4.60 9.00  6 yes 2           3
IE MOBILE    EUR 0.00 4.00  1 no  13          10
IE LOCAL     EUR 0.00 1.15  1 yes 2            4
SG LOCAL     USD 0.00 9.50  1 yes 23           8
JP LOCAL     JPY 0   450    1 yes 2           10
ZA MOBILE    USD 0.00 3.60  3 yes 13           8
MX LOCAL     USD 0.00 2.05  1 no  2            9
NA MOBILE    USD 2.50 6.40  1 yes 13           4
NA LOCAL     USD 2.50 3.10  12 yes 2           2
CH MOBILE    EUR 0.00 5.80  1 no  13           6
BE MOBILE    EUR 0.00 3.30  1 no  13           6
"""


def _read(line: str) -> Offer:
    region, kind, currency, setup, monthly, interval, documents, masks, weight = line.split()
    return Offer(
        region_code=region,
        number_type=kind,
        currency_code=currency,
        setup=Decimal(setup),
        monthly=Decimal(monthly),
        interval=int(interval),
        documents=documents == "yes",
        capabilities=tuple(int(mask) for mask in masks),
        weight=int(weight),
    )


OFFERS: tuple[Offer, ...] = tuple(_read(line) for line in _TABLE.strip().splitlines())


def share_out(total: int) -> dict[Offer, int]:
    """Divide a number of phone numbers over the offers, exactly and in proportion.

    Examples
    --------
    >>> shares = share_out(10)
    >>> sum(shares.values()), shares[OFFERS[0]]
    (10, 4)
    """
    weights = sum(offer.weight for offer in OFFERS)
    shares = {offer: total * offer.weight // weights for offer in OFFERS}
    by_remainder = sorted(OFFERS, key=lambda offer: -(total * offer.weight % weights))
    for offer in by_remainder[: total - sum(shares.values())]:
        shares[offer] += 1
    return shares
