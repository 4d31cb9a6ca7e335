"""Find what must not be passed on: credentials, tokens, secrets and, on request, phone numbers that are somebody's.

===================  ================================================================================
``scanner``          :func:`find_secrets`: files and folders, one finding for each secret of a file
``findings``         :class:`Finding`: where, what kind, masked, and what to do
``reading``          every kind of file as pieces of text: notebooks, archives, tables, binaries
``grids``            tables inside of files: a secret can stand far below its name
``windows``          the places of a large text that are worth a look, and what they say when decoded
``rules``            what a secret looks like
``placeholders``     what only stands in a secret's place
``phone_numbers``    numbers that can belong to somebody
===================  ================================================================================
"""

from __future__ import annotations

from numbers_toolkit.scanning.findings import Finding
from numbers_toolkit.scanning.scanner import allowed_lines, find_secrets

__all__ = ["Finding", "allowed_lines", "find_secrets"]
