"""What stands between the process and the sandbox: kills, loses answers, refuses, buys first; and keeps count.

Whether a request is struck follows from the seed, the request and how often it was made, so that a seed can be
repeated; only the threads of the process take turns as they like.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING

from harness.calls import Call, read_call
from harness.scenes import drawn
from numbers_toolkit.sandbox.answers import Answer, Refusal
from numbers_toolkit.sandbox.application import Outcome

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterable

    from harness.evidence import Evidence
    from harness.scenes import Disturbance, Scene
    from numbers_toolkit import Sandbox
    from numbers_toolkit.sandbox.application import Request

    Carry = Callable[[Request], Outcome]

__all__ = ["POINTS", "Gate"]

#: Around which moment of a request a process dies. What is on its way arrives once the next process runs.
POINTS = {
    "before": "before the request arrived",
    "on its way": "with the request on its way",
    "carried out": "when it was carried out",
    "answered": "within milliseconds of the answer",
}
_AFTER_ANSWER = 0.008
_CUT = Outcome(Answer(HTTPStatus.OK, b""), "drop")
_HTML = b"<html><head><title>Bad gateway</title></head><body></body></html>"
_STORM_SHARE = 0.9
#: When storms begin at the latest, and how short and how long they are: requests for each number of the plan.
_STORMS_BEGIN = 9.0
_STORM_LENGTHS = (0.3, 1.5)
#: Requests that a spell needs for its rate to be told.
_FEWEST = 5


class Gate:
    """Disturb one run.

    Parameters
    ----------
    scene : Scene
        The run.
    disturbance : Disturbance
        What goes wrong.
    evidence : Evidence
        The journal's file.
    """

    def __init__(self, scene: Scene, disturbance: Disturbance, evidence: Evidence) -> None:
        self.seed, self.disturbance, self.evidence = scene.seed, disturbance, evidence
        self.sandbox: Sandbox | None = None
        self.on = False
        self.victims: list[subprocess.Popen[str]] = []
        self.lock = threading.RLock()
        self.struck: str = ""
        self.lost = self.refused = 0
        self.taken: set[str] = set()
        self.unannounced: set[str] = set()
        self.again: set[str] = set()
        self._paid: list[tuple[float, bool]] = []
        self._calls: Counter[Call] = Counter()
        self._arrived: Counter[tuple[str, str]] = Counter()
        self._orders: dict[str, str] = {}
        self._bought: set[str] = set()
        self._submitted: set[str] = set()
        self._on_their_way: list[tuple[int, Request]] = []
        self._late: set[str] = set()
        self._requests = 0
        self._carry: Carry | None = None
        self._storms = _storms(scene, disturbance.storms)

    def __call__(self, request: Request, carry_out: Carry) -> Outcome:
        """Answer a request, or see to it that there is no answer."""
        if not self.on:
            return carry_out(request)
        with self.lock:
            self._carry = carry_out
            self._requests += 1
            self._deliver(by=self._requests)
            storm = self._storm()
            call = read_call(request)
            if call is None:
                return self._refusal(storm) or carry_out(request)
            self._check(call, storm)
            first = self._calls[call] == 1 and call.operation in ("rent", "create_order")
            if first and self.buys_first(call.number, early=False):
                self._take(call.number)
            return self._fate(call, request, storm)

    @property
    def changing(self) -> int:
        """How many requests arrived that change something."""
        return self._calls.total()

    # -- what is checked at the very moment -----------------------------------------------------------------------

    def _check(self, call: Call, storm: str) -> None:
        self._calls[call] += 1
        if not call.paid:
            return
        self._paid.append((time.monotonic(), bool(storm)))
        number = call.number or self._orders.get(call.order_id, "")
        self._arrived[call.operation, number] += 1
        if self.evidence.announced(call.operation, number) < self._arrived[call.operation, number]:
            self.unannounced.add(number)
        if number in self._late:
            # A request of the dead process arrived meanwhile: the next one could not know of it.
            return
        reserved = call.operation == "create_order" and self._reserved(number)
        if number in self._bought or call.order_id in self._submitted or reserved:
            self.again.add(number)

    def _reserved(self, number: str) -> bool:
        orders = [order_id for order_id, one in self._orders.items() if one == number]
        states = {one.order_id: one.state for one in self.sandbox.orders} if orders and self.sandbox else {}
        return any(states[order_id] not in ("EXPIRED", "REJECTED") for order_id in orders)

    def _carried_out(self, call: Call, request: Request) -> Outcome:
        assert self._carry is not None
        outcome = self._carry(request)
        if outcome.answer.status == HTTPStatus.OK:
            self._remember(call, outcome)
        return outcome

    def _remember(self, call: Call, outcome: Outcome) -> None:
        if call.operation == "rent":
            self._bought.add(call.number)
        elif call.operation == "submit_order":
            self._submitted.add(call.order_id)
            self._bought.add(self._orders[call.order_id])
        elif call.operation == "create_order":
            self._orders[_order_id(outcome)] = call.number

    # -- what befalls a request -----------------------------------------------------------------------------------

    def _fate(self, call: Call, request: Request, storm: str) -> Outcome:
        draw = drawn(self.seed, "call", call, self._calls[call])
        kill, lose = draw.random() < self.disturbance.kill, draw.random() < self.disturbance.lose
        point = draw.choice(tuple(POINTS)) if kill and self.victims else ""
        if point == "before":
            self.kill(point)
            return _CUT
        if point == "on its way":
            self._on_their_way.append((self._requests + draw.randint(1, 60), request))
            self.kill(point)
            return _CUT
        refusal = self._refusal(storm)
        if refusal is not None:
            # A gateway that fails may have handed the request on.
            if refusal.answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR and draw.random() < 0.5:
                self._carried_out(call, request)
            return refusal
        outcome = self._carried_out(call, request)
        if point == "carried out":
            self.kill(point)
            return _CUT
        if point == "answered":
            threading.Timer(draw.random() * _AFTER_ANSWER, self.kill, [point, list(self.victims)]).start()
        if lose:
            self.lost += 1
            return Outcome(outcome.answer, draw.choice(("drop", "drop", "truncate")))
        return outcome

    def kill(self, point: str, victims: Iterable[subprocess.Popen[str]] | None = None) -> None:
        """Kill the processes of this moment, or those named, as far as they live."""
        with self.lock:
            for victim in self.victims if victims is None else victims:
                if victim.poll() is None:
                    victim.kill()
                    self.struck = point

    def arrive(self) -> None:
        """Let every request arrive that is still on its way."""
        with self.lock:
            self._deliver(by=None)

    def _deliver(self, by: int | None) -> None:
        due = [one for one in self._on_their_way if by is None or one[0] <= by]
        for one in due:
            self._on_their_way.remove(one)
            call = read_call(one[1])
            assert call is not None
            self._late.add(call.number or self._orders[call.order_id])
            self._carried_out(call, one[1])

    # -- somebody else ----------------------------------------------------------------------------------------------

    def buys_first(self, number: str, *, early: bool) -> bool:
        """Whether somebody else buys a number: early, before anybody looks, or when the run's request arrives."""
        draw = drawn(self.seed, "taken", number)
        return draw.random() < self.disturbance.take and (draw.random() < 0.5) == early

    def take_early(self, numbers: Iterable[str]) -> None:
        """Let somebody else buy numbers of a plan that was just made."""
        for number in numbers:
            if self.buys_first(number, early=True):
                self._take(number)

    def _take(self, number: str) -> None:
        assert self.sandbox is not None
        self.sandbox.remove_available(number)
        self.taken.add(number)

    def rates(self, *, storm: bool) -> list[float]:
        """Return how many paid requests a minute were made, by the process's clock: one figure for each spell."""
        spells = [
            [at for at, _ in group]
            for kind, group in groupby(self._paid, lambda one: one[1])
            if kind is storm
        ]
        minutes = [(one[-1] - one[0]) * self.disturbance.speed / 60 for one in spells]
        return [
            (len(one) - 1) / long for one, long in zip(spells, minutes, strict=True) if len(one) >= _FEWEST
        ]

    # -- storms -----------------------------------------------------------------------------------------------------

    def _storm(self) -> str:
        return next((kind for first, last, kind in self._storms if first <= self._requests <= last), "")

    def _refusal(self, storm: str) -> Outcome | None:
        draw = drawn(self.seed, "storm", self._requests)
        if not storm or draw.random() >= _STORM_SHARE:
            return None
        self.refused += 1
        wait = draw.choice((None, None, 1, 3, 10))
        headers = () if wait is None else (("retry-after", str(wait)),)
        if storm == "429":
            return Outcome(Refusal(HTTPStatus.TOO_MANY_REQUESTS, "slow down", headers=headers).answer())
        status = draw.choice((500, 502, 503, 503, 504))
        if status in (HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT):
            return Outcome(Answer(status, _HTML, (), "text/html"))
        return Outcome(Refusal(status, "", headers=headers).answer())


def _order_id(outcome: Outcome) -> str:
    return str(json.loads(outcome.answer.body)["idNumberOrder"])


def _storms(scene: Scene, count: int) -> list[tuple[float, float, str]]:
    """Return first and last request of every storm, and what it consists of."""
    draw = drawn(scene.seed, "storms")
    found = []
    for _ in range(count):
        first = draw.uniform(0, _STORMS_BEGIN) * scene.numbers
        length = draw.uniform(*_STORM_LENGTHS) * scene.numbers
        found.append((first, first + length, draw.choice(("429", "50x"))))
    return found
