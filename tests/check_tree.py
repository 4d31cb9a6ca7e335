"""Check every committed file: no package index, no path of a machine, no credential, no notebook output."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from numbers_toolkit import find_secrets

ROOT = Path(__file__).parent.parent
RULES = {
    "address of a package index": re.compile(
        r"https?://[\w.-]+/(?:simple|packages)\b|--(?:extra-)?index-url"
    ),
    "path of a machine": re.compile(r"(?<![\w.])/(?:home|Users|root|work)/[\w.-]+/"),
    "unfinished mark": re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|NotImplemented" + "Error"),
}
TOP_LEVEL = {
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "cassettes",
    "notebooks",
    "numbers_toolkit",
    "pyproject.toml",
    "tests",
}
LARGEST_BYTES = 1_000_000


def faults_of(name: str) -> list[str]:
    path = ROOT / name
    faults = []
    top = name.split("/", 1)[0]
    if top not in TOP_LEVEL and not top.startswith("."):
        faults.append("not part of the agreed top level")
    if path.stat().st_size > LARGEST_BYTES:
        faults.append("too large")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return faults
    for what, rule in RULES.items():
        found = rule.search(text)
        if found:
            line = text.count("\n", 0, found.start()) + 1
            faults.append(f"line {line}: {what}")
    return faults


def main() -> int:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    names = listed.stdout.splitlines()
    bad = {name: faults for name in names if (faults := faults_of(name))}
    for name, faults in bad.items():
        print(f"{name}: {'; '.join(faults)}")
    secrets = find_secrets(ROOT / name for name in names)
    for secret in secrets:
        print(secret)
    print(f"{len(names)} files looked at, {len(bad)} with a fault, {len(secrets)} secrets")
    return 1 if bad or secrets else 0


if __name__ == "__main__":
    sys.exit(main())
