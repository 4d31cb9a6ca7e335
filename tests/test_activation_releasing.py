"""Release plans: dates, savings, and a second question before everything goes."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

import numbers_toolkit as nt
from builders import active_frame
from numbers_toolkit.activation.plan import load_plan
from numbers_toolkit.activation.releasing import leaves_nothing
from numbers_toolkit.activation.remembered import client_of
from numbers_toolkit.errors import ColumnError, InvalidInputError, PlanError

GONE = {"expire_at": "2026-04-01T00:00:00Z"}
UNKNOWN = "Whether this releases every number of the project is not known"


def release(*rows, **given):
    return nt.plan_release(active_frame(*rows), **given)


def part_of(rows, picked, **attrs):
    """Rows picked from an inventory that was read whole."""
    active = active_frame(*rows)
    active.attrs |= {"complete": True, "filters": {}, "total_size": len(active), "source": "sandbox", **attrs}
    return active.iloc[picked]


def test_each_number_says_when_it_ends_and_what_is_saved():
    plan = release({"display_name": "Desk"}, reason="moved")
    (item,) = plan.items
    assert plan.purpose == "release"
    assert item.ends_at == "2026-04-02T09:15:20.118342Z"
    assert (item.cost.monthly, item.cost.currency_code) == (Decimal("0.60"), "USD")
    assert str(item.cost.monthly) == "0.60"
    assert (item.display_name, item.region_code, item.number_type) == ("Desk", "US", "LOCAL")
    assert item.reason == "moved"


def test_savings_stay_apart_by_currency():
    plan = release({}, {}, {"monthly_cost": "9.25", "price": "9.25", "currency_code": "SEK"})
    assert plan.saved_monthly() == {"SEK": Decimal("9.25"), "USD": Decimal("1.20")}


def test_prices_that_do_not_divide_are_added_before_they_are_rounded():
    yearly = {"price": "10.00", "payment_interval_months": 12, "monthly_cost": "0.833333"}
    assert release(*[yearly] * 12).saved_monthly() == {"USD": Decimal("10.00")}


def test_numbers_without_price_or_date_are_counted():
    plan = release({"price": None, "monthly_cost": None}, {"next_charge_date": None}, {})
    assert [one.cost is None for one in plan.items] == [True, False, False]
    assert plan.items[1].ends_at == ""
    assert "Without a known price, so in no sum: 1 number." in plan.warnings
    assert "Without a next charge date, so that the end is not known: 1 number." in plan.warnings


def test_released_numbers_are_left_out_and_counted():
    plan = release(GONE, {}, GONE)
    assert [one.phone_number for one in plan.items] == ["+13075550101"]
    assert plan.warnings[0] == "Left out, since they are released already: 2 numbers."


def test_only_released_numbers_are_no_plan():
    with pytest.raises(PlanError, match=r"Nothing to release\. .*already: 2 numbers\. Nothing was sent"):
        release(GONE, GONE)


def test_a_plan_can_be_saved_and_loaded(tmp_path):
    plan = release({}, {"monthly_cost": None})
    assert load_plan(plan.save(tmp_path / "plan.json")) == plan


def test_a_frame_read_back_from_a_file_serves(tmp_path):
    active = active_frame({}, GONE)
    nt.to_csv(active, tmp_path / "active.csv")
    plan = nt.plan_release(nt.read_csv(tmp_path / "active.csv"))
    assert plan.items == nt.plan_release(active).items


# -- everything -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [[{}, {}], [{}, GONE]])
def test_releasing_all_that_is_left_asks_twice(rows):
    active = part_of(rows, [0, 1])
    with pytest.raises(PlanError, match=r"every number that project .* has left .*everything=True"):
        nt.plan_release(active)
    plan = nt.plan_release(active, everything=True)
    assert plan.everything
    assert "This releases every number that the project has left." in plan.warnings


def test_a_part_of_the_inventory_is_not_everything_even_if_consented_to():
    plan = nt.plan_release(part_of([{}, {}], [0]), everything=True)
    assert not plan.everything
    assert plan.warnings == ()


@pytest.mark.parametrize(
    "attrs", [{"complete": False}, {"complete": None}, {"filters": {"region_code": ["US"]}}]
)
def test_what_cannot_be_known_is_said_and_the_callers_word_taken(attrs):
    active = part_of([{}, {}], [0, 1], **attrs)
    plan = nt.plan_release(active)
    assert not plan.everything
    assert plan.warnings[0].startswith(UNKNOWN)
    assert nt.plan_release(active, everything=True).everything


def test_the_client_is_asked_whether_anything_would_be_left(client, sandbox):
    active = nt.active_numbers(client)
    # Filtered, so that the frame itself does not know.
    live = active[active.expire_at.isna()]
    live.attrs["filters"] = {"capabilities": ["SMS"]}

    with pytest.raises(PlanError, match="every number that project"):
        nt.plan_release(live, client=client)
    assert nt.plan_release(live, client=client, everything=True).everything

    before = len(sandbox.requests)
    plan = nt.plan_release(live.head(3), client=client)
    assert not plan.everything
    assert plan.warnings == ()
    assert len(sandbox.requests) == before + 1
    assert client_of(plan) is client


def test_one_number_that_stays_is_enough(client):
    numbers = nt.active_numbers(client)["phone_number"].to_list()
    released = [one["phoneNumber"] for one in client.list_active_numbers() if one["expireAt"]]
    live = [one for one in numbers if one not in released]
    assert leaves_nothing(client, numbers)
    assert leaves_nothing(client, live)
    assert not leaves_nothing(client, live[1:])
    assert not leaves_nothing(client, live[:-1])


def test_everything_is_carried_out_only_with_a_second_consent(client, tmp_path):
    plan = nt.plan_release(nt.active_numbers(client), client=client, everything=True)
    with pytest.raises(PlanError, match="everything=True"):
        nt.carry_out(plan, journal=tmp_path / "all.jsonl", progress=False)
    assert all(client.get_active_number(one.phone_number)["expireAt"] is None for one in plan.items[:2])


def test_a_plan_releases_its_numbers_at_the_dates_it_said(client, tmp_path):
    active = nt.active_numbers(client)
    plan = nt.plan_release(active[active.expire_at.isna()].head(3), client=client, reason="moved")
    result = nt.carry_out(plan, journal=tmp_path / "three.jsonl", progress=False)
    assert result.counts == {"released": 3}
    for one in plan.items:
        ends = client.get_active_number(one.phone_number)["expireAt"]
        assert pd.Timestamp(ends) == pd.Timestamp(one.ends_at)


# -- bad input ------------------------------------------------------------------------------------------------


def test_no_numbers_are_refused():
    with pytest.raises(PlanError, match="no number to release"):
        nt.plan_release(active_frame())


def test_a_duplicate_number_is_named():
    active = active_frame({})
    with pytest.raises(PlanError, match=r"\+13075550100 is named twice"):
        nt.plan_release(pd.concat([active, active]))


def test_numbers_of_several_projects_are_refused():
    with pytest.raises(PlanError, match="several projects"):
        release({"project_id": "one"}, {"project_id": "two"})


def test_numbers_that_are_not_active_are_named(client, sandbox):
    with pytest.raises(PlanError, match=r"\+13079999999 is not an active number") as caught:
        nt.plan_release(["+13079999999"], client=client)
    assert len(caught.value.faults) == 1
    assert not [one for one in sandbox.requests if one.operation == "release"]


def test_missing_columns_are_named():
    with pytest.raises(ColumnError, match="missing: monthly_cost, next_charge_date"):
        nt.plan_release(active_frame({}).drop(columns=["monthly_cost", "next_charge_date"]))


def test_phone_numbers_alone_need_a_client():
    with pytest.raises(InvalidInputError, match="give client="):
        nt.plan_release(["+13075550142"])


def test_a_reason_that_is_no_text_is_refused():
    with pytest.raises(InvalidInputError, match="reason is int"):
        release({}, reason=5)
