"""Cassettes that are missing, cut, changed, old, of somebody else, or lack a request; and refused recordings."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

import numbers_toolkit as nt
from numbers_toolkit import errors
from numbers_toolkit.payloads import HiddenBytes, Payload
from scripted_server import PROJECT, Reply, ScriptedServer, number, page
from tapes import content, edit, no_sockets, recorded_regions

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return recorded_regions(tmp_path_factory.mktemp("kept") / "march.yaml").read_bytes()


@pytest.fixture
def path(recorded: bytes, tmp_path: Path) -> Path:
    found = tmp_path / "march.yaml"
    found.write_bytes(recorded)
    return found


def test_missing_cassette_is_told_with_the_names_that_are_there(path, tmp_path):
    with (
        no_sockets(),
        pytest.raises(errors.CassetteError, match=r"no cassette .+marsh\.yaml.+Did you mean 'march'\?.+once"),
        nt.use_cassette("marsh", mode="none", folder=tmp_path),
    ):
        pass
    with no_sockets(), pytest.raises(errors.CassetteError, match="Nothing was sent"):
        nt.connect(cassette=nt.use_cassette("x", mode="none", folder=tmp_path / "nowhere"))


@pytest.mark.parametrize("share", [0.999, 0.9, 0.6, 0.3, 0.05])
def test_cut_cassette_is_told_and_nothing_is_sent(path, share):
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with (
        no_sockets(),
        pytest.raises((errors.CassetteError, errors.CassetteWarning), match=r"cut|changed by hand"),
    ):
        nt.connect(cassette=path)


def test_cassette_that_lost_whole_answers_is_cut(path):
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.rindex("- request:")], encoding="utf-8")
    with pytest.raises(errors.CassetteError, match="1 of its 2 answers are left"):
        nt.connect(cassette=path)


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "[1, 2]",
        "interactions: 3",
        "interactions:\n- 3",
        "interactions:\n- request: {}\n  response: {}",
        "{",
        "\0",
        "!!python/object/apply:os.system ['true']",
        "interactions:\n- request: {method: GET, uri: x, body: null, headers: {}}\n  response: {status: {code: x}}",
    ],
)
def test_what_is_no_cassette_is_said_to_be_none(tmp_path, text):
    (tmp_path / "odd.yaml").write_text(text, encoding="utf-8")
    with no_sockets(), pytest.raises(errors.CassetteError, match=r"odd\.yaml is damaged, cut or no cassette"):
        nt.connect(cassette=tmp_path / "odd.yaml")
    assert (tmp_path / "odd.yaml").read_text(encoding="utf-8") == text


def test_cassette_of_somebody_else_runs_nothing(tmp_path):
    made = tmp_path / "made"
    for tag in ("apply:os.mkdir", "new:os.mkdir"):
        (tmp_path / "odd.yaml").write_text(
            f"interactions: !!python/object/{tag} ['{made}']", encoding="utf-8"
        )
        with pytest.raises(errors.CassetteError, match="damaged"):
            nt.connect(cassette=tmp_path / "odd.yaml")
    assert not made.exists()


def test_empty_file_counts_as_missing(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"")
    with pytest.raises(errors.CassetteError, match="no cassette"):
        nt.connect(cassette=nt.use_cassette(tmp_path / "a.yaml", mode="none"))
    recorded_regions(tmp_path / "a.yaml")
    assert content(tmp_path / "a.yaml")["interactions"]


def test_folder_in_place_of_a_cassette_is_told(tmp_path):
    (tmp_path / "a.yaml").mkdir()
    with pytest.raises(errors.CassetteError):
        nt.connect(cassette=nt.use_cassette(tmp_path / "a.yaml", mode="none"))


def test_cassette_that_was_changed_by_hand_warns_and_works(path):
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"regionName": "', '"regionName": "X', 1), encoding="utf-8")
    with no_sockets(), pytest.warns(errors.CassetteWarning, match="changed by hand"):
        client = nt.connect(cassette=path)
    with client:
        assert client.list_available_regions("MOBILE")[0]["regionName"].startswith("X")


def test_other_layout_of_the_file_is_no_change(path):
    edit(path)
    with nt.connect(cassette=path) as client:
        assert client.list_available_regions("MOBILE")


def test_cassette_of_a_version_that_told_nothing_replays(path):
    text = path.read_text(encoding="utf-8")
    head, _, rest = text.partition("metadata:")
    path.write_text(head + rest[rest.index("interactions:\n") :], encoding="utf-8")
    with no_sockets(), nt.connect(cassette=path) as client:
        assert client.list_available_regions("MOBILE")
        assert client.source == "cassette 'march', recorded from sandbox on 2026-03-02"
        assert client.cassette.version == ""


def test_cassette_of_a_newer_version_is_refused(path):
    edit(path, format=2, version="9.1.0")
    with pytest.raises(errors.CassetteError, match=r"newer version of numbers_toolkit \(9\.1\.0\)"):
        nt.connect(cassette=path)


def test_other_project_is_refused_before_anything_is_played(path):
    with pytest.raises(errors.ConfigurationError, match=r"was recorded for project .+, not for another"):
        nt.connect("another", cassette=path)
    with nt.use_cassette(path), pytest.raises(errors.ConfigurationError, match="Leave project_id out"):
        nt.connect("another")


def test_existing_client_of_another_project_is_told_so(path):
    with (
        ScriptedServer() as server,
        server.client() as client,
        no_sockets(),
        nt.use_cassette(path),
        pytest.raises(errors.CassetteMissError, match="was recorded for project"),
    ):
        client.list_available_regions("MOBILE")


# -- a request that is not there ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("nearest") / "inventory.yaml"
    changed = Reply(body=number(1, displayName="Old"))
    with (
        ScriptedServer(page(number(1)), changed) as server,
        server.client(cassette=nt.use_cassette(path, paid=True)) as client,
    ):
        nt.active_numbers(client, region_code="US", page_size=15)
        client.update_active_number("+13075550001", display_name="Old", service_plan_id="plan")
    return path


def test_nearest_request_and_the_differing_parameters_are_shown(inventory):
    with (
        no_sockets(),
        nt.connect(cassette=inventory) as client,
        pytest.raises(errors.CassetteMissError) as missed,
    ):
        nt.active_numbers(client, number_type="LOCAL", page_size=20)
    text = str(missed.value)
    assert text.startswith(
        f"The cassette 'inventory' ({inventory}) holds no answer to GET /v1/projects/{PROJECT}/active"
    )
    assert "Nothing was sent." in text
    assert missed.value.nearest.startswith(f"GET /v1/projects/{PROJECT}/activeNumbers?")
    assert missed.value.differences == (
        "query parameter pageSize is '15' there, '20' here",
        "query parameter regionCode is 'US' there, and not here",
        "query parameter type is 'LOCAL' here, and not there",
    )
    assert all(one in text for one in missed.value.differences)
    assert 'mode="new_episodes"' in text


def test_differing_body_fields_are_shown(inventory):
    with (
        no_sockets(),
        nt.connect(cassette=inventory) as client,
        pytest.raises(errors.CassetteMissError) as missed,
    ):
        client.update_active_number("+13075550001", display_name="New", campaign_id="C1")
    assert missed.value.differences == (
        "body field displayName is 'Old' there, 'New' here",
        "body field smsConfiguration.campaignId is 'C1' here, and not there",
        "body field smsConfiguration.servicePlanId is 'plan' there, and not here",
    )


def test_differing_path_and_method_are_shown(inventory):
    with (
        no_sockets(),
        nt.connect(cassette=inventory) as client,
        pytest.raises(errors.CassetteMissError) as missed,
    ):
        client.get_active_number("+13075550002")
    assert any("the path is" in one or "the method is" in one for one in missed.value.differences)


def test_many_long_and_odd_differences_are_told_in_few_words(tmp_path):
    path = tmp_path / "a.yaml"
    with (
        ScriptedServer(Reply(body={})) as server,
        server.client(cassette=nt.use_cassette(path, paid=True)) as client,
    ):
        client._call(
            "POST", "/x", body={"list": [{"a": 1}, "b"], **{f"f{place}": place for place in range(9)}}
        )
    with no_sockets(), nt.connect(cassette=path) as client:
        with pytest.raises(errors.CassetteMissError) as missed:
            client._call("POST", "/x", body={"list": [{"a": "y" * 500}]})
        assert len(missed.value.differences) == 7
        assert missed.value.differences[-1] == "and 5 more"
        assert len(str(missed.value)) < 1500
        with pytest.raises(errors.CassetteMissError, match="body field"):
            client._call("POST", "/x", body=Payload(HiddenBytes(b"no json"), "text/plain"))
        with pytest.raises(errors.CassetteMissError, match="the method is POST there, GET here"):
            client._call("GET", "/x")


def test_cassette_that_holds_only_a_token_says_that_it_is_empty(tmp_path):
    path = tmp_path / "a.yaml"
    with (
        ScriptedServer(Reply(reset=True)) as server,
        server.client(cassette=path) as client,
        pytest.raises(errors.TransportError),
    ):
        client.list_available_regions()
    with (
        no_sockets(),
        nt.connect(cassette=path) as client,
        pytest.raises(errors.CassetteMissError, match="Nothing is recorded in it"),
    ):
        client.list_available_regions()


def test_call_that_costs_is_only_played_back(inventory):
    with no_sockets(), nt.connect(cassette=inventory) as client:
        assert client.update_active_number("+13075550001", display_name="Old", service_plan_id="plan")
        with pytest.raises(errors.CassetteMissError, match="Nothing was sent"):
            client.rent_number("+13075550009")
        with pytest.raises(errors.CassetteMissError, match="recorded once, and is asked for once more"):
            client.update_active_number("+13075550001", display_name="Old", service_plan_id="plan")


# -- recordings that may not be -------------------------------------------------------------------------------------


def test_recording_without_credentials_is_told_and_writes_nothing(tmp_path):
    with (
        no_sockets(),
        pytest.raises(errors.ConfigurationError, match=r"'march' is to be recorded .+needs credentials"),
    ):
        nt.connect(cassette=tmp_path / "new" / "march.yaml")
    with (
        no_sockets(),
        nt.use_cassette("april", folder=tmp_path),
        pytest.raises(errors.ConfigurationError, match="Nothing was sent"),
    ):
        nt.connect()
    assert not list(tmp_path.iterdir())


def test_what_changes_or_costs_is_not_sent_without_a_second_word(tmp_path):
    with ScriptedServer(page(number())) as server:
        with server.client(cassette=tmp_path / "a.yaml") as client:
            nt.active_numbers(client)
            assert "is being recorded" in client.refusal
            with pytest.raises(errors.CassetteError, match=r":rent changes.+Nothing was sent.+paid=True"):
                client.rent_number("+13075550001")
            with pytest.raises(errors.CassetteError, match="Nothing was sent"):
                client.update_active_number("+13075550001", display_name="x")
        assert {one.method for one in server.requests} == {"GET"}


def test_second_word_can_come_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBERS_TOOLKIT_RECORD_PAID", "1")
    with ScriptedServer(Reply(body=number())) as server:
        with server.client(cassette=tmp_path / "a.yaml") as client:
            client.update_active_number("+13075550001", display_name="x")
        assert [one.method for one in server.requests] == ["PATCH"]


def test_what_costs_in_a_sandbox_is_recorded_without_more_words(tmp_path):
    with nt.Sandbox(active=0, available=5, clock="manual") as sandbox:
        with nt.connect(sandbox=sandbox, cassette=tmp_path / "a.yaml") as client:
            number = nt.available_numbers(client, "US", "LOCAL", size=1)["phone_number"].iloc[0]
            client.rent_number(number)
        assert len(sandbox.ledger) == 1
    with no_sockets(), nt.connect(cassette=tmp_path / "a.yaml") as client:
        nt.available_numbers(client, "US", "LOCAL", size=1)
        assert client.rent_number(number)["phoneNumber"] == number


def test_nothing_is_activated_from_a_recording(tmp_path):
    path = tmp_path / "a.yaml"
    with nt.Sandbox(active=0, available=50, clock="manual") as sandbox:
        with nt.connect(sandbox=sandbox, cassette=path) as client:
            nt.plan_activation(client, "1 US LOCAL")
            nt.available_numbers(client, "US", "LOCAL", size=5)
        with nt.use_cassette(path), nt.connect() as client:
            plan = nt.plan_activation(client, "1 US LOCAL")
            found = nt.available_numbers(client, "US", "LOCAL", size=5)
            assert plan.source.startswith("cassette 'a'")
            with pytest.raises(errors.PlanError, match=r"Nothing can be rented.+from a recording"):
                nt.activate(plan, client, journal=tmp_path / "run.jsonl")
        with nt.connect(sandbox=sandbox) as live:
            with pytest.raises(errors.PlanError, match="made with recorded answers"):
                nt.activate(plan, live, journal=tmp_path / "run.jsonl")
            with pytest.raises(errors.PlanError, match="holds recorded data"):
                nt.plan_activation(live, found.head(1))
        assert not sandbox.ledger
    assert not (tmp_path / "run.jsonl").exists()


def test_nothing_is_activated_while_only_reading_is_recorded(tmp_path, monkeypatch):
    # A server that does not say that it is a sandbox is taken for a project of one's own.
    monkeypatch.setattr("numbers_toolkit.sandbox.server.LABEL", "x-no-label")
    with nt.Sandbox(active=0, available=50, clock="manual") as sandbox:
        given = (sandbox.project_id, sandbox.key_id, sandbox.key_secret)
        urls = {"numbers_url": sandbox.numbers_url, "auth_url": sandbox.auth_url}
        with nt.connect(*given, **urls, cassette=tmp_path / "a.yaml") as client:
            plan = nt.plan_activation(client, "1 US LOCAL")
            with pytest.raises(errors.PlanError, match=r"is being recorded.+paid=True"):
                nt.activate(plan, client, journal=tmp_path / "run.jsonl")
        assert not sandbox.ledger
    assert not (tmp_path / "run.jsonl").exists()


def test_two_recorders_of_one_cassette_are_refused(tmp_path):
    path = tmp_path / "a.yaml"
    with nt.use_cassette(path):
        with pytest.raises(errors.CassetteError, match="is being recorded already"), nt.use_cassette(path):
            pass
        code = f"import numbers_toolkit as nt\nnt.use_cassette({str(path)!r}).start()"
        other = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
        )
        assert "is being recorded already" in other.stderr
    with nt.use_cassette(path):
        pass
    assert not list(tmp_path.iterdir())


def test_answers_of_another_server_are_not_mixed_in(path):
    with nt.Sandbox(active=0, available=1, clock="manual") as sandbox, nt.connect(sandbox=sandbox) as client:
        edit(path, recorded_from="production")
        with (
            nt.use_cassette(path, mode="new_episodes"),
            pytest.raises(errors.CassetteError, match="was recorded from production"),
        ):
            client.list_available_regions("LOCAL")


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"name": ""}, "named by a text"),
        ({"name": 3}, "named by a text"),
        ({"name": "a\0b"}, "named by a text"),
        ({"mode": "sometimes"}, "'none', 'once', 'new_episodes', 'all'"),
        ({"match_on": "headers"}, "match_on 'headers' is not known"),
        ({"keep": "project_id"}, "keep 'project_id' is not known"),
    ],
)
def test_wrong_options_are_refused(tmp_path, options, match):
    with (
        pytest.raises(errors.InvalidInputError, match=match),
        nt.use_cassette(**{"name": "a", "folder": tmp_path, **options}),
    ):
        pass


def test_without_vcrpy_the_extra_is_named(path, monkeypatch):
    monkeypatch.setitem(sys.modules, "vcr.matchers", None)
    with pytest.raises(errors.MissingDependencyError, match=r"numbers-toolkit\[cassettes\]"):
        nt.connect(cassette=path)


def test_folder_that_can_not_be_written_is_told_before_anything_is_sent(tmp_path):
    (tmp_path / "file").write_text("x")
    with (
        no_sockets(),
        pytest.raises(errors.CassetteError, match=r"can't be written.+Nothing was sent"),
        nt.use_cassette("a", folder=tmp_path / "file"),
    ):
        pass


def test_errors_survive_their_way_to_another_process():
    error = errors.CassetteMissError("m", method="GET", path="/x", nearest="GET /y", differences=["d"])
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.nearest, again.differences) == ("m", "GET /y", ("d",))


def test_closed_recording_refuses_a_thread_that_comes_late(tmp_path):
    with ScriptedServer(page(number())) as server:
        client = server.client(cassette=tmp_path / "a.yaml")
        client.cassette.stop()
        seen: list[BaseException] = []

        def late() -> None:
            try:
                client.list_available_regions()
            except errors.CassetteError as error:
                seen.append(error)

        thread = threading.Thread(target=late)
        thread.start()
        thread.join()
        client.close()
    assert len(seen) == 1
    assert not server.requests
