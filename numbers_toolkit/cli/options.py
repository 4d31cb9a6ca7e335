"""Options that several commands share, each said once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from numbers_toolkit.vocabulary import CAPABILITIES, NUMBER_TYPES, SEARCH_PATTERNS, VOICE_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "campaign_limit_option",
    "configuration_options",
    "connection_options",
    "filter_options",
    "filters",
    "number_options",
    "order_options",
    "output_option",
    "papers_option",
    "plan_options",
    "read_limit",
    "run_options",
    "sandbox_options",
    "wait_option",
]

_NO_LIMIT: Final = "none"


# -- which project, which numbers -------------------------------------------------------------------------------


def sandbox_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what asks for the embedded sandbox, and says what is in it."""
    options = (
        click.option("--sandbox", is_flag=True, help="Use the embedded sandbox: invented data, no credentials."),
        click.option("--sandbox-active", type=click.IntRange(0, 1_000_000), default=500, show_default=True,
                     help="Active numbers of the sandbox."),
        click.option("--sandbox-seed", type=int, default=7, show_default=True, help="Seed of the sandbox's data."),
        click.option("--sandbox-state", type=click.Path(dir_okay=False), metavar="FILE",
                     help="Use the embedded sandbox and keep it in this file, so that the next command goes on."),
    )  # fmt: skip
    return _with(options, command)


def connection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what says which project a command is for, and how it is spoken to."""
    options = (
        sandbox_options,
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


def number_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the two ways to name numbers: one by one, and by a file."""
    options = (
        click.argument("numbers", nargs=-1, metavar="[NUMBER]..."),
        click.option("--from", "source", metavar="FILE",
                     type=click.Path(exists=True, dir_okay=False, allow_dash=True),
                     help="Table of numbers (.csv, .xlsx, .parquet; - for CSV from standard input) with a column "
                          "phone_number."),
    )  # fmt: skip
    return _with(options, command)


# -- what is to be done -----------------------------------------------------------------------------------------


def configuration_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what numbers are set up with."""
    options = (
        click.option("--service-plan", "service_plan_id", metavar="ID", help="SMS service plan."),
        click.option("--campaign", "campaign_id", metavar="ID", help="10DLC campaign (US only)."),
        campaign_limit_option(),
        click.option("--voice-type", type=click.Choice(VOICE_TYPES, case_sensitive=False),
                     help="Voice app (RTC), trunk (EST) or fax service (FAX). [default: RTC]"),
        click.option("--voice-id", metavar="ID", help="Id of the voice app, trunk or fax service."),
        click.option("--callback-url", metavar="URL", help="Where events of the numbers go."),
    )  # fmt: skip
    return _with(options, command)


def campaign_limit_option() -> Callable[..., Any]:
    """Return the option that says how many numbers a campaign holds."""
    return click.option(
        "--campaign-limit", default="50", show_default=True, metavar="COUNT", callback=_limit,
        help="Numbers that the campaign can hold: 1 for a sole proprietor's, none for a number pool.",
    )  # fmt: skip


def _limit(_context: click.Context, _option: click.Parameter, value: str) -> int | None:
    return read_limit(value)


def read_limit(value: str) -> int | None:
    """Return how many numbers a campaign can hold, None for any number.

    Raises
    ------
    click.BadParameter
        When it is neither a count nor ``none``.
    """
    if value.strip().lower() == _NO_LIMIT:
        return None
    if value.strip().isdecimal():
        return int(value)
    raise click.BadParameter(f"{value!r} is no count; give a whole number, or none for a number pool.")


def plan_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what brings a plan from a file or into one, and what lets it be carried out."""
    options = (
        click.option("--plan", "plan_file", type=click.Path(exists=True, dir_okay=False), metavar="FILE",
                     help="Carry out this plan, which was saved before, in place of making one."),
        click.option("--save-plan", type=click.Path(dir_okay=False), metavar="FILE",
                     help="Save the plan in this file before it is carried out."),
        click.option("--journal", type=click.Path(dir_okay=False), metavar="FILE",
                     help="File in which every step is written before it is sent; a new one for each plan. Needed "
                     "for carrying out."),
        click.option("--dry-run", is_flag=True,
                     help="Look at every number as the run would, and send nothing that costs or changes anything."),
        click.option("--yes", "-y", is_flag=True, help="Don't ask; needed where nobody can be asked."),
    )  # fmt: skip
    return _with(options, command)


# -- how a run is to go -----------------------------------------------------------------------------------------


def papers_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the papers for number orders."""
    option = click.option(
        "--papers", type=click.Path(exists=True, dir_okay=False), metavar="FILE",
        help="Registration data and documents for number orders; `activate --help` shows the form of the JSON.",
    )  # fmt: skip
    return _with((option,), command)


def order_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add how long orders are followed, and their papers."""
    option = click.option(
        "--wait-for-orders", type=click.FloatRange(min=0), default=120.0, show_default=True, metavar="SECONDS",
        help="How long to wait at the end for orders under review; `resume` looks again later.",
    )  # fmt: skip
    return papers_option(_with((option,), command))


def run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add how hard a run works, and where its table goes."""
    options = (
        click.option("--concurrency", type=click.IntRange(1, 32), default=4, show_default=True,
                     help="Numbers worked on side by side."),
        output_option("File (.csv, .xlsx, .parquet) for the table of results instead of standard output."),
    )  # fmt: skip
    return _with(options, command)


def wait_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add waiting for the set-up of numbers."""
    option = click.option("--wait", is_flag=True, help="Afterwards, wait until the numbers are set up.")
    return _with((option,), command)


def output_option(text: str) -> Callable[..., Any]:
    """Return the option for the file that a table goes to."""
    return click.option("--output", "-o", default="-", metavar="FILE", help=text)


def _with(options: tuple[Callable[..., Any], ...], command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(options):
        command = option(command)
    return command
