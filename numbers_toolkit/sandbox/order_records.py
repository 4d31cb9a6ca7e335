"""Number orders: what is kept of one, and how it and its registration look on the wire."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from numbers_toolkit.sandbox.clock import to_datetime, to_text

if TYPE_CHECKING:
    from datetime import datetime

# A number brought along may have no price; an order shows one all the same, because clients add prices up.
NO_PRICE = {"currencyCode": "USD", "amount": "0"}
OPEN_STATES = ("CREATED", "BLOCKED")
FINAL_STATES = ("COMPLETED", "REJECTED", "EXPIRED")


@dataclass
class Upload:
    """One uploaded attachment, without its bytes: nothing ever asks for them again.

    `ready` is the instant from which it no longer waits, `failed` whether it then has failed.
    """

    attachment_id: str
    file_name: str
    mime_type: str
    document_type: str
    created: int
    updated: int
    ready: int
    failed: bool = False

    def status(self, now: int) -> str:
        """Return ``WAITING``, ``COMPLETED`` or ``FAILED``."""
        if now < self.ready:
            return "WAITING"
        return "FAILED" if self.failed else "COMPLETED"

    def document(self, now: int) -> dict[str, Any]:
        """Return it as a registration shows it."""
        return {
            "attachmentId": self.attachment_id,
            "fileName": self.file_name,
            "mimeType": self.mime_type,
            "createTime": to_text(self.created),
            "updateTime": to_text(self.updated),
            "uploadStatus": self.status(now),
            "documentType": self.document_type,
        }


@dataclass
class Order:
    """One number order.

    Attributes
    ----------
    offers : list of dict
        The numbers it holds, as they stood on offer, so that they can go back there.
    configuration : dict
        ``smsConfiguration`` and ``voiceConfiguration`` as sent, the ones that were sent.
    created, updated, expires : int
        Instants; `expires` counts while the order is open.
    review_ends : int or None
        When the running review ends.
    decision : list of str or None
        State and message of the next end of a review, when somebody has decided it by hand.
    registration : dict or None
        The ``requestDetails``, once they were written.
    uploads : dict
        Uploaded attachments by attachment id.
    logs : list of pairs
        Instant and text of the reviewers' notes, oldest first.
    """

    order_id: str
    region_code: str
    number_type: str
    offers: list[dict[str, Any]]
    configuration: dict[str, Any]
    callback_url: str
    created: int
    updated: int
    expires: int
    state: str = "CREATED"
    review_ends: int | None = None
    decision: list[str] | None = None
    registration: dict[str, Any] | None = field(default=None, repr=False)
    uploads: dict[str, Upload] = field(default_factory=dict)
    logs: list[tuple[int, str]] = field(default_factory=list)

    def values(self) -> dict[str, Any]:
        """Return plain values for the table."""
        return asdict(self)

    @classmethod
    def of(cls, values: dict[str, Any]) -> Order:
        """Make an order of the values that :meth:`values` returned."""
        uploads = {name: Upload(**upload) for name, upload in values["uploads"].items()}
        logs = [(instant, text) for instant, text in values["logs"]]
        return cls(**{**values, "uploads": uploads, "logs": logs})

    @property
    def phone_numbers(self) -> tuple[str, ...]:
        """The numbers it holds."""
        return tuple(str(offer["phoneNumber"]) for offer in self.offers)

    def due_at(self) -> int | None:
        """Return when the clock changes this order next."""
        if self.state == "IN_REVIEW":
            return self.review_ends
        return self.expires if self.state in OPEN_STATES else None

    def expire_time(self) -> int | None:
        """Return the end of the reservation; an order that was decided reserves nothing."""
        return None if self.state in {"COMPLETED", "REJECTED"} else self.expires

    def document(self, project_id: str) -> dict[str, Any]:
        """Return the order as the API shows it."""
        expires = self.expire_time()
        return {
            "projectId": project_id,
            "idNumberOrder": self.order_id,
            "regionCode": self.region_code,
            "state": self.state,
            "numberType": self.number_type,
            "orderNumbers": [_order_number(offer) for offer in self.offers],
            **self.configuration,
            "expireTime": None if expires is None else to_text(expires),
            "createTime": to_text(self.created),
            "updateTime": to_text(self.updated),
        }

    def registration_document(self, now: int) -> dict[str, Any]:
        """Return registration, attachments and notes as the API shows them."""
        return {
            "requestDetails": self.registration or {},
            "attachments": [upload.document(now) for upload in self.uploads.values()],
            "logs": [{"message": text, "createTime": to_text(instant)} for instant, text in self.logs],
        }


def _order_number(offer: dict[str, Any]) -> dict[str, Any]:
    return {
        "phoneNumber": offer["phoneNumber"],
        "numberPrice": {
            "setupPrice": offer.get("setupPrice") or NO_PRICE,
            "monthlyPrice": offer.get("monthlyPrice") or NO_PRICE,
            "paymentIntervalMonths": int(offer.get("paymentIntervalMonths") or 1),
        },
        "capabilities": offer.get("capability") or [],
    }


@dataclass(frozen=True)
class PlacedOrder:
    """One number order, as `Sandbox.orders` shows it.

    Attributes
    ----------
    order_id : str
        Its id.
    state : str
        ``CREATED``, ``IN_REVIEW``, ``BLOCKED``, ``COMPLETED``, ``REJECTED`` or ``EXPIRED``.
    region_code, number_type : str
        What it is for.
    phone_numbers : tuple of str
        The numbers it reserves, has bought or has given back.
    created_at, updated_at : datetime
        When it was made, and when its state changed last; UTC.
    expires_at : datetime or None
        When it expires unless it is submitted; None once it is completed or rejected.
    callback_url : str
        Where its events go; empty for nowhere.
    attachment_ids : tuple of str
        The attachments that were uploaded.
    notes : tuple of str
        The reviewers' notes, oldest first.
    """

    order_id: str
    state: str
    region_code: str
    number_type: str
    phone_numbers: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    callback_url: str
    attachment_ids: tuple[str, ...]
    notes: tuple[str, ...]

    @classmethod
    def of(cls, order: Order) -> PlacedOrder:
        """Show an order."""
        expires = order.expire_time()
        return cls(
            order_id=order.order_id,
            state=order.state,
            region_code=order.region_code,
            number_type=order.number_type,
            phone_numbers=order.phone_numbers,
            created_at=to_datetime(order.created),
            updated_at=to_datetime(order.updated),
            expires_at=None if expires is None else to_datetime(expires),
            callback_url=order.callback_url,
            attachment_ids=tuple(order.uploads),
            notes=tuple(text for _, text in order.logs),
        )
