"""From a schema, whatever it holds, to the places of a form and the data that they make."""

from __future__ import annotations

import json

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numbers_toolkit.sandbox.requirements import REQUIREMENTS
from numbers_toolkit.widgets.order_places import Place, allowed_values, composed, is_filled, value_at
from numbers_toolkit.widgets.order_schema import MOST_PLACES, form_places
from numbers_toolkit.widgets.order_templates import schema_of_templates
from test_order_form_conditions import JSON


def shown(schema, value=None, counts=None):
    """Path, kind and whether it is required, of the places that show."""
    return [(one.path, one.what, one.required) for one in form_places(schema, value, counts) if one.shown]


def paths(schema, value=None, counts=None):
    return [path for path, what, _ in shown(schema, value, counts) if what == "blank"]


def place(schema, *path):
    return next(one for one in form_places(schema) if one.path == path and one.what == "blank")


# -- plain schemas -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", REQUIREMENTS, ids=" ".join)
def test_every_field_of_a_registration_is_a_place(kind):
    schema = REQUIREMENTS[kind].schema

    assert shown(schema) == [((name,), "blank", name in schema["required"]) for name in schema["properties"]]


def test_groups_stand_before_what_is_in_them():
    address = {"title": "Address", "properties": {"city": {}, "zip": {}}, "required": ["city"]}
    schema = {"properties": {"name": {}, "address": address}, "required": ["address"]}

    assert shown(schema) == [
        (("name",), "blank", False),
        (("address",), "group", True),
        (("address", "city"), "blank", True),
        (("address", "zip"), "blank", False),
    ]


def test_what_an_optional_group_requires_is_required_once_it_is_begun():
    address = {"properties": {"city": {}, "zip": {}}, "required": ["city"]}
    schema = {"properties": {"address": address}}

    assert (("address", "city"), "blank", False) in shown(schema)
    assert (("address", "city"), "blank", True) in shown(schema, {"address": {"zip": "7000"}})


def test_required_names_without_a_property_are_places_too():
    assert shown({"required": ["city"]}) == [(("city",), "blank", True)]


def test_what_must_not_be_given_is_no_place():
    assert paths({"properties": {"city": {}, "fax": False, "free": True}}) == [("city",), ("free",)]


def test_references_within_the_schema_are_followed():
    schema = {"properties": {"home": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"properties": {"city": {}}}}}

    assert paths(schema) == [("home", "city")]


def test_a_schema_that_refers_to_itself_opens_once():
    schema = {"properties": {"name": {}, "parent": {"$ref": "#"}}}

    assert paths(schema) == [("name",), ("parent",)]
    assert place(schema, "parent").words["type"] == "object"


def test_schemas_that_double_at_every_level_come_to_an_end():
    schema = {"properties": {str(n): {"allOf": [{"$ref": "#"}, {"$ref": "#"}]} for n in range(4)}}

    assert len(form_places(schema)) <= MOST_PLACES


def test_a_schema_that_says_nothing_of_its_fields_is_one_place():
    assert shown({"type": "object", "patternProperties": {"^x": {}}}) == [((), "blank", True)]
    assert shown({}) == [((), "blank", True)]


# -- lists -------------------------------------------------------------------------------------------------------

DIRECTOR = {"type": "object", "properties": {"name": {}, "born": {}}, "required": ["name"]}


def listing(**more):
    return {
        "properties": {"directors": {"type": "array", "items": DIRECTOR, **more}},
        "required": ["directors"],
    }


def test_a_list_of_groups_begins_with_one():
    assert shown(listing()) == [
        (("directors",), "list", True),
        (("directors", 0), "group", True),
        (("directors", 0, "name"), "blank", True),
        (("directors", 0, "born"), "blank", False),
    ]


@pytest.mark.parametrize(
    ("more", "count", "entries"), [({"minItems": 2}, 1, 2), ({}, 3, 3), ({"maxItems": 2}, 5, 2), ({}, 0, 1)]
)
def test_a_list_has_as_many_groups_as_are_wanted_and_allowed(more, count, entries):
    found = form_places(listing(**more), None, {("directors",): count})

    assert found[0].entries == entries
    assert len([one for one in found if one.what == "group"]) == entries


def test_an_optional_list_requires_nothing_until_it_is_begun():
    schema = {**listing(minItems=2), "required": []}

    assert not any(required for _, _, required in shown(schema))
    assert (("directors", 1, "name"), "blank", True) in shown(schema, {"directors": [{"born": "1980"}]})


def test_a_list_of_plain_values_is_one_place():
    assert paths({"properties": {"tags": {"type": "array", "items": {"type": "string"}}}}) == [("tags",)]


def test_lists_with_a_part_for_each_position_have_a_place_for_each():
    pair = {"prefixItems": [{"type": "string"}, {"properties": {"city": {}}}]}

    assert paths({"properties": {"pair": pair}}) == [("pair", 0), ("pair", 1, "city")]
    assert paths({"properties": {"pair": {"items": [{}, {}]}}}) == [("pair", 0), ("pair", 1)]


# -- conditions --------------------------------------------------------------------------------------------------

FIRM = {
    "properties": {"kind": {"enum": ["firm", "person"]}},
    "required": ["kind"],
    "if": {"properties": {"kind": {"const": "firm"}}, "required": ["kind"]},
    "then": {"properties": {"vat": {}}, "required": ["vat"]},
    "else": {"properties": {"born": {}}},
}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("firm", [(("kind",), "blank", True), (("vat",), "blank", True)]),
        ("person", [(("kind",), "blank", True), (("born",), "blank", False)]),
    ],
)
def test_fields_that_hang_on_a_condition_show_while_it_is_met(kind, expected):
    assert shown(FIRM, {"kind": kind}) == expected
    assert {one.path for one in form_places(FIRM, {"kind": kind})} == {("kind",), ("vat",), ("born",)}


def test_conditions_that_can_not_be_told_show_their_fields_in_case():
    schema = {**FIRM, "if": {"properties": {"kind": {"pattern": "^f"}}, "required": ["kind"]}}

    assert paths(schema, {"kind": "firm"}) == [("kind",), ("vat",), ("born",)]


def test_a_field_with_two_definitions_shows_the_one_that_applies():
    schema = {
        "properties": {"kind": {}},
        "if": {"properties": {"kind": {"const": "firm"}}},
        "then": {"properties": {"number": {"title": "VAT number"}}},
        "else": {"properties": {"number": {"title": "Passport number"}}},
    }

    def title(kind):
        found = [one for one in form_places(schema, {"kind": kind}) if one.path == ("number",)]
        return [one.words["title"] for one in found]

    assert title("firm") == ["VAT number"]
    assert title("person") == ["Passport number"]


FORMS = {
    "oneOf": [
        {
            "properties": {"kind": {"const": "person", "title": "A person"}, "born": {}},
            "required": ["kind", "born"],
        },
        {
            "properties": {"kind": {"const": "firm", "title": "A firm"}, "vat": {}},
            "required": ["kind", "vat"],
        },
    ]
}


def test_of_several_forms_all_show_until_one_is_chosen():
    assert shown(FORMS) == [
        (("kind",), "blank", True),
        (("born",), "blank", False),
        (("vat",), "blank", False),
    ]
    assert shown(FORMS, {"kind": "firm"}) == [(("kind",), "blank", True), (("vat",), "blank", True)]


def test_what_tells_forms_apart_stays_free_to_choose():
    for value in (None, {"kind": "firm"}):
        kind = next(one for one in form_places(FORMS, value) if one.path == ("kind",))
        assert kind.words["enum"] == ["person", "firm"]
        assert kind.words["enumNames"] == ["A person", "A firm"]


def test_parts_put_together_by_all_of_are_one():
    schema = {
        "properties": {"use": {"enum": ["a", "b", "c"], "title": "Use"}},
        "allOf": [{"properties": {"use": {"enum": ["b", "c"]}, "city": {}}, "required": ["city"]}],
    }

    assert shown(schema) == [(("use",), "blank", False), (("city",), "blank", True)]
    assert place(schema, "use").words == {"enum": ["b", "c"], "title": "Use"}


@pytest.mark.parametrize("word", ["dependentRequired", "dependencies"])
def test_fields_that_another_one_needs_are_required_with_it(word):
    schema = {"properties": {"vat": {}, "country": {}}, word: {"vat": ["country"]}}

    assert (("country",), "blank", False) in shown(schema)
    assert (("country",), "blank", True) in shown(schema, {"vat": "DE1"})


@pytest.mark.parametrize("word", ["dependentSchemas", "dependencies"])
def test_fields_that_come_with_another_one_show_with_it(word):
    schema = {"properties": {"vat": {}}, word: {"vat": {"properties": {"country": {}}}}}

    assert paths(schema) == [("vat",)]
    assert paths(schema, {"vat": "DE1"}) == [("vat",), ("country",)]


def test_text_or_nothing_is_text():
    schema = {"properties": {"fax": {"anyOf": [{"type": "string", "maxLength": 9}, {"type": "null"}]}}}

    assert place(schema, "fax").words == {"type": "string", "maxLength": 9}


# -- anything ----------------------------------------------------------------------------------------------------

WORDS = [
    *(
        "properties",
        "required",
        "items",
        "prefixItems",
        "type",
        "enum",
        "const",
        "allOf",
        "anyOf",
        "oneOf",
        "if",
    ),
    *(
        "then",
        "else",
        "not",
        "dependentRequired",
        "dependentSchemas",
        "dependencies",
        "$ref",
        "minItems",
        "maxItems",
    ),
    *("title", "default", "additionalProperties", "patternProperties", "enumNames"),
]
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from(["a", "string", "array", "#", "#/items"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=25,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(WORDS), ANYTHING, max_size=5), JSON)
def test_no_schema_whatever_it_holds_breaks_the_form(schema, value):
    found = form_places(schema, value)

    assert len(found) <= MOST_PLACES
    json.dumps([dict(one.words) for one in found])
    values = {one.path: "x" for one in found if one.what == "blank" and one.shown}
    composed(found, values, whole=[] if any(path[:1] == (0,) for path in values) else {})


# -- data --------------------------------------------------------------------------------------------------------


def test_data_takes_the_shape_of_the_schema():
    schema = {
        "required": ["address"],
        "properties": {
            "address": {"properties": {"city": {}}, "required": ["city"]},
            "contact": {"properties": {"email": {}}, "required": ["email"]},
            **listing()["properties"],
        },
    }
    counts = {("directors",): 2}
    values = {("directors", 1, "name"): "B"}
    data = composed(form_places(schema, None, counts), values, whole={})

    assert data == {"address": {}, "directors": [{}, {"name": "B"}]}
    assert not jsonschema.Draft202012Validator(schema).is_valid(data)


def test_what_does_not_show_is_not_in_the_data():
    places = form_places(FIRM, {"kind": "person"})

    assert composed(places, {("kind",): "person", ("vat",): "DE1"}, whole={}) == {"kind": "person"}


def test_a_whole_that_is_written_as_one_value_is_the_data():
    assert composed([Place(path=())], {(): {"a": 1}}, whole={}) == {"a": 1}


def test_data_that_is_a_list_begins_with_its_first_entry():
    schema = {"type": "array", "items": DIRECTOR}

    data = composed(form_places(schema), {(0, "name"): "A"}, whole=[])

    assert data == [{"name": "A"}]


def test_values_are_found_where_they_stand():
    assert value_at({"a": [{"b": 0}]}, ("a", 0, "b")) == 0
    assert value_at({"a": [{"b": 0}]}, ("a", 1, "b")) is None
    assert value_at({"a": "text"}, ("a", 0)) is None
    assert is_filled({"a": [{"b": 0}]})
    assert not is_filled({"a": [{}, []], "b": None})
    assert allowed_values({"enum": "no list"}) == []


# -- templates ---------------------------------------------------------------------------------------------------


def test_a_template_reads_as_a_schema():
    schema = schema_of_templates(
        [
            {
                "city": "",
                "country": "AU",
                "staff": 0,
                "resale": False,
                "notes": None,
                "tags": [],
                "free": {},
                "contact": {"email": {"type": "string", "required": True, "title": "E-mail"}},
                "directors": [{"name": ""}],
            }
        ]
    )

    assert shown(schema) == [
        (("city",), "blank", False),
        (("country",), "blank", False),
        (("staff",), "blank", False),
        (("resale",), "blank", False),
        (("notes",), "blank", False),
        (("tags",), "blank", False),
        (("free",), "blank", False),
        (("contact",), "group", False),
        (("contact", "email"), "blank", False),
        (("directors",), "list", False),
        (("directors", 0), "group", False),
        (("directors", 0, "name"), "blank", False),
    ]
    assert place(schema, "country").words == {"type": "string", "default": "AU"}
    assert place(schema, "contact", "email").words == {"type": "string", "title": "E-mail"}


def test_several_templates_are_put_together():
    assert paths(schema_of_templates([{"city": ""}, {"street": "", "city": ""}])) == [("city",), ("street",)]


def test_a_template_that_is_a_schema_is_taken_as_one():
    schema = {"properties": {"city": {"type": "string"}}, "required": ["city"]}

    assert schema_of_templates([schema]) == schema
