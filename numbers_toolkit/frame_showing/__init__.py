"""Frames shown well in a notebook: money with its currency, phone numbers in groups, states with a mark.

``%load_ext numbers_toolkit`` does it for every frame of this package that a cell ends with, ``show(frame)`` for one.
The frames themselves stay plain DataFrames, and frames of others are shown by pandas as ever. Nothing is computed
here but which rows and columns are in sight.
"""

from __future__ import annotations

from numbers_toolkit.frame_showing.notebook import load, unload
from numbers_toolkit.frame_showing.recognising import known_table, recognise
from numbers_toolkit.frame_showing.shown import ShownFrame, show

__all__ = ["ShownFrame", "known_table", "load", "recognise", "show", "unload"]


def __dir__() -> list[str]:
    return sorted(__all__)
