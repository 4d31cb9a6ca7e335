"""NumbersClient: one method per operation of the Numbers API, arguments checked before anything is sent.

Answers are the API's own JSON as dicts. Nothing here repeats a call that changes something, and nothing
here knows pandas. The paid calls (``rent_number``, ``rent_any_number``, ``create_number_order``,
``submit_number_order``, ``release_number``) are plain operations.

Source of every operation: the Numbers API's OpenAPI description, version 1.0.3.
"""

from __future__ import annotations

from numbers_toolkit.client.active import PAGE_SIZE
from numbers_toolkit.client.available import SEARCH_SIZE
from numbers_toolkit.client.calling import SANDBOX_HEADER
from numbers_toolkit.client.numbers_client import NumbersClient

__all__ = ["PAGE_SIZE", "SANDBOX_HEADER", "SEARCH_SIZE", "NumbersClient"]
