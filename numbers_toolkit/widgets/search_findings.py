"""What a search found, made ready for people: the table's rows, the bars, and what is said below them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from numbers_toolkit import markup
from numbers_toolkit.analysis import memorable, stock_by_prefix
from numbers_toolkit.calling_codes import calling_code
from numbers_toolkit.formatting import money_text, phone_text, region_text, time_text
from numbers_toolkit.markup import Html
from numbers_toolkit.widgets.parts.table_columns import TableColumn
from numbers_toolkit.widgets.search_criteria import CAPABILITY_LABELS, PLACES, type_label
from numbers_toolkit.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from numbers_toolkit.widgets.search_criteria import Criteria

__all__ = [
    "Findings",
    "can_go_further",
    "nothing_found",
    "nothing_searched",
    "prefix_bars",
    "said_below",
    "selected_since",
    "table_columns",
]

#: Regions named in one sentence.
_NAMED: Final = 4
_MONTH: Final = 1
_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search found.

    Parameters
    ----------
    criteria : Criteria
        What was searched for.
    further : bool
        Whether it went on beyond the one page that the API shows.
    results : pandas.DataFrame
        As from :func:`numbers_toolkit.available_numbers`.
    rows : pandas.DataFrame
        The same with what the table shows beside.
    stock : pandas.DataFrame
        As from :func:`numbers_toolkit.analysis.stock_by_prefix`.
    """

    criteria: Criteria
    further: bool
    results: pd.DataFrame
    rows: pd.DataFrame
    stock: pd.DataFrame

    @classmethod
    def of(cls, results: pd.DataFrame, criteria: Criteria, *, further: bool = False) -> Findings:
        """Work out what is shown beside the numbers."""
        words = [word for word in criteria.words if len(word) > 1]
        scores = memorable(results, words=words).set_index("phone_number")
        rows = results.copy()
        rows["type"] = (
            results["number_type"].map(lambda one: type_label(str(one)), na_action="ignore").astype(object)
        )
        rows["capabilities"] = _capabilities(results)
        rows["paid"] = results["payment_interval_months"].map(_paid, na_action="ignore").astype(object)
        rows["reason"] = rows["phone_number"].map(scores["reason"])
        rows["score"] = rows["phone_number"].map(scores["score"])
        return cls(criteria, further, results, rows, stock_by_prefix(results))


def _capabilities(results: pd.DataFrame) -> list[str]:
    flags = {
        label: results[f"has_{name.lower()}"].fillna(value=False) for name, label in CAPABILITY_LABELS.items()
    }
    rows = zip(*(flag.tolist() for flag in flags.values()), strict=True)
    return [";".join(label for label, has in zip(flags, row, strict=True) if has) for row in rows]


def _paid(months: Any) -> str:
    return {_MONTH: "monthly", _YEAR: "yearly"}.get(int(months), f"every {months} months")


def table_columns(rows: pd.DataFrame) -> list[TableColumn]:
    """Return the columns of the table; how often one pays is told only where it is not each month."""
    yearly = not rows["payment_interval_months"].fillna(_MONTH).eq(_MONTH).all()
    paid = TableColumn(
        "paid",
        "Paid",
        sort="payment_interval_months",
        help="So many months are paid at once, the first time when the number is rented.",
    )
    return [
        TableColumn("phone_number", "Number", "phone"),
        TableColumn(
            "reason",
            "Memorable",
            width="14rem",
            sort="-score",
            help="What makes it easy to remember; sorted by how many digits one need not remember.",
        ),
        TableColumn("region_code", "Region", "region"),
        TableColumn("type", "Type"),
        TableColumn("capabilities", "Can do", "tags"),
        TableColumn("monthly_price", "Per month", "money"),
        TableColumn("setup_price", "Setup", "money", help="Paid once."),
        *([paid] if yearly else []),
        TableColumn(
            "supporting_documentation_required",
            "Papers",
            "flag",
            help="Registration data or documents are needed, so the number is bought by a number order.",
        ),
    ]


def prefix_bars(stock: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one bar for each prefix, most numbers first; its note says where, and from what price.

    Examples
    --------
    >>> import pandas as pd
    >>> from decimal import Decimal
    >>> offers = pd.DataFrame(
    ...     {
    ...         "phone_number": ["+13075550142", "+13075550143"],
    ...         "region_code": "US",
    ...         "number_type": "LOCAL",
    ...         "monthly_price": [Decimal("0.60"), Decimal("0.50")],
    ...         "currency_code": "USD",
    ...     }
    ... )
    >>> prefix_bars(stock_by_prefix(offers))
    [{'name': '+1307', 'label': '+1 307', 'value': 2, 'note': 'US Local, from 0.50 USD'}]
    """
    found = [
        {
            "name": str(prefix),
            "label": _parted(str(prefix)),
            "value": int(rows["numbers"].sum()),
            "note": ", ".join(filter(None, [*_places(rows), _lowest_prices(rows)])),
        }
        for prefix, rows in stock.groupby("prefix", sort=False)
    ]
    return sorted(found, key=lambda bar: (-bar["value"], bar["name"]))


def _parted(prefix: str) -> str:
    """Return a prefix with a space after its calling code."""
    start = len(calling_code(prefix)) + 1
    return f"{prefix[:start]} {prefix[start:]}" if start > 1 else prefix


def _places(rows: pd.DataFrame) -> list[str]:
    codes, types = (rows[name].astype(object).tolist() for name in ("region_code", "number_type"))
    named = (
        " ".join(
            [
                *([code] if isinstance(code, str) else []),
                *([type_label(kind)] if isinstance(kind, str) else []),
            ]
        )
        for code, kind in zip(codes, types, strict=True)
    )
    return list(dict.fromkeys(named))


def _lowest_prices(rows: pd.DataFrame) -> str:
    priced = rows.dropna(subset=["lowest_monthly_price", "currency_code"]).astype({"currency_code": object})
    lowest = priced.groupby("currency_code")["lowest_monthly_price"].min()
    told = listed([money_text(price, currency) for currency, price in lowest.items()])
    return f"from {told}" if told else ""


def said_below(findings: Findings) -> Html:
    """Return what is said below the table: how many, whether that is all, and what was searched for."""
    return Html(
        markup.paragraph(_how_many(findings)) + markup.muted(_searched_for(findings)) + _each(findings)
    )


def selected_since(opened_for: Sequence[str], count: int) -> Html:
    """Return what is said above a panel to activate numbers other than the ``count`` that are selected by now.

    Examples
    --------
    >>> print(selected_since(["+13075550142", "+13075550143", "+13075550144"], 1))  # doctest: +ELLIPSIS
    <div class="note info"><p>The selection has changed. The panel below is still for +1 307 555 0142 and 2 more. ...
    """
    named = listed([phone_text(one) for one in opened_for], most=1)
    return markup.note(
        f"The selection has changed. The panel below is still for {named}. 'Activate {counted(count)}' opens it for "
        "the selection; the settings that were entered are kept."
    )


def _how_many(findings: Findings) -> str:
    count = len(findings.results)
    if findings.results.attrs.get("complete"):
        return f"{counted(count)} on offer {'fits' if count == 1 else 'fit'}; these are all."
    at_least = f"At least {counted(count)}; there may be more on offer."
    if not _cut_short(findings):
        return f"{at_least} Raise 'How many' to see more."
    if can_go_further(findings):
        return f"{at_least} The API shows one page of them; 'Look further' asks on."
    return f"{at_least} The search went on as far as it can; narrow it by a pattern to see the rest."


def can_go_further(findings: Findings) -> bool:
    """Whether going on beyond the one page that the API shows may find some of the numbers that were asked for."""
    return _cut_short(findings) and not findings.further


def _cut_short(findings: Findings) -> bool:
    """Whether there may be more although fewer were found than were asked for."""
    return any(not one["complete"] and one["numbers"] < findings.criteria.size for one in _searches(findings))


def _searched_for(findings: Findings) -> str:
    criteria, attrs = findings.criteria, findings.results.attrs
    pattern = criteria.spelling or criteria.digits
    parts = [
        listed([region_text(code) for code in criteria.regions], most=_NAMED),
        listed([type_label(one) for one in criteria.number_types]) or "all number types",
        " and ".join(CAPABILITY_LABELS.get(one, one) for one in criteria.capabilities),
        f"{pattern} {PLACES[criteria.search_pattern]}" if pattern else "",
        f"up to {criteria.size:,} of each region and type",
    ]
    moment = time_text(attrs.get("fetched_at"))
    return f"Searched for: {'; '.join(filter(None, parts))}.{f' Read {moment}.' if moment else ''}"


def _each(findings: Findings) -> Html:
    """Return how many there are of each region and type, folded, when there are several."""
    searches = _searches(findings)
    rows = [
        (
            region_text(one["region_code"]),
            type_label(one["number_type"]),
            f"{'' if one['complete'] else 'at least '}{one['numbers']:,}",
        )
        for one in searches
    ]
    table = markup.table(("Region", "Type", "Numbers"), rows, right=("Numbers",), first=len(rows))
    return markup.folded("Each region and type", table) if len(rows) > 1 else Html("")


def _searches(findings: Findings) -> list[dict[str, Any]]:
    return list(findings.results.attrs.get("searches", []))


def nothing_searched() -> Html:
    """Return what to say before the first search."""
    return Html(
        markup.paragraph(Html("<strong>Nothing searched yet.</strong>"))
        + markup.muted(
            "Choose one or several regions and press Search. What is found stands here, with prices, and can be "
            "sorted, filtered and selected. Searching and selecting rents nothing."
        )
    )


def nothing_found(criteria: Criteria) -> Html:
    """Return what to say when nothing on offer fits: which filter to loosen, the narrowest first."""
    advice = []
    if criteria.digits:
        pattern = criteria.spelling or criteria.digits
        other = "" if criteria.search_pattern == "CONTAINS" else ", or look for it anywhere"
        advice.append(
            f"Shorten the pattern {pattern} {PLACES[criteria.search_pattern]}, or leave it out{other}."
        )
    if criteria.capabilities:
        wanted = " and ".join(CAPABILITY_LABELS.get(one, one) for one in criteria.capabilities)
        advice.append(f"Ask for less than {wanted}: a number has to have all of them.")
    if criteria.number_types:
        told = listed([type_label(one) for one in criteria.number_types], "or")
        advice.append(f"Take other number types than {told}.")
    advice.append("Add another region, or try again later: what is on offer changes.")
    asked = listed([region_text(code) for code in criteria.regions], most=_NAMED)
    return Html(
        markup.paragraph(Html(f"<strong>{markup.text(f'Nothing on offer in {asked} fits.')}</strong>"))
        + markup.bullets(advice)
    )
