"""Taking an event that was delivered: signed by the project's secret, readable, and not taken before."""

from __future__ import annotations

import threading
from collections.abc import MutableSet
from typing import TYPE_CHECKING, Final

from numbers_toolkit.errors import (
    EventFormatError,
    InvalidInputError,
    ReplayedEventError,
    WebhookSignatureError,
)
from numbers_toolkit.webhooks.events import parse_event
from numbers_toolkit.webhooks.seen_events import SeenEvents
from numbers_toolkit.webhooks.signatures import SIGNATURE_HEADER, hidden, verify_signature

if TYPE_CHECKING:
    from numbers_toolkit.webhooks.events import Event

__all__ = ["read_event"]

#: A plain set has no way to ask and add at once.
_ONE_AT_A_TIME: Final = threading.Lock()


def read_event(
    body: str | bytes,
    *,
    signature: str | bytes | None = None,
    secret: str | None = None,
    seen: SeenEvents | MutableSet[str] | None = None,
) -> Event:
    """Return the event of a delivered body, once it is known to be genuine and new.

    Parameters
    ----------
    body : bytes
        The request's body as it arrived; text only where there is no secret to check it with.
    signature : str or bytes, optional
        Value of the ``X-Sinch-Signature`` header.
    secret : str, optional
        The project's callback secret. None verifies nothing: for projects that have no secret.
    seen : SeenEvents or set of str, optional
        Ids of the events taken so far; the new one is added. A :class:`SeenEvents` with a path survives a restart.
        None lets repeated events through.

    Returns
    -------
    Event
        What it says.

    Raises
    ------
    WebhookSignatureError
        When the signature is missing or wrong. Answer 401 or 403, and do nothing.
    ReplayedEventError
        When the event was taken before. Answer 200 and do nothing: most often the API only delivers again.
    EventFormatError
        When the body is no event, or has no id by which a replay could be told. Answer 400.
    InvalidInputError
        When a signature is given without a secret, or the body is text although there is one.

    Notes
    -----
    If what you do with the event fails, take its id back with ``seen.discard(event.event_id)``; the next delivery
    is then taken. Events come in no order: when one looks impossible, read the number or the order.

    Examples
    --------
    >>> from numbers_toolkit.webhooks import SeenEvents
    >>> secret, seen = "sandbox-Secret-0123456789-abcdefgh", SeenEvents()
    >>> body = b'{"eventId": "1", "resourceType": "ACTIVE_NUMBER", "resourceId": "+13075550142"}'
    >>> event = read_event(body, signature="2121d3ff18461891ce9d000ebe71624352d8e0f6", secret=secret, seen=seen)
    >>> event.phone_number
    '+13075550142'
    """
    # Verbose tracebacks print variables.
    secret = None if secret is None else hidden(secret)
    _check_signature(body, signature, secret)
    event = parse_event(body)
    if seen is not None:
        _refuse_replay(event, seen)
    return event


def _check_signature(body: str | bytes, signature: str | bytes | None, secret: str | None) -> None:
    if secret is None:
        if signature:
            raise InvalidInputError(
                "A signature is given, but no secret to check it with; pass secret, the project's callback secret."
            )
        return
    # Text is refused in there, with the reason.
    if verify_signature(body, signature, secret):  # type: ignore[arg-type]
        return
    what = f"its {SIGNATURE_HEADER} does not fit its body" if signature else f"it has no {SIGNATURE_HEADER}"
    raise WebhookSignatureError(
        f"The event is not signed with the project's callback secret: {what}. It was not taken. Check that the "
        "secret is the one of get_callback_configuration() and that the body is raw; else it is a forgery."
    )


def _refuse_replay(event: Event, seen: SeenEvents | MutableSet[str]) -> None:
    if not isinstance(seen, (SeenEvents, MutableSet)):
        raise InvalidInputError(f"seen is {type(seen).__name__}; use a SeenEvents, or a set.")
    if not event.event_id:
        raise EventFormatError(
            "The event has no eventId, so nobody can tell whether it was taken before. It was not taken."
        )
    if not _note(event.event_id, seen):
        raise ReplayedEventError(
            f"Event {event.event_id} ({event.event_type} of {event.resource_id}) was taken before: the API delivers "
            "again, or somebody replays it. It was not taken a second time.",
            event=event,
        )


def _note(event_id: str, seen: SeenEvents | MutableSet[str]) -> bool:
    """Note an id and return whether it is new."""
    if isinstance(seen, SeenEvents):
        return seen.add(event_id)
    with _ONE_AT_A_TIME:
        if event_id in seen:
            return False
        seen.add(event_id)
        return True
