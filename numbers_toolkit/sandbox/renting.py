"""Turning a number on offer into an active one: the same for a rental and for an order that is completed.

Choices where the API's behaviour is not documented: a purchase whose cost exceeds the credit goes through and
overdraws the account; ``money`` is the amount of one payment interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from numbers_toolkit.sandbox import provisioning
from numbers_toolkit.sandbox.answers import bad_field, resource_refusal
from numbers_toolkit.sandbox.clock import add_months, to_datetime, to_text
from numbers_toolkit.sandbox.parameters import read_sms, read_voice, text_field
from numbers_toolkit.sandbox.records import ActiveNumber

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numbers_toolkit.sandbox.account import Account

TRIAL_MESSAGE = "Trial account is not enabled to rent number"


@dataclass(frozen=True)
class Configuration:
    """What a number is to be configured with from its first moment; None where nothing was asked for.

    `sms` holds ids by their names on the wire, `voice` is the pair of type and id.
    """

    sms: dict[str, str] | None = None
    voice: tuple[str, str] | None = None
    callback_url: str = ""


def read_configuration(body: Mapping[str, Any]) -> Configuration:
    """Read the configurations of a rental or an order."""
    sms, voice = read_sms(body), read_voice(body)
    callback = text_field(body, "callbackUrl") or ""
    if sms is not None and not sms.get("servicePlanId"):
        raise bad_field("smsConfiguration.servicePlanId", "must be given")
    return Configuration(sms, voice, callback)


def refuse_trial(account: Account) -> None:
    """Refuse what a trial account may not do."""
    if account.settings.trial_account:
        raise resource_refusal(HTTPStatus.FORBIDDEN, "AvailableNumber", "", TRIAL_MESSAGE)


def buy(account: Account, offer: Mapping[str, Any], wishes: Configuration, instant: int) -> ActiveNumber:
    """Charge a number and make it active at an instant; the caller has taken it off the offer."""
    price = read_price(offer)
    money = {"currencyCode": price.currency_code, "amount": str(price.recurring)}
    number = new_number(account, offer, money, price.interval, instant)
    number.document["callbackUrl"] = wishes.callback_url
    account.charge(number.phone_number, price.setup, price.recurring, price.currency_code, instant)
    begin_jobs(account, number, wishes.sms, wishes.voice, instant)
    account.store.put_active(number)
    return number


@dataclass(frozen=True)
class Price:
    """What a number costs at once, and at the beginning of every interval of months."""

    setup: Decimal
    recurring: Decimal
    currency_code: str
    interval: int


def read_price(offer: Mapping[str, Any]) -> Price:
    """Read the price of a number on offer; one that the caller brought along may have none."""
    interval = int(offer.get("paymentIntervalMonths") or 1)
    setup, monthly = (offer.get(name) or {} for name in ("setupPrice", "monthlyPrice"))
    return Price(
        setup=Decimal(str(setup.get("amount") or "0")),
        recurring=Decimal(str(monthly.get("amount") or "0")) * interval,
        currency_code=monthly.get("currencyCode", "USD"),
        interval=interval,
    )


def new_number(
    account: Account, offer: Mapping[str, Any], money: dict[str, str], interval: int, instant: int
) -> ActiveNumber:
    """Return a number that is rented from an instant on, without any configuration."""
    day = to_datetime(instant).day
    document = {
        "phoneNumber": offer["phoneNumber"],
        "projectId": account.identity.project_id,
        "displayName": "",
        "regionCode": offer["regionCode"],
        "type": offer["type"],
        "capability": offer.get("capability", []),
        "money": money,
        "paymentIntervalMonths": interval,
        "nextChargeDate": to_text(add_months(instant, interval, day)),
        "expireAt": None,
        "smsConfiguration": provisioning.no_sms(),
        "voiceConfiguration": provisioning.no_voice(),
        "callbackUrl": "",
    }
    return ActiveNumber(document, charge_day=day)


def begin_jobs(
    account: Account,
    number: ActiveNumber,
    sms: dict[str, str] | None,
    voice: tuple[str, str] | None,
    instant: int,
) -> None:
    """Start the provisioning jobs that were asked for."""
    if sms is not None:
        if sms.get("campaignId") and number.document.get("regionCode") != "US":
            raise bad_field("smsConfiguration.campaignId", "campaigns are for US numbers only")
        provisioning.begin_sms(account, number, sms, instant)
    if voice is not None:
        provisioning.begin_voice(account, number, *voice, instant)
