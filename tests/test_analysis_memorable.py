"""Which numbers are easy to remember, and why."""

from __future__ import annotations

import inspect

import pandas as pd
import pytest

from builders import active_frame, available_frame
from numbers_toolkit import analysis, found_tables, tables
from numbers_toolkit.errors import ColumnError, InvalidInputError

FRAMES = {
    "empty": [],
    "one row": [{}],
    "missing region and type": [{"region_code": None, "number_type": None}] * 2,
    "unknown type": [{"number_type": "SATELLITE"}, {"phone_number": "+13075557777"}],
    "Namibia": [{"phone_number": "+264811234567", "region_code": "NA"}],
    "no E.164": [
        {"phone_number": "3075557777"},
        {"phone_number": "+1<b>7777"},
        {"phone_number": "+" + "7" * 500},
        {"phone_number": "+٣٠٧٥٥٥٧٧٧٧"},
    ],
}
NASTY = pytest.mark.parametrize("frame", FRAMES)


def of(*phone_numbers):
    return available_frame(*({"phone_number": one} for one in phone_numbers))


def told(phone_number, **options):
    row = analysis.memorable(of(phone_number), **options).iloc[0]
    return int(row["score"]), row["reason"]


@pytest.mark.parametrize(
    ("phone_number", "score", "reason"),
    [
        ("+13075557777", 35, "ends in 7777"),
        ("+13072946777", 25, "ends in 777"),
        ("+13077777142", 40, "has 77777"),
        ("+13072941234", 35, "counts up 1234"),
        ("+13072946123", 25, "counts up 123"),
        ("+13071234294", 30, "counts up 1234"),
        ("+13072949876", 35, "counts down 9876"),
        ("+13072944242", 25, "repeats 42 42"),
        ("+13079424242", 45, "repeats 42 42 42"),
        ("+13074913913", 35, "repeats 913 913"),
        ("+13079139138", 30, "repeats 913 913"),
        ("+12945729457", 55, "repeats 29457 29457"),
        ("+13072946699", 25, "pairs 66 99"),
        ("+13072446699", 35, "pairs 44 66 99"),
        ("+13072991331", 25, "mirrored 1331"),
        ("+13072913931", 25, "mirrored 13931"),
        ("+13073569377", 65, "spells FLOWERS"),
        ("+13079243663", 35, "spells FOOD"),
        ("+13078288683", 0, ""),
    ],
)
def test_each_pattern_has_its_points_and_words(phone_number, score, reason):
    assert told(phone_number) == (score, reason)


@pytest.mark.parametrize(
    "phone_number",
    [
        "+13075550142",  # three equal digits inside are too common
        "+13071239204",  # so is counting to three
        "+13074242914",  # and a block of two, unless at the end
        "+13073663914",  # a short word counts at the end
        "+13072947890",  # counting does not go over 0
    ],
)
def test_what_is_common_is_not_memorable(phone_number):
    assert told(phone_number) == (0, "")


def test_only_the_part_after_the_calling_code_counts():
    assert told("+77799142835") == (0, "")
    assert told("+44444291583") == (0, "")
    assert told("+4677774291") == (30, "has 7777")


def test_the_area_code_counts_as_it_has_to_be_remembered_too():
    assert told("+13330001923")[1] == ""
    assert told("+13333001923")[1] == "has 3333"


def test_each_digit_counts_in_one_pattern_and_the_best_is_named_first():
    assert told("+13077774444") == (65, "ends in 4444; has 7777")
    assert told("+16789893937") == (65, "spells EYES; counts up 6789")
    assert told("+13077777777") == (75, "ends in 77777777")


def test_words_of_ones_own_count_anywhere_and_win_over_listed_ones():
    assert told("+13077499289") == (0, "")
    assert told("+13077499289", words="pizza") == (40, "spells PIZZA")
    assert told("+13077499289", words=["Pizza", "ÉTÉ"]) == (40, "spells PIZZA")
    assert told("+13079244663", words="gone") == (35, "spells GONE")
    assert told("+13079244663")[1] == "spells HOME"


@pytest.mark.parametrize("words", ["", "A", "ROUTE 66", "Ж" * 4, "X" * 16, [7]])
def test_words_that_no_keys_can_spell_are_refused(words):
    with pytest.raises(InvalidInputError, match=r"word"):
        analysis.memorable(of("+13075550142"), words=words)


def test_the_most_memorable_comes_first_then_by_number():
    found = analysis.memorable(of("+13075550143", "+13075557777", "+13075550142", "+12125557777"))

    assert found["phone_number"].tolist() == ["+12125557777", "+13075557777", "+13075550142", "+13075550143"]


def test_active_numbers_do_as_well():
    found = analysis.memorable(active_frame({"phone_number": "+13075557777"}))

    assert found["reason"].tolist() == ["ends in 7777"]


@NASTY
def test_results_have_exactly_the_documented_columns_and_dtypes(frame):
    available = available_frame(*FRAMES[frame])

    result = analysis.memorable(available)

    assert tuple(result.columns) == found_tables.MEMORABLE.names
    assert isinstance(result.index, pd.RangeIndex)
    assert len(result) == len(available)
    for column in found_tables.MEMORABLE.columns:
        assert column.kind == "category" or result[column.name].dtype == column.dtype
        assert column.nullable or not result[column.name].isna().any()


def test_what_is_no_phone_number_has_nothing_to_remember():
    result = analysis.memorable(available_frame(*FRAMES["no E.164"]))

    assert result["score"].tolist() == [0] * 4
    assert result["reason"].tolist() == [""] * 4


@NASTY
def test_input_is_left_as_it_was_and_order_and_index_do_not_matter(frame):
    available = available_frame(*FRAMES[frame])
    available.attrs.update(source="sandbox", complete=False)
    before = available.copy(deep=True)
    turned = available.iloc[::-1].set_axis([f"row {place % 2}" for place in range(len(available))])

    result = analysis.memorable(available)

    pd.testing.assert_frame_equal(available, before)
    pd.testing.assert_frame_equal(analysis.memorable(turned), result)
    assert result.attrs == {"source": "sandbox", "complete": False}


def test_plain_text_does_as_well_as_categories():
    available = of("+13075557777", "+46701740610")

    plain = available.astype({"phone_number": object, "region_code": object, "number_type": object})

    pd.testing.assert_frame_equal(analysis.memorable(plain), analysis.memorable(available))


def test_missing_columns_are_all_named():
    with pytest.raises(ColumnError, match=r"columns missing: phone_number, region_code, number_type"):
        analysis.memorable(pd.DataFrame({"number": ["+13075550142"]}))


def test_numbers_of_all_lengths_stand_side_by_side():
    result = analysis.memorable(of("+4612333", "+465550142777", "+35812345678901"))

    assert dict(zip(result["phone_number"], result["reason"], strict=True)) == {
        "+35812345678901": "counts up 123456789",
        "+465550142777": "ends in 777",
        "+4612333": "ends in 333",
    }


def test_docstring_lists_the_columns():
    documented = " ".join(inspect.getdoc(analysis.memorable).split())
    for line in found_tables.MEMORABLE.describe().splitlines():
        assert f"- {' '.join(line.split())}" in documented


def test_its_tables_are_those_of_the_numbers_on_offer():
    assert found_tables.MEMORABLE["phone_number"] is tables.AVAILABLE_NUMBERS["phone_number"]
