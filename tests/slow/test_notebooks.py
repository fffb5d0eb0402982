"""Each notebook runs from top to bottom on a small store, from a copy that names it in one line."""

import ast
import re
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from analyses.invented.returns import Returns, invent
from analyses.showing import copying
from evaluation.nouns import Checked, Return, Sheet
from evaluation.store import Store, accept
from schemas import FORMS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "analyses" / "notebooks"
NOTEBOOKS = sorted((path.name for path in FOLDER.glob("*.ipynb")), reverse=True)  # longest first
CHILDREN = 4_000  # few, for speed; enough for thirty in each arm, without which there is no figure
PICTURES = {"00_start_here.ipynb": 5, "06_monitoring.ipynb": 3, "03_re_missing.ipynb": 5}


def filled(folder: Path, returns: Returns) -> Store:
    """A store of the returns as parsing gives them: other tests go the long way by workbooks."""
    store = Store.open(folder)
    for (provider, quarter), forms in sorted(returns.items(), key=lambda item: item[0][::-1]):
        sheets = tuple(Sheet(form, form, 3, {}, pd.DataFrame()) for form in forms)
        name = sha256(f"{provider} {quarter}".encode()).hexdigest()
        checked = Checked(Return(name, provider, quarter, "en", sheets, ()), forms, ())
        sent = datetime.combine(quarter.last_day + timedelta(days=12), time(9), UTC)
        accept(store, checked, FORMS, now=sent, rules_version="1")
    return store


@pytest.fixture(scope="module")
def copied(tmp_path_factory) -> Path:
    """The notebooks as `evaluation notebooks` copies them, beside a store of invented returns."""
    folder = tmp_path_factory.mktemp("an evaluator’s")
    store = filled(folder / "store", invent(children=CHILDREN, seed=1))
    copying.copy_notebooks(folder / "notebooks", store=store.root)
    return folder / "notebooks"


def run(path: Path):
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": path.parent}}).execute()
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


@pytest.mark.slow
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_notebook_tells_its_story_to_the_end(name, copied):
    outputs = run(copied / name)
    pictures = sum("image/png" in output.get("data", {}) for output in outputs)
    assert pictures >= PICTURES.get(name, 2)
    assert not [output.text for output in outputs if output.get("name") == "stderr"]


@pytest.mark.slow
def test_without_a_store_it_says_in_one_sentence_what_to_run(tmp_path):
    first = copying.copy_notebooks(tmp_path / "notebooks", store=tmp_path / "nowhere")
    with pytest.raises(CellExecutionError) as stopped:
        run(first)
    assert "`make demo` (or `evaluation demo`) makes one" in str(stopped.value)
    assert "Traceback" not in str(stopped.value)


@pytest.fixture(params=NOTEBOOKS)
def kept(request):
    return nbformat.read(FOLDER / request.param, as_version=4)


def code_of(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_a_notebook_is_kept_without_output(kept):
    assert not [cell for cell in code_of(kept) if cell.outputs or cell.execution_count]


def test_a_notebook_imports_everything_and_defines_nothing(kept):
    for cell in code_of(kept):
        tree = ast.parse(re.sub(r"^%.*$", "", cell.source, flags=re.MULTILINE))
        named = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
        assert not [node for node in ast.walk(tree) if isinstance(node, named)]


def test_a_notebook_is_read_in_short_steps_and_names_its_store_in_one_line(kept):
    lines = [line for cell in code_of(kept) for line in cell.source.splitlines()]
    assert [line for line in lines if re.match("STORE =", line)] == ['STORE = "../../demo/store"']
    assert max(len(cell.source.splitlines()) for cell in code_of(kept)) <= 22


def test_a_notebook_ends_with_what_to_distrust(kept):
    last = kept.cells[-1]
    assert last.cell_type == "markdown"
    assert re.match(r"## \d\. What to distrust\n", last.source)
    assert last.source.count("\n- **") >= 4


def test_the_outcome_that_is_one_s_own_is_the_one_of_the_contributing_guide():
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (written,) = re.findall(
        r"```python\n# analyses/outcomes/long_absence.py\n(.+?)```", page, flags=re.DOTALL
    )
    own = (FOLDER / "my_outcomes" / "long_absence.py").read_text(encoding="utf-8")
    assert own == written
