"""Each plan is started once: a register of started plans in the user's own folder.

The journal's lock keeps two runs from one journal. This register keeps one plan from two journals, and knows
how far a journal had come when its last run ended, so that a file that lost its end is noticed.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import FileLock
from platformdirs import user_state_path

from numbers_toolkit.errors import JournalError, PlanAlreadyStartedError
from numbers_toolkit.writing import replacing

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Claim", "already_started", "claim", "claimed_by", "note_progress", "register_folder"]

#: Environment variable that names another folder for the register.
FOLDER_VARIABLE: Final = "NUMBERS_TOOLKIT_STATE"
#: Seconds to wait for another process that is entering its plan.
_PATIENCE: Final = 30


@dataclass(frozen=True, slots=True)
class Claim:
    """With which journal a plan was started, and how far that had come.

    Parameters
    ----------
    journal : str
        The file.
    check : str
        Check of its last line when the last run ended; ``""`` before the end of the first.
    """

    journal: str
    check: str = ""

    @property
    def path(self) -> Path:
        """The journal's file."""
        return Path(self.journal)


def register_folder() -> Path:
    """Return the folder that holds one small file for each started plan.

    Examples
    --------
    >>> register_folder().name
    'started-plans'
    """
    given = os.environ.get(FOLDER_VARIABLE)
    root = Path(given).expanduser() if given else user_state_path("numbers-toolkit", appauthor=False)
    return root / "started-plans"


def claimed_by(plan_id: str) -> Claim | None:
    """Return the claim on a plan, None when it was never started on this machine."""
    try:
        content = json.loads((register_folder() / plan_id).read_text(encoding="utf-8"))
        return Claim(str(content["journal"]), str(content.get("check", "")))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(error) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unusable(error) from error


def claim(plan_id: str, journal: Path) -> Claim:
    """Note that a plan is carried out with a journal.

    A journal that was moved takes its claim along; a copy of one that is still there does not.

    Returns
    -------
    Claim
        The claim, with how far the journal had come.

    Raises
    ------
    PlanAlreadyStartedError
        When the plan was started with another one.
    JournalError
        When the register can't be used.
    """
    with _register() as folder:
        known = claimed_by(plan_id)
        if known is not None and known.path != journal and _is_there(known.path):
            raise already_started(plan_id, known.path)
        if known is None or known.path != journal:
            known = Claim(str(journal), known.check if known is not None else "")
            _enter(folder / plan_id, known)
        return known


def note_progress(plan_id: str, journal: Path, check: str) -> None:
    """Note how far a journal has come, at the end of a run."""
    with _register() as folder:
        _enter(folder / plan_id, Claim(str(journal), check))


def _enter(file: Path, entry: Claim) -> None:
    with replacing(file) as temporary:
        temporary.write_text(json.dumps(asdict(entry)) + "\n", encoding="utf-8")


@contextmanager
def _register() -> Iterator[Path]:
    folder = register_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock", timeout=_PATIENCE)
        lock.acquire()
    except (OSError, RuntimeError) as error:
        raise _unusable(error) from error
    try:
        yield folder
    except OSError as error:
        raise _unusable(error) from error
    finally:
        lock.release()


def _is_there(journal: Path) -> bool:
    return journal.exists() and journal.stat().st_size > 0


def already_started(plan_id: str, journal: Path) -> PlanAlreadyStartedError:
    """Return the error for a plan that is started a second time."""
    if _is_there(journal):
        advice = f'Go on with nt.resume_activation("{journal}"), which buys nothing twice.'
    else:
        advice = (
            "That journal is gone, so it can't be known what was bought: look at the project's active numbers, and "
            "make a new plan for what is missing. If you moved it, go on with resume_activation and its new name."
        )
    return PlanAlreadyStartedError(
        f"Plan {plan_id} was started before, with the journal {journal}. It is not started again, since that could "
        f"buy twice. Nothing was sent now. {advice}"
    )


def _unusable(error: Exception) -> JournalError:
    return JournalError(
        f"The register of started plans in {register_folder()} can't be used: "
        f"{getattr(error, 'strerror', None) or error}. It keeps a plan from being carried out twice. Set "
        f"{FOLDER_VARIABLE} to a folder that can be written to. Nothing was sent."
    )
