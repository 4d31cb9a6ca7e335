"""Files of what the inventory panel shows: their formats, their names, and writing none over another by accident."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import files
from numbers_toolkit.errors import InvalidInputError, OutputError
from numbers_toolkit.formatting import time_text
from numbers_toolkit.wording import listed

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    import pandas as pd

__all__ = ["FORMATS", "FileExists", "Format", "contents", "format_of", "suggested_name", "target_of", "write"]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file.

    Parameters
    ----------
    label : str
        What it is called.
    suffix : str
        How its names end.
    media_type : str
        What a browser calls it.
    write : callable
        Writes a frame to a path.
    help : str
        What it is good for.
    """

    label: str
    suffix: str
    media_type: str
    write: Callable[[pd.DataFrame, Path], object]
    help: str


def _report(frame: pd.DataFrame, path: Path) -> object:
    from numbers_toolkit.report import build_report

    return build_report(frame).to_html(path)


def _safe_csv(frame: pd.DataFrame, path: Path) -> object:
    return files.to_csv(frame, path, safe=True)


_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: Final[Mapping[str, Format]] = {
    "csv": Format("CSV", ".csv", "text/csv", files.to_csv, "Comes back unchanged with nt.read_csv."),
    "safe-csv": Format(
        "CSV for spreadsheets",
        ".csv",
        "text/csv",
        _safe_csv,
        "Text that a spreadsheet would take for a formula gets an apostrophe in front.",
    ),
    "excel": Format("Excel", ".xlsx", _EXCEL, files.to_excel, "Comes back with nt.read_excel."),
    "parquet": Format(
        "Parquet",
        ".parquet",
        "application/vnd.apache.parquet",
        files.to_parquet,
        "Also keeps where the numbers come from; comes back with nt.read_parquet.",
    ),
    "report": Format(
        "HTML report", ".html", "text/html", _report, "One page with plots that needs nothing else."
    ),
}


class FileExists(OutputError):  # noqa: N818 - it is no fault, it is a question
    """There is a file already; nothing was written."""


def format_of(name: str | None, path: str | os.PathLike[str] = "") -> str:
    """Return the name of a format; where none is given, the one that a path ends like.

    Raises
    ------
    InvalidInputError
        When there is no such format.

    Examples
    --------
    >>> format_of(None, "numbers.xlsx"), format_of("report")
    ('excel', 'report')
    """
    if name is not None:
        if name not in FORMATS:
            raise InvalidInputError(
                f"There is no format {name!r}; use {listed(list(FORMATS), 'or', most=len(FORMATS))}."
            )
        return name
    suffix = Path(path).suffix.lower()
    found = next((name for name, one in FORMATS.items() if one.suffix == suffix), None)
    if found is None:
        suffixes = list(dict.fromkeys(one.suffix for one in FORMATS.values()))
        raise InvalidInputError(
            f"What to write can't be told from the name {str(path)!r}; let it end in {listed(suffixes, 'or')}."
        )
    return found


def suggested_name(frame: pd.DataFrame, what: str, format_name: str) -> str:
    """Return a file name that says what is in the file, from when, and whether the data is real.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame()
    >>> frame.attrs = {"source": "sandbox", "fetched_at": "2026-03-02T09:00:00Z"}
    >>> suggested_name(frame, "to_do", "excel")
    'sandbox-to-do-2026-03-02-0900.xlsx'
    """
    source = str(frame.attrs.get("source") or "")
    parts = ["" if source in ("", "production") else source, what, _stamp(frame.attrs.get("fetched_at"))]
    name = "-".join(re.sub(r"[^A-Za-z0-9]+", "-", part).strip("-") for part in parts if part)
    return f"{name}{FORMATS[format_name].suffix}"


def _stamp(when: Any) -> str:
    return time_text(when).removesuffix(" UTC").replace(":", "") if when else ""


def target_of(path: str | os.PathLike[str], format_name: str) -> Path:
    """Return the whole path of a file; a name without an end gets the format's.

    Raises
    ------
    InvalidInputError
        When there is no name, or it ends like another format's.

    Examples
    --------
    >>> target_of("/data/numbers", "excel").name
    'numbers.xlsx'
    """
    one = FORMATS[format_name]
    text = str(path).strip()
    target = Path(text).expanduser()
    if not text or not target.name:
        raise InvalidInputError(f"The file needs a name, for example 'numbers{one.suffix}'.")
    if not target.suffix:
        target = target.with_name(f"{target.name}{one.suffix}")
    if target.suffix.lower() != one.suffix:
        raise InvalidInputError(
            f"The name {text!r} ends in {target.suffix}, but what is to be written is {one.label}: let it end in "
            f"{one.suffix}, or choose another format."
        )
    return target.absolute()


def write(frame: pd.DataFrame, target: Path, format_name: str, *, overwrite: bool = False) -> Path:
    """Write a file; return where it is.

    Raises
    ------
    FileExists
        When there is one and ``overwrite`` was not asked for.
    OutputError
        When it can't be written.
    """
    if target.is_dir():
        raise OutputError(f"{str(target)!r} is a folder; give the name of a file.")
    if target.exists() and not overwrite:
        raise FileExists(f"There is a file {str(target)!r} already; nothing was written.")
    FORMATS[format_name].write(frame, target)
    return target


def contents(frame: pd.DataFrame, format_name: str) -> bytes:
    """Return what a file would hold, for a browser to save."""
    one = FORMATS[format_name]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"numbers{one.suffix}"
        one.write(frame, path)
        return path.read_bytes()
