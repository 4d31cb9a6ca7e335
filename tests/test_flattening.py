"""What the wire leaves silent: states of services, and which of three ids is the voice id."""

from __future__ import annotations

from typing import Any

import pytest

from numbers_toolkit import tables
from numbers_toolkit.frames import active_numbers_frame

APP, TRUNK, SERVICE = "app", "trunk", "service"


def row(**fields: Any) -> Any:
    return active_numbers_frame([{"phoneNumber": "+13075550142", **fields}]).iloc[0]


@pytest.mark.parametrize(
    ("configuration", "state"),
    [
        ({}, "NOT_CONFIGURED"),
        ({"servicePlanId": "", "campaignId": "", "scheduledProvisioning": None}, "NOT_CONFIGURED"),
        ({"servicePlanId": "plan", "scheduledProvisioning": None}, "PROVISIONED"),
        ({"campaignId": "camp"}, "PROVISIONED"),
        ({"servicePlanId": "plan", "scheduledProvisioning": {}}, "PROVISIONED"),
        ({"servicePlanId": "plan", "scheduledProvisioning": {"status": "WAITING"}}, "WAITING"),
        ({"scheduledProvisioning": {"status": "IN_PROGRESS"}}, "IN_PROGRESS"),
        ({"scheduledProvisioning": {"status": "FAILED", "errorCodes": ["INTERNAL_ERROR"]}}, "FAILED"),
    ],
)
def test_state_of_sms(configuration: dict[str, Any], state: str) -> None:
    assert row(smsConfiguration=configuration).sms_state == state


@pytest.mark.filterwarnings("ignore::numbers_toolkit.errors.UnknownValueWarning")
@pytest.mark.parametrize(
    ("job", "state"),
    [
        ({"status": "", "servicePlanId": "next"}, "PROVISIONING_STATUS_UNSPECIFIED"),
        ({"status": None, "errorCodes": ["INTERNAL_ERROR"]}, "PROVISIONING_STATUS_UNSPECIFIED"),
        ({"lastUpdatedTime": "2026-03-02T09:16:02Z"}, "PROVISIONING_STATUS_UNSPECIFIED"),
        ({"status": "PAUSED"}, "PAUSED"),
    ],
)
def test_job_without_a_known_status_is_still_a_job(job: dict[str, Any], state: str) -> None:
    assert row(smsConfiguration={"servicePlanId": "plan", "scheduledProvisioning": job}).sms_state == state


@pytest.mark.filterwarnings("ignore::numbers_toolkit.errors.UnknownValueWarning")
@pytest.mark.parametrize(
    ("job", "state"),
    [
        ({"status": "", "type": "FAX"}, "PROVISIONING_STATUS_UNSPECIFIED"),
        ({"status": None, "serviceId": SERVICE}, "PROVISIONING_STATUS_UNSPECIFIED"),
        ({"lastUpdatedTime": "2026-03-02T09:16:02Z"}, "PROVISIONING_STATUS_UNSPECIFIED"),
        ({"status": "FAILED"}, "FAILED"),
        ({"status": "", "type": "", "appId": ""}, "PROVISIONED"),
    ],
)
def test_voice_job_without_a_known_status_is_still_a_job(job: dict[str, Any], state: str) -> None:
    found = row(voiceConfiguration={"type": "RTC", "appId": APP, "scheduledVoiceProvisioning": job})

    assert found.voice_state == state


def test_plan_in_force_stays_while_another_is_being_set() -> None:
    job = {"status": "FAILED", "servicePlanId": "new", "campaignId": "c2", "errorCodes": ["B", "A"]}
    found = row(smsConfiguration={"servicePlanId": "old", "campaignId": "c1", "scheduledProvisioning": job})

    assert (found.sms_service_plan_id, found.sms_campaign_id) == ("old", "c1")
    assert (found.sms_scheduled_service_plan_id, found.sms_scheduled_campaign_id) == ("new", "c2")
    assert found.sms_error_codes == "B;A"


def test_empty_words_are_no_error_codes() -> None:
    job = {"status": "FAILED", "errorCodes": ["A", "", "B"]}

    assert row(smsConfiguration={"scheduledProvisioning": job}).sms_error_codes == "A;B"


@pytest.mark.parametrize(
    ("kind", "expected"), [("RTC", APP), ("EST", TRUNK), ("FAX", SERVICE), ("", APP), (None, APP)]
)
def test_voice_id_is_the_one_of_its_type(kind: str | None, expected: str) -> None:
    found = row(voiceConfiguration={"type": kind, "appId": APP, "trunkId": TRUNK, "serviceId": SERVICE})

    assert found.voice_id == expected
    assert found.voice_state == "PROVISIONED"


def test_move_from_voice_to_fax_shows_both() -> None:
    job = {
        "appId": "",
        "status": "IN_PROGRESS",
        "type": "FAX",
        "trunkId": "",
        "serviceId": SERVICE,
        "lastUpdatedTime": "2026-03-03T11:02:45Z",
    }
    found = row(
        voiceConfiguration={
            "appId": APP,
            "type": "RTC",
            "scheduledVoiceProvisioning": job,
            "lastUpdatedTime": "2026-03-02T09:15:31Z",
        }
    )

    assert (found.voice_type, found.voice_id, found.voice_state) == ("RTC", APP, "IN_PROGRESS")
    assert (found.voice_scheduled_type, found.voice_scheduled_id) == ("FAX", SERVICE)
    assert found.voice_updated_at.isoformat() == "2026-03-03T11:02:45+00:00"


def test_default_type_without_an_id_is_not_configured() -> None:
    found = row(
        voiceConfiguration={
            "appId": "",
            "type": "RTC",
            "scheduledVoiceProvisioning": None,
            "trunkId": "",
            "serviceId": "",
        }
    )

    assert (found.voice_type, found.voice_state) == ("RTC", "NOT_CONFIGURED")


def test_every_column_of_the_table_is_filled_from_somewhere() -> None:
    assert (
        tuple(active_numbers_frame([{"phoneNumber": "+13075550142"}]).columns) == tables.ACTIVE_NUMBERS.names
    )


@pytest.mark.parametrize(
    "number",
    [
        {"smsConfiguration": "soon", "voiceConfiguration": "soon"},
        {"smsConfiguration": ["a"], "voiceConfiguration": {"type": "WEBRTC", "roomId": "r"}},
    ],
)
def test_service_that_can_not_be_read_is_not_called_unconfigured(number: dict[str, Any]) -> None:
    with pytest.warns(UserWarning, match="unreadable|unknown"):
        frame = active_numbers_frame([{"phoneNumber": "+13075550142", **number}])
    assert frame["sms_state"].item() == "PROVISIONING_STATUS_UNSPECIFIED"
    assert frame["voice_state"].item() == "PROVISIONING_STATUS_UNSPECIFIED"
