"""Measure how long looking for secrets takes, in a tree of the files that the toolkit makes.

    python tests/benchmarks/scanning.py [--megabytes 100]

The tree holds inventories as CSV and Parquet, reports, cassettes, journals and notebooks, and one secret far down;
the ratio is to `grep -rn` for one word in the same tree.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numbers_toolkit as nt

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def fill(folder: Path, megabytes: int) -> int:
    """Write files into a folder until they have that size, and return it in bytes."""
    with nt.Sandbox(active=20_000) as sandbox, sandbox.connect() as client:
        active = nt.active_numbers(client, progress=False)
        active.to_csv(folder / "active.csv")
        active.to_parquet(folder / "active.parquet")
        nt.build_report(active).to_html(folder / "report.html")
    samples = [
        *folder.iterdir(),
        *(ROOT / "cassettes").rglob("*.yaml"),
        *(ROOT / "notebooks").glob("*.ipynb"),
    ]
    contents = [(path.suffix, path.read_bytes()) for path in samples]
    size = number = 0
    while size < megabytes * 1_000_000:
        suffix, content = contents[number % len(contents)]
        (folder / f"copy-{number}{suffix}").write_bytes(content)
        size += len(content)
        number += 1
    (folder / "z.log").write_text("INFO nothing\n" * 100_000 + "key_secret=" + "m7Qv2Lz9Tn4K8Rb1\n")
    return size


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=100)
    wanted = parser.parse_args().megabytes
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size = fill(folder, wanted)
        search = seconds(["grep", "-rnc", "key_secret", name])
        scan = seconds([sys.executable, "-m", "numbers_toolkit", "check-secrets", name])
        numbers = seconds([sys.executable, "-m", "numbers_toolkit", "check-secrets", "--phone-numbers", name])
    print(
        f"{size / 1e6:,.0f} MB: {scan:.1f} s, with phone numbers {numbers:.1f} s; {scan / search:.0f} x grep"
    )


if __name__ == "__main__":
    main()
