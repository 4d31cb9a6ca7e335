"""Bodies of requests: JSON that is refused rather than bent, forms, and nothing of them that shows."""

from __future__ import annotations

from collections import OrderedDict
from types import MappingProxyType
from typing import Any

import pytest

from leaks import everything_shown
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.payloads import Hidden, HiddenBytes, Payload, form_payload, json_payload

PERSON = "Ms Erika Mustermann"


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ({}, b"{}"),
        ({"a": "ü", "b": [1, 1.5, True, None]}, '{"a": "ü", "b": [1, 1.5, true, null]}'.encode()),
        (MappingProxyType({"a": MappingProxyType({"b": (1, 2)})}), b'{"a": {"b": [1, 2]}}'),
        (OrderedDict(b=1, a=2), b'{"b": 1, "a": 2}'),
        ({"a": Hidden({"b": Hidden(1)})}, b'{"a": {"b": 1}}'),
        (Hidden("x"), b'"x"'),
    ],
)
def test_json_is_sent_in_utf_8(value: Any, sent: bytes) -> None:
    payload = json_payload(value)

    assert payload.content == sent
    assert payload.content_type == "application/json"


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        ({1, 2}, "set is none of them"),
        (b"x", "bytes is none of them"),
        (float("nan"), "a number that is none"),
        (float("-inf"), "a number that is none"),
        ({(1, 2): 3}, "keys must be"),
        ("\ud800", "half a character"),
    ],
)
def test_what_json_can_not_hold_is_refused_without_being_quoted(odd: Any, why: str) -> None:
    with pytest.raises(InvalidInputError, match=why) as caught:
        json_payload(Hidden({"person": PERSON, "odd": odd}), "The form")

    assert str(caught.value).startswith("The form can't be sent as JSON: ")
    assert PERSON not in everything_shown(caught.value)


def test_what_is_nested_too_deeply_is_refused() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]

    with pytest.raises(InvalidInputError, match="nested too deeply"):
        json_payload(Hidden(deep))


def test_form_has_a_boundary_that_its_content_lacks() -> None:
    form = form_payload(
        Hidden(b"x"), file_name="a.pdf", mime_type="application/pdf", fields={"kind": "Passport"}
    )
    kind, _, boundary = form.content_type.partition("; boundary=")

    assert kind == "multipart/form-data"
    assert form.content.count(boundary.encode()) == 3
    assert form.content.endswith(f"--{boundary}--\r\n".encode())


@pytest.mark.parametrize("content", [b"x", bytearray(b"x"), memoryview(b"x")])
def test_content_may_be_any_kind_of_bytes(content: Any) -> None:
    form = form_payload(Hidden(content), file_name="a", mime_type="a/b")

    assert b"\r\n\r\nx\r\n" in form.content


def test_nothing_of_a_payload_shows() -> None:
    payload = json_payload({"person": PERSON})

    for thing in (payload, payload.content, Hidden(PERSON), [Hidden({"person": PERSON})]):
        assert PERSON not in repr(thing)
        assert PERSON not in str(thing)
    assert repr(Payload(HiddenBytes(b"ab"))) == "Payload(content=<2 bytes>, content_type='application/json')"
