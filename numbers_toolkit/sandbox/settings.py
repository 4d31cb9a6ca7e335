"""The sandbox's switches, checked once and kept together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from numbers_toolkit.sandbox.clock import from_text

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST_INVENTORY = 1_000_000
# Half an hour: the shortest reservation of an order that the documentation allows.
SHORTEST_RESERVATION = 1800
# A year of sandbox time; a minute of real time.
LONGEST_RETRY = 366 * 24 * 3600
LONGEST_TIMEOUT = 60


@dataclass(frozen=True)
class Settings:
    """How the simulated account looks and behaves; the fields are documented on `Sandbox`."""

    active: int = 500
    available: int = 5000
    seed: int = 7
    start: str = "2026-03-02T09:00:00Z"
    clock: str = "running"
    token_lifetime: int = 3599
    default_page_size: int = 30
    maximum_page_size: int = 1000
    waiting_seconds: float = 2.0
    running_seconds: float = 5.0
    balance: Decimal = Decimal("10000.00")
    trial_account: bool = False
    require_unlink: bool = False
    enforce_secret_rule: bool = False
    token_rate_limit: bool = False
    numbers_rate_limit: int | None = None
    order_lifetime: float = 48 * 3600.0
    review_seconds: float = 3.0
    upload_seconds: float = 0.0
    attachment_limit: int = 10 * 2**20
    webhook_retries: Sequence[float] = ()
    webhook_timeout: float = 5.0
    deliver_anywhere: bool = False

    def __post_init__(self) -> None:
        """Refuse settings that could not be served."""
        for name in ("active", "available"):
            count = getattr(self, name)
            if not 0 <= count <= LARGEST_INVENTORY:
                raise ValueError(f"{name} must be from 0 to {LARGEST_INVENTORY}, not {count}")
        if self.clock not in {"running", "manual"}:
            raise ValueError(f"clock must be 'running' or 'manual', not {self.clock!r}")
        if not 1 <= self.default_page_size <= self.maximum_page_size:
            raise ValueError("page sizes must satisfy 1 <= default_page_size <= maximum_page_size")
        if self.token_lifetime < 1:
            raise ValueError(f"token_lifetime must be at least 1 second, not {self.token_lifetime}")
        if self.waiting_seconds < 0 or self.running_seconds < 0:
            raise ValueError("waiting_seconds and running_seconds must not be negative")
        if self.numbers_rate_limit is not None and self.numbers_rate_limit < 1:
            raise ValueError(f"numbers_rate_limit must be at least 1, not {self.numbers_rate_limit}")
        self._check_orders()
        self._check_webhooks()
        from_text(self.start)

    def _check_orders(self) -> None:
        if self.order_lifetime < SHORTEST_RESERVATION:
            raise ValueError(
                f"order_lifetime must be at least {SHORTEST_RESERVATION} seconds, not {self.order_lifetime}"
            )
        if self.review_seconds < 0 or self.upload_seconds < 0:
            raise ValueError("review_seconds and upload_seconds must not be negative")
        if self.attachment_limit < 1:
            raise ValueError(f"attachment_limit must be at least 1 byte, not {self.attachment_limit}")

    def _check_webhooks(self) -> None:
        if not all(0 <= seconds <= LONGEST_RETRY for seconds in self.webhook_retries):
            raise ValueError(
                f"webhook_retries must be seconds from 0 to {LONGEST_RETRY}, not {self.webhook_retries!r}"
            )
        if not 0 < self.webhook_timeout <= LONGEST_TIMEOUT:
            raise ValueError(
                f"webhook_timeout must be above 0 and at most {LONGEST_TIMEOUT} seconds, not {self.webhook_timeout}"
            )
