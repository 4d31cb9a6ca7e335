"""Numbers the project rents: list, read, change, release (operations 6 to 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import requests_made, vocabulary
from numbers_toolkit.client.calling import Calling, items, read_first
from numbers_toolkit.errors import InvalidInputError, PaginationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numbers_toolkit.answers import Answer

__all__ = ["PAGE_SIZE", "ActiveNumbers"]

#: The list has no documented page size. This many keep a hundred thousand numbers at a hundred requests;
#: a server that allows fewer answers with fewer.
PAGE_SIZE: Final = 1000
#: A list that only ever gives new tokens and no numbers would go on for ever.
_MOST_EMPTY_PAGES: Final = 100
_READ_NUMBER: Final = read_first("the number")


class ActiveNumbers(Calling):
    """The project's numbers."""

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
            found = items(content, "activeNumbers", answer.path)
            yield from found
            token, empty = str(content.get("nextPageToken") or ""), 0 if found else empty + 1
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
        return self._change("PATCH", f"/activeNumbers/{number}", body, settle=_READ_NUMBER)

    def release_number(self, phone_number: str) -> dict[str, Any]:
        """Give a number back (operation 9): it ends at its next charge date, and can't be taken back.

        Returns
        -------
        dict
            The API's ActiveNumber with ``expireAt`` set.
        """
        number = vocabulary.check_phone_number(phone_number)
        return self._change("POST", f"/activeNumbers/{number}:release", settle=_READ_NUMBER)
