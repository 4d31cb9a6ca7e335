"""The SMS side of the seeded inventory: links, jobs that wait or run, and failures of all eighteen kinds."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from numbers_toolkit.sandbox.answers import to_json
from numbers_toolkit.sandbox.campaigns import CAPACITY, ERROR_CODES, Target
from numbers_toolkit.sandbox.catalogue import SMS, Offer
from numbers_toolkit.sandbox.clock import DAY, HOUR, MINUTE, to_text

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

NOT_CONFIGURED = '{"servicePlanId":"","scheduledProvisioning":null,"campaignId":""}'
UNCONFIGURED_SHARE = 0.1
WITHOUT_CAMPAIGN_SHARE = 0.05
# Positions within an offer; the periods share no factors, so that the roles spread over area codes.
FAILED_EVERY_US = 11
FAILED_EVERY_ELSEWHERE = 43
WAITING_EVERY = 57
RUNNING_EVERY = 61
SECOND_CODE_EVERY = 5

# Codes that say something about the plan or the account rather than about a campaign.
PLAN_CODES = (
    "SMS_PROVISIONING_FAILED",
    "INTERNAL_ERROR",
    "PARTNER_SERVICE_UNAVAILABLE",
    "INSUFFICIENT_BALANCE",
    "ERROR_CODE_UNSPECIFIED",
)
# Codes that stay with the number, whatever campaign is tried next.
NUMBER_CODES = ("NUMBER_PROVISIONING_FAILED", "INVALID_NNID")
LOCAL_CODES = tuple(code for code in ERROR_CODES if code != "TFN_NOT_ALLOWED")
FREQUENT_CODES = (
    "CAMPAIGN_PENDING_ACCEPTANCE",
    "EXCEEDED_10DLC_LIMIT",
    "CAMPAIGN_NOT_AVAILABLE",
    "CAMPAIGN_PENDING_ACCEPTANCE",
    "MNO_SHARING_ERROR",
    "CAMPAIGN_EXPIRED",
    "SMS_PROVISIONING_FAILED",
    "PARTNER_SERVICE_UNAVAILABLE",
)
# Sizes of the first campaigns for about 150 linked numbers: one above fifty, one full, one nearly full, small ones.
POOL_TARGET = 52
STANDARD_TARGETS = (50, 46, 3, 2, 1)
STANDARD_MORE = (49, 38, 27, 12, 48, 33, 21, 8, 50, 47, 16, 30, 5, 42, 9, 24)
TYPICAL_LINKED = 148
POOL_SHARES = (0.5, 0.25, 0.15, 0.07, 0.03)


@dataclass(frozen=True)
class Draft:
    """What everything about an offer is drawn from.

    `rng` is seeded for the offer, `now` is the sandbox's first instant, `targets` are all service plans and
    campaigns.
    """

    rng: random.Random
    offer: Offer
    now: int
    targets: list[Target]

    @property
    def is_us_local(self) -> bool:
        """Whether the numbers can be linked to campaigns."""
        return (self.offer.region_code, self.offer.number_type) == ("US", "LOCAL")


SmsRow = tuple[str, str, str, str | None, int | None]


@dataclass(frozen=True)
class SmsColumns:
    """What every number of an offer has on the SMS side; made for the whole offer because campaigns are filled up."""

    plans: list[str]
    campaigns: list[str]
    states: dict[int, SmsRow]
    unconfigured: frozenset[int]

    def take(self, index: int) -> SmsRow:
        """Return (JSON, campaign id, refusal, wanted ids, due instant) of the number at a position."""
        if index in self.states:
            return self.states[index]
        if index in self.unconfigured:
            return NOT_CONFIGURED, "", "", None, None
        plan, campaign = self.plans[index], self.campaigns[index]
        return _settled(plan, campaign), campaign, "", None, None


def sms_columns(draft: Draft, count: int) -> SmsColumns:
    """Decide the SMS side of all `count` numbers of an offer.

    Pending jobs move within hours after the first instant, failures lie before it.
    """
    rng, offer = draft.rng, draft.offer
    plans = [target.target_id for target in draft.targets if target.role == "plan"]
    weights = list(accumulate(1 / (rank + 1) ** 1.1 for rank in range(len(plans))))
    chosen = rng.choices(plans, cum_weights=weights, k=count)
    masks = offer.capabilities
    capable = [index for index in range(count) if masks[index % len(masks)] & SMS]
    pending = {index for index in capable if _is_pending(offer, index)}
    unconfigured = {index for index in range(count) if not masks[index % len(masks)] & SMS}
    unconfigured |= {index for index in capable if index not in pending and rng.random() < UNCONFIGURED_SHARE}
    linked = [index for index in capable if index not in pending and index not in unconfigured]
    campaigns = [""] * count
    if draft.is_us_local:
        linked = [index for index in linked if rng.random() >= WITHOUT_CAMPAIGN_SHARE]
        for index, campaign in zip(linked, _fill(rng, len(linked), draft.targets), strict=True):
            campaigns[index] = campaign
    states = dict(_pending(draft, sorted(pending), chosen))
    return SmsColumns(chosen, campaigns, states, frozenset(unconfigured))


def _is_pending(offer: Offer, index: int) -> bool:
    return _has_failed(offer, index) or _is_waiting(offer, index) or _is_running(offer, index)


def _is_waiting(offer: Offer, index: int) -> bool:
    return index % WAITING_EVERY == (3 if offer.region_code == "US" else 23)


def _is_running(offer: Offer, index: int) -> bool:
    return index % RUNNING_EVERY == (7 if offer.region_code == "US" else 31)


def _has_failed(offer: Offer, index: int) -> bool:
    every = FAILED_EVERY_US if offer.region_code == "US" else FAILED_EVERY_ELSEWHERE
    return index % every == 5  # noqa: PLR2004 - any fixed remainder


def _fill(rng: random.Random, count: int, targets: list[Target]) -> list[str]:
    """Return one campaign id per linked number, in random order, with campaigns of very different sizes."""
    by_kind: dict[str, list[str]] = {}
    for target in targets:
        if target.role == "campaign" and not target.error_code:
            by_kind.setdefault(target.kind, []).append(target.target_id)
    pools, standard, sole = (by_kind[kind] for kind in ("NUMBER_POOL", "STANDARD", "SOLE_PROPRIETOR"))
    scale = min(1.0, count / TYPICAL_LINKED)
    wanted = [(pools[0], POOL_TARGET), *zip(standard, STANDARD_TARGETS, strict=False)]
    wanted = [(campaign, -(-int(size * scale * 100) // 100)) for campaign, size in wanted]
    rest = standard[len(STANDARD_TARGETS) :]
    wanted += [(campaign, 1) for campaign in sole[:-1]]
    wanted += [
        (campaign, STANDARD_MORE[rank % len(STANDARD_MORE)]) for rank, campaign in enumerate(rest[:-1])
    ]
    filled = [campaign for campaign, size in wanted for _ in range(size)][:count]
    filled += rng.choices(pools, weights=POOL_SHARES, k=count - len(filled))
    rng.shuffle(filled)
    return filled


def _pending(draft: Draft, positions: list[int], plans: list[str]) -> Iterator[tuple[int, SmsRow]]:
    failures = 0
    for index in positions:
        if _has_failed(draft.offer, index):
            yield index, _failed(draft, plans[index], _codes(draft, failures))
            failures += 1
        else:
            status = "WAITING" if _is_waiting(draft.offer, index) else "IN_PROGRESS"
            yield index, _in_work(draft, plans[index], status)


def _codes(draft: Draft, turn: int) -> list[str]:
    rng = draft.rng
    if draft.is_us_local:
        codes = [LOCAL_CODES[turn] if turn < len(LOCAL_CODES) else rng.choice(FREQUENT_CODES)]
        if turn % SECOND_CODE_EVERY == SECOND_CODE_EVERY - 1 and codes[0] not in PLAN_CODES:
            codes.insert(0, "SMS_PROVISIONING_FAILED")
        return codes
    if draft.offer.region_code == "US":
        return ["TFN_NOT_ALLOWED" if turn == 0 else rng.choice(("TFN_NOT_ALLOWED", *PLAN_CODES))]
    return [rng.choice(PLAN_CODES)]


def _failed(draft: Draft, plan: str, codes: list[str]) -> SmsRow:
    campaign = "" if draft.offer.region_code != "US" else _campaign_for(draft, codes[-1])
    in_force = "" if any(code in PLAN_CODES for code in codes) else plan
    updated = to_text(draft.now - int(draft.rng.random() * 20 * DAY))
    refusal = next((code for code in codes if code in NUMBER_CODES), "")
    job = _job(plan, campaign, "FAILED", updated, codes)
    return _scheduled(in_force, job), "", refusal, None, None


def _in_work(draft: Draft, plan: str, status: str) -> SmsRow:
    # Seeded jobs move within hours, not seconds: an inventory that is looked at for a while should keep some.
    campaign = _campaign_for(draft, "") if draft.is_us_local else ""
    updated = to_text(draft.now - int(draft.rng.random() * 30 * MINUTE))
    due = draft.now + 15 * MINUTE + int(draft.rng.random() * 6 * HOUR)
    wants = {"servicePlanId": plan} | ({"campaignId": campaign} if campaign else {})
    return _scheduled("", _job(plan, campaign, status, updated, [])), "", "", to_json(wants), due


def _campaign_for(draft: Draft, code: str) -> str:
    campaigns = [target for target in draft.targets if target.role == "campaign"]
    if code == "EXCEEDED_10DLC_LIMIT":
        return next(target.target_id for target in campaigns if target.kind == "STANDARD")
    if code == "MOCK_CAMPAIGN_NOT_ALLOWED":
        return next(target.target_id for target in campaigns if target.kind == "MOCK")
    sick = [target.target_id for target in campaigns if target.error_code == code != ""]
    roomy = [
        target.target_id for target in campaigns if CAPACITY[target.kind] is None and target.kind != "MOCK"
    ]
    return draft.rng.choice(sick or roomy)


def _settled(plan: str, campaign: str) -> str:
    return f'{{"servicePlanId":"{plan}","scheduledProvisioning":null,"campaignId":"{campaign}"}}'


def _scheduled(in_force: str, job: str) -> str:
    return f'{{"servicePlanId":"{in_force}","scheduledProvisioning":{job},"campaignId":""}}'


def _job(plan: str, campaign: str, status: str, updated: str, codes: list[str]) -> str:
    listed = ",".join(f'"{code}"' for code in codes)
    return (
        f'{{"servicePlanId":"{plan}","campaignId":"{campaign}","status":"{status}","lastUpdatedTime":"{updated}",'
        f'"errorCodes":[{listed}]}}'
    )
