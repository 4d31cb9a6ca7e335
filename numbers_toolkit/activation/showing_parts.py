"""What every plan shows alike: where it belongs, what it is not yet, its warnings and its identity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from numbers_toolkit import markup
from numbers_toolkit.wording import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from numbers_toolkit.activation.plan import Plan
    from numbers_toolkit.markup import Html

__all__ = [
    "amount",
    "by_line",
    "head_text",
    "kind_of",
    "lines_text",
    "moment",
    "more_text",
    "plan_facts",
    "plan_note",
    "source_badge",
    "warnings_html",
    "warnings_text",
    "where_badge",
]

_SHOWN_WARNINGS: Final = 12
_LONGEST_LINE: Final = 400
_SANDBOX: Final = "sandbox"
_PRODUCTION: Final = "production"


def amount(value: Decimal, currency_code: str) -> str:
    """Return an amount with its currency.

    Examples
    --------
    >>> from decimal import Decimal
    >>> amount(Decimal("1234.50"), "USD")
    '1,234.50 USD'
    """
    return f"{value:,f} {currency_code}"


def kind_of(region_code: str, number_type: str) -> str:
    """Return region and type as people say them: ``US LOCAL``."""
    return " ".join(part for part in (region_code, number_type) if part)


def more_text(of: int, where: str) -> str:
    """Return what is said below a table that does not hold all rows.

    Examples
    --------
    >>> more_text(500, "plan.to_frame()"), more_text(50, "plan.to_frame()")
    ('And 450 more in plan.to_frame().', '')
    """
    left = of - markup.MOST_ROWS
    return f"And {left:,} more in {where}." if left > 0 else ""


def moment(text: str) -> str:
    """Return an RFC 3339 time as people read it.

    Examples
    --------
    >>> moment("2026-03-02T09:15:27.403118Z"), moment("")
    ('2026-03-02 09:15 UTC', '')
    """
    date, _, time = text.partition("T")
    return f"{date} {time[:5]} UTC" if text.endswith("Z") and time else text


def source_badge(plan: Plan) -> Html:
    """Return the badge that says whose numbers these are."""
    return where_badge(plan.source)


def where_badge(source: str) -> Html:
    """Return a source as a badge."""
    if source == _SANDBOX:
        return markup.badge("SANDBOX", "warn")
    return markup.badge(source or "unknown source", "bad" if source == _PRODUCTION else "plain")


def plan_note(plan: Plan, state: str, call: str) -> Html:
    """Return what a plan is not yet, and the call that carries it out."""
    invented = (
        "These are invented numbers of the sandbox; no money is involved. " if plan.source == _SANDBOX else ""
    )
    return markup.paragraph(f"{invented}{state} To carry it out: ", markup.code(call))


def plan_facts(plan: Plan) -> Html:
    """Return identity, project and time."""
    made = f" on {moment(plan.made_at)}" if plan.made_at else ""
    return markup.muted(
        "Plan ", markup.code(plan.plan_id), f", made{made} for project ", markup.code(plan.project_id)
    )


def warnings_html(plan: Plan) -> Html:
    """Return the warnings of a plan, so that they are seen."""
    if not plan.warnings:
        return markup.Html("")
    return markup.section("Before you go on", markup.note(markup.bullets(plan.warnings), "warn"))


def by_line(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, Html]]:
    """Return names with all their values, each value on a line of its own."""
    together: dict[str, list[str]] = {}
    for name, value in pairs:
        together.setdefault(name, []).append(value)
    return [(name, markup.stacked(values)) for name, values in together.items()]


def lines_text(lines: Iterable[str]) -> str:
    r"""Return lines as one text; each is cut when it is very long, and holds nothing that moves a cursor.

    Examples
    --------
    >>> lines_text(["Desk\x1b[31m", "x" * 1000])[:12], len(lines_text(["x" * 1000]))
    ('Desk\ufffd[31m\nxx', 400)
    """
    shown = (line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…" for line in lines)
    return "\n".join(readable(line) for line in shown)


def head_text(plan: Plan, what: str) -> str:
    """Return the first line of a plan in text."""
    source = "SANDBOX, invented numbers" if plan.source == _SANDBOX else plan.source or "unknown source"
    return f"Plan {plan.plan_id}: {what} ({source}, project {plan.project_id}, made {moment(plan.made_at)})"


def warnings_text(plan: Plan) -> Iterator[str]:
    """Yield the warnings of a plan, the first of many."""
    for one in plan.warnings[:_SHOWN_WARNINGS]:
        yield f"  ! {one}"
    left = len(plan.warnings) - _SHOWN_WARNINGS
    if left > 0:
        yield f"  ! and {left:,} more in plan.warnings"
