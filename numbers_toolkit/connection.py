"""connect(): from credentials, or from nothing, to a client.

The one place where settings, transport, client and (on request) the sandbox are put together.
"""

from __future__ import annotations

import math
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from numbers_toolkit import settings
from numbers_toolkit.client import NumbersClient
from numbers_toolkit.errors import ConfigurationError, InvalidInputError, MissingDependencyError
from numbers_toolkit.transport import RetryPolicy, Transport

if TYPE_CHECKING:
    from numbers_toolkit.sandbox import Sandbox
    from numbers_toolkit.transport import Clock

__all__ = ["connect"]


def connect(
    project_id: str | None = None,
    key_id: str | None = None,
    key_secret: str | None = None,
    *,
    auth: str = "oauth",
    numbers_url: str | None = None,
    auth_url: str | None = None,
    sandbox: bool | Sandbox | None = False,
    timeout: float = 60.0,
    retry: RetryPolicy | None = None,
    allow_http: bool = False,
    clock: Clock | None = None,
) -> NumbersClient:
    """Connect to the Numbers API, or to the embedded sandbox.

    Parameters
    ----------
    project_id, key_id, key_secret : str, optional
        Project and access key. What is missing is read from ``SINCH_PROJECT_ID``, ``SINCH_KEY_ID`` and
        ``SINCH_KEY_SECRET``, then from the keyring. Don't write a secret into a notebook.
    auth : {"oauth", "basic"}, default "oauth"
        OAuth 2.0 client credentials, or HTTP Basic (simple, but strongly rate limited by the API).
    numbers_url, auth_url : str, optional
        Origins of the API and of the token service; else ``SINCH_NUMBERS_URL`` and ``SINCH_AUTH_URL``,
        else the real hosts.
    sandbox : bool, Sandbox or None, default False
        True starts an embedded sandbox that speaks the API's contract and stops with the client; it needs
        no credentials, and all its data is labelled as sandbox data. A running ``Sandbox`` is used as it is.
        None is the project as soon as any of its credentials or an address is found, and the embedded sandbox
        when there is nothing at all: for notebooks that run everywhere. The client shows what it came to.
    timeout : float, default 60
        Seconds to wait between two pieces of an answer.
    retry : RetryPolicy, optional
        How safe calls are repeated.
    allow_http : bool, default False
        Allow plain HTTP to another machine.
    clock : Clock, optional
        Time, for tests.

    Returns
    -------
    NumbersClient
        A context manager. Nothing has been sent yet.

    Raises
    ------
    ConfigurationError
        When credentials are incomplete or an address can't be right.

    Examples
    --------
    >>> import numbers_toolkit as nt
    >>> with nt.connect(sandbox=True) as client:
    ...     client.source
    'sandbox'
    """
    # Verbose tracebacks print variables.
    key_secret = settings.SecretText(key_secret) if isinstance(key_secret, str) else key_secret
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not 0 < timeout < math.inf:
        raise InvalidInputError(f"timeout {timeout!r} is no number of seconds above 0.")
    if auth not in ("oauth", "basic"):
        raise InvalidInputError(f"auth {auth!r} is not known; use 'oauth' or 'basic'.")
    if sandbox is None:
        # Half of the credentials is a mistake to be told, not a wish for invented data.
        sandbox = not settings.names_project(project_id, key_id, key_secret, numbers_url, auth_url)
    if sandbox is not False:
        return _connect_sandbox(
            sandbox,
            given=(project_id, key_id, key_secret, numbers_url, auth_url),
            options={"auth": auth, "timeout": timeout, "retry": retry, "clock": clock},
        )
    credentials = settings.resolve_credentials(project_id, key_id, key_secret)
    endpoints = settings.resolve_endpoints(numbers_url, auth_url, allow_http=allow_http)
    return _client(credentials, endpoints, auth=auth, timeout=timeout, retry=retry, clock=clock)


def _client(
    credentials: settings.Credentials,
    endpoints: settings.Endpoints,
    *,
    auth: str,
    timeout: float,
    retry: RetryPolicy | None,
    clock: Clock | None,
) -> NumbersClient:
    transport = Transport(
        credentials,
        endpoints,
        auth=auth,
        read_timeout=timeout,
        retry=retry,
        clock=clock,
    )
    client = NumbersClient(credentials.project_id, transport)
    if settings.is_announced_sandbox(endpoints.numbers_url):
        client.source = "sandbox"
    return client


def _connect_sandbox(sandbox: Any, *, given: tuple[Any, ...], options: dict[str, Any]) -> NumbersClient:
    if any(value is not None for value in given):
        raise ConfigurationError(
            "sandbox=True takes no credentials or addresses: the embedded sandbox makes its own. "
            "Leave them out, or leave out sandbox=True."
        )
    from numbers_toolkit.sandbox import Sandbox

    started = sandbox is True
    server = Sandbox() if started else sandbox
    with ExitStack() as undo:
        if started:
            _start(server)
            undo.callback(server.stop)
        credentials = settings.Credentials(server.project_id, server.key_id, server.key_secret)
        client = _client(credentials, settings.Endpoints(server.numbers_url, server.auth_url), **options)
        client.source = "sandbox"
        client.sandbox = server
        client.on_close(undo.pop_all().close)
    return client


def _start(server: Sandbox) -> None:
    try:
        server.start()
    except ImportError as error:
        raise MissingDependencyError(
            "The embedded sandbox needs uvicorn: pip install 'numbers-toolkit[sandbox]'."
        ) from error
