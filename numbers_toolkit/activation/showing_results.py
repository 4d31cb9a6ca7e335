"""How what became of a plan shows itself: as text, as a page of a notebook, and as a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation import markup
from numbers_toolkit.activation.endings import (
    ACTIVATED,
    CHANGED,
    NOT_TRIED,
    OUTCOMES,
    REFUSED,
    RELEASED,
    TAKEN,
    UNKNOWN,
    WELL,
)
from numbers_toolkit.activation.items import PlannedNumber
from numbers_toolkit.activation.showing_parts import (
    SHOWN_ROWS,
    amount,
    lines_text,
    moment,
    plan_facts,
    source_badge,
)
from numbers_toolkit.activation.showing_rows import frame_of, price_columns
from numbers_toolkit.activation.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from numbers_toolkit.activation.items import Item
    from numbers_toolkit.activation.markup import Html, Tone
    from numbers_toolkit.activation.result import NumberResult, Result

__all__ = ["result_frame", "result_html", "result_text"]

_TONES: Final[dict[str, Tone]] = {
    ACTIVATED: "good",
    CHANGED: "good",
    RELEASED: "good",
    TAKEN: "warn",
    REFUSED: "bad",
    UNKNOWN: "bad",
    NOT_TRIED: "plain",
}
_DRY_RUN: Final = "A dry run: nothing that costs or changes anything was sent."
#: Kinds of advice that are told one by one.
_SHOWN_ADVICE: Final = 20


def result_frame(result: Result) -> pd.DataFrame:
    """Return a result as one row per number: see :data:`numbers_toolkit.tables.RESULTS`."""
    from numbers_toolkit.tables import RESULTS

    return frame_of(RESULTS, (_row(one) for one in result.numbers), result.plan)


def _row(one: NumberResult) -> dict[str, Any]:
    names = ("outcome", "reason", "what_to_do", "replaces", "order_id", "order_state", "ends_at", "attempts")
    return {
        "phone_number": one.item.phone_number,
        "region_code": one.item.region_code,
        "number_type": one.item.number_type,
        "action": one.item.action,
        **price_columns(one.item),
        **{name: getattr(one, name) for name in (*names, "changed_at")},
    }


def result_text(result: Result) -> str:
    """Return a result as a few lines of text."""
    head = f"Result of plan {result.plan.plan_id} ({result.plan.source or 'unknown source'}): {result.sentence()}"
    return lines_text([head, *_lines(result)])


def _lines(result: Result) -> Iterator[str]:
    if result.dry_run:
        yield f"  {_DRY_RUN}"
    if result.stopped:
        yield f"  ! Stopped early: {result.stopped}"
    advice = _advice(result)
    for (outcome, what), numbers in list(advice.items())[:_SHOWN_ADVICE]:
        yield f"  {outcome}: {listed(numbers)}: {what}"
    left = len(advice) - _SHOWN_ADVICE
    if left > 0:
        yield f"  and {left:,} more; result.to_frame() has all"
    if result.journal is not None:
        yield f"  Journal: {result.journal}"


def _advice(result: Result) -> dict[tuple[str, str], list[str]]:
    """Return what a person has to do, the most pressing outcome first, with the numbers that it is about."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in _pressing(result.numbers):
        if one.what_to_do:
            found.setdefault((one.outcome, one.what_to_do), []).append(one.item.phone_number)
    return found


def _pressing(numbers: Iterable[NumberResult]) -> list[NumberResult]:
    """Return the numbers with those first that a person has to look after."""
    urgency = {outcome: place for place, outcome in enumerate((UNKNOWN, REFUSED, NOT_TRIED, TAKEN, *WELL))}
    return sorted(numbers, key=lambda one: urgency.get(one.outcome, -1))


def result_html(result: Result) -> str:
    """Return a result as a page for a notebook."""
    done = "Dry run" if result.dry_run else "Result"
    parts = [markup.note(_DRY_RUN, "info")] if result.dry_run else []
    if result.stopped:
        parts.append(markup.note(f"Stopped early: {result.stopped}", "bad"))
    return markup.page(
        f"{done}: {counted(len(result.plan))} planned",
        markup.note(result.sentence(), "good" if result.as_planned else "warn"),
        *parts,
        markup.section("For you to do", _advice_html(result)),
        markup.section("Numbers", _table(result)),
        plan_facts(result.plan),
        markup.facts([("Journal", markup.code(str(result.journal)) if result.journal else "")]),
        badges=[source_badge(result.plan), *_counts(result)],
    )


def _counts(result: Result) -> Iterator[Html]:
    for outcome in OUTCOMES:
        if count := result.counts.get(outcome):
            yield markup.badge(f"{count:,} {outcome}", _TONES[outcome])


def _advice_html(result: Result) -> Html:
    advice = list(_advice(result).items())
    told = [f"{listed(numbers)} ({outcome}): {what}" for (outcome, what), numbers in advice]
    return markup.bullets(told, most=_SHOWN_ADVICE)


def _table(result: Result) -> Html:
    numbers = _pressing(result.numbers)
    rows = [_cells(one) for one in numbers[:SHOWN_ROWS]]
    left = len(numbers) - len(rows)
    return markup.table(
        ("Number", "Outcome", "Why", "Did", "In place of", "Order", "Setup", "Each month", "Ends"),
        rows,
        right=("Setup", "Each month"),
        more=f"And {left:,} more: result.to_frame() has all {len(numbers):,}." if left > 0 else "",
    )


def _cells(one: NumberResult) -> list[Any]:
    order = [markup.code(one.order_id), one.order_state] if one.order_id else []
    setup, monthly = _prices(one.item)
    return [
        one.item.phone_number,
        markup.badge(one.outcome, _TONES.get(one.outcome, "plain")),
        one.reason,
        one.item.action,
        one.replaces,
        markup.stacked([value for value in order if value]) if order else "",
        setup,
        monthly,
        moment(one.ends_at),
    ]


def _prices(item: Item) -> tuple[str, str]:
    if not isinstance(item, PlannedNumber):
        return "", ""
    code = item.cost.currency_code
    return amount(item.cost.setup, code), amount(item.cost.monthly, code)
