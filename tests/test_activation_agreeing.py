"""What a person agrees to names the sum, exactly, in each currency, and what can't be taken back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from numbers_toolkit.activation.agreeing import agreement, agreement_to_go_on
from numbers_toolkit.activation.costs import Cost, Recurring
from numbers_toolkit.activation.items import PlannedRelease, PlannedUpdate, Wish
from numbers_toolkit.activation.result import NumberResult, Result
from plans import change_plan, plan_of, planned

WISH = Wish(count=1, region_code="US", number_type="LOCAL")


def release(number="+13075550142", price="3.00", **given):
    return PlannedRelease(phone_number=number, cost=Recurring(Decimal(price), "USD"), **given)


def test_the_sum_of_now_and_of_each_month_is_named():
    asked = agreement(plan_of(planned(), planned("+13075550143")))
    assert asked.question == "Rent 2 numbers: 2.40 USD now and 1.20 USD a month."
    assert (asked.step, asked.yes) == ("Rent 2 numbers", "Yes, spend 2.40 USD")
    assert asked.costs
    assert asked.details == ("Now: setup (1.20 USD) and the first payment of the rent.",)


def test_currencies_are_named_side_by_side():
    krona = planned("+46701740605", cost=Cost(Decimal(10), Decimal("24.00"), "SEK", 3))
    asked = agreement(plan_of(planned(), krona))
    assert asked.question == "Rent 2 numbers: 82.00 SEK and 1.20 USD now and 24.00 SEK and 0.60 USD a month."


def test_orders_are_paid_later():
    asked = agreement(plan_of(planned(route="order")))
    assert "1 number by number order: paid when the order is approved." in asked.details


def test_a_replacement_costs_no_more_than_the_plan_showed():
    asked = agreement(plan_of(planned(wish=0), wishes=(WISH,)))
    assert asked.details[-1].endswith("rented in its place, for no more than that in all.")


def test_a_replacement_may_cost_as_much_as_the_budget():
    budgets = {"max_monthly": {"USD": Decimal(5)}, "max_setup": {"USD": Decimal("0.60")}}
    asked = agreement(plan_of(planned(wish=0), wishes=(WISH,), **budgets))
    assert asked.details[-1].endswith("up to your budget of 5 USD a month.")


def test_chosen_numbers_are_not_replaced():
    assert not any("next best" in one for one in agreement(plan_of()).details)


def test_a_change_costs_nothing_and_says_so():
    asked = agreement(change_plan(PlannedUpdate(phone_number="+13075550142", changes={"display_name": "x"})))
    assert asked.question == "Change 1 number: nothing is charged for it."
    assert asked.yes == "Yes, change 1 number"
    assert not asked.costs


def test_a_repair_that_moves_numbers_says_what_that_means():
    moved = PlannedUpdate(
        phone_number="+13075550142", changes={"campaign_id": "CNEW123"}, unlink={"campaign_id": ""}
    )
    asked = agreement(change_plan(moved, purpose="repair"))
    assert asked.question.startswith("Repair 1 number")
    assert asked.details == ("1 number can't send while between the old plan or campaign and the new one.",)


def test_a_release_tells_what_is_saved_when_it_ends_and_that_it_is_final():
    plan = change_plan(
        release(ends_at="2026-04-02T09:00:00Z"),
        release("+13075550143", ends_at="2026-04-09T09:00:00Z"),
        purpose="release",
    )
    asked = agreement(plan)
    assert asked.question == "Give back 2 numbers: saves 6.00 USD a month, and can't be taken back."
    assert asked.details == ("They stay usable until their next charge date, from 2026-04-02 to 2026-04-09.",)
    assert not asked.everything


def test_releasing_everything_takes_a_second_consent():
    assert agreement(change_plan(release(), purpose="release", everything=True)).everything


@pytest.mark.parametrize("outcome", ["unknown", "not tried"])
def test_going_on_names_what_is_left(outcome):
    plan = plan_of(planned(), planned("+13075550143"))
    done, left = plan.items
    asked = agreement_to_go_on(
        Result(plan, None, (NumberResult(done, "activated"), NumberResult(left, outcome)))
    )
    assert asked.question == "Go on with 1 of 2 numbers: up to 1.20 USD now and 0.60 USD a month."
    assert asked.yes == "Yes, spend up to 1.20 USD"


def test_going_on_with_changes_spends_nothing():
    plan = change_plan(PlannedUpdate(phone_number="+13075550142", changes={"display_name": "x"}))
    asked = agreement_to_go_on(Result(plan, None, (NumberResult(plan.items[0], "not tried"),)))
    assert asked.question == "Go on with 1 of 1 number."
    assert not asked.costs
