"""Client and sandbox, written apart from the same contract, agree on orders, addresses and events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import numbers_toolkit as nt
from numbers_toolkit import errors
from scripted_server import Reply, ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "sandbox-Secret-0123456789-abcdefgh"
PLAN = "SANDBOX_PLAN"
PLACE = {
    "display_name": "Cheyenne office",
    "street_number": "1188",
    "street_info": "Cottonwood Avenue",
    "city": "Cheyenne",
    "state": "WY",
    "postal_code": "82001",
}
DETAILS = {"data": [{"endBusinessName": "Exämple Pty", "city": "Hobart", "country": "AU"}]}


@pytest.fixture
def receiver() -> Iterator[ScriptedServer]:
    with ScriptedServer(Reply(body=b"")) as server:
        yield server


def on_offer(client: nt.NumbersClient, region: str, kind: str) -> str:
    return str(client.search_available_numbers(region, kind, size=1)[0]["phoneNumber"])


def us_number(client: nt.NumbersClient) -> str:
    number = on_offer(client, "US", "LOCAL")
    client.rent_number(number)
    return number


def test_emergency_address_is_provisioned_read_and_taken_away(client: nt.NumbersClient) -> None:
    number = us_number(client)
    verdict = client.validate_emergency_address(number, **PLACE)
    with pytest.raises(errors.NotFoundError, match="has no emergency address"):
        client.get_emergency_address(number)

    stored = client.provision_emergency_address(number, **PLACE, location="Suite 4")

    assert verdict["validationResult"] in ("EXACT_MATCH", "NEAR_MATCH")
    assert (stored["streetInfo"], stored["location"], stored["postalCodePlusFour"]) == (
        "Cottonwood Avenue",
        "Suite 4",
        "",
    )
    assert client.get_emergency_address(number) == stored
    client.deprovision_emergency_address(number)
    with pytest.raises(errors.NotFoundError):
        client.get_emergency_address(number)


def test_number_is_bought_by_an_order_with_papers(client: nt.NumbersClient, sandbox: nt.Sandbox) -> None:
    needed = client.lookup_number_requirements("AU", "MOBILE")
    (paper,) = [one for one in needed["attachments"] if one["mandatory"]]
    number = on_offer(client, "AU", "MOBILE")
    order = client.create_number_order("AU", "MOBILE", phone_number=number, service_plan_id=PLAN)
    order_id = order["idNumberOrder"]

    client.set_registration(order_id, DETAILS)
    client.upload_attachment(
        order_id,
        paper["id"],
        b"%PDF-1.7\r\n\x00\xff--",
        file_name='Erklärung "unterschrieben"\r\n.pdf',
        mime_type="application/pdf",
        document_type=paper["allowedDocumentTypes"][0],
    )

    registration = client.get_registration(order_id)
    assert registration["requestDetails"] == DETAILS
    (stored,) = registration["attachments"]
    assert stored["attachmentId"] == paper["id"]
    assert stored["fileName"] == "Erklärung %22unterschrieben%22%0D%0A.pdf"
    assert stored["documentType"] == paper["allowedDocumentTypes"][0]
    assert client.submit_number_order(order_id)["state"] == "IN_REVIEW"
    sandbox.advance(10)
    assert client.get_number_order(order_id)["state"] == "COMPLETED"
    assert client.get_active_number(number)["phoneNumber"] == number


def test_quantity_is_ordered(client: nt.NumbersClient, sandbox: nt.Sandbox) -> None:
    order = client.create_number_order("SE", "MOBILE", quantity=3, pattern="+46", search_pattern="START")
    client.submit_number_order(order["idNumberOrder"])
    sandbox.advance(10)

    done = client.get_number_order(order["idNumberOrder"])

    assert done["state"] == "COMPLETED"
    assert len(done["orderNumbers"]) == 3


def test_requirements_of_us_numbers_are_not_known(client: nt.NumbersClient) -> None:
    with pytest.raises(errors.NotFoundError, match="nothing special is required"):
        client.lookup_number_requirements("US", "LOCAL")


def test_file_beyond_the_limit_is_too_large() -> None:
    with nt.Sandbox(active=0, available=600, clock="manual", attachment_limit=1000) as sandbox:
        with nt.connect(sandbox=sandbox) as client:
            needed = client.lookup_number_requirements("AU", "MOBILE")
            order = client.create_number_order("AU", "MOBILE", phone_number=on_offer(client, "AU", "MOBILE"))
            with pytest.raises(errors.ContentTooLargeError, match="too large"):
                client.upload_attachment(
                    order["idNumberOrder"],
                    needed["attachments"][0]["id"],
                    bytes(1001),
                    file_name="statement.pdf",
                    mime_type="application/pdf",
                )
        assert not sandbox.internal_errors


def test_unknown_order_is_not_found(client: nt.NumbersClient) -> None:
    for ask in (client.get_number_order, client.get_registration, client.submit_number_order):
        with pytest.raises(errors.NotFoundError):
            ask("01kq4zzzzzzzzzzzzzzzzzzzzz")


def test_lost_answers_are_settled_by_reading_what_the_error_names(
    client: nt.NumbersClient, sandbox: nt.Sandbox
) -> None:
    number = us_number(client)
    order_id = client.create_number_order("SE", "MOBILE", quantity=1)["idNumberOrder"]
    sandbox.faults.add("lost_answer")
    before = len(sandbox.requests)
    for change, named in (
        (lambda: client.provision_emergency_address(number, **PLACE), "emergency address"),
        (lambda: client.set_registration(order_id, DETAILS), "registration"),
        (lambda: client.submit_number_order(order_id), "the order (GET)"),
        (lambda: client.create_number_order("SE", "MOBILE", quantity=1), "No operation lists orders"),
    ):
        with pytest.raises(errors.UnknownOutcomeError) as caught:
            change()
        assert named in str(caught.value)
    sandbox.faults.clear()

    assert len(sandbox.requests) == before + 4
    assert client.get_emergency_address(number)["city"] == "Cheyenne"
    assert client.get_registration(order_id)["requestDetails"] == DETAILS
    assert client.get_number_order(order_id)["state"] == "IN_REVIEW"


def test_delivered_events_are_signed_read_once_and_analysed(
    client: nt.NumbersClient, sandbox: nt.Sandbox, receiver: ScriptedServer
) -> None:
    client.set_callback_secret(SECRET)
    rented = sandbox.now
    number = on_offer(client, "US", "LOCAL")
    client.rent_number(number, service_plan_id=PLAN, callback_url=receiver.url)
    order = client.create_number_order("SE", "MOBILE", quantity=1, callback_url=receiver.url)
    client.submit_number_order(order["idNumberOrder"])
    sandbox.advance(60)
    sandbox.deliver_events()

    seen: set[str] = set()
    events = [
        nt.read_event(one.body, signature=one.headers["x-sinch-signature"], secret=SECRET, seen=seen)
        for one in receiver.requests
    ]
    with pytest.raises(errors.ReplayedEventError):
        nt.read_event(
            receiver.requests[0].body,
            signature=receiver.requests[0].headers["x-sinch-signature"],
            secret=SECRET,
            seen=seen,
        )
    with pytest.raises(errors.WebhookSignatureError):
        nt.read_event(
            receiver.requests[0].body + b" ",
            signature=receiver.requests[0].headers["x-sinch-signature"],
            secret=SECRET,
        )
    frame = nt.events_frame([one.body for one in receiver.requests], source="sandbox")

    pairs = {(one.event_type, one.status) for one in events}
    assert ("PROVISIONING_TO_SMS_PLATFORM", "SUCCEEDED") in pairs
    assert ("NUMBER_ORDER_PROCESSING", "COMPLETED") in pairs
    assert len(frame) == len(events) == len(seen)
    ready = nt.analysis.time_to_ready(frame, {number: rented})
    (row,) = ready[ready["phone_number"] == number].itertuples()
    assert (row.service, row.state, row.seconds_to_ready) == ("SMS", "READY", 7.0)
    assert ready.attrs["source"] == "sandbox"
    assert len(nt.analysis.failures_over_time(frame)) == 0
