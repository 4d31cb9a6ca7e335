"""Warning classes, under one base, and how they reach the line of a user's own that led to them.

Lowest layer; :mod:`numbers_toolkit.errors` hands the names on.
"""

from __future__ import annotations

import inspect
import warnings
from pathlib import Path
from typing import Final

from numbers_toolkit.hearing import listener

__all__ = [
    "AlreadyDoneWarning",
    "CassetteWarning",
    "ChangingInventoryWarning",
    "DuplicateEventWarning",
    "DuplicateNumberWarning",
    "IncompleteDataWarning",
    "NumbersToolkitWarning",
    "PapersWarning",
    "UnknownValueWarning",
    "warn_user",
]

_PACKAGE: Final = str(Path(__file__).parent)


class NumbersToolkitWarning(UserWarning):
    """Base of every warning this package gives."""


class AlreadyDoneWarning(NumbersToolkitWarning):
    """What was asked for had been done before; nothing was sent."""


class UnknownValueWarning(NumbersToolkitWarning):
    """The API sent a field or value that this version does not know; it was kept."""


class DuplicateNumberWarning(NumbersToolkitWarning):
    """A number arrived on two pages with the same content; it is listed once."""


class IncompleteDataWarning(NumbersToolkitWarning):
    """What is shown may not be everything."""


class CassetteWarning(NumbersToolkitWarning):
    """A cassette was changed by hand, or its use asks for attention."""


class DuplicateEventWarning(NumbersToolkitWarning):
    """One event id came with different contents; the first one is listed."""


class PapersWarning(NumbersToolkitWarning):
    """Papers of a number order could not be checked in full, or may not be complete; the API will tell."""


class ChangingInventoryWarning(NumbersToolkitWarning):
    """The inventory changed while it was being read; the count agrees with the API's last total."""


def warn_user(message: str, category: type[NumbersToolkitWarning]) -> None:
    """Warn at the line outside this package that led here, or whoever :func:`hear_warnings` named.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     warn_user("one page only", IncompleteDataWarning)
    >>> str(caught[0].message)
    'one page only'
    """
    told = listener()
    if told is not None:
        told(message, category)
        return
    level, frame = 1, inspect.currentframe()
    while frame is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)
