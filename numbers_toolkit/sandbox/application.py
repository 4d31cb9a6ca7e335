"""From a decoded HTTP request to an outcome: routes, credentials, operations, faults, the log of requests.

Knows nothing of sockets. Two origins are kept apart: the token endpoint answers on one, the Numbers API on the other,
so that a client that mixes them up notices. Beside the project's operations the second one hands out sample events,
which the official SDKs test themselves with, and the description of the API.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import format_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from numbers_toolkit.sandbox import events, openapi, tokens
from numbers_toolkit.sandbox.answers import Answer, OAuthRefusal, Refusal, success, to_json
from numbers_toolkit.sandbox.clock import SECOND, to_datetime
from numbers_toolkit.sandbox.damage import change_inventory, damage
from numbers_toolkit.sandbox.emergency import EMERGENCY_OPERATIONS
from numbers_toolkit.sandbox.operations import OPERATIONS
from numbers_toolkit.sandbox.orders import ORDER_OPERATIONS
from numbers_toolkit.sandbox.parameters import Call, read_query
from numbers_toolkit.sandbox.rate_limits import Bucket

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Mapping

    from numbers_toolkit.sandbox.account import Account
    from numbers_toolkit.sandbox.faults import Faults

TOKEN_PATH = "/oauth2/token"  # noqa: S105 - a path
PROJECT_PATH = re.compile(r"/v1/projects/([^/]+)/(.+)")
ADDRESS = r"activeNumbers/([^/:]+)/emergencyAddress"
ORDER = r"numberOrders/(?P<order_id>[^/:]+)"
ROUTES: tuple[tuple[re.Pattern[str], dict[str, str]], ...] = (
    (re.compile(r"availableRegions"), {"GET": "list_regions"}),
    (re.compile(r"availableNumbers"), {"GET": "search_available"}),
    (re.compile(r"availableNumbers:rentAny"), {"POST": "rent_any"}),
    (re.compile(r"availableNumbers/([^/:]+)"), {"GET": "check_available"}),
    (re.compile(r"availableNumbers/([^/:]+):rent"), {"POST": "rent"}),
    (re.compile(r"activeNumbers"), {"GET": "list_active"}),
    (re.compile(r"activeNumbers/([^/:]+)"), {"GET": "get_active", "PATCH": "update_active"}),
    (re.compile(r"activeNumbers/([^/:]+):release"), {"POST": "release"}),
    (re.compile(rf"{ADDRESS}"), {"GET": "get_emergency_address"}),
    (re.compile(rf"{ADDRESS}:provision"), {"POST": "provision_emergency_address"}),
    (re.compile(rf"{ADDRESS}:deprovision"), {"POST": "deprovision_emergency_address"}),
    (re.compile(rf"{ADDRESS}:validate"), {"POST": "validate_emergency_address"}),
    (re.compile(r"callbackConfiguration"), {"GET": "get_callback", "PATCH": "update_callback"}),
    (re.compile(r"numberOrders:lookupNumberRequirements"), {"POST": "lookup_requirements"}),
    (re.compile(r"numberOrders:createNumberOrder"), {"POST": "create_order"}),
    (re.compile(rf"{ORDER}"), {"GET": "get_order"}),
    (re.compile(rf"{ORDER}/registration"), {"GET": "get_registration", "PUT": "put_registration"}),
    (re.compile(rf"{ORDER}/attachments/(?P<attachment_id>[^/:]+)"), {"POST": "upload_attachment"}),
    (re.compile(rf"{ORDER}/submit"), {"POST": "submit_order"}),
)
ALL_OPERATIONS = {**OPERATIONS, **EMERGENCY_OPERATIONS, **ORDER_OPERATIONS}
SAMPLE_EVENT = "sample_event"
DESCRIPTION = "openapi"
#: What the second origin hands out to anybody.
OPEN_PATHS = {**dict.fromkeys(events.SAMPLES, SAMPLE_EVENT), openapi.OPENAPI_PATH: DESCRIPTION}
TOKEN_BUCKET = (30, 10)
LOG_LENGTH = 100_000
HTML = b"<!DOCTYPE html><html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"


@dataclass(frozen=True)
class Request:
    """A request as it came in, with the path already percent-decoded."""

    origin: str
    method: str
    path: str
    query: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class LoggedRequest:
    """One request in the log; nothing in it is secret.

    Attributes
    ----------
    method, path, query : str
        As sent; path percent-decoded, query raw.
    operation : str
        Name of the operation, ``token``, or empty for an unknown path.
    status : int or None
        HTTP status; None when the connection was cut without an answer.
    user_agent : str
        The client's name for itself.
    scheme : str
        ``Basic``, ``Bearer`` or empty.
    """

    method: str
    path: str
    query: str
    operation: str
    status: int | None
    user_agent: str
    scheme: str

    @property
    def parameters(self) -> dict[str, list[str]]:
        """The query, decoded."""
        return read_query(self.query)


@dataclass(frozen=True)
class Outcome:
    """An answer and what becomes of it: ``send``, ``truncate``, ``reset`` or ``drop``."""

    answer: Answer
    action: str = "send"


@dataclass(frozen=True)
class _Route:
    operation: str = ""
    project_id: str = ""
    phone_number: str = ""
    allowed: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)


#: Stands between the wire and the application: takes a request and what answers it, returns the outcome.
Gate = Callable[[Request, Callable[[Request], Outcome]], Outcome]


class Application:
    """Serve requests for one account."""

    def __init__(
        self,
        account: Account,
        faults: Faults,
        log: deque[LoggedRequest],
        internal_errors: list[BaseException],
        gate: Gate | None = None,
    ) -> None:
        self.account = account
        self.gate = gate
        self.faults = faults
        self.log = log
        self.internal_errors = internal_errors
        #: Where the other origin is; the server knows once it listens.
        self.auth_port = 0
        limit = account.settings.numbers_rate_limit
        self._token_bucket = Bucket(*TOKEN_BUCKET) if account.settings.token_rate_limit else None
        self._numbers_bucket = Bucket(limit, limit) if limit else None

    def delay(self, request: Request) -> float:
        """Return how many real seconds the answer is to wait."""
        slow = self.faults.strike("slow", _route(request).operation, request.path)
        return float(slow.options["delay"]) if slow else 0.0

    def handle(self, request: Request) -> Outcome:
        """Answer a request, by way of the gate where there is one."""
        return self.carry_out(request) if self.gate is None else self.gate(request, self.carry_out)

    def carry_out(self, request: Request) -> Outcome:
        """Answer a request; a fault of the sandbox itself becomes a 500 and is kept in `internal_errors`."""
        route = _route(request)
        with self.account.lock:
            try:
                self.account.settle()
                outcome = self._outcome(request, route)
            except Refusal as refusal:
                outcome = self._after(Outcome(refusal.answer()), request, route)
            except Exception as error:  # noqa: BLE001 - tests look at internal_errors
                self.internal_errors.append(error)
                outcome = Outcome(Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "fault in the sandbox").answer())
            self._remember(request, route, outcome)
        return outcome

    def date(self) -> str:
        """Return the sandbox's time for the ``date`` header."""
        return format_datetime(to_datetime(self.account.clock.now()), usegmt=True)

    def _remember(self, request: Request, route: _Route, outcome: Outcome) -> None:
        cut = outcome.action in {"reset", "drop"}
        self.log.append(
            LoggedRequest(
                method=request.method,
                path=request.path,
                query=request.query,
                operation=route.operation,
                status=None if cut else int(outcome.answer.status),
                user_agent=request.headers.get("user-agent", ""),
                scheme=request.headers.get("authorization", "").partition(" ")[0],
            )
        )

    def _outcome(self, request: Request, route: _Route) -> Outcome:
        if self.faults.strike("connection_reset", route.operation, request.path):
            return Outcome(Answer(HTTPStatus.OK, b""), "reset")
        answer = self._broken_answer(request, route) or self._answer(request, route)
        return self._after(Outcome(answer), request, route)

    def _after(self, outcome: Outcome, request: Request, route: _Route) -> Outcome:
        for name, action in (("lost_answer", "drop"), ("truncated_body", "truncate")):
            if self.faults.strike(name, route.operation, request.path):
                return Outcome(outcome.answer, action)
        return outcome

    def _broken_answer(self, request: Request, route: _Route) -> Answer | None:
        """Return the answer of a gateway that fails before anything is carried out."""
        for name, status in (("rate_limited", 429), ("unavailable", 503), ("server_error", 500)):
            fault = self.faults.strike(name, route.operation, request.path)
            if fault:
                wait = fault.options.get("retry_after")
                headers = () if wait is None else (("retry-after", str(wait)),)
                return _refuse(route, status, name.replace("_", " "), headers).answer()
        page = self.faults.strike("html_answer", route.operation, request.path)
        if page:
            return Answer(int(page.options["status"]), HTML, (), "text/html; charset=utf-8")
        if self.faults.strike("expired_token", route.operation, request.path):
            raise tokens.expired_token(self.account.clock.now() - SECOND)
        return None

    def _answer(self, request: Request, route: _Route) -> Answer:
        if not route.operation:
            return self._unroutable(request, route)
        if route.operation == "token":
            return self._token(request)
        if route.operation == SAMPLE_EVENT:
            return events.sample(self.account, request.path)
        if route.operation == DESCRIPTION:
            origins = openapi.origins(request.headers.get("host", ""), self.auth_port)
            return success(to_json(openapi.describe(*origins)))
        self._authenticate(request)
        if route.project_id != self.account.identity.project_id:
            raise Refusal(HTTPStatus.FORBIDDEN)
        _draw(self._numbers_bucket, self.account, route)
        kind = request.headers.get("content-type", "")
        query = read_query(request.query)
        call = Call(
            route.operation, route.phone_number, query, request.body, content_type=kind, **route.named
        )
        change_inventory(self.account, self.faults, call, request.path)
        text = ALL_OPERATIONS[route.operation](self.account, call)
        return success(damage(self.account, self.faults, call, request.path, text))

    def _unroutable(self, request: Request, route: _Route) -> Answer:
        if route.allowed:
            allow = (("allow", ", ".join(route.allowed)),)
            raise Refusal(
                HTTPStatus.METHOD_NOT_ALLOWED, f"{request.method} is not supported here", headers=allow
            )
        raise Refusal(HTTPStatus.NOT_FOUND, f"no such path: {request.path}")

    def _authenticate(self, request: Request) -> None:
        scheme, _, credential = request.headers.get("authorization", "").partition(" ")
        identity = self.account.identity
        if scheme.lower() == "bearer":
            tokens.check(identity, credential.strip(), self.account.clock.now())
        elif scheme.lower() != "basic" or not identity.basic_matches(credential.strip()):
            raise tokens.invalid_credentials()

    def _token(self, request: Request) -> Answer:
        account = self.account
        scheme, _, credential = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic" or not account.identity.basic_matches(credential.strip()):
            challenge = (("www-authenticate", 'Basic realm="token"'),)
            raise OAuthRefusal(
                HTTPStatus.UNAUTHORIZED, "invalid_client", "Client authentication failed", challenge
            )
        _draw(self._token_bucket, account, _Route("token"))
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        form = dict(parse_qsl(request.body.decode("latin-1"), keep_blank_values=True))
        if kind != "application/x-www-form-urlencoded" or "grant_type" not in form:
            raise OAuthRefusal(
                HTTPStatus.BAD_REQUEST, "invalid_request", "A form with grant_type is required"
            )
        if form["grant_type"] != "client_credentials":
            raise OAuthRefusal(
                HTTPStatus.BAD_REQUEST, "unsupported_grant_type", "Only client_credentials is supported"
            )
        account.tokens_issued += 1
        lifetime = account.settings.token_lifetime
        clock = account.clock
        token = tokens.issue(
            account.identity, clock.now(), lifetime, account.tokens_issued, client_now=clock.client_seconds()
        )
        answer = {"access_token": token, "expires_in": lifetime, "scope": "", "token_type": "bearer"}
        return success(to_json(answer))


def _draw(bucket: Bucket | None, account: Account, route: _Route) -> None:
    if bucket is not None and not bucket.draw(account.clock.now()):
        raise _refuse(route, HTTPStatus.TOO_MANY_REQUESTS, "rate limited", ())


def _refuse(route: _Route, status: int, message: str, headers: tuple[tuple[str, str], ...]) -> Refusal:
    if route.operation == "token":
        return OAuthRefusal(status, "temporarily_unavailable", message, headers)
    return Refusal(status, message, headers=headers)


def _route(request: Request) -> _Route:
    if request.origin == "auth":
        if request.path != TOKEN_PATH:
            return _Route()
        return _Route("token") if request.method == "POST" else _Route(allowed=("POST",))
    if request.path in OPEN_PATHS:
        return _Route(OPEN_PATHS[request.path]) if request.method == "GET" else _Route(allowed=("GET",))
    found = PROJECT_PATH.fullmatch(request.path)
    if not found:
        return _Route()
    project_id, rest = found.groups()
    for pattern, methods in ROUTES:
        match = pattern.fullmatch(rest)
        if match:
            named = match.groupdict()
            phone_number = match.group(1) if match.groups() and not named else ""
            operation = methods.get(request.method, "")
            return _Route(operation, project_id, phone_number, () if operation else tuple(methods), named)
    return _Route()
