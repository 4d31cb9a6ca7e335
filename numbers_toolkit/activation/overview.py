"""What a person watches while numbers are bought and set up: one row per number, what became of it and what to do.

Joins the frames of a run and of the waiting after it. Reads no API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from numbers_toolkit.activation.readiness import FAILED
from numbers_toolkit.tables import NOT_ACTIVE, NOT_READ, PROVISIONING_OUTCOME, RESULTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["READY", "failed_numbers", "overview", "setup_counts"]

READY: Final = "READY"
_TAKEN_OVER: Final = (
    "phone_number",
    "action",
    "outcome",
    "region_code",
    "number_type",
    "setup_price",
    "monthly_price",
    "currency_code",
    "replaces",
    "order_id",
    "order_state",
    "ends_at",
)
#: What one word says of all services of a number: the most pressing one.
_PRESSING: Final = (FAILED, NOT_ACTIVE, NOT_READ, "IN_PROGRESS", "WAITING")
_SET_UP: Final = "PROVISIONED"
_NOTHING: Final = "NOT_CONFIGURED"


def overview(results: pd.DataFrame, provisioning: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return one row per number: what became of it, how far its set-up came, and what to do next.

    Parameters
    ----------
    results : pandas.DataFrame
        ``Result.to_frame()``, or :meth:`numbers_toolkit.activation.live.LiveJournal.frame`.
    provisioning : pandas.DataFrame, optional
        What :func:`numbers_toolkit.wait_until_provisioned` returns, as far as it is known.

    Returns
    -------
    pandas.DataFrame
        Rows and ``attrs`` of ``results``; its columns ``phone_number``, ``action``, ``outcome``, ``region_code``,
        ``number_type``, ``setup_price``, ``monthly_price``, ``currency_code``, ``replaces``, ``order_id``,
        ``order_state`` and ``ends_at`` with their dtypes, and as text:

        - ``set_up`` - ``READY``, ``WAITING``, ``IN_PROGRESS``, ``FAILED``, ``NOT_ACTIVE``, ``NOT_READ``, or a state
          that is new to this version; missing where nothing is to be set up or nothing is known
        - ``error_code`` - what failed, ``;``-joined; missing for nothing
        - ``told`` - why it ended so, or what the error code says; missing for nothing
        - ``what_to_do`` - the next step; missing for nothing

    Raises
    ------
    ColumnError
        When a frame lacks a column that is read, or holds it with another dtype.

    Examples
    --------
    >>> import tempfile, numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client, tempfile.TemporaryDirectory() as folder:
    ...     run = nt.activate(nt.plan_activation(client, "2 US LOCAL"), journal=f"{folder}/run.jsonl")
    ...     overview(run.to_frame()).outcome.to_list()
    ['activated', 'activated']
    """
    RESULTS.require(results, (*_TAKEN_OVER, "reason", "what_to_do"))
    seen = {} if provisioning is None else _by_number(provisioning)
    shown = results[list(_TAKEN_OVER)].copy()
    own = zip(results["phone_number"], _texts(results, "reason"), _texts(results, "what_to_do"), strict=True)
    rows = [_row(seen.get(number), reason, advice) for number, reason, advice in own]
    for name in ("set_up", "error_code", "told", "what_to_do"):
        shown[name] = pd.Series([row[name] or None for row in rows], dtype="str", index=shown.index)
    shown.attrs = dict(results.attrs)
    return shown


def setup_counts(provisioning: pd.DataFrame) -> dict[str, int]:
    """Return how many numbers are in each state of their set-up, as the column ``set_up`` of :func:`overview` has it.

    Numbers for which nothing is to be set up are left out.
    """
    counts: dict[str, int] = {}
    for one in _by_number(provisioning).values():
        if state := _word(one["state"]):
            counts[state] = counts.get(state, 0) + 1
    return counts


def failed_numbers(provisioning: pd.DataFrame) -> tuple[str, ...]:
    """Return the numbers whose set-up failed, each once, in order."""
    failed = provisioning[provisioning["state"].astype(object) == FAILED]
    return tuple(dict.fromkeys(failed["phone_number"]))


def _texts(frame: pd.DataFrame, name: str) -> list[str]:
    return [one if isinstance(one, str) else "" for one in frame[name].astype(object)]


def _by_number(provisioning: pd.DataFrame) -> dict[str, dict[str, list[str]]]:
    """Return for each number the states of its services, and what is said of them."""
    PROVISIONING_OUTCOME.require(provisioning, ("phone_number", "state", "error_code", "meaning", "remedy"))
    names = ("state", "error_code", "meaning", "remedy")
    found: dict[str, dict[str, list[str]]] = {}
    columns = [_texts(provisioning, name) for name in names]
    for number, *values in zip(provisioning["phone_number"], *columns, strict=True):
        row = found.setdefault(number, {name: [] for name in names})
        for name, value in zip(names, values, strict=True):
            if value and value not in row[name]:
                row[name].append(value)
    return found


def _word(states: Iterable[str]) -> str:
    """Return one word for the states of all services of a number, ``""`` where none is to be set up."""
    given = [one for one in states if one != _NOTHING]
    pressing = next((one for one in _PRESSING if one in given), "")
    strange = next((one for one in given if one not in (*_PRESSING, _SET_UP)), "")
    return pressing or strange or (READY if given else "")


def _row(seen: Mapping[str, list[str]] | None, reason: str, advice: str) -> dict[str, str]:
    state = _word(seen["state"]) if seen else ""
    failed = seen is not None and state == FAILED
    return {
        "set_up": state,
        "error_code": ";".join(seen["error_code"]) if seen else "",
        "told": " ".join(seen["meaning"]) if failed and seen else reason,
        "what_to_do": " ".join(seen["remedy"]) if failed and seen else advice,
    }
