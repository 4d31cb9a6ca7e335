"""The form for number orders in a real notebook: with mouse and keyboard, real files, and a real order."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

import numbers_toolkit as nt

PDF = b"%PDF-1.7\n1 0 obj\ncontent-of-the-scan\n%%EOF\n"
CELLS = (
    "import numbers_toolkit as nt",
    "client = nt.connect()",
)
FORM = "form = nt.widgets.OrderForm(client, 'DE', 'MOBILE'); form"
#: What is typed into the line of text that is called so.
TYPED = {
    "Company name": "Quillfeather GmbH",
    "Registration number": "HRB 12345",
    "Street": "Quillfeather-Street 17",
    "Postal code": "50667",
    "City": "Köln",
    "E-mail": "zebediah@example.com",
}


def file(folder, name="register.pdf", content=PDF):
    path = folder / name
    path.write_bytes(content)
    return path


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def told(page):
    return page.output(-1)


def fill(page, folder, **more):
    for label, value in {**TYPED, **more}.items():
        page.get_by_label(label).fill(value)
    # Nobody chooses from a list without going there.
    page.get_by_label("Intended use").focus()
    page.get_by_label("Intended use").select_option("ALERTS")
    page.locator("input[type=file]").first.set_input_files(file(folder))
    expect(told(page)).to_contain_text("register.pdf")
    page.get_by_label("Business registration: kind of document").select_option("Register extract")


def check(page, says):
    button(page, "Check the papers").click()
    expect(told(page)).to_contain_text(says)


def test_every_fault_is_shown_at_its_field_and_the_first_has_the_focus(lab, sandbox, axe):
    page = lab.open([*CELLS, FORM], sandbox=sandbox)
    page.get_by_label("Company name").fill("Quillfeather GmbH")
    page.screenshot("empty", -1)

    check(page, "7 things are missing or wrong; nothing was sent.")

    number = page.get_by_label("Registration number")
    expect(number).to_be_focused()
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(number).to_have_accessible_description(
        re.compile(
            "Registration number is missing. Number in the commercial register: 4 to 20 capital letters"
        )
    )
    page.screenshot("faults", -1)
    axe(page)


def test_papers_are_filled_in_with_a_real_file_and_at_hand_on_the_next_line(lab, sandbox, axe, tmp_path):
    page = lab.open([*CELLS, FORM], sandbox=sandbox)
    fill(page, tmp_path)

    check(page, "The papers are complete.")

    page.screenshot("complete", -1)
    axe(page)
    assert page.run_cell("form.papers.request_details['data'][0]['city']") == "'Köln'"
    assert page.run_cell("form.papers.attachments['Business registration'].content") == f"<{len(PDF)} bytes>"
    assert [one.operation for one in sandbox.requests if one.operation.endswith("order")] == []


def test_what_is_filled_in_is_in_no_saved_notebook(lab, sandbox, tmp_path):
    page = lab.open([*CELLS, FORM, "form"], sandbox=sandbox)
    page.output(-1).locator("input[type=file]").first.wait_for(state="attached")
    scope = page.output(-1)
    for label, value in TYPED.items():
        scope.get_by_label(label).fill(value)
    scope.get_by_label("Intended use").focus()
    scope.locator("input[type=file]").first.set_input_files(file(tmp_path))
    expect(scope).to_contain_text("register.pdf")
    button(scope, "Check the papers").click()
    expect(scope).to_contain_text("missing or wrong")
    # A second view shows the same, so it went through the kernel.
    expect(page.output(2).get_by_label("City")).to_have_value("Köln")

    saved = page.saved()

    assert len(saved["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]) > 10
    for secret in ("Quillfeather", "zebediah", "HRB 12345", "content-of-the-scan", "register.pdf"):
        assert secret not in json.dumps(saved)


def test_the_keyboard_alone_is_enough(lab, sandbox, tmp_path):
    page = lab.open([*CELLS, "form = nt.widgets.OrderForm(client, 'GB', 'TOLL_FREE'); form"], sandbox=sandbox)
    keyboard = page.page.keyboard
    page.get_by_label("Company name").focus()

    keyboard.type("Example Ltd")
    keyboard.press("Tab")
    expect(page.get_by_label("Country")).to_be_focused()
    keyboard.press("Tab")
    expect(page.get_by_label("E-mail")).to_be_focused()
    keyboard.type("office@example.com")
    keyboard.press("Enter")
    expect(told(page)).to_contain_text("One thing is missing or wrong")
    expect(page.get_by_label("Intended use")).to_be_focused()
    keyboard.type("Alerts")
    keyboard.press("Tab")
    expect(button(page, "Check the papers")).to_be_focused()
    keyboard.press("Enter")

    expect(told(page)).to_contain_text("The papers are complete.")
    assert page.run_cell("form.papers.request_details['data'][0]['intendedUse']") == "'ALERTS'"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_narrow_window_has_room_for_all_of_it(lab, sandbox, axe, dark):
    page = lab.open([*CELLS, FORM], sandbox=sandbox, dark=dark, width=420)
    check(page, "missing or wrong")

    page.screenshot("narrow", -1)
    axe(page)
    panel = told(page).locator(".numbers-toolkit-panel")
    assert panel.evaluate("element => element.scrollWidth <= element.clientWidth + 1")


CONDITIONAL = """
asked = {"fields": {"schema": {
    "properties": {"kind": {"type": "string", "title": "Kind"}},
    "if": {"properties": {"kind": {"const": "firm"}}, "required": ["kind"]},
    "then": {"properties": {"vat": {"type": "string", "title": "VAT number"}}, "required": ["vat"]},
}}, "attachments": []}
client.lookup_number_requirements = lambda *_: asked
form = nt.widgets.OrderForm(client, "DE", "MOBILE"); form
"""


def test_fields_that_come_and_go_take_no_focus_and_no_letter(lab, sandbox):
    page = lab.open([*CELLS, CONDITIONAL], sandbox=sandbox)
    kind = page.get_by_label("Kind")
    expect(page.get_by_label("VAT number")).to_be_hidden()

    kind.focus()
    page.page.keyboard.type("firm", delay=60)
    expect(page.get_by_label("VAT number")).to_be_visible()
    page.page.keyboard.type("er")

    expect(page.get_by_label("VAT number")).to_be_hidden()
    expect(kind).to_be_focused()
    expect(kind).to_have_value("firmer")


PLANNED = """
plan = nt.plan_activation(client, "2 DE MOBILE")
form = nt.widgets.OrderForm(client, plan=plan); form
"""


def test_an_order_that_the_reviewers_block_is_mended_and_bought_once(lab, axe, tmp_path):
    with nt.Sandbox(active=20, available=300, clock="running", review_seconds=0.5) as sandbox:
        page = lab.open([*CELLS, PLANNED], sandbox=sandbox)
        fill(page, tmp_path, City="SANDBOX_BLOCK")
        expect(button(page, "Go on to order 2 numbers")).to_be_disabled()
        check(page, "The papers are complete.")

        button(page, "Go on to order 2 numbers").click()
        button(page, "Rent 2 numbers …").click()
        assert not sandbox.orders
        page.screenshot("question", -1)
        button(page, "Yes, spend 10.40 EUR").click()
        expect(told(page)).to_contain_text("2 orders: 2 blocked.")
        page.screenshot("blocked", -1)
        axe(page)
        assert not sandbox.ledger

        page.get_by_label("City").fill("Köln")
        check(page, "The papers are complete.")
        button(page, "Go on with these papers").click()
        button(page, "Yes, spend up to 10.40 EUR").click()
        expect(told(page)).to_contain_text("2 orders: 2 completed.")

        page.screenshot("completed", -1)
        assert len(sandbox.orders) == 2
        assert len(sandbox.ledger) == 2
