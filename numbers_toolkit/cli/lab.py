"""The command that opens JupyterLab on the notebooks, with a project or a sandbox at hand."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from numbers_toolkit.cli.connecting import in_sandbox, served
from numbers_toolkit.cli.notebooks import Copy, copy_notebooks
from numbers_toolkit.cli.options import sandbox_options
from numbers_toolkit.errors import MissingDependencyError
from numbers_toolkit.settings import SANDBOX_VARIABLE, resolve_credentials, resolve_endpoints

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import FrameType

    from numbers_toolkit.sandbox import Sandbox

__all__ = ["lab"]

_NEEDED: Final = ("jupyterlab", "ipykernel", "ipywidgets", "anywidget")
_WAKE_SECONDS: Final = 0.2
_STOPS_WITHIN: Final = 15
_SAID: Final = {
    "copied": "{names} copied to {folder}.",
    "renewed": "{names} renewed in {folder}: this version's are newer, and yours were not changed.",
    "kept": "{names} kept as in {folder}: changed by you, or from elsewhere. To have this version's, rename yours.",
}


@click.command(name="lab", short_help="Open JupyterLab on the notebooks.")
@sandbox_options
@click.option("--folder", type=click.Path(file_okay=False), default="numbers-toolkit-notebooks", show_default=True,
              help="Where your copies of the notebooks are.")  # fmt: skip
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port of JupyterLab. [default: 8888 or the next free]"
)
@click.option("--no-browser", is_flag=True, help="Don't open a browser; the address is shown.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- JUPYTERLAB-OPTION...]")
def lab(
    *, folder: str, port: int | None, no_browser: bool, arguments: tuple[str, ...], **options: Any
) -> None:
    """Open JupyterLab on the notebooks of this package, ready to run, until stopped (Ctrl-C).

    The notebooks are copied into a folder first; a copy that you changed is never written over. They work on your own
    project, whose credentials come from the environment or the keyring. With --sandbox they share one sandbox, which
    lives as long as the command.

    \b
    Example:
      numbers-toolkit lab --sandbox
    """
    _check_installed()
    with ExitStack() as session:
        environment = (
            _announced(session.enter_context(served(options)), options)
            if in_sandbox(options)
            else _own_project()
        )
        place = Path(folder).resolve()
        copies = copy_notebooks(place)
        _say_copied(copies, folder)
        command = _command(place, copies, port=port, browser=not no_browser)
        status = _run([*command, *arguments], environment)
    if status:
        raise click.ClickException(
            f"JupyterLab ended with code {status}; what it said stands above. A port that is taken: choose another "
            "--port, or leave it out."
        )


def _check_installed() -> None:
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingDependencyError(
            f"The notebooks need {', '.join(missing)}: pip install 'numbers-toolkit[lab]'. Nothing was started."
        )


# -- what the notebooks work on ---------------------------------------------------------------------------------


def _own_project() -> dict[str, str]:
    """Return the environment as it is, after a look whether the credentials in it or in the keyring are complete."""
    project_id = resolve_credentials().project_id
    origin = resolve_endpoints().numbers_url
    click.echo(f"YOUR OWN PROJECT {project_id} at {origin}: what you rent in it costs money.", err=True)
    return {name: value for name, value in os.environ.items() if name != SANDBOX_VARIABLE}


def _announced(sandbox: Sandbox, options: Mapping[str, Any]) -> dict[str, str]:
    """Return the environment in which every kernel finds the sandbox, and nothing of a project of the person's."""
    state = options["sandbox_state"]
    kept = (
        f"It is kept in {state}." if state else "It is gone when this command ends; --sandbox-state keeps it."
    )
    click.echo(
        f"SANDBOX at {sandbox.numbers_url}: invented numbers, nothing here is real or costs anything. All notebooks "
        f"share it. {kept}",
        err=True,
    )
    found = {f"SINCH_{name.upper()}": value for name, value in sandbox.connection().items()}
    return {**os.environ, **found, SANDBOX_VARIABLE: sandbox.numbers_url}


def _say_copied(copies: Sequence[Copy], folder: str) -> None:
    for outcome, text in _SAID.items():
        names = [copy.name for copy in copies if copy.outcome == outcome]
        if names:
            click.echo(text.format(names=", ".join(names), folder=folder), err=True)


# -- JupyterLab -------------------------------------------------------------------------------------------------


def _command(folder: Path, copies: Sequence[Copy], *, port: int | None, browser: bool) -> list[str]:
    # Its address is all that a person needs of what it tells.
    quiet = [
        "-W",
        "ignore::DeprecationWarning",
        "-m",
        "jupyterlab",
        "--log-level=ERROR",
        "--LabApp.log_level=ERROR",
    ]
    first = copies[0].name
    command = [
        sys.executable,
        *quiet,
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab/tree/{first}",
    ]
    if port is not None:
        command += [f"--port={port}", "--ServerApp.port_retries=0"]
    if not browser:
        command.append("--no-browser")
    # In a container everybody is root, for whom JupyterLab would not start. It listens on this machine alone and asks
    # for a token all the same.
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return command


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Run JupyterLab until it ends or is to end; return its exit code, 0 when it was stopped."""
    with _asked_to_end() as asked:
        process = subprocess.Popen(  # noqa: S603 - this interpreter, and options that the person gave
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            # A group of its own: Ctrl-C would reach it, too, and it would ask whether that was meant.
            **_apart(),
        )
        try:
            while process.poll() is None and not asked.wait(_WAKE_SECONDS):
                pass  # Windows delivers Ctrl-C only to a thread that wakes up
            if process.poll() is not None:
                return int(process.returncode)
            click.echo("Stopping JupyterLab and its kernels ...", err=True)
            return 0
        finally:
            _stop(process)


def _apart() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


@contextmanager
def _asked_to_end() -> Iterator[threading.Event]:
    """Yield an event that is set by Ctrl-C, by a polite kill, and when the terminal is closed."""
    asked = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        asked.set()

    names = ("SIGINT", "SIGTERM", "SIGHUP")
    previous = {
        number: signal.signal(number, ask) for name in names if (number := getattr(signal, name, None))
    }
    try:
        yield asked
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stop JupyterLab, which stops its kernels; what does not hear is killed."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            _kill(process)
            process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)  # its kernels, too
