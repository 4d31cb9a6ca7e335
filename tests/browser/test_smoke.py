"""The ground that browser tests stand on: pages that run, and faults that are noticed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import numbers_toolkit as nt

BUTTON = """
import ipywidgets
button, told = ipywidgets.Button(description="Greet"), ipywidgets.Label()
button.on_click(lambda _: setattr(told, "value", "hello from the kernel"))
ipywidgets.VBox([button, told])
"""


def test_a_click_reaches_the_kernel_and_comes_back(lab, axe):
    page = lab.open([BUTTON])

    page.get_by_role("button", name="Greet", exact=True).click()

    expect(page.output()).to_contain_text("hello from the kernel")
    assert page.run_cell("told.value") == "'hello from the kernel'"
    assert page.screenshot("greeted", index=0).stat().st_size > 1000
    axe(page)


def test_dark_and_narrow_pages_with_a_sandbox_of_the_test(lab, sandbox):
    page = lab.open(
        [
            "import numbers_toolkit as nt",
            "client = nt.connect()",
            "regions = nt.available_regions(client); len(regions)",
        ],
        sandbox=sandbox,
        dark=True,
        width=420,
    )

    assert page.run_cell("regions.attrs['source']") == "'sandbox'"
    assert page.evaluate("document.body.dataset.jpThemeLight") == "false"
    assert [one.operation for one in sandbox.requests][-1] == "list_regions"
    page.screenshot("dark")
    page.screenshot("dark-cell", index=-1)


def test_cells_run_again_and_kernels_start_anew(lab):
    page = lab.open(["count = globals().get('count', 0) + 1; print('run', count)"])
    page.run_again(0)
    expect(page.output()).to_contain_text("run 2")

    page.restart_kernel()

    page.add_cell("print('count' in globals())")
    expect(page.output(-1)).to_contain_text("False")
    expect(page.output(0)).to_contain_text("run 2")


def test_a_cell_that_fails_fails_the_test(lab):
    page = lab.open(["1 / 0"], allow_errors=True)

    for again in (lambda: page.run_again(0), lambda: page.add_cell("1 / 0"), page.run_all):
        with pytest.raises(AssertionError, match="ZeroDivisionError: division by zero"):
            again()
    with pytest.raises(AssertionError, match="ZeroDivisionError: division by zero"):
        page.run_cell("1 / 0")


def test_a_saved_notebook_holds_the_state_of_its_widgets(lab):
    page = lab.open(["import ipywidgets; ipywidgets.Text('kept for all to see')"])
    expect(page.output().locator("input")).to_have_value("kept for all to see")

    assert "kept for all to see" in str(page.saved()["metadata"]["widgets"])


def test_requests_of_a_sandbox_are_held_until_the_test_has_looked(lab, hold):
    with nt.Sandbox(active=3, clock="manual", gate=hold) as sandbox:
        page = lab.open(["import numbers_toolkit as nt, threading", "client = nt.connect()"], sandbox=sandbox)
        hold.catch("/activeNumbers")
        page.run_cell("work = threading.Thread(target=lambda: nt.active_numbers(client)); work.start()")

        hold.arrived()

        assert page.run_cell("work.is_alive()") == "True"
        hold.release()
        assert page.run_cell("work.join(); work.is_alive()") == "False"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("console.error('something is wrong')", "something is wrong"),
        ("setTimeout(() => { throw new Error('nobody caught me') })", "nobody caught me"),
        ("new Image().src = 'https://example.com/flag.png'", "request to https://example.com/flag.png"),
        ("fetch('http://127.0.0.1:9/').catch(() => 0)", "request to http://127.0.0.1:9/"),
        ("new WebSocket('wss://example.com/news')", "request to wss://example.com/news"),
    ],
)
def test_faults_of_a_page_are_noticed(lab, code, told):
    page = lab.open([], run=False)

    page.evaluate(f"() => {{ {code}; return new Promise(done => setTimeout(done, 200)); }}")
    faults = "\n".join(page.watch.faults())
    page.watch.errors.clear()
    page.watch.outside.clear()

    assert told in faults


def test_serious_faults_for_screen_readers_are_noticed(lab, axe):
    page = lab.open(["from IPython.display import HTML; HTML('<button></button>')"])

    with pytest.raises(AssertionError, match="Buttons must have discernible text"):
        axe(page)
