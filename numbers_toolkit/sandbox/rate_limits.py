"""Token buckets on the sandbox's clock."""

from __future__ import annotations

from numbers_toolkit.sandbox.clock import SECOND


class Bucket:
    """Allow `capacity` requests at once and `refill` more per second of sandbox time.

    Examples
    --------
    >>> bucket = Bucket(capacity=1, refill=10)
    >>> bucket.draw(0), bucket.draw(0), bucket.draw(100_000)
    (True, False, True)
    """

    def __init__(self, capacity: int, refill: int) -> None:
        self._capacity = capacity
        self._refill = refill
        self._level = float(capacity)
        self._seen: int | None = None

    def draw(self, now: int) -> bool:
        """Take one request out; False when the bucket is empty."""
        elapsed = 0 if self._seen is None else now - self._seen
        self._seen = now
        self._level = min(float(self._capacity), self._level + elapsed / SECOND * self._refill)
        if self._level < 1:
            return False
        self._level -= 1
        return True
