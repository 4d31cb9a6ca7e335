"""Starting, stopping, keeping and resetting; what the caller brings along."""

from __future__ import annotations

import asyncio
import gc
import socket
import sqlite3
import subprocess
import sys
import threading
import weakref
from contextlib import ExitStack, closing
from datetime import timedelta
from decimal import Decimal

import pytest
import requests

from numbers_toolkit.sandbox import Sandbox
from sandbox_helpers import Caller, active_number

NUMBER = "+12015550100"


def threads():
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("numbers-sandbox")]


def own_thread(sandbox):
    return f"numbers-sandbox-{sandbox.numbers_url.rpartition(':')[2]}"


def test_start_and_stop_can_be_repeated_and_leave_no_thread():
    sandbox = Sandbox(active=3, available=0)
    assert sandbox.start() is sandbox
    url, name = sandbox.numbers_url, own_thread(sandbox)
    assert sandbox.start().numbers_url == url
    assert name in threads()
    sandbox.stop()
    sandbox.stop()

    assert name not in threads()
    with pytest.raises(RuntimeError, match="not serving"):
        _ = sandbox.numbers_url


def test_connections_that_come_as_it_stops_are_closed_too():
    """Python warns of a connection that nobody closed, and warnings are errors here."""
    for _ in range(5):
        sandbox = Sandbox(active=0, available=0).start()
        address = ("127.0.0.1", int(sandbox.numbers_url.rpartition(":")[2]))
        with ExitStack() as knocks:
            for _ in range(100):
                knocks.enter_context(socket.create_connection(address))
            sandbox.stop()
        gc.collect()


def test_state_stays_in_memory_between_start_and_stop():
    sandbox = Sandbox(active=0, available=20, clock="manual")
    with sandbox, Caller(sandbox) as caller:
        number = caller.on_offer()
        caller.rent(number)
    assert sandbox.active_count == 1
    with sandbox, Caller(sandbox) as caller:
        assert caller.number(number)["phoneNumber"] == number


def test_many_sandboxes_serve_at_once():
    sandboxes = [Sandbox(active=seed, available=0, seed=seed) for seed in range(5)]
    try:
        for sandbox in sandboxes:
            sandbox.start()
        assert len({sandbox.numbers_url for sandbox in sandboxes}) == 5
        for seed, sandbox in enumerate(sandboxes):
            with Caller(sandbox) as caller:
                assert len(caller.numbers()) == seed
    finally:
        for sandbox in sandboxes:
            sandbox.stop()


def test_sandbox_works_inside_a_running_event_loop():
    async def notebook():
        with Sandbox(active=2, available=0) as sandbox, Caller(sandbox) as caller:
            return len(caller.numbers())

    assert asyncio.run(notebook()) == 2


def test_chosen_ports_are_used_and_a_taken_port_is_an_error():
    with Sandbox(active=0, available=0) as first:
        port = int(first.numbers_url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            Sandbox(active=0, available=0, port=port).start()
    second = Sandbox(active=0, available=0, port=port)
    with second:
        assert second.numbers_url == f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])
def test_other_machines_are_kept_out_unless_allowed(host):
    with pytest.raises(ValueError, match="allow_remote"):
        Sandbox(active=0, available=0, host=host).start()


def test_allowed_address_is_served():
    with Sandbox(active=0, available=0, host="0.0.0.0", allow_remote=True) as sandbox:
        assert sandbox.numbers_url.startswith("http://0.0.0.0:")


def test_exception_in_the_with_block_stops_the_server():
    def use_and_fail():
        with Sandbox(active=0, available=0) as sandbox:
            names.append(own_thread(sandbox))
            raise KeyError

    names = []
    with pytest.raises(KeyError):
        use_and_fail()
    assert names[0] not in threads()


def test_serving_sandbox_survives_without_a_reference():
    sandbox = Sandbox(active=2, available=0).start()
    url, key = f"{sandbox.numbers_url}/v1/projects/{sandbox.project_id}", (sandbox.key_id, sandbox.key_secret)
    found = weakref.ref(sandbox)
    del sandbox
    gc.collect()

    assert requests.get(f"{url}/activeNumbers", auth=key, timeout=30).json()["totalSize"] == 2
    found().stop()
    gc.collect()
    assert found() is None


def test_reset_goes_back_to_the_seeded_state():
    with Sandbox(active=40, available=40, clock="manual") as sandbox, Caller(sandbox) as caller:
        before = caller.numbers()
        caller.rent(caller.on_offer())
        caller.patch(before[0]["phoneNumber"], displayName="changed")
        sandbox.advance(timedelta(days=200))
        sandbox.faults.add("server_error")
        sandbox.reset()

        assert sandbox.requests == ()
        assert caller.numbers() == before
        assert (sandbox.ledger, sandbox.balance, sandbox.available_count) == ((), Decimal("10000.00"), 40)
        assert sandbox.now.isoformat() == "2026-03-02T09:00:00+00:00"


def test_state_file_keeps_everything_between_runs(tmp_path):
    path = tmp_path / "state.sqlite"
    with (
        Sandbox(active=10, available=20, seed=3, clock="manual", state=path) as sandbox,
        Caller(sandbox) as caller,
    ):
        number = caller.on_offer()
        caller.rent(number, smsConfiguration={"servicePlanId": "SANDBOX_PLAN"})
        caller.call("PATCH", "callbackConfiguration", json={"hmacSecret": "kept"})
        sandbox.advance(3)
        known = (sandbox.project_id, sandbox.key_secret, sandbox.now, sandbox.ledger, sandbox.balance)
        before = caller.numbers()

    with Sandbox(active=500, seed=99, clock="manual", state=str(path)) as again, Caller(again) as caller:
        assert (again.project_id, again.key_secret, again.now, again.ledger, again.balance) == known
        assert caller.numbers() == before
        assert caller.get("callbackConfiguration").json()["hmacSecret"] == "kept"
        again.advance(4)
        assert caller.number(number)["smsConfiguration"]["servicePlanId"] == "SANDBOX_PLAN"


def test_state_file_serves_one_sandbox_at_a_time(tmp_path):
    path = tmp_path / "state.sqlite"
    with Sandbox(active=1, available=0, state=path), pytest.raises(ValueError, match="cannot use"):
        Sandbox(active=1, available=0, state=path).start()
    with Sandbox(active=1, available=0, state=path) as sandbox:
        assert sandbox.active_count == 1


def test_file_that_is_no_state_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but rather important " * 50)

    with pytest.raises(ValueError, match="cannot use"):
        Sandbox(state=path).start()
    assert path.read_text().startswith("not a database")


def test_given_numbers_are_served_exactly():
    odd = {"phoneNumber": "+1", "money": {"amount": 1}, "futureField": [{"a": None}], "displayName": None}
    plain = active_number(NUMBER, nextChargeDate="2001-01-01T00:00:00Z")
    offer = {"phoneNumber": "+12025550111", "regionCode": "US", "type": "LOCAL", "note": "kept"}
    with (
        Sandbox(numbers=[odd, plain], available_numbers=[offer], clock="manual") as sandbox,
        Caller(sandbox) as caller,
    ):
        sandbox.advance(timedelta(days=400))
        listed, found = caller.numbers(), caller.get("availableNumbers", regionCode="US", type="LOCAL").json()

    assert listed == [odd, plain]
    assert found == {"availableNumbers": [offer]}
    assert sandbox.internal_errors == []


@pytest.mark.parametrize(
    ("numbers", "message"),
    [([{}], "phoneNumber"), ([{"phoneNumber": 1}], "phoneNumber"), ([{"phoneNumber": "+1"}] * 2, "twice")],
)
def test_given_numbers_need_one_key_each(numbers, message):
    with pytest.raises(ValueError, match=message):
        Sandbox(numbers=numbers)


def test_given_numbers_are_not_on_offer_as_well():
    with Sandbox(active=0, available=200, clock="manual") as first, Caller(first) as caller:
        number = caller.on_offer()
    with (
        Sandbox(numbers=[active_number(number)], available=200, clock="manual") as second,
        Caller(second) as caller,
    ):
        assert caller.get(f"availableNumbers/{number}").status_code == 404


def test_numbers_can_be_added_while_serving():
    with Sandbox(active=0, available=0) as sandbox, Caller(sandbox) as caller:
        sandbox.add_active(active_number(NUMBER, displayName="one"))
        sandbox.add_active(active_number(NUMBER, displayName="two"))
        sandbox.add_available({"phoneNumber": "+12025550111", "regionCode": "XX", "type": "LOCAL"})

        assert [number["displayName"] for number in caller.numbers()] == ["two"]
        assert sandbox.available_count == 1
        assert {"regionCode": "XX", "regionName": "XX", "types": ["LOCAL"]} in caller.get(
            "availableRegions"
        ).json()["availableRegions"]


@pytest.mark.parametrize(
    "options",
    [{"active": -1}, {"available": 1_000_001}, {"clock": "fast"}, {"token_lifetime": 0}, {"default_page_size": 0},
     {"maximum_page_size": 5}, {"waiting_seconds": -1}, {"numbers_rate_limit": 0}, {"start": "yesterday"},
     {"start": "2026-03-02"}],
    ids=str,
)  # fmt: skip
def test_settings_that_cannot_be_served_are_refused(options):
    with pytest.raises(ValueError, match=r".+"):
        Sandbox(**options)


def test_unknown_switch_is_refused():
    with pytest.raises(TypeError, match="trial"):
        Sandbox(trial=True)


def test_repr_tells_where_but_no_secret():
    sandbox = Sandbox(active=1, available=0)
    stopped = repr(sandbox)
    with sandbox:
        serving = repr(sandbox)

    assert "stopped" in stopped
    assert "http://127.0.0.1:" in serving
    assert sandbox.key_secret not in stopped + serving


def test_connect_hands_over_addresses_and_key(monkeypatch):
    class Toolkit:
        @staticmethod
        def connect(**options):
            return options

    with Sandbox(active=0, available=0) as sandbox:
        monkeypatch.setitem(sys.modules, "numbers_toolkit", Toolkit)
        options = sandbox.connect(auth="basic")

        assert options == sandbox.connection() | {"auth": "basic"}


CHILD = """
import sys
sys.modules["uvicorn"] = None
from numbers_toolkit.sandbox import Sandbox
sandbox = Sandbox(active=2, available=0)
assert sandbox.active_count == 2
try:
    sandbox.start()
except ImportError as error:
    print(error)
"""


def test_missing_extra_is_explained():
    done = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=True)

    assert "pip install 'numbers-toolkit[sandbox]'" in done.stdout


def test_process_that_never_stops_its_sandbox_ends_quietly():
    program = (
        "from numbers_toolkit.sandbox import Sandbox; Sandbox(active=5, available=5).start(); print('done')"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", "dev", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert (done.stdout, done.stderr) == ("done\n", "")


def test_state_of_another_version_is_refused(tmp_path):
    path = tmp_path / "state.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        database.execute("INSERT INTO meta VALUES ('schema', '0')")
        database.commit()

    with pytest.raises(ValueError, match="not written by this version"):
        Sandbox(state=path).start()
