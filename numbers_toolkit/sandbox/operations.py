"""The operations on regions, available numbers, active numbers and the callback secret.

Each takes the account and a decoded call and returns JSON text, or raises a refusal. The caller holds the
lock. What buying does to a number and to the money is in `numbers_toolkit.sandbox.renting`.

Choices where the API's behaviour is not documented: a released number stays listed and can be changed until
``expireAt``; a number that has expired does not go back on offer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from numbers_toolkit.sandbox import page_tokens, provisioning
from numbers_toolkit.sandbox.account import Account
from numbers_toolkit.sandbox.answers import bad_enum, bad_field, not_on_offer, not_rented, to_json
from numbers_toolkit.sandbox.catalogue import NUMBER_TYPES, OFFERS, REGION_NAMES
from numbers_toolkit.sandbox.parameters import (
    Call,
    read_body,
    read_body_filters,
    read_filters,
    read_order,
    read_size,
    read_sms,
    read_voice,
    several,
    single,
    text_field,
)
from numbers_toolkit.sandbox.renting import begin_jobs, buy, read_configuration, refuse_trial

if TYPE_CHECKING:
    from numbers_toolkit.sandbox.records import ActiveNumber

SECRET_LENGTHS = range(32, 65)


def list_regions(account: Account, call: Call) -> str:
    """List the regions that offer one of the types asked for, each with all its types."""
    wanted = set(several(call, ("types",), NUMBER_TYPES))
    types: dict[str, set[str]] = {}
    pairs = [(offer.region_code, offer.number_type) for offer in OFFERS]
    for region, kind in (*pairs, *account.store.offered_types()):
        types.setdefault(region, set()).add(kind)
    regions = [
        {
            "regionCode": region,
            "regionName": REGION_NAMES.get(region, region),
            "types": [
                *(kind for kind in NUMBER_TYPES if kind in offered),
                *sorted(offered - set(NUMBER_TYPES)),
            ],
        }
        for region, offered in sorted(types.items())
        if not wanted or wanted & offered
    ]
    return to_json({"availableRegions": regions})


def search_available(account: Account, call: Call) -> str:
    """Search the stock of one region and type."""
    for name in ("regionCode", "type"):
        if not single(call, name):
            raise bad_field("region_code" if name == "regionCode" else name, "must be given")
    found = account.store.search(read_filters(call), read_size(call, "size", account.settings))
    return f'{{"availableNumbers":[{",".join(document for _, document in found)}]}}'


def check_available(account: Account, call: Call) -> str:
    """Tell whether one number is on offer."""
    document = account.store.offered(call.phone_number)
    if document is None:
        raise not_on_offer(call.phone_number)
    return document


def rent(account: Account, call: Call) -> str:
    """Rent one number; only US LOCAL numbers can be rented this way."""
    body = read_body(call.body)
    refuse_trial(account)
    offered = account.store.offered(call.phone_number)
    if offered is None:
        raise not_on_offer(call.phone_number)
    offer = json.loads(offered)
    if (offer.get("regionCode"), offer.get("type")) != ("US", "LOCAL"):
        raise bad_field("phoneNumber", "only US LOCAL numbers can be rented; order others")
    return _rent(account, offer, body)


def rent_any(account: Account, call: Call) -> str:
    """Rent the first number on offer that matches."""
    body = read_body(call.body)
    _require_us_local(body)
    filters = read_body_filters(body, "US", "LOCAL")
    refuse_trial(account)
    found = account.store.search(filters, 1)
    if not found:
        raise not_on_offer("")
    return _rent(account, json.loads(found[0][1]), body)


def _require_us_local(body: Mapping[str, Any]) -> None:
    for name, only in (("regionCode", "US"), ("type", "LOCAL")):
        value = text_field(body, name)
        if not value:
            raise bad_field(name, "must be given")
        if name == "type" and value not in NUMBER_TYPES:
            raise bad_enum(name, value)
        if value != only:
            raise bad_field(name, f"only {only} numbers can be rented; order others")


def _rent(account: Account, offer: dict[str, Any], body: Mapping[str, Any]) -> str:
    wishes = read_configuration(body)
    with account.change():
        account.store.take(offer["phoneNumber"])
        number = buy(account, offer, wishes, account.clock.now())
    return to_json(number.document)


def list_active(account: Account, call: Call) -> str:
    """List a page of active numbers with the count of all matches."""
    filters, by_name = read_filters(call), read_order(call)
    size = read_size(call, "pageSize", account.settings)
    token, secret = single(call, "pageToken"), account.identity.signing_key
    after = page_tokens.read(token, filters, by_name, secret) if token else None
    rows = account.store.page(filters, by_name, after, size + 1)
    following = ""
    if len(rows) > size:
        rows.pop()
        number, name, _ = rows[-1]
        following = page_tokens.make((name, number) if by_name else (number,), filters, by_name, secret)
    documents = ",".join(document for _, _, document in rows)
    total = account.store.count(filters)
    return f'{{"activeNumbers":[{documents}],"nextPageToken":"{following}","totalSize":{total}}}'


def get_active(account: Account, call: Call) -> str:
    """Return one active number."""
    return to_json(_active(account, call).document)


def _active(account: Account, call: Call) -> ActiveNumber:
    number = account.store.active(call.phone_number)
    if number is None:
        raise not_rented(call.phone_number)
    return number


def update_active(account: Account, call: Call) -> str:
    """Change a number: name and callback at once, SMS and voice by jobs."""
    body = read_body(call.body, needed=True)
    number = _active(account, call)
    sms, voice = read_sms(body), read_voice(body)
    plain = {name: text_field(body, name) for name in ("displayName", "callbackUrl")}
    if sms is not None:
        _check_links(account, number, sms)
    with account.change():
        number.document |= {name: text for name, text in plain.items() if text is not None}
        begin_jobs(account, number, sms, voice, account.clock.now())
        account.store.put_active(number)
    return to_json(number.document)


def _check_links(account: Account, number: ActiveNumber, sms: Mapping[str, str]) -> None:
    current = number.document.get("smsConfiguration")
    links = current if isinstance(current, dict) else {}
    if "servicePlanId" not in sms and sms["campaignId"] and not links.get("servicePlanId"):
        raise bad_field("smsConfiguration.servicePlanId", "a campaign needs a service plan")
    if not account.settings.require_unlink:
        return
    for name, wanted in sms.items():
        if wanted and links.get(name) and links[name] != wanted:
            raise bad_field(f"smsConfiguration.{name}", f"unlink {links[name]} first")


def release(account: Account, call: Call) -> str:
    """End a rental at its next charge date; doing it again changes nothing."""
    number = _active(account, call)
    with account.change():
        provisioning.release(number)
        account.store.put_active(number)
    return to_json(number.document)


def get_callback(account: Account, call: Call) -> str:  # noqa: ARG001 - every operation takes a call
    """Return the secret that signs the project's events."""
    secret = account.store.meta("hmac_secret") or ""
    return to_json({"projectId": account.identity.project_id, "hmacSecret": secret})


def update_callback(account: Account, call: Call) -> str:
    """Set the secret that signs the project's events."""
    secret = text_field(read_body(call.body, needed=True), "hmacSecret")
    if secret is not None:
        if account.settings.enforce_secret_rule and not _is_good_secret(secret):
            raise bad_field("hmacSecret", "must be 32 to 64 letters, digits or hyphens")
        with account.change():
            account.store.set_meta("hmac_secret", secret)
    return get_callback(account, call)


def _is_good_secret(secret: str) -> bool:
    return secret.isascii() and secret.replace("-", "a").isalnum() and len(secret) in SECRET_LENGTHS


Operation = Callable[[Account, Call], str]
OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        operation.__name__: operation
        for operation in (
            list_regions,
            search_available,
            check_available,
            rent,
            rent_any,
            list_active,
            get_active,
            update_active,
            release,
            get_callback,
            update_callback,
        )
    }
)
