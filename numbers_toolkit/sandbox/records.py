"""Numbers as the store keeps them: the JSON document, and what the wire does not show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numbers_toolkit.sandbox.answers import to_json
from numbers_toolkit.sandbox.catalogue import CAPABILITIES
from numbers_toolkit.sandbox.clock import from_text


@dataclass
class ActiveNumber:
    """One active number: its document, and what the wire does not show.

    Attributes
    ----------
    charge_day : int or None
        Day of the month on which the rental began; renewals return to it after a short month.
    refusal : str
        Error code with which every campaign link of this very number fails; usually empty.
    sms_wants : dict or None
        The ids that the pending SMS job was asked to set; the others stay.
    sms_due, voice_due : int or None
        When the pending job takes its next step.
    untouched : bool
        Whether the number was loaded as it stands and has not been changed since: the clock leaves it alone.
    """

    document: dict[str, Any]
    charge_day: int | None = None
    refusal: str = ""
    sms_wants: dict[str, str] | None = None
    sms_due: int | None = None
    voice_due: int | None = None
    untouched: bool = False

    @property
    def phone_number(self) -> str:
        """The key."""
        return str(self.document["phoneNumber"])

    def instant(self, field: str) -> int | None:
        """Read a timestamp of the document; None when there is no usable one."""
        try:
            return from_text(self.document[field])
        except (KeyError, TypeError, ValueError):
            return None

    def due_at(self) -> int | None:
        """Return when the clock changes this number next."""
        if self.untouched:
            return None
        charge = self.instant("expireAt") or (self.instant("nextChargeDate") if self._renews() else None)
        return min((due for due in (self.sms_due, self.voice_due, charge) if due is not None), default=None)

    def _renews(self) -> bool:
        months = self.document.get("paymentIntervalMonths")
        return isinstance(months, int) and months > 0

    def values(self) -> tuple[Any, ...]:
        """Return the row for the table."""
        sms = self.document.get("smsConfiguration")
        wants = None if self.sms_wants is None else to_json(self.sms_wants)
        return (
            self.phone_number,
            str(self.document.get("regionCode") or ""),
            str(self.document.get("type") or ""),
            capability_mask(self.document),
            str(self.document.get("displayName") or ""),
            str(sms.get("campaignId") or "") if isinstance(sms, dict) else "",
            self.charge_day,
            self.refusal,
            wants,
            self.sms_due,
            self.voice_due,
            self.due_at(),
            to_json(self.document),
        )


def capability_mask(document: dict[str, Any]) -> int:
    """Return the bits of the capabilities that a document names."""
    names = document.get("capability")
    return sum(bit for name, bit in CAPABILITIES.items() if isinstance(names, list) and name in names)


def offer_values(document: dict[str, Any]) -> tuple[Any, ...]:
    """Return the row of a number on offer."""
    return (
        document["phoneNumber"],
        document.get("regionCode", ""),
        document.get("type", ""),
        capability_mask(document),
        to_json(document),
    )
