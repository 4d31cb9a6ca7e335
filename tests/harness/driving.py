"""One run from its first start to its end: started, killed, resumed, until nothing is open any more."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numbers_toolkit as nt
from harness.disturbing import POINTS, Gate
from harness.evidence import Evidence
from harness.scenes import PAPERS, SERVICE_PLAN, drawn
from sandbox_helpers import Caller

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.scenes import Disturbance, Scene

__all__ = ["POINTS_OF_DEATH", "Run", "Tally", "environment", "undisturbed"]

#: When processes die, and in which words.
POINTS_OF_DEATH = {**POINTS, "anywhere": "at any time"}
CHILD = Path(__file__).with_name("child.py")
STOCK = 4000
HOUR = 3600.0
#: Longer than any order reserves a number.
RESERVATION = 49 * HOUR
PATIENCE = 120.0
MOST_STARTS = 400
MOST_WAITS = 15
#: So many waits without a change before, and nothing is going to change.
STANDSTILL = 2
KILLED = -9
LONGEST_LIFE = 0.8
#: What a second process is told while the first one works; none of it sends anything.
REFUSED_TWINS = ("JournalLockedError", "PlanAlreadyStartedError")
#: A storm may keep a process from beginning at all; a person tries again.
STORMY = ("ServerError", "RateLimitError", "TransportError", "ResponseFormatError", "AuthenticationError")


@dataclass
class Tally:
    """What befell a run."""

    starts: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    torn: int = 0
    pauses: int = 0
    twins: Counter[str] = field(default_factory=Counter)
    waits: int = 0
    not_begun: int = 0
    stopped: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Ending:
    killed: bool
    told: dict[str, Any]

    @property
    def error(self) -> str:
        return str(self.told.get("error", ""))


@contextlib.contextmanager
def environment(folder: Path) -> Iterator[None]:
    """Keep the register of started plans in a folder of its own."""
    before = os.environ.get("NUMBERS_TOOLKIT_STATE")
    os.environ["NUMBERS_TOOLKIT_STATE"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["NUMBERS_TOOLKIT_STATE"]
        else:
            os.environ["NUMBERS_TOOLKIT_STATE"] = before


class Run:
    """One plan in one sandbox.

    Parameters
    ----------
    scene : Scene
        What is bought.
    disturbance : Disturbance
        What goes wrong.
    folder : pathlib.Path
        Where journal, plan and register stand; empty at first.
    sabotage : str
        A fault to build into the engine, see `harness.sabotage`.
    """

    def __init__(self, scene: Scene, disturbance: Disturbance, folder: Path, sabotage: str = "") -> None:
        self.scene, self.disturbance, self.folder, self.sabotage = scene, disturbance, folder, sabotage
        folder.mkdir(parents=True, exist_ok=True)
        self.journal = folder / "journal.jsonl"
        self.evidence = Evidence(self.journal)
        self.gate = Gate(scene, disturbance, self.evidence)
        self.sandbox = nt.Sandbox(
            active=20,
            available=STOCK,
            seed=scene.seed,
            review_seconds=scene.review_seconds,
            gate=self.gate,
        )
        self.gate.sandbox = self.sandbox
        self.tally = Tally()
        self.plan: nt.ActivationPlan
        self._open: tuple[Any, ...] = ()
        self.spare: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        self.sandbox.start()
        self.sandbox.add_service_plan(SERVICE_PLAN)
        return self

    def __exit__(self, *_: object) -> None:
        self.sandbox.stop()

    # -- the plan ---------------------------------------------------------------------------------------------------

    def make_plan(self) -> None:
        """Plan what the scene wants, with a budget for it, and save the plan."""
        wishes: list[Any] = [
            nt.Wish(count=count, region_code=region, number_type=kind)
            for (region, kind), count in self.scene.wanted.items()
        ]
        given: dict[str, Any] = {"route": self.scene.forced_route, "progress": False}
        if self.scene.service_plan:
            given["service_plan_id"] = SERVICE_PLAN
        with self.sandbox.connect() as client:
            first = nt.plan_activation(client, wishes, **given)
            what = [one.phone_number for one in first.numbers] if self.scene.chosen else wishes
            budgets = {f"max_{part}": self._budget(first, part) for part in ("setup", "monthly")}
            self.plan = nt.plan_activation(client, what, **given, **budgets)
            self.plan.save(self.folder / "plan.json")
            if self.scene.scarce:
                self._make_scarce(client)
        self.gate.take_early(one.phone_number for one in self.plan.numbers)
        self.gate.on = True

    def _budget(self, plan: nt.ActivationPlan, part: str) -> dict[str, Any]:
        room = 1 if self.scene.exact_budget else 2
        return {currency: amount * room for currency, amount in plan.costs(part).items()}

    def _make_scarce(self, client: nt.NumbersClient) -> None:
        planned = {one.phone_number for one in self.plan.numbers}
        for region, kind in self.scene.wanted:
            offers = client.search_available_numbers(region, kind, size=1000)
            for one in offers:
                if one["phoneNumber"] not in planned:
                    self.sandbox.remove_available(one["phoneNumber"])
                    self.spare.append(one)

    # -- starting and killing ---------------------------------------------------------------------------------------

    def carry_through(self) -> None:
        """Start, and start again after every kill, until a process says that nothing is open."""
        more: dict[str, Any] = {}
        for _ in range(MOST_STARTS):
            ending = self._round(more)
            if ending.killed:
                self._after_death()
            elif ending.error in STORMY and self.disturbance.storms:
                self.tally.not_begun += 1
            elif ending.error:
                self._fault(f"a process ended with {ending.error}: {ending.told.get('message')}")
                break
            elif not ending.told["open"]:
                break
            elif self.tally.waits >= MOST_WAITS or self._stands_still(ending.told["open"]):
                self._fault(f"still open after {self.tally.waits} waits: {ending.told['open'][:3]}")
                break
            else:
                self.tally.stopped += bool(ending.told["stopped"])
                more = self._let_time_pass()
        else:
            self._fault(f"not ended after {MOST_STARTS} starts")
        self.gate.arrive()
        # From here on, what is looked at is the end.
        self.gate.on = False

    def _stands_still(self, still_open: list[str]) -> bool:
        """Whether nothing has changed since the last wait but one."""
        before, self._open = self._open, (*self._open[-1:], (self.gate.changing, still_open))
        return len(before) == STANDSTILL and all(one == self._open[-1] for one in before)

    def _round(self, more: dict[str, Any]) -> _Ending:
        """Start a process, now and then two, and wait for the end of them."""
        self.tally.starts += 1
        draw = drawn(self.scene.seed, "start", self.tally.starts)
        verb = "resume" if self.evidence.begun else "activate"
        twin = draw.choice(self.disturbance.twins) if draw.random() < self.disturbance.twin else ""
        deadline = draw.random() * LONGEST_LIFE if draw.random() < self.disturbance.kill_anywhere else None
        self.gate.struck = ""
        processes = [self._process(verb, more)]
        twin = self._possible(twin)
        if twin:
            processes.append(self._process(twin, more if twin == "resume" else {}))
        with self.gate.lock:
            self.gate.victims = processes
        timer = threading.Timer(deadline or 0.0, self.gate.kill, ["anywhere"])
        if deadline is not None:
            timer.start()
        endings = [self._ended(one) for one in processes]
        timer.cancel()
        with self.gate.lock:
            self.gate.victims = []
        if self.gate.struck:
            self.tally.kills[self.gate.struck] += 1
        return self._judged(endings, twin)

    def _possible(self, twin: str) -> str:
        """Leave out a second start that would rightly be the first."""
        if not self.evidence.begun:
            return twin and "activate"
        # The plan is claimed before this line is written.
        claimed = any(line.get("what") == "run" for line in self.evidence.lines())
        return twin if claimed or twin != "elsewhere" else ""

    def _judged(self, endings: list[_Ending], twin: str) -> _Ending:
        main, *others = endings
        for other in others:
            self.tally.twins[_word(other)] += 1
            if other.killed:
                continue
            if twin == "elsewhere" and other.error != "PlanAlreadyStartedError":
                self._fault(f"a second start with another journal was not refused: {other.told}")
            elif other.error and other.error not in REFUSED_TWINS:
                self._fault(f"a second process ended with {other.error}: {other.told['message']}")
            elif main.error in REFUSED_TWINS:
                # The second one was faster; what it found is the end of this round.
                return other if not other.error else _Ending(killed=True, told={})
        if main.error in REFUSED_TWINS and others:
            return _Ending(killed=True, told={})
        return main

    def _process(self, verb: str, more: dict[str, Any]) -> subprocess.Popen[str]:
        journal = self.folder / "elsewhere.jsonl" if verb == "elsewhere" else self.journal
        options = {"concurrency": self.scene.concurrency, "wait_for_orders": self.scene.wait_for_orders}
        call = {
            "verb": "resume" if verb == "resume" else "activate",
            "plan": str(self.folder / "plan.json"),
            "journal": str(journal),
            "connection": self.sandbox.connection(),
            "options": options | (more if verb == "resume" else {}),
            "papers": PAPERS if self.scene.route == "papers" else {},
            "marks": str(
                self.evidence.marks if journal == self.journal else self.folder / "elsewhere.flushed"
            ),
            "speed": self.disturbance.speed,
            "sabotage": self.sabotage,
        }
        with (self.folder / "stderr.txt").open("a") as errors:
            process = subprocess.Popen(
                [sys.executable, str(CHILD)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=self._environment(),
            )
        assert process.stdin is not None
        process.stdin.write(json.dumps(call))
        process.stdin.close()
        process.stdin = None
        return process

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        # Compiled once for all: hundreds of processes start.
        compiled = Path(tempfile.gettempdir()) / "numbers-toolkit-harness-compiled"
        return {
            **kept,
            "NUMBERS_TOOLKIT_STATE": str(self.folder),
            "PYTHONPATH": str(Path(nt.__file__).parents[1]),
            "PYTHONPYCACHEPREFIX": str(compiled),
        }

    def _ended(self, process: subprocess.Popen[str]) -> _Ending:
        try:
            output, _ = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            self._fault(f"a process did not end within {PATIENCE:g} s")
            return _Ending(killed=True, told={})
        if process.returncode == KILLED:
            return _Ending(killed=True, told={})
        if process.returncode or not output.strip():
            told = (self.folder / "stderr.txt").read_text().strip().splitlines()
            return _Ending(killed=False, told={"error": "Traceback", "message": "; ".join(told[-3:])})
        return _Ending(killed=False, told=json.loads(output.splitlines()[-1]))

    def _fault(self, text: str) -> None:
        self.tally.faults.append(text)

    # -- between two starts -----------------------------------------------------------------------------------------

    def _after_death(self) -> None:
        draw = drawn(self.scene.seed, "death", self.tally.starts)
        if draw.random() < self.disturbance.tear:
            self.tally.torn += 1
            # Requests of the dead process may still be read from its connections, and looked up in the journal.
            with self.gate.lock:
                self.evidence.tear(draw) if self.evidence.begun else self.evidence.tear_first(draw)
        if draw.random() < self.disturbance.pause:
            # Somebody comes back to it only days later; orders that were not submitted have ended by then.
            self.gate.arrive()
            self.sandbox.advance(RESERVATION)
            self.tally.pauses += 1

    def _let_time_pass(self) -> dict[str, Any]:
        """Do what a person would do about what is open, and return what the next start is told."""
        self.gate.arrive()
        self.tally.waits += 1
        for one in self.spare:
            self.sandbox.add_available(one)
        self.spare = []
        if self.tally.waits == 1 and self.scene.recovery == "known":
            return {"known_orders": [one.order_id for one in self.sandbox.orders]}
        if self.tally.waits == 1 and self.scene.recovery == "again":
            return {"order_again": True}
        self.sandbox.advance(RESERVATION)
        return {}

    # -- what the sandbox says at the end ---------------------------------------------------------------------------

    def ledger(self) -> tuple[Any, ...]:
        """Return every charge."""
        return self.sandbox.ledger

    def bought(self) -> dict[str, dict[str, Any]]:
        """Return the numbers that were bought, as the API shows them once their jobs are done; without times."""
        self.sandbox.advance(HOUR)
        charged = {one.phone_number for one in self.ledger()}
        with Caller(self.sandbox) as caller:
            return {
                one["phoneNumber"]: {name: value for name, value in one.items() if name != "nextChargeDate"}
                for one in caller.numbers()
                if one["phoneNumber"] in charged
            }


def _word(twin: _Ending) -> str:
    if twin.killed:
        return "killed"
    return "refused" if twin.error in REFUSED_TWINS else "had its turn"


def undisturbed(scene: Scene, disturbance: Disturbance) -> tuple[Scene, Disturbance]:
    """Return the same run without anything that disturbs the process; what others buy, they buy all the same."""
    return replace(scene, wait_for_orders=120.0), replace(
        disturbance,
        name="none",
        kill=0.0,
        lose=0.0,
        kill_anywhere=0.0,
        tear=0.0,
        pause=0.0,
        twin=0.0,
        storms=0,
    )
