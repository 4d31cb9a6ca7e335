"""The order of a table's rows."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from builders import active_frame
from numbers_toolkit.tables import money_dtype
from numbers_toolkit.widgets.parts.table_columns import TableColumn, fitting
from numbers_toolkit.widgets.parts.table_sorting import order_of


def ordered(frame, column, *, ascending=True):
    (fitted,) = fitting([column], frame)
    return order_of(frame, fitted, ascending=ascending).tolist()


@pytest.mark.parametrize(
    ("kind", "values", "up", "down"),
    [
        ("text", ["b", None, "A", "a", "c"], [2, 3, 0, 4, 1], [4, 0, 3, 2, 1]),
        ("text", ["zürich", "Zug", "Ängelholm"], [2, 1, 0], [0, 1, 2]),
        ("number", [10.0, 9.0, np.nan, 100.0], [1, 0, 3, 2], [3, 0, 1, 2]),
        ("phone", ["+46701740605", "+13075550142", "+1202555"], [2, 1, 0], [0, 1, 2]),
        ("date", pd.to_datetime(["2026-03-02", None, "2025-01-01"]), [2, 0, 1], [0, 2, 1]),
        ("flag", pd.array([True, None, False], dtype="boolean"), [2, 0, 1], [0, 2, 1]),
        ("tags", [["VOICE"], ["SMS", "VOICE"], None], [1, 0, 2], [0, 1, 2]),
    ],
    ids=["case", "accents", "numbers", "digits", "dates", "flags", "tags"],
)
def test_order_goes_both_ways_and_ends_with_what_is_missing(kind, values, up, down):
    frame = pd.DataFrame({"value": values})

    assert ordered(frame, TableColumn("value", kind=kind)) == up
    assert ordered(frame, TableColumn("value", kind=kind), ascending=False) == down


@pytest.mark.parametrize("ascending", [True, False])
def test_equal_rows_stay_in_their_order(ascending):
    frame = pd.DataFrame({"value": ["b", "a", "b", "a", "b"]})

    order = ordered(frame, TableColumn("value"), ascending=ascending)

    assert order == ([1, 3, 0, 2, 4] if ascending else [0, 2, 4, 1, 3])


def money(*amounts):
    return pd.Series([None if one is None else Decimal(one) for one in amounts], dtype=money_dtype())


def test_amounts_are_compared_within_their_currency_only():
    frame = pd.DataFrame(
        {
            "price": money("5", "100", "0.60", None, "20", "7"),
            "currency_code": ["USD", "SEK", "USD", "SEK", "SEK", None],
        }
    )

    assert ordered(frame, TableColumn("price", kind="money")) == [4, 1, 2, 0, 5, 3]
    assert ordered(frame, TableColumn("price", kind="money"), ascending=False) == [1, 4, 0, 2, 5, 3]


def test_exact_amounts_of_many_digits_are_told_apart():
    amounts = ["10000000000000000.02", "10000000000000000.01", "9"]
    exact = pd.Series([Decimal(one) for one in amounts], dtype=pd.ArrowDtype(pa.decimal128(38, 9)))

    assert ordered(pd.DataFrame({"price": exact}), TableColumn("price", kind="money")) == [2, 1, 0]


def test_a_column_can_be_sorted_by_another():
    frame = pd.DataFrame({"reason": ["counts up", "", "repeats"], "score": [3, 0, 12]})

    assert ordered(frame, TableColumn("reason", sort="-score"), ascending=False) == [2, 0, 1]


def test_an_ordered_category_keeps_its_own_order():
    sizes = pd.Categorical(["small", "large", None, "middle"], ["small", "middle", "large"], ordered=True)

    assert ordered(pd.DataFrame({"size": sizes}), TableColumn("size")) == [0, 3, 1, 2]


def test_numbers_and_words_in_one_column_are_sorted_like_words():
    frame = pd.DataFrame({"value": pd.Series([10, "b", 9, None], dtype=object)})

    assert ordered(frame, TableColumn("value", kind="number")) == [0, 2, 1, 3]


def test_an_empty_frame_of_ours_can_be_sorted():
    assert ordered(active_frame(), TableColumn("monthly_cost", kind="money")) == []
