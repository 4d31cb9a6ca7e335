"""The list of active numbers: filters, order, pages, tokens, totals."""

from __future__ import annotations

import re

import pytest

from numbers_toolkit.sandbox import Sandbox
from sandbox_helpers import Caller, active_number, violation


@pytest.fixture(scope="module")
def caller():
    with Sandbox(active=300, available=50, clock="manual") as sandbox, Caller(sandbox) as caller:
        yield caller
        assert sandbox.internal_errors == []


@pytest.fixture(scope="module")
def everything(caller):
    return caller.numbers()


def test_list_without_filters_holds_every_number_once(caller, everything):
    assert len(everything) == len({number["phoneNumber"] for number in everything}) == 300
    assert caller.get("activeNumbers").json()["totalSize"] == 300


def test_active_number_has_the_documented_keys_in_order(everything):
    plain = next(number for number in everything if number["smsConfiguration"]["servicePlanId"] == "")

    assert list(plain) == [
        "phoneNumber", "projectId", "displayName", "regionCode", "type", "capability", "money",
        "paymentIntervalMonths", "nextChargeDate", "expireAt", "smsConfiguration", "voiceConfiguration",
        "callbackUrl",
    ]  # fmt: skip
    assert list(plain["smsConfiguration"]) == ["servicePlanId", "scheduledProvisioning", "campaignId"]
    assert list(plain["voiceConfiguration"]) == [
        "appId", "scheduledVoiceProvisioning", "lastUpdatedTime", "type", "trunkId", "serviceId",
    ]  # fmt: skip


def test_timestamps_have_microseconds_and_money_is_text(everything):
    for number in everything:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", number["nextChargeDate"])
        assert isinstance(number["money"]["amount"], str)
        assert type(number["paymentIntervalMonths"]) is int
        assert number["displayName"] is not None


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ({"regionCode": "US"}, lambda n: n["regionCode"] == "US"),
        ({"type": "MOBILE"}, lambda n: n["type"] == "MOBILE"),
        ({"regionCode": "SE", "type": "MOBILE"}, lambda n: (n["regionCode"], n["type"]) == ("SE", "MOBILE")),
        ({"regionCode": "ZZ"}, lambda n: False),
        ({"capability": "VOICE"}, lambda n: "VOICE" in n["capability"]),
        ({"capabilities": ["SMS", "VOICE"]}, lambda n: len(n["capability"]) == 2),
        ({"numberPattern.pattern": "+46", "numberPattern.searchPattern": "START"},
         lambda n: n["phoneNumber"].startswith("+46")),
        ({"numberPattern.pattern": "46", "numberPattern.searchPattern": "START"}, lambda n: False),
        ({"numberPattern.pattern": "7", "numberPattern.searchPattern": "END"}, lambda n: n["phoneNumber"][-1] == "7"),
        ({"numberPattern.pattern": "555", "regionCode": "CA"},
         lambda n: n["regionCode"] == "CA" and "555" in n["phoneNumber"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [1000, 7])
def test_filters_narrow_pages_and_total_alike(caller, everything, query, matches, size):
    expected = [number for number in everything if matches(number)]
    pages = list(caller.pages(pageSize=size, **query))

    assert [number for page in pages for number in page["activeNumbers"]] == expected
    assert {page["totalSize"] for page in pages} == {len(expected)}
    assert all(len(page["activeNumbers"]) == size for page in pages[:-1])


def test_last_page_has_an_empty_token_also_when_it_is_full(caller):
    exact = caller.get("activeNumbers", pageSize=300).json()
    first = caller.get("activeNumbers", pageSize=150).json()

    assert (len(exact["activeNumbers"]), exact["nextPageToken"]) == (300, "")
    assert re.fullmatch(r"[A-Za-z0-9_-]+", first["nextPageToken"])


@pytest.mark.parametrize("spelling", ["displayName", "display_name", "DISPLAY_NAME"])
def test_order_by_name_pages_through_everything(caller, everything, spelling):
    names = [(n["displayName"], n["phoneNumber"]) for n in caller.numbers(orderBy=spelling, pageSize=11)]

    assert names == sorted((n["displayName"], n["phoneNumber"]) for n in everything)


@pytest.mark.parametrize("spelling", ["", "phoneNumber", "phone_number", "PHONE_NUMBER"])
def test_order_by_number_is_the_default(caller, everything, spelling):
    numbers = [number["phoneNumber"] for number in caller.numbers(orderBy=spelling, pageSize=100)]

    assert numbers == sorted(number["phoneNumber"] for number in everything)


def test_bad_order_names_the_field_and_the_value(caller):
    answer = caller.get("activeNumbers", orderBy="colour")

    assert violation(answer) == "order_by"
    assert "colour" in answer.json()["error"]["details"][0]["fieldViolations"][0]["description"]


@pytest.mark.parametrize("size", ["0", "-5", "abc", "2.0", "1e3", "2147483648"])
def test_bad_size_is_refused(caller, size):
    assert violation(caller.get("activeNumbers", pageSize=size)) == "page_size"


@pytest.mark.parametrize(
    "changed",
    [{"regionCode": "US"}, {"orderBy": "displayName"}, {"numberPattern.pattern": "5"}, {"capability": "SMS"}],
    ids=["region", "order", "pattern", "capability"],
)
def test_token_is_refused_when_the_filters_change(caller, changed):
    token = caller.get("activeNumbers", pageSize=10).json()["nextPageToken"]

    assert violation(caller.get("activeNumbers", pageSize=10, pageToken=token, **changed)) == "page_token"


@pytest.mark.parametrize("token", ["x", "AAAA", "%%%", "é", "a" * 5000, "AAAAAAAAAAAAWyIrMSJd"])
def test_invented_token_is_refused(caller, token):
    assert violation(caller.get("activeNumbers", pageToken=token)) == "page_token"


def test_page_size_may_change_between_pages(caller, everything):
    first = caller.get("activeNumbers", pageSize=10).json()
    rest = caller.get("activeNumbers", pageSize=1000, pageToken=first["nextPageToken"]).json()

    assert first["activeNumbers"] + rest["activeNumbers"] == everything


@pytest.mark.parametrize("order", ["phoneNumber", "displayName"])
def test_numbers_that_come_and_go_between_pages_move_no_other(order):
    documents = [
        active_number(f"+120155501{position:02d}", displayName="same") for position in range(0, 100, 2)
    ]
    with Sandbox(numbers=documents, available=0, clock="manual") as sandbox, Caller(sandbox) as caller:
        seen = []
        for turn, page in enumerate(caller.pages(pageSize=5, orderBy=order)):
            seen += [number["phoneNumber"] for number in page["activeNumbers"]]
            if turn == 2:
                sandbox.remove_active("+12015550100")
                sandbox.remove_active(seen[-1])
                sandbox.remove_active("+12015550190")
                sandbox.add_active(active_number("+12015550101", displayName="same"))
                sandbox.add_active(active_number("+12015550191", displayName="same"))

    expected = [document["phoneNumber"] for document in documents]
    expected[expected.index("+12015550190")] = "+12015550191"
    assert seen == expected


def test_token_with_a_name_in_any_script_stays_url_safe():
    names = ["Växel", "مبيعات", "客服 📞", "a\nb\tc\x00d", '"quoted"', "z"]
    documents = [active_number(f"+1201555010{i}", displayName=name) for i, name in enumerate(names)]
    with Sandbox(numbers=documents, available=0) as sandbox, Caller(sandbox) as caller:
        pages = list(caller.pages(pageSize=1, orderBy="displayName"))

    assert [page["activeNumbers"][0]["displayName"] for page in pages] == sorted(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]*", page["nextPageToken"]) for page in pages)


def test_total_follows_every_change():
    with Sandbox(active=20, available=50, clock="manual") as sandbox, Caller(sandbox) as caller:
        before = caller.get("activeNumbers").json()["totalSize"]
        number = caller.on_offer()
        caller.rent(number)
        during = caller.get("activeNumbers").json()["totalSize"]
        sandbox.remove_active(number)
        after = caller.get("activeNumbers").json()["totalSize"]

    assert (before, during, after) == (20, 21, 20)
