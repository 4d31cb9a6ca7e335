"""A pytest plugin: a sandbox, a client of it, and recorded answers of the API, as fixtures.

Installed with the package, and silent until one of its fixtures is asked for: it loads nothing heavy before.

Examples
--------
A test that is recorded once from the sandbox, and replayed without any network afterwards::

    def test_report_names_every_region(numbers_client, numbers_cassette):
        active = nt.active_numbers(numbers_client)
        assert len(nt.inventory_summary(active)) > 0
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from numbers_toolkit.cassettes import Cassette
    from numbers_toolkit.cassettes.cassette import Mode
    from numbers_toolkit.client import NumbersClient
    from numbers_toolkit.sandbox import Sandbox

__all__ = ["cassette_path", "numbers_cassette", "numbers_client", "numbers_sandbox"]

_SOURCES: Final = ("sandbox", "production")
_RECORD: Final = "NUMBERS_TOOLKIT_RECORD"
_RECORD_PAID: Final = "NUMBERS_TOOLKIT_RECORD_PAID"
_OFF: Final = ("", "0", "false", "no")
_CASSETTE_OPTIONS: Final = frozenset({"pseudonyms", "match_on", "keep"})
_SANDBOX_DEFAULTS: Final = {"active": 40, "available": 400, "clock": "manual"}
_LONGEST_NAME: Final = 80
_FAILED: Final = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that record, and the setting of where cassettes are."""
    group = parser.getgroup("numbers", "Sinch Numbers API (numbers_toolkit)")
    group.addoption(
        "--numbers-record",
        choices=_SOURCES,
        metavar="{sandbox,production}",
        help="Record the cassettes of numbers_cassette anew: from the sandbox, or from the project that the "
        f"credentials in the environment belong to, with pseudonyms. {_RECORD} does the same.",
    )
    group.addoption(
        "--numbers-record-paid",
        action="store_true",
        help=f"Record what changes or costs something in production, too. {_RECORD_PAID}=1 does the same.",
    )
    parser.addini(
        "numbers_cassettes",
        "Folder of the cassettes of numbers_cassette, relative to the root folder; else cassettes beside the test.",
        default="",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, and refuse options that contradict each other before any test runs."""
    config.addinivalue_line(
        "markers",
        "numbers_sandbox(**options): options of nt.Sandbox for the fixture numbers_sandbox, as active=40, seed=3.",
    )
    config.addinivalue_line(
        "markers",
        "numbers_cassette(pseudonyms=..., match_on=..., keep=...): options of nt.use_cassette for the fixture "
        "numbers_cassette.",
    )
    source = _source(config)
    if config.getoption("--numbers-record-paid") and source is None:
        raise pytest.UsageError(
            "--numbers-record-paid records nothing by itself: add --numbers-record sandbox or production."
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed: what it recorded is not kept then."""
    report = yield
    if call.excinfo is not None and call.when != "teardown":
        item.stash[_FAILED] = True
    return report


@pytest.fixture
def numbers_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Start a sandbox of 40 active numbers and 400 on offer, whose clock stands still until the test moves it.

    ``@pytest.mark.numbers_sandbox(active=2000, seed=3)`` gives it other options, those of ``nt.Sandbox``. Its data
    are invented, and every frame, plot and report made of them says so.
    """
    from numbers_toolkit.sandbox import Sandbox

    try:
        sandbox = Sandbox(**{**_SANDBOX_DEFAULTS, **_options_of(request, "numbers_sandbox")})
    except (TypeError, ValueError) as error:
        raise pytest.UsageError(f"@pytest.mark.numbers_sandbox of {request.node.nodeid}: {error}") from None
    with sandbox:
        yield sandbox


@pytest.fixture
def numbers_cassette(request: pytest.FixtureRequest) -> Iterator[Cassette]:
    """Record what the API answers in this test the first time, and play it back afterwards, without any network.

    It holds for every client of the test. The file is ``cassettes/<module>/<test>.yaml`` beside the test, or in the
    folder that the setting ``numbers_cassettes`` names; a test that fails leaves it as it was. Where ``CI`` is set, a
    missing cassette is an error. ``--numbers-record sandbox`` and ``--numbers-record production`` record anew.
    ``@pytest.mark.numbers_cassette(pseudonyms=True)`` gives options of ``nt.use_cassette``.
    """
    from numbers_toolkit import errors
    from numbers_toolkit.cassettes import use_cassette

    options = _options_of(request, "numbers_cassette")
    if unknown := sorted(options.keys() - _CASSETTE_OPTIONS):
        raise pytest.UsageError(
            f"@pytest.mark.numbers_cassette of {request.node.nodeid} has no option {', '.join(unknown)}; "
            f"there are {', '.join(sorted(_CASSETTE_OPTIONS))}."
        )
    source, path = _source(request.config), cassette_path(request.node)
    options.setdefault("pseudonyms", source == "production")
    mode: Mode = "all" if source else "none" if _is_automatic() else "once"
    paid = request.config.getoption("--numbers-record-paid")
    cassette = use_cassette(path, mode=mode, paid=paid, **options)
    try:
        cassette.start()
    except errors.CassetteError as error:
        again = f"To record it: pytest '{request.node.nodeid}' --numbers-record sandbox"
        pytest.fail(f"{error}\n{again}", pytrace=False)
    try:
        with cassette:
            yield cassette
            if request.node.stash.get(_FAILED, False):
                cassette.abandon()
    finally:
        cassette.stop()


@pytest.fixture
def numbers_client(request: pytest.FixtureRequest) -> Iterator[NumbersClient]:
    """Connect to the test's sandbox; with ``numbers_cassette``, to what that records or replays.

    A cassette is recorded from the sandbox, unless ``--numbers-record production`` says otherwise: only then are
    the credentials of the environment used.
    """
    from numbers_toolkit.connection import connect

    recorded = "numbers_cassette" in request.fixturenames
    cassette = request.getfixturevalue("numbers_cassette") if recorded else None
    live = _source(request.config) == "production"
    if cassette is not None and (cassette.replays or live):
        client = connect(cassette=cassette)
    else:
        client = connect(sandbox=request.getfixturevalue("numbers_sandbox"), cassette=cassette)
    with client:
        yield client


def cassette_path(item: pytest.Item) -> Path:
    """Return where the cassette of a test is.

    Parameters
    ----------
    item : pytest.Item
        The test; each set of parameters has a file of its own.

    Returns
    -------
    Path
        ``<folder>/<module>/<test>.yaml``; what no file name may hold is replaced, and a short digest keeps apart
        names that would become the same.
    """
    told = item.nodeid.partition("::")[2] or item.name
    name = re.sub(r"[^\w.-]+", "_", told)
    if name != told.replace("::", "_") or len(name) > _LONGEST_NAME:
        name = f"{name[:_LONGEST_NAME]}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"
    given = item.config.getini("numbers_cassettes")
    folder = item.config.rootpath / given if given else item.path.parent / "cassettes"
    below = item.path.relative_to(item.config.rootpath).parent if given and _is_within(item) else Path()
    return folder / below / item.path.stem / f"{name}.yaml"


def _is_within(item: pytest.Item) -> bool:
    return item.path.is_relative_to(item.config.rootpath)


def _options_of(request: pytest.FixtureRequest, marker: str) -> dict[str, Any]:
    found = request.node.get_closest_marker(marker)
    if found is None:
        return {}
    if found.args:
        raise pytest.UsageError(f"@pytest.mark.{marker} of {request.node.nodeid} takes options by name only.")
    return dict(found.kwargs)


def _source(config: pytest.Config) -> str | None:
    """Return what is recorded from; None when nothing is to be recorded anew."""
    given = config.getoption("--numbers-record") or os.environ.get(_RECORD, "")
    if given in _OFF:
        return None
    if given not in _SOURCES:
        raise pytest.UsageError(f"{_RECORD} is {given!r}; it can be sandbox or production.")
    return str(given)


def _is_automatic() -> bool:
    return os.environ.get("CI", "").lower() not in _OFF
