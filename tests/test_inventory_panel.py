"""The inventory panel, driven by its traits and methods as a notebook's next cell would."""

from __future__ import annotations

import gc
import threading
import weakref
from types import MappingProxyType

import ipywidgets
import pandas as pd
import pytest
import traitlets
from ipywidgets.widgets import widget

import numbers_toolkit as nt
from builders import active_frame
from numbers_toolkit import analysis, markup
from numbers_toolkit.errors import ColumnError, InvalidInputError
from numbers_toolkit.overview_tables import KEY_FIGURES
from numbers_toolkit.tables import ACTIVE_NUMBERS, ATTENTION
from numbers_toolkit.transport import RetryPolicy
from numbers_toolkit.widgets.inventory_panel import InventoryPanel
from numbers_toolkit.widgets.parts.part import Part
from numbers_toolkit.widgets.parts.table import Table
from widget_views import View

NOW = "2026-03-31T00:00:00Z"
PATIENCE = 30
HOSTILE = '<img src=x onerror="alert(1)">\u202e' + "x" * 500
FAILED = {"sms_state": "FAILED", "sms_error_codes": "INTERNAL_ERROR"}
ROWS = (
    {"region_code": "US", **FAILED},
    {"region_code": "US", "display_name": HOSTILE},
    {"region_code": "SE", "currency_code": "EUR", "voice_state": "WAITING"},
)


@pytest.fixture
def panel(client):
    made = InventoryPanel(client).wait(PATIENCE)
    yield made
    made.close()


@pytest.fixture
def shown():
    """A panel of a frame, made by calling it with the rows."""
    made = []

    def show(*rows, attrs=None, **options):
        frame = active_frame(*rows)
        frame.attrs.update(attrs or {})
        made.append(InventoryPanel(frame, as_of=NOW, **options))
        return made[-1].wait(PATIENCE)

    yield show
    for one in made:
        one.close()


class Gate:
    """Holds requests for active numbers while it is shut."""

    def __init__(self):
        self.arrived, self.opened = threading.Event(), threading.Event()
        self.opened.set()

    def shut(self):
        self.arrived.clear()
        self.opened.clear()

    def __call__(self, request, carry_out):
        if request.path.endswith("activeNumbers"):
            self.arrived.set()
            assert self.opened.wait(PATIENCE)
        return carry_out(request)


@pytest.fixture
def gate():
    held = Gate()
    yield held
    held.opened.set()


@pytest.fixture
def held(gate):
    """A panel whose reading of the numbers the gate holds when it is shut."""
    with nt.Sandbox(active=30, clock="manual", gate=gate) as sandbox, nt.connect(sandbox=sandbox) as client:
        gate.shut()
        made = InventoryPanel(client)
        yield made
        gate.opened.set()
        made.close()


def button(panel, name):
    view = panel._view
    rows = [*view.actions.buttons, *view.filter_actions.buttons, *view.export_actions.buttons]
    return next(one for one in rows if one["name"] == name)


def entered(form):
    """What stands in the fields of a form."""
    return form.values  # noqa: PD011 - no frame


def visible(part):
    return part.layout.display != "none"


def said(part):
    return markup.plain(part.html)


# -- opening


def test_a_client_s_numbers_are_read_at_once_and_complete(client, panel):
    active = nt.active_numbers(client)

    pd.testing.assert_frame_equal(panel.active, active)
    pd.testing.assert_frame_equal(panel.shown, active)
    pd.testing.assert_frame_equal(panel.to_do, analysis.attention(active))
    pd.testing.assert_frame_equal(panel.figures, analysis.key_figures(active))
    assert panel.notice == ""
    assert "All 120 numbers of the project" in said(panel._view.about)


def test_sandbox_data_say_so_also_in_a_frame(panel, shown):
    assert "SANDBOX" in said(panel.children[0])
    assert "SANDBOX" in said(shown({}, attrs={"source": "sandbox"}).children[0])
    assert "RECORDED" in said(shown({}, attrs={"source": "cassette"}).children[0])


def test_until_the_numbers_are_there_the_tables_are_whole_and_empty(gate, held):
    assert gate.arrived.wait(PATIENCE)

    assert held.busy
    for name, table in (("active", ACTIVE_NUMBERS), ("to_do", ATTENTION), ("figures", KEY_FIGURES)):
        pd.testing.assert_frame_equal(getattr(held, name), table.empty())
    assert "are being read" in said(held._view.nothing)
    assert button(held, "open_export")["disabled"]
    with pytest.raises(InvalidInputError, match="No numbers have been read yet"):
        held.export("x.csv")


def test_reading_tells_how_many_of_how_many(client, monkeypatch):
    told = []
    monkeypatch.setattr(InventoryPanel, "_progressed", lambda _self, *news: told.append(news))

    InventoryPanel(client).wait(PATIENCE).close()

    assert told[-1] == (120, 120)


def test_a_frame_is_shown_on_the_same_line_without_a_client():
    frame = active_frame(*ROWS)
    frame.attrs.update(source="production", complete=True, total_size=3, fetched_at=NOW)

    panel = InventoryPanel(frame)

    pd.testing.assert_frame_equal(panel.shown, frame)
    assert panel.shown.attrs == frame.attrs
    assert panel.to_do["phone_number"].to_list() == ["+13075550100", "+13075550101"]
    assert button(panel, "refresh")["hidden"]
    with pytest.raises(InvalidInputError, match="has no client"):
        panel.refresh()
    panel.close()


def test_a_frame_from_a_file_is_shown_as_it_was_written(shown, tmp_path):
    panel = shown(*ROWS, attrs={"source": "sandbox", "complete": True, "total_size": 3})
    nt.to_parquet(panel.shown, tmp_path / "kept.parquet")

    again = InventoryPanel(nt.read_parquet(tmp_path / "kept.parquet"))

    pd.testing.assert_frame_equal(again.shown, panel.shown)
    assert "SANDBOX" in said(again.children[0])
    again.close()


def test_the_caller_s_frame_is_left_as_it_was():
    frame = active_frame(*ROWS).set_axis(["a", "b", "c"])
    before = frame.copy(deep=True)

    panel = InventoryPanel(frame, filters={"region_code": "SE"}).wait(PATIENCE)
    panel.shown["display_name"] = "changed"

    pd.testing.assert_frame_equal(frame, before)
    panel.close()


@pytest.mark.parametrize("wrong", [None, "client", 7, {"phone_number": []}])
def test_something_else_is_refused(wrong):
    with pytest.raises(InvalidInputError, match="needs a client or a frame"):
        InventoryPanel(wrong)


def test_a_frame_that_lacks_columns_is_refused_before_anything():
    count = len(widget._instances)

    with pytest.raises(ColumnError, match="columns missing: price"):
        InventoryPanel(active_frame({}).drop(columns=["price"]))
    with pytest.raises(ColumnError, match="no exact amount"):
        InventoryPanel(active_frame({}).assign(price=pd.Series([0.1], dtype=object)))

    assert len(widget._instances) == count


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"filters": {"region": "US"}}, "no filter region"),
        ({"filters": {"sms_state": "FAILDE"}}, "FAILDE does not occur"),
        ({"tab": "cost"}, "no tab 'cost'; use to_do, numbers"),
        ({"as_of": "soon"}, "as_of 'soon'"),
        ({"limits": {"C1": 0}}, "limit of campaign"),
        ({"page_size": 0}, "page_size 0"),
    ],
    ids=str,
)
def test_options_that_can_not_be_are_refused_before_anything(options, message):
    with pytest.raises(InvalidInputError, match=message):
        InventoryPanel(active_frame(*ROWS), **options)


def test_options_are_checked_before_a_client_is_asked(sandbox, client):
    before = len(sandbox.requests)

    for options in ({"limits": {"C1": 0}}, {"tab": "x"}, {"filters": {"x": 1}}):
        with pytest.raises(InvalidInputError):
            InventoryPanel(client, **options)

    assert len(sandbox.requests) == before


def test_numbers_of_another_project_than_the_client_s_are_refused(client):
    with pytest.raises(InvalidInputError, match=r"belong to project 7f2c9a4e.*Connect to the project"):
        InventoryPanel(active_frame({}), client=client)


# -- filters


def test_everything_follows_the_filters(panel):
    panel.filters = {"region_code": "us", "sms_state": ["FAILED"]}
    panel.wait(PATIENCE)

    expected = analysis.filter_numbers(panel.active, region_code="US", sms_state="FAILED")
    assert 0 < len(expected) < len(panel.active)
    pd.testing.assert_frame_equal(panel.shown, expected)
    assert set(panel.to_do["phone_number"]) == set(expected["phone_number"])
    pd.testing.assert_frame_equal(panel.figures, analysis.key_figures(expected))
    assert f"{len(expected)} of 120 numbers: region United States (US)" in said(panel._view.passing)


def test_numbers_shown_are_right_on_the_same_line(panel):
    panel.filters = {"region_code": "SE"}

    assert set(panel.shown["region_code"]) == {"SE"}
    assert set(panel.to_do["phone_number"]) <= set(panel.shown["phone_number"])


def test_traits_can_be_observed_and_agree_with_each_other(panel):
    seen = []
    panel.observe(
        lambda change: seen.append((len(change["new"]), len(panel.shown), len(panel.to_do))), "shown"
    )

    panel.filters = {"sms_state": "FAILED"}

    failed = len(panel.shown)
    assert seen == [(failed, failed, len(panel.to_do))]
    assert set(panel.to_do["phone_number"]) == set(panel.shown["phone_number"])


@pytest.mark.parametrize("wrong", [{"regions": "US"}, {"sms_state": "FAILDE"}, ["US"], {"text": 5}], ids=str)
def test_a_filter_that_can_not_be_is_refused_and_nothing_changes(panel, wrong):
    panel.filters = {"region_code": "US"}
    before = panel.shown

    with pytest.raises(InvalidInputError):
        panel.filters = wrong

    assert panel.filters == {"region_code": ("US",)}
    assert panel.shown is before
    assert set(panel.wait(PATIENCE).shown["region_code"]) == {"US"}


def test_filters_are_changed_by_assigning_others_not_inside(panel):
    with pytest.raises(TypeError):
        panel.filters["text"] = "desk"
    panel.filters = {**panel.filters, "text": "desk"}

    assert panel.filters == MappingProxyType({"text": "desk"})


def test_choices_are_what_occurs_with_how_many(panel):
    choices = analysis.filter_choices(panel.active)

    field = next(one for one in panel._view.filters.fields if one["name"] == "region_code")
    regions = choices[choices["filter"] == "region_code"]
    assert [one["value"] for one in field["options"]] == regions["value"].to_list()
    assert [one["note"] for one in field["options"]] == [f"{count:,}" for count in regions["numbers"]]


def test_a_person_filters_by_the_fields(panel):
    view = View(panel._view.filters)

    view.enter("region_code", ["SE", "US"])
    view.enter("text", "+1 ", settled=False)

    assert panel.filters == {"region_code": ("SE", "US"), "text": "+1"}
    assert set(panel.shown["region_code"]) == {"US"}
    # What is being typed is not touched.
    assert entered(panel._view.filters)["text"] == "+1 "


def test_the_fields_show_what_python_filters_by_also_what_does_not_occur(panel):
    panel.filters = {"region_code": ["ZW"], "campaign_id": "C0XXXXX", "text": "x"}

    values = entered(panel._view.filters)
    assert (values["region_code"], values["campaign_id"], values["text"]) == (["ZW"], ["C0XXXXX"], "x")
    panel.filters = {"campaign_id": "C1YYYYY"}
    assert panel.filters == {"campaign_id": ("C1YYYYY",)}
    values = entered(panel._view.filters)
    assert (values["region_code"], values["campaign_id"], values["text"]) == ([], ["C1YYYYY"], "")


def test_filters_that_are_asked_for_less_appear_when_wanted_or_set(panel):
    def hidden():
        return {one["name"] for one in panel._view.filters.fields if one["hidden"]}

    assert hidden() == {"voice_state", "capabilities", "service_plan_id", "campaign_id"}
    panel.filters = {"campaign_id": ""}
    assert hidden() == {"voice_state", "capabilities", "service_plan_id"}
    panel.more_filters()
    assert hidden() == set()
    panel.more_filters()
    assert "capabilities" in hidden()


def test_when_nothing_passes_it_says_so_and_clearing_brings_all_back(panel):
    panel.filters = {"region_code": "US", "text": "no such words"}
    panel.wait(PATIENCE)

    assert panel.shown.empty
    pd.testing.assert_series_equal(panel.shown.dtypes, panel.active.dtypes)
    assert "None of the 120 numbers passes the filters" in said(panel._view.nothing)
    assert not visible(panel._view.found)
    assert not button(panel, "clear_filters")["hidden"]
    panel.clear_filters()
    assert len(panel.shown) == 120
    assert visible(panel._view.found)
    assert button(panel, "clear_filters")["hidden"]


def test_a_project_without_numbers_is_told_how_to_get_some():
    with nt.Sandbox(active=0, clock="manual") as sandbox, nt.connect(sandbox=sandbox) as client:
        panel = InventoryPanel(client).wait(PATIENCE)

        assert panel.active.empty
        assert "SearchPanel" in panel._view.nothing.html
        assert not visible(panel._view.filters)
        panel.close()


def test_one_number_is_an_inventory_too(shown):
    panel = shown(FAILED)

    for tab in ("numbers", "errors", "renewals", "costs", "campaigns", "regions"):
        panel.tab = tab
        panel.wait(PATIENCE)
    assert panel.notice == ""
    assert len(panel._view.sheets["errors"].table.frame) == 1


def test_a_hundred_thousand_numbers_are_filtered_and_summed():
    many = active_frame(*ROWS).take([place % 3 for place in range(100_000)]).reset_index(drop=True)
    many["phone_number"] = [f"+1307{place:07d}" for place in range(len(many))]
    panel = InventoryPanel(many.astype({"phone_number": "str"}), tab="numbers").wait(PATIENCE)

    panel.filters = {"sms_state": "FAILED", "text": "0042"}
    panel.wait(PATIENCE)

    assert len(panel.shown) == panel.shown["phone_number"].str.contains("0042").sum() > 0
    assert len(panel._view.numbers.frame) == len(panel.shown)
    panel.close()


# -- tabs


def test_only_what_is_looked_at_is_made(panel):
    sheets = panel._view.sheets
    assert all(sheet.table.frame.empty for sheet in sheets.values())
    assert panel._view.numbers.frame.empty

    panel.tab = "errors"
    panel.wait(PATIENCE)

    assert len(sheets["errors"].table.frame) == len(analysis.error_frequencies(panel.active))
    assert len(sheets["errors"].drawing.pictures) == 2
    assert sheets["costs"].table.frame.empty
    assert [name for name, box in panel._view._boxes.items() if visible(box)] == ["errors"]


def test_a_tab_shows_the_filters_of_now_whenever_it_is_looked_at(panel):
    panel.tab = "regions"
    panel.wait(PATIENCE)
    panel.tab = "costs"
    panel.filters = {"region_code": "SE"}
    panel.wait(PATIENCE)
    panel.tab = "regions"
    panel.wait(PATIENCE)

    assert set(panel._view.sheets["regions"].table.frame["region_code"]) == {"SE"}
    assert set(panel._view.sheets["costs"].table.frame["region_code"]) == {"SE"}


def test_tabs_are_chosen_in_the_page_or_from_python(panel):
    View(panel._view.tabs).say(kind="choose", name="costs")
    assert panel.tab == "costs"

    panel.tab = "numbers"

    assert panel._view.tabs.active == "numbers"
    assert len(panel._view.numbers.frame) == 120
    with pytest.raises(traitlets.TraitError):
        panel.tab = "cost"


def test_tabs_count_what_is_under_them(panel):
    counts = {one["name"]: one["count"] for one in panel._view.tabs.tabs}

    figures = panel.figures.set_index("figure")["numbers"]
    assert counts["to_do"] == panel.to_do["phone_number"].nunique()
    assert counts["numbers"] == 120
    assert counts["errors"] == figures["failing"]


def test_costs_are_broken_down_as_a_person_chooses(panel):
    panel.tab = "costs"
    View(panel._view.costs_by).enter("by", "number_type")
    panel.wait(PATIENCE)

    assert panel.costs_by == "number_type"
    expected = analysis.monthly_cost(panel.active, by="number_type")
    assert len(panel._view.sheets["costs"].table.frame) == len(expected)


def test_chosen_errors_lead_to_their_numbers(shown):
    panel = shown(*ROWS, {"sms_state": "FAILED", "sms_error_codes": "CAMPAIGN_EXPIRED"}, tab="errors")
    sheet = panel._view.sheets["errors"]

    sheet.table.select("CAMPAIGN_EXPIRED")
    sheet.actions.click("show_numbers")

    assert panel.tab == "numbers"
    assert panel.filters == {"error_code": ("CAMPAIGN_EXPIRED",)}
    assert panel.shown["phone_number"].to_list() == ["+13075550103"]


def test_numbers_without_a_region_can_be_looked_for_too(shown):
    panel = shown({"region_code": None}, {"region_code": "SE"}, tab="regions")
    sheet = panel._view.sheets["regions"]

    sheet.table.select_all_shown()
    sheet.table.select([key for key in sheet.table.selected_keys if "SE" not in key])
    sheet.show_numbers()

    assert panel.filters == {"region_code": ("",)}
    assert len(panel.shown) == 1


# -- selecting


def test_selected_numbers_are_a_frame_like_the_others(panel):
    numbers = panel.active["phone_number"].iloc[[5, 2]]
    seen = []
    panel.observe(lambda change: seen.append(len(change["new"])), "selected")

    panel.select(numbers)

    pd.testing.assert_frame_equal(panel.selected, panel.active.iloc[[2, 5]].reset_index(drop=True))
    assert seen[-1] == 2


def test_selected_numbers_stay_selected_as_long_as_they_pass(panel):
    failed = panel.active.loc[(panel.active["sms_state"] == "FAILED").to_numpy(), "phone_number"].head(2)
    other = panel.active.loc[(panel.active["sms_state"] != "FAILED").to_numpy(), "phone_number"].head(1)
    panel.select([*failed, *other])

    panel.filters = {"sms_state": "FAILED"}

    assert set(panel.selected["phone_number"]) == set(failed)


# -- odd content


def test_hostile_names_are_text_wherever_they_are_shown(shown):
    panel = shown(
        {"display_name": HOSTILE, "sms_campaign_id": HOSTILE, "sms_service_plan_id": HOSTILE, **FAILED},
        {"region_code": HOSTILE, "number_type": "<b>", "sms_state": "<i>"},
        attrs={"source": "<script>", "filters": {"pattern": "<script>"}},
    )
    for tab in ("numbers", "errors", "campaigns", "regions", "costs"):
        panel.tab = tab
        panel.wait(PATIENCE)
    panel._view.to_do.problems.select_all_shown()

    texts = [part.html for part in every(panel) if hasattr(part, "html")]
    pictures = [one for sheet in panel._view.sheets.values() for one in sheet.drawing.pictures]
    assert pictures
    for text in [*texts, *pictures]:
        assert not any(tag in text for tag in ("<img", "<script", "<b>", "<i>", "\u202e"))
    assert panel.shown["display_name"].iloc[0] == HOSTILE


def every(part):
    for child in getattr(part, "children", ()):
        yield from every(child)
        yield child


def test_what_was_odd_about_the_reading_stays_beside_the_numbers(sandbox, client):
    sandbox.faults.add("odd_values", times=None, operation="list_active")
    panel = InventoryPanel(client).wait(PATIENCE)

    panel.filters = {"region_code": "US"}
    panel.wait(PATIENCE)

    assert panel._inventory.heard
    assert panel._inventory.heard[0][:20] in said(panel._view.about)
    assert panel.notice == ""
    panel.close()


# -- refreshing, and what goes wrong


def test_refreshing_shows_the_numbers_of_now_through_the_same_filters(sandbox, client, panel):
    panel.filters = {"region_code": "US"}
    panel.tab = "numbers"
    gone = panel.shown["phone_number"].iloc[0]
    client.update_active_number(gone, display_name="renamed by somebody")

    panel.refresh()
    panel.wait(PATIENCE)

    assert panel.filters == {"region_code": ("US",)}
    row = panel.shown.set_index("phone_number").loc[gone]
    assert row["display_name"] == "renamed by somebody"
    assert set(panel._view.numbers.frame["region_code"]) == {"US"}


def test_filters_that_no_longer_fit_are_cleared_and_it_is_said(client):
    old = nt.active_numbers(client)
    states = old["voice_state"].cat.add_categories(["PAUSED"])
    states.iloc[0] = "PAUSED"
    panel = InventoryPanel(old.assign(voice_state=states), client=client, filters={"voice_state": "PAUSED"})
    assert len(panel.shown) == 1

    panel.refresh()
    panel.wait(PATIENCE)

    assert panel.filters == {}
    assert len(panel.shown) == 120
    assert "The filters were cleared" in panel.notice
    panel.close()


@pytest.fixture
def impatient(sandbox):
    """A client that gives up at once."""
    with nt.connect(sandbox=sandbox, retry=RetryPolicy(attempts=1)) as connected:
        yield connected


def test_credentials_that_stop_working_leave_the_numbers_in_sight(sandbox, impatient):
    panel = InventoryPanel(impatient).wait(PATIENCE)
    before = panel.shown
    sandbox.faults.add("expired_token", times=None, operation="list_active")

    panel.refresh()
    panel.wait(PATIENCE)

    assert panel.shown is before
    assert "401" in panel.notice
    assert "are still shown. 'Refresh' tries again." in panel.notice
    assert not panel.busy
    sandbox.faults.clear()
    panel.refresh()
    assert panel.wait(PATIENCE).notice == ""
    panel.close()


def test_a_server_that_is_gone_leaves_the_numbers_in_sight(impatient, sandbox):
    panel = InventoryPanel(impatient).wait(PATIENCE)
    sandbox.stop()

    panel.refresh()
    panel.wait(PATIENCE)

    assert len(panel.shown) == 120
    assert "'Refresh' tries again" in panel.notice
    panel.filters = {"region_code": "US"}
    assert len(panel.wait(PATIENCE).figures)
    panel.close()


def test_a_first_reading_that_fails_says_how_to_go_on(sandbox, impatient):
    sandbox.faults.add("server_error", times=1, operation="list_active")
    panel = InventoryPanel(impatient).wait(PATIENCE)

    assert "'Refresh' tries again" in panel.notice
    assert "No numbers have been read yet" in said(panel._view.nothing)
    assert panel.active.empty
    panel.refresh()
    assert len(panel.wait(PATIENCE).shown) == 120
    assert not said(panel._view.nothing)
    panel.close()


def test_an_inventory_that_is_not_complete_is_not_shown_as_one(sandbox, impatient):
    sandbox.faults.add("wrong_total", times=None, operation="list_active", offset=5)
    panel = InventoryPanel(impatient).wait(PATIENCE)

    assert panel.active.empty
    assert panel.notice
    assert "'Refresh' tries again" in panel.notice
    panel.close()


def test_cancelling_the_first_reading_leaves_a_way_on(gate, held):
    assert gate.arrived.wait(PATIENCE)

    held.cancel()

    assert not held.busy
    assert "cancelled" in held.notice
    assert "'Refresh' tries again" in said(held._view.nothing)
    gate.opened.set()
    held.refresh()
    assert len(held.wait(PATIENCE).shown) == 30


def test_filters_can_be_set_while_the_numbers_are_read(gate, held):
    assert gate.arrived.wait(PATIENCE)
    held.filters = {"region_code": "US"}
    held.tab = "costs"

    gate.opened.set()
    held.wait(PATIENCE)

    assert set(held.shown["region_code"]) == {"US"}
    assert set(held._view.sheets["costs"].table.frame["region_code"]) == {"US"}


def test_looking_and_filtering_go_on_while_numbers_are_read_anew(gate, held):
    gate.opened.set()
    held.wait(PATIENCE)
    gate.shut()
    held.refresh()
    assert gate.arrived.wait(PATIENCE)

    held.filters = {"region_code": "US"}

    assert held.busy
    assert set(held.shown["region_code"]) == {"US"}
    gate.opened.set()
    held.wait(PATIENCE)
    assert set(held.shown["region_code"]) == {"US"}


def test_a_second_refresh_is_refused_and_said(gate, held):
    assert gate.arrived.wait(PATIENCE)

    held.refresh()

    assert "Reading the inventory is still going on" in held.notice
    gate.opened.set()
    assert len(held.wait(PATIENCE).shown) == 30


def test_buttons_show_what_is_under_way(gate, held):
    assert gate.arrived.wait(PATIENCE)
    assert button(held, "refresh")["busy"]

    gate.opened.set()
    held.wait(PATIENCE)

    assert not button(held, "refresh")["busy"]
    assert not button(held, "open_export")["disabled"]


# -- the end


def open_parts():
    """Ids of all widgets but layouts and styles, which ipywidgets itself leaves behind."""
    kinds = (Part, Table, ipywidgets.Box)
    return {key for key, one in widget._instances.items() if isinstance(one, kinds)}


def test_closing_frees_every_part_and_all_data(client):
    before = open_parts()
    panel = InventoryPanel(client).wait(PATIENCE)
    assert len(open_parts() - before) > 30
    frame = weakref.ref(panel.active)

    panel.close()
    panel.close()

    assert open_parts() == before
    assert not panel.has_client
    assert panel.active.empty
    assert panel.shown.empty
    gc.collect()
    assert frame() is None


def test_closing_while_numbers_are_read_shows_nothing_afterwards(gate, held):
    assert gate.arrived.wait(PATIENCE)

    held.close()
    gate.opened.set()
    held.wait(PATIENCE)

    assert held.active.empty
    assert held.closed


def test_two_panels_do_not_know_of_each_other(client):
    one, other = InventoryPanel(client).wait(PATIENCE), InventoryPanel(client).wait(PATIENCE)

    one.filters = {"region_code": "US"}

    assert len(other.shown) == 120
    one.close()
    assert len(other.wait(PATIENCE).shown) == 120
    other.close()
