"""Changing and giving back one number: the requests of bulk updates, repairs and releases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation import wire
from numbers_toolkit.activation.endings import CHANGED, NOT_TRIED, REFUSED, RELEASED, NumberEnded
from numbers_toolkit.activation.steps import Refused, Settlement, Steps, done, not_done
from numbers_toolkit.activation.whereabouts import active_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numbers_toolkit.activation.desk import Desk
    from numbers_toolkit.activation.history import StepRecord
    from numbers_toolkit.activation.plan import PlannedRelease, PlannedUpdate

__all__ = ["releasable", "release", "still_ours", "update"]

#: Looks at a number whose links are being taken away, and the seconds between them.
_LOOKS: Final = 40
_LOOK_SECONDS: Final = 3.0
_NOT_OURS: Final = "It is not an active number of this project (any more)."


def update(item: PlannedUpdate, desk: Desk) -> None:
    """Change one number, taking links away first where the plan says so; ends by raising how it went.

    Raises
    ------
    NumberEnded
        Always, with the outcome.
    """
    if item.unlink:
        _patched(item.phone_number, desk, "unlink", item.unlink)
        _await_unlinked(item, desk)
    facts = _patched(item.phone_number, desk, "update", item.changes)
    raise NumberEnded(CHANGED, **({"ends_at": facts["ends_at"]} if facts.get("ends_at") else {}))


def _patched(number: str, desk: Desk, step: str, changes: Mapping[str, str]) -> dict[str, Any]:
    def settle(record: StepRecord) -> Settlement:
        active = still_ours(number, desk)
        in_force = wire.in_force(active, changes, since=record.announced_at)
        return done(wire.active_facts(active)) if in_force else not_done()

    try:
        return Steps(desk, number).once(
            step,
            send=lambda: wire.active_facts(desk.client.update_active_number(number, **changes)),
            settle=settle,
        )
    except Refused as refusal:
        raise NumberEnded(
            REFUSED,
            refusal.reason if active_number(desk, number) is not None else _NOT_OURS,
            "Correct what the API refuses, and make a new plan for the number.",
        ) from refusal


def _await_unlinked(item: PlannedUpdate, desk: Desk) -> None:
    """Wait until the links are gone: a number can join a plan or campaign only after it has left the other."""
    clock = desk.client.clock
    for look in range(_LOOKS):
        if not wire.job_runs(still_ours(item.phone_number, desk)):
            return
        if desk.stop.is_set():
            break
        clock.sleep(min(_LOOK_SECONDS, 0.25 * 2**look))
    raise NumberEnded(
        NOT_TRIED,
        f"It is still being taken off {', '.join(f'{name} {value}' for name, value in item.before.items())}; the new "
        "values were not sent yet.",
        "Go on with resume_activation in a few minutes.",
    )


def release(item: PlannedRelease, desk: Desk) -> None:
    """Give one number back; ends by raising how it went.

    Raises
    ------
    NumberEnded
        Always, with the outcome.
    """
    number = item.phone_number
    steps = Steps(desk, number)

    def settle(_record: StepRecord) -> Settlement:
        active = active_number(desk, number)
        if active is None:
            return done({})
        facts = wire.active_facts(active)
        return done(facts) if facts["ends_at"] else not_done()

    try:
        facts = steps.once(
            "release",
            send=lambda: wire.active_facts(desk.client.release_number(number)),
            settle=settle,
            ready=lambda: releasable(number, desk),
        )
    except Refused as refusal:
        if active_number(desk, number) is None:
            raise NumberEnded(RELEASED, "It is no longer a number of this project.") from refusal
        raise NumberEnded(REFUSED, refusal.reason, "Ask Sinch support why it can't be released.") from refusal
    raise NumberEnded(RELEASED, ends_at=facts.get("ends_at", ""))


def still_ours(number: str, desk: Desk) -> dict[str, Any]:
    """Return an active number, end its work when the project does not rent it."""
    active = active_number(desk, number)
    if active is None:
        raise NumberEnded(REFUSED, _NOT_OURS)
    return active


def releasable(number: str, desk: Desk) -> None:
    """End the work on a number that is not there to be released."""
    active = still_ours(number, desk)
    ends_at = wire.active_facts(active)["ends_at"]
    if ends_at:
        raise NumberEnded(RELEASED, "It had been released before.", ends_at=ends_at)
