"""By which call a number is bought, and why.

Source: ``:rent`` is documented for US LOCAL numbers, number orders for all (OpenAPI description 1.0.3). Other
published texts say that ``:rent`` reaches further; therefore the route can be forced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numbers_toolkit.activation.findings import Findings
    from numbers_toolkit.activation.offers import Offer

__all__ = ["AUTO", "ORDER", "RENT", "check_route", "route_of", "warn_of_route"]

AUTO: Final = "auto"
RENT: Final = "rent"
ORDER: Final = "order"
_RENTED: Final = ("US", "LOCAL")


def check_route(route: object) -> str:
    """Return a route.

    Examples
    --------
    >>> check_route("Order")
    'order'
    """
    word = route.strip().lower() if isinstance(route, str) else route
    if word in (AUTO, RENT, ORDER):
        return str(word)
    raise InvalidInputError(f"route {route!r} is not known; use '{AUTO}', '{RENT}' or '{ORDER}'.")


def route_of(region_code: str, number_type: str, asked: str = AUTO) -> tuple[str, str]:
    """Return the route of a number and the reason for it.

    Parameters
    ----------
    region_code, number_type : str
        The number.
    asked : {"auto", "rent", "order"}
        What the person asks for.

    Examples
    --------
    >>> route_of("US", "LOCAL")
    ('rent', 'US LOCAL: bought at once by :rent')
    >>> route_of("SE", "MOBILE")
    ('order', ':rent is documented for US LOCAL only')
    """
    rentable = (region_code, number_type) == _RENTED
    natural = RENT if rentable else ORDER
    if asked in (AUTO, natural):
        return natural, (
            "US LOCAL: bought at once by :rent" if rentable else ":rent is documented for US LOCAL only"
        )
    if asked == RENT:
        return RENT, "asked for by route='rent', although :rent is documented for US LOCAL only"
    return ORDER, "asked for by route='order'; :rent would do for US LOCAL"


def warn_of_route(offers: Iterable[Offer], asked: str, findings: Findings) -> None:
    """Warn where a route is forced that the sources disagree on, and where documents are called for in vain."""
    given = list(offers)
    rented = [one for one in given if route_of(*one.kind, asked)[0] == RENT]
    beyond = [one for one in rented if one.kind != _RENTED]
    if beyond:
        kinds = ", ".join(sorted({" ".join(one.kind) for one in beyond}))
        findings.warn(
            f"route='rent' is used for {counted(len(beyond))} ({kinds}), for which the sources disagree: the API's "
            "description has :rent for US LOCAL only. The API may refuse them, which costs nothing."
        )
    detoured = [one for one in given if asked == ORDER and one.kind == _RENTED]
    if detoured:
        findings.warn(
            f"route='order' is used for {counted(len(detoured))} of US LOCAL, which :rent would buy at once and "
            "without a review."
        )
    called_for = [one for one in rented if one.documents]
    if called_for:
        findings.warn(
            f"The API calls for supporting documentation for {counted(len(called_for))} bought by :rent. For US "
            "LOCAL it is known to do so and to rent them all the same."
        )
