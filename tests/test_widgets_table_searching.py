"""Looking text up in the rows of a table."""

from __future__ import annotations

import pandas as pd
import pytest

from builders import active_frame
from numbers_toolkit.widgets.parts.table_columns import TableColumn, columns_of, fitting
from numbers_toolkit.widgets.parts.table_searching import RowTexts, wanted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("  Sales   DESK ", [("sales",), ("desk",)]),
        ("+1 202 555", [("+1202555",)]),
        ("+1 (202) 555-0142", [("+12025550142",)]),
        ("+1\u00a0307\u00a0555", [("+1307555",)]),
        ("+1 307 SMS", [("+1307",), ("sms",)]),
        ("+1 307 +46 70", [("+1307",), ("+4670",)]),
        ("(202) 555", [("(202)", "202"), ("555",)]),
        ("2026-03", [("2026-03", "202603")]),
        ("0.60 usd", [("0.60", "060"), ("usd",)]),
        ("a+b c++", [("a+b",), ("c++",)]),
        ("\u202a+1307\u202c", [("+1307",)]),
    ],
)
def test_words_that_are_asked_for(text, words):
    assert wanted(text) == words


@pytest.fixture
def texts():
    frame = active_frame(
        {"phone_number": "+12025550142", "display_name": "Zürich <b>desk</b>", "sms_state": "FAILED"},
        {"phone_number": "+46701740605", "region_code": "SE", "price": "1203.5", "currency_code": "SEK"},
        {"phone_number": "+15552020142", "has_sms": False, "sms_service_plan_id": "plan-A"},
    )
    return RowTexts(frame, columns_of(frame))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", [0, 1, 2]),
        ("+1 202 555", [0]),
        ("202 555 0142", [0, 2]),
        ("+46 70 174 06 05", [1]),
        ("zurich", [0]),
        ("<B>DESK", [0]),
        ("sweden", [1]),
        ("(se)", [1]),
        ("1,203.50 sek", [1]),
        ("1203.5", [1]),
        ("failed", [0]),
        ("not_configured", [0, 1, 2]),
        ("plan-a", [2]),
        ("sms", [0, 1]),
        ("2026-04-02 09:15", [0, 1, 2]),
        ("failed sweden", []),
        ("%", []),
        (".*", []),
    ],
)
def test_a_row_holds_every_word_in_some_column(texts, text, rows):
    assert [place for place, held in enumerate(texts.holding(text)) if held] == rows


def test_only_columns_that_are_shown_are_searched():
    frame = active_frame({"display_name": "Desk", "callback_url": "https://example.com/hook"})
    texts = RowTexts(frame, fitting([TableColumn("phone_number"), TableColumn("display_name")], frame))

    assert texts.holding("desk").tolist() == [True]
    assert texts.holding("hook").tolist() == [False]


def test_a_currency_is_found_by_amounts_only():
    prices = pd.DataFrame({"price": [1.0, None, 2.0], "currency_code": ["USD", "USD", None]})
    texts = RowTexts(prices, fitting([TableColumn("price", kind="money")], prices))

    assert texts.holding("usd").tolist() == [True, False, False]
    assert texts.holding("2.00").tolist() == [False, False, True]


def test_dates_are_found_as_they_are_shown():
    times = pd.to_datetime(["2026-03-02T23:30:00-02:00", None])
    frame = pd.DataFrame({"day": times, "text": ["2026-03-04T10:00:00Z", "soon"]})
    columns = [TableColumn("day", kind="date"), TableColumn("text", kind="date")]
    texts = RowTexts(frame, fitting(columns, frame))

    assert texts.holding("2026-03-03").tolist() == [True, False]
    assert texts.holding("2026-03-04").tolist() == [True, False]
    assert texts.holding("soon").tolist() == [False, True]


def test_any_column_of_ones_own_can_be_searched():
    frame = pd.DataFrame(
        {"tags": [["SMS"], ["VOICE", "SMS"], None], "odd": pd.Series([1, "b", None], dtype=object)}
    )
    texts = RowTexts(
        frame, fitting([TableColumn("tags", kind="tags"), TableColumn("odd", kind="number")], frame)
    )

    assert texts.holding("voice").tolist() == [False, True, False]
    assert texts.holding("b").tolist() == [False, True, False]


def test_no_row_holds_a_word_where_there_is_none():
    assert RowTexts(active_frame(), columns_of(active_frame())).holding("a").tolist() == []
