"""Which client a plan was made with, and which one a project was last worked with: remembered weakly.

The former stands beside the plan's value and is not part of it: a plan that was saved and loaded, copied or
pickled has forgotten it. The latter serves those, and journals, for as long as the client is open.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from numbers_toolkit.activation.plan import Plan
    from numbers_toolkit.client import NumbersClient

__all__ = ["client_of", "open_client", "remember", "remember_project"]

#: No field of the plan, so that it is neither compared, nor shown, nor saved.
_NAME: Final = "_client"
_LAST: Final[weakref.WeakValueDictionary[str, NumbersClient]] = weakref.WeakValueDictionary()


def remember(plan: Plan, client: NumbersClient) -> None:
    """Keep the client that a plan was made with, for as long as somebody else keeps it."""
    # Equal plans may come from different clients: the object remembers, not the value.
    object.__setattr__(plan, _NAME, weakref.ref(client))
    remember_project(plan.project_id, client)


def remember_project(project_id: str, client: NumbersClient) -> None:
    """Keep the client that a project was last worked with, for as long as somebody else keeps it."""
    _LAST[project_id] = client


def open_client(project_id: str) -> NumbersClient | None:
    """Return the client that a project was last worked with in this process; None when it is closed or gone."""
    found = _LAST.get(project_id)
    return None if found is None or found.closed else found


def client_of(plan: Plan) -> NumbersClient | None:
    """Return the client that a plan was made with, None when there was none or it is gone."""
    found: Any = getattr(plan, _NAME, None)
    return None if found is None else found()
