"""How what became of a plan shows itself: as text, as a page of a notebook, and as a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import markup
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
from numbers_toolkit.activation.plan import ActivationPlan
from numbers_toolkit.activation.showing_parts import (
    amount,
    lines_text,
    moment,
    more_text,
    plan_facts,
    source_badge,
)
from numbers_toolkit.activation.showing_rows import frame_of, price_columns
from numbers_toolkit.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

    from numbers_toolkit.activation.items import Item
    from numbers_toolkit.activation.result import NumberResult, Result
    from numbers_toolkit.markup import Html, Tone

__all__ = ["result_frame", "result_html", "result_summary", "result_text"]

_TONES: Final[dict[str, Tone]] = {
    ACTIVATED: "good",
    CHANGED: "good",
    RELEASED: "good",
    TAKEN: "warn",
    REFUSED: "bad",
    UNKNOWN: "bad",
    NOT_TRIED: "plain",
}
_DRY_RUN: Final = "Nothing was sent that costs or changes anything."
_HINDERED: Final = "would not be done"
_DID: Final = ("Number", "Outcome", "Why", "Action", "In place of", "Setup", "Each month", "Ends")
_WOULD: Final = ("Number", "What would be done", "Setup", "Each month")
#: Kinds of advice that are told one by one, and the length of each.
_SHOWN_ADVICE: Final = 20
_LONGEST_ADVICE: Final = 1500


def result_frame(result: Result) -> pd.DataFrame:
    """Return a result as one row per number: see :data:`numbers_toolkit.tables.RESULTS`."""
    from numbers_toolkit.tables import RESULTS

    return frame_of(RESULTS, (_row(one) for one in result.numbers), result.plan)


def _row(one: NumberResult) -> dict[str, Any]:
    names = ("outcome", "reason", "what_to_do", "replaces", "order_id", "order_state", "order_expires_at")
    return {
        "phone_number": one.item.phone_number,
        "region_code": one.item.region_code,
        "number_type": one.item.number_type,
        "action": one.item.action,
        **price_columns(one.item),
        **{name: getattr(one, name) for name in (*names, "ends_at", "attempts", "changed_at")},
    }


def result_text(result: Result) -> str:
    """Return a result as a few lines of text."""
    what = "Dry run" if result.dry_run else "Result"
    head = f"{what} of plan {result.plan.plan_id} ({result.plan.source or 'unknown source'}): {result.sentence()}"
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
        if not one.what_to_do:
            continue
        # Why the run stopped is told once, above.
        reason = "" if one.reason == result.stopped else one.reason
        # What the API says often ends without a stop.
        told = f"{reason}{'.' if reason[-1:].isalnum() else ''} {one.what_to_do}".lstrip()
        # Of a rehearsed number the outcome says nothing; what matters is what stands against it.
        outcome = _HINDERED if result.dry_run else one.outcome
        found.setdefault((outcome, told), []).append(one.item.phone_number)
    return found


def _pressing(numbers: Iterable[NumberResult]) -> list[NumberResult]:
    """Return the numbers with those first that a person has to look after."""
    urgency = {outcome: place for place, outcome in enumerate((UNKNOWN, REFUSED, NOT_TRIED, TAKEN, *WELL))}
    return sorted(numbers, key=lambda one: urgency.get(one.outcome, -1))


def result_html(result: Result) -> str:
    """Return a result as a page for a notebook."""
    return markup.page(
        _title(result),
        *_outcome(result),
        markup.section("Numbers", *_tables(result)),
        _journal(result),
        plan_facts(result.plan),
        badges=[source_badge(result.plan), *_counts(result)],
    )


def result_summary(result: Result) -> Html:
    """Return a result without its numbers, for a page that shows them itself."""
    counts = markup.Html(f"<p>{' '.join(_counts(result))}</p>")
    where = markup.muted("Journal: ", markup.code(str(result.journal))) if result.journal else ""
    parts = [*_outcome(result), counts, where, plan_facts(result.plan)]
    return markup.Html("".join(parts))


def _outcome(result: Result) -> list[Html]:
    return [
        markup.note(_capital(result.sentence()), "good" if result.as_planned else "warn"),
        markup.note(f"Stopped early: {result.stopped}", "bad") if result.stopped else markup.Html(""),
        markup.section("For you to do", _advice_html(result)),
    ]


def _title(result: Result) -> str:
    if not result.dry_run:
        return f"Result: {counted(len(result.plan))} planned"
    costs = isinstance(result.plan, ActivationPlan)
    return f"Dry run: nothing was sent that {'costs' if costs else 'changes anything'}"


def _journal(result: Result) -> Html:
    return (
        markup.paragraph("Journal: ", markup.code(str(result.journal))) if result.journal else markup.Html("")
    )


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _counts(result: Result) -> Iterator[Html]:
    for done, count in result.would_be().items():
        yield markup.badge(f"{count:,} would be {done}", "good")
    if result.dry_run:
        if result.hindered:
            yield markup.badge(f"{len(result.hindered):,} {_HINDERED}", "warn")
        return
    for outcome in OUTCOMES:
        if number := result.counts.get(outcome):
            yield markup.badge(f"{number:,} {outcome}", _TONES[outcome])


def _advice_html(result: Result) -> Html:
    advice = list(_advice(result).items())
    told = [
        # It ends with what to do, which must not be cut off.
        markup.Html(f"<bdi>{markup.text(f'{listed(numbers)} ({outcome}): {what}', _LONGEST_ADVICE)}</bdi>")
        for (outcome, what), numbers in advice
    ]
    return markup.bullets(told, most=_SHOWN_ADVICE)


def _tables(result: Result) -> Iterator[Html]:
    """Yield the numbers: those that are not as planned in sight, and many good ones folded below them."""
    numbers = _pressing(result.numbers)
    well = [one for one in numbers if _is_well(one, result)]
    trouble = [one for one in numbers if not _is_well(one, result)]
    if not trouble or not well or len(numbers) <= markup.FIRST_ROWS:
        yield _table([*trouble, *well], result)
        return
    yield _table(trouble, result)
    yield markup.folded(f"{len(well):,} as planned", _table(well, result, first=markup.MOST_ROWS))


def _is_well(one: NumberResult, result: Result) -> bool:
    return not one.what_to_do if result.dry_run else one.outcome in WELL


def _table(numbers: Sequence[NumberResult], result: Result, *, first: int = markup.FIRST_ROWS) -> Html:
    headings, cells = (_WOULD, _would_cells) if result.dry_run else (_DID, _cells)
    rows = [cells(one) for one in numbers[: markup.MOST_ROWS]]
    more = more_text(len(numbers), "result.to_frame()")
    return markup.table(headings, rows, right=("Setup", "Each month"), first=first, more=more)


def _cells(one: NumberResult) -> list[Any]:
    done = " ".join(part for part in (one.item.action, one.order_state) if part)
    return [
        one.item.phone_number,
        markup.badge(one.outcome, _TONES.get(one.outcome, "plain")),
        one.reason,
        markup.under(done, _order(one)) if one.order_id else done,
        one.replaces,
        *_prices(one.item),
        moment(one.ends_at),
    ]


def _order(one: NumberResult) -> Html:
    ends = f", ends by itself {moment(one.order_expires_at)}" if one.order_expires_at else ""
    return markup.Html(f"{markup.code(one.order_id)}{markup.text(ends) if ends else ''}")


def _would_cells(one: NumberResult) -> list[Any]:
    # What stands against a number is told above, once for all numbers.
    told = markup.badge(_HINDERED, "warn") if one.what_to_do else one.reason
    return [one.item.phone_number, told, *_prices(one.item)]


def _prices(item: Item) -> tuple[str, str]:
    if not isinstance(item, PlannedNumber):
        return "", ""
    code = item.cost.currency_code
    return amount(item.cost.setup, code), amount(item.cost.monthly, code)
