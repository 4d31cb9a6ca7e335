"""Every operation as the contract spells it; arguments refused before anything is sent."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest

import numbers_toolkit as nt
from leaks import everything_shown
from numbers_toolkit import errors
from scripted_server import PROJECT, FakeClock, Reply, ScriptedServer, number, page

N = "+13075550142"
BASE = f"/v1/projects/{PROJECT}"
SECRET = "sandbox-Secret-0123456789-abcdefgh"

#: call, method, path, query in order, body. Written out by hand from the description of the operations.
OPERATIONS: dict[str, tuple[Any, str, str, list[tuple[str, str]], Any]] = {
    "1 regions": (
        lambda c: c.list_available_regions(["mobile", "LOCAL"]),
        "GET",
        "/availableRegions",
        [("types", "MOBILE"), ("types", "LOCAL")],
        None,
    ),
    "1 all regions": (lambda c: c.list_available_regions(), "GET", "/availableRegions", [], None),
    "2 search": (
        lambda c: c.search_available_numbers(
            "us", "LOCAL", capabilities=["SMS", "VOICE"], pattern="+1307", search_pattern="START", size=5
        ),
        "GET",
        "/availableNumbers",
        [
            ("regionCode", "US"),
            ("type", "LOCAL"),
            ("numberPattern.pattern", "+1307"),
            ("numberPattern.searchPattern", "START"),
            ("capabilities", "SMS"),
            ("capabilities", "VOICE"),
            ("size", "5"),
        ],
        None,
    ),
    "2 search, defaults sent": (
        lambda c: c.search_available_numbers("SE", "MOBILE"),
        "GET",
        "/availableNumbers",
        [("regionCode", "SE"), ("type", "MOBILE"), ("size", "100")],
        None,
    ),
    "3 check": (
        lambda c: c.get_available_number("+1 307 555 0142"),
        "GET",
        f"/availableNumbers/{N}",
        [],
        None,
    ),
    "4 rent": (lambda c: c.rent_number(N), "POST", f"/availableNumbers/{N}:rent", [], {}),
    "4 rent, configured": (
        lambda c: c.rent_number(
            N, service_plan_id="plan", campaign_id="camp", voice_id="app", callback_url="https://x"
        ),
        "POST",
        f"/availableNumbers/{N}:rent",
        [],
        {
            "smsConfiguration": {"servicePlanId": "plan", "campaignId": "camp"},
            "voiceConfiguration": {"type": "RTC", "appId": "app"},
            "callbackUrl": "https://x",
        },
    ),
    "5 rent any": (
        lambda c: c.rent_any_number("US", "LOCAL", capabilities="SMS", pattern="307", service_plan_id="plan"),
        "POST",
        "/availableNumbers:rentAny",
        [],
        {
            "regionCode": "US",
            "type": "LOCAL",
            "numberPattern": {"pattern": "307", "searchPattern": "CONTAINS"},
            "capabilities": ["SMS"],
            "smsConfiguration": {"servicePlanId": "plan"},
        },
    ),
    "5 rent any, bare": (
        lambda c: c.rent_any_number("US", "LOCAL"),
        "POST",
        "/availableNumbers:rentAny",
        [],
        {"regionCode": "US", "type": "LOCAL"},
    ),
    "6 list": (
        lambda c: list(
            c.list_active_numbers(
                region_code="US",
                number_type="LOCAL",
                capabilities=["SMS", "VOICE"],
                pattern="0142",
                search_pattern="END",
                order_by="display_name",
                page_size=2,
            )
        ),
        "GET",
        "/activeNumbers",
        [
            ("regionCode", "US"),
            ("type", "LOCAL"),
            ("numberPattern.pattern", "0142"),
            ("numberPattern.searchPattern", "END"),
            ("capability", "SMS"),
            ("capability", "VOICE"),
            ("pageSize", "2"),
            ("orderBy", "displayName"),
        ],
        None,
    ),
    "6 one page": (
        lambda c: c.active_numbers_page(page_token="a+b/c=", order_by=None),
        "GET",
        "/activeNumbers",
        [("pageSize", "1000"), ("pageToken", "a+b/c=")],
        None,
    ),
    "7 get": (lambda c: c.get_active_number(N), "GET", f"/activeNumbers/{N}", [], None),
    "8 update": (
        lambda c: c.update_active_number(N, display_name="Fröñt 📞", callback_url=""),
        "PATCH",
        f"/activeNumbers/{N}",
        [],
        {"displayName": "Fröñt 📞", "callbackUrl": ""},
    ),
    "8 unlink": (
        lambda c: c.update_active_number(N, service_plan_id="", campaign_id=""),
        "PATCH",
        f"/activeNumbers/{N}",
        [],
        {"smsConfiguration": {"servicePlanId": "", "campaignId": ""}},
    ),
    "8 trunk": (
        lambda c: c.update_active_number(N, voice_type="est", voice_id="trunk"),
        "PATCH",
        f"/activeNumbers/{N}",
        [],
        {"voiceConfiguration": {"type": "EST", "trunkId": "trunk"}},
    ),
    "8 fax": (
        lambda c: c.update_active_number(N, voice_type="FAX", voice_id="service"),
        "PATCH",
        f"/activeNumbers/{N}",
        [],
        {"voiceConfiguration": {"type": "FAX", "serviceId": "service"}},
    ),
    "9 release": (lambda c: c.release_number(N), "POST", f"/activeNumbers/{N}:release", [], None),
    "10 read secret": (lambda c: c.get_callback_configuration(), "GET", "/callbackConfiguration", [], None),
    "11 set secret": (
        lambda c: c.set_callback_secret(SECRET),
        "PATCH",
        "/callbackConfiguration",
        [],
        {"hmacSecret": SECRET},
    ),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_is_sent_as_the_contract_spells_it(name: str) -> None:
    call, method, path, query, body = OPERATIONS[name]
    with ScriptedServer(Reply(body={})) as server, server.client(auth="basic") as client:
        call(client)

        (request,) = server.requests
    assert (request.method, request.path) == (method, BASE + path)
    assert parse_qsl(request.query, keep_blank_values=True) == query
    assert (json.loads(request.body) if request.body else None) == body
    assert ("content-type" in request.headers) is (body is not None)


REFUSED: dict[str, Any] = {
    "region": lambda c: c.search_available_numbers("USA", "LOCAL"),
    "type": lambda c: c.search_available_numbers("US", "FIXED"),
    "types": lambda c: c.list_available_regions("FIXED"),
    "capability": lambda c: c.search_available_numbers("US", "LOCAL", capabilities="MMS"),
    "size": lambda c: c.search_available_numbers("US", "LOCAL", size=0),
    "start": lambda c: c.search_available_numbers("US", "LOCAL", pattern="307", search_pattern="START"),
    "search pattern": lambda c: c.search_available_numbers("US", "LOCAL", search_pattern="x"),
    "check": lambda c: c.get_available_number("13075550142"),
    "rent": lambda c: c.rent_number(13075550142),
    "rent campaign alone": lambda c: c.rent_number(N, campaign_id="camp"),
    "rent voice type alone": lambda c: c.rent_number(N, voice_type="EST"),
    "rent voice type": lambda c: c.rent_number(N, voice_type="SIP", voice_id="x"),
    "rent voice type no text": lambda c: c.rent_number(N, voice_type=5, voice_id="x"),
    "rent plan no text": lambda c: c.rent_number(N, service_plan_id=5),
    "rent any region": lambda c: c.rent_any_number("USA", "LOCAL"),
    "rent any campaign": lambda c: c.rent_any_number("US", "LOCAL", campaign_id="camp"),
    "rent any pattern": lambda c: c.rent_any_number("US", "LOCAL", pattern="x"),
    "list order": lambda c: list(c.list_active_numbers(order_by="price")),
    "list page size": lambda c: list(c.list_active_numbers(page_size=True)),
    "list region": lambda c: c.active_numbers_page(region_code="U"),
    "get": lambda c: c.get_active_number("+1/../x"),
    "update nothing": lambda c: c.update_active_number(N),
    "update name no text": lambda c: c.update_active_number(N, display_name=7),
    "update half a character": lambda c: c.update_active_number(N, display_name="a\ud800b"),
    "update voice type alone": lambda c: c.update_active_number(N, voice_type="FAX"),
    "release": lambda c: c.release_number("0142"),
    "secret short": lambda c: c.set_callback_secret("short"),
    "secret long": lambda c: c.set_callback_secret("x" * 65),
    "secret odd": lambda c: c.set_callback_secret("x" * 31 + "_"),
    "secret newline": lambda c: c.set_callback_secret("x" * 32 + "\n"),
    "secret none": lambda c: c.set_callback_secret(None),
}


@pytest.mark.parametrize("name", REFUSED)
def test_wrong_argument_is_refused_before_anything_is_sent(name: str) -> None:
    with ScriptedServer() as server, server.client() as client:
        with pytest.raises(errors.InvalidInputError):
            REFUSED[name](client)

        assert server.requests == server.token_requests == []


def test_unknown_fields_are_kept_in_plain_answers() -> None:
    odd = number(1, futureField={"nested": [1, None]}, type="SHORT_CODE")
    with ScriptedServer(Reply(body=odd)) as server, server.client() as client:
        assert client.get_active_number(N) == odd


def test_callback_secret_is_usable_but_does_not_show() -> None:
    stored = {"projectId": PROJECT, "hmacSecret": SECRET}
    with ScriptedServer(Reply(body=stored)) as server, server.client() as client:
        for answer in (client.get_callback_configuration(), client.set_callback_secret(SECRET)):
            assert answer == stored
            assert SECRET not in repr(answer)


@pytest.mark.parametrize("value", [None, "absent"])
def test_callback_secret_that_is_unset_is_no_text(value: Any) -> None:
    stored = {"projectId": PROJECT, **({} if value == "absent" else {"hmacSecret": value})}
    with ScriptedServer(Reply(body=stored)) as server, server.client() as client:
        assert client.get_callback_configuration() == stored


@pytest.mark.parametrize(
    "reply", [Reply(500, {}), Reply(raw=b""), Reply(body=f'{{"hmacSecret": "{SECRET}", '.encode())]
)
def test_callback_secret_does_not_show_in_failures(reply: Reply) -> None:
    with ScriptedServer(reply) as server, server.client() as client:
        with pytest.raises(nt.NumbersToolkitError) as written:
            client.set_callback_secret(SECRET)
        with pytest.raises(nt.NumbersToolkitError) as read:
            client.get_callback_configuration()

    assert SECRET not in everything_shown(written.value) + everything_shown(read.value)


def test_refused_callback_secret_does_not_show() -> None:
    wrong = "not allowed, but secret"
    with (
        ScriptedServer() as server,
        server.client() as client,
        pytest.raises(errors.InvalidInputError) as caught,
    ):
        client.set_callback_secret(wrong)

    assert wrong not in everything_shown(caught.value)


def test_client_loads_without_pandas() -> None:
    heavy = ("pandas", "numpy", "pyarrow")
    code = f"import sys, numbers_toolkit.connection; print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_time_of_the_api_is_that_of_its_last_good_answer() -> None:
    second = Reply(
        raw=b"HTTP/1.1 200 OK\r\ndate: Mon, 02 Mar 2026 09:15:27 GMT\r\ncontent-length: 2\r\n\r\n{}"
    )
    undated = Reply(raw=b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
    with ScriptedServer(undated, second, undated) as server, server.client(auth="basic") as client:
        told = [client.server_time]
        for _ in range(3):
            client.get_active_number(N)
            told.append(client.server_time)

    then = datetime(2026, 3, 2, 9, 15, 27, tzinfo=UTC)
    assert told == [None, None, then, then]


def test_clock_is_the_one_that_was_given() -> None:
    clock = FakeClock()
    with ScriptedServer() as server, server.client(clock=clock) as client:
        assert client.clock is clock


def test_list_follows_pages_lazily() -> None:
    replies = (page(number(1), token="a"), page(token="b"), page(number(2), token=None))
    with ScriptedServer(*replies) as server, server.client() as client:
        numbers = client.list_active_numbers(page_size=1)
        assert server.requests == []
        assert next(numbers)["phoneNumber"] == "+13075550001"
        assert len(server.requests) == 1
        assert [one["phoneNumber"] for one in numbers] == ["+13075550002"]

        tokens = [dict(parse_qsl(one.query)).get("pageToken") for one in server.requests]
        assert tokens == [None, "a", "b"]
        assert all(dict(parse_qsl(one.query))["pageSize"] == "1" for one in server.requests)


def test_list_refuses_a_repeated_token() -> None:
    with ScriptedServer(page(number(1), token="a")) as server, server.client() as client:
        with pytest.raises(errors.PaginationError):
            list(client.list_active_numbers())

        assert len(server.requests) == 2


def test_list_refuses_empty_pages_without_end() -> None:
    tokens = [page(token=f"t{index}") for index in range(300)]
    with ScriptedServer(*tokens) as server, server.client() as client:
        with pytest.raises(errors.PaginationError):
            list(client.list_active_numbers())

        assert len(server.requests) <= 102


@pytest.mark.parametrize(
    "body",
    [
        {"activeNumbers": {}},
        {"activeNumbers": 0},
        {"activeNumbers": ""},
        {"activeNumbers": [1]},
        {"message": "hi"},
    ],
)
def test_list_that_holds_no_list_is_refused(body: Any) -> None:
    with (
        ScriptedServer(Reply(body=body)) as server,
        server.client() as client,
        pytest.raises(errors.ResponseFormatError),
    ):
        list(client.list_active_numbers())


@pytest.mark.parametrize("body", [{}, {"availableRegions": None}, {"availableRegions": []}])
def test_unset_list_is_empty(body: Any) -> None:
    with ScriptedServer(Reply(body=body)) as server, server.client() as client:
        assert client.list_available_regions() == []


def test_source_says_where_data_comes_from(sandbox: nt.Sandbox) -> None:
    with ScriptedServer() as server, server.client() as other:
        assert other.source == f"server {server.url.removeprefix('http://')}"
    with nt.connect("p", "k", "s") as real:
        assert real.source == "production"
        assert "production" in repr(real)
    with nt.connect(sandbox=sandbox) as mine:
        assert mine.source == "sandbox"
