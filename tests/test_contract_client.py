"""The client against the contract alone: what it sends is an example's request, what it makes of the answer fits.

Answers come from a server that knows nothing but the example.
"""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest

import contract_examples as contract
import numbers_toolkit as nt
from numbers_toolkit import errors
from scripted_server import SECRET, TOKEN_ANSWER, Reply, ScriptedServer

N, OTHER = "+13075550142", "+13075550177"
ORDER, PAPER = "01kq4yfz8d1c3b5n7m9v2x4w6t", "01kq4ye5f2g7h9j1k3m6n8p0qr"
PLAN, CAMPAIGN = "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57", "CQ4T8ZK"
HOOK, KEY = "https://hooks.example.com/numbers", "sandbox-Secret-0123456789-abcdefgh"
ADDRESS = {
    "display_name": "Cheyenne office",
    "street_number": "1188",
    "street_info": "Cottonwood Avenue",
    "location": "Suite 4",
    "city": "Cheyenne",
    "state": "WY",
    "postal_code": "82001",
}
DETAILS = {"data": [{"endBusinessName": "Example Pty", "city": "Hobart", "country": "AU"}]}


def upload(client):
    return client.upload_attachment(
        ORDER,
        PAPER,
        b"%PDF-1.7",
        file_name="statement.pdf",
        mime_type="application/pdf",
        document_type="Passport",
    )


def page(client, **filters):
    return client.active_numbers_page(**filters).object()


#: How a user asks for what an example requests.
CALLS = {
    "token": lambda c: c.list_available_regions(),
    "token_refused": lambda c: c.list_available_regions(),
    "token_rate_limited": lambda c: c.list_available_regions(),
    "regions": lambda c: c.list_available_regions(["LOCAL", "TOLL_FREE"]),
    "search_from_the_start": lambda c: c.search_available_numbers(
        "US", "LOCAL", capabilities=["SMS", "VOICE"], pattern="+1307", search_pattern="START", size=2
    ),
    "search_without_a_match": lambda c: c.search_available_numbers("US", "LOCAL", pattern="9999999"),
    "check": lambda c: c.get_available_number(N),
    "rent": lambda c: c.rent_number(
        N,
        service_plan_id=PLAN,
        campaign_id=CAMPAIGN,
        voice_id="b1d4c6a2-0f3e-4a57-8c99-2e7d5f60a813",
        callback_url=HOOK,
    ),
    "rent_any": lambda c: c.rent_any_number(
        "US", "LOCAL", pattern="307", capabilities="SMS", service_plan_id=PLAN, callback_url=HOOK
    ),
    "first_page": lambda c: page(c, region_code="US", number_type="LOCAL", capabilities="SMS", page_size=1),
    "last_page": lambda c: page(
        c,
        region_code="US",
        number_type="LOCAL",
        capabilities="SMS",
        page_size=2,
        page_token="bzoxLWY6OGE0Mw",
    ),
    "get_after_a_failed_campaign": lambda c: c.get_active_number(N),
    "get_while_voice_becomes_fax": lambda c: c.get_active_number(N),
    "update_name_and_callback": lambda c: c.update_active_number(
        N, display_name="Front desk", callback_url=HOOK
    ),
    "update_unlink": lambda c: c.update_active_number(N, service_plan_id="", campaign_id=""),
    "update_link": lambda c: c.update_active_number(OTHER, service_plan_id=PLAN, campaign_id=CAMPAIGN),
    "update_to_a_trunk": lambda c: c.update_active_number(
        OTHER, voice_type="EST", voice_id="01kq4yb3m7s2d9f6h1j8k5n0pq"
    ),
    "update_to_fax": lambda c: c.update_active_number(
        OTHER, voice_type="FAX", voice_id="01kq4yc8r4t6v2w0x9z7a1b3cd"
    ),
    "release": lambda c: c.release_number(N),
    "read_secret": lambda c: c.get_callback_configuration(),
    "set_secret": lambda c: c.set_callback_secret(KEY),
    "provision_address": lambda c: c.provision_emergency_address(N, **ADDRESS),
    "read_address": lambda c: c.get_emergency_address(N),
    "deprovision_address": lambda c: c.deprovision_emergency_address(N),
    "validate_address_nearly_right": lambda c: c.validate_emergency_address(N, **ADDRESS),
    "requirements": lambda c: c.lookup_number_requirements("AU", "MOBILE"),
    "create_order_for_one_number": lambda c: c.create_number_order(
        "AU",
        "MOBILE",
        phone_number="+61491570156",
        service_plan_id=PLAN,
        callback_url="https://hooks.example.com/orders",
    ),
    "create_order_for_a_quantity": lambda c: c.create_number_order(
        "US", "LOCAL", quantity=2, pattern="+1307", search_pattern="START", capabilities=["SMS", "VOICE"]
    ),
    "read_order": lambda c: c.get_number_order(ORDER),
    "write_registration": lambda c: c.set_registration(ORDER, DETAILS),
    "read_registration": lambda c: c.get_registration(ORDER),
    "upload_attachment": upload,
    "submit_order": lambda c: c.submit_number_order(ORDER),
    "page_token_that_was_not_given_out": lambda c: page(c, page_token="made-up", order_by=None),
    "expired_token": lambda c: c.list_available_regions(),
    "wrong_key": lambda c: c.list_available_regions(),
    "project_of_others": lambda c: c.list_available_regions(),
    "trial_account": lambda c: c.rent_number(N),
    "number_not_on_offer": lambda c: c.get_available_number("+13075550199"),
    "number_not_rented": lambda c: c.get_active_number("+13075550199"),
    "no_emergency_address": lambda c: c.get_emergency_address(N),
    "no_requirements": lambda c: c.lookup_number_requirements("US", "LOCAL"),
    "no_such_project": lambda c: c.get_callback_configuration(),
    "attachment_too_large": upload,
    "too_many_requests": lambda c: c.list_available_regions(),
    "fault_of_the_server": lambda c: c.list_available_regions(),
    "not_available_for_now": lambda c: c.list_available_regions(),
}
#: Answers to requests that this client does not send; any call of the operation has to understand them.
OTHERS = {
    "start_without_a_plus_sign": CALLS["search_without_a_match"],
    "rent_without_a_body": CALLS["rent"],
    "list_without_filters": CALLS["first_page"],
    "plural_capabilities": CALLS["first_page"],
    "word_that_does_not_exist": CALLS["search_without_a_match"],
    "order_that_does_not_exist": CALLS["first_page"],
    "empty_configuration": CALLS["update_link"],
    "broken_json": CALLS["update_link"],
}
#: Examples whose answer is a list in an object, of which the call returns the list.
UNWRAPPED = {"list_regions": "availableRegions", "search_available": "availableNumbers"}
#: A read that fails for a while, or with an expired token, is asked for again.
REPEATED = {"expired_token": 2, "too_many_requests": 4, "fault_of_the_server": 4, "not_available_for_now": 4}


def reply(example):
    answer = example["answer"]
    return Reply(answer["status"], answer.get("body", b""), answer.get("headers", {}))


def test_every_example_is_tried() -> None:
    assert set(CALLS) | set(OTHERS) == set(contract.EXAMPLES)
    assert {name for name, one in contract.EXAMPLES.items() if "sender" in one} == set(OTHERS)


OF_NUMBERS = [name for name in CALLS if not name.startswith("token")]


@pytest.mark.parametrize("name", OF_NUMBERS)
def test_client_sends_the_request_of_the_example(name: str) -> None:
    example = contract.EXAMPLES[name]
    wanted = example["request"]
    with ScriptedServer(reply(example)) as server, server.client() as client:
        try:
            CALLS[name](client)
        except errors.APIError:
            assert "exception" in example

        assert len(server.requests) == REPEATED.get(name, 1)
    for sent in server.requests:
        assert (sent.method, sent.path) == (wanted["method"], wanted["path"])
        assert sorted(parse_qsl(sent.query)) == sorted(tuple(pair) for pair in wanted.get("query", ()))
        assert sent.headers["authorization"].startswith("Bearer ")
        if "form" in wanted:
            assert_same_form(sent, wanted["form"])
        elif "body" in wanted:
            assert sent.headers["content-type"].partition(";")[0] == "application/json"
            assert json.loads(sent.body) == wanted["body"]
        else:
            assert sent.body == b""


def assert_same_form(sent, form) -> None:
    media, _, boundary = sent.headers["content-type"].partition("; boundary=")
    assert media == "multipart/form-data"
    parts = sent.body.split(b"--" + boundary.encode())[1:-1]
    found = {}
    for part in parts:
        head, _, content = part.partition(b"\r\n\r\n")
        found[head.decode().split('name="')[1].split('"')[0]] = (head.decode(), content.removesuffix(b"\r\n"))
    assert set(found) == set(form)
    head, content = found["file"]
    assert f'filename="{form["file"]["name"]}"' in head
    assert form["file"]["media"] in head
    assert content.decode() == form["file"]["content"]
    assert found["documentType"][1].decode() == form["documentType"]


@pytest.mark.parametrize("name", [name for name in contract.EXAMPLES if not name.startswith("token")])
def test_client_understands_the_answer_of_the_example(name: str) -> None:
    example = contract.EXAMPLES[name]
    call = (CALLS | OTHERS)[name]
    body = example["answer"].get("body")
    with ScriptedServer(reply(example)) as server, server.client() as client:
        if "exception" not in example:
            wanted = body[UNWRAPPED[example["operation"]]] if example["operation"] in UNWRAPPED else body
            assert call(client) == wanted
            return
        with pytest.raises(errors.APIError) as caught:
            call(client)

    error, said = caught.value, body["error"]
    assert isinstance(error, getattr(errors, example["exception"]))
    assert (error.status, error.code, error.api_message) == (said["code"], said["status"], said["message"])
    assert list(error.details) == said["details"]


def test_client_asks_for_a_token_as_the_example_does() -> None:
    example = contract.EXAMPLES["token"]
    with ScriptedServer(Reply(body={}), token_replies=(reply(example),)) as server, server.client() as client:
        client.get_active_number(N)

        (sent,) = server.token_requests
        (used,) = server.requests
    wanted = example["request"]
    assert (sent.method, sent.path, sent.body.decode()) == (wanted["method"], wanted["path"], wanted["raw"])
    assert sent.headers["content-type"] == wanted["media"]
    scheme, _, key = sent.headers["authorization"].partition(" ")
    assert (scheme, base64.b64decode(key).decode()) == (wanted["scheme"], f"key-id:{SECRET}")
    assert used.headers["authorization"] == f"Bearer {example['answer']['body']['access_token']}"


@pytest.mark.parametrize(
    ("name", "exception", "times"),
    [("token_refused", errors.AuthenticationError, 1), ("token_rate_limited", errors.RateLimitError, 4)],
)
def test_client_understands_a_refused_token(name: str, exception: type[Exception], times: int) -> None:
    with ScriptedServer(token_replies=(reply(contract.EXAMPLES[name]),)) as server, server.client() as client:
        with pytest.raises(exception):
            CALLS[name](client)

        assert server.requests == []
        assert len(server.token_requests) == times


def test_client_fetches_one_new_token_when_the_old_one_has_expired() -> None:
    expired, regions = (contract.EXAMPLES[name] for name in ("expired_token", "regions"))
    tokens = tuple(Reply(body={**TOKEN_ANSWER, "access_token": f"a.b.{turn}"}) for turn in (1, 2))
    with (
        ScriptedServer(reply(expired), reply(regions), token_replies=tokens) as server,
        server.client() as client,
    ):
        assert CALLS["regions"](client) == regions["answer"]["body"]["availableRegions"]

        used = [one.headers["authorization"] for one in server.requests]
    assert used == ["Bearer a.b.1", "Bearer a.b.2"]


def test_client_follows_the_token_from_page_to_page() -> None:
    first, last = (contract.EXAMPLES[name]["answer"]["body"] for name in ("first_page", "last_page"))
    with ScriptedServer(Reply(body=first), Reply(body=last)) as server, server.client() as client:
        found = list(client.list_active_numbers(region_code="US", page_size=2))

        queries = [dict(parse_qsl(one.query)) for one in server.requests]
    assert found == [*first["activeNumbers"], *last["activeNumbers"]]
    assert "pageToken" not in queries[0]
    assert queries[1] == {**queries[0], "pageToken": first["nextPageToken"]}


def test_frame_says_what_the_examples_say() -> None:
    numbers = [
        contract.EXAMPLES[name]["answer"]["body"] for name in ("get_after_a_failed_campaign", "update_to_fax")
    ]
    content = {"activeNumbers": numbers, "nextPageToken": "", "totalSize": 2}
    with ScriptedServer(Reply(body=content)) as server, server.client() as client:
        frame = nt.active_numbers(client)

    failed, fax = frame.sort_values("phone_number").to_dict("records")
    assert (failed["phone_number"], failed["sms_state"], failed["sms_error_codes"]) == (
        N,
        "FAILED",
        "CAMPAIGN_PENDING_ACCEPTANCE",
    )
    assert (failed["sms_service_plan_id"], failed["sms_scheduled_campaign_id"]) == (PLAN, CAMPAIGN)
    assert (failed["price"], failed["currency_code"]) == (Decimal("0.60"), "USD")
    assert failed["next_charge_date"].isoformat() == "2026-04-02T09:15:20.118342+00:00"
    assert (fax["voice_state"], fax["voice_scheduled_type"]) == ("WAITING", "FAX")
    assert frame[["display_name", "expire_at", "callback_url"]].isna().all(axis=None)


def test_frame_of_a_search_says_what_the_example_says() -> None:
    example = contract.EXAMPLES["search_from_the_start"]
    with ScriptedServer(reply(example)) as server, server.client() as client:
        frame = nt.available_numbers(client, "US", "LOCAL", size=2)

    assert [*frame["phone_number"]] == [N, OTHER]
    assert {*frame["setup_price"]} == {Decimal("0.60")}
    assert frame[["has_sms", "has_voice", "supporting_documentation_required"]].all(axis=None)
