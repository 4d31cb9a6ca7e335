"""The API that the sandbox speaks, as a description in OpenAPI 3.1; served at ``/openapi.json``.

Written by ourselves from public sources, which every operation names. It describes the API as a client has to expect
it, so it is wider than what the sandbox does; `numbers_toolkit.sandbox.openapi_parts` tells how it can be narrowed.
Its addresses are the sandbox's own: a tool that takes them from here cannot reach the vendor.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from numbers_toolkit.sandbox.openapi_messages import message_schemas
from numbers_toolkit.sandbox.openapi_operations import ALL, DESCRIPTION, PRODUCTION, SDKS, Operation
from numbers_toolkit.sandbox.openapi_parts import reference
from numbers_toolkit.sandbox.openapi_requests import PATH_PARAMETERS, request_schemas
from numbers_toolkit.sandbox.openapi_schemas import answer_schemas

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["OPENAPI_PATH", "TOKEN_OPERATION", "describe", "origins"]

OPENAPI_PATH = "/openapi.json"
HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
TOKEN_OPERATION = "token"  # noqa: S105 - a name
JSON = "application/json"
#: Statuses that any operation can give.
ANYWHERE = (401, 429, 500, 503)
MEANINGS: Mapping[int, str] = {
    400: "A field, a word or the body as a whole is not what it must be. `status` is INVALID_ARGUMENT.",
    401: "Credentials that are wrong, missing or expired. Its body is documented nowhere; the usual envelope is a "
    "choice of the sandbox.",
    403: "A key without access to the project, or a trial account that would rent. `status` is PERMISSION_DENIED.",
    404: "There is no such thing. `status` is NOT_FOUND, and the details tell the kind of thing.",
    413: "The file is too large. `status` is CONTENT_TOO_LARGE.",
    429: "Too many requests. Documented for the token endpoint alone; the body is a choice of the sandbox.",
    500: "A fault of the server. `status` is INTERNAL or UNKNOWN.",
    503: "Not available for now. Documented nowhere; the body is a choice of the sandbox.",
}
ABOUT = (
    "Search, rent and manage phone numbers, as Sinch's Numbers API does it. This is an independent description "
    "of the API as `numbers-toolkit` understands it, not the vendor's own.\n\n"
    "In answers, a field that is absent, null or an empty text means the same, and new fields and words may "
    "appear at any time. Amounts of money are text. Times are RFC 3339 in UTC; those of events have no zone.\n\n"
    f"Sources: {DESCRIPTION}; {PRODUCTION}; {SDKS}."
)


def origins(host: str, auth_port: int) -> tuple[str, str]:
    """Return the origins of the Numbers API and of the token endpoint, as the reader of the description knows them.

    Parameters
    ----------
    host : str
        The ``host`` header with which the description was asked for.
    auth_port : int
        Port of the token endpoint, at the same host.

    Examples
    --------
    >>> origins("localhost:4010", 4011)
    ('http://localhost:4010', 'http://localhost:4011')
    >>> origins("no host", 4011)
    ('/', 'http://127.0.0.1:4011')
    """
    found = HOST.fullmatch(host)
    if found is None:
        return "/", f"http://127.0.0.1:{auth_port}"
    return f"http://{host}", f"http://{found.group(1)}:{auth_port}"


def describe(numbers_url: str = "/", auth_url: str = "/") -> dict[str, Any]:
    """Return the description.

    Parameters
    ----------
    numbers_url, auth_url : str
        Origins of the Numbers API and of the token endpoint; ``/`` is where the description was read from.

    Returns
    -------
    dict
        An OpenAPI 3.1 document.

    Examples
    --------
    >>> document = describe("http://127.0.0.1:4010", "http://127.0.0.1:4011")
    >>> document["openapi"], len(document["paths"])
    ('3.1.0', 20)
    >>> document["paths"]["/v1/projects/{projectId}/activeNumbers"]["get"]["operationId"]
    'list_active'
    """
    paths: dict[str, dict[str, Any]] = {}
    for operation in ALL:
        item = paths.setdefault(operation.path, _path_item(operation.path))
        item[operation.method] = _operation(operation)
    paths["/oauth2/token"] = _token_path(auth_url)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Numbers API", "version": "1.0.3", "description": ABOUT},
        "servers": [{"url": numbers_url, "description": "The sandbox that serves this description."}],
        "security": [{"basic": []}, {"oauth2": []}],
        "paths": paths,
        "webhooks": {"event": {"post": _event_operation()}},
        "components": {
            "schemas": answer_schemas() | message_schemas() | request_schemas(),
            "parameters": PATH_PARAMETERS,
            "responses": {f"Error{status}": _error(status) for status in MEANINGS},
            "headers": _headers(),
            "securitySchemes": _security(auth_url),
        },
    }


def _path_item(path: str) -> dict[str, Any]:
    names = re.findall(r"{(\w+)}", path)
    return {"parameters": [{"$ref": f"#/components/parameters/{name}"} for name in names]}


def _operation(operation: Operation) -> dict[str, Any]:
    told = f"{operation.about}\n\nSource: {'; '.join(operation.sources)}.".lstrip()
    built: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": told,
        "tags": [operation.path.split("/")[4].partition(":")[0]],
        "responses": {"200": _success(operation)}
        | {
            str(status): {"$ref": f"#/components/responses/Error{status}"}
            for status in sorted((*operation.errors, *ANYWHERE))
        },
    }
    if operation.query:
        built["parameters"] = [*operation.query]
    if operation.request:
        built["requestBody"] = _body(operation)
    if operation.deprecated:
        built["deprecated"] = True
    return built


def _body(operation: Operation) -> dict[str, Any]:
    media = "multipart/form-data" if operation.name == "upload_attachment" else JSON
    return {"required": operation.needs_body, "content": {media: {"schema": reference(operation.request)}}}


def _success(operation: Operation) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": "Done." if operation.answer else "Done; the body is empty.",
        "headers": {"x-numbers-toolkit-sandbox": {"$ref": "#/components/headers/sandbox"}},
    }
    if operation.answer:
        answer["content"] = {JSON: {"schema": reference(operation.answer)}}
    if operation.links:
        answer["links"] = {
            name: {
                "operationId": name,
                "parameters": {"projectId": "$request.path.projectId", **expressions},
            }
            for name, expressions in operation.links.items()
        }
    return answer


def _error(status: int, schema: str = "Error") -> dict[str, Any]:
    headers = {"x-numbers-toolkit-sandbox": {"$ref": "#/components/headers/sandbox"}}
    if status == 401:  # noqa: PLR2004 - as the table above says
        headers["www-authenticate"] = {"$ref": "#/components/headers/challenge"}
    if status in {429, 503}:
        headers["retry-after"] = {"$ref": "#/components/headers/wait"}
    return {
        "description": MEANINGS[status],
        "headers": headers,
        "content": {JSON: {"schema": reference(schema)}},
    }


def _headers() -> dict[str, Any]:
    return {
        "challenge": {
            "description": "Holds the word `expired` when the token has run out: fetch a new one and repeat "
            "once. Any other 401 is final.",
            "required": True,
            "schema": {"type": "string"},
        },
        "wait": {
            "description": "Seconds to wait. The vendor is known not to send it.",
            "schema": {"type": "integer", "minimum": 0},
        },
        "sandbox": {
            "description": "Only the sandbox sends it, so that its data cannot be taken for real.",
            "schema": {"const": "1"},
        },
    }


def _security(auth_url: str) -> dict[str, Any]:
    flow = {"tokenUrl": f"{auth_url.rstrip('/')}/oauth2/token", "scopes": {}}
    return {
        "basic": {
            "type": "http",
            "scheme": "basic",
            "description": "Key id and key secret. Meant for trying things out: its rate limit is lower.",
        },
        "oauth2": {
            "type": "oauth2",
            "description": "An access token of the token endpoint; it lives for about an hour.",
            "flows": {"clientCredentials": flow},
        },
    }


def _token_path(auth_url: str) -> dict[str, Any]:
    errors = {str(status): _error(status, "TokenError") for status in (400, *ANYWHERE)}
    content = {JSON: {"schema": reference("Token")}}
    return {
        "servers": [{"url": auth_url, "description": "The sandbox's token endpoint."}],
        "post": {
            "operationId": TOKEN_OPERATION,
            "summary": "Get an access token",
            "description": "Client credentials, in a form. The shape of a refusal is that of OAuth 2.0, a choice "
            f"of the sandbox.\n\nSource: {DESCRIPTION}; {SDKS}; {PRODUCTION}.",
            "tags": ["token"],
            "security": [{"basic": []}],
            "requestBody": {
                "required": True,
                "content": {"application/x-www-form-urlencoded": {"schema": reference("TokenRequest")}},
            },
            "responses": {"200": {"description": "A token.", "content": content}, **errors},
        },
    }


def _event_operation() -> dict[str, Any]:
    signature = {"type": "string", "pattern": "^[0-9a-f]{40}$"}
    return {
        "operationId": "event",
        "summary": "An event, sent to the callback URL of a number or an order",
        "description": "The signature is HMAC-SHA1 over the bytes of the body, keyed with the project's secret. "
        f"Events may come twice and out of order.\n\nSource: {DESCRIPTION}; {SDKS}.",
        "parameters": [
            {
                "name": "X-Sinch-Signature",
                "in": "header",
                "required": False,
                "description": "Absent when the project has no secret.",
                "schema": signature,
            }
        ],
        "requestBody": {"required": True, "content": {JSON: {"schema": reference("Event")}}},
        "responses": {"200": {"description": "Taken."}},
    }
