"""Emergency addresses: what is sent, what is refused before, what a lost answer says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from numbers_toolkit import errors
from scripted_server import PROJECT, FakeClock, Reply, ScriptedServer, error

N = "+13075550142"
BASE = f"/v1/projects/{PROJECT}/activeNumbers/{N}/emergencyAddress"
PLACE = {
    "display_name": "Cheyenne office",
    "street_number": "1188",
    "street_info": "Cottonwood Avenue",
    "city": "Cheyenne",
    "state": "WY",
    "postal_code": "82001",
}
BODY = {
    "displayName": "Cheyenne office",
    "address": {
        "streetNumber": "1188",
        "streetInfo": "Cottonwood Avenue",
        "city": "Cheyenne",
        "state": "WY",
        "postalCode": "82001",
    },
}
ADDRESS = {**BODY["address"], "location": "", "postalCodePlusFour": ""}  # type: ignore[dict-item]
MISSING = {"type": "ResourceInfo", "resourceType": "EmergencyAddress", "description": "Missing E911 feature"}

#: call, method, end of the path, body. Written out by hand from the description of the operations.
OPERATIONS: dict[str, tuple[Any, str, str, Any]] = {
    "12 read": (lambda c: c.get_emergency_address("+1 307 555 0142"), "GET", "", None),
    "13 provision": (lambda c: c.provision_emergency_address(N, **PLACE), "POST", ":provision", BODY),
    "13 provision, all fields": (
        lambda c: c.provision_emergency_address(N, **PLACE, location="Suite 4", postal_code_plus_four="3310"),
        "POST",
        ":provision",
        {**BODY, "address": {**BODY["address"], "location": "Suite 4", "postalCodePlusFour": "3310"}},  # type: ignore[dict-item]
    ),
    "14 deprovision": (lambda c: c.deprovision_emergency_address(N), "POST", ":deprovision", None),
    "15 validate": (lambda c: c.validate_emergency_address(N, **PLACE), "POST", ":validate", BODY),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_is_sent_as_the_contract_spells_it(name: str) -> None:
    call, method, path, body = OPERATIONS[name]
    with ScriptedServer(Reply(body=ADDRESS)) as server, server.client(auth="basic") as client:
        call(client)

        (request,) = server.requests
    assert (request.method, request.path, request.query) == (method, BASE + path, "")
    assert (json.loads(request.body) if request.body else None) == body
    assert ("content-type" in request.headers) is (body is not None)


REFUSED: dict[str, Any] = {
    "number": lambda c: c.get_emergency_address("3075550142"),
    "number to deprovision": lambda c: c.deprovision_emergency_address(None),
    "number to validate": lambda c: c.validate_emergency_address("+1/..", **PLACE),
    "empty city": lambda c: c.provision_emergency_address(N, **{**PLACE, "city": " "}),
    "postal code as a number": lambda c: c.provision_emergency_address(N, **{**PLACE, "postal_code": 2108}),
    "street number as a number": lambda c: c.validate_emergency_address(N, **{**PLACE, "street_number": 7}),
    "missing state": lambda c: c.validate_emergency_address(N, **{**PLACE, "state": None}),
    "no display name": lambda c: c.provision_emergency_address(N, **{**PLACE, "display_name": ""}),
    "location no text": lambda c: c.provision_emergency_address(N, **PLACE, location=4),
    "plus four no text": lambda c: c.provision_emergency_address(N, **PLACE, postal_code_plus_four=3310),
    "half a character": lambda c: c.provision_emergency_address(N, **{**PLACE, "city": "a\ud800"}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_wrong_argument_is_refused_before_anything_is_sent(name: str) -> None:
    with ScriptedServer() as server, server.client() as client:
        with pytest.raises(errors.InvalidInputError):
            REFUSED[name](client)

        assert server.requests == server.token_requests == []


def test_postal_code_as_a_number_says_why_not() -> None:
    with (
        ScriptedServer() as server,
        server.client() as client,
        pytest.raises(errors.InvalidInputError) as caught,
    ):
        client.provision_emergency_address(N, **{**PLACE, "postal_code": 2108})  # type: ignore[arg-type]

    assert "postal_code 2108" in str(caught.value)
    assert "a leading zero stays" in str(caught.value)


def test_answers_are_plain_objects() -> None:
    verdict = {"validationResult": "NEAR_MATCH", "correctedAddress": ADDRESS, "candidateAddresses": []}
    with ScriptedServer(Reply(body=ADDRESS), Reply(body=ADDRESS), Reply(body=verdict)) as server:
        client = server.client(auth="basic")
        assert client.get_emergency_address(N) == ADDRESS
        assert client.provision_emergency_address(N, **PLACE) == ADDRESS
        assert client.validate_emergency_address(N, **PLACE) == verdict
        client.close()


@pytest.mark.parametrize("reply", [Reply(body=b""), Reply(204, b""), Reply(body=b"\r\n"), Reply(201, {})])
def test_deprovision_is_done_when_it_is_answered_by_nothing(reply: Reply) -> None:
    with ScriptedServer(reply) as server, server.client(auth="basic") as client:
        assert client.deprovision_emergency_address(N) is None  # type: ignore[func-returns-value]

        assert len(server.requests) == 1


@pytest.mark.parametrize("body", [b"<html><title>Portal</title>", b"[]", b'{"a": '])
def test_deprovision_that_is_answered_by_a_page_is_an_unknown_outcome(body: bytes) -> None:
    with ScriptedServer(Reply(body=body)) as server, server.client(auth="basic") as client:
        with pytest.raises(errors.UnknownOutcomeError, match="the number's emergency address"):
            client.deprovision_emergency_address(N)

        assert len(server.requests) == 1


CHANGES: dict[str, Any] = {
    "provision": lambda c: c.provision_emergency_address(N, **PLACE),
    "deprovision": lambda c: c.deprovision_emergency_address(N),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    "reply", [Reply(reset=True), Reply(raw=b""), Reply(503), Reply(202, {}), Reply(500, {})]
)
def test_change_whose_answer_is_lost_is_sent_once_and_says_what_to_read(change: str, reply: Reply) -> None:
    with ScriptedServer(reply, Reply(body=ADDRESS)) as server, server.client(auth="basic") as client:
        with pytest.raises(errors.UnknownOutcomeError) as caught:
            CHANGES[change](client)

        assert len(server.requests) == 1
    assert "ead the number's emergency address (GET) to see what happened" in str(caught.value)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_validation_is_repeated_like_a_read(status: int) -> None:
    busy = error(status)
    with ScriptedServer(busy, busy, busy, Reply(body={"validationResult": "EXACT_MATCH"})) as server:
        with server.client(auth="basic") as client:
            assert client.validate_emergency_address(N, **PLACE) == {"validationResult": "EXACT_MATCH"}

        assert len(server.requests) == 4
    assert {one.body for one in server.requests} == {json.dumps(BODY).encode()}


@pytest.mark.parametrize("reply", [Reply(reset=True), Reply(503), Reply(500, {})])
def test_validation_that_fails_is_no_unknown_outcome(reply: Reply) -> None:
    clock = FakeClock()
    with ScriptedServer(reply) as server, server.client(auth="basic", clock=clock) as client:
        with pytest.raises((errors.TransportError, errors.ServerError)) as caught:
            client.validate_emergency_address(N, **PLACE)

        assert len(server.requests) == 4
    assert not isinstance(caught.value, errors.UnknownOutcomeError)
    assert "may have been carried out" not in str(caught.value)
    assert len(clock.waits) == 3


def test_unreadable_validation_is_no_unknown_outcome() -> None:
    with (
        ScriptedServer(Reply(body=b"<html>")) as server,
        server.client(auth="basic") as client,
        pytest.raises(errors.ResponseFormatError),
    ):
        client.validate_emergency_address(N, **PLACE)


def test_number_without_an_address_is_not_found() -> None:
    with (
        ScriptedServer(error(404, "NOT_FOUND", "Missing E911 feature", [MISSING])) as server,
        server.client(auth="basic") as client,
        pytest.raises(errors.NotFoundError, match="Missing E911 feature"),
    ):
        client.get_emergency_address(N)
