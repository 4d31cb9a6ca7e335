"""The next step for one failed set-up: repeat, wait, change, release and replace, or call support.

Pure rules on plain values: reads no frame, knows no client. What each code means is in the catalogue; here
is what follows from it for a number whose ids and times are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from numbers_toolkit import error_codes
from numbers_toolkit.activation.checks import campaign_reaches
from numbers_toolkit.activation.items import Advice
from numbers_toolkit.vocabulary import VOICE_TYPES

__all__ = [
    "CALL_SUPPORT",
    "CHANGE_CAMPAIGN",
    "CHANGE_PLAN",
    "REPEAT",
    "REPLACE",
    "SET_AGAIN",
    "STEPS",
    "TOP_UP",
    "UNLINK",
    "WAIT",
    "Choices",
    "Cure",
    "Failure",
    "advice",
    "next_step",
]

REPEAT: Final = "repeat"
WAIT: Final = "wait until"
CHANGE_PLAN: Final = "change plan"
CHANGE_CAMPAIGN: Final = "change campaign"
UNLINK: Final = "unlink campaign"
TOP_UP: Final = "top up credit"
SET_AGAIN: Final = "set again"
REPLACE: Final = "release and replace"
CALL_SUPPORT: Final = "call support"
#: Every kind of next step. Those of people end up as advice, the others as changes.
STEPS: Final = (
    REPEAT, WAIT, CHANGE_PLAN, CHANGE_CAMPAIGN, UNLINK, TOP_UP, SET_AGAIN, REPLACE, CALL_SUPPORT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a code asks for, how long after the failure a repeat makes sense, whether a campaign is at fault."""

    step: str
    pause: timedelta = timedelta(0)
    of_campaign: bool = False


#: Steps follow from the catalogue's retry classes; the pauses are this package's choice within what is
#: published: minutes for a partner that is down, hours for a campaign that somebody has to look at.
#: Source: Sinch Numbers API reference, provisioning errors; earlier Sinch documentation ("up to 24 hours").
_RULES: Final[Mapping[str, _Rule]] = MappingProxyType(
    {
        "INTERNAL_ERROR": _Rule(REPEAT, timedelta(minutes=15)),
        "ERROR_CODE_UNSPECIFIED": _Rule(REPEAT),
        "PARTNER_SERVICE_UNAVAILABLE": _Rule(REPEAT, timedelta(minutes=15)),
        "CAMPAIGN_PENDING_ACCEPTANCE": _Rule(REPEAT, timedelta(hours=4), of_campaign=True),
        "CAMPAIGN_MNO_REVIEW": _Rule(REPEAT, timedelta(hours=12), of_campaign=True),
        "SMS_PROVISIONING_FAILED": _Rule(CHANGE_PLAN),
        "CAMPAIGN_PROVISIONING_FAILED": _Rule(CHANGE_CAMPAIGN, of_campaign=True),
        "CAMPAIGN_NOT_AVAILABLE": _Rule(CHANGE_CAMPAIGN, of_campaign=True),
        "EXCEEDED_10DLC_LIMIT": _Rule(CHANGE_CAMPAIGN, of_campaign=True),
        "MNO_SHARING_ERROR": _Rule(CHANGE_CAMPAIGN, of_campaign=True),
        "CAMPAIGN_EXPIRED": _Rule(CHANGE_CAMPAIGN, of_campaign=True),
        "CAMPAIGN_MNO_REJECTED": _Rule(CHANGE_CAMPAIGN, of_campaign=True),
        "CAMPAIGN_MNO_SUSPENDED": _Rule(CHANGE_CAMPAIGN, of_campaign=True),
        "MOCK_CAMPAIGN_NOT_ALLOWED": _Rule(CHANGE_CAMPAIGN, of_campaign=True),
        "TFN_NOT_ALLOWED": _Rule(UNLINK, of_campaign=True),
        "INSUFFICIENT_BALANCE": _Rule(TOP_UP),
        "NUMBER_PROVISIONING_FAILED": _Rule(REPLACE),
        "INVALID_NNID": _Rule(CALL_SUPPORT),
        # The API gives no cause for voice, so only a repeat tells a passing fault from a wrong id.
        error_codes.VOICE_FAILED: _Rule(REPEAT),
    }
)
_UNKNOWN: Final = _Rule(CALL_SUPPORT)
_FULL: Final = "EXCEEDED_10DLC_LIMIT"
_US: Final = "US"
_TOLL_FREE: Final = "TOLL_FREE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One service of one number whose set-up failed; unset texts are ``""``.

    Parameters
    ----------
    phone_number, region_code, number_type : str
        The number.
    service : str
        ``SMS`` or ``VOICE``.
    codes : tuple of str
        Error codes, each once.
    capable : bool or None
        Whether the number can do the service at all; None when that is not known.
    service_plan_id, campaign_id : str
        Being set when it failed.
    service_plan_now, campaign_now : str
        In force.
    voice_type, voice_id : str
        Being set when it failed.
    voice_type_now, voice_id_now : str
        In force.
    updated_at : datetime or None
        When the job failed.
    """

    phone_number: str
    region_code: str = ""
    number_type: str = ""
    service: str
    codes: tuple[str, ...]
    capable: bool | None = None
    service_plan_id: str = ""
    campaign_id: str = ""
    service_plan_now: str = ""
    campaign_now: str = ""
    voice_type: str = ""
    voice_id: str = ""
    voice_type_now: str = ""
    voice_id_now: str = ""
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person has decided.

    Parameters
    ----------
    service_plan_id, campaign_id : str or mapping of str to str
        Another plan or campaign where one is needed: for all, or by the one that failed. A mapping also
        moves numbers off a campaign that only needs time.
    mended : frozenset of str
        Error codes whose cause is mended, so that the same update can be sent again.
    limits : mapping of str to int or None
        Numbers that campaigns can hold; a full campaign that is named here is tried again.
    """

    service_plan_id: str | Mapping[str, str] = ""
    campaign_id: str | Mapping[str, str] = ""
    mended: frozenset[str] = frozenset()
    limits: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cure:
    """A change that can succeed: what to send, what to take away first, and why."""

    changes: Mapping[str, str]
    unlink: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


def next_step(failure: Failure, choices: Choices, now: datetime) -> Cure | tuple[Advice, ...]:
    """Return the one consistent next step for a failed service of a number.

    The strictest code decides: nothing is repeated while one of the causes still stands.

    Parameters
    ----------
    failure : Failure
        What failed.
    choices : Choices
        What a person has decided.
    now : datetime
        The instant that waiting times are reckoned from.

    Returns
    -------
    Cure or tuple of Advice
        A change to send now, or what a person has to do first.

    Examples
    --------
    >>> failed = Failure(
    ...     phone_number="+13075550142",
    ...     service="SMS",
    ...     codes=("NUMBER_PROVISIONING_FAILED", "PARTNER_SERVICE_UNAVAILABLE"),
    ...     service_plan_id="plan-1",
    ... )
    >>> [one.step for one in next_step(failed, Choices(), datetime(2026, 3, 2))]
    ['release and replace']
    """
    if failure.capable is False:
        return (_incapable(failure),)
    rules = {
        code: _RULES.get(code, _UNKNOWN) for code in failure.codes if not _is_mended(code, failure, choices)
    }
    replaced = [code for code, rule in rules.items() if rule.step == REPLACE]
    if replaced:
        return (_person(failure, replaced[0], REPLACE, choices),)
    return _repeated_voice(failure) if failure.service == "VOICE" else _sms_step(failure, choices, rules, now)


def _is_mended(code: str, failure: Failure, choices: Choices) -> bool:
    return code in choices.mended or (code == _FULL and failure.campaign_id in choices.limits)


# -- SMS ---------------------------------------------------------------------------------------------------------


def _sms_step(
    failure: Failure, choices: Choices, rules: Mapping[str, _Rule], now: datetime
) -> Cure | tuple[Advice, ...]:
    plan = _other(choices.service_plan_id, failure.service_plan_id)
    campaign = _campaign(failure, choices, rules)
    open_rules = {
        code: rule
        for code, rule in rules.items()
        if not (rule.step == CHANGE_PLAN and plan)
        and not (rule.of_campaign and campaign != failure.campaign_id)
    }
    blocking = [(code, rule.step) for code, rule in open_rules.items() if rule.step != REPEAT]
    if blocking:
        return tuple(_person(failure, code, step, choices) for code, step in blocking)
    waits = {code: failure.updated_at + rule.pause for code, rule in open_rules.items() if failure.updated_at}
    late = max(waits, key=lambda code: waits[code], default="")
    if late and waits[late] > now:
        return (_wait(failure, late, waits[late]),)
    needs_plan = any(rule.step == CHANGE_PLAN for rule in rules.values())
    return _sms_cure(failure, plan if needs_plan else "", campaign, choices)


def _other(given: str | Mapping[str, str], failed: str) -> str:
    """Return the id to use in place of one that failed, ``""`` when there is none."""
    chosen = given.get(failed, "") if isinstance(given, Mapping) else given
    return "" if chosen == failed else chosen


def _campaign(failure: Failure, choices: Choices, rules: Mapping[str, _Rule]) -> str:
    """Return the campaign to link: the one that was asked for, another one, or none."""
    asked = failure.campaign_id
    if any(rule.step == UNLINK for rule in rules.values()) or not _takes_campaigns(failure):
        return ""
    named = isinstance(choices.campaign_id, Mapping)
    needed = any(rule.of_campaign and (named or rule.step != REPEAT) for rule in rules.values())
    return (_other(choices.campaign_id, asked) or asked) if needed else asked


def _takes_campaigns(failure: Failure) -> bool:
    """Whether a campaign can hold the number at all; what is in force already is right, whatever is known."""
    if failure.campaign_now:
        return True
    return campaign_reaches(failure.region_code or _US, failure.number_type)


def _sms_cure(
    failure: Failure, other_plan: str, campaign: str, choices: Choices
) -> Cure | tuple[Advice, ...]:
    # The API wants the plan named beside a campaign, also when it is in force already.
    plan = other_plan or failure.service_plan_id or (failure.service_plan_now if campaign else "")
    if campaign and not plan:
        plan = choices.service_plan_id if isinstance(choices.service_plan_id, str) else ""
    dropped = bool(failure.campaign_id and not campaign)
    if (campaign and not plan) or not (plan or campaign or dropped):
        return (_unknown_ids(failure),)
    changes = {"service_plan_id": plan} if plan and not (dropped and plan == failure.service_plan_now) else {}
    if campaign or dropped:
        changes["campaign_id"] = campaign
    current = {"service_plan_id": failure.service_plan_now, "campaign_id": failure.campaign_now}
    asked = {"service_plan_id": failure.service_plan_id, "campaign_id": failure.campaign_id}
    return Cure(
        changes=changes,
        # A repeat was accepted once as it stands; taking a working link away for it would risk more than it mends.
        unlink={
            name: ""
            for name, value in changes.items()
            if value and current[name] and current[name] != value and value != asked[name]
        },
        before={name: current[name] for name in changes},
        reason=_sms_reason(failure, asked, changes, dropped=dropped),
    )


def _sms_reason(
    failure: Failure, asked: Mapping[str, str], changes: Mapping[str, str], *, dropped: bool
) -> str:
    what = f"SMS failed with {', '.join(failure.codes)}"
    told = []
    if dropped:
        kind = (
            "toll-free numbers"
            if failure.number_type == _TOLL_FREE
            else f"numbers of {failure.region_code or '?'}"
        )
        told.append(
            f"campaign {failure.campaign_id} is taken off, since 10DLC campaigns hold US local numbers, not {kind}"
        )
    for name, noun in (("service_plan_id", "plan"), ("campaign_id", "campaign")):
        value = changes.get(name)
        if value and asked[name] and value != asked[name]:
            told.append(f"{noun} {value} in place of {asked[name]}")
    return f"{what}: {' and '.join(told) or _repeat_text(failure)}"


def _repeat_text(failure: Failure) -> str:
    since = f" since {_text(failure.updated_at, 'seconds')}" if failure.updated_at else ""
    support = f" If it fails again, call Sinch support with {failure.phone_number} and this code."
    return f"the same update again, a first repeat{since}.{support}"


# -- voice ---------------------------------------------------------------------------------------------------------


def _repeated_voice(failure: Failure) -> Cure | tuple[Advice, ...]:
    if failure.voice_type not in VOICE_TYPES or not failure.voice_id:
        return (_unknown_ids(failure),)
    return Cure(
        changes={"voice_type": failure.voice_type, "voice_id": failure.voice_id},
        before={"voice_type": failure.voice_type_now, "voice_id": failure.voice_id_now},
        reason=f"Voice set-up failed without a cause: {_repeat_text(failure)}",
    )


# -- advice --------------------------------------------------------------------------------------------------------


def advice(failure: Failure, code: str, step: str, text: str, not_before: datetime | None = None) -> Advice:
    """Return advice about a failed service."""
    return Advice(
        phone_number=failure.phone_number,
        service=failure.service,
        error_code=code,
        step=step,
        text=text,
        not_before=_text(not_before),
    )


def _person(failure: Failure, code: str, step: str, choices: Choices) -> Advice:
    entry = error_codes.lookup(code)
    told = [entry.remedy]
    if step == CALL_SUPPORT:
        since = f" of {_text(failure.updated_at)}" if failure.updated_at else ""
        told.append(f"Quote number {failure.phone_number}, code {code}{since}.")
    if step in (CHANGE_PLAN, CHANGE_CAMPAIGN):
        told.append(_how_to_change(failure, step, choices))
    if step == REPLACE:
        told.append(
            "Nothing is released by this plan: buy another one first, then give this one to plan_release."
        )
    if step != REPLACE:
        told.append(f"When the cause is mended, plan again with mended={code!r}.")
    return advice(failure, code, step, " ".join(told))


def _how_to_change(failure: Failure, step: str, choices: Choices) -> str:
    name, failed, given = (
        ("service_plan_id", failure.service_plan_id, choices.service_plan_id)
        if step == CHANGE_PLAN
        else ("campaign_id", failure.campaign_id, choices.campaign_id)
    )
    noun = step.removeprefix("change ")
    asked = f"It was {noun} {failed}" if failed else f"The API does not say which {noun} it was"
    if given and given == failed:
        return f"{asked}, the same that {name}= names; name another one."
    return f"{asked}; to use another one, give it as {name}=."


def _wait(failure: Failure, code: str, until: datetime) -> Advice:
    entry = error_codes.lookup(code)
    again = "plan again then, and the same update is sent once more"
    text = f"{entry.remedy} Not before {_text(until, 'seconds')}; {again}."
    return advice(failure, code, WAIT, text, until)


def _incapable(failure: Failure) -> Advice:
    noun = "service plan" if failure.service == "SMS" else "voice app, trunk or service"
    text = (
        f"The number has no {failure.service} capability, so no {noun} takes it and repeating can't help. Use "
        f"another number for {failure.service}; release this one if nothing else uses it."
    )
    return advice(failure, failure.codes[0], REPLACE, text)


def _unknown_ids(failure: Failure) -> Advice:
    told = "service plan" if failure.service == "SMS" else "voice app, trunk or service"
    text = f"The API does not say which {told} was being set, so there is nothing to repeat. Set it with plan_update."
    return advice(failure, failure.codes[0], SET_AGAIN, text)


def _text(when: datetime | None, timespec: str = "auto") -> str:
    return "" if when is None else when.isoformat(timespec=timespec).replace("+00:00", "Z")
