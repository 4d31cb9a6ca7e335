"""Cassettes of the tests: replayed without any network, and recorded again when a person says so.

``NUMBERS_TOOLKIT_RECORD=sandbox pytest tests/test_recorded.py`` records all of them from the embedded sandbox. With
``production`` in place of ``sandbox`` they are recorded, under pseudonyms, from the project whose credentials the
environment holds; what changes something is left out then, unless ``NUMBERS_TOOLKIT_RECORD_PAID=1`` allows it.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import numbers_toolkit as nt

if TYPE_CHECKING:
    from collections.abc import Iterator

CASSETTES = Path(__file__).parent.parent / "cassettes"
RECORD = os.environ.get("NUMBERS_TOOLKIT_RECORD", "")
PAID = os.environ.get("NUMBERS_TOOLKIT_RECORD_PAID", "")
PRODUCTION = "production"
#: Looked up before any test hides them from the others.
_NAMES = ("SINCH_PROJECT_ID", "SINCH_KEY_ID", "SINCH_KEY_SECRET")
_FOUND = {name: os.environ.get(name) for name in _NAMES}


@contextmanager
def recorded_client(
    name: str, *, module: str, changes: bool = False, **sandbox_options: int
) -> Iterator[nt.NumbersClient]:
    """Yield a client whose answers come from a cassette; when recording, from a server and into it."""
    production = RECORD == PRODUCTION
    if production and changes and not PAID:
        pytest.skip("changes something: recorded from production with NUMBERS_TOOLKIT_RECORD_PAID=1 only")
    path = CASSETTES / module / f"{name}.yaml"
    cassette = nt.use_cassette(path, mode="all" if RECORD else "none", pseudonyms=production)
    with ExitStack() as stack:
        server = None
        if RECORD and not production:
            server = stack.enter_context(nt.Sandbox(clock="manual", **sandbox_options))
        given = _FOUND.values() if production else ()
        yield stack.enter_context(nt.connect(*given, sandbox=server or False, cassette=cassette))
    assert not cassette.unused, "the cassette holds requests that the test does not send"


def as_recorded(client: nt.NumbersClient, number: str) -> str:
    """Return a number as it stands on the cassette, which may hold a pseudonym of it in the next request."""
    cassette = client.cassette
    if cassette.replays and cassette.has_pseudonyms:
        return str(cassette.unused[0].rpartition("/")[2])
    return number


def is_invented(client: nt.NumbersClient) -> bool:
    """Whether answers are those of the sandbox, of which every value is known."""
    return PRODUCTION not in client.source
