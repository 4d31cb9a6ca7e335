"""Cassettes for tests: recorded from the sandbox, scrubbed on write, replayed without any network.

``NUMBERS_TOOLKIT_RECORD=1 pytest tests/test_recorded.py`` records again. Without it every cassette is only
replayed, and a request that it lacks fails the test.
"""

from __future__ import annotations

import json
import os
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import vcr
from requests.adapters import HTTPAdapter

import numbers_toolkit as nt

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

CASSETTES = Path(__file__).parent.parent / "cassettes"
RECORDING = bool(os.environ.get("NUMBERS_TOOLKIT_RECORD"))
REDACTED = "REDACTED"
#: Where recorded requests seem to go: a name that can't exist, so that an escape can't reach anything.
NUMBERS_HOST = "numbers.sandbox.invalid"
AUTH_HOST = "auth.sandbox.invalid"
#: The project of a sandbox with the default seed.
SANDBOX_PROJECT = nt.Sandbox(active=0, available=0).project_id
SECRET_FIELDS = {"access_token", "refresh_token", "id_token", "client_secret", "hmacSecret"}
KEPT_HEADERS = {"content-type", "date", "retry-after", "www-authenticate", "x-numbers-toolkit-sandbox"}


def scrub_request(request: Any) -> Any:
    """Drop every header but the content type, blank secrets in the body, and name no real host or port."""
    parts = urlsplit(request.uri)
    host = AUTH_HOST if parts.path.startswith("/oauth2/") else NUMBERS_HOST
    request.uri = urlunsplit(("http", host, parts.path, parts.query, ""))
    request.headers = {
        name: value for name, value in request.headers.items() if name.lower() == "content-type"
    }
    if request.body:
        request.body = scrub_json(request.body)
    return request


def scrub_response(response: dict[str, Any]) -> dict[str, Any]:
    """Keep the headers that mean something, and blank secrets in the body."""
    response["headers"] = {
        name: value for name, value in response["headers"].items() if name.lower() in KEPT_HEADERS
    }
    response["body"] = {"string": scrub_json(response["body"]["string"])}
    return response


def scrub_json(body: bytes | str) -> bytes:
    raw = body.encode() if isinstance(body, str) else bytes(body)
    try:
        value = json.loads(raw)
    except ValueError:
        return raw
    return json.dumps(blank(value), ensure_ascii=False).encode()


def blank(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: REDACTED if key in SECRET_FIELDS and one else blank(one) for key, one in value.items()}
    return [blank(one) for one in value] if isinstance(value, list) else value


RECORDER = vcr.VCR(
    record_mode="once" if RECORDING else "none",
    match_on=["method", "host", "path", "query", "body"],
    before_record_request=scrub_request,
    before_record_response=scrub_response,
    decode_compressed_response=True,
)


@contextmanager
def recorded_client(
    name: str, monkeypatch: pytest.MonkeyPatch, *, module: str, **sandbox_options: Any
) -> Iterator[nt.NumbersClient]:
    """Yield a client whose answers come from a cassette; when recording, from a sandbox and into it.

    vcrpy swaps classes of the whole process and is not safe between threads, so sends are taken in turn.
    """
    lock, send = threading.RLock(), HTTPAdapter.send

    def in_turn(self: HTTPAdapter, *arguments: Any, **options: Any) -> Any:
        with lock:
            return send(self, *arguments, **options)

    monkeypatch.setattr(HTTPAdapter, "send", in_turn)
    path = CASSETTES / module / f"{name}.yaml"
    if RECORDING:
        path.unlink(missing_ok=True)
        with (
            nt.Sandbox(clock="manual", **sandbox_options) as sandbox,
            RECORDER.use_cassette(str(path)),
            nt.connect(sandbox=sandbox) as client,
        ):
            yield client
        return
    with RECORDER.use_cassette(str(path)) as cassette:
        with nt.connect(
            SANDBOX_PROJECT,
            "replayed",
            "replayed",
            numbers_url=f"http://{NUMBERS_HOST}",
            auth_url=f"http://{AUTH_HOST}",
            allow_http=True,
        ) as client:
            yield client
        assert cassette.all_played, "the cassette holds requests that the test does not send"
