"""What is shown of what a search found."""

from __future__ import annotations

import pandas as pd
import pytest

from builders import available_frame
from numbers_toolkit import analysis, markup
from numbers_toolkit.widgets.search_criteria import Criteria
from numbers_toolkit.widgets.search_findings import (
    Findings,
    can_go_further,
    nothing_found,
    nothing_searched,
    prefix_bars,
    said_below,
    table_columns,
)

HOSTILE = '<img src=x onerror="alert(1)">\u202e'


def findings(*rows, criteria=None, further=False, searches=(), **attrs):
    frame = available_frame(*rows)
    frame.attrs = {"source": "sandbox", "complete": True, "fetched_at": "2026-03-02T09:00:00Z", **attrs}
    frame.attrs["searches"] = [
        {"region_code": region, "number_type": kind, "numbers": numbers, "complete": complete}
        for region, kind, numbers, complete in searches
    ]
    return Findings.of(frame, criteria or Criteria(("US",)), further=further)


def below(found):
    return markup.plain(said_below(found))


def test_rows_are_the_results_and_what_is_shown_beside():
    found = findings(
        {"phone_number": "+13075557777", "has_voice": False, "payment_interval_months": 12},
        {
            "phone_number": "+13075550142",
            "number_type": None,
            "payment_interval_months": None,
            "has_sms": None,
        },
    )

    pd.testing.assert_frame_equal(found.rows[list(found.results.columns)], found.results)
    assert found.rows["type"].tolist()[:1] == ["Local"]
    assert found.rows["type"].isna().tolist() == [False, True]
    assert found.rows["capabilities"].tolist() == ["SMS", "Voice"]
    assert found.rows["paid"].tolist()[:1] == ["yearly"]
    assert found.rows["reason"].tolist() == ["ends in 7777", ""]
    assert found.rows["score"].tolist() == [35, 0]
    assert "reason" not in found.results.columns


def test_the_word_that_was_searched_for_is_the_reason():
    found = findings({"phone_number": "+13077499289"}, criteria=Criteria(("US",), pattern="pizza"))

    assert found.rows["reason"].tolist() == ["spells PIZZA"]


@pytest.mark.parametrize(
    ("months", "shown"), [([1, 1], False), ([None, 1], False), ([1, 12], True), ([3, 3], True)]
)
def test_how_often_one_pays_is_a_column_where_it_is_not_each_month(months, shown):
    found = findings(*({"payment_interval_months": one} for one in months))

    assert ("paid" in [column.name for column in table_columns(found.rows)]) is shown


def test_all_columns_are_there_without_any_row():
    found = findings()

    assert {column.name for column in table_columns(found.rows)} <= set(found.rows.columns)
    assert found.stock.empty


def test_bars_add_up_by_prefix_longest_first_with_the_lowest_price_of_each_currency():
    stock = analysis.stock_by_prefix(
        available_frame(
            {"phone_number": "+18005550100", "number_type": "TOLL_FREE", "monthly_price": "2"},
            {
                "phone_number": "+18005550101",
                "number_type": "TOLL_FREE",
                "region_code": "CA",
                "monthly_price": "3",
                "currency_code": "CAD",
            },
            {"phone_number": "+13075550142", "monthly_price": None, "number_type": None},
        )
    )

    assert prefix_bars(stock) == [
        {
            "name": "+1800",
            "label": "+1 800",
            "value": 2,
            "note": "CA Toll-free, US Toll-free, from 3.00 CAD and 2.00 USD",
        },
        {"name": "+1307", "label": "+1 307", "value": 1, "note": "US"},
    ]


@pytest.mark.parametrize(
    ("searches", "complete", "asked", "words", "goes_on"),
    [
        ([("US", "LOCAL", 2, True)], True, (100, False), "2 numbers on offer fit; these are all.", False),
        (
            [("US", "LOCAL", 2, False)],
            False,
            (2, False),
            "At least 2 numbers; there may be more on offer. Raise",
            False,
        ),
        ([("US", "LOCAL", 2, False)], False, (9, False), "'Look further' asks on.", True),
        ([("US", "LOCAL", 2, False)], False, (9, True), "went on as far as it can", False),
        ([("US", "LOCAL", 9, False), ("SE", "LOCAL", 2, True)], False, (9, False), "Raise 'How many'", False),
    ],
)
def test_below_the_table_stands_whether_that_is_all(searches, complete, asked, words, goes_on):
    size, further = asked
    criteria = Criteria(("US",), size=size)
    found = findings({}, {}, criteria=criteria, further=further, searches=searches, complete=complete)

    assert words in below(found)
    assert can_go_further(found) is goes_on


def test_below_the_table_stands_what_was_searched_for_and_when():
    criteria = Criteria(("US", "SE"), ("LOCAL",), ("SMS", "VOICE"), "pizza", "END", 50)

    told = below(findings({}, criteria=criteria))

    assert "1 number on offer fits; these are all." in told
    assert (
        "Searched for: United States (US) and Sweden (SE); Local; SMS and Voice; PIZZA = 74992 at the end; "
        "up to 50 of each region and type. Read 2026-03-02 09:00 UTC." in told
    )


def test_each_region_and_type_is_told_where_there_are_several():
    found = findings({}, searches=[("US", "LOCAL", 1, False), ("SE", "TOLL_FREE", 0, True)], complete=False)

    assert "Sweden (SE) Toll-free 0" in below(found)
    assert "United States (US) Local at least 1" in below(found)
    assert "Each region" not in below(findings({}, searches=[("US", "LOCAL", 1, True)]))


def test_nothing_found_says_what_to_loosen_the_narrowest_first():
    told = markup.plain(nothing_found(Criteria(("US",), ("LOCAL",), ("SMS",), "Pizza", "END")))

    places = [
        told.index(word)
        for word in (
            "Nothing on offer in United States (US)",
            "PIZZA = 74992",
            "SMS",
            "Local",
            "another region",
        )
    ]
    assert places == sorted(places)
    assert "or look for it anywhere" in told


def test_nothing_found_names_no_filter_that_was_not_set():
    told = markup.plain(nothing_found(Criteria(("US",))))

    assert "pattern" not in told
    assert "number types" not in told


def test_what_comes_from_elsewhere_is_escaped():
    found = findings(
        {"region_code": HOSTILE, "number_type": HOSTILE, "currency_code": HOSTILE},
        searches=[(HOSTILE, HOSTILE, 1, True), ("US", "LOCAL", 0, True)],
        criteria=Criteria((HOSTILE,), (HOSTILE,), (HOSTILE,), "1"),
        fetched_at=HOSTILE,
    )

    for shown in (said_below(found), nothing_found(found.criteria), nothing_searched()):
        assert "<img" not in shown.lower()
        assert "\u202e" not in shown
