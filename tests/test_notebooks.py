"""Every notebook runs top to bottom in a real kernel, against the sandbox, and shows what it promises."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import papermill
import pytest
from nbclient import NotebookClient

import numbers_toolkit as nt

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


@pytest.fixture
def _own_jupyter_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    return


def outputs_of(notebook: Any) -> list[dict[str, Any]]:
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_committed_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert not outputs_of(notebook)
    assert all(cell.get("execution_count") is None for cell in notebook.cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_has_one_parameters_cell_that_starts_with_the_sandbox(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    assert tagged[0].source.startswith("sandbox = True")


@pytest.mark.usefixtures("_own_jupyter_folders")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_top_to_bottom(path: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    runner = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )

    runner.execute()

    shown = json.dumps(outputs_of(notebook))
    assert "sandbox" in shown
    assert "image/png" in shown or "image/svg+xml" in shown
    assert "stderr" not in {output.get("name") for output in outputs_of(notebook)}
    assert (tmp_path / "inventory-report.html").stat().st_size > 10_000


@pytest.mark.usefixtures("_own_jupyter_folders")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::UserWarning")
def test_inventory_notebook_can_be_scheduled_for_a_real_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Papermill sets the parameters; the environment gives the credentials of a server that is not embedded."""
    with nt.Sandbox(active=70, clock="manual") as sandbox:
        values = {
            "SINCH_PROJECT_ID": sandbox.project_id,
            "SINCH_KEY_ID": sandbox.key_id,
            "SINCH_KEY_SECRET": sandbox.key_secret,
            "SINCH_NUMBERS_URL": sandbox.numbers_url,
            "SINCH_AUTH_URL": sandbox.auth_url,
        }
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        done = papermill.execute_notebook(
            str(NOTEBOOKS[0]),
            str(tmp_path / "done.ipynb"),
            parameters={"sandbox": False, "region_code": "US", "output": str(tmp_path / "us.html")},
            cwd=str(tmp_path),
            progress_bar=False,
        )
        secret = sandbox.key_secret

    text = json.dumps(done)
    assert (tmp_path / "us.html").exists()
    assert secret not in text
    assert os.environ["SINCH_KEY_SECRET"] not in (tmp_path / "us.html").read_text(encoding="utf-8")
