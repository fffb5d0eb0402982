"""Each notebook runs from top to bottom on a store of invented returns, and is kept without output."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from analyses.invented.returns import invent
from analyses.invented.workbooks import write_returns
from evaluation.returns.checking import rules_version
from evaluation.returns.intake import examine
from evaluation.store import Store, accept
from reports.reading import read_body
from schemas import FORMS

NOTEBOOKS = sorted((Path(__file__).parents[2] / "analyses" / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    """A store into which every invented return was accepted, as its provider would send it."""
    folder = tmp_path_factory.mktemp("notebooks")
    providers = read_body("gwent").providers
    workbooks = write_returns(invent(seed=1), folder / "returns", providers=providers)
    store = Store.open(folder / "store")
    for (_, quarter), path in sorted(workbooks.returns.items(), key=lambda item: item[0][1]):
        sent = datetime.combine(quarter.last_day + timedelta(days=12), time(9), UTC)
        checked = examine(path, FORMS, providers, store)
        accept(store, checked, FORMS, now=sent, rules_version=rules_version(FORMS))
    return store.root


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_tells_its_story_to_the_end(path, store, monkeypatch):
    monkeypatch.setenv("EVALUATION_STORE", str(store))
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": path.parent}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 4
    assert not [output.text for output in outputs if output.get("name") == "stderr"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_is_kept_without_output_and_defines_nothing(path):
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not [cell for cell in cells if cell.outputs or cell.execution_count]
    assert not [cell for cell in cells if "def " in cell.source or "class " in cell.source]
