"""From options to a client, and from the client to the numbers a command is about."""

from __future__ import annotations

import sqlite3
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from numbers_toolkit.cli.options import filters
from numbers_toolkit.cli.wording import as_typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.sandbox import Sandbox

__all__ = ["active", "connected", "in_sandbox", "plain_warnings", "served"]


def in_sandbox(options: dict[str, Any]) -> bool:
    """Whether a command works on the embedded sandbox; naming its file is enough to ask for it."""
    return bool(options["sandbox"] or options["sandbox_state"])


@contextmanager
def connected(options: dict[str, Any]) -> Iterator[NumbersClient]:
    """Yield a client of the project, or of an embedded sandbox that lives as long."""
    from numbers_toolkit.connection import connect

    if in_sandbox(options):
        with served(options) as server, connect(sandbox=server, auth=options["auth"]) as client:
            yield client
        return
    with connect(auth=options["auth"]) as client:
        yield client


@contextmanager
def served(options: dict[str, Any]) -> Iterator[Sandbox]:
    """Yield an embedded sandbox that serves meanwhile."""
    from numbers_toolkit.sandbox import Sandbox

    state = options["sandbox_state"]
    server = Sandbox(active=options["sandbox_active"], seed=options["sandbox_seed"], state=state)
    try:
        server.start()
    except (ValueError, sqlite3.Error) as error:
        raise click.ClickException(f"The sandbox can't go on with {state}: {error}") from error
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def plain_warnings() -> Iterator[None]:
    """Show warnings as one line each, without the place in the code."""
    with warnings.catch_warnings():
        warnings.showwarning = _show_warning  # type: ignore[assignment]  # only the message is shown
        yield


def _show_warning(  # the signature of warnings.showwarning
    message: Warning | str, category: type[Warning], filename: str, lineno: int, *_rest: object
) -> None:
    del category, filename, lineno
    click.echo(as_typed(f"Warning: {message}"), err=True)


def active(client: NumbersClient, options: dict[str, Any], limit: int | None = None) -> pd.DataFrame:
    """Read the active numbers that the filters let through."""
    from numbers_toolkit.loaders import active_numbers

    return active_numbers(
        client,
        region_code=options["regions"] or None,
        number_type=options["types"] or None,
        limit=limit,
        progress=options["progress"],
        **filters(options),
    )
