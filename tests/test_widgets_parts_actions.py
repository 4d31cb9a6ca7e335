"""Buttons: one click acts once, on what the person saw."""

from __future__ import annotations

import pytest

pytest.importorskip("anywidget")

from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.widgets.parts.actions import Actions
from widget_views import View


def rent_and_cancel(**rent: object) -> tuple[Actions, View, list[str]]:
    actions = Actions(
        [
            {"name": "rent", "label": "Rent 2 numbers", "kind": "danger", **rent},
            {"name": "cancel", "label": "Cancel"},
        ],
        label="Confirmation",
    )
    clicked: list[str] = []
    actions.on_click(clicked.append)
    return actions, View(actions), clicked


def test_click_reaches_everybody_who_listens():
    actions, view, clicked = rent_and_cancel()
    also: list[str] = []
    actions.on_click(also.append)

    view.say(kind="click", name="rent", revision=0)

    assert clicked == also == ["rent"]


def test_second_click_of_a_double_click_is_passed_over():
    _, view, clicked = rent_and_cancel()

    view.say(kind="click", name="rent", revision=0)
    view.say(kind="click", name="rent", revision=0)

    assert clicked == ["rent"]


def test_click_that_comes_while_another_is_acted_on_is_passed_over():
    actions, view, clicked = rent_and_cancel()
    later: list[int] = []
    actions.on_click(lambda name: later.append(actions.buttons[0]["revision"]))

    view.say(kind="click", name="rent", revision=0)
    view.say(kind="click", name="rent", revision=later[0])

    assert clicked == ["rent"]


def test_button_can_be_clicked_again_once_the_person_has_seen_it_anew():
    actions, view, clicked = rent_and_cancel()

    view.say(kind="click", name="rent", revision=0)
    view.say(kind="click", name="rent", revision=actions.buttons[0]["revision"])

    assert clicked == ["rent", "rent"]


@pytest.mark.parametrize(
    "change",
    [{"label": "Rent 3 numbers"}, {"disabled": True}, {"hidden": True}, {"busy": True}, {"kind": "primary"}],
)
def test_click_on_what_a_button_was_before_is_passed_over(change):
    actions, view, clicked = rent_and_cancel()

    actions.change("rent", **change)
    view.say(kind="click", name="rent", revision=0)

    assert clicked == []


def test_change_of_one_button_leaves_a_click_on_another_valid():
    actions, view, clicked = rent_and_cancel()

    actions.change("rent", label="Rent 3 numbers")
    view.say(kind="click", name="cancel", revision=0)

    assert clicked == ["cancel"]


def test_change_of_help_or_to_the_same_label_leaves_a_click_valid():
    actions, view, clicked = rent_and_cancel()

    actions.change("rent", help="Costs 4.00 USD a month.", label="Rent 2 numbers")
    view.say(kind="click", name="rent", revision=0)

    assert clicked == ["rent"]


@pytest.mark.parametrize("state", ["disabled", "hidden", "busy"])
def test_button_that_takes_no_click_takes_none_from_a_program_either(state):
    actions, _, clicked = rent_and_cancel(**{state: True})

    actions.click("rent")

    assert clicked == []


def test_program_clicks_like_a_person():
    actions, view, clicked = rent_and_cancel()

    actions.click("rent")
    view.say(kind="click", name="rent", revision=0)

    assert clicked == ["rent"]


def test_strange_messages_do_nothing():
    _, view, clicked = rent_and_cancel()

    view.say(kind="click", name="resend", revision=0)
    view.say(kind="click", name="rent")
    view.say(kind="hello")
    view.part._handle_custom_msg("text", [])

    assert clicked == []


def test_fault_of_one_listener_is_told_and_the_others_are_called():
    actions, view, clicked = rent_and_cancel()
    faults: list[str] = []
    actions.on_fault(lambda fault: faults.append(str(fault)))
    actions._clicked.insert(0, lambda name: {}[name])

    view.say(kind="click", name="rent", revision=0)

    assert (clicked, faults) == (["rent"], ["'rent'"])


def test_fault_is_raised_when_nobody_wants_to_be_told():
    actions, _, clicked = rent_and_cancel()
    actions._clicked.insert(0, lambda name: {}[name])

    with pytest.raises(KeyError, match="rent"):
        actions.click("rent")

    assert clicked == ["rent"]


@pytest.mark.parametrize(
    ("buttons", "message"),
    [
        ([{"label": "Rent"}], "needs a name of its own"),
        ([{"name": "rent"}, {"name": "rent"}], "needs a name of its own"),
        ([{"name": "rent", "colour": "red"}], "has no colour; it has busy, disabled"),
        ([{"name": "rent", "kind": "red"}], "no kind of button 'red'; there is primary, plain and danger"),
    ],
)
def test_wrong_descriptions_are_refused(buttons, message):
    with pytest.raises(InvalidInputError, match=message):
        Actions(buttons, label="x")


def test_wrong_changes_are_refused():
    actions, _, _ = rent_and_cancel()

    with pytest.raises(InvalidInputError, match="no button 'buy'; there is rent and cancel"):
        actions.change("buy", label="Buy")
    with pytest.raises(InvalidInputError, match="has no revision"):
        actions.change("rent", revision=7)
    with pytest.raises(InvalidInputError, match="no kind of button"):
        actions.change("rent", kind="loud")
    assert actions.buttons[0]["revision"] == 0


def test_constructor_takes_nothing_else():
    with pytest.raises(TypeError, match="unexpected keyword argument 'tooltip'"):
        Actions([], label="x", tooltip="y")
