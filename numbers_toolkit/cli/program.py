"""The program: its commands, and how it ends."""

from __future__ import annotations

import sys
from typing import Final

import click

from numbers_toolkit import __version__
from numbers_toolkit.cli.activating import activate
from numbers_toolkit.cli.changing import release, repair, update
from numbers_toolkit.cli.check_secrets import check_secrets
from numbers_toolkit.cli.connecting import plain_warnings
from numbers_toolkit.cli.interrupting import INTERRUPTED
from numbers_toolkit.cli.lab import lab
from numbers_toolkit.cli.looking import export, report, search
from numbers_toolkit.cli.resuming import resume
from numbers_toolkit.cli.serving import sandbox
from numbers_toolkit.cli.wording import as_typed
from numbers_toolkit.errors import ConfigurationError, InvalidInputError, NumbersToolkitError

__all__ = ["main"]

_FAILED: Final = 1
_WRONG_USAGE: Final = 2


def main() -> None:
    """Run the command line and leave the process with its exit code."""
    try:
        with plain_warnings():
            status = _commands.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted; nothing was left half written.", err=True)
        status = INTERRUPTED
    except (NumbersToolkitError, ImportError) as error:
        for text in (f"Error: {error}", *getattr(error, "__notes__", ())):
            click.echo(as_typed(text), err=True)
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
    """Analyse and manage the phone numbers of a Sinch project: what is owned, what it costs, what is broken and why.

    Credentials are read from SINCH_PROJECT_ID, SINCH_KEY_ID and SINCH_KEY_SECRET, or from the keyring; they are
    never given on the command line. With --sandbox, commands work on invented data from an embedded server.
    """


for _command in (
    report,
    search,
    export,
    activate,
    release,
    update,
    repair,
    resume,
    check_secrets,
    lab,
    sandbox,
):
    _commands.add_command(_command)
