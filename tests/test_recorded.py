"""The way from recorded answers to frames: offline, and the same every time."""

from __future__ import annotations

import pytest
from vcr.errors import CannotOverwriteExistingCassetteException

import numbers_toolkit as nt
from recording import RECORDING, recorded_client

MODULE = "test_recorded"


def test_inventory_of_forty_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    with recorded_client("inventory_of_forty_numbers", monkeypatch, module=MODULE, active=40) as client:
        active = nt.active_numbers(client, page_size=15)

    assert len(active) == 40
    assert active.attrs["complete"] is True
    assert active.attrs["source"] == "sandbox"
    assert active.attrs["fetched_at"] == "2026-03-02T09:00:00Z"
    assert (active.dtypes.drop(["sms_state"]) != "object").all()
    assert active["phone_number"].is_monotonic_increasing


def test_search_in_two_regions(monkeypatch: pytest.MonkeyPatch) -> None:
    with recorded_client("search_in_two_regions", monkeypatch, module=MODULE, active=0) as client:
        offers = nt.available_numbers(client, ["US", "SE"], "LOCAL", capabilities="VOICE", size=4)

    assert offers["region_code"].to_list() == ["US"] * 4 + ["SE"] * 4
    assert offers["has_voice"].all()
    assert offers.attrs["complete"] is False


def test_numbers_that_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with recorded_client("numbers_that_are_not_there", monkeypatch, module=MODULE, active=3) as client:
        with pytest.raises(nt.errors.NotFoundError) as active:
            client.get_active_number("+13075550199")
        with pytest.raises(nt.errors.NotFoundError) as available:
            client.get_available_number("+13075550199")

    assert active.value.details[0]["resourceType"] == "ActiveNumber"
    assert available.value.details[0]["resourceType"] == "AvailableNumber"


def test_update_shows_as_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    with recorded_client("update_shows_as_a_job", monkeypatch, module=MODULE, active=12) as client:
        number = nt.active_numbers(client).set_index("region_code").loc[["US"], "phone_number"].iloc[0]
        answer = client.update_active_number(number, voice_type="EST", voice_id="01kq4yb3m7s2d9f6h1j8k5n0pq")

    frame = nt.frames.active_numbers_frame([answer])
    assert frame["voice_state"].item() == "WAITING"
    assert frame["voice_scheduled_type"].item() == "EST"
    assert frame["voice_scheduled_id"].item() == "01kq4yb3m7s2d9f6h1j8k5n0pq"


def test_callback_secret_is_not_in_the_cassette(monkeypatch: pytest.MonkeyPatch) -> None:
    with recorded_client("callback_secret", monkeypatch, module=MODULE, active=0) as client:
        answer = client.set_callback_secret("sandbox-Secret-0123456789-abcdefgh")
    assert answer["projectId"] == client.project_id
    assert "Secret-0123" not in repr(answer)


@pytest.mark.skipif(RECORDING, reason="only a replay can lack a request")
def test_request_that_was_not_recorded_fails_and_does_not_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        pytest.raises(CannotOverwriteExistingCassetteException, match="availableRegions"),
        recorded_client("search_in_two_regions", monkeypatch, module=MODULE) as client,
    ):
        client.list_available_regions("TOLL_FREE")
