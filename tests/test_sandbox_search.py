"""Regions, search and check: filters, patterns, sizes, and what is refused."""

from __future__ import annotations

import pytest

from numbers_toolkit.sandbox import Sandbox
from sandbox_helpers import Caller, violation


@pytest.fixture(scope="module")
def caller():
    with Sandbox(active=100, available=2000, clock="manual") as sandbox, Caller(sandbox) as caller:
        yield caller
        assert sandbox.internal_errors == []


def found(caller, query):
    answer = caller.call("GET", f"availableNumbers?regionCode=US&type=LOCAL&{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["availableNumbers"]


def test_regions_have_code_name_and_types(caller):
    regions = {
        region["regionCode"]: region for region in caller.get("availableRegions").json()["availableRegions"]
    }

    assert regions["US"] == {
        "regionCode": "US",
        "regionName": "United States",
        "types": ["LOCAL", "TOLL_FREE"],
    }
    assert regions["NA"]["regionName"] == "Namibia"
    assert 20 <= len(regions) <= 30


def test_regions_filter_narrows_regions_but_keeps_all_their_types(caller):
    repeated = caller.call("GET", "availableRegions?types=TOLL_FREE&types=TOLL_FREE").json()[
        "availableRegions"
    ]
    joined = caller.call("GET", "availableRegions?types=TOLL_FREE,LOCAL").json()["availableRegions"]

    assert {region["regionCode"] for region in repeated} == {"US", "CA", "GB", "PL"}
    assert next(region["types"] for region in repeated if region["regionCode"] == "GB") == [
        "MOBILE", "LOCAL", "TOLL_FREE",
    ]  # fmt: skip
    assert len(joined) > len(repeated)


def test_unknown_type_is_refused_in_the_documented_words(caller):
    for path in ("availableRegions?types=FAX", "activeNumbers?type=FAX"):
        name = "types" if "types" in path else "type"
        error = caller.call("GET", path).json()["error"]
        assert error == {
            "code": 400,
            "message": f'parsing field "{name}": "FAX" is not a valid value',
            "status": "INVALID_ARGUMENT",
            "details": [],
        }


def test_available_number_has_the_documented_keys_in_order(caller):
    (number,) = found(caller, "size=1")

    assert list(number) == [
        "phoneNumber", "regionCode", "type", "capability", "setupPrice", "monthlyPrice", "paymentIntervalMonths",
        "supportingDocumentationRequired",
    ]  # fmt: skip
    assert number["setupPrice"] == {"currencyCode": "USD", "amount": "0.60"}
    assert number["supportingDocumentationRequired"] is True
    assert type(number["paymentIntervalMonths"]) is int


def test_search_without_size_gives_thirty_in_ascending_order(caller):
    numbers = [number["phoneNumber"] for number in found(caller, "")]

    assert len(numbers) == 30
    assert numbers == sorted(numbers)


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        (
            "numberPattern.pattern=%2B1307&numberPattern.searchPattern=START",
            lambda text: text.startswith("+1307"),
        ),
        (
            "numberPattern.pattern=+1307&numberPattern.searchPattern=START",
            lambda text: text.startswith("+1307"),
        ),
        ("numberPattern.pattern=0142&numberPattern.searchPattern=END", lambda text: text.endswith("0142")),
        ("numberPattern.pattern=7555&numberPattern.searchPattern=CONTAINS", lambda text: "7555" in text),
        ("numberPattern.pattern=7555", lambda text: "7555" in text),
        ("numberPattern.pattern=%2B1212&numberPattern.searchPattern=CONTAINS", lambda text: "+1212" in text),
    ],
    ids=["start", "start raw plus", "end", "contains", "default", "contains with plus"],
)
def test_patterns_match_the_text_with_its_plus(caller, query, matches):
    everything = [number["phoneNumber"] for number in found(caller, "size=1000")]
    expected = [text for text in everything if matches(text)]

    assert [number["phoneNumber"] for number in found(caller, f"size=1000&{query}")] == expected
    assert 0 < len(expected) < len(everything)


@pytest.mark.parametrize("pattern", ["307", "1307"])
def test_start_without_plus_finds_nothing(caller, pattern):
    assert found(caller, f"numberPattern.pattern={pattern}&numberPattern.searchPattern=START") == []


@pytest.mark.parametrize(
    "query",
    ["capability=SMS,VOICE", "capabilities=SMS&capabilities=VOICE", "capability=SMS&capabilities=VOICE"],
)
def test_capabilities_must_all_be_there(caller, query):
    both = found(caller, f"size=1000&{query}")

    assert all(number["capability"] == ["SMS", "VOICE"] for number in both)
    assert 0 < len(both) < len(found(caller, "size=1000"))


def test_unknown_region_is_an_empty_list(caller):
    answer = caller.get("availableNumbers", regionCode="ZZ", type="LOCAL")

    assert (answer.status_code, answer.json()) == (200, {"availableNumbers": []})


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("type=LOCAL", "region_code"),
        ("regionCode=US", "type"),
        ("regionCode=&type=LOCAL", "region_code"),
        ("regionCode=US&type=LOCAL&size=0", "size"),
        ("regionCode=US&type=LOCAL&size=-1", "size"),
        ("regionCode=US&type=LOCAL&size=1.5", "size"),
        ("regionCode=US&type=LOCAL&size=ten", "size"),
        ("regionCode=US&type=LOCAL&size=99999999999999999999", "size"),
        ("regionCode=US&type=LOCAL&size=%D9%A1", "size"),
        ("regionCode=US&type=LOCAL&numberPattern.pattern=12a", "number_pattern.pattern"),
        ("regionCode=US&type=LOCAL&numberPattern.pattern=1%2B2", "number_pattern.pattern"),
        ("regionCode=US&type=LOCAL&numberPattern.pattern=%2500", "number_pattern.pattern"),
        ("regionCode=US&regionCode=SE&type=LOCAL", "region_code"),
    ],
)
def test_bad_search_names_the_field(caller, query, field):
    assert violation(caller.call("GET", f"availableNumbers?{query}")) == field


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("regionCode=US&type=local", "type"),
        ("regionCode=US&type=LOCAL&capabilities=MMS", "capability"),
        ("regionCode=US&type=LOCAL&numberPattern.searchPattern=MIDDLE", "numberPattern.searchPattern"),
    ],
)
def test_unknown_words_are_refused(caller, query, field):
    error = caller.call("GET", f"availableNumbers?{query}").json()["error"]

    assert error["code"] == 400
    assert error["message"].startswith(f'parsing field "{field}": "')


def test_size_above_the_maximum_is_capped():
    sandbox = Sandbox(active=60, available=200, maximum_page_size=20, default_page_size=10)
    with sandbox, Caller(sandbox) as caller:
        search = caller.get("availableNumbers", regionCode="US", type="LOCAL", size=5000).json()
        listed = caller.get("activeNumbers", pageSize=5000).json()
        default = caller.get("activeNumbers").json()

    assert len(search["availableNumbers"]) == 20
    assert (len(listed["activeNumbers"]), len(default["activeNumbers"])) == (20, 10)


def test_check_answers_with_the_number_or_says_what_is_missing(caller):
    (number,) = found(caller, "size=1")

    assert caller.get(f"availableNumbers/{number['phoneNumber']}").json() == number
    missing = caller.get("availableNumbers/+12015559999")
    assert missing.status_code == 404
    assert missing.json() == {
        "error": {
            "code": 404,
            "message": "",
            "status": "NOT_FOUND",
            "details": [
                {
                    "type": "ResourceInfo",
                    "resourceType": "AvailableNumber",
                    "resourceName": "+12015559999",
                    "owner": "",
                    "description": "",
                }
            ],
        }
    }
