"""What the inventory panel says and sums up, without a widget: filters, cards, provenance, sheets under its tabs."""

from __future__ import annotations

import builtins
import sys

import pandas as pd
import pytest

from builders import active_frame
from numbers_toolkit import analysis, markup
from numbers_toolkit.errors import ColumnError, InvalidInputError
from numbers_toolkit.widgets.inventory_facts import Inventory, checked_filters, select
from numbers_toolkit.widgets.inventory_sheets import BREAKDOWNS, SHEETS, content_of
from numbers_toolkit.widgets.inventory_words import about, cards, no_match, no_numbers, passing

NOW = "2026-03-31T00:00:00Z"
BY_NAME = {sheet.name: sheet for sheet in SHEETS}
HOSTILE = "<script>alert(1)</script>\u202e"
FAILED = {"sms_state": "FAILED", "sms_error_codes": "INTERNAL_ERROR"}
ROWS = (
    {"region_code": "US", "sms_campaign_id": "C1", **FAILED},
    {"region_code": "US", "sms_campaign_id": "C1", "sms_state": "PROVISIONED"},
    {"region_code": "SE", "number_type": "MOBILE", "currency_code": "EUR", "price": "9.00"},
    {"region_code": "NA", "price": None, "expire_at": "2026-04-10T00:00:00Z"},
)


def chosen(*rows, attrs=None, limits=None, heard=(), **filters):
    active = active_frame(*rows)
    active.attrs.update(attrs or {})
    return select(Inventory.of(active, as_of=NOW, limits=limits, heard=heard), filters)


def text_of_cards(selection):
    return markup.plain(cards(selection.figures(), selection))


# -- filters


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, {}),
        ({"region_code": "us"}, {"region_code": ("US",)}),
        ({"region_code": ["us", "SE", "US"]}, {"region_code": ("US", "SE")}),
        ({"campaign_id": ""}, {"campaign_id": ("",)}),
        ({"campaign_id": " c1 "}, {"campaign_id": ("c1",)}),
        ({"sms_state": [], "text": "  "}, {}),
        ({"sms_state": None, "text": None}, {}),
        ({"text": " Desk 1 "}, {"text": "Desk 1"}),
    ],
    ids=str,
)
def test_filters_are_kept_as_they_are_spelled_in_the_columns(given, kept):
    assert checked_filters(given) == kept


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"region": "US"}, "There is no filter region; there are region_code, number_type"),
        ("US", "use a dict"),
        ({"region_code": 7}, "The filter region_code is 7"),
        ({"region_code": ["US", None]}, "The filter region_code is"),
        ({"text": ["desk"]}, "The filter text is"),
    ],
    ids=str,
)
def test_filters_that_can_not_be_are_refused(wrong, message):
    with pytest.raises(InvalidInputError, match=message):
        checked_filters(wrong)


def test_without_filters_the_numbers_themselves_are_shown():
    selection = chosen(*ROWS)

    assert selection.shown is selection.inventory.active
    assert selection.to_do is selection.inventory.to_do


def test_to_do_list_knows_all_numbers_also_where_few_are_shown():
    """A campaign that can't hold all numbers to come can't hold those that pass the filter either."""
    linked = {"sms_campaign_id": "C1", "sms_state": "PROVISIONED", "region_code": "US"}
    waiting = {"sms_scheduled_campaign_id": "C1", "sms_state": "WAITING", "region_code": "CA"}

    selection = chosen(linked, waiting, limits={"C1": 1}, region_code="CA")

    assert selection.to_do["problem"].to_list() == ["Campaign can't hold all numbers to come"]
    alone = analysis.attention(selection.shown, as_of=NOW, limits={"C1": 1})
    assert alone.empty


def test_columns_that_are_missing_are_named_at_once():
    with pytest.raises(ColumnError, match="columns missing: sms_state, voice_state"):
        Inventory.of(active_frame({}).drop(columns=["sms_state", "voice_state"]))


# -- what is said


@pytest.mark.parametrize(
    ("attrs", "told"),
    [
        ({"complete": True, "total_size": 2}, "All 2 numbers of the project."),
        (
            {"complete": True, "total_size": 2, "fetched_at": "2026-03-02T09:00:00Z"},
            "All 2 numbers of the project, read 2026-03-02 09:00 UTC.",
        ),
        ({"complete": True, "total_size": 9}, "2 of 9 numbers. A selection of the numbers that were read"),
        ({"complete": False, "total_size": 9}, "2 of 9 numbers. These are not all numbers of the project"),
        ({"complete": False, "total_size": 2}, "These are not all numbers of the project"),
        ({"complete": None}, "2 numbers. Nothing the API said confirms"),
        ({}, "2 numbers. The data does not say where it comes from"),
        (
            {"complete": True, "filters": {"region_code": ["US", "CA"]}},
            "2 numbers. Only numbers with region_code US or CA were asked for",
        ),
    ],
    ids=str,
)
def test_provenance_is_told_with_what_to_be_careful_about(attrs, told):
    selection = chosen({}, {}, attrs=attrs)

    assert told in markup.plain(about(selection.inventory))


def test_repeated_numbers_and_warnings_of_the_reading_are_told():
    row = {"phone_number": "+13075550100"}
    said = markup.plain(about(chosen(row, row, heard=["2 values are <new>."]).inventory))

    assert "1 row repeats a number" in said
    assert "2 values are <new>." in said


def test_cards_show_each_currency_for_itself_exactly():
    said = text_of_cards(chosen(*ROWS))

    assert "Numbers 4 in 3 regions" in said
    assert "Cost per month 1.20 USD 9.00 EUR" in said
    assert "Failing 1 25.0 % of them" in said
    assert "Ending in 30 days 1 released" in said
    assert "Due in 30 days 1.20 USD 9.00 EUR 3 numbers" in said


def test_cards_of_a_selection_say_of_how_many():
    assert "Numbers 1 of 4, in 1 region" in text_of_cards(chosen(*ROWS, region_code="SE"))


def test_cards_say_what_has_no_price():
    said = text_of_cards(chosen({"price": None}))

    assert "Cost per month – 1 without a known price" in said


def test_cards_of_many_currencies_name_three_and_say_where_the_others_are():
    codes = ["USD", "EUR", "GBP", "SEK", "JPY", "CHF"]
    said = text_of_cards(chosen(*({"currency_code": code} for code in codes)))

    assert "and 3 currencies more: see Costs" in said


def test_a_tiny_share_is_not_shown_as_nothing():
    said = text_of_cards(chosen(FAILED, *({} for _ in range(2000))))

    assert "less than 0.1 % of them" in said
    assert "Failing 1 all of them" in text_of_cards(chosen(FAILED))


def test_what_passes_is_said_in_words():
    assert "1 of 4 numbers: region Sweden (SE)" in markup.plain(passing(chosen(*ROWS, region_code="SE")))
    assert 'text "desk"' in markup.plain(passing(chosen(*ROWS, text="desk")))
    assert "all 4 numbers are shown" in markup.plain(passing(chosen(*ROWS)))


def test_text_of_others_is_escaped_wherever_it_is_said():
    selection = chosen({"region_code": "US"}, attrs={"filters": {"pattern": HOSTILE}}, heard=[HOSTILE])
    searched = chosen({"region_code": "US"}, text=HOSTILE)

    for said in (about(selection.inventory), passing(searched), no_match(searched)):
        assert "<script" not in said
        assert "\u202e" not in said


def test_empty_states_say_what_to_do():
    assert "SearchPanel" in no_numbers(chosen().inventory)
    asked = chosen(attrs={"filters": {"region_code": ["SE"]}}).inventory
    assert "other filters" in no_numbers(asked)
    assert "None of the 60 numbers" in no_numbers(chosen(attrs={"total_size": 60}).inventory)
    assert "SearchPanel" in no_numbers(chosen(attrs={"total_size": 0}).inventory)
    assert "Take one of them away" in no_match(chosen(*ROWS, region_code="SE", text="x"))
    assert "Choose another value" in no_match(chosen(*ROWS, region_code="DE"))


# -- the sheets

EXPECTED = {
    "errors": lambda one: analysis.error_frequencies(one.shown, as_of=NOW),
    "renewals": lambda one: analysis.renewals_by_month(one.shown, as_of=NOW),
    "costs": lambda one: analysis.monthly_cost(one.shown, by="region_code"),
    "campaigns": lambda one: analysis.campaign_fill(one.inventory.active),
    "regions": lambda one: analysis.inventory(one.shown),
}


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.filterwarnings("ignore::numbers_toolkit.errors.IncompleteDataWarning")
def test_a_sheet_is_what_the_analysis_says_of_the_numbers_shown(name):
    selection = chosen(*ROWS, region_code=["US", "NA"])

    content = content_of(BY_NAME[name], selection)

    pd.testing.assert_frame_equal(content.frame, EXPECTED[name](selection))
    named = {column.name for column in (content.columns or BY_NAME[name].columns)}
    assert named <= set(content.rows.columns)
    assert content.lead


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.parametrize(
    "rows", [(), ({},), (FAILED, {"sms_campaign_id": HOSTILE, "region_code": None})], ids=len
)
def test_a_sheet_can_be_made_of_no_one_and_odd_numbers(name, rows):
    content = content_of(BY_NAME[name], chosen(*rows))

    assert "<script" not in "".join(content.pictures)
    assert all(picture.startswith("<svg") for picture in content.pictures)


@pytest.mark.parametrize("name", ["costs", "renewals"])
def test_currencies_that_are_not_drawn_are_named(name):
    codes = ("USD", "USD", "EUR", "SEK", "JPY", "AUD", "AUD")

    content = content_of(BY_NAME[name], chosen(*({"currency_code": code} for code in codes)))

    assert "Not drawn, but in the table: JPY and SEK." in content.notes
    few = content_of(BY_NAME[name], chosen(*({"currency_code": code} for code in codes[:4])))
    assert not any("Not drawn" in note for note in few.notes)


def test_costs_are_summed_for_each_currency_whatever_they_are_broken_down_by():
    rows = [{"price": "1.25", "currency_code": "EUR", "region_code": code} for code in ("US", "SE", "DE")]

    content = content_of(BY_NAME["costs"], chosen(*rows, {"price": "2", "currency_code": "USD"}))

    assert content.lead.startswith("In all ")
    assert "3.75 EUR" in content.lead
    assert "2.00 USD" in content.lead


@pytest.mark.parametrize("name", ["costs", "renewals"])
def test_currencies_are_drawn_each_for_itself_the_main_ones_only(name):
    rows = [{"currency_code": code} for code in ("USD", "USD", "EUR", "SEK", "JPY")]

    content = content_of(BY_NAME[name], chosen(*rows))

    assert len(content.pictures) == 3
    assert "USD" in content.pictures[0]
    assert set(content.rows["currency_code"]) == {"USD", "EUR", "SEK", "JPY"}


@pytest.mark.parametrize("by", BREAKDOWNS)
def test_costs_are_broken_down_by_what_is_asked_for(by):
    content = content_of(BY_NAME["costs"], chosen(*ROWS[:3]), by)

    pd.testing.assert_frame_equal(content.frame, analysis.monthly_cost(active_frame(*ROWS[:3]), by=by))
    assert content.columns[0].title == BREAKDOWNS[by]


def test_campaigns_are_counted_over_all_numbers_whatever_the_filter():
    selection = chosen(*ROWS, {"sms_campaign_id": "C2", "region_code": "US"}, sms_state="PROVISIONED")

    content = content_of(BY_NAME["campaigns"], selection)

    assert content.frame["campaign_id"].to_list() == ["C1"]
    assert content.frame["numbers"].to_list() == [2]
    assert "Counted over all numbers" in content.lead


def test_limits_of_campaigns_are_used():
    content = content_of(BY_NAME["campaigns"], chosen(*ROWS, limits={"C1": 2}))

    assert content.frame["limit"].to_list() == [2]
    assert content.rows["tone"].to_list() == ["bad"]


def test_what_is_missing_in_a_sum_is_said_beside_it_not_warned_about():
    costs = content_of(BY_NAME["costs"], chosen({}, {"price": None}))

    assert any("They are in no sum" in note for note in costs.notes)
    assert "unpriced" in [column.name for column in costs.columns]


def test_without_what_draws_the_table_is_still_there(monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **more):
        if name.startswith(("matplotlib", "jinja2")):
            raise ImportError(name)
        return real(name, *rest, **more)

    for name in [
        one for one in sys.modules if one.startswith(("numbers_toolkit.plots", "numbers_toolkit.report"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr("numbers_toolkit.plots", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)

    content = content_of(BY_NAME["regions"], chosen({}))

    assert content.pictures == ()
    assert "pip install 'numbers-toolkit[report]'" in content.notes[0]
    assert len(content.rows) == 1
