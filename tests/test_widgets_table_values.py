"""Distinct values and folded text."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from numbers_toolkit.widgets.parts.table_values import distinct, fold, fold_all, parts_of, take


def test_rows_without_a_value_have_no_code():
    codes, found = distinct(pd.Series(["b", None, "a", "b"]))

    assert codes.tolist() == [0, -1, 1, 0]
    assert list(found) == ["b", "a"]
    assert take(np.array([10, 20]), codes, -1).tolist() == [10, -1, 20, 10]


def test_a_column_of_lists_is_taken_as_text():
    codes, found = distinct(pd.Series([["SMS", "VOICE"], None, ["SMS"], ["SMS", "VOICE"]]))

    assert codes.tolist() == [0, -1, 1, 0]
    assert list(found) == ["SMS; VOICE", "SMS"]


@pytest.mark.parametrize(
    "text", ["Zürich DESK", "Ångström", "plain", "Łódź", "東京", "ÀÉ ñ", "right\u200fmark", ""]
)
def test_one_text_and_many_are_folded_alike(text):
    assert fold_all([text]).to_pylist() == [fold(text)]


def test_folding_forgets_accents_case_and_signs_that_are_not_seen():
    assert fold("Ström\u200e BÜRO") == "strom buro"


def test_parts_come_from_text_and_from_lists():
    assert parts_of("SMS; VOICE;") == ["SMS", "VOICE"]
    assert parts_of(("SMS", "")) == ["SMS"]
    assert parts_of(7) == ["7"]
