"""What a person asks for: what a region offers, what can't be, and what is sent."""

from __future__ import annotations

import pandas as pd
import pytest

import numbers_toolkit as nt
from numbers_toolkit.errors import IncompleteDataWarning, UnknownValueWarning
from numbers_toolkit.widgets.search_criteria import Criteria, Offer, type_label
from scripted_server import Reply, ScriptedServer

REGIONS = pd.DataFrame(
    [
        ("US", "United States", "LOCAL"),
        ("US", "United States", "TOLL_FREE"),
        ("SE", "Sweden", "MOBILE"),
        ("SE", "Sweden", "LOCAL"),
        ("SE", "Sweden", "SATELLITE"),
        ("NA", None, "MOBILE"),
        ("AX", "Åland", None),
    ],
    columns=["region_code", "region_name", "number_type"],
)
OFFER = Offer.of(REGIONS)


def told(_message, _category):
    raise AssertionError("nothing to warn of")


def test_regions_are_sorted_by_name_and_say_what_they_offer():
    assert [(one["value"], one["label"], one["note"]) for one in OFFER.region_options()] == [
        ("NA", "NA", "Mobile"),
        ("SE", "Sweden (SE)", "Mobile, Local"),
        ("US", "United States (US)", "Local, Toll-free"),
        ("AX", "Åland (AX)", ""),
    ]


def test_a_chosen_region_without_any_offer_stays_to_be_seen():
    extra = [one for one in OFFER.region_options(["SE", "GB"]) if one["value"] == "GB"]

    assert extra == [{"value": "GB", "label": "United Kingdom (GB)", "note": "nothing on offer"}]


@pytest.mark.parametrize(
    ("regions", "chosen", "notes", "possible"),
    [
        ((), (), ["", "", ""], ["MOBILE", "LOCAL", "TOLL_FREE"]),
        (("US",), (), ["not on offer", "", ""], ["LOCAL", "TOLL_FREE"]),
        (("US", "SE"), (), ["SE only", "", "US only"], ["MOBILE", "LOCAL", "TOLL_FREE"]),
        (("US",), ("MOBILE",), ["not on offer", "", ""], ["MOBILE", "LOCAL", "TOLL_FREE"]),
        (("GB",), (), ["", "", ""], ["MOBILE", "LOCAL", "TOLL_FREE"]),
        (("AX",), (), ["not on offer", "not on offer", "not on offer"], []),
    ],
)
def test_number_types_are_those_of_the_regions_and_stay_in_their_place(regions, chosen, notes, possible):
    options = OFFER.type_options(regions, chosen)

    assert [one["value"] for one in options] == ["MOBILE", "LOCAL", "TOLL_FREE"]
    assert [one["note"] for one in options] == notes
    assert [one["value"] for one in options if not one["disabled"]] == possible


@pytest.mark.parametrize(
    ("criteria", "field", "words"),
    [
        (Criteria(()), "regions", "Choose at least one region"),
        (
            Criteria(("US",), ("MOBILE",)),
            "number_types",
            "Mobile is not on offer in US, but Local and Toll-free",
        ),
        (Criteria(("AX",), ("MOBILE",)), "number_types", "but nothing is"),
        (Criteria(("US",), pattern="30a7Ж"), "pattern", "stands on no key"),
        (Criteria(("US",), pattern="5*5"), "pattern", "only digits and a leading '+' can match"),
        (Criteria(("US",), pattern="1" * 16), "pattern", "has 16 digits"),
        (Criteria(("US",), pattern="307", search_pattern="START"), "pattern", "'+1307'"),
        (Criteria(("US",), size=None), "size", "Write how many"),
        (Criteria(("US",), size=0), "size", "at least 1"),
        (Criteria(("US",), size=2.5), "size", "not a whole number"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(criteria, field, words):
    faults = criteria.faults(OFFER)

    assert list(faults) == [field]
    assert words in faults[field]


@pytest.mark.parametrize(
    "criteria",
    [
        Criteria(("US",), ("LOCAL",), ("SMS",), "+1 307", "START", 1),
        Criteria(("US", "SE"), ("MOBILE",)),
        Criteria(("GB",), ("MOBILE",)),  # the API decides about a region that is not known
        Criteria(("US",), pattern="+1-800-FLOWERS", search_pattern="START"),
        Criteria(("US",), pattern="  "),
    ],
)
def test_what_can_be_has_no_fault(criteria):
    assert criteria.faults(OFFER) == {}
    assert criteria.faults(None) == {}


def test_letters_become_digits_and_that_is_said():
    criteria = Criteria(("US",), pattern=" +1 800  flowers")

    assert criteria.digits == "+18003569377"
    assert criteria.spelling == "+1 800 FLOWERS = +1 800 3569377"
    assert criteria.words == ("FLOWERS",)
    assert Criteria(("US",), pattern="555").spelling == ""
    assert Criteria(("US",), pattern="Ж").spelling == ""


def test_everything_asked_for_is_sent_and_digits_stand_for_letters():
    with ScriptedServer(Reply(body={"availableNumbers": []})) as server, server.client() as client:
        wanted = Criteria(("US",), ("LOCAL",), ("SMS", "VOICE"), "Pizza", "END", 7)
        found = wanted.find(client, progress=lambda *_: None, hear=told)

    assert [one.query for one in server.requests] == [
        (
            "regionCode=US&type=LOCAL&numberPattern.pattern=74992&numberPattern.searchPattern=END"
            "&capabilities=SMS&capabilities=VOICE&size=7"
        )
    ]
    assert found.attrs["complete"] is True


@pytest.mark.parametrize(
    ("size", "further", "several"), [(100, False, False), (150, False, True), (30, True, False)]
)
def test_more_than_a_page_is_asked_for_by_prefix(sandbox, client, size, further, several):
    wanted = Criteria(("US",), ("LOCAL",), size=size)

    found = wanted.find(client, further=further, progress=lambda *_: None, hear=told)

    asked = [one for one in sandbox.requests if one.path.endswith("availableNumbers")]
    assert len(found) == size
    assert found.attrs["complete"] is False
    assert (len(asked) > 1) is several


def test_going_further_gets_what_one_page_does_not_hold():
    pages = {"default_page_size": 20, "maximum_page_size": 20}
    with nt.Sandbox(active=0, available=600, clock="manual", **pages) as sandbox, sandbox.connect() as client:
        wanted = Criteria(("US",), ("LOCAL",), size=90)
        page = wanted.find(client, progress=lambda *_: None, hear=told)
        whole = wanted.find(client, further=True, progress=lambda *_: None, hear=told)

    assert (len(page), len(whole)) == (20, 90)


def test_only_what_the_frame_does_not_say_itself_is_warned_of():
    heard = []
    regions = {"availableRegions": [{"regionCode": "US", "types": ["LOCAL", "SATELLITE"]}]}
    numbers = [
        {"phoneNumber": f"+1307555{index:04d}", "regionCode": "US", "type": "LOCAL"} for index in range(30)
    ]
    with (
        ScriptedServer(Reply(body=regions), Reply(body={"availableNumbers": numbers})) as server,
        server.client() as client,
    ):
        found = Criteria(("US",)).find(client, progress=lambda *_: None, hear=lambda *one: heard.append(one))

    assert found.attrs["complete"] is False
    assert [category for _, category in heard] == [UnknownValueWarning]
    assert IncompleteDataWarning not in [category for _, category in heard]


def test_type_labels_are_words():
    assert [type_label(one) for one in ("LOCAL", "MOBILE", "TOLL_FREE")] == ["Local", "Mobile", "Toll-free"]
