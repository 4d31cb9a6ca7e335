"""Sockets and the thread: an HTTP server inside this process, on two ports, that starts and stops promptly.

The server runs its own event loop in a daemon thread, so it works where the main thread has a running loop (Jupyter),
and many can run at once.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
import sys
import threading
from typing import TYPE_CHECKING, Any

from numbers_toolkit.sandbox.application import Application, Outcome, Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

try:
    import uvicorn
    from uvicorn.protocols.http.auto import AutoHTTPProtocol
except ImportError as error:  # pragma: no cover - the message is tested in a child process
    raise ImportError("the sandbox needs uvicorn: pip install 'numbers-toolkit[sandbox]'") from error

THREAD_NAME = "numbers-sandbox"
#: Not of the API: it lets a client label this data wherever it is shown. Clients that don't know it ignore it.
LABEL = "x-numbers-toolkit-sandbox"
BACKLOG = 2048
KEEP_ALIVE_SECONDS = 300
START_TIMEOUT = 30.0
GRACE_SECONDS = 0.3
#: Turns of the event loop until the last connection is cut, however many come at the moment of the end.
MOST_TURNS = 10_000
LINGER_FORMAT = "hh" if sys.platform == "win32" else "ii"
NUMBERS, AUTH = "numbers", "auth"


def listen(host: str, port: int) -> socket.socket:
    """Bind and listen; from here on a client that connects is served as soon as the loop runs."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio switches off the delay of small packets, 40 ms per answer otherwise.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":
            # On Windows it would let two servers take one port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


class _Protocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """Hand the connection to the application, which must be able to cut it."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self.app_state: dict[str, Any] = {**self.app_state, "transport": transport}


class _Server(uvicorn.Server):
    """Report readiness and stop on events, where the parent polls ten times a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        if self._stop is not None:
            await self._stop.wait()

    def request_stop(self) -> None:
        if self._loop is not None and self._stop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._stop_listening()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        running = list(self.server_state.tasks)
        if running:
            _, late = await asyncio.wait(running, timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._abort_connections()

    async def _stop_listening(self) -> None:
        loop = asyncio.get_running_loop()
        # The default loop of Windows has no readers; there closing alone ends it.
        if isinstance(loop, asyncio.SelectorEventLoop):
            for listener in [one for server in self.servers for one in server.sockets]:
                loop.remove_reader(listener.fileno())
        # What was accepted already becomes a connection in this turn; of a closed server it would only be leaked.
        await asyncio.sleep(0)
        for server in self.servers:
            server.close()

    async def _abort_connections(self) -> None:
        """Cut what is still open, and what was accepted a moment ago and is known only turns of the loop later."""
        for _ in range(MOST_TURNS):
            for connection in list(self.server_state.connections):
                connection.transport.abort()
            await asyncio.sleep(0)
            if not self.server_state.connections and len(asyncio.all_tasks()) == 1:
                return


class _QuietThread(logging.Filter):
    """Drop what the HTTP server logs in sandbox threads: cutting connections is what faults are for."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.threadName or "").startswith(THREAD_NAME)


_QUIET = _QuietThread()


class ServerThread:
    """Serve an application on two listening sockets until stopped."""

    def __init__(self, application: Application, host: str, port: int, auth_port: int) -> None:
        self._application = application
        numbers = listen(host, port)
        try:
            auth = listen(host, auth_port)
        except OSError:
            numbers.close()
            raise
        self._sockets = [numbers, auth]
        self.numbers_port: int = numbers.getsockname()[1]
        self.auth_port: int = auth.getsockname()[1]
        application.auth_port = self.auth_port
        config = uvicorn.Config(
            self._serve,
            interface="asgi3",
            http=_Protocol,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        logging.getLogger("uvicorn.error").addFilter(_QUIET)
        self._server = _Server(config)
        name = f"{THREAD_NAME}-{self.numbers_port}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._failure: BaseException | None = None

    def start(self) -> None:
        """Start the thread and return when it answers."""
        self._thread.start()
        if not self._server.ready.wait(START_TIMEOUT) or self._failure is not None:
            self.stop()
            raise RuntimeError("the sandbox server did not start") from self._failure

    def stop(self) -> None:
        """Close all connections and end the thread."""
        self._server.request_stop()
        if self._thread.is_alive():
            self._thread.join()
        for listener in self._sockets:
            listener.close()

    def _run(self) -> None:
        try:
            asyncio.run(self._server.serve(sockets=self._sockets))
        except BaseException as error:  # noqa: BLE001 - reported by start()
            self._failure = error
        finally:
            self._server.ready.set()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._answer(scope, receive, send)
        except Exception as error:
            self._application.internal_errors.append(error)
            raise

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _read_body(receive)
        if body is None:
            return
        request = Request(
            origin=AUTH if scope["server"][1] == self.auth_port else NUMBERS,
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
            body=body,
        )
        delay = self._application.delay(request)
        if delay:
            await asyncio.sleep(delay)
        outcome = self._application.handle(request)
        if outcome.action in {"reset", "drop"}:
            await _cut(scope["state"]["transport"], outcome.action == "reset", receive)
        else:
            await _send(outcome, self._application.date(), send)


async def _read_body(receive: Receive) -> bytes | None:
    """Return the whole body, or None when the client left before it was complete."""
    chunks = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


async def _send(outcome: Outcome, date: str, send: Send) -> None:
    answer = outcome.answer
    headers = [
        ("date", date),
        ("content-type", answer.content_type),
        ("content-length", str(len(answer.body))),
        (LABEL, "1"),
        *answer.headers,
    ]
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    truncated = outcome.action == "truncate"
    body = answer.body[: len(answer.body) // 2] if truncated else answer.body
    # Leaving after a body that is announced as unfinished makes the server close the connection.
    await send({"type": "http.response.body", "body": body, "more_body": truncated})


async def _cut(transport: asyncio.Transport, reset: bool, receive: Receive) -> None:
    if reset:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(LINGER_FORMAT, 1, 0))
    transport.abort()
    # The server would answer 500 on our behalf if we left before it noticed that the connection is gone.
    while (await receive())["type"] != "http.disconnect":
        pass
