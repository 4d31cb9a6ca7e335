"""For tests of cassettes: no sockets at all, small recordings, and what is in a file."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

import yaml

import numbers_toolkit as nt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def no_sockets() -> Iterator[list[object]]:
    """Let every attempt to open a connection or to look up a name fail, and be counted."""
    tried: list[object] = []

    def refuse(*arguments: object, **_: object) -> None:
        tried.append(arguments)
        raise AssertionError("a socket was opened")

    with (
        mock.patch.object(socket.socket, "connect", refuse),
        mock.patch.object(socket.socket, "connect_ex", refuse),
        mock.patch.object(socket, "getaddrinfo", refuse),
        mock.patch.object(socket, "create_connection", refuse),
    ):
        yield tried
    assert not tried


def recorded_regions(path: Path, **options: Any) -> Path:
    """Record one request from a sandbox."""
    with (
        nt.Sandbox(active=0, available=3, clock="manual") as sandbox,
        nt.connect(sandbox=sandbox, cassette=nt.use_cassette(path, **options)) as client,
    ):
        client.list_available_regions("MOBILE")
    return path


def content(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def edit(path: Path, **metadata: Any) -> None:
    """Change what a cassette tells of itself; None takes it out."""
    whole = content(path)
    told = whole["metadata"]["numbers_toolkit"]
    for name, value in metadata.items():
        told[name] = value
        if value is None:
            del told[name]
    path.write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
