"""The parts of panels in JupyterLab: by mouse and keyboard, while the kernel works, shown again, in both themes."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from playwright.sync_api import expect

from browser.notebook_page import write_notebook

FORM = """
from numbers_toolkit.widgets.parts.form import Form
names = {"SE": "Sweden", "US": "United States", "GB": "United Kingdom", "CI": "Côte d'Ivoire", "AX": "Åland Islands",
         "CH": "Switzerland", "KR": "Korea, Republic of", "DE": "Germany"}
regions = [{"value": code, "label": f"{name} ({code})", "note": "LOCAL"} for code, name in names.items()]
form = Form([
    {"name": "regions", "kind": "choices", "label": "Regions", "options": regions, "placeholder": "Name or code",
     "help": "Where the numbers are from.", "required": True},
    {"name": "type", "kind": "choice", "label": "Number type", "options": ["LOCAL", "MOBILE"]},
    {"name": "pattern", "label": "Pattern"},
    {"name": "where", "kind": "switch", "label": "Place", "options": ["START", "CONTAINS", "END"]},
    {"name": "able", "kind": "checks", "label": "Capabilities",
     "options": ["SMS", "VOICE", {"value": "FAX", "disabled": True}]},
    {"name": "size", "kind": "number", "label": "How many", "min": 1, "max": 100, "step": 1},
    {"name": "head", "kind": "heading", "label": "Registration", "help": "What the authority asks for."},
    {"name": "born", "kind": "date", "label": "Date of birth"},
    {"name": "key", "label": "Key secret", "secret": True},
    {"name": "note", "kind": "longtext", "label": "Note", "wide": True},
    {"name": "papers", "kind": "file", "label": "Papers", "many": True, "accept": ".pdf,image/*"},
], label="Search")
heard, submitted = [], []
form.on_change(lambda name, value: heard.append((name, value)))
form.on_submit(lambda: submitted.append(form.values["pattern"]))
form
"""
SHOWN_BELOW = """
from numbers_toolkit import markup
from numbers_toolkit.widgets.parts.markup import Markup
below = Markup()
form.on_submit(lambda: setattr(below, "html", markup.paragraph(f"submitted {form.values['pattern']}")))
below
"""
BUTTONS = """
from numbers_toolkit.widgets.parts.actions import Actions
import pathlib, threading, time
actions = Actions([
    {"name": "search", "label": "Search", "kind": "primary"},
    {"name": "rent", "label": "Rent 2 numbers", "kind": "danger"},
    {"name": "export", "label": "Export", "help": "Search first.", "disabled": True},
], label="Actions")
clicked = []
actions.on_click(clicked.append)
actions
"""
MOVING = """
import ipywidgets
from numbers_toolkit.widgets.parts.actions import Actions
from numbers_toolkit.widgets.parts.form import Form
form = Form([{"name": "pattern", "label": "Pattern"}], label="Search")
form.show_errors({"pattern": "Only digits."})
actions = Actions([{"name": "search", "label": "Search", "kind": "primary"}], label="Actions")
clicked = []
actions.on_click(clicked.append)
ipywidgets.VBox([form, actions])
"""
PROGRESS = """
import ipywidgets
from numbers_toolkit.widgets.parts.progress import ProgressLine
line, below = ProgressLine(), ipywidgets.Label("below")
stopped = []
line.on_cancel(lambda: (stopped.append(line.label), line.stop()))
ipywidgets.VBox([line, below])
"""
TABS = """
from numbers_toolkit.widgets.parts.tabs import Tabs
tabs = Tabs([{"name": "costs", "label": "Costs"}, {"name": "errors", "label": "Errors", "count": 1234},
             {"name": "renewals", "label": "Renewals"}], label="Views")
seen = []
tabs.observe(lambda change: seen.append(change["new"]), "active")
tabs
"""
MARKUP = """
from numbers_toolkit import markup
from numbers_toolkit.markup import Html
from numbers_toolkit.widgets.parts.markup import Markup
def plan(text):
    return markup.page("Plan", markup.note(text, "warn"), markup.folded("Further", markup.paragraph("unfolded")))
shown = Markup(plan("Look."), role="status")
shown
"""
HOSTILE = """<p onclick="window.hit = 1" style="position:fixed">kept<img src="x" onerror="window.hit = 1">
<script>window.hit = 1</script><a href="javascript:window.hit = 1">link</a><iframe src="javascript:1"></iframe>
<svg><script>window.hit = 1</script><a xlink:href="javascript:1">deep</a></svg><form><input name="x"></form>
<math><mtext><img src=x onerror="window.hit = 1"></mtext></math><style>body { display: none }</style></p>"""


def until(page: Any, code: str, value: str) -> None:
    """Ask the kernel until it says a value; each time, it first hears what the page has sent it by then."""
    for _ in range(100):
        said = page.run_cell(code)
        if said == value:
            return
    raise AssertionError(f"{code} is {said}, not {value}")


# -- forms ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("dark", "width"), [(False, 1200), (True, 1200), (False, 560)])
def test_form_can_be_read_and_used_in_every_theme_and_width(lab, axe, dark, width):
    page = lab.open([FORM], dark=dark, width=width)
    page.run_cell("form.set_values(regions=['SE', 'CI'], where='CONTAINS', able=['SMS'], size=25)")
    expect(page.get_by_label("How many")).to_have_value("25")
    page.run_cell(
        "form.show_errors({'regions': 'Choose others.', 'size': 'Too many.', 'papers': 'A file is required.'})"
    )
    box = page.get_by_role("combobox", name="Regions")
    expect(box).to_be_focused()
    box.press_sequentially("land")
    expect(page.get_by_role("option", name="Switzerland (CH)")).to_be_visible()

    page.screenshot("page")
    axe(page)
    box.press("Escape")
    page.screenshot("form", 0)
    axe(page)
    overflow = page.locator(".nt-form").evaluate("form => form.scrollWidth - form.clientWidth")
    assert overflow <= 0


def test_regions_are_found_by_typing_and_chosen_by_keyboard(lab):
    page = lab.open([FORM])
    box = page.get_by_role("combobox", name="Regions")
    options = page.get_by_role("listbox", name="Regions").get_by_role("option")

    box.focus()
    box.press_sequentially("ala")
    expect(options).to_have_count(1)
    expect(options.first).to_contain_text("Åland Islands (AX)")
    box.press("Enter")
    expect(box).to_have_attribute("aria-expanded", "false")

    box.press_sequentially("sw")
    expect(options).to_have_text(["Sweden (SE) LOCAL", "Switzerland (CH) LOCAL"])
    box.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    box.press("Enter")
    box.press_sequentially("us")
    expect(options.first).to_contain_text("United States (US)")
    box.press("Enter")
    expect(page.locator(".nt-chip")).to_have_count(3)
    box.press("Backspace")
    expect(page.locator(".nt-chip")).to_have_text(["Åland Islands (AX)", "Switzerland (CH)"])

    box.press_sequentially("nowhere")
    expect(options).to_have_text(["No match"])
    box.press("Enter")
    box.press("Escape")
    expect(box).to_have_value("nowhere")
    expect(page.get_by_text('"nowhere" is not chosen')).to_be_visible()
    box.press("Escape")
    expect(box).to_have_value("")
    assert page.run_cell("heard[-1]") == "('regions', ['AX', 'CH'])"


def test_regions_are_chosen_by_mouse_and_taken_off_again(lab):
    page = lab.open([FORM])
    box = page.get_by_role("combobox", name="Regions")
    listed = page.get_by_role("listbox", name="Regions")

    box.click()
    listed.get_by_role("option", name="Germany").click()
    listed.get_by_role("option", name="Korea").click()
    expect(listed.get_by_role("option", name="Korea")).to_have_attribute("aria-selected", "true")
    listed.get_by_role("option", name="Germany").click()
    page.get_by_label("Pattern").click()

    expect(listed).to_be_hidden()
    expect(page.locator(".nt-chip")).to_have_text(["Korea, Republic of (KR)"])
    page.get_by_role("button", name="Remove Korea").click()
    expect(page.locator(".nt-chip")).to_have_count(0)
    assert page.run_cell("form.values['regions']") == "[]"


def test_list_that_is_pasted_is_taken_and_what_fits_nothing_stays_to_be_seen(lab):
    page = lab.open([FORM])
    box = page.get_by_role("combobox", name="Regions")

    box.fill("SE, United States, Atlantis; de")

    expect(page.locator(".nt-chip")).to_have_text(["Sweden (SE)", "United States (US)", "Germany (DE)"])
    expect(box).to_have_value("Atlantis")
    page.get_by_label("Pattern").click()
    expect(page.get_by_text('"Atlantis" is not chosen')).to_be_visible()
    box.fill("Korea, R")
    expect(page.get_by_role("option", name="Korea, Republic of")).to_be_visible()


def test_values_of_every_kind_arrive(lab):
    page = lab.open([FORM])

    page.get_by_label("Number type").select_option("MOBILE")
    page.get_by_label("Pattern").press_sequentially("+1307")
    page.get_by_role("radio", name="END").check(force=True)
    page.get_by_role("checkbox", name="VOICE").check()
    page.get_by_role("checkbox", name="SMS").check()
    page.get_by_label("How many").fill("1,0")
    page.get_by_label("Date of birth").fill("1990-05-01")
    page.get_by_label("Key secret").fill("hunter2")
    page.get_by_role("textbox", name="Note").fill("two\nlines")
    page.get_by_label("Pattern").focus()

    expect(page.get_by_text("Write a whole number from 1 to 100.")).to_be_visible()
    until(page, "form.values['note']", r"'two\nlines'")
    entered = json.loads(page.run_cell("import json; values = form.values; print(json.dumps(values))"))
    assert entered == {
        "regions": [],
        "type": "MOBILE",
        "pattern": "+1307",
        "where": "END",
        "able": ["SMS", "VOICE"],
        "size": None,
        "born": "1990-05-01",
        "key": "hunter2",
        "note": "two\nlines",
        "papers": [],
    }
    expect(page.get_by_label("How many")).to_have_value("1,0")
    expect(page.get_by_label("How many")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Key secret")).to_have_attribute("type", "password")


def test_enter_sends_what_was_typed_a_moment_ago(lab):
    page = lab.open([FORM])

    pattern = page.get_by_label("Pattern")
    pattern.press_sequentially("777")
    pattern.press("Enter")

    until(page, "submitted", "['777']")
    expect(pattern).to_be_focused()


def test_typing_goes_on_while_the_kernel_changes_the_field(lab):
    page = lab.open([FORM])
    pattern = page.get_by_label("Pattern")
    pattern.press_sequentially("12345")
    pattern.press("ArrowLeft")

    page.run_cell("form.change_field('pattern', help='Digits.', error='Too long.', placeholder='x')")
    expect(page.get_by_text("Too long.")).to_be_visible()

    expect(pattern).to_be_focused()
    pattern.press_sequentially("67")
    expect(pattern).to_have_value("1234675")
    expect(page.get_by_text("Too long.")).to_be_hidden()
    until(page, "form.values['pattern']", "'1234675'")


def test_a_disabled_form_takes_no_letter_but_leaves_the_focus_where_it_was(lab):
    page = lab.open([FORM])
    pattern = page.get_by_label("Pattern")
    pattern.press_sequentially("12345")
    pattern.press("ArrowLeft")

    page.run_cell("form.disabled = True")
    expect(page.get_by_label("How many")).to_be_disabled()

    expect(pattern).to_be_focused()
    pattern.press_sequentially("67")
    expect(pattern).to_have_value("12345")

    page.run_cell("form.disabled = False")
    expect(page.get_by_label("How many")).to_be_enabled()
    expect(pattern).to_be_focused()
    pattern.press_sequentially("67")
    expect(pattern).to_have_value("1234675")
    until(page, "form.values['pattern']", "'1234675'")


def test_value_that_is_older_than_what_is_typed_does_not_take_its_place(lab):
    page = lab.open([FORM])
    page.run_cell(
        "form.on_change(lambda name, value: form.set_values(pattern='taken') if value == 'slow' else None)"
    )
    pattern = page.get_by_label("Pattern")

    # Everything is typed before the page has heard a word of the kernel's.
    pattern.evaluate(
        "input => { for (const text of ['slow', 'slower']) { input.value = text;"
        " input.dispatchEvent(new Event('input')); input.dispatchEvent(new Event('blur')); } }"
    )

    until(page, "form.values['pattern']", "'slower'")
    expect(pattern).to_have_value("slower")
    page.run_cell("form.set_values(pattern='given')")
    expect(pattern).to_have_value("given")


def test_form_that_is_shown_again_shows_what_was_entered(lab):
    page = lab.open([FORM])
    page.get_by_label("Pattern").fill("+46 70")
    page.get_by_label("Key secret").fill("hunter2")
    page.get_by_role("combobox", name="Regions").fill("SE,")
    page.get_by_role("textbox", name="Note").focus()
    until(page, "form.values['key']", "'hunter2'")

    second = page.add_cell("form")

    expect(second.get_by_label("Pattern")).to_have_value("+46 70")
    expect(second.locator(".nt-chip")).to_have_text(["Sweden (SE)"])
    expect(second.get_by_label("Key secret")).to_have_value("")
    expect(second.get_by_label("Key secret")).to_have_attribute("placeholder", "Entered, not shown")
    second.get_by_label("Pattern").fill("+46 73")
    expect(page.output(0).get_by_label("Pattern")).to_have_value("+46 73")
    widgets = str(page.saved()["metadata"]["widgets"])
    assert "Where the numbers are from." in widgets
    for entered in ("+46 70", "+46 73", "hunter2"):
        assert entered not in widgets


def test_files_are_chosen_dropped_refused_and_removed(lab, tmp_path):
    large, small = tmp_path / "large.pdf", tmp_path / "small.pdf"
    large.write_bytes(bytes(range(256)) * 12_000)  # three pieces
    small.write_bytes(b"%PDF")
    page = lab.open([FORM])
    papers = page.locator("[data-field=papers]")

    papers.locator("input[type=file]").set_input_files([large, small])
    expect(papers.locator(".nt-file")).to_have_text(["large.pdf3.1 MB", "small.pdf4 bytes"])
    assert page.run_cell(
        "import hashlib; hashlib.sha256(form.values['papers'][0].content).hexdigest()"
    ) == repr(hashlib.sha256(large.read_bytes()).hexdigest())

    drop = (
        "(zone, [name, type]) => { const carried = new DataTransfer();"
        " carried.items.add(new File(['<b>'], name, {type}));"
        " zone.dispatchEvent(new DragEvent('drop', {dataTransfer: carried, bubbles: true, cancelable: true})); }"
    )
    papers.locator(".nt-drop").evaluate(drop, ["<b>scan.png", "image/png"])
    expect(papers.locator(".nt-file-name")).to_have_text(["large.pdf", "small.pdf", "<b>scan.png"])
    papers.locator(".nt-drop").evaluate(drop, ["virus.exe", "application/x-msdownload"])
    expect(papers.get_by_role("alert")).to_have_text(
        "virus.exe: not of a kind that is taken here, which is PDF, pictures."
    )

    papers.get_by_role("button", name="Remove small.pdf").click()
    expect(papers.locator(".nt-file-name")).to_have_text(["large.pdf", "<b>scan.png"])
    page.screenshot("files", 0)
    assert page.run_cell("[one.name for one in form.values['papers']]") == "['large.pdf', '<b>scan.png']"
    assert "large.pdf" not in str(page.saved()["metadata"]["widgets"])


def test_hostile_names_are_text_and_keep_their_direction(lab):
    page = lab.open([FORM])
    name = "<img src=x onerror='window.hit = 1'> \u05d0\u05d1 \u202e" + "x" * 500

    page.run_cell(
        f"form.change_field('regions', options=[{{'value': 'ZZ', 'label': {name!r}, 'note': '<b>'}}])"
    )
    page.run_cell("form.set_values(regions=['ZZ'])")
    page.run_cell(f"form.change_field('pattern', label={name!r}, help={name!r}, error={name!r})")
    page.get_by_role("combobox", name="Regions").click()

    expect(page.locator(".nt-chip bdi")).to_contain_text("<img src=x")
    expect(page.get_by_role("listbox").get_by_role("option")).to_contain_text("<img src=x")
    assert page.evaluate("window.hit") is None
    assert page.locator(".nt-form img").count() == 0
    assert page.locator(".nt-form").evaluate("form => form.scrollWidth - form.clientWidth") <= 0
    page.screenshot("hostile", 0)


def test_form_works_in_voila_in_its_own_theme_with_nothing_from_elsewhere(voila, tmp_path):
    path = tmp_path / "form.ipynb"
    write_notebook(path, [FORM, SHOWN_BELOW])
    notebook = json.loads(path.read_text(encoding="utf-8"))
    # Voila's own template asks the world for icons.
    notebook["metadata"]["voila"] = {"template": "numbers_toolkit"}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    page = voila.open(path, dark=True)
    pattern = page.get_by_label("Pattern")

    pattern.fill("777")
    pattern.press("Enter")

    expect(page.get_by_text("submitted 777")).to_be_visible()
    expect(page.locator(".nt-form")).to_have_css("color-scheme", "dark")
    page.get_by_role("combobox", name="Regions").click()
    expect(page.get_by_role("option", name="Germany")).to_be_visible()
    page.screenshot("voila")


# -- buttons ----------------------------------------------------------------------------------------------------


def test_double_click_acts_once_however_fast_the_kernel_answers(lab):
    page = lab.open([BUTTONS])
    rent = page.get_by_role("button", name="Rent 2 numbers")

    rent.dblclick()
    until(page, "clicked", "['rent']")
    page.get_by_role("button", name="Search").click()
    until(page, "clicked", "['rent', 'search']")

    rent.hover()
    for count in (1, 2, 3):
        page.mouse.down(click_count=count)
        page.mouse.up(click_count=count)
        # The first of the clicks has been acted on before the next one comes.
        until(page, "clicked", "['rent', 'search', 'rent']")
    rent.click()
    until(page, "clicked", "['rent', 'search', 'rent', 'rent']")


def test_clicks_wait_for_a_cell_and_act_once_on_the_main_thread(lab):
    page = lab.open([BUTTONS])
    page.run_cell("threads = set(); actions.on_click(lambda _: threads.add(threading.current_thread().name))")
    rent = page.get_by_role("button", name="Rent 2 numbers")
    # From its second message on, JupyterLab has a widget heard beside a running cell, on a thread of its own.
    rent.click()
    until(page, "clicked", "['rent']")

    busy = "while not pathlib.Path('go on').exists(): time.sleep(0.01)"
    page.evaluate(
        "code => { window.testedPanel.sessionContext.session.kernel.requestExecute({code}); }", busy
    )
    for _ in range(4):
        rent.evaluate("button => { button.click(); button.click(); }")
    expect(page.get_by_text("The kernel has not answered yet")).to_be_visible()
    page.screenshot("waiting", 0)
    (page.path.parent / "go on").touch()

    until(page, "clicked, threads", "(['rent', 'rent'], {'MainThread'})")
    expect(page.get_by_text("The kernel has not answered yet")).to_be_hidden()


def test_buttons_work_by_keyboard_and_lab_takes_no_letter_for_a_command(lab, axe):
    page = lab.open([BUTTONS, "'second cell'"])
    search = page.get_by_role("button", name="Search")

    search.focus()
    for key in ("d", "d", "a", "x", "Enter"):
        page.keyboard.press(key)
    until(page, "clicked", "['search']")
    assert page.locator(".jp-Notebook .jp-CodeCell").count() == 2
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Rent 2 numbers")).to_be_focused()
    page.keyboard.press("Space")
    until(page, "clicked", "['search', 'rent']")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Export")).to_have_accessible_description("Search first.")
    page.keyboard.press("Enter")

    page.run_cell("actions.change('search', busy=True); actions.change('export', hidden=True)")
    expect(search).to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("button", name="Rent 2 numbers")).to_be_focused()
    assert page.run_cell("clicked") == "['search', 'rent']"
    page.screenshot("buttons", 0)
    axe(page)


def test_click_counts_when_the_button_moves_under_the_still_pointer(lab):
    page = lab.open([MOVING])
    button = page.get_by_role("button", name="Search")
    page.get_by_label("Pattern").fill("307")
    place = button.bounding_box()
    lower_edge = place["y"] + place["height"] - 2
    page.mouse.move(place["x"] + 10, lower_edge)
    page.mouse.down()
    expect(page.get_by_text("Only digits.", exact=True)).to_be_hidden()
    assert button.bounding_box()["y"] + place["height"] < lower_edge
    page.mouse.up()
    assert page.run_cell("clicked") == "['search']"

    place = button.bounding_box()
    page.mouse.move(place["x"] + 10, place["y"] + 5)
    page.mouse.down()
    page.mouse.move(place["x"] + 10, place["y"] + 60)
    page.mouse.up()
    button.click()
    assert page.run_cell("clicked") == "['search', 'search']"


def test_person_learns_that_the_kernel_is_gone(lab):
    page = lab.open([BUTTONS])
    page.restart_kernel()

    page.get_by_role("button", name="Search").click()

    expect(page.get_by_role("alert")).to_contain_text("This panel has lost its kernel")
    page.screenshot("lost", 0)
    # JupyterLab gives up, in its console, what it had asked of the kernel that is gone.
    page.watch.errors[:] = [one for one in page.watch.errors if "Canceled future" not in one]


# -- progress, tabs, markup -------------------------------------------------------------------------------------


def test_progress_shows_late_says_how_far_and_can_be_stopped_without_a_jump(lab, axe):
    page = lab.open([PROGRESS], motion=True)
    below = page.get_by_text("below", exact=True)
    place = below.bounding_box()
    line = page.locator(".nt-progress-line")

    page.run_cell("line.start('Reading', cancellable=True)")
    expect(line).to_be_visible()
    expect(line).to_have_css("animation-delay", "0.3s")
    expect(line).to_have_css("opacity", "1")
    bar = page.get_by_role("progressbar", name="Reading")
    assert bar.get_attribute("aria-valuenow") is None
    page.run_cell("line.total = 2000; line.done = 700")
    expect(bar).to_have_attribute("aria-valuenow", "700")
    expect(bar).to_have_attribute("aria-valuetext", "700 of 2,000")
    expect(page.locator(".nt-progress .nt-unseen")).to_contain_text("Reading: 700 of 2,000")
    assert below.bounding_box() == place
    page.screenshot("progress", 0)
    axe(page)

    page.get_by_role("button", name="Cancel: Reading").focus()
    page.keyboard.press("Enter")

    expect(line).to_be_hidden()
    expect(page.locator(".nt-progress")).to_be_focused()
    assert below.bounding_box() == place
    assert page.run_cell("stopped") == "['Reading']"


def test_tabs_are_chosen_by_mouse_arrow_keys_and_program(lab, axe):
    page = lab.open([TABS])
    costs, errors, renewals = (page.get_by_role("tab", name=name) for name in ("Costs", "Errors", "Renewals"))

    errors.click()
    expect(errors).to_have_attribute("aria-selected", "true")
    expect(errors).to_have_text("Errors1,234")
    page.keyboard.press("ArrowRight")
    expect(renewals).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(costs).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Home")
    expect(costs).to_be_focused()
    until(page, "seen", "['errors', 'renewals', 'costs', 'renewals', 'costs']")
    assert renewals.get_attribute("tabindex") == "-1"

    page.run_cell("tabs.active = 'errors'; tabs.change('errors', count=2)")
    expect(errors).to_have_attribute("aria-selected", "true")
    expect(errors).to_have_text("Errors2")
    axe(page)


def test_markup_changes_in_place_and_stays_unfolded(lab, axe):
    page = lab.open([MARKUP])
    region = page.get_by_role("status").filter(has_text="Look.")
    page.locator("summary", has_text="Further").click()
    expect(page.locator(".nt-markup").get_by_text("unfolded")).to_be_visible()
    region.evaluate("element => { window.region = element; }")

    page.run_cell("shown.html = plan('Look again.')")

    expect(page.locator(".nt-markup").get_by_text("Look again.")).to_be_visible()
    expect(page.locator(".nt-markup").get_by_text("unfolded")).to_be_visible()
    assert page.evaluate("window.region.isConnected && window.region.textContent.includes('Look again.')")
    page.run_cell("shown.role = 'alert'")
    expect(page.get_by_role("alert")).to_contain_text("Look again.")
    second = page.add_cell("shown")
    expect(second).to_contain_text("Look again.")
    assert "Look again." not in str(page.saved()["metadata"]["widgets"])
    axe(page)


def test_markup_that_could_do_something_is_only_looked_at(lab):
    page = lab.open([MARKUP])

    page.run_cell(f"shown.html = Html({HOSTILE!r})")

    shown = page.locator(".nt-markup")
    expect(shown).to_contain_text("kept")
    expect(shown).to_contain_text("link")
    assert (
        shown.evaluate(
            "element => element.querySelectorAll('script, style, iframe, form, input, svg, math').length"
        )
        == 0
    )
    assert shown.locator("[onclick], [onerror], [style], a[href], img[src]").count() == 0
    assert page.evaluate("window.hit") is None
