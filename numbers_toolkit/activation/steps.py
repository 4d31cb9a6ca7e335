"""One request that changes something, done once: announced, sent, its outcome written; settled by reading.

A procedure is plain code that calls :meth:`Steps.once` for each such request. Run again after a crash, the
same code finds in the journal what was done and goes on from there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import errors
from numbers_toolkit.activation import history
from numbers_toolkit.activation.desk import Unreadable, refusal_text
from numbers_toolkit.activation.endings import (
    NOT_TRIED,
    REFUSED,
    UNKNOWN,
    NumberEnded,
    RunStopped,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numbers_toolkit.activation.desk import Desk
    from numbers_toolkit.activation.history import StepRecord

__all__ = ["Refused", "Settlement", "Steps", "done", "not_done", "unclear"]

#: Requests of one step in one run; each but the first follows a proof that the one before was not carried out.
_MOST_ATTEMPTS: Final = 12

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Settlement:
    """What reading the API's state says of a request whose answer is not known.

    Parameters
    ----------
    result : str
        :data:`history.DONE`, :data:`history.NOT_DONE` or :data:`history.UNKNOWN`.
    message, what_to_do : str
        For a person, when it stays unknown.
    facts : dict
        What was read, when it was done.
    unreachable : bool
        Whether the API could not be read at all.
    """

    result: str
    message: str = ""
    what_to_do: str = ""
    facts: Facts = field(default_factory=dict)
    unreachable: bool = False


def done(facts: Mapping[str, Any]) -> Settlement:
    """Say that the request was carried out."""
    return Settlement(history.DONE, facts=dict(facts))


def not_done() -> Settlement:
    """Say that it was not, so that it may be sent."""
    return Settlement(history.NOT_DONE)


def unclear(message: str, what_to_do: str, *, unreachable: bool = False) -> Settlement:
    """Say that the API's state does not tell."""
    return Settlement(history.UNKNOWN, message, what_to_do, unreachable=unreachable)


class Refused(Exception):  # noqa: N818 - an answer of the API, which the procedure knows to read
    """The API answered that it will not do it: nothing was carried out.

    Parameters
    ----------
    error : APIError
        Its answer.
    """

    def __init__(self, error: errors.APIError) -> None:
        super().__init__(str(error))
        self.error = error
        self.reason = refusal_text(error)


class Steps:
    """The steps of one number.

    Parameters
    ----------
    desk : Desk
        What the run shares.
    number : str
        The phone number.
    """

    def __init__(self, desk: Desk, number: str) -> None:
        self.desk = desk
        self.number = number

    def record(self, step: str) -> StepRecord:
        """Return what is known of a step."""
        return self.desk.history.step(self.number, step)

    def once(
        self,
        step: str,
        *,
        send: Callable[[], Facts],
        settle: Callable[[StepRecord], Settlement],
        ready: Callable[[], None] | None = None,
    ) -> Facts:
        """Have a request carried out once, however often this is called.

        Parameters
        ----------
        step : str
            Name of the step, the same on every run.
        send : callable
            Sends the request, returns what its answer told.
        settle : callable
            Reads the API's state when an answer is not known.
        ready : callable, optional
            Looks, right before sending, whether it is still wanted; ends the number's work if not.

        Returns
        -------
        dict
            The facts, of this run or an earlier one.

        Raises
        ------
        NumberEnded
            When the outcome stays unknown, or the API fails too often.
        Refused
            When the API refuses.
        RunStopped
            When it refuses for a reason that concerns all numbers.
        """
        record = self.record(step)
        if record.result == history.DONE:
            return record.facts
        if record.result == history.UNKNOWN and (facts := self._settled(step, settle)) is not None:
            return facts
        for _ in range(_MOST_ATTEMPTS):
            self.desk.pacer.wait()
            self._go_on()
            if ready is not None:
                ready()
            facts = self._sent(step, send)
            if facts is None and self.record(step).result == history.UNKNOWN:
                facts = self._settled(step, settle)
            if facts is not None:
                self.desk.pacer.ease()
                return facts
        raise NumberEnded(
            NOT_TRIED,
            f"The API failed {_MOST_ATTEMPTS} times to carry it out; reading its state showed each time that nothing "
            f"had happened. Last: {self.record(step).message}",
            "Go on later with resume_activation.",
            unreachable=True,
        )

    def _go_on(self) -> None:
        if self.desk.stop.is_set():
            raise NumberEnded(
                NOT_TRIED,
                self.desk.why_stopped or "The run was stopped.",
                "Go on with resume_activation.",
            )

    def _sent(self, step: str, send: Callable[[], Facts]) -> Facts | None:
        """Announce and send once; None when that did not lead to an answer that counts."""
        self.desk.write("intention", number=self.number, step=step)
        try:
            facts = send()
        except errors.UnknownOutcomeError as error:
            self._outcome(step, history.UNKNOWN, message=str(error))
            self.desk.pacer.slow(getattr(error, "retry_after", None))
            return None
        except (errors.RateLimitError, errors.TransportError) as error:
            # A refusal for haste, or a connection that never came about: nothing was carried out.
            self._outcome(step, history.NOT_DONE, message=str(error))
            self.desk.pacer.slow(getattr(error, "retry_after", None))
            return None
        except errors.InvalidInputError as error:
            self._outcome(step, history.NOT_DONE, message=str(error))
            raise NumberEnded(NOT_TRIED, str(error), "Make a new plan with values that fit.") from error
        except (errors.AuthenticationError, errors.PermissionDeniedError) as error:
            self._outcome(step, history.NOT_DONE, message=str(error))
            raise RunStopped(f"The API refused with {refusal_text(error)}", outcome=REFUSED) from error
        except errors.ResponseFormatError as error:
            self._outcome(step, history.UNKNOWN, message=str(error))
            raise RunStopped(f"This is not the Numbers API: {error}", outcome=UNKNOWN) from error
        except errors.APIError as error:
            self._outcome(step, history.REFUSED, message=refusal_text(error))
            raise Refused(error) from error
        self._outcome(step, history.DONE, facts=facts)
        return facts

    def _settled(self, step: str, settle: Callable[[StepRecord], Settlement]) -> Facts | None:
        """Read what became of a request; None when it surely was not carried out."""
        try:
            settlement = settle(self.record(step))
        except Unreadable as error:
            settlement = unclear(
                f"The answer was lost, and the API could not be read afterwards: {error}",
                "Go on later with resume_activation: it reads what happened before it does anything.",
                unreachable=True,
            )
        if settlement.result == history.UNKNOWN:
            facts = {**self.record(step).facts, "unreachable": settlement.unreachable}
            raise NumberEnded(UNKNOWN, settlement.message, settlement.what_to_do, **facts)
        self._outcome(step, settlement.result, facts=settlement.facts, settled=True)
        return settlement.facts if settlement.result == history.DONE else None

    def _outcome(self, step: str, result: str, **told: Any) -> None:
        given = {name: value for name, value in told.items() if value}
        self.desk.write("outcome", number=self.number, step=step, result=result, **given)
