"""Papers of number orders: what a person gives, checked against what the API asks for, ready to be sent.

Everything that is wrong is told at once and before anything is sent. What is personal shows nowhere: messages
name fields and files, never a value.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from numbers_toolkit import vocabulary
from numbers_toolkit.activation.data_checking import (
    Findings,
    check_against_schema,
    check_values,
    missing_of_template,
)
from numbers_toolkit.activation.document_checking import Upload, check_documents
from numbers_toolkit.activation.given_papers import (
    PHONE_NUMBER,
    Attachment,
    Papers,
    PapersGiven,
    filled,
    papers_for,
)
from numbers_toolkit.activation.paper_words import listed
from numbers_toolkit.errors import PapersError, PapersWarning, warn_user
from numbers_toolkit.payloads import Hidden
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numbers_toolkit.activation.requirement_values import Requirements

__all__ = [
    "Attachment",
    "Papers",
    "PapersGiven",
    "PreparedPapers",
    "Upload",
    "papers_for",
    "prepare",
]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PreparedPapers:
    """Papers that were checked and can be sent for an order. No value of them shows.

    Made by :func:`prepare`.

    Parameters
    ----------
    kind : str
        What they are for: ``AU MOBILE``.
    request_details : dict
        The details of the registration; empty when there are none to send.
    uploads : tuple of Upload
        The files.
    digest : str
        SHA-256 over all of it. It tells whether two papers are the same, before the phone number is filled in.
    warnings : tuple of str
        What could not be checked, or may be missing.
    arrived : set of (order id, attachment id)
        What this process has uploaded; no part of the value.
    """

    kind: str
    request_details: dict[str, Any]
    uploads: tuple[Upload, ...]
    digest: str
    warnings: tuple[str, ...] = ()
    arrived: set[tuple[str, str]] = field(default_factory=set, compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to send."""
        return not self.request_details and not self.uploads

    @property
    def waits_for_number(self) -> bool:
        """Whether the phone number has still to be filled in."""
        return PHONE_NUMBER in json.dumps(self.request_details)

    def for_number(self, phone_number: str) -> PreparedPapers:
        """Return the papers with a phone number where it is to stand; the files and the digest stay the same.

        Parameters
        ----------
        phone_number : str
            The number that is ordered, E.164.
        """
        number = vocabulary.check_phone_number(phone_number)
        return replace(self, request_details=filled(self.request_details, number))

    def __repr__(self) -> str:
        files = [one.told for one in self.uploads]
        told = ["data"] if self.request_details else []
        told += [f"files ({listed(files)})"] if files else []
        return f"<PreparedPapers for {self.kind}: {' and '.join(told) or 'nothing'}, {self.digest[:8]}>"


def prepare(requirements: Requirements, papers: Papers | None) -> PreparedPapers:
    """Check papers against what the API asks for and make them ready to be sent. Sends nothing.

    Parameters
    ----------
    requirements : Requirements
        From :func:`numbers_toolkit.order_requirements`.
    papers : Papers or None
        What a person gives. The files are read now; what they hold later does not matter.

    Returns
    -------
    PreparedPapers
        Empty when nothing is asked for.

    Raises
    ------
    PapersError
        Lists all that is missing or wrong, in ``faults`` one by one.
    MissingDependencyError
        When data has to be checked against a schema and the extra ``orders`` is not installed.

    Warns
    -----
    PapersWarning
        For papers that nobody asks for, fields of a template that are missing, and what could not be checked.

    Examples
    --------
    >>> from numbers_toolkit.activation.requirements import read_requirements
    >>> asked = {"fields": {"schema": {"required": ["city"], "properties": {"city": {"type": "string"}}}}}
    >>> needed = read_requirements(asked, "SE", "LOCAL")
    >>> prepare(needed, Papers({"city": "Umeå"}))
    <PreparedPapers for SE LOCAL: data, ...>
    >>> prepare(needed, Papers({"citty": "Umeå"}))
    Traceback (most recent call last):
    numbers_toolkit.errors.PapersError: The papers for SE LOCAL can't be sent: city is missing. Nothing was sent.
    """
    given = papers or Papers()
    if not requirements.asks_for_anything:
        left_out = [] if given.is_empty else [_not_asked(requirements)]
        return _prepared(requirements, Hidden({}), (), left_out)
    if given.is_empty and requirements.mandatory:
        raise PapersError(
            f"{requirements.summary()} No papers were given; give them as papers=nt.Papers(...). "
            f"order_requirements(client, {requirements.region_code!r}, {requirements.number_type!r}) shows what is "
            "needed, with an example to copy. Nothing was sent.",
            faults=("no papers were given",),
        )
    details = Hidden(given.request_details)
    found = _check_data(requirements, details, trust=not given.check_data)
    uploads, file_faults = check_documents(requirements, given.attachments)
    faults = [*found.faults, *file_faults]
    if faults:
        raise PapersError(_message(requirements, faults), faults=faults)
    return _prepared(requirements, details, uploads, found.notes)


def _not_asked(requirements: Requirements) -> str:
    return f"{requirements.summary()} The papers given for it are not sent."


def _message(requirements: Requirements, faults: Sequence[str]) -> str:
    start = f"The papers for {requirements.kind} can't be sent: "
    if len(faults) == 1:
        return f"{start}{faults[0].rstrip('?.')}{'?' if faults[0].endswith('?') else '.'} Nothing was sent."
    told = "; ".join(f"({place}) {fault}" for place, fault in enumerate(faults, 1))
    return f"{start}{counted(len(faults), 'fault')}. {told}. Nothing was sent."


def _check_data(requirements: Requirements, details: Hidden, *, trust: bool) -> Findings:
    """Check the registration data; with ``trust``, what does not fit the schema is a note."""
    faults = check_values(details)
    if faults:
        return Findings(faults)
    notes = [_not_understood(requirements)] if requirements.not_understood else []
    if not requirements.asks_for_data:
        if details.value and not notes:
            notes = [f"{requirements.kind} asks for no registration data; the API may refuse what is given."]
        return Findings([], notes)
    if not details.value:
        return _without_data(requirements, notes)
    if requirements.schema:
        found = check_against_schema(details, requirements.schema)
        if trust:
            notes += [f"Sent although {fault}." for fault in found.faults]
        return Findings([] if trust else found.faults, notes + found.notes)
    missing = missing_of_template(details, requirements.fields)
    return Findings([], notes + ([_template_note(requirements, missing)] if missing else []))


def _not_understood(requirements: Requirements) -> str:
    return (
        f"{requirements.kind} asks for something that this version does not understand "
        f"({listed(requirements.not_understood)}); it was not checked here. See other_fields of its requirements."
    )


def _without_data(requirements: Requirements, notes: list[str]) -> Findings:
    if not requirements.data_is_mandatory:
        return Findings([], [*notes, f"{requirements.kind} asks for registration data, and none is given."])
    names = [one.path for one in requirements.required_fields or requirements.fields]
    told = f": {listed(names)}" if names else ""
    return Findings([f"the registration data is missing{told}"])


def _template_note(requirements: Requirements, missing: Sequence[str]) -> str:
    return (
        f"The template for {requirements.kind} also names {listed(missing)}. Whether the API insists on it is not "
        "said; if it does, it refuses the data, which costs nothing."
    )


def _prepared(
    requirements: Requirements, details: Hidden, uploads: tuple[Upload, ...], notes: Sequence[str]
) -> PreparedPapers:
    for note in notes:
        warn_user(note, PapersWarning)
    return PreparedPapers(
        kind=requirements.kind,
        request_details=details.value,
        uploads=uploads,
        digest=_digest(details, uploads),
        warnings=tuple(notes),
    )


def _digest(details: Hidden, uploads: Sequence[Upload]) -> str:
    whole = hashlib.sha256(json.dumps(details.value, sort_keys=True).encode())
    for one in sorted(uploads, key=lambda upload: upload.attachment_id):
        named = [one.attachment_id, one.file_name, one.mime_type, one.document_type]
        whole.update(json.dumps([*named, hashlib.sha256(one.content).hexdigest()]).encode())
    return whole.hexdigest()
