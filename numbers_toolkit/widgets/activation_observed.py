"""A panel that comes to its end whatever somebody else's observers do.

Whoever observes its traits is called in the middle of what it does. An observer that fails must not leave a run that
costs money half shown, so what it raised is said, and the panel goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numbers_toolkit.widgets.panel import Panel

if TYPE_CHECKING:
    from numbers_toolkit.markup import Html, Tone

__all__ = ["ObservedPanel"]


class ObservedPanel(Panel):
    """A panel with traits that people observe; the parameters are those of the panel."""

    #: What observers raised, by the trait that they observe; replaced, never changed.
    _observer_faults: dict[str, str] = {}  # noqa: RUF012
    _telling_of_observers = False

    def notify_change(self, change: Any) -> None:
        """Tell observers; what one of them raises is said in the panel and ends nothing."""
        try:
            super().notify_change(change)
        except Exception as error:  # noqa: BLE001 - whatever it is, the panel goes on
            self._observer_failed(str(change["name"]), error)

    def say(self, text: str | Html, tone: Tone = "info") -> None:
        """Say something in the panel, beside what observers raised."""
        super().say(text, tone)
        self._tell_of_observers(list(self._observer_faults.values()))

    def _observer_failed(self, name: str, error: Exception) -> None:
        if name in self._observer_faults:
            return
        told = f"Your observer of {name!r} failed: {type(error).__name__}: {error}"
        self._observer_faults = {**self._observer_faults, name: told}
        self._tell_of_observers([told])

    def _tell_of_observers(self, told: list[str]) -> None:
        # An observer of the notice itself hears of this one, too.
        if self._telling_of_observers:
            return
        self._telling_of_observers = True
        try:
            self._warn_of(told)
        finally:
            self._telling_of_observers = False

    def _forget_observer_faults(self) -> None:
        """Begin anew: what fails again is said again."""
        self._observer_faults = {}
