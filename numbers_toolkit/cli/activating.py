"""The command that buys numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from numbers_toolkit.cli.carrying_out import plan_and_carry_out
from numbers_toolkit.cli.given_numbers import read_table
from numbers_toolkit.cli.options import (
    configuration_options,
    connection_options,
    number_options,
    order_options,
    plan_options,
    run_options,
    wait_option,
)
from numbers_toolkit.vocabulary import check_phone_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from numbers_toolkit.activation.plan import Plan
    from numbers_toolkit.client import NumbersClient

__all__ = ["activate", "refuse_beside_plan"]

_CONFIGURED: Final = (
    "service_plan_id",
    "campaign_id",
    "voice_type",
    "voice_id",
    "callback_url",
    "campaign_limit",
)
_BUDGETS: Final = ("max_setup", "max_monthly", "max_price")
_PLANNED: Final = ("numbers", "source", "wishes", "route", *_CONFIGURED, *_BUDGETS)


def _budget(name: str, text: str) -> Callable[..., Any]:
    return click.option(name, multiple=True, metavar="AMOUNT", help=text)


@click.command(short_help="Buy numbers, each exactly once.")
@number_options
@click.option("--wish", "wishes", multiple=True, metavar="WISH",
              help="So many numbers of a kind, whichever they are: how many, region, type, and if need be SMS, VOICE "
              "and START, CONTAINS or END with digits. Repeat for several kinds.")  # fmt: skip
@configuration_options
@_budget("--max-setup", 'The most that setup may cost in all, such as "25.00 USD"; once for each currency.')
@_budget("--max-monthly", "The most that all numbers together may cost a month; written likewise.")
@_budget("--max-price", "The most that one number may cost a month; written likewise.")
@click.option("--route", type=click.Choice(["auto", "rent", "order"]), default="auto", show_default=True,
              help="How to buy: auto rents US local numbers at once and orders all others.")  # fmt: skip
@plan_options
@order_options
@run_options
@wait_option
@connection_options
def activate(**options: Any) -> int:
    """Buy numbers: named, from a file that `search` wrote, or by a wish. Shows the plan and asks first.

    Every purchase is written to the journal before it is sent. Whatever happens in between, `resume` ends the run
    as if nothing had happened; the same plan is never carried out twice.

    Exit codes: 0 all as planned, 1 anything is not as planned or failed, 2 wrong usage, 130 interrupted.

    \b
    Examples:
      numbers-toolkit activate +13075550142 --journal two.jsonl
      numbers-toolkit activate --from offers.csv --service-plan ID --max-monthly "25 USD" --journal run.jsonl
      numbers-toolkit activate --wish "20 US LOCAL START +1307" --wish "5 SE MOBILE" --journal run.jsonl --wait
      numbers-toolkit activate --wish "20 US LOCAL" --dry-run --save-plan plan.json
      numbers-toolkit activate --plan plan.json --journal run.jsonl --yes

    \b
    Papers (--papers) are JSON; "{phone_number}" stands for the number, files lie beside it:
      {"data": {"city": "Hobart", "senderId": "{phone_number}"},
       "attachments": {"Statement": "statement.pdf",
                       "Proof": {"file": "scan.pdf", "document_type": "Passport"}}}
      and for several kinds of numbers:
      {"papers": {"AU MOBILE": {"data": ...}, "SE": {"data": ...}, "*": {"data": ...}}}
    """
    refuse_beside_plan(options["plan_file"], _PLANNED)
    if not (options["plan_file"] or options["numbers"] or options["source"] or options["wishes"]):
        raise click.UsageError(
            'Buy what? Name numbers, or give --from FILE, --wish "20 US LOCAL", or --plan FILE. Nothing was sent.'
        )
    wanted = _wanted(options)

    values: dict[str, Any] = {name: options[name] for name in _CONFIGURED}
    values |= {name: ", ".join(options[name]) or None for name in _BUDGETS}

    def make(client: NumbersClient) -> Plan:
        from numbers_toolkit.activation import plan_activation

        return plan_activation(
            client,
            wanted,
            route=options["route"],
            progress=options["progress"],
            **values,
        )

    return plan_and_carry_out("activation", options, make)


def _wanted(options: dict[str, Any]) -> list[Any]:
    """Return what is to be bought; what can't be right is told before anything is sent."""
    from numbers_toolkit.activation.wanted import read_wish

    table = [read_table(options["source"])] if options["source"] else []
    numbers = [check_phone_number(one) for one in options["numbers"]]
    return [*table, *numbers, *(read_wish(one) for one in options["wishes"])]


def refuse_beside_plan(plan_file: str | None, names: tuple[str, ...]) -> None:
    """Refuse options that say what to plan beside a plan that is made already."""
    context = click.get_current_context()
    given = [
        parameter.opts[0] if isinstance(parameter, click.Option) else "numbers"
        for parameter in context.command.params
        if parameter.name in names
        and context.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE
        # Older versions of click say of numbers that are left out that they were given.
        and (isinstance(parameter, click.Option) or context.params.get(parameter.name))
    ]
    if plan_file and given:
        raise click.UsageError(
            f"--plan takes the plan as it was saved; leave out {', '.join(given)}, or make a new plan. Nothing was "
            "sent."
        )
