"""Emergency addresses of US numbers: read, provision, deprovision, validate (operations 12 to 15)."""

from __future__ import annotations

from typing import Any, Final

from numbers_toolkit import requests_made, vocabulary
from numbers_toolkit.client.calling import Calling, read_first

__all__ = ["EmergencyAddresses"]

_READ_ADDRESS: Final = read_first("the number's emergency address")


class EmergencyAddresses(Calling):
    """Where an emergency call (US 911) from a number is sent to."""

    def get_emergency_address(self, phone_number: str) -> dict[str, Any]:
        """Return the emergency address of a number (operation 12).

        Parameters
        ----------
        phone_number : str
            Number the project rents, E.164.

        Returns
        -------
        dict
            The API's EmergencyAddress: ``streetNumber``, ``streetInfo``, ``location``, ``city``, ``state``,
            ``postalCode``, ``postalCodePlusFour``; what was not given is ``""``.

        Raises
        ------
        NotFoundError
            When the number has none, or is not the project's.
        """
        return self._call("GET", _path(phone_number)).object()

    def provision_emergency_address(
        self,
        phone_number: str,
        *,
        display_name: str,
        street_number: str,
        street_info: str,
        city: str,
        state: str,
        postal_code: str,
        location: str | None = None,
        postal_code_plus_four: str | None = None,
    ) -> dict[str, Any]:
        """Give a number its emergency address (operation 13); sent once.

        Parameters
        ----------
        phone_number : str
            Number the project rents, E.164.
        display_name : str
            Who is there, as emergency services see it.
        street_number, street_info : str
            House number, and street with its type, for example ``"1188"`` and ``"Cottonwood Ave"``.
        city, state : str
            City, and state in two letters.
        postal_code : str
            ZIP code in five digits; text, so that a leading zero stays.
        location : str, optional
            Where inside, for example ``"Suite 4"``.
        postal_code_plus_four : str, optional
            The four digits after the ZIP code.

        Returns
        -------
        dict
            The API's EmergencyAddress, as in :meth:`get_emergency_address`.

        Raises
        ------
        BadRequestError
            The API refused a field; see ``field_violations``.
        UnknownOutcomeError
            The answer was lost; read the number's emergency address before doing anything else.
        """
        path = _path(phone_number)
        body = requests_made.emergency_address_body(
            display_name=display_name,
            street_number=street_number,
            street_info=street_info,
            city=city,
            state=state,
            postal_code=postal_code,
            location=location,
            postal_code_plus_four=postal_code_plus_four,
        )
        return self._change("POST", f"{path}:provision", body, settle=_READ_ADDRESS)

    def validate_emergency_address(
        self,
        phone_number: str,
        *,
        display_name: str,
        street_number: str,
        street_info: str,
        city: str,
        state: str,
        postal_code: str,
        location: str | None = None,
        postal_code_plus_four: str | None = None,
    ) -> dict[str, Any]:
        """Ask whether an address is one that emergency services know (operation 15); it changes nothing.

        Parameters are those of :meth:`provision_emergency_address`. Repeated like a GET when it fails for a while.

        Returns
        -------
        dict
            ``validationResult``: ``EXACT_MATCH`` (fine as sent), ``NEAR_MATCH`` (see ``correctedAddress``) or
            ``NO_MATCH`` (see ``candidateAddresses``); further ``validationMessage``, ``validatedAddress``,
            ``phoneNumber`` and ``displayName``.
        """
        path = _path(phone_number)
        body = requests_made.emergency_address_body(
            display_name=display_name,
            street_number=street_number,
            street_info=street_info,
            city=city,
            state=state,
            postal_code=postal_code,
            location=location,
            postal_code_plus_four=postal_code_plus_four,
        )
        return self._call("POST", f"{path}:validate", body=body, changes=False).object()

    def deprovision_emergency_address(self, phone_number: str) -> None:
        """Take a number's emergency address away (operation 14); sent once.

        Parameters
        ----------
        phone_number : str
            Number the project rents, E.164.

        Raises
        ------
        NotFoundError
            When the number has none, or is not the project's.
        UnknownOutcomeError
            The answer was lost; read the number's emergency address before doing anything else.
        """
        self._change_in_silence("POST", f"{_path(phone_number)}:deprovision", settle=_READ_ADDRESS)


def _path(phone_number: str) -> str:
    return f"/activeNumbers/{vocabulary.check_phone_number(phone_number)}/emergencyAddress"
