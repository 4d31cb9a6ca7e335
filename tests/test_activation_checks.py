"""What is known to be wrong before anything is bought: ids, addresses, campaigns, routes, prices, wishes as text."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

import pandas as pd
import pytest

from builders import active_frame
from numbers_toolkit.activation import checks, prices, room, routes
from numbers_toolkit.activation.costs import Cost
from numbers_toolkit.activation.findings import Findings
from numbers_toolkit.activation.items import Configuration, Wish
from numbers_toolkit.activation.offers import Offer, UnusableOffer, read_offer
from numbers_toolkit.activation.wanted import Chosen, read_wanted, read_wish
from numbers_toolkit.errors import BudgetExceededError, InvalidInputError, PlanError

PLAN = "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57"
CAMPAIGN = "CQ4T8ZK"
NUMBER = "+13075550142"


@pytest.fixture
def findings():
    return Findings()


def offer(phone_number=NUMBER, region="US", kind="LOCAL", **given):
    cost = Cost(Decimal("0.60"), Decimal(given.pop("monthly", "0.60")), given.pop("currency", "USD"), 1)
    return Offer(phone_number, region, kind, given.pop("capabilities", ("SMS", "VOICE")), cost, **given)


def configure(findings, **given):
    names = ("service_plan_id", "campaign_id", "voice_type", "voice_id", "callback_url")
    return checks.check_configuration({**dict.fromkeys(names), **given}, findings)


def only(texts):
    (text,) = texts
    return text


# -- gathering ----------------------------------------------------------------------------------------------


def test_all_faults_are_told_at_once_and_kept_one_by_one(findings):
    findings.fault("One.")
    findings.fault("Two.")
    findings.exceed("Too dear.")

    with pytest.raises(PlanError, match="for 3 reasons") as caught:
        findings.refuse()

    assert type(caught.value) is PlanError
    assert caught.value.faults == ("One.", "Two.", "Too dear.")
    assert str(caught.value).endswith("Nothing was bought.\n- One.\n- Two.\n- Too dear.")


def test_budgets_alone_raise_the_error_of_budgets(findings):
    findings.exceed("Too dear.")

    with pytest.raises(BudgetExceededError, match=r"can't be made: Too dear\. Nothing was bought\."):
        findings.refuse()


def test_a_thousand_faults_do_not_fill_the_screen(findings):
    for index in range(1000):
        findings.fault(f"Fault {index}.")

    with pytest.raises(PlanError) as caught:
        findings.refuse()

    assert len(str(caught.value).splitlines()) == 42
    assert str(caught.value).endswith("- and 960 more, all in the error's 'faults'")
    assert len(caught.value.faults) == 1000


def test_a_warning_is_told_once(findings):
    findings.warn("Look.")
    findings.warn("Look.")

    findings.refuse()
    assert findings.warnings == ["Look."]


# -- configuration ------------------------------------------------------------------------------------------


def test_configuration_that_can_be_right_is_taken_over(findings):
    made = configure(
        findings,
        service_plan_id=PLAN,
        campaign_id=CAMPAIGN,
        voice_type="est",
        voice_id="01kq4yb3m7s2d9f6h1j8k5n0pq",
        callback_url="http://hooks.example.com:8080/numbers?region=us",
    )

    assert made == Configuration(
        service_plan_id=PLAN,
        campaign_id=CAMPAIGN,
        voice_type="EST",
        voice_id="01kq4yb3m7s2d9f6h1j8k5n0pq",
        callback_url="http://hooks.example.com:8080/numbers?region=us",
    )
    assert (findings.faults, findings.warnings) == ([], [])


def test_voice_id_alone_is_for_voice_api(findings):
    assert configure(findings, voice_id="app").voice_type == "RTC"


def test_nothing_to_configure_is_fine(findings):
    assert configure(findings, service_plan_id="", callback_url="") == Configuration()
    assert findings.faults == []


@pytest.mark.parametrize("name", ["service_plan_id", "campaign_id", "voice_id"])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("a b", "holds ' '"),
        (" abc", "holds ' '"),
        ("abc\n", r"holds '\\n'"),
        ("ab\u00a0c", r"holds '\\xa0'"),
        ("ab\u200bc", r"holds '\\u200b'"),
        ("ab\ud83d", r"holds '\\ud83d'"),
        ("x" * 101, "has 101 characters, more than any id"),
        (5, "5 is int, not text"),
        (float("nan"), "nan is float, not text"),
        (["x"], "is list, not text"),
    ],
    ids=repr,
)
def test_id_that_can_not_be_one_is_a_fault(findings, name, value, message):
    given = {"service_plan_id": PLAN, name: value}

    made = configure(findings, **given)

    assert getattr(made, name) == ""
    assert re.search(f"{name} .*{message}", only(findings.faults))


def test_campaign_without_service_plan_is_a_fault(findings):
    configure(findings, campaign_id=CAMPAIGN)

    assert "can't be linked without a service plan" in only(findings.faults)


def test_unknown_voice_type_is_a_fault(findings):
    assert configure(findings, voice_type="SIP", voice_id="x").voice_type == ""
    assert only(findings.faults) == "Voice type 'SIP' is not known; use one of RTC, EST, FAX."


def test_voice_type_without_its_id_is_a_fault(findings):
    configure(findings, voice_type="FAX")

    assert "Voice type FAX needs voice_id (its serviceId)" in only(findings.faults)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("hooks.example.com/numbers", "begins with no scheme"),
        ("ftp://hooks.example.com", "begins with ftp"),
        ("javascript:alert(1)", "begins with javascript"),
        ("https://", "names no host"),
        ("https:///numbers", "names no host"),
        ("https://:443/x", "names no host"),
        ("https://hooks.example.com:99999/", "is no address"),
        ("https://hooks.example.com:0/", "names port 0"),
        ("https://[::1/", "is no address"),
        ("https://hooks.example.com/a b", "holds blanks"),
        ("https://hooks.example.com/\n", "holds blanks"),
        ("https://hooks.example.com/" + "x" * 2000, "has 2,026 characters"),
    ],
    ids=lambda one: str(one)[:40],
)
def test_callback_url_that_can_not_be_one_is_a_fault(findings, url, message):
    assert configure(findings, callback_url=url).callback_url == ""
    assert message in only(findings.faults)


@pytest.mark.parametrize(
    "url", ["https://ann:hunter2@hooks.example.com/", "https://hunter2@hooks.example.com/"]
)
def test_password_in_a_callback_url_is_a_fault_and_not_repeated(findings, url):
    configure(findings, callback_url=url)

    assert "carries a user name or password, which a plan must not hold" in only(findings.faults)
    assert "hunter2" not in only(findings.faults)


def test_secret_in_the_query_of_a_callback_url_is_warned_about_without_its_value(findings):
    configure(findings, callback_url="https://hooks.example.com/?access_token=hunter2&region=us")

    assert "callback_url carries access_token" in only(findings.warnings)
    assert "hunter2" not in only(findings.warnings)


@pytest.mark.parametrize(
    ("name", "usual", "odd"),
    [("service_plan_id", PLAN, PLAN.upper()), ("campaign_id", CAMPAIGN, "cq4t8zk")],
)
def test_id_that_looks_like_none_is_warned_about_unless_a_number_uses_it(findings, name, usual, odd):
    checks.check_usual_form(name, "", None, findings)
    checks.check_usual_form(name, usual, set(), findings)
    checks.check_usual_form(name, odd, {odd}, findings)
    assert findings.warnings == []

    checks.check_usual_form(name, odd, None, findings)
    checks.check_usual_form(name, odd, {usual}, findings)

    without, looked_at = findings.warnings
    assert f"{name} {odd!r} does not look like one" in without
    assert "no active number" not in without
    assert "no active number that was looked at uses it" in looked_at


# -- abilities and campaigns --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("configuration", "needed"),
    [
        ({}, ()),
        ({"service_plan_id": PLAN}, ("SMS",)),
        ({"voice_id": "app"}, ("VOICE",)),
        ({"service_plan_id": PLAN, "campaign_id": CAMPAIGN, "voice_id": "app"}, ("SMS", "VOICE")),
        ({"callback_url": "https://hooks.example.com"}, ()),
    ],
)
def test_configuration_says_what_a_number_must_be_able_to_do(configuration, needed):
    assert checks.needed_capabilities(Configuration(**configuration)) == needed


def test_number_that_can_not_be_set_up_is_a_fault(findings):
    offers = [offer(capabilities=("VOICE",)), offer("+13075550177", capabilities=("SMS",))]

    checks.check_abilities(offers, ("SMS", "VOICE"), findings)

    sms, voice = findings.faults
    assert f"1 number can't be used for SMS, which service_plan_id needs: {NUMBER}." in sms
    assert "1 number can't be used for VOICE, which voice_id needs: +13075550177." in voice


def test_campaign_goes_to_us_numbers_and_the_others_are_told_of(findings):
    kinds = {("US", "LOCAL"): 2, ("US", "MOBILE"): 1, ("SE", "MOBILE"): 4}

    assert checks.check_campaign_reach(CAMPAIGN, kinds, findings) == 3
    assert findings.faults == []
    assert "4 numbers outside the US are bought without it" in only(findings.warnings)


def test_campaign_that_no_number_can_take_is_a_fault(findings):
    assert checks.check_campaign_reach(CAMPAIGN, {("SE", "MOBILE"): 4}, findings) == 0
    assert "takes US numbers only, and no number of the plan is one" in only(findings.faults)


def test_toll_free_number_with_a_campaign_is_a_fault(findings):
    assert checks.check_campaign_reach(CAMPAIGN, {("US", "LOCAL"): 1, ("US", "TOLL_FREE"): 2}, findings) == 1
    assert "takes no toll-free numbers" in only(findings.faults)
    assert "Plan them apart, without campaign_id." in only(findings.faults)


def test_without_a_campaign_nothing_is_said_of_one(findings):
    assert checks.check_campaign_reach("", {("US", "TOLL_FREE"): 2}, findings) == 0
    assert (findings.faults, findings.warnings) == ([], [])


def linked(count, **more):
    return [{"sms_campaign_id": CAMPAIGN, "sms_state": "PROVISIONED", **more}] * count


WAITING = {"sms_campaign_id": None, "sms_state": "WAITING", "sms_scheduled_campaign_id": CAMPAIGN}
FAILED = {**WAITING, "sms_state": "FAILED"}


def test_room_counts_numbers_linked_and_about_to_be_but_not_failed(findings):
    active = active_frame(*linked(46), WAITING, WAITING, FAILED, {"sms_campaign_id": "COTHER1"})

    room.check_room(active, CAMPAIGN, 50, 2, findings)
    assert findings.faults == []
    room.check_room(active, CAMPAIGN, 50, 3, findings)

    assert "has room for 2 numbers, and the plan links 3 to it" in only(findings.faults)
    assert "it can hold 50, and 48 are linked or about to be" in only(findings.faults)


def test_campaign_that_no_number_uses_has_all_its_room(findings):
    room.check_room(active_frame(), CAMPAIGN, 1, 1, findings)
    assert findings.faults == []

    room.check_room(active_frame(), CAMPAIGN, 1, 2, findings)
    assert "has room for 1 number" in only(findings.faults)


def test_full_campaign_has_no_room(findings):
    room.check_room(active_frame(*linked(50)), CAMPAIGN, 50, 1, findings)

    assert "has room for 0 numbers" in only(findings.faults)


def test_campaign_above_the_usual_limit_can_only_be_a_number_pool(findings):
    room.check_room(active_frame(*linked(51)), CAMPAIGN, 50, 9, findings)

    assert findings.faults == []
    assert "can only be a number pool, so its room was not checked" in only(findings.warnings)


def test_number_pool_has_no_ceiling(findings):
    room.check_room(active_frame(*linked(50)), CAMPAIGN, None, 500, findings)

    assert (findings.faults, findings.warnings) == ([], [])


def test_room_seen_in_a_part_of_the_inventory_is_warned_about(findings):
    active = active_frame(*linked(1))
    active.attrs["complete"] = False

    room.check_room(active, CAMPAIGN, 50, 1, findings)

    assert "may have less room than is seen (49 numbers)" in only(findings.warnings)


@pytest.mark.parametrize("limit", [0, -1, 2.5, "50", True])
def test_campaign_limit_that_is_no_count_is_refused(limit):
    with pytest.raises(InvalidInputError, match=r"campaign_limit .* no whole number of at least 1"):
        room.check_limit(limit)


# -- routes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "asked", "route", "reason"),
    [
        (("US", "LOCAL"), "auto", "rent", "bought at once by :rent"),
        (("US", "LOCAL"), "rent", "rent", "bought at once by :rent"),
        (("US", "LOCAL"), "order", "order", "asked for by route='order'"),
        (("US", "TOLL_FREE"), "auto", "order", ":rent is documented for US LOCAL only"),
        (("SE", "MOBILE"), "auto", "order", ":rent is documented for US LOCAL only"),
        (("SE", "MOBILE"), "rent", "rent", "asked for by route='rent', although"),
        (("CA", "LOCAL"), "order", "order", ":rent is documented for US LOCAL only"),
    ],
)
def test_route_and_its_reason(kind, asked, route, reason):
    found, why = routes.route_of(*kind, asked)

    assert found == route
    assert reason in why


@pytest.mark.parametrize("route", ["buy", "", None, 1])
def test_unknown_route_is_refused(route):
    with pytest.raises(InvalidInputError, match="is not known; use 'auto', 'rent' or 'order'"):
        routes.check_route(route)


def test_rent_forced_beyond_us_local_is_warned_about(findings):
    routes.warn_of_route([offer(), offer("+46701740605", "SE", "MOBILE")], "rent", findings)

    assert "used for 1 number (SE MOBILE), for which the sources disagree" in only(findings.warnings)


def test_order_forced_for_us_local_is_warned_about(findings):
    routes.warn_of_route([offer(), offer("+46701740605", "SE", "MOBILE")], "order", findings)

    assert "route='order' is used for 1 number of US LOCAL" in only(findings.warnings)


def test_documents_called_for_where_renting_needs_none_are_a_warning(findings):
    routes.warn_of_route(
        [offer(documents=True), offer("+46701740605", "SE", "LOCAL", documents=True)], "auto", findings
    )

    assert "supporting documentation for 1 number bought by :rent" in only(findings.warnings)


# -- prices -------------------------------------------------------------------------------------------------


def test_changed_prices_are_told_with_old_and_new(findings):
    shown = [
        Chosen(NUMBER, Decimal("0.6"), Decimal("0.6"), "USD"),
        Chosen("+13075550143", Decimal("0.50"), Decimal("0.40"), "USD"),
        Chosen("+13075550144", None, Decimal("0.40"), ""),
        Chosen("+13075550145", Decimal("0.60"), Decimal("0.60"), "EUR"),
        Chosen("+13075550146"),
        Chosen("+13075550147", Decimal(9), Decimal(9), "USD"),
    ]
    offers = {one.phone_number: offer(one.phone_number) for one in shown[:-1]}

    prices.warn_of_changes(shown, offers, findings)

    first, second, third = findings.warnings
    assert "1 number (+13075550143) has changed" in first
    assert "0.60 USD setup and 0.60 USD a month, not 0.50 USD setup and 0.40 USD a month as shown" in first
    assert "+13075550144" in second
    assert "not 0.40 a month as shown" in second
    assert "+13075550145" in third
    assert "EUR" in third


def test_number_above_the_highest_price_is_a_fault(findings):
    offers = [offer(monthly="1.00"), offer("+13075550143", monthly="1.01")]

    prices.check_highest_price(offers, {"USD": Decimal(1)}, findings)

    assert "1 number costs more a month than max_price allows (1 USD): +13075550143 (1.01 USD)" in only(
        findings.faults
    )


def test_budget_names_sum_budget_and_excess_of_each_currency(findings):
    spent = [offer().cost, offer().cost, offer(currency="SEK", monthly="24.00").cost]

    prices.check_budget(
        "max_monthly", "monthly", spent, {"USD": Decimal("1.00"), "SEK": Decimal(20)}, findings
    )

    sek, usd = findings.over_budget
    assert (
        "max_monthly is 20 SEK, but the monthly cost of these numbers is 24.00 SEK: 4.00 SEK too much" in sek
    )
    assert (
        "max_monthly is 1.00 USD, but the monthly cost of these numbers is 1.20 USD: 0.20 USD too much" in usd
    )


def test_budget_that_is_met_to_the_cent_is_kept(findings):
    prices.check_budget("max_setup", "setup", [offer().cost] * 5, {"USD": Decimal(3)}, findings)

    assert findings.over_budget == []


def test_budget_in_another_currency_is_told_as_one(findings):
    assert prices.allowed_amounts("5 EUR", "max_setup", {"USD"}, findings) is None

    assert "Currencies are not converted" in only(findings.over_budget)
    assert not only(findings.over_budget).endswith("Nothing was spent.")


def test_bare_budget_for_several_currencies_is_a_fault(findings):
    assert prices.allowed_amounts(5, "max_setup", {"USD", "SEK"}, findings) is None

    assert "names no currency" in only(findings.faults)


def test_numbers_paid_for_several_months_at_once_are_told_of(findings):
    yearly = Cost(Decimal(1), Decimal("2.00"), "EUR", 12)

    prices.warn_of_intervals([yearly, offer().cost], findings)

    assert only(findings.warnings) == (
        "1 number is paid 12 months at once: their first payment is 25.00 EUR with setup."
    )


# -- offers -------------------------------------------------------------------------------------------------

PRICE = {"currencyCode": "USD", "amount": "0.60"}
ANSWER = {
    "phoneNumber": NUMBER,
    "regionCode": "US",
    "type": "LOCAL",
    "capability": ["SMS", "VOICE"],
    "setupPrice": PRICE,
    "monthlyPrice": PRICE,
    "paymentIntervalMonths": 1,
    "supportingDocumentationRequired": True,
}


def test_offer_is_read_whole():
    assert read_offer(ANSWER) == offer(documents=True)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"monthlyPrice": None}, "monthly not given"),
        ({"setupPrice": None}, "setup not given"),
        ({"monthlyPrice": {"amount": "0.60"}}, "monthly '0.60' without a currency"),
        ({"monthlyPrice": {"currencyCode": "", "amount": "0.60"}}, "without a currency"),
        ({"monthlyPrice": {"currencyCode": "USD", "amount": "NaN"}}, "'NaN' USD"),
        ({"monthlyPrice": {"currencyCode": "USD", "amount": ""}}, "'' USD"),
        ({"monthlyPrice": {"currencyCode": "USD", "amount": "-0.60"}}, "'-0.60' USD"),
        ({"setupPrice": {"currencyCode": "USD", "amount": "-1"}}, "'-1' USD"),
        ({"monthlyPrice": {"currencyCode": "usd$", "amount": "1"}}, "'1' usd"),
        ({"setupPrice": {"currencyCode": "SEK", "amount": "1"}}, "setup '1' SEK"),
        ({"monthlyPrice": "0.60"}, "monthly '0.60'"),
        ({"paymentIntervalMonths": -1}, "paid every -1 months"),
        ({"paymentIntervalMonths": 10_000}, "paid every 10000 months"),
        ({"type": "SATELLITE"}, "'SATELLITE' is not known"),
        ({"type": None}, "is not known"),
        ({"regionCode": None}, "not two letters"),
        ({"phoneNumber": "13075550142"}, "no plus sign"),
    ],
    ids=str,
)
def test_offer_that_can_not_be_relied_on_is_not_planned_with(changes, message):
    with pytest.raises(UnusableOffer, match=message.replace("$", r"\$")):
        read_offer({**ANSWER, **changes})


def test_what_an_offer_need_not_say_is_taken_as_nothing():
    read = read_offer({**ANSWER, "capability": None, "supportingDocumentationRequired": None})

    assert (read.capabilities, read.documents) == ((), False)


# -- what is wanted -----------------------------------------------------------------------------------------

WISH = Wish(count=20, region_code="US", number_type="LOCAL", pattern="+1307", search_pattern="START")


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("20 US LOCAL START +1307", WISH),
        ("20 local us start +1307", WISH),
        ("  20  US START +1307 LOCAL ", WISH),
        (
            "5 SE mobile sms voice",
            Wish(count=5, region_code="SE", number_type="MOBILE", capabilities=["SMS", "VOICE"]),
        ),
        (
            "1 US toll-free END 42",
            Wish(count=1, region_code="US", number_type="TOLL_FREE", pattern="42", search_pattern="END"),
        ),
        ("20 LOCAL numbers in US starting with +1307", WISH),
        ("3 IN LOCAL", Wish(count=3, region_code="IN", number_type="LOCAL")),
        ("3 local in", Wish(count=3, region_code="IN", number_type="LOCAL")),
        ("3 local numbers in in", Wish(count=3, region_code="IN", number_type="LOCAL")),
        ("3 NA LOCAL CONTAINS 555", Wish(count=3, region_code="NA", number_type="LOCAL", pattern="555")),
    ],
)
def test_wish_can_be_written_as_text(text, wish):
    assert read_wish(text) == wish
    assert read_wish(repr(wish).removeprefix("Wish(").removesuffix(")")) == wish


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("US LOCAL", "begins with how many"),
        ("LOCAL 20 US", "begins with how many"),
        ("twenty US LOCAL", "begins with how many"),
        ("20", "lacks a region and a number type"),
        ("20 US", "lacks a number type"),
        ("20 LOCAL", "lacks a region"),
        ("20 US SE LOCAL", "two of the same kind: US and SE"),
        ("20 US LOCAL MOBILE", "two of the same kind: LOCAL and MOBILE"),
        ("20 US LOCAL START +1307 END 42", "two of the same kind"),
        ("20 US LOCAL START", "names no digits behind START"),
        ("20 US LOCAL START 307", "plus sign"),
        ("20 US LOCAL CONTAINS SMS", "something else than digits"),
        ("20 US LOCAL +1307", r"does not say where '\+1307' is to stand"),
        ("20 US LOCAL 555", "does not say where '555' is to stand"),
        ("20 LOCAL phones in US", "holds 'phones', which is not known"),
        ("20 LOCAL IN US", "two of the same kind: IN and US"),
        ("20 US LOCAL, 5 SE MOBILE", "holds 'LOCAL,', which is not known"),
        ("20 US LOCAL and 5 SE MOBILE", "holds 'and'.*Several wishes go into a list"),
        ("0 US LOCAL", "at least 1"),
        ("2.5 US LOCAL", "begins with how many"),
    ],
)
def test_wish_as_text_that_could_mean_something_else_is_refused(text, message):
    with pytest.raises(InvalidInputError, match=message):
        read_wish(text)


FRAME = pd.DataFrame(
    {
        "phone_number": [NUMBER, "+13075550177"],
        "setup_price": ["0.60", None],
        "monthly_price": ["0.60", float("nan")],
        "currency_code": pd.Categorical(["USD", None]),
    }
)
SHOWN = Chosen(NUMBER, Decimal("0.60"), Decimal("0.60"), "USD")
BARE = Chosen("+13075550177")


class Row(NamedTuple):
    """A row as ``itertuples`` gives it."""

    Index: int
    phone_number: str


@pytest.mark.parametrize(
    ("what", "chosen"),
    [
        (FRAME, (SHOWN, BARE)),
        (FRAME.head(1), (SHOWN,)),
        (FRAME.iloc[::-1], (BARE, SHOWN)),
        (FRAME.iloc[0], (SHOWN,)),
        (FRAME["phone_number"], (Chosen(NUMBER), BARE)),
        (FRAME.to_dict("records"), (SHOWN, BARE)),
        (list(FRAME.itertuples()), (SHOWN, BARE)),
        (Row(0, NUMBER), (Chosen(NUMBER),)),
        (FRAME[["phone_number"]], (Chosen(NUMBER), BARE)),
        ([FRAME.head(1), "+1 (307) 555-0177"], (SHOWN, BARE)),
        (NUMBER, (Chosen(NUMBER),)),
        ((one for one in [NUMBER]), (Chosen(NUMBER),)),
        ({NUMBER}, (Chosen(NUMBER),)),
        (pd.Index([NUMBER]), (Chosen(NUMBER),)),
    ],
    ids=lambda one: type(one).__name__,
)
def test_numbers_are_read_from_anything_that_names_them(findings, what, chosen):
    wanted = read_wanted(what, findings)

    assert (wanted.chosen, wanted.wishes, findings.faults) == (chosen, (), [])


@pytest.mark.parametrize(
    "what", [WISH, "20 US LOCAL START +1307", [WISH], ["20 US LOCAL START +1307"]], ids=repr
)
def test_wishes_are_read(findings, what):
    assert read_wanted(what, findings).wishes == (WISH,)


def test_numbers_and_wishes_can_be_mixed(findings):
    wanted = read_wanted(["5 SE MOBILE", NUMBER, WISH, FRAME.tail(1)], findings)

    assert wanted.chosen == (Chosen(NUMBER), BARE)
    assert [repr(one) for one in wanted.wishes] == ["Wish(5 SE MOBILE)", "Wish(20 US LOCAL START +1307)"]


def test_equal_wishes_are_both_meant(findings):
    assert read_wanted([WISH, WISH], findings).wishes == (WISH, WISH)


@pytest.mark.parametrize("between", [" and ", ", ", "; ", ", and "])
def test_several_wishes_may_stand_in_one_text(findings, between):
    wanted = read_wanted(f"20 LOCAL numbers in US starting +1307{between}5 MOBILE in SE", findings)

    assert wanted.wishes == (WISH, Wish(count=5, region_code="SE", number_type="MOBILE"))
    assert not findings.faults


def test_number_named_twice_is_a_fault_however_it_is_written(findings):
    wanted = read_wanted([NUMBER, "+1 307 555 0142", FRAME], findings)

    assert wanted.chosen == (Chosen(NUMBER), BARE)
    assert only(findings.faults).startswith(f"1 number is named more than once: {NUMBER}.")


def test_nothing_wanted_is_a_fault(findings):
    for what in ([], FRAME.head(0), ()):
        read_wanted(what, findings)
    assert set(findings.faults) == {"There is no number and no wish in it; give at least one."}


def test_entry_that_is_no_number_is_a_fault_with_its_place(findings):
    wanted = read_wanted(
        [NUMBER, 13075550142, "13075550142", None, float("nan"), "+1307555O142", ["x"]], findings
    )

    assert wanted.chosen == (Chosen(NUMBER),)
    places = [fault.split(":")[0] for fault in findings.faults]
    assert places == ["Entry 2", "Entry 3", "Entry 4", "Entry 5", "Entry 6", "Entry 7"]
    assert "has no plus sign" in findings.faults[1]


def test_row_of_a_frame_that_is_no_number_is_a_fault_with_its_place(findings):
    frame = pd.DataFrame({"phone_number": [NUMBER, 13075550142]})

    read_wanted(frame, findings)

    assert only(findings.faults).startswith("Row 2: Phone number 13075550142 is int, not text")


@pytest.mark.parametrize("what", [None, 5, int, b"+13075550142", {"number": NUMBER}], ids=repr)
def test_what_names_no_numbers_at_all_is_a_wrong_argument(findings, what):
    with pytest.raises(InvalidInputError, match="names no numbers"):
        read_wanted(what, findings)


def test_frame_without_phone_numbers_is_a_wrong_argument(findings):
    with pytest.raises(InvalidInputError, match="has no column phone_number, but region_code"):
        read_wanted(pd.DataFrame({"region_code": ["US"]}), findings)


def test_wish_is_narrowed_to_what_the_configuration_needs(findings):
    wanted = read_wanted([WISH, "5 SE MOBILE VOICE"], findings).needing(("SMS", "VOICE"))

    assert [one.capabilities for one in wanted.wishes] == [("SMS", "VOICE"), ("VOICE", "SMS")]


def test_a_secret_s_name_in_the_query_is_warned_about_though_its_value_is_blank(findings):
    configure(findings, callback_url="https://hooks.example.com/?access_token=&region=us")

    assert any("access_token" in one for one in findings.warnings)
