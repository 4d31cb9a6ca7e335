"""Which active numbers a change is about: read from a frame, a result or plain phone numbers, and checked.

Also what the head of a plan says of them: project, source and time. Reads the API where phone numbers alone
are given; changes nothing.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from numbers_toolkit import vocabulary
from numbers_toolkit.activation.endings import ACTIVATED, CHANGED
from numbers_toolkit.activation.room import ActiveNumbers
from numbers_toolkit.combining import provenance
from numbers_toolkit.errors import InvalidInputError, NotFoundError, PlanError
from numbers_toolkit.frames import active_numbers_frame
from numbers_toolkit.loaders import active_numbers
from numbers_toolkit.tables import ACTIVE_NUMBERS
from numbers_toolkit.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numbers_toolkit.client import NumbersClient

__all__ = [
    "FEW",
    "instant_text",
    "inventory",
    "is_whole",
    "now",
    "plan_head",
    "read_numbers",
    "records",
    "refuse_faults",
    "required_numbers",
    "selected",
]

#: Up to so many numbers are read one by one; beyond, reading the whole list takes fewer requests.
FEW: Final = 50
_MOST_NAMED: Final = 5
_MOST_FAULTS: Final = 20
#: Outcomes of a run that leave the project with a number that may still be provisioned.
_KEPT: Final = (ACTIVATED, CHANGED)


def required_numbers(given: Any) -> list[str]:
    """Return the phone numbers that somebody means, checked, in order, with repeats.

    Parameters
    ----------
    given : str, iterable of str, DataFrame, Series or Result
        Phone numbers; a frame with ``phone_number``; or what a run returned. Where there is an ``outcome``,
        numbers that were activated or changed are taken.

    Raises
    ------
    InvalidInputError
        When there is no such column, or a value is no phone number; all of them are named.

    Examples
    --------
    >>> required_numbers(["+1 307 555 0142", "+13075550143"])
    ['+13075550142', '+13075550143']
    """
    if isinstance(given, pd.DataFrame):
        return _numbers_of_frame(given)
    if not isinstance(given, (pd.Series, pd.Index)) and hasattr(given, "to_frame"):
        return _numbers_of_frame(given.to_frame())
    if given is None or not (isinstance(given, str) or hasattr(given, "__iter__")):
        raise InvalidInputError(
            f"{given!r} names no phone numbers; give one, several, or a frame with the column phone_number."
        )
    numbers, faults = [], []
    for one in [given] if isinstance(given, str) else given:
        try:
            numbers.append(vocabulary.check_phone_number(one))
        except InvalidInputError as error:
            faults.append(str(error))
    if faults:
        more = f" And {len(faults) - _MOST_NAMED:,} more." if len(faults) > _MOST_NAMED else ""
        raise InvalidInputError(" ".join(faults[:_MOST_NAMED]) + more)
    return numbers


def _numbers_of_frame(frame: pd.DataFrame) -> list[str]:
    return required_numbers(_meant(frame)["phone_number"])


def _meant(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that name numbers: of what a run returned, those that it left with a number to set up."""
    if "phone_number" not in frame.columns:
        raise InvalidInputError(
            f"The frame has no column phone_number, but {', '.join(map(str, frame.columns)) or 'none at all'}."
        )
    return frame[frame["outcome"].isin(_KEPT).to_numpy()] if "outcome" in frame.columns else frame


def read_numbers(
    client: NumbersClient, numbers: Iterable[str], *, regions: Sequence[str] = ()
) -> pd.DataFrame:
    """Read active numbers by their phone numbers.

    Parameters
    ----------
    client : NumbersClient
        Where to read.
    numbers : iterable of str
        Phone numbers in E.164.
    regions : sequence of str
        Regions that all of them belong to; none stands for all.

    Returns
    -------
    pandas.DataFrame
        One row per number that is active, in the order given; columns and dtypes of
        ``tables.ACTIVE_NUMBERS``. Numbers that are not active have no row. More than :data:`FEW` are picked
        from the list, whose ``attrs`` are kept.
    """
    wanted = list(dict.fromkeys(numbers))
    if len(wanted) > FEW:
        everything = active_numbers(client, region_code=list(regions) or None, progress=False)
        place = {number: order for order, number in enumerate(wanted)}
        order = everything["phone_number"].map(place)
        found = everything.loc[order.dropna().sort_values().index].reset_index(drop=True)
        found.attrs = dict(everything.attrs)
        return found
    answers = []
    for number in wanted:
        try:
            answers.append(client.get_active_number(number))
        except NotFoundError:
            continue
    frame = active_numbers_frame(answers)
    frame.attrs = provenance(
        client,
        fetched_at=client.server_time,
        total_size=None,
        complete=None,
        filters={"phone_number": wanted},
    )
    return frame


def selected(given: Any, client: NumbersClient | None, names: Iterable[str]) -> pd.DataFrame:
    """Return the active numbers that a plan is to be about, each once.

    Rows that lack columns are read with the client; columns of one's own are kept beside what was read.

    Parameters
    ----------
    given : DataFrame, str, iterable of str or Result
        Rows of active numbers; or what :func:`required_numbers` takes, which are read with the client.
    client : NumbersClient or None
        Needed for phone numbers without their rows.
    names : iterable of str
        Columns of the active numbers that are needed.

    Returns
    -------
    pandas.DataFrame
        The rows with a RangeIndex and all their columns, in the order given.

    Raises
    ------
    ColumnError
        When a frame lacks columns and there is no client to read them with.
    PlanError
        When a number is named twice, or is not active.
    """
    needed = list(names)
    if _is_complete(given, needed) or (client is None and isinstance(given, pd.DataFrame)):
        ACTIVE_NUMBERS.require(given, needed)
        frame: pd.DataFrame = given.reset_index(drop=True)
        # Also what was typed into a file by hand is E.164 from here on.
        numbers = required_numbers(frame["phone_number"])
        _refuse_repeats(numbers)
        frame["phone_number"] = pd.Series(numbers, dtype=ACTIVE_NUMBERS["phone_number"].dtype)
        return frame
    numbers = required_numbers(given)
    _refuse_repeats(numbers)
    if client is None:
        raise InvalidInputError(
            "Phone numbers alone don't tell what they are set up with; give client= so that they can be read, or "
            "a frame of active numbers."
        )
    frame = read_numbers(client, numbers) if numbers else ACTIVE_NUMBERS.empty()
    found = set(frame["phone_number"])
    missing = [number for number in numbers if number not in found]
    refuse_faults([f"{number} is not an active number of project {client.project_id}." for number in missing])
    if isinstance(given, pd.DataFrame):
        # Columns of one's own may be meant for a template; what the API tells is taken from the API.
        own = _meant(given).reset_index(drop=True)
        for name in [one for one in own.columns if one not in frame.columns]:
            frame[name] = own[name]
    return frame


def _is_complete(given: Any, names: list[str]) -> bool:
    # What a run returned has columns of its own, but says nothing of how the numbers are set up.
    return isinstance(given, pd.DataFrame) and set(names) <= set(given.columns)


def _refuse_repeats(numbers: list[str]) -> None:
    twice = list(dict.fromkeys(pd.Series(numbers, dtype=object)[lambda one: one.duplicated()]))
    if twice:
        raise PlanError(
            f"{listed(twice)} {'is' if len(twice) == 1 else 'are'} named twice. Each number can be in a plan once; "
            "nothing was sent.",
            faults=twice,
        )


def records(active: pd.DataFrame, names: Iterable[str]) -> list[dict[str, Any]]:
    """Return rows as dicts of plain values, missing ones None.

    Examples
    --------
    >>> records(ACTIVE_NUMBERS.empty(), ["phone_number"])
    []
    """
    columns = {name: _plain(active[name]) for name in names}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(values: pd.Series[Any]) -> list[Any]:
    return [None if pd.isna(one) else one for one in values.astype(object)]


def plan_head(active: pd.DataFrame, client: NumbersClient | None) -> dict[str, Any]:
    """Return what a plan about these numbers begins with: identity, project, source and time.

    Raises
    ------
    PlanError
        When the numbers are of several projects, of another than the client's, or of one that is not known.
    """
    return {
        "plan_id": secrets.token_hex(8),
        "project_id": _project(active, client),
        "source": str(active.attrs.get("source") or (client.source if client is not None else "")),
        "made_at": str(active.attrs.get("fetched_at") or instant_text(now(client))),
    }


def now(client: NumbersClient | None) -> datetime:
    """Return the API's time as last told, else this machine's."""
    if client is None:
        return datetime.now(UTC)
    return client.server_time or client.clock.now()


def _project(active: pd.DataFrame, client: NumbersClient | None) -> str:
    found = {str(one) for one in active["project_id"].dropna().unique()} if "project_id" in active else set()
    if not found and active.attrs.get("project_id"):
        found = {str(active.attrs["project_id"])}
    if len(found) > 1:
        raise PlanError(
            f"The numbers belong to several projects ({listed(sorted(found))}); a plan is for one. Make a plan for "
            "each of them, with its own client. Nothing was sent."
        )
    if client is not None and found - {client.project_id}:
        raise PlanError(
            f"The numbers belong to project {found.pop()}, but the client is connected to {client.project_id}. "
            "Connect to the project of the numbers. Nothing was sent."
        )
    if found or client is not None:
        return found.pop() if found else str(client.project_id) if client is not None else ""
    raise PlanError(
        "It is not known which project the numbers belong to: the frame does not say. Give client=. Nothing was "
        "sent."
    )


def instant_text(when: Any) -> str:
    """Return an instant in UTC as RFC 3339, ``""`` for a missing one.

    Examples
    --------
    >>> instant_text(datetime(2026, 3, 2, 9, 15, tzinfo=UTC)), instant_text(None)
    ('2026-03-02T09:15:00Z', '')
    """
    if when is None or pd.isna(when):
        return ""
    return str(pd.Timestamp(when).tz_convert("UTC").isoformat()).replace("+00:00", "Z")


def is_whole(active: pd.DataFrame) -> bool:
    """Whether these are all numbers of the project, as far as the frame says.

    Examples
    --------
    >>> is_whole(ACTIVE_NUMBERS.empty())
    False
    """
    told = active.attrs
    return bool(told.get("complete")) and not told.get("filters") and told.get("total_size") == len(active)


def inventory(chosen: pd.DataFrame, client: NumbersClient | None) -> tuple[pd.DataFrame, bool]:
    """Return the numbers that can share a campaign with those chosen, and whether these are surely all.

    The numbers given will do when they are the whole inventory; otherwise the list of the US is read, since
    10DLC campaigns hold no other numbers. Without a client what was given has to do.
    """
    if is_whole(chosen) or client is None:
        return chosen, is_whole(chosen)
    return ActiveNumbers(client).read(progress=False), True


def refuse_faults(faults: Iterable[str], by_number: Mapping[str, list[str]] | None = None) -> None:
    """Raise one error for everything that is wrong; return when nothing is.

    Parameters
    ----------
    faults : iterable of str
        Sentences.
    by_number : mapping of str to list of str, optional
        Faults of numbers, without a full stop, and the numbers that have them.

    Raises
    ------
    PlanError
        Names the first of them and how many more; all are in its ``faults``.
    """
    shared = by_number or {}
    alone = list(faults)
    told = [*alone, *(f"{listed(numbers)}: {fault}." for fault, numbers in shared.items())]
    if not told:
        return
    each = (*alone, *(f"{number}: {fault}." for fault, numbers in shared.items() for number in numbers))
    if len(told) == 1:
        raise PlanError(f"The plan can't be made: {told[0]} Nothing was sent.", faults=each)
    more = [f"- and {len(told) - _MOST_FAULTS:,} more"] if len(told) > _MOST_FAULTS else []
    lines = [f"The plan can't be made for {len(told):,} reasons. Nothing was sent."]
    lines += [f"- {one}" for one in told[:_MOST_FAULTS]]
    raise PlanError("\n".join([*lines, *more]), faults=each)
