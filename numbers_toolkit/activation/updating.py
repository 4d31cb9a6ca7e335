"""Planning changes of many numbers: names, service plan, campaign, voice, callback URL.

Only what really changes becomes part of the plan, and everything that can be known to be wrong is told at once
before anything is sent. Sends nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from numbers_toolkit import vocabulary
from numbers_toolkit.activation.checks import check_configuration, check_usual_form
from numbers_toolkit.activation.drafting import LINKS, READ, Draft, NewNames
from numbers_toolkit.activation.findings import Findings
from numbers_toolkit.activation.naming import NameTemplate, names_by_number
from numbers_toolkit.activation.plan import ChangePlan
from numbers_toolkit.activation.remembered import remember
from numbers_toolkit.activation.room import check_limit, check_room
from numbers_toolkit.activation.selecting import (
    inventory,
    is_whole,
    plan_head,
    records,
    refuse_faults,
    selected,
)
from numbers_toolkit.error_codes import CAMPAIGN_LIMIT
from numbers_toolkit.errors import InvalidInputError, PlanError
from numbers_toolkit.wording import listed

if TYPE_CHECKING:
    from numbers_toolkit.client import NumbersClient

__all__ = ["plan_update"]

#: Stands for the plan that a number has already, where a campaign alone is given.
_ANY_PLAN: Final = "0" * 32


def plan_update(
    active_or_numbers: Any,
    *,
    client: NumbersClient | None = None,
    display_name: str | Mapping[str, Any] | pd.Series[Any] | None = None,
    service_plan_id: str | None = None,
    campaign_id: str | None = None,
    voice_type: str | None = None,
    voice_id: str | None = None,
    callback_url: str | None = None,
    unlink_first: str | bool = "needed",
    campaign_limit: int | None = CAMPAIGN_LIMIT,
) -> ChangePlan:
    """Plan the same changes for many numbers; nothing is sent.

    What is None is left alone, ``""`` unlinks or clears.

    Parameters
    ----------
    active_or_numbers : DataFrame, str, iterable of str or Result
        Active numbers as :func:`numbers_toolkit.active_numbers` returns them, or rows picked from them; or
        phone numbers, which are read with ``client``.
    client : NumbersClient, optional
        Reads phone numbers, and is remembered for carrying the plan out.
    display_name : str, mapping or Series, optional
        A template, in which fields in braces stand for columns of the numbers (``{region_code}``, the old
        ``{display_name}``, columns of your own), ``{national}`` for the number without its country calling
        code, and ``{row}`` or ``{row:03d}`` for the position among the numbers given, from 1. Or names by
        phone number; numbers that it does not name keep theirs.
    service_plan_id, campaign_id : str, optional
        SMS service plan and 10DLC campaign.
    voice_type : {"RTC", "EST", "FAX"}, optional
        Voice product, with ``voice_id``; ``RTC`` when only an id is given.
    voice_id : str, optional
        App id (RTC), trunk id (EST) or service id (FAX).
    callback_url : str, optional
        Where the numbers' events go.
    unlink_first : {"needed", False}, default "needed"
        A number that is linked to another plan or campaign leaves it first, as the API's documentation asks.
        False sends the new link alone.
    campaign_limit : int or None, default 50
        Numbers that the campaign can hold: 1 for a sole proprietor's campaign, None for a number pool.

    Returns
    -------
    ChangePlan
        ``purpose`` is ``"update"``; one item for each number that really changes, in the order given. Numbers
        that are so already, and released ones, are left out and counted in ``warnings``. Carry it out with
        :func:`numbers_toolkit.carry_out`.

    Raises
    ------
    ColumnError
        When a frame lacks a column that is read, or holds it with another dtype.
    InvalidInputError
        When nothing is to be changed, or the template can't be filled in.
    PlanError
        When a number can't take what is to be set, is named twice or is not active, or nothing would change;
        everything that is wrong is told at once, each in ``faults``.

    Notes
    -----
    A campaign is sent together with the number's service plan, which the API's schema asks for. A link that is
    about to be set already counts as set. That ``""`` takes a voice app off a number is not documented.

    Source: ``PATCH activeNumbers/{phoneNumber}`` of the Numbers API's OpenAPI description, version 1.0.3.

    Examples
    --------
    >>> import numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client:
    ...     swedish = nt.active_numbers(client, region_code="SE").head(2)
    ...     plan = plan_update(swedish, client=client, display_name="Stockholm {row:02d}")
    >>> [one.changes["display_name"] for one in plan.items]
    ['Stockholm 01', 'Stockholm 02']
    """
    if unlink_first not in ("needed", True, False):
        raise InvalidInputError(f"unlink_first {unlink_first!r} is not known; use 'needed' or False.")
    given = {
        "service_plan_id": service_plan_id,
        "campaign_id": campaign_id,
        "voice_type": voice_type,
        "voice_id": voice_id,
        "callback_url": callback_url,
    }
    findings = Findings()
    values = _checked_values(given, findings)
    if display_name is None and not any(value is not None for value in given.values()):
        raise InvalidInputError("Nothing to change: give at least one of display_name and the other values.")
    chosen = selected(active_or_numbers, client, READ)
    if chosen.empty:
        raise PlanError("There is no number to change; nothing was sent.")
    head = plan_head(chosen, client)
    draft = Draft(values, unlink=unlink_first is not False)
    draft.change_all(records(chosen, _columns(display_name, chosen)), _names(display_name, chosen, findings))
    _check_campaign(chosen, client, draft, check_limit(campaign_limit), findings)
    refuse_faults(findings.faults, draft.faults)
    _check_ids(chosen, values, findings)
    for text in draft.told():
        findings.warn(text)
    if not draft.updates:
        raise PlanError(f"Nothing would change. {' '.join(findings.warnings)} Nothing was sent.")
    plan = ChangePlan(**head, purpose="update", items=tuple(draft.updates), warnings=tuple(findings.warnings))
    if client is not None:
        remember(plan, client)
    return plan


# -- what is to be set --------------------------------------------------------------------------------------


def _checked_values(given: Mapping[str, Any], findings: Findings) -> dict[str, str]:
    """Return what is to be set, by name; voice comes with its type unless that follows from the number."""
    # What is to be unlinked or cleared has no form to check.
    named = {name: value for name, value in given.items() if value not in (None, "")}
    only_campaign = "campaign_id" in named and given["service_plan_id"] is None
    if given["voice_id"] == "" and named.pop("voice_type", None) is not None:
        _note_voice_type(given["voice_type"], findings)
    form = dict.fromkeys(given) | named | ({"service_plan_id": _ANY_PLAN} if only_campaign else {})
    checked = check_configuration(form, findings)
    if given["service_plan_id"] == "" and "campaign_id" in named:
        findings.fault(
            f"campaign_id {given['campaign_id']!r} needs a service plan, but service_plan_id='' takes it away."
        )
    values = {name: value for name in given if (value := getattr(checked, name)) and name in named}
    if "voice_id" in values:
        values["voice_type"] = checked.voice_type
    if given["voice_type"] is None:
        values.pop("voice_type", None)
    return values | {name: "" for name, value in given.items() if value == "" and name != "voice_type"}


def _note_voice_type(voice_type: Any, findings: Findings) -> None:
    try:
        vocabulary.check_voice_type(voice_type)
    except InvalidInputError as error:
        findings.fault(str(error))


def _columns(display_name: Any, active: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys([*READ, *(_text_names(active) if isinstance(display_name, str) else ())]))


def _text_names(active: pd.DataFrame) -> list[str]:
    return [one for one in active.columns if isinstance(one, str)]


def _names(display_name: Any, active: pd.DataFrame, findings: Findings) -> NewNames:
    if display_name is None:
        return NewNames()
    if isinstance(display_name, str):
        return NewNames(template=NameTemplate(display_name, _text_names(active)))
    if not isinstance(display_name, (Mapping, pd.Series)):
        raise InvalidInputError(
            f"display_name is {type(display_name).__name__}; give a template, or names by phone number."
        )
    table = names_by_number(display_name)
    strange = sorted(table.keys() - set(active["phone_number"]))
    if strange:
        findings.fault(f"display_name names {listed(strange)}, not among the numbers given.")
    return NewNames(table=table)


# -- the whole ------------------------------------------------------------------------------------------------


def _check_campaign(
    chosen: pd.DataFrame, client: NumbersClient | None, draft: Draft, limit: int | None, findings: Findings
) -> None:
    campaign = draft.wanted.get("campaign_id")
    joining = sum(
        one.changes.get("campaign_id") == campaign != one.before.get("campaign_id") for one in draft.updates
    )
    if not campaign or not joining or limit is None:
        return
    active, known = inventory(chosen, client)
    check_room(active, campaign, limit, joining, findings)
    if not known:
        findings.warn(
            "Room in the campaign is counted from the numbers given, which may not be all of the project; give "
            "client= to have the others looked at."
        )


def _check_ids(active: pd.DataFrame, values: Mapping[str, str], findings: Findings) -> None:
    for name in LINKS:
        in_use = {str(one) for one in active[f"sms_{name}"].dropna().unique()} if is_whole(active) else None
        noted = Findings()
        check_usual_form(name, values.get(name, ""), in_use, noted)
        for text in noted.warnings:
            # What follows there is about numbers that are bought.
            findings.warn(f"{text.partition(' Check it')[0]} Check it for typing errors.")
    if values.get("voice_id") == "":
        findings.warn("That an empty voice_id takes the voice app off a number is not documented.")
