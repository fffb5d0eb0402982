"""The tiny report of tests/helpers, laid out as `reports/` is."""

import ast
import contextlib
import json
import shutil
from pathlib import Path

import pytest

from evaluation.rendering import render_pair

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory) -> Path:
    """A folder as `reports/` is: the project's own shared files, and the report 'tiny'."""
    folder = tmp_path_factory.mktemp("laid") / "reports"
    shutil.copytree(ROOT / "tests" / "helpers" / "tiny_report", folder / "tiny")
    for path in (ROOT / "reports").iterdir():
        if path.is_file() and path.suffix != ".py":
            shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="module")
def release_file(laid_out) -> Path:
    path = laid_out.parent / "2025Q3.json"
    path.write_text(json.dumps({"children": 40, "months": [9, 7, 4]}), encoding="utf-8")
    return path


@pytest.fixture
def sources(laid_out, tmp_path) -> Path:
    """A copy of it that a test may spoil."""
    return shutil.copytree(laid_out, tmp_path / "reports")


def in_this_process(cells, stage, *, timeout):
    """What the cells give, without a kernel: quick, and for layout only."""
    names: dict[str, object] = {}
    given = []
    with contextlib.chdir(stage.folder):
        for cell in cells:
            tree = ast.parse(cell.code)
            last = tree.body.pop() if cell.gives else None
            exec(compile(tree, "cell", "exec"), names)
            given.append(
                eval(compile(ast.Expression(last.value), "cell", "eval"), names).data
                if last
                else ""
            )
    return given


@pytest.fixture
def no_kernel(monkeypatch):
    monkeypatch.setattr("evaluation.rendering.kernel.run_cells", in_this_process)
    monkeypatch.setattr("evaluation.rendering.rendering.ThreadPoolExecutor", OneAfterTheOther)


@pytest.fixture(scope="module")
def pages(laid_out, release_file):
    """Both languages of the tiny report, as HTML."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("evaluation.rendering.kernel.run_cells", in_this_process)
        patch.setattr("evaluation.rendering.rendering.ThreadPoolExecutor", OneAfterTheOther)
        patch.setenv("MPLBACKEND", "agg")
        paths = render_pair(
            "tiny", release_file, to=laid_out.parent / "out", sources=laid_out, engine="builtin"
        )
    return {language: of["html"].read_text(encoding="utf-8") for language, of in paths.items()}


class OneAfterTheOther:
    """A pool of no threads: the folder that a process runs in is one for all its threads."""

    def __init__(self, workers):
        self.workers = workers

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    map = staticmethod(map)
