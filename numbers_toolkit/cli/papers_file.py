"""Papers of number orders from a file, so that nobody types them into a shell.

The file is JSON. For one kind of number it holds what :class:`numbers_toolkit.activation.Papers` takes::

    {
      "data": {"endBusinessName": "Example Pty", "city": "Hobart", "senderId": "{phone_number}"},
      "attachments": {
        "Statement": "statement.pdf",
        "Proof of identity": {"file": "scans/passport.pdf", "document_type": "Passport"}
      }
    }

``data`` can also be a list of such objects. An attachment is named by the title or the id of the document that
it is for, and is a file, or an object with ``file`` and, if need be, ``document_type``, ``file_name`` and
``mime_type``. Files are looked for beside the papers' own file. ``"check_data": false`` sends data that does not
fit the requirements all the same. For several kinds of numbers the file holds the papers of each, by region and
type, by region, or ``*`` for all others::

    {"papers": {"AU MOBILE": {"data": ...}, "SE": {"data": ...}, "*": {"data": ...}}}
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numbers_toolkit.activation import Attachment, Papers

__all__ = ["read_papers"]

_BY_KIND: Final = "papers"
_PARTS: Final = ("data", "attachments", "check_data")
_FILE_PARTS: Final = ("file", "document_type", "file_name", "mime_type")


def read_papers(path: str | None) -> Any:
    """Read the papers for number orders.

    Parameters
    ----------
    path : str or None
        The file; its form stands at the head of this module.

    Returns
    -------
    Papers, dict or None
        As :func:`numbers_toolkit.activate` takes them. None without a file.

    Raises
    ------
    InvalidInputError
        When it can't be read, is not in that form, or names a file that is not there. No message holds a
        value of the data.
    """
    if path is None:
        return None
    content = _content(path)
    folder = Path(path).expanduser().parent
    if _BY_KIND not in content:
        return _papers(content, path, folder)
    _refuse_others(content, (_BY_KIND,), path)
    by_kind = content[_BY_KIND]
    if not isinstance(by_kind, dict) or not all(isinstance(one, dict) for one in by_kind.values()):
        raise InvalidInputError(
            f'{path}: "{_BY_KIND}" holds papers by region and type, as in {{"AU MOBILE": {{"data": ...}}}}.'
        )
    return {_kind(key): _papers(one, f"{path} ({key})", folder) for key, one in by_kind.items()}


def _content(path: str) -> dict[str, Any]:
    try:
        content = json.loads(Path(path).expanduser().read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InvalidInputError(f"The papers {path} can't be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise InvalidInputError(f"The papers {path} are no text in UTF-8.") from None
    except ValueError as error:
        # The error itself holds the whole text, which is personal.
        raise InvalidInputError(f"The papers {path} are no JSON: {error}.") from None
    if not isinstance(content, dict):
        raise InvalidInputError(f'{path} holds no papers; write {{"data": {{...}}, "attachments": {{...}}}}.')
    return content


def _papers(content: dict[str, Any], where: str, folder: Path) -> Papers:
    from numbers_toolkit.activation import Papers

    _refuse_others(content, _PARTS, where)
    check_data = content.get("check_data", True)
    if not isinstance(check_data, bool):
        raise InvalidInputError(f'{where}: "check_data" is true or false.')
    files = content.get("attachments") or {}
    if not isinstance(files, dict):
        raise InvalidInputError(
            f'{where}: "attachments" holds files by title, as in {{"Statement": "file.pdf"}}.'
        )
    attachments = {title: _attachment(one, f"{where}, {title!r}", folder) for title, one in files.items()}
    try:
        return Papers(content.get("data"), attachments, check_data=check_data)
    except InvalidInputError as error:
        raise InvalidInputError(f"{where}: {error}") from None


def _attachment(given: Any, where: str, folder: Path) -> Attachment:
    from numbers_toolkit.activation import Attachment

    parts = {"file": given} if isinstance(given, str) else given
    if not isinstance(parts, dict) or not isinstance(parts.get("file"), str):
        raise InvalidInputError(
            f'{where}: an attachment is a file, or {{"file": "scan.pdf", "document_type": "Passport"}}.'
        )
    _refuse_others(parts, _FILE_PARTS, where)
    file = folder / Path(parts["file"]).expanduser()
    if not file.is_file():
        raise InvalidInputError(f"{where}: there is no file {file}.")
    return Attachment(file, **{name: parts.get(name) for name in _FILE_PARTS if name != "file"})


def _refuse_others(content: dict[str, Any], known: Iterable[str], where: str) -> None:
    strange = sorted(set(content) - set(known))
    if strange:
        raise InvalidInputError(
            f"{where} holds {', '.join(map(repr, strange))}, which is not known; there are {', '.join(known)}."
        )


def _kind(key: str) -> Any:
    words = key.split()
    return tuple(words) if len(words) > 1 else key
