"""A trait that holds a frame."""

from __future__ import annotations

from typing import Any

import traitlets

__all__ = ["Frame"]


class Frame(traitlets.Any):
    """A DataFrame as a trait; another frame is news, whatever is in it.

    Traitlets would compare the old with the new one cell by cell, to learn whether anything has changed.

    Examples
    --------
    >>> import pandas as pd
    >>> class Table(traitlets.HasTraits):
    ...     rows = Frame()
    >>> table = Table()
    >>> table.observe(lambda change: print(len(change["new"])), "rows")
    >>> table.rows = pd.DataFrame({"a": [1, 2]})
    2
    >>> table.rows = pd.DataFrame({"a": [1, 2]})
    2
    """

    def set(self, obj: Any, value: Any) -> None:
        """Take a frame, and tell observers."""
        name = str(self.name)
        former = obj._trait_values.get(name)  # noqa: SLF001 - as traitlets' own trait types do
        obj._trait_values[name] = value  # noqa: SLF001 - as above
        if former is not value:
            obj._notify_trait(name, former, value)  # noqa: SLF001 - as above
