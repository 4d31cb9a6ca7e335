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
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numbers_toolkit import analysis as analysis
    from numbers_toolkit import error_codes as error_codes
    from numbers_toolkit import errors as errors
    from numbers_toolkit import frames as frames
    from numbers_toolkit import plots as plots
    from numbers_toolkit import tables as tables
    from numbers_toolkit import vocabulary as vocabulary
    from numbers_toolkit.analysis import provisioning_errors as provisioning_errors
    from numbers_toolkit.client import NumbersClient as NumbersClient
    from numbers_toolkit.connection import connect as connect
    from numbers_toolkit.errors import NumbersToolkitError as NumbersToolkitError
    from numbers_toolkit.files import read_csv as read_csv
    from numbers_toolkit.files import read_excel as read_excel
    from numbers_toolkit.files import read_parquet as read_parquet
    from numbers_toolkit.files import to_csv as to_csv
    from numbers_toolkit.files import to_excel as to_excel
    from numbers_toolkit.files import to_parquet as to_parquet
    from numbers_toolkit.loaders import active_numbers as active_numbers
    from numbers_toolkit.loaders import available_numbers as available_numbers
    from numbers_toolkit.loaders import available_regions as available_regions
    from numbers_toolkit.report import Report as Report
    from numbers_toolkit.report import build_report as build_report
    from numbers_toolkit.sandbox import Sandbox as Sandbox
    from numbers_toolkit.transport import RetryPolicy as RetryPolicy

__version__ = "0.1.0"

__all__ = [
    "NumbersClient",
    "NumbersToolkitError",
    "Report",
    "RetryPolicy",
    "Sandbox",
    "__version__",
    "active_numbers",
    "analysis",
    "available_numbers",
    "available_regions",
    "build_report",
    "connect",
    "error_codes",
    "errors",
    "frames",
    "plots",
    "provisioning_errors",
    "read_csv",
    "read_excel",
    "read_parquet",
    "tables",
    "to_csv",
    "to_excel",
    "to_parquet",
    "vocabulary",
]

_HOMES = {
    "NumbersClient": "client",
    "NumbersToolkitError": "errors",
    "Report": "report",
    "RetryPolicy": "transport",
    "Sandbox": "sandbox",
    "active_numbers": "loaders",
    "available_numbers": "loaders",
    "available_regions": "loaders",
    "build_report": "report",
    "connect": "connection",
    "provisioning_errors": "analysis",
    "read_csv": "files",
    "read_excel": "files",
    "read_parquet": "files",
    "to_csv": "files",
    "to_excel": "files",
    "to_parquet": "files",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that the import stays light."""
    if name in _HOMES:
        value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
