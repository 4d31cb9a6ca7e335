"""Cassettes: answers of the API recorded into a file, and played back without any network.

===============  ==================================================================================
``cassette``     :func:`use_cassette` and :class:`Cassette`: modes, life, what is asked of it
``recording``    what may be sent and what is kept of it
``playing``      the recorded answers, each once, and what is said when one is missing
``matching``     which recorded request is the same, and which one is nearest
``scrubbing``    what is never kept: credentials, tokens, secrets, cookies, personal data
``sharing``      safe to share: what names a company or a person, by ``pseudonyms``, in ``ordering``
``storing``      the file: vcrpy's YAML, with where it comes from and a checksum; ``bodies`` as text
===============  ==================================================================================
"""

from __future__ import annotations

from numbers_toolkit.cassettes.cassette import Cassette, use_cassette

__all__ = ["Cassette", "use_cassette"]
