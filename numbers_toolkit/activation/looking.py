"""Chosen numbers looked up one by one, several at a time: what each is offered for now, or why it is not.

Reads only.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING, Final

from numbers_toolkit.activation.offers import Offer, UnusableOffer, read_offer
from numbers_toolkit.activation.wire import active_facts
from numbers_toolkit.errors import BadRequestError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.progress import Report

__all__ = ["look_up"]

#: Reads at the same time; the API publishes no limit.
_THREADS: Final = 8


def look_up(client: NumbersClient, numbers: Iterable[str], report: Report) -> dict[str, Offer | str]:
    """Return what each number is offered for now, or a sentence that says why it can't be planned.

    Parameters
    ----------
    client : NumbersClient
        The API.
    numbers : iterable of str
        Phone numbers, E.164, each once.
    report : callable
        Told ``(done, total)``.

    Returns
    -------
    dict of str to Offer or str
        In the order of the numbers.

    Raises
    ------
    APIError, TransportError, ResponseFormatError
        When the API can't be read at all; no further number is asked for.
    """
    wanted = list(numbers)
    found: dict[str, Offer | str] = {}
    pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="numbers-toolkit-plan")
    try:
        asked = {pool.submit(_look_up, client, number): number for number in wanted}
        for done, future in enumerate(as_completed(asked), 1):
            found[asked[future]] = future.result()
            report(done, len(wanted))
    finally:
        pool.shutdown(cancel_futures=True)
    return {number: found[number] for number in wanted}


def _look_up(client: NumbersClient, phone_number: str) -> Offer | str:
    try:
        offer = read_offer(client.get_available_number(phone_number))
    except NotFoundError:
        return _why_not(client, phone_number)
    except BadRequestError as error:
        return f"{phone_number} is refused by the API: {error.api_message or 'it says it is no number'}."
    except UnusableOffer as error:
        return f"{phone_number} can't be planned: {error}."
    if offer.phone_number != phone_number:
        return f"{phone_number} can't be planned: the API answered with {offer.phone_number}."
    return offer


def _why_not(client: NumbersClient, phone_number: str) -> str:
    try:
        active = client.get_active_number(phone_number)
    except NotFoundError:
        return (
            f"{phone_number} is not on offer: somebody else has taken it meanwhile, or it never was. Search for "
            "another one."
        )
    ends_at = active_facts(active)["ends_at"]
    ending = f" until {ends_at[:10]}, since it was given back" if ends_at else ""
    return f"{phone_number} is already active in this project{ending}; leave it out."
