"""The dashboard as Voila shows it, for people who never see a cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

import numbers_toolkit as nt

DASHBOARD = Path(__file__).parent.parent.parent / "notebooks" / "dashboard.ipynb"


@pytest.fixture
def sandbox():
    with nt.Sandbox(active=150, available=400, clock="manual") as server:
        yield server
        assert not server.internal_errors


def test_the_dashboard_shows_the_inventory_and_follows_its_filters(voila, sandbox, axe):
    page = voila.open(DASHBOARD, sandbox=sandbox)
    expect(page.get_by_text("All 150 numbers of the project")).to_be_visible()
    expect(page.get_by_text("SANDBOX", exact=True).first).to_be_visible()
    page.screenshot("dashboard")
    axe(page)

    page.get_by_label("Number, name or id").fill("+1")

    numbers = page.get_by_role("tab", name="Numbers")
    expect(numbers).not_to_contain_text("150")
    numbers.click()
    expect(page.get_by_role("grid").locator("visible=true").locator("tbody tr").first).to_contain_text("+1")
    page.screenshot("filtered")


def test_the_dashboard_finds_numbers_in_the_dark_and_on_a_narrow_page(voila, sandbox, axe):
    page = voila.open(DASHBOARD, sandbox=sandbox, dark=True, width=420)
    # What is read first pushes down what stands below it.
    expect(page.get_by_text("All 150 numbers of the project")).to_be_visible()
    regions = page.get_by_role("combobox", name="Regions")

    regions.fill("swed")
    page.get_by_role("option", name="Sweden (SE)").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Search", exact=True).click()

    expect(page.get_by_text("Searched for:")).to_be_visible()
    page.screenshot("searched")
    axe(page)


def test_without_any_project_the_dashboard_is_the_sandbox_and_says_so(voila):
    page = voila.open(DASHBOARD)

    expect(page.get_by_text("SANDBOX", exact=True).first).to_be_visible()
    expect(page.get_by_text("All 500 numbers of the project")).to_be_visible()
