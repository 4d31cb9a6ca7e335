"""Sending papers to an order: registration data, then each file, then waiting until the API has taken them up.

Safe to repeat at any point: data is written again as it is, and a file that has arrived is not sent twice.
Nothing here costs anything; an order is paid when it is approved after its submission.

Source: operations "Update number order registration" and "Upload an attachment for a number order" of the
Numbers API's OpenAPI description 1.0.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation.document_checking import size_text
from numbers_toolkit.activation.paper_words import listed, shown
from numbers_toolkit.errors import (
    APIError,
    BadRequestError,
    ContentTooLargeError,
    NotFoundError,
    NumbersToolkitError,
    PapersError,
)
from numbers_toolkit.payloads import Hidden

if TYPE_CHECKING:
    from numbers_toolkit.activation.document_checking import Upload
    from numbers_toolkit.activation.papers import PreparedPapers
    from numbers_toolkit.client import NumbersClient

__all__ = ["Filing", "file_papers", "notes_of", "review_notes", "without_values"]

#: Source: enum UploadStatus.
COMPLETED: Final = "COMPLETED"
WAITING: Final = "WAITING"
FAILED: Final = "FAILED"
#: States in which papers can be filed. Source: the tag "Number Order" of the description.
_OPEN: Final = ("CREATED", "BLOCKED")
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 8.0
#: Shorter values of the data are left in what the API says: they would blot out ordinary words.
_SHORTEST_VALUE: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What was sent for an order.

    Parameters
    ----------
    order_id : str
        The order.
    digest : str
        Digest of the papers.
    registered : bool
        Whether registration data was written.
    uploaded, skipped : tuple of str
        Ids of the attachments that were uploaded now, and of those that had arrived before.
    waiting : tuple of str
        Ids of attachments that the API has not taken up yet; submitting may be refused for them.
    """

    order_id: str
    digest: str
    registered: bool = False
    uploaded: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    waiting: tuple[str, ...] = field(default=())

    @property
    def complete(self) -> bool:
        """Whether the API has taken up everything."""
        return not self.waiting


def file_papers(
    client: NumbersClient,
    order_id: str,
    prepared: PreparedPapers,
    *,
    already: str = "",
    longest_wait: float = 60.0,
) -> Filing:
    """Send papers to an order that is not submitted yet, or is blocked. It may be repeated.

    Parameters
    ----------
    client : NumbersClient
        The API.
    order_id : str
        The order.
    prepared : PreparedPapers
        From :func:`numbers_toolkit.activation.papers.prepare`; the phone number is filled in from the order where
        it is to stand.
    already : str
        Digest of the papers that another process sent to this order earlier. When it is that of these papers, a file
        that arrived then is not sent again; of other papers, a file of the same name may hold something else.
    longest_wait : float, default 60
        Seconds to wait for the API to take up the files.

    Returns
    -------
    Filing
        What was sent, and what the API still works on.

    Raises
    ------
    PapersError
        When the API refuses the data or a file, or fails to take one up. The order stays as it is; nothing is spent.
    APIError, TransportError
        When it does not answer; call again.
    """
    if prepared.is_empty:
        return Filing(order_id=order_id, digest=prepared.digest)
    if prepared.waits_for_number:
        prepared = _for_number_of(client, order_id, prepared)
    registered = bool(prepared.request_details)
    if registered:
        _register(client, order_id, prepared)
    uploaded, skipped = [], []
    for upload in prepared.uploads:
        known = already == prepared.digest or (order_id, upload.attachment_id) in prepared.arrived
        if known and _state(_attachments(client, order_id), upload) in (COMPLETED, WAITING):
            skipped.append(upload.attachment_id)
        else:
            _upload(client, order_id, upload)
            prepared.arrived.add((order_id, upload.attachment_id))
            uploaded.append(upload.attachment_id)
    return Filing(
        order_id=order_id,
        digest=prepared.digest,
        registered=registered,
        uploaded=tuple(uploaded),
        skipped=tuple(skipped),
        waiting=_taken_up(client, order_id, prepared.uploads, longest_wait),
    )


def _for_number_of(client: NumbersClient, order_id: str, prepared: PreparedPapers) -> PreparedPapers:
    rows = client.get_number_order(order_id).get("orderNumbers")
    numbers = (
        [one.get("phoneNumber") for one in rows if isinstance(one, Mapping)] if isinstance(rows, list) else []
    )
    if len(numbers) == 1 and isinstance(numbers[0], str):
        return prepared.for_number(numbers[0])
    raise PapersError(
        f"The data is to name the phone number, but order {order_id} has {len(numbers)} numbers. Write the numbers "
        "into the data, or order them one by one. Nothing was sent.",
        faults=("the data is to name one phone number, and the order has several or none",),
    )


def _register(client: NumbersClient, order_id: str, prepared: PreparedPapers) -> None:
    faults: list[str] = []
    try:
        client.set_registration(order_id, prepared.request_details)
    except BadRequestError as error:
        faults = _reasons(error, Hidden(prepared.request_details))
    # Raised apart from the API's own error: that one may quote what it refuses.
    if faults:
        raise PapersError(
            f"The API refuses the registration data of order {order_id}: {'; '.join(faults)}. "
            f"{_standing(client, order_id)}",
            faults=faults,
        )


def _standing(client: NumbersClient, order_id: str) -> str:
    """Return how an order stands after a refusal, and what is to be done."""
    try:
        state = str(client.get_number_order(order_id).get("state") or "")
    except NumbersToolkitError:
        state = ""
    if state in _OPEN:
        return (
            "Correct it and go on before the order expires. It is not in review, and nothing was spent on it."
        )
    if state == "EXPIRED":
        return "The order has expired: it can't be filed any more, and nothing was spent on it."
    return (
        f"The order is {state}: its papers can't be changed now."
        if state
        else "How the order stands is not known."
    )


def _reasons(refusal: APIError, details: Hidden) -> list[str]:
    """Return the API's reasons, by field, without any value of the data."""
    told = [
        f"{shown(one.field)}: {shown(_without_values(one.description, details), 200)}".strip(": ")
        for one in refusal.field_violations
    ]
    general = shown(_without_values(refusal.api_message, details), 200)
    return told or [general or f"{refusal.status} {refusal.code}, without a reason".replace("  ", " ")]


def without_values(told: Any, details: Hidden) -> Any:
    """Return what the API said (text, or lists and objects of it) without any value of the data."""
    if isinstance(told, str):
        return _without_values(told, details)
    if isinstance(told, Mapping):
        return {name: without_values(one, details) for name, one in told.items()}
    return [without_values(one, details) for one in told] if isinstance(told, (list, tuple)) else told


def _without_values(text: str, details: Hidden) -> str:
    for value in sorted(set(_texts(details.value)), key=len, reverse=True):
        if len(value) >= _SHORTEST_VALUE:
            text = text.replace(value, "…")
    return text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _upload(client: NumbersClient, order_id: str, upload: Upload) -> None:
    fault = ""
    try:
        client.upload_attachment(
            order_id,
            upload.attachment_id,
            upload.content,
            file_name=upload.file_name,
            mime_type=upload.mime_type,
            document_type=upload.document_type,
        )
    except ContentTooLargeError:
        fault = f"it has {size_text(len(upload.content))}, which is more than the API takes; make it smaller"
    except BadRequestError as error:
        fault = "; ".join(_reasons(error, Hidden({})))
    except NotFoundError:
        fault = f"the API does not know this attachment of the order ({upload.attachment_id}), or the order itself"
    if fault:
        raise PapersError(
            f"The API refuses a file for order {order_id}. {upload.told}: {fault}. {_standing(client, order_id)}",
            faults=(f"{upload.told}: {fault}",),
        )


def _attachments(client: NumbersClient, order_id: str) -> dict[str, Mapping[str, Any]]:
    """Return what the API says of the attachments of an order, by id."""
    rows = client.get_registration(order_id).get("attachments")
    found = [one for one in rows if isinstance(one, Mapping)] if isinstance(rows, list) else []
    return {str(one.get("attachmentId")): one for one in found}


def _state(attachments: Mapping[str, Mapping[str, Any]], upload: Upload) -> str:
    """Return how the API stands to a file, ``""`` when it has another one or none."""
    found = attachments.get(upload.attachment_id, {})
    return str(found.get("uploadStatus") or "") if found.get("fileName") == upload.file_name else ""


def _taken_up(
    client: NumbersClient, order_id: str, uploads: tuple[Upload, ...], longest_wait: float
) -> tuple[str, ...]:
    """Wait until no file waits any longer, at most so long; return the ids of those that still do."""
    if not uploads:
        return ()
    until = client.clock.monotonic() + longest_wait
    pause = _FIRST_PAUSE
    while True:
        attachments = _attachments(client, order_id)
        states = {
            one: str(attachments.get(one.attachment_id, {}).get("uploadStatus") or "") for one in uploads
        }
        failed = [one.told for one, state in states.items() if state == FAILED]
        if failed:
            raise PapersError(
                f"The API failed to take up {listed(failed)} for order {order_id}. Look whether the file opens. "
                f"{_standing(client, order_id)}",
                faults=[f"{one}: upload failed" for one in failed],
            )
        waiting = tuple(one.attachment_id for one, state in states.items() if state == WAITING)
        left = until - client.clock.monotonic()
        if not waiting or left <= 0:
            return waiting
        client.clock.sleep(min(pause, left))
        pause = min(pause * 2, _LONGEST_PAUSE)


def review_notes(client: NumbersClient, order_id: str) -> list[str]:
    """Return what the reviewers of an order have written, oldest first.

    Parameters
    ----------
    client : NumbersClient
        The API.
    order_id : str
        The order.

    Returns
    -------
    list of str
        Their notes, each in one line; empty when there are none.
    """
    return notes_of(client.get_registration(order_id))


def notes_of(registration: Mapping[str, Any]) -> list[str]:
    """Return what the reviewers have written, from the registration of an order.

    Examples
    --------
    >>> notes_of({"logs": [{"message": "Please sign\\nthe statement.", "createTime": "2026-03-02T09:00:00Z"}]})
    ['Please sign the statement.']
    """
    rows = registration.get("logs")
    found = [one for one in rows if isinstance(one, Mapping)] if isinstance(rows, list) else []
    # The API promises this order; sorting keeps it where it does not.
    ordered = sorted(found, key=lambda one: str(one.get("createTime") or ""))
    told = [shown(one["message"], 2000) for one in ordered if isinstance(one.get("message"), str)]
    return [one for one in told if one]
