"""Who hears warnings: Python's own machinery, or somebody who shows them where the person looks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Listener", "hear_warnings", "listener"]

#: Is told the message and the class of each warning.
Listener: TypeAlias = Callable[[str, type[Warning]], object]

# A context variable, not warnings.catch_warnings(): that one changes the whole process, and panels work in threads.
_LISTENER: ContextVar[Listener | None] = ContextVar("numbers_toolkit_listener", default=None)


@contextlib.contextmanager
def hear_warnings(told: Listener) -> Iterator[None]:
    """Hand the package's warnings in this context to a function, in place of Python's warnings.

    Parameters
    ----------
    told : callable
        Is called with the message and the warning's class.

    Examples
    --------
    >>> from numbers_toolkit.errors import IncompleteDataWarning, warn_user
    >>> with hear_warnings(lambda message, category: print(category.__name__, message)):
    ...     warn_user("one page only", IncompleteDataWarning)
    IncompleteDataWarning one page only
    """
    before = _LISTENER.set(told)
    try:
        yield
    finally:
        _LISTENER.reset(before)


def listener() -> Listener | None:
    """Return who hears warnings in this context, None when Python's own machinery does."""
    return _LISTENER.get()
