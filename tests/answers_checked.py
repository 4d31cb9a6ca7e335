"""Holds every answer and event of every sandbox in this process against its description, whatever the test is about.

The sandbox is held to more than the description asks of the API: no word beyond the known ones, no field that is not
described, none left out that the API is known to send. Left alone is only what a test itself has made wrong: numbers
it brought along, odd values it switched on, a proxy's page. Requests of this package's own client are checked too.

An answer of the same bytes is looked at once, which keeps the whole suite's share of this below a few seconds.
"""

from __future__ import annotations

import functools
import json
import threading
import weakref
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from numbers_toolkit.sandbox import application, contents, events, openapi
from numbers_toolkit.sandbox.application import Application
from numbers_toolkit.sandbox.contents import Contents
from numbers_toolkit.sandbox.openapi_messages import message_schemas
from numbers_toolkit.sandbox.openapi_schemas import answer_schemas

try:
    import jsonschema_rs
except ImportError:  # the oldest versions are tested without it
    jsonschema_rs = None

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numbers_toolkit.sandbox.account import Account
    from numbers_toolkit.sandbox.application import Outcome, Request
    from numbers_toolkit.sandbox.opening import Recipe

OUR_CLIENT = "numbers-toolkit"
#: Answers outside the API: a fault's page, and refusals of paths that no operation has.
PAGE = "text/html"
NUMBERS = {"activeNumbers": "ActiveNumber", "availableNumbers": "AvailableNumber"}
MOST_SHOWN = 5


def closed(schema: Any) -> Any:
    """Narrow a schema of answers to what the sandbox itself may write."""
    if isinstance(schema, list):
        return [closed(one) for one in schema if not (isinstance(one, dict) and one.get("x-open"))]
    if not isinstance(schema, dict):
        return schema
    narrowed = {name: closed(value) for name, value in schema.items()}
    if "properties" in schema:
        absent = schema.get("x-may-be-absent", ())
        narrowed["required"] = [name for name in schema["properties"] if name not in absent]
        narrowed["additionalProperties"] = False
    return narrowed


class Description:
    """The description, as validators of answers, requests and events.

    Parameters
    ----------
    narrow : bool
        Whether answers are held to what the sandbox may write, instead of to what a client has to expect.
    """

    def __init__(self, *, narrow: bool) -> None:
        self.document = openapi.describe()
        schemas = dict(self.document["components"]["schemas"])
        if narrow:
            schemas |= {name: closed(one) for name, one in (answer_schemas() | message_schemas()).items()}
        self._schemas = schemas
        self.operations = {
            operation["operationId"]: (path, method, item.get("parameters", []), operation)
            for path, item in self.document["paths"].items()
            for method, operation in item.items()
            if method in {"get", "post", "patch", "put"}
        }

    @functools.cache  # noqa: B019 - one or two of these live as long as the process
    def validator(self, name: str) -> Any:
        """Return the validator of a schema of the components."""
        return self._compiled({"$ref": f"#/components/schemas/{name}"})

    def _compiled(self, schema: dict[str, Any]) -> Any:
        whole = {**schema, "components": {"schemas": self._schemas}}
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)

    def answer_schema(self, operation: str, status: int) -> str | None:
        """Return the name of the schema of an answer: empty for no body, None where nothing is described."""
        if operation in {application.DESCRIPTION, application.SAMPLE_EVENT} and status == 200:
            return {application.SAMPLE_EVENT: "Event"}.get(operation)
        if operation not in self.operations:
            return "Error"
        responses = self.operations[operation][3]["responses"]
        answer = responses.get(str(status))
        if answer is None:
            return None
        if "$ref" in answer:
            answer = self.document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
        content = answer.get("content")
        return schema_name(content["application/json"]["schema"]) if content else ""

    def body_schema(self, operation: str) -> tuple[str, str, bool]:
        """Return media type and name of the schema of a request body, and whether it is needed."""
        body = self.operations[operation][3].get("requestBody")
        if body is None:
            return "", "", False
        ((media, content),) = body["content"].items()
        return media, schema_name(content["schema"]), body["required"]

    @functools.cache  # noqa: B019 - as above
    def query_validators(self, operation: str) -> dict[str, tuple[bool, str, Any]]:
        """Return by name of a query parameter whether it is needed, its type, and its validator."""
        return {
            one["name"]: (one["required"], one["schema"]["type"], self._compiled(one["schema"]))
            for one in self.operations[operation][3].get("parameters", [])
            if one["in"] == "query"
        }

    def problems(self, name: str, value: Any) -> list[str]:
        """Return what is wrong with a value of a schema."""
        validator = self.validator(name)
        if validator.is_valid(value):
            return []
        found = [
            f"{'/'.join(map(str, error.instance_path))}: {error.message}"[:300]
            for error in validator.iter_errors(value)
        ]
        return found[:MOST_SHOWN]

    def answer_problems(self, operation: str, status: int, body: bytes) -> list[str]:
        """Return what is wrong with the body of an answer."""
        name = self.answer_schema(operation, status)
        if name is None:
            return [] if operation == application.DESCRIPTION else [f"status {status} is not described"]
        if not name:
            return [f"a body of {len(body)} bytes where none is described"] if body else []
        try:
            value = json.loads(body)
        except ValueError as error:
            return [f"no JSON: {error}"]
        return self.problems(name, value)

    def request_problems(self, operation: str, query: str, body: bytes) -> list[str]:
        """Return what is wrong with a request."""
        return [*self._query_problems(operation, query), *self._body_problems(operation, body)]

    def _query_problems(self, operation: str, query: str) -> Iterator[str]:
        described = self.query_validators(operation)
        given: dict[str, list[str]] = {}
        for name, value in parse_qsl(query, keep_blank_values=True):
            given.setdefault(name, []).append(value)
        yield from (f"query parameter {name} is not described" for name in given.keys() - described.keys())
        for name, (needed, kind, validator) in described.items():
            values = given.get(name, [])
            if needed and not values:
                yield f"query parameter {name} is missing"
            if not values:
                continue
            shaped: Any = values if kind == "array" else values[0]
            if kind == "integer" and values[0].isdecimal():
                shaped = int(values[0])
            if (kind != "array" and len(values) > 1) or not validator.is_valid(shaped):
                yield f"query parameter {name}={values} is not as described"

    def _body_problems(self, operation: str, body: bytes) -> list[str]:
        media, name, needed = self.body_schema(operation)
        if not body:
            return ["the body is missing"] if needed else []
        if not name:
            return ["a body where none is described"]
        if media == "application/json":
            return self.problems(name, json.loads(body))
        if media == "multipart/form-data":
            return [] if b'name="file"' in body else ["the form has no file"]
        return self.problems(name, dict(parse_qsl(body.decode())))


def schema_name(schema: dict[str, Any]) -> str:
    """Return the name that a reference points at."""
    return str(schema["$ref"]).rpartition("/")[2]


class Watch:
    """Looks at what goes through every `Application` of this process."""

    def __init__(self) -> None:
        self.description = Description(narrow=True)
        self.found: list[str] = []
        self.looked_at = 0
        self._seen: set[int] = set()
        self._lock = threading.Lock()
        self._recipes: weakref.WeakKeyDictionary[Account, Recipe] = weakref.WeakKeyDictionary()
        self._added: weakref.WeakKeyDictionary[Account, list[dict[str, Any]]] = weakref.WeakKeyDictionary()

    def begin(self) -> None:
        """Put the watch between the server and the application, and between the account and its events."""
        carry_out, body, open_account = Application.carry_out, events._body, contents.open_account

        def watched(self_: Application, request: Request) -> Outcome:
            strikes = _odd_strikes(self_)
            outcome = carry_out(self_, request)
            if outcome.action != "reset" and strikes == _odd_strikes(self_):
                self.look(self_, request, outcome)
            return outcome

        def told(*arguments: Any) -> str:
            text = body(*arguments)
            with self._lock:
                self.found += (
                    f"event {text}: {each}" for each in self.description.problems("Event", json.loads(text))
                )
            return text

        def opened(recipe: Recipe) -> Account:
            account = open_account(recipe)
            self._recipes[account] = recipe
            return account

        Application.carry_out = watched  # type: ignore[method-assign]
        events._body = told
        contents.open_account = opened
        for name in ("add_active", "add_available"):
            setattr(Contents, name, self._noted(getattr(Contents, name)))

    def _noted(self, add: Callable[[Contents, Any], None]) -> Callable[[Contents, Any], None]:
        @functools.wraps(add)
        def noted(sandbox: Contents, document: Any) -> None:
            self._added.setdefault(sandbox._opened(), []).append(document)
            add(sandbox, document)

        return noted

    def look(self, app: Application, request: Request, outcome: Outcome) -> None:
        """Look at one request and its answer."""
        answer = outcome.answer
        operation = application._route(request).operation
        key = hash((operation, request.query, request.body, int(answer.status), answer.body))
        with self._lock:
            if key in self._seen:
                return
            self._seen.add(key)
            self.looked_at += 1
        problems = (
            [] if answer.content_type.startswith(PAGE) else self._answer_problems(app, operation, answer)
        )
        problems += self._header_problems(answer)
        agent = request.headers.get("user-agent", "")
        if agent.startswith(OUR_CLIENT) and operation in self.description.operations:
            problems += self.description.request_problems(operation, request.query, request.body)
        with self._lock:
            where = f"{request.method} {request.path}?{request.query} {answer.status}"
            self.found += (f"{where}: {problem}" for problem in problems)

    def _answer_problems(self, app: Application, operation: str, answer: Any) -> list[str]:
        status = int(answer.status)
        problems = self.description.answer_problems(operation, status, answer.body)
        if not problems or status != 200:
            return problems
        odd = self._odd_numbers(app.account)
        value = json.loads(answer.body)
        listed = next((name for name in NUMBERS if name in value), "")
        if listed:
            value[listed] = [number for number in value[listed] if number.get("phoneNumber") not in odd]
            return self.description.answer_problems(operation, status, json.dumps(value).encode())
        return [] if value.get("phoneNumber") in odd else problems

    def _odd_numbers(self, account: Account) -> set[str]:
        """Return the numbers that the test brought along and that are not as the API describes them."""
        recipe = self._recipes.get(account)
        given = [
            *((recipe.numbers or ()) if recipe else ()),
            *((recipe.available_numbers or ()) if recipe else ()),
        ]
        return {
            document["phoneNumber"]
            for document in [*given, *self._added.get(account, [])]
            if all(self.description.problems(name, dict(document)) for name in NUMBERS.values())
        }

    @staticmethod
    def _header_problems(answer: Any) -> list[str]:
        names = dict(answer.headers)
        problems = [f"header {name} is not in lower case" for name in names if name != name.lower()]
        if int(answer.status) == 401 and "www-authenticate" not in names:
            problems.append("header www-authenticate is missing")
        return problems

    def take_found(self) -> list[str]:
        """Return what was wrong since the last time."""
        with self._lock:
            found, self.found = self.found, []
        return found


def _odd_strikes(app: Application) -> int:
    return sum(fault.hits for fault in app.faults if fault.name in {"odd_values", "wrong_total"})


@functools.cache
def watch() -> Watch | None:
    """Return the watch of this process, which begins now; None without the validator."""
    if jsonschema_rs is None:
        return None
    begun = Watch()
    begun.begin()
    return begun
