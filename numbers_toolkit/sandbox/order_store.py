"""The table of number orders; `numbers_toolkit.sandbox.store` opens the database and creates it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from numbers_toolkit.sandbox.answers import to_json
from numbers_toolkit.sandbox.order_records import Order

if TYPE_CHECKING:
    import sqlite3

ORDER_TABLES = """
CREATE TABLE orders (order_id TEXT PRIMARY KEY, due_at INTEGER, document TEXT NOT NULL);
"""
ORDER_INDEXES = """
CREATE INDEX orders_by_due ON orders (due_at) WHERE due_at IS NOT NULL;
"""


class OrderTable:
    """Read and change the orders of one database; its transactions are the store's."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def count(self) -> int:
        """Return how many orders were ever made."""
        return int(self._connection.execute("SELECT count(*) FROM orders").fetchone()[0])

    def get(self, order_id: str) -> Order | None:
        """Return an order."""
        row = self._connection.execute(
            "SELECT document FROM orders WHERE order_id = ?", [order_id]
        ).fetchone()
        return None if row is None else Order.of(json.loads(row[0]))

    def put(self, order: Order) -> None:
        """Add or replace an order."""
        self._connection.execute(
            "INSERT OR REPLACE INTO orders VALUES (?,?,?)",
            [order.order_id, order.due_at(), to_json(order.values())],
        )

    def all(self) -> list[Order]:
        """Return every order, in the order they were made."""
        rows = self._connection.execute("SELECT document FROM orders ORDER BY order_id")
        return [Order.of(json.loads(document)) for (document,) in rows]
