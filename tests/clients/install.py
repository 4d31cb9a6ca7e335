"""Install the vendor's clients that Python's own tests don't bring: Node's, and the first generation of Python's.

Usage: python tests/clients/install.py FOLDER; the tests find them by NUMBERS_TOOLKIT_CLIENTS=FOLDER.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FIRST_GENERATION = "sinch==1.1.4"


def main(folder: Path) -> None:
    """Install into a folder; what is there already is left as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node_modules").is_dir():
        shutil.copy(HERE / "package.json", folder)
        npm = shutil.which("npm")
        if npm is None:
            sys.exit("npm is missing: install Node.js 18 or newer with npm")
        subprocess.run(
            [npm, "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock"],
            cwd=folder,
            check=True,
        )
    if not (folder / "sinch-1").is_dir():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--target", str(folder / "sinch-1"), FIRST_GENERATION], check=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
