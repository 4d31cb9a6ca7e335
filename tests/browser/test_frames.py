"""Tables of the package as JupyterLab shows them: in both themes, in little room, and as they are copied."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import numbers_toolkit as nt

LOAD = "import numbers_toolkit as nt\n%load_ext numbers_toolkit\nclient = nt.connect()"
READ = "active = nt.active_numbers(client, progress=False)"
CELLS = [
    LOAD,
    READ,
    "active",
    "nt.provisioning_errors(active).head(3)",
    "nt.analysis.monthly_cost(active, by='region_code')",
    "active.head(0)",
    "import pandas as pd; pd.DataFrame({'a': [1]})",
]
COPIED = """number => {
  const range = document.createRange(); range.selectNodeContents(number);
  const selection = getSelection(); selection.removeAllRanges(); selection.addRange(range);
  return selection.toString(); }"""


@pytest.fixture
def sandbox():
    with nt.Sandbox(active=150, available=100, clock="manual") as server:
        yield server
        assert not server.internal_errors


@pytest.mark.parametrize(("dark", "width"), [(False, 1400), (True, 620)], ids=["light", "dark-narrow"])
def test_frames_are_shown_well(lab, sandbox, axe, dark, width):
    page = lab.open(CELLS, sandbox=sandbox, dark=dark, width=width)

    whole = page.output(2)
    expect(whole.get_by_role("heading", name="Active numbers")).to_be_visible()
    expect(whole).to_contain_text("150 numbers. Read at")
    expect(whole).to_contain_text("SANDBOX: invented numbers")
    expect(whole.locator("tbody tr")).to_have_count(11)
    expect(page.output(4)).to_contain_text("United States (US)")
    expect(page.output(5)).to_contain_text("No rows.")
    expect(page.output(6).locator("table.dataframe")).to_be_visible()
    for place in range(2, 6):
        page.screenshot(f"frame-{place}", index=place)
    axe(page)


def test_a_number_that_is_copied_is_e164(lab, sandbox):
    page = lab.open([LOAD, READ, "active.head(1)"], sandbox=sandbox)
    number = page.output(2).locator(".tel")

    assert number.evaluate(COPIED) == page.run_cell("active.phone_number[0]").strip("'")
    gaps = number.evaluate(
        "it => it.getBoundingClientRect().width - "
        "[...it.children].reduce((sum, one) => sum + one.getBoundingClientRect().width, 0)"
    )
    assert gaps > 5


def test_a_wide_frame_scrolls_in_its_own_box_that_the_keyboard_reaches(lab, sandbox):
    page = lab.open([LOAD, READ, "active"], sandbox=sandbox, width=620)
    box = page.output(2).get_by_role("region", name="active numbers")

    box.focus()

    expect(box).to_be_focused()
    assert box.evaluate("it => it.scrollWidth > it.clientWidth")
    assert page.output(2).evaluate("it => it.scrollWidth <= it.clientWidth")
