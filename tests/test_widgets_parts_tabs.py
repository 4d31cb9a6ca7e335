"""Tabs: one of them is active, whoever chose it."""

from __future__ import annotations

import pytest

pytest.importorskip("anywidget")

from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.widgets.parts.tabs import Tabs
from widget_views import View

TWO = [{"name": "costs", "label": "Costs"}, {"name": "errors", "label": "Errors", "count": 3}]


def test_first_tab_is_active_at_first():
    assert Tabs(TWO, label="Views").active == "costs"


def test_person_chooses_and_observers_are_told_once():
    tabs = Tabs(TWO, label="Views")
    view = View(tabs)
    seen: list[str] = []
    tabs.observe(lambda change: seen.append(change["new"]), "active")

    view.say(kind="choose", name="errors")
    view.say(kind="choose", name="errors")
    view.say(kind="choose", name="gone")

    assert (tabs.active, seen) == ("errors", ["errors"])


def test_fault_of_an_observer_is_told():
    tabs = Tabs(TWO, label="Views")
    faults: list[str] = []
    tabs.on_fault(lambda fault: faults.append(str(fault)))
    tabs.observe(lambda change: {}[change["new"]], "active")

    View(tabs).say(kind="choose", name="errors")

    assert faults == ["'errors'"]


def test_only_a_tab_that_exists_can_be_active():
    tabs = Tabs(TWO, label="Views")

    with pytest.raises(InvalidInputError, match="no tab 'gone'; there is costs and errors"):
        tabs.active = "gone"

    assert tabs.active == "costs"


def test_count_changes():
    tabs = Tabs(TWO, label="Views")

    tabs.change("errors", count=0)

    assert tabs.tabs[1] == {"name": "errors", "label": "Errors", "count": 0}
    with pytest.raises(InvalidInputError, match="has no colour; it has count and label"):
        tabs.change("errors", colour="red")


def test_no_tabs_at_all_are_refused():
    with pytest.raises(InvalidInputError, match="at least one"):
        Tabs([], label="Views")
