"""The tiny report of tests/helpers, laid out as `reports/` is, and rendered for real."""

import json
import shutil
from pathlib import Path

import pytest

from evaluation.rendering import render_pair

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("laid") / "reports"
    shutil.copytree(ROOT / "tests" / "helpers" / "tiny_report", folder / "tiny")
    for path in (ROOT / "reports").iterdir():
        if path.is_file() and path.suffix != ".py":
            shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="session")
def release_file(laid_out) -> Path:
    path = laid_out.parent / "2025Q3.json"
    path.write_text(json.dumps({"children": 40, "months": [9, 7, 4]}), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def pair(laid_out, release_file):
    return render_pair(
        "tiny", release_file, to=laid_out.parent / "out", sources=laid_out, engine="builtin"
    )


@pytest.fixture
def sources(laid_out, tmp_path) -> Path:
    """A copy of it that a test may spoil."""
    return shutil.copytree(laid_out, tmp_path / "reports")
