"""What an order has to come with: the look-up of requirements, region by region."""

from __future__ import annotations

import re

import pytest

from numbers_toolkit.sandbox import Sandbox
from numbers_toolkit.sandbox.catalogue import OFFERS
from numbers_toolkit.sandbox.requirements import REQUIREMENTS
from order_helpers import look_up, missing
from sandbox_helpers import Caller, violation

PAIRS = [(offer.region_code, offer.number_type) for offer in OFFERS]


@pytest.fixture(scope="module")
def caller():
    with Sandbox(active=0, available=1000, clock="manual") as sandbox, Caller(sandbox) as caller:
        yield caller
        assert sandbox.internal_errors == []


@pytest.mark.parametrize(
    ("region", "kind"),
    [("US", "LOCAL"), ("US", "TOLL_FREE"), ("US", "MOBILE"), ("XK", "LOCAL"), ("SE", "TOLL_FREE")],
)
def test_us_and_what_is_not_in_the_price_list_have_no_known_requirements(caller, region, kind):
    assert missing(look_up(caller, region, kind)) == (
        404,
        "NumberProduct",
        "numberRequirements",
        "Number requirements not found",
    )


def test_region_without_papers_asks_for_nothing(caller):
    answer = look_up(caller, "SE", "MOBILE")

    assert (answer.status_code, answer.json()) == (200, {"fields": {}, "attachments": []})


def test_australia_answers_like_the_documented_sample(caller):
    answer = look_up(caller, "AU", "MOBILE").json()

    assert answer["fields"] == {
        "schema": "/schema/au-mobile-v1.json",
        "rules": [
            {
                "template": {
                    "endBusinessName": "",
                    "address": "",
                    "city": "",
                    "country": "",
                    "contactNumber": "",
                }
            }
        ],
        "attachments": [],
    }
    assert answer["attachments"][0] == {
        "id": "01kq4ye5f2g7h9j1k3m6n8p0qr",
        "description": "Signed statement of use",
        "mandatory": True,
        "template": [{"name": "statement.rtf", "url": "https://files.example.com/statement.rtf"}],
        "title": "Statement",
        "allowedMimeTypes": ["application/pdf"],
        "allowedDocumentTypes": ["Passport", "Driving licence"],
    }


def test_schema_elsewhere_is_a_json_schema_with_what_a_form_needs(caller):
    answer = look_up(caller, "DE", "MOBILE").json()
    schema = answer["fields"]["schema"]

    assert schema["type"] == "object"
    assert set(schema["required"]) < set(schema["properties"])
    assert all(field["title"] and field["description"] for field in schema["properties"].values())
    assert schema["properties"]["postalCode"]["pattern"] == "^[0-9]{5}$"
    assert schema["properties"]["country"]["enum"] == ["DE"]
    assert schema["properties"]["monthlyMessages"]["type"] == "integer"
    assert answer["fields"]["rules"][0]["template"].keys() == schema["properties"].keys()
    assert [paper["mandatory"] for paper in answer["attachments"]] == [True, False]


@pytest.mark.parametrize(("region", "kind"), PAIRS, ids=lambda part: part)
def test_requirements_agree_with_the_numbers_on_offer(caller, region, kind):
    (number,) = caller.get("availableNumbers", regionCode=region, type=kind, size=1).json()[
        "availableNumbers"
    ]
    answer = look_up(caller, region, kind)

    if region == "US":
        assert (number["supportingDocumentationRequired"], answer.status_code) == (True, 404)
    else:
        asked = bool(answer.json()["fields"])
        assert asked is number["supportingDocumentationRequired"]
        assert asked or not answer.json()["attachments"]


def test_attachment_ids_are_unique_look_like_ulids_and_stay_the_same(caller):
    pairs = [pair for pair in PAIRS if pair[0] != "US"]
    first, again = (
        [paper["id"] for pair in pairs for paper in look_up(caller, *pair).json()["attachments"]]
        for _ in range(2)
    )

    assert first == again
    assert len(set(first)) == len(first) > 20
    assert all(re.fullmatch(r"[0-7][0-9a-hjkmnp-tv-z]{25}", each) for each in first)


def test_regions_differ_in_what_they_ask_for():
    kinds = {
        (bool(each.reference), bool(each.papers), all(paper.mandatory for paper in each.papers.values()))
        for each in REQUIREMENTS.values()
    }

    assert kinds >= {(True, True, True), (True, True, False), (False, True, False), (False, False, True)}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "regionCode"),
        ({"numberType": "LOCAL"}, "regionCode"),
        ({"regionCode": "", "numberType": "LOCAL"}, "regionCode"),
        ({"regionCode": 46, "numberType": "LOCAL"}, "regionCode"),
        ({"regionCode": "SE"}, "numberType"),
        ({"regionCode": "SE", "type": "LOCAL"}, "numberType"),
    ],
)
def test_region_and_number_type_must_be_given(caller, body, field):
    answer = caller.call("POST", "numberOrders:lookupNumberRequirements", json=body)

    assert violation(answer) == field


def test_number_type_that_does_not_exist_is_named(caller):
    error = look_up(caller, "SE", "PAGER").json()["error"]

    assert error["message"] == 'parsing field "numberType": "PAGER" is not a valid value'
    assert error["details"] == []


@pytest.mark.parametrize("colon", [":", "%3A", "%3a"])
def test_colon_is_taken_raw_or_encoded(caller, colon):
    body = {"regionCode": "SE", "numberType": "MOBILE"}
    answer = caller.call("POST", f"numberOrders{colon}lookupNumberRequirements", json=body)

    assert answer.status_code == 200
    assert caller.sandbox.requests[-1].operation == "lookup_requirements"
