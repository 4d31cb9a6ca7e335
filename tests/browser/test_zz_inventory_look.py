import pytest
from playwright.sync_api import expect
import numbers_toolkit as nt
CELLS=["import numbers_toolkit as nt\nclient = nt.connect()\npanel = nt.widgets.InventoryPanel(client)\npanel"]
@pytest.mark.parametrize(("dark","width"),[(False,1200),(True,1200),(False,420)])
def test_look(lab, axe, dark, width):
    with nt.Sandbox(active=600, available=20, clock="manual") as sandbox:
        page = lab.open(CELLS, sandbox=sandbox, dark=dark, width=width)
        expect(page.output().locator(".nt-card").first).to_be_visible()
        page.screenshot("to-do", index=-1)
        for tab in ("Numbers","Errors","Renewals","Costs","Campaigns","Regions"):
            page.get_by_role("tab", name=tab).click()
            if tab != "Numbers": expect(page.output().locator("svg[viewBox*='504']:visible").first).to_be_visible()
            page.screenshot(tab, index=-1)
        page.get_by_role("button", name="Export …").click()
        page.get_by_role("button", name="More filters").click()
        page.screenshot("export", index=-1)
        print(page.watch.faults())
        axe(page)
