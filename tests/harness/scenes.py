"""What a run buys and what befalls it: everything follows from the seed, and nothing from the order of threads."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any

__all__ = [
    "DISTURBANCES",
    "PAPERS",
    "ROUTES",
    "SERVICE_PLAN",
    "Disturbance",
    "Scene",
    "drawn",
    "scene",
]

#: Kinds of numbers that a route buys, with their shares of a plan. An order of AU and DE numbers needs papers.
ROUTES: dict[str, dict[tuple[str, str], float]] = {
    "rent": {("US", "LOCAL"): 1.0},
    "order": {("US", "LOCAL"): 0.4, ("SE", "MOBILE"): 0.3, ("CA", "LOCAL"): 0.3},
    "both": {("US", "LOCAL"): 0.5, ("GB", "MOBILE"): 0.25, ("FI", "MOBILE"): 0.25},
    "papers": {("US", "LOCAL"): 0.4, ("AU", "MOBILE"): 0.4, ("DE", "MOBILE"): 0.2},
}
#: Registration data and documents by region: title of each paper, to its document type.
PAPERS: dict[str, dict[str, Any]] = {
    "AU": {
        "data": {
            "endBusinessName": "Example Pty",
            "city": "Hobart",
            "country": "AU",
            "contactNumber": "{phone_number}",
        },
        "documents": {"Statement": "Passport"},
    },
    "DE": {
        "data": {
            "companyName": "Beispiel GmbH",
            "registrationNumber": "HRB 12345",
            "street": "Musterweg 1",
            "postalCode": "50667",
            "city": "Köln",
            "country": "DE",
            "contactEmail": "office@example.com",
            "intendedUse": "ALERTS",
        },
        "documents": {"Business registration": "Register extract"},
    },
}
SERVICE_PLAN = "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57"


def drawn(*what: Any) -> random.Random:
    """Return a generator that depends on what is drawn for, and on nothing that was drawn before."""
    return random.Random(":".join(map(str, what)))


@dataclass(frozen=True)
class Disturbance:
    """What goes wrong, as shares from 0 to 1.

    `kill` and `lose` strike requests that change something: the process dies around them, their answer is lost after
    they were carried out. `kill_anywhere` strikes processes, at a random time; `tear` journals, after a kill: what
    was not flushed is lost, or half a line is left; `pause` restarts, which then come days later; `twin` starts,
    which another process then competes with, by one of the calls in `twins`. `take` strikes numbers: somebody else
    buys them first. `storms` is how many bursts of refusals and failures a run meets; `speed`, how much faster the
    processes' clock runs than the real one.
    """

    name: str = "none"
    kill: float = 0.0
    lose: float = 0.0
    kill_anywhere: float = 0.0
    tear: float = 0.0
    pause: float = 0.0
    twin: float = 0.0
    twins: tuple[str, ...] = ("resume", "activate", "elsewhere")
    take: float = 0.0
    storms: int = 0
    speed: float = 50.0


_CRASHES = Disturbance("crashes", kill=0.05, lose=0.05, kill_anywhere=0.15, tear=0.5, pause=0.05, twin=0.1)
DISTURBANCES: dict[str, Disturbance] = {
    "none": Disturbance(),
    "crashes": _CRASHES,
    "taken": replace(_CRASHES, name="taken", take=0.08),
    "storms": Disturbance("storms", storms=6, speed=400.0),
}


@dataclass(frozen=True)
class Scene:
    """One run.

    Attributes
    ----------
    seed : int
        What everything is drawn from.
    route : str
        One of `ROUTES`.
    wanted : dict
        How many numbers of each kind.
    chosen : bool
        Whether the plan names the numbers; else it has wishes for them.
    exact_budget : bool
        Whether the budget has room for the plan alone, to the cent.
    service_plan : bool
        Whether the numbers join a service plan.
    scarce : bool
        Whether nothing is on offer beyond the plan, until somebody offers more.
    concurrency, wait_for_orders : int, float
        Options of the run.
    review_seconds : float
        How long the API reviews an order.
    recovery : str
        What a person does about orders whose answers were lost: ``wait`` for the end of their reservation, name
        them (``known``), or order ``again``.
    """

    seed: int
    route: str
    wanted: dict[tuple[str, str], int]
    chosen: bool
    exact_budget: bool
    service_plan: bool
    scarce: bool
    concurrency: int
    wait_for_orders: float
    review_seconds: float
    recovery: str

    @property
    def numbers(self) -> int:
        """How many numbers are wanted."""
        return sum(self.wanted.values())

    @property
    def forced_route(self) -> str:
        """The route that the plan is made with."""
        return "order" if self.route == "order" else "auto"


def scene(seed: int, disturbance: Disturbance, numbers: int = 100) -> Scene:
    """Return the run that a seed stands for."""
    draw = drawn("scene", seed)
    route = tuple(ROUTES)[seed % len(ROUTES)]
    shares = list(ROUTES[route].items())
    wanted = {kind: int(numbers * share) for kind, share in shares}
    wanted[shares[0][0]] += numbers - sum(wanted.values())
    return Scene(
        seed=seed,
        route=route,
        wanted={kind: count for kind, count in wanted.items() if count},
        chosen=draw.random() < 0.3 and not disturbance.take,
        exact_budget=draw.random() < 0.7,
        service_plan=draw.random() < 0.5,
        scarce=bool(disturbance.take) and draw.random() < 0.3,
        concurrency=draw.choice((1, 2, 4, 4, 8, 16)),
        wait_for_orders=draw.choice((0.0, 10.0, 120.0, 120.0)),
        review_seconds=draw.choice((0.0, 0.05, 0.3)),
        recovery=draw.choice(("wait", "wait", "known", "again")),
    )
