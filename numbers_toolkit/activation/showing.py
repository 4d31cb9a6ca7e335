"""How plans show themselves: as text, as a page of a notebook, and as a frame. Results: see ``showing_results``.

Everything that came from elsewhere is escaped, and nothing is ever thousands of lines.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import markup
from numbers_toolkit.activation.plan import ActivationPlan, ChangePlan, PlannedNumber
from numbers_toolkit.activation.showing_changes import change_body, change_html, change_text
from numbers_toolkit.activation.showing_parts import (
    amount,
    by_line,
    head_text,
    kind_of,
    lines_text,
    more_text,
    plan_facts,
    plan_note,
    source_badge,
    warnings_html,
    warnings_text,
)
from numbers_toolkit.activation.showing_results import result_frame, result_html, result_summary, result_text
from numbers_toolkit.activation.showing_rows import plan_frame
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from numbers_toolkit.activation.plan import Plan
    from numbers_toolkit.markup import Html

__all__ = [
    "plan_body",
    "plan_frame",
    "plan_html",
    "plan_text",
    "result_frame",
    "result_html",
    "result_summary",
    "result_text",
]

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
        *_cost_parts(plan),
        markup.section("Numbers", _number_table(plan)),
        plan_facts(plan),
        badges=[source_badge(plan)],
    )


def plan_body(plan: Plan) -> Html:
    """Return what a plan shows of itself, for a page with a title, a way to carry it out and a table of its own."""
    if isinstance(plan, ChangePlan):
        return change_body(plan)
    parts = _cost_parts(plan) if isinstance(plan, ActivationPlan) else []
    return markup.Html("".join([*parts, plan_facts(plan)]))


def _cost_parts(plan: ActivationPlan) -> list[Html]:
    return [
        markup.section("What it costs", _cost_table(plan)),
        markup.section("How it is bought", _route_facts(plan)),
        warnings_html(plan),
    ]


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
    """Yield each budget in a currency of the plan, with what is used of it."""
    for name, part in _BUDGETS:
        for code, spent in plan.costs(part).items():
            if most := _allowed(getattr(plan, name), code):
                yield name, f"{spent:,f} of {most} {code}"
    for value in _most_each(plan):
        yield "max_price", f"{value} for one number"


def _allowed(budget: Mapping[str, Decimal] | None, code: str) -> str:
    return f"{budget[code]:,f}" if budget and code in budget else ""


def _most_each(plan: ActivationPlan) -> Iterator[str]:
    for code in plan.costs("monthly"):
        if most := _allowed(plan.max_price, code):
            yield f"{most} {code} a month"


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
        yield f"Wish {position + 1}", f"{repr(wish)[5:-1]}: {found:,} found"


# -- page ---------------------------------------------------------------------------------------------------


_COST_HEADINGS: Final = ("Currency", *(title for _, title in _PARTS))


def _cost_table(plan: ActivationPlan) -> Html:
    """Return a row for each currency, narrow enough for any window: budgets stand below what they are for."""
    numbers = Counter(one.cost.currency_code for one in plan.numbers)
    sums = {part: plan.costs(part) for part, _ in _PARTS}
    budgets = {part: getattr(plan, name) for name, part in _BUDGETS}
    rows = [
        [
            markup.under(code, counted(numbers[code])),
            *(_cost_cell(sums[part][code], _allowed(budgets.get(part), code)) for part in sums),
        ]
        for code in sums["setup"]
    ]
    told = "Small below an amount: your budget for it." if plan.max_setup or plan.max_monthly else ""
    return markup.table(_COST_HEADINGS, rows, right=_COST_HEADINGS[1:], more=told, stacks=True)


def _cost_cell(cost: Decimal, budget: str) -> Html:
    return markup.under(f"{cost:,f}", f"of {budget}" if budget else "")


def _route_facts(plan: ActivationPlan) -> Html:
    routes = [
        (
            f"{count:,} {region} {kind}",
            markup.stacked([markup.Html(f"{_route_badge(route)} {markup.text(reason)}")]),
        )
        for (region, kind, route, reason), count in _groups(plan).items()
    ]
    caps = [("Most for one number", value) for value in _most_each(plan)]
    return markup.facts([*routes, *by_line([*_configuration(plan), *caps, *_asked(plan)])])


def _route_badge(route: str) -> Html:
    return markup.badge(route, "info" if route == "rent" else "plain")


_NUMBER_HEADINGS: Final = ("Number", "Kind", "Can do", "Setup", "Each month", "Route", "Papers", "Wish")


def _number_table(plan: ActivationPlan) -> Html:
    rows = [_number_row(one) for one in plan.numbers[: markup.MOST_ROWS]]
    more = more_text(len(plan), "plan.to_frame()")
    return markup.table(_NUMBER_HEADINGS, rows, right=("Setup", "Each month", "Wish"), more=more)


def _number_row(one: PlannedNumber) -> list[Any]:
    months = one.cost.payment_interval_months
    interval = f"paid {months} at once" if months > 1 else ""
    return [
        one.phone_number,
        kind_of(one.region_code, one.number_type),
        ", ".join(one.capabilities),
        amount(one.cost.setup, one.cost.currency_code),
        markup.under(amount(one.cost.monthly, one.cost.currency_code), interval),
        _route_badge(one.route),
        markup.badge("required", "warn") if one.papers else "",
        "" if one.wish is None else str(one.wish + 1),
    ]
