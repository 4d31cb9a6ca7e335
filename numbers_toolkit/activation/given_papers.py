"""What a person gives for number orders: registration data and files, kept so that none of it shows.

Nothing is read from the disk and nothing is checked against what the API asks for; see
:mod:`numbers_toolkit.activation.papers`.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias, Union

from numbers_toolkit import vocabulary
from numbers_toolkit.activation.paper_words import listed, shown
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.payloads import Hidden, HiddenBytes

__all__ = ["PHONE_NUMBER", "Attachment", "Papers", "PapersGiven", "filled", "papers_for", "unused_papers"]

#: Stands in the data for the number that is ordered.
PHONE_NUMBER: Final = "{phone_number}"
_EVERY_KIND: Final = "*"
_DEEPEST: Final = 40
_HOW: Final = 'nt.Papers(data=[{...}], attachments={"Title": "file.pdf"})'

PapersGiven: TypeAlias = Union["Papers", Mapping[Any, "Papers"], None]


class Attachment:
    """One file to send, with what is to be said about it. Its content does not show.

    Parameters
    ----------
    path_or_bytes : path-like or bytes
        The file, or its content.
    document_type : str, optional
        What the document is, one of the requirement's ``allowed_document_types``; ``"Passport"`` for example.
    file_name : str, optional
        Name to send; the file's own when not given. Content needs one.
    mime_type : str, optional
        MIME type to send; when not given, it is told by the name and the content.

    Raises
    ------
    InvalidInputError
        When it is neither a path nor bytes.

    Examples
    --------
    >>> Attachment("scans/passport.pdf", document_type="Passport")
    Attachment('passport.pdf', document_type='Passport')
    >>> Attachment(b"%PDF-1.7 ...", file_name="statement.pdf")
    Attachment(<12 bytes>, file_name='statement.pdf')
    """

    __slots__ = ("_content", "_path", "document_type", "file_name", "mime_type")

    def __init__(
        self,
        path_or_bytes: str | os.PathLike[str] | bytes,
        document_type: str | None = None,
        file_name: str | None = None,
        mime_type: str | None = None,
    ) -> None:
        content = path_or_bytes if isinstance(path_or_bytes, (bytes, bytearray, memoryview)) else None
        given = type(path_or_bytes).__name__
        self.document_type = self.file_name = self.mime_type = None
        self._content = None if content is None else HiddenBytes(content)
        self._path = Path(path_or_bytes) if isinstance(path_or_bytes, (str, os.PathLike)) else None
        # Verbose tracebacks print variables.
        del path_or_bytes, content
        if self._content is None and self._path is None:
            raise InvalidInputError(
                f"An attachment is a path or bytes, not {given}; write nt.Attachment('file.pdf'), for example."
            )
        self.document_type = _text_or_none(document_type, "document_type")
        self.file_name = _text_or_none(file_name, "file_name")
        self.mime_type = _text_or_none(mime_type, "mime_type")

    @property
    def path(self) -> Path | None:
        """The file, None when the content itself was given."""
        return self._path

    @property
    def content(self) -> bytes | None:
        """The content that was given, None when it is in a file."""
        return self._content

    @property
    def name(self) -> str:
        """Name of the file, ``""`` when none was given."""
        return self.file_name or (self._path.name if self._path else "")

    def __repr__(self) -> str:
        first = repr(self._path.name) if self._path else repr(self._content)
        named = {
            "document_type": self.document_type,
            "file_name": self.file_name,
            "mime_type": self.mime_type,
        }
        told = [f"{name}={value!r}" for name, value in named.items() if value]
        return f"Attachment({', '.join([first, *told])})"


def _text_or_none(value: Any, name: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise InvalidInputError(f"{name} is text, not {type(value).__name__}.")


#: What may stand for a file.
_FILES: Final = (Attachment, str, os.PathLike, bytes, bytearray, memoryview)


class Papers:
    """What a person gives for the orders of one kind of number. No value of it shows, only names.

    Parameters
    ----------
    data : mapping, or list of mappings, optional
        Fields of the registration. A mapping or a list is sent as ``requestDetails.data``; a mapping that has a
        key ``data`` is sent as ``requestDetails`` as it stands. ``"{phone_number}"`` in a text stands for the
        number that is ordered, so that the same papers serve several orders.
    attachments : mapping, optional
        Files by the title or the id of the document that they are for; a path, or an :class:`Attachment`.
    check_data : bool, default True
        Whether to refuse data that does not fit the schema in the API's answer. False sends it all the same,
        with a warning: the API checks it anyway, and its refusal costs nothing.

    Raises
    ------
    InvalidInputError
        When data or attachments have another shape.

    Examples
    --------
    >>> Papers(data={"city": "Hobart"}, attachments={"Statement": "statement.pdf"})
    <Papers: data (city), attachments (Statement: statement.pdf)>
    """

    __slots__ = ("_attachments", "_details", "check_data")

    def __init__(self, data: Any = None, attachments: Any = None, *, check_data: bool = True) -> None:
        # Verbose tracebacks print variables, this object among them before it is complete.
        fields, files = Hidden(data), Hidden(attachments)
        del data, attachments
        self._details, self._attachments = Hidden({}), {}
        self._details = Hidden(_details(fields))
        self._attachments = _read_attachments(files)
        self.check_data = bool(check_data)

    @property
    def request_details(self) -> dict[str, Any]:
        """The data in the shape in which it is sent, a copy; empty when none was given."""
        found: dict[str, Any] = _copied(self._details.value, 0)
        return found

    @property
    def attachments(self) -> dict[str, Attachment]:
        """The files by what they are for, a copy."""
        return dict(self._attachments)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was given."""
        return not self._details.value and not self._attachments

    def __repr__(self) -> str:
        names = list(dict.fromkeys(_field_names(self._details.value)))
        told = [f"data ({listed(names)})"] if names else []
        files = [f"{shown(title)}: {one.name or repr(one)}" for title, one in self._attachments.items()]
        told += [f"attachments ({listed(files)})"] if files else []
        return f"<Papers: {', '.join(told) or 'nothing'}>"


class _TooDeep(Exception):  # noqa: N818 - stays in here
    """Data is nested too deeply."""


def _details(held: Hidden) -> dict[str, Any]:
    kind = type(held.value).__name__
    if held.value is None:
        return {}
    if not isinstance(held.value, (Mapping, list, tuple)):
        raise InvalidInputError(
            f"Data is a mapping of fields or a list of such mappings, not {kind}; write {_HOW}."
        )
    if not isinstance(held.value, Mapping) and not all(
        isinstance(one, (Mapping, list, tuple)) for one in held.value
    ):
        raise InvalidInputError(f"A list of data holds mappings of fields; write {_HOW}.")
    # Raised here rather than where it is found: there, the data itself stands in variables.
    copy = _copy(held)
    if copy is None:
        raise InvalidInputError(f"The data is nested more than {_DEEPEST} levels deep, or holds itself.")
    if not copy.value or (isinstance(copy.value, dict) and "data" in copy.value):
        return copy.value or {}
    return {"data": copy.value if isinstance(copy.value, list) else [copy.value]}


def _copy(held: Hidden) -> Hidden | None:
    """Return a copy of what will be JSON, so that it stays as it was given; None when it never ends."""
    try:
        return Hidden(_copied(held.value, 0))
    except _TooDeep:
        return None


def _copied(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        raise _TooDeep
    if isinstance(value, Mapping):
        return {name: _copied(one, depth + 1) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_copied(one, depth + 1) for one in value]
    return value


def _read_attachments(held: Hidden) -> dict[str, Attachment]:
    if held.value is None:
        return {}
    if not isinstance(held.value, Mapping):
        raise InvalidInputError(
            f"Attachments are a mapping from the title or id of a document to its file, not "
            f"{type(held.value).__name__}; write {_HOW}."
        )
    unnamed = [repr(one) for one in held.value if not isinstance(one, str) or not one.strip()]
    if unnamed:
        raise InvalidInputError(
            f"Attachments are named by the title or id of a document, not by {unnamed[0]}."
        )
    odd = [
        f"{name!r} is {type(one).__name__}" for name, one in held.value.items() if not isinstance(one, _FILES)
    ]
    if odd:
        raise InvalidInputError(
            f"Each attachment is one path or nt.Attachment(...); {listed(odd)}. Write {_HOW}."
        )
    return {
        title: one if isinstance(one, Attachment) else Attachment(one) for title, one in held.value.items()
    }


def _field_names(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            inner = list(_field_names(one))
            yield from inner or [str(name)]
    elif isinstance(value, list):
        for one in value:
            yield from _field_names(one)


def filled(value: Any, phone_number: str) -> Any:
    """Return data in which the number stands where it is to stand.

    Examples
    --------
    >>> filled({"data": [{"senderId": "{phone_number}"}]}, "+61491570156")
    {'data': [{'senderId': '+61491570156'}]}
    """
    if isinstance(value, str):
        return value.replace(PHONE_NUMBER, phone_number)
    if isinstance(value, dict):
        return {name: filled(one, phone_number) for name, one in value.items()}
    return [filled(one, phone_number) for one in value] if isinstance(value, list) else value


def papers_for(papers: PapersGiven, region_code: str, number_type: str) -> Papers | None:
    """Return the papers for one kind of number.

    Parameters
    ----------
    papers : Papers, mapping or None
        One for all kinds, or several by region and type, ``("AU", "MOBILE")``, by region, ``"AU"``, or ``"*"`` for
        all others; the narrowest counts.
    region_code, number_type : str
        The kind.

    Returns
    -------
    Papers or None
        None when none were given for this kind.

    Raises
    ------
    InvalidInputError
        When a key or a value of the mapping can't be right.

    Examples
    --------
    >>> given = {("AU", "MOBILE"): Papers({"city": "Hobart"}), "SE": Papers({"ort": "Umeå"})}
    >>> papers_for(given, "SE", "LOCAL"), papers_for(given, "AU", "LOCAL")
    (<Papers: data (ort)>, None)
    """
    if papers is None or isinstance(papers, Papers):
        return papers
    # What is no nt.Papers shows its values, and verbose tracebacks print variables.
    held = Hidden(papers)
    del papers
    if not isinstance(held.value, Mapping):
        raise InvalidInputError(f"Papers are {_HOW} or a mapping of such, not {type(held.value).__name__}.")
    keys = {_key(key): key for key in held.value}
    odd = [key for key, one in held.value.items() if not isinstance(one, Papers)]
    if odd:
        raise InvalidInputError(f"Papers for {odd[0]!r} are no nt.Papers; write {{{odd[0]!r}: {_HOW}}}.")
    region = vocabulary.check_region_code(region_code)
    kind = vocabulary.check_number_type(number_type)
    candidates: tuple[Any, ...] = ((region, kind), region, _EVERY_KIND)
    return next((held.value[keys[key]] for key in candidates if key in keys), None)


def unused_papers(papers: PapersGiven, kinds: Collection[tuple[str, str]]) -> tuple[str, ...]:
    """Return for which kinds of numbers papers were given that none of these kinds uses.

    Parameters
    ----------
    papers : Papers, mapping or None
        As :func:`papers_for` takes them.
    kinds : collection of tuple
        Regions and types that papers are needed for.

    Examples
    --------
    >>> given = {("AU", "MOBILE"): Papers({"city": "Hobart"}), "SE": Papers({"ort": "Umeå"})}
    >>> unused_papers(given, [("SE", "LOCAL")])
    ('AU MOBILE',)
    """
    if papers is None or isinstance(papers, Papers):
        return ()
    keys = {_key(key) for key in papers}
    used = {next((one for one in (kind, kind[0], _EVERY_KIND) if one in keys), _EVERY_KIND) for kind in kinds}
    left = keys - used - {_EVERY_KIND}
    return tuple(sorted(" ".join(one) if isinstance(one, tuple) else one for one in left))


def _key(key: Any) -> Any:
    """Return a key as it is looked up: a pair, a region, or the star."""
    if isinstance(key, tuple) and len(key) == 2:  # noqa: PLR2004 - region and type
        return vocabulary.check_region_code(key[0]), vocabulary.check_number_type(key[1])
    if key == _EVERY_KIND:
        return key
    try:
        return vocabulary.check_region_code(key)
    except InvalidInputError:
        raise InvalidInputError(
            f'Papers are given by region and type, ("AU", "MOBILE"), by region, "AU", or "*", not by {key!r}. '
            f"For one kind alone write {_HOW}."
        ) from None
