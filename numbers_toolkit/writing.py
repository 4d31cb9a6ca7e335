"""Writing files whole or not at all.

Used by whatever writes a file; knows no table and no format.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from numbers_toolkit.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["replacing"]


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path to write to; when that went well, what was written stands at ``path``.

    A file that is replaced keeps its permissions; of a link, the file it leads to is replaced. What is no
    file (a pipe, a device) is written to as it is.

    Parameters
    ----------
    path : path-like
        Where the result belongs; ``~`` is the home folder.

    Yields
    ------
    pathlib.Path
        Where to write.

    Raises
    ------
    OutputError
        When it can't be written. Nothing is left half done.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     target = Path(folder) / "a.txt"
    ...     with replacing(target) as temporary:
    ...         _ = temporary.write_text("done")
    ...     target.read_text()
    'done'
    """
    target = Path(path).expanduser()
    temporary: Path | None = None
    try:
        target = target.resolve()
        mode = target.stat().st_mode if target.exists() else None
        special = mode is not None and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)
        folder = Path(tempfile.gettempdir()) if special else target.parent
        temporary = folder / f".{secrets.token_hex(8)}.part{target.suffix}"
        yield temporary
        if special:
            with temporary.open("rb") as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink)
            return
        if mode is not None:
            temporary.chmod(stat.S_IMODE(mode))
        temporary.replace(target)
    except OSError as error:
        raise OutputError(
            f"The file {os.fspath(path)!r} can't be written: {error.strerror or error}. "
            "Choose another path; the data is still in memory."
        ) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
