"""Where a cassette is: its path by name, and that only one records into it."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from numbers_toolkit.errors import CassetteError, InvalidInputError

__all__ = ["claimed", "missing", "path_of"]


def path_of(name: Any, folder: str | os.PathLike[str]) -> Path:
    """Return the file of a cassette: a path as it is, else a name in a folder.

    Raises
    ------
    InvalidInputError
        When it is neither.

    Examples
    --------
    >>> path_of("march", "cassettes").as_posix(), path_of("kept/march.yaml", "cassettes").as_posix()
    ('cassettes/march.yaml', 'kept/march.yaml')
    """
    text = os.fspath(name) if isinstance(name, (str, os.PathLike)) else None
    if not isinstance(text, str) or not text.strip() or "\0" in text:
        raise InvalidInputError(f"A cassette is named by a text or a path, not by {name!r}.")
    if isinstance(name, os.PathLike) or text.endswith((".yaml", ".yml")):
        return Path(text).expanduser()
    return Path(folder).expanduser() / f"{text}.yaml"


def claimed(path: Path) -> FileLock:
    """Return a lock that is held by whoever records into a file; a process that ends lets go of it.

    Raises
    ------
    CassetteError
        When somebody else holds it, or the folder can't be written.
    """
    lock = FileLock(path.with_name(f".{path.name}.lock"), thread_local=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise CassetteError(
            f"The cassette {path} is being recorded already, here or in another process. Nothing was sent. Wait "
            "until that is done, or use another name."
        ) from None
    except OSError as error:
        raise CassetteError(
            f"The cassette {path} can't be written: {error.strerror or error}. Nothing was sent."
        ) from error
    return lock


def missing(path: Path) -> CassetteError:
    """Return what is raised when there is nothing to replay, with the names that are like it."""
    told = f"There is no cassette {path} to replay. Nothing was sent."
    there = sorted(one.stem for one in path.parent.glob("*.yaml")) if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.stem, there, n=3)
    if near:
        told += f" Did you mean {' or '.join(map(repr, near))}?"
    return CassetteError(f'{told} To record it, use mode="once".')
