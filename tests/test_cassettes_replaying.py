"""Cassettes in use: recorded once, played back without a network, each answer once and in order."""

from __future__ import annotations

import gc
import html
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from matplotlib.text import Text

import numbers_toolkit as nt
from numbers_toolkit import errors, taping
from numbers_toolkit.cassettes.interactions import Interaction, Question, in_a_stable_order
from numbers_toolkit.cassettes.replay_clock import ReplayClock
from scripted_server import PROJECT, TOKEN_ANSWER, Reply, ScriptedServer, error, expired, number, page
from tapes import content, no_sockets, recorded_regions

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def sandbox() -> Iterator[nt.Sandbox]:
    with nt.Sandbox(active=40, available=200, clock="manual") as server:
        yield server
        assert not server.internal_errors


def work(client: nt.NumbersClient) -> list[pd.DataFrame]:
    return [
        nt.active_numbers(client, page_size=15),
        nt.available_regions(client),
        nt.available_numbers(client, ["US", "SE", "DE"], size=5),
    ]


def test_block_is_recorded_the_first_time_and_replayed_afterwards(sandbox, tmp_path):
    with nt.use_cassette("march", folder=tmp_path) as cassette, nt.connect(sandbox=sandbox) as client:
        first = work(client)
        assert not cassette.replays
        assert first[0].attrs["source"] == "sandbox"
    asked = len(sandbox.requests)

    with (
        no_sockets(),
        nt.use_cassette("march", folder=tmp_path) as cassette,
        nt.connect() as client,
    ):
        again = work(client)

    assert len(sandbox.requests) == asked
    assert cassette.replays
    assert cassette.unused == ()
    for one, other in zip(first, again, strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_replay_says_what_it_is_wherever_it_is_shown(sandbox, tmp_path):
    with nt.use_cassette("march", folder=tmp_path), nt.connect(sandbox=sandbox) as client:
        nt.active_numbers(client)
    said = "cassette 'march', recorded from sandbox on 2026-03-02"

    with nt.use_cassette("march", folder=tmp_path) as cassette, nt.connect() as client:
        shown = repr(client)
        active = nt.active_numbers(client)

    assert client.source == active.attrs["source"] == said
    assert active.attrs["fetched_at"] == "2026-03-02T09:00:00Z"
    assert said in shown
    assert said in repr(cassette)
    figure = nt.plots.plot_inventory(nt.analysis.inventory(active, by="number_type")).figure
    written = " ".join(text.get_text() for text in figure.findobj(Text))
    assert said in " ".join(written.split())
    report = nt.build_report(active).html
    assert "Recorded data." in report
    assert "recorded from sandbox on 2026-03-02" in report
    table = html.unescape(nt.show(active)._repr_html_())
    assert "RECORDED: no live reading" in table
    assert f"From {said}" in table
    assert nt.widgets.SearchPanel(client)._banner.html.count("Recorded answers, not the state of now") == 1


def test_cassette_of_one_client_leaves_the_others_alone(sandbox, tmp_path):
    path = tmp_path / "own.yaml"
    with nt.connect(sandbox=sandbox, cassette=path) as client, nt.connect(sandbox=sandbox) as other:
        nt.available_regions(client)
        other.list_available_regions("TOLL_FREE")
        assert client.cassette.path == path
        assert other.cassette is None

    assert len(content(path)["interactions"]) == 2
    with no_sockets(), nt.connect(cassette=str(path)) as client:
        nt.available_regions(client)
        with pytest.raises(errors.CassetteMissError):
            client.list_available_regions("TOLL_FREE")


def test_replay_starts_no_sandbox_and_needs_no_right_credentials(sandbox, tmp_path):
    path = tmp_path / "own.yaml"
    with nt.connect(sandbox=sandbox, cassette=path) as client:
        nt.available_regions(client)

    for options in ({"sandbox": True}, {"sandbox": None}, {"key_id": "wrong", "key_secret": "wrong"}):
        with no_sockets(), nt.connect(cassette=path, **options) as client:
            assert nt.available_regions(client).attrs["project_id"] == sandbox.project_id
            assert client.sandbox is None


def test_existing_client_replays_inside_the_block_and_is_live_again_after_it(sandbox, tmp_path):
    with nt.connect(sandbox=sandbox) as client:
        with nt.use_cassette("march", folder=tmp_path):
            client.list_available_regions("MOBILE")
        before = len(sandbox.requests)
        with no_sockets(), nt.use_cassette("march", folder=tmp_path):
            client.list_available_regions("MOBILE")
            assert client.source.startswith("cassette 'march'")
            assert client.replays
        assert len(sandbox.requests) == before
        client.list_available_regions("MOBILE")
        assert client.source == "sandbox"
        assert len(sandbox.requests) == before + 1


def test_client_that_was_made_to_replay_never_goes_live(tmp_path):
    recorded_regions(tmp_path / "march.yaml")
    with nt.use_cassette("march", folder=tmp_path):
        client = nt.connect()
    with no_sockets(), client, pytest.raises(errors.CassetteError, match=r"was closed.+Nothing was sent"):
        client.list_available_regions("MOBILE")


def test_decorated_function_uses_the_cassette_at_each_call(sandbox, tmp_path):
    @nt.use_cassette("march", folder=tmp_path)
    def regions() -> int:
        with nt.connect(sandbox=sandbox) as client:
            return len(nt.available_regions(client))

    first = regions()
    with no_sockets():
        assert regions() == regions() == first


def test_polls_of_the_same_request_come_back_in_their_order(tmp_path):
    states = [Reply(body={"availableRegions": [], "state": word}) for word in ("WAITING", "WAITING", "DONE")]
    with ScriptedServer(*states) as server, server.client(cassette=tmp_path / "polls.yaml") as client:
        recorded = [client._call("GET", "/availableRegions").object()["state"] for _ in states]

    with no_sockets(), nt.connect(cassette=tmp_path / "polls.yaml") as client:
        replayed = [client._call("GET", "/availableRegions").object()["state"] for _ in states]
        with pytest.raises(
            errors.CassetteMissError, match="It was recorded 3 times, and is asked for once more"
        ):
            client.list_available_regions()
    assert replayed == recorded == ["WAITING", "WAITING", "DONE"]


def test_repeats_after_failures_replay_without_waiting(tmp_path):
    replies = [error(503), error(429, retry_after="100"), page(number())]
    with ScriptedServer(*replies) as server, server.client(cassette=tmp_path / "a.yaml") as client:
        assert len(nt.active_numbers(client)) == 1
        assert len(server.requests) == 3

    with no_sockets(), nt.connect(cassette=tmp_path / "a.yaml") as client:
        assert len(nt.active_numbers(client)) == 1
        assert client.cassette.unused == ()


def test_existing_client_replays_without_waiting_and_tells_its_server_again_afterwards(tmp_path):
    with ScriptedServer(error(503), page(number())) as server, server.client() as client:
        with nt.use_cassette("a", folder=tmp_path):
            nt.active_numbers(client)
        own, waits = client.source, list(client.clock.waits)
        with no_sockets(), nt.use_cassette("a", folder=tmp_path):
            assert nt.active_numbers(client).attrs["source"].startswith("cassette 'a', recorded from server")
        assert len(waits) == 1
        assert client.clock.waits == waits
        assert nt.active_numbers(client).attrs["source"] == client.source == own
        assert not client.replays


def test_expired_token_and_its_renewal_replay(tmp_path):
    path = tmp_path / "a.yaml"
    with ScriptedServer(expired(), page(number())) as server, server.client(cassette=path) as client:
        nt.active_numbers(client)
        assert len(server.token_requests) == 2

    with no_sockets(), nt.connect(cassette=path) as client:
        assert len(nt.active_numbers(client)) == 1


def test_token_is_given_whether_or_not_one_was_recorded(tmp_path):
    """A client that held a token while it recorded is replayed by one that holds none, and the other way round."""
    path = tmp_path / "a.yaml"
    with ScriptedServer(page(number())) as server, server.client() as client:
        nt.active_numbers(client)
        with nt.use_cassette(path):
            nt.active_numbers(client)
        assert len(content(path)["interactions"]) == 1
        with no_sockets(), nt.use_cassette(path), nt.connect() as other:
            assert len(nt.active_numbers(other)) == 1


def test_recording_with_basic_authentication_replays(tmp_path):
    path = tmp_path / "a.yaml"
    with ScriptedServer(page(number())) as server, server.client(auth="basic", cassette=path) as client:
        nt.active_numbers(client)
    for auth in ("basic", "oauth"):
        with no_sockets(), nt.connect(cassette=path, auth=auth) as client:
            assert len(nt.active_numbers(client)) == 1


def test_refused_answer_replays_as_the_same_error(tmp_path):
    path = tmp_path / "a.yaml"
    with (
        ScriptedServer(error(403, "PERMISSION_DENIED", "no")) as server,
        server.client(cassette=path) as client,
        pytest.raises(errors.PermissionDeniedError) as live,
    ):
        client.list_available_regions()
    with (
        no_sockets(),
        nt.connect(cassette=path) as client,
        pytest.raises(errors.PermissionDeniedError) as replayed,
    ):
        client.list_available_regions()
    assert str(replayed.value) == str(live.value)


def test_answer_without_a_body_and_one_that_is_no_text_replay(tmp_path):
    path = tmp_path / "a.yaml"
    odd = Reply(404, b"\xff\xfe\x00", {"content-type": "application/octet-stream"})
    with ScriptedServer(Reply(404, b""), odd) as server, server.client(cassette=path) as client:
        for _ in range(2):
            with pytest.raises(errors.NotFoundError):
                client.list_available_regions()
    with no_sockets(), nt.connect(cassette=path) as client:
        for _ in range(2):
            with pytest.raises(errors.NotFoundError):
                client.list_available_regions()


def test_waits_take_no_time_while_replaying_but_count():
    clock = ReplayClock(datetime(2026, 3, 2, 9, tzinfo=UTC))
    before = clock.monotonic()
    clock.sleep(7200)
    assert clock.monotonic() - before >= 7200
    assert clock.now().hour == 11


def test_client_that_replays_lives_at_the_time_of_the_recording(tmp_path):
    recorded_regions(tmp_path / "a.yaml")
    with nt.connect(cassette=tmp_path / "a.yaml") as client:
        assert client.clock.now().date().isoformat() == "2026-03-02"


# -- modes --------------------------------------------------------------------------------------------------------


def test_new_episodes_replays_what_is_there_and_records_the_rest(tmp_path):
    path = tmp_path / "a.yaml"
    with ScriptedServer(page(number(1)), Reply(body={"availableRegions": []})) as server:
        with server.client(cassette=path) as client:
            nt.active_numbers(client)
        with server.client(cassette=nt.use_cassette(path, mode="new_episodes")) as client:
            nt.active_numbers(client)
            client.list_available_regions()
        assert [one.path.rpartition("/")[2] for one in server.requests] == [
            "activeNumbers",
            "availableRegions",
        ]
        # The token of the recording opens nothing: a real one was asked for before anything was sent.
        assert server.requests[-1].headers["authorization"].endswith(TOKEN_ANSWER["access_token"])

    with no_sockets(), nt.connect(cassette=nt.use_cassette(path, mode="none")) as client:
        nt.active_numbers(client)
        client.list_available_regions()
        assert client.cassette.unused == ()


def test_new_episodes_needs_no_network_when_everything_is_there(tmp_path):
    path = recorded_regions(tmp_path / "a.yaml")
    before = path.read_bytes()
    with no_sockets(), nt.connect(cassette=nt.use_cassette(path, mode="new_episodes")) as client:
        client.list_available_regions("MOBILE")
        with pytest.raises(errors.CassetteError, match="there are no credentials to ask the API with"):
            client.list_available_regions("LOCAL")
    assert path.read_bytes() == before


def test_mode_all_records_anew_in_place_of_what_was_there(tmp_path):
    path = recorded_regions(tmp_path / "a.yaml")
    recorded_regions(path, mode="all")
    assert len(content(path)["interactions"]) == 2
    assert content(path)["metadata"]["numbers_toolkit"]["mode"] == "all"


def test_mode_once_and_none_never_write(tmp_path):
    path = recorded_regions(tmp_path / "a.yaml")
    before = path.read_bytes()
    for mode in ("once", "none"):
        with no_sockets(), nt.connect(cassette=nt.use_cassette(path, mode=mode)) as client:
            client.list_available_regions("MOBILE")
            with pytest.raises(errors.CassetteMissError):
                client.list_available_regions("LOCAL")
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["a.yaml"]


def test_what_was_not_played_is_told(tmp_path):
    path = tmp_path / "a.yaml"
    replies = (Reply(body={"availableRegions": []}), page(number()))
    with ScriptedServer(*replies) as server, server.client(cassette=path) as client:
        client.list_available_regions("MOBILE")
        nt.active_numbers(client)
    with nt.connect(cassette=path) as client:
        nt.active_numbers(client)
        assert client.cassette.unused == (f"GET /v1/projects/{PROJECT}/availableRegions?types=MOBILE",)


def test_what_is_the_same_request_can_be_chosen(tmp_path):
    path = recorded_regions(tmp_path / "a.yaml")
    with nt.connect(cassette=nt.use_cassette(path, match_on=("method", "path"))) as client:
        assert client.list_available_regions("TOLL_FREE")

    def any_query(one: Any, other: Any) -> bool:
        return bool(one.path == other.path)

    with nt.connect(cassette=nt.use_cassette(path, match_on=any_query)) as client:
        assert client.list_available_regions("LOCAL")
    with nt.connect(
        cassette=nt.use_cassette(path, match_on=("method", "uri", "scheme", "host", "port"))
    ) as client:
        assert client.list_available_regions("MOBILE")


# -- what a recording leaves behind -------------------------------------------------------------------------------


def test_recording_that_an_error_ended_is_not_kept(sandbox, tmp_path):
    def fail(client: nt.NumbersClient) -> None:
        client.list_available_regions()
        raise KeyError

    with (
        pytest.raises(KeyError),
        nt.use_cassette("a", folder=tmp_path),
        nt.connect(sandbox=sandbox) as client,
    ):
        fail(client)
    with pytest.raises(KeyError), nt.connect(sandbox=sandbox, cassette=tmp_path / "b.yaml") as client:
        fail(client)
    assert not list(tmp_path.iterdir())
    assert taping.in_use() is None


def test_block_without_requests_writes_nothing(tmp_path):
    with nt.use_cassette("a", folder=tmp_path):
        pass
    assert not list(tmp_path.iterdir())


def test_recording_of_a_client_that_nobody_closes_is_written_at_exit(tmp_path):
    code = (
        "import numbers_toolkit as nt\n"
        "client = nt.connect(sandbox=True, cassette='left.yaml')\n"
        "client.list_available_regions('MOBILE')\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, timeout=60)
    with no_sockets(), nt.connect(cassette=tmp_path / "left.yaml") as client:
        assert client.list_available_regions("MOBILE")


def test_killed_recording_leaves_the_file_as_it_was(tmp_path):
    before = recorded_regions(tmp_path / "a.yaml").read_bytes()
    code = (
        "import os, signal, numbers_toolkit as nt\n"
        "client = nt.connect(sandbox=True, cassette=nt.use_cassette('a.yaml', mode='all'))\n"
        "client.list_available_regions('LOCAL')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False, timeout=60).returncode
    assert (tmp_path / "a.yaml").read_bytes() == before
    # Nor does its claim outlive it.
    recorded_regions(tmp_path / "a.yaml", mode="all")


def test_same_answers_are_the_same_file(sandbox, tmp_path):
    for name in ("a", "b"):
        with nt.use_cassette("march", folder=tmp_path / name), nt.connect(sandbox=sandbox) as client:
            work(client)
    assert (tmp_path / "a/march.yaml").read_bytes() == (tmp_path / "b/march.yaml").read_bytes()


def test_requests_side_by_side_are_ordered_by_what_they_ask_and_others_as_they_were_sent():
    def one(path: str, begun: int, ended: int) -> Interaction:
        return Interaction(Question("GET", f"http://x/{path}"), 200, {}, "", begun, ended)

    threads = [one("c", 1, 6), one("a", 2, 3), one("b", 4, 5)]
    later = [one("z", 7, 8), one("y", 9, 10)]
    ordered = in_a_stable_order([later[1], threads[2], *threads[:2], later[0]])
    assert [found.question.path for found in ordered] == ["/a", "/b", "/c", "/z", "/y"]


def test_file_reads_well_in_a_diff(sandbox, tmp_path):
    with nt.connect(sandbox=sandbox, cassette=tmp_path / "a.yaml") as client:
        nt.active_numbers(client)
    lines = (tmp_path / "a.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# Answers of the Numbers API, recorded by numbers_toolkit")
    assert sum(line.strip().startswith('{"phoneNumber": ') for line in lines) == 40


def test_recorded_client_leaves_nothing_open(tmp_path):
    recorded_regions(tmp_path / "a.yaml")
    with nt.connect(cassette=tmp_path / "a.yaml") as client:
        client.list_available_regions("MOBILE")
    del client
    gc.collect()
    assert taping.in_use() is None
