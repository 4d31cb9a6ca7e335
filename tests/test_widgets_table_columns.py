"""The columns of a table: titles, kinds, and what they need of a frame."""

from __future__ import annotations

import pandas as pd
import pytest

from builders import active_frame
from numbers_toolkit.errors import ColumnError, InvalidInputError
from numbers_toolkit.widgets.parts.table_columns import TableColumn, columns_of, fitting


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("phone_number", "Phone number"),
        ("has_sms", "SMS"),
        ("sms_service_plan_id", "SMS service plan ID"),
        ("callback_url", "Callback URL"),
    ],
)
def test_a_title_is_made_of_the_name(name, title):
    assert TableColumn(name).title == title


def test_a_given_title_stays():
    assert TableColumn("monthly_cost", "Per month").title == "Per month"


def test_columns_of_our_frames_are_known_by_name_and_dtype():
    kinds = {one.name: one.kind for one in columns_of(active_frame({}))}

    assert kinds["phone_number"] == "phone"
    assert kinds["region_code"] == "region"
    assert kinds["has_sms"] == "flag"
    assert kinds["monthly_cost"] == "money"
    assert kinds["payment_interval_months"] == "number"
    assert kinds["next_charge_date"] == "datetime"
    assert kinds["sms_state"] == "state"
    assert kinds["sms_service_plan_id"] == "code"
    assert kinds["display_name"] == "text"


def test_money_knows_its_currency_where_the_frame_has_one():
    (price,) = fitting([TableColumn("price", kind="money")], active_frame({}))
    (own,) = fitting([TableColumn("amount", kind="money")], pd.DataFrame({"amount": [1.5]}))

    assert price.currency == "currency_code"
    assert own.currency == ""


def test_all_columns_that_are_missing_are_named_at_once():
    columns = [TableColumn("phone_number"), TableColumn("reason", sort="-score", tone="mood")]

    with pytest.raises(ColumnError, match=r"has no reason, mood and score\. It has phone_number"):
        fitting(columns, pd.DataFrame({"phone_number": ["+13075550100"]}))


def test_a_tone_for_all_rows_is_no_column():
    assert fitting([TableColumn("a", tone="bad")], pd.DataFrame({"a": [1]}))[0].tone == "bad"


def test_a_column_stands_once_in_a_table():
    with pytest.raises(InvalidInputError, match="a stands twice among the columns"):
        fitting([TableColumn("a"), TableColumn("a", kind="code")], pd.DataFrame({"a": [1]}))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"kind": "picture"}, "Kind 'picture' of column 'a' is not one of text, number"),
        ({"width": "1px; position: fixed"}, "Width '1px; position: fixed' of column 'a' is no length"),
    ],
)
def test_a_column_that_cannot_be_is_refused(given, told):
    with pytest.raises(InvalidInputError, match=told):
        TableColumn("a", **given)


def test_a_minus_sign_before_the_column_to_sort_by_means_largest_first():
    column = TableColumn("reason", sort="-score")

    assert (column.sort_column, column.largest_first) == ("score", True)
    assert (TableColumn("reason").sort_column, TableColumn("reason").largest_first) == ("reason", False)
