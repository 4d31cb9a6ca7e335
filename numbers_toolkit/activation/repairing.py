"""Planning repairs: the right next step for every number whose set-up failed.

Reads the frame and decides with the rules of :mod:`numbers_toolkit.activation.remedies`; what a call can do
safely becomes part of the plan, what only a person can do becomes advice. Sends nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import error_codes
from numbers_toolkit.activation import remedies
from numbers_toolkit.activation.plan import ChangePlan, PlannedUpdate
from numbers_toolkit.activation.remedies import Choices, Cure, Failure
from numbers_toolkit.activation.remembered import remember
from numbers_toolkit.activation.selecting import inventory, now, plan_head, records, selected
from numbers_toolkit.analysis import campaign_fill, provisioning_errors
from numbers_toolkit.analysis._grouping import moment
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd

    from numbers_toolkit.activation.plan import Advice
    from numbers_toolkit.client import NumbersClient

__all__ = ["repair_provisioning"]

_READ: Final = (
    "phone_number",
    "region_code",
    "number_type",
    "has_sms",
    "has_voice",
    "expire_at",
    "sms_service_plan_id",
    "sms_campaign_id",
    "sms_state",
    "sms_scheduled_service_plan_id",
    "sms_scheduled_campaign_id",
    "sms_error_codes",
    "sms_updated_at",
    "voice_type",
    "voice_id",
    "voice_state",
    "voice_scheduled_type",
    "voice_scheduled_id",
    "voice_updated_at",
)
_FAILED: Final = "FAILED"
_FULL: Final = "EXCEEDED_10DLC_LIMIT"


def repair_provisioning(
    active: Any,
    *,
    client: NumbersClient | None = None,
    service_plan_id: str | Mapping[str, str] | None = None,
    campaign_id: str | Mapping[str, str] | None = None,
    mended: str | Iterable[str] = (),
    limits: Mapping[str, int | None] | None = None,
    as_of: Any = None,
) -> ChangePlan:
    """Plan the next step for every number whose set-up failed; nothing is sent.

    Parameters
    ----------
    active : DataFrame, str, iterable of str or Result
        Active numbers as :func:`numbers_toolkit.active_numbers` returns them, or rows picked from them; or
        phone numbers, which are read with ``client``.
    client : NumbersClient, optional
        Reads phone numbers, and is remembered for carrying the plan out.
    service_plan_id : str or mapping of str to str, optional
        Plan to use for numbers that need another one; a mapping says which in place of which.
    campaign_id : str or mapping of str to str, optional
        Campaign to use for numbers that need another one. A mapping also moves numbers off a campaign that
        only needs time.
    mended : str or iterable of str, optional
        Error codes whose cause is mended (credit added, campaign renewed): the same update is sent again.
    limits : mapping of str to int or None, optional
        Numbers that campaigns can hold, as for :func:`numbers_toolkit.analysis.campaign_fill`. A campaign
        named here is filled up again after ``EXCEEDED_10DLC_LIMIT``.
    as_of : datetime or str, optional
        The instant that waiting times are reckoned from; a time without zone is UTC. None takes the time at
        which the frame was fetched, else the API's time as last told, else now.

    Returns
    -------
    ChangePlan
        ``purpose`` is ``"repair"``. ``items`` are the updates that can be sent now and can succeed,
        ``advice`` is what a person has to do or wait for; both by the order of ``active``. It may be empty.
        Carry it out with :func:`numbers_toolkit.carry_out`.

    Raises
    ------
    ColumnError
        When a frame lacks a column that is read, or holds it with another dtype.
    PlanError
        When a number is named twice, is not active, or numbers belong to several projects.
    InvalidInputError
        When ``mended`` names a code that does not exist, or another argument makes no sense.

    Warns
    -----
    UnknownValueWarning
        Once, when there are error codes that this version does not know; their numbers go to support.

    Notes
    -----
    The strictest of a number's codes decides, so nothing is repeated while a cause still stands. A partner
    that is down is tried again 15 minutes after the failure, a campaign that waits for acceptance after
    4 hours, one under review after 12. The API keeps no count of attempts: a repeat is called the first since
    the job failed. Numbers are only linked to a campaign while it has room; where ``active`` does not say that
    it is the whole inventory, the list of the US is read with ``client``. Released numbers are left out. Nothing
    is ever released or bought here.

    Source: ``scheduledProvisioning`` and ``scheduledVoiceProvisioning`` of the active numbers; meanings and
    retry classes of the error catalogue. The pauses are this package's choice.

    Examples
    --------
    >>> import numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client:
    ...     plan = repair_provisioning(nt.active_numbers(client), client=client)
    >>> plan.purpose, len(plan) > 0, len(plan.advice) > 0
    ('repair', True, True)
    """
    choices = _choices(service_plan_id, campaign_id, mended, limits)
    chosen = selected(active, client, _READ)
    head = plan_head(chosen, client)
    known_since = as_of if as_of is not None else chosen.attrs.get("fetched_at")
    instant = moment(now(client) if known_since is None else known_since, chosen).to_pydatetime()
    kept = chosen[chosen["expire_at"].isna().to_numpy()]
    room = _Room(chosen, client, choices.limits)
    updates, told = [], []
    for row, failures in _failed_numbers(kept):
        cures, persons = _steps(failures, choices, instant, room)
        told += persons
        if cures:
            updates.append(_update(row, cures))
    plan = ChangePlan(
        **head,
        purpose="repair",
        items=tuple(updates),
        advice=tuple(told),
        warnings=tuple(_warnings(chosen, kept, updates, told, room)),
    )
    if client is not None:
        remember(plan, client)
    return plan


def _choices(
    service_plan_id: str | Mapping[str, str] | None,
    campaign_id: str | Mapping[str, str] | None,
    mended: str | Iterable[str],
    limits: Mapping[str, int | None] | None,
) -> Choices:
    codes = [mended] if isinstance(mended, str) else list(mended)
    strange = sorted({str(code) for code in codes if not error_codes.is_known(str(code))})
    if strange:
        raise InvalidInputError(
            f"mended names {', '.join(strange)}, which no error code is; use codes such as INSUFFICIENT_BALANCE, in "
            "full. numbers_toolkit.error_codes.frame() lists them."
        )
    return Choices(
        service_plan_id=_ids(service_plan_id, "service_plan_id"),
        campaign_id=_ids(campaign_id, "campaign_id"),
        mended=frozenset(error_codes.ALIASES.get(str(code), str(code)) for code in codes),
        limits=dict(limits or {}),
    )


def _ids(given: Any, name: str) -> str | Mapping[str, str]:
    values = list(given.items()) if isinstance(given, Mapping) else [(given, given)]
    if given is None:
        return ""
    for pair in values:
        for one in pair:
            if not isinstance(one, str) or not one.strip():
                raise InvalidInputError(
                    f"{name} {one!r} is no id; give the one to use as text, or a mapping of failed to new ones."
                )
    if isinstance(given, Mapping):
        return {old.strip(): new.strip() for old, new in values}
    return str(given).strip()


# -- from rows to failures ----------------------------------------------------------------------------------


def _failed_numbers(active: pd.DataFrame) -> list[tuple[dict[str, Any], list[Failure]]]:
    """Return the rows with a failed set-up, in their order, and what failed."""
    failed = active["sms_state"].eq(_FAILED) | active["voice_state"].eq(_FAILED)
    rows = active[failed.fillna(value=False).to_numpy(dtype=bool)]
    codes: dict[tuple[str, str], list[str]] = {}
    for one in records(provisioning_errors(rows), ("phone_number", "service", "error_code")):
        codes.setdefault((one["phone_number"], one["service"]), []).append(one["error_code"])
    return [(row, _failures(row, codes)) for row in records(rows, _READ)]


def _failures(row: dict[str, Any], codes: Mapping[tuple[str, str], list[str]]) -> list[Failure]:
    number = {name: row[name] or "" for name in ("phone_number", "region_code", "number_type")}
    failures = []
    for service, prefix in (("SMS", "sms"), ("VOICE", "voice")):
        if row[f"{prefix}_state"] != _FAILED:
            continue
        about = _sms_ids(row) if service == "SMS" else _voice_ids(row)
        failures.append(
            Failure(
                **number,
                **about,
                service=service,
                codes=tuple(codes[row["phone_number"], service]),
                capable=row[f"has_{prefix}"],
                updated_at=_time(row[f"{prefix}_updated_at"]),
            )
        )
    return failures


def _sms_ids(row: dict[str, Any]) -> dict[str, str]:
    return {
        "service_plan_id": row["sms_scheduled_service_plan_id"] or "",
        "campaign_id": row["sms_scheduled_campaign_id"] or "",
        "service_plan_now": row["sms_service_plan_id"] or "",
        "campaign_now": row["sms_campaign_id"] or "",
    }


def _voice_ids(row: dict[str, Any]) -> dict[str, str]:
    return {
        "voice_type": row["voice_scheduled_type"] or "",
        "voice_id": row["voice_scheduled_id"] or "",
        "voice_type_now": row["voice_type"] or "",
        "voice_id_now": row["voice_id"] or "",
    }


def _time(when: pd.Timestamp | None) -> datetime | None:
    return None if when is None else when.to_pydatetime()


# -- from failures to steps ---------------------------------------------------------------------------------


class _Room:
    """Room left in campaigns, taken as links are planned; looked up when the first one is."""

    def __init__(
        self, chosen: pd.DataFrame, client: NumbersClient | None, limits: Mapping[str, int | None]
    ) -> None:
        self._known_by = (chosen, client)
        self._limits = limits
        # Of no numbers at all: only the limits are looked at.
        campaign_fill(chosen.head(0), limits=limits)
        self._left: dict[str, int | None] | None = None
        self.guessed = False

    def _look_up(self) -> dict[str, int | None]:
        active, known = inventory(*self._known_by)
        self.guessed = not known
        fill = campaign_fill(active, limits=self._limits)
        return {one["campaign_id"]: one["room"] for one in records(fill, ("campaign_id", "room"))}

    def take(self, campaign: str) -> bool:
        """Take a place in a campaign if there is one."""
        if self._left is None:
            self._left = self._look_up()
        left = self._left.get(campaign, self._limits.get(campaign, error_codes.CAMPAIGN_LIMIT))
        if left is None:
            return True
        self._left[campaign] = max(left - 1, 0)
        return bool(left > 0)


def _steps(
    failures: list[Failure], choices: Choices, instant: datetime, room: _Room
) -> tuple[list[Cure], list[Advice]]:
    cures: list[Cure] = []
    told: list[Advice] = []
    for failure in failures:
        step = remedies.next_step(failure, choices, instant)
        if isinstance(step, tuple):
            told += step
            continue
        campaign = step.changes.get("campaign_id", "")
        if campaign and campaign != failure.campaign_now and not room.take(campaign):
            told.append(_no_room(failure, campaign))
        else:
            cures.append(step)
    return cures, told


def _no_room(failure: Failure, campaign: str) -> Advice:
    text = (
        f"Campaign {campaign} has no room for another number. Take numbers off it, or give another one as "
        f"campaign_id=. If it can hold more, say so with limits={{{campaign!r}: None}}."
    )
    return remedies.advice(failure, failure.codes[0], remedies.CHANGE_CAMPAIGN, text)


def _update(row: dict[str, Any], cures: list[Cure]) -> PlannedUpdate:
    return PlannedUpdate(
        phone_number=row["phone_number"],
        region_code=row["region_code"] or "",
        number_type=row["number_type"] or "",
        changes=_merged(cure.changes for cure in cures),
        unlink=_merged(cure.unlink for cure in cures),
        before=_merged(cure.before for cure in cures),
        reason=" ".join(cure.reason for cure in cures),
    )


def _merged(parts: Iterable[Mapping[str, str]]) -> Mapping[str, str]:
    return MappingProxyType({name: value for part in parts for name, value in part.items()})


def _warnings(
    chosen: pd.DataFrame,
    kept: pd.DataFrame,
    updates: list[PlannedUpdate],
    told: list[Advice],
    room: _Room,
) -> list[str]:
    warnings = []
    released = len(chosen) - len(kept)
    if released:
        warnings.append(f"Left out, since they are released: {counted(released)}.")
    odd = int((kept["sms_error_codes"].fillna("").ne("") & kept["sms_state"].ne(_FAILED)).sum())
    if odd:
        warnings.append(
            f"Left alone: {counted(odd)} with error codes, though the API does not call the set-up failed."
        )
    if not updates and not told:
        warnings.append("No set-up has failed; there is nothing to repair.")
    moved = sum(bool(one.unlink) for one in updates)
    if moved:
        warnings.append(
            f"Taken off the present plan or campaign before joining the new one: {counted(moved)}. Nothing can be "
            "sent from them in between."
        )
    if room.guessed:
        warnings.append(
            "Room in campaigns is counted from the numbers given, which may not be all of the project; give client= "
            "to have the others looked at."
        )
    by_step = Counter(one.step for one in told)
    if by_step:
        steps = ", ".join(f"{by_step[step]:,} x {step}" for step in remedies.STEPS if by_step[step])
        warnings.append(f"Left to a person: {steps}.")
    return warnings
