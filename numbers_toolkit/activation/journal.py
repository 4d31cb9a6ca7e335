"""The journal of a run: JSON Lines, each line flushed to the disk before the run goes on.

The first line holds the whole plan, so that a journal alone is enough to go on after a crash. Each line
carries a check over itself and the line before: what was edited or cut out is noticed. A line that a crash
left half written is set aside; whatever it announced had not been sent.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from filelock import FileLock, Timeout

from numbers_toolkit.activation.plain import checksum, text_bytes
from numbers_toolkit.activation.plan import Plan, plan_from_content
from numbers_toolkit.errors import (
    JournalError,
    JournalLockedError,
    JournalWriteError,
    UnknownValueWarning,
    warn_user,
)
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FORMAT", "KNOWN_LINES", "Journal", "JournalContent", "is_begun", "is_locked", "read_journal"]

FORMAT: Final = 1
#: Kinds of lines; one that is not known comes from a newer version and is kept, but not understood.
KNOWN_LINES: Final = (
    "plan", "run", "intention", "outcome", "replacement", "ended", "stopped", "finished", "set aside"
)  # fmt: skip
#: How every journal begins.
_FIRST: Final = b'{"what": "plan", "at": "'
_PRIVATE: Final = 0o600
#: One system would write other line ends if it were not told.
_APPEND: Final = os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0)


_WAY_ON: Final = (
    "Bring back the file as it was; or look at the project's active numbers, which show what was bought, and make a "
    "new plan for what is missing."
)


@dataclass(frozen=True)
class JournalContent:
    """What a journal holds.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    plan : Plan
        What is to be done.
    lines : tuple of dict
        Every line after the first, in order.
    torn : bytes
        A last line that a crash left half written; empty as a rule.
    size : int
        Bytes up to the end of the last whole line.
    check : str
        Check of the last whole line.
    """

    path: Path
    plan: Plan
    lines: tuple[dict[str, Any], ...]
    torn: bytes
    size: int
    check: str

    def require(self, check: str) -> None:
        """Refuse a journal that lacks a line which it is known to have had.

        Parameters
        ----------
        check : str
            Check of that line; ``""`` when none is known.

        Raises
        ------
        JournalError
            When it is not there: the file was cut at its end, or an older copy was put in its place.
        """
        if check and all(line["check"] != check for line in self.lines):
            raise JournalError(
                f"The journal {self.path} has lost its end: lines that were there when its last run ended are "
                f"missing. What is left is sound ({_told(list(self.lines))}). Nothing was sent now. {_WAY_ON}"
            )


def is_begun(path: Path) -> bool:
    """Whether a file holds anything but the beginning of a journal's first line.

    That much is left of a run that ended while it began; nothing can have been sent for it.
    """
    try:
        with path.open("rb") as file:
            data = file.readline()
    except FileNotFoundError:
        return False
    except OSError:
        # Whoever reads it tells why that can't be done.
        return True
    return data.endswith(b"\n") or not (data.startswith(_FIRST) or _FIRST.startswith(data))


def read_journal(path: str | os.PathLike[str]) -> JournalContent:
    """Read a journal and check that nothing in it was changed.

    Parameters
    ----------
    path : path-like
        The file that a run wrote.

    Returns
    -------
    JournalContent
        The plan and all that was done.

    Raises
    ------
    JournalError
        When it can't be read, is no journal, or was edited or cut in the middle. The message says how far
        it can be trusted.
    """
    file = Path(path).expanduser()
    try:
        data = file.read_bytes()
    except OSError as error:
        raise JournalError(
            f"The journal {file} can't be read: {error.strerror or error}. Nothing was sent."
        ) from error
    *whole, torn = data.split(b"\n")
    if not whole:
        raise JournalError(
            f"{file} is no journal: it has no whole line. Nothing was sent for it; if a run ended while it began the "
            "file, start the plan again with it."
        )
    # After a power failure a last line can also consist of noise.
    if len(whole) > 1 and not torn and _decoded(whole[-1]) is None:
        torn = whole.pop()
    lines, check = _checked(whole, file)
    plan = plan_from_content(lines[0]["plan"], f"The plan in {file}")
    _warn_of_unknown(lines, file)
    size = sum(len(line) + 1 for line in whole)
    return JournalContent(file, plan, tuple(lines[1:]), torn, size, check)


def _decoded(line: bytes) -> dict[str, Any] | None:
    try:
        content = json.loads(line)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _checked(whole: list[bytes], file: Path) -> tuple[list[dict[str, Any]], str]:
    lines: list[dict[str, Any]] = []
    check = ""
    for place, raw in enumerate(whole, start=1):
        content = _decoded(raw)
        if place == 1 and (content is None or content.get("what") != "plan" or "plan" not in content):
            raise JournalError(
                f"{file} is no journal of this package. It was left as it is; nothing was sent."
            )
        if place == 1 and content is not None:
            _check_format(content, file)
        if content is None or content.get("check") != _check_of(content, check):
            raise JournalError(
                f"The journal {file} was damaged, cut or edited at line {place} of {len(whole)}: its check does not "
                f"fit. The {place - 1} lines before it are sound ({_told(lines)}). Nothing was sent now. {_WAY_ON}"
            )
        check = str(content["check"])
        lines.append(content)
    return lines, check


def _check_format(first: dict[str, Any], file: Path) -> None:
    if not isinstance(first.get("format"), int) or first["format"] > FORMAT:
        raise JournalError(
            f"The journal {file} has format {first.get('format')!r}; this version reads up to {FORMAT}. Use the "
            "version that wrote it, or a newer one. Nothing was sent."
        )


def _check_of(content: dict[str, Any], before: str) -> str:
    return checksum([before, {name: value for name, value in content.items() if name != "check"}])


def _told(lines: list[dict[str, Any]]) -> str:
    done = [line for line in lines if line.get("what") == "ended"]
    sent = [line for line in lines if line.get("what") == "intention"]
    return f"{counted(len(sent), 'request')} announced, {counted(len(done))} finished"


def _warn_of_unknown(lines: list[dict[str, Any]], file: Path) -> None:
    unknown = sorted({str(line.get("what")) for line in lines} - set(KNOWN_LINES))
    if unknown:
        warn_user(
            f"The journal {file} holds lines of a kind that this version does not know ({', '.join(unknown)}); they "
            "are kept, but not taken into account.",
            UnknownValueWarning,
        )


class Journal:
    """Append lines to a journal file; safe to share between threads.

    Use :meth:`create` or :meth:`reopen`, inside :func:`locked`.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    check : str
        Check of its last line.
    """

    def __init__(self, path: Path, descriptor: int, size: int, check: str, now: Callable[[], str]) -> None:
        self.path = path
        self._descriptor = descriptor
        self._size = size
        self.check = check
        self._now = now
        self._lock = threading.Lock()
        self._fault: BaseException | None = None

    @classmethod
    def create(cls, path: Path, plan: Plan, now: Callable[[], str]) -> Self:
        """Start a journal with its plan; the file must not be begun, see :func:`is_begun`."""
        try:
            descriptor = os.open(path, _APPEND | os.O_CREAT, _PRIVATE)
        except OSError as error:
            raise _unwritable(path, error) from error
        journal = cls(path, descriptor, 0, "", now)
        try:
            if os.fstat(descriptor).st_size:
                os.ftruncate(descriptor, 0)
            journal.write("plan", format=FORMAT, plan=plan.content())
            _flush_folder(path.parent)
        except BaseException as error:
            journal.close()
            if isinstance(error, OSError) and not isinstance(error, JournalWriteError):
                raise _unwritable(path, error) from error
            raise
        return journal

    @classmethod
    def reopen(cls, content: JournalContent, now: Callable[[], str]) -> Self:
        """Go on with a journal; a half-written last line is set aside, its text kept in a line of its own."""
        try:
            descriptor = os.open(content.path, _APPEND)
        except OSError as error:
            raise _unwritable(content.path, error) from error
        journal = cls(content.path, descriptor, content.size, content.check, now)
        try:
            if content.torn:
                os.ftruncate(descriptor, content.size)
                journal.write("set aside", text=content.torn.decode(errors="replace"))
        except BaseException as error:
            journal.close()
            if isinstance(error, OSError) and not isinstance(error, JournalWriteError):
                raise _unwritable(content.path, error) from error
            raise
        return journal

    def close(self) -> None:
        """Close the file; closing twice is harmless."""
        with self._lock:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1

    def write(self, what: str, **facts: Any) -> dict[str, Any]:
        """Append a line and flush it to the disk.

        Parameters
        ----------
        what : str
            Kind of line.
        **facts
            What it says, JSON content.

        Returns
        -------
        dict
            The line.

        Raises
        ------
        JournalWriteError
            When it can't be written: nothing may be sent that it would have announced. What was written
            half is taken back, and no further line is accepted.
        """
        with self._lock:
            if self._fault is not None or self._descriptor < 0:
                raise _unwritable(self.path, self._fault)
            line: dict[str, Any] = {"what": what, "at": self._now(), **facts}
            line["check"] = _check_of(line, self.check)
            data = text_bytes(json.dumps(line, ensure_ascii=False)) + b"\n"
            before = self._size, self.check
            try:
                _write_all(self._descriptor, data)
                _flush(self._descriptor)
                self._size, self.check = self._size + len(data), line["check"]
            except BaseException as error:
                self._take_back(*before, error)
                if isinstance(error, OSError):
                    raise _unwritable(self.path, error) from error
                raise
            return line

    def _take_back(self, size: int, check: str, why: BaseException) -> None:
        """Undo a line that was not written to its end.

        An interrupt can strike between any two steps: a line that stayed in the file while the next one is
        chained to the line before it would make the journal look edited.
        """
        self._fault = why
        self._size, self.check = size, check
        taken_back = False
        with contextlib.suppress(OSError):
            os.ftruncate(self._descriptor, size)
            taken_back = True
        if taken_back and not isinstance(why, OSError):
            self._fault = None


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _flush(descriptor: int) -> None:
    os.fsync(descriptor)


def _flush_folder(folder: Path) -> None:
    """Make the file's name last, too; not every system lets a folder be opened."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _unwritable(path: Path, error: BaseException | None) -> JournalWriteError:
    told = getattr(error, "strerror", None) or str(error) or "an interrupt"
    reason = "it is closed" if error is None else told
    return JournalWriteError(
        f"The journal {path} can't be written: {reason}. The run stopped before spending anything that is not in the "
        "journal. Make room or choose another disk, then go on with resume_activation."
    )


@contextlib.contextmanager
def locked(path: Path) -> Any:
    """Hold a journal for this run alone; the lock ends with the process, however it ends.

    Raises
    ------
    JournalLockedError
        When another run holds it.
    """
    lock = FileLock(_lock_file(path), timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise JournalLockedError(
            f"The journal {path} is in use by another run{_holder(path)}. Nothing was sent by this one. Wait until "
            "the other has ended; if it was interrupted, go on with resume_activation."
        ) from None
    except (OSError, RuntimeError) as error:
        raise JournalError(
            f"The journal {path} can't be locked: {error}. Nothing was sent. Choose a folder on a local disk that "
            "can be written to."
        ) from error
    try:
        yield
    finally:
        lock.release()


def is_locked(path: Path) -> bool:
    """Whether a run holds a journal at this moment; where that can't be learned, no."""
    file = _lock_file(path)
    if not file.exists():
        return False
    lock = FileLock(file, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return True
    except (OSError, RuntimeError):
        return False
    lock.release()
    return False


def _lock_file(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def _holder(path: Path) -> str:
    """Say who runs, as far as the journal tells."""
    with contextlib.suppress(OSError):
        runs = [
            line
            for line in map(_decoded, path.read_bytes().split(b"\n"))
            if line and line.get("what") == "run"
        ]
        if runs:
            return (
                f" (process {runs[-1].get('process')} on {runs[-1].get('host')}, since {runs[-1].get('at')})"
            )
    return ""
