"""Requests that change something, as the sandbox meets them: which number or order each is for."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numbers_toolkit.sandbox.application import Request

__all__ = ["PAID", "Call", "read_call"]

#: Requests without which nothing is spent; the journal has to know of them first.
PAID = ("rent", "create_order", "submit_order")
_CALLS = (
    ("POST", re.compile(r".*/availableNumbers/(?P<number>[^/:]+):rent"), "rent"),
    ("POST", re.compile(r".*/numberOrders:createNumberOrder"), "create_order"),
    ("POST", re.compile(r".*/numberOrders/(?P<order>[^/:]+)/submit"), "submit_order"),
    ("PUT", re.compile(r".*/numberOrders/(?P<order>[^/:]+)/registration"), "put_registration"),
    ("POST", re.compile(r".*/numberOrders/(?P<order>[^/:]+)/attachments/[^/:]+"), "upload_attachment"),
)


@dataclass(frozen=True)
class Call:
    """One request that changes something; `number` is empty where only the order is named."""

    operation: str
    number: str = ""
    order_id: str = ""

    @property
    def paid(self) -> bool:
        return self.operation in PAID


def read_call(request: Request) -> Call | None:
    """Return what a request changes, None when it only reads."""
    for method, pattern, operation in _CALLS:
        found = pattern.fullmatch(request.path) if request.method == method else None
        if found:
            named = found.groupdict()
            number = named.get("number") or ""
            if operation == "create_order":
                (number,) = json.loads(request.body)["numberOrderOption"]["phoneNumbers"]
            return Call(operation, number, named.get("order") or "")
    return None
