"""What a journal tells while its run is still going on: read again and again, also from another process.

Reads the file alone: no lock, no client, nothing sent. What a finished run came to is read by ``read_result``, which
also checks that nothing was edited.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from numbers_toolkit.activation import history
from numbers_toolkit.activation.history import History
from numbers_toolkit.activation.plan import plan_from_content
from numbers_toolkit.activation.result import result_of
from numbers_toolkit.errors import JournalError

if TYPE_CHECKING:
    import pandas as pd

    from numbers_toolkit.activation.plan import Plan
    from numbers_toolkit.activation.result import NumberResult, Result

__all__ = ["BEING_SENT", "PLANNED", "UNDER_REVIEW", "LiveJournal"]

#: How a number stands that has no outcome yet.
PLANNED: Final = "planned"
BEING_SENT: Final = "being sent"
UNDER_REVIEW: Final = "under review"


class LiveJournal:
    """A journal that somebody is writing.

    Parameters
    ----------
    path : path-like
        The journal; it need not be there yet.

    Examples
    --------
    >>> import tempfile, numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client, tempfile.TemporaryDirectory() as folder:
    ...     run = nt.activate(nt.plan_activation(client, "2 US LOCAL"), journal=f"{folder}/run.jsonl")
    ...     live = LiveJournal(run.journal)
    ...     live.look(), live.look(), live.result().counts
    (True, False, {'activated': 2})
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._history: History | None = None
        self._read = 0

    def look(self) -> bool:
        """Read what was written since the last look.

        Returns
        -------
        bool
            Whether there is anything new.

        Raises
        ------
        JournalError
            When it is no journal, or can't be read.
        """
        try:
            with self.path.open("rb") as file:
                if os.fstat(file.fileno()).st_size < self._read:
                    # A line that could not be written to its end was taken back.
                    self._history, self._read = None, 0
                file.seek(self._read)
                whole, separator, _ = file.read().rpartition(b"\n")
        except FileNotFoundError:
            return False
        except OSError as error:
            raise JournalError(
                f"The journal {self.path} can't be read: {error.strerror or error}."
            ) from error
        if not separator:
            return False
        self._read += len(whole) + 1
        self._take(whole)
        return True

    @property
    def plan(self) -> Plan | None:
        """The plan that is carried out, None before the first look that found one."""
        return None if self._history is None else self._history.plan

    @property
    def ended(self) -> int:
        """Numbers that have an outcome."""
        return 0 if self._history is None else len(self._history.ended)

    def result(self) -> Result:
        """Return what the journal tells so far, as if the run had ended here.

        Raises
        ------
        JournalError
            When nothing was read yet.
        """
        return result_of(self._known(), self.path)

    def frame(self) -> pd.DataFrame:
        """Return the same as one row per number while the run is going on.

        Returns
        -------
        pandas.DataFrame
            Columns and dtypes of ``tables.RESULTS``. ``outcome`` is also :data:`PLANNED`, :data:`BEING_SENT` or
            :data:`UNDER_REVIEW`, for numbers that have none yet.

        Raises
        ------
        JournalError
            When nothing was read yet.
        """
        result = self.result()
        return replace(result, numbers=tuple(self._standing(one) for one in result.numbers)).to_frame()

    def _take(self, whole: bytes) -> None:
        for raw in whole.split(b"\n"):
            try:
                line = json.loads(raw)
                if self._history is None:
                    self._history = History(plan_from_content(line["plan"], f"The plan in {self.path}"))
                else:
                    self._history.add(line)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                # Also a line that was taken back meanwhile, and another one in its place: the next look starts anew.
                self._history, self._read = None, 0
                raise JournalError(f"{self.path} is no journal, or was damaged: {error}.") from error

    def _known(self) -> History:
        if self._history is None:
            raise JournalError(f"There is no journal {self.path} yet.")
        return self._history

    def _standing(self, one: NumberResult) -> NumberResult:
        number = one.item.phone_number
        past = self._known()
        if number in past.ended:
            return one
        steps = past.steps_of(number)
        outcome = PLANNED
        if steps:
            submitted = [record for step, record in steps.items() if step.startswith("submit")]
            outcome = UNDER_REVIEW if submitted and submitted[-1].result == history.DONE else BEING_SENT
        return replace(one, outcome=outcome, reason="", what_to_do="")
