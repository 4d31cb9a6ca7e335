"""From data to standard output or a file."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from numbers_toolkit.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

__all__ = ["STDOUT", "check_writable", "deliver", "format_of"]

_FORMATS: Final = {".csv": "csv", ".xlsx": "xlsx", ".parquet": "parquet"}
STDOUT: Final = "-"
_WIDEST: Final = 40


def format_of(output: str) -> str:
    """Return the format that a file's ending names."""
    if output == STDOUT:
        return "csv"
    kind = _FORMATS.get(Path(output).suffix.lower())
    if kind is None:
        raise click.UsageError(
            f"The ending of {output!r} says no format; use {', '.join(_FORMATS)}, or give --format."
        )
    return kind


def check_writable(output: str, option: str = "--output") -> None:
    """Refuse a path that can't work before anything is fetched."""
    if output == STDOUT:
        return
    path = Path(output).expanduser().resolve()
    folder = path.parent
    if not folder.is_dir():
        raise click.UsageError(
            f"The folder {str(folder)!r} does not exist; make it first, or choose another {option}."
        )
    if path.is_dir():
        raise click.UsageError(f"{str(path)!r} is a folder; name a file as {option}.")
    if not os.access(folder, os.W_OK):
        raise click.UsageError(f"The folder {str(folder)!r} can't be written to; choose another {option}.")


def deliver(frame: pd.DataFrame, output: str, *, kind: str | None = None, safe: bool = False) -> None:
    """Write a table to a file, or show it: to a person as a table, to a program as CSV."""
    from numbers_toolkit import files

    kind = kind or format_of(output)
    if output == STDOUT:
        _show(frame, files.csv_bytes(frame, safe=safe) if not sys.stdout.isatty() else b"")
        return
    writers: dict[str, Callable[[], Path]] = {
        "csv": lambda: files.to_csv(frame, output, safe=safe),
        "xlsx": lambda: files.to_excel(frame, output),
        "parquet": lambda: files.to_parquet(frame, output),
    }
    path = writers[kind]()
    click.echo(f"{_described(frame)}: {path.resolve()}", err=True)


def _text(frame: pd.DataFrame) -> str:
    """Return a table as a person reads it on a terminal."""
    return str(frame.to_string(index=False, na_rep="", max_colwidth=_WIDEST))


def _show(frame: pd.DataFrame, data: bytes) -> None:
    """Print a table for a person, CSV for a program."""
    if not sys.stdout.isatty():
        _pipe(data)
        if frame.attrs.get("complete") is False:
            click.echo(_described(frame), err=True)
        return
    click.echo(_text(frame) if len(frame) else "Nothing found.")
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
