"""How plans and results show themselves: complete, short, escaped, and the same in every theme."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

import numbers_toolkit as nt
from numbers_toolkit import markup, tables
from numbers_toolkit.activation.costs import Cost, Recurring
from numbers_toolkit.activation.endings import OUTCOMES
from numbers_toolkit.activation.items import Advice, Configuration, PlannedRelease, PlannedUpdate, Wish
from numbers_toolkit.activation.result import NumberResult, Result
from numbers_toolkit.activation.showing_results import result_summary
from numbers_toolkit.style import STYLE
from plans import change_plan, plan_of, planned

HOSTILE = "</bdi></style><script>alert(1)</script><img src=https://evil.example/x onerror=alert(1)>\x00\x1b[31m\u202e"
MADE = "project 7f2c9a4e-51d8-4b63-9e0a-6c1d85b2f347, made 2026-03-02 09:00 UTC"
VOID = {"br", "wbr", "img", "meta", "link", "input", "hr"}
SEK = Cost(Decimal("0.00"), Decimal("12.00"), "SEK", 12)


class Page(HTMLParser):
    """Collects the elements and words of a page, and complains where they are not nested."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.marks: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[tuple[tuple[str, ...], str]] = []
        self.tables: list[list[list[str]]] = []
        self.feed(text)
        self.close()
        assert self.open == [], f"left open: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.marks.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self.tables[-1][-1].append("")
        elif tag == "br" and {"th", "td"} & set(self.open):
            self.tables[-1][-1][-1] += " "

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.marks.append((f"/{tag}", {}))

    def handle_data(self, data):
        self.words.append((tuple(self.open), data))
        if {"th", "td"} & set(self.open):
            self.tables[-1][-1][-1] += data

    def text(self, tag=None):
        return " ".join(
            words for where, words in self.words if "style" not in where and (tag is None or tag in where)
        )

    def count(self, tag):
        return sum(found == tag for found, _ in self.elements)


def page(value) -> Page:
    return Page(value._repr_html_())


def mixed(**given):
    """A plan with two currencies, both routes, papers, wishes, budgets and warnings."""
    configuration = Configuration(service_plan_id="3d5b0c7f9e1a4d62b8f0a4c6e2d19b57", campaign_id="CQ4T8ZK")
    bought = {"configuration": configuration, "route_reason": "US LOCAL: bought at once by :rent", "wish": 0}
    ordered = {
        "region_code": "SE",
        "number_type": "LOCAL",
        "capabilities": ("VOICE",),
        "cost": SEK,
        "route": "order",
        "route_reason": ":rent is documented for US LOCAL only",
        "papers": True,
    }
    defaults = {
        "warnings": ("Papers: SE LOCAL asks for registration data.", "Look twice."),
        "wishes": (Wish(count=2, region_code="US", number_type="LOCAL", capabilities="SMS"),),
        "max_setup": MappingProxyType({"SEK": Decimal(5), "USD": Decimal("20.00")}),
        "max_monthly": MappingProxyType({"SEK": Decimal(15), "USD": Decimal("30.00")}),
        "max_price": MappingProxyType({"SEK": Decimal(13), "USD": Decimal("1.00")}),
    }
    items = (planned(**bought), planned("+13075550177", **bought), planned("+46701740605", **ordered))
    return plan_of(*items, **{**defaults, **given})


def long_tables(shown):
    """The rows of each table in sight, and of each that is folded."""
    found = {"in sight": [], "folded": []}
    folded = 0
    for tag, _ in shown.marks:
        folded += {"details": 1, "/details": -1}.get(tag, 0)
        if tag == "table":
            found["folded" if folded else "in sight"].append(0)
        elif tag == "tr":
            found["folded" if folded else "in sight"][-1] += 1
    return {where: [rows - 1 for rows in tables_found] for where, tables_found in found.items()}


def many(count):
    return plan_of(*(planned(f"+1307{index:07}", route_reason="because") for index in range(count)))


def changes(**given):
    update = PlannedUpdate(
        phone_number="+13075550142",
        region_code="US",
        number_type="LOCAL",
        changes={"campaign_id": "CNEW123", "display_name": "New", "callback_url": ""},
        unlink={"campaign_id": ""},
        before={"campaign_id": "COLD123", "display_name": "", "callback_url": "https://hooks.example.com"},
        reason="campaign is full",
    )
    releases = [
        PlannedRelease(
            phone_number=f"+4670174060{index}",
            region_code="SE",
            number_type="MOBILE",
            display_name="Desk",
            cost=Recurring(Decimal("144.00"), "SEK", 12),
            ends_at=f"2026-04-0{index}T09:15:20.118342Z",
            reason="not used",
        )
        for index in (1, 2)
    ]
    advice = Advice(
        phone_number="+13075550199",
        service="SMS",
        error_code="CAMPAIGN_NOT_AVAILABLE",
        step="call support",
        text="Check the campaign id.",
        not_before="2026-03-03T09:00:00Z",
    )
    defaults = {"purpose": "repair", "advice": (advice,), "source": "production"}
    return change_plan(update, *releases, **{**defaults, **given})


# -- plans to buy: page -------------------------------------------------------------------------------------


def test_page_of_a_plan_says_all_that_matters():
    told = page(mixed()).text()

    for part in (
        "Plan: 3 numbers to buy",
        "Nothing has been bought.",
        "nt.activate(plan, journal=...)",
        "First payment",
        "First year",
        "2 US LOCAL",
        "US LOCAL: bought at once by :rent",
        ":rent is documented for US LOCAL only",
        "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57, for 2 of 3 numbers",
        "CQ4T8ZK",
        "for 1 number",
        "2 US LOCAL SMS: 2 found",
        "Look twice.",
        "paid 12 at once",
        "1.00 USD a month",
        "Wish 1",
        "required",
        "a1b2c3d4e5f60718",
        "7f2c9a4e-51d8-4b63-9e0a-6c1d85b2f347",
        "2026-03-02 09:00 UTC",
    ):
        assert part in told, part


def test_costs_stand_in_a_row_for_each_currency_with_their_budgets():
    costs, _ = page(mixed()).tables

    assert costs == [
        ["Currency", "Setup", "Each month", "First payment", "First year"],
        ["SEK 1 number", "0.00 of 5", "12.00 of 15", "144.00", "144.00"],
        ["USD 2 numbers", "1.20 of 20.00", "1.20 of 30.00", "2.40", "15.60"],
    ]
    assert "Small below an amount: your budget for it." in page(mixed()).text("p")
    assert "budget" not in page(plan_of()).text()


def test_costs_stand_below_each_other_in_a_narrow_window():
    first, second = (attrs for tag, attrs in page(mixed()).elements if "scroll" in (attrs.get("class") or ""))
    labels = [attrs["data-label"] for tag, attrs in page(mixed()).elements if "data-label" in attrs]

    assert (first["class"], second["class"]) == ("scroll stacks", "scroll")
    assert labels == ["Currency", "Setup", "Each month", "First payment", "First year"] * 2
    assert "@container (max-width: 480px)" in STYLE
    assert "content: attr(data-label)" in STYLE


def test_budgets_in_currencies_that_the_plan_does_not_pay_in_are_left_out():
    budgets = MappingProxyType({"EUR": Decimal(100), "SEK": Decimal(0), "USD": Decimal("20.00")})
    plan = mixed(max_setup=budgets, max_monthly=budgets | {"SEK": Decimal(15)}, max_price=budgets)

    assert "EUR" not in plan._repr_html_()
    assert "EUR" not in repr(plan)
    assert page(plan).tables[0][1][1] == "0.00 of 0"
    assert "  max_setup: 0.00 of 0 SEK" in repr(plan).splitlines()


def test_columns_that_say_nothing_are_left_out():
    costs, numbers = page(plan_of()).tables

    assert costs[0] == ["Currency", "Setup", "Each month", "First payment", "First year"]
    assert numbers[0] == ["Number", "Kind", "Can do", "Setup", "Each month", "Route"]


def test_each_number_has_its_route_and_the_reason_is_told_once():
    shown = page(mixed())
    _, numbers = shown.tables

    assert numbers[1] == [
        "+13075550142", "US LOCAL", "SMS, VOICE", "0.60 USD", "0.60 USD", "rent", "–", "1",
    ]  # fmt: skip
    assert numbers[3] == [
        "+46701740605", "SE LOCAL", "VOICE", "0.00 SEK", "12.00 SEK paid 12 at once", "order", "required", "–",
    ]  # fmt: skip
    assert shown.text().count("US LOCAL: bought at once by :rent") == 1
    assert mixed().to_frame()["reason"].tolist()[0] == "US LOCAL: bought at once by :rent"


def test_sandbox_is_named_where_the_eye_falls_first():
    shown = page(mixed())

    assert next(words for where, words in shown.words if "span" in where) == "SANDBOX"
    assert "invented numbers of the sandbox; no money is involved" in shown.text("p")
    assert "SANDBOX, invented numbers" in repr(mixed())


@pytest.mark.parametrize("source", ["production", "server numbers.example.com"])
def test_another_source_is_named_and_not_called_sandbox(source):
    plan = plan_of(source=source)

    assert source in page(plan).text("span")
    assert "sandbox" not in page(plan).text().lower()
    assert source in repr(plan)
    assert "SANDBOX" not in repr(plan)


@pytest.mark.parametrize(
    ("count", "in_sight", "folded"),
    [
        (1, 1, []),
        (12, 12, []),
        (13, 10, [3]),
        (25, 10, [15]),
        (50, 10, [40]),
        (51, 10, [40]),
        (500, 10, [40]),
    ],
)
def test_long_plan_shows_ten_numbers_and_folds_up_to_fifty(count, in_sight, folded):
    shown = page(many(count))

    assert long_tables(shown) == {"in sight": [1, in_sight], "folded": folded}
    assert f"{count:,} number{'s' if count > 1 else ''} to buy" in shown.text("h3")
    assert shown.text("summary") == (f"{folded[0]} more" if folded else "")
    more = f"And {count - 50:,} more in plan.to_frame()."
    assert (more in shown.text()) == (count > 50)


def test_folded_rows_have_the_columns_of_those_in_sight():
    plan = plan_of(*(planned(f"+1307{index:07}", papers=index == 20) for index in range(25)))
    _, first, rest = page(plan).tables

    assert first[0] == rest[0]
    assert "Papers" in first[0]
    assert "details" in {tag for tag, _ in page(plan).elements}
    assert "summary:focus-visible" in STYLE


def test_page_and_text_of_a_large_plan_stay_small():
    plan = many(20_000)

    assert len(plan._repr_html_()) < 30_000
    assert len(repr(plan).splitlines()) < 5


def test_many_warnings_do_not_fill_the_screen():
    plan = plan_of(warnings=tuple(f"Warning {index}." for index in range(500)))

    assert len(repr(plan).splitlines()) < 20
    assert "and 488 more in plan.warnings" in repr(plan)
    assert page(plan).count("li") == 41


# -- plans to buy: text -------------------------------------------------------------------------------------


def test_text_of_a_plan_is_compact_and_complete():
    assert repr(mixed()).splitlines() == [
        f"Plan a1b2c3d4e5f60718: 3 numbers to buy (SANDBOX, invented numbers, {MADE})",
        "  2 US LOCAL by rent (US LOCAL: bought at once by :rent)",
        "  1 SE LOCAL by order (:rent is documented for US LOCAL only)",
        "  USD: setup 1.20, each month 1.20, first payment 2.40, first year 15.60 for 2 numbers",
        "  SEK: setup 0.00, each month 12.00, first payment 144.00, first year 144.00 for 1 number",
        "  max_setup: 0.00 of 5 SEK",
        "  max_setup: 1.20 of 20.00 USD",
        "  max_monthly: 12.00 of 15 SEK",
        "  max_monthly: 1.20 of 30.00 USD",
        "  max_price: 13 SEK a month for one number",
        "  max_price: 1.00 USD a month for one number",
        "  Service plan: 3d5b0c7f9e1a4d62b8f0a4c6e2d19b57, for 2 of 3 numbers",
        "  Campaign: CQ4T8ZK, for 2 of 3 numbers",
        "  Papers required: for 1 number",
        "  Wish 1: 2 US LOCAL SMS: 2 found",
        "  ! Papers: SE LOCAL asks for registration data.",
        "  ! Look twice.",
    ]


# -- plans of changes ---------------------------------------------------------------------------------------


def test_page_of_changes_shows_old_and_new_of_each_number():
    shown = page(changes())
    updates, releases, advice = shown.tables

    old_and_new = (
        "campaign_id: COLD123 → (nothing) → CNEW123 display_name: (nothing) → New "
        "callback_url: https://hooks.example.com → (nothing)"
    )
    assert updates[1] == ["+13075550142", "US LOCAL", old_and_new, "campaign is full"]
    assert releases[1] == [
        "+46701740601", "Desk", "SE MOBILE", "2026-04-01 09:15 UTC", "12.00 SEK", "not used",
    ]  # fmt: skip
    assert advice[1] == [
        "call support SMS CAMPAIGN_NOT_AVAILABLE",
        "Check the campaign id. Not before 2026-03-03 09:00 UTC.",
        "+13075550199",
    ]
    told = shown.text()
    assert "2 numbers given back: saves 24.00 SEK a month" in told
    assert (
        "they end at their next charge date, from 2026-04-01 to 2026-04-02, and can't be taken back" in told
    )
    assert "Nothing has been changed. To carry it out:" in told
    assert "nt.carry_out(plan, journal=...)" in told


def test_text_of_changes_is_compact_and_complete():
    what = "1 number to change, 2 numbers to give back, advice for 1 number"
    assert repr(changes(everything=True, warnings=("Look twice.",))).splitlines() == [
        f"Plan a1b2c3d4e5f60719: {what} (production, {MADE})",
        "  campaign_id of 1 number",
        "  display_name of 1 number",
        "  callback_url of 1 number",
        "  2 numbers given back: saves 24.00 SEK a month",
        "  they end at their next charge date, from 2026-04-01 to 2026-04-02, and can't be taken back",
        "  ! This gives back EVERY number of the project. It needs a second consent.",
        "  1 number: call support (CAMPAIGN_NOT_AVAILABLE)",
        "  ! Look twice.",
    ]


def test_release_of_everything_can_not_be_overlooked():
    assert "EVERY number of the project" in page(changes(everything=True)).text("div")
    assert "EVERY" not in page(changes()).text()


def test_empty_repair_plan_says_that_there_is_nothing_to_do():
    plan = change_plan(purpose="repair")
    shown = page(plan)

    assert shown.tables == []
    assert "There is nothing to repair." in shown.text("p")
    assert "carry_out" not in shown.text()
    assert "nothing to repair" in repr(plan)


def test_repair_plan_of_advice_alone_offers_nothing_to_carry_out():
    plan = change_plan(purpose="repair", advice=changes().advice)
    shown = page(plan)

    assert "carry_out" not in shown.text()
    assert "There is nothing to repair." not in shown.text()
    assert len(shown.tables) == 1


def advised(count, **given):
    """A repair plan that advises the same for numbers of different service plans."""
    text = (
        "Check the plan. It was plan {0}; to use another one, give it as service_plan_id=. Then plan again."
    )
    advice = tuple(
        Advice(
            phone_number=f"+1307{index:07}",
            **{
                "step": "change plan",
                "error_code": "SMS_FAILED",
                "service": "SMS",
                "text": text.format(index),
            }
            | given,
        )
        for index in range(count)
    )
    return change_plan(purpose="repair", advice=advice)


def test_advice_is_told_once_with_what_differs_beside_each_number():
    (table,) = page(advised(3)).tables

    assert table[1:] == [
        [
            "change plan SMS SMS_FAILED",
            "Check the plan. To use another one, give it as service_plan_id=. Then plan again.",
            "+13070000000 It was plan 0 +13070000001 It was plan 1 +13070000002 It was plan 2",
        ]
    ]


def test_advice_stands_under_its_own_heading():
    shown = page(advised(2))
    assert "For you to do" in [words for where, words in shown.words if "h4" in where]


def test_advice_that_is_the_same_for_all_names_them_in_one_line():
    (table,) = page(advised(12, text="Add credit; then plan again.")).tables

    assert table[1][1] == "Add credit; then plan again."
    assert table[1][2].startswith("+13070000000, +13070000001")
    assert table[1][2].endswith("+13070000007 and 4 more")


def test_advice_for_many_numbers_folds_all_but_the_first():
    plan = advised(500)
    shown = page(plan)

    assert shown.text("summary") == "497 numbers more"
    assert "and 450 more in plan.advice" in shown.text("details")
    assert len(plan._repr_html_()) < 30_000


def test_advice_of_another_step_or_code_is_another_row():
    plan = advised(1)
    other = advised(1, step="call support", text="x" * 1000).advice
    (table,) = page(change_plan(purpose="repair", advice=plan.advice + other)).tables

    assert [row[0] for row in table[1:]] == ["change plan SMS SMS_FAILED", "call support SMS SMS_FAILED"]
    # What to call stands at the end of it, so it is not cut.
    assert table[2][1] == "x" * 1000


def test_number_without_a_price_or_end_is_given_back_all_the_same():
    plan = change_plan(PlannedRelease(phone_number="+13075550142"), purpose="release")

    assert "saves nothing a month" in repr(plan)
    assert page(plan).tables[0][1][0] == "+13075550142"


# -- results ------------------------------------------------------------------------------------------------


def result(*outcomes, **given):
    rows = [
        NumberResult(
            planned(f"+1307555{index:04}"),
            outcome,
            reason=f"because {outcome}",
            what_to_do="" if outcome == "activated" else f"Look at {outcome}.",
            order_id="01kq4yfz8d1c3b5n7m9v2x4w6t" if outcome == "unknown" else "",
            order_state="CREATED" if outcome == "unknown" else "",
            attempts=index,
            changed_at="2026-03-02T09:15:20.118342Z",
            replaces="+13075559999" if index else "",
        )
        for index, outcome in enumerate(outcomes)
    ]
    return Result(many(len(rows)), Path("/tmp/run.jsonl"), tuple(rows), **given)


def test_result_puts_what_a_person_has_to_look_after_first():
    shown = page(result("activated", "taken", "unknown", "not tried", "refused"))

    assert [row[1] for row in shown.tables[0][1:]] == [
        "unknown",
        "refused",
        "not tried",
        "taken",
        "activated",
    ]
    assert shown.text("li").startswith("+13075550002 (unknown): because unknown. Look at unknown.")
    assert "01kq4yfz8d1c3b5n7m9v2x4w6t" in shown.text("td")
    assert "/tmp/run.jsonl" in shown.text("code")
    badges = [words for where, words in shown.words if "span" in where][:6]
    assert badges == ["SANDBOX", "1 activated", "1 taken", "1 refused", "1 unknown", "1 not tried"]


def test_result_says_in_text_why_a_number_is_not_as_planned():
    shown = repr(result("activated", "refused"))

    assert "refused: +13075550001: because refused. Look at refused." in shown
    assert "because activated" not in shown


def test_why_a_run_stopped_is_told_once():
    assert repr(result("not tried", stopped="because not tried")).count("because not tried") == 1


def test_result_that_stopped_early_says_so():
    stopped = result("not tried", stopped="a trial account")

    assert "Stopped early: a trial account" in page(stopped).text("div")
    assert "! Stopped early: a trial account" in repr(stopped)


@pytest.mark.parametrize(
    ("outcomes", "in_sight", "folded"),
    [
        (["activated"] * 25, [10], [15]),
        (["activated"] * 8 + ["taken"] * 2, [10], []),
        (["activated"] * 20 + ["taken"] * 5, [5], [20]),
        (["activated"] * 20 + ["unknown"] * 30, [10], [20, 20]),
        (["unknown"] * 30, [10], [20]),
        (["activated"] * 400 + ["unknown"] * 100, [10], [40, 50]),
    ],
)
def test_long_result_folds_what_went_well(outcomes, in_sight, folded):
    shown = page(result(*outcomes))

    assert long_tables(shown) == {"in sight": in_sight, "folded": folded}
    if "taken" in outcomes and folded:
        assert {row[1] for row in shown.tables[0][1:]} == {"taken"}
        assert shown.text("summary") == "20 as planned"


def test_order_stands_with_its_state_and_id():
    (table,) = page(result("unknown")).tables

    assert dict(zip(*table, strict=True))["Action"] == "rent CREATED 01kq4yfz8d1c3b5n7m9v2x4w6t"


def test_order_that_waits_says_until_when():
    one = result("unknown").numbers[0]
    waiting = Result(
        many(1), Path("/tmp/run.jsonl"), (replace(one, order_expires_at="2026-03-04T09:15:20.118342Z"),)
    )
    assert "ends by itself 2026-03-04 09:15 UTC" in page(waiting).text("td")
    assert "ends by itself" not in page(result("unknown")).text("td")


def test_result_has_its_headings():
    shown = page(result("activated", "unknown"))
    assert [words for where, words in shown.words if "h4" in where] == ["For you to do", "Numbers"]


def test_summary_of_a_result_says_how_it_ended_without_the_table():
    shown = Page(str(result_summary(result("activated", "taken"))))
    assert "1 activated" in shown.text("span")
    assert "/tmp/run.jsonl" in shown.text("code")
    assert "a1b2c3d4e5f60718" in shown.text("code")
    assert "made on 2026-03-02 09:00 UTC" in shown.text()
    assert not shown.tables


# -- dry runs -----------------------------------------------------------------------------------------------


def rehearsal(good, hindered=0):
    """A dry run of numbers that could be bought, and of others that are gone."""
    items = many(good + hindered).items
    rows = [
        NumberResult(one, "not tried", reason="Would be bought by :rent.")
        if place < good
        else NumberResult(one, "not tried", "It is no longer on offer.", "Make a new plan.")
        for place, one in enumerate(items)
    ]
    return Result(many(len(items)), None, tuple(rows), dry_run=True)


def test_dry_run_does_not_read_like_a_failure():
    shown = page(rehearsal(25))

    assert shown.text("h3") == "Dry run: nothing was sent that costs"
    assert "25 would be bought" in shown.text("span")
    assert (
        "25 would be bought of 25 planned; the first payment would be 30.00 USD; spent nothing."
        in shown.text()
    )
    assert "not tried" not in shown.text()
    assert [attrs["class"] for _, attrs in shown.elements if "note" in (attrs.get("class") or "")] == [
        "note good"
    ]
    assert shown.tables[0][:2] == [
        ["Number", "What would be done", "Setup", "Each month"],
        ["+13070000000", "Would be bought by :rent.", "0.60 USD", "0.60 USD"],
    ]


def test_dry_run_says_what_stands_against_numbers_and_folds_the_others():
    tried = rehearsal(23, 2)
    shown = page(tried)

    assert long_tables(shown) == {"in sight": [2], "folded": [23]}
    assert "23 would be bought" in shown.text("span")
    assert "2 would not be done" in shown.text("span")
    assert "23 would be bought of 25 planned; something stands against 2" in tried.sentence()
    assert "27.60 USD" in tried.sentence()
    assert "It is no longer on offer. Make a new plan." in shown.text("li")
    assert shown.text().count("Make a new plan.") == 1
    assert not tried.as_planned
    assert len(tried.hindered) == 2


def test_text_of_a_dry_run_is_compact_and_complete():
    sentence = (
        "1 would be bought of 2 planned; something stands against 1; the first payment would be 1.20 USD"
    )
    assert repr(rehearsal(1, 1)).splitlines() == [
        f"Dry run of plan a1b2c3d4e5f60718 (sandbox): {sentence}; spent nothing.",
        "  Nothing was sent that costs or changes anything.",
        "  would not be done: +13070000001: It is no longer on offer. Make a new plan.",
    ]


def test_dry_run_in_which_nothing_could_be_done_says_so():
    assert rehearsal(0, 2).sentence() == (
        "none could be carried out of 2 planned; something stands against 2; spent nothing."
    )


def test_dry_run_of_changes_says_what_would_be_changed_and_saved():
    plan = changes()
    tried = Result(
        plan, None, tuple(NumberResult(one, "not tried", "Would be.") for one in plan.items), dry_run=True
    )

    assert tried.sentence() == (
        "1 would be changed and 2 would be released of 3 planned; would save 24.00 SEK a month; changed nothing."
    )
    assert page(tried).text("h3") == "Dry run: nothing was sent that changes anything"


def test_real_result_has_nothing_of_a_dry_run():
    real = result("not tried", "activated")

    assert (real.hindered, real.would_be()) == ((), {})
    assert "ry run" not in repr(real) + real._repr_html_()


def test_every_outcome_has_its_look_and_its_place_in_the_table():
    shown = result(*OUTCOMES)

    assert tables.OUTCOMES == OUTCOMES
    assert len(page(shown).tables[0]) == len(OUTCOMES) + 1
    assert set(shown.to_frame()["outcome"]) == set(OUTCOMES)


def test_outcome_of_a_newer_version_is_shown_and_kept():
    shown = result("postponed")

    assert "postponed" in page(shown).text("span")
    assert shown.to_frame()["outcome"].tolist() == ["postponed"]


def test_large_result_stays_small():
    shown = result(*["unknown"] * 3000)

    assert len(shown._repr_html_()) < 60_000
    assert len(repr(shown).splitlines()) < 30


def test_result_frame_has_the_columns_and_dtypes_of_its_table():
    frame = result("activated", "unknown").to_frame()

    tables.RESULTS.require(frame)
    assert tuple(frame.columns) == tables.RESULTS.names
    assert [str(one.dtype) for one in tables.RESULTS.columns if one.kind != "category"] == [
        str(frame[one.name].dtype) for one in tables.RESULTS.columns if one.kind != "category"
    ]
    first, second = frame.to_dict("records")
    assert (first["phone_number"], first["outcome"], first["attempts"]) == ("+13075550000", "activated", 0)
    assert pd.isna(first["what_to_do"])
    assert (second["order_id"], second["order_state"]) == ("01kq4yfz8d1c3b5n7m9v2x4w6t", "CREATED")
    assert second["setup_price"] == Decimal("0.60")
    assert second["changed_at"] == pd.Timestamp("2026-03-02T09:15:20.118342Z")
    told = {"source": "sandbox", "project_id": mixed().project_id, "plan_id": mixed().plan_id}
    assert frame.attrs == {**told, "complete": True}


# -- frames of plans ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "plan",
    [mixed(), changes(), change_plan(purpose="repair"), plan_of()],
    ids=["mixed", "changes", "empty", "one"],
)
def test_plan_frame_has_the_columns_and_dtypes_of_its_table(plan, tmp_path):
    frame = plan.to_frame()

    assert len(frame) == len(plan)
    assert tuple(frame.columns) == tables.PLANNED.names
    expected = tables.PLANNED.empty().dtypes.astype(str)
    assert frame.dtypes.astype(str).to_dict() == expected.to_dict()
    again = nt.read_csv(nt.to_csv(frame, tmp_path / "plan.csv"))
    pd.testing.assert_frame_equal(again, frame, check_categorical=False)


def test_frame_of_a_plan_to_buy():
    _, _, order = mixed().to_frame().to_dict("records")

    wanted = {
        "phone_number": "+46701740605",
        "action": "order",
        "has_sms": False,
        "has_voice": True,
        "setup_price": Decimal(0),
        "monthly_price": Decimal(12),
        "first_year_cost": Decimal(144),
        "currency_code": "SEK",
        "payment_interval_months": 12,
        "papers_required": True,
        "reason": ":rent is documented for US LOCAL only",
    }
    assert {name: order[name] for name in wanted} == wanted
    assert all(pd.isna(order[name]) for name in ("service_plan_id", "wish", "changes", "ends_at"))
    # Counted from 1, as in all that people see.
    assert mixed().to_frame()["wish"].tolist()[:2] == [1, 1]


def test_frame_of_changes():
    update, release, _ = changes().to_frame().to_dict("records")

    assert (update["action"], update["campaign_id"], update["display_name"]) == ("update", "CNEW123", "New")
    assert update["changes"].startswith("campaign_id: COLD123 → (nothing) → CNEW123; display_name: ")
    assert pd.isna(update["callback_url"])
    assert pd.isna(update["monthly_price"])
    assert (release["action"], release["monthly_price"], release["reason"]) == (
        "release",
        Decimal(12),
        "not used",
    )
    assert release["ends_at"] == pd.Timestamp("2026-04-01T09:15:20.118342Z")
    assert pd.isna(release["setup_price"])


def test_price_with_more_digits_than_usual_stays_exact_in_a_frame():
    price = Decimal("0.123456789")

    frame = plan_of(planned(cost=Cost(price, price, "USD"))).to_frame()

    assert frame["setup_price"].tolist() == [price]


# -- nothing gets out of its cell ---------------------------------------------------------------------------


def hostile_plans():
    everywhere = Configuration(
        service_plan_id=HOSTILE,
        campaign_id=HOSTILE,
        voice_type=HOSTILE,
        voice_id=HOSTILE,
        callback_url=HOSTILE,
    )
    bought = planned(
        HOSTILE,
        region_code=HOSTILE,
        number_type=HOSTILE,
        capabilities=(HOSTILE,),
        cost=Cost(Decimal(1), Decimal(1), HOSTILE),
        route=HOSTILE,
        route_reason=HOSTILE,
        configuration=everywhere,
        papers=True,
    )
    head = {
        "plan_id": HOSTILE,
        "project_id": HOSTILE,
        "source": HOSTILE,
        "made_at": HOSTILE,
        "warnings": (HOSTILE,),
    }
    update = PlannedUpdate(
        phone_number=HOSTILE,
        region_code=HOSTILE,
        number_type=HOSTILE,
        changes={HOSTILE: HOSTILE},
        before={HOSTILE: HOSTILE},
        reason=HOSTILE,
    )
    release = PlannedRelease(
        phone_number=f"2{HOSTILE}",
        display_name=HOSTILE,
        cost=Recurring(Decimal(1), HOSTILE),
        ends_at=HOSTILE,
        reason=HOSTILE,
    )
    advice = Advice(
        phone_number=HOSTILE,
        service=HOSTILE,
        error_code=HOSTILE,
        step=HOSTILE,
        text=HOSTILE,
        not_before=HOSTILE,
    )
    plan = plan_of(bought, **head)
    row = NumberResult(bought, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, 1, HOSTILE)
    return [
        plan,
        change_plan(update, release, purpose=HOSTILE, advice=(advice,), **head),
        Result(plan, Path(HOSTILE.replace("\x00", "")), (row,), stopped=HOSTILE),
    ]


@pytest.mark.parametrize("value", hostile_plans(), ids=lambda one: type(one).__name__)
def test_hostile_text_is_shown_as_text(value):
    shown = page(value)

    assert not {"script", "img"} & {tag for tag, _ in shown.elements}
    assert "<script>alert(1)</script>" in shown.text()
    for text in (value._repr_html_(), repr(value)):
        assert "\x00" not in text
        assert "\x1b" not in text
        assert "\u202e" not in text


@pytest.mark.parametrize(
    "value", [mixed(), changes(), result("activated", "unknown")], ids=lambda one: type(one).__name__
)
def test_page_is_self_contained_and_inert(value):
    text = value._repr_html_()
    shown = Page(text)

    for tag, attrs in shown.elements:
        assert tag not in {"script", "link", "iframe", "object", "form", "img", "a", "input"}
        assert not [name for name in attrs if name.startswith("on") or name in ("src", "href", "style")]
    assert "url(" not in text
    assert "@import" not in text
    assert not [attrs for _, attrs in shown.elements if "id" in attrs]


def test_half_characters_do_not_break_the_page():
    plan = plan_of(warnings=("broken \ud83d",))

    assert "broken \ufffd" in page(plan).text()
    plan._repr_html_().encode()
    repr(plan).encode()


def test_text_of_another_direction_stays_in_its_cell():
    plan = change_plan(
        PlannedRelease(phone_number="+13075550142", display_name="\u202eمكتب"), purpose="release"
    )

    where = next(where for where, words in page(plan).words if "مكتب" in words)
    assert where[-1] == "bdi"


def test_very_long_text_is_cut():
    plan = plan_of(warnings=("x" * 100_000,))

    assert len(plan._repr_html_()) < 20_000
    assert len(repr(plan)) < 2_000


# -- the look -----------------------------------------------------------------------------------------------


def test_tables_have_headings_for_columns_and_rows():
    scopes = [attrs.get("scope") for tag, attrs in page(mixed()).elements if tag == "th"]

    assert set(scopes) == {"col", "row"}


def test_style_reaches_nothing_but_its_own_page():
    without_conditions = re.sub(r"@(?:media|container)[^{]+\{(.*?\})\s*\}", r"\1", STYLE)
    selectors = [one.strip() for one in re.findall(r"([^{}]+)\{", without_conditions)]

    assert len(selectors) > 20
    for selector in selectors:
        for part in selector.split(","):
            assert ".numbers-toolkit" in part, part


def test_style_follows_the_system_and_the_notebook():
    for part in (
        "prefers-color-scheme: dark",
        '[data-jp-theme-light="false"] .numbers-toolkit',
        '[data-jp-theme-light="true"] .numbers-toolkit',
        "var(--jp-content-font-color1, var(--ink))",
        "var(--jp-layout-color1, var(--paper))",
    ):
        assert part in STYLE


def luminance(colour):
    channels = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_can_be_read_on_its_ground(scheme):
    block = re.search(rf"\{{([^{{}}]*color-scheme: {scheme};)", STYLE)[1]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))

    pairs = [(name, f"{name}-back") for name in ("good", "warn", "bad", "info", "plain")]
    for ink, ground in [*pairs, ("ink", "paper"), ("quiet", "paper")]:
        assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


def test_pieces_escape_text_and_keep_markup():
    shown = markup.page(
        "a < b",
        markup.section("c < d", markup.paragraph("e < f ", markup.code("g < h"))),
        markup.section("empty", markup.Html("")),
        markup.note("i < j", "warn"),
        markup.facts([("k < l", "m < n"), ("left out", ""), ("left out", None)]),
        markup.bullets(["o < p"]),
        badges=[markup.badge("q < r", "bad")],
    )
    told = Page(shown).text()

    for pair in ("a < b", "c < d", "e < f", "g < h", "i < j", "k < l", "m < n", "o < p", "q < r"):
        assert pair in told
    assert "empty" not in told
    assert "left out" not in told


def test_table_without_rows_is_nothing():
    assert markup.table(["a"], []) == ""


@pytest.mark.parametrize("stacks", [False, True])
def test_long_text_may_break_into_lines_and_numbers_may_not(stacks):
    row = ["+13075550142", "1.00", "a sentence that is too long for a narrow column"]

    cells = [
        attrs
        for tag, attrs in Page(markup.table("abc", [row], right="b", stacks=stacks)).elements
        if tag == "td"
    ]

    assert [cell["class"] for cell in cells] == ["right", "long"]
    assert [cell.get("data-label") for cell in cells] == (["b", "c"] if stacks else [None, None])


def test_link_leads_to_a_page_or_is_text():
    assert 'href="https://files.example.com/a?b=1&amp;c=2"' in markup.link(
        "Form", "https://files.example.com/a?b=1&c=2"
    )
    assert Page(markup.link("<b>", "javascript:alert(1)")).elements == []
    assert markup.link("", "ftp://files.example.com/form") == "ftp://files.example.com/form"


def test_name_in_capitals_may_go_on_after_each_underscore():
    assert markup.breakable("A_B<C") == "A_<wbr>B&lt;C"


def test_nothing_is_folded_to_nothing():
    assert markup.folded("0 more", markup.Html("")) == ""
