"""Options that several commands share, each said once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from numbers_toolkit.vocabulary import CAPABILITIES, NUMBER_TYPES, SEARCH_PATTERNS, VOICE_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "configuration_options",
    "connection_options",
    "filter_options",
    "filters",
    "number_options",
    "output_option",
    "plan_options",
    "run_options",
]

_CONCURRENCY = click.IntRange(1, 32)


def connection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what says which project a command is for, and how it is spoken to."""
    options = (
        click.option("--sandbox", is_flag=True, help="Use the embedded sandbox: invented data, no credentials."),
        click.option("--sandbox-active", type=click.IntRange(0, 1_000_000), default=500, show_default=True,
                     help="Active numbers of the sandbox."),
        click.option("--sandbox-seed", type=int, default=7, show_default=True, help="Seed of the sandbox's data."),
        click.option("--sandbox-state", type=click.Path(dir_okay=False), metavar="FILE",
                     help="Keep the sandbox in this file, so that the next command goes on with it."),
        click.option("--auth", type=click.Choice(["oauth", "basic"]), default="oauth", show_default=True,
                     help="How to authenticate; basic is strongly rate limited by the API."),
        click.option("--progress/--no-progress", default=None,
                     help="Show progress; by default when standard error is a terminal."),
    )  # fmt: skip
    return _with(options, command)


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what narrows a list of numbers."""
    options = (
        click.option("--region", "regions", multiple=True, metavar="CODE",
                     help="Region code such as US; repeat for several. [default: all]"),
        click.option("--type", "types", multiple=True, metavar="TYPE",
                     help=f"{', '.join(NUMBER_TYPES)}; repeat for several. [default: all]"),
        click.option("--capability", "capabilities", multiple=True, metavar="CAPABILITY",
                     help=f"{', '.join(CAPABILITIES)}; numbers must have all that are given."),
        click.option("--pattern", help="Digits to look for, matched against the number with its plus sign."),
        click.option("--search-pattern", type=click.Choice(SEARCH_PATTERNS, case_sensitive=False),
                     default="CONTAINS", show_default=True, help="Where to look for the pattern."),
    )  # fmt: skip
    return _with(options, command)


def filters(options: dict[str, Any]) -> dict[str, Any]:
    """Return the filters that are given in the same way to every list."""
    return {name: options[name] for name in ("capabilities", "pattern", "search_pattern")}


def configuration_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what numbers are set up with."""
    options = (
        click.option("--service-plan", "service_plan_id", metavar="ID", help="SMS service plan."),
        click.option("--campaign", "campaign_id", metavar="ID", help="10DLC campaign (US only)."),
        click.option("--voice-type", type=click.Choice(VOICE_TYPES, case_sensitive=False),
                     help="Voice app (RTC), trunk (EST) or fax service (FAX). [default: RTC]"),
        click.option("--voice-id", metavar="ID", help="Id of the voice app, trunk or fax service."),
        click.option("--callback-url", metavar="URL", help="Where events of the numbers go."),
    )  # fmt: skip
    return _with(options, command)


def number_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the two ways to name numbers: one by one, and by a file."""
    options = (
        click.argument("numbers", nargs=-1, metavar="[NUMBER]..."),
        click.option("--from", "source", type=click.Path(dir_okay=False), metavar="FILE",
                     help="Table of numbers (.csv, .xlsx, .parquet) with a column phone_number."),
    )  # fmt: skip
    return _with(options, command)


def plan_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what brings a plan from a file or into one."""
    options = (
        click.option("--plan", "plan_file", type=click.Path(dir_okay=False), metavar="FILE",
                     help="Carry out this plan, which was saved before."),
        click.option("--save-plan", type=click.Path(dir_okay=False), metavar="FILE",
                     help="Save the plan in this file before it is carried out."),
        click.option("--dry-run", is_flag=True,
                     help="Look at every number as the run would, and send nothing that costs or changes anything."),
        click.option("--yes", "-y", is_flag=True, help="Don't ask; needed where nobody can be asked."),
    )  # fmt: skip
    return _with(options, command)


def run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add how a run is to go."""
    options = (
        click.option("--concurrency", type=_CONCURRENCY, default=4, show_default=True,
                     help="Numbers worked on side by side."),
        click.option("--wait", is_flag=True, help="Afterwards, wait until the numbers are set up."),
        output_option("File (.csv, .xlsx, .parquet) for the table of results instead of standard output."),
    )  # fmt: skip
    return _with(options, command)


def output_option(text: str) -> Callable[..., Any]:
    """Return the option for the file that a table goes to."""
    return click.option("--output", "-o", default="-", metavar="FILE", help=text)


def _with(options: tuple[Callable[..., Any], ...], command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(options):
        command = option(command)
    return command
