"""Plots of the summary tables: ``plot_*(summary, *, ax=None) -> Axes``.

Summary DataFrame in, Axes out; nothing is fetched, grouped or added up here. Without ``ax`` every call
makes a figure of its own that pyplot knows nothing of; a notebook shows it when a cell ends with the call,
and ``axes.figure.savefig(path)`` writes it.
"""

try:
    import matplotlib as mpl  # noqa: F401 - asked for here so that the message can say what to install
except ImportError as error:
    from numbers_toolkit.errors import MissingDependencyError

    raise MissingDependencyError("Plots need matplotlib: pip install 'numbers-toolkit[plots]'.") from error

from numbers_toolkit.plots.costs import plot_cost, plot_renewals
from numbers_toolkit.plots.heatmap import plot_error_heatmap
from numbers_toolkit.plots.inventory import plot_capabilities, plot_inventory
from numbers_toolkit.plots.paper import ChartAxes
from numbers_toolkit.plots.provisioning import (
    plot_campaign_fill,
    plot_error_frequencies,
    plot_provisioning_status,
)

__all__ = [
    "ChartAxes",
    "plot_campaign_fill",
    "plot_capabilities",
    "plot_cost",
    "plot_error_frequencies",
    "plot_error_heatmap",
    "plot_inventory",
    "plot_provisioning_status",
    "plot_renewals",
]


def __dir__() -> list[str]:
    return sorted(__all__)
