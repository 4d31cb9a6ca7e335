"""``numbers-toolkit lab`` before JupyterLab runs: whose copies the notebooks are, and what stops it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import numbers_toolkit as nt
from command_line import environment, environment_of, run
from numbers_toolkit.cli import notebooks
from numbers_toolkit.cli.notebooks import copy_notebooks, shipped_notebooks
from numbers_toolkit.errors import OutputError

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two shipped notebooks that a test can make newer."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    for name in ("01_one.ipynb", "02_two.ipynb"):
        (folder / name).write_text(f"{name}, version 1")
    monkeypatch.setattr(notebooks, "_PLACES", (folder,))
    return folder


@pytest.fixture
def _jupyterlab() -> None:
    pytest.importorskip("jupyterlab", reason="no jupyterlab (pip install 'numbers-toolkit[lab]')")


def outcomes(folder: Path) -> dict[str, str]:
    return {copy.name: copy.outcome for copy in copy_notebooks(folder)}


# -- copies -----------------------------------------------------------------------------------------------------


def test_shipped_notebooks_are_those_of_the_repository() -> None:
    assert shipped_notebooks() == sorted((REPOSITORY / "notebooks").glob("*.ipynb"))


def test_copies_are_made_once(shipped: Path, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "mine"

    assert set(outcomes(folder).values()) == {"copied"}
    assert set(outcomes(folder).values()) == {"unchanged"}
    assert (folder / "01_one.ipynb").read_bytes() == (shipped / "01_one.ipynb").read_bytes()


def test_what_a_person_changed_is_kept_for_good(shipped: Path, tmp_path: Path) -> None:
    outcomes(tmp_path)
    (tmp_path / "01_one.ipynb").write_text("my work")
    (shipped / "01_one.ipynb").write_text("version 2")

    assert outcomes(tmp_path) == {"01_one.ipynb": "kept", "02_two.ipynb": "unchanged"}
    assert outcomes(tmp_path)["01_one.ipynb"] == "kept"
    assert (tmp_path / "01_one.ipynb").read_text() == "my work"


def test_what_nobody_changed_follows_a_new_version(shipped: Path, tmp_path: Path) -> None:
    outcomes(tmp_path)
    (shipped / "02_two.ipynb").write_text("version 2")

    assert outcomes(tmp_path) == {"01_one.ipynb": "unchanged", "02_two.ipynb": "renewed"}
    assert (tmp_path / "02_two.ipynb").read_text() == "version 2"


def test_what_a_person_deleted_is_copied_again(shipped: Path, tmp_path: Path) -> None:
    outcomes(tmp_path)
    (tmp_path / "02_two.ipynb").unlink()

    assert outcomes(tmp_path)["02_two.ipynb"] == "copied"


@pytest.mark.parametrize("register", ["", "no JSON", "[1, 2]", '{"01_one.ipynb": 3}', None])
def test_without_a_register_whatever_differs_is_kept(
    shipped: Path, tmp_path: Path, register: str | None
) -> None:
    outcomes(tmp_path)
    path = tmp_path / ".numbers-toolkit.json"
    path.unlink() if register is None else path.write_text(register)
    (shipped / "01_one.ipynb").write_text("version 2")

    assert outcomes(tmp_path)["01_one.ipynb"] == "kept"
    assert (tmp_path / "01_one.ipynb").read_text() == "01_one.ipynb, version 1"


def test_a_file_in_the_way_of_the_folder_is_told(shipped: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")

    with pytest.raises(OutputError, match=r"taken.*Choose another folder"):
        copy_notebooks(tmp_path / "taken")


def test_an_installation_without_notebooks_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebooks, "_PLACES", (tmp_path,))

    with pytest.raises(nt.errors.MissingDependencyError, match="has no notebooks"):
        shipped_notebooks()


# -- the command ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("_jupyterlab")
def test_without_credentials_both_ways_are_named_and_nothing_is_made(tmp_path: Path) -> None:
    done = run("lab", cwd=tmp_path)

    assert done.returncode == 2
    assert "SINCH_PROJECT_ID" in done.stderr
    assert "--sandbox" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("_jupyterlab")
def test_half_of_the_credentials_is_told(tmp_path: Path) -> None:
    done = run("lab", cwd=tmp_path, env={"SINCH_PROJECT_ID": "p", "SINCH_KEY_SECRET": "hush"})

    assert done.returncode == 2
    assert "key_id missing" in done.stderr
    assert "hush" not in done.stderr


def test_without_jupyterlab_it_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['jupyterlab'] = None; sys.argv = ['numbers-toolkit', 'lab', '--sandbox']\n"
        "from numbers_toolkit.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**environment(), "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    assert "The notebooks need jupyterlab" in done.stderr
    assert "pip install 'numbers-toolkit[lab]'. Nothing was started." in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("_jupyterlab")
@pytest.mark.parametrize("own", [True, False], ids=["own project", "sandbox"])
def test_a_port_that_is_taken_ends_it_plainly(own: bool, tmp_path: Path, sandbox: nt.Sandbox) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        which = environment_of(sandbox) if own else {}
        options = [] if own else ["--sandbox", "--sandbox-active", "5"]
        done = run(
            "lab",
            *options,
            "--no-browser",
            "--port",
            str(port),
            cwd=tmp_path,
            env={**which, **jupyter(tmp_path)},
        )

    assert done.returncode == 1
    assert "choose another --port" in done.stderr
    assert sandbox.key_secret not in done.stderr + done.stdout
    assert ("YOUR OWN PROJECT" if own else "SANDBOX at http://127.0.0.1:") in done.stderr
    assert "copied to numbers-toolkit-notebooks." in done.stderr
    assert json.loads((tmp_path / "numbers-toolkit-notebooks" / ".numbers-toolkit.json").read_text())


@pytest.mark.usefixtures("_jupyterlab")
def test_kept_notebooks_are_named(tmp_path: Path) -> None:
    name = shipped_notebooks()[0].name
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_text("my work")

    # An option that JupyterLab does not have ends it at once.
    done = run(
        *("lab", "--sandbox", "--sandbox-active", "0", "--folder", "mine", "--", "--no-such-option=1"),
        cwd=tmp_path,
        env=jupyter(tmp_path),
    )

    assert f"{name} kept as in mine" in done.stderr
    assert (tmp_path / "mine" / name).read_text() == "my work"


def jupyter(home: Path) -> dict[str, str]:
    names = (
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "JUPYTERLAB_SETTINGS_DIR",
        "IPYTHONDIR",
    )
    return {name: str(home / "jupyter" / name.lower()) for name in names} | {"PATH": os.environ["PATH"]}
