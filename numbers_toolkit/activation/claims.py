"""Each plan is started once: a register of started plans in the user's own folder.

The journal's lock keeps two runs from one journal. This register keeps one plan from two journals.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from filelock import FileLock
from platformdirs import user_state_path

from numbers_toolkit.errors import JournalError, PlanAlreadyStartedError
from numbers_toolkit.writing import replacing

__all__ = ["already_started", "claim", "claimed_by", "register_folder"]

#: Environment variable that names another folder for the register.
FOLDER_VARIABLE: Final = "NUMBERS_TOOLKIT_STATE"
#: Seconds to wait for another process that is entering its plan.
_PATIENCE: Final = 30


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


def claimed_by(plan_id: str) -> Path | None:
    """Return the journal with which a plan was started on this machine, if it was."""
    try:
        return Path((register_folder() / plan_id).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(error) from error


def claim(plan_id: str, journal: Path) -> None:
    """Note that a plan is carried out with a journal.

    Raises
    ------
    PlanAlreadyStartedError
        When it was started with another one.
    JournalError
        When the register can't be used.
    """
    folder = register_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=_PATIENCE):
            other = claimed_by(plan_id)
            if other is None:
                with replacing(folder / plan_id) as temporary:
                    temporary.write_text(str(journal), encoding="utf-8")
    except (OSError, NotImplementedError) as error:
        raise _unusable(error) from error
    if other is not None and other != journal:
        raise already_started(plan_id, other)


def already_started(plan_id: str, journal: Path) -> PlanAlreadyStartedError:
    """Return the error for a plan that is started a second time."""
    if journal.exists() and journal.stat().st_size:
        advice = f'Go on with nt.resume_activation("{journal}"), which buys nothing twice.'
    else:
        advice = (
            "That journal is gone, so it can't be known what was bought: look at the project's active numbers, and "
            "make a new plan for what is missing."
        )
    return PlanAlreadyStartedError(
        f"Plan {plan_id} was started before, with the journal {journal}. It is not started again, since that could "
        f"buy twice. Nothing was sent now. {advice}"
    )


def _unusable(error: Exception) -> JournalError:
    return JournalError(
        f"The register of started plans in {register_folder()} can't be used: "
        f"{getattr(error, 'strerror', None) or error}. It keeps a "
        f"plan from being carried out twice. Set {FOLDER_VARIABLE} to a folder that can be written to. Nothing was "
        "sent."
    )
