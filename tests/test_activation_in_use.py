"""Service plans and campaigns in use: what can be chosen, and how much room is left."""

from __future__ import annotations

import pytest

import numbers_toolkit as nt
from builders import active_frame
from numbers_toolkit.activation.in_use import (
    CampaignInUse,
    ServicePlanInUse,
    campaigns_in_use,
    service_plans_in_use,
)
from numbers_toolkit.errors import ColumnError


def linked(campaign="C1", plan="P1", **given):
    return {"sms_service_plan_id": plan, "sms_campaign_id": campaign, "sms_state": "PROVISIONED", **given}


def moving(campaign="C1", plan="P1", state="WAITING"):
    return {
        "sms_scheduled_service_plan_id": plan,
        "sms_scheduled_campaign_id": campaign,
        "sms_state": state,
    }


def test_plans_are_listed_by_how_many_numbers_use_them():
    active = active_frame(linked(plan="B"), linked(plan="A"), linked(plan="Z"), linked(plan="Z"))
    assert [one.service_plan_id for one in service_plans_in_use(active)] == ["Z", "A", "B"]


def test_a_number_on_its_way_to_a_plan_counts_for_it_and_a_failed_one_does_not():
    active = active_frame(moving(), moving(state="FAILED"), moving(plan="P2", state="FAILED"), linked())
    assert service_plans_in_use(active) == (ServicePlanInUse("P1", 2, 1), ServicePlanInUse("P2", 0, 1))


def test_a_job_for_the_plan_that_a_number_has_already_does_not_count_twice():
    active = active_frame({**linked(), "sms_scheduled_service_plan_id": "P1", "sms_state": "FAILED"})
    assert service_plans_in_use(active) == (ServicePlanInUse("P1", 1, 0),)


def test_campaigns_with_room_come_before_full_ones():
    rows = [*[linked("FULL")] * 50, *[linked("POOL")] * 51, linked("SMALL"), moving("SMALL", "P2")]
    assert campaigns_in_use(active_frame(*rows)) == (
        CampaignInUse("POOL", 51, None, 0, ("P1",)),
        CampaignInUse("SMALL", 2, 48, 0, ("P1", "P2")),
        CampaignInUse("FULL", 50, 0, 0, ("P1",)),
    )


def test_a_campaign_that_holds_more_than_it_may_has_no_room():
    (campaign,) = campaigns_in_use(active_frame(linked(), linked()), limits={"C1": 1})
    assert campaign.room == 0


def test_failed_links_are_told():
    (campaign,) = campaigns_in_use(active_frame(moving(state="FAILED")))
    assert campaign == CampaignInUse("C1", 0, 50, 1, ("P1",))


def test_nothing_is_in_use_where_there_are_no_numbers():
    assert service_plans_in_use(active_frame()) == ()
    assert campaigns_in_use(active_frame()) == ()


def test_a_frame_of_something_else_is_refused():
    with pytest.raises(ColumnError, match="sms_service_plan_id"):
        service_plans_in_use(nt.tables.RESULTS.empty())


def test_hostile_ids_are_kept_as_they_are():
    assert service_plans_in_use(active_frame(linked(plan="<b>x</b>")))[0].service_plan_id == "<b>x</b>"
