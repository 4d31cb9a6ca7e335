"""The seeded inventory: rows of active numbers and of stock that look like a company's, the same for the same seed.

Rows are made one `Offer` at a time and column by column, as finished JSON text: an object per number would
make a hundred thousand numbers slow to start with. What happens to a number follows from its position
within the offer, so that a few hundred numbers already hold every error code, jobs in every state and
released numbers.
"""

from __future__ import annotations

import random
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

from numbers_toolkit.sandbox.answers import to_json
from numbers_toolkit.sandbox.catalogue import SMS, VOICE, Offer, share_out
from numbers_toolkit.sandbox.clock import add_months, to_datetime
from numbers_toolkit.sandbox.names import display_names
from numbers_toolkit.sandbox.numbering import phone_numbers
from numbers_toolkit.sandbox.seed_sms import Draft, SmsColumns, sms_columns
from numbers_toolkit.sandbox.seed_voice import NOT_CONFIGURED, voice_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numbers_toolkit.sandbox.campaigns import Target

BATCH = 50_000
RELEASED_EVERY = 101
CAPABILITY_JSON = {0: "[]", SMS: '["SMS"]', VOICE: '["VOICE"]', SMS | VOICE: '["SMS","VOICE"]'}
CALLBACK = "https://hooks.example.com/numbers"
CALLBACK_SHARE = 0.3


def active_rows(
    seed: int, count: int, project_id: str, now: int, targets: list[Target]
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield batches of rows of the table ``active``.

    Parameters
    ----------
    seed : int
        Decides everything together with the other arguments.
    count : int
        How many numbers.
    project_id : str
        Written into every document.
    now : int
        The sandbox's first instant; renewals lie after it.
    targets : list of Target
        The service plans and campaigns to link to.
    """
    position = 0
    for offer, share in share_out(count).items():
        rng = random.Random(f"active:{seed}:{offer.region_code}:{offer.number_type}")
        draft = Draft(rng, offer, now, targets)
        sms = sms_columns(draft, share)
        for first in range(0, share, BATCH):
            span = range(first, min(first + BATCH, share))
            yield _batch(draft, span, position, project_id, sms)
        position += share


def _batch(
    draft: Draft, span: range, position: int, project_id: str, sms: SmsColumns
) -> list[tuple[Any, ...]]:
    """Return the rows at positions `span` of an offer whose first number is at `position` of the inventory."""
    rng, offer, now, first, size = draft.rng, draft.offer, draft.now, span.start, len(span)
    numbers = phone_numbers(offer.region_code, offer.number_type, first, size)
    names = display_names(rng, position + first, size)
    voices = voice_columns(rng, offer, first, size, now)
    window = add_months(now, offer.interval, to_datetime(now).day) - now
    masks, places = offer.capabilities, _places(offer)
    rows: list[tuple[Any, ...]] = []
    for index, number, name, voice in zip(span, numbers, names, voices, strict=True):
        mask = masks[index % len(masks)]
        charge = now + 1 + int(rng.random() * window)
        moment = to_datetime(charge)
        charge_text = moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        released = (position + index) % RELEASED_EVERY == RELEASED_EVERY - 1
        expire = f'"{charge_text}"' if released else "null"
        voice_text, voice_due = (NOT_CONFIGURED, None) if released else voice
        sms_text, campaign, refusal, wants, sms_due = sms.take(index)
        callback = CALLBACK if rng.random() < CALLBACK_SHARE else ""
        document = (
            f'{{"phoneNumber":"{number}","projectId":"{project_id}","displayName":{to_json(name)},'
            f'{places[mask]}{charge_text}","expireAt":{expire},"smsConfiguration":{sms_text},'
            f'"voiceConfiguration":{voice_text},"callbackUrl":"{callback}"}}'
        )
        due = min(charge, sms_due or charge, voice_due or charge)
        place = (number, offer.region_code, offer.number_type, mask, name, campaign)
        rows.append((*place, moment.day, refusal, wants, sms_due, voice_due, due, document))
    return rows


def _places(offer: Offer) -> dict[int, str]:
    """Return the middle of a document, which all numbers with the same capabilities share."""
    return {
        mask: (
            f'"regionCode":"{offer.region_code}","type":"{offer.number_type}",'
            f'"capability":{CAPABILITY_JSON[mask]},'
            f'"money":{{"currencyCode":"{offer.currency_code}","amount":"{offer.recurring}"}},'
            f'"paymentIntervalMonths":{offer.interval},"nextChargeDate":"'
        )
        for mask in set(offer.capabilities)
    }


def stock_rows(count: int, active: int) -> Iterator[list[tuple[Any, ...]]]:
    """Yield batches of rows of the table ``stock``, disjoint from `active` seeded numbers."""
    taken = share_out(active)
    for offer, share in share_out(count).items():
        for first in range(0, share, BATCH):
            size = min(BATCH, share - first)
            numbers = phone_numbers(offer.region_code, offer.number_type, taken[offer] + first, size)
            masks = islice(cycle(offer.capabilities), size)
            yield [
                (number, offer.region_code, offer.number_type, mask, _offer_text(offer, number, mask))
                for number, mask in zip(numbers, masks, strict=True)
            ]


def _offer_text(offer: Offer, number: str, mask: int) -> str:
    return (
        f'{{"phoneNumber":"{number}","regionCode":"{offer.region_code}","type":"{offer.number_type}",'
        f'"capability":{CAPABILITY_JSON[mask]},'
        f'"setupPrice":{{"currencyCode":"{offer.currency_code}","amount":"{offer.setup}"}},'
        f'"monthlyPrice":{{"currencyCode":"{offer.currency_code}","amount":"{offer.monthly}"}},'
        f'"paymentIntervalMonths":{offer.interval},'
        f'"supportingDocumentationRequired":{"true" if offer.documents else "false"}}}'
    )
