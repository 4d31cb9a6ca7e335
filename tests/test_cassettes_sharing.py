"""Safe to share: pseudonyms in place of what names a company or person, with everything still adding up."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import numbers_toolkit as nt
from numbers_toolkit import errors
from numbers_toolkit.calling_codes import calling_code
from numbers_toolkit.cassettes.pseudonyms import Pseudonyms
from scripted_server import PROJECT, Reply, ScriptedServer, number, page
from tapes import content, no_sockets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENDS = ("1", "7", "42")
KEY = "a key that only the tests know"
E164 = re.compile(r"\+[1-9]\d{6,14}")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[nt.Sandbox]:
    with nt.Sandbox(active=300, available=900, clock="manual") as server:
        yield server
        assert not server.internal_errors


@pytest.fixture(scope="module")
def shared(sandbox: nt.Sandbox, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pd.DataFrame]:
    path = tmp_path_factory.mktemp("shared") / "march.yaml"
    with nt.connect(sandbox=sandbox, cassette=nt.use_cassette(path, pseudonyms=KEY)) as client:
        real = nt.active_numbers(client, page_size=70)
        nt.available_numbers(client, "US", "LOCAL", pattern="+1307", search_pattern="START")
        for pattern in ENDS:
            nt.available_numbers(client, "US", "LOCAL", pattern=pattern, search_pattern="END", size=20)
        client.get_active_number(real["phone_number"].iloc[0])
    return path, real


def replay(path: Path, **options: Any) -> pd.DataFrame:
    with no_sockets(), nt.connect(cassette=nt.use_cassette(path, mode="none", **options)) as client:
        return nt.active_numbers(client, page_size=70)


def test_nothing_real_is_left(shared, sandbox):
    path, real = shared
    text = path.read_text(encoding="utf-8")
    for name in (
        "phone_number",
        "project_id",
        "display_name",
        "sms_service_plan_id",
        "sms_campaign_id",
        "voice_id",
    ):
        values = [str(one) for one in real[name].dropna().unique() if len(str(one)) > 4]
        assert values
        assert not [one for one in values if one in text or json.dumps(one)[1:-1] in text]
    assert sandbox.project_id not in text
    assert not [one for one in real["phone_number"] if one[1:] in text]


def test_what_was_replaced_is_counted(shared):
    path, real = shared
    told = content(path)["metadata"]["numbers_toolkit"]
    assert told["pseudonyms"] is True
    assert told["replaced"]["project_id"] == 1
    assert told["replaced"]["phone_number"] >= real["phone_number"].nunique()
    assert told["replaced"]["display_name"] == real["display_name"].nunique()
    assert {"page_token", "service_plan_id", "campaign_id"} <= told["replaced"].keys()


def test_totals_joins_and_prefixes_stay(shared):
    path, real = shared
    other = replay(path)
    assert len(other) == len(real)
    assert other["phone_number"].is_unique
    assert other["phone_number"].is_monotonic_increasing
    assert other["phone_number"].map(lambda one: E164.fullmatch(one) is not None).all()
    for group in ("region_code", "number_type"):
        pd.testing.assert_frame_equal(
            nt.analysis.monthly_cost(real, by=group), nt.analysis.monthly_cost(other, by=group)
        )
    for name in ("sms_state", "voice_state", "sms_error_codes", "currency_code"):
        assert (
            real[name].astype(str).value_counts().to_dict()
            == other[name].astype(str).value_counts().to_dict()
        )
    for name in ("display_name", "sms_service_plan_id", "sms_campaign_id", "voice_id"):
        assert sorted(real[name].value_counts()) == sorted(other[name].value_counts())
    areas = [frame["phone_number"].str[:4].value_counts().to_dict() for frame in (real, other)]
    assert areas[0] == areas[1]
    assert real["phone_number"].str.len().value_counts().to_dict() == (
        other["phone_number"].str.len().value_counts().to_dict()
    )


def test_search_by_a_short_pattern_replays_and_its_numbers_still_fit(shared):
    path, _ = shared
    with no_sockets(), nt.connect(cassette=nt.use_cassette(path, mode="none")) as client:
        area = nt.available_numbers(client, "US", "LOCAL", pattern="+1307", search_pattern="START")
        ends = [
            nt.available_numbers(client, "US", "LOCAL", pattern=pattern, search_pattern="END", size=20)[
                "phone_number"
            ]
            for pattern in ENDS
        ]
    assert area["phone_number"].str.startswith("+1307").all()
    assert sum(map(len, ends)) > 20
    assert all(one.str.endswith(pattern).all() for one, pattern in zip(ends, ENDS, strict=True))


def test_number_of_the_recording_is_asked_for_by_its_pseudonym_or_under_the_key(shared):
    path, real = shared
    number = real["phone_number"].iloc[0]
    with no_sockets(), nt.connect(cassette=nt.use_cassette(path, mode="none", pseudonyms=KEY)) as client:
        found = client.get_active_number(number)
    assert found["phoneNumber"] != number
    with no_sockets(), nt.connect(cassette=nt.use_cassette(path, mode="none")) as client:
        with pytest.raises(errors.CassetteMissError, match="are pseudonyms: take them from its answers"):
            client.get_active_number(number)
        assert client.get_active_number(found["phoneNumber"]) == found


def test_cassettes_of_one_key_can_be_joined_and_others_not(shared, sandbox, tmp_path):
    path, _ = shared
    for name, key in (("same", KEY), ("other", "another key"), ("none", True)):
        cassette = nt.use_cassette(tmp_path / f"{name}.yaml", pseudonyms=key)
        with nt.connect(sandbox=sandbox, cassette=cassette) as client:
            nt.active_numbers(client, page_size=70)
    numbers = set(replay(path)["phone_number"])
    assert set(replay(tmp_path / "same.yaml")["phone_number"]) == numbers
    for name in ("other", "none"):
        assert len(set(replay(tmp_path / f"{name}.yaml")["phone_number"]) & numbers) < 5


def test_key_can_come_from_the_environment(sandbox, tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBERS_TOOLKIT_PSEUDONYM_KEY", KEY)
    with nt.connect(
        sandbox=sandbox, cassette=nt.use_cassette(tmp_path / "a.yaml", pseudonyms=True)
    ) as client:
        nt.available_regions(client)
    projects = content(tmp_path / "a.yaml")["metadata"]["numbers_toolkit"]["projects"]
    assert projects == [Pseudonyms(KEY).of("project_id", sandbox.project_id)]


def test_what_is_wanted_can_be_kept(sandbox, tmp_path):
    path = tmp_path / "a.yaml"
    cassette = nt.use_cassette(path, pseudonyms=True, keep=["display_name", "service_plan_id"])
    with nt.connect(sandbox=sandbox, cassette=cassette) as client:
        real = nt.active_numbers(client, page_size=70)
    other = replay(path)
    for name in ("display_name", "sms_service_plan_id"):
        assert sorted(real[name].dropna()) == sorted(other[name].dropna())
    with pytest.raises(errors.InvalidInputError, match="phone_number"):
        nt.use_cassette(path, keep=["phone_number"])


def test_what_nobody_knows_yet_is_replaced_unless_it_names_nobody(tmp_path):
    own = {
        "contact": "Jane Doe",
        "note": "call +46701740605 of Acme",
        "tier": "GOLD_PLUS",
        "since": "2026-03-02T09:00:00Z",
        "count": 3,
        "inner": {"iban": "SE4550000000058398257466"},
    }
    path = tmp_path / "a.yaml"
    with (
        ScriptedServer(page(number(1, owner=own, displayName="Acme"))) as server,
        server.client(cassette=nt.use_cassette(path, pseudonyms=True)) as client,
        pytest.warns(errors.UnknownValueWarning),
    ):
        nt.active_numbers(client)
    text = path.read_text(encoding="utf-8")
    for real in ("Jane", "Acme", "46701740605", "SE455", PROJECT):
        assert real not in text
    for kept in ("GOLD_PLUS", "2026-03-02T09:00:00Z", '"count": 3'):
        assert kept in text


def test_number_is_replaced_in_messages_and_without_its_plus(tmp_path):
    details = [{"resourceType": "ActiveNumber", "resourceName": "+13075550142"}]
    body = {
        "error": {"code": 404, "message": "no 13075550142 in it", "status": "NOT_FOUND", "details": details}
    }
    path = tmp_path / "a.yaml"
    with (
        ScriptedServer(Reply(404, body)) as server,
        server.client(cassette=nt.use_cassette(path, pseudonyms=True)) as client,
        pytest.raises(errors.NotFoundError),
    ):
        client.get_active_number("+13075550142")
    assert "3075550142" not in path.read_text(encoding="utf-8")


def test_number_is_replaced_where_it_is_named_before_it_is_known(tmp_path):
    body = {
        "message": "about 13075550177",
        "availableRegions": [],
        "again": [{"phoneNumber": "+13075550177"}],
    }
    path = tmp_path / "a.yaml"
    with (
        ScriptedServer(Reply(body=body)) as server,
        server.client(cassette=nt.use_cassette(path, pseudonyms=True)) as client,
    ):
        client._call("GET", "/availableRegions")
    assert "3075550177" not in path.read_text(encoding="utf-8")


def test_pattern_that_gives_a_number_away_is_replaced(tmp_path):
    path = tmp_path / "a.yaml"
    with (
        ScriptedServer(page(number(1))) as server,
        server.client(cassette=nt.use_cassette(path, pseudonyms=True)) as client,
    ):
        nt.active_numbers(client, pattern="+13075550001", search_pattern="START")
    assert "13075550001" not in path.read_text(encoding="utf-8")


def test_more_is_added_under_the_same_key_only(shared, sandbox, tmp_path):
    path = tmp_path / "a.yaml"
    with nt.connect(sandbox=sandbox, cassette=nt.use_cassette(path, pseudonyms=KEY)) as client:
        nt.available_regions(client)
    with (
        pytest.raises(errors.CassetteError, match="only under the same key"),
        nt.use_cassette(path, mode="new_episodes", pseudonyms=True),
    ):
        pass
    with nt.connect(
        sandbox=sandbox, cassette=nt.use_cassette(path, mode="new_episodes", pseudonyms=KEY)
    ) as client:
        nt.active_numbers(client, page_size=70)
    assert set(replay(path)["phone_number"]) == set(replay(shared[0])["phone_number"])


def test_recording_with_real_numbers_is_not_taken_for_a_safe_one(sandbox, tmp_path):
    path = tmp_path / "a.yaml"
    with nt.connect(sandbox=sandbox, cassette=path) as client:
        nt.available_regions(client)
    with (
        pytest.warns(errors.CassetteWarning, match="not safe to share"),
        nt.use_cassette(path, pseudonyms=True),
    ):
        pass


def test_key_shows_nowhere(tmp_path):
    cassette = nt.use_cassette(tmp_path / "a.yaml", pseudonyms=KEY)
    assert KEY not in repr(cassette) + repr(vars(cassette)) + repr(Pseudonyms(KEY))


def test_pseudonyms_keep_country_area_and_length_and_never_meet():
    names = Pseudonyms("k")
    real = [
        f"+{code}{place:0{12 - len(code)}d}" for code in ("1307", "4670174", "35312") for place in range(3000)
    ]
    given = {one: names.phone_number(one) for one in real}
    assert len(set(given.values())) == len(real)
    for one, other in given.items():
        assert calling_code(one) == calling_code(other)
        assert len(one) == len(other)
        assert one[:4] == other[:4]
    patterned = Pseudonyms("k")
    assert patterned.phone_number("+13075550142", {("55", "CONTAINS")})[5:7] == "55"
