"""What stands under the tabs of the inventory panel: a summary as rows of a table, its drawings, and what to know.

Each sheet is made when somebody looks at it, in a thread; nothing here is a widget.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import analysis
from numbers_toolkit.errors import InvalidInputError, MissingDependencyError
from numbers_toolkit.formatting import date_text, money_text
from numbers_toolkit.hearing import hear_warnings
from numbers_toolkit.widgets.parts.table_columns import TableColumn
from numbers_toolkit.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pandas as pd

    from numbers_toolkit.widgets.inventory_facts import Selection

__all__ = ["BREAKDOWNS", "SHEETS", "Content", "Sheet", "content_of"]

#: A company pays in one to three currencies mostly; a drawing for each of fourteen would hide them.
_DRAWN_CURRENCIES: Final = 3
_FULL: Final = 1.0

#: What costs can be broken down by: column and title.
BREAKDOWNS: Final[Mapping[str, str]] = {
    "region_code": "Region",
    "number_type": "Type",
    "sms_service_plan_id": "Service plan",
    "sms_campaign_id": "Campaign",
}

_REGION: Final = TableColumn("region_code", "Region", "region")
_TYPE: Final = TableColumn("number_type", "Type", "code")
_CODE: Final = TableColumn("error_code", "Error", "code")
_NUMBERS: Final = TableColumn("numbers", "Numbers", "number")
_SHARE: Final = TableColumn("share_text", "Share", sort="-share")


@dataclass(frozen=True, slots=True)
class Content:
    """What a sheet shows.

    Parameters
    ----------
    frame : pandas.DataFrame
        The summary, as the package's analysis returns it.
    rows : pandas.DataFrame
        The same with what only the table shows.
    lead : str
        What it tells, in a sentence or two.
    pictures : tuple of str
        Drawings as SVG.
    notes : tuple of str
        What to be careful about.
    columns : tuple of TableColumn
        Columns of the table, where they are not those of the sheet.
    """

    frame: pd.DataFrame
    rows: pd.DataFrame
    lead: str
    pictures: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    columns: tuple[TableColumn, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A tab with a summary.

    Parameters
    ----------
    name, label : str
        The tab's.
    summary : callable
        Makes the frame of a selection; takes the column that costs are broken down by, too.
    show : callable
        Makes rows and lead of the frame.
    draw : callable
        Yields plots: name of the function in ``numbers_toolkit.plots``, its summary, title.
    columns : tuple of TableColumn
        Columns of the table.
    key : str or tuple of str
        Columns that tell the rows apart.
    empty : str
        What the table says without rows.
    leads_to : str
        Filter that a chosen row can set; empty for none.
    """

    name: str
    label: str
    summary: Callable[[Selection, str], pd.DataFrame]
    show: Callable[[Selection, pd.DataFrame, str], Content]
    draw: Callable[[Selection, pd.DataFrame], Iterator[tuple[str, pd.DataFrame, str]]]
    columns: tuple[TableColumn, ...]
    key: str | tuple[str, ...]
    empty: str
    leads_to: str = ""


def content_of(sheet: Sheet, selection: Selection, by: str = "region_code", *, draw: bool = True) -> Content:
    """Return what a sheet shows of the numbers that pass the filters.

    Parameters
    ----------
    sheet : Sheet
        Which one.
    selection : Selection
        The numbers.
    by : str, default "region_code"
        What costs are broken down by.
    draw : bool, default True
        Whether drawings are wanted.
    """
    heard: list[str] = []
    with hear_warnings(lambda message, _category: heard.append(message)):
        frame = sheet.summary(selection, by)
        content = sheet.show(selection, frame, by)
        pictures, missing = _drawn(sheet, selection, frame) if draw else ((), ())
    notes = (*content.notes, *dict.fromkeys(heard), *missing)
    return Content(frame, content.rows, content.lead, pictures, notes, content.columns)


def _drawn(
    sheet: Sheet, selection: Selection, frame: pd.DataFrame
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the drawings, and what is said where there can be none."""
    plots = list(sheet.draw(selection, frame)) if len(frame) else []
    if not plots:
        return (), ()
    try:
        from numbers_toolkit import plots as functions
        from numbers_toolkit.report.figures import draw_svg
    except MissingDependencyError:
        return (), ("Drawings need matplotlib and jinja2: pip install 'numbers-toolkit[report]'.",)
    return tuple(
        draw_svg(partial(getattr(functions, name), summary), f"{sheet.name}-{place}", title, _ALTERNATIVE)
        for place, (name, summary, title) in enumerate(plots)
    ), ()


_ALTERNATIVE: Final = "The table beside it holds all values."


def _shares(frame: pd.DataFrame, name: str = "share") -> pd.Series[Any]:
    return frame[name].map(_percent, na_action="ignore").astype(object)


def _percent(share: float) -> str:
    return f"{share:.1%}".replace("%", " %")


# -- errors ---------------------------------------------------------------------------------------------------


def _errors(selection: Selection, _by: str) -> pd.DataFrame:
    return analysis.error_frequencies(selection.shown, as_of=selection.inventory.as_of)


def _show_errors(selection: Selection, frame: pd.DataFrame, _by: str) -> Content:
    rows = frame.assign(share_text=_shares(frame))
    failing = counted(selection.shown["phone_number"].size)
    lead = (
        "Why set-ups failed. A number can have several codes; the share is of the numbers with an error."
        if len(frame)
        else f"No set-up has failed among the {failing}."
    )
    return Content(frame, rows, lead)


def _draw_errors(selection: Selection, frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame, str]]:
    yield "plot_error_frequencies", frame, "Numbers by provisioning error"
    yield (
        "plot_provisioning_status",
        analysis.provisioning_status(selection.shown),
        "Provisioning status by service",
    )


# -- renewals and costs ---------------------------------------------------------------------------------------


def _renewals(selection: Selection, _by: str) -> pd.DataFrame:
    return analysis.renewals_by_month(selection.shown, as_of=selection.inventory.as_of)


def _show_renewals(selection: Selection, frame: pd.DataFrame, _by: str) -> Content:
    due = frame[(frame["charges"] > 0).to_numpy(dtype=bool)].reset_index(drop=True)
    rows = due.assign(month_text=due["month"].dt.strftime("%Y-%m").astype(object))
    day = date_text(selection.inventory.as_of)
    lead = f"Charges to come from {day} on, by calendar month (UTC); each currency for itself."
    told = lead if len(due) else "No charge is known to come."
    return Content(frame, rows, told, notes=_not_drawn(frame, "charges"))


def _draw_renewals(_selection: Selection, frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame, str]]:
    for currency, rows in _main_currencies(frame, "charges"):
        yield "plot_renewals", rows, f"Charges by month, {currency}"


def _costs(selection: Selection, by: str) -> pd.DataFrame:
    if by not in BREAKDOWNS:
        raise InvalidInputError(
            f"Costs can't be broken down by {by!r}; use {listed(list(BREAKDOWNS), 'or')}."
        )
    return analysis.monthly_cost(selection.shown, by=by)


def _show_costs(selection: Selection, frame: pd.DataFrame, by: str) -> Content:
    by_what = TableColumn(by, BREAKDOWNS[by], "region" if by == "region_code" else "code")
    columns: tuple[TableColumn, ...] = (by_what, _NUMBERS, *_COST_COLUMNS)
    unpriced = int(frame["unpriced"].sum())
    if unpriced:
        columns = (
            *columns,
            TableColumn("unpriced", "Unpriced", "number", help="In no sum: the price is unknown."),
        )
    lead = "Per month and per year, each currency for itself. Released numbers are left out."
    notes = _not_drawn(_priced(frame), "numbers")
    return Content(frame, frame, f"{_in_all(selection)}{lead}", notes=notes, columns=columns)


def _in_all(selection: Selection) -> str:
    """Return the sums of all rows, each currency for itself."""
    figures = analysis.key_figures(selection.shown, as_of=selection.inventory.as_of)
    known = figures[(figures["figure"].eq("monthly cost") & figures["amount"].notna()).to_numpy(dtype=bool)]
    sums = [money_text(*one) for one in zip(known["amount"], known["currency_code"], strict=True)]
    return f"In all {listed(sums, 'and', most=len(sums))} per month. " if sums else ""


def _priced(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["monthly_cost"].notna().to_numpy(dtype=bool)]


_COST_COLUMNS: Final = (
    TableColumn("monthly_cost", "Per month", "money"),
    TableColumn("yearly_cost", "Per year", "money"),
)


def _draw_costs(_selection: Selection, frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame, str]]:
    for currency, rows in _main_currencies(_priced(frame), "numbers"):
        yield "plot_cost", rows, f"Monthly cost, {currency}"


def _main_currencies(frame: pd.DataFrame, weight: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the rows of each currency worth a drawing, the most used first."""
    for code in _used_currencies(frame, weight)[:_DRAWN_CURRENCIES]:
        rows = frame[frame["currency_code"].eq(code).fillna(value=False).to_numpy(dtype=bool)].reset_index(
            drop=True
        )
        rows.attrs = dict(frame.attrs)
        yield code, rows


def _used_currencies(frame: pd.DataFrame, weight: str) -> list[str]:
    known = frame[frame["currency_code"].notna().to_numpy(dtype=bool)]
    weights = known.groupby("currency_code", observed=True)[weight].sum()
    used = (code for code in weights.index if weights[code] > 0)
    return [str(code) for code in sorted(used, key=lambda code: (-int(weights[code]), str(code)))]


def _not_drawn(frame: pd.DataFrame, weight: str) -> tuple[str, ...]:
    """Return what is said where there are more currencies than drawings."""
    left = _used_currencies(frame, weight)[_DRAWN_CURRENCIES:]
    if not left:
        return ()
    return (f"Not drawn, but in the table: {listed(left, 'and', most=len(left))}.",)


# -- campaigns, regions and types -----------------------------------------------------------------------------


def _campaigns(selection: Selection, _by: str) -> pd.DataFrame:
    """Fill of the campaigns of the numbers that pass; counted over all numbers, since a campaign is full for all."""
    fill = analysis.campaign_fill(selection.inventory.active, limits=selection.inventory.limits)
    if not selection.filters:
        return fill
    # Of the numbers that pass, only which campaigns they have is asked for.
    own = analysis.campaign_fill(selection.shown)["campaign_id"].astype(object)
    kept: pd.DataFrame = fill[fill["campaign_id"].isin(own).to_numpy(dtype=bool)].reset_index(drop=True)
    return kept


def _show_campaigns(selection: Selection, frame: pd.DataFrame, _by: str) -> Content:
    full = frame["fill"].ge(_FULL).fillna(value=False)
    tones = full.map({True: "bad", False: "plain"}).astype(object)
    rows = frame.assign(fill_text=_shares(frame, "fill").fillna("no limit"), tone=tones)
    if frame.empty:
        return Content(frame, rows, "No number is linked to a 10DLC campaign.")
    counted_over = (
        " Counted over all numbers; the filters only choose the campaigns." if selection.filters else ""
    )
    lead = (
        "How full the 10DLC campaigns are. The API does not say what one can hold: 50 is taken, and no limit above "
        f"50 linked numbers.{counted_over}"
    )
    return Content(frame, rows, lead)


def _draw_campaigns(_selection: Selection, frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame, str]]:
    yield "plot_campaign_fill", frame, "How full the 10DLC campaigns are"


def _regions(selection: Selection, _by: str) -> pd.DataFrame:
    return analysis.inventory(selection.shown)


def _show_regions(_selection: Selection, frame: pd.DataFrame, _by: str) -> Content:
    rows = frame.assign(share_text=_shares(frame))
    return Content(frame, rows, "Where the numbers are, of which type, and what they can do.")


def _draw_regions(selection: Selection, frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame, str]]:
    yield "plot_inventory", frame, "Numbers by region and type"
    yield "plot_capabilities", analysis.inventory_by_capability(selection.shown), "Numbers by capability"


SHEETS: Final = (
    Sheet(
        "errors",
        "Errors",
        _errors,
        _show_errors,
        _draw_errors,
        (
            _CODE,
            _NUMBERS,
            _SHARE,
            TableColumn("who_acts", "Who acts"),
            TableColumn("retry", "Retry"),
            TableColumn("meaning", "Meaning", width="16rem"),
            TableColumn("remedy", "What to do", width="20rem"),
        ),
        "error_code",
        "No provisioning error.",
        "error_code",
    ),
    Sheet(
        "renewals",
        "Renewals",
        _renewals,
        _show_renewals,
        _draw_renewals,
        (
            TableColumn("month_text", "Month", "code", sort="month"),
            TableColumn("charges", "Charges", "number"),
            TableColumn("amount", "Amount due", "money"),
        ),
        ("month", "currency_code"),
        "No charge is known to come.",
    ),
    Sheet(
        "costs",
        "Costs",
        _costs,
        _show_costs,
        _draw_costs,
        (_REGION, _NUMBERS, *_COST_COLUMNS),
        "",
        "Nothing is charged for these numbers, as far as is known.",
    ),
    Sheet(
        "campaigns",
        "Campaigns",
        _campaigns,
        _show_campaigns,
        _draw_campaigns,
        (
            TableColumn("campaign_id", "Campaign", "code"),
            TableColumn("numbers", "Linked", "number"),
            TableColumn("scheduled", "Being linked", "number"),
            TableColumn("failed", "Failed", "number"),
            TableColumn("limit", "Limit", "number"),
            TableColumn("room", "Room", "number", tone="tone"),
            TableColumn("fill_text", "Full", sort="-fill"),
        ),
        "campaign_id",
        "No campaign.",
        "campaign_id",
    ),
    Sheet(
        "regions",
        "Regions",
        _regions,
        _show_regions,
        _draw_regions,
        (_REGION, _TYPE, _NUMBERS, _SHARE),
        ("region_code", "number_type"),
        "No numbers.",
        "region_code",
    ),
)
