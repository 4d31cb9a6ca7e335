"""The command that goes on with a run, or shows what its journal tells."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from numbers_toolkit.cli.asking import can_ask, yes_or_no
from numbers_toolkit.cli.concluding import conclude, exit_code, go_on_command, set_up
from numbers_toolkit.cli.connecting import connected, in_sandbox
from numbers_toolkit.cli.delivering import check_writable, format_of
from numbers_toolkit.cli.interrupting import stopped_by_interrupt
from numbers_toolkit.cli.options import connection_options, order_options, run_options, wait_option
from numbers_toolkit.cli.papers_file import read_papers
from numbers_toolkit.cli.text_tables import counted, named
from numbers_toolkit.cli.wording import ways_to_go_on
from numbers_toolkit.errors import (
    ConfigurationError,
    InvalidInputError,
    JournalWriteError,
    PlanError,
    TransportError,
)

if TYPE_CHECKING:
    from numbers_toolkit.activation import Result
    from numbers_toolkit.activation.plan import Plan
    from numbers_toolkit.client import NumbersClient

__all__ = ["resume"]

_SANDBOX: Final = "sandbox"
_GONE: Final = (
    "The run was made in a sandbox. One that was started with --sandbox alone ended with its command, and with it "
    "the numbers that were bought there: there is nothing to go on with. One that was kept in a file is used again "
    "with --sandbox-state FILE."
)


@click.command(short_help="Go on with a run that was cut short, or show what its journal tells.")
@click.argument("journal", type=click.Path(exists=True, dir_okay=False))
@click.option("--show", is_flag=True, help="Only show what the journal tells; nothing is sent.")
@click.option("--order-again", is_flag=True,
              help="Order numbers anew whose order's answer was lost, where they are on offer again.")  # fmt: skip
@click.option("--known-order", "known_orders", multiple=True, metavar="ID",
              help="Id of an order that you learned of elsewhere, as from an event; repeat for several.")  # fmt: skip
@order_options
@run_options
@wait_option
@connection_options
def resume(**options: Any) -> int:
    """Go on with a run of activate, release, update or repair that was cut short, as if nothing had happened.

    Works as often as you like: what was done is not done again, what is uncertain is read first. It does not ask,
    since the plan was agreed to; only a number whose order may have been lost is ordered anew on your word.

    Exit codes: 0 all as planned, 1 anything is not as planned or failed, 2 wrong usage, 130 interrupted.

    \b
    Examples:
      numbers-toolkit resume run.jsonl
      numbers-toolkit resume run.jsonl --show
      numbers-toolkit resume run.jsonl --papers papers.json
      numbers-toolkit resume run.jsonl --known-order 01kqa2v3w4x5y6z7
    """
    from numbers_toolkit.activation.journal import read_journal

    format_of(options["output"])
    check_writable(options["output"])
    plan = read_journal(options["journal"]).plan
    if options["show"]:
        return _show(options)
    _check_sandbox(plan, options)
    papers = read_papers(options["papers"])
    try:
        with connected(options) as client:
            return _go_on(client, papers, options)
    except (ConfigurationError, PlanError, TransportError) as error:
        if plan.source == _SANDBOX and not in_sandbox(options):
            error.add_note(_GONE)
        raise


def _show(options: dict[str, Any]) -> int:
    from numbers_toolkit.activation import read_result

    result = read_result(options["journal"])
    conclude(result, options)
    return exit_code(result)


def _check_sandbox(plan: Plan, options: dict[str, Any]) -> None:
    """Refuse to go on in a sandbox that is not the one of the run.

    Raises
    ------
    InvalidInputError
        Nothing is started or sent then.
    """
    if plan.source != _SANDBOX:
        if in_sandbox(options):
            raise InvalidInputError(
                f"The run was made with {plan.source} data, not in a sandbox: leave out --sandbox and "
                "--sandbox-state. Nothing was sent."
            )
        return
    state = options["sandbox_state"]
    if in_sandbox(options) and not state:
        raise InvalidInputError(f"{_GONE} Nothing was sent.")
    if state and not Path(state).expanduser().exists():
        raise InvalidInputError(f"There is no file {state} with a sandbox in it. {_GONE} Nothing was sent.")
    if not state and not os.environ.get("SINCH_NUMBERS_URL"):
        raise InvalidInputError(f"{_GONE} Nothing was sent.")


def _go_on(client: NumbersClient, papers: Any, options: dict[str, Any]) -> int:
    go_on = f"Go on with: {go_on_command(options['journal'], options)}"
    with stopped_by_interrupt(options["journal"], go_on) as cancel:
        try:
            result = _resumed(client, papers, options, cancel)
        except JournalWriteError as error:
            if error.partial is not None:
                conclude(error.partial, options)
            raise
    again = [] if options["order_again"] or cancel.is_set() else _orderable_again(result)
    if again and _may_order_again(again):
        with stopped_by_interrupt(options["journal"], go_on) as cancel:
            result = _resumed(client, papers, {**options, "order_again": True}, cancel)
    conclude(result, options)
    ready = not options["wait"] or set_up(client, result, options)
    return exit_code(result, ready=ready, interrupted=cancel.is_set())


def _resumed(client: NumbersClient, papers: Any, options: dict[str, Any], cancel: Any) -> Result:
    from numbers_toolkit.activation import resume_activation

    names = ("order_again", "known_orders", "concurrency", "wait_for_orders", "progress")
    return resume_activation(
        options["journal"], client, papers=papers, cancel=cancel, **{name: options[name] for name in names}
    )


def _orderable_again(result: Result) -> list[str]:
    """Return the numbers that can be ordered anew on a person's word."""
    return [
        one.item.phone_number for one in result.numbers if "--order-again" in ways_to_go_on(one.what_to_do)
    ]


def _may_order_again(numbers: list[str]) -> bool:
    if not can_ask():
        return False
    them, they_are = ("it", "it is") if len(numbers) == 1 else ("them", "they are")
    click.echo(
        f"The answer to the order of {counted(len(numbers))} ({named(numbers)}) was lost, and {they_are} on offer "
        "again: most likely there is no order. One that was made all the same can't be submitted by anybody any more "
        "and costs nothing.",
        err=True,
    )
    return yes_or_no(f"Order {them} anew?")
