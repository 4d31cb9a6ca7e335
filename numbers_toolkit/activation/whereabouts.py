"""Where a number is: active in the project, on offer, or neither. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from numbers_toolkit.activation.desk import Desk

__all__ = ["ACTIVE", "NEITHER", "ON_OFFER", "Whereabouts", "active_number", "offer", "whereabouts"]

ACTIVE: Final = "active"
ON_OFFER: Final = "on offer"
NEITHER: Final = "neither"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a number is, and the API's object for it."""

    place: str
    answer: dict[str, Any] = field(default_factory=dict)


def active_number(desk: Desk, number: str) -> dict[str, Any] | None:
    """Return the project's number as the API tells it, None when the project does not rent it."""
    return _found(desk, lambda: desk.client.get_active_number(number))


def offer(desk: Desk, number: str) -> dict[str, Any] | None:
    """Return a number on offer as the API tells it, None when it is not on offer."""
    return _found(desk, lambda: desk.client.get_available_number(number))


def whereabouts(desk: Desk, number: str) -> Whereabouts:
    """Look for a number: first among the project's own, then among those on offer.

    A purchase may be carried out between the two looks, so what is not on offer is looked for once more.
    """
    for _ in range(2):
        active = active_number(desk, number)
        if active is not None:
            return Whereabouts(ACTIVE, active)
        on_offer = offer(desk, number)
        if on_offer is not None:
            return Whereabouts(ON_OFFER, on_offer)
    return Whereabouts(NEITHER)


def _found(desk: Desk, ask: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    try:
        return desk.read(ask)
    except errors.NotFoundError:
        return None
