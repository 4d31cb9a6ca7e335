"""What a run comes to: its table, what it spent in one sentence, and the command to go on with what is open."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from numbers_toolkit.activation.endings import FINAL
from numbers_toolkit.cli.connecting import in_sandbox
from numbers_toolkit.cli.delivering import STDOUT, deliver
from numbers_toolkit.cli.interrupting import INTERRUPTED
from numbers_toolkit.cli.text_tables import counted, named, text_table
from numbers_toolkit.cli.wording import PROGRAM, as_typed, ways_to_go_on

if TYPE_CHECKING:
    import pandas as pd

    from numbers_toolkit.activation import Result
    from numbers_toolkit.activation.result import NumberResult
    from numbers_toolkit.client import NumbersClient

__all__ = ["AS_PLANNED", "NOT_AS_PLANNED", "conclude", "exit_code", "go_on_command", "set_up"]

AS_PLANNED: Final = 0
NOT_AS_PLANNED: Final = 1
_MINUTE: Final = len("2026-01-01T00:00")
_DATE: Final = len("2026-03-02")
_REASONS: Final = 20
#: States that need no further step: set up, or not meant to be.
_SETTLED: Final = ("PROVISIONED", "NOT_CONFIGURED")


def conclude(result: Result, options: dict[str, Any]) -> None:
    """Deliver the table of a result, then say on standard error what it comes to and how to go on."""
    lines = _reasons(result)
    if result.stopped:
        lines.append(f"Stopped early: {as_typed(result.stopped)}")
    lines.append(("Dry run: " if result.dry_run else "") + result.sentence())
    if result.journal is not None:
        lines += [f"Journal: {result.journal}", *_ways_on(result, options)]
    try:
        _deliver(result, options["output"])
    finally:
        # What was spent is said also where the table can't be written.
        click.echo("\n".join(lines), err=True)


def _deliver(result: Result, output: str) -> None:
    if output == STDOUT and sys.stdout.isatty():
        click.echo(text_table([_row(one) for one in result.numbers]))
        return
    frame = result.to_frame()
    for name in ("reason", "what_to_do"):
        frame[name] = frame[name].map(as_typed, na_action="ignore").astype(frame[name].dtype)
    deliver(frame, output)


def _row(one: NumberResult) -> dict[str, str]:
    return {
        "phone_number": one.item.phone_number,
        "action": one.item.action,
        "outcome": one.outcome,
        "in place of": one.replaces,
        "order": one.order_id,
        "order state": one.order_state,
        "order ends": one.order_expires_at[:_MINUTE].replace("T", " "),
        "ends": one.ends_at[:_DATE],
    }


def _reasons(result: Result) -> list[str]:
    """Say why numbers ended as they did, once for all that have the same to say."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for one in result.numbers:
        if one.reason or one.what_to_do:
            groups.setdefault((one.outcome, one.reason, one.what_to_do), []).append(one.item.phone_number)
    lines = [
        line
        for (outcome, reason, advice), numbers in list(groups.items())[:_REASONS]
        for line in (
            f"{len(numbers):,} {outcome} ({named(numbers)}){f': {as_typed(reason)}' if reason else ''}",
            f"  {as_typed(advice)}" if advice else "",
        )
    ]
    more = len(groups) - _REASONS
    return [
        line for line in (*lines, f"... and {more:,} more reasons in the table." if more > 0 else "") if line
    ]


def _ways_on(result: Result, options: dict[str, Any]) -> list[str]:
    opened = [one for one in result.numbers if one.outcome not in FINAL or ways_to_go_on(one.what_to_do)]
    if not opened:
        return []
    if in_sandbox(options) and not options["sandbox_state"]:
        told = "The sandbox ends with this command, so nothing can go on with them."
        return [f"{counted(len(opened))} left open. {told} With --sandbox-state FILE it would be kept."]
    ways: dict[str, int] = {}
    for one in opened:
        for way in ways_to_go_on(one.what_to_do) or [""]:
            ways[way] = ways.get(way, 0) + 1
    command = go_on_command(result.journal, options)
    return [
        f"{counted(len(opened))} left open. To go on:",
        *(
            f"  {command}{f' {way}' if way else ''}   # {counted(count)}"
            for way, count in sorted(ways.items())
        ),
    ]


def go_on_command(journal: str | Path | None, options: dict[str, Any]) -> str:
    """Return the command that goes on with a journal, to be typed from any folder."""
    words = [PROGRAM, "resume", str(Path(str(journal)).expanduser().resolve())]
    if options["sandbox_state"]:
        words += ["--sandbox-state", str(Path(options["sandbox_state"]).expanduser().resolve())]
    if options["auth"] != "oauth":
        words += ["--auth", options["auth"]]
    return shlex.join(words)


def set_up(client: NumbersClient, result: Result, options: dict[str, Any]) -> bool:
    """Wait until the numbers of a result are set up, say how that ended, and whether all is well."""
    from numbers_toolkit.activation import wait_until_provisioned
    from numbers_toolkit.activation.endings import ACTIVATED, CHANGED

    numbers = [*result.with_outcome(ACTIVATED), *result.with_outcome(CHANGED)]
    if not numbers:
        return True
    click.echo(f"Waiting for the set-up of {counted(len(numbers))} (Ctrl-C ends the waiting) ...", err=True)
    frame = wait_until_provisioned(client, numbers, progress=options["progress"])
    troubled = frame[~frame["state"].isin(_SETTLED)]
    well = len(numbers) - troubled["phone_number"].nunique()
    lines = [f"{well:,} of {counted(len(numbers))} set up."]
    if len(troubled):
        lines = [text_table(_provisioning_rows(troubled)), *lines]
        lines.append(
            f"To see the next step for each of them: {PROGRAM} repair --from ... or {PROGRAM} repair"
        )
    click.echo("\n".join(lines), err=True)
    return troubled.empty


def _provisioning_rows(frame: pd.DataFrame) -> list[dict[str, str]]:
    names = ("phone_number", "service", "state", "error_code", "remedy")
    texts = frame[[*names]].astype(object).where(frame[[*names]].notna(), "")
    return [{str(name): str(value) for name, value in row.items()} for row in texts.to_dict("records")]


def exit_code(result: Result, *, ready: bool = True, interrupted: bool = False) -> int:
    """Return what the process is to end with."""
    if result.as_planned and ready:
        return AS_PLANNED
    return INTERRUPTED if interrupted else NOT_AS_PLANNED
