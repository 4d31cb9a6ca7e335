"""Whether a frame is of the kind that is asked for, and what it is instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from numbers_toolkit.errors import ColumnError
from numbers_toolkit.frame_showing.recognising import known_table
from numbers_toolkit.tables import ACTIVE_NUMBERS, AVAILABLE_NUMBERS, PROVISIONING_ERRORS
from numbers_toolkit.wording import listed

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    import pandas as pd

    from numbers_toolkit.columns import Table

    Made = TypeVar("Made")

__all__ = ["OfFrame"]

_NUMBER: Final = "phone_number"
#: Where a frame of each kind comes from.
_LOADERS: Final = {
    ACTIVE_NUMBERS.name: "nt.active_numbers",
    AVAILABLE_NUMBERS.name: "nt.available_numbers",
    PROVISIONING_ERRORS.name: "nt.provisioning_errors",
}


class OfFrame:
    """A frame, and the check that it is of the kind that a method needs.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any frame; it is never changed.
    """

    __slots__ = ("_frame",)
    #: What stands before a method's name where a person types it.
    _where = ".numbers"

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def _made(self, name: str, *kinds: Table, by: Callable[[pd.DataFrame], Made]) -> Made:
        """Return what a function makes of the frame.

        Raises
        ------
        ColumnError
            When the frame is of another kind, or lacks columns; it says what it is and what it needs.
        """
        found = known_table(self._frame)
        needs = listed([f"{kind.name} ({_LOADERS[kind.name]})" for kind in kinds], "or")
        told = f"{self._where}.{name}() needs {needs}; this frame"
        if found is not None and found not in kinds:
            raise ColumnError(f"{told} holds {found.name}, one row per {found.row}.")
        if _NUMBER not in self._frame.columns:
            names = listed([repr(one) for one in self._frame.columns]) or "none"
            raise ColumnError(f"{told} has no column {_NUMBER}. Its columns: {names}.")
        try:
            return by(self._frame)
        except ColumnError as error:
            raise ColumnError(f"{told} does not serve. {error}") from error
