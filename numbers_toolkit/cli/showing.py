"""Plans as a person sees them before saying yes: the library's own text, a few rows, and the advice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from numbers_toolkit.activation.costs import amounts_text
from numbers_toolkit.activation.plan import (
    ActivationPlan,
    ChangePlan,
    PlannedNumber,
    PlannedUpdate,
)
from numbers_toolkit.cli.text_tables import counted, named, text_table
from numbers_toolkit.cli.wording import as_typed

if TYPE_CHECKING:
    from numbers_toolkit.activation.plan import Item, Plan

__all__ = ["question", "show_plan"]

_ROWS: Final = 10
_ADVICE: Final = 20
_DATE: Final = len("2026-03-02")
_VERBS: Final = {"update": "Change", "repair": "Repair", "release": "Release"}


def show_plan(plan: Plan) -> None:
    """Show a plan on standard error, since standard output is for results."""
    lines = [as_typed(repr(plan))]
    if plan.items:
        lines += ["", text_table([_row(one) for one in plan.items], most=_ROWS)]
    if len(plan) > _ROWS:
        lines.append(f"... and {len(plan) - _ROWS:,} more; --save-plan FILE keeps all of them.")
    click.echo("\n".join([*lines, *_advice(plan), ""]), err=True)


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
        return row | {"first": "unlink" if item.unlink else "", "change": _change(item), "why": item.reason}
    return row | {
        "name": item.display_name,
        "ends": item.ends_at[:_DATE],
        "saves": "" if item.cost is None else f"{item.cost.monthly:,f} {item.cost.currency_code}",
        "why": item.reason,
    }


def _change(item: PlannedUpdate) -> str:
    return "; ".join(_changed(name, item.before.get(name, ""), to) for name, to in item.changes.items())


def _changed(name: str, before: str, to: str) -> str:
    if not to:
        return f"{name} taken off"
    return f"{name} {before} -> {to}" if before and before != to else f"{name} {to}"


def _advice(plan: Plan) -> list[str]:
    """Return what a person has to do, once for all numbers that it is the same for."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for one in plan.advice if isinstance(plan, ChangePlan) else ():
        groups.setdefault((one.step, one.error_code, one.text), []).append(one.phone_number)
    if not groups:
        return []
    lines = ["", "Only a person can take these steps:"]
    for (step, code, text), numbers in list(groups.items())[:_ADVICE]:
        about = f"{named(numbers)}{f' ({code})' if code else ''}"
        lines.append(f"  {step}: {about}: {as_typed(text)}")
    if len(groups) > _ADVICE:
        lines.append(f"  ... and {len(groups) - _ADVICE:,} more; --save-plan FILE keeps all of them.")
    return lines


def question(plan: Plan) -> str:
    """Return the question that stands before a plan is carried out; it names the sum."""
    if isinstance(plan, ActivationPlan):
        first, monthly = (amounts_text(plan.costs(part)) for part in ("first_payment", "monthly"))
        return f"Buy {counted(len(plan))} for {first} now and {monthly} a month?"
    purpose = plan.purpose if isinstance(plan, ChangePlan) else ""
    asked = f"{_VERBS.get(purpose, 'Change')} {counted(len(plan))}"
    if isinstance(plan, ChangePlan) and purpose == "release":
        saved = amounts_text(plan.saved_monthly())
        return f"{asked}, which saves {saved} a month and can't be taken back?"
    return f"{asked}?"
