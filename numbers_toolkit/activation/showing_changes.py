"""How plans that change numbers or give them back show themselves."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import markup
from numbers_toolkit.activation.costs import amounts_text
from numbers_toolkit.activation.items import PlannedRelease, PlannedUpdate
from numbers_toolkit.activation.showing_advice import advice_html
from numbers_toolkit.activation.showing_parts import (
    amount,
    head_text,
    kind_of,
    lines_text,
    moment,
    more_text,
    plan_facts,
    plan_note,
    source_badge,
    warnings_html,
    warnings_text,
)
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numbers_toolkit.activation.plan import ChangePlan
    from numbers_toolkit.markup import Html

__all__ = ["change_body", "change_html", "change_text", "changes_of"]

#: Each says at length why it is done.
_FIRST_REPAIRS: Final = 5
_NOTHING: Final = "(nothing)"
_EVERYTHING: Final = "This gives back EVERY number of the project. It needs a second consent."


def changes_of(update: PlannedUpdate) -> list[str]:
    """Return what an update changes, a line for each field: old and new value.

    Examples
    --------
    >>> changes_of(PlannedUpdate(phone_number="+13075550142", changes={"display_name": "Desk"}))
    ['display_name: Desk']
    >>> changes_of(
    ...     PlannedUpdate(
    ...         phone_number="+13075550142",
    ...         changes={"campaign_id": "CNEW123"},
    ...         unlink={"campaign_id": ""},
    ...         before={"campaign_id": "COLD123"},
    ...     )
    ... )
    ['campaign_id: COLD123 → (nothing) → CNEW123']
    """
    names = dict.fromkeys([*update.unlink, *update.changes])
    return [_change(name, update) for name in names]


def _change(name: str, update: PlannedUpdate) -> str:
    steps = [update.before[name]] if name in update.before else []
    steps += [""] if name in update.unlink else []
    steps += [update.changes[name]] if name in update.changes else []
    return f"{name}: {' → '.join(one or _NOTHING for one in steps)}"


# -- text ---------------------------------------------------------------------------------------------------


def change_text(plan: ChangePlan) -> str:
    """Return a plan of changes as a few lines of text."""
    return lines_text([head_text(plan, _title(plan)), *_lines(plan)])


def _title(plan: ChangePlan) -> str:
    updates, releases = _updates(plan), _releases(plan)
    told = [f"{counted(len(updates))} to change"] if updates else []
    told += [f"{counted(len(releases))} to give back"] if releases else []
    told += [f"advice for {counted(len(plan.advice))}"] if plan.advice else []
    return ", ".join(told) or f"nothing to {plan.purpose}"


def _updates(plan: ChangePlan) -> list[PlannedUpdate]:
    return [one for one in plan.items if isinstance(one, PlannedUpdate)]


def _releases(plan: ChangePlan) -> list[PlannedRelease]:
    return [one for one in plan.items if isinstance(one, PlannedRelease)]


def _lines(plan: ChangePlan) -> Iterator[str]:
    changed = Counter(name for one in _updates(plan) for name in one.changes)
    for name, count in changed.items():
        yield f"  {name} of {counted(count)}"
    for line in _saved(plan):
        yield f"  {line}"
    if plan.everything:
        yield f"  ! {_EVERYTHING}"
    for (step, code), count in Counter((one.step, one.error_code) for one in plan.advice).items():
        yield f"  {counted(count)}: {step}{f' ({code})' if code else ''}"
    yield from warnings_text(plan)


def _saved(plan: ChangePlan) -> Iterator[str]:
    releases = _releases(plan)
    if not releases:
        return
    yield f"{counted(len(releases))} given back: saves {amounts_text(plan.saved_monthly())} a month"
    days = sorted({one.ends_at[:10] for one in releases if one.ends_at})
    if days:
        span = days[0] if len(days) == 1 else f"from {days[0]} to {days[-1]}"
        yield f"they end at their next charge date, {span}, and can't be taken back"


# -- page ---------------------------------------------------------------------------------------------------


def change_html(plan: ChangePlan) -> str:
    """Return a plan of changes as a page for a notebook."""
    parts = (
        [plan_note(plan, "Nothing has been changed.", "nt.carry_out(plan, journal=...)")]
        if plan.items
        else []
    )
    return markup.page(f"Plan: {_title(plan)}", *parts, change_body(plan), badges=[source_badge(plan)])


def change_body(plan: ChangePlan) -> Html:
    """Return what a plan of changes shows below its title."""
    empty = not plan.items and not plan.advice
    parts = [
        markup.note(f"There is nothing to {plan.purpose}.", "good") if empty else "",
        markup.note(_EVERYTHING, "bad") if plan.everything else "",
        warnings_html(plan),
        markup.section("Changes", _update_table(plan)),
        markup.section("Given back", markup.bullets(list(_saved(plan))), _release_table(plan)),
        markup.section("For you to do", advice_html(plan.advice)),
        plan_facts(plan),
    ]
    return markup.Html("".join(parts))


def _update_table(plan: ChangePlan) -> Html:
    updates = _updates(plan)
    rows: list[list[Any]] = [
        [
            one.phone_number,
            kind_of(one.region_code, one.number_type),
            markup.stacked(changes_of(one)),
            one.reason,
        ]
        for one in updates[: markup.MOST_ROWS]
    ]
    more = more_text(len(updates), "plan.to_frame()")
    first = _FIRST_REPAIRS if plan.purpose == "repair" else markup.FIRST_ROWS
    return markup.table(("Number", "Kind", "Old → new", "Why"), rows, first=first, more=more, stacks=True)


def _release_table(plan: ChangePlan) -> Html:
    releases = _releases(plan)
    return markup.table(
        ("Number", "Name", "Kind", "Ends", "Saved each month", "Why"),
        [_release_row(one) for one in releases[: markup.MOST_ROWS]],
        right=("Saved each month",),
        more=more_text(len(releases), "plan.to_frame()"),
    )


def _release_row(one: PlannedRelease) -> list[Any]:
    saved = "" if one.cost is None else amount(one.cost.monthly, one.cost.currency_code)
    kind = kind_of(one.region_code, one.number_type)
    return [one.phone_number, one.display_name, kind, moment(one.ends_at), saved, one.reason]
