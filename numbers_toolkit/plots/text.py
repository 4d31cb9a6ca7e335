"""Counts, shares and amounts as people read them, and text that every font can draw.

Used by the plots and by the report, so that both say the same number in the same way.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["amount_text", "count_text", "label_text", "share_text", "source_text"]

NOT_GIVEN: Final = "not given"
#: Longest label that leaves room for bars beside it.
_LABEL_LIMIT: Final = 38
#: A source is a sentence of its own below a plot.
_LONGEST_SOURCE: Final = 120
_CENTS: Final = Decimal("0.01")
#: Wider than any amount, whatever the caller set for arithmetic of their own.
_EXACT: Final = Context(prec=60)


def count_text(value: Any) -> str:
    """Return a count with thousands separators.

    Examples
    --------
    >>> count_text(1234567), count_text(pd.NA)
    ('1,234,567', 'unknown')
    """
    return "unknown" if pd.isna(value) else f"{int(value):,}"


def share_text(value: Any) -> str:
    """Return a share of 0 to 1 in per cent; a tiny share is never shown as nothing.

    Examples
    --------
    >>> share_text(0.4567), share_text(0.00001), share_text(1), share_text(0)
    ('45.7%', '<0.1%', '100%', '0%')
    """
    if pd.isna(value):
        return "unknown"
    if value in (0, 1):
        return f"{value:.0%}"
    if 0 < value < 0.001:  # noqa: PLR2004 - the smallest share that one decimal can show
        return "<0.1%"
    return ">99.9%" if 0.999 < value < 1 else f"{value:.1%}"  # noqa: PLR2004 - as above


def amount_text(value: Any, currency: Any = "") -> str:
    """Return an amount with all its digits: two decimals where they are exact, more where needed.

    Examples
    --------
    >>> amount_text(Decimal("1234.500000"), "USD"), amount_text(Decimal("0.333333"), "EUR")
    ('USD 1,234.50', 'EUR 0.333333')
    """
    if pd.isna(value):
        return "unknown"
    amount = value if isinstance(value, Decimal) else Decimal(str(value))
    cents = amount.quantize(_CENTS, context=_EXACT)
    shown = f"{cents:,f}" if cents == amount else f"{amount.normalize(_EXACT):,f}"
    name = "" if pd.isna(currency) else str(currency)
    return f"{name} {shown}".strip()


def label_text(value: Any, limit: int = _LABEL_LIMIT) -> str:
    r"""Return a value as a label that any font can draw and that fits beside a bar.

    Values come from the API and may be anything. What lies outside Latin text is written as its code, so
    that it is still told apart and no glyph is missing.

    Examples
    --------
    >>> label_text("LOCAL"), label_text(None), label_text("电话\n")
    ('LOCAL', 'not given', '\\u7535\\u8bdd\\n')
    >>> label_text("PROVISIONING_TO_SOME_NEW_PLATFORM_HAS_FAILED")
    'PROVISIONING_TO_SOME_NEW_PLATFORM_HAS…'
    """
    if pd.isna(value) or str(value) == "":
        return NOT_GIVEN
    text = "".join(one if one.isprintable() else repr(one)[1:-1] for one in str(value)[: limit + 1])
    text = text.encode("latin-1", "backslashreplace").decode("latin-1")
    return text if len(text) <= limit else text[: limit - 1] + "…"


def source_text(attrs: Mapping[Any, Any]) -> str:
    """Return what a reader must know about where data came from; empty for a complete live reading.

    Examples
    --------
    >>> source_text({"source": "sandbox", "complete": True})
    'Sandbox data: invented numbers, not your account.'
    >>> source_text({"source": "cassette 'march', recorded from sandbox on 2026-03-02"})
    "Recorded data, not a live reading: cassette 'march', recorded from sandbox on 2026-03-02."
    """
    known = {
        "sandbox": "Sandbox data: invented numbers, not your account.",
        "cassette": "Recorded data (cassette), not a live reading.",
        "production": "",
        "": "",
    }
    source = str(attrs.get("source") or "")
    said = known.get(source, f"Source: {label_text(source, _LONGEST_SOURCE)}.")
    if source.startswith("cassette "):
        said = f"Recorded data, not a live reading: {label_text(source, _LONGEST_SOURCE)}."
    partial = "Partial data: not every number was read." if attrs.get("complete") is False else ""
    return f"{said} {partial}".strip()
