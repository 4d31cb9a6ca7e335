"""``frame.numbers``: the package's functions on the frame, and a clear word where the frame is another one."""

from __future__ import annotations

import inspect
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import numbers_toolkit as nt
from builders import active_frame
from numbers_toolkit import analysis, plots, tables
from numbers_toolkit.accessor import NumbersAccessor, NumbersPlots
from numbers_toolkit.errors import ColumnError, InvalidInputError, MixedCurrencyError, OutputError

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = "2026-03-02"
METHODS = [
    name for name, _ in inspect.getmembers(NumbersAccessor, inspect.isfunction) if not name.startswith("_")
]
DRAWN = [name for name, _ in inspect.getmembers(NumbersPlots, inspect.isfunction) if not name.startswith("_")]
#: Each method, and the function that it hands over to.
DELEGATED = {
    "inventory": analysis.inventory,
    "errors": analysis.provisioning_errors,
    "error_frequencies": analysis.error_frequencies,
    "status": analysis.provisioning_status,
    "attention": analysis.attention,
    "monthly_cost": analysis.monthly_cost,
    "charges": analysis.upcoming_charges,
    "renewals": analysis.renewals_by_month,
    "campaigns": analysis.campaign_fill,
}


@pytest.fixture
def active() -> pd.DataFrame:
    frame = active_frame(
        {"sms_state": "FAILED", "sms_error_codes": "CAMPAIGN_EXPIRED", "sms_scheduled_campaign_id": "C1"},
        {
            "region_code": "SE",
            "number_type": "MOBILE",
            "price": "12",
            "monthly_cost": "12",
            "currency_code": "SEK",
        },
        {"sms_state": "PROVISIONED", "sms_campaign_id": "C1", "sms_service_plan_id": "plan"},
    )
    frame.attrs = {"source": "sandbox", "fetched_at": "2026-03-02T09:15:00Z", "complete": True}
    return frame


@pytest.fixture
def available() -> pd.DataFrame:
    frame = active_frame({"phone_number": "+13075557777"}, {})
    return frame.assign(
        setup_price=frame["price"], monthly_price=frame["price"], supporting_documentation_required=False
    )[list(tables.AVAILABLE_NUMBERS.names)]


def run_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


# -- what it does -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DELEGATED)
def test_method_gives_what_the_function_gives(active, name) -> None:
    got = getattr(active.numbers, name)()
    pd.testing.assert_frame_equal(got, DELEGATED[name](active))
    assert got.attrs == active.attrs


def test_options_are_handed_on(active) -> None:
    numbers = active.numbers
    assert numbers.inventory(by="number_type").shape == (2, 3)
    assert numbers.error_frequencies(by="region_code").columns[0] == "region_code"
    assert numbers.monthly_cost(by="number_type").columns[0] == "number_type"
    assert len(numbers.charges(as_of=AS_OF, months=1)) < len(numbers.charges(as_of=AS_OF, months=3))
    assert numbers.renewals(as_of=AS_OF, months=3)["month"].nunique() == 3
    assert numbers.campaigns(limits={"C1": 7})["limit"].to_list() == [7]
    pd.testing.assert_frame_equal(
        numbers.attention(as_of="2026-05-01", expiring_days=9),
        analysis.attention(active, as_of="2026-05-01", expiring_days=9),
    )


def test_total_cost_is_exact_and_never_adds_currencies(active) -> None:
    assert active.numbers.total_cost("SEK") == analysis.total_cost(active, "SEK")
    with pytest.raises(MixedCurrencyError):
        active.numbers.total_cost()


def test_offers_are_ranked_and_counted(available) -> None:
    pd.testing.assert_frame_equal(available.numbers.memorable(), analysis.memorable(available))
    pd.testing.assert_frame_equal(
        available.numbers.stock(digits=2), analysis.stock_by_prefix(available, digits=2)
    )
    assert available.numbers.inventory(by="region_code")["numbers"].to_list() == [2]


def test_errors_have_frequencies_too(active) -> None:
    pd.testing.assert_frame_equal(
        active.numbers.errors().numbers.error_frequencies(), active.numbers.error_frequencies()
    )


@pytest.mark.parametrize("name", DRAWN)
def test_every_plot_draws_where_it_is_asked_to(active, name) -> None:
    active = active[active.currency_code == "USD"]
    axes = getattr(active.numbers.plot, name)()
    again = getattr(active.numbers.plot, name)(ax=axes, note="mine")
    assert isinstance(axes, plots.ChartAxes)
    assert again is axes


def test_plot_draws_what_the_analysis_counts(active) -> None:
    axes = active.numbers.plot.errors()
    shown = [text.get_text() for text in axes.get_yticklabels()]
    assert any("CAMPAIGN_EXPIRED" in text for text in shown)


@pytest.mark.parametrize("name", ["costs", "renewals"])
def test_amounts_are_drawn_in_one_currency(active, name) -> None:
    draw = getattr(active.numbers.plot, name)
    assert isinstance(draw(currency_code="sek"), plots.ChartAxes)
    told = rf"in SEK and USD, .* \.numbers\.plot\.{name}\(currency_code='SEK'\)"
    with pytest.raises(MixedCurrencyError, match=told):
        draw()
    with pytest.raises(InvalidInputError, match="charged in 'EUR', but in SEK and USD"):
        draw(currency_code="EUR")


def test_report_is_shown_and_written(active, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    report = active.numbers.report(path, title="Mine", as_of=AS_OF)
    assert report.title == "Mine"
    assert path.read_text(encoding="utf-8") == report.html
    assert active.numbers.report(title="Mine").title == "Mine"
    with pytest.raises(OutputError):
        active.numbers.report(tmp_path / "no" / "folder.html")


def test_frame_is_shown_by_hand(active) -> None:
    assert active.numbers.show(rows=1)._repr_html_() == nt.show(active, rows=1)._repr_html_()


def test_panel_opens_on_the_frame(active) -> None:
    panel = active.numbers.panel()
    panel.wait(30)
    try:
        assert isinstance(panel, nt.widgets.InventoryPanel)
    finally:
        panel.close()


def test_selection_of_rows_and_columns_serves(active) -> None:
    some = active[active.region_code == "US"][["phone_number", "region_code", "number_type"]]
    assert some.numbers.inventory()["numbers"].to_list() == [2]


def test_frame_is_not_changed(active) -> None:
    before = active.copy(deep=True)
    for name in DELEGATED:
        getattr(active.numbers, name)()
    pd.testing.assert_frame_equal(active, before)


# -- the wrong frame --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*DELEGATED, "total_cost", "report", "panel", "memorable", "stock"])
def test_frame_of_somebody_else_is_told_what_it_is(name) -> None:
    frame = pd.DataFrame({"a": [1], "b": [2]})
    with pytest.raises(
        ColumnError, match=rf"\.{name}\(\) needs .* has no column phone_number\. Its columns: 'a' and 'b'"
    ):
        getattr(frame.numbers, name)()


@pytest.mark.parametrize("name", DRAWN)
def test_plot_of_somebody_elses_frame_names_the_plot(name) -> None:
    with pytest.raises(ColumnError, match=rf"\.numbers\.plot\.{name}\(\) needs active numbers"):
        getattr(pd.DataFrame().numbers.plot, name)()


@pytest.mark.parametrize("name", ["errors", "monthly_cost", "attention", "charges", "report", "panel"])
def test_offers_are_no_inventory(available, name) -> None:
    message = rf"{name}\(\) needs active numbers \(nt\.active_numbers\); this frame holds available numbers"
    with pytest.raises(ColumnError, match=message):
        getattr(available.numbers, name)()


@pytest.mark.parametrize("name", ["memorable", "stock"])
def test_inventory_is_no_offer(active, name) -> None:
    message = r"needs available numbers \(nt\.available_numbers\); this frame holds active numbers"
    with pytest.raises(ColumnError, match=message):
        getattr(active.numbers, name)()


def test_rows_that_are_no_numbers_are_not_counted_as_numbers(active) -> None:
    with pytest.raises(
        ColumnError, match="holds provisioning errors, one row per number, service and error code"
    ):
        active.numbers.errors().numbers.inventory()


def test_lacking_columns_are_named(active) -> None:
    with pytest.raises(
        ColumnError, match=r"monthly_cost\(\) needs active numbers .* columns missing: .*price"
    ):
        active.drop(columns=["price", "monthly_cost"]).numbers.monthly_cost()


def test_key_that_does_not_exist_is_told_as_ever(active) -> None:
    with pytest.raises(InvalidInputError, match="colour"):
        active.numbers.inventory(by="colour")


# -- where it is ------------------------------------------------------------------------------------------------


def test_column_named_numbers_is_still_that_column(active) -> None:
    summary = active.numbers.inventory(by="region_code")
    assert summary.numbers.to_list() == summary["numbers"].to_list() == [2, 1]
    assert summary.query("numbers > 1").shape == (1, 3)


@pytest.mark.parametrize(
    "code",
    [
        "import numbers_toolkit as nt; nt.tables.ACTIVE_NUMBERS.empty()",
        "import numbers_toolkit as nt; nt.active_numbers",
        "import numbers_toolkit as nt; nt.read_csv",
        "import pandas, numbers_toolkit",
        "from numbers_toolkit.loaders import active_numbers",
        "import numbers_toolkit as nt, pandas; nt.connect",
        "import numbers_toolkit as nt; nt.tables; nt.analysis; import importlib; importlib.reload(nt)",
    ],
)
def test_whatever_makes_frames_puts_it_on_them(code) -> None:
    said = run_python(f"{code}\nimport pandas as pd; print(pd.DataFrame({{'phone_number': []}}).numbers)")
    assert said == "<numbers of a frame of 0 rows: other columns than this package's>"


def test_it_loads_neither_plots_nor_widgets() -> None:
    code = (
        "import sys, numbers_toolkit as nt; nt.tables.ACTIVE_NUMBERS.empty().numbers.plot\n"
        "print([name for name in ('matplotlib', 'ipywidgets', 'jinja2', 'IPython') if name in sys.modules])"
    )
    assert run_python(code) == "[]"


def test_every_method_completes_and_is_documented(active) -> None:
    assert {*METHODS, "plot"} <= set(dir(active.numbers))
    assert set(DRAWN) <= set(dir(active.numbers.plot))
    assert "numbers" in dir(active)
    for name in METHODS:
        assert "numbers_toolkit" in inspect.getdoc(getattr(NumbersAccessor, name))
    for name in DRAWN:
        assert "numbers_toolkit.plots.plot_" in inspect.getdoc(getattr(NumbersPlots, name))


def test_tab_completes_it_in_a_notebook(active) -> None:
    shells = pytest.importorskip("IPython.core.interactiveshell")
    shell = shells.InteractiveShell(user_ns={"active": active})

    def completed(text: str) -> set[str]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return {one.text.rpartition(".")[2] for one in shell.Completer.completions(text, len(text))}

    assert "monthly_cost" in completed("active.numbers.mon")
    assert {"errors", "error_heatmap"} <= completed("active.numbers.plot.err")


def test_it_says_what_the_frame_is(active, available) -> None:
    assert repr(active.numbers) == "<numbers of a frame of 3 rows: active numbers>"
    assert repr(available.numbers) == "<numbers of a frame of 2 rows: available numbers>"
