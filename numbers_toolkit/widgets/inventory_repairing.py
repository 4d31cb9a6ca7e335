"""Repairing set-ups from the inventory panel: which numbers, the plan, and the panel that carries it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from numbers_toolkit.activation import repair_provisioning
from numbers_toolkit.activation.endings import CHANGED
from numbers_toolkit.activation.overview import setup_counts
from numbers_toolkit.analysis import rows_about
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.widgets.activation_words import provisioning_told
from numbers_toolkit.widgets.inventory_to_do import NO_CLIENT
from numbers_toolkit.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numbers_toolkit.activation import ChangePlan
    from numbers_toolkit.activation.result import Result
    from numbers_toolkit.markup import Tone
    from numbers_toolkit.widgets.activation_panel import ActivationPanel
    from numbers_toolkit.widgets.inventory_panel import InventoryPanel
    from numbers_toolkit.widgets.inventory_view import InventoryView

__all__ = ["Repairing"]


class Repairing:
    """The repairs of an inventory panel.

    Parameters
    ----------
    panel : InventoryPanel
        Whose numbers are repaired, and who says how it goes.
    view : InventoryView
        Has the to-do list, and the place for the panel of the repair.
    journals : path-like or None
        Folder of the journals.
    """

    def __init__(self, panel: InventoryPanel, view: InventoryView, journals: Any) -> None:
        self._panel, self._view, self._journals = panel, view, journals

    def numbers(self, given: Iterable[str] | None) -> list[str]:
        """Return the numbers that are meant: those given, or what is chosen in the to-do list.

        Raises
        ------
        InvalidInputError
            When one is not among the numbers of the panel.
        """
        if given is None:
            return self._view.to_do.repairable()
        numbers = [given] if isinstance(given, str) else list(given)
        strange = sorted(set(numbers) - set(self._panel.active["phone_number"]))
        if strange:
            raise InvalidInputError(
                f"{listed(strange)} can't be repaired here: not among the numbers of the panel. Nothing was sent."
            )
        return numbers

    def refusal(self, numbers: list[str]) -> str:
        """Return why nothing can be planned now; empty when it can."""
        if not self._panel.has_client:
            return NO_CLIENT
        if self._at_work:
            return "A repair is still going on below. Wait for its end, or cancel it there."
        return "" if numbers else "No set-up has failed among what is chosen; there is nothing to repair."

    @property
    def _at_work(self) -> bool:
        """Whether updates are being sent; what only reads may be given up."""
        return self._panel.repair is not None and self._panel.repair.stage == "running"

    def plan(self, numbers: list[str], options: Mapping[str, Any]) -> None:
        """Plan in a thread, and open the plan; nothing is sent."""
        client = self._panel.client
        former = self._panel.repair
        result = None if former is None else former.result
        rows = rows_about(self._panel.active, pd.DataFrame({"phone_number": numbers}))
        self._panel.run(
            "Planning the repair",
            lambda _job: repair_provisioning(rows, client=client, **options),
            lambda plan: self._open(plan, result),
            way_on="Nothing was sent.",
        )

    def _open(self, plan: ChangePlan, result: Result | None) -> None:
        from numbers_toolkit.widgets.activation_panel import BEGUN_MEANWHILE, ActivationPanel, is_begun

        former = self._panel.repair
        if former is not None and is_begun(former, result):
            self._panel.say(BEGUN_MEANWHILE, "warn")
            return
        opened = ActivationPanel(plan, self._panel.client, journals=self._journals, active=self._panel.active)
        opened.observe(self._ended, "stage")
        self._show(opened)
        if former is not None:
            former.close()
        told = [counted(len(plan), "update")] * bool(len(plan))
        told += [f"advice for {counted(len({one.phone_number for one in plan.advice}))}"] * bool(plan.advice)
        self._panel.say(
            f"The plan is below: {listed(told) or 'there is nothing to repair'}. Nothing was sent."
        )

    def _show(self, opened: ActivationPanel | None) -> None:
        self._view.show_repair(opened)
        self._panel.set_trait("repair", opened)

    def _ended(self, change: Mapping[str, Any]) -> None:
        repair = change["owner"]
        if change["new"] != "done" or self._panel.closed or repair.result is None:
            return
        self._view.offer_refresh(more=True)
        text, tone = _ended_told(repair.result, repair.provisioning)
        self._panel.say(f"{text} 'Refresh' reads the numbers as they are now.", tone)

    def close(self) -> None:
        """Close the panel of the repair, unless it is at work."""
        opened = self._panel.repair
        if opened is None:
            return
        if self._at_work:
            self._panel.say("The repair is still going on. Wait for its end, or cancel it there.", "warn")
            return
        self._show(None)
        opened.close()


def _ended_told(result: Result, provisioning: pd.DataFrame) -> tuple[str, Tone]:
    """Return how a repair ended, as sentences and their tone: what was sent, and how far the set-ups came since."""
    sent = f"The repair has ended: {result.sentence()}"
    changed = result.with_outcome(CHANGED)
    if not changed or provisioning.empty:
        return sent, "info" if result.as_planned else "warn"
    ready, tone = provisioning_told(setup_counts(provisioning), len(changed))
    return f"{sent} {ready}", tone if result.as_planned else "warn"
