"""What holds for every analysis: nasty frames, untouched input, documented columns, provenance."""

from __future__ import annotations

import functools
import inspect
import warnings

import pandas as pd
import pytest

from builders import ACTIVE_DEFAULTS, active_frame
from numbers_toolkit import analysis, overview_tables, tables
from numbers_toolkit.errors import ColumnError, NumbersToolkitWarning

AS_OF = "2026-03-31T00:00:00Z"
CASES = {
    "inventory": (analysis.inventory, tables.INVENTORY),
    "inventory_by_region": (analysis.inventory_by_region, tables.INVENTORY),
    "inventory_by_type": (analysis.inventory_by_type, tables.INVENTORY),
    "inventory_by_capability": (analysis.inventory_by_capability, tables.INVENTORY),
    "inventory_by_state": (analysis.inventory_by_state, tables.INVENTORY),
    "monthly_cost": (functools.partial(analysis.monthly_cost, by="region_code"), tables.MONTHLY_COST),
    "renewals_by_month": (functools.partial(analysis.renewals_by_month, as_of=AS_OF), tables.RENEWALS),
    "upcoming_charges": (
        functools.partial(analysis.upcoming_charges, as_of=AS_OF),
        tables.UPCOMING_CHARGES,
    ),
    "provisioning_errors": (analysis.provisioning_errors, tables.PROVISIONING_ERRORS),
    "provisioning_status": (analysis.provisioning_status, tables.PROVISIONING_STATUS),
    "error_frequencies": (
        functools.partial(analysis.error_frequencies, by=["region_code", "age"], as_of=AS_OF),
        tables.ERROR_FREQUENCIES,
    ),
    "attention": (functools.partial(analysis.attention, as_of=AS_OF), tables.ATTENTION),
    "campaign_fill": (analysis.campaign_fill, tables.CAMPAIGN_FILL),
    "filter_choices": (analysis.filter_choices, overview_tables.FILTER_CHOICES),
    "key_figures": (functools.partial(analysis.key_figures, as_of=AS_OF), overview_tables.KEY_FIGURES),
}
FAILED = {
    "sms_state": "FAILED",
    "sms_error_codes": "INTERNAL_ERROR;MNO_SHARING_ERROR",
    "sms_scheduled_campaign_id": "C1",
}
FRAMES = {
    "empty": [],
    "one row": [FAILED],
    "all missing": [dict.fromkeys(ACTIVE_DEFAULTS)] * 2,
    "unknown categories": [
        {
            "number_type": "SATELLITE",
            "sms_state": "PAUSED",
            "voice_state": "ODD",
            "sms_error_codes": "NEW",
            "voice_type": "X",
        },
        {},
    ],
    "two currencies": [{"price": "1.00"}, {"price": "1.00", "currency_code": "EUR"}, FAILED],
    "Namibia": [{**FAILED, "region_code": "NA"}, {"region_code": "NA", "sms_campaign_id": "C1"}],
}
PARAMETERS = pytest.mark.parametrize("name", CASES)
NASTY = pytest.mark.parametrize("frame", FRAMES)


def quietly(function, frame):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NumbersToolkitWarning)
        return function(frame)


@PARAMETERS
@NASTY
def test_results_have_exactly_the_documented_columns_and_dtypes(name, frame):
    function, table = CASES[name]

    result = quietly(function, active_frame(*FRAMES[frame]))

    width = len(table.names)
    assert tuple(result.columns[-width:]) == table.names
    assert isinstance(result.index, pd.RangeIndex)
    for column in table.columns:
        dtype = result[column.name].dtype
        if column.kind == "category":
            declared = list(column.categories)
            assert dtype.categories.to_list()[: len(declared)] == declared
            assert dtype.categories.dtype == column.dtype.categories.dtype
        else:
            assert dtype == column.dtype
        assert column.nullable or not result[column.name].isna().any(), column.name


@PARAMETERS
@NASTY
def test_input_is_left_as_it_was(name, frame):
    function, _ = CASES[name]
    active = active_frame(*FRAMES[frame])
    active.attrs["source"] = "sandbox"
    before = active.copy(deep=True)

    quietly(function, active)

    pd.testing.assert_frame_equal(active, before)
    assert active.attrs == {"source": "sandbox"}


@PARAMETERS
@NASTY
def test_order_and_index_of_the_rows_do_not_matter(name, frame):
    function, _ = CASES[name]
    active = active_frame(*FRAMES[frame])
    turned = active.iloc[::-1].set_axis([f"row {place % 2}" for place in range(len(active))])

    pd.testing.assert_frame_equal(quietly(function, turned), quietly(function, active))


@PARAMETERS
@NASTY
def test_plain_text_does_as_well_as_categories(name, frame):
    function, _ = CASES[name]
    active = active_frame(*FRAMES[frame])
    kinds = {column.name: column.kind for column in tables.ACTIVE_NUMBERS.columns}
    plain = active.astype({one: object for one, kind in kinds.items() if kind in ("category", "money")})

    pd.testing.assert_frame_equal(quietly(function, plain), quietly(function, active))


@PARAMETERS
def test_provenance_travels_along(name):
    function, _ = CASES[name]
    active = active_frame(*FRAMES["two currencies"])
    active.attrs.update(source="sandbox", complete=True)

    assert quietly(function, active).attrs == {"source": "sandbox", "complete": True}


@PARAMETERS
def test_columns_that_are_not_read_need_not_be_there_and_all_missing_ones_are_named(name):
    function, _ = CASES[name]

    with pytest.raises(ColumnError) as caught:
        function(active_frame({})[["callback_url"]])

    named = str(caught.value).split("columns missing: ")[1].split(".")[0].split(", ")
    quietly(function, active_frame(FAILED)[named])


@PARAMETERS
def test_missing_regions_are_rows_too(name):
    function, _ = CASES[name]
    result = quietly(function, active_frame({**FAILED, "region_code": None}, {**FAILED, "region_code": "NA"}))

    if "region_code" in result.columns:
        assert result["region_code"].isna().any()
        assert (result["region_code"] == "NA").any()


@pytest.mark.parametrize(
    "name", sorted({*CASES, "attention_summary"} - {"inventory_by_region", "inventory_by_type"})
)
def test_docstrings_list_the_columns(name):
    table = CASES[name][1] if name in CASES else tables.ATTENTION_SUMMARY
    documented = " ".join(inspect.getdoc(getattr(analysis, name)).split())

    if name.startswith("inventory_by"):
        assert "See :func:`inventory`" in documented or "see :func:`inventory`" in documented
        return
    for line in table.describe().splitlines():
        assert f"- {' '.join(line.split())}" in documented


def test_all_public_names_are_tested_here():
    of_events = {"failures_over_time", "time_to_ready"}  # in test_analysis_events.py: they read other frames
    of_offers = {"memorable", "stock_by_prefix"}  # in test_analysis_memorable.py and test_analysis_stock.py
    picking = {"filter_numbers", "rows_about"}  # in test_analysis_filtering.py: they keep columns and order
    others = {"attention_summary", "total_cost", *of_events, *of_offers, *picking}
    assert set(analysis.__all__) - set(CASES) == others
