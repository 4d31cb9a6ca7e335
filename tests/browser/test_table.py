"""The table by mouse and by keyboard, with a kernel that is slow, and with frames of every size."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

MADE = """
import numpy as np, pandas as pd, time
from pathlib import Path
from numbers_toolkit.widgets.parts.table import Table, TableColumn
COLUMNS = [
    TableColumn("phone_number", "Number", "phone"), TableColumn("name", "Name"),
    TableColumn("region_code", "Region", "region"), TableColumn("can_do", "Can do", "tags"),
    TableColumn("price", "Per month", "money", help="What it costs each month."),
    TableColumn("sms_state", "SMS", "state"), TableColumn("until", "Paid until", "date"),
    TableColumn("plan_id", "Service plan", "code"),
]
def numbers(count):
    place = np.arange(count)
    return pd.DataFrame({
        "phone_number": [f"+1307{one:07d}" for one in place], "name": [f"Desk {one % 97:02d}" for one in place],
        "region_code": np.where(place % 3, "US", "SE"), "can_do": np.where(place % 2, "SMS;VOICE", "SMS"),
        "price": (place % 11) / 10 + 1, "currency_code": np.where(place % 3, "USD", "SEK"),
        "sms_state": np.array(["PROVISIONED", "FAILED", "WAITING", "NEW_STATE"])[place % 4],
        "until": pd.Timestamp("2026-03-02", tz="UTC") + pd.to_timedelta(place % 300, "D"),
        "plan_id": [f"{one:08x}" for one in place],
    })
table = Table(label="Numbers", columns=COLUMNS, empty="Nothing was searched for yet. Choose a region and search.")
"""
SHOWN = [MADE, "table.show(numbers(1203)); table"]


class Shown:
    """What stands in a table of a page."""

    def __init__(self, page, index=-1):
        self.output = page.output(index)
        self.grid = self.output.get_by_role("grid")
        self.rows = self.grid.locator("tbody tr")
        self.status = self.output.get_by_role("status").first
        self.wait = self.output.get_by_role("status").last
        self.filter = self.output.get_by_role("searchbox", name="Filter", exact=True)
        self.every = self.grid.locator("thead").get_by_role("checkbox")

    def cell(self, row, column):
        """A cell; the mark is column 0."""
        return self.rows.nth(row).locator("td, th").nth(column)

    def box(self, row):
        return self.rows.nth(row).get_by_role("checkbox")

    def button(self, name):
        return self.output.get_by_role("button", name=name, exact=True)

    def head(self, name):
        return self.grid.get_by_role("columnheader", name=name, exact=True)


def left_of(cell):
    return cell.bounding_box()["x"]


def selected(page):
    return page.run_cell("len(table.selected)")


def test_a_person_sorts_filters_pages_and_selects_by_mouse(lab, axe):
    page = lab.open(SHOWN)
    shown = Shown(page)
    expect(shown.status).to_have_text("1–25 of 1,203")
    axe(page)

    shown.button("Per month").click()
    expect(shown.head("Per month")).to_have_attribute("aria-sort", "ascending")
    expect(shown.status).to_have_text("1–25 of 1,203 · sorted within each currency")
    expect(shown.cell(0, 5)).to_have_text("1.00 SEK")
    shown.button("Per month").click()
    expect(shown.head("Per month")).to_have_attribute("aria-sort", "descending")
    expect(shown.cell(0, 5)).to_have_text("2.00 SEK")
    shown.button("Per month").click()
    expect(shown.status).to_have_text("1–25 of 1,203")
    expect(shown.head("Per month")).not_to_have_attribute("aria-sort", "descending")

    shown.box(1).click()
    shown.cell(4, 2).click(modifiers=["Shift"])
    expect(shown.status).to_contain_text("4 selected of 1,203")
    shown.cell(2, 3).dblclick()
    expect(shown.status).to_contain_text("3 selected of 1,203")
    expect(shown.box(2)).not_to_be_checked()
    expect(shown.rows.nth(3)).to_have_attribute("aria-selected", "true")
    assert page.run_cell("table.selected_keys") == "('+13070000001', '+13070000003', '+13070000004')"

    shown.filter.fill("+1 307 00001 failed")
    expect(shown.status).to_contain_text("25 found, 1,203 in all")
    expect(shown.status).to_contain_text("3 selected of 1,203, 3 of them not shown by the filter")
    shown.every.click()
    expect(shown.status).to_contain_text("28 selected of 1,203")
    expect(shown.every).to_be_checked()
    page.screenshot("filtered", index=-1)
    shown.button("Clear filter").click()
    expect(shown.status).to_have_text("1–25 of 1,203 · 28 selected of 1,203")
    expect(shown.filter).to_be_focused()
    assert shown.every.evaluate("box => box.indeterminate")

    shown.button("Last page").click()
    expect(shown.status).to_contain_text("1,201–1,203 of 1,203")
    expect(shown.rows).to_have_count(3)
    shown.output.get_by_label("Rows per page").select_option("500")
    expect(shown.status).to_contain_text("1,001–1,203 of 1,203")
    shown.button("Clear selection").click()
    expect(shown.status).to_have_text("1,001–1,203 of 1,203")
    assert selected(page) == "0"
    axe(page)


def test_everything_is_done_by_keyboard_alone(lab):
    page = lab.open(SHOWN)
    shown = Shown(page)
    expect(shown.rows).to_have_count(25)
    shown.filter.press("Tab")
    expect(shown.every).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(shown.cell(0, 0)).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowUp")
    expect(shown.status).to_contain_text("2 selected of 1,203")
    expect(shown.cell(1, 0)).to_be_focused()

    page.keyboard.press("End")
    expect(shown.cell(1, 8)).to_be_focused()
    expect(shown.cell(1, 8)).to_be_in_viewport()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(shown.cell(1, 1)).to_be_focused()
    page.keyboard.press("PageDown")
    expect(shown.status).to_contain_text("26–50 of 1,203")
    expect(shown.cell(1, 1)).to_be_focused()
    page.keyboard.press("Control+End")
    expect(shown.cell(24, 8)).to_be_focused()
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(shown.button("Name")).to_be_focused()
    page.keyboard.press("Enter")
    expect(shown.head("Name")).to_have_attribute("aria-sort", "ascending")
    expect(shown.button("Name")).to_be_focused()
    page.screenshot("keyboard", index=-1)

    page.keyboard.press("Control+a")
    expect(shown.status).to_contain_text("1,203 selected of 1,203")
    assert selected(page) == "1203"
    page.keyboard.press("Tab")
    expect(shown.output.get_by_label("Rows per page")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(shown.button("Next page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(shown.status).to_contain_text("26–50 of 1,203")
    expect(shown.button("Next page")).to_be_focused()


def test_all_are_those_that_the_filter_leaves_which_was_typed_a_moment_ago(lab):
    page = lab.open(SHOWN)
    shown = Shown(page)
    expect(shown.rows).to_have_count(25)

    # Faster than any hand: nothing lies between the letter and the click.
    shown.filter.evaluate("""input => {
      input.value = "+1 307 00001 failed";
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.getRootNode().querySelector("thead [role=checkbox], thead input[type=checkbox]").click();
    }""")

    expect(shown.status).to_contain_text("25 selected of 1,203")
    assert selected(page) == "25"


def test_the_filter_is_cleared_by_keyboard(lab):
    page = lab.open(SHOWN)
    shown = Shown(page)
    expect(shown.rows).to_have_count(25)

    shown.filter.press_sequentially("nothing like it")
    expect(shown.output).to_contain_text("None of the 1,203 rows holds “nothing like it”.")
    page.keyboard.press("Escape")
    expect(shown.rows).to_have_count(25)
    expect(shown.filter).to_be_focused()


def test_keys_of_the_notebook_leave_the_cell_alone_while_the_table_has_the_focus(lab):
    page = lab.open(SHOWN)
    shown = Shown(page)
    expect(shown.rows).to_have_count(25)

    for place in (shown.cell(0, 2), shown.button("Name"), shown.button("Next page"), shown.filter):
        for key in ("x", "d", "d", "b", "m", "Shift+Enter", "Backspace"):  # cut, delete, add, change, run
            place.press(key)

    expect(shown.filter).to_have_value("xddb")
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(2)
    expect(shown.output).to_contain_text("None of the 1,203 rows holds “xddb”.")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_hostile_text_is_only_text_in_a_narrow_window(lab, axe, dark):
    hostile = (
        "frame = numbers(30); name = '<img src=x onerror=alert(1)>\\u202e<script>alert(2)</script>' + 'x' * 500\n"
        "frame.loc[0, 'name'] = name; frame.loc[1, 'name'] = 'مكتب دبي'; table.show(frame)\n"
        "table.select(frame['phone_number'][2:4]); table.sort_by = 'phone_number'; table"
    )
    page = lab.open([MADE, hostile], dark=dark, width=420)
    shown = Shown(page)

    expect(shown.cell(0, 2)).to_contain_text("<img src=x onerror=alert(1)>")
    assert shown.output.locator("img, script").count() == 0
    shown.cell(0, 2).hover()
    expect(shown.cell(0, 2)).to_have_attribute("title", shown.cell(0, 2).text_content() or "")
    assert shown.cell(0, 2).evaluate("cell => cell.offsetWidth") <= 240
    assert shown.output.evaluate("area => area.scrollWidth <= area.clientWidth")
    shown.cell(4, 8).focus()
    for column in range(7, 1, -1):  # what sticks at the left never covers the cell that has the focus
        page.keyboard.press("ArrowLeft")
        expect(shown.cell(4, column)).to_be_focused()
        assert (
            left_of(shown.cell(4, column))
            >= left_of(shown.cell(4, 1)) + shown.cell(4, 1).bounding_box()["width"] - 1
        )
    axe(page)
    page.screenshot("narrow", index=-1)


def test_frames_of_no_row_of_one_and_of_another_kind(lab, axe):
    page = lab.open([MADE, "table"])
    shown = Shown(page)
    expect(shown.output).to_contain_text("Nothing was searched for yet. Choose a region and search.")
    expect(shown.filter).to_be_hidden()
    axe(page)
    page.screenshot("nothing", index=-1)

    page.run_cell("table.show(numbers(1))")
    expect(shown.status).to_have_text("1 row")
    expect(shown.rows).to_have_count(1)
    expect(shown.output.get_by_role("group", name="Pages")).to_be_hidden()
    page.screenshot("one", index=-1)

    page.run_cell("table.show(numbers(30), COLUMNS[:2]); table.page_size = 7")
    expect(shown.rows).to_have_count(7)
    expect(shown.grid.get_by_role("columnheader")).to_have_count(3)

    page.run_cell("table.empty = 'All were sold.'; table.show(numbers(0))")
    expect(shown.output).to_contain_text("All were sold.")


def test_one_hundred_thousand_rows(lab):
    page = lab.open([MADE, "table.show(numbers(100_000)); table"])
    shown = Shown(page)
    expect(shown.status).to_have_text("1–25 of 100,000")

    shown.button("Name").click()
    expect(shown.head("Name")).to_have_attribute("aria-sort", "ascending")
    shown.filter.press_sequentially("+1 307 0099 desk")
    expect(shown.status).to_have_text("1–25 of 1,000 found, 100,000 in all")
    shown.every.click()
    expect(shown.status).to_contain_text("1,000 selected of 100,000")
    shown.filter.fill("")
    expect(shown.status).to_have_text("1–25 of 100,000 · 1,000 selected of 100,000")
    shown.every.click()
    expect(shown.status).to_contain_text("100,000 selected of 100,000")
    shown.button("Last page").click()
    expect(shown.status).to_contain_text("99,976–100,000 of 100,000")

    assert selected(page) == "100000"
    assert shown.rows.count() == 25
    page.screenshot("many", index=-1)


def test_two_views_show_the_same_table_and_typing_in_one_is_left_alone(lab):
    page = lab.open([*SHOWN, "table"])
    first, second = Shown(page, 1), Shown(page, 2)

    first.filter.fill("failed")
    expect(second.status).to_contain_text("301 found, 1,203 in all")
    expect(second.filter).to_have_value("failed")
    second.box(0).click()
    expect(first.box(0)).to_be_checked()

    page.run_cell("table.filter_text = ''; table.sort_by = 'price'")
    for one in (first, second):
        expect(one.filter).to_have_value("")
        expect(one.head("Per month")).to_have_attribute("aria-sort", "ascending")


def test_while_the_kernel_is_busy_clicks_show_at_once_and_none_is_lost(lab):
    page = lab.open(SHOWN)
    shown = Shown(page)
    for _ in range(2):  # JupyterLab sends a first message another way than those after it
        shown.box(3).click()
    expect(shown.box(3)).not_to_be_checked()
    page.run_cell("def hold():\n    while not Path('go').exists(): time.sleep(0.01)\ntable.on_select(hold)")

    shown.box(0).click()  # the kernel shows it, and then has no time
    shown.box(1).click()
    expect(shown.wait).to_have_text("…")
    shown.box(2).click()
    shown.box(1).click()
    expect(shown.box(0)).to_be_checked()
    expect(shown.box(1)).not_to_be_checked()
    expect(shown.box(2)).to_be_checked()
    shown.filter.press_sequentially("failed")
    expect(shown.wait).to_contain_text("No answer yet: the kernel is busy")
    (page.path.parent / "go").touch()

    expect(shown.status).to_contain_text("301 found, 1,203 in all · 2 selected of 1,203")
    expect(shown.wait).to_have_text("")
    expect(shown.filter).to_have_value("failed")
    assert page.run_cell("table.selected_keys") == "('+13070000000', '+13070000002')"


def test_after_a_restart_of_the_kernel_it_says_that_the_cell_is_to_be_run_again(lab):
    page = lab.open(SHOWN)
    shown = Shown(page)
    expect(shown.rows).to_have_count(25)

    page.restart_kernel()
    shown.button("Next page").click()

    expect(shown.output).to_contain_text("This panel has lost its kernel")
    shown.box(1).click()
    expect(shown.box(1)).not_to_be_checked()
    page.run_all()
    expect(Shown(page).rows).to_have_count(25)
    Shown(page).button("Next page").click()
    expect(Shown(page).status).to_have_text("26–50 of 1,203")
