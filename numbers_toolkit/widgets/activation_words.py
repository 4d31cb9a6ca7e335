"""What an activation panel says: the library's advice in the words of its buttons, and markup of what is known.

Values in, text and markup out; no widget.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import markup
from numbers_toolkit.activation.endings import FINAL
from numbers_toolkit.activation.overview import READY
from numbers_toolkit.activation.plan import ChangePlan
from numbers_toolkit.activation.showing import plan_body, result_summary
from numbers_toolkit.formatting import phone_text, time_text
from numbers_toolkit.markup import Html
from numbers_toolkit.widgets.parts.table import TableColumn
from numbers_toolkit.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

    from numbers_toolkit.activation.agreeing import Agreement
    from numbers_toolkit.activation.past_runs import PastRun
    from numbers_toolkit.activation.plan import Plan
    from numbers_toolkit.activation.result import Result
    from numbers_toolkit.errors import PlanError
    from numbers_toolkit.markup import Tone
    from numbers_toolkit.widgets.activation_runs import Earlier

__all__ = [
    "as_clicked",
    "columns_for",
    "earlier_html",
    "failures_html",
    "faults_html",
    "hint_html",
    "near",
    "plan_columns",
    "plan_html",
    "provisioning_told",
    "question_html",
    "result_html",
    "run_button",
]

_RESUME: Final = re.compile(r"(?:nt\.)?resume_activation(?:\((?P<given>[^()]*(?:\[[^\]]*\])?[^()]*)\))?")
_OPTIONS: Final = {
    "papers": "the papers filled in",
    "order_again": "'Order again' ticked",
    "known_orders": "panel.resume(known_orders=[id])",
}
#: What the fields are called, by the arguments that they stand for.
_FIELDS: Final = {
    "service_plan_id": "'SMS service plan'",
    "campaign_id": "'10DLC campaign'",
    "campaign_limit": "'The campaign can hold'",
    "voice_type": "'Voice'",
    "voice_id": "'Voice id'",
    "callback_url": "'Events to'",
    "max_setup": "'Most for setup, in all'",
    "max_monthly": "'Most each month, in all'",
    "max_price": "'Most each month, for one number'",
}
_REPLACED: Final = (
    (re.compile(r'nt\.read_result\("[^"]*"\) shows it'), "its journal tells how it went"),
    (re.compile(r"\bcampaign_limit= \(None for a number pool\)"), "'The campaign can hold'"),
    (re.compile(r"\bsay so with limits=\{'[^']*': None\}"), "say so at 'The campaign can hold'"),
    (re.compile(r"\bmended='(\w+)'"), r"'Causes that are mended: \1'"),
    (re.compile(r"papers=nt\.Papers\(\.\.\.\)"), "the papers form"),
    (re.compile(r"\b(max_\w+)=\{[^}]*\}"), r"\1: 25.00 USD, 300.00 SEK"),
    (re.compile(r"\bservice_plan_id="), "'SMS service plan'"),
    (re.compile(r"\bcampaign_id="), "'10DLC campaign'"),
    *((re.compile(rf"(?<![\w.'\"]){name}(?![\w=])"), label) for name, label in _FIELDS.items()),
)
_SHOWN_RUNS: Final = 4
_SHOWN_FAILURES: Final = 12


def as_clicked(text: str) -> str:
    """Return a sentence of the library as somebody reads it who works with a panel.

    Examples
    --------
    >>> as_clicked("Go on with resume_activation(journal, papers=...) later, or raise max_setup.")
    "Go on with 'Resume' and the papers filled in later, or raise 'Most for setup, in all'."
    >>> as_clicked('Go on with nt.resume_activation("run.jsonl"), which buys nothing twice.')
    "Go on with 'Resume', which buys nothing twice."
    """
    text = _RESUME.sub(_resume, text)
    for pattern, said in _REPLACED:
        text = pattern.sub(said, text)
    return text


def _resume(found: re.Match[str]) -> str:
    given = found["given"] or ""
    options = [said for name, said in _OPTIONS.items() if re.search(rf"\b{name}=", given)]
    return f"'Resume' and {listed(options)}" if options else "'Resume'"


# -- runs that were begun before ----------------------------------------------------------------------------


def earlier_html(earlier: Earlier) -> Html:
    """Return what is known of runs that were begun before; nothing where there are none."""
    notes = [
        *_notes("A wish like this", earlier.same_wish),
        *_notes("Some of these numbers", earlier.same_numbers, several=True),
        *_notes("Another run of this project", earlier.unfinished),
    ]
    notes += [
        markup.note(markup.paragraph(as_clicked(one)), "warn") for one in earlier.unreadable[:_SHOWN_RUNS]
    ]
    return Html("".join(notes))


def _notes(subject: str, runs: Sequence[PastRun], *, several: bool = False) -> Iterator[Html]:
    for one in runs[:_SHOWN_RUNS]:
        said = markup.paragraph(_told(subject, one, several=several))
        where = markup.muted("Journal: ", markup.code(near(one.journal)))
        yield markup.note(Html(f"{said}{where}"), "info" if one.running or not one.open else "warn")
    left = len(runs) - _SHOWN_RUNS
    if left > 0:
        yield markup.muted(f"And {counted(left, 'run')} more in {runs[0].journal.parent}.")


def _told(subject: str, run: PastRun, *, several: bool) -> str:
    began = time_text(run.started_at)
    if run.running:
        how = f"{'are' if several else 'is'} being carried out at this moment, since {began}"
    else:
        how = f"{'were' if several else 'was'} {'begun' if run.open else 'carried out'} on {began}"
    return f"{subject} {how}: {_counts(run)}."


def _counts(run: PastRun) -> str:
    counts = run.result.counts
    # While it goes on, what has no end yet is neither unknown nor not tried.
    ended = {outcome: count for outcome, count in counts.items() if not run.running or outcome in FINAL}
    told = [f"{count:,} of {len(run.plan):,} {outcome}" for outcome, count in ended.items()]
    return listed(told) or f"none of {len(run.plan):,} has ended yet"


def run_button(run: PastRun) -> str:
    """Return the label of the button that turns to a run: to go on with it, to look on, or to look at its end."""
    if run.running:
        return "Watch it"
    return f"{'Resume' if run.open else 'Look at'} the run of {time_text(run.started_at)}"


# -- before something is spent ------------------------------------------------------------------------------


def faults_html(error: PlanError, numbers: Sequence[str] = ()) -> Html:
    """Return all that stands against a plan."""
    faults = [as_clicked(one) for one in error.faults] or [as_clicked(str(error))]
    head = "The plan can't be made. Nothing was bought."
    if len(faults) > 1:
        head = f"The plan can't be made for {len(faults):,} reasons. Nothing was bought."
    way_on = "Change the settings and check again."
    if numbers:
        way_on = f"Leave out {counted(len(numbers))} and check again, or change the settings."
    return Html(f"{markup.paragraph(head)}{markup.bullets(faults)}{markup.paragraph(way_on)}")


def plan_html(plan: Plan) -> Html:
    """Return what a plan shows of itself, in the words of the panel."""
    clicked: dict[str, Any] = {"warnings": tuple(map(as_clicked, plan.warnings))}
    if isinstance(plan, ChangePlan):
        clicked["advice"] = tuple(replace(one, text=as_clicked(one.text)) for one in plan.advice)
    return plan_body(replace(plan, **clicked))


def hint_html(plan: Plan, missing: Iterable[tuple[str, str]], *, has_client: bool) -> Html:
    """Return what keeps a plan from being carried out; nothing where nothing does."""
    kinds = listed([" ".join(one) for one in missing])
    said = ""
    if not plan.items:
        said = "Nothing can be sent safely now. What stands above is for a person to do; other settings may help."
    elif not has_client:
        said = "To carry the plan out the panel needs a client: ActivationPanel(plan, nt.connect())."
    elif kinds:
        said = (
            f"Papers are required for {kinds} and not there yet: without them such numbers can't be ordered. Fill "
            "them in here, or set panel.papers = nt.Papers(...)."
        )
    return markup.note(markup.paragraph(said), "warn" if plan.items else "info") if said else Html("")


def question_html(asked: Agreement, journal: Path | None, source: str) -> Html:
    """Return the question that stands before something is sent."""
    invented = source == "sandbox"
    tone: Tone = "plain" if invented else "bad" if asked.everything else "warn"
    parts = [Html(f"<h4>{markup.text(asked.question)}</h4>")]
    if invented:
        parts.append(markup.paragraph("Invented numbers of the sandbox: no money is involved."))
    parts += [markup.paragraph(one) for one in asked.details]
    if journal is not None:
        parts.append(
            markup.muted("Everything is written down before it is sent: ", markup.code(near(journal)))
        )
    return markup.note(Html("".join(parts)), tone)


# -- what became of it --------------------------------------------------------------------------------------


def result_html(result: Result) -> Html:
    """Return what became of a plan, in the words of the panel, without its numbers."""
    clicked = tuple(
        replace(one, reason=as_clicked(one.reason), what_to_do=as_clicked(one.what_to_do))
        for one in result.numbers
    )
    journal = None if result.journal is None else Path(near(result.journal))
    # A run that was stopped when all was done left nothing undone.
    stopped = "" if result.as_planned else as_clicked(result.stopped)
    shown = replace(result, numbers=clicked, stopped=stopped, journal=journal)
    return result_summary(shown)


def near(path: Path) -> str:
    """Return a path as it is written from the working directory, where it lies in that."""
    with contextlib.suppress(ValueError, OSError):
        return str(path.relative_to(Path.cwd()))
    return str(path)


def failures_html(provisioning: pd.DataFrame) -> Html:
    """Return the errors of set-ups with what each means and what to do; nothing where there are none."""
    failed = provisioning[provisioning["error_code"].notna()]
    names = ["error_code", "service", "meaning", "remedy", "who_acts"]
    groups: dict[tuple[str, ...], list[str]] = {}
    texts = [failed[name].astype(object).fillna("").tolist() for name in names]
    for number, *told in zip(failed["phone_number"], *texts, strict=True):
        groups.setdefault(tuple(map(str, told)), []).append(number)
    rows = [
        [
            markup.under(markup.breakable(code), service),
            markup.stacked([one for one in (meaning, remedy) if one]),
            who,
            markup.under(counted(len(numbers)), listed([phone_text(one) for one in numbers], most=3)),
        ]
        for (code, service, meaning, remedy, who), numbers in groups.items()
    ]
    return markup.section(
        "Set-ups that failed",
        markup.table(
            ("Error", "What it means, and what to do", "Who acts", "Numbers"),
            rows,
            first=_SHOWN_FAILURES,
            stacks=True,
        ),
    )


_ALWAYS: Final = ("phone_number", "outcome")
_COLUMNS: Final = (
    TableColumn("phone_number", "Number", kind="phone"),
    TableColumn("outcome", "Outcome", kind="state"),
    TableColumn("set_up", "Set-up", kind="state", help="How far the configuration of the number came"),
    TableColumn("error_code", "Error", kind="tags"),
    TableColumn("told", "Why", width="22rem"),
    TableColumn("what_to_do", "What to do", width="22rem"),
    TableColumn("region_code", "Region", kind="region"),
    TableColumn("number_type", "Type"),
    TableColumn("setup_price", "Setup", kind="money"),
    TableColumn("monthly_price", "Each month", kind="money"),
    TableColumn("order_state", "Order", kind="state"),
    TableColumn("replaces", "In place of", kind="phone"),
    TableColumn("ends_at", "Ends", kind="date"),
)


_PLANNED: Final = (
    TableColumn("phone_number", "Number", kind="phone"),
    TableColumn("region_code", "Region", kind="region"),
    TableColumn("number_type", "Type"),
    TableColumn("has_sms", "SMS", kind="flag"),
    TableColumn("has_voice", "Voice", kind="flag"),
    TableColumn("setup_price", "Setup", kind="money"),
    TableColumn("monthly_price", "Each month", kind="money"),
    TableColumn("payment_interval_months", "Months paid at once", kind="number"),
    TableColumn("action", "Route", help="How it is bought: rented at once, or by a number order"),
    TableColumn("papers_required", "Papers", kind="flag"),
    TableColumn("wish", "Wish", kind="number"),
)


def plan_columns(frame: pd.DataFrame) -> tuple[TableColumn, ...]:
    """Return the columns of a plan of numbers to buy that have something to say."""
    months = frame["payment_interval_months"].fillna(1)
    left_out = {"payment_interval_months"} if (months <= 1).all() else set()
    left_out |= set() if frame["papers_required"].any() else {"papers_required"}
    return tuple(one for one in _PLANNED if one.name not in left_out and frame[one.name].notna().any())


def columns_for(frame: pd.DataFrame, *, set_up: bool) -> tuple[TableColumn, ...]:
    """Return the columns that have something to say.

    Parameters
    ----------
    frame : pandas.DataFrame
        From :func:`numbers_toolkit.activation.overview.overview`.
    set_up : bool
        Whether something is to be set up, so that its column has to be there from the start.
    """
    always = (*_ALWAYS, "set_up") if set_up else _ALWAYS
    return tuple(one for one in _COLUMNS if one.name in always or frame[one.name].notna().any())


def provisioning_told(counts: dict[str, int], numbers: int) -> tuple[str, Tone]:
    """Return how the set-ups of numbers ended, as a sentence and its tone.

    Parameters
    ----------
    counts : dict of str to int
        From :func:`numbers_toolkit.activation.overview.setup_counts`.
    numbers : int
        Numbers that were looked at.

    Examples
    --------
    >>> provisioning_told({"READY": 3, "FAILED": 1}, 4)
    ('3 of 4 numbers are ready, 1 failed. What it means and what to do stands below.', 'warn')
    >>> provisioning_told({}, 1)
    ('Nothing is to be set up for 1 number: it is active.', 'good')
    """
    several = numbers != 1
    if not counts:
        return (
            f"Nothing is to be set up for {counted(numbers)}: {'they are' if several else 'it is'} active.",
            "good",
        )
    ready, failed = counts.get(READY, 0), counts.get("FAILED", 0)
    others = numbers - ready - failed
    if ready == numbers:
        return f"{'All ' if several else ''}{counted(numbers)} {'are' if several else 'is'} ready.", "good"
    told = [f"{ready:,} of {counted(numbers)} {'is' if ready == 1 else 'are'} ready"]
    told += [f"{failed:,} failed"] if failed else []
    told += [f"{others:,} not decided"] if others else []
    way_on = "What it means and what to do stands below." if failed else "'Look again' goes on waiting."
    return f"{', '.join(told)}. {way_on}", "warn"
