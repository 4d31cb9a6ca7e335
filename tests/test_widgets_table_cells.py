"""What stands in the cells of a table."""

from __future__ import annotations

import json
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from builders import active_frame
from numbers_toolkit.widgets.parts.table_cells import cells_of, number_text
from numbers_toolkit.widgets.parts.table_columns import TableColumn, columns_of, fitting

NONE = {"text": "–", "tone": "quiet"}


def cells(frame, *columns):
    return cells_of(frame, fitting(columns, frame))


@pytest.mark.parametrize(
    ("kind", "value", "cell"),
    [
        ("text", "Desk", {"text": "Desk"}),
        ("text", None, NONE),
        ("text", "", NONE),
        ("phone", "+13075550142", {"text": "+1 307 555 0142"}),
        ("number", 1203, {"text": "1,203"}),
        ("number", np.nan, NONE),
        ("money", Decimal("1234.500000"), {"text": "1,234.50"}),
        ("date", pd.Timestamp("2026-03-02T09:15Z"), {"text": "2026-03-02"}),
        ("datetime", pd.Timestamp("2026-03-02T09:15Z"), {"text": "2026-03-02 09:15 UTC"}),
        ("region", "SE", {"text": "Sweden (SE)"}),
        ("code", "01ab", {"text": "01ab"}),
        ("state", "IN_PROGRESS", {"text": "in progress", "tone": "info", "mark": "◐"}),
        ("state", "SOMETHING_NEW", {"text": "SOMETHING_NEW", "tone": "warn", "mark": "?"}),
        ("flag", True, {"text": "yes"}),
        ("flag", False, {"text": "no", "tone": "quiet"}),
        ("flag", pd.NA, NONE),
        ("tags", "SMS;VOICE", {"text": "SMS, VOICE", "parts": ["SMS", "VOICE"]}),
        ("tags", ["SMS"], {"text": "SMS", "parts": ["SMS"]}),
        ("tags", [], NONE),
    ],
)
def test_a_value_is_shown_as_its_kind(kind, value, cell):
    frame = pd.DataFrame({"value": pd.Series([value], dtype=object)})

    assert cells(frame, TableColumn("value", kind=kind)) == [[cell]]


def test_money_is_shown_with_its_currency():
    frame = active_frame({"price": "0.60", "currency_code": "USD"}, {"price": None})

    assert cells(frame, TableColumn("price", kind="money")) == [[{"text": "0.60 USD"}], [NONE]]


def test_a_column_can_say_how_another_is_coloured():
    frame = pd.DataFrame({"text": ["a", "b", "c"], "mood": ["bad", None, "shiny"]})

    assert cells(frame, TableColumn("text", tone="mood")) == [
        [{"text": "a", "tone": "bad"}],
        [{"text": "b"}],
        [{"text": "c"}],
    ]
    assert cells(frame.iloc[:1], TableColumn("text", tone="good")) == [[{"text": "a", "tone": "good"}]]


def test_hostile_text_is_text_on_one_line_that_can_be_sent():
    name = "<script>alert(1)</script>\u202e\x00\ud800\n" + "x" * 5000
    frame = pd.DataFrame({"name": pd.Series([name], dtype=object)})

    ((cell,),) = cells(frame, TableColumn("name"))

    assert cell["text"].startswith("<script>alert(1)</script>\ufffd\ufffd\ufffd\ufffdxxx")
    assert len(cell["text"]) == 1000
    assert cell["text"].endswith("…")
    json.dumps(cell).encode("utf-8")


def test_every_column_of_our_frames_can_be_shown():
    frame = active_frame({}, {"sms_state": "FAILED"})

    rows = cells_of(frame, columns_of(frame))

    assert [len(row) for row in rows] == [len(frame.columns)] * 2
    json.dumps(rows)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-1203, "-1,203"),
        (0.025, "0.025"),
        (1234567.5, "1,234,567.5"),
        (float("inf"), "inf"),
        (100.0, "100"),
    ],
)
def test_numbers_for_reading(value, text):
    assert number_text(value) == text
