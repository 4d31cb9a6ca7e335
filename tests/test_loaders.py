"""What users call: filters, provenance, several regions at once, and documentation that is true."""

from __future__ import annotations

import inspect
import json
import re
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pandas.testing as pt
import pytest

import numbers_toolkit as nt
from numbers_toolkit import errors, loaders, tables
from numbers_toolkit.sandbox import Sandbox
from scripted_server import Reply, ScriptedServer, number, page

DOCUMENTED = [
    (loaders.active_numbers, tables.ACTIVE_NUMBERS),
    (loaders.available_numbers, tables.AVAILABLE_NUMBERS),
    (loaders.available_regions, tables.AVAILABLE_REGIONS),
]


@pytest.mark.parametrize(("loader", "table"), DOCUMENTED, ids=lambda one: getattr(one, "__name__", ""))
def test_docstring_lists_the_columns_of_the_table(loader: Any, table: tables.Table) -> None:
    text = " ".join((inspect.getdoc(loader) or "").split())
    expected = [" ".join(line.split()) for line in table.describe().splitlines()]

    listed = re.findall(r"(?<=- )``\w+`` : .*?(?= - ``|(?<=[a-z0-9_')]) A last column| Raises| Notes)", text)
    assert listed == expected


@pytest.fixture(scope="module")
def world() -> Any:
    with Sandbox(active=400, available=0, clock="manual", maximum_page_size=100) as sandbox:
        with sandbox.connect() as client:
            yield sandbox, client, nt.active_numbers(client, progress=False)
        assert not sandbox.internal_errors


@pytest.mark.parametrize(
    ("filters", "keep"),
    [
        ({"region_code": "us"}, lambda f: f["region_code"] == "US"),
        ({"region_code": ["SE", "US", "se"]}, lambda f: f["region_code"].isin(["SE", "US"])),
        ({"number_type": ["MOBILE", "TOLL_FREE"]}, lambda f: f["number_type"].isin(["MOBILE", "TOLL_FREE"])),
        (
            {"region_code": ["GB", "NA"], "number_type": ["LOCAL", "MOBILE"]},
            lambda f: f["region_code"].isin(["GB", "NA"]) & f["number_type"].isin(["LOCAL", "MOBILE"]),
        ),
        ({"capabilities": ["SMS", "VOICE"]}, lambda f: f["has_sms"] & f["has_voice"]),
        ({"pattern": "+44", "search_pattern": "start"}, lambda f: f["phone_number"].str.startswith("+44")),
        ({"pattern": "7", "search_pattern": "END"}, lambda f: f["phone_number"].str.endswith("7")),
        ({"region_code": "XK"}, lambda f: f["region_code"] == "XK"),
    ],
    ids=lambda one: str(one) if isinstance(one, dict) else "",
)
def test_filter_keeps_exactly_what_fits(filters: dict[str, Any], keep: Any, world: Any) -> None:
    _, client, everything = world
    expected = everything[keep(everything)]

    frame = nt.active_numbers(client, progress=False, **filters)

    assert sorted(frame["phone_number"]) == sorted(expected["phone_number"])
    assert frame.attrs["complete"] is True
    assert frame.attrs["total_size"] == len(expected)
    pt.assert_frame_equal(by_number(frame), by_number(expected), check_categorical=False)
    assert list(frame.columns) == list(tables.ACTIVE_NUMBERS.names)


def by_number(frame: pd.DataFrame) -> pd.DataFrame:
    plain = frame.astype(
        {name: "str" for name in frame if isinstance(frame[name].dtype, pd.CategoricalDtype)}
    )
    return plain.sort_values("phone_number", ignore_index=True)


def test_several_regions_come_in_the_order_asked_for(world: Any) -> None:
    _, client, _ = world

    frame = nt.active_numbers(client, region_code=["SE", "GB"], progress=False)

    assert list(dict.fromkeys(frame["region_code"])) == ["SE", "GB"]
    assert frame["region_code"].cat.categories.tolist() == ["GB", "SE"]
    assert frame["sms_state"].cat.categories.tolist()[:5] == list(nt.vocabulary.PROVISIONING_STATES)
    assert str(frame["price"].dtype) == "decimal128(18, 6)[pyarrow]"


def test_provenance_is_complete_and_plain(world: Any) -> None:
    sandbox, _client, frame = world

    assert frame.attrs == {
        "source": "sandbox",
        "project_id": sandbox.project_id,
        "fetched_at": sandbox.now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "total_size": 400,
        "complete": True,
        "filters": {},
    }
    assert json.loads(json.dumps(frame.attrs)) == frame.attrs


def test_numbers_of_numpy_do_not_end_up_in_the_provenance(world: Any, tmp_path: Any) -> None:
    _, client, _ = world

    frame = nt.active_numbers(
        client, limit=np.int64(3), page_size=np.int32(2), region_code=np.array(["US"]), progress=False
    )
    frame.to_parquet(tmp_path / "a.parquet")

    assert json.loads(json.dumps(frame.attrs))["complete"] is False


@pytest.mark.parametrize(
    "wrong",
    [
        {"region_code": "USA"},
        {"number_type": "FIXED"},
        {"capabilities": "MMS"},
        {"pattern": "x"},
        {"search_pattern": "x"},
        {"page_size": 0},
        {"limit": 0},
        {"limit": True},
        {"region_code": float("nan")},
    ],
    ids=str,
)
def test_wrong_argument_is_refused_before_anything_is_sent(wrong: dict[str, Any]) -> None:
    with ScriptedServer() as server, server.client() as client:
        with pytest.raises(errors.InvalidInputError):
            nt.active_numbers(client, **wrong)

        assert server.requests == server.token_requests == []


@pytest.mark.parametrize("name", ["limit", "page_size"])
def test_count_that_is_none_is_named(name: str) -> None:
    with ScriptedServer() as server, server.client() as client:
        with pytest.raises(errors.InvalidInputError, match=rf"^{name} 0\b"):
            nt.active_numbers(client, **{name: 0})
        assert server.requests == server.token_requests == []


def test_limit_counts_over_all_regions(world: Any) -> None:
    _, client, everything = world
    swedish = int((everything["region_code"] == "SE").sum())

    frame = nt.active_numbers(client, region_code=["SE", "US"], limit=swedish + 2, progress=False)

    assert frame["region_code"].tolist() == ["SE"] * swedish + ["US"] * 2
    assert frame.attrs["complete"] is False


def test_limit_that_leaves_a_region_unread_is_not_complete() -> None:
    with ScriptedServer(page(number(1)), page(number(2))) as server, server.client() as client:
        frame = nt.active_numbers(client, region_code=["US", "CA"], limit=1)

        assert len(server.requests) == 1
    assert (len(frame), frame.attrs["complete"], frame.attrs["total_size"]) == (1, False, None)


def test_server_that_ignores_a_filter_does_not_double_the_inventory() -> None:
    same = page(number(1), number(2))
    told = pytest.warns(errors.DuplicateNumberWarning, match="2 numbers came for two regions")
    with ScriptedServer(same) as server, server.client() as client, told:
        frame = nt.active_numbers(client, region_code=["US", "CA"])

    assert frame["phone_number"].tolist() == ["+13075550001", "+13075550002"]


def test_contradiction_between_regions_raises() -> None:
    replies = (page(number(1)), page(number(1, regionCode="CA")))
    refused = pytest.raises(errors.IncompleteInventoryError, match="different content")
    with ScriptedServer(*replies) as server, server.client() as client, refused:
        nt.active_numbers(client, region_code=["US", "CA"])


def test_odd_parts_of_several_regions_join_without_losing_dtypes() -> None:
    wide = number(1, money={"currencyCode": "USD", "amount": "0.123456789"}, paymentIntervalMonths=400)
    odd = number(
        2,
        money={"currencyCode": "EUR", "amount": "1234567890123.5"},
        paymentIntervalMonths=1,
        new="x",
        type="SHORT_CODE",
    )
    with (
        ScriptedServer(page(wide), page(odd)) as server,
        server.client() as client,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore", errors.UnknownValueWarning)
        frame = nt.active_numbers(client, region_code=["US", "CA"])

    assert [str(one) for one in frame["price"]] == ["0.123456789", "1234567890123.500000000"]
    assert str(frame["price"].dtype) == "decimal128(38, 9)[pyarrow]"
    assert frame["payment_interval_months"].tolist() == [400, 1]
    assert frame["other_fields"].dtype == tables.TEXT_DTYPE
    assert frame["other_fields"].tolist()[1] == '{"new":"x"}'
    assert pd.isna(frame["other_fields"].iloc[0])
    assert frame["number_type"].cat.categories.tolist() == ["MOBILE", "LOCAL", "TOLL_FREE", "SHORT_CODE"]


def test_every_odd_value_of_the_sandbox_is_loaded(tmp_path: Any) -> None:
    with Sandbox(active=90, available=90, clock="manual") as sandbox, sandbox.connect() as client:
        sandbox.faults.add("odd_values")
        with pytest.warns(errors.UnknownValueWarning):
            frame = nt.active_numbers(client, progress=False)
        with pytest.warns(errors.UnknownValueWarning):
            offers = nt.available_numbers(client, "US", "LOCAL", size=20, progress=False)

    assert len(frame) == 90
    tables.ACTIVE_NUMBERS.require(frame)
    tables.AVAILABLE_NUMBERS.require(offers)
    assert frame["other_fields"].notna().any()
    pt.assert_frame_equal(nt.read_csv(nt.to_csv(frame, tmp_path / "a.csv")), frame)


def test_regions_are_filtered_by_row_and_labelled() -> None:
    with Sandbox(active=0, available=2000, clock="manual") as sandbox, sandbox.connect() as client:
        everything = nt.available_regions(client)
        local = nt.available_regions(client, number_types=["local"])

    assert set(local["number_type"]) == {"LOCAL"}
    assert "NA" in set(everything["region_code"])
    assert local.attrs["source"] == "sandbox"
    assert len(local) == local.attrs["total_size"] == int((everything["number_type"] == "LOCAL").sum())
    assert str(everything["region_code"].dtype) == "category"


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({"region_code": "US"}, ["+13075550001", "+13075550002"]),
        ({"number_type": "MOBILE"}, ["+46701740605"]),
        ({"capabilities": "SMS"}, ["+13075550001"]),
        ({"pattern": "+46", "search_pattern": "START"}, ["+46701740605"]),
        ({"pattern": "0002", "search_pattern": "END"}, ["+13075550002"]),
        ({"pattern": "5550"}, ["+13075550001", "+13075550002"]),
    ],
)
def test_numbers_that_a_server_should_have_left_out_are_left_out_and_told_of(filters: Any, left: Any) -> None:
    numbers = [
        {"phoneNumber": "+13075550001", "regionCode": "US", "type": "LOCAL", "capability": ["SMS"]},
        {"phoneNumber": "+13075550002", "regionCode": "US", "type": "LOCAL", "capability": ["VOICE"]},
        {"phoneNumber": "+46701740605", "regionCode": "SE", "type": "MOBILE", "capability": []},
    ]
    body = {"activeNumbers": numbers, "nextPageToken": "", "totalSize": 3}
    with (
        ScriptedServer(Reply(body=body)) as server,
        server.client(auth="basic") as client,
        pytest.warns(errors.IncompleteDataWarning, match="don't match what was asked for"),
    ):
        frame = nt.active_numbers(client, progress=False, **filters)
    assert frame["phone_number"].to_list() == left


@pytest.mark.parametrize("name", ["region_code", "number_type"])
def test_empty_choice_is_not_taken_for_all(name: str) -> None:
    with (
        ScriptedServer() as server,
        server.client(auth="basic") as client,
        pytest.raises(errors.InvalidInputError, match=f"{name} is empty"),
    ):
        nt.active_numbers(client, progress=False, **{name: []})
    assert not server.requests
