"""Where a frame comes from, in a few words: whose numbers, how many of how many, when they were read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import markup
from numbers_toolkit.formatting import is_missing, time_text
from numbers_toolkit.found_tables import MEMORABLE, STOCK_BY_PREFIX
from numbers_toolkit.tables import ACTIVE_NUMBERS, AVAILABLE_NUMBERS
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from numbers_toolkit.frame_showing.recognising import Recognised
    from numbers_toolkit.markup import Html

__all__ = ["badges", "sentences"]

_SOURCES: Final = {
    "sandbox": "SANDBOX: invented numbers",
    "cassette": "RECORDED: no live reading",
}
#: Tables of what is on offer.
_OFFERS: Final = (AVAILABLE_NUMBERS, MEMORABLE, STOCK_BY_PREFIX)
#: Sources that need no sign: a live reading, and one that is not told.
_PLAIN: Final = ("production", "")


def badges(attrs: Mapping[Any, Any], known: Recognised) -> Iterator[Html]:
    """Yield what nobody may overlook: invented or recorded data, and numbers that are not all there are.

    Parameters
    ----------
    attrs : mapping
        Of the frame.
    known : Recognised
        What is known about it. A search shows a part by its nature, so that is no reason for alarm.
    """
    source = str(attrs.get("source") or "")
    if source not in _PLAIN:
        kind = source.split(" ", 1)[0]
        yield markup.badge(_SOURCES.get(kind, source), "warn" if kind in _SOURCES else "plain")
    if attrs.get("complete") is False and known.table not in _OFFERS:
        yield markup.badge("PARTIAL: not all numbers were read", "bad")


def sentences(frame: pd.DataFrame, known: Recognised) -> Iterator[str]:
    """Yield how much there is, and when it was read.

    Parameters
    ----------
    frame : pandas.DataFrame
        The frame, with its ``attrs``.
    known : Recognised
        What is known about it.
    """
    attrs = frame.attrs
    yield _how_many(len(frame), known, attrs)
    if attrs.get("complete") is False and known.table in _OFFERS:
        yield "The search showed a part; there may be more on offer"
    if attrs.get("complete") is None and "complete" in attrs:
        yield "Nothing the API said confirms that these are all"
    source = str(attrs.get("source") or "")
    if source.startswith("cassette "):
        # A recording tells more than its kind: which one, and of which day.
        yield f"From {source}"
    read_at = attrs.get("fetched_at")
    if not is_missing(read_at):
        yield f"Read at {time_text(read_at)}"


def _how_many(rows: int, known: Recognised, attrs: Mapping[Any, Any]) -> str:
    if known.table not in (ACTIVE_NUMBERS, AVAILABLE_NUMBERS):
        return counted(rows, "row")
    total = attrs.get("total_size")
    if isinstance(total, int) and total != rows:
        return f"{rows:,} of {counted(total)}"
    return counted(rows)
