"""connect(): from credentials, or from nothing, to a client.

The one place where settings, transport, client and (on request) the sandbox are put together.
"""

from __future__ import annotations

import math
import secrets
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from numbers_toolkit import settings, taping
from numbers_toolkit.cassettes import Cassette, use_cassette
from numbers_toolkit.cassettes.recording import REPLAYED_AUTH_URL, REPLAYED_NUMBERS_URL
from numbers_toolkit.client import NumbersClient
from numbers_toolkit.errors import ConfigurationError, InvalidInputError, MissingDependencyError
from numbers_toolkit.transport import RetryPolicy, Transport

if TYPE_CHECKING:
    import os

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
    cassette: str | os.PathLike[str] | Cassette | None = None,
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
    cassette : str, path-like or Cassette, optional
        Record the answers the first time, and play them back afterwards: a name, a path, or what
        :func:`numbers_toolkit.use_cassette` returns, for this client alone. A replay needs no credentials and
        starts no sandbox: project and answers come from the cassette.
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
    CassetteError
        When the cassette can't be used.

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
    given = (project_id, key_id, key_secret, numbers_url, auth_url)
    options: dict[str, Any] = {"auth": auth, "timeout": timeout, "retry": retry, "clock": clock}
    with ExitStack() as undo:
        own = _started(cassette, undo)
        tape = own or _in_use()
        if tape is not None and (tape.replays or _only_replayable(tape, sandbox, given)):
            client = _connect_replayed(tape, project_id, options)
        elif sandbox is not False and (sandbox is not None or not settings.names_project(*given)):
            # With sandbox=None, half of the credentials is a mistake to be told, not a wish for invented data.
            client = _connect_sandbox(
                sandbox is None or sandbox, given=given, options={**options, "tape": own}
            )
        else:
            credentials = _credentials(tape, given[:3])
            endpoints = settings.resolve_endpoints(numbers_url, auth_url, allow_http=allow_http)
            client = _client(credentials, endpoints, **options, tape=own)
        client.cassette = own
        client.on_close(undo.pop_all().close)
    return client


def _started(cassette: str | os.PathLike[str] | Cassette | None, undo: ExitStack) -> Cassette | None:
    if cassette is None:
        return None
    found = cassette if isinstance(cassette, Cassette) else use_cassette(cassette)
    found.start()
    undo.callback(found.stop)
    return found


def _in_use() -> Cassette | None:
    tape = taping.in_use()
    return tape if isinstance(tape, Cassette) else None


def _only_replayable(tape: Cassette, sandbox: object, given: tuple[object, ...]) -> bool:
    """Whether there is something to play back, and nobody to ask for more."""
    return len(tape) > 0 and sandbox in (None, False) and not settings.names_project(*given)


def _credentials(tape: Cassette | None, given: tuple[str | None, ...]) -> settings.Credentials:
    try:
        return settings.resolve_credentials(*given)
    except ConfigurationError as error:
        if tape is None:
            raise
        raise ConfigurationError(
            f"The cassette {tape.name!r} is to be recorded ({tape.path}), which needs credentials; only a replay "
            f"needs none. Nothing was sent. {error}"
        ) from None


def _connect_replayed(tape: Cassette, project_id: str | None, options: dict[str, Any]) -> NumbersClient:
    """Return a client that can't reach anything but a cassette."""
    if project_id and tape.projects and not tape.has_pseudonyms and project_id not in tape.projects:
        raise ConfigurationError(
            f"The cassette {tape.name!r} was recorded for project {' and '.join(tape.projects)}, not for "
            f"{project_id}. Leave project_id out to take the cassette's, or use another cassette. Nothing was sent."
        )
    own = project_id if project_id in tape.projects else None
    project = own or next(iter(tape.projects), project_id or "unknown")
    credentials = settings.Credentials(project, "replayed", secrets.token_hex(16))
    endpoints = settings.Endpoints(REPLAYED_NUMBERS_URL, REPLAYED_AUTH_URL)
    client = _client(
        credentials, endpoints, **{**options, "clock": options["clock"] or tape.clock()}, tape=tape
    )
    client.source = tape.label
    return client


def _client(
    credentials: settings.Credentials,
    endpoints: settings.Endpoints,
    *,
    auth: str,
    timeout: float,
    retry: RetryPolicy | None,
    clock: Clock | None,
    tape: Cassette | None,
) -> NumbersClient:
    transport = Transport(
        credentials,
        endpoints,
        auth=auth,
        read_timeout=timeout,
        retry=retry,
        clock=clock,
        tape=tape,
    )
    client = NumbersClient(credentials.project_id, transport)
    if settings.is_announced_sandbox(endpoints.numbers_url):
        client.is_sandbox()
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
        client.is_sandbox()
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
