"""Files of vcrpy and of this package, read by each other."""

from __future__ import annotations

import gzip
import json

import pytest
import requests
import vcr
import yaml

import numbers_toolkit as nt
from scripted_server import SECRET, TOKEN, Reply, ScriptedServer, number, page
from tapes import content, no_sockets, recorded_regions


def test_vcrpy_replays_a_cassette_of_this_package(tmp_path):
    path = recorded_regions(tmp_path / "ours.yaml")
    url = content(path)["interactions"][1]["request"]["uri"]
    with no_sockets(), vcr.use_cassette(str(path), record_mode="none") as cassette:
        answer = requests.get(url, timeout=5)
    assert answer.status_code == 200
    assert answer.json()["availableRegions"]
    assert cassette.play_count == 1


def test_vcrpy_adds_to_a_cassette_of_this_package_and_it_still_replays(tmp_path):
    path = recorded_regions(tmp_path / "ours.yaml")
    with (
        ScriptedServer(Reply(body={"availableRegions": []})) as server,
        vcr.use_cassette(str(path), record_mode="new_episodes"),
    ):
        requests.get(f"{server.url}/v1/projects/p/availableRegions", timeout=5)
    assert len(content(path)["interactions"]) == 3
    with (
        pytest.warns(nt.errors.CassetteWarning, match="changed by hand")
        if "metadata" in content(path)
        else no_sockets()
    ):
        client = nt.connect(cassette=path)
    with client:
        assert client.list_available_regions("MOBILE")


@pytest.mark.parametrize("packed", [True, False])
def test_cassette_of_vcrpy_replays(tmp_path, packed):
    path = tmp_path / "theirs.yaml"
    body = json.dumps(page(number(1), number(2)).body).encode()
    headers = {"content-encoding": "gzip"} if packed else {}
    reply = Reply(body=gzip.compress(body) if packed else body, headers=headers)
    with (
        ScriptedServer(reply) as server,
        vcr.use_cassette(str(path), filter_headers=["authorization"]),
        server.client() as client,
    ):
        nt.active_numbers(client)

    with no_sockets(), nt.connect(cassette=path) as client:
        active = nt.active_numbers(client)
    assert len(active) == 2
    assert active.attrs["source"].startswith("cassette 'theirs', recorded from server 127.0.0.1")


def test_secrets_in_a_cassette_of_vcrpy_are_gone_once_it_is_added_to(tmp_path):
    path = tmp_path / "theirs.yaml"
    with ScriptedServer(page(number(1)), Reply(body={"availableRegions": []})) as server:
        with vcr.use_cassette(str(path), filter_headers=["authorization"]), server.client() as client:
            nt.active_numbers(client)
        assert TOKEN in path.read_text(encoding="utf-8")
        with server.client(cassette=nt.use_cassette(path, mode="new_episodes")) as client:
            client.list_available_regions()
    text = path.read_text(encoding="utf-8")
    assert TOKEN not in text
    assert SECRET not in text


def test_file_is_plain_yaml(tmp_path):
    path = recorded_regions(tmp_path / "ours.yaml")
    whole = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert list(whole) == ["version", "metadata", "interactions"]
    assert whole["version"] == 1
