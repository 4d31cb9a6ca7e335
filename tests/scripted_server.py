"""A real HTTP server on loopback that answers what a test tells it to, byte by byte if need be."""

from __future__ import annotations

import json
import socket
import struct
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

import numbers_toolkit as nt

if TYPE_CHECKING:
    from collections.abc import Callable

TOKEN = "header.payload-of-the-token.signature"
SECRET = "s3cret-of-the-test"
PROJECT = "7f2c9a4e-51d8-4b63-9e0a-6c1d85b2f347"
TOKEN_ANSWER = {"access_token": TOKEN, "expires_in": 3599, "scope": "", "token_type": "bearer"}


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """What to send. ``raw`` replaces everything; ``cut`` ends the connection after the body as it is."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    reset: bool = False
    before: Callable[[], object] | None = None

    def payload(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class ScriptedServer:
    """Serve ``replies`` in order, the last one for ever; token requests apart, by ``token_replies``."""

    def __init__(
        self, *replies: Reply, token_replies: tuple[Reply, ...] = (Reply(body=TOKEN_ANSWER),)
    ) -> None:
        self.replies = list(replies) or [Reply()]
        self.token_replies = list(token_replies)
        self.requests: list[Request] = []
        self.token_requests: list[Request] = []
        self.lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_any(self) -> None:
                outer.answer(self)

            do_GET = do_POST = do_PATCH = do_PUT = handle_any  # noqa: N815 - named by the base class

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("content-length") or 0)
        path, _, query = handler.path.partition("?")
        headers = {name.lower(): value for name, value in handler.headers.items()}
        request = Request(handler.command, path, query, headers, handler.rfile.read(length))
        with self.lock:
            token = path == "/oauth2/token"
            log, script = (
                (self.token_requests, self.token_replies) if token else (self.requests, self.replies)
            )
            log.append(request)
            reply = script.pop(0) if len(script) > 1 else script[0]
        if reply.before is not None:
            reply.before()
        try:
            send(handler, reply)
        except OSError:
            handler.close_connection = True

    def client(self, **options: Any) -> nt.NumbersClient:
        given = {"project_id": PROJECT, "key_id": "key-id", "key_secret": SECRET, "clock": FakeClock()}
        return nt.connect(**{**given, "numbers_url": self.url, "auth_url": self.url, **options})


def send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    if reply.reset:
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.close_connection = True
        handler.connection.close()
        return
    if reply.raw is not None:
        handler.wfile.write(reply.raw)
        handler.wfile.flush()
        handler.close_connection = True
        return
    body = reply.payload()
    handler.send_response(reply.status)
    headers = {"content-type": "application/json", "content-length": str(len(body)), **reply.headers}
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


class FakeClock:
    """Time that moves only when told to, or when the code under test waits."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.waits: list[float] = []
        self.start = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        self.step = 0.0
        self.on_sleep: Callable[[], object] | None = None

    def monotonic(self) -> float:
        self.seconds += self.step
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds += seconds
        if self.on_sleep is not None:
            self.on_sleep()

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds - 1000.0)


def error(status: int, code: str = "", message: str = "", details: Any = (), **headers: str) -> Reply:
    body = {"error": {"code": status, "message": message, "status": code, "details": details}}
    return Reply(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


def expired() -> Reply:
    challenge = 'Bearer error="invalid_token", error_description="Jwt expired at 2026-03-02T10:15:27Z"'
    return error(401, "UNAUTHENTICATED", "token expired", [], www_authenticate=challenge)


def page(*numbers: Any, token: str | None = "", total: Any = "count") -> Reply:
    content: dict[str, Any] = {"activeNumbers": list(numbers)}
    if token is not None:
        content["nextPageToken"] = token
    if total != "absent":
        content["totalSize"] = len(numbers) if total == "count" else total
    return Reply(body=content)


def number(index: int = 1, **fields: Any) -> dict[str, Any]:
    return {"phoneNumber": f"+1307555{index:04d}", "regionCode": "US", "type": "LOCAL", **fields}
