"""The seeded inventory: rows of active numbers and of stock that look like a company's, the same for the same seed.

Rows are made one `Offer` at a time and column by column, as finished JSON text: an object per number would make a
hundred thousand numbers slow to start with. What happens to a number follows from its position within the offer, so
that a few hundred numbers already hold every error code, jobs in every state and released numbers.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

from numbers_toolkit.sandbox.answers import to_json
from numbers_toolkit.sandbox.campaigns import Target
from numbers_toolkit.sandbox.catalogue import OFFERS, SMS, VOICE, Offer, share_out
from numbers_toolkit.sandbox.clock import DAY, add_months, to_datetime, to_text
from numbers_toolkit.sandbox.names import display_names
from numbers_toolkit.sandbox.numbering import phone_numbers
from numbers_toolkit.sandbox.seed_sms import SmsColumns, sms_columns
from numbers_toolkit.sandbox.seed_voice import voice_columns

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
        columns = sms_columns(rng, offer, share, now, targets)
        for first in range(0, share, BATCH):
            size = min(BATCH, share - first)
            yield _batch(rng, offer, first, size, position + first, project_id, now, columns)
        position += share


def _batch(
    rng: random.Random,
    offer: Offer,
    first: int,
    size: int,
    position: int,
    project_id: str,
    now: int,
    sms: SmsColumns,
) -> list[tuple[Any, ...]]:
    numbers = phone_numbers(offer.region_code, offer.number_type, first, size)
    names = display_names(rng, position, size)
    voice = voice_columns(rng, offer, first, size, now)
    window = add_months(now, offer.interval, to_datetime(now).day) - now
    head = f'"projectId":"{project_id}","displayName":'
    tail = (
        f'"money":{{"currencyCode":"{offer.currency_code}","amount":"{offer.recurring}"}},'
        f'"paymentIntervalMonths":{offer.interval},"nextChargeDate":"'
    )
    masks = offer.capabilities
    place = f'"regionCode":"{offer.region_code}","type":"{offer.number_type}","capability":'
    places = {mask: f"{place}{CAPABILITY_JSON[mask]},{tail}" for mask in set(masks)}
    rows: list[tuple[Any, ...]] = []
    for offset, (number, name) in enumerate(zip(numbers, names, strict=True)):
        index = first + offset
        mask = masks[index % len(masks)]
        voice_text, voice_due = voice[offset]
        charge = now + 1 + int(rng.random() * window)
        moment = to_datetime(charge)
        charge_text = moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        released = (position + offset) % RELEASED_EVERY == RELEASED_EVERY - 1
        expire = f'"{charge_text}"' if released else "null"
        sms_text, campaign, refusal, wants, sms_due = sms.take(index)
        callback = CALLBACK if rng.random() < CALLBACK_SHARE else ""
        document = (
            f'{{"phoneNumber":"{number}",{head}{to_json(name) if name else _EMPTY},{places[mask]}{charge_text}",'
            f'"expireAt":{expire},"smsConfiguration":{sms_text},"voiceConfiguration":{voice_text},'
            f'"callbackUrl":"{callback}"}}'
        )
        due = min(charge, sms_due or charge, voice_due or charge)
        rows.append(
            (number, offer.region_code, offer.number_type, mask, name, campaign, moment.day, refusal, wants, sms_due,
             voice_due, due, document)
        )  # fmt: skip
    return rows


_EMPTY = '""'


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


def region_types() -> dict[str, set[str]]:
    """Return the number types that each region offers."""
    types: dict[str, set[str]] = {}
    for offer in OFFERS:
        types.setdefault(offer.region_code, set()).add(offer.number_type)
    return types


def recent(rng: random.Random, now: int, days: int) -> str:
    """Return a timestamp within the days before `now`."""
    return to_text(now - int(rng.random() * days * DAY))
