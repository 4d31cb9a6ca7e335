"""Regions and numbers on offer (operations 1 to 3), and renting them (4 and 5).

Renting costs money. It is sent once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import requests_made, vocabulary
from numbers_toolkit.client.calling import Calling, items, read_first

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numbers_toolkit.answers import Answer

__all__ = ["SEARCH_SIZE", "AvailableNumbers"]

#: The search has no documented maximum. Source: third-party description, 100.
SEARCH_SIZE: Final = 100
_READ_NUMBER: Final = read_first("the number")
_COMPARE: Final = (
    "Compare the project's numbers (GET) with those of before to see what happened before repeating it."
)


class AvailableNumbers(Calling):
    """What is on offer, and renting it."""

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
        return items(answer.object(), "availableRegions", answer.path)

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
        return items(answer.object(), "availableNumbers", answer.path)

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
        return self._change("POST", f"/availableNumbers/{number}:rent", body, settle=_READ_NUMBER)

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
        return self._change("POST", "/availableNumbers:rentAny", body, settle=_COMPARE)
