"""Files that a program hands to an order's form: read once, and looked at again for changes before they are used.

What a person chooses in the browser is read there; what is changed on the disk afterwards can't be known then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numbers_toolkit.activation.document_checking import MOST_BYTES, size_text
from numbers_toolkit.activation.paper_words import listed, shown
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.payloads import HiddenBytes
from numbers_toolkit.widgets.order_documents import file_field, type_field
from numbers_toolkit.widgets.parts.uploads import UploadedFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numbers_toolkit.activation.given_papers import Attachment
    from numbers_toolkit.activation.requirement_values import RequiredAttachment

__all__ = ["ChosenFiles"]

_HOW = "form.attach('Statement', 'statement.pdf')"


class ChosenFiles:
    """The files of a form that came from the disk of this machine."""

    def __init__(self) -> None:
        self._paths: dict[str, tuple[Path, UploadedFile]] = {}

    def choose(self, wanted: RequiredAttachment, given: Attachment) -> dict[str, Any]:
        """Read a file.

        Parameters
        ----------
        wanted : RequiredAttachment
            The document that it is for.
        given : Attachment
            The file.

        Returns
        -------
        dict
            What goes into which field of the form.

        Raises
        ------
        InvalidInputError
            When it can't be read, has no name, or is not of a kind of document that is taken.
        """
        kind = _document_type(wanted, given.document_type)
        if not given.name:
            raise InvalidInputError(
                f"The file for {wanted.name} needs a name: form.attach({wanted.name!r}, content, "
                "file_name='statement.pdf')."
            )
        content = _read(given.path, wanted) if given.path is not None else HiddenBytes(given.content or b"")
        name = given.name.replace("\\", "/").rpartition("/")[2]
        file = UploadedFile(name, given.mime_type or "", content)
        self._paths.pop(file_field(wanted), None)
        if given.path is not None:
            self._paths[file_field(wanted)] = (given.path.expanduser().absolute(), file)
        return {file_field(wanted): [file], **({type_field(wanted): kind} if kind else {})}

    def changed(self, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield the fields whose file is another one on the disk now, each with what to say.

        Parameters
        ----------
        values : mapping of str to object
            What is in the fields of the form; of a file that was replaced there, the disk says nothing.
        """
        for field, (path, file) in self._paths.items():
            if values.get(field) == [file] and _differs(path, file.content):
                yield (
                    field,
                    f"{shown(file.name)} was changed on the disk after it was chosen. Choose it again.",
                )

    def forget(self) -> None:
        """Forget all files."""
        self._paths.clear()


def _document_type(wanted: RequiredAttachment, given: str | None) -> str:
    allowed = wanted.allowed_document_types
    if given is None or not allowed:
        return ""
    found = next((one for one in allowed if one.casefold() == given.strip().casefold()), None)
    if found is None:
        raise InvalidInputError(
            f"{wanted.name} is not taken as {given!r}; document_type is one of {listed(allowed, 'or')}."
        )
    return found


def _read(path: Path, wanted: RequiredAttachment) -> HiddenBytes:
    place = path.expanduser()
    try:
        size = place.stat().st_size
        if size > MOST_BYTES:
            raise InvalidInputError(
                f"{place} has {size_text(size)}, which no document needs; make it smaller. Nothing was chosen."
            )
        return HiddenBytes(place.read_bytes())
    except (OSError, ValueError) as error:
        raise InvalidInputError(
            f"The file {place} for {wanted.name} can't be read: {getattr(error, 'strerror', None) or error}. Name "
            f"one that is there, as in {_HOW}."
        ) from None


def _differs(path: Path, content: bytes) -> bool:
    """Whether a file holds something else now; one that is gone says nothing."""
    try:
        return path.stat().st_size != len(content) or path.read_bytes() != content
    except OSError:
        return False
