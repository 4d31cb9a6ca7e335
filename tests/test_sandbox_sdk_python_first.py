"""The first generation of the official Python SDK, unmodified: other names, other models, the same API.

Its faults are in tests/clients/KNOWN_FAULTS.md.
"""

from __future__ import annotations

import pytest

from numbers_toolkit.sandbox import Sandbox
from sandbox_helpers import Caller
from vendor_clients import ClientError, credentials, first_generation

PLAN = "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57"
US_LOCAL = {"region_code": "US", "number_type": "LOCAL"}
SECRET = "sandbox-Secret-0123456789-abcdefgh"


@pytest.fixture(scope="module")
def program():
    with first_generation() as program:
        yield program


@pytest.fixture
def sandbox():
    with Sandbox(active=30, available=300, clock="manual") as sandbox:
        yield sandbox
        assert sandbox.internal_errors == []


@pytest.fixture
def call(program, sandbox):
    program.do("connect", options=credentials(sandbox))
    return lambda method, **argument: program.do("call", method=method, argument=argument)


def test_regions(call):
    regions = call("regions.list", number_types=["TOLL_FREE"])["available_regions"]
    assert {region["region_code"] for region in regions} == {"CA", "GB", "PL", "US"}


def test_search_check_activate_get_release(call, sandbox):
    found = call(
        "available.list", **US_LOCAL, page_size=2, capabilities=["SMS", "VOICE"], number_pattern="+1307",
        number_search_pattern="START",
    )["available_numbers"]  # fmt: skip
    number = found[0]["phone_number"]
    assert len(found) == 2
    assert number.startswith("+1307")
    assert call("available.check_availability", phone_number=number)["phone_number"] == number

    assert call("available.activate", phone_number=number)["phone_number"] == number
    assert call("active.get", phone_number=number)["money"] == found[0]["monthly_price"]

    assert call("active.release", phone_number=number)["expire_at"]
    assert len(sandbox.ledger) == 1


def test_activation_does_not_send_the_configuration_that_it_takes(call):
    (found,) = call("available.list", **US_LOCAL, page_size=1)["available_numbers"]
    call("available.activate", phone_number=found["phone_number"], sms_configuration={"servicePlanId": PLAN})

    sms = call("active.get", phone_number=found["phone_number"])["sms_configuration"]
    assert (sms["servicePlanId"], sms["scheduledProvisioning"]) == ("", None)


def test_update_names_fields_as_the_api_does_not_know_them(call):
    """What production makes of such names is not known; here they change nothing."""
    (found,) = call("available.list", **US_LOCAL, page_size=1)["available_numbers"]
    call("available.activate", phone_number=found["phone_number"])

    updated = call("active.update", phone_number=found["phone_number"], display_name="Front desk")
    assert updated["display_name"] == ""


def test_rent_any(call, sandbox):
    rented = call("available.rent_any", region_code="US", type_="LOCAL", capabilities=["SMS"])
    assert rented["region_code"] == "US"
    assert len(sandbox.ledger) == 1


def test_list_pages_through_everything(program, call):
    pages = program.do("pages", method="active.list", argument={**US_LOCAL, "page_size": 4})
    numbers = [number["phone_number"] for page in pages for number in page["active_numbers"]]
    (page,) = program.do("pages", method="active.list", argument={**US_LOCAL, "page_size": 100})

    assert len(pages) > 2
    assert numbers == [number["phone_number"] for number in page["active_numbers"]]


def test_callback_secret_is_read_but_what_it_writes_has_a_name_that_the_api_does_not_know(call, sandbox):
    with Caller(sandbox) as caller:
        caller.call("PATCH", "callbackConfiguration", json={"hmacSecret": SECRET})
    found = call("callbacks.get_configuration")
    assert (found["project_id"], found["hmac_secret"]) == (sandbox.project_id, SECRET)

    unchanged = call("callbacks.update_configuration", hmac_secret=SECRET.swapcase())
    assert unchanged["hmac_secret"] == SECRET


def test_expired_token_is_refreshed_once(call, sandbox):
    call("regions.list")
    sandbox.advance(3600)
    call("regions.list")

    assert [(request.operation, request.status) for request in sandbox.requests] == [
        ("token", 200),
        ("list_regions", 200),
        ("list_regions", 401),
        ("token", 200),
        ("list_regions", 200),
    ]


def test_errors_are_understood(call):
    with pytest.raises(ClientError) as raised:
        call("active.get", phone_number="+12015559999")
    assert (raised.value.kind, raised.value.status) == ("NumbersException", 404)


def test_every_method_is_tried(program, call):
    assert set(program.do("methods")) == {
        "regions.list", "available.list", "available.check_availability", "available.activate", "available.rent_any",
        "active.list", "active.get", "active.update", "active.release", "callbacks.get_configuration",
        "callbacks.update_configuration",
    }  # fmt: skip
