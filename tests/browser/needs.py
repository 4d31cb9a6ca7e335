"""What browser tests need of the machine, and what becomes of them where it is missing."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path
from typing import Final

#: Set to "required", a browser test that can't run is a failure.
REQUIRED: Final = "NUMBERS_TOOLKIT_BROWSER"
CHROMIUM: Final = "NUMBERS_TOOLKIT_CHROMIUM"
AXE: Final = "NUMBERS_TOOLKIT_AXE"
SCREENSHOTS: Final = "NUMBERS_TOOLKIT_SCREENSHOTS"

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PACKAGES: Final = ("playwright", "jupyterlab", "anywidget", "ipykernel", "nbformat")


def chromium() -> str | None:
    """Return the path of the browser: the one that the environment names, or one of the usual names."""
    named = os.environ.get(CHROMIUM)
    if named:
        return named if Path(named).exists() else None
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def axe() -> Path | None:
    """Return the path of axe-core: the one that the environment names, or npm's in the working directory."""
    path = Path(os.environ.get(AXE) or "node_modules/axe-core/axe.min.js")
    return path if path.exists() else None


def missing() -> str:
    """Return what no browser test can do without and isn't there; empty when all is there."""
    packages = [name for name in _PACKAGES if importlib.util.find_spec(name) is None]
    if packages:
        return f"no {', '.join(packages)} (pip install 'numbers-toolkit[dev]')"
    if chromium() is None:
        return f"no Chromium (apt-get install chromium, or {CHROMIUM}=its path)"
    return ""


def required() -> bool:
    return os.environ.get(REQUIRED) == "required"
