"""Plain curl, with Basic and with Bearer, as the vendor's pages show it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

from numbers_toolkit.sandbox import Sandbox
from vendor_clients import CLIENTS

PLAN = "3d5b0c7f9e1a4d62b8f0a4c6e2d19b57"
JSON = ("-H", "Content-Type: application/json")


class Curl:
    """Runs curl against a sandbox, with one way to authenticate."""

    def __init__(self, program, sandbox):
        self.program, self.sandbox = program, sandbox
        self.basic = ("-u", f"{sandbox.key_id}:{sandbox.key_secret}")
        self.login = self.basic
        self.project = f"{sandbox.numbers_url}/v1/projects/{sandbox.project_id}"

    def run(self, *arguments):
        # -q: nothing of the person's own configuration; the status on a line of its own after the body.
        command = [self.program, "-q", "-sS", "-m", "30", "-w", "\n%{http_code}", *arguments]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
        body, _, status = done.stdout.rpartition("\n")
        return int(status), json.loads(body) if body else None

    def __call__(self, path, *arguments):
        return self.run(*self.login, *arguments, f"{self.project}/{path}")

    def token(self):
        return self.run(
            *self.basic,
            "-X",
            "POST",
            "-d",
            "grant_type=client_credentials",
            f"{self.sandbox.auth_url}/oauth2/token",
        )


@pytest.fixture
def sandbox():
    with Sandbox(active=12, available=300, clock="manual") as sandbox:
        yield sandbox
        assert sandbox.internal_errors == []


@pytest.fixture
def curl(sandbox):
    program = shutil.which("curl")
    if program is None:
        (pytest.fail if CLIENTS in os.environ else pytest.skip)("no curl")
    return Curl(program, sandbox)


@pytest.fixture(params=["basic", "bearer"])
def logged_in(request, curl):
    if request.param == "bearer":
        status, answer = curl.token()
        assert (status, answer["token_type"]) == (200, "bearer")
        curl.login = ("-H", f"Authorization: Bearer {answer['access_token']}")
    return curl


def test_a_number_is_found_rented_updated_and_given_back(logged_in, sandbox):
    curl = logged_in
    status, found = curl("availableNumbers?regionCode=US&type=LOCAL&capabilities=SMS&size=3")
    number = found["availableNumbers"][0]["phoneNumber"]
    assert (status, len(found["availableNumbers"])) == (200, 3)
    assert curl(f"availableNumbers/{number}") == (200, found["availableNumbers"][0])

    body = json.dumps({"smsConfiguration": {"servicePlanId": PLAN}})
    status, rented = curl(f"availableNumbers/{number}:rent", "-X", "POST", *JSON, "-d", body)
    assert (status, rented["phoneNumber"]) == (200, number)
    sandbox.advance(10)
    assert curl(f"activeNumbers/{number}")[1]["smsConfiguration"]["servicePlanId"] == PLAN

    status, updated = curl(
        f"activeNumbers/{number}", "-X", "PATCH", *JSON, "-d", '{"displayName": "Front desk"}'
    )
    assert (status, updated["displayName"]) == (200, "Front desk")
    status, released = curl(f"activeNumbers/{number}:release", "-X", "POST")
    assert (status, released["expireAt"]) == (200, rented["nextChargeDate"])
    assert len(sandbox.ledger) == 1


def test_rent_any_and_an_order_without_a_body(logged_in, sandbox):
    body = json.dumps({"regionCode": "US", "type": "LOCAL", "capabilities": ["SMS"]})
    status, rented = logged_in("availableNumbers:rentAny", "-X", "POST", *JSON, "-d", body)
    assert (status, rented["type"]) == (200, "LOCAL")
    assert len(sandbox.ledger) == 1


def test_pages_of_the_inventory(logged_in):
    numbers, token = [], ""
    while True:
        status, page = logged_in(f"activeNumbers?pageSize=5&pageToken={token}")
        assert (status, page["totalSize"]) == (200, 12)
        numbers += [number["phoneNumber"] for number in page["activeNumbers"]]
        token = page["nextPageToken"]
        if not token:
            break

    assert len(numbers) == len(set(numbers)) == 12


def test_regions_and_callback_secret(logged_in, sandbox):
    assert len(logged_in("availableRegions?types=MOBILE")[1]["availableRegions"]) > 3
    secret = {"hmacSecret": "sandbox-Secret-0123456789-abcdefgh"}
    assert logged_in("callbackConfiguration", "-X", "PATCH", *JSON, "-d", json.dumps(secret))[0] == 200
    assert logged_in("callbackConfiguration")[1] == {"projectId": sandbox.project_id, **secret}


def test_encoded_addresses_mean_the_same(curl):
    _, found = curl(
        "availableNumbers?regionCode=US&type=LOCAL&numberPattern.pattern=%2B1307&numberPattern.searchPattern=START"
    )
    number = found["availableNumbers"][0]["phoneNumber"]
    assert curl(f"availableNumbers/{number.replace('+', '%2B')}")[1]["phoneNumber"] == number
    assert curl(f"availableNumbers/{number.replace('+', '%2B')}%3Arent", "-X", "POST")[0] == 200


def test_refusals(curl, sandbox):
    assert curl("activeNumbers/+12015559999")[0] == 404
    status, answer = curl("availableNumbers?regionCode=US&type=LANDLINE")
    assert (status, answer["error"]["status"]) == (400, "INVALID_ARGUMENT")
    curl.login = ("-u", f"{sandbox.key_id}:wrong")
    assert curl("activeNumbers")[0] == 401
    curl.login = ("-H", "Authorization: Bearer x.y.z")
    assert curl("activeNumbers")[0] == 401
    curl.login = ()
    assert curl("activeNumbers")[0] == 401
    curl.basic = ("-u", f"{sandbox.key_id}:wrong")
    assert curl.token()[0] == 401
    assert not sandbox.ledger


def test_headers_are_written_in_lower_case_and_an_expired_token_says_so(curl, sandbox):
    _, answer = curl.token()
    sandbox.advance(3600)
    address = f"{curl.project}/availableRegions"
    done = subprocess.run(
        [curl.program, "-q", "-sS", "-i", "-H", f"Authorization: Bearer {answer['access_token']}", address],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    head = done.stdout.split("\n\n")[0].splitlines()

    assert " 401 " in f"{head[0]} "
    names = [line.partition(":")[0] for line in head[1:] if ":" in line]
    assert names == [name.lower() for name in names]
    assert any(line.startswith("www-authenticate: ") and "expired" in line for line in head)
