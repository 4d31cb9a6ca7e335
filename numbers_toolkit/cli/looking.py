"""The commands that only look: report, search and export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from numbers_toolkit.cli.connecting import active, connected
from numbers_toolkit.cli.delivering import STDOUT, check_writable, deliver, format_of
from numbers_toolkit.cli.options import connection_options, filter_options, filters
from numbers_toolkit.vocabulary import check_region_codes

if TYPE_CHECKING:
    import pandas as pd

    from numbers_toolkit.client import NumbersClient

__all__ = ["export", "report", "search"]


@click.command(short_help="Write an inventory report as one HTML file.")
@click.option("--output", "-o", type=click.Path(dir_okay=False), default="numbers-report.html", show_default=True,
              help="The HTML file to write; it needs nothing else to be read.")  # fmt: skip
@click.option("--title", help="Title of the report.")
@click.option("--open", "show", is_flag=True, help="Open the report in the browser.")
@filter_options
@connection_options
def report(*, output: str, title: str | None, show: bool, **options: Any) -> None:
    """Write an inventory report: what needs action first, then errors, costs, renewals, campaigns.

    \b
    Examples:
      numbers-toolkit report --sandbox --output report.html
      numbers-toolkit report --region US --region SE --title "March"
    """
    check_writable(output)
    from numbers_toolkit.report import build_report  # what is not installed must show before a long read

    with connected(options) as client:
        numbers = active(client, options)
    path = build_report(numbers, title=title).to_html(output)
    click.echo(f"Report of {len(numbers):,} numbers ({numbers.attrs['source']} data): {Path(path).resolve()}")
    if show:
        click.launch(Path(path).resolve().as_uri())


@click.command()
@click.option(
    "--size", type=int, help="Numbers at most for each region and type.  [default: one page of 100]"
)
@click.option(
    "--fan-out", is_flag=True, help="Look beyond the one page that the API shows, prefix by prefix."
)
@click.option(
    "--output", "-o", default=STDOUT, help="File (.csv, .xlsx, .parquet) instead of standard output."
)
@filter_options
@connection_options
def search(*, size: int | None, fan_out: bool, output: str, **options: Any) -> None:
    """Search numbers on offer. Shows a table on a terminal, CSV in a pipe. It rents nothing.

    \b
    Examples:
      numbers-toolkit search --sandbox --region US --type LOCAL --pattern +1307 --search-pattern START
      numbers-toolkit search --region SE --region NO --capability SMS --output offers.csv
    """
    if not options["regions"]:
        raise click.UsageError("Give at least one --region, for example --region US.")
    kind = format_of(output)
    check_writable(output)
    from numbers_toolkit.loaders import available_numbers

    with connected(options) as client:
        offers = available_numbers(
            client,
            options["regions"],
            options["types"] or None,
            size=size,
            fan_out=fan_out,
            progress=options["progress"],
            **filters(options),
        )
    deliver(offers, output, kind=kind)


@click.command(short_help="Export a table as CSV, Excel or Parquet.")
@click.option(
    "--what",
    type=click.Choice(["active", "errors", "attention", "regions"]),
    default="active",
    show_default=True,
    help="Active numbers, their provisioning errors, the to-do list, or the regions on offer.",
)
@click.option(
    "--output", "-o", default=STDOUT, help="File (.csv, .xlsx, .parquet); - is CSV on standard output."
)
@click.option(
    "--format", "file_format", type=click.Choice(["csv", "xlsx", "parquet"]), help="Instead of the ending."
)
@click.option(
    "--safe", is_flag=True, help="In CSV, neutralise text that a spreadsheet would run as a formula."
)
@click.option("--limit", type=int, help="Stop after this many numbers; the result is then partial.")
@filter_options
@connection_options
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
    kind = file_format or format_of(output)
    if output == STDOUT and kind != "csv":
        raise click.UsageError(f"{kind} can't be shown; give --output FILE.")
    check_writable(output)
    with connected(options) as client:
        frame = _table(client, what, limit, options)
    deliver(frame, output, kind=kind, safe=safe)


def _table(client: NumbersClient, what: str, limit: int | None, options: dict[str, Any]) -> pd.DataFrame:
    if what == "regions":
        from numbers_toolkit.loaders import available_regions

        offered = available_regions(client, number_types=options["types"] or None)
        wanted = check_region_codes(options["regions"])
        return offered[offered["region_code"].isin(wanted)] if wanted else offered
    numbers = active(client, options, limit)
    if what == "active":
        return numbers
    from numbers_toolkit import analysis

    return analysis.provisioning_errors(numbers) if what == "errors" else analysis.attention(numbers)
