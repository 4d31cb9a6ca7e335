"""The way from recorded answers to frames: offline, and the same every time.

What holds for the sandbox alone is checked of its recordings alone, so that the same tests can be recorded from
production.
"""

from __future__ import annotations

import pytest

import numbers_toolkit as nt
from recording import RECORD, as_recorded, is_invented, recorded_client

MODULE = "test_recorded"


def test_inventory_of_forty_numbers() -> None:
    with recorded_client("inventory_of_forty_numbers", module=MODULE, active=40) as client:
        active = nt.active_numbers(client, page_size=15)

    assert active.attrs["complete"] is True
    assert (active.dtypes.drop(["sms_state"]) != "object").all()
    assert active["phone_number"].is_monotonic_increasing
    assert RECORD or active.attrs["source"].startswith("cassette 'inventory_of_forty_numbers', recorded from")
    if is_invented(client):
        assert len(active) == 40
        assert active.attrs["fetched_at"] == "2026-03-02T09:00:00Z"


def test_search_in_two_regions() -> None:
    with recorded_client("search_in_two_regions", module=MODULE, active=0) as client:
        offers = nt.available_numbers(client, ["US", "SE"], "LOCAL", capabilities="VOICE", size=4)

    assert offers["has_voice"].all()
    if is_invented(client):
        assert offers["region_code"].to_list() == ["US"] * 4 + ["SE"] * 4
        assert offers.attrs["complete"] is False


def test_numbers_that_are_not_there() -> None:
    with recorded_client("numbers_that_are_not_there", module=MODULE, active=3) as client:
        number = as_recorded(client, "+13075550199")
        with pytest.raises(nt.errors.NotFoundError) as active:
            client.get_active_number(number)
        with pytest.raises(nt.errors.NotFoundError) as available:
            client.get_available_number(number)

    if is_invented(client):
        assert active.value.details[0]["resourceType"] == "ActiveNumber"
        assert available.value.details[0]["resourceType"] == "AvailableNumber"


def test_update_shows_as_a_job() -> None:
    with recorded_client("update_shows_as_a_job", module=MODULE, changes=True, active=12) as client:
        number = nt.active_numbers(client).set_index("region_code").loc[["US"], "phone_number"].iloc[0]
        answer = client.update_active_number(number, voice_type="EST", voice_id="01kq4yb3m7s2d9f6h1j8k5n0pq")

    frame = nt.frames.active_numbers_frame([answer])
    assert frame["voice_state"].item() == "WAITING"
    assert frame["voice_scheduled_type"].item() == "EST"
    assert frame["voice_scheduled_id"].item() == "01kq4yb3m7s2d9f6h1j8k5n0pq"


def test_callback_secret_is_not_in_the_cassette() -> None:
    with recorded_client("callback_secret", module=MODULE, changes=True, active=0) as client:
        answer = client.set_callback_secret("sandbox-Secret-0123456789-abcdefgh")
    assert answer["projectId"] == client.project_id
    assert "Secret-0123" not in repr(answer)


@pytest.mark.skipif(bool(RECORD), reason="only a replay can lack a request")
def test_request_that_was_not_recorded_fails_and_does_not_escape() -> None:
    with (
        pytest.raises(nt.errors.CassetteMissError, match="availableRegions"),
        recorded_client("search_in_two_regions", module=MODULE) as client,
    ):
        client.list_available_regions("TOLL_FREE")
