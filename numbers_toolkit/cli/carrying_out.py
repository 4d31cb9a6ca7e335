"""The way of every command that spends, changes or gives back: plan, show, ask, carry out, conclude."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from numbers_toolkit.activation.plan import ActivationPlan, ChangePlan, load_plan
from numbers_toolkit.cli.asking import require_consent, type_out, yes_or_no
from numbers_toolkit.cli.concluding import (
    AS_PLANNED,
    NOT_AS_PLANNED,
    conclude,
    exit_code,
    go_on_command,
    set_up,
)
from numbers_toolkit.cli.connecting import connected
from numbers_toolkit.cli.delivering import check_writable, format_of
from numbers_toolkit.cli.interrupting import INTERRUPTED, stopped_by_interrupt
from numbers_toolkit.cli.papers_file import read_papers
from numbers_toolkit.cli.showing import question, show_plan
from numbers_toolkit.cli.wording import PROGRAM
from numbers_toolkit.errors import JournalError, JournalWriteError, NumbersToolkitError

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

    from numbers_toolkit.activation import Result
    from numbers_toolkit.activation.plan import Plan
    from numbers_toolkit.client import NumbersClient

__all__ = ["plan_and_carry_out"]

#: How every journal begins.
_JOURNAL: Final = b'{"what": "plan"'
_UNDONE: Final = {"activation": "bought", "release": "released", "update": "changed", "repair": "changed"}


def plan_and_carry_out(purpose: str, options: dict[str, Any], make: Callable[[NumbersClient], Plan]) -> int:
    """Make a plan, or load one, and carry it out if somebody agrees.

    Parameters
    ----------
    purpose : {"activation", "release", "update", "repair"}
        What the command is for.
    options : dict
        Its options.
    make : callable
        Makes the plan with a client; not called when a plan is loaded.

    Returns
    -------
    int
        Exit code.
    """
    _check_options(purpose, options)
    loaded = _loaded(purpose, options["plan_file"])
    started = _started(options, loaded)
    papers = read_papers(options.get("papers"))
    with connected(options) as client:
        try:
            # An empty plan is a plan, too.
            plan = make(client) if loaded is None else loaded
            agreed = _prepared(plan, options, started=started)
        except KeyboardInterrupt:
            click.echo(f"Interrupted; nothing was {_UNDONE[purpose]}.", err=True)
            return INTERRUPTED
        if agreed is not None:
            return agreed
        return _carried_out(plan, client, papers, options)


# -- before anything is sent ------------------------------------------------------------------------------------


def _check_options(purpose: str, options: dict[str, Any]) -> None:
    format_of(options["output"])
    check_writable(options["output"])
    if options["save_plan"]:
        check_writable(options["save_plan"], "--save-plan")
        _refuse_journal(options["save_plan"])
    if options["dry_run"]:
        return
    if not options["journal"]:
        raise click.UsageError(
            "Give --journal FILE: every step is written there before it is sent, so that nothing is done twice and a "
            "run that was cut short can be gone on with. Or give --dry-run to look only. Nothing was sent."
        )
    check_writable(options["journal"], "--journal")
    require_consent(yes=options["yes"], verb={"activation": "buy"}.get(purpose, purpose))


def _refuse_journal(path: str) -> None:
    """Refuse to write a plan where a journal stands, which is all that is known of a run."""
    file = Path(path).expanduser()
    if file.is_file():
        with file.open("rb") as opened:
            if opened.read(len(_JOURNAL)) == _JOURNAL:
                raise click.UsageError(
                    f"{file} is the journal of a run; choose another --save-plan, so that it is not lost. Nothing "
                    "was sent."
                )


def _loaded(purpose: str, file: str | None) -> Plan | None:
    if file is None:
        return None
    plan = load_plan(file)
    found = plan.purpose if isinstance(plan, ChangePlan) else "activation"
    if found != purpose:
        command = "activate" if found == "activation" else found
        raise click.UsageError(
            f"{file} is a plan of another kind; it is carried out with `{PROGRAM} {command} --plan {file}`. Nothing "
            "was sent."
        )
    return plan


def _started(options: dict[str, Any], plan: Plan | None) -> bool:
    """Whether the plan was started before with this very journal.

    Raises
    ------
    JournalError
        When the journal is another run's, or the plan was started with another journal.
    """
    if options["dry_run"]:
        return False
    from numbers_toolkit.activation import claims
    from numbers_toolkit.activation.journal import read_journal

    path = Path(options["journal"]).expanduser().resolve()
    if path.exists() and path.stat().st_size:
        held = read_journal(path).plan
        if plan is None or held.plan_id != plan.plan_id:
            raise JournalError(
                f"The journal {path} belongs to another run, of plan {held.plan_id}, made {held.made_at}. It was "
                f"left as it is, and nothing was sent. To go on with that run: `{go_on_command(path, options)}` "
                "(--show only shows it). For a new plan, name a new --journal."
            )
        return True
    other = None if plan is None else claims.claimed_by(plan.plan_id)
    if plan is not None and other is not None:
        raise claims.already_started(plan.plan_id, other.path)
    return False


# -- show and ask -----------------------------------------------------------------------------------------------


def _prepared(plan: Plan, options: dict[str, Any], *, started: bool) -> int | None:
    """Show and save a plan and have it agreed to; an exit code where it is not to be carried out."""
    show_plan(plan)
    if options["save_plan"]:
        click.echo(f"Plan saved: {plan.save(options['save_plan']).resolve()}", err=True)
    if not plan.items:
        click.echo("There is nothing that can be carried out safely now.", err=True)
        return AS_PLANNED
    # A plan that was started with this journal is not started again; the library answers with its result.
    if started or options["dry_run"] or _agreed(plan, options):
        return None
    kind = plan.purpose if isinstance(plan, ChangePlan) else "activation"
    click.echo(f"Nothing was {_UNDONE[kind]}.", err=True)
    return NOT_AS_PLANNED


def _agreed(plan: Plan, options: dict[str, Any]) -> bool:
    everything = isinstance(plan, ChangePlan) and plan.everything
    if options["yes"]:
        if everything and not options["everything"]:
            raise click.UsageError(
                f"This releases every number that the project has left ({len(plan):,}), and a release can't be taken "
                "back. If that is meant, give --everything beside --yes. Nothing was released."
            )
        click.echo(f"{question(plan)} Yes (--yes).", err=True)
        return True
    if not yes_or_no(question(plan)):
        return False
    return not everything or type_out(
        f"These are all {len(plan):,} numbers that project {plan.project_id} has left. Release every one of them?",
        str(len(plan)),
    )


# -- carry out --------------------------------------------------------------------------------------------------


def _carried_out(plan: Plan, client: NumbersClient, papers: Any, options: dict[str, Any]) -> int:
    if options["dry_run"]:
        result = _run(plan, client, papers, options)
        conclude(result, options)
        return exit_code(result)
    journal = str(options["journal"])
    go_on = go_on_command(journal, options)
    with stopped_by_interrupt(journal, f"Go on with: {go_on}") as cancel:
        try:
            result = _run(plan, client, papers, options, cancel)
        except JournalWriteError as error:
            if error.partial is not None:
                conclude(error.partial, options)
            raise
        except NumbersToolkitError as error:
            if Path(journal).expanduser().exists():
                error.add_note(f"To see what was done: {go_on} --show")
            raise
    conclude(result, options)
    ready = not options.get("wait") or set_up(client, result, options)
    return exit_code(result, ready=ready, interrupted=cancel.is_set())


def _run(
    plan: Plan, client: NumbersClient, papers: Any, options: dict[str, Any], cancel: Event | None = None
) -> Result:
    from numbers_toolkit.activation import activate, carry_out

    shared = {
        "journal": options["journal"] or "",
        "dry_run": options["dry_run"],
        "concurrency": options["concurrency"],
        "progress": options["progress"],
        "cancel": cancel,
    }
    if isinstance(plan, ActivationPlan):
        return activate(plan, client, papers=papers, wait_for_orders=options["wait_for_orders"], **shared)
    assert isinstance(plan, ChangePlan)  # noqa: S101 - there are two kinds of plans
    return carry_out(plan, client, everything=plan.everything, **shared)
