"""The sandbox against the contract alone: asked for what an example requests, it gives an answer of its shape.

Requests are made by plain HTTP, exactly as the example has them.
"""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest

import contract_examples as contract
from numbers_toolkit.sandbox import Sandbox
from sandbox_helpers import TIMEOUT, Caller

N = "+13075550142"
ORDER, PAPER = "01kq4yfz8d1c3b5n7m9v2x4w6t", "01kq4ye5f2g7h9j1k3m6n8p0qr"
OFFERS = contract.EXAMPLES["search_from_the_start"]["answer"]["body"]["availableNumbers"]
ORDERED = contract.EXAMPLES["create_order_for_one_number"]["answer"]["body"]["orderNumbers"][0]
AUSTRALIAN = {
    "phoneNumber": ORDERED["phoneNumber"],
    "regionCode": "AU",
    "type": "MOBILE",
    "capability": ORDERED["capabilities"],
    **ORDERED["numberPrice"],
    "supportingDocumentationRequired": True,
}
CONFIGURED = contract.EXAMPLES["first_page"]["answer"]["body"]["activeNumbers"][0]
BARE = contract.EXAMPLES["last_page"]["answer"]["body"]["activeNumbers"][0]
#: The numbers of the examples: those of the one side are on offer, or they are rented; never both.
ON_OFFER = {"numbers": [], "available_numbers": [*OFFERS, AUSTRALIAN]}
RENTED = {
    "numbers": [CONFIGURED, {**BARE, "phoneNumber": "+13075550166"}, BARE],
    "available_numbers": [AUSTRALIAN],
}
#: Lists of which every number looks alike.
BARE_NUMBERS = [{**BARE, "phoneNumber": f"+1307555017{digit}"} for digit in range(3)]
LISTED = {"list_without_filters", "plural_capabilities"}
NUMBERS_ON_OFFER = {
    "search_available",
    "check_available",
    "rent",
    "rent_any",
    "create_order",
}


def failed_campaign(caller):
    request = contract.EXAMPLES["rent"]["request"]["body"]["smsConfiguration"]
    caller.sandbox.add_service_plan(request["servicePlanId"])
    caller.sandbox.add_campaign(request["campaignId"], error_code="CAMPAIGN_PENDING_ACCEPTANCE")
    caller.rent(N, smsConfiguration=request)
    caller.sandbox.advance(60)


def becoming_fax(caller):
    body = contract.EXAMPLES["update_to_fax"]["request"]["body"]
    assert caller.patch(N, **body).status_code == 200
    caller.sandbox.advance(3)


def first_page(caller):
    query = [pair for pair in contract.EXAMPLES["last_page"]["request"]["query"] if pair[0] != "pageToken"]
    page = caller.call("GET", "activeNumbers", params=query).json()
    return {"bzoxLWY6OGE0Mw": page["nextPageToken"]}


def with_secret(caller):
    body = contract.EXAMPLES["set_secret"]["request"]["body"]
    assert caller.call("PATCH", "callbackConfiguration", json=body).status_code == 200


def with_address(caller):
    body = contract.EXAMPLES["provision_address"]["request"]["body"]
    answer = caller.call("POST", f"activeNumbers/{N}/emergencyAddress:provision", json=body)
    assert answer.status_code == 200


def ordered(caller):
    body = contract.EXAMPLES["create_order_for_one_number"]["request"]["body"]
    order = caller.call("POST", "numberOrders:createNumberOrder", json=body).json()
    return {ORDER: order["idNumberOrder"]}


def complete(caller):
    names = ordered(caller)
    for example in ("write_registration", "upload_attachment"):
        assert send(caller, contract.EXAMPLES[example]["request"], names).status_code == 200
    return names


def blocked(caller):
    names = complete(caller)
    assert send(caller, contract.EXAMPLES["submit_order"]["request"], names).status_code == 200
    caller.sandbox.review_order(names[ORDER], "BLOCKED", "Please add a contact number.")
    return names


def fault(name):
    return lambda caller: caller.sandbox.faults.add(name) and None


def wrong_key(caller):
    caller.session.auth = (caller.sandbox.key_id, "wrong")


def foreign_project(caller):
    return {caller.sandbox.project_id: "11111111-2222-4333-8444-555555555555"}


def empty_bucket(caller):
    while caller.token().status_code == 200:
        pass


#: What has to happen before the request of an example; returns texts of the request to be replaced.
BEFORE = {
    "get_after_a_failed_campaign": failed_campaign,
    "get_while_voice_becomes_fax": becoming_fax,
    "last_page": first_page,
    "read_secret": with_secret,
    "read_address": with_address,
    "deprovision_address": with_address,
    "read_order": ordered,
    "write_registration": ordered,
    "read_registration": blocked,
    "upload_attachment": ordered,
    "submit_order": complete,
    "token_refused": wrong_key,
    "token_rate_limited": empty_bucket,
    "expired_token": fault("expired_token"),
    "wrong_key": wrong_key,
    "project_of_others": foreign_project,
    "attachment_too_large": ordered,
    "too_many_requests": fault("rate_limited"),
    "fault_of_the_server": fault("server_error"),
    "not_available_for_now": fault("unavailable"),
}
SWITCHES = {
    "trial_account": {"trial_account": True},
    "attachment_too_large": {"attachment_limit": 4},
    "token_rate_limited": {"token_rate_limit": True},
}
SERVED = [name for name, example in contract.EXAMPLES.items() if example.get("served", True)]


@contextmanager
def world(name):
    """Serve the numbers of an example."""
    example = contract.EXAMPLES[name]
    offered = example["operation"] in NUMBERS_ON_OFFER or name == "get_after_a_failed_campaign"
    numbers = ON_OFFER if offered else RENTED
    if name in LISTED:
        numbers = {"numbers": BARE_NUMBERS, "available_numbers": []}
    with Sandbox(**numbers, clock="manual", **SWITCHES.get(name, {})) as sandbox, Caller(sandbox) as caller:
        yield caller
        assert sandbox.internal_errors == []


def send(caller, request, names):
    """Send the request of an example; `names` are texts to be replaced, the project is the sandbox's."""
    sandbox = caller.sandbox
    origin = sandbox.auth_url if request["path"].startswith("/oauth2/") else sandbox.numbers_url
    path = replaced(request["path"], {contract.PROJECT: sandbox.project_id, **(names or {})})
    path = replaced(path, names)
    options = {"params": [(name, replaced(value, names)) for name, value in request.get("query", ())]}
    if "body" in request:
        options["json"] = request["body"]
    elif "raw" in request:
        options |= {"data": request["raw"], "headers": {"content-type": request["media"]}}
    elif "form" in request:
        file = request["form"]["file"]
        options |= {
            "files": {"file": (file["name"], file["content"], file["media"])},
            "data": {"documentType": request["form"]["documentType"]},
        }
    return caller.session.request(request["method"], origin + path, timeout=TIMEOUT, **options)


def replaced(text, names):
    for old, new in (names or {}).items():
        text = text.replace(old, new)
    return text


def assert_is_like(example, answer):
    """Compare status, headers, shape and facts of an answer with its example."""
    wanted = example["answer"]
    assert answer.status_code == wanted["status"], answer.text
    assert all(name == name.lower() for name in answer.headers)
    assert answer.headers["content-type"] == "application/json"
    for header, value in wanted.get("headers", {}).items():
        assert ("expired" in answer.headers[header]) is ("expired" in value)
    if "body" not in wanted:
        assert answer.content == b""
        return
    free = example.get("free", [])
    shape, body = (contract.without(one, free) for one in (wanted["body"], answer.json()))
    assert contract.differences(shape, body) == []
    assert contract.broken_facts(example, answer.json()) == []


@pytest.mark.parametrize("name", SERVED)
def test_sandbox_answers_like_the_example(name: str) -> None:
    example = contract.EXAMPLES[name]
    with world(name) as caller:
        names = BEFORE[name](caller) if name in BEFORE else None
        answer = send(caller, example["request"], names)

    assert_is_like(example, answer)


def test_every_preparation_is_for_an_example() -> None:
    assert set(BEFORE) | set(SWITCHES) <= set(SERVED)


@pytest.mark.parametrize("name", ["regions", "check", "first_page", "update_name_and_callback", "release"])
def test_a_bearer_token_is_as_good_as_the_key(name: str) -> None:
    example = contract.EXAMPLES[name]
    with world(name) as caller:
        token = caller.token().json()["access_token"]
        caller.session.auth = None
        caller.session.headers["authorization"] = f"Bearer {token}"
        assert_is_like(example, send(caller, example["request"], None))


def test_a_token_that_has_run_out_is_told_from_one_that_is_wrong() -> None:
    with world("regions") as caller:
        token = caller.token().json()["access_token"]
        caller.sandbox.advance(3600)
        expired, wrong = caller.with_token(token), caller.with_token(f"{token}x")

    assert_is_like(contract.EXAMPLES["expired_token"], expired)
    assert_is_like(contract.EXAMPLES["wrong_key"], wrong)
    challenge = expired.headers["www-authenticate"]
    assert challenge.startswith('Bearer error="invalid_token", error_description="Jwt expired at ')
    assert json.loads(expired.content)["error"]["message"]


def test_an_order_says_the_same_whenever_it_is_asked() -> None:
    with world("read_order") as caller:
        names = ordered(caller)
        first = send(caller, contract.EXAMPLES["read_order"]["request"], names)
        again = send(caller, contract.EXAMPLES["read_order"]["request"], names)

    assert first.json() == again.json()


@pytest.mark.parametrize(("written", "status"), [("2", 200), ("2.0", 200), ("2.5", 400), ("true", 400)])
def test_a_whole_number_is_one_however_json_writes_it(written: str, status: int) -> None:
    body = '{"regionCode": "US", "numberType": "LOCAL", "quantityOrderOption": {"requestedQuantity": %s}}'
    with world("create_order_for_a_quantity") as caller:
        answer = caller.call("POST", "numberOrders:createNumberOrder", data=body % written)

    assert answer.status_code == status


@pytest.mark.parametrize("path", [f"activeNumbers/{N}", "callbackConfiguration"])
def test_a_change_without_a_body_is_refused(path: str) -> None:
    with world("update_link") as caller:
        answer = caller.call("PATCH", path)

    assert (answer.status_code, answer.json()["error"]["details"]) == (400, [])
