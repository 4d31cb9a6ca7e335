"""The contract as data is whole, says where it is from, and agrees with the description that the sandbox serves."""

from __future__ import annotations

import itertools
import json
from urllib.parse import urlencode

import pytest

import contract_examples as contract
from numbers_toolkit import error_codes, vocabulary
from numbers_toolkit.sandbox import openapi

pytest.importorskip("jsonschema_rs")
pytest.importorskip("openapi_spec_validator")

from openapi_spec_validator import OpenAPIV31SpecValidator

from answers_checked import Description, closed

DESCRIPTION = Description(narrow=False)
NARROW = Description(narrow=True)
SCHEMAS = DESCRIPTION.document["components"]["schemas"]
OPERATIONS = DESCRIPTION.operations
SAID = [
    *contract.EXAMPLES.values(),
    *contract.WORDS.values(),
    *contract.EVENTS["signatures"],
    *contract.EVENTS["events"],
]


def known(schema):
    """Return the words of a schema of an open list, which may be null or items of an array."""
    if "items" in schema:
        return known(schema["items"])
    first = schema["anyOf"][0]
    return known(first) if "anyOf" in first else first["enum"]


def field(name, *path):
    found = SCHEMAS[name]
    for step in path:
        found = found["items"] if step == "[]" else found["properties"][step]
    return found


#: Where the description writes each list of words of the contract.
WRITTEN = {
    "number type": [known(field("ActiveNumber", "type")), field("OrderRequest", "numberType")["enum"]],
    "capability": [
        known(field("ActiveNumber", "capability")),
        known(field("NumberOrder", "orderNumbers", "[]", "capabilities")),
    ],
    "search pattern": [[word for word in field("NumberPattern", "searchPattern")["enum"] if word]],
    "provisioning status": [
        known(field("ScheduledProvisioning", "status")),
        known(field("ScheduledVoiceProvisioning", "status")),
    ],
    "voice type": [
        known(field("VoiceConfiguration", "type")),
        [one["properties"]["type"]["const"] for one in SCHEMAS["VoiceLink"]["anyOf"]],
    ],
    "order by": [
        one["schema"]["enum"]
        for one in OPERATIONS["list_active"][3]["parameters"]
        if one["name"] == "orderBy"
    ],
    "address validation result": [known(field("AddressValidation", "validationResult"))],
    "number order state": [known(field("NumberOrder", "state"))],
    "upload status": [known(field("Registration", "attachments", "[]", "uploadStatus"))],
    "error code": [known(field("ScheduledProvisioning", "errorCodes"))],
    "event failure code": [known(field("NumberEvent", "failureCode"))],
    "event resource type": [[field(name, "resourceType")["const"] for name in ("NumberEvent", "OrderEvent")]],
    "number event type": [known(field("NumberEvent", "eventType"))],
    "number event status": [known(field("NumberEvent", "status"))],
    "order event status": [known(field("OrderEvent", "status"))],
}


def test_description_is_openapi() -> None:
    assert list(OpenAPIV31SpecValidator(openapi.describe()).iter_errors()) == []


def test_description_has_every_operation_and_the_token_endpoint() -> None:
    assert len(OPERATIONS) == 23
    assert set(OPERATIONS) == {example["operation"] for example in contract.EXAMPLES.values()}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_is_described_with_its_source(name: str) -> None:
    operation = OPERATIONS[name][3]

    assert operation["summary"]
    assert "\n\nSource: " in operation["description"] or operation["description"].startswith("Source: ")
    assert {"200", "401", "429", "500", "503"} <= set(operation["responses"])


def test_links_lead_to_operations_and_fill_their_paths() -> None:
    for _, _, _, operation in OPERATIONS.values():
        for link in operation["responses"]["200"].get("links", {}).values():
            path, _, parameters, _ = OPERATIONS[link["operationId"]]
            assert set(link["parameters"]) == {one["$ref"].rpartition("/")[2] for one in parameters}, path


@pytest.mark.parametrize("said", SAID, ids=lambda said: said.get("name", "signature"))
def test_everything_in_the_contract_has_a_source_and_a_confidence(said) -> None:
    assert said["source"]
    assert set(said["source"]) <= set(contract.SOURCES["sources"])
    assert said["confidence"]
    assert set(said["confidence"]) <= set(contract.SOURCES["confidence"])
    # What is only our choice does not pass for a fact, and what is disputed says how.
    assert ("OWN" in said["source"]) <= ("inferred" in said["confidence"])
    assert ("disputed" in said["confidence"]) <= bool(said.get("note"))


@pytest.mark.parametrize("name", contract.WORDS)
def test_description_knows_the_words_of_the_contract(name: str) -> None:
    for written in WRITTEN[name]:
        assert sorted(written) == sorted(contract.WORDS[name]["values"])


def test_toolkit_knows_the_words_of_the_contract() -> None:
    values = {name: one["values"] for name, one in contract.WORDS.items()}

    assert sorted(vocabulary.NUMBER_TYPES) == sorted(values["number type"])
    assert sorted(vocabulary.CAPABILITIES) == sorted(values["capability"])
    assert sorted(vocabulary.SEARCH_PATTERNS) == sorted(values["search pattern"])
    assert sorted(vocabulary.VOICE_TYPES) == sorted(values["voice type"])
    assert sorted(vocabulary.ORDER_BY) == sorted(values["order by"])
    assert sorted(vocabulary.EVENT_RESOURCES) == sorted(values["event resource type"])
    assert {*vocabulary.EVENT_TYPES} >= {*values["number event type"]}
    statuses = {*values["number event status"], *values["order event status"]}
    assert {*vocabulary.EVENT_STATUSES} == statuses
    assert {*error_codes.CATALOGUE} >= {*values["error code"]}


@pytest.mark.parametrize("example", contract.EXAMPLES.values(), ids=lambda one: one["name"])
def test_answer_of_an_example_is_as_described(example) -> None:
    answer = example["answer"]
    body = json.dumps(answer["body"]).encode() if "body" in answer else b""

    for description in (DESCRIPTION, NARROW):
        assert description.answer_problems(example["operation"], answer["status"], body) == []


@pytest.mark.parametrize(
    "example",
    [one for one in contract.EXAMPLES.values() if "sender" not in one],
    ids=lambda one: one["name"],
)
def test_request_of_an_example_is_as_described(example) -> None:
    request = example["request"]
    path, method, _, _ = OPERATIONS[example["operation"]]
    body = json.dumps(request["body"]) if "body" in request else request.get("raw", "")
    if "form" in request:
        body = "".join(f'name="{name}"' for name in request["form"])

    assert method.upper() == request["method"]
    assert path.count("/") == request["path"].count("/")
    query = urlencode([tuple(pair) for pair in request.get("query", ())])
    assert DESCRIPTION.request_problems(example["operation"], query, body.encode()) == []


@pytest.mark.parametrize("event", contract.EVENTS["events"], ids=lambda one: one["name"])
def test_event_of_the_contract_is_as_described(event) -> None:
    assert DESCRIPTION.problems("Event", event["body"]) == NARROW.problems("Event", event["body"]) == []


NUMBER = contract.EXAMPLES["rent"]["answer"]["body"]


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "SHORT_CODE"},
        {"futureField": [1]},
        {"expireAt": "2026-04-02T09:15:20Z", "nextChargeDate": None},
        {"capability": []},
    ],
)
def test_description_takes_what_may_come_one_day_and_the_sandbox_may_not_write_all_of_it(changes) -> None:
    changed = NUMBER | changes

    assert DESCRIPTION.problems("ActiveNumber", changed) == []
    ours = "futureField" not in changes and "type" not in changes
    assert (NARROW.problems("ActiveNumber", changed) == []) is ours


@pytest.mark.parametrize(
    "changes",
    [
        {"money": {"currencyCode": "USD", "amount": 0.6}},
        {"paymentIntervalMonths": "1"},
        {"nextChargeDate": ""},
        {"nextChargeDate": "2026-04-02T09:15:20"},
        {"phoneNumber": "13075550142"},
        {"smsConfiguration": {"servicePlanId": None}},
        {"voiceConfiguration": {"appId": ""}},
        {"capability": "SMS"},
    ],
)
def test_description_refuses_what_breaks_clients(changes) -> None:
    assert DESCRIPTION.problems("ActiveNumber", NUMBER | changes) != []


def test_narrowed_description_misses_every_field_that_is_left_out() -> None:
    optional = SCHEMAS["NumberOrder"]["x-may-be-absent"]
    for name in NUMBER:
        fewer = {key: value for key, value in NUMBER.items() if key != name}
        assert NARROW.problems("ActiveNumber", fewer) != []
    order = contract.EXAMPLES["create_order_for_one_number"]["answer"]["body"]
    for name in optional:
        assert (
            NARROW.problems("NumberOrder", {key: value for key, value in order.items() if key != name}) == []
        )
    assert closed([{"x-open": True}, 1]) == [1]


def test_shape_tells_apart_what_matters() -> None:
    example = {"a": "x", "b": None, "c": ["1"], "d": "2026-03-02T09:15:27Z", "e": 1}
    good = {"a": "y", "b": None, "c": ["2", "3"], "d": "2027-01-01T00:00:00.5Z", "e": 2}
    bad = [
        {"a": "y", "b": None, "c": ["2"], "d": good["d"]},
        {**good, "f": 1},
        dict(reversed(good.items())),
        {**good, "a": ""},
        {**good, "b": ""},
        {**good, "c": []},
        {**good, "d": "2027-01-01T00:00:00"},
        {**good, "e": True},
        {**good, "e": 1.0},
    ]

    assert contract.differences(example, good) == []
    assert all(contract.differences(example, one) for one in bad)
    said = {"answer": {"body": example}, "facts": ["/e"], "equal": [["/a", "/d"]]}
    assert contract.broken_facts(said, good) == ["/e: 2 instead of 1", "/a and /d differ"]
    assert contract.without({"a": [1, 2], "b": 3}, ["/a/1", "/b"]) == {"a": [1]}


def test_query_is_checked_by_name_number_and_value() -> None:
    good = "regionCode=US&type=LOCAL&capabilities=SMS&capabilities=VOICE&size=5"
    bad = (
        "regionCode=US",
        f"{good}&size=5",
        f"{good}&page=1",
        "regionCode=US&type=X",
        "regionCode=US&type=LOCAL&size=x",
    )

    assert DESCRIPTION.request_problems("search_available", good, b"") == []
    assert all(DESCRIPTION.request_problems("search_available", query, b"") for query in bad)
    assert list(itertools.islice(DESCRIPTION._body_problems("rent_any", b""), 1)) == ["the body is missing"]
    assert DESCRIPTION.request_problems("release", "", b"{}") == ["a body where none is described"]
