"""How plans show themselves: as text, as a page of a notebook, and as a frame. Results: see ``showing_results``.

Everything that came from elsewhere is escaped, and nothing is ever thousands of lines.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation import markup
from numbers_toolkit.activation.plan import ActivationPlan, ChangePlan, PlannedNumber
from numbers_toolkit.activation.showing_changes import change_html, change_text
from numbers_toolkit.activation.showing_parts import (
    SHOWN_ROWS,
    amount,
    by_line,
    head_text,
    lines_text,
    plan_facts,
    plan_note,
    source_badge,
    warnings_html,
    warnings_text,
)
from numbers_toolkit.activation.showing_results import result_frame, result_html, result_text
from numbers_toolkit.activation.showing_rows import plan_frame
from numbers_toolkit.activation.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numbers_toolkit.activation.markup import Html
    from numbers_toolkit.activation.plan import Plan

__all__ = ["plan_frame", "plan_html", "plan_text", "result_frame", "result_html", "result_text"]

_PARTS: Final = (
    ("setup", "Setup"),
    ("monthly", "Each month"),
    ("first_payment", "First payment"),
    ("first_year", "First year"),
)
_BUDGETS: Final = (("max_setup", "setup"), ("max_monthly", "monthly"))
_CONFIGURED: Final = (
    ("service_plan_id", "Service plan"),
    ("campaign_id", "Campaign"),
    ("voice_id", "Voice"),
    ("callback_url", "Events to"),
)


def plan_text(plan: Plan) -> str:
    """Return a plan as a few lines of text."""
    if isinstance(plan, ActivationPlan):
        return lines_text([head_text(plan, f"{counted(len(plan))} to buy"), *_lines(plan)])
    return (
        change_text(plan)
        if isinstance(plan, ChangePlan)
        else lines_text([head_text(plan, counted(len(plan)))])
    )


def plan_html(plan: Plan) -> str:
    """Return a plan as a page for a notebook."""
    if isinstance(plan, ChangePlan):
        return change_html(plan)
    if not isinstance(plan, ActivationPlan):
        return markup.page(f"Plan: {counted(len(plan))}", plan_facts(plan), badges=[source_badge(plan)])
    return markup.page(
        f"Plan: {counted(len(plan))} to buy",
        plan_note(plan, "Nothing has been bought.", "nt.activate(plan, journal=...)"),
        markup.section("What it costs", _cost_table(plan)),
        markup.section("How it is bought", _route_facts(plan)),
        warnings_html(plan),
        markup.section("Numbers", _number_table(plan)),
        plan_facts(plan),
        badges=[source_badge(plan)],
    )


# -- text ---------------------------------------------------------------------------------------------------


def _lines(plan: ActivationPlan) -> Iterator[str]:
    for group, count in _groups(plan).items():
        region, kind, route, reason = group
        yield f"  {count:,} {region} {kind} by {route} ({reason})"
    for code, numbers in Counter(one.cost.currency_code for one in plan.numbers).items():
        told = [f"{title.lower()} {plan.costs(part)[code]:,f}" for part, title in _PARTS]
        yield f"  {code}: {', '.join(told)} for {counted(numbers)}"
    for title, value in (*_budgets(plan), *_configuration(plan), *_asked(plan)):
        yield f"  {title}: {value}"
    yield from warnings_text(plan)


def _groups(plan: ActivationPlan) -> Counter[tuple[str, str, str, str]]:
    return Counter((one.region_code, one.number_type, one.route, one.route_reason) for one in plan.numbers)


def _budgets(plan: ActivationPlan) -> Iterator[tuple[str, str]]:
    """Yield each budget with what is used of it."""
    for name, part in _BUDGETS:
        spent = plan.costs(part)
        for code, most in (getattr(plan, name) or {}).items():
            yield name, f"{spent.get(code, Decimal(0)):,f} of {amount(most, code)}"
    for code, most in (plan.max_price or {}).items():
        yield "max_price", f"{amount(most, code)} a month for one number"


def _configuration(plan: ActivationPlan) -> Iterator[tuple[str, str]]:
    for name, title in _CONFIGURED:
        values = Counter(getattr(one.configuration, name) for one in plan.numbers)
        for value, count in values.items():
            if value:
                kinds = {one.configuration.voice_type for one in plan.numbers} - {""}
                kind = f" ({', '.join(sorted(kinds))})" if name == "voice_id" and kinds else ""
                some = f", for {count:,} of {counted(len(plan))}" if count < len(plan) else ""
                yield title, f"{value}{kind}{some}"


def _asked(plan: ActivationPlan) -> Iterator[tuple[str, str]]:
    papers = sum(one.papers for one in plan.numbers)
    if papers:
        yield "Papers required", f"for {counted(papers)}"
    for position, wish in enumerate(plan.wishes):
        found = sum(one.wish == position for one in plan.numbers)
        yield f"Wish {position}", f"{repr(wish)[5:-1]}: {found:,} found"


# -- page ---------------------------------------------------------------------------------------------------


_COST_HEADINGS: Final = (
    "Currency",
    "Numbers",
    "Setup",
    "Setup budget",
    "Each month",
    "Monthly budget",
    "First payment",
    "First year",
    "Most for one",
)


def _cost_table(plan: ActivationPlan) -> Html:
    numbers = Counter(one.cost.currency_code for one in plan.numbers)
    budgets = [plan.max_setup or {}, plan.max_monthly or {}, plan.max_price or {}]
    codes = sorted({*numbers, *(code for one in budgets for code in one)})
    rows = [[code, f"{numbers[code]:,}", *_cost_cells(plan, budgets, code)] for code in codes]
    return markup.table(_COST_HEADINGS, rows, right=_COST_HEADINGS[1:])


def _cost_cells(plan: ActivationPlan, budgets: Sequence[Mapping[str, Decimal]], code: str) -> list[str]:
    """Return what is paid in one currency, each budget beside what it is for."""
    setup, monthly, first_payment, first_year = (
        f"{plan.costs(part).get(code, Decimal(0)):,f}" for part, _ in _PARTS
    )
    most_setup, most_monthly, most_each = (f"{one[code]:,f}" if code in one else "" for one in budgets)
    return [setup, most_setup, monthly, most_monthly, first_payment, first_year, most_each]


def _route_facts(plan: ActivationPlan) -> Html:
    routes = [
        (
            f"{count:,} {region} {kind}",
            markup.stacked([markup.Html(f"{_route_badge(route)} {markup.text(reason)}")]),
        )
        for (region, kind, route, reason), count in _groups(plan).items()
    ]
    return markup.facts([*routes, *by_line([*_configuration(plan), *_asked(plan)])])


def _route_badge(route: str) -> Html:
    return markup.badge(route, "info" if route == "rent" else "plain")


_NUMBER_HEADINGS: Final = (
    "Number",
    "Region",
    "Type",
    "Can do",
    "Setup",
    "Each month",
    "Route",
    "Why",
    "Papers",
    "Wish",
)


def _number_table(plan: ActivationPlan) -> Html:
    rows = [_number_row(one) for one in plan.numbers[:SHOWN_ROWS]]
    left = len(plan) - len(rows)
    more = f"And {left:,} more: plan.to_frame() has all {len(plan):,}." if left > 0 else ""
    return markup.table(_NUMBER_HEADINGS, rows, right=("Setup", "Each month", "Wish"), more=more)


def _number_row(one: PlannedNumber) -> list[Any]:
    months = one.cost.payment_interval_months
    interval = f" (paid {months} at once)" if months > 1 else ""
    return [
        one.phone_number,
        one.region_code,
        one.number_type,
        " ".join(one.capabilities),
        amount(one.cost.setup, one.cost.currency_code),
        f"{amount(one.cost.monthly, one.cost.currency_code)}{interval}",
        _route_badge(one.route),
        one.route_reason,
        markup.badge("required", "warn") if one.papers else "",
        "" if one.wish is None else str(one.wish),
    ]
