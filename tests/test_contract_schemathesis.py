"""Schemathesis makes up requests from the description, good and bad ones, and finds no answer that is not described.

It runs as its users run it, by its command line in a process of its own, with a seed. Whatever the sandbox answers
meanwhile is also looked at by `answers_checked`, which knows more about the sandbox than the description says.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

import pytest
import requests

pytest.importorskip("schemathesis")

#: Where a request that fits the description may still be refused with 400, and why.
BY_STATE = {
    "list_active": "a page token must be one that was given out",
    "update_active": "a campaign needs a service plan, which the number may have already",
    "create_order": "campaigns are for US numbers only",
    "provision_emergency_address": "addresses are for US numbers only",
    "validate_emergency_address": "addresses are for US numbers only",
    "put_registration": "each region asks for fields of its own, and the order must be open",
    "upload_attachment": "the attachment may ask for a kind of file, and the order must be open",
    "submit_order": "the order must be open",
}
#: A statement that every Australian order asks for.
STATEMENT = "01kq4ye5f2g7h9j1k3m6n8p0qr"
SEED = 7
CONFIGURATION = """
seed = {seed}
[auth.openapi.basic]
username = "{key_id}"
password = "{key_secret}"
[generation]
max-examples = 25
with-security-parameters = false
database = "none"
[parameters]
"path.projectId" = "{project_id}"
[dictionaries]
{dictionaries}
[phases.stateful.checks.negative_data_rejection]
enabled = false  # a link puts a good value in place of the bad one
[[operations]]
include-path-regex = "activeNumbers/"
parameters = {{ "path.phoneNumber" = {{ dictionary = "rented", probability = 0.8 }} }}
[[operations]]
include-path-regex = "availableNumbers/"
parameters = {{ "path.phoneNumber" = {{ dictionary = "offered", probability = 0.8 }} }}
[[operations]]
include-path-regex = "numberOrders/"
[operations.parameters]
"path.orderId" = {{ dictionary = "orders", probability = 0.8 }}
"path.attachmentId" = {{ dictionary = "papers", probability = 0.9 }}
[[operations]]
include-operation-id = ["create_order", "lookup_requirements"]
parameters = {{ "body.regionCode" = {{ dictionary = "regions", probability = 0.8 }} }}
[[operations]]
include-operation-id = {by_state}
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", 400, 401, 403, 404]
"""


@pytest.fixture
def configuration(sandbox, client, tmp_path):
    """A configuration that names things that are there, so that not every answer is 404."""
    rented = [number["phoneNumber"] for number in client.list_active_numbers(region_code="US")]
    offered = [number["phoneNumber"] for number in client.search_available_numbers("US", "LOCAL")]
    orders = [client.create_number_order("US", "LOCAL", quantity=1) for _ in range(3)]
    orders += [client.create_number_order("AU", "MOBILE", quantity=1) for _ in range(3)]
    known = {
        "rented": rented[:20],
        "offered": offered[-40:],  # the first of them go to whoever rents any
        "orders": [order["idNumberOrder"] for order in orders],
        "papers": [STATEMENT],
        "regions": ["US", "AU", "SE"],
    }
    path = tmp_path / "schemathesis.toml"
    path.write_text(
        CONFIGURATION.format(
            **sandbox.connection(),
            seed=SEED,
            dictionaries="\n".join(f"{name} = {{ values = {json.dumps(known[name])} }}" for name in known),
            by_state=json.dumps([*BY_STATE]),
        )
    )
    return path


def run(configuration, sandbox, *options):
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(configuration), "run"]
    return subprocess.run(
        [*command, f"{sandbox.numbers_url}/openapi.json", "--no-color", *options],
        cwd=configuration.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_it_makes_up_gets_an_answer_that_is_not_described(sandbox, configuration):
    before = len(sandbox.requests)

    done = run(configuration, sandbox)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Tested: 23" in done.stdout
    answered = Counter((one.operation, one.status) for one in sandbox.requests[before:])
    operations = {name for name, _ in answered} - {"", "openapi"}
    assert len(operations) == 23
    without_success = {name for name in operations if not answered[name, 200]}
    # Made-up data are hardly what a region asks for.
    assert without_success <= {"put_registration", "upload_attachment"}, answered


def test_it_notices_an_answer_that_is_not_described(sandbox, configuration):
    sandbox.faults.add("odd_values", operation="get_active", kinds=["money_number"])

    done = run(configuration, sandbox, "--include-operation-id", "get_active", "--phases", "fuzzing")

    assert done.returncode == 1
    assert "Response violates schema" in done.stdout


def test_description_for_it_is_served_to_anybody_and_names_no_host_but_this_one(sandbox):
    answer = requests.get(f"{sandbox.numbers_url}/openapi.json", timeout=30)

    assert answer.headers["content-type"] == "application/json"
    document = answer.json()
    assert document["servers"][0]["url"] == sandbox.numbers_url
    assert document["paths"]["/oauth2/token"]["servers"][0]["url"] == sandbox.auth_url
    assert "api.sinch.com" not in answer.text
