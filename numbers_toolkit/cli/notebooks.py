"""The notebooks that are shipped, and a person's copies of them.

A copy that was changed is the person's and stays; one that was left alone follows the shipped one.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from numbers_toolkit.errors import MissingDependencyError, OutputError
from numbers_toolkit.writing import replacing

__all__ = ["Copy", "copy_notebooks", "shipped_notebooks"]

_PACKAGE: Final = Path(__file__).parent.parent
#: Inside an installed package, and beside it where the package is worked on.
_PLACES: Final = (_PACKAGE / "notebooks", _PACKAGE.parent / "notebooks")
#: Remembers what was copied, so that a notebook which nobody changed can be renewed.
_REGISTER: Final = ".numbers-toolkit.json"


@dataclass(frozen=True, slots=True)
class Copy:
    """What became of one notebook: ``copied``, ``renewed``, ``unchanged``, or ``kept`` since it is the person's."""

    name: str
    outcome: Literal["copied", "renewed", "unchanged", "kept"]


def shipped_notebooks() -> list[Path]:
    """Return the notebooks of this version, in the order of their names.

    Returns
    -------
    list of Path
        At least one.

    Raises
    ------
    MissingDependencyError
        When this installation has none.

    Examples
    --------
    >>> {path.suffix for path in shipped_notebooks()}
    {'.ipynb'}
    """
    found = [sorted(place.glob("*.ipynb")) for place in _PLACES]
    notebooks = next((paths for paths in found if paths), None)
    if notebooks is None:
        raise MissingDependencyError(
            "This installation has no notebooks. Install it anew: pip install --force-reinstall numbers-toolkit"
        )
    return notebooks


def copy_notebooks(folder: Path) -> list[Copy]:
    """Put the shipped notebooks into a folder; what a person changed there stays as it is.

    Parameters
    ----------
    folder : Path
        Made when it is not there.

    Returns
    -------
    list of Copy
        One for each notebook, in their order.

    Raises
    ------
    OutputError
        When the folder can't be made, read or written to.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     first, again = copy_notebooks(Path(folder)), copy_notebooks(Path(folder))
    >>> {copy.outcome for copy in first}, {copy.outcome for copy in again}
    ({'copied'}, {'unchanged'})
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = _register(folder)
        copies = [_copy(path, folder, known.get(path.name)) for path in shipped_notebooks()]
    except OSError as error:
        raise OutputError(
            f"The notebooks can't be put into {str(folder)!r}: {error.strerror or error}. Choose another folder."
        ) from error
    ours = {path.name: _digest(path) for path in shipped_notebooks()}
    known |= {copy.name: ours[copy.name] for copy in copies if copy.outcome != "kept"}
    with replacing(folder / _REGISTER) as temporary:
        temporary.write_text(json.dumps(known, indent=1, sort_keys=True), encoding="utf-8")
    return copies


def _copy(path: Path, folder: Path, known: str | None) -> Copy:
    target = folder / path.name
    there = _digest(target) if target.exists() else None
    if there == _digest(path):
        return Copy(path.name, "unchanged")
    if there is not None and there != known:
        return Copy(path.name, "kept")
    with replacing(target) as temporary:
        temporary.write_bytes(path.read_bytes())
    return Copy(path.name, "copied" if there is None else "renewed")


def _register(folder: Path) -> dict[str, str]:
    """Return the digests of what was copied; a register that can't be read knows nothing, so that all is kept."""
    try:
        known = json.loads((folder / _REGISTER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(digest) for name, digest in known.items()} if isinstance(known, dict) else {}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
