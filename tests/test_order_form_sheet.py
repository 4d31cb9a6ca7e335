"""The sheet behind the form: fields out of requirements, papers out of fields, and filling in from data."""

from __future__ import annotations

import pytest

from leaks import everything_shown
from numbers_toolkit.activation.requirements import read_requirements
from numbers_toolkit.errors import InvalidInputError
from numbers_toolkit.payloads import Hidden
from numbers_toolkit.sandbox.requirements import REQUIREMENTS
from numbers_toolkit.widgets.order_filling import filled_values
from numbers_toolkit.widgets.order_sheet import Sheet
from test_order_form_schema import DIRECTOR, FIRM, listing

CITY = {"type": "object", "properties": {"city": {"type": "string"}}}
SECRET = "Zebediah Quillfeather"


def sheet(schema=None, **more):
    fields = {"schema": schema, **more} if schema is not None else more
    return Sheet(read_requirements({"fields": fields, "attachments": []}, "SE", "LOCAL"))


def names(made, values=None):
    return [one["name"] for one in made.fields(values or {}) if not one.get("hidden")]


def details(made, **values):
    return made.papers({f"data/{name}": value for name, value in values.items()}).request_details


# -- fields ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", REQUIREMENTS, ids=" ".join)
def test_requirements_of_every_kind_of_number_make_a_form(kind):
    asked = REQUIREMENTS[kind]
    made = Sheet(read_requirements(asked.document(), *kind))

    found = [name for name in (one["name"] for one in made.fields({})) if name.startswith("data/")]

    assert found == [f"data/{name}" for name in asked.schema["properties"]]
    assert [name for name in names(made) if name.startswith("file/")] == sorted(
        (f"file/{one}" for one in asked.papers), key=lambda name: not asked.papers[name[5:]].mandatory
    )


def test_fields_that_one_answer_opens_may_open_others():
    schema = {
        **FIRM,
        "allOf": [
            {
                "if": {"properties": {"vat": {"const": "none"}}, "required": ["vat"]},
                "then": {"properties": {"why": {}}},
            }
        ],
    }

    assert names(sheet(schema)) == ["data/kind", "data/born"]
    assert names(sheet(schema), {"data/kind": "firm"}) == ["data/kind", "data/vat"]
    assert set(names(sheet(schema), {"data/kind": "firm", "data/vat": "none"})) == {
        "data/kind",
        "data/vat",
        "data/why",
    }


def test_lists_grow_and_shrink_within_their_bounds():
    made = sheet(listing(maxItems=2))
    (place,) = made.lists({})

    made.add(place)
    (place,) = made.lists({})
    made.add(place)
    assert [one for one in names(made) if one.endswith("name")] == [
        "data/directors/0/name",
        "data/directors/1/name",
    ]

    made.remove(made.lists({})[0])
    made.remove(made.lists({})[0])
    assert [one for one in names(made) if one.endswith("name")] == ["data/directors/0/name"]


def test_what_is_known_is_filled_in_and_said():
    schema = {
        "properties": {"country": {"enum": ["SE"]}, "language": {"default": "sv"}, "city": {}},
        "required": ["country"],
    }

    assert sheet(schema).proposals({}) == {"data/country": "SE", "data/language": "sv"}
    assert sheet(schema).remarks() == ["Filled in as the API proposes it: Language. Correct what is not so."]


def test_a_plain_schema_needs_no_remark():
    assert sheet(CITY).remarks() == []


def test_a_schema_that_is_only_named_asks_for_json():
    made = sheet("/schema/a.json")

    assert names(made) == ["data"]
    assert "names a schema without holding it (/schema/a.json)" in made.remarks()[0]
    assert made.papers({"data": '{"city": "Umeå"}'}).request_details == {"data": [{"city": "Umeå"}]}


def test_a_template_says_that_its_rules_are_not_known():
    made = sheet("/schema/a.json", rules=[{"template": {"city": "", "country": "AU"}}])

    assert names(made) == ["data/city", "data/country"]
    assert made.proposals({}) == {"data/country": "AU"}
    assert "not the rules for them (/schema/a.json)" in made.remarks()[0]
    assert "Country" in made.remarks()[1]


def test_kinds_that_are_not_known_are_remarked():
    assert sheet({"properties": {"fee": {"type": "money"}}}).remarks() == [
        "Fee is of a kind that this version does not know (money): write it as text."
    ]


@pytest.mark.filterwarnings("ignore::numbers_toolkit.errors.UnknownValueWarning")
def test_what_is_not_understood_is_remarked():
    needed = read_requirements({"fields": {"schema": CITY}, "attachments": "a passport"}, "SE", "LOCAL")

    assert "does not understand (attachments)" in Sheet(needed).remarks()[0]


def test_more_places_than_anybody_fills_in_are_cut_and_said():
    made = sheet({"properties": {f"field{n}": {} for n in range(400)}})

    assert len(names(made)) == 300
    assert "first 300 places" in made.remarks()[0]


# -- papers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "values", "expected"),
    [
        (CITY, {"city": "Umeå"}, {"data": [{"city": "Umeå"}]}),
        (CITY, {}, {}),
        ({"properties": {"data": {"type": "string"}}}, {"data": "x"}, {"data": [{"data": "x"}]}),
        ({"type": "array", "items": CITY}, {"0/city": "Umeå"}, {"data": [{"city": "Umeå"}]}),
        (
            {"properties": {"data": {"type": "array", "items": CITY}, "language": {}}},
            {"data/0/city": "Umeå", "language": "sv"},
            {"data": [{"city": "Umeå"}], "language": "sv"},
        ),
        (
            {"properties": {"data": {"type": "array", "items": CITY}, "language": {}}},
            {"language": "sv"},
            {"data": [], "language": "sv"},
        ),
        (
            {"properties": {"requestDetails": {"properties": {"data": {"items": CITY}}}}},
            {"requestDetails/data/0/city": "Umeå"},
            {"data": [{"city": "Umeå"}]},
        ),
    ],
    ids=["entry", "nothing", "a field called data", "data", "details", "details without data", "body"],
)
def test_data_is_sent_in_the_part_that_the_schema_describes(schema, values, expected):
    assert details(sheet(schema), **values) == expected


def test_the_place_of_the_phone_number_stays_open():
    assert details(sheet(CITY), city="{phone_number}") == {"data": [{"city": "{phone_number}"}]}


def test_a_standing_shows_no_value():
    made = sheet(CITY)

    assert SECRET not in repr(made.standing({"data/city": SECRET}))


# -- filling in --------------------------------------------------------------------------------------------------

FULL = {
    "properties": {
        "city": {"type": "string"},
        "use": {"enum": ["ALERTS", "MARKETING"]},
        "uses": {"type": "array", "items": {"enum": ["a", "b"]}},
        "resale": {"type": "boolean"},
        "staff": {"type": "integer"},
        "address": {"properties": {"street": {}}},
        "directors": {"type": "array", "items": DIRECTOR},
        "more": {"type": "object"},
    }
}
DATA = {
    "city": "Umeå",
    "use": "ALERTS",
    "uses": ["b"],
    "resale": False,
    "staff": 3,
    "address": {"street": "Storgatan 1"},
    "directors": [{"name": "A"}, {"name": "B"}],
    "more": {"a": [1]},
}


def fill(made, data):
    return filled_values(made, Hidden(data)).value


def test_a_form_filled_in_with_data_makes_that_data():
    made = sheet(FULL)

    values = fill(made, DATA)

    assert made.papers(values).request_details == {"data": [DATA]}
    assert fill(sheet(FULL), [DATA]) == values


def test_data_of_other_parts_of_a_registration_finds_its_fields():
    schema = {"properties": {"data": {"type": "array", "items": CITY}, "language": {}}}
    data = {"data": [{"city": "Umeå"}, {"city": "Luleå"}], "language": "sv"}
    made = sheet(schema)

    assert made.papers(fill(made, data)).request_details == data


def test_fields_behind_a_condition_are_filled_in_with_it():
    made = sheet(FIRM)

    assert fill(made, {"kind": "firm", "vat": "SE1"}) == {"data/kind": "firm", "data/vat": "SE1"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"citty": SECRET}, "no place for citty. Did you mean city"),
        ({"address": {"stret": SECRET}}, "no place for address.stret. Did you mean address.street"),
        ({"address": SECRET}, "no place for address"),
        ({"use": SECRET}, "use can be ALERTS or MARKETING only"),
        ({"uses": ["a", SECRET]}, "uses can be a or b only"),
        ([{"city": SECRET}, {"city": SECRET}], "holds one entry of data, and 2 were given"),
    ],
)
def test_data_without_a_place_is_refused_without_being_quoted(data, message):
    made = sheet(FULL)

    with pytest.raises(InvalidInputError, match=message) as caught:
        fill(made, data)

    assert SECRET not in everything_shown(caught.value)
    assert "Nothing was filled in." in str(caught.value)
    assert made.counts == {}


def test_where_no_data_is_asked_for_none_is_taken():
    with pytest.raises(InvalidInputError, match="no place for city"):
        fill(sheet(), {"city": "Umeå"})
