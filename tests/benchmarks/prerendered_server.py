"""A server that only hands out bytes made beforehand, so that a benchmark measures the client.

Takes its pages from the sandbox once, then answers every page token from memory. Prints its address as the
first line and serves until its standard input is closed.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys

import requests

import numbers_toolkit as nt

TOKEN_BODY = b'{"access_token":"benchmark","expires_in":3599,"scope":"","token_type":"bearer"}'
PAGE_TOKEN = re.compile(rb"[?&]pageToken=([A-Za-z0-9_-]+)")


def rendered_pages(numbers: int) -> tuple[str, dict[str, bytes]]:
    """Return the project id and every page of an inventory by its page token."""
    pages: dict[str, bytes] = {}
    with nt.Sandbox(active=numbers, available=0, clock="manual", maximum_page_size=1000) as sandbox:
        url = f"{sandbox.numbers_url}/v1/projects/{sandbox.project_id}/activeNumbers"
        token = ""
        session = requests.Session()
        session.auth = (sandbox.key_id, sandbox.key_secret)
        while True:
            query = {"pageSize": "1000", "orderBy": "phoneNumber", **({"pageToken": token} if token else {})}
            body = session.get(url, params=query, timeout=60).content
            pages[token] = body
            token = json.loads(body)["nextPageToken"]
            if not token:
                return sandbox.project_id, pages


def response(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def serve(numbers: int, latency_seconds: float) -> None:
    project, pages = rendered_pages(numbers)
    ready = {token.encode(): response(body) for token, body in pages.items()}
    token_answer = response(TOKEN_BODY)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: *(\d+)", head)
                if length:
                    await reader.readexactly(int(length.group(1)))
                line = head.split(b"\r\n", 1)[0]
                if latency_seconds:
                    await asyncio.sleep(latency_seconds)
                found = PAGE_TOKEN.search(line)
                writer.write(token_answer if b"/oauth2/" in line else ready[found.group(1) if found else b""])
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, limit=1 << 20)
    port = server.sockets[0].getsockname()[1]
    size = sum(map(len, pages.values()))
    print(json.dumps({"url": f"http://127.0.0.1:{port}", "project_id": project, "bytes": size}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
