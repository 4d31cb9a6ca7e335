"""Plots, tested by what is drawn: lengths of bars, words on axes and the axes themselves. No pixels."""

from __future__ import annotations

import io
import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from builders import active_frame
from numbers_toolkit import analysis, plots, tables
from numbers_toolkit.errors import ColumnError, InvalidInputError, MixedCurrencyError
from numbers_toolkit.plots import paper
from numbers_toolkit.plots.text import amount_text, label_text, source_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INVENTORY = pd.DataFrame(
    {
        "region_code": ["US", "US", "SE", "NA"],
        "number_type": ["LOCAL", "MOBILE", "MOBILE", "LOCAL"],
        "numbers": [1200, 300, 40, 2],
        "share": [0.778, 0.195, 0.026, 0.001],
    }
)
CAPABILITIES = pd.DataFrame(
    {"capability": ["SMS and VOICE", "none"], "numbers": [9, 1], "share": [0.9, 0.1]},
)
COSTS = pd.DataFrame(
    {
        "region_code": ["US", "SE"],
        "currency_code": ["USD", "USD"],
        "numbers": [3, 1],
        "monthly_cost": [Decimal("1234.50"), Decimal("0.333333")],
    }
)
RENEWALS = pd.DataFrame(
    {
        "month": pd.to_datetime(["2026-05-01", "2026-04-01"], utc=True),
        "currency_code": ["EUR", "EUR"],
        "charges": [1, 1200],
        "amount": [Decimal("2.50"), Decimal("720.00")],
    }
)
STATUS = pd.DataFrame(
    {
        "service": ["SMS", "SMS", "VOICE", "VOICE"],
        "state": ["FAILED", "PROVISIONED", "FAILED", "SOMETHING_NEW"],
        "numbers": [4, 6, 0, 10],
        "share": [0.4, 0.6, 0.0, 1.0],
    }
)
FREQUENCIES = pd.DataFrame(
    {
        "error_code": ["INTERNAL_ERROR", "EXCEEDED_10DLC_LIMIT", "CAMPAIGN_PENDING_ACCEPTANCE"],
        "numbers": [2, 30, 5],
        "share": [0.05, 0.81, 0.14],
        "who_acts": ["Sinch support", "you", "Sinch (wait)"],
    }
)
BY_REGION = pd.DataFrame(
    {
        "region_code": ["US", "US", "SE"],
        "error_code": ["INTERNAL_ERROR", "EXCEEDED_10DLC_LIMIT", "INTERNAL_ERROR"],
        "numbers": [1, 30, 4],
    }
)
FILL = pd.DataFrame(
    {
        "campaign_id": ["CPOOL01", "CFULL01", "CHALF01"],
        "numbers": [212, 48, 25],
        "scheduled": [0, 4, 0],
        "failed": [0, 3, 0],
        "limit": pd.array([None, 50, 50], dtype="Int64"),
        "fill": pd.array([None, 1.04, 0.5], dtype="Float64"),
    }
)
EVERY = [
    pytest.param(plots.plot_inventory, INVENTORY, id="inventory"),
    pytest.param(plots.plot_capabilities, CAPABILITIES, id="capabilities"),
    pytest.param(plots.plot_cost, COSTS, id="cost"),
    pytest.param(plots.plot_renewals, RENEWALS, id="renewals"),
    pytest.param(plots.plot_provisioning_status, STATUS, id="status"),
    pytest.param(plots.plot_error_frequencies, FREQUENCIES, id="frequencies"),
    pytest.param(plots.plot_error_heatmap, BY_REGION, id="heatmap"),
    pytest.param(plots.plot_campaign_fill, FILL, id="campaigns"),
]


def rows(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def lengths(axes: Axes, series: int = 0) -> list[float]:
    return [bar.get_width() for bar in axes.containers[series]]


def written(axes: Axes) -> str:
    return "\n".join(
        [axes.get_title(loc="left"), axes.get_xlabel(), *(text.get_text() for text in axes.texts)]
    )


def draw(axes: Axes) -> None:
    """Render, so that a missing glyph or text outside the page would warn or raise."""
    figure = axes.get_figure(root=True)
    FigureCanvasAgg(figure)
    figure.savefig(io.BytesIO(), format="png")


@pytest.mark.parametrize(("plot", "summary"), EVERY)
def test_plot_draws_on_the_axes_given_and_leaves_the_summary_alone(plot, summary):
    axes, before = Figure().add_subplot(), summary.copy()

    drawn = plot(summary, ax=axes)

    assert drawn is axes
    assert axes.texts
    draw(axes)
    pd.testing.assert_frame_equal(summary, before)


@pytest.mark.parametrize(("plot", "summary"), EVERY)
def test_plot_without_axes_makes_a_figure_of_its_own_every_time(plot, summary):
    first, second = plot(summary), plot(summary)

    assert first.figure is not second.figure
    assert isinstance(first, plots.ChartAxes)


@pytest.mark.parametrize(("plot", "summary"), EVERY)
def test_plot_names_itself_and_says_counts(plot, summary):
    axes = plot(summary)

    assert axes.get_title(loc="left")
    assert any(character.isdigit() for character in axes.texts[-1].get_text())


@pytest.mark.parametrize(("plot", "summary"), EVERY)
def test_plot_leaves_global_settings_alone(plot, summary):
    before = dict(mpl.rcParams)

    draw(plot(summary))

    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize(("plot", "summary"), EVERY)
def test_plot_of_no_rows_says_so(plot, summary):
    axes = plot(summary.head(0))

    assert "no data" in written(axes)
    draw(axes)


@pytest.mark.parametrize(("plot", "summary"), EVERY)
def test_plot_of_one_row_draws(plot, summary):
    axes = plot(summary.head(1))
    draw(axes)
    assert axes.patches or axes.collections or axes.images
    assert "no data" not in written(axes)


@pytest.mark.parametrize(("plot", "summary"), EVERY)
@pytest.mark.parametrize(
    ("attrs", "said"),
    [
        ({"source": "sandbox"}, "Sandbox data"),
        ({"source": "cassette"}, "Recorded data"),
        ({"source": "production", "complete": False}, "Partial data"),
        ({"source": "elsewhere"}, "elsewhere"),
    ],
)
def test_plot_says_what_the_data_is_even_beside_a_note(plot, summary, attrs, said):
    marked = summary.copy()
    marked.attrs = attrs

    for rows_ in (marked, marked.head(0)):
        text = written(plot(rows_, note="My own words."))
        assert said in text
        assert "My own words." in text


@pytest.mark.parametrize(("plot", "summary"), EVERY)
def test_plot_of_a_complete_live_reading_has_no_footnote(plot, summary):
    live = summary.copy()
    live.attrs = {"source": "production", "complete": True}

    assert not [text for text in plot(live).texts if text.get_style() == "italic"]


@pytest.mark.parametrize(("plot", "summary"), EVERY)
def test_plot_without_its_columns_raises(plot, summary):
    with pytest.raises(ColumnError, match=r"numbers|charges"):
        plot(summary.drop(columns=["charges" if "charges" in summary else "numbers"]))


@pytest.mark.parametrize(("plot", "summary"), EVERY)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_plot_text_can_be_read_on_its_page(plot, summary, theme):
    axes = plot(summary, theme=theme)
    page = axes.figure.get_facecolor()

    for text in [*axes.texts, *axes.get_yticklabels(), axes._left_title]:
        inside = text.get_text().replace(",", "").isdigit() and plot is plots.plot_error_heatmap
        assert inside or contrast(text.get_color(), page) >= 4.5


@pytest.mark.parametrize("colours", [paper.LIGHT, paper.DARK], ids=["light", "dark"])
def test_counts_in_heat_map_cells_can_be_read(colours):
    for step in range(1, 6):
        ink = "heat-high-ink" if step >= 4 else "heat-low-ink"
        assert contrast(colours[ink], colours[f"heat-{step}"]) >= 4.5


def test_colours_have_one_name_each():
    assert paper.LIGHT.keys() == paper.DARK.keys()
    assert len(set(paper.LIGHT.values())) == len(paper.LIGHT)


def contrast(one, other) -> float:
    """WCAG 2 contrast ratio."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in mpl.colors.to_rgb(colour)
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_axes_on_a_dark_page_get_light_text():
    axes = Figure(facecolor="#111111").add_subplot(facecolor="#111111")

    plots.plot_capabilities(CAPABILITIES, ax=axes)

    assert all(contrast(text.get_color(), "#111111") >= 4.5 for text in axes.texts)


def test_unknown_theme_raises():
    with pytest.raises(InvalidInputError, match="sepia"):
        plots.plot_capabilities(CAPABILITIES, theme="sepia")


def test_inventory_stacks_types_and_puts_the_largest_region_first():
    axes = plots.plot_inventory(INVENTORY)

    assert rows(axes) == ["US", "SE", "NA"]
    assert [container.get_label() for container in axes.containers] == ["MOBILE", "LOCAL"]
    assert lengths(axes, 0) == [300, 40, 0]
    assert lengths(axes, 1) == [1200, 0, 2]
    assert [bar.get_x() for bar in axes.containers[1]] == [300, 40, 0]
    assert {"1,500", "40", "2"} <= {text.get_text() for text in axes.texts}
    assert axes.get_xlabel() == "Numbers (count)"
    assert "1,542 numbers; 3 regions." in written(axes)


def test_inventory_of_four_hundred_regions_draws_the_largest_and_says_so():
    codes = [f"{chr(65 + index // 26)}{chr(65 + index % 26)}" for index in range(400)]
    summary = pd.DataFrame({"region_code": codes, "numbers": range(400), "share": 0.0025})

    axes = plots.plot_inventory(summary)

    assert lengths(axes) == list(range(399, 374, -1))
    assert "the largest 25 of 400 regions" in written(axes)
    assert axes.figure.get_size_inches()[1] < 12
    assert len(rows(plots.plot_inventory(summary, rows=3))) == 3


def test_rows_below_one_raises():
    with pytest.raises(InvalidInputError, match="rows=0"):
        plots.plot_inventory(INVENTORY, rows=0)


def test_labels_survive_unknown_missing_and_hostile_values():
    summary = pd.DataFrame(
        {
            "region_code": ["$x_{1}$ $", None, "电话", "\x00\u202e\n", "X" * 500],
            "numbers": [5, 4, 3, 2, 1],
            "share": [0.2] * 5,
        }
    )

    axes = plots.plot_inventory(summary)

    draw(axes)
    assert rows(axes)[:3] == ["$x_{1}$ $", "not given", "\\u7535\\u8bdd"]
    assert max(map(len, rows(axes))) <= 40


def test_capabilities_are_drawn_in_the_order_given():
    axes = plots.plot_capabilities(CAPABILITIES)

    assert rows(axes) == ["SMS and VOICE", "none"]
    assert lengths(axes) == [9, 1]
    assert "9 (90.0%)" in written(axes)


def test_cost_writes_every_digit_and_the_currency_on_the_axis():
    axes = plots.plot_cost(COSTS)

    assert lengths(axes) == pytest.approx([1234.5, 0.333333])
    assert axes.get_xlabel() == "Cost per month (USD)"
    assert {"1,234.50", "0.333333"} <= {text.get_text() for text in axes.texts}


@pytest.mark.parametrize(("plot", "summary"), [(plots.plot_cost, COSTS), (plots.plot_renewals, RENEWALS)])
def test_two_currencies_are_not_drawn_on_one_axis(plot, summary):
    mixed = summary.assign(currency_code=["USD", "EUR"])

    with pytest.raises(MixedCurrencyError, match=r"EUR, USD.*summary\[summary\["):
        plot(mixed)


def test_cost_of_rows_without_a_price_is_left_out_and_said():
    summary = COSTS.assign(monthly_cost=[Decimal("1.00"), None])

    axes = plots.plot_cost(summary)

    assert rows(axes) == ["US"]
    assert "1 without a price left out" in written(axes)


def test_renewals_run_from_the_first_month_down():
    axes = plots.plot_renewals(RENEWALS)

    assert rows(axes) == ["2026-04", "2026-05"]
    assert lengths(axes) == [720, 2.5]
    assert axes.get_xlabel() == "Amount due (EUR)"
    assert {"720.00  (1,200 charges)", "2.50  (1 charge)"} <= {text.get_text() for text in axes.texts}


def test_status_keeps_unknown_states_and_gives_them_a_colour_of_their_own():
    axes = plots.plot_provisioning_status(STATUS)

    assert rows(axes) == ["SMS · FAILED", "SMS · PROVISIONED", "VOICE · FAILED", "VOICE · SOMETHING_NEW"]
    assert lengths(axes) == [4, 6, 0, 10]
    failed, provisioned, failed_voice, new = (bar.get_facecolor() for bar in axes.patches)
    assert failed == failed_voice
    assert len({failed, provisioned, new}) == 3


def test_error_frequencies_are_ordered_and_coloured_by_who_acts():
    axes = plots.plot_error_frequencies(FREQUENCIES)

    assert rows(axes) == ["EXCEEDED_10DLC_LIMIT", "CAMPAIGN_PENDING_ACCEPTANCE", "INTERNAL_ERROR"]
    assert lengths(axes) == [30, 5, 2]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        "acts: you",
        "acts: Sinch (wait)",
        "acts: Sinch support",
    ]
    assert len({(bar.get_facecolor(), bar.get_hatch()) for bar in axes.patches}) == 3
    assert "30 (81.0%)" in written(axes)


def test_heat_map_writes_each_count_into_its_cell():
    axes = plots.plot_error_heatmap(BY_REGION)

    cells = {
        (axes.get_xticklabels()[round(text.get_position()[0])].get_text(), rows(axes)[round(text.get_position()[1])]):
        text.get_text()
        for text in axes.texts
        if text.get_text().isdigit()
    }  # fmt: skip
    assert cells == {
        ("US", "EXCEEDED_10DLC_LIMIT"): "30",
        ("US", "INTERNAL_ERROR"): "1",
        ("SE", "INTERNAL_ERROR"): "4",
    }


def test_heat_map_of_four_hundred_campaigns_draws_the_worst_and_says_so():
    summary = pd.DataFrame(
        {
            "campaign_id": [f"C{index:06}" for index in range(400)],
            "error_code": "INTERNAL_ERROR",
            "numbers": range(400),
        }
    )

    axes = plots.plot_error_heatmap(summary)

    assert axes.get_xticklabels()[0].get_text() == "C000399"
    assert "the worst 12 of 399 campaigns" in written(axes)


def test_heat_map_needs_one_key():
    with pytest.raises(InvalidInputError, match="by="):
        plots.plot_error_heatmap(FREQUENCIES)
    both = BY_REGION.assign(campaign_id="C1")
    with pytest.raises(InvalidInputError, match="region_code, campaign_id"):
        plots.plot_error_heatmap(both)
    assert plots.plot_error_heatmap(both, by="campaign_id").get_xticklabels()[0].get_text() == "C1"


def test_campaigns_stand_against_their_limits_fullest_first():
    axes = plots.plot_campaign_fill(FILL)

    assert rows(axes) == ["CFULL01", "CHALF01", "CPOOL01"]
    assert lengths(axes, 0) == [48, 25, 212]
    assert lengths(axes, 1) == [4, 0, 0]
    limits = [segment[0][0] for segment in axes.collections[0].get_segments()]
    assert limits == [50, 50]
    assert {"48 + 4 of 50, 3 failed", "25 of 50", "212 no limit known"} <= {
        text.get_text() for text in axes.texts
    }


def test_empty_tables_of_the_package_draw():
    for plot, table in (
        (plots.plot_inventory, tables.INVENTORY),
        (plots.plot_cost, tables.MONTHLY_COST),
        (plots.plot_renewals, tables.RENEWALS),
        (plots.plot_provisioning_status, tables.PROVISIONING_STATUS),
        (plots.plot_error_frequencies, tables.ERROR_FREQUENCIES),
        (plots.plot_campaign_fill, tables.CAMPAIGN_FILL),
    ):
        assert "no data" in written(plot(table.empty()))


@pytest.mark.parametrize(("plot", "summary"), EVERY)
def test_nothing_is_drawn_outside_the_page(plot, summary):
    axes = plot(summary)
    figure = axes.figure
    FigureCanvasAgg(figure).draw()
    page = figure.bbox

    for text in [*axes.texts, *axes.get_yticklabels(), axes.xaxis.label]:
        box = text.get_window_extent()
        assert box.x0 >= page.x0 - 1, text
        assert box.x1 <= page.x1 + 1, text
        assert box.y0 >= page.y0 - 1, text
        assert box.y1 <= page.y1 + 1, text


def test_plot_shows_itself_in_a_notebook():
    data, metadata = plots.plot_capabilities(CAPABILITIES)._repr_mimebundle_()

    assert data["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"]["width"] == 700


def test_plots_never_load_pyplot():
    code = (
        "import sys, pandas as pd; from numbers_toolkit import plots; "
        "axes = plots.plot_inventory(pd.DataFrame({'region_code': ['US'], 'numbers': [1], 'share': [1.0]})); "
        "axes._repr_mimebundle_(); sys.exit('matplotlib.pyplot' in sys.modules)"
    )

    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_plots_without_matplotlib_name_the_extra():
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from numbers_toolkit.errors import MissingDependencyError\n"
        "try:\n    import numbers_toolkit.plots\n"
        "except MissingDependencyError as error:\n    sys.exit('numbers-toolkit[plots]' not in str(error))\n"
        "sys.exit(1)"
    )

    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_amounts_are_never_rounded():
    assert amount_text(Decimal("12345678901234567890.120000"), "USD") == "USD 12,345,678,901,234,567,890.12"
    assert amount_text(Decimal("0.005"), "USD") == "USD 0.005"
    assert amount_text(Decimal(100)) == "100.00"
    assert amount_text(None) == "unknown"


def test_source_of_unknown_kind_is_named():
    assert source_text({"source": "elsewhere"}) == "Source: elsewhere."
    assert source_text({}) == ""
    assert label_text("") == "not given"


def test_credit_runs_to_the_left_and_stays_in_view():
    cost = analysis.monthly_cost(active_frame({"price": "-5.00"}, {"region_code": "SE"}), by="region_code")
    axes = plots.plot_cost(cost)
    lowest = min(bar.get_x() + min(0, bar.get_width()) for bar in axes.patches)
    assert lowest == -5
    assert axes.get_xlim()[0] <= lowest
    assert "-5.00" in {text.get_text() for text in axes.texts}
