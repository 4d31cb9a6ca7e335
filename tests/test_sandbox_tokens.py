"""Credentials: the token endpoint, both ways to authenticate, expiry, refusals."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

import pytest
import requests

from numbers_toolkit.sandbox import Sandbox
from sandbox_helpers import TIMEOUT, Caller


@pytest.fixture
def caller():
    with Sandbox(active=1, available=0, clock="manual") as sandbox, Caller(sandbox) as caller:
        yield caller
        assert sandbox.internal_errors == []


def claims(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def test_token_answer_has_the_four_keys_in_their_shape(caller):
    answer = caller.token()

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert list(body) == ["access_token", "expires_in", "scope", "token_type"]
    assert (body["expires_in"], body["scope"], body["token_type"]) == (3599, "", "bearer")


def test_token_is_a_jwt_that_expires_by_the_sandbox_clock(caller):
    token = caller.token().json()["access_token"]

    head = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    assert head["alg"] == "HS256"
    assert claims(token)["exp"] == int(caller.sandbox.now.timestamp()) + 3599


def test_running_clock_tells_the_end_by_the_time_of_its_clients():
    """An SDK that renews a minute before ``exp`` by its own clock must not renew at every call."""
    with Sandbox(active=1, available=0, clock="running") as sandbox, Caller(sandbox) as caller:
        before = int(time.time())
        token = caller.token().json()["access_token"]
    assert before + 3599 <= claims(token)["exp"] <= int(time.time()) + 3599


def test_bearer_is_accepted_until_the_last_second_and_then_says_expired(caller):
    token = caller.token().json()["access_token"]

    caller.sandbox.advance(3598)
    assert caller.with_token(token).status_code == 200
    caller.sandbox.advance(1)
    refused = caller.with_token(token)

    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == (
        'Bearer error="invalid_token", error_description="Jwt expired at 2026-03-02T09:59:59Z",'
        ' error_uri="https://tools.ietf.org/html/rfc6750#section-3.1"'
    )
    assert refused.json() == {
        "error": {"code": 401, "message": "token expired", "status": "UNAUTHENTICATED", "details": []}
    }


def test_token_lifetime_of_one_second_is_possible():
    with (
        Sandbox(active=0, available=0, clock="manual", token_lifetime=1) as sandbox,
        Caller(sandbox) as caller,
    ):
        token = caller.token().json()["access_token"]
        assert caller.with_token(token).status_code == 200
        sandbox.advance(1)
        assert caller.with_token(token).status_code == 401


def self_signed(sandbox):
    def encode(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    text = f"{encode({'alg': 'HS256', 'typ': 'JWT'})}.{encode({'sub': sandbox.key_id, 'exp': 4_000_000_000})}"
    mac = hmac.new(sandbox.key_secret.encode(), text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


@pytest.mark.parametrize("kind", ["garbage", "three parts", "self-signed", "tampered", "empty"])
def test_other_bearer_is_refused_for_good(caller, kind):
    token = caller.token().json()["access_token"]
    tokens = {
        "garbage": "nonsense",
        "three parts": "a.b.c",
        "self-signed": self_signed(caller.sandbox),
        "tampered": token[:-2] + ("AA" if token[-2:] != "AA" else "BB"),
        "empty": "",
    }

    refused = caller.with_token(tokens[kind])

    assert refused.status_code == 401
    assert "expired" not in refused.headers["www-authenticate"]
    assert refused.json()["error"]["status"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "header",
    [None, "Basic bm90OnJpZ2h0", "Basic %%%", "Digest x", ""],
    ids=["none", "wrong", "broken", "digest", "blank"],
)
def test_call_without_the_right_key_is_refused_for_good(caller, header):
    headers = {} if header is None else {"authorization": header}
    refused = requests.get(f"{caller.base}/availableRegions", headers=headers, timeout=TIMEOUT)

    assert refused.status_code == 401
    assert "expired" not in refused.headers["www-authenticate"].lower()


def test_basic_is_accepted_by_the_numbers_api(caller):
    assert caller.get("availableRegions").status_code == 200


@pytest.mark.parametrize("auth", ["Basic", "Bearer"])
def test_other_project_is_forbidden(caller, auth):
    url = f"{caller.sandbox.numbers_url}/v1/projects/00000000-0000-4000-8000-000000000000/activeNumbers"
    headers = {"authorization": f"Bearer {caller.token().json()['access_token']}"}
    options = {"headers": headers} if auth == "Bearer" else {"auth": caller.session.auth}
    refused = requests.get(url, timeout=TIMEOUT, **options)

    assert refused.status_code == 403
    assert refused.json() == {
        "error": {"code": 403, "message": "", "status": "PERMISSION_DENIED", "details": []}
    }


@pytest.mark.parametrize(
    ("options", "status", "error"),
    [
        ({"auth": ("wrong", "key")}, 401, "invalid_client"),
        ({"auth": None, "headers": {"authorization": "Bearer x"}}, 401, "invalid_client"),
        ({"data": {"grant_type": "password"}}, 400, "unsupported_grant_type"),
        ({"data": {"scope": "x"}}, 400, "invalid_request"),
        ({"data": None}, 400, "invalid_request"),
        ({"data": None, "json": {"grant_type": "client_credentials"}}, 400, "invalid_request"),
    ],
    ids=["wrong key", "bearer", "other grant", "no grant", "no body", "json"],
)
def test_token_refusals_have_the_shape_of_oauth(caller, options, status, error):
    caller_auth = options.get("auth", caller.session.auth)
    caller.session.auth = None
    refused = caller.token(**{**options, "auth": caller_auth})

    assert refused.status_code == status
    assert set(refused.json()) == {"error", "error_description"}
    assert refused.json()["error"] == error


def test_token_rate_limit_is_off_by_default(caller):
    assert {caller.token().status_code for _ in range(40)} == {200}


def test_token_rate_limit_refills_ten_per_second():
    with (
        Sandbox(active=0, available=0, clock="manual", token_rate_limit=True) as sandbox,
        Caller(sandbox) as caller,
    ):
        statuses = [caller.token().status_code for _ in range(31)]
        refused = caller.token()
        sandbox.advance(0.1)
        again = [caller.token().status_code for _ in range(2)]
        sandbox.advance(1000)
        rested = [caller.token().status_code for _ in range(31)]

    assert rested == statuses == [200] * 30 + [429]
    assert "retry-after" not in refused.headers
    assert isinstance(refused.json(), dict)
    assert again == [200, 429]


def test_numbers_rate_limit_follows_the_clock():
    with (
        Sandbox(active=0, available=0, clock="manual", numbers_rate_limit=2) as sandbox,
        Caller(sandbox) as caller,
    ):
        statuses = [caller.get("availableRegions").status_code for _ in range(3)]
        sandbox.advance(1)
        statuses += [caller.get("availableRegions").status_code for _ in range(3)]

    assert statuses == [200, 200, 429, 200, 200, 429]


def test_credentials_follow_the_seed_and_are_visibly_made_up():
    one, same, other = (Sandbox(active=0, available=0, seed=seed) for seed in (1, 1, 2))

    assert one.key_secret == same.key_secret
    assert one.key_secret.startswith("sandbox-secret-")
    for name in ("project_id", "key_id", "key_secret"):
        assert getattr(one, name) == getattr(same, name) != getattr(other, name)


def test_no_secret_in_reprs_or_log(caller):
    token = caller.token().json()["access_token"]
    caller.with_token(token)
    shown = repr(caller.sandbox) + repr(caller.sandbox.requests) + repr(vars(caller.sandbox.faults))

    assert caller.sandbox.key_secret not in shown
    assert token not in shown
    assert base64.b64encode(":".join(caller.session.auth).encode()).decode() not in shown
