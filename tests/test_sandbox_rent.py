"""Renting: what a new number looks like, what it costs, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from numbers_toolkit.sandbox import Sandbox
from sandbox_helpers import Caller, violation


@pytest.fixture
def caller():
    with Sandbox(active=5, available=400, clock="manual") as sandbox, Caller(sandbox) as caller:
        yield caller
        assert sandbox.internal_errors == []


def not_on_offer(answer, number):
    (detail,) = answer.json()["error"]["details"]
    return (answer.status_code, detail["resourceType"], detail["resourceName"]) == (
        404,
        "AvailableNumber",
        number,
    )


def test_rented_number_shows_its_jobs_as_scheduled(caller):
    number = caller.on_offer()
    rented = caller.rent(
        number,
        smsConfiguration={"servicePlanId": "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57", "campaignId": "CQ4T8ZK"},
        voiceConfiguration={"type": "RTC", "appId": "b1d4c6a2-0f3e-4a57-8c99-2e7d5f60a813"},
        callbackUrl="https://hooks.example.com/numbers",
    )

    assert rented == {
        "phoneNumber": number,
        "projectId": caller.sandbox.project_id,
        "displayName": "",
        "regionCode": "US",
        "type": "LOCAL",
        "capability": ["SMS", "VOICE"],
        "money": {"currencyCode": "USD", "amount": "0.60"},
        "paymentIntervalMonths": 1,
        "nextChargeDate": "2026-04-02T09:00:00.000000Z",
        "expireAt": None,
        "smsConfiguration": {
            "servicePlanId": "",
            "scheduledProvisioning": {
                "servicePlanId": "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57",
                "campaignId": "CQ4T8ZK",
                "status": "WAITING",
                "lastUpdatedTime": "2026-03-02T09:00:00.000000Z",
                "errorCodes": [],
            },
            "campaignId": "",
        },
        "voiceConfiguration": {
            "appId": "",
            "scheduledVoiceProvisioning": {
                "appId": "b1d4c6a2-0f3e-4a57-8c99-2e7d5f60a813",
                "status": "WAITING",
                "lastUpdatedTime": "2026-03-02T09:00:00.000000Z",
                "type": "RTC",
                "trunkId": "",
                "serviceId": "",
            },
            "lastUpdatedTime": None,
            "type": "RTC",
            "trunkId": "",
            "serviceId": "",
        },
        "callbackUrl": "https://hooks.example.com/numbers",
    }
    assert caller.number(number) == rented


@pytest.mark.parametrize("options", [{}, {"json": {}}, {"data": b"  "}, {"json": {"smsConfiguration": None}}])
def test_rent_without_anything_to_configure_takes_any_empty_body(caller, options):
    number = caller.on_offer()
    answer = caller.call("POST", f"availableNumbers/{number}:rent", **options)

    assert answer.status_code == 200
    assert answer.json()["smsConfiguration"]["scheduledProvisioning"] is None
    assert answer.json()["voiceConfiguration"]["scheduledVoiceProvisioning"] is None


def test_rented_number_leaves_the_stock_and_is_active(caller):
    number, before = caller.on_offer(), caller.sandbox.available_count
    caller.rent(number)

    assert caller.sandbox.available_count == before - 1
    assert not_on_offer(caller.get(f"availableNumbers/{number}"), number)
    assert number in {each["phoneNumber"] for each in caller.numbers()}
    again = caller.call("POST", f"availableNumbers/{number}:rent")
    assert not_on_offer(again, number)
    assert len(caller.sandbox.ledger) == 1


def test_ledger_and_balance_are_exact(caller):
    caller.sandbox.add_available(
        {
            "phoneNumber": "+12015559876",
            "regionCode": "US",
            "type": "LOCAL",
            "capability": ["SMS"],
            "setupPrice": {"currencyCode": "USD", "amount": "0.10"},
            "monthlyPrice": {"currencyCode": "USD", "amount": "0.333"},
            "paymentIntervalMonths": 3,
            "supportingDocumentationRequired": False,
        }
    )
    caller.rent(caller.on_offer())
    caller.sandbox.advance(60)
    rented = caller.rent("+12015559876")

    first, second = caller.sandbox.ledger
    assert (first.setup, first.recurring, first.total) == (Decimal("0.60"), Decimal("0.60"), Decimal("1.20"))
    assert (second.setup, second.recurring, second.total) == (
        Decimal("0.10"),
        Decimal("0.999"),
        Decimal("1.099"),
    )
    assert (second.phone_number, second.currency_code) == ("+12015559876", "USD")
    assert (second.at - first.at).total_seconds() == 60
    assert caller.sandbox.balance == Decimal("10000.00") - Decimal("1.20") - Decimal("1.099")
    assert rented["money"]["amount"] == "0.999"
    assert rented["nextChargeDate"].startswith("2026-06-02")


def test_rent_takes_the_api_words_of_a_configuration_only(caller):
    number = caller.on_offer()
    for body, field in (
        ({"smsConfiguration": {}}, "smsConfiguration"),
        ({"voiceConfiguration": {}}, "voiceConfiguration"),
        ({"smsConfiguration": {"campaignId": "CQ4T8ZK"}}, "smsConfiguration.servicePlanId"),
        ({"smsConfiguration": {"servicePlanId": 5}}, "smsConfiguration.servicePlanId"),
        ({"smsConfiguration": {"servicePlanId": None}}, "smsConfiguration"),
        ({"smsConfiguration": []}, "smsConfiguration"),
        ({"voiceConfiguration": {"type": "EST", "appId": "a"}}, "voiceConfiguration.appId"),
        ({"voiceConfiguration": {"trunkId": "a"}}, "voiceConfiguration.trunkId"),
        ({"voiceConfiguration": {"type": "RTC"}}, "voiceConfiguration.appId"),
        ({"callbackUrl": 7}, "callbackUrl"),
    ):
        answer = caller.call("POST", f"availableNumbers/{number}:rent", json=body)
        assert violation(answer) == field, body

    assert caller.get(f"availableNumbers/{number}").status_code == 200
    assert caller.sandbox.ledger == ()


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'"text"', b"nul", b'{"a": NaN}', b'{"callbackUrl": "\xff"}', b'{"callbackUrl": "\\ud800"}',
     b"[" * 100_000],
    ids=["open", "array", "text", "word", "nan", "bytes", "half surrogate", "deep"],
)  # fmt: skip
def test_body_that_is_no_json_object_is_refused(caller, body):
    answer = caller.call("POST", f"availableNumbers/{caller.on_offer()}:rent", data=body)

    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert caller.sandbox.ledger == ()


@pytest.mark.parametrize(("region", "kind"), [("US", "TOLL_FREE"), ("SE", "MOBILE"), ("CA", "LOCAL")])
def test_only_us_local_can_be_rented_this_way(caller, region, kind):
    number = caller.on_offer(0, region, kind)

    assert violation(caller.call("POST", f"availableNumbers/{number}:rent")) == "phoneNumber"


def test_rent_any_takes_a_number_that_matches(caller):
    body = {
        "regionCode": "US",
        "type": "LOCAL",
        "numberPattern": {"pattern": "+1307", "searchPattern": "START"},
        "capabilities": ["SMS", "VOICE"],
        "smsConfiguration": {"servicePlanId": "SANDBOX_PLAN"},
    }
    rented = caller.call("POST", "availableNumbers:rentAny", json=body).json()

    assert rented["phoneNumber"].startswith("+1307")
    assert rented["smsConfiguration"]["scheduledProvisioning"]["servicePlanId"] == "SANDBOX_PLAN"
    assert [charge.phone_number for charge in caller.sandbox.ledger] == [rented["phoneNumber"]]


def test_rent_any_without_a_match_is_not_found(caller):
    body = {
        "regionCode": "US",
        "type": "LOCAL",
        "numberPattern": {"pattern": "1307", "searchPattern": "START"},
    }

    assert not_on_offer(caller.call("POST", "availableNumbers:rentAny", json=body), "")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "regionCode"),
        ({"regionCode": "US"}, "type"),
        ({"regionCode": "SE", "type": "LOCAL"}, "regionCode"),
        ({"regionCode": "US", "type": "TOLL_FREE"}, "type"),
        ({"regionCode": "US", "type": "LOCAL", "numberPattern": {"pattern": "x"}}, "numberPattern.pattern"),
        ({"regionCode": "US", "type": "LOCAL", "numberPattern": 5}, "numberPattern"),
        ({"regionCode": "US", "type": "LOCAL", "capabilities": "SMS"}, "capabilities"),
    ],
)
def test_rent_any_names_the_bad_field(caller, body, field):
    assert violation(caller.call("POST", "availableNumbers:rentAny", json=body)) == field


@pytest.mark.parametrize(
    ("change", "field"),
    [({"type": "FAX"}, "type"), ({"capabilities": [["SMS"]]}, "capabilities"),
     ({"numberPattern": {"searchPattern": "X"}}, "numberPattern.searchPattern")],
)  # fmt: skip
def test_rent_any_refuses_unknown_words(caller, change, field):
    answer = caller.call(
        "POST", "availableNumbers:rentAny", json={"regionCode": "US", "type": "LOCAL"} | change
    )

    assert answer.json()["error"]["message"].startswith(f'parsing field "{field}": ')


def test_trial_account_cannot_rent_but_can_search():
    with Sandbox(active=0, available=50, trial_account=True) as sandbox, Caller(sandbox) as caller:
        number = caller.on_offer()
        refusals = [
            caller.call("POST", f"availableNumbers/{number}:rent"),
            caller.call("POST", "availableNumbers:rentAny", json={"regionCode": "US", "type": "LOCAL"}),
        ]

    for refusal in refusals:
        error = refusal.json()["error"]
        assert (refusal.status_code, error["status"]) == (403, "PERMISSION_DENIED")
        assert error["message"] == "Trial account is not enabled to rent number"
        assert error["details"] == [
            {
                "type": "ResourceInfo",
                "resourceType": "AvailableNumber",
                "resourceName": "",
                "owner": "",
                "description": "Trial account is not enabled to rent number",
            }
        ]


def test_offer_without_prices_costs_nothing(caller):
    caller.sandbox.add_available({"phoneNumber": "+12015559876", "regionCode": "US", "type": "LOCAL"})
    rented = caller.rent("+12015559876")

    assert (rented["capability"], rented["money"]) == ([], {"currencyCode": "USD", "amount": "0"})
    assert caller.sandbox.ledger[0].total == 0
