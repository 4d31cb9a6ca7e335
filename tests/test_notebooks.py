"""Every notebook runs top to bottom in a real kernel, against the sandbox, and shows what it promises."""

from __future__ import annotations

import copy
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import papermill
import pytest
from nbclient import NotebookClient
from papermill.exceptions import PapermillExecutionError

import numbers_toolkit as nt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
INVENTORY, ACTIVATION, *_ = NOTEBOOKS
#: The start of a path as this, or another person's, machine has them.
MACHINE_PATH = re.compile(r"(?<![\w.:/])/(?:home|root|tmp|usr|Users|var|work|mnt)/|\b[A-Z]:\\")


@pytest.fixture
def _own_jupyter_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    return


def outputs_of(notebook: Any) -> list[dict[str, Any]]:
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def texts_of(notebook: Any, source: str) -> list[str]:
    """Return what the cells whose source contains a text have shown, as plain text."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and source in cell.source]
    outputs = [output for cell in cells for output in cell.outputs]
    return [
        str(one["text"] if "text" in one else one.get("data", {}).get("text/plain", "")) for one in outputs
    ]


def executed(notebook: Any, folder: Path, **options: Any) -> Any:
    """Run a notebook in a kernel of its own."""
    where = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=where, **options).execute()
    return notebook


def with_parameters(path: Path, where: Path, /, **parameters: Any) -> Any:
    """Run a notebook as a schedule does, with other parameters."""
    return papermill.execute_notebook(
        str(path),
        str(where / "done.ipynb"),
        parameters=parameters,
        cwd=str(where),
        progress_bar=False,
    )


def give_credentials(sandbox: nt.Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the environment name a server as the person's own project."""
    values = {
        "SINCH_PROJECT_ID": sandbox.project_id,
        "SINCH_KEY_ID": sandbox.key_id,
        "SINCH_KEY_SECRET": sandbox.key_secret,
        "SINCH_NUMBERS_URL": sandbox.numbers_url,
        "SINCH_AUTH_URL": sandbox.auth_url,
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)


# -- as committed -----------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_names_no_path_of_a_machine(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert not [cell.source for cell in notebook.cells if MACHINE_PATH.search(cell.source)]


# -- as run -----------------------------------------------------------------------------------------------------


def inventory_is_reported(notebook: Any, folder: Path) -> None:
    shown = json.dumps(outputs_of(notebook))
    assert "image/png" in shown or "image/svg+xml" in shown
    assert "stderr" not in {output.get("name") for output in outputs_of(notebook)}
    assert (folder / "inventory-report.html").stat().st_size > 10_000


def numbers_are_activated(notebook: Any, folder: Path) -> None:
    said = [output["text"] for output in outputs_of(notebook) if output.get("name") == "stderr"]
    (journals,) = texts_of(notebook, "nt.read_result(")
    (lines,) = texts_of(notebook, "pd.read_json(")

    # The one thing that is to be noticed: the cell that buys ran a second time.
    assert len(said) == 1
    assert "AlreadyDoneWarning" in said[0]
    assert texts_of(notebook, "client.sandbox.ledger")[-1] == "(25, 25)"
    assert "2 activated, 3 not tried of 5 planned" in texts_of(notebook, "cancel=stop")[-1]
    assert "5 activated of 5 planned" in texts_of(notebook, "late = ")[-1]
    assert "PARTNER_SERVICE_UNAVAILABLE" in texts_of(notebook, "outcome = ")[-1]
    assert "2 numbers to change, advice for 3 numbers" in texts_of(notebook, "repair = ")[-1]
    assert texts_of(notebook, "ready = ")[-1].count("PROVISIONED") == 5
    assert "IN_REVIEW" in texts_of(notebook, "submitted = ")[-1]
    assert "COMPLETED" in texts_of(notebook, "decided = ")[-1]
    assert "2 released of 2 planned; saves 1.20 USD a month." in journals
    assert journals.count("\n") == 7
    # The lost answer is settled by what is read, so one request was enough.
    assert re.findall("intention|unknown|done|ended", lines)[:4] == ["intention", "unknown", "done", "ended"]
    assert not list(folder.iterdir())


#: What each notebook shows beyond what all do.
PROMISED: Mapping[str, Callable[[Any, Path], None]] = {
    INVENTORY.stem: inventory_is_reported,
    ACTIVATION.stem: numbers_are_activated,
}


@pytest.mark.usefixtures("_own_jupyter_folders")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_top_to_bottom(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()

    notebook = executed(nbformat.read(path, as_version=4), folder)

    shown = json.dumps(outputs_of(notebook))
    assert "sandbox" in shown
    # The embedded sandbox makes the same credentials each time.
    assert nt.Sandbox().key_secret not in shown
    PROMISED[path.stem](notebook, folder)


@pytest.mark.usefixtures("_own_jupyter_folders")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::UserWarning")
def test_inventory_notebook_can_be_scheduled_for_a_real_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Papermill sets the parameters; the environment gives the credentials of a server that is not embedded."""
    report = tmp_path / "us.html"
    with nt.Sandbox(active=70, clock="manual") as sandbox:
        give_credentials(sandbox, monkeypatch)
        done = with_parameters(INVENTORY, tmp_path, sandbox=False, region_code="US", output=str(report))
        secret = sandbox.key_secret

    text = json.dumps(done)
    assert report.exists()
    assert secret not in text
    assert os.environ["SINCH_KEY_SECRET"] not in report.read_text(encoding="utf-8")


@pytest.mark.usefixtures("_own_jupyter_folders")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::UserWarning")
def test_activation_notebook_stops_before_it_buys_for_a_real_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with nt.Sandbox(clock="manual") as sandbox:
        give_credentials(sandbox, monkeypatch)
        with pytest.raises(PapermillExecutionError, match="Nothing was bought"):
            with_parameters(ACTIVATION, tmp_path, sandbox=False, folder=str(tmp_path))
        shown = (tmp_path / "done.ipynb").read_text(encoding="utf-8")
        asked = {(one.method, one.operation) for one in sandbox.requests}

        assert "Would be bought by a number order." in shown
        assert sandbox.key_secret not in shown
        assert not sandbox.ledger
        assert not sandbox.orders
        assert "rent" not in {operation for _, operation in asked}
    assert not list(tmp_path.glob("*.jsonl"))


@pytest.mark.usefixtures("_own_jupyter_folders")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::UserWarning")
def test_activation_notebook_run_again_with_its_old_journals_buys_nothing(tmp_path: Path) -> None:
    bought = nbformat.read(ACTIVATION, as_version=4)
    last = next(place for place, cell in enumerate(bought.cells) if cell.source.startswith("result = "))
    bought.cells = bought.cells[: last + 1]
    nbformat.write(bought, tmp_path / "bought.ipynb")
    with_parameters(tmp_path / "bought.ipynb", tmp_path, folder=str(tmp_path))
    journal = (tmp_path / "us-and-sweden.jsonl").read_bytes()

    with pytest.raises(PapermillExecutionError, match=r"belongs to plan [\s\S]+ Nothing was sent"):
        with_parameters(ACTIVATION, tmp_path, folder=str(tmp_path))

    assert (tmp_path / "us-and-sweden.jsonl").read_bytes() == journal
    assert len(list(tmp_path.glob("*.jsonl"))) == 1


@pytest.mark.usefixtures("_own_jupyter_folders")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_activation_notebook_whose_every_cell_runs_twice_buys_each_number_once(tmp_path: Path) -> None:
    notebook = nbformat.read(ACTIVATION, as_version=4)
    twice = []
    for cell in notebook.cells:
        twice += [cell, copy.deepcopy(cell)] if cell.cell_type == "code" else [cell]
    counting = nbformat.v4.new_code_cell(
        "charged = [one.phone_number for one in client.sandbox.ledger]\n(len(charged), len(set(charged)))"
    )
    for place, cell in enumerate([*twice, counting]):
        cell["id"] = f"twice-{place}"
    notebook.cells = [*twice, counting]

    executed(notebook, tmp_path, allow_errors=True)

    errors = {output["ename"] for output in outputs_of(notebook) if output["output_type"] == "error"}
    assert errors == {"PlanAlreadyStartedError"}
    assert texts_of(notebook, "charged") == ["(31, 31)"]
