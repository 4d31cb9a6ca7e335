"""Fields: what they take from a program and from a person, and what they find wrong."""

from __future__ import annotations

import pytest

pytest.importorskip("anywidget")

from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.widgets.parts import fields
from numbers_toolkit.widgets.parts.uploads import UploadedFile


def field(kind: str, **keys: object) -> dict[str, object]:
    return fields.described([{"name": "it", "kind": kind, **keys}])[0]


def test_field_has_every_key_and_a_label():
    (described,) = fields.described([{"name": "campaign_id"}])

    assert described["label"] == "Campaign id"
    assert described["kind"] == "text"
    assert set(described) == {"name", *fields.DEFAULTS}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"name": "it", "kind": "slider"}, "no kind of field 'slider'; there is text, longtext"),
        ({"name": "it", "colour": "red"}, "A field has no colour"),
        ({"name": "it", "value": "x"}, "A field has no value"),
        ({"kind": "text"}, "needs a name"),
        ({"name": "it", "kind": "choice", "options": ["SE", "SE"]}, "SE stands twice"),
    ],
)
def test_wrong_descriptions_are_refused(given, message):
    with pytest.raises(InvalidInputError, match=message):
        fields.described([given])


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "x"),
        ("longtext", "x\ny"),
        ("date", "2026-11-23"),
        ("number", 2.5),
        ("choice", "SE"),
        ("switch", "US"),
        ("choices", ["SE", "US"]),
        ("checks", []),
        ("file", [UploadedFile("a.pdf", "", b"x")]),
    ],
)
def test_value_of_the_right_type_is_kept(kind, value):
    assert fields.given(field(kind, options=["SE", "US"]), value) == value


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("text", 5, "takes text, not 5"),
        ("number", "5", "takes a number, not '5'"),
        ("number", True, "takes a number"),
        ("number", float("nan"), "takes a number"),
        ("choice", ["SE"], "takes text"),
        ("choice", "NO", "does not offer 'NO'; it offers SE and US"),
        ("choices", "SE", "takes a list of str, not 'SE'"),
        ("choices", 5, "takes a list of str, not 5"),
        ("choices", ["SE", 5], "takes a list of str"),
        ("checks", ["NO"], "does not offer 'NO'"),
        ("file", ["a.pdf"], "takes a list of UploadedFile, not list"),
    ],
)
def test_value_of_the_wrong_type_is_refused(kind, value, message):
    with pytest.raises(InvalidInputError, match=message):
        fields.given(field(kind, options=["SE", "US"]), value)


def test_secret_is_not_repeated_in_a_message():
    with pytest.raises(InvalidInputError, match=r"takes text, not list\.$"):
        fields.given(field("text", secret=True), ["hunter2"])


def test_field_without_options_takes_what_may_come_to_be_offered():
    assert fields.given(field("choices"), ["SE", "SE", "US"]) == ["SE", "US"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("25", 25),
        (" 25 ", 25),
        ("1,250", 1250),
        ("1 250 000", 1250000),
        ("12,50", None),
        ("2.50", 2.5),
        (".5", 0.5),
        ("-3", -3),
        ("1e5", None),
        ("nan", None),
        ("0x10", None),
        ("ten", None),
        ("", None),
    ],
)
def test_number_is_what_was_typed_or_nothing(text, number):
    assert fields.number_of(text) == number


@pytest.mark.parametrize(
    ("keys", "value", "text", "told"),
    [
        ({"min": 1, "max": 100, "step": 1}, None, "ten", "Write a whole number from 1 to 100."),
        ({"min": 1, "max": 100, "step": 1}, 0, "0", "Write a whole number from 1 to 100."),
        ({"min": 1, "max": 100, "step": 1}, 2.5, "2.5", "Write a whole number from 1 to 100."),
        ({"min": 1000}, 5, "5", "Write a number of at least 1,000."),
        ({"max": 5}, 6, "6", "Write a number of at most 5."),
        ({}, None, "ten", "Write a number, such as 25."),
        ({}, None, "", ""),
        ({"required": True}, None, "", "This is required."),
        ({"required": True}, 0, "0", ""),
        ({"min": 1, "max": 100, "step": 1}, 100, "100", ""),
    ],
)
def test_number_that_does_not_fit_is_told(keys, value, text, told):
    assert fields.problem(field("number", **keys), value, text) == told


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("text", "", "This is required."),
        ("date", "", "This is required."),
        ("choice", "", "Choose one."),
        ("switch", "", "Choose one."),
        ("choices", [], "Choose at least one."),
        ("checks", [], "Choose at least one."),
        ("file", [], "A file is required here."),
        ("text", "x", ""),
        ("choices", ["SE"], ""),
        ("heading", None, ""),
    ],
)
def test_what_is_required_and_missing_is_told(kind, value, told):
    assert fields.problem(field(kind, required=True), value) == told
    assert fields.problem(field(kind), value) == ""


def test_dates_out_of_bounds_are_told():
    born = field("date", min="1900-01-01", max="2008-11-23")

    assert fields.problem(born, "1899-12-31") == "The earliest date is 1900-01-01."
    assert fields.problem(born, "2010-01-01") == "The latest date is 2008-11-23."
    assert fields.problem(born, "2000-01-01") == ""
    assert fields.problem(born, "") == ""


def test_files_too_large_or_empty_are_told():
    small = field("file", max=3)

    assert fields.problem(small, [UploadedFile("a.pdf", "", b"abcd")]) == (
        "a.pdf is larger than 3 bytes, the most that can be taken."
    )
    assert fields.problem(small, [UploadedFile("a.pdf", "", b"")]) == "a.pdf is empty: choose another file."
    assert fields.problem(small, [UploadedFile("a.pdf", "", b"abc")]) == ""
