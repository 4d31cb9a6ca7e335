"""Numbers on offer: all of them when asked for, and never "all" when that is not known."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest

import numbers_toolkit as nt
from numbers_toolkit import errors
from numbers_toolkit.sandbox import Sandbox
from scripted_server import Reply, ScriptedServer


def offer(phone_number: str, **fields: Any) -> dict[str, Any]:
    money = {"currencyCode": "USD", "amount": "0.60"}
    return {
        "phoneNumber": phone_number,
        "regionCode": "US",
        "type": "LOCAL",
        "capability": ["SMS", "VOICE"],
        "setupPrice": money,
        "monthlyPrice": money,
        "paymentIntervalMonths": 1,
        "supportingDocumentationRequired": False,
        **fields,
    }


#: Crowded where it hurts: hundreds behind one long prefix, the rest scattered.
STOCK = [offer(f"+1307555{index:04d}") for index in range(260)] + [
    offer(f"+1{area}555{index:04d}") for area in (212, 305, 907) for index in range(0, 9999, 999)
]


def selling(stock: list[dict[str, Any]], cap: int, **options: Any) -> Sandbox:
    return Sandbox(
        active=0,
        available_numbers=stock,
        clock="manual",
        default_page_size=min(10, cap),
        maximum_page_size=cap,
        **options,
    )


def search(sandbox: Sandbox, *arguments: Any, **options: Any) -> tuple[Any, list[str]]:
    with sandbox.connect() as client, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frame = nt.available_numbers(client, *arguments, progress=False, **options)
    assert {one.filename for one in caught} <= {__file__}
    return frame, [str(one.message) for one in caught if one.category is errors.IncompleteDataWarning]


def searches(sandbox: Sandbox) -> int:
    return sum(1 for one in sandbox.requests if one.operation == "search_available")


@pytest.mark.parametrize("cap", [10, 25, 30, 64, 100, 1000])
@pytest.mark.parametrize(
    ("pattern", "kind", "wanted"),
    [
        (None, "CONTAINS", lambda _: True),
        ("+1307", "START", lambda text: text.startswith("+1307")),
        ("55501", "CONTAINS", lambda text: "55501" in text),
        ("7", "END", lambda text: text.endswith("7")),
        ("+13075550000", "START", lambda text: text == "+13075550000"),
        ("999999", "CONTAINS", lambda text: "999999" in text),
    ],
)
def test_fan_out_finds_all_there_is(cap: int, pattern: str | None, kind: str, wanted: Any) -> None:
    with selling(STOCK, cap) as sandbox:
        frame, told = search(
            sandbox, "US", "LOCAL", pattern=pattern, search_pattern=kind, fan_out=True, max_requests=2000
        )

    assert frame["phone_number"].tolist() == sorted(
        one["phoneNumber"] for one in STOCK if wanted(one["phoneNumber"])
    )
    assert (frame.attrs["complete"], told) == (True, [])


@pytest.mark.parametrize("codes", [("+47", "+4779"), ("+44", "+1"), ("+358", "+37", "+7")])
def test_fan_out_finds_calling_codes_that_the_first_page_does_not_show(codes: tuple[str, ...]) -> None:
    stock = [offer(f"{code}{index:07d}") for index in range(100, 140) for code in codes]
    with selling(stock, 30) as sandbox:
        frame, _ = search(sandbox, "US", "LOCAL", fan_out=True)

    assert len(frame) == len(stock)


@pytest.mark.parametrize("cap", [10, 25, 30, 100])
def test_full_page_is_at_least(cap: int) -> None:
    with selling(STOCK, cap) as sandbox:
        frame, told = search(sandbox, "US", "LOCAL")

    assert len(frame) == cap
    assert frame.attrs["complete"] is False
    assert frame.attrs["searches"] == [
        {"region_code": "US", "number_type": "LOCAL", "numbers": cap, "complete": False}
    ]
    assert f"US LOCAL (at least {cap})" in told[0]


def test_page_that_is_not_full_is_all() -> None:
    with selling(STOCK[:73], 100) as sandbox:
        frame, told = search(sandbox, "US", "LOCAL")

    assert (len(frame), frame.attrs["complete"], told) == (73, True, [])


def test_size_is_a_choice_and_warns_only_when_it_is_not_met() -> None:
    with selling(STOCK, 100) as sandbox:
        few, silent = search(sandbox, "US", "LOCAL", size=5)
        many, told = search(sandbox, "US", "LOCAL", size=5000)

    assert (len(few), few.attrs["complete"], silent) == (5, False, [])
    assert (len(many), many.attrs["complete"]) == (100, False)
    assert "at least 100" in told[0]


def test_size_bounds_the_fan_out() -> None:
    with selling(STOCK, 30) as sandbox:
        frame, told = search(sandbox, "US", "LOCAL", size=40, fan_out=True)

        assert searches(sandbox) < 40
    assert (len(frame), frame.attrs["complete"], told) == (40, False, [])


def test_prefixes_without_numbers_cost_little() -> None:
    with selling(STOCK, 100) as sandbox:
        search(sandbox, "US", "LOCAL", fan_out=True)

        # One look, nine first digits, ten below each of the eight full prefixes from +1 to +13075550, and
        # ten below each of the two hundreds that are full.
        assert searches(sandbox) == 1 + 9 + 80 + 20


@pytest.mark.parametrize("bound", [1, 2, 7])
def test_requests_are_bounded_and_the_rest_is_warned_of(bound: int) -> None:
    with selling(STOCK, 10) as sandbox:
        frame, told = search(sandbox, "US", "LOCAL", fan_out=True, max_requests=bound)

        assert searches(sandbox) == bound
    assert frame.attrs["complete"] is False
    assert [one["complete"] for one in frame.attrs["searches"]] == [False]
    assert "raise max_requests" in told[0]


def test_none_means_every_type_the_region_offers() -> None:
    with Sandbox(active=0, available=3000, clock="manual") as sandbox:
        frame, _ = search(sandbox, ["GB", "SE"])

        kinds = {(one["region_code"], one["number_type"]) for one in frame.attrs["searches"]}
    assert kinds == {
        ("GB", "MOBILE"),
        ("GB", "LOCAL"),
        ("GB", "TOLL_FREE"),
        ("SE", "MOBILE"),
        ("SE", "LOCAL"),
    }
    order = list(dict.fromkeys(zip(frame["region_code"], frame["number_type"], strict=True)))
    assert [region for region, _ in order] == sorted(region for region, _ in order)
    assert frame["number_type"].cat.categories.tolist() == ["MOBILE", "LOCAL", "TOLL_FREE"]


def test_several_regions_and_types_are_all_searched() -> None:
    with Sandbox(active=0, available=3000, clock="manual") as sandbox:
        frame, _ = search(sandbox, ["us", "CA"], ["LOCAL", "TOLL_FREE"], size=4, capabilities="VOICE")

    found = frame.groupby(["region_code", "number_type"], observed=True).size()
    assert {pair: int(count) for pair, count in found.items()} == {
        ("US", "LOCAL"): 4,
        ("US", "TOLL_FREE"): 4,
        ("CA", "LOCAL"): 4,
        ("CA", "TOLL_FREE"): 4,
    }
    assert frame["has_voice"].all()


def test_region_without_offers_is_named() -> None:
    refused = pytest.raises(errors.InvalidInputError, match="No numbers are on offer in XK")
    with selling(STOCK, 100) as sandbox, sandbox.connect() as client, refused:
        nt.available_numbers(client, ["US", "XK"])


def test_type_without_offers_is_an_empty_table() -> None:
    with selling(STOCK, 100) as sandbox:
        frame, told = search(sandbox, "US", "MOBILE")

    assert frame.dtypes.equals(nt.tables.AVAILABLE_NUMBERS.empty().dtypes)
    assert (len(frame), frame.attrs["complete"], told) == (0, True, [])


def test_unknown_type_on_offer_is_skipped_and_warned_of() -> None:
    regions = Reply(body={"availableRegions": [{"regionCode": "US", "types": ["LOCAL", "SHORT_CODE"]}]})
    told = pytest.warns(errors.UnknownValueWarning, match="SHORT_CODE")
    nothing = Reply(body={"availableNumbers": []})
    with ScriptedServer(regions, nothing) as server, server.client() as client, told as caught:
        nt.available_numbers(client, "US")

    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    "call",
    [
        {"region_code": []},
        {"region_code": "USA"},
        {"region_code": "US", "size": 0},
        {"region_code": "US", "max_requests": 0},
        {"region_code": "US", "pattern": "x"},
    ],
)
def test_wrong_argument_is_refused_before_anything_is_sent(call: dict[str, Any]) -> None:
    with ScriptedServer() as server, server.client() as client:
        with pytest.raises(errors.InvalidInputError):
            nt.available_numbers(client, **call)

        assert server.requests == []


def test_numbers_that_are_none_do_not_stop_the_search() -> None:
    odd = {"availableNumbers": [offer(f"odd {index}") for index in range(100)]}
    with (
        ScriptedServer(Reply(body=odd), Reply(body={"availableNumbers": []})) as server,
        server.client() as client,
    ):
        frame = nt.available_numbers(client, "US", "LOCAL", fan_out=True)

    assert len(frame) == 100


def test_fields_that_are_new_are_kept_and_told_of() -> None:
    answer = {"availableNumbers": [offer("+13075550142", colour="red")], "hint": 1}
    told = pytest.warns(errors.UnknownValueWarning, match=r"'colour' .*unknown field 'hint' beside the list")
    with ScriptedServer(Reply(body=answer)) as server, server.client() as client, told:
        frame = nt.available_numbers(client, "US", "LOCAL", progress=False)
    assert [json.loads(one) for one in frame["other_fields"]] == [{"colour": "red"}]


def test_progress_counts_over_all_searches() -> None:
    told: list[int] = []
    with Sandbox(active=0, available=2000, clock="manual") as sandbox, sandbox.connect() as client:
        frame = nt.available_numbers(
            client, ["GB", "US"], size=3, progress=lambda done, _total: told.append(done)
        )

    assert told == sorted(told)
    assert told[-1] == len(frame)


def test_provenance_survives_every_format() -> None:
    with selling(STOCK, 100) as sandbox:
        frame, _ = search(sandbox, "US", "LOCAL", pattern="555", size=3)

    assert json.loads(json.dumps(frame.attrs)) == frame.attrs
    assert frame.attrs["filters"]["pattern"] == "555"


def test_a_search_says_when_it_was_made_and_how_to_see_more() -> None:
    with selling(STOCK, 10) as sandbox:
        frame, said = search(sandbox, "US", "LOCAL", fan_out=True, max_requests=3)
    assert frame.attrs["fetched_at"] is not None
    assert len(said) == 1
    assert said[0].endswith("; raise max_requests.")


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({"pattern": "42", "search_pattern": "END"}, ["+13075550042"]),
        ({"pattern": "42"}, ["+13075550042", "+13075554200"]),
        ({"capabilities": "VOICE"}, ["+13075550042", "+13075554200"]),
    ],
)
def test_numbers_that_do_not_match_what_was_asked_for_are_left_out_and_told_of(asked: Any, left: Any) -> None:
    stock = [
        offer("+13075550042"),
        offer("+13075554200"),
        offer("+13075551111", capability=["SMS"]),
    ]
    with (
        ScriptedServer(Reply(body={"availableNumbers": stock})) as server,
        server.client() as client,
        pytest.warns(errors.IncompleteDataWarning, match="don't match what was asked for"),
    ):
        frame = nt.available_numbers(client, "US", "LOCAL", progress=False, **asked)
    assert frame["phone_number"].to_list() == left
    assert [one["numbers"] for one in frame.attrs["searches"]] == [len(left)]


def test_what_does_not_match_takes_no_place_of_those_that_were_wanted() -> None:
    stock = [offer("+13075550001"), offer("+13075550042"), offer("+13075550142")]
    with (
        ScriptedServer(Reply(body={"availableNumbers": stock})) as server,
        server.client() as client,
        pytest.warns(errors.IncompleteDataWarning, match="1 numbers that don't match what was asked for"),
    ):
        frame = nt.available_numbers(
            client, "US", "LOCAL", pattern="42", search_pattern="END", size=2, progress=False
        )
    assert frame["phone_number"].to_list() == ["+13075550042", "+13075550142"]
    assert [one["numbers"] for one in frame.attrs["searches"]] == [2]
