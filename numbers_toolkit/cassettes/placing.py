"""Where a cassette is: its path by name, and that only one records into it."""

from __future__ import annotations

import difflib
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from numbers_toolkit.errors import CassetteError, InvalidInputError

__all__ = ["Claim", "missing", "path_of"]


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


class Claim:
    """A file that is recorded into by nobody else; a process that ends lets go of it.

    Parameters
    ----------
    path : Path
        The cassette. Its folder is made when there is none.

    Raises
    ------
    CassetteError
        When somebody else holds it, or the folder can't be written.
    """

    def __init__(self, path: Path) -> None:
        self._lock = FileLock(path.with_name(f".{path.name}.lock"), thread_local=False)
        self._made = None if path.parent.exists() else path.parent
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            raise CassetteError(
                f"The cassette {path} is being recorded already, here or in another process. Nothing was sent. Wait "
                "until that is done, or use another name."
            ) from None
        except OSError as error:
            raise CassetteError(
                f"The cassette {path} can't be written: {error.strerror or error}. Nothing was sent."
            ) from error

    def release(self) -> None:
        """Let go of it, and leave nothing behind but what was recorded."""
        with suppress(OSError):  # Windows removes no file that is open
            Path(self._lock.lock_file).unlink(missing_ok=True)
        self._lock.release()
        if self._made is not None:
            with suppress(OSError):  # there is a cassette in it now
                self._made.rmdir()


def missing(path: Path) -> CassetteError:
    """Return what is raised when there is nothing to replay, with the names that are like it."""
    told = f"There is no cassette {path} to replay. Nothing was sent."
    there = sorted(one.stem for one in path.parent.glob("*.yaml")) if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.stem, there, n=3)
    if near:
        told += f" Did you mean {' or '.join(map(repr, near))}?"
    return CassetteError(f'{told} To record it, use mode="once".')
