"""The sandbox's gate: a test stands between the wire and what answers it."""

from __future__ import annotations

import pytest
import requests

import numbers_toolkit as nt
from numbers_toolkit.sandbox.application import Outcome
from sandbox_helpers import Caller


def test_gate_sees_every_request_and_its_outcome():
    seen = []

    def gate(request, carry_out):
        outcome = carry_out(request)
        seen.append((request.method, request.path.rpartition("/")[2], int(outcome.answer.status)))
        return outcome

    with nt.Sandbox(active=1, available=2, clock="manual", gate=gate) as sandbox, Caller(sandbox) as caller:
        caller.get("availableRegions")
        caller.call("GET", "activeNumbers/+13075550199")
    assert seen == [("GET", "availableRegions", 200), ("GET", "+13075550199", 404)]


@pytest.mark.parametrize("carried_out", [True, False])
def test_gate_decides_whether_a_request_is_carried_out_and_answered(carried_out):
    def gate(request, carry_out):
        if request.method == "GET":
            return carry_out(request)
        answer = carry_out(request).answer if carried_out else None
        return Outcome(answer, "drop")

    with nt.Sandbox(active=0, available=9, clock="manual", gate=gate) as sandbox, Caller(sandbox) as caller:
        number = caller.on_offer()
        with pytest.raises(requests.ConnectionError):
            caller.call("POST", f"availableNumbers/{number}:rent")
        assert [one.phone_number for one in sandbox.ledger] == ([number] if carried_out else [])
        assert not sandbox.internal_errors


def test_a_gate_that_fails_is_a_fault_of_the_sandbox():
    def gate(request, carry_out):
        raise LookupError("no way through")

    with nt.Sandbox(active=0, available=1, clock="manual", gate=gate) as sandbox, Caller(sandbox) as caller:
        assert caller.get("availableRegions").status_code == 500
        assert [type(one) for one in sandbox.internal_errors] == [LookupError]
