"""Panels for notebooks: search, activate, watch over and order phone numbers, each on one line.

They show and ask; whatever computes or spends is a function of the rest of the package. A panel loads when it is
first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from numbers_toolkit.errors import MissingDependencyError

try:
    import anywidget as anywidget
    import ipywidgets as ipywidgets
except ImportError as error:
    raise MissingDependencyError(
        "Panels need ipywidgets and anywidget: pip install 'numbers-toolkit[widgets]'."
    ) from error

if TYPE_CHECKING:
    from numbers_toolkit.widgets.activation_panel import ActivationPanel as ActivationPanel
    from numbers_toolkit.widgets.inventory_panel import InventoryPanel as InventoryPanel
    from numbers_toolkit.widgets.order_form import OrderForm as OrderForm
    from numbers_toolkit.widgets.search_panel import SearchPanel as SearchPanel

__all__ = ["ActivationPanel", "InventoryPanel", "OrderForm", "SearchPanel"]

_HOMES = {
    "ActivationPanel": "activation_panel",
    "InventoryPanel": "inventory_panel",
    "OrderForm": "order_form",
    "SearchPanel": "search_panel",
}


def __getattr__(name: str) -> Any:
    """Load a panel when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
