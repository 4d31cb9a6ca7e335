"""The command that serves the sandbox."""

from __future__ import annotations

import sqlite3

import click

__all__ = ["sandbox"]


@click.command(short_help="Serve the embedded sandbox on this machine.")
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
