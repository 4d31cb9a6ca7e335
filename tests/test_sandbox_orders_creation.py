"""Creating an order: what is reserved, what it costs, and what is refused."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from numbers_toolkit.sandbox import Sandbox
from order_helpers import create, missing, order_number, order_of, violations
from sandbox_helpers import Caller

PLAN = "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57"
SWEDISH = {"regionCode": "SE", "numberType": "MOBILE"}


@pytest.fixture
def caller():
    with Sandbox(active=0, available=1000, clock="manual") as sandbox, Caller(sandbox) as caller:
        yield caller
        assert sandbox.internal_errors == []


@pytest.fixture(scope="module")
def shared():
    """A caller for requests that are refused and leave nothing behind."""
    with Sandbox(active=0, available=1000, clock="manual") as sandbox, Caller(sandbox) as caller:
        before = sandbox.available_count
        yield caller
        assert (sandbox.orders, sandbox.available_count, sandbox.internal_errors) == ((), before, [])


def test_order_of_one_number_shows_what_was_asked_for(caller):
    number = caller.on_offer(0, "AU", "MOBILE")
    answer = create(
        caller,
        regionCode="AU",
        numberType="MOBILE",
        smsConfiguration={"servicePlanId": PLAN},
        voiceConfiguration={"type": "RTC", "appId": "app"},
        callbackUrl="https://hooks.example.com/orders",
        numberOrderOption={"phoneNumbers": [number]},
    )
    order = answer.json()

    assert answer.status_code == 200
    assert re.fullmatch(r"[0-7][0-9a-hjkmnp-tv-z]{25}", order["idNumberOrder"])
    assert list(order.items()) == [
        ("projectId", caller.sandbox.project_id),
        ("idNumberOrder", order["idNumberOrder"]),
        ("regionCode", "AU"),
        ("state", "CREATED"),
        ("numberType", "MOBILE"),
        (
            "orderNumbers",
            [
                {
                    "phoneNumber": number,
                    "numberPrice": {
                        "setupPrice": {"currencyCode": "AUD", "amount": "0.00"},
                        "monthlyPrice": {"currencyCode": "AUD", "amount": "9.90"},
                        "paymentIntervalMonths": 1,
                    },
                    "capabilities": ["SMS", "VOICE"],
                }
            ],
        ),
        ("smsConfiguration", {"servicePlanId": PLAN}),
        ("voiceConfiguration", {"type": "RTC", "appId": "app"}),
        ("expireTime", "2026-03-04T09:00:00.000000Z"),
        ("createTime", "2026-03-02T09:00:00.000000Z"),
        ("updateTime", "2026-03-02T09:00:00.000000Z"),
    ]
    assert order_of(caller, order).json() == order


def test_ordered_number_leaves_the_offer_and_costs_nothing_yet(caller):
    before = caller.sandbox.available_count
    order = order_number(caller, "US", "LOCAL")
    number = order["orderNumbers"][0]["phoneNumber"]
    found = caller.get("availableNumbers", regionCode="US", type="LOCAL", size=1000).json()[
        "availableNumbers"
    ]

    assert "smsConfiguration" not in order
    assert number not in {each["phoneNumber"] for each in found}
    for answer in (
        caller.get(f"availableNumbers/{number}"),
        caller.call("POST", f"availableNumbers/{number}:rent"),
        create(caller, regionCode="US", numberType="LOCAL", numberOrderOption={"phoneNumbers": [number]}),
    ):
        assert missing(answer) == (404, "AvailableNumber", number, "")
    assert caller.sandbox.available_count == before - 1
    assert (caller.sandbox.active_count, caller.sandbox.ledger, len(caller.sandbox.orders)) == (0, (), 1)


def test_quantity_reserves_that_many_matching_numbers(caller):
    answer = create(
        caller,
        regionCode="US",
        numberType="LOCAL",
        quantityOrderOption={
            "requestedQuantity": 5,
            "numberPattern": {"pattern": "+1307", "searchPattern": "START"},
            "sequential": False,
            "capabilities": ["SMS", "VOICE"],
        },
    )
    numbers = [each["phoneNumber"] for each in answer.json()["orderNumbers"]]

    assert len(set(numbers)) == 5
    assert all(number.startswith("+1307") for number in numbers)
    assert all(each["capabilities"] == ["SMS", "VOICE"] for each in answer.json()["orderNumbers"])
    assert caller.sandbox.available_count == 995
    assert caller.sandbox.orders[0].phone_numbers == tuple(numbers)


def test_of_many_who_order_one_number_at_once_one_gets_it(caller):
    number = caller.on_offer(0, "SE", "MOBILE")

    def order(_):
        with Caller(caller.sandbox) as own:
            return create(own, **SWEDISH, numberOrderOption={"phoneNumbers": [number]}).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(order, range(16)))

    assert statuses == [200] + [404] * 15
    assert len(caller.sandbox.orders) == 1


def test_hundred_numbers_can_be_ordered_at_once(caller):
    answer = create(
        caller, regionCode="US", numberType="LOCAL", quantityOrderOption={"requestedQuantity": 100}
    )

    assert len(answer.json()["orderNumbers"]) == 100
    assert caller.sandbox.available_count == 900


def test_sequential_quantity_takes_consecutive_numbers():
    lines = [101, 103, 104, 106, 107, 108, 110, 112, 113, 114, 115]
    offers = [
        {"phoneNumber": f"+120155501{line}", "regionCode": "US", "type": "LOCAL", "capability": ["SMS"]}
        for line in lines
    ]
    with Sandbox(active=0, available_numbers=offers) as sandbox, Caller(sandbox) as caller:
        wish = {"requestedQuantity": 3, "sequential": True}
        answer = create(caller, regionCode="US", numberType="LOCAL", quantityOrderOption=wish)
        wish["requestedQuantity"] = 5
        again = create(caller, regionCode="US", numberType="LOCAL", quantityOrderOption=wish)

        assert [each["phoneNumber"] for each in answer.json()["orderNumbers"]] == [
            "+120155501106",
            "+120155501107",
            "+120155501108",
        ]
        message = "5 consecutive numbers were asked for, 4 are on offer"
        assert missing(again) == (404, "AvailableNumber", "", message)
        assert sandbox.available_count == 8


def test_quantity_that_is_not_on_offer_reserves_nothing(shared):
    found = shared.get("availableNumbers", regionCode="AU", type="LOCAL", size=1000).json()[
        "availableNumbers"
    ]
    wish = {"requestedQuantity": len(found) + 1}
    answer = create(shared, regionCode="AU", numberType="LOCAL", quantityOrderOption=wish)

    message = f"{len(found) + 1} numbers were asked for, {len(found)} are on offer"
    assert missing(answer) == (404, "AvailableNumber", "", message)


def test_number_that_is_not_on_offer_is_not_found(shared):
    answer = create(shared, **SWEDISH, numberOrderOption={"phoneNumbers": ["+46701740999"]})

    assert missing(answer) == (404, "AvailableNumber", "+46701740999", "")


def test_number_of_another_region_or_type_is_refused(shared):
    number = shared.on_offer(0, "SE", "MOBILE")
    answer = create(shared, regionCode="SE", numberType="LOCAL", numberOrderOption={"phoneNumbers": [number]})

    assert violations(answer) == {"numberOrderOption.phoneNumbers[0]": f"{number} is SE MOBILE, not SE LOCAL"}


NUMBER = {"numberOrderOption": {"phoneNumbers": ["+46701740605"]}}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"numberType": "MOBILE", **NUMBER}, "regionCode"),
        ({"regionCode": "SE", "type": "MOBILE", **NUMBER}, "numberType"),
        (SWEDISH, "numberOrderOption"),
        ({**SWEDISH, **NUMBER, "quantityOrderOption": {"requestedQuantity": 1}}, "numberOrderOption"),
        ({**SWEDISH, "numberOrderOption": []}, "numberOrderOption"),
        ({**SWEDISH, "quantityOrderOption": 5}, "quantityOrderOption"),
        ({**SWEDISH, "numberOrderOption": {}}, "numberOrderOption.phoneNumbers"),
        ({**SWEDISH, "numberOrderOption": {"phoneNumbers": []}}, "numberOrderOption.phoneNumbers"),
        ({**SWEDISH, "numberOrderOption": {"phoneNumbers": ["+461", "+462"]}}, "numberOrderOption.phoneNumbers"),
        ({**SWEDISH, "numberOrderOption": {"phoneNumbers": "+461"}}, "numberOrderOption.phoneNumbers"),
        ({**SWEDISH, "numberOrderOption": {"phoneNumbers": ["461"]}}, "numberOrderOption.phoneNumbers[0]"),
        ({**SWEDISH, "numberOrderOption": {"phoneNumbers": [461]}}, "numberOrderOption.phoneNumbers[0]"),
        ({**SWEDISH, "callbackUrl": "hooks.example.com", **NUMBER}, "callbackUrl"),
        ({**SWEDISH, "callbackUrl": "ftp://hooks.example.com", **NUMBER}, "callbackUrl"),
        ({**SWEDISH, "callbackUrl": "https://[", **NUMBER}, "callbackUrl"),
        ({**SWEDISH, "callbackUrl": 7, **NUMBER}, "callbackUrl"),
        ({**SWEDISH, "smsConfiguration": {}, **NUMBER}, "smsConfiguration"),
        ({**SWEDISH, "smsConfiguration": {"campaignId": "C"}, **NUMBER}, "smsConfiguration.servicePlanId"),
        ({**SWEDISH, "smsConfiguration": {"servicePlanId": ""}, **NUMBER}, "smsConfiguration.servicePlanId"),
        ({**SWEDISH, "smsConfiguration": {"servicePlanId": "p", "campaignId": "C"}, **NUMBER},
         "smsConfiguration.campaignId"),
        ({**SWEDISH, "voiceConfiguration": {}, **NUMBER}, "voiceConfiguration"),
        ({**SWEDISH, "voiceConfiguration": {"appId": "a"}, **NUMBER}, "voiceConfiguration.type"),
        ({**SWEDISH, "voiceConfiguration": {"type": "EST", "appId": "a"}, **NUMBER}, "voiceConfiguration.appId"),
        ({**SWEDISH, "voiceConfiguration": {"type": "EST"}, **NUMBER}, "voiceConfiguration.trunkId"),
        ({**SWEDISH, "voiceConfiguration": {"type": "FAX", "serviceId": ""}, **NUMBER},
         "voiceConfiguration.serviceId"),
    ],
)  # fmt: skip
def test_bad_field_is_named(shared, body, field):
    assert violations(create(shared, **body)).keys() == {field}


@pytest.mark.parametrize(
    ("option", "field"),
    [
        ({}, "requestedQuantity"),
        ({"requestedQuantity": 0}, "requestedQuantity"),
        ({"requestedQuantity": 101}, "requestedQuantity"),
        ({"requestedQuantity": 2.5}, "requestedQuantity"),
        ({"requestedQuantity": True}, "requestedQuantity"),
        ({"requestedQuantity": "2"}, "requestedQuantity"),
        ({"requestedQuantity": 2, "sequential": "yes"}, "sequential"),
        ({"requestedQuantity": 2, "capabilities": "SMS"}, "capabilities"),
        ({"requestedQuantity": 2, "numberPattern": "+46"}, "numberPattern"),
        ({"requestedQuantity": 2, "numberPattern": {"pattern": "46x"}}, "numberPattern.pattern"),
        ({"requestedQuantity": 2, "numberPattern": {"pattern": 46}}, "numberPattern.pattern"),
    ],
)
def test_bad_field_of_a_quantity_is_named(shared, option, field):
    answer = create(shared, **SWEDISH, quantityOrderOption=option)

    assert violations(answer).keys() == {f"quantityOrderOption.{field}"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"regionCode": "SE", "numberType": "PAGER", **NUMBER}, "numberType"),
        ({**SWEDISH, "voiceConfiguration": {"type": "SIP"}, **NUMBER}, "voiceConfiguration.type"),
        ({**SWEDISH, "quantityOrderOption": {"requestedQuantity": 1, "capabilities": ["MMS"]}},
         "quantityOrderOption.capabilities"),
        ({**SWEDISH, "quantityOrderOption": {"requestedQuantity": 1, "numberPattern": {"searchPattern": "X"}}},
         "quantityOrderOption.numberPattern.searchPattern"),
    ],
)  # fmt: skip
def test_word_that_an_enum_does_not_have_is_refused(shared, body, field):
    error = create(shared, **body).json()["error"]

    assert (error["code"], error["message"].startswith(f'parsing field "{field}": ')) == (400, True)


def test_body_that_is_no_json_object_is_refused(shared):
    for body in (b"{", b"[]"):
        answer = shared.call("POST", "numberOrders:createNumberOrder", data=body)
        assert (answer.status_code, answer.json()["error"]["details"]) == (400, [])


def test_nulls_count_as_not_given(caller):
    order = order_number(caller, quantityOrderOption=None, smsConfiguration=None, callbackUrl=None)

    assert order["state"] == "CREATED"


def test_campaign_is_taken_for_us_numbers(caller):
    sms = {"servicePlanId": PLAN, "campaignId": "CQ4T8ZK"}

    assert order_number(caller, "US", "LOCAL", smsConfiguration=sms)["smsConfiguration"] == sms


def test_trial_account_cannot_order():
    with Sandbox(active=0, available=100, trial_account=True) as sandbox, Caller(sandbox) as caller:
        answer = create(caller, **SWEDISH, quantityOrderOption={"requestedQuantity": 1})

        error = answer.json()["error"]
        assert (answer.status_code, error["status"]) == (403, "PERMISSION_DENIED")
        assert error["message"] == "Trial account is not enabled to rent number"
        assert error["details"][0]["resourceType"] == "AvailableNumber"
        assert sandbox.available_count == 100


def test_number_brought_along_without_a_price_costs_nothing():
    offer = {"phoneNumber": "+38300000001", "regionCode": "XK", "type": "LOCAL"}
    with Sandbox(active=0, available_numbers=[offer]) as sandbox, Caller(sandbox) as caller:
        order = order_number(caller, "XK", "LOCAL")

        free = {"currencyCode": "USD", "amount": "0"}
        assert order["orderNumbers"] == [
            {
                "phoneNumber": "+38300000001",
                "numberPrice": {"setupPrice": free, "monthlyPrice": free, "paymentIntervalMonths": 1},
                "capabilities": [],
            }
        ]
        assert sandbox.internal_errors == []


def test_number_brought_along_with_an_unreadable_price_cannot_be_ordered():
    odd = {"currencyCode": "USD", "amount": "free"}
    offer = {"phoneNumber": "+38300000001", "regionCode": "XK", "type": "LOCAL", "monthlyPrice": odd}
    with Sandbox(active=0, available_numbers=[offer]) as sandbox, Caller(sandbox) as caller:
        answer = create(
            caller, regionCode="XK", numberType="LOCAL", numberOrderOption={"phoneNumbers": ["+38300000001"]}
        )

        assert (answer.status_code, len(sandbox.internal_errors)) == (500, 1)
        assert (sandbox.orders, sandbox.available_count) == ((), 1)


def test_order_ids_follow_from_seed_and_count():
    runs = []
    for seed in (7, 7, 8):
        with Sandbox(active=0, available=300, seed=seed) as sandbox, Caller(sandbox) as caller:
            runs.append([order_number(caller)["idNumberOrder"] for _ in range(3)])
            assert [order.order_id for order in sandbox.orders] == runs[-1]

    assert runs[0] == runs[1] == sorted(set(runs[0]))
    assert not set(runs[0]) & set(runs[2])


def test_lifetime_of_an_order_is_a_switch():
    with Sandbox(active=0, available=300, clock="manual", order_lifetime=1800) as sandbox:
        with Caller(sandbox) as caller:
            order = order_number(caller)

        assert order["expireTime"] == "2026-03-02T09:30:00.000000Z"
        assert sandbox.orders[0].expires_at.isoformat() == "2026-03-02T09:30:00+00:00"


@pytest.mark.parametrize(
    "options",
    [{"order_lifetime": 1799}, {"review_seconds": -1}, {"upload_seconds": -0.1}, {"attachment_limit": 0}],
    ids=str,
)
def test_switches_that_cannot_be_served_are_refused(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        Sandbox(**options)


def test_unknown_order_is_not_found(shared):
    for step in ("", "/registration"):
        answer = shared.get(f"numberOrders/01kq4yfz8d1c3b5n7m9v2x4w6t{step}")
        assert missing(answer) == (404, "NumberOrder", "01kq4yfz8d1c3b5n7m9v2x4w6t", "")


def test_orders_cannot_be_listed(shared):
    assert shared.get("numberOrders").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "numberOrders:createNumberOrder", "POST"),
        ("DELETE", "numberOrders/x", "GET"),
        ("POST", "numberOrders/x/registration", "GET, PUT"),
        ("GET", "numberOrders/x/attachments/y", "POST"),
        ("GET", "numberOrders/x/submit", "POST"),
        ("PUT", "numberOrders/x:submit", None),
    ],
)
def test_other_methods_and_paths_are_refused(shared, method, path, allowed):
    answer = shared.call(method, path)

    assert answer.status_code == (405 if allowed else 404)
    assert answer.headers.get("allow") == allowed
