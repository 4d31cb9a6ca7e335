"""Which numbers pass a filter, and what there is to filter by."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import active_frame
from numbers_toolkit import analysis, files, tables
from numbers_toolkit.errors import ColumnError, InvalidInputError
from numbers_toolkit.overview_tables import FILTER_CHOICES, FILTERS

ACTIVE = active_frame(
    {"phone_number": "+13075550100", "display_name": "Desk Oslo", "sms_campaign_id": "C1"},
    {
        "phone_number": "+13075550101",
        "display_name": "<b>Straße</b>",
        "sms_state": "FAILED",
        "sms_error_codes": "INTERNAL_ERROR;MNO_SHARING_ERROR",
        "sms_scheduled_campaign_id": "C1",
        "sms_scheduled_service_plan_id": "plan-a",
    },
    {
        "phone_number": "+46701740601",
        "region_code": "SE",
        "number_type": "MOBILE",
        "has_voice": False,
        "sms_service_plan_id": "plan-a",
        "sms_state": "PROVISIONED",
    },
    {"phone_number": "+264610000001", "region_code": "NA", "has_sms": False, "voice_state": "FAILED"},
    {
        "phone_number": "+8816000000",
        "region_code": None,
        "number_type": "SATELLITE",
        "sms_state": "PAUSED",
        "has_sms": None,
        "has_voice": None,
    },
)


def kept(**filters):
    """The rows that pass, by their place."""
    found = analysis.filter_numbers(ACTIVE, **filters)
    places = {number: place for place, number in enumerate(ACTIVE["phone_number"])}
    return [places[number] for number in found["phone_number"]]


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        ({}, [0, 1, 2, 3, 4]),
        ({"region_code": "us"}, [0, 1]),
        ({"region_code": ["NA", "SE"]}, [2, 3]),
        ({"region_code": ""}, [4]),
        ({"region_code": ["", "SE"]}, [2, 4]),
        ({"region_code": "DE"}, []),
        ({"number_type": "toll free"}, []),
        ({"number_type": ["satellite", "mobile"]}, [2, 4]),
        ({"capabilities": "sms"}, [0, 1, 2]),
        ({"capabilities": ["SMS", "VOICE"]}, [0, 1]),
        ({"capabilities": ""}, [4]),
        ({"sms_state": "failed"}, [1]),
        ({"sms_state": ["PAUSED", "PROVISIONED"]}, [2, 4]),
        ({"sms_state": "in progress"}, []),
        ({"voice_state": "FAILED"}, [3]),
        ({"service_plan_id": "plan-a"}, [1, 2]),
        ({"service_plan_id": ""}, [0, 3, 4]),
        ({"service_plan_id": "gone"}, []),
        ({"campaign_id": "C1"}, [0, 1]),
        ({"error_code": "MNO_SHARING_ERROR"}, [1]),
        ({"error_code": "PROVISIONING_TO_VOICE_PLATFORM_FAILED"}, [3]),
        ({"error_code": ""}, [0, 2, 4]),
        ({"error_code": ["", "INTERNAL_ERROR"]}, [0, 1, 2, 4]),
        ({"region_code": "US", "sms_state": "FAILED"}, [1]),
        ({"region_code": ["US"], "text": "oslo"}, [0]),
        ({"region_code": None, "sms_state": ()}, [0, 1, 2, 3, 4]),
    ],
    ids=str,
)
def test_numbers_pass_that_have_a_wanted_value_of_every_filter(filters, rows):
    assert kept(**filters) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("desk", [0]),
        ("OSLO desk", [0]),
        ("desk straße", []),
        ("STRASSE", []),
        ("straße", [1]),
        ("<b>", [1]),
        ("3075550", [0, 1]),
        ("+1 307 555 0100", [0]),
        ("(307) 555-0101", [1]),
        ("307 5550", [0, 1]),
        ("+46 70-174", [2]),
        ("plan-a", [1, 2]),
        ("c1", [0, 1]),
        ("mno_sharing", [1]),
        ("  ", [0, 1, 2, 3, 4]),
        ("-", [1, 2]),
        (".*", []),
        ("+", [0, 1, 2, 3, 4]),
    ],
)
def test_text_is_looked_for_in_number_name_and_ids(text, rows):
    assert kept(text=text) == rows


def test_rows_keep_their_order_columns_dtypes_and_provenance():
    active = ACTIVE.iloc[::-1].set_axis(list("vwxyz")).assign(team="A")
    active.attrs["source"] = "sandbox"

    found = analysis.filter_numbers(active, region_code="US")

    expected = active.iloc[[3, 4]].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected)
    assert found.attrs == {"source": "sandbox"}


def test_result_is_never_the_callers_frame():
    found = analysis.filter_numbers(ACTIVE)
    found["display_name"] = "changed"

    assert ACTIVE["display_name"].iloc[0] == "Desk Oslo"


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"sms_state": "FAILDE"}, "sms_state FAILDE does not occur and is not known; use one of FAILED"),
        ({"region_code": "Sweden"}, "region_code SWEDEN does not occur and is not known; use one of NA"),
        ({"capabilities": "FAX"}, "capabilities FAX does not occur"),
        ({"error_code": "NO_SUCH"}, "error_code NO_SUCH does not occur"),
        ({"number_type": ["LOCAL", "LOKAL"]}, "number_type LOKAL does not occur"),
        ({"region_code": [float("nan")]}, "region_code nan is not text"),
        ({"sms_state": 3}, "sms_state 3 is not text"),
        ({"text": 555}, "text 555 is not text"),
    ],
    ids=str,
)
def test_value_that_must_be_a_slip_is_refused_with_those_that_occur(filters, message):
    with pytest.raises(InvalidInputError, match=message):
        analysis.filter_numbers(ACTIVE, **filters)


def test_only_the_columns_of_the_filters_given_need_to_be_there():
    few = ACTIVE[["phone_number", "region_code"]]

    assert len(analysis.filter_numbers(few, region_code="US")) == 2
    with pytest.raises(ColumnError, match="columns missing: sms_campaign_id, sms_scheduled_campaign_id"):
        analysis.filter_numbers(few, campaign_id="C1")
    with pytest.raises(ColumnError, match="display_name"):
        analysis.filter_numbers(few, text="desk")


@pytest.mark.parametrize("kind", [object, "str"])
def test_plain_text_columns_do_as_well_as_categories(kind):
    categories = [name for name, dtype in ACTIVE.dtypes.items() if isinstance(dtype, pd.CategoricalDtype)]
    plain = ACTIVE.astype(dict.fromkeys(categories, kind))

    for filters in (
        {"sms_state": "FAILED"},
        {"campaign_id": "C1"},
        {"error_code": "INTERNAL_ERROR"},
        {"text": "C1"},
    ):
        found = analysis.filter_numbers(plain, **filters)
        assert (
            found["phone_number"].to_list()
            == analysis.filter_numbers(ACTIVE, **filters)["phone_number"].to_list()
        )


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_each_number_passes_exactly_when_it_has_a_wanted_value(data):
    states = ("FAILED", "PAUSED", "PROVISIONED", "WAITING")
    rows = data.draw(st.lists(st.fixed_dictionaries({"sms_state": st.sampled_from(states)}), max_size=20))
    wanted = data.draw(st.sets(st.sampled_from(["FAILED", "PROVISIONED", "WAITING"]), min_size=1))

    found = analysis.filter_numbers(active_frame(*rows), sms_state=wanted)

    assert found["sms_state"].to_list() == [row["sms_state"] for row in rows if row["sms_state"] in wanted]


def test_choices_count_every_value_that_occurs_most_first():
    choices = analysis.filter_choices(ACTIVE)

    rows = [
        *[("region_code", value, count) for value, count in (("US", 2), ("", 1), ("NA", 1), ("SE", 1))],
        *[("number_type", value, count) for value, count in (("LOCAL", 3), ("MOBILE", 1), ("SATELLITE", 1))],
        *[("capabilities", value, count) for value, count in (("SMS", 3), ("VOICE", 3), ("", 1))],
        ("sms_state", "NOT_CONFIGURED", 2),
        *[("sms_state", value, 1) for value in ("FAILED", "PAUSED", "PROVISIONED")],
        *[("voice_state", value, count) for value, count in (("NOT_CONFIGURED", 4), ("FAILED", 1))],
        *[("service_plan_id", value, count) for value, count in (("", 3), ("plan-a", 2))],
        *[("campaign_id", value, count) for value, count in (("", 3), ("C1", 2))],
        ("error_code", "", 3),
        ("error_code", "INTERNAL_ERROR", 1),
        ("error_code", "MNO_SHARING_ERROR", 1),
        ("error_code", "PROVISIONING_TO_VOICE_PLATFORM_FAILED", 1),
    ]
    raw = pd.DataFrame(rows, columns=list(FILTER_CHOICES.names), dtype=object)
    expected = files.restore(raw.assign(value=raw["value"].astype(tables.TEXT_DTYPE)), FILTER_CHOICES)
    pd.testing.assert_frame_equal(choices, expected)


def test_a_number_on_its_way_to_the_plan_it_has_is_counted_once():
    active = active_frame({"sms_service_plan_id": "plan-a", "sms_scheduled_service_plan_id": "plan-a"})
    choices = analysis.filter_choices(active)

    assert choices.loc[choices["filter"] == "service_plan_id", "numbers"].to_list() == [1]


@pytest.mark.parametrize("name", FILTERS)
def test_every_choice_finds_as_many_numbers_as_it_says(name):
    choices = analysis.filter_choices(ACTIVE)

    for value, numbers in choices.loc[choices["filter"] == name, ["value", "numbers"]].itertuples(
        index=False
    ):
        assert len(analysis.filter_numbers(ACTIVE, **{name: value})) == numbers, value


def test_rows_about_picks_all_rows_of_the_numbers_given():
    to_do = analysis.attention(ACTIVE, as_of="2026-03-31T00:00:00Z")
    failed = analysis.filter_numbers(ACTIVE, sms_state="FAILED")

    picked = analysis.rows_about(to_do, failed)

    expected = to_do[to_do["phone_number"] == "+13075550101"].reset_index(drop=True)
    pd.testing.assert_frame_equal(picked, expected)
    assert len(picked) == 2


@pytest.mark.parametrize("kind", [object, "category"])
def test_rows_about_takes_any_kind_of_text(kind):
    frame = pd.DataFrame({"phone_number": ["+1", None, "+2", "+1"]}).astype(kind)

    picked = analysis.rows_about(frame, pd.DataFrame({"phone_number": ["+1", None]}))

    assert picked["phone_number"].to_list() == ["+1", "+1"]


def test_rows_about_needs_phone_numbers_on_both_sides():
    with pytest.raises(ColumnError, match="phone_number"):
        analysis.rows_about(ACTIVE, pd.DataFrame({"number": []}))
