"""Waiting until numbers are set up: polite polling to an end, whatever ends it.

Reads only. What the last looks showed becomes the table of :mod:`numbers_toolkit.activation.readiness`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit.activation.readiness import FAILED, outcome_frame, running, states_of
from numbers_toolkit.activation.selecting import FEW, read_numbers, required_numbers
from numbers_toolkit.errors import (
    IncompleteDataWarning,
    IncompleteInventoryError,
    InvalidInputError,
    NumbersToolkitError,
    warn_user,
)
from numbers_toolkit.failures import may_pass
from numbers_toolkit.progress import noted_bar
from numbers_toolkit.tables import SERVICES
from numbers_toolkit.wording import counted, listed

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable

    import pandas as pd

    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.progress import NotedReport, Progress

__all__ = ["wait_until_provisioned"]

#: Seconds between two looks: the first pause, by how much each one grows, and the longest.
_FIRST_PAUSE: Final = 2.0
_GROWTH: Final = 1.5
_LONGEST_PAUSE: Final = 30.0
#: A pause is cut into pieces of so many seconds while somebody may cancel it.
_SLICE: Final = 1.0


def wait_until_provisioned(
    client: NumbersClient,
    numbers: Any,
    *,
    services: str | Iterable[str] = SERVICES,
    timeout: float = 900.0,
    progress: Progress = None,
    cancel: threading.Event | None = None,
    looked: Callable[[pd.DataFrame], object] | None = None,
) -> pd.DataFrame:
    """Wait until no set-up of these numbers waits or runs any more, and say how each of them ended.

    Parameters
    ----------
    client : NumbersClient
        The project.
    numbers : str, iterable of str, DataFrame, Series or Result
        Phone numbers, a frame with ``phone_number``, or what :func:`numbers_toolkit.activate` or
        :func:`numbers_toolkit.carry_out` returned: of that, the numbers that were activated or changed.
    services : {"SMS", "VOICE"} or iterable of them, default both
        Services to wait for and to list.
    timeout : float, default 900
        Seconds to wait at most; 0 looks once.
    progress : bool or callable, optional
        True shows a bar ("12/20, 11 ready, 1 failed"), None shows one when a person is looking, a callable
        is told ``(done, total)``.
    cancel : threading.Event, optional
        Set it from another thread to end the waiting; an interrupt (the stop button) does the same.
    looked : callable, optional
        Is given the table as it stands after each look, with the columns of the one that is returned.

    Returns
    -------
    pandas.DataFrame
        One row per number and service, and error code where it failed; numbers in the order given, SMS
        before voice. ``attrs["complete"]`` is False when something was still under way at the end. A job that
        was not touched for more than a day is not waited for.

        - ``phone_number`` : str - number in E.164, always text
        - ``service`` : category - SMS or VOICE
        - ``state`` : category - how far it came; NOT_ACTIVE: no number of the project (any more), NOT_READ:
          could not be read
        - ``error_code`` : category, may be missing - provisioning error code, where it failed
        - ``service_plan_id`` : category, may be missing - plan being set, else in force (SMS)
        - ``campaign_id`` : category, may be missing - campaign being set, else in force (SMS)
        - ``voice_type`` : category, may be missing - voice product being set, else in force (VOICE)
        - ``voice_id`` : category, may be missing - app, trunk or service id being set, else in force (VOICE)
        - ``updated_at`` : datetime64[us, UTC], may be missing - when the job last changed
        - ``waited_seconds`` : Float64, may be missing - from the first look to the one that showed this
        - ``meaning`` : category, may be missing - what the code says
        - ``remedy`` : category, may be missing - what to do
        - ``who_acts`` : category, may be missing - who has to act: you, Sinch, or Sinch's support
        - ``retry`` : category, may be missing - whether sending the same update again can help

    Raises
    ------
    InvalidInputError
        When an argument can't be right; nothing is sent.
    APIError, TransportError, ResponseFormatError
        When reading fails for good; what was known by then is in the error's ``partial``. Faults that pass
        are waited out.

    Warns
    -----
    IncompleteDataWarning
        When the time was up, or the waiting was cancelled, before all was done; or when a job is stuck.
    UnknownValueWarning
        When a state or an error code is new to this version. An unknown state is not waited for.

    Notes
    -----
    Up to 50 numbers are read one by one, more by the list of their regions, once a round; the pauses grow from
    2 to 30 seconds. Nothing is repeated or repaired here: give the numbers that failed to
    :func:`numbers_toolkit.repair_provisioning`.

    Source: ``scheduledProvisioning`` and ``scheduledVoiceProvisioning`` of the active numbers. Success has
    no status of its own: the job is gone and its ids are in force.

    Examples
    --------
    >>> import numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client:
    ...     active = nt.active_numbers(client)
    ...     ready = active[active.sms_state == "PROVISIONED"].head(2)
    ...     outcome = wait_until_provisioned(client, ready, services="SMS", progress=False)
    >>> outcome.state.to_list(), outcome.attrs["complete"]
    (['PROVISIONED', 'PROVISIONED'], True)
    """
    watch = _Watch(client, list(dict.fromkeys(required_numbers(numbers))), _services(services), looked)
    allowed = _seconds(timeout)
    with noted_bar("provisioning", "numbers", progress) as report:
        try:
            why = watch.until_settled(allowed, cancel, report)
        except KeyboardInterrupt:
            why = "The waiting was interrupted"
        except NumbersToolkitError as error:
            error.partial = watch.outcome()
            error.add_note("What was known by then is in the error's 'partial'.")
            raise
    frame = watch.outcome()
    if why and watch.waiting:
        warn_user(
            f"{why}: {counted(len(watch.waiting))} of {len(watch.wanted):,} "
            f"{'is' if len(watch.waiting) == 1 else 'are'} not done yet ({listed(watch.waiting)}). The column state "
            f"says how far they came; call again with them to go on waiting.{watch.told_trouble()}",
            IncompleteDataWarning,
        )
    if watch.stuck:
        warn_user(
            f"{counted(len(watch.stuck))} had a job that was not touched for more than a day "
            f"({listed(watch.stuck)}): it does not end by itself, and was not waited for. "
            "Give it to Sinch support.",
            IncompleteDataWarning,
        )
    return frame


def _services(given: str | Iterable[str]) -> tuple[str, ...]:
    wanted = [str(one).upper() for one in ([given] if isinstance(given, str) else given)]
    strange = [one for one in wanted if one not in SERVICES]
    if strange or not wanted:
        raise InvalidInputError(
            f"services {listed(strange) if strange else given!r} can't be waited for; use "
            f"{' and '.join(SERVICES)}, or one of them."
        )
    return tuple(one for one in SERVICES if one in wanted)


def _seconds(timeout: Any) -> float:
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not 0 <= timeout < math.inf:
        raise InvalidInputError(f"timeout {timeout!r} is no number of seconds of 0 or more.")
    return float(timeout)


@dataclass
class _Watch:
    """The numbers, and what the looks at them have shown so far."""

    client: NumbersClient
    wanted: list[str]
    services: tuple[str, ...]
    looked: Callable[[pd.DataFrame], object] | None = None
    settled: list[pd.DataFrame] = field(default_factory=list)
    under_way: pd.DataFrame | None = None
    gone: list[str] = field(default_factory=list)
    waited: dict[str, float] = field(default_factory=dict)
    regions: dict[str, str | None] = field(default_factory=dict)
    stuck: list[str] = field(default_factory=list)
    failed: int = 0
    trouble: str = ""

    def __post_init__(self) -> None:
        self.waiting = list(self.wanted)
        self._clock = self.client.clock
        self._begun = self._clock.monotonic()

    def elapsed(self) -> float:
        return self._clock.monotonic() - self._begun

    def until_settled(self, allowed: float, cancel: threading.Event | None, report: NotedReport) -> str:
        """Look again and again; return why it ended early, ``""`` when nothing is under way."""
        pause = _FIRST_PAUSE
        while self.waiting:
            asked = self._look_patiently()
            self._tell(report)
            if self.looked is not None:
                self.looked(self.outcome())
            left = allowed - self.elapsed()
            if not self.waiting:
                return ""
            if left <= 0:
                return f"The time of {allowed:g} s is up"
            if self._is_cancelled_during(min(max(pause, asked), left), cancel):
                return "The waiting was cancelled"
            pause = min(pause * _GROWTH, _LONGEST_PAUSE)
        return ""

    def _look_patiently(self) -> float:
        """Look once; a fault that may pass is kept for later. Return the seconds that the API asks to wait."""
        try:
            self._look()
        except NumbersToolkitError as error:
            if not may_pass(error) and not isinstance(error, IncompleteInventoryError):
                raise
            self.trouble = str(error)
            return float(getattr(error, "retry_after", None) or 0.0)
        self.trouble = ""
        return 0.0

    def _look(self) -> None:
        seconds = round(self.elapsed(), 1)
        known = {self.regions.get(number) for number in self.waiting}
        regions = [] if None in known else sorted(one for one in known if one)
        frame = read_numbers(self.client, self.waiting, regions=regions)
        found = set(frame["phone_number"])
        # A list that kept changing while it was read can lack a number that is there.
        sure = len(self.waiting) <= FEW or frame.attrs.get("complete") is True
        lost = [number for number in self.waiting if number not in found]
        self.gone += lost if sure else []
        states = states_of(frame, self.services)
        moving, stuck = running(frame, self.services, self.client.server_time)
        self.settled.append(frame[~moving])
        self.under_way = frame[moving]
        self.stuck += list(frame["phone_number"][stuck])
        self.failed += int((states[~moving & ~stuck] == FAILED).any(axis=1).sum())
        self.regions |= dict(zip(frame["phone_number"], frame["region_code"].astype(object), strict=True))
        self.waited |= dict.fromkeys(self.waiting, seconds)
        self.waiting = [*self.under_way["phone_number"], *([] if sure else lost)]

    def _tell(self, report: NotedReport) -> None:
        done = len(self.wanted) - len(self.waiting)
        ready = done - self.failed - len(self.gone) - len(self.stuck)
        gone = f", {len(self.stuck):,} stuck" if self.stuck else ""
        gone += f", {len(self.gone):,} not active" if self.gone else ""
        report(done, len(self.wanted), f"{ready:,} ready, {self.failed:,} failed{gone}")

    def _is_cancelled_during(self, seconds: float, cancel: threading.Event | None) -> bool:
        if cancel is None:
            self._clock.sleep(seconds)
            return False
        end = self._clock.monotonic() + seconds
        while not cancel.is_set():
            left = end - self._clock.monotonic()
            if left <= 0:
                return False
            self._clock.sleep(min(left, _SLICE))
        return True

    def told_trouble(self) -> str:
        """Say what went wrong with the last look, if anything did."""
        return f" The last look failed: {self.trouble}" if self.trouble else ""

    def outcome(self) -> pd.DataFrame:
        """Return what is known of all numbers."""
        return outcome_frame(
            self.client,
            [*self.settled, *([] if self.under_way is None else [self.under_way])],
            self.wanted,
            self.services,
            gone=self.gone,
            waited=self.waited,
            complete=not self.waiting and not self.stuck,
        )
