"""What would change on each number: compared with what it is set up with now, checked, and noted.

Pure: plain rows in, planned updates, faults and notes out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation.checks import campaign_reaches
from numbers_toolkit.activation.items import PlannedUpdate
from numbers_toolkit.activation.naming import LONG_NAME, NameTemplate, name_fault
from numbers_toolkit.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["LINKS", "READ", "Draft", "NewNames"]

#: Columns of the active numbers that are compared.
READ: Final = (
    "phone_number",
    "display_name",
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
    "voice_type",
    "voice_id",
    "voice_state",
    "voice_scheduled_type",
    "voice_scheduled_id",
    "callback_url",
)
#: What a number has to leave before it can join another.
LINKS: Final = ("service_plan_id", "campaign_id")
_RUNNING: Final = ("WAITING", "IN_PROGRESS")
_FIRST_VOICE_TYPE: Final = "RTC"


@dataclass(frozen=True, slots=True)
class NewNames:
    """New names: by template, by phone number, or none."""

    template: NameTemplate | None = None
    table: Mapping[str, str | None] = field(default_factory=dict)

    def name(self, row: Mapping[str, Any], position: int) -> tuple[str | None, str]:
        """Return the new name of a number (None for no change), and what is wrong with it."""
        if self.template is None:
            name = self.table.get(row["phone_number"])
            return name, name_fault(name or "")
        missing = self.template.missing(row)
        if missing:
            return None, f"no value for {listed(missing)}, which display_name needs"
        name = self.template.fill(row, position)
        return name, name_fault(name)


@dataclass
class Draft:
    """The changes so far, what is wrong with numbers, and how many were left out for which reason."""

    wanted: Mapping[str, str]
    unlink: bool
    updates: list[PlannedUpdate] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)
    noted: dict[str, list[str]] = field(default_factory=dict)

    def change_all(self, rows: Iterable[Mapping[str, Any]], names: NewNames) -> None:
        """Plan the change of every number."""
        for position, row in enumerate(rows, start=1):
            if row["expire_at"] is not None:
                self._note("Left out, since they are released", row)
                continue
            name, fault = names.name(row, position)
            if fault:
                self._fault(fault, row)
            self._change(row, name)

    def _change(self, row: Mapping[str, Any], name: str | None) -> None:
        before: dict[str, str] = {}
        changes: dict[str, str] = {}
        if name is not None and name != _text(row, "display_name"):
            changes["display_name"], before["display_name"] = name, _text(row, "display_name")
            if len(name) > LONG_NAME:
                self._note(f"Names of more than {LONG_NAME} characters, which the API may refuse", row)
        links, links_before = self._links(row)
        voice, voice_before = self._voice(row)
        changes |= links | voice
        before |= links_before | voice_before
        url = self.wanted.get("callback_url")
        if url is not None and url != _text(row, "callback_url"):
            changes["callback_url"], before["callback_url"] = url, _text(row, "callback_url")
        if not changes:
            self._note("Left out, since nothing changes", row)
            return
        self._note_jobs(row, changes)
        self.updates.append(self._update(row, changes, before))

    def _update(
        self, row: Mapping[str, Any], changes: dict[str, str], before: dict[str, str]
    ) -> PlannedUpdate:
        unlink = {
            name: ""
            for name in LINKS
            if self.unlink and changes.get(name) and before[name] and before[name] != changes[name]
        }
        if unlink:
            self._note("Taken off the present plan or campaign first, so nothing can be sent in between", row)
        return PlannedUpdate(
            phone_number=row["phone_number"],
            region_code=_text(row, "region_code"),
            number_type=_text(row, "number_type"),
            changes=MappingProxyType(changes),
            unlink=MappingProxyType(unlink),
            before=MappingProxyType(before),
        )

    # SMS

    def _links(self, row: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
        wanted = {name: self.wanted[name] for name in LINKS if name in self.wanted}
        self._check_links(row, wanted)
        changes = {name: value for name, value in wanted.items() if not _is_set(row, name, value)}
        if changes.get("campaign_id") and "service_plan_id" not in changes:
            # The API's schema wants the plan named beside a campaign, also when it is in force already.
            plan = wanted.get("service_plan_id") or _plan(row)
            if plan:
                changes = {"service_plan_id": plan, **changes}
            else:
                self._fault("no service plan, which a campaign needs; give service_plan_id", row)
        return changes, {name: _text(row, f"sms_{name}") for name in changes}

    def _check_links(self, row: Mapping[str, Any], wanted: Mapping[str, str]) -> None:
        if any(wanted.values()) and row["has_sms"] is False:
            self._fault("no SMS capability, so no plan or campaign takes it", row)
        known = row["region_code"] and row["number_type"]
        if (
            wanted.get("campaign_id")
            and known
            and not campaign_reaches(row["region_code"], row["number_type"])
        ):
            kind = f"{row['region_code']} {row['number_type']}"
            self._fault(
                f"{kind}, which no 10DLC campaign takes: those are for US numbers, not toll-free", row
            )

    # voice

    def _voice(self, row: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
        voice_id = self.wanted.get("voice_id")
        if voice_id is None:
            return {}, {}
        present = (_text(row, "voice_type") or _FIRST_VOICE_TYPE, _text(row, "voice_id"))
        kind = self.wanted.get("voice_type")
        if voice_id and row["has_voice"] is False:
            self._fault("no VOICE capability", row)
        if voice_id and kind is None and present[1] and present[0] != _FIRST_VOICE_TYPE:
            self._fault(f"set up for {present[0]} now; give voice_type with voice_id", row)
        wanted = (kind or (_FIRST_VOICE_TYPE if voice_id else present[0]), voice_id)
        coming = _coming(row, "voice")
        if wanted == (coming or present) or (not voice_id and not present[1] and not coming):
            return {}, {}
        return dict(zip(("voice_type", "voice_id"), wanted, strict=True)), dict(
            zip(("voice_type", "voice_id"), present, strict=True)
        )

    # what a person should know

    def _note_jobs(self, row: Mapping[str, Any], changes: Mapping[str, str]) -> None:
        sms = bool(changes.keys() & set(LINKS)) and row["sms_state"] in _RUNNING
        voice = "voice_id" in changes and row["voice_state"] in _RUNNING
        if sms or voice:
            self._note("A set-up is still under way, which the change may replace", row)

    def _fault(self, text: str, row: Mapping[str, Any]) -> None:
        self.faults.setdefault(text, []).append(row["phone_number"])

    def _note(self, text: str, row: Mapping[str, Any]) -> None:
        self.noted.setdefault(text, []).append(row["phone_number"])

    def told(self) -> list[str]:
        """Return the notes in words."""
        return [f"{text}: {counted(len(numbers))}." for text, numbers in self.noted.items()]


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row[name]
    return "" if value is None else str(value)


def _coming(row: Mapping[str, Any], prefix: str) -> tuple[str, str] | None:
    """Return the two values that a job which runs is about to set, None when there is none."""
    if row[f"{prefix}_state"] not in _RUNNING:
        return None
    names = ("type", "id") if prefix == "voice" else LINKS
    first, second = (_text(row, f"{prefix}_scheduled_{name}") for name in names)
    return (first, second) if first or second else None


def _plan(row: Mapping[str, Any]) -> str:
    """Return the service plan that a number is about to have, else has."""
    return (_coming(row, "sms") or ("", ""))[0] or _text(row, "sms_service_plan_id")


def _is_set(row: Mapping[str, Any], name: str, value: str) -> bool:
    """Whether a link is so already, or is about to be."""
    coming = dict(zip(LINKS, _coming(row, "sms") or ("", ""), strict=True))
    return (coming[name] or _text(row, f"sms_{name}")) == value
