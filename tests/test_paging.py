"""Following page tokens while earlier pages are decoded: in order, never a guess believed."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from numbers_toolkit.answers import Answer
from numbers_toolkit.decoding import decode_pages
from numbers_toolkit.errors import BadRequestError, ResponseFormatError, api_error
from numbers_toolkit.flattening import ACTIVE_NUMBERS
from numbers_toolkit.frames import Batch, FrameBuilder, flat_batch
from numbers_toolkit.paging import WrongGuessError, read_batches
from numbers_toolkit.reading import read_active_numbers


def body(number: int, token: str | None, **beside: Any) -> bytes:
    page = {"activeNumbers": [{"phoneNumber": f"+1307555{number:04d}"}]}
    if token is not None:
        page |= {"nextPageToken": token, "totalSize": 0}
    return json.dumps({**page, **beside}).encode()


def decode(bodies: list[bytes], path: str) -> Batch:
    return flat_batch(decode_pages(bodies, ACTIVE_NUMBERS.contract, path=path), ACTIVE_NUMBERS)


class Api:
    """Pages by token; a token that is not there is refused like the API does."""

    def __init__(self, pages: dict[str, bytes]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    def fetch(self, token: str) -> Answer:
        self.asked.append(token)
        if token not in self.pages:
            raise api_error(400, code="INVALID_ARGUMENT", method="GET", path="/list")
        return Answer(200, "/list", self.pages[token], {})

    def read(self, *, ahead: bool = True) -> list[Batch]:
        return list(read_batches(self.fetch, self.fetch(""), decode, ahead=ahead))


def numbers_of(batches: list[Batch]) -> list[str]:
    builder = FrameBuilder(ACTIVE_NUMBERS)
    for batch in batches:
        builder.add(batch)
    return builder.finish()["phone_number"].to_list()


def chain(count: int) -> dict[str, bytes]:
    tokens = ["", *(f"t{place}" for place in range(1, count)), ""]
    return {tokens[place]: body(place, tokens[place + 1]) for place in range(count)}


@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 16, 17, 40])
@pytest.mark.parametrize("ahead", [True, False])
def test_every_page_comes_once_and_in_order(count: int, ahead: bool) -> None:
    api = Api(chain(count))
    numbers = numbers_of(api.read(ahead=ahead))
    assert numbers == [f"+1307555{place:04d}" for place in range(count)]
    assert Counter(api.asked).most_common(1)[0][1] == 1


def test_without_looking_ahead_a_caller_that_stops_has_asked_for_nothing_more() -> None:
    api = Api(chain(9))
    batches = read_batches(api.fetch, api.fetch(""), decode, ahead=False)
    next(batches)
    next(batches)
    batches.close()
    assert api.asked == ["", "t1"]


def test_token_that_stands_before_the_numbers_is_found_by_decoding() -> None:
    filler = "x" * 2000
    first = json.dumps({"nextPageToken": "t1", "totalSize": 2, "activeNumbers": [
        {"phoneNumber": "+13075550000", "displayName": filler}]}).encode()  # fmt: skip
    api = Api({"": first, "t1": body(1, "")})
    assert numbers_of(api.read()) == ["+13075550000", "+13075550001"]


@pytest.mark.parametrize("last", [None, ""])
def test_missing_or_empty_token_ends_the_list(last: str | None) -> None:
    api = Api({"": body(0, "t1"), "t1": body(1, last)})
    assert numbers_of(api.read()) == ["+13075550000", "+13075550001"]


def test_token_with_characters_that_json_escapes_is_followed() -> None:
    api = Api({"": body(0, 'a"b\\c/é'), 'a"b\\c/é': body(1, "")})
    assert numbers_of(api.read()) == ["+13075550000", "+13075550001"]


def test_guess_that_is_not_the_page_token_is_not_believed() -> None:
    bait = body(0, "t1", later={"nextPageToken": "bait"})
    api = Api({"": bait, "t1": body(1, ""), "bait": body(7, "")})
    with pytest.raises(WrongGuessError):
        api.read()


def test_failure_that_a_wrong_guess_caused_is_not_the_callers() -> None:
    bait = body(0, "t1", later={"nextPageToken": "bait"})
    with pytest.raises(WrongGuessError):
        Api({"": bait, "t1": body(1, "")}).read()


@pytest.mark.parametrize("place", range(9))
def test_wrong_guess_is_noticed_wherever_a_batch_ends(place: int) -> None:
    pages = chain(10)
    token = list(pages)[place]
    pages[token] = body(place, f"t{place + 1}", later={"nextPageToken": "bait"})
    with pytest.raises(WrongGuessError):
        Api(pages).read()
    assert len(numbers_of(Api(pages).read(ahead=False))) == 10


def test_failure_of_a_true_page_comes_after_the_pages_before_it() -> None:
    api = Api({"": body(0, "t1"), "t1": body(1, "gone")})
    batches = read_batches(api.fetch, api.fetch(""), decode, ahead=True)
    assert numbers_of([next(batches)]) == ["+13075550000", "+13075550001"]
    with pytest.raises(BadRequestError):
        next(batches)


def test_page_that_can_not_be_decoded_raises() -> None:
    api = Api({"": body(0, "t1"), "t1": b'{"activeNumbers": [{}], "nextPageToken": ""}'})
    with pytest.raises(ResponseFormatError, match="phoneNumber"):
        api.read()


@pytest.mark.parametrize("ahead", [True, False])
def test_tokens_that_go_in_a_circle_end(ahead: bool) -> None:
    api = Api({"": body(0, "t1"), "t1": body(1, "t2"), "t2": body(2, "t1")})
    batches = api.read(ahead=ahead)
    assert [end.next_page_token for batch in batches for end in batch.ends] == ["t1", "t2", "t1"]
    assert len(api.asked) == 3


def test_reading_recovers_from_a_wrong_guess() -> None:
    api = Api(
        {
            "": body(0, "t1", later={"nextPageToken": "bait"}, totalSize=2),
            "t1": body(1, "", totalSize=2),
            "bait": body(7, "", totalSize=2),
        }
    )

    class Client:
        def active_numbers_page(self, *, page_token: str = "", **_: Any) -> Answer:
            return api.fetch(page_token)

    told: list[tuple[int, int | None]] = []
    with pytest.warns(UserWarning, match="unknown field 'later'"):
        inventory = read_active_numbers(
            Client(), {}, limit=None, page_size=10, report=lambda done, total: told.append((done, total))
        )
    assert inventory.frame["phone_number"].to_list() == ["+13075550000", "+13075550001"]
    assert inventory.complete
    assert told[-1] == (2, 2)
