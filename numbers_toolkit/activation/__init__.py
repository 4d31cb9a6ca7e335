"""The guarded way to spend money: plan, show, carry out with a journal, resume; and what comes after.

The only part of the package that makes calls which cost. Names load when they are first used, so that a run
starts without pandas.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numbers_toolkit.activation.activating import activate as activate
    from numbers_toolkit.activation.activating import carry_out as carry_out
    from numbers_toolkit.activation.activating import read_result as read_result
    from numbers_toolkit.activation.activating import resume_activation as resume_activation
    from numbers_toolkit.activation.in_use import campaigns_in_use as campaigns_in_use
    from numbers_toolkit.activation.in_use import service_plans_in_use as service_plans_in_use
    from numbers_toolkit.activation.items import Wish as Wish
    from numbers_toolkit.activation.papers import Attachment as Attachment
    from numbers_toolkit.activation.papers import Papers as Papers
    from numbers_toolkit.activation.plan import ActivationPlan as ActivationPlan
    from numbers_toolkit.activation.plan import ChangePlan as ChangePlan
    from numbers_toolkit.activation.plan import load_plan as load_plan
    from numbers_toolkit.activation.planning import plan_activation as plan_activation
    from numbers_toolkit.activation.releasing import plan_release as plan_release
    from numbers_toolkit.activation.repairing import repair_provisioning as repair_provisioning
    from numbers_toolkit.activation.requirements import Requirements as Requirements
    from numbers_toolkit.activation.requirements import order_requirements as order_requirements
    from numbers_toolkit.activation.result import Result as Result
    from numbers_toolkit.activation.updating import plan_update as plan_update
    from numbers_toolkit.activation.waiting import wait_until_provisioned as wait_until_provisioned

__all__ = [
    "ActivationPlan",
    "Attachment",
    "ChangePlan",
    "Papers",
    "Requirements",
    "Result",
    "Wish",
    "activate",
    "campaigns_in_use",
    "carry_out",
    "load_plan",
    "order_requirements",
    "plan_activation",
    "plan_release",
    "plan_update",
    "read_result",
    "repair_provisioning",
    "resume_activation",
    "service_plans_in_use",
    "wait_until_provisioned",
]

_HOMES = {
    "ActivationPlan": "plan",
    "Attachment": "papers",
    "ChangePlan": "plan",
    "Papers": "papers",
    "Requirements": "requirements",
    "Result": "result",
    "Wish": "items",
    "activate": "activating",
    "campaigns_in_use": "in_use",
    "carry_out": "activating",
    "load_plan": "plan",
    "order_requirements": "requirements",
    "plan_activation": "planning",
    "plan_release": "releasing",
    "plan_update": "updating",
    "read_result": "activating",
    "repair_provisioning": "repairing",
    "resume_activation": "activating",
    "service_plans_in_use": "in_use",
    "wait_until_provisioned": "waiting",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
