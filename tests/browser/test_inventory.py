"""The inventory panel in a browser: by mouse, by keyboard, in both themes, wide and narrow."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

import numbers_toolkit as nt
from numbers_toolkit import files

CONNECT = "import numbers_toolkit as nt\nclient = nt.connect(retry=nt.RetryPolicy(attempts=1))"
PANEL = "panel = nt.widgets.InventoryPanel(client)\npanel"
HOSTILE = '<img src=x onerror="alert(1)">\u202e' + "x" * 500
SHEETS = ("Errors", "Renewals", "Costs", "Campaigns", "Regions")
#: One number with an error, one without.
FRAME = f"""
import numbers_toolkit as nt
with nt.connect(sandbox=True) as client:
    frame = nt.active_numbers(client)
frame["display_name"] = frame["display_name"].mask(frame.index == 0, {HOSTILE!r})
panel = nt.widgets.InventoryPanel(frame.head({{rows}}), tab="numbers")
panel
"""


@pytest.fixture
def sandbox(hold):
    with nt.Sandbox(active=120, available=20, clock="manual", gate=hold) as server:
        yield server
        assert not server.internal_errors


def out(page):
    return page.output(-1)


def button(page, name):
    return out(page).get_by_role("button", name=name, exact=True)


def tab(page, name):
    return out(page).get_by_role("tab", name=re.compile(f"^{name}"))


def drawings(page, name):
    return out(page).get_by_role("group", name=f"{name}: drawing").locator("svg")


def grid(page, name):
    return out(page).get_by_role("grid", name=name)


def rows(page, name):
    return grid(page, name).locator("tbody tr")


def card(page, label):
    return out(page).get_by_role("listitem").filter(has_text=re.compile(f"^{label}"))


def read(page):
    """Wait for what reading the numbers shows last."""
    expect(card(page, "Numbers")).to_be_visible()


def opened(lab, sandbox, **options):
    page = lab.open([CONNECT, PANEL], sandbox=sandbox, **options)
    read(page)
    return page


def choose(page, field, typed, option):
    """Choose one option of a field by typing a part of its name."""
    box = out(page).get_by_role("combobox", name=field, exact=True)
    box.fill(typed)
    out(page).get_by_role("option", name=re.compile(f"^{re.escape(option)}")).click()
    page.keyboard.press("Escape")


def go_to(page, target):
    """Press the tabulator key until the focus is there."""
    here = "element => element.contains(document.activeElement)"
    for _ in range(80):
        if target.evaluate(here):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the tabulator key does not lead there")


def kept_by_parts(page, *words):
    """What a notebook that is saved with its widgets keeps of some words, but for tables."""
    state = page.saved()["metadata"].get("widgets", {})
    models = next(iter(state.values()), {"state": {}})["state"].values()
    parts = [one["state"] for one in models if "_esm" in one["state"] and "_window" not in one["state"]]
    texts = [
        str({name: value for name, value in one.items() if name not in ("_esm", "_css")}) for one in parts
    ]
    return [word for word in words for text in texts if word in text]


def sent(sandbox, method):
    return [one for one in sandbox.requests if one.method == method]


@pytest.mark.parametrize(
    "look",
    [{}, {"dark": True, "width": 420, "height": 1000}],
    ids=["light", "dark-narrow"],
)
def test_every_tab_can_be_looked_at_by_everybody(lab, sandbox, axe, look):
    page = opened(lab, sandbox, **look)
    expect(rows(page, "What to do, most pressing first").first).to_be_visible()
    page.screenshot("to-do", index=-1)
    axe(page)

    tab(page, "Numbers").click()
    expect(rows(page, "Active numbers").first).to_be_visible()
    page.screenshot("numbers", index=-1)
    for name in SHEETS:
        tab(page, name).click()
        expect(drawings(page, name).first).to_be_visible()
        page.screenshot(name.lower(), index=-1)
        if name in ("Errors", "Costs"):
            axe(page)
    button(page, "More filters").click()
    button(page, "Export …").click()
    expect(button(page, "Write the file")).to_be_visible()
    page.screenshot("export", index=-1)
    axe(page)
    assert page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")


def test_by_mouse_numbers_are_filtered_sorted_selected_and_the_filters_cleared(lab, sandbox):
    page = opened(lab, sandbox)

    choose(page, "Region", "united st", "United States (US)")
    choose(page, "SMS", "fail", "failed")
    expect(out(page).get_by_text("region United States (US); SMS failed")).to_be_visible()

    count = int(page.run_cell("len(panel.shown)"))
    assert 0 < count < 120
    expect(card(page, "Numbers")).to_contain_text(f"{count}of 120")
    tab(page, "Numbers").click()
    expect(rows(page, "Active numbers")).to_have_count(count)
    grid(page, "Active numbers").get_by_role("button", name="Name").click()
    expect(grid(page, "Active numbers").locator("th[aria-sort=ascending]")).to_contain_text("Name")
    box = rows(page, "Active numbers").nth(1).get_by_role("checkbox")
    box.click()
    expect(box).to_be_checked()
    assert page.run_cell("len(panel.selected), panel.selected.shape[1]") == "(1, 27)"
    out(page).get_by_role("textbox", name="Number, name or id").fill("no such words")
    expect(out(page).get_by_text("None of the 120 numbers passes the filters.")).to_be_visible()
    page.screenshot("nothing", index=-1)
    button(page, "Clear filters").click()
    expect(rows(page, "Active numbers")).to_have_count(25)
    assert page.run_cell("dict(panel.filters), len(panel.shown)") == "({}, 120)"
    expect(out(page).get_by_role("textbox", name="Number, name or id")).to_have_value("")


def test_the_next_cell_is_seen_in_the_panel_and_the_same_cell_takes_its_place(lab, sandbox):
    page = opened(lab, sandbox)

    page.run_cell('panel.filters = {"region_code": "SE", "campaign_id": ""}; panel.tab = "costs"')

    expect(drawings(page, "Costs").first).to_contain_text("SEK")
    expect(out(page).get_by_role("button", name="Remove Sweden (SE)")).to_be_visible()
    expect(out(page).get_by_role("combobox", name="Campaign", exact=True)).to_be_visible()
    expect(tab(page, "Costs")).to_have_attribute("aria-selected", "true")
    out(page).get_by_role("radio", name="Type").check()
    expect(drawings(page, "Costs").first).to_contain_text("MOBILE")
    assert not kept_by_parts(page, "+46", "<svg", "Sweden (SE); campaign none")
    page.run_cell("former = panel")

    page.run_again(1)

    expect(card(page, "Numbers")).to_contain_text("120")
    expect(out(page).get_by_role("heading", name="Inventory")).to_have_count(1)
    assert page.run_cell("former.closed, panel.closed") == "(True, False)"


def test_by_keyboard_alone_one_gets_from_an_error_to_its_plan(lab, sandbox):
    page = opened(lab, sandbox)
    keys = page.keyboard

    out(page).get_by_role("combobox", name="Error", exact=True).focus()
    keys.type("sms_prov")
    expect(out(page).get_by_role("option", name="SMS_PROVISIONING_FAILED")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(out(page).get_by_text("numbers: error SMS_PROVISIONING_FAILED")).to_be_visible()
    keys.press("Escape")
    go_to(page, out(page).get_by_role("tablist"))
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    expect(drawings(page, "Errors").first).to_contain_text("SMS_PROVISIONING_FAILED")
    keys.press("Home")
    expect(rows(page, "What to do, most pressing first").first).to_be_visible()
    go_to(page, grid(page, "What to do, most pressing first"))
    keys.press("ArrowDown")
    keys.press("Space")
    expect(out(page).get_by_text("Who acts: you")).to_be_visible()
    plan = out(page).get_by_role("button", name=re.compile("^Plan the repair of"))
    go_to(page, plan)
    expect(plan).to_be_focused()
    page.screenshot("focused", index=-1)
    keys.press("Enter")
    expect(out(page).get_by_text("Nothing was sent.").first).to_be_visible()
    expect(out(page).get_by_role("heading", name="Repair set-ups")).to_be_visible()
    assert not sent(sandbox, "PATCH")


def test_a_repair_is_planned_confirmed_and_read_anew(lab, sandbox):
    page = opened(lab, sandbox)
    button(page, page.run_cell("panel._view.to_do.actions.buttons[0]['label']").strip("'")).click()
    expect(out(page).get_by_role("heading", name="Repair set-ups")).to_be_visible()
    page.run_cell("panel.repair.wait(30); None")
    page.screenshot("planned", index=-1)

    page.run_cell("panel.repair.proceed(); panel.repair.confirm(); None")
    page.run_cell("import time")
    for _ in range(100):
        sandbox.advance(3600)
        if page.run_cell("panel.repair.stage") == "'done'":
            break
        page.wait_for_timeout(200)

    expect(out(page).get_by_text("'Refresh' reads the numbers as they are now.")).to_be_visible()
    page.screenshot("repaired", index=-1)
    failing = card(page, "Failing").locator("strong").inner_text()
    button(page, "Refresh").click()
    expect(card(page, "Failing").locator("strong")).not_to_have_text(failing)
    assert sent(sandbox, "PATCH")
    button(page, "Close the repair").click()
    expect(out(page).get_by_role("heading", name="Repair set-ups")).to_have_count(0)


def test_what_is_shown_is_written_never_over_another_file_and_downloaded(lab, sandbox, tmp_path):
    page = opened(lab, sandbox)
    choose(page, "Region", "sweden", "Sweden (SE)")
    button(page, "Export …").click()
    name = out(page).get_by_role("textbox", name="File")
    expect(name).to_have_value(re.compile(r"^sandbox-numbers-.*\.csv$"))
    folder = page.path.parent

    button(page, "Write the file").click()
    expect(out(page).get_by_text("Written:")).to_be_visible()
    written = folder / name.input_value()
    assert set(files.read_csv(written)["region_code"]) == {"SE"}
    written.write_text("precious", encoding="utf-8")
    button(page, "Write the file").click()
    expect(out(page).get_by_text("nothing was written")).to_be_visible()
    page.screenshot("exists", index=-1)
    assert written.read_text(encoding="utf-8") == "precious"
    button(page, "Replace the file that is there").click()
    expect(out(page).get_by_text("Written:")).to_be_visible()
    assert set(files.read_csv(written)["region_code"]) == {"SE"}

    out(page).get_by_role("combobox", name="As").select_option("Parquet")
    with page.expect_download() as handed:
        button(page, "Download").click()
    saved = Path(handed.value.save_as(tmp_path / "numbers.parquet") or tmp_path / "numbers.parquet")
    again = files.read_parquet(saved)
    assert set(again["region_code"]) == {"SE"}
    assert again.attrs["source"] == "sandbox"


def test_reading_shows_progress_is_cancelled_tried_again_and_refused(lab, sandbox, hold):
    hold.catch("/activeNumbers")
    page = lab.open([CONNECT, PANEL], sandbox=sandbox)
    hold.arrived()

    expect(out(page).get_by_role("progressbar", name=re.compile("Reading the inventory"))).to_be_visible()
    page.screenshot("reading", index=-1)
    button(page, "Cancel: Reading the inventory").click()
    expect(out(page).get_by_text("Reading the inventory: cancelled.")).to_be_visible()
    hold.release()
    button(page, "Refresh").click()
    read(page)

    sandbox.faults.add("expired_token", times=None, operation="list_active")
    button(page, "Refresh").click()

    expect(out(page).get_by_role("alert")).to_contain_text("are still shown. 'Refresh' tries again.")
    expect(card(page, "Numbers")).to_contain_text("120")
    page.screenshot("refused", index=-1)


def test_drawings_can_do_nothing_but_be_looked_at(lab):
    hostile = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="window.hit = 1">'
        '<script>window.hit = 2</script><foreignObject><img src="x" onerror="window.hit = 3"/></foreignObject>'
        '<image href="https://example.com/a.png"/><a href="javascript:alert(1)"><text>kept</text></a>'
        '<rect id="one" style="fill: url(https://example.com/b)" width="9" height="9"/>'
        '<text id="two" style="fill: url(#one)">shown</text></svg>'
    )
    page = lab.open(
        [
            "from numbers_toolkit.widgets.parts.drawing import Drawing",
            f"drawing = Drawing(label='Test'); drawing.show({hostile!r}, {hostile!r}); drawing",
        ]
    )

    expect(out(page).locator("svg text")).to_have_count(2)
    kept = out(page).locator(".nt-drawing-box").first.evaluate("element => element.innerHTML")
    assert page.evaluate("window.hit") is None
    assert not any(word in kept for word in ("script", "foreign", "<a", "image", "example.com", "onload"))
    ids = out(page).locator("svg [id]").evaluate_all("all => all.map(one => one.id)")
    assert len(set(ids)) == len(ids) == 4
    assert f"url(#{ids[0]})" in kept


@pytest.mark.parametrize("size", [0, 100])
def test_frames_of_any_size_and_hostile_names_are_shown(lab, axe, size):
    page = lab.open([FRAME.format(rows=size)])

    if size:
        expect(rows(page, "Active numbers").first).to_contain_text("<img src=x")
    else:
        expect(out(page).get_by_text("it is an empty selection")).to_be_visible()
    page.screenshot("frame", index=-1)
    assert out(page).locator("img").count() == 0
    axe(page)
