"""What the inventory panel is about: all numbers, what is worked out of them once, and those that pass filters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.analysis import attention, filter_choices, filter_numbers, key_figures, rows_about
from numbers_toolkit.analysis._grouping import moment
from numbers_toolkit.analysis.filtering import spelled
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.overview_tables import FILTERS
from numbers_toolkit.tables import ACTIVE_NUMBERS
from numbers_toolkit.wording import listed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FILTER_NAMES", "Inventory", "Selection", "checked_filters", "select"]

#: Keywords of ``analysis.filter_numbers``.
FILTER_NAMES: Final = (*FILTERS, "text")


@dataclass(frozen=True, slots=True)
class Inventory:
    """All numbers that were read or given.

    Parameters
    ----------
    active : pandas.DataFrame
        Active numbers.
    as_of : pandas.Timestamp
        The instant that ages and coming charges are reckoned from.
    limits : mapping of str to int or None
        Numbers that campaigns can hold, as for :func:`numbers_toolkit.analysis.campaign_fill`.
    to_do : pandas.DataFrame
        What needs attention: of all numbers, since a campaign is full whatever is looked at.
    choices : pandas.DataFrame
        What there is to filter by.
    heard : tuple of str
        Warnings that were given while the numbers were read.
    """

    active: pd.DataFrame
    as_of: pd.Timestamp
    limits: Mapping[str, int | None]
    to_do: pd.DataFrame
    choices: pd.DataFrame
    heard: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        active: pd.DataFrame,
        *,
        as_of: Any = None,
        limits: Mapping[str, int | None] | None = None,
        heard: Iterable[str] = (),
    ) -> Inventory:
        """Work out what does not change with the filters.

        Raises
        ------
        ColumnError
            When the frame lacks a column of active numbers.
        InvalidInputError
            When ``as_of`` or a limit makes no sense.
        """
        ACTIVE_NUMBERS.require(active)
        instant = moment(as_of, active)
        return cls(
            active=active,
            as_of=instant,
            limits=MappingProxyType(dict(limits or {})),
            to_do=attention(active, as_of=instant, limits=limits),
            choices=filter_choices(active),
            heard=tuple(heard),
        )


@dataclass(frozen=True, slots=True)
class Selection:
    """The numbers that pass the filters.

    Parameters
    ----------
    inventory : Inventory
        All numbers.
    filters : mapping of str to str or tuple of str
        As :func:`checked_filters` returns them.
    shown : pandas.DataFrame
        Those of ``inventory.active`` that pass.
    to_do : pandas.DataFrame
        Those of ``inventory.to_do`` that are about them.
    """

    inventory: Inventory
    filters: Mapping[str, str | tuple[str, ...]]
    shown: pd.DataFrame
    to_do: pd.DataFrame

    def figures(self) -> pd.DataFrame:
        """Return the key figures of the numbers that pass."""
        return key_figures(self.shown, as_of=self.inventory.as_of)


def checked_filters(filters: Any) -> dict[str, str | tuple[str, ...]]:
    """Return filters by name: text as it is, all others as tuples; those that let all numbers pass are left out.

    Raises
    ------
    InvalidInputError
        When it is no mapping, or names a filter that does not exist.

    Examples
    --------
    >>> checked_filters({"region_code": "US", "sms_state": [], "text": " desk "})
    {'region_code': ('US',), 'text': 'desk'}
    """
    if not isinstance(filters, Mapping):
        raise InvalidInputError(f"filters is {filters!r}; use a dict such as {{'region_code': ['US']}}.")
    strange = [str(name) for name in filters if name not in FILTER_NAMES]
    if strange:
        raise InvalidInputError(
            f"There is no filter {listed(strange)}; there are {listed(FILTER_NAMES, most=len(FILTER_NAMES))}."
        )
    found = {}
    for name in FILTER_NAMES:
        value = _text(filters.get(name)) if name == "text" else _several(filters.get(name), name)
        if value:
            found[name] = value
    return found


def _text(value: Any) -> str:
    if not isinstance(value, (str, type(None))):
        raise InvalidInputError(f"The filter text is {value!r}; use words or digits in quotes.")
    return (value or "").strip()


def _several(value: Any, name: str) -> tuple[str, ...]:
    given = () if value is None else (value,) if isinstance(value, str) else value
    values = tuple(given) if isinstance(given, Iterable) else (given,)
    if not all(isinstance(one, str) for one in values):
        raise InvalidInputError(f"The filter {name} is {value!r}; use one value or several, in quotes.")
    return tuple(dict.fromkeys(spelled(one, name) for one in values))


def select(inventory: Inventory, filters: Mapping[str, Any]) -> Selection:
    """Return the numbers that pass the filters, and what there is to do about them.

    Raises
    ------
    InvalidInputError
        When a filter asks for what can't be.
    """
    known = checked_filters(filters)
    keywords: dict[str, Any] = {**known}
    shown = filter_numbers(inventory.active, **keywords) if known else inventory.active
    to_do = rows_about(inventory.to_do, shown) if known else inventory.to_do
    return Selection(inventory, MappingProxyType(known), shown, to_do)
