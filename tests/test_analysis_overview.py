"""The key figures of an inventory."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from builders import active_frame
from numbers_toolkit import analysis, files
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.overview_tables import KEY_FIGURES

NOW = "2026-03-31T00:00:00Z"


def figures(*rows, **options):
    return analysis.key_figures(active_frame(*rows), as_of=NOW, **options)


def test_figures_of_a_mixed_inventory():
    # Rows that don't say otherwise are charged on 2 April, also those that end after it.
    result = figures(
        {"price": "0.60", "next_charge_date": "2026-04-02T09:00:00Z"},
        {"price": "0.60", "sms_state": "FAILED", "next_charge_date": "2026-04-30T00:00:00Z"},
        {"price": "9.00", "currency_code": "EUR", "payment_interval_months": 12, "sms_state": "WAITING"},
        {"voice_state": "FAILED", "sms_state": "IN_PROGRESS", "price": None},
        {"expire_at": "2026-04-10T00:00:00Z"},
        {"expire_at": "2026-06-10T00:00:00Z"},
        {"expire_at": "2026-03-31T00:00:00Z"},
    )

    rows = [
        ("owned", 7, None, None, None),
        ("failing", 2, None, None, None),
        ("waiting", 2, None, None, None),
        ("monthly cost", 3, "1.20", "USD", 1),
        ("monthly cost", 1, "0.75", "EUR", 0),
        ("due", 3, "1.80", "USD", None),
        ("due", 1, "9.00", "EUR", None),
        ("ending", 1, None, None, None),
    ]
    expected = files.restore(pd.DataFrame(rows, columns=list(KEY_FIGURES.names), dtype=object), KEY_FIGURES)
    pd.testing.assert_frame_equal(result, expected)


def test_number_charged_twice_within_the_days_counts_once_with_both_charges():
    result = figures({"price": "0.10", "next_charge_date": "2026-03-31T00:00:00Z"}, days=60)

    due = result[result["figure"] == "due"]
    assert due[["numbers", "amount"]].to_numpy().tolist() == [[1, Decimal("0.200000")]]


def test_amounts_with_many_digits_stay_exact():
    result = figures({"price": "0.123456789"}, {"price": "99999999999999.01"})

    due = result.loc[result["figure"] == "due", "amount"]
    assert due.to_list() == [Decimal("99999999999999.133456789")]


def test_currencies_are_never_added_and_each_says_what_it_lacks():
    result = figures(
        {"price": "1.00"}, {"price": "1.00", "currency_code": "EUR"}, {"price": None, "currency_code": "EUR"}
    )

    costs = result[result["figure"] == "monthly cost"]
    assert costs["currency_code"].to_list() == ["EUR", "USD"]
    assert costs["amount"].to_list() == [Decimal(1), Decimal(1)]
    assert costs["unpriced"].to_list() == [1, 0]


def test_missing_prices_are_told_by_the_figures_not_by_a_warning():
    result = figures({"price": None})

    cost = result[result["figure"] == "monthly cost"]
    assert cost["unpriced"].to_list() == [1]
    assert cost["amount"].isna().all()


@pytest.mark.parametrize("days", [0, 3661, True, 1.5, "30", None])
def test_days_that_make_no_sense_are_refused(days):
    with pytest.raises(InvalidInputError, match="days is"):
        figures({}, days=days)


def test_instant_is_the_time_of_reading_unless_given():
    active = active_frame({"expire_at": "2026-04-10T00:00:00Z"})
    active.attrs["fetched_at"] = "2026-04-11T00:00:00Z"

    ending = analysis.key_figures(active).set_index("figure")["numbers"]["ending"]
    assert ending == 0
