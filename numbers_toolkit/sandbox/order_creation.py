"""Making a number order: what is asked for, the numbers on offer that fit, and their reservation.

Choices where the API's behaviour is not documented: a number that is not on offer, and a quantity or a run of
consecutive numbers that the offer cannot fill, are 404 and reserve nothing; every region and type can be ordered, US
LOCAL too; a quantity takes the lowest numbers that match; a callback URL must be an absolute HTTP address.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from numbers_toolkit.sandbox.answers import bad_enum, bad_field, not_on_offer, resource_refusal
from numbers_toolkit.sandbox.catalogue import NUMBER_TYPES
from numbers_toolkit.sandbox.identifiers import order_identifier
from numbers_toolkit.sandbox.order_life import lifetime
from numbers_toolkit.sandbox.order_records import Order
from numbers_toolkit.sandbox.parameters import VOICE_IDS, read_body_filters, text_field
from numbers_toolkit.sandbox.renting import read_configuration, read_price, refuse_trial

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numbers_toolkit.sandbox.account import Account
    from numbers_toolkit.sandbox.store import Filters

E164 = re.compile(r"\+[1-9][0-9]{0,14}", re.ASCII)
LARGEST_QUANTITY = 100


@dataclass(frozen=True)
class Wish:
    """The numbers an order asks for: one by name, or a quantity that passes filters."""

    phone_number: str = ""
    quantity: int = 1
    filters: Filters | None = None
    sequential: bool = False


def read_region_and_type(body: Mapping[str, Any]) -> tuple[str, str]:
    """Read the region and number type of an order, both of which must be given."""
    region, kind = (text_field(body, name) for name in ("regionCode", "numberType"))
    if not region:
        raise bad_field("regionCode", "must be given")
    if not kind:
        raise bad_field("numberType", "must be given")
    if kind not in NUMBER_TYPES:
        raise bad_enum("numberType", kind)
    return region, kind


def make_order(account: Account, body: Mapping[str, Any]) -> Order:
    """Reserve numbers and keep the order that holds them.

    Raises
    ------
    Refusal
        400 for a field, 403 for a trial account, 404 when the numbers are not on offer. Nothing is reserved then.
    """
    region, kind = read_region_and_type(body)
    wish = _read_wish(body, region, kind)
    configuration = _read_configurations(body, region)
    callback = text_field(body, "callbackUrl") or ""
    _check_callback(callback)
    refuse_trial(account)
    offers = _one_offer(account, wish, region, kind) if wish.filters is None else _offers(account, wish)
    for offer in offers:
        read_price(offer)  # a price that cannot be read must fail here, not when the order completes
    now, table = account.clock.now(), account.store.orders
    with account.change():
        order = Order(
            order_id=order_identifier(account.store.meta("seed") or "", table.count() + 1),
            region_code=region,
            number_type=kind,
            offers=offers,
            configuration=configuration,
            callback_url=callback,
            created=now,
            updated=now,
            expires=now + lifetime(account),
        )
        for phone_number in order.phone_numbers:
            account.store.take(phone_number)
        table.put(order)
    return order


def _read_wish(body: Mapping[str, Any], region: str, kind: str) -> Wish:
    given = [name for name in ("numberOrderOption", "quantityOrderOption") if name in body]
    if len(given) != 1:
        raise bad_field(
            "numberOrderOption", "exactly one of numberOrderOption and quantityOrderOption is needed"
        )
    option = body[given[0]]
    if not isinstance(option, dict):
        raise bad_field(given[0], "must be an object")
    option = {name: value for name, value in option.items() if value is not None}
    if given[0] == "numberOrderOption":
        return Wish(phone_number=_phone_number(option))
    return _read_quantity(option, region, kind)


def _phone_number(option: Mapping[str, Any]) -> str:
    field = "numberOrderOption.phoneNumbers"
    numbers = option.get("phoneNumbers")
    if not isinstance(numbers, list) or len(numbers) != 1:
        raise bad_field(field, "must be an array of exactly one phone number")
    if not isinstance(numbers[0], str) or not E164.fullmatch(numbers[0]):
        raise bad_field(f"{field}[0]", "must be a phone number in E.164 form")
    return str(numbers[0])


def _read_quantity(option: Mapping[str, Any], region: str, kind: str) -> Wish:
    path = "quantityOrderOption."
    quantity, sequential = option.get("requestedQuantity"), option.get("sequential", False)
    # In JSON 5.0 is a whole number as well; what Python adds to them, true and false, is none.
    if isinstance(quantity, float) and quantity.is_integer():
        quantity = int(quantity)
    if type(quantity) is not int or not 1 <= quantity <= LARGEST_QUANTITY:
        raise bad_field(f"{path}requestedQuantity", f"must be a whole number from 1 to {LARGEST_QUANTITY}")
    if not isinstance(sequential, bool):
        raise bad_field(f"{path}sequential", "must be true or false")
    return Wish("", quantity, read_body_filters(option, region, kind, path), sequential)


def _read_configurations(body: Mapping[str, Any], region: str) -> dict[str, Any]:
    """Check what the numbers are to be configured with, and return the known fields as they were sent."""
    voice = body.get("voiceConfiguration")
    if isinstance(voice, dict) and voice and not voice.get("type"):
        raise bad_field("voiceConfiguration.type", "must be given")
    wishes = read_configuration(body)
    configurations: dict[str, Any] = {}
    if wishes.sms is not None:
        if wishes.sms.get("campaignId") and region != "US":
            raise bad_field("smsConfiguration.campaignId", "campaigns are for US numbers only")
        configurations["smsConfiguration"] = wishes.sms
    if wishes.voice is not None:
        kind, target = wishes.voice
        if not target:
            raise bad_field(f"voiceConfiguration.{VOICE_IDS[kind]}", "must be given")
        configurations["voiceConfiguration"] = {"type": kind, VOICE_IDS[kind]: target}
    return configurations


def _check_callback(url: str) -> None:
    try:
        parts = urlsplit(url)
        good = not url or (parts.scheme in {"http", "https"} and bool(parts.hostname))
    except ValueError:
        good = False
    if not good:
        raise bad_field("callbackUrl", "must be an absolute http or https address")


def _one_offer(account: Account, wish: Wish, region: str, kind: str) -> list[dict[str, Any]]:
    found = account.store.offered(wish.phone_number)
    if found is None:
        raise not_on_offer(wish.phone_number)
    offer = json.loads(found)
    if (offer.get("regionCode"), offer.get("type")) != (region, kind):
        raise bad_field(
            "numberOrderOption.phoneNumbers[0]",
            f"{wish.phone_number} is {offer.get('regionCode')} {offer.get('type')}, not {region} {kind}",
        )
    return [offer]


def _offers(account: Account, wish: Wish) -> list[dict[str, Any]]:
    if wish.filters is None:
        return []
    if wish.sequential:
        texts = [
            account.store.offered(number) for number in _consecutive(account, wish.filters, wish.quantity)
        ]
    else:
        texts = [document for _, document in account.store.search(wish.filters, wish.quantity)]
    offers = [json.loads(text) for text in texts if text is not None]
    if len(offers) < wish.quantity:
        what = "consecutive numbers" if wish.sequential else "numbers"
        message = f"{wish.quantity} {what} were asked for, {len(offers)} are on offer"
        raise resource_refusal(HTTPStatus.NOT_FOUND, "AvailableNumber", "", message)
    return offers


def _consecutive(account: Account, filters: Filters, quantity: int) -> list[str]:
    """Return the first run of consecutive numbers on offer that is long enough, or the longest there is."""
    digits = sorted(
        int(number[1:]) for number in account.store.offered_numbers(filters) if E164.fullmatch(number)
    )
    # Along a run, number and position grow alike, so that their difference stays.
    runs = [
        [number for _, number in run] for _, run in groupby(enumerate(digits), lambda pair: pair[1] - pair[0])
    ]
    long_enough = next((run for run in runs if len(run) >= quantity), None)
    return [f"+{number}" for number in (long_enough or max(runs, key=len, default=[]))[:quantity]]
