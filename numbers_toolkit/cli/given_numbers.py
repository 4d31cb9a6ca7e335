"""The numbers that a command is about: typed one by one, read from a file, or picked by filters."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile

import click

from numbers_toolkit.cli.connecting import active
from numbers_toolkit.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from numbers_toolkit.client import NumbersClient

__all__ = ["check_choice", "chosen_numbers", "read_table"]

_STANDARD_INPUT: Final = "-"
_ENDINGS: Final = (".csv", ".xlsx", ".parquet")
_FILTERS: Final = ("regions", "types", "capabilities", "pattern")


def read_table(path: str) -> pd.DataFrame:
    """Read a table of numbers from a file, by its ending.

    Parameters
    ----------
    path : str
        A .csv, .xlsx or .parquet file, as ``search --output`` and ``export --output`` write them, or by hand; "-"
        is CSV from standard input.

    Returns
    -------
    pandas.DataFrame
        Its columns; ``phone_number`` is among them.

    Raises
    ------
    InvalidInputError
        When it can't be read, or has no such column.
    """
    from numbers_toolkit import files

    readers: Mapping[str, Callable[[Any], pd.DataFrame]] = {
        ".csv": files.read_csv,
        ".xlsx": files.read_excel,
        ".parquet": files.read_parquet,
    }
    source: Any
    if path == _STANDARD_INPUT:
        path, ending, source = "Standard input", ".csv", sys.stdin.buffer
    else:
        ending, source = Path(path).suffix.lower(), path
    if ending not in readers:
        raise InvalidInputError(f"The ending of {path!r} says no format; use {', '.join(_ENDINGS)}.")
    try:
        frame = readers[ending](source)
    except OSError as error:
        raise InvalidInputError(f"{path} can't be read: {error.strerror or error}.") from error
    except (ValueError, KeyError, BadZipFile) as error:
        raise InvalidInputError(f"{path} can't be read as a table: {error}.") from error
    if "phone_number" not in frame.columns:
        raise InvalidInputError(
            f"{path} has no column phone_number, but {', '.join(map(str, frame.columns)) or 'none at all'}. Name the "
            "column of the numbers so."
        )
    return frame


def check_choice(options: dict[str, Any], *, everything: bool) -> None:
    """Refuse a choice of numbers that is none, or two at once, before anything is sent.

    Parameters
    ----------
    options : dict
        The command's options.
    everything : bool
        Whether no choice at all stands for all numbers.
    """
    named = bool(options["numbers"] or options["source"])
    filtered = any(options[name] for name in _FILTERS)
    if named and (filtered or options.get("all_numbers")):
        raise click.UsageError(
            "Name the numbers, by themselves or with --from, or choose them by --region, --type, --capability and "
            "--pattern; not both. Nothing was sent."
        )
    if not (named or filtered or everything or options.get("all_numbers")):
        raise click.UsageError(
            "Which numbers? Name them, give --from FILE, or choose them by --region, --type, --capability and "
            "--pattern; --all stands for every number of the project. Nothing was sent."
        )


def chosen_numbers(client: NumbersClient, options: dict[str, Any]) -> pd.DataFrame:
    """Read the active numbers that are meant, as they are now.

    Parameters
    ----------
    client : NumbersClient
        Where to read.
    options : dict
        The command's options, already checked.

    Returns
    -------
    pandas.DataFrame
        Columns and dtypes of ``tables.ACTIVE_NUMBERS``, and the further columns of the file that names them.

    Raises
    ------
    PlanError
        When a number is not active, or is named twice.
    """
    if not (options["numbers"] or options["source"]):
        return active(client, options)
    from numbers_toolkit.activation.selecting import required_numbers, selected

    typed = required_numbers(options["numbers"])
    if not options["source"]:
        return selected(typed, client, ())
    table = read_table(options["source"])
    listed = required_numbers(table)
    frame = selected([*typed, *listed], client, ())
    # A table of results names more numbers than are meant: those that were not bought are not active.
    return _with_further_columns(frame, table, listed) if len(listed) == len(table) else frame


def _with_further_columns(frame: pd.DataFrame, table: pd.DataFrame, numbers: list[str]) -> pd.DataFrame:
    """Add what a file says beside the numbers; what the API says of them is newer."""
    further = table[[name for name in table.columns if name not in frame.columns]].set_axis(numbers)
    joined = frame.assign(
        **{str(name): further[name].reindex(frame["phone_number"].to_list()).to_numpy() for name in further}
    )
    joined.attrs = dict(frame.attrs)
    return joined
