"""A value of a known column as markup: for reading, with the exact value where a person points at it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import error_codes
from numbers_toolkit.formatting import (
    date_text,
    is_missing,
    money_text,
    phone_text,
    region_text,
    state_mark,
    time_text,
)
from numbers_toolkit.markup import Html, text
from numbers_toolkit.wording import readable

if TYPE_CHECKING:
    from collections.abc import Callable

    from numbers_toolkit.columns import Column

__all__ = ["RIGHT", "cell", "other_cell"]

#: Kinds of columns whose values line up at their last digit.
RIGHT: Final = frozenset({"money", "count", "months", "share", "seconds"})
_MISSING: Final = Html('<span class="none">–</span>')
_STATES: Final = frozenset({"state", "sms_state", "voice_state", "outcome", "order_state", "status"})
_CODES: Final = frozenset({"error_code", "sms_error_codes", "failure_code", "last_failure_code"})
_DATES: Final = frozenset({"next_charge_date", "charge_date", "expire_at", "ends_at", "period_start"})
#: What is shown when a person points at a cut text.
_KEPT: Final = 600
_SMALLEST_SHARE: Final = 0.001


def cell(value: Any, column: Column, *, currency: Any = "", longest: int = 200) -> Html:
    """Return a value of a known column as markup, a dash for nothing.

    Parameters
    ----------
    value : object
        The value as the frame holds it.
    column : Column
        What it is.
    currency : str
        Of an amount.
    longest : int, default 200
        Characters of a text that are shown; the rest is in its title.

    Examples
    --------
    >>> from numbers_toolkit.tables import ACTIVE_NUMBERS
    >>> cell("SE", ACTIVE_NUMBERS["region_code"]), cell("FAILED", ACTIVE_NUMBERS["sms_state"])
    ('<bdi>Sweden (SE)</bdi>', '<span class="is-bad">✕ FAILED</span>')
    """
    if is_missing(value):
        return _MISSING
    if column.kind == "money":
        return text(money_text(value, currency))
    if column.name in _BY_NAME:
        return _BY_NAME[column.name](value)
    if column.kind in _BY_KIND:
        return _BY_KIND[column.kind](value)
    return _id(value) if column.name.endswith("_id") else _words(value, longest)


def other_cell(value: Any, *, precision: int = 6, longest: int = 200) -> Html:
    """Return a value of a column that is somebody else's; of a number with a fraction, so many decimals.

    Examples
    --------
    >>> other_cell(0.5), other_cell("<b>"), other_cell(None)
    ('0.500000', '<bdi>&lt;b&gt;</bdi>', '<span class="none">–</span>')
    """
    if is_missing(value):
        return _MISSING
    if isinstance(value, float):
        return text(f"{value:.{precision}f}")
    return _words(value, longest)


def _words(value: Any, longest: int) -> Html:
    whole = str(value)
    title = _title(whole[:_KEPT]) if len(whole) > longest else ""
    return Html(f"<bdi{title}>{text(whole, longest)}</bdi>")


def _title(value: str) -> str:
    return f' title="{html.escape(readable(value))}"'


def _phone(value: Any) -> Html:
    groups = phone_text(value).split(" ")
    if "".join(groups) != str(value):
        return _words(value, _KEPT)
    # The groups stand apart by style alone: what is copied, or found by the browser, is the number in E.164.
    return Html(f'<span class="tel">{"".join(f"<span>{text(one)}</span>" for one in groups)}</span>')


def _id(value: Any) -> Html:
    # Cut by style alone, so that all of it is copied.
    return Html(f'<bdi class="id"{_title(str(value)[:_KEPT])}>{text(value)}</bdi>')


def _region(value: Any) -> Html:
    return Html(f"<bdi>{text(region_text(value))}</bdi>")


def _state(value: Any) -> Html:
    mark, tone = state_mark(value)
    return Html(f'<span class="is-{tone}">{mark} {text(value)}</span>')


def _codes(value: Any) -> Html:
    told = []
    for code in str(value).split(";"):
        known = error_codes.lookup(code)
        told.append(f"<span{_title(f'{known.meaning} {known.remedy}')}>{text(code)}</span>")
    return Html("; ".join(told))


def _flag(value: Any) -> Html:
    return Html("yes") if value else Html('<span class="none">no</span>')


def _count(value: Any) -> Html:
    return Html(f"{int(value):,}")


def _share(value: Any) -> Html:
    # What is not nothing, or not all, is never shown as if it were.
    if 0 < value < _SMALLEST_SHARE:
        return Html("&lt;0.1%")
    if 1 - _SMALLEST_SHARE < value < 1:
        return Html("&gt;99.9%")
    return Html(f"{value:.0%}" if value in (0, 1) else f"{value:.1%}")


def _seconds(value: Any) -> Html:
    return Html(f"{float(value):,.0f} s")


def _day(value: Any) -> Html:
    return Html(f"<span{_title(str(value))}>{text(date_text(value))}</span>")


def _month(value: Any) -> Html:
    return text(date_text(value)[:7])


def _time(value: Any) -> Html:
    return Html(f"<span{_title(str(value))}>{text(time_text(value))}</span>")


_BY_NAME: Final[dict[str, Callable[[Any], Html]]] = {
    "phone_number": _phone,
    "replaces": _phone,
    "region_code": _region,
    "month": _month,
    **dict.fromkeys(_STATES, _state),
    **dict.fromkeys(_CODES, _codes),
    **dict.fromkeys(_DATES, _day),
}
_BY_KIND: Final[dict[str, Callable[[Any], Html]]] = {
    "flag": _flag,
    "count": _count,
    "months": _count,
    "share": _share,
    "seconds": _seconds,
    "time": _time,
}
