"""The fields and buttons of the search panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import vocabulary
from numbers_toolkit.widgets.search_criteria import CAPABILITY_LABELS, type_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["ORDERS", "PATTERN_HELP", "choice_buttons", "order_field", "search_buttons", "search_fields"]

#: How the table can be sorted: label, column and whether the smallest comes first.
ORDERS: Final[Mapping[str, tuple[str, str, bool]]] = {
    "number": ("By number", "phone_number", True),
    "price": ("Cheapest first", "monthly_price", True),
    "memorable": ("Most memorable first", "reason", False),
}
PATTERN_HELP: Final = "Digits, or a word: its letters become the digits of a telephone's keys."
_PLACES: Final = {"START": "Start", "CONTAINS": "Contains", "END": "End"}


def search_fields() -> list[dict[str, Any]]:
    """Return the fields of the form, before it is known what is on offer."""
    return [
        {
            "name": "regions",
            "kind": "choices",
            "label": "Regions",
            "placeholder": "Name or code",
            "required": True,
            "wide": True,
        },
        {
            "name": "number_types",
            "kind": "checks",
            "label": "Number types",
            "help": "None means all.",
            "options": _options({kind: type_label(kind) for kind in vocabulary.NUMBER_TYPES}),
        },
        {
            "name": "capabilities",
            "kind": "checks",
            "label": "Capabilities",
            "help": "A number has to have all of them.",
            "options": _options(CAPABILITY_LABELS),
        },
        {
            "name": "pattern",
            "kind": "text",
            "label": "Pattern",
            "help": PATTERN_HELP,
            "placeholder": "555, +1307 or PIZZA",
        },
        {
            "name": "search_pattern",
            "kind": "switch",
            "label": "Where in the number",
            "options": _options(_PLACES),
            "help": "The start is counted from the plus sign: +1307.",
        },
        {
            "name": "size",
            "kind": "number",
            "label": "How many",
            "min": 1,
            "step": 1,
            "help": "Of each region and type. More than 100 take several requests.",
        },
    ]


def order_field() -> list[dict[str, Any]]:
    """Return the one field above the table."""
    return [
        {
            "name": "order",
            "kind": "switch",
            "label": "Order",
            "options": _options({name: label for name, (label, _, _) in ORDERS.items()}),
        }
    ]


def search_buttons() -> list[dict[str, Any]]:
    """Return the buttons below the form."""
    return [
        {"name": "search", "label": "Search", "kind": "primary", "help": "Rents nothing."},
        {
            "name": "look_further",
            "label": "Look further",
            "hidden": True,
            "help": "Asks on beyond the one page that the API shows.",
        },
        {"name": "load_regions", "label": "Load the regions again", "hidden": True},
    ]


def choice_buttons() -> list[dict[str, Any]]:
    """Return the button below the table."""
    return [
        {
            "name": "activate",
            "label": "Activate the selected numbers",
            "kind": "primary",
            "disabled": True,
            "help": "Shows what it costs first; nothing is rented before you say so.",
        },
    ]


def _options(labels: Mapping[str, str]) -> Sequence[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in labels.items()]
