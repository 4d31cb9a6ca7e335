"""Number orders: what is sent, what is refused before, what stays hidden, what a lost answer says."""

from __future__ import annotations

import email.parser
import email.policy
import json
import logging
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

import pytest

from leaks import everything_shown
from numbers_toolkit import errors
from scripted_server import PROJECT, FakeClock, Reply, ScriptedServer, error, expired

BASE = f"/v1/projects/{PROJECT}/numberOrders"
ORDER = "01kq4yfz8d1c3b5n7m9v2x4w6t"
PAPER = "01kq4ye5f2g7h9j1k3m6n8p0qr"
DETAILS = {"data": [{"endBusinessName": "Exämple Pty", "city": "Hobart", "country": "AU"}]}
PLAN = "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57"
FILE: dict[str, Any] = {"content": b"%PDF-1.7", "file_name": "statement.pdf", "mime_type": "application/pdf"}
PERSON = "Ms Erika Mustermann"

#: call, method, path below the orders, body. Written out by hand from the description of the operations.
OPERATIONS: dict[str, tuple[Any, str, str, Any]] = {
    "16 requirements": (
        lambda c: c.lookup_number_requirements("au", "mobile"),
        "POST",
        ":lookupNumberRequirements",
        {"regionCode": "AU", "numberType": "MOBILE"},
    ),
    "17 one number": (
        lambda c: c.create_number_order(
            "AU",
            "MOBILE",
            phone_number="+61 491 570 156",
            service_plan_id=PLAN,
            callback_url="https://hooks.example.com/orders",
        ),
        "POST",
        ":createNumberOrder",
        {
            "regionCode": "AU",
            "numberType": "MOBILE",
            "smsConfiguration": {"servicePlanId": PLAN},
            "callbackUrl": "https://hooks.example.com/orders",
            "numberOrderOption": {"phoneNumbers": ["+61491570156"]},
        },
    ),
    "17 a quantity": (
        lambda c: c.create_number_order(
            "US",
            "LOCAL",
            quantity=5,
            pattern="+1307",
            search_pattern="START",
            capabilities=["SMS", "VOICE"],
        ),
        "POST",
        ":createNumberOrder",
        {
            "regionCode": "US",
            "numberType": "LOCAL",
            "quantityOrderOption": {
                "requestedQuantity": 5,
                "numberPattern": {"pattern": "+1307", "searchPattern": "START"},
                "sequential": False,
                "capabilities": ["SMS", "VOICE"],
            },
        },
    ),
    "17 a bare quantity in sequence": (
        lambda c: c.create_number_order(
            "US",
            "LOCAL",
            quantity=100,
            sequential=True,
            service_plan_id=PLAN,
            campaign_id="CQ4T8ZK",
            voice_id="app",
        ),
        "POST",
        ":createNumberOrder",
        {
            "regionCode": "US",
            "numberType": "LOCAL",
            "smsConfiguration": {"servicePlanId": PLAN, "campaignId": "CQ4T8ZK"},
            "voiceConfiguration": {"type": "RTC", "appId": "app"},
            "quantityOrderOption": {"requestedQuantity": 100, "sequential": True},
        },
    ),
    "18 read": (lambda c: c.get_number_order(ORDER), "GET", f"/{ORDER}", None),
    "19 register": (
        lambda c: c.set_registration(ORDER, DETAILS),
        "PUT",
        f"/{ORDER}/registration",
        {"requestDetails": DETAILS},
    ),
    "19 register read-only mappings": (
        lambda c: c.set_registration(ORDER, MappingProxyType({"a": MappingProxyType({"b": (1, None)})})),
        "PUT",
        f"/{ORDER}/registration",
        {"requestDetails": {"a": {"b": [1, None]}}},
    ),
    "19 register nothing": (
        lambda c: c.set_registration(ORDER, {}),
        "PUT",
        f"/{ORDER}/registration",
        {"requestDetails": {}},
    ),
    "20 read registration": (lambda c: c.get_registration(ORDER), "GET", f"/{ORDER}/registration", None),
    "22 submit": (lambda c: c.submit_number_order(ORDER), "POST", f"/{ORDER}/submit", None),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_is_sent_as_the_contract_spells_it(name: str) -> None:
    call, method, path, body = OPERATIONS[name]
    with ScriptedServer(Reply(body={"state": "CREATED"})) as server, server.client(auth="basic") as client:
        assert call(client) == {"state": "CREATED"}

        (request,) = server.requests
    assert (request.method, request.path, request.query) == (method, BASE + path, "")
    assert (json.loads(request.body) if request.body else None) == body
    assert request.headers.get("content-type") == (None if body is None else "application/json")


def parts_of(body: bytes, content_type: str) -> list[Any]:
    """Read a form by the mail parser of the standard library, which knows nothing of how it was made."""
    head = f"content-type: {content_type}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    assert message.is_multipart()
    assert not message.defects
    return list(message.iter_parts())  # type: ignore[attr-defined]


def uploaded(**given: Any) -> list[Any]:
    with ScriptedServer(Reply(body=b"")) as server, server.client(auth="basic") as client:
        assert client.upload_attachment(ORDER, PAPER, **{**FILE, **given}) is None  # type: ignore[func-returns-value]

        (request,) = server.requests
    assert (request.method, request.path) == ("POST", f"{BASE}/{ORDER}/attachments/{PAPER}")
    return parts_of(request.body, request.headers["content-type"])


def test_upload_is_a_form_of_file_and_document_type() -> None:
    content = bytes(range(256)) + b"\r\n--boundary--\r\n"

    file, kind = uploaded(content=content, document_type="Passport")

    assert file.get_param("name", header="content-disposition") == "file"
    assert file.get_filename() == "statement.pdf"
    assert file.get_content_type() == "application/pdf"
    assert file.get_payload(decode=True) == content
    assert kind.get_param("name", header="content-disposition") == "documentType"
    assert kind.get_payload(decode=True) == b"Passport"


def test_upload_without_document_type_is_the_file_alone() -> None:
    (file,) = uploaded(content=bytearray(b"x"), mime_type="image/svg+xml")

    assert file.get_content_type() == "image/svg+xml"
    assert file.get_payload(decode=True) == b"x"


@pytest.mark.parametrize(
    "name",
    [
        'a "quoted" name.pdf',
        "two\r\nx-further: header\r\n\r\nlines.pdf",
        "back\\slash\\",
        'end\\"',
        "nul\x00.pdf",
        "semi;colon=1.pdf",
        "100%.pdf",
    ],
)
def test_odd_file_name_stays_one_name(name: str) -> None:
    file, kind = uploaded(file_name=name, document_type="Passport")

    escaped = file.get_filename()
    assert not set(escaped) & set('"\\\r\n\x00')
    assert unquote(escaped) == name
    assert len(file.items()) == 2
    assert kind.get_payload(decode=True) == b"Passport"


def test_file_name_in_any_script_is_sent_as_utf_8() -> None:
    with ScriptedServer(Reply(body=b"")) as server, server.client(auth="basic") as client:
        client.upload_attachment(ORDER, PAPER, **{**FILE, "file_name": "Erklärung 声明 📄.pdf"})

        (request,) = server.requests
    assert 'filename="Erklärung 声明 📄.pdf"'.encode() in request.body


@pytest.mark.parametrize("reply", [Reply(body=b""), Reply(204, b""), Reply(201, {"attachmentId": PAPER})])
def test_upload_is_done_when_it_is_answered_by_nothing(reply: Reply) -> None:
    with ScriptedServer(reply) as server, server.client(auth="basic") as client:
        client.upload_attachment(ORDER, PAPER, **FILE)

        assert len(server.requests) == 1


def order(**given: Any) -> Any:
    return lambda c: c.create_number_order(**{"region_code": "US", "number_type": "LOCAL", **given})


def upload(**given: Any) -> Any:
    return lambda c: c.upload_attachment(**{"order_id": ORDER, "attachment_id": PAPER, **FILE, **given})


REFUSED: dict[str, Any] = {
    "requirements region": lambda c: c.lookup_number_requirements("AUS", "MOBILE"),
    "requirements type": lambda c: c.lookup_number_requirements("AU", "FIXED"),
    "neither number nor quantity": order(),
    "number and quantity": order(phone_number="+13075550142", quantity=1),
    "quantity zero": order(quantity=0),
    "quantity 101": order(quantity=101),
    "quantity no number": order(quantity="5"),
    "quantity a truth": order(quantity=True),
    "quantity a fraction": order(quantity=1.5),
    "number no text": order(phone_number=13075550142),
    "several numbers": order(phone_number=["+13075550142"]),
    "number with a pattern": order(phone_number="+13075550142", pattern="555"),
    "number with capabilities": order(phone_number="+13075550142", capabilities="SMS"),
    "number in sequence": order(phone_number="+13075550142", sequential=True),
    "number with a wrong search pattern": order(phone_number="+13075550142", search_pattern="x"),
    "sequence no truth": order(quantity=2, sequential="yes"),
    "pattern": order(quantity=2, pattern="abc"),
    "capability": order(quantity=2, capabilities="MMS"),
    "region": order(quantity=2, region_code="U"),
    "type": order(quantity=2, number_type="FIXED"),
    "campaign alone": order(quantity=2, campaign_id="CQ4T8ZK"),
    "voice type alone": order(quantity=2, voice_type="EST"),
    "callback no text": order(quantity=2, callback_url=5),
    "read order empty": lambda c: c.get_number_order(""),
    "read order none": lambda c: c.get_number_order(None),
    "read order path": lambda c: c.get_number_order("a/b"),
    "read order backslash": lambda c: c.get_number_order("a\\b"),
    "read order dots": lambda c: c.get_number_order(".."),
    "read order dot": lambda c: c.get_number_order("."),
    "read order line": lambda c: c.get_number_order(f"{ORDER}\n"),
    "read order nul": lambda c: c.get_number_order("a\x00"),
    "read order blank": lambda c: c.get_number_order(" "),
    "read order blank at the end": lambda c: c.get_number_order(f"{ORDER} "),
    "read order half a character": lambda c: c.get_number_order("a\ud800"),
    "submit number": lambda c: c.submit_number_order(5),
    "registration order": lambda c: c.get_registration("../x"),
    "register order": lambda c: c.set_registration("", DETAILS),
    "register text": lambda c: c.set_registration(ORDER, '{"data": []}'),
    "register list": lambda c: c.set_registration(ORDER, [DETAILS]),
    "register none": lambda c: c.set_registration(ORDER, None),
    "register no JSON": lambda c: c.set_registration(ORDER, {"a": {1, 2}}),
    "register bytes": lambda c: c.set_registration(ORDER, {"a": b"x"}),
    "register no number": lambda c: c.set_registration(ORDER, {"a": float("nan")}),
    "register odd name": lambda c: c.set_registration(ORDER, {(1, 2): "x"}),
    "register half a character": lambda c: c.set_registration(ORDER, {"a": "\ud800"}),
    "upload order": upload(order_id="a/b"),
    "upload attachment": upload(attachment_id=""),
    "upload attachment path": upload(attachment_id="../x"),
    "upload text": upload(content="text"),
    "upload path": upload(content=None),
    "upload nothing": upload(content=b""),
    "upload name empty": upload(file_name=" "),
    "upload name none": upload(file_name=None),
    "upload name with folders": upload(file_name="papers/statement.pdf"),
    "upload name half a character": upload(file_name="a\ud800.pdf"),
    "upload type": upload(mime_type="pdf"),
    "upload type with a line": upload(mime_type="application/pdf\r\nx: y"),
    "upload type none": upload(mime_type=None),
    "upload document type empty": upload(document_type=""),
    "upload document type no text": upload(document_type=5),
}


@pytest.mark.parametrize("name", REFUSED)
def test_wrong_argument_is_refused_before_anything_is_sent(name: str) -> None:
    with ScriptedServer() as server, server.client() as client:
        with pytest.raises(errors.InvalidInputError):
            REFUSED[name](client)

        assert server.requests == server.token_requests == []


def test_details_that_hold_themselves_are_refused() -> None:
    details: dict[str, Any] = {}
    details["again"] = details
    with ScriptedServer() as server, server.client() as client:
        with pytest.raises(errors.InvalidInputError, match="holds itself"):
            client.set_registration(ORDER, details)

        assert server.requests == []


@pytest.mark.parametrize(
    ("order_id", "segment"),
    [
        ("a b", "a%20b"),
        ("a:submit", "a%3Asubmit"),
        ("a?b#c", "a%3Fb%23c"),
        ("é", "%C3%A9"),
        ("%2e%2e", "%252e%252e"),
    ],
)
def test_odd_order_id_stays_one_segment_of_the_path(order_id: str, segment: str) -> None:
    with ScriptedServer() as server, server.client(auth="basic") as client:
        client.get_number_order(order_id)

        assert server.requests[0].path == f"{BASE}/{segment}"
        assert server.requests[0].query == ""


CHANGES: dict[str, tuple[Any, str]] = {
    "create": (order(quantity=2), "No operation lists orders"),
    "submit": (lambda c: c.submit_number_order(ORDER), "Read the order (GET)"),
    "register": (lambda c: c.set_registration(ORDER, DETAILS), "Read the order's registration (GET)"),
    "upload": (upload(), "Read the attachments in the order's registration (GET)"),
}
LOST = {
    "reset": Reply(reset=True),
    "closed": Reply(raw=b""),
    "html with 200": Reply(body=b"<html><title>Portal</title>", headers={"content-type": "text/html"}),
    "a list": Reply(body=[]),
    "accepted": Reply(202, {}),
    "fault": Reply(500, {}),
    "unavailable": Reply(503),
}


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize("change", CHANGES)
def test_change_whose_answer_is_lost_is_sent_once_and_says_how_to_settle_it(change: str, lost: str) -> None:
    call, advice = CHANGES[change]
    with ScriptedServer(LOST[lost], Reply(body={})) as server, server.client(auth="basic") as client:
        with pytest.raises(errors.UnknownOutcomeError, match="before repeating it") as caught:
            call(client)

        assert len(server.requests) == 1
    assert advice.lower() in str(caught.value).lower()
    assert "the number (GET)" not in str(caught.value)


@pytest.mark.parametrize("reply", [Reply(body=b""), Reply(204, b"")])
@pytest.mark.parametrize("change", ["create", "submit", "register"])
def test_change_that_is_answered_without_data_was_most_likely_carried_out(change: str, reply: Reply) -> None:
    with (
        ScriptedServer(reply) as server,
        server.client(auth="basic") as client,
        pytest.raises(errors.UnknownOutcomeError, match="most likely carried out"),
    ):
        CHANGES[change][0](client)


@pytest.mark.parametrize("status", [402, 405, 409, 429])
@pytest.mark.parametrize("change", CHANGES)
def test_refused_change_is_sent_once_and_known_not_to_have_happened(change: str, status: int) -> None:
    with ScriptedServer(error(status), Reply(body={})) as server, server.client(auth="basic") as client:
        with pytest.raises(errors.APIError) as caught:
            CHANGES[change][0](client)

        assert len(server.requests) == 1
    assert not isinstance(caught.value, errors.UnknownOutcomeError)
    assert type(caught.value) is (errors.RateLimitError if status == 429 else errors.APIError)


def test_change_refused_for_an_expired_token_is_sent_again_with_a_new_one() -> None:
    with ScriptedServer(expired(), Reply(body=b"")) as server, server.client() as client:
        client.upload_attachment(ORDER, PAPER, **FILE)

        first, second = server.requests
    assert first.body == second.body
    assert len(server.token_requests) == 2


@pytest.mark.parametrize("reply", [error(429), error(503), Reply(reset=True)])
def test_requirements_are_looked_up_again_like_a_read(reply: Reply) -> None:
    with ScriptedServer(reply, Reply(body={"fields": {}})) as server, server.client(auth="basic") as client:
        assert client.lookup_number_requirements("AU", "MOBILE") == {"fields": {}}

        assert len(server.requests) == 2


@pytest.mark.parametrize("reply", [Reply(503), Reply(reset=True)])
def test_requirements_that_can_not_be_looked_up_are_no_unknown_outcome(reply: Reply) -> None:
    clock = FakeClock()
    with ScriptedServer(reply) as server, server.client(auth="basic", clock=clock) as client:
        with pytest.raises((errors.ServerError, errors.TransportError)) as caught:
            client.lookup_number_requirements("AU", "MOBILE")

        assert len(server.requests) == 4
    assert not isinstance(caught.value, errors.UnknownOutcomeError)


def test_requirements_that_nobody_knows_are_not_found() -> None:
    detail = {"type": "ResourceInfo", "resourceType": "NumberProduct", "resourceName": "numberRequirements"}
    with (
        ScriptedServer(error(404, "NOT_FOUND", "Number requirements not found", [detail])) as server,
        server.client(auth="basic") as client,
        pytest.raises(errors.NotFoundError, match="Number requirements not found"),
    ):
        client.lookup_number_requirements("US", "LOCAL")


def test_file_that_is_too_large_is_told_as_such() -> None:
    detail = {"type": "ResourceInfo", "resourceName": "statement.pdf", "description": "file too large"}
    with ScriptedServer(error(413, "CONTENT_TOO_LARGE", "", [detail])) as server:
        with (
            server.client(auth="basic") as client,
            pytest.raises(errors.ContentTooLargeError, match="the file is too large") as caught,
        ):
            client.upload_attachment(ORDER, PAPER, **FILE)

        assert len(server.requests) == 1
    assert "statement.pdf" in str(caught.value)
    assert caught.value.status == 413


PRIVATE = {"data": [{"name": PERSON, "passport": "C01X00T47"}]}


@pytest.mark.parametrize(
    "reply",
    [
        Reply(reset=True),
        Reply(500, {}),
        Reply(400, {}),
        Reply(body=b"<html>"),
        Reply(body=b""),
        Reply(body=[PRIVATE]),
        Reply(body=json.dumps(PRIVATE).encode()[:-1]),
    ],
)
def test_registration_data_do_not_show_in_failures_or_logs(
    reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with ScriptedServer(reply) as server, server.client(auth="basic") as client:
        with pytest.raises(errors.NumbersToolkitError) as caught:
            client.set_registration(ORDER, PRIVATE)

        assert PERSON.encode() in server.requests[0].body
    shown = everything_shown(caught.value) + caplog.text
    assert PERSON not in shown
    assert "C01X00T47" not in shown


@pytest.mark.parametrize(
    "details",
    [
        json.dumps(PRIVATE),
        [PRIVATE],
        {**PRIVATE, "odd": {1}},
        {**PRIVATE, "odd": float("inf")},
        {**PRIVATE, "odd": f"{PERSON}\ud800"},
        {**PRIVATE, (PERSON,): 1},
    ],
)
def test_refused_registration_data_do_not_show(details: Any) -> None:
    with (
        ScriptedServer() as server,
        server.client() as client,
        pytest.raises(errors.InvalidInputError) as caught,
    ):
        client.set_registration(ORDER, details)

    assert PERSON not in everything_shown(caught.value)


def test_registration_data_do_not_show_when_the_order_id_is_refused() -> None:
    with (
        ScriptedServer() as server,
        server.client() as client,
        pytest.raises(errors.InvalidInputError) as caught,
    ):
        client.set_registration("", PRIVATE)

    assert PERSON not in everything_shown(caught.value)


@pytest.mark.parametrize(
    "given", [{}, {"mime_type": "x"}, {"file_name": ""}, {"content": f"{PERSON} as text"}]
)
def test_document_does_not_show_in_failures_or_logs(
    given: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    file = {**FILE, "content": PERSON.encode(), **given}
    with (
        ScriptedServer(Reply(reset=True)) as server,
        server.client(auth="basic") as client,
        pytest.raises(errors.NumbersToolkitError) as caught,
    ):
        client.upload_attachment(ORDER, PAPER, **file)

    assert PERSON not in everything_shown(caught.value) + caplog.text


def test_unknown_fields_and_states_are_kept() -> None:
    answer = {"idNumberOrder": ORDER, "state": "ON_HOLD", "future": {"nested": [1, None]}}
    with ScriptedServer(Reply(body=answer)) as server, server.client() as client:
        assert client.get_number_order(ORDER) == answer
        assert client.submit_number_order(ORDER) == answer
