"""Making a plan: everything looked up, all faults told at once, nothing bought."""

from __future__ import annotations

import json
import threading
from decimal import Decimal
from typing import Any, Self

import pytest

import numbers_toolkit as nt
from builders import active_frame
from numbers_toolkit import errors
from numbers_toolkit.activation import planning
from numbers_toolkit.activation.candidates import allot, next_best, search_wish
from numbers_toolkit.activation.costs import Cost
from numbers_toolkit.activation.items import Configuration, Wish
from numbers_toolkit.activation.offers import Offer
from numbers_toolkit.activation.remembered import client_of
from sandbox_helpers import active_number
from scripted_server import Reply, ScriptedServer, error

PLAN = "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57"
CAMPAIGN = "CQ4T8ZK"
PAYING = {"rent", "rent_any", "create_order", "submit_order", "release", "update_active"}
DOLLARS = {"region_code": "US", "number_type": "LOCAL"}


def offer(phone_number: str, monthly: Any = "0.60", setup: Any = "0.60", **given: Any) -> dict[str, Any]:
    """A number on offer, US LOCAL in dollars where nothing else is said."""
    currency = given.pop("currency", "USD")
    return {
        "phoneNumber": phone_number,
        "regionCode": "US",
        "type": "LOCAL",
        "capability": ["SMS", "VOICE"],
        "setupPrice": {"currencyCode": currency, "amount": setup},
        "monthlyPrice": {"currencyCode": currency, "amount": monthly},
        "paymentIntervalMonths": 1,
        "supportingDocumentationRequired": False,
        **given,
    }


def swedish(phone_number: str, monthly: str = "24.00", **given: Any) -> dict[str, Any]:
    kind = {"regionCode": "SE", "type": "MOBILE", "currency": "SEK"}
    return offer(phone_number, monthly, "0.00", **{**kind, **given})


class Shop:
    """A sandbox with a given stock, and a client of it."""

    def __init__(self, *stock: dict[str, Any], active: Any = (), **options: Any) -> None:
        self.sandbox = nt.Sandbox(
            numbers=active, available_numbers=stock, clock="manual", **{"maximum_page_size": 100, **options}
        )

    def __enter__(self) -> Self:
        self.sandbox.start()
        self.client = nt.connect(sandbox=self.sandbox)
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.client.close()
        operations = {one.operation for one in self.sandbox.requests}
        self.sandbox.stop()
        assert not operations & PAYING
        assert not self.sandbox.ledger
        assert not self.sandbox.internal_errors

    def plan(self, what: Any, **given: Any) -> nt.activation.ActivationPlan:
        return nt.plan_activation(self.client, what, progress=False, **given)

    def faults(self, what: Any, **given: Any) -> tuple[str, ...]:
        with pytest.raises(errors.PlanError) as caught:
            self.plan(what, **given)
        return caught.value.faults

    def asked(self, operation: str) -> int:
        return sum(one.operation == operation for one in self.sandbox.requests)


def stock(count: int, prefix: str = "+1307555", **given: Any) -> list[dict[str, Any]]:
    return [offer(f"{prefix}{index:04d}", **given) for index in range(count)]


def numbers(plan: Any) -> list[str]:
    return [one.phone_number for one in plan.numbers]


def only(texts: Any) -> str:
    (text,) = texts
    return text


# -- a plan that can be made --------------------------------------------------------------------------------


def test_rows_of_a_search_become_a_plan(client, sandbox):
    offers = nt.available_numbers(client, "US", "LOCAL", capabilities="SMS", size=3)

    plan = nt.plan_activation(client, offers, service_plan_id=PLAN, progress=False)

    assert numbers(plan) == offers["phone_number"].tolist()
    assert (plan.project_id, plan.source) == (client.project_id, "sandbox")
    assert plan.made_at.startswith(f"{sandbox.now:%Y-%m-%dT%H:%M:%S}")
    assert plan.made_at.endswith("Z")
    assert client_of(plan) is client
    first = plan.numbers[0]
    assert first.cost == Cost(Decimal("0.60"), Decimal("0.60"), "USD", 1)
    assert first.configuration == Configuration(service_plan_id=PLAN)
    assert (first.route, first.papers, first.wish) == ("rent", False, None)
    assert "bought at once by :rent" in first.route_reason
    assert not {one.operation for one in sandbox.requests} & PAYING


def test_rows_that_come_back_from_a_file_make_the_same_plan(client, tmp_path):
    offers = nt.available_numbers(client, "SE", "MOBILE", size=3)
    path = nt.to_csv(offers, tmp_path / "offers.csv")

    again = nt.plan_activation(client, nt.read_csv(path), progress=False)

    assert again.items == nt.plan_activation(client, offers, progress=False).items


def test_each_plan_has_its_own_identity(client):
    wish = Wish(count=1, **DOLLARS)

    one, other = (nt.plan_activation(client, wish) for _ in range(2))

    assert one.items == other.items
    assert one.plan_id != other.plan_id
    assert len(one.plan_id) == 16


def test_numbers_and_wishes_are_planned_together_and_no_number_twice():
    with Shop(*stock(6)) as shop:
        plan = shop.plan(["+13075550000", "3 US LOCAL", "+13075550002"])

    assert numbers(plan) == ["+13075550000", "+13075550002", "+13075550001", "+13075550003", "+13075550004"]
    assert [one.wish for one in plan.numbers] == [None, None, 0, 0, 0]
    assert [repr(one) for one in plan.wishes] == ["Wish(3 US LOCAL)"]


def test_wish_takes_the_cheapest_by_month_then_setup_then_number():
    offers = [
        offer("+13075550001", "0.70", "0.00"),
        offer("+13075550002", "0.60", "0.60"),
        offer("+13075550003", "0.6", "0.10"),
        offer("+13075550004", "0.60", "0.1"),
    ]
    with Shop(*offers) as shop:
        plan = shop.plan("3 US LOCAL")

    assert numbers(plan) == ["+13075550003", "+13075550004", "+13075550002"]


def test_progress_counts_the_chosen_numbers():
    told = []
    with Shop(*stock(5)) as shop:
        nt.plan_activation(
            shop.client, [one["phoneNumber"] for one in stock(5)], progress=lambda *seen: told.append(seen)
        )

    assert told == [(done, 5) for done in range(1, 6)]


def test_chosen_numbers_are_looked_up_at_most_eight_at_a_time(monkeypatch):
    gate, lock, running, most = threading.Barrier(8), threading.Lock(), 0, 0
    get = nt.NumbersClient.get_available_number

    def slow(self, phone_number):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        # Eight have to be there at once before any may go on; a ninth would be counted.
        gate.wait(30)
        found = get(self, phone_number)
        with lock:
            running -= 1
        return found

    monkeypatch.setattr(nt.NumbersClient, "get_available_number", slow)
    with Shop(*stock(24)) as shop:
        plan = shop.plan([one["phoneNumber"] for one in stock(24)])

    assert numbers(plan) == [one["phoneNumber"] for one in stock(24)]
    assert most == 8


def test_plan_of_a_wish_asks_for_one_page():
    with Shop(*stock(100)) as shop:
        shop.plan("90 US LOCAL")

        assert shop.asked("search_available") == 1


def test_wish_for_more_than_a_page_is_found_by_prefix():
    with Shop(*stock(250), *stock(30, "+1212555")) as shop:
        plan = shop.plan("260 US LOCAL")

        assert len(set(numbers(plan))) == 260
        assert shop.asked("search_available") > 2


def test_no_python_warning_is_given_for_a_search_that_goes_on(recwarn):
    with Shop(*stock(250)) as shop:
        shop.plan("120 US LOCAL")

    assert not recwarn.list


def test_wish_is_searched_by_pattern_and_capability():
    offers = [
        *stock(3, capability=["VOICE"]),
        *stock(3, "+1212555"),
        offer("+13075559942", capability=["SMS"]),
    ]
    with Shop(*offers) as shop:
        starting = shop.plan("1 US LOCAL SMS START +1307")
        ending = shop.plan("1 US LOCAL END 42")
        containing = shop.plan("1 US LOCAL CONTAINS 9942")

    assert numbers(starting) == numbers(ending) == numbers(containing) == ["+13075559942"]


def test_configuration_narrows_wishes_to_numbers_that_can_be_set_up():
    with Shop(*stock(2, capability=["VOICE"]), offer("+13075559942", capability=["SMS", "VOICE"])) as shop:
        plan = shop.plan("1 US LOCAL", service_plan_id=PLAN, voice_id="app-1")

    assert numbers(plan) == ["+13075559942"]
    assert plan.wishes[0].capabilities == ("SMS", "VOICE")
    assert plan.numbers[0].configuration == Configuration(
        service_plan_id=PLAN, voice_type="RTC", voice_id="app-1"
    )


def test_narrow_wish_is_served_before_a_wide_one():
    with Shop(*stock(2), offer("+12125550000", "9.00")) as shop:
        plan = shop.plan(["1 US LOCAL", "2 US LOCAL START +1307"])

    assert [(one.phone_number, one.wish) for one in plan.numbers] == [
        ("+12125550000", 0),
        ("+13075550000", 1),
        ("+13075550001", 1),
    ]


def made(number: str) -> Offer:
    return Offer(number, "US", "LOCAL", (), Cost(Decimal(1), Decimal(1), "USD"))


def test_numbers_are_shared_out_so_that_all_wishes_are_met():
    a, b, c, d = (made(f"+1307555000{index}") for index in range(4))

    # Taken in their order, the first wish would leave nothing for the second, and that one nothing for the third.
    shared = allot([2, 1, 1], [[a, b, c], [a, d, b], [d, a, b]])

    assert sorted(map(len, shared)) == [1, 1, 2]
    assert len({one.phone_number for own in shared for one in own}) == 4


def test_numbers_that_are_too_few_are_shared_out_as_far_as_they_go():
    a, b = made("+13075550000"), made("+13075550001")

    shared = allot([3, 3], [[a, b], [a, b]])

    assert sum(map(len, shared)) == 2


# -- routes and papers --------------------------------------------------------------------------------------


def test_papers_are_asked_for_once_for_each_kind_that_is_ordered(client, sandbox):
    plan = nt.plan_activation(client, ["2 DE MOBILE", "1 SE MOBILE", "2 US LOCAL"], progress=False)

    assert [one.papers for one in plan.numbers] == [True, True, False, False, False]
    assert [one.route for one in plan.numbers] == ["order", "order", "order", "rent", "rent"]
    assert sum(one.operation == "lookup_requirements" for one in sandbox.requests) == 2
    told = only([one for one in plan.warnings if one.startswith("Papers")])
    assert "DE MOBILE asks for registration data" in told
    assert "Business registration" in told
    assert "The plan has 2 numbers of this kind." in told


def test_kind_without_known_requirements_is_told_of(client):
    plan = nt.plan_activation(client, "1 US TOLL_FREE", progress=False)

    assert plan.numbers[0].papers is False
    assert "names no requirements for orders of US TOLL_FREE" in only(plan.warnings)


def test_route_can_be_forced_and_says_so(client):
    rented = nt.plan_activation(client, "1 SE MOBILE", route="rent", progress=False)
    ordered = nt.plan_activation(client, "1 US LOCAL", route="order", progress=False)

    assert (rented.numbers[0].route, ordered.numbers[0].route) == ("rent", "order")
    assert "sources disagree" in only(rented.warnings)
    assert any("route='order'" in one for one in ordered.warnings)


def test_documents_called_for_are_a_warning_where_renting_needs_none(client):
    plan = nt.plan_activation(client, "2 US LOCAL", progress=False)

    assert "supporting documentation for 2 numbers bought by :rent" in only(plan.warnings)
    assert not any(one.papers for one in plan.numbers)


# -- chosen numbers that can't be had ------------------------------------------------------------------------


def test_number_that_is_gone_is_a_fault():
    with Shop(*stock(1)) as shop:
        told = only(shop.faults(["+13075550000", "+13075559999"]))

    assert told.startswith("+13075559999 is not on offer: somebody else has taken it meanwhile")


def test_number_that_is_already_active_is_a_fault():
    with Shop(active=[active_number("+13075550001")]) as shop:
        told = only(shop.faults("+13075550001"))

    assert told == "+13075550001 is already active in this project; leave it out."


def test_number_that_was_given_back_is_told_with_its_end():
    leaving = active_number("+13075550001", expireAt="2026-04-01T00:00:00Z")
    with Shop(active=[leaving]) as shop:
        told = only(shop.faults("+13075550001"))

    assert "already active in this project until 2026-04-01, since it was given back" in told


def test_all_faults_are_told_at_once():
    with Shop(*stock(3), active=[active_number("+13075558888")]) as shop:
        faults = shop.faults(
            ["+13075550000", "+13075550000", "+13075559999", "+13075558888", "x", "9 US LOCAL"],
            campaign_id=CAMPAIGN,
            callback_url="ftp://hooks.example.com",
            max_setup="0.10 USD",
        )

    assert len(faults) == 8
    for part in (
        "without a service plan",
        "callback_url begins with ftp",
        "'x' is neither a phone number nor a wish",
        "+13075550000. Each number can be bought once",
        "+13075559999 is not on offer",
        "+13075558888 is already active",
        "Wish(9 US LOCAL SMS) can't be met: 2 numbers on offer fit",
        "max_setup is 0.10 USD, but the setup cost of these numbers is 1.80 USD: 1.70 USD too much",
    ):
        assert any(part in one for one in faults), part


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"monthlyPrice": None}, "monthly not given"),
        ({"setupPrice": {"amount": "1"}}, "setup '1' without a currency"),
        ({"setupPrice": {"currencyCode": "SEK", "amount": "1"}}, "setup '1' SEK"),
        ({"monthlyPrice": {"currencyCode": "USD", "amount": "free"}}, "monthly 'free' USD"),
        ({"monthlyPrice": {"currencyCode": "USD", "amount": "-1"}}, "monthly '-1' USD"),
    ],
    ids=str,
)
def test_number_without_a_price_to_rely_on_is_a_fault_and_no_candidate(changes, message):
    with Shop(offer("+13075550000", **changes), offer("+13075550001", "9.00")) as shop:
        told = only(shop.faults("+13075550000"))
        plan = shop.plan("1 US LOCAL")
        short = only(shop.faults("2 US LOCAL"))

    assert message in told
    assert numbers(plan) == ["+13075550001"]
    assert "1 number on offer fits, 1 more have no price that can be relied on" in short


def test_number_that_the_api_refuses_is_a_fault():
    refused = error(400, "INVALID_ARGUMENT", "not a number")
    with (
        ScriptedServer(refused) as server,
        server.client() as client,
        pytest.raises(errors.PlanError) as caught,
    ):
        nt.plan_activation(client, "+13075550142")

    assert caught.value.faults == ("+13075550142 is refused by the API: not a number.",)


def test_answer_about_another_number_is_a_fault():
    with (
        ScriptedServer(Reply(body=offer("+13075550143"))) as server,
        server.client() as client,
        pytest.raises(
            errors.PlanError, match=r"\+13075550142 can't be planned: the API answered with \+13075550143"
        ),
    ):
        nt.plan_activation(client, "+13075550142")


def test_api_that_can_not_be_read_is_its_own_error_and_asks_no_further():
    with (
        ScriptedServer(error(403, "PERMISSION_DENIED")) as server,
        server.client() as client,
        pytest.raises(errors.PermissionDeniedError),
    ):
        nt.plan_activation(client, [f"+1307555{index:04d}" for index in range(100)])

    assert len(server.requests) < 100


def test_short_trouble_of_the_api_is_waited_out(sandbox, client):
    number = nt.available_numbers(client, "US", "LOCAL", size=1)["phone_number"][0]
    sandbox.faults.add("unavailable", times=2, operation="get_available", retry_after=0)
    sandbox.faults.add("unavailable", times=1, operation="search_available", retry_after=0)

    assert len(nt.plan_activation(client, [number, "1 US LOCAL"], progress=False)) == 2


def test_number_without_the_needed_capability_is_a_fault():
    with Shop(offer("+13075550000", capability=["VOICE"])) as shop:
        told = only(shop.faults("+13075550000", service_plan_id=PLAN))

    assert told.startswith("1 number can't be used for SMS, which service_plan_id needs: +13075550000.")


# -- prices and budgets -------------------------------------------------------------------------------------


def test_price_that_changed_since_the_search_is_planned_afresh_with_a_warning():
    with Shop(*stock(2)) as shop:
        offers = nt.available_numbers(shop.client, "US", "LOCAL")
        shop.sandbox.add_available(offer("+13075550001", "0.90", "1.00"))

        plan = shop.plan(offers)

    assert plan.costs("monthly") == {"USD": Decimal("1.50")}
    told = only(plan.warnings)
    assert "1 number (+13075550001) has changed: 1.00 USD setup and 0.90 USD a month" in told
    assert "not 0.60 USD setup and 0.60 USD a month as shown before" in told


def test_chosen_number_above_the_highest_price_is_a_fault():
    with Shop(offer("+13075550000", "0.60"), offer("+13075550001", "2.00")) as shop:
        told = only(shop.faults(["+13075550000", "+13075550001"], max_price="1.00 USD"))

    assert "1 number costs more a month than max_price allows (1.00 USD): +13075550001 (2.00 USD)" in told


def test_wish_passes_over_numbers_above_the_highest_price():
    with Shop(offer("+13075550000", "1.00"), offer("+13075550001", "2.00")) as shop:
        plan = shop.plan("1 US LOCAL", max_price=1)
        told = only(shop.faults("2 US LOCAL", max_price={"USD": "1.00"}))

    assert numbers(plan) == ["+13075550000"]
    assert plan.max_price == {"USD": Decimal(1)}
    assert "1 number on offer fits, 1 more cost more a month than max_price allows" in told


def test_wish_looks_further_when_the_first_page_is_too_dear():
    dear = [offer(f"+1212555{index:04d}", "5.00") for index in range(150)]
    with Shop(*dear, *stock(3)) as shop:
        plan = shop.plan("3 US LOCAL", max_price="1 USD")

    assert numbers(plan) == ["+13075550000", "+13075550001", "+13075550002"]


def test_budgets_that_hold_stand_in_the_plan():
    with Shop(*stock(2), swedish("+46701740605")) as shop:
        plan = shop.plan(
            ["2 US LOCAL", "1 SE MOBILE"], max_setup="1.20 USD, 0 SEK", max_monthly={"USD": "1.20", "SEK": 24}
        )

    assert plan.max_setup == {"SEK": Decimal(0), "USD": Decimal("1.20")}
    assert plan.max_monthly == {"SEK": Decimal(24), "USD": Decimal("1.20")}
    assert plan.max_price is None


def test_plan_above_its_budgets_names_sum_budget_and_excess():
    with Shop(*stock(5)) as shop, pytest.raises(errors.BudgetExceededError) as caught:
        shop.plan("5 US LOCAL", max_setup="2.50 USD", max_monthly=2)

    setup, monthly = caught.value.faults
    assert (
        "max_setup is 2.50 USD, but the setup cost of these numbers is 3.00 USD: 0.50 USD too much" in setup
    )
    assert (
        "max_monthly is 2 USD, but the monthly cost of these numbers is 3.00 USD: 1.00 USD too much"
        in monthly
    )
    assert "Nothing was bought." in str(caught.value)


def test_budget_in_the_wrong_currency_is_refused_as_a_budget():
    with (
        Shop(*stock(1)) as shop,
        pytest.raises(errors.BudgetExceededError, match="Currencies are not converted"),
    ):
        shop.plan("1 US LOCAL", max_monthly="100 EUR")


def test_highest_price_in_the_wrong_currency_is_refused():
    with Shop(*stock(1)) as shop:
        assert "max_price is given in EUR" in only(shop.faults("1 US LOCAL", max_price="100 EUR"))


def test_bare_budget_for_two_currencies_is_a_fault():
    with Shop(*stock(1), swedish("+46701740605")) as shop:
        assert "max_setup 5 names no currency" in only(
            shop.faults(["1 US LOCAL", "1 SE MOBILE"], max_setup=5)
        )


@pytest.mark.parametrize("name", ["max_setup", "max_monthly", "max_price"])
def test_budget_that_is_none_is_refused_before_anything_is_sent(client, sandbox, name):
    with pytest.raises(errors.InvalidInputError, match=f"{name} 0.1 is not exact"):
        nt.plan_activation(client, "1 US LOCAL", **{name: 0.1})

    assert not sandbox.requests


def test_numbers_paid_for_a_year_at_once_are_told_of():
    with Shop(swedish("+46701740605", "12.00", paymentIntervalMonths=12)) as shop:
        plan = shop.plan("1 SE MOBILE")

    assert (
        "1 number is paid 12 months at once: their first payment is 144.00 SEK with setup." in plan.warnings
    )


# -- wishes that can't be met --------------------------------------------------------------------------------


def test_wish_that_can_not_be_met_says_how_many_there_are():
    with Shop(*stock(3)) as shop:
        told = only(shop.faults("5 US LOCAL START +1307"))

    assert told == (
        "Wish(5 US LOCAL START +1307) can't be met: 3 numbers on offer fit. Wish for 3 numbers or less, or for other "
        "numbers."
    )


def test_wish_for_what_nobody_offers_is_a_fault():
    with Shop(*stock(3)) as shop:
        told = only(shop.faults("1 GB MOBILE"))

    assert told == "Wish(1 GB MOBILE) can't be met: 0 numbers on offer fit. Wish for other numbers."


def test_wishes_that_take_each_others_numbers_say_so():
    with Shop(*stock(3)) as shop:
        told = only(shop.faults(["2 US LOCAL", "2 US LOCAL START +1307"]))

    assert "3 numbers on offer fit, but the other wishes of the plan leave 1 of them" in told


def test_chosen_number_is_not_counted_for_a_wish():
    with Shop(*stock(3)) as shop:
        told = only(shop.faults(["+13075550000", "3 US LOCAL"]))

    assert "2 numbers on offer fit" in told


def test_server_that_ignores_filters_does_not_fulfil_a_wish_with_other_numbers():
    others = [offer("+12125550000"), swedish("+46701740605"), offer("+13075550001", capability=["VOICE"])]
    answer = Reply(body={"availableNumbers": [*others, offer("+13075550000")]})
    with ScriptedServer(answer) as server, server.client() as client:
        wish = Wish(count=1, **DOLLARS, capabilities="SMS", pattern="+1307", search_pattern="START")
        found = search_wish(client, wish, set(), 1)

        assert "START" in server.requests[0].query

    assert [one.phone_number for one in found.offers] == ["+13075550000"]


# -- links --------------------------------------------------------------------------------------------------


def test_campaign_goes_to_us_numbers_only_and_a_mixed_plan_says_so():
    with Shop(*stock(2), swedish("+46701740605")) as shop:
        plan = shop.plan(["2 US LOCAL", "1 SE MOBILE"], service_plan_id=PLAN, campaign_id=CAMPAIGN)

    assert [one.configuration.campaign_id for one in plan.numbers] == [CAMPAIGN, CAMPAIGN, ""]
    assert {one.configuration.service_plan_id for one in plan.numbers} == {PLAN}
    assert any("1 number outside the US is bought without it" in one for one in plan.warnings)


def test_campaign_that_no_number_can_take_is_a_fault():
    with Shop(swedish("+46701740605")) as shop:
        told = only(shop.faults("+46701740605", service_plan_id=PLAN, campaign_id=CAMPAIGN))

        assert "no number of the plan is one" in told
        assert shop.asked("list_active") == 0


@pytest.mark.parametrize("what", ["+18005550100", "1 US TOLL_FREE"])
def test_toll_free_number_with_a_campaign_is_a_fault(what):
    with Shop(offer("+18005550100", type="TOLL_FREE"), *stock(1)) as shop:
        told = only(shop.faults([what, "1 US LOCAL"], service_plan_id=PLAN, campaign_id=CAMPAIGN))

    assert "takes no toll-free numbers" in told


def linked(count: int, campaign: str = CAMPAIGN) -> list[dict[str, Any]]:
    sms = {"servicePlanId": PLAN, "scheduledProvisioning": None, "campaignId": campaign}
    return [active_number(f"+1212555{index:04d}", smsConfiguration=sms) for index in range(count)]


def test_more_numbers_than_a_campaign_has_room_for_is_a_fault():
    with Shop(*stock(5), active=linked(47)) as shop:
        plan = shop.plan("3 US LOCAL", service_plan_id=PLAN, campaign_id=CAMPAIGN)
        told = only(shop.faults("4 US LOCAL", service_plan_id=PLAN, campaign_id=CAMPAIGN))

    assert len(plan) == 3
    assert f"Campaign '{CAMPAIGN}' has room for 3 numbers, and the plan links 4 to it" in told


def test_campaign_of_a_sole_proprietor_holds_one_number():
    with Shop(*stock(2)) as shop:
        given = {"service_plan_id": PLAN, "campaign_id": CAMPAIGN, "campaign_limit": 1}
        assert len(shop.plan("1 US LOCAL", **given)) == 1
        assert "has room for 1 number" in only(shop.faults("2 US LOCAL", **given))


def test_number_pool_needs_no_look_at_the_active_numbers():
    with Shop(*stock(5), active=linked(50)) as shop:
        plan = shop.plan("5 US LOCAL", service_plan_id=PLAN, campaign_id=CAMPAIGN, campaign_limit=None)

        assert len(plan) == 5
        assert shop.asked("list_active") == 0


def test_active_numbers_that_were_read_already_are_not_read_again():
    with Shop(*stock(5), active=linked(49)) as shop:
        active = nt.active_numbers(shop.client)
        before = shop.asked("list_active")
        told = only(shop.faults("2 US LOCAL", service_plan_id=PLAN, campaign_id=CAMPAIGN, active=active))

        assert "has room for 1 number" in told
        assert shop.asked("list_active") == before


def test_active_numbers_are_read_for_a_campaign_alone():
    with Shop(*stock(2)) as shop:
        shop.plan("1 US LOCAL", service_plan_id=PLAN)
        assert shop.asked("list_active") == 0

        shop.plan("1 US LOCAL", service_plan_id=PLAN, campaign_id=CAMPAIGN)
        assert shop.asked("list_active") == 1


def test_active_numbers_of_another_project_are_a_fault():
    active = active_frame({})
    active.attrs["project_id"] = "another"
    with Shop(*stock(1)) as shop:
        told = only(shop.faults("1 US LOCAL", active=active))

    assert told.startswith("The active numbers were read from project another")


def test_frame_that_holds_no_active_numbers_is_refused(client, sandbox):
    with pytest.raises(errors.ColumnError, match="active numbers table does not fit"):
        nt.plan_activation(client, "1 US LOCAL", active=nt.tables.INVENTORY.empty())

    assert not sandbox.requests


def test_odd_ids_are_warned_about_unless_a_number_uses_them():
    sms = {"servicePlanId": "my-plan", "scheduledProvisioning": None, "campaignId": "my-campaign"}
    with Shop(*stock(1), active=[active_number("+12125550000", smsConfiguration=sms)]) as shop:
        known = shop.plan("1 US LOCAL", service_plan_id="my-plan", campaign_id="my-campaign")
        unknown = shop.plan("1 US LOCAL", service_plan_id="my-plam", campaign_id="my-campaigm")
        not_looked_at = shop.plan("1 US LOCAL", service_plan_id="my-plan")

    assert known.warnings == ()
    assert len(unknown.warnings) == 2
    assert "service_plan_id 'my-plan' does not look like one" in only(not_looked_at.warnings)


def test_service_plan_with_a_blank_is_a_fault():
    with Shop(*stock(1)) as shop:
        assert "service_plan_id ' x' holds ' '" in only(shop.faults("1 US LOCAL", service_plan_id=" x"))


def test_password_in_a_callback_url_reaches_neither_plan_nor_error():
    with Shop(*stock(1)) as shop:
        faults = shop.faults("1 US LOCAL", callback_url="https://ann:hunter2@hooks.example.com")

    assert "carries a user name or password" in only(faults)
    assert "hunter2" not in only(faults)


# -- where it comes from ------------------------------------------------------------------------------------


def test_frame_of_another_project_is_a_fault():
    with Shop(*stock(1)) as shop:
        offers = nt.available_numbers(shop.client, "US", "LOCAL")
        offers.attrs["project_id"] = "another"
        told = only(shop.faults(offers))

    assert told.startswith(
        f"The frame was read from project another, but the client is connected to {shop.client.project_id}"
    )


def test_sandbox_data_is_not_planned_in_another_place():
    frame = nt.tables.AVAILABLE_NUMBERS.empty()
    frame.loc[0, "phone_number"] = "+13075550142"
    frame.attrs["source"] = "sandbox"
    with (
        ScriptedServer(Reply(body=offer("+13075550142"))) as server,
        server.client() as client,
        pytest.raises(
            errors.PlanError, match="holds sandbox data, but the client is connected to server 127"
        ),
    ):
        nt.plan_activation(client, frame)


def test_plan_says_what_the_project_is_and_takes_the_clock_where_the_api_tells_no_time():
    answer = Reply(body=offer("+13075550142"))
    with ScriptedServer(answer) as server, server.client() as client:
        plan = nt.plan_activation(client, "+13075550142")
        client.server_time = None

        assert plan.source == f"server {server.url.removeprefix('http://')}"
        assert planning.now_text(client) == "2026-03-02T09:00:00.000000Z"


# -- wrong arguments ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"route": "post"}, "route 'post' is not known"),
        ({"campaign_limit": 0}, "campaign_limit 0"),
        ({"max_setup": "a lot"}, "max_setup"),
        ({"what": 5}, "int names no numbers"),
    ],
    ids=str,
)
def test_wrong_argument_is_refused_before_anything_is_sent(client, sandbox, given, message):
    with pytest.raises(errors.InvalidInputError, match=message):
        nt.plan_activation(client, **{"what": "1 US LOCAL", **given})

    assert not sandbox.requests


@pytest.mark.parametrize(
    "what", [[], (), nt.tables.AVAILABLE_NUMBERS.empty()], ids=lambda one: type(one).__name__
)
def test_empty_plan_is_refused(client, sandbox, what):
    with pytest.raises(errors.PlanError, match="There is no number and no wish in it") as caught:
        nt.plan_activation(client, what)

    assert "Nothing was bought." in str(caught.value)
    assert not sandbox.requests


# -- the next best ------------------------------------------------------------------------------------------


def test_next_best_goes_on_where_the_plan_ended():
    offers = [offer("+13075550009", "0.50"), *stock(4), offer("+13075550008", "0.40", capability=["VOICE"])]
    with Shop(*offers) as shop:
        plan = shop.plan("2 US LOCAL SMS")
        found = next_best(shop.client, plan.wishes[0], set(numbers(plan)))

    assert numbers(plan) == ["+13075550009", "+13075550000"]
    assert [one.phone_number for one in found] == ["+13075550001", "+13075550002", "+13075550003"]
    number, capabilities, cost, documents = found[0]
    assert (number, capabilities, documents) == ("+13075550001", ("SMS", "VOICE"), False)
    assert cost == Cost(Decimal("0.60"), Decimal("0.60"), "USD", 1)


def test_next_best_keeps_to_the_highest_price():
    with Shop(*stock(1), offer("+13075550001", "2.00")) as shop:
        wish = Wish(count=1, **DOLLARS)
        dear = next_best(shop.client, wish, {"+13075550000"}, max_price={"USD": Decimal(1)})
        other = next_best(shop.client, wish, {"+13075550000"}, max_price={"SEK": Decimal(1)})
        any_price = next_best(shop.client, wish, {"+13075550000"})

    assert (dear, other) == ([], [])
    assert [one.phone_number for one in any_price] == ["+13075550001"]


def test_next_best_looks_beyond_a_page_of_taken_numbers_with_few_requests():
    with Shop(*stock(150)) as shop:
        taken = {one["phoneNumber"] for one in stock(120)}
        found = next_best(shop.client, Wish(count=1, **DOLLARS), taken)

        assert {one.phone_number for one in found} <= {one["phoneNumber"] for one in stock(150)} - taken
        assert found
        assert shop.asked("search_available") < 60


def test_next_best_of_nothing_is_nothing():
    with Shop(*stock(2)) as shop:
        assert next_best(shop.client, Wish(count=1, **DOLLARS), {"+13075550000", "+13075550001"}) == []


def test_plan_holds_no_secret_of_the_client(client):
    plan = nt.plan_activation(client, "1 US LOCAL", progress=False)
    shown = json.dumps(plan.content()) + repr(plan) + plan._repr_html_()

    assert client.sandbox.key_secret not in shown
    assert client.sandbox.key_id not in shown
