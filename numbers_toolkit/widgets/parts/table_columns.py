"""The columns of a table that a person looks at: which of a frame's, under what title, and as what kind of value."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

from pandas.api import types

from numbers_toolkit.errors import ColumnError, InvalidInputError
from numbers_toolkit.money import is_money
from numbers_toolkit.wording import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

__all__ = ["RIGHT", "TONES", "Kind", "TableColumn", "columns_of", "fitting"]

Kind: TypeAlias = Literal[
    "text", "number", "money", "phone", "date", "datetime", "state", "flag", "tags", "code", "region"
]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
#: Kinds that are compared digit by digit, and so stand at the right.
RIGHT: Final = ("number", "money")
TONES: Final = ("plain", "good", "warn", "bad", "info", "quiet")

_WIDTH: Final = re.compile(r"\d+(\.\d+)?(px|em|rem|ch)")
_CURRENCY: Final = "currency_code"
#: Words of column names that are not written like other words.
_WORDS: Final = {"sms": "SMS", "id": "ID", "url": "URL", "api": "API"}
_BY_NAME: Final[dict[str, Kind]] = {"phone_number": "phone", "region_code": "region"}
#: Amounts are numbers, too, and flags can count as such: the first that fits holds.
_BY_DTYPE: Final[dict[Kind, Callable[[Any], bool]]] = {
    "money": is_money,
    "flag": types.is_bool_dtype,
    "datetime": types.is_datetime64_any_dtype,
    "number": types.is_numeric_dtype,
}


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table that a person looks at.

    Parameters
    ----------
    name : str
        The frame's column.
    title : str
        What stands above it; by default made of the name.
    kind : {"text", "number", "money", "phone", "date", "datetime", "state", "flag", "tags", "code", "region"}
        How values are shown, searched and sorted. ``state`` is shown with its mark and in its tone, ``tags`` is
        text parted by ``;`` (or a list), ``code`` an id, ``region`` a region code shown with its name.
    currency : str
        The frame's column with the currency of money; by default ``currency_code``, where there is one.
    tone : str
        How cells are coloured: a column of the frame that holds ``good``, ``warn``, ``bad``, ``info``, ``plain``
        or ``quiet`` in each row, or one of these words for all rows.
    width : str
        The most room for it, as CSS length: ``"12rem"``. What does not fit is cut, and shown in full at a touch.
    sort : str
        A column of the frame to sort by instead. With a minus sign before it the first click brings the largest
        to the top.
    help : str
        What the column means, shown at its title.

    Examples
    --------
    >>> TableColumn("monthly_cost", kind="money").title
    'Monthly cost'
    >>> TableColumn("reason", "Memorable", sort="-score").sort_column
    'score'
    """

    name: str
    title: str = ""
    kind: Kind = "text"
    currency: str = ""
    tone: str = ""
    width: str = ""
    sort: str = ""
    help: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidInputError(
                f"Kind {self.kind!r} of column {self.name!r} is not one of {', '.join(KINDS)}."
            )
        if self.width and not _WIDTH.fullmatch(self.width):
            raise InvalidInputError(
                f"Width {self.width!r} of column {self.name!r} is no length such as '12rem' or '90px'."
            )
        if not self.title:
            object.__setattr__(self, "title", _title(self.name))

    @property
    def sort_column(self) -> str:
        """The frame's column that it is sorted by."""
        return self.sort.removeprefix("-") or self.name

    @property
    def largest_first(self) -> bool:
        """Whether the first click on its title brings the largest to the top."""
        return self.sort.startswith("-")

    def reads(self) -> tuple[str, ...]:
        """Return the frame's columns that it can't do without."""
        toned = () if self.tone in TONES else (self.tone,)
        return tuple(one for one in (self.name, self.currency, *toned, self.sort_column) if one)


def columns_of(frame: pd.DataFrame) -> tuple[TableColumn, ...]:
    """Return a table column for each column of a frame, by its name and dtype.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any frame; those of the package are known by their columns' names.

    Examples
    --------
    >>> from numbers_toolkit.tables import AVAILABLE_NUMBERS
    >>> [(one.title, one.kind) for one in columns_of(AVAILABLE_NUMBERS.empty())][:4]
    [('Phone number', 'phone'), ('Region code', 'region'), ('Number type', 'text'), ('SMS', 'flag')]
    """
    currency = _CURRENCY if _CURRENCY in frame.columns else ""
    found = []
    for name in frame.columns:
        kind = kind_of(str(name), frame[name])
        found.append(TableColumn(str(name), kind=kind, currency=currency if kind == "money" else ""))
    return tuple(found)


def kind_of(name: str, values: pd.Series[Any]) -> Kind:
    """Return how the values of a column are shown."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    by_dtype = (kind for kind, is_such in _BY_DTYPE.items() if is_such(values.dtype))
    return next(by_dtype, _by_ending(name))


def _by_ending(name: str) -> Kind:
    if name.endswith("state"):
        return "state"
    return "code" if name.endswith("_id") else "text"


def fitting(columns: Iterable[TableColumn], frame: pd.DataFrame) -> tuple[TableColumn, ...]:
    """Return columns as they are used with a frame: money knows its currency.

    Raises
    ------
    ColumnError
        When the frame lacks columns that are read; all of them are named.
    InvalidInputError
        When two of the columns are the same.
    """
    given = tuple(
        replace(one, currency=_CURRENCY)
        if one.kind == "money" and not one.currency and _CURRENCY in frame.columns
        else one
        for one in columns
    )
    names = [one.name for one in given]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise InvalidInputError(
            f"{listed(twice)} stand{'s' if len(twice) == 1 else ''} twice among the columns."
        )
    read = dict.fromkeys(name for one in given for name in one.reads())
    missing = [name for name in read if name not in frame.columns]
    if missing:
        raise ColumnError(
            f"The frame to be shown has no {listed(missing)}. It has {listed(list(map(str, frame.columns)))}."
        )
    return given


def _title(name: str) -> str:
    first, *others = (_WORDS.get(word, word) for word in name.removeprefix("has_").split("_"))
    return " ".join([first[:1].upper() + first[1:], *others])
