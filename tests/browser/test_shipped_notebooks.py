"""Every shipped notebook as it stands, in JupyterLab: it runs, asks nothing of the world, and all can read it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

#: Without Axes that are the value of a cell: IPython makes them images, which nobody can give a text.
OUTPUTS = ".jp-OutputArea-output:not(.jp-RenderedImage)"
NOTEBOOKS = sorted((Path(__file__).parent.parent.parent / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_its_outputs_are_fit_for_screen_readers(path, lab, axe):
    page = lab.open(path)

    cells = page.locator(".jp-Notebook .jp-CodeCell .jp-Cell-outputArea").filter(visible=True)
    expect(page.locator(".jp-Notebook")).to_contain_text("sandbox", ignore_case=True)
    for place in range(cells.count()):
        cells.nth(place).screenshot(path=page.shot(f"output-{place:02d}"))
    axe(page, OUTPUTS)
