"""How many numbers on offer each prefix has, and from what price."""

from __future__ import annotations

import inspect

import pandas as pd
import pytest

from builders import available_frame
from numbers_toolkit import analysis, files, found_tables
from numbers_toolkit.errors import ColumnError, InvalidInputError

FRAMES = {
    "empty": [],
    "one row": [{}],
    "all missing": [dict.fromkeys(available_frame({}).columns[1:])] * 2,
    "unknown type": [{"number_type": "SATELLITE"}],
    "no E.164": [{"phone_number": "3075550142"}, {"phone_number": "+"}, {"phone_number": "+1"}],
}
NASTY = pytest.mark.parametrize("frame", FRAMES)


def expected(*rows):
    raw = pd.DataFrame(list(rows), columns=list(found_tables.STOCK_BY_PREFIX.names), dtype=object)
    return files.restore(raw, found_tables.STOCK_BY_PREFIX)


def test_prefixes_are_the_calling_code_and_three_digits_most_numbers_first():
    available = available_frame(
        {"phone_number": "+12125550142"},
        {"phone_number": "+13075550142"},
        {"phone_number": "+13075550143", "monthly_price": "0.50"},
        {
            "phone_number": "+3580020000041",
            "region_code": "FI",
            "number_type": "MOBILE",
            "currency_code": "EUR",
        },
        {
            "phone_number": "+46701740610",
            "region_code": "SE",
            "number_type": "MOBILE",
            "currency_code": "SEK",
        },
    )

    wanted = expected(
        ["+1307", "US", "LOCAL", 2, "0.50", "USD"],
        ["+1212", "US", "LOCAL", 1, "0.60", "USD"],
        ["+358002", "FI", "MOBILE", 1, "0.60", "EUR"],
        ["+46701", "SE", "MOBILE", 1, "0.60", "SEK"],
    )
    pd.testing.assert_frame_equal(analysis.stock_by_prefix(available), wanted)


def test_digits_say_how_long_a_prefix_is():
    available = available_frame({"phone_number": "+13075550142"}, {"phone_number": "+13085550142"})

    assert analysis.stock_by_prefix(available, digits=2)["prefix"].tolist() == ["+130"]
    assert analysis.stock_by_prefix(available, digits=99)["prefix"].tolist() == [
        "+13075550142",
        "+13085550142",
    ]


@pytest.mark.parametrize("digits", [0, -1, 1.5, "3", True])
def test_digits_that_are_no_count_are_refused(digits):
    with pytest.raises(InvalidInputError, match="digits"):
        analysis.stock_by_prefix(available_frame({}), digits=digits)


def test_prices_of_two_currencies_are_not_compared():
    available = available_frame({"monthly_price": "9"}, {"monthly_price": "1", "currency_code": "EUR"})

    result = analysis.stock_by_prefix(available)

    pd.testing.assert_frame_equal(
        result,
        expected(["+1307", "US", "LOCAL", 1, "1", "EUR"], ["+1307", "US", "LOCAL", 1, "9", "USD"]),
    )


def test_a_prefix_without_any_price_has_a_missing_one_and_keeps_its_numbers():
    available = available_frame(
        {"monthly_price": None},
        {"monthly_price": "0.70"},
        {"monthly_price": None, "phone_number": "+12125550142"},
    )

    wanted = expected(["+1307", "US", "LOCAL", 2, "0.70", "USD"], ["+1212", "US", "LOCAL", 1, None, "USD"])
    pd.testing.assert_frame_equal(analysis.stock_by_prefix(available), wanted)


@NASTY
def test_results_have_exactly_the_documented_columns_and_dtypes(frame):
    available = available_frame(*FRAMES[frame])

    result = analysis.stock_by_prefix(available)

    assert tuple(result.columns) == found_tables.STOCK_BY_PREFIX.names
    assert isinstance(result.index, pd.RangeIndex)
    assert result["numbers"].sum() == len(available)
    for column in found_tables.STOCK_BY_PREFIX.columns:
        assert column.kind == "category" or result[column.name].dtype == column.dtype
        assert column.nullable or not result[column.name].isna().any()


@NASTY
def test_input_is_left_as_it_was_and_order_and_index_do_not_matter(frame):
    available = available_frame(*FRAMES[frame])
    available.attrs.update(source="sandbox", complete=False)
    before = available.copy(deep=True)
    turned = available.iloc[::-1].set_axis([f"row {place % 2}" for place in range(len(available))])

    result = analysis.stock_by_prefix(available)

    pd.testing.assert_frame_equal(available, before)
    pd.testing.assert_frame_equal(analysis.stock_by_prefix(turned), result)
    assert result.attrs == {"source": "sandbox", "complete": False}


def test_plain_text_does_as_well_as_categories():
    available = available_frame({}, {"phone_number": "+46701740610", "region_code": "SE"})
    plain = available.astype(
        dict.fromkeys(["phone_number", "region_code", "number_type", "currency_code"], object)
    )
    plain["monthly_price"] = plain["monthly_price"].astype(object)

    pd.testing.assert_frame_equal(analysis.stock_by_prefix(plain), analysis.stock_by_prefix(available))


def test_missing_columns_are_all_named_and_binary_money_is_refused():
    with pytest.raises(ColumnError, match=r"columns missing: phone_number, .*, monthly_price, currency_code"):
        analysis.stock_by_prefix(pd.DataFrame({"number": ["+13075550142"]}))
    floats = available_frame({})
    floats["monthly_price"] = pd.Series([0.6], dtype=object)
    with pytest.raises(ColumnError, match="exact amount"):
        analysis.stock_by_prefix(floats)


def test_docstring_lists_the_columns():
    documented = " ".join(inspect.getdoc(analysis.stock_by_prefix).split())
    for line in found_tables.STOCK_BY_PREFIX.describe().splitlines():
        assert f"- {' '.join(line.split())}" in documented
