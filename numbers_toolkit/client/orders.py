"""Number orders: what they need, create, register, upload, submit, follow (operations 16 to 22).

The way to buy numbers of every region and type. No operation lists orders: whoever loses an order's id loses
sight of the order. What a person registers for an order shows in no representation, error or log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import requests_made
from numbers_toolkit.client.calling import Calling, read_first
from numbers_toolkit.payloads import Hidden

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["NumberOrders"]

_READ_ORDER: Final = read_first("the order")
_READ_REGISTRATION: Final = read_first("the order's registration")
_READ_ATTACHMENTS: Final = read_first("the attachments in the order's registration")
_WAIT_FOR_ORDER: Final = (
    "No operation lists orders, so the order's id is lost with the answer; what it reserved stays reserved until "
    "it expires, which takes 30 minutes to 48 hours when nobody submits it. Wait for an event at its callback_url, "
    "or until it must have expired, before repeating it."
)


class NumberOrders(Calling):
    """Buying by order: papers first, where they are needed, then review."""

    def lookup_number_requirements(self, region_code: str, number_type: str) -> dict[str, Any]:
        """Return what an order of such numbers needs (operation 16); it changes nothing.

        Repeated like a GET when it fails for a while.

        Parameters
        ----------
        region_code : str
            ISO 3166-1 alpha-2.
        number_type : str
            ``MOBILE``, ``LOCAL`` or ``TOLL_FREE``.

        Returns
        -------
        dict
            ``fields`` (what the registration has to hold, in a form of the API's own) and ``attachments``:
            objects with ``id``, ``title``, ``description``, ``mandatory``, ``template``, ``allowedMimeTypes`` and
            ``allowedDocumentTypes``.

        Raises
        ------
        NotFoundError
            When the API knows no requirements: nothing special is needed, or such numbers can't be ordered.
        """
        body = requests_made.number_requirements_body(region_code, number_type)
        return self._call("POST", "/numberOrders:lookupNumberRequirements", body=body, changes=False).object()

    def create_number_order(
        self,
        region_code: str,
        number_type: str,
        *,
        phone_number: str | None = None,
        quantity: int | None = None,
        pattern: str | None = None,
        search_pattern: str = "CONTAINS",
        sequential: bool = False,
        capabilities: str | Iterable[str] | None = None,
        service_plan_id: str | None = None,
        campaign_id: str | None = None,
        voice_type: str | None = None,
        voice_id: str | None = None,
        callback_url: str | None = None,
    ) -> dict[str, Any]:
        """Reserve numbers by an order (operation 17). It is sent once.

        Parameters
        ----------
        region_code : str
            ISO 3166-1 alpha-2.
        number_type : str
            ``MOBILE``, ``LOCAL`` or ``TOLL_FREE``.
        phone_number : str, optional
            The number wanted, E.164; or else ``quantity``.
        quantity : int, optional
            How many numbers, 1 to 100, that the API picks.
        pattern, search_pattern : str, optional
            With a quantity: as in the search.
        sequential : bool, default False
            With a quantity: whether the numbers have to follow each other.
        capabilities : str or iterable of str, optional
            With a quantity: pick numbers that have all of these.
        service_plan_id : str, optional
            SMS service plan to join.
        campaign_id : str, optional
            10DLC campaign to join; needs a service plan.
        voice_type : {"RTC", "EST", "FAX"}, optional
            Voice product; ``RTC`` when only an id is given.
        voice_id : str, optional
            App id (RTC), trunk id (EST) or service id (FAX).
        callback_url : str, optional
            Where the order's events go.

        Returns
        -------
        dict
            The API's NumberOrder. Keep its ``idNumberOrder``: nothing else leads back to the order. Its
            ``expireTime`` says until when the numbers are reserved.

        Raises
        ------
        InvalidInputError
            When not exactly one of ``phone_number`` and ``quantity`` is given, or another value can't be right.
        UnknownOutcomeError
            The answer was lost, and with it the order's id. Don't order again before the reservation is over.
        """
        body = requests_made.number_order_body(
            region_code,
            number_type,
            phone_number=phone_number,
            quantity=quantity,
            pattern=pattern,
            search_pattern=search_pattern,
            sequential=sequential,
            capabilities=capabilities,
            configuration=requests_made.rent_body(
                service_plan_id,
                campaign_id,
                voice_type=voice_type,
                voice_id=voice_id,
                callback_url=callback_url,
            ),
        )
        return self._change("POST", "/numberOrders:createNumberOrder", body, settle=_WAIT_FOR_ORDER)

    def get_number_order(self, order_id: str) -> dict[str, Any]:
        """Return an order (operation 18).

        Parameters
        ----------
        order_id : str
            ``idNumberOrder`` of :meth:`create_number_order`.

        Returns
        -------
        dict
            The API's NumberOrder; ``state`` is ``CREATED``, ``IN_REVIEW``, ``BLOCKED`` (see the registration's
            ``logs``), ``COMPLETED``, ``REJECTED``, ``EXPIRED`` or a new one.

        Raises
        ------
        NotFoundError
            When the project has no such order.
        """
        return self._call("GET", _path(order_id)).object()

    def submit_number_order(self, order_id: str) -> dict[str, Any]:
        """Send an order to review (operation 22): its numbers are bought once it is approved. It is sent once.

        Parameters
        ----------
        order_id : str
            ``idNumberOrder`` of :meth:`create_number_order`.

        Returns
        -------
        dict
            The API's NumberOrder.

        Raises
        ------
        UnknownOutcomeError
            The answer was lost; read the order before doing anything else.
        """
        return self._change("POST", f"{_path(order_id)}/submit", settle=_READ_ORDER)

    def set_registration(self, order_id: str, request_details: Mapping[str, Any]) -> dict[str, Any]:
        """Store what a person has to give for an order (operation 19), in place of what is there; sent once.

        Parameters
        ----------
        order_id : str
            ``idNumberOrder`` of :meth:`create_number_order`.
        request_details : mapping
            The fields that :meth:`lookup_number_requirements` asks for, any JSON.

        Returns
        -------
        dict
            As :meth:`get_registration`.

        Raises
        ------
        BadRequestError
            The API refused the data; see ``field_violations``. Correct them and send all of it again.
        UnknownOutcomeError
            The answer was lost; read the registration before doing anything else.
        """
        # Verbose tracebacks print variables.
        details = Hidden(request_details)
        del request_details
        path = f"{_path(order_id)}/registration"
        body = requests_made.registration_body(details)
        return self._change("PUT", path, body, settle=_READ_REGISTRATION)

    def get_registration(self, order_id: str) -> dict[str, Any]:
        """Return the registration of an order (operation 20).

        Parameters
        ----------
        order_id : str
            ``idNumberOrder`` of :meth:`create_number_order`.

        Returns
        -------
        dict
            ``requestDetails`` as stored; ``attachments`` with ``attachmentId``, ``fileName``, ``mimeType``,
            ``uploadStatus`` and others; ``logs``, the review team's notes, oldest first.

        Raises
        ------
        NotFoundError
            When the project has no such order.
        """
        return self._call("GET", f"{_path(order_id)}/registration").object()

    def upload_attachment(
        self,
        order_id: str,
        attachment_id: str,
        content: bytes,
        *,
        file_name: str,
        mime_type: str,
        document_type: str | None = None,
    ) -> None:
        """Upload a document for an order (operation 21); sent once.

        Parameters
        ----------
        order_id : str
            ``idNumberOrder`` of :meth:`create_number_order`.
        attachment_id : str
            ``id`` of one of the attachments in :meth:`lookup_number_requirements`.
        content : bytes
            The file.
        file_name : str
            Its name, without folders; any characters but ``/``.
        mime_type : str
            For example ``application/pdf``; one of the attachment's ``allowedMimeTypes`` if it has any.
        document_type : str, optional
            One of the attachment's ``allowedDocumentTypes`` if it has any.

        Raises
        ------
        ContentTooLargeError
            The file is larger than the API takes.
        UnknownOutcomeError
            The answer was lost; look at the registration's attachments, then it may be uploaded again.
        """
        # Verbose tracebacks print variables.
        file = Hidden(content)
        del content
        path = f"{_path(order_id)}/attachments/{requests_made.path_segment(attachment_id, 'attachment_id')}"
        form = requests_made.attachment_form(
            file, file_name=file_name, mime_type=mime_type, document_type=document_type
        )
        self._change_in_silence("POST", path, form, settle=_READ_ATTACHMENTS)


def _path(order_id: str) -> str:
    return f"/numberOrders/{requests_made.path_segment(order_id, 'order_id')}"
