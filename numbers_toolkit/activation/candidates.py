"""Numbers that fulfil a wish: searched for, the cheapest first, and shared out between wishes.

The order is always the same: by monthly price, then setup price, then number. Currencies are not compared; where
a kind of number has several, they stand one after the other. Reads only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from numbers_toolkit.activation.offers import Offer, UnusableOffer, read_offer
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from decimal import Decimal

    from numbers_toolkit.activation.costs import Cost
    from numbers_toolkit.activation.items import Wish
    from numbers_toolkit.client import NumbersClient

__all__ = ["Candidate", "Found", "allot", "next_best", "preference", "search_wish", "shortage"]

#: Bound of the requests of one search; a page holds up to a hundred numbers.
_MOST_REQUESTS: Final = 500
#: By so much a search is widened that found enough numbers, but too few to be used.
_WIDER: Final = 4
#: Numbers that are looked for when one has to be replaced: the first may be too dear for what a budget has left.
_REPLACEMENTS: Final = 10


class Candidate(NamedTuple):
    """A number that can take another one's place.

    Parameters
    ----------
    phone_number : str
        The number.
    capabilities : tuple of str
        What it can do.
    cost : Cost
        Its prices.
    documents : bool
        Whether the API calls for supporting documentation. It belongs to the region and type, and so do the
        papers of an order: they stay those of the number that is replaced.
    """

    phone_number: str
    capabilities: tuple[str, ...]
    cost: Cost
    documents: bool


@dataclass(slots=True)
class Found:
    """What a search for a wish gave.

    Attributes
    ----------
    offers : list of Offer
        Numbers that can be used, the best first.
    unusable, too_dear : int
        How many fit but have no price to rely on, or one above the highest price.
    complete : bool
        Whether these are all there are.
    """

    offers: list[Offer] = field(default_factory=list)
    unusable: int = 0
    too_dear: int = 0
    complete: bool = True


def preference(offer: Offer) -> tuple[Any, ...]:
    """Return the key that puts the best offer first."""
    return offer.cost.currency_code, offer.cost.monthly, offer.cost.setup, offer.phone_number


def next_best(
    client: NumbersClient,
    wish: Wish,
    taken: Collection[str],
    *,
    max_price: Mapping[str, Decimal] | None = None,
) -> list[Candidate]:
    """Return numbers that can take the place of one that was taken, the best first.

    Parameters
    ----------
    client : NumbersClient
        The API.
    wish : Wish
        The wish, as it stands in the plan.
    taken : collection of str
        Numbers that are in the plan, or were.
    max_price : mapping of str to Decimal, optional
        The most that a number may cost a month, by currency, as it stands in the plan.

    Returns
    -------
    list of Candidate
        Some, not all there are; empty when there is none.

    Raises
    ------
    APIError, TransportError, ResponseFormatError
        When the API can't be read.
    """
    found = search_wish(client, wish, taken, _REPLACEMENTS, max_price=max_price)
    return [Candidate(one.phone_number, one.capabilities, one.cost, one.documents) for one in found.offers]


def search_wish(
    client: NumbersClient,
    wish: Wish,
    taken: Collection[str],
    wanted: int,
    *,
    max_price: Mapping[str, Decimal] | None = None,
) -> Found:
    """Search until there are enough numbers for a wish, or no more.

    Parameters
    ----------
    client, wish, taken, max_price
        As for :func:`next_best`.
    wanted : int
        How many usable numbers are enough; the first page may hold more.

    Returns
    -------
    Found
        What can be used and how much was left out.
    """
    size = wanted
    while True:
        answers, complete = _search(client, wish, taken, size)
        found = _sorted_out(answers, wish, max_price)
        found.complete = complete
        if len(found.offers) >= wanted or complete or len(answers) < size:
            return found
        size = _WIDER * max(size, len(answers))


def _search(
    client: NumbersClient, wish: Wish, taken: Collection[str], size: int
) -> tuple[list[Mapping[str, Any]], bool]:
    """Return AvailableNumbers that are not taken, and whether there are no more; pages are asked for by prefix."""
    from numbers_toolkit.client import SEARCH_SIZE
    from numbers_toolkit.searching import Search, search

    filters = {
        "capabilities": list(wish.capabilities),
        "pattern": wish.pattern or None,
        "search_pattern": wish.search_pattern,
    }
    # Found before, so that the search goes on until there are enough others.
    task = Search(wish.region_code, wish.number_type, filters, found=set(taken))
    search(
        client,
        task,
        size=len(taken) + size,
        page_size=SEARCH_SIZE,
        fan_out=True,
        max_requests=_MOST_REQUESTS,
        report=lambda _done, _total: None,
    )
    return [one for page in task.pages for one in page.items.to_pylist()], task.complete


def _sorted_out(
    answers: Sequence[Mapping[str, Any]],
    wish: Wish,
    max_price: Mapping[str, Decimal] | None,
) -> Found:
    found = Found()
    for answer in answers:
        try:
            offer = read_offer(answer)
        except UnusableOffer:
            found.unusable += 1
            continue
        # The API is known to leave out filters that it does not expect.
        if not _fits(offer, wish):
            continue
        if max_price is not None and not _affordable(offer, max_price):
            found.too_dear += 1
        else:
            found.offers.append(offer)
    found.offers.sort(key=preference)
    return found


def _fits(offer: Offer, wish: Wish) -> bool:
    kind = offer.kind == (wish.region_code, wish.number_type)
    return kind and set(wish.capabilities) <= set(offer.capabilities) and _matches(offer.phone_number, wish)


def _matches(phone_number: str, wish: Wish) -> bool:
    match wish.search_pattern:
        case "START":
            return phone_number.startswith(wish.pattern)
        case "END":
            return phone_number.endswith(wish.pattern)
    return wish.pattern in phone_number


def _affordable(offer: Offer, max_price: Mapping[str, Decimal]) -> bool:
    most = max_price.get(offer.cost.currency_code)
    return most is not None and offer.cost.monthly <= most


def shortage(wish: Wish, granted: int, found: Found) -> str:
    """Return what is told of a wish that can't be met, with what it could be.

    Examples
    --------
    >>> from numbers_toolkit.activation.items import Wish
    >>> shortage(Wish(count=3, region_code="SE", number_type="MOBILE"), 0, Found(too_dear=2))[:63]
    "Wish(3 SE MOBILE) can't be met: 0 numbers on offer fit, 2 more "
    """
    fit = len(found.offers)
    at_least = "" if found.complete else "at least "
    parts = [f"{wish!r} can't be met: {at_least}{counted(fit)} on offer fit{'s' if fit == 1 else ''}"]
    if fit >= wish.count:
        parts.append(f"but the other wishes of the plan leave {granted:,} of them")
    if found.too_dear:
        parts.append(f"{found.too_dear:,} more cost more a month than max_price allows")
    if found.unusable:
        parts.append(f"{found.unusable:,} more have no price that can be relied on")
    advice = f"Wish for {counted(granted)} or less, or" if granted else "Wish"
    return f"{', '.join(parts)}. {advice} for other numbers."


# -- sharing numbers out ------------------------------------------------------------------------------------


def allot(counts: Sequence[int], pools: Sequence[Sequence[Offer]]) -> list[list[Offer]]:
    """Share numbers out between wishes, so that as many as possible are fulfilled.

    A number that fits several wishes goes to one that needs it. Each wish gets its best numbers first; a wish
    with little choice may take one from a wish that has another.

    Parameters
    ----------
    counts : sequence of int
        How many numbers each wish is for.
    pools : sequence of sequence of Offer
        Numbers that fit each wish, the best first.

    Returns
    -------
    list of list of Offer
        For each wish its numbers, the best first; fewer than wished for where there are not enough.
    """
    owner: dict[str, int] = {}

    def take(wish: int, asked: set[int]) -> bool:
        asked.add(wish)
        for one in pools[wish]:
            if one.phone_number not in owner:
                owner[one.phone_number] = wish
                return True
        for one in pools[wish]:
            other = owner[one.phone_number]
            # Whoever can take a free number, in the end, gives this one up.
            if other not in asked and take(other, asked):
                owner[one.phone_number] = wish
                return True
        return False

    # The narrowest first: it has the least to choose from.
    for wish in sorted(range(len(counts)), key=lambda position: len(pools[position])):
        for _ in range(counts[wish]):
            if not take(wish, set()):
                break
    return [list(_owned(position, pool, owner)) for position, pool in enumerate(pools)]


def _owned(wish: int, pool: Sequence[Offer], owner: Mapping[str, int]) -> Iterator[Offer]:
    return (one for one in pool if owner.get(one.phone_number) == wish)
