"""Envelopes of lists: what is a page, what is none, and what stands beside the items."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numbers_toolkit import decoding, flattening
from numbers_toolkit.errors import NumbersToolkitError, ResponseFormatError

CONTRACT = flattening.ACTIVE_NUMBERS.contract
ONE = {"phoneNumber": "+13075550142"}


def decode(body: Any) -> decoding.Pages:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return decoding.decode_pages([raw], CONTRACT, path="/v1/x")


def end_of(body: Any) -> decoding.PageEnd:
    (end,) = decode(body).ends
    return end


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><title>x</title></html>",
        b'{"activeNumbers": [',
        b'{"activeNumbers": []} {"activeNumbers": []}',
        b'{"activeNumbers": [{"phoneNumber": "+1", "displayName": "\xff"}]}',
        b'{"activeNumbers": [{"phoneNumber": "+1", "displayName": "a\tb"}]}',
        b'{"activeNumbers": ' + b"[" * 200_000,
        b"NaN",
        b"[]",
        b'"text"',
        b"null",
        b'{"activeNumbers": {}}',
        b'{"activeNumbers": "x"}',
        b'{"message": "hello"}',
    ],
    ids=lambda one: one[:30].decode("latin-1"),
)
def test_what_is_no_page_is_refused_with_its_path(body: bytes) -> None:
    with pytest.raises(ResponseFormatError) as caught:
        decode(body)

    assert caught.value.path == "/v1/x"
    assert "/v1/x" in str(caught.value)


@pytest.mark.parametrize("body", [{}, {"activeNumbers": None}, {"activeNumbers": []}, {"totalSize": 0}])
def test_unset_list_is_an_empty_page(body: Any) -> None:
    assert len(decode(body).items) == 0
    assert end_of(body).rows == 0


@pytest.mark.parametrize("token", [None, ""])
def test_unset_token_ends_the_list(token: Any) -> None:
    assert end_of({"activeNumbers": [ONE], "nextPageToken": token}).next_page_token == ""


@pytest.mark.parametrize(("token", "read"), [("abc", "abc"), (17, "17"), ("ünï/+=", "ünï/+=")])
def test_token_is_text(token: Any, read: str) -> None:
    assert end_of({"activeNumbers": [ONE], "nextPageToken": token}).next_page_token == read


@pytest.mark.parametrize(
    ("total", "read", "noted"),
    [(5, 5, 0), ("5", 5, 0), (5.0, 5, 0), (None, None, 0), ("many", None, 1), (-1, -1, 0)],
)
def test_total(total: Any, read: int | None, noted: int) -> None:
    pages = decode({"activeNumbers": [ONE], "totalSize": total})

    assert pages.ends[0].total_size == read
    assert len(pages.notes) == noted


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (False, "false"), (7, "7"), (0.5, "0.5"), ("x", "x"), ("", "")]
)
def test_word_that_is_no_text_is_read_as_it_is_written(value: Any, text: str) -> None:
    pages = decode({"activeNumbers": [{**ONE, "displayName": value}]})

    assert pages.items.field("displayName").to_pylist() == [text]
    assert not pages.notes


@pytest.mark.parametrize(
    ("value", "flag"),
    [(True, True), (False, False), ("true", True), ("False", False), ("", None), (None, None)],
)
def test_flag_in_any_spelling(value: Any, flag: bool | None) -> None:
    body = {"availableNumbers": [{**ONE, "supportingDocumentationRequired": value}]}
    pages = decoding.decode_pages([json.dumps(body).encode()], flattening.AVAILABLE_NUMBERS.contract)

    assert pages.items.field("supportingDocumentationRequired").to_pylist() == [flag]
    assert not pages.notes


def test_unknown_field_beside_the_list_is_noted() -> None:
    assert decode({"activeNumbers": [ONE], "mood": 1}).notes == {"unknown field 'mood' beside the list": 1}


def test_last_of_duplicate_keys_counts() -> None:
    body = b'{"activeNumbers": [{"phoneNumber": "+1", "phoneNumber": "+2"}], "totalSize": 1, "totalSize": 2}'

    assert decode(body).items.field("phoneNumber").to_pylist() == ["+2"]
    assert end_of(body).total_size == 2


@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf", b"\n \t"])
@pytest.mark.parametrize("indent", [None, 4])
def test_layout_of_the_json_makes_no_difference(prefix: bytes, indent: int | None) -> None:
    body = prefix + json.dumps({"activeNumbers": [ONE, ONE], "totalSize": 2}, indent=indent).encode() + b"\n"

    assert decode(body).items.to_pylist() == decode({"activeNumbers": [ONE, ONE]}).items.to_pylist()


def test_several_pages_keep_their_order_and_ends() -> None:
    bodies = [
        json.dumps({"activeNumbers": [ONE] * n, "nextPageToken": f"t{n}", "totalSize": n}).encode()
        for n in (2, 0, 1)
    ]

    pages = decoding.decode_pages(bodies, CONTRACT)

    assert [(end.rows, end.next_page_token, end.total_size) for end in pages.ends] == [
        (2, "t2", 2),
        (0, "t0", 0),
        (1, "t1", 1),
    ]
    assert len(pages.items) == 3


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda one: (
            st.lists(one)
            | st.dictionaries(
                st.sampled_from(["activeNumbers", "phoneNumber", "money", "nextPageToken", "totalSize", "x"]),
                one,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_decoded_or_refused(value: Any) -> None:
    try:
        pages = decode(value)
    except NumbersToolkitError:
        return
    assert len(pages.items) == len(pages.other) == sum(end.rows for end in pages.ends)


@given(st.decimals(allow_nan=False, allow_infinity=False), st.booleans())
def test_kept_numbers_keep_their_digits(value: Any, nested: bool) -> None:
    text = str(value)
    body = (
        f'{{"activeNumbers": [{{"phoneNumber": "+1", "x": {text}}}]}}'
        if text.lstrip("-")[0].isdigit()
        else "{}"
    )
    (kept,) = decode(body.encode()).other.to_pylist() or ["{}"]
    found = json.loads(kept, parse_float=str, parse_int=str).get("x", text)

    assert type(value)(found) == value
