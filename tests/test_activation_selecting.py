"""Which numbers are meant, and what the head of a plan says of them."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import numbers_toolkit as nt
from builders import active_frame
from numbers_toolkit import tables
from numbers_toolkit.activation.selecting import (
    inventory,
    plan_head,
    read_numbers,
    records,
    refuse_faults,
    selected,
)
from numbers_toolkit.errors import PlanError

NAMES = ("phone_number", "region_code")


def test_rows_keep_columns_of_ones_own_and_get_plain_positions():
    active = active_frame({}, {}).assign(team="x").iloc[[1]]
    chosen = selected(active, None, NAMES)
    assert chosen.index.to_list() == [0]
    assert chosen["team"].to_list() == ["x"]
    assert active.index.to_list() == [1]


def test_numbers_typed_by_hand_become_e164():
    active = active_frame({"phone_number": "+1 (307) 555-0142"})
    assert selected(active, None, NAMES)["phone_number"].to_list() == ["+13075550142"]


def test_the_same_number_in_two_spellings_is_named_twice():
    with pytest.raises(PlanError, match=r"\+13075550142 is named twice"):
        selected(
            active_frame({"phone_number": "+1 3075550142"}, {"phone_number": "+13075550142"}), None, NAMES
        )


def test_a_table_of_numbers_is_read_and_keeps_its_own_columns(client):
    wanted = nt.active_numbers(client)["phone_number"].to_list()[:3][::-1]
    table = pd.DataFrame(
        {"desk": ["a", "b", "c"], "phone_number": wanted, "region_code": "XX"}, index=[5, 6, 7]
    )
    chosen = selected(table, client, (*NAMES, "number_type"))
    assert chosen["phone_number"].to_list() == wanted
    assert chosen["desk"].to_list() == ["a", "b", "c"]
    assert "XX" not in set(chosen["region_code"])


@pytest.mark.parametrize("count", [3, 60])
def test_few_and_many_numbers_are_read_alike(client, count):
    everything = nt.active_numbers(client)
    wanted = everything["phone_number"].to_list()[:count][::-1]
    found = read_numbers(client, [*wanted, "+13079999999"])
    assert found["phone_number"].to_list() == wanted
    assert tuple(found.columns) == tables.ACTIVE_NUMBERS.names
    assert found.attrs["source"] == "sandbox"
    assert found.attrs["project_id"] == client.project_id


def test_a_plan_begins_with_where_and_when_its_numbers_were_read(client):
    active = nt.active_numbers(client)
    head = plan_head(active, None)
    assert re.fullmatch(r"[0-9a-f]{16}", head["plan_id"])
    assert head["plan_id"] != plan_head(active, None)["plan_id"]
    assert (head["project_id"], head["source"]) == (client.project_id, "sandbox")
    assert head["made_at"] == active.attrs["fetched_at"] == "2026-03-02T09:00:00Z"


def test_what_a_frame_does_not_say_comes_from_the_client(client):
    active = nt.active_numbers(client).drop(columns="project_id")
    active.attrs = {}
    head = plan_head(active, client)
    assert (head["project_id"], head["source"]) == (client.project_id, "sandbox")
    assert head["made_at"] == "2026-03-02T09:00:00Z"


def test_missing_values_are_none_and_flags_are_plain():
    (row,) = records(
        active_frame({"has_sms": False, "has_voice": None}), ("has_sms", "has_voice", "expire_at", "price")
    )
    assert row["has_sms"] is False
    assert row["has_voice"] is None
    assert row["expire_at"] is None
    assert str(row["price"]) == "0.600000"


def test_one_fault_is_a_sentence_and_many_are_a_list_that_ends():
    refuse_faults([])
    with pytest.raises(PlanError) as caught:
        refuse_faults(["One is wrong."])
    assert str(caught.value) == "The plan can't be made: One is wrong. Nothing was sent."

    with pytest.raises(PlanError) as caught:
        refuse_faults([f"Fault {one}." for one in range(30)], {"no name": ["+1", "+2"]})
    assert str(caught.value).startswith(
        "The plan can't be made for 31 reasons. Nothing was sent.\n- Fault 0."
    )
    assert str(caught.value).endswith("- and 11 more")
    assert caught.value.faults[-2:] == ("+1: no name.", "+2: no name.")


def test_without_a_client_what_was_given_has_to_do():
    active = active_frame({})
    found, surely_all = inventory(active, None)
    assert found is active
    assert not surely_all
    active.attrs |= {"complete": True, "total_size": 1}
    assert inventory(active, None)[1]
