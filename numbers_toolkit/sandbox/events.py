"""Webhook events: what they say, how they are signed, and when they are queued.

An event is queued where the thing it tells of happens, in the same transaction, so that neither exists without the
other; `numbers_toolkit.sandbox.delivery` sends it. A number or an order without a callback URL queues nothing.

Choices where the API's behaviour is not documented: every part of a job that was asked for ends in one event, also
one that unlinks what was not linked; a job that is replaced or dropped ends in none; a campaign that is not linked
because the service plan failed is a part that failed; a code that events never carry becomes
``CAMPAIGN_PROVISIONING_FAILED``; a released number leaves what it is linked to when its rental ends; the callback URL
counts as it is at that moment.
Source: Sinch Numbers API's OpenAPI description 1.0.3, and the events in the tests of the official SDKs.
"""

from __future__ import annotations

import hashlib
import hmac
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from numbers_toolkit.sandbox.answers import Answer, to_json
from numbers_toolkit.sandbox.campaigns import ERROR_CODES
from numbers_toolkit.sandbox.clock import to_datetime
from numbers_toolkit.sandbox.hosts import why_not
from numbers_toolkit.sandbox.identifiers import ALPHABET
from numbers_toolkit.sandbox.outbox import QueuedEvent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numbers_toolkit.sandbox.account import Account
    from numbers_toolkit.sandbox.records import ActiveNumber

SIGNATURE_HEADER = "X-Sinch-Signature"
ORDER_STATUSES = ("IN_REVIEW", "BLOCKED", "COMPLETED", "REJECTED", "EXPIRED")
SUCCEEDED, FAILED = "SUCCEEDED", "FAILED"
SMS_PLATFORM, CAMPAIGN, VOICE_PLATFORM = "SMS_PLATFORM", "CAMPAIGN", "VOICE_PLATFORM"
OTHER_FAILURE = "CAMPAIGN_PROVISIONING_FAILED"
VOICE_FAILED = "PROVISIONING_TO_VOICE_PLATFORM_FAILED"
#: What an event may say of a campaign; an answer's ``errorCodes`` know three codes more.
FAILURE_CODES = tuple(
    code
    for code in ERROR_CODES
    if code not in {"ERROR_CODE_UNSPECIFIED", "INTERNAL_ERROR", "SMS_PROVISIONING_FAILED"}
)
INTERNAL_CODES: Mapping[str, str] = MappingProxyType(
    {"CAMPAIGN_NOT_AVAILABLE": "CRS0018", "EXCEEDED_10DLC_LIMIT": "CRS0001"}
)
SAMPLE_NUMBER = "+13075550142"
#: Paths at which official SDKs fetch an event to test themselves with, and the status it tells of.
SAMPLES: Mapping[str, str] = MappingProxyType(
    {
        f"/webhooks/numbers/provisioning_to_voice_platform/{status.lower()}": status
        for status in (SUCCEEDED, FAILED)
    }
)


def order_event(account: Account, order_id: str, status: str, callback_url: str, instant: int) -> None:
    """Queue the event that tells of a number order's new state; without a callback URL nothing is queued.

    Parameters
    ----------
    account : Account
        Whose order it is; the caller holds the lock.
    order_id : str
        The order.
    status : str
        One of `ORDER_STATUSES`.
    callback_url : str
        Where the order's events go, or an empty text.
    instant : int
        When it happened, in microseconds since 1970; the event is due at once.
    """
    if status not in ORDER_STATUSES:
        raise ValueError(f"an order's event tells of {', '.join(ORDER_STATUSES)}, not of {status!r}")
    if callback_url:
        _queue(
            account,
            callback_url,
            instant,
            _content(order_id, "NUMBER_ORDER", "NUMBER_ORDER_PROCESSING", status),
        )


def number_event(
    account: Account, number: ActiveNumber, place: str, target: str, instant: int, *, failure: str = ""
) -> None:
    """Queue the event that ends one part of a provisioning job; without a callback URL nothing is queued.

    Parameters
    ----------
    account : Account
        Whose number it is; the caller holds the lock.
    number : ActiveNumber
        The number, with its callback URL.
    place : {'SMS_PLATFORM', 'CAMPAIGN', 'VOICE_PLATFORM'}
        What it was to be linked to or unlinked from.
    target : str
        The id that was asked for; empty unlinks.
    instant : int
        When it ended, in microseconds since 1970; the event is due at once.
    failure : str
        What the part failed with; empty when it succeeded.
    """
    url = number.document.get("callbackUrl")
    if not isinstance(url, str) or not url:
        return
    event_type = f"PROVISIONING_TO_{place}" if target else f"DEPROVISIONING_FROM_{place}"
    content = _content(number.phone_number, "ACTIVE_NUMBER", event_type, FAILED if failure else SUCCEEDED)
    _queue(account, url, instant, content | _failure(_failure_code(place, target, failure)))


def _failure_code(place: str, target: str, failure: str) -> str | None:
    if not failure or place == SMS_PLATFORM:
        return None
    if place == VOICE_PLATFORM:
        return VOICE_FAILED if target else None
    return failure if failure in FAILURE_CODES else OTHER_FAILURE


def rental_end_events(account: Account, number: ActiveNumber, instant: int) -> None:
    """Queue the events of a number whose rental has ended: it leaves all that it is linked to."""
    sms, voice = (number.document.get(name) for name in ("smsConfiguration", "voiceConfiguration"))
    links = (
        (CAMPAIGN, sms, ("campaignId",)),
        (SMS_PLATFORM, sms, ("servicePlanId",)),
        (VOICE_PLATFORM, voice, ("appId", "trunkId", "serviceId")),
    )
    for place, configuration, fields in links:
        if isinstance(configuration, dict) and any(configuration.get(field) for field in fields):
            number_event(account, number, place, "", instant)


def _content(resource_id: str, resource_type: str, event_type: str, status: str) -> dict[str, Any]:
    return {
        "resourceId": resource_id,
        "resourceType": resource_type,
        "eventType": event_type,
        "status": status,
    }


def _failure(code: str | None) -> dict[str, str | None]:
    return {"failureCode": code, "internalFailureCode": INTERNAL_CODES.get(code or "")}


def _queue(account: Account, url: str, instant: int, content: Mapping[str, Any]) -> None:
    outbox = account.store.outbox
    serial = outbox.next_serial()
    body = _body(account, instant, b"event:%d" % serial, content)
    event = QueuedEvent(serial, body, url, sign(account, body.encode()), due_at=instant)
    event.problem = why_not(url, anywhere=account.settings.deliver_anywhere)
    if event.problem:
        event.status, event.due_at = "NOT_SENT", None
    outbox.put(event)


def _body(account: Account, instant: int, entropy: bytes, content: Mapping[str, Any]) -> str:
    identity = account.identity
    return to_json(
        {
            "eventId": ulid(instant, identity.signing_key + entropy),
            "timestamp": to_datetime(instant).strftime("%Y-%m-%dT%H:%M:%S.%f"),
            "projectId": identity.project_id,
            **content,
        }
    )


def sign(account: Account, body: bytes) -> str:
    """Sign with the project's secret; an empty text when it has none."""
    secret = account.store.meta("hmac_secret")
    return signature(secret, body) if secret else ""


def signature(secret: str, body: bytes) -> str:
    """Sign the bytes of an event as they are sent: HMAC-SHA1, in lower-case hexadecimal.

    Examples
    --------
    >>> signature("sandbox-Secret-0123456789-abcdefgh", b"{}")
    'a4734ba0614a0c72bfcb96dc8c2e116c24521a3f'
    """
    return hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()


def ulid(instant: int, entropy: bytes) -> str:
    """Make an identifier of 26 lower-case letters and digits that sorts by its instant.

    Parameters
    ----------
    instant : int
        Microseconds since 1970; its milliseconds are the first ten characters.
    entropy : bytes
        What tells it from others; the same bytes give the same identifier.

    Examples
    --------
    >>> ulid(1_772_442_927_403_118, b"one")
    '01kjpx9g9bet9c7b9n82xr0f02'
    """
    random = int.from_bytes(hashlib.sha256(entropy).digest()[:10], "big")
    value = (instant // 1000) << 80 | random
    return "".join(ALPHABET[value >> shift & 31] for shift in range(125, -1, -5))


def sample(account: Account, path: str) -> Answer:
    """Return the event that an SDK fetches to test itself with, with its signature in a header.

    It tells of `SAMPLE_NUMBER` at the sandbox's present; nothing is queued, and nobody has to log in.
    """
    status = SAMPLES[path]
    content = _content(SAMPLE_NUMBER, "ACTIVE_NUMBER", f"PROVISIONING_TO_{VOICE_PLATFORM}", status)
    code = VOICE_FAILED if status == FAILED else None
    body = _body(account, account.clock.now(), path.encode(), content | _failure(code)).encode()
    signed = sign(account, body)
    headers = ((SIGNATURE_HEADER.lower(), signed),) if signed else ()
    return Answer(HTTPStatus.OK, body, headers)
