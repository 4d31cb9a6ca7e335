"""Places as fields of a form; what is typed as JSON, and JSON as what stands in a field."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numbers_toolkit.widgets.order_blanks import field_name, form_field, label_of, takes
from numbers_toolkit.widgets.order_kinds import kind_of, not_known
from numbers_toolkit.widgets.order_places import Place
from numbers_toolkit.widgets.order_schema import form_places
from numbers_toolkit.widgets.order_values import NOTHING, known_value, read_blank, shown_value
from numbers_toolkit.widgets.parts.form import Form
from test_order_form_schema import ANYTHING, WORDS


def blank(name="field", *, required=False, **words):
    return Place(path=(name,), words=words, required=required)


def labels(place):
    return [one["label"] for one in form_field(place)["options"]]


# -- kinds of fields ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ({}, "text"),
        ({"type": "string"}, "text"),
        ({"type": "string", "maxLength": 2000}, "longtext"),
        ({"type": "string", "format": "date"}, "date"),
        ({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}, "date"),
        ({"type": "string", "format": "date-time"}, "text"),
        ({"type": ["null", "string"]}, "text"),
        ({"type": ["integer", "string"]}, "text"),
        ({"type": "integer"}, "number"),
        ({"type": "number"}, "number"),
        ({"type": "boolean"}, "switch"),
        ({"enum": ["a", "b"]}, "choice"),
        ({"const": "SE"}, "choice"),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, "checks"),
        ({"type": "array", "items": {"enum": [str(n) for n in range(20)]}}, "choices"),
        ({"type": "array", "items": {"type": "string"}}, "longtext"),
        ({"type": "array", "items": {"type": "array"}}, "longtext"),
        ({"type": "object"}, "longtext"),
        ({"type": "money"}, "text"),
    ],
)
def test_each_kind_of_value_has_its_field(words, kind):
    assert kind_of(blank(**words)) == kind
    assert form_field(blank(**words))["kind"] == kind


def test_the_whole_data_is_written_as_json():
    field = form_field(Place(path=(), words={"type": "object"}))

    assert (field["kind"], field["name"], field["label"]) == ("longtext", "data", "Registration data")
    assert "Written as JSON" in field["help"]


def test_a_kind_that_is_not_known_is_text_with_the_words_of_the_schema():
    fee = blank(type="money", currency="EUR")

    assert not_known(fee) == "money"
    assert form_field(fee)["kind"] == "text"
    assert (
        'knows no money; the API describes it so: {"type": "money", "currency": "EUR"}'
        in form_field(fee)["help"]
    )


# -- what a field says -------------------------------------------------------------------------------------------


def test_title_and_description_are_label_and_help():
    field = form_field(blank("vat", title="VAT number", description="As on your invoices.", required=True))

    assert (field["label"], field["help"], field["required"]) == ("VAT number", "As on your invoices.", True)


@pytest.mark.parametrize(
    ("path", "label"),
    [
        (("endBusinessName",), "End business name"),
        (("vat_id",), "Vat id"),
        (("directors", 1), "Directors, number 2"),
        ((), "Registration data"),
    ],
)
def test_a_place_without_a_title_is_called_by_its_name(path, label):
    assert label_of(Place(path=path)) == label


def test_names_of_fields_differ_though_their_keys_have_slashes():
    assert field_name(("a/b",)) != field_name(("a", "b"))
    assert field_name(("a~1b",)) != field_name(("a/b",))


def test_codes_are_shown_as_words():
    options = form_field(blank(enum=["CUSTOMER_SERVICE", "SMS", "Other use"]))["options"]

    assert options == [
        {"value": "CUSTOMER_SERVICE", "label": "Customer service", "note": ""},
        {"value": "SMS", "label": "SMS", "note": ""},
        {"value": "Other use", "label": "Other use", "note": ""},
    ]


def test_countries_are_called_by_their_names():
    assert labels(blank("country", enum=["SE", "XX"])) == ["Sweden (SE)", "XX"]


def test_titles_that_the_schema_gives_its_values_are_shown_with_the_values():
    assert labels(blank(enum=[1, 2], enumNames=["One", "Two"])) == ["One", "Two"]
    assert [one["note"] for one in form_field(blank(enum=[1, 2], enumNames=["One", "Two"]))["options"]] == [
        "1",
        "2",
    ]
    assert labels(blank(enum=[1, 2], enumNames=["One"])) == ["1", "2"]


def test_values_that_read_the_same_are_offered_once():
    assert [one["value"] for one in form_field(blank(enum=["1", 1, "", None]))["options"]] == ["1"]


def test_an_optional_question_can_be_left_open():
    assert labels(blank(type="boolean", required=True)) == ["Yes", "No"]
    assert labels(blank(type="boolean")) == ["Yes", "No", "Leave open"]


def test_bounds_of_numbers_stand_in_the_field_and_beside_it():
    field = form_field(blank(type="integer", minimum=1, maximum=100))

    assert (field["min"], field["max"], field["step"]) == (1, 100, 1)
    assert field["help"] == "1 to 100."
    assert "min" not in form_field(blank(type="number", minimum=float("nan")))


def test_a_pattern_stands_beside_a_field_that_nothing_else_explains():
    assert form_field(blank(pattern="^[0-9]{5}$"))["help"] == "As the pattern ^[0-9]{5}$."
    assert form_field(blank(pattern="^[0-9]{5}$", description="Five digits"))["help"] == "Five digits."


@pytest.mark.parametrize(
    ("words", "sample"),
    [
        ({"examples": ["Hobart"]}, "Hobart"),
        ({"example": "Hobart"}, "Hobart"),
        ({"format": "email"}, "name@example.com"),
        ({}, ""),
    ],
)
def test_examples_stand_where_something_is_to_be_written(words, sample):
    assert form_field(blank(**words))["placeholder"] == sample


def test_text_from_elsewhere_is_one_line_without_what_can_not_be_seen():
    field = form_field(blank(title="Na\nme\u202e" + "x" * 500, description="\x00" + "y" * 1000))

    assert "\n" not in field["label"]
    assert "\u202e" not in field["label"]
    assert len(field["label"]) <= 80
    assert len(field["help"]) <= 301


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(WORDS), ANYTHING, max_size=5))
def test_any_schema_makes_fields_that_a_form_takes(schema):
    form = Form([form_field(one) for one in form_places(schema)], label="Papers")
    places = [one for one in form_places(schema) if one.what == "blank"]
    for one in places:
        value = known_value(one)
        if value is not NOTHING and takes(one, value):
            form.set_values(**{field_name(one.path): shown_value(one, value)})
    for one in places:
        read_blank(one, form.values[field_name(one.path)])
    form.close()


# -- what is typed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "typed", "value"),
    [
        ({}, " Hobart ", "Hobart"),
        ({}, "", NOTHING),
        ({}, " \n", NOTHING),
        ({"type": "string"}, "007", "007"),
        ({"type": ["integer", "string"]}, "007", "007"),
        ({"type": "integer"}, 12, 12),
        ({"type": "number"}, 12.0, 12),
        ({"type": "number"}, 0.5, 0.5),
        ({"type": "integer"}, None, NOTHING),
        ({"type": "integer"}, 0, 0),
        ({"type": "boolean"}, "true", True),
        ({"type": "boolean"}, "false", False),
        ({"type": "boolean"}, "", NOTHING),
        ({"enum": [1, "1", None]}, "1", 1),
        ({"enum": ["ALERTS"]}, "ALERTS", "ALERTS"),
        ({"const": True}, "true", True),
        ({"type": "array", "items": {"enum": [1, 2]}}, ["2"], [2]),
        ({"type": "array", "items": {"enum": [1, 2]}}, [], NOTHING),
        ({"type": "array", "items": {"type": "string"}}, "one\n\n two ", ["one", "two"]),
        ({"type": "array", "items": {"type": "integer"}}, "1\nzwei", [1, "zwei"]),
        ({"type": "array", "items": {"type": "array"}}, "[[1]]", [[1]]),
        ({"type": "object"}, '{"a": 1}', {"a": 1}),
        ({"type": "object"}, "no JSON", "no JSON"),
        ({"type": "money"}, "12 EUR", "12 EUR"),
    ],
)
def test_what_is_typed_is_read_as_the_schema_has_it(words, typed, value):
    found = read_blank(blank(**words), typed)

    assert found is value if value is NOTHING else found == value
    assert type(found) is type(value)


def test_large_whole_numbers_keep_every_digit():
    assert read_blank(blank(type="integer"), 12345678901234567890) == 12345678901234567890


def test_the_whole_data_is_read_as_json():
    assert read_blank(Place(path=()), '{"city": "Hobart"}') == {"city": "Hobart"}


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ({}, "Hobart"),
        ({"type": "integer"}, 12),
        ({"type": "boolean"}, False),
        ({"enum": ["a", 2]}, 2),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, ["b"]),
        ({"type": "array", "items": {"type": "string"}}, ["one", "two"]),
        ({"type": "object"}, {"a": [1, None]}),
    ],
)
def test_what_is_shown_for_a_value_reads_as_that_value(words, value):
    place = blank(**words)

    assert read_blank(place, shown_value(place, value)) == value


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (blank(enum=["SE"], required=True), "SE"),
        (blank(const="SE", required=True), "SE"),
        (blank(enum=["SE"]), NOTHING),
        (blank(enum=["SE", "NO"], required=True), NOTHING),
        (blank(default="Hobart"), "Hobart"),
        (blank(type="boolean", default=False), False),
        (blank(default=""), NOTHING),
        (Place(path=("a",), what="group", words={"default": {}}), NOTHING),
    ],
)
def test_only_what_is_certain_or_proposed_is_filled_in_beforehand(place, value):
    assert known_value(place) is value
