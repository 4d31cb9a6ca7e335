"""Plans as a person sees them before saying yes: a few rows, the sums of each currency, warnings, advice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from numbers_toolkit.activation.costs import amounts_text
from numbers_toolkit.activation.plan import (
    ActivationPlan,
    ChangePlan,
    PlannedNumber,
    PlannedRelease,
    PlannedUpdate,
)
from numbers_toolkit.cli.text_tables import counted, text_table
from numbers_toolkit.cli.wording import as_typed

if TYPE_CHECKING:
    from numbers_toolkit.activation.plan import Item, Plan

__all__ = ["question", "show_plan", "sums"]

_ROWS: Final = 10
_DATE: Final = len("2026-03-02")
_VERBS: Final = {"update": "Change", "repair": "Repair", "release": "Release"}


def show_plan(plan: Plan) -> None:
    """Show a plan on standard error, since standard output is for results."""
    lines = [f"Plan {plan.plan_id} for project {plan.project_id} ({plan.source} data), {plan.made_at}:"]
    if plan.items:
        lines.append(text_table([_row(one) for one in plan.items], most=_ROWS))
    if len(plan) > _ROWS:
        lines.append(f"... and {len(plan) - _ROWS:,} more; --save-plan FILE keeps all of them.")
    lines += [*sums(plan), *(f"Warning: {as_typed(one)}" for one in plan.warnings), *_advice(plan)]
    click.echo("\n".join(lines), err=True)


def _row(item: Item) -> dict[str, str]:
    row = {"phone_number": item.phone_number, "region": item.region_code, "type": item.number_type}
    if isinstance(item, PlannedNumber):
        cost = item.cost
        return row | {
            "route": item.route,
            "setup": f"{cost.setup:,f} {cost.currency_code}",
            "monthly": f"{cost.monthly:,f} {cost.currency_code}",
            "papers": "required" if item.papers else "",
        }
    if isinstance(item, PlannedUpdate):
        return row | {"change": _change(item), "first": "unlink" if item.unlink else "", "why": item.reason}
    return row | {
        "name": item.display_name,
        "ends": item.ends_at[:_DATE],
        "saves": "" if item.cost is None else f"{item.cost.monthly:,f} {item.cost.currency_code}",
        "why": item.reason,
    }


def _change(item: PlannedUpdate) -> str:
    told = [f"{name}: {_quoted(item.before.get(name))} -> {_quoted(to)}" for name, to in item.changes.items()]
    return "; ".join(told)


def _quoted(value: str | None) -> str:
    return value or "none"


def sums(plan: Plan) -> list[str]:
    """Return what a plan costs or saves, and when, in sentences."""
    if isinstance(plan, ActivationPlan):
        setup, monthly, first, year = (
            amounts_text(plan.costs(part)) for part in ("setup", "monthly", "first_payment", "first_year")
        )
        first_sums = f"{counted(len(plan))}: setup {setup}, then {monthly} a month"
        return [f"{first_sums}; first payment {first}, first year {year}."]
    saved = plan.saved_monthly() if isinstance(plan, ChangePlan) else {}
    ends = sorted(
        {one.ends_at[:_DATE] for one in plan.items if isinstance(one, PlannedRelease) and one.ends_at}
    )
    lines = [f"Saves {amounts_text(saved)} a month."] if saved else []
    if ends:
        span = ends[0] if len(ends) == 1 else f"from {ends[0]} to {ends[-1]}"
        lines.append(
            f"Takes effect {span}, each number at its next charge date; nothing is charged after that."
        )
    return lines


def _advice(plan: Plan) -> list[str]:
    advice = plan.advice if isinstance(plan, ChangePlan) else ()
    if not advice:
        return []
    lines = [f"{counted(len(advice), 'next step')} that only a person can take:"]
    for one in advice:
        code = f" {one.error_code}" if one.error_code else ""
        lines.append(f"  {one.phone_number} {one.service}{code}: {one.step}. {as_typed(one.text)}")
    return lines


def question(plan: Plan) -> str:
    """Return the question that stands before a plan is carried out; it names the sum."""
    if isinstance(plan, ActivationPlan):
        first, monthly = (amounts_text(plan.costs(part)) for part in ("first_payment", "monthly"))
        return f"Buy {counted(len(plan))} for {first} now and {monthly} a month?"
    purpose = plan.purpose if isinstance(plan, ChangePlan) else ""
    asked = f"{_VERBS.get(purpose, 'Change')} {counted(len(plan))}"
    if isinstance(plan, ChangePlan) and purpose == "release":
        return f"{asked}, which saves {amounts_text(plan.saved_monthly())} a month and can't be taken back?"
    return f"{asked}?"
