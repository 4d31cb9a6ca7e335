"""``python -m numbers_toolkit.sandbox``: serve a sandbox until stopped."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from numbers_toolkit.sandbox.foreground import run_forever

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the options and serve.

    Returns
    -------
    int
        0 when stopped by a signal, 1 when it could not serve.
    """
    parser = argparse.ArgumentParser(prog="python -m numbers_toolkit.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port of the Numbers API; 0 chooses a free one")
    parser.add_argument(
        "--auth-port", type=int, default=0, help="port of the token endpoint; 0 chooses a free one"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument(
        "--allow-remote", action="store_true", help="permit an address other machines can reach"
    )
    parser.add_argument("--active", type=int, default=500, help="how many active numbers to seed")
    parser.add_argument("--available", type=int, default=5000, help="how many numbers on offer to seed")
    parser.add_argument("--seed", type=int, default=7, help="chooses inventory and credentials")
    parser.add_argument("--start", default="2026-03-02T09:00:00Z", help="the sandbox's first instant")
    parser.add_argument("--state", default=None, help="SQLite file that keeps the state between runs")
    parser.add_argument(
        "--json", action="store_true", dest="json_output", help="announce the address as JSON"
    )
    try:
        return run_forever(**vars(parser.parse_args(arguments)))
    except (ImportError, OSError, ValueError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
