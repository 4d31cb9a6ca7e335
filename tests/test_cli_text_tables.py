"""Tables of text for a terminal."""

from __future__ import annotations

from numbers_toolkit.cli.text_tables import text_table


def test_columns_stand_under_each_other_and_empty_ones_are_left_out() -> None:
    rows = [{"name": "Front desk", "note": "", "price": "1"}, {"name": "B", "note": "", "price": "12"}]
    assert text_table(rows) == "name        price\nFront desk  1\nB           12"


def test_wide_signs_count_as_what_they_take() -> None:
    lines = text_table([{"name": "倉庫", "price": "1"}, {"name": "Cafe\u0301", "price": "2"}]).splitlines()
    assert lines == ["name  price", "倉庫  1", "Cafe\u0301  2"]


def test_text_of_others_can_not_act_on_the_terminal() -> None:
    shown = text_table([{"name": "\x1b[31mred\x07\nnext line \u202eback"}])
    assert len(shown.splitlines()) == 2
    assert shown.replace("\n", "").isprintable()


def test_rows_and_texts_are_cut_where_there_are_too_many() -> None:
    shown = text_table([{"name": "x" * 500}] * 20, most=3).splitlines()
    assert len(shown) == 4
    assert shown[1].endswith("…")
    assert len(shown[1]) == 60


def test_nothing_is_an_empty_text() -> None:
    assert text_table([]) == ""
