"""The official Node SDK, unmodified and whole, over OAuth against the sandbox."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from event_helpers import run
from numbers_toolkit.sandbox import Sandbox
from sandbox_helpers import Caller, active_number
from scripted_server import ScriptedServer
from vendor_clients import ClientError, credentials, node_client

PLAN = "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57"
APP = "b1d4c6a2-0f3e-4a57-8c99-2e7d5f60a813"
SECRET = "sandbox-Secret-0123456789-abcdefgh"
US_LOCAL = {"regionCode": "US", "type": "LOCAL"}
ADDRESS = {
    "streetNumber": "1188", "streetInfo": "Cottonwood Ave", "city": "Cheyenne", "state": "WY", "postalCode": "82001",
    "postalCodePlusFour": "3310",
}  # fmt: skip
ABSENT = "+12015559999"
#: Every method that goes to the API, both ways that the client offers it; the tests below call those on the left.
SAME = {
    "availableRegions.list": None,
    "searchForAvailableNumbers": "availableNumber.list",
    "checkAvailability": "availableNumber.checkAvailability",
    "rent": "availableNumber.rent",
    "rentAny": "availableNumber.rentAny",
    "get": "activeNumber.get",
    "list": "activeNumber.list",
    "update": "activeNumber.update",
    "release": "activeNumber.release",
    "getEmergencyAddress": "activeNumber.getEmergencyAddress",
    "provisionEmergencyAddress": "activeNumber.provisionEmergencyAddress",
    "deprovisionEmergencyAddress": "activeNumber.deprovisionEmergencyAddress",
    "validateEmergencyAddress": "activeNumber.validateEmergencyAddress",
    "callbacks.get": None,
    "callbacks.update": None,
}
SETTINGS = {"setApiClientConfig", "setHostname", "setCredentials"}


@pytest.fixture(scope="module")
def program():
    with node_client() as program:
        yield program


class Node:
    """The client, connected to a sandbox; keeps what was called."""

    def __init__(self, program, sandbox):
        self.program, self.sandbox = program, sandbox
        self.connect()

    def connect(self, **changes):
        self.program.do("connect", options={**credentials(self.sandbox), **changes})

    def call(self, method, argument=None, **arguments):
        return self.program.do("call", method=method, argument=argument or arguments)

    def items(self, method, **arguments):
        return self.program.do("items", method=method, argument=arguments)

    def offered(self, **changes):
        answer = self.call("searchForAvailableNumbers", {**US_LOCAL, "size": 1, **changes})
        return [number["phoneNumber"] for number in answer["availableNumbers"]]

    def operations(self):
        return [(request.operation, request.status) for request in self.sandbox.requests]


@pytest.fixture
def sandbox():
    with Sandbox(active=40, available=500, clock="manual") as sandbox:
        yield sandbox
        assert sandbox.internal_errors == []


@pytest.fixture
def node(program, sandbox):
    return Node(program, sandbox)


def test_every_method_is_tried_here(node):
    known = {*SAME, *filter(None, SAME.values()), *SETTINGS}
    assert set(node.program.do("methods")) == known


@pytest.mark.parametrize("way", [0, 1], ids=["of the service", "of the API beneath"])
def test_a_number_is_found_rented_set_up_and_given_back(node, sandbox, way):
    def call(method, **arguments):
        return node.call((method, SAME[method])[way], **arguments)

    found = call("searchForAvailableNumbers", **US_LOCAL, size=3, capabilities=["SMS", "VOICE"])[
        "availableNumbers"
    ]
    number = found[0]["phoneNumber"]
    assert len(found) == 3
    assert call("checkAvailability", phoneNumber=number) == found[0]

    body = {"smsConfiguration": {"servicePlanId": PLAN, "campaignId": "CQ4T8ZK"},
            "voiceConfiguration": {"type": "RTC", "appId": APP}}  # fmt: skip
    rented = call("rent", phoneNumber=number, rentNumberRequestBody=body)
    assert rented["smsConfiguration"]["scheduledProvisioning"]["status"] == "WAITING"
    sandbox.advance(10)
    ready = call("get", phoneNumber=number)
    assert (ready["smsConfiguration"]["servicePlanId"], ready["voiceConfiguration"]["appId"]) == (PLAN, APP)

    updated = call("update", phoneNumber=number, updateActiveNumberRequestBody={"displayName": "Växel"})
    assert updated["displayName"] == "Växel"
    assert call("release", phoneNumber=number)["expireAt"] == updated["nextChargeDate"]
    assert len(sandbox.ledger) == 1


@pytest.mark.parametrize("method", ["rentAny", "availableNumber.rentAny"])
def test_rent_any(node, sandbox, method):
    pattern = {"pattern": "307", "searchPattern": "CONTAINS"}
    rented = node.call(
        method, rentAnyNumberRequestBody={**US_LOCAL, "capabilities": ["SMS"], "numberPattern": pattern}
    )

    assert "307" in rented["phoneNumber"]
    assert len(sandbox.ledger) == 1


def test_rent_without_a_configuration(node):
    (number,) = node.offered()
    assert node.call("rent", phoneNumber=number)["phoneNumber"] == number


def test_regions(node):
    regions = node.call("availableRegions.list", types=["TOLL_FREE"])["availableRegions"]
    assert {region["regionCode"] for region in regions} == {"CA", "GB", "PL", "US"}
    assert len(node.call("availableRegions.list")["availableRegions"]) > len(regions)


@pytest.mark.parametrize("method", ["list", "activeNumber.list"])
def test_list_goes_through_every_page_item_by_item_and_page_by_page(node, method):
    items = node.items(method, pageSize=7, orderBy="displayName")
    pages = node.program.do("pages", method=method, argument={"pageSize": 7, "orderBy": "displayName"})

    assert [len(page) for page in pages] == [7, 7, 7, 7, 7, 5]
    assert [one for page in pages for one in page] == items
    assert len({one["phoneNumber"] for one in items}) == 40


def test_list_filters(node):
    everything = node.items("list", pageSize=100)
    found = node.items("list", **US_LOCAL, capability="VOICE", pageSize=100)

    wanted = [
        one
        for one in everything
        if (one["regionCode"], one["type"]) == ("US", "LOCAL") and "VOICE" in one["capability"]
    ]
    assert found == wanted
    assert 0 < len(found) < len(everything)


@pytest.mark.parametrize("api", ["", "activeNumber."])
def test_emergency_address(node, sandbox, api):
    number = next(one["phoneNumber"] for one in node.items("list", **US_LOCAL))
    body = {"displayName": "Cheyenne office", "address": ADDRESS}

    checked = node.call(
        f"{api}validateEmergencyAddress", phoneNumber=number, emergencyAddressRequestBody=body
    )
    assert checked["validationResult"] == "EXACT_MATCH"
    with pytest.raises(ClientError) as raised:
        node.call(f"{api}getEmergencyAddress", phoneNumber=number)
    assert raised.value.status == 404

    node.call(f"{api}provisionEmergencyAddress", phoneNumber=number, emergencyAddressRequestBody=body)
    assert node.call(f"{api}getEmergencyAddress", phoneNumber=number)["city"] == "Cheyenne"
    assert node.call(f"{api}deprovisionEmergencyAddress", phoneNumber=number) in ({}, None, "")
    with pytest.raises(ClientError):
        node.call(f"{api}getEmergencyAddress", phoneNumber=number)


def test_callback_secret(node, sandbox):
    node.call("callbacks.update", updateCallbackConfigurationRequestBody={"hmacSecret": SECRET})
    assert node.call("callbacks.get") == {"projectId": sandbox.project_id, "hmacSecret": SECRET}


def test_events_pass_its_check_of_signatures_and_a_changed_one_does_not(node):
    number = "+12015550100"
    with ScriptedServer() as receiver:
        documents = [active_number(number, callbackUrl=receiver.url)]
        with Sandbox(numbers=documents, available=0, clock="manual") as sandbox, Caller(sandbox) as caller:
            caller.call("PATCH", "callbackConfiguration", json={"hmacSecret": SECRET})
            run(caller, number, smsConfiguration={"servicePlanId": PLAN})
        (request,) = receiver.requests
    sent = {"secret": SECRET, "headers": request.headers, "body": request.body.decode()}

    assert node.program.do("verify", **sent) is True
    assert (
        node.program.do("verify", **{**sent, "body": sent["body"].replace(number, "+12015550101")}) is False
    )
    event = node.program.do("event", **sent)
    assert event["resourceId"] == number
    assert event["timestamp"]["date"].startswith(json.loads(request.body)["timestamp"][:19])


def test_expired_token_is_refreshed_once(node, sandbox):
    node.call("availableRegions.list")
    sandbox.faults.add("expired_token", times=1)
    node.call("availableRegions.list")

    calls = [one for one in node.operations() if one[0] != "token"]
    assert calls == [("list_regions", 200), ("list_regions", 401), ("list_regions", 200)]


def test_token_that_stays_expired_is_given_up(node, sandbox):
    sandbox.faults.add("expired_token")
    with pytest.raises(ClientError) as raised:
        node.call("availableRegions.list")

    assert raised.value.status == 401
    assert [one for one in node.operations() if one[0] != "token"] == [("list_regions", 401)] * 2


@pytest.mark.parametrize(
    ("fault", "status"),
    [("rate_limited", 429), ("server_error", 500), ("unavailable", 503), ("html_answer", 502)],
)
def test_failures_are_told_and_nothing_is_sent_again(node, sandbox, fault, status):
    sandbox.faults.add(fault, times=1)
    with pytest.raises(ClientError) as raised:
        node.call("get", phoneNumber=ABSENT)

    assert raised.value.status == status
    assert [one for one in node.operations() if one[0] != "token"] == [("get_active", status)]


def test_refusals_are_understood(node, sandbox):
    with pytest.raises(ClientError, match="404"):
        node.call("checkAvailability", phoneNumber=ABSENT)
    with pytest.raises(ClientError, match="400"):
        node.call("searchForAvailableNumbers", regionCode="US", type="LANDLINE")
    node.connect(projectId="00000000-0000-4000-8000-000000000000")
    with pytest.raises(ClientError, match="403"):
        node.call("get", phoneNumber=ABSENT)
    node.connect(keySecret="wrong")
    with pytest.raises(ClientError, match="401"):
        node.call("get", phoneNumber=ABSENT)
    assert not sandbox.ledger


# Its known faults, which the sandbox bears with: tests/clients/KNOWN_FAULTS.md


def test_plus_sign_that_is_not_encoded_is_taken_for_a_plus_sign(node, sandbox):
    found = node.offered(
        **{"numberPattern.pattern": "+1307", "numberPattern.searchPattern": "START", "size": 5}
    )

    assert "numberPattern.pattern=+1307" in sandbox.requests[-1].query
    assert len(found) > 1
    assert all(number.startswith("+1307") for number in found)


def test_capabilities_joined_by_a_comma_are_taken_one_by_one(node, sandbox):
    found = node.items("list", **US_LOCAL, capability=["SMS", "VOICE"], pageSize=100)

    assert "capability=SMS,VOICE" in sandbox.requests[-1].query
    assert found
    assert all({"SMS", "VOICE"} <= set(one["capability"]) for one in found)


def test_text_that_begins_with_a_date_becomes_a_date_there_and_stays_text_here(program):
    text = "2026-01-05 09:30"
    documents = [active_number("+12015550100", displayName=text)]
    with Sandbox(numbers=documents, available=0, clock="manual") as sandbox, Caller(sandbox) as caller:
        found = Node(program, sandbox).call("get", phoneNumber="+12015550100")
        assert found["displayName"] == {"date": "2026-01-05T09:30:00.000Z"}
        assert caller.number("+12015550100")["displayName"] == text


def test_one_token_serves_until_shortly_before_its_end(program):
    with Sandbox(active=1, available=0, start=datetime.now(UTC).isoformat()) as sandbox:
        node = Node(program, sandbox)
        node.call("availableRegions.list")
        node.call("availableRegions.list")
        assert node.operations() == [("token", 200), ("list_regions", 200), ("list_regions", 200)]
