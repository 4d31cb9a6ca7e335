"""Report: one page that leads with what needs action, for a notebook or as one self-contained HTML file.

``build_report`` runs the analyses and plots and gives a frozen value; rendering it is a function of that
value alone. Fetches nothing.
"""

from numbers_toolkit.report.rendering import render  # first, as it names the extra when a package is missing
from numbers_toolkit.report.building import build_report  # isort: skip
from numbers_toolkit.report.model import Report  # isort: skip

__all__ = ["Report", "build_report", "render"]
