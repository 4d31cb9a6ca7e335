"""Inventory -> report: runs the analyses, puts what needs action first, and says what the data is."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from decimal import localcontext
from importlib import metadata
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from numbers_toolkit import analysis, tables
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.hearing import hear_warnings
from numbers_toolkit.plots.text import amount_text, count_text, share_text
from numbers_toolkit.report import cells, sections
from numbers_toolkit.report.document import Report
from numbers_toolkit.report.model import Banner, Card, Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numbers_toolkit.report.model import Tone

__all__ = ["build_report"]

_TITLE: Final = "Phone numbers: inventory, costs, errors"
#: Sums on a headline card; the costs section has all.
_CARD_CURRENCIES: Final = 4
_AHEAD: Final = pd.Timedelta(days=30)
_BANNERS: Final = {
    "sandbox": (
        "Sandbox data.",
        "Every number, cost and error in this report is invented. It is not your account.",
    ),
    "cassette": (
        "Recorded data.",
        "This report shows an earlier recording (cassette), not a live reading of an account.",
    ),
    "": ("Source unknown.", "The data does not say where it comes from or when it was read."),
}


def build_report(
    active: pd.DataFrame,
    *,
    errors: pd.DataFrame | None = None,
    title: str | None = None,
    as_of: Any = None,
    generated_at: datetime | None = None,
) -> Report:
    """Build a report about the numbers of a project: what needs action first, then errors, inventory, costs.

    Parameters
    ----------
    active : pandas.DataFrame
        Active numbers with all their columns. ``attrs`` (source, time of reading, completeness, filters) are
        shown, and warned about where they should be.
    errors : pandas.DataFrame, optional
        Result of ``analysis.provisioning_errors``, if you have it; None makes it.
    title : str, optional
        Heading of the page.
    as_of : datetime or str, optional
        The instant that ages and coming charges are reckoned from. None takes the time at which the frame
        was fetched, else ``generated_at``.
    generated_at : datetime, optional
        Time written into the report; None is now. Equal input and time give equal bytes.

    Returns
    -------
    Report
        Shows itself in a notebook; ``to_html(path)`` writes one self-contained file.

    Raises
    ------
    ColumnError
        When ``active`` lacks a column or holds it with another dtype.
    InvalidInputError
        When a time makes no sense.
    MissingDependencyError
        Without jinja2 or matplotlib.

    Examples
    --------
    >>> from numbers_toolkit import tables
    >>> print(build_report(tables.ACTIVE_NUMBERS.empty(), title="Demo"))
    Demo: There are no active numbers.
    """
    tables.ACTIVE_NUMBERS.require(active)
    made = _instant(generated_at if generated_at is not None else datetime.now(UTC), "generated_at")
    given = as_of if as_of is not None else active.attrs.get("fetched_at")
    day = _instant(given, "as_of") if given else made
    found: list[str] = []
    with hear_warnings(lambda message, _category: found.append(message)):
        report = _build(active, errors, title or _TITLE, day, made)
    data = _data_section(active, day, dict.fromkeys(found))
    return Report(
        report.title, report.lead, report.generated_at, report.banners, report.cards,
        (*report.sections, data), report.tone,
    )  # fmt: skip


def _instant(value: Any, name: str) -> pd.Timestamp:
    try:
        instant = pd.Timestamp(value)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            f"{name} {value!r} is no point in time; use a datetime or ISO 8601."
        ) from error
    if pd.isna(instant):
        raise InvalidInputError(f"{name} is missing; use a datetime or ISO 8601.")
    return instant.tz_localize("UTC") if instant.tzinfo is None else instant.tz_convert("UTC")


def _build(
    active: pd.DataFrame, errors: pd.DataFrame | None, title: str, day: pd.Timestamp, made: pd.Timestamp
) -> Report:
    moment, name, banners = made.to_pydatetime(), cells.clean(title), tuple(_banners(active))
    if active.empty:
        filters = _filters(active.attrs)
        lead = "There are no active numbers" + (f" with the filters {filters}." if filters else ".")
        return Report(name, lead, moment, banners, (Card("Numbers owned", ("0",), "active numbers"),))
    attention = analysis.attention(active, as_of=day)
    facts = sections.Facts(
        active,
        errors if errors is not None else analysis.provisioning_errors(active),
        attention,
        analysis.attention_summary(attention),
        day,
    )
    failing = _failing(active)
    return Report(
        title=name,
        lead=_lead(facts, failing),
        generated_at=moment,
        banners=banners,
        cards=_cards(facts, failing),
        sections=(
            sections.to_do(facts), sections.to_do_numbers(facts), sections.errors(facts),
            sections.status(facts), sections.inventory(facts), sections.costs(facts),
            sections.renewals(facts), sections.campaigns(facts),
        ),
        tone="good" if attention.empty else "bad" if failing else "plain",
    )  # fmt: skip


def _failing(active: pd.DataFrame) -> int:
    states = analysis.inventory_by_state(active)
    failed = (states["sms_state"] == "FAILED") | (states["voice_state"] == "FAILED")
    return int(states.loc[failed, "numbers"].sum())


def _lead(facts: sections.Facts, failing: int) -> str:
    total, concerned = count_text(len(facts.active)), facts.attention["phone_number"].nunique()
    if not concerned:
        return f"Nothing needs action: all {total} numbers are in order."
    reasons = len(facts.reasons)
    first = facts.reasons.iloc[0]
    verb = "needs" if concerned == 1 else "need"
    failed = f"{count_text(failing)} failed to be set up. " if failing else ""
    return (
        f"{count_text(concerned)} of {total} numbers {verb} action, for {reasons} "
        f"reason{'s' * (reasons > 1)}. {failed}"
        f"Start with: {cells.clean(first['problem'])} ({count_text(first['numbers'])})."
    )


def _cards(facts: sections.Facts, failing: int) -> tuple[Card, ...]:
    active = facts.active
    monthly = analysis.monthly_cost(active).dropna(subset=["monthly_cost", "currency_code"])
    regions = active["region_code"].nunique()
    used = monthly.groupby("currency_code", observed=True)["numbers"].sum()
    due = analysis.upcoming_charges(active, as_of=facts.as_of, months=2)
    due = due[due["charge_date"] < facts.as_of + _AHEAD]
    places = "region" if regions == 1 else "regions"
    charges = f"{count_text(len(due))} {'charge' if len(due) == 1 else 'charges'} from {facts.as_of:%Y-%m-%d}"
    tone: Tone = "bad" if failing else "good"
    return (
        Card("Numbers owned", (count_text(len(active)),), f"in {count_text(regions)} {places}"),
        Card("Numbers failing", (count_text(failing),), f"{share_text(failing / len(active))} of all", tone),
        Card("Monthly cost", _money(monthly, "monthly_cost", used), "per currency, never added"),
        Card("Due in 30 days", _money(due, "amount", due["currency_code"].value_counts()[lambda n: n > 0]), charges),
    )  # fmt: skip


def _money(frame: pd.DataFrame, name: str, weights: pd.Series[Any]) -> tuple[str, ...]:
    """Return the sums of the most used currencies, in the order of use, and how many more there are."""
    order = sorted(weights.index, key=lambda code: (-int(weights[code]), str(code)))
    shown = order if len(order) <= _CARD_CURRENCIES else order[: _CARD_CURRENCIES - 1]
    with localcontext(prec=60):  # exact, whatever the caller set for arithmetic of their own
        sums = [(str(code), sum(frame.loc[frame["currency_code"] == code, name].to_list())) for code in shown]
    lines = [amount_text(amount, code) for code, amount in sums] or ["none"]
    more = len(order) - len(shown)
    return (*lines, f"and {more} more") if more else tuple(lines)


def _banners(active: pd.DataFrame) -> Iterable[Banner]:
    source = str(active.attrs.get("source") or "")
    kind = source.split(" ", 1)[0]
    if kind in _BANNERS:
        title, text = _BANNERS[kind]
        yield Banner(title, text if source == kind else f"{text} It is {cells.clean(source)}.")
    yield from _part_of_it(active)
    repeats = int(active["phone_number"].duplicated().sum())
    if repeats:
        yield Banner(
            "Repeated numbers.",
            f"{count_text(repeats)} rows repeat a number; counts and sums hold it more than once.",
        )
    filters = _filters(active.attrs)
    if filters:
        yield Banner(
            "Filtered.", f"Only numbers with {filters} were asked for; campaigns may hold others too."
        )


def _part_of_it(active: pd.DataFrame) -> Iterable[Banner]:
    """Say when the rows are not surely all numbers that the project has."""
    attrs, rows, total = active.attrs, len(active), _total(active.attrs)
    fewer = total is not None and rows < total
    of = f" of {count_text(total)}" if total is not None and fewer else ""
    if attrs.get("complete") is False or (fewer and attrs.get("complete") is not True):
        text = f"Only {count_text(rows)}{of} numbers were read; every count and sum is too small."
        yield Banner("Partial data.", text)
    elif fewer:
        text = f"{count_text(rows)}{of} numbers that were read are in this report; the others were left out."
        yield Banner("A selection.", text)
    elif "complete" in attrs and attrs["complete"] is None:
        yield Banner(
            "Unconfirmed.", "Nothing the API said confirms that these are all numbers; see the warnings."
        )


def _total(attrs: Mapping[Any, Any]) -> int | None:
    total = attrs.get("total_size")
    return None if total is None or pd.isna(total) else int(total)


def _filters(attrs: Mapping[Any, Any]) -> str:
    filters = attrs.get("filters") or {}
    if not hasattr(filters, "items"):
        return cells.clean(filters)
    used = {name: value for name, value in filters.items() if value not in (None, "", [], ())}
    if "pattern" not in used:
        used.pop("search_pattern", None)  # says how a pattern is meant; alone it filters nothing
    return ", ".join(f"{cells.clean(name)} = {_listed(value)}" for name, value in used.items())


def _listed(value: Any) -> str:
    several = isinstance(value, (list, tuple, set, frozenset))
    return cells.clean(", ".join(sorted(map(str, value))) if several else value)


def _data_section(active: pd.DataFrame, day: pd.Timestamp, found: Iterable[str]) -> Section:
    attrs = active.attrs
    fetched = attrs.get("fetched_at")
    total = _total(attrs)
    of = "" if total is None else f" of {count_text(total)}"
    read: dict[Any, str] = {True: ", complete", False: ", partial"}
    complete = read.get(attrs.get("complete"), ", completeness unknown")
    if attrs.get("complete") is True and total is not None and total != len(active):
        complete = " that were read, a selection"
    projects = sorted(str(one) for one in active["project_id"].dropna().unique())
    projects = projects or [str(attrs.get("project_id") or "")]
    facts = [
        ("Source", cells.clean(attrs.get("source") or "unknown")),
        ("Project", ", ".join(cells.clean(one) for one in projects if one) or "unknown"),
        ("Read at", f"{_instant(fetched, 'fetched_at'):%Y-%m-%d %H:%M:%S} UTC" if fetched else "unknown"),
        ("Numbers", f"{count_text(len(active))}{of}{complete}"),
        ("Filters", _filters(attrs) or ("none" if "filters" in attrs else "none known")),
        ("Reckoned from", f"{day:%Y-%m-%d %H:%M:%S} UTC"),
        ("Made with", _versions()),
    ]
    facts += [("Note", cells.clean(message)) for message in found]
    return Section(
        "data",
        "About the data",
        "Amounts are exact and never added across currencies. Dates are ISO 8601, times UTC.",
        facts=tuple(facts),
    )


def _versions() -> str:
    packages = ("numbers-toolkit", "pandas", "matplotlib")
    found = []
    for name in packages:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            found.append(name)
    return ", ".join([*found, f"Python {platform.python_version()}"])
