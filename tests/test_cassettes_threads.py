"""Cassettes under sixteen threads: nothing is lost, nothing escapes, and recording holds nobody up."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

import numbers_toolkit as nt
from numbers_toolkit import errors
from scripted_server import Reply, ScriptedServer
from tapes import content, no_sockets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

THREADS = 16
DISTINCT = 200


def number(place: int) -> str:
    return f"+1307555{place:04d}"


def ask(client: nt.NumbersClient, place: int) -> str:
    """Ask for a number that is not there: the answer names it, so a mixed-up answer would show."""
    try:
        client.get_active_number(number(place))
    except errors.NotFoundError as error:
        return str(error.details[0]["resourceName"])
    return "found"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """200 distinct requests and 32 equal ones, recorded by 16 threads."""
    path = tmp_path_factory.mktemp("threads") / "many.yaml"
    with (
        nt.Sandbox(active=0, available=2, clock="manual") as sandbox,
        nt.use_cassette(path),
        nt.connect(sandbox=sandbox) as client,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        assert list(pool.map(lambda place: ask(client, place), range(DISTINCT))) == list(
            map(number, range(DISTINCT))
        )
        list(pool.map(lambda _: client.list_available_regions("MOBILE"), range(2 * THREADS)))
    return path


def test_everything_is_recorded_once_and_in_a_stable_order(recorded):
    asked = [one["request"]["uri"].rpartition("/")[2] for one in content(recorded)["interactions"]]
    assert sorted(asked[1 : DISTINCT + 1]) == list(map(number, range(DISTINCT)))
    assert len(asked) == 1 + DISTINCT + 2 * THREADS


@pytest.mark.parametrize("mode", ["none", "once", "new_episodes"])
@pytest.mark.parametrize("shared", [True, False], ids=["one client", "a client each"])
def test_no_socket_is_opened_while_replaying(recorded, mode, shared):
    """The server is gone, and so is every socket."""
    start = threading.Barrier(THREADS)

    def worker(client: nt.NumbersClient, first: int) -> list[str]:
        start.wait(30)
        found = [ask(client, place) for place in range(first, DISTINCT, THREADS)]
        regions = [client.list_available_regions("MOBILE") for _ in range(2)]
        assert regions[0] == regions[1]
        return found

    with no_sockets(), nt.use_cassette(recorded, mode=mode) as cassette, ThreadPoolExecutor(THREADS) as pool:
        clients = [nt.connect() for _ in range(1 if shared else THREADS)]
        found = list(pool.map(lambda first: worker(clients[first % len(clients)], first), range(THREADS)))
        for client in clients:
            client.close()
        assert cassette.unused == ()

    assert sorted(one for part in found for one in part) == list(map(number, range(DISTINCT)))


def test_requests_that_are_missing_fail_in_every_thread_and_reach_nobody(recorded):
    def worker(place: int) -> str:
        with pytest.raises(errors.CassetteMissError) as missed:
            client.get_active_number(f"+4670174{place:04d}")
        return missed.value.path

    with (
        no_sockets(),
        nt.connect(cassette=nt.use_cassette(recorded, mode="none")) as client,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        assert len(set(pool.map(worker, range(4 * THREADS)))) == 4 * THREADS


def test_parallel_equal_requests_get_each_answer_once(tmp_path):
    replies = [Reply(body={"availableRegions": [], "turn": turn}) for turn in range(THREADS)]

    def turns(client: nt.NumbersClient) -> list[int]:
        with ThreadPoolExecutor(THREADS) as pool:
            answers = pool.map(lambda _: client._call("GET", "/availableRegions").object(), range(THREADS))
        return sorted(answer["turn"] for answer in answers)

    path = tmp_path / "equal.yaml"
    with ScriptedServer(*replies) as server, server.client(cassette=path) as client:
        assert turns(client) == list(range(THREADS))
    with no_sockets(), nt.connect(cassette=path) as client:
        assert turns(client) == list(range(THREADS))
        with pytest.raises(errors.CassetteMissError):
            client.list_available_regions()


def test_requests_overlap_while_they_are_recorded(tmp_path):
    """The server answers none of sixteen requests before it has all of them."""
    together = threading.Barrier(THREADS)
    held = Reply(body={"availableRegions": []}, before=lambda: together.wait(30))
    with (
        ScriptedServer(held) as server,
        server.client(cassette=tmp_path / "overlap.yaml") as client,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        assert list(pool.map(lambda _: client.list_available_regions(), range(THREADS))) == [[]] * THREADS


def test_call_that_began_in_the_block_does_not_end_on_the_network(tmp_path):
    """A loader in another thread may outlive the block; its client was made to replay, so it fails there."""
    path = tmp_path / "a.yaml"
    with (
        nt.Sandbox(active=1, available=1, clock="manual") as sandbox,
        nt.connect(sandbox=sandbox, cassette=path) as client,
    ):
        client.list_available_regions()
    with nt.use_cassette(path):
        client = nt.connect()
    with no_sockets(), client, ThreadPoolExecutor(THREADS) as pool:
        waiting = [pool.submit(client.list_available_regions) for _ in range(THREADS)]
        assert all(isinstance(one.exception(), errors.CassetteError) for one in waiting)
