"""Bars with names and figures, one of which can be chosen."""

from __future__ import annotations

import pytest

from numbers_toolkit.widgets.parts.bars import Bars


def bar(name, value, note=""):
    return {"name": name, "label": name, "value": value, "note": note}


@pytest.fixture
def bars():
    made = Bars(label="On offer")
    made.show([bar("+1307", 40), bar("+1212", 1000), bar("+1308", 0)])
    yield made
    made.close()


def test_each_bar_has_its_figure_and_its_share_of_the_longest(bars):
    assert [(one["name"], one["text"], one["share"]) for one in bars.bars] == [
        ("+1307", "40", 0.04),
        ("+1212", "1,000", 1.0),
        ("+1308", "0", 0.0),
    ]


def test_choosing_again_chooses_none(bars):
    bars.choose("+1307")
    assert bars.chosen == "+1307"
    bars.choose("+1212")
    assert bars.chosen == "+1212"
    bars.choose("+1212")
    assert bars.chosen == ""


def test_a_chosen_bar_stays_chosen_while_it_is_there(bars):
    bars.choose("+1307")
    bars.show([bar("+1307", 1)])
    assert bars.chosen == "+1307"
    bars.show([bar("+1212", 1)])
    assert bars.chosen == ""


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "choose", "name": "+49"},
        {"kind": "choose"},
        {"kind": "other", "name": "+1307"},
        "choose",
        None,
    ],
)
def test_a_message_that_is_none_of_ours_changes_nothing(bars, message):
    bars._receive(bars, message, [])
    assert bars.chosen == ""


def test_a_click_chooses(bars):
    bars._receive(bars, {"kind": "choose", "name": "+1307"}, [])
    assert bars.chosen == "+1307"


def test_more_bars_than_anyone_looks_at_are_counted(bars):
    bars.show([bar(f"+{place}", 1) for place in range(1250)])
    assert len(bars.bars) == 200
    assert bars.more == "and 1,050 more"
    bars.show([])
    assert (bars.bars, bars.more) == ([], "")


def test_text_is_one_line_that_can_be_read(bars):
    bars.show([bar("a\u202eb", 1, "line\nbreak\x1b[31m")])
    assert bars.bars[0]["label"] == "a\ufffdb"
    assert bars.bars[0]["note"] == "line\ufffdbreak\ufffd[31m"
