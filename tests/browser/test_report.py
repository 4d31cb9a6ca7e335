"""The report as a file that is mailed around: it fetches nothing, and everybody can read it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import numbers_toolkit as nt


@pytest.fixture
def report(client, tmp_path):
    path = tmp_path / "report.html"
    nt.build_report(nt.active_numbers(client, progress=False)).to_html(path)
    return path


@pytest.mark.parametrize(
    ("dark", "width"), [(False, 1200), (True, 1200), (False, 420)], ids=["light", "dark", "narrow"]
)
def test_a_report_is_complete_in_itself_and_fit_for_screen_readers(report, pages, axe, dark, width):
    page = pages.open_file(report, dark=dark, width=width)

    expect(page.get_by_text("Sandbox data.", exact=True)).to_be_visible()
    page.screenshot("report")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(page)


def test_the_links_of_a_report_lead_to_its_sections_by_keyboard(report, pages):
    page = pages.open_file(report)
    link = page.get_by_role("link", name="Costs", exact=True).first

    link.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Costs", exact=True)).to_be_in_viewport()
