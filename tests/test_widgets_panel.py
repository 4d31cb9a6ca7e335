"""What every panel does: says where its data come from, works in threads, speaks plainly, closes."""

from __future__ import annotations

import threading

import ipywidgets
import pytest

import numbers_toolkit as nt
from numbers_toolkit import markup
from numbers_toolkit.errors import IncompleteDataWarning, InvalidInputError, warn_user
from numbers_toolkit.widgets import panel as panels
from numbers_toolkit.widgets.panel import Panel
from numbers_toolkit.widgets.parts.progress import ProgressLine


@pytest.fixture
def panel(client):
    made = Panel(label="Test bench", client=client)
    yield made
    made.close()


def banner(panel):
    return markup.plain(panel.children[0].html)


def test_sandbox_data_are_labelled(panel, client):
    assert "SANDBOX" in banner(panel)
    assert client.project_id in banner(panel)


@pytest.mark.parametrize(
    ("source", "word"), [("cassette march", "RECORDED"), ("server example.test", "server example.test")]
)
def test_other_sources_are_named(source, word):
    assert word in banner(Panel(label="x", source=source))


def test_a_title_of_markup_is_shown_as_text():
    assert "<b>" not in Panel(label="<b>x</b>").children[0].html


def test_work_runs_elsewhere_and_ends_here(panel):
    threads = []

    def job(_job):
        threads.append(threading.get_ident())
        return 7

    results = []
    assert panel.run("Counting", job, results.append)
    assert panel.busy
    panel.wait(10)
    assert results == [7]
    assert not panel.busy
    assert threads != [threading.get_ident()]


def test_a_second_piece_of_work_is_refused_and_said(panel):
    gate = threading.Event()
    results = []
    panel.run("Counting", lambda _job: gate.wait(10), results.append)
    assert not panel.run("Counting again", lambda _job: None, results.append)
    assert "Counting is still going on" in panel.notice
    gate.set()
    panel.wait(10)
    assert results == [True]


def test_an_error_of_the_package_is_said_as_it_is(panel):
    def job(_job):
        raise InvalidInputError("The pattern 'x' can't be. Use digits.")

    panel.run("Searching", job, print, way_on="Change it and search again.")
    panel.wait(10)
    assert panel.notice == "The pattern 'x' can't be. Use digits. Change it and search again."
    assert not panel.busy


def test_any_other_error_is_said_too(panel):
    panel.run("Searching", lambda _job: {}["gone"], print)
    panel.wait(10)
    assert "unexpected" in panel.notice
    assert "KeyError" in panel.notice


def test_an_error_while_showing_is_said(panel):
    panel.run("Searching", lambda _job: 1, lambda result: result / 0)
    panel.wait(10)
    assert "ZeroDivisionError" in panel.notice


def test_what_a_part_s_callback_raises_is_said(panel):
    line = ProgressLine()
    line.on_cancel(lambda: {}["gone"])
    panel.compose(ipywidgets.VBox([line]))
    line.start("Reading", cancellable=True)
    line.cancel()
    assert "KeyError" in panel.notice


def test_an_error_text_with_markup_is_text(panel):
    panel.fail(InvalidInputError("<script>alert(1)</script>"))
    assert all("<script" not in getattr(child, "html", "") for child in panel.children)
    assert panel.notice == "<script>alert(1)</script>"


def test_warnings_stand_beside_the_result(panel):
    def job(_job):
        warn_user("at least 10", IncompleteDataWarning)

    panel.run("Searching", job, lambda _none: panel.say("Found 10.", "good"))
    panel.wait(10)
    assert panel.notice == "Found 10. at least 10"


def test_cancelled_reading_frees_the_panel_at_once(panel):
    gate = threading.Event()
    results = []
    panel.run("Reading", lambda _job: gate.wait(10), results.append)
    panel.cancel()
    assert not panel.busy
    assert panel.notice == "Reading: cancelled."
    gate.set()
    panel.run("Reading again", lambda _job: 2, results.append)
    panel.wait(10)
    assert results == [2]


def test_cancelled_spending_is_waited_for(panel):
    results = []

    def job(running):
        assert running.cancel.wait(10)
        return "1 activated"

    panel.run("Renting", job, results.append, must_finish=True)
    panel.cancel()
    assert panel.busy
    panel.wait(10)
    assert results == ["1 activated"]


def test_waiting_too_long_says_for_what(panel):
    gate = threading.Event()
    panel.run("Counting", lambda _job: gate.wait(10), print)
    with pytest.raises(TimeoutError, match="Counting"):
        panel.wait(0.01)
    gate.set()
    panel.wait(10)


def test_busy_can_be_observed_and_not_set(panel):
    seen = []
    panel.observe(lambda change: seen.append(change["new"]), "busy")
    panel.run("Counting", lambda _job: None, lambda _none: None)
    panel.wait(10)
    assert seen == [True, False]
    with pytest.raises(Exception, match="read-only"):
        panel.busy = True


def test_closing_frees_everything_and_can_be_repeated(panel):
    button = ipywidgets.Button(description="x")
    inner = ipywidgets.VBox([button])
    panel.compose(inner)
    panel.close()
    panel.close()
    assert panel.closed
    assert panel.children == ()
    assert button.comm is None
    assert inner.comm is None
    assert not panel.run("Counting", lambda _job: None, print)
    with pytest.raises(InvalidInputError, match="was closed"):
        _ = panel.client


def test_what_ends_after_closing_shows_nothing(panel):
    gate = threading.Event()
    results = []
    panel.run("Counting", lambda _job: gate.wait(10), results.append, must_finish=True)
    panel.close()
    gate.set()
    panel.wait(10)
    assert results == []


def test_a_cell_that_runs_again_closes_the_panel_it_showed_before(monkeypatch):
    cell = ["cell-1", 1]
    monkeypatch.setattr(panels, "_cell", lambda: tuple(cell))
    first, beside = Panel(label="first"), Panel(label="beside")
    first._repr_mimebundle_()
    beside._repr_mimebundle_()
    assert not first.closed
    cell[1] = 2
    first._repr_mimebundle_()
    again = Panel(label="again")
    again._repr_mimebundle_()
    assert beside.closed
    assert not first.closed
    cell[:] = ["cell-2", 3]
    Panel(label="other")._repr_mimebundle_()
    assert not again.closed


@pytest.mark.parametrize("source", ["sandbox", "production", "cassette inventory-march"])
def test_where_panels_do_not_live_it_is_read_what_was_there(source):
    panel = Panel(label="Inventory <b>", source=source)
    told = panel._repr_mimebundle_()["text/plain"]
    assert told == repr(panel) == f"<Panel 'Inventory <b>' on {source} data: run the cell to work with it>"
    panel.close()
    assert repr(panel) == "<Panel: closed>"


def test_what_a_person_confirmed_goes_on_when_its_cell_runs_again(monkeypatch):
    cell = ["cell-x", 1]
    monkeypatch.setattr(panels, "_cell", lambda: tuple(cell))
    first = Panel(label="first")
    first._repr_mimebundle_()
    gate, cancelled = threading.Event(), []

    def job(running):
        gate.wait(10)
        cancelled.append(running.cancel.is_set())

    first.run("Renting", job, print, must_finish=True)
    cell[1] = 2
    Panel(label="second")._repr_mimebundle_()
    assert first.closed
    gate.set()
    first.wait(10)
    assert cancelled == [False]


def test_the_source_of_a_server_is_known_after_its_first_answer(sandbox):
    with nt.connect(
        sandbox.project_id,
        sandbox.key_id,
        sandbox.key_secret,
        numbers_url=sandbox.numbers_url,
        auth_url=sandbox.auth_url,
    ) as client:
        panel = Panel(label="x", client=client)
        panel.run("Asking", lambda _job: client.list_available_regions(), lambda _answer: None)
        panel.wait(10)
        assert "SANDBOX" in banner(panel)
