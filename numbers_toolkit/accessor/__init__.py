"""``frame.numbers``: this package's functions where people look for them, on the frame.

Delegates only; each method says which function it calls. Any frame with the columns serves: from the API, from a
file, or a selection of rows. pandas knows ``.numbers`` once a part of this package that makes or reads frames is
loaded, that is after ``nt.active_numbers``, ``nt.read_csv``, ``nt.analysis`` or the like; after ``import
numbers_toolkit`` where pandas was imported before; and after ``%load_ext numbers_toolkit``. A frame with a column
``numbers``, like the summaries, gives that column, as any frame does.
"""

from __future__ import annotations

from numbers_toolkit.accessor.methods import NumbersAccessor
from numbers_toolkit.accessor.plots import NumbersPlots

__all__ = ["NumbersAccessor", "NumbersPlots"]


def __dir__() -> list[str]:
    return sorted(__all__)
