"""What the inventory panel writes to files and hands to the browser: what is shown, and nothing over another file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import numbers_toolkit as nt
from builders import active_frame
from numbers_toolkit import analysis
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.widgets.inventory_export import FORMATS, contents, format_of, suggested_name, target_of
from numbers_toolkit.widgets.inventory_panel import InventoryPanel
from widget_views import View, saved

PATIENCE = 60
NOW = "2026-03-31T00:00:00Z"
ROWS = (
    {"region_code": "US", "sms_state": "FAILED", "sms_error_codes": "INTERNAL_ERROR", "display_name": "=1+1"},
    {"region_code": "US", "sms_state": "PROVISIONED", "price": "0.123456"},
    # Excel keeps times to the millisecond.
    {"region_code": "NA", "currency_code": "EUR", "next_charge_date": "2026-04-02T09:15:20Z"},
)
READERS = {"csv": nt.read_csv, "excel": nt.read_excel, "parquet": nt.read_parquet}


@pytest.fixture
def panel(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    frame = active_frame(*ROWS)
    frame.attrs.update(source="sandbox", complete=True, total_size=3, fetched_at=NOW)
    made = InventoryPanel(frame, as_of=NOW).wait(PATIENCE)
    yield made
    made.close()


def button(panel, name):
    return next(one for one in panel._view.export_actions.buttons if one["name"] == name)


def entered(form):
    """What stands in the fields of a form."""
    return form.values  # noqa: PD011 - no frame


def export(panel, *arguments, **options):
    panel.export(*arguments, **options)
    return panel.wait(PATIENCE)


@pytest.mark.parametrize("kind", READERS)
def test_what_is_shown_comes_back_from_the_file(panel, tmp_path, kind):
    panel.filters = {"region_code": "NA"}
    path = tmp_path / f"numbers{FORMATS[kind].suffix}"

    export(panel, path)

    # A file that holds no dtypes can't tell of regions that no row has.
    expected = panel.shown.assign(region_code=panel.shown["region_code"].cat.remove_unused_categories())
    again = READERS[kind](path)
    again["region_code"] = again["region_code"].cat.remove_unused_categories()
    pd.testing.assert_frame_equal(again, expected, check_categorical=False)
    assert len(panel.shown) == 1
    assert panel.exported == path
    assert str(path) in panel.notice
    assert "1 row" in panel.notice


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("to_do", lambda one: one.to_do),
        ("errors", lambda one: analysis.error_frequencies(one.shown, as_of=NOW)),
        ("renewals", lambda one: analysis.renewals_by_month(one.shown, as_of=NOW)),
        ("costs", lambda one: analysis.monthly_cost(one.shown, by="region_code")),
        ("campaigns", lambda one: analysis.campaign_fill(one.active)),
        ("regions", lambda one: analysis.inventory(one.shown)),
    ],
)
def test_every_summary_can_be_written_as_the_analysis_returns_it(panel, what, expected):
    panel.filters = {"region_code": "US"}

    export(panel, "out.parquet", what=what)

    pd.testing.assert_frame_equal(nt.read_parquet("out.parquet"), expected(panel), check_categorical=False)


def test_a_report_is_about_the_numbers_shown(panel):
    panel.filters = {"region_code": "US"}

    export(panel, "report.html")

    page = Path("report.html").read_text(encoding="utf-8")
    assert "Sandbox data." in page
    assert "A selection." in page
    assert "=1+1" in page


def test_the_selected_numbers_can_be_written_alone(panel):
    with pytest.raises(InvalidInputError, match="No number is selected"):
        panel.export("few.csv", what="selected")

    panel.select(["+13075550101"])
    export(panel, "few.csv", what="selected")

    assert nt.read_csv("few.csv")["phone_number"].to_list() == ["+13075550101"]


def test_what_the_table_s_own_filter_leaves_can_be_written_alone(panel):
    panel.tab = "numbers"
    panel._view.numbers.filter_text = "0101"
    panel.open_export()
    assert entered(panel._view.export_form)["what"] == "filtered"

    export(panel, "few.csv", what="filtered")

    assert nt.read_csv("few.csv")["phone_number"].to_list() == ["+13075550101"]
    panel._view.numbers.filter_text = "nowhere"
    with pytest.raises(InvalidInputError, match="own filter"):
        panel.export("none.csv", what="filtered")
    panel._view.numbers.filter_text = ""
    panel.open_export()
    panel.open_export()
    assert entered(panel._view.export_form)["what"] == "numbers"


def test_the_table_s_own_filter_is_applied_to_the_numbers_of_now(panel):
    panel.tab = "numbers"
    panel._view.numbers.filter_text = "555"
    panel.tab = "costs"
    panel.filters = {"region_code": "NA"}

    export(panel, "few.csv", what="filtered")

    assert nt.read_csv("few.csv")["region_code"].to_list() == ["NA"]


def test_text_that_a_spreadsheet_would_run_is_made_harmless_when_asked(panel):
    export(panel, "plain.csv")
    export(panel, "safe.csv", file_format="safe-csv")

    assert nt.read_csv("plain.csv")["display_name"].iloc[0] == "=1+1"
    assert nt.read_csv("safe.csv")["display_name"].iloc[0] == "'=1+1"


def test_a_file_that_is_there_is_not_replaced_before_a_person_says_so(panel):
    Path("numbers.csv").write_text("precious")

    export(panel, "numbers.csv")

    assert Path("numbers.csv").read_text() == "precious"
    assert "There is a file" in panel.notice
    assert "nothing was written" in panel.notice
    assert panel.exported is None
    assert not button(panel, "replace")["hidden"]
    panel._view.export_actions.click("replace")
    panel.wait(PATIENCE)
    assert len(nt.read_csv("numbers.csv")) == 3
    assert button(panel, "replace")["hidden"]


def test_the_offer_to_replace_is_for_that_file_alone(panel):
    Path("numbers.csv").write_text("precious")
    Path("other.csv").write_text("precious, too")
    export(panel, "numbers.csv")

    View(panel._view.export_form).enter("path", "other.csv")
    panel._view.export_actions.click("replace")
    panel.wait(PATIENCE)

    assert button(panel, "replace")["hidden"]
    assert Path("other.csv").read_text() == "precious, too"


def test_from_python_a_file_can_be_replaced_at_once(panel):
    Path("numbers.csv").write_text("old")

    export(panel, "numbers.csv", overwrite=True)

    assert len(nt.read_csv("numbers.csv")) == 3


@pytest.mark.parametrize(
    ("path", "options", "message"),
    [
        ("numbers.txt", {}, r"let it end in \.csv, \.xlsx, \.parquet or \.html"),
        ("numbers.csv", {"file_format": "excel"}, r"ends in \.csv, but what is to be written is Excel"),
        ("numbers.csv", {"file_format": "pdf"}, "no format 'pdf'"),
        ("numbers.csv", {"what": "everything"}, "no 'everything' to write"),
    ],
)
def test_what_can_not_be_written_is_refused_at_once(panel, tmp_path, path, options, message):
    with pytest.raises(InvalidInputError, match=message):
        panel.export(path, **options)

    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("path", ["folder.csv", "missing/numbers.csv"])
def test_where_nothing_can_be_written_it_is_said(panel, path):
    Path("folder.csv").mkdir()

    export(panel, path)

    assert "Choose another path" in panel.notice or "is a folder" in panel.notice
    assert panel.exported is None


def test_opening_the_export_suggests_a_name_that_says_what_it_is(panel):
    panel.open_export()

    form = panel._view.export_form
    assert entered(form)["path"] == "sandbox-numbers-2026-03-31-0000.csv"
    view = View(form)
    view.enter("what", "to_do")
    view.enter("format", "excel")
    assert entered(form)["path"] == "sandbox-to-do-2026-03-31-0000.xlsx"
    view.enter("path", "mine.xlsx")
    view.enter("format", "parquet")
    assert entered(form)["path"] == "mine.parquet"
    view.enter("format", "report")
    assert entered(form)["what"] == "numbers"
    panel.open_export()
    assert panel._view.export_box.layout.display == "none"


def test_the_button_writes_what_the_form_says(panel):
    panel.open_export()
    View(panel._view.export_form).enter("what", "to_do")

    panel._view.export_actions.click("export")
    panel.wait(PATIENCE)

    assert panel.exported == Path("sandbox-to-do-2026-03-31-0000.csv").absolute()
    assert len(nt.read_csv(panel.exported)) == len(panel.to_do)


def test_a_button_clicked_with_a_name_that_can_not_be_says_so_in_the_panel(panel):
    panel.open_export()
    View(panel._view.export_form).enter("path", "numbers.pdf")

    panel._view.export_actions.click("export")
    panel.wait(PATIENCE)

    assert "ends in .pdf" in panel.notice


def test_a_download_is_what_the_file_would_be_and_in_no_saved_state(panel):
    view = View(panel._view.download)
    sent = []
    pass_on = panel._view.download.send
    panel._view.download.send = lambda content, buffers=(): (sent.extend(buffers), pass_on(content, buffers))

    panel.offer_download(what="to_do", file_format="csv")
    panel.wait(PATIENCE)

    offered = view.last("file")
    assert offered == {"kind": "file", "name": "sandbox-to-do-2026-03-31-0000.csv", "media_type": "text/csv"}
    assert "Handed to your browser" in panel.notice
    assert "+1307555" not in saved(panel._view.download)
    assert sent[0].startswith(b"rank,phone_number")


@pytest.mark.parametrize("kind", FORMATS)
def test_contents_are_those_of_a_file(kind):
    frame = active_frame(*ROWS)

    assert len(contents(frame, kind)) > 500


def test_names_and_formats_tell_each_other():
    assert format_of(None, "x.CSV") == "csv"
    assert target_of("a/b", "report").name == "b.html"
    assert target_of("a/b.XLSX", "excel").name == "b.XLSX"
    assert target_of("~/x.csv", "csv") == Path.home() / "x.csv"
    with pytest.raises(InvalidInputError, match="needs a name"):
        target_of("  ", "csv")


def test_a_name_says_only_what_is_known():
    assert suggested_name(pd.DataFrame(), "numbers", "csv") == "numbers.csv"
    frame = pd.DataFrame()
    frame.attrs = {"source": "server <x>/../y", "fetched_at": "2026-03-02T09:00:00Z"}
    assert suggested_name(frame, "to_do", "csv") == "server-x-y-to-do-2026-03-02-0900.csv"
