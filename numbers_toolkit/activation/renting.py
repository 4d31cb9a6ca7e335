"""Buying one number by ``:rent``.

The API can rent a number once only, so reading the number tells what became of a request whose answer was
lost: active in the project, it worked; still on offer, it did not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import errors
from numbers_toolkit.activation import wire
from numbers_toolkit.activation.endings import ACTIVATED, NOT_TRIED, REFUSED, TAKEN, UNKNOWN, NumberEnded
from numbers_toolkit.activation.steps import Refused, Settlement, Steps, done, not_done, unclear
from numbers_toolkit.activation.whereabouts import (
    ACTIVE,
    ON_OFFER,
    Whereabouts,
    active_number,
    offer,
    whereabouts,
)

if TYPE_CHECKING:
    from numbers_toolkit.activation.desk import Desk
    from numbers_toolkit.activation.history import StepRecord
    from numbers_toolkit.activation.plan import PlannedNumber

__all__ = ["after_refusal", "check_price", "gone", "look_before_buying", "rent"]

STEP: Final = "rent"
#: A request of ours may be carried out this long after its answer was lost; only then is a number that is
#: neither ours nor on offer surely somebody else's.
_IN_FLIGHT_SECONDS: Final = 600.0
_LOST: Final = (
    "The answer to the purchase was lost, and the number is neither active in this project nor on offer: either the "
    "purchase is still being carried out, or somebody else has the number."
)
_LATER: Final = (
    "Go on with resume_activation in a quarter of an hour: it reads the number, and sends nothing before it "
    "knows."
)
_CONTRADICTORY: Final = (
    "The answer to the purchase was lost; a second request was refused since the number is not on offer, yet the API "
    "shows it as on offer: most likely the first one was carried out, and what is shown lags behind."
)
#: Seconds between looks at a number that is refused as not on offer, and yet shown on offer.
_LAG_PAUSES: Final = (1.0, 3.0, 6.0)
_NOT_FOUND: Final = 404
_GONE: Final = "It is no longer on offer, and not active in this project: somebody else has it."


def rent(number: PlannedNumber, desk: Desk) -> None:
    """Buy one number; ends by raising how it went.

    Raises
    ------
    NumberEnded
        Always, with the outcome.
    """
    steps = Steps(desk, number.phone_number)

    def send() -> dict[str, Any]:
        answer = desk.client.rent_number(number.phone_number, **number.configuration.arguments())
        _check_bought(number.phone_number, wire.phone_number(answer))
        return wire.active_facts(answer)

    try:
        facts = steps.once(
            STEP,
            send=send,
            settle=lambda record: _settle(number, desk, record),
            ready=lambda: look_before_buying(number, desk, steps.record(STEP)),
        )
    except Refused as refusal:
        raise _after_refusal(number, desk, refusal, steps.record(STEP)) from refusal
    raise NumberEnded(ACTIVATED, _price_note(number, facts), **_kept(facts))


def _check_bought(wanted: str, told: str) -> None:
    """Take a success for one only when it names the number; reading the number then tells."""
    if not told:
        raise errors.UnknownOutcomeError(f"The purchase of {wanted} was answered without the number.")
    if told != wanted:
        raise errors.ResponseFormatError(
            f"the purchase of {wanted} was answered with {told}. Look at the project's active numbers: the API may "
            "have rented that one instead"
        )


def _kept(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: facts[name] for name in ("ends_at",) if facts.get(name)}


def _settle(number: PlannedNumber, desk: Desk, record: StepRecord) -> Settlement:
    found = whereabouts(desk, number.phone_number)
    if found.place == ACTIVE:
        return done(wire.active_facts(found.answer))
    if found.place == ON_OFFER or desk.age(record.announced_at) > _IN_FLIGHT_SECONDS:
        return not_done()
    return unclear(_LOST, _LATER)


def look_before_buying(number: PlannedNumber, desk: Desk, record: StepRecord) -> None:
    """Check right before buying that the number is on offer at no higher price than planned.

    Parameters
    ----------
    number : PlannedNumber
        What is to be bought.
    desk : Desk
        What the run shares.
    record : StepRecord
        Earlier requests of ours to buy it; each was shown not to have been carried out.

    Raises
    ------
    NumberEnded
        When it is not to be bought.
    """
    on_offer = offer(desk, number.phone_number)
    if on_offer is None:
        raise gone(desk, number.phone_number, record)
    check_price(number, wire.cost_of_offer(on_offer), "Nothing was spent on it.")


def gone(desk: Desk, phone_number: str, record: StepRecord, why: str = "") -> NumberEnded:
    """Return how a number ends that is not on offer any more: ours, somebody else's, or not known yet."""
    if active_number(desk, phone_number) is not None:
        if record.attempts:
            return NumberEnded(ACTIVATED, "A purchase whose answer was lost was carried out after all.")
        return NumberEnded(
            NOT_TRIED,
            "It is already active in this project; nothing was sent for it, and nothing spent by this run.",
            "Nothing, if it was bought earlier: the journal of that run holds the purchase.",
        )
    # The first request is answered by the refusal itself; a lost one before it may still be carried out.
    if record.attempts > bool(why) and desk.age(record.announced_at) <= _IN_FLIGHT_SECONDS:
        return NumberEnded(UNKNOWN, _LOST, _LATER)
    return NumberEnded(TAKEN, _GONE + (f" ({why})" if why else ""))


def check_price(number: PlannedNumber, cost: Any, spent: str) -> None:
    """Refuse a number that costs more than it did in the plan, or in another currency.

    Raises
    ------
    NumberEnded
        When it does.
    """
    planned = number.cost
    if cost is None:
        raise NumberEnded(NOT_TRIED, f"The API no longer tells its price. {spent}", "Make a new plan.")
    same = (cost.currency_code, cost.payment_interval_months) == (
        planned.currency_code,
        planned.payment_interval_months,
    )
    if same and cost.setup <= planned.setup and cost.monthly <= planned.monthly:
        return
    raise NumberEnded(
        NOT_TRIED,
        f"Its price has changed since the plan was made: setup {planned.setup} -> {cost.setup}, monthly "
        f"{planned.monthly} -> {cost.monthly} {cost.currency_code}"
        + (
            ""
            if same
            else f" (was {planned.currency_code}; paid every {cost.payment_interval_months} months)"
        )
        + f". {spent}",
        "Make a new plan, which shows the new price.",
    )


def _after_refusal(number: PlannedNumber, desk: Desk, refusal: Refused, record: StepRecord) -> NumberEnded:
    """Say what a refusal means: a number that is not on offer any more may be ours by a lost earlier request."""
    found = after_refusal(desk, number.phone_number, refusal)
    if found.place == ON_OFFER and record.attempts > 1 and refusal.error.status == _NOT_FOUND:
        return NumberEnded(UNKNOWN, _CONTRADICTORY, _LATER)
    if found.place == ON_OFFER:
        advice = "Correct what the API refuses, and make a new plan for the number."
        return NumberEnded(REFUSED, refusal.reason, advice)
    if found.place == ACTIVE and record.attempts == 1:
        return NumberEnded(
            NOT_TRIED, f"It is already active in this project, not by this run ({refusal.reason})."
        )
    return gone(desk, number.phone_number, record, refusal.reason)


def after_refusal(desk: Desk, phone_number: str, refusal: Refused) -> Whereabouts:
    """Look where a number is whose purchase was refused; patiently when what is read contradicts the refusal.

    What the API shows as on offer may lag behind what it has sold.
    """
    found = whereabouts(desk, phone_number)
    for pause in _LAG_PAUSES:
        if found.place != ON_OFFER or refusal.error.status != _NOT_FOUND or desk.stop.is_set():
            break
        desk.client.clock.sleep(pause)
        found = whereabouts(desk, phone_number)
    return found


def _price_note(number: PlannedNumber, facts: dict[str, Any]) -> str:
    """Say so when the API charges something else than planned; read from its answer."""
    planned = number.cost.monthly * max(1, number.cost.payment_interval_months)
    told = str(facts.get("recurring") or "")
    if not told or wire.same_amount(told, planned, number.cost.currency_code):
        return ""
    return f"The API charges {told} each interval; planned was {planned} {number.cost.currency_code}."
