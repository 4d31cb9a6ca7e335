"""Measure fetch + frame, import and report against their references, as ratios within one run.

    python tests/benchmarks/run.py [--numbers 100000] [--rounds 5] [--latency 0] [--million]

Every run is a process of its own and the routes take turns, so that a noisy machine hits all of them alike;
ratios are medians of the ratios within each round.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
REPORT_CODE = """
import time; start = time.perf_counter()
import numbers_toolkit as nt, sys
with nt.connect(sys.argv[2], "key", "secret", numbers_url=sys.argv[1], auth_url=sys.argv[1]) as client:
    nt.build_report(nt.active_numbers(client, progress=False)).to_html(sys.argv[3])
print(time.perf_counter() - start)
"""
REFERENCE_CODE = """
import time; start = time.perf_counter()
import pandas, matplotlib.pyplot, sys
import numbers_toolkit as nt
with nt.connect(sys.argv[2], "key", "secret", numbers_url=sys.argv[1], auth_url=sys.argv[1]) as client:
    nt.active_numbers(client, progress=False)
print(time.perf_counter() - start)
"""
IMPORT_CODE = """
import time
import pandas
start = time.perf_counter(); import numbers_toolkit; print(time.perf_counter() - start)
"""


@contextmanager
def server(numbers: int, latency: float) -> Iterator[dict[str, Any]]:
    process = subprocess.Popen(
        [sys.executable, str(HERE / "prerendered_server.py"), str(numbers), str(latency)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(timeout=30)
        process.stdout.close()


def output_of(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]


def fetch_and_frame(numbers: int, rounds: int, latency: float, names: list[str]) -> None:
    with server(numbers, latency) as where:
        route = str(HERE / "routes.py")
        measured: list[dict[str, Any]] = [
            {name: json.loads(output_of(route, name, where["url"], where["project_id"])) for name in names}
            for _ in range(rounds)
        ]
    print(f"\nFetch + frame of {numbers:,} numbers, {where['bytes'] / numbers:.0f} bytes each, "
          f"{latency * 1000:.0f} ms per page, {rounds} rounds")  # fmt: skip
    print(f"{'route':10} {'seconds':>8} {'peak MiB':>9} {'route / toolkit':>16} {'(min - max)':>15}")
    for name in names:
        assert {one[name]["rows"] for one in measured} == {numbers}
        ratios = [one[name]["seconds"] / one["toolkit"]["seconds"] for one in measured]
        seconds = statistics.median(one[name]["seconds"] for one in measured)
        peak = max(one[name]["peak_mib"] for one in measured)
        spread = f"({min(ratios):.2f} - {max(ratios):.2f})"
        print(f"{name:10} {seconds:8.2f} {peak:9.0f} {statistics.median(ratios):16.2f} {spread:>15}")
    print(f"bytes a row: {measured[0]['toolkit']['bytes_per_row']:.1f}")
    if "orjson" in names:
        ratios = [one["toolkit"]["seconds"] / one["orjson"]["seconds"] for one in measured]
        print(f"toolkit / orjson.loads only: {statistics.median(ratios):.2f}")


def report_of(numbers: int, rounds: int) -> None:
    target = HERE / ".report.html"
    with server(numbers, 0) as where:
        ratios = []
        for _ in range(rounds):
            ours = float(output_of("-c", REPORT_CODE, where["url"], where["project_id"], str(target)))
            reference = float(output_of("-c", REFERENCE_CODE, where["url"], where["project_id"]))
            ratios.append(ours / reference)
    size = target.stat().st_size
    target.unlink()
    ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} - {max(ratios):.2f})"
    print(f"\nReport of {numbers:,} numbers, API to HTML file ({size / 1000:.0f} kB), one process;")
    print(f"  as multiple of importing pandas and matplotlib.pyplot plus the fetch: {ratio}")


def import_time(rounds: int) -> None:
    seconds = [float(output_of("-c", IMPORT_CODE)) for _ in range(rounds)]
    print(f"\nimport numbers_toolkit after pandas: {statistics.median(seconds) * 1000:.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--numbers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds per page")
    parser.add_argument(
        "--million", action="store_true", help="measure the peak memory of 1,000,000 numbers too"
    )
    options = parser.parse_args()
    fetch_and_frame(
        options.numbers, options.rounds, options.latency, ["toolkit", "orjson", "notebook", "sdk"]
    )
    if options.million:
        fetch_and_frame(1_000_000, 1, 0.0, ["toolkit", "orjson"])
    report_of(10_000, options.rounds)
    import_time(options.rounds)


if __name__ == "__main__":
    main()
