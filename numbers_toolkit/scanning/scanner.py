"""Files and folders, looked through for secrets."""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.scanning import phone_numbers as phones
from numbers_toolkit.scanning.findings import NOT_LOOKED_INTO, Finding, masked
from numbers_toolkit.scanning.grids import named_columns
from numbers_toolkit.scanning.reading import pieces
from numbers_toolkit.scanning.rules import Match, column_matches, matches, names_secret
from numbers_toolkit.scanning.windows import decoded, readings, windows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numbers_toolkit.scanning.reading import Piece

__all__ = ["ALLOWED_FILE", "allowed_lines", "files_of", "find_secrets"]

#: Beside what is looked through; lines of it are what `allowed` takes.
ALLOWED_FILE: Final = ".secrets-allowed"
_LEFT_OUT: Final = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", "node_modules", "site-packages", "__pycache__", ".mypy_cache",
     ".ruff_cache", ".pytest_cache", ".hypothesis", ".ipynb_checkpoints"}
)  # fmt: skip
_DEEPEST: Final = 3
_SHORTEST_OWN: Final = 8
_BEGINNING: Final = 5


def find_secrets(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    include_phone_numbers: bool = False,
    allowed: Iterable[str] = (),
    on_file: Callable[[Path], object] | None = None,
) -> list[Finding]:
    """Find credentials, tokens and secrets in files, before they are passed on.

    Cassettes, notebooks with their outputs and widget state, HTML reports, journals, logs, tables (CSV, Excel,
    Parquet), archives and any other file; secrets that are escaped, in base64, or cut into several lines too.
    Secrets that this process knows from ``SINCH_KEY_SECRET`` are found in whatever they stand in. Blanks, variables
    and what the sandbox invents are no secrets.

    Parameters
    ----------
    paths : path or iterable of paths
        Files, and folders with everything in them but version control, environments and caches.
    include_phone_numbers : bool, default False
        Whether to find phone numbers that can belong to somebody as well.
    allowed : iterable of str
        What is no secret though it looks like one: the text itself, or its SHA-256 as ``sha256:...``. What a
        file ``.secrets-allowed`` lists, one to a line, is allowed in its folder and all below.
    on_file : callable, optional
        Called with each file before it is read.

    Returns
    -------
    list of Finding
        One for each secret of a file, by file and line; empty when there is none. What can't be unpacked
        (encrypted, damaged, too large) is a finding of the kind ``not looked into``: nobody knows what is in it.

    Raises
    ------
    InvalidInputError
        For a path that does not exist.
    OSError
        For a file that can't be read.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "settings.env")
    ...     _ = path.write_text("SINCH_KEY_SECRET=" + "q7Vw2Lz9Tn4K8Rb1")
    ...     [(one.place, one.kind, one.shown) for one in find_secrets(path)]
    [('line 1', 'key secret', 'q7… (16 characters)')]
    """
    given = [Path(path) for path in ([paths] if isinstance(paths, (str, os.PathLike)) else paths)]
    for path in given:
        if not path.exists():
            raise InvalidInputError(f"{path} does not exist. Give files or folders that do.")
    own = _own_secrets()
    given_allowed = tuple(allowed)
    found: list[Finding] = []
    for path in given:
        for file in files_of(path):
            fine = _Allowed((*given_allowed, *_listed_above(file.parent.absolute())))
            if on_file is not None:
                on_file(file)
            found += _of_file(file, own, fine, include_phone_numbers)
    return sorted(found, key=lambda one: (one.path, _line(one.place), one))


def files_of(path: Path) -> Iterator[Path]:
    """Yield a file itself, or the files of a folder in a stable order."""
    if not path.is_dir():
        yield path
        return
    for folder, names, files in os.walk(path):
        names[:] = sorted(name for name in names if name not in _LEFT_OUT)
        for name in sorted(files):
            file = Path(folder, name)
            if file.is_file() and name != ALLOWED_FILE:
                yield file


def _line(place: str) -> int:
    return int(place.removeprefix("line ")) if place.startswith("line ") else 0


def _listed_above(folder: Path) -> tuple[str, ...]:
    """Return what the lists of a folder and of those above it allow, up to where a repository begins."""
    listed: list[str] = []
    for one in (folder, *folder.parents):
        listed += allowed_lines(one / ALLOWED_FILE)
        if (one / ".git").exists():
            break
    return tuple(listed)


def allowed_lines(file: Path) -> list[str]:
    """Return the lines of a list of what is allowed, without comments; none for a file that isn't there."""
    if not file.is_file():
        return []
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


class _Allowed:
    """What is no secret though it looks like one."""

    def __init__(self, listed: Iterable[str]) -> None:
        self._listed = frozenset(listed)

    def __contains__(self, secret: str) -> bool:
        if not self._listed:
            return False
        digest = hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
        return secret in self._listed or f"sha256:{digest}" in self._listed


def _own_secrets() -> dict[str, str]:
    """Return this process's own credentials, and how they look in a Basic header, by kind."""
    key_id, secret = os.environ.get("SINCH_KEY_ID", ""), os.environ.get("SINCH_KEY_SECRET", "")
    if len(secret) < _SHORTEST_OWN:
        return {}
    pair = base64.b64encode(f"{key_id}:{secret}".encode()).decode()
    return {secret: "key secret", pair: "Basic credentials"}


def _of_file(path: Path, own: dict[str, str], fine: _Allowed, phone_numbers: bool) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for piece in pieces(path):
        if piece.unread:
            yield Finding(piece.path, piece.place, NOT_LOOKED_INTO, piece.unread, piece.path)
        for start, found in _of_piece(piece, own, phone_numbers):
            if (piece.path, found.secret) in seen or found.secret in fine:
                continue
            seen.add((piece.path, found.secret))
            place = piece.place or f"line {_line_of(piece.text, start, found.secret)}"
            yield Finding(piece.path, place, found.kind, masked(found.secret, found.kind), found.secret)


def _line_of(text: str, start: int, secret: str) -> int:
    # What was escaped or encoded begins alike, or begins where the place that was looked at begins.
    beginnings = (secret, secret[:_BEGINNING])
    place = next((place for one in beginnings if (place := text.find(one, start)) >= 0), start)
    return text.count("\n", 0, place) + 1


def _of_piece(piece: Piece, own: dict[str, str], phone_numbers: bool) -> Iterator[tuple[int, Match]]:
    for secret, kind in own.items():
        place = piece.text.find(secret)
        if place >= 0:
            yield place, Match(kind, secret)
    yield from _of_text(piece.text, 0)
    if phone_numbers and any(word in piece.text for word in phones.KEYWORDS):
        for place, number in phones.real_numbers(piece.text):
            yield place, Match("phone number", number)


def _of_text(text: str, depth: int) -> Iterator[tuple[int, Match]]:
    worth_a_look = list(windows(text))
    for start, window in worth_a_look:
        for reading in readings(window):
            for found in matches(reading):
                yield start, found
    if worth_a_look:
        yield from _of_columns(text)
    if depth < _DEEPEST:
        for start, plain in decoded(text):
            for _, found in _of_text(plain, depth + 1):
                yield start, found


def _of_columns(text: str) -> Iterator[tuple[int, Match]]:
    for name, values in named_columns(text, names_secret):
        place = 0
        for found in column_matches(name, values):
            place = max(text.find(found.secret, place), place)
            yield place, found
