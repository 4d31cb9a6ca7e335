"""Conditions of a schema, decided by what is filled in so far: met, not met, or not to be told."""

from __future__ import annotations

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numbers_toolkit.widgets.order_conditions import excludes, holds, same_json


@pytest.mark.parametrize(
    ("condition", "value", "answer"),
    [
        (True, 1, True),
        (False, 1, False),
        ({}, "anything", True),
        ({"title": "Only words", "description": "nothing is restricted"}, 1, True),
        ({"const": 1}, True, False),
        ({"const": [1]}, [1.0], True),
        ({"enum": ["a", None]}, None, True),
        ({"enum": "a"}, "a", None),
        ({"type": "integer"}, 2.0, True),
        ({"type": "integer"}, 2.5, False),
        ({"type": "number"}, True, False),
        ({"type": ["string", "null"]}, None, True),
        ({"type": "money"}, "1.00", False),
        ({"required": ["vat"]}, {"vat": 1}, True),
        ({"required": ["vat"]}, {}, False),
        ({"required": ["vat"]}, "no group", True),
        ({"required": "vat"}, {}, None),
        ({"minimum": 3}, 3, True),
        ({"exclusiveMinimum": 3}, 3, False),
        ({"maximum": 3}, 4, False),
        ({"exclusiveMaximum": 3}, "no number", True),
        ({"minimum": "three"}, 3, None),
        ({"pattern": "^A"}, "Alice", None),
        ({"format": "email"}, "x", None),
        ({"something-new": 1}, 1, None),
        ({"not": {"const": "firm"}}, "person", True),
        ({"not": {"pattern": "x"}}, "person", None),
        ({"allOf": [{"const": 1}, {"pattern": "x"}]}, 2, False),
        ({"allOf": [{"const": 1}, {"pattern": "x"}]}, 1, None),
        ({"anyOf": [{"const": 1}, {"pattern": "x"}]}, 1, True),
        ({"anyOf": [{"const": 2}, {"pattern": "x"}]}, 1, None),
        ({"anyOf": [{"const": 2}, {"const": 3}]}, 1, False),
        ({"oneOf": [{"const": 1}, {"type": "integer"}]}, 1, False),
        ({"oneOf": [{"const": 2}, {"type": "integer"}]}, 1, True),
        ({"oneOf": [{"const": 1}, {"pattern": "x"}]}, 1, None),
        ({"properties": {"kind": {"const": "firm"}}}, {"kind": "firm"}, True),
        ({"properties": {"kind": {"const": "firm"}}}, {"kind": "person"}, False),
        ({"properties": {"kind": {"const": "firm"}}}, {}, True),
        ({"properties": {"kind": {"const": "firm"}}, "required": ["kind"]}, {}, False),
        ({"properties": []}, {}, None),
        ({"allOf": {}}, 1, None),
    ],
)
def test_a_condition_is_met_or_not_or_left_open(condition, value, answer):
    assert holds(condition, value, dict) is answer


def test_a_condition_that_never_ends_is_left_open():
    endless = {}
    endless["not"] = endless

    assert holds(endless, 1, dict) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["a", "b"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2)
    ),
    max_leaves=4,
)
CONDITIONS = st.recursive(
    st.booleans()
    | st.fixed_dictionaries({"const": JSON})
    | st.fixed_dictionaries({"enum": st.lists(JSON, min_size=1, max_size=3)})
    | st.fixed_dictionaries(
        {"type": st.sampled_from(["string", "integer", "array", "object", "null", "boolean"])}
    )
    | st.fixed_dictionaries({"required": st.lists(st.sampled_from(["a", "b"]), max_size=2)})
    | st.fixed_dictionaries({"minimum": st.integers(-2, 2)}),
    lambda inner: (
        st.fixed_dictionaries({"not": inner})
        | st.fixed_dictionaries({"allOf": st.lists(inner, min_size=1, max_size=3)})
        | st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=3)})
        | st.fixed_dictionaries({"oneOf": st.lists(inner, min_size=1, max_size=3)})
        | st.fixed_dictionaries(
            {"properties": st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2)}
        )
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(CONDITIONS, JSON)
def test_what_can_be_told_is_told_as_by_the_checker(condition, value):
    assert holds(condition, value, lambda node: node) is jsonschema.Draft202012Validator(condition).is_valid(
        value
    )


@given(JSON, JSON)
def test_values_are_the_same_as_json_sees_it(one, other):
    assert same_json(one, other) is jsonschema.Draft202012Validator({"const": one}).is_valid(other)


def test_a_form_is_ruled_out_only_by_a_value_that_it_does_not_allow():
    person = {
        "properties": {"kind": {"const": "person"}, "name": {"type": "string"}},
        "required": ["kind", "name"],
    }

    assert excludes(person, {"kind": "firm"}, dict)
    assert not excludes(person, {"kind": "person"}, dict)
    assert not excludes(person, {"name": 7}, dict)
    assert not excludes(person, {}, dict)
    assert not excludes(person, None, dict)
    assert not excludes({"required": ["kind"]}, {"kind": "firm"}, dict)
