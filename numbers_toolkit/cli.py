"""The ``numbers-toolkit`` command: report, search, export, sandbox.

Reads options, calls the library, shows the result. Data goes to standard output or a file; progress,
warnings and errors go to standard error, and only where a person is looking. Exit codes: 0 done, 1 the
work failed, 2 wrong usage or incomplete credentials.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from numbers_toolkit import __version__
from numbers_toolkit.errors import (
    ConfigurationError,
    InvalidInputError,
    NumbersToolkitError,
    OutputError,
)
from numbers_toolkit.vocabulary import CAPABILITIES, NUMBER_TYPES, SEARCH_PATTERNS, check_region_codes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from numbers_toolkit.client import NumbersClient

__all__ = ["main"]

_FAILED: Final = 1
_WRONG_USAGE: Final = 2
_INTERRUPTED: Final = 130
_FORMATS: Final = {".csv": "csv", ".xlsx": "xlsx", ".parquet": "parquet"}
_STDOUT: Final = "-"


def main() -> None:
    """Run the command line and leave the process with its exit code."""
    try:
        status = _commands.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted; nothing was left half written.", err=True)
        status = _INTERRUPTED
    except (NumbersToolkitError, ImportError) as error:
        click.echo(f"Error: {error}", err=True)
        for note in getattr(error, "__notes__", ()):
            click.echo(note, err=True)
        usage = (ConfigurationError, InvalidInputError, ImportError)
        status = _WRONG_USAGE if isinstance(error, usage) else _FAILED
    sys.exit(status if isinstance(status, int) else 0)


@click.group(
    name="numbers-toolkit",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Try it without an account:  numbers-toolkit report --sandbox --output report.html",
)
@click.version_option(__version__, prog_name="numbers-toolkit")
def _commands() -> None:
    """Analyse the phone numbers of a Sinch project: what is owned, what it costs, what is broken and why.

    Credentials are read from SINCH_PROJECT_ID, SINCH_KEY_ID and SINCH_KEY_SECRET, or from the keyring; they are
    never given on the command line. With --sandbox, commands work on invented data from an embedded server.
    """


# -- options that commands share ---------------------------------------------------------------------------


def _connection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    options = (
        click.option("--sandbox", is_flag=True, help="Use the embedded sandbox: invented data, no credentials."),
        click.option("--sandbox-active", type=click.IntRange(0, 1_000_000), default=500, show_default=True,
                     help="Active numbers of the sandbox."),
        click.option("--sandbox-seed", type=int, default=7, show_default=True, help="Seed of the sandbox's data."),
        click.option("--auth", type=click.Choice(["oauth", "basic"]), default="oauth", show_default=True,
                     help="How to authenticate; basic is strongly rate limited by the API."),
        click.option("--progress/--no-progress", default=None,
                     help="Show progress; by default when standard error is a terminal."),
    )  # fmt: skip
    return _with(options, command)


def _filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
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


def _with(options: tuple[Callable[..., Any], ...], command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(options):
        command = option(command)
    return command


# -- commands ------------------------------------------------------------------------------------------------


@_commands.command(short_help="Write an inventory report as one HTML file.")
@click.option("--output", "-o", type=click.Path(dir_okay=False), default="numbers-report.html", show_default=True,
              help="The HTML file to write; it needs nothing else to be read.")  # fmt: skip
@click.option("--title", help="Title of the report.")
@click.option("--open", "show", is_flag=True, help="Open the report in the browser.")
@_filter_options
@_connection_options
def report(*, output: str, title: str | None, show: bool, **options: Any) -> None:
    """Write an inventory report: what needs action first, then errors, costs, renewals, campaigns.

    \b
    Examples:
      numbers-toolkit report --sandbox --output report.html
      numbers-toolkit report --region US --region SE --title "March"
    """
    _check_writable(output)
    from numbers_toolkit.report import build_report  # what is not installed must show before a long read

    with _client(options) as client:
        active = _active(client, options)
    path = build_report(active, title=title).to_html(output)
    click.echo(f"Report of {len(active):,} numbers ({active.attrs['source']} data): {Path(path).resolve()}")
    if show:
        click.launch(Path(path).resolve().as_uri())


@_commands.command()
@click.option(
    "--size", type=int, help="Numbers at most for each region and type.  [default: one page of 100]"
)
@click.option(
    "--fan-out", is_flag=True, help="Look beyond the one page that the API shows, prefix by prefix."
)
@click.option(
    "--output", "-o", default=_STDOUT, help="File (.csv, .xlsx, .parquet) instead of standard output."
)
@_filter_options
@_connection_options
def search(*, size: int | None, fan_out: bool, output: str, **options: Any) -> None:
    """Search numbers on offer. Shows a table on a terminal, CSV in a pipe. It rents nothing.

    \b
    Examples:
      numbers-toolkit search --sandbox --region US --type LOCAL --pattern +1307 --search-pattern START
      numbers-toolkit search --region SE --region NO --capability SMS --output offers.csv
    """
    if not options["regions"]:
        raise click.UsageError("Give at least one --region, for example --region US.")
    kind = _format_of(output)
    _check_writable(output)
    from numbers_toolkit.loaders import available_numbers

    with _client(options) as client:
        offers = available_numbers(
            client,
            options["regions"],
            options["types"] or None,
            size=size,
            fan_out=fan_out,
            progress=options["progress"],
            **_filters(options),
        )
    _deliver(offers, output, kind=kind)


@_commands.command(short_help="Export a table as CSV, Excel or Parquet.")
@click.option(
    "--what",
    type=click.Choice(["active", "errors", "attention", "regions"]),
    default="active",
    show_default=True,
    help="Active numbers, their provisioning errors, the to-do list, or the regions on offer.",
)
@click.option(
    "--output", "-o", default=_STDOUT, help="File (.csv, .xlsx, .parquet); - is CSV on standard output."
)
@click.option(
    "--format", "file_format", type=click.Choice(["csv", "xlsx", "parquet"]), help="Instead of the ending."
)
@click.option(
    "--safe", is_flag=True, help="In CSV, neutralise text that a spreadsheet would run as a formula."
)
@click.option("--limit", type=int, help="Stop after this many numbers; the result is then partial.")
@_filter_options
@_connection_options
def export(
    *, what: str, output: str, file_format: str | None, safe: bool, limit: int | None, **options: Any
) -> None:
    """Export a table as CSV, Excel or Parquet, complete or not at all.

    \b
    Examples:
      numbers-toolkit export --sandbox --output active.csv
      numbers-toolkit export --what attention --output todo.xlsx
      numbers-toolkit export --region US | head
    """
    kind = file_format or _format_of(output)
    if output == _STDOUT and kind != "csv":
        raise click.UsageError(f"{kind} can't be shown; give --output FILE.")
    _check_writable(output)
    with _client(options) as client:
        frame = _table(client, what, limit, options)
    _deliver(frame, output, kind=kind, safe=safe)


@_commands.command(short_help="Serve the embedded sandbox on this machine.")
@click.option("--port", type=click.IntRange(0, 65535), default=8800, show_default=True,
              help="Port of the Numbers API; 0 takes a free one.")  # fmt: skip
@click.option(
    "--auth-port", type=click.IntRange(0, 65535), default=0, help="Port of the token service. [default: free]"
)
@click.option(
    "--active", type=click.IntRange(0, 1_000_000), default=500, show_default=True, help="Active numbers."
)
@click.option("--available", type=click.IntRange(0, 1_000_000), default=5000, show_default=True,
              help="Numbers on offer.")  # fmt: skip
@click.option("--seed", type=int, default=7, show_default=True, help="Seed of the invented data.")
@click.option(
    "--state", type=click.Path(dir_okay=False), help="SQLite file that keeps the state between runs."
)
@click.option("--json", "as_json", is_flag=True, help="Print addresses and credentials as one line of JSON.")
def sandbox(
    *, port: int, auth_port: int, active: int, available: int, seed: int, state: str | None, as_json: bool
) -> None:
    """Serve the embedded sandbox on this machine until stopped (Ctrl-C).

    The first lines say where it listens and which invented credentials it takes; official SDKs can be pointed at it.

    \b
    Example:
      numbers-toolkit sandbox --port 8800 --active 500 --available 5000 --seed 7 --json
    """
    from numbers_toolkit.sandbox import run_forever

    try:
        run_forever(
            port=port,
            auth_port=auth_port,
            active=active,
            available=available,
            seed=seed,
            state=state,
            json_output=as_json,
        )
    except OSError as error:
        raise click.ClickException(
            f"The sandbox can't listen on port {port}: {error.strerror or error}. Choose another --port."
        ) from error
    except (ValueError, sqlite3.Error) as error:
        raise click.ClickException(f"The sandbox can't start: {error}") from error


# -- from options to data ------------------------------------------------------------------------------------


@contextmanager
def _client(options: dict[str, Any]) -> Iterator[NumbersClient]:
    """Yield a client; show warnings as plain lines meanwhile."""
    from numbers_toolkit.connection import connect

    with warnings.catch_warnings():
        warnings.showwarning = _show_warning  # type: ignore[assignment]  # only the message is shown
        if options["sandbox"]:
            from numbers_toolkit.sandbox import Sandbox

            server = Sandbox(active=options["sandbox_active"], seed=options["sandbox_seed"])
            with server, connect(sandbox=server, auth=options["auth"]) as client:
                yield client
            return
        with connect(auth=options["auth"]) as client:
            yield client


def _show_warning(  # the signature of warnings.showwarning
    message: Warning | str, category: type[Warning], filename: str, lineno: int, *_rest: object
) -> None:
    del category, filename, lineno
    click.echo(f"Warning: {message}", err=True)


def _filters(options: dict[str, Any]) -> dict[str, Any]:
    return {name: options[name] for name in ("capabilities", "pattern", "search_pattern")}


def _active(client: NumbersClient, options: dict[str, Any], limit: int | None = None) -> pd.DataFrame:
    from numbers_toolkit.loaders import active_numbers

    return active_numbers(
        client,
        region_code=options["regions"] or None,
        number_type=options["types"] or None,
        limit=limit,
        progress=options["progress"],
        **_filters(options),
    )


def _table(client: NumbersClient, what: str, limit: int | None, options: dict[str, Any]) -> pd.DataFrame:
    if what == "regions":
        from numbers_toolkit.loaders import available_regions

        offered = available_regions(client, number_types=options["types"] or None)
        wanted = check_region_codes(options["regions"])
        return offered[offered["region_code"].isin(wanted)] if wanted else offered
    active = _active(client, options, limit)
    if what == "active":
        return active
    from numbers_toolkit import analysis

    return analysis.provisioning_errors(active) if what == "errors" else analysis.attention(active)


# -- from data to standard output or a file --------------------------------------------------------------


def _format_of(output: str) -> str:
    if output == _STDOUT:
        return "csv"
    kind = _FORMATS.get(Path(output).suffix.lower())
    if kind is None:
        raise click.UsageError(
            f"The ending of {output!r} says no format; use {', '.join(_FORMATS)}, or give --format."
        )
    return kind


def _check_writable(output: str) -> None:
    """Refuse a path that can't work before anything is fetched."""
    if output == _STDOUT:
        return
    folder = Path(output).expanduser().resolve().parent
    if not folder.is_dir():
        raise click.UsageError(
            f"The folder {str(folder)!r} does not exist; make it first, or choose another --output."
        )
    if not os.access(folder, os.W_OK):
        raise click.UsageError(f"The folder {str(folder)!r} can't be written to; choose another --output.")


def _deliver(frame: pd.DataFrame, output: str, *, kind: str | None = None, safe: bool = False) -> None:
    from numbers_toolkit import files

    kind = kind or _format_of(output)
    if output == _STDOUT:
        _show(frame, files.csv_bytes(frame, safe=safe) if not sys.stdout.isatty() else b"")
        return
    writers: dict[str, Callable[[], Path]] = {
        "csv": lambda: files.to_csv(frame, output, safe=safe),
        "xlsx": lambda: files.to_excel(frame, output),
        "parquet": lambda: files.to_parquet(frame, output),
    }
    path = writers[kind]()
    click.echo(f"{_described(frame)}: {path.resolve()}", err=True)


def _show(frame: pd.DataFrame, data: bytes) -> None:
    """Print a table for a person, CSV for a program."""
    if not sys.stdout.isatty():
        _pipe(data)
        if frame.attrs.get("complete") is False:
            click.echo(_described(frame), err=True)
        return
    click.echo(frame.to_string(index=False, na_rep="", max_colwidth=40) if len(frame) else "Nothing found.")
    click.echo(_described(frame), err=True)


def _pipe(data: bytes) -> None:
    """Write bytes: a program that reads them expects UTF-8, whatever the console's own encoding."""
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError as error:
        # Python must not complain of the same on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # a reader (head, less) that has seen enough is no failure
            raise OutputError(f"Standard output can't be written: {error.strerror or error}.") from error


def _described(frame: pd.DataFrame) -> str:
    part = {False: ", not all there are", None: ", unconfirmed whether all"}.get(
        frame.attrs.get("complete"), ""
    )
    return f"{len(frame):,} rows ({frame.attrs.get('source', 'derived')} data{part})"
