"""Carries out calls on the first generation of the vendor's client for Python, one JSON line each."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, is_dataclass
from typing import Any
from urllib.parse import urlsplit

import sinch

APIS = ("regions", "available", "active", "callbacks")


def connect(options: dict[str, str]) -> Any:
    """Return a client for a sandbox."""
    client = sinch.SinchClient(
        key_id=options["keyId"], key_secret=options["keySecret"], project_id=options["projectId"]
    )
    client.configuration.disable_https = True
    client.configuration.auth_origin = urlsplit(options["authHostname"]).netloc
    client.configuration.numbers_origin = urlsplit(options["numbersHostname"]).netloc
    return client


def methods(client: Any) -> list[str]:
    """Return every public method."""
    apis = {api: getattr(client.numbers, api) for api in APIS}
    return [f"{api}.{name}" for api, found in apis.items() for name in dir(found) if not name.startswith("_")]


def plain(value: Any) -> Any:
    """Return an answer as JSON can hold it."""
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def pages_of(found: Any) -> list[Any]:
    """Return the page that a listing begins with, and all that follow."""
    pages = [plain(found.result)]
    while found.has_next_page:
        found = found.next_page()
        pages.append(plain(found.result))
    return pages


def main() -> None:
    """Answer line by line."""
    client: Any = None
    for line in sys.stdin:
        command = json.loads(line)
        result: Any = None
        try:
            if command["command"] == "connect":
                client = connect(command["options"])
            elif command["command"] == "methods":
                result = methods(client)
            else:
                api, name = command["method"].split(".")
                found = getattr(getattr(client.numbers, api), name)(**command["argument"])
                result = pages_of(found) if command["command"] == "pages" else plain(found)
            answer = {"result": result}
        except Exception as error:  # noqa: BLE001 - told to the test
            response = getattr(error, "http_response", None)
            status = getattr(response, "status_code", None)
            answer = {"error": type(error).__name__, "status": status, "message": str(error)}
        print(json.dumps(answer, default=str), flush=True)


if __name__ == "__main__":
    main()
