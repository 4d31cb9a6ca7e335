"""Stock: how many numbers on offer each prefix has, and from what price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from numbers_toolkit.analysis import _exact
from numbers_toolkit.analysis._grouping import assemble, distinct
from numbers_toolkit.calling_codes import calling_code
from numbers_toolkit.found_tables import STOCK_BY_PREFIX
from numbers_toolkit.tables import AVAILABLE_NUMBERS, TEXT_DTYPE
from numbers_toolkit.vocabulary import check_count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["prefixes", "stock_by_prefix"]

_READ: Final = ("phone_number", "region_code", "number_type", "monthly_price", "currency_code")
#: A plus sign and the digits that say which calling code it is.
_BEGINNING: Final = 4


def stock_by_prefix(available: pd.DataFrame, *, digits: int = 3) -> pd.DataFrame:
    """Count the numbers on offer by the digits they begin with.

    Parameters
    ----------
    available : pandas.DataFrame
        Numbers on offer; read are ``phone_number``, ``region_code``, ``number_type``, ``monthly_price`` and
        ``currency_code``.
    digits : int, default 3
        Digits after the calling code that belong to the prefix. In North America three are the area code.

    Returns
    -------
    pandas.DataFrame
        One row per prefix, region, number type and currency, most numbers first, then by prefix. ``numbers`` adds
        up to ``len(available)``.

        - ``prefix`` : str - beginning of the numbers in E.164, calling code included
        - ``region_code`` : category, may be missing - ISO 3166-1 alpha-2
        - ``number_type`` : category, may be missing - kind of number
        - ``numbers`` : Int64 - how many numbers were found
        - ``lowest_monthly_price`` : decimal128(18, 6)[pyarrow], may be missing - recurring price per month of
          the cheapest, in currency_code
        - ``currency_code`` : category, may be missing - ISO 4217; prices of different rows are never compared

    Raises
    ------
    ColumnError
        When ``available`` lacks a column that is read, or holds it with another dtype.
    InvalidInputError
        When ``digits`` is no whole number of at least 1.

    See Also
    --------
    memorable : which of them are easy to remember

    Notes
    -----
    A search may show only some of what is on offer; ``attrs["complete"]``, which travels along, says whether these
    are all. Source: ``GET availableNumbers``.

    Examples
    --------
    >>> import pandas as pd
    >>> from decimal import Decimal
    >>> available = pd.DataFrame(
    ...     {
    ...         "phone_number": ["+13075550142", "+13075550143", "+12125550142"],
    ...         "region_code": "US",
    ...         "number_type": "LOCAL",
    ...         "monthly_price": [Decimal("0.60"), Decimal("0.50"), Decimal("0.60")],
    ...         "currency_code": "USD",
    ...     }
    ... )
    >>> stock_by_prefix(available)[["prefix", "numbers", "lowest_monthly_price"]]
      prefix  numbers lowest_monthly_price
    0  +1307        2             0.500000
    1  +1212        1             0.600000
    """
    AVAILABLE_NUMBERS.require(available, _READ)
    prefix = prefixes(available["phone_number"], check_count(digits, "digits"))
    named = [prefix, *(available[name] for name in ("region_code", "number_type", "currency_code"))]
    priced = distinct([*named, available["monthly_price"]], len(available))
    few = [values.iloc[priced.first].reset_index(drop=True) for values in named]
    groups = distinct(few, len(priced.first))
    prices = _exact.amounts(available["monthly_price"].iloc[priced.first], "monthly_price")
    lowest = _lowest(prices, groups.group, len(groups.first))
    found = [values.iloc[groups.first] for values in few]
    order = ("numbers", "prefix", "region_code", "number_type", "currency_code")
    data: dict[str, Any] = {
        "prefix": found[0],
        "region_code": found[1],
        "number_type": found[2],
        "numbers": np.bincount(groups.group, priced.counts, len(groups.first)).astype(np.int64),
        "lowest_monthly_price": _exact.column(lowest, _exact.digits(lowest)),
        "currency_code": found[3],
    }
    return assemble(STOCK_BY_PREFIX, data, order=order, descending=("numbers",), attrs=available.attrs)


def prefixes(phone_numbers: pd.Series[Any], digits: int) -> pd.Series[Any]:
    """Return the calling code and the first digits after it of each number, with the plus sign.

    Parameters
    ----------
    phone_numbers : pandas.Series
        Numbers in E.164.
    digits : int
        How many digits after the calling code.

    Examples
    --------
    >>> import pandas as pd
    >>> prefixes(pd.Series(["+13075550142", "+46701740610"]), 3).tolist()
    ['+1307', '+46701']
    """
    text = phone_numbers.astype(TEXT_DTYPE)
    beginning = text.str.slice(0, _BEGINNING)
    lengths = {one: len(calling_code(one)) for one in beginning.dropna().unique()}
    length = beginning.map(lengths)
    result = text.str.slice(0, digits)
    for found in sorted(set(lengths.values()) - {0}):
        result = result.mask(length.eq(found).to_numpy(), text.str.slice(0, 1 + found + digits))
    return result.fillna("")


def _lowest(prices: Sequence[Fraction | None], group: NDArray[Any], groups: int) -> list[Fraction | None]:
    lowest: list[Fraction | None] = [None] * groups
    for place, price in zip(group.tolist(), prices, strict=True):
        known = lowest[place]
        if price is not None and (known is None or price < known):
            lowest[place] = price
    return lowest
