"""Money of orders and rentals: when they are charged, in which currency, and what draws the balance."""

from __future__ import annotations

from decimal import Decimal

import pytest

from numbers_toolkit.sandbox import Sandbox
from order_helpers import create, order_number, submit
from sandbox_helpers import Caller

PLAN = "SANDBOX_PLAN"


@pytest.fixture
def caller():
    with Sandbox(active=0, available=1000, clock="manual") as sandbox, Caller(sandbox) as caller:
        yield caller
        assert sandbox.internal_errors == []


def complete(caller, order):
    submit(caller, order)
    caller.sandbox.advance(3)


def codes(caller, number):
    return caller.number(number)["smsConfiguration"]["scheduledProvisioning"]["errorCodes"]


def test_order_is_charged_when_it_completes(caller):
    order = order_number(caller, "US", "LOCAL")
    moments = [len(caller.sandbox.ledger)]
    submit(caller, order)
    moments.append(len(caller.sandbox.ledger))
    caller.sandbox.advance(3)
    moments.append(len(caller.sandbox.ledger))

    assert moments == [0, 0, 1]
    (charge,) = caller.sandbox.ledger
    assert (charge.phone_number, charge.setup, charge.recurring, charge.currency_code) == (
        order["orderNumbers"][0]["phoneNumber"],
        Decimal("0.60"),
        Decimal("0.60"),
        "USD",
    )
    assert charge.at.isoformat() == "2026-03-02T09:00:03+00:00"
    assert caller.sandbox.balance == Decimal("9998.80")


def test_only_us_dollars_draw_the_balance(caller):
    for region, kind in (("SE", "MOBILE"), ("GB", "MOBILE"), ("NL", "LOCAL"), ("US", "LOCAL")):
        complete(caller, order_number(caller, region, kind))

    assert [(charge.currency_code, charge.total) for charge in caller.sandbox.ledger] == [
        ("SEK", Decimal("24.00")),
        ("GBP", Decimal("0.85")),
        ("EUR", Decimal("14.40")),
        ("USD", Decimal("1.20")),
    ]
    assert caller.sandbox.balance == Decimal("9998.80")


def test_rental_in_another_currency_leaves_the_balance_alone(caller):
    caller.sandbox.add_available(
        {
            "phoneNumber": "+12015559876",
            "regionCode": "US",
            "type": "LOCAL",
            "capability": ["SMS"],
            "setupPrice": {"currencyCode": "EUR", "amount": "1.00"},
            "monthlyPrice": {"currencyCode": "EUR", "amount": "2.00"},
            "paymentIntervalMonths": 1,
        }
    )
    caller.rent("+12015559876")

    assert caller.sandbox.ledger[0].total == Decimal("3.00")
    assert caller.sandbox.balance == Decimal("10000.00")


def test_charge_in_another_currency_does_not_overdraw_the_account(caller):
    caller.sandbox.balance = Decimal("1.00")
    order = order_number(caller, smsConfiguration={"servicePlanId": PLAN})
    complete(caller, order)
    caller.sandbox.advance(7)

    number = caller.number(order["orderNumbers"][0]["phoneNumber"])
    assert number["smsConfiguration"]["servicePlanId"] == PLAN


def test_order_that_overdraws_the_account_completes_and_its_jobs_fail(caller):
    caller.sandbox.balance = Decimal("2.00")
    order = create(
        caller,
        regionCode="US",
        numberType="LOCAL",
        quantityOrderOption={"requestedQuantity": 2},
        smsConfiguration={"servicePlanId": PLAN},
    ).json()
    complete(caller, order)
    caller.sandbox.advance(7)

    assert caller.sandbox.balance == Decimal("-0.40")
    for each in order["orderNumbers"]:
        assert codes(caller, each["phoneNumber"]) == ["INSUFFICIENT_BALANCE"]


def test_ledger_adds_up_to_the_prices_of_the_orders(caller):
    orders = [
        create(
            caller, regionCode=region, numberType=kind, quantityOrderOption={"requestedQuantity": 3}
        ).json()
        for region, kind in (("NL", "LOCAL"), ("FI", "MOBILE"), ("MX", "LOCAL"))
    ]
    for order in orders:
        complete(caller, order)

    expected = {}
    for each in (number for order in orders for number in order["orderNumbers"]):
        price = each["numberPrice"]
        total = Decimal(price["setupPrice"]["amount"])
        total += Decimal(price["monthlyPrice"]["amount"]) * price["paymentIntervalMonths"]
        expected[each["phoneNumber"]] = (price["monthlyPrice"]["currencyCode"], total)
    assert expected == {
        charge.phone_number: (charge.currency_code, charge.total) for charge in caller.sandbox.ledger
    }
