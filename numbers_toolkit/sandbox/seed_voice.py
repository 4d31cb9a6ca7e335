"""The voice side of the seeded inventory: Voice API apps, SIP trunks, fax services, and jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numbers_toolkit.sandbox.catalogue import VOICE, Offer
from numbers_toolkit.sandbox.clock import DAY, HOUR, MINUTE, to_text

if TYPE_CHECKING:
    import random

NOT_CONFIGURED = (  # fmt: skip
    '{"appId":"","scheduledVoiceProvisioning":null,"lastUpdatedTime":null,'
    '"type":"RTC","trunkId":"","serviceId":""}'
)
ID_FIELDS = {"RTC": "appId", "EST": "trunkId", "FAX": "serviceId"}
# Ids of the documentation's worked examples.
APP = "b1d4c6a2-0f3e-4a57-8c99-2e7d5f60a813"
TRUNK = "01kq4yb3m7s2d9f6h1j8k5n0pq"
FAX = "01kq4yc8r4t6v2w0x9z7a1b3cd"
# (type, id, upper bound of a number drawn from 0 to 1); above the last bound nothing is configured.
SHARES = (
    ("RTC", APP, 0.30),
    ("RTC", "5c0f9b1e-7a42-4d36-9be8-13d20c7f6a45", 0.42),
    ("RTC", "e8a17d53-26bc-4f09-8d71-90c4b2f5e637", 0.50),
    ("EST", TRUNK, 0.56),
    ("FAX", FAX, 0.60),
)
FAILED_EVERY = 97
WAITING_EVERY = 131
RUNNING_EVERY = 137


def voice_columns(
    rng: random.Random, offer: Offer, first: int, count: int, now: int
) -> list[tuple[str, int | None]]:
    """Return (JSON, due instant) for the numbers at positions `first` onwards of an offer."""
    masks = offer.capabilities
    rows: list[tuple[str, int | None]] = []
    for index in range(first, first + count):
        if not masks[index % len(masks)] & VOICE:
            rows.append((NOT_CONFIGURED, None))
        else:
            rows.append(_job(rng, index, now) or (_settled(rng, now), None))
    return rows


def _settled(rng: random.Random, now: int) -> str:
    draw = rng.random()
    for kind, target, bound in SHARES:
        if draw < bound:
            updated = to_text(now - int(rng.random() * 400 * DAY))
            return _voice(kind, target, f'"{updated}"', "null")
    return NOT_CONFIGURED


def _job(rng: random.Random, index: int, now: int) -> tuple[str, int | None] | None:
    if index % FAILED_EVERY == 11:  # noqa: PLR2004 - any fixed remainder
        return _voice("RTC", "", "null", _scheduled("EST", TRUNK, "FAILED", now - 3 * DAY)), None
    due = now + 15 * MINUTE + int(rng.random() * 6 * HOUR)
    if index % WAITING_EVERY == 17:  # noqa: PLR2004
        return _voice("RTC", "", "null", _scheduled("RTC", APP, "WAITING", now - 5 * MINUTE)), due
    if index % RUNNING_EVERY == 19:  # noqa: PLR2004
        updated = f'"{to_text(now - 90 * DAY)}"'
        return _voice("RTC", APP, updated, _scheduled("FAX", FAX, "IN_PROGRESS", now - 2 * MINUTE)), due
    return None


def _voice(kind: str, target: str, updated: str, scheduled: str) -> str:
    ids = {field: target if field == ID_FIELDS[kind] else "" for field in ID_FIELDS.values()}
    return (
        f'{{"appId":"{ids["appId"]}","scheduledVoiceProvisioning":{scheduled},"lastUpdatedTime":{updated},'
        f'"type":"{kind}","trunkId":"{ids["trunkId"]}","serviceId":"{ids["serviceId"]}"}}'
    )


def _scheduled(kind: str, target: str, status: str, updated: int) -> str:
    ids = {field: target if field == ID_FIELDS[kind] else "" for field in ID_FIELDS.values()}
    return (
        f'{{"appId":"{ids["appId"]}","status":"{status}","lastUpdatedTime":"{to_text(updated)}","type":"{kind}",'
        f'"trunkId":"{ids["trunkId"]}","serviceId":"{ids["serviceId"]}"}}'
    )
