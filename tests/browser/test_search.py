"""The search panel in a browser: by mouse, by keyboard, in both themes, wide and narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import numbers_toolkit as nt

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECT = "import numbers_toolkit as nt\nclient = nt.connect(retry=nt.RetryPolicy(attempts=1))"
PANEL = "panel = nt.widgets.SearchPanel(client)\npanel"
PRESET = 'panel = nt.widgets.SearchPanel(client, regions="US", number_types="LOCAL", size=40)\npanel'
HOSTILE = '<img src=x onerror="alert(1)">\u202e' + "x" * 500


@pytest.fixture
def sandbox(hold) -> Iterator[nt.Sandbox]:
    with nt.Sandbox(active=5, available=800, clock="manual", gate=hold) as server:
        yield server
        assert not server.internal_errors


def button(page, name):
    return page.output(-1).get_by_role("button", name=name, exact=True)


def grid(page):
    return page.output(-1).get_by_role("grid")


def rows(page):
    return grid(page).locator("tbody tr")


def found(page):
    """Wait for what a search shows last."""
    expect(page.output(-1).get_by_text("Searched for:")).to_be_visible()


def searched(lab, sandbox, **options):
    page = lab.open([CONNECT, PRESET], sandbox=sandbox, **options)
    button(page, "Search").click()
    found(page)
    return page


def sent(sandbox, path):
    return [one for one in sandbox.requests if one.path.endswith(path)]


def tick(page, place):
    box = rows(page).nth(place).get_by_role("checkbox")
    box.click()
    expect(box).to_be_checked()


def go_to(page, target):
    """Press the tabulator key until the focus is there."""
    here = "element => element.contains(document.activeElement)"
    for _ in range(40):
        if target.evaluate(here):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the tabulator key does not lead there")


def test_by_mouse_a_search_is_made_compared_and_chosen_from(lab, sandbox):
    page = lab.open([CONNECT, PANEL], sandbox=sandbox)
    out = page.output(-1)
    expect(out.get_by_text("Nothing searched yet.")).to_be_visible()
    expect(out.get_by_text("SANDBOX", exact=True)).to_be_visible()
    page.screenshot("empty", index=-1)

    out.get_by_role("combobox", name="Regions").fill("swed")
    out.get_by_role("option", name="Sweden (SE)").click()
    out.get_by_role("combobox", name="Regions").fill("gb")
    out.get_by_role("option", name="United Kingdom (GB)").click()
    page.keyboard.press("Escape")
    expect(out.get_by_role("checkbox", name="Toll-free GB only")).to_be_visible()
    out.get_by_role("checkbox", name="Mobile").check()
    button(page, "Search").click()
    found(page)
    assert page.run_cell("sorted(set(panel.results.region_code))") == "['GB', 'SE']"

    grid(page).get_by_role("button", name="Per month").click()
    expect(rows(page).first).to_contain_text("0.85 GBP")
    expect(out.get_by_text("sorted within each currency")).to_be_visible()
    out.get_by_role("radio", name="Most memorable first").check()
    expect(grid(page).locator("th[aria-sort=descending]")).to_contain_text("Memorable")
    expect(rows(page).first).to_contain_text("counts up")

    bar = out.get_by_role("button", name="+46 701")
    bar.click()
    expect(bar).to_have_attribute("aria-pressed", "true")
    expect(rows(page).first).to_contain_text("+46 70")
    assert page.run_cell("panel.prefix") == "'+46701'"
    tick(page, 0)
    tick(page, 1)
    expect(button(page, "Activate 2 numbers")).to_be_enabled()
    page.screenshot("chosen", index=-1)
    bar.click()
    expect(bar).to_have_attribute("aria-pressed", "false")
    assert page.run_cell("panel.prefix, len(panel.selected)") == "('', 2)"
    assert page.run_cell("panel.selected.phone_number.str.startswith('+46701').all()") in ("True", "np.True_")
    assert not sandbox.ledger


def test_by_keyboard_alone_all_of_it_can_be_done(lab, sandbox):
    page = lab.open([CONNECT, PANEL], sandbox=sandbox)
    out, keys = page.output(-1), page.keyboard
    expect(out.get_by_text("Nothing searched yet.")).to_be_visible()

    out.get_by_role("combobox", name="Regions").focus()
    keys.type("united st")
    expect(out.get_by_role("option", name="United States (US)")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(out.get_by_role("button", name="Remove United States (US)")).to_be_visible()
    keys.press("Escape")
    expect(out.get_by_role("checkbox", name="Mobile not on offer")).to_be_disabled()
    keys.press("Tab")
    expect(out.get_by_role("checkbox", name="Local")).to_be_focused()
    keys.press("Space")
    go_to(page, out.get_by_role("textbox", name="Pattern"))
    keys.type("0142")
    keys.press("Enter")
    found(page)

    bars = out.get_by_role("group", name="On offer by prefix")
    go_to(page, bars)
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(bars.get_by_role("button").nth(1)).to_have_attribute("aria-pressed", "true")
    keys.press("Escape")
    expect(bars.get_by_role("button").nth(1)).to_have_attribute("aria-pressed", "false")
    go_to(page, out.get_by_role("radio", name="By number"))
    keys.press("ArrowRight")
    expect(grid(page).locator("th[aria-sort=ascending]")).to_contain_text("Per month")
    go_to(page, grid(page))
    keys.press("ArrowDown")
    keys.press("Space")
    expect(button(page, "Activate 1 number")).to_be_visible()
    go_to(page, button(page, "Activate 1 number"))
    page.screenshot("focused", index=-1)
    assert page.run_cell("len(panel.selected), panel.order, panel.pattern") == "(1, 'price', '0142')"


def test_keys_pressed_on_a_control_are_no_commands_of_the_notebook(lab, sandbox):
    page = searched(lab, sandbox)
    bar = page.output(-1).get_by_role("group", name="On offer by prefix").get_by_role("button").first
    for target in (button(page, "Search"), bar, page.output(-1).get_by_role("radio", name="By number")):
        target.focus()
        for key in ("d", "d", "a", "x", "ArrowRight"):
            page.keyboard.press(key)
    expect(grid(page).locator("th[aria-sort=ascending]")).to_contain_text("Per month")
    expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(2)


def test_a_word_becomes_digits_and_a_pattern_that_cannot_be_is_told_at_its_field(lab, sandbox, axe):
    page = lab.open([CONNECT, PRESET], sandbox=sandbox)
    out = page.output(-1)
    field = out.get_by_role("textbox", name="Pattern")

    field.fill("pizza")
    expect(out.get_by_text("PIZZA = 74992")).to_be_visible()
    button(page, "Search").click()
    expect(out.get_by_text("Nothing on offer in United States (US) fits.")).to_be_visible()
    expect(out.get_by_text("Shorten the pattern PIZZA = 74992")).to_be_visible()
    page.screenshot("nothing", index=-1)

    field.fill("30*7")
    button(page, "Search").click()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(out.get_by_text("Nothing was sent.")).to_be_visible()
    page.screenshot("fault", index=-1)
    axe(page, ".numbers-toolkit-panel")
    assert len(sent(sandbox, "availableNumbers")) == 1

    field.fill("0142")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    field.press("Enter")
    found(page)


def test_a_second_click_does_nothing_and_cancel_leaves_what_was_found(lab, sandbox, hold):
    page = searched(lab, sandbox)
    before = len(sent(sandbox, "availableNumbers"))

    hold.catch("availableNumbers")
    button(page, "Search").dblclick()
    hold.arrived()
    expect(button(page, "Search")).to_have_attribute("aria-busy", "true")
    expect(button(page, "Cancel: Searching")).to_be_visible()
    page.screenshot("searching", index=-1)
    button(page, "Cancel: Searching").click()
    expect(page.output(-1).get_by_text("Searching: cancelled.")).to_be_visible()
    hold.release()
    expect(button(page, "Search")).not_to_have_attribute("aria-busy", "true")
    expect(rows(page)).to_have_count(25)
    assert page.run_cell("len(panel.results), panel.busy") == "(40, False)"
    assert len(sent(sandbox, "availableNumbers")) <= before + 1


def test_a_server_that_stops_during_a_search_is_told_and_the_search_can_be_repeated(lab, sandbox, hold):
    page = searched(lab, sandbox)
    tick(page, 0)
    expect(button(page, "Activate 1 number")).to_be_visible()

    sandbox.faults.add("connection_reset", times=1, operation="search_available")
    button(page, "Search").click()
    expect(page.output(-1).get_by_role("alert")).to_contain_text("What was found before is still shown.")
    expect(rows(page)).to_have_count(25)
    page.screenshot("stopped", index=-1)
    button(page, "Try again").click()
    expect(page.output(-1).get_by_text("What was found before is still shown.")).to_have_count(0)
    expect(button(page, "Search")).to_be_visible()
    assert page.run_cell("len(panel.selected)") == "1"


def test_a_cell_that_runs_again_shows_one_panel_that_works(lab, sandbox):
    page = searched(lab, sandbox)
    page.run_cell("former = panel")
    page.run_again(1)
    expect(page.output(-1).locator(".numbers-toolkit-panel")).to_have_count(1)
    button(page, "Search").click()
    found(page)
    assert page.run_cell("former.closed, panel.closed, len(panel.results)") == "(True, False, 40)"


def test_two_views_of_one_panel_show_the_same(lab, sandbox):
    page = searched(lab, sandbox)
    page.add_cell("panel")
    expect(rows(page)).to_have_count(25)
    tick(page, 3)
    expect(page.output(1).get_by_role("button", name="Activate 1 number", exact=True)).to_be_visible()
    expect(button(page, "Activate 1 number")).to_be_visible()


@pytest.mark.parametrize("width", [1200, 420])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_both_themes_wide_and_narrow_have_no_serious_fault(lab, sandbox, axe, dark, width):
    page = lab.open([CONNECT, PANEL], sandbox=sandbox, dark=dark, width=width)
    out = page.output(-1)
    expect(out.get_by_text("Nothing searched yet.")).to_be_visible()
    axe(page, ".numbers-toolkit-panel")

    page.run_cell(
        "panel.regions = ('US', 'SE', 'GB'); panel.order = 'memorable'; panel.search(); panel.wait()"
    )
    found(page)
    page.run_cell("panel.select(panel.results.phone_number[:2])")
    expect(button(page, "Activate 2 numbers")).to_be_visible()
    page.screenshot("found", index=-1)
    axe(page, ".numbers-toolkit-panel")
    inside = "element => element.scrollWidth <= element.clientWidth + 1"
    assert out.locator(".numbers-toolkit-panel").evaluate(inside)


def test_hostile_offers_are_text_and_break_no_layout(lab, hold):
    offers = [
        {
            "phoneNumber": f"+1307555{index:04d}",
            "regionCode": "US",
            "type": "LOCAL",
            "capability": ["SMS"],
            "setupPrice": {"currencyCode": HOSTILE, "amount": "1"},
            "monthlyPrice": {"currencyCode": HOSTILE, "amount": "1"},
            "paymentIntervalMonths": 1,
            "supportingDocumentationRequired": True,
        }
        for index in range(3)
    ]
    with nt.Sandbox(active=0, available_numbers=offers, clock="manual") as sandbox:
        page = lab.open([CONNECT, PRESET], sandbox=sandbox, width=800)
        button(page, "Search").click()
        found(page)
        expect(rows(page)).to_have_count(3)
        expect(page.output(-1).locator("img")).to_have_count(0)
        page.screenshot("hostile", index=-1)
        inside = "element => element.scrollWidth <= element.clientWidth + 1"
        assert page.output(-1).locator(".numbers-toolkit-panel").evaluate(inside)


def test_the_selection_is_planned_beneath_and_nothing_is_rented_by_that(lab, sandbox):
    page = searched(lab, sandbox)
    tick(page, 0)
    button(page, "Activate 1 number").click()
    expect(page.output(-1).locator(".numbers-toolkit-panel .numbers-toolkit-panel")).to_be_visible()
    page.run_cell("panel.activation.wait()")
    page.screenshot("activation", index=-1)
    assert (
        page.run_cell("type(panel.activation).__name__, panel.activation.result")
        == "('ActivationPanel', None)"
    )
    apart = page.output(-1).get_by_text("The selection has changed.")
    expect(apart).to_have_count(0)
    tick(page, 1)
    expect(apart).to_contain_text("'Activate 2 numbers' opens it for the selection")
    page.screenshot("another-selection", index=-1)
    assert not sandbox.ledger
