"""What a person must give for an order: read from whatever the API answers, shown, and ready to copy."""

from __future__ import annotations

import ast
import pickle
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import numbers_toolkit as nt
from numbers_toolkit import tables
from numbers_toolkit.activation.papers import Attachment, Papers
from numbers_toolkit.activation.requirements import (
    DocumentTemplate,
    RequiredAttachment,
    Requirements,
    order_requirements,
    read_requirements,
)
from numbers_toolkit.activation.schema_reading import SchemaReader
from numbers_toolkit.errors import InvalidInputError, PermissionDeniedError, UnknownValueWarning
from scripted_server import Reply, ScriptedServer, error

#: As the documentation's sample for Australian mobile numbers: a schema that is only referred to.
PUBLISHED: dict[str, Any] = {
    "fields": {
        "schema": "/schema/policySchema-v1.json",
        "rules": [{"template": {}}, {"template": {}}],
        "attachments": [],
    },
    "attachments": [
        {
            "id": "01kq4ye5f2g7h9j1k3m6n8p0qr",
            "description": "Signed statement of use",
            "mandatory": True,
            "template": [{"name": "statement.rtf", "url": "https://files.example.com/statement.rtf"}],
            "title": "Statement",
            "allowedMimeTypes": ["application/pdf", "application/pdf"],
            "allowedDocumentTypes": ["Passport", "Driver's License"],
        }
    ],
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["city", "contact"],
    "properties": {
        "note": {"type": "string", "maxLength": 40, "examples": ["urgent"]},
        "city": {"type": "string", "title": "City", "description": "Place", "minLength": 1, "maxLength": 40},
        "country": {"const": "AU"},
        "contact": {
            "type": "object",
            "required": ["email"],
            "properties": {"email": {"type": "string", "format": "email"}, "phone": {"pattern": "^[+]"}},
        },
        "owners": {"type": "array", "items": {"properties": {"name": {"type": "string"}}}},
        "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1},
    },
}


def asked(schema: Any = None, *, attachments: Any = (), **fields: Any) -> dict[str, Any]:
    given = {"schema": schema, **fields} if schema is not None else fields
    return {"fields": given, "attachments": list(attachments)}


def read(answer: dict[str, Any]) -> Requirements:
    return read_requirements(answer, "AU", "MOBILE")


# -- what the API answers --------------------------------------------------------------------------------------------


def test_look_up_asks_for_one_kind_and_orders_nothing() -> None:
    with ScriptedServer(Reply(body=PUBLISHED)) as server, server.client() as client:
        needed = order_requirements(client, "au", "mobile")

    (request,) = server.requests
    assert request.path.endswith("/numberOrders:lookupNumberRequirements")
    assert request.body == b'{"regionCode": "AU", "numberType": "MOBILE"}'
    assert (needed.region_code, needed.number_type, needed.known) == ("AU", "MOBILE", True)
    assert needed.source.startswith("server ")


def test_kind_without_known_requirements_asks_for_nothing() -> None:
    answer = error(404, "NOT_FOUND", "Number requirements not found")
    with ScriptedServer(answer) as server, server.client() as client:
        needed = order_requirements(client, "US", "LOCAL")

    assert (needed.known, needed.asks_for_anything, needed.mandatory) == (False, False, False)
    assert needed.summary() == "Nothing special is known to be required for US LOCAL."


def test_other_refusals_are_raised() -> None:
    with (
        ScriptedServer(error(403, "PERMISSION_DENIED")) as server,
        server.client() as client,
        pytest.raises(PermissionDeniedError),
    ):
        order_requirements(client, "AU", "MOBILE")


@pytest.mark.parametrize(("region", "kind"), [("Australia", "MOBILE"), ("AU", "SATELLITE"), (None, "MOBILE")])
def test_wrong_kind_is_refused_before_anything_is_sent(region: Any, kind: str) -> None:
    with ScriptedServer() as server, server.client() as client, pytest.raises(InvalidInputError):
        order_requirements(client, region, kind)
    assert server.requests == []


def test_published_sample_is_understood() -> None:
    needed = read(PUBLISHED)

    assert (needed.schema, needed.schema_reference, needed.templates) == (
        None,
        "/schema/policySchema-v1.json",
        (),
    )
    assert needed.fields == ()
    assert needed.mandatory
    assert needed.attachments == (
        RequiredAttachment(
            attachment_id="01kq4ye5f2g7h9j1k3m6n8p0qr",
            title="Statement",
            description="Signed statement of use",
            mandatory=True,
            allowed_mime_types=("application/pdf",),
            allowed_document_types=("Passport", "Driver's License"),
            templates=(DocumentTemplate("statement.rtf", "https://files.example.com/statement.rtf"),),
        ),
    )
    assert needed.other_fields == {}
    assert needed.summary() == (
        "AU MOBILE asks for registration data after the schema /schema/policySchema-v1.json "
        "and 1 document (Statement)."
    )


@pytest.mark.parametrize(
    "fields",
    [{"schema": SCHEMA}, {"schema": str(SCHEMA).replace("'", '"')}, SCHEMA, str(SCHEMA).replace("'", '"')],
    ids=["object", "text", "fields are the schema", "fields are its text"],
)
def test_schema_is_found_as_an_object_and_as_text(fields: Any) -> None:
    needed = read({"fields": fields, "attachments": None})

    assert needed.schema == SCHEMA
    assert [one.path for one in needed.required_fields] == ["city", "contact.email"]


def test_fields_tell_what_the_schema_tells() -> None:
    found = {one.path: one for one in read(asked(SCHEMA)).fields}

    assert list(found) == [
        "note",
        "city",
        "country",
        "contact.email",
        "contact.phone",
        "owners[].name",
        "tags",
    ]
    city, email = found["city"], found["contact.email"]
    assert (city.title, city.description, city.required, city.type) == ("City", "Place", True, "string")
    assert city.limits == ("1 to 40 characters",)
    assert (email.name, email.format, email.required) == ("email", "email", True)
    assert found["contact.phone"].pattern == "^[+]"
    assert found["contact.phone"].required is False
    assert found["country"].allowed == ("AU",)
    assert found["note"].example == "urgent"
    assert found["tags"].limits == ("at least 1 entry",)


def test_template_names_fields_without_saying_whether_they_are_required() -> None:
    templates = [
        {"template": {"city": "", "contact": {"email": ""}}},
        {"template": {"vat": {"type": "string"}}},
    ]

    needed = read(asked("/schema/a.json", rules=templates))

    assert [(one.path, one.required) for one in needed.fields] == [
        ("city", None),
        ("contact.email", None),
        ("vat", None),
    ]
    assert needed.mandatory
    assert needed.data_is_mandatory


def test_template_may_be_a_schema_or_describe_its_fields() -> None:
    schema_like = {"template": SCHEMA}
    described = {"template": {"vat": {"required": True, "title": "VAT number"}, "use": {"mandatory": False}}}

    needed = read(asked(rules=[schema_like, described]))

    assert [one.path for one in needed.required_fields] == ["city", "contact.email", "vat"]
    assert {one.path: one.title for one in needed.fields}["vat"] == "VAT number"


def test_optional_things_alone_are_not_mandatory() -> None:
    needed = read(asked({"properties": {"note": {}}}, attachments=[{"id": "a", "title": "Letter"}]))

    assert needed.asks_for_anything
    assert not needed.mandatory
    assert needed.summary() == "AU MOBILE asks for registration data (1 field) and 1 optional document."


@pytest.mark.parametrize(
    "nothing", [{}, {"fields": None, "attachments": None}, {"fields": {}, "attachments": []}]
)
def test_empty_answer_asks_for_nothing(nothing: dict[str, Any]) -> None:
    needed = read(nothing)

    assert not needed.asks_for_anything
    assert needed.summary() == "AU MOBILE asks for no papers."
    assert needed.example() == "nt.Papers()"


# -- what is not understood ------------------------------------------------------------------------------------------


def test_unknown_fields_are_kept_and_told_of() -> None:
    answer = {**PUBLISHED, "fee": {"amount": "2"}, "attachments": [{"id": "a", "watermark": True}]}

    with pytest.warns(UnknownValueWarning, match="fee"):
        needed = read(answer)

    assert needed.other_fields == {"fee": {"amount": "2"}, "attachments[0].watermark": True}
    assert "fee" in needed._repr_html_()


def test_known_draft_field_and_free_form_parts_are_kept_without_a_warning() -> None:
    needed = read(
        {**asked(SCHEMA, version=3, rules=[{"when": "business"}]), "quantityOrdersSupported": False}
    )

    assert needed.other_fields == {
        "fields.version": 3,
        "fields.rules[0].when": "business",
        "quantityOrdersSupported": False,
    }
    assert "fields.version" in needed.summary()


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        ({"fields": ["a"]}, "fields"),
        ({"fields": "no JSON"}, "fields"),
        ({"fields": 7}, "fields"),
        (asked(7), "fields.schema"),
        (asked(rules={"a": 1}), "fields.rules"),
        (asked(rules=["a"]), "fields.rules[0]"),
        (asked(rules=[{"template": ["a"]}]), "fields.rules[0].template"),
        ({"attachments": {"id": "a"}}, "attachments"),
        ({"attachments": ["a"]}, "attachments[0]"),
        ({"attachments": [{"title": "No id"}]}, "attachments[0]"),
        ({"attachments": [{"id": "a"}, {"id": "a", "title": "again"}]}, "attachments[1]"),
        ({"attachments": [{"id": "a", "allowedMimeTypes": [1]}]}, "attachments[0].allowedMimeTypes"),
        ({"attachments": [{"id": "a", "template": [1]}]}, "attachments[0].template"),
    ],
)
@pytest.mark.filterwarnings("ignore::numbers_toolkit.errors.UnknownValueWarning")
def test_wrong_types_are_kept_by_path(answer: dict[str, Any], path: str) -> None:
    needed = read(answer)

    assert list(needed.other_fields) == [path]
    assert path in needed.not_understood
    assert needed._repr_html_()


@pytest.mark.parametrize("word", [None, False, 0, "false", "no", "", [], {"when": "business"}])
def test_only_what_says_so_is_mandatory(word: Any) -> None:
    assert read(asked(attachments=[{"id": "a", "mandatory": word}])).mandatory_attachments == ()


def test_odd_but_clear_values_are_read() -> None:
    one = {
        "id": 7,
        "title": None,
        "mandatory": "true",
        "template": {"url": "https://x.example"},
        "allowedMimeTypes": "application/pdf",
    }

    (attachment,) = read({"attachments": [one]}).attachments

    assert attachment == RequiredAttachment(
        attachment_id="7",
        mandatory=True,
        allowed_mime_types=("application/pdf",),
        templates=(DocumentTemplate("", "https://x.example"),),
    )
    assert attachment.name == "7"


ENDLESS = [
    {"$ref": "#"},
    {"properties": {"a": {"$ref": "#"}, "b": {"$ref": "#"}}},
    {"allOf": [{"$ref": "#"}, {"$ref": "#"}, {"properties": {"a": {}}}]},
    {"type": "array", "prefixItems": [{"$ref": "#"}] * 4},
    {"properties": {"a": {"$ref": "#/properties/b"}, "b": {"$ref": "#/properties/a"}}},
]


@pytest.mark.parametrize("schema", ENDLESS, ids=str)
def test_schema_without_end_is_cut(schema: dict[str, Any]) -> None:
    needed = read(asked(schema))

    assert len(needed.fields) <= 500
    assert len(needed.example()) < 1_000_000


@pytest.mark.parametrize(
    "schema",
    [
        {"required": 7, "properties": {"a": 1}},
        {"properties": {"a": {"type": 3, "enum": "x", "title": ["t"], "minLength": "z"}}},
        {"allOf": 3, "then": 4, "items": 5, "type": [1, 2]},
        {"$ref": 3, "properties": {"a": {"$ref": "#/nowhere/0"}}},
        {"properties": {"a": {"$ref": "https://schemas.example.com/a.json"}}},
        {"required": ["a", 1, None], "type": "object"},
    ],
    ids=str,
)
def test_broken_schema_is_read_as_far_as_it_goes(schema: dict[str, Any]) -> None:
    needed = read(asked(schema))

    assert needed.schema == schema
    assert needed.to_frame() is not None
    assert needed.example()


def test_references_within_a_schema_are_followed() -> None:
    schema = {
        "$defs": {"a/b": {"title": "Town", "type": "string"}},
        "properties": {"city": {"$ref": "#/$defs/a~1b"}, "old": {"$ref": "other.json#/x"}},
        "allOf": [{"required": ["city"]}, {"properties": {"vat": {"type": "string"}}, "required": ["vat"]}],
        "then": {"properties": {"why": {}}, "required": ["why"]},
    }

    found = {one.path: (one.title, one.required) for one in SchemaReader(schema).fields()}

    assert found == {"city": ("Town", True), "old": ("", False), "vat": ("", True), "why": ("", False)}


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"properties": {"requestDetails": {"type": "object"}}}, "body"),
        ({"properties": {"data": {"type": "array"}}}, "details"),
        ({"properties": {"data": {"type": "string"}}}, "entry"),
        ({"type": "array", "items": {}}, "data"),
        ({"prefixItems": [{}]}, "data"),
        ({"properties": {"city": {}}}, "entry"),
        ({}, "entry"),
    ],
)
def test_shape_tells_what_a_schema_describes(schema: dict[str, Any], place: str) -> None:
    assert SchemaReader(schema).place() == place


def test_fields_are_named_alike_wherever_the_schema_begins() -> None:
    entry = {"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}}
    data = {"type": "array", "items": entry}
    details = {"properties": {"data": data}, "required": ["data"]}
    body = {"properties": {"requestDetails": details}}

    found = [SchemaReader(one).fields() for one in (entry, data, details, body)]

    assert [[field.path for field in fields] for fields in found] == [["city"]] * 4


# -- shown -----------------------------------------------------------------------------------------------------------


def test_frame_has_every_column_and_what_is_required_first() -> None:
    attachments = [{"id": "b", "title": "Letter"}, {"id": "a", "title": "Statement", "mandatory": True}]

    frame = read(asked(SCHEMA, attachments=attachments)).to_frame()

    tables.REQUIREMENTS.require(frame)
    assert list(frame.columns) == list(tables.REQUIREMENTS.names)
    assert list(frame["path"][:2]) == ["city", "contact.email"]
    assert list(frame["name"][-2:]) == ["a", "b"]
    assert list(frame["part"].unique()) == ["field", "document"]
    assert frame["required"].sum() == 3


def test_frame_of_nothing_has_every_column_and_dtype() -> None:
    frame = read({}).to_frame()

    assert len(frame) == 0
    assert dict(frame.dtypes) == dict(tables.REQUIREMENTS.empty().dtypes)


def test_unsaid_requirement_is_missing_in_the_frame() -> None:
    frame = read(asked(rules=[{"template": {"city": ""}}])).to_frame()

    assert frame["required"].isna().all()


def run_example(needed: Requirements) -> Papers:
    """Carry out the text that a person would copy."""
    names = {"nt": type("nt", (), {"Papers": Papers, "Attachment": Attachment})}
    text = needed.example()
    ast.parse(text)
    papers = eval(text, names)
    assert isinstance(papers, Papers)
    return papers


def test_example_has_the_shape_of_the_schema() -> None:
    attachments = [
        {"id": "a", "title": "Statement", "mandatory": True, "allowedMimeTypes": ["application/pdf"]},
        {"id": "b", "title": "Identity", "mandatory": True, "allowedDocumentTypes": ["Passport"]},
        {"id": "c", "title": "Letter"},
    ]

    needed = read(asked(SCHEMA, attachments=attachments))

    papers = run_example(needed)
    assert papers.request_details == {"data": [{"city": "...", "contact": {"email": "..."}}]}
    assert {title: one.document_type for title, one in papers.attachments.items()} == {
        "Statement": None,
        "Identity": "Passport",
    }
    assert papers.attachments["Statement"].name == "statement.pdf"


def test_example_follows_the_places_of_a_list() -> None:
    number = {"properties": {"senderId": {"type": "string"}, "checked": {"type": "boolean"}}}
    schema = {
        "type": "array",
        "prefixItems": [{"type": "array", "items": number}, {"properties": {"city": {}}}],
    }

    assert run_example(read(asked(schema))).request_details == {
        "data": [[{"senderId": "...", "checked": True}], {"city": "..."}]
    }


def test_example_of_templates_has_one_entry_each() -> None:
    needed = read(
        asked("/s.json", rules=[{"template": {"city": ""}}, {"template": {"use": "OTP", "ok": False}}])
    )

    assert run_example(needed).request_details == {"data": [{"city": "..."}, {"use": "OTP", "ok": False}]}


def test_example_names_documents_of_one_title_by_their_ids() -> None:
    attachments = [{"id": name, "title": "Letter", "mandatory": True} for name in ("a", "b")]

    assert set(run_example(read(asked(attachments=attachments))).attachments) == {"a", "b"}


HOSTILE = "\"'); import os; ('\n</code><script>alert(1)</script>\u202e{}"


def test_hostile_text_stays_text() -> None:
    attachment = {
        "id": HOSTILE,
        "title": HOSTILE,
        "description": HOSTILE,
        "mandatory": True,
        "template": [{"name": HOSTILE, "url": "javascript:alert(1)"}],
        "allowedDocumentTypes": [HOSTILE],
        "allowedMimeTypes": [HOSTILE],
    }
    schema = {
        "required": [HOSTILE],
        "properties": {HOSTILE: {"title": HOSTILE, "pattern": HOSTILE, "enum": [HOSTILE]}},
    }

    needed = read(asked(schema, attachments=[attachment]))

    html = needed._repr_html_()
    assert "<script" not in html
    assert "href" not in html
    assert "\u202e" not in needed.example()
    papers = run_example(needed)
    assert papers.request_details == {"data": [{HOSTILE: HOSTILE}]}
    assert list(papers.attachments) == [HOSTILE]
    assert "\n" not in repr(needed)


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("br", "wbr"):
            self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data if self.open[-1] != "style" else ""


def test_page_says_what_to_give_and_links_the_form() -> None:
    reader = Reader()

    reader.feed(read({**PUBLISHED, "fields": {"schema": SCHEMA}})._repr_html_())

    assert reader.open == []
    assert reader.links == ["https://files.example.com/statement.rtf"]
    for word in ("City", "required", "mandatory", "Statement", "Passport", "nt.Papers(", "email"):
        assert word in reader.text
    assert reader.text.index("City") < reader.text.index("note")


def test_page_says_that_a_schema_is_not_spelt_out() -> None:
    assert "names a schema without holding it" in read(PUBLISHED)._repr_html_()


def test_page_of_many_fields_says_how_many_more() -> None:
    schema = {"properties": {f"field{place}": {} for place in range(230)}}

    assert "And 30 more rows" in read(asked(schema))._repr_html_()


def test_page_of_many_fields_folds_all_but_the_first() -> None:
    schema = {
        "required": ["last"],
        "properties": {**{f"field{place}": {} for place in range(30)}, "last": {}},
    }

    html = read(asked(schema))._repr_html_()

    assert "<summary>16 more</summary>" in html
    assert html.index(">last<") < html.index("<details>")


def test_page_from_another_source_names_it() -> None:
    needed = replace(read({**PUBLISHED, "fields": {"schema": SCHEMA}}), source="production")

    assert '<span class="badge bad">production</span>' in needed._repr_html_()
    assert "SANDBOX" not in needed._repr_html_()


def test_example_to_copy_keeps_its_lines_and_is_not_cut() -> None:
    schema = {
        "required": [f"field{place}" for place in range(60)],
        "properties": {f"field{p}": {} for p in range(60)},
    }
    needed = read(asked(schema))
    reader = Reader()

    reader.feed(needed._repr_html_())

    assert needed.example() in reader.text


def test_page_from_the_sandbox_says_so(client: nt.NumbersClient) -> None:
    needed = order_requirements(client, "DE", "MOBILE")

    assert needed.source == "sandbox"
    html = needed._repr_html_()
    assert '<span class="badge warn">SANDBOX</span>' in html
    assert "invented requirements of the sandbox" in html
    assert html.startswith('<div class="numbers-toolkit">')
    assert needed.to_frame().attrs["source"] == "sandbox"


def test_requirements_are_values_that_pickle() -> None:
    needed = read({**PUBLISHED, "fields": {"schema": SCHEMA}})

    assert pickle.loads(pickle.dumps(needed)) == needed
    assert needed == read({**PUBLISHED, "fields": {"schema": SCHEMA}})
    with pytest.raises(AttributeError):
        needed.known = False  # type: ignore[misc]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=25,
)
WORDS = st.sampled_from(
    [
        "type",
        "properties",
        "required",
        "items",
        "prefixItems",
        "enum",
        "allOf",
        "anyOf",
        "$ref",
        "title",
        "then",
    ]
)
SCHEMAS = st.recursive(
    st.sampled_from(["string", "object", "array", "#", "#/properties", "a", True, None, 3]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.sampled_from("abc"), inner, max_size=4)
    ),
    max_leaves=30,
)
PARTS = ("title", "mandatory", "template", "allowedMimeTypes", "allowedDocumentTypes")
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "fields": JSON | st.fixed_dictionaries({"schema": SCHEMAS | JSON, "rules": SCHEMAS | JSON}),
        "attachments": JSON
        | st.lists(
            st.fixed_dictionaries(
                {"id": st.text(max_size=3) | JSON},
                optional=dict.fromkeys(PARTS, JSON),
            ),
            max_size=3,
        ),
        "more": JSON,
    },
)


@given(ANSWERS)
@settings(max_examples=150, deadline=None)
@pytest.mark.filterwarnings("ignore::numbers_toolkit.errors.UnknownValueWarning")
def test_no_answer_can_break_reading_or_showing(answer: dict[str, Any]) -> None:
    needed = read(answer)

    assert needed.summary().endswith(".")
    assert repr(needed)
    reader = Reader()
    reader.feed(needed._repr_html_())
    assert reader.open == []
    tables.REQUIREMENTS.require(needed.to_frame())
    ast.parse(needed.example())


# -- what a person reads of it ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "limits"),
    [
        ({"exclusiveMinimum": 0}, ("at least 0 (excluded)",)),
        ({"exclusiveMinimum": 0, "exclusiveMaximum": 9}, ("0 to 9 (excluded)",)),
        ({"minimum": 1, "multipleOf": 5}, ("at least 1", "a multiple of 5")),
        ({"multipleOf": "5"}, ()),
    ],
)
def test_bounds_of_numbers_are_told(field: dict[str, Any], limits: tuple[str, ...]) -> None:
    (found,) = read(asked({"properties": {"count": {"type": "integer", **field}}})).fields
    assert found.limits == limits


def test_schema_in_the_place_of_the_fields_has_no_address() -> None:
    assert read({"fields": SCHEMA, "attachments": []}).schema_reference == ""


@pytest.mark.parametrize("outer", [False, True])
def test_example_has_the_place_that_the_api_reads_data_from(*, outer: bool) -> None:
    entries = {"type": "array", "items": {"required": ["city"], "properties": {"city": {}}}}
    schema: dict[str, Any] = {"properties": {"data": entries}}
    schema = {"properties": {"requestDetails": schema}} if outer else schema
    assert SchemaReader(schema).example() == {"data": [{"city": "..."}]}


def test_frame_tells_formats_and_forms() -> None:
    frame = read({**PUBLISHED, "fields": {"schema": SCHEMA}}).to_frame().set_index("path", drop=False)
    assert frame.loc["contact.email", "limits"] == "format email"
    assert frame.attrs["known"] is True
    documents = frame[frame["part"] == "document"]
    assert documents["example"].to_list() == ["https://files.example.com/statement.rtf"]


def test_page_tells_types_that_are_new_and_has_no_traces_of_what_is_missing() -> None:
    shown = read(asked({"properties": {"paid": {"type": "money"}}}))._repr_html_()
    assert "money" in shown
    assert "None" not in shown


def test_lists_in_lists_of_a_template_do_not_exhaust_the_machine() -> None:
    deep: list[Any] = []
    for _ in range(5_000):
        deep = [deep]
    assert read(asked("/s.json", rules=[{"template": {"city": "", "odd": deep}}])).example()
