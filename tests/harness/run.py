"""Show that money is spent exactly once, whatever happens to the process, the network and the offer.

    python tests/harness/run.py [--runs 200] [--numbers 100] [--workers 2] [--only crashes] [--seed N]

Every run makes a plan, carries it out in a child process that is killed with SIGKILL again and again, resumes it in
new processes until nothing is open, and compares the sandbox's ledger with plan, journal and an undisturbed run.
Three tables: kills and lost answers; the same with numbers that somebody else buys meanwhile; bursts of refusals and
storms of failures. The exit code is 1 when anything is wrong; a line then names the seed that repeats it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import statistics
import sys
import tempfile
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.scenes import Disturbance, Scene

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:
    sys.path.insert(0, str(HERE.parent))

from harness.driving import POINTS_OF_DEATH, Run, undisturbed  # noqa: E402
from harness.sabotage import SABOTAGE  # noqa: E402
from harness.scenes import DISTURBANCES, ROUTES, scene  # noqa: E402
from harness.verifying import Verdict, judge, snapshot  # noqa: E402


@dataclass
class Outcome:
    """One run, or several of them added up."""

    route: str = ""
    runs: int = 0
    seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    quiet_rates: list[float] = field(default_factory=list)
    storm_rates: list[float] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Add another one."""
        self.runs += other.runs
        self.seconds += other.seconds
        self.counts += other.counts
        self.quiet_rates += other.quiet_rates
        self.storm_rates += other.storm_rates
        self.troubles += other.troubles


def one_run(name: str, seed: int, numbers: int, folder: Path, sabotage: str = "") -> Outcome:
    """Carry out the run of a seed, undisturbed and disturbed, and judge it; a good one leaves no file."""
    began = time.monotonic()
    played = scene(seed, DISTURBANCES[name], numbers)
    place = folder / f"{name}-{seed}"
    shutil.rmtree(place, ignore_errors=True)
    try:
        outcome, wrong = _both_runs(played, DISTURBANCES[name], place, sabotage)
    except Exception:  # noqa: BLE001 - the other runs go on
        outcome, wrong = Outcome(played.route, 1), traceback.format_exc().splitlines()
        outcome.counts["other"] = 1
    outcome.seconds = time.monotonic() - began
    if wrong:
        where = f"seed {seed} ({played.route}, --only {name} --seed {seed})"
        outcome.troubles = [
            *(f"{where}: {line}" for line in wrong),
            f"seed {seed}: everything is kept in {place}",
        ]
    else:
        shutil.rmtree(place)
    return outcome


def _both_runs(
    played: Scene, disturbance: Disturbance, place: Path, sabotage: str
) -> tuple[Outcome, list[str]]:
    with Run(*undisturbed(played, disturbance), place / "calm") as calm:
        calm.make_plan()
        calm.carry_through()
        peaceful, first = snapshot(calm), judge(calm, None)
    with Run(played, disturbance, place / "run", sabotage) as run:
        run.make_plan()
        run.carry_through()
        verdict = judge(run, peaceful)
    verdict.other_end += [f"already when undisturbed: {line}" for line in first.lines()]
    return _outcome(run, verdict), verdict.lines()


def _outcome(run: Run, verdict: Verdict) -> Outcome:
    tally, gate = run.tally, run.gate
    counts = Counter(
        {
            "kills": tally.kills.total(),
            "lost": gate.lost,
            "refused": gate.refused,
            "starts": tally.starts,
            "restarts": tally.starts - 1,
            "waits": tally.waits,
            "torn": tally.torn,
            "pauses": tally.pauses,
            "taken": len(gate.taken),
            "planned": len(run.plan),
            "active": len({one.phone_number for one in run.ledger()}),
            "twice": len(verdict.twice),
            "again": len(verdict.again),
            "unannounced": len(verdict.unannounced),
            "over": len(verdict.over_budget),
            "other": bool(verdict.other_end),
            **{f"at {point}": count for point, count in tally.kills.items()},
            **{f"twin {word}": count for word, count in tally.twins.items()},
        }
    )
    return Outcome(run.scene.route, 1, 0.0, counts, gate.rates(storm=False), gate.rates(storm=True))


# -- tables ---------------------------------------------------------------------------------------------------

#: Heading and count of the columns, by table.
COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "crashes": (("kills", "kills"), ("lost", "lost"), ("torn", "torn"), ("restarts", "restarts")),
    "taken": (("kills", "kills"), ("lost", "lost"), ("taken", "taken"), ("restarts", "restarts")),
    "storms": (("refused", "refused"), ("restarts", "restarts")),
}
TWINS = ("refused", "killed", "had its turn")
PROOF = (
    ("planned", "planned"),
    ("active", "active"),
    ("paid twice", "twice"),
    ("sent again", "again"),
    ("not in journal", "unannounced"),
    ("over budget", "over"),
    ("other end", "other"),
)
TITLES = {
    "crashes": "Processes killed and answers lost",
    "taken": "The same, and somebody else buys numbers meanwhile: wishes are fulfilled by others, within the budget",
    "storms": "Bursts of 429 and storms of 50x",
}


def table(name: str, by_route: dict[str, Outcome]) -> str:
    """Return the table of one kind of disturbance, a row for each route and one for all."""
    everything = Outcome()
    for one in by_route.values():
        everything.add(one)
    columns = COLUMNS[name] + PROOF
    heads = ["route", "runs", *(head for head, _ in columns)]
    if name == "storms":
        heads += ["paid calls/min in quiet", "in storms"]
    heads.append("seconds")
    rows = [_row(name, route, one, columns) for route, one in (*by_route.items(), ("all", everything))]
    widths = [max(len(row[place]) for row in (heads, *rows)) for place in range(len(heads))]
    lines = [
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in (heads, *rows)
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    lines.insert(-1, lines[1])
    told = [f"{TITLES[name]}:", "", *lines]
    points = {words: everything.counts[f"at {point}"] for point, words in POINTS_OF_DEATH.items()}
    if any(points.values()):
        told += ["", "killed: " + ", ".join(f"{count} {words}" for words, count in points.items())]
        words = {word: everything.counts[f"twin {word}"] for word in TWINS}
        told += [
            "second processes started meanwhile: "
            + ", ".join(f"{count} {word}" for word, count in words.items()),
            f"restarts that came days later: {everything.counts['pauses']}",
        ]
    return "\n".join(told)


def _row(name: str, route: str, one: Outcome, columns: tuple[tuple[str, str], ...]) -> list[str]:
    cells = [route, f"{one.runs:,}", *(f"{one.counts[count]:,}" for _, count in columns)]
    if name == "storms":
        cells += [_median(one.quiet_rates), _median(one.storm_rates)]
    return [*cells, f"{one.seconds:,.0f}"]


def _median(rates: list[float]) -> str:
    return f"{statistics.median(rates):.1f}" if rates else "-"


# -- the command ----------------------------------------------------------------------------------------------


def _finished(runs: list[tuple[str, int, int, Path, str]], workers: int) -> Iterator[Outcome]:
    if min(workers, len(runs)) == 1:
        yield from (one_run(*one) for one in runs)
        return
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        for future in as_completed([pool.submit(one_run, *one) for one in runs]):
            yield future.result()


def all_runs(
    name: str, seeds: list[int], *, numbers: int, folder: Path, workers: int, sabotage: str = ""
) -> dict[str, Outcome]:
    """Carry out the runs of all seeds side by side, and add them up by route."""
    by_route = {route: Outcome() for route in ROUTES}
    runs = [(name, seed, numbers, folder, sabotage) for seed in seeds]
    for done, outcome in enumerate(_finished(runs, workers), start=1):
        by_route[outcome.route].add(outcome)
        print(f"\r{name}: {done} of {len(seeds)}", end="", file=sys.stderr, flush=True)
        for line in outcome.troubles:
            print(f"\n{line}", file=sys.stderr)
    print(file=sys.stderr)
    return {route: one for route, one in by_route.items() if one.runs}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--runs", type=int, default=200, help="of the first table; the others have a fifth of them"
    )
    parser.add_argument("--numbers", type=int, default=100, help="in each plan")
    parser.add_argument("--workers", type=int, default=2, help="runs side by side")
    parser.add_argument("--only", choices=tuple(COLUMNS), help="one table alone")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--seed", type=int, help="the run of one seed alone")
    parser.add_argument(
        "--sabotage", choices=tuple(SABOTAGE), default="", help="build a fault into the engine"
    )
    parser.add_argument("--keep", type=Path, help="folder for journals of runs that went wrong")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="spent-once-"))
    wrong = 0
    for name in [options.only] if options.only else COLUMNS:
        count = options.runs if options.only or name == "crashes" else max(1, options.runs // 5)
        seeds = (
            [options.seed] if options.seed is not None else list(range(options.first, options.first + count))
        )
        by_route = all_runs(
            name,
            seeds,
            numbers=options.numbers,
            folder=folder,
            workers=options.workers,
            sabotage=options.sabotage,
        )
        print(f"\n{table(name, by_route)}\n", flush=True)
        wrong += sum(len(one.troubles) for one in by_route.values())
    print(
        "Money was spent exactly once." if not wrong else f"NOT AS IT SHOULD BE; see above and in {folder}."
    )
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
