"""The official Python SDK, unmodified, over OAuth against the sandbox."""

from __future__ import annotations

import pytest

from numbers_toolkit.sandbox import Sandbox

sinch = pytest.importorskip("sinch")

pytestmark = pytest.mark.filterwarnings("ignore")

PLAN = "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57"
APP = "b1d4c6a2-0f3e-4a57-8c99-2e7d5f60a813"


@pytest.fixture
def sandbox():
    with Sandbox(active=60, available=500, clock="manual") as sandbox:
        yield sandbox
        assert sandbox.internal_errors == []


@pytest.fixture
def client(sandbox):
    client = sinch.SinchClient(
        project_id=sandbox.project_id, key_id=sandbox.key_id, key_secret=sandbox.key_secret
    )
    client.configuration.auth_origin = sandbox.auth_url
    client.configuration.numbers_origin = sandbox.numbers_url
    yield client
    client.configuration.transport.http_session.close()


def test_regions(client):
    regions = list(client.numbers.regions.list(types=["TOLL_FREE"]).iterator())

    assert {region.region_code for region in regions} == {"CA", "GB", "PL", "US"}


def test_search_and_check(client):
    found = list(
        client.numbers.search_for_available_numbers(
            region_code="US", number_type="LOCAL", page_size=3, capabilities=["SMS", "VOICE"],
            number_pattern="+1307", number_search_pattern="START",
        ).iterator()
    )  # fmt: skip
    checked = client.numbers.check_availability(phone_number=found[0].phone_number)

    assert len(found) == 3
    assert all(number.phone_number.startswith("+1307") for number in found)
    assert checked == found[0]
    assert str(checked.monthly_price.amount) == "0.60"


def test_rent_waits_then_works(client, sandbox):
    (number,) = list(
        client.numbers.search_for_available_numbers(
            region_code="US", number_type="LOCAL", page_size=1
        ).iterator()
    )
    rented = client.numbers.rent(
        phone_number=number.phone_number,
        sms_configuration={"service_plan_id": PLAN, "campaign_id": "CQ4T8ZK"},
        voice_configuration={"type": "RTC", "app_id": APP},
        event_destination_target="https://hooks.example.com/numbers",
    )
    sandbox.advance(10)
    later = client.numbers.get(phone_number=number.phone_number)

    assert rented.sms_configuration.scheduled_provisioning.status == "WAITING"
    assert later.sms_configuration.service_plan_id == PLAN
    assert later.sms_configuration.scheduled_provisioning is None
    assert later.voice_configuration.app_id == APP


def test_rent_without_a_body(client):
    (number,) = list(
        client.numbers.search_for_available_numbers(
            region_code="US", number_type="LOCAL", page_size=1
        ).iterator()
    )

    assert client.numbers.rent(phone_number=number.phone_number).phone_number == number.phone_number


def test_rent_any(client, sandbox):
    rented = client.numbers.rent_any(
        region_code="US", number_type="LOCAL", capabilities=["SMS"],
        number_pattern={"pattern": "307", "search_pattern": "CONTAINS"}, sms_configuration={"service_plan_id": PLAN},
    )  # fmt: skip

    assert "307" in rented.phone_number
    assert len(sandbox.ledger) == 1


@pytest.mark.parametrize("order", ["PHONE_NUMBER", "DISPLAY_NAME"])
def test_list_pages_through_everything(client, order):
    pager = client.numbers.list(region_code="US", number_type="LOCAL", page_size=7, order_by=order)
    numbers = [number.phone_number for number in pager.iterator()]
    everything = [number.phone_number for number in client.numbers.list().iterator()]

    assert len(numbers) == len(set(numbers))
    assert set(numbers) == {number for number in everything if number in numbers}
    assert len(everything) == 60


def test_list_filters_by_capabilities_and_pattern(client):
    numbers = list(
        client.numbers.list(
            region_code="US", number_type="LOCAL", capabilities=["SMS", "VOICE"], number_pattern="+1",
            number_search_pattern="START",
        ).iterator()
    )  # fmt: skip

    assert numbers
    assert all(number.capability == ["SMS", "VOICE"] for number in numbers)


def test_every_seeded_number_can_be_read(client):
    for listed in client.numbers.list(page_size=60).iterator():
        assert client.numbers.get(phone_number=listed.phone_number) == listed


def test_update_and_release(client, sandbox):
    number = next(iter(client.numbers.list(region_code="US", number_type="LOCAL").iterator())).phone_number
    updated = client.numbers.update(
        phone_number=number, display_name="Växel", sms_configuration={"service_plan_id": PLAN, "campaign_id": ""},
        voice_configuration={"type": "FAX", "service_id": "01kq4yc8r4t6v2w0x9z7a1b3cd"},
    )  # fmt: skip
    released = client.numbers.release(phone_number=number)

    assert updated.display_name == "Växel"
    assert updated.voice_configuration.scheduled_voice_provisioning.type == "FAX"
    assert released.expire_at == released.next_charge_date
    assert released.voice_configuration.scheduled_voice_provisioning is None


def test_callback_secret(client, sandbox):
    client.numbers.event_destinations.update(hmac_secret="sandbox-Secret-0123456789-abcdefgh")

    found = client.numbers.event_destinations.get()
    assert (found.project_id, found.hmac_secret) == (sandbox.project_id, "sandbox-Secret-0123456789-abcdefgh")


def test_errors_are_understood(client):
    from sinch.domains.numbers.api.v1.exceptions import NumberNotFoundException

    with pytest.raises(NumberNotFoundException) as raised:
        client.numbers.get(phone_number="+12015559999")

    assert raised.value.http_response.status_code == 404


def test_wrong_key_is_understood(client, sandbox):
    stranger = sinch.SinchClient(project_id=sandbox.project_id, key_id="wrong", key_secret="wrong")
    stranger.configuration.auth_origin = sandbox.auth_url
    stranger.configuration.numbers_origin = sandbox.numbers_url
    with pytest.raises(Exception, match="Client authentication failed"):
        stranger.numbers.get(phone_number="+12015559999")
    stranger.configuration.transport.http_session.close()


def test_expired_token_is_refreshed_once(client, sandbox):
    list(client.numbers.regions.list().iterator())
    sandbox.advance(3600)
    list(client.numbers.regions.list().iterator())

    assert [(request.operation, request.status) for request in sandbox.requests] == [
        ("token", 200),
        ("list_regions", 200),
        ("list_regions", 401),
        ("token", 200),
        ("list_regions", 200),
    ]


def test_odd_values_do_not_break_reading_everything_else(client, sandbox):
    sandbox.faults.add("odd_values", kinds=["unknown_fields", "unknown_words", "unknown_error_code"])

    assert len(list(client.numbers.list(page_size=60).iterator())) == 60


TRIED = {
    "regions.list", "search_for_available_numbers", "check_availability", "rent", "rent_any", "list", "get", "update",
    "release", "event_destinations.get", "event_destinations.update", "sinch_events",
}  # fmt: skip


def test_every_method_is_tried_here(client):
    apis = {"": client.numbers, "regions.": client.numbers.regions}
    apis["event_destinations."] = client.numbers.event_destinations
    found = {
        prefix + name
        for prefix, api in apis.items()
        for name in dir(api)
        if not name.startswith("_") and callable(getattr(api, name))
    }
    assert found == TRIED


@pytest.mark.parametrize(
    ("fault", "status"),
    [("server_error", 500), ("unavailable", 503), ("expired_token", 401)],
)
def test_failures_of_a_listing_are_told_and_it_is_not_sent_again(client, sandbox, fault, status):
    from sinch.domains.numbers.api.v1.exceptions import NumbersException

    sandbox.faults.add(fault)
    with pytest.raises(NumbersException) as raised:
        list(client.numbers.list().iterator())

    assert raised.value.http_response.status_code == status
    sent = [request.status for request in sandbox.requests if request.operation == "list_active"]
    assert sent == [status] * (2 if fault == "expired_token" else 1)


def test_a_listing_that_came_too_fast_is_sent_again(client, sandbox):
    sandbox.faults.add("rate_limited", times=1, retry_after=0)

    assert len(list(client.numbers.list(page_size=100).iterator())) == 60
    assert [request.status for request in sandbox.requests if request.operation == "list_active"] == [
        429,
        200,
    ]


def test_refused_search_is_told(client):
    from sinch.domains.numbers.api.v1.exceptions import NumbersException

    with pytest.raises(NumbersException) as raised:
        list(client.numbers.search_for_available_numbers(region_code="US", number_type="LANDLINE").iterator())
    assert raised.value.http_response.status_code == 400


# Its known faults, which the sandbox bears with: tests/clients/KNOWN_FAULTS.md


def test_every_failure_of_one_number_is_called_not_found(client, sandbox):
    from sinch.domains.numbers.api.v1.exceptions import NumberNotFoundException

    sandbox.faults.add("server_error")
    with pytest.raises(NumberNotFoundException) as raised:
        client.numbers.get(phone_number="+12015559999")
    assert raised.value.http_response.status_code == 500


def test_capabilities_filter_the_active_numbers_under_the_wrong_name_too(client, sandbox):
    found = list(client.numbers.list(capabilities=["SMS", "VOICE"]).iterator())

    assert "capabilities=SMS&capabilities=VOICE" in sandbox.requests[-1].query
    assert 0 < len(found) < 60
    assert all({"SMS", "VOICE"} <= set(number.capability) for number in found)


def test_capabilities_of_a_number_stand_in_an_extra_field(client):
    (number,) = list(client.numbers.list(page_size=1).iterator())[:1]
    assert number.capabilities is None
    assert number.capability


def test_token_answer_holds_the_scope_without_which_it_fails(client, sandbox):
    list(client.numbers.regions.list().iterator())
    assert client.configuration.token_manager.token.scope == ""


def test_unknown_arguments_travel_in_the_body_of_a_reading_call_and_do_no_harm(client):
    found = list(client.numbers.list(page_size=100, shoe_size="44").iterator())
    assert len(found) == 60
