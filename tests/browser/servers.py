"""JupyterLab and Voila as processes of their own, with folders of their own, on this machine alone."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STARTS_WITHIN: Final = 90
STOPS_WITHIN: Final = 15
#: Kernels are slow enough without being measured for coverage, and end in ways that lose the measure.
_FOREIGN: Final = ("SINCH_", "JUPYTER", "NUMBERS_TOOLKIT_", "COVERAGE_")
_THEMES: Final = "@jupyterlab/apputils-extension/themes"
#: No news from outside; every cell in the page at once; what widgets hold is saved with a notebook, as it may be at
#: a person's, so that tests can look for what must not be there.
_SETTINGS: Final = {
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none", "recordTiming": False},
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
    "@jupyter-widgets/jupyterlab-manager/plugin": {"saveState": True},
}
#: Parts of Lab that ask the world or, as the debugger does when a kernel ends, fill the console with complaints.
_LEFT_OUT: Final = (
    "@jupyterlab/apputils-extension:announcements",
    "@jupyterlab/debugger-extension",
    "@jupyterlab/extensionmanager-extension",
)


@dataclass(frozen=True)
class Server:
    """A server that runs: where it listens, what it serves, where its settings and its log are."""

    url: str
    root: Path
    home: Path

    def set_theme(self, *, dark: bool) -> None:
        """Choose the theme of the pages of Lab that are opened from now on."""
        _write_setting(self.home, _THEMES, {"theme": "JupyterLab Dark" if dark else "JupyterLab Light"})

    def said(self) -> str:
        return (self.home / "log").read_text(encoding="utf-8", errors="replace")


def _write_setting(home: Path, plugin: str, values: dict[str, object]) -> None:
    path = home / "settings" / f"{plugin}.jupyterlab-settings"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values), encoding="utf-8")


def quieten(home: Path) -> None:
    """Write settings with which Lab's pages are alike, ask nothing of the world, and do not complain."""
    for plugin, values in _SETTINGS.items():
        _write_setting(home, plugin, values)
    (home / "config" / "labconfig").mkdir(parents=True)
    left_out = {"disabledExtensions": dict.fromkeys(_LEFT_OUT, True)}
    (home / "config" / "labconfig" / "page_config.json").write_text(json.dumps(left_out), encoding="utf-8")


def environment(home: Path) -> dict[str, str]:
    """Return an environment with nothing of the machine's own credentials, proxies or Jupyter in it."""
    foreign = {name for name in os.environ if name.startswith(_FOREIGN) or name.lower().endswith("_proxy")}
    return {
        **{name: value for name, value in os.environ.items() if name not in foreign},
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
        "NUMBERS_TOOLKIT_STATE": str(home / "state"),
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def lab_server(home: Path) -> Iterator[Server]:
    """Serve JupyterLab on an empty folder of notebooks."""
    root = home / "notebooks"
    root.mkdir(parents=True)
    quieten(home)
    options = [
        "--allow-root",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=",
        f"--ServerApp.root_dir={root}",
        "--ServerApp.terminals_enabled=False",
        "--LabApp.expose_app_in_browser=True",
        "--ip=127.0.0.1",
    ]
    with _serving("jupyterlab", options, root=root, home=home) as server:
        yield server


@contextlib.contextmanager
def voila_server(notebook: Path, home: Path, environ: dict[str, str] | None = None) -> Iterator[Server]:
    """Serve one notebook as a page."""
    options = [str(notebook), "--Voila.ip=127.0.0.1", "--show_tracebacks=True"]
    with _serving("voila", options, root=notebook.parent, home=home, environ=environ) as server:
        yield server


@contextlib.contextmanager
def _serving(
    module: str, options: list[str], *, root: Path, home: Path, environ: dict[str, str] | None = None
) -> Iterator[Server]:
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    server = Server(f"http://127.0.0.1:{port}", root, home)
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module, "--no-browser", f"--port={port}", *options],
            # Started in a folder without notebooks or scripts: nothing there may shadow a module.
            cwd=home,
            env={**environment(home), **(environ or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_listening(process, port, server)
        yield server
    finally:
        stop(process)


def _wait_until_listening(process: subprocess.Popen[bytes], port: int, server: Server) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}: {server.said()[-3000:]}")
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"the server does not listen: {server.said()[-3000:]}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a server and its kernels."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
