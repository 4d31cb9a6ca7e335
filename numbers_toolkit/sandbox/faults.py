"""Faults by name: what can go wrong between a client and the API, on request.

=======================  =============================================================================================
name                     effect; options with their defaults
=======================  =============================================================================================
``rate_limited``         429 with ``retry-after``; ``retry_after=1`` (None leaves the header out)
``server_error``         500 in the envelope, nothing carried out
``unavailable``          503 in the envelope; ``retry_after=None``
``slow``                 the call is carried out ``delay=1.0`` real seconds later
``html_answer``          a proxy's HTML page; ``status=502`` (200 is the nastier choice)
``truncated_body``       carried out; half of the announced bytes arrive, then the connection closes
``connection_reset``     not carried out; the connection is reset without an answer
``lost_answer``          **carried out**, then the connection is closed without an answer
``expired_token``        401 that names an expired token, whatever the credentials
``repeated_page_token``  a page answers with the token that asked for it, without end
``changing_inventory``   before a following page a number is added or vanishes; ``change="both"`` ("add", "remove")
``wrong_total``          ``totalSize`` is off; ``offset=1``
``odd_values``           numbers carry unusual but possible content; ``kinds=None`` for all of `ODD_KINDS`
``duplicate_number``     a page repeats the last number of the page before; ``conflicting=False``
``duplicate_event``      a webhook event that arrived is sent once more; ``seconds=0.0`` of sandbox time later
``late_event``           a webhook event is held back ``seconds=60.0`` of sandbox time, so that others overtake it
``wrong_signature``      a webhook event is signed with another secret
=======================  =============================================================================================
"""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

DEFAULTS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "rate_limited": {"retry_after": 1},
        "server_error": {},
        "unavailable": {"retry_after": None},
        "slow": {"delay": 1.0},
        "html_answer": {"status": 502},
        "truncated_body": {},
        "connection_reset": {},
        "lost_answer": {},
        "expired_token": {},
        "repeated_page_token": {},
        "changing_inventory": {"change": "both"},
        "wrong_total": {"offset": 1},
        "odd_values": {"kinds": None},
        "duplicate_number": {"conflicting": False},
        "duplicate_event": {"seconds": 0.0},
        "late_event": {"seconds": 60.0},
        "wrong_signature": {},
    }
)
FAULTS = tuple(DEFAULTS)


@dataclass
class Fault:
    """One fault that is switched on.

    Attributes
    ----------
    name : str
        One of `FAULTS`.
    times : int or None
        How often it strikes; None means always.
    probability : float
        Chance that it strikes when it could, drawn from a seeded generator.
    operation : str or None
        The one operation it strikes (``list_active``, ``rent``, ``token``, ...); None means every operation
        of the Numbers API, but not the token endpoint. For a webhook event it is the event's type
        (``PROVISIONING_TO_CAMPAIGN``, ``NUMBER_ORDER_PROCESSING``, ...).
    path : str or None
        Text that the path must contain, or the callback URL of a webhook event.
    options : dict
        See the table of the module.
    hits : int
        How often it has struck.
    """

    name: str
    times: int | None = None
    probability: float = 1.0
    operation: str | None = None
    path: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    hits: int = 0

    def applies(self, operation: str, path: str) -> bool:
        """Whether it may strike this call."""
        if self.times is not None and self.hits >= self.times:
            return False
        named = self.operation == operation if self.operation else operation != "token"
        return named and (self.path is None or self.path in path)


class Faults:
    """Switch faults on and off while the sandbox runs.

    Examples
    --------
    >>> faults = Faults(seed=7)
    >>> fault = faults.add("rate_limited", times=2, operation="list_active", retry_after=5)
    >>> [fault.name for fault in faults]
    ['rate_limited']
    >>> faults.clear()
    >>> len(faults)
    0
    """

    def __init__(self, seed: int, initial: Iterable[str | Mapping[str, Any]] = ()) -> None:
        self._seed = seed
        self._initial = [{"name": item} if isinstance(item, str) else dict(item) for item in initial]
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Go back to the faults given to the constructor, unused."""
        self._faults: list[Fault] = []
        self._rng = random.Random(f"faults:{self._seed}")
        for item in self._initial:
            self.add(**item)

    def add(
        self,
        name: str,
        *,
        times: int | None = None,
        probability: float = 1.0,
        operation: str | None = None,
        path: str | None = None,
        **options: Any,
    ) -> Fault:
        """Switch a fault on.

        Parameters
        ----------
        name : str
            One of `FAULTS`.
        times : int, optional
            How often it strikes; default without end.
        probability : float
            Chance of striking, from 0 to 1.
        operation, path : str, optional
            Narrow it to one operation, or to paths that contain a text.
        **options
            Options of this fault, see the module.

        Returns
        -------
        Fault
            Its `hits` count; hand it to :meth:`remove` to switch it off.

        Raises
        ------
        ValueError
            For an unknown name or option.
        """
        if name not in DEFAULTS:
            raise ValueError(f"unknown fault {name!r}; choose from {', '.join(FAULTS)}")
        unknown = options.keys() - DEFAULTS[name].keys()
        if unknown:
            raise ValueError(f"{name} has no option {', '.join(sorted(unknown))}; it has {[*DEFAULTS[name]]}")
        fault = Fault(name, times, probability, operation, path, {**DEFAULTS[name], **options})
        with self._lock:
            self._faults.append(fault)
        return fault

    def remove(self, fault: Fault | str) -> None:
        """Switch one fault off, or all of a name."""
        with self._lock:
            self._faults = [each for each in self._faults if each is not fault and each.name != fault]

    def clear(self) -> None:
        """Switch all faults off."""
        with self._lock:
            self._faults = []

    def strike(self, name: str, operation: str, path: str) -> Fault | None:
        """Return the first fault of a name that strikes this call, and count it."""
        with self._lock:
            for fault in self._faults:
                if fault.name == name and fault.applies(operation, path) and self._drawn(fault):
                    fault.hits += 1
                    return fault
        return None

    def _drawn(self, fault: Fault) -> bool:
        return fault.probability >= 1 or self._rng.random() < fault.probability

    def __iter__(self) -> Iterator[Fault]:
        return iter(tuple(self._faults))

    def __len__(self) -> int:
        return len(self._faults)
