"""Recurring costs: exact, per currency, nothing left out in silence."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import active_frame
from numbers_toolkit import analysis, files, tables
from numbers_toolkit.errors import ColumnError, IncompleteDataWarning, InvalidInputError, MixedCurrencyError
from numbers_toolkit.tables import Table


def expected(keys, *rows):
    table = Table("", "", (*(tables.ACTIVE_NUMBERS[key] for key in keys), *tables.MONTHLY_COST.columns))
    return files.restore(pd.DataFrame(list(rows), columns=list(table.names), dtype=object), table)


def test_monthly_cost_divides_by_the_interval_once_at_the_end():
    yearly = {"price": "10.00", "payment_interval_months": 12}

    one = analysis.monthly_cost(active_frame(yearly))
    twelve = analysis.monthly_cost(active_frame(*[yearly] * 12))

    pd.testing.assert_frame_equal(one, expected([], ["USD", 1, "0.833333", "10.000000", 0]))
    pd.testing.assert_frame_equal(twelve, expected([], ["USD", 12, "10.000000", "120.000000", 0]))


def test_monthly_cost_adds_different_intervals_exactly():
    active = active_frame(
        {"price": "0.60"},
        {"price": "1.00", "payment_interval_months": 3},
        {"price": "1.00", "payment_interval_months": 6},
        {"price": "6.00", "payment_interval_months": 12},
    )

    # 0.6 + 1/3 + 1/6 + 1/2 = 1.6
    pd.testing.assert_frame_equal(
        analysis.monthly_cost(active), expected([], ["USD", 4, "1.600000", "19.200000", 0])
    )


def test_monthly_cost_rounds_half_to_even():
    half_down = active_frame({"price": "0.000001", "payment_interval_months": 2})
    half_up = active_frame({"price": "0.000003", "payment_interval_months": 2})

    assert analysis.monthly_cost(half_down)["monthly_cost"].to_list() == [Decimal("0.000000")]
    assert analysis.monthly_cost(half_up)["monthly_cost"].to_list() == [Decimal("0.000002")]
    assert analysis.monthly_cost(half_up)["yearly_cost"].to_list() == [Decimal("0.000018")]


def test_monthly_cost_never_adds_currencies():
    active = active_frame(
        {"price": "0.60", "region_code": "US"},
        {"price": "9.00", "currency_code": "EUR", "region_code": "US", "payment_interval_months": 3},
        {"price": "0.10", "region_code": "NA"},
        {"price": "0.20", "region_code": "NA"},
    )

    pd.testing.assert_frame_equal(
        analysis.monthly_cost(active),
        expected([], ["EUR", 1, "3.000000", "36.000000", 0], ["USD", 3, "0.900000", "10.800000", 0]),
    )
    pd.testing.assert_frame_equal(
        analysis.monthly_cost(active, "region_code"),
        expected(
            ["region_code"],
            ["US", "EUR", 1, "3.000000", "36.000000", 0],
            ["NA", "USD", 2, "0.300000", "3.600000", 0],
            ["US", "USD", 1, "0.600000", "7.200000", 0],
        ),
    )


def test_monthly_cost_by_currency_is_the_same_as_without_a_key():
    active = active_frame({}, {"currency_code": "SEK"})

    pd.testing.assert_frame_equal(
        analysis.monthly_cost(active, ["currency_code"]), analysis.monthly_cost(active)
    )


def test_monthly_cost_by_capability_and_own_column():
    active = active_frame({"has_voice": False}, {}).assign(team=["a", "a"])

    result = analysis.monthly_cost(active, ["capability", "team"])

    assert result.columns.to_list()[:3] == ["capability", "team", "currency_code"]
    assert result["capability"].to_list() == ["SMS", "SMS and VOICE"]
    assert result["monthly_cost"].to_list() == [Decimal("0.600000")] * 2


def test_monthly_cost_leaves_released_numbers_out_unless_asked_for():
    active = active_frame({"price": "1.00"}, {"price": "2.00", "expire_at": "2026-05-01T00:00:00Z"})

    pd.testing.assert_frame_equal(
        analysis.monthly_cost(active), expected([], ["USD", 1, "1.000000", "12.000000", 0])
    )
    pd.testing.assert_frame_equal(
        analysis.monthly_cost(active, include_released=True),
        expected([], ["USD", 2, "3.000000", "36.000000", 0]),
    )


@pytest.mark.parametrize(
    "unknown",
    [
        {"price": None},
        {"payment_interval_months": None},
        {"payment_interval_months": 0},
        {"payment_interval_months": -1},
    ],
)
def test_monthly_cost_reports_numbers_without_a_price_instead_of_adding_nothing(unknown):
    active = active_frame({"price": "1.00"}, unknown, unknown)

    with pytest.warns(IncompleteDataWarning, match="payment interval: 2. They are in no sum") as warned:
        result = analysis.monthly_cost(active)

    assert len(warned) == 1
    assert warned[0].filename == __file__
    pd.testing.assert_frame_equal(result, expected([], ["USD", 3, "1.000000", "12.000000", 2]))


def test_monthly_cost_without_any_known_price_is_missing_not_zero():
    active = active_frame({"price": None, "currency_code": None}, {"price": "0"})

    with pytest.warns(IncompleteDataWarning):
        result = analysis.monthly_cost(active)

    pd.testing.assert_frame_equal(
        result, expected([], ["USD", 1, "0.000000", "0.000000", 0], [None, 1, None, None, 1])
    )


def test_monthly_cost_of_a_price_without_currency_is_in_no_sum():
    with pytest.warns(IncompleteDataWarning, match="payment interval: 1"):
        result = analysis.monthly_cost(active_frame({"currency_code": None}))

    pd.testing.assert_frame_equal(result, expected([], [None, 1, None, None, 1]))


def test_monthly_cost_widens_for_amounts_with_more_digits():
    active = active_frame({"price": "0.00000001"}, {"price": "1"})

    result = analysis.monthly_cost(active)

    assert result["monthly_cost"].to_list() == [Decimal("1.00000001")]
    assert result["yearly_cost"].to_list() == [Decimal("12.00000012")]
    assert result["monthly_cost"].dtype == tables.money_dtype(8)


def test_monthly_cost_widens_for_huge_sums():
    active = active_frame(*[{"price": "999999999999.999999"}] * 3)

    result = analysis.monthly_cost(active)

    assert result["monthly_cost"].to_list() == [Decimal("2999999999999.999997")]
    assert tables.is_money(result["monthly_cost"].dtype)


def test_monthly_cost_takes_plain_decimals_and_refuses_floats():
    active = active_frame({"price": "0.10"}, {"price": "0.20"})
    plain = active.assign(price=pd.Series([Decimal("0.10"), Decimal("0.2")], dtype=object))
    floats = active.assign(price=pd.Series([0.1, Decimal("0.2")], dtype=object))

    pd.testing.assert_frame_equal(analysis.monthly_cost(plain), analysis.monthly_cost(active))
    with pytest.raises(ColumnError, match=r"'price' holds 0\.1, which is no exact amount"):
        analysis.monthly_cost(floats)
    with pytest.raises(ColumnError, match="price is float64"):
        analysis.monthly_cost(active.assign(price=[0.1, 0.2]))


@pytest.mark.parametrize("odd", [Decimal("Infinity"), True, "0.60"])
def test_monthly_cost_refuses_what_is_no_amount(odd):
    active = active_frame({}).assign(price=pd.Series([odd], dtype=object))

    with pytest.raises(ColumnError, match="no exact amount"):
        analysis.monthly_cost(active)


def test_monthly_cost_of_nothing_has_every_column_and_dtype():
    leading = [tables.ACTIVE_NUMBERS["region_code"]]

    result = analysis.monthly_cost(active_frame(), "region_code")

    pd.testing.assert_frame_equal(result, tables.MONTHLY_COST.empty(leading))


@pytest.mark.parametrize("by", ["numbers", "unpriced", "monthly_cost", "nonsense"])
def test_monthly_cost_refuses_keys_that_are_none(by):
    with pytest.raises(InvalidInputError, match=f"Can't break monthly cost down by '{by}'"):
        analysis.monthly_cost(active_frame({}), by)


def test_total_cost_is_one_exact_amount():
    active = active_frame(*[{"price": "10.00", "payment_interval_months": 12}] * 3)

    assert analysis.total_cost(active) == Decimal("2.500000")
    assert analysis.total_cost(active_frame()) == Decimal(0)


def test_total_cost_refuses_to_add_currencies():
    active = active_frame({"price": "1"}, {"price": "2", "currency_code": "EUR"}, {"price": "4"})

    with pytest.raises(MixedCurrencyError, match="EUR and USD"):
        analysis.total_cost(active)
    assert analysis.total_cost(active, "USD") == Decimal(5)
    assert analysis.total_cost(active, "EUR") == Decimal(2)
    assert analysis.total_cost(active, " usd") == Decimal(5)
    with pytest.raises(InvalidInputError, match="EUR, USD"):
        analysis.total_cost(active, "SEK")


def test_total_cost_counts_released_numbers_only_when_asked():
    active = active_frame({"price": "1"}, {"price": "2", "expire_at": "2026-05-01T00:00:00Z"})

    assert analysis.total_cost(active) == Decimal(1)
    assert analysis.total_cost(active, include_released=True) == Decimal(3)


PRICES = st.decimals(min_value=0, max_value=10**6, places=4).map(str)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "price": PRICES,
            "currency_code": st.sampled_from(["USD", "EUR"]),
            "payment_interval_months": st.sampled_from([1, 2, 3, 5, 6, 7, 12, 24]),
            "region_code": st.sampled_from(["US", "NA", None]),
            "expire_at": st.sampled_from([None, None, "2026-05-01T00:00:00Z"]),
        }
    ),
    max_size=15,
)


@settings(max_examples=30, deadline=None)
@given(rows=ROWS, data=st.data())
def test_costs_agree_with_a_ledger_to_the_last_digit(rows, data):
    active = active_frame(*rows)
    order = data.draw(st.permutations(range(len(rows))))
    ledger = defaultdict(Fraction)
    for row in rows:
        if row["expire_at"] is None:
            ledger[row["region_code"], row["currency_code"]] += (
                Fraction(row["price"]) / row["payment_interval_months"]
            )

    result = analysis.monthly_cost(active, "region_code")

    region = [None if pd.isna(one) else one for one in result["region_code"]]
    found = dict(zip(zip(region, result["currency_code"], strict=True), result["monthly_cost"], strict=True))
    with localcontext() as context:
        context.prec = 60
        for key, exact in ledger.items():
            quotient = Decimal(exact.numerator) / Decimal(exact.denominator)
            assert found.pop(key) == quotient.quantize(Decimal("0.000001"), rounding=ROUND_HALF_EVEN)
    assert not found
    shuffled = analysis.monthly_cost(active.iloc[list(order)], "region_code")
    pd.testing.assert_frame_equal(shuffled, result)
