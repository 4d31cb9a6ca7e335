"""The activation panel in a browser: rent with a confirmation, watch, cancel, repair; by mouse and keyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import numbers_toolkit as nt

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECT = "import numbers_toolkit as nt\nclient = nt.connect(retry=nt.RetryPolicy(attempts=1))"
PANEL = 'panel = nt.widgets.ActivationPanel("{what}", client{more})\npanel'
PLAN = "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57"
EXPIRED, RENEWED = "CEXP123", "CNEW123"
PATIENCE = 40_000


@pytest.fixture
def sandbox(hold) -> Iterator[nt.Sandbox]:
    with nt.Sandbox(active=60, available=600, gate=hold, waiting_seconds=0.3, running_seconds=0.7) as server:
        server.add_campaign(EXPIRED, error_code="CAMPAIGN_EXPIRED")
        server.add_campaign(RENEWED)
        yield server
        assert not server.internal_errors


def opened(lab, sandbox, what="5 US LOCAL", more="", **options):
    page = lab.open([CONNECT, PANEL.format(what=what, more=more)], sandbox=sandbox, **options)
    expect(button(page, "Check and show the cost")).to_be_visible()
    return page


def button(page, name, index=1):
    return page.output(index).get_by_role("button", name=name, exact=True)


def see(page, text, index=1):
    expect(page.output(index).get_by_text(text).first).to_be_visible(timeout=PATIENCE)


def review(page, count=5):
    button(page, "Check and show the cost").click()
    expect(button(page, f"Rent {count} numbers …")).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize(
    "look",
    [(False, 1200), (True, 1200), (False, 420), (True, 420)],
    ids=["light", "dark", "light-narrow", "dark-narrow"],
)
def test_every_stage_from_the_settings_to_ready(lab, sandbox, hold, axe, look):
    dark, width = look
    page = opened(lab, sandbox, dark=dark, width=width)
    see(page, "To buy: 5 US LOCAL")
    page.run_cell("panel.wait()")
    page.output(1).get_by_label("SMS service plan", exact=True).select_option(PLAN)
    page.output(1).get_by_label("Most each month, in all").fill("1 USD")
    page.screenshot("1-settings", index=1)
    axe(page)

    button(page, "Check and show the cost").click()
    see(page, "2.00 USD too much")
    page.screenshot("2-over-budget", index=1)
    axe(page)

    page.output(1).get_by_label("Most each month, in all").fill("10 USD")
    review(page)
    see(page, "What it costs")
    page.screenshot("3-review", index=1)
    axe(page)
    assert not sandbox.ledger

    button(page, "Rent 5 numbers …").click()
    see(page, "Rent 5 numbers: 6.00 USD now and 3.00 USD a month.")
    expect(button(page, "Yes, spend 6.00 USD")).not_to_be_focused()
    page.screenshot("4-confirm", index=1)
    axe(page)
    assert not sandbox.ledger

    hold.catch(":rent")
    button(page, "Yes, spend 6.00 USD").click()
    hold.arrived()
    see(page, "being sent")
    page.screenshot("5-running", index=1)
    axe(page)
    hold.release()

    see(page, "All 5 numbers are ready.")
    expect(page.output(1).get_by_role("row").filter(has_text="ready")).to_have_count(5)
    page.screenshot("6-ready", index=1)
    axe(page)
    assert len(sandbox.ledger) == 5
    assert page.run_cell("panel.results.outcome.to_list() == ['activated'] * 5") == "True"
    assert page.run_cell("len(panel.provisioning)") == "10"


def test_a_failure_shows_its_remedy_and_its_repair(lab, sandbox, axe):
    page = opened(lab, sandbox, "2 US LOCAL", f', service_plan_id="{PLAN}", campaign_id="{EXPIRED}"')
    review(page, 2)
    button(page, "Rent 2 numbers …").click()
    button(page, "Yes, spend 2.40 USD").click()
    see(page, "0 of 2 numbers are ready, 2 failed.")
    see(page, "Renew the campaign or replace it")
    page.screenshot("1-failed", index=1)
    axe(page)

    button(page, "Repair 2 numbers").click()
    see(page, "change campaign")
    page.screenshot("2-repair", index=1)
    axe(page)
    button(page, "Change the settings").click()
    page.output(1).get_by_label("10DLC campaign", exact=True).locator("visible=true").select_option("typed")
    page.output(1).get_by_label("Id of the campaign").locator("visible=true").fill(RENEWED)
    page.screenshot("3-settings", index=1)
    button(page, "Check").click()
    button(page, "Repair 2 numbers …").click()
    see(page, "Repair 2 numbers: nothing is charged for it.")
    button(page, "Yes, repair 2 numbers").click()
    expect(page.output(1).get_by_text("All 2 numbers are ready.")).to_have_count(2, timeout=PATIENCE)
    page.screenshot("4-repaired", index=1)
    assert len(sandbox.ledger) == 2


def test_cancel_finishes_what_was_sent_and_resume_does_the_rest(lab, sandbox, hold, axe):
    page = opened(lab, sandbox, "12 US LOCAL")
    review(page, 12)
    button(page, "Rent 12 numbers …").click()
    hold.catch(":rent")
    button(page, "Yes, spend 14.40 USD").click()
    hold.arrived()
    page.output(1).get_by_role("button", name="Cancel: Renting 12 numbers").click()
    see(page, "stopping after what was begun")
    page.screenshot("1-stopping", index=1)
    hold.release()
    see(page, "Stopped early: You stopped the run.")
    bought = len(sandbox.ledger)
    assert 0 < bought < 12
    page.screenshot("2-stopped", index=1)
    axe(page)

    button(page, "Resume").click()
    see(page, f"Go on with {12 - bought} of 12 numbers: up to")
    page.screenshot("3-resume", index=1)
    page.output(1).get_by_role("button", name=re.compile("^Yes, spend up to")).click()
    see(page, "12 activated of 12 planned; spent 14.40 USD.")
    assert len(sandbox.ledger) == 12


def test_a_double_click_never_reaches_the_second_button(lab, sandbox):
    page = opened(lab, sandbox, "2 US LOCAL")
    button(page, "Check and show the cost").dblclick()
    expect(button(page, "Rent 2 numbers …")).to_be_visible(timeout=PATIENCE)
    button(page, "Rent 2 numbers …").dblclick()
    expect(button(page, "Yes, spend 2.40 USD")).to_be_visible()
    page.run_cell("panel.wait()")
    assert page.run_cell("panel.stage") == "'confirm'"
    assert not sandbox.ledger

    button(page, "Yes, spend 2.40 USD").dblclick()
    see(page, "2 activated of 2 planned; spent 2.40 USD.")
    page.run_cell("panel.wait()")
    assert len(sandbox.ledger) == 2


def test_by_keyboard_alone(lab, sandbox):
    page = opened(lab, sandbox, "1 US LOCAL")
    page.run_cell("panel.wait()")
    page.output(1).get_by_label("Most each month, in all").focus()
    page.keyboard.type("5 USD")
    page.keyboard.press("Enter")
    expect(button(page, "Rent 1 number …")).to_be_visible(timeout=PATIENCE)
    button(page, "Rent 1 number …").focus()
    page.keyboard.press("Enter")
    expect(button(page, "Yes, spend 1.20 USD")).to_be_visible()
    expect(button(page, "Yes, spend 1.20 USD")).not_to_be_focused()
    page.keyboard.press("Enter")
    assert not sandbox.ledger
    page.keyboard.press("Tab")
    expect(button(page, "Back")).to_be_focused()
    page.keyboard.press("Tab")
    expect(button(page, "Yes, spend 1.20 USD")).to_be_focused()
    page.keyboard.press("Enter")
    see(page, "1 activated of 1 planned; spent 1.20 USD.")
    assert len(sandbox.ledger) == 1


def test_a_cell_that_runs_again_buys_nothing_and_doubles_nothing(lab, sandbox, hold):
    page = opened(lab, sandbox, "3 US LOCAL")
    review(page, 3)
    button(page, "Rent 3 numbers …").click()
    hold.catch(":rent")
    button(page, "Yes, spend 3.60 USD").click()
    hold.arrived()
    page.run_again(1)
    see(page, "is being carried out at this moment")
    hold.release()
    expect(page.output(1).get_by_role("heading", name="Activate numbers")).to_have_count(1)
    page.run_cell("panel.wait()")
    see(page, "3 activated of 3 planned")
    page.screenshot("1-again", index=1)
    button(page, "Back to the settings").click()
    see(page, "A wish like this")
    page.run_cell("panel.check(); panel.wait(); panel.proceed(); panel.confirm()")
    see(page, "what stands above needs your tick first")
    page.screenshot("2-tick", index=1)
    page.output(1).get_by_label("Rent these in addition").check()
    assert len(sandbox.ledger) == 3
    button(page, "Yes, spend 3.60 USD").click()
    see(page, "3 activated of 3 planned; spent 3.60 USD.")
    assert len(sandbox.ledger) == 6


def test_a_restarted_kernel_finds_its_journal_again(lab, sandbox, hold):
    page = lab.open(
        [CONNECT, "plan = nt.plan_activation(client, '4 US LOCAL'); plan.save('plan.json')",
         "panel = nt.widgets.ActivationPanel(nt.load_plan('plan.json'), client)\npanel"],
        sandbox=sandbox,
    )  # fmt: skip
    button(page, "Rent 4 numbers …", 2).click()
    hold.catch(":rent")
    button(page, "Yes, spend 4.80 USD", 2).click()
    hold.arrived()
    page.restart_kernel()
    hold.release()
    page.run_again(0)
    page.run_again(2)
    expect(button(page, "Resume", 2)).to_be_visible(timeout=PATIENCE)
    page.screenshot("1-found", index=2)
    button(page, "Resume", 2).click()
    page.output(2).get_by_role("button", name=re.compile("^Yes, spend up to")).click()
    see(page, "4 activated of 4 planned; spent 4.80 USD.", 2)
    assert len(sandbox.ledger) == 4


def test_errors_of_the_server_are_said_in_the_panel(lab, sandbox):
    page = opened(lab, sandbox, "2 US LOCAL")
    page.run_cell("panel.wait()")
    sandbox.faults.add("server_error", operation="search_available")
    button(page, "Check and show the cost").click()
    see(page, "Nothing was bought. 'Check' tries again.")
    page.screenshot("1-error", index=1)
    sandbox.faults.clear()
    review(page, 2)


def test_a_saved_notebook_holds_nothing_that_was_typed(lab, sandbox):
    page = opened(lab, sandbox, "1 US LOCAL")
    page.run_cell("panel.wait()")
    page.output(1).get_by_label("Events to (callback URL)").fill("https://hooks.example.com/private")
    button(page, "Check and show the cost").click()
    expect(button(page, "Rent 1 number …")).to_be_visible(timeout=PATIENCE)
    saved = str(page.saved()["metadata"].get("widgets", ""))
    assert "Rent 1 number" in saved
    assert "private" not in saved


def test_hostile_text_is_shown_as_text(lab, sandbox):
    page = opened(lab, sandbox, "1 US LOCAL")
    page.run_cell("panel.wait()")
    page.run_cell("panel.service_plan_id = '<img src=x onerror=alert(1)>\\u202e' + 'x' * 500")
    button(page, "Check and show the cost").click()
    see(page, "<img src=x onerror=alert(1)>")
    assert page.output(1).locator("img").count() == 0
    page.screenshot("1-hostile", index=1)
