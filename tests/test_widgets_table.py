"""The table: driven by its traits and methods, and by the messages that a browser sends."""

from __future__ import annotations

import gc
import json
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from builders import active_frame
from numbers_toolkit.errors import ColumnError, InvalidInputError
from numbers_toolkit.widgets.parts.table import Table, TableColumn

COLUMNS = (
    TableColumn("phone_number", "Number", "phone"),
    TableColumn("display_name", "Name"),
    TableColumn("monthly_cost", "Per month", "money"),
)
NAMES = ["Cello", "Alto", "Bass", "Drums", "Alto", None]


def number(index):
    return f"+1307555{100 + index:04d}"


def numbers(count=6, **columns):
    rows = [
        {"display_name": NAMES[place % 6], "monthly_cost": f"{place}.50", **columns} for place in range(count)
    ]
    frame = active_frame(*rows)
    frame.attrs = {"source": "sandbox", "complete": True}
    return frame


@pytest.fixture
def table():
    made = Table(label="Numbers", columns=COLUMNS, page_size=4)
    made.show(numbers())
    yield made
    made.close()


class Browser:
    """A view: what it sends, and what it could show."""

    def __init__(self, table, view="view-1"):
        self.table, self.view, self.asked = table, view, 0

    def ask(self, kind, **details):
        self.asked += 1
        self.table._handle_custom_msg({"kind": kind, "view": self.view, "ask": self.asked, **details}, [])

    @property
    def state(self):
        return json.loads(json.dumps(self.table.get_state()))

    @property
    def texts(self):
        """The second cell of each row in sight."""
        return [row["cells"][1]["text"] for row in self.state["_window"]["rows"]]

    @property
    def chosen(self):
        return self.state["_chosen"]


@pytest.fixture
def browser(table):
    return Browser(table)


# -- showing


def test_a_page_of_cells_goes_to_the_browser(table, browser):
    window = browser.state["_window"]

    assert browser.texts == ["Cello", "Alto", "Bass", "Drums"]
    assert (window["first"], window["shown"], window["all"], window["page"], window["pages"]) == (
        0,
        6,
        6,
        1,
        2,
    )
    assert window["rows"][0]["key"] == number(0)
    assert [one["title"] for one in browser.state["_head"]["columns"]] == ["Number", "Name", "Per month"]


def test_before_anything_is_shown_it_says_why_it_is_empty():
    table = Table(label="Numbers", columns=COLUMNS, empty="Search first.")

    assert table.get_state()["empty"] == "Search first."
    assert table.get_state()["_window"]["all"] == 0
    assert len(table.frame) == len(table.shown) == len(table.selected) == 0
    table.filter_text = "a"
    table.sort_by = "display_name"


def test_frames_of_no_row_and_of_one_row(table, browser):
    table.show(numbers(0))
    assert (browser.texts, browser.state["_window"]["pages"]) == ([], 1)
    pd.testing.assert_frame_equal(table.selected, numbers(0))

    table.show(numbers(1))
    assert (browser.texts, browser.state["_window"]["pages"]) == (["Cello"], 1)


def test_without_columns_all_of_the_frame_are_shown():
    table = Table(label="Numbers")
    table.show(numbers(1))

    assert len(table.get_state()["_head"]["columns"]) == len(numbers(1).columns)


def test_other_columns_stay_for_later_frames(table, browser):
    table.sort_by = "monthly_cost"
    table.show(numbers(2), [TableColumn("phone_number"), TableColumn("display_name")])
    assert table.sort_by == ""

    table.show(numbers(3))
    assert [one["name"] for one in browser.state["_head"]["columns"]] == ["phone_number", "display_name"]


@pytest.mark.parametrize("what", [None, [], pd.Series([1]), "frame"])
def test_only_a_frame_is_shown(table, what):
    with pytest.raises(ColumnError, match="A table shows a pandas DataFrame, not"):
        table.show(what)


def test_a_frame_that_lacks_columns_leaves_everything_as_it_was(table, browser):
    table.select(number(1))
    before = browser.state

    with pytest.raises(ColumnError, match="has no display_name"):
        table.show(numbers().drop(columns="display_name"))

    assert browser.state == before
    assert table.selected_keys == (number(1),)


def test_what_is_handed_out_can_be_changed_without_harm(table):
    for handed_out in (table.frame, table.shown):
        handed_out.loc[0, "display_name"] = "changed"

    assert table.frame["display_name"].tolist()[0] == "Cello"
    assert table.shown["display_name"].tolist()[0] == "Cello"


@pytest.mark.parametrize("options", [{"selection": "some"}, {"page_size": 0}])
def test_what_cannot_be_is_refused(options):
    with pytest.raises(InvalidInputError):
        Table(label="Numbers", **options)


def test_an_unknown_option_is_refused():
    with pytest.raises(TypeError, match="colour"):
        Table(label="Numbers", colour="red")


# -- sorting, filtering, paging


def test_sorting_by_traits(table, browser):
    table.sort_by = "display_name"
    assert browser.texts == ["Alto", "Alto", "Bass", "Cello"]

    table.ascending = False
    assert browser.texts == ["Drums", "Cello", "Bass", "Alto"]
    assert table.shown["monthly_cost"].astype(float).tolist() == [3.5, 0.5, 2.5, 1.5, 4.5, 5.5]

    table.sort_by = ""
    assert browser.texts == ["Cello", "Alto", "Bass", "Drums"]


def test_an_unknown_column_to_sort_by_is_refused(table):
    with pytest.raises(InvalidInputError, match="can't be sorted by 'colour'; its columns are phone_number"):
        table.sort_by = "colour"
    assert table.sort_by == ""


def test_sorting_by_a_click_changes_both_traits_at_once(table, browser):
    seen = []
    table.observe(lambda _change: seen.append((table.sort_by, table.ascending)), ["sort_by", "ascending"])

    browser.ask("sort", column="display_name", ascending=False)

    assert set(seen) == {("display_name", False)}
    assert browser.texts == ["Drums", "Cello", "Bass", "Alto"]


def test_filtering_starts_at_the_first_page(table, browser):
    table.page = 2
    browser.ask("filter", text="alto")

    assert (table.filter_text, table.page) == ("alto", 1)
    assert browser.texts == ["Alto", "Alto"]
    assert table.shown["display_name"].tolist() == ["Alto", "Alto"]
    assert (browser.state["_window"]["shown"], browser.state["_window"]["all"]) == (2, 6)


def test_another_order_or_filter_starts_at_the_first_page_also_where_there_are_more(table, browser):
    for kind, details in (
        ("filter", {"text": "+1 307"}),
        ("sort", {"column": "display_name", "ascending": True}),
    ):
        table.page = 2
        browser.ask(kind, **details)
        assert (table.page, browser.state["_window"]["pages"]) == (1, 2)


def test_paging_stays_within_the_pages(table, browser):
    browser.ask("page", page=2)
    assert (table.page, browser.texts) == (2, ["Alto", "–"])

    table.page = 99
    assert table.page == 2
    table.page = -1
    assert table.page == 1


def test_another_page_size_keeps_the_first_row_in_sight(table, browser):
    table.page = 2
    browser.ask("page_size", size=2)

    assert (table.page_size, table.page, browser.texts) == (2, 3, ["Alto", "–"])
    with pytest.raises(InvalidInputError, match="A page of 0 rows shows nothing"):
        table.page_size = 0


def test_another_frame_keeps_sort_filter_and_page_as_far_as_it_can(table, browser):
    table.sort_by, table.filter_text = "display_name", "+1 307"
    table.page = 2

    table.show(numbers(7))
    assert (table.sort_by, table.filter_text, table.page) == ("display_name", "+1 307", 2)

    table.show(numbers(2))
    assert (table.filter_text, table.page, browser.texts) == ("+1 307", 1, ["Alto", "Cello"])


def test_amounts_of_several_currencies_are_never_mixed(table, browser):
    mixed = numbers(4)
    mixed["currency_code"] = pd.Categorical(["USD", "SEK", "USD", "SEK"])
    table.show(mixed)

    table.sort_by, table.ascending = "monthly_cost", False

    assert [row["cells"][2]["text"] for row in browser.state["_window"]["rows"]] == [
        "3.50 SEK",
        "1.50 SEK",
        "2.50 USD",
        "0.50 USD",
    ]
    assert browser.state["_window"]["note"] == "sorted within each currency"


# -- selecting


def test_selected_rows_are_a_frame_like_the_one_given(table):
    table.sort_by = "display_name"
    table.select([number(3), number(1)])

    expected = numbers().iloc[[1, 3]].reset_index(drop=True)
    pd.testing.assert_frame_equal(table.selected, expected)
    assert table.selected.attrs == {"source": "sandbox", "complete": True}
    assert table.selected_keys == (number(1), number(3))


def test_a_selection_outlives_sorting_filtering_and_paging(table, browser):
    browser.ask("toggle", key=number(0), on=True)
    browser.ask("toggle", key=number(5), on=True)

    table.filter_text, table.page_size = "alto", 1
    table.sort_by = "monthly_cost"

    assert table.selected_keys == (number(0), number(5))
    assert browser.chosen == {"keys": [], "rows": 2, "shown": 0}
    table.filter_text = ""
    assert browser.chosen == {"keys": [number(0)], "rows": 2, "shown": 2}


def test_rows_that_are_gone_are_no_longer_selected(table):
    table.select([number(1), number(5)])

    table.show(numbers(3))

    assert table.selected_keys == (number(1),)


def test_a_click_sent_twice_selects_once(table, browser):
    for _ in range(2):
        browser.ask("toggle", key=number(2), on=True)

    assert table.selected_keys == (number(2),)
    browser.ask("toggle", key=number(2), on=False)
    assert table.selected_keys == ()


def test_a_click_on_a_row_that_is_gone_does_nothing(table, browser):
    browser.ask("toggle", key="+19995550100", on=True)
    browser.ask("extend", anchor=number(1), before=number(1), to="+19995550100")

    assert table.selected_keys == ()
    assert browser.state["_answered"] == {"view-1": 2}


def test_a_range_follows_the_order_that_is_shown_over_pages(table, browser):
    table.sort_by = "display_name"  # Alto 1, Alto 4, Bass 2, Cello 0, Drums 3, nothing 5

    browser.ask("extend", anchor=number(4), before=number(4), to=number(3))
    assert set(table.selected_keys) == {number(4), number(2), number(0), number(3)}

    browser.ask("extend", anchor=number(4), before=number(3), to=number(2))
    assert set(table.selected_keys) == {number(4), number(2)}

    browser.ask("extend", anchor=number(4), before=number(2), to=number(1))
    assert set(table.selected_keys) == {number(4), number(1)}


def test_a_range_without_its_beginning_is_one_row(table, browser):
    browser.ask("extend", anchor="gone", before="gone", to=number(2))

    assert table.selected_keys == (number(2),)


def test_all_means_all_that_the_filter_leaves(table, browser):
    table.select(number(0))
    table.filter_text = "alto"

    browser.ask("all", on=True)
    assert table.selected_keys == (number(0), number(1), number(4))
    assert browser.chosen == {"keys": [number(1), number(4)], "rows": 3, "shown": 2}

    browser.ask("all", on=False)
    assert table.selected_keys == (number(0),)

    table.select_all_shown()
    browser.ask("none")
    assert table.selected_keys == ()


def test_rows_with_the_same_key_are_selected_together():
    table = Table(label="Faults", key="region_code")
    table.show(pd.DataFrame({"region_code": ["US", "SE", "US"], "fault": ["a", "b", "c"]}))

    table.select("US")

    assert table.selected["fault"].tolist() == ["a", "c"]
    assert table.get_state()["_chosen"] == {"keys": ["US"], "rows": 2, "shown": 2}


def test_several_columns_can_be_the_key():
    table = Table(label="Faults", key=("number", "service"))
    table.show(pd.DataFrame({"number": ["a", "a"], "service": ["SMS", "VOICE"]}))

    table.select("a / VOICE")

    assert table.selected["service"].tolist() == ["VOICE"]


def test_rows_without_a_key_are_not_taken_for_rows_of_another_frame():
    table = Table(label="Rows", key="")
    table.show(pd.DataFrame({"a": [1, 2]}))
    table.select("1")
    assert table.selected["a"].tolist() == [2]

    table.show(pd.DataFrame({"a": [3, 4]}))

    assert table.selected_keys == ()


@pytest.mark.parametrize(("selection", "most"), [("one", "one row"), ("none", "no row")])
def test_no_more_is_selected_than_the_table_allows(selection, most):
    table = Table(label="Numbers", columns=COLUMNS, selection=selection)
    table.show(numbers())

    with pytest.raises(InvalidInputError, match=f"lets {most} be selected"):
        table.select_all_shown()
    assert table.selected_keys == ()


def test_of_one_row_the_last_click_counts():
    table = Table(label="Numbers", columns=COLUMNS, selection="one")
    table.show(numbers())
    browser = Browser(table)

    for place in (1, 2):
        browser.ask("toggle", key=number(place), on=True)
    assert table.selected_keys == (number(2),)
    browser.ask("toggle", key=number(2), on=False)
    assert table.selected_keys == ()


def test_a_key_that_no_row_has_is_not_dropped_in_silence(table):
    table.select(number(1))
    with pytest.raises(InvalidInputError, match=r"'\+19995550100' can't be selected"):
        table.select([number(2), "+19995550100"])
    assert table.selected_keys == (number(1),)


# -- telling


def test_callbacks_are_told_once_and_see_the_new_selection(table, browser):
    seen = []
    table.on_select(lambda: seen.append((table.selected["phone_number"].tolist(), browser.chosen["rows"])))

    browser.ask("all", on=True)
    browser.ask("all", on=True)
    table.sort_by = "display_name"
    table.show(numbers(1))
    table.clear_selection()

    assert [(len(keys), rows) for keys, rows in seen] == [(6, 6), (1, 1), (0, 0)]


def test_the_selection_can_be_observed_as_a_trait(table, browser):
    seen = []
    table.observe(lambda change: seen.append(change["new"]), "selected_keys")

    browser.ask("toggle", key=number(1), on=True)

    assert seen == [(number(1),)]


def test_a_callback_that_fails_is_told_of_and_keeps_no_other_from_being_called(table, browser):
    faults, called = [], []
    table.on_fault(lambda fault: faults.append(str(fault)))
    table.on_select(lambda: 1 / 0)
    table.on_select(lambda: called.append(True))

    browser.ask("toggle", key=number(1), on=True)

    assert (faults, called) == (["division by zero"], [True])
    assert browser.chosen["rows"] == 1
    assert browser.state["_answered"] == {"view-1": 1}


def test_an_observer_that_fails_is_told_of_and_the_table_goes_on(table, browser):
    faults = []
    table.on_fault(lambda fault: faults.append(str(fault)))
    table.observe(lambda _change: 1 / 0, "filter_text")

    browser.ask("filter", text="alto")

    assert faults == ["division by zero"]
    assert browser.texts == ["Alto", "Alto"]


# -- talking with the browser


def test_every_question_is_answered_in_each_view(table, browser):
    other = Browser(table, "view-2")
    browser.ask("filter", text="alto")
    other.ask("filter", text="alto")
    browser.ask("page", page=1)

    assert browser.state["_answered"] == {"view-1": 2, "view-2": 1}


def test_answers_to_views_that_are_gone_are_forgotten(table):
    for place in range(40):
        Browser(table, f"view-{place}").ask("page", page=1)

    assert len(table.get_state()["_answered"]) == 16
    assert "view-39" in table.get_state()["_answered"]


def test_a_window_has_a_new_revision_only_when_it_is_another(table, browser):
    first = browser.state["_window"]["revision"]
    browser.ask("page", page=1)
    browser.ask("toggle", key=number(1), on=True)
    assert browser.state["_window"]["revision"] == first

    browser.ask("page", page=2)
    assert browser.state["_window"]["revision"] == first + 1


def test_an_older_word_about_what_is_to_be_seen_does_not_count_and_no_click_is_lost(table, browser):
    browser.asked = 9
    browser.ask("filter", text="alto")

    browser.asked = 3
    browser.ask("filter", text="al")
    browser.ask("toggle", key=number(1), on=True)

    assert table.filter_text == "alto"
    assert table.selected_keys == (number(1),)
    assert browser.state["_answered"] == {"view-1": 10}


def test_clicks_come_in_while_a_cell_shows_other_frames(table):
    """JupyterLab can have clicks handled in a thread beside the one that runs cells."""

    def click():
        browser = Browser(table)
        for place in range(30):
            browser.ask("sort", column=["display_name", "monthly_cost"][place % 2], ascending=place % 3 == 0)
            browser.ask("toggle", key=number(place % 6), on=place % 2 == 0)
            browser.ask("filter", text=["alto", ""][place % 2])

    with ThreadPoolExecutor(1) as beside:
        clicking = beside.submit(click)
        for place in range(30):
            table.show(numbers(place % 6 + 1))
            assert len(table.selected) <= place % 6 + 1
        clicking.result()
    table.show(numbers())

    assert table.get_state()["_chosen"]["rows"] == len(table.selected_keys) == len(table.selected)
    assert [row["key"] for row in table.get_state()["_window"]["rows"]] == table.shown[
        "phone_number"
    ].tolist()[:4]


@pytest.mark.parametrize(
    "message",
    [
        "hello",
        {},
        {"kind": "rent", "view": "a", "ask": 1},
        {"kind": "sort", "view": "a", "ask": 1, "column": "colour"},
        {"kind": "toggle", "view": "a", "ask": 1},
        {"kind": "filter", "view": "a", "ask": None, "text": "alto"},
    ],
)
def test_a_message_that_is_not_understood_changes_nothing(table, browser, message):
    before = browser.state["_window"], browser.chosen

    table._handle_custom_msg(message, [])

    assert (browser.state["_window"], browser.chosen) == before


def test_neither_the_selection_nor_other_pages_go_to_the_browser(table, browser):
    table.select_all_shown()

    state = json.dumps(browser.state)

    assert number(3) in state
    assert number(4) not in state


def test_a_hundred_thousand_rows_send_no_more_than_a_page(monkeypatch):
    frame = numbers(1).iloc[np.zeros(100_000, dtype=int)].reset_index(drop=True)
    frame["phone_number"] = np.char.add("+1307", np.char.zfill(np.arange(100_000).astype(str), 7))
    table = Table(label="Numbers", columns=COLUMNS)
    sent = []
    monkeypatch.setattr(Table, "send_state", lambda _self, key=None: sent.append(table.get_state(key)))

    table.show(frame)
    table.sort_by, table.ascending = "phone_number", False
    table.filter_text = "+1 307 0099 cello"
    table.select_all_shown()

    assert len(table.selected) == 1000
    assert table.shown["phone_number"].tolist()[0] == "+13070099999"
    assert max(len(json.dumps(one)) for one in sent) < 10_000


# -- the end


def test_a_closed_table_lets_go_of_its_frame():
    table = Table(label="Numbers", columns=COLUMNS)
    table.show(numbers())
    table.filter_text = "alto"
    kept = weakref.ref(table._rows)

    table.close()
    table.close()
    gc.collect()

    assert kept() is None
    assert len(table.frame) == 0


def test_it_says_what_it_is(table):
    assert repr(table) == "Table('Numbers', 6 rows)"
