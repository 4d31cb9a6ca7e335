from __future__ import annotations
import pytest
from playwright.sync_api import expect
import numbers_toolkit as nt

CONNECT = "import numbers_toolkit as nt\nclient = nt.connect()"
PLAN = "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57"

@pytest.fixture
def sandbox(hold):
    with nt.Sandbox(active=120, available=600, clock="running", gate=hold, waiting_seconds=0.2, running_seconds=0.5) as server:
        yield server

@pytest.mark.parametrize(("dark","width"), [(False,1200),(True,420)])
def test_look(lab, sandbox, axe, hold, dark, width):
    sandbox.add_campaign("CEXP123", error_code="CAMPAIGN_EXPIRED")
    name = f"{'dark' if dark else 'light'}-{width}"
    page = lab.open([CONNECT, "panel = nt.widgets.ActivationPanel('5 US LOCAL', client)\npanel"], sandbox=sandbox, dark=dark, width=width)
    out = page.output(1)
    expect(out.get_by_role("button", name="Check and show the cost")).to_be_visible()
    page.run_cell("panel.wait()")
    page.screenshot(f"{name}-1-settings", index=1)
    page.run_cell("panel.campaign_id='CEXP123'; panel.service_plan_id='%s'; panel.max_monthly='1 USD'; panel.check(); panel.wait()" % PLAN)
    page.screenshot(f"{name}-2-faults", index=1)
    page.run_cell("panel.max_monthly='10 USD'; panel.check(); panel.wait()")
    page.screenshot(f"{name}-3-review", index=1)
    out.get_by_role("button", name="Rent 5 numbers …").click()
    expect(out.get_by_role("button", name="Yes, spend 6.00 USD")).to_be_visible()
    page.screenshot(f"{name}-4-confirm", index=1)
    axe(page, ".numbers-toolkit-panel")
    hold.catch(":rent")
    out.get_by_role("button", name="Yes, spend 6.00 USD").click()
    hold.arrived()
    page.wait_for_timeout(1500)
    page.screenshot(f"{name}-5-running", index=1)
    hold.release()
    expect(out.get_by_role("button", name="Repair 5 numbers")).to_be_visible(timeout=30000)
    page.screenshot(f"{name}-6-done", index=1)
    axe(page, ".numbers-toolkit-panel")
    out.get_by_role("button", name="Repair 5 numbers").click()
    expect(out.get_by_role("button", name="Change the settings")).to_be_visible()
    page.screenshot(f"{name}-7-repair", index=1)
    page.run_again(1)
    expect(out.get_by_text("A wish like this")).to_be_visible()
    page.run_cell("panel.wait()")
    page.screenshot(f"{name}-8-again", index=1)
