"""Progress of long work: a bar when a person is looking, nothing when not, or the caller's own function."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["NotedReport", "Progress", "Report", "is_interactive", "noted_bar", "progress_bar"]

#: ``None`` decides by whether a person is looking; a callable is told ``(done, total or None)``.
Progress = bool | Callable[[int, int | None], None] | None
Report = Callable[[int, int | None], None]
#: The same with a few words on how it goes.
NotedReport = Callable[[int, int | None, str], None]


def is_interactive() -> bool:
    """Whether a person is likely to look: a notebook, or a terminal on standard error.

    Examples
    --------
    >>> isinstance(is_interactive(), bool)
    True
    """
    return _in_notebook() or (sys.stderr is not None and sys.stderr.isatty())


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and hasattr(shell, "kernel")


def _bar_class() -> Any:
    # Without ipywidgets the notebook bar of tqdm only warns that it can't be shown.
    if _in_notebook() and importlib.util.find_spec("ipywidgets") is not None:
        from tqdm.auto import tqdm
    else:
        from tqdm import tqdm  # type: ignore[assignment]
    return tqdm


@contextlib.contextmanager
def progress_bar(label: str, unit: str, progress: Progress) -> Iterator[Report]:
    """Yield a function to tell the state of the work: ``report(done, total)``.

    Parameters
    ----------
    label, unit : str
        What is being done, and counted.
    progress : bool, callable or None
        True shows a bar, False nothing, None a bar if a person is likely to look, a callable is called.

    Examples
    --------
    >>> with progress_bar("numbers", "number", lambda done, total: print(done, "of", total)) as report:
    ...     report(2, 5)
    2 of 5
    """
    with noted_bar(label, unit, progress) as report:
        yield progress if callable(progress) else lambda done, total: report(done, total, "")


@contextlib.contextmanager
def noted_bar(label: str, unit: str, progress: Progress) -> Iterator[NotedReport]:
    """Yield a function to tell the state of the work with a note: ``report(done, total, note)``.

    Parameters are those of :func:`progress_bar`. The note stands behind the bar; a callable is not told it.

    Examples
    --------
    >>> with noted_bar("numbers", "number", lambda done, total: print(done, "of", total)) as report:
    ...     report(2, 5, "1 failed")
    2 of 5
    """
    if callable(progress):
        yield lambda done, total, _note: progress(done, total)
        return
    if not (is_interactive() if progress is None else progress):
        yield lambda _done, _total, _note: None
        return
    with _bar_class()(desc=label, unit=f" {unit}", dynamic_ncols=True) as bar:

        def report(done: int, total: int | None, note: str) -> None:
            if total is not None:
                bar.total = total
            if note:
                bar.set_postfix_str(note, refresh=False)
            bar.update(done - bar.n)

        yield report
