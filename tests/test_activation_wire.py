"""Reading the API's answers: whether a change is in force."""

from __future__ import annotations

import pytest

from numbers_toolkit.activation.wire import in_force


@pytest.mark.parametrize(
    ("configuration", "changes"),
    [
        ({"type": "RTC", "appId": "app-1"}, {"voice_id": "app-1"}),
        ({"type": "RTC", "appId": "app-1"}, {"voice_id": "app-1", "voice_type": "RTC"}),
        ({"type": "EST", "trunkId": "t-1"}, {"voice_id": "t-1", "voice_type": "EST"}),
        ({"type": "FAX", "serviceId": "f-1"}, {"voice_id": "f-1", "voice_type": "FAX"}),
    ],
)
def test_voice_is_in_force_when_type_and_id_are_those_wanted(configuration, changes):
    assert in_force({"voiceConfiguration": configuration}, changes)
    assert not in_force({"voiceConfiguration": {**configuration, "type": "OTHER"}}, changes)
    assert not in_force({"voiceConfiguration": configuration}, {**changes, "voice_id": "another"})
    assert not in_force({}, changes)
