"""Keys by which rows are known again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from numbers_toolkit.errors import ColumnError, InvalidInputError
from numbers_toolkit.widgets.parts.table_keys import RowKeys

FRAME = pd.DataFrame({"number": ["b", "a", "c", "a"], "service": ["SMS", "SMS", "VOICE", "VOICE"]})


def test_keys_come_in_the_frames_order_and_once():
    keys = RowKeys(FRAME, ["number"])

    assert keys.known(["c", "a", "a", "z"]) == ("a", "c")
    assert keys.rows(("a",)).tolist() == [False, True, False, True]
    assert keys.of(np.array([3, 0])) == ["a", "b"]
    assert keys.all_of(np.array([True, False, False, True])) == ("b", "a")


def test_several_columns_together_tell_a_row():
    keys = RowKeys(FRAME, ["number", "service"])

    assert keys.known(["a / VOICE"]) == ("a / VOICE",)
    assert keys.rows(("a / VOICE",)).tolist() == [False, False, False, True]


def test_without_a_column_the_position_is_the_key():
    assert RowKeys(FRAME, []).known(["3", "0", "4"]) == ("0", "3")


def test_a_missing_column_is_named_with_the_way_on():
    with pytest.raises(
        ColumnError, match=r"has no phone_number, by which its rows are told apart. Give the table"
    ):
        RowKeys(FRAME, ["phone_number"])


def test_a_key_that_no_row_has_is_refused():
    with pytest.raises(
        InvalidInputError, match=r"'z' can't be selected: no row .* Its keys are like b and a\."
    ):
        RowKeys(FRAME, ["number"]).check(["a", "z"])
    with pytest.raises(InvalidInputError, match="It has no rows"):
        RowKeys(FRAME.iloc[:0], ["number"]).check(["a"])


def test_a_key_that_stands_twice_is_taken_once():
    assert RowKeys(FRAME, ["number"]).check(["c", "a", "a"]) == ("a", "c")


def test_a_row_without_a_key_can_still_be_shown():
    keys = RowKeys(pd.DataFrame({"number": ["a", None]}), ["number"])

    assert keys.of(np.array([0, 1])) == ["a", ""]
