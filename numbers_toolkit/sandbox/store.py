"""The sandbox's state in SQLite: numbers, stock, service plans, campaigns, charges, orders, events.

A number's JSON document is the truth and is served as it stands; the other columns repeat what filters, limits
and the clock need. Lists walk an index in the order asked for and continue after a key, so that reading
everything takes one pass however many pages it is cut into, and a number that comes or goes between two pages
moves no other number.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numbers_toolkit.sandbox.address_book import ADDRESS_TABLES, AddressBook
from numbers_toolkit.sandbox.answers import to_json
from numbers_toolkit.sandbox.campaigns import Target
from numbers_toolkit.sandbox.order_store import ORDER_INDEXES, ORDER_TABLES, OrderTable
from numbers_toolkit.sandbox.outbox import EVENT_INDEXES, EVENT_TABLES, Outbox
from numbers_toolkit.sandbox.records import ActiveNumber, offer_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SCHEMA_VERSION = "2"
_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE active (
    phone_number TEXT NOT NULL, region_code TEXT NOT NULL, number_type TEXT NOT NULL, capability INTEGER NOT NULL,
    display_name TEXT NOT NULL, campaign_id TEXT NOT NULL, charge_day INTEGER, refusal TEXT NOT NULL,
    sms_wants TEXT, sms_due INTEGER, voice_due INTEGER, due_at INTEGER, document TEXT NOT NULL);
CREATE TABLE stock (
    phone_number TEXT NOT NULL, region_code TEXT NOT NULL, number_type TEXT NOT NULL, capability INTEGER NOT NULL,
    document TEXT NOT NULL);
CREATE TABLE targets (
    role TEXT NOT NULL, target_id TEXT NOT NULL, kind TEXT NOT NULL, error_code TEXT NOT NULL,
    clears_after INTEGER, failing_since INTEGER, PRIMARY KEY (role, target_id));
CREATE TABLE charges (
    at INTEGER NOT NULL, phone_number TEXT NOT NULL, setup TEXT NOT NULL, recurring TEXT NOT NULL,
    currency_code TEXT NOT NULL);
"""
# Built after the rows are in: sorting once is several times faster than keeping an index up to date.
_INDEXES = """
CREATE UNIQUE INDEX active_key ON active (phone_number);
CREATE INDEX active_by_number ON active (phone_number, region_code, number_type, capability);
CREATE INDEX active_by_name ON active (display_name, phone_number, region_code, number_type, capability);
CREATE INDEX active_by_due ON active (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX active_by_campaign ON active (campaign_id) WHERE campaign_id <> '';
CREATE UNIQUE INDEX stock_key ON stock (phone_number);
CREATE INDEX stock_by_offer ON stock (region_code, number_type, phone_number, capability);
"""
ACTIVE_COLUMNS = 13


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; empty values do not narrow. `capability` is a mask of bits that must all be set."""

    region_code: str = ""
    number_type: str = ""
    capability: int = 0
    pattern: str = ""
    search_pattern: str = "CONTAINS"

    def where(self) -> tuple[str, list[Any]]:
        """Return the SQL condition and its parameters."""
        terms: list[tuple[str, list[Any]]] = [("1", [])]
        if self.region_code:
            terms.append(("region_code = ?", [self.region_code]))
        if self.number_type:
            terms.append(("number_type = ?", [self.number_type]))
        if self.capability:
            terms.append(("capability & ? = ?", [self.capability, self.capability]))
        if self.pattern:
            terms.append(self._pattern_term())
        return " AND ".join(sql for sql, _ in terms), [value for _, values in terms for value in values]

    def _pattern_term(self) -> tuple[str, list[Any]]:
        if self.search_pattern == "START":
            after = self.pattern[:-1] + chr(ord(self.pattern[-1]) + 1)
            return "phone_number >= ? AND phone_number < ?", [self.pattern, after]
        if self.search_pattern == "END":
            return "substr(phone_number, ?) = ?", [-len(self.pattern), self.pattern]
        return "instr(phone_number, ?) > 0", [self.pattern]


class Store:
    """Read and change the state. Not safe for threads by itself: the account's lock guards it."""

    def __init__(self, path: Path | None = None) -> None:
        location = ":memory:" if path is None else str(path)
        self._connection = sqlite3.connect(location, isolation_level=None, check_same_thread=False)
        self.outbox = Outbox(self._connection)
        self.addresses = AddressBook(self._connection)
        if path is not None:
            self._claim(path)
        self._counts: dict[Filters, int] = {}
        self.orders = OrderTable(self._connection)

    def _claim(self, path: Path) -> None:
        # One server per file: two clocks over one state would contradict each other.
        try:
            self._connection.execute("PRAGMA busy_timeout = 0")
            self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._connection.execute("BEGIN EXCLUSIVE")
            self._connection.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise ValueError(f"cannot use {path} as sandbox state: {error}") from error

    def close(self) -> None:
        """Close the database; closing twice is harmless."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all changes of the block, or none."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        finally:
            self._counts.clear()
        self._connection.execute("COMMIT")

    def is_empty(self) -> bool:
        """Whether the database has no tables yet."""
        return not self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]

    def create(
        self,
        active: Iterable[Iterable[tuple[Any, ...]]],
        stock: Iterable[Iterable[tuple[Any, ...]]],
        targets: Iterable[Target],
        meta: dict[str, str],
    ) -> None:
        """Replace everything by batches of rows, in the order of the columns."""
        self._drop()
        with self.transaction():
            for statement in (_TABLES + ORDER_TABLES + EVENT_TABLES + ADDRESS_TABLES).split(";"):
                self._connection.execute(statement)
            marks = ",".join("?" * ACTIVE_COLUMNS)
            for batch in active:
                self._connection.executemany(f"INSERT INTO active VALUES ({marks})", batch)  # noqa: S608 - constants
            for batch in stock:
                self._connection.executemany("INSERT INTO stock VALUES (?,?,?,?,?)", batch)
            for target in targets:
                self.put_target(target)
            for name, value in ({"schema": SCHEMA_VERSION} | meta).items():
                self.set_meta(name, value)
            for statement in (_INDEXES + ORDER_INDEXES + EVENT_INDEXES).split(";"):
                self._connection.execute(statement)

    def _drop(self) -> None:
        with self.transaction():
            for table in ("meta", "active", "stock", "targets", "charges", "orders", "events", "addresses"):
                self._connection.execute(f"DROP TABLE IF EXISTS {table}")

    # Active numbers

    def page(
        self, filters: Filters, by_name: bool, after: tuple[str, ...] | None, limit: int
    ) -> list[tuple[str, str, str]]:
        """Return up to `limit` rows (phone number, display name, document) that follow a key."""
        where, values = filters.where()
        index, key = (
            ("active_by_name", "display_name, phone_number")
            if by_name
            else ("active_by_number", "phone_number")
        )
        if after is not None:
            where += f" AND ({key}) > ({','.join('?' * len(after))})"
            values += after
        return self._connection.execute(
            f"SELECT phone_number, display_name, document FROM active INDEXED BY {index}"  # noqa: S608 - constants
            f" WHERE {where} ORDER BY {key} LIMIT ?",
            [*values, limit],
        ).fetchall()

    def count(self, filters: Filters) -> int:
        """Return how many active numbers match; remembered until something changes."""
        if filters not in self._counts:
            where, values = filters.where()
            self._counts[filters] = self._connection.execute(
                f"SELECT count(*) FROM active INDEXED BY active_by_number WHERE {where}",  # noqa: S608 - constants
                values,
            ).fetchone()[0]
        return self._counts[filters]

    def active(self, phone_number: str) -> ActiveNumber | None:
        """Return an active number."""
        row = self._connection.execute(
            "SELECT document, charge_day, refusal, sms_wants, sms_due, voice_due FROM active WHERE phone_number = ?",
            [phone_number],
        ).fetchone()
        if row is None:
            return None
        document, charge_day, refusal, wants, sms_due, voice_due = row
        wanted = None if wants is None else json.loads(wants)
        return ActiveNumber(json.loads(document), charge_day, refusal, wanted, sms_due, voice_due)

    def put_active(self, number: ActiveNumber) -> None:
        """Add or replace an active number."""
        marks = ",".join("?" * ACTIVE_COLUMNS)
        self._connection.execute(
            f"INSERT OR REPLACE INTO active VALUES ({marks})",  # noqa: S608 - constants
            number.values(),
        )

    def put_dates(self, number: ActiveNumber) -> None:
        """Keep the new dates of a renewed number; several times cheaper than replacing the row and its keys."""
        self._connection.execute(
            "UPDATE active SET charge_day = ?, due_at = ?, document = ? WHERE phone_number = ?",
            [number.charge_day, number.due_at(), to_json(number.document), number.phone_number],
        )

    def remove_active(self, phone_number: str) -> None:
        """Forget an active number."""
        self._connection.execute("DELETE FROM active WHERE phone_number = ?", [phone_number])
        self.addresses.remove(phone_number)

    def phone_number_at(self, position: int) -> str | None:
        """Return the active number at a position of the ascending list."""
        row = self._connection.execute(
            "SELECT phone_number FROM active INDEXED BY active_by_number ORDER BY phone_number LIMIT 1 OFFSET ?",
            [position],
        ).fetchone()
        return None if row is None else str(row[0])

    def due(self, now: int) -> list[tuple[int, str, str]]:
        """Return (instant, kind, key) of everything that the clock has changed by now.

        A key is a phone number for the kind ``number``, an order's id for ``order``.
        """
        return self._connection.execute(
            "SELECT due_at, 'number', phone_number FROM active WHERE due_at IS NOT NULL AND due_at <= ?"
            " UNION ALL SELECT due_at, 'order', order_id FROM orders WHERE due_at IS NOT NULL AND due_at <= ?",
            [now, now],
        ).fetchall()

    def next_due(self) -> int | None:
        """Return when the clock changes something next, or an event is to be sent."""
        found = self._connection.execute(
            "SELECT (SELECT min(due_at) FROM active WHERE due_at IS NOT NULL),"
            " (SELECT min(due_at) FROM orders WHERE due_at IS NOT NULL),"
            " (SELECT min(due_at) FROM events WHERE due_at IS NOT NULL)"
        ).fetchone()
        return min((due for due in found if due is not None), default=None)

    # Stock

    def search(self, filters: Filters, limit: int) -> list[tuple[str, str]]:
        """Return up to `limit` numbers on offer (phone number, document) in ascending order."""
        where, values = filters.where()
        return self._connection.execute(
            f"SELECT phone_number, document FROM stock WHERE {where} ORDER BY phone_number LIMIT ?",  # noqa: S608
            [*values, limit],
        ).fetchall()

    def offered_numbers(self, filters: Filters) -> list[str]:
        """Return every phone number on offer that matches."""
        where, values = filters.where()
        rows = self._connection.execute(f"SELECT phone_number FROM stock WHERE {where}", values)  # noqa: S608
        return [number for (number,) in rows]

    def offered(self, phone_number: str) -> str | None:
        """Return the document of a number on offer."""
        row = self._connection.execute(
            "SELECT document FROM stock WHERE phone_number = ?", [phone_number]
        ).fetchone()
        return None if row is None else str(row[0])

    def put_offer(self, document: dict[str, Any]) -> None:
        """Offer a number."""
        self._connection.execute("INSERT OR REPLACE INTO stock VALUES (?,?,?,?,?)", offer_values(document))

    def take(self, phone_number: str) -> None:
        """Withdraw a number from the offer."""
        self._connection.execute("DELETE FROM stock WHERE phone_number = ?", [phone_number])

    def stock_count(self) -> int:
        """Return how many numbers are on offer."""
        return int(self._connection.execute("SELECT count(*) FROM stock").fetchone()[0])

    def offered_types(self) -> list[tuple[str, str]]:
        """Return the pairs of region and number type on offer."""
        return self._connection.execute("SELECT DISTINCT region_code, number_type FROM stock").fetchall()

    # Service plans and campaigns

    def target(self, role: str, target_id: str) -> Target | None:
        """Return a service plan or campaign."""
        row = self._connection.execute(
            "SELECT * FROM targets WHERE role = ? AND target_id = ?", [role, target_id]
        ).fetchone()
        return None if row is None else Target(*row)

    def targets(self, role: str) -> list[Target]:
        """Return all service plans or all campaigns, in the order they were made."""
        rows = self._connection.execute("SELECT * FROM targets WHERE role = ? ORDER BY rowid", [role])
        return [Target(*row) for row in rows]

    def put_target(self, target: Target) -> None:
        """Add or replace a service plan or campaign."""
        values = (
            target.role,
            target.target_id,
            target.kind,
            target.error_code,
            target.clears_after,
            target.failing_since,
        )
        self._connection.execute(
            "INSERT INTO targets VALUES (?,?,?,?,?,?) ON CONFLICT (role, target_id) DO UPDATE SET"
            " kind = excluded.kind, error_code = excluded.error_code, clears_after = excluded.clears_after,"
            " failing_since = excluded.failing_since",
            values,
        )

    def campaign_size(self, campaign_id: str) -> int:
        """Return how many active numbers are linked to a campaign."""
        row = self._connection.execute(
            "SELECT count(*) FROM active WHERE campaign_id = ? AND campaign_id <> ''", [campaign_id]
        )
        return int(row.fetchone()[0])

    # Charges and single values

    def add_charge(self, values: tuple[int, str, str, str, str]) -> None:
        """Write a charge to the ledger."""
        self._connection.execute("INSERT INTO charges VALUES (?,?,?,?,?)", values)

    def charges(self) -> list[tuple[int, str, str, str, str]]:
        """Return the ledger, oldest first."""
        return self._connection.execute("SELECT * FROM charges ORDER BY rowid").fetchall()

    def meta(self, name: str) -> str | None:
        """Return a single value."""
        row = self._connection.execute("SELECT value FROM meta WHERE name = ?", [name]).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, name: str, value: str) -> None:
        """Keep a single value."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", [name, value])
