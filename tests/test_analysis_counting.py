"""Inventory counts."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import active_frame
from numbers_toolkit import analysis, files, tables
from numbers_toolkit.errors import ColumnError, InvalidInputError
from numbers_toolkit.tables import Column, Table

CAPABILITY = Column("capability", "category", "", True, ("SMS", "VOICE", "SMS and VOICE", "none"))


def expected(keys, *rows):
    leading = [CAPABILITY if key == "capability" else tables.ACTIVE_NUMBERS[key] for key in keys]
    table = Table("", "", (*leading, *tables.INVENTORY.columns))
    return files.restore(pd.DataFrame(list(rows), columns=list(table.names), dtype=object), table)


ACTIVE = active_frame(
    {"region_code": "US", "number_type": "LOCAL"},
    {"region_code": "SE", "number_type": "MOBILE", "has_voice": False},
    {"region_code": "US", "number_type": "TOLL_FREE", "has_sms": False},
    {"region_code": "NA", "number_type": "LOCAL", "has_sms": False, "has_voice": False},
    {"region_code": "US", "number_type": "LOCAL", "sms_state": "FAILED"},
)


def test_inventory_counts_region_and_type_most_first():
    result = analysis.inventory(ACTIVE)

    wanted = expected(
        ["region_code", "number_type"],
        ["US", "LOCAL", 2, 0.4],
        ["NA", "LOCAL", 1, 0.2],
        ["SE", "MOBILE", 1, 0.2],
        ["US", "TOLL_FREE", 1, 0.2],
    )
    pd.testing.assert_frame_equal(result, wanted)


def test_inventory_by_region_keeps_namibia():
    wanted = expected(["region_code"], ["US", 3, 0.6], ["NA", 1, 0.2], ["SE", 1, 0.2])

    pd.testing.assert_frame_equal(analysis.inventory_by_region(ACTIVE), wanted)


def test_inventory_by_type_keeps_unknown_types():
    active = active_frame(
        {"number_type": "SATELLITE"}, {"number_type": "MOBILE"}, {"number_type": "SATELLITE"}
    )

    result = analysis.inventory_by_type(active)

    wanted = expected(["number_type"], ["SATELLITE", 2, 2 / 3], ["MOBILE", 1, 1 / 3])
    pd.testing.assert_frame_equal(result, wanted)
    assert result["number_type"].cat.categories.to_list() == ["MOBILE", "LOCAL", "TOLL_FREE", "SATELLITE"]


def test_inventory_by_capability_has_groups_that_exclude_each_other():
    active = active_frame(
        {"has_sms": True, "has_voice": True},
        {"has_sms": True, "has_voice": True},
        {"has_sms": True, "has_voice": False},
        {"has_sms": False, "has_voice": True},
        {"has_sms": False, "has_voice": False},
        {"has_sms": None, "has_voice": True},
    )

    wanted = expected(
        ["capability"],
        ["SMS and VOICE", 2, 2 / 6],
        ["SMS", 1, 1 / 6],
        ["VOICE", 1, 1 / 6],
        ["none", 1, 1 / 6],
        [None, 1, 1 / 6],
    )
    pd.testing.assert_frame_equal(analysis.inventory_by_capability(active), wanted)


def test_inventory_by_capability_and_region_together():
    result = analysis.inventory(ACTIVE, ["region_code", "capability"])

    wanted = expected(
        ["region_code", "capability"],
        ["US", "SMS and VOICE", 2, 0.4],
        ["NA", "none", 1, 0.2],
        ["SE", "SMS", 1, 0.2],
        ["US", "VOICE", 1, 0.2],
    )
    pd.testing.assert_frame_equal(result, wanted)


def test_inventory_by_state_counts_each_number_once():
    active = active_frame(
        {"sms_state": "PROVISIONED", "voice_state": "FAILED"},
        {"sms_state": "PROVISIONED", "voice_state": "FAILED"},
        {"sms_state": "SUSPENDED", "voice_state": "PROVISIONED"},
    )

    wanted = expected(
        ["sms_state", "voice_state"],
        ["PROVISIONED", "FAILED", 2, 2 / 3],
        ["SUSPENDED", "PROVISIONED", 1, 1 / 3],
    )
    pd.testing.assert_frame_equal(analysis.inventory_by_state(active), wanted)


def test_inventory_keeps_missing_keys_as_a_group_of_their_own_at_the_end():
    active = active_frame(
        {"region_code": None}, {"region_code": "US"}, {"region_code": None, "number_type": None}
    )

    wanted = expected(
        ["region_code", "number_type"],
        ["US", "LOCAL", 1, 1 / 3],
        [None, "LOCAL", 1, 1 / 3],
        [None, None, 1, 1 / 3],
    )
    pd.testing.assert_frame_equal(analysis.inventory(active), wanted)


def test_inventory_without_keys_is_the_total():
    pd.testing.assert_frame_equal(analysis.inventory(ACTIVE, ()), expected([], [5, 1.0]))


def test_inventory_of_nothing_has_every_column_and_dtype():
    result = analysis.inventory(active_frame(), "region_code")

    pd.testing.assert_frame_equal(result, tables.INVENTORY.empty([tables.ACTIVE_NUMBERS["region_code"]]))


def test_inventory_counts_by_columns_of_the_users_own():
    active = ACTIVE.assign(team=["b", "a", "b", None, "a"], cost_centre=[7, 7, 8, 8, 8])

    by_team = analysis.inventory(active, "team")
    by_both = analysis.inventory(active, ["cost_centre", "team"])

    assert by_team["team"].to_list()[:2] == ["a", "b"]
    assert by_team["numbers"].to_list() == [2, 2, 1]
    assert by_both["cost_centre"].to_list() == [7, 7, 8, 8, 8]


def test_inventory_keeps_the_order_of_a_users_own_categories():
    sizes = pd.CategoricalDtype(["small", "unused", "big"], ordered=True)
    active = ACTIVE.assign(size=pd.Series(["big", "small", "big", "small", None], dtype=sizes))

    result = analysis.inventory(active, "size")

    assert result["size"].to_list()[:2] == ["small", "big"]
    assert result["size"].dtype == pd.CategoricalDtype(["small", "big"], ordered=True)


def test_inventory_counts_by_a_column_of_mixed_values():
    active = ACTIVE.assign(tag=pd.Series(["x", 1, "x", None, (1, 2)], dtype=object))

    assert analysis.inventory(active, "tag")["numbers"].sum() == 5


def test_inventory_with_many_keys_does_not_explode():
    keys = [name for name in tables.ACTIVE_NUMBERS.names if name != "display_name"]

    assert len(analysis.inventory(ACTIVE, keys)) == 5


def test_inventory_by_many_keys_with_many_values_neither_overflows_nor_mixes_groups():
    keys = [f"key {place}" for place in range(8)]
    active = pd.DataFrame({key: [number // 2 for number in range(600)] for key in keys})

    result = analysis.inventory(active, keys)

    assert result["numbers"].to_list() == [2] * 300
    assert result["key 7"].to_list() == list(range(300))


def test_inventory_ignores_categories_that_do_not_occur():
    only_us = ACTIVE[ACTIVE["region_code"] == "US"]

    result = analysis.inventory_by_region(only_us)

    assert result["region_code"].cat.categories.to_list() == ["US"]


@pytest.mark.parametrize("by", ["regoin", ["region_code", "regoin"], "numbers"])
def test_inventory_names_the_keys_there_are_when_one_is_unknown(by):
    active = ACTIVE.assign(numbers=1)

    with pytest.raises(
        InvalidInputError, match=r"'(regoin|numbers)'; use one or several of capability, phone_number,"
    ):
        analysis.inventory(active, by)


def test_inventory_by_capability_names_all_missing_columns():
    with pytest.raises(ColumnError, match="columns missing: has_sms, has_voice"):
        analysis.inventory_by_capability(ACTIVE[["region_code"]])


def test_inventory_by_region_without_the_column_is_a_column_error():
    with pytest.raises(ColumnError, match="columns missing: region_code"):
        analysis.inventory_by_region(ACTIVE[["phone_number"]])


@pytest.mark.parametrize("not_a_frame", [None, [], {"region_code": ["US"]}])
def test_inventory_of_something_else_than_a_frame_is_a_column_error(not_a_frame):
    with pytest.raises(ColumnError, match="must be a pandas DataFrame"):
        analysis.inventory(not_a_frame)


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "region_code": st.sampled_from(["US", "SE", "NA", None]),
            "number_type": st.sampled_from(["LOCAL", "MOBILE", "NEW", None]),
            "has_sms": st.sampled_from([True, False, None]),
            "has_voice": st.booleans(),
        }
    ),
    max_size=12,
)


@settings(max_examples=30, deadline=None)
@given(rows=ROWS, data=st.data())
def test_counts_add_up_and_order_does_not_matter(rows, data):
    active = active_frame(*rows)
    order = data.draw(st.permutations(range(len(rows))))
    keys = data.draw(st.lists(st.sampled_from(["region_code", "number_type", "capability"]), unique=True))

    result = analysis.inventory(active, keys)

    assert result["numbers"].sum() == len(rows)
    assert result["share"].sum() == pytest.approx(1.0 if rows else 0.0)
    assert not result.duplicated(keys).any() if keys else len(result) == bool(rows)
    pd.testing.assert_frame_equal(analysis.inventory(active.iloc[list(order)], keys), result)
