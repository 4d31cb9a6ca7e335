"""The search panel, driven by its traits and methods as a notebook's next cell would."""

from __future__ import annotations

import gc
import html
import itertools
import json
import threading
import weakref

import pandas as pd
import pytest
import traitlets
from ipywidgets.widgets import widget

import numbers_toolkit as nt
from numbers_toolkit import markup
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.formatting import phone_text
from numbers_toolkit.found_tables import STOCK_BY_PREFIX
from numbers_toolkit.tables import AVAILABLE_NUMBERS
from numbers_toolkit.transport import RetryPolicy
from numbers_toolkit.widgets.parts.table import Table
from numbers_toolkit.widgets.search_panel import SearchPanel
from scripted_server import Reply, ScriptedServer, error

HOSTILE = '<img src=x onerror="alert(1)">\u202e' + "x" * 500
PATIENCE = 30
ASKS = itertools.count(1)


@pytest.fixture
def panel(client):
    made = SearchPanel(client, regions="US", number_types="LOCAL").wait(PATIENCE)
    yield made
    made.close()


@pytest.fixture
def searched(panel):
    panel.search()
    return panel.wait(PATIENCE)


class Gate:
    """Holds the requests whose path ends in a word, until it is opened."""

    def __init__(self, path):
        self.path, self.arrived, self.opened = path, threading.Event(), threading.Event()

    def __call__(self, request, carry_out):
        if request.path.endswith(self.path):
            self.arrived.set()
            assert self.opened.wait(PATIENCE)
        return carry_out(request)


def sent(sandbox, path):
    return [one for one in sandbox.requests if one.path.endswith(path)]


def field(panel, name):
    return next(one for one in panel._view.form.fields if one["name"] == name)


def options(panel, name):
    return [one["value"] for one in field(panel, name)["options"] if not one["disabled"]]


def button(panel, name):
    rows = [*panel._view.actions.buttons, *panel._view.choice.buttons]
    return next(one for one in rows if one["name"] == name)


def typed(panel, name, value):
    """What a view sends when a person has entered a value."""
    message = {"kind": "value", "view": "v", "name": name, "value": value, "edit": 1, "settled": True}
    panel._view.form._receive(panel._view.form, message, [])


def clicked(panel, name):
    parts = [panel._view.actions, panel._view.choice]
    part = next(one for one in parts if name in [button["name"] for button in one.buttons])
    part._receive(part, {"kind": "click", "name": name, "revision": button(panel, name)["revision"]}, [])


def asked(table, kind, **content):
    """What a view of the table sends when a person does something."""
    table._receive(table, {"kind": kind, "view": "v", "ask": next(ASKS), **content}, [])


# -- before the first search


def test_opening_loads_the_regions_and_searches_nothing(sandbox, panel):
    assert "SE" in options(panel, "regions")
    assert len(sent(sandbox, "availableRegions")) == 1
    assert not sent(sandbox, "availableNumbers")
    assert "Nothing searched yet" in markup.plain(panel._view.hint.html)


def test_results_and_selection_are_whole_tables_from_the_start(panel):
    for frame, table in ((panel.results, AVAILABLE_NUMBERS), (panel.selected, AVAILABLE_NUMBERS)):
        pd.testing.assert_frame_equal(frame, table.empty())
    pd.testing.assert_frame_equal(panel.stock, STOCK_BY_PREFIX.empty())


def test_sandbox_data_say_so_and_nothing_is_rented(sandbox, searched):
    assert "SANDBOX" in markup.plain(searched.children[0].html)
    assert searched.results.attrs["source"] == "sandbox"
    assert not sandbox.ledger


@pytest.mark.parametrize("wrong", [None, "client", pd.DataFrame()])
def test_something_else_than_a_client_is_refused(wrong):
    with pytest.raises(InvalidInputError, match=r"needs a client"):
        SearchPanel(wrong)


@pytest.mark.parametrize(
    "options",
    [
        {"regions": "USA"},
        {"number_types": "satellite"},
        {"capabilities": ["FAX"]},
        {"search_pattern": "MIDDLE"},
        {"size": "many"},
        {"page_size": 0},
    ],
)
def test_arguments_that_cannot_be_are_refused(client, options):
    with pytest.raises(InvalidInputError):
        SearchPanel(client, **options)


def test_unknown_keywords_are_refused(client):
    with pytest.raises(TypeError):
        SearchPanel(client, region="US")


# -- what to search for


def test_traits_take_the_api_s_spelling_and_show_in_the_form(panel):
    panel.regions, panel.number_types, panel.capabilities = "se", ["mobile", "local"], "sms"
    panel.pattern, panel.search_pattern, panel.size = "+46", "START", 7

    assert (panel.regions, panel.number_types, panel.capabilities) == (("SE",), ("MOBILE", "LOCAL"), ("SMS",))
    assert dict(panel._view.form.values) == {
        "regions": ["SE"],
        "number_types": ["MOBILE", "LOCAL"],
        "capabilities": ["SMS"],
        "pattern": "+46",
        "search_pattern": "START",
        "size": 7,
    }


def test_what_a_person_enters_is_in_the_traits_and_can_be_observed(panel):
    seen = []
    panel.observe(lambda change: seen.append((change["name"], change["new"])), ["regions", "pattern", "size"])

    typed(panel, "regions", ["SE", "GB"])
    typed(panel, "pattern", "pizza")
    typed(panel, "size", "12")

    assert seen == [("regions", ("SE", "GB")), ("pattern", "pizza"), ("size", 12)]


@pytest.mark.parametrize(
    ("name", "value"), [("regions", "X1"), ("number_types", ["FAX"]), ("capabilities", 7), ("size", "many")]
)
def test_traits_that_cannot_be_are_refused_and_stay_as_they_were(panel, name, value):
    before = getattr(panel, name)
    with pytest.raises(InvalidInputError):
        setattr(panel, name, value)
    assert getattr(panel, name) == before


def test_results_are_not_to_be_set(panel):
    for name in ("results", "selected", "stock", "activation", "busy"):
        with pytest.raises(traitlets.TraitError):
            setattr(panel, name, None)


def test_number_types_are_those_that_the_regions_offer(panel):
    assert options(panel, "number_types") == ["LOCAL", "TOLL_FREE"]

    panel.regions, panel.number_types = ("SE",), ()
    assert options(panel, "number_types") == ["MOBILE", "LOCAL"]

    typed(panel, "regions", [])
    assert options(panel, "number_types") == ["MOBILE", "LOCAL", "TOLL_FREE"]


def test_a_type_that_no_chosen_region_offers_is_kept_and_told_before_anything_is_sent(sandbox, panel):
    panel.number_types = "MOBILE"
    panel.search()
    panel.wait(PATIENCE)

    assert not sent(sandbox, "availableNumbers")
    assert "Mobile is not on offer in US" in panel._view.form.errors["number_types"]
    assert panel.notice.startswith("Nothing was sent. Mobile is not on offer in US")
    assert panel.number_types == ("MOBILE",)


def test_letters_are_turned_into_digits_before_the_eyes(sandbox, panel):
    typed(panel, "pattern", "555")
    assert "=" not in field(panel, "pattern")["help"]
    typed(panel, "pattern", "pizza")
    assert field(panel, "pattern")["help"] == "PIZZA = 74992"

    panel.search()
    panel.wait(PATIENCE)
    assert "numberPattern.pattern=74992" in sent(sandbox, "availableNumbers")[-1].query


@pytest.mark.parametrize(
    ("trait", "value", "words"),
    [
        ("regions", (), "Choose at least one region"),
        ("pattern", "12*4", "digits"),
        ("pattern", "Жук", "stands on no key"),
        ("pattern", "1" * 16, "16 digits"),
        ("pattern", HOSTILE, "only digits and a leading '+'"),
        ("size", 0, "at least 1"),
        ("size", None, "Write how many"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_sent(sandbox, panel, trait, value, words):
    setattr(panel, trait, value)
    panel.search()
    panel.wait(PATIENCE)

    assert words in panel._view.form.errors[trait]
    assert words in panel.notice
    assert not sent(sandbox, "availableNumbers")
    assert not panel.busy


def test_a_fault_goes_when_it_is_corrected_and_no_sooner(panel):
    panel.pattern, panel.search_pattern = "307", "START"
    panel.search()
    assert "+1307" in panel._view.form.errors["pattern"]

    panel.size = 5
    assert "pattern" in panel._view.form.errors
    panel.search_pattern = "CONTAINS"
    assert panel._view.form.errors == {}


def test_no_fault_is_told_while_a_person_is_still_typing(panel):
    typed(panel, "pattern", "12*")
    assert panel._view.form.errors == {}


def test_a_size_that_is_no_number_stays_as_it_was_typed(sandbox, panel):
    typed(panel, "size", "ten")
    assert panel.size is None
    assert panel._view.form._typed["size"] == "ten"

    panel.search()
    assert "size" in panel._view.form.errors
    assert not sent(sandbox, "availableNumbers")


# -- what is found


def test_results_are_what_the_function_finds(client, searched):
    expected = nt.available_numbers(client, "US", "LOCAL", size=100)

    pd.testing.assert_frame_equal(searched.results, expected)
    pd.testing.assert_frame_equal(searched.stock, nt.analysis.stock_by_prefix(expected))
    assert searched.results.attrs == expected.attrs


def test_results_and_selection_can_be_observed(panel):
    seen = []
    panel.observe(lambda change: seen.append((change["name"], len(change["new"]))), ["results", "selected"])

    panel.search()
    panel.wait(PATIENCE)
    panel.select(panel.results["phone_number"].head(3))
    panel.clear_selection()

    assert ("results", 100) in seen
    assert [count for name, count in seen if name == "selected"][-2:] == [3, 0]


def test_selected_rows_are_rows_of_the_results_in_their_order(searched):
    numbers = searched.results["phone_number"]
    searched.select([numbers[7], numbers[2]])

    pd.testing.assert_frame_equal(
        searched.selected, searched.results.iloc[[2, 7]].reset_index(drop=True), check_names=True
    )
    assert searched.selected.attrs == searched.results.attrs
    assert button(searched, "activate")["label"] == "Activate 2 numbers"


def test_a_row_that_a_person_ticks_is_selected(searched):
    key = searched.results["phone_number"][4]
    table = searched._view.table
    asked(table, "toggle", key=key, on=True)

    assert searched.selected["phone_number"].tolist() == [key]


def test_selection_outlives_sorting_filtering_and_a_search_that_finds_it_again(searched):
    chosen = searched.results["phone_number"][[1, 50]].tolist()
    searched.select(chosen)

    searched.order = "memorable"
    searched.prefix = searched.results["phone_number"][99][:5]
    searched.search()
    searched.wait(PATIENCE)

    assert searched.selected["phone_number"].tolist() == chosen
    assert searched.notice == ""


def test_selected_numbers_that_are_not_found_again_are_told_of(searched):
    searched.select(searched.results["phone_number"][:2])
    searched.regions, searched.number_types = "SE", ()
    searched.search()
    searched.wait(PATIENCE)

    assert searched.selected.empty
    assert "2 selected numbers are not among what was found now" in searched.notice
    assert button(searched, "activate")["disabled"]


def test_numbers_can_be_ordered_by_price_and_by_how_memorable_they_are(searched):
    searched.order = "memorable"
    shown = searched._view.table.shown
    assert shown["score"].is_monotonic_decreasing
    assert shown["score"].iloc[0] > 0
    assert shown["reason"].iloc[0]

    searched.order = "number"
    assert searched._view.table.shown["phone_number"].is_monotonic_increasing


def test_prices_of_several_currencies_are_ordered_within_each(panel):
    panel.regions, panel.number_types, panel.order = ("US", "SE", "GB"), (), "price"
    panel.search()
    shown = panel.wait(PATIENCE)._view.table.shown

    assert shown["currency_code"].astype(str).drop_duplicates().tolist() == ["GBP", "SEK", "USD"]
    for _, rows in shown.groupby("currency_code", observed=True):
        assert rows["monthly_price"].is_monotonic_increasing


def test_the_order_tells_when_the_table_is_sorted_otherwise(searched):
    table = searched._view.table
    asked(table, "sort", column="setup_price", ascending=True)
    assert searched.order == ""
    asked(table, "sort", column="reason", ascending=False)
    assert searched.order == "memorable"
    assert dict(searched._view.order.values) == {"order": "memorable"}


def test_choosing_a_prefix_narrows_the_table_and_choosing_again_widens_it(searched):
    bars = searched._view.bars
    name = bars.names[0]

    bars._receive(bars, {"kind": "choose", "name": name}, [])
    assert searched.prefix == name
    assert searched._view.table.shown["phone_number"].str.startswith(name).all()
    assert len(searched._view.table.shown) == searched.stock["numbers"].max()

    bars._receive(bars, {"kind": "choose", "name": name}, [])
    assert searched.prefix == ""
    assert len(searched._view.table.shown) == 100


def test_a_filter_that_a_person_types_lets_go_of_the_prefix_and_stays(searched):
    searched.prefix = searched._view.bars.names[0]
    table = searched._view.table
    asked(table, "filter", text="0142")

    assert searched.prefix == ""
    assert searched._view.bars.chosen == ""
    assert table.filter_text == "0142"


def test_a_prefix_that_is_no_bar_narrows_too(searched):
    searched.prefix = "+12"

    assert searched._view.bars.chosen == ""
    assert searched._view.table.shown["phone_number"].str.startswith("+12").all()


def test_below_the_table_stands_that_there_is_more(searched):
    told = markup.plain(searched._view.below.html)

    assert "At least 100 numbers" in told
    assert "up to 100 of each region and type" in told


def test_nothing_found_says_which_filter_to_loosen_and_shows_no_table(panel):
    panel.pattern = "000000000"
    panel.search()
    panel.wait(PATIENCE)

    assert "Shorten the pattern 000000000" in markup.plain(panel._view.hint.html)
    assert panel._view.found.layout.display == "none"
    assert panel.results.empty
    assert panel.results.attrs["complete"] is True


def test_looking_further_gets_what_one_page_does_not_hold():
    pages = {"default_page_size": 20, "maximum_page_size": 20}
    with nt.Sandbox(active=0, available=600, clock="manual", **pages) as sandbox, sandbox.connect() as client:
        panel = SearchPanel(client, regions="US", number_types="LOCAL", size=60)
        panel.search()
        assert len(panel.wait(PATIENCE).results) == 20
        assert not button(panel, "look_further")["hidden"]
        assert "Look further" in markup.plain(panel._view.below.html)

        panel.pattern = "999"  # what was found is looked further for, not what is being typed
        clicked(panel, "look_further")
        assert len(panel.wait(PATIENCE).results) == 60
        assert button(panel, "look_further")["hidden"]
        assert panel.notice == ""
        panel.close()


def test_hostile_offers_are_shown_as_text():
    offers = [
        {
            "phoneNumber": f"+1307555{index:04d}",
            "regionCode": "US",
            "type": "LOCAL",
            "capability": ["SMS", HOSTILE],
            "setupPrice": {"currencyCode": HOSTILE, "amount": "1"},
            "monthlyPrice": {"currencyCode": HOSTILE, "amount": "1"},
        }
        for index in range(3)
    ]
    regions = {"availableRegions": [{"regionCode": "US", "regionName": HOSTILE, "types": ["LOCAL", HOSTILE]}]}
    with (
        ScriptedServer(Reply(body=regions), Reply(body={"availableNumbers": offers})) as server,
        server.client() as client,
    ):
        panel = SearchPanel(client, regions="US", number_types="LOCAL")
        panel.search()
        panel.wait(PATIENCE)
        shown = [part.html for part in (panel._view.hint, panel._view.below)]

        assert len(panel.results) == 3
        assert not any("<img" in one for one in shown)
        assert not any("\u202e" in one["note"] for one in panel._view.bars.bars)
        panel.close()


# -- while it works


def test_a_search_asked_for_while_the_regions_load_follows_them():
    gate = Gate("availableRegions")
    with (
        nt.Sandbox(active=0, available=50, clock="manual", gate=gate) as sandbox,
        sandbox.connect() as client,
    ):
        panel = SearchPanel(client, regions="US", number_types="LOCAL")
        panel.search()
        panel.search()
        gate.opened.set()
        panel.wait(PATIENCE)

        assert len(panel.results) > 0
        assert len(sent(sandbox, "availableNumbers")) == 1
        panel.close()


def test_a_search_during_a_search_is_refused_and_said_and_loses_nothing():
    gate = Gate("availableNumbers")
    with (
        nt.Sandbox(active=0, available=50, clock="manual", gate=gate) as sandbox,
        sandbox.connect() as client,
    ):
        panel = SearchPanel(client, regions="US", number_types="LOCAL").wait(PATIENCE)
        clicked(panel, "search")
        assert gate.arrived.wait(PATIENCE)
        assert panel.busy
        assert button(panel, "search")["busy"]

        clicked(panel, "search")
        panel.search()
        assert "Searching is still going on" in panel.notice
        gate.opened.set()
        panel.wait(PATIENCE)

        assert len(sent(sandbox, "availableNumbers")) == 1
        assert len(panel.results) > 0
        assert not button(panel, "search")["busy"]
        panel.close()


def test_a_cancelled_search_keeps_what_was_found_before_and_the_next_one_works():
    gate = Gate("availableNumbers")
    gate.opened.set()
    with (
        nt.Sandbox(active=0, available=50, clock="manual", gate=gate) as sandbox,
        sandbox.connect() as client,
    ):
        panel = SearchPanel(client, regions="US", number_types="LOCAL", size=5)
        panel.search()
        before = panel.wait(PATIENCE).results
        gate.arrived.clear()
        gate.opened.clear()

        panel.size = 6
        panel.search()
        assert gate.arrived.wait(PATIENCE)
        panel.cancel()
        assert not panel.busy
        assert panel.notice == "Searching: cancelled."
        gate.opened.set()
        panel.wait(PATIENCE)
        assert panel.results is before

        panel.search()
        assert len(panel.wait(PATIENCE).results) == 6
        panel.close()


def test_cancelling_while_the_regions_load_forgets_the_search_that_was_to_follow():
    gate = Gate("availableRegions")
    with (
        nt.Sandbox(active=0, available=50, clock="manual", gate=gate) as sandbox,
        sandbox.connect() as client,
    ):
        panel = SearchPanel(client, regions="US", number_types="LOCAL")
        panel.search()
        assert gate.arrived.wait(PATIENCE)
        panel.cancel()
        gate.opened.set()
        panel.wait(PATIENCE)

        assert not sent(sandbox, "availableNumbers")
        panel.search()
        assert len(panel.wait(PATIENCE).results) > 0
        panel.close()


# -- what goes wrong


def failing(server, *replies):
    """A panel whose first search went well, and whose next one meets these replies."""
    offers = {"availableNumbers": [{"phoneNumber": "+13075550142", "regionCode": "US", "type": "LOCAL"}]}
    regions = {"availableRegions": [{"regionCode": "US", "regionName": "United States", "types": ["LOCAL"]}]}
    server.replies = [Reply(body=regions), Reply(body=offers), *replies, Reply(body=offers)]
    panel = SearchPanel(server.client(retry=RetryPolicy(attempts=1)), regions="US", number_types="LOCAL")
    panel.search()
    panel.wait(PATIENCE)
    assert len(panel.results) == 1
    return panel


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (error(401, "UNAUTHENTICATED", "no"), "key"),
        (error(403, "PERMISSION_DENIED", "not yours"), "not yours"),
        (error(429, "RESOURCE_EXHAUSTED", "slow down"), "slow down"),
        (error(500, "INTERNAL", "oh"), "500"),
        (Reply(502, b"<html><script>alert(1)</script></html>"), "502"),
        (Reply(body={"availableNumbers": "none"}), "availableNumbers"),
        (Reply(reset=True), "answer"),
    ],
)
def test_an_error_is_said_plainly_and_what_was_found_stays(reply, words):
    with ScriptedServer() as server:
        panel = failing(server, reply)
        panel.select(panel.results["phone_number"])
        before = panel.results

        panel.search()
        panel.wait(PATIENCE)

        assert words in panel.notice
        assert "What was found before is still shown. 'Try again' repeats the search." in panel.notice
        assert "<script" not in panel._notice.html
        assert panel.results is before
        assert len(panel.selected) == 1
        assert button(panel, "search")["label"] == "Try again"

        clicked(panel, "search")
        panel.wait(PATIENCE)
        assert panel.notice == ""
        assert button(panel, "search")["label"] == "Search"
        panel.close()


def test_a_server_that_stops_during_a_search_is_told_and_the_results_stay():
    gate = Gate("availableNumbers")
    gate.opened.set()
    with nt.Sandbox(active=0, available=50, clock="manual", gate=gate) as sandbox:
        client = nt.connect(sandbox=sandbox, retry=RetryPolicy(attempts=1))
        panel = SearchPanel(client, regions="US", number_types="LOCAL", size=5)
        panel.search()
        before = panel.wait(PATIENCE).results
        sandbox.stop()
        panel.search()
        panel.wait(PATIENCE)

        assert "The server can't be reached" in panel.notice
        assert panel.notice.index("be reached") < panel.notice.index("No answer")
        assert "'Try again'" in panel.notice
        assert panel.results is before
        panel.close()


def test_regions_that_could_not_be_loaded_can_be_loaded_again():
    regions = {"availableRegions": [{"regionCode": "US", "regionName": "United States", "types": ["LOCAL"]}]}
    with ScriptedServer(error(403, "PERMISSION_DENIED", "not yours"), Reply(body=regions)) as server:
        panel = SearchPanel(server.client(), regions="US").wait(PATIENCE)
        assert "not yours" in panel.notice
        assert "Load the regions again" in panel.notice
        assert not button(panel, "load_regions")["hidden"]

        clicked(panel, "load_regions")
        panel.wait(PATIENCE)
        assert options(panel, "regions") == ["US"]
        assert panel.regions == ("US",)
        assert button(panel, "load_regions")["hidden"]
        assert panel.notice == ""
        panel.close()


def test_a_region_without_any_offer_is_told_of(panel):
    panel.regions, panel.number_types = "ZW", ()
    panel.search()
    panel.wait(PATIENCE)

    assert "No numbers are on offer in ZW" in panel.notice


# -- activating


def test_activating_nothing_says_what_to_do(searched):
    searched.activate()

    assert searched.activation is None
    assert "Nothing is selected" in searched.notice


def test_the_selection_is_handed_to_an_activation_panel_and_nothing_is_bought(sandbox, searched, tmp_path):
    searched._journals = tmp_path
    searched.select(searched.results["phone_number"][:2])
    clicked(searched, "activate")

    assert isinstance(searched.activation, nt.widgets.ActivationPanel)
    assert searched.activation in searched._view.place.children
    assert not sandbox.ledger

    former = searched.activation
    former.max_setup = "5 USD"
    searched.select(searched.results["phone_number"][:1])
    searched.activate()
    assert former.closed
    assert searched.activation is not former
    assert searched.activation.max_setup == "5 USD"  # a budget that was entered is never dropped
    searched.close()
    assert searched.activation is None


def test_a_selection_that_differs_from_what_is_planned_below_is_pointed_out(searched, tmp_path):
    searched._journals = tmp_path
    apart = searched._view.apart
    first, second, third = searched.results["phone_number"][:3]
    searched.select([first, second])
    assert not apart.html
    searched.activate()
    assert not apart.html

    searched.select([second, third])
    assert phone_text(first) in apart.html
    assert "and 1 more" in apart.html
    assert "'Activate 2 numbers' opens it for the selection" in html.unescape(apart.html)
    searched.select([second, first])
    assert not apart.html, "the same numbers are selected again"
    searched.clear_selection()
    assert not apart.html, "there is nothing that could be opened instead"

    searched.select([third])
    assert apart.html
    searched.activate()
    assert not apart.html
    searched.activation.wait(PATIENCE)


def test_a_selection_made_for_more_is_no_difference_once_the_first_are_rented(searched, tmp_path):
    searched._journals = tmp_path
    rent(searched, 2)
    searched.activation.wait(PATIENCE)
    searched.select(searched.results["phone_number"][4:5])
    assert not searched._view.apart.html


def test_a_selected_number_that_was_sold_meanwhile_is_told_before_anything_is_bought(
    sandbox, searched, tmp_path
):
    searched._journals = tmp_path
    sold, left = searched.results["phone_number"][:2]
    searched.select([sold, left])
    sandbox.remove_available(sold)
    searched.activate()
    searched.activation.wait(PATIENCE)
    searched.activation.check()
    searched.activation.wait(PATIENCE)

    told = " ".join([searched.activation.notice, *texts(searched.activation)])
    assert sold in told.replace(" ", "")
    assert "somebody else has taken it meanwhile" in told
    assert not sandbox.ledger
    assert searched.selected["phone_number"].tolist() == [sold, left]


def test_what_was_rented_stays_in_sight_when_more_is_activated(sandbox, searched, tmp_path):
    searched._journals = tmp_path
    rent(searched, 2)
    first = searched.activation.wait(PATIENCE)
    assert len(sandbox.ledger) == 2

    searched.select(searched.results["phone_number"][4:5])
    searched.activate()

    assert not first.closed
    assert searched._view.place.children == (searched.activation, first)


def test_a_second_activation_waits_for_one_that_is_spending(tmp_path):
    gate = Gate(":rent")
    with (
        nt.Sandbox(active=0, available=50, clock="manual", gate=gate) as sandbox,
        sandbox.connect() as client,
    ):
        panel = SearchPanel(client, regions="US", number_types="LOCAL", journals=tmp_path)
        panel.search()
        panel.wait(PATIENCE)
        rent(panel, 1)
        assert gate.arrived.wait(PATIENCE)
        spending = panel.activation

        panel.activate()
        assert panel.activation is spending
        assert "still going on below" in panel.notice
        gate.opened.set()
        spending.wait(PATIENCE)
        panel.close()


def test_a_cell_that_runs_again_stops_no_spending_that_was_confirmed(tmp_path):
    gate = Gate(":rent")
    with (
        nt.Sandbox(active=0, available=50, clock="manual", gate=gate) as sandbox,
        sandbox.connect() as client,
    ):
        panel = SearchPanel(client, regions="US", number_types="LOCAL", journals=tmp_path)
        panel.search()
        panel.wait(PATIENCE)
        rent(panel, 15)
        assert gate.arrived.wait(PATIENCE)
        work = panel.activation._work

        panel.close(cancel=False)
        gate.opened.set()
        assert work.wait(PATIENCE)

        assert len(sandbox.ledger) == 15


def rent(panel, count):
    """Confirm the activation of the first numbers."""
    panel.select(panel.results["phone_number"][:count])
    panel.activate()
    activation = panel.activation.wait(PATIENCE)
    activation.check()
    activation.wait(PATIENCE).proceed()
    activation.confirm()


def texts(part):
    html = getattr(part, "html", "")
    yield markup.plain(html)
    for child in getattr(part, "children", ()):
        yield from texts(child)


# -- its end


def test_closing_frees_everything(client):
    before = set(widget._instances)
    panel = SearchPanel(client, regions="US", number_types="LOCAL", size=3)
    panel.search()
    panel.wait(PATIENCE)
    panel.select(panel.results["phone_number"])
    parts = [weakref.ref(one) for one in (panel, panel._view.table, panel._view.form, panel._view.bars)]

    panel.close()
    panel.close()

    assert panel.closed
    assert set(widget._instances) <= before
    for method in (panel.search, panel.load_regions):
        with pytest.raises(InvalidInputError, match="has no client"):
            method()
    del panel, method
    gc.collect()
    assert [one() for one in parts] == [None] * 4


def test_results_outlive_the_panel(searched):
    results = searched.results
    searched.close()

    assert len(results) == 100
    pd.testing.assert_frame_equal(searched.results, results)


def test_closing_during_a_search_is_quiet():
    gate = Gate("availableNumbers")
    with (
        nt.Sandbox(active=0, available=50, clock="manual", gate=gate) as sandbox,
        sandbox.connect() as client,
    ):
        panel = SearchPanel(client, regions="US", number_types="LOCAL").wait(PATIENCE)
        panel.search()
        assert gate.arrived.wait(PATIENCE)
        panel.close()
        gate.opened.set()

        assert not panel.busy
        assert panel.results.empty


def test_no_secret_is_in_the_state_that_a_notebook_saves(sandbox, client, searched):
    searched.pattern = "555"

    state = json.dumps(list(states(searched)), default=str)
    assert sandbox.key_secret not in state
    assert sandbox.key_id not in state


def states(part):
    yield {name: value for name, value in part.get_state().items() if name not in ("_esm", "_css")}
    for child in getattr(part, "children", ()):
        yield from states(child)


def test_many_rows_are_shown_by_the_page(searched):
    table = searched._view.table
    assert isinstance(table, Table)
    assert table.page_size == 25
    assert len(table.get_state()["_window"]["rows"]) == 25
