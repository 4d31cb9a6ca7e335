"""Show what the tests notice: change the code in one place at a time, and count the changes that no test objects to.

    pip install mutmut
    python tests/mutation/run.py [--module activation] [--only journal] [--sample 400] [--seed 1] [--workers 2]

Modules are `frames`, `loaders`, `analysis` and `activation`; without `--module` all of them. Changes are mutmut's.
A sample takes from every file in proportion, the same for the same seed; `--sample 0` tries all. Each mutant meets
the tests that run the changed line, those of its own test file first, until one fails. Mutants that survive are
printed, but for those that `survivors.json` explains; the exit code is 1 when there are such.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:
    sys.path.insert(0, str(HERE.parent))

from mutation import trying  # noqa: E402
from mutation.groups import GROUPS, ROOT, Group  # noqa: E402
from mutation.mutants import Mutant, compiles, mutants_of, sampled  # noqa: E402

EXPLAINED = HERE / "survivors.json"
RESULTS = ROOT / "build" / "mutation"
OPTIONS = ["-q", "-s", "--no-header", "-p", "no:randomly", "-p", "no:cacheprovider"]
COLUMNS = (
    "mutants",
    "tried",
    "killed",
    "timeout",
    "equivalent",
    "accepted",
    "open",
    "not reached",
    "killed, %",
)


@dataclass
class Reach:
    """Which tests run which lines."""

    tests: list[str]
    seconds: list[float]
    lines: dict[str, dict[str, list[int]]]

    def tests_for(self, mutant: Mutant, budget: float) -> tuple[list[str], float, bool]:
        """Return the tests to run, the seconds they take, and whether the budget left some out."""
        lines = self.lines[str(ROOT / mutant.file)]
        for first, last in mutant.spans:
            held = [lines[str(line)] for line in range(first, last + 1) if str(line) in lines]
            if held:
                break
        else:
            return [], 0.0, False
        numbers = {number for one in held for number in one}
        stem = Path(mutant.file).stem.strip("_")
        if not numbers or not mutant.function:
            # The line runs on import: every test of the file may depend on it, and those that only look at it.
            numbers |= {number for one in lines.values() for number in one}
            numbers |= {
                number for number in range(len(self.tests)) if self._is_own(number, stem, mutant.file)
            }
        ordered = sorted(numbers, key=lambda number: self._order(number, stem, mutant.file))
        chosen, total = [], 0.0
        for number in ordered:
            if total > budget:
                return chosen, total, True
            chosen.append(self.tests[number])
            total += self.seconds[number]
        return chosen, total, False

    def _order(self, number: int, stem: str, file: str) -> tuple[bool, float]:
        return not self._is_own(number, stem, file), self.seconds[number]

    def _is_own(self, number: int, stem: str, file: str) -> bool:
        """Whether a test belongs to a module: it is its doctest, or in the file of its name."""
        test_file = self.tests[number].split("::")[0]
        return test_file == file or test_file.endswith(f"_{stem}.py")


def pytest(plugin: str, variable: str, folder: Path, paths: list[str]) -> None:
    """Run pytest with one of our plugins."""
    environment = {
        **os.environ,
        variable: str(folder),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")]),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis"),
        # A fork takes no other thread with it.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "pytest", *OPTIONS, "--hypothesis-seed=1", "-p", plugin, *paths]
    with (folder / "pytest.log").open("a") as log:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=log, check=False)
    if done.returncode not in (0, 1, 5):
        raise SystemExit(
            f"pytest stopped with {done.returncode}:\n{(folder / 'pytest.log').read_text()[-3000:]}"
        )


def reach_of(group: Group, folder: Path) -> Reach:
    """Run the tests of a group once, as they are, and return what they reach."""
    (folder / "files.json").write_text(json.dumps([str(path) for path in group.paths()]))
    pytest("mutation.tracing", "NUMBERS_TOOLKIT_TRACING", folder, group.test_paths())
    read = json.loads((folder / "reach.json").read_text())
    for nodeid in read["failed"]:
        print(f"not used, since it does not pass as it is: {nodeid}")
    return Reach(read["tests"], read["seconds"], read["lines"])


def planned(mutants: list[Mutant], reach: Reach, folder: Path, budget: float) -> dict[str, dict[str, Any]]:
    """Write the sources down and return what to try, by key."""
    sources = folder / "sources"
    sources.mkdir()
    plan = {}
    for mutant in mutants:
        tests, seconds, cut = reach.tests_for(mutant, budget)
        source = sources / f"{mutant.key}.py"
        source.write_text(mutant.source, encoding="utf-8")
        plan[mutant.key] = {
            **mutant.as_record(),
            "path": str(ROOT / mutant.file),
            "source": str(source),
            "tests": tests,
            "cut": cut,
            "limit": 60 + 8 * seconds,
        }
    return plan


def try_group(name: str, options: argparse.Namespace, explained: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Try the mutants of one part of the package and return its figures and every mutant with its outcome."""
    group = GROUPS[name]
    every = [mutant for path in group.paths() for mutant in mutants_of(path)]
    wanted = [one for one in every if not options.only or Path(one.file).stem in options.only]
    if options.keys:
        wanted = [one for one in wanted if one.key in options.keys]
    chosen = [one for one in sampled(wanted, options.sample, options.seed) if compiles(one)]
    folder = Path(tempfile.mkdtemp(prefix="mutation-"))
    try:
        print(f"{name}: {len(every):,} mutants, {len(chosen):,} of them are tried", flush=True)
        reach = reach_of(group, folder)
        plan = planned(chosen, reach, folder, options.budget)
        work = [one for one in plan.values() if one["tests"]]
        (folder / "plan.json").write_text(json.dumps({"mutants": work, "workers": options.workers}))
        files = sorted({test.split("::")[0] for one in work for test in one["tests"]})
        pytest("mutation.trying", trying.VARIABLE, folder, files)
        print(file=sys.stderr)
        rows = [json.loads(line) for line in (folder / "results.jsonl").read_text().splitlines()]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    outcomes = {row["key"]: row for row in rows}
    known = {one.key for one in every}
    tried = []
    for key, one in plan.items():
        row = outcomes.get(key, {"outcome": "not reached"})
        if row["outcome"] in ("survived", "not reached") and key in explained:
            row = {**row, "outcome": explained[key]["verdict"]}
        kept = {
            field: value for field, value in one.items() if field not in ("path", "source", "limit", "tests")
        }
        tried.append({**kept, "tests": len(one["tests"]), **row})
    files_of_group = {str(path.relative_to(ROOT)) for path in group.paths()}
    stale = [key for key, one in explained.items() if one["file"] in files_of_group and key not in known]
    return {"module": name, "mutants": len(every), "tried": tried, "stale": stale}


def figures(name: str, mutants: int, tried: list[dict[str, Any]]) -> list[str]:
    """Return a line of the table; equivalent mutants don't count in the share."""
    counts = Counter(one["outcome"] for one in tried)
    noticed = counts["killed"] + counts["timeout"]
    different = len(tried) - counts["equivalent"]
    values = [
        mutants,
        len(tried),
        counts["killed"],
        counts["timeout"],
        counts["equivalent"],
        counts["accepted"],
    ]
    share = f"{100 * noticed / different:.1f}" if different else "-"
    return [name, *(f"{value:,}" for value in [*values, counts["survived"], counts["not reached"]]), share]


def show(results: list[dict[str, Any]]) -> None:
    """Print what survived and the tables."""
    for result in results:
        for one in result["tried"]:
            if one["outcome"] in ("survived", "not reached"):
                cut = ", not all tests were run" if one["cut"] else ""
                where = f"{one['file']}:{one['line']} {one['function']}"
                print(f"\n{one['key']} {where} ({one['outcome']} by {one['tests']} tests{cut})")
                print(f"  - {one['removed']}\n  + {one['added']}")
        for key in result["stale"]:
            print(f"\n{key} is explained in {EXPLAINED.name}, but there is no such mutant any more")
    for title, wording in (("code", False), ("text for people", True)):
        print(f"\n{title}\n" + "".join(f"{heading:>12}" for heading in ("", *COLUMNS)))
        for result in results:
            part = [one for one in result["tried"] if one["wording"] is wording]
            print("".join(f"{cell:>12}" for cell in figures(result["module"], result["mutants"], part)))


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--module", choices=sorted(GROUPS), action="append", help="part of the package; all without"
    )
    parser.add_argument(
        "--only", action="append", default=[], help="a file of it, without .py; may be repeated"
    )
    parser.add_argument("--keys", nargs="*", default=[], help="these mutants only, as printed")
    parser.add_argument("--sample", type=int, default=400, help="how many of each part, 0 for all (400)")
    parser.add_argument("--seed", type=int, default=1, help="which sample (1)")
    parser.add_argument("--workers", type=int, default=2, help="how many at a time (2)")
    parser.add_argument("--budget", type=float, default=30.0, help="seconds of tests for one mutant (30)")
    return parser.parse_args()


def main() -> int:
    """Try mutants and print what came of them."""
    options = read_options()
    listed = json.loads(EXPLAINED.read_text(encoding="utf-8"))
    explained = {one["key"]: one for one in listed}
    RESULTS.mkdir(parents=True, exist_ok=True)
    results = []
    for name in options.module or GROUPS:
        results.append(try_group(name, options, explained))
        (RESULTS / f"{name}.json").write_text(json.dumps(results[-1], indent=1, ensure_ascii=False))
    show(results)
    return int(
        any(one["outcome"] in ("survived", "not reached") for result in results for one in result["tried"])
    )


if __name__ == "__main__":
    sys.exit(main())
