"""Service plans and 10DLC campaigns: what they are, what can be wrong with them, and the inputs that fail on purpose.

**Ids that fail on purpose.** ``SANDBOX_<CODE>`` is a service plan id and a campaign id for each of the
eighteen error codes; a job that links it fails with exactly that code. As a service plan it fails the plan
part, as a campaign the campaign part, so that using both gives two codes. Three of them recover, counted
from their first failure:

=========================================  ==========================================
``SANDBOX_PARTNER_SERVICE_UNAVAILABLE``    works after 15 minutes of sandbox time
``SANDBOX_CAMPAIGN_PENDING_ACCEPTANCE``    works after 24 hours
``SANDBOX_CAMPAIGN_MNO_REVIEW``            works after 48 hours
=========================================  ==========================================

``SANDBOX_VOICE_FAILED`` as ``appId``, ``trunkId`` or ``serviceId`` fails the voice job.

**Ids with a behaviour.** ``SANDBOX_SOLE_PROPRIETOR`` holds one number, ``SANDBOX_NUMBER_POOL`` any number,
``SANDBOX_STANDARD`` fifty, and ``SANDBOX_PLAN`` is a service plan that works. They begin empty.

**Rules that come from the state**, with any id: an unknown campaign is ``CAMPAIGN_NOT_AVAILABLE``, an
unknown service plan ``SMS_PROVISIONING_FAILED``, a full campaign ``EXCEEDED_10DLC_LIMIT``, a toll-free
number ``TFN_NOT_ALLOWED``, a mock campaign ``MOCK_CAMPAIGN_NOT_ALLOWED``, an overdrawn account
``INSUFFICIENT_BALANCE``.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from numbers_toolkit.sandbox.clock import HOUR, MINUTE

if TYPE_CHECKING:
    from collections.abc import Mapping

ERROR_CODES = (
    "ERROR_CODE_UNSPECIFIED",
    "INTERNAL_ERROR",
    "SMS_PROVISIONING_FAILED",
    "CAMPAIGN_PROVISIONING_FAILED",
    "CAMPAIGN_NOT_AVAILABLE",
    "EXCEEDED_10DLC_LIMIT",
    "NUMBER_PROVISIONING_FAILED",
    "PARTNER_SERVICE_UNAVAILABLE",
    "CAMPAIGN_PENDING_ACCEPTANCE",
    "MNO_SHARING_ERROR",
    "CAMPAIGN_EXPIRED",
    "CAMPAIGN_MNO_REJECTED",
    "CAMPAIGN_MNO_SUSPENDED",
    "CAMPAIGN_MNO_REVIEW",
    "INSUFFICIENT_BALANCE",
    "MOCK_CAMPAIGN_NOT_ALLOWED",
    "TFN_NOT_ALLOWED",
    "INVALID_NNID",
)
CLEARS_AFTER = {
    "PARTNER_SERVICE_UNAVAILABLE": 15 * MINUTE,
    "CAMPAIGN_PENDING_ACCEPTANCE": 24 * HOUR,
    "CAMPAIGN_MNO_REVIEW": 48 * HOUR,
}
VOICE_FAILURE = "SANDBOX_VOICE_FAILED"
CAPACITY: Mapping[str, int | None] = MappingProxyType(
    {"STANDARD": 50, "SOLE_PROPRIETOR": 1, "NUMBER_POOL": None, "MOCK": None}
)
MAGIC_IDS: Mapping[str, str] = MappingProxyType(
    {f"SANDBOX_{code}": f"servicePlanId or campaignId: fails with {code}" for code in ERROR_CODES}
    | {
        VOICE_FAILURE: "appId, trunkId or serviceId: the voice job fails",
        "SANDBOX_PLAN": "servicePlanId: works",
        "SANDBOX_STANDARD": "campaignId: works, holds 50 numbers",
        "SANDBOX_SOLE_PROPRIETOR": "campaignId: works, holds 1 number",
        "SANDBOX_NUMBER_POOL": "campaignId: works, holds any number",
    }
)


@dataclass(frozen=True)
class Target:
    """A service plan or campaign that numbers can be linked to.

    Parameters
    ----------
    role : {'plan', 'campaign'}
        What it is.
    target_id : str
        Its id.
    kind : str
        For a campaign one of `CAPACITY`; for a plan ``PLAN``.
    error_code : str
        The code that linking fails with; empty when it works.
    clears_after : int or None
        Microseconds after the first failure when `error_code` stops applying; None means never.
    failing_since : int or None
        When linking failed first.
    """

    role: str
    target_id: str
    kind: str
    error_code: str = ""
    clears_after: int | None = None
    failing_since: int | None = None

    def refuses(self, now: int) -> str:
        """Return the code that linking fails with at this moment, or an empty text."""
        if self.clears_after is None or self.failing_since is None:
            return self.error_code
        return self.error_code if now < self.failing_since + self.clears_after else ""


def magic_targets() -> list[Target]:
    """Return the targets whose ids are documented above."""
    failing = [
        Target(role, f"SANDBOX_{code}", kind, code, CLEARS_AFTER.get(code))
        for role, kind in (("plan", "PLAN"), ("campaign", "STANDARD"))
        for code in ERROR_CODES
    ]
    kinds = [Target("campaign", f"SANDBOX_{kind}", kind) for kind in CAPACITY if kind != "MOCK"]
    return [*failing, Target("plan", "SANDBOX_PLAN", "PLAN"), *kinds]


PLAN_COUNT = 30
CAMPAIGN_KINDS = (
    ("NUMBER_POOL", "", 5),
    ("STANDARD", "", 39),
    ("SOLE_PROPRIETOR", "", 6),
    ("MOCK", "", 1),
    ("STANDARD", "CAMPAIGN_PENDING_ACCEPTANCE", 2),
    ("STANDARD", "CAMPAIGN_NOT_AVAILABLE", 2),
    ("STANDARD", "MNO_SHARING_ERROR", 1),
    ("STANDARD", "CAMPAIGN_EXPIRED", 1),
    ("STANDARD", "CAMPAIGN_MNO_REJECTED", 1),
    ("STANDARD", "CAMPAIGN_MNO_SUSPENDED", 1),
    ("STANDARD", "CAMPAIGN_MNO_REVIEW", 1),
)
# Ids of the documentation's worked examples, so that these can be sent to the sandbox as they stand.
FIRST_PLAN = "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57"
FIRST_CAMPAIGN = "CQ4T8ZK"
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


def seeded_targets(seed: int, now: int) -> list[Target]:
    """Return the thirty service plans and sixty campaigns of a seed.

    The first plan and the first campaign are the same for every seed. A campaign that recovers has been
    failing since `now`.
    """
    rng = random.Random(f"targets:{seed}")
    plans = [FIRST_PLAN, *(f"{rng.getrandbits(128):032x}" for _ in range(PLAN_COUNT - 1))]
    targets = [Target("plan", plan, "PLAN") for plan in plans]
    for kind, code, count in CAMPAIGN_KINDS:
        for _ in range(count):
            campaign = "C" + "".join(rng.choices(ALPHABET, k=6))
            clears = CLEARS_AFTER.get(code)
            targets.append(Target("campaign", campaign, kind, code, clears, now if clears else None))
    standard = next(index for index, target in enumerate(targets) if target.kind == "STANDARD")
    targets[standard] = Target("campaign", FIRST_CAMPAIGN, "STANDARD")
    return targets
