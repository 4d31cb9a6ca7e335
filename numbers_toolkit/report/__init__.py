"""Report: one page that leads with what needs action, for a notebook or as one self-contained HTML file.

``build_report`` runs the analyses and plots and gives a frozen value; rendering it is a function of that
value alone. Fetches nothing.
"""

from numbers_toolkit.report.building import build_report
from numbers_toolkit.report.model import Report
from numbers_toolkit.report.rendering import render

__all__ = ["Report", "build_report", "render"]
