"""Buying one number by a number order: create, papers, submit.

An order reserves a number and costs nothing until it is submitted. Its id is the only way to it: no operation
lists orders. An order whose answer was lost is therefore never created a second time until its reservation has
surely ended, or a person says so; and since nobody can submit it, it never costs anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import errors
from numbers_toolkit.activation import history, wire
from numbers_toolkit.activation.desk import Unreadable
from numbers_toolkit.activation.endings import (
    ACTIVATED,
    NOT_TRIED,
    REFUSED,
    TAKEN,
    UNKNOWN,
    NumberEnded,
    RunStopped,
)
from numbers_toolkit.activation.filing import file_papers, without_values
from numbers_toolkit.activation.given_papers import unused_papers
from numbers_toolkit.activation.papers import papers_for, prepare
from numbers_toolkit.activation.renting import after_refusal, check_price, gone, look_before_buying
from numbers_toolkit.activation.requirements import order_requirements
from numbers_toolkit.activation.steps import Refused, Settlement, Steps, done, not_done, unclear
from numbers_toolkit.activation.whereabouts import ACTIVE, ON_OFFER, active_number, whereabouts
from numbers_toolkit.payloads import Hidden
from numbers_toolkit.wording import listed

if TYPE_CHECKING:
    from numbers_toolkit.activation.desk import Desk
    from numbers_toolkit.activation.history import StepRecord
    from numbers_toolkit.activation.papers import PreparedPapers
    from numbers_toolkit.activation.plan import PlannedNumber

__all__ = [
    "LONGEST_RESERVATION_SECONDS",
    "known_order",
    "order",
    "prepare_papers",
    "prepared_papers",
    "read_order",
    "registered",
    "submitted",
]

#: An order that is not submitted ends after 30 minutes to 48 hours. Source: the Numbers API's OpenAPI
#: description, version 1.0.3.
LONGEST_RESERVATION_SECONDS: Final = 48 * 3600.0
CREATED: Final = "CREATED"
BLOCKED: Final = "BLOCKED"
COMPLETED: Final = "COMPLETED"
REJECTED: Final = "REJECTED"
EXPIRED: Final = "EXPIRED"
_ENDED: Final = (REJECTED, EXPIRED)
#: An expired order is made anew so often in one run.
_MOST_ORDERS: Final = 3
_UNSPENT: Final = "The order was not submitted; it ends by itself and nothing is spent on it."


class _Expired(Exception):  # noqa: N818 - a state of the order
    """The order at hand has ended without being submitted."""


def order(number: PlannedNumber, desk: Desk) -> None:
    """Order one number and submit the order; returns when it is under review.

    Raises
    ------
    NumberEnded
        When the number's work has ended before or by that.
    """
    state = _state_of_known(number, desk)
    if state not in ("", CREATED, BLOCKED, EXPIRED):
        return
    try:
        prepared = prepared_papers(number, desk)
    except NumberEnded:
        # What the reviewers of a blocked order ask for is told when it is followed.
        if state == BLOCKED or (state != EXPIRED and _is_submitted(number, desk)):
            return
        raise
    for turn in _turns(number, desk):
        steps = Steps(desk, number.phone_number)
        try:
            facts = _created(number, desk, steps, _named("create_order", turn))
            _submitted(number, steps, facts["order_id"], prepared, turn)
        except _Expired:
            desk.write(
                "outcome", number=number.phone_number, step=_named("expired", turn), result=history.DONE
            )
            continue
        return
    raise NumberEnded(
        NOT_TRIED,
        f"{_MOST_ORDERS} orders for it have expired before they could be submitted. {_UNSPENT}",
        "Go on with resume_activation once what delays the orders is out of the way.",
        order_state=EXPIRED,
    )


def _state_of_known(number: PlannedNumber, desk: Desk) -> str:
    """Return the state of the order that an earlier run made; ``""`` when there is none to go on with."""
    order_id = known_order(number, desk).get("order_id", "")
    if not order_id:
        return ""
    try:
        return wire.order_facts(read_order(desk, order_id))["order_state"]
    except errors.NotFoundError:
        turn = _turns(number, desk).start
        record = desk.history.step(number.phone_number, _named("create_order", turn))
        if submitted(number, desk):
            # Whether its number is active is looked at when the order is followed.
            return "not found"
        if desk.age(record.announced_at) <= LONGEST_RESERVATION_SECONDS:
            raise
        # It was never submitted and its reservation is over: the API has forgotten it.
        desk.write("outcome", number=number.phone_number, step=_named("expired", turn), result=history.DONE)
        return EXPIRED


def submitted(number: Any, desk: Desk) -> bool:
    """Whether the order at hand was submitted, or may have been: then it is paid when it is approved."""
    now = _named("submit", _turns(number, desk).start)
    return any(
        record.result in (history.DONE, history.UNKNOWN)
        for step, record in desk.history.steps_of(number.phone_number).items()
        if step == now or step.startswith("submit with")
    )


def _is_submitted(number: PlannedNumber, desk: Desk) -> bool:
    step = _named("submit", _turns(number, desk).start)
    return desk.history.step(number.phone_number, step).result == history.DONE


def _named(step: str, turn: int) -> str:
    return step if turn == 1 else f"{step} {turn}"


def _turns(number: PlannedNumber, desk: Desk) -> range:
    """Return the turns of this run: from the first whose order has not expired."""
    steps = Steps(desk, number.phone_number)
    turn = 1
    while steps.record(_named("expired", turn)).result == history.DONE:
        turn += 1
    return range(turn, turn + _MOST_ORDERS)


def prepared_papers(number: PlannedNumber, desk: Desk) -> PreparedPapers | None:
    """Return the papers for a number, checked; None when none are needed. They serve every number of a kind.

    Raises
    ------
    NumberEnded
        When they are missing or wrong; nothing was sent for the number.
    """
    kind = (number.region_code, number.number_type)
    try:
        requirements = desk.once(
            ("requirements", kind), lambda: desk.read(lambda: order_requirements(desk.client, *kind))
        )
        given = papers_for(desk.options.papers, *kind)
        if given is None and not requirements.mandatory:
            return None
        return desk.once(("papers", kind), lambda: prepare(requirements, given))
    except errors.PapersError as error:
        raise NumberEnded(
            NOT_TRIED,
            f"{error} {_no_order(number, desk)}",
            "Go on with resume_activation(journal, papers=...) when the papers are complete.",
            **known_order(number, desk),
        ) from error


def prepare_papers(desk: Desk) -> None:
    """Check the papers of every kind of number once, in the caller's thread, where warnings reach the user."""
    kinds: dict[tuple[str, str], PlannedNumber] = {}
    for one in desk.history.planned():
        if one.route == "order" and one.phone_number not in desk.history.ended:
            kinds.setdefault((one.region_code, one.number_type), one)
    _warn_of_unused_papers(desk)
    for one in kinds.values():
        try:
            prepared_papers(one, desk)
        except errors.MissingDependencyError:
            raise
        except (NumberEnded, RunStopped, Unreadable, errors.NumbersToolkitError):
            # What is wrong is told for each number when its turn comes.
            continue


def _warn_of_unused_papers(desk: Desk) -> None:
    ordered = {(one.region_code, one.number_type) for one in desk.history.planned() if one.route == "order"}
    unused = unused_papers(desk.options.papers, ordered)
    if unused:
        errors.warn_user(
            f"Papers were given for {listed(unused)}, but no number of the plan is ordered there: they are not used.",
            errors.PapersWarning,
        )


def _no_order(number: PlannedNumber, desk: Desk) -> str:
    known = known_order(number, desk)
    if not known:
        return "Nothing was ordered and nothing spent."
    return f"Order {known['order_id']} waits for them, not submitted; nothing is spent on it."


def known_order(number: Any, desk: Desk) -> dict[str, str]:
    """Return the id of a number's last order as a fact, nothing when it has none."""
    found: dict[str, str] = {}
    for step, record in desk.history.steps_of(number.phone_number).items():
        if step.startswith("create_order") and record.result == history.DONE:
            found = {"order_id": str(record.facts["order_id"])}
    return found


# -- create -----------------------------------------------------------------------------------------------------


def _created(number: PlannedNumber, desk: Desk, steps: Steps, step: str) -> dict[str, Any]:
    def send() -> dict[str, Any]:
        given: dict[str, Any] = number.configuration.arguments()
        answer = desk.client.create_number_order(
            number.region_code, number.number_type, phone_number=number.phone_number, **given
        )
        return _order_facts(answer, number)

    try:
        return steps.once(
            step,
            send=send,
            settle=lambda record: _settle_create(number, desk, record),
            ready=lambda: look_before_buying(number, desk, steps.record(step)),
        )
    except Refused as refusal:
        raise _create_refused(number, desk, refusal, steps.record(step)) from refusal


def _order_facts(answer: dict[str, Any], number: PlannedNumber) -> dict[str, Any]:
    facts = wire.order_facts(answer)
    if not facts["order_id"]:
        raise errors.UnknownOutcomeError(
            f"The API made an order for {number.phone_number}, but its answer holds no order id. The order can't be "
            "submitted without one, so nothing is spent."
        )
    return facts


def _settle_create(number: PlannedNumber, desk: Desk, record: StepRecord) -> Settlement:
    wrong: errors.NotFoundError | None = None
    for order_id in desk.options.known_orders:
        try:
            answer = desk.once(("order", order_id), lambda known=order_id: read_order(desk, known))  # type: ignore[misc]
        except errors.NotFoundError as error:
            wrong = wrong or error
            continue
        facts = wire.order_facts(answer)
        # One that has ended is an earlier order of the number, and says nothing of the one whose answer was lost.
        if number.phone_number in wire.order_numbers(answer) and facts["order_state"] not in _ENDED:
            return done(facts)
    if wrong is not None:
        raise wrong
    if active_number(desk, number.phone_number) is not None:
        raise NumberEnded(ACTIVATED, "It is active in this project, by an order whose answer was lost.")
    ended = desk.age(record.announced_at) > LONGEST_RESERVATION_SECONDS
    on_offer = whereabouts(desk, number.phone_number).place == ON_OFFER
    if ended or (on_offer and desk.options.order_again):
        return not_done()
    if on_offer:
        return unclear(
            "The answer to the order was lost. The number is on offer, so most likely there is no order; it is not "
            f"ordered again without your word. {_UNSPENT}",
            "Go on with resume_activation(journal, order_again=True) to order it anew, or wait 48 hours and go on "
            "with resume_activation(journal), which then does so by itself.",
        )
    return unclear(
        "The answer to the order was lost, and with it the order's id; the number is not on offer, so an order "
        f"reserves it, ours or somebody else's. {_UNSPENT}",
        "If an event at your callback URL names an order of yours, go on with resume_activation(journal, "
        "known_orders=[id]). Otherwise go on with resume_activation(journal) after 48 hours, when every reservation "
        "has ended.",
    )


def _create_refused(number: PlannedNumber, desk: Desk, refusal: Refused, record: StepRecord) -> NumberEnded:
    found = after_refusal(desk, number.phone_number, refusal)
    if found.place == ON_OFFER:
        return NumberEnded(
            REFUSED, refusal.reason, "Correct what the API refuses, and make a new plan for the number."
        )
    if found.place == ACTIVE or record.attempts == 1:
        return gone(desk, number.phone_number, record, refusal.reason)
    return NumberEnded(TAKEN, f"An order reserves it, or somebody else has it ({refusal.reason}). {_UNSPENT}")


# -- papers and submit ------------------------------------------------------------------------------------------


def _submitted(
    number: PlannedNumber, steps: Steps, order_id: str, prepared: PreparedPapers | None, turn: int
) -> None:
    desk = steps.desk
    answer = read_order(desk, order_id)
    state = wire.order_facts(answer)["order_state"]
    if state == EXPIRED:
        raise _Expired
    if state == CREATED:
        _check_numbers(number, order_id, answer)
        check_price(number, wire.cost_of_order(answer, number.phone_number) or number.cost, _UNSPENT)
        waiting = _filed(number, desk, order_id, prepared)
        _submit(number, steps, order_id, _named("submit", turn), waiting=waiting)
    elif state == BLOCKED and prepared is not None:
        again = f"submit with {prepared.digest[:8]}"
        if not _sent_to_review(number, desk, order_id, prepared, again):
            waiting = _filed(number, desk, order_id, prepared, again)
            _submit(number, steps, order_id, again, blocked=True, waiting=waiting)


def _sent_to_review(
    number: PlannedNumber, desk: Desk, order_id: str, prepared: PreparedPapers, step: str
) -> bool:
    """Whether a blocked order was submitted with these papers before: then the reviewers want others."""
    if not _filed_before(number, desk, order_id, prepared):
        return False
    # A run can have ended between filing them and submitting them.
    filed_for = desk.history.step(number.phone_number, _papers_step(order_id)).facts.get("submit", "")
    return filed_for != step or desk.history.step(number.phone_number, step).result == history.DONE


def _check_numbers(number: PlannedNumber, order_id: str, answer: dict[str, Any]) -> None:
    """Refuse to submit an order that would buy something else."""
    reserved = [one for one in wire.order_numbers(answer) if one]
    if reserved and reserved != [number.phone_number]:
        raise NumberEnded(
            NOT_TRIED,
            f"Order {order_id} was made for this number, but the API says that it reserves {', '.join(reserved)}. "
            f"{_UNSPENT}",
            "Ask Sinch support what became of the order, and make a new plan for the number.",
            order_id=order_id,
        )


def _filed_before(number: PlannedNumber, desk: Desk, order_id: str, prepared: PreparedPapers) -> bool:
    record = desk.history.step(number.phone_number, _papers_step(order_id))
    return record.result == history.DONE and record.facts.get("digest") == prepared.digest


def _papers_step(order_id: str) -> str:
    return f"papers {order_id}"


def _filed(
    number: PlannedNumber, desk: Desk, order_id: str, prepared: PreparedPapers | None, submit: str = ""
) -> bool:
    """File the papers; tells whether the API is still taking up files."""
    if prepared is None or _filed_before(number, desk, order_id, prepared):
        return False
    already = str(desk.history.step(number.phone_number, _papers_step(order_id)).facts.get("digest", ""))
    facts = {"digest": prepared.digest, "submit": submit}
    _note_papers(number, desk, order_id, history.NOT_DONE, facts)
    try:
        filing = desk.read(lambda: file_papers(desk.client, order_id, prepared, already=already))
    except errors.PapersError as error:
        raise NumberEnded(
            NOT_TRIED,
            str(error),
            f"Correct the papers and go on with resume_activation(journal, papers=...) before order {order_id} ends.",
            order_id=order_id,
        ) from error
    except Unreadable as error:
        raise NumberEnded(
            NOT_TRIED,
            f"The papers could not be filed: {error} {_UNSPENT}",
            "Go on with resume_activation.",
            order_id=order_id,
        ) from error
    _note_papers(number, desk, order_id, history.DONE, facts)
    return bool(filing.waiting)


def _note_papers(
    number: PlannedNumber, desk: Desk, order_id: str, result: str, facts: dict[str, str]
) -> None:
    """Write down which papers are filed: their digest alone, since what they say is personal."""
    desk.write(
        "outcome",
        number=number.phone_number,
        step=_papers_step(order_id),
        result=result,
        facts=facts,
    )


def _submit(
    number: PlannedNumber,
    steps: Steps,
    order_id: str,
    step: str,
    *,
    blocked: bool = False,
    waiting: bool = False,
) -> None:
    desk = steps.desk
    unsubmitted = (CREATED, BLOCKED) if blocked else (CREATED,)

    def settle(_record: StepRecord) -> Settlement:
        facts = wire.order_facts(read_order(desk, order_id))
        if facts["order_state"] == EXPIRED:
            raise _Expired
        return not_done() if facts["order_state"] in unsubmitted else done(facts)

    def send() -> dict[str, Any]:
        try:
            return wire.order_facts(desk.client.submit_number_order(order_id))
        except errors.APIError as error:
            # Its words go to the journal, and may quote what a person has registered.
            details = registered(number, desk)
            error.api_message = without_values(error.api_message, details)
            error.details = tuple(without_values(error.details, details))
            error.args = tuple(without_values(error.args, details))
            raise

    try:
        steps.once(step, send=send, settle=settle)
    except Refused as refusal:
        if settle(steps.record(step)).result == history.NOT_DONE:
            if steps.record(step).attempts > 1:
                raise _maybe_submitted(order_id, refusal.reason) from refusal
            raise _unsubmitted(order_id, refusal.reason, waiting=waiting) from refusal


def _maybe_submitted(order_id: str, reason: str) -> NumberEnded:
    return NumberEnded(
        UNKNOWN,
        f"Order {order_id} can't be submitted ({reason}), and reads as not submitted; an earlier request, whose "
        "answer was lost, may have submitted it all the same.",
        "Go on with resume_activation in a quarter of an hour: it reads the order again.",
        order_id=order_id,
    )


def _unsubmitted(order_id: str, reason: str, *, waiting: bool) -> NumberEnded:
    if waiting:
        return NumberEnded(
            NOT_TRIED,
            f"The API is still taking up the files of order {order_id} ({reason}). {_UNSPENT}",
            "Go on with resume_activation(journal, papers=...) in a few minutes.",
            order_id=order_id,
        )
    return NumberEnded(
        REFUSED,
        f"The order can't be submitted: {reason}. {_UNSPENT}",
        "Complete what the API asks for and go on with resume_activation(journal, papers=...).",
        order_id=order_id,
        again=True,
    )


# -- read ------------------------------------------------------------------------------------------------------


def read_order(desk: Desk, order_id: str) -> dict[str, Any]:
    """Return an order as the API tells it."""
    return desk.read(lambda: desk.client.get_number_order(order_id))


def registered(number: PlannedNumber, desk: Desk) -> Hidden:
    """Return the data that was registered for such numbers, as far as this run knows it."""
    prepared = desk.cache.get(("papers", (number.region_code, number.number_type)))
    return Hidden(prepared.request_details if prepared is not None else {})
