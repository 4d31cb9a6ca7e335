"""The sections of a report, one function each: summary tables in, text, tables and figures out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from numbers_toolkit import analysis, plots
from numbers_toolkit.hearing import hear_warnings
from numbers_toolkit.plots.text import count_text
from numbers_toolkit.report import cells
from numbers_toolkit.report.figures import draw_svg
from numbers_toolkit.report.model import Action, Cell, Figure, Section

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from numbers_toolkit.report.model import Table

__all__ = [
    "Facts",
    "campaigns",
    "costs",
    "errors",
    "inventory",
    "renewals",
    "status",
    "to_do",
    "to_do_numbers",
]

_ACTIONS: Final = 40
_NUMBERS: Final = 200
_AT_LEAST: Final = 10
_ROWS: Final = 100
#: A company pays in one to three currencies mostly; a drawing for each of fourteen would hide them.
_DRAWN_CURRENCIES: Final = 3

_COUNT: Final = ("numbers", "Numbers", "number", cells.count)
_SHARE: Final = ("share", "Share", "number", cells.share)
_REGION: Final = ("region_code", "Region", "name", cells.text)
_TYPE: Final = ("number_type", "Type", "name", cells.text)
_CODE: Final = ("error_code", "Error code", "code", cells.text)
_CAMPAIGN: Final = ("campaign_id", "Campaign", "code", cells.text)
_CURRENCY: Final = ("currency_code", "Currency", "name", cells.text)
_WHO: Final = ("who_acts", "Who acts", "name", cells.whole)


@dataclass(frozen=True)
class Facts:
    """What several sections read: the numbers, their errors, what needs attention, and the day."""

    active: pd.DataFrame
    errors: pd.DataFrame
    attention: pd.DataFrame
    reasons: pd.DataFrame
    as_of: pd.Timestamp


def _figure(
    key: str,
    summary: pd.DataFrame,
    draw: Callable[[pd.DataFrame], Axes],
    table: Table,
    kind: str = "Bar chart",
) -> Figure:
    title = table.caption
    first = "; ".join(", ".join(cell.text for cell in row) for row in table.rows[:3])
    alternative = (
        f"{kind}. The table beside it holds all values. First: {first}." if first else f"{kind}: no data."
    )
    return Figure(key, draw_svg(partial(draw, summary), key, title, alternative), table, alternative)


def _anchors(reasons: pd.DataFrame) -> dict[tuple[str, str], str]:
    pairs = zip(reasons["problem"], reasons["error_code"], strict=True)
    return {(str(problem), str(code)): f"do-{place}" for place, (problem, code) in enumerate(pairs, start=1)}


def _days(value: Any) -> str:
    if pd.isna(value):
        return ""
    return {0: "today", 1: "1 day"}.get(int(value), f"{count_text(value)} days")


def _costs_by_problem(facts: Facts) -> dict[str, str]:
    """Return what the numbers of each problem cost a month, the most used currencies first."""
    pairs = facts.attention[["phone_number", "problem"]].astype({"problem": "str"}).drop_duplicates()
    concerned = facts.active.merge(pairs, on="phone_number")
    # What has no price is told of once, with the costs of all numbers.
    with hear_warnings(lambda _message, _category: None):
        sums = analysis.monthly_cost(concerned, by="problem").dropna(subset=["monthly_cost", "currency_code"])
    texts: dict[str, list[str]] = {}
    ordered = sums.assign(text=cells.amounts(sums, "monthly_cost")).sort_values("numbers", ascending=False)
    for problem, text in zip(ordered["problem"], ordered["text"], strict=True):
        texts.setdefault(str(problem), []).append(text)
    return {
        problem: ", ".join(found[:_DRAWN_CURRENCIES])
        + (" and more" if len(found) > _DRAWN_CURRENCIES else "")
        for problem, found in texts.items()
    }


def to_do(facts: Facts) -> Section:
    """List what to do first, one entry per reason."""
    reasons = facts.reasons
    costs_of = _costs_by_problem(facts)
    actions = [
        Action(
            anchor=f"do-{place}",
            problem=cells.clean(row["problem"]),
            code="" if pd.isna(row["error_code"]) else cells.clean(row["error_code"]),
            numbers=count_text(row["numbers"]),
            remedy=cells.words(row["remedy"]),
            who_acts=cells.words(row["who_acts"]),
            retry=cells.words(row["retry"]),
            oldest=_days(row["oldest_days"]),
            costs=costs_of.get(str(row["problem"]), ""),
        )
        for place, row in enumerate(reasons.head(_ACTIONS).to_dict("records"), start=1)
    ]
    left = len(reasons) - len(actions)
    return Section(
        "first",
        "What to do first",
        "The most pressing first. The numbers themselves are listed after it."
        if actions
        else "Nothing: no number has failed, is stuck, or is about to lapse.",
        actions=tuple(actions),
        note=f"{count_text(left)} more: numbers_toolkit.analysis.attention_summary." if left else "",
    )


def to_do_numbers(facts: Facts) -> Section:
    """List the numbers that need attention."""
    if facts.attention.empty:
        return Section("numbers", "Numbers that need attention", "None.")
    # Some of every reason: the first 200 in a row could all be of the first one.
    few = len(facts.attention) <= _NUMBERS
    each = _NUMBERS if few else max(_NUMBERS // len(facts.reasons), _AT_LEAST)
    head = facts.attention[_place_in_reason(facts.attention) < each].head(2 * _NUMBERS)
    total = count_text(len(facts.attention))
    lead = f"{total} entries, the most pressing first; a number with several problems has several."
    more = ""
    if len(head) < len(facts.attention):
        lead += f" At most {each} of each reason are listed."
        more = f"{count_text(len(head))} of {total}; all: numbers_toolkit.analysis.attention(active)."
    table = replace(_number_table(head, _anchors(facts.reasons.head(_ACTIONS))), more=more)
    return Section("numbers", "Numbers that need attention", lead, tables=(table,))


def _number_table(attention: pd.DataFrame, places: dict[tuple[str, str], str]) -> Table:
    links: list[Any] = [
        Cell(
            cells.clean(problem),
            anchor=places.get((str(problem), str(code)), ""),
            under="" if pd.isna(code) else cells.clean(code),
        )
        for problem, code in zip(attention["problem"], attention["error_code"], strict=True)
    ]
    frame = attention.assign(
        problem_link=pd.Series(links, index=attention.index, dtype=object),
        cost=cells.amounts(attention, "monthly_cost"),
    )
    shapes = (
        ("phone_number", "Phone number", "code", cells.text),
        ("display_name", "Name", "text", cells.text),
        _REGION,
        _TYPE,
        ("problem_link", "Problem", "text", _same),
        _WHO,
        ("since", "Since", "code", cells.date),
        _CAMPAIGN,
        ("cost", "Cost per month", "number", cells.whole),
    )
    return cells.table(frame, "Numbers that need attention", shapes, limit=len(frame))


def _place_in_reason(attention: pd.DataFrame) -> pd.Series[int]:
    reasons = attention[["problem", "error_code"]].astype(object)
    return reasons.groupby(["problem", "error_code"], dropna=False, sort=False).cumcount()


def _same(value: Cell) -> Cell:
    return value


def errors(facts: Facts) -> Section:
    """Show the provisioning errors: how many, where, and in which campaigns."""
    frequencies = analysis.error_frequencies(facts.errors)
    if frequencies.empty:
        return Section("errors", "Provisioning errors", "No number has a provisioning error.")
    table = cells.table(
        frequencies,
        "Numbers by provisioning error",
        (_CODE, _COUNT, _SHARE),
        limit=_ROWS,
    )
    figures = [_figure("errors-f", frequencies, plots.plot_error_frequencies, table)]
    for key, shape in (("region_code", _REGION), ("campaign_id", _CAMPAIGN)):
        if facts.errors[key].notna().any():
            figures.append(_heat(facts.errors, key, shape))
    return Section(
        "errors",
        "Provisioning errors",
        "Why set-ups failed. A number can have several codes.",
        figures=tuple(figures),
        tables=(_glossary(frequencies),),
    )


def _glossary(frequencies: pd.DataFrame) -> Table:
    shapes = (
        _CODE,
        ("meaning", "Meaning", "text", cells.whole),
        ("remedy", "What to do", "text", cells.whole),
        _WHO,
        ("retry", "Retry", "name", cells.whole),
    )
    return cells.table(frequencies, "What the codes mean", shapes, limit=_ROWS)


def _heat(found: pd.DataFrame, key: str, shape: Any) -> Figure:
    known = found[found[key].notna()]
    summary = analysis.error_frequencies(known, by=key)
    table = cells.table(
        summary, f"Errors by {shape[1].lower()}", (shape, _CODE, _COUNT), limit=_ROWS,
        how=f'All: numbers_toolkit.analysis.error_frequencies(active, by="{key}").',
    )  # fmt: skip
    return _figure(f"errors-{key[:2]}", summary, plots.plot_error_heatmap, table, "Heat map")


def status(facts: Facts) -> Section:
    """Show in which state the services are."""
    summary = analysis.provisioning_status(facts.active)
    shapes = (
        ("service", "Service", "name", cells.text),
        ("state", "State", "name", cells.text),
        _COUNT,
        _SHARE,
    )
    table = cells.table(summary, "Provisioning status by service", shapes, limit=_ROWS)
    return Section(
        "status",
        "Provisioning status",
        "Each number is in one state per service. WAITING and IN_PROGRESS mostly pass by themselves.",
        figures=(_figure("status-f", summary, plots.plot_provisioning_status, table),),
    )


def inventory(facts: Facts) -> Section:
    """Show what there is: by region and type, and by capability."""
    summary = analysis.inventory(facts.active)
    table = cells.table(
        summary, "Numbers by region and type", (_REGION, _TYPE, _COUNT, _SHARE), limit=_ROWS,
        how="All: numbers_toolkit.analysis.inventory(active).",
    )  # fmt: skip
    able = analysis.inventory_by_capability(facts.active)
    able_table = cells.table(
        able,
        "Numbers by capability",
        (("capability", "Capability", "text", cells.text), _COUNT, _SHARE),
        limit=_ROWS,
    )
    return Section(
        "inventory",
        "Inventory",
        "Where the numbers are, of which type, and what they can do.",
        figures=(
            _figure("inventory-f", summary, plots.plot_inventory, table),
            _figure("capability-f", able, plots.plot_capabilities, able_table),
        ),
    )


def costs(facts: Facts) -> Section:
    """Show what the numbers cost a month, one drawing for each of the main currencies."""
    summary = analysis.monthly_cost(facts.active, by="region_code")
    priced = summary[summary["monthly_cost"].notna() & summary["currency_code"].notna()]
    shown = priced.assign(
        month=cells.amounts(priced, "monthly_cost"), year=cells.amounts(priced, "yearly_cost")
    ).sort_values("monthly_cost", ascending=False, kind="stable")
    main, others = _main_currencies(shown, "numbers")
    shapes = (
        _REGION, _COUNT,
        ("month", "Per month", "number", cells.whole),
        ("year", "Per year", "number", cells.whole),
    )  # fmt: skip
    figures = []
    for place, (currency, rows) in enumerate(main):
        table = cells.table(rows, f"Monthly cost by region, {currency}", shapes, limit=_ROWS)
        figures.append(_figure(f"cost-{place}", rows[list(summary.columns)], plots.plot_cost, table))
    rest = cells.table(
        others.sort_values("currency_code", kind="stable"), "Monthly cost by region, other currencies",
        (_CURRENCY, *shapes), limit=_ROWS,
    )  # fmt: skip
    unpriced = int(summary["unpriced"].sum())
    missing = f" {count_text(unpriced)} without a known price are in no sum." if unpriced else ""
    return Section(
        "costs",
        "Costs",
        f"Per month and year, per currency; currencies are never added. "
        f"Released numbers are left out.{missing}",
        figures=tuple(figures),
        tables=(rest,) if len(others) else (),
    )


def _main_currencies(frame: pd.DataFrame, weight: str) -> tuple[list[tuple[str, pd.DataFrame]], pd.DataFrame]:
    """Return the rows of each currency worth a drawing, the most used first, and all other rows."""
    weights = frame.groupby("currency_code", observed=True)[weight].sum()
    order = sorted(weights.index, key=lambda code: (-int(weights[code]), str(code)))[:_DRAWN_CURRENCIES]
    main = [(str(code), frame[frame["currency_code"] == code]) for code in order]
    return main, frame[~frame["currency_code"].isin(order)]


def renewals(facts: Facts) -> Section:
    """Show what falls due in the coming months, one drawing for each of the main currencies."""
    summary = analysis.renewals_by_month(facts.active, as_of=facts.as_of)
    known = summary[summary["currency_code"].notna()]
    main, others = _main_currencies(known.assign(due=cells.amounts(known, "amount")), "charges")
    shapes = (
        ("month", "Month", "code", cells.month),
        ("charges", "Charges", "number", cells.count),
        ("due", "Amount due", "number", cells.whole),
    )
    figures = []
    for place, (currency, rows) in enumerate(main):
        table = cells.table(rows, f"Charges by month, {currency}", shapes, limit=_ROWS)
        figures.append(_figure(f"renewal-{place}", rows[list(summary.columns)], plots.plot_renewals, table))
    rest = cells.table(
        others[others["charges"] > 0], "Charges by month, other currencies", (_CURRENCY, *shapes),
        limit=_ROWS, how="All: numbers_toolkit.analysis.renewals_by_month(active).",
    )  # fmt: skip
    return Section(
        "renewals",
        "Renewals",
        f"Charges to come from {facts.as_of:%Y-%m-%d} on, by calendar month (UTC)."
        if figures
        else "No charge is known to come.",
        figures=tuple(figures),
        tables=(rest,) if len(others) else (),
    )


def campaigns(facts: Facts) -> Section:
    """Show how full the campaigns are."""
    summary = analysis.campaign_fill(facts.active)
    if summary.empty:
        return Section("campaigns", "10DLC campaigns", "No number is linked to a 10DLC campaign.")
    shapes = (
        _CAMPAIGN,
        ("numbers", "Linked", "number", cells.count),
        ("scheduled", "Being linked", "number", cells.count),
        ("failed", "Failed", "number", cells.count),
        ("limit", "Limit", "number", cells.count),
        ("room", "Room", "number", cells.count),
    )
    table = cells.table(
        summary, "How full the 10DLC campaigns are", shapes, limit=_ROWS,
        how="All: numbers_toolkit.analysis.campaign_fill(active).",
    )  # fmt: skip
    return Section(
        "campaigns",
        "10DLC campaigns",
        "The API does not say what a campaign can hold: 50 is taken, and no limit above 50 linked numbers.",
        figures=(_figure("campaign-f", summary, plots.plot_campaign_fill, table),),
    )
