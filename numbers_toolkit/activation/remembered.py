"""Which client a plan was made with: remembered weakly, beside the plan's value and not part of it.

A plan that was saved and loaded, copied or pickled has forgotten it.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from numbers_toolkit.activation.plan import Plan
    from numbers_toolkit.client import NumbersClient

__all__ = ["client_of", "remember"]

#: No field of the plan, so that it is neither compared, nor shown, nor saved.
_NAME: Final = "_client"


def remember(plan: Plan, client: NumbersClient) -> None:
    """Keep the client that a plan was made with, for as long as somebody else keeps it."""
    # Equal plans may come from different clients: the object remembers, not the value.
    object.__setattr__(plan, _NAME, weakref.ref(client))


def client_of(plan: Plan) -> NumbersClient | None:
    """Return the client that a plan was made with, None when there was none or it is gone."""
    found: Any = getattr(plan, _NAME, None)
    return None if found is None else found()
