"""Puts ``.numbers`` on every DataFrame, without loading what it leads to.

Low layer: it is called where this package's columns are declared, so that every frame that the package makes has it,
and hands over to :mod:`numbers_toolkit.accessor` when somebody asks for it. pandas must be there already.
"""

from __future__ import annotations

import importlib
from typing import Any, Final

import pandas as pd

__all__ = ["ACCESSOR", "attach"]

ACCESSOR: Final = "numbers"


def attach() -> None:
    """Put ``.numbers`` on every DataFrame of this process; a second time changes nothing.

    Examples
    --------
    >>> attach()
    >>> hasattr(pd.DataFrame, "numbers")
    True
    """
    if not hasattr(pd.DataFrame, ACCESSOR):
        pd.api.extensions.register_dataframe_accessor(ACCESSOR)(_Numbers)


class _Numbers:
    """What a frame's ``.numbers`` is: its column of that name, as ever, else the accessor."""

    def __new__(cls, frame: pd.DataFrame) -> Any:
        if ACCESSOR in frame.columns:
            return frame[ACCESSOR]
        return importlib.import_module("numbers_toolkit.accessor").NumbersAccessor(frame)
