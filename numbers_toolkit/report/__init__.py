"""Report: one page that leads with what needs action, for a notebook or as one self-contained HTML file.

``build_report`` runs the analyses and plots and gives a frozen value; rendering it is a function of that
value alone. Fetches nothing.
"""

from numbers_toolkit.errors import MissingDependencyError

try:
    import jinja2  # noqa: F401 - asked for here, so that the message names the extra that has both
    import matplotlib as mpl  # noqa: F401
except ImportError as error:
    raise MissingDependencyError(
        "Reports need jinja2 and matplotlib: pip install 'numbers-toolkit[report]'."
    ) from error

from numbers_toolkit.report.building import build_report
from numbers_toolkit.report.document import Report
from numbers_toolkit.report.rendering import render

__all__ = ["Report", "build_report", "render"]
