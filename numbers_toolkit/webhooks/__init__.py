"""Webhook events: is it signed, what does it say, was it taken before, and many of them as a DataFrame.

The API posts an event to the ``callbackUrl`` of a number or an order when a job ends or an order moves on. Events
come in any order, and may come again. Nothing here listens: hand on the raw body and the signature header of
whatever receives them.

Source: the events of the Numbers API's OpenAPI description, version 1.0.3; the encoding of the signature and the
form of the timestamp: the official SDKs' tests.
"""

from __future__ import annotations

from numbers_toolkit.webhooks.event_frames import events_frame
from numbers_toolkit.webhooks.events import Event, parse_event
from numbers_toolkit.webhooks.receiving import read_event
from numbers_toolkit.webhooks.seen_events import SeenEvents
from numbers_toolkit.webhooks.signatures import SIGNATURE_HEADER, verify_signature

__all__ = [
    "SIGNATURE_HEADER",
    "Event",
    "SeenEvents",
    "events_frame",
    "parse_event",
    "read_event",
    "verify_signature",
]
