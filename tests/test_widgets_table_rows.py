"""A frame in order, filtered, as cells."""

from __future__ import annotations

import pandas as pd
import pytest

from builders import active_frame
from numbers_toolkit.widgets.parts.table_columns import columns_of
from numbers_toolkit.widgets.parts.table_rows import Rows


@pytest.fixture
def rows():
    frame = active_frame({"display_name": "bell"}, {"display_name": "a x"}, {"display_name": "c x"}, {})
    return Rows(frame, columns_of(frame))


def test_order_and_filter_hold_together(rows):
    assert rows.places().tolist() == [0, 1, 2, 3]
    assert rows.places("display_name", ascending=False).tolist() == [2, 0, 1, 3]
    assert rows.places("display_name", ascending=False, text="x").tolist() == [2, 1]
    assert rows.places(text="x").tolist() == [1, 2]
    assert (rows.count(), rows.count("x"), rows.count("  ")) == (4, 2, 4)


def test_what_was_worked_out_is_not_taken_for_another_question(rows):
    for text in ("x", "bell", "", "x"):
        assert rows.count(text) == {"x": 2, "bell": 1, "": 4}[text]
    for ascending in (True, False, True):
        assert rows.places("display_name", ascending=ascending)[0] == (1 if ascending else 2)


def test_later_changes_of_the_frame_are_not_seen():
    frame = pd.DataFrame({"name": ["a", "b"]})
    rows = Rows(frame, columns_of(frame))

    frame.loc[0, "name"] = "changed"

    assert rows.frame["name"].tolist() == ["a", "b"]


def test_rows_taken_keep_dtypes_and_attrs_with_a_new_index(rows):
    rows.frame.attrs = {"source": "sandbox"}

    taken = rows.taken(rows.places("display_name", ascending=False, text="x"))

    assert taken["display_name"].tolist() == ["c x", "a x"]
    assert taken.index.equals(pd.RangeIndex(2))
    assert taken.dtypes.equals(rows.frame.dtypes)
    assert taken.attrs == {"source": "sandbox"}


def test_it_is_said_that_currencies_are_not_compared():
    both = active_frame({"currency_code": "USD"}, {"currency_code": "SEK"})
    one = active_frame({"currency_code": "USD"}, {"currency_code": "USD"})

    assert Rows(both, columns_of(both)).note("price") == "sorted within each currency"
    assert Rows(both, columns_of(both)).note("display_name") == ""
    assert Rows(one, columns_of(one)).note("price") == ""
