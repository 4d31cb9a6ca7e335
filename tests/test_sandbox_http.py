"""HTTP: paths, header names, unknown routes, bodies where none is expected, many connections."""

from __future__ import annotations

import base64
import socket

import pytest
import requests

from numbers_toolkit.sandbox import Sandbox
from sandbox_helpers import TIMEOUT, Caller


@pytest.fixture(scope="module")
def caller():
    with Sandbox(active=50, available=50, clock="manual") as sandbox, Caller(sandbox) as caller:
        yield caller
        assert sandbox.internal_errors == []


def raw(sandbox, request_line, *headers, body=b""):
    key = base64.b64encode(f"{sandbox.key_id}:{sandbox.key_secret}".encode()).decode()
    lines = [request_line, "host: sandbox", f"authorization: Basic {key}", "connection: close", *headers]
    address = sandbox.numbers_url.removeprefix("http://").split(":")
    with socket.create_connection((address[0], int(address[1])), TIMEOUT) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        chunks = iter(lambda: connection.recv(65536), b"")
        return b"".join(chunks).decode()


def test_response_header_names_are_lower_case_and_date_is_the_sandbox_time(caller):
    head = raw(caller.sandbox, f"GET /v1/projects/{caller.sandbox.project_id}/nothing HTTP/1.1").split(
        "\r\n\r\n"
    )[0]

    names = [line.split(":")[0] for line in head.split("\r\n")[1:]]
    ours = [name for name in names if name.lower() != "connection"]  # written by the HTTP library itself
    assert ours == [name.lower() for name in ours]
    assert {"date", "content-type", "content-length"} <= set(names)
    assert "server" not in names
    assert "date: Mon, 02 Mar 2026 09:00:00 GMT" in head


@pytest.mark.parametrize("plus", ["+", "%2B", "%2b"])
@pytest.mark.parametrize("colon", [":", "%3A", "%3a"])
def test_plus_and_colon_in_paths_come_raw_or_encoded(caller, plus, colon):
    number = caller.numbers()[0]["phoneNumber"].lstrip("+")
    path = f"/v1/projects/{caller.sandbox.project_id}/activeNumbers/{plus}{number}"

    got = raw(caller.sandbox, f"GET {path} HTTP/1.1")
    released = raw(caller.sandbox, f"POST {path}{colon}release HTTP/1.1", "content-length: 0")

    assert got.startswith("HTTP/1.1 200")
    assert released.startswith("HTTP/1.1 200")


def test_names_of_query_parameters_are_decoded(caller):
    path = f"/v1/projects/{caller.sandbox.project_id}/activeNumbers?numberPattern%2Epattern=%2B1&page%53ize=1"
    shown = raw(caller.sandbox, f"GET {path}&numberPattern%2EsearchPattern=START HTTP/1.1")

    assert shown.count('"phoneNumber":"+1') == 1


@pytest.mark.parametrize(
    ("method", "path", "status", "name"),
    [
        ("GET", "nothing", 404, "NOT_FOUND"),
        ("GET", "activeNumbers/+1/extra", 404, "NOT_FOUND"),
        ("GET", "activeNumbers/", 404, "NOT_FOUND"),
        ("POST", "activeNumbers/+12015550100:rent", 404, "NOT_FOUND"),
        ("DELETE", "activeNumbers/+12015550100", 405, "METHOD_NOT_ALLOWED"),
        ("PUT", "activeNumbers", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "availableNumbers/+12015550100:rent", 405, "METHOD_NOT_ALLOWED"),
    ],
)
def test_unknown_routes_answer_in_the_envelope(caller, method, path, status, name):
    answer = caller.call(method, path)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["status"], error["details"]) == (
        status,
        status,
        name,
        [],
    )
    assert ("allow" in answer.headers) == (status == 405)


def test_each_origin_serves_its_own_paths_only(caller):
    auth, numbers = caller.sandbox.auth_url, caller.sandbox.numbers_url
    form = {"grant_type": "client_credentials"}
    at_numbers = requests.post(
        f"{numbers}/oauth2/token", data=form, auth=caller.session.auth, timeout=TIMEOUT
    )
    project = f"{auth}/v1/projects/{caller.sandbox.project_id}/availableRegions"
    at_auth = requests.get(project, auth=caller.session.auth, timeout=TIMEOUT)

    assert (at_numbers.status_code, at_auth.status_code) == (404, 404)
    assert auth != numbers
    assert requests.get(f"{auth}/oauth2/token", timeout=TIMEOUT).status_code == 405


def test_body_and_content_type_on_get_are_ignored(caller):
    answer = caller.call(
        "GET",
        "availableRegions",
        data=b'{"numberTypes": ["MOBILE"',
        headers={"content-type": "application/json"},
    )

    assert answer.status_code == 200
    assert len(answer.json()["availableRegions"]) > 20


def test_idle_connections_do_not_starve_others(caller):
    idle = []
    try:
        address = caller.sandbox.numbers_url.removeprefix("http://").split(":")
        idle += [socket.create_connection((address[0], int(address[1])), TIMEOUT) for _ in range(50)]
        assert caller.get("availableRegions").status_code == 200
    finally:
        for connection in idle:
            connection.close()


def test_connections_are_kept_open(caller):
    answers = [caller.get("availableRegions") for _ in range(3)]

    assert all("close" not in answer.headers.get("connection", "") for answer in answers)


def test_broken_http_is_refused_and_the_sandbox_goes_on(caller):
    address = caller.sandbox.numbers_url.removeprefix("http://").split(":")
    with socket.create_connection((address[0], int(address[1])), TIMEOUT) as connection:
        connection.sendall(b"not http at all\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 400")

    assert caller.get("availableRegions").status_code == 200


def test_log_names_operation_status_and_client(caller):
    before = len(caller.sandbox.requests)
    caller.call("GET", "activeNumbers", params={"pageSize": 1}, headers={"user-agent": "probe/1"})
    caller.call("GET", "nothing")

    found, missing = caller.sandbox.requests[before:]
    assert (found.method, found.operation, found.status, found.user_agent) == (
        "GET",
        "list_active",
        200,
        "probe/1",
    )
    assert found.parameters == {"pageSize": ["1"]}
    assert found.scheme == "Basic"
    assert (missing.operation, missing.status) == ("", 404)


def test_request_whose_body_never_comes_is_not_carried_out(caller):
    number = caller.numbers()[-1]["phoneNumber"]
    before, logged = caller.number(number), len(caller.sandbox.requests)
    path = f"/v1/projects/{caller.sandbox.project_id}/activeNumbers/{number}:release"
    address = caller.sandbox.numbers_url.removeprefix("http://").split(":")
    with socket.create_connection((address[0], int(address[1])), TIMEOUT) as connection:
        connection.sendall(f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{{}}".encode())

    assert caller.number(number) == before
    assert "release" not in {request.operation for request in caller.sandbox.requests[logged:]}
