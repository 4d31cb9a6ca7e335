"""The project's secret for signing events (operations 10 and 11)."""

from __future__ import annotations

from typing import Any, Final

from numbers_toolkit import requests_made
from numbers_toolkit.client.calling import Calling, read_first
from numbers_toolkit.settings import SecretText

__all__ = ["Callbacks"]

_READ_CONFIGURATION: Final = read_first("the callback configuration")


class Callbacks(Calling):
    """The callback secret."""

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
        return _hide_secret(self._change("PATCH", "/callbackConfiguration", body, settle=_READ_CONFIGURATION))


def _hide_secret(answer: dict[str, Any]) -> dict[str, Any]:
    secret = answer.get("hmacSecret")
    return {**answer, "hmacSecret": SecretText(secret)} if isinstance(secret, str) else answer
