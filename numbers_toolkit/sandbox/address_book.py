"""The emergency addresses of the active numbers: a table of the state."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from numbers_toolkit.sandbox.answers import to_json

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

ADDRESS_TABLES = """
CREATE TABLE addresses (phone_number TEXT PRIMARY KEY, display_name TEXT NOT NULL, document TEXT NOT NULL);
"""


class AddressBook:
    """Keep one address per number. The account's lock guards it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def address(self, phone_number: str) -> dict[str, str] | None:
        """Return the address of a number."""
        row = self._connection.execute(
            "SELECT document FROM addresses WHERE phone_number = ?", [phone_number]
        ).fetchone()
        if row is None:
            return None
        document: dict[str, str] = json.loads(row[0])
        return document

    def put(self, phone_number: str, display_name: str, document: Mapping[str, str]) -> None:
        """Keep the address of a number in place of the one it had."""
        values = [phone_number, display_name, to_json(document)]
        self._connection.execute("INSERT OR REPLACE INTO addresses VALUES (?,?,?)", values)

    def remove(self, phone_number: str) -> None:
        """Forget the address of a number, if it has one."""
        self._connection.execute("DELETE FROM addresses WHERE phone_number = ?", [phone_number])
