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
from numbers_toolkit.settings import SANDBOX_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
BY_NAME = {path.stem: path for path in NOTEBOOKS}
QUICK_START = BY_NAME["01_quick_start"]
ACTIVATION = BY_NAME["02_search_and_activate"]
INVENTORY = BY_NAME["03_inventory_and_report"]
REPAIR = BY_NAME["04_errors_and_repair"]
RECORDED = BY_NAME["05_recorded_data"]
ORDERS = BY_NAME["06_orders_and_changes"]
DASHBOARD = BY_NAME["dashboard"]
#: Notebooks that buy or change something, with what they say instead on a project of one's own.
SPENDING = {ACTIVATION: "Nothing was bought", REPAIR: "Nothing was changed", ORDERS: "Nothing was ordered"}
PANEL = "application/vnd.jupyter.widget-view+json"
LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
#: The start of a path as this, or another person's, machine has them.
MACHINE_PATH = re.compile(r"(?<![\w.:/])/(?:home|root|tmp|usr|Users|var|work|mnt)/|\b[A-Z]:\\")


@pytest.fixture
def _own_jupyter_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    return


def code_of(path: Path) -> list[str]:
    cells = nbformat.read(path, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


def outputs_of(notebook: Any) -> list[dict[str, Any]]:
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def texts_of(notebook: Any, source: str) -> list[str]:
    """Return what the cells whose source contains a text have shown, as plain text."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and source in cell.source]
    outputs = [output for cell in cells for output in cell.outputs]
    return [
        str(one["text"] if "text" in one else one.get("data", {}).get("text/plain", "")) for one in outputs
    ]


def panels_of(notebook: Any) -> list[str]:
    """Return the names of the panels that were shown."""
    shown = [one["data"] for one in outputs_of(notebook) if PANEL in one.get("data", {})]
    named = (re.match(r"<(\w+(?:Panel|Form)) ", str(data.get("text/plain", ""))) for data in shown)
    return [one[1] for one in named if one]


def stream(notebook: Any, name: str) -> list[str]:
    return [output["text"] for output in outputs_of(notebook) if output.get("name") == name]


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
    # Without credentials that is the sandbox, and the one that all notebooks share where there is one.
    assert tagged[0].source.startswith("sandbox = None")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_fits_a_page(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert sum(len(cell.source.splitlines()) for cell in notebook.cells) <= 150
    assert len(code_of(path)) <= 15


def test_quick_start_has_five_cells() -> None:
    assert len(code_of(QUICK_START)) - 1 <= 5


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_links_lead_to_notebooks_that_are_there(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    text = "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    targets = [found["target"] for found in LINK.finditer(text)]
    assert all((path.parent / target).is_file() for target in targets)


def test_quick_start_leads_to_every_other_notebook() -> None:
    text = QUICK_START.read_text(encoding="utf-8")
    assert all(f"]({path.name})" in text for path in NOTEBOOKS if path != QUICK_START)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_names_no_path_of_a_machine(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert not [cell.source for cell in notebook.cells if MACHINE_PATH.search(cell.source)]


def test_the_dashboard_asks_nobody_for_icons() -> None:
    """Voila's own page asks another host for them; the template of this package does not."""
    path = next(one for one in NOTEBOOKS if one.stem == "dashboard")
    assert nbformat.read(path, as_version=4).metadata["voila"] == {"template": "numbers_toolkit"}


# -- as run -----------------------------------------------------------------------------------------------------


def quick_start_shows_tables_and_a_plot(notebook: Any, folder: Path) -> None:
    shown = json.dumps(outputs_of(notebook))
    assert "SANDBOX: invented numbers" in shown
    assert "500 numbers" in shown
    assert "image/png" in shown
    assert not stream(notebook, "stderr")
    assert not list(folder.iterdir())


def inventory_is_reported(notebook: Any, folder: Path) -> None:
    shown = json.dumps(outputs_of(notebook))
    assert "image/png" in shown
    assert not stream(notebook, "stderr")
    assert panels_of(notebook) == ["InventoryPanel"]
    assert (folder / "inventory-report.html").stat().st_size > 10_000


def numbers_are_activated(notebook: Any, folder: Path) -> None:
    (said,) = stream(notebook, "stderr")
    (journals,) = texts_of(notebook, "nt.read_result(")

    # The one thing that is to be noticed: the cell that buys ran a second time.
    assert "AlreadyDoneWarning" in said
    assert panels_of(notebook) == ["SearchPanel", "ActivationPanel"]
    assert "+1307" in texts_of(notebook, "search.wait()")[-1]
    assert texts_of(notebook, "again = ")[-1] == "(25, 25)"
    assert "2 activated, 3 not tried of 5 planned" in texts_of(notebook, "cancel=stop")[-1]
    assert "5 activated of 5 planned" in texts_of(notebook, "late = ")[-1]
    assert re.search(r"SMS\s+PROVISIONED\s+30$", texts_of(notebook, "ready = ")[-1])
    assert journals.count("activated of") == 2
    assert not list(folder.iterdir())


def errors_are_repaired(notebook: Any, folder: Path) -> None:
    assert "PARTNER_SERVICE_UNAVAILABLE" in texts_of(notebook, "error_frequencies")[-1]
    assert "image/png" in json.dumps(outputs_of(notebook))
    assert "23 numbers to change, advice for 24 numbers" in texts_of(notebook, "repair = ")[-1]
    assert re.search(r"PROVISIONED\s+NaN\s+18\n", texts_of(notebook, "repaired = ")[-1])
    assert "12 numbers to change, advice for 12 numbers" in texts_of(notebook, "decided = ")[-1]
    assert re.search(r"SMS\s+FAILED\s+35\s+12\n", texts_of(notebook, "moved = ")[-1])
    assert panels_of(notebook) == ["InventoryPanel"]
    assert not stream(notebook, "stderr")
    assert not list(folder.iterdir())


def orders_are_followed_and_numbers_changed(notebook: Any, folder: Path) -> None:
    (journals,) = texts_of(notebook, "nt.read_result(")

    assert panels_of(notebook) == ["OrderForm"]
    assert "SE LOCAL asks for registration data" in texts_of(notebook, "nt.order_requirements(")[-1]
    assert "IN_REVIEW" in texts_of(notebook, "submitted = ")[-1]
    assert "COMPLETED" in texts_of(notebook, "decided = ")[-1]
    assert "5 changed of 5 planned." in journals
    assert "2 released of 2 planned; saves 48.00 SEK a month." in journals
    assert journals.count("\n") == 3
    # What was entered stands in the cell that a person wrote, and nowhere else.
    assert "Exempelgatan" not in json.dumps([outputs_of(notebook), notebook.metadata])
    assert not stream(notebook, "stderr")
    assert not list(folder.iterdir())


def data_are_recorded_replayed_and_shared(notebook: Any, folder: Path) -> None:
    said = "cassette 'inventory-march', recorded from sandbox on 2026-03-02"
    assert texts_of(notebook, "replayed.equals")[-1] == f'(True, "{said}", ())'
    assert "image/png" in json.dumps(outputs_of(notebook))
    assert "The nearest recorded request is GET" in texts_of(notebook, "CassetteMissError")[-1]
    assert (
        "query parameter regionCode is 'SE' here, and not there"
        in texts_of(notebook, "CassetteMissError")[-1]
    )
    assert "'phone_number': 500" in texts_of(notebook, "cassette.replaced")[-1]
    assert "Name " in texts_of(notebook, "shared[[")[-1]
    assert texts_of(notebook, "costs.equals") == ["True"]
    assert texts_of(notebook, "read_text")[-1].startswith("# Answers of the Numbers API")
    assert not stream(notebook, "stderr")
    assert not list(folder.iterdir())


def dashboard_is_two_panels(notebook: Any, folder: Path) -> None:
    assert panels_of(notebook) == ["InventoryPanel", "SearchPanel"]
    assert len(outputs_of(notebook)) == 2
    assert not list(folder.iterdir())


#: What each notebook shows beyond what all do.
PROMISED: Mapping[Path, Callable[[Any, Path], None]] = {
    QUICK_START: quick_start_shows_tables_and_a_plot,
    ACTIVATION: numbers_are_activated,
    INVENTORY: inventory_is_reported,
    REPAIR: errors_are_repaired,
    RECORDED: data_are_recorded_replayed_and_shared,
    ORDERS: orders_are_followed_and_numbers_changed,
    DASHBOARD: dashboard_is_two_panels,
}


@pytest.mark.usefixtures("_own_jupyter_folders")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_top_to_bottom(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()

    notebook = executed(nbformat.read(path, as_version=4), folder)

    # Its outputs, and the state of its panels.
    kept = json.dumps([outputs_of(notebook), notebook.metadata])
    assert "sandbox" in kept.lower() or path == DASHBOARD  # which says it in its panels
    # The embedded sandbox makes the same credentials each time.
    assert nt.Sandbox().key_secret not in kept
    PROMISED[path](notebook, folder)


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
@pytest.mark.parametrize("path", SPENDING, ids=lambda path: path.stem)
def test_notebook_stops_before_it_spends_or_changes_anything_of_a_real_account(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A server that does not say that it is a sandbox is taken for a project of one's own.
    monkeypatch.setattr("numbers_toolkit.sandbox.server.LABEL", "x-no-label")
    with nt.Sandbox(clock="manual") as sandbox:
        give_credentials(sandbox, monkeypatch)
        with pytest.raises(PapermillExecutionError, match=SPENDING[path]):
            with_parameters(path, tmp_path, sandbox=False, folder=str(tmp_path))
        shown = (tmp_path / "done.ipynb").read_text(encoding="utf-8")

        assert sandbox.key_secret not in shown
        assert not sandbox.ledger
        assert not sandbox.orders
        changing = {one.operation for one in sandbox.requests if one.method != "GET"}
        assert changing <= {"token", "lookup_requirements"}
    assert not list(tmp_path.glob("*.jsonl"))


@pytest.mark.usefixtures("_own_jupyter_folders")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::UserWarning")
@pytest.mark.parametrize("path", SPENDING, ids=lambda path: path.stem)
def test_notebook_runs_in_a_sandbox_that_it_shares_with_others(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock of a sandbox in another process can't be moved, its faults can't be switched."""
    with nt.Sandbox(waiting_seconds=0, running_seconds=0, review_seconds=0) as sandbox:
        give_credentials(sandbox, monkeypatch)
        monkeypatch.setenv(SANDBOX_VARIABLE, sandbox.numbers_url)
        done = with_parameters(path, tmp_path, folder=str(tmp_path / "journals"))
        assert not sandbox.internal_errors

    assert "(sandbox)" in json.dumps(outputs_of(done))
    assert list((tmp_path / "journals").glob("*.jsonl"))


@pytest.mark.usefixtures("_own_jupyter_folders")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::UserWarning")
def test_notebooks_work_on_a_project_whose_credentials_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with nt.Sandbox(active=7, clock="manual") as sandbox:
        give_credentials(sandbox, monkeypatch)
        done = with_parameters(QUICK_START, tmp_path)
        asked = {one.operation for one in sandbox.requests}

    assert "7 numbers" in json.dumps(done)
    assert {"list_active", "search_available"} <= asked


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
    assert texts_of(notebook, "charged") == ["(30, 30)"]
