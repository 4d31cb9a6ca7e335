"""Values of a column by its distinct ones, so that many rows cost little more than what differs in them.

What is costly, making text of a value or comparing two, is done once for each distinct value; rows have codes.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

__all__ = ["distinct", "fold", "fold_all", "parts_of", "take"]

_MARKS: Final = r"\p{M}+"


def distinct(values: pd.Series[Any]) -> tuple[NDArray[np.int64], pd.Index[Any]]:
    """Return each row's code, -1 where it has no value, and the distinct values that the codes are of.

    Examples
    --------
    >>> codes, found = distinct(pd.Series(["SE", "US", None, "SE"]))
    >>> codes.tolist(), list(found)
    ([0, 1, -1, 0], ['SE', 'US'])
    """
    try:
        codes, found = pd.factorize(values)
    except TypeError:  # lists can't be looked up
        codes, found = pd.factorize(values.map(lambda one: "; ".join(parts_of(one)), na_action="ignore"))
    return codes.astype(np.int64), pd.Index(found)


def take(of_distinct: NDArray[Any], codes: NDArray[np.int64], missing: Any) -> NDArray[Any]:
    """Return for each row what holds of its distinct value, or what holds of rows without one."""
    return np.append(of_distinct, missing)[codes]


def parts_of(value: Any) -> list[str]:
    """Return the parts of a value that can have several: of a list, or of text parted by ``;``.

    Examples
    --------
    >>> parts_of("SMS;VOICE"), parts_of(["SMS"]), parts_of("")
    (['SMS', 'VOICE'], ['SMS'], [])
    """
    parts = value.split(";") if isinstance(value, str) else value if np.iterable(value) else [value]
    return [part for part in (str(one).strip() for one in parts) if part]


def fold(text: str) -> str:
    """Return text as it is compared: small letters, without accents and signs that are not seen.

    Examples
    --------
    >>> fold("Zürich DESK")
    'zurich desk'
    """
    parted = unicodedata.normalize("NFKD", text.lower())
    return "".join(one for one in parted if unicodedata.category(one) not in {"Mn", "Mc", "Me", "Cf"})


def fold_all(texts: Iterable[Any]) -> pa.Array[Any]:
    """Return texts folded like :func:`fold`, all at once; None stays None.

    Examples
    --------
    >>> fold_all(["Zürich DESK", None]).to_pylist()
    ['zurich desk', None]
    """
    small = pc.utf8_lower(pa.array(texts, type=pa.large_string(), from_pandas=True))
    if pc.all(pc.string_is_ascii(small)).as_py() is not False:
        return small
    return pc.replace_substring_regex(pc.utf8_normalize(small, "NFKD"), r"[\p{M}\p{Cf}]+", "")
