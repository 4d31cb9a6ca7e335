"""Emergency addresses: reading, provisioning, taking away, and what a validation says."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
import requests

from numbers_toolkit.sandbox import Sandbox
from numbers_toolkit.sandbox.us_postal_codes import STATES, first_postal_code, states_of
from sandbox_helpers import Caller, active_number, violation

NUMBER = "+13075550142"
OTHER = "+13075550177"
FOREIGN = "+46313900600"
ADDRESS = {
    "streetNumber": "1188", "streetInfo": "Cottonwood Avenue", "location": "Suite 4", "city": "Cheyenne",
    "state": "WY", "postalCode": "82001",
}  # fmt: skip
EXACT = ADDRESS | {"streetInfo": "Cottonwood Ave", "postalCodePlusFour": "3310"}
FIELDS = ["streetNumber", "streetInfo", "location", "city", "state", "postalCode", "postalCodePlusFour"]
ALL = ("", ":provision", ":deprovision", ":validate")


@pytest.fixture
def caller():
    documents = [active_number(NUMBER), active_number(OTHER), active_number(FOREIGN, regionCode="SE")]
    with Sandbox(numbers=documents, available=5, clock="manual") as sandbox, Caller(sandbox) as caller:
        yield caller
        assert sandbox.internal_errors == []


def call(caller, suffix="", number=NUMBER, **changes):
    """Call one of the four operations with the usual body."""
    path = f"activeNumbers/{number}/emergencyAddress{suffix}"
    if suffix in ("", ":deprovision"):
        return caller.call("POST" if suffix else "GET", path)
    body = {"displayName": "Cheyenne office", "address": ADDRESS} | changes
    return caller.call("POST", path, json=body)


def validate(caller, **address):
    answer = call(caller, ":validate", address=EXACT | address)
    assert answer.status_code == 200, answer.text
    return answer.json()


def missing():
    """The whole body for a number that has no address, as production sends it."""
    message = "Missing E911 feature"
    info = {
        "type": "ResourceInfo", "resourceType": "EmergencyAddress", "resourceName": "", "owner": "",
        "description": message,
    }  # fmt: skip
    return {"error": {"code": 404, "message": message, "status": "NOT_FOUND", "details": [info]}}


def test_provisioned_address_is_answered_and_read_with_its_optional_fields_filled(caller):
    answer = call(caller, ":provision")

    assert answer.status_code == 200
    assert answer.json() == call(caller).json() == ADDRESS | {"postalCodePlusFour": ""}
    assert list(answer.json()) == FIELDS


@pytest.mark.parametrize("suffix", ["", ":deprovision"])
def test_number_without_an_address_lacks_the_feature(caller, suffix):
    answer = call(caller, suffix)

    assert answer.status_code == 404
    assert answer.json() == missing()


@pytest.mark.parametrize("suffix", ALL)
def test_number_that_is_not_rented_is_not_found(caller, suffix):
    answer = call(caller, suffix, number="+13075550199")

    assert answer.status_code == 404
    (detail,) = answer.json()["error"]["details"]
    assert (detail["resourceType"], detail["resourceName"]) == ("ActiveNumber", "+13075550199")


def test_address_taken_away_leaves_an_empty_answer_and_no_feature(caller):
    call(caller, ":provision")
    answer = call(caller, ":deprovision")

    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "0")
    assert call(caller).json() == missing()
    assert call(caller, ":deprovision").status_code == 404


def test_provisioning_again_replaces_the_address_of_that_number_alone(caller):
    call(caller, ":provision")
    call(caller, ":provision", number=OTHER)
    call(caller, ":provision", address=EXACT | {"location": ""})

    assert call(caller).json() == EXACT | {"location": ""}
    assert call(caller, number=OTHER).json() == ADDRESS | {"postalCodePlusFour": ""}


@pytest.mark.parametrize("suffix", [":provision", ":validate"])
def test_only_us_numbers_can_have_an_address(caller, suffix):
    assert violation(call(caller, suffix, number=FOREIGN)) == "phoneNumber"
    assert call(caller, number=FOREIGN).json() == missing()
    assert call(caller, ":deprovision", number=FOREIGN).json() == missing()


@pytest.mark.parametrize("suffix", [":provision", ":validate"])
@pytest.mark.parametrize("field", ["streetNumber", "streetInfo", "city", "state", "postalCode"])
@pytest.mark.parametrize("value", [None, "", "   ", 82001])
def test_required_field_of_an_address_must_be_a_text(caller, suffix, field, value):
    answer = call(caller, suffix, address=ADDRESS | {field: value})

    assert violation(answer) == f"address.{field}"
    assert call(caller).status_code == 404


@pytest.mark.parametrize("field", ["location", "postalCodePlusFour"])
def test_optional_field_may_be_null_but_not_a_number(caller, field):
    assert call(caller, ":provision", address=ADDRESS | {field: None}).json()[field] == ""
    assert violation(call(caller, ":provision", address=ADDRESS | {field: 4})) == f"address.{field}"


@pytest.mark.parametrize("name", [None, "", 7])
def test_display_name_must_be_given(caller, name):
    assert violation(call(caller, ":provision", displayName=name)) == "displayName"


@pytest.mark.parametrize("address", ["1188 Cottonwood Ave", [], 3])
def test_address_must_be_an_object(caller, address):
    assert violation(call(caller, ":validate", address=address)) == "address"


def test_every_fault_of_a_request_is_named_at_once(caller):
    answer = caller.call("POST", f"activeNumbers/{NUMBER}/emergencyAddress:provision", json={})
    (detail,) = answer.json()["error"]["details"]

    assert answer.status_code == 400
    assert [each["field"] for each in detail["fieldViolations"]] == [
        "displayName",
        *(f"address.{name}" for name in ("streetNumber", "streetInfo", "city", "state", "postalCode")),
    ]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"'])
def test_body_that_is_no_json_object_is_refused(caller, body):
    answer = caller.call("POST", f"activeNumbers/{NUMBER}/emergencyAddress:provision", data=body)

    assert answer.status_code == 400


def test_validation_has_the_documented_shape(caller):
    answer = call(caller, ":validate").json()
    completed = answer["correctedAddress"]["postalCodePlusFour"]

    assert answer == {
        "phoneNumber": NUMBER,
        "displayName": "Cheyenne office",
        "validatedAddress": ADDRESS | {"postalCodePlusFour": ""},
        "validationResult": "NEAR_MATCH",
        "validationMessage": "street type shortened|postal code completed",
        "correctedAddress": ADDRESS | {"streetInfo": "Cottonwood Ave", "postalCodePlusFour": completed},
        "candidateAddresses": [],
    }
    assert list(answer["correctedAddress"]) == FIELDS
    assert len(completed) == 4
    assert completed.isdigit()


def test_validation_keeps_nothing_and_says_the_same_again(caller):
    first = call(caller, ":validate").json()

    assert call(caller, ":validate").json() == first
    assert call(caller).status_code == 404


def test_corrected_address_matches_exactly(caller):
    corrected = call(caller, ":validate").json()["correctedAddress"]
    answer = call(caller, ":validate", address=corrected).json()

    assert (answer["validationResult"], answer["validationMessage"]) == ("EXACT_MATCH", "")
    assert (answer["correctedAddress"], answer["candidateAddresses"]) == ({}, [])
    assert answer["validatedAddress"] == corrected


@pytest.mark.parametrize(
    ("written", "message", "corrected"),
    [
        ({"streetInfo": "Cottonwood AVENUE"}, "street type shortened", {"streetInfo": "Cottonwood Ave"}),
        ({"streetInfo": "Main Street North"}, "street type shortened", {"streetInfo": "Main St North"}),
        ({"state": "wy"}, "state in capitals", {"state": "WY"}),
        ({"state": "Wyoming"}, "state shortened", {"state": "WY"}),
        ({"city": " Cheyenne "}, "spaces removed", {"city": "Cheyenne"}),
        ({"postalCode": "82001-3310"}, "postal code divided", {"postalCode": "82001", "postalCodePlusFour": "3310"}),
        ({"postalCode": "820013310"}, "postal code divided", {"postalCode": "82001", "postalCodePlusFour": "3310"}),
    ],
    ids=str,
)  # fmt: skip
def test_near_match_is_corrected(caller, written, message, corrected):
    answer = validate(caller, **written)

    assert (answer["validationResult"], answer["validationMessage"]) == ("NEAR_MATCH", message)
    assert answer["correctedAddress"] == EXACT | corrected
    assert answer["validatedAddress"] == EXACT | written


@pytest.mark.parametrize("street", ["Avenue", "North", "Street North", "Broadway", "Avenue of the Giants"])
def test_street_that_needs_no_shortening_is_left_alone(caller, street):
    assert validate(caller, streetInfo=street)["validationResult"] == "EXACT_MATCH"


@pytest.mark.parametrize("digits", ["", "33", "abcd", "33100"])
def test_postal_code_without_four_good_digits_is_completed(caller, digits):
    answer = validate(caller, postalCodePlusFour=digits)

    assert answer["validationMessage"] == "postal code completed"
    assert answer["correctedAddress"]["postalCodePlusFour"].isdigit()


@pytest.mark.parametrize(
    ("written", "message", "candidates"),
    [
        ({"postalCode": "98101"}, "postal code belongs to another state", [("WA", "98101"), ("WY", "82001")]),
        ({"postalCode": "06390"}, "postal code belongs to another state",
         [("CT", "06390"), ("NY", "06390"), ("WY", "82001")]),
        ({"postalCode": "00001"}, "no such postal code", [("WY", "82001")]),
        ({"postalCode": "8200"}, "postal code is not five digits", [("WY", "82001")]),
        ({"postalCode": "٨٢٠٠١"}, "postal code is not five digits", [("WY", "82001")]),
        ({"state": "ZZ"}, "no such state", [("WY", "82001")]),
        ({"state": "ZZ", "postalCode": "x"}, "no such state|postal code is not five digits", []),
        ({"streetNumber": "none"}, "street number without a digit", []),
    ],
    ids=str,
)  # fmt: skip
def test_address_that_does_not_fit_together_matches_nothing(caller, written, message, candidates):
    answer = validate(caller, **written)
    found = answer["candidateAddresses"]

    assert (answer["validationResult"], answer["validationMessage"]) == ("NO_MATCH", message)
    assert answer["correctedAddress"] == {}
    assert [(each["state"], each["postalCode"]) for each in found] == candidates
    for candidate in found:
        assert list(candidate) == FIELDS
        assert validate(caller, **candidate)["validationResult"] == "EXACT_MATCH"


def test_address_is_provisioned_whatever_a_validation_would_say(caller):
    assert call(caller, ":provision", address=EXACT | {"postalCode": "98101"}).status_code == 200


def test_every_state_has_postal_codes():
    assert len(STATES) == 54
    for state in STATES:
        assert state in states_of(first_postal_code(state))


@pytest.mark.parametrize("suffix", ALL)
def test_path_may_be_percent_encoded(caller, suffix):
    call(caller, ":provision")
    path = quote(f"activeNumbers/{NUMBER}/emergencyAddress{suffix}", safe="/")
    assert "%2B" in path
    body = {"displayName": "office", "address": ADDRESS} if suffix in (":provision", ":validate") else None
    answer = caller.call("POST" if suffix else "GET", path, json=body)

    assert answer.status_code == 200


@pytest.mark.parametrize(("suffix", "allowed"), [("", "GET"), *((suffix, "POST") for suffix in ALL[1:])])
def test_other_methods_are_not_supported(caller, suffix, allowed):
    answer = caller.call("PUT", f"activeNumbers/{NUMBER}/emergencyAddress{suffix}")

    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_address_needs_a_login_and_the_right_project(caller):
    path = f"activeNumbers/{NUMBER}/emergencyAddress"
    stranger = caller.base.replace(caller.sandbox.project_id, "7f2c9a4e-51d8-4b63-9e0a-6c1d85b2f347")

    assert requests.get(f"{caller.base}/{path}", timeout=30).status_code == 401
    assert caller.session.get(f"{stranger}/{path}", timeout=30).status_code == 403


def test_address_goes_when_the_rental_ends():
    with Sandbox(active=0, available=50, clock="manual") as sandbox, Caller(sandbox) as caller:
        number = caller.on_offer()
        caller.rent(number)
        call(caller, ":provision", number=number)
        caller.call("POST", f"activeNumbers/{number}:release")
        released = call(caller, number=number).status_code
        sandbox.advance(timedelta(days=40))
        ended = call(caller, number=number).json()["error"]["details"][0]["resourceType"]
        sandbox.add_active(active_number(number))

        assert (released, ended) == (200, "ActiveNumber")
        assert call(caller, number=number).json() == missing()


def test_address_is_kept_in_the_state_file_and_forgotten_by_reset(tmp_path):
    path = tmp_path / "state.sqlite"
    options = {"numbers": [active_number(NUMBER)], "available": 0, "clock": "manual", "state": path}
    with Sandbox(**options) as sandbox, Caller(sandbox) as caller:
        call(caller, ":provision")
    with Sandbox(**options) as sandbox, Caller(sandbox) as caller:
        kept = call(caller).status_code
        sandbox.reset()
        reset = call(caller).status_code

    assert (kept, reset) == (200, 404)


def test_lost_answer_has_provisioned_and_a_refusal_has_not(caller):
    caller.sandbox.faults.add("server_error", operation="provision_emergency_address", times=1)
    refused = call(caller, ":provision").status_code
    before = call(caller).status_code
    caller.sandbox.faults.add("lost_answer", operation="provision_emergency_address", times=1)
    with pytest.raises(requests.exceptions.ConnectionError):
        call(caller, ":provision")

    assert (refused, before, call(caller).status_code) == (500, 404, 200)


@pytest.mark.parametrize(
    ("suffix", "operation"),
    [("", "get_emergency_address"), (":provision", "provision_emergency_address"),
     (":deprovision", "deprovision_emergency_address"), (":validate", "validate_emergency_address")],
)  # fmt: skip
@pytest.mark.parametrize(
    ("name", "status"),
    [("rate_limited", 429), ("unavailable", 503), ("expired_token", 401), ("html_answer", 502)],
)
def test_faults_strike_each_operation_by_its_name(caller, suffix, operation, name, status):
    call(caller, ":provision")
    caller.sandbox.faults.add(name, operation=operation, times=1)

    assert call(caller, suffix).status_code == status
    assert call(caller, suffix).status_code == 200
    assert caller.sandbox.requests[-1].operation == operation


def test_odd_values_of_numbers_stay_out_of_addresses(caller):
    caller.sandbox.faults.add("odd_values")

    assert "money" not in call(caller, ":validate").json()
    assert call(caller, ":provision").json() == ADDRESS | {"postalCodePlusFour": ""}
