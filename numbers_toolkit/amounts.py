"""Which text is an amount of money, read exactly.

Lowest layer beside the errors: loads neither pandas nor Arrow, so that what spends money starts at once.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final

__all__ = ["exact_amount"]

#: Digits before and after the point that fit an exact column of 38 together.
_MOST_DIGITS: Final = 19
_AMOUNT: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)


def exact_amount(text: str) -> Decimal | None:
    """Return an amount written in digits exactly, None when it is none or longer than an exact column holds.

    Examples
    --------
    >>> exact_amount(" 0.60 "), exact_amount("1_000"), exact_amount("NaN")
    (Decimal('0.60'), None, None)
    """
    if not _AMOUNT.fullmatch(text.strip()):
        return None
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not amount:
        # A zero keeps its digits only as far as a column can.
        return amount if -_MOST_DIGITS <= int(amount.as_tuple().exponent) <= 0 else Decimal(0)
    fits = int(amount.as_tuple().exponent) >= -_MOST_DIGITS and amount.adjusted() < _MOST_DIGITS
    return amount if fits else None
