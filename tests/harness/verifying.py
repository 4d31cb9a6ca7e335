"""Whether money was spent exactly once: the sandbox's ledger against plan, journal and an undisturbed run."""

from __future__ import annotations

import warnings
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numbers_toolkit as nt
from harness.child import FastClock
from harness.driving import environment
from harness.scenes import PAPERS
from numbers_toolkit import errors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.driving import Run

__all__ = ["Snapshot", "Verdict", "judge", "snapshot"]

#: What a submitted order ends as.
_DECIDED = ("COMPLETED", "EXPIRED")
#: So short a text may stand in a file by chance.
SHORT = 5


@dataclass(frozen=True)
class Snapshot:
    """What a run has left behind, by the sandbox's own account.

    Attributes
    ----------
    bought : dict
        The numbers that were bought, by number, as the API shows them.
    kinds : Counter
        How many of each kind.
    spent : dict
        What was charged, by currency.
    orders : Counter
        States of the number orders.
    """

    bought: dict[str, dict[str, Any]]
    kinds: Counter[tuple[str, str]]
    spent: dict[str, Decimal]
    orders: Counter[str]


@dataclass
class Verdict:
    """What was found; all of it is empty when money was spent exactly once.

    Attributes
    ----------
    twice : set
        Numbers that were charged more than once.
    again : set
        Numbers that were asked for again after they were bought or reserved.
    unannounced : set
        Numbers whose request left before its announcement was in the journal, or that were bought without one.
    over_budget : list
        Budgets that were exceeded.
    other_end : list
        In what the end differs from an undisturbed run.
    """

    twice: set[str] = field(default_factory=set)
    again: set[str] = field(default_factory=set)
    unannounced: set[str] = field(default_factory=set)
    over_budget: list[str] = field(default_factory=list)
    other_end: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing was found."""
        return not any((self.twice, self.again, self.unannounced, self.over_budget, self.other_end))

    def lines(self) -> list[str]:
        """Return everything that was found, a line each."""
        named = (
            ("charged twice", sorted(self.twice)),
            ("asked for again", sorted(self.again)),
            ("bought and not in the journal", sorted(self.unannounced)),
            ("budget exceeded", self.over_budget),
            ("not as undisturbed", self.other_end),
        )
        return [f"{name}: {one}" for name, found in named for one in found]


def snapshot(run: Run) -> Snapshot:
    """Return what a run has left behind."""
    bought = run.bought()
    spent: dict[str, Decimal] = {}
    for one in run.ledger():
        spent[one.currency_code] = spent.get(one.currency_code, Decimal(0)) + one.total
    return Snapshot(
        bought,
        Counter((one["regionCode"], one["type"]) for one in bought.values()),
        spent,
        Counter(one.state for one in run.sandbox.orders),
    )


def judge(run: Run, calm: Snapshot | None) -> Verdict:
    """Return what is wrong with a run that has ended.

    Parameters
    ----------
    run : Run
        The run, its sandbox still serving.
    calm : Snapshot or None
        What the undisturbed run of the same seed has left behind; None when this is it.
    """
    verdict = Verdict(again=set(run.gate.again), unannounced=set(run.gate.unannounced))
    verdict.other_end += run.tally.faults
    charges = Counter(one.phone_number for one in run.ledger())
    verdict.twice = {number for number, times in charges.items() if times > 1}
    _check_budgets(run, verdict)
    _check_journal(run, set(charges), verdict)
    now = snapshot(run)
    _check_end(run, now, calm, verdict)
    _check_second_start(run, verdict)
    verdict.other_end += [f"fault in the sandbox: {error!r}" for error in run.sandbox.internal_errors]
    return verdict


def _check_budgets(run: Run, verdict: Verdict) -> None:
    interval = {one.phone_number: one.cost.payment_interval_months for one in run.plan.numbers}
    kinds = {(one.region_code, one.number_type): one.cost.payment_interval_months for one in run.plan.numbers}
    documents = run.bought()
    setup: dict[str, Decimal] = {}
    monthly: dict[str, Decimal] = {}
    for one in run.ledger():
        shown = documents.get(one.phone_number, {})
        months = interval.get(one.phone_number) or kinds[shown["regionCode"], shown["type"]]
        currency = one.currency_code
        setup[currency] = setup.get(currency, Decimal(0)) + one.setup
        monthly[currency] = monthly.get(currency, Decimal(0)) + one.recurring / months
    for name, spent, allowed in (
        ("max_setup", setup, run.plan.max_setup or {}),
        ("max_monthly", monthly, run.plan.max_monthly or {}),
    ):
        verdict.over_budget += [
            f"{name}: {amount} {currency} of {allowed.get(currency, 0)}"
            for currency, amount in spent.items()
            if amount > allowed.get(currency, Decimal(0))
        ]


def _check_journal(run: Run, charged: set[str], verdict: Verdict) -> None:
    lines = run.evidence.lines()
    announced = {
        str(line["number"])
        for line in lines
        if line.get("what") == "intention" and str(line["step"]).split(" ")[0] in ("rent", "submit")
    }
    ended = {str(line["number"]): str(line["outcome"]) for line in lines if line.get("what") == "ended"}
    activated = {number for number, outcome in ended.items() if outcome == "activated"}
    verdict.unannounced |= charged - (announced & activated)
    verdict.other_end += [
        f"{number} is activated in the journal, but was not bought" for number in activated - charged
    ]
    _check_secrets(run, verdict)
    try:
        told = nt.read_result(run.journal)
    except errors.JournalError as error:
        verdict.other_end.append(f"the journal can't be read: {error}")
        return
    if set(told.activated) != charged:
        verdict.other_end.append(
            f"the result names {len(told.activated)} numbers, {len(charged)} were bought"
        )
    spent: dict[str, Decimal] = {}
    for one in run.ledger():
        spent[one.currency_code] = spent.get(one.currency_code, Decimal(0)) + one.total
    if told.spent() != spent or told.may_be_spent():
        verdict.other_end.append(f"the result tells {told.sentence()}, spent was {spent}")


def _check_secrets(run: Run, verdict: Verdict) -> None:
    """Look for the key's secret and for what the papers hold of a person."""
    personal = [value for one in PAPERS.values() for value in one["data"].values() if len(value) > SHORT]
    kept = [one for one in run.folder.glob("*.json*") if one.is_file()]
    verdict.other_end += [
        f"{one.name} holds a secret"
        for one in kept
        if any(text in one.read_text(errors="replace") for text in (run.sandbox.key_secret, *personal))
    ]


def _check_end(run: Run, now: Snapshot, calm: Snapshot | None, verdict: Verdict) -> None:
    verdict.other_end += [f"an order is {state}" for state in now.orders if state not in _DECIDED]
    if now.kinds != Counter(run.scene.wanted):
        verdict.other_end.append(f"bought {dict(now.kinds)}, wanted {run.scene.wanted}")
    if calm is None:
        return
    if run.disturbance.take:
        # Which numbers replace those that were taken may differ; how many of what at which price may not.
        same: Iterable[bool] = (now.kinds == calm.kinds, now.spent == calm.spent)
    else:
        same = (now.bought == calm.bought, now.spent == calm.spent)
    if not all(same):
        missing, more = calm.bought.keys() - now.bought.keys(), now.bought.keys() - calm.bought.keys()
        changed = [
            one for one in now.bought.keys() & calm.bought.keys() if now.bought[one] != calm.bought[one]
        ]
        verdict.other_end.append(
            f"{len(missing)} missing {sorted(missing)[:3]}, {len(more)} more {sorted(more)[:3]}, {len(changed)} "
            f"differ {sorted(changed)[:3]}; spent {now.spent}, undisturbed {calm.spent}"
        )


def _check_second_start(run: Run, verdict: Verdict) -> None:
    """Start the plan again, with another journal and with its own, and resume it: nothing may happen."""
    before, requests = len(run.ledger()), len(run.sandbox.requests)
    journal = run.journal.read_bytes()
    plan: Any = nt.load_plan(run.folder / "plan.json")
    with environment(run.folder), run.sandbox.connect(clock=FastClock(run.disturbance.speed)) as client:
        try:
            nt.activate(plan, client, journal=run.folder / "another.jsonl", progress=False)
            verdict.other_end.append("the plan could be started again with another journal")
        except errors.PlanAlreadyStartedError:
            pass
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", errors.AlreadyDoneWarning)
                nt.activate(plan, client, journal=run.journal, progress=False)
            nt.resume_activation(run.journal, client, progress=False)
        except errors.JournalError as error:
            # Right, when something was left open; then that is told already.
            if not verdict.other_end:
                verdict.other_end.append(f"a finished run is refused: {error}")
    sent = [one.operation for one in run.sandbox.requests[requests:] if one.method != "GET"]
    if len(run.ledger()) != before or set(sent) - {"token"}:
        verdict.other_end.append(f"a second start sent {sent}")
    if run.journal.read_bytes() != journal:
        verdict.other_end.append("a second start wrote to the finished journal")
