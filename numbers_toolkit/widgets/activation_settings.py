"""The settings of an activation or a repair: what can be chosen, the fields to choose it in, and their values.

Plain values, no widget. What is possible is decided where plans are made.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation.costs import read_budget
from numbers_toolkit.activation.in_use import campaigns_in_use, service_plans_in_use
from numbers_toolkit.error_codes import CAMPAIGN_LIMIT
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from numbers_toolkit.activation.in_use import CampaignInUse, ServicePlanInUse
    from numbers_toolkit.activation.plan import ActivationPlan

__all__ = ["BUDGETS", "InUse", "Settings", "activation_fields", "field_of", "repair_fields"]

#: Stands in a choice for an id that is typed.
TYPED: Final = "typed"
_LINKS: Final = ("service_plan_id", "service_plan_typed", "campaign_id", "campaign_typed")
_TYPED_FIELD: Final = {"service_plan_id": "service_plan_typed", "campaign_id": "campaign_typed"}
BUDGETS: Final = ("max_setup", "max_monthly", "max_price")
_POOL: Final = "pool"
_VOICE: Final = {
    "RTC": "RTC: an app of the Voice API",
    "EST": "EST: a SIP trunk",
    "FAX": "FAX: a fax service",
}


@dataclass(frozen=True, slots=True)
class InUse:
    """What the project uses already, to choose from.

    Parameters
    ----------
    service_plans : tuple of ServicePlanInUse
        SMS service plans.
    campaigns : tuple of CampaignInUse
        10DLC campaigns.
    known : bool
        Whether the project's numbers were read at all.
    """

    service_plans: tuple[ServicePlanInUse, ...] = ()
    campaigns: tuple[CampaignInUse, ...] = ()
    known: bool = False

    @classmethod
    def of(cls, active: pd.DataFrame) -> InUse:
        """Return what active numbers tell."""
        return cls(service_plans_in_use(active), campaigns_in_use(active), known=True)

    def service_plan_of(self, campaign_id: str) -> str:
        """Return the service plan that a campaign is used with, ``""`` where there is none or several."""
        plans = [one.service_plans for one in self.campaigns if one.campaign_id == campaign_id]
        return plans[0][0] if plans and len(plans[0]) == 1 else ""


@dataclass(frozen=True, slots=True)
class Settings:
    """How numbers are to be set up, and what they may cost; ``""`` leaves a part alone.

    Parameters
    ----------
    service_plan_id, campaign_id, voice_type, voice_id, callback_url : str
        As for :func:`numbers_toolkit.plan_activation`.
    campaign_limit : int or None
        What the campaign can hold, None for a number pool.
    max_setup, max_monthly, max_price : str
        Budgets as text: ``"25.00 USD"``.
    mended : tuple of str
        Error codes whose cause is mended; for repairs.
    """

    service_plan_id: str = ""
    campaign_id: str = ""
    campaign_limit: int | None = CAMPAIGN_LIMIT
    voice_type: str = ""
    voice_id: str = ""
    callback_url: str = ""
    max_setup: str = ""
    max_monthly: str = ""
    max_price: str = ""
    mended: tuple[str, ...] = ()

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of all settings."""
        return tuple(one.name for one in fields(cls))

    @classmethod
    def of_plan(cls, plan: ActivationPlan) -> Settings:
        """Return the settings that a plan was made with, as far as it tells."""
        configurations = [one.configuration for one in plan.numbers]
        own = next((one for one in configurations if one.campaign_id), configurations[0])
        given: dict[str, Any] = own.arguments()
        for name in BUDGETS:
            amounts = getattr(plan, name) or {}
            given[name] = ", ".join(f"{amount:f} {code}" for code, amount in amounts.items())
        return cls(**given)

    @classmethod
    def of_values(cls, values: Mapping[str, Any]) -> Settings:
        """Return the settings that stand in the fields of a form."""
        given: dict[str, Any] = {}
        for name in cls.names():
            if name not in values:
                continue
            value = values[name]
            if value == TYPED and name in _TYPED_FIELD:
                value = values[_TYPED_FIELD[name]]
            given[name] = tuple(value) if isinstance(value, list) else value.strip()
        if "campaign_limit" in given:
            limit = given["campaign_limit"]
            given["campaign_limit"] = None if limit == _POOL else int(limit or CAMPAIGN_LIMIT)
        # A field that is not in sight says nothing.
        return cls(**given) if given.get("voice_type") else replace(cls(**given), voice_id="")

    def values(self, in_use: InUse, entered: Mapping[str, Any]) -> dict[str, Any]:
        """Return what stands in the fields of a form for these settings.

        Parameters
        ----------
        in_use : InUse
            Ids that can be chosen; others stand in fields to type them in.
        entered : mapping of str to Any
            What stands in the fields now: only these are returned, and somebody who is about to type an id keeps
            the field for it.
        """
        known = {
            "service_plan_id": {one.service_plan_id for one in in_use.service_plans},
            "campaign_id": {one.campaign_id for one in in_use.campaigns},
        }
        shown: dict[str, Any] = {}
        for name in self.names():
            value = getattr(self, name)
            if name in _TYPED_FIELD:
                field = _TYPED_FIELD[name]
                begun = not value and entered.get(name) == TYPED and not str(entered.get(field, "")).strip()
                typed = begun or (value and value not in known[name])
                shown |= {name: TYPED if typed else value, field: value if typed else ""}
            elif name == "campaign_limit":
                shown[name] = _POOL if value is None else str(value)
            else:
                shown[name] = list(value) if isinstance(value, tuple) else value
        return {name: shown[name] for name in entered if name in shown}

    def arguments(self) -> dict[str, Any]:
        """Return the keywords of :func:`numbers_toolkit.plan_activation`."""
        texts = {name: getattr(self, name) or None for name in self.names() if name != "mended"}
        return {**texts, "campaign_limit": self.campaign_limit}

    def repair_arguments(self) -> dict[str, Any]:
        """Return the keywords of :func:`numbers_toolkit.repair_provisioning`."""
        limits = {self.campaign_id: self.campaign_limit} if self.campaign_id else None
        return {
            "service_plan_id": self.service_plan_id or None,
            "campaign_id": self.campaign_id or None,
            "mended": self.mended,
            "limits": limits if self.campaign_limit != CAMPAIGN_LIMIT else None,
        }

    def faults(self) -> dict[str, str]:
        """Return what can't be right, by setting, before anything is asked of the API."""
        found = {}
        for name in BUDGETS:
            try:
                read_budget(getattr(self, name) or None, name)
            except InvalidInputError:
                found[name] = "Write an amount with its currency, such as 25.00 USD; several with commas."
        if self.campaign_id and not self.service_plan_id:
            found["service_plan_id"] = "A campaign needs a service plan, too: choose the one it belongs to."
        if self.voice_type and not self.voice_id:
            found["voice_id"] = "Give the id of the app, trunk or fax service, or choose no voice."
        return found

    def with_service_plan_of_campaign(self, in_use: InUse) -> Settings:
        """Return the same with the service plan that the campaign is used with, where none was chosen."""
        if not self.campaign_id or self.service_plan_id:
            return self
        return replace(self, service_plan_id=in_use.service_plan_of(self.campaign_id))


def field_of(name: str, entered: Mapping[str, Any]) -> str:
    """Return the field that a setting was entered in: its own, or the one for an id that is typed."""
    return _TYPED_FIELD[name] if name in _TYPED_FIELD and entered.get(name) == TYPED else name


# -- the fields ---------------------------------------------------------------------------------------------


def activation_fields(settings: Settings, in_use: InUse, entered: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the fields of the form for settings of an activation; ``entered`` is what stands in them now."""
    return [
        *_link_fields(settings, in_use, entered, "No SMS for now", "No campaign"),
        _limit_field(settings),
        {
            "name": "voice_type",
            "kind": "choice",
            "label": "Voice",
            "options": [_option("", "No voice for now"), *(_option(kind, _VOICE[kind]) for kind in _VOICE)],
        },
        {
            "name": "voice_id",
            "label": "Voice id",
            "help": "Id of the app, the trunk or the fax service.",
            "hidden": not settings.voice_type,
        },
        {
            "name": "callback_url",
            "label": "Events to (callback URL)",
            "placeholder": "https://hooks.example.com/numbers",
            "help": "Where the numbers' events go. It stands in the plan in clear: no password.",
            "wide": True,
        },
        {"name": "budget", "kind": "heading", "label": "Budget"},
        _budget("max_setup", "Most for setup, in all"),
        _budget("max_monthly", "Most each month, in all"),
        _budget("max_price", "Most each month, for one number"),
    ]


def repair_fields(
    settings: Settings, in_use: InUse, entered: Mapping[str, Any], codes: Iterable[str]
) -> list[dict[str, Any]]:
    """Return the fields of the form for settings of a repair.

    Parameters
    ----------
    settings : Settings
        What is chosen.
    in_use : InUse
        What can be chosen.
    entered : mapping of str to Any
        What stands in the fields now.
    codes : iterable of str
        Error codes that numbers failed with.
    """
    return [
        *_link_fields(settings, in_use, entered, "As it is", "As it is"),
        _limit_field(settings),
        {
            "name": "mended",
            "kind": "checks",
            "label": "Causes that are mended",
            "help": "Their numbers are sent the same update again: credit was added, a campaign renewed.",
            "options": list(dict.fromkeys([*codes, *settings.mended])),
            "wide": True,
        },
    ]


def _link_fields(
    settings: Settings, in_use: InUse, entered: Mapping[str, Any], *labels: str
) -> list[dict[str, Any]]:
    no_plan, no_campaign = labels
    unread = "" if in_use.known else "Those in use are not read (yet); an id can be typed."
    plans = [
        _option(one.service_plan_id, one.service_plan_id, _plan_note(one)) for one in in_use.service_plans
    ]
    campaigns = [_option(one.campaign_id, one.campaign_id, _campaign_note(one)) for one in in_use.campaigns]
    values = settings.values(in_use, {name: entered.get(name, "") for name in _LINKS})
    return [
        {
            "name": "service_plan_id",
            "kind": "choice",
            "label": "SMS service plan",
            "help": unread,
            "options": [_option("", no_plan), *plans, _option(TYPED, "Another one: type its id")],
        },
        {
            "name": "service_plan_typed",
            "label": "Id of the service plan",
            "hidden": values.get("service_plan_id") != TYPED,
        },
        {
            "name": "campaign_id",
            "kind": "choice",
            "label": "10DLC campaign",
            "help": unread or _campaign_help(settings.campaign_id, in_use),
            "options": [_option("", no_campaign), *campaigns, _option(TYPED, "Another one: type its id")],
        },
        {
            "name": "campaign_typed",
            "label": "Id of the campaign",
            "hidden": values.get("campaign_id") != TYPED,
        },
    ]


def _plan_note(one: ServicePlanInUse) -> str:
    failed = f", {one.failed:,} failed" if one.failed else ""
    return f"{counted(one.numbers)}{failed}"


def _campaign_note(one: CampaignInUse) -> str:
    room = "a number pool" if one.room is None else f"room for {one.room:,}" if one.room else "full"
    return f"{room}, {counted(one.numbers)}"


def _campaign_help(campaign_id: str, in_use: InUse) -> str:
    own = [one for one in in_use.campaigns if one.campaign_id == campaign_id]
    if not own or not own[0].service_plans:
        return "For numbers of the US."
    return f"Its numbers use the service plan {listed(own[0].service_plans, 'or', most=2)}."


def _limit_field(settings: Settings) -> dict[str, Any]:
    options = {str(CAMPAIGN_LIMIT): f"{CAMPAIGN_LIMIT} numbers, as usual", "1": "1 number (sole proprietor)"}
    limit = settings.campaign_limit
    if limit is not None:
        options.setdefault(str(limit), counted(limit))
    return {
        "name": "campaign_limit",
        "kind": "choice",
        "label": "The campaign can hold",
        "help": "The API does not say it.",
        "options": [
            *(_option(value, label) for value, label in options.items()),
            _option(_POOL, "More: a number pool"),
        ],
        "hidden": not settings.campaign_id,
    }


def _budget(name: str, label: str) -> dict[str, Any]:
    return {"name": name, "label": label, "placeholder": "25.00 USD"}


def _option(value: str, label: str, note: str = "") -> dict[str, Any]:
    return {"value": value, "label": label, "note": note}
