"""What the inventory panel says: where the numbers come from, the key figures on cards, and empty states. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from numbers_toolkit import markup
from numbers_toolkit.formatting import money_text, region_text, state_text, time_text
from numbers_toolkit.markup import Html
from numbers_toolkit.widgets.search_criteria import CAPABILITY_LABELS, type_label
from numbers_toolkit.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numbers_toolkit.widgets.inventory_facts import Inventory, Selection

__all__ = ["about", "cards", "choice_label", "no_match", "no_numbers", "nothing_read", "passing"]

#: Sums on one card; the tab of the costs has all.
_SUMS: Final = 3
_DAYS: Final = 30
_FEW: Final = 8


def about(inventory: Inventory) -> Html:
    """Return what numbers these are: how many of how many, when they were read, and what to be careful about."""
    active, attrs = inventory.active, inventory.active.attrs
    read = time_text(attrs.get("fetched_at"))
    told = f"{_how_many(active)}{f', read {read}' if read else ''}."
    return Html(markup.muted(told) + "".join(markup.note(one, "warn") for one in _cautions(inventory)))


def _how_many(active: pd.DataFrame) -> str:
    rows, total = len(active), _total(active)
    if total is not None and total > rows:
        return f"{rows:,} of {counted(total)}"
    whole = active.attrs.get("complete") is True and not active.attrs.get("filters") and rows > 1
    return f"All {counted(rows)} of the project" if whole else counted(rows)


def _total(active: pd.DataFrame) -> int | None:
    total = active.attrs.get("total_size")
    return None if total is None or pd.isna(total) else int(total)


def _cautions(inventory: Inventory) -> Iterable[str]:
    active, attrs = inventory.active, inventory.active.attrs
    rows, total = len(active), _total(active)
    fewer = total is not None and total > rows
    if attrs.get("complete") is False or (fewer and attrs.get("complete") is not True):
        yield "These are not all numbers of the project: every count and every sum below is too small."
    elif fewer:
        yield "A selection of the numbers that were read: the others are in no count and no sum."
    elif "complete" not in attrs:
        yield "The data does not say where it comes from, nor whether these are all numbers of the project."
    elif attrs["complete"] is None:
        yield "Nothing the API said confirms that these are all numbers of the project."
    asked = _asked_for(attrs.get("filters"))
    if asked:
        yield f"Only numbers with {asked} were asked for; campaigns may hold others, too."
    repeats = int(active["phone_number"].duplicated().sum())
    if repeats:
        verb = "repeats" if repeats == 1 else "repeat"
        yield f"{counted(repeats, 'row')} {verb} a number; counts and sums hold it more than once."
    yield from inventory.heard


def _asked_for(filters: Any) -> str:
    if not hasattr(filters, "items"):
        return str(filters or "")
    named = {name: value if isinstance(value, (list, tuple)) else [value] for name, value in filters.items()}
    return ", ".join(f"{name} {listed([str(one) for one in value], 'or')}" for name, value in named.items())


# -- key figures ---------------------------------------------------------------------------------------------


def cards(figures: pd.DataFrame, selection: Selection) -> Html:
    """Return the key figures, each on a card: money per currency, never added."""
    counts = figures[figures["currency_code"].isna()].set_index("figure")["numbers"]
    shown, total = len(selection.shown), len(selection.inventory.active)
    regions = selection.shown["region_code"].nunique()
    places = f"in {counted(regions, 'region')}"
    failing, waiting, ending = (int(counts.get(name, 0)) for name in ("failing", "waiting", "ending"))
    items = [
        _card("Numbers", [f"{shown:,}"], f"of {total:,}, {places}" if shown < total else places),
        _money_card("Cost per month", figures, "monthly cost", "released ones left out"),
        _card("Failing", [f"{failing:,}"], _share(failing, shown), "bad" if failing else "good"),
        _card("Being set up", [f"{waiting:,}"], "waiting or in progress"),
        _money_card(f"Due in {_DAYS} days", figures, "due", "no charge is known"),
        _card(f"Ending in {_DAYS} days", [f"{ending:,}"], "released", "warn" if ending else "plain"),
    ]
    return Html(f'<ul class="nt-cards" aria-label="Key figures">{"".join(items)}</ul>')


def _card(label: str, lines: list[str], detail: str, look: str = "plain") -> str:
    values = "".join(f"<strong>{markup.text(line)}</strong>" for line in lines)
    return (
        f'<li class="nt-card {look}"><span>{markup.text(label)}</span>{values}'
        f"<small>{markup.text(detail)}</small></li>"
    )


def _money_card(label: str, figures: pd.DataFrame, name: str, nothing: str) -> str:
    rows = figures[(figures["figure"] == name).to_numpy()]
    known = rows[rows["amount"].notna().to_numpy()]
    lines = [
        money_text(amount, currency)
        for amount, currency in zip(known["amount"], known["currency_code"], strict=True)
    ]
    left = len(lines) - _SUMS
    # Two lines are shown rather than one and "1 more".
    shown = lines if left <= 1 else lines[:_SUMS]
    more = f"and {counted(left, 'currency', 'currencies')} more: see Costs" if left > 1 else ""
    unpriced = int(rows["unpriced"].fillna(0).sum())
    missing = f"{unpriced:,} without a known price" if unpriced else ""
    if not lines:
        return _card(label, ["–"], missing or nothing)
    numbers = "" if name == "monthly cost" else counted(int(known["numbers"].sum()))
    return _card(label, shown, "; ".join(filter(None, [numbers, more, missing])) or nothing, "money")


def _share(part: int, whole: int) -> str:
    if not part:
        return "no set-up has failed"
    if part == whole:
        return "all of them"
    share = part / whole
    return "less than 0.1 % of them" if share < 0.001 else f"{share:.1%} of them".replace("%", " %")  # noqa: PLR2004


# -- filters -------------------------------------------------------------------------------------------------


def choice_label(name: str, value: str) -> str:
    """Return a value of a filter as people read it.

    Examples
    --------
    >>> choice_label("region_code", "SE"), choice_label("number_type", "TOLL_FREE"), choice_label("campaign_id", "")
    ('Sweden (SE)', 'Toll-free', 'none')
    """
    if not value:
        return "no errors" if name == "error_code" else "none"
    if name == "region_code":
        return region_text(value)
    if name == "number_type":
        return type_label(value)
    if name == "capabilities":
        return CAPABILITY_LABELS.get(value, value)
    return state_text(value) if name.endswith("_state") else value


def passing(selection: Selection) -> Html:
    """Return how many numbers pass the filters, for everybody, and by which."""
    shown, total = len(selection.shown), len(selection.inventory.active)
    if not selection.filters:
        return markup.muted(f"No filter is set: all {counted(total)} are shown.") if total > 1 else Html("")
    named = [f"{_FILTER_WORDS[name]} {_values(name, value)}" for name, value in selection.filters.items()]
    return markup.paragraph(f"{shown:,} of {counted(total)}: {'; '.join(named)}.")


_FILTER_WORDS: Final[Mapping[str, str]] = {
    "region_code": "region",
    "number_type": "type",
    "capabilities": "can do",
    "sms_state": "SMS",
    "voice_state": "voice",
    "service_plan_id": "service plan",
    "campaign_id": "campaign",
    "error_code": "error",
    "text": "text",
}


def _values(name: str, value: str | tuple[str, ...]) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    joint = "and" if name == "capabilities" else "or"
    return listed([choice_label(name, one) for one in value], joint, most=_FEW)


# -- nothing to show ------------------------------------------------------------------------------------------


def nothing_read(*, failed: bool) -> Html:
    """Return what is said before there are numbers."""
    if failed:
        return markup.paragraph("No numbers have been read yet. 'Refresh' tries again.")
    return markup.muted("The numbers of the project are being read; they appear here.")


def no_numbers(inventory: Inventory) -> Html:
    """Return what is said where there is no number: nothing was chosen, nothing found, or the project has none."""
    total = _total(inventory.active)
    if total:
        return markup.paragraph(
            f"None of the {counted(total)} of the project is in this frame: it is an empty selection. Give the "
            "panel the frame that was read, or choose otherwise."
        )
    if inventory.active.attrs.get("filters"):
        return markup.paragraph(
            "The project has no active number with what was asked for. Read the frame anew with other filters to see "
            "others."
        )
    return markup.paragraph(
        "The project has no active numbers yet. To rent some: ",
        markup.code("nt.widgets.SearchPanel(client)"),
        ".",
    )


def no_match(selection: Selection) -> Html:
    """Return what is said when no number passes the filters."""
    several = len(selection.filters) > 1
    how = "Take one of them away" if several else "Choose another value"
    total = counted(len(selection.inventory.active))
    return markup.paragraph(f"None of the {total} passes the filters. {how}, or clear them all.")
