"""The commands that change numbers the project has, or give them back: release, update and repair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from numbers_toolkit.cli.activating import refuse_beside_plan
from numbers_toolkit.cli.carrying_out import plan_and_carry_out
from numbers_toolkit.cli.given_numbers import check_choice, chosen_numbers
from numbers_toolkit.cli.options import (
    configuration_options,
    connection_options,
    filter_options,
    number_options,
    plan_options,
    read_limit,
    run_options,
    wait_option,
)

if TYPE_CHECKING:
    from numbers_toolkit.activation.plan import Plan
    from numbers_toolkit.client import NumbersClient

__all__ = ["release", "repair", "update"]

_CHOICE: Final = (
    "numbers",
    "source",
    "regions",
    "types",
    "capabilities",
    "pattern",
    "search_pattern",
    "all_numbers",
)
_VALUES: Final = ("display_name", "service_plan_id", "campaign_id", "voice_type", "voice_id", "callback_url")

_all_option = click.option("--all", "all_numbers", is_flag=True, help="Every active number of the project.")


@click.command(short_help="Give numbers back.")
@number_options
@filter_options
@_all_option
@click.option("--reason", default="", help="Why, to be kept with each number.")
@click.option("--everything", is_flag=True,
              help="The second consent that --yes needs when no number of the project would be left.")  # fmt: skip
@plan_options
@run_options
@connection_options
def release(**options: Any) -> int:
    """Give numbers back: shows when each ends and what is saved, then asks. It can't be taken back.

    A release that would leave the project without any number asks twice; with --yes it needs --everything as well.

    Exit codes: 0 all as planned, 1 anything is not as planned or failed, 2 wrong usage, 130 interrupted.

    \b
    Examples:
      numbers-toolkit release +13075550142 --journal release.jsonl
      numbers-toolkit release --region SE --type MOBILE --dry-run
      numbers-toolkit release --from unused.csv --reason "unused" --journal release.jsonl --yes
    """
    refuse_beside_plan(options["plan_file"], (*_CHOICE, "reason"))
    if not options["plan_file"]:
        check_choice(options, everything=False)

    def make(client: NumbersClient) -> Plan:
        from numbers_toolkit.activation import plan_release

        # Consent is asked for when the plan is known.
        return plan_release(
            chosen_numbers(client, options), client=client, reason=options["reason"], everything=True
        )

    return plan_and_carry_out("release", options, make)


@click.command(short_help="Change many numbers: names, plan, campaign, voice, events.")
@number_options
@filter_options
@_all_option
@click.option("--display-name", metavar="TEMPLATE",
              help="Name, in which {row}, {row:03d}, {national}, {region_code} and every other column of the "
              "numbers, or of the file of --from, are filled in.")  # fmt: skip
@configuration_options
@click.option("--no-unlink", is_flag=True,
              help="Send a new plan or campaign alone, without leaving the old one first.")  # fmt: skip
@plan_options
@run_options
@wait_option
@connection_options
def update(**options: Any) -> int:
    """Change many numbers alike; what is not named stays, "" unlinks or clears. Shows the plan and asks first.

    Exit codes: 0 all as planned, 1 anything is not as planned or failed, 2 wrong usage, 130 interrupted.

    \b
    Examples:
      numbers-toolkit update --region SE --display-name "Stockholm {row:02d}" --journal names.jsonl
      numbers-toolkit update --from desks.csv --display-name "{desk}, {region_code}" --journal names.jsonl
      numbers-toolkit update +13075550142 --service-plan ID --campaign ID --journal link.jsonl --wait
      numbers-toolkit update +13075550142 --campaign "" --journal unlink.jsonl
    """
    refuse_beside_plan(options["plan_file"], (*_CHOICE, *_VALUES, "campaign_limit", "no_unlink"))
    if not options["plan_file"]:
        check_choice(options, everything=False)
        if all(options[name] is None for name in _VALUES):
            raise click.UsageError(
                "Change what? Give --display-name, --service-plan, --campaign, --voice-id or --callback-url. Nothing "
                "was sent."
            )

    def make(client: NumbersClient) -> Plan:
        from numbers_toolkit.activation import plan_update

        return plan_update(
            chosen_numbers(client, options),
            client=client,
            unlink_first=False if options["no_unlink"] else "needed",
            campaign_limit=options["campaign_limit"],
            **{name: options[name] for name in _VALUES},
        )

    return plan_and_carry_out("update", options, make)


@click.command(short_help="Plan and carry out the next step for numbers whose set-up failed.")
@number_options
@filter_options
@click.option(
    "--service-plan", "service_plan_id", metavar="ID", help="Plan for numbers that need another one."
)
@click.option("--campaign", "campaign_id", metavar="ID", help="Campaign for numbers that need another one.")
@click.option("--mended", multiple=True, metavar="CODE",
              help="Error code whose cause is mended (credit added, say); repeat for several.")  # fmt: skip
@click.option("--limit", "limits", multiple=True, metavar="CAMPAIGN=COUNT",
              help="Numbers that a campaign can hold, or none for a number pool; repeat for several.")  # fmt: skip
@plan_options
@run_options
@wait_option
@connection_options
def repair(**options: Any) -> int:
    """Show the next step for every number whose set-up failed, and carry out the safe ones if you agree.

    Without numbers or filters it looks at all numbers of the project. What only a person can do is shown as advice.
    Nothing is released or bought.

    Exit codes: 0 all that could be carried out was, also when advice is left; 1 anything is not as planned or
    failed, 2 wrong usage, 130 interrupted.

    \b
    Examples:
      numbers-toolkit repair --dry-run
      numbers-toolkit repair --journal repair.jsonl --wait
      numbers-toolkit repair --mended INSUFFICIENT_BALANCE --journal repair.jsonl --yes
      numbers-toolkit repair --campaign ID --limit ID=none --journal repair.jsonl
    """
    refuse_beside_plan(options["plan_file"], (*_CHOICE, "service_plan_id", "campaign_id", "mended", "limits"))
    check_choice(options, everything=True)
    limits = dict(_read_limit(one) for one in options["limits"])

    def make(client: NumbersClient) -> Plan:
        from numbers_toolkit.activation import repair_provisioning

        return repair_provisioning(
            chosen_numbers(client, options),
            client=client,
            service_plan_id=options["service_plan_id"],
            campaign_id=options["campaign_id"],
            mended=options["mended"],
            limits=limits or None,
        )

    return plan_and_carry_out("repair", options, make)


def _read_limit(text: str) -> tuple[str, int | None]:
    campaign, sign, count = text.partition("=")
    if not sign or not campaign.strip():
        raise click.BadParameter(
            f"{text!r} is no limit; write CAMPAIGN=50, or CAMPAIGN=none for a number pool."
        )
    return campaign.strip(), read_limit(count)
