"""NumbersClient: one method per operation of the Numbers API, arguments checked before anything is sent.

Answers are the API's own JSON as dicts. Nothing here repeats a call that changes something, and nothing
here knows pandas. The paid calls (``rent_number``, ``rent_any_number``, ``release_number``) are plain
operations.

Source of every operation: the Numbers API's OpenAPI description, version 1.0.3.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from numbers_toolkit import requests_made, vocabulary
from numbers_toolkit.errors import (
    InvalidInputError,
    PaginationError,
    ResponseFormatError,
    UnknownOutcomeError,
)
from numbers_toolkit.settings import DEFAULT_NUMBERS_URL, SecretText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numbers_toolkit.answers import Answer
    from numbers_toolkit.transport import Transport

__all__ = ["NumbersClient"]

#: The list has no documented page size. This many keep a hundred thousand numbers at a hundred requests;
#: a server that allows fewer answers with fewer.
PAGE_SIZE: Final = 1000
#: The search has no documented maximum either. Source: third-party description, 100.
SEARCH_SIZE: Final = 100
#: Set by this package's sandbox, so that its data is labelled wherever it is shown.
SANDBOX_HEADER: Final = "x-numbers-toolkit-sandbox"
#: A list that only ever gives new tokens and no numbers would go on for ever.
_MOST_EMPTY_PAGES: Final = 100


class NumbersClient:
    """The Numbers API for one project. Make one with :func:`numbers_toolkit.connect`.

    A context manager; safe to share between threads.

    Parameters
    ----------
    project_id : str
        Project.
    transport : Transport
        How requests are sent.

    Attributes
    ----------
    project_id : str
        Project.
    source : str
        What the data is: ``"production"``, ``"sandbox"``, or ``"server HOST"``.
    sandbox : Sandbox or None
        The embedded sandbox that this client started, if it did.
    """

    def __init__(self, project_id: str, transport: Transport) -> None:
        self.project_id = project_id
        self.sandbox: Any = None
        self._transport = transport
        self._resources = ExitStack()
        self._resources.callback(transport.close)
        origin = transport.endpoints.numbers_url
        self.source = "production" if origin == DEFAULT_NUMBERS_URL else f"server {urlsplit(origin).netloc}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __repr__(self) -> str:
        origin = self._transport.endpoints.numbers_url
        return f"<NumbersClient for project {self.project_id} at {origin} ({self.source})>"

    def close(self) -> None:
        """Close the connections, and the embedded sandbox if this client started one."""
        self._resources.close()

    def on_close(self, callback: Callable[[], object]) -> None:
        """Call something when the client is closed, before its connections are."""
        self._resources.callback(callback)

    # -- regions and numbers on offer -----------------------------------------------------------------

    def list_available_regions(self, number_types: str | Iterable[str] | None = None) -> list[dict[str, Any]]:
        """Return the regions on offer (operation 1).

        Parameters
        ----------
        number_types : str or iterable of str, optional
            Keep regions that offer one of these; None keeps all.

        Returns
        -------
        list of dict
            ``regionCode``, ``regionName``, ``types``.
        """
        query = [("types", one) for one in vocabulary.check_number_types(number_types)]
        answer = self._call("GET", "/availableRegions", query=query)
        return _items(answer.object(), "availableRegions", answer.path)

    def search_available_numbers(
        self,
        region_code: str,
        number_type: str,
        *,
        capabilities: str | Iterable[str] | None = None,
        pattern: str | None = None,
        search_pattern: str = "CONTAINS",
        size: int = SEARCH_SIZE,
    ) -> list[dict[str, Any]]:
        """Search numbers on offer (operation 2); one page, the API gives no more than it likes.

        Parameters
        ----------
        region_code : str
            ISO 3166-1 alpha-2.
        number_type : str
            ``MOBILE``, ``LOCAL`` or ``TOLL_FREE``.
        capabilities : str or iterable of str, optional
            Keep numbers that have all of these.
        pattern : str, optional
            Digits to look for; with ``START`` from the plus sign on.
        search_pattern : {"CONTAINS", "START", "END"}
            Where to look.
        size : int, default 100
            How many at most.

        Returns
        -------
        list of dict
            The API's AvailableNumber objects.
        """
        answer = self.available_numbers_page(
            region_code,
            number_type,
            capabilities=capabilities,
            pattern=pattern,
            search_pattern=search_pattern,
            size=size,
        )
        return _items(answer.object(), "availableNumbers", answer.path)

    def available_numbers_page(
        self,
        region_code: str,
        number_type: str,
        *,
        capabilities: str | Iterable[str] | None = None,
        pattern: str | None = None,
        search_pattern: str = "CONTAINS",
        size: int = SEARCH_SIZE,
    ) -> Answer:
        """Search numbers on offer and return the undecoded answer; parameters as in the search."""
        query = requests_made.available_numbers_query(
            region_code,
            number_type,
            capabilities=capabilities,
            pattern=pattern,
            search_pattern=search_pattern,
            size=size,
        )
        return self._call("GET", "/availableNumbers", query=query)

    def get_available_number(self, phone_number: str) -> dict[str, Any]:
        """Return one number on offer (operation 3); it reserves nothing.

        Raises
        ------
        NotFoundError
            When it is not on offer.
        """
        return self._call("GET", f"/availableNumbers/{vocabulary.check_phone_number(phone_number)}").object()

    # -- renting: costs money, never repeated ------------------------------------------------------------

    def rent_number(
        self,
        phone_number: str,
        *,
        service_plan_id: str | None = None,
        campaign_id: str | None = None,
        voice_type: str | None = None,
        voice_id: str | None = None,
        callback_url: str | None = None,
    ) -> dict[str, Any]:
        """Rent one number (operation 4). It costs money, and is sent once.

        Parameters
        ----------
        phone_number : str
            Number on offer, E.164. Source: this call reaches US LOCAL numbers only.
        service_plan_id : str, optional
            SMS service plan to join.
        campaign_id : str, optional
            10DLC campaign to join; needs a service plan.
        voice_type : {"RTC", "EST", "FAX"}, optional
            Voice product; ``RTC`` when only an id is given.
        voice_id : str, optional
            App id (RTC), trunk id (EST) or service id (FAX).
        callback_url : str, optional
            Where the number's events go.

        Returns
        -------
        dict
            The API's ActiveNumber; what was asked for is first shown as scheduled.

        Raises
        ------
        UnknownOutcomeError
            The answer was lost; read the number before doing anything else.
        """
        number = vocabulary.check_phone_number(phone_number)
        body = requests_made.rent_body(
            service_plan_id, campaign_id, voice_type=voice_type, voice_id=voice_id, callback_url=callback_url
        )
        return self._change("POST", f"/availableNumbers/{number}:rent", body)

    def rent_any_number(
        self,
        region_code: str,
        number_type: str,
        *,
        capabilities: str | Iterable[str] | None = None,
        pattern: str | None = None,
        search_pattern: str = "CONTAINS",
        service_plan_id: str | None = None,
        campaign_id: str | None = None,
        voice_type: str | None = None,
        voice_id: str | None = None,
        callback_url: str | None = None,
    ) -> dict[str, Any]:
        """Rent any number that fits (operation 5). It costs money, and is sent once.

        Parameters are those of the search and of :meth:`rent_number`.

        Returns
        -------
        dict
            The API's ActiveNumber.
        """
        body = requests_made.rent_any_body(
            region_code,
            number_type,
            capabilities=capabilities,
            pattern=pattern,
            search_pattern=search_pattern,
            configuration=requests_made.rent_body(
                service_plan_id,
                campaign_id,
                voice_type=voice_type,
                voice_id=voice_id,
                callback_url=callback_url,
            ),
        )
        return self._change("POST", "/availableNumbers:rentAny", body)

    # -- numbers the project rents -------------------------------------------------------------------------

    def list_active_numbers(
        self,
        *,
        region_code: str | None = None,
        number_type: str | None = None,
        capabilities: str | Iterable[str] | None = None,
        pattern: str | None = None,
        search_pattern: str = "CONTAINS",
        order_by: str | None = "phoneNumber",
        page_size: int = PAGE_SIZE,
    ) -> Iterator[dict[str, Any]]:
        """Yield the project's numbers one by one, page after page as they are needed (operation 6).

        For a DataFrame of many numbers use :func:`numbers_toolkit.active_numbers`, which is many times
        faster and checks that nothing is missing.

        Raises
        ------
        PaginationError
            When a page token comes twice.
        """
        seen = {""}
        token, empty = "", 0
        while True:
            answer = self.active_numbers_page(
                region_code=region_code,
                number_type=number_type,
                capabilities=capabilities,
                pattern=pattern,
                search_pattern=search_pattern,
                order_by=order_by,
                page_size=page_size,
                page_token=token,
            )
            content = answer.object()
            items = _items(content, "activeNumbers", answer.path)
            yield from items
            token, empty = str(content.get("nextPageToken") or ""), 0 if items else empty + 1
            if not token:
                return
            if token in seen or empty > _MOST_EMPTY_PAGES:
                raise PaginationError(
                    "The API gave the same page token twice, or page after page without numbers; the list would "
                    "never end.",
                    path=answer.path,
                )
            seen.add(token)

    def active_numbers_page(
        self,
        *,
        region_code: str | None = None,
        number_type: str | None = None,
        capabilities: str | Iterable[str] | None = None,
        pattern: str | None = None,
        search_pattern: str = "CONTAINS",
        order_by: str | None = "phoneNumber",
        page_size: int = PAGE_SIZE,
        page_token: str = "",
    ) -> Answer:
        """Return one undecoded page of the project's numbers (operation 6).

        Parameters
        ----------
        region_code, number_type : str, optional
            Keep one region, one number type.
        capabilities : str or iterable of str, optional
            Keep numbers that have all of these.
        pattern, search_pattern : str, optional
            As in the search.
        order_by : {"phoneNumber", "displayName"}, optional
            Order of the list.
        page_size : int, default 1000
            How many at most; the API may give fewer.
        page_token : str
            ``nextPageToken`` of the page before, with the same filters.

        Returns
        -------
        Answer
            Its JSON holds ``activeNumbers``, ``nextPageToken`` and ``totalSize``.
        """
        query = requests_made.active_numbers_query(
            region_code=region_code,
            number_type=number_type,
            capabilities=capabilities,
            pattern=pattern,
            search_pattern=search_pattern,
            order_by=order_by,
            page_size=page_size,
            page_token=page_token,
        )
        return self._call("GET", "/activeNumbers", query=query)

    def get_active_number(self, phone_number: str) -> dict[str, Any]:
        """Return one number of the project (operation 7).

        Raises
        ------
        NotFoundError
            When the project does not rent it.
        """
        return self._call("GET", f"/activeNumbers/{vocabulary.check_phone_number(phone_number)}").object()

    def update_active_number(
        self,
        phone_number: str,
        *,
        display_name: str | None = None,
        service_plan_id: str | None = None,
        campaign_id: str | None = None,
        voice_type: str | None = None,
        voice_id: str | None = None,
        callback_url: str | None = None,
    ) -> dict[str, Any]:
        """Change one number (operation 8); what is None is left alone, ``""`` unlinks or clears.

        Parameters
        ----------
        phone_number : str
            Number the project rents, E.164.
        display_name : str, optional
            New name, in force at once.
        service_plan_id, campaign_id : str, optional
            SMS service plan and 10DLC campaign; starts a provisioning job.
        voice_type, voice_id : str, optional
            As in :meth:`rent_number`; starts a provisioning job.
        callback_url : str, optional
            Where the number's events go.

        Returns
        -------
        dict
            The API's ActiveNumber.
        """
        number = vocabulary.check_phone_number(phone_number)
        body = requests_made.update_body(
            display_name=display_name,
            service_plan_id=service_plan_id,
            campaign_id=campaign_id,
            voice_type=voice_type,
            voice_id=voice_id,
            callback_url=callback_url,
        )
        if not body:
            raise InvalidInputError(f"Nothing to change on {number}: give at least one new value.")
        return self._change("PATCH", f"/activeNumbers/{number}", body)

    def release_number(self, phone_number: str) -> dict[str, Any]:
        """Give a number back (operation 9): it ends at its next charge date, and can't be taken back.

        Returns
        -------
        dict
            The API's ActiveNumber with ``expireAt`` set.
        """
        return self._change("POST", f"/activeNumbers/{vocabulary.check_phone_number(phone_number)}:release")

    # -- callback secret -----------------------------------------------------------------------------------

    def get_callback_configuration(self) -> dict[str, Any]:
        """Return the project's secret for signing events (operation 10).

        Returns
        -------
        dict
            ``projectId`` and ``hmacSecret``; the secret is text that does not show in a ``repr``.
        """
        return _hide_secret(self._call("GET", "/callbackConfiguration").object())

    def set_callback_secret(self, hmac_secret: str) -> dict[str, Any]:
        """Set the project's secret for signing events (operation 11).

        Parameters
        ----------
        hmac_secret : str
            32 to 64 letters, digits and hyphens.

        Returns
        -------
        dict
            As :meth:`get_callback_configuration`.
        """
        # Verbose tracebacks print variables.
        hmac_secret = SecretText(hmac_secret) if isinstance(hmac_secret, str) else hmac_secret
        body = requests_made.callback_secret_body(hmac_secret)
        return _hide_secret(self._change("PATCH", "/callbackConfiguration", body))

    def _call(
        self, method: str, path: str, *, query: Any = (), body: Mapping[str, Any] | None = None
    ) -> Answer:
        answer = self._transport.request(
            method, f"/v1/projects/{self.project_id}{path}", query=query, body=body
        )
        if SANDBOX_HEADER in answer.headers:
            self.source = "sandbox"
        return answer

    def _change(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send what changes something; a success that can't be read is an unknown outcome."""
        answer = self._call(method, path, body=body)
        try:
            return answer.object()
        except ResponseFormatError as error:
            raise UnknownOutcomeError(
                f"{method} {answer.path} was answered, but not by what the API sends: {error} It may or may not "
                "have been carried out, and was not sent again. Read the number (GET) before repeating it.",
                method=method,
                path=answer.path,
            ) from error


def _items(content: dict[str, Any], name: str, path: str) -> list[dict[str, Any]]:
    items = content.get(name)
    # An answer that leaves out an empty list is empty; one that holds something else is none of ours.
    if items is None and not content.keys() - {name, "nextPageToken", "totalSize"}:
        return []
    if isinstance(items, list) and all(isinstance(one, dict) for one in items):
        return items
    raise ResponseFormatError(f"The answer to {path} holds no list of objects in {name!r}.", path=path)


def _hide_secret(answer: dict[str, Any]) -> dict[str, Any]:
    secret = answer.get("hmacSecret")
    return {**answer, "hmacSecret": SecretText(secret)} if isinstance(secret, str) else answer
