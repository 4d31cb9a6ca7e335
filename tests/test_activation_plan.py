"""Plans as values, their files, and what they cost: exact, immutable, and refused when they were changed."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import subprocess
import sys
from decimal import Decimal, localcontext
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numbers_toolkit.activation.costs import Cost, Recurring, amounts_text, budget, excess, total
from numbers_toolkit.activation.items import (
    Advice,
    Configuration,
    PlannedRelease,
    PlannedUpdate,
    Wish,
    item_content,
    read_item,
)
from numbers_toolkit.activation.plain import checksum
from numbers_toolkit.activation.plan import ActivationPlan, ChangePlan, load_plan, plan_from_content
from numbers_toolkit.activation.remembered import client_of, remember
from numbers_toolkit.errors import (
    BudgetExceededError,
    InvalidInputError,
    OutputError,
    PlanError,
    UnknownValueWarning,
)
from plans import change_plan, plan_of, planned

SEK = Cost(Decimal("0.00"), Decimal("24.00"), "SEK", 12)
LARGE = st.decimals(0, 10**18, allow_nan=False, allow_infinity=False, places=19)


def full_plan() -> ActivationPlan:
    """A plan in which no field has its default."""
    configuration = Configuration(
        service_plan_id="3d5b0c7f9e1a4d62b8f0a4c6e2d19b57",
        campaign_id="CQ4T8ZK",
        voice_type="EST",
        voice_id="01kq4yb3m7s2d9f6h1j8k5n0pq",
        callback_url="https://hooks.example.com/é",
    )
    return plan_of(
        planned(route_reason="because", configuration=configuration, papers=True, wish=0),
        planned("+46701740605", region_code="SE", number_type="MOBILE", cost=SEK, route="order"),
        warnings=("Look at this.",),
        wishes=(
            Wish(count=2, region_code="US", number_type="LOCAL", pattern="+1307", search_pattern="START"),
        ),
        max_setup=MappingProxyType({"SEK": Decimal(0), "USD": Decimal("20.00")}),
        max_monthly=MappingProxyType({"SEK": Decimal(100), "USD": Decimal("20.00")}),
        max_price=MappingProxyType({"SEK": Decimal(30), "USD": Decimal("1.00")}),
    )


def full_changes() -> ChangePlan:
    update = PlannedUpdate(
        phone_number="+13075550142",
        region_code="US",
        number_type="LOCAL",
        changes=MappingProxyType({"campaign_id": "CNEW123", "display_name": "مكتب\ud83d"}),
        unlink=MappingProxyType({"campaign_id": ""}),
        before=MappingProxyType({"campaign_id": "COLD123"}),
        reason="full",
    )
    release = PlannedRelease(
        phone_number="+46701740605",
        region_code="SE",
        number_type="MOBILE",
        display_name="Desk",
        cost=Recurring(Decimal("288.00"), "SEK", 12),
        ends_at="2026-04-02T09:15:20Z",
        reason="not used",
    )
    advice = Advice(
        phone_number="+13075550177",
        service="SMS",
        error_code="INTERNAL_ERROR",
        step="call support",
        text="Call.",
        not_before="2026-03-03T09:00:00Z",
    )
    return change_plan(update, release, purpose="repair", advice=(advice,), everything=True, warnings=("w",))


PLANS = [plan_of(), full_plan(), full_changes(), change_plan(purpose="repair")]


# -- values -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("plan", PLANS, ids=lambda one: f"{one.kind} of {len(one)}")
def test_plan_comes_back_from_its_file_as_it_was(plan, tmp_path):
    path = plan.save(tmp_path / "plan.json")

    assert load_plan(path) == plan
    assert json.loads(path.read_bytes())["format"] == 1


@pytest.mark.parametrize("plan", PLANS, ids=lambda one: f"{one.kind} of {len(one)}")
@pytest.mark.parametrize("copied", [copy.deepcopy, copy.copy, lambda one: pickle.loads(pickle.dumps(one))])
def test_plan_can_be_copied_and_pickled(plan, copied):
    assert copied(plan) == plan


def test_file_is_readable_text(tmp_path):
    text = full_plan().save(tmp_path / "plan.json").read_text(encoding="utf-8")

    assert '"phone_number": "+13075550142"' in text
    assert "https://hooks.example.com/é" in text
    assert text.endswith("}\n")


def test_plan_and_its_parts_can_not_be_changed():
    plan = full_plan()

    for value, name in ((plan, "items"), (plan.items[0], "route"), (plan.wishes[0], "count"), (SEK, "setup")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, name, None)


def test_values_load_neither_pandas_nor_arrow():
    code = (
        "import sys; from numbers_toolkit.activation import plan, costs, planning, showing_parts;"
        "print([name for name in ('pandas', 'pyarrow', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_empty_plan_is_refused():
    with pytest.raises(PlanError, match=r"The plan is empty: there is no number in it\. Nothing was sent\."):
        dataclasses.replace(plan_of(), items=())


def test_only_a_repair_plan_may_be_empty():
    assert len(change_plan(purpose="repair")) == 0
    for purpose in ("update", "release"):
        with pytest.raises(PlanError, match="empty"):
            change_plan(purpose=purpose)


def test_plan_with_a_number_twice_is_refused_and_names_it():
    with pytest.raises(PlanError, match=r"names \+13075550142 twice") as caught:
        plan_of(planned(), planned("+13075550177"), planned())

    assert caught.value.faults == ("+13075550142",)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"count": 0}, "at least 1"),
        ({"count": 2.5}, "not a whole number"),
        ({"count": True}, "not a whole number"),
        ({"region_code": "USA"}, "not two letters"),
        ({"number_type": "LANDLINE"}, "not known"),
        ({"capabilities": "MMS"}, "not known"),
        ({"pattern": "1307", "search_pattern": "START"}, "plus sign"),
        ({"pattern": "x"}, "something else than digits"),
        ({"search_pattern": "MIDDLE"}, "not known"),
    ],
    ids=str,
)
def test_wish_that_can_not_be_right_is_refused(given, message):
    with pytest.raises(InvalidInputError, match=message):
        Wish(**{"count": 1, "region_code": "US", "number_type": "LOCAL", **given})


def test_wish_is_kept_in_the_spelling_of_the_api():
    wish = Wish(count=2, region_code="us", number_type="toll-free", capabilities=["voice", "sms", "VOICE"])

    assert (wish.region_code, wish.number_type, wish.capabilities) == ("US", "TOLL_FREE", ("VOICE", "SMS"))
    assert repr(wish) == "Wish(2 US TOLL_FREE VOICE SMS)"


def test_item_of_a_newer_version_is_refused_before_anything_is_sent():
    with pytest.raises(PlanError, match="asks for 'port', which this version can't do"):
        read_item({"action": "port", "phone_number": "+13075550142"})


# -- files --------------------------------------------------------------------------------------------------


def test_plan_that_was_edited_is_refused(tmp_path):
    path = plan_of().save(tmp_path / "plan.json")
    path.write_text(path.read_text().replace("0.60", "0.10"))

    with pytest.raises(PlanError, match=r"was changed after it was saved.*Nothing was sent"):
        load_plan(path)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\x00", '{"plan_id": "1"'], ids=lambda one: one[:9])
def test_file_that_is_cut_or_no_json_is_refused(tmp_path, text):
    path = tmp_path / "plan.json"
    path.write_text(text)

    with pytest.raises(PlanError, match="is no plan: it is not JSON"):
        load_plan(path)


@pytest.mark.parametrize("content", [[], {}, "plan", {"plan_id": "1"}, {"format": 1}], ids=repr)
def test_json_that_is_no_plan_is_refused(content):
    with pytest.raises(PlanError, match=r"it is no plan\. Nothing was sent"):
        plan_from_content(content, "it")


def test_file_that_is_not_there_is_a_wrong_argument(tmp_path):
    with pytest.raises(InvalidInputError, match=r"missing\.json can't be read: No such file"):
        load_plan(tmp_path / "missing.json")


def test_plan_that_can_not_be_written_says_so(tmp_path):
    with pytest.raises(OutputError, match="can't be written"):
        plan_of().save(tmp_path / "no folder" / "plan.json")


@pytest.mark.parametrize("format_", [2, "1", None])
def test_file_of_a_newer_format_is_refused(format_):
    with pytest.raises(PlanError, match=r"this version reads up to 1\. Use a newer version"):
        plan_from_content({**plan_of().content(), "format": format_}, "it")


def signed(**changes):
    """Content of a plan that somebody else's program has written, checksum and all."""
    whole = {name: one for name, one in {**full_plan().content(), **changes}.items() if name != "check"}
    return {**whole, "check": checksum(whole)}


def test_plan_of_an_unknown_kind_is_refused():
    with pytest.raises(PlanError, match="plan of kind 'porting', which this version does not know"):
        plan_from_content(signed(kind="porting"), "it")


@pytest.mark.parametrize(
    "changes",
    [
        {"items": [{"action": "rent"}]},
        {"items": ["rent"]},
        {"items": None},
        {"max_setup": {"USD": "a lot"}},
        {"max_setup": [1]},
        {"wishes": [{"count": 1, "region_code": "U", "number_type": "LOCAL"}]},
        {"items": [{**planned().content(), "cost": {"setup": "x", "monthly": "1", "currency_code": "USD"}}]},
        {"items": [{**planned().content(), "cost": {"setup": "1", "monthly": "1"}}]},
    ],
    ids=str,
)
def test_content_that_lacks_what_a_plan_needs_is_refused_in_words(changes):
    with pytest.raises(PlanError):
        plan_from_content(signed(**changes), "it")


def test_field_of_a_newer_version_is_warned_about_and_left_out():
    with pytest.warns(
        UnknownValueWarning, match="ActivationPlan holds colour, which this version does not know"
    ):
        read = plan_from_content(signed(colour="red"), "it")

    assert read == full_plan()


def test_half_a_character_in_a_name_survives_the_file(tmp_path):
    plan = full_changes()

    read = load_plan(plan.save(tmp_path / "plan.json"))

    assert read.items[0].changes["display_name"] == "مكتب\ud83d"


# -- the client that it was made with -----------------------------------------------------------------------


class Client:
    """Stands for a client; only its identity matters."""


def test_plan_remembers_its_client_only_as_long_as_somebody_keeps_it():
    plan, client = plan_of(), Client()

    remember(plan, client)

    assert client_of(plan) is client
    del client
    assert client_of(plan) is None


def test_remembered_client_is_no_part_of_the_value(tmp_path):
    plan, client = full_plan(), Client()
    remember(plan, client)

    assert plan == full_plan()
    assert "_client" not in plan.content()
    for other in (load_plan(plan.save(tmp_path / "p.json")), pickle.loads(pickle.dumps(plan)), full_plan()):
        assert client_of(other) is None


# -- costs --------------------------------------------------------------------------------------------------


def test_costs_are_summed_by_currency_and_never_across():
    plan = full_plan()

    assert plan.costs("setup") == {"SEK": Decimal("0.00"), "USD": Decimal("0.60")}
    assert plan.costs("monthly") == {"SEK": Decimal("24.00"), "USD": Decimal("0.60")}
    assert plan.costs("first_payment") == {"SEK": Decimal("288.00"), "USD": Decimal("1.20")}
    assert plan.costs("first_year") == {"SEK": Decimal("288.00"), "USD": Decimal("7.80")}


def test_interval_of_no_months_is_paid_as_one():
    assert Cost(Decimal(1), Decimal(2), "USD", 0).first_payment == 3


def test_release_saves_its_monthly_price():
    assert full_changes().saved_monthly() == {"SEK": Decimal("24.00")}
    assert change_plan(PlannedRelease(phone_number="+13075550142")).saved_monthly() == {}


@given(st.lists(st.tuples(LARGE, LARGE), min_size=1, max_size=8))
def test_totals_are_exact_to_the_last_digit_whatever_the_callers_precision(prices):
    given_costs = [Cost(setup, monthly, "USD") for setup, monthly in prices]

    with localcontext(prec=3):
        sums = {part: total(given_costs, part)["USD"] for part in ("setup", "monthly", "first_year")}
        over = excess({"USD": sums["setup"]}, {"USD": Decimal(0)}).get("USD", Decimal(0))

    with localcontext(prec=80):
        assert sums["setup"] == sum(setup for setup, _ in prices) == over
        assert sums["monthly"] == sum(monthly for _, monthly in prices)
        assert sums["first_year"] == sum(setup + 12 * monthly for setup, monthly in prices)


@pytest.mark.parametrize(
    "written",
    [
        "25.00 USD",
        "USD 25.00",
        " usd  25 ",
        {"USD": "25.00"},
        {"usd": 25},
        {"USD": Decimal(25)},
        "25",
        25,
        Decimal(25),
    ],
    ids=repr,
)
def test_budget_can_be_written_in_several_ways(written):
    assert budget(written, "max_setup", ["USD", "USD"]) == {"USD": Decimal(25)}


def test_budget_in_several_currencies():
    read = budget("25.00 USD, 300 SEK", "max_setup", ["USD"])

    assert read == {"SEK": Decimal(300), "USD": Decimal("25.00")}
    with pytest.raises(TypeError):
        read["USD"] = Decimal(99)


def test_no_budget_is_none():
    assert budget(None, "max_setup", ["USD"]) is None
    assert excess({"USD": Decimal(9)}, None) == {}


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (25.0, "not exact; give the amount as text"),
        ({"USD": 0.1}, "not exact; give the amount as text"),
        (True, "not exact"),
        (-1, "no amount of 0 or more"),
        ("-1 USD", "no amount of 0 or more"),
        ("NaN USD", "no amount of 0 or more"),
        (Decimal("NaN"), "no amount of 0 or more"),
        ([25], "no amount of 0 or more"),
        ("25.00 dollars", "names the currency 'dollars'; use a code of ISO 4217"),
        ("25.00 USD dollars", "no amount with a currency"),
        ("", "no amount with a currency"),
        ("1,000 USD", "'1' is no amount with a currency"),
        ({"": 25}, "names the currency ''"),
        ({None: 25}, "names the currency None"),
        ("25 USD, 26 usd", "names USD twice"),
        ({"USD": 1, "usd": 2}, "names USD twice"),
    ],
    ids=repr,
)
def test_budget_that_is_none_is_refused(written, message):
    with pytest.raises(InvalidInputError, match=message):
        budget(written, "max_setup", ["USD"])


def test_bare_budget_is_refused_where_it_could_mean_several_currencies():
    with pytest.raises(
        InvalidInputError, match=r"max_setup 25 names no currency, and the plan has SEK and USD"
    ):
        budget(25, "max_setup", ["USD", "SEK"])


def test_budget_in_the_wrong_currency_says_which_is_missing():
    with pytest.raises(
        BudgetExceededError, match=r"max_setup is given in EUR, but .* paid in USD\. .* not converted"
    ):
        budget("25 EUR", "max_setup", ["USD"])


def test_excess_is_told_for_each_currency_that_exceeds():
    spent = {"USD": Decimal("3.00"), "SEK": Decimal(1), "EUR": Decimal(2)}

    over = excess(spent, {"USD": Decimal("2.50"), "SEK": Decimal(1)})

    assert over == {"USD": Decimal("0.50"), "EUR": Decimal(2)}


def test_amounts_in_words_keep_all_their_digits():
    assert amounts_text({"USD": Decimal("1234567.000000001"), "JPY": Decimal("1E+3")}) == (
        "1,000 JPY and 1,234,567.000000001 USD"
    )


def test_every_public_name_is_there():
    from numbers_toolkit import activation

    # Asked for as if it had not been used before.
    assert all(activation.__getattr__(name) is not None for name in activation.__all__)


def test_a_recurring_price_that_is_no_amount_is_named():
    given = item_content(PlannedRelease(phone_number="+13075550142", cost=Recurring(Decimal("0.60"), "USD")))
    given["cost"]["price"] = "lots"
    with pytest.raises(PlanError, match=r"a price that is no amount: .*'lots'"):
        read_item(given)
