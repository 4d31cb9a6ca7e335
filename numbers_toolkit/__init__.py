"""Analyse and manage the phone numbers of a Sinch project from Jupyter.

``import numbers_toolkit as nt`` is light: pandas, Arrow, HTTP, plots and the sandbox load when first used.

Examples
--------
>>> import numbers_toolkit as nt
>>> with nt.connect(sandbox=True) as client:
...     active = nt.active_numbers(client)
>>> bool(nt.analysis.inventory(active, by="number_type").numbers.sum() == len(active))
True
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numbers_toolkit import activation as activation
    from numbers_toolkit import analysis as analysis
    from numbers_toolkit import error_codes as error_codes
    from numbers_toolkit import errors as errors
    from numbers_toolkit import frames as frames
    from numbers_toolkit import plots as plots
    from numbers_toolkit import tables as tables
    from numbers_toolkit import vocabulary as vocabulary
    from numbers_toolkit import webhooks as webhooks
    from numbers_toolkit import widgets as widgets
    from numbers_toolkit.activation import ActivationPlan as ActivationPlan
    from numbers_toolkit.activation import Attachment as Attachment
    from numbers_toolkit.activation import ChangePlan as ChangePlan
    from numbers_toolkit.activation import Papers as Papers
    from numbers_toolkit.activation import Requirements as Requirements
    from numbers_toolkit.activation import Result as Result
    from numbers_toolkit.activation import Wish as Wish
    from numbers_toolkit.activation import activate as activate
    from numbers_toolkit.activation import carry_out as carry_out
    from numbers_toolkit.activation import load_plan as load_plan
    from numbers_toolkit.activation import order_requirements as order_requirements
    from numbers_toolkit.activation import plan_activation as plan_activation
    from numbers_toolkit.activation import plan_release as plan_release
    from numbers_toolkit.activation import plan_update as plan_update
    from numbers_toolkit.activation import read_result as read_result
    from numbers_toolkit.activation import repair_provisioning as repair_provisioning
    from numbers_toolkit.activation import resume_activation as resume_activation
    from numbers_toolkit.activation import wait_until_provisioned as wait_until_provisioned
    from numbers_toolkit.analysis import provisioning_errors as provisioning_errors
    from numbers_toolkit.cassettes import Cassette as Cassette
    from numbers_toolkit.cassettes import use_cassette as use_cassette
    from numbers_toolkit.client import NumbersClient as NumbersClient
    from numbers_toolkit.connection import connect as connect
    from numbers_toolkit.errors import NumbersToolkitError as NumbersToolkitError
    from numbers_toolkit.files import read_csv as read_csv
    from numbers_toolkit.files import read_excel as read_excel
    from numbers_toolkit.files import read_parquet as read_parquet
    from numbers_toolkit.files import to_csv as to_csv
    from numbers_toolkit.files import to_excel as to_excel
    from numbers_toolkit.files import to_parquet as to_parquet
    from numbers_toolkit.frame_showing import show as show
    from numbers_toolkit.loaders import active_numbers as active_numbers
    from numbers_toolkit.loaders import available_numbers as available_numbers
    from numbers_toolkit.loaders import available_regions as available_regions
    from numbers_toolkit.report import Report as Report
    from numbers_toolkit.report import build_report as build_report
    from numbers_toolkit.sandbox import Sandbox as Sandbox
    from numbers_toolkit.scanning import find_secrets as find_secrets
    from numbers_toolkit.transport import RetryPolicy as RetryPolicy
    from numbers_toolkit.webhooks import SeenEvents as SeenEvents
    from numbers_toolkit.webhooks import events_frame as events_frame
    from numbers_toolkit.webhooks import read_event as read_event
    from numbers_toolkit.webhooks import verify_signature as verify_signature

__version__ = "0.4.0"

__all__ = [
    "ActivationPlan",
    "Attachment",
    "Cassette",
    "ChangePlan",
    "NumbersClient",
    "NumbersToolkitError",
    "Papers",
    "Report",
    "Requirements",
    "Result",
    "RetryPolicy",
    "Sandbox",
    "SeenEvents",
    "Wish",
    "__version__",
    "activate",
    "activation",
    "active_numbers",
    "analysis",
    "available_numbers",
    "available_regions",
    "build_report",
    "carry_out",
    "connect",
    "error_codes",
    "errors",
    "events_frame",
    "find_secrets",
    "frames",
    "load_plan",
    "order_requirements",
    "plan_activation",
    "plan_release",
    "plan_update",
    "plots",
    "provisioning_errors",
    "read_csv",
    "read_event",
    "read_excel",
    "read_parquet",
    "read_result",
    "repair_provisioning",
    "resume_activation",
    "show",
    "tables",
    "to_csv",
    "to_excel",
    "to_parquet",
    "use_cassette",
    "verify_signature",
    "vocabulary",
    "wait_until_provisioned",
    "webhooks",
    "widgets",
]

_HOMES = {
    "ActivationPlan": "activation",
    "Attachment": "activation",
    "Cassette": "cassettes",
    "ChangePlan": "activation",
    "NumbersClient": "client",
    "NumbersToolkitError": "errors",
    "Papers": "activation",
    "Report": "report",
    "Requirements": "activation",
    "Result": "activation",
    "RetryPolicy": "transport",
    "Sandbox": "sandbox",
    "SeenEvents": "webhooks",
    "Wish": "activation",
    "activate": "activation",
    "active_numbers": "loaders",
    "available_numbers": "loaders",
    "available_regions": "loaders",
    "build_report": "report",
    "carry_out": "activation",
    "connect": "connection",
    "events_frame": "webhooks",
    "find_secrets": "scanning",
    "load_plan": "activation",
    "order_requirements": "activation",
    "plan_activation": "activation",
    "plan_release": "activation",
    "plan_update": "activation",
    "provisioning_errors": "analysis",
    "read_csv": "files",
    "read_event": "webhooks",
    "read_excel": "files",
    "read_parquet": "files",
    "read_result": "activation",
    "repair_provisioning": "activation",
    "resume_activation": "activation",
    "show": "frame_showing",
    "to_csv": "files",
    "to_excel": "files",
    "to_parquet": "files",
    "use_cassette": "cassettes",
    "verify_signature": "webhooks",
    "wait_until_provisioned": "activation",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that the import stays light."""
    if name in _HOMES:
        value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
    elif name in __all__:
        value = importlib.import_module(f"{__name__}.{name}")
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    _attach()
    return value


def __dir__() -> list[str]:
    return __all__


def _attach() -> None:
    """Put ``.numbers`` on every DataFrame once there are any."""
    # pandas that is being imported has no DataFrame yet.
    if hasattr(sys.modules.get("pandas"), "DataFrame"):
        from numbers_toolkit.attaching import attach

        attach()


def load_ipython_extension(shell: Any) -> None:
    """Show this package's frames well in a notebook: what ``%load_ext numbers_toolkit`` calls.

    Parameters
    ----------
    shell : IPython.core.interactiveshell.InteractiveShell
        The shell. ``%unload_ext numbers_toolkit`` shows frames as before.
    """
    from numbers_toolkit.frame_showing import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Show frames as before: what ``%unload_ext numbers_toolkit`` calls.

    Parameters
    ----------
    shell : IPython.core.interactiveshell.InteractiveShell
        The shell.
    """
    from numbers_toolkit.frame_showing import unload

    unload(shell)


_attach()
