"""Optional fields that the API adds to everything: kept, told of, and read the fast way."""

from __future__ import annotations

import json
from typing import Any

import pytest

from numbers_toolkit import decoding, flattening
from numbers_toolkit.decoding import decode_pages

CONTRACT = flattening.ACTIVE_NUMBERS.contract


def page(*numbers: dict[str, Any], **beside: Any) -> bytes:
    items = [{"phoneNumber": f"+1307555{place:04d}", **number} for place, number in enumerate(numbers)]
    return json.dumps(
        {"activeNumbers": items, "nextPageToken": "", "totalSize": len(items), **beside}
    ).encode()


def forbid_tolerant(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Any:
        raise AssertionError("read value by value")

    monkeypatch.setattr(decoding, "_decode_tolerant", refuse)


@pytest.mark.parametrize(
    ("extra", "kept"),
    [
        ({"e911": "yes"}, {"e911": "yes"}),
        ({"rank": 3, "flag": True}, {"rank": 3, "flag": True}),
        ({"tags": ["a", "b"]}, {"tags": ["a", "b"]}),
        ({"owner": {"team": "x", "floor": None}}, {"owner": {"team": "x", "floor": None}}),
        ({"smsConfiguration": {"servicePlanId": "p", "brand": "b"}}, {"smsConfiguration.brand": "b"}),
        ({"e911": None}, None),
    ],
)
def test_new_field_is_kept_the_fast_way(monkeypatch: pytest.MonkeyPatch, extra: Any, kept: Any) -> None:
    forbid_tolerant(monkeypatch)

    pages = decode_pages([page(extra, {}), page(extra)], CONTRACT)

    texts = pages.other.to_pylist()
    assert [None if text is None else json.loads(text) for text in texts] == [kept, None, kept]
    assert any("unknown field" in note for note in pages.notes)
    assert pages.items.type == CONTRACT.item
    assert pages.items.field("phoneNumber").to_pylist() == ["+13075550000", "+13075550001", "+13075550000"]


def test_known_fields_beside_a_new_one_are_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    number = {"money": {"currencyCode": "USD", "amount": "0.60"}, "smsConfiguration": None}
    plain = decode_pages([page(number)], CONTRACT)
    forbid_tolerant(monkeypatch)
    extended = decode_pages([page({**number, "new": 1})], CONTRACT)
    assert extended.items.equals(plain.items)
    assert extended.ends == plain.ends


@pytest.mark.parametrize("value", [1.10, "2026-01-05 desk", "2026-03-02T09:00:00Z", [1.5], 10**30])
def test_value_that_arrow_would_change_is_kept_as_written(value: Any) -> None:
    pages = decode_pages([page({"new": value})], CONTRACT)
    assert json.loads(pages.other[0].as_py()) == {"new": value}


def test_field_beside_the_list_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    forbid_tolerant(monkeypatch)
    pages = decode_pages([page({}, serverVersion="2")], CONTRACT)
    assert dict(pages.notes) == {"unknown field 'serverVersion' beside the list": 1}


def test_answer_of_another_service_is_no_list() -> None:
    with pytest.raises(decoding.ResponseFormatError, match="message"):
        decode_pages([b'{"message": "welcome"}'], CONTRACT)
