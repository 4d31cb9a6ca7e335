"""The whole inventory: complete, or loud, or plainly cut by the caller."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest

import numbers_toolkit as nt
from numbers_toolkit import errors
from numbers_toolkit.sandbox import Sandbox
from scripted_server import Reply, ScriptedServer, error, expired, number, page

PAGES = 10


@pytest.fixture
def twelve() -> Any:
    """A sandbox of 120 numbers read in twelve pages of ten."""
    with Sandbox(
        active=120, available=50, clock="manual", default_page_size=PAGES, maximum_page_size=PAGES
    ) as sandbox:
        yield sandbox
        assert not sandbox.internal_errors


def read(sandbox: Sandbox, **options: Any) -> Any:
    given = {"clock": QuickClock(), "retry": nt.RetryPolicy(base_seconds=0)}
    with sandbox.connect(**given) as client:
        return nt.active_numbers(client, progress=False, **options)


class QuickClock:
    def monotonic(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        pass

    def now(self) -> Any:
        return datetime(2026, 3, 2, tzinfo=UTC)


def scripted(*replies: Reply, **options: Any) -> tuple[Any, list[Any]]:
    with ScriptedServer(*replies) as server, server.client(auth="basic") as client:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            frame = nt.active_numbers(client, progress=False, **options)
        return frame, [one.category for one in caught]


def listed(sandbox: Sandbox) -> int:
    return sum(1 for one in sandbox.requests if one.operation == "list_active")


def test_every_number_is_there_once(twelve: Sandbox) -> None:
    frame = read(twelve)

    assert len(frame) == twelve.active_count == 120
    assert frame["phone_number"].is_unique
    assert frame["phone_number"].is_monotonic_increasing
    assert frame.attrs["complete"] is True
    assert frame.attrs["total_size"] == 120


def test_server_that_caps_the_page_size_is_read_to_the_end(twelve: Sandbox) -> None:
    read(twelve, page_size=1000)

    assert listed(twelve) == 12


PASSING = {
    "rate_limited": {"times": 2},
    "unavailable": {"times": 3},
    "server_error": {"times": 3},
    "truncated_body": {"times": 2},
    "connection_reset": {"times": 2},
    "lost_answer": {"times": 2},
    "html_answer": {"times": 2},
    "expired_token": {"times": 1},
}


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("page_number", [1, 2, 12])
def test_passing_fault_does_not_change_the_result(fault: str, page_number: int, twelve: Sandbox) -> None:
    expected = read(twelve)
    with twelve.connect(clock=QuickClock(), retry=nt.RetryPolicy(base_seconds=0)) as client:
        added = before_page(client, page_number, twelve, fault, **PASSING[fault])
        frame = nt.active_numbers(client)

    assert added[0].hits == PASSING[fault]["times"]
    assert frame.equals(expected)
    assert frame.attrs["complete"] is True


def before_page(
    client: nt.NumbersClient, page_number: int, sandbox: Sandbox, fault: str, **options: Any
) -> list[Any]:
    """Switch a fault on just before a page is asked for; the list will hold the fault."""
    ask, asked, added = client.active_numbers_page, [0], []

    def asking(**query: Any) -> Any:
        asked[0] += 1
        if asked[0] == page_number:
            added.append(sandbox.faults.add(fault, operation="list_active", **options))
        return ask(**query)

    client.active_numbers_page = asking  # type: ignore[method-assign]
    return added


LASTING = {
    "rate_limited": errors.RateLimitError,
    "unavailable": errors.ServerError,
    "truncated_body": errors.TransportError,
    "connection_reset": errors.TransportError,
    "expired_token": errors.AuthenticationError,
    "repeated_page_token": errors.PaginationError,
}


@pytest.mark.parametrize("fault", LASTING)
def test_lasting_fault_raises_instead_of_giving_a_part(fault: str, twelve: Sandbox) -> None:
    twelve.faults.add(fault, operation="list_active")

    with pytest.raises(LASTING[fault]) as caught:
        read(twelve)

    partial = caught.value.partial
    if partial is None:
        assert not getattr(caught.value, "__notes__", ())
    else:
        assert partial.attrs["complete"] is False
        assert f"{len(partial)} numbers had been read by then" in caught.value.__notes__[0]


def test_html_with_status_200_raises(twelve: Sandbox) -> None:
    twelve.faults.add("html_answer", operation="list_active", status=200)

    with pytest.raises(errors.ResponseFormatError, match="not JSON"):
        read(twelve)


def test_wrong_total_raises_with_what_arrived(twelve: Sandbox) -> None:
    twelve.faults.add("wrong_total", operation="list_active", offset=1)

    with pytest.raises(errors.IncompleteInventoryError, match="120 of 121") as caught:
        read(twelve)

    assert (caught.value.received, caught.value.expected) == (120, 121)
    assert len(caught.value.partial) == 120
    assert caught.value.partial.attrs["complete"] is False
    assert listed(twelve) == 36


def test_wrong_total_once_is_settled_by_reading_again(twelve: Sandbox) -> None:
    twelve.faults.add("wrong_total", operation="list_active", offset=5, times=12)

    assert len(read(twelve)) == 120


def test_total_that_is_too_small_lists_all_and_warns(twelve: Sandbox) -> None:
    twelve.faults.add("wrong_total", operation="list_active", offset=-1)

    with pytest.warns(errors.IncompleteDataWarning, match="119"):
        frame = read(twelve)

    assert len(frame) == 120


def test_number_on_two_pages_is_listed_once_with_a_warning(twelve: Sandbox) -> None:
    twelve.faults.add("duplicate_number", operation="list_active", times=2)

    with pytest.warns(errors.DuplicateNumberWarning, match="2 numbers"):
        frame = read(twelve)

    assert len(frame) == 120
    assert frame["phone_number"].is_unique


def test_conflicting_number_is_settled_by_reading_again(twelve: Sandbox) -> None:
    twelve.faults.add("duplicate_number", operation="list_active", conflicting=True, times=2)

    frame = read(twelve)

    assert frame["phone_number"].is_unique
    assert listed(twelve) == 24


def test_lasting_conflict_raises(twelve: Sandbox) -> None:
    twelve.faults.add("duplicate_number", operation="list_active", conflicting=True)

    with pytest.raises(errors.IncompleteInventoryError, match="different content"):
        read(twelve)


@pytest.mark.parametrize("total", ["absent", None, 2, 3])
@pytest.mark.parametrize("limit", [None, 3])
def test_conflict_is_never_listed_twice(total: Any, limit: int | None) -> None:
    one, other = number(1, displayName="a"), number(1, displayName="b")

    with pytest.raises(errors.IncompleteInventoryError, match="different content"):
        scripted(page(one, other, number(2), total=total, token=None), limit=limit)


def test_conflict_before_the_limit_is_never_listed_twice() -> None:
    first = page(number(1, displayName="a"), number(1, displayName="b"), token="a", total=9)

    with pytest.raises(errors.IncompleteInventoryError, match="different content"):
        scripted(first, limit=2)


@pytest.mark.parametrize("change", ["add", "remove"])
def test_inventory_that_changes_once_is_read_again(change: str, twelve: Sandbox) -> None:
    twelve.faults.add("changing_inventory", operation="list_active", change=change, times=1)

    frame = read(twelve)

    assert len(frame) == twelve.active_count == (121 if change == "add" else 119)
    assert frame["phone_number"].is_unique


def test_inventory_that_never_rests_warns_or_raises(twelve: Sandbox) -> None:
    twelve.faults.add("changing_inventory", operation="list_active", change="both")

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        outcome = outcome_of(twelve)

    if isinstance(outcome, errors.IncompleteInventoryError):
        assert len(outcome.partial) == outcome.received != outcome.expected
    else:
        assert errors.ChangingInventoryWarning in [one.category for one in caught]
        assert len(outcome) == outcome.attrs["total_size"]


def outcome_of(sandbox: Sandbox) -> Any:
    try:
        return read(sandbox)
    except errors.IncompleteInventoryError as error:
        return error


@pytest.mark.parametrize("total", ["absent", None, "many"])
def test_missing_total_is_warned_of(total: Any) -> None:
    frame, told = scripted(page(number(1), total=total))

    assert len(frame) == 1
    assert frame.attrs["total_size"] is None
    assert errors.IncompleteDataWarning in told


@pytest.mark.parametrize(("total", "raises"), [(0, False), (1, False), (3, True), (-1, False), (10**6, True)])
def test_total_against_two_numbers(total: int, raises: bool) -> None:
    replies = page(number(1), number(2), total=total)
    if raises:
        with pytest.raises(errors.IncompleteInventoryError):
            scripted(replies)
    else:
        frame, told = scripted(replies)
        assert len(frame) == 2
        assert told == [errors.IncompleteDataWarning]


def test_empty_inventory_is_complete() -> None:
    frame, told = scripted(page())

    assert (len(frame), frame.attrs["complete"], told) == (0, True, [])


@pytest.mark.parametrize("body", [{}, {"activeNumbers": [], "nextPageToken": ""}])
def test_last_page_that_is_empty_after_a_total_is_noticed(body: Any) -> None:
    first = page(number(1), token="a", total=2)

    with pytest.raises(errors.IncompleteInventoryError):
        scripted(first, Reply(body=body), first, Reply(body=body), first, Reply(body=body))


def test_empty_page_in_the_middle_is_no_end() -> None:
    frame, told = scripted(
        page(number(1), token="a", total=2), page(token="b", total=2), page(number(2), total=2)
    )

    assert (len(frame), told) == (2, [])


NO_END = "the list can't be read to its end. Try again"


def test_empty_pages_without_end_are_given_up() -> None:
    with ScriptedServer(*(page(token=f"t{index}", total=9) for index in range(400))) as server:
        with server.client(auth="basic") as client, pytest.raises(errors.PaginationError, match=NO_END):
            nt.active_numbers(client)

        assert len(server.requests) < 200


@pytest.mark.parametrize("pages", [1, 2, 9, 30])
def test_tokens_that_go_in_a_circle_are_noticed(pages: int) -> None:
    replies = [page(number(index), token=f"t{index}", total=99) for index in range(pages)]
    with ScriptedServer(*replies, page(number(99), token="t0", total=99)) as server:
        with server.client(auth="basic") as client, pytest.raises(errors.PaginationError, match=NO_END):
            nt.active_numbers(client)

        assert len(server.requests) <= pages + 3


@pytest.mark.parametrize("answer", [error(400, "INVALID_ARGUMENT", "bad token"), page(number(7), total=2)])
def test_token_that_was_guessed_wrong_is_not_believed(answer: Reply) -> None:
    """The end of a page is looked at before the page is decoded; what stands there may be no token."""
    item = {"phoneNumber": "+13075550001", "x": {"nextPageToken": "decoy"}}
    odd = {"nextPageToken": "a", "totalSize": 2, "activeNumbers": [item]}
    replies = (Reply(body=odd), answer, Reply(body=odd), page(number(2), total=2))
    with ScriptedServer(*replies) as server, server.client(auth="basic") as client:
        with pytest.warns(errors.UnknownValueWarning):
            frame = nt.active_numbers(client)

        asked = [dict(parse_qsl(one.query)).get("pageToken") for one in server.requests]
    assert frame["phone_number"].tolist() == ["+13075550001", "+13075550002"]
    assert asked == [None, "decoy", None, "a"]


def test_name_that_looks_like_a_token_is_none() -> None:
    decoy = number(1, displayName='"nextPageToken": "decoy"')
    first = {"nextPageToken": "a", "totalSize": 2, "activeNumbers": [decoy]}
    with (
        ScriptedServer(Reply(body=first), page(number(2), total=2)) as server,
        server.client(auth="basic") as client,
    ):
        assert len(nt.active_numbers(client)) == 2


def test_refused_page_size_falls_back_to_a_hundred() -> None:
    details = [
        {"type": "BadRequest", "fieldViolations": [{"field": "page_size", "description": "at most 100"}]}
    ]
    replies = (
        error(400, "INVALID_ARGUMENT", "", details),
        page(number(1), token="a", total=2),
        page(number(2), total=2),
    )
    with ScriptedServer(*replies) as server, server.client(auth="basic") as client:
        frame = nt.active_numbers(client)

        assert ["pageSize=1000" in one.query for one in server.requests] == [True, False, False]
        assert ["pageSize=100&" in one.query for one in server.requests] == [False, True, True]
    assert len(frame) == 2


def test_other_bad_request_is_not_tried_again() -> None:
    with (
        ScriptedServer(error(400, "INVALID_ARGUMENT", "bad pattern")) as server,
        server.client(auth="basic") as client,
    ):
        with pytest.raises(errors.BadRequestError):
            nt.active_numbers(client)

        assert len(server.requests) == 1


def test_token_that_expires_in_the_middle_is_renewed() -> None:
    replies = (page(number(1), token="a", total=2), expired(), page(number(2), total=2))
    with ScriptedServer(*replies) as server, server.client() as client:
        assert len(nt.active_numbers(client)) == 2
        assert len(server.token_requests) == 2


@pytest.mark.parametrize(
    ("limit", "rows", "complete", "requests"),
    [(1, 1, False, 1), (10, 10, False, 1), (15, 15, False, 2), (120, 120, True, 12), (500, 120, True, 12)],
)
def test_limit_cuts_and_says_so(
    limit: int, rows: int, complete: bool, requests: int, twelve: Sandbox
) -> None:
    frame = read(twelve, limit=limit)

    assert (len(frame), frame.attrs["complete"]) == (rows, complete)
    assert frame.attrs["total_size"] == 120
    assert listed(twelve) == requests


def test_progress_is_told_n_of_all(twelve: Sandbox) -> None:
    told: list[tuple[int, int | None]] = []
    read_with = twelve.connect()
    with read_with as client:
        nt.active_numbers(client, progress=lambda done, total: told.append((done, total)))

    assert told[-1] == (120, 120)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert {total for _, total in told} == {120}


def test_progress_that_raises_cancels_the_reading(twelve: Sandbox) -> None:
    def stop(_done: int, _total: int | None) -> None:
        raise InterruptedError

    with twelve.connect() as client, pytest.raises(InterruptedError):
        nt.active_numbers(client, progress=stop)


def test_warnings_point_at_the_users_line(twelve: Sandbox) -> None:
    twelve.faults.add("odd_values", operation="list_active")
    twelve.faults.add("duplicate_number", operation="list_active", times=1)
    with warnings.catch_warnings(record=True) as caught, twelve.connect() as client:
        warnings.simplefilter("always")
        nt.active_numbers(client)

    assert len(caught) >= 1
    assert {one.filename for one in caught} == {__file__}


def test_an_inventory_of_many_small_pages_is_read_to_its_end() -> None:
    pages = [page(number(index), token=f"t{index}", total=250) for index in range(249)]

    frame, told = scripted(*pages, page(number(249), total=250))

    assert (len(frame), told) == (250, [])


def test_no_more_is_asked_for_than_is_wanted() -> None:
    with ScriptedServer(page(number(1), number(2), total=2)) as server:
        with server.client(auth="basic") as client:
            nt.active_numbers(client, limit=2, progress=False)

        assert "pageSize=2&" in f"{server.requests[0].query}&"


@pytest.mark.parametrize(
    ("kind", "left"), [("END", ["+13075550042"]), ("CONTAINS", ["+13075550042", "+13075554200"])]
)
def test_numbers_that_do_not_match_as_asked_are_left_out_with_a_warning(kind: str, left: list[str]) -> None:
    answer = page(number(42), number(4200), number(1111))

    frame, told = scripted(answer, pattern="42", search_pattern=kind)

    assert frame["phone_number"].to_list() == left
    assert told == [errors.IncompleteDataWarning]
